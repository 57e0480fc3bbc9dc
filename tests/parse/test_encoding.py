"""Each rule of the encoding, with each kind of source.

For: the results of read_header for every case of the table: elements, values, deviations, and no fault.
Never: a comparison with another reader (test_reference.py) or with truncated bytes (test_prefixes.py).
Standard: PS3.5 sections 6.2, 7 and A.1 to A.5, PS3.10 section 7, edition 2026b.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

import tagsniff
from cases import CASES, WRITTEN_BY_HAND
from dicom_bytes import BIG, EXPLICIT, EXPLICIT_LITTLE_UID, UID_OF, Encoding, deflated, part10
from encoded_case import Case, is_item, plain, value_of
from header_sources import FailingReads, ShortReads
from read_rows import deviation_counts, paths, vr_text
from tagsniff.status import Kind, Status

SOURCES = ("path", "path_text", "bytes", "bytearray", "memoryview", "file", "open_file", "short_reads")
PADDING = b"\xee" * 3


@contextlib.contextmanager
def source_of(case: Case, kind: str, folder: Path) -> Iterator[object]:
    """Yield the case's bytes as this kind of source, which stays open as long as values are requested."""
    data = case.data
    with contextlib.ExitStack() as stack:
        if kind.startswith("path") or kind == "open_file":
            path = folder / "object.dcm"
            path.write_bytes(data)
            yield {"path": path, "path_text": str(path)}.get(kind) or stack.enter_context(path.open("rb"))
        elif kind == "memoryview":
            # A reader that uses the whole buffer instead of the view is found out.
            yield memoryview(PADDING + data + PADDING)[len(PADDING) : -len(PADDING)]
        else:
            yield {"bytes": bytes, "bytearray": bytearray, "file": io.BytesIO, "short_reads": ShortReads}[kind](data)


def check(header: tagsniff.Header, case: Case) -> None:
    """Check everything that the case expects."""
    assert header.fault is None
    assert header.status is Status.OK
    rows = case.written.rows
    elements = header.elements
    assert paths(header) == [row.path for row in rows]
    for column, expected in (
        ("tag", [row.tag for row in rows]),
        ("depth", [row.depth for row in rows]),
        ("parent", [row.parent for row in rows]),
        ("value_length", [row.length for row in rows]),
        ("value_offset", [row.value_offset for row in rows]),
        ("end_offset", [row.end for row in rows]),
    ):
        assert elements[column].tolist() == expected, column
    assert [vr_text(vr) for vr in elements["vr"]] == [row.vr for row in rows]
    for index, row in enumerate(rows):
        assert header.value(index) == value_of(case, row), row.path
    by_hand = case.lines()
    read_rows = list(zip(paths(header), elements["vr"], elements["value_length"].tolist(), strict=True))
    behind_meta = read_rows[len(rows) - len(by_hand) :]
    for (path, vr, length), (read_path, read_vr, read_length) in zip(by_hand, behind_meta, strict=True):
        assert (read_path, vr_text(read_vr)) == (path, vr)
        assert length is None or read_length == length, path
    counts = deviation_counts(header)
    assert set(counts) == set(case.deviations)
    for name, count in case.deviations.items():
        assert count is None or counts[name] == count, name


def test_the_two_expectations_of_a_case_are_equal(subtests: pytest.Subtests) -> None:
    """The expectation written by hand equals the one that the writer recorded."""
    for case in WRITTEN_BY_HAND:
        with subtests.test(case.name):
            rows = case.data_set_rows()
            assert [(row.path, row.vr) for row in rows] == [(path, vr) for path, vr, _ in case.lines()]
            for row, (path, _, length) in zip(rows, case.lines(), strict=True):
                assert length is None or length == row.length, path
            for name in case.deviations:
                assert Status[name].kind is Kind.DEVIATION


@pytest.mark.parametrize("kind", SOURCES)
def test_case(kind: str, tmp_path: Path, subtests: pytest.Subtests) -> None:
    """Every kind of source gives the complete expected result."""
    for case in CASES:
        with subtests.test(case.name), source_of(case, kind, tmp_path) as source:
            check(tagsniff.read_header(source), case)


@pytest.mark.parametrize("limit", [0, 5])
@pytest.mark.parametrize("kind", ["path", "bytes", "short_reads"])
def test_small_value_limits(kind: str, limit: int, tmp_path: Path, subtests: pytest.Subtests) -> None:
    """A value above the limit is read on request, and is the same then."""
    for case in CASES:
        with subtests.test(case.name), source_of(case, kind, tmp_path) as source:
            check(tagsniff.read_header(source, value_limit_bytes=limit), case)


@pytest.mark.parametrize("encoding", [EXPLICIT, BIG])
def test_an_unknown_tag_twice_after_pixel_data(encoding: Encoding) -> None:
    """An even group that PS3.6 does not have: the second element begins with no greater tag, and is no other bytes.

    No case of the tables, because four bytes of such a tag do not show that an element was cut.
    """
    unknown = encoding.element(0xFF2000FF, "IS", b"1 ") + encoding.element(0xFF2000FF, "IS", b"41")
    written = part10(plain(encoding) + unknown, UID_OF[encoding])
    header = tagsniff.read_header(written.data)
    assert paths(header) == [row.path for row in written.rows]
    assert deviation_counts(header) == {"DUPLICATE_ELEMENT": 1}


def test_transfer_syntax_uid(subtests: pytest.Subtests) -> None:
    """The UID is returned as it is in the file, without its padding."""
    for case in CASES:
        with subtests.test(case.name):
            assert tagsniff.read_header(case.data).transfer_syntax_uid == case.written.transfer_syntax_uid


def test_file_meta_flag(subtests: pytest.Subtests) -> None:
    """One flag distinguishes the elements of the file meta information from those of the data set."""
    for case in CASES:
        with subtests.test(case.name):
            header = tagsniff.read_header(case.data)
            in_meta = [row.start < case.written.meta_end for row in case.written.rows]
            flags = header.elements["flags"].tolist()
            common = 0xFFFF
            for is_meta, bits in zip(in_meta, flags, strict=True):
                common &= bits if is_meta else ~bits
            assert common & 0xFFFF, "no bit is set for exactly the elements of the file meta information"


def test_the_source_may_be_freed(subtests: pytest.Subtests) -> None:
    """Values of bytes in memory do not change when the caller's buffer changes or is freed."""
    for case in CASES:
        with subtests.test(case.name):
            data = bytearray(case.data)
            header = tagsniff.read_header(bytes(data))
            for index in range(len(data)):
                data[index] = 0xAA
            del data
            for index, row in enumerate(case.written.rows):
                if not is_item(row):
                    assert header.value(index) == value_of(case, row)


def failing_offsets(case: Case) -> list[int]:
    """Return the first byte, some in between, and the last."""
    size = len(case.data)
    return sorted({0, 1, 131, size // 3, size // 2, size - 2, size - 1} & set(range(size)))


def check_failing_reads(case: Case) -> None:
    for fails_at in failing_offsets(case):
        source = FailingReads(case.data, fails_at)
        header = tagsniff.read_header(source)
        if source.failed:
            assert header.status is Status.CANNOT_READ, fails_at
            assert header.fault is not None
            assert header.fault.status is Status.CANNOT_READ
        else:
            # Only the inside of large values, and bytes after the data set, need not be read.
            assert header.status is Status.OK, fails_at
            inside = [row for row in case.written.rows if row.value_offset <= fails_at < row.end]
            is_after = fails_at >= max(row.end for row in case.written.rows)
            assert is_after or any(row.holds in ("value", "fragments") for row in inside), fails_at


def test_failing_reads(subtests: pytest.Subtests) -> None:
    """A failing disk is a fault with that reason, unless the bytes after the failure are not needed."""
    for case in CASES:
        with subtests.test(case.name):
            check_failing_reads(case)


def test_a_value_that_cannot_be_read_raises() -> None:
    """A value that is requested later, when the disk fails, is an OSError and not wrong bytes."""
    body = plain(EXPLICIT) + EXPLICIT.element(0x7FE00010, "OW", b"\x11" * 200_000)
    written = part10(body, EXPLICIT_LITTLE_UID)
    source = FailingReads(written.data, len(written.data) - 60_000)
    header = tagsniff.read_header(source, value_limit_bytes=64)
    pixel_data = len(written.rows) - 1
    assert header.elements["tag"][pixel_data] == 0x7FE00010
    with pytest.raises(OSError, match="Input/output error"):
        header.value(pixel_data)


def test_pixel_data_is_not_read() -> None:
    """Pixel Data is skipped: its bytes are not requested from a source that can seek."""

    class Counting(ShortReads):
        total = 0

        def read(self, size: int | None = -1) -> bytes:
            piece = super().read(size)
            Counting.total += len(piece)
            return piece

    body = (
        plain(EXPLICIT)
        + EXPLICIT.element(0x7FE00010, "OW", bytes(8_000_000))
        + EXPLICIT.element(0x7FE10010, "LO", b"ACME")
    )
    written = part10(body, EXPLICIT_LITTLE_UID)
    header = tagsniff.read_header(Counting(written.data, most=1 << 30))
    assert header.status is Status.OK
    assert paths(header) == [row.path for row in written.rows]
    assert Counting.total < 1_000_000


@pytest.mark.parametrize(
    "source",
    [None, 5, 1.5, [b"DICM"], object(), io.StringIO("DICM")],
    ids=["None", "int", "float", "list", "object", "text_file"],
)
def test_wrong_source(source: object) -> None:
    """A source that is not a path, bytes or binary file object is refused with a message."""
    with pytest.raises(TypeError):
        tagsniff.read_header(source)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "limits",
    [{"value_limit_bytes": -1}, {"depth_limit": -1}, {"depth_limit": 1 << 70}, {"value_limit_bytes": 1 << 70}],
    ids=repr,
)
def test_wrong_limits(limits: dict[str, int]) -> None:
    """Invalid limits are errors of the caller."""
    (name,) = limits
    with pytest.raises(ValueError, match=name):
        tagsniff.read_header(b"", **limits)


@pytest.mark.parametrize("limits", [{"value_limit_bytes": "1"}, {"depth_limit": 1.5}], ids=repr)
def test_limits_of_wrong_type(limits: dict[str, object]) -> None:
    """Limits are integers."""
    with pytest.raises(TypeError):
        tagsniff.read_header(b"", **limits)  # type: ignore[arg-type]


def test_file_object_is_read_from_its_position() -> None:
    """Offsets count from the position of the file object, and values are found there later."""
    written = part10(plain(EXPLICIT) + EXPLICIT.element(0x7FE00010, "OW", bytes(range(256)) * 400), EXPLICIT_LITTLE_UID)
    source = io.BytesIO(b"something else" + written.data)
    source.seek(len(b"something else"))
    header = tagsniff.read_header(source, value_limit_bytes=0)
    assert header.elements["value_offset"].tolist() == [row.value_offset for row in written.rows]
    assert header.value(len(written.rows) - 1) == bytes(range(256)) * 400


def test_file_object_that_cannot_seek() -> None:
    """A stream that cannot seek could not provide values later; it is refused before anything is read."""

    class Pipe(ShortReads):
        def seekable(self) -> bool:
            return False

    with pytest.raises(ValueError, match="seek"):
        tagsniff.read_header(Pipe(part10(plain(EXPLICIT), EXPLICIT_LITTLE_UID).data))


def test_missing_path(tmp_path: Path) -> None:
    """A path that does not exist raises the exception of open()."""
    with pytest.raises(FileNotFoundError):
        tagsniff.read_header(tmp_path / "nothing.dcm")


def test_value_index() -> None:
    """A record that does not exist has no value, creator or identity."""
    header = tagsniff.read_header(part10(plain(EXPLICIT), EXPLICIT_LITTLE_UID).data)
    for ask in (header.value, header.creator, header.identity):
        with pytest.raises(IndexError):
            ask(len(header.elements))


def test_deflated_pad_other_than_one_zero() -> None:
    """Bytes after the bit stream other than a pad byte were not read: a fault, not silence."""
    for pad in (b"\1", b"abcd", b"\0\0\0\1"):
        written = deflated(plain(EXPLICIT), pad=pad)
        header = tagsniff.read_header(written.data)
        assert header.status is Status.DATA_BEHIND_DEFLATE, pad
        assert paths(header) == [row.path for row in written.rows]


def test_damaged_deflate() -> None:
    """An invalid bit stream is a fault with that reason."""
    written = deflated(plain(EXPLICIT))
    header = tagsniff.read_header(written.data[: written.meta_end] + b"\xff" * 40)
    assert header.status is Status.BAD_DEFLATE
    assert paths(header) == [row.path for row in written.rows if row.start < written.meta_end]

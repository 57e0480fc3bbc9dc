"""The contract between a reader and the parser: bytes come in any windows, and the result is the same.

For: ``_core.Parser``, fed with no byte more than requested, with late or wrong information about the stream's end, and
what only such feeding reaches.
Never: a reader of the package; those have their own tests.
Standard: PS3.5 sections 6.2.2, 7.5 and A.5, PS3.10 section 7, edition 2026b.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import tagsniff
from cases import CASES
from dicom_bytes import BIG, EXPLICIT, IMPLICIT, UID_OF, Encoding, deflate, deflated, join, part10, raw
from encoded_case import last, plain
from tagsniff import _core
from tagsniff.status import Status


def parse(data: bytes, size: int | None, *, more: int = 0, limit: int | None = None, **others: bool) -> _core.Parser:
    """Feed up to ``more`` bytes than requested; a stream of unknown size (None) reports its end when it is reached."""
    parser = _core.Parser(value_limit_bytes=limit, **others)
    parser.begin(size)
    while not parser.run():
        offset, needed = parser.need_offset, parser.need_length
        assert 0 < needed <= 65536 + 16
        window = data[offset : offset + needed + more]
        parser.feed(offset, window)
        if len(window) < needed:
            parser.end(len(data))
    return parser


def results(parser: _core.Parser) -> tuple[object, ...]:
    return parser.status(), parser.elements().tobytes(), parser.captured(), parser.deviations()


@pytest.mark.parametrize("limit", [0, 3, None])
def test_windows_do_not_matter(limit: int | None, subtests: pytest.Subtests) -> None:
    for case in CASES:
        with subtests.test(case.name):
            size = len(case.data)
            whole = results(parse(case.data, size, more=size, limit=limit))
            assert results(parse(case.data, size, limit=limit)) == whole
            assert results(parse(case.data, size, more=5, limit=limit)) == whole


def with_trailing_text(length: int, *, is_deflated: bool) -> bytes:
    """Return a file with text after Pixel Data, most of which a deflate stream ends long after the first piece."""
    text = b"Roe^Mary " * (length // 9) + b"end of it" * 9
    body = plain(EXPLICIT) + EXPLICIT.element(0x7FE00010, "OW", bytes(64)) + raw(b"\r\n" + text[-length:])
    return deflated(body).data if is_deflated else part10(body, UID_OF[EXPLICIT]).data


@pytest.mark.parametrize("is_deflated", [False, True])
@pytest.mark.parametrize("length", [14, 65_534, 65_535, 65_536, 400_000])
@pytest.mark.parametrize("records", [False, True])
@pytest.mark.parametrize("digests", [False, True])
def test_trailing_bytes(length: int, is_deflated: bool, records: bool, digests: bool) -> None:
    """How much of a deflate stream is inflated when they begin does not decide how they are read."""
    data = with_trailing_text(length, is_deflated=is_deflated)
    others = {"records_other_bytes": records, "digests_long_values": digests}
    whole = parse(data, len(data), more=len(data), **others)
    assert whole.status()[0] == Status.OK
    assert Status.TRAILING_BYTES in {number for number, *_ in whole.deviations()}
    last_element = whole.elements()[-1]
    assert last_element["tag"] == (0xFFFE0002 if records else 0x7FE00010)
    if records:
        assert last_element["value_length"] == length + 2
    for limit in (None, 0, 64):
        whole = parse(data, len(data), more=len(data), limit=limit, **others)
        for size in (len(data), None):
            for more in (0, 5, 1000):
                if more or length < 100:
                    assert results(parse(data, size, more=more, limit=limit, **others)) == results(whole)


def test_windows_do_not_matter_to_a_collector(subtests: pytest.Subtests) -> None:
    """With the limits of the collector of values."""
    for case in CASES:
        with subtests.test(case.name):
            size = len(case.data)
            others = {"records_other_bytes": True, "digests_long_values": True}
            whole = results(parse(case.data, size, more=size, **others))
            assert results(parse(case.data, size, **others)) == whole
            assert results(parse(case.data, size, more=5, **others)) == whole


def test_a_size_that_is_known_late(subtests: pytest.Subtests) -> None:
    """A stream that ends at a valid place is complete, whether its size was known or not."""
    for case in CASES:
        with subtests.test(case.name):
            known = parse(case.data, len(case.data))
            late = parse(case.data, None)
            assert late.status()[0] == known.status()[0]
            assert late.elements().tobytes() == known.elements().tobytes()


def test_a_stream_shorter_than_its_size() -> None:
    data = part10(plain(EXPLICIT) + last(EXPLICIT), UID_OF[EXPLICIT]).data
    for end in range(len(data)):
        parser = _core.Parser()
        parser.begin(len(data))
        while not parser.run():
            window = data[:end][parser.need_offset :]
            parser.feed(parser.need_offset, window)
            if len(window) < parser.need_length:
                parser.end(end)
        assert parser.status()[0] == Status.FILE_CHANGED


def test_a_stream_longer_than_its_size() -> None:
    """A file that grows while it is read is read up to its initial size."""
    data = part10(plain(EXPLICIT), UID_OF[EXPLICIT]).data
    grown = data + last(EXPLICIT).data
    assert results(parse(grown, len(data), more=len(grown))) == results(parse(data, len(data)))


LONG_LYING = IMPLICIT.item(EXPLICIT.element(0x00080060, "CS", b"MR")).data + b"no item here" + b"x" * 70000


@pytest.mark.parametrize("encoding", [EXPLICIT, IMPLICIT], ids=lambda encoding: encoding.name)
def test_long_value_that_begins_as_a_sequence(encoding: Encoding) -> None:
    """Longer than the window of a try: the value is bytes, and the elements after it are found."""
    creator = encoding.element(0x00090010, "LO", b"MAKER ")
    value = encoding.element(0x00091001, "UN", LONG_LYING)
    header = tagsniff.read_header(part10(creator + value + last(encoding), UID_OF[encoding]).data)
    assert header.status is Status.OK
    assert [f"{tag:08x}" for tag in header.elements["tag"][-3:]] == ["00090010", "00091001", "0040a075"]
    assert header.value(len(header.elements) - 2) == LONG_LYING
    assert [deviation.status for deviation in header.deviations] == [Status.UN_NOT_SEQUENCE]


@pytest.mark.parametrize("inside", [False, True])
def test_deflated_value_longer_than_the_stream(inside: bool) -> None:
    lying = EXPLICIT.element(0x00104000, "LT", b"short ", length=6).data[:-8] + b"\xff\x00" + b"short "
    data_set = plain(EXPLICIT).data + (EXPLICIT.head(0x00400275, "SQ", 0xFFFFFFFF) if inside else b"")
    data_set += EXPLICIT.head(0xFFFEE000, "", 0xFFFFFFFF) + lying if inside else lying
    written = deflated(raw(data_set))
    header = tagsniff.read_header(written.data, value_limit_bytes=0)
    assert header.status is Status.TRUNCATED_VALUE
    assert header.fault is not None
    assert (header.fault.offset, header.fault.tag) == (written.meta_end + len(data_set) - 6, 0x00104000)


def test_deflated_item_whose_last_value_is_longer_than_the_stream() -> None:
    """The value is skipped to the end of its item; only the end of the sequence shows that the stream has ended."""
    item = EXPLICIT.item(EXPLICIT.element(0x00104000, "LT", b"x" * 1000))
    data_set = plain(EXPLICIT).data + EXPLICIT.head(0x00400275, "SQ", 0xFFFFFFFF) + item.data[:-100]
    written = deflated(raw(data_set))
    header = tagsniff.read_header(written.data, value_limit_bytes=0)
    assert header.status is Status.TRUNCATED_VALUE
    assert header.fault is not None
    assert (header.fault.offset, header.fault.tag) == (written.meta_end + len(data_set) - 900, 0x00104000)


def lying_container(holds: str, spare: int) -> bytes:
    """Return a container of defined length with a value, or a fragment, that ends ``spare`` bytes before it."""
    text = EXPLICIT.element(0x00104000, "LT", b"x" * 1000).data
    if holds == "fragments":
        text = EXPLICIT.head(0x7FE00010, "OB", 0xFFFFFFFF) + EXPLICIT.head(0xFFFEE000, "", 1000) + b"x" * 1000
    item = EXPLICIT.head(0xFFFEE000, "", len(text) if holds == "items" else len(text) + spare) + text
    return EXPLICIT.head(0x00400275, "SQ", len(item) + spare) + item


@pytest.mark.parametrize("spare", [0, 1, 7])
@pytest.mark.parametrize(
    ("holds", "status", "tag"),
    [
        ("elements", Status.TRUNCATED_VALUE, 0x00104000),
        ("items", Status.TRUNCATED_VALUE, 0x00104000),
        ("fragments", Status.TRUNCATED_FRAGMENTS, 0x7FE00010),
    ],
)
def test_a_container_that_ends_after_the_stream(holds: str, status: Status, tag: int, spare: int) -> None:
    """The skipped value ends too near to the container's end for another element, but the stream ends before."""
    data_set = plain(EXPLICIT).data + lying_container(holds, spare)[:-100]
    plainly = part10(raw(data_set), UID_OF[EXPLICIT]).data
    written = deflated(raw(data_set))
    for data, end in ((plainly, len(plainly)), (written.data, written.meta_end + len(data_set))):
        offset = end if status is Status.TRUNCATED_FRAGMENTS else end - 900
        for size in (None, len(data)):
            assert parse(data, size, limit=0).status() == (status, offset, tag)


@pytest.mark.parametrize(("spare", "is_there"), [(1, False), (1, True), (7, False), (7, True)])
@pytest.mark.parametrize(
    ("holds", "status", "tag"),
    [
        ("elements", Status.LENGTH_BEYOND_PARENT, 0xFFFEE000),
        ("items", Status.NOT_AN_ITEM, 0x00400275),
        ("fragments", Status.NOT_A_FRAGMENT, 0x7FE00010),
    ],
)
def test_a_container_with_spare_bytes(holds: str, status: Status, tag: int, spare: int, is_there: bool) -> None:
    """The same with a complete value: the rest of the container, present or not, is too short for an element."""
    data_set = plain(EXPLICIT).data + lying_container(holds, spare) + (b"\0" * spare if is_there else b"")
    plainly = part10(raw(data_set), UID_OF[EXPLICIT]).data
    written = deflated(raw(data_set))
    for data, start in ((plainly, len(plainly) - len(data_set)), (written.data, written.meta_end)):
        offset = start + len(data_set) - (spare if is_there else 0)
        for size in (None, len(data)):
            assert parse(data, size, limit=0).status() == (status, offset, tag)


@pytest.mark.parametrize("zeros", [2, 7, 9, 5000])
def test_zeros_after_a_deflated_data_set(zeros: int) -> None:
    header = tagsniff.read_header(deflated(plain(EXPLICIT), pad=b"\0" * zeros).data)
    assert header.status is Status.OK
    assert [deviation.status for deviation in header.deviations] == [Status.TRAILING_PADDING]


def test_bytes_after_a_deflated_data_set() -> None:
    header = tagsniff.read_header(deflated(plain(EXPLICIT), pad=b"\0" * 300 + b"Doe^Jane").data)
    assert header.status is Status.DATA_BEHIND_DEFLATE


def test_zeros_that_are_not_padding() -> None:
    """The fault is at the end of the zeros."""
    data = part10(plain(EXPLICIT), UID_OF[EXPLICIT]).data
    header = tagsniff.read_header(data + b"\0" * 9000 + b"Doe^Jane")
    assert header.status is Status.UNREADABLE_ELEMENT
    assert header.fault is not None
    assert header.fault.offset == len(data) + 9000


def test_fragments_that_end_inside_a_header() -> None:
    """An item of defined length ends inside the next fragment's header."""
    icon = EXPLICIT.fragments(0x7FE00010, "OB", b"\0\1", closed=False).data + b"\xfe\xff\x00"
    sequence = EXPLICIT.sequence(0x00880200, EXPLICIT.item(raw(icon)))
    header = tagsniff.read_header(part10(plain(EXPLICIT) + sequence, UID_OF[EXPLICIT]).data)
    assert header.status is Status.NOT_A_FRAGMENT


def fragments_with(way: str) -> bytes:
    """Return the value field of undefined length of an element: fragments, and the end of the value."""
    head = EXPLICIT.head(0xFFFEE000, "", 0)
    item = EXPLICIT.item(IMPLICIT.element(0x00100010, "PN", b"Doe^Jane"), IMPLICIT.element(0x00100020, "LO", b"12"))
    end = EXPLICIT.delimiter(0xFFFEE0DD)
    text = EXPLICIT.head(0xFFFEE000, "", 16) + b"Roe^Mary 1970 \0\0"
    contents = {
        "elements": item.data + item.data,
        "elements and then text": item.data + text,
        "text": head + text + text,
        "absent padding": head + EXPLICIT.head(0xFFFEE000, "", 4) + b"\1\2\3" + text,
        "uncounted padding": head + EXPLICIT.head(0xFFFEE000, "", 3) + b"\1\2\3\0" + text,
    }
    return contents[way] + end


@pytest.mark.parametrize("tag", [0x00091001, 0x7FE00010], ids="{:08x}".format)
@pytest.mark.parametrize(
    "way", ["elements", "elements and then text", "text", "absent padding", "uncounted padding"], ids=str
)
def test_fragments_in_a_deflated_data_set(way: str, tag: int) -> None:
    """How much of the inflated bytes is still there does not decide whether they are read a second time."""
    value = fragments_with(way)
    element = raw(EXPLICIT.head(tag, "OB", 0xFFFFFFFF) + value)
    # In one of these places, the first 64 KiB of the inflated bytes end inside the fragments.
    for length in (0, *range(65_536 - 12 - len(value), 65_536, 8)):
        before = EXPLICIT.element(0x00081197, "OB", bytes(length))
        data = deflated(before + element + EXPLICIT.element(0x7FE10010, "LO", b"ACME")).data
        whole = results(parse(data, len(data), more=len(data)))
        for size in (len(data), None):
            for more in (0, 5, 1000):
                assert results(parse(data, size, more=more)) == whole


@pytest.mark.parametrize(("declared", "written"), [(EXPLICIT, BIG), (BIG, EXPLICIT), (BIG, IMPLICIT), (IMPLICIT, BIG)])
def test_data_set_in_the_other_byte_order(declared: Encoding, written: Encoding) -> None:
    header = tagsniff.read_header(part10(plain(written), UID_OF[declared]).data)
    assert header.status is Status.OK
    assert [deviation.status for deviation in header.deviations] == [Status.TRANSFER_SYNTAX_WRONG]
    assert header.value(len(header.elements) - 1) == b"Doe^Jane"


def test_implicit_vr_in_the_other_byte_order() -> None:
    """No transfer syntax allows it; it is read and reported, instead of guessed to be something else."""
    big = Encoding("implicit big endian", explicit=False, big_endian=True)
    header = tagsniff.read_header(part10(plain(big), UID_OF[IMPLICIT]).data)
    assert header.status is Status.OK
    assert [deviation.status for deviation in header.deviations] == [Status.TRANSFER_SYNTAX_WRONG]
    assert header.value(len(header.elements) - 1) == b"Doe^Jane"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
def test_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert tagsniff.read_header(tmp_path / "pipe").status is Status.SPECIAL_FILE


def test_deflate_pieces_do_not_matter() -> None:
    """Damage counts when its bytes are needed, not when the piece that contains it is inflated."""
    data_set = join([EXPLICIT.element(0x00090000 + i, "LO", b"x" * (i % 60 * 2)) for i in range(0x1000, 0x2000)])
    squeezed = bytearray(deflate(data_set.data))
    squeezed[-20] ^= 0xFF
    data = deflated(data_set, squeezed=bytes(squeezed)).data
    whole = results(parse(data, len(data), more=len(data)))
    assert results(parse(data, len(data))) == whole
    assert whole[0] != (0, 0, None)

"""Saved scans from an untrusted source: whatever the bytes, the result is a clear error or a report.

For: damaged files (the checksum is wrong), and forged files (the checksum is right).
Never: a choice between error and report if both are correct; that is in test_saved_scan.py.

A forged file is made from a scan that contains every kind of row. Each field of its contents in turn gets another
value, each byte of its body is changed, and the checksum is computed again.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest

from tagsniff.cli import main
from tagsniff.report.element_uses import list_uses
from tagsniff.report.redaction import redact_scan
from tagsniff.report.sharing import make_sharing, share_values
from tagsniff.report.values import build_value_report
from tagsniff.scanning.saved import SavedScanError, pack_scan, read_scan, write_scan
from tagsniff.scanning.saved_checks import SHAPES
from tagsniff.scanning.tables import ScanTables, table_dtypes
from tagsniff.writers import values
from tagsniff.writers.exclusions import write_exclusions
from tagsniff.writers.summaries import Listed
from value_scans import Row, Use, make_scan, numbered, sample_scan, text

HEAD_BYTES = 28
BODY_START = HEAD_BYTES + 32
MARKER = "MARK"
SHARING = make_sharing()


def save(tables: ScanTables) -> bytes:
    stream = io.BytesIO()
    write_scan(tables, stream)
    return stream.getvalue()


def small_scan() -> ScanTables:
    """Return a scan of few bytes, so that every byte can be changed in many ways."""
    values = [Row(text(b"A")), Row(numbered(b"B", 4, bytes(32))), Row(None)]
    return make_scan([Use([(0x00090001, b"ACME")], "OB", values, blocks=(0x10,))])


SMALL = save(small_scan())
SAVED = save(sample_scan())
PLAIN: dict[str, Any] = msgpack.unpackb(SAVED[BODY_START:], unicode_errors="surrogateescape")


def reseal(body: bytes) -> bytes:
    """Write a file with this body and a correct checksum."""
    head = SAVED[:20] + len(body).to_bytes(8, "little")
    return head + hashlib.sha256(head + body).digest() + body


def seal(plain: object) -> bytes:
    return reseal(msgpack.packb(plain, unicode_errors="surrogateescape"))


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], ScanTables]:
    path = tmp_path / "scan"

    def read_bytes(raw: bytes) -> ScanTables:
        # A new file each time: some file systems write a file to the disk when it is truncated and written again.
        path.unlink(missing_ok=True)
        path.write_bytes(raw)
        return read_scan(path)

    return read_bytes


# Damage: the checksum is wrong


@pytest.mark.parametrize("change", [0x01, 0x80])
def test_every_changed_byte_is_refused(read: Callable[[bytes], ScanTables], change: int) -> None:
    for at in range(len(SMALL)):
        with pytest.raises(SavedScanError):
            read(SMALL[:at] + bytes([SMALL[at] ^ change]) + SMALL[at + 1 :])


@pytest.mark.parametrize("kind", ["prefix", "without a byte", "with one more"])
def test_every_cut_and_every_shift_is_refused(read: Callable[[bytes], ScanTables], kind: str) -> None:
    for at in range(len(SMALL)):
        damaged = {
            "prefix": SMALL[:at],
            "without a byte": SMALL[:at] + SMALL[at + 1 :],
            "with one more": SMALL[:at] + b"\0" + SMALL[at:],
        }[kind]
        with pytest.raises(SavedScanError):
            read(damaged)


def test_the_small_scan_is_valid(read: Callable[[bytes], ScanTables]) -> None:
    assert save(read(SMALL)) == SMALL


# Forgery: the checksum is right


def end(read: Callable[[bytes], ScanTables], raw: bytes) -> str:
    """Refuse a file, or write every report of it; return which. Any other result fails the test."""
    tables, refusal = None, ""
    try:
        tables = read(raw)
    except SavedScanError as error:
        refusal = str(error)
    if tables is None:
        assert MARKER not in refusal
        assert refusal.isprintable()
        return "refused"
    report = build_value_report(tables)
    shared = share_values(report, list_uses(tables), SHARING)
    redacted = build_value_report(redact_scan(tables)[0])
    # Every format of the report itself, but one format of each extract, chosen in turn by the file's checksum.
    writers = tuple(values.FORMATS.values())
    chosen = writers[raw[HEAD_BYTES] % len(writers)]
    for shown, of_report in ((report, writers), (shared, (chosen,)), (redacted, (chosen,))):
        for write in of_report:
            stream = io.StringIO()
            write(shown, stream)
            # Every output is UTF-8.
            stream.getvalue().encode()
            if write is values.write_text:
                assert [line for line in stream.getvalue().split("\n") if not line.isprintable()] == []
    summary = io.StringIO()
    values.write_summary(report, summary, listed=Listed())
    assert [line for line in summary.getvalue().split("\n") if not line.isprintable()] == []
    write_exclusions(report.omissions.paths, io.StringIO())
    return "reported"


def list_places(thing: object, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the path to every value inside maps and lists; of a long list the first two and the last two."""
    if place:
        yield place
    if isinstance(thing, dict):
        for name, part in thing.items():
            yield from list_places(part, (*place, name))
    elif isinstance(thing, list):
        for number, part in enumerate(thing):
            if number < 2 or number >= len(thing) - 2:
                yield from list_places(part, (*place, number))


def put(thing: Any, place: tuple[Any, ...], other: object) -> Any:
    """Return a copy with another value at one path."""
    if not place:
        return other
    first, *rest = place
    copy = thing.copy()
    copy[first] = put(thing[first], tuple(rest), other)
    return copy


def nest(depth: int) -> Any:
    nested: Any = 0
    for _ in range(depth):
        nested = [nested]
    return nested


OTHERS = {
    "nothing": None,
    "true": True,
    "zero": 0,
    "below zero": -1,
    "far below zero": -(1 << 63),
    "most": (1 << 64) - 1,
    "beyond 32 bits": 1 << 32,
    "no whole number": 1.5,
    "not a number": float("nan"),
    "text": MARKER,
    "no text": "",
    "control": f"{MARKER}\x1b[2J\n",
    "half a character": f"{MARKER}\udcff",
    "bytes": MARKER.encode(),
    "no bytes": b"",
    "many bytes": MARKER.encode() * 40_000,
    "list": [MARKER],
    "no list": [],
    "map": {MARKER: MARKER},
    "no map": {},
    "depth": nest(400),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_any_value_at_any_place(read: Callable[[bytes], ScanTables], kind: str) -> None:
    ends = {}
    for place in list_places(PLAIN):
        try:
            ends[place] = end(read, seal(put(PLAIN, place, OTHERS[kind])))
        except Exception as error:
            raise AssertionError(f"{kind} at {place}") from error
    assert "refused" in ends.values()
    if kind in ("nothing", "true", "no whole number", "map", "depth", "list"):
        kept = {place[0] for place, how in ends.items() if how == "reported"}
        # An omission may have no place, a list of options, rivals or names may have one more entry, and True == 1.
        may_be = {
            "nothing": {"omissions"},
            "list": {"profiles", "decisions", "run"},
            "true": {"flags", "all_values"},
        }
        assert kept <= may_be.get(kind, set())


def bytes_between_tables(body: bytes) -> list[int]:
    """Return the positions of the types, lengths, numbers and texts of msgpack."""
    inside: set[int] = set()
    for name in table_dtypes():
        raw = PLAIN[name][1]
        # The bytes of a short table may be those of a part of another one.
        start = body.index(raw, body.index(name.encode("ascii")))
        inside.update(range(start, start + len(raw)))
    return [at for at in range(len(body)) if at not in inside]


@pytest.mark.parametrize(("saved", "change"), [(SMALL, 0x01), (SMALL, 0x80), (SMALL, 0xFF), (SAVED, 0x41)])
def test_every_byte_of_a_body(read: Callable[[bytes], ScanTables], saved: bytes, change: int) -> None:
    """The types, lengths and numbers of msgpack, and the rows of the tables; the larger scan's are tested below."""
    body = saved[BODY_START:]
    ends = []
    for at in bytes_between_tables(body) if saved is SAVED else range(len(body)):
        changed = body[:at] + bytes([body[at] ^ change]) + body[at + 1 :]
        try:
            ends.append(end(read, reseal(changed)))
        except Exception as error:
            raise AssertionError(f"byte {at}") from error
    assert set(ends) == {"refused", "reported"}


@pytest.mark.parametrize("name", list(table_dtypes()))
@pytest.mark.parametrize("number", [0x7F, 0xFF])
def test_every_byte_of_a_table(read: Callable[[bytes], ScanTables], name: str, number: int) -> None:
    columns, raw = PLAIN[name]
    for at in range(len(raw)):
        changed = [columns, raw[:at] + bytes([number]) + raw[at + 1 :]]
        try:
            end(read, seal({**PLAIN, name: changed}))
        except Exception as error:
            raise AssertionError(f"byte {at}") from error


def test_every_prefix_of_a_body(read: Callable[[bytes], ScanTables]) -> None:
    body = SMALL[BODY_START:]
    for length in range(len(body)):
        with pytest.raises(SavedScanError, match="no scan of this program"):
            read(reseal(body[:length]))


def test_bytes_after_the_body(read: Callable[[bytes], ScanTables]) -> None:
    for after in (b"\0", b"\xc0", SAVED[BODY_START:]):
        with pytest.raises(SavedScanError, match="no scan of this program"):
            read(reseal(SAVED[BODY_START:] + after))


@pytest.mark.parametrize(
    ("stated", "size", "reason"),
    [
        (len(SMALL) - BODY_START, 6 << 30, "something comes after the end of the saved scan"),
        (6 << 30, len(SMALL), "the saved scan is cut off"),
        ((1 << 64) - 1, len(SMALL), "the saved scan is cut off"),
    ],
    ids=["a tail of 6 GiB", "a length of 6 GiB", "the greatest length"],
)
def test_the_length_is_compared_with_the_size_before_anything_is_read(
    tmp_path: Path, stated: int, size: int, reason: str
) -> None:
    path = tmp_path / "scan"
    path.write_bytes(SMALL[: HEAD_BYTES - 8] + stated.to_bytes(8, "little") + SMALL[HEAD_BYTES:])
    os.truncate(path, size)
    tracemalloc.start()
    try:
        with pytest.raises(SavedScanError, match=reason):
            read_scan(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
@pytest.mark.parametrize("tail", [b"", b"x", b"x" * (8 << 20)], ids=["whole", "one byte", "8 MiB"])
def test_a_pipe_is_read_as_far_as_its_length_and_one_byte(tmp_path: Path, tail: bytes) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        with contextlib.suppress(BrokenPipeError), pipe.open("wb") as stream:
            stream.write(SAVED + tail)

    writer = threading.Thread(target=write)
    writer.start()
    tracemalloc.start()
    try:
        if tail:
            with pytest.raises(SavedScanError, match="something comes after the end of the saved scan"):
                read_scan(pipe)
        else:
            assert pack_scan(read_scan(pipe)) == SAVED[BODY_START:]
        # The writer itself has the bytes once more.
        assert tracemalloc.get_traced_memory()[1] < (4 << 20) + 2 * len(tail)
    finally:
        tracemalloc.stop()
        writer.join()


@pytest.mark.parametrize("name", [field.name for field in fields(ScanTables)])
def test_every_field_is_needed_and_checked(read: Callable[[bytes], ScanTables], name: str) -> None:
    """Fails if a field is added to the tables and not to the checks."""
    assert name in SHAPES or name in table_dtypes()
    with pytest.raises(SavedScanError, match="no scan of this program"):
        read(seal({other: part for other, part in PLAIN.items() if other != name}))


LENGTHS = {
    "list of 32 bits": b"\xdd\xff\xff\xff\xff",
    "list of 16 bits": b"\xdc\xff\xff",
    "map of 32 bits": b"\xdf\xff\xff\xff\xff",
    "bytes of 32 bits": b"\xc6\xff\xff\xff\xff",
    "text of 32 bits": b"\xdb\xff\xff\xff\xff",
    "extension of 32 bits": b"\xc9\xff\xff\xff\xff\x01",
    "time stamp": b"\xd6\xff\0\0\0\0",
    "unused": b"\xc1",
}


@pytest.mark.parametrize("kind", LENGTHS)
def test_wrong_lengths(read: Callable[[bytes], ScanTables], kind: str) -> None:
    """Alone, in the place of each field, and at its end."""
    lie = LENGTHS[kind]
    for body in (lie, lie + SAVED[BODY_START:], SAVED[BODY_START:-1] + lie):
        with pytest.raises(SavedScanError):
            read(reseal(body))
    for name in PLAIN:
        key = msgpack.packb(name)
        body = SAVED[BODY_START:]
        at = body.index(key) + len(key)
        with pytest.raises(SavedScanError):
            read(reseal(body[:at] + lie + body[at:]))


MANY = 20_000


@pytest.mark.parametrize(
    "body",
    [
        # Each list claims one entry for each byte after it, and its first entry is the next list.
        (b"\xdd" + MANY.to_bytes(4, "big")) * 500 + b"\xc0" * MANY,
        b"\x81\xa5flags" + (b"\xdd" + MANY.to_bytes(4, "big")) * 500 + b"\xc0" * MANY,
        b"\x91" * MANY,
        b"\x81\xa5flags\xdd" + MANY.to_bytes(4, "big") + b"\x80" * MANY,
        b"\x81\xa5flags\xdd" + (20).to_bytes(4, "big") + (b"\x91" * 999 + b"\xc0") * 20,
        b"\x81\xa5flags\xc6" + MANY.to_bytes(4, "big") + bytes(MANY),
    ],
    ids=["lists that lie", "the same in a field", "depth", "empty maps", "many of some depth", "bytes"],
)
def test_memory_is_a_multiple_of_the_file(read: Callable[[bytes], ScanTables], body: bytes) -> None:
    raw = reseal(body)
    tracemalloc.start()
    try:
        with pytest.raises(SavedScanError):
            read(raw)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 100 * len(raw) + 200_000


def test_deeply_nested_identities_need_linear_memory(read: Callable[[bytes], ScanTables]) -> None:
    """If each identity held the path of its parent, memory would be quadratic in their number."""
    deepest = make_scan([Use([(0x00081140, -1)] * 129, "OB", [Row(None)])])
    assert len(read(save(deepest)).identities) == 129
    deeper = make_scan([Use([(0x00081140, -1)] * 130, "OB", [Row(None)])])
    with pytest.raises(SavedScanError, match="no scan of this program"):
        read(save(deeper))


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("LO", b"N\0\0\0\0\1\0"),
        ("US", b"N\0\0\0\0\1\0\2"),
        ("US", b"T"),
        ("US", b""),
        ("US", b"?\0\0\0\0"),
        ("US", b"L\0\0\0\0" + bytes(39)),
        ("OB", b"B\0\0\0\0" + bytes(41)),
        ("OB", b"S\0\0\0\0" + bytes(7)),
        ("OB", b"I\0\0\0\0"),
        ("OB", b"E\0\0\0\0\0"),
        ("DA", b"C\0\0\0\0"),
        ("DA", b"C\0\0\0\0\4"),
        ("PN", b"T\0\0\0\0" + bytes(70_000)),
    ],
)
def test_values_that_their_vr_does_not_allow(read: Callable[[bytes], ScanTables], vr: str, value: bytes) -> None:
    with pytest.raises(SavedScanError, match="no scan of this program"):
        read(save(make_scan([Use([(0x00100010, -1)], vr, [Row(value)])])))


def test_columns_of_a_wrong_type(read: Callable[[bytes], ScanTables]) -> None:
    for name, dtype in table_dtypes().items():
        columns, raw = PLAIN[name]
        for number in range(len(dtype.names or ())):
            for other in ("<f8", "|O", "<U1000000000", "|V0", "nonsense", ""):
                changed = [list(column) for column in columns]
                changed[number][1] = other
                with pytest.raises(SavedScanError, match="no scan of this program"):
                    read(seal({**PLAIN, name: [changed, raw]}))


def test_names_reach_no_terminal_unescaped(read: Callable[[bytes], ScanTables]) -> None:
    """Texts that a report shows without escaping are not taken from a scan unchecked."""
    wrong = {
        "vr_names": ["\x1b[31m"] * len(PLAIN["vr_names"]),
        "keywords": ["\x1b[31m"] * len(PLAIN["keywords"]),
        "decisions": [["\x1b[31m", *decision[1:]] for decision in PLAIN["decisions"]],
    }
    for name, other in wrong.items():
        with pytest.raises(SavedScanError, match="no scan of this program"):
            read(seal({**PLAIN, name: other}))


def test_the_command_reports_the_error_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for raw in (SAVED[:-1], seal({**PLAIN, "values": [MARKER]}), seal([MARKER]), reseal(b"\x91" * 5000), b"", b"DICM"):
        Path("scan").write_bytes(raw)
        for flags in ([], ["--share"], ["--redact-paths", "key.csv"]):
            assert main(["report", "scan", "-o", "out", *flags]) == 2
            out, err = capsys.readouterr()
            assert (out, len(err.splitlines())) == ("", 1)
            assert err.startswith("tagsniff: error: scan: ")
            assert MARKER not in err
    assert [path.name for path in tmp_path.iterdir()] == ["scan"]


def test_the_test_of_forged_files_can_fail(
    read: Callable[[bytes], ScanTables], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the checks some forged file is neither refused nor reported."""
    monkeypatch.setattr("tagsniff.scanning.saved.check_contents", lambda tables: None)
    monkeypatch.setattr("tagsniff.scanning.saved.check_shapes", lambda plain: None)
    rows = PLAIN["rows"]
    dtype = np.dtype([tuple(column) for column in rows[0]])
    changed = np.frombuffer(rows[1], dtype).copy()
    changed["use"] = 99
    for wrong in ({"rows": [rows[0], changed.tobytes()]}, {"creators": [MARKER]}, {"vr_names": ["\x1b"] * 8}):
        with pytest.raises((AssertionError, IndexError, TypeError, AttributeError)):
            end(read, seal({**PLAIN, **wrong}))

"""The work for a file is at most a stated multiple of its bytes, whatever they are (SECURITY.md).

For: bytes read, reads and memory kept, counted for files that are made to be expensive.
Never: a measurement of time. Quadratic work that is not counted makes the suite run without end.
Standard: PS3.5 sections 6.2.2, 7.1, 7.5, 7.8 and A.5, edition 2026b.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest

import tagsniff
from dicom_bytes import (
    EXPLICIT,
    EXPLICIT_LITTLE_UID,
    IMPLICIT,
    IMPLICIT_LITTLE_UID,
    ITEM,
    SEQUENCE_DELIMITER,
    UNDEFINED,
    Encoding,
    part10,
    raw,
)
from tagsniff import _core
from tagsniff.status import Status
from virtual_files import VirtualFile

WINDOW_BYTES = 8192
DEPTH = 128
SEQUENCE = 0x00400275
E = EXPLICIT


@dataclass(frozen=True)
class Work:
    """The cost of one parse."""

    status: Status
    bytes_read: int
    reads: int
    records: int
    captured_bytes: int


def parse(data: bytes, parser: _core.Parser) -> Work:
    """Feed the parser as a reader does, in windows of some kilobytes."""
    bytes_read = reads = 0
    parser.begin(len(data))
    while not parser.run():
        offset, needed = parser.need_offset, parser.need_length
        window = data[offset : offset + max(needed, WINDOW_BYTES)]
        parser.feed(offset, window)
        bytes_read += len(window)
        reads += 1
        if len(window) < needed:
            parser.end(len(data))
    status = Status.from_number(parser.status()[0])
    return Work(status, bytes_read, reads, len(parser.elements()), len(parser.captured()))


def sequence(content: bytes, *, ends: bool = True) -> bytes:
    """Return a sequence of undefined length with this content of items."""
    return E.head(SEQUENCE, "SQ", UNDEFINED) + content + (E.delimiter(SEQUENCE_DELIMITER) if ends else b"")


def empty_elements(count: int, tag_of: Callable[[int], int]) -> bytes:
    """Return elements without a value."""
    return b"".join(E.head(tag_of(number), "LO", 0) for number in range(count))


def creators(count: int) -> bytes:
    """Return private creators for all blocks of many groups, each followed by an element in its block."""
    pieces = []
    for number in range(count // 2):
        group, block = 0x0009 + 2 * (number // 0xF0), 0x10 + number % 0xF0
        pieces.append(E.element(group << 16 | block, "LO", b"%06d" % number).data)
        pieces.append(E.head(group << 16 | block << 8 | 1, "LO", 0))
    return b"".join(pieces)


def values_that_begin_as_a_sequence(count: int, rest: bytes) -> bytes:
    """Return UN of defined length; each value is tried as a sequence."""
    return E.element(0x00291001, "UN", IMPLICIT.head(ITEM, "", len(rest)) + rest).data * count


def tries_in_each_other(content: bytes, levels: int) -> bytes:
    """Return UN in UN. Each is a sequence except for its last bytes, so each level is rejected only at its end."""
    for _ in range(levels - 1):
        value = IMPLICIT.head(ITEM, "", len(content)) + content + b"no item\0"
        content = IMPLICIT.head(0x00291010, "UN", len(value)) + value
    return E.element(0x00291010, "UN", IMPLICIT.head(ITEM, "", len(content)) + content + b"no item\0").data


def unordered_in_each_other(count: int) -> bytes:
    """Return nested data sets with unordered tags, so that each must be sorted."""
    content = empty_elements(count, lambda number: 0x00100020)
    for _ in range(DEPTH - 1):
        item = E.head(ITEM, "", len(content)) + content
        content = E.head(SEQUENCE, "SQ", len(item)) + item + E.head(0x00100010, "LO", 0)
    return content


rng = random.Random(5)
SHAPES: dict[str, Callable[[int], bytes]] = {
    "empty items": lambda count: sequence(E.head(ITEM, "", 0) * count),
    "items that never end": lambda count: sequence((E.head(ITEM, "", UNDEFINED) + E.head(0x00100010, "LO", 0)) * count),
    "a sequence without end": lambda count: sequence(E.head(ITEM, "", 0) * count, ends=False),
    "one tag": lambda count: empty_elements(count, lambda number: 0x00100010),
    "tags that descend": lambda count: empty_elements(
        count, lambda number: 0x7FDFFFFE - 2 * 0x7FFF * number % 0x7FD00000
    ),
    "tags at random": lambda count: empty_elements(count, lambda number: rng.randrange(0x00080000, 0x7FDF0000)),
    "private creators": creators,
    "tries that fail": lambda count: values_that_begin_as_a_sequence(count // 2, b"xxxx"),
    "tries that hold": lambda count: values_that_begin_as_a_sequence(count // 2, b""),
    "tries in each other": lambda count: tries_in_each_other(IMPLICIT.head(0x00100010, "LO", 0), 100) * (count // 500),
    "unordered in each other": unordered_in_each_other,
    "fragments": lambda count: (
        E.head(0x7FE00010, "OB", UNDEFINED) + E.head(ITEM, "", 0) * count + E.delimiter(SEQUENCE_DELIMITER)
    ),
    "padding": lambda count: E.head(0x00100010, "LO", 0) + bytes(8 * count),
    "stray items": lambda count: E.head(0x00100010, "LO", 0) + E.head(ITEM, "", 0) * count,
    "stray delimiters": lambda count: E.head(0x00100010, "LO", 0) + E.delimiter(SEQUENCE_DELIMITER) * count,
    "components": lambda count: E.element(0x00081030, "LO", b"\\" * 60_000).data * (count // 5000),
    "different components": lambda count: b"".join(
        E.element(0x00081030, "LO", b"\\".join(b"%07d" % (7500 * number + i) for i in range(7500))).data
        for number in range(count // 5000)
    ),
    "runs of text": lambda count: (
        E.element(0x00420011, "OB", b"".join(b"%07d\0" % number for number in range(count))).data
    ),
    "runs of wide text": lambda count: E.element(0x00420011, "OB", b"a\0b\0c\0d\0\1\1" * count).data,
    "escape sequences": lambda count: E.element(0x00081030, "LO", b"\x1b$B\\" * 15_000).data * (count // 5000),
}
every_shape = pytest.mark.parametrize("name", SHAPES)


def whole_file(data_set: bytes, encoding: Encoding = EXPLICIT) -> bytes:
    """Return a file with this data set."""
    uid = EXPLICIT_LITTLE_UID if encoding is EXPLICIT else IMPLICIT_LITTLE_UID
    return part10(raw(data_set), uid).data


@every_shape
@pytest.mark.parametrize("digests", [False, True], ids=["read", "digested"])
def test_work_is_a_multiple_of_the_bytes(name: str, digests: bool) -> None:
    """Each byte is read about once, and the memory kept is a small multiple."""
    data = whole_file(SHAPES[name](50_000))
    size = len(data)
    assert size > 100_000
    work = parse(data, _core.Parser(digests_long_values=digests))
    assert work.bytes_read <= 2 * size
    assert work.reads <= size // (WINDOW_BYTES // 2) + 8
    assert work.records <= size // 8
    assert work.captured_bytes <= 3 * size


@every_shape
def test_collecting_is_not_quadratic(name: str) -> None:
    """The sizes are so large that quadratic work would not end."""
    data = whole_file(SHAPES[name](100_000))
    collector = _core.ValueCollector(lambda *_: (0, True, False, 0, 0, b""), max_values=65536)
    work = parse(data, collector.parser)
    collector.add_parsed(b"path", is_partial=True)
    assert work.records > 3


@pytest.mark.parametrize("levels", [2, 20, 100])
def test_long_values_that_are_not_sequences(levels: int) -> None:
    """If digests are requested, a value above the window is read once more for each level that is not a sequence."""
    data = whole_file(tries_in_each_other(IMPLICIT.element(0x00100010, "LT", b"x" * 200_000).data, levels))
    work = parse(data, _core.Parser(digests_long_values=True, value_limit_bytes=0))
    assert work.status is Status.OK
    assert work.bytes_read <= (levels + 2) * len(data) + WINDOW_BYTES * levels
    assert parse(data, _core.Parser(value_limit_bytes=0)).bytes_read <= 2 * WINDOW_BYTES


def fragments_in_each_other(levels: int, content: bytes) -> bytes:
    """Return values in fragments that hold elements up to their last two bytes, each in the fragment of the next."""
    data = content
    for _ in range(levels):
        data += b"\1\2"  # no element: the trial fails here, after the whole fragment was read
        data = (
            E.head(0x00091010, "OB", UNDEFINED) + E.head(ITEM, "", len(data)) + data + E.delimiter(SEQUENCE_DELIMITER)
        )
    return data


@pytest.mark.parametrize("digests", [False, True], ids=["read", "digested"])
@pytest.mark.parametrize("levels", [2, 20, 100])
def test_fragments_that_are_not_sequences(levels: int, *, digests: bool) -> None:
    """Such a value is read once more for each level that is not a sequence."""
    data = whole_file(fragments_in_each_other(levels, E.element(0x00104000, "LT", b"x" * 60_000).data * 4))
    work = parse(data, _core.Parser(digests_long_values=digests, value_limit_bytes=0))
    assert work.status is Status.OK
    assert work.bytes_read <= (levels + 2) * len(data) + 2 * WINDOW_BYTES * levels


def test_a_million_nested_sequences() -> None:
    """The fault is at the limit, and the twenty megabytes after it are not read."""
    data = whole_file((E.head(SEQUENCE, "SQ", UNDEFINED) + E.head(ITEM, "", UNDEFINED)) * 1_000_000)
    work = parse(data, _core.Parser())
    assert work.status is Status.TOO_DEEP
    assert work.records < 2 * DEPTH + 10
    assert work.bytes_read <= 2 * WINDOW_BYTES


@pytest.mark.parametrize("count", [1000, 2000, 100_000])
def test_many_elements_in_deep_items(count: int) -> None:
    """The name of an element has all items around it: below 126 items, 8 bytes would become 2,000."""
    data = b"".join(
        IMPLICIT.element(0x00101000 + (number // 30000 << 17) + number % 30000, "UN").data for number in range(count)
    )
    for _ in range(126):
        data = IMPLICIT.head(ITEM, "", len(data)) + data
        data = IMPLICIT.head(SEQUENCE, "SQ", len(data)) + data
    work = parse(part10(raw(data), IMPLICIT_LITTLE_UID).data, _core.Parser())
    assert work.status is (Status.OK if count == 1000 else Status.TOO_MANY_DEEP)
    assert work.records <= 2 * 126 + 1200 + 10


def test_nested_sequences_without_end() -> None:
    """An endless stream ends at the same limit."""
    filling = E.head(SEQUENCE, "SQ", UNDEFINED) + E.head(ITEM, "", UNDEFINED)
    # The filling repeats from offset 0, so the bytes before it have a length that keeps it aligned.
    front = whole_file(E.element(0x00100010, "LO", b"").data)
    padding = -(len(front) + 8) % len(filling)
    front = whole_file(E.element(0x00100010, "LO", b" " * padding).data + E.head(0x00100020, "LO", 0))
    source = VirtualFile(1 << 62, {0: front}, filling=filling)
    header = tagsniff.read_header(source)
    assert header.status is Status.TOO_DEEP
    assert source.bytes_read <= 2 * WINDOW_BYTES


@pytest.mark.parametrize("encoding", [EXPLICIT, IMPLICIT], ids=lambda encoding: encoding.name)
def test_a_creator_of_four_gibibytes(encoding: Encoding) -> None:
    """It is not used as a creator and is skipped. The elements in its block and after it are found."""
    length = 0xFFFFFFF0
    front = whole_file(b"", encoding) + encoding.head(0x00290010, "UN", length)
    after = encoding.element(0x00291001, "UN", b"abcd").data + encoding.element(0x0040A075, "PN", b"Roe^J ").data
    source = VirtualFile(len(front) + length + len(after), {0: front, len(front) + length: after})
    header = tagsniff.read_header(source)
    assert header.status is Status.OK
    assert [f"{tag:08x}" for tag in header.elements["tag"][-3:]] == ["00290010", "00291001", "0040a075"]
    assert Status.CREATOR_OVERLONG in {deviation.status for deviation in header.deviations}
    count = len(header.elements)
    assert header.creator(count - 2) is None
    assert header.value(count - 1) == b"Roe^J "
    assert source.bytes_read <= 2 * WINDOW_BYTES


@pytest.mark.parametrize("tag", [0x00290010, 0x00020010, 0x00280103, 0x0020000E, 0x00080005])
def test_values_that_the_parser_needs_have_a_limit(tag: int) -> None:
    """Values that the parser reads for itself, whatever the caller requests, are read up to one kilobyte."""
    data_set = E.element(tag, "UN", b"x" * 100_000).data + E.element(0x7FDF0010, "LO", b"abcd").data
    work = parse(whole_file(data_set), _core.Parser(value_limit_bytes=0))
    assert work.captured_bytes < 1024 + 100
    assert work.bytes_read <= 4 * WINDOW_BYTES

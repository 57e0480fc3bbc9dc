"""The parser stops after a tag: the records up to there are those of the whole file, and nothing after it is read.

For: ``stop_after_tag`` of ``_core.Parser``.
Never: the choice of the tag by a caller; that is in test_selection.py.
Standard: PS3.5 sections 7.1 and 7.5, PS3.10 section 7, PS3.7 section 6.3.1, edition 2026b.
"""

from __future__ import annotations

import numpy as np
import pytest

from cases import CASES
from dicom_bytes import (
    BIG,
    EXPLICIT,
    IMPLICIT,
    LONG_FORM_VRS,
    SHORT_FORM_VRS,
    UID_OF,
    Encoding,
    Part,
    deflated,
    file_meta,
    join,
    part10,
)
from real_files import wheel_files
from tagsniff import _core
from tagsniff.status import Status

ENCODINGS = pytest.mark.parametrize("encoding", [EXPLICIT, IMPLICIT, BIG], ids=lambda encoding: encoding.name)
# Below, between, and above the tags of the cases; also group lengths and groups of file meta information.
TAGS = (0, 0x00020010, 0x0002FFFF, 0x00080018, 0x00090010, 0x00100010, 0x0010FFFF, 0x7FE00010, 0xFFFEFFFF)
FILE_META, COMMAND = 4, 8


def parse(data: bytes, stop: int | None, *, more: int = 0) -> tuple[_core.Parser, int]:
    """Parse the bytes; return the parser, and the number of bytes from the start that it received."""
    parser = _core.Parser(stop_after_tag=stop)
    parser.begin(len(data))
    seen = 0
    while not parser.run():
        offset, needed = parser.need_offset, parser.need_length
        window = data[offset : offset + needed + more]
        seen = max(seen, offset + len(window))
        parser.feed(offset, window)
        if len(window) < needed:
            parser.end(len(data))
    return parser, seen


def can_end(element: np.void, data: bytes, *, implicit_vr: bool) -> bool:
    """Return whether the standard knows such an element: only then the greater tag is proof that others cannot follow.

    A header that is read in the wrong byte order has nearly always a tag that the standard does not have.
    """
    tag = int(element["tag"])
    vr = element["vr"].decode("latin-1")
    if vr == "SQ" and data:  # the VR in the file may be another one
        vr_at = int(element["value_offset"] - element["header_bytes"]) + 4
        vr = data[vr_at : vr_at + 2].decode("latin-1")
    has_vr = not element["flags"] & _core.FLAG_IMPLICIT_VR and vr in LONG_FORM_VRS | SHORT_FORM_VRS
    group, number = tag >> 16, tag & 0xFFFF
    if group % 2 == 1 and not implicit_vr and not has_vr:
        return False
    if group % 2 == 1 and number > 0:
        return group not in (1, 3, 5, 7, 0xFFFF) and (0x10 <= number < 0x100 or number >= 0x1000)
    if number == 0:
        return any(_core.dictionary_find(group << 16 | other) for other in range(0x10000))
    return _core.dictionary_find(tag) is not None


def count_up_to(elements: np.ndarray, tag: int, data: bytes) -> int:
    """Return the number of records before the first element of the root data set with a greater tag that can end it."""
    is_root = (elements["parent"] < 0) & (elements["flags"] & (FILE_META | COMMAND) == 0)
    roots = np.flatnonzero(is_root)
    implicit_vr = len(roots) > 0 and bool(elements["flags"][roots[0]] & _core.FLAG_IMPLICIT_VR)
    for index in roots[elements["tag"][roots] > tag].tolist():
        if can_end(elements[index], data, implicit_vr=implicit_vr):
            return int(index)
    return len(elements)


def check(data: bytes, tag: int) -> None:
    whole, _ = parse(data, None, more=len(data))
    if whole.status()[0] not in (int(Status.OK), int(Status.DATA_BEHIND_DEFLATE)):
        return
    elements = whole.elements()
    # In a deflated data set, offsets count inflated bytes.
    expected = count_up_to(elements, tag, data if whole.deflated_from is None else b"")
    for more in (len(data), 0, 5):
        part, _ = parse(data, tag, more=more)
        found = part.elements()
        assert part.is_stopped == (expected < len(elements))
        assert part.status()[0] == (int(Status.OK) if part.is_stopped else whole.status()[0])
        assert len(found) == expected
        for name in ("tag", "parent", "value_offset", "end_offset", "value_length", "captured_at", "depth", "flags"):
            assert np.array_equal(found[name], elements[name][:expected]), name
        assert part.captured() == whole.captured()[: len(part.captured())]


def test_every_case(subtests: pytest.Subtests) -> None:
    for case in CASES:
        with subtests.test(case.name):
            for tag in TAGS:
                check(case.data, tag)


def test_real_files(subtests: pytest.Subtests) -> None:
    for real in wheel_files():
        with subtests.test(real.name):
            data = real.path.read_bytes()
            whole, _ = parse(data, None, more=len(data))
            tags = whole.elements()["tag"][whole.elements()["parent"] < 0].tolist()
            for tag in tags[:: max(1, len(tags) // 6)]:
                check(data, tag)


def body(encoding: Encoding) -> Part:
    """Return public elements and a private block, a sequence, and after them a value with a wrong length."""
    return join(
        [
            encoding.element(0x00080060, "CS", b"MR"),
            encoding.element(0x00090010, "LO", b"ACME"),
            encoding.element(0x00091002, "LO", b"ab"),
            encoding.sequence(0x00101002, encoding.item(encoding.element(0x00200011, "IS", b"7 "))),
            encoding.element(0x00104000, "LT", b"ab"),
            encoding.element(0x00200010, "SH", b"ab", length=60000),
        ]
    )


@ENCODINGS
def test_a_fault_after_the_stop_is_not_noticed(encoding: Encoding) -> None:
    data = part10(body(encoding), UID_OF[encoding]).data
    for stop, status, is_stopped in (
        (0x00104000, Status.OK, True),
        (0x0020000F, Status.OK, True),
        (0x00200010, Status.TRUNCATED_VALUE, False),
        (None, Status.TRUNCATED_VALUE, False),
    ):
        parser, _ = parse(data, stop)
        assert (parser.status()[0], parser.is_stopped) == (int(status), is_stopped)


@ENCODINGS
def test_an_element_in_an_item_does_not_stop_the_parser(encoding: Encoding) -> None:
    """(0020,0011) in the item is greater than the stop, and (0010,4000) after it is not."""
    parser, _ = parse(part10(body(encoding), UID_OF[encoding]).data, 0x00104000)
    assert parser.elements()["tag"][-3:].tolist() == [0xFFFEE000, 0x00200011, 0x00104000]


@ENCODINGS
def test_private_creators_are_resolved(encoding: Encoding) -> None:
    parser, _ = parse(part10(body(encoding), UID_OF[encoding]).data, 0x0009FFFF)
    elements = parser.elements()
    assert elements["tag"][-2:].tolist() == [0x00090010, 0x00091002]
    assert elements["creator"][-1] == len(elements) - 2


@ENCODINGS
def test_no_byte_after_the_next_element_header_is_requested(encoding: Encoding) -> None:
    """Eight bytes show that the end is reached: a tag, and the rest of the shortest element header."""
    written = part10(body(encoding), UID_OF[encoding])
    after = next(row for row in written.rows if row.tag == 0x00104000)
    parser, seen = parse(written.data, 0x00101FFF)
    assert parser.is_stopped
    assert seen <= after.start + 8


def test_file_meta_information_is_read_whatever_the_stop() -> None:
    """Its elements have greater tags than the stop, and define the encoding of the data set."""
    meta = file_meta(UID_OF[EXPLICIT], EXPLICIT.element(0x00020016, "AE", b"ACME"))
    data = part10(body(EXPLICIT), UID_OF[EXPLICIT], meta=meta).data
    parser, _ = parse(data, 0)
    assert parser.elements()["tag"].tolist() == [0x00020000, 0x00020001, 0x00020010, 0x00020016]
    assert (parser.status()[0], parser.is_stopped) == (int(Status.OK), True)


def test_a_command_set_is_read_whatever_the_stop() -> None:
    command = IMPLICIT.element(0x00000002, "UI", b"1.2.3\0") + IMPLICIT.element(0x00000900, "US", b"\0\0")
    parser, _ = parse(part10(command + body(EXPLICIT), UID_OF[EXPLICIT]).data, 0)
    assert parser.elements()["tag"].tolist()[-2:] == [0x00000002, 0x00000900]
    assert parser.is_stopped


def test_a_deflated_data_set_stops_by_its_inflated_tags() -> None:
    """Bytes that cannot be inflated follow the stop."""
    whole = deflated(body(EXPLICIT))
    for stop, count in ((0x00080060, 1), (0x0009FFFF, 3), (0x00104000, 7)):
        parser, _ = parse(whole.data, stop)
        found = parser.elements()
        assert (parser.status()[0], parser.is_stopped) == (int(Status.OK), True)
        assert int((found["flags"] & FILE_META == 0).sum()) == count
    long = join(
        [
            EXPLICIT.element(0x00080060, "CS", b"MR"),
            EXPLICIT.element(0x00100020, "LO", b"x"),
            *(EXPLICIT.element(0x00200000 + number, "UT", bytes(range(256)) * 40) for number in range(1, 40)),
        ]
    )
    written = deflated(long)
    cut = written.data[: written.meta_end + (len(written.data) - written.meta_end) // 2]
    assert parse(cut, None)[0].status()[0] == int(Status.TRUNCATED_DEFLATE)
    assert parse(cut, 0x00100020)[0].status()[0] == int(Status.OK)


def test_an_unordered_data_set_ends_at_the_first_greater_tag() -> None:
    data = part10(
        EXPLICIT.element(0x00080060, "CS", b"MR")
        + EXPLICIT.element(0x00200011, "IS", b"7 ")
        + EXPLICIT.element(0x00100020, "LO", b"ID"),
        UID_OF[EXPLICIT],
    ).data
    parser, _ = parse(data, 0x00100020)
    assert parser.elements()["tag"].tolist()[-1] == 0x00080060
    assert parser.is_stopped


@pytest.mark.parametrize("stop", [-1, 1 << 32])
def test_a_stop_that_is_not_a_tag(stop: int) -> None:
    with pytest.raises(ValueError, match="stop_after_tag"):
        _core.Parser(stop_after_tag=stop)

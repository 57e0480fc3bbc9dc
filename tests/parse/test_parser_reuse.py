"""A parser that has read other files reads the next one exactly as a new parser does.

For: what the parser keeps from earlier files and items: memory, and the header from which a record was made.
Never: an expectation other than the result of a new parser.
Standard: none; it does not define what a parser keeps.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import CASES
from dicom_bytes import EXPLICIT, IMPLICIT, UID_OF, Encoding, Part, join, part10, raw
from tagsniff import _core

ORDINARY = settings(database=None, deadline=None, max_examples=400)
WAYS: tuple[dict[str, Any], ...] = (
    {},
    {"value_limit_bytes": 0},
    {"value_limit_bytes": 6},
    {"value_limit_bytes": 6, "digests_long_values": True},
    {"element_limit": 14},
    {"stop_after_tag": 0x00091010},
)
WAY_NAMES = ["whole", "no values", "short values", "digests", "few elements", "stopped"]
PIECE_BYTES = 11
LARGEST_WHOLE_BYTES = 1 << 20  # of a value beyond the limit that is kept while there is room


def read(parser: _core.Parser, data: bytes, *, in_pieces: bool = False) -> tuple[object, ...]:
    """Return everything that a parser reports about a file."""
    parser.begin(len(data))
    while not parser.run():
        if in_pieces:
            start, length = parser.need_offset, max(parser.need_length, PIECE_BYTES)
            parser.feed(start, data[start : start + length])
        else:
            parser.feed(0, data)
    return (
        parser.status(),
        parser.elements().tobytes(),
        parser.captured(),
        parser.deviations(),
        parser.is_stopped,
        parser.transfer_syntax_record,
    )


def check(files: list[bytes], way: dict[str, Any], *, in_pieces: bool = False) -> None:
    again = _core.Parser(**way)
    for number, data in enumerate(files):
        assert read(again, data, in_pieces=in_pieces) == read(_core.Parser(**way), data), number


@pytest.mark.parametrize("way", WAYS, ids=WAY_NAMES)
def test_all_cases_one_after_the_other(way: dict[str, Any]) -> None:
    files = [case.data for case in CASES if len(case.data) < 100_000]
    # Each case after itself, after its neighbours, and after others.
    several = [data for data in files for _ in range(2)]
    shuffled = random.Random(7).sample(several, len(several))
    for order in (several, files[::-1], shuffled):
        check(order, way)


@pytest.mark.parametrize("way", WAYS, ids=WAY_NAMES)
def test_a_length_that_looks_like_a_vr(way: dict[str, Any]) -> None:
    """The same eight bytes are DA with a value of eight bytes, or a value of half a megabyte without a VR."""
    dates = EXPLICIT.element(0x00080020, "DA", b"20240101") + EXPLICIT.element(0x00080030, "TM", b"1200")
    bytes_of_length = int.from_bytes(b"DA\x08\0", "little")
    long = IMPLICIT.element(0x00080008, "CS", b"A ") + IMPLICIT.element(0x00080020, "DA", bytes(bytes_of_length))
    plain = EXPLICIT.element(0x00080008, "CS", b"A ") + dates
    assert plain.data[10:18] == long.data[10:18]
    one, other = (part10(part, UID_OF[encoding]).data for part, encoding in ((plain, EXPLICIT), (long, IMPLICIT)))
    check([one, other, one, other, other], way)


@pytest.mark.parametrize("way", WAYS, ids=WAY_NAMES)
def test_bytes_and_a_sequence_of_the_same_length(way: dict[str, Any]) -> None:
    """Without a VR, only the value shows what a private element is."""
    item = IMPLICIT.item(IMPLICIT.element(0x00080100, "SH", b"AB"))
    creator = IMPLICIT.element(0x00090010, "LO", b"ACME")
    of_bytes, of_items = (
        part10(creator + raw(IMPLICIT.element(0x00091001, "UN", value).data), UID_OF[IMPLICIT]).data
        for value in (bytes(len(item.data)), item.data)
    )
    check([of_bytes, of_items, of_bytes, of_items, of_items], way)


@pytest.mark.parametrize("way", WAYS, ids=WAY_NAMES)
def test_items_that_begin_with_the_same_six_bytes(way: dict[str, Any]) -> None:
    """Without the letters of a VR, an item is in implicit VR if its value fits."""
    fitting, too_long = (
        EXPLICIT.item(IMPLICIT.element(0x00080100, "SH", b"ABCD", length=length)) for length in (4, 0x10004)
    )
    assert fitting.data[8:14] == too_long.data[8:14]
    assert fitting.data != too_long.data
    one, other = (part10(EXPLICIT.sequence(0x00081140, item), UID_OF[EXPLICIT]).data for item in (too_long, fitting))
    check([one, other, one, other, other], way)


@pytest.mark.parametrize("limit", range(4, 24))
def test_similar_items_at_the_element_limit(limit: int) -> None:
    item = EXPLICIT.item(*(EXPLICIT.element(tag, "CS", b"AA") for tag in (0x00080008, 0x00080060, 0x00080070)))
    data = part10(EXPLICIT.sequence(0x00081140, *[item] * 4), UID_OF[EXPLICIT]).data
    again = _core.Parser(element_limit=limit)
    first = read(again, data)
    assert len(again.elements()) == min(limit, 20)
    assert read(again, data) == first == read(_core.Parser(element_limit=limit), data)


def test_long_values_are_kept_while_there_is_room() -> None:
    text = EXPLICIT.element(0x00080060, "LO", b"value longer than what is kept")
    few, many = (
        part10(
            join([*(EXPLICIT.element(tag, "UT", bytes(length)) for tag in range(0x00080001, 0x00080006)), text]),
            UID_OF[EXPLICIT],
        ).data
        for length in (2, LARGEST_WHOLE_BYTES)
    )
    check([few, many, few, many], {"value_limit_bytes": 6, "digests_long_values": True})


# Elements of few kinds, so that equal headers occur with other differences: the order of tags, the data set, a value
# that is a sequence, a value too long to keep.
def make_kinds(encoding: Encoding) -> tuple[Part, ...]:
    item = encoding.item(encoding.element(0x00080100, "SH", b"AB"))
    return (
        encoding.element(0x00080008, "CS", b"AA"),
        encoding.element(0x00080008, "CS", b"AAAA"),
        encoding.element(0x00080020, "DA", b""),
        encoding.element(0x00080060, "LO", b"value longer than what is kept"),
        encoding.element(0x00090010, "LO", b"ACME"),
        encoding.element(0x00090010, "LO", b"ACMF"),
        encoding.element(0x00091001, "LO", b"ab"),
        encoding.element(0x00091101, "LO", b"ab"),
        encoding.element(0x00091002, "UN", item.data),
        encoding.element(0x00091002, "UN", bytes(len(item.data))),
        encoding.element(0x00200013, "IS", b"1 "),
        encoding.element(0x00280103, "US", b"\1\0"),
        encoding.element(0x00280106, "US", b"\1\0"),
        encoding.element(0x7FE00010, "OW", bytes(8)),
    )


KINDS = {encoding: make_kinds(encoding) for encoding in (EXPLICIT, IMPLICIT)}


@st.composite
def data_sets(draw: st.DrawFn, encoding: Encoding, depth: int = 0) -> Part:
    """Elements in any order, and sequences of items that are similar or not."""
    parts: list[Part] = []
    for kind in draw(st.lists(st.integers(-3, len(KINDS[encoding]) - 1), max_size=7)):
        if kind >= 0:
            parts.append(KINDS[encoding][kind])
        elif depth < 2:
            inner = draw(data_sets(encoding, depth + 1))
            others = draw(st.lists(st.one_of(st.just(inner), data_sets(encoding, depth + 1)), max_size=3))
            undefined = draw(st.booleans())
            items = [encoding.item(content, undefined=undefined) for content in (inner, *others)]
            parts.append(encoding.sequence(0x00081140 + kind, *items, undefined=undefined))
    if draw(st.integers(0, 3)):
        parts.sort(key=lambda part: part.rows[0].tag)
    return join(parts)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    encoding = draw(st.sampled_from((EXPLICIT, EXPLICIT, EXPLICIT, IMPLICIT)))
    data = part10(draw(data_sets(encoding)), UID_OF[encoding]).data
    cut = draw(st.integers(0, 60))
    return data[:-cut] if draw(st.integers(0, 4)) == 0 and cut else data


@st.composite
def changed(draw: st.DrawFn, data: bytes) -> bytes:
    """Return the same file with one byte changed, or with some bytes removed or repeated."""
    at = draw(st.integers(0, len(data) - 1))
    length = draw(st.sampled_from((2, 8, 10, 12)))
    return draw(
        st.sampled_from(
            (
                data,
                data[:at] + bytes([data[at] ^ 1 << draw(st.integers(0, 7))]) + data[at + 1 :],
                data[:at] + data[at + length :],
                data[: at + length] + data[at:],
            )
        )
    )


@ORDINARY
@given(st.data(), st.sampled_from(WAYS), st.booleans())
def test_files_that_are_almost_equal(data: st.DataObject, way: dict[str, Any], in_pieces: bool) -> None:
    first = data.draw(files())
    second = data.draw(st.one_of(changed(first), files()))
    check([first, second, first, data.draw(changed(second)), second], way, in_pieces=in_pieces)

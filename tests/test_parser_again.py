"""A parser that has read other files reads the next one as a new parser does.

For: what the parser keeps of the file or item before: memory, and by which header a record came about.
Never: an expectation but what a parser makes that has read nothing.
Standard: none; what is kept is no rule of it.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import CASES
from dicom_bytes import EXPLICIT, IMPLICIT, UID_OF, Encoding, Part, join, part10
from tagsniff import _core

ORDINARY = settings(database=None, deadline=None, max_examples=400)
WAYS: tuple[dict[str, Any], ...] = (
    {},
    {"value_limit_bytes": 0},
    {"value_limit_bytes": 6},
    {"value_limit_bytes": 6, "digests_long_values": True},
    {"element_limit": 14},
    {"stop_behind_tag": 0x00091010},
)
WAY_NAMES = ["whole", "no values", "short values", "digests", "few elements", "stopped"]
PIECE_BYTES = 11


def read(parser: _core.Parser, data: bytes, *, in_pieces: bool = False) -> tuple[object, ...]:
    """Everything that a parser says of a file."""
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
def test_the_cases_one_after_the_other(way: dict[str, Any]) -> None:
    files = [case.data for case in CASES if len(case.data) < 100_000]
    # Each behind itself, behind its neighbours, and behind others.
    several = [data for data in files for _ in range(2)]
    shuffled = random.Random(7).sample(several, len(several))
    for order in (several, files[::-1], shuffled):
        check(order, way)


# Elements of few kinds, so that the same header stands where something else about it differs: the order of tags, the
# data set, a value that is a sequence, a value beyond what is kept.
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
    """Elements in any order, and sequences of items that are alike or not."""
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
    """The same file with a byte changed, or some left out or there twice."""
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
def test_files_that_are_nearly_alike(data: st.DataObject, way: dict[str, Any], in_pieces: bool) -> None:
    first = data.draw(files())
    second = data.draw(st.one_of(changed(first), files()))
    check([first, second, first, data.draw(changed(second)), second], way, in_pieces=in_pieces)

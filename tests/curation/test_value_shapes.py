"""The shapes and kinds of values in the summaries of elements.

For: `tagsniff.curation.value_shapes`.
Never: a shape with a letter or digit of its value, unless it is one of those that stand for classes.
Standard: none.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsniff.curation.value_shapes import NOTHING_TO_READ, find_kind, find_shape


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("MR Recon 3/12/1/1", "AA Aa+ 9/99/9/9"),
        ("MR Recon 12/3/1/1", "AA Aa+ 99/9/9/9"),
        ("Smith^John", "Aa+^Aa+"),
        ("SMITH^J", "A+^A"),
        ("20250312", "9+"),
        ("-12.5", "-99.9"),
        ("Müller", "Aäa+"),
        ("山田", "ää"),
        ("a  \n b", "a a"),
        ("", ""),
        ("<12 numbers, 0..4095>", "<numbers>"),
        ("<about 70000 numbers, 0..4095>", "<numbers>"),
        ("<empty>", "<empty>"),
        ("<3 items>", "<items>"),
        ("<b>bold</b>", "<b>"),
    ],
)
def test_the_shape_of_a_value(text: str, shape: str) -> None:
    assert find_shape(text) == shape


@given(st.text())
def test_a_shape_has_no_letter_or_digit_of_its_own(text: str) -> None:
    shape = find_shape("x" + text)
    assert {letter for letter in shape if letter.isalnum()} <= {"A", "a", "9", "ä"} | {
        letter for letter in text if letter.isalnum() and letter in "²³¹"
    } or not shape.isascii()


def test_a_long_shape_is_cut() -> None:
    shape = find_shape("a-" * 1000)
    assert shape.endswith("...")
    assert len(shape) < 40


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12.5", "number"),
        ("1\\2\\3", "number"),
        ("<12 numbers, 0..4095>", "number"),
        ("1.2.840.113619.2.1", "uid"),
        ("<3 UIDs under 1.2>", "uid"),
        ("Smith^John", "text"),
        ("HFS", "text"),
        ("<3 texts like MR 9>", "text"),
        ("<empty>", "empty"),
        ("<1 item>", "items"),
        ("<4 values of 1..12 items>", "items"),
        ("<16 bytes, sha256 00>", "bytes"),
        ("<12 values of 16 bytes>", "bytes"),
    ],
)
def test_the_kind_of_a_value(text: str, kind: str) -> None:
    assert find_kind(text) == kind


def test_there_is_nothing_to_read_in_empty_values_and_sequences() -> None:
    assert {find_kind("<empty>"), find_kind("<2 items>")} == NOTHING_TO_READ

"""Rows as lines of text: their content, and errors for rows that do not exist.

For: `tagsniff._core.Lines`, and ``csrc/report/lines.c`` that it uses.
Never: a value of a file.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsniff._core import Lines, Texts

LARGEST = (1 << 64) - 1
COUNTS = st.integers(0, LARGEST) | st.sampled_from([0, 9, 10, 99, 100, LARGEST])


@given(st.data(), st.lists(st.tuples(COUNTS, st.integers(0, 2)), max_size=20), st.integers(0, 64))
def test_lines_are_made_of_their_parts(data: st.DataObject, rows: list[tuple[int, int]], width: int) -> None:
    names = ["", "é", "name"]
    counts = np.array([count for count, _ in rows], np.uint64)
    numbers = np.array([number for _, number in rows], np.int64)
    lines = Lines(
        len(rows), [b"[", (counts, width), b"]", (Texts(name.encode() for name in names), numbers), (counts, 0), b"\n"]
    )
    start = data.draw(st.integers(0, len(rows)))
    end = data.draw(st.integers(start, len(rows)))
    expected = [f"[{count:{width or ''}}]{names[number]}{count}\n" for count, number in rows[start:end]]
    assert lines.lay_out(start, end) == "".join(expected)
    assert lines.lay_out(0, 0) == ""


def test_columns_with_strides() -> None:
    counts = np.arange(6, dtype=np.uint64)[::2]
    numbers = np.array([[2, 9], [0, 9], [1, 9]])[:, 0]
    assert Lines(3, [(counts, 2), (Texts([b"a", b"b", b"c"]), numbers), b"\n"]).lay_out(0, 3) == " 0c\n 2a\n 4b\n"


def test_the_caller_may_drop_the_arguments() -> None:
    lines = Lines(2, [(Texts([b"a" * 100, b"b" * 100]), np.array([1, 0])), (np.array([7, 8], np.uint64), 3), b"\n"])
    [np.full(1000, 255, np.uint64) for _ in range(100)]
    assert lines.lay_out(0, 2) == f"{'b' * 100}  7\n{'a' * 100}  8\n"


def test_no_parts() -> None:
    assert Lines(3, []).lay_out(0, 3) == ""


@pytest.mark.parametrize(("start", "end"), [(0, 3), (2, 1), (3, 3), (1 << 40, 1 << 41)])
def test_rows_out_of_range(start: int, end: int) -> None:
    with pytest.raises(IndexError):
        Lines(2, [b"\n"]).lay_out(start, end)


@pytest.mark.parametrize("start", [-1, 1 << 80])
def test_row_numbers_that_no_index_can_have(start: int) -> None:
    with pytest.raises(OverflowError):
        Lines(2, [b"\n"]).lay_out(start, 2)


@pytest.mark.parametrize("numbers", [[0, 1], [0, -1], [1 << 40, 0]])
def test_text_numbers_out_of_range(numbers: list[int]) -> None:
    with pytest.raises(IndexError):
        Lines(2, [(Texts([b"a"]), np.array(numbers))])


@pytest.mark.parametrize("count", [0, 1, 3])
def test_columns_of_another_length(count: int) -> None:
    with pytest.raises(ValueError, match="for each row"):
        Lines(2, [(np.zeros(count, np.uint64), 0)])
    with pytest.raises(ValueError, match="for each row"):
        Lines(2, [(Texts([b"a"]), np.zeros(count, np.int64))])


def test_a_width_out_of_range() -> None:
    with pytest.raises(ValueError, match="wide"):
        Lines(1, [(np.zeros(1, np.uint64), 65)])


def test_invalid_parts() -> None:
    for part in (
        "text",
        None,
        (Texts([b"a"]), None),
        (Texts(), None),
        (b"a", np.zeros(1, np.int64)),
        (np.zeros(1, np.uint64), 1, 2),
    ):
        with pytest.raises((TypeError, ValueError)):
            Lines(1, [part])  # type: ignore[list-item]

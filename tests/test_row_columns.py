"""The rows of a scan as columns: what they lead to, in any order, and nothing that is not there.

For: `tagsniff._core.RowColumns`.
Never: a value of a file.
"""

from __future__ import annotations

import numpy as np
import pytest

from tagsniff._core import ROW_DTYPE, RowColumns

FIELDS = ("value", "decision", "flags", "example", "files", "series", "occurrences")
ROWS = [
    (-1, 0, 0, 1, 2, 1, 3),
    (0, 1, 4, 0, 1 << 40, 1 << 33, (1 << 64) - 1),
    (1, 1, 65535, 1, 1, 1, 1),
]


def make_rows(rows: list[tuple[int, ...]]) -> np.ndarray:
    table = np.zeros(len(rows), ROW_DTYPE)
    for place, row in enumerate(rows):
        for name, number in zip(FIELDS, row, strict=True):
            table[name][place] = number
    return table


def show(row: tuple[int, ...]) -> tuple[object, ...]:
    value, decision, flags, example, *counts = row
    return (value, decision, flags, "ab"[example], *counts, "" if value < 0 else "xy"[value])


@pytest.mark.parametrize(("start", "end", "order"), [(0, 3, None), (1, 3, None), (0, 3, [2, 0, 1]), (1, 3, [1, 0])])
def test_columns_of_a_stretch(start: int, end: int, order: list[int] | None) -> None:
    columns = RowColumns(make_rows(ROWS), ["a", "b"], ["x", "y"]).cut(start, end, order)
    wanted = ROWS[start:end] if order is None else [ROWS[start + place] for place in order]
    assert list(zip(*columns, strict=True)) == list(map(show, wanted))
    assert all(type(column) is tuple for column in columns)


def test_no_rows() -> None:
    assert RowColumns(make_rows([]), [], []).cut(0, 0) == ((),) * 8
    assert RowColumns(make_rows(ROWS), ["a", "b"], ["x", "y"]).cut(3, 3) == ((),) * 8


def test_rows_that_lie_apart() -> None:
    rows = make_rows([row for row in ROWS for _ in range(2)])[::2]
    columns = RowColumns(rows, ["a", "b"], ["x", "y"]).cut(0, 3)
    assert list(zip(*columns, strict=True)) == list(map(show, ROWS))


@pytest.mark.parametrize(
    ("start", "end", "order"),
    [(-1, 2, None), (2, 1, None), (0, 4, None), (0, 2, [0]), (0, 2, [0, 2]), (0, 2, [0, -1]), (1, 2, [2])],
)
def test_rows_that_are_not_there(start: int, end: int, order: list[int] | None) -> None:
    with pytest.raises(IndexError):
        RowColumns(make_rows(ROWS), ["a", "b"], ["x", "y"]).cut(start, end, order)


@pytest.mark.parametrize(("paths", "texts"), [(["a"], ["x", "y"]), (["a", "b"], ["x"]), ([], [])])
def test_numbers_that_lead_nowhere(paths: list[str], texts: list[str]) -> None:
    with pytest.raises(IndexError):
        RowColumns(make_rows(ROWS), paths, texts).cut(0, 3)


def test_an_example_below_zero() -> None:
    with pytest.raises(IndexError):
        RowColumns(make_rows([(0, 0, 0, -1, 1, 1, 1)]), ["a"], ["x"]).cut(0, 1)


def test_another_table() -> None:
    with pytest.raises(TypeError):
        RowColumns(np.zeros(3, np.int64), [], [])  # type: ignore[arg-type]

"""Rows of values sorted for new tables: `tagsniff._core.order_rows`, and ``csrc/report/row_order.c`` that it uses.

For: the order of a sorted scan, compared with a sort in Python.
Never: a row whose counts are not compared.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsniff._core import ROW_DTYPE, order_rows

NONE = -1

Key: TypeAlias = tuple[int, int, int, int]
"""Use, value, decision and flags of a row, in numbers of the old tables."""

KEYS = st.lists(
    st.tuples(st.integers(NONE, 3), st.integers(NONE, 20), st.integers(0, 2), st.sampled_from([0, 1, 0xFFFF])),
    max_size=60,
    unique=True,
)


def _numbers(*numbers: int) -> npt.NDArray[np.int32]:
    return np.array(numbers, np.int32)


def _rows(keys: Iterable[Key]) -> npt.NDArray[np.void]:
    """Return rows whose counts and example hold their old index."""
    listed = list(keys)
    rows = np.zeros(len(listed), ROW_DTYPE)
    for at, (use, value, decision, flags) in enumerate(listed):
        rows[at] = (at + 100, at + 200, at + 300, at + 400, use, value, decision, at, -1, flags)
    return rows


def _by_hand(keys: list[Key], moves: list[npt.NDArray[np.int32]]) -> list[int]:
    """Return the old indexes of the rows in their new order."""
    uses, values, decisions = (move.tolist() for move in moves)

    def order(at: int) -> Key:
        use, value, decision, flags = keys[at]
        return uses[use], NONE if value == NONE else values[value], decisions[decision], flags

    return sorted((at for at, key in enumerate(keys) if key[0] != NONE), key=order)


def _check(keys: list[Key], uses: Iterable[int], values: Iterable[int], decisions: Iterable[int]) -> None:
    moves = [_numbers(*uses), _numbers(*values), _numbers(*decisions)]
    paths = np.arange(len(keys), dtype=np.int32)[::-1].copy()
    ordered, new_rows = order_rows(_rows(keys), *moves, paths)
    places = _by_hand(keys, moves)
    assert (ordered["occurrences"] - 100).tolist() == places
    assert (ordered["files"] - 200).tolist() == (ordered["series"] - 300).tolist() == places
    assert (ordered["patients"] - 400).tolist() == places
    assert ordered["example"].tolist() == [int(paths[at]) for at in places]
    for member, (column, move) in enumerate(zip(("use", "value", "decision"), moves, strict=True)):
        old = [keys[at][member] for at in places]
        assert ordered[column].tolist() == [NONE if number == NONE else int(move[number]) for number in old]
    assert ordered["flags"].tolist() == [keys[at][3] for at in places]
    assert {at: int(number) for at, number in enumerate(new_rows) if number != NONE} == {
        at: number for number, at in enumerate(places)
    }


@given(KEYS, st.permutations(range(4)), st.permutations(range(21)), st.permutations(range(3)))
def test_rows_are_sorted_by_the_new_numbers(
    keys: list[Key], uses: list[int], values: list[int], decisions: list[int]
) -> None:
    _check(keys, uses, values, decisions)


@pytest.mark.parametrize("step", [1, 7919, -1])
def test_many_rows_of_one_use(step: int) -> None:
    # 10007 is prime, so each value occurs once.
    keys = [(at % 2, at * step % 10007, 0, 0) for at in range(10007)]
    _check(keys, [1, 0], [(value * 31) % 10007 for value in range(10007)], [0])


def test_rows_of_one_value_are_sorted_by_decision_and_flags() -> None:
    keys = [(0, 0, decision, flags) for decision, flags in itertools.product((300, 70000, 0), (0xFFFF, 2, 0))]
    _check(keys, [0], [0], range(70001))


def test_a_row_without_a_value_is_first() -> None:
    _check([(0, 0, 0, 0), (0, NONE, 1, 0), (0, NONE, 0, 0)], [0], [0], [0, 1])


def test_no_rows() -> None:
    _check([], [], [], [])
    _check([(NONE, 0, 0, 0)], [], [0], [0])


@pytest.mark.parametrize("table", range(4))
def test_an_index_out_of_range(table: int) -> None:
    key = [0, 0, 0]
    tables = [_numbers(0) for _ in range(4)]
    if table < 3:
        key[table] = 1
        rows = _rows([(*key, 0)])
    else:
        rows = _rows([(*key, 0)])
        rows["example"] = 1
    with pytest.raises(IndexError, match="out of range"):
        order_rows(rows, *tables)


def test_a_new_index_out_of_range() -> None:
    with pytest.raises(IndexError, match="out of range"):
        order_rows(_rows([(0, 0, 0, 0)]), _numbers(1), _numbers(0), _numbers(0), _numbers(0))


def test_other_arrays_are_refused() -> None:
    with pytest.raises(TypeError, match="ROW_DTYPE"):
        order_rows(np.zeros(1, np.int32), *[_numbers(0)] * 4)
    with pytest.raises(ValueError, match="dtype"):
        order_rows(_rows([]), np.zeros(1, np.int64), *[_numbers(0)] * 3)


def test_rows_with_strides() -> None:
    rows = _rows([(0, value, 0, 0) for value in (3, 1, 2, 0)])[::2]
    ordered, new_rows = order_rows(rows, _numbers(0), _numbers(0, 1, 2, 3), _numbers(0), _numbers(0, 1, 2, 3))
    assert ordered["value"].tolist() == [2, 3]
    assert new_rows.tolist() == [1, 0]

"""The tables of a scan in an order that is not that of the files, and without what nothing refers to.

For: the scan, whose result is then the same bytes for the same files.
Never: change a count.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from tagsniff.identities import place_identities
from tagsniff.scan_tables import NO_VALUE, DecisionRecord, ScanTables
from tagsniff.status import Omission, Status

if TYPE_CHECKING:
    import numpy.typing as npt

_PARTS = ("modality", "manufacturer", "model", "software")
_NOT_ASKED = 0

# In a value of the tables: where the number of its character set stands.
_CHARSET_BYTES = slice(1, 3)
_charset_bytes = itemgetter(_CHARSET_BYTES)

_T = TypeVar("_T")


def order_scan(scan: ScanTables) -> ScanTables:
    """Return the same scan in that order: texts by their bytes, identities as in reports, all else by what it is of.

    Series are in order already. Rows that stand for nothing go.
    """
    creators, new_creators = _sort(scan.creators, scan.creators)
    texts, new_texts = _sort(scan.texts, scan.texts)
    standing = scan.rows[scan.rows["group"] >= 0]
    paths, new_paths = _sort(scan.paths, scan.paths, kept=_list_used(standing["example"], len(scan.paths)))
    decisions, new_decisions = _sort(scan.decisions, list(map(_order_decision, scan.decisions)))

    used = _list_used(standing["value"], len(scan.values))
    heads = set(map(_charset_bytes, map(scan.values.__getitem__, used)))
    asked = {int.from_bytes(head, "little") for head in heads}
    charsets, new_charsets = _sort(scan.charsets, scan.charsets, kept=asked | {_NOT_ASKED} if scan.charsets else ())
    moves = {number: int(new_charsets[number]) for number in asked if new_charsets[number] != number}
    moved = _move_charsets(scan.values, moves) if moves else scan.values
    values, new_values = _sort(moved, moved, kept=used)

    placed = place_identities(scan.identities, scan.creators)
    identity_order, new_identities = _sort(range(len(placed)), [one.order for one in placed])
    identities = scan.identities.take(np.array(identity_order, np.int64))
    identities["creator"] = _move(identities["creator"], new_creators)
    identities["parent"] = _move(identities["parent"], new_identities)

    equipment, new_equipment = _sort_table(scan.equipment, dict.fromkeys(_PARTS, new_texts), _PARTS)
    groups, new_groups = _sort_table(
        scan.groups,
        {"equipment": new_equipment, "identity": new_identities},
        ("equipment", "identity", "vr", "kind"),
    )
    rows, new_standing = _sort_table(
        standing,
        {"group": new_groups, "value": new_values, "decision": new_decisions, "example": new_paths},
        ("group", "value", "decision", "flags", "example", "files", "series", "occurrences"),
    )
    new_rows = np.full(len(scan.rows), NO_VALUE)
    new_rows[scan.rows["group"] >= 0] = new_standing
    return replace(
        scan,
        decisions=decisions,
        identities=identities,
        equipment=equipment,
        groups=groups,
        rows=rows,
        series_runs=_order_runs(scan.series_runs, (new_identities, new_groups, new_rows)),
        creators=creators,
        texts=texts,
        values=values,
        charsets=charsets,
        paths=paths,
        keywords=tuple(scan.keywords[number] for number in identity_order),
        deviations=tuple(sorted(scan.deviations)),
        omissions=tuple(sorted(scan.omissions, key=order_omission)),
    )


def order_omission(omission: Omission) -> tuple[bytes, Status, str, int, int]:
    """Return what omissions are sorted by: the bytes of their paths."""
    offset = -1 if omission.offset is None else omission.offset
    tag = -1 if omission.tag is None else omission.tag
    return os.fsencode(omission.path), omission.status, omission.detail, offset, tag


def _order_decision(decision: DecisionRecord) -> tuple[object, ...]:
    return decision.code, decision.flags, decision.row, decision.rivals


def _sort(
    things: Sequence[_T], orders: Sequence[Hashable], kept: Iterable[int] | None = None
) -> tuple[tuple[_T, ...], npt.NDArray[np.int64]]:
    """Return things in their order, those of ``kept`` only, and the new number of each old one."""
    old_numbers = sorted(range(len(things)) if kept is None else kept, key=orders.__getitem__)  # type: ignore[arg-type]
    new_numbers = np.full(len(things), NO_VALUE)
    new_numbers[old_numbers] = np.arange(len(old_numbers))
    return tuple(map(things.__getitem__, old_numbers)), new_numbers


def _list_used(numbers: npt.NDArray[np.int32], count: int) -> list[int]:
    """Return those of so many numbers that a column has, ascending."""
    is_used = np.zeros(count, bool)
    is_used[numbers[numbers >= 0]] = True
    used: list[int] = np.flatnonzero(is_used).tolist()
    return used


def _sort_table(
    table: npt.NDArray[np.void], moves: dict[str, npt.NDArray[np.int64]], order: Sequence[str]
) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int64]]:
    """Return the table with the new numbers in its columns, sorted by the columns of ``order``."""
    moved = table.copy()
    for column, new_numbers in moves.items():
        moved[column] = _move(moved[column], new_numbers)
    old_numbers = _sort_numbers(moved, order)
    new_numbers = np.empty(len(table), np.int64)
    new_numbers[old_numbers] = np.arange(len(table))
    return moved.take(old_numbers), new_numbers


def _order_runs(runs: npt.NDArray[np.void], new_owners: tuple[npt.NDArray[np.int64], ...]) -> npt.NDArray[np.void]:
    """Return the runs of series with the new numbers of their owners, by table and owner."""
    moved = runs.copy()
    for table, new_numbers in enumerate(new_owners):
        of_table = runs["table"] == table
        moved["owner"][of_table] = new_numbers[runs["owner"][of_table]]
    return moved.take(_sort_numbers(moved, ("table", "owner", "first")))


def _sort_numbers(table: npt.NDArray[np.void], order: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the places of the rows in the order of the columns."""
    # Two columns, of 32 bits each, tell nearly all rows apart, and sorting by one number takes a fifth of the time.
    first, second, *others = (table[column] for column in order)
    both = first.astype(np.int64) << 32 | second.astype(np.int64) - np.iinfo(np.int32).min
    places = np.argsort(both, kind="stable")
    ordered, third = both[places], others[0][places]
    if (third[1:] > third[:-1])[ordered[1:] == ordered[:-1]].all():
        return places
    return np.lexsort([*reversed(others), both])


def _move(numbers: npt.NDArray[np.int32], new_numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the new numbers; what is below zero is no number of a row."""
    if not len(new_numbers):
        return numbers.astype(np.int64)
    return np.where(numbers < 0, numbers, new_numbers[np.maximum(numbers, 0)])


def _move_charsets(values: Sequence[bytes], moves: dict[int, int]) -> Sequence[bytes]:
    """Return the values with other numbers of character sets; most have a number that stays."""
    heads = {old.to_bytes(2, "little"): new.to_bytes(2, "little") for old, new in moves.items()}
    return [
        value[:1] + heads[head] + value[_CHARSET_BYTES.stop :] if head in heads else value
        for value, head in zip(values, map(_charset_bytes, values), strict=True)
    ]

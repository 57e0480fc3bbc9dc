"""Sorts the tables of a scan, so that they do not depend on the order of the files, and drops unused entries.

For: the scan, whose result is then the same bytes for the same files.
Never: change a count.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from tagsniff._core import order_rows
from tagsniff.dicom.value_head import CHARSET_AT
from tagsniff.scanning.tables import COLLAPSED, COLLAPSED_TEXTS, NO_VALUE, DecisionRecord, ScanTables, row_flags
from tagsniff.status import order_omission

if TYPE_CHECKING:
    import numpy.typing as npt

    from tagsniff._core import Texts

_PARTS = ("modality", "manufacturer", "model", "software")
_NO_CHARSET = 0

_T = TypeVar("_T")


def order_scan(scan: ScanTables) -> ScanTables:
    """Return the same scan, sorted: texts by their bytes, identities as in reports, other tables by what they refer to.

    Series and patients are sorted already. Unused rows are dropped.
    """
    creators, new_creators = _sort(scan.creators, scan.creators)
    texts, new_texts = _sort(scan.texts, scan.texts)
    is_used = scan.rows["use"] >= 0
    used_rows = scan.rows if is_used.all() else scan.rows[is_used]
    paths, new_paths = _sort_texts(scan.paths, _list_used(used_rows["example"], len(scan.paths)))
    decisions, new_decisions = _sort(scan.decisions, list(map(_order_decision, scan.decisions)))

    used_values = _list_used(used_rows["value"], len(scan.values))
    charset_of = scan.values.read_u32(CHARSET_AT)
    used_charsets = {_NO_CHARSET, *np.flatnonzero(np.bincount(charset_of[used_values])).tolist()}
    charsets, new_charsets = _sort(scan.charsets, scan.charsets, kept=used_charsets if scan.charsets else ())
    is_changed = any(new_charsets[number] not in (number, NO_VALUE) for number in range(len(scan.charsets)))
    renumbered = (
        scan.values.write_u32(CHARSET_AT, new_charsets.astype(np.uint32)[charset_of]) if is_changed else scan.values
    )
    values, new_values = _sort_texts(renumbered, used_values)

    placed = scan.placed_identities
    identity_order, new_identities = _sort(range(len(placed)), [one.order for one in placed])
    identities = scan.identities.take(np.array(identity_order, np.int64))
    identities["creator"] = _renumber(identities["creator"], new_creators)
    identities["parent"] = _renumber(identities["parent"], new_identities)

    equipment, new_equipment = _sort_table(scan.equipment, dict.fromkeys(_PARTS, new_texts), _PARTS)
    uses, new_uses = _sort_table(
        scan.uses,
        {"equipment": new_equipment, "identity": new_identities},
        ("equipment", "identity", "vr", "kind"),
    )
    rows, new_rows = order_rows(scan.rows, new_uses, new_values, new_decisions, new_paths)
    collapsed = _order_collapsed(scan, rows)
    ordered = replace(
        scan,
        decisions=decisions,
        identities=identities,
        equipment=equipment,
        uses=uses,
        rows=rows,
        **collapsed,
        series_runs=(
            None if scan.series_runs is None else _order_runs(scan.series_runs, (new_identities, new_uses, new_rows))
        ),
        creators=creators,
        texts=texts,
        values=values,
        charsets=charsets,
        paths=paths,
        keywords=tuple(scan.keywords[number] for number in identity_order),
        deviations=tuple(sorted(scan.deviations)),
        omissions=tuple(sorted(scan.omissions, key=order_omission)),
    )
    # They are the same in another order, so the cached property need not make them again.
    vars(ordered)["placed_identities"] = list(map(placed.__getitem__, identity_order))
    return ordered


def _order_collapsed(scan: ScanTables, rows: npt.NDArray[np.void]) -> dict[str, Any]:
    """Return what the rows draw together in the order of the rows, and set the column ``collapsed`` of the rows."""
    refers = rows["collapsed"] >= 0
    is_drawn = rows["flags"] & row_flags()[COLLAPSED] != 0
    old_entries = rows["collapsed"][refers & is_drawn]
    # Several rows are in one group of values that vary. The groups are in the order of their first rows.
    of_groups = rows["collapsed"][refers & ~is_drawn]
    old_groups, first = np.unique(of_groups, return_index=True)
    old_groups = old_groups[np.argsort(first)]
    rows["collapsed"][refers & is_drawn] = np.arange(len(old_entries))
    rows["collapsed"][refers & ~is_drawn] = _invert(old_groups, len(scan.varying))[of_groups]

    entries = scan.collapsed.take(old_entries)
    counts = entries["hash_count"].astype(np.int64)
    starts = np.cumsum(counts) - counts
    hashes = scan.hashes.take(
        np.repeat(entries["first_hash"].astype(np.int64) - starts, counts) + np.arange(counts.sum())
    )
    entries["first_hash"] = starts
    texts = (np.repeat(old_entries.astype(np.int64), COLLAPSED_TEXTS).reshape(-1, COLLAPSED_TEXTS)) * COLLAPSED_TEXTS
    return {
        "collapsed": entries,
        "hashes": hashes,
        "varying": scan.varying.take(old_groups),
        "collapsed_texts": scan.collapsed_texts.pick((texts + np.arange(COLLAPSED_TEXTS)).ravel()),
    }


def _order_decision(decision: DecisionRecord) -> tuple[object, ...]:
    return decision.code, decision.flags, decision.row, decision.rivals, decision.scope


def _sort(
    things: Sequence[_T], orders: Sequence[Hashable], kept: Iterable[int] | None = None
) -> tuple[tuple[_T, ...], npt.NDArray[np.int32]]:
    """Return the things of ``kept`` (by default all), sorted by ``orders``, and the new index of each old one."""
    old_numbers = sorted(range(len(things)) if kept is None else kept, key=orders.__getitem__)  # type: ignore[arg-type]
    return tuple(map(things.__getitem__, old_numbers)), _invert(old_numbers, len(things))


def _sort_texts(texts: Texts, kept: npt.NDArray[np.int64]) -> tuple[Texts, npt.NDArray[np.int32]]:
    """Do the same for texts of the core; ``kept`` is ascending."""
    # Paths are often sorted already, because the walk is.
    is_ordered = texts.is_ascending()
    old_numbers = kept if is_ordered else texts.order(kept)
    picked = texts if is_ordered and len(kept) == len(texts) else texts.pick(old_numbers)
    return picked, _invert(old_numbers, len(texts))


def _list_used(numbers: npt.NDArray[np.int32], count: int) -> npt.NDArray[np.int64]:
    """Return the indexes below ``count`` that a column has, ascending; `NO_VALUE` in the column is ignored."""
    is_used = np.zeros(count + 1, bool)
    # `NO_VALUE`, which is -1, marks the last entry.
    is_used[numbers] = True
    return np.flatnonzero(is_used[:-1])


def _sort_table(
    table: npt.NDArray[np.void], moves: dict[str, npt.NDArray[np.int32]], order: Sequence[str]
) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int32]]:
    """Return the table with new indexes in its columns, sorted by the columns ``order``, and each row's new index."""
    moved = table.copy()
    for column, new_of_column in moves.items():
        moved[column] = _renumber(moved[column], new_of_column)
    old_numbers = _sort_columns([moved[column] for column in order])
    return moved.take(old_numbers), _invert(old_numbers, len(table))


def _invert(old_numbers: Sequence[int] | npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int32]:
    """Return the new index of each of ``count`` old ones, `NO_VALUE` for those that were dropped."""
    new_numbers = np.full(count, NO_VALUE, np.int32)
    new_numbers[old_numbers] = np.arange(len(old_numbers))
    return new_numbers


def _order_runs(runs: npt.NDArray[np.void], new_owners: tuple[npt.NDArray[np.int32], ...]) -> npt.NDArray[np.void]:
    """Return the runs of series with the new indexes of their owners, sorted by table and owner."""
    # One index counts the owners of all tables. Together with the first series of a run, it distinguishes all runs.
    starts = np.cumsum([0, *map(len, new_owners)])[:-1][runs["table"]]
    owners = np.concatenate(new_owners)[runs["owner"] + starts] + starts
    old_numbers = _sort_columns([owners, runs["first"]])
    ordered = runs.take(old_numbers)
    ordered["owner"] = (owners - starts)[old_numbers]
    return ordered


def _sort_columns(columns: Sequence[npt.NDArray[np.integer]]) -> npt.NDArray[np.int64]:
    """Return the indexes of the rows, sorted by the columns; the first column is the most significant."""
    # Two columns of 32 bits distinguish nearly all rows, and sorting by a single number takes a tenth of the time.
    first, second, *others = columns
    both = first.astype(np.int64) << 32 | second.astype(np.int64) - np.iinfo(np.int32).min
    row_order = np.argsort(both)
    is_like_next = np.diff(both[row_order]) == 0
    if is_like_next.any():
        is_tied = np.concatenate([is_like_next, [False]]) | np.concatenate([[False], is_like_next])
        tied = row_order[is_tied]
        row_order[is_tied] = tied[np.lexsort([*(column[tied] for column in reversed(others)), both[tied]])]
    return row_order


def _renumber(numbers: npt.NDArray[np.int32], new_numbers: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Return the new indexes. A negative number is not an index, and stays."""
    # `NO_VALUE`, which is -1, takes the last entry, which is `NO_VALUE`.
    with_none = np.append(new_numbers, np.int32(NO_VALUE))
    if numbers.min(initial=0) >= NO_VALUE:
        return with_none.take(numbers)
    return np.where(numbers < NO_VALUE, numbers, with_none.take(np.maximum(numbers, NO_VALUE)))

"""Decisions of a sheet, applied to a report: what was seen and decided is hidden, what is new is flagged.

For: reports made with a sheet of decisions.
Never: hide a value that breaks its VR, unless it was seen itself; or a value that nobody has seen, on text or bytes.
Terms: PS3.15 Table E.1-1a (codes), PS3.5 6.2 (VRs), edition 2026d.

A K or C on text or bytes holds for the values that were seen; on numbers and codes it holds for the element. The column
``scope`` says otherwise: ``element`` or ``values``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tagsniff.curation.elements import ElementSummary
from tagsniff.curation.known_values import KnownValues
from tagsniff.curation.sheet import NEW_SINCE_DECISION, Sheet, SheetRow, find_line
from tagsniff.dicom.found_text import split_suffix
from tagsniff.profile.rows import DECIDED_AS_A_WHOLE
from tagsniff.report.element_uses import ElementUse
from tagsniff.report.row_selection import hide_rows
from tagsniff.report.rows import COLLAPSED, FINDINGS, RowKind, UseRows

if TYPE_CHECKING:
    from tagsniff.report.values import ValueReport

_HOLDING = frozenset({"K", "C"})
BREAKS = frozenset({"NOT_A_NUMBER", "NOT_A_CODE", "NOT_OF_VR", "BAD_LENGTH", "TOO_LONG", "WRONG_COUNT"}) | {
    "LOOKS_LIKE_TEXT",
    "TRUNCATED",
}
"""The flags of values that a K on the element does not hide: they break their VR."""
assert FINDINGS.keys() >= BREAKS


class DecidedSheet(NamedTuple):
    """A sheet that is a layer of the profile, and the values that its rows were decided on."""

    sheet: Sheet
    known: KnownValues


def apply_decisions(report: ValueReport, uses: Sequence[ElementUse], sheets: Mapping[str, DecidedSheet]) -> ValueReport:
    """Return the report without the values that a decision of a sheet covers; new values have a flag.

    ``sheets`` are by the name of their file, as it is in ``decided_by``. ``uses`` are the element uses of the scan.
    """
    import numpy as np

    table = report.table
    by_line = {file: {row.line: row for row in found.sheet.rows} for file, found in sheets.items()}
    rows = [_find_row(text, by_line) for text in table.decided_by.things]
    if not any(rows):
        return report
    seen = {file: _gather_runs(found.sheet) for file, found in sheets.items()}
    hidden, new = np.zeros((2, len(table)), bool)
    has_row = np.array([row is not None for row in rows])[table.decided_by.numbers]
    are_values = np.array([kind is RowKind.VALUE for kind in table.kinds.things])[table.kinds.numbers]
    are_decided = has_row & are_values
    for use in report.uses:
        decided = np.flatnonzero(are_decided[use.start : use.end])
        texts = _Texts(report, use)
        for index in decided.tolist():
            at = use.start + index
            found = rows[int(table.decided_by.numbers[at])]
            assert found is not None
            file, row = found
            if not holds_for_values(row, use.vr):
                hidden[at] = not BREAKS.intersection(texts.flags_at(index))
                continue
            known = sheets[file].known
            is_known = known.has(texts.digest(index, known), seen[file][row.key, row.cells["code"].upper()])
            (hidden if is_known else new)[at] = True
    return hide_rows(report, uses, hidden, {NEW_SINCE_DECISION: new})


def holds_for_values(row: SheetRow, vr: str) -> bool:
    """Return whether a K or C of a sheet holds for the values that were seen, and not for the element."""
    return row.cells["scope"].lower() == "values" or (not row.cells["scope"] and vr not in DECIDED_AS_A_WHOLE)


def list_digests(report: ValueReport, summaries: Iterable[ElementSummary], known: KnownValues) -> set[str]:
    """Return the digests of the values that the report shows of these elements."""
    chosen = {(one.element, one.vr) for one in summaries}
    digests: set[str] = set()
    for use in report.uses:
        if (split_suffix(use.element)[0], use.vr) in chosen:
            texts = _Texts(report, use)
            digests.update(texts.digest(index, known) for index in range(use.end - use.start))
    return digests


def _find_row(decided_by: str, by_line: Mapping[str, Mapping[int, SheetRow]]) -> tuple[str, SheetRow] | None:
    """Return the file and the row of a sheet that decides with K or C, None for any other row."""
    file, line = find_line(decided_by)
    row = by_line.get(file, {}).get(line)
    return (file, row) if row is not None and row.cells["code"].upper() in _HOLDING else None


def _gather_runs(sheet: Sheet) -> dict[tuple[tuple[str, ...], str], Collection[str]]:
    """Return the runs whose values were decided on: those of all rows that decide the same of the same elements."""
    runs: dict[tuple[tuple[str, ...], str], set[str]] = {}
    for row in sheet.rows:
        runs.setdefault((row.key, row.cells["code"].upper()), set()).update(row.runs)
    return {key: frozenset(of_row) for key, of_row in runs.items()}


class _Texts:
    """The texts of the rows of one element use, decoded when the first of them is needed."""

    def __init__(self, report: ValueReport, use: UseRows) -> None:
        self._table = report.table
        self._use = use
        self._listed: list[str] | None = None

    def flags_at(self, index: int) -> tuple[str, ...]:
        flags = self._table.flags
        return flags.things[int(flags.numbers[self._use.start + index])]

    def digest(self, index: int, known: KnownValues) -> str:
        if self._listed is None:
            self._listed = self._table.values.list_cells(self._use.start, self._use.end)
        is_collapsed = COLLAPSED in self.flags_at(index)
        return known.digest(self._use.element, self._use.vr, self._listed[index], is_collapsed=is_collapsed)

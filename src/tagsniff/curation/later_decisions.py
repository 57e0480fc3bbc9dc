"""Decisions that were made after a scan: the rows of sheets, applied to the report of a saved scan.

For: ``report --decisions``, ``review`` and ``decide check``, which read no file of the collection again.
Never: show a value that the scan did not record, or hide one that the same scan with the sheets as layers would show.
Terms: PS3.15 Table E.1-1a (codes), edition 2026d; those of `tagsniff.profile.resolve`.

The sheets are asked as the topmost layers would have been, the later above the earlier. What they say of an element
whose values the scan recorded replaces what decided it then. An element whose values were not recorded stays as it was:
a code that would show them needs a new scan, and so does another rule of ``collapse``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tagsniff.curation.decisions import DecidedSheet, apply_decisions
from tagsniff.curation.sheet import find_line
from tagsniff.profile.codes import Code
from tagsniff.profile.resolve import Profile
from tagsniff.profile.rows import VRS, ProfileFile, Scope
from tagsniff.report.element_uses import ElementUse
from tagsniff.report.row_selection import hide_rows
from tagsniff.report.rows import RecurringColumn, RowKind
from tagsniff.scanning.profile_answers import locate_row
from tagsniff.scanning.run import record_profiles

if TYPE_CHECKING:
    from tagsniff.profile.decision import Decision
    from tagsniff.report.values import ValueReport
    from tagsniff.scanning.tables import ProfileRecord

_EARLIER = "in the scan: "
_NO_ROW = "none"


class LaterDecisions(NamedTuple):
    """A report with later decisions applied, and the lines of each sheet that decided an element, by its file."""

    report: ValueReport
    lines: Mapping[str, set[int]]


def decide_later(
    report: ValueReport,
    uses: Sequence[ElementUse],
    profiles: Sequence[ProfileFile],
    sheets: Mapping[str, DecidedSheet],
) -> LaterDecisions:
    """Return the report as the sheets decide it now.

    ``profiles`` are the sheets as profiles, the later above the earlier; ``sheets`` has all of them by their files.
    ``uses`` are the element uses of the scan.
    """
    import numpy as np

    lines: defaultdict[str, set[int]] = defaultdict(set)
    if not profiles or not report.uses:
        return LaterDecisions(report, lines)
    profile = Profile([one] for one in reversed(profiles))
    by_text = {(use.equipment, use.element, use.vr): use for use in uses}
    table = report.table
    kinds = np.array([kind in (RowKind.VALUE, RowKind.MORE) for kind in table.kinds.things])[table.kinds.numbers]
    codes, decided_by = _Cells(table.codes), _Cells(table.decided_by)
    hidden = np.zeros(len(table), bool)
    for rows in report.uses:
        use = by_text[rows.equipment, rows.element, rows.vr]
        span = slice(rows.start, rows.end)
        decision = _decide(profile, use)
        if decision is not None and not decision.row.is_default:
            lines[decision.row.file].add(decision.row.line)
        if not kinds[span].any():
            continue
        earlier = decided_by.list_cells(span)
        if decision is None or (decision.row.is_default and not _has_no_row(earlier)):
            for index, text in enumerate(earlier, start=rows.start):
                # The lines of a sheet are no longer those of the scan.
                if find_line(text)[0] in sheets:
                    decided_by.set(index, _EARLIER + text)
            continue
        codes.set(span, decision.code.value)
        decided_by.set(span, locate_row(decision.row))
        if decision.code.covers_items:
            hidden[span] = kinds[span]
        elif decision.code is Code.K and decision.scope is Scope.ELEMENT and not decision.row.is_default:
            # The values are hidden by `apply_decisions`, unless they break their VR.
            hidden[span] = table.kinds.numbers[span] == _find_kind(table.kinds.things, RowKind.MORE)
    table = replace(table, codes=codes.make_column(), decided_by=decided_by.make_column())
    relabelled = replace(report, table=table, profiles=_list_profiles(report, profile))
    shown = hide_rows(relabelled, uses, hidden, {}) if hidden.any() else relabelled
    return LaterDecisions(apply_decisions(shown, uses, sheets), lines)


def _decide(profile: Profile, use: ElementUse) -> Decision | None:
    """Return what the sheets say of an element use; None if they say nothing, or differ by its blocks."""
    vr = use.vr if use.vr in VRS else None
    found = {}
    for block in use.blocks or (None,):
        decision = profile.decide(use.parts, use.identity, vr, block)
        found[decision.row, decision.code, decision.scope] = decision
    if len(found) != 1:
        return None
    (decision,) = found.values()
    return None if decision.row.is_default and not decision.row.line else decision


def _has_no_row(decided_by: Sequence[str]) -> bool:
    return all(text.split(" ", maxsplit=1)[0] == _NO_ROW for text in decided_by)


def _find_kind(things: tuple[RowKind, ...], kind: RowKind) -> int:
    return things.index(kind) if kind in things else -1


def _list_profiles(report: ValueReport, profile: Profile) -> tuple[ProfileRecord, ...]:
    """Return the records of the profiles: the sheets above those of the scan, without their earlier forms."""
    above = record_profiles(profile)
    files = {one.file for one in above}
    below = [one for one in report.profiles if one.file not in files]
    depth = len(profile.layers)
    return (*above, *(replace(one, layer=one.layer + depth) for one in below))


class _Cells:
    """A column of recurring texts whose cells are changed."""

    def __init__(self, column: RecurringColumn[str]) -> None:
        import numpy as np

        self._things = list(column.things)
        self._index = {text: number for number, text in enumerate(self._things)}
        self._numbers = np.array(column.numbers, np.int64)

    def list_cells(self, span: slice) -> list[str]:
        return [self._things[number] for number in self._numbers[span].tolist()]

    def set(self, place: slice | int, text: str) -> None:
        if text not in self._index:
            self._index[text] = len(self._things)
            self._things.append(text)
        self._numbers[place] = self._index[text]

    def make_column(self) -> RecurringColumn[str]:
        return RecurringColumn(tuple(self._things), self._numbers)

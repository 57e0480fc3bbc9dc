"""A sheet of decisions held against a scan: what it leaves open, and which of its rows have met nothing.

For: ``tagsniff decide check``, and what the review server says is left.
Never: a value of an element.
Terms: PS3.15 Table E.1-1a (codes), edition 2026d.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tagsniff.curation.elements import ElementSummary
from tagsniff.curation.sheet import NEW_SINCE_DECISION, Sheet, key_of
from tagsniff.dicom.found_text import split_suffix
from tagsniff.profile.resolve import Profile
from tagsniff.profile.rows import ProfileFile
from tagsniff.report.element_uses import ElementUse
from tagsniff.report.rows import RowKind
from tagsniff.report.unused_rows import UnusedRow, find_reasons
from tagsniff.scanning.run import record_profiles

if TYPE_CHECKING:
    from tagsniff.report.values import ValueReport


class NewValues(NamedTuple):
    """An element with values that its decision does not hold for, because nobody had seen them."""

    element: str
    vr: str
    values: int


class Undecided(NamedTuple):
    """An element without a decision, and the number of its value rows that are left."""

    element: str
    vr: str
    manufacturer: str
    values: int
    flags: tuple[str, ...]


class SheetCheck(NamedTuple):
    """What a sheet leaves open in a scan: new values of decided elements, and undecided elements.

    ``unused`` are the rows that have met nothing, with the reason. ``reviewed`` is the number of elements with R, which
    are shown each time.
    """

    new: tuple[NewValues, ...]
    undecided: tuple[Undecided, ...]
    unused: tuple[UnusedRow, ...]
    reviewed: int

    @property
    def is_decided(self) -> bool:
        """Whether nothing is left open."""
        return not self.new and not self.undecided


def check_sheet(
    sheet: Sheet,
    profile: ProfileFile | None,
    report: ValueReport,
    summaries: Sequence[ElementSummary],
    uses: Sequence[ElementUse],
    *,
    lines: Collection[int],
) -> SheetCheck:
    """Return what a sheet leaves open.

    ``profile`` is the sheet as a profile, None if it has no file yet. ``report`` is that of a scan with the sheet
    applied, ``summaries`` are those of the report, ``uses`` the element uses of the scan. ``lines`` are the lines of
    the sheet that decide an element.
    """
    new, values = _count_values(report)
    decided = {row.key: row for row in sheet.rows if row.is_decided}
    reviewed = {key for key, row in decided.items() if row.cells["code"].upper() == "R"}
    read = [one for one in summaries if one.is_read]
    open_elements = [one for one in read if key_of(one) not in reviewed]
    undecided = [one for one in open_elements if NEW_SINCE_DECISION not in one.flags]
    return SheetCheck(
        new=tuple(NewValues(element, vr, count) for (element, vr), count in new.items()),
        undecided=tuple(
            Undecided(one.element, one.vr, one.manufacturer, values[one.element, one.vr], one.flags)
            for one in undecided
        ),
        unused=_find_unused(profile, report, uses, lines) if profile is not None else (),
        reviewed=len(read) - len(open_elements),
    )


def _count_values(report: ValueReport) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Return the number of new values, and of all rows of values, for each element and VR."""
    import numpy as np

    table = report.table
    new: Counter[tuple[str, str]] = Counter()
    values: Counter[tuple[str, str]] = Counter()
    if not report.uses:
        return new, values
    are_new = np.array([NEW_SINCE_DECISION in flags for flags in table.flags.things])[table.flags.numbers]
    are_values = np.array([kind in (RowKind.VALUE, RowKind.MORE) for kind in table.kinds.things])[table.kinds.numbers]
    for use in report.uses:
        key = (split_suffix(use.element)[0], use.vr)
        values[key] += int(are_values[use.start : use.end].sum())
        if count := int(are_new[use.start : use.end].sum()):
            new[key] += count
    return new, values


def _find_unused(
    profile: ProfileFile, report: ValueReport, uses: Sequence[ElementUse], lines: Collection[int]
) -> tuple[UnusedRow, ...]:
    record = record_profiles(Profile([[profile]]))[0]
    unused = [place for place, row in enumerate(record.rows) if row.line not in lines]
    starts = {(use.equipment, use.element, use.vr): use.start for use in report.uses}
    decided_by = report.table.decided_by

    def name(use: ElementUse) -> str:
        start = starts.get((use.equipment, use.element, use.vr))
        return "a row above" if start is None else decided_by.list_cells(start, start + 1)[0].split("  ")[0]

    reasons = find_reasons(record, unused, uses, name)
    return tuple(UnusedRow(record.rows[place].line, record.rows[place].text, reasons[place]) for place in unused)

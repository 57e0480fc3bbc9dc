"""Element Values, before de-identification and for the final review, as one frozen record.

For: the writers, which only format it. It does not depend on the order in which the files were read.
Never: read a file, use a profile, or show a value of an element with a decisive code, except one that breaks its VR
under a K.
Terms: PS3.3 C.7.5.1 (General Equipment Module), PS3.5 6.2 (VRs), PS3.15 Table E.1-1a (codes), edition 2026b.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from tagsniff.report.element_uses import ElementUse, is_unread, list_uses
from tagsniff.report.rows import RowTable, UseRows, ValueRow, count_findings, gather_rows
from tagsniff.scanning.run_record import NO_RUN, RunRecord
from tagsniff.scanning.tables import MadeWhenRead, ProfileRecord, ScanTables
from tagsniff.status import Omissions, Status

if TYPE_CHECKING:
    from tagsniff.report.collisions import CollisionRow
    from tagsniff.report.unused_rows import UnusedRows


@dataclass(frozen=True, slots=True)
class Conflict:
    """Profile rows that are equally specific for an element of an equipment; ``decided_by`` is the most protective."""

    equipment: str
    element: str
    vr: str
    code: str
    decided_by: str
    rivals: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ValueReport:
    """The values of a collection, as a profile decides.

    ``uses``, one for each element use that has rows, are sorted by element as in the Element Inventory, then by
    equipment and VR; their rows, which are in ``table``, by kind and text. ``findings`` has the number of rows for each
    flag of `FINDINGS` that occurs. ``unread`` is the number of values that are never read (Pixel Data): their length
    alone is known. ``drawn_values`` are drawn together in ``drawn_rows`` rows; with ``all_values`` nothing was.
    ``unused`` are the rows of the user's profiles that decided nothing. ``patients`` is -1 if patients are not known.
    ``collisions`` are sorted by kind and subject. ``deviations`` (number of files) are in the order of the statuses.

    Source: design, sections 1 and 4.
    """

    files: int
    series: int
    patients: int
    elements: int
    equipment: int
    max_values: int
    uid_root: str
    profiles: tuple[ProfileRecord, ...]
    table: MadeWhenRead[RowTable] = MadeWhenRead()  # noqa: RUF009  a descriptor, which no instance has for itself
    uses: tuple[UseRows, ...]
    findings: tuple[tuple[str, int], ...]
    conflicts: tuple[Conflict, ...]
    collisions: tuple[CollisionRow, ...]
    deviations: tuple[tuple[Status, int], ...]
    omissions: Omissions
    run: RunRecord = field(default=NO_RUN, compare=False)
    unread: int = 0
    drawn_values: int = 0
    drawn_rows: int = 0
    all_values: bool = False
    unused: tuple[UnusedRows, ...] = ()

    @property
    def rows(self) -> tuple[ValueRow, ...]:
        """The rows of all uses; they are made at each access."""
        return tuple(chain.from_iterable(map(self.table.list_rows, self.uses)))

    def count_rows(self) -> int:
        """Return the number of rows."""
        return self.uses[-1].end if self.uses else 0


def build_value_report(scan: ScanTables, uses: Sequence[ElementUse] | None = None) -> ValueReport:
    """Return the report of a scan; ``uses`` is the result of `list_uses`, if the caller has it."""
    if uses is None:
        uses = list_uses(scan)
    # Without uses, nothing is imported that arrays or collisions need.
    laid_out = _lay_out(scan, uses) if uses else _LaidOut(_make_no_rows)
    drawn_values, drawn_rows = _count_drawn(scan) if uses else (0, 0)
    return ValueReport(
        files=scan.files,
        series=scan.series,
        patients=scan.patients,
        elements=len({use.element for use in uses}),
        equipment=len({use.order[2] for use in uses}),
        max_values=scan.max_values,
        uid_root=scan.uid_root,
        profiles=scan.profiles,
        table=laid_out.table,
        uses=laid_out.uses,
        findings=laid_out.findings,
        conflicts=laid_out.conflicts,
        collisions=laid_out.collisions,
        deviations=tuple(sorted(scan.deviations)),
        omissions=scan.left_out,
        run=scan.run,
        drawn_values=drawn_values,
        drawn_rows=drawn_rows,
        all_values=scan.all_values,
        unread=sum(use.occurrences for use in uses if is_unread(use)),
        unused=_find_unused(scan, uses),
    )


def _count_drawn(scan: ScanTables) -> tuple[int, int]:
    """Return how many values rows draw together, and the number of these rows. One value alone is not counted."""
    several = scan.collapsed["distinct"][scan.collapsed["hash_count"] > 1]
    return int(several.sum()) + int(scan.varying["distinct"].sum()), len(several) + len(scan.varying)


def _find_unused(scan: ScanTables, uses: Sequence[ElementUse]) -> tuple[UnusedRows, ...]:
    if not any(profile.rows for profile in scan.profiles):
        return ()
    from tagsniff.report.unused_rows import find_unused_rows

    return find_unused_rows(scan, uses)


class _LaidOut(NamedTuple):
    """The fields of a report that are made of uses."""

    table: RowTable | Callable[[], RowTable]
    uses: tuple[UseRows, ...] = ()
    findings: tuple[tuple[str, int], ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    collisions: tuple[CollisionRow, ...] = ()


def _lay_out(scan: ScanTables, uses: Sequence[ElementUse]) -> _LaidOut:
    from tagsniff.report.collisions import find_collisions
    from tagsniff.report.layout import lay_out_rows

    table, shown = lay_out_rows(scan, uses)
    return _LaidOut(table, shown, count_findings(table), _list_conflicts(scan, uses), find_collisions(uses))


def _make_no_rows() -> RowTable:
    return gather_rows(())[0]


def _list_conflicts(scan: ScanTables, uses: Iterable[ElementUse]) -> tuple[Conflict, ...]:
    """Return the conflicts of the element uses, each once, in their order."""
    import numpy as np

    has_rivals = np.array([len(record.rivals) > 0 for record in scan.decisions], bool)
    if not has_rivals.any():
        return ()
    rows = scan.rows[has_rivals[scan.rows["decision"]]]
    decisions: defaultdict[int, set[int]] = defaultdict(set)
    for number, decision in zip(rows["use"].tolist(), rows["decision"].tolist(), strict=True):
        decisions[number].add(decision)
    conflicts: dict[Conflict, None] = {}
    for use in uses:
        for record in map(scan.decisions.__getitem__, sorted(decisions.get(use.number, ()))):
            element = (use.equipment, use.element, use.vr)
            conflicts[Conflict(*element, record.code, record.row, record.rivals)] = None
    return tuple(conflicts)

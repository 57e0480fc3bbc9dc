"""Element Values, before de-identification and for the final review, as one frozen record.

For: the writers, which only format it. It does not depend on the order in which the files were read.
Never: read a file, use a profile, or show a value of an element with a decisive code, except one that breaks its VR
under a K.
Terms: PS3.3 C.7.5.1 (General Equipment Module), PS3.5 6.2 (VRs), PS3.15 Table E.1-1a (codes), edition 2026b.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from tagsniff.report.groups import ElementGroup, list_groups
from tagsniff.report.rows import RowGroup, RowTable, ValueRow, count_findings, gather_rows
from tagsniff.scanning.tables import MadeWhenRead, ProfileRecord, ScanTables
from tagsniff.status import Omissions, Status

if TYPE_CHECKING:
    from tagsniff.report.collisions import CollisionRow


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

    ``groups``, one for each element use that has rows, are sorted by element as in the Element Inventory, then by
    equipment and VR; their rows, which are in ``table``, by kind and text. ``findings`` has the number of rows for each
    flag of `FINDINGS` that occurs. ``collisions`` are sorted by kind and subject. ``deviations`` (number of files) are
    in the order of the statuses.

    Source: design, sections 1 and 4.
    """

    files: int
    series: int
    elements: int
    equipment: int
    max_values: int
    uid_root: str
    profiles: tuple[ProfileRecord, ...]
    table: MadeWhenRead[RowTable] = MadeWhenRead()  # noqa: RUF009  a descriptor, which no instance has for itself
    groups: tuple[RowGroup, ...]
    findings: tuple[tuple[str, int], ...]
    conflicts: tuple[Conflict, ...]
    collisions: tuple[CollisionRow, ...]
    deviations: tuple[tuple[Status, int], ...]
    omissions: Omissions

    @property
    def rows(self) -> tuple[ValueRow, ...]:
        """The rows of all groups; they are made at each access."""
        return tuple(chain.from_iterable(map(self.table.list_rows, self.groups)))

    def count_rows(self) -> int:
        """Return the number of rows."""
        return self.groups[-1].end if self.groups else 0


def build_value_report(scan: ScanTables, groups: Sequence[ElementGroup] | None = None) -> ValueReport:
    """Return the report of a scan; ``groups`` is the result of `list_groups`, if the caller has it."""
    if groups is None:
        groups = list_groups(scan)
    # Without groups, nothing is imported that arrays or collisions need.
    laid_out = _lay_out(scan, groups) if groups else _LaidOut(_make_no_rows)
    return ValueReport(
        files=scan.files,
        series=scan.series,
        elements=len({group.element for group in groups}),
        equipment=len({group.order[2] for group in groups}),
        max_values=scan.max_values,
        uid_root=scan.uid_root,
        profiles=scan.profiles,
        table=laid_out.table,
        groups=laid_out.groups,
        findings=laid_out.findings,
        conflicts=laid_out.conflicts,
        collisions=laid_out.collisions,
        deviations=tuple(sorted(scan.deviations)),
        omissions=scan.left_out,
    )


class _LaidOut(NamedTuple):
    """The fields of a report that are made of groups."""

    table: RowTable | Callable[[], RowTable]
    groups: tuple[RowGroup, ...] = ()
    findings: tuple[tuple[str, int], ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    collisions: tuple[CollisionRow, ...] = ()


def _lay_out(scan: ScanTables, groups: Sequence[ElementGroup]) -> _LaidOut:
    from tagsniff.report.collisions import find_collisions
    from tagsniff.report.layout import lay_out_rows

    table, shown = lay_out_rows(scan, groups)
    return _LaidOut(table, shown, count_findings(table), _list_conflicts(scan, groups), find_collisions(groups))


def _make_no_rows() -> RowTable:
    return gather_rows(())[0]


def _list_conflicts(scan: ScanTables, groups: Iterable[ElementGroup]) -> tuple[Conflict, ...]:
    """Return the conflicts of the element uses, each once, in their order."""
    import numpy as np

    has_rivals = np.array([len(record.rivals) > 0 for record in scan.decisions], bool)
    if not has_rivals.any():
        return ()
    rows = scan.rows[has_rivals[scan.rows["decision"]]]
    decisions: defaultdict[int, set[int]] = defaultdict(set)
    for number, decision in zip(rows["group"].tolist(), rows["decision"].tolist(), strict=True):
        decisions[number].add(decision)
    conflicts: dict[Conflict, None] = {}
    for group in groups:
        for record in map(scan.decisions.__getitem__, sorted(decisions.get(group.number, ()))):
            element = (group.equipment, group.element, group.vr)
            conflicts[Conflict(*element, record.code, record.row, record.rivals)] = None
    return tuple(conflicts)

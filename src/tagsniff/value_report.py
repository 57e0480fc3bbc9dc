"""Element Values, before de-identification and for the final review, as one frozen record.

For: the writers, which only lay it out. It is the same whatever the order in which the files were read.
Never: read a file, ask a profile, or show a value of an element with a decisive code, but one that breaks its VR under
a K.
Terms: PS3.3 C.7.5.1 (General Equipment Module), PS3.5 6.2 (VRs), PS3.15 Table E.1-1a (codes), edition 2026b.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tagsniff.collisions import CollisionRow, find_collisions
from tagsniff.element_groups import list_groups
from tagsniff.row_layout import RowLayout
from tagsniff.scan_order import order_omission
from tagsniff.scan_tables import ProfileRecord, ScanTables
from tagsniff.status import Kind, Omission, Status
from tagsniff.value_rows import FINDINGS, RowGroup, ValueRow, list_rows


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows of profiles that are equally specific for an element of one equipment; ``decided_by`` is protective most."""

    equipment: str
    element: str
    vr: str
    code: str
    decided_by: str
    rivals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueReport:
    """The values of a collection under a profile.

    ``groups`` are in the order of the notation's steps, as in the Element Inventory; then by equipment and VR; their
    rows by kind and text. ``findings`` gives the number of rows with each flag of `FINDINGS` that there is.
    ``collisions`` are all that means two things, by kind and subject. ``bounded`` is the number of elements of one
    equipment and VR that had more than ``max_values`` values. ``omission_counts`` and ``deviations`` (number of files)
    are in the order of the statuses, ``omissions`` in that of the bytes of their paths.
    """

    files: int
    series: int
    partial_files: int
    elements: int
    equipment: int
    max_values: int
    uid_root: str
    profiles: tuple[ProfileRecord, ...]
    groups: tuple[RowGroup, ...]
    findings: tuple[tuple[str, int], ...]
    conflicts: tuple[Conflict, ...]
    collisions: tuple[CollisionRow, ...]
    bounded: int
    deviations: tuple[tuple[Status, int], ...]
    omission_counts: tuple[tuple[Status, int], ...]
    omissions: tuple[Omission, ...]

    @property
    def rows(self) -> tuple[ValueRow, ...]:
        """The rows of all groups, made when they are asked for."""
        return list_rows(self.groups)

    def count_rows(self) -> int:
        """Return the number of rows."""
        return sum(group.count_rows() for group in self.groups)

    def is_incomplete(self) -> bool:
        """Tell whether something of the collection is not in the report: a fault, a bound that was hit."""
        return is_incomplete((status for status, _ in self.omission_counts), self.bounded, self.partial_files)


def is_incomplete(omitted: Iterable[Status], bounded: int, partial_files: int) -> bool:
    """Tell whether something is missing: a fault, a bound that was hit ``bounded`` times, a file read in part."""
    return any(status.kind is Kind.FAULT for status in omitted) or bounded > 0 or partial_files > 0


def build_value_report(scan: ScanTables) -> ValueReport:
    """Make the report of a scan."""
    groups = list_groups(scan)
    layout = RowLayout(scan)
    shown = [rows for rows in map(layout.show_group, groups) if rows.kinds]
    conflicts: dict[Conflict, None] = {}
    for group in groups if any(record.rivals for record in scan.decisions) else ():
        for decision in layout.list_decisions(group):
            record = scan.decisions[decision]
            if record.rivals:
                place = (group.equipment, group.element, group.vr)
                conflicts[Conflict(*place, record.code, record.row, record.rivals)] = None
    found: Counter[str] = Counter()
    for rows in shown:
        for flags in set(rows.flags):
            found.update(dict.fromkeys(flags, rows.flags.count(flags)))
    return ValueReport(
        files=scan.files,
        series=scan.series,
        partial_files=scan.partial_files,
        elements=len({group.element for group in groups}),
        equipment=len({group.order[2] for group in groups}),
        max_values=scan.max_values,
        uid_root=scan.uid_root,
        profiles=scan.profiles,
        groups=tuple(shown),
        findings=tuple((flag, found[flag]) for flag in FINDINGS if found[flag]),
        conflicts=tuple(conflicts),
        collisions=find_collisions(groups),
        bounded=sum(group.is_bounded for group in groups),
        deviations=tuple(sorted(scan.deviations)),
        omission_counts=tuple(sorted(Counter(omission.status for omission in scan.omissions).items())),
        omissions=tuple(sorted(scan.omissions, key=order_omission)),
    )

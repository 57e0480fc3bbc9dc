"""Element Values, before de-identification and for the final review, as one frozen record.

For: the writers, which only lay it out. It is the same whatever the order in which the files were read.
Never: read a file, ask a profile, or show a value of an element with a decisive code, but one that breaks its VR under
a K.
Terms: PS3.3 C.7.5.1 (General Equipment Module), PS3.5 6.2 (VRs), PS3.15 Table E.1-1a (codes), edition 2026b.
"""

from __future__ import annotations

import enum
import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tagsniff.collisions import CollisionRow, find_collisions
from tagsniff.element_groups import ElementGroup, list_groups
from tagsniff.scan_order import order_omission
from tagsniff.scan_tables import NO_VALUE, DecisionRecord, ProfileRecord, ScanTables, row_flags
from tagsniff.status import Kind, Omission, Status
from tagsniff.value import is_collapsed, show_collapsed, show_found_text, show_value

COLLAPSED = "COLLAPSED"
ESTIMATED = "ESTIMATED"
SAME_TEXT = "SAME_TEXT"

FINDINGS = {
    "CONFLICT": "rows of the profiles are equally specific and name different codes; the most protective one stands",
    "CASE_VARIANT": "the profile names the private creator in another letter case",
    "NOT_A_NUMBER": "a value that is no number of its VR",
    "NOT_A_CODE": "a value beyond the characters or the length of VR CS",
    "NOT_OF_VR": "a value that is no date, time, age or UID, as its VR demands",
    "BAD_LENGTH": "bytes that do not fit the size of their VR",
    "TRUNCATED": "a text beyond 64 KiB, of which length and digest are kept",
    "UNDECODED": "bytes that do not decode",
    "LITERAL": "the value itself is written as this report describes one",
    "UNKNOWN_CHARSET": "(0008,0005) holds something that is no defined term",
    SAME_TEXT: "another row of the element shows the same text; bytes, character set or code differ",
}
"""The flags of rows at which a reviewer should look, in the order of reports, and what they mean."""

_FLAG_ORDER = {flag: place for place, flag in enumerate((*FINDINGS, COLLAPSED, ESTIMATED))}


class RowKind(enum.Enum):
    """What a row shows: a recorded value, a code that decides without one, or that there were more values.

    In a report that may leave the house: how many values there are, in place of them.
    """

    CODE = "code"
    VALUE = "value"
    MORE = "more"
    COUNT = "count"


class ValueRow(NamedTuple):
    """One value, or what stands for values, of one element of one equipment.

    ``element`` is the identity, with ``/text`` behind it for printable text that was found inside of bytes. ``value``
    is empty for CODE; for COUNT it is the number of distinct values, for MORE an estimate of it. ``blocks`` are those
    of the element under this equipment and VR. ``flags`` are in the order of `FINDINGS`. ``example`` is the path that
    sorts first. ``decided_by`` is the row of a profile, and where it stands; empty for MORE of an element with several.
    """

    kind: RowKind
    equipment: str
    element: str
    vr: str
    keyword: str
    code: str
    value: str
    files: int
    series: int
    occurrences: int
    blocks: tuple[int, ...]
    flags: tuple[str, ...]
    example: str
    decided_by: str


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

    ``rows`` are in the order of the notation's steps, as in the Element Inventory; then by equipment, VR, kind and
    text. ``findings`` gives the number of rows with each flag of `FINDINGS` that there is. ``collisions`` are all that
    means two things, by kind and subject. ``bounded`` is the number of elements of one equipment and VR that had more
    than ``max_values`` values. ``omission_counts`` and ``deviations`` (number of files) are in the order of the
    statuses, ``omissions`` in that of the bytes of their paths.
    """

    files: int
    series: int
    partial_files: int
    elements: int
    equipment: int
    max_values: int
    uid_root: str
    profiles: tuple[ProfileRecord, ...]
    rows: tuple[ValueRow, ...]
    findings: tuple[tuple[str, int], ...]
    conflicts: tuple[Conflict, ...]
    collisions: tuple[CollisionRow, ...]
    bounded: int
    deviations: tuple[tuple[Status, int], ...]
    omission_counts: tuple[tuple[Status, int], ...]
    omissions: tuple[Omission, ...]

    def is_incomplete(self) -> bool:
        """Tell whether something of the collection is not in the report: a fault, a bound that was hit."""
        return is_incomplete((status for status, _ in self.omission_counts), self.bounded, self.partial_files)


def is_incomplete(omitted: Iterable[Status], bounded: int, partial_files: int) -> bool:
    """Tell whether something is missing: a fault, a bound that was hit ``bounded`` times, a file read in part."""
    return any(status.kind is Kind.FAULT for status in omitted) or bounded > 0 or partial_files > 0


def build_value_report(scan: ScanTables) -> ValueReport:
    """Make the report of a scan."""
    groups = list_groups(scan)
    rows_of_groups = _list_rows(scan)
    rows: list[ValueRow] = []
    conflicts: dict[Conflict, None] = {}
    for group in groups:
        of_group = rows_of_groups[group.number]
        rows += _show_group(group, of_group, scan)
        for decision in sorted({row.decision for row in of_group}):
            record = scan.decisions[decision]
            if record.rivals:
                place = (group.equipment, group.element, group.vr)
                conflicts[Conflict(*place, record.code, record.row, record.rivals)] = None
    found = Counter(flag for row in rows for flag in row.flags)
    return ValueReport(
        files=scan.files,
        series=scan.series,
        partial_files=scan.partial_files,
        elements=len({group.element for group in groups}),
        equipment=len({group.order[2] for group in groups}),
        max_values=scan.max_values,
        uid_root=scan.uid_root,
        profiles=scan.profiles,
        rows=tuple(rows),
        findings=tuple((flag, found[flag]) for flag in FINDINGS if found[flag]),
        conflicts=tuple(conflicts),
        collisions=find_collisions(groups),
        bounded=sum(group.is_bounded for group in groups),
        deviations=tuple(sorted(scan.deviations)),
        omission_counts=tuple(sorted(Counter(omission.status for omission in scan.omissions).items())),
        omissions=tuple(sorted(scan.omissions, key=order_omission)),
    )


_row_flags = lru_cache(row_flags)


class _Row(NamedTuple):
    """A row of the core's table; ``value`` is an index, `NO_VALUE` for a decisive code."""

    value: int
    decision: int
    flags: int
    example: int
    files: int
    series: int
    occurrences: int


def _list_rows(tables: ScanTables) -> defaultdict[int, list[_Row]]:
    """Return the rows of each group, by its number."""
    rows: defaultdict[int, list[_Row]] = defaultdict(list)
    columns = ("group", *_Row._fields)
    for group, *fields in zip(*(tables.rows[column].tolist() for column in columns), strict=True):
        rows[group].append(_Row(*fields))
    return rows


def _show_group(group: ElementGroup, of_group: list[_Row], scan: ScanTables) -> list[ValueRow]:
    """Return the rows of the report, in their order."""
    collapsed_bit = _row_flags()[COLLAPSED]
    shown: list[tuple[tuple[object, ...], ValueRow]] = []
    for row in of_group:
        value = b"" if row.value == NO_VALUE else scan.values[row.value]
        if row.value == NO_VALUE:
            shown.append((_order_row(RowKind.CODE, "", b"", row), _lay_out(group, row, None, (), scan)))
        elif is_collapsed(value):
            members = [scan.values[other.value] for other in _list_members(of_group, row, scan, collapsed_bit)]
            text = show_collapsed(value, group.vr, members, is_bounded=group.is_bounded)
            laid_out = _lay_out(group, row, text, (COLLAPSED,), scan)
            shown.append((_order_row(RowKind.VALUE, text, value, row), laid_out))
        elif not row.flags & collapsed_bit:
            text, flags = show_found_text(value) if group.is_found_text else show_value(value, group.vr, scan.charsets)
            laid_out = _lay_out(group, row, text, flags, scan)
            charset = scan.charsets[int.from_bytes(value[1:3], "little")]
            shown.append((_order_row(RowKind.VALUE, text, value[:1] + charset + b"\0" + value[3:], row), laid_out))
    shown.sort(key=lambda entry: entry[0])
    rows = _mark_same_texts([row for _, row in shown])
    return [*rows, _show_more(group, rows)] if group.is_bounded else rows


def _list_members(of_group: list[_Row], collapsed: _Row, scan: ScanTables, collapsed_bit: int) -> list[_Row]:
    """Return the rows that a collapsed one stands for: of its decision, where the decision differs by block."""
    members = [
        row
        for row in of_group
        if row.flags & collapsed_bit and row.value != NO_VALUE and not is_collapsed(scan.values[row.value])
    ]
    of_decision = [row for row in members if row.decision == collapsed.decision]
    return of_decision or members


def _order_row(kind: RowKind, text: str, raw: bytes, row: _Row) -> tuple[object, ...]:
    return kind is RowKind.VALUE, text, raw, row.files, row.series, row.occurrences


def _lay_out(group: ElementGroup, row: _Row, text: str | None, flags: tuple[str, ...], scan: ScanTables) -> ValueRow:
    """Lay out a row of the core's table; ``text`` is None for a decisive code."""
    decision: DecisionRecord = scan.decisions[row.decision]
    of_core = [name for name, bit in _row_flags().items() if row.flags & bit] if row.flags else []
    return ValueRow(
        kind=RowKind.CODE if text is None else RowKind.VALUE,
        equipment=group.equipment,
        element=group.element,
        vr=group.vr,
        keyword=group.keyword,
        code=decision.code,
        value=text or "",
        files=row.files,
        series=row.series,
        occurrences=row.occurrences,
        blocks=group.blocks,
        flags=_order_flags((*decision.flags, *of_core, *flags)),
        example=os.fsdecode(scan.paths[row.example]),
        decided_by=decision.row,
    )


def _show_more(group: ElementGroup, rows: list[ValueRow]) -> ValueRow:
    values = [row for row in rows if row.kind is RowKind.VALUE]
    codes = sorted({row.code for row in values})
    deciding = {row.decided_by for row in values}
    return ValueRow(
        kind=RowKind.MORE,
        equipment=group.equipment,
        element=group.element,
        vr=group.vr,
        keyword=group.keyword,
        code=" ".join(codes),
        value=str(group.distinct),
        files=group.files,
        series=group.series,
        occurrences=group.occurrences,
        blocks=group.blocks,
        flags=(ESTIMATED,),
        example=min((row.example for row in values), key=os.fsencode, default=""),
        decided_by=deciding.pop() if len(deciding) == 1 else "",
    )


def _mark_same_texts(rows: list[ValueRow]) -> list[ValueRow]:
    """Flag rows that show the same text: their files may overlap, so they are never added up."""
    seen = Counter(row.value for row in rows if row.kind is RowKind.VALUE)
    return [
        row._replace(flags=_order_flags((*row.flags, SAME_TEXT)))
        if row.kind is RowKind.VALUE and seen[row.value] > 1
        else row
        for row in rows
    ]


def _order_flags(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(flags), key=_FLAG_ORDER.__getitem__))

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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from tagsniff.collisions import CollisionRow, find_collisions
from tagsniff.element_groups import ElementGroup, list_groups
from tagsniff.scan_order import order_omission
from tagsniff.scan_tables import NO_VALUE, ProfileRecord, ScanTables, row_flags
from tagsniff.status import Kind, Omission, Status
from tagsniff.value import is_collapsed, read_plain_text, show_collapsed, show_found_text, show_value

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
    layout = _Layout(scan)
    rows: list[ValueRow] = []
    conflicts: dict[Conflict, None] = {}
    for group in groups:
        of_group = rows_of_groups[group.number]
        rows += layout.show_group(group, of_group)
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
    laid_out = map(_Row._make, zip(*(tables.rows[column].tolist() for column in _Row._fields), strict=True))
    for group, row in zip(tables.rows["group"].tolist(), laid_out, strict=True):
        rows[group].append(row)
    return rows


class _Heads(dict[bytes, bytes]):
    """The form and the character set of a value in place of the form and the number of the character set."""

    def __init__(self, charsets: Sequence[bytes]) -> None:
        super().__init__()
        self._charsets = charsets

    def __missing__(self, head: bytes) -> bytes:
        made = self[head] = head[:1] + self._charsets[int.from_bytes(head[1:], "little")] + b"\0"
        return made


class _Layout:
    """Lays out the rows of one scan; what many rows share is made once."""

    def __init__(self, scan: ScanTables) -> None:
        self._scan = scan
        self._bits = row_flags()
        self._collapsed_bit = self._bits[COLLAPSED]
        self._flags: dict[tuple[int, int, tuple[str, ...]], tuple[str, ...]] = {}
        # What takes the place of the first bytes of a value in the order of rows, which no number decides.
        self._heads = _Heads(scan.charsets)

    def show_group(self, group: ElementGroup, of_group: list[_Row]) -> list[ValueRow]:
        """Return the rows of the report, in their order."""
        if len(of_group) == 1 and of_group[0].value == NO_VALUE and not group.is_bounded:
            return [self._lay_out(group, of_group[0], RowKind.CODE, "", ())]
        plain = self._show_plain_texts(group, of_group)
        if plain is not None:
            return [*plain, _show_more(group, plain)] if group.is_bounded else plain
        charsets, heads = self._scan.charsets, self._heads
        shown: list[tuple[tuple[object, ...], ValueRow]] = []
        for row in of_group:
            if row.value == NO_VALUE:
                shown.append((_order_row(RowKind.CODE, "", b"", row), self._lay_out(group, row, RowKind.CODE, "", ())))
                continue
            value = self._scan.values[row.value]
            if is_collapsed(value):
                members = [self._scan.values[other.value] for other in self._list_members(of_group, row)]
                text = show_collapsed(value, group.vr, members, is_bounded=group.is_bounded)
                flags: tuple[str, ...] = (COLLAPSED,)
                raw = value
            elif row.flags & self._collapsed_bit:
                continue
            else:
                text, flags = show_found_text(value) if group.is_found_text else show_value(value, group.vr, charsets)
                raw = heads[value[:3]] + value[3:]
            laid_out = self._lay_out(group, row, RowKind.VALUE, text, flags)
            shown.append((_order_row(RowKind.VALUE, text, raw, row), laid_out))
        shown.sort(key=itemgetter(0))
        rows = _mark_same_texts([row for _, row in shown])
        return [*rows, _show_more(group, rows)] if group.is_bounded else rows

    def _show_plain_texts(self, group: ElementGroup, of_group: list[_Row]) -> list[ValueRow] | None:
        """Return the rows of a group if all are values of plain text in the order that they have anyhow; else None.

        That is so for most groups with many rows.
        """
        if self._scan.charsets[0]:
            return None
        texts: list[str] = []
        for row in of_group:
            is_own = row.value != NO_VALUE and not row.flags & self._collapsed_bit
            text = read_plain_text(self._scan.values[row.value]) if is_own else None
            if text is None or (texts and text <= texts[-1]):
                return None
            texts.append(text)
        shown = zip(of_group, texts, strict=True)
        return [self._lay_out(group, row, RowKind.VALUE, text, ()) for row, text in shown]

    def _list_members(self, of_group: list[_Row], collapsed: _Row) -> list[_Row]:
        """Return the rows that a collapsed one stands for: of its decision, where the decision differs by block."""
        members = [
            row
            for row in of_group
            if row.flags & self._collapsed_bit
            and row.value != NO_VALUE
            and not is_collapsed(self._scan.values[row.value])
        ]
        of_decision = [row for row in members if row.decision == collapsed.decision]
        return of_decision or members

    def _lay_out(self, group: ElementGroup, row: _Row, kind: RowKind, text: str, flags: tuple[str, ...]) -> ValueRow:
        """Lay out a row of the core's table; ``flags`` are those of its text."""
        decision = self._scan.decisions[row.decision]
        example = os.fsdecode(self._scan.paths[row.example])
        # fmt: off
        # A report has millions of rows: with a name for each place they take four times as long.
        return ValueRow._make((
            kind, group.equipment, group.element, group.vr, group.keyword, decision.code, text,
            row.files, row.series, row.occurrences,
            group.blocks, self._join_flags(row, flags), example, decision.row,
        ))
        # fmt: on

    def _join_flags(self, row: _Row, flags: tuple[str, ...]) -> tuple[str, ...]:
        """Return the flags of a row, in their order: of the core, the decision and the text."""
        place = (row.decision, row.flags, flags)
        joined = self._flags.get(place)
        if joined is None:
            of_core = [name for name, bit in self._bits.items() if row.flags & bit]
            joined = _order_flags((*self._scan.decisions[row.decision].flags, *of_core, *flags))
            self._flags[place] = joined
        return joined


def _order_row(kind: RowKind, text: str, raw: bytes, row: _Row) -> tuple[object, ...]:
    return kind is RowKind.VALUE, text, raw, row.files, row.series, row.occurrences


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
    texts = [row.value for row in rows if row.kind is RowKind.VALUE]
    if len(set(texts)) == len(texts):
        return rows
    seen = Counter(texts)
    return [
        row._replace(flags=_order_flags((*row.flags, SAME_TEXT)))
        if row.kind is RowKind.VALUE and seen[row.value] > 1
        else row
        for row in rows
    ]


def _order_flags(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(flags), key=_FLAG_ORDER.__getitem__))

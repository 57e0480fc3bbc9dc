"""The rows of a value report laid out: those of one element of one equipment at a time.

For: the value report, which puts the groups in their order.
Never: show a value of an element with a decisive code, but one that breaks its VR under a K; or depend on the order of
the core's rows.
Terms: PS3.5 6.2 (VRs), PS3.15 Table E.1-1a (codes), edition 2026b.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import repeat
from operator import and_, attrgetter, is_not
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tagsniff._core import RowColumns
from tagsniff.element_groups import ElementGroup
from tagsniff.scan_tables import NO_VALUE, ScanTables, row_flags
from tagsniff.value import (
    PLAIN_NUMBERS,
    is_collapsed,
    list_plain_texts,
    show_collapsed,
    show_found_text,
    show_plain_numbers,
    show_value,
)
from tagsniff.value_rows import COLLAPSED, ESTIMATED, SAME_TEXT, RowGroup, RowKind, order_flags

if TYPE_CHECKING:
    import numpy.typing as npt


class _Columns(NamedTuple):
    """The core's rows of a group column by column, as `RowColumns.cut` gives them.

    A value is an index, `NO_VALUE` for a code alone; ``text`` is that of plain values.
    """

    value: Sequence[int]
    decision: Sequence[int]
    flags: Sequence[int]
    example: Sequence[str]
    files: Sequence[int]
    series: Sequence[int]
    occurrences: Sequence[int]
    text: Sequence[str]

    def pick(self, places: Sequence[int]) -> _Columns:
        return _Columns._make([[column[place] for place in places] for column in self])


class _Shown(NamedTuple):
    """A row on its way into the order of the report: what it sorts by, its place in the columns, what it shows."""

    order: tuple[object, ...]
    place: int
    kind: RowKind
    text: str
    flags: tuple[str, ...]


class _Heads(dict[bytes, bytes]):
    """The form and the character set of a value in place of the form and the number of the character set."""

    def __init__(self, charsets: Sequence[bytes]) -> None:
        super().__init__()
        self._charsets = charsets

    def __missing__(self, head: bytes) -> bytes:
        made = self[head] = head[:1] + self._charsets[int.from_bytes(head[1:], "little")] + b"\0"
        return made


class RowLayout:
    """Lays out the rows of one scan, a group at a time; what many rows share is made once."""

    # A report has millions of rows: what is done for each of them is done for all of a group in one expression.

    def __init__(self, scan: ScanTables) -> None:
        self._scan = scan
        self._bits = row_flags()
        self._collapsed_bit = self._bits[COLLAPSED]
        self._flags: dict[tuple[int, int, tuple[str, ...]], tuple[str, ...]] = {}
        # What takes the place of the first bytes of a value in the order of rows, which no number decides.
        self._heads = _Heads(scan.charsets)
        rows = scan.rows
        if (rows["group"][1:] < rows["group"][:-1]).any():
            rows = rows.take(np.argsort(rows["group"], kind="stable"))
        texts = list_plain_texts(scan.values) if scan.charsets[:1] == (b"",) else [None] * len(scan.values)
        encoding, errors = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()
        paths = [path.decode(encoding, errors) for path in scan.paths]
        self._columns = RowColumns(rows, paths, [text or "" for text in texts])
        self._values, self._decisions = rows["value"], rows["decision"]
        ends = np.searchsorted(rows["group"], np.arange(len(scan.groups) + 1))
        self._ends = ends.tolist()
        # Rows without a value, or with one that another stands for; and whether a group has such.
        is_other = (rows["value"] == NO_VALUE) | (rows["flags"] & self._collapsed_bit != 0)
        self._is_plain = _find_plain(rows["value"], is_other, texts, ends)
        self._has_others = [not none for none in _find_where_none(is_other, ends[:-1], ends[1:])]
        said = rows["decision"].astype(np.int64) << 16 | rows["flags"]
        # Whether the decision and the flags of the core are the same for all rows of a group.
        self._is_uniform = _find_where_none(np.diff(said) != 0, ends[:-1], np.maximum(ends[1:] - 1, ends[:-1]))

    def list_decisions(self, group: ElementGroup) -> list[int]:
        """Return the numbers of the decisions that rows of the group have, ascending."""
        return sorted(set(self._decisions[slice(*self._find(group))].tolist()))

    def show_group(self, group: ElementGroup) -> RowGroup:
        """Return the rows of the report for a group, in their order."""
        rows = self._show_numbers(group) or self._show_texts(group)
        return _add_more(group, rows) if group.is_bounded else rows

    def _find(self, group: ElementGroup) -> tuple[int, int]:
        """Return where the rows of the group stand: the first one, and the one behind the last."""
        return self._ends[group.number], self._ends[group.number + 1]

    def _show_numbers(self, group: ElementGroup) -> RowGroup | None:
        """Return the rows of a group whose values are one number each, with nothing else to them; else None."""
        start, end = self._find(group)
        if group.vr not in PLAIN_NUMBERS or self._is_plain[group.number] or self._has_others[group.number]:
            return None
        texts = show_plain_numbers(self._scan.values.pick(self._values[start:end]), group.vr)
        if texts is None or len(set(texts)) != len(texts):
            return None
        places = sorted(range(len(texts)), key=texts.__getitem__)
        columns = _Columns._make(self._columns.cut(start, end, places))
        return self._lay_out(group, columns, (RowKind.VALUE,) * len(texts), [texts[place] for place in places])

    def _show_texts(self, group: ElementGroup) -> RowGroup:
        """Return the rows of any group, the short way if they are plain texts, or a code alone."""
        columns = _Columns._make(self._columns.cut(*self._find(group)))
        if self._is_plain[group.number]:
            return self._lay_out(group, columns, (RowKind.VALUE,) * len(columns.text), columns.text)
        if len(columns.value) == 1 and columns.value[0] == NO_VALUE:
            return self._lay_out(group, columns, (RowKind.CODE,), ("",))
        return self._show_values(group, columns)

    def _show_values(self, group: ElementGroup, columns: _Columns) -> RowGroup:
        """Return the rows of any group."""
        shown = [*filter(None, (self._show_row(group, columns, place) for place in range(len(columns.value))))]
        shown.sort(key=attrgetter("order"))
        return _mark_same_texts(
            self._lay_out(
                group,
                columns.pick([row.place for row in shown]),
                [row.kind for row in shown],
                [row.text for row in shown],
                [row.flags for row in shown],
            )
        )

    def _show_row(self, group: ElementGroup, columns: _Columns, place: int) -> _Shown | None:
        """Return a row by itself; None for a value that others stand for."""
        counts = (columns.files[place], columns.series[place], columns.occurrences[place])
        if columns.value[place] == NO_VALUE:
            return _Shown((False, "", b"", *counts), place, RowKind.CODE, "", ())
        value = self._scan.values[columns.value[place]]
        if is_collapsed(value):
            members = self._list_members(columns, columns.decision[place])
            text = show_collapsed(value, group.vr, members, is_bounded=group.is_bounded)
            return _Shown((True, text, value, *counts), place, RowKind.VALUE, text, (COLLAPSED,))
        if columns.flags[place] & self._collapsed_bit:
            return None
        charsets = self._scan.charsets
        text, flags = show_found_text(value) if group.is_found_text else show_value(value, group.vr, charsets)
        raw = self._heads[value[:3]] + value[3:]
        return _Shown((True, text, raw, *counts), place, RowKind.VALUE, text, flags)

    def _list_members(self, columns: _Columns, decision: int) -> list[bytes]:
        """Return the values that a collapsed one stands for: of its decision, where the decision differs by block."""
        members: list[bytes] = []
        of_decision: list[bytes] = []
        for number, own, flags in zip(columns.value, columns.decision, columns.flags, strict=True):
            if not flags & self._collapsed_bit or number == NO_VALUE or is_collapsed(self._scan.values[number]):
                continue
            members.append(self._scan.values[number])
            if own == decision:
                of_decision.append(self._scan.values[number])
        return of_decision or members

    def _lay_out(
        self,
        group: ElementGroup,
        columns: _Columns,
        kinds: Sequence[RowKind],
        texts: Sequence[str],
        flags_of_texts: Sequence[tuple[str, ...]] = (),
    ) -> RowGroup:
        """Lay out the core's rows with what they show; without ``flags_of_texts``, the texts have none."""
        is_uniform = self._is_uniform[group.number] and len(kinds) > 0
        if is_uniform:
            record = self._scan.decisions[columns.decision[0]]
            codes, decided_by = ((of_record,) * len(kinds) for of_record in (record.code, record.row))
        else:
            records = list(map(self._scan.decisions.__getitem__, columns.decision))
            codes = tuple([record.code for record in records])
            decided_by = tuple([record.row for record in records])
        if is_uniform and not any(flags_of_texts):
            flags = (self._find_flags(columns.decision[0], columns.flags[0], ()),) * len(kinds)
        else:
            asked = zip(columns.decision, columns.flags, flags_of_texts or repeat(()), strict=False)
            flags = tuple([self._find_flags(*one) for one in asked])
        return RowGroup(
            equipment=group.equipment,
            element=group.element,
            vr=group.vr,
            keyword=group.keyword,
            blocks=group.blocks,
            kinds=tuple(kinds),
            codes=codes,
            values=tuple(texts),
            files=tuple(columns.files),
            series=tuple(columns.series),
            occurrences=tuple(columns.occurrences),
            flags=flags,
            examples=tuple(columns.example),
            decided_by=decided_by,
        )

    def _find_flags(self, decision: int, bits: int, of_text: tuple[str, ...]) -> tuple[str, ...]:
        """Return the flags of a row, in their order: of the core, the decision and the text."""
        asked = (decision, bits, of_text)
        if asked not in self._flags:
            of_core = [name for name, bit in self._bits.items() if bits & bit]
            self._flags[asked] = order_flags((*self._scan.decisions[decision].flags, *of_core, *of_text))
        return self._flags[asked]


def _find_plain(
    values: npt.NDArray[np.int32],
    is_other: npt.NDArray[np.bool_],
    texts: Sequence[str | None],
    ends: npt.NDArray[np.int64],
) -> list[bool]:
    """Return of each group whether its rows have plain texts, all different, in their order."""
    is_plain = np.array([*map(is_not, texts, repeat(None)), False])[values] & ~is_other
    # Texts that are plain are in order, so their numbers are too.
    is_behind = np.diff(values) > 0
    are_plain = _find_where_none(~is_plain, ends[:-1], ends[1:])
    are_ordered = _find_where_none(~is_behind, ends[:-1], np.maximum(ends[1:] - 1, ends[:-1]))
    return [*map(and_, are_plain, are_ordered)]


def _find_where_none(
    marks: npt.NDArray[np.bool_], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> list[bool]:
    """Return for each stretch of the marks, which may be empty, whether none of them is set."""
    counts = np.concatenate([[0], np.cumsum(marks)])
    found: list[bool] = (counts[starts] == counts[ends]).tolist()
    return found


def _add_more(group: ElementGroup, rows: RowGroup) -> RowGroup:
    """Return the rows with one that says how many values there are, for there are more than those."""
    values = [place for place, kind in enumerate(rows.kinds) if kind is RowKind.VALUE]
    codes = sorted({rows.codes[place] for place in values})
    deciding = {rows.decided_by[place] for place in values}
    example = min((rows.examples[place] for place in values), key=os.fsencode, default="")
    return rows._replace(
        kinds=(*rows.kinds, RowKind.MORE),
        codes=(*rows.codes, " ".join(codes)),
        values=(*rows.values, str(group.distinct)),
        files=(*rows.files, group.files),
        series=(*rows.series, group.series),
        occurrences=(*rows.occurrences, group.occurrences),
        flags=(*rows.flags, (ESTIMATED,)),
        examples=(*rows.examples, example),
        decided_by=(*rows.decided_by, deciding.pop() if len(deciding) == 1 else ""),
    )


def _mark_same_texts(rows: RowGroup) -> RowGroup:
    """Flag rows that show the same text: their files may overlap, so they are never added up."""
    seen = Counter(text for kind, text in zip(rows.kinds, rows.values, strict=True) if kind is RowKind.VALUE)
    if all(count == 1 for count in seen.values()):
        return rows
    flags = [
        order_flags((*own, SAME_TEXT)) if kind is RowKind.VALUE and seen[text] > 1 else own
        for kind, text, own in zip(rows.kinds, rows.values, rows.flags, strict=True)
    ]
    return rows._replace(flags=tuple(flags))

"""Layout of the rows that need work one by one: other character sets, ``<empty>`` and the like, collapsed values.

For: the layout of the value report.
Never: show a value of an element with a decisive code, except one that breaks its VR under a K; or depend on the order
of the core's rows.
Terms: PS3.5 6.2 (VRs), PS3.15 Table E.1-1a (codes), edition 2026b.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from tagsniff.dicom.value_head import HEAD_BYTES, ValueHead
from tagsniff.dicom.value_text import is_collapsed, show_collapsed, show_found_text, show_value
from tagsniff.report.element_uses import ElementUse
from tagsniff.report.rows import COLLAPSED, SAME_TEXT, RowKind
from tagsniff.scanning.tables import NO_VALUE, ScanTables, row_flags

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


_COUNTS = ("files", "series", "patients", "occurrences")


class CoreRow(NamedTuple):
    """The necessary fields of a row of the core, and its index; ``value`` is `NO_VALUE` for a code alone."""

    number: int
    value: int
    decision: int
    flags: int
    counts: Sequence[int]


class SingleRow(NamedTuple):
    """A row of the report: its sort key, the core's row, its kind and text, and the flags of the text."""

    order: tuple[object, ...]
    row: CoreRow
    kind: RowKind
    text: str
    flags: tuple[str, ...]


class _Heads(dict[bytes, bytes]):
    """Maps the head of a value (form, index of the character set) to the form and the character set itself."""

    def __init__(self, charsets: Sequence[bytes]) -> None:
        super().__init__()
        self._charsets = charsets

    def __missing__(self, head: bytes) -> bytes:
        form, charset = ValueHead.read(head)
        made = self[head] = form + self._charsets[charset] + b"\0"
        return made


class SingleRows:
    """Makes the report rows of one scan, one element use at a time; what many rows share is made once."""

    def __init__(self, scan: ScanTables, rows: npt.NDArray[np.void]) -> None:
        self._scan = scan
        self._rows = rows
        self._collapsed_bit = row_flags()[COLLAPSED]
        # Rows are sorted by the character set itself instead of its index, which may change.
        self._heads = _Heads(scan.charsets)

    def show(self, use: ElementUse, start: int, end: int) -> list[SingleRow]:
        """Return the sorted report rows for the core's rows of an element use."""
        rows = self._list_rows(start, end)
        shown = [*filter(None, (self._show_row(use, rows, own) for own in rows))]
        shown.sort(key=attrgetter("order"))
        return _mark_same_texts(shown)

    def _list_rows(self, start: int, end: int) -> list[CoreRow]:
        part = self._rows[start:end]
        columns = (part[name].tolist() for name in ("value", "decision", "flags", *_COUNTS))
        return [
            CoreRow(number, value, decision, flags, counts)
            for number, value, decision, flags, *counts in zip(range(start, end), *columns, strict=True)
        ]

    def _show_row(self, use: ElementUse, rows: Sequence[CoreRow], own: CoreRow) -> SingleRow | None:
        """Return the report row; None for a value that a collapsed value represents."""
        if own.value == NO_VALUE:
            return SingleRow((False, "", b"", *own.counts), own, RowKind.CODE, "", ())
        value = self._scan.values[own.value]
        if is_collapsed(value):
            members = self._list_members(rows, own.decision)
            text = show_collapsed(value, use.vr, members, is_bounded=use.is_bounded)
            return SingleRow((True, text, value, *own.counts), own, RowKind.VALUE, text, (COLLAPSED,))
        if own.flags & self._collapsed_bit:
            return None
        charsets = self._scan.charsets
        text, flags = (
            show_found_text(value, charsets[ValueHead.read(value).charset])
            if use.is_found_text
            else show_value(value, use.vr, charsets)
        )
        raw = self._heads[value[:HEAD_BYTES]] + value[HEAD_BYTES:]
        return SingleRow((True, text, raw, *own.counts), own, RowKind.VALUE, text, flags)

    def _list_members(self, rows: Sequence[CoreRow], decision: int) -> list[bytes]:
        """Return the values that a collapsed one represents: those of its decision, if decisions differ by block."""
        members: list[bytes] = []
        of_decision: list[bytes] = []
        for one in rows:
            if not one.flags & self._collapsed_bit or one.value == NO_VALUE:
                continue
            value = self._scan.values[one.value]
            if is_collapsed(value):
                continue
            members.append(value)
            if one.decision == decision:
                of_decision.append(value)
        return of_decision or members


def _mark_same_texts(rows: list[SingleRow]) -> list[SingleRow]:
    """Flag rows that show the same text: their files may overlap, so their counts cannot be added."""
    seen = Counter(row.text for row in rows if row.kind is RowKind.VALUE)
    if all(count == 1 for count in seen.values()):
        return rows
    return [
        row._replace(flags=(*row.flags, SAME_TEXT)) if row.kind is RowKind.VALUE and seen[row.text] > 1 else row
        for row in rows
    ]

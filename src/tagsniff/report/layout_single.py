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
from tagsniff.dicom.value_text import (
    VRS_OF_NUMBERS,
    Drawn,
    count_numbers,
    find_ends,
    make_varying_key,
    show_collapsed,
    show_end,
    show_found_text,
    show_value,
)
from tagsniff.report.element_uses import ElementUse
from tagsniff.report.rows import ESTIMATED, SAME_TEXT, RowKind
from tagsniff.scanning.tables import COLLAPSED, COLLAPSED_TEXTS, NO_VALUE, ScanTables, row_flags

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


COUNTS = ("files", "series", "patients", "occurrences")


class CoreRow(NamedTuple):
    """The necessary fields of a row of the core, and its index; ``value`` is `NO_VALUE` for a code alone.

    If ``examples`` are given, the counts are not those of that row, and the example is the first of these paths.
    """

    number: int
    value: int
    decision: int
    flags: int
    collapsed: int
    counts: Sequence[int]
    examples: tuple[int, ...] = ()


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
        # Lists, because an item of an array or of texts of the core takes longer.
        self._texts = list(scan.collapsed_texts)
        self._entries = scan.collapsed.tolist()
        self._names = scan.collapsed.dtype.names or ()
        # Rows are sorted by the character set itself instead of its index, which may change.
        self._heads = _Heads(scan.charsets)

    def show(self, use: ElementUse, start: int, end: int) -> list[SingleRow]:
        """Return the sorted report rows for the core's rows of an element use."""
        rows = self._list_rows(start, end)
        groups: dict[int, list[CoreRow]] = {}
        shown = []
        for own in rows:
            if own.collapsed >= 0 and not own.flags & self._collapsed_bit:
                groups.setdefault(own.collapsed, []).append(own)
            else:
                shown.append(self._show_row(use, own))
        shown += [self._show_varying(use, number, members) for number, members in groups.items()]
        shown.sort(key=attrgetter("order"))
        return _mark_same_texts(shown)

    def _list_rows(self, start: int, end: int) -> list[CoreRow]:
        part = self._rows[start:end]
        columns = (part[name].tolist() for name in ("value", "decision", "flags", "collapsed", *COUNTS))
        return [
            CoreRow(number, value, decision, flags, collapsed, counts)
            for number, value, decision, flags, collapsed, *counts in zip(range(start, end), *columns, strict=True)
        ]

    def _show_row(self, use: ElementUse, own: CoreRow) -> SingleRow:
        if own.value == NO_VALUE:
            return SingleRow((False, "", b"", *own.counts), own, RowKind.CODE, "", ())
        value = self._scan.values[own.value]
        if own.flags & self._collapsed_bit:
            at = own.collapsed * COLLAPSED_TEXTS
            smallest, largest, only = self._texts[at : at + COLLAPSED_TEXTS]
            if not only:
                text = show_collapsed(self._find_drawn(use, value, own.collapsed, (smallest, largest)))
                return SingleRow((True, text, value, *own.counts), own, RowKind.VALUE, text, ())
            # One value alone is shown as it is.
            own, value = own._replace(flags=own.flags & ~self._collapsed_bit), only
        charsets = self._scan.charsets
        text, flags = (
            show_found_text(value, charsets[ValueHead.read(value).charset])
            if use.is_found_text
            else show_value(value, use.vr, charsets)
        )
        raw = self._heads[value[:HEAD_BYTES]] + value[HEAD_BYTES:]
        return SingleRow((True, text, raw, *own.counts), own, RowKind.VALUE, text, flags)

    def _find_drawn(self, use: ElementUse, value: bytes, number: int, ends: tuple[bytes, bytes]) -> Drawn:
        entry = dict(zip(self._names, self._entries[number], strict=True))
        return Drawn(
            key=value[HEAD_BYTES:],
            vr=use.vr,
            distinct=entry["distinct"],
            is_estimated=bool(entry["is_estimated"]),
            sizes=(entry["least_size"], entry["most_size"]),
            ends=(show_end(ends[0], use.vr), show_end(ends[1], use.vr)),
        )

    def _show_varying(self, use: ElementUse, number: int, members: list[CoreRow]) -> SingleRow:
        """Return the row of values that could identify, and vary within each series that has them."""
        group = self._scan.varying[number]
        values = [self._scan.values[member.value] for member in members]
        key = make_varying_key(use.vr, values[0])
        smallest, largest = ("", "")
        sizes = (1, 1)
        if use.vr in VRS_OF_NUMBERS:
            smallest, largest = (show_end(end, use.vr) for end in find_ends(use.vr, values))
            counts = [count_numbers(use.vr, value) for value in values]
            sizes = min(counts), max(counts)
        text = show_collapsed(
            Drawn(key, use.vr, len(members), is_estimated=False, sizes=sizes, ends=(smallest, largest))
        )
        own = members[0]._replace(
            flags=self._collapsed_bit,
            counts=[int(group[name]) for name in COUNTS],
            examples=tuple({int(self._rows["example"][member.number]) for member in members}),
        )
        flags = (ESTIMATED,) if group["is_estimated"] else ()
        return SingleRow((True, text, key, *own.counts), own, RowKind.VALUE, text, flags)


def _mark_same_texts(rows: list[SingleRow]) -> list[SingleRow]:
    """Flag rows that show the same text: their files may overlap, so their counts cannot be added."""
    seen = Counter(row.text for row in rows if row.kind is RowKind.VALUE)
    if all(count == 1 for count in seen.values()):
        return rows
    return [
        row._replace(flags=(*row.flags, SAME_TEXT)) if row.kind is RowKind.VALUE and seen[row.text] > 1 else row
        for row in rows
    ]

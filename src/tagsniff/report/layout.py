"""Lays out the rows of a value report: the rows of the core in the order of the report, with their texts.

For: the value report.
Never: a loop over rows if an array operation handles all of them; there may be millions.
Terms: PS3.15 Table E.1-1a (codes), edition 2026b.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tagsniff._core import Texts
from tagsniff.report.element_uses import ElementUse
from tagsniff.report.layout_bulk import PlainRows, find_plain_rows, order_by_use
from tagsniff.report.layout_single import COUNTS, CoreRow, SingleRow, SingleRows
from tagsniff.report.rows import (
    ESTIMATED,
    RecurringColumn,
    RowKind,
    RowTable,
    TextColumn,
    UseRows,
    make_texts,
    name_paths,
    order_flags,
)
from tagsniff.scanning.tables import MAY_VARY, NO_VALUE, ScanTables, row_flags

if TYPE_CHECKING:
    import numpy.typing as npt

_KINDS = tuple(RowKind)
_CODE, _VALUE, _MORE = map(_KINDS.index, (RowKind.CODE, RowKind.VALUE, RowKind.MORE))


def lay_out_rows(scan: ScanTables, uses: Sequence[ElementUse]) -> tuple[RowTable, tuple[UseRows, ...]]:
    """Return the rows of the report, and the element uses that have rows, in the order of ``uses``."""
    by_use = order_by_use(scan)
    rows, starts = by_use
    plain = find_plain_rows(scan, by_use)
    maker = SingleRows(scan, rows)
    single = {
        use.number: maker.show(use, *starts[use.number : use.number + 2].tolist())
        for use in uses
        if not plain.is_plain[use.number]
    }
    counts = np.diff(starts)
    counts[list(single)] = [*map(len, single.values())]
    layout = _Layout(scan, rows, uses, counts, plain)
    layout.add_plain()
    layout.add_single(single)
    for use in uses:
        if use.is_bounded:
            layout.add_more(use)
    return layout.make_table(), layout.list_uses()


class _Layout:
    """The rows of a report: for each the index of the core's row, of its text, of its kind and of its flags.

    ``counts`` is the number of rows of each element use in the report. The texts of plain rows come first.
    """

    def __init__(
        self,
        scan: ScanTables,
        rows: npt.NDArray[np.void],
        uses: Sequence[ElementUse],
        counts: npt.NDArray[np.int64],
        plain: PlainRows,
    ) -> None:
        self._scan = scan
        self._rows = rows
        self._uses = uses
        self._plain = plain
        # If there were more values than were kept, one more row says so.
        self._counts = counts.copy()
        for use in uses:
            self._counts[use.number] += use.is_bounded
        order = np.array([use.number for use in uses], np.int64)
        ends = np.cumsum(self._counts[order])
        self._starts = np.zeros(len(counts), np.int64)
        self._starts[order] = ends - self._counts[order]
        total = int(self._counts.sum())
        self._row_of, self._text_of, self._flags_of = np.zeros((3, total), np.int32)
        self._kind_of = np.full(total, _VALUE, np.uint8)
        self._flags: dict[tuple[str, ...], int] = {}
        # A report does not show the flag of values that could identify, unless they vary.
        self._bits = {name: bit for name, bit in row_flags().items() if name != MAY_VARY}
        # The rows, texts, codes and deciding rows that are made here follow those of the scan.
        self._more_rows: list[npt.NDArray[np.void]] = []
        self._texts: list[str] = []
        self._codes = [record.code for record in scan.decisions]
        self._decided_by = [record.row for record in scan.decisions]

    def add_plain(self) -> None:
        """Lay out the rows of plain element uses."""
        plain = self._plain
        uses = self._rows["use"]
        numbers = np.flatnonzero(plain.is_plain[uses])
        at = self._starts[uses[numbers]] + plain.ranks[numbers]
        self._row_of[at] = numbers
        self._text_of[at] = plain.texts_of_rows[numbers]
        self._kind_of[at[self._rows["value"][numbers] == NO_VALUE]] = _CODE
        self._flags_of[at] = self._number_flags(self._rows["decision"][numbers], self._rows["flags"][numbers])

    def add_single(self, single: dict[int, list[SingleRow]]) -> None:
        """Lay out the rows of the other element uses."""
        for use, of_use in single.items():
            for at, row in enumerate(of_use, int(self._starts[use])):
                flags = self._find_flags(row.row.decision, row.row.flags, row.flags)
                number = self._make_row(row.row) if row.row.examples else row.row.number
                self._set_row(at, number, row.kind, row.text, flags)

    def _make_row(self, own: CoreRow) -> int:
        """Return the index of a new row with the counts and the first of the examples of this one."""
        made = self._rows[own.number : own.number + 1].copy()
        for name, count in zip(COUNTS, own.counts, strict=True):
            made[name] = count
        made["example"] = self._scan.paths.order(list(own.examples))[0]
        self._more_rows.append(made)
        return len(self._rows) + len(self._more_rows) - 1

    def add_more(self, use: ElementUse) -> None:
        """Lay out the last row of a bounded element use, which says how many values there were."""
        start = int(self._starts[use.number])
        end = start + int(self._counts[use.number]) - 1
        of_values = self._rows[self._row_of[start:end][self._kind_of[start:end] == _VALUE]]
        decisions = [self._scan.decisions[number] for number in set(of_values["decision"].tolist())]
        rows = {record.row for record in decisions}
        examples = self._scan.paths.order(list(set(of_values["example"].tolist())))
        more = np.zeros(1, self._rows.dtype)
        more["decision"] = len(self._codes)
        more["example"] = examples[0] if len(examples) else len(self._scan.paths)
        for name in ("files", "series", "patients", "occurrences"):
            more[name] = getattr(use, name)
        self._codes.append(" ".join(sorted({record.code for record in decisions})))
        self._decided_by.append(rows.pop() if len(rows) == 1 else "")
        row = len(self._rows) + len(self._more_rows)
        self._more_rows.append(more)
        self._set_row(end, row, RowKind.MORE, str(use.distinct), self._number((ESTIMATED,)))

    def make_table(self) -> RowTable:
        """Return the table of all rows."""
        rows = np.concatenate([self._rows, *self._more_rows]) if self._more_rows else self._rows
        decisions = rows["decision"][self._row_of]
        return RowTable(
            kinds=RecurringColumn(_KINDS, self._kind_of),
            codes=RecurringColumn(tuple(self._codes), decisions),
            values=TextColumn(self._plain.texts + (self._plain.made + make_texts(self._texts)), self._text_of),
            files=rows["files"][self._row_of],
            series=rows["series"][self._row_of].astype(np.uint64),
            patients=rows["patients"][self._row_of].astype(np.int64),
            occurrences=rows["occurrences"][self._row_of],
            flags=RecurringColumn(tuple(self._flags), self._flags_of),
            examples=name_paths(self._scan.paths + Texts([b""]), rows["example"][self._row_of]),
            decided_by=RecurringColumn(tuple(self._decided_by), decisions),
        )

    def list_uses(self) -> tuple[UseRows, ...]:
        """Return the element uses that have rows, in their order."""
        starts, ends = self._starts.tolist(), (self._starts + self._counts).tolist()
        return tuple(
            UseRows(
                *(use.equipment, use.element, use.vr, use.keyword, use.blocks, use.parts, use.name),
                *(starts[use.number], ends[use.number], use.patient_relation),
                distinct=use.distinct,
                is_estimated=use.is_estimated,
                smallest=use.smallest,
                largest=use.largest,
            )
            for use in self._uses
            if starts[use.number] < ends[use.number]
        )

    def _set_row(self, at: int, row: int, kind: RowKind, text: str, flags: int) -> None:
        self._row_of[at] = row
        self._kind_of[at] = _KINDS.index(kind)
        self._text_of[at] = len(self._plain.texts) + len(self._plain.made) + len(self._texts)
        self._flags_of[at] = flags
        self._texts.append(text)

    def _number_flags(self, decisions: npt.NDArray[np.int32], bits: npt.NDArray[np.uint16]) -> npt.NDArray[np.int32]:
        """Return the indexes of the flags of rows; there are few distinct combinations."""
        shift = max(self._bits.values()).bit_length()
        combined = decisions.astype(np.int64) << shift | bits & sum(self._bits.values())
        is_used = np.zeros(len(self._scan.decisions) << shift, bool)
        is_used[combined] = True
        numbers: npt.NDArray[np.int32] = np.zeros(len(is_used), np.int32)
        for one in np.flatnonzero(is_used).tolist():
            numbers[one] = self._find_flags(one >> shift, one & (1 << shift) - 1, ())
        return numbers.take(combined)

    def _find_flags(self, decision: int, bits: int, of_text: tuple[str, ...]) -> int:
        """Return the index of the flags of a row: those of the core, the decision and the text, in the usual order."""
        of_core = [name for name, bit in self._bits.items() if bits & bit]
        return self._number(order_flags((*self._scan.decisions[decision].flags, *of_core, *of_text)))

    def _number(self, flags: tuple[str, ...]) -> int:
        return self._flags.setdefault(flags, len(self._flags))

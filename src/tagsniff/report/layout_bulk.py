"""Layout of the rows that array operations can handle all at once: ASCII text, binary numbers, a code alone.

For: the layout of the value report. Nearly all rows are like this, and there may be millions of them.
Never: a text or an order that differs from that of `tagsniff.report.layout_single`.
Terms: PS3.5 6.2 (VRs), edition 2026b.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tagsniff._core import Texts
from tagsniff.dicom.value_text import NUMBER_VRS, find_plain_texts, mark_numbers, show_numbers
from tagsniff.report.rows import make_texts
from tagsniff.scanning.tables import NO_VALUE, ScanTables

if TYPE_CHECKING:
    import numpy.typing as npt


class RowsByUse(NamedTuple):
    """The rows of a scan, sorted by element use: those of use n are ``rows[starts[n]:starts[n + 1]]``."""

    rows: npt.NDArray[np.void]
    starts: npt.NDArray[np.int64]

    def find_all_marked(self, marks: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return for each use whether all its rows are marked."""
        counts = np.concatenate([[0], np.cumsum(marks)])
        are_all: npt.NDArray[np.bool_] = counts[self.starts[1:]] - counts[self.starts[:-1]] == np.diff(self.starts)
        return are_all


class PlainRows(NamedTuple):
    """The element uses whose rows are all plain (``is_plain``, one for each use), and the texts of the rows.

    For each row of the scan: ``texts_of_rows`` is the index of its text in ``texts`` followed by ``made``; ``ranks``
    is its rank among the sorted rows of its use. In other uses, both have no meaning.
    """

    is_plain: npt.NDArray[np.bool_]
    texts: Texts
    made: Texts
    texts_of_rows: npt.NDArray[np.int32]
    ranks: npt.NDArray[np.int32]


def order_by_use(scan: ScanTables) -> RowsByUse:
    """Return the rows of a scan, sorted by use; those of a sorted scan are sorted already."""
    rows = scan.rows
    if (rows["use"][1:] < rows["use"][:-1]).any():
        rows = rows.take(np.argsort(rows["use"], kind="stable"))
    starts = np.searchsorted(rows["use"], np.arange(len(scan.uses) + 1))
    return RowsByUse(rows, starts.astype(np.int64))


def find_plain_rows(scan: ScanTables, by_use: RowsByUse) -> PlainRows:
    """Return the plain uses of the scan, and the texts of their rows."""
    rows, starts = by_use
    # Contiguous copies, because they are read several times; in the table, the cells of a column are far apart.
    values, uses = np.ascontiguousarray(rows["value"]), np.ascontiguousarray(rows["use"])
    is_code = values == NO_VALUE
    # Rows without a value, and rows that draw values together or are drawn together.
    is_other = is_code | (rows["collapsed"] >= 0)
    has_plain_text, texts = find_plain_texts(scan.values)
    if scan.charsets[:1] != (b"",) or not scan.values.is_ascending():
        has_plain_text[:] = False
    # The texts are sorted, so their indexes are too. The index after the last one is that of no value.
    is_text = np.append(has_plain_text, False)[values] & ~is_other
    is_first = np.zeros(len(rows) + 1, bool)
    is_first[starts] = True
    is_ascending = is_first[:-1] | (np.diff(values, prepend=NO_VALUE) > 0)
    counts = np.diff(starts)
    is_plain = by_use.find_all_marked(is_text & is_ascending)
    is_plain |= (counts == 1) & by_use.find_all_marked(is_code)
    found = PlainRows(
        is_plain=is_plain,
        texts=texts,
        made=Texts([b""]),
        texts_of_rows=np.where(is_code, np.int32(len(texts)), values),
        ranks=np.arange(len(rows), dtype=np.int32) - starts[:-1].astype(np.int32)[uses],
    )
    may_be_numbers = ~is_plain & (counts > 0) & by_use.find_all_marked(~is_other)
    rest = np.flatnonzero(may_be_numbers[uses])
    vrs = scan.uses["vr"][uses[rest]]
    for number in np.flatnonzero(np.bincount(vrs)).tolist():
        if scan.vr_names[number] in NUMBER_VRS:
            found = _add_numbers(found, scan, rows, rest[vrs == number], scan.vr_names[number])
    return found


def _add_numbers(
    found: PlainRows, scan: ScanTables, rows: npt.NDArray[np.void], selected: npt.NDArray[np.int64], vr: str
) -> PlainRows:
    """Return the plain rows, with the uses added whose values are binary numbers; ``selected`` rows have one VR."""
    values, uses = rows["value"][selected], rows["use"][selected]
    is_number = np.zeros(len(scan.values), bool)
    is_number[values] = True
    numbers = np.flatnonzero(is_number)
    numbers = numbers[mark_numbers(scan.values.pick(numbers), vr)]
    listed = show_numbers(scan.values.pick(numbers), vr)
    is_number[:] = False
    is_number[numbers] = True
    if len(set(listed)) < len(listed):
        # Different bytes with the same text, such as NaNs: these rows need a flag.
        seen = Counter(listed)
        is_number[numbers[[seen[text] > 1 for text in listed]]] = False
    shown = make_texts(listed)
    text_of_value, rank_of_value = np.empty((2, len(scan.values)), np.int32)
    text_of_value[numbers] = np.arange(len(numbers)) + len(found.texts) + len(found.made)
    rank_of_value[numbers[shown.order(np.arange(len(numbers)))]] = np.arange(len(numbers))

    found.is_plain[uses] = True
    found.is_plain[uses[~is_number[values]]] = False
    is_plain = found.is_plain[uses]
    indexes, values, uses = selected[is_plain], values[is_plain], uses[is_plain]
    ordered = indexes[np.argsort(uses.astype(np.int64) << 32 | rank_of_value[values])]
    found.ranks[ordered] = found.ranks[indexes]
    found.texts_of_rows[indexes] = text_of_value[values]
    return found._replace(made=found.made + shown)

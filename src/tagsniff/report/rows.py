"""The rows of a value report: the record of one row, and the table that stores many rows by columns.

For: the layout, which makes them, and the writers.
Never: interpret a value, or sort rows.
Terms: PS3.5 6.2 (VRs), PS3.15 Table E.1-1a (codes), edition 2026b.
"""

from __future__ import annotations

import enum
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from tagsniff._core import Texts
from tagsniff.dicom.equipment import NO_EQUIPMENT, Equipment
from tagsniff.report.reading_flags import READING_FLAGS
from tagsniff.scanning import tables

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_T = TypeVar("_T")

COLLAPSED = tables.COLLAPSED
ESTIMATED = "ESTIMATED"
SAME_TEXT = "SAME_TEXT"

FINDINGS = {
    "CONFLICT": "rows of the profiles are equally specific and name different codes; the most protective one stands",
    "CASE_VARIANT": "the profile names the private creator in another letter case",
    "NOT_A_NUMBER": "a value that is no number of its VR",
    "NOT_A_CODE": "a value beyond the characters or the length of VR CS",
    "NOT_OF_VR": "a value that is no date, time, age or UID, as its VR demands",
    "BAD_LENGTH": "bytes that do not fit the size of their VR",
    "TOO_LONG": "a value longer than its VR allows",
    "WRONG_COUNT": "not as many binary numbers as PS3.6 allows for the element",
    "LOOKS_LIKE_TEXT": "binary numbers whose bytes are all those of a text",
    "OTHER_VR": "an option keeps the element, but not with this VR, which PS3.6 does not give it",
    "TRUNCATED": "a text beyond 64 KiB, shortened to 1,024 characters, length and digest; find searches all of it",
    "SEARCHED_IN_PART": "samples of more than 64 KiB, of which the first 64 KiB were searched for text",
    "STREAM_IN_PART": "text of a gzip or zlib stream that is damaged, cut off or too long: what follows is missing",
    "UNDECODED": "bytes that do not decode",
    "LITERAL": "the value itself is written as this report describes one",
    "UNKNOWN_CHARSET": "(0008,0005) holds something that is no defined term",
    "CHARSET_NAME": "(0008,0005) holds the name of a codec in place of a defined term; the text is decoded with it",
    SAME_TEXT: "another row of the element shows the same text; bytes, character set or code differ",
    **READING_FLAGS,
}
"""The flags of rows that a reviewer should look at, in the order of reports, and what they mean."""

_FLAG_ORDER = {flag: rank for rank, flag in enumerate((*FINDINGS, COLLAPSED, ESTIMATED))}


def order_flags(flags: Iterable[str]) -> tuple[str, ...]:
    """Return flags in the order of reports, each once."""
    found = set(flags)
    return tuple(found) if len(found) < 2 else tuple(sorted(found, key=_FLAG_ORDER.__getitem__))


class RowKind(enum.Enum):
    """What a row shows: a recorded value, a code that decides without one, or that there were more values.

    In a report that may leave the institution, COUNT: the number of values, instead of the values.
    """

    CODE = "code"
    VALUE = "value"
    MORE = "more"
    COUNT = "count"


class ValueRow(NamedTuple):
    """One value, or a row in place of values, of one element use (equipment, element and VR).

    ``element`` is the identity, with the suffix ``/text`` for printable text that was found inside bytes. ``value`` is
    empty for CODE; for COUNT it is the number of distinct values, for MORE an estimate of that number. ``blocks`` are
    those of the element with this equipment and VR. ``flags`` are in the order of `FINDINGS`. ``example`` is the path
    that sorts first. ``decided_by`` is the profile row that decides, with its file and line; it is empty for MORE if
    there are several, and begins with ``none`` if no row names the element. ``parts`` are those of ``equipment``,
    ``name`` is that of the `ElementUse`. ``patients`` is -1 if patients are not known.

    Source: design, section 4.
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
    patients: int
    occurrences: int
    blocks: tuple[int, ...]
    flags: tuple[str, ...]
    example: str
    decided_by: str
    parts: Equipment = NO_EQUIPMENT
    name: str = ""


class RecurringColumn(NamedTuple, Generic[_T]):
    """Cells with few distinct contents: ``things``, and the index of one of them for each row."""

    things: tuple[_T, ...]
    numbers: npt.NDArray[np.integer]

    def list_cells(self, start: int, end: int) -> list[_T]:
        """Return the cells of the rows ``start:end``."""
        return list(map(self.things.__getitem__, self.numbers[start:end].tolist()))


class TextColumn(NamedTuple):
    """Cells of text: texts of the core, and the index of one of them for each row."""

    texts: Texts
    numbers: npt.NDArray[np.integer]
    encoding: str = "utf-8"
    errors: str = "surrogatepass"

    def list_cells(self, start: int, end: int) -> list[str]:
        """Return the cells of the rows ``start:end``."""
        return self.texts.decode(self.numbers[start:end], self.encoding, self.errors)


@dataclass(frozen=True, slots=True, eq=False)
class RowTable:
    """The rows of a report by columns; the columns are those of `ValueRow`, and all have the same length.

    What all rows of a use have in common is in the `UseRows`. Counts are uint64, those of patients int64, -1 if they
    are not known.
    """

    # A report has millions of rows, which differ in few of their cells. As objects, they would take more time than the
    # scan.

    kinds: RecurringColumn[RowKind]
    codes: RecurringColumn[str]
    values: TextColumn
    files: npt.NDArray[np.uint64]
    series: npt.NDArray[np.uint64]
    patients: npt.NDArray[np.int64]
    occurrences: npt.NDArray[np.uint64]
    flags: RecurringColumn[tuple[str, ...]]
    examples: TextColumn
    decided_by: RecurringColumn[str]

    def __len__(self) -> int:
        return len(self.files)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RowTable):
            return NotImplemented
        return len(self) == len(other) and list(self._list_cells(0, len(self))) == list(
            other._list_cells(0, len(other))
        )

    __hash__ = None  # type: ignore[assignment]

    def list_rows(self, use: UseRows) -> list[ValueRow]:
        """Return the rows of an element use."""
        equipment, element, vr, keyword, blocks, parts, name, start, end = use[:9]
        cells = self._list_cells(start, end)
        # fmt: off
        return [
            ValueRow(
                kind, equipment, element, vr, keyword, code, value, files, series, patients, occurrences,
                blocks, flags, example, by, parts, name,
            )
            for kind, code, value, files, series, patients, occurrences, flags, example, by in cells
        ]
        # fmt: on

    def _list_cells(self, start: int, end: int) -> Iterator[tuple[Any, ...]]:
        """Yield the cells of each of the rows ``start:end``, in the order of the columns."""
        columns = (self.files, self.series, self.patients, self.occurrences)
        counts = [column[start:end].tolist() for column in columns]
        before = [column.list_cells(start, end) for column in (self.kinds, self.codes, self.values)]
        after = [column.list_cells(start, end) for column in (self.flags, self.examples, self.decided_by)]
        return zip(*before, *counts, *after, strict=True)


class UseRows(NamedTuple):
    """The rows of one element use: the rows ``start:end`` of the table.

    ``patient_relation``, ``distinct``, ``is_estimated``, ``smallest`` and ``largest`` are those of the `ElementUse`.
    """

    equipment: str
    element: str
    vr: str
    keyword: str
    blocks: tuple[int, ...]
    parts: Equipment
    name: str
    start: int
    end: int
    patient_relation: str = ""
    distinct: int = 0
    is_estimated: bool = False
    smallest: str = ""
    largest: str = ""


def gather_rows(rows: Iterable[ValueRow]) -> tuple[RowTable, tuple[UseRows, ...]]:
    """Return the table of rows, and the uses: consecutive rows of the same element use."""
    import numpy as np

    listed = list(rows)
    uses = []
    heads = groupby(listed, key=lambda row: (*row[1:5], row.blocks, row.parts, row.name))
    end = 0
    for head, of_use in heads:
        start, end = end, end + len(list(of_use))
        equipment, element, vr, keyword, blocks, parts, name = head
        uses.append(UseRows(equipment, element, vr, keyword, blocks, parts, name, start, end))
    return RowTable(
        kinds=gather_recurring([row.kind for row in listed]),
        codes=gather_recurring([row.code for row in listed]),
        values=TextColumn(make_texts(row.value for row in listed), np.arange(len(listed))),
        files=np.array([row.files for row in listed], np.uint64),
        series=np.array([row.series for row in listed], np.uint64),
        patients=np.array([row.patients for row in listed], np.int64),
        occurrences=np.array([row.occurrences for row in listed], np.uint64),
        flags=gather_recurring([row.flags for row in listed]),
        examples=name_paths(Texts(os.fsencode(row.example) for row in listed), np.arange(len(listed))),
        decided_by=gather_recurring([row.decided_by for row in listed]),
    ), tuple(uses)


def gather_recurring(cells: Iterable[_T]) -> RecurringColumn[_T]:
    """Return a column of these cells."""
    import numpy as np

    numbers: dict[_T, int] = {}
    of_rows = [numbers.setdefault(cell, len(numbers)) for cell in cells]
    return RecurringColumn(tuple(numbers), np.array(of_rows, np.int64))


def add_flags(
    column: RecurringColumn[tuple[str, ...]], extra: npt.NDArray[np.integer], sets: Sequence[tuple[str, ...]]
) -> RecurringColumn[tuple[str, ...]]:
    """Return a column of flags with more of them: ``extra`` has the index in ``sets`` of those that a row gets."""
    import numpy as np

    pairs, of_rows = np.unique(np.asarray(column.numbers, np.int64) * len(sets) + extra, return_inverse=True)
    united = [order_flags((*column.things[pair // len(sets)], *sets[pair % len(sets)])) for pair in pairs.tolist()]
    places = {flags: place for place, flags in enumerate(dict.fromkeys(united))}
    return RecurringColumn(tuple(places), np.array([places[flags] for flags in united], np.int64)[of_rows])


def count_findings(table: RowTable) -> tuple[tuple[str, int], ...]:
    """Return the number of rows for each flag of `FINDINGS` that occurs, in that order."""
    import numpy as np

    found: Counter[str] = Counter()
    rows = np.bincount(table.flags.numbers, minlength=len(table.flags.things)).tolist()
    for flags, count in zip(table.flags.things, rows, strict=True):
        found.update(dict.fromkeys(flags, count))
    return tuple((flag, found[flag]) for flag in FINDINGS if found[flag])


def make_texts(texts: Iterable[str]) -> Texts:
    """Return texts in the form that a `TextColumn` has."""
    return Texts(text.encode("utf-8", "surrogatepass") for text in texts)


def name_paths(paths: Texts, numbers: npt.NDArray[np.integer]) -> TextColumn:
    """Return a column of paths, which are bytes as the system has them."""
    return TextColumn(paths, numbers, sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())

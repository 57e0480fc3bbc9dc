"""The rows of the user's profiles that decided nothing in a collection, and why.

For: the value report. A row with a slip in it, or one that is no longer needed, would stay in a profile in silence.
Never: read a profile or a value: the tables of a scan have what is needed, also when it was saved or merged.
Terms: those of `tagsniff.profile.resolve`, which has the order of precedence; PS3.5 7.8, edition 2026b.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from tagsniff.dicom.equipment import EquipmentPattern
from tagsniff.dicom.notation import Lack, parse_pattern
from tagsniff.profile.codes import Code
from tagsniff.profile.index import RowIndex
from tagsniff.profile.rows import ProfileKind, ReadRows, Row
from tagsniff.report.element_uses import ElementUse
from tagsniff.scanning.tables import ProfileRecord, ScanTables

_BETWEEN = "  "
_MOST_NAMED = 3


class UnusedRow(NamedTuple):
    """A row that decided nothing: its line and text, and the reason."""

    line: int
    text: str
    reason: str


class UnusedRows(NamedTuple):
    """The rows of a file that decided nothing, by their lines, and the number of all its rows."""

    file: str
    row_count: int
    unused: tuple[UnusedRow, ...]


def find_unused_rows(scan: ScanTables, uses: Sequence[ElementUse]) -> tuple[UnusedRows, ...]:
    """Return an entry for each user's file that has such rows; none if no file was read.

    ``uses`` are the element uses of the scan.
    """
    if not scan.files or not any(profile.rows for profile in scan.profiles):
        return ()
    deciding = _Deciding(scan)
    found = []
    for profile in scan.profiles:
        unused = [place for place, row in enumerate(profile.rows) if not deciding.has(profile.file, row.line, row.text)]
        if unused:
            reasons = find_reasons(profile, unused, uses, deciding.name)
            rows = (UnusedRow(profile.rows[place].line, profile.rows[place].text, reasons[place]) for place in unused)
            found.append(UnusedRows(profile.file, len(profile.rows), tuple(rows)))
    return tuple(found)


class _Deciding:
    """The rows that have decided an element of the collection."""

    def __init__(self, scan: ScanTables) -> None:
        import numpy as np

        self._scan = scan
        numbers = np.flatnonzero(np.bincount(scan.rows["decision"], minlength=len(scan.decisions))).tolist()
        self._rows = {key for number in numbers for key in _read_place(scan.decisions[number].row)}

    def has(self, file: str, line: int, text: str) -> bool:
        return (file, line, text) in self._rows

    def name(self, use: ElementUse) -> str:
        """Return the rows that decide an element use, without folders."""
        rows = self._scan.rows
        numbers = set(rows["decision"][rows["use"] == use.number].tolist())
        places = sorted({_shorten(self._scan.decisions[number].row) for number in numbers})
        return ", ".join(places[:_MOST_NAMED])


def _read_place(row: str) -> Iterator[tuple[str, int, str]]:
    """Yield the file, line and text of the row of a decision. Where a path has two spaces, there are several ways."""
    at = row.find(_BETWEEN)
    while at >= 0:
        path, _, line = row[:at].rpartition(":")
        if line.isascii() and line.isdigit() and len(line) < 10:
            yield _remove_folders(path), int(line), row[at + len(_BETWEEN) :]
        at = row.find(_BETWEEN, at + 1)


def _remove_folders(path: str) -> str:
    return path[max(path.rfind("/"), path.rfind("\\")) + 1 :]


def _shorten(row: str) -> str:
    return next((f"{file}:{line}" for file, line, _ in _read_place(row)), "a default")


class _Met:
    """What the collection has of the elements that a row names."""

    def __init__(self) -> None:
        self.vrs: set[str] = set()
        self.has_vr = False
        self.has_equipment = False
        self.blocks: set[int] = set()
        self.decided: ElementUse | None = None


def find_reasons(
    profile: ProfileRecord, unused: Iterable[int], uses: Iterable[ElementUse], name: Callable[[ElementUse], str]
) -> dict[int, str]:
    """Return why rows decided nothing, by their indexes in the profile.

    ``name`` returns the row that decides an element use.
    """
    rows = {place: _read_row(profile, place) for place in unused}
    index = RowIndex()
    # The line of these rows is their index.
    index.add(ReadRows(tuple(rows.values())), ProfileKind(profile.kind))
    met: defaultdict[int, _Met] = defaultdict(_Met)
    for use in uses:
        if use.is_found_text:
            continue
        for row in index.find(use.identity):
            _meet(met[row.line], row, use)
    return {place: _describe(met.get(place), name) for place in rows}


def _read_row(profile: ProfileRecord, place: int) -> Row:
    record = profile.rows[place]
    element = parse_pattern(record.element, lambda _: None)
    return Row("", place, element, Code.R, record.vrs, equipment=EquipmentPattern(*record.equipment))


def _meet(met: _Met, row: Row, use: ElementUse) -> None:
    met.vrs.add(use.vr)
    if row.vrs and use.vr not in row.vrs:
        return
    met.has_vr = True
    if not row.equipment.matches(use.parts):
        return
    met.has_equipment = True
    last = row.element[-1]
    met.blocks.update(use.blocks)
    if last.block is None or isinstance(last.creator, Lack) or last.block in use.blocks:
        met.decided = met.decided or use


def _describe(met: _Met | None, name: Callable[[ElementUse], str]) -> str:
    if met is None:
        return "the collection has no such element"
    if met.decided is not None:
        return f"another row decides it: {name(met.decided)}"
    if not met.has_vr:
        return f"the collection has it with VR {', '.join(sorted(met.vrs))}"
    if not met.has_equipment:
        return "the collection has it with other equipment"
    return f"the collection has it in block {', '.join(f'{block:02x}' for block in sorted(met.blocks))}"

"""The sheet of decisions: one CSV for public and private elements, written for a person and handed back as a profile.

For: ``before --decisions FILE`` and the review of a collection.
Never: lose a decision, take one, or decide an element by its evidence: the columns of evidence are not read.
Terms: PS3.15 Table E.1-1a (codes), edition 2026d. The columns that decide are those of a profile.

A sheet that is written again keeps what was decided, adds what is undecided, and marks rows that nothing in the
collection has met. ``seen`` has the dates of the runs whose values a row was decided on (see
`tagsniff.curation.known_values`): a person confirms new values in a new row, which the next writing puts together with
the old one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tagsniff.curation.elements import ElementSummary
from tagsniff.curation.known_values import list_runs
from tagsniff.dicom.element_names import find_keyword
from tagsniff.dicom.notation import format_pattern, parse_pattern
from tagsniff.profile.csv_lines import read_sheet
from tagsniff.profile.errors import Mistake, ProfileError

DECIDING = (
    *("element", "vr", "modality", "manufacturer", "model", "software"),
    *("code", "collapse", "scope", "seen", "note", "who", "when"),
)
"""The columns that a person fills in, or that say what a decision holds for."""

EVIDENCE = (
    *("name", "files", "series", "patients", "distinct", "min", "max"),
    *("shapes", "examples", "flags", "suggestion", "suggested_by"),
)
"""The columns that show why. Reading ignores them."""

COLUMNS = (*DECIDING, *EVIDENCE)

FOR = ("element", "vr", "modality", "manufacturer", "model", "software")
"""The columns that say what a row is for."""

MET_NOTHING = "MET_NOTHING"
NEW_SINCE_DECISION = "NEW_SINCE_DECISION"
_BETWEEN = " | "
_FORMULA = ("'=", "'+", "'-", "'@", "'\t")

Key = tuple[str, ...]


class SheetRow(NamedTuple):
    """A row of a sheet: its line in the file, 0 for a new one, and its cells by column."""

    line: int
    cells: Mapping[str, str]

    @property
    def is_decided(self) -> bool:
        """Whether the row has a code."""
        return bool(self.cells["code"])

    @property
    def runs(self) -> tuple[str, ...]:
        """The dates of the runs whose values the row was decided on, or waits to be."""
        return list_runs(self.cells["seen"])

    @property
    def key(self) -> Key:
        """What the row is for: equal for rows of the same element, VR and equipment."""
        element, vr, *equipment = (self.cells[column] for column in FOR)
        vrs = "/".join(sorted(vr.casefold().split("/")))
        return (_normalize(element), vrs, *("" if set(cell) <= {"*"} else cell.casefold() for cell in equipment))


@dataclass(frozen=True)
class Sheet:
    """A sheet as it is in the file: its leading ``# name = value`` lines and its rows."""

    settings: tuple[tuple[str, str], ...] = ()
    rows: tuple[SheetRow, ...] = ()

    def list_runs(self) -> set[str]:
        """Return the dates of all runs that the rows were decided on, or wait to be."""
        return {run for row in self.rows for run in row.runs}


@dataclass(frozen=True)
class Evidence:
    """What a run gives for a sheet.

    ``run`` is its date. ``summaries`` are those of all elements, in the order in which they are to be read.
    ``decided_lines`` are the lines of the sheet that have decided an element. ``shows_examples``: values may be
    written.
    """

    run: str
    summaries: Sequence[ElementSummary]
    decided_lines: Collection[int]
    shows_examples: bool = True


def read_decisions(file: str, raw: bytes) -> Sheet:
    """Return the sheet in the bytes of a file; a file without a column of this sheet has empty cells in it.

    Raises ProfileError if it cannot be split into cells. The profile that is read from the same bytes checks the cells.
    """
    mistakes: list[Mistake] = []
    found = read_sheet(file, raw, mistakes)
    if found is None or mistakes:
        raise ProfileError(mistakes)
    at = {name: found.columns.index(name) for name in COLUMNS if name in found.columns}
    rows = tuple(
        SheetRow(line, {name: _take_cell(cells[at[name]]) if name in at else "" for name in COLUMNS})
        for line, cells in found.records
    )
    settings = tuple((name, value) for name, (_, value) in found.settings.items())
    return Sheet(settings, tuple(row for row in rows if row.cells["element"]))


def update_sheet(sheet: Sheet, evidence: Evidence) -> Sheet:
    """Return the sheet with the evidence of a run: what is undecided first, in the order to read, then the rest."""
    needed = {key_of(one): one for one in evidence.summaries if one.is_read}
    all_summaries = {key_of(one): one for one in evidence.summaries}
    decided: dict[tuple[Key, str, str, str], SheetRow] = {}
    waiting: dict[Key, SheetRow] = {}
    for row in sheet.rows:
        if row.is_decided:
            same = (row.key, row.cells["code"].upper(), row.cells["collapse"], row.cells["scope"])
            decided[same] = unite_rows(decided[same], row) if same in decided else row
        else:
            waiting.setdefault(row.key, row)
    # A person who has written R wants to look again each time: that row is enough.
    reviewed = {row.key for row in decided.values() if row.cells["code"].upper() == "R"}
    rows = [_fill_row(waiting.get(key), one, evidence) for key, one in needed.items() if key not in reviewed]
    for key, row in waiting.items():
        if key not in needed:
            rows.append(_refresh(row, all_summaries.get(key), evidence))
    rows += [
        _refresh(row, all_summaries.get(row.key), evidence, is_met=row.line in evidence.decided_lines)
        for row in decided.values()
    ]
    return replace(sheet, rows=tuple(rows))


def find_summary_keys(summaries: Sequence[ElementSummary]) -> list[Key]:
    """Return the key of the row that a sheet has for each of the elements, if it has one."""
    return [key_of(one) for one in summaries]


def propose_row(summary: ElementSummary, *, shows_examples: bool) -> SheetRow:
    """Return the row that a person would add for an element that needs none: without a code, and seen in no run."""
    row = _fill_row(None, summary, Evidence("", (summary,), (), shows_examples=shows_examples))
    return SheetRow(0, {**row.cells, "seen": ""})


def _normalize(element: str) -> str:
    """Return an element in the notation of the reports; what is not one stays as it is, for the profile to refuse."""
    try:
        return format_pattern(parse_pattern(element, find_keyword))
    except ValueError:
        return element


def key_of(summary: ElementSummary) -> Key:
    """Return the key of the row of an element; see `SheetRow.key`."""
    return (summary.element, _name_vr(summary).casefold(), "", summary.manufacturer.casefold(), "", "")


def _name_vr(summary: ElementSummary) -> str:
    """Return the VR as a row names it: letters that are no VR cannot be named, and such a row is for every VR."""
    return "" if summary.vr == "??" else summary.vr


def _take_cell(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it as a formula."""
    return cell[1:] if cell.startswith(_FORMULA) else cell


def unite_rows(row: SheetRow, other: SheetRow) -> SheetRow:
    """Return one row of two that decide the same: both have been decided on the values that either was decided on."""
    runs = dict.fromkeys((*row.runs, *other.runs))
    cells = {**row.cells, "seen": " ".join(runs)}
    for column in ("note", "who", "when"):
        texts = dict.fromkeys(filter(None, (row.cells[column], other.cells[column])))
        cells[column] = "; ".join(texts) if column != "when" else max(texts, default="")
    return SheetRow(row.line, cells)


def _fill_row(row: SheetRow | None, summary: ElementSummary, evidence: Evidence) -> SheetRow:
    """Return the undecided row of an element; what a person has written into it stays."""
    cells = dict.fromkeys(COLUMNS, "") if row is None else dict(row.cells)
    cells |= {"element": summary.element, "vr": _name_vr(summary), "manufacturer": summary.manufacturer, "code": ""}
    cells |= {"seen": evidence.run, **_show_evidence(summary, evidence)}
    return SheetRow(0 if row is None else row.line, cells)


def _refresh(row: SheetRow, summary: ElementSummary | None, evidence: Evidence, *, is_met: bool = False) -> SheetRow:
    """Return a row with new evidence; if nothing in the collection has met it, the old evidence stays and is marked."""
    if summary is not None:
        return SheetRow(row.line, {**row.cells, **_show_evidence(summary, evidence)})
    flags = [flag for flag in row.cells["flags"].split() if flag != MET_NOTHING]
    if not is_met:
        return SheetRow(row.line, {**row.cells, "flags": " ".join([MET_NOTHING, *flags])})
    return SheetRow(row.line, {**row.cells, "flags": " ".join(flags)})


def _show_evidence(summary: ElementSummary, evidence: Evidence) -> dict[str, str]:
    about = "about " if summary.is_estimated else ""
    shows = evidence.shows_examples
    return {
        "name": summary.name,
        "files": str(summary.files),
        "series": str(summary.series),
        "patients": str(summary.patients) if summary.patients >= 0 else "",
        "distinct": f"{about}{summary.distinct}",
        "min": summary.smallest if shows else "",
        "max": summary.largest if shows else "",
        "shapes": _BETWEEN.join(summary.shapes),
        "examples": _BETWEEN.join(summary.examples) if shows else "",
        "flags": " ".join(summary.flags),
        "suggestion": summary.suggestion,
        "suggested_by": summary.suggested_by,
    }


def find_line(decided_by: str) -> tuple[str, int]:
    """Return the file and the line of a row that decides, as reports write it; line 0 if no line has decided."""
    file, colon, line = decided_by.split("  ", maxsplit=1)[0].rpartition(":")
    return (file, int(line)) if colon and line.isdigit() else (decided_by, 0)

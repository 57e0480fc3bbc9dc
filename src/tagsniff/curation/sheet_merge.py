"""One sheet of several that different persons have filled in, and the rows on which they do not agree.

For: ``tagsniff decide merge``.
Never: choose between two decisions: a person says which holds; or let a K hold for values that its sheet has not seen.
Terms: PS3.15 Table E.1-1a (codes), edition 2026d.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from tagsniff.curation.known_values import KnownFile
from tagsniff.curation.sheet import COLUMNS, FOR, Key, Sheet, SheetRow, unite_rows

# The leading lines that decide something.
_DECIDING_SETTINGS = ("default", "collapse")


class KnownSheet(NamedTuple):
    """A sheet, the path by which it was named, and the file of its known values."""

    path: str
    sheet: Sheet
    known: KnownFile


class Conflict(NamedTuple):
    """A row on which sheets differ: what it is for, and its row in each of them, by the path of the sheet."""

    cells: Mapping[str, str]
    rows: tuple[tuple[str, SheetRow], ...]


class MergedSheet(NamedTuple):
    """The merged sheet without the rows in conflict, and what it was made of.

    ``agreed`` counts the rows that all sheets with a decision on them decide alike, ``single`` those that one sheet
    alone has decided, ``resolved`` those for which a person has said which decision holds. ``settings`` are the names
    of the leading lines that differ and decide something.
    """

    sheet: Sheet
    known: KnownFile
    agreed: int
    single: int
    resolved: int
    conflicts: tuple[Conflict, ...]
    settings: tuple[str, ...]


class KeysDifferError(Exception):
    """The known values of two sheets were made with different keys: the digests cannot be put together."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one, other)
        self.paths = (one, other)


def merge_sheets(sheets: Sequence[KnownSheet], resolved: Sheet | None = None) -> MergedSheet:
    """Return the sheets as one. ``resolved`` has a row with a code for each conflict that a person has settled.

    Raises KeysDifferError if the known values of two sheets have different keys.
    """
    named = _name_runs_apart(sheets)
    answers = {row.key: row for row in (resolved.rows if resolved is not None else ()) if row.is_decided}
    decided: dict[Key, list[tuple[str, SheetRow]]] = {}
    waiting: dict[Key, SheetRow] = {}
    for path, sheet, _ in named:
        own: dict[Key, SheetRow] = {}
        for row in sheet.rows:
            if row.is_decided:
                own[row.key] = unite_rows(own[row.key], row) if row.key in own else row
            else:
                waiting[row.key] = unite_rows(waiting[row.key], row) if row.key in waiting else row
        for key, row in own.items():
            decided.setdefault(key, []).append((path, row))
    rows: list[SheetRow] = []
    conflicts: list[Conflict] = []
    agreed = single = settled = 0
    for key, of_sheets in decided.items():
        if len({_meaning(row) for _, row in of_sheets}) > 1:
            if key not in answers:
                conflicts.append(Conflict(of_sheets[0][1].cells, tuple(of_sheets)))
                continue
            settled += 1
            rows.append(_settle(answers[key], [row for _, row in of_sheets]))
            continue
        agreed += len(of_sheets) > 1
        single += len(of_sheets) == 1
        united = of_sheets[0][1]
        for _, row in of_sheets[1:]:
            united = unite_rows(united, row)
        rows.append(SheetRow(0, united.cells))
    runs_of = {row.key: set(row.runs) for row in rows}
    # A row that waits for the values of a run on which another sheet has decided it waits no more.
    left = [row for key, row in waiting.items() if key not in decided or not set(row.runs) <= runs_of.get(key, set())]
    sheet = Sheet(_unite_settings(named), (*(SheetRow(0, row.cells) for row in left), *rows))
    known = _unite_known(named)
    differing = tuple(
        name for name in _DECIDING_SETTINGS if len({dict(one.sheet.settings).get(name) for one in named}) > 1
    )
    return MergedSheet(sheet, known, agreed, single, settled, tuple(conflicts), differing)


def ask_for_answers(conflicts: Iterable[Conflict], resolved: Sheet | None) -> Sheet:
    """Return a sheet with a row for each conflict, which a person fills in; rows that are there already stay.

    The ``note`` of a new row says what each sheet has decided.
    """
    there = {row.key: row for row in (resolved.rows if resolved is not None else ())}
    for conflict in conflicts:
        row = SheetRow(0, conflict.cells)
        if row.key in there:
            continue
        note = "; ".join(f"{path}: {describe_decision(of_sheet)}" for path, of_sheet in conflict.rows)
        cells = {**dict.fromkeys(COLUMNS, ""), **{name: conflict.cells[name] for name in FOR}}
        evidence = {name: conflict.cells[name] for name in ("name", "flags", "suggestion", "suggested_by")}
        there[row.key] = SheetRow(0, {**cells, **evidence, "note": note})
    settings = resolved.settings if resolved is not None else ()
    return Sheet(settings, tuple(there.values()))


def describe_decision(row: SheetRow) -> str:
    """Return the decision of a row in words: code, collapse and scope; who and when."""
    cells = row.cells
    said = " ".join(filter(None, (cells["code"].upper(), cells["collapse"], cells["scope"])))
    by = ", ".join(filter(None, (cells["who"], cells["when"])))
    return f"{said} ({by})" if by else said


def _meaning(row: SheetRow) -> tuple[str, str, str]:
    return row.cells["code"].upper(), row.cells["collapse"], row.cells["scope"].lower()


def _settle(answer: SheetRow, rows: Sequence[SheetRow]) -> SheetRow:
    """Return the row that a person has chosen.

    It holds for the values that were seen by the sheets that have decided the same; if none has, a K has seen none.
    """
    agreeing = [row for row in rows if row.cells["code"].upper() == answer.cells["code"].upper()]
    runs = dict.fromkeys(run for row in agreeing for run in row.runs)
    words = {name: answer.cells[name] for name in ("code", "collapse", "scope", "note", "who", "when")}
    return SheetRow(0, {**rows[0].cells, **words, "seen": " ".join(runs)})


def _unite_settings(sheets: Sequence[KnownSheet]) -> tuple[tuple[str, str], ...]:
    settings: dict[str, str] = {}
    for one in sheets:
        for name, value in one.sheet.settings:
            settings.setdefault(name, value)
    return tuple(settings.items())


def _unite_known(sheets: Sequence[KnownSheet]) -> KnownFile:
    by_run: dict[str, set[str]] = {}
    key_name = ""
    for one in sheets:
        key_name = key_name or one.known.key_name
        by_run.update(one.known.by_run)
    return KnownFile(key_name, by_run)


def _name_runs_apart(sheets: Sequence[KnownSheet]) -> list[KnownSheet]:
    """Return the sheets with another name for a run of which another sheet has other values by the same name."""
    by_run: dict[str, set[str]] = {}
    keys: dict[str, str] = {}
    all_names = {run for one in sheets for run in (*one.known.by_run, *one.sheet.list_runs())}
    found = []
    for one in sheets:
        if one.known.key_name:
            first = next(iter(keys), one.known.key_name)
            if first != one.known.key_name:
                raise KeysDifferError(keys[first], one.path)
            keys.setdefault(one.known.key_name, one.path)
        names = {}
        for run, digests in one.known.by_run.items():
            if by_run.setdefault(run, digests) != digests:
                number = 2
                while (name := f"{run}.{number}") in all_names:
                    number += 1
                names[run] = name
                all_names.add(name)
                by_run[name] = digests
        found.append(_rename_runs(one, names) if names else one)
    return found


def _rename_runs(one: KnownSheet, names: Mapping[str, str]) -> KnownSheet:
    rows = tuple(
        SheetRow(row.line, {**row.cells, "seen": " ".join(names.get(run, run) for run in row.runs)})
        for row in one.sheet.rows
    )
    by_run = {names.get(run, run): digests for run, digests in one.known.by_run.items()}
    return KnownSheet(one.path, replace(one.sheet, rows=rows), KnownFile(one.known.key_name, by_run))

"""The journal of a sheet of decisions: who decided what, when and why. Lines are only added to it.

For: ``tagsniff decide log``; the review server, ``decide merge`` and ``before --decisions``, which write it.
Never: a value of an element; a change of what is written; a decision that is read from it: the sheet alone decides.

The file is beside the sheet: ``decisions.jsonl`` beside ``decisions.csv``. Each line is a JSON object, an act:

==========  ===========================================================================================================
``when``    the second in which it was written, in UTC
``act``     ``key`` (one row), ``bulk`` (many rows at once), ``undo``, ``load`` (a sheet that was loaded into the page),
            ``merge`` (of several sheets), ``sheet`` (codes that were found in the sheet and not in the journal)
``what``    for an act on many rows: what was chosen; for a merge: of which sheets
``who``     ``why``: the cells ``who`` and ``note``, if they are the same in all rows of the act
``scan``    the SHA-256 of the scan that was looked at, as in its saved form; empty for a merge
``rows``    what each row is for, ``before`` and ``after`` (its code), and if they are not empty ``collapse``,
            ``scope``, ``seen``, ``who`` and ``note``
==========  ===========================================================================================================
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tagsniff.curation.sheet import FOR, Key, Sheet, SheetRow
from tagsniff.output.appended_file import append_line
from tagsniff.output.json_text import format_json
from tagsniff.scanning.run_record import read_date

ENDING = ".jsonl"
ACTS = ("key", "bulk", "undo", "load", "merge", "sheet")
_SHEET_ENDING = ".csv"
_KEPT = ("collapse", "scope", "seen")
_WORDS = ("who", "note")


class Change(NamedTuple):
    """One row of an act: its cells after it, and its code before; the code after is in the cells."""

    cells: Mapping[str, str]
    before: str

    def lay_out(self, common: Mapping[str, str]) -> dict[str, str]:
        """Return the row as the journal has it; ``common`` are the words that are said for all rows."""
        found = {name: self.cells.get(name, "") for name in FOR if self.cells.get(name)}
        found |= {"before": self.before, "after": self.cells.get("code", "")}
        for name in (*_KEPT, *_WORDS):
            if self.cells.get(name) and name not in common:
                found[name] = self.cells[name]
        return found


class Entry(NamedTuple):
    """A line of a journal: its number, and the object in it, None if the line is none."""

    line: int
    body: Mapping[str, Any] | None


class _State(NamedTuple):
    """What the last act on a row has said: code, collapse and scope; and the runs whose values were ever decided on."""

    code: str
    collapse: str
    scope: str
    runs: frozenset[tuple[str, str]]
    cells: Mapping[str, str]


_UNDECIDED = _State("", "", "", frozenset(), {})


def name_journal(sheet: str) -> str:
    """Return the path of the journal of a sheet."""
    stem, ending = os.path.splitext(sheet)
    return (stem if ending.lower() == _SHEET_ENDING else sheet) + ENDING


def append_act(path: str, act: str, changes: Sequence[Change], *, scan: str = "", what: str = "") -> None:
    """Add an act to a journal, whose file is made if it does not exist. Raises OSError, ValueError for no such act."""
    if act not in ACTS:
        raise ValueError(f"{act!r} is no act")
    common = {
        name: words.pop() for name in _WORDS if len(words := {change.cells.get(name, "") for change in changes}) == 1
    }
    body: dict[str, object] = {"when": read_date(), "act": act}
    if what:
        body["what"] = what
    body |= {"who": common.get("who", ""), "why": common.get("note", ""), "scan": scan}
    body["rows"] = [change.lay_out(common) for change in changes]
    append_line(path, format_json(body))


def read_journal(raw: bytes) -> list[Entry]:
    """Return the lines of a journal, also those that are no act: one that was cut off, or that a person has changed."""
    return [Entry(number, _read_act(line)) for number, line in enumerate(raw.split(b"\n"), start=1) if line.strip()]


def find_unwritten(entries: Iterable[Entry], sheet: Sheet) -> list[Change]:
    """Return what a sheet says and its journal does not: codes that a person has changed in a spreadsheet.

    A code that is gone is among them, and a code for values of another run.
    """
    states = _find_states(entries)
    changes: list[Change] = []
    met: set[Key] = set()
    for row in sheet.rows:
        if not row.is_decided:
            continue
        met.add(row.key)
        state = states.get(row.key, _UNDECIDED)
        code = row.cells["code"].upper()
        is_same = (code, row.cells["collapse"], row.cells["scope"]) == state[:3]
        if not is_same or not {(code, run) for run in row.runs} <= state.runs:
            changes.append(Change(row.cells, state.code))
    for key, state in states.items():
        if state.code and key not in met:
            changes.append(Change(state.cells, state.code))
    return changes


def _read_act(line: bytes) -> Mapping[str, Any] | None:
    try:
        body = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or body.get("act") not in ACTS or not isinstance(body.get("rows"), list):
        return None
    rows = body["rows"]
    texts = [body.get(name, "") for name in ("when", "what", "who", "why", "scan")]
    texts += [text for row in rows if isinstance(row, dict) for text in row.values()]
    is_whole = all(isinstance(row, dict) for row in rows) and all(isinstance(text, str) for text in texts)
    return body if is_whole else None


def _find_states(entries: Iterable[Entry]) -> dict[Key, _State]:
    states: dict[Key, _State] = {}
    for entry in entries:
        for row in entry.body["rows"] if entry.body is not None else ():
            cells = {name: row.get(name, "") for name in FOR}
            key = SheetRow(0, cells).key
            code = row.get("after", "").upper()
            runs = states.get(key, _UNDECIDED).runs | {(code, run) for run in row.get("seen", "").split()}
            states[key] = _State(code, row.get("collapse", ""), row.get("scope", ""), frozenset(runs), cells)
    return states

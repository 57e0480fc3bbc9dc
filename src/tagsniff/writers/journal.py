"""Writes the journal of a sheet of decisions: as text for a person, and as JSON Lines for programs.

For: ``tagsniff decide log``.
Never: a line that could control a terminal; a line of the journal that is no act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from tagsniff.curation.journal import Entry
from tagsniff.curation.sheet import FOR
from tagsniff.output.counted import count_of
from tagsniff.output.json_text import format_json
from tagsniff.output.terminal_text import show_on_terminal


def write_text(entries: Sequence[Entry], stream: TextIO) -> None:
    """Write each act as a line, and below it a line for each row: its code before and after."""
    for entry in entries:
        if entry.body is None:
            continue
        for line in _describe_act(entry.body):
            stream.write(show_on_terminal(line) + "\n")


def _describe_act(body: Mapping[str, Any]) -> Iterator[str]:
    rows = body["rows"]
    head = [body.get("when", ""), body.get("who", ""), body["act"], count_of(len(rows), "row"), body.get("what", "")]
    why = f"- {body['why']}" if body.get("why") else ""
    scan = f"[scan {body['scan'][:12]}]" if body.get("scan") else ""
    yield "  ".join(filter(None, (*head, why, scan)))
    for row in rows:
        words = [name_subject(row), f"{row.get('before') or 'undecided'} -> {row.get('after') or 'undecided'}"]
        words += [row.get(name, "") for name in ("collapse", "scope", "who", "note")]
        yield "  " + "  ".join(filter(None, words))


def write_jsonl(entries: Sequence[Entry], stream: TextIO) -> None:
    """Write each act as a JSON object on a line; lines of the journal that are no act are left out."""
    for entry in entries:
        if entry.body is not None:
            stream.write(format_json(entry.body) + "\n")


def name_subject(cells: Mapping[str, str]) -> str:
    """Return what a row of a sheet is for, in words: element, VR and equipment."""
    equipment = ":".join(cells.get(name) or "*" for name in FOR[2:])
    words = [cells.get("element", ""), cells.get("vr", ""), "" if set(equipment) <= set("*:") else equipment]
    return " ".join(filter(None, words))


FORMATS: dict[str, Callable[[Sequence[Entry], TextIO], None]] = {"text": write_text, "jsonl": write_jsonl}
BINARY_FORMATS: dict[str, object] = {}

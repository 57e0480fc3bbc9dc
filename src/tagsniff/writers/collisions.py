r"""Writes the collisions, which are what is ambiguous in a collection, as text, CSV and JSON.

For: the command ``collisions``, and the value reports, which contain them too.
Never: write a private creator that could control a terminal or start a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TextIO

from tagsniff.output.csv_text import write_row
from tagsniff.output.json_text import format_json
from tagsniff.output.terminal_text import show_on_terminal
from tagsniff.report.collisions import CollisionKind, CollisionReport, CollisionRow, count_collisions

HEADINGS = {
    CollisionKind.TAG: "one tag, several private creators",
    CollisionKind.BLOCK: "one private creator, several blocks",
    CollisionKind.CASE: "private creators that differ in letter case only",
    CollisionKind.CODE: "one element, several codes",
}
COLUMNS = ("kind", "subject", "element", "vr", "code", "equipment", "blocks", "files", "series", "occurrences")
_VERSION = 1


def write_text(rows: Iterable[CollisionRow], stream: TextIO) -> None:
    """Write the rows under headings by kind and subject; ``-`` is an empty cell."""
    for kind, of_kind in groupby(rows, lambda row: row.kind):
        stream.write(f"# {HEADINGS[kind]}\n")
        for subject, of_subject in groupby(of_kind, lambda row: row.subject):
            stream.write(f"{show_on_terminal(subject)}\n")
            stream.writelines(f"    {show_on_terminal(_show_row(row))}\n" for row in of_subject)


def _show_row(row: CollisionRow) -> str:
    blocks = "/".join(f"{block:02x}" for block in row.blocks) or "-"
    counts = "" if row.files is None else f"  {row.files} files, {row.series} series, {row.occurrences} occurrences"
    return f"{row.element}  {row.vr or '-'}  {row.code or '-'}  blocks {blocks}{counts}  {row.equipment}"


def write_csv(rows: Iterable[CollisionRow], stream: TextIO) -> None:
    """Write a header row and the rows; blocks are joined with ``/``, missing counts are empty."""
    write_row(stream, COLUMNS)
    for row in rows:
        write_row(stream, format_cells(row))


def format_cells(row: CollisionRow) -> tuple[str, ...]:
    """Return the cells of a row in the order of `COLUMNS`."""
    blocks = "/".join(f"{block:02x}" for block in row.blocks)
    counts = ("" if count is None else str(count) for count in (row.files, row.series, row.occurrences))
    return (row.kind.value, row.subject, row.element, row.vr, row.code, row.equipment, blocks, *counts)


def write_json(rows: Iterable[CollisionRow], stream: TextIO) -> None:
    """Write the object: ``output``, ``version``, ``collisions``; missing counts are null."""
    body = {"output": "collisions", "version": _VERSION, "collisions": [lay_out(row) for row in rows]}
    stream.write(format_json(body, indent=1) + "\n")


def lay_out(row: CollisionRow) -> dict[str, object]:
    """Return the object of one row."""
    return {
        "kind": row.kind.value,
        "subject": row.subject,
        "element": row.element,
        "vr": row.vr,
        "code": row.code,
        "equipment": row.equipment,
        "blocks": [f"{block:02x}" for block in row.blocks],
        "files": row.files,
        "series": row.series,
        "occurrences": row.occurrences,
    }


def write_summary(report: CollisionReport, stream: TextIO, *, exclusions_path: str) -> None:
    """Write the totals, and how many paths are missing."""
    omissions = report.omissions
    stream.write(f"{report.files} files read, {count_collisions(report.rows)} collisions\n")
    if omissions.bounded:
        bound = f"more than {report.max_values} values; what those that are not kept mean is not in the output"
        stream.write(f"{omissions.bounded} elements of some equipment have {bound}\n")
    if omissions.paths:
        shown_path = show_on_terminal(exclusions_path)
        stream.write(f"{len(omissions.paths)} paths were left out; they are listed in {shown_path}\n")


FORMATS: dict[str, Callable[[Iterable[CollisionRow], TextIO], None]] = {
    "text": write_text,
    "csv": write_csv,
    "json": write_json,
}

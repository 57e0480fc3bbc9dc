"""Collisions as text: a heading for each subject, below it what it means where.

For: reading.
Never: a control character of a file's text on a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TextIO

from tagsniff.output.terminal_text import show_on_terminal
from tagsniff.report.collisions import CollisionKind, CollisionRow

HEADINGS = {
    CollisionKind.TAG: "one tag, several private creators",
    CollisionKind.BLOCK: "one private creator, several blocks",
    CollisionKind.CASE: "private creators that differ in letter case only",
    CollisionKind.CODE: "one element, several codes",
}


def write_collisions(rows: Iterable[CollisionRow], stream: TextIO) -> None:
    """Write the rows, grouped by kind and subject; ``-`` stands for nothing."""
    for kind, of_kind in groupby(rows, lambda row: row.kind):
        stream.write(f"# {HEADINGS[kind]}\n")
        for subject, of_subject in groupby(of_kind, lambda row: row.subject):
            stream.write(f"{show_on_terminal(subject)}\n")
            stream.writelines(f"    {show_on_terminal(_lay_out(row))}\n" for row in of_subject)


def _lay_out(row: CollisionRow) -> str:
    blocks = "/".join(f"{block:02x}" for block in row.blocks) or "-"
    counts = "" if row.files is None else f"  {row.files} files, {row.series} series, {row.occurrences} occurrences"
    return f"{row.element}  {row.vr or '-'}  {row.code or '-'}  blocks {blocks}{counts}  {row.equipment}"

"""Element Values as JSON Lines: one JSON object (RFC 8259, UTF-8) for each row.

For: other programs that take a row at a time, and everybody who needs a value as it is: nothing is changed in it.
Never: change the meaning of a name; what is new gets a new name.
"""

from __future__ import annotations

from typing import TextIO

from tagsniff.output.json_text import PLAIN_LETTERS, format_json, format_text
from tagsniff.output.terminal_text import show_undecoded
from tagsniff.report.rows import RowGroup
from tagsniff.report.values import ValueReport
from tagsniff.writers.row_lines import Part, show_groups, show_recurring, show_texts, write_lines


def write_values(report: ValueReport, stream: TextIO) -> None:
    """Write the rows."""
    write_lines(len(report.table), [b"{", *list_members(report), b"}\n"], stream)


def list_members(report: ValueReport) -> list[Part]:
    """Return what the members of the object of each row are made of, without its braces."""
    table = report.table
    return [
        show_recurring(table.kinds, lambda kind: f'"kind": {format_text(kind.value)}, '),
        show_groups(report.groups, _show_group),
        show_recurring(table.codes, lambda code: f'"code": {format_text(code)}, "value": "'),
        show_texts(table.values, PLAIN_LETTERS, PLAIN_LETTERS, _show_within_quotes),
        b'", "files": ',
        (table.files, 0),
        b', "series": ',
        (table.series, 0),
        b', "occurrences": ',
        (table.occurrences, 0),
        show_groups(report.groups, _show_blocks),
        show_recurring(table.flags, lambda flags: f'"flags": {format_json(flags)}, "example": "'),
        show_texts(
            table.examples, PLAIN_LETTERS, PLAIN_LETTERS, lambda path: _show_within_quotes(show_undecoded(path))
        ),
        b'"',
    ]


def _show_group(group: RowGroup) -> str:
    texts = ("equipment", group.equipment), ("element", group.element), ("vr", group.vr), ("keyword", group.keyword)
    return "".join(f'"{name}": {format_text(text)}, ' for name, text in texts)


def _show_blocks(group: RowGroup) -> str:
    blocks = format_json([f"{block:02x}" for block in group.blocks])
    return f', "blocks": {blocks}, '


def _show_within_quotes(text: str) -> str:
    return format_json(text)[1:-1]

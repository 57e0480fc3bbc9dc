r"""Element Values as CSV (RFC 4180 with LF line ends, UTF-8).

For: spreadsheets, and tools that read CSV. What has to be exact is in the JSON formats: here a value that starts as a
formula does gets a leading apostrophe (negative numbers too), and controls but line ends and tab become ``\xNN``.
Never: let a cell start as a formula does.
"""

from __future__ import annotations

from typing import TextIO

from tagsniff.output.csv_text import PLAIN_LETTERS, PLAIN_STARTS, format_cell, format_row, write_row
from tagsniff.output.terminal_text import show_undecoded
from tagsniff.report.rows import RowGroup
from tagsniff.report.values import ValueReport
from tagsniff.writers.row_lines import show_groups, show_recurring, show_texts, write_lines

COLUMNS = (
    *("kind", "equipment", "element", "vr", "keyword", "code", "value"),
    *("files", "series", "occurrences", "blocks", "flags", "example"),
)


def write_values(report: ValueReport, stream: TextIO) -> None:
    """Write a header row and the rows; blocks are joined with ``/``, flags with a space."""
    write_row(stream, COLUMNS)
    table = report.table
    parts = [
        show_recurring(table.kinds, lambda kind: format_cell(kind.value)),
        show_groups(report.groups, _show_group),
        show_recurring(table.codes, lambda code: f"{format_cell(code)},"),
        show_texts(table.values, PLAIN_LETTERS, PLAIN_STARTS, format_cell),
        b",",
        (table.files, 0),
        b",",
        (table.series, 0),
        b",",
        (table.occurrences, 0),
        show_groups(report.groups, _show_blocks),
        show_recurring(table.flags, lambda flags: f"{format_cell(' '.join(flags))},"),
        show_texts(table.examples, PLAIN_LETTERS, PLAIN_STARTS, lambda path: format_cell(show_undecoded(path))),
        b"\n",
    ]
    write_lines(len(table), parts, stream)


def _show_group(group: RowGroup) -> str:
    return f",{format_row((group.equipment, group.element, group.vr, group.keyword))},"


def _show_blocks(group: RowGroup) -> str:
    return f",{format_cell('/'.join(f'{block:02x}' for block in group.blocks))},"

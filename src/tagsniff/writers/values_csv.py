r"""Element Values as CSV (RFC 4180 with LF line ends, UTF-8).

For: spreadsheets, and tools that read CSV. What has to be exact is in the JSON formats: here a value that starts as a
formula does gets a leading apostrophe (negative numbers too), and controls but line ends and tab become ``\xNN``.
Never: let a cell start as a formula does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from tagsniff.value_report import ValueReport
from tagsniff.value_rows import RowGroup
from tagsniff.writers.csv import format_cell, format_cells, format_row, write_row
from tagsniff.writers.path_text import show_undecoded_all
from tagsniff.writers.row_texts import join_rows

COLUMNS = (
    *("kind", "equipment", "element", "vr", "keyword", "code", "value"),
    *("files", "series", "occurrences", "blocks", "flags", "example"),
)


def write_values(report: ValueReport, stream: TextIO) -> None:
    """Write a header row and the rows; blocks are joined with ``/``, flags with a space."""
    write_row(stream, COLUMNS)
    for group in report.groups:
        stream.writelines(_lay_out(group))


def _lay_out(group: RowGroup) -> Iterator[str]:
    """Return the line of each row."""
    of_group = format_row((group.equipment, group.element, group.vr, group.keyword))
    blocks = format_cell("/".join(f"{block:02x}" for block in group.blocks))
    rows = join_rows(
        group,
        lambda kind, code: f"{format_cell(kind.value)},{of_group},{format_cell(code)},",
        format_cells(group.values),
        lambda files, series, occurrences, flags: (
            f",{files},{series},{occurrences},{blocks},{format_cell(' '.join(flags))},"
        ),
        format_cells(show_undecoded_all(group.examples)),
    )
    return (f"{row}\n" for row in rows)

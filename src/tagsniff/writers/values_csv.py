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
    """Yield the line of each row."""
    # By hand: there may be millions of rows, which differ in few of their cells.
    of_group = format_row((group.equipment, group.element, group.vr, group.keyword))
    blocks = format_cell("/".join(f"{block:02x}" for block in group.blocks))
    starts = {
        (kind, code): f"{format_cell(kind.value)},{of_group},{format_cell(code)}"
        for kind, code in set(zip(group.kinds, group.codes, strict=True))
    }
    counts = list(zip(group.files, group.series, group.occurrences, group.flags, strict=True))
    ends = {
        of_row: f"{files},{series},{occurrences},{blocks},{format_cell(' '.join(flags))}"
        for of_row in set(counts)
        for files, series, occurrences, flags in [of_row]
    }
    values, examples = format_cells(group.values), format_cells(show_undecoded_all(group.examples))
    for kind, code, value, of_row, example in zip(group.kinds, group.codes, values, counts, examples, strict=True):
        yield f"{starts[kind, code]},{value},{ends[of_row]},{example}\n"

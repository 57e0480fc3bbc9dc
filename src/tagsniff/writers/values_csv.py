r"""Element Values as CSV (RFC 4180 with LF line ends, UTF-8).

For: spreadsheets, and tools that read CSV. What has to be exact is in the JSON formats: here a value that starts as a
formula does gets a leading apostrophe (negative numbers too), and controls but line ends and tab become ``\xNN``.
Never: let a cell start as a formula does.
"""

from __future__ import annotations

from typing import TextIO

from tagsniff.value_report import ValueReport
from tagsniff.writers.csv import write_row
from tagsniff.writers.path_text import show_undecoded

COLUMNS = (
    *("kind", "equipment", "element", "vr", "keyword", "code", "value"),
    *("files", "series", "occurrences", "blocks", "flags", "example"),
)


def write_values(report: ValueReport, stream: TextIO) -> None:
    """Write a header row and the rows; blocks are joined with ``/``, flags with a space."""
    write_row(stream, COLUMNS)
    for row in report.rows:
        blocks = "/".join(f"{block:02x}" for block in row.blocks)
        cells = (row.kind.value, row.equipment, row.element, row.vr, row.keyword, row.code, row.value)
        counts = (str(row.files), str(row.series), str(row.occurrences))
        ends = (blocks, " ".join(row.flags), show_undecoded(row.example))
        write_row(stream, (*cells, *counts, *ends))

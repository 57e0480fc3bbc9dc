"""Writes the sheet of decisions as CSV (RFC 4180 with LF line ends, UTF-8).

For: ``before --decisions FILE``; spreadsheets, and the parser of profiles, which reads the same file.
Never: a cell with a line break, which the parser refuses, or one that a spreadsheet runs as a formula.
"""

from __future__ import annotations

from typing import TextIO

from tagsniff.curation.sheet import COLUMNS, Sheet
from tagsniff.output.csv_text import write_row
from tagsniff.output.terminal_text import show_on_terminal


def write_sheet(sheet: Sheet, stream: TextIO) -> None:
    """Write the leading lines, the names of the columns, and the rows."""
    stream.writelines(f"# {name} = {show_on_terminal(value)}\n" for name, value in sheet.settings)
    write_row(stream, COLUMNS)
    for row in sheet.rows:
        write_row(stream, (show_on_terminal(row.cells[column]) for column in COLUMNS))

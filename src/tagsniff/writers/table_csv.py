r"""A table as CSV (RFC 4180 with LF line ends, UTF-8).

For: spreadsheets, and tools that read CSV. What has to be exact is in the other formats: here a value that starts as a
formula does gets a leading apostrophe (negative numbers too), controls but line ends and tab become ``\xNN``, and the
values of several items are joined with ``|``.
Never: let a cell start as a formula does, or hold more than a batch of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from tagsniff.output.csv_text import format_cell, write_row
from tagsniff.selection.table_rows import PATH, SEPARATOR, STATUS, Cell, Column, RowBatch


def write_table(rows: Iterable[RowBatch], columns: Sequence[Column], stream: TextIO, *, has_status: bool) -> None:
    """Write a header row and the rows; nothing stands for an element that a file does not have, ``""`` for no value."""
    first = [PATH, STATUS] if has_status else [PATH]
    write_row(stream, [*first, *(column.name for column in columns)])
    for batch in rows:
        leading = [batch.paths, batch.statuses][: len(first)]
        columns_of_text = [map(format_cell, column) for column in leading]
        columns_of_text += (map(_format_cell, column) for column in batch.columns)
        stream.writelines(",".join(row) + "\n" for row in zip(*columns_of_text, strict=True))


def _format_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return format_cell(cell if isinstance(cell, str) else SEPARATOR.join(cell)) or '""'

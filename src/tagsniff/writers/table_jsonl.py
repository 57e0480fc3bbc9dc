"""A table as JSON Lines: one JSON object (RFC 8259, UTF-8) for each row.

For: other programs that take a row at a time, and everybody who needs a value as it is: nothing is changed in it.
Never: change the meaning of a name, or hold more than a batch of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from tagsniff.output.json_text import format_json
from tagsniff.selection.table_rows import PATH, STATUS, Column, RowBatch


def write_table(rows: Iterable[RowBatch], columns: Sequence[Column], stream: TextIO, *, has_status: bool) -> None:
    """Write the rows; null is an element that a file does not have, an array the values of items."""
    names = [*([PATH, STATUS] if has_status else [PATH]), *(column.name for column in columns)]
    for batch in rows:
        leading = [batch.paths, batch.statuses] if has_status else [batch.paths]
        for row in zip(*leading, *batch.columns, strict=True):
            stream.write(format_json(dict(zip(names, row, strict=True))) + "\n")

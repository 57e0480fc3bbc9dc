"""Collisions as CSV (RFC 4180 with LF line ends, UTF-8).

For: spreadsheets, and tools that read CSV.
Never: let a cell start as a formula does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from tagsniff.output.csv_text import write_row
from tagsniff.report.collisions import CollisionRow

COLUMNS = ("kind", "subject", "element", "vr", "code", "equipment", "blocks", "files", "series", "occurrences")


def write_collisions(rows: Iterable[CollisionRow], stream: TextIO) -> None:
    """Write a header row and the rows; blocks are joined with ``/``, counts that there are not are empty."""
    write_row(stream, COLUMNS)
    for row in rows:
        write_row(stream, format_cells(row))


def format_cells(row: CollisionRow) -> tuple[str, ...]:
    """Return the cells of a row in the order of `COLUMNS`."""
    blocks = "/".join(f"{block:02x}" for block in row.blocks)
    counts = ("" if count is None else str(count) for count in (row.files, row.series, row.occurrences))
    return (row.kind.value, row.subject, row.element, row.vr, row.code, row.equipment, blocks, *counts)

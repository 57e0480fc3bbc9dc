"""The Element Inventory as text: one line for each tag, or one for each identity.

For: reading, and for tools that take one line at a time.
Never: a value of an element; and a private creator only where the identities are asked for.
"""

from __future__ import annotations

from typing import TextIO

from tagsniff.dicom.notation import format_tag
from tagsniff.report.inventory import InventoryReport, InventoryRow

_HEADING = ("# files", "series", "occurrences", "VR", "blocks", "keyword", "identity")
_NUMBERS = 3


def write_inventory(report: InventoryReport, stream: TextIO, *, by_creator: bool) -> None:
    """Write ``(gggg,eeee)`` line by line; ``by_creator``: aligned columns under a heading that starts with ``#``.

    Columns are separated by two or more spaces, ``-`` stands for nothing, and the identity comes last since it is the
    one that grows long.
    """
    if not by_creator:
        stream.writelines(f"{format_tag(tag)}\n" for tag in report.tags)
        return
    lines = [_HEADING, *map(_lay_out, report.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADING))]
    for line in lines:
        cells = [
            cell.rjust(width) if column < _NUMBERS else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        stream.write("  ".join(cells).rstrip() + "\n")


def _lay_out(row: InventoryRow) -> tuple[str, ...]:
    return (
        str(row.files),
        str(row.series),
        str(row.occurrences),
        "/".join(row.vrs) or "-",
        "/".join(f"{block:02x}" for block in row.blocks) or "-",
        row.keyword or "-",
        row.identity,
    )

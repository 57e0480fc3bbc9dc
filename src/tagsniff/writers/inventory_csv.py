"""The Element Inventory as CSV: one row for each tag, or for each identity.

For: spreadsheets, and tools that read CSV.
Never: a cell that is not written by `tagsniff.output.csv_text`.
"""

from __future__ import annotations

from typing import TextIO

from tagsniff.dicom.notation import format_tag
from tagsniff.output.csv_text import write_row
from tagsniff.report.inventory import InventoryReport


def write_inventory(report: InventoryReport, stream: TextIO, *, by_creator: bool) -> None:
    """Write a header row and one row for each tag; ``by_creator``: for each identity, with what is known of it.

    Several VRs or blocks of one identity are joined with ``/``.
    """
    if not by_creator:
        write_row(stream, ["tag"])
        for tag in report.tags:
            write_row(stream, [format_tag(tag)])
        return
    write_row(stream, ["identity", "vrs", "keyword", "blocks", "files", "series", "occurrences"])
    for row in report.rows:
        blocks = "/".join(f"{block:02x}" for block in row.blocks)
        counts = (str(row.files), str(row.series), str(row.occurrences))
        write_row(stream, [row.identity, "/".join(row.vrs), row.keyword, blocks, *counts])

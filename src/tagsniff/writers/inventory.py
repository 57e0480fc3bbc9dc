r"""Writes the Element Inventory as text, CSV and JSON: every tag, or every identity with its VRs, blocks and counts.

For: readers, scripts that take a tag from each line, spreadsheets, and other programs.
Never: write a cell or line without the code that all outputs share; or, in JSON, change the meaning of a name without a
new number in ``version``.
"""

from __future__ import annotations

from typing import Any, Protocol, TextIO

from tagsniff.dicom.notation import format_tag
from tagsniff.output.csv_text import write_row
from tagsniff.output.json_text import format_json
from tagsniff.report.inventory import InventoryReport, InventoryRow
from tagsniff.status import Kind
from tagsniff.writers.exclusions import count_statuses, lay_out_omission
from tagsniff.writers.summaries import write_omissions, write_statuses

_HEADING = ("# files", "series", "occurrences", "VR", "blocks", "keyword", "identity")
_NUMBERS = 3
_VERSION = 1


def write_text(report: InventoryReport, stream: TextIO, *, by_creator: bool) -> None:
    """Write ``(gggg,eeee)`` for each tag, one on each line; ``by_creator``: aligned columns under a heading with ``#``.

    Columns are separated by two or more spaces, ``-`` is an empty cell, and the identity is last because it may be
    long.
    """
    if not by_creator:
        stream.writelines(f"{format_tag(tag)}\n" for tag in report.tags)
        return
    lines = [_HEADING, *map(_list_cells, report.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADING))]
    for line in lines:
        cells = [
            cell.rjust(width) if column < _NUMBERS else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        stream.write("  ".join(cells).rstrip() + "\n")


def _list_cells(row: InventoryRow) -> tuple[str, ...]:
    return (
        str(row.files),
        str(row.series),
        str(row.occurrences),
        "/".join(row.vrs) or "-",
        "/".join(f"{block:02x}" for block in row.blocks) or "-",
        row.keyword or "-",
        row.identity,
    )


def write_csv(report: InventoryReport, stream: TextIO, *, by_creator: bool) -> None:
    """Write a header row and one row for each tag; ``by_creator``: for each identity, with VRs, blocks and counts.

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


def write_json(report: InventoryReport, stream: TextIO, *, by_creator: bool) -> None:
    """Write the object: ``output``, ``version``, ``totals``, ``elements`` or ``identities``, ``omissions``.

    ``elements`` is a list of ``(gggg,eeee)``; ``by_creator``: ``identities``, a list of objects. ``version`` is the
    version of this layout. Statuses have their names in `Status`.
    """
    body: dict[str, Any] = {
        "output": "element-inventory",
        "version": _VERSION,
        "totals": {
            "files": report.files,
            "series": report.series,
            "tags": len(report.tags),
            "identities": len(report.rows),
            "exclusions": count_statuses(report.omissions.counts, Kind.EXCLUSION),
            "faults": count_statuses(report.omissions.counts, Kind.FAULT),
            "deviations": count_statuses(report.deviations, Kind.DEVIATION),
        },
    }
    if by_creator:
        body["identities"] = [_lay_out(row) for row in report.rows]
    else:
        body["elements"] = [format_tag(tag) for tag in report.tags]
    body["omissions"] = [lay_out_omission(omission) for omission in report.omissions.paths]
    stream.write(format_json(body, indent=1) + "\n")


def _lay_out(row: InventoryRow) -> dict[str, Any]:
    return {
        "identity": row.identity,
        "vrs": row.vrs,
        "keyword": row.keyword,
        "blocks": [f"{block:02x}" for block in row.blocks],
        "files": row.files,
        "series": row.series,
        "occurrences": row.occurrences,
    }


def write_summary(report: InventoryReport, stream: TextIO, *, exclusions_path: str) -> None:
    """Write the totals, then one line for each reason with its count.

    Exclusions and faults are counted in paths, deviations in files.
    """
    stream.write(f"{report.files} files read, {report.series} series, {len(report.tags)} tags\n")
    write_statuses(report.omissions, report.deviations, stream)
    write_omissions(report.omissions, exclusions_path, stream)


class _Write(Protocol):
    def __call__(self, report: InventoryReport, stream: TextIO, /, *, by_creator: bool) -> None: ...


FORMATS: dict[str, _Write] = {"text": write_text, "csv": write_csv, "json": write_json}

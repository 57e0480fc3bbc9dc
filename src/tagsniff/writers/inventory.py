r"""Writes the Element Inventory in all formats: every tag, or every identity with its VRs, blocks and counts.

For: readers, scripts that take a tag from each line, spreadsheets, and other programs.
Never: write a cell or line without the code that all outputs share; or, in JSON, change the meaning of a name without a
new number in ``version``.
"""

from __future__ import annotations

from typing import Any, BinaryIO, Protocol, TextIO

from tagsniff.dicom.notation import format_identity, format_tag, parse_identity
from tagsniff.output.counted import count_of, count_patients
from tagsniff.output.csv_text import write_row
from tagsniff.output.json_text import format_json
from tagsniff.output.terminal_text import show_on_terminal, show_undecoded
from tagsniff.report.inventory import InventoryReport, InventoryRow
from tagsniff.status import Kind
from tagsniff.writers.exclusions import count_statuses, lay_out_omission
from tagsniff.writers.run_rows import (
    format_first_line,
    format_last_lines,
    lay_out_profile,
    lay_out_run,
    lay_out_state,
    list_heading,
    make_first_row,
    make_last_rows,
    make_metadata,
    shorten_row,
    show_count,
)
from tagsniff.writers.summaries import Listed, write_omissions

_HEADING = ("# files", "series", "patients", "occurrences", "VR", "blocks", "row", "name", "identity")
_NUMBERS = 4
_WIDEST = 40
TAG_COLUMNS = ("kind", "tag", "text")
_COUNTS = ("files", "series", "patients", "occurrences")
IDENTITY_COLUMNS = ("kind", "identity", "vrs", "name", "blocks", *_COUNTS, "decided_by")
_VERSION = 2


def write_text(report: InventoryReport, stream: TextIO, *, by_creator: bool) -> None:
    """Write ``(gggg,eeee)`` for each tag, one on each line; ``by_creator``: aligned columns under a heading with ``#``.

    A list of tags has no other line, unless it is incomplete: then its first line begins with ``# INCOMPLETE``. In the
    columns, two or more spaces are between cells, ``-`` is an empty cell, and the identity is last because it may be
    long; ``row`` is the file and line of the profile row that decides.
    """
    if not by_creator:
        stream.writelines(list_heading(report.run, report.omissions)[: 0 if report.omissions.is_complete() else 1])
        stream.writelines(f"{format_tag(tag)}\n" for tag in report.tags)
        return
    stream.writelines(list_heading(report.run, report.omissions, report.profiles))
    lines = [_HEADING, *map(_list_cells, report.rows)]
    widths = [min(_WIDEST, max(len(line[column]) for line in lines)) for column in range(len(_HEADING))]
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
        str(row.patients) if row.patients >= 0 else "-",
        str(row.occurrences),
        "/".join(row.vrs) or "-",
        _join_blocks(row) or "-",
        ", ".join(dict.fromkeys(map(shorten_row, row.decided_by.split("; ")))) or "-",
        show_on_terminal(row.name) or "-",
        row.identity,
    )


def write_for_person(report: InventoryReport, stream: TextIO) -> None:
    """Write the elements with counts, VR and name, the elements of a sequence indented below it.

    This is what a person sees on a terminal who has asked for no format. Columns are separated by two or more spaces.
    """
    shown = [(row, parse_identity(row.identity)) for row in report.rows]
    cells = [
        (
            str(row.files),
            str(row.occurrences),
            "/".join(row.vrs) or "-",
            "  " * (len(identity) - 1) + format_identity(identity[-1:]),
            show_on_terminal(row.name),
        )
        for row, identity in shown
    ]
    stream.writelines(list_heading(report.run, report.omissions)[: 0 if report.omissions.is_complete() else 1])
    lines = [("files", "occurrences", "VR", "element", "name"), *cells]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    for files, occurrences, vrs, element, name in lines:
        numbers = f"{files:>{widths[0]}}  {occurrences:>{widths[1]}}"
        stream.write(f"{numbers}  {vrs:<{widths[2]}}  {element}  {name}".rstrip() + "\n")


def write_csv(report: InventoryReport, stream: TextIO, *, by_creator: bool) -> None:
    """Write a header row and one row for each tag; ``by_creator``: for each identity, with VRs, blocks and counts.

    Several VRs or blocks of one identity are joined with ``/``. The first row, of kind ``run``, says what was run. In
    an incomplete report the last row, of kind ``incomplete``, says what is missing.
    """
    columns, at = (IDENTITY_COLUMNS, "name") if by_creator else (TAG_COLUMNS, "text")
    write_row(stream, columns)
    write_row(stream, make_first_row(columns, at, report.run, report.profiles))
    if by_creator:
        for row in report.rows:
            cells = (row.identity, "/".join(row.vrs), row.name, _join_blocks(row))
            patients = str(row.patients) if row.patients >= 0 else ""
            counts = (str(row.files), str(row.series), patients, str(row.occurrences))
            write_row(stream, ("identity", *cells, *counts, show_undecoded(row.decided_by)))
    else:
        for tag in report.tags:
            write_row(stream, ("tag", format_tag(tag), ""))
    for last in make_last_rows(columns, at, report.omissions):
        write_row(stream, last)


def write_jsonl(report: InventoryReport, stream: TextIO, *, by_creator: bool) -> None:
    """Write an object for each tag or identity, one of kind ``run`` first, and one of kind ``incomplete`` last."""
    stream.write(format_first_line(report.run, report.profiles))
    if by_creator:
        stream.writelines(format_json({"kind": "identity", **_lay_out(row)}) + "\n" for row in report.rows)
    else:
        stream.writelines(format_json({"kind": "tag", "tag": format_tag(tag)}) + "\n" for tag in report.tags)
    stream.write(format_last_lines(report.omissions))


def write_json(report: InventoryReport, stream: TextIO, *, by_creator: bool) -> None:
    """Write the object: ``output``, ``version``, the run, ``totals``, ``elements`` or ``identities``, ``omissions``.

    ``elements`` is a list of ``(gggg,eeee)``; ``by_creator``: ``identities``, a list of objects. ``version`` is the
    version of this layout. Statuses have their names in `Status`.
    """
    body: dict[str, Any] = {
        "output": "element-inventory",
        "version": _VERSION,
        **lay_out_run(report.run),
        **lay_out_state(report.omissions),
        "profiles": [lay_out_profile(profile) for profile in report.profiles],
        "totals": {
            "files": report.files,
            "series": report.series,
            "patients": show_count(report.patients),
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


def write_parquet(report: InventoryReport, stream: BinaryIO, *, by_creator: bool) -> None:
    """Write the tags or identities as a table; its metadata says what was run."""
    from tagsniff.writers.parquet import NUMBER, TEXT, write_rows

    metadata = make_metadata(report.run, report.omissions, report.profiles)
    if not by_creator:
        write_rows([("tag", TEXT)], [(format_tag(tag),) for tag in report.tags], metadata, stream)
        return
    columns = [(name, NUMBER if name in _COUNTS else TEXT) for name in IDENTITY_COLUMNS[1:]]
    rows = [
        (
            *(row.identity, "/".join(row.vrs), show_undecoded(row.name), _join_blocks(row)),
            *(row.files, row.series, show_count(row.patients), row.occurrences, show_undecoded(row.decided_by)),
        )
        for row in report.rows
    ]
    write_rows(columns, rows, metadata, stream)


def _join_blocks(row: InventoryRow) -> str:
    return "/".join(f"{block:02x}" for block in row.blocks)


def _lay_out(row: InventoryRow) -> dict[str, Any]:
    return {
        "identity": row.identity,
        "vrs": row.vrs,
        "keyword": row.keyword,
        "name": row.name,
        "blocks": [f"{block:02x}" for block in row.blocks],
        "files": row.files,
        "series": row.series,
        "patients": show_count(row.patients),
        "occurrences": row.occurrences,
        "decided_by": row.decided_by,
    }


def write_summary(report: InventoryReport, stream: TextIO, *, listed: Listed) -> None:
    """Write the totals, then one line for each reason with its count.

    Exclusions and faults are counted in paths, deviations in files.
    """
    counts = (
        count_of(report.series, "series"),
        count_patients(report.patients),
        count_of(len(report.tags), "tag"),
    )
    stream.write(f"{count_of(report.files, 'file')} read, {', '.join(counts)}\n")
    write_omissions(report.omissions, report.deviations, listed, stream)


class _Write(Protocol):
    def __call__(self, report: InventoryReport, stream: TextIO, /, *, by_creator: bool) -> None: ...


class _WriteBytes(Protocol):
    def __call__(self, report: InventoryReport, stream: BinaryIO, /, *, by_creator: bool) -> None: ...


FORMATS: dict[str, _Write] = {"text": write_text, "csv": write_csv, "jsonl": write_jsonl, "json": write_json}
BINARY_FORMATS: dict[str, _WriteBytes] = {"parquet": write_parquet}

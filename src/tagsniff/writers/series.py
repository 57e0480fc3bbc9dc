r"""Writes the series of a folder in all formats.

For: readers, spreadsheets, and other programs.
Never: a path that could control a terminal or start a formula, or a value beyond UIDs, Modality and numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from tagsniff.output.counted import count_of
from tagsniff.output.csv_text import write_row
from tagsniff.output.json_text import format_json
from tagsniff.output.terminal_text import show_on_terminal, show_undecoded
from tagsniff.writers.exclusions import lay_out_omission
from tagsniff.writers.run_rows import (
    format_first_line,
    format_last_lines,
    lay_out_run,
    lay_out_state,
    list_heading,
    make_first_row,
    make_last_rows,
    make_metadata,
)
from tagsniff.writers.summaries import Listed, write_omissions

if TYPE_CHECKING:
    from tagsniff.selection.series import Series, SeriesList

COLUMNS = (
    *("kind", "study_uid", "series_uid", "series_number", "modality", "order", "spacing_mm", "findings"),
    *("index", "path", "position_mm", "instance_number"),
)
"""A row for each file. What is said of the series is the same in all of its rows."""
_TEXT_COLUMN = "findings"
_KIND = "file"
_VERSION = 1


def write_text(found: SeriesList, stream: TextIO) -> None:
    """Write a line for each series, what is told of it in a line below it, and its first file."""
    from tagsniff.selection.series import FINDINGS

    stream.writelines(list_heading(found.run, found.omissions))
    lines = [("files", "modality", "order", "spacing", "series")]
    for one in found:
        spacing = "-" if one.spacing_mm is None else f"{one.spacing_mm:.4g} mm"
        modality, uid = show_on_terminal(one.modality or "-"), show_on_terminal(one.series_uid or "(no UID)")
        lines.append((str(len(one.files)), modality, one.order, spacing, uid))
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    for (files, modality, order, spacing, uid), one in zip(lines, (None, *found), strict=True):
        cells = [
            f"{files:>{widths[0]}}",
            f"{modality:<{widths[1]}}",
            f"{order:<{widths[2]}}",
            f"{spacing:>{widths[3]}}",
        ]
        stream.write("  ".join([*cells, uid]) + "\n")
        if one is not None:
            indent = " " * (widths[0] + 2)
            stream.writelines(f"{indent}{code} {count}: {FINDINGS[code]}\n" for code, count in one.findings)
            stream.write(f"{indent}{show_on_terminal(one.files[0])}\n")


def write_csv(found: SeriesList, stream: TextIO) -> None:
    """Write a row for each file, in the order of its series; the first row says what was run."""
    write_row(stream, COLUMNS)
    write_row(stream, make_first_row(COLUMNS, _TEXT_COLUMN, found.run))
    for row in _list_rows(found):
        write_row(stream, ["" if cell is None else str(cell) for cell in row.values()])
    for last in make_last_rows(COLUMNS, _TEXT_COLUMN, found.omissions):
        write_row(stream, last)


def write_jsonl(found: SeriesList, stream: TextIO) -> None:
    """Write an object for each series, one of kind ``run`` first and one of kind ``incomplete`` last."""
    stream.write(format_first_line(found.run))
    stream.writelines(format_json({"kind": "series", **_lay_out(one)}) + "\n" for one in found)
    stream.write(format_last_lines(found.omissions))


def write_json(found: SeriesList, stream: TextIO) -> None:
    """Write the object: ``output``, ``version``, the run, ``totals``, ``series``, ``omissions``."""
    body = {
        "output": "series",
        "version": _VERSION,
        **lay_out_run(found.run),
        **lay_out_state(found.omissions),
        "totals": {"files": found.files_read, "series": len(found)},
        "series": [*map(_lay_out, found)],
        "omissions": [lay_out_omission(omission) for omission in found.omissions.paths],
    }
    stream.write(format_json(body, indent=1) + "\n")


def write_parquet(found: SeriesList, stream: BinaryIO) -> None:
    """Write the rows of `write_csv` as a table; its metadata says what was run."""
    from tagsniff.writers.parquet import TEXT, write_rows

    rows = [["" if cell is None else str(cell) for cell in list(row.values())[1:]] for row in _list_rows(found)]
    write_rows([(name, TEXT) for name in COLUMNS[1:]], rows, make_metadata(found.run, found.omissions), stream)


def write_summary(found: SeriesList, stream: TextIO, *, listed: Listed) -> None:
    """Write the totals, and how many paths could not be read."""
    told = sum(bool(one.findings) for one in found)
    stream.write(f"{count_of(found.files_read, 'file')} read, {len(found)} series, something is told of {told}\n")
    write_omissions(found.omissions, (), listed, stream)


def _list_rows(found: SeriesList) -> Iterator[dict[str, Any]]:
    for one in found:
        findings = " ".join(f"{code}={count}" for code, count in one.findings)
        for index, path in enumerate(one.files):
            cells = (
                *(_KIND, one.study_uid, one.series_uid, one.series_number, one.modality, one.order, one.spacing_mm),
                *(findings, index, show_undecoded(path)),
                *(one.positions_mm[index] if one.positions_mm else None, one.numbers[index]),
            )
            yield dict(zip(COLUMNS, cells, strict=True))


def _lay_out(one: Series) -> dict[str, Any]:
    return {
        **one._asdict(),
        "files": [*map(show_undecoded, one.files)],
        "findings": dict(one.findings),
    }


FORMATS: dict[str, Callable[[SeriesList, TextIO], None]] = {
    "text": write_text,
    "csv": write_csv,
    "jsonl": write_jsonl,
    "json": write_json,
}
BINARY_FORMATS: dict[str, Callable[[SeriesList, BinaryIO], None]] = {"parquet": write_parquet}

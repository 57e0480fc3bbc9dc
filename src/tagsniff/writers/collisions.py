r"""Writes the collisions, which are what is ambiguous in a collection, in all formats.

For: the command ``collisions``, and the value reports, which contain them too.
Never: write a private creator that could control a terminal or start a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import BinaryIO, TextIO

from tagsniff.output.counted import choose_verb, count_of
from tagsniff.output.csv_text import write_row
from tagsniff.output.json_text import format_json
from tagsniff.output.terminal_text import show_on_terminal
from tagsniff.report.collisions import CollisionKind, CollisionReport, CollisionRow, count_collisions
from tagsniff.writers.exclusions import lay_out_omission
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
    show_count,
)
from tagsniff.writers.summaries import Listed, write_omissions

HEADINGS = {
    CollisionKind.TAG: "one tag, several private creators",
    CollisionKind.BLOCK: "one private creator, several blocks",
    CollisionKind.CASE: "private creators that differ in letter case only",
    CollisionKind.CODE: "one element, several codes",
}
COLUMNS = (
    *("kind", "subject", "element", "vr", "code", "equipment", "modality", "manufacturer", "model", "software"),
    *("blocks", "files", "series", "patients", "occurrences"),
)
_TEXT_COLUMN = "subject"
"""The column that has the text of the first row (``run``) and of the last one (``incomplete``)."""
_VERSION = 2
_NUMBERS = frozenset({"files", "series", "patients", "occurrences"})


def write_text(report: CollisionReport, stream: TextIO) -> None:
    """Write the lines of `list_heading`, then the rows."""
    stream.writelines(list_heading(report.run, report.omissions, report.profiles))
    write_rows(report.rows, stream)


def write_rows(rows: Iterable[CollisionRow], stream: TextIO) -> None:
    """Write the rows under headings by kind and subject; ``-`` is an empty cell."""
    for kind, of_kind in groupby(rows, lambda row: row.kind):
        stream.write(f"# {HEADINGS[kind]}\n")
        for subject, of_subject in groupby(of_kind, lambda row: row.subject):
            stream.write(f"{show_on_terminal(subject)}\n")
            stream.writelines(f"    {show_on_terminal(_show_row(row))}\n" for row in of_subject)


def _show_row(row: CollisionRow) -> str:
    blocks = "/".join(f"{block:02x}" for block in row.blocks) or "-"
    counts = ""
    if row.files is not None and row.series is not None and row.occurrences is not None:
        named = [(row.files, "file"), (row.series, "series")]
        if row.patients is not None and row.patients >= 0:
            named.append((row.patients, "patient"))
        named.append((row.occurrences, "occurrence"))
        counts = "  " + ", ".join(count_of(count, word) for count, word in named)
    return f"{row.element}  {row.vr or '-'}  {row.code or '-'}  blocks {blocks}{counts}  {row.equipment}"


def write_csv(report: CollisionReport, stream: TextIO) -> None:
    """Write a header row and the rows; blocks are joined with ``/``, missing counts are empty.

    The first row, of kind ``run``, says what was run. In an incomplete report the last row, of kind ``incomplete``,
    says what is missing.
    """
    write_row(stream, COLUMNS)
    write_row(stream, make_first_row(COLUMNS, _TEXT_COLUMN, report.run, report.profiles))
    for row in report.rows:
        write_row(stream, format_cells(row))
    for last in make_last_rows(COLUMNS, _TEXT_COLUMN, report.omissions):
        write_row(stream, last)


def format_cells(row: CollisionRow) -> tuple[str, ...]:
    """Return the cells of a row in the order of `COLUMNS`."""
    blocks = "/".join(f"{block:02x}" for block in row.blocks)
    counts = ("" if count is None else str(count) for count in _list_counts(row))
    return (
        row.kind.value,
        row.subject,
        row.element,
        row.vr,
        row.code,
        row.equipment,
        *_show_parts(row),
        blocks,
        *counts,
    )


def _list_counts(row: CollisionRow) -> tuple[int | None, ...]:
    """Return the counts of a row; None for what is not known."""
    return row.files, row.series, None if row.patients is None else show_count(row.patients), row.occurrences


def _show_parts(row: CollisionRow) -> tuple[str, ...]:
    return row.parts.show_parts() if row.equipment else ("", "", "", "")


def write_jsonl(report: CollisionReport, stream: TextIO) -> None:
    """Write the rows, with a row of kind ``run`` before them and, if the report is incomplete, one after them."""
    stream.write(format_first_line(report.run, report.profiles))
    stream.writelines(format_json(lay_out(row)) + "\n" for row in report.rows)
    stream.write(format_last_lines(report.omissions))


def write_json(report: CollisionReport, stream: TextIO) -> None:
    """Write the object: ``output``, ``version``, the run, ``collisions``, ``omissions``; missing counts are null."""
    body = {
        "output": "collisions",
        "version": _VERSION,
        **lay_out_run(report.run),
        **lay_out_state(report.omissions),
        "profiles": [lay_out_profile(profile) for profile in report.profiles],
        "collisions": [lay_out(row) for row in report.rows],
        "omissions": [lay_out_omission(omission) for omission in report.omissions.paths],
    }
    stream.write(format_json(body, indent=1) + "\n")


def write_parquet(report: CollisionReport, stream: BinaryIO) -> None:
    """Write the cells of the CSV file as a table; missing counts are null."""
    from tagsniff.writers.parquet import NUMBER, TEXT, write_rows

    columns = [(name, NUMBER if name in _NUMBERS else TEXT) for name in COLUMNS]
    rows = [(*format_cells(row)[: -len(_NUMBERS)], *_list_counts(row)) for row in report.rows]
    write_rows(columns, rows, make_metadata(report.run, report.omissions, report.profiles), stream)


def lay_out(row: CollisionRow) -> dict[str, object]:
    """Return the object of one row."""
    return {
        "kind": row.kind.value,
        "subject": row.subject,
        "element": row.element,
        "vr": row.vr,
        "code": row.code,
        "equipment": row.equipment,
        **row.parts._asdict(),
        "blocks": [f"{block:02x}" for block in row.blocks],
        "files": row.files,
        "series": row.series,
        "patients": None if row.patients is None else show_count(row.patients),
        "occurrences": row.occurrences,
    }


def write_summary(report: CollisionReport, stream: TextIO, *, listed: Listed) -> None:
    """Write the totals, and what is missing."""
    collisions = count_of(count_collisions(report.rows), "collision")
    stream.write(f"{count_of(report.files, 'file')} read, {collisions}\n")
    bounded = report.omissions.bounded
    if bounded:
        bound = f"more than {report.max_values} values; what those that are not kept mean is not in the output"
        stream.write(f"{count_of(bounded, 'element')} of some equipment {choose_verb(bounded, 'has')} {bound}\n")
    write_omissions(report.omissions, (), listed, stream)


FORMATS: dict[str, Callable[[CollisionReport, TextIO], None]] = {
    "text": write_text,
    "csv": write_csv,
    "jsonl": write_jsonl,
    "json": write_json,
}
BINARY_FORMATS: dict[str, Callable[[CollisionReport, BinaryIO], None]] = {"parquet": write_parquet}

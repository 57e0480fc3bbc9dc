r"""Writes the occurrences of an element or a value in all formats.

For: readers, spreadsheets, and other programs.
Never: write a value unless values are requested, or a path or value that could control a terminal or start a formula.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TextIO

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
    from tagsniff.selection.find import Found, Occurrence

COLUMNS = ("kind", "path", "element", "vr", "offset_bytes", "component")
_TEXT_COLUMN = "element"
"""The column that has the text of the first row (``run``) and of the last one (``incomplete``)."""
_KIND = "occurrence"
_VERSION = 1


def write_text(found: Found, stream: TextIO, *, shows_values: bool) -> None:
    """Write path, element, VR and offset in bytes, separated by tabs; then component and value if there are any.

    If the search is incomplete, the first line begins with ``# INCOMPLETE``. There is no other heading, so that other
    programs can use the columns.
    """
    stream.writelines(list_heading(found.run, found.left_out)[: 0 if found.is_complete() else 1])
    for one in found:
        cells = [one.path, one.element, one.vr, str(one.offset_bytes)]
        if one.component is not None:
            cells.append(str(one.component))
        if shows_values:
            cells.append(one.value or "")
        stream.write("\t".join(map(show_on_terminal, cells)) + "\n")


def write_csv(found: Found, stream: TextIO, *, shows_values: bool) -> None:
    """Write a header row and the rows; there is a column ``value`` if values are shown.

    The first row, of kind ``run``, says what was run. After an incomplete search the last row, of kind ``incomplete``,
    says what is missing.
    """
    columns = (*COLUMNS, "value") if shows_values else COLUMNS
    write_row(stream, columns)
    write_row(stream, make_first_row(columns, _TEXT_COLUMN, found.run))
    for one in found:
        component = "" if one.component is None else str(one.component)
        cells = (_KIND, show_undecoded(one.path), one.element, one.vr, str(one.offset_bytes), component)
        write_row(stream, (*cells, one.value or "") if shows_values else cells)
    for last in make_last_rows(columns, _TEXT_COLUMN, found.left_out):
        write_row(stream, last)


def write_jsonl(found: Found, stream: TextIO, *, shows_values: bool) -> None:
    """Write the objects, one of kind ``run`` first and one of kind ``incomplete`` last; see `write_csv`."""
    stream.write(format_first_line(found.run))
    stream.writelines(format_json({"kind": _KIND, **_lay_out(one, shows_values)}) + "\n" for one in found)
    stream.write(format_last_lines(found.left_out))


def write_json(found: Found, stream: TextIO, *, shows_values: bool) -> None:
    """Write the object: ``output``, ``version``, the run, ``totals``, ``occurrences``, ``omissions``."""
    body = {
        "output": "occurrences",
        "version": _VERSION,
        **lay_out_run(found.run),
        **lay_out_state(found.left_out),
        "totals": {"files": found.files_read, "occurrences": len(found), "files_with_occurrences": len(found.files())},
        "occurrences": [_lay_out(one, shows_values) for one in found],
        "omissions": [lay_out_omission(omission) for omission in found.left_out.paths],
    }
    stream.write(format_json(body, indent=1) + "\n")


def write_parquet(found: Found, stream: BinaryIO, *, shows_values: bool) -> None:
    """Write the occurrences as a table; its metadata says what was run."""
    from tagsniff.writers.parquet import NUMBER, TEXT, write_rows

    numbers = ("offset_bytes", "component")
    names = (*COLUMNS[1:], "value") if shows_values else COLUMNS[1:]
    rows = [[*_lay_out(one, shows_values).values()] for one in found]
    columns = [(name, NUMBER if name in numbers else TEXT) for name in names]
    write_rows(columns, rows, make_metadata(found.run, found.left_out), stream)


def _lay_out(one: Occurrence, shows_values: bool) -> dict[str, Any]:  # noqa: FBT001
    laid_out: dict[str, Any] = {**one._asdict(), "path": show_undecoded(one.path)}
    if not shows_values:
        del laid_out["value"]
    return laid_out


def write_summary(found: Found, stream: TextIO, *, listed: Listed) -> None:
    """Write the totals, and how many paths were not searched to their end."""
    occurrences = count_of(len(found), "occurrence")
    stream.write(f"{count_of(found.files_read, 'file')} read, {occurrences} in {len(found.files())} of them\n")
    write_omissions(found.left_out, (), listed, stream)


class _Write(Protocol):
    def __call__(self, found: Found, stream: TextIO, /, *, shows_values: bool) -> None: ...


class _WriteBytes(Protocol):
    def __call__(self, found: Found, stream: BinaryIO, /, *, shows_values: bool) -> None: ...


FORMATS: dict[str, _Write] = {"text": write_text, "csv": write_csv, "jsonl": write_jsonl, "json": write_json}
BINARY_FORMATS: dict[str, _WriteBytes] = {"parquet": write_parquet}

r"""Writes a table as CSV (RFC 4180 with LF line ends, UTF-8), JSON Lines (RFC 8259, UTF-8) and Parquet.

For: spreadsheets, programs that read one row at a time, and tools that read columns. Only the last two are exact. In
CSV, an apostrophe precedes a value that a spreadsheet would run as a formula, controls except line ends and tab become
``\xNN``, and the values of several items are joined with ``|``. The rows are files, and the columns are elements, so
there is no row that says what was run. Only an incomplete table has a last row that says what is missing.
Never: write a cell of CSV that is run as a formula, or keep more than a batch of rows or a row group in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO, NamedTuple, Protocol, TextIO

from tagsniff.output.counted import count_of
from tagsniff.output.csv_text import format_cell, format_first_cell, write_row
from tagsniff.output.json_text import format_json
from tagsniff.scanning.run_record import RunRecord
from tagsniff.selection.table_arrow import make_batches, make_schema
from tagsniff.selection.table_rows import PATH, SEPARATOR, STATUS, Cell, Column, RowBatch, Tally
from tagsniff.status import Omissions
from tagsniff.writers.run_rows import INCOMPLETE, describe_incomplete, format_last_lines, make_metadata
from tagsniff.writers.summaries import Listed, write_omissions, write_reasons


class Ending(NamedTuple):
    """What is known when all rows are written: the run, and a function that returns what is missing."""

    run: RunRecord
    find_omissions: Callable[[], Omissions]


_REPEATED = f"the same tag twice in a data set, or a private creator with two blocks; joined with {SEPARATOR}"
_UNDECODED = "bytes that the character set has no character for; written \\xNN"
_UNKNOWN_CHARSET = "(0008,0005) names no character set that is known; read as ASCII, or by its first value"
_CHARSET_NAME = "(0008,0005) holds the name of a codec in place of a defined term; read with it"


def write_csv(
    rows: Iterable[RowBatch], columns: Sequence[Column], stream: TextIO, *, has_status: bool, table: Ending
) -> None:
    """Write a header row and the rows; a cell is empty if the file lacks the element, ``""`` if it has no value.

    If files are missing, the first cell of the last row is ``<incomplete: ...>``, and the other cells are empty.
    """
    first = [PATH, STATUS] if has_status else [PATH]
    write_row(stream, [*first, *(column.name for column in columns)])
    for batch in rows:
        columns_of_text = [map(format_first_cell, batch.paths)]
        columns_of_text += [map(format_cell, batch.statuses)] if has_status else []
        columns_of_text += (map(_format_cell, column) for column in batch.columns)
        stream.writelines(",".join(row) + "\n" for row in zip(*columns_of_text, strict=True))
    missing = describe_incomplete(table.find_omissions())
    if missing:
        write_row(stream, [f"<{INCOMPLETE}: {missing}>", *[""] * (len(first) - 1 + len(columns))])


def _format_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return format_cell(cell if isinstance(cell, str) else SEPARATOR.join(cell)) or '""'


def write_jsonl(
    rows: Iterable[RowBatch], columns: Sequence[Column], stream: TextIO, *, has_status: bool, table: Ending
) -> None:
    """Write the rows; null is an element that the file does not have, an array has the values of several items.

    If files are missing, the last object has the members ``kind``, which is ``incomplete``, and ``text``.
    """
    names = [*([PATH, STATUS] if has_status else [PATH]), *(column.name for column in columns)]
    for batch in rows:
        leading = [batch.paths, batch.statuses] if has_status else [batch.paths]
        for row in zip(*leading, *batch.columns, strict=True):
            stream.write(format_json(dict(zip(names, row, strict=True))) + "\n")
    stream.write(format_last_lines(table.find_omissions()))


def write_parquet(
    rows: Iterable[RowBatch], columns: Sequence[Column], stream: BinaryIO, *, has_status: bool, table: Ending
) -> None:
    """Write the rows, one row group for each record batch; types are those of `tagsniff.table`.

    The metadata of the file says what was run and what is missing.
    """
    from pyarrow import parquet

    schema = make_schema(columns, has_status=has_status)
    with parquet.ParquetWriter(stream, schema) as writer:
        for batch in make_batches(rows, schema, has_status=has_status):
            writer.write_batch(batch)
        writer.add_key_value_metadata(make_metadata(table.run, table.find_omissions()))


def write_summary(tally: Tally, omissions: Omissions, stream: TextIO, *, listed: Listed, is_whole: bool) -> None:
    """Write the number of rows, notes about values, and one line for each reason with its count, in paths.

    ``is_whole``: every file was read to its end.
    """
    reach = "" if is_whole else ", each as far as the last element that was asked for"
    stream.write(f"{count_of(tally.files, 'file')} read{reach}\n")
    notes = [
        (tally.repeated, "REPEATED", _REPEATED),
        (tally.undecoded, "UNDECODED", _UNDECODED),
        (tally.unknown_charset, "UNKNOWN_CHARSET", _UNKNOWN_CHARSET),
        (tally.charset_name, "CHARSET_NAME", _CHARSET_NAME),
    ]
    write_reasons(stream, "notes (values)", [note for note in notes if note[0]])
    write_omissions(omissions, (), listed, stream)


class _Write(Protocol):
    def __call__(
        self, rows: Iterable[RowBatch], columns: Sequence[Column], stream: TextIO, /, *, has_status: bool, table: Ending
    ) -> None: ...


class _WriteBytes(Protocol):
    def __call__(
        self,
        rows: Iterable[RowBatch],
        columns: Sequence[Column],
        stream: BinaryIO,
        /,
        *,
        has_status: bool,
        table: Ending,
    ) -> None: ...


FORMATS: dict[str, _Write] = {"csv": write_csv, "jsonl": write_jsonl}
BINARY_FORMATS: dict[str, _WriteBytes] = {"parquet": write_parquet}

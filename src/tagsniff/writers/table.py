r"""Writes a table as CSV (RFC 4180 with LF line ends, UTF-8), JSON Lines (RFC 8259, UTF-8) and Parquet.

For: spreadsheets, programs that read one row at a time, and tools that read columns. Only the last two are exact. In
CSV, an apostrophe precedes a value that starts as a formula does (negative numbers too), controls except line ends and
tab become ``\xNN``, and the values of several items are joined with ``|``.
Never: write a cell of CSV that starts as a formula does, or keep more than a batch of rows or a row group in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO, Protocol, TextIO

from tagsniff.output.csv_text import format_cell, write_row
from tagsniff.output.json_text import format_json
from tagsniff.selection.table_arrow import make_batches, make_schema
from tagsniff.selection.table_rows import PATH, SEPARATOR, STATUS, Cell, Column, RowBatch, Tally
from tagsniff.status import Omissions
from tagsniff.writers.summaries import write_omissions, write_reasons, write_statuses

_REPEATED = f"the same tag twice in a data set, or a private creator with two blocks; joined with {SEPARATOR}"
_UNDECODED = "bytes that the character set has no character for; written \\xNN"
_UNKNOWN_CHARSET = "(0008,0005) names no character set that is known; read as ASCII, or by its first value"
_CHARSET_NAME = "(0008,0005) holds the name of a codec in place of a defined term; read with it"


def write_csv(rows: Iterable[RowBatch], columns: Sequence[Column], stream: TextIO, *, has_status: bool) -> None:
    """Write a header row and the rows; a cell is empty if the file lacks the element, ``""`` if it has no value."""
    first = [PATH, STATUS] if has_status else [PATH]
    write_row(stream, [*first, *(column.name for column in columns)])
    for batch in rows:
        leading = [batch.paths, batch.statuses][: len(first)]
        columns_of_text = [map(format_cell, column) for column in leading]
        columns_of_text += (map(_format_cell, column) for column in batch.columns)
        stream.writelines(",".join(row) + "\n" for row in zip(*columns_of_text, strict=True))


def _format_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return format_cell(cell if isinstance(cell, str) else SEPARATOR.join(cell)) or '""'


def write_jsonl(rows: Iterable[RowBatch], columns: Sequence[Column], stream: TextIO, *, has_status: bool) -> None:
    """Write the rows; null is an element that the file does not have, an array has the values of several items."""
    names = [*([PATH, STATUS] if has_status else [PATH]), *(column.name for column in columns)]
    for batch in rows:
        leading = [batch.paths, batch.statuses] if has_status else [batch.paths]
        for row in zip(*leading, *batch.columns, strict=True):
            stream.write(format_json(dict(zip(names, row, strict=True))) + "\n")


def write_parquet(rows: Iterable[RowBatch], columns: Sequence[Column], stream: BinaryIO, *, has_status: bool) -> None:
    """Write the rows, one row group for each record batch; types are those of `tagsniff.table`."""
    from pyarrow import parquet

    schema = make_schema(columns, has_status=has_status)
    with parquet.ParquetWriter(stream, schema) as writer:
        for batch in make_batches(rows, schema, has_status=has_status):
            writer.write_batch(batch)


def write_summary(tally: Tally, omissions: Omissions, stream: TextIO, *, exclusions_path: str, is_whole: bool) -> None:
    """Write the number of rows, notes about values, and one line for each reason with its count, in paths.

    ``is_whole``: every file was read to its end.
    """
    reach = "" if is_whole else ", each as far as the last element that was asked for"
    stream.write(f"{tally.files} files read{reach}\n")
    if tally.partial_files:
        stream.write(f"{tally.partial_files} files were read in part; what stands behind the fault is missing\n")
    notes = [
        (tally.repeated, "REPEATED", _REPEATED),
        (tally.undecoded, "UNDECODED", _UNDECODED),
        (tally.unknown_charset, "UNKNOWN_CHARSET", _UNKNOWN_CHARSET),
        (tally.charset_name, "CHARSET_NAME", _CHARSET_NAME),
    ]
    write_reasons(stream, "notes (values)", [note for note in notes if note[0]])
    write_statuses(omissions, (), stream)
    write_omissions(omissions, exclusions_path, stream)


class _Write(Protocol):
    def __call__(
        self, rows: Iterable[RowBatch], columns: Sequence[Column], stream: TextIO, /, *, has_status: bool
    ) -> None: ...


class _WriteBytes(Protocol):
    def __call__(
        self, rows: Iterable[RowBatch], columns: Sequence[Column], stream: BinaryIO, /, *, has_status: bool
    ) -> None: ...


FORMATS: dict[str, _Write] = {"csv": write_csv, "jsonl": write_jsonl}
BINARY_FORMATS: dict[str, _WriteBytes] = {"parquet": write_parquet}

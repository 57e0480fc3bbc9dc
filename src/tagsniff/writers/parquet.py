"""Writes tables of Arrow as a Parquet file.

For: the writers of reports; pyarrow is an extra (``tagsniff[arrow]``).
Never: import pyarrow before it is needed, or keep more than one of the tables in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

TEXT = "text"
NUMBER = "number"


def write_tables(tables: Iterable[Any], metadata: dict[bytes, bytes], stream: BinaryIO) -> None:
    """Write one or more tables of the same columns, a row group each, and the metadata of the file."""
    from pyarrow import parquet

    left = iter(tables)
    first = next(left)
    schema = first.schema.with_metadata(metadata)
    with parquet.ParquetWriter(stream, schema) as writer:
        writer.write_table(first.cast(schema))
        for table in left:
            if len(table):
                writer.write_table(table.cast(schema))


def write_rows(
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[object]],
    metadata: dict[bytes, bytes],
    stream: BinaryIO,
) -> None:
    """Write rows; a column has a name and a type, `TEXT` or `NUMBER`, and None is null."""
    import pyarrow as pa

    types = {TEXT: pa.string(), NUMBER: pa.uint64()}
    cells = [*zip(*rows, strict=True)] or [()] * len(columns)
    arrays = [pa.array(column, types[kind]) for (_, kind), column in zip(columns, cells, strict=True)]
    write_tables([pa.table(arrays, names=[name for name, _ in columns])], metadata, stream)

"""A table as Parquet, written by pyarrow.

For: tools that read columns.
Never: hold more than a row group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from tagsniff.selection.table_arrow import make_batches, make_schema
from tagsniff.selection.table_rows import Column, RowBatch


def write_table(rows: Iterable[RowBatch], columns: Sequence[Column], stream: BinaryIO, *, has_status: bool) -> None:
    """Write the rows, one row group for each record batch; types are those of `tagsniff.table`."""
    from pyarrow import parquet

    schema = make_schema(columns, has_status=has_status)
    with parquet.ParquetWriter(stream, schema) as writer:
        for batch in make_batches(rows, schema, has_status=has_status):
            writer.write_batch(batch)

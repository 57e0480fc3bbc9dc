"""The rows of a table as Arrow record batches of one size.

For: `tagsniff.table`, and Parquet.
Never: import pyarrow before it is needed, or choose a type by the value: every column is text, as in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tagsniff.selection.table_rows import PATH, STATUS, Column, RowBatch

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 65536


def import_pyarrow() -> Any:
    """Return the package pyarrow. Raises ModuleNotFoundError, which says how to install it, if it is missing."""
    try:
        import pyarrow as pa
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise ModuleNotFoundError(
            "tables of Arrow and Parquet need pyarrow: pip install 'tagsniff[arrow]'", name="pyarrow"
        ) from None
    return pa


def make_schema(columns: Sequence[Column], *, has_status: bool) -> pa.Schema:
    """Return the schema: ``path``, then ``status`` if files may have been read in part, then the columns."""
    arrow = import_pyarrow()
    first = [PATH, STATUS] if has_status else [PATH]
    fields = [arrow.field(name, arrow.string(), nullable=False) for name in first]
    kinds = {False: arrow.string(), True: arrow.list_(arrow.string())}
    return arrow.schema([*fields, *(arrow.field(column.name, kinds[column.is_list]) for column in columns)])


def make_batches(rows: Iterable[RowBatch], schema: pa.Schema, *, has_status: bool) -> Iterator[pa.RecordBatch]:
    """Yield the rows in batches of `BATCH_ROWS`, the last one smaller; none if there are no rows."""
    first = 2 if has_status else 1
    waiting: list[list[Any]] = [[] for _ in schema.names]
    for batch in rows:
        parts = [batch.paths, batch.statuses][:first] + batch.columns
        for column, part in zip(waiting, parts, strict=True):
            column.extend(part)
        while len(waiting[0]) >= BATCH_ROWS:
            yield _make_batch([column[:BATCH_ROWS] for column in waiting], schema)
            waiting = [column[BATCH_ROWS:] for column in waiting]
    if waiting[0]:
        yield _make_batch(waiting, schema)


def _make_batch(columns: list[list[Any]], schema: pa.Schema) -> pa.RecordBatch:
    arrow = import_pyarrow()
    arrays = [arrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return arrow.record_batch(arrays, schema=schema)

r"""A scan as Arrow tables, the form in which data frames and databases exchange columns.

For: `tagsniff.Scan`, and callers that continue in pandas, polars, DuckDB or Parquet.
Never: a row, value or count that `tagsniff.report.arrays` does not have. These are the same arrays in another form.

If absent and empty have different meanings, absent is null: a part of the equipment, a value that was not recorded, the
number of patients if they are not known, the offset and tag of a fault without a position in its file. Columns of text
that repeats are dictionary-encoded, so that each text is stored once. Arrow's text is UTF-8: undecodable bytes of a
path become ``\xNN``, as in every output.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tagsniff.dicom.equipment import Equipment
from tagsniff.output.terminal_text import show_undecoded
from tagsniff.report.arrays import INVENTORY_DTYPE

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

_Cells = list[Any]


class _Column(NamedTuple):
    """A column: its name, its type, and the function that converts the cells of the array, if they differ."""

    name: str
    type: str
    convert: Callable[[_Cells], _Cells] | None = None
    may_be_null: bool = False


def make_table(name: str, rows: npt.NDArray[np.void]) -> pa.Table:
    """Return the table of one of the arrays of a scan, whose name is "values", "elements", "equipment" or "faults".

    The elements of an inventory have columns of their own. Numbers are copied once, out of the rows into one block of
    memory, which Arrow uses without another copy. Raises ValueError for another name, ImportError if pyarrow is not
    installed.
    """
    columns = TABLES[check_name(name)]
    if name == "elements" and rows.dtype == INVENTORY_DTYPE:
        columns = INVENTORY_TABLE
    pa = _import_pyarrow()
    arrays = [_make_column(column, rows[column.name], pa) for column in columns]
    fields = [
        pa.field(column.name, array.type, nullable=column.may_be_null)
        for column, array in zip(columns, arrays, strict=True)
    ]
    return pa.table(arrays, schema=pa.schema(fields))


def make_frame(table: pa.Table) -> pd.DataFrame:
    """Return the data frame that pyarrow makes of a table. Raises ImportError if pandas is not installed."""
    try:
        import pandas as pd  # noqa: F401
    except ImportError as error:
        raise ImportError("pandas is not installed: pip install 'tagsniff[pandas]'", name="pandas") from error
    return table.to_pandas()


def check_name(name: str) -> str:
    """Return the name of a table. Raises ValueError, or TypeError, for anything else."""
    if not isinstance(name, str):
        raise TypeError(f"the name of a table is a str, not {type(name).__name__}")
    if name not in TABLES:
        raise ValueError(f"a scan has the tables {', '.join(TABLES)}")
    return name


def _import_pyarrow() -> Any:
    try:
        import pyarrow as pa
    except ImportError as error:
        raise ImportError("pyarrow is not installed: pip install 'tagsniff[arrow]'", name="pyarrow") from error
    return pa


def _make_column(column: _Column, cells: npt.NDArray[Any], pa: Any) -> Any:
    if cells.dtype != object and column.convert is None:
        # Arrow copies bools, which are single bits there; it uses the memory of numpy for the other types.
        return pa.array(np.ascontiguousarray(cells))
    listed = cells.tolist()
    if column.convert is not None:
        listed = column.convert(listed)
    types = {
        "text": pa.string(),
        "dictionary": pa.string(),
        "texts": pa.list_(pa.string()),
        "number or null": pa.int64(),
    }
    array = pa.array(listed, types[column.type])
    return array.dictionary_encode() if column.type == "dictionary" else array


def _show_blocks(cells: _Cells) -> _Cells:
    """Return blocks in hexadecimal, as in all reports."""
    known: dict[tuple[int, ...], list[str]] = {}
    for blocks in cells:
        if blocks not in known:
            known[blocks] = [f"{block:02x}" for block in blocks]
    return [known[blocks] for blocks in cells]


def _show_paths(cells: _Cells) -> _Cells:
    return list(map(show_undecoded, cells))


def _show_known(cells: _Cells) -> _Cells:
    return [None if number < 0 else number for number in cells]


_PARTS = tuple(_Column(name, "dictionary", may_be_null=True) for name in Equipment._fields)
_COUNTS = (
    *(_Column(name, "number") for name in ("files", "series")),
    _Column("patients", "number or null", _show_known, may_be_null=True),
    _Column("occurrences", "number"),
)

TABLES: dict[str, tuple[_Column, ...]] = {
    "values": (
        *(_Column(name, "dictionary") for name in ("kind", "equipment")),
        *_PARTS,
        *(_Column(name, "dictionary") for name in ("element", "vr", "keyword", "name", "code")),
        _Column("value", "text", may_be_null=True),
        *_COUNTS,
        _Column("blocks", "texts", _show_blocks),
        _Column("flags", "texts"),
        _Column("example", "dictionary", _show_paths),
        _Column("decided_by", "dictionary", _show_paths),
    ),
    "elements": (
        _Column("equipment", "dictionary"),
        *_PARTS,
        *(_Column(name, "dictionary") for name in ("element", "vr", "keyword", "name", "code")),
        *_COUNTS,
        _Column("blocks", "texts", _show_blocks),
        _Column("distinct", "number"),
        _Column("is_bounded", "number"),
        _Column("patient_relation", "dictionary"),
    ),
    "equipment": (
        _Column("equipment", "text"),
        *(_Column(name, "text", may_be_null=True) for name in ("modality", "manufacturer", "model", "software")),
        _Column("elements", "number"),
    ),
    "faults": (
        _Column("path", "text", _show_paths),
        *(_Column(name, "dictionary") for name in ("status", "kind")),
        _Column("offset_bytes", "number or null", _show_known, may_be_null=True),
        _Column("tag", "text", may_be_null=True),
        _Column("detail", "text"),
    ),
}
"""The tables by name, with the columns of the arrays of that name."""

INVENTORY_TABLE = (
    _Column("element", "text"),
    _Column("vrs", "texts"),
    _Column("keyword", "text"),
    *_COUNTS,
    _Column("blocks", "texts", _show_blocks),
)
"""The table "elements" of an Element Inventory."""

"""`tagsniff.table`: selected elements of many files as an Arrow table.

For: callers in Python, also as a way to pandas or polars.
Never: leave out a file in silence.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from tagsniff.output.terminal_text import show_path
from tagsniff.scanning.workers import check_workers
from tagsniff.selection.columns import select_values
from tagsniff.selection.table_arrow import import_pyarrow, make_batches, make_schema
from tagsniff.selection.table_rows import Tally, read_columns, show_rows
from tagsniff.status import Kind, Omission, Omissions

if TYPE_CHECKING:
    import pyarrow as pa


def table(
    paths: Iterable[str | os.PathLike[str]],
    elements: Iterable[str],
    *,
    whole: bool = False,
    keep_partial: bool = False,
    workers: int | None = None,
    names: Sequence[str] = (),
    on_file: Callable[[str], object] | None = None,
    on_omission: Callable[[Omission], object] | None = None,
) -> pa.Table:
    r"""Read selected elements of every file of the paths, with all subfolders, and return them as an Arrow table.

    ``elements`` are names: keywords (``PatientID``), tags (``0018,0050``), identities
    (``(0009,"GEMS_IDEN_01",02)``) and paths (``(0008,1140)[<0>](0008,1155)``).

    The table has a row for each file, in the order of the walk, a column ``path``, and a column for each element, with
    the given name. All columns are texts (Arrow string): decoded, components joined with a backslash, numbers as
    written in text VRs. Null means that the file does not have the element. The column of a path into the items of a
    sequence has a list of texts (Arrow list of string), from the items that have the element.

    Reading stops after the last requested element: a fault after it is not seen, and an element of a data set that is
    not in order may be missed; ``whole`` reads every file to its end. A file with a fault has no row, unless
    ``keep_partial``: then it has what came before the fault, and the column ``status`` after ``path`` names the fault.
    ``on_omission`` is called at the end with each path that was left out or read in part, sorted by path; without it, a
    RuntimeWarning counts the faults. ``workers``, ``names`` and ``on_file`` are those of `tagsniff.scan`.

    Raises ModuleNotFoundError without pyarrow (the extra ``arrow``), TypeError or ValueError for a wrong call, before
    any file is opened.

    Source: docs/table.md; PS3.5 2026b, 6.2, 6.4, 7.1 and 7.5.
    """
    columns = read_columns(elements)
    check_workers(workers)
    arrow = import_pyarrow()
    schema = make_schema(columns, has_status=keep_partial)
    omissions: list[Omission] = []
    selected = select_values(
        paths,
        [column.element for column in columns],
        workers=workers,
        reads_to_end=whole,
        keep_partial=keep_partial,
        captures_long_text=True,
        names=names,
        on_file=on_file,
    )
    with contextlib.closing(selected):
        rows = show_rows(selected, columns, omissions, Tally(), show_path)
        made: pa.Table = arrow.Table.from_batches(make_batches(rows, schema, has_status=keep_partial), schema)
    left_out = Omissions.gather(omissions)
    if on_omission is not None:
        for omission in left_out.paths:
            on_omission(omission)
    elif faults := left_out.count(Kind.FAULT):
        warnings.warn(
            f"{faults} {'path' if faults == 1 else 'paths'} could not be read to the end; on_omission is told which",
            RuntimeWarning,
            stacklevel=2,
        )
    return made

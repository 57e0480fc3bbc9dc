r"""The rows of a table: one for each file, with the text of each requested element.

For: tables in every format, and `tagsniff.table`.
Never: a text of its own for a value, an order that depends on the threads, or the same cell for an absent element and
an empty one.
Terms: PS3.5 6.2, 6.4 and 7.5, edition 2026b.

A cell is the text of a value as in the value report, its components joined with a backslash, as in the file. None:
the file does not have the element. An empty text: it does, without a value. ``<n bytes, sha256 ...>`` represents bytes,
``<n bytes>`` Pixel Data, other samples, and a value above 64 KiB that is no text; ``<n items>`` a sequence.

A column for elements in the items of a sequence has lists: the values in the order of the file, from those items that
have the element. A cell of another column may have several values too, if a tag occurs twice in a data set or a private
creator has two blocks; they are joined with `SEPARATOR`, and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from tagsniff import _core
from tagsniff.dicom.element_names import read_element
from tagsniff.dicom.notation import Identity
from tagsniff.dicom.value_text import CHARSET_NAME, UNDECODED, UNKNOWN_CHARSET, show_field
from tagsniff.selection.columns import CellValue, SelectedBatch
from tagsniff.status import Omission, Status

SEPARATOR = "|"
PATH = "path"
STATUS = "status"

Cell: TypeAlias = "str | list[str] | None"


class Column(NamedTuple):
    """A column: its name, as the caller gave it, and the element; ``is_list`` if the element is in items."""

    name: str
    element: Identity
    is_list: bool


class RowBatch(NamedTuple):
    """Rows of some files; ``statuses`` is "OK", or the name of the fault up to which a file was read."""

    paths: list[str]
    statuses: list[str]
    columns: list[list[Cell]]


@dataclass(slots=True)
class Tally:
    """Counts of the rows so far: files, and values that a reader should know about."""

    files: int = 0
    partial_files: int = 0
    # Cells with several values, of columns that are not lists.
    repeated: int = 0
    undecoded: int = 0
    unknown_charset: int = 0
    charset_name: int = 0


def read_columns(names: Iterable[str]) -> list[Column]:
    """Return the requested columns, from names as `read_element` accepts them.

    Raises TypeError for a single text, and for names that are not texts; ValueError for a name that names no element,
    for a name given twice, and for no names.
    """
    if isinstance(names, str):
        raise TypeError("elements is an iterable of names, not one name")
    columns: dict[str, Column] = {}
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"an element is named by a str, not {type(name).__name__}")
        if name in columns:
            raise ValueError(f"{name}: given twice")
        try:
            element = read_element(name)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        columns[name] = Column(name, element, len(element) > 1)
    if not columns:
        raise ValueError("at least one element is needed")
    return list(columns.values())


def show_rows(
    selected: Iterable[SelectedBatch | Omission],
    columns: Sequence[Column],
    omissions: list[Omission],
    tally: Tally,
    name_path: Callable[[bytes], str],
) -> Iterator[RowBatch]:
    """Yield the rows of selected values, in their order; what was left out is added to ``omissions``.

    ``name_path`` returns the text for a path.
    """
    for part in selected:
        if isinstance(part, Omission):
            omissions.append(part)
        else:
            omissions += part.read.omissions
            yield _show_batch(part, columns, tally, name_path)


def _show_batch(
    part: SelectedBatch, columns: Sequence[Column], tally: Tally, name_path: Callable[[bytes], str]
) -> RowBatch:
    files = part.list_files()
    row_of = {file: row for row, file in enumerate(files)}
    texts = [_show_value(value, tally) for value in part.values]
    shown: list[list[Cell]] = [[None] * len(files) for _ in columns]
    cells = (part.cells[name].tolist() for name in ("file", "column", "value"))
    for file, column, value in zip(*cells, strict=True):
        row, of_column, text = row_of[file], shown[column], texts[value]
        known = of_column[row]
        if columns[column].is_list:
            if isinstance(known, list):
                known.append(text)
            else:
                of_column[row] = [text]
        elif isinstance(known, str):
            of_column[row] = f"{known}{SEPARATOR}{text}"
            tally.repeated += 1
        else:
            of_column[row] = text
    names, folder = part.batch.names, part.batch.folder
    statuses = [Status.OK.name] * len(files)
    if part.read.partial:
        faults = {omission.path: omission.status.name for omission in part.read.omissions}
        for file in part.read.partial:
            statuses[row_of[file]] = faults[part.batch.decode_path(file)]
    tally.files += len(files)
    tally.partial_files += len(part.read.partial)
    return RowBatch([name_path(folder + names[file]) for file in files], statuses, shown)


def _show_value(value: CellValue, tally: Tally) -> str:
    flags = value.flags | (_core.FLAG_LENGTH_ONLY if value.raw is None else 0)
    parts = _core.split_value(value.raw or b"", value.vr.encode("ascii"), flags, value.length, value.charset)
    text, found = show_field(parts, value.vr, value.charset)
    if found:
        tally.undecoded += UNDECODED in found
        tally.unknown_charset += UNKNOWN_CHARSET in found
        tally.charset_name += CHARSET_NAME in found
    return text

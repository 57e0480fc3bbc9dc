"""The rows of a report as lines, made of the texts that a format has for what stands in its columns.

For: the formats that write a row as a line; there may be millions, which differ in few of their cells.
Never: a separator, a quote or an escape of its own; those are the format's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TextIO, TypeAlias, TypeVar

from tagsniff._core import Lines, Texts
from tagsniff.report.rows import RecurringColumn, RowGroup, TextColumn, make_texts

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_LINES_AT_ONCE = 4096

Part: TypeAlias = "bytes | tuple[Texts, npt.NDArray[np.integer]] | tuple[npt.NDArray[np.integer], int]"
"""What a line has in one place; see `Lines`."""

_T = TypeVar("_T")


def show_texts(column: TextColumn, letters: Iterable[int], first: Iterable[int], show: Callable[[str], str]) -> Part:
    """Return the part of a line that a column of texts is.

    ``show`` gives what a text is in the format. It changes none of ``letters`` whose first byte is in ``first``.
    """
    import numpy as np

    is_asked = np.zeros(len(column.texts), bool)
    is_asked[column.numbers] = True
    changed = np.flatnonzero(is_asked & ~column.texts.mark(letters, first))
    if not len(changed):
        return column.texts, column.numbers
    numbers = np.arange(len(column.texts))
    numbers[changed] = len(column.texts) + np.arange(len(changed))
    shown = map(show, column.texts.decode(changed, column.encoding, column.errors))
    return column.texts + make_texts(shown), numbers[column.numbers]


def show_recurring(column: RecurringColumn[_T], show: Callable[[_T], str]) -> Part:
    """Return the part of a line that a column of cells is, of which few differ; ``show`` gives the text of a cell."""
    return make_texts(map(show, column.things)), column.numbers


def show_groups(groups: Sequence[RowGroup], show: Callable[[RowGroup], str]) -> Part:
    """Return the part of a line that is the same for all rows of a group."""
    import numpy as np

    counts = [group.end - group.start for group in groups]
    return make_texts(map(show, groups)), np.repeat(np.arange(len(groups)), counts)


def show_at_rows(count: int, rows: Sequence[int], texts: Iterable[str], otherwise: str = "") -> Part:
    """Return the part of a line, of so many, that is a text of its own for some rows and the same for all others."""
    import numpy as np

    numbers = np.zeros(count, np.int64)
    numbers[list(rows)] = np.arange(1, len(rows) + 1)
    return make_texts(chain([otherwise], texts)), numbers


def write_lines(count: int, list_parts: Callable[[], Iterable[Part]], stream: TextIO) -> None:
    """Write the lines of so many rows, many at once, but not all: a report may be large.

    ``list_parts`` is called if there is a row.
    """
    if not count:
        return
    lines = Lines(count, list_parts())
    for first in range(0, count, _LINES_AT_ONCE):
        stream.write(lines.lay_out(first, min(first + _LINES_AT_ONCE, count)))

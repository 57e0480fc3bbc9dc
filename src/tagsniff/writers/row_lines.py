"""The rows of a report as lines, made of the texts that a format has for the cells of its columns.

For: the formats that write a row as a line; there may be millions of rows, with few distinct cells in most columns.
Never: a separator, a quote or an escape of its own; those are the format's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TextIO, TypeAlias, TypeVar

from tagsniff._core import Lines, Texts
from tagsniff.report.rows import RecurringColumn, RowTable, TextColumn, UseRows, make_texts

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_LINES_AT_ONCE = 4096

Part: TypeAlias = "bytes | tuple[Texts, npt.NDArray[np.integer]] | tuple[npt.NDArray[np.integer], int]"
"""One part of each line; see `Lines`."""

_T = TypeVar("_T")


def show_texts(column: TextColumn, letters: Iterable[int], first: Iterable[int], show: Callable[[str], str]) -> Part:
    """Return the part of the lines for a column of texts.

    ``show`` returns a text as the format writes it. It is not called for a text whose first byte is in ``first`` and
    whose other bytes are in ``letters``: the format does not change such a text.
    """
    import numpy as np

    is_used = np.zeros(len(column.texts), bool)
    is_used[column.numbers] = True
    changed = np.flatnonzero(is_used & ~column.texts.mark(letters, first))
    if not len(changed):
        return column.texts, column.numbers
    numbers = np.arange(len(column.texts))
    numbers[changed] = len(column.texts) + np.arange(len(changed))
    shown = map(show, column.texts.decode(changed, column.encoding, column.errors))
    return column.texts + make_texts(shown), numbers[column.numbers]


def show_patients(table: RowTable, unknown: str, width: int = 0) -> Part:
    """Return the part of the lines for the number of patients: ``unknown`` in all lines if one is not known."""
    if (table.patients >= 0).all():
        return table.patients, width
    return f"{unknown:>{width}}".encode()


def show_recurring(column: RecurringColumn[_T], show: Callable[[_T], str]) -> Part:
    """Return the part of the lines for a column with few distinct cells; ``show`` returns the text of a cell."""
    return make_texts(map(show, column.things)), column.numbers


def show_uses(uses: Sequence[UseRows], show: Callable[[UseRows], str]) -> Part:
    """Return the part of the lines that is the same for all rows of an element use."""
    import numpy as np

    counts = [use.end - use.start for use in uses]
    return make_texts(map(show, uses)), np.repeat(np.arange(len(uses)), counts)


def show_at_rows(count: int, rows: Sequence[int], texts: Iterable[str], otherwise: str = "") -> Part:
    """Return the part of ``count`` lines that has its own text in each of ``rows``, and ``otherwise`` in all others."""
    import numpy as np

    numbers = np.zeros(count, np.int64)
    numbers[list(rows)] = np.arange(1, len(rows) + 1)
    return make_texts(chain([otherwise], texts)), numbers


def write_lines(count: int, list_parts: Callable[[], Iterable[Part]], stream: TextIO) -> None:
    """Write ``count`` lines, many at a time but not all at once, because a report may be large.

    ``list_parts`` returns their parts. It is not called if there are no lines.
    """
    if not count:
        return
    lines = Lines(count, list_parts())
    for first in range(0, count, _LINES_AT_ONCE):
        stream.write(lines.lay_out(first, min(first + _LINES_AT_ONCE, count)))

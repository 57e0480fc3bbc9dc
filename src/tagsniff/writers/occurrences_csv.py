"""Occurrences as CSV (RFC 4180 with LF line ends, UTF-8).

For: spreadsheets, and tools that read CSV. As in all CSV of the project, a cell that starts as a formula does gets a
leading apostrophe.
Never: let a cell start as a formula does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from tagsniff.output.csv_text import write_row
from tagsniff.output.terminal_text import show_undecoded

if TYPE_CHECKING:
    from tagsniff.selection.find import Occurrence

COLUMNS = ("path", "element", "vr", "offset_bytes", "component")


def write_occurrences(occurrences: Iterable[Occurrence], stream: TextIO, *, shows_values: bool) -> None:
    """Write a header row and the rows; the column ``value`` is there if values are shown."""
    write_row(stream, (*COLUMNS, "value") if shows_values else COLUMNS)
    for one in occurrences:
        component = "" if one.component is None else str(one.component)
        cells = (show_undecoded(one.path), one.element, one.vr, str(one.offset_bytes), component)
        write_row(stream, (*cells, one.value or "") if shows_values else cells)

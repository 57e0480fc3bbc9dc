r"""Writes the occurrences of an element or a value as text, CSV and JSON Lines.

For: readers, spreadsheets, and other programs.
Never: write a value unless values are requested, or a path or value that could control a terminal or start a formula.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from tagsniff.output.csv_text import write_row
from tagsniff.output.json_text import format_json
from tagsniff.output.terminal_text import show_on_terminal, show_undecoded

if TYPE_CHECKING:
    from tagsniff.selection.find import Found, Occurrence

COLUMNS = ("path", "element", "vr", "offset_bytes", "component")


def write_text(occurrences: Iterable[Occurrence], stream: TextIO, *, shows_values: bool) -> None:
    """Write path, element, VR and offset in bytes, separated by tabs; then component and value if there are any."""
    for one in occurrences:
        cells = [one.path, one.element, one.vr, str(one.offset_bytes)]
        if one.component is not None:
            cells.append(str(one.component))
        if shows_values:
            cells.append(one.value or "")
        stream.write("\t".join(map(show_on_terminal, cells)) + "\n")


def write_csv(occurrences: Iterable[Occurrence], stream: TextIO, *, shows_values: bool) -> None:
    """Write a header row and the rows; there is a column ``value`` if values are shown."""
    write_row(stream, (*COLUMNS, "value") if shows_values else COLUMNS)
    for one in occurrences:
        component = "" if one.component is None else str(one.component)
        cells = (show_undecoded(one.path), one.element, one.vr, str(one.offset_bytes), component)
        write_row(stream, (*cells, one.value or "") if shows_values else cells)


def write_jsonl(occurrences: Iterable[Occurrence], stream: TextIO, *, shows_values: bool) -> None:
    """Write the objects; they have ``value`` if values are shown."""
    for one in occurrences:
        laid_out: dict[str, Any] = {**one._asdict(), "path": show_undecoded(one.path)}
        if not shows_values:
            del laid_out["value"]
        stream.write(format_json(laid_out) + "\n")


def write_summary(found: Found, stream: TextIO, *, exclusions_path: str) -> None:
    """Write the totals, and how many paths were not searched to their end."""
    stream.write(f"{found.files_read} files read, {len(found)} occurrences in {len(found.files())} of them\n")
    if found.omissions:
        shown_path = show_on_terminal(exclusions_path)
        stream.write(f"{len(found.omissions)} paths were left out or read in part; they are listed in {shown_path}\n")


class _Write(Protocol):
    def __call__(self, occurrences: Iterable[Occurrence], stream: TextIO, /, *, shows_values: bool) -> None: ...


FORMATS: dict[str, _Write] = {"text": write_text, "csv": write_csv, "jsonl": write_jsonl}

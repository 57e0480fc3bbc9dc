"""Writes which rows of the user's profiles decided nothing: some of them in a summary, all of them in JSON.

For: the writers of value reports, and ``run.json``.
Never: a value of an element, or a text of a profile that could control a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from tagsniff.output.counted import count_of
from tagsniff.output.terminal_text import show_on_terminal, show_undecoded

if TYPE_CHECKING:
    from tagsniff.report.unused_rows import UnusedRows

_FIRST_ROWS = 5


def write_unused(files: Iterable[UnusedRows], stream: TextIO) -> None:
    """Write how many rows of each file decided nothing, and the first of them with the reason."""
    for file in files:
        count = len(file.unused)
        rows = count_of(file.row_count, "row")
        stream.write(f"{count} of {rows} of {show_on_terminal(file.file)} decided nothing:\n")
        for row in file.unused[:_FIRST_ROWS]:
            stream.write(show_on_terminal(f"  line {row.line}  {row.text}: {row.reason}") + "\n")
        if count > _FIRST_ROWS:
            stream.write(f"  ... and {count - _FIRST_ROWS} more; --format json and run.json of --out list all\n")


def lay_out_unused(files: Iterable[UnusedRows]) -> list[dict[str, Any]]:
    """Return an object for each file that has such rows."""
    return [
        {
            "file": show_undecoded(file.file),
            "rows": file.row_count,
            "unused": [
                {"line": row.line, "row": show_undecoded(row.text), "reason": show_undecoded(row.reason)}
                for row in file.unused
            ],
        }
        for file in files
    ]

"""Occurrences as JSON Lines: one JSON object (RFC 8259, UTF-8) for each.

For: other programs, and everybody who needs a value as it is: nothing is changed in it.
Never: change the meaning of a name; what is new gets a new name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from tagsniff.output.json_text import format_json
from tagsniff.output.terminal_text import show_undecoded

if TYPE_CHECKING:
    from tagsniff.selection.find import Occurrence


def write_occurrences(occurrences: Iterable[Occurrence], stream: TextIO, *, shows_values: bool) -> None:
    """Write the objects; ``value`` is there if values are shown."""
    for one in occurrences:
        laid_out: dict[str, Any] = {**one._asdict(), "path": show_undecoded(one.path)}
        if not shows_values:
            del laid_out["value"]
        stream.write(format_json(laid_out) + "\n")

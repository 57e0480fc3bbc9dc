r"""Occurrences as text: a line for each, without a heading, for tools that take lines.

For: reading, and counting lines.
Never: let a path or value begin another line or cell, or move the cursor: what does not show, a tab too, becomes
``\xNN``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.selection.find import Occurrence


def write_occurrences(occurrences: Iterable[Occurrence], stream: TextIO, *, shows_values: bool) -> None:
    """Write path, element, VR and offset in bytes with tabs between; then component and value where they are known."""
    for one in occurrences:
        cells = [one.path, one.element, one.vr, str(one.offset_bytes)]
        if one.component is not None:
            cells.append(str(one.component))
        if shows_values:
            cells.append(one.value or "")
        stream.write("\t".join(map(show_on_terminal, cells)) + "\n")

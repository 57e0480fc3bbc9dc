r"""Element Values as text: the element, the equipment below it, the values below that.

For: reading. Examples are in the other formats.
Never: let a value move the cursor or change colours: what does not show becomes ``\xNN``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

import numpy as np

from tagsniff.output.terminal_text import show_on_terminal
from tagsniff.report.rows import RowGroup, RowKind, RowTable
from tagsniff.report.values import ValueReport
from tagsniff.writers.collisions_text import write_collisions
from tagsniff.writers.row_lines import Part, show_at_rows, show_recurring, show_texts, write_lines

_HEADING = ("files", "series", "occurrences", "code")
_INDENT = "    "
_BETWEEN = "  "
_PRINTABLE_ASCII = range(0x20, 0x7F)
# What stands around the value of a row.
_STARTS = {RowKind.CODE: "-", RowKind.MORE: "about "}
_ENDS = {RowKind.MORE: " different values", RowKind.COUNT: " different values"}


def write_values(report: ValueReport, stream: TextIO) -> None:
    """Write a heading that starts with ``#``, the elements with their equipment and rows, and then the collisions.

    A row is: files, series, occurrences, code, value, flags in brackets. ``-`` stands for a value that the code
    decides without, ``about n different values`` for a bound that was hit, without "about" for values that are counted
    and not shown. The collisions are written as ``tagsniff collisions`` writes them, each kind under a heading that
    starts with ``#``.
    """
    widths = _choose_widths(report.table)
    *counts, code = zip(_HEADING, widths, strict=True)
    heading = [*(f"{word:>{width}}" for word, width in counts), f"{code[0]:<{code[1]}}"]
    stream.write("# element  keyword\n#   equipment  VR  blocks\n")
    stream.write(f"#   {_BETWEEN.join(heading)}  value  [flags]\n")
    write_lines(len(report.table), _list_parts(report, widths), stream)
    if report.collisions:
        stream.write("\n")
        write_collisions(report.collisions, stream)


def _list_parts(report: ValueReport, widths: Sequence[int]) -> list[Part]:
    """Return what the line of a row is made of, and the lines that stand before it."""
    table = report.table
    files, series, occurrences, code = widths
    return [
        show_at_rows(len(table), [group.start for group in report.groups], _list_headings(report.groups)),
        (table.files, len(_INDENT) + files),
        (table.series, len(_BETWEEN) + series),
        (table.occurrences, len(_BETWEEN) + occurrences),
        show_recurring(table.codes, lambda text: f"{_BETWEEN}{text:<{code}}{_BETWEEN}"),
        show_recurring(table.kinds, lambda kind: _STARTS.get(kind, "")),
        show_texts(table.values, _PRINTABLE_ASCII, _PRINTABLE_ASCII, show_on_terminal),
        show_recurring(table.kinds, lambda kind: _ENDS.get(kind, "")),
        show_recurring(table.flags, lambda flags: f"{_BETWEEN}[{' '.join(flags)}]\n" if flags else "\n"),
    ]


def _list_headings(groups: Iterable[RowGroup]) -> Iterator[str]:
    """Yield the lines before the rows of each group: the element and the equipment, where they are not those before."""
    last_element: tuple[str, str] | None = None
    last_equipment: tuple[str, str, tuple[int, ...]] | None = None
    for group in groups:
        heading = ""
        element, equipment = (group.element, group.keyword), (group.equipment, group.vr, group.blocks)
        if element != last_element:
            heading = f"\n{group.element}  {group.keyword}".rstrip() + "\n"
        if (element, equipment) != (last_element, last_equipment):
            words = (show_on_terminal(group.equipment), group.vr, "/".join(f"{block:02x}" for block in group.blocks))
            heading += f"  {'  '.join(filter(None, words))}\n"
        last_element, last_equipment = element, equipment
        yield heading


def _choose_widths(table: RowTable) -> list[int]:
    """Return how wide the widest cell of each column is, its heading too."""
    counts = [int(column.max(initial=0)) for column in (table.files, table.series, table.occurrences)]
    codes = [table.codes.things[number] for number in np.flatnonzero(np.bincount(table.codes.numbers)).tolist()]
    widest = (*counts, max(codes, key=len, default=""))
    return [max(len(word), len(str(cell))) for word, cell in zip(_HEADING, widest, strict=True)]

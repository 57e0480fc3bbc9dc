r"""Element Values as text: the element, the equipment below it, the values below that.

For: reading. Examples are in the other formats.
Never: let a value move the cursor or change colours: what does not show becomes ``\xNN``.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TextIO

from tagsniff.value_report import RowKind, ValueReport, ValueRow
from tagsniff.writers.collisions_text import write_collisions
from tagsniff.writers.path_text import show_on_terminal

_HEADING = ("files", "series", "occurrences", "code")
_NUMBERS = 3


def write_values(report: ValueReport, stream: TextIO) -> None:
    """Write a heading that starts with ``#``, the elements with their equipment and rows, and then the collisions.

    A row is: files, series, occurrences, code, value, flags in brackets. ``-`` stands for a value that the code
    decides without, ``about n different values`` for a bound that was hit, without "about" for values that are counted
    and not shown. The collisions are written as ``tagsniff collisions`` writes them, each kind under a heading that
    starts with ``#``.
    """
    align = _choose_widths(report.rows)
    stream.write("# element  keyword\n#   equipment  VR  blocks\n")
    stream.write(f"#   {align.format(*_HEADING)}  value  [flags]\n")
    for (element, keyword), of_element in groupby(report.rows, key=lambda row: (row.element, row.keyword)):
        stream.write(f"\n{element}  {keyword}".rstrip() + "\n")
        for (equipment, vr, blocks), rows in groupby(of_element, key=lambda row: (row.equipment, row.vr, row.blocks)):
            words = (show_on_terminal(equipment), vr, "/".join(f"{block:02x}" for block in blocks))
            stream.write(f"  {'  '.join(filter(None, words))}\n")
            stream.writelines(f"    {_lay_out(row, align)}\n" for row in rows)
    if report.collisions:
        stream.write("\n")
        write_collisions(report.collisions, stream)


def _choose_widths(rows: Iterable[ValueRow]) -> str:
    """Return the format of the cells of a row, each as wide as the widest of its column."""
    widths = [len(word) for word in _HEADING]
    for cells in {(row.files, row.series, row.occurrences, row.code) for row in rows}:
        widths = [max(width, len(str(cell))) for width, cell in zip(widths, cells, strict=True)]
    return "  ".join(f"{{:{'>' if column < _NUMBERS else '<'}{width}}}" for column, width in enumerate(widths))


def _lay_out(row: ValueRow, align: str) -> str:
    flags = f"  [{' '.join(row.flags)}]" if row.flags else ""
    return f"{align.format(row.files, row.series, row.occurrences, row.code)}  {_show_value(row)}{flags}"


def _show_value(row: ValueRow) -> str:
    if row.kind is RowKind.CODE:
        return "-"
    if row.kind is RowKind.MORE:
        return f"about {row.value} different values"
    if row.kind is RowKind.COUNT:
        return f"{row.value} different values"
    return show_on_terminal(row.value)

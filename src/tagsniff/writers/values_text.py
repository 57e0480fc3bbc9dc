r"""Element Values as text: the element, the equipment below it, the values below that.

For: reading. Examples are in the other formats.
Never: let a value move the cursor or change colours: what does not show becomes ``\xNN``.
"""

from __future__ import annotations

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
    widths = [len(word) for word in _HEADING]
    for row in report.rows:
        widths = [max(width, len(cell)) for width, cell in zip(widths, _list_cells(row), strict=True)]
    stream.write("# element  keyword\n#   equipment  VR  blocks\n")
    stream.write(f"#   {_align(_HEADING, widths)}  value  [flags]\n")
    for (element, keyword), of_element in groupby(report.rows, key=lambda row: (row.element, row.keyword)):
        stream.write(f"\n{element}  {keyword}".rstrip() + "\n")
        for (equipment, vr, blocks), rows in groupby(of_element, key=lambda row: (row.equipment, row.vr, row.blocks)):
            words = (show_on_terminal(equipment), vr, "/".join(f"{block:02x}" for block in blocks))
            stream.write(f"  {'  '.join(filter(None, words))}\n")
            stream.writelines(f"    {_lay_out(row, widths)}\n" for row in rows)
    if report.collisions:
        stream.write("\n")
        write_collisions(report.collisions, stream)


def _lay_out(row: ValueRow, widths: list[int]) -> str:
    flags = f"  [{' '.join(row.flags)}]" if row.flags else ""
    return f"{_align(_list_cells(row), widths)}  {_show_value(row)}{flags}"


def _list_cells(row: ValueRow) -> tuple[str, ...]:
    return str(row.files), str(row.series), str(row.occurrences), row.code


def _align(cells: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(
        cell.rjust(width) if column < _NUMBERS else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )


def _show_value(row: ValueRow) -> str:
    if row.kind is RowKind.CODE:
        return "-"
    if row.kind is RowKind.MORE:
        return f"about {row.value} different values"
    if row.kind is RowKind.COUNT:
        return f"{row.value} different values"
    return show_on_terminal(row.value)

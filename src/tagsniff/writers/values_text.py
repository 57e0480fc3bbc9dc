r"""Element Values as text: the element, the equipment below it, the values below that.

For: reading. Examples are in the other formats.
Never: let a value move the cursor or change colours: what does not show becomes ``\xNN``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from typing import TextIO

from tagsniff.value_report import ValueReport
from tagsniff.value_rows import RowGroup, RowKind
from tagsniff.writers.collisions_text import write_collisions
from tagsniff.writers.path_text import show_on_terminal, show_on_terminal_all

_HEADING = ("files", "series", "occurrences", "code")


def write_values(report: ValueReport, stream: TextIO) -> None:
    """Write a heading that starts with ``#``, the elements with their equipment and rows, and then the collisions.

    A row is: files, series, occurrences, code, value, flags in brackets. ``-`` stands for a value that the code
    decides without, ``about n different values`` for a bound that was hit, without "about" for values that are counted
    and not shown. The collisions are written as ``tagsniff collisions`` writes them, each kind under a heading that
    starts with ``#``.
    """
    align = _choose_widths(report.groups)
    stream.write("# element  keyword\n#   equipment  VR  blocks\n")
    stream.write(f"#   {align % _HEADING}  value  [flags]\n")
    last_element: tuple[str, str] | None = None
    last_equipment: tuple[str, str, tuple[int, ...]] | None = None
    for group in report.groups:
        element, equipment = (group.element, group.keyword), (group.equipment, group.vr, group.blocks)
        if element != last_element:
            stream.write(f"\n{group.element}  {group.keyword}".rstrip() + "\n")
        if (element, equipment) != (last_element, last_equipment):
            words = (show_on_terminal(group.equipment), group.vr, "/".join(f"{block:02x}" for block in group.blocks))
            stream.write(f"  {'  '.join(filter(None, words))}\n")
        last_element, last_equipment = element, equipment
        stream.write(_lay_out(group, align))
    if report.collisions:
        stream.write("\n")
        write_collisions(report.collisions, stream)


def _choose_widths(groups: Sequence[RowGroup]) -> str:
    """Return the format of the cells of a row, each as wide as the widest of its column."""
    largest = [(max(group.files), max(group.series), max(group.occurrences)) for group in groups]
    codes = set().union(*(group.codes for group in groups))
    widest = (*map(max, zip(*largest, strict=True)), max(codes, key=len, default="")) if largest else ()
    widths = [max(len(word), len(str(cell))) for word, cell in zip_longest(_HEADING, widest, fillvalue="")]
    return "%{}s  %{}s  %{}s  %-{}s".format(*widths)


def _lay_out(group: RowGroup, align: str) -> str:
    """Return the lines of the rows."""
    # There may be millions of rows, which differ in few of their cells but the value.
    columns = (group.files, group.series, group.occurrences, group.codes)
    first = tuple([column[0] for column in columns])
    count = len(group.kinds)
    values = _show_values(group)
    ends = {flags: f"  [{' '.join(flags)}]\n" if flags else "\n" for flags in set(group.flags)}
    if len(ends) == 1 and all(column.count(cell) == count for column, cell in zip(columns, first, strict=True)):
        start, end = f"    {align % first}  ", ends[group.flags[0]]
        return f"{start}{f'{end}{start}'.join(values)}{end}"
    cells = list(zip(*columns, strict=True))
    starts = {of_row: f"    {align % of_row}  " for of_row in set(cells)}
    rows = zip(map(starts.__getitem__, cells), values, map(ends.__getitem__, group.flags), strict=True)
    return "".join(chain.from_iterable(rows))


def _show_values(group: RowGroup) -> Iterable[str]:
    values = show_on_terminal_all(group.values)
    if group.kinds.count(RowKind.VALUE) == len(group.kinds):
        return values
    return map(_show_value, group.kinds, values)


def _show_value(kind: RowKind, value: str) -> str:
    if kind is RowKind.CODE:
        return "-"
    if kind is RowKind.MORE:
        return f"about {value} different values"
    if kind is RowKind.COUNT:
        return f"{value} different values"
    return value

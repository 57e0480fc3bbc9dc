r"""Element Values as text: the element, the equipment below it, the values below that.

For: reading. Examples are in the other formats.
Never: let a value move the cursor or change colours: what does not show becomes ``\xNN``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    starts, ends = _Starts(align), _Ends()
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
        stream.write("".join(_lay_out(group, starts, ends)))
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


class _Starts(dict[tuple[int, int, int, str], str]):
    """What stands in front of the value of a row, by its counts and code: a report has few that differ."""

    def __init__(self, align: str) -> None:
        super().__init__()
        self._align = align

    def __missing__(self, cells: tuple[int, int, int, str]) -> str:
        start = self[cells] = f"    {self._align % cells}  "
        return start


class _Ends(dict[tuple[str, ...], str]):
    """What stands behind the value of a row, by its flags."""

    def __missing__(self, flags: tuple[str, ...]) -> str:
        end = self[flags] = f"  [{' '.join(flags)}]\n" if flags else "\n"
        return end


def _lay_out(group: RowGroup, starts: _Starts, ends: _Ends) -> Iterator[str]:
    """Return the parts of the rows' lines."""
    # There may be millions of rows: what is done for each is done without a line of Python.
    cells = zip(group.files, group.series, group.occurrences, group.codes, strict=True)
    rows = zip(map(starts.__getitem__, cells), _show_values(group), map(ends.__getitem__, group.flags), strict=True)
    return chain.from_iterable(rows)


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

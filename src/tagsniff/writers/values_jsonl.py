"""Element Values as JSON Lines: one JSON object (RFC 8259, UTF-8) for each row.

For: other programs that take a row at a time, and everybody who needs a value as it is: nothing is changed in it.
Never: change the meaning of a name; what is new gets a new name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from tagsniff.value_report import ValueReport
from tagsniff.value_rows import RowGroup
from tagsniff.writers.json_text import format_json, format_text, format_texts
from tagsniff.writers.path_text import show_undecoded_all


def write_values(report: ValueReport, stream: TextIO) -> None:
    """Write the rows."""
    for group in report.groups:
        stream.writelines([f"{{{row}}}\n" for row in lay_out(group)])


def lay_out(group: RowGroup) -> Iterator[str]:
    """Yield the members of the object of each row, without its braces."""
    # By hand: there may be millions of rows, which differ in few of their texts.
    texts = ("equipment", group.equipment), ("element", group.element), ("vr", group.vr), ("keyword", group.keyword)
    of_group = ", ".join(f'"{name}": {format_text(text)}' for name, text in texts)
    blocks = format_json([f"{block:02x}" for block in group.blocks])
    starts = {
        (kind, code): f'"kind": {format_text(kind.value)}, {of_group}, "code": {format_text(code)}, "value": '
        for kind, code in set(zip(group.kinds, group.codes, strict=True))
    }
    counts = list(zip(group.files, group.series, group.occurrences, group.flags, strict=True))
    ends = {
        of_row: f', "files": {files}, "series": {series}, "occurrences": {occurrences}, "blocks": {blocks}, '
        f'"flags": {format_json(flags)}, "example": '
        for of_row in set(counts)
        for files, series, occurrences, flags in [of_row]
    }
    values, examples = format_texts(group.values), format_texts(show_undecoded_all(group.examples))
    for kind, code, value, of_row, example in zip(group.kinds, group.codes, values, counts, examples, strict=True):
        yield f"{starts[kind, code]}{value}{ends[of_row]}{example}"

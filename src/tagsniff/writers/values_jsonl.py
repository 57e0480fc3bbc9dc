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
from tagsniff.writers.row_texts import join_rows


def write_values(report: ValueReport, stream: TextIO) -> None:
    """Write the rows."""
    for group in report.groups:
        stream.writelines([f"{{{row}}}\n" for row in lay_out(group)])


def lay_out(group: RowGroup) -> Iterator[str]:
    """Return the members of the object of each row, without its braces."""
    # By hand, for json.dumps would write what recurs for each row again.
    texts = ("equipment", group.equipment), ("element", group.element), ("vr", group.vr), ("keyword", group.keyword)
    of_group = ", ".join(f'"{name}": {format_text(text)}' for name, text in texts)
    blocks = format_json([f"{block:02x}" for block in group.blocks])
    return join_rows(
        group,
        lambda kind, code: f'"kind": {format_text(kind.value)}, {of_group}, "code": {format_text(code)}, "value": ',
        format_texts(group.values),
        lambda files, series, occurrences, flags: (
            f', "files": {files}, "series": {series}, "occurrences": {occurrences}, "blocks": {blocks}, '
            f'"flags": {format_json(flags)}, "example": '
        ),
        format_texts(show_undecoded_all(group.examples)),
    )

"""Element Values as JSON Lines: one JSON object (RFC 8259, UTF-8) for each row.

For: other programs that take a row at a time, and everybody who needs a value as it is: nothing is changed in it.
Never: change the meaning of a name; what is new gets a new name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TextIO

from tagsniff.value_report import ValueReport, ValueRow
from tagsniff.writers.json_text import format_json, format_text
from tagsniff.writers.path_text import show_undecoded


def write_values(report: ValueReport, stream: TextIO) -> None:
    """Write the rows."""
    stream.writelines(f"{{{lay_out(row)}}}\n" for row in report.rows)


def lay_out(row: ValueRow) -> str:
    """Return the members of the object of one row, without its braces."""
    # By hand: there may be millions of rows, which differ in few of their texts.
    return (
        f'"kind": {format_text(row.kind.value)}, "equipment": {format_text(row.equipment)}, '
        f'"element": {format_text(row.element)}, "vr": {format_text(row.vr)}, '
        f'"keyword": {format_text(row.keyword)}, "code": {format_text(row.code)}, "value": {format_json(row.value)}, '
        f'"files": {row.files}, "series": {row.series}, "occurrences": {row.occurrences}, '
        f'"blocks": {_format_blocks(row.blocks)}, "flags": {_format_flags(row.flags)}, '
        f'"example": {format_json(show_undecoded(row.example))}'
    )


@lru_cache(maxsize=256)
def _format_blocks(blocks: tuple[int, ...]) -> str:
    return format_json([f"{block:02x}" for block in blocks])


@lru_cache(maxsize=256)
def _format_flags(flags: tuple[str, ...]) -> str:
    return format_json(flags)

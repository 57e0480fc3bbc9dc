"""Element Values as JSON Lines: one JSON object (RFC 8259, UTF-8) for each row.

For: other programs that take a row at a time, and everybody who needs a value as it is: nothing is changed in it.
Never: change the meaning of a name; what is new gets a new name.
"""

from __future__ import annotations

from typing import Any, TextIO

from tagsniff.value_report import ValueReport, ValueRow
from tagsniff.writers.json_text import format_json
from tagsniff.writers.path_text import show_undecoded


def write_values(report: ValueReport, stream: TextIO) -> None:
    """Write the rows."""
    for row in report.rows:
        stream.write(format_json(lay_out(row)) + "\n")


def lay_out(row: ValueRow) -> dict[str, Any]:
    """Return the object of one row."""
    return {
        "kind": row.kind.value,
        "equipment": row.equipment,
        "element": row.element,
        "vr": row.vr,
        "keyword": row.keyword,
        "code": row.code,
        "value": row.value,
        "files": row.files,
        "series": row.series,
        "occurrences": row.occurrences,
        "blocks": [f"{block:02x}" for block in row.blocks],
        "flags": list(row.flags),
        "example": show_undecoded(row.example),
    }

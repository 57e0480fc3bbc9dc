"""Collisions as one JSON object (RFC 8259, UTF-8).

For: other programs.
Never: change the meaning of a name without a new number in ``version``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from tagsniff.output.json_text import format_json
from tagsniff.report.collisions import CollisionRow

_VERSION = 1


def write_collisions(rows: Iterable[CollisionRow], stream: TextIO) -> None:
    """Write the object: ``output``, ``version``, ``collisions``; counts that there are not are null."""
    body = {"output": "collisions", "version": _VERSION, "collisions": [lay_out(row) for row in rows]}
    stream.write(format_json(body, indent=1) + "\n")


def lay_out(row: CollisionRow) -> dict[str, object]:
    """Return the object of one row."""
    return {
        "kind": row.kind.value,
        "subject": row.subject,
        "element": row.element,
        "vr": row.vr,
        "code": row.code,
        "equipment": row.equipment,
        "blocks": [f"{block:02x}" for block in row.blocks],
        "files": row.files,
        "series": row.series,
        "occurrences": row.occurrences,
    }

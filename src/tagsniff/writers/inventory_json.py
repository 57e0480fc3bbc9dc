"""The Element Inventory as one JSON object (RFC 8259, UTF-8).

For: other programs.
Never: change the meaning of a name without a new number in ``version``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TextIO

from tagsniff.dicom.notation import format_tag
from tagsniff.output.json_text import format_json
from tagsniff.output.terminal_text import show_undecoded
from tagsniff.report.inventory import InventoryReport, InventoryRow
from tagsniff.status import Kind, Omission, Status

_VERSION = 1


def write_inventory(report: InventoryReport, stream: TextIO, *, by_creator: bool) -> None:
    """Write the object: ``output``, ``version``, ``totals``, ``elements`` or ``identities``, ``omissions``.

    ``elements`` is a list of ``(gggg,eeee)``; ``by_creator``: ``identities``, a list of objects. ``version`` is that of
    this layout. Statuses are named as in the program.
    """
    body: dict[str, Any] = {
        "output": "element-inventory",
        "version": _VERSION,
        "totals": {
            "files": report.files,
            "series": report.series,
            "tags": len(report.tags),
            "identities": len(report.rows),
            "exclusions": count_statuses(report.omission_counts, Kind.EXCLUSION),
            "faults": count_statuses(report.omission_counts, Kind.FAULT),
            "deviations": count_statuses(report.deviations, Kind.DEVIATION),
        },
    }
    if by_creator:
        body["identities"] = [_lay_out(row) for row in report.rows]
    else:
        body["elements"] = [format_tag(tag) for tag in report.tags]
    body["omissions"] = [lay_out_omission(omission) for omission in report.omissions]
    stream.write(format_json(body, indent=1) + "\n")


def count_statuses(counts: Iterable[tuple[Status, int]], kind: Kind) -> dict[str, int]:
    """Return the counts of one kind by the names of the statuses."""
    return {status.name: count for status, count in counts if status.kind is kind}


def _lay_out(row: InventoryRow) -> dict[str, Any]:
    return {
        "identity": row.identity,
        "vrs": row.vrs,
        "keyword": row.keyword,
        "blocks": [f"{block:02x}" for block in row.blocks],
        "files": row.files,
        "series": row.series,
        "occurrences": row.occurrences,
    }


def lay_out_omission(omission: Omission) -> dict[str, Any]:
    """Return the object of one omission."""
    return {
        "path": show_undecoded(omission.path),
        "kind": omission.status.kind.value,
        "reason": omission.status.name,
        "offset_bytes": omission.offset,
        "tag": None if omission.tag is None else format_tag(omission.tag),
        "text": omission.status.text,
        "detail": omission.detail,
    }

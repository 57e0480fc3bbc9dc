"""Element Values as one JSON object (RFC 8259, UTF-8), with what the report covers and what it does not.

For: other programs.
Never: change the meaning of a name without a new number in ``version``, or change a value.
"""

from __future__ import annotations

from typing import Any, TextIO

from tagsniff.output.json_text import format_json, format_text
from tagsniff.output.terminal_text import show_undecoded
from tagsniff.report.collisions import count_collisions
from tagsniff.report.values import Conflict, ValueReport
from tagsniff.scanning.tables import ProfileRecord
from tagsniff.status import Kind
from tagsniff.writers import collisions_json
from tagsniff.writers.inventory_json import count_statuses, lay_out_omission
from tagsniff.writers.row_lines import show_at_rows, show_recurring, write_lines
from tagsniff.writers.values_jsonl import list_members

_VERSION = 1


def write_values(report: ValueReport, stream: TextIO) -> None:
    """Write the object: ``output``, ``version``, ``profiles``, ``totals``, ``findings``, ``rows``, ``omissions``...

    The objects of ``rows`` are those of JSON Lines, one to a line, and have ``decided_by``: the row of a profile that
    decides, and where it stands. Those of ``collisions`` are as ``tagsniff collisions`` writes them.
    """
    head: dict[str, Any] = {
        "output": "element-values",
        "version": _VERSION,
        "complete": not report.is_incomplete(),
        "profiles": [_lay_out_profile(profile) for profile in report.profiles],
        "uid_root": report.uid_root,
        "max_values": report.max_values,
        "totals": {
            "files": report.files,
            "partial_files": report.partial_files,
            "series": report.series,
            "equipment": report.equipment,
            "elements": report.elements,
            "rows": report.count_rows(),
            "bounded": report.bounded,
            "collisions": count_collisions(report.collisions),
            "exclusions": count_statuses(report.omission_counts, Kind.EXCLUSION),
            "faults": count_statuses(report.omission_counts, Kind.FAULT),
            "deviations": count_statuses(report.deviations, Kind.DEVIATION),
        },
        "findings": dict(report.findings),
        "collisions": [collisions_json.lay_out(row) for row in report.collisions],
        "conflicts": [_lay_out_conflict(conflict) for conflict in report.conflicts],
        "omissions": [lay_out_omission(omission) for omission in report.omissions],
    }
    # The rows by themselves, a line each: there may be millions of them.
    stream.write(format_json(head, indent=1).removesuffix("\n}"))
    stream.write(',\n "rows": [')
    count = report.count_rows()
    parts = [
        show_at_rows(count, range(min(count, 1)), ["\n  {"], otherwise=",\n  {"),
        *list_members(report),
        show_recurring(report.table.decided_by, lambda row: f', "decided_by": {format_text(show_undecoded(row))}}}'),
    ]
    write_lines(count, parts, stream)
    stream.write("\n ]\n}\n")


def _lay_out_profile(profile: ProfileRecord) -> dict[str, Any]:
    return {
        "kind": profile.kind,
        "name": profile.name,
        "edition": profile.edition,
        "options": list(profile.options),
        "sha256": profile.digest,
    }


def _lay_out_conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "equipment": conflict.equipment,
        "element": conflict.element,
        "vr": conflict.vr,
        "code": conflict.code,
        "decided_by": show_undecoded(conflict.decided_by),
        "rivals": [show_undecoded(rival) for rival in conflict.rivals],
    }

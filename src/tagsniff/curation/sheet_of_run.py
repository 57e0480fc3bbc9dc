"""The sheet of a run: what was decided before, with what the run has shown. There is one function that makes it.

For: the file of ``--decisions`` and ``--out``, the review page, and the server of ``tagsniff review``: all three have
the same rows, and the same name of the run in ``seen``.
Never: read or write a file, or name values as known that the run has not shown.
Terms: PS3.15 Table E.1-1a (codes), edition 2026d.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from tagsniff.curation.decisions import DecidedSheet, list_digests
from tagsniff.curation.elements import ElementSummary
from tagsniff.curation.known_values import KnownValues
from tagsniff.curation.sheet import Evidence, Sheet, find_line, update_sheet

if TYPE_CHECKING:
    from tagsniff.report.values import ValueReport
    from tagsniff.scanning.tables import ScanTables


def make_sheet_of_run(
    given: DecidedSheet,
    report: ValueReport,
    summaries: Sequence[ElementSummary],
    decided_lines: Collection[int],
    *,
    shows_examples: bool = True,
) -> DecidedSheet:
    """Return the sheet with the evidence of a run, and its known values with those that the run has shown.

    ``report`` is the report of the run with the decisions of the sheet applied, ``summaries`` are those of the report.
    ``decided_lines`` are the lines of the sheet that have decided an element. ``given`` stays as it is.
    """
    read = [one for one in summaries if one.is_read]
    known = KnownValues(given.known.key, {run: set(digests) for run, digests in given.known.by_run.items()})
    shown = list_digests(report, read, known)
    run = _name_run(report.run.date, shown, known, given.sheet.list_runs())
    evidence = Evidence(run, summaries, decided_lines, shows_examples=shows_examples)
    updated = update_sheet(given.sheet, evidence)
    known.add(run, shown)
    return DecidedSheet(updated, known)


def find_decided_lines(tables: ScanTables, file: str) -> set[int]:
    """Return the lines of a sheet that have decided an element of a scan in which it was a layer."""
    places = (find_line(record.row) for record in tables.decisions)
    return {line for found, line in places if found == file and line}


def count_undecided(sheet: Sheet) -> int:
    """Return the number of rows that wait for a decision."""
    return sum(not row.is_decided for row in sheet.rows)


def _name_run(date: str, shown: set[str], known: KnownValues, named: set[str]) -> str:
    """Return the name of a run: its date, with a number after it if another run has this name.

    The name of a run that has shown the same values is used again, whichever run it was.
    """
    name, number = date, 1
    while name in named or name in known.by_run:
        if shown and known.by_run.get(name) == shown:
            break
        number += 1
        name = f"{date}.{number}"
    return name

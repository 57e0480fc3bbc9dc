"""What a run says at its end: how much was read, what was left out and why, what is odd.

For: standard error.
Never: a path of the collection, or a value of an element.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from tagsniff.report import InventoryReport
from tagsniff.status import Kind, Status
from tagsniff.writers.path_text import show_on_terminal


def write_summary(report: InventoryReport, stream: TextIO, *, exclusions_path: str) -> None:
    """Write the totals, then one line for each reason with its count.

    Exclusions and faults are counted in paths, deviations in files.
    """
    stream.write(f"{report.files} files read, {report.series} series, {len(report.tags)} tags\n")
    _write_counts(stream, "exclusions (paths)", report.omission_counts, Kind.EXCLUSION)
    _write_counts(stream, "faults (paths)", report.omission_counts, Kind.FAULT)
    _write_counts(stream, "deviations (files)", report.deviations, Kind.DEVIATION)
    place = show_on_terminal(exclusions_path)
    if report.omissions:
        stream.write(f"{len(report.omissions)} paths were left out; they are listed in {place}\n")
    else:
        stream.write(f"nothing was left out; {place} holds no rows\n")


def _write_counts(stream: TextIO, heading: str, counts: Iterable[tuple[Status, int]], kind: Kind) -> None:
    chosen = [(status, count) for status, count in counts if status.kind is kind]
    if not chosen:
        return
    width = max(len(str(count)) for _, count in chosen)
    stream.write(f"{heading}:\n")
    stream.writelines(f"  {count:>{width}}  {status.name}: {status.text}\n" for status, count in chosen)

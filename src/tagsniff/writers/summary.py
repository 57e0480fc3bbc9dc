"""What a run says at its end: how much was read, what was left out and why, what is odd.

For: standard error.
Never: a path of the collection, or a value of an element.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from tagsniff.output.terminal_text import show_on_terminal
from tagsniff.status import Kind, Omission, Status

if TYPE_CHECKING:
    from tagsniff.report.inventory import InventoryReport


def write_summary(report: InventoryReport, stream: TextIO, *, exclusions_path: str) -> None:
    """Write the totals, then one line for each reason with its count.

    Exclusions and faults are counted in paths, deviations in files.
    """
    stream.write(f"{report.files} files read, {report.series} series, {len(report.tags)} tags\n")
    write_statuses(report.omission_counts, report.deviations, stream)
    write_omissions(report.omissions, exclusions_path, stream)


def write_omissions(omissions: tuple[Omission, ...], exclusions_path: str, stream: TextIO) -> None:
    """Write how many paths were left out, and where they are listed."""
    place = show_on_terminal(exclusions_path)
    if omissions:
        stream.write(f"{len(omissions)} paths were left out; they are listed in {place}\n")
    else:
        stream.write(f"nothing was left out; {place} holds no rows\n")


def write_statuses(
    omissions: Iterable[tuple[Status, int]], deviations: Iterable[tuple[Status, int]], stream: TextIO
) -> None:
    """Write one line for each reason for which a path was left out, and for each deviation, with its count."""
    omissions = tuple(omissions)
    _write_counts(stream, "exclusions (paths)", omissions, Kind.EXCLUSION)
    _write_counts(stream, "faults (paths)", omissions, Kind.FAULT)
    _write_counts(stream, "deviations (files)", deviations, Kind.DEVIATION)


def _write_counts(stream: TextIO, heading: str, counts: Iterable[tuple[Status, int]], kind: Kind) -> None:
    lines = [(count, status.name, status.text) for status, count in counts if status.kind is kind]
    write_lines(stream, heading, lines)


def write_lines(stream: TextIO, heading: str, lines: list[tuple[int, str, str]]) -> None:
    """Write (count, name, text) line by line under a heading; nothing if there is no line."""
    if not lines:
        return
    width = max(len(str(count)) for count, _, _ in lines)
    stream.write(f"{heading}:\n")
    stream.writelines(f"  {count:>{width}}  {name}: {text}\n" for count, name, text in lines)

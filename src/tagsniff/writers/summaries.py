"""The common parts of all summaries: why paths were left out, where they are listed, and the deviations of files.

For: the writers, whose ``write_summary`` is for standard error.
Never: a path of the collection, or a value of an element.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from tagsniff.output.terminal_text import show_on_terminal
from tagsniff.status import Kind, Omissions, Status


def write_omissions(omissions: Omissions, exclusions_path: str, stream: TextIO) -> None:
    """Write how many paths were left out, and where they are listed."""
    shown_path = show_on_terminal(exclusions_path)
    if omissions.paths:
        stream.write(f"{len(omissions.paths)} paths were left out; they are listed in {shown_path}\n")
    else:
        stream.write(f"nothing was left out; {shown_path} holds no rows\n")


def write_statuses(omissions: Omissions, deviations: Iterable[tuple[Status, int]], stream: TextIO) -> None:
    """Write one line with its count for each reason why paths were left out, and for each deviation."""
    _write_counts(stream, "exclusions (paths)", omissions.counts, Kind.EXCLUSION)
    _write_counts(stream, "faults (paths)", omissions.counts, Kind.FAULT)
    _write_counts(stream, "deviations (files)", deviations, Kind.DEVIATION)


def _write_counts(stream: TextIO, heading: str, counts: Iterable[tuple[Status, int]], kind: Kind) -> None:
    lines = [(count, status.name, status.text) for status, count in counts if status.kind is kind]
    write_reasons(stream, heading, lines)


def write_reasons(stream: TextIO, heading: str, lines: list[tuple[int, str, str]]) -> None:
    """Write a line (count, name, text) for each reason under a heading; nothing if there are no reasons."""
    if not lines:
        return
    width = max(len(str(count)) for count, _, _ in lines)
    stream.write(f"{heading}:\n")
    stream.writelines(f"  {count:>{width}}  {name}: {text}\n" for count, name, text in lines)

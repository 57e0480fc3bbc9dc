"""The common parts of all summaries: why paths were left out, some of them, where they are listed; deviations of files.

For: the writers, whose ``write_summary`` is for standard error.
Never: a value of an element.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple, TextIO

from tagsniff.output.counted import choose_verb, count_of
from tagsniff.output.terminal_text import show_on_terminal
from tagsniff.status import Kind, Omission, Omissions, Status

_FIRST_PATHS = 3
_MOST_ENDINGS = 10


class Listed(NamedTuple):
    """Where the paths that were left out and the deviations are listed, None if nowhere.

    ``can_list_deviations``: the command has the flag. ``is_redacted``: numbers are in place of the paths. ``is_lost``:
    the list of paths was asked for and could not be written.
    """

    exclusions: str | None = None
    deviations: str | None = None
    can_list_deviations: bool = False
    is_redacted: bool = False
    is_lost: bool = False


def write_omissions(
    omissions: Omissions, deviations: Iterable[tuple[Status, int]], listed: Listed, stream: TextIO
) -> None:
    """Write the reasons why paths were left out, with counts and the first paths; then the deviations with counts."""
    if omissions.partial_files:
        files = count_of(omissions.partial_files, "file")
        stream.write(f"{files} {choose_verb(omissions.partial_files, 'was')} read in part; what comes after the fault ")
        stream.write("is missing\n")
    if omissions.is_empty:
        stream.write(f"no file was read{_describe_endings(omissions, listed)}\n")
    paths = _choose_paths(omissions.paths)
    for heading, kind in (("faults (paths)", Kind.FAULT), ("exclusions (paths)", Kind.EXCLUSION)):
        lines = [(count, status.name, status.text) for status, count in omissions.counts if status.kind is kind]
        write_reasons(stream, heading, lines, paths)
    counted = [(count, status.name, status.text) for status, count in deviations]
    write_reasons(stream, "deviations (files)", counted)
    if counted and listed.deviations is not None:
        stream.write(f"the files with deviations are listed in {show_on_terminal(listed.deviations)}\n")
    elif counted and listed.can_list_deviations:
        stream.write("--deviations FILE lists the files with deviations\n")
    left_out = sum(count for _, count in omissions.counts)
    if not left_out:
        # Without the list that was asked for, this is not claimed.
        stream.write("nothing was left out\n" if not omissions.is_empty and not listed.is_lost else "")
        return
    stream.write(f"{count_of(left_out, 'path')} {choose_verb(left_out, 'was')} left out or read in part; ")
    if listed.is_lost:
        stream.write("the list of them could not be written\n")
    elif listed.exclusions is None:
        stream.write("--exclusions FILE lists them all\n")
    else:
        stream.write(f"all are listed in {show_on_terminal(listed.exclusions)}\n")


def write_reasons(
    stream: TextIO, heading: str, lines: list[tuple[int, str, str]], paths: dict[str, list[str]] | None = None
) -> None:
    """Write a line (count, name, text) for each reason under a heading; nothing if there are no reasons.

    ``paths`` has the first paths of a reason by its name.
    """
    if not lines:
        return
    width = max(len(str(count)) for count, _, _ in lines)
    stream.write(f"{heading}:\n")
    for count, name, text in lines:
        stream.write(f"  {count:>{width}}  {name}: {text}\n")
        first = (paths or {}).get(name, [])
        stream.writelines(f"  {'':{width}}    {show_on_terminal(path)}\n" for path in first)
        if first and count > len(first):
            stream.write(f"  {'':{width}}    ... and {count - len(first)} more\n")


def _choose_paths(omissions: Iterable[Omission]) -> dict[str, list[str]]:
    """Return the first paths of each status, by its name."""
    first: defaultdict[str, list[str]] = defaultdict(list)
    for omission in omissions:
        of_status = first[omission.status.name]
        if len(of_status) < _FIRST_PATHS:
            of_status.append(omission.path)
    return first


def _describe_endings(omissions: Omissions, listed: Listed) -> str:
    """Return how many paths of which ending were left out; the endings are part of the paths, and redacted too."""
    if not omissions.paths:
        return "; there was none"
    if listed.is_redacted:
        return ""
    endings = Counter(os.path.splitext(omission.path)[1].lower() for omission in omissions.paths)
    # The most frequent ones first, then by their text.
    ordered = sorted(endings.items(), key=lambda entry: (-entry[1], entry[0]))
    shown = [
        f"{count} {show_on_terminal(ending)}" if ending else f"{count} without an ending" for ending, count in ordered
    ]
    rest = sum(count for _, count in ordered[_MOST_ENDINGS:])
    return "; left out: " + ", ".join(shown[:_MOST_ENDINGS] + ([f"{rest} with other endings"] if rest else []))

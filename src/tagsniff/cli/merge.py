"""``tagsniff merge``: one saved scan of several, as if one scan had read all their files.

For: the command line; parts of a collection that were scanned by several machines, or one after the other.
Never: read a file of the collection, or merge one scan with itself: its files would count twice.
"""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from tagsniff.cli.outputs import MisuseError, check_targets, choose_status, say, write_binary_output
from tagsniff.output.counted import choose_verb, count_of, count_patients
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.api import Scan


def run_merge(arguments: argparse.Namespace) -> int:
    """Read the scans and write the merged one; return the exit status, which is 3 if one of them is incomplete."""
    if arguments.output == "-":
        raise MisuseError("a saved scan holds bytes, which are not for a terminal; give --output FILE")
    check_targets(arguments.scans, arguments.output, overwrite=arguments.force)
    _refuse_repeated(arguments.scans)

    from tagsniff.api import merge
    from tagsniff.scanning.saved import write_scan

    try:
        merged = merge([read_saved_scan(path) for path in arguments.scans])
    except ValueError as error:
        raise MisuseError(str(error)) from None
    is_written = write_binary_output(
        arguments.output, lambda stream: write_scan(merged.tables, stream), overwrite=arguments.force
    )
    tables, left_out = merged.tables, merged.tables.left_out
    counts = [count_of(tables.files, "file"), count_of(tables.series, "series"), count_patients(tables.patients)]
    say(f"{count_of(len(arguments.scans), 'scan')} merged: {', '.join(counts)}")
    if tables.patients < 0:
        say("patients are not counted across scans with different keys: save scans with the same --key FILE")
    if left_out.paths:
        paths = count_of(len(left_out.paths), "path")
        verb = choose_verb(len(left_out.paths), "was")
        say(f"{paths} {verb} left out or read in part; tagsniff report --exclusions FILE lists them")
    return choose_status(left_out, is_written=is_written)


def read_saved_scan(path: str) -> Scan:
    """Return the scan in a file. Raises MisuseError if it cannot be read or is no saved scan."""
    from tagsniff.api import load
    from tagsniff.scanning.saved import SavedScanError

    place = show_on_terminal(path)
    try:
        return load(path)
    except SavedScanError as error:
        raise MisuseError(f"{place}: {error}") from None
    except OSError as error:
        raise MisuseError(f"cannot read {place}: {error.strerror}") from None


def _refuse_repeated(paths: list[str]) -> None:
    seen: set[tuple[int, int]] = set()
    for path in paths:
        try:
            entry = os.stat(path)
        except OSError as error:
            raise MisuseError(f"cannot read {show_on_terminal(path)}: {error.strerror}") from None
        if (entry.st_dev, entry.st_ino) in seen:
            raise MisuseError(f"{show_on_terminal(path)} is given twice: its files would count twice")
        seen.add((entry.st_dev, entry.st_ino))

"""The steps of all commands that read a collection: check, read, redact, save, report, list, write, summarize.

For: the commands; each defines its own part in a `Reader`.
Never: write an output before all outputs were checked, or the report before the list of what is missing in it.
"""

from __future__ import annotations

import abc
import argparse
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, TextIO, TypeVar

from tagsniff.cli.destination import BINARY_FORMATS, Destination, Output, open_destination
from tagsniff.cli.inputs import list_input_files, say_passed_over
from tagsniff.cli.outputs import (
    DONE,
    INTERRUPTED,
    choose_status,
    say,
    say_all,
    write_binary_output,
    write_exclusions,
    write_output,
    write_path_key,
)
from tagsniff.scanning import interruption

if TYPE_CHECKING:
    from tagsniff.api import Scan
    from tagsniff.cli.progress import Callbacks
    from tagsniff.report.redaction import PathNumbers
    from tagsniff.scanning.deviation_list import DeviationList
    from tagsniff.status import Deviation, Omissions
    from tagsniff.writers.summaries import Listed

_Found = TypeVar("_Found")
_Report = TypeVar("_Report")


class Reader(abc.ABC, Generic[_Found, _Report]):
    """The part of a command in each step: it reads ``found``, and makes a ``report`` of it."""

    interruption_note = "what was read until then is in the report"
    """The message after an interruption; if it is empty, none is printed and the exit status is the usual one."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.destination: Destination

    def list_inputs(self) -> list[str]:
        """Return the paths that are read, which no output may replace."""
        return list_input_files(self.arguments)

    @abc.abstractmethod
    def read(self) -> _Found:
        """Read the collection."""

    @abc.abstractmethod
    def redact(self, found: _Found) -> tuple[_Found, PathNumbers]:
        """Return the same with numbers in place of paths, and the numbers of the paths."""

    def save(self, _found: _Found) -> bool:
        """Save the scan, if the destination has a path for it; return False if the system refuses."""
        return True

    @abc.abstractmethod
    def make_report(self, found: _Found) -> _Report:
        """Return the report."""

    @abc.abstractmethod
    def find_omissions(self, report: _Report) -> Omissions:
        """Return what is missing in the report."""

    def share(self, report: _Report) -> _Report:
        """Return the report that may leave the institution; for commands with ``--share``."""
        return report

    @abc.abstractmethod
    def write(self, report: _Report, form: str, stream: TextIO) -> None:
        """Write the output in a format of text."""

    @abc.abstractmethod
    def write_bytes(self, report: _Report, form: str, stream: BinaryIO) -> None:
        """Write the output in one of `BINARY_FORMATS`."""

    @abc.abstractmethod
    def write_summary(self, report: _Report, stream: TextIO, listed: Listed) -> None:
        """Write the summary at the end, to standard error."""

    @abc.abstractmethod
    def describe(self, report: _Report) -> dict[str, Any]:
        """Return what ``run.json`` says of the run, without paths."""

    def write_deviations(self, _to: Destination) -> bool:
        """Write the list of deviations, if the destination has a path for it; return False if the system refuses."""
        return True

    def write_decisions(self, _report: _Report) -> bool:
        """Write the sheet of decisions, for commands that have one; return False if the system refuses."""
        return True

    def answer(self, _report: _Report) -> int:
        """Return the exit status of a complete run."""
        return DONE

    def show_progress(self) -> AbstractContextManager[Callbacks]:
        """Return the context manager of the progress display; it returns the functions to call."""
        from tagsniff.cli.progress import show_progress

        return show_progress(shows_folder=self.arguments.redact_paths is None)


class ScanReader(Reader["Scan", _Report]):
    """A command whose report is that of a scan."""

    _deviations: DeviationList | None = None

    def is_for_person(self) -> bool:
        """Return whether the output goes to a terminal, and neither a format, a file nor ``--share`` was asked for."""
        given = vars(self.arguments)
        is_asked = any(given.get(name) for name in ("format", "output", "out", "share"))
        return not is_asked and sys.stdout is not None and sys.stdout.isatty()

    def collect_deviations(self) -> Callable[[str, Deviation], object] | None:
        """Return the function to call with each deviation of each file; None if they are not listed."""
        if self.destination.deviations is None:
            return None
        from tagsniff.scanning.deviation_list import DeviationList

        self._deviations = DeviationList()
        return self._deviations.add

    def redact(self, found: Scan) -> tuple[Scan, PathNumbers]:
        from tagsniff.api import Scan
        from tagsniff.report.redaction import redact_scan

        tables, numbers = redact_scan(found.tables, (path for path, _ in self._deviations or ()))
        if self._deviations is not None:
            from tagsniff.scanning.deviation_list import DeviationList

            # Sorted again, by the numbers: the old order would reveal something about the paths.
            numbered = DeviationList()
            for path, deviation in self._deviations:
                numbered.add(numbers[os.fsencode(path)], deviation)
            self._deviations = numbered
        return Scan(tables), numbers

    def write_deviations(self, to: Destination) -> bool:
        deviations = self._deviations
        if to.deviations is None or deviations is None:
            return True
        from tagsniff.writers.exclusions import write_deviations

        path = None if to.deviations == "-" else to.deviations
        return write_output(path, lambda stream: write_deviations(deviations, stream), overwrite=to.overwrite)


def run_reader(reader: Reader[_Found, _Report]) -> int:
    """Run a command and return the exit status."""
    with open_destination(reader.arguments, reader.list_inputs()) as destination:
        reader.destination = destination
        return _run(reader, destination)


def _run(reader: Reader[_Found, _Report], to: Destination) -> int:
    from tagsniff.writers.summaries import Listed

    arguments = reader.arguments
    # What could be lost while modules were imported ends the run here, before the files are read, and after it.
    interruption.raise_if_noted()
    found = reader.read()
    interruption.raise_if_noted()
    is_written = True
    if to.path_key is not None:
        found, numbers = reader.redact(found)
        is_written &= write_path_key(numbers, to.path_key, overwrite=to.overwrite)
    is_written &= reader.save(found)
    report = reader.make_report(found)
    interruption.raise_if_noted()
    omissions = reader.find_omissions(report)
    # The list of what is missing comes first: so it is complete even if the reader of the output ends early.
    are_listed = write_exclusions(omissions, to.exclusions, overwrite=to.overwrite)
    shown = reader.share(report) if "share" in arguments and arguments.share else report
    is_written &= are_listed
    are_deviations_listed = reader.write_deviations(to)
    is_written &= are_deviations_listed
    for output in to.outputs:
        is_written &= _write_output(reader, shown, output, overwrite=to.overwrite)
    is_written &= reader.write_decisions(report)
    listed = Listed(
        exclusions=to.show(to.exclusions) if are_listed else None,
        deviations=to.show(to.deviations) if are_deviations_listed else None,
        can_list_deviations="deviations" in arguments,
        is_redacted=to.path_key is not None,
        is_lost=not are_listed,
    )
    say_all(lambda stream: reader.write_summary(report, stream, listed))
    if "glob" in arguments:
        say_passed_over(arguments)
    record = reader.describe(report) if to.folder is not None else {}
    is_put = to.finish(record, is_written=is_written, is_interrupted=omissions.is_interrupted)
    is_written &= is_put
    if omissions.is_interrupted and reader.interruption_note:
        say("tagsniff: interrupted" + (f"; {reader.interruption_note}" if is_put else ""))
        return INTERRUPTED
    return choose_status(omissions, is_written=is_written, answer=reader.answer(report))


def _write_output(reader: Reader[_Found, _Report], report: _Report, output: Output, *, overwrite: bool) -> bool:
    if output.format in BINARY_FORMATS:
        return write_binary_output(
            output.path, lambda stream: reader.write_bytes(report, output.format, stream), overwrite=overwrite
        )
    return write_output(output.path, lambda stream: reader.write(report, output.format, stream), overwrite=overwrite)

"""The steps of all commands that read a collection: check, read, redact, save, report, list, write, summarize.

For: the commands; each defines its own part in a `Reader`.
Never: write an output before all outputs were checked, or the report before the list of what is missing in it.
"""

from __future__ import annotations

import abc
import argparse
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Generic, TextIO, TypeVar

from tagsniff.cli.inputs import list_input_files, say_passed_over
from tagsniff.cli.outputs import (
    DONE,
    INTERRUPTED,
    check_targets,
    choose_status,
    list_targets,
    say,
    say_all,
    write_exclusions,
    write_output,
    write_path_key,
)
from tagsniff.scanning import interruption

if TYPE_CHECKING:
    from tagsniff.api import Scan
    from tagsniff.cli.progress import Callbacks
    from tagsniff.report.redaction import PathNumbers
    from tagsniff.status import Omissions

_Found = TypeVar("_Found")
_Report = TypeVar("_Report")


class Reader(abc.ABC, Generic[_Found, _Report]):
    """The part of a command in each step: it reads ``found``, and makes a ``report`` of it."""

    interruption_note = "what was read until then is in the report"
    """The message after an interruption; if it is empty, none is printed and the exit status is the usual one."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments

    def list_inputs(self) -> list[str]:
        """Return the paths that are read, which no output may replace."""
        return list_input_files(self.arguments)

    def list_targets(self) -> list[tuple[str, str | None]]:
        """Return what is written in addition to output, exclusions and key of the paths; see `check_targets`."""
        return []

    @abc.abstractmethod
    def read(self) -> _Found:
        """Read the collection."""

    @abc.abstractmethod
    def redact(self, found: _Found) -> tuple[_Found, PathNumbers]:
        """Return the same with numbers in place of paths, and the numbers of the paths."""

    def save(self, _found: _Found) -> bool:
        """Save the scan, if this is requested; return False if the system refuses."""
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
    def write(self, report: _Report, stream: TextIO) -> None:
        """Write the output in the requested format."""

    @abc.abstractmethod
    def write_summary(self, report: _Report, stream: TextIO) -> None:
        """Write the summary at the end, to standard error."""

    def answer(self, _report: _Report) -> int:
        """Return the exit status of a complete run."""
        return DONE

    def show_progress(self) -> AbstractContextManager[Callbacks]:
        """Return the context manager of the progress display; it returns the functions to call."""
        from tagsniff.cli.progress import show_progress

        return show_progress(shows_folder=self.arguments.redact_paths is None)


class ScanReader(Reader["Scan", _Report]):
    """A command whose report is that of a scan."""

    def redact(self, found: Scan) -> tuple[Scan, PathNumbers]:
        from tagsniff.api import Scan
        from tagsniff.report.redaction import redact_scan

        tables, numbers = redact_scan(found.tables)
        return Scan(tables), numbers


def run_reader(reader: Reader[_Found, _Report]) -> int:
    """Run a command and return the exit status."""
    arguments = reader.arguments
    others = [*list_targets(arguments), *reader.list_targets()]
    check_targets(reader.list_inputs(), arguments.output, others, overwrite=arguments.force)
    # What could be lost while modules were imported ends the run here, before the files are read, and after it.
    interruption.raise_if_noted()
    found = reader.read()
    interruption.raise_if_noted()
    is_written = True
    if arguments.redact_paths is not None:
        found, numbers = reader.redact(found)
        is_written &= write_path_key(numbers, arguments)
    is_written &= reader.save(found)
    report = reader.make_report(found)
    interruption.raise_if_noted()
    omissions = reader.find_omissions(report)
    # The list of what is missing comes first: so it is complete even if the reader of the output ends early.
    is_written &= write_exclusions(omissions, arguments)
    shown = reader.share(report) if "share" in arguments and arguments.share else report
    is_written &= write_output(arguments.output, lambda stream: reader.write(shown, stream), overwrite=arguments.force)
    say_all(lambda stream: reader.write_summary(report, stream))
    if "glob" in arguments:
        say_passed_over(arguments)
    if omissions.is_interrupted and reader.interruption_note:
        say(f"tagsniff: interrupted; {reader.interruption_note}")
        return INTERRUPTED
    return choose_status(omissions, is_written=is_written, answer=reader.answer(report))

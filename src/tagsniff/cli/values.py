"""``tagsniff before``, ``final`` and ``report``: the values of a collection, as a pair of profiles decides.

For: the command line.
Never: decide anything about elements. ``before`` and ``final`` differ only in their default profiles.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TextIO

from tagsniff.cli.inputs import list_input_files
from tagsniff.cli.outputs import MisuseError, write_binary_output
from tagsniff.cli.profile import list_profile_paths, load_asked_profile
from tagsniff.cli.reader import ScanReader, run_reader

if TYPE_CHECKING:
    from tagsniff.api import Scan
    from tagsniff.profile import Profile
    from tagsniff.report.values import ValueReport
    from tagsniff.status import Omissions


def run_before(arguments: argparse.Namespace) -> int:
    """Read the paths and write Element Values Before De-identification; return the exit status."""
    return run_reader(_CollectionReader(arguments, load_asked_profile(arguments, "before")))


def run_final(arguments: argparse.Namespace) -> int:
    """Read the paths and write Element Values, Final Review; return the exit status."""
    return run_reader(_CollectionReader(arguments, load_asked_profile(arguments, "final")))


def run_report(arguments: argparse.Namespace) -> int:
    """Write the report of a saved scan; return the exit status."""
    return run_reader(_SavedScanReader(arguments))


class _ValueReader(ScanReader["ValueReport"]):
    def make_report(self, found: Scan) -> ValueReport:
        from tagsniff.report.element_uses import list_uses
        from tagsniff.report.values import build_value_report

        self._uses = list_uses(found.tables)
        return build_value_report(found.tables, self._uses)

    def find_omissions(self, report: ValueReport) -> Omissions:
        return report.omissions

    def share(self, report: ValueReport) -> ValueReport:
        from tagsniff.report.sharing import make_sharing, share_values

        return share_values(report, self._uses, make_sharing())

    def write(self, report: ValueReport, stream: TextIO) -> None:
        from tagsniff.writers.values import FORMATS

        FORMATS[self.arguments.format](report, stream)

    def write_summary(self, report: ValueReport, stream: TextIO) -> None:
        from tagsniff.writers.values import write_summary

        write_summary(report, stream, exclusions_path=self.arguments.exclusions)


class _CollectionReader(_ValueReader):
    def __init__(self, arguments: argparse.Namespace, profile: Profile) -> None:
        super().__init__(arguments)
        self._profile = profile
        if arguments.share and arguments.save is not None:
            raise MisuseError("a saved scan holds values: save it without --share, then tagsniff report --share")

    def list_inputs(self) -> list[str]:
        return [*list_input_files(self.arguments), *list_profile_paths(self.arguments)]

    def list_targets(self) -> list[tuple[str, str | None]]:
        return [("the saved scan", self.arguments.save)]

    def read(self) -> Scan:
        from tagsniff.api import scan

        with self.show_progress() as callbacks:
            return scan(
                self.arguments.paths,
                profile=self._profile,
                max_values=self.arguments.max_values,
                keep_partial=self.arguments.keep_partial,
                mergeable=self.arguments.save is not None,
                workers=self.arguments.workers,
                names=self.arguments.glob,
                on_file=callbacks.on_file,
                on_walk_end=callbacks.on_walk_end,
                keep_interrupted=True,
            )

    def save(self, found: Scan) -> bool:
        if self.arguments.save is None:
            return True
        from tagsniff.scanning.saved import write_scan

        return write_binary_output(
            self.arguments.save, lambda stream: write_scan(found.tables, stream), overwrite=self.arguments.force
        )


class _SavedScanReader(_ValueReader):
    # This run was not interrupted, even if the saved one was.
    interruption_note = ""

    def list_inputs(self) -> list[str]:
        return [self.arguments.scan]

    def read(self) -> Scan:
        from tagsniff.cli.merge import read_saved_scan

        return read_saved_scan(self.arguments.scan)

"""``tagsniff collisions``: lists what is ambiguous in a collection.

For: the command line.
Never: decide anything about elements.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from tagsniff.cli.inputs import list_input_files
from tagsniff.cli.profile import list_profile_paths, load_asked_profile
from tagsniff.cli.reader import ScanReader, run_reader

if TYPE_CHECKING:
    from tagsniff.api import Scan
    from tagsniff.profile import Profile
    from tagsniff.report.collisions import CollisionReport
    from tagsniff.status import Omissions
    from tagsniff.writers.summaries import Listed


def run_collisions(arguments: argparse.Namespace) -> int:
    """Read the paths and write the collisions; return the exit status."""
    return run_reader(_CollisionReader(arguments, load_asked_profile(arguments, "before")))


class _CollisionReader(ScanReader["CollisionReport"]):
    def __init__(self, arguments: argparse.Namespace, profile: Profile) -> None:
        super().__init__(arguments)
        self._profile = profile

    def list_inputs(self) -> list[str]:
        return [*list_input_files(self.arguments), *list_profile_paths(self.arguments)]

    def read(self) -> Scan:
        from tagsniff.api import scan

        with self.show_progress() as callbacks:
            return scan(
                self.arguments.paths,
                profile=self._profile,
                keep_partial=self.arguments.keep_partial,
                mergeable=False,
                workers=self.arguments.workers,
                names=self.arguments.glob,
                on_file=callbacks.on_file,
                on_walk_end=callbacks.on_walk_end,
                on_deviation=self.collect_deviations(),
                keep_interrupted=True,
            )

    def make_report(self, found: Scan) -> CollisionReport:
        from tagsniff.report.collisions import build_collision_report

        report = build_collision_report(found.tables)
        return replace(report, run=report.run._replace(mode="collisions"))

    def find_omissions(self, report: CollisionReport) -> Omissions:
        return report.omissions

    def share(self, report: CollisionReport) -> CollisionReport:
        from tagsniff.report.sharing import make_sharing, share_collision_report

        return share_collision_report(report, make_sharing())

    def write(self, report: CollisionReport, form: str, stream: TextIO) -> None:
        from tagsniff.writers.collisions import FORMATS

        FORMATS[form](report, stream)

    def write_bytes(self, report: CollisionReport, form: str, stream: BinaryIO) -> None:
        from tagsniff.writers.collisions import BINARY_FORMATS

        BINARY_FORMATS[form](report, stream)

    def write_summary(self, report: CollisionReport, stream: TextIO, listed: Listed) -> None:
        from tagsniff.writers.collisions import write_summary

        write_summary(report, stream, listed=listed)

    def describe(self, report: CollisionReport) -> dict[str, Any]:
        from tagsniff.writers.run_rows import lay_out_record

        totals = {"files": report.files, "rows": len(report.rows)}
        return lay_out_record(report.run, report.omissions, totals, report.profiles)

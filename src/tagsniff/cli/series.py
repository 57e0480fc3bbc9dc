"""``tagsniff series``: which series are in the files, and in which order are the files of each?

For: the command line.
Never: read pixels, or leave a file out in silence.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from tagsniff.cli.reader import Reader, run_reader

if TYPE_CHECKING:
    from tagsniff.report.redaction import PathNumbers
    from tagsniff.selection.series import SeriesList
    from tagsniff.status import Omissions
    from tagsniff.writers.summaries import Listed


def run_series(arguments: argparse.Namespace) -> int:
    """Read the paths and write the series; return the exit status."""
    return run_reader(_SeriesReader(arguments))


class _SeriesReader(Reader["SeriesList", "SeriesList"]):
    def read(self) -> SeriesList:
        from tagsniff.selection.series import series

        with self.show_progress() as callbacks:
            return series(
                self.arguments.paths,
                workers=self.arguments.workers,
                names=self.arguments.glob,
                on_file=callbacks.on_file,
                on_walk_end=callbacks.on_walk_end,
            )

    def redact(self, found: SeriesList) -> tuple[SeriesList, PathNumbers]:
        from tagsniff.selection.series import redact_series

        return redact_series(found)

    def make_report(self, found: SeriesList) -> SeriesList:
        return found

    def find_omissions(self, report: SeriesList) -> Omissions:
        return report.omissions

    def write(self, report: SeriesList, form: str, stream: TextIO) -> None:
        from tagsniff.writers.series import FORMATS

        FORMATS[form](report, stream)

    def write_bytes(self, report: SeriesList, form: str, stream: BinaryIO) -> None:
        from tagsniff.writers.series import BINARY_FORMATS

        BINARY_FORMATS[form](report, stream)

    def write_summary(self, report: SeriesList, stream: TextIO, listed: Listed) -> None:
        from tagsniff.writers.series import write_summary

        write_summary(report, stream, listed=listed)

    def describe(self, report: SeriesList) -> dict[str, Any]:
        from tagsniff.writers.run_rows import lay_out_record

        return lay_out_record(report.run, report.omissions, {"files": report.files_read, "series": len(report)})

"""``tagsniff inventory``: lists every tag of a collection, without values and without a profile.

For: the command line.
Never: decide anything about elements.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from tagsniff.cli.reader import ScanReader, run_reader

if TYPE_CHECKING:
    from tagsniff.api import Scan
    from tagsniff.report.inventory import InventoryReport
    from tagsniff.status import Omissions
    from tagsniff.writers.summaries import Listed


def run_inventory(arguments: argparse.Namespace) -> int:
    """Read the paths and write the Element Inventory; return the exit status."""
    return run_reader(_InventoryReader(arguments))


class _InventoryReader(ScanReader["InventoryReport"]):
    def read(self) -> Scan:
        from tagsniff.api import scan
        from tagsniff.scanning.modes import INVENTORY

        with self.show_progress() as callbacks:
            return scan(
                self.arguments.paths,
                mode=INVENTORY,
                mergeable=False,
                workers=self.arguments.workers,
                names=self.arguments.glob,
                on_file=callbacks.on_file,
                on_walk_end=callbacks.on_walk_end,
                on_deviation=self.collect_deviations(),
                keep_interrupted=True,
            )

    def make_report(self, found: Scan) -> InventoryReport:
        from tagsniff.report.inventory import build_report

        if not (self.arguments.by_creator or self.is_for_person()):
            return build_report(found.tables)
        from tagsniff.scanning.modes import load_mode

        # The profiles do not decide what is listed. They add names and the rows that a reader may want to look at.
        return build_report(found.tables, load_mode("before"))

    def find_omissions(self, report: InventoryReport) -> Omissions:
        return report.omissions

    def share(self, report: InventoryReport) -> InventoryReport:
        from tagsniff.report.sharing import make_sharing, share_inventory

        return share_inventory(report, make_sharing())

    def write(self, report: InventoryReport, form: str, stream: TextIO) -> None:
        from tagsniff.writers.inventory import FORMATS, write_for_person

        if not self.arguments.by_creator and self.is_for_person():
            write_for_person(report, stream)
        else:
            FORMATS[form](report, stream, by_creator=self.arguments.by_creator)

    def write_bytes(self, report: InventoryReport, form: str, stream: BinaryIO) -> None:
        from tagsniff.writers.inventory import BINARY_FORMATS

        BINARY_FORMATS[form](report, stream, by_creator=self.arguments.by_creator)

    def write_summary(self, report: InventoryReport, stream: TextIO, listed: Listed) -> None:
        from tagsniff.writers.inventory import write_summary

        write_summary(report, stream, listed=listed)

    def describe(self, report: InventoryReport) -> dict[str, Any]:
        from tagsniff.writers.run_rows import lay_out_record, show_count

        totals = {"files": report.files, "series": report.series, "patients": show_count(report.patients)}
        totals["tags"] = len(report.tags)
        return lay_out_record(report.run, report.omissions, totals)

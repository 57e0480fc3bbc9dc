"""``tagsniff inventory``: lists every tag of a collection, without values and without a profile.

For: the command line.
Never: decide anything about elements.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TextIO

from tagsniff.cli.reader import ScanReader, run_reader

if TYPE_CHECKING:
    from tagsniff.api import Scan
    from tagsniff.report.inventory import InventoryReport
    from tagsniff.status import Omissions


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
                keep_interrupted=True,
            )

    def make_report(self, found: Scan) -> InventoryReport:
        from tagsniff.report.inventory import build_report

        return build_report(found.tables)

    def find_omissions(self, report: InventoryReport) -> Omissions:
        return report.omissions

    def share(self, report: InventoryReport) -> InventoryReport:
        from tagsniff.report.sharing import make_sharing, share_inventory

        return share_inventory(report, make_sharing())

    def write(self, report: InventoryReport, stream: TextIO) -> None:
        from tagsniff.writers.inventory import FORMATS

        FORMATS[self.arguments.format](report, stream, by_creator=self.arguments.by_creator)

    def write_summary(self, report: InventoryReport, stream: TextIO) -> None:
        from tagsniff.writers.inventory import write_summary

        write_summary(report, stream, exclusions_path=self.arguments.exclusions)

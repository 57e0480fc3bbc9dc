"""``tagsniff inventory``: what is in there? Every tag, no values, no profile.

For: the command line.
Never: decide anything about elements.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TextIO

from tagsniff.cli.outputs import check_targets, end_scan, list_targets, redact_paths, say_all, write_output

if TYPE_CHECKING:
    from tagsniff.report.inventory import InventoryReport


def run_inventory(arguments: argparse.Namespace) -> int:
    """Read the paths and write the Element Inventory; return the exit status."""
    from tagsniff.cli.progress import show_progress

    check_targets(arguments.paths, arguments.output, list_targets(arguments), overwrite=arguments.force)
    write_inventory = _choose_writer(arguments.format, by_creator=arguments.by_creator)

    from tagsniff.api import scan
    from tagsniff.report.inventory import build_report
    from tagsniff.scanning.modes import INVENTORY
    from tagsniff.writers.exclusions import write_exclusions
    from tagsniff.writers.summary import write_summary

    with show_progress(shows_folder=arguments.redact_paths is None) as on_file:
        inventory = scan(
            arguments.paths,
            mode=INVENTORY,
            mergeable=False,
            workers=arguments.workers,
            on_file=on_file,
            keep_interrupted=True,
        )
    inventory, complete = redact_paths(inventory, arguments)
    report = build_report(inventory.tables)
    # The list of what is missing first: it is there even if nobody reads the output to its end.
    complete &= write_output(
        arguments.exclusions, lambda stream: write_exclusions(report.omissions, stream), overwrite=arguments.force
    )
    shown = report
    if arguments.share:
        from tagsniff.report.sharing import make_sharing, share_inventory

        shown = share_inventory(report, make_sharing())
    complete &= write_output(arguments.output, lambda stream: write_inventory(shown, stream), overwrite=arguments.force)
    say_all(lambda stream: write_summary(report, stream, exclusions_path=arguments.exclusions))
    return end_scan(inventory, is_complete=complete and not report.has_faults())


def _choose_writer(name: str, *, by_creator: bool) -> Callable[[InventoryReport, TextIO], None]:
    if name == "csv":
        from tagsniff.writers.inventory_csv import write_inventory
    elif name == "json":
        from tagsniff.writers.inventory_json import write_inventory
    else:
        from tagsniff.writers.inventory_text import write_inventory
    return partial(write_inventory, by_creator=by_creator)

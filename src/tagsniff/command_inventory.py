"""``tagsniff inventory``: what is in there? Every tag, no values, no profile.

For: the command line.
Never: decide anything about elements.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TextIO

from tagsniff.outputs import DONE, INCOMPLETE, check_targets, write_output

if TYPE_CHECKING:
    from tagsniff.report import InventoryReport


def run_inventory(arguments: argparse.Namespace) -> int:
    """Read the paths and write the Element Inventory; return the exit status."""
    from tagsniff.progress import show_progress

    check_targets(arguments.paths, arguments.output, [("the exclusions", arguments.exclusions)])
    write_inventory = _choose_writer(arguments.format, by_creator=arguments.by_creator)

    from tagsniff.collect import collect_inventory
    from tagsniff.report import build_report
    from tagsniff.walk import walk_paths
    from tagsniff.writers.exclusions import write_exclusions
    from tagsniff.writers.summary import write_summary

    with show_progress() as on_file:
        inventory = collect_inventory(walk_paths(arguments.paths), on_file=on_file)
    report = build_report(inventory)
    # The list of what is missing first: it is there even if nobody reads the output to its end.
    complete = write_output(arguments.exclusions, lambda stream: write_exclusions(report.omissions, stream))
    complete &= write_output(arguments.output, lambda stream: write_inventory(report, stream))
    if sys.stderr is not None:
        write_summary(report, sys.stderr, exclusions_path=arguments.exclusions)
    return DONE if complete and not report.has_faults() else INCOMPLETE


def _choose_writer(name: str, *, by_creator: bool) -> Callable[[InventoryReport, TextIO], None]:
    if name == "csv":
        from tagsniff.writers.csv import write_inventory
    elif name == "json":
        from tagsniff.writers.json import write_inventory
    else:
        from tagsniff.writers.text import write_inventory
    return partial(write_inventory, by_creator=by_creator)

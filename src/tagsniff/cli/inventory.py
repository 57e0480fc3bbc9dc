"""``tagsniff inventory``: what is in there? Every tag, no values, no profile.

For: the command line.
Never: decide anything about elements.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tagsniff.cli.outputs import check_targets, end_reading, list_targets, redact_paths, say_all, write_output

if TYPE_CHECKING:
    pass


def run_inventory(arguments: argparse.Namespace) -> int:
    """Read the paths and write the Element Inventory; return the exit status."""
    from tagsniff.cli.progress import show_progress

    check_targets(arguments.paths, arguments.output, list_targets(arguments), overwrite=arguments.force)

    from tagsniff.api import scan
    from tagsniff.report.inventory import build_report
    from tagsniff.scanning.modes import INVENTORY
    from tagsniff.writers.exclusions import write_exclusions
    from tagsniff.writers.inventory import FORMATS, write_summary

    with show_progress(shows_folder=arguments.redact_paths is None) as on_file:
        inventory = scan(
            arguments.paths,
            mode=INVENTORY,
            mergeable=False,
            workers=arguments.workers,
            on_file=on_file,
            keep_interrupted=True,
        )
    inventory, is_written = redact_paths(inventory, arguments)
    report = build_report(inventory.tables)
    # The list of what is missing first: it is there even if nobody reads the output to its end.
    is_written &= write_output(
        arguments.exclusions, lambda stream: write_exclusions(report.omissions.paths, stream), overwrite=arguments.force
    )
    shown, write = report, FORMATS[arguments.format]
    if arguments.share:
        from tagsniff.report.sharing import make_sharing, share_inventory

        shown = share_inventory(report, make_sharing())
    is_written &= write_output(
        arguments.output,
        lambda stream: write(shown, stream, by_creator=arguments.by_creator),
        overwrite=arguments.force,
    )
    say_all(lambda stream: write_summary(report, stream, exclusions_path=arguments.exclusions))
    return end_reading(report.omissions, is_written=is_written)

"""``tagsniff before``, ``final``, ``report`` and ``collisions``: the values of a collection, under a pair of profiles.

For: the command line.
Never: decide anything about elements. ``before`` and ``final`` differ in the profiles that they begin with, and in
nothing else.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TextIO

from tagsniff.outputs import DONE, INCOMPLETE, MisuseError, check_targets, say, write_binary_output, write_output
from tagsniff.writers.path_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.collisions import CollisionRow
    from tagsniff.profile import Profile
    from tagsniff.scan_tables import Scan
    from tagsniff.value_report import ValueReport

# Of the shipped profiles; all others say what private elements of manufacturers mean.
NOT_OF_MANUFACTURERS = frozenset({"basic", "physical", "record-all"})


def run_before(arguments: argparse.Namespace) -> int:
    """Read the paths and write Element Values Before De-identification; return the exit status."""
    return _run_scan(arguments, load_asked_profile(arguments, "basic"))


def run_final(arguments: argparse.Namespace) -> int:
    """Read the paths and write Element Values, Final Review; return the exit status."""
    return _run_scan(arguments, load_asked_profile(arguments, "physical", ("record-all",)))


def run_report(arguments: argparse.Namespace) -> int:
    """Write the report of a saved scan; return the exit status."""
    from tagsniff.saved_scan import SavedScanError, read_scan

    check_targets([arguments.scan], arguments.output, [("the exclusions", arguments.exclusions)])
    place = show_on_terminal(arguments.scan)
    try:
        scan = read_scan(arguments.scan)
    except SavedScanError as error:
        raise MisuseError(f"{place}: {error}") from None
    except OSError as error:
        raise MisuseError(f"cannot read {place}: {error.strerror}") from None
    return DONE if _write_report(scan, arguments) else INCOMPLETE


def load_asked_profile(
    arguments: argparse.Namespace, confidentiality: str, modality_software: tuple[str, ...] | None = None
) -> Profile:
    """Return the profile that the flags name, with what is taken where they name none.

    ``modality_software`` None is all shipped ones of manufacturers. Raises MisuseError.
    """
    from tagsniff.profile import ProfileError, load_profile
    from tagsniff.profile.shipped import find_shipped

    names = arguments.modality_software or modality_software
    if names is None:
        names = tuple(name for name in find_shipped() if name not in NOT_OF_MANUFACTURERS)
    try:
        return load_profile(
            arguments.confidentiality or confidentiality, names, arguments.option, uid_root=arguments.uid_root
        )
    except ProfileError as error:
        raise MisuseError(*(show_on_terminal(str(mistake)) for mistake in error.mistakes)) from None
    except ValueError as error:
        raise MisuseError(f"--uid-root: {error}") from None


def _run_scan(arguments: argparse.Namespace, profile: Profile) -> int:
    from tagsniff.progress import show_progress

    others = [("the exclusions", arguments.exclusions), ("the saved scan", arguments.save)]
    check_targets(arguments.paths, arguments.output, others)

    from tagsniff.saved_scan import write_scan
    from tagsniff.scanning import scan

    with show_progress() as on_file:
        done = scan(
            arguments.paths,
            profile=profile,
            max_values=arguments.max_values,
            keep_partial=arguments.keep_partial,
            on_file=on_file,
        )
    complete = True
    if arguments.save is not None:
        complete = write_binary_output(arguments.save, lambda stream: write_scan(done, stream))
    complete &= _write_report(done, arguments)
    return DONE if complete else INCOMPLETE


def run_collisions(arguments: argparse.Namespace) -> int:
    """Read the paths and write what means two things in them; return the exit status."""
    from tagsniff.progress import show_progress

    profile = load_asked_profile(arguments, "basic")
    check_targets(arguments.paths, arguments.output, [("the exclusions", arguments.exclusions)])

    from tagsniff.collisions import find_collisions
    from tagsniff.scan_order import order_omission
    from tagsniff.scanning import scan
    from tagsniff.status import Kind
    from tagsniff.writers.exclusions import write_exclusions

    with show_progress() as on_file:
        done = scan(arguments.paths, profile=profile, keep_partial=arguments.keep_partial, on_file=on_file)
    rows = find_collisions(done)
    omissions = sorted(done.omissions, key=order_omission)
    write_collisions = _choose_collision_writer(arguments.format)
    complete = not any(omission.status.kind is Kind.FAULT for omission in omissions)
    complete &= write_output(arguments.exclusions, lambda stream: write_exclusions(omissions, stream))
    complete &= write_output(arguments.output, lambda stream: write_collisions(rows, stream))
    say(f"{done.files} files read, {len({(row.kind, row.subject) for row in rows})} collisions")
    if omissions:
        say(f"{len(omissions)} paths were left out; they are listed in {show_on_terminal(arguments.exclusions)}")
    return DONE if complete else INCOMPLETE


def _choose_collision_writer(name: str) -> Callable[[Iterable[CollisionRow], TextIO], None]:
    if name == "csv":
        from tagsniff.writers.collisions_csv import write_collisions
    elif name == "json":
        from tagsniff.writers.collisions_json import write_collisions
    else:
        from tagsniff.writers.collisions_text import write_collisions
    return write_collisions


def _write_report(scan: Scan, arguments: argparse.Namespace) -> bool:
    """Write what was asked for; return False if something could not be written or is not in the report."""
    from tagsniff.value_report import build_value_report
    from tagsniff.writers.exclusions import write_exclusions
    from tagsniff.writers.values_summary import write_value_summary

    report = build_value_report(scan)
    write_values = _choose_writer(arguments.format)
    complete = not report.is_incomplete()
    # The list of what is missing first: it is there even if nobody reads the output to its end.
    if arguments.exclusions is not None:
        complete &= write_output(arguments.exclusions, lambda stream: write_exclusions(report.omissions, stream))
    complete &= write_output(arguments.output, lambda stream: write_values(report, stream))
    if sys.stderr is not None:
        write_value_summary(report, sys.stderr, exclusions_path=arguments.exclusions)
    return complete


def _choose_writer(name: str) -> Callable[[ValueReport, TextIO], None]:
    if name == "csv":
        from tagsniff.writers.values_csv import write_values
    elif name == "jsonl":
        from tagsniff.writers.values_jsonl import write_values
    elif name == "json":
        from tagsniff.writers.values_json import write_values
    else:
        from tagsniff.writers.values_text import write_values
    return write_values

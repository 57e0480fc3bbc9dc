"""``tagsniff before``, ``final``, ``report`` and ``collisions``: the values of a collection, under a pair of profiles.

For: the command line.
Never: decide anything about elements. ``before`` and ``final`` differ in the profiles that they begin with, and in
nothing else.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TextIO

from tagsniff.cli.outputs import (
    DONE,
    INCOMPLETE,
    MisuseError,
    check_targets,
    end_scan,
    list_targets,
    redact_paths,
    say,
    say_all,
    write_binary_output,
    write_output,
)
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.api import Scan
    from tagsniff.profile import Profile
    from tagsniff.report.collisions import CollisionRow
    from tagsniff.report.values import ValueReport


def run_before(arguments: argparse.Namespace) -> int:
    """Read the paths and write Element Values Before De-identification; return the exit status."""
    return _run_scan(arguments, load_asked_profile(arguments, "before"))


def run_final(arguments: argparse.Namespace) -> int:
    """Read the paths and write Element Values, Final Review; return the exit status."""
    return _run_scan(arguments, load_asked_profile(arguments, "final"))


def run_report(arguments: argparse.Namespace) -> int:
    """Write the report of a saved scan; return the exit status."""
    from tagsniff.api import load
    from tagsniff.scanning.saved import SavedScanError

    check_targets([arguments.scan], arguments.output, list_targets(arguments), overwrite=arguments.force)
    place = show_on_terminal(arguments.scan)
    try:
        loaded = load(arguments.scan)
    except SavedScanError as error:
        raise MisuseError(f"{place}: {error}") from None
    except OSError as error:
        raise MisuseError(f"cannot read {place}: {error.strerror}") from None
    done, complete = redact_paths(loaded, arguments)
    complete &= _write_report(done, arguments)
    return DONE if complete else INCOMPLETE


def load_asked_profile(arguments: argparse.Namespace, mode: str) -> Profile:
    """Return the profile that the flags name, with that of the mode where they name none. Raises MisuseError."""
    from tagsniff.profile import ProfileError
    from tagsniff.scanning.modes import load_mode

    try:
        return load_mode(
            mode,
            arguments.confidentiality,
            arguments.modality_software,
            arguments.option,
            uid_root=arguments.uid_root,
        )
    except ProfileError as error:
        raise MisuseError(*(show_on_terminal(str(mistake)) for mistake in error.mistakes)) from None
    except ValueError as error:
        raise MisuseError(f"--uid-root: {error}") from None


def _run_scan(arguments: argparse.Namespace, profile: Profile) -> int:
    from tagsniff.cli.progress import show_progress

    if arguments.share and arguments.save is not None:
        raise MisuseError("a saved scan holds values: save it without --share, then tagsniff report --share")
    others = [*list_targets(arguments), ("the saved scan", arguments.save)]
    check_targets(_list_inputs(arguments), arguments.output, others, overwrite=arguments.force)

    from tagsniff.api import scan

    with show_progress(shows_folder=arguments.redact_paths is None) as on_file:
        done = scan(
            arguments.paths,
            profile=profile,
            max_values=arguments.max_values,
            keep_partial=arguments.keep_partial,
            mergeable=arguments.save is not None,
            workers=arguments.workers,
            on_file=on_file,
            keep_interrupted=True,
        )
    done, complete = redact_paths(done, arguments)
    if arguments.save is not None:
        from tagsniff.scanning.saved import write_scan

        complete &= write_binary_output(
            arguments.save, lambda stream: write_scan(done.tables, stream), overwrite=arguments.force
        )
    complete &= _write_report(done, arguments)
    return end_scan(done, is_complete=complete)


def run_collisions(arguments: argparse.Namespace) -> int:
    """Read the paths and write what means two things in them; return the exit status."""
    from tagsniff.cli.progress import show_progress

    profile = load_asked_profile(arguments, "before")
    check_targets(_list_inputs(arguments), arguments.output, list_targets(arguments), overwrite=arguments.force)

    from tagsniff.api import scan
    from tagsniff.report.collisions import count_collisions
    from tagsniff.scanning.order import order_omission
    from tagsniff.status import Kind
    from tagsniff.writers.exclusions import write_exclusions

    with show_progress(shows_folder=arguments.redact_paths is None) as on_file:
        done = scan(
            arguments.paths,
            profile=profile,
            keep_partial=arguments.keep_partial,
            mergeable=False,
            workers=arguments.workers,
            on_file=on_file,
            keep_interrupted=True,
        )
    done, complete = redact_paths(done, arguments)
    rows = done.collisions()
    omissions = sorted(done.tables.omissions, key=order_omission)
    write_collisions = _choose_collision_writer(arguments.format)
    complete &= not any(omission.status.kind is Kind.FAULT for omission in omissions)
    complete &= write_output(
        arguments.exclusions, lambda stream: write_exclusions(omissions, stream), overwrite=arguments.force
    )
    if arguments.share:
        from tagsniff.report.sharing import make_sharing, share_collisions

        rows = share_collisions(rows, make_sharing())
    complete &= write_output(arguments.output, lambda stream: write_collisions(rows, stream), overwrite=arguments.force)
    say(f"{done.tables.files} files read, {count_collisions(rows)} collisions")
    if omissions:
        say(f"{len(omissions)} paths were left out; they are listed in {show_on_terminal(arguments.exclusions)}")
    return end_scan(done, is_complete=complete)


def _choose_collision_writer(name: str) -> Callable[[Iterable[CollisionRow], TextIO], None]:
    if name == "csv":
        from tagsniff.writers.collisions_csv import write_collisions
    elif name == "json":
        from tagsniff.writers.collisions_json import write_collisions
    else:
        from tagsniff.writers.collisions_text import write_collisions
    return write_collisions


def _list_inputs(arguments: argparse.Namespace) -> list[str]:
    """Return the paths that are read, those of profiles too (and the names of shipped ones, which are no paths)."""
    return [*arguments.paths, *filter(None, [arguments.confidentiality]), *(arguments.modality_software or ())]


def _write_report(done: Scan, arguments: argparse.Namespace) -> bool:
    """Write what was asked for; return False if something could not be written or is not in the report."""
    from tagsniff.writers.exclusions import write_exclusions
    from tagsniff.writers.values_summary import write_value_summary

    report = done.report()
    write_values = _choose_writer(arguments.format)
    complete = not report.is_incomplete()
    # The list of what is missing first: it is there even if nobody reads the output to its end.
    if arguments.exclusions is not None:
        complete &= write_output(
            arguments.exclusions, lambda stream: write_exclusions(report.omissions, stream), overwrite=arguments.force
        )
    shown = report
    if arguments.share:
        from tagsniff.report.groups import list_groups
        from tagsniff.report.sharing import make_sharing, share_values

        shown = share_values(report, list_groups(done.tables), make_sharing())
    complete &= write_output(arguments.output, lambda stream: write_values(shown, stream), overwrite=arguments.force)
    say_all(lambda stream: write_value_summary(report, stream, exclusions_path=arguments.exclusions))
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

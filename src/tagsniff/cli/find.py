"""``tagsniff find``: in which files, and where in them, does an element or a value stand?

For: the command line; the way from a row of a value report to the files.
Never: decide anything about elements, or show a value unless values are asked for.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from tagsniff.cli.outputs import (
    ANSWER_IS_NO,
    DONE,
    INCOMPLETE,
    INTERRUPTED,
    MisuseError,
    check_targets,
    list_targets,
    say,
    write_output,
    write_path_numbers,
)
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.selection.find import Found
    from tagsniff.selection.query import Question


def run_find(arguments: argparse.Namespace) -> int:
    """Read the paths and write where it stands; return the exit status: 1 if it stands nowhere."""
    from tagsniff.cli.progress import show_progress

    check_targets(arguments.paths, arguments.output, list_targets(arguments), overwrite=arguments.force)

    question = _read_question(arguments)

    from tagsniff.selection.find import redact_found, search
    from tagsniff.writers.exclusions import write_exclusions

    with show_progress(shows_folder=arguments.redact_paths is None) as on_file:
        found = search(
            arguments.paths,
            question,
            keep_partial=arguments.keep_partial,
            workers=arguments.workers,
            on_file=on_file,
            keep_interrupted=True,
        )
    complete = found.is_complete()
    if arguments.redact_paths is not None:
        found, numbers = redact_found(found)
        complete &= write_path_numbers(numbers, arguments)
    # The list of what is missing first: it is there even if nobody reads the output to its end.
    complete &= write_output(
        arguments.exclusions, lambda stream: write_exclusions(found.omissions, stream), overwrite=arguments.force
    )
    write_occurrences = _choose_writer(arguments.format)
    complete &= write_output(
        arguments.output,
        lambda stream: write_occurrences(found, stream, shows_values=arguments.show_values),
        overwrite=arguments.force,
    )
    return _end(found, arguments, is_complete=complete)


def _read_question(arguments: argparse.Namespace) -> Question:
    from tagsniff.selection.query import read_question

    try:
        return read_question(
            arguments.element,
            value=arguments.value,
            regex=arguments.regex,
            vr=arguments.vr,
            equipment=arguments.equipment,
            any_depth=arguments.any_depth,
            show_values=arguments.show_values,
        )
    except ValueError as error:
        raise MisuseError(show_on_terminal(str(error))) from None


def _end(found: Found, arguments: argparse.Namespace, *, is_complete: bool) -> int:
    files = len(found.files())
    say(f"{found.files_read} files read, {len(found)} occurrences in {files} of them")
    if found.omissions:
        place = show_on_terminal(arguments.exclusions)
        say(f"{len(found.omissions)} paths were left out or read in part; they are listed in {place}")
    if found.is_interrupted:
        say("tagsniff: interrupted; what was found until then is in the output")
        return INTERRUPTED
    if not is_complete:
        return INCOMPLETE
    return DONE if found else ANSWER_IS_NO


def _choose_writer(name: str) -> Callable[..., None]:
    if name == "csv":
        from tagsniff.writers.occurrences_csv import write_occurrences
    elif name == "jsonl":
        from tagsniff.writers.occurrences_jsonl import write_occurrences
    else:
        from tagsniff.writers.occurrences_text import write_occurrences
    return write_occurrences

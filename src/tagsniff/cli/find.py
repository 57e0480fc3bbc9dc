"""``tagsniff find``: in which files, and where in them, does an element or a value stand?

For: the command line; the way from a row of a value report to the files.
Never: decide anything about elements, or show a value unless values are asked for.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tagsniff.cli.outputs import (
    ANSWER_IS_NO,
    DONE,
    MisuseError,
    check_targets,
    end_reading,
    list_targets,
    say_all,
    write_output,
    write_path_numbers,
)
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.selection.query import Question


def run_find(arguments: argparse.Namespace) -> int:
    """Read the paths and write where it stands; return the exit status: 1 if it stands nowhere."""
    from tagsniff.cli.progress import show_progress

    check_targets(arguments.paths, arguments.output, list_targets(arguments), overwrite=arguments.force)

    question = _read_question(arguments)

    from tagsniff.selection.find import redact_found, search
    from tagsniff.writers.exclusions import write_exclusions
    from tagsniff.writers.occurrences import FORMATS, write_summary

    with show_progress(shows_folder=arguments.redact_paths is None) as on_file:
        found = search(
            arguments.paths,
            question,
            keep_partial=arguments.keep_partial,
            workers=arguments.workers,
            on_file=on_file,
            keep_interrupted=True,
        )
    is_written = True
    if arguments.redact_paths is not None:
        found, numbers = redact_found(found)
        is_written &= write_path_numbers(numbers, arguments)
    # The list of what is missing first: it is there even if nobody reads the output to its end.
    is_written &= write_output(
        arguments.exclusions, lambda stream: write_exclusions(found.omissions, stream), overwrite=arguments.force
    )
    is_written &= write_output(
        arguments.output,
        lambda stream: FORMATS[arguments.format](found, stream, shows_values=arguments.show_values),
        overwrite=arguments.force,
    )
    say_all(lambda stream: write_summary(found, stream, exclusions_path=arguments.exclusions))
    return end_reading(
        found.left_out,
        is_written=is_written,
        answer=DONE if found else ANSWER_IS_NO,
        rest="what was found until then is in the output",
    )


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

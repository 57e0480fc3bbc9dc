"""``tagsniff table``: writes selected elements of every file as a table.

For: the command line.
Never: decide anything about elements, or keep rows in memory that were written.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from tagsniff.cli.destination import BINARY_FORMATS, Destination, open_destination
from tagsniff.cli.inputs import list_input_files, say_passed_over
from tagsniff.cli.outputs import (
    MisuseError,
    choose_status,
    say_all,
    write_binary_output,
    write_exclusions,
    write_output,
    write_path_key,
)
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.cli.progress import Callbacks
    from tagsniff.selection.table_rows import Column, RowBatch
    from tagsniff.source.walk import Batch
    from tagsniff.status import Omission
    from tagsniff.writers.table import Ending


class _Walk(NamedTuple):
    """What is read, how its paths are shown, and whether the key of the paths could be written."""

    found: Iterable[Batch | Omission]
    name_path: Callable[[bytes], str]
    redact: Callable[[Iterable[Omission]], Iterable[Omission]]
    is_key_written: bool


def run_table(arguments: argparse.Namespace) -> int:
    """Read the paths and write the table; return the exit status."""
    columns = _read_columns(arguments.tag)
    with open_destination(arguments, list_input_files(arguments)) as destination:
        return _run(arguments, columns, destination)


def _run(arguments: argparse.Namespace, columns: list[Column], to: Destination) -> int:
    from tagsniff.scanning.run_record import begin_run
    from tagsniff.selection.columns import select_from
    from tagsniff.selection.table_rows import Tally, show_rows
    from tagsniff.status import Omission, Omissions, Status
    from tagsniff.writers.summaries import Listed
    from tagsniff.writers.table import Ending, write_summary

    run = begin_run("table", arguments.glob)
    walk = _walk(arguments)
    left_out: list[Omission] = []
    tally = Tally()
    is_read = False

    def make_rows() -> Generator[RowBatch, None, None]:
        nonlocal is_read
        with _show_progress(arguments) as callbacks:
            selected = select_from(
                walk.found,
                [column.element for column in columns],
                workers=arguments.workers,
                reads_to_end=arguments.whole,
                keep_partial=arguments.keep_partial,
                captures_long_text=True,
                on_file=callbacks.on_file,
                on_walk_end=callbacks.on_walk_end,
            )
            with contextlib.closing(selected):
                yield from show_rows(selected, columns, left_out, tally, walk.name_path)
        is_read = True

    def gather_omissions() -> Omissions:
        # If the output failed, reading has stopped too, and the rest of these paths was not read.
        unread = () if is_read else (Omission(path, Status.INTERRUPTED) for path in arguments.paths)
        return Omissions.gather(
            walk.redact((*left_out, *unread)), partial_files=tally.partial_files, is_empty=not tally.files
        )

    is_written = walk.is_key_written
    try:
        with contextlib.closing(make_rows()) as rows:
            is_written &= _write_rows(rows, columns, Ending(run, gather_omissions), arguments, to)
    except BrokenPipeError:
        write_exclusions(gather_omissions(), to.exclusions, overwrite=to.overwrite)
        raise
    omissions = gather_omissions()
    are_listed = write_exclusions(omissions, to.exclusions, overwrite=to.overwrite)
    is_written &= are_listed
    listed = Listed(
        exclusions=to.exclusions if are_listed else None,
        is_redacted=to.path_key is not None,
        is_lost=not are_listed,
    )
    say_all(lambda stream: write_summary(tally, omissions, stream, listed=listed, is_whole=arguments.whole))
    say_passed_over(arguments)
    return choose_status(omissions, is_written=is_written)


def _read_columns(names: list[str]) -> list[Column]:
    from tagsniff.dicom.element_names import split_names
    from tagsniff.selection.table_rows import read_columns

    try:
        return read_columns(name for text in names for name in split_names(text))
    except ValueError as error:
        raise MisuseError(f"--tag: {show_on_terminal(str(error))}") from None


def _walk(arguments: argparse.Namespace) -> _Walk:
    """Return the walk. With ``--redact-paths`` it is done completely here: the numbers depend on all paths."""
    from tagsniff.output.terminal_text import show_path
    from tagsniff.scanning.run import check_names
    from tagsniff.source.walk import walk_batches

    found = walk_batches(arguments.paths, check_names(arguments.glob))
    if arguments.redact_paths is None:
        return _Walk(found, show_path, lambda omissions: omissions, is_key_written=True)
    from tagsniff.report.redaction import redact_omissions, redact_walk

    listed, numbers = redact_walk(found, arguments.paths)
    is_written = write_path_key(numbers, arguments.redact_paths, overwrite=arguments.force)
    return _Walk(listed, numbers.__getitem__, lambda omissions: redact_omissions(omissions, numbers), is_written)


def _show_progress(arguments: argparse.Namespace) -> contextlib.AbstractContextManager[Callbacks]:
    """Return the context manager of the progress display, which shows nothing if the rows go to the terminal."""
    from tagsniff.cli.progress import Callbacks, show_progress

    if arguments.output is None and sys.stdout is not None and sys.stdout.isatty():
        return contextlib.nullcontext(Callbacks())

    return show_progress(shows_folder=arguments.redact_paths is None)


def _write_rows(
    rows: Iterator[RowBatch], columns: list[Column], table: Ending, arguments: argparse.Namespace, to: Destination
) -> bool:
    """Write the rows to the output; return whether the system accepted them."""
    from tagsniff.writers.table import BINARY_FORMATS as BYTES
    from tagsniff.writers.table import FORMATS as TEXTS

    (output,) = to.outputs
    options = {"has_status": arguments.keep_partial, "table": table}
    if output.format in BINARY_FORMATS:
        write_bytes = partial(BYTES[output.format], rows, columns, **options)
        return write_binary_output(output.path, write_bytes, overwrite=to.overwrite)
    write = partial(TEXTS[output.format], rows, columns, **options)
    return write_output(output.path, write, overwrite=to.overwrite)

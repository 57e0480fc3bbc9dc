"""``tagsniff table``: writes selected elements of every file as a table.

For: the command line.
Never: decide anything about elements, or keep rows in memory that were written.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from tagsniff.cli.outputs import (
    MisuseError,
    check_targets,
    choose_status,
    list_targets,
    say_all,
    write_binary_output,
    write_exclusions,
    write_output,
    write_path_key,
)
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.selection.table_rows import Column, RowBatch
    from tagsniff.source.walk import Batch
    from tagsniff.status import Omission


class _Walk(NamedTuple):
    """What is read, how its paths are shown, and whether the key of the paths could be written."""

    found: Iterable[Batch | Omission]
    name_path: Callable[[bytes], str]
    redact: Callable[[Iterable[Omission]], Iterable[Omission]]
    is_key_written: bool


def run_table(arguments: argparse.Namespace) -> int:
    """Read the paths and write the table; return the exit status."""
    columns = _read_columns(arguments.tag)
    check_targets(arguments.paths, arguments.output, list_targets(arguments), overwrite=arguments.force)
    write_rows = _choose_writer(arguments)

    from tagsniff.selection.columns import select_from
    from tagsniff.selection.table_rows import Tally, show_rows
    from tagsniff.status import Omission, Omissions, Status
    from tagsniff.writers.table import write_summary

    walk = _walk(arguments)
    left_out: list[Omission] = []
    tally = Tally()
    is_read = False

    def make_rows() -> Generator[RowBatch, None, None]:
        nonlocal is_read
        with _show_progress(arguments) as on_file:
            selected = select_from(
                walk.found,
                [column.element for column in columns],
                workers=arguments.workers,
                reads_to_end=arguments.whole,
                keep_partial=arguments.keep_partial,
                captures_long_text=True,
                on_file=on_file,
            )
            with contextlib.closing(selected):
                yield from show_rows(selected, columns, left_out, tally, walk.name_path)
        is_read = True

    def gather_omissions() -> Omissions:
        # If the output failed, reading has stopped too, and the rest of these paths was not read.
        unread = () if is_read else (Omission(path, Status.INTERRUPTED) for path in arguments.paths)
        return Omissions.gather(walk.redact((*left_out, *unread)), partial_files=tally.partial_files)

    is_written = walk.is_key_written
    try:
        with contextlib.closing(make_rows()) as rows:
            is_written &= write_rows(rows, columns)
    except BrokenPipeError:
        write_exclusions(gather_omissions(), arguments)
        raise
    omissions = gather_omissions()
    is_written &= write_exclusions(omissions, arguments)
    say_all(
        lambda stream: write_summary(
            tally, omissions, stream, exclusions_path=arguments.exclusions, is_whole=arguments.whole
        )
    )
    return choose_status(omissions, is_written=is_written)


def _read_columns(names: list[str]) -> list[Column]:
    from tagsniff.selection.table_rows import read_columns

    try:
        return read_columns(names)
    except ValueError as error:
        raise MisuseError(f"--tag: {show_on_terminal(str(error))}") from None


def _walk(arguments: argparse.Namespace) -> _Walk:
    """Return the walk. With ``--redact-paths`` it is done completely here: the numbers depend on all paths."""
    from tagsniff.output.terminal_text import show_path
    from tagsniff.source.walk import walk_batches

    found = walk_batches(arguments.paths)
    if arguments.redact_paths is None:
        return _Walk(found, show_path, lambda omissions: omissions, is_key_written=True)
    from tagsniff.report.redaction import redact_omissions, redact_walk

    listed, numbers = redact_walk(found, arguments.paths)
    is_written = write_path_key(numbers, arguments)
    return _Walk(listed, numbers.__getitem__, lambda omissions: redact_omissions(omissions, numbers), is_written)


def _show_progress(arguments: argparse.Namespace) -> contextlib.AbstractContextManager[Callable[[str], None] | None]:
    """Return the context manager of the progress display, which shows nothing if the rows go to the terminal."""
    if arguments.output is None and sys.stdout is not None and sys.stdout.isatty():
        return contextlib.nullcontext()
    from tagsniff.cli.progress import show_progress

    return show_progress(shows_folder=arguments.redact_paths is None)


def _choose_writer(arguments: argparse.Namespace) -> Callable[[Iterator[RowBatch], list[Column]], bool]:
    """Return the function that writes rows to the output and returns whether it could."""
    from tagsniff.writers.table import BINARY_FORMATS, FORMATS

    path, overwrite, has_status = arguments.output, arguments.force, arguments.keep_partial
    if arguments.format in BINARY_FORMATS:
        if path is None:
            raise MisuseError("--format parquet writes bytes, which are not for a terminal; give --output")
        from tagsniff.selection.table_arrow import import_pyarrow

        try:
            import_pyarrow()
        except ModuleNotFoundError as error:
            raise MisuseError(str(error)) from None
        write_bytes = BINARY_FORMATS[arguments.format]
        return lambda rows, columns: write_binary_output(
            path, lambda stream: write_bytes(rows, columns, stream, has_status=has_status), overwrite=overwrite
        )
    write = FORMATS[arguments.format]
    return lambda rows, columns: write_output(
        path, lambda stream: write(rows, columns, stream, has_status=has_status), overwrite=overwrite
    )

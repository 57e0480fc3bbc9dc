"""What a command reads: the paths on the command line, those of a list, and the names of files to read.

For: every command that reads a collection, before anything else is done.
Never: open a file of the collection, or leave out an entry of a list in silence.
"""

from __future__ import annotations

import argparse
import codecs
import os
import sys

from tagsniff.cli.outputs import MisuseError, say
from tagsniff.output.counted import choose_verb, count_of
from tagsniff.output.terminal_text import show_on_terminal

_STANDARD_INPUT = "-"


def read_inputs(arguments: argparse.Namespace) -> None:
    """Add the paths of ``--files-from`` to ``paths``, and check the patterns of ``-g``. Raises MisuseError."""
    if arguments.files_from is not None:
        arguments.paths = [*arguments.paths, *_read_list(arguments.files_from)]
    elif not arguments.paths:
        raise MisuseError("give a PATH, or --files-from")
    if arguments.glob:
        from tagsniff.source.name_globs import NameGlobs

        try:
            arguments.glob = NameGlobs(arguments.glob)
        except ValueError as error:
            raise MisuseError(f"--glob: {show_on_terminal(str(error))}") from None


def list_input_files(arguments: argparse.Namespace) -> list[str]:
    """Return the paths that are read, lists and the configuration too: no output may replace one of them."""
    is_file = arguments.files_from not in (None, _STANDARD_INPUT)
    others = [arguments.files_from if is_file else None, vars(arguments).get("configuration")]
    return [*arguments.paths, *filter(None, others)]


def say_passed_over(arguments: argparse.Namespace) -> None:
    """Say how many files were not read because of ``-g``: they are not among those that were left out."""
    if arguments.glob and arguments.glob.passed_over:
        files = arguments.glob.passed_over
        names = "its name matches" if files == 1 else "their names match"
        say(f"{count_of(files, 'file')} {choose_verb(files, 'was')} passed over: {names} no --glob")


def _read_list(name: str) -> list[str]:
    """Return the paths of a list: one on each line, or with a NUL after each if there is any NUL (``find -print0``).

    A byte order mark at the start, and a carriage return at the end of each line, are of the editor that wrote it.
    Empty lines are no paths.
    """
    try:
        if name != _STANDARD_INPUT:
            with open(name, "rb") as stream:
                raw = stream.read()
        elif sys.stdin is None:
            raise MisuseError("standard input is closed")
        else:
            raw = sys.stdin.buffer.read()
    except OSError as error:
        raise MisuseError(f"--files-from: cannot read {show_on_terminal(name)}: {error.strerror}") from None
    if b"\0" in raw:
        entries = raw.split(b"\0")
    else:
        entries = raw.removeprefix(codecs.BOM_UTF8).split(b"\n")
        filled = [entry for entry in entries if entry]
        if filled and all(entry.endswith(b"\r") for entry in filled):
            entries = [entry.removesuffix(b"\r") for entry in filled]
    return [os.fsdecode(entry) for entry in entries if entry]

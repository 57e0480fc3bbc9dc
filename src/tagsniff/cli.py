"""The command line: flags, the order of the stages, messages, exit status.

For: the shell.
Never: decide anything about elements, show a traceback for what a user can cause, or show a value of an element.
Exit status: 0 done, 2 misuse, 3 the report is incomplete, 130 interrupted, 141 the reader of the output went away.

What is slow to import is imported inside the functions that need it, so that ``--version`` and ``--help`` are quick.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TextIO

import tagsniff
from tagsniff.writers.path_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.report import InventoryReport

DONE = 0
MISUSE = 2
INCOMPLETE = 3
# As a shell reports a process that ended by SIGINT and SIGPIPE.
INTERRUPTED = 130
OUTPUT_CLOSED = 141


class Command(NamedTuple):
    """A subcommand: what it does, in a line, and the function that runs it and returns the exit status."""

    name: str
    summary: str
    run: Callable[[argparse.Namespace], int]


class Flag(NamedTuple):
    """A flag or positional argument, declared once for all the commands that take it.

    ``names`` and ``options`` are those of ``ArgumentParser.add_argument``.
    """

    names: tuple[str, ...]
    commands: frozenset[str]
    options: dict[str, Any]


FLAGS: tuple[Flag, ...] = (
    Flag(
        ("paths",),
        frozenset({"inventory"}),
        {"metavar": "PATH", "nargs": "+", "help": "file, or folder to read with everything below it"},
    ),
    Flag(
        ("--by-creator",),
        frozenset({"inventory"}),
        {
            "action": "store_true",
            "help": "list identities, private elements by their private creator, with VRs, blocks and counts",
        },
    ),
    Flag(
        ("--format",),
        frozenset({"inventory"}),
        {"choices": ("text", "csv", "json"), "default": "text", "help": "format of the output (default: %(default)s)"},
    ),
    Flag(
        ("-o", "--output"),
        frozenset({"inventory"}),
        {"metavar": "FILE", "help": "write the output to FILE (default: standard output)"},
    ),
    Flag(
        ("--exclusions",),
        frozenset({"inventory"}),
        {
            "metavar": "FILE",
            "default": "exclusions.csv",
            "help": "list what was left out, with the reason, in FILE (default: %(default)s)",
        },
    ),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line (``sys.argv`` if no arguments are given) and return the exit status."""
    try:
        status = _run(argv)
        # Here and not at exit, where nothing can be said of it any more.
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except _MisuseError as error:
        _say(f"tagsniff: error: {error}")
        return MISUSE
    except KeyboardInterrupt:
        _say("tagsniff: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _abandon_output()
        return OUTPUT_CLOSED
    return status


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = _make_parser().parse_args(argv)
    except SystemExit as end:
        # argparse ends --help, --version and misuse like this.
        return end.code if isinstance(end.code, int) else MISUSE
    status: int = arguments.command.run(arguments)
    return status


class _MisuseError(Exception):
    """The caller asked for something that cannot be done; the message is safe for a terminal."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(show_on_terminal(message))


def _make_parser() -> argparse.ArgumentParser:
    # No abbreviations: a script that uses one would break when another flag is added.
    parser = _Parser(prog="tagsniff", description="Lists what the headers of DICOM files hold.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"tagsniff {tagsniff.__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        subparser = commands.add_parser(
            command.name, help=command.summary, description=command.summary, allow_abbrev=False
        )
        subparser.set_defaults(command=command)
        for flag in FLAGS:
            if command.name in flag.commands:
                subparser.add_argument(*flag.names, **flag.options)
    return parser


def _run_inventory(arguments: argparse.Namespace) -> int:
    from tagsniff.progress import show_progress

    _check_targets(arguments.paths, arguments.output, arguments.exclusions)
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
    complete = _write(arguments.exclusions, lambda stream: write_exclusions(report.omissions, stream))
    complete &= _write(arguments.output, lambda stream: write_inventory(report, stream))
    if sys.stderr is not None:
        write_summary(report, sys.stderr, exclusions_path=arguments.exclusions)
    return DONE if complete and not report.has_faults() else INCOMPLETE


COMMANDS: tuple[Command, ...] = (
    Command("inventory", "List every data element tag of the files, public and private, no values.", _run_inventory),
)


def _choose_writer(name: str, *, by_creator: bool) -> Callable[[InventoryReport, TextIO], None]:
    if name == "csv":
        from tagsniff.writers.csv import write_inventory
    elif name == "json":
        from tagsniff.writers.json import write_inventory
    else:
        from tagsniff.writers.text import write_inventory
    return partial(write_inventory, by_creator=by_creator)


def _check_targets(paths: Sequence[str], output: str | None, exclusions: str) -> None:
    """Raise _MisuseError, before any file is read, if an output cannot be written or would destroy an input."""
    from tagsniff.writers.files import check_target

    if output is None and sys.stdout is None:
        raise _MisuseError("standard output is closed; give --output")
    for target in (exclusions, output):
        if target is None:
            continue
        try:
            check_target(target)
        except OSError as error:
            raise _MisuseError(f"cannot write {show_on_terminal(target)}: {error.strerror}") from None
        if any(_is_same_file(target, path) for path in paths):
            raise _MisuseError(f"{show_on_terminal(target)} is to be read and cannot be written")
    if output is not None and os.path.realpath(output) == os.path.realpath(exclusions) != os.path.realpath(os.devnull):
        raise _MisuseError("the output and the exclusions cannot go to the same file")


def _is_same_file(one: str, other: str) -> bool:
    with contextlib.suppress(OSError):
        return os.path.samefile(one, other)
    return False


def _write(path: str | None, write: Callable[[TextIO], object]) -> bool:
    """Write to the path, or to standard output if it is None; return False, and say so, if the system refuses."""
    from tagsniff.writers.files import write_whole

    try:
        if path is not None:
            write_whole(path, write)
        else:
            if isinstance(sys.stdout, io.TextIOWrapper):
                # The same bytes as in a file, whatever the locale.
                sys.stdout.reconfigure(encoding="utf-8", newline="\n")
            write(sys.stdout)
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        place = "standard output" if path is None else show_on_terminal(path)
        _say(f"tagsniff: error: cannot write {place}: {error.strerror}")
        return False
    return True


def _say(message: str) -> None:
    # print() takes standard output where standard error is closed.
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(message + "\n")
            sys.stderr.flush()


def _abandon_output() -> None:
    """Lead what is still buffered nowhere: Python flushes at exit, and would complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                os.dup2(nowhere, stream.fileno())
    os.close(nowhere)

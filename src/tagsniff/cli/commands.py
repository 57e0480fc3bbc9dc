"""The command line: commands, their order, messages, exit status.

For: the shell.
Never: decide anything about elements, show a traceback for an error that a user can cause, or show a value of an
element.
Exit status: 0 done, 1 a check says no, 2 misuse or a wrong profile, 3 the report is incomplete, 130 interrupted (129
and 143: by SIGHUP and SIGTERM), 141 the reader of the output has ended.

Modules that are slow to import are imported inside the functions that need them, so that ``--version`` and ``--help``
are fast.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple, NoReturn

import tagsniff
from tagsniff.cli.flags import FLAGS, Flag
from tagsniff.cli.outputs import INCOMPLETE, INTERRUPTED, MISUSE, MisuseError, say
from tagsniff.cli.signals import end_like_interrupt
from tagsniff.output.terminal_text import show_on_terminal
from tagsniff.scanning import interruption

# The status with which a shell reports a process that SIGPIPE has ended: 128 and the number of the signal.
OUTPUT_CLOSED = 141
_ENDED_BY_SIGNAL = 128
_OBJECTS_BETWEEN_COLLECTIONS = 1_000_000
# Memory, threads and open files.
_LACKS = frozenset({errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE})


class Command(NamedTuple):
    """A command: its name (two words for those of a family), its summary, and the module that has its function.

    The function is called ``run_`` and the last word of the name.
    """

    name: str
    summary: str
    module: str

    def run(self, arguments: argparse.Namespace) -> int:
        """Run the command and return the exit status."""
        module = importlib.import_module(f"tagsniff.cli.{self.module}")
        status: int = getattr(module, f"run_{self.name.split()[-1]}")(arguments)
        return status


COMMANDS: tuple[Command, ...] = (
    Command("inventory", "List every data element tag of the files, public and private, no values.", "inventory"),
    Command("before", "List the values that a de-identification has to be configured for.", "values"),
    Command("final", "List the values of everything but known physical parameters, for the last review.", "values"),
    Command("report", "Write the report of a scan that was saved, in any format.", "values"),
    Command("review", "Serve the review page of a saved scan, and write each decision at once.", "review"),
    Command("merge", "Merge saved scans of the parts of a collection into one.", "merge"),
    Command("table", "Write a table of some elements: a row for each file, a column for each element.", "table"),
    Command("collisions", "List what means two things in the files: tags, blocks, letter case, codes.", "collisions"),
    Command("find", "List where an element or a value stands; exit status 1 if it stands nowhere.", "find"),
    Command("series", "List the series, with the files of each in the order of the images.", "series"),
    Command("profile list", "List the shipped profiles.", "profile"),
    Command("profile show", "Write the text of a profile, to be kept and edited.", "profile"),
    Command("profile check", "Say what is wrong with a profile; exit status 1 if anything is.", "profile"),
    Command("profile explain", "Say which row decides an element, and which other rows name it.", "profile"),
    Command("decide merge", "Write one sheet of several; exit status 1, and a list, where they differ.", "decide"),
    Command("decide check", "Say what a sheet leaves open in a saved scan; exit status 1 if anything.", "decide"),
    Command("decide apply", "Write the decisions of sheets as profile files.", "decide"),
    Command("decide log", "Write the journal of a sheet: who decided what, when and why.", "decide"),
    Command("completion", "Write the script with which a shell completes commands, flags and files.", "completion"),
)
_FAMILIES = {
    "profile": "List, show, check and explain profiles.",
    "decide": "Merge, check and apply sheets of decisions, and show their journal.",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line (``sys.argv`` if no arguments are given) and return the exit status."""
    with end_like_interrupt() as signals:
        status = _run_to_end(argv)
    if argv is None:
        # The program ends here. A search for reference cycles among its objects would only take time.
        gc.freeze()
    return _ENDED_BY_SIGNAL + signals[0] if signals and status == INTERRUPTED else status


def _run_to_end(argv: Sequence[str] | None) -> int:
    try:
        status = _run(argv)
        interruption.raise_if_noted()
        # Flush here, because an error at exit can no longer be reported.
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except MisuseError as error:
        for message in error.messages:
            say(f"tagsniff: error: {message}")
        return MISUSE
    except KeyboardInterrupt:
        say("tagsniff: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _abandon_output()
        return OUTPUT_CLOSED
    except Exception as error:  # noqa: BLE001  any mistake of the program
        if interruption.is_noted():
            # An import that is interrupted may fail with another exception.
            say("tagsniff: interrupted")
            return INTERRUPTED
        if not _report_lack(error):
            _report_internal_error(error)
        return INCOMPLETE
    return status


def _report_lack(error: Exception) -> bool:
    """Say that memory or another resource of the system has run out; return False if it is another error.

    A library that cannot be loaded for lack of memory is an ImportError; only its text says why.
    """
    if isinstance(error, MemoryError) or (isinstance(error, ImportError) and os.strerror(errno.ENOMEM) in str(error)):
        lack = "memory ran out"
    elif isinstance(error, OSError) and error.errno in _LACKS:
        lack = f"the system refuses what the run needs ({error.strerror})"
    else:
        return False
    say(f"tagsniff: error: {lack}; the run ended, and no other output is written")
    return True


def _report_internal_error(error: Exception) -> None:
    """Print where an internal error occurred, and its type, but not its message: it may have a value of an element."""
    import traceback

    say(f"tagsniff: error: internal error ({type(error).__name__}); please report what follows")
    steps: list[str] = []
    at: BaseException | None = error
    while at is not None:
        frames = traceback.extract_tb(at.__traceback__)
        steps.append(f"  {type(at).__name__}\n" + "".join(f"    {f.filename}:{f.lineno} {f.name}\n" for f in frames))
        at = at.__cause__ or at.__context__
    say("".join(reversed(steps)).rstrip())


def _run(argv: Sequence[str] | None) -> int:
    _save_time()
    try:
        arguments = _make_parser(sys.argv[1:] if argv is None else argv).parse_args(argv)
    except SystemExit as end:
        # argparse raises SystemExit for --help, --version and misuse.
        return end.code if isinstance(end.code, int) else MISUSE
    if "no_config" in arguments:
        from tagsniff.cli.configuration import apply_configuration

        apply_configuration(arguments)
    if "files_from" in arguments:
        from tagsniff.cli.inputs import read_inputs

        read_inputs(arguments)
    status: int = arguments.command.run(arguments)
    if vars(arguments).get("configuration") is not None:
        say(f"configuration: {show_on_terminal(arguments.configuration)}")
    return status


def _save_time() -> None:
    """Keep libraries from work that a short run does not need."""
    # Rows of profiles and reports have no reference cycles. Searching them for cycles takes a tenth of a short run.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    # numpy's linear algebra starts a thread for each core, and these threads use the processor while they wait.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


# The width is fixed: argparse makes a formatter to check each flag, and to find the width of the terminal it would
# import shutil.
_FLAG_CHECKER = partial(argparse.HelpFormatter, width=80)


class _StoreOnce(argparse.Action):
    """Stores the value of a flag that takes one, and refuses a second: the first would be forgotten in silence."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        del parser, option_string
        given: set[str] = vars(namespace).setdefault("given_flags", set())
        if self.dest in given:
            raise argparse.ArgumentError(self, "given twice, and takes one value")
        given.add(self.dest)
        setattr(namespace, self.dest, values)


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        # No abbreviations: a script that uses one would break when another flag is added.
        super().__init__(allow_abbrev=False, formatter_class=_FLAG_CHECKER, **options)

    def format_usage(self) -> str:
        self.formatter_class = argparse.HelpFormatter
        return super().format_usage()

    def format_help(self) -> str:
        self.formatter_class = argparse.HelpFormatter
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        super().error(show_on_terminal(message))


def make_whole_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    return _make_parser(())


def _make_parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser for these arguments."""
    parser = _Parser(prog="tagsniff", description="Lists what the headers of DICOM files hold.")
    parser.add_argument("--version", action="version", version=f"tagsniff {tagsniff.__version__}")
    subparsers = {"": parser.add_subparsers(metavar="COMMAND", required=True)}
    asked = _choose_commands(argv)
    for family, summary in _FAMILIES.items():
        if any(command.name.startswith(f"{family} ") for command in asked):
            family_parser = subparsers[""].add_parser(family, help=summary, description=summary)
            subparsers[family] = family_parser.add_subparsers(metavar="COMMAND", required=True)
    for command in asked:
        family, _, name = command.name.rpartition(" ")
        subparser = subparsers[family].add_parser(name, help=command.summary, description=command.summary)
        subparser.set_defaults(command=command)
        for flag in FLAGS:
            if command.name in flag.commands:
                subparser.add_argument(*flag.names, **_refuse_twice(flag))
    return parser


def _refuse_twice(flag: Flag) -> dict[str, Any]:
    """Return the options of a flag; one that takes a value takes it once, unless its own action says otherwise."""
    is_positional = not flag.names[0].startswith("-")
    return flag.options if is_positional or "action" in flag.options else {**flag.options, "action": _StoreOnce}


def _choose_commands(argv: Sequence[str]) -> Sequence[Command]:
    """Return the command that the first arguments name, or all commands: then argparse prints help or an error.

    To make the parsers of all commands takes longer than to import argparse.
    """
    for command in COMMANDS:
        words = command.name.split()
        if list(argv[: len(words)]) == words:
            return (command,)
    return COMMANDS


def _abandon_output() -> None:
    """Discard what is still buffered: Python flushes at exit, and would print an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                os.dup2(nowhere, stream.fileno())
    os.close(nowhere)

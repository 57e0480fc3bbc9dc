"""Where the outputs of a command go: to files of their own and standard output, or all to one folder.

For: the commands that read a collection.
Never: write an output, or read a file of the collection.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from tagsniff.cli.flags import FORMATS
from tagsniff.cli.outputs import MisuseError, check_targets, say
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.output.output_folder import OutputFolder

BINARY_FORMATS = frozenset({"parquet"})
STANDARD_OUTPUT = "-"
ELEMENTS = "elements"
"""The format of the list of elements that goes with the CSV of values in a folder of ``--out``."""
HTML = "html"
SHEET_NAME = "decisions.csv"
"""The name of the sheet of decisions in a folder of ``--out``."""
_ENDINGS = {
    ".txt": "text",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
    ".html": HTML,
    ".htm": HTML,
}
_ENDING_OF = {name: ending for ending, name in reversed(_ENDINGS.items())}
_IN_FOLDER = ("text", "csv", HTML)
# The commands whose CSV in a folder is two files: the values, and the elements.
_OF_VALUES = frozenset({"before", "final"})
# What --out decides itself: the flag, and its name among the arguments.
_OF_FILES = {
    "-o": "output",
    "--exclusions": "exclusions",
    "--deviations": "deviations",
    "--save": "save",
    "--force": "force",
    "--share": "share",
}


class Output(NamedTuple):
    """One form of the report: its format, and its path, None for standard output."""

    format: str
    path: str | None


class Destination:
    """The paths of all outputs of a run, None for those that are not wanted; ``-`` is standard output.

    ``overwrite``: existing files may be replaced. ``folder`` is that of ``--out``.
    """

    # Not a dataclass, which takes longer to make than most modules take to import.
    def __init__(
        self,
        *,
        outputs: tuple[Output, ...],
        exclusions: str | None,
        deviations: str | None,
        scan: str | None,
        path_key: str | None,
        overwrite: bool,
        folder: OutputFolder | None = None,
        shown_folder: str = "",
    ) -> None:
        self.outputs = outputs
        self.exclusions = exclusions
        self.deviations = deviations
        self.scan = scan
        self.path_key = path_key
        self.overwrite = overwrite
        self.folder = folder
        self.shown_folder = shown_folder

    def finish(self, record: dict[str, Any], *, is_written: bool, is_interrupted: bool) -> bool:
        """Put the folder of ``--out`` into its place, unless something is missing; return False if that fails."""
        if self.folder is None:
            return True
        from tagsniff.output.output_folder import FolderRefusedError

        place = self.shown_folder
        if not is_written or (is_interrupted and self.folder.is_replacement()):
            say(f"tagsniff: {place} {'is left as it was' if self.folder.is_replacement() else 'was not made'}")
            return False
        try:
            self.folder.finish(record)
        except FolderRefusedError as error:
            say(f"tagsniff: error: {place} {show_on_terminal(str(error))}")
            say(f"tagsniff: the outputs are in {show_on_terminal(self.folder.place)}")
            self.folder = None
            return False
        except OSError as error:
            say(f"tagsniff: error: cannot write {place}: {error.strerror}")
            return False
        say(f"everything is in {place}")
        return True

    def show(self, path: str | None) -> str | None:
        """Return the path under which a person finds an output after the run."""
        if path is None or self.folder is None:
            return path
        return os.path.join(self.shown_folder, os.path.basename(path))


@contextlib.contextmanager
def open_destination(arguments: argparse.Namespace, inputs: Sequence[str]) -> Iterator[Destination]:
    """Check all outputs before any work; at the end, remove what is not in its place.

    ``inputs`` are the paths that are read, which no output may replace. Raises MisuseError.
    """
    path_key = [("the key of the paths", arguments.redact_paths)]
    if getattr(arguments, "out", None) is not None:
        destination = _choose_folder(arguments, inputs)
        check_targets(inputs, None, path_key, is_standard_output_used=False)
    else:
        destination = _choose_files(arguments)
        named = [
            ("the exclusions", destination.exclusions),
            ("the deviations", destination.deviations),
            *path_key,
            ("the saved scan", destination.scan),
        ]
        (output,) = destination.outputs
        _check_standard_output([("the output", output.path or STANDARD_OUTPUT), *named])
        files = [(name, path) for name, path in named if path != STANDARD_OUTPUT]
        check_targets(inputs, output.path, files, overwrite=destination.overwrite)
    for output in destination.outputs:
        if output.format in BINARY_FORMATS:
            _check_binary(output)
    folder = destination.folder
    try:
        if folder is not None:
            _begin_folder(folder, destination.shown_folder)
        yield destination
    finally:
        # Unless its outputs had to stay where they are.
        if folder is not None and destination.folder is folder:
            folder.abandon()


def choose_format(arguments: argparse.Namespace) -> str:
    """Return the one format of a run without ``--out``: that of ``--format``, else by the ending of ``-o``."""
    formats = FORMATS[arguments.command.name]
    if arguments.format is not None:
        if len(arguments.format) > 1:
            raise MisuseError("--format: several formats need --out")
        return str(arguments.format[0])
    ending = os.path.splitext(arguments.output or "")[1].lower()
    form = _ENDINGS.get(ending, formats[0])
    if form not in formats:
        endings = ", ".join(_ENDING_OF[name] for name in formats)
        place = show_on_terminal(arguments.output)
        raise MisuseError(
            f"{place}: {arguments.command.name} does not write {ending}, only {endings}; or give --format"
        )
    return form


def _choose_files(arguments: argparse.Namespace) -> Destination:
    form = choose_format(arguments)
    if form == HTML and arguments.share:
        raise MisuseError("the format html is a page for the review of values: --share removes them")
    return Destination(
        outputs=(Output(form, arguments.output),),
        exclusions=arguments.exclusions,
        deviations=getattr(arguments, "deviations", None),
        scan=getattr(arguments, "save", None),
        path_key=arguments.redact_paths,
        overwrite=arguments.force,
    )


def _choose_folder(arguments: argparse.Namespace, inputs: Sequence[str]) -> Destination:
    from tagsniff.output.output_folder import OutputFolder

    command = arguments.command.name
    given = [flag for flag, name in _OF_FILES.items() if getattr(arguments, name, None)]
    if given:
        reasons = {
            "--force": "a folder of the same mode is replaced without it",
            "--share": "not all files of the folder may leave the institution",
        }
        reason = reasons.get(given[0], "the folder has all outputs")
        raise MisuseError(f"{given[0]} cannot be given with --out: {reason}")
    place = show_on_terminal(arguments.out)
    target = os.path.realpath(arguments.out)
    if any(_is_within(path, target) for path in inputs):
        raise MisuseError(f"{place} has something in it that is to be read, and cannot be replaced")
    folder = OutputFolder(arguments.out, command)
    formats = arguments.format or [form for form in FORMATS[command] if form in _IN_FOLDER]
    outputs = [Output(form, folder.name(_name_file(command, form))) for form in formats]
    if command in _OF_VALUES and "csv" in formats:
        outputs.append(Output(ELEMENTS, folder.name("elements.csv")))
    return Destination(
        outputs=tuple(outputs),
        exclusions=folder.name("exclusions.csv"),
        deviations=folder.name("deviations.csv") if "deviations" in arguments else None,
        scan=folder.name(f"{command}.scan") if "save" in arguments else None,
        path_key=arguments.redact_paths,
        overwrite=False,
        folder=folder,
        shown_folder=place,
    )


def _name_file(command: str, form: str) -> str:
    """Return the name of an output in a folder of ``--out``. The rows of a spreadsheet are named by what they are."""
    if form == HTML:
        return "review.html"
    return "values.csv" if command in _OF_VALUES and form == "csv" else command + _ENDING_OF[form]


def _begin_folder(folder: OutputFolder, place: str) -> None:
    from tagsniff.output.output_folder import FolderRefusedError

    try:
        folder.begin()
    except FolderRefusedError as error:
        raise MisuseError(f"--out: {place} {show_on_terminal(str(error))}") from None
    except OSError as error:
        raise MisuseError(f"cannot write {place}: {error.strerror}") from None


def _check_standard_output(named: Sequence[tuple[str, str | None]]) -> None:
    """Raise MisuseError if two outputs would go to standard output."""
    names = [name for name, path in named if path == STANDARD_OUTPUT]
    if len(names) > 1:
        raise MisuseError(f"{names[0]} and {names[1]} cannot both go to standard output")


def _check_binary(output: Output) -> None:
    if output.path is None and (sys.stdout is None or sys.stdout.isatty()):
        raise MisuseError("--format parquet writes bytes, which are not for a terminal; give --output")
    from tagsniff.selection.table_arrow import import_pyarrow

    try:
        import_pyarrow()
    except ModuleNotFoundError as error:
        raise MisuseError(str(error)) from None


def _is_within(path: str, folder: str) -> bool:
    """Return whether the path is the folder or in it. The name of a shipped profile is no path, unless it exists."""
    if not os.path.lexists(path):
        return False
    real = os.path.realpath(path)
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)

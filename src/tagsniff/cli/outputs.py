"""The outputs of a command: their targets are checked before the work, and written after it.

For: the commands.
Never: overwrite an input, or any other file without ``--force``; leave an incomplete file; or show anything of an
element.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, BinaryIO, TextIO

from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.report.redaction import PathNumbers
    from tagsniff.status import Omissions

DONE = 0
ANSWER_IS_NO = 1
MISUSE = 2
INCOMPLETE = 3
# The status with which a shell reports a process that SIGINT has ended.
INTERRUPTED = 130


class MisuseError(Exception):
    """The user has requested something impossible. The messages, one line each, are safe on a terminal."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = messages


def check_targets(
    paths: Sequence[str],
    output: str | None,
    others: Sequence[tuple[str, str | None]] = (),
    *,
    overwrite: bool = False,
    is_standard_output_used: bool = True,
) -> None:
    """Raise MisuseError, before any file is read, if an output cannot be written or would destroy something.

    ``output`` None is standard output, if it is used. ``others`` are the other outputs: a name, and the path, None if
    it is not requested. An existing file is refused. Even with ``overwrite``, an input is refused, and so is any DICOM
    file, because it may be in a folder that is read.
    """
    from tagsniff.output.atomic_file import check_target

    if output is None and sys.stdout is None and is_standard_output_used:
        raise MisuseError("standard output is closed; give --output")
    named = [(name, target) for name, target in (*others, ("the output", output)) if target is not None]
    for name, target in named:
        place = show_on_terminal(target)
        # Most targets do not exist, and a list may have a million paths.
        if os.path.exists(target) and any(_is_same_file(target, path) for path in paths):
            raise MisuseError(f"{place} is to be read and cannot be written")
        if overwrite and _is_dicom_file(target):
            raise MisuseError(f"{place} is a DICOM file and cannot be written over")
        try:
            check_target(target, overwrite=overwrite)
        except FileExistsError:
            raise MisuseError(f"{name}: {place} is there already; name another file, or give --force") from None
        except OSError as error:
            raise MisuseError(f"cannot write {place}: {error.strerror}") from None
    places: dict[str, str] = {}
    for name, target in reversed(named):
        place = os.path.realpath(target)
        if place in places and place != os.path.realpath(os.devnull):
            raise MisuseError(f"{places[place]} and {name} cannot go to the same file")
        places[place] = name


def write_exclusions(omissions: Omissions, path: str | None, *, overwrite: bool) -> bool:
    """Write what was left out to the path, ``-`` for standard output; return False if the system refuses."""
    if path is None:
        return True
    from tagsniff.writers.exclusions import write_exclusions as write

    target = None if path == "-" else path
    return write_output(target, lambda stream: write(omissions.paths, stream), overwrite=overwrite)


def write_path_key(numbers: PathNumbers, path: str, *, overwrite: bool) -> bool:
    """Write the path of each number to the file of ``--redact-paths``; return False if the system refuses."""
    from tagsniff.writers.exclusions import write_path_key as write

    return write_output(path, lambda stream: write(numbers, stream), overwrite=overwrite)


def write_output(path: str | None, write: Callable[[TextIO], object], *, overwrite: bool = False) -> bool:
    """Write to the path, or to standard output if it is None. If the system refuses, say so and return False.

    Raises MisuseError if standard output is closed; commands with other outputs check this before the work.
    """
    if path is None and sys.stdout is None:
        raise MisuseError("standard output is closed")
    from tagsniff.output.atomic_file import write_whole

    def write_to_target() -> None:
        if path is not None:
            write_whole(path, write, overwrite=overwrite)
            return
        if isinstance(sys.stdout, io.TextIOWrapper):
            # The same bytes as in a file, whatever the locale is.
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        write(sys.stdout)
        sys.stdout.flush()

    return _try_to_write("standard output" if path is None else show_on_terminal(path), write_to_target)


def write_binary_output(path: str | None, write: Callable[[BinaryIO], object], *, overwrite: bool = False) -> bool:
    """Write bytes to the path, or to standard output. If the system refuses, print a message and return False."""
    from tagsniff.output.atomic_file import write_whole_bytes

    def write_to_target() -> None:
        if path is not None:
            write_whole_bytes(path, write, overwrite=overwrite)
            return
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()

    return _try_to_write("standard output" if path is None else show_on_terminal(path), write_to_target)


def choose_status(omissions: Omissions, *, is_written: bool, answer: int = DONE) -> int:
    """Return the exit status of a command that reads a collection; there is no other rule for it.

    ``is_written``: every output could be written. ``answer`` is the status of a complete run.
    """
    return answer if is_written and omissions.is_complete() else INCOMPLETE


def say(message: str) -> None:
    """Write a line to standard error, if there is one."""
    say_all(lambda stream: stream.write(message + "\n"))


def say_all(write: Callable[[TextIO], object]) -> None:
    """Write to standard error with ``write(stream)``, if there is one; errors of the system are ignored."""
    # print() would use standard output if standard error is closed.
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            write(sys.stderr)
            sys.stderr.flush()


def _try_to_write(place: str, write: Callable[[], None]) -> bool:
    try:
        write()
    except BrokenPipeError:
        raise
    except OSError as error:
        say(f"tagsniff: error: cannot write {place}: {error.strerror}")
        return False
    return True


def _is_dicom_file(path: str) -> bool:
    if not os.path.isfile(path):
        return False
    from tagsniff.header import read_header
    from tagsniff.status import Kind, Status

    try:
        status = read_header(path).status
    except OSError:
        return False
    # A file that cannot be read is unknown, and the user has allowed to replace it.
    return status.kind is not Kind.EXCLUSION and status is not Status.CANNOT_READ


def _is_same_file(one: str, other: str) -> bool:
    with contextlib.suppress(OSError):
        return os.path.samefile(one, other)
    return False

"""Files written whole or not at all.

For: every output that goes to a path.
Never: leave a half-written file or a temporary one behind, destroy a file that nobody gave up, or show the output to
other users of the machine.

A file is written beside its target under another name, brought to the disk, and then given the target's name in one
step. Only a process that is killed where it cannot clean up leaves the other file behind: ``.tagsniff-*``.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator
from typing import IO, Any, BinaryIO, TextIO

_MODE = 0o600
_STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2}
_FOLDERS_OF_STREAMS = ("/dev/fd/", "/proc/self/fd/")
_HOW_TO_MAKE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_MOST_DIGITS = 9
# What a file system says that does not bring folders to the disk by themselves.
_NOT_FOR_FOLDERS = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


def check_target(path: str, *, overwrite: bool = False) -> None:
    """Raise OSError if no file can be written to the path: to be called before the work, which may take hours.

    FileExistsError: a file is there and ``overwrite`` was not asked for. A device or pipe is never overwritten.
    """
    descriptor = _find_stream(path)
    if descriptor is not None:
        os.write(descriptor, b"")
        return
    if _is_special(path):
        if stat.S_ISSOCK(os.stat(path).st_mode):
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO), path)
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return
    target, temporary = _choose_names(path)
    with _remove_at_error(temporary):
        os.close(_make(temporary))
        os.unlink(temporary)
    if not overwrite and os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)


def write_whole(path: str, write: Callable[[TextIO], object], *, overwrite: bool = False) -> None:
    """Write a file (UTF-8, LF, mode 0600) through ``write(stream)``; nothing is at its place until it is complete.

    ``overwrite`` replaces a file that is there, and lets it stay until then; without it, a file that is there at the
    end is left alone and FileExistsError raised. A device, a pipe or an open descriptor, such as /dev/null or
    /dev/stdout, is written to as it is. Raises OSError.
    """
    _write_whole(path, write, {"mode": "w", "encoding": "utf-8", "newline": "\n"}, overwrite=overwrite)


def write_whole_bytes(path: str, write: Callable[[BinaryIO], object], *, overwrite: bool = False) -> None:
    """Write a file of bytes as `write_whole` writes one of text."""
    _write_whole(path, write, {"mode": "wb"}, overwrite=overwrite)


def _write_whole(path: str, write: Callable[[Any], object], how_to_open: dict[str, Any], *, overwrite: bool) -> None:
    stream: IO[Any]
    descriptor = _find_stream(path)
    if descriptor is not None or _is_special(path):
        # A copy of the descriptor: opening such a path would cut a file that the shell writes the output to.
        with open(_open_special(path) if descriptor is None else os.dup(descriptor), **how_to_open) as stream:
            write(stream)
        return
    target, temporary = _choose_names(path)
    with _remove_at_error(temporary):
        descriptor = _make(temporary)
        with open(descriptor, **how_to_open) as stream:
            write(stream)
            stream.flush()
            os.fsync(descriptor)
        if overwrite:
            os.replace(temporary, target)
        else:
            _move_to_free_name(temporary, target)
        _sync_folder(os.path.dirname(target))


def _move_to_free_name(temporary: str, target: str) -> None:
    """Give a file another name, in one step that fails with FileExistsError where that name is taken."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # No hard links here. The name is taken first, by an empty file that nobody else can have made.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE))
        try:
            os.replace(temporary, target)
        except BaseException:
            os.unlink(target)
            raise
    else:
        os.unlink(temporary)


def _sync_folder(folder: str) -> None:
    """Bring the names in a folder to the disk, where the system has a way to do so."""
    if os.name != "posix":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        # A folder may be written to and not be read.
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_FOR_FOLDERS:
            raise
    finally:
        os.close(descriptor)


def _choose_names(path: str) -> tuple[str, str]:
    """Return what is to be written, and the name beside it of the file that will take its place.

    A link stays a link: what it leads to is written. Looked up once, for it may lead elsewhere the next time. The other
    name is one that nobody can guess, and known before the file is made: an interruption finds what to remove.
    """
    if not path:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    if os.path.isdir(path) or not os.path.basename(path):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    target = os.path.realpath(path)
    return target, os.path.join(os.path.dirname(target), f".tagsniff-{os.urandom(8).hex()}")


@contextlib.contextmanager
def _remove_at_error(temporary: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _make(temporary: str) -> int:
    """Open a new file; its mode is 0600, whatever the umask."""
    descriptor = os.open(temporary, _HOW_TO_MAKE, _MODE)
    if os.name == "posix" and stat.S_IMODE(os.fstat(descriptor).st_mode) != _MODE:
        # Refused by file systems that have no modes.
        with contextlib.suppress(PermissionError):
            os.fchmod(descriptor, _MODE)
    return descriptor


def _find_stream(path: str) -> int | None:
    """Return the descriptor that a path such as /dev/stdout or /dev/fd/3 stands for, whatever is open there."""
    if os.name != "posix":
        return None
    for folder in _FOLDERS_OF_STREAMS:
        number = path.removeprefix(folder)
        if number != path and number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS:
            return int(number)
    return _STREAMS.get(path)


def _is_special(path: str) -> bool:
    """Tell whether the path is a device, pipe or socket, whose place no file may take."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _open_special(path: str) -> int:
    """Open a device or pipe. Raises FileExistsError if a file took its place, which is neither cut nor written to."""
    descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
    return descriptor

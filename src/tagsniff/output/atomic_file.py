"""Files that are written completely or not at all.

For: every output that goes to a path.
Never: leave an incomplete or a temporary file, replace a file without ``overwrite``, or let other users of the machine
read the output.

A file is written under a temporary name in the folder of its target, synchronized to the disk, and then renamed to its
target in one step. Only a process that is killed before it can clean up leaves the temporary file: ``.tagsniff-*``.
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
# The errors of a file system that cannot synchronize a folder.
_NOT_FOR_FOLDERS = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


def check_target(path: str, *, overwrite: bool = False) -> None:
    """Raise OSError if no file can be written to the path. It is called before the work, which may take hours.

    FileExistsError: the path exists and ``overwrite`` is False. A device or pipe needs no ``overwrite``: it is written
    to, and never replaced.
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
    _refuse_link(path, overwrite=overwrite)


def is_replaced_whole(path: str) -> bool:
    """Return whether a file is made at the path, in its folder: a device, pipe or descriptor is written to directly."""
    return _find_stream(path) is None and not _is_special(path)


def write_whole(path: str, write: Callable[[TextIO], object], *, overwrite: bool = False) -> None:
    """Write a text file (UTF-8, LF, mode 0600) with ``write(stream)``. It appears at the path when it is complete.

    With ``overwrite`` it replaces an existing file, which stays unchanged until then. Without it, a file that exists at
    the end stays unchanged, and FileExistsError is raised. A device, a pipe or an open descriptor, such as /dev/null or
    /dev/stdout, is written to directly. Raises OSError.
    """
    _write_whole(path, write, {"mode": "w", "encoding": "utf-8", "newline": "\n"}, overwrite=overwrite)


def write_whole_bytes(path: str, write: Callable[[BinaryIO], object], *, overwrite: bool = False) -> None:
    """Write a binary file as `write_whole` writes a text file."""
    _write_whole(path, write, {"mode": "wb"}, overwrite=overwrite)


def _write_whole(path: str, write: Callable[[Any], object], how_to_open: dict[str, Any], *, overwrite: bool) -> None:
    stream: IO[Any]
    descriptor = _find_stream(path)
    if descriptor is not None or _is_special(path):
        # The descriptor is duplicated. Opening such a path again would truncate the file to which the shell redirects.
        with open(_open_special(path) if descriptor is None else os.dup(descriptor), **how_to_open) as stream:
            write(stream)
        return
    target, temporary = _choose_names(path)
    _refuse_link(path, overwrite=overwrite)
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
        sync_folder(os.path.dirname(target))


def _refuse_link(path: str, *, overwrite: bool) -> None:
    """Raise FileExistsError for a symbolic link, also one whose target does not exist, unless ``overwrite``.

    The name exists, and another user may have made it: the output would be created at a place that nobody has named.
    """
    if not overwrite and os.path.islink(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)


def _move_to_free_name(temporary: str, target: str) -> None:
    """Rename a file in one step, which fails with FileExistsError if the new name exists."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # This file system has no hard links. First reserve the name with an empty file: O_EXCL fails if it exists.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE))
        try:
            os.replace(temporary, target)
        except BaseException:
            os.unlink(target)
            raise
    else:
        os.unlink(temporary)


def sync_folder(folder: str) -> None:
    """Synchronize the names in a folder to the disk, if the system can."""
    if os.name != "posix":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        # A folder may be writable without being readable.
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_FOR_FOLDERS:
            raise
    finally:
        os.close(descriptor)


def _choose_names(path: str) -> tuple[str, str]:
    """Return the path of the target, and the temporary path in the same folder.

    With ``overwrite`` a symbolic link stays a link: its target is written. It is resolved once, because it may change
    in between. The temporary name cannot be guessed. It is chosen before the file is created, so that an interruption
    can remove it.
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
    """Create and open a new file; its mode is 0600, whatever the umask is."""
    descriptor = os.open(temporary, _HOW_TO_MAKE, _MODE)
    if os.name == "posix" and stat.S_IMODE(os.fstat(descriptor).st_mode) != _MODE:
        # File systems without modes refuse this.
        with contextlib.suppress(PermissionError):
            os.fchmod(descriptor, _MODE)
    return descriptor


def _find_stream(path: str) -> int | None:
    """Return the descriptor that a path such as /dev/stdout or /dev/fd/3 names, None for any other path."""
    if os.name != "posix":
        return None
    for folder in _FOLDERS_OF_STREAMS:
        number = path.removeprefix(folder)
        if number != path and number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS:
            return int(number)
    return _STREAMS.get(path)


def _is_special(path: str) -> bool:
    """Return whether the path is a device, pipe or socket, which must not be replaced by a file."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _open_special(path: str) -> int:
    """Open a device or pipe. Raises FileExistsError if a file has replaced it, which is not truncated or written to."""
    descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
    return descriptor

"""Files written whole or not at all.

For: every output that goes to a path.
Never: leave a half-written file or a temporary one behind, or show the output to other users of the machine.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Callable
from typing import IO, Any, BinaryIO, TextIO


def check_target(path: str) -> None:
    """Raise OSError if no file can be written to the path: to be called before the work, which may take hours."""
    if _is_stream(path):
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return
    descriptor, temporary = _make_temporary(path)
    os.close(descriptor)
    os.unlink(temporary)


def write_whole(path: str, write: Callable[[TextIO], object]) -> None:
    """Write a file (UTF-8, LF, mode 0600) through ``write(stream)``; until it is complete the old one stays.

    A device or pipe, such as /dev/null, is written to as it is. Raises OSError.
    """
    _write_whole(path, write, {"mode": "w", "encoding": "utf-8", "newline": "\n"})


def write_whole_bytes(path: str, write: Callable[[BinaryIO], object]) -> None:
    """Write a file of bytes as `write_whole` writes one of text."""
    _write_whole(path, write, {"mode": "wb"})


def _write_whole(path: str, write: Callable[[Any], object], how_to_open: dict[str, Any]) -> None:
    stream: IO[Any]
    if _is_stream(path):
        with open(path, **how_to_open) as stream:
            write(stream)
        return
    descriptor, temporary = _make_temporary(path)
    try:
        with open(descriptor, **how_to_open) as stream:
            write(stream)
            stream.flush()
            os.fsync(descriptor)
        # A link stays a link: what it leads to is replaced.
        os.replace(temporary, os.path.realpath(path))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _make_temporary(path: str) -> tuple[int, str]:
    """Open a new file beside the target, where os.replace can take it from; its mode is 0600."""
    if not path:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    if os.path.isdir(path) or not os.path.basename(path):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    return tempfile.mkstemp(prefix=".tagsniff-", dir=os.path.dirname(os.path.realpath(path)))


def _is_stream(path: str) -> bool:
    """Tell whether the path is a device or pipe, which os.replace would take away."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))

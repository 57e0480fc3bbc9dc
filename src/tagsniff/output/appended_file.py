"""Files to which lines are only added, each line whole and on the disk before the next one.

For: the journal of decisions.
Never: change or remove a line that is there, follow a symbolic link, or let other users of the machine read the file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat

from tagsniff.output.atomic_file import sync_folder
from tagsniff.output.folder_lock import lock_descriptor

_MODE = 0o600
_HOW = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def append_line(path: str, line: str) -> None:
    """Add a line (UTF-8, without its end) to a file, which is made with mode 0600 if it does not exist.

    Another process that adds a line at the same time waits. A line that was cut off, because the machine stopped while
    it was written, stays; the new one begins after it.
    Raises OSError.
    """
    is_new = not os.path.lexists(path)
    descriptor = os.open(path, _HOW, _MODE)
    try:
        # Where the system has no such locks, two writers at once may leave an empty line.
        lock_descriptor(descriptor)
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
        if is_new and os.name == "posix" and stat.S_IMODE(status.st_mode) != _MODE:
            # File systems without modes refuse this.
            with contextlib.suppress(PermissionError):
                os.fchmod(descriptor, _MODE)
        is_cut = status.st_size > 0 and os.pread(descriptor, 1, status.st_size - 1) != b"\n"
        _write_all(descriptor, ("\n" if is_cut else "").encode() + line.encode("utf-8") + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(os.path.dirname(os.path.abspath(path)))


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]

"""Locks between processes: on a folder, while a file in it is compared with what is known of it and then replaced; on a
file, while a line is added.

For: sheets and journals of decisions, which a server and a command may write at the same time.
Never: a file that stays behind, or a lock that a process holds after its end.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator


@contextlib.contextmanager
def lock_folder(path: str) -> Iterator[None]:
    """Wait until no other process of this program has locked the folder of a file, and lock it.

    Where the system has no such locks (other systems than POSIX, some file systems of networks), nothing is locked.
    """
    descriptor = None
    with contextlib.suppress(OSError):
        descriptor = os.open(os.path.dirname(os.path.realpath(path)), os.O_RDONLY)
        lock_descriptor(descriptor)
    try:
        yield
    finally:
        if descriptor is not None:
            # The lock ends with the descriptor.
            os.close(descriptor)


def lock_descriptor(descriptor: int) -> None:
    """Wait until no other process has locked what is open, and lock it until the descriptor is closed.

    Where the system has no such locks, nothing is locked.
    """
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)

"""A lock on a folder, for the moment in which a file is compared with what is known of it and then replaced.

For: sheets of decisions, which a server and a command may write at the same time.
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
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        descriptor = os.open(os.path.dirname(os.path.realpath(path)), os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if descriptor is not None:
            # The lock ends with the descriptor.
            os.close(descriptor)

"""The page cache of the system, emptied where that is allowed.

For: the measures with a cold cache.
Never: a claim about caches outside of this system. The disk of a virtual machine may be in the memory of its host.
"""

from __future__ import annotations

import os
from pathlib import Path

_SWITCH = Path("/proc/sys/vm/drop_caches")


def can_be_dropped() -> bool:
    """Return whether this process may empty the page cache."""
    return os.access(_SWITCH, os.W_OK)


def drop() -> None:
    """Write dirty pages to disk, then drop all pages, folders and inodes. Raises OSError if that is not allowed."""
    os.sync()
    _SWITCH.write_text("3\n", encoding="ascii")

"""The page cache of the system, emptied where that is allowed.

For: the measures with a cold cache.
Never: a claim about caches outside of this system: a virtual machine's disk may be in the memory of its host.
"""

from __future__ import annotations

import os
from pathlib import Path

_SWITCH = Path("/proc/sys/vm/drop_caches")


def can_be_dropped() -> bool:
    """Tell whether this process may empty the page cache."""
    return os.access(_SWITCH, os.W_OK)


def drop() -> None:
    """Write what is not yet on disk, and forget all pages, folders and inodes. Raises OSError where it may not."""
    os.sync()
    _SWITCH.write_text("3\n", encoding="ascii")

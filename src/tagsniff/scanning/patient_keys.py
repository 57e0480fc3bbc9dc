"""The key of the digests of patients, and what tells two keys apart.

For: scans, whose patients can be counted together if they have the same key.
Never: keep or show a key. A Patient ID has few bits: without a key, its digest would be as good as the ID itself.
"""

from __future__ import annotations

import os
from functools import cache

KEY_BYTES = 32
"""The length of a key."""

KEY_ID_BYTES = 16

_WHAT = b"tagsniff patient key\n"


@cache
def process_key() -> bytes:
    """Return the key of scans for which none is given: random, the same in this process, and forgotten with it.

    So scans of one process can be merged with their patients, and no later program can make the same digests.
    """
    return os.urandom(KEY_BYTES)


def check_key(key: bytes) -> bytes:
    """Return the key. Raises TypeError or ValueError if it is none."""
    if not isinstance(key, bytes):
        raise TypeError(f"a key is bytes, not {type(key).__name__}")
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
    return key


def identify_key(key: bytes) -> bytes:
    """Return what a scan keeps of its key: equal for equal keys. A key is random, so it cannot be found from this."""
    import hashlib

    return hashlib.sha256(_WHAT + key).digest()[:KEY_ID_BYTES]

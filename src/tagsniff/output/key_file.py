"""The file with the key of keyed digests: what others must not have, so that digests cannot be tried out.

For: saved scans, whose digests of patients are made with it, so that scans with the same key can be merged.
Never: put the key into another output or a message, replace a file, or use a key that other users can read.

The file has 64 hexadecimal digits and a line end; its mode is 0600.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat

from tagsniff.output.atomic_file import is_replaced_whole, write_whole

KEY_NAME = "tagsniff.key"
"""The name of the file that is made beside a saved scan."""

KEY_BYTES = 32
_MOST_BYTES = 2 * KEY_BYTES + 2
_OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_DIGITS = re.compile(rb"([0-9A-Fa-f]{64})\r?\n?")
_HOW_TO_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class KeyFileError(ValueError):
    """A file is not a key, or others can read it."""


def read_or_make_key(path: str | os.PathLike[str]) -> bytes:
    """Return the 32 bytes of the key in a file, which is made with a random key if it does not exist.

    Of several processes that make it at the same time, one does, and all return the same key.

    Raises KeyFileError if the file has no key, or other users can read it; OSError if it cannot be read or made.
    """
    place = os.fspath(path)
    try:
        return _read_key(place)
    except FileNotFoundError:
        pass
    digits = os.urandom(KEY_BYTES).hex()
    # Another process may have made it in between.
    with contextlib.suppress(FileExistsError):
        write_whole(place, lambda stream: stream.write(f"{digits}\n"))
    return _read_key(place)


def place_key(scan: str) -> str | None:
    """Return the path of the key beside a saved scan (or a folder); None for a device or pipe, which has no folder."""
    return os.path.join(os.path.dirname(os.path.realpath(scan)), KEY_NAME) if is_replaced_whole(scan) else None


def _read_key(path: str) -> bytes:
    descriptor = os.open(path, _HOW_TO_READ)
    with open(descriptor, "rb") as stream:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise KeyFileError("this is no file")
        if os.name == "posix" and mode & _OF_OTHERS:
            reason = f"other users may read or change it (mode {stat.S_IMODE(mode):04o})"
            raise KeyFileError(f"{reason}: chmod 600, or --key with a file elsewhere")
        content = stream.read(_MOST_BYTES + 1)
    found = _DIGITS.fullmatch(content)
    if found is None:
        raise KeyFileError("this is no key: 64 hexadecimal digits and a line end")
    return bytes.fromhex(found[1].decode("ascii"))

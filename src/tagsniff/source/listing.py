"""The entries of one folder, in the order of the bytes of their names.

For: the walk, which looks at those entries that the listing does not tell all about.
Never: follow a link, or leave out an entry.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from tagsniff import _core


class Listing(NamedTuple):
    """The names of all entries, and the places among them of those to look at; ``error`` tells why it broke off.

    To look at is what is no regular file, as far as the listing says, and what has a known inode.
    """

    names: _core.Texts
    places_to_look_at: list[int]
    error: str = ""


def list_folder(path: bytes, known_inodes: set[int]) -> Listing:
    """List a folder; of one that cannot be listed to its end, what there is."""
    if not _core.HAS_PATH_READER:
        return _list_by_python(path, known_inodes)
    names, places, error_number = _core.list_folder(path, known_inodes)
    return Listing(names, places, os.strerror(error_number) if error_number else "")


def _list_by_python(path: bytes, known_inodes: set[int]) -> Listing:
    """Do the same where the core cannot list folders."""
    found: list[tuple[bytes, bool]] = []
    broken_off = ""
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                try:
                    is_plain = entry.is_file(follow_symlinks=False)
                except OSError:
                    is_plain = False
                found.append((entry.name, not is_plain or (bool(known_inodes) and entry.inode() in known_inodes)))
    except OSError as error:
        broken_off = error.strerror or type(error).__name__
    found.sort()
    places = [place for place, (_, is_to_look_at) in enumerate(found) if is_to_look_at]
    return Listing(_core.Texts(name for name, _ in found), places, broken_off)

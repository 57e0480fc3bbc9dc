"""The profiles that are part of the package: their names, and the digests by which their files are recognized.

For: callers that name a profile instead of a file.
Never: parse a profile, or know its content.
"""

from __future__ import annotations

import importlib
import os
from functools import cache

from tagsniff import _core

_PACKAGE = "tagsniff.profiles"
_ENDING = ".csv"
_SUMS = "SHA256SUMS"


@cache
def find_shipped() -> dict[str, str]:
    """Return the paths of the shipped profiles by name, sorted. The name is that of the file, without its ending.

    The folder is read once.
    """
    folder = _find_folder()
    names = sorted(file.removesuffix(_ENDING) for file in os.listdir(folder) if file.endswith(_ENDING))
    return {name: os.path.join(folder, name + _ENDING) for name in names}


def read_shipped_lines(file: str) -> list[str]:
    """Return the lines, without their ends, of a file that is shipped beside the profiles and is none of them."""
    with open(os.path.join(_find_folder(), file), encoding="utf-8") as stream:
        return stream.read().split("\n")[:-1]


def find_digest(raw: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    # The core computes it, because the core is loaded in any case. hashlib would load another library.
    digest = _core.digest(raw, by_processor=True) or _core.digest(raw, by_processor=False)
    assert digest is not None
    return digest.hex()


def is_known(digest: str) -> bool:
    """Return whether this is the SHA-256 of an unchanged shipped profile.

    The tests of the package prove that the shipped profiles have no mistakes, and that their outline has every row.
    """
    try:
        with open(os.path.join(_find_folder(), _SUMS), encoding="utf-8") as lines:
            return any(line.startswith(f"{digest}  ") for line in lines)
    except OSError:
        return False


def _find_folder() -> str:
    # The package has an extension module, so it is never imported from an archive. importlib.resources, which supports
    # archives, is slow to import.
    return importlib.import_module(_PACKAGE).__path__[0]

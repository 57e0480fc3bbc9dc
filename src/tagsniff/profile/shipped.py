"""The profiles that come with the package, by their names, and the digest that tells them from files that were changed.

For: everybody who names a profile and not a file.
Never: parse one, or know what is in it.
"""

from __future__ import annotations

import importlib
import os

from tagsniff import _core

_PACKAGE = "tagsniff.profiles"
_ENDING = ".csv"
_SUMS = "SHA256SUMS"


def find_shipped() -> dict[str, str]:
    """Return the paths of the shipped profiles by name, which is the file's without its ending; in their order."""
    folder = _find_folder()
    names = sorted(file.removesuffix(_ENDING) for file in os.listdir(folder) if file.endswith(_ENDING))
    return {name: os.path.join(folder, name + _ENDING) for name in names}


def find_digest(raw: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    # By the core: it is loaded in any case, and hashlib would load a library of its own.
    digest = _core.digest(raw, by_processor=True) or _core.digest(raw, by_processor=False)
    assert digest is not None
    return digest.hex()


def is_known(digest: str) -> bool:
    """Tell whether bytes of this SHA-256 are those of a profile as it is shipped.

    Of those it is known that nothing is wrong with them, and that their outline names every row: the tests of the
    package hold it. A file that was changed since is none of them.
    """
    try:
        with open(os.path.join(_find_folder(), _SUMS), encoding="ascii") as lines:
            return any(line.startswith(f"{digest}  ") for line in lines)
    except OSError:
        return False


def _find_folder() -> str:
    # The package has an extension in it and is never read from an archive: importlib.resources, which could do that, is
    # slow to import.
    return importlib.import_module(_PACKAGE).__path__[0]

"""The profiles that come with the package, by their names.

For: everybody who names a profile and not a file.
Never: parse one, or know what is in it.
"""

from __future__ import annotations

import importlib
import os

_PACKAGE = "tagsniff.profiles"
_ENDING = ".csv"


def find_shipped() -> dict[str, str]:
    """Return the paths of the shipped profiles by name, which is the file's without its ending; in their order."""
    # The package has an extension in it and is never read from an archive: importlib.resources, which could do that, is
    # slow to import.
    folder = importlib.import_module(_PACKAGE).__path__[0]
    names = sorted(file.removesuffix(_ENDING) for file in os.listdir(folder) if file.endswith(_ENDING))
    return {name: os.path.join(folder, name + _ENDING) for name in names}

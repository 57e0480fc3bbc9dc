"""The profiles that come with the package, by their names.

For: everybody who names a profile and not a file.
Never: parse one, or know what is in it.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

_PACKAGE = "tagsniff.profiles"
_ENDING = ".csv"


def find_shipped() -> dict[str, Traversable]:
    """Return the files of the shipped profiles by name, which is the file's without its ending; in their order."""
    found = {entry.name.removesuffix(_ENDING): entry for entry in files(_PACKAGE).iterdir()}
    return {name: found[name] for name in sorted(found) if found[name].name.endswith(_ENDING)}

"""tagsniff lists what is in the headers of a collection of DICOM files, before it is published.

For: the public names of the package, each imported when it is first used, so that ``import tagsniff`` is fast.
Never: an import of numpy or of the extension at start-up.
"""

from __future__ import annotations

# Type checkers treat this name as true. Importing it from typing would take longer than the rest of the import.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from tagsniff.api import Scan, load, merge, scan
    from tagsniff.header import Header, read_header
    from tagsniff.profile import Profile, ProfileError, load_profile
    from tagsniff.scanning.saved import SavedScanError
    from tagsniff.selection.find import Found, Occurrence, find
    from tagsniff.selection.series import Series, SeriesList, series
    from tagsniff.selection.table import table
    from tagsniff.status import Deviation, Kind, Omission, Status

__version__ = "0.1.0"

__all__ = [
    "Deviation",
    "Found",
    "Header",
    "Kind",
    "Occurrence",
    "Omission",
    "Profile",
    "ProfileError",
    "SavedScanError",
    "Scan",
    "Series",
    "SeriesList",
    "Status",
    "__version__",
    "find",
    "load",
    "load_profile",
    "merge",
    "read_header",
    "scan",
    "series",
    "table",
]

_HOMES = {
    "Deviation": "status",
    "Found": "selection.find",
    "Header": "header",
    "Kind": "status",
    "Occurrence": "selection.find",
    "Omission": "status",
    "Profile": "profile",
    "ProfileError": "profile",
    "SavedScanError": "scanning.saved",
    "Scan": "api",
    "Series": "selection.series",
    "SeriesList": "selection.series",
    "Status": "status",
    "find": "selection.find",
    "load": "api",
    "load_profile": "profile",
    "merge": "api",
    "read_header": "header",
    "scan": "api",
    "series": "selection.series",
    "table": "selection.table",
}


def __getattr__(name: str) -> object:
    import importlib

    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

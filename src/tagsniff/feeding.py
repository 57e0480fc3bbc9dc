"""One file of the walk read by a collector of the core, and what comes of it if it cannot be read to its end.

For: the stages that fill tables.
Never: add a file to a table, or put a value of an element into a message.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from tagsniff import _core
from tagsniff.read import open_source
from tagsniff.status import Omission, Status

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_WITHOUT_PLACE = frozenset({Status.NOT_DICOM, Status.EMPTY_FILE, Status.CANNOT_OPEN, Status.OUT_OF_MEMORY})

# In the core's column `creator`: the tag is not that of a private element.
_RAW_TAG = -1
_ODD_GROUP = 0x10000


class Collector(Protocol):
    """What the collectors of the core have in common."""

    @property
    def parser(self) -> _core.Parser:
        """The parser that `read_path` uses."""

    def read_path(self, path: bytes) -> int:
        """Parse a file; return 0, or the errno behind CANNOT_OPEN and CANNOT_READ."""


def read_file(collector: Collector, path: str) -> Omission | None:
    """Let the collector's parser read a file; return why that did not go to the file's end, None if it did."""
    error_number = 0
    if _core.HAS_PATH_READER:
        error_number = collector.read_path(os.fsencode(path))
    else:
        try:
            open_source(path).parse(collector.parser)
        except OSError as error:
            return Omission(path, Status.CANNOT_OPEN, detail=error.strerror or "")
    number, offset_bytes, tag = collector.parser.status()
    status = Status.from_number(number)
    if status is Status.OK:
        return None
    detail = os.strerror(error_number) if error_number else ""
    if status in _WITHOUT_PLACE:
        return Omission(path, status, detail=detail)
    return Omission(path, status, offset_bytes, tag, detail)


def list_keywords(identities: npt.NDArray[np.void]) -> tuple[str, ...]:
    """Return the keyword of PS3.6 of each row of the core's table, empty where it has none."""
    tags_and_creators = zip(identities["tag"].tolist(), identities["creator"].tolist(), strict=True)
    return tuple(_find_keyword(tag, creator) for tag, creator in tags_and_creators)


def _find_keyword(tag: int, creator: int) -> str:
    found = _core.dictionary_find(tag) if creator == _RAW_TAG and not tag & _ODD_GROUP else None
    return found[1] if found else ""

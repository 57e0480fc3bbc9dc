"""The files of a batch read by Python, where the core cannot open them itself, and what comes of a file left out.

For: the stage that fills tables.
Never: put a value of an element into a message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from tagsniff import _core
from tagsniff.read import open_source
from tagsniff.status import Kind, Omission, Status
from tagsniff.walk import Batch

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_WITHOUT_PLACE = frozenset({Status.NOT_DICOM, Status.EMPTY_FILE, Status.CANNOT_OPEN, Status.OUT_OF_MEMORY})
_WITHOUT_ELEMENTS = frozenset({Status.CANNOT_OPEN, Status.OUT_OF_MEMORY})


class Collector(Protocol):
    """What the collectors of the core have in common."""

    @property
    def parser(self) -> _core.Parser:
        """The parser that reads for it."""

    def scan_files(
        self, folder: bytes, names: list[bytes], stop: _core.Stop, *, keeps_partial: bool = False
    ) -> tuple[int, npt.NDArray[np.void]]:
        """Read and count files; return how many, and the omissions."""

    def add_parsed(self, path: bytes, *, is_partial: bool = False) -> None:
        """Count what `parser` has just read."""

    def merge(self, other: Self, /) -> None:
        """Count what another one has counted."""


def make_omission(path: str, status: Status, offset_bytes: int, tag: int | None, detail: str) -> Omission:
    """Return what is said of a file that was not read to its end; for some statuses no place in it means anything."""
    if status in _WITHOUT_PLACE:
        return Omission(path, status, detail=detail)
    return Omission(path, status, offset_bytes, tag, detail)


def read_files(
    collector: Collector, batch: Batch, stop: _core.Stop, *, keeps_partial: bool
) -> tuple[int, list[Omission], int]:
    """Read and count the files; return how many, what was left out, and how many of that count in part."""
    omissions: list[Omission] = []
    partial_files = 0
    for number, name in enumerate(batch.names):
        if stop.is_asked:
            return number, omissions, partial_files
        path = batch.decode_path(number)
        try:
            open_source(path).parse(collector.parser)
        except OSError as error:
            omissions.append(Omission(path, Status.CANNOT_OPEN, detail=error.strerror or ""))
            continue
        status_number, offset_bytes, tag = collector.parser.status()
        status = Status.from_number(status_number)
        is_partial = keeps_partial and status.kind is Kind.FAULT and status not in _WITHOUT_ELEMENTS
        if status is not Status.OK:
            omissions.append(make_omission(path, status, offset_bytes, tag, ""))
            partial_files += is_partial
        if status is Status.OK or is_partial:
            collector.add_parsed(batch.folder + name, is_partial=is_partial)
    return len(batch.names), omissions, partial_files

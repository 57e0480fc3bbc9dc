"""The deviations of each file of a scan, sorted by path, in bounded memory: all files of a collection may have some.

For: ``--deviations``.
Never: a value of an element; or more than `MOST_IN_MEMORY` rows in memory. The others are in temporary files without a
name, sorted, and are merged when they are read.
"""

from __future__ import annotations

import heapq
import marshal
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, TypeAlias

from tagsniff.status import Deviation, Status

MOST_IN_MEMORY = 200_000
_ROWS_AT_ONCE = 1000
_MOST_FILES = 64

_Row: TypeAlias = tuple[bytes, int, int, int, int]
"""Path, status, count, offset in bytes, and tag; -1 for none."""


class DeviationList:
    """A list of (path, deviation), sorted by the bytes of the path and the status, whatever the order of `add`."""

    def __init__(self, most_in_memory: int = MOST_IN_MEMORY) -> None:
        self._most_in_memory = most_in_memory
        self._rows: list[_Row] = []
        self._sorted: list[IO[bytes]] = []

    def add(self, path: str, deviation: Deviation) -> None:
        """Add a deviation of a file."""
        tag = -1 if deviation.tag is None else deviation.tag
        self._rows.append((os.fsencode(path), int(deviation.status), deviation.count, deviation.offset, tag))
        if len(self._rows) >= self._most_in_memory:
            self._put_away()

    def __iter__(self) -> Iterator[tuple[str, Deviation]]:
        self._rows.sort()
        for path, number, count, offset, tag in heapq.merge(self._rows, *map(_read, self._sorted)):
            yield os.fsdecode(path), Deviation(Status.from_number(number), count, offset, None if tag < 0 else tag)

    def close(self) -> None:
        """Remove the temporary files."""
        while self._sorted:
            self._sorted.pop().close()

    def _put_away(self) -> None:
        self._rows.sort()
        self._sorted.append(_write(self._rows))
        self._rows.clear()
        if len(self._sorted) >= _MOST_FILES:
            merged = _write(heapq.merge(*map(_read, self._sorted)))
            self.close()
            self._sorted.append(merged)


def _write(rows: Iterable[_Row]) -> IO[bytes]:
    """Return a temporary file, which has no name, with these rows."""
    from tempfile import TemporaryFile

    stream = TemporaryFile()  # noqa: SIM115  closed by `DeviationList.close`, and by the system at the end
    left = iter(rows)
    while part := list(islice(left, _ROWS_AT_ONCE)):
        marshal.dump(part, stream)
    return stream


def _read(stream: IO[bytes]) -> Iterator[_Row]:
    end = stream.seek(0, os.SEEK_END)
    at = 0
    while at < end:
        stream.seek(at)
        rows: list[_Row] = marshal.load(stream)
        at = stream.tell()
        yield from rows

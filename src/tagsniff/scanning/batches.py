"""Gives the batches of a walk to worker threads. Each thread counts in its own tables, which are merged at the end.

For: the stage between the walk and the tables of a scan. Python reads the files on systems where the core cannot.
Never: search for files, or put a value of an element into a message.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, Self, TypeVar

from tagsniff import _core
from tagsniff.scanning import interruption
from tagsniff.scanning.workers import WorkerPool
from tagsniff.source.bytes import open_source
from tagsniff.source.walk import Batch, Names
from tagsniff.status import Deviation, Kind, Omission, Status

if TYPE_CHECKING:
    from tagsniff._core import _FileDeviation, _Omission

_WITHOUT_OFFSET = frozenset({Status.NOT_DICOM, Status.EMPTY_FILE, Status.CANNOT_OPEN, Status.OUT_OF_MEMORY})
_WITHOUT_ELEMENTS = frozenset({Status.CANNOT_OPEN, Status.OUT_OF_MEMORY})


class FileReader(Protocol):
    """The interface that all readers of files in the core have in common."""

    @property
    def parser(self) -> _core.Parser:
        """The parser that it reads with."""

    def scan_files(
        self,
        folder: bytes,
        names: Names,
        stop: _core.Stop,
        *,
        keeps_partial: bool = False,
        deviations: list[_FileDeviation] | None = None,
    ) -> tuple[int, list[_Omission]]:
        """Read and count files; return the number of files, and the omissions. Deviations go to the list, if given."""

    def add_parsed(self, path: bytes, *, is_partial: bool = False) -> None:
        """Count the file that `parser` has just read."""


class Collector(FileReader, Protocol):
    """The interface that the collectors of the core have in common."""

    def merge(self, other: Self, /) -> None:
        """Add the counts of another collector."""


_Collector = TypeVar("_Collector", bound=Collector)


class Collected(NamedTuple, Generic[_Collector]):
    """A collector with all counts, and what was left out, in no particular order.

    ``partial_files`` is the number of files that were counted up to a fault. ``is_interrupted``: the scan was
    interrupted (Ctrl-C) before all files were read.
    """

    collector: _Collector
    omissions: list[Omission]
    partial_files: int
    is_interrupted: bool


def collect_files(
    found: Iterable[Batch | Omission],
    make_collector: Callable[[], _Collector],
    *,
    workers: int | None = None,
    keep_partial: bool = False,
    on_file: Callable[[str], object] | None = None,
    on_walk_end: Callable[[int], object] | None = None,
    on_deviation: Callable[[str, Deviation], object] | None = None,
) -> Collected[_Collector]:
    """Read the files of a walk and return a collector with their counts.

    ``workers`` is the number of threads, `choose_workers` if it is None. ``on_file`` is called, in the thread of the
    caller, with the path of each file that was read or tried. ``on_walk_end`` is called once with the number of files
    that the walk has found; for it, the walk goes further ahead of the threads than it does otherwise. ``on_deviation``
    is called, in the thread of the caller, with the path and each deviation of each file that was counted.
    KeyboardInterrupt ends the scan: the files that are being read are not read further, and have the fault INTERRUPTED.
    """
    omissions: list[Omission] = []
    partial_files = 0
    is_interrupted = False

    def read(collector: _Collector, batch: Batch, stop: _core.Stop) -> BatchRead:
        return read_batch(collector, batch, stop, keeps_partial=keep_partial, lists_deviations=on_deviation is not None)

    def note(done: tuple[Batch, BatchRead] | Omission) -> None:
        nonlocal partial_files
        if isinstance(done, Omission):
            omissions.append(done)
            return
        batch, result = done
        omissions.extend(result.omissions)
        partial_files += len(result.partial)
        if on_deviation is not None:
            for file, number, count, offset, tag in result.deviations:
                on_deviation(batch.decode_path(file), Deviation(Status.from_number(number), count, offset, tag))
        if on_file is not None:
            for number in range(result.files):
                on_file(batch.decode_path(number))

    with WorkerPool(make_collector, read, workers) as pool:
        try:
            for done in pool.run(found, on_walk_end, goes_ahead=on_walk_end is not None):
                note(done)
                interruption.raise_if_noted()
            interruption.raise_if_noted()
        except KeyboardInterrupt:
            interruption.settle()
            is_interrupted = True
            for done in pool.finish():
                note(done)
    return Collected(_merge(pool.take_tools(), make_collector), omissions, partial_files, is_interrupted)


def _merge(collectors: list[_Collector], make_collector: Callable[[], _Collector]) -> _Collector:
    """Return the first collector with the counts of all; each of the others is freed after it was merged."""
    if not collectors:
        return make_collector()
    while len(collectors) > 1:
        # Memory that one thread has freed cannot be used by the others.
        _core.release_memory()
        collectors[0].merge(collectors.pop())
    _core.release_memory()
    return collectors.pop()


def make_omission(path: str, status: Status, offset_bytes: int, tag: int | None, detail: str) -> Omission:
    """Return the omission of a file that was not read to its end; for some statuses a position has no meaning."""
    if status in _WITHOUT_OFFSET:
        return Omission(path, status, detail=detail)
    return Omission(path, status, offset_bytes, tag, detail)


class BatchRead(NamedTuple):
    """The number of files of a batch that were read or tried, from the first on, and what was left out, in order.

    ``omitted`` are the indexes in the batch of the files that added nothing, ``partial`` of those that added what came
    before a fault. ``omissions`` has one entry for each of both. ``deviations`` are those of the counted files, if they
    are wanted: (index in the batch, status, count, offset of the first in bytes, its tag).
    """

    files: int
    omissions: list[Omission]
    omitted: list[int]
    partial: list[int]
    deviations: Sequence[_FileDeviation] = ()


def read_batch(
    reader: FileReader, batch: Batch, stop: _core.Stop, *, keeps_partial: bool, lists_deviations: bool = False
) -> BatchRead:
    """Read the files of a batch, and count them or select their values."""
    if not _core.HAS_PATH_READER:
        return read_files(reader, batch, stop, keeps_partial=keeps_partial, lists_deviations=lists_deviations)
    deviations: list[_FileDeviation] | None = [] if lists_deviations else None
    files, found = reader.scan_files(*batch, stop, keeps_partial=keeps_partial, deviations=deviations)
    omissions = [
        make_omission(
            batch.decode_path(file),
            Status.from_number(number),
            offset_bytes,
            tag,
            os.strerror(error_number) if error_number else "",
        )
        for file, number, error_number, offset_bytes, tag, _ in found
    ]
    omitted = [file for file, *_, is_partial in found if not is_partial]
    partial = [file for file, *_, is_partial in found if is_partial]
    return BatchRead(files, omissions, omitted, partial, deviations or ())


def read_files(
    reader: FileReader, batch: Batch, stop: _core.Stop, *, keeps_partial: bool, lists_deviations: bool = False
) -> BatchRead:
    """Do the same on systems on which the core cannot open files."""
    omissions: list[Omission] = []
    omitted: list[int] = []
    partial: list[int] = []
    deviations: list[_FileDeviation] = []
    for number, name in enumerate(batch.names):
        if stop.is_asked:
            return BatchRead(number, omissions, omitted, partial, deviations)
        path = batch.decode_path(number)
        try:
            open_source(path).parse(reader.parser)
        except OSError as error:
            omissions.append(Omission(path, Status.CANNOT_OPEN, detail=error.strerror or ""))
            omitted.append(number)
            continue
        status_number, offset_bytes, tag = reader.parser.status()
        status = Status.from_number(status_number)
        is_partial = (
            keeps_partial
            and status.kind is Kind.FAULT
            and status not in _WITHOUT_ELEMENTS
            and reader.parser.has_elements
        )
        if status is not Status.OK:
            omissions.append(make_omission(path, status, offset_bytes, tag, ""))
            (partial if is_partial else omitted).append(number)
        if status is Status.OK or is_partial:
            reader.add_parsed(batch.folder + name, is_partial=is_partial)
            if lists_deviations:
                deviations += ((number, *deviation) for deviation in reader.parser.deviations())
    return BatchRead(len(batch.names), omissions, omitted, partial, deviations)

"""The batches of a walk given to worker threads; each counts in tables of its own, merged at the end.

For: the stage between the walk and the tables of a scan. Python reads the files where the core cannot open them itself.
Never: look for files, or put a value of an element into a message.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, Self, TypeVar

from tagsniff import _core
from tagsniff.scanning.workers import Crew
from tagsniff.source.bytes import open_source
from tagsniff.source.walk import Batch, Names
from tagsniff.status import Kind, Omission, Status

if TYPE_CHECKING:
    from tagsniff._core import _Omission

_WITHOUT_PLACE = frozenset({Status.NOT_DICOM, Status.EMPTY_FILE, Status.CANNOT_OPEN, Status.OUT_OF_MEMORY})
_WITHOUT_ELEMENTS = frozenset({Status.CANNOT_OPEN, Status.OUT_OF_MEMORY})


class FileReader(Protocol):
    """What everything of the core that reads files has in common."""

    @property
    def parser(self) -> _core.Parser:
        """The parser that reads for it."""

    def scan_files(
        self, folder: bytes, names: Names, stop: _core.Stop, *, keeps_partial: bool = False
    ) -> tuple[int, list[_Omission]]:
        """Read and count files; return how many, and the omissions."""

    def add_parsed(self, path: bytes, *, is_partial: bool = False) -> None:
        """Count what `parser` has just read."""


class Collector(FileReader, Protocol):
    """What the collectors of the core have in common."""

    def merge(self, other: Self, /) -> None:
        """Count what another one has counted."""


_Collector = TypeVar("_Collector", bound=Collector)


@dataclass(slots=True)
class Collected(Generic[_Collector]):
    """A collector with all that was counted, and what was left out, in no particular order.

    ``partial_files`` is the number of files that were counted up to a fault. ``is_interrupted`` says that somebody
    ended the scan (Ctrl-C) before all files were read.
    """

    collector: _Collector
    omissions: list[Omission] = field(default_factory=list)
    partial_files: int = 0
    is_interrupted: bool = False


def collect_files(
    found: Iterable[Batch | Omission],
    make_collector: Callable[[], _Collector],
    *,
    workers: int | None = None,
    keep_partial: bool = False,
    on_file: Callable[[str], object] | None = None,
) -> Collected[_Collector]:
    """Read the files that a walk gives and return what they hold.

    ``workers`` is the number of threads, `choose_workers` if it is None. ``on_file`` is called, by the thread of the
    caller, with the path of each file that was read or tried. KeyboardInterrupt ends the scan: no more is read
    of the files at hand, which are faults then (INTERRUPTED).
    """
    omissions: list[Omission] = []
    partial_files = 0
    is_interrupted = False

    def read(collector: _Collector, batch: Batch, stop: _core.Stop) -> BatchRead:
        return read_batch(collector, batch, stop, keeps_partial=keep_partial)

    def note(done: tuple[Batch, BatchRead] | Omission) -> None:
        nonlocal partial_files
        if isinstance(done, Omission):
            omissions.append(done)
            return
        batch, result = done
        omissions.extend(result.omissions)
        partial_files += len(result.partial)
        if on_file is not None:
            for number in range(result.files):
                on_file(batch.decode_path(number))

    with Crew(make_collector, read, workers) as crew:
        try:
            for done in crew.run(found):
                note(done)
        except KeyboardInterrupt:
            is_interrupted = True
            for done in crew.finish():
                note(done)
    return Collected(_merge(crew.take_tools(), make_collector), omissions, partial_files, is_interrupted)


def _merge(collectors: list[_Collector], make_collector: Callable[[], _Collector]) -> _Collector:
    """Return the first one with what all have counted; each of the others goes when it was taken in."""
    if not collectors:
        return make_collector()
    while len(collectors) > 1:
        # What one thread has freed is of no use to the others.
        _core.give_back_memory()
        collectors[0].merge(collectors.pop())
    _core.give_back_memory()
    return collectors.pop()


def make_omission(path: str, status: Status, offset_bytes: int, tag: int | None, detail: str) -> Omission:
    """Return what is said of a file that was not read to its end; for some statuses no place in it means anything."""
    if status in _WITHOUT_PLACE:
        return Omission(path, status, detail=detail)
    return Omission(path, status, offset_bytes, tag, detail)


class BatchRead(NamedTuple):
    """How many files of a batch were read or tried, from the first on, and what was left out, in their order.

    ``omitted`` are the places in the batch of those that added nothing, ``partial`` of those that added what came
    before a fault. ``omissions`` are of both.
    """

    files: int
    omissions: list[Omission]
    omitted: list[int]
    partial: list[int]


def read_batch(reader: FileReader, batch: Batch, stop: _core.Stop, *, keeps_partial: bool) -> BatchRead:
    """Read the files, and count them or take their values."""
    if not _core.HAS_PATH_READER:
        return read_files(reader, batch, stop, keeps_partial=keeps_partial)
    files, found = reader.scan_files(*batch, stop, keeps_partial=keeps_partial)
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
    return BatchRead(files, omissions, omitted, [file for file, *_, is_partial in found if is_partial])


def read_files(reader: FileReader, batch: Batch, stop: _core.Stop, *, keeps_partial: bool) -> BatchRead:
    """Do the same where the core cannot open files."""
    omissions: list[Omission] = []
    omitted: list[int] = []
    partial: list[int] = []
    for number, name in enumerate(batch.names):
        if stop.is_asked:
            return BatchRead(number, omissions, omitted, partial)
        path = batch.decode_path(number)
        try:
            open_source(path).parse(reader.parser)
        except OSError as error:
            omissions.append(Omission(path, Status.CANNOT_OPEN, detail=error.strerror or ""))
            omitted.append(number)
            continue
        status_number, offset_bytes, tag = reader.parser.status()
        status = Status.from_number(status_number)
        is_partial = keeps_partial and status.kind is Kind.FAULT and status not in _WITHOUT_ELEMENTS
        if status is not Status.OK:
            omissions.append(make_omission(path, status, offset_bytes, tag, ""))
            (partial if is_partial else omitted).append(number)
        if status is Status.OK or is_partial:
            reader.add_parsed(batch.folder + name, is_partial=is_partial)
    return BatchRead(len(batch.names), omissions, omitted, partial)

"""The files of the walk, batch by batch, given to threads; each counts in tables of its own, merged at the end.

For: the stage between the walk and the tables of a scan.
Never: look for files, read one itself where the core can, or put a value of an element into a message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tagsniff import _core
from tagsniff.scanning.batches import BatchRead, Collector, read_batch
from tagsniff.scanning.workers import Crew
from tagsniff.source.walk import Batch
from tagsniff.status import Omission

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

"""The files of the walk, batch by batch, given to threads; each counts in tables of its own, merged at the end.

For: the stage between the walk and the tables of a scan.
Never: look for files, read one itself where the core can, or put a value of an element into a message.
"""

from __future__ import annotations

import os
import queue
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from tagsniff import _core
from tagsniff.feeding import Collector, make_omission, read_files
from tagsniff.status import Omission, Status
from tagsniff.walk import Batch

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Batches that wait for each thread: enough that none runs dry, and few, for a walk is quicker than the reading.
_WAITING_BATCHES = 4

_NO_TAG = 0xFFFFFFFF

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


def choose_workers() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_workers(workers: int | None) -> None:
    """Raise TypeError or ValueError for a number of threads that is none; None is `choose_workers`."""
    if workers is None:
        return
    if isinstance(workers, bool) or not isinstance(workers, int):
        raise TypeError(f"workers is a whole number or None, not {type(workers).__name__}")
    if workers < 1:
        raise ValueError(f"workers is at least 1, not {workers}")


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
    threads = choose_workers() if workers is None else workers
    return _Crew(make_collector, threads, keep_partial=keep_partial, on_file=on_file).collect(found)


class _Crew(Generic[_Collector]):
    """The threads, the collectors that wait for one, and the batches under way."""

    def __init__(
        self,
        make_collector: Callable[[], _Collector],
        workers: int,
        *,
        keep_partial: bool,
        on_file: Callable[[str], object] | None,
    ) -> None:
        self._make_collector = make_collector
        self._workers = workers
        self._keep_partial = keep_partial
        self._on_file = on_file
        self._stop = _core.Stop()
        self._idle: queue.SimpleQueue[_Collector] = queue.SimpleQueue()
        self._collectors: list[_Collector] = []
        self._under_way: deque[tuple[Batch, Future[tuple[int, list[Omission], int]]]] = deque()

    def collect(self, found: Iterable[Batch | Omission]) -> Collected[_Collector]:
        omissions: list[Omission] = []
        partial_files = 0
        is_interrupted = False
        with ThreadPoolExecutor(self._workers, thread_name_prefix="tagsniff") as threads:
            try:
                for batch in found:
                    if isinstance(batch, Omission):
                        omissions.append(batch)
                        continue
                    self._under_way.append((batch, threads.submit(self._read, batch)))
                    if len(self._under_way) > self._workers * _WAITING_BATCHES:
                        partial_files += self._finish_batch(omissions)
                while self._under_way:
                    partial_files += self._finish_batch(omissions)
            except KeyboardInterrupt:
                is_interrupted = True
                self._stop.ask()
                while self._under_way:
                    partial_files += self._finish_batch(omissions)
            except BaseException:
                self._stop.ask()
                threads.shutdown(cancel_futures=True)
                raise
        return Collected(self._merge(), omissions, partial_files, is_interrupted)

    def _read(self, batch: Batch) -> tuple[int, list[Omission], int]:
        """Return the number of files that were read or tried, what was left out, and how many count in part."""
        try:
            collector = self._idle.get_nowait()
        except queue.Empty:
            collector = self._make_collector()
            self._collectors.append(collector)
        if not _core.HAS_PATH_READER:
            result = read_files(collector, batch, self._stop, keeps_partial=self._keep_partial)
        else:
            files, table = collector.scan_files(*batch, self._stop, keeps_partial=self._keep_partial)
            result = files, _list_omissions(batch, table), int(table["is_partial"].sum())
        self._idle.put(collector)
        return result

    def _finish_batch(self, omissions: list[Omission]) -> int:
        batch, future = self._under_way[0]
        files, left_out, partial_files = future.result()
        # Only now: what an interruption leaves here is asked again.
        self._under_way.popleft()
        omissions += left_out
        if self._on_file is not None:
            for number in range(files):
                self._on_file(batch.decode_path(number))
        return partial_files

    def _merge(self) -> _Collector:
        if not self._collectors:
            return self._make_collector()
        first, *others = self._collectors
        while others:
            first.merge(others.pop())
        return first


def _list_omissions(batch: Batch, table: npt.NDArray[np.void]) -> list[Omission]:
    columns = (table[name].tolist() for name in ("file", "status", "error_number", "offset", "tag"))
    return [
        make_omission(
            batch.decode_path(file),
            Status.from_number(number),
            offset_bytes,
            None if tag == _NO_TAG else tag,
            os.strerror(error_number) if error_number else "",
        )
        for file, number, error_number, offset_bytes, tag in zip(*columns, strict=True)
    ]

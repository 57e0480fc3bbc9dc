"""A pool of reader threads, each with its own tool, which read the batches of a walk. Results are in walk order.

For: the stages that read files, whatever they do with them.
Never: search for files, keep more than a few batches for each thread (unless the walk is to go ahead), or yield in an
order that depends on the threads.
"""

from __future__ import annotations

import errno
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Generic, NamedTuple, Self, TypeAlias, TypeVar

from tagsniff import _core
from tagsniff.source.walk import BATCH_FILES, Batch
from tagsniff.status import Omission

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

# Queued tasks for each thread: enough that no thread is idle, but few, because the walk is faster than the readers.
_WAITING_TASKS = 4

# The same for a walk that goes ahead: a million files or so, which take some 50 MB.
_TASKS_AHEAD = 4096

_Tool = TypeVar("_Tool")
_Result = TypeVar("_Result")


class _Task(NamedTuple, Generic[_Result]):
    """Batches that one thread reads one after the other: many folders have few files, and each task has a cost.

    The future of the results is not the one of the pool. So it is known whether the task has begun, even if an
    interruption comes before the pool has returned its own future.
    """

    batches: list[Batch]
    results: Future[list[_Result]]


_Entry: TypeAlias = "_Task[_Result] | tuple[Batch, _Result] | Omission"


def choose_workers() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_workers(workers: int | None) -> None:
    """Raise TypeError if this is not a number of threads, ValueError if it is less than one. None is the default."""
    if workers is None:
        return
    if isinstance(workers, bool) or not isinstance(workers, int):
        raise TypeError(f"workers is a whole number or None, not {type(workers).__name__}")
    if workers < 1:
        raise ValueError(f"workers is at least 1, not {workers}")


class WorkerPool(Generic[_Tool, _Result]):
    """The threads, their idle tools, and the batches in work: a context manager, at whose exit no thread is left.

    ``read(tool, batch, stop)`` is called in a thread, with a tool that no other thread uses at the same time. It must
    return soon after the stop is requested. ``make_tool`` makes the tools. ``workers`` is the number of threads,
    `choose_workers` if it is None; if the system starts fewer, these do the work, and if it starts none, `run` raises
    OSError. An exception that leaves the context requests the stop.
    """

    def __init__(
        self,
        make_tool: Callable[[], _Tool],
        read: Callable[[_Tool, Batch, _core.Stop], _Result],
        workers: int | None,
    ) -> None:
        self._tools: list[_Tool] = []
        self._make_tool = make_tool
        self._read_batch = read
        self._workers = choose_workers() if workers is None else workers
        self._stop = _core.Stop()
        self._idle: deque[_Tool] = deque()
        # In the order of the walk: first the results of a finished task that are not yielded yet, then tasks.
        self._pending: deque[_Entry[_Result]] = deque()
        self._gathered: list[Batch] = []
        self._gathered_files = 0
        self._has_thread = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stop.ask()
        if "_threads" in vars(self):
            self._threads.shutdown(cancel_futures=kind is not None)

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        # Imported and created for the first task only: a walk may find no files.
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(self._workers, thread_name_prefix="tagsniff")

    def run(
        self,
        found: Iterable[Batch | Omission],
        on_walk_end: Callable[[int], object] | None = None,
        *,
        goes_ahead: bool = False,
    ) -> Iterator[tuple[Batch, _Result] | Omission]:
        """Yield each batch with its result, and the omissions of the walk between them.

        ``on_walk_end`` is called once with the number of files. With ``goes_ahead`` the walk goes on while many tasks
        wait, so that the number is known early. It is for results that are small: more of them may wait, too.
        """
        most_tasks = _TASKS_AHEAD if goes_ahead else self._workers * _WAITING_TASKS
        files = 0
        for batch in found:
            if isinstance(batch, Omission):
                self._submit()
                self._pending.append(batch)
            else:
                self._gathered.append(batch)
                self._gathered_files += len(batch.names)
                files += len(batch.names)
                if self._gathered_files >= BATCH_FILES or self._has_idle_thread():
                    self._submit()
            while self._pending and self._is_due(self._pending[0], most_tasks):
                yield self._finish_first()
        self._submit()
        if on_walk_end is not None:
            on_walk_end(files)
        while self._pending:
            yield self._finish_first()

    def finish(self) -> Iterator[tuple[Batch, _Result] | Omission]:
        """Request the stop, and yield the results of the batches that `run` has left, except those not begun."""
        self._stop.ask()
        while self._pending:
            first = self._pending[0]
            if isinstance(first, _Task) and first.results.cancel():
                self._pending.popleft()
            else:
                yield self._finish_first()

    def take_tools(self) -> list[_Tool]:
        """Return all tools that were made; they belong to the caller now. Called after the context has ended."""
        tools, self._tools = self._tools, []
        self._idle.clear()
        return tools

    def _submit(self) -> None:
        """Give the gathered batches to the threads as one task."""
        if not self._gathered:
            return
        from concurrent.futures import Future

        # In this order: an interruption in between leaves batches that are not read, but none that is read twice.
        gathered, self._gathered, self._gathered_files = self._gathered, [], 0
        task: _Task[_Result] = _Task(gathered, Future())
        self._pending.append(task)
        try:
            self._threads.submit(self._read, task)
        except RuntimeError:
            # The system starts no other thread. The task is in the queue of those that there are.
            if not self._has_thread:
                raise OSError(errno.EAGAIN, "no thread can be started") from None
        self._has_thread = True

    def _has_idle_thread(self) -> bool:
        unfinished = (entry for entry in self._pending if isinstance(entry, _Task) and not entry.results.done())
        return sum(1 for _ in islice(unfinished, self._workers)) < self._workers

    def _is_due(self, first: _Entry[_Result], most_tasks: int) -> bool:
        """Return whether the first entry is to be yielded before the walk goes on: it is finished, or tasks are many.

        Waiting for it costs nothing then: the threads have enough to do.
        """
        if not isinstance(first, _Task) or first.results.done():
            return True
        # The count of entries is exact enough, and does not depend on their number.
        return len(self._pending) > most_tasks

    def _read(self, task: _Task[_Result]) -> None:
        if not task.results.set_running_or_notify_cancel():
            return
        try:
            task.results.set_result(self._read_batches(task.batches))
        except BaseException as error:  # noqa: BLE001  raised again in the thread that needs the results
            task.results.set_exception(error)

    def _read_batches(self, batches: list[Batch]) -> list[_Result]:
        try:
            tool = self._idle.pop()
        except IndexError:
            tool = self._make_tool()
            self._tools.append(tool)
        results = [self._read_batch(tool, batch, self._stop) for batch in batches]
        self._idle.append(tool)
        return results

    def _finish_first(self) -> tuple[Batch, _Result] | Omission:
        first = self._pending[0]
        if isinstance(first, _Task):
            finished = zip(first.batches, first.results.result(), strict=True)
            # Only now, and in one step: after an interruption, the task is still here and its results are read again.
            self._pending = deque((*finished, *islice(self._pending, 1, None)))
        done = self._pending.popleft()
        assert not isinstance(done, _Task)
        return done

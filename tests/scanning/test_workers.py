"""The threads that read batches: each result is returned once, in the order of the walk.

For: `tagsniff.scanning.workers`.
Never: a file; the batches contain only names.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tagsniff import _core
from tagsniff.scanning.workers import WorkerPool
from tagsniff.source.walk import BATCH_FILES, Batch
from tagsniff.status import Omission, Status

SIZES = (1, 3, 1, BATCH_FILES, 1, 1, BATCH_FILES - 1, 2, 1, 1, 1) * 9


def make_found() -> list[Batch | Omission]:
    """Return batches of one file and of many, with some omissions."""
    found: list[Batch | Omission] = []
    for number, size in enumerate(SIZES):
        found.append(Batch(b"%d/" % number, [b"%d" % name for name in range(size)]))
        if number % 7 == 0:
            found.append(Omission(str(number), Status.CANNOT_OPEN))
    return found


def name(entry: tuple[Batch, object] | Batch | Omission) -> bytes | str:
    if isinstance(entry, Omission):
        return entry.path
    return entry.folder if isinstance(entry, Batch) else entry[0].folder


def read(tool: list[bytes], batch: Batch, stop: _core.Stop) -> tuple[bytes, bool]:
    tool.append(batch.folder)
    return batch.folder, stop.is_asked


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_results_are_in_the_order_of_the_walk(workers: int) -> None:
    found = make_found()
    with WorkerPool[list[bytes], tuple[bytes, bool]](list, read, workers) as pool:
        results = list(pool.run(found))
    tools = pool.take_tools()
    assert list(map(name, results)) == list(map(name, found))
    assert all(entry[0].folder == entry[1][0] for entry in results if not isinstance(entry, Omission))
    assert len(tools) <= workers
    assert pool.take_tools() == []
    assert sorted(folder for tool in tools for folder in tool) == sorted(
        batch.folder for batch in found if isinstance(batch, Batch)
    )


def test_folders_of_few_files_share_a_task() -> None:
    """While the thread is busy, further folders are gathered into one task."""
    is_gathered = threading.Event()

    def wait(tool: list[bytes], batch: Batch, stop: _core.Stop) -> int:
        is_gathered.wait()
        return threading.get_ident()

    def find() -> Iterator[Batch]:
        for number in range(2 * BATCH_FILES):
            yield Batch(b"%d/" % number, [b"file"])
        is_gathered.set()

    tasks: list[int] = []
    with WorkerPool[list[bytes], int](list, wait, 1) as pool:
        submit = pool._threads.submit
        pool._threads.submit = lambda read, task: tasks.append(len(task.batches)) or submit(read, task)  # type: ignore
        assert len(list(pool.run(find()))) == 2 * BATCH_FILES
    assert tasks == [1, BATCH_FILES, BATCH_FILES - 1]


@pytest.mark.parametrize("at", [0, 1, 5, 12, 40, len(SIZES)])
@pytest.mark.parametrize("workers", [1, 3])
def test_tasks_begun_before_an_interruption_are_finished(at: int, workers: int) -> None:
    found = make_found()
    taken: list[tuple[Batch, tuple[bytes, bool]] | Omission] = []

    def find() -> Iterator[Batch | Omission]:
        yield from found[:at]
        raise KeyboardInterrupt

    with WorkerPool[list[bytes], tuple[bytes, bool]](list, read, workers) as pool:
        with pytest.raises(KeyboardInterrupt):
            taken.extend(pool.run(find()))
        count = len(taken)
        taken.extend(pool.finish())
    tools = pool.take_tools()
    # What was begun is returned once; the rest is not read.
    names = list(map(name, taken))
    places = [list(map(name, found)).index(one) for one in names]
    assert places == sorted(set(places))
    assert names[:count] == list(map(name, found[:count]))
    assert sorted(folder for tool in tools for folder in tool) == sorted(one for one in names if isinstance(one, bytes))


@pytest.mark.parametrize("gives_it", [False, True], ids=["before", "after"])
def test_an_interruption_while_a_task_is_given_to_the_threads(gives_it: bool) -> None:
    """Before the pool has the task, or after it has it and before it returns: the task is read once or not at all."""
    is_read = threading.Event()

    def read_and_say(tool: list[bytes], batch: Batch, stop: _core.Stop) -> bytes:
        tool.append(batch.folder)
        is_read.set()
        return batch.folder

    with WorkerPool[list[bytes], bytes](list, read_and_say, 1) as pool:
        submit = pool._threads.submit

        def break_off(*task: object) -> None:
            if gives_it:
                submit(*task)  # type: ignore[arg-type]
                is_read.wait()
            raise KeyboardInterrupt

        pool._threads.submit = break_off  # type: ignore[assignment, method-assign]
        with pytest.raises(KeyboardInterrupt):
            list(pool.run([Batch(b"folder/", [b"file"])]))
        results = [entry[1] for entry in pool.finish() if not isinstance(entry, Omission)]
    tools = pool.take_tools()
    assert results == [folder for tool in tools for folder in tool] == [b"folder/"] * gives_it


def test_an_exception_while_reading_reaches_the_caller() -> None:
    def fail(tool: list[bytes], batch: Batch, stop: _core.Stop) -> None:
        if batch.folder == b"20/":
            raise MemoryError

    with pytest.raises(MemoryError), WorkerPool[list[bytes], None](list, fail, 2) as pool:
        list(pool.run(make_found()))

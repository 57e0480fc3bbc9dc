"""Many threads, each with one file at a time, give the results of one thread.

For: scans, searches and tables with 4 to 32 workers, and runs that are interrupted. `make test-threads` runs this file
with the thread sanitizer, which reports each access of the core to memory that another thread writes at the same time.
Never: a check that depends on which thread reads which file.
Standard: none; the rules are sections 4 and 5 of the design.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import tagsniff
from cases import CASES
from changed_collections import batches_of
from neighbour_files import USUAL, make_file
from tagsniff.status import Status

WORKERS = (4, 8, 32)
ELEMENTS = ("PatientName", "Modality", "(0008,1140)[<0>](0008,1160)", '(0009,"ACME",01)')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of written cases and of runs of similar files, in several subfolders."""
    place = tmp_path_factory.mktemp("collection")
    usual = make_file(USUAL)
    contents = [case.data for case in CASES if len(case.data) < 10_000][::3]
    contents += [usual] * 40
    contents += [usual.replace(b"One ", b"%04d" % number) for number in range(20)]
    contents += [usual[:-number] for number in range(1, 20)]
    for number, content in enumerate(contents):
        path = place / f"{number % 5}" / f"{number:04}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return place


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("mode", ["inventory", "before", "final"])
def test_scans(folder: Path, mode: str, workers: int) -> None:
    for keep_partial in (False, True):
        expected = tagsniff.scan([folder], mode=mode, max_values=2, keep_partial=keep_partial, workers=1)
        with batches_of(1):
            found = tagsniff.scan([folder], mode=mode, max_values=2, keep_partial=keep_partial, workers=workers)
        assert found == expected
        assert expected.tables.files > 100


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("element", ELEMENTS)
def test_searches(folder: Path, element: str, workers: int) -> None:
    expected = tagsniff.find([folder], element, show_values=True, keep_partial=True, workers=1)
    with batches_of(1):
        found = tagsniff.find([folder], element, show_values=True, keep_partial=True, workers=workers)
    assert len(expected) > 10
    assert found == expected


@pytest.mark.parametrize("workers", WORKERS)
def test_tables(folder: Path, workers: int) -> None:
    pytest.importorskip("pyarrow")

    def read() -> object:
        omissions: list[tagsniff.Omission] = []
        table = tagsniff.table([folder], ELEMENTS, workers=workers, on_omission=omissions.append)
        return table.to_pylist(), omissions

    expected = read()
    with batches_of(1):
        assert read() == expected


def interrupt_after(files: int) -> Callable[[str], None]:
    """Return a function that interrupts its caller when it is called for the last of so many files."""
    seen: list[str] = []

    def interrupt(path: str) -> None:
        seen.append(path)
        if len(seen) == files:
            raise KeyboardInterrupt

    return interrupt


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("files", [1, 7, 40])
def test_interrupted_runs(folder: Path, workers: int, files: int) -> None:
    """The stop is asked for while the threads read; what they have read is in the result, and no thread is left."""
    whole = tagsniff.scan([folder], mode="final").tables
    with batches_of(1):
        scan = tagsniff.scan(
            [folder], mode="final", workers=workers, on_file=interrupt_after(files), keep_interrupted=True
        )
        found = tagsniff.find(
            [folder], "Modality", workers=workers, on_file=interrupt_after(files), keep_interrupted=True
        )
    assert scan.tables.is_interrupted
    assert found.is_interrupted
    assert scan.tables.files <= whole.files
    read = [omission for omission in scan.tables.omissions if omission.status is not Status.INTERRUPTED]
    assert set(read) <= set(whole.omissions)
    assert scan.tables.files + len(read) >= files

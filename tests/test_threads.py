"""Several threads use the package at once. Each gets its usual result, with or without the interpreter lock.

For: the public names, and what threads share: one profile, one scan, the caches of modules.
Never: one parser or collector in two threads at once, which is not allowed.
Standard: none.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pydicom
import pytest

import tagsniff
from cases import CASES
from real_files import wheel_files
from tagsniff import Omission, Profile, Scan, _core
from tagsniff.backends.gdcm import Scanner, Tag
from tagsniff.backends.pydicom import dcmread

THREADS = 6
ELEMENTS = ("PatientName", "Modality", "(0008,1140)[<0>](0008,1155)")
ARRAYS = ("values", "elements", "equipment", "faults")


@pytest.fixture(autouse=True)
def short_switch_interval() -> Iterator[None]:
    """If there is an interpreter lock, threads switch as often as possible."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of all real files of the wheel and all short cases, in a few subfolders."""
    place = tmp_path_factory.mktemp("collection")
    contents = [real.path.read_bytes() for real in wheel_files() if real.path.stat().st_size < 100_000]
    contents += [case.data for case in CASES if len(case.data) < 100_000]
    for number, content in enumerate(contents):
        path = place / f"{number % 7}" / f"{number}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return place


def run_in_threads(work: Callable[[int], Any]) -> list[Any]:
    """Call ``work`` with the number of each thread, all at the same time; return the results."""
    results: dict[int, Any] = {}
    errors: list[BaseException] = []
    barrier = threading.Barrier(THREADS)

    def run(number: int) -> None:
        try:
            barrier.wait()
            results[number] = work(number)
        except BaseException as error:  # noqa: BLE001  raised again in the thread of the test
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [results[number] for number in range(THREADS)]


def test_scans_that_share_a_profile(folder: Path) -> None:
    def scan(profile: Profile, workers: int) -> Scan:
        return tagsniff.scan([folder], profile=profile, keep_partial=True, workers=workers)

    expected = scan(tagsniff.load_profile("basic"), 1)
    assert len(expected.values) > 1000
    shared = tagsniff.load_profile("basic")
    assert all(found == expected for found in run_in_threads(lambda number: scan(shared, 1 + number % 3)))


def test_threads_that_share_a_scan(folder: Path) -> None:
    def show(scan: Scan) -> tuple[object, ...]:
        return (*(getattr(scan, name).tolist() for name in ARRAYS), list(scan.rows()), scan.collisions())

    expected = show(tagsniff.scan([folder], mode="final", workers=1))
    shared = tagsniff.scan([folder], mode="final")
    assert all(found == expected for found in run_in_threads(lambda _: show(shared)))


def test_each_way_to_read_a_collection(folder: Path) -> None:
    pytest.importorskip("pyarrow")
    paths = sorted(os.fspath(path) for path in folder.rglob("*") if path.is_file())

    def find(workers: int) -> object:
        found = tagsniff.find([folder], "PatientID", workers=workers)
        return list(found), found.omissions

    def table(workers: int) -> object:
        omissions: list[Omission] = []
        made = tagsniff.table([folder], ELEMENTS, workers=workers, on_omission=omissions.append)
        return made.to_pylist(), omissions

    def read_headers(_: int) -> object:
        headers = [tagsniff.read_header(path) for path in paths]
        return [(header.status, header.elements.tobytes(), header.deviations) for header in headers]

    def scan_gdcm(workers: int) -> object:
        scanner = Scanner(workers=workers)
        scanner.AddTag(Tag(0x0008, 0x0060))
        scanner.AddTag(Tag(0x0020, 0x000D))
        scanner.Scan(paths)
        return [sorted(map(str, scanner.GetMapping(path).items())) for path in paths]

    ways: tuple[Callable[[int], object], ...] = (
        find,
        read_headers,
        scan_gdcm,
        table,
        lambda workers: tagsniff.scan([folder], mode="final", workers=workers, max_values=3),
    )
    expected = [way(1) for way in ways]
    assert all(expected)
    found = run_in_threads(lambda number: (number % len(ways), ways[number % len(ways)](2)))
    assert all(result == expected[way] for way, result in found)


def test_data_sets_of_pydicom() -> None:
    paths = [real.path for real in wheel_files() if real.path.suffix == ".dcm" and real.path.stat().st_size < 100_000]

    def read(path: Path) -> object:
        try:
            return dcmread(path, stop_before_pixels=True)
        except (pydicom.errors.InvalidDicomError, NotImplementedError) as error:
            return str(error)

    expected = [read(path) for path in paths]
    assert sum(isinstance(one, pydicom.Dataset) for one in expected) > 20
    # Each thread begins with another file.
    found = run_in_threads(lambda number: [read(path) for path in [*paths[number:], *paths[:number]]])
    assert all(result == [*expected[number:], *expected[:number]] for number, result in enumerate(found))


def test_a_shared_tag_is_never_replaced() -> None:
    """Another thread adds the tag between lookup and insertion: here the constructor of the tag does it."""
    tags: dict[int, int] = {}
    added_meanwhile: dict[int, int] = {}

    class SlowTag(int):
        def __new__(cls, number: int) -> SlowTag:
            made = super().__new__(cls, number)
            added_meanwhile[number] = tags[number] = super().__new__(cls, number)
            return made

    data = next(real.path for real in wheel_files() if real.path.name == "CT_small.dcm").read_bytes()
    parser = _core.Parser(value_limit_bytes=0)
    parser.begin(len(data))
    while not parser.run():
        parser.feed(parser.need_offset, data[parser.need_offset :])
    rows = _core.ElementRows(
        parser, tuple, SlowTag, tags, (b"",) * len(_core.VR_NAMES), data, 0, 0, None, frozenset(), None, None
    )
    elements, *_ = rows.data_set(0, -1, 132, _core.FLAG_FILE_META, (False, True), selects=False)
    assert len(elements) > 5
    assert [id(tag) for tag in elements] == [id(added_meanwhile[int(tag)]) for tag in elements]
    assert [id(tag) for tag in elements] == [id(tags[int(tag)]) for tag in elements]


def test_threads_that_import_the_package_at_once() -> None:
    script = (
        "import sys, threading, tagsniff\n"
        "barrier, found = threading.Barrier(8), []\n"
        "def load(number):\n"
        "    barrier.wait()\n"
        "    found.append([getattr(tagsniff, name) for name in tagsniff.__all__[::1 if number % 2 else -1]])\n"
        "threads = [threading.Thread(target=load, args=(number,)) for number in range(8)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()\n"
        "sys.exit(len(found) != 8)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, timeout=120)


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this build has the interpreter lock")
def test_the_interpreter_lock_stays_off() -> None:
    """The extension declares that it does not need the lock. Without this, Python warns and enables the lock."""
    script = "import sys\nfrom tagsniff import _core, scan\nsys.exit(sys._is_gil_enabled())"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON_GIL"}
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, timeout=120, env=environment)

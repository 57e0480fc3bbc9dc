"""A disk that fails, is interrupted or returns few bytes, for the reader that opens files itself.

For: every read of a file, in a process whose system calls go through failing_reads.c.
Never: file objects; those are in test_attacks_files.py.
Standard: none; design, section 7.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from compiled import find_compiler, make_once
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10
from tagsniff import _core

E = EXPLICIT
MAKER = [E.element(0x00090010, "LO", b"MAKER ")]
LONG = part10(
    join(MAKER + [E.element(0x00091000 + i, "LT", b"x" * 400) for i in range(0x400)]), EXPLICIT_LITTLE_UID
).data
# "good" is read first: one read for its bytes, and one that finds its end.
READS_OF_GOOD = 2
FILES = {"good": part10(E.element(0x00100010, "PN", b"Doe^Jane"), EXPLICIT_LITTLE_UID).data, "long": LONG}
LIBRARY = "failing_reads.so"
SOURCE = Path(__file__).with_name("failing_reads.c")
Run = Callable[..., tuple[int, bytes, list[dict[str, str]]]]


LISTED = ["--exclusions", "exclusions.csv"]


@pytest.fixture
def run(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the exit status, the report and the exclusions of a run whose reads fail as ``how`` says."""
    if sys.platform != "linux" or not _core.HAS_PATH_READER:
        pytest.skip("LD_PRELOAD of Linux")
    compiler = find_compiler()

    def compile_library(folder: Path) -> None:
        command = [compiler, "-std=c11", "-O1", "-shared", "-fPIC", "-o", folder / LIBRARY, SOURCE, "-ldl"]
        subprocess.run(command, check=True)

    library = make_once(tmp_path_factory, LIBRARY, compile_library) / LIBRARY
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    for name, data in FILES.items():
        Path("in", name).write_bytes(data)
    # A sanitizer's runtime must be loaded first.
    preload = " ".join(filter(None, [os.environ.get("LD_PRELOAD"), str(library)]))

    def run_command(how: str, *flags: str, form: str = "csv") -> tuple[int, bytes, list[dict[str, str]]]:
        Path("exclusions.csv").unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "tagsniff", "final", "in", "--workers", "1", "--format", form, *LISTED, *flags],
            env=os.environ | {"LD_PRELOAD": preload, "FAILING_READS": how},
            capture_output=True,
            check=False,
        )
        assert b"Traceback" not in done.stderr
        with Path("exclusions.csv").open(encoding="utf-8", newline="") as stream:
            return done.returncode, done.stdout, list(csv.DictReader(stream, strict=True))

    return run_command


def test_a_read_that_fails_is_a_fault_wherever_it_is(run: Run) -> None:
    status, whole, left_out = run("NONE 0")
    assert (status, left_out) == (0, [])
    reads = 0
    offsets: list[int] = []
    while (found := run(f"EIO {reads}"))[0] != 0:
        status, report, left_out = found
        assert status == 3
        assert {row["reason"] for row in left_out} == {"CANNOT_READ"}
        assert all(os.strerror(errno.EIO) in row["text"] for row in left_out)
        assert [row["path"] for row in left_out] == (["in/good", "in/long"] if reads < READS_OF_GOOD else ["in/long"])
        assert (b"Doe" in report) is (reads >= READS_OF_GOOD)
        assert b"MAKER" not in report
        offsets.append(int(left_out[-1]["offset_bytes"]))
        reads += 1
    assert found == (0, whole, [])
    # Several reads of the long file; each fault is at the offset where the read failed.
    assert len(offsets) > READS_OF_GOOD + 3
    assert offsets == sorted(offsets)
    assert len(LONG) > offsets[-1] > len(LONG) // 4


@pytest.mark.parametrize("how", ["EINTR 0", "EINTR 1", "EINTR 3", "SHORT 1000", "SHORT 7"])
def test_a_read_that_is_interrupted_or_short_is_continued(run: Run, how: str) -> None:
    assert run(how) == run("NONE 0")


@pytest.mark.parametrize("times", range(1, 7))
def test_opening_that_is_interrupted_is_tried_again(run: Run, times: int) -> None:
    """Of the folder that is listed, of the folder whose files are read, and of the files."""
    assert run(f"OPEN {times}") == run("NONE 0")


def test_a_file_whose_first_read_fails_is_no_partial_file(run: Run) -> None:
    """With --keep-partial too: there is nothing of it to be counted."""
    # The second read of "good" is a part of its first: a read goes on until it has what was asked for, or the end.
    for reads, files, partial in ((0, 0, 0), (1, 0, 0), (READS_OF_GOOD, 1, 0), (READS_OF_GOOD + 1, 2, 1)):
        status, report, left_out = run(f"EIO {reads}", "--keep-partial", form="json")
        totals = json.loads(report)["totals"]
        assert (status, totals["files"], totals["partial_files"]) == (3, files, partial)
        assert [row["path"] for row in left_out] == (["in/good", "in/long"] if reads < READS_OF_GOOD else ["in/long"])


def test_a_file_whose_fstat_fails_is_a_fault(run: Run) -> None:
    status, report, (row,) = run(f"FSTAT {len(LONG)}")
    assert status == 3
    assert (row["path"], row["reason"]) == ("in/long", "CANNOT_READ")
    assert b"Doe" in report


def test_a_listing_that_breaks_off_is_a_fault_and_its_entries_are_read(run: Run) -> None:
    status, report, (row,) = run("LISTING 1")
    assert status == 3
    assert (row["path"], row["reason"]) == ("in", "CANNOT_LIST")
    assert os.strerror(errno.EIO) in row["text"]
    assert b"Doe" in report
    assert b"MAKER" not in report


def test_a_listing_without_entry_types_is_read(run: Run) -> None:
    os.mkfifo("in/pipe")
    Path("in/link").symlink_to("good")
    Path("in/folder").mkdir()
    Path("in/folder/more").write_bytes(FILES["good"])
    status, report, left_out = run("UNTOLD 1")
    assert (status, report, left_out) == run("NONE 0")
    assert [(row["path"], row["reason"]) for row in left_out] == [
        ("in/link", "VISITED_BEFORE"),
        ("in/pipe", "SPECIAL_FILE"),
    ]
    assert report.count(b"Doe") == 1

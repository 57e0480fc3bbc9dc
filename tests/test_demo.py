"""``make demo``: the three outputs, a few of their rows, and a clear end.

For: its program, over small files and over a folder that does not exist.
Never: the rows of the files in pydicom's wheel, which differ from version to version.
Standard: none.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "docs" / "demo.py"
pytestmark = pytest.mark.skipif(not PROGRAM.is_file(), reason="there is no source tree")


def run(folder: Path, given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, PROGRAM],
        cwd=folder,
        env=os.environ | {"DIR": given},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_output_with_a_few_rows_and_the_rest(tmp_path: Path) -> None:
    elements = (
        EXPLICIT.element(0x00081030, "LO", b"Thorax of Jane"),
        EXPLICIT.element(0x00090010, "LO", b"ACME HEADER "),
        EXPLICIT.element(0x00091001, "LO", b"private!"),
        EXPLICIT.element(0x00091002, "OB", b"\0\1hidden text\0\1"),
        EXPLICIT.element(0x00100010, "PN", b"Doe^Jane"),
        EXPLICIT.element(0x00280008, "IS", b"1A"),
    )
    (tmp_path / "own files").mkdir()
    data = part10(join(elements), EXPLICIT_LITTLE_UID).data
    (tmp_path / "own files" / "a").write_bytes(data)
    done = run(tmp_path, "own files")
    assert (done.returncode, done.stderr) == (0, "")
    inventory, before, final = done.stdout.split("\n== ")[1:4]
    for number, (name, part) in enumerate((("inventory", inventory), ("before", before), ("final", final)), start=1):
        assert part.startswith(f"{number}. {name}: ")
        assert f"$ tagsniff {name} 'own files' " in part
        assert "1 files read" in part.replace("1 file read", "1 files read")
        assert f"the rest: demo/{name}.csv" in part
        assert (tmp_path / "demo" / f"{name}.csv").stat().st_size > 100
        assert (tmp_path / "demo" / f"{name}.log").stat().st_size > 20
    assert '(0009,"ACME HEADER",01)' in inventory
    assert "Doe^Jane" not in inventory
    for value in ("private!", "hidden text", "Thorax of Jane", "1A"):
        assert value in before
    assert "Doe^Jane" not in before
    for value in ("Doe^Jane", "hidden text", "Thorax of Jane"):
        assert value in final
    assert "seven minutes" in done.stdout
    assert "exit status" not in done.stdout
    # It can be run again.
    assert run(tmp_path, "own files").stdout == done.stdout


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    data = part10(EXPLICIT.element(0x00100010, "PN", b"Doe^Jane"), EXPLICIT_LITTLE_UID).data
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_bytes(data)
    (tmp_path / "in" / "cut").write_bytes(data[:-1])
    done = run(tmp_path, "in")
    assert done.returncode == 0
    assert "exit status 3: some files could not be read to their end; demo/exclusions.csv lists them" in done.stdout
    assert "on purpose" not in done.stdout


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    done = run(tmp_path, "/nope")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "make demo: DIR=/nope does not exist\n")
    assert list(tmp_path.iterdir()) == []


def test_the_files_of_pydicom(tmp_path: Path) -> None:
    done = run(tmp_path, "")
    assert (done.returncode, done.stderr) == (0, "")
    assert "some files of this collection are broken on purpose" in done.stdout
    assert all(len(line) < 200 for line in done.stdout.splitlines() if "$ tagsniff" not in line)

"""A disk that is full, and a reader of the output that goes away: said in a word, and no traceback.

For: every output of every command that writes files.
Never: what becomes of a file that is there already; that is in test_outputs.py.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_outputs import CASES, WRITING, read_from

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, part10
from tagsniff.cli import main

NAME = EXPLICIT.element(0x00100010, "PN", b"Doe^Jane")
needs_full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in, with two files in ``in`` that every command has something to say of, and a saved scan."""
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    for name, creator in (("a", b"ACME"), ("b", b"Acme")):
        private = EXPLICIT.element(0x00090010, "LO", creator) + EXPLICIT.element(0x00091001, "LO", b"ab")
        Path("in", name).write_bytes(part10(private + NAME, EXPLICIT_LITTLE_UID).data)
    assert main(["final", "in", "-o", "x", "--exclusions", "y", "--save", "scan"]) == 0
    Path("x").unlink()
    Path("y").unlink()
    return tmp_path


@needs_full_device
@pytest.mark.parametrize(("command", "flag"), CASES)
def test_a_full_disk(folder: Path, command: str, flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 3, and what could not be written; the other outputs are there."""
    others = [other for other in WRITING[command] if other not in (flag, "--save", "--redact-paths")]
    arguments = [word for number, other in enumerate(others) for word in (other, f"other{number}")]
    assert main([*read_from(command), flag, "/dev/full", *arguments]) == 3
    error = capsys.readouterr().err
    assert f"/dev/full: {os.strerror(errno.ENOSPC)}" in error
    assert "Doe" not in error
    assert all(Path(f"other{number}").exists() for number in range(len(others)))
    assert "/dev/full" not in {str(path) for path in Path().iterdir()}


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("command", sorted(WRITING))
def test_a_reader_that_goes_away(folder: Path, command: str) -> None:
    """Status 141, and nothing is said of it."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [sys.executable, "-m", "tagsniff", *read_from(command), "--exclusions", "left_out"],
        stdout=write_end,
        stderr=subprocess.PIPE,
        env=environment,
        check=False,
    )
    os.close(write_end)
    assert done.returncode == 141
    assert b"Traceback" not in done.stderr
    assert b"Doe" not in done.stderr
    assert Path("left_out").exists(), "the list of what is missing was written first"

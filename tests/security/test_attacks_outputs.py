"""A full disk, and a reader of the output that goes away: a short message and no traceback.

For: every output of every command that writes files.
Never: existing output files; those are in test_outputs.py.
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
    """Change to a new folder with a saved scan, and two files in ``in`` that give each command something to report."""
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
    """The exit status is 3, the message names the output, and the other outputs are written."""
    others = [other for other in WRITING[command] if other not in (flag, "--save", "--redact-paths")]
    arguments = [word for number, other in enumerate(others) for word in (other, f"other{number}")]
    assert main([*read_from(command), flag, "/dev/full", *arguments]) == 3
    error = capsys.readouterr().err
    assert f"/dev/full: {os.strerror(errno.ENOSPC)}" in error
    assert "Doe" not in error
    assert all(Path(f"other{number}").exists() for number in range(len(others)))
    assert "/dev/full" not in {str(path) for path in Path().iterdir()}


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
# A merged scan is written to a file only.
@pytest.mark.parametrize("command", sorted(WRITING.keys() - {"merge"}))
def test_a_reader_that_goes_away_is_status_141(folder: Path, command: str) -> None:
    """The exit status is 141, and there is no message."""
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
    assert Path("left_out").exists(), "the list of omissions was written first"

"""Existing files: commands replace outputs only with --force, and never replace what they read.

For: every output of every command that writes files.
Never: how a file is written; that is in test_atomic_file.py.
"""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, part10
from tagsniff.cli.commands import COMMANDS, main
from tagsniff.cli.flags import FLAGS

IMAGE = part10(EXPLICIT.element(0x00100010, "PN", b"Doe^Jane"), EXPLICIT_LITTLE_UID).data
needs_posix = pytest.mark.skipif(os.name != "posix", reason="links, modes and devices of POSIX")

OUTPUT_FLAGS = ("-o", "--exclusions", "--save", "--redact-paths")
WRITING = {
    command.name: [name for name in OUTPUT_FLAGS if any(command.name in f.commands and name in f.names for f in FLAGS)]
    for command in COMMANDS
    if any(command.name in flag.commands and "-o" in flag.names for flag in FLAGS)
    # They read sheets; tests/cli/test_decide.py has their outputs.
    and not command.name.startswith("decide ")
}
CASES = [(command, flag) for command, flags in WRITING.items() for flag in flags]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a new folder with one file in ``in`` and a saved scan of it."""
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/a").write_bytes(IMAGE)
    assert main(["before", "in", "-o", "x", "--exclusions", "y", "--save", "scan"]) == 0
    Path("x").unlink()
    Path("y").unlink()
    return tmp_path


OF_SCANS = ("report", "merge")
# What a command needs beside the paths.
ASKED = {"table": ["-t", "PatientName"], "find": ["--element", "PatientName"]}


def read_from(command: str) -> list[str]:
    return [command, "scan" if command in OF_SCANS else "in", *ASKED.get(command, [])]


def list_files() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail if files of the collection are listed or a scan is loaded."""

    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("something was read")

    # The function of the walk last: a module that is imported only now would keep the replacement.
    for place in ("scanning.run", "selection.find", "selection.series", "source.walk"):
        monkeypatch.setattr(f"tagsniff.{place}.walk_batches", refuse)
    monkeypatch.setattr("tagsniff.scanning.saved.read_scan", refuse)


def test_every_command_that_writes_files_is_in_the_cases() -> None:
    assert set(WRITING) == {"inventory", "before", "final", "collisions", "report", "merge", "table", "find", "series"}
    assert WRITING["before"] == list(OUTPUT_FLAGS)
    forced = {command for flag in FLAGS if "--force" in flag.names for command in flag.commands}
    assert forced == {*WRITING, "decide merge"}


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize(("command", "flag"), CASES)
def test_an_existing_file_is_refused_before_anything_is_read(
    command: str, flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("here").write_text("old")
    before = list_files()
    assert main([*read_from(command), flag, "here"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(": here is there already; name another file, or give --force\n")
    assert list_files() == before


@pytest.mark.parametrize(("command", "flag"), CASES)
def test_force_replaces_an_existing_file(command: str, flag: str) -> None:
    Path("here").write_text("old")
    os.chmod("here", 0o644)
    assert main([*read_from(command), flag, "here", "--force"]) == 0
    assert Path("here").read_bytes() != b"old"
    if os.name == "posix":
        assert stat.S_IMODE(os.stat("here").st_mode) == 0o600


@needs_posix
@pytest.mark.parametrize(("command", "flag"), CASES)
def test_every_output_is_readable_only_by_its_owner(command: str, flag: str) -> None:
    before = os.umask(0)
    try:
        assert main([*read_from(command), flag, "here"]) == 0
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in Path().iterdir() if path.is_file()}
    assert {name: mode for name, mode in modes.items() if mode != 0o600} == {}
    assert "here" in modes


@pytest.mark.parametrize("command", [command for command in WRITING if command != "merge"])
def test_no_file_is_written_that_was_not_asked_for(command: str) -> None:
    Path("in/notes").write_text("no DICOM")
    before = list_files()
    assert main(read_from(command)) == 0
    assert list_files() == before


@needs_posix
@pytest.mark.usefixtures("unread")
def test_a_link_to_an_existing_file_is_refused() -> None:
    Path("here").write_text("old")
    Path("link").symlink_to("here")
    assert main(["inventory", "in", "-o", "link"]) == 2
    assert Path("here").read_text() == "old"


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize(
    "arguments",
    [
        ["inventory", "in/a", "-o", "in/a"],
        ["before", "in/a", "--save", "in/a"],
        ["final", "in/a", "--redact-paths", "in/a"],
        ["collisions", "in/a", "--exclusions", "in/a"],
        ["table", "in/a", "-t", "PatientName", "-o", "in/a"],
        ["before", "in", "--confidentiality", "own.csv", "-o", "own.csv"],
        ["before", "in", "--modality-software", "ge", "--modality-software", "private.csv", "-o", "private.csv"],
        ["report", "scan", "-o", "scan"],
        ["report", "scan", "--redact-paths", "scan"],
    ],
)
def test_force_does_not_replace_an_input(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.csv").write_text("element,vr,code,collapse,note\n", "utf-8")
    Path("private.csv").write_text("modality,manufacturer,model,software,element,vr,code,name,source\n", "utf-8")
    before = list_files()
    for force in ([], ["--force"]):
        assert main([*arguments, *force]) == 2
        assert "is to be read and cannot be written" in capsys.readouterr().err
    assert list_files() == before


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("data", [IMAGE, IMAGE[:-1], IMAGE[132:]], ids=["whole", "cut", "without preamble"])
@pytest.mark.parametrize(("command", "flag"), CASES)
def test_force_does_not_replace_a_file_of_the_collection(
    command: str, flag: str, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that the walk through a folder would reach, or any other DICOM file, also through a link."""
    Path("in/other").write_bytes(data)
    Path("link").symlink_to("in/other")
    before = list_files()
    for target in ("in/other", "link"):
        assert main([*read_from(command), flag, target, "--force"]) == 2
        assert capsys.readouterr().err.endswith(f"{target} is a DICOM file and cannot be written over\n")
    assert list_files() == before


@pytest.mark.parametrize(("command", "flag"), CASES)
def test_force_replaces_a_report_in_the_folder_that_is_read(command: str, flag: str) -> None:
    """The report is a file of the folder too, but it is not a DICOM file."""
    for force in ([], ["--force"], ["--force"]):
        assert (
            main([*read_from(command), flag, "in/report", *force, *(["--force"] if flag != "--exclusions" else [])])
            == 0
        )


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize(
    "arguments",
    [
        ["-o", "x", "--redact-paths", "x"],
        ["--exclusions", "x", "--redact-paths", "./x"],
        ["--save", "x", "--redact-paths", "x"],
        ["--deviations", "x", "--exclusions", "x"],
    ],
)
def test_two_outputs_to_one_file_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for force in ([], ["--force"]):
        assert main(["before", "in", *arguments, *force]) == 2
        assert "cannot go to the same file" in capsys.readouterr().err


def test_a_file_that_appears_during_the_run_is_not_replaced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other outputs are written, and the exit status is that of a missing output."""

    from tagsniff.scanning import run

    walk: Callable[..., Any] = run.walk_batches

    def appear(paths: list[str], names: object) -> Any:
        Path("out").write_text("theirs")
        return walk(paths, names)

    monkeypatch.setattr("tagsniff.scanning.run.walk_batches", appear)
    assert main(["before", "in", "-o", "out", "--save", "again"]) == 3
    assert f"cannot write out: {os.strerror(errno.EEXIST)}" in capsys.readouterr().err
    assert Path("out").read_text() == "theirs"
    assert sorted(os.listdir()) == ["again", "in", "out", "scan", "tagsniff.key"]


@needs_posix
@pytest.mark.parametrize("command", WRITING)
def test_special_targets_need_no_force(command: str) -> None:
    exclusions = ["--exclusions", os.devnull] if "--exclusions" in WRITING[command] else []
    for target in ("/dev/stdout", "/dev/fd/1", os.devnull):
        done = subprocess.run(
            [sys.executable, "-m", "tagsniff", *read_from(command), *exclusions, "-o", target],
            capture_output=True,
            check=True,
        )
        assert bool(done.stdout) is (target != os.devnull) or command == "collisions"
    assert sorted(os.listdir()) == ["in", "scan", "tagsniff.key"]


@needs_posix
def test_output_is_appended_to_the_file_of_the_shell() -> None:
    Path("log").write_text("before\n")
    with Path("log").open("a") as log:
        arguments = ["inventory", "in", "-o", "/dev/stdout", "--exclusions", os.devnull]
        subprocess.run([sys.executable, "-m", "tagsniff", *arguments], stdout=log, stderr=log, check=True)
    lines = Path("log").read_text().splitlines()
    assert lines[0] == "before"
    assert "(0010,0010)" in lines
    assert lines[-1].startswith("nothing was left out")

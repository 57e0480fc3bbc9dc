"""`tagsniff.output.atomic_file`: outputs are complete or absent, have mode 0600, and replace nothing by accident.

For: the effect of a full disk, an interrupt, another process or another umask on an output.
Never: a command; commands are in test_outputs.py.
"""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import pytest

from tagsniff.output import atomic_file
from tagsniff.output.atomic_file import check_target, write_whole, write_whole_bytes

needs_posix = pytest.mark.skipif(os.name != "posix", reason="links, modes and devices of POSIX")


def writing(text: str) -> Callable[[TextIO], object]:
    return lambda stream: stream.write(text)


def refusing(number: int) -> Callable[..., Any]:
    """Return a system call that fails."""

    def refuse(*_arguments: object, **_options: object) -> Any:
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.fixture(params=[True, False], ids=["links", "no links"])
def links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run with and without a file system that has hard links."""
    if not request.param:
        monkeypatch.setattr(os, "link", refusing(errno.EPERM))


@pytest.fixture
def umask() -> Iterator[Callable[[int], object]]:
    before = os.umask(0o22)
    yield os.umask
    os.umask(before)


def test_text_is_utf8_with_lf(tmp_path: Path) -> None:
    path = tmp_path / "out"
    write_whole(str(path), writing("\u00e4\n"))
    assert path.read_bytes() == b"\xc3\xa4\n"


@needs_posix
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
@pytest.mark.parametrize("old_mode", [None, 0o644, 0o666, 0o400])
@pytest.mark.usefixtures("links")
def test_mode_is_0600_whatever_the_umask_and_the_old_mode(
    tmp_path: Path, umask: Callable[[int], object], mask: int, old_mode: int | None
) -> None:
    path = tmp_path / "out"
    if old_mode is not None:
        path.write_text("old")
        path.chmod(old_mode)
    umask(mask)
    write_whole_bytes(str(path), lambda stream: stream.write(b"new"), overwrite=old_mode is not None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == b"new"


@pytest.mark.usefixtures("links")
def test_a_file_is_replaced_only_on_request(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("a longer text than the new one")
    with pytest.raises(FileExistsError):
        write_whole(str(path), writing("new"))
    assert path.read_text() == "a longer text than the new one"
    write_whole(str(path), writing("new"), overwrite=True)
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("links")
def test_a_file_that_appears_during_the_run_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "out"

    def write(stream: TextIO) -> None:
        stream.write("ours")
        path.write_text("theirs")

    check_target(str(path))
    with pytest.raises(FileExistsError):
        write_whole(str(path), write)
    assert path.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [path]


@needs_posix
@pytest.mark.usefixtures("links")
def test_a_link_that_appears_during_the_run_is_not_followed(tmp_path: Path) -> None:
    path, other = tmp_path / "out", tmp_path / "other"

    def write(stream: TextIO) -> None:
        stream.write("ours")
        path.symlink_to(other)

    with pytest.raises(FileExistsError):
        write_whole(str(path), write)
    assert not other.exists()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
@pytest.mark.parametrize("overwrite", [True, False])
@pytest.mark.usefixtures("links")
def test_nothing_changes_if_writing_the_new_file_fails(tmp_path: Path, error: BaseException, overwrite: bool) -> None:
    path = tmp_path / "out"
    if overwrite:
        path.write_text("old")

    def write(stream: TextIO) -> None:
        stream.write("half")
        stream.flush()
        raise error

    with pytest.raises(type(error)):
        write_whole(str(path), write, overwrite=overwrite)
    assert [(left.name, left.read_text()) for left in tmp_path.iterdir()] == [("out", "old")] * overwrite


@pytest.mark.parametrize("step", ["fsync", "replace", "link", "open"])
@pytest.mark.parametrize("overwrite", [True, False])
def test_nothing_changes_if_a_system_call_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, overwrite: bool
) -> None:
    """A disk that is full when the file is synced, or a folder that became read-only: all or nothing."""
    path = tmp_path / "out"
    path.write_text("old")
    if not overwrite:
        path.unlink()
    refused = {
        "fsync": ["fsync"],
        "replace": ["replace", "link"],
        "link": ["link", "replace"],
        "open": ["link", "open"],
    }
    with monkeypatch.context() as patch:
        # This changes the first step, which also uses os.open.
        really_open = os.open
        patch.setattr(atomic_file, "_make", lambda name: really_open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        for name in refused[step]:
            patch.setattr(os, name, refusing(errno.EIO))
        if overwrite and step in ("link", "open"):
            patch.setattr(os, "replace", refusing(errno.EIO))
        with pytest.raises(OSError, match=os.strerror(errno.EIO)):
            write_whole(str(path), writing("new"), overwrite=overwrite)
    assert [(left.name, left.read_text()) for left in tmp_path.iterdir()] == [("out", "old")] * overwrite


@pytest.mark.parametrize("call", [check_target, lambda path: write_whole(path, writing("new"))], ids=["check", "write"])
def test_an_interruption_right_after_the_file_is_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Callable[[str], None]
) -> None:
    """The interrupt comes before any variable holds the descriptor: a signal can come between any two instructions."""
    really_open = os.open

    def open_and_interrupt(*arguments: object) -> int:
        os.close(really_open(*arguments))  # type: ignore[arg-type]
        assert len(list(tmp_path.iterdir())) == 1
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", open_and_interrupt)
        with pytest.raises(KeyboardInterrupt):
            call(str(tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []


@needs_posix
def test_a_file_that_replaces_a_pipe_is_not_truncated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out"
    path.write_text("theirs")
    monkeypatch.setattr(atomic_file, "_is_special", lambda _path: True)
    for overwrite in (False, True):
        with pytest.raises(FileExistsError):
            write_whole(str(path), writing("ours"), overwrite=overwrite)
    assert path.read_text() == "theirs"


@needs_posix
@pytest.mark.usefixtures("links")
def test_a_link_that_changes_during_the_run_is_followed_once(tmp_path: Path) -> None:
    """The file is written in one piece, to the folder to which the path led when the file was begun."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    link = tmp_path / "link"
    link.symlink_to("one")

    def write(stream: TextIO) -> None:
        stream.write("ours")
        link.unlink()
        link.symlink_to("other")

    write_whole(str(link / "out"), write)
    assert (tmp_path / "one" / "out").read_text() == "ours"
    assert list((tmp_path / "other").iterdir()) == []


@needs_posix
@pytest.mark.parametrize("overwrite", [True, False])
def test_file_and_folder_are_synced_in_this_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overwrite: bool
) -> None:
    """First the content of the file is synced, then its name, then the folder that contains the name."""
    events: list[str] = []
    fsync, replace, link = os.fsync, os.replace, os.link

    def note_fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        events.append("folder" if is_folder else f"file of {os.fstat(descriptor).st_size}")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(os, "replace", lambda *names: (events.append("name"), replace(*names)))
    monkeypatch.setattr(os, "link", lambda *names: (events.append("name"), link(*names)))
    write_whole(str(tmp_path / "out"), writing("12345"), overwrite=overwrite)
    assert events == ["file of 5", "name", "folder"]


@needs_posix
@pytest.mark.parametrize(("number", "is_error"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_folders_that_cannot_be_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, is_error: bool
) -> None:
    """Some file systems cannot sync folders. On others a failing disk is reported."""
    fsync = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    path = tmp_path / "out"
    if is_error:
        with pytest.raises(OSError, match=os.strerror(number)):
            write_whole(str(path), writing("new"))
    else:
        write_whole(str(path), writing("new"))
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("missing", ["missing/out", "file/out", "folder", ""])
@pytest.mark.parametrize("overwrite", [True, False])
def test_an_impossible_target_is_refused(tmp_path: Path, missing: str, overwrite: bool) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    path = str(tmp_path / missing) + ("" if missing else os.sep)
    for refused in (path, ""):
        with pytest.raises(OSError):  # noqa: PT011 - which of its subclasses is the system's choice
            check_target(refused, overwrite=overwrite)
        with pytest.raises(OSError):  # noqa: PT011
            write_whole(refused, writing("x"), overwrite=overwrite)


def test_check_leaves_no_file_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out"
    check_target(str(path))
    assert list(tmp_path.iterdir()) == []
    path.write_text("old")
    check_target(str(path), overwrite=True)
    with pytest.raises(FileExistsError):
        check_target(str(path))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@needs_posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """Its target is written on request only, whether it exists or not."""
    (tmp_path / "folder").mkdir()
    link = tmp_path / "link"
    link.symlink_to("folder/out")
    for text in ("first", "third"):
        with pytest.raises(FileExistsError):
            check_target(str(link))
        with pytest.raises(FileExistsError):
            write_whole(str(link), writing("second"))
        assert [left.name for left in (tmp_path / "folder").iterdir()] == (["out"] if text == "third" else [])
        check_target(str(link), overwrite=True)
        write_whole(str(link), writing(text), overwrite=True)
        assert (tmp_path / "folder/out").read_text() == text
    assert link.is_symlink()
    assert (tmp_path / "folder/out").read_text() == "third"
    assert [left.name for left in (tmp_path / "folder").iterdir()] == ["out"]


@needs_posix
def test_another_name_of_a_replaced_file_keeps_the_old_content(tmp_path: Path) -> None:
    path, other = tmp_path / "out", tmp_path / "other"
    path.write_text("old")
    os.link(path, other)
    write_whole(str(path), writing("new"), overwrite=True)
    assert (path.read_text(), other.read_text()) == ("new", "old")


@needs_posix
@pytest.mark.parametrize("overwrite", [True, False])
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path, overwrite: bool) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    check_target(str(path), overwrite=overwrite)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(str(path), writing("text"), overwrite=overwrite)
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)


@needs_posix
def test_a_socket_is_refused_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    # The path of a socket must be short.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("out")
        with pytest.raises(OSError, match=os.strerror(errno.ENXIO)):
            check_target("out", overwrite=True)


@needs_posix
def test_the_null_device_is_kept(tmp_path: Path) -> None:
    check_target(os.devnull)
    write_whole(os.devnull, writing("text"))
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


# Behaviour that is visible only from outside: the standard output of a process.

PROGRAM = """\
import sys
from tagsniff.output.atomic_file import check_target, write_whole
for number, path in enumerate(sys.argv[1:]):
    check_target(path)
    write_whole(path, lambda stream: stream.write(f"{number}\\n"))
"""


@needs_posix
@pytest.mark.parametrize("paths", [["/dev/stdout"], ["/dev/fd/1"], ["/dev/stdout", "/dev/fd/1", "/dev/stdout"]])
@pytest.mark.parametrize("to", ["pipe", "file"])
def test_descriptors_are_written_to(tmp_path: Path, paths: list[str], to: str) -> None:
    """A file that is standard output is neither replaced nor truncated: the shell may have written to it."""
    command = [sys.executable, "-c", PROGRAM, *paths]
    text = "".join(f"{number}\n" for number in range(len(paths)))
    if to == "pipe":
        assert subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout == text
        return
    path = tmp_path / "log"
    path.write_text("before\n")
    inode = path.stat().st_ino
    with path.open("a") as log:
        subprocess.run(command, stdout=log, check=True)
    assert path.read_text() == "before\n" + text
    assert path.stat().st_ino == inode


@needs_posix
@pytest.mark.parametrize("path", ["/dev/fd/987", "/dev/fd/99999999999999999999", "/dev/fd/x", "/dev/fd/"])
def test_descriptors_that_are_not_open_are_refused(path: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011
        check_target(path)


@needs_posix
def test_a_read_only_descriptor_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in"
    path.write_text("x")
    with path.open() as stream, pytest.raises(OSError, match=os.strerror(errno.EBADF)):
        check_target(f"/dev/fd/{stream.fileno()}")


@needs_posix
def test_one_of_many_writers_creates_the_file(tmp_path: Path) -> None:
    """Processes that finish together: one complete file exists, and all other processes know that it is not theirs."""
    program = (
        "import sys\n"
        "from tagsniff.output.atomic_file import write_whole\n"
        "sys.stdin.readline()\n"
        "write_whole(sys.argv[1], lambda stream: stream.write(sys.argv[2] * 100000))\n"
    )
    path = tmp_path / "out"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path), str(number)], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for number in range(6)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    errors = [process.communicate()[1] for process in processes]
    winners = [number for number, process in enumerate(processes) if process.returncode == 0]
    assert len(winners) == 1
    assert path.read_text() == str(winners[0]) * 100000
    assert all(b"FileExistsError" in error for number, error in enumerate(errors) if number not in winners)
    assert list(tmp_path.iterdir()) == [path]

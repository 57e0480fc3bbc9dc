"""Files and folders that change while they are read, that may not be read, or that are not regular files.

For: the reader and the whole command. Each such path is listed with its reason, and the run goes on.
Never: paths on which the walk decides alone; those are in test_walk.py.
Standard: none; design, section 7.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import json
import os
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10
from encoded_case import last, plain
from tagsniff import _core
from tagsniff.cli import main
from tagsniff.status import Status
from virtual_files import ChangingFile

E = EXPLICIT
IMAGE = part10(plain(E) + last(E), EXPLICIT_LITTLE_UID).data
# More than one window of any reader, with elements in every window.
LONG = part10(
    join(
        [E.element(0x00090010, "LO", b"MAKER ")] + [E.element(0x00091000 + i, "LT", b"x" * 400) for i in range(0x400)]
    ),
    EXPLICIT_LITTLE_UID,
).data
posix_only = pytest.mark.skipif(os.name != "posix", reason="links, pipes and permissions of POSIX")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="names with any bytes, /proc and /sys")


def read_exclusions(path: Path) -> dict[str, str]:
    """Return the path and the reason of each row."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["path"]: row["reason"] for row in csv.DictReader(stream, strict=True)}


def take_inventory(*paths: str) -> tuple[int, str, dict[str, str]]:
    """Return the exit status, the report and the exclusions of the command."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink("out")
        os.unlink("left_out")
    status = main(["inventory", *paths, "-o", "out", "--exclusions", "left_out"])
    return status, Path("out").read_text(encoding="utf-8"), read_exclusions(Path("left_out"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a new folder that has one good file in ``in``."""
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/good").write_bytes(IMAGE)
    return tmp_path


class TestChanges:
    """A file that another program writes to while it is read."""

    @pytest.mark.parametrize("reads", [0, 1, 2, 5])
    @pytest.mark.parametrize("size", [0, 1, 131, 5000, 30_000])
    def test_a_file_that_shrinks_is_a_fault(self, reads: int, size: int) -> None:
        header = tagsniff.read_header(ChangingFile(LONG, reads, LONG[:size]))
        assert header.status is Status.FILE_CHANGED
        assert header.fault is not None
        assert header.fault.offset is not None
        assert header.fault.offset <= len(LONG)

    @pytest.mark.parametrize("reads", [0, 1, 2, 5])
    def test_a_file_that_grows_is_read_as_it_was(self, reads: int) -> None:
        """The reader reads the bytes that the file had when it was opened, and no byte that was added later."""
        header = tagsniff.read_header(ChangingFile(LONG, reads, LONG + last(E).data * 1000))
        whole = tagsniff.read_header(LONG)
        assert header.status is Status.OK
        assert (header.elements["tag"] == whole.elements["tag"]).all()

    @pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EBADF, errno.ENODEV])
    @pytest.mark.parametrize("reads", [0, 1, 5])
    def test_a_disk_that_fails_is_a_fault(self, reads: int, number: int) -> None:
        def fail(size: int) -> bytes:
            raise OSError(number, os.strerror(number))

        header = tagsniff.read_header(ChangingFile(LONG, reads, fail))
        assert header.status is Status.CANNOT_READ

    def test_a_source_that_returns_more_than_asked_is_read(self) -> None:
        source = ChangingFile(LONG, 0, lambda size: LONG)
        assert tagsniff.read_header(source).status is Status.OK

    @pytest.mark.parametrize("left", [0, 200, 100_000])
    def test_a_value_that_was_cut_off_later_cannot_be_read(self, tmp_path: Path, left: int) -> None:
        path = tmp_path / "object.dcm"
        path.write_bytes(LONG)
        header = tagsniff.read_header(path, value_limit_bytes=0)
        os.truncate(path, left)
        with pytest.raises(OSError, match="shorter"):
            header.value(len(header.elements) - 1)
        path.unlink()
        with pytest.raises(FileNotFoundError):
            header.value(len(header.elements) - 1)

    @linux_only
    def test_a_system_file_shorter_than_its_size_is_a_fault(self) -> None:
        path = Path("/sys/kernel/mm/transparent_hugepage/enabled")
        if not path.is_file() or path.stat().st_size <= len(path.read_bytes()):
            pytest.skip("this system has no such file")
        assert tagsniff.read_header(path).status is Status.FILE_CHANGED

    @linux_only
    def test_a_system_file_of_size_zero_is_read(self) -> None:
        assert tagsniff.read_header("/proc/self/status").status is Status.EMPTY_FILE


@posix_only
@pytest.mark.parametrize("keeps_partial", [False, True])
def test_a_requested_stop_in_the_middle_of_a_file(tmp_path: Path, keeps_partial: bool) -> None:
    """A file as large as a disk is abandoned at the next read. It is listed, and nothing of it is counted."""
    length, count = 0xFFFFFFF0, 16
    path = tmp_path / "large"
    with path.open("wb") as stream:
        stream.write(part10(E.element(0x00090010, "LO", b"MAKER "), EXPLICIT_LITTLE_UID).data)
        for number in range(count):
            stream.write(E.head(0x00091000 + number, "OB", length))
            # Zeros that take no space on the disk. They are digested all the same.
            stream.seek(length, os.SEEK_CUR)
        stream.truncate()
    files_read = 0
    while files_read == 0:
        # At the check before the first file the flag is not set; it is set before the next check.
        stop = _core.Stop()
        collector = _core.ValueCollector(lambda *_: (0, True, False, 0, 0, b""), max_values=10)
        timer = threading.Timer(0.05, stop.ask)
        timer.start()
        files_read, omissions = collector.scan_files(
            os.fsencode(tmp_path) + b"/", [b"large"], stop, keeps_partial=keeps_partial
        )
        timer.join()
    (omission,) = omissions
    _, status_number, _, offset, _, is_partial = omission
    assert Status.from_number(status_number) is Status.INTERRUPTED
    assert not is_partial
    assert offset < length * count
    assert "uses" not in collector.tables()
    # The next file is read normally.
    (tmp_path / "good").write_bytes(IMAGE)
    assert collector.scan_files(os.fsencode(tmp_path) + b"/", [b"good"], _core.Stop())[0] == 1
    assert len(collector.tables()["uses"]) > 0


@posix_only
class TestSpecialFiles:
    def test_a_special_file_in_place_of_a_file_is_not_read(self, folder: Path) -> None:
        """A path can become anything between the walk and the read. No open waits for a writer."""
        os.mkfifo("pipe")
        os.symlink("/dev/zero", "device")
        Path("folder").mkdir()
        expected = {"pipe": Status.SPECIAL_FILE, "device": Status.SPECIAL_FILE, "folder": Status.SPECIAL_FILE}
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket")
            expected["socket"] = Status.CANNOT_OPEN
            parser = _core.Parser()
            for path, status in expected.items():
                parser.read_path(os.fsencode(path))
                assert Status.from_number(parser.status()[0]) is status, path

    def test_the_command_lists_special_files_and_goes_on(self, folder: Path) -> None:
        os.mkfifo("in/a pipe")
        os.symlink("/dev/zero", "in/device")
        os.symlink(".", "in/loop")
        os.symlink("nowhere", "in/nowhere")
        os.symlink("itself", "in/itself")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("in/socket")
            status, report, left_out = take_inventory("in", "/dev/zero", "gone")
        assert status == 3
        assert "(0010,0010)" in report
        assert left_out == {
            "in/a pipe": "SPECIAL_FILE",
            "in/device": "SPECIAL_FILE",
            "in/loop": "LINK_LOOP",
            "in/nowhere": "BROKEN_LINK",
            "in/itself": "BROKEN_LINK",
            "in/socket": "SPECIAL_FILE",
            "/dev/zero": "SPECIAL_FILE",
            "gone": "NO_SUCH_PATH",
        }


@contextlib.contextmanager
def as_nobody() -> Iterator[Path]:
    """Give a folder that the tests own, and no other rights: if the tests run as root, become an unprivileged user."""
    place = Path(tempfile.mkdtemp()).resolve()
    was_root = os.geteuid() == 0
    try:
        if was_root:
            os.chown(place, 65534, 65534)
            os.seteuid(65534)
            if not os.access(place, os.W_OK, effective_ids=True):
                pytest.skip("only root may use the folder of temporary files")
        yield place
    finally:
        if was_root:
            os.seteuid(0)
        for path in place.rglob("*"):
            if path.is_dir():
                path.chmod(0o700)
        shutil.rmtree(place)


@posix_only
class TestPermissions:
    def test_a_file_without_read_permission_is_listed(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        # Modules that are imported later may be readable only by root.
        assert take_inventory("in")[0] == 0
        with as_nobody() as place:
            (place / "in/closed").mkdir(parents=True)
            for name in ("in/good", "in/secret", "in/closed/inside"):
                (place / name).write_bytes(IMAGE)
            (place / "in/secret").chmod(0)
            (place / "in/closed").chmod(0)
            monkeypatch.chdir(place)
            status, report, left_out = take_inventory("in")
        assert status == 3
        assert "(0010,0010)" in report
        assert left_out == {"in/secret": "CANNOT_OPEN", "in/closed": "CANNOT_LIST"}


@posix_only
class TestPaths:
    @linux_only
    def test_names_with_any_bytes_in_every_format(self, folder: Path) -> None:
        """A name is one line of a report. Bytes that do not decode are distinguished from those that do."""
        os.rename("in/good", b"in/a\nb\x1b[2J\t\"\xff,'")
        shutil.copy(b"in/a\nb\x1b[2J\t\"\xff,'", b"in/\xc3\xa4\r\n")
        for number, name in enumerate(("text", "csv", "json", "jsonl")):
            out = Path(f"out{number}")
            assert main(["final", "in", "--format", name, "-o", str(out), "--exclusions", f"x{number}"]) == 0
            raw = out.read_bytes()
            assert b"\x1b" not in raw
            text = raw.decode("utf-8")
            if name == "jsonl":
                assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
            elif name == "json":
                json.loads(text)
            elif name == "csv":
                rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
                assert len({len(row) for row in rows}) == 1

    @linux_only
    def test_a_path_longer_than_the_system_allows(self, folder: Path) -> None:
        """A path of 4,095 bytes is opened. Deeper files are listed, and neither stops the walk."""
        name = "d" * 250
        descriptors = [os.open("in", os.O_RDONLY)]
        depth = 20
        for _ in range(depth):
            os.mkdir(name, dir_fd=descriptors[-1])
            descriptors.append(os.open(name, os.O_RDONLY, dir_fd=descriptors[-1]))
        room = os.pathconf("in", "PC_PATH_MAX") - 1
        # The deepest folder that has room for a file whose path has exactly the maximum length.
        level = (room - len("in")) // (len(name) + 1)
        longest = "f" * (room - len("in") - level * (len(name) + 1) - 1)
        for at, file in ((level, longest), (level, longest + "f"), (depth, "deep")):
            with open(os.open(file, os.O_WRONLY | os.O_CREAT, dir_fd=descriptors[at]), "wb") as stream:
                stream.write(IMAGE)
        try:
            status, report, left_out = take_inventory("in")
        finally:
            for descriptor in descriptors[:0:-1]:
                for entry in os.listdir(descriptor):
                    (os.rmdir if entry == name else os.unlink)(entry, dir_fd=descriptor)
                os.close(descriptor)
            os.rmdir(name, dir_fd=descriptors[0])
            os.close(descriptors[0])
        assert status == 3
        assert "(0010,0010)" in report
        path = "in" + f"/{name}" * level + f"/{longest}"
        assert len(path) == room
        assert path not in left_out
        # A reader that opens the folder first can open a file just beyond the limit.
        assert set(left_out) - {path + "f"} == {"in" + f"/{name}" * (level + 1)}
        assert set(left_out.values()) == {"CANNOT_OPEN"}

    @linux_only
    def test_a_hundred_thousand_files_in_one_folder(self, folder: Path) -> None:
        count = 100_000
        for number in range(count):
            os.mknod(f"in/{number}")
        status, report, left_out = take_inventory("in")
        assert status == 0
        assert "(0010,0010)" in report
        assert set(left_out.values()) == {"EMPTY_FILE"}
        assert len(left_out) == count

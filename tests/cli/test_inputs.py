"""Which files a command reads: paths, lists of paths, names; and what is shown while it does.

For: every command that reads a collection.
Never: what is in the files.
Standard: none.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, part10
from tagsniff.cli import main
from tagsniff.cli.progress import _Progress
from tagsniff.scanning.workers import WorkerPool
from tagsniff.source.walk import Batch

NAMES = ["A.DCM", "b.dcm", "notes.txt", "sub/c.dcm", "sub/IM0001"]
READERS = {
    "inventory": [],
    "before": [],
    "final": [],
    "collisions": [],
    "find": ["--element", "PatientName"],
    "table": ["-t", "PatientName"],
    "series": [],
}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a new folder with small files in ``in``."""
    for name in NAMES:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(part10(EXPLICIT.element(0x00100010, "PN", b"Doe^Jane"), EXPLICIT_LITTLE_UID).data)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def paths_of(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Return the paths of the files that a table has."""

    def run(*arguments: str) -> list[str]:
        assert main(["table", *arguments, "-t", "PatientName", "--exclusions", os.devnull]) == 0
        return [line.split(",")[0] for line in capsys.readouterr().out.splitlines()[1:]]

    return run


class TestLists:
    @pytest.mark.parametrize(
        "raw",
        [
            b"in/b.dcm\nin/sub\n",
            b"in/b.dcm\nin/sub",
            b"\n\nin/b.dcm\n\nin/sub\n\n",
            b"in/b.dcm\r\nin/sub\r\n",
            b"\xef\xbb\xbfin/b.dcm\nin/sub\n",
            b"in/b.dcm\0in/sub\0",
            b"in/b.dcm\0in/sub",
        ],
        ids=["lines", "no line end", "empty lines", "CR LF", "byte order mark", "NUL", "no last NUL"],
    )
    def test_files_and_folders_of_a_list(self, paths_of: Callable[..., list[str]], raw: bytes) -> None:
        Path("list").write_bytes(raw)
        assert paths_of("--files-from", "list") == ["in/b.dcm", "in/sub/IM0001", "in/sub/c.dcm"]

    def test_paths_come_before_those_of_the_list(self, paths_of: Callable[..., list[str]]) -> None:
        Path("list").write_text("in/b.dcm\n")
        assert paths_of("in/A.DCM", "--files-from", "list") == ["in/A.DCM", "in/b.dcm"]

    @pytest.mark.skipif(sys.platform != "linux", reason="names with any bytes")
    def test_any_name_can_be_listed(self, paths_of: Callable[..., list[str]]) -> None:
        """A line end only where NULs separate the paths; a carriage return unless every line ends with one."""
        for name in (b"in/\xff", b"in/two\nlines", b"in/end\r"):
            Path(os.fsdecode(name)).write_bytes(Path("in/b.dcm").read_bytes())
        Path("list").write_bytes(b"in/\xff\0in/two\nlines\0in/end\r\0")
        assert main(["table", "--files-from", "list", "-t", "PatientName", "-o", "out", "--format", "jsonl"]) == 0
        assert len(Path("out").read_text().splitlines()) == 3
        Path("list").write_bytes(b"in/end\r\nin/b.dcm\n")
        assert main(["find", "--files-from", "list", "--element", "PatientName", "-o", "found", "--force"]) == 0
        assert len(Path("found").read_text().splitlines()) == 2

    @pytest.mark.parametrize("command", READERS)
    def test_standard_input(self, command: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "tagsniff", command, "--files-from", "-", *READERS[command]],
            input=b"in/b.dcm\0in/sub/c.dcm\0",
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0
        assert b"2 files read" in done.stderr

    def test_a_path_that_does_not_exist_is_a_fault(self) -> None:
        Path("list").write_text("in/b.dcm\nnowhere\n")
        assert main(["inventory", "--files-from", "list", "-o", "out", "--exclusions", "left"]) == 3
        assert "nowhere,fault,NO_SUCH_PATH" in Path("left").read_text()

    @pytest.mark.parametrize("command", READERS)
    def test_misuse(self, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        for arguments, message in (
            ([], "give a PATH, or --files-from"),
            (["--files-from", "nowhere"], "--files-from: cannot read nowhere: No such file or directory"),
            (["--files-from", "in"], "--files-from: cannot read in: Is a directory"),
        ):
            assert main([command, *arguments, *READERS[command]]) == 2
            assert capsys.readouterr().err == f"tagsniff: error: {message}\n"
        assert os.listdir() == ["in"]

    def test_a_closed_standard_input(self) -> None:
        command = f"{sys.executable} -m tagsniff inventory --files-from - <&-"
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (2, "tagsniff: error: standard input is closed\n")

    @pytest.mark.parametrize("command", READERS)
    def test_the_list_is_not_written_over(self, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        Path("list").write_text("in\n")
        assert main([command, "--files-from", "list", *READERS[command], "-o", "list", "--force"]) == 2
        assert "list is to be read and cannot be written" in capsys.readouterr().err
        assert Path("list").read_text() == "in\n"


class TestNames:
    def test_names_in_any_letter_case(self, paths_of: Callable[..., list[str]]) -> None:
        assert paths_of("in", "-g", "*.dcm") == ["in/A.DCM", "in/b.dcm", "in/sub/c.dcm"]
        assert paths_of("in", "-g", "IM*", "--glob", "b.*") == ["in/b.dcm", "in/sub/IM0001"]

    def test_it_is_for_the_files_that_are_given_too(self, paths_of: Callable[..., list[str]]) -> None:
        Path("list").write_text("in/notes.txt\nin/b.dcm\n")
        assert paths_of("in/A.DCM", "--files-from", "list", "-g", "b*") == ["in/b.dcm"]

    @pytest.mark.parametrize("command", READERS)
    def test_the_summary_counts_what_was_passed_over(self, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([command, "in", "-g", "*.dcm", *READERS[command]]) == 0
        err = capsys.readouterr().err
        assert "3 files read" in err
        assert "2 files were passed over: their names match no --glob\n" in err

    def test_nothing_is_said_where_every_file_is_read(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["inventory", "in", "-g", "*"]) == 0
        assert "passed over" not in capsys.readouterr().err

    @pytest.mark.parametrize("pattern", ["", "sub/*.dcm", "[z-a]"])
    def test_patterns_that_match_no_name_are_refused(self, pattern: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["inventory", "in", "-g", pattern]) == 2
        assert capsys.readouterr().err.startswith("tagsniff: error: --glob: ")
        with pytest.raises(ValueError, match="pattern"):
            tagsniff.scan(["in"], mode="inventory", names=[pattern])

    def test_in_python(self) -> None:
        assert tagsniff.scan(["in"], mode="inventory", names=["*.dcm"]).report().files == 3
        assert tagsniff.find(["in"], "PatientName", names=["*.dcm"]).files_read == 3
        assert tagsniff.table(["in"], ["PatientName"], names=["IM*"]).num_rows == 1
        for wrong in ("*.dcm", [1]):
            with pytest.raises(TypeError):
                tagsniff.scan(["in"], mode="inventory", names=wrong)  # type: ignore[arg-type]


class TestProgress:
    def test_percent_and_remaining_time_after_the_walk(self) -> None:
        progress = _Progress(shows_folder=True)
        for _ in range(1000):
            progress.add_file("in/a")
        assert progress.describe(10) == "1,000 files  100 files/s  0:10  in"
        progress.end_walk(8900)
        assert progress.describe(10) == "1,000 of 8,900 files  11 %  100 files/s  0:10, 1:19 left  in"
        for _ in range(7900):
            progress.add_file("in/a")
        assert progress.describe(90) == "8,900 of 8,900 files  100 %  99 files/s  1:30, 0:00 left  in"

    def test_a_walk_without_files(self) -> None:
        progress = _Progress(shows_folder=False)
        progress.end_walk(0)
        assert progress.describe(0) == "0 files  0 files/s  0:00  "

    @pytest.mark.parametrize("mode", ["inventory", "before"])
    def test_the_number_of_files_is_told_once(self, mode: str) -> None:
        told: list[int] = []
        tagsniff.scan(["in"], mode=mode, on_walk_end=told.append)
        assert told == [len(NAMES)]
        tagsniff.find(["in"], "PatientName", on_walk_end=told.append)
        assert told == [len(NAMES)] * 2

    @pytest.mark.parametrize("goes_ahead", [True, False])
    def test_a_walk_that_goes_ahead_ends_while_the_first_files_are_read(self, goes_ahead: bool) -> None:
        """It ends while the only thread waits; without it, some batches stay in the walk."""
        may_read, is_walked = Event(), Event()

        def walk() -> Iterator[Batch]:
            for number in range(200):
                yield Batch(b"", [b"%d-%d" % (number, file) for file in range(256)])

        def read(_tool: object, batch: Batch, _stop: object) -> int:
            may_read.wait()
            return len(batch.names)

        def release() -> None:
            # Without going ahead the walk waits for the thread, and the thread for this.
            is_walked.wait(None if goes_ahead else 0.2)
            walked_first.append(is_walked.is_set())
            may_read.set()

        walked_first: list[bool] = []
        releasing = Thread(target=release)
        releasing.start()
        told: list[int] = []

        def tell(files: int) -> None:
            told.append(files)
            is_walked.set()

        with WorkerPool(object, read, 1) as pool:
            results = [done for done in pool.run(walk(), tell, goes_ahead=goes_ahead) if isinstance(done, tuple)]
        releasing.join()
        assert walked_first == [goes_ahead]
        assert told == [200 * 256]
        assert [batch.names[0] for batch, _ in results] == [b"%d-0" % number for number in range(200)]

    @pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
    @pytest.mark.parametrize("no_color", [None, "1"])
    def test_the_display_has_no_colours(self, no_color: str | None) -> None:
        for number in range(50):
            Path(f"in/more{number}").write_bytes(Path("in/b.dcm").read_bytes())
        program = (
            "import sys, time\n"
            "import tagsniff.cli.progress as progress\n"
            "add_file = progress._Progress.add_file\n"
            "def add_slowly(self, path):\n"
            "    add_file(self, path)\n"
            "    time.sleep(0.02)\n"
            "progress._Progress.add_file = add_slowly\n"
            "from tagsniff.cli import main\n"
            "sys.exit(main(['inventory', 'in', '-o', 'out']))\n"
        )
        environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        environment |= {"TERM": "xterm-256color", "COLUMNS": "200"} | ({"NO_COLOR": no_color} if no_color else {})
        master, slave = os.openpty()
        process = subprocess.Popen([sys.executable, "-c", program], stderr=slave, env=environment)
        os.close(slave)
        shown = b""
        try:
            while piece := os.read(master, 65536):
                shown += piece
        except OSError:
            # Linux reports EIO if the other end is closed.
            pass
        os.close(master)
        assert process.wait() == 0
        assert re.search(rb"[0-9]+ of 55 files  [0-9]+ %  [0-9]+ files/s  0:0[0-9], 0:0[0-9] left  in", shown)
        assert re.findall(rb"\x1b\[[0-9;]*m", shown) == []


def test_a_list_of_many_paths_is_compared_with_no_target_that_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("list").write_text("in/b.dcm\n" * 1000)

    def refuse(*_paths: object) -> bool:
        raise AssertionError("compared")

    monkeypatch.setattr("os.path.samefile", refuse)
    assert main(["inventory", "--files-from", "list", "-o", "out", "--exclusions", "left"]) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", READERS)
def test_nothing_was_left_out_is_not_said_without_the_list(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The list was asked for and could not be written: nobody can check the claim."""
    arguments = [command, "in", *READERS[command], "--exclusions"]
    assert main([*arguments, "left"]) == 0
    assert "nothing was left out" in capsys.readouterr().err
    assert main([*arguments, "/dev/full"]) == 3
    err = capsys.readouterr().err
    assert "cannot write /dev/full: No space left on device" in err
    assert "nothing was left out" not in err
    Path("in/void").write_bytes(b"")
    assert main([*arguments, "/dev/full"]) == 3
    err = capsys.readouterr().err
    assert "1 path was left out or read in part; the list of them could not be written" in err
    assert "--exclusions FILE" not in err

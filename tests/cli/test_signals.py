"""Signals that come where Python forgets the exception of their handler, and resources of the system that run out.

For: the exit status, the message, and what is left of the outputs.
Never: signals at other places; those are in test_cli.py.
Standard: none; the CPython data model, ``object.__del__``, and ``sys.unraisablehook``.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, part10
from tagsniff.cli import main
from tagsniff.cli.progress import show_progress
from tagsniff.scanning import saved
from tagsniff.scanning.workers import WorkerPool
from tagsniff.source.walk import Batch
from tagsniff.writers import inventory

FILES = 3
# A finder of modules that sends a signal to this process when a module is imported, below a destructor: Python prints
# the exception of the handler, and goes on.
LOSES = """\
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
class Dying:
    def __del__(self):
        os.kill(os.getpid(), {number})
        for _ in range(100):
            pass
class Finder:
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            sys.meta_path.remove(self)
            Dying()
sys.meta_path.insert(0, Finder())
from tagsniff.cli import main
main(["--version"])
assert {module!r} not in sys.modules
sys.argv[1:] = {arguments!r}
sys.exit(main())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a new folder with small files in ``in``."""
    monkeypatch.chdir(tmp_path)
    os.mkdir("in")
    for number in range(FILES):
        data = part10(EXPLICIT.element(0x00100010, "PN", b"NAME%04d" % number), EXPLICIT_LITTLE_UID).data
        Path("in", f"{number}").write_bytes(data)
    return tmp_path


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
class TestLostSignals:
    @pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
    @pytest.mark.parametrize(
        ("module", "command"),
        [
            # Before the files are read, when the threads are made, before the tables are sorted, when the report is
            # made, and when the output is written.
            ("tagsniff.api", "before"),
            ("concurrent.futures", "before"),
            ("tagsniff.scanning.order", "before"),
            ("tagsniff.report.values", "before"),
            ("tagsniff.writers.values", "before"),
            ("concurrent.futures", "find"),
            ("concurrent.futures", "table"),
            ("tagsniff.profile.shipped", "profile"),
        ],
    )
    def test_a_signal_during_an_import_ends_the_run(self, folder: Path, name: str, module: str, command: str) -> None:
        number = int(getattr(signal, name))
        more = {"before": ["in"], "find": ["in", "--element", "PatientName"], "table": ["in", "-t", "PatientName"]}
        arguments = [command, *more.get(command, ["list"])]
        program = LOSES.format(number=number, module=module, arguments=arguments)
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert done.returncode == 128 + number, done.stderr
        assert "tagsniff: interrupted" in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr

    def test_the_signal_is_lost_without_a_note(self, folder: Path) -> None:
        """The test can fail: the same program with a handler that only raises runs to its end."""
        program = LOSES.format(number=int(signal.SIGTERM), module="concurrent.futures", arguments=["before", "in"])
        program = program.replace(
            "from tagsniff.cli import main\n",
            "from tagsniff.scanning import interruption\ninterruption.note = lambda: None\n"
            "from tagsniff.cli import main\n",
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert done.returncode == 0

    def test_an_import_that_fails_because_of_a_signal(self, folder: Path) -> None:
        program = LOSES.format(number=int(signal.SIGTERM), module="tagsniff.api", arguments=["before", "in"])
        program = program.replace("            Dying()\n", "            Dying()\n            raise ImportError(name)\n")
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (128 + signal.SIGTERM, "tagsniff: interrupted\n")


LACKS = {
    MemoryError("NAME"): "memory ran out",
    ImportError(f"libx.so: {os.strerror(errno.ENOMEM)}"): "memory ran out",
    OSError(errno.ENOMEM, "no"): "the system refuses what the run needs (no)",
    OSError(errno.EMFILE, "too many"): "the system refuses what the run needs (too many)",
}


@pytest.mark.usefixtures("folder")
class TestLacks:
    @pytest.mark.parametrize("error", list(LACKS), ids=lambda error: type(error).__name__)
    @pytest.mark.parametrize("place", ["tagsniff.api.scan", "tagsniff.writers.inventory.write_text"])
    def test_a_lack_is_no_mistake_of_the_program(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception, place: str
    ) -> None:
        def fail(*_arguments: object, **_more: object) -> None:
            raise error

        if place.startswith("tagsniff.writers"):
            monkeypatch.setitem(inventory.FORMATS, "text", fail)
        else:
            monkeypatch.setattr(place, fail)
        assert main(["inventory", "in"]) == 3
        err = capsys.readouterr().err
        message = LACKS[error]
        if isinstance(error, OSError) and place.startswith("tagsniff.writers"):
            assert err.startswith(f"tagsniff: error: cannot write standard output: {error.strerror}\n")
        else:
            assert err == f"tagsniff: error: {message}; the run ended, and no other output is written\n"

    @pytest.mark.skipif(sys.platform != "linux", reason="a limit on addresses")
    def test_a_saved_scan_that_is_larger_than_the_memory(self, folder: Path) -> None:
        length = 4 << 30
        head = saved._HEAD.pack(saved._MAGIC, saved._VERSION, length)
        Path("scan").write_bytes(head + bytes(32))
        os.truncate("scan", len(head) + 32 + length)
        program = (
            "import resource, sys\n"
            "resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
            "from tagsniff.cli import main\n"
            "sys.exit(main(['report', 'scan', '-o', 'out']))\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert done.stderr == "tagsniff: error: memory ran out; the run ended, and no other output is written\n"
        assert done.returncode == 3
        assert not Path("out").exists()

    @pytest.mark.parametrize("command", [["inventory"], ["before"], ["find", "--element", "PatientName"]])
    def test_no_thread_can_be_started(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        command: list[str],
    ) -> None:
        refuse_threads(monkeypatch, after=0)
        assert main([*command, "in"]) == 3
        message = "the system refuses what the run needs (no thread can be started)"
        assert capsys.readouterr().err == f"tagsniff: error: {message}; the run ended, and no other output is written\n"

    def test_fewer_threads_than_asked_for_do_the_work(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The first thread is busy until the walk has ended, so others are asked for."""
        is_walked = threading.Event()

        def walk() -> Iterator[Batch]:
            for number in range(5):
                yield Batch(b"in/", [b"%d" % number])
            is_walked.set()

        def read(_tool: object, batch: Batch, _stop: object) -> bytes:
            is_walked.wait()
            return batch.names[0]

        refused = refuse_threads(monkeypatch, after=1)
        with WorkerPool(object, read, 4) as pool:
            assert [done[1] for done in pool.run(walk()) if isinstance(done, tuple)] == [b"%d" % n for n in range(5)]
        assert len(refused) >= 3

    def test_a_display_without_a_thread_is_not_shown(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        terminal = Terminal()
        monkeypatch.setattr("sys.stderr", terminal)
        refuse_threads(monkeypatch, after=0)
        with show_progress() as callbacks:
            assert callbacks == (None, None)
        # The cursor is not left hidden.
        assert terminal.getvalue().rfind("\x1b[?25h") >= terminal.getvalue().rfind("\x1b[?25l")


def refuse_threads(monkeypatch: pytest.MonkeyPatch, after: int) -> list[str]:
    """Let the system start this number of threads, and no other; return the names of those that are refused."""
    start = threading.Thread.start
    started: list[str] = []
    refused: list[str] = []

    def start_or_refuse(thread: threading.Thread) -> None:
        if len(started) >= after:
            refused.append(thread.name)
            raise RuntimeError("can't start new thread")
        started.append(thread.name)
        start(thread)

    monkeypatch.setattr("threading.Thread.start", start_or_refuse)
    return refused


@pytest.mark.skipif(os.name != "posix", reason="descriptors of POSIX")
@pytest.mark.parametrize(
    "arguments",
    [
        "profile list",
        "profile show basic",
        "profile check basic",
        "profile explain PatientID",
        "inventory in",
        "find in --element PatientID",
    ],
)
def test_a_closed_standard_output(folder: Path, arguments: str) -> None:
    command = f"{sys.executable} -m tagsniff {arguments} >&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("tagsniff: error: standard output is closed")
    assert len(done.stderr.splitlines()) == 1

"""Numbers in place of paths in every output of every command. Only the key maps them back to paths.

For: `tagsniff.report.redaction`, and ``--redact-paths``.
Never: a marker that is absent from an output without ``--redact-paths``.
"""

from __future__ import annotations

import csv
import itertools
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10
from tagsniff.cli import main
from tagsniff.cli.progress import show_progress
from tagsniff.report.redaction import redact_scan
from tagsniff.report.values import build_value_report
from tagsniff.scanning.saved import read_scan
from tagsniff.status import Omission, Status
from value_scans import Row, Use, make_scan, sample_scan, text

MARKER = "MARKPATH"
IMAGE = part10(
    join([EXPLICIT.element(0x00080060, "CS", b"MR"), EXPLICIT.element(0x00100010, "PN", b"Doe^Jane")]),
    EXPLICIT_LITTLE_UID,
).data
SCANS = ("inventory", "before", "final", "collisions", "table")
ASKED = {"table": ["-t", "PatientName", "-t", "Modality"]}
FORMATS = {
    "inventory": "json",
    "before": "jsonl",
    "final": "csv",
    "collisions": "json",
    "report": "json",
    "table": "csv",
}


class TestTables:
    def test_only_paths_change(self) -> None:
        tables = sample_scan()
        redacted, numbers = redact_scan(tables)
        one, two = build_value_report(tables), build_value_report(redacted)
        assert len(one.rows) == len(two.rows)
        for before, after in zip(one.rows, two.rows, strict=True):
            assert after.example == numbers[os.fsencode(before.example)]
            assert before._replace(example="") == after._replace(example="")
        assert {(o.path, o.status, o.offset, o.tag) for o in two.omissions.paths} == {
            (numbers[os.fsencode(o.path)], o.status, o.offset, o.tag) for o in one.omissions.paths
        }

    def test_every_path_has_one_number(self) -> None:
        tables = sample_scan()
        redacted, numbers = redact_scan(tables)
        paths = {*tables.paths, *(os.fsencode(omission.path) for omission in tables.omissions)}
        assert set(numbers) == paths
        assert sorted(map(int, numbers.values())) == list(range(1, len(paths) + 1))
        assert len(set(map(len, numbers.values()))) == 1
        assert list(redacted.paths) == sorted(redacted.paths)
        assert all(path.isdigit() for path in redacted.paths)

    def test_a_path_that_is_an_example_and_a_fault_has_one_number(self) -> None:
        row = Row(text(b"A"), example=b"in/a")
        omission = Omission("in/a", Status.TRUNCATED_VALUE, 9, 0x00100010)
        redacted, numbers = redact_scan(make_scan([Use([(0x00100010, -1)], "PN", [row])], omissions=(omission,)))
        assert numbers == {b"in/a": "1"}
        assert list(redacted.paths) == [b"1"]
        assert redacted.omissions[0].path == "1"

    def test_numbers_do_not_reveal_the_order_of_names(self) -> None:
        """Numbers are not in the order of the names, nor in the order of names with one more letter."""
        names = [f"in/{number:04}".encode() for number in range(200)]
        _, numbers = redact_scan(_scan_of(names))
        order = [int(numbers[name]) for name in names]
        assert sorted(order) == list(range(1, 201))
        rising = sum(one < two for one, two in itertools.pairwise(order))
        assert 60 < rising < 140

    def test_the_same_paths_have_the_same_numbers(self) -> None:
        names = [f"in/{number}".encode() for number in range(30)]
        assert redact_scan(_scan_of(names))[1] == redact_scan(_scan_of(names[::-1]))[1]

    def test_numbers_have_as_many_digits_as_needed(self) -> None:
        _, numbers = redact_scan(_scan_of([f"in/{number}".encode() for number in range(10)]))
        assert {len(number) for number in numbers.values()} == {2}

    def test_no_paths(self) -> None:
        assert redact_scan(make_scan([]))[1] == {}


def _scan_of(names: list[bytes]) -> object:
    rows = [Row(text(name), example=name) for name in names]
    return make_scan([Use([(0x00100010, -1)], "PN", rows)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder of files that are read, not read, and read in part. No output may show their names."""
    monkeypatch.chdir(tmp_path)
    inside = tmp_path / MARKER / f"{MARKER}^Jane"
    inside.mkdir(parents=True)
    for name, data in {"a": IMAGE, "b": IMAGE, "cut": IMAGE[:-3], "none": b"no DICOM file " * 30, "void": b""}.items():
        (inside / f"{MARKER}{name}").write_bytes(data)
    if sys.platform == "linux":
        Path(os.fsdecode(os.fsencode(inside) + b"/\xff\n=" + MARKER.encode())).write_bytes(b"")
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command; return everything that it wrote to files or to the terminal, except the key."""

    def run_command(command: str, *flags: str) -> str:
        if command == "report":
            assert main(["before", MARKER, "--save", "scan", "--keep-partial", "-o", "x", "--force"]) == 3
            Path("x").unlink()
        before = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
        capsys.readouterr()
        source = "scan" if command == "report" else MARKER
        exclusions = ["--exclusions", "left.csv"]
        assert (
            main(
                [command, source, *ASKED.get(command, []), "--format", FORMATS[command], *exclusions, "--force", *flags]
            )
            == 3
        )
        out, err = capsys.readouterr()
        files = [path for path in Path().iterdir() if path.is_file() and path.name != "key.csv"]
        texts = [path.read_bytes() for path in files if before.get(path) != path.read_bytes()]
        return out + err + "".join(text.decode("utf-8", "replace") for text in texts)

    return run_command


def read_rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


@pytest.mark.parametrize("command", [*SCANS, "report"])
def test_no_path_in_any_output(run: Callable[..., str], command: str) -> None:
    saved = ["--save", "again"] if command in ("before", "final") else []
    partial = ["--keep-partial"] if command in ("before", "final", "collisions", "table") else []
    assert MARKER in run(command, *saved, *partial)
    assert MARKER not in run(command, *saved, *partial, "--redact-paths", "key.csv")
    assert MARKER in Path("key.csv").read_text("utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(os.stat("key.csv").st_mode) == 0o600


@pytest.mark.parametrize("command", [*SCANS, "report"])
def test_the_key_restores_the_list_of_omissions(run: Callable[..., str], command: str) -> None:
    """With the key, the list of omissions becomes the list that is written without redaction."""
    run(command)
    plain = read_rows("left.csv")
    run(command, "--redact-paths", "key.csv")
    key = {row["number"]: row["path"] for row in read_rows("key.csv")}
    restored = [{**row, "path": key[row["path"]]} for row in read_rows("left.csv")]
    assert sorted(restored, key=lambda row: row["path"]) == sorted(plain, key=lambda row: row["path"])
    assert len(plain) >= 3


def test_the_key_restores_the_examples(run: Callable[..., str]) -> None:
    run("before", "-o", "plain.jsonl")
    run("before", "-o", "redacted.jsonl", "--redact-paths", "key.csv")
    key = {row["number"]: row["path"] for row in read_rows("key.csv")}
    plain, redacted = (
        [json.loads(line) for line in Path(name).read_text("utf-8").splitlines()]
        for name in ("plain.jsonl", "redacted.jsonl")
    )
    assert [{**row, "example": key[row["example"]]} for row in redacted[1:-1]] == plain[1:-1]
    assert (redacted[0], redacted[-1]) == (plain[0], plain[-1])


def test_the_same_files_give_the_same_bytes(run: Callable[..., str]) -> None:
    inside = f"{MARKER}/{MARKER}^Jane"
    for name, order in (("one", 1), ("two", -1)):
        paths = sorted(f"{inside}/{entry}" for entry in os.listdir(inside))[::order]
        outputs = ["-o", f"{name}.json", "--exclusions", f"{name}.csv", "--redact-paths", f"{name}.key"]
        assert main(["before", *paths, "--format", "json", *outputs, "--save", f"{name}.scan"]) == 3
    for ending in ("json", "csv", "key", "scan"):
        assert Path(f"one.{ending}").read_bytes() == Path(f"two.{ending}").read_bytes(), ending


@pytest.mark.usefixtures("folder")
def test_a_saved_scan_has_numbers_and_reports_of_it_need_no_key() -> None:
    assert main(["before", MARKER, "--save", "scan", "--redact-paths", "key.csv", "-o", "x"]) == 3
    assert MARKER.encode() not in Path("scan").read_bytes()
    tables = read_scan("scan")
    assert all(path.isdigit() for path in tables.paths)
    assert main(["report", "scan", "--format", "json", "-o", "out"]) == 3
    assert MARKER not in Path("out").read_text("utf-8")


@pytest.mark.usefixtures("folder")
def test_the_key_is_written_before_the_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk becomes full during the run, no output remains that needs a key that does not exist."""
    written: list[str] = []
    from tagsniff.output import atomic_file

    write_whole, write_whole_bytes = atomic_file.write_whole, atomic_file.write_whole_bytes
    monkeypatch.setattr(
        atomic_file, "write_whole", lambda path, *a, **k: (written.append(path), write_whole(path, *a, **k))
    )
    monkeypatch.setattr(
        atomic_file, "write_whole_bytes", lambda path, *a, **k: (written.append(path), write_whole_bytes(path, *a, **k))
    )
    arguments = ["-o", "out", "--exclusions", "left.csv", "--redact-paths", "key.csv"]
    assert main(["before", MARKER, *arguments, "--save", "scan"]) == 3
    assert written[0] == "key.csv"
    assert sorted(written) == ["key.csv", "left.csv", "out", "scan"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", SCANS)
def test_an_existing_key_is_not_replaced(command: str) -> None:
    """It may be the only key of another report."""
    Path("key.csv").write_text("of another report")
    assert main([command, MARKER, *ASKED.get(command, []), "--redact-paths", "key.csv"]) == 2
    assert Path("key.csv").read_text() == "of another report"


def test_the_display_shows_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    class Terminal:
        """A standard error that claims to be a terminal."""

        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

        def write(self, words: str) -> int:
            shown.append(words)
            return len(words)

        def flush(self) -> None:
            pass

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    for shows_folder in (True, False):
        shown.clear()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", Terminal())
            with show_progress(shows_folder=shows_folder) as callbacks:
                assert callbacks.on_file is not None
                callbacks.on_file(f"{MARKER}/a")
                _wait_for("files/s", shown)
        assert "1 file " in "".join(shown)
        assert (MARKER in "".join(shown)) is shows_folder


def _wait_for(words: str, shown: list[str]) -> None:
    """Wait until the display was drawn after the last file: some quarters of a second."""
    import time

    drawn = "".join(shown).count(words)
    for _ in range(400):
        if "".join(shown).count(words) > drawn + 1:
            return
        time.sleep(0.02)
    raise AssertionError("the display is not drawn")


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
@pytest.mark.parametrize("command", [*SCANS, "report"])
@pytest.mark.usefixtures("folder")
def test_no_path_on_a_terminal(command: str) -> None:
    """A complete run as a person sees it, with the progress display, which is drawn four times a second."""
    if command == "report":
        assert main(["before", MARKER, "--save", "scan", "-o", "x"]) == 3
    program = (
        "import sys, time\n"
        "import tagsniff.cli.progress as progress\n"
        "add_file = progress._Progress.add_file\n"
        "def add_slowly(self, path):\n"
        "    add_file(self, path)\n"
        "    time.sleep(0.3)\n"
        "progress._Progress.add_file = add_slowly\n"
        "from tagsniff.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    source = "scan" if command == "report" else MARKER
    arguments = [command, source, "--format", FORMATS[command], "--exclusions", "left.csv", "--force"]
    if command == "table":  # rows on the terminal leave no room for a display
        arguments += [*ASKED[command], "-o", "out"]
    for flags in ([], ["--redact-paths", "key.csv"]):
        shown = _show_on_terminal([sys.executable, "-c", program, *arguments, *flags])
        assert (b"files/s" in shown) is (command != "report")
        assert (MARKER.encode() in shown) is not bool(flags)
    assert MARKER in Path("key.csv").read_text("utf-8")


def _show_on_terminal(command: list[str]) -> bytes:
    master, slave = os.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "200"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(command, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    pieces = []
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            # Linux reports EIO if the other end is closed.
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(master)
    assert process.wait() == 3
    return b"".join(pieces)

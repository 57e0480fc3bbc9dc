"""The command on small files whose tags and counts are known by hand; outputs, messages and exit statuses."""

from __future__ import annotations

import argparse
import csv
import errno
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10, uid_value
from tagsniff.cli import commands, main
from tagsniff.cli.destination import BINARY_FORMATS, HTML
from tagsniff.cli.flags import FORMATS
from tagsniff.source.walk import Batch
from tagsniff.writers import collisions, inventory, journal, occurrences, series, table, values

MARKER = b"MARKED^VALUE"
CREATOR = b"ACME HEADER"
FIRST_SERIES, SECOND_SERIES = "1.2.3.1", "1.2.3.2"

REFERENCES, REFERENCE = 0x00081140, 0x00081155
NAME, SERIES = 0x00100010, 0x0020000E

EXPECTED_TAGS = """\
(0002,0000)
(0002,0001)
(0002,0010)
(0008,1140)
(0008,1155)
(0009,0010)
(0009,0011)
(0009,0080)
(0009,1001)
(0009,1101)
(0009,8001)
(0010,0010)
(0019,1002)
(0020,000e)
(0021,0010)
(0021,1003)
"""

# files, series, occurrences, VRs, blocks
EXPECTED_ROWS = {
    "(0002,0000)": (4, 3, 4, "UL", ""),
    "(0002,0001)": (4, 3, 4, "OB", ""),
    "(0002,0010)": (4, 3, 4, "UI", ""),
    "(0008,1140)": (2, 2, 2, "SQ", ""),
    "(0008,1140)[<0>](0008,1155)": (2, 2, 3, "UI", ""),
    "(0008,1140)[<0>](0009,0010)": (1, 1, 1, "LO", ""),
    '(0008,1140)[<0>](0009,"ACME HEADER",01)': (1, 1, 1, "SH", "10"),
    "(0009,0010)": (1, 1, 1, "LO", ""),
    "(0009,0011)": (1, 1, 1, "LO", ""),
    "(0009,0080)": (1, 1, 1, "LO", ""),
    '(0009,"ACME HEADER",01)': (2, 1, 3, "LO/SH", "10/11/80"),
    "(0010,0010)": (3, 2, 3, "PN", ""),
    "(0019,<none:10>,02)": (1, 1, 1, "LO", "10"),
    "(0020,000e)": (3, 2, 3, "UI", ""),
    "(0021,0010)": (1, 1, 1, "LO", ""),
    "(0021,<empty:10>,03)": (1, 1, 1, "LO", "10"),
}


def _file(*elements: Part) -> bytes:
    return part10(join(elements), EXPLICIT_LITTLE_UID).data


def _references(*items: Part) -> Part:
    return EXPLICIT.sequence(REFERENCES, *items)


def _reference() -> Part:
    return EXPLICIT.element(REFERENCE, "UI", uid_value("1.2.3.4"))


def _series(uid: str) -> Part:
    return EXPLICIT.element(SERIES, "UI", uid_value(uid))


NAMED = EXPLICIT.element(NAME, "PN", MARKER)

FILES = {
    "first/a.dcm": _file(
        _references(EXPLICIT.item(_reference()), EXPLICIT.item(_reference())),
        EXPLICIT.element(0x00090010, "LO", CREATOR + b" "),
        EXPLICIT.element(0x00090011, "LO", CREATOR + b"\0"),
        EXPLICIT.element(0x00091001, "LO", MARKER),
        EXPLICIT.element(0x00091101, "SH", MARKER),
        NAMED,
        _series(FIRST_SERIES),
    ),
    "first/b": _file(
        EXPLICIT.element(0x00090080, "LO", b" " + CREATOR),
        EXPLICIT.element(0x00098001, "LO", MARKER),
        NAMED,
        EXPLICIT.element(0x00191002, "LO", MARKER),
        _series(FIRST_SERIES),
        EXPLICIT.element(0x00210010, "LO", b"  "),
        EXPLICIT.element(0x00211003, "LO", MARKER),
    ),
    "second/c.txt": _file(
        _references(
            EXPLICIT.item(
                _reference(),
                EXPLICIT.element(0x00090010, "LO", CREATOR + b" "),
                EXPLICIT.element(0x00091001, "SH", MARKER),
            )
        ),
        _series(SECOND_SERIES),
    ),
    "d": _file(NAMED),
}

BROKEN = FILES["d"][:-1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a new folder with the collection in ``in``."""
    for name, data in FILES.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _read_rows(path: str | Path) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def _split_heading(out: str) -> tuple[str, list[str]]:
    """Return the last line that begins with ``#``, and the lines after it."""
    lines = out.splitlines()
    last = max(number for number, line in enumerate(lines) if line.startswith("#"))
    return lines[last], lines[last + 1 :]


class TestInventory:
    def test_by_default_each_tag_is_listed_once(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["inventory", "in"]) == 0
        out, err = capsys.readouterr()
        assert out == EXPECTED_TAGS
        assert err.startswith("4 files read, 3 series, 1 patient, 16 tags\n")
        assert err.endswith("nothing was left out\n")
        assert _list_names() == ["in"], "no file is written that was not asked for"

    def test_by_creator_counts_files_series_and_occurrences(self, folder: Path) -> None:
        assert main(["inventory", "in", "--by-creator", "--format", "csv", "-o", "out.csv"]) == 0
        first, *rows = _read_rows("out.csv")
        assert first["kind"] == "run"
        assert {
            row["identity"]: (int(row["files"]), int(row["series"]), int(row["occurrences"]), row["vrs"], row["blocks"])
            for row in rows
        } == EXPECTED_ROWS
        assert len(rows) == len(EXPECTED_ROWS)
        assert {row["identity"]: row["name"] for row in rows if row["name"]} == {
            "(0002,0000)": "FileMetaInformationGroupLength",
            "(0002,0001)": "FileMetaInformationVersion",
            "(0002,0010)": "TransferSyntaxUID",
            "(0008,1140)": "ReferencedImageSequence",
            "(0008,1140)[<0>](0008,1155)": "ReferencedSOPInstanceUID",
            "(0010,0010)": "PatientName",
            "(0020,000e)": "SeriesInstanceUID",
        }

    def test_all_formats_have_the_same_content(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        tags = EXPECTED_TAGS.split()
        assert main(["inventory", "in", "--format", "csv"]) == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert [row["tag"] for row in rows if row["kind"] == "tag"] == tags
        assert main(["inventory", "in", "--format", "jsonl"]) == 0
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [row["tag"] for row in lines if row["kind"] == "tag"] == tags
        assert main(["inventory", "in", "--format", "json", "--force"]) == 0
        body = json.loads(capsys.readouterr().out)
        assert body["elements"] == tags
        assert body["totals"]["files"] == 4
        assert main(["inventory", "in", "--format", "json", "--by-creator", "--force"]) == 0
        assert {row["identity"] for row in json.loads(capsys.readouterr().out)["identities"]} == set(EXPECTED_ROWS)
        assert main(["inventory", "in", "--by-creator", "--force"]) == 0
        heading, lines = _split_heading(capsys.readouterr().out)
        columns = "# files series patients occurrences VR blocks row name identity"
        assert heading.split() == columns.split()
        assert {
            line.split(maxsplit=8)[8]: (
                *(int(line.split()[column]) for column in (0, 1, 3)),
                line.split()[4],
                line.split()[5].strip("-"),
            )
            for line in lines
        } == EXPECTED_ROWS

    def test_order_of_paths_does_not_change_the_report(self, folder: Path) -> None:
        paths = [str(Path("in", name)) for name in FILES]
        for by in ([], ["--by-creator"]):
            for format_name in ("text", "csv", "json", "jsonl", "parquet"):
                arguments = ["inventory", *by, "--format", format_name, "--force"]
                assert main([*arguments, "-o", "one", *paths]) == 0
                assert main([*arguments, "-o", "two", *reversed(paths)]) == 0
                assert Path("one").read_bytes() == Path("two").read_bytes()

    def test_no_value_is_shown_and_creators_only_by_creator(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        # A file cut at each of its bytes produces every kind of fault that such a file can have.
        data = FILES["first/a.dcm"]
        for length in range(len(data)):
            Path("in", f"cut{length:04}").write_bytes(data[:length])
        for by in ([], ["--by-creator"]):
            for format_name in ("text", "csv", "json"):
                listed = ["--exclusions", "exclusions.csv", "--force"]
                assert main(["inventory", "in", *by, "--format", format_name, *listed]) == 3
                out, err = capsys.readouterr()
                exclusions = Path("exclusions.csv").read_text()
                assert "(0010,0010)" in out
                for text in (out, err, exclusions):
                    assert MARKER.decode() not in text
                assert (CREATOR.decode() in out) is bool(by)
                for text in (err, exclusions):
                    assert CREATOR.decode() not in text


class TestExclusions:
    def test_omissions_are_listed_and_counted(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        Path("in/notes.txt").write_bytes(b"a text that is no DICOM file, with some length " * 10)
        Path("in/void").write_bytes(b"")
        Path("in/z,broken").write_bytes(BROKEN)
        assert main(["inventory", "in", "nowhere", str(Path("in/d")), "--exclusions", "left,out.csv"]) == 3
        out, err = capsys.readouterr()
        assert out == "# INCOMPLETE: 2 paths could not be read, or not to the end\n" + EXPECTED_TAGS
        rows = _read_rows("left,out.csv")
        assert [(row["path"], row["kind"], row["reason"], row["tag"]) for row in rows] == [
            (str(Path("in/d")), "exclusion", "VISITED_BEFORE", ""),
            (str(Path("in/notes.txt")), "exclusion", "NOT_DICOM", ""),
            (str(Path("in/void")), "exclusion", "EMPTY_FILE", ""),
            (str(Path("in/z,broken")), "fault", "TRUNCATED_VALUE", "(0010,0010)"),
            ("nowhere", "fault", "NO_SUCH_PATH", ""),
        ]
        assert [bool(row["offset_bytes"]) for row in rows] == [False, False, False, True, False]
        assert "4 files read, 3 series, 1 patient, 16 tags\n" in err
        for line in ("1  VISITED_BEFORE: ", "1  NOT_DICOM: ", "1  EMPTY_FILE: ", "1  TRUNCATED_VALUE: "):
            assert f"  {line}" in err
        assert "  1  TRUNCATED_VALUE: the file ends inside a value field\n       in/z,broken\n" in err
        assert err.endswith("5 paths were left out or read in part; all are listed in left,out.csv\n")

    def test_exclusions_alone_change_no_exit_status(self, folder: Path) -> None:
        Path("in/notes.txt").write_bytes(b"a text that is no DICOM file, with some length " * 10)
        assert main(["inventory", "in", "--exclusions", "left.csv"]) == 0
        assert [row["reason"] for row in _read_rows("left.csv")] == ["NOT_DICOM"]

    def test_the_summary_has_the_first_paths_of_each_reason(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for number in range(5):
            Path(f"in/{number}").write_bytes(b"")
        assert main(["inventory", "in/0", "in/1", "in/2", "in/3", "in/4", "in/d"]) == 0
        assert capsys.readouterr().err.endswith(
            "exclusions (paths):\n"
            "  5  EMPTY_FILE: the file has no bytes\n"
            "       in/0\n"
            "       in/1\n"
            "       in/2\n"
            "       ... and 2 more\n"
            "5 paths were left out or read in part; --exclusions FILE lists them all\n"
        )
        assert _list_names() == ["in"]

    def test_the_list_on_standard_output(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        Path("in/void").write_bytes(b"")
        assert main(["inventory", "in", "-o", "out", "--exclusions", "-"]) == 0
        assert capsys.readouterr().out.splitlines()[1] == "in/void,exclusion,EMPTY_FILE,,,the file has no bytes"
        assert _list_names() == ["in", "out"]
        assert main(["inventory", "in", "--exclusions", "-"]) == 2
        message = "the output and the exclusions cannot both go to standard output"
        assert capsys.readouterr().err == f"tagsniff: error: {message}\n"

    @pytest.mark.parametrize("command", ["inventory", "before", "final", "collisions", "find", "table"])
    def test_no_file_read_is_no_success(self, folder: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Whether there is nothing, or nothing that is DICOM; the summary says which endings there were."""
        asked = {"find": ["--element", "PatientID"], "table": ["-t", "PatientID"]}.get(command, [])
        os.mkdir("other")
        assert main([command, "other", *asked]) == 3
        assert "no file was read; there was none\n" in capsys.readouterr().err
        for name in ("a.txt", "b.TXT", "c", "d.x.png"):
            Path("other", name).write_bytes(b"a text that is no DICOM file, with some length " * 10)
        assert main([command, "other", *asked]) == 3
        out, err = capsys.readouterr()
        assert "no file was read; left out: 2 .txt, 1 without an ending, 1 .png\n" in err
        assert "no file was read" in out
        assert main([command, "other", *asked, "--redact-paths", "key"]) == 3
        assert "no file was read\n" in capsys.readouterr().err

    def test_an_existing_list_is_refused_without_force(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        Path("exclusions.csv").write_text("stale")
        listed = ["--exclusions", "exclusions.csv"]
        assert main(["inventory", "in", *listed]) == 2
        message = "the exclusions: exclusions.csv is there already; name another file, or give --force"
        assert capsys.readouterr().err == f"tagsniff: error: {message}\n"
        assert Path("exclusions.csv").read_text() == "stale"
        assert main(["inventory", "in", *listed, "--force"]) == 0
        assert _read_rows("exclusions.csv") == []

    def test_file_that_cannot_be_opened_is_a_fault_with_its_reason(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tagsniff.scanning.run.walk_batches", lambda *_: iter([Batch(b"in/", [b"gone", b"d"])]))
        assert main(["inventory", "in", "-o", "out", "--exclusions", "left"]) == 3
        (row,) = _read_rows("left")
        assert (row["path"], row["kind"], row["reason"]) == ("in/gone", "fault", "CANNOT_OPEN")
        assert row["text"] == f"the file could not be opened: {os.strerror(errno.ENOENT)}"
        assert "(0010,0010)" in Path("out").read_text()

    @pytest.mark.skipif(sys.platform != "linux", reason="names with any bytes")
    def test_names_that_do_not_decode_or_control_the_terminal(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name in (b"\xff", b"\x1b[31m", b"=1+1"):
            Path(os.fsdecode(b"in/" + name)).write_bytes(b"")
        os.mkdir("=dir")
        Path("=dir/void").write_bytes(b"")
        assert main(["inventory", "in", "=dir", "--exclusions", "left"]) == 0
        paths = [row["path"] for row in _read_rows("left")]
        assert paths == ["'=dir/void", "in/\\x1b[31m", "in/=1+1", "in/\\xff"]
        assert "\x1b" not in capsys.readouterr().err


class TestFilesWithoutPathReader:
    def test_file_objects_give_the_same_report(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        Path("in/z,broken").write_bytes(BROKEN)
        arguments = ["inventory", "in", "--by-creator", "--format", "json", "--force"]
        assert main([*arguments, "-o", "paths"]) == 3
        monkeypatch.setattr("tagsniff._core.HAS_PATH_READER", False)
        assert main([*arguments, "-o", "objects"]) == 3
        assert Path("paths").read_bytes() == Path("objects").read_bytes()

    def test_a_file_that_cannot_be_opened_is_a_fault(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tagsniff._core.HAS_PATH_READER", False)
        monkeypatch.setattr("tagsniff.scanning.run.walk_batches", lambda *_: iter([Batch(b"in/", [b"gone"])]))
        assert main(["inventory", "in", "-o", "out", "--exclusions", "left"]) == 3
        (row,) = _read_rows("left")
        assert (row["reason"], row["text"].rpartition(": ")[2]) == ("CANNOT_OPEN", os.strerror(errno.ENOENT))


class TestMisuse:
    @pytest.fixture
    def unread(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(paths: Iterable[str], _names: object = None) -> None:
            raise AssertionError("misuse is told before anything is read")

        monkeypatch.setattr("tagsniff.scanning.run.walk_batches", refuse)

    @pytest.mark.usefixtures("unread")
    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["inventory"],
            ["unknown"],
            ["inventory", "in", "--format", "xml"],
            ["inventory", "in", "--unknown"],
            ["inventory", "in", "--by"],
            ["inventory", "in", "-o", "missing/out"],
            ["inventory", "in", "-o", "in"],
            ["inventory", "in", "-o", "in/d/below"],
            ["inventory", "in", "-o", ""],
            ["inventory", "in", "--exclusions", "missing/out"],
            ["inventory", "in", "--exclusions", "in"],
            ["inventory", "in", "--format", "text,csv"],
            ["inventory", "in", "--format", "text,"],
            ["table", "in", "-t", "PatientID", "-o", "table.json"],
            ["inventory", "in", "-o", "-", "--exclusions", "-"],
            ["inventory", "in", "-o", "x", "--exclusions", "-", "--deviations", "-"],
            ["inventory", "in", "-o", "out", "--exclusions", "./out"],
            ["inventory", "in/d", "-o", "./in/d"],
            ["inventory", "in/d", "--exclusions", "in/d"],
        ],
    )
    def test_status_2_and_a_message_before_any_file_is_read(
        self, folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
    ) -> None:
        assert main(arguments) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "error: " in err
        assert _list_names() == ["in"]
        assert Path("in/d").read_bytes() == FILES["d"]

    @pytest.mark.usefixtures("unread")
    def test_messages_do_not_control_the_terminal(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["inventory", "in", "-o", "\x1b[31m/out"]) == 2
        assert main(["inventory", "in", "--\x1b[31m"]) == 2
        assert "\x1b" not in capsys.readouterr().err

    @pytest.mark.usefixtures("unread")
    @pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root can write everywhere")
    def test_a_folder_that_is_not_writable(self, folder: Path) -> None:
        (folder / "closed").mkdir(mode=0o500)
        assert main(["inventory", "in", "-o", "closed/out"]) == 2

    @pytest.mark.usefixtures("unread")
    def test_a_refused_temporary_file_is_misuse(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def refuse(_path: str) -> int:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr("tagsniff.output.atomic_file._make", refuse)
        assert main(["inventory", "in", "--exclusions", "left"]) == 2
        assert capsys.readouterr().err == "tagsniff: error: cannot write left: Permission denied\n"


class TestFlags:
    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--version"]) == 0
        assert capsys.readouterr().out == f"tagsniff {tagsniff.__version__}\n"

    def test_help_names_every_flag(self, capsys: pytest.CaptureFixture[str]) -> None:
        for command in commands.COMMANDS:
            assert main([*command.name.split(), "--help"]) == 0
            out = capsys.readouterr().out
            for flag in commands.FLAGS:
                if command.name in flag.commands:
                    assert flag.options["help"].split(" (")[0].split()[-1] in out
                    assert all(name in out or not name.startswith("-") for name in flag.names)

    def test_formats_are_those_of_the_writers(self) -> None:
        of_values = ("before", "final", "report")
        formats = {
            "inventory": inventory,
            "collisions": collisions,
            "find": occurrences,
            "table": table,
            "series": series,
            "decide log": journal,
            **dict.fromkeys(of_values, values),
        }
        named = {name: (*writer.FORMATS, *writer.BINARY_FORMATS) for name, writer in formats.items()}
        for name in of_values:
            named[name] += (HTML,)
        assert named == FORMATS
        assert {one for writer in formats.values() for one in writer.BINARY_FORMATS} == BINARY_FORMATS
        flags = [flag for flag in commands.FLAGS if "--format" in flag.names]
        for flag in flags:
            for command in flag.commands:
                assert flag.options["type"](",".join(FORMATS[command])) == [*FORMATS[command]]
                with pytest.raises(argparse.ArgumentTypeError, match="pdf"):
                    flag.options["type"]("pdf")
        assert sorted(name for flag in flags for name in flag.commands) == sorted(FORMATS)

    def test_a_flag_that_takes_one_value_refuses_a_second(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Of every command: else the first value would be forgotten in silence."""
        values = {"--max-values": "7", "--workers": "2", "--port": "8", "--format": "jsonl"}
        refused = set()
        for flag in commands.FLAGS:
            if not flag.names[0].startswith("-") or "action" in flag.options:
                continue
            value = values.get(flag.names[0]) or next(iter(flag.options.get("choices", ["x"])))
            for command in flag.commands:
                # Both names of a flag are one flag.
                given = [*command.split(), flag.names[0], value, flag.names[-1], value]
                assert main(given) == 2
                assert "/".join(flag.names) + ": given twice, and takes one value\n" in capsys.readouterr().err
                refused.add((command, flag.names[0]))
        assert {("before", "--uid-root"), ("find", "--value"), ("table", "-o")} <= refused
        assert _list_names() == ["in"]

    def test_every_flag_belongs_to_a_command(self) -> None:
        names = {command.name for command in commands.COMMANDS}
        assert all(flag.commands and flag.commands <= names for flag in commands.FLAGS)


@pytest.mark.skipif(os.name != "posix", reason="signals and devices of POSIX")
class TestProcess:
    """Behaviour that only a separate process shows."""

    def test_outputs_can_be_devices(self, folder: Path) -> None:
        done = _run("inventory", "in", "-o", "/dev/null", "--exclusions", "/dev/null")
        assert (done.returncode, done.stdout) == (0, b"")
        assert not os.path.isfile("/dev/null")
        assert _list_names() == ["in"]

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
    @pytest.mark.parametrize("to_device", [["-o", "/dev/full"], []])
    def test_a_full_disk_is_reported(self, folder: Path, to_device: list[str]) -> None:
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "tagsniff", "inventory", "in", *to_device],
                stdout=subprocess.PIPE if to_device else full,
                stderr=subprocess.PIPE,
                check=False,
            )
        assert done.returncode == 3
        assert os.strerror(errno.ENOSPC).encode() in done.stderr
        assert b"Traceback" not in done.stderr

    def test_a_reader_that_goes_away_ends_the_command_quietly(self, folder: Path) -> None:
        # Unbuffered output: argparse itself fails at the closed pipe and prints no message.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        read_end, write_end = os.pipe()
        os.close(read_end)
        for arguments in (["inventory", "in", "--exclusions", "left"], ["--help"], ["--version"]):
            done = subprocess.run(
                [sys.executable, "-m", "tagsniff", *arguments],
                stdout=write_end,
                stderr=subprocess.PIPE,
                env=environment,
                check=False,
            )
            assert (done.returncode, done.stderr) == (141, b"")
        os.close(write_end)
        assert _read_rows("left") == [], "the list of omissions was written first"

    def test_closed_standard_streams(self, folder: Path) -> None:
        command = f"{sys.executable} -m tagsniff inventory in --force"
        for redirection, status in ((">&-", 2), ("2>&-", 0), ("-o out >&- 2>&-", 0)):
            done = subprocess.run(["sh", "-c", f"{command} {redirection}"], capture_output=True, check=False)
            assert done.returncode == status
            assert b"Traceback" not in done.stdout + done.stderr
            if redirection == "2>&-":
                assert done.stdout.decode() == EXPECTED_TAGS

    def test_a_dash_is_standard_output(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["inventory", "in", "-o", "-"]) == 0
        assert capsys.readouterr().out == EXPECTED_TAGS
        assert _list_names() == ["in"]

    def test_creators_are_shown_on_a_terminal_of_another_encoding(self, folder: Path) -> None:
        Path("in/x").write_bytes(
            _file(EXPLICIT.element(0x00090010, "LO", b"\xc4CME"), EXPLICIT.element(0x00091001, "LO", MARKER))
        )
        environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
        done = _run("inventory", "in", "--by-creator", environment=environment)
        assert done.returncode == 0
        assert '(0009,"\u00c4CME",01)\n'.encode() in done.stdout

    def test_an_interrupt_while_a_folder_is_listed(self, folder: Path) -> None:
        os.mkdir("wait")
        # The listing of the second folder waits until the interrupt has arrived; the first folder has been read.
        program = (
            "import os, sys, threading, time\n"
            "from tagsniff.scanning import workers\n"
            "is_read, read = threading.Event(), workers.WorkerPool._read\n"
            "def read_and_say(self, task):\n"
            "    result = read(self, task)\n"
            "    is_read.set()\n"
            "    return result\n"
            "workers.WorkerPool._read = read_and_say\n"
            "from tagsniff.source import walk\n"
            "list_folder = walk.list_folder\n"
            "def wait(path, known_inodes):\n"
            "    if path != b'wait':\n"
            "        return list_folder(path, known_inodes)\n"
            "    is_read.wait()\n"
            "    print('waiting', flush=True)\n"
            "    time.sleep(60)\n"
            "walk.list_folder = wait\n"
            "from tagsniff.cli import main\n"
            "sys.exit(main(['inventory', 'in', 'wait', '-o', 'out', '--exclusions', 'left']))\n"
        )
        errors = self._interrupt(program)
        assert errors.endswith("tagsniff: interrupted; what was read until then is in the report\n")
        assert "Traceback" not in errors
        assert _list_names() == ["in", "left", "out", "wait"]
        missing, _, tags = Path("out").read_text().partition("\n")
        assert missing.startswith("# INCOMPLETE: the run was interrupted; ")
        assert tags == EXPECTED_TAGS
        assert [(row["path"], row["reason"]) for row in _read_rows("left")] == [
            ("in", "INTERRUPTED"),
            ("wait", "INTERRUPTED"),
        ]

    def test_an_interrupt_while_files_are_read(self, folder: Path) -> None:
        """The waiting batches are dropped, and the threads end."""
        # Each query of a profile takes some time; the core makes many.
        program = (
            "import sys, time\n"
            "from tagsniff.scanning.profile_answers import Answers\n"
            "decide = Answers.decide\n"
            "def wait(self, *question):\n"
            "    print('waiting', flush=True)\n"
            "    time.sleep(0.2)\n"
            "    return decide(self, *question)\n"
            "Answers.decide = wait\n"
            "from tagsniff.cli import main\n"
            "sys.exit(main(['before', 'in', '--workers', '1', '-o', 'out', '--save', 'scan']))\n"
        )
        errors = self._interrupt(program)
        assert errors.endswith("tagsniff: interrupted; what was read until then is in the report\n")
        assert _list_names() == ["in", "out", "scan", "tagsniff.key"]
        assert main(["report", "scan"]) == 3

    @pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
    def test_other_signals_that_end_a_program(self, folder: Path, name: str) -> None:
        """Signals from a batch system or a closed terminal: the report of what was read, and its exit status."""
        number = getattr(signal, name)
        program = (
            "import sys, time\n"
            "from tagsniff.scanning.profile_answers import Answers\n"
            "decide = Answers.decide\n"
            "def wait(self, *question):\n"
            "    print('waiting', flush=True)\n"
            "    time.sleep(0.2)\n"
            "    return decide(self, *question)\n"
            "Answers.decide = wait\n"
            "from tagsniff.cli import main\n"
            "sys.exit(main(['before', 'in', '--workers', '1', '-o', 'out', '--save', 'scan',"
            "'--exclusions', 'left']))\n"
        )
        errors = self._interrupt(program, number)
        assert errors.endswith("tagsniff: interrupted; what was read until then is in the report\n")
        assert _list_names() == ["in", "left", "out", "scan", "tagsniff.key"]
        assert [row["reason"] for row in _read_rows("left")] == ["INTERRUPTED"]

    @pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
    @pytest.mark.parametrize("flag", ["-o", "--save"])
    def test_an_interrupt_while_an_output_is_written(self, folder: Path, flag: str, name: str) -> None:
        """The output is not left half written, no other file remains, and an existing file is kept."""
        Path("out").write_text("before")
        program = (
            "import os, sys, time\n"
            "fsync = os.fsync\n"
            "def wait(descriptor):\n"
            "    if os.fstat(descriptor).st_size > 100:\n"
            "        print('waiting', flush=True)\n"
            "        time.sleep(60)\n"
            "    fsync(descriptor)\n"
            "os.fsync = wait\n"
            "from tagsniff.cli import main\n"
            f"sys.exit(main(['final', 'in', {flag!r}, 'out', '--exclusions', 'left', '--force']))\n"
        )
        errors = self._interrupt(program, getattr(signal, name))
        assert errors == "tagsniff: interrupted\n"
        # The key is complete before the files are read.
        assert set(_list_names()) <= {"in", "left", "out", "tagsniff.key"}
        assert Path("out").read_text() == "before"

    def test_ignored_signals_stay_ignored(self, folder: Path) -> None:
        """As under nohup."""
        program = (
            "import os, signal, sys\n"
            "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
            "from tagsniff.scanning import run\n"
            "walk = run.walk_batches\n"
            "def hang_up(paths, names):\n"
            "    os.kill(os.getpid(), signal.SIGHUP)\n"
            "    return walk(paths, names)\n"
            "run.walk_batches = hang_up\n"
            "from tagsniff.cli import main\n"
            "status = main(['inventory', 'in'])\n"
            "assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN\n"
            "assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL\n"
            "sys.exit(status)\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, EXPECTED_TAGS)

    def test_main_can_run_in_another_thread(self, folder: Path) -> None:
        """Signal handlers can be set only in the main thread."""
        statuses: list[int] = []
        thread = threading.Thread(target=lambda: statuses.append(main(["inventory", "in", "-o", "out"])))
        thread.start()
        thread.join()
        assert statuses == [0]

    @pytest.mark.parametrize("command", ["inventory", "before", "final", "collisions"])
    def test_messages_that_cannot_be_written_change_nothing(self, folder: Path, command: str) -> None:
        """Standard error is a full disk, or a pipe whose reader went away."""
        read_end, write_end = os.pipe()
        os.close(read_end)
        descriptors = [write_end]
        if os.path.exists("/dev/full"):
            descriptors.append(os.open("/dev/full", os.O_WRONLY))
        for number, descriptor in enumerate(descriptors):
            arguments = [command, "in", "-o", f"out{number}", "--exclusions", f"left{number}"]
            done = subprocess.run([sys.executable, "-m", "tagsniff", *arguments], stderr=descriptor, check=False)
            os.close(descriptor)
            assert done.returncode == 0
            assert {f"out{number}", f"left{number}"} <= set(_list_names())

    @pytest.mark.parametrize("form", ["text", "csv", "json", "jsonl"])
    def test_a_reader_that_goes_away_in_the_middle_of_the_output(self, folder: Path, form: str) -> None:
        """The output is many times as long as a pipe's buffer."""
        values = [b"%08d" % number for number in range(50_000)]
        elements = [
            EXPLICIT.element(0x00081030, "LO", b"\\".join(values[i : i + 5000])) for i in range(0, 50_000, 5000)
        ]
        items = EXPLICIT.sequence(0x00400275, *map(EXPLICIT.item, elements))
        Path("in/big").write_bytes(_file(items))
        arguments = ["final", "in", "--format", form, "--save", "scan"]
        with subprocess.Popen(
            [sys.executable, "-m", "tagsniff", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert len(process.stdout.read(1000)) == 1000
            process.stdout.close()
            errors = process.stderr.read()
        assert process.returncode == 141
        assert errors == b""
        assert _list_names() == ["in", "scan", "tagsniff.key"]

    @staticmethod
    def _interrupt(program: str, number: int = signal.SIGINT) -> str:
        """Interrupt a program when it writes a line; check its exit status and return its messages."""
        # A shell starts background programs with one of these signals ignored, and nohup with the other.
        restored = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        program = f"{restored}signal.signal(signal.SIGHUP, signal.SIG_DFL)\n{program}"
        with subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline() == "waiting\n"
            process.send_signal(number)
            _, errors = process.communicate()
        assert process.returncode == 128 + number
        return errors

    def test_slow_modules_wait_until_a_run_needs_them(self) -> None:
        program = (
            "import sys\n"
            "import tagsniff\n"
            "from tagsniff.cli import main\n"
            "main(['--version'])\n"
            "print(*sorted({'numpy', 'rich', 'json', 'csv', 'tempfile', 'tagsniff._core'} & set(sys.modules)))\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout == f"tagsniff {tagsniff.__version__}\n\n"


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
class TestProgress:
    def test_no_progress_without_a_terminal(self, folder: Path) -> None:
        program = (
            "import sys\n"
            "from tagsniff.cli import main\n"
            "main(['inventory', 'in', '-o', 'out'])\n"
            "print('rich' in sys.modules)\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout == "False\n"
        assert "files/s" not in done.stderr

    def test_progress_is_shown_on_a_terminal_without_values(self, folder: Path) -> None:
        master, slave = os.openpty()
        environment = os.environ | {"TERM": "xterm", "COLUMNS": "200"}
        environment.pop("NO_COLOR", None)
        process = subprocess.Popen(
            [sys.executable, "-m", "tagsniff", "inventory", "in"],
            stdout=subprocess.DEVNULL,
            stderr=slave,
            env=environment,
        )
        os.close(slave)
        shown = _read_to_end(master)
        assert process.wait() == 0
        assert b"files/s" in shown
        assert b"4 files read" in shown
        assert MARKER not in shown
        assert CREATOR not in shown

    def test_a_terminal_that_goes_away_ends_nothing(self, folder: Path) -> None:
        """The display is lost with the window; the report is not."""
        for number in range(20):
            Path(f"in/more{number}").write_bytes(Path("in/d").read_bytes())
        program = (
            "import sys, time\n"
            "import tagsniff.cli.progress as progress\n"
            "add_file = progress._Progress.add_file\n"
            "def add_slowly(self, path):\n"
            "    add_file(self, path)\n"
            "    time.sleep(0.1)\n"
            "progress._Progress.add_file = add_slowly\n"
            "from tagsniff.cli import main\n"
            "sys.exit(main(['inventory', 'in', '-o', 'out']))\n"
        )
        master, slave = os.openpty()
        environment = os.environ | {"TERM": "xterm"}
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=slave, env=environment
        )
        os.close(slave)
        # The display is shown, and is redrawn four times a second.
        assert os.read(master, 100)
        os.close(master)
        with process:
            assert process.stdout is not None
            assert process.stdout.read() == b""
        assert process.returncode == 0
        assert Path("out").read_text() == EXPECTED_TAGS


def _list_names() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def _run(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "tagsniff", *arguments], capture_output=True, env=environment, check=False
    )


def _read_to_end(terminal: int) -> bytes:
    pieces = []
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            # Linux reports EIO if the other end is closed.
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(terminal)
    return b"".join(pieces)

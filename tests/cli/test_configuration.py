"""The file tagsniff.toml: where it is found, what each key does, what goes before it, and every mistake in it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10, uid_value
from tagsniff.cli import configuration, main
from tagsniff.cli.configuration import KEYS
from tagsniff.cli.flags import FLAGS

Run = Callable[..., tuple[int, str, str]]


def write_file(path: Path) -> None:
    elements = [
        EXPLICIT.element(0x00080018, "UI", uid_value("1.2.3.4")),
        EXPLICIT.element(0x00080060, "CS", b"CT"),
        EXPLICIT.element(0x00100010, "PN", b"HIDDEN^A"),
        EXPLICIT.element(0x00100020, "LO", b"ID"),
    ]
    path.write_bytes(part10(join(elements), EXPLICIT_LITTLE_UID).data)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "work" / "deep" / "in").mkdir(parents=True)
    write_file(tmp_path / "work" / "deep" / "in" / "a")
    for name, code in (("k.csv", "K"), ("c.csv", "C"), ("x.csv", "X")):
        (tmp_path / "work" / name).write_text(
            f"element,code,scope,who\nPatientName,{code},element,A\n", encoding="utf-8"
        )
    monkeypatch.chdir(tmp_path / "work" / "deep")
    return tmp_path / "work"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run_command


def code_of(out: str, element: str) -> str:
    rows = csv.DictReader(io.StringIO(out, newline=""))
    return next(row["code"] for row in rows if row["element"] == element)


BEFORE = ("before", "in", "--format", "csv")


def test_the_nearest_file_above_the_working_folder_is_used(folder: Path, run: Run) -> None:
    assert code_of(run(*BEFORE)[1], "(0010,0010)") == "Z"
    (folder.parent / "tagsniff.toml").write_text('decisions = ["work/x.csv"]\n', encoding="utf-8")
    status, out, err = run(*BEFORE)
    assert (status, code_of(out, "(0010,0010)")) == (0, "X")
    assert err.endswith(f"configuration: {folder.parent / 'tagsniff.toml'}\n")
    (folder / "tagsniff.toml").write_text('decisions = ["k.csv"]\n', encoding="utf-8")
    _, out, err = run(*BEFORE)
    assert code_of(out, "(0010,0010)") == "K"
    assert f"configuration: {folder / 'tagsniff.toml'}\n" in err
    assert os.path.join("..", "k.csv") + ":2" in out, "as the working folder names it"
    _, out, err = run(*BEFORE, "--no-config")
    assert (code_of(out, "(0010,0010)"), "configuration" in err) == ("Z", False)
    _, out, err = run(*BEFORE, "--config", str(folder.parent / "tagsniff.toml"))
    assert code_of(out, "(0010,0010)") == "X"


def test_layers_of_the_file_are_below_those_of_the_command_line(folder: Path, run: Run) -> None:
    Path("tagsniff.toml").write_text('decisions = ["../k.csv", "../x.csv"]\n', encoding="utf-8")
    assert code_of(run(*BEFORE)[1], "(0010,0010)") == "X"
    for flag in ("--decisions", "--confidentiality", "--modality-software"):
        assert code_of(run(*BEFORE, flag, "../c.csv")[1], "(0010,0010)") == "C"


def test_layers_of_a_command_are_above_those_of_all_commands(folder: Path, run: Run) -> None:
    text = 'decisions = ["../k.csv"]\n[before]\nconfidentiality = "../c.csv"\n[final]\ndecisions = ["../x.csv"]\n'
    Path("tagsniff.toml").write_text(text, encoding="utf-8")
    assert code_of(run(*BEFORE)[1], "(0010,0010)") == "C"
    assert code_of(run("final", "in", "--format", "csv")[1], "(0010,0010)") == "X"
    assert "code       K" in run("profile", "explain", "PatientName")[1]
    assert "code       X" in run("profile", "explain", "PatientName", "--decisions", "../x.csv")[1]


def test_later_flags_are_above_earlier_ones(folder: Path, run: Run) -> None:
    flags = {"--decisions": "../k.csv", "--confidentiality": "../c.csv", "--modality-software": "../x.csv"}
    codes = {"../k.csv": "K", "../c.csv": "C", "../x.csv": "X"}
    for last in flags:
        order = [*(flag for flag in flags if flag != last), last]
        arguments = [word for flag in order for word in (flag, flags[flag])]
        assert code_of(run(*BEFORE, *arguments)[1], "(0010,0010)") == codes[flags[last]]
    assert code_of(run(*BEFORE, "--decisions", "../x.csv", "--decisions", "../k.csv")[1], "(0010,0010)") == "K"


def test_options_uid_root_and_numbers(folder: Path, run: Run) -> None:
    text = 'options = ["retain-uids"]\nworkers = 2\n[final]\nuid_root = "1.2.3"\nmax_values = 1\n'
    Path("tagsniff.toml").write_text(text, encoding="utf-8")
    assert code_of(run(*BEFORE)[1], "(0008,0018)") == "K"
    assert run("find", "in", "--element", "PatientID")[0] == 0
    _, out, _ = run("final", "in", "--format", "json")
    report = json.loads(out)
    assert (report["uid_root"], report["max_values"]) == ("1.2.3", 1)
    _, out, _ = run("final", "in", "--format", "json", "--uid-root", "1.9", "--max-values", "7")
    report = json.loads(out)
    assert (report["uid_root"], report["max_values"]) == ("1.9", 7)


def test_without_shipped_profiles(folder: Path, run: Run) -> None:
    Path("tagsniff.toml").write_text('without_shipped = true\ndecisions = ["../x.csv"]\n', encoding="utf-8")
    out = run(*BEFORE)[1]
    assert (code_of(out, "(0010,0010)"), code_of(out, "(0010,0020)")) == ("X", "R")
    Path("tagsniff.toml").write_text("without_shipped = true\n[before]\nwithout_shipped = false\n", encoding="utf-8")
    assert code_of(run(*BEFORE)[1], "(0010,0010)") == "Z"
    status, out, err = run("final", "in")
    assert (status, out) == (2, "")
    assert "--without-shipped leaves no profile; name one" in err


def test_a_name_of_a_shipped_profile_is_no_path_and_a_file_of_that_name_is_one(folder: Path, run: Run) -> None:
    Path("tagsniff.toml").write_text('confidentiality = ["physical"]\ndecisions = ["basic"]\n', encoding="utf-8")
    Path("basic").write_text("element,code,scope,who\nPatientName,K,element,A\n", encoding="utf-8")
    out = run("profile", "explain", "PatientName")[1]
    assert "layer 1    ./basic: K by ./basic:2" in out
    assert "layer 2    shipped: physical" in out


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("\nuid_rot = 'x'\n", ["tagsniff.toml:2: uid_rot is neither a key (decisions, confidentiality, "]),
        ("[befor]\nworkers = 1\n", ["tagsniff.toml:1: befor is neither a key"]),
        ("before = 1\n", ["tagsniff.toml:1: before is the name of a command, and that of a table: [before]"]),
        (
            "\n[find]\nworkers = 1\n\noptions = []\n",
            ["tagsniff.toml:5: options is no key of [find], which has workers"],
        ),
        ("uid_root = '1.2.'\n", ["tagsniff.toml:1: uid_root is a UID as text, without the dot behind it"]),
        ("uid_root = ''\n", ["tagsniff.toml:1: uid_root is a UID as text"]),
        ("uid_root = 1.2\n", ["tagsniff.toml:1: uid_root is a UID as text"]),
        (
            "options = ['retain']\n",
            ["tagsniff.toml:1: options is a list of options, and 'retain' is none; options are"],
        ),
        ("options = 'retain-uids'\n", ["tagsniff.toml:1: options is a list of options"]),
        ("decisions = 1\n", ["tagsniff.toml:1: decisions is a list of files"]),
        ("decisions = ['a', 1]\n", ["tagsniff.toml:1: decisions is a list of files"]),
        ("workers = true\n", ["tagsniff.toml:1: workers is a number of 1 to 1024"]),
        ("[before]\nmax_values = 0\n", ["tagsniff.toml:2: max_values is a number of 1 to 2147483647"]),
        ("before.max_values = 0\n", ["tagsniff.toml:1: max_values is a number"]),
        ("without_shipped = 'yes'\n", ["tagsniff.toml:1: without_shipped is true or false"]),
        ("a = 1\nb = 2\n", ["tagsniff.toml:1: a is neither", "tagsniff.toml:2: b is neither"]),
        ("workers = 1\nworkers = 2\n", ["tagsniff.toml:2: "]),
        ("workers =\n", ["tagsniff.toml:1: Invalid value"]),
        ("x = '\x1b'\n", ["tagsniff.toml:1: "]),
    ],
)
def test_a_mistake_has_file_line_and_reason_before_a_file_is_opened(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, text: str, mistakes: list[str]
) -> None:
    monkeypatch.setattr("tagsniff.scanning.run.walk_batches", None)
    Path("tagsniff.toml").write_text(text, encoding="utf-8")
    status, out, err = run("before", "in")
    assert (status, out) == (2, "")
    lines = err.splitlines()
    assert len(lines) == len(mistakes)
    for line, mistake in zip(lines, mistakes, strict=True):
        assert line.removeprefix("tagsniff: error: ").removeprefix(os.getcwd() + os.sep).startswith(mistake)
        assert "\x1b" not in line


def test_files_that_cannot_be_used(folder: Path, run: Run) -> None:
    Path("tagsniff.toml").write_bytes(b"# one\n# \xe4\n")
    assert "tagsniff.toml:2: not UTF-8" in run("before", "in")[2]
    Path("tagsniff.toml").write_bytes(b"\xef\xbb\xbfdecisions = ['../x.csv']\r\n")
    assert code_of(run(*BEFORE)[1], "(0010,0010)") == "X"
    assert "cannot read nowhere.toml: No such file or directory" in run("before", "in", "--config", "nowhere.toml")[2]
    assert "cannot be given together" in run("before", "in", "--config", "tagsniff.toml", "--no-config")[2]
    Path("tagsniff.toml").write_text('decisions = ["gone.csv"]\n', encoding="utf-8")
    status, _, err = run("before", "in")
    assert status == 2
    assert "gone.csv: no such file" in err


def test_no_output_replaces_the_file_or_a_layer_of_it(folder: Path, run: Run) -> None:
    Path("tagsniff.toml").write_text('decisions = ["../x.csv"]\n', encoding="utf-8")
    for target in ("tagsniff.toml", "../x.csv"):
        status, _, err = run("before", "in", "-o", target, "--force")
        assert status == 2
        assert "is to be read and cannot be written" in err


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners of files")
def test_a_file_of_another_user_in_a_folder_for_everyone_is_refused(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In /tmp, anyone could say for others what is hidden."""
    Path("tagsniff.toml").write_text('decisions = ["../k.csv"]\n', encoding="utf-8")
    monkeypatch.setattr(configuration.os, "geteuid", lambda: 4321)
    assert run(*BEFORE)[0] == 0
    Path().chmod(0o1777)
    if Path("tagsniff.toml").stat().st_uid == 0:
        os.chown("tagsniff.toml", 1234, -1)
    status, out, err = run(*BEFORE)
    assert (status, out) == (2, "")
    assert "is a file of another user; give --config FILE to use it, or --no-config" in err
    assert run(*BEFORE, "--config", "tagsniff.toml")[0] == 0


def test_keys_are_flags() -> None:
    names = {flag.names[0]: flag.options for flag in FLAGS}
    for name, key in KEYS.items():
        assert key.flag in names, name


def test_tomllib_is_imported_only_for_a_file(folder: Path) -> None:
    program = (
        "import os, sys\nfrom tagsniff.cli import main\n"
        "main(['profile', 'explain', 'PatientName'])\nprint('tomllib' in sys.modules)\n"
    )
    for text, expected in (("", "False"), ("workers = 1\n", "True")):
        if text:
            Path("tagsniff.toml").write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == expected

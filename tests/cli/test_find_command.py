"""``tagsniff find``: its outputs, what it never shows, and its exit statuses.

For: the path from the command line to the outputs.
Never: which elements are found; that is tested with `tagsniff.find`.
Standard: none.
"""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10
from tagsniff.cli import main
from tagsniff.selection import find

HIDDEN = b"HIDDEN^MARKER"
Run = Callable[..., tuple[int, str, str]]


def _file(*elements: Part) -> bytes:
    return part10(join(elements), EXPLICIT_LITTLE_UID).data


def _image(name: bytes = HIDDEN + b" ") -> bytes:
    return _file(
        EXPLICIT.element(0x00080060, "CS", b"CT"),
        EXPLICIT.element(0x00081032, "LO", rb"=one\two"),
        EXPLICIT.element(0x00100010, "PN", name),
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a new folder with two files below in/."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_bytes(_image())
    (tmp_path / "in" / "b").write_bytes(_image(b"OTHER^ONE "))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*arguments: str) -> tuple[int, str, str]:
        status = main(("find", *arguments))
        return (status, *capsys.readouterr())

    return run_command


DESCRIPTION_OFFSET = _image().index(b"\x08\x00\x32\x10LO")
OFFSET = _image().index(b"\x10\x00\x10\x00PN")


def test_a_line_for_each_element(folder: Path, run: Run) -> None:
    status, out, err = run("in", "--element", "PatientName")
    assert status == 0
    assert out == f"in/a\t(0010,0010)\tPN\t{OFFSET}\nin/b\t(0010,0010)\tPN\t{OFFSET}\n"
    assert err == "2 files read, 2 occurrences in 2 of them\nnothing was left out\n"
    assert sorted(os.listdir()) == ["in"]


def test_a_line_for_each_value(folder: Path, run: Run) -> None:
    status, out, _ = run("in", "--element", "(0010,0010)", "--value", HIDDEN.decode())
    assert (status, out) == (0, f"in/a\t(0010,0010)\tPN\t{OFFSET}\t1\n")
    status, out, _ = run("in", "--element", "(0010,0010)", "--regex", "hidden|^(?i:other)", "--show-values", "--force")
    assert (status, out) == (0, f"in/b\t(0010,0010)\tPN\t{OFFSET}\t1\tOTHER^ONE\n")


@pytest.mark.parametrize(
    "asked",
    [["--element", "PatientName", "--element", "0008,1032"], ["--element", "patientname,0008,1032"]],
    ids=["repeated", "with a comma"],
)
def test_any_of_several_elements(folder: Path, run: Run, asked: list[str]) -> None:
    status, out, err = run("in", *asked)
    assert status == 0
    assert out.splitlines() == [
        f"in/{name}\t{element}\t{vr}\t{offset}"
        for name in "ab"
        for element, vr, offset in (("(0008,1032)", "LO", DESCRIPTION_OFFSET), ("(0010,0010)", "PN", OFFSET))
    ]
    assert err.startswith("2 files read, 4 occurrences in 2 of them\n")
    status, out, _ = run("in", *asked, "--value", "two", "--exclusions", "left")
    assert [line.split("\t")[1:] for line in out.splitlines()] == [
        ["(0008,1032)", "LO", str(DESCRIPTION_OFFSET), "2"]
    ] * 2


def test_csv(folder: Path, run: Run) -> None:
    _, out, _ = run("in", "--element", "(0008,1032)", "--format", "csv", "--show-values")
    rows = list(csv.reader(io.StringIO(out)))
    assert rows[0] == ["kind", "path", "element", "vr", "offset_bytes", "component", "value"]
    assert (rows[1][0], rows[1][2]) == ("run", f"tagsniff {tagsniff.__version__}; find; 2026-12-01T00:00:00Z")
    assert [(row[1], row[5], row[6]) for row in rows[2:]] == [
        (path, *cells) for path in ("in/a", "in/b") for cells in (("1", "'=one"), ("2", "two"))
    ]
    _, out, _ = run("in", "--element", "(0008,1032)", "--format", "csv", "--force")
    heading, _, first, *_ = out.splitlines()
    assert heading == "kind,path,element,vr,offset_bytes,component"
    assert first == f'occurrence,in/a,"(0008,1032)",LO,{DESCRIPTION_OFFSET},'


def test_jsonl(folder: Path, run: Run) -> None:
    _, out, _ = run("in", "--element", "(0008,1032)", "--value", "=one", "--format", "jsonl", "--show-values")
    first = {"kind": "occurrence", "path": "in/a", "element": "(0008,1032)", "vr": "LO"}
    first |= {"offset_bytes": DESCRIPTION_OFFSET, "component": 1}
    run_row, *lines = (json.loads(line) for line in out.splitlines())
    assert (run_row["kind"], run_row["mode"]) == ("run", "find")
    assert lines == [
        first | {"value": "=one"},
        first | {"path": "in/b", "value": "=one"},
    ]
    _, out, _ = run("in/a", "--element", "(0008,1032)", "--format", "jsonl", "--force")
    assert json.loads(out.splitlines()[1]) == first | {"component": None}


def test_json(folder: Path, run: Run) -> None:
    _, out, _ = run("in/a", "--element", "(0008,1032)", "--format", "json")
    body = json.loads(out)
    assert (body["output"], body["mode"], body["complete"], body["omissions"]) == ("occurrences", "find", True, [])
    assert body["totals"] == {"files": 1, "occurrences": 1, "files_with_occurrences": 1}
    assert [(one["path"], one["offset_bytes"]) for one in body["occurrences"]] == [("in/a", DESCRIPTION_OFFSET)]


def test_parquet(folder: Path, run: Run) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    status, out, _ = run("in", "--element", "(0008,1032)", "--value", "two", "--show-values", "-o", "found.parquet")
    assert (status, out) == (0, "")
    table = parquet.read_table("found.parquet")
    assert [(row["path"], row["component"], row["value"]) for row in table.to_pylist()] == [
        ("in/a", 2, "two"),
        ("in/b", 2, "two"),
    ]
    assert json.loads(table.schema.metadata[b"tagsniff"])["complete"] is True


@pytest.mark.parametrize("format_name", ["text", "csv", "jsonl", "json"])
@pytest.mark.parametrize("asked", [[], ["--regex", "[H]IDDEN"], ["--value", HIDDEN.decode()]])
def test_no_value_is_shown_unless_requested(folder: Path, run: Run, format_name: str, asked: list[str]) -> None:
    (folder / "in" / "c").write_bytes(_image()[:-1])
    arguments = ["in", "--element", "PatientName", "--format", format_name, "--keep-partial", *asked]
    arguments += ["--exclusions", "exclusions.csv"]
    status, out, err = run(*arguments)
    assert status == 3
    assert "in/a" in out
    assert "HIDDEN" not in out + err + (folder / "exclusions.csv").read_text(encoding="utf-8")
    _, out, err = run(*arguments, "--force", "--show-values")
    assert "HIDDEN" in out
    assert "HIDDEN" not in err + (folder / "exclusions.csv").read_text(encoding="utf-8")


def test_status_1_if_no_element_is_found(folder: Path, run: Run) -> None:
    status, out, err = run("in", "--element", "PatientName", "--value", "HIDDEN")
    assert (status, out) == (1, "")
    assert err == "2 files read, 0 occurrences in 0 of them\nnothing was left out\n"
    assert run("in", "--element", "PatientID", "--format", "csv")[1].count("\n") == 2
    # A file that is not DICOM changes no exit status.
    (folder / "in" / "c").write_bytes(b"plain text, and more than a few bytes of it")
    status, _, err = run("in", "--element", "PatientID", "--force")
    assert status == 1
    assert "1 path was left out or read in part; --exclusions FILE lists them all" in err


@pytest.mark.parametrize("element", ["PatientName", "PatientID"])
def test_status_3_takes_precedence_over_0_and_1(folder: Path, run: Run, element: str) -> None:
    (folder / "in" / "c").write_bytes(_image()[:-1])
    status, out, _ = run("in", "--element", element, "--exclusions", "exclusions.csv")
    assert status == 3
    assert out.startswith("# INCOMPLETE: 1 path could not be read, or not to the end\n")
    assert ("in/a" in out) is (element == "PatientName")
    assert "in/c" not in out
    listed = (folder / "exclusions.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[:3] for line in listed[1:]] == [["in/c", "fault", "TRUNCATED_VALUE"]]


def test_status_3_if_a_path_does_not_exist(folder: Path, run: Run) -> None:
    assert run("in", "gone", "--element", "PatientName")[0] == 3


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        ([], "--element"),
        (["--element", "(0009,1001)"], "a private element is named by its creator"),
        (["--element", "(00xx,0010)"], "names more than one element"),
        (["--element", "NoKeyword"], "NoKeyword is no keyword"),
        (["--element", "\x1b[2J"], "position 0"),
        (["--element", "PatientName", "--value", "HIDDEN", "--regex", "HIDDEN"], "not both"),
        (["--element", "PatientName", "--regex", "(HIDDEN"], "no regular expression: position 0"),
        (["--element", "PatientName", "--regex", "(?P<HIDDEN>a)(?P=HIDDENER)"], "no regular expression"),
        (["--element", "PatientName", "--value", ""], "<empty>"),
        (["--element", "StudyDate", "--value", "<2 dates, 20200101..HIDDEN>"], "represents several"),
        (["--element", "PatientName", "--vr", "\x1b[2J"], "is no VR"),
        (["--element", "PatientName", "--workers", "0"], "--workers"),
        (["--element", "PatientName", "--format", "html"], "--format"),
        (["--element", "PatientName", "--format", "csv,json"], "--format: several formats need --out"),
        (["--element", "PatientName", "--share"], "--share"),
        (["in/a", "--element", "PatientName", "-o", "in/a", "--force"], "in/a is to be read"),
        (["--element", "PatientName", "-o", "same", "--exclusions", "same"], "same file"),
    ],
)
def test_status_2_before_any_file_is_read(folder: Path, run: Run, arguments: list[str], printed: str) -> None:
    before = sorted(os.listdir())
    status, out, err = run("in", *arguments)
    assert (status, out) == (2, "")
    assert printed in err
    assert "HIDDEN" not in err
    assert "\x1b" not in err
    assert sorted(os.listdir()) == before


def test_outputs_are_complete_private_and_replace_nothing(folder: Path, run: Run) -> None:
    arguments = ["in", "--element", "PatientName", "-o", "found", "--exclusions", "left_out"]
    status, out, _ = run(*arguments)
    assert (status, out) == (0, "")
    assert [stat.S_IMODE(Path(name).stat().st_mode) for name in ("found", "left_out")] == [0o600, 0o600]
    content = Path("found").read_bytes()
    assert content.count(b"\n") == 2
    status, _, err = run(*arguments)
    assert status == 2
    assert "found is there already" in err or "left_out is there already" in err
    assert run(*arguments, "--force")[0] == 0
    assert Path("found").read_bytes() == content


def test_no_output_controls_the_terminal(folder: Path, run: Run) -> None:
    (folder / "in" / "x\ty\n\x1b[2J").write_bytes(_image(b"A\x1b[2JB\x07"))
    status, out, _ = run("in", "--element", "PatientName", "--show-values", "--regex", "\x1b")
    assert status == 0
    assert out == f"in/x\\x09y\\x0a\\x1b[2J\t(0010,0010)\tPN\t{OFFSET}\t1\tA\\x1b[2JB\\x07\n"
    for format_name in ("csv", "jsonl"):
        _, out, _ = run("in", "--element", "PatientName", "--show-values", "--format", format_name, "--force")
        assert "\x1b" not in out
        assert "\x07" not in out


def test_redacted_paths(folder: Path, run: Run) -> None:
    (folder / "in" / "c").write_bytes(b"")
    redacted = ["--redact-paths", "key.csv", "--exclusions", "exclusions.csv"]
    status, out, err = run("in", "--element", "PatientName", *redacted)
    assert status == 0
    key = dict(csv.reader(io.StringIO(Path("key.csv").read_text(encoding="utf-8"))))
    assert sorted(key.values()) == ["in/a", "in/b", "in/c", "path"]
    numbers = [line.split("\t")[0] for line in out.splitlines()]
    assert numbers == sorted(numbers)
    assert {key[number] for number in numbers} == {"in/a", "in/b"}
    assert "in/" not in out + err + Path("exclusions.csv").read_text(encoding="utf-8")
    assert stat.S_IMODE(Path("key.csv").stat().st_mode) == 0o600


def test_an_interruption_is_reported(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(found: object) -> None:
        raise KeyboardInterrupt

    def search_and_interrupt(*arguments: object, **others: object) -> tagsniff.Found:
        return search(*arguments, **{**others, "on_file": interrupt})  # type: ignore[arg-type]

    search = find.search
    monkeypatch.setattr(find, "search", search_and_interrupt)
    status, _, err = run("in", "--element", "PatientName", "--exclusions", "exclusions.csv")
    assert status == 130
    assert "interrupted; what was found until then is in the output" in err
    assert ",INTERRUPTED," in Path("exclusions.csv").read_text(encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        tagsniff.find(["in"], "PatientName", on_file=interrupt)


def test_a_value_that_begins_with_a_dash(folder: Path, run: Run) -> None:
    (folder / "in" / "c").write_bytes(_image(b"-x"))
    assert run("in", "--element", "PatientName", "--value=-x")[0] == 0
    assert run("in", "--element", "PatientName", "--value", "'-x", "--force")[0] == 0

"""Sheets of decisions on the command line: from the first scan to a decided collection, and to the next scan.

For: ``before --decisions FILE``, ``elements.csv`` and ``values.csv`` of ``--out``, and what a terminal shows.
Never: the cells of a sheet one by one; tests/curation/test_sheet.py has them.
Standard: PS3.15 Table E.1-1a (codes), edition 2026d.
"""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, join
from sheet_files import BYTES, HIDDEN, KEY, KNOWN, NUMBER, SHEET, TEXT, fill, find, image, read_sheet, values_of
from tagsniff.cli import main
from tagsniff.curation.elements import summarize_elements
from tagsniff.report.element_uses import list_uses
from tagsniff.writers.elements import write_for_person

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a new folder with the files of three patients below in/."""
    (tmp_path / "in").mkdir()
    for number, text in enumerate((b"head first", b"feet first", b"head first"), start=1):
        (tmp_path / "in" / f"{number}").write_bytes(image(number, b"%d" % number, text))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        return (status, *capsys.readouterr())

    return run_command


def scan(run: Run, *arguments: str, sheet: str = SHEET) -> tuple[list[dict[str, str]], str]:
    """Return the rows of a run with the sheet, and what it said."""
    status, out, err = run("before", "in", "--decisions", sheet, "--format", "csv", *arguments)
    assert status == 0, err
    return list(csv.DictReader(io.StringIO(out))), err


def codes_of(rows: Sequence[dict[str, str]], element: str) -> list[tuple[str, ...]]:
    """Return code and counts of the rows of an element that have no value."""
    names = ("code", "files", "series", "patients")
    return [tuple(row[name] for name in names) for row in rows if row["element"] == element and row["kind"] == "code"]


def test_the_maker_of_the_file_suggests_what_it_claims(folder: Path, run: Run) -> None:
    claim = EXPLICIT.item(
        join(
            [
                EXPLICIT.element(0x00080301, "US", b"\x09\0"),
                EXPLICIT.element(0x00080302, "LO", b"ACME HEADER "),
                EXPLICIT.element(0x00080303, "CS", b"SAFE"),
            ]
        )
    )
    made = image(4, b"4", b"head first")
    place = made.index(EXPLICIT.element(0x00090010, "LO", b"ACME HEADER ").data)
    made = made[:place] + EXPLICIT.sequence(0x00080300, claim).data + made[place:]
    (folder / "in" / "4").write_bytes(made)
    scan(run)
    (row,) = find(TEXT)
    assert (row["suggestion"], row["suggested_by"]) == ("K", "(0008,0300)")


def test_what_is_undecided_is_written_with_its_evidence(folder: Path, run: Run) -> None:
    rows, said = scan(run)
    (row,) = find(TEXT)
    assert (row["code"], row["vr"], row["files"], row["series"], row["patients"]) == ("", "LO", "3", "3", "3")
    assert row["distinct"] == "2"
    assert row["examples"] == "head first | feet first"
    assert f"{len(read_sheet())} rows to decide in {SHEET}" in said
    assert set(values_of(rows, TEXT)) == {"head first", "feet first"}


def test_what_a_code_hides_is_in_none_of_the_files(folder: Path, run: Run) -> None:
    scan(run)
    assert find("(0010,0010)") == []
    for path in (SHEET, KNOWN, KEY):
        assert HIDDEN not in Path(path).read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_the_files_are_for_their_owner_alone(folder: Path, run: Run) -> None:
    scan(run)
    assert {stat.S_IMODE(os.stat(path).st_mode) for path in (SHEET, KNOWN, KEY)} == {0o600}


def test_without_examples_there_is_no_value_in_the_sheet(folder: Path, run: Run) -> None:
    scan(run, "--no-examples")
    text = Path(SHEET).read_text("utf-8")
    assert "head first" not in text
    assert "1.5" not in text
    assert find(TEXT)[0]["shapes"] != ""


@pytest.mark.parametrize("code", ["K", "C", "k"])
def test_a_decision_on_text_holds_for_the_values_that_were_seen(folder: Path, run: Run, code: str) -> None:
    scan(run)
    fill(TEXT, code=code, who="AB", when="2026-11-30")
    rows, _ = scan(run)
    assert values_of(rows, TEXT) == {}
    assert codes_of(rows, TEXT) == [(code.upper(), "3", "3", "3")]
    Path("in/4").write_bytes(image(4, b"4", b"Roe Richard"))
    rows, _ = scan(run)
    assert values_of(rows, TEXT) == {"Roe Richard": "NEW_SINCE_DECISION"}
    new, old = find(TEXT)
    assert (new["code"], new["examples"], new["flags"]) == ("", "Roe Richard", "NEW_SINCE_DECISION")
    assert (old["code"].upper(), old["who"]) == (code.upper(), "AB")
    fill(TEXT, code=code, who="CD", when="2026-12-01")
    rows, _ = scan(run)
    assert values_of(rows, TEXT) == {}
    (row,) = find(TEXT)
    assert (row["who"], row["when"], len(row["seen"].split())) == ("CD; AB", "2026-12-01", 2)


def test_a_new_value_is_not_known_because_the_sheet_was_written_again(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All runs have the same date, as several in one second have.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    scan(run)
    fill(TEXT, code="K")
    Path("in/4").write_bytes(image(4, b"4", b"Roe Richard"))
    for _ in range(3):
        rows, _ = scan(run)
        assert values_of(rows, TEXT) == {"Roe Richard": "NEW_SINCE_DECISION"}
        assert len(find(TEXT)) == 2


def test_with_the_scope_element_new_values_are_hidden_too(folder: Path, run: Run) -> None:
    scan(run)
    fill(TEXT, code="K", scope="element")
    Path("in/4").write_bytes(image(4, b"4", b"Roe Richard"))
    rows, _ = scan(run)
    assert values_of(rows, TEXT) == {}


def test_on_numbers_a_decision_holds_for_the_element_but_not_for_what_is_no_number(folder: Path, run: Run) -> None:
    scan(run)
    fill(NUMBER, code="K")
    Path("in/4").write_bytes(image(4, b"4", b"head first", numbers=b"2.5"))
    Path("in/5").write_bytes(image(5, b"5", b"head first", numbers=b"Roe"))
    rows, _ = scan(run)
    assert values_of(rows, NUMBER) == {"Roe": "NOT_A_NUMBER"}


def test_on_numbers_a_decision_may_hold_for_the_values(folder: Path, run: Run) -> None:
    scan(run)
    fill(NUMBER, code="K", scope="values")
    Path("in/4").write_bytes(image(4, b"4", b"head first", numbers=b"20250312"))
    rows, _ = scan(run)
    assert "NEW_SINCE_DECISION" in values_of(rows, NUMBER)["20250312"]


def test_text_in_bytes_that_were_kept_shows_when_it_is_new(folder: Path, run: Run) -> None:
    scan(run)
    fill(BYTES, code="K")
    Path("in/4").write_bytes(image(4, b"4", b"head first", data=b"\1\2\0Roe^Richard\0\4"))
    rows, _ = scan(run)
    assert "NEW_SINCE_DECISION" in values_of(rows, f"{BYTES}/text")["Roe^Richard"]


@pytest.mark.parametrize("code", ["X", "Z", "D", "U"])
def test_a_decisive_code_needs_no_values(folder: Path, run: Run, code: str) -> None:
    scan(run)
    fill(TEXT, code=code)
    Path("in/4").write_bytes(image(4, b"4", b"Roe Richard"))
    rows, _ = scan(run)
    assert (values_of(rows, TEXT), codes_of(rows, TEXT)) == ({}, [(code, "4", "4", "4")])
    assert "Roe Richard" not in Path(SHEET).read_text("utf-8")


def test_with_another_key_nothing_is_known(folder: Path, run: Run) -> None:
    scan(run)
    fill(TEXT, code="K")
    rows, _ = scan(run, "--key", "other.key")
    assert set(values_of(rows, TEXT).values()) == {"NEW_SINCE_DECISION"}


def test_a_row_that_was_written_by_hand_holds_for_no_value_on_text(folder: Path, run: Run) -> None:
    Path(SHEET).write_text(f'element,vr,code,scope\n"{TEXT.replace(chr(34), chr(34) * 2)}",LO,K,\n', "utf-8")
    rows, _ = scan(run)
    assert set(values_of(rows, TEXT).values()) == {"NEW_SINCE_DECISION"}


def test_a_row_that_met_nothing_is_said_and_marked(folder: Path, run: Run) -> None:
    scan(run)
    fill(TEXT, code="K")
    for path in Path("in").iterdir():
        path.write_bytes(path.read_bytes().replace(b"ACME HEADER ", b"OTHER HEADER"))
    _, said = scan(run)
    assert "met nothing" in said
    assert find(TEXT)[0]["flags"].split()[0] == "MET_NOTHING"


def test_a_profile_of_another_form_is_a_layer_and_is_not_written(folder: Path, run: Run) -> None:
    profile = "element,vr,code,collapse,note\nModality,CS,X,,\n"
    Path("mine.csv").write_text(profile, "utf-8")
    rows, said = scan(run, sheet="mine.csv")
    assert codes_of(rows, "(0008,0060)") == [("X", "3", "3", "3")]
    assert Path("mine.csv").read_text("utf-8") == profile
    assert "it is not written" in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("element,vr,code,scope\nModality,CS,Q,\n", "line 2"),
        ("element,vr,code,scope\nModality,CS,K,sometimes\n", "scope"),
        ("no sheet at all", "element"),
    ],
)
def test_a_wrong_sheet_is_said_before_any_file_is_opened(folder: Path, run: Run, text: str, message: str) -> None:
    Path(SHEET).write_text(text, "utf-8")
    status, out, err = run("before", "in", "--decisions", SHEET)
    assert (status, out) == (2, "")
    assert message in err.replace(f"{SHEET}:2", "line 2")
    assert Path(SHEET).read_text("utf-8") == text


def test_a_sheet_cannot_be_written_over_an_image(folder: Path, run: Run) -> None:
    before = Path("in/1").read_bytes()
    status, _, _ = run("before", "in", "--decisions", "in/1")
    assert status == 2
    assert Path("in/1").read_bytes() == before


def test_a_folder_of_outputs_has_the_elements_and_the_values(folder: Path, run: Run) -> None:
    status, _, err = run("before", "in", "--out", "out")
    assert status == 0, err
    with open("out/elements.csv", encoding="utf-8", newline="") as stream:
        elements = {(row["element"], row["vr"]): row for row in csv.DictReader(stream)}
    assert elements[TEXT, "LO"]["kind"] == "element"
    assert elements[TEXT, "LO"]["patients"] == "3"
    assert elements["(0010,0010)", "PN"]["kind"] == "nothing to read"
    with open("out/values.csv", encoding="utf-8", newline="") as stream:
        assert set(values_of(list(csv.DictReader(stream)), TEXT)) == {"head first", "feet first"}


@pytest.mark.usefixtures("folder")
def test_a_terminal_shows_the_elements_that_need_a_person() -> None:
    made = tagsniff.scan(["in"], mode="before")
    report = made.report()
    stream = io.StringIO()
    write_for_person(report, summarize_elements(made.tables, report, list_uses(made.tables)), stream)
    text = stream.getvalue()
    assert text.splitlines()[0].endswith("need no look")
    assert "head first | feet first" in text
    assert HIDDEN.decode() not in text

"""``tagsniff decide``: two reviewers, a scan that a sheet is held against, sheets as profile files, and the journal.

For: the command line; the rules of merging are in tests/curation/test_sheet_merge.py.
Never: a report row by row, other than to compare two of them.
Standard: PS3.15 Table E.1-1a (codes), edition 2026d.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10
from sheet_files import BYTES, CODE, KEY, KNOWN, NUMBER, SHEET, TEXT, fill, find, image, read_sheet
from tagsniff.cli import main

Run = Callable[..., tuple[int, str, str]]
JOURNAL = "decisions.jsonl"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command in a new folder with the files of three patients, a scan and a sheet."""
    (tmp_path / "in").mkdir()
    for number, text in enumerate((b"head first", b"feet first", b"head first"), start=1):
        (tmp_path / "in" / f"{number}").write_bytes(image(number, b"%d" % number, text))
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        return (status, *capsys.readouterr())

    assert run_command(*scanning())[0] == 0
    return run_command


def scanning(*flags: str) -> tuple[str, ...]:
    return ("before", "in", "--decisions", SHEET, "--save", "scan", "-o", "before.csv", "--force", *flags)


def copy(name: str, **codes: str) -> str:
    """Write a copy of the sheet for a reviewer, with codes for some elements, and return its path."""
    shutil.copy(SHEET, f"{name}.csv")
    shutil.copy(KNOWN, f"{name}.csv.known")
    elements = {"text": TEXT, "number": NUMBER, "code": CODE, "bytes": BYTES}
    for which, code in codes.items():
        fill(elements[which], path=f"{name}.csv", code=code, who=name.upper())
    return f"{name}.csv"


def acts(path: str = JOURNAL) -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


class TestMerge:
    def test_two_sheets_that_agree_are_one(self, run: Run) -> None:
        sheets = copy("ab", text="K", number="K"), copy("cd", text="K", code="X")
        status, out, err = run("decide", "merge", *sheets, "-o", "both.csv")
        assert (status, out) == (0, "")
        assert "1 row decided alike, 2 in one sheet alone, 0 resolved, 0 conflicts" in err
        assert [(row["code"], row["who"]) for row in find(TEXT, "both.csv")] == [("K", "AB; CD")]
        assert find(NUMBER, "both.csv")[0]["code"] == "K"
        (act,) = acts("both.jsonl")
        assert (act["act"], act["scan"]) == ("merge", "")
        # The merged sheet does what both have decided: the values that they saw are known.
        assert run("decide", "check", "scan", "both.csv")[1].count("new since the decision: 0 values") == 1

    def test_nothing_is_written_until_a_row_says_which_holds(self, run: Run) -> None:
        sheets = copy("ab", text="K", number="K"), copy("cd", text="X", number="K")
        command = ("decide", "merge", *sheets, "-o", "both.csv", "--resolve", "holds.csv")
        status, out, err = run(*command)
        assert status == 1
        assert [line.split("  ") for line in out.splitlines()[1:]] == [
            ["", f"ab.csv:{find_line('ab.csv', TEXT)}", "K (AB)"],
            ["", f"cd.csv:{find_line('cd.csv', TEXT)}", "X (CD)"],
        ]
        assert "both.csv is not written" in err
        assert not {"both.csv", "both.csv.known", "both.jsonl"} & set(os.listdir())
        assert run(*command)[0] == 1
        (row,) = read_sheet("holds.csv")
        assert (row["element"], row["code"], row["note"]) == (TEXT, "", "ab.csv: K (AB); cd.csv: X (CD)")
        fill(TEXT, path="holds.csv", code="X", who="AB and CD", note="talked about it")
        status, _, err = run(*command)
        assert (status, "1 resolved" in err) == (0, True)
        assert [(row["code"], row["note"]) for row in find(TEXT, "both.csv")] == [("X", "talked about it")]

    def test_without_a_sheet_of_answers_conflicts_are_only_listed(self, run: Run) -> None:
        before = set(os.listdir()) | {"ab.csv", "ab.csv.known", "cd.csv", "cd.csv.known"}
        assert run("decide", "merge", copy("ab", text="K"), copy("cd", text="X"), "-o", "both.csv")[0] == 1
        assert set(os.listdir()) == before

    def test_different_keys_are_said_and_refused(self, run: Run) -> None:
        sheets = copy("ab", text="K"), copy("cd", text="K")
        lines = Path("cd.csv.known").read_text().splitlines()
        Path("cd.csv.known").write_text("\n".join([lines[0][:-4] + "0000", *lines[1:]]) + "\n")
        status, _, err = run("decide", "merge", *sheets, "-o", "both.csv")
        assert (status, "different keys" in err, os.path.exists("both.csv")) == (2, True, False)

    def test_the_key_that_is_missing_beside_the_merged_sheet_is_said(self, run: Run) -> None:
        os.mkdir("other")
        assert "copy it to" in run("decide", "merge", copy("ab", text="K"), copy("cd"), "-o", "other/both.csv")[2]

    @pytest.mark.parametrize("taken", ["both.csv", "both.csv.known"])
    def test_no_file_is_replaced_without_force(self, run: Run, taken: str) -> None:
        sheets = copy("ab", text="K"), copy("cd")
        Path(taken).write_text("kept")
        assert run("decide", "merge", *sheets, "-o", "both.csv")[0] == 2
        assert Path(taken).read_text() == "kept"
        assert run("decide", "merge", *sheets, "-o", "both.csv", "--force")[0] == 0

    def test_another_file_is_not_taken_for_a_journal(self, run: Run) -> None:
        Path("both.jsonl").write_text('{"mine": 1}\n')
        assert run("decide", "merge", copy("ab", text="K"), copy("cd"), "-o", "both.csv", "--force")[0] == 2
        assert (Path("both.jsonl").read_text(), os.path.exists("both.csv")) == ('{"mine": 1}\n', False)

    @pytest.mark.parametrize(
        "sheets", [["ab.csv"], ["ab.csv", "ab.csv"], ["ab.csv", "wrong.csv"], ["ab.csv", "none.csv"]]
    )
    def test_wrong_use_is_refused_before_any_work(self, run: Run, sheets: list[str]) -> None:
        copy("ab", text="K")
        Path("wrong.csv").write_text("element,vr,code,scope\nModality,CS,Q,\n", "utf-8")
        assert run("decide", "merge", *sheets, "-o", "both.csv")[0] == 2
        assert not os.path.exists("both.csv")


def find_line(path: str, element: str) -> int:
    return next(number for number, row in enumerate(read_sheet(path), start=2) if row["element"] == element)


def decide_all(code: str = "K") -> None:
    rows = read_sheet()
    for row in rows:
        row["code"] = row["code"] or code
    with open(SHEET, "w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


class TestCheck:
    def test_what_is_undecided_is_listed(self, run: Run) -> None:
        fill(TEXT, code="K")
        status, out, _ = run("decide", "check", "scan", SHEET)
        assert status == 1
        assert "undecided: 8 elements" in out
        assert TEXT not in out
        assert f"  {NUMBER} DS" in out

    def test_nothing_is_left(self, run: Run) -> None:
        decide_all()
        status, out, _ = run("decide", "check", "scan", SHEET)
        assert (status, "undecided: 0 elements" in out) == (0, True)

    def test_new_values_are_counted_and_never_shown(self, run: Run) -> None:
        decide_all()
        assert run(*scanning())[0] == 0
        for number, text in ((4, b"Roe Richard"), (5, b"Poe Edgar")):
            Path(f"in/{number}").write_bytes(image(number, b"%d" % number, text))
        assert run("before", "in", "--save", "later", "-o", "x.csv")[0] == 0
        status, out, err = run("decide", "check", "later", SHEET)
        assert status == 1
        assert f"  {TEXT} LO: 2 values" in out
        assert "undecided: 0 elements" in out
        assert not {"Roe", "Poe"} & set((out + err).replace(" ", "\n").split())

    def test_a_row_that_met_nothing_has_its_reason(self, run: Run) -> None:
        decide_all()
        with open(SHEET, "a", encoding="utf-8") as stream:
            stream.write("ImageComments,LT,,,,,X,,,,,,,,,,,,,,,,,,,\nModality,LO,,,,,X,,,,,,,,,,,,,,,,,,,\n")
        status, out, _ = run("decide", "check", "scan", SHEET)
        assert status == 0
        assert "met nothing: 2 rows" in out
        assert "(0020,4000) LT X: the collection has no such element" in out
        assert "(0008,0060) LO X: the collection has it with VR CS" in out

    def test_nothing_is_written(self, run: Run) -> None:
        before = {name: Path(name).read_bytes() for name in os.listdir() if os.path.isfile(name)}
        run("decide", "check", "scan", SHEET)
        assert {name: Path(name).read_bytes() for name in os.listdir() if os.path.isfile(name)} == before

    def test_without_the_key_all_values_are_new(self, run: Run) -> None:
        decide_all()
        os.unlink(KEY)
        assert run("decide", "check", "scan", SHEET)[0] == 1
        assert not os.path.exists(KEY)


NESTED = f"(0008,1140)[<0>]{TEXT}"
HEADER = "element,vr,modality,manufacturer,model,software,code,collapse,scope,note,who,when\n"


def make_nested(number: int, maker: bytes) -> bytes:
    """Return a file with private elements and public ones, at the root and in a sequence of the other kind."""
    creator = EXPLICIT.element(0x00090010, "LO", b"ACME HEADER ")
    private = [
        creator,
        EXPLICIT.element(0x00091001, "LO", b"inside"),
        EXPLICIT.element(0x00091002, "DS", b"%d." % number),
    ]
    public = [EXPLICIT.element(0x00081030, "LO", b"study "), EXPLICIT.element(0x00081155, "UI", b"1.2.3\0")]
    numbers = [EXPLICIT.element(0x00280030, "DS", b"1.5 "), EXPLICIT.element(0x00281050, "DS", b"%d." % number)]
    return part10(
        join(
            [
                EXPLICIT.element(0x00080060, "CS", b"CT"),
                EXPLICIT.element(0x00080070, "LO", maker),
                *public[:1],
                EXPLICIT.sequence(0x00081140, EXPLICIT.item(*public, *private)),
                *private,
                EXPLICIT.sequence(0x00091005, EXPLICIT.item(*public, *private)),
                EXPLICIT.element(0x00100020, "LO", b"P%d" % number),
                EXPLICIT.element(0x0020000E, "UI", b"1.2.3.%d" % number),
                *numbers,
            ]
        ),
        EXPLICIT_LITTLE_UID,
    ).data


def quote(element: str) -> str:
    return '"' + element.replace('"', '""') + '"'


def outcome(*flags: str) -> list[tuple[str, ...]]:
    """Return what a scan of all files shows, with the counts, without the names of the rows that decide."""
    assert main(["before", "in", "-o", "x.csv", "--force", *flags]) == 0
    names = ("kind", "equipment", "element", "vr", "code", "value", "files", "series", "occurrences", "flags")
    with open("x.csv", encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["kind"] in {"code", "value"}]
    return sorted(tuple(row[name] for name in names) for row in rows)


class TestApply:
    @pytest.fixture(autouse=True)
    def _nested(self, run: Run) -> None:
        for number, maker in ((4, b"ACME"), (5, b"ACME"), (6, b"OTHER ")):
            Path(f"in/{number}").write_bytes(make_nested(number, maker))

    @pytest.mark.parametrize(
        "rows",
        [
            ["StudyDescription,LO,,,,,K,,element,no names,AB,2026-11-30"],
            [f"{quote(TEXT)},LO,,ACME,,,K,,element,,,", f"{quote(TEXT)},LO,,,,,X,,,,,"],
            [f"{quote(NUMBER)},DS,,,,,K,,,,,", f"{quote(CODE)},,,,,,R,,,,,"],
            ['"(0009,""ACME HEADER"",*)",,,,,,K,,element,,,', f"{quote(TEXT)},,,,,,X,,,,,"],
            ["ReferencedImageSequence,,,,,,X,,,,,", f"{quote(NESTED)},LO,,,,,K,,element,,,"],
            ["ReferencedImageSequence,SQ,,,,,K,,,,,", f"{quote(NESTED)},LO,,,,,K,,element,,,"],
            ['"(0009,""ACME HEADER"",05)",SQ,,ACME,,,X,,,,,', "StudyDescription,LO,,,,,K,,element,,,"],
            [
                '"(0009,""ACME HEADER"",05)[<0>](0008,1030)",LO,,,,,X,,,,,',
                "StudyDescription,LO,,,,,K,,element,,,",
                '"(0008,1140)[<0>](0008,1030)",LO,,,,,Z,,,,,',
            ],
            ["*,,,,,,X,,,,,", f"{quote(TEXT)},LO,,,,,K,,element,,,"],
            ["*,,,,,,K,,element,,,", "StudyDescription,LO,,,,,X,,,,,"],
            ['"(0028,xxxx)",DS,,,,,X,,,,,', "WindowCenter,DS,,,,,R,none,,,,"],
            ["StudyDescription,LO,,,,,C,none,element,,,", f"{quote(NUMBER)},,,,,,R,number,,,,"],
        ],
    )
    def test_the_profiles_decide_as_the_sheet_does(self, run: Run, rows: list[str]) -> None:
        Path("my.csv").write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
        expected = outcome("--decisions", "my.csv")
        assert run("decide", "apply", "my.csv", "-o", "profiles")[0] == 0
        flags = ["--confidentiality", "profiles/confidentiality.csv"]
        flags += ["--modality-software", "profiles/modality-software.csv"]
        found = outcome(*flags)
        # The values of a C that were seen are hidden only by a sheet: the code is the same.
        if any(",C," in row for row in rows):
            assert {row[1:5] for row in found if row[4] == "C"} == {row[1:5] for row in expected if row[4] == "C"}
            expected, found = ([row for row in each if row[4] != "C"] for each in (expected, found))
        assert found == expected
        for flag in flags[1::2]:
            assert run("profile", "check", flag)[0] == 0

    @pytest.mark.parametrize(
        "rows",
        [
            [f"{quote(TEXT)},LO,,,,,K,,values,,,"],
            [f"{quote(TEXT)},,,,,,K,,,,,", f"{quote(NUMBER)},,,,,,K,,,,,"],
            ['"(0009,""ACME HEADER"",*)",,,,,,K,,,,,', f"{quote(NUMBER)},DS,,,,,X,,,,,"],
            ['"(0009,""ACME HEADER"",*)",,,,,,K,,element,,,', f"{quote(TEXT)},LO,,,,,K,,values,,,"],
            ["*,,,,,,K,,,,,", "(0028,1050),DS,,,,,X,,,,,"],
            [f"{quote(NUMBER)},,,ACME,,,K,,,,,", f"{quote(NUMBER)},DS,,,,,X,,,,,"],
            [f"{quote(TEXT)},DS/LO,,,,,K,,,,,", f"{quote(TEXT)},LO,,,,,X,,,,,"],
        ],
    )
    def test_a_decision_on_the_values_that_were_seen_is_never_widened(self, run: Run, rows: list[str]) -> None:
        """Every value that the scan with the sheet lists is listed with the profiles too, and no code keeps more."""
        Path("my.csv").write_text(HEADER + "\n".join(rows).replace("(0028,1050)", '"(0028,1050)"') + "\n", "utf-8")
        sheet = outcome("--decisions", "my.csv")
        status, _, err = run("decide", "apply", "my.csv", "-o", "profiles")
        assert status == 0
        assert "they are written as R" in err
        flags = ["--confidentiality", "profiles/confidentiality.csv"]
        profiles = outcome(*flags, "--modality-software", "profiles/modality-software.csv")
        assert {row[1:6] for row in profiles if row[4] == "K"} <= {row[1:6] for row in sheet if row[4] == "K"}
        assert {row[1:6] for row in sheet if row[4] not in "RCK"} == {
            row[1:6] for row in profiles if row[4] not in "RCK"
        }
        listed = {(*row[1:4], row[5]) for row in profiles if row[0] == "value"}
        assert {(*row[1:4], row[5]) for row in sheet if row[0] == "value"} <= listed
        decided = {row[1:4] for row in sheet if row[4] == "K" and row[0] == "code"}
        assert decided
        assert all(row[1:4] in {one[1:4] for one in profiles} for row in sheet)

    @pytest.mark.parametrize(
        "row", ["StudyDescription,LO,,ACME,,,X,,,,,", "*,,CT,,,,X,,,,,", "(0xxx)", f"{quote(TEXT)},LO,,;=ACME,,,X,,,,,"]
    )
    def test_what_no_profile_can_say_is_refused_with_its_line(self, run: Run, row: str) -> None:
        row = '"(00xx,1030)",LO,,,,,X,,,,,' if row == "(0xxx)" else row
        Path("my.csv").write_text(f"{HEADER}Modality,CS,,,,,K,,,,,\n{row}\n", "utf-8")
        status, _, err = run("decide", "apply", "my.csv", "-o", "profiles")
        assert (status, "my.csv:3" in err, os.path.exists("profiles")) == (2, True, False)

    def test_several_sheets_are_files_of_their_own(self, run: Run) -> None:
        for name, code in (("one", "X"), ("two", "K")):
            Path(f"{name}.csv").write_text(f"{HEADER}StudyDescription,LO,,,,,{code},,element,,,\n", "utf-8")
        status, _, err = run("decide", "apply", "one.csv", "two.csv", "-o", "profiles")
        assert status == 0
        flags = err.rsplit(": ", maxsplit=1)[1].split()
        assert outcome(*flags) == outcome("--decisions", "one.csv", "--decisions", "two.csv")

    def test_leading_lines_are_in_both_files(self, run: Run) -> None:
        Path("my.csv").write_text(f"# default = X\n# collapse = none\n{HEADER}Modality,CS,,,,,K,,,,,\n", "utf-8")
        expected = outcome("--without-shipped", "--decisions", "my.csv")
        assert run("decide", "apply", "my.csv", "-o", "profiles")[0] == 0
        flags = ["--confidentiality", "profiles/confidentiality.csv"]
        assert outcome("--without-shipped", *flags, "--modality-software", "profiles/modality-software.csv") == expected

    def test_a_file_that_was_changed_is_not_replaced(self, run: Run) -> None:
        decide_all()
        assert run("decide", "apply", SHEET, "-o", "profiles")[0] == 0
        assert run("decide", "apply", SHEET, "-o", "profiles")[0] == 0
        with open("profiles/confidentiality.csv", "a", encoding="utf-8") as stream:
            stream.write("Modality,CS,X,,\n")
        assert run("decide", "apply", SHEET, "-o", "profiles")[0] == 2
        assert Path("profiles/confidentiality.csv").read_text("utf-8").endswith("Modality,CS,X,,\n")


class TestLog:
    def test_codes_that_came_from_a_spreadsheet_are_an_act(self, run: Run) -> None:
        assert not os.path.exists(JOURNAL)
        fill(TEXT, code="K", who="AB", note="no names")
        assert run(*scanning())[0] == 0
        (act,) = acts()
        assert (act["act"], act["who"], act["why"]) == ("sheet", "AB", "no names")
        assert run(*scanning())[0] == 0
        assert len(acts()) == 1
        fill(TEXT, code="X")
        assert run("report", "scan", "--decisions", SHEET, "-o", "r.txt")[0] == 0
        assert [(row["before"], row["after"]) for row in acts()[1]["rows"]] == [("K", "X")]  # type: ignore[attr-defined]

    def test_the_digest_is_that_of_the_saved_scan(self, run: Run) -> None:
        fill(TEXT, code="K")
        assert run(*scanning())[0] == 0
        assert str(acts()[0]["scan"]) == Path("scan").read_bytes()[28:60].hex()

    def test_it_is_shown_for_a_person_and_for_programs(self, run: Run) -> None:
        fill(TEXT, code="K", who="AB", note="no names")
        assert run(*scanning())[0] == 0
        status, out, _ = run("decide", "log", SHEET)
        assert status == 0
        first, second = out.splitlines()
        assert first.startswith("2026-12-01T00:00:00Z  AB  sheet  1 row  - no names  [scan ")
        assert second == f"  {TEXT} LO  undecided -> K"
        assert run("decide", "log", SHEET, "--format", "jsonl")[1] == Path(JOURNAL).read_text("utf-8")

    def test_a_line_that_is_no_act_is_said(self, run: Run) -> None:
        fill(TEXT, code="K")
        assert run(*scanning())[0] == 0
        with open(JOURNAL, "a", encoding="utf-8") as stream:
            stream.write('{"act"')
        status, out, err = run("decide", "log", SHEET)
        assert (status, len(out.splitlines())) == (1, 2)
        assert f"{JOURNAL}:2: this is no act" in err

    def test_no_value_is_in_it(self, run: Run) -> None:
        decide_all()
        assert run(*scanning())[0] == 0
        text = Path(JOURNAL).read_text("utf-8")
        assert not [value for value in ("head first", "1.5", "LEFT") if value in text]

    def test_without_a_journal_there_is_nothing_to_show(self, run: Run) -> None:
        assert run("decide", "log", SHEET)[0] == 2

    def test_a_run_without_codes_makes_no_journal_and_other_files_are_left_alone(self, run: Run) -> None:
        Path(JOURNAL).write_text("my own notes\n")
        assert run(*scanning())[0] == 2
        assert Path(JOURNAL).read_text() == "my own notes\n"

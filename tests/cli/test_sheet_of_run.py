"""The sheet of decisions from a saved scan, and in a folder of ``--out``; sheets that are only read.

For: ``report --decisions``, ``before --out``, ``final --decisions``.
Never: the cells of a sheet; tests/curation/test_sheet.py has them.
Standard: PS3.15 Table E.1-1a (codes), edition 2026d.
"""

from __future__ import annotations

import csv
import io
import os
import stat
from pathlib import Path

import pytest

from sheet_files import BYTES, CODE, HIDDEN, KEY, KNOWN, NUMBER, SHEET, TEXT, fill, find, image, read_sheet, values_of
from tagsniff.cli import main

PATIENT_KEY = "patients.key"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "in").mkdir()
    for number, text in enumerate((b"head first", b"feet first", b"head first"), start=1):
        (tmp_path / "in" / f"{number}").write_bytes(image(number, b"%d" % number, text))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save() -> None:
    assert main(["before", "in", "--save", "scan", "--key", PATIENT_KEY, "--force", "-o", os.devnull]) == 0


def report(*flags: str, sheet: str = SHEET) -> int:
    return main(["report", "scan", "--decisions", sheet, "--format", "csv", "-o", "r.csv", "--force", *flags])


def before(*flags: str, sheet: str = SHEET) -> int:
    return main(["before", "in", "--decisions", sheet, "--format", "csv", "-o", "b.csv", "--force", *flags])


def rows_of(path: str) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["kind"] not in ("run", "incomplete")]


def outcome(path: str) -> list[tuple[str, ...]]:
    """Return what a report shows, without the codes of text in bytes: a scan with a code that decides finds none.

    The counts of a code are those of its values: a scan with the code counts those that break their VR apart.
    """
    names = ("kind", "equipment", "element", "vr", "code", "value", "decided_by")
    counts = ("files", "series", "patients", "occurrences", "flags")
    rows = [row for row in rows_of(path) if row["kind"] == "value" or not row["element"].endswith("/text")]
    return sorted(
        (*(row[name] for name in names), *(row[name] for name in counts if row["kind"] == "value")) for row in rows
    )


def decided() -> list[dict[str, str]]:
    """Return the sheet without what a scan no longer counts where a code decides."""
    uncounted = ("distinct", "min", "max")
    return [{name: cell for name, cell in row.items() if name not in uncounted} for row in read_sheet()]


class TestSavedScan:
    def test_the_first_sheet_is_that_of_a_scan_of_the_files(self) -> None:
        save()
        assert (report(), before(sheet="other.csv")) == (0, 0)
        assert Path(SHEET).read_bytes() == Path("other.csv").read_bytes()
        assert Path(KNOWN).read_bytes() == Path("other.csv.known").read_bytes()
        assert outcome("r.csv") == outcome("b.csv")

    @pytest.mark.parametrize("code", ["K", "C", "X", "Z", "U", "R"])
    @pytest.mark.parametrize("scope", ["", "element", "values"])
    def test_codes_that_are_filled_in_later_do_what_they_do_in_a_scan(self, code: str, scope: str) -> None:
        assert before() == 0
        for element in (TEXT, NUMBER, CODE, BYTES):
            fill(element, code=code, scope=scope, who="AB")
        files = {name: Path(name).read_bytes() for name in (SHEET, KNOWN)}
        for number in (4, 5):
            data = b"\1\2\0Roe^Richard\0\4" if number == 5 else b"\1\2\3\4"
            numbers = b"Roe" if number == 5 else b"2.5"
            Path(f"in/{number}").write_bytes(image(number, b"%d" % number, b"Roe Richard", numbers, data))
        save()
        assert report() == 0
        from_scan = decided(), Path(KNOWN).read_bytes()
        for name, content in files.items():
            Path(name).write_bytes(content)
        assert before() == 0
        assert outcome("r.csv") == outcome("b.csv")
        assert (decided(), Path(KNOWN).read_bytes()) == from_scan

    def test_a_sheet_that_was_a_layer_of_the_scan_decides_by_what_it_says_now(self) -> None:
        head = "element,vr,code,scope\n"
        text, number = (element.replace('"', '""') for element in (TEXT, NUMBER))
        Path(SHEET).write_text(f'{head}"{text}",LO,K,values\n', "utf-8")
        assert main(["final", "in", "--decisions", SHEET, "--save", "scan", "-o", "x.csv"]) == 0
        # Another row is now in the line that has decided.
        Path(SHEET).write_text(f'{head}"{number}",DS,K,element\n', "utf-8")
        assert report() == 0
        assert set(values_of(rows_of("r.csv"), TEXT)) == {"head first", "feet first"}
        assert values_of(rows_of("r.csv"), NUMBER) == {}
        assert find(TEXT)[0]["code"] == ""

    def test_what_the_scan_has_hidden_stays_hidden(self) -> None:
        save()
        Path(SHEET).write_text("element,vr,code,scope\nPatientName,PN,K,element\n", "utf-8")
        assert report() == 0
        for path in ("r.csv", SHEET, KNOWN):
            assert HIDDEN not in Path(path).read_bytes()

    def test_new_values_are_flagged_and_wait(self) -> None:
        save()
        assert report() == 0
        fill(TEXT, code="K")
        Path("in/4").write_bytes(image(4, b"4", b"Roe Richard"))
        save()
        for _ in range(2):
            assert report() == 0
            assert values_of(rows_of("r.csv"), TEXT) == {"Roe Richard": "NEW_SINCE_DECISION"}
            assert len(find(TEXT)) == 2

    def test_the_same_scan_has_the_same_name_in_seen(self) -> None:
        save()
        assert report() == 0
        first = Path(SHEET).read_bytes(), Path(KNOWN).read_bytes()
        assert report() == 0
        assert (Path(SHEET).read_bytes(), Path(KNOWN).read_bytes()) == first

    def test_a_sequence_that_is_removed_covers_its_items(self) -> None:
        save()
        Path(SHEET).write_text('element,vr,code,scope\n"(0009,""ACME HEADER"",*)",,X,\n', "utf-8")
        assert report() == 0
        assert [row["value"] for row in rows_of("r.csv") if "ACME" in row["element"] and row["kind"] == "value"] == []

    def test_no_value_is_in_a_sheet_without_examples(self) -> None:
        save()
        assert report("--no-examples") == 0
        assert "head first" not in Path(SHEET).read_text("utf-8")

    def test_a_profile_of_another_form_is_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        save()
        Path("mine.csv").write_text("element,vr,code,collapse,note\nModality,CS,X,,\n", "utf-8")
        assert report(sheet="mine.csv") == 2
        assert "no sheet of decisions" in capsys.readouterr().err

    def test_a_mistake_is_said_with_its_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        save()
        Path(SHEET).write_text("element,vr,code,scope\nModality,CS,Q,\n", "utf-8")
        assert report() == 2
        assert f"{SHEET}:2" in capsys.readouterr().err

    def test_the_scan_is_not_written_over(self) -> None:
        save()
        scan = Path("scan").read_bytes()
        assert report(sheet="scan") == 2
        assert Path("scan").read_bytes() == scan

    def test_without_decisions_nothing_is_written(self) -> None:
        save()
        assert main(["report", "scan", "-o", "r.txt"]) == 0
        assert sorted(os.listdir()) == ["in", PATIENT_KEY, "r.txt", "scan"]


class TestFolder:
    def test_it_has_the_sheet_of_the_run(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["before", "in", "--out", "out"]) == 0
        assert "rows to decide in out/decisions.csv" in capsys.readouterr().err
        assert before("--key", KEY) == 0
        assert Path("out", SHEET).read_bytes() == Path(SHEET).read_bytes()
        assert Path("out", KNOWN).read_bytes() == Path(KNOWN).read_bytes()
        assert KEY not in os.listdir("out")

    @pytest.mark.parametrize("name", [SHEET, KNOWN])
    def test_a_sheet_that_was_changed_is_never_replaced(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["before", "in", "--out", "out"]) == 0
        if name == SHEET:
            fill(TEXT, path=f"out/{SHEET}", code="K")
        else:
            Path("out", name).write_text("tagsniff known values 1; key 0\n")
        changed = Path("out", name).read_bytes()
        assert main(["before", "in", "--out", "out"]) == 2
        assert name in capsys.readouterr().err
        assert Path("out", name).read_bytes() == changed

    def test_a_sheet_that_is_changed_during_the_run_is_never_replaced(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert main(["before", "in", "--out", "out"]) == 0
        read = io.StringIO()

        def change(*_arguments: object, **_options: object) -> bool:
            fill(TEXT, path=f"out/{SHEET}", code="K")
            read.write("changed")
            return True

        monkeypatch.setattr("tagsniff.cli.reader.write_exclusions", change)
        assert main(["before", "in", "--out", "out"]) == 3
        assert (read.getvalue(), find(TEXT, f"out/{SHEET}")[0]["code"]) == ("changed", "K")

    def test_the_sheet_of_the_folder_cannot_be_the_one_that_is_named(self) -> None:
        assert main(["before", "in", "--out", "out"]) == 0
        fill(TEXT, path=f"out/{SHEET}", code="K")
        assert main(["before", "in", "--out", "out", "--decisions", f"out/{SHEET}"]) == 2
        assert find(TEXT, f"out/{SHEET}")[0]["code"] == "K"

    def test_a_sheet_that_is_named_is_the_only_one(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["before", "in", "--out", "out", "--decisions", SHEET]) == 0
        assert f"to decide in {SHEET}\n" in capsys.readouterr().err
        assert SHEET not in os.listdir("out")
        assert find(TEXT)

    def test_the_final_review_has_none(self) -> None:
        assert main(["final", "in", "--out", "out"]) == 0
        assert SHEET not in os.listdir("out")


class TestSheetsThatAreRead:
    @pytest.mark.parametrize("command", ["final", "before"])
    def test_no_key_is_made_beside_a_sheet_that_is_only_read(self, command: str) -> None:
        os.mkdir("sheets")
        Path("sheets/a.csv").write_text(
            f'element,vr,code,scope\n"{TEXT.replace(chr(34), chr(34) * 2)}",LO,K,\n', "utf-8"
        )
        others = ["--decisions", SHEET] if command == "before" else []
        assert main([command, "in", "--decisions", "sheets/a.csv", *others, "-o", "x.csv"]) == 0
        assert os.listdir("sheets") == ["a.csv"]
        assert set(values_of(rows_of("x.csv"), TEXT).values()) == {"NEW_SINCE_DECISION"}

    def test_the_key_that_is_there_is_used(self) -> None:
        assert before() == 0
        fill(TEXT, code="K")
        assert main(["final", "in", "--decisions", SHEET, "-o", "x.csv"]) == 0
        assert values_of(rows_of("x.csv"), TEXT) == {}

    def test_a_sheet_that_is_changed_during_the_run_is_left_as_it_is(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert before() == 0

        def change(*_arguments: object, **_options: object) -> bool:
            fill(TEXT, code="K", note="written meanwhile")
            return True

        monkeypatch.setattr("tagsniff.cli.reader.write_exclusions", change)
        assert before() == 3
        assert "was changed while the files were read" in capsys.readouterr().err
        assert find(TEXT)[0]["note"] == "written meanwhile"


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_the_files_are_for_their_owner_alone() -> None:
    save()
    assert report() == 0
    assert {stat.S_IMODE(os.stat(path).st_mode) for path in (SHEET, KNOWN, KEY)} == {0o600}

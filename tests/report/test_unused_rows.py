"""Rows of the user's profiles that decided nothing: which, and why, in a scan, a saved one and a merged one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10
from tagsniff.cli import main
from tagsniff.report.unused_rows import UnusedRows
from tagsniff.report.values import ValueReport
from tagsniff.scanning.tables import RowRecord

SHEET = """\
element,vr,manufacturer,code,who
PatientName,,,K,Ann
PatientName,PN,,X,Ann
"(0010,0020)",SH,,K,Ann
"(0010,0020)",,SIEMENS,K,Ann
"(0011,""NOBODY"",02)",,,K,Ann
"(0009,""ACME"",01)",,,K,Ann
"(0009,""acme"",0x)",,,X,Ann
"(0009,""ACME"",1101)",,,X,Ann
"(0008,1140)[<0>](0008,1155)",,,K,Ann
StudyDate,,,,Ann
"""


def write(path: Path, *elements: Part, maker: bytes = b"ACME") -> None:
    data = join([EXPLICIT.element(0x00080060, "CS", b"CT"), EXPLICIT.element(0x00080070, "LO", maker), *elements])
    path.write_bytes(part10(data, EXPLICIT_LITTLE_UID).data)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "in").mkdir()
    write(
        tmp_path / "in" / "a",
        EXPLICIT.element(0x00090010, "LO", b"ACME"),
        EXPLICIT.element(0x00091001, "LO", b"private!"),
        EXPLICIT.element(0x00100010, "PN", b"HIDDEN^A"),
        EXPLICIT.element(0x00100020, "LO", b"ID"),
    )
    write(
        tmp_path / "in" / "b", EXPLICIT.element(0x00080020, "DA", b"20240131"), EXPLICIT.element(0x00100020, "LO", b"")
    )
    (tmp_path / "sheet.csv").write_text(SHEET, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


EXPECTED = {
    2: "another row decides it: sheet.csv:3",
    4: "the collection has it with VR LO",
    5: "the collection has it with other equipment",
    6: "the collection has no such element",
    8: "another row decides it: sheet.csv:7",
    9: "the collection has it in block 10",
    10: "the collection has no such element",
}


def reasons(found: tuple[UnusedRows, ...]) -> dict[int, str]:
    (of_file,) = found
    assert (of_file.file, of_file.row_count) == ("sheet.csv", 9)
    return {row.line: row.reason for row in of_file.unused}


def report_of(scan: tagsniff.Scan) -> ValueReport:
    report = scan.report()
    assert isinstance(report, ValueReport)
    return report


def test_each_row_that_decided_nothing_has_its_reason(folder: Path) -> None:
    scan = tagsniff.scan(["in"], mode="before", decisions=["sheet.csv"])
    assert reasons(report_of(scan).unused) == EXPECTED
    text = {row.line: row.text for row in report_of(scan).unused[0].unused}
    assert text[4] == "(0010,0020) SH K"


def test_a_saved_and_a_merged_scan_say_the_same(folder: Path) -> None:
    profile = tagsniff.load_profile(decisions=[folder / "sheet.csv"])
    whole = tagsniff.scan(["in"], profile=profile)
    parts = [tagsniff.scan([f"in/{name}"], profile=profile) for name in "ab"]
    merged = tagsniff.merge(parts)
    merged.save("merged.scan")
    for scan in (whole, merged, tagsniff.load("merged.scan")):
        assert reasons(report_of(scan).unused) == EXPECTED
    # A row may decide something in one part and nothing in the other.
    assert 3 in reasons(report_of(parts[1]).unused)
    (record,) = tagsniff.load("merged.scan").tables.profiles
    assert record.rows[0] == RowRecord(2, "(0010,0010) K", "(0010,0010)", (), ("", "", "", ""))


def test_the_rows_of_shipped_profiles_and_of_an_empty_collection_are_not_listed(folder: Path) -> None:
    assert report_of(tagsniff.scan(["in"], mode="before", modality_software=["ge"])).unused == ()
    (folder / "none").mkdir()
    assert report_of(tagsniff.scan(["none"], mode="before", decisions=["sheet.csv"])).unused == ()


def test_a_row_that_only_a_lower_layer_needs_is_listed(folder: Path) -> None:
    (folder / "top.csv").write_text("element,code\nPatientName,Z\n", encoding="utf-8")
    scan = tagsniff.scan(["in"], mode="before", confidentiality=["sheet.csv", "top.csv"])
    assert reasons(report_of(scan).unused)[3] == "another row decides it: top.csv:2"


def test_a_row_under_a_sequence_that_is_removed_is_listed(folder: Path) -> None:
    item = EXPLICIT.item(EXPLICIT.element(0x00080100, "SH", b"X "))
    write(folder / "in" / "c", EXPLICIT.sequence(0x00400555, item))
    (folder / "top.csv").write_text('element,code\n"(0008,0100)",K\n', encoding="utf-8")
    scan = tagsniff.scan(["in/c"], mode="before", confidentiality=["top.csv"])
    (found,) = report_of(scan).unused
    assert [row.reason.rstrip("0123456789") for row in found.unused] == ["another row decides it: basic.csv:"]


def test_the_summary_has_the_first_and_json_and_the_folder_have_all(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["before", "in", "--decisions", "sheet.csv", "--out", "out", "--format", "json"]) == 0
    err = capsys.readouterr().err
    assert (
        "7 of 9 rows of sheet.csv decided nothing:\n  line 2  (0010,0010) K: another row decides it: sheet.csv:3\n"
        in err
    )
    assert "  ... and 2 more; --format json and run.json of --out list all\n" in err
    for name in ("run.json", "before.json"):
        (found,) = json.loads(Path("out", name).read_text(encoding="utf-8"))["unused_rows"]
        assert (found["file"], found["rows"]) == ("sheet.csv", 9)
        assert {row["line"]: row["reason"] for row in found["unused"]} == EXPECTED
    assert main(["report", "out/before.scan", "-o", "again.json"]) == 0
    assert "7 of 9 rows of sheet.csv decided nothing" in capsys.readouterr().err


def test_a_shared_report_has_no_row_of_a_profile(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["before", "in", "--decisions", "sheet.csv", "--share", "--format", "json"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out)["unused_rows"] == []
    assert "NOBODY" not in out
    assert "sheet.csv" not in out

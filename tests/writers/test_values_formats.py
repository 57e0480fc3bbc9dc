"""One scan in four formats: a spreadsheet runs no cell, JSONL loses nothing, text does not control the terminal.

For: values from real headers and hostile ones, the saved scan and the reports made from it.
Never: a comparison of two outputs of the program if an output can be compared with the written values.
Standard: RFC 4180, RFC 8259; PS3.5 section 6.1.3 (control characters), edition 2026b.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10
from independent_collector import FORMATS, line_of, read_csv, read_jsonl, run, write_profiles
from tagsniff.cli import main

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
FORMULAS = ["=1+1", '=cmd|"/c calc"!A0', "+1", "-1.5", "@SUM(A1)", "\tx", "\r=x", "'=quoted", "a=b", "-", "="]
FORMULAS += ["semicolon;=1+1", "tab\t+1", "line\n-1", "line\r\n@SUM(A1)", 'quoted; "=1"']
FORMULAS += ["\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)"]
AWKWARD = [
    "plain",
    'a "quoted" word',
    "comma, semicolon; and\ttab",
    "two\nlines",
    "two\r\nlines",
    "cr\ronly",
    "C:\\folder\\file",
    "\\x41",
    "<empty>",
    "</script>",
    "{}[]",
    "M\u00fcller",
    "\u5c71\u7530^\u592a\u90ce",
    "\U0001f600",
    "line\u2028separator",
    "next\u0085line",
    "right\u202eto left",
    "zero\u200bwidth",
    "bell\x07",
    "escape\x1b[31mred",
    "delete\x7f",
    "csi\u009b31m",
    "null\0inside",
    "\ufeffmark",
    "e\u0301 and \u00e9",
]


def text(tag: int, vr: str, value: str) -> Part:
    """Return a text of even length in UTF-8."""
    raw = value.encode()
    return EXPLICIT.element(tag, vr, raw + b" " * (len(raw) % 2))


def write_values(path: Path, values: list[str], modality: str = "OT") -> None:
    """Return a file with each value, unsplit as UT, in an element of its own item."""
    items = [EXPLICIT.item(text(0x00081160, "UT", value)) for value in values]
    parts = [
        text(0x00080005, "CS", "ISO_IR 192"),
        text(0x00080060, "CS", modality),
        EXPLICIT.sequence(0x00081140, *items),
        EXPLICIT.element(0x00100010, "PN", b""),
    ]
    path.write_bytes(part10(join(parts), EXPLICIT_LITTLE_UID).data)


ELEMENT = "(0008,1140)[<0>](0008,1160)"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a temporary folder, so that default outputs of commands are written there."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    """Make a folder with the four formats of one collection, a saved scan, and the list of omissions."""
    (tmp_path / "in").mkdir()
    write_values(tmp_path / "in" / "first", FORMULAS + AWKWARD)
    write_values(tmp_path / "in" / "second", AWKWARD, "=2+3")
    arguments = write_profiles(tmp_path, ['"(0002,xxxx)",,K,,', '"(0008,0005)",,K,,'])
    for form in FORMATS:
        assert run("before", [tmp_path / "in"], tmp_path, *arguments, "--save", str(tmp_path / "scan"), form=form) == 0
    return tmp_path


def rows_within(body: Any) -> list[dict[str, Any]]:
    """Return the rows of a report in JSON, at any depth."""
    if isinstance(body, list):
        return [row for part in body for row in rows_within(part)]
    if isinstance(body, dict):
        return [body] if "kind" in body and "element" in body else rows_within(list(body.values()))
    return []


def test_jsonl_has_every_value_as_it_was_written(scanned: Path) -> None:
    """Each line is a JSON object. Only escapes that a JSON reader reverses are used."""
    data = (scanned / "report.jsonl").read_bytes()
    assert data.endswith(b"\n")
    rows = read_jsonl(scanned / "report.jsonl")
    shown = [row["value"] for row in rows if row["element"] == ELEMENT]
    assert sorted(shown) == sorted(FORMULAS + AWKWARD * 2)
    counts = {
        (row["value"], row["files"], row["series"], row["occurrences"]) for row in rows if row["element"] == ELEMENT
    }
    assert {count[1:] for count in counts} == {(1, 1, 1)}


def test_an_empty_value_and_the_text_empty_differ(scanned: Path) -> None:
    """The text <empty> in a file is not an empty value; a flag or an escape distinguishes them."""
    empty = [row for row in read_jsonl(scanned / "report.jsonl") if row["element"] == "(0010,0010)"]
    written = [
        row for row in read_jsonl(scanned / "report.jsonl") if row["element"] == ELEMENT and row["value"] == "<empty>"
    ]
    assert {row["value"] for row in empty} == {"<empty>"}
    assert len(empty) == len(written) == 2


NUMBER = re.compile(r"[-+][0-9.]+")


def harmless(value: str) -> str:
    """Return a value as CSV contains it."""
    value = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", lambda found: f"\\x{ord(found[0]):02x}", value)
    value = "'" + value if value.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(value) else value
    return re.sub('([;\t\r\n][ "]*)([-=+@\uff1d\uff0b\uff0d\uff20])', r"\1'\2", value)


def test_no_cell_of_csv_is_a_formula(scanned: Path) -> None:
    """No cell starts like a formula, in any column. A number is none, and stays a number."""
    rows = read_csv(scanned / "report.csv")
    starts = {cell for row in rows for cell in row.values() if cell.startswith(FORMULA_STARTS)}
    assert starts == {"+1", "-1.5"}
    assert any(row["equipment"].startswith("'=2+3:") for row in rows)
    shown = {row["value"] for row in rows if row["element"] == ELEMENT}
    formulas = {value for value in FORMULAS if value.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(value)}
    assert {harmless("'" + value) for value in formulas} <= shown
    assert "a=b" in shown


def test_csv_has_the_rows_of_jsonl(scanned: Path) -> None:
    """The same rows in the same order, except for apostrophes and for control characters that spreadsheets reject."""
    one = [line_of(row) for row in read_jsonl(scanned / "report.jsonl")]
    two = [line_of(row) for row in read_csv(scanned / "report.csv")]
    shown = [
        line._replace(key=line.key._replace(value=harmless(line.key.value), equipment=harmless(line.key.equipment)))
        for line in one
    ]
    assert two == shown


def test_json_has_the_rows_of_jsonl(scanned: Path) -> None:
    """The same rows in the same order."""
    rows = rows_within(json.loads((scanned / "report.json").read_text(encoding="utf-8")))
    wanted = read_jsonl(scanned / "report.jsonl")
    assert rows == wanted


def test_text_does_not_control_the_terminal(scanned: Path) -> None:
    """Every character is printable or ends a line; others are escaped, and each value is on one line."""
    shown = (scanned / "report.txt" if (scanned / "report.txt").exists() else scanned / "report.text").read_bytes()
    lines = shown.decode("utf-8").split("\n")
    assert [line for line in lines if not line.isprintable()] == []
    assert any("\\x1b[31mred" in line for line in lines)
    assert any("M\u00fcller" in line for line in lines)
    assert any("two" in line and "lines" in line for line in lines)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("command", ["before", "final"])
def test_the_report_of_a_saved_scan_equals_the_direct_one(tmp_path: Path, command: str, form: str) -> None:
    """Byte for byte and with the same exit status, with codes, collapse rules, bounds, faults and exclusions."""
    folder = tmp_path / "in"
    folder.mkdir()
    write_values(folder / "first", FORMULAS + AWKWARD)
    write_values(folder / "second", [f"value {number}" for number in range(40)], "=2+3")
    (folder / "third").write_bytes((folder / "second").read_bytes()[:-7])
    (folder / "note.txt").write_bytes(b"no DICOM file, though it has some length " * 10)
    profiles = write_profiles(tmp_path, ['"(0002,xxxx)",,K,,', '"(0008,0060)",CS,K,,', '"(0002,0010)",UI,R,uid:1.2,'])
    arguments = [*profiles, "--max-values", "16", "--save", str(tmp_path / "scan")]
    assert run(command, [folder], tmp_path, *arguments, form=form) == 3
    again = tmp_path / "again"
    status = main(["report", str(tmp_path / "scan"), "--format", form, "-o", str(again)])
    assert again.read_bytes() == (tmp_path / f"report.{form}").read_bytes()
    assert status == 3


def test_damaged_scan_is_refused(scanned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Truncated at many places, longer than it was, or not a scan: a message, exit status 2, no output."""
    data = (scanned / "scan").read_bytes()
    damaged = [data[: len(data) * part // 37] for part in range(37)]
    damaged += [data[:-1], data + b"\0", data + data, b"", b"\xc1", b"\x80", b"\x90", b"no scan at all", data[::-1]]
    for number, wrong in enumerate(damaged):
        path = scanned / f"wrong{number}"
        path.write_bytes(wrong)
        assert main(["report", str(path), "-o", str(scanned / "never")]) == 2, number
        assert not (scanned / "never").exists()
    assert "Traceback" not in capsys.readouterr().err


def test_every_changed_byte_is_refused(scanned: Path) -> None:
    """In magic, version, lengths or tables: never an exception, and never a report of a changed scan."""
    data = bytearray((scanned / "scan").read_bytes())
    path = scanned / "wrong"
    for at in [*range(64), *range(64, len(data), max(1, len(data) // 200))]:
        changed = bytearray(data)
        changed[at] ^= 0x41
        path.write_bytes(changed)
        assert main(["report", str(path), "--format", "jsonl", "-o", str(scanned / "never")]) == 2, at
        assert not (scanned / "never").exists()


@pytest.mark.parametrize("arguments", [["missing"], ["."], ["scan", "--format", "xml"], [], ["scan", "-o", "scan"]])
@pytest.mark.usefixtures("scanned")
def test_wrong_flags_of_report_are_misuse(arguments: list[str]) -> None:
    """The exit status is 2, and the scan is unchanged."""
    before = Path("scan").read_bytes()
    assert main(["report", *arguments]) == 2
    assert Path("scan").read_bytes() == before

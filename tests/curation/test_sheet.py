"""The sheet of decisions: what is written, what a person fills in, and what the next run makes of it.

For: `tagsniff.curation.sheet` and `tagsniff.writers.sheet`.
Never: a scan; tests/cli/test_decisions.py has the whole way.
Standard: PS3.15 Table E.1-1a (codes), edition 2026d.
"""

from __future__ import annotations

import csv
import io

import pytest

from tagsniff.curation.elements import ElementSummary
from tagsniff.curation.sheet import (
    COLUMNS,
    MET_NOTHING,
    Evidence,
    Sheet,
    SheetRow,
    find_line,
    read_decisions,
    update_sheet,
)
from tagsniff.dicom.element_names import find_keyword
from tagsniff.dicom.notation import Step, format_identity
from tagsniff.profile import ProfileError
from tagsniff.profile.parser import parse_profile
from tagsniff.writers.sheet import write_sheet

RUN, LATER = "2026-11-30T10:00:00Z", "2026-12-01T10:00:00Z"


def summary(element: str = "(0008,1030)", vr: str = "LO", *, is_read: bool = True, **others: object) -> ElementSummary:
    cells: dict[str, object] = {
        "element": element,
        "vr": vr,
        "manufacturer": "",
        "name": "StudyDescription",
        "code": "R",
        "decided_by": (),
        "files": 12,
        "series": 4,
        "patients": 3,
        "distinct": 2,
        "is_estimated": False,
        "smallest": "",
        "largest": "",
        "shapes": ("Aa+", "Aa+ 9"),
        "examples": ("Head", "Neck 2"),
        "flags": (),
        "score": 0.0,
        "is_read": is_read,
        "suggestion": "",
        "suggested_by": "",
    }
    return ElementSummary(**(cells | others))  # type: ignore[arg-type]


def evidence(*summaries: ElementSummary, run: str = RUN, lines: frozenset[int] = frozenset()) -> Evidence:
    return Evidence(run, summaries, lines)


def written(sheet: Sheet) -> str:
    stream = io.StringIO()
    write_sheet(sheet, stream)
    return stream.getvalue()


def rows_of(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    return list(csv.DictReader(lines))


def filled(text: str, **cells: str) -> Sheet:
    """Return the sheet as it comes back from a person who has written the cells into its first row."""
    rows = rows_of(text)
    rows[0] |= cells
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return read_decisions("decisions.csv", stream.getvalue().encode())


def test_an_undecided_element_has_a_row_with_evidence_and_no_code() -> None:
    (row,) = rows_of(written(update_sheet(Sheet(), evidence(summary()))))
    assert row == dict.fromkeys(COLUMNS, "") | {
        "element": "(0008,1030)",
        "vr": "LO",
        "seen": RUN,
        "name": "StudyDescription",
        "files": "12",
        "series": "4",
        "patients": "3",
        "distinct": "2",
        "shapes": "Aa+ | Aa+ 9",
        "examples": "Head | Neck 2",
    }


def test_letters_that_are_no_vr_are_not_named_and_the_row_is_found_again() -> None:
    sheet = update_sheet(Sheet(), evidence(summary(vr="??")))
    assert rows_of(written(sheet))[0]["vr"] == ""
    assert len(update_sheet(filled(written(sheet)), evidence(summary(vr="??"), run=LATER)).rows) == 1


def test_an_element_with_nothing_to_read_has_no_row() -> None:
    assert update_sheet(Sheet(), evidence(summary(is_read=False))).rows == ()


def test_unknown_patients_are_no_number() -> None:
    (row,) = rows_of(written(update_sheet(Sheet(), evidence(summary(patients=-1)))))
    assert row["patients"] == ""


def test_examples_are_left_out_where_no_value_may_be_written() -> None:
    shown = Evidence(RUN, [summary(smallest="1", largest="9")], set(), shows_examples=False)
    (row,) = rows_of(written(update_sheet(Sheet(), shown)))
    assert (row["examples"], row["min"], row["max"]) == ("", "", "")
    assert row["shapes"] == "Aa+ | Aa+ 9"


def test_what_was_decided_is_kept() -> None:
    sheet = filled(
        written(update_sheet(Sheet(), evidence(summary()))), code="K", note="looked at", who="A", when="today"
    )
    again = update_sheet(sheet, evidence(summary(is_read=False), run=LATER, lines=frozenset({2})))
    (row,) = rows_of(written(again))
    assert {name: row[name] for name in ("code", "note", "who", "when", "seen", "flags")} == {
        "code": "K",
        "note": "looked at",
        "who": "A",
        "when": "today",
        "seen": RUN,
        "flags": "",
    }


def test_new_values_of_a_decided_element_wait_in_a_row_of_their_own() -> None:
    sheet = filled(written(update_sheet(Sheet(), evidence(summary()))), code="K")
    again = update_sheet(sheet, evidence(summary(flags=("NEW_SINCE_DECISION",)), run=LATER))
    new, old = rows_of(written(again))
    assert (new["code"], new["seen"], new["flags"]) == ("", LATER, "NEW_SINCE_DECISION")
    assert (old["code"], old["seen"]) == ("K", RUN)


def test_a_confirmed_row_is_put_together_with_the_one_that_it_confirms() -> None:
    sheet = filled(written(update_sheet(Sheet(), evidence(summary()))), code="K", who="A", when="2026-11-30")
    again = update_sheet(sheet, evidence(summary(), run=LATER))
    confirmed = filled(written(again), code="k", who="B", when="2026-12-01")
    (row,) = rows_of(
        written(update_sheet(confirmed, evidence(summary(is_read=False), run="later", lines=frozenset({2}))))
    )
    assert (row["code"].upper(), row["seen"].split()) == ("K", [LATER, RUN])
    assert (row["who"], row["when"]) == ("B; A", "2026-12-01")


def test_a_row_that_is_to_be_reviewed_again_needs_no_second_one() -> None:
    sheet = filled(written(update_sheet(Sheet(), evidence(summary()))), code="R")
    (row,) = rows_of(written(update_sheet(sheet, evidence(summary(), run=LATER, lines=frozenset({2})))))
    assert row["code"] == "R"


@pytest.mark.parametrize("code", ["", "K"])
def test_a_row_that_nothing_has_met_is_kept_and_marked(code: str) -> None:
    sheet = filled(written(update_sheet(Sheet(), evidence(summary()))), code=code, note="keep me")
    again = update_sheet(sheet, evidence(run=LATER))
    (row,) = rows_of(written(again))
    assert (row["code"], row["note"], row["flags"], row["examples"]) == (code, "keep me", MET_NOTHING, "Head | Neck 2")
    (met,) = rows_of(written(update_sheet(again, evidence(summary(is_read=False), run=LATER))))
    assert met["flags"] == ""


def test_a_row_of_several_elements_is_met_by_the_line_that_decides() -> None:
    raw = b'element,vr,code\n"(0029,""SIEMENS MR HEADER"",*)",,X\n"(0031,""A"",01)",,X\n'
    sheet = read_decisions("decisions.csv", raw)
    rows = rows_of(written(update_sheet(sheet, evidence(lines=frozenset({2})))))
    assert [row["flags"] for row in rows] == ["", MET_NOTHING]


def test_manufacturers_that_differ_have_rows_of_their_own() -> None:
    rows = rows_of(
        written(update_sheet(Sheet(), evidence(summary(manufacturer="GE"), summary(manufacturer="SIEMENS"))))
    )
    assert [row["manufacturer"] for row in rows] == ["GE", "SIEMENS"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_what_spreadsheets_make_of_a_sheet_is_read(separator: str, start: str) -> None:
    raw = f"{start}element{separator}VR{separator}code\r\nStudyDescription{separator}LO{separator}K\r\n".encode()
    (row,) = read_decisions("decisions.csv", raw).rows
    assert (row.key, row.cells["vr"], row.cells["code"]) == (("(0008,1030)", "lo", "", "", "", ""), "LO", "K")


def test_leading_lines_are_kept() -> None:
    sheet = read_decisions("decisions.csv", b"# name = ours\nelement,vr,code\nStudyDescription,LO,K\n")
    assert written(update_sheet(sheet, evidence())).startswith("# name = ours\nelement,vr,")


def test_a_cell_that_would_be_a_formula_comes_back_as_it_was() -> None:
    sheet = filled(written(update_sheet(Sheet(), evidence(summary()))), note="=1+1")
    text = written(sheet)
    assert "'=1+1" in text
    assert read_decisions("decisions.csv", text.encode()).rows[0].cells["note"] == "=1+1"


def test_a_line_break_in_a_value_does_not_break_the_row() -> None:
    text = written(update_sheet(Sheet(), evidence(summary(examples=("one\ntwo",)))))
    assert len(text.splitlines()) == 2
    assert rows_of(text)[0]["examples"] == "one\\x0atwo"


def test_a_file_that_is_no_sheet_is_refused() -> None:
    with pytest.raises(ProfileError):
        read_decisions("decisions.csv", b"\xff\xfe")
    with pytest.raises(ProfileError):
        read_decisions("decisions.csv", b'element,vr,code\n"(0008,1030),LO,K\n')


def test_the_line_of_a_row_that_decides_is_found() -> None:
    assert find_line("a: b.csv:12  (0008,1030) LO K") == ("a: b.csv", 12)
    assert find_line("none (basic.csv  default R)")[1] == 0


def test_every_element_of_a_report_can_be_handed_back() -> None:
    elements = ["(0008,1030)", "", "(0009,<none:10>,02)", "<preamble>", "<trailing bytes>"]
    elements += ["(0008,1140)[<0>](0008,1155)", "(0009,0010)", "(0001,0002)", "(0008,0000)"]
    elements[1] = format_identity((Step(0x00090002, 'A "B" \\ C'),))
    sheet = filled(written(update_sheet(Sheet(), evidence(*map(summary, elements)))))
    decided = sheet.rows
    text = written(Sheet(rows=tuple(SheetRow(row.line, {**row.cells, "code": "X"}) for row in decided)))
    profile = parse_profile("decisions.csv", text.encode(), kind=None, find_keyword=find_keyword)
    assert len(profile.rows) == len(elements)

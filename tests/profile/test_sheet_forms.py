"""The sheet of decisions as a profile: its columns, what reading ignores, and what spreadsheets do to it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from tagsniff.output.csv_text import write_row
from tagsniff.profile import COLUMNS, ProfileError, ProfileFile, ProfileKind, Scope, parse_profile

HEAD = (
    "element,vr,modality,manufacturer,model,software,code,collapse,scope,note,who,when,"
    "name,files,series,patients,distinct,min,max,shapes,examples,flags,suggestion,suggested_by\n"
)
SHEET = HEAD + (
    'PatientName,PN,,,,,Z,,,"seen, and discussed",Ann,2026-11-30,PatientName,3,2,1,3,,,,,,Z,basic\n'
    '"(0009,""ACME"",01)",LO,MR,ACME*,,1.*,K,,element,,Bob,,Suite [ge],9,,,,,,,A^B,,,\n'
    '"(0009,""ACME"",02)",LO/SH,,,,,k,,,,,,,,,,,,,,,,R,tcia\n'
    '"(0009,""ACME"",03)",,,,,,C,,values,,,,,,,,,,,,,,,\n'
    '"(0009,""ACME"",04)",LO,,,,,,,,,,,nothing decided,7,,,,,,,,,K,tcia\n'
    "(0009,<none:10>,*),,,,,,x/z,,,,,,,,,,,,,,,,,\n".replace("(0009,<none:10>,*)", '"(0009,<none:10>,*)"')
)


def parse(text: str | bytes, kind: ProfileKind | None = None) -> ProfileFile:
    raw = text if isinstance(text, bytes) else text.encode()
    return parse_profile("s.csv", raw, kind=kind, find_keyword={"PatientName": 0x00100010}.get)


def mistakes_of(text: str) -> list[str]:
    with pytest.raises(ProfileError) as caught:
        parse(text)
    return str(caught.value).split("\n")


def row_texts(profile: ProfileFile) -> list[tuple[int, str]]:
    return [(row.line, str(row)) for row in profile.rows]


EXPECTED = [
    (2, "(0010,0010) PN Z"),
    (3, '(0009,"ACME",01) LO K MR:ACME*:*:1.*'),
    (4, '(0009,"ACME",02) LO/SH K'),
    (5, '(0009,"ACME",03) C for the values seen'),
    (7, "(0009,<none:10>,*) X/Z"),
]


def test_a_sheet_has_public_and_private_rows_and_those_without_a_code_are_none() -> None:
    profile = parse(SHEET)
    assert (profile.kind, profile.name, profile.options) == (ProfileKind.DECISIONS, "s", ())
    assert row_texts(profile) == EXPECTED
    first, second, *others = profile.rows
    assert (first.note, first.who, first.when, first.name) == ("seen, and discussed", "Ann", "2026-11-30", "")
    assert (second.who, second.scope) == ("Bob", Scope.ELEMENT)
    assert [row.scope for row in (first, *others)] == [Scope.BY_VR, Scope.BY_VR, Scope.VALUES, Scope.BY_VR]


@pytest.mark.parametrize("kind", [None, *ProfileKind])
def test_a_sheet_may_stand_for_every_kind(kind: ProfileKind | None) -> None:
    assert row_texts(parse(SHEET, kind)) == EXPECTED


@pytest.mark.parametrize("column", ["scope", "who", "when", "files", "suggestion", "seen"])
def test_one_column_of_a_sheet_makes_the_file_one(column: str) -> None:
    profile = parse(f'element,code,{column}\nPatientName,K,\n"(0009,""A"",01)",X,\n')
    assert profile.kind is ProfileKind.DECISIONS
    assert len(profile.rows) == 2


def test_equipment_with_a_note_is_a_sheet_and_without_it_is_not() -> None:
    assert parse("element,manufacturer,code,note\nPatientName,GE*,K,\n").kind is ProfileKind.DECISIONS
    assert parse('element,manufacturer,code\n"(0009,""A"",01)",GE*,K\n').kind is ProfileKind.MODALITY_SOFTWARE
    assert parse("element,code,note\nPatientName,K,\n").kind is ProfileKind.CONFIDENTIALITY


def with_separator(text: str, separator: str) -> str:
    quoted = False
    letters = []
    for letter in text:
        quoted ^= letter == '"'
        letters.append(separator if letter == "," and not quoted else letter)
    return "".join(letters)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: with_separator(text, ";"),
        lambda text: with_separator(text, "\t"),
        lambda text: "\ufeff" + with_separator(text, ";").replace("\n", ";;;\r\n"),
        lambda text: text.replace("\n", ",,\n"),
        lambda text: text + "," * 23 + "\n\n",
        lambda text: text.replace(",Z,", ",z,").replace(",C,", ",c,").replace(",PN,", ",pn,"),
        lambda text: text.replace(",values,", ",Values,").replace("element,vr", "Element,VR", 1),
    ],
)
def test_what_a_spreadsheet_does_changes_nothing(change: Callable[[str], str]) -> None:
    assert change(SHEET) != SHEET
    profile = parse(change(SHEET))
    assert row_texts(profile) == EXPECTED
    assert [row.who for row in profile.rows] == ["Ann", "Bob", "", "", ""]


def test_the_apostrophe_before_a_formula_is_removed() -> None:
    stream = io.StringIO()
    write_row(stream, ["element", "manufacturer", "model", "code", "note", "who"])
    write_row(stream, ["PatientName", "=ACME", "@home", "K", "-x", "+Ann"])
    assert "'=ACME" in stream.getvalue()
    (row,) = parse(stream.getvalue()).rows
    assert (row.equipment.manufacturer, row.equipment.model, row.note, row.who) == ("=ACME", "@home", "-x", "+Ann")
    (row,) = parse("element,manufacturer,code,who\nPatientName,'A,K,'t Hooft\n").rows
    assert (row.equipment.manufacturer, row.who) == ("'A", "'t Hooft"), "an apostrophe before anything else is meant"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (HEAD + "PatientName,,,,,,Y\n", "s.csv:2: column code: 'Y' is no code; codes are"),
        (HEAD + "PatientName,ZZ,,,,,K\n", "s.csv:2: column vr: 'ZZ' is no VR"),
        (HEAD + "PatientName,,,,,,K,,all\n", "s.csv:2: column scope: 'all' is no scope; a scope is element or values"),
        (HEAD + ",,,,,,K\n", "s.csv:2: column element: a row has an element"),
        (HEAD + "(0010,0010),PN,,,,,K\n", "s.csv:2: column element: '(0010' has no closing bracket"),
        (HEAD + "(0010,0010),PN,,,,K\n", "s.csv:2: column element: '(0010' has no closing bracket"),
        (HEAD + '"(0009,1001)",,,,,,K\n', "s.csv:2: column element: (0009,1001): a private element is named by its"),
        (HEAD + '"(0009,""G*"",01)",,,,,,K\n', "s.csv:2: column element: "),
        (
            HEAD + "PatientName,PN,,,,,K\nPatientName,PN,,,,,X\n",
            "s.csv:3: column code: line 2 says something else of the same elements",
        ),
        (
            HEAD + "PatientName,PN,,,,,K\nPatientName,PN,,,,,K,,element\n",
            "s.csv:3: column code: line 2 says something else of the same elements",
        ),
        (
            "element,code,who,fils\n",
            "s.csv:1: column fils: a sheet of decisions has no such column; it has element, vr",
        ),
        ("element,who\nPatientName,A\n", "s.csv:1: column code: this column is missing"),
        ("element,code,who,retain-uids\n", "s.csv:1: column retain-uids: a sheet of decisions has no such column"),
        ("# options = retain-uids\nelement,code,who\n", "s.csv:1: a sheet of decisions has no options"),
    ],
)
def test_a_mistake_has_line_column_and_reason(text: str, mistake: str) -> None:
    (found,) = mistakes_of(text)
    assert found.startswith(mistake)


def test_rows_that_say_the_same_are_one() -> None:
    profile = parse(HEAD + "PatientName,PN,,,,,K\nPatientName,PN,,,,,k,,,again\nPatientName,PN,,,,,\n")
    assert [row.line for row in profile.rows] == [2]


def test_a_profile_of_an_older_form_is_read_as_before() -> None:
    text = "modality,manufacturer,model,software,element,vr,code,name,source\n"
    profile = parse(text + """,',-1,,"(0009,""A"",01)",LO,K,Name,Source\n""")
    assert profile.kind is ProfileKind.MODALITY_SOFTWARE
    (row,) = profile.rows
    assert (row.scope, row.name, row.source, row.equipment.manufacturer) == (Scope.ELEMENT, "Name", "Source", "'")
    assert set(COLUMNS[ProfileKind.CONFIDENTIALITY]) <= set(COLUMNS[ProfileKind.DECISIONS])

"""Profile files: the changes that spreadsheets make, every kind of error, options, and the shipped files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tagsniff import _core
from tagsniff._core import dictionary_find_keyword as find_keyword
from tagsniff.dicom.notation import format_pattern, parse_pattern
from tagsniff.profile import (
    COLUMNS,
    OPTIONS,
    VRS,
    Code,
    Collapse,
    CollapseRule,
    Mistake,
    ProfileError,
    ProfileFile,
    ProfileKind,
    check_profile,
    list_profiles,
    load_profile,
    parse_profile,
    read_profile,
    show_profile,
)
from tagsniff.profile.codes import parse_code, parse_collapse, parse_collapse_list
from tagsniff.profile.shipped import find_shipped
from tagsniff.writers.profile_text import write_profile_list

KEYWORDS = {"PatientName": 0x00100010}

CONFIDENTIALITY = """\
# name = mine
# edition = 7
# options = retain-uids, clean-descriptors
# default = X
# source = a table, and a book
element,vr,code,collapse,note,retain-uids,clean-descriptors
"(0010,0010)",PN,Z,,Name,,
PatientName,LO/SH,R,,,,
"(60XX,3000)",,X,,,,
"(0008,0018)",UI,U,uid:1.2.3,,K,
"(0008,1030)",,X,,,,C
"(0040,A730)[<0>](0040,a160)",,X/Z/U*,,,,
"(0009,""GEMS_IDEN_01"",02)",,K,number,,,
*,DA,R,date,,,
"""

MODALITY_SOFTWARE = """\
modality,manufacturer,model,software,element,vr,code,name,source
MR,*GE*,*,,"(0009,""GEMS_IDEN_01"",*)",SH,K,Suite,PS3.15
,,,,"(0009,<none:10>,02)",,X,,
,,,"1.*\\2","(0119,""MRSC"",1502)",,R,,
,,,,"(0009,""ACME"",02)[<0>](0008,0100)",,K,,
,,,,*,,R,,
"""


def parse(text: str, kind: ProfileKind | None = None, options: tuple[str, ...] = ()) -> ProfileFile:
    return parse_profile("p.csv", text.encode(), kind=kind, options=options, find_keyword=KEYWORDS.get)


def mistakes_of(text: str | bytes, options: tuple[str, ...] = ()) -> list[str]:
    raw = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ProfileError) as caught:
        parse_profile("p.csv", raw, kind=None, options=options, find_keyword=KEYWORDS.get)
    return str(caught.value).split("\n")


def row_texts(profile: ProfileFile) -> list[str]:
    return [str(row) for row in profile.rows]


def test_confidentiality_profile_is_read() -> None:
    profile = parse(CONFIDENTIALITY, ProfileKind.CONFIDENTIALITY)
    assert (profile.name, profile.edition, profile.source) == ("mine", "7", "a table, and a book")
    assert profile.kind is ProfileKind.CONFIDENTIALITY
    assert set(profile.options) == {"retain-uids", "clean-descriptors"}
    assert (profile.default.code, profile.default.line, str(profile.default)) == (Code.X, 4, "default X")
    assert row_texts(profile) == [
        "(0010,0010) PN Z",
        "(0010,0010) LO/SH R",
        "(60xx,3000) X",
        "(0008,0018) UI U uid:1.2.3",
        "(0008,1030) X",
        "(0040,a730)[<0>](0040,a160) X/Z/U*",
        '(0009,"GEMS_IDEN_01",02) K number',
        "* DA R date",
    ]
    assert [row.line for row in profile.rows] == list(range(7, 15))
    assert {row.file for row in profile.rows} == {"p.csv"}
    assert profile.rows[0].note == "Name"
    assert profile.rows[3].collapse == Collapse(CollapseRule.UID, "1.2.3")


def test_modality_software_profile_is_read() -> None:
    profile = parse(MODALITY_SOFTWARE, ProfileKind.MODALITY_SOFTWARE)
    assert profile.name == "p", "a profile without a name has that of its file"
    assert (profile.default.code, profile.default.line) == (Code.R, 0)
    assert row_texts(profile) == [
        '(0009,"GEMS_IDEN_01",*) SH K MR:*GE*:*:*',
        "(0009,<none:10>,02) X",
        '(0119,"MRSC",1502) R *:*:*:1.*\\2',
        '(0009,"ACME",02)[<0>](0008,0100) K',
        "* R",
    ]
    assert (profile.rows[0].name, profile.rows[0].source) == ("Suite", "PS3.15")


def as_spreadsheet(text: str) -> str:
    """Return a comma-separated text as a spreadsheet saves it: every line has the same number of cells."""
    lines = text.splitlines()
    return "\r\n".join(line + "," * (6 - line.count(",")) if line.startswith("#") else line for line in lines) + "\r\n"


def with_separator(text: str, separator: str) -> str:
    """Return a text with another separator; commas inside quotes are kept."""
    pieces = re.split(r'("(?:""|[^"])*"|#.*)', text)
    return "".join(piece.replace(",", separator) if number % 2 == 0 else piece for number, piece in enumerate(pieces))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n,,,,,,\n   \n",
        as_spreadsheet,
        lambda text: with_separator(text, ";"),
        lambda text: with_separator(text, "\t"),
        lambda text: text.replace("element,vr,code", " Element , VR,CODE"),
        lambda text: text.replace("# source = a table, and a book", '"# source = a table, and a book"'),
        lambda text: text.replace("# source = a table, and a book", "#\n# source =a table, and a book,,"),
    ],
)
def test_the_format_of_a_spreadsheet_changes_nothing(change: Callable[[str], str]) -> None:
    text = change(CONFIDENTIALITY)
    assert text != CONFIDENTIALITY
    profile, expected = parse(text), parse(CONFIDENTIALITY)
    assert row_texts(profile) == row_texts(expected)
    assert [row.note for row in profile.rows] == [row.note for row in expected.rows]
    assert (profile.name, profile.edition, profile.source) == (expected.name, expected.edition, expected.source)
    assert (profile.options, profile.default.code) == (expected.options, expected.default.code)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_line_that_names_the_separator_is_accepted(separator: str) -> None:
    profile = parse(f"sep={separator}\n" + with_separator(CONFIDENTIALITY, separator))
    assert row_texts(profile) == row_texts(parse(CONFIDENTIALITY))
    assert [row.line for row in profile.rows] == list(range(8, 16))


def test_columns_may_be_in_any_order_and_left_out() -> None:
    assert row_texts(parse('code,element\nK,"(0008,0060)"\n')) == ["(0008,0060) K"]
    assert row_texts(parse('model,element,code\nA*,"(0009,""A"",01)",K\n')) == ['(0009,"A",01) K *:*:A*:*']
    assert row_texts(parse('element,code,\n"(0008,0060)",K,\n')) == ["(0008,0060) K"]


def test_the_source_may_have_several_lines() -> None:
    assert parse("# source = one\n# source = two\nelement,code\n").source == "one; two"


def test_the_digest_is_that_of_the_bytes() -> None:
    assert parse("element,code\n").digest != parse("element,code\n\n").digest
    assert re.fullmatch("[0-9a-f]{64}", parse("element,code\n").digest)


HEAD = "element,vr,code,collapse,note\n"
EQUIPMENT_HEAD = "modality,manufacturer,model,software,element,vr,code,name,source\n"
SETTING_NAMES = "name, edition, options, default, collapse, source"
RULES = "date, number, uid, bytes, runs, shape, all, none and uid:ROOT"
EQUIPMENT_NAMES = "modality, manufacturer, model, software, element, vr, code, collapse, name, source"
CODES = "codes are X X/Z X/D X/Z/D X/Z/U* Z Z/D D U C R K"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "p.csv: there is no line with column names"),
        ("# name = mine\n", "p.csv: there is no line with column names"),
        ("element,vr\n", "p.csv:1: column code: this column is missing"),
        ("vr,code\n", "p.csv:1: column element: this column is missing"),
        ("element,code,vr,code\n", "p.csv:1: column code: this column stands there twice"),
        (
            "element,code,action\n",
            "p.csv:1: column action: a Confidentiality Profile has no such column; it has element, vr, code, collapse, "
            "note, " + ", ".join(OPTIONS),
        ),
        (
            "manufacturer,element,code,action\n",
            "p.csv:1: column action: a Modality Software Profile has no such column; it has " + EQUIPMENT_NAMES,
        ),
        ('element,code,\n"(0008,0060)",K,x\n', "p.csv:1: column 3 has cells but no name"),
        (
            "# nmae = mine\n" + HEAD,
            f"p.csv:1: a # line is '# name = value', and the name one of {SETTING_NAMES}",
        ),
        (
            "# default: K\n" + HEAD,
            f"p.csv:1: a # line is '# name = value', and the name one of {SETTING_NAMES}",
        ),
        ("# default = R\n# default = K\n" + HEAD, "p.csv:2: default stands in line 1 already"),
        ("# default = q\n" + HEAD, f"p.csv:1: column default: 'q' is no code; {CODES}"),
        (HEAD + "# default = K\n", "p.csv:2: a # line stands above the column names"),
        (
            "# options = retain-uids\n" + HEAD,
            "p.csv:1: the options listed are not the option columns, which are none",
        ),
        (
            "# options = retain-uids\n" + EQUIPMENT_HEAD,
            "p.csv:1: a Modality Software Profile has no options",
        ),
        (HEAD + '"(0010,0010)",,Y,,\n', f"p.csv:2: column code: 'Y' is no code; {CODES}"),
        (HEAD + '"(0010,0010)",,Z/X,,\n', f"p.csv:2: column code: 'Z/X' is no code; {CODES}"),
        (HEAD + '"(0010,0010)",,,,\n', "p.csv:2: column code: a row has a code"),
        (HEAD + ",,K,,\n", "p.csv:2: column element: a row has an element"),
        (
            "element,code,retain-uids\n" + '"(0010,0010)",K,keep\n',
            f"p.csv:2: column retain-uids: 'keep' is no code; {CODES}",
        ),
        (HEAD + '"(0010,10)",,K,,\n', "p.csv:2: column element: position 6: expected 4 hexadecimal digits or x"),
        (HEAD + '"(60zz,3000)",,K,,\n', "p.csv:2: column element: position 1: expected 4 hexadecimal digits or x"),
        (
            HEAD + "PatientsName,,K,,\n",
            (
                "p.csv:2: column element: position 0: PatientsName is no keyword of PS3.6 that stands for one tag; "
                "did you mean PatientName or PatientState or PatientSex?"
            ),
        ),
        (
            HEAD + "(0010,0010),,K,\n",
            "p.csv:2: column element: '(0010' has no closing bracket; a cell with a comma in it is quoted",
        ),
        (
            HEAD + '"(0009,1002)",,K,,\n',
            "p.csv:2: column element: (0009,1002): a private element is named by its private creator",
        ),
        (
            EQUIPMENT_HEAD + ',,,,"(0010,0010)",,K,,\n',
            (
                "p.csv:2: column element: (0010,0010) is public, which the Confidentiality Profile decides, or a sheet "
                "of decisions: a file with a column scope, who or when"
            ),
        ),
        (HEAD + '"(0010,0010)",LX,K,,\n', "p.csv:2: column vr: 'LX' is no VR; several are joined with /"),
        (HEAD + '"(0010,0010)",LO/,K,,\n', "p.csv:2: column vr: '' is no VR; several are joined with /"),
        (
            HEAD + '"(0010,0010)",,R,dates,\n',
            f"p.csv:2: column collapse: 'dates' is no collapse rule; rules are {RULES}",
        ),
        (
            HEAD + '"(0010,0010)",,R,date:1,\n',
            f"p.csv:2: column collapse: 'date:1' is no collapse rule; rules are {RULES}",
        ),
        (
            HEAD + '"(0010,0010)",,R,uid:1.02.3,\n',
            "p.csv:2: column collapse: a root is a UID, without the dot behind it",
        ),
        (
            HEAD + '"(0010,0010)",,X,,\n"(0010,0020)",,X,,\nPatientName,,K,,\n',
            "p.csv:4: column code: line 2 says something else of the same elements",
        ),
        (
            HEAD + '"(0010,0010)",LO/SH,R,date,\nPatientName,SH/LO,R,,\n',
            "p.csv:3: column code: line 2 says something else of the same elements",
        ),
        (
            EQUIPMENT_HEAD + ',GE*,,,"(0009,""A"",01)",,K,,\n*,ge*,**,,"(0009,""A"",01)",,R,,\n',
            "p.csv:3: column code: line 2 says something else of the same elements",
        ),
        (
            "element,code,retain-uids\n" + '"(0010,0010)",K,\n"(0010,0010)",K,C\n',
            "p.csv:3: column code: line 2 says something else of the same elements",
        ),
        (
            HEAD + '"(0010,0010)",,X,,a,b\n',
            "p.csv:2: 6 cells, but 5 columns; a cell with a separator in it, as elements have, is quoted",
        ),
        (
            HEAD + '"(0010,0010)",,X,,"a\n"(0010,0020)",,X,,\n',
            "p.csv:2: the quotes of this line do not pair up (unexpected end of data)",
        ),
        (
            HEAD + '"(0010,0010)"x,,X,,\n',
            "p.csv:2: the quotes of this line do not pair up (',' expected after '\"')",
        ),
    ],
)
def test_an_error_has_line_column_and_reason(text: str, mistake: str) -> None:
    assert mistakes_of(text) == [mistake]


def test_a_line_break_in_a_cell_is_refused() -> None:
    # Otherwise a missing quote could swallow the rows up to the next quote.
    found = mistakes_of(HEAD + '"(0010,0010)",,X,,"one\ntwo"\n')
    assert {mistake.split(":")[1] for mistake in found} == {"2", "3"}


def test_a_file_that_is_not_utf_8_is_refused_with_the_line() -> None:
    raw = (HEAD + '"(0010,0010)",,X,,Universit').encode() + b"\xe4t\n"
    assert mistakes_of(raw) == ["p.csv:2: not UTF-8; save it as CSV UTF-8"]
    assert mistakes_of(HEAD.encode("utf-16")) == ["p.csv:1: not UTF-8; save it as CSV UTF-8"]


def test_all_errors_of_a_file_are_reported_in_line_order() -> None:
    text = (
        "# default = Q\n" + HEAD + '"(0010,0010)",XX,Y,never,\nnobody,,K,,\n"(0010,0010)",,"K,,\n"(0010,0020)",,K,,\n'
    )
    found = [mistake.split(": ")[:2] for mistake in mistakes_of(text)]
    assert found == [
        ["p.csv:1", "column default"],
        ["p.csv:3", "column code"],
        ["p.csv:3", "column vr"],
        ["p.csv:3", "column collapse"],
        ["p.csv:4", "column element"],
        ["p.csv:5", "the quotes of this line do not pair up (unexpected end of data)"],
    ]


def test_equal_rows_are_merged() -> None:
    profile = parse(HEAD + '"(0010,0010)",,X,,one\nPatientName,,X,,two\n')
    assert [(str(row), row.line) for row in profile.rows] == [("(0010,0010) X", 2)]


def test_codes_are_ordered_by_protection() -> None:
    assert " ".join(code.value for code in Code) == "X X/Z X/D X/Z/D X/Z/U* Z Z/D D U C R K"
    first_parts = [code.value[0] for code in Code]
    assert first_parts == sorted(first_parts, key="XZDUCRK".index)
    assert [code.protection for code in Code] == list(range(len(Code)))
    assert {code for code in Code if code.records_values} == {Code.C, Code.R}
    assert {code for code in Code if not code.covers_items} == {Code.C, Code.R, Code.K}


def test_code_and_collapse_are_read_as_written() -> None:
    for code in Code:
        assert parse_code(code.value) is code
    for text in ("date", "number", "uid:1.2.840", "uid", "bytes", "runs", "shape", "all", "none"):
        assert str(parse_collapse(text)) == text
    for text in ("all", "none", "date, number", "runs"):
        assert str(parse_collapse_list(text)) == text
    assert parse_collapse("") is None


@pytest.mark.parametrize(
    ("rule", "root"),
    [
        (CollapseRule.DATE, "1.2"),
        (CollapseRule.ALL, "1.2"),
        (CollapseRule.UID, "1.2."),
        (CollapseRule.UID, "1." + "2" * 63),
        (CollapseRule.UID, "\u0661.2"),
    ],
)
def test_an_invalid_uid_root_is_refused(rule: CollapseRule, root: str) -> None:
    with pytest.raises(ValueError, match="root"):
        Collapse(rule, root)


def test_vrs_are_those_of_the_core() -> None:
    assert set(_core.VR_NAMES) - {"??"} == VRS


def test_keywords_are_those_of_the_core() -> None:
    assert find_keyword("PatientName") == 0x00100010
    assert find_keyword("PixelData") == 0x7FE00010
    assert find_keyword("OverlayData") is None, "the keyword belongs to many tags"
    assert find_keyword("PatientsName") is None
    assert find_keyword("") is None


# Options

OPTION_ROWS = """\
element,code,retain-uids,retain-full-dates,retain-modified-dates
"(0008,0018)",U,K,,
"(0008,0020)",Z,,K,C
"(0010,0010)",Z,,,
"""


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ((), ["(0008,0018) U", "(0008,0020) Z", "(0010,0010) Z"]),
        (("retain-uids",), ["(0008,0018) K by retain-uids", "(0008,0020) Z", "(0010,0010) Z"]),
        (("retain-full-dates",), ["(0008,0018) U", "(0008,0020) K by retain-full-dates", "(0010,0010) Z"]),
        (
            ("retain-full-dates", "retain-modified-dates"),
            ["(0008,0018) U", "(0008,0020) C by retain-modified-dates", "(0010,0010) Z"],
        ),
        (
            ("retain-modified-dates", "retain-uids", "retain-full-dates"),
            ["(0008,0018) K by retain-uids", "(0008,0020) C by retain-modified-dates", "(0010,0010) Z"],
        ),
    ],
)
def test_options_replace_codes_and_the_most_protective_one_holds(options: tuple[str, ...], codes: list[str]) -> None:
    for order in (options, options[::-1]):
        profile = parse(OPTION_ROWS, options=order)
        assert row_texts(profile) == codes
        assert set(profile.selected) == set(options)


def test_an_option_that_the_profile_does_not_have_is_refused() -> None:
    reason = "the profile has no option 'clean-graphics'; it has retain-uids, retain-full-dates, retain-modified-dates"
    assert mistakes_of(OPTION_ROWS, ("clean-graphics",)) == [f"p.csv: {reason}"]
    assert mistakes_of(HEAD, ("retain",)) == ["p.csv: the profile has no option 'retain'; it has none"]


# Loading


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mine.csv").write_text(CONFIDENTIALITY, encoding="utf-8")
    (tmp_path / "equipment.csv").write_text(MODALITY_SOFTWARE, encoding="utf-8")
    (tmp_path / "wrong.csv").write_text(HEAD + '"(0010,0010)",,Q,,\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_profiles_are_loaded_from_files(folder: Path) -> None:
    profile = load_profile("mine.csv", [folder / "equipment.csv", "equipment.csv"], find_keyword=KEYWORDS.get)
    assert [[(each.file, each.name) for each in layer] for layer in profile.layers] == [
        [("equipment.csv", "equipment")],
        [(str(folder / "equipment.csv"), "equipment")],
        [("mine.csv", "mine")],
    ]


def test_errors_of_all_files_are_reported_together(folder: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        load_profile("wrong.csv", ["nowhere.csv", "mine.csv", folder], find_keyword=KEYWORDS.get)
    files = [(mistake.file, mistake.line) for mistake in caught.value.mistakes]
    assert files == [("wrong.csv", 2), ("nowhere.csv", 0), ("mine.csv", 6), (str(folder), 0)]
    reasons = [mistake.reason for mistake in caught.value.mistakes]
    assert reasons[1].startswith("no such file, and no shipped profile of that name; there are ")
    assert reasons[2] == "this is a Confidentiality Profile, not a Modality Software one"
    assert reasons[3].startswith("cannot be read: ")


def test_wrong_arguments_are_refused(folder: Path) -> None:
    with pytest.raises(TypeError, match="modality_software must be a sequence"):
        load_profile("mine.csv", "equipment.csv", find_keyword=KEYWORDS.get)
    with pytest.raises(TypeError, match="options must be a sequence"):
        load_profile("mine.csv", (), "retain-uids", find_keyword=KEYWORDS.get)
    with pytest.raises(ValueError, match="a root is a UID"):
        load_profile(folder / "mine.csv", uid_root="1.2.", find_keyword=KEYWORDS.get)
    with pytest.raises(ProfileError, match="cannot be read"):
        read_profile("a\0b")


def test_check_returns_the_errors(folder: Path) -> None:
    assert check_profile(folder / "mine.csv", find_keyword=KEYWORDS.get) == ()
    assert check_profile("wrong.csv") == (Mistake("wrong.csv", 2, "code", f"'Q' is no code; {CODES}"),)


def test_show_returns_the_profile_unchanged(folder: Path) -> None:
    (folder / "mine.csv").write_bytes(("\ufeff" + CONFIDENTIALITY.replace("\n", "\r\n")).encode())
    assert show_profile("mine.csv") == CONFIDENTIALITY
    (folder / "mine.csv").write_bytes(b"\xe4")
    with pytest.raises(ProfileError, match="not UTF-8"):
        show_profile("mine.csv")


# The shipped ones


@pytest.fixture(scope="module")
def shipped() -> tuple[ProfileFile, ...]:
    return list_profiles()


def test_shipped_profiles_are_listed_under_their_own_names(shipped: tuple[ProfileFile, ...]) -> None:
    assert [profile.name for profile in shipped] == list(find_shipped())
    kinds = {profile.name: profile.kind for profile in shipped}
    assert kinds["basic"] is kinds["physical"] is ProfileKind.CONFIDENTIALITY
    assert kinds["record-all"] is ProfileKind.MODALITY_SOFTWARE


def test_basic_has_every_option() -> None:
    (basic,) = load_profile("basic", options=OPTIONS).files
    assert basic.options == basic.selected == OPTIONS
    assert any(row.options for row in basic.rows)


def test_a_shipped_profile_takes_precedence_over_a_file_of_its_name(folder: Path) -> None:
    (folder / "basic").write_text(HEAD, encoding="utf-8")
    assert len(read_profile("basic").rows) > 600
    assert len(read_profile("./basic").rows) == len(read_profile(Path("basic")).rows) == 0


def test_the_text_of_a_shown_profile_can_be_read(folder: Path) -> None:
    (folder / "copy.csv").write_text(show_profile("basic"), encoding="utf-8")
    copy = read_profile("copy.csv")
    assert row_texts(copy) == row_texts(read_profile("basic"))


def test_list_is_written() -> None:
    profiles = [parse(CONFIDENTIALITY), parse(MODALITY_SOFTWARE)]
    stream = io.StringIO()
    write_profile_list(profiles, stream)
    assert stream.getvalue() == (
        "# name  kind               edition  rows  options\n"
        "mine    Confidentiality    7        8     clean-descriptors, retain-uids\n"
        "p       Modality Software  -        5     -\n"
    )


def test_columns_are_those_of_the_shipped_files(shipped: tuple[ProfileFile, ...]) -> None:
    for profile, entry in zip(shipped, find_shipped().values(), strict=True):
        lines = Path(entry).read_text(encoding="utf-8").splitlines()
        head = next(line for line in lines if not line.startswith("#"))
        columns = tuple(column for column in COLUMNS[profile.kind] if column != "collapse" or column in head)
        assert tuple(head.split(","))[: len(columns)] == columns


def test_every_element_is_printed_as_it_is_read(shipped: tuple[ProfileFile, ...]) -> None:
    elements = {row.element for profile in shipped for row in profile.rows}
    assert len(elements) > 10_000
    for element in elements:
        assert parse_pattern(format_pattern(element), KEYWORDS.get) == element


# Patterns that can match nothing. Each would look like a row that decides something.

MR = '"(0009,""ACME"",01)",,K,,\n'


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (',,,,"(0009,""GEMS*"",*)",,K,,', "element", "has a * inside the quotes, where it is a letter and no pattern"),
        (',,,,"(0009,""*"",01)",,K,,', "element", "has a * inside the quotes"),
        (',,,,"(0009,"" ACME"",01)",,K,,', "element", "has a space or NUL at the start or end of a private creator"),
        (',,,,"(0009,""ACME "",01)",,K,,', "element", "has a space or NUL at the start or end of a private creator"),
        (r',,,,"(0009,""ACME\x00"",01)",,K,,', "element", "has a space or NUL at the start or end"),
        (',,,,"(0009,""  "",01)",,K,,', "element", "has a space or NUL at the start or end"),
        (',,,,"(0001,""ACME"",01)",,K,,', "element", "no private creator reserves elements of group 0001"),
        (',,,,"(0007,""ACME"",*)",,K,,', "element", "no private creator reserves elements of group 0007"),
        (',,,,"(ffff,<none:10>,02)",,K,,', "element", "no private creator reserves elements of group ffff"),
        (',,,,"(0008,1140)[<0>](0003,""ACME"",02)",,K,,', "element", "reserves elements of group 0003"),
        (',,,,"(0010,""ACME"",02)",,K,,', "element", "a private element has an odd group"),
        (',,,,"(0010,<none:10>,02)",,K,,', "element", "a private element has an odd group"),
        (',,,,"(0009,""ACME"",01)",XX,K,,', "vr", "'XX' is no VR; several are joined with /"),
        ("[Z-A]R,,,," + MR, "modality", "'[Z-A]R' matches nothing: a range in brackets goes from its end to its start"),
        (",[z-a],,," + MR, "manufacturer", "matches nothing"),
        (",,<UNDEF>,," + MR, "model", "'<UNDEF>' is written <undef>, in lower case"),
        (",,,<Empty>," + MR, "software", "'<Empty>' is written <empty>, in lower case"),
    ],
)
def test_a_pattern_that_can_match_nothing_is_a_mistake(row: str, column: str, reason: str) -> None:
    (mistake,) = mistakes_of(EQUIPMENT_HEAD + row.rstrip("\n") + "\n")
    assert mistake.startswith(f"p.csv:2: column {column}: ")
    assert reason in mistake


def test_items_and_delimiters_are_no_elements() -> None:
    for element in ("(fffe,e000)", "(fffe,e00d)", "(0008,1140)[<0>](fffe,e00d)", "(fffe,xxxx)"):
        (mistake,) = mistakes_of(HEAD + f'"{element}",,K,,\n')
        assert mistake == f"p.csv:2: column element: {element}: group fffe has items and delimiters, and no elements"


@pytest.mark.parametrize(
    "row",
    [
        r',,,,"(0009,""GEMS\x2a"",01)",,K,,',
        ',,,,"(0009,""GE ??? From [A-Z]"",*)",,K,,',
        ',,,,"(0009,""A  B"",*)",,K,,',
        ',,,,"(000x,""ACME"",01)",,K,,',
        ',,,,"(xxxx,""ACME"",01)",,K,,',
        "[a-z]R,[!x]*,<undef>,<empty>," + MR,
        "MR,[Z,[],[]," + MR,
        "*,*,**,?," + MR,
    ],
)
def test_a_pattern_that_could_match_is_no_mistake(row: str) -> None:
    assert len(parse(EQUIPMENT_HEAD + row.rstrip("\n") + "\n").rows) == 1

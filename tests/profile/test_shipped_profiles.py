"""The shipped profiles: facts chosen by hand, and rules for every row, compared with the tables of the standard.

For: profiles/*.csv as data, and the generator that writes them. Reading them is tested elsewhere.
Never: a rule that takes its facts from the profile that it checks.
Standard: PS3.15, Table E.1-1 (edition 2026d) and Table E.3.10-1 (edition 2026c); PS3.6, edition 2026b.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from tagsniff.dicom.notation import Step, format_identity, parse_identity
from tagsniff.profile import VRS, Code, Equipment, Flag, load_profile

ROOT = Path(__file__).resolve().parents[2]
PROFILES = ROOT / "profiles"
TABLES = PROFILES / "tables"
DATA_DICTIONARY = ROOT / "csrc" / "dicom" / "ps36_elements.csv"
needs_source_tree = pytest.mark.skipif(not TABLES.is_dir(), reason="the source tree is not here")

CONFIDENTIALITY = ["basic", "physical"]
RECORD_ALL = "record-all"
MANUFACTURERS = ["agfa", "canon_toshiba", "elscint", "ge", "hitachi_fujifilm", "hologic", "isg", "philips", "siemens"]
MODALITY_SOFTWARE = [*MANUFACTURERS, "other_creators"]
TCIA = "tcia"
OTHER_CASE = "the name is that of another letter case"
SHIPPED = [*CONFIDENTIALITY, *MODALITY_SOFTWARE, TCIA, RECORD_ALL]

CONFIDENTIALITY_COLUMNS = ["element", "vr", "code", "collapse", "note"]
EQUIPMENT_COLUMNS = ["modality", "manufacturer", "model", "software"]
MODALITY_SOFTWARE_COLUMNS = [*EQUIPMENT_COLUMNS, "element", "vr", "code", "name", "source"]
OPTIONS = {
    "clean-descriptors": "clean_desc",
    "retain-uids": "rtn_uids",
    "retain-device-identity": "rtn_dev_id",
    "retain-patient-characteristics": "rtn_pat_chars",
    "retain-full-dates": "rtn_long_full_dates",
    "retain-modified-dates": "rtn_long_modif_dates",
    "retain-institution-identity": "rtn_inst_id",
    "clean-structured-content": "clean_struct_cont",
    "clean-graphics": "clean_graph",
    "retain-safe-private": "rtn_safe_priv",
}
CODES = {"X", "Z", "D", "K", "U", "C", "R", "X/Z", "X/D", "Z/D", "X/Z/D", "X/Z/U*"}
NUMERIC_VRS = {"US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "DS", "IS"}
TEXT_VRS = {"AE", "AS", "CS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"}
OTHER_VRS = {"AT", "OB", "OD", "OF", "OL", "OV", "OW", "SQ"}
STRUCTURAL = {("(xxxx,0000)", "UL")}
GROUP_LENGTH = "(xxxx,0000)"
ALL_PRIVATE = "(gggg,eeee) where gggg is odd"


def profile_text(name: str) -> str:
    folder = PROFILES if PROFILES.is_dir() else files("tagsniff.profiles")
    return (folder / f"{name}.csv").read_bytes().decode("utf-8")


def profile_rows(name: str) -> list[dict[str, str]]:
    lines = profile_text(name).splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def settings(name: str) -> dict[str, str]:
    lines = [line for line in profile_text(name).splitlines() if line.startswith("#")]
    return dict(line.removeprefix("# ").split(" = ", 1) for line in lines)


def table_rows(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def data_dictionary() -> dict[str, str]:
    """Return the VR by tag."""
    with DATA_DICTIONARY.open(encoding="utf-8", newline="") as lines:
        next(lines)
        return {row["tag"]: row["vr"] for row in csv.DictReader(lines)}


def codes(name: str, element: str) -> dict[str, str]:
    """Return the code by VR, "" for any."""
    return {row["vr"]: row["code"] for row in profile_rows(name) if row["element"] == element}


def option_codes(element: str) -> dict[str, str]:
    (row,) = (row for row in profile_rows("basic") if row["element"] == element)
    return {option: row[option] for option in OPTIONS if row[option]}


def overlap(one: str, other: str) -> bool:
    """Return whether some tag matches both patterns."""
    return all(a == b or "x" in (a, b) for a, b in zip(one, other, strict=True))


def private_step(element: str) -> Step:
    (step,) = parse_identity(element)
    assert isinstance(step.creator, str)
    return step


def private_key(row: dict[str, str]) -> tuple[str, str, str]:
    step = private_step(row["element"])
    return step.creator, f"{step.tag >> 16:04x}", f"{step.tag & 0xFF:02x}"


# Every file


def test_the_list_of_shipped_profiles_is_complete() -> None:
    folder = PROFILES if PROFILES.is_dir() else files("tagsniff.profiles")
    found = {entry.name for entry in folder.iterdir() if entry.name.endswith(".csv")}
    assert found == {f"{name}.csv" for name in SHIPPED}


@pytest.mark.parametrize("name", SHIPPED)
def test_format_of_the_file(name: str) -> None:
    text = profile_text(name)
    assert "\r" not in text
    assert text.endswith("\n")
    options = ["options"] if name == "basic" else []
    assert list(settings(name)) == ["name", "edition", *options, "default", "source"]
    assert settings("basic")["options"] == ", ".join(OPTIONS)
    assert settings(name)["name"] == name
    assert settings(name)["default"] == "R"
    columns = [*CONFIDENTIALITY_COLUMNS, *OPTIONS] if name == "basic" else CONFIDENTIALITY_COLUMNS
    columns = columns if name in CONFIDENTIALITY else MODALITY_SOFTWARE_COLUMNS
    header = next(line for line in text.splitlines() if not line.startswith("#"))
    assert header.split(",") == columns


@pytest.mark.parametrize("name", SHIPPED)
def test_every_cell_is_valid_in_its_column(name: str) -> None:
    for row in profile_rows(name):
        assert None not in row, row
        assert all(cell is not None and cell == cell.strip() for cell in row.values()), row
        assert row["code"] in CODES, row
        # An archive also decided about bytes whose VR was lost.
        assert row["vr"] in NUMERIC_VRS | TEXT_VRS | OTHER_VRS | {"", "UN" if name == TCIA else ""}, row
        assert {row[option] for option in OPTIONS if option in row} <= {"", "K", "C"}, row
        assert row.get("collapse", "") in {"", "number"}, row


@pytest.mark.parametrize("name", SHIPPED)
def test_rows_are_sorted_and_each_element_and_vr_is_unique(name: str) -> None:
    keys = [(row["element"], row["vr"]) for row in profile_rows(name)]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("name", CONFIDENTIALITY)
def test_every_public_element_parses(name: str) -> None:
    for row in profile_rows(name):
        element = row["element"]
        assert re.fullmatch(r"\([0-9a-fx]{4},[0-9a-fx]{4}\)", element), row
        if "x" not in element:
            assert format_identity(parse_identity(element)) == element
        # A group pattern has only even groups: private elements belong to the other kind of profile.
        assert element == GROUP_LENGTH or int(element[1:5].replace("xx", "00"), 16) % 2 == 0, row


@pytest.mark.parametrize("name", MODALITY_SOFTWARE)
def test_every_private_element_parses(name: str) -> None:
    for row in profile_rows(name):
        step = private_step(row["element"])
        assert format_identity((step,)) == row["element"]
        assert step.creator == step.creator.strip()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_keep_names_its_vr(name: str) -> None:
    for row in profile_rows(name):
        if row["code"] == "K":
            assert row["vr"], row


@pytest.mark.parametrize("name", SHIPPED)
def test_every_decisive_code_except_keep_holds_for_every_vr(name: str) -> None:
    """But where an archive decided otherwise for another VR of the element."""
    codes_of: dict[str, list[str]] = {}
    for row in profile_rows(name):
        codes_of.setdefault(row["element"], []).append(row["code"])
    mixed = set()
    for row in profile_rows(name):
        if row["code"] not in {"K", "C", "R"} and row["vr"] and row["element"] != "(50xx,0000)":
            assert name == TCIA, row
            mixed.add(row["element"])
    # Two elements have another VR for which nothing was decided: it has no row.
    assert sum(len(set(codes_of[element])) == 1 for element in mixed) <= 2


# basic


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ("(0010,0010)", "Z"),  # Patient's Name
        ("(0010,0020)", "Z/D"),  # Patient ID
        ("(0010,0030)", "Z"),  # Patient's Birth Date
        ("(0008,0018)", "U"),  # SOP Instance UID
        ("(0020,000d)", "U"),  # Study Instance UID
        ("(0008,0050)", "Z"),  # Accession Number
        ("(0008,0080)", "X/Z/D"),  # Institution Name
        ("(0008,0090)", "Z"),  # Referring Physician's Name
        ("(0018,1000)", "X/Z/D"),  # Device Serial Number
        ("(0008,1030)", "C"),  # Study Description
        ("(0008,103e)", "C"),  # Series Description
        ("(0018,1030)", "C"),  # Protocol Name
        ("(0020,4000)", "C"),  # Image Comments
        ("(0008,1084)", "X"),  # Admitting Diagnoses Code Sequence: no text of its own
        ("(0040,0275)", "X"),  # Request Attributes Sequence
        ("(60xx,3000)", "X"),  # Overlay Data
        ("(60xx,4000)", "X"),  # Overlay Comments
        ("(50xx,xxxx)", "X"),  # Curve Data
    ],
)
def test_basic_codes_of_table_e_1_1(element: str, code: str) -> None:
    assert codes("basic", element) == {"": code}


@pytest.mark.parametrize(
    ("element", "vr"),
    [
        ("(0018,0060)", "DS"),  # KVP
        ("(0028,0010)", "US"),  # Rows
        ("(0018,9345)", "FD"),  # CTDIvol
        ("(300a,011e)", "DS"),  # Gantry Angle: tier 2
        ("(60xx,0010)", "US"),  # Overlay Rows
        ("(xxxx,0000)", "UL"),
    ],
)
def test_basic_keeps(element: str, vr: str) -> None:
    assert codes("basic", element) == {vr: "K"}


@pytest.mark.parametrize(("element", "vr"), [("(0002,0001)", "OB"), ("(0008,0005)", "CS"), ("(0008,0016)", "UI")])
def test_basic_shows_what_is_needed_to_read_a_file(element: str, vr: str) -> None:
    """What else is written in their place is seen; there are few distinct values."""
    assert codes("basic", element) == {vr: "R"}


@needs_source_tree
@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_keeps_an_element_with_its_own_vr_only(option: str) -> None:
    """The K of every cell of an option that meets another VR does not hide it."""
    profile = load_profile("basic", options=[option])
    nobody = Equipment(None, None, None, None)
    standard = data_dictionary()
    for row in profile_rows("basic"):
        if row[option] != "K":
            continue
        for vr in [*VRS, None]:
            decision = profile.decide(nobody, parse_identity(row["element"]), vr)
            is_own = vr in standard[row["element"]].split(" or ")
            assert decision.code is (Code.K if is_own else Code.R), (row, vr)
            assert (Flag.OTHER_VR in decision.flags) is not is_own


def test_basic_keeps_both_vrs_of_a_choice() -> None:
    assert codes("basic", "(0028,0106)") == {"SS": "K", "US": "K"}


@pytest.mark.parametrize(
    "element",
    [
        "(0008,0060)",  # Modality: coded
        "(0018,0015)",  # Body Part Examined
        "(0018,1088)",  # Heart Rate: measured on the patient
        "(0024,0070)",  # Visual Field Mean Sensitivity
    ],
)
def test_basic_records(element: str) -> None:
    assert set(codes("basic", element).values()) <= {"R"}


@pytest.mark.parametrize("element", ["(0002,0016)", "(0002,0102)", "(0002,0010)", "(7fe0,0010)", "(5200,9230)"])
def test_basic_records_elements_without_a_row(element: str) -> None:
    """Application entity title, private information, transfer syntax, pixels, a sequence that is in no table."""
    assert codes("basic", element) == {}


def test_options_of_single_elements() -> None:
    assert option_codes("(0008,0018)") == {"retain-uids": "K"}
    assert option_codes("(0010,1010)") == {"retain-patient-characteristics": "K"}
    assert option_codes("(0008,0020)") == {"retain-full-dates": "K", "retain-modified-dates": "C"}
    assert option_codes("(0008,0080)") == {"retain-institution-identity": "K"}
    assert option_codes("(0008,1084)") == {"clean-descriptors": "C"}
    assert option_codes("(0010,0010)") == {}


@needs_source_tree
def test_basic_contains_table_e_1_1_and_keeps_none_of_it() -> None:
    rows = {row["element"]: row for row in profile_rows("basic") if row["vr"] == ""}
    vrs = data_dictionary()
    text = {"LO", "SH", "ST", "LT", "UC", "UT"}
    table = [row for row in table_rows("ps315_e1_1") if row["tag"] != ALL_PRIVATE]
    assert {row["tag"] for row in table} == set(rows)
    for row in table:
        is_descriptor = row["clean_desc"] == "C" and vrs.get(row["tag"], "LO") in text
        assert rows[row["tag"]]["code"] == ("C" if is_descriptor else row["basic_prof"]), row
        assert {option: rows[row["tag"]][option] for option in OPTIONS} == {
            option: row[column] for option, column in OPTIONS.items()
        }


@needs_source_tree
@pytest.mark.parametrize("name", CONFIDENTIALITY)
def test_no_keep_overlaps_a_row_of_table_e_1_1(name: str) -> None:
    """Patterns too. The only overlap is the group length of curves; its row takes precedence over the K."""
    listed = [row["tag"] for row in table_rows("ps315_e1_1") if row["tag"] != ALL_PRIVATE]
    meetings = {
        (row["element"], tag)
        for row in profile_rows(name)
        for tag in listed
        if row["code"] == "K" and overlap(row["element"], tag)
    }
    assert meetings <= {("(xxxx,0000)", "(50xx,xxxx)")}
    if meetings:
        assert codes(name, "(50xx,0000)") == {"UL": "X"}


@pytest.mark.parametrize("name", CONFIDENTIALITY)
def test_public_keeps_are_numbers_or_structural(name: str) -> None:
    for row in profile_rows(name):
        if row["code"] == "K" and (name, row["element"], row["vr"]) not in {("basic", *key) for key in STRUCTURAL}:
            assert row["vr"] in NUMERIC_VRS, row


@needs_source_tree
@pytest.mark.parametrize("name", CONFIDENTIALITY)
def test_the_vr_of_a_keep_is_that_of_the_standard(name: str) -> None:
    vrs = data_dictionary()
    for row in profile_rows(name):
        if row["code"] == "K" and row["element"] != GROUP_LENGTH:
            assert row["vr"] in vrs[row["element"]].split(" or "), row


@needs_source_tree
@pytest.mark.parametrize("name", CONFIDENTIALITY)
def test_public_keeps_are_of_tiers_1_and_2(name: str) -> None:
    table = {row["tag"]: row for row in table_rows("physical_parameters")}
    structural = {element for element, _ in STRUCTURAL}
    kept = {row["element"] for row in profile_rows(name) if row["code"] == "K"} - structural
    assert kept
    for tag in kept:
        assert table[tag]["tier"] in {"1", "2"}
        assert "quasi-identifier" not in table[tag]["why"]
    every = {tag for tag, row in table.items() if row["tier"] in {"1", "2"} and "quasi-identifier" not in row["why"]}
    assert {tag[:6] for tag in every - kept} == {"(0024,", "(0046,"}


def test_numbers_that_are_not_kept_are_collapsed_not_hidden() -> None:
    for name in CONFIDENTIALITY:
        collapsed = [row for row in profile_rows(name) if row["collapse"]]
        assert collapsed
        assert {(row["code"], row["collapse"]) for row in collapsed} == {("R", "number")}
        assert {row["vr"] for row in collapsed} <= NUMERIC_VRS


# physical


def test_physical_has_physical_parameters_only() -> None:
    assert Counter(row["code"] for row in profile_rows("physical")).keys() == {"K", "R"}
    assert codes("physical", "(0018,0060)") == {"DS": "K"}
    for element in ["(0010,0010)", "(0008,0016)", "(0008,0020)", "(0020,000d)", "(0008,0060)", "(0002,0001)"]:
        assert codes("physical", element) == {}


def test_elements_hidden_in_the_final_review_were_decided_before() -> None:
    keys = {
        name: {(row["element"], row["vr"]) for row in profile_rows(name) if row["code"] == "K"}
        for name in CONFIDENTIALITY
    }
    assert keys["basic"] - STRUCTURAL == keys["physical"]


# Modality Software


@pytest.mark.parametrize(
    ("name", "element", "expected"),
    [
        ("siemens", '(0019,"SIEMENS MR HEADER",0c)', {"IS": "K"}),  # B value
        ("ge", '(0043,"GEMS_PARM_01",39)', {"IS": "K"}),  # B value and other values
        ("ge", '(0019,"GEMS_ACQU_01",24)', {"DS": "K"}),
        ("philips", '(2001,"Philips Imaging DD 001",03)', {"FL": "K"}),
        ("philips", '(2001,"Philips Imaging DD 001",7c)', {"UL": "K"}),  # US in a dictionary
        ("philips", '(2001,"PHILIPS IMAGING DD 001",03)', {"FL": "R"}),  # another letter case
        ("elscint", '(01f1,"ELSCINT1",26)', {"DS": "K"}),
        ("siemens", '(0149,"SIEMENS Ultrasound SC2000",02)', {"FD": "R"}),  # time stamps
        ("siemens", '(0129,"SIEMENS Ultrasound SC2000",03)', {"": "R"}),  # no VR in the table
        ("siemens", '(0029,"SIEMENS CSA HEADER",10)', {"OB": "R"}),
    ],
)
def test_single_private_elements(name: str, element: str, expected: dict[str, str]) -> None:
    assert codes(name, element) == expected


def test_one_group_and_number_under_two_creators() -> None:
    """The collision inside one manufacturer: both are recorded, under different names."""
    names = {row["element"]: (row["code"], row["name"]) for row in profile_rows("ge")}
    iden, petd = names['(0009,"GEMS_IDEN_01",02)'], names['(0009,"GEMS_PETD_01",02)']
    assert (iden[0], petd[0]) == ("R", "R")
    assert iden[1] != petd[1]


def test_private_rows_are_kept_or_reviewed_for_any_equipment() -> None:
    for name in MODALITY_SOFTWARE:
        for row in profile_rows(name):
            assert row["code"] in {"K", "R"}, row
            assert not any(row[column] for column in EQUIPMENT_COLUMNS), row
            assert row["source"], row


def test_private_keeps_are_numbers_or_codes() -> None:
    kept = [row for name in MODALITY_SOFTWARE for row in profile_rows(name) if row["code"] == "K"]
    assert kept
    assert {row["vr"] for row in kept} <= NUMERIC_VRS | {"CS"}


@needs_source_tree
def test_every_private_keep_is_in_table_e_3_10_1_with_its_vr() -> None:
    safe = {(row["creator"], row["group"], row["element"]): row for row in table_rows("ps315_safe_private")}
    kept = {
        private_key(row): row["vr"] for name in MODALITY_SOFTWARE for row in profile_rows(name) if row["code"] == "K"
    }
    for key, vr in kept.items():
        assert safe[key]["vr"] == vr
        assert "stamp" not in safe[key]["name"].casefold()
    expected = {key for key, row in safe.items() if row["vr"] in NUMERIC_VRS | {"CS"}}
    assert {safe[key]["name"] for key in expected - kept.keys()} == {
        "Start/End Timestamps of Strip Stream",
        "Timestamps of Visible R-waves",
    }


def test_no_private_keep_is_inherited_by_a_creator_in_another_letter_case() -> None:
    rows = [row for name in MODALITY_SOFTWARE for row in profile_rows(name)]
    by_key = {(*private_key(row), row["vr"]): row["code"] for row in rows}
    namesakes: dict[str, set[str]] = {}
    for creator, *_ in by_key:
        namesakes.setdefault(creator.casefold(), set()).add(creator)
    checked = 0
    for (creator, group, element, vr), code in by_key.items():
        if code == "K":
            for other in namesakes[creator.casefold()] - {creator}:
                assert by_key[other, group, element, vr] == "R"
                checked += 1
    assert checked


def test_each_creator_is_in_one_file() -> None:
    files_of: dict[str, set[str]] = {}
    for name in MODALITY_SOFTWARE:
        for row in profile_rows(name):
            files_of.setdefault(private_step(row["element"]).creator, set()).add(name)
    assert {creator: names for creator, names in files_of.items() if len(names) > 1} == {}


@needs_source_tree
def test_every_private_element_of_the_dictionaries_is_listed() -> None:
    known = {private_key(row) for name in MODALITY_SOFTWARE for row in profile_rows(name)}
    table = {(row["creator"], row["group"], row["element"]) for row in table_rows("private_dictionary")}
    # Vendors' uses of repeating groups, which are even and have no private creators.
    assert Counter(key[1] for key in table - known) == {"60xx": 24, "70xx": 3}


# The decisions of archives


def read_dispositions() -> dict[str, dict[str, tuple[str, str]]]:
    """Return what TCIA and WUSTL decided, by element and VR."""
    decided: dict[str, dict[str, tuple[str, str]]] = {}
    for row in table_rows("tcia_dispositions"):
        decided.setdefault(row["element"], {})[row["vr"]] = (row["tcia"], row["wustl"])
    return decided


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ('(0009,"GEMS_PETD_01",31)', {"SL": "K"}),  # only WUSTL decided
        ('(0019,"GEMS_ACQU_01",02)', {"OB": "R", "SL": "K"}),  # WUSTL keeps on a condition
        ('(0009,"GEMS_IDEN_01",27)', {"OB": "X", "SL": "C"}),  # a shifted date, and bytes that are removed
        ('(0011,"GEMS_PATI_01",10)', {"SS": "R"}),  # TCIA keeps what WUSTL removes
        ('(0009,"FDMS 1.0",08)', {"OB": "X", "UL": "K"}),  # differs by VR
        ('(0009,"FDMS 1.0",05)', {"OB": "X", "OW": "U"}),
        ('(0029,"MMCPrivate",01)', {"IS": "K"}),  # only WUSTL decided
        ('(2005,"Philips MR Imaging DD 001",2a)', {"IS": "R", "OB": "X"}),  # Patient Reference ID
        ('(2005,"Philips MR Imaging DD 004",93)', {"IS": "R", "OB": "R"}),  # Station Number
        ('(2005,"Philips MR Imaging DD 005",50)', {"OB": "R", "SS": "K"}),  # Number of Patient Other IDs
        ('(2005,"PHILIPS MR IMAGING DD 001",21)', {"SS": "R"}),  # another letter case
        ('(2005,"Philips MR Imaging DD 001",21)', {"OB": "R", "SS": "K"}),
        ('(0008,1111)[<0>](2005,"Philips MR Imaging DD 005",04)', {"": "X"}),
        ('(0023,"GEMS_STDY_01",80)[<0>](0032,1064)', {"": "X"}),  # public, in an item of a private sequence
        ('(0009,"GEIIS",10)[<0>](0028,0010)', {}),  # Rows, not decided there: basic decides
        ('(0023,"Unnamed Private Block - 20",13)', {}),
    ],
)
def test_single_decisions_of_archives(element: str, expected: dict[str, str]) -> None:
    assert codes(TCIA, element) == expected


@needs_source_tree
def test_every_keep_of_an_archive_is_a_number_or_a_code_that_nobody_removed() -> None:
    decided = read_dispositions()
    kept = [row for row in profile_rows(TCIA) if row["code"] == "K"]
    assert len(kept) > 1500
    for row in kept:
        assert row["vr"] in NUMERIC_VRS | {"CS"}
        assert decided[row["element"]][row["vr"]] in {
            *(("k", wustl) for wustl in ("", "K", "KB", "K3", "R")),
            ("", "K"),
        }, row
        assert not re.search(r"date(?!d)|stamp|serial|station|accession", row["name"], re.IGNORECASE), row


@needs_source_tree
def test_every_removal_of_an_archive_is_in_the_profile() -> None:
    """But rows that name no element, and public elements of which basic says as much."""
    rows: dict[str, dict[str, str]] = {}
    for row in profile_rows(TCIA):
        rows.setdefault(row["element"], {})[row["vr"]] = row["code"]
    expected = {"d": {"X"}, "h": {"U", "X"}}
    missing = Counter()
    for element, of_vr in read_dispositions().items():
        for vr, (of_tcia, _) in of_vr.items():
            if of_tcia not in expected:
                continue
            found = rows.get(element, {})
            code = found.get(vr, found.get(""))
            if code is None:
                reason = "unnamed" if "Unnamed Private Block" in element else element.rpartition("](")[2] or element
                missing["unnamed" if reason == "unnamed" else re.sub('".*"', '"', reason)] += 1
            else:
                assert code in expected[of_tcia], element
    assert missing.pop("unnamed") == 55
    basic = {row["element"]: row["code"] for row in profile_rows("basic") if not row["vr"]}
    # The element of a private creator, in an item, is no element that a profile names.
    assert missing.pop("0029,0010)") == 3
    assert {basic[f"({tag}"] for tag in missing} <= {"X", "U", "Z"}


def test_no_row_of_an_archive_shows_more_of_a_public_element_than_basic() -> None:
    profile = load_profile("basic")
    nobody = Equipment()
    checked = 0
    for row in profile_rows(TCIA):
        identity = parse_identity(re.sub(r'"MRSC",..(..)', r'"MRSC",\1', row["element"]))
        if identity[-1].creator is None:
            decision = profile.decide(nobody, identity[-1:], row["vr"] or "LO")
            if not decision.row.is_default:
                assert Code(row["code"]).protection <= decision.code.protection, row
                assert row["code"] not in {"K", "C", "R"}, row
                checked += 1
    assert checked > 50


def test_no_keep_of_an_archive_is_inherited_by_a_creator_in_another_letter_case() -> None:
    rows = profile_rows(TCIA)
    alike: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        alike.setdefault((row["element"].casefold(), row["vr"]), []).append(row)
    rivals = [of_name for of_name in alike.values() if len(of_name) > 1]
    assert len(rivals) > 200
    for of_name in rivals:
        for row in of_name:
            # A K is that of the archive for these very letters.
            assert row["code"] != "K" or row["source"] != OTHER_CASE, row
    both = [of_name for of_name in rivals if {row["code"] for row in of_name} == {"K"}]
    assert len(both) < 20
    # The creators that have a namesake, without the element.
    namesakes = Counter(
        creator.casefold() for creator in {*re.findall('"([^"]*)"', " ".join(row["element"] for row in rows))}
    )
    lonely = [row for of_name in alike.values() if len(of_name) == 1 for row in of_name if row["code"] == "K"]
    for row in lonely:
        for creator in re.findall('"([^"]*)"', row["element"]):
            assert namesakes[creator.casefold()] == 1, row


def test_record_all_decides_nothing() -> None:
    assert profile_rows(RECORD_ALL) == []
    assert settings(RECORD_ALL)["default"] == "R"


# The generator


def reference_folders() -> list[object]:
    """Return the committed tables, and a folder of reference tables beside the checkout if it exists."""
    named = os.environ.get("TAGSNIFF_REFERENCE")
    reference = Path(named) if named else ROOT.parent / "shared" / "reference"
    missing = pytest.mark.skipif(not reference.is_dir(), reason="no folder of reference tables (TAGSNIFF_REFERENCE)")
    return [pytest.param(TABLES, id="committed"), pytest.param(reference, id="reference", marks=missing)]


@needs_source_tree
@pytest.mark.parametrize("folder", reference_folders())
def test_the_profiles_equal_the_generators_output(folder: Path, tmp_path: Path) -> None:
    program = [sys.executable, "-B", str(PROFILES / "generator"), str(folder), "--output", str(tmp_path)]
    subprocess.run(program, check=True)
    written = {*(f"{name}.csv" for name in SHIPPED), "creators.tsv", "numbers.tsv", "names.tsv", "SHA256SUMS"}
    assert {path.name for path in tmp_path.iterdir()} == written
    for name in written:
        assert (tmp_path / name).read_bytes() == (PROFILES / name).read_bytes(), name


@needs_source_tree
def test_a_table_with_a_repeated_element_is_refused(tmp_path: Path) -> None:
    for table in TABLES.iterdir():
        (tmp_path / table.name).write_bytes(table.read_bytes())
    with (tmp_path / "ps315_e1_1.csv").open("a", encoding="utf-8") as table:
        table.write('"(0010,0010)",Patient\'s Name,N,Y,K,,,,,,,,,,\n')
    output = tmp_path / "output"
    output.mkdir()
    program = [sys.executable, "-B", str(PROFILES / "generator"), str(tmp_path), "--output", str(output)]
    run = subprocess.run(program, check=False, capture_output=True, text=True)
    assert run.returncode != 0
    assert "twice in one table: (0010,0010)" in run.stderr
    assert list(output.iterdir()) == []

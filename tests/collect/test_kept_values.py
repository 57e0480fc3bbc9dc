"""Values that K does not hide: those that do not fit their VR.

For: ``tagsniff before`` with a profile that keeps elements of every VR with rules for its values.
Never: a value that breaks only a rule of style; the values shown here are no date, time, age, UID, number or code.
Standard: PS3.5 section 6.2 and 9.1, edition 2026b; design, section 1.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from dicom_bytes import BIG, EXPLICIT, EXPLICIT_LITTLE_UID, IMPLICIT, LONG_FORM_VRS, UID_OF, part10
from encoded_case import plain
from independent_collector import read_jsonl, run
from tagsniff import _core

# Element, VR, a valid value, an invalid value, its flag, and its text in the report.
BROKEN = [
    (0x00080020, "DA", b"20261123", b"Doe^Jane", "NOT_OF_VR", "Doe^Jane"),
    (0x00080020, "DA", b"20260131", b"20261332", "NOT_OF_VR", "20261332"),
    (0x00080030, "TM", b"235959.5", b"noon", "NOT_OF_VR", "noon"),
    (0x0008002A, "DT", b"20261123101500+0100", b"Jane, 2026", "NOT_OF_VR", "Jane, 2026"),
    (0x00101010, "AS", b"042Y", b"Jane", "NOT_OF_VR", "Jane"),
    (0x0020000E, "UI", b"1.2.840.1", b"Doe^Jane", "NOT_OF_VR", "Doe^Jane"),
    (0x0020000E, "UI", b"1.2.840.1", b"12345678", "NOT_OF_VR", "12345678"),
    (0x00181150, "IS", b"-12 ", b"12 Doe", "NOT_A_NUMBER", "12 Doe"),
    (0x00180050, "DS", b"1.5e-3", b"1.5 Doe", "NOT_A_NUMBER", "1.5 Doe"),
    (0x00080060, "CS", b"MR", b"Doe^Jane", "NOT_A_CODE", "Doe^Jane"),
    (0x00280010, "US", b"\0\1", b"Smith", "BAD_LENGTH", "Smith"),
    (0x00280009, "AT", b"\x18\0\x63\x10", b"Jane D", "BAD_LENGTH", "Jane D"),
    (0x00189073, "FD", b"\0" * 8, b"Doe^Jane Roe", "BAD_LENGTH", "Doe^Jane Roe"),
    (0x00181150, "IS", b"2147483647", b"2147483648", "NOT_A_NUMBER", "2147483648"),
    (0x00181150, "IS", b"-2147483648 ", b"-2147483649 ", "NOT_A_NUMBER", "-2147483649"),
    (0x00181150, "IS", b"000000000012", b"0000000000012 ", "TOO_LONG", "0000000000012"),
    (0x00181150, "IS", b"12", b"19700131123456789012", "NOT_A_NUMBER", "19700131123456789012"),
    (0x00180050, "DS", b"1234567890123456", b"12345678901234567 ", "TOO_LONG", "12345678901234567"),
    (0x00100020, "LO", b"x" * 64, b"x" * 66, "TOO_LONG", "x" * 66),
    (0x00100010, "PN", b"x" * 64 + b"=" + b"y" * 64 + b" ", b"y=" + b"x" * 66, "TOO_LONG", "y=" + "x" * 66),
    (0x00080050, "SH", b"1234567890123456", b"1234567890123456Doe ", "TOO_LONG", "1234567890123456Doe"),
    (0x00080054, "AE", b"1234567890123456", b"1234567890123456Doe ", "TOO_LONG", "1234567890123456Doe"),
    (0x00080081, "ST", b"x" * 1024, b"x" * 1026, "TOO_LONG", "x" * 1026),
    (0x00104000, "LT", b"x" * 10240, b"x" * 10242, "TOO_LONG", "x" * 10242),
    (0x00280010, "US", b"\0\1", b"\0\1\0\1", "WRONG_COUNT", "256\\256"),
    (0x00181310, "US", bytes(8), bytes(6), "WRONG_COUNT", "0\\0\\0"),
    (0x00189073, "FD", b"\0" * 8, b"Doe^Jane", "LOOKS_LIKE_TEXT", "Doe^Jane"),
    (0x00280106, "US", b"\0\1", b"Doe^Jane", "WRONG_COUNT", "Doe^Jane"),
    (0x00280106, "US", b"\0\1", b"Doe^Jane", "LOOKS_LIKE_TEXT", "Doe^Jane"),
    (0x00189089, "FD", bytes(24), b"Doe^Jane/Roe, Richard 01", "LOOKS_LIKE_TEXT", "Doe^Jane/Roe, Richard 01"),
    (0x00720078, "UL", b"\1\0\0\0", b"1970", "LOOKS_LIKE_TEXT", "1970"),
    (0x00720078, "UL", b"    ", b"Jane", "LOOKS_LIKE_TEXT", "Jane"),
    (0x00720078, "UL", b"a1B2", b"JANE", "LOOKS_LIKE_TEXT", "JANE"),
    (0x00720076, "FL", b"\0\0\x80\x3f", b"jane", "LOOKS_LIKE_TEXT", "jane"),
    (0x00720082, "SV", bytes(8), b"Jane Roe", "LOOKS_LIKE_TEXT", "Jane Roe"),
    (0x00720083, "UV", bytes(8), b"Jane\0\0\0\0", "LOOKS_LIKE_TEXT", r"Jane\x00\x00\x00\x00"),
    (0x0072007C, "SL", bytes(4), b"Jane", "LOOKS_LIKE_TEXT", "Jane"),
    (0x0072007E, "SS", b"  " * 4, b"Jane ", "BAD_LENGTH", "Jane "),
    (0x0072007E, "SS", b"  " * 4, b"Jane", "LOOKS_LIKE_TEXT", "Jane"),
    (0x00080000, "UL", bytes(4), b"Jane", "LOOKS_LIKE_TEXT", "Jane"),
    (0x00180000, "UL", bytes(4), bytes(8), "WRONG_COUNT", "0\\0"),
    (0x00290000, "UL", bytes(4), bytes(8), "WRONG_COUNT", "0\\0"),
    (0x00280009, "AT", b"\x18\0\x63\x10", b"Jane", "LOOKS_LIKE_TEXT", "Jane"),
]


@pytest.mark.parametrize("broken", BROKEN)
def test_an_invalid_value_is_shown(broken: tuple[int, str, bytes, bytes, str, str], tmp_path: Path) -> None:
    tag, vr, right, wrong, flag, shown = broken
    text = f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
    profile = tmp_path / "profile.csv"
    profile.write_text(f'element,vr,code,collapse,note\n"{text}",,K,,\n', encoding="utf-8")
    for name, value in (("right", right), ("wrong", wrong)):
        data_set = plain(EXPLICIT) + EXPLICIT.element(tag, vr, value)
        (tmp_path / name).write_bytes(part10(data_set, EXPLICIT_LITTLE_UID).data)
    paths = [tmp_path / "right", tmp_path / "wrong"]
    run("before", paths, tmp_path, "--without-shipped", "--confidentiality", str(profile))
    rows = [row for row in read_jsonl(tmp_path / "report.jsonl") if row["element"] == text and row["vr"] == vr]
    kinds = {row["kind"] for row in rows}
    assert kinds == {"code", "value"}
    found = [(row["value"], row["flags"]) for row in rows if row["kind"] == "value"]
    assert len(found) == 1
    assert found[0][0] == shown
    assert flag in found[0][1]


# Each length that a date or time may have, the limits of its numbers, and the values just outside them.
FITS = {
    "AS": ["000D", "999Y", "012W", "003M"],
    "DA": ["00000101", "99991231", "20260229"],
    "TM": ["00", "23", "0000", "2359", "000000", "235960", "235959.0", "235959.123456"],
    "DT": [
        *("2026", "202601", "20261231", "2026010123", "202601012359", "20260101235960", "20260101235959.123456"),
        *("2026+1400", "2026-0059", "202601-1200", "20260101+0000", "2026010100+0100", "20260101000000.1-1459"),
    ],
    "UI": ["1.2", "0.0", "1." * 31 + "22"],
}
BREAKS = {
    "AS": ["12D", "0012", "012X", "012\0", "A12Y", "0123Y"],
    "DA": ["2026010", "20260001", "20261301", "20260100", "20260132", "2026010A", "2026.01.01", "202601011"],
    "TM": [
        "0",
        "24",
        "2A",
        "000",
        "0060",
        "00000",
        "000061",
        "0000000",
        "000000.",
        "000000.1234567",
        "000000,1",
        "00000A",
    ],
    "DT": [
        *("202", "20261", "202613", "20260132", "2026010124", "202601010060", "2026010100006", "20260101000000."),
        *("2026+1500", "2026+0060", "2026+14", "+1400", "202A", "2026 0100", "202601011", "ABCD-0100"),
    ],
    "UI": ["1", "1.", ".1", "1..2", "1.2.A", "1." * 32 + "2"],
}


@pytest.mark.parametrize("vr", FITS)
def test_exactly_the_valid_forms_of_a_value_are_hidden(vr: str) -> None:
    """Valid values are hidden and invalid ones are shown, each as a separate value, and all together in one value."""
    tag = {"AS": 0x00101010, "DA": 0x00080020, "TM": 0x00080030, "DT": 0x0008002A, "UI": 0x0020000D}[vr]
    values = [*FITS[vr], *BREAKS[vr]]
    fields = [*values, "\\".join(values)]
    shown: list[set[str]] = []
    for field in fields:
        value = field.encode("ascii")
        data = part10(EXPLICIT.element(tag, vr, value + b" " * (len(value) % 2)), EXPLICIT_LITTLE_UID).data
        collector = _core.ValueCollector(lambda *_: (0, False, True, 0, 0, b""), max_values=1000)
        collector.parser.begin(len(data))
        collector.parser.feed(0, data)
        assert collector.parser.run()
        collector.add_parsed(b"path")
        # A value in the tables has a head of three bytes.
        shown.append({kept[5:].decode("ascii") for kept in collector.tables()["values"]})
    assert shown[: len(FITS[vr])] == [set()] * len(FITS[vr])
    assert shown[len(FITS[vr]) : -1] == [{text.rstrip("\0")} for text in BREAKS[vr]]
    assert shown[-1] == {text.rstrip("\0") for text in BREAKS[vr]}


def kept_forms(data: bytes) -> list[bytes]:
    """Return the forms of the values of a file that are recorded although every element is K."""
    collector = _core.ValueCollector(lambda *_: (0, False, True, 0, 0, b""), max_values=1000)
    collector.parser.begin(len(data))
    collector.parser.feed(0, data)
    assert collector.parser.run()
    collector.add_parsed(b"path")
    return [kept[:1] for kept in collector.tables()["values"]]


@pytest.mark.parametrize(
    ("character_set", "text", "is_shown"),
    [
        ("ISO_IR 192", "\u00fc" * 64, False),
        ("ISO_IR 192", "\u00fc" * 66, True),
        ("ISO_IR 192", "\u5c71" * 64, False),
        ("GB18030", "\u5c71" * 64, False),
        ("GB18030", "\u5c71" * 68, True),
        ("ISO_IR 100", "\u00fc" * 64, False),
        ("ISO_IR 100", "\u00fc" * 66, True),
    ],
)
def test_characters_and_not_bytes_are_counted(character_set: str, text: str, is_shown: bool) -> None:
    encoding = {"ISO_IR 192": "utf-8", "GB18030": "gb18030", "ISO_IR 100": "latin-1"}[character_set]
    term = EXPLICIT.element(0x00080005, "CS", character_set.encode() + b" " * (len(character_set) % 2))
    element = EXPLICIT.element(0x00100020, "LO", text.encode(encoding))
    assert kept_forms(part10(term + element, EXPLICIT_LITTLE_UID).data) == [b"T"] * is_shown


# Binary numbers whose bytes are printable by chance.
NUMBERS = [
    (0x0072007A, "US", b"  " * 16),
    (0x0072007A, "US", b"a1b2"),
    (0x0072007A, "US", b"ab"),
    (0x00189073, "FD", b"\0\0\0\0\0AB@"),
    (0x00720076, "FL", b"a1cB"),
    (0x00720078, "UL", b"!!!!"),
    (0x00720078, "UL", b"Ab\0\0"),
]


@pytest.mark.parametrize(("tag", "vr", "value"), NUMBERS)
def test_numbers_that_are_printable_by_chance_are_hidden(tag: int, vr: str, value: bytes) -> None:
    assert kept_forms(part10(EXPLICIT.element(tag, vr, value), EXPLICIT_LITTLE_UID).data) == []


def test_text_under_numbers_is_found_in_both_byte_orders() -> None:
    for encoding in (EXPLICIT, BIG):
        data = part10(encoding.element(0x00189073, "FD", b"Doe^Jane"), UID_OF[encoding]).data
        assert kept_forms(data) == [b"R"]


@pytest.mark.parametrize("length", [8, 65_536, 65_544, 1_048_584])
def test_text_under_numbers_is_shown_as_text(tmp_path: Path, length: int) -> None:
    """Whatever the decision: the number 3.9e+180 would say nothing to a reader."""
    value = b"Doe^Jane" * (length // 8)
    data = part10(IMPLICIT.element(0x00720074, "", value), UID_OF[IMPLICIT]).data
    (tmp_path / "file").write_bytes(data)
    run("final", [tmp_path / "file"], tmp_path)
    (row,) = [row for row in read_jsonl(tmp_path / "report.jsonl") if row["element"] == "(0072,0074)"]
    if length <= 65_536:
        assert (row["value"], row["flags"]) == (value.decode(), ["LOOKS_LIKE_TEXT"])
    else:
        assert row["value"].startswith(value[:1024].decode() + "... <")
        assert row["flags"] == ["LOOKS_LIKE_TEXT", "TRUNCATED"]


def test_private_numbers_have_no_count() -> None:
    """PS3.6 has no private elements: any number of values, but no text."""
    creator = EXPLICIT.element(0x00290010, "LO", b"ACME")
    for value, forms in ((b"\1\0" * 9, []), (b"Doe^Jane", [b"R"])):
        element = EXPLICIT.element(0x00291001, "US", value)
        assert kept_forms(part10(creator + element, EXPLICIT_LITTLE_UID).data) == forms


@pytest.mark.parametrize("length", [65_544, 1_200_000])
def test_long_numbers_under_keep(length: int) -> None:
    """Beyond 64 KiB too: one is allowed, but there are many; bytes that fit no number; text."""

    def forms(tag: int, value: bytes) -> list[bytes]:
        return kept_forms(part10(IMPLICIT.element(tag, "", value), UID_OF[IMPLICIT]).data)

    any_number, one_number = 0x00720074, 0x00189073
    assert forms(any_number, bytes(length)) == []
    assert forms(one_number, bytes(length)) == [b"B"]
    assert forms(any_number, bytes(length + 2)) == [b"B"]
    assert forms(any_number, (b"Doe^Jane" * length)[:length]) == [b"L"]


@pytest.mark.parametrize("length", [65_600, 1_200_000])
def test_long_decimal_strings_under_keep(length: int) -> None:
    """Contours have thousands of numbers: they are hidden if each of them is one, as far as they are in memory."""
    contour = 0x30060050
    numbers = (b"-123.45\\" * length)[: length - 8] + b"-123.456"

    def forms(value: bytes) -> list[bytes]:
        return kept_forms(part10(IMPLICIT.element(contour, "", value), UID_OF[IMPLICIT]).data)

    assert forms(numbers) == [b"L"] * (length > 1_048_576)
    assert forms(numbers[:-8] + b"Doe^Jane") == [b"L"]


@pytest.mark.parametrize(("vr", "is_shown"), [("UT", False), ("UC", False), ("UN", False), ("DS", True), ("TM", True)])
def test_long_values_under_keep(vr: str, is_shown: bool) -> None:
    """Text may be long; 70,000 characters are never a date, time, number or code."""
    value = b"1" * 70_000
    # In explicit VR the others have no room for such a length; in implicit VR the dictionary gives their VR.
    tag = {"DS": 0x00180050, "TM": 0x00080030}.get(vr, 0x00181150)
    encoding = EXPLICIT if vr in LONG_FORM_VRS else IMPLICIT
    data = part10(encoding.element(tag, vr, value), UID_OF[encoding]).data
    collector = _core.ValueCollector(lambda *_: (0, False, True, 0, 0, b""), max_values=10)
    collector.parser.begin(len(data))
    collector.parser.feed(0, data)
    assert collector.parser.run()
    collector.add_parsed(b"path")
    # A long value is shown by length and digest.
    assert [kept[:1] for kept in collector.tables()["values"]] == [b"L"] * is_shown


@pytest.mark.parametrize(
    ("tag", "vr", "option", "is_shown"),
    [
        (0x00101010, "AS", "retain-patient-characteristics", False),
        (0x00101010, "LO", "retain-patient-characteristics", True),
        (0x00101010, "UN", "retain-patient-characteristics", True),
        (0x00080020, "LO", "retain-full-dates", True),
        (0x00080018, "LO", "retain-uids", True),
        (0x00081010, "LT", "retain-device-identity", True),
        (0x00081010, "SH", "retain-device-identity", False),
        (0x00080080, "PN", "retain-institution-identity", True),
    ],
)
def test_an_option_keeps_the_vr_of_the_standard(tmp_path: Path, tag: int, vr: str, option: str, is_shown: bool) -> None:
    """A name with another VR than the one that the option is about is shown, with a flag."""
    value = b"Doe^Jane" if is_shown or vr == "SH" else b"042Y"
    (tmp_path / "file").write_bytes(part10(EXPLICIT.element(tag, vr, value), EXPLICIT_LITTLE_UID).data)
    run("before", [tmp_path / "file"], tmp_path, "--option", option)
    name = f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
    (row,) = [row for row in read_jsonl(tmp_path / "report.jsonl") if row["element"] == name]
    if is_shown:
        assert (row["kind"], row["code"], row["value"], row["flags"]) == ("value", "R", "Doe^Jane", ["OTHER_VR"])
    else:
        assert (row["kind"], row["code"], row["flags"]) == ("code", "K", [])


def test_an_option_of_ones_own_profile(tmp_path: Path) -> None:
    """A K of an option holds for the VRs that its row names, else for those of PS3.6; a plain K for all."""
    profile = tmp_path / "profile.csv"
    columns = "element,vr,code,collapse,note,retain-uids"
    rows = ['"(0010,0010)",,X,,,K', '"(0010,0020)",LO/SH,X,,,K', '"(0010,0030)",,K,,,', '"(0028,0106)",,X,,,K']
    profile.write_text("\n".join([columns, *rows, ""]), encoding="utf-8")
    cases = [
        (0x00100010, "PN", "K"),
        (0x00100010, "LO", "R"),
        (0x00100020, "SH", "K"),
        (0x00100020, "PN", "R"),
        (0x00100030, "LO", "K"),
        (0x00280106, "US", "K"),
        (0x00280106, "SS", "K"),
        (0x00280106, "LO", "R"),
    ]
    for tag, vr, code in cases:
        (tmp_path / "file").write_bytes(part10(EXPLICIT.element(tag, vr, b"ab"), EXPLICIT_LITTLE_UID).data)
        run(
            "before",
            [tmp_path / "file"],
            tmp_path,
            "--without-shipped",
            "--confidentiality",
            str(profile),
            "--option",
            "retain-uids",
        )
        name = f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
        (row,) = [row for row in read_jsonl(tmp_path / "report.jsonl") if row["element"] == name]
        assert row["code"] == code, (name, vr)


@pytest.mark.parametrize(
    ("tag", "vr", "value", "flag"),
    [
        (0x00189073, "FD", b"Doe^Jane", "LOOKS_LIKE_TEXT"),
        (0x00189073, "FD", bytes(16), "WRONG_COUNT"),
        (0x00180050, "DS", b"12345678901234567 ", "TOO_LONG"),
        (0x00181150, "IS", b"2147483648", "NOT_A_NUMBER"),
        (0x00180050, "DS", b"1.5 ", None),
        (0x00189073, "FD", struct.pack("<d", 7.5), None),
    ],
)
def test_a_value_that_breaks_its_vr_is_not_collapsed(
    tmp_path: Path, tag: int, vr: str, value: bytes, flag: str | None
) -> None:
    """Between the first and the last of some numbers, a name would not be seen."""
    name = f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
    profile = tmp_path / "profile.csv"
    profile.write_text(f'element,vr,code,collapse,note\n"{name}",,R,number,\n', encoding="utf-8")
    others = [struct.pack("<d", number) if vr == "FD" else b"%d " % number for number in (1, 2)]
    for number, each in enumerate((value, *others)):
        (tmp_path / f"file{number}").write_bytes(part10(EXPLICIT.element(tag, vr, each), EXPLICIT_LITTLE_UID).data)
    paths = [tmp_path / f"file{number}" for number in range(3)]
    run("before", paths, tmp_path, "--without-shipped", "--confidentiality", str(profile), all_values=False)
    rows = [row for row in read_jsonl(tmp_path / "report.jsonl") if row["element"] == name]
    drawn = [row for row in rows if "COLLAPSED" in row["flags"]]
    assert [row["value"].split(",")[0] for row in drawn] == ["<3 numbers" if flag is None else "<2 numbers"]
    assert [flag in row["flags"] for row in rows if row not in drawn] == ([] if flag is None else [True])

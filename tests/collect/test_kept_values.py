"""Values that K does not hide: those that do not fit their VR.

For: ``tagsniff before`` with a profile that keeps elements of every VR with rules for its values.
Never: a value that breaks only a rule of style; the values shown here are no date, time, age, UID, number or code.
Standard: PS3.5 section 6.2 and 9.1, edition 2026b; design, section 1.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, IMPLICIT, LONG_FORM_VRS, UID_OF, part10
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
    run("before", paths, tmp_path, "--confidentiality", str(profile))
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
        collector = _core.ValueCollector(lambda *_: (0, False, True, 0, b""), max_values=1000)
        collector.parser.begin(len(data))
        collector.parser.feed(0, data)
        assert collector.parser.run()
        collector.add_parsed(b"path")
        # A value in the tables has a head of three bytes.
        shown.append({kept[5:].decode("ascii") for kept in collector.tables()["values"]})
    assert shown[: len(FITS[vr])] == [set()] * len(FITS[vr])
    assert shown[len(FITS[vr]) : -1] == [{text.rstrip("\0")} for text in BREAKS[vr]]
    assert shown[-1] == {text.rstrip("\0") for text in BREAKS[vr]}


@pytest.mark.parametrize(("vr", "is_shown"), [("UT", False), ("UC", False), ("UN", False), ("DS", True), ("TM", True)])
def test_long_values_under_keep(vr: str, is_shown: bool) -> None:
    """Text may be long; 70,000 characters are never a date, time, number or code."""
    value = b"1" * 70_000
    # In explicit VR the others have no room for such a length; in implicit VR the dictionary gives their VR.
    tag = {"DS": 0x00180050, "TM": 0x00080030}.get(vr, 0x00181150)
    encoding = EXPLICIT if vr in LONG_FORM_VRS else IMPLICIT
    data = part10(encoding.element(tag, vr, value), UID_OF[encoding]).data
    collector = _core.ValueCollector(lambda *_: (0, False, True, 0, b""), max_values=10)
    collector.parser.begin(len(data))
    collector.parser.feed(0, data)
    assert collector.parser.run()
    collector.add_parsed(b"path")
    # A long value is shown by length and digest.
    assert [kept[:1] for kept in collector.tables()["values"]] == [b"L"] * is_shown

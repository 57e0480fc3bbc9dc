"""A name, a date, a number of a patient and a serial number, planted among ordinary values, keep rows of their own.

For: collapse by default: in each kind of VR, and beside each kind of row that draws values together.
Never: a planted value that is listed because nothing was drawn together. The ordinary values are, in the same element.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10, uid_value
from tagsniff.report.rows import ValueRow

FILES = 8
TAG = 0x00292001
NAMES = ["Roe^Mary", "Ng", "Li Wu", "SMITH", "Müller".encode("latin-1").decode("latin-1")]
NUMBERS = ["471108", "0047110", "12345678", "471108154711"]
DATES = ["19700503", "19991231"]
SERIALS = ["SN4711081", "A12B34C56", "00471-081"]
SHORT_NUMBERS = [number for number in NUMBERS if len(number) <= 8]


def write(folder: Path, vr: str, values: list[bytes], *, series: str = "1.2.3", patient: bytes = b"P1") -> None:
    """Write a file for each value, all of one series."""
    for number, value in enumerate(values):
        data = join(
            [
                EXPLICIT.element(0x00100020, "LO", patient),
                EXPLICIT.element(0x0020000E, "UI", uid_value(series)),
                EXPLICIT.element(0x00290020, "LO", b"ACME"),
                EXPLICIT.element(TAG, vr, value),
            ]
        )
        (folder / f"{series}.{number:03}").write_bytes(part10(data, EXPLICIT_LITTLE_UID).data)


def rows_of(folder: Path) -> list[ValueRow]:
    """Return the rows of the element and of the text in its bytes."""
    scan = tagsniff.scan([folder], confidentiality="physical", modality_software=["record-all"])
    return [row for row in scan.report().rows if row.element.startswith('(0029,"ACME",01)')]


def pack(letter: str) -> Callable[[object], bytes]:
    return lambda number: struct.pack(f"<{letter}", float(number) if letter in "fd" else int(number))  # type: ignore[call-overload,arg-type]


def as_text(value: object) -> bytes:
    raw = str(value).encode("latin-1")
    return raw + b" " * (len(raw) % 2)


def in_noise(value: object) -> bytes:
    return b"\x01\x02\x03\x04" + str(value).encode("latin-1") + b"\x00\x01\x02\x03"


def noise(number: int) -> bytes:
    return b"\x01\x02\x03" + bytes([0x21 + number]) + b"#%~7" + b"\x00\x01"


TEXTS = ("LO", "SH", "ST", "LT", "UC", "UT", "AE", "UN", "UR", "CS")
WHOLE = {"UL": "I", "SL": "i", "UV": "Q", "SV": "q", "FD": "d"}
IN_TEXT = [*NUMBERS, *DATES, *SERIALS, "Roe^Mary", "Ng", "SMITH"]
IN_BYTES = [*NUMBERS, *DATES, *SERIALS, "Roe^Mary", "SMITH", "Vlk ", "Li Wu"]
IN_NUMBERS = ["471108", "12345678", "19700503", "1700000000"]
NOT_OF_VR = ["Roe^Mary", "A12B34C56"]
UIDS = ["1.2.840.113619.19700503.1", "4711081", "9.9.471108"]


def many(make: Callable[[int], bytes]) -> list[bytes]:
    return [make(number) for number in range(FILES)]


CASES = [
    *((vr, many(lambda n: as_text(f"SLICE {n}")), as_text, IN_TEXT) for vr in TEXTS),
    *((vr, many(lambda n: as_text(n * 10)), as_text, [*NUMBERS[:2], *DATES, "Ng", *NOT_OF_VR]) for vr in ("IS", "DS")),
    *((vr, many(pack(letter)), pack(letter), IN_NUMBERS) for vr, letter in WHOLE.items()),
    ("FL", many(pack("f")), pack("f"), ["471108"]),
    ("FD", many(pack("d")), pack("d"), ["19700503.25", "1700000000.5"]),
    ("DA", many(lambda n: as_text(20240101 + n)), as_text, [*NOT_OF_VR, "471108", "1970.05.03"]),
    ("TM", many(lambda n: as_text(101010 + n)), as_text, [*NOT_OF_VR, "471108154711"]),
    ("UI", many(lambda n: uid_value(f"1.2.840.113619.1.{n}")), uid_value, UIDS),
    ("OB", many(noise), in_noise, IN_BYTES),
    ("UN", many(noise), in_noise, IN_BYTES),
]


@pytest.mark.parametrize(("vr", "ordinary", "encode", "planted"), CASES)
def test_a_planted_value_has_a_row(
    tmp_path: Path, vr: str, ordinary: list[bytes], encode: Callable[[object], bytes], planted: list[str]
) -> None:
    for number, value in enumerate(planted):
        folder = tmp_path / str(number)
        folder.mkdir()
        write(folder, vr, [*ordinary, encode(value)])
        rows = rows_of(folder)
        drawn = [row for row in rows if "COLLAPSED" in row.flags]
        assert drawn, (vr, value)
        own = {row.value for row in rows if row not in drawn}
        shown = (
            str(float(value)) if vr in ("FD", "FL") else str(int(value)) if vr in ("UL", "SL", "UV", "SV") else value
        )
        assert shown.strip() in own, (vr, value, own)


@pytest.mark.parametrize("vr", ["IS", "UL", "FD"])
def test_a_long_number_stays_unless_it_varies_within_its_series(tmp_path: Path, vr: str) -> None:
    """Three numbers of patients, one in each series, stay; numbers of acquisitions do not."""
    encode = {"IS": as_text, "UL": pack("I"), "FD": pack("d")}[vr]
    for number in range(3):
        write(tmp_path, vr, [encode(471100 + number)] * 6, series=f"1.2.{number}", patient=b"P%d" % number)
    assert sorted(float(row.value) for row in rows_of(tmp_path)) == [471100, 471101, 471102]
    for number in range(3):
        varying = [encode(800000 + 10 * number + n) for n in range(6)]
        write(tmp_path, vr, varying, series=f"1.3.{number}", patient=b"P%d" % number)
    rows = rows_of(tmp_path)
    (drawn,) = [row for row in rows if "COLLAPSED" in row.flags]
    assert drawn.value.startswith("<18 numbers, 800000")
    assert (drawn.files, drawn.series, drawn.occurrences) == (18, 3, 18)
    assert sorted(float(row.value) for row in rows if row is not drawn) == [471100, 471101, 471102]


def test_a_number_in_one_file_of_a_series_stays(tmp_path: Path) -> None:
    write(tmp_path, "IS", [*[as_text(number) for number in range(6)], as_text("471108"), as_text("471109")])
    assert {row.value for row in rows_of(tmp_path)} == {"<6 numbers, 0..5>", "471108", "471109"}


def test_a_list_that_each_file_of_a_series_has_stays(tmp_path: Path) -> None:
    write(tmp_path, "IS", [rb"471108\471109\471110 "] * 6)
    assert {row.value for row in rows_of(tmp_path)} == {"471108", "471109", "471110"}


@pytest.mark.parametrize(("series", "patient"), [("", b"P1"), ("1.2.3", b"")])
def test_without_a_series_or_a_patient_nothing_varies(tmp_path: Path, series: str, patient: bytes) -> None:
    write(tmp_path, "IS", [as_text(800000 + number) for number in range(6)], series=series, patient=patient)
    assert len(rows_of(tmp_path)) == 6


def test_uids_with_dates_are_drawn_together_by_their_roots(tmp_path: Path) -> None:
    uids = [f"{root}.20240131.{n}" for root in ("1.2.840.113619", "1.3.12.2.1107") for n in range(4)]
    write(tmp_path, "UI", [uid_value(uid) for uid in uids])
    assert {row.value for row in rows_of(tmp_path)} == {
        "<4 UIDs under 1.2.840.113619>",
        "<4 UIDs under 1.3.12.2.1107>",
    }


def test_what_varies_is_the_same_after_a_merge_and_a_save(tmp_path: Path) -> None:
    for number in range(3):
        varying = [as_text(800000 + 10 * number + n) for n in range(6)]
        write(tmp_path, "IS", [*varying, as_text("471108")], series=f"1.3.{number}")
    paths = sorted(tmp_path.iterdir())
    asked = {"confidentiality": "physical", "modality_software": ["record-all"], "key": bytes(32)}
    whole = tagsniff.scan(paths, **asked)  # type: ignore[arg-type]
    parts = [tagsniff.scan(paths[start::4], **asked) for start in range(4)]  # type: ignore[arg-type]
    merged = tagsniff.merge(parts[::-1])
    assert merged == whole
    whole.save(tmp_path / "scan")
    for scan in (merged, tagsniff.load(tmp_path / "scan"), tagsniff.scan(paths, mergeable=False, workers=1, **asked)):  # type: ignore[arg-type]
        assert scan.report().rows == whole.report().rows
    values = {row.value for row in whole.report().rows if "ACME" in row.element}
    assert {"<18 numbers, 800000..800025>", "471108"} <= values, "a number that series share stays"


def test_more_values_than_are_counted_exactly(tmp_path: Path) -> None:
    """The number is an estimate, the same for each split; the ends and the counts are exact."""
    values = [as_text(f"{number}.5") for number in range(3000)]
    for number in range(30):
        write(tmp_path, "DS", [b"\\".join(values[100 * number : 100 * number + 100])], series=f"1.{number}")
    (row,) = rows_of(tmp_path)
    about, numbers, ends = row.value.partition(" numbers, ")
    assert (numbers, ends) == (" numbers, ", "0.5..2999.5>")
    assert abs(int(about.removeprefix("<about ")) - 3000) < 600
    assert (row.files, row.series, row.occurrences) == (30, 30, 3000)
    paths = sorted(tmp_path.iterdir())
    asked = {"confidentiality": "physical", "modality_software": ["record-all"], "key": bytes(32)}
    parts = [tagsniff.scan(paths[start::3], **asked) for start in range(3)]  # type: ignore[arg-type]
    assert tagsniff.merge(parts) == tagsniff.scan(paths[::-1], workers=1, **asked)  # type: ignore[arg-type]

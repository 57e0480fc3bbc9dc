"""The data dictionary, compared with its own csv, its generator, and pydicom's dictionary.

For: csrc/dicom/dictionary.c through ``tagsniff._core.dictionary_find``.
Never: a value of a file.
Standard: DICOM PS3.6, edition 2026b; PS3.5, annex A.1, for the VR of an element that has a choice of them.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from pydicom.datadict import DicomDictionary, RepeatersDictionary

from tagsniff._core import dictionary_allows_count, dictionary_find

CSRC = Path(__file__).parents[2] / "csrc" / "dicom"
TABLE = CSRC / "ps36_elements.csv"
needs_source_tree = pytest.mark.skipif(not TABLE.is_file(), reason="the source tree is not here")

CHOICES = {"OB or OW": "OW", "US or SS": "US", "US or OW": "OW", "US or SS or OW": "OW"}

# Where pydicom's dictionary, of an older edition, differs. Tag: (pydicom's VR and keyword, why).
KNOWN_DIFFERENCES = {
    0x003A0320: (("SQ", "SummarizedFilterLookupTable"), "the keyword ends in Sequence since a later edition"),
    0x003A0325: (("SQ", "AnalogFilterType"), "the keyword ends in CodeSequence since a later edition"),
}


def table_rows() -> list[tuple[str, str, str, str]]:
    """Return tag, VR, VM and keyword of every row."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        next(lines)
        return [(row["tag"], row["vr"], row["vm"], row["keyword"]) for row in csv.DictReader(lines)]


def csv_rows() -> list[tuple[str, str, str]]:
    """Return tag, VR and keyword of every row."""
    return [(tag, vr, keyword) for tag, vr, _, keyword in table_rows()]


def expected(vr: str, keyword: str) -> tuple[str, str, str]:
    """Return what the core should give: the VR in implicit VR, the keyword, and the choice of VRs if there is one."""
    return CHOICES.get(vr, vr), keyword, vr if vr in CHOICES else ""


def comparable(found: tuple[str, str, str] | None) -> tuple[str, str, str] | None:
    """Return the answer with one form for "no choice of VRs"."""
    if found is None:
        return None
    vr, keyword, alternatives = found
    return vr, keyword, alternatives if " or " in alternatives else ""


@needs_source_tree
def test_every_row_of_the_table_is_found() -> None:
    rows = csv_rows()
    exact = {int(tag[1:5] + tag[6:10], 16): expected(vr, keyword) for tag, vr, keyword in rows if "x" not in tag}
    wrong = {f"{tag:08x}": found for tag, row in exact.items() if (found := comparable(dictionary_find(tag))) != row}
    assert wrong == {}
    assert len(exact) > 5000


@needs_source_tree
def test_every_repeating_row_is_found_with_any_digits() -> None:
    rows = csv_rows()
    exact = {tag for tag, _, _ in rows if "x" not in tag}
    checked = 0
    for tag, vr, keyword in rows:
        for digit in "02468ace" if "x" in tag else "":
            filled = tag.replace("x", digit)
            if filled in exact or filled.endswith(",0000)"):
                continue
            number = int(filled[1:5] + filled[6:10], 16)
            assert comparable(dictionary_find(number)) == expected(vr, keyword), filled
            checked += 1
    assert checked > 500


@pytest.mark.parametrize(
    ("tag", "row"),
    [
        (0x60000010, ("US", "OverlayRows", "")),
        (0x601E3000, ("OW", "OverlayData", "OB or OW")),
        (0x60FE3000, ("OW", "OverlayData", "OB or OW")),  # beyond 601E, but read all the same
        (0x50020005, ("US", "CurveDimensions", "")),
        (0x00203142, ("CS", "SourceImageIDs", "")),
        (0x002804F0, ("US", "RowsForNthOrderCoefficients", "")),
        (0x00280400, ("LO", "TransformLabel", "")),  # its own row takes precedence over (0028,04x0)
        (0x1000ABC3, ("US", "HuffmanTableTriplet", "")),
        (0x1010FFFF, ("US", "ZonalMap", "")),
        (0x7F240010, ("OW", "VariablePixelData", "OB or OW")),
        (0x7FE00010, ("OW", "PixelData", "OB or OW")),
        (0x00280106, ("US", "SmallestImagePixelValue", "US or SS")),
        (0x00283006, ("OW", "LUTData", "US or OW")),
        (0x00281200, ("OW", "GrayLookupTableData", "US or SS or OW")),
        (0x54001010, ("OW", "WaveformData", "OB or OW")),
        (0x00020000, ("UL", "FileMetaInformationGroupLength", "")),
        (0x00000000, ("UL", "CommandGroupLength", "")),
        (0xFFFCFFFC, ("OB", "DataSetTrailingPadding", "")),
        (0x00080202, ("OB", "", "")),  # retired, without a keyword
    ],
)
def test_known_tags(tag: int, row: tuple[str, str, str]) -> None:
    assert comparable(dictionary_find(tag)) == row


@pytest.mark.parametrize(
    "tag",
    [
        0x00080002,  # not registered
        0x00080000,  # a group length; PS3.6 lists only two of them
        0x10100000,  # the same, although (1010,xxxx) reaches it
        0x60010010,  # odd groups are private, also among the repeating ones
        0x50013000,
        0x7FE10010,
        0x00090010,  # private
        0x00291010,
        0xFFFEE000,  # delimiters are not data elements
        0xFFFEE00D,
        0xFFFEE0DD,
        0xFFFFFFFF,
    ],
)
def test_unknown_tags(tag: int) -> None:
    assert dictionary_find(tag) is None


def test_no_private_tag_is_found() -> None:
    for group in (*range(0x0001, 0x0100, 2), 0x5001, 0x6001, 0x7F01, 0x7FE1, 0xFFFF):
        for element in (*range(0x0100), 0x1000, 0x1001, 0x3000):
            assert dictionary_find(group << 16 | element) is None


def test_agreement_with_pydicom() -> None:
    differences = {
        tag: (row[0], row[4])
        for tag, row in DicomDictionary.items()
        if row[0] != "NONE" and comparable(dictionary_find(tag)) != expected(row[0], row[4])
    }
    assert differences == {tag: theirs for tag, (theirs, _) in KNOWN_DIFFERENCES.items()}


def test_agreement_with_pydicom_on_repeating_groups() -> None:
    for pattern, row in RepeatersDictionary.items():
        for digit in "2468ace":
            tag = int(pattern.replace("x", digit), 16)
            if tag in DicomDictionary:
                continue
            assert comparable(dictionary_find(tag)) == expected(row[0], row[4]), f"{tag:08x}"


@needs_source_tree
def test_the_number_of_values_of_every_row() -> None:
    """Each row allows the counts that its VM names, and none beside them."""
    for tag, _, vm, _ in table_rows():
        if "x" in tag:
            continue
        least, _, most = vm.partition("-")
        step = int(most[:-1] or 1) if most.endswith("n") else 0
        allowed = {count for count in range(1, 300) if count >= int(least) and step and count % step == 0}
        allowed |= set() if step else set(range(int(least), int(most or least) + 1))
        number = int(tag[1:5] + tag[6:10], 16)
        assert {count for count in range(1, 300) if dictionary_allows_count(number, count)} == allowed, (tag, vm)
        assert dictionary_allows_count(number, 0)


@pytest.mark.parametrize(
    ("tag", "count", "is_allowed"),
    [
        (0x00280010, 1, True),
        (0x00280010, 2, False),
        (0x00181310, 4, True),
        (0x00181310, 13, False),
        (0x00280009, 1000, True),
        (0x00280301, 2**32, False),
        (0x00289099, 2**40 + 1, False),
        (0x60000050, 2, True),
        (0x60020050, 3, False),  # a repeating group
        (0x00091001, 1, None),
    ],
)
def test_number_of_values(tag: int, count: int, is_allowed: bool | None) -> None:
    assert dictionary_allows_count(tag, count) is is_allowed


@needs_source_tree
def test_the_committed_table_equals_the_generators_output(tmp_path: Path) -> None:
    written = tmp_path / "dictionary_table.inc"
    subprocess.run([sys.executable, CSRC / "generate_dictionary.py", TABLE, "--output", written], check=True)
    assert written.read_bytes() == (CSRC / "dictionary_table.inc").read_bytes()


@needs_source_tree
def test_refreshing_the_csv_keeps_its_rows(tmp_path: Path) -> None:
    refreshed = tmp_path / "refreshed.csv"
    full = tmp_path / "full.csv"
    with full.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["name", "keyword", "vm", "vr", "tag"])
        writer.writerow(["Item", "Item", "1", "NONE", "(fffe,e000)"])
        writer.writerows([f"name of {tag}", keyword, vm, vr, tag] for tag, vr, vm, keyword in table_rows())
    edition = TABLE.read_text(encoding="utf-8").split()[2].rstrip(":")
    command = [sys.executable, CSRC / "generate_dictionary.py", refreshed, "--refresh-from", full]
    subprocess.run([*command, "--edition", edition, "--output", tmp_path / "table.inc"], check=True)
    assert refreshed.read_bytes() == TABLE.read_bytes()


@needs_source_tree
@pytest.mark.parametrize(
    "row",
    [
        '"(0008,0005)",C,1-n,SpecificCharacterSet',
        '"(0008,5)",CS,1-n,SpecificCharacterSet',
        '"(0008,0005)",CS,1-n,Two words',
        '"(0008,0005)",CS,0-n,SpecificCharacterSet',
        '"(0008,0005)",CS,n,SpecificCharacterSet',
        '"(0008,0005)",CS,,SpecificCharacterSet',
    ],
)
def test_the_generator_refuses_a_wrong_row(tmp_path: Path, row: str) -> None:
    table = tmp_path / "wrong.csv"
    table.write_text(f"# PS3.6 2026b: a test\ntag,vr,vm,keyword\n{row}\n", encoding="utf-8")
    command = [sys.executable, CSRC / "generate_dictionary.py", table, "--output", tmp_path / "table.inc"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "ValueError" in run.stderr
    assert not (tmp_path / "table.inc").exists()

"""The values of many elements over real files equal those of pydicom, and those of the whole header.

For: ``tagsniff.selection.columns`` on pydicom's wheel and, if it is present, the larger collection.
Never: a file that is left out silently; the differences are listed with their reasons.
Standard: PS3.5, edition 2026b.
"""

from __future__ import annotations

import warnings
from collections import Counter
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

import tagsniff
from real_files import RealFile, distinct_files
from reference_differences import DIFFERENCES
from tagsniff import _core
from tagsniff.dicom.element_names import read_element
from tagsniff.dicom.notation import ANY_ITEM, Identity, parse_identity
from tagsniff.selection.columns import SelectedBatch, SelectedFile, select_values
from tagsniff.status import Status

TAG_ITEM = 0xFFFEE000
NOT_READ_BY_PYDICOM = {difference.file for difference in DIFFERENCES if "raises" in difference.what}
KEYWORDS = (
    "SpecificCharacterSet",
    "ImageType",
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "Modality",
    "Manufacturer",
    "StudyDescription",
    "SeriesDescription",
    "ManufacturerModelName",
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "SliceThickness",
    "KVP",
    "SoftwareVersions",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SeriesNumber",
    "InstanceNumber",
    "ImagePositionPatient",
    "Rows",
    "Columns",
    "PixelSpacing",
    "BitsAllocated",
    "PixelRepresentation",
    "SmallestImagePixelValue",
    "WindowCenter",
    "RescaleIntercept",
)


def select_all(real: RealFile, identities: list[Identity], **asked: bool) -> SelectedFile | None:
    """Return the values of a file; None if it has no row."""
    rows = [
        row
        for part in select_values([real.path], identities, workers=1, **asked)
        if isinstance(part, SelectedBatch)
        for row in part.rows(len(identities))
    ]
    return rows[0] if rows else None


def their_values(real: RealFile) -> dict[str, bytes | None] | None:
    """Return the raw values that pydicom has, as bytes; None if it reads no data set."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            data_set: Dataset = pydicom.dcmread(real.path, force=True, stop_before_pixels=True)
        except Exception:  # noqa: BLE001
            return None
    found: dict[str, bytes | None] = {}
    for keyword in KEYWORDS:
        raw = data_set.get_item(keyword)
        found[keyword] = None if raw is None else raw.value if isinstance(raw.value, bytes) else b"converted"
    return found


def test_values_equal_those_of_pydicom(subtests: pytest.Subtests) -> None:
    for real in distinct_files():
        with subtests.test(real.name):
            check_against_pydicom(real)


def check_against_pydicom(real: RealFile) -> None:
    header = tagsniff.read_header(real.path)
    if header.status is not Status.OK or header.deviations:
        pytest.skip("the whole header is the reference of files that break the standard")
    theirs = their_values(real)
    if theirs is None:
        assert real.name in NOT_READ_BY_PYDICOM
        return
    row = select_all(real, [read_element(keyword) for keyword in KEYWORDS])
    assert row is not None
    for keyword, cells in zip(KEYWORDS, row.values, strict=True):
        if theirs[keyword] != b"converted":
            assert [cell.raw for cell in cells] == ([] if theirs[keyword] is None else [theirs[keyword] or b""]), (
                keyword
            )


class Expected:
    """The values of every identity of a file, from the records of the whole header."""

    def __init__(self, header: tagsniff.Header) -> None:
        self.values: dict[str, list[tuple[bytes | None, str, int]]] = {}
        elements = header.elements
        tags, parents, flags = (elements[column].tolist() for column in ("tag", "parent", "flags"))
        lengths = (elements["end_offset"] - elements["value_offset"]).tolist()
        items = Counter(parent for tag, parent in zip(tags, parents, strict=True) if tag == TAG_ITEM)
        for record, (tag, flag, length, vr) in enumerate(
            zip(tags, flags, lengths, elements["vr"].tolist(), strict=True)
        ):
            # An item has the path of its sequence, and no value.
            values = self.values.setdefault(header.identity(record).removesuffix(ANY_ITEM), [])
            if tag == TAG_ITEM:
                continue
            raw: bytes | None = header.value(record)
            if flag & _core.FLAG_SEQUENCE:
                raw = None
            elif flag & _core.FLAG_FRAGMENTS or length > 65536 or is_length_only(tag):
                raw = b"" if length == 0 and not flag & _core.FLAG_FRAGMENTS else None
            name = vr.decode("latin-1")
            shown = items[record] if flag & _core.FLAG_SEQUENCE else length
            values.append((raw, name if name in _core.VR_NAMES else "??", shown))


def is_length_only(tag: int) -> bool:
    """Pixel Data, overlays, curves, waveforms, audio and look-up tables (design, section 4)."""
    group, element = tag >> 16, tag & 0xFFFF
    if group & 0xFF01 == 0x7F00:
        return element == 0x10 or (group == 0x7FE0 and element in (8, 9))
    if group & 0xFF01 in (0x5000, 0x6000):
        return element == 0x3000 or (group & 0xFF01 == 0x5000 and element == 0x200C)
    if group == 0x0028:
        return element == 0x3006 or element in (*range(0x1200, 0x1204), *range(0x1211, 0x1214), *range(0x1221, 0x1224))
    return tag == 0x54001010


def test_values_equal_those_of_the_whole_header(subtests: pytest.Subtests) -> None:
    """Every identity in the file, also private ones and those in sequences, requested together."""
    for real in distinct_files():
        with subtests.test(real.name):
            check_against_header(real)


def check_against_header(real: RealFile) -> None:
    header = tagsniff.read_header(real.path)
    if header.status is not Status.OK:
        pytest.skip("no row")
    expected = dict(sorted(Expected(header).values.items()))
    identities = list(map(parse_identity, expected))
    for reads_to_end in (False, True):
        row = select_all(real, identities, reads_to_end=reads_to_end)
        assert row is not None
        found = [[(cell.raw, cell.vr, cell.length) for cell in cells] for cells in row.values]
        assert found == list(expected.values()), reads_to_end


def test_one_element_at_a_time(subtests: pytest.Subtests) -> None:
    """With a stop after it, each has the same value as when all is read, except in unordered data sets."""
    for real in distinct_files()[::5]:
        with subtests.test(real.name):
            check_one_at_a_time(real)


def check_one_at_a_time(real: RealFile) -> None:
    header = tagsniff.read_header(real.path)
    names = [deviation.status for deviation in header.deviations]
    if header.status is not Status.OK or Status.UNORDERED in names or Status.STRAY_ITEM in names:
        pytest.skip("no row, or not in order")
    expected = Expected(header).values
    found = sorted(expected)
    for name in found[:: max(1, len(found) // 12)]:
        identities = [parse_identity(name)]
        row = select_all(real, identities)
        assert row is not None
        assert [(cell.raw, cell.vr, cell.length) for cell in row.values[0]] == expected[name], name


def test_a_folder_is_the_sum_of_its_files(tmp_path: Path) -> None:
    """Values are numbered by batch; the values do not depend on the files beside a file."""
    identities = [read_element(keyword) for keyword in KEYWORDS]
    reals = [real for real in distinct_files() if real.name.startswith("wheel/test_files")][:60]
    for number, real in enumerate(reals):
        (tmp_path / f"{number:03}").symlink_to(real.path)
    together = [
        row.values
        for part in select_values([tmp_path], identities, workers=2)
        if isinstance(part, SelectedBatch)
        for row in part.rows(len(identities))
    ]
    alone = [row.values for real in reals if (row := select_all(real, identities)) is not None]
    assert together == alone

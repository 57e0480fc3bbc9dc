"""Bytes that are no data element are listed with the values: a filled preamble, and bytes after the data set.

For: text in places where no reader of elements looks.
Never: the rules when such bytes are a deviation or a fault (the tables of cases).
Standard: PS3.10 section 7.1, edition 2026b.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import DEFLATED_UID, EXPLICIT, EXPLICIT_LITTLE_UID, deflate, part10
from encoded_case import plain
from tagsniff.report.values import build_value_report

PIXELS = EXPLICIT.element(0x7FE00010, "OW", bytes(64))
BODY = plain(EXPLICIT) + PIXELS
PREAMBLE = b"Scan of Roe^Mary".ljust(128, b"\0")
PLAIN_FILE = part10(BODY, EXPLICIT_LITTLE_UID).data
WITH_PREAMBLE = part10(BODY, EXPLICIT_LITTLE_UID, preamble=PREAMBLE).data


def rows_of(folder: Path, mode: str = "final", workers: int = 1) -> set[tuple[str, str, str, int]]:
    """Return element, VR, value and files of the rows of bytes that are no element."""
    scan = tagsniff.scan([folder], mode=mode, workers=workers)
    assert scan.is_complete()
    rows = build_value_report(scan.tables).rows
    return {(row.element, row.vr, row.value, row.files) for row in rows if row.element.startswith("<")}


def write(folder: Path, *contents: bytes) -> Path:
    for number, content in enumerate(contents):
        (folder / f"{number}.dcm").write_bytes(content)
    return folder


@pytest.mark.parametrize("mode", ["before", "final"])
def test_text_in_the_preamble_and_after_pixel_data(mode: str, tmp_path: Path) -> None:
    folder = write(tmp_path, WITH_PREAMBLE + b"\nSent to Dr Roe")
    assert rows_of(folder, mode) == {
        ("<preamble>", "UN", "Scan of Roe^Mary", 1),
        ("<trailing bytes>", "UN", "\nSent to Dr Roe", 1),
    }


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0)])
def test_files_before_and_after_do_not_matter(order: tuple[int, ...], tmp_path: Path) -> None:
    """Files with the same header bytes take over the records of the one before: never the record of its preamble."""
    contents = (PLAIN_FILE, WITH_PREAMBLE, PLAIN_FILE)
    folder = write(tmp_path, *(contents[number] for number in order))
    assert rows_of(folder) == {("<preamble>", "UN", "Scan of Roe^Mary", 1)}


def test_different_preambles_are_different_values(tmp_path: Path) -> None:
    other = b"Scan of Doe^Jane".ljust(128, b"\0") + WITH_PREAMBLE[128:]
    folder = write(tmp_path, WITH_PREAMBLE, other, WITH_PREAMBLE)
    assert rows_of(folder) == {
        ("<preamble>", "UN", "Scan of Roe^Mary", 2),
        ("<preamble>", "UN", "Scan of Doe^Jane", 1),
    }


def test_bytes_that_are_no_text_have_a_digest_and_their_text(tmp_path: Path) -> None:
    folder = write(tmp_path, PLAIN_FILE + b"\r\n\0\1\2\3\4\5\xff\xfe\xff\xfe Roe^Mary \xff" * 9000)
    (digest,) = (row for row in rows_of(folder) if row[0] == "<trailing bytes>")
    assert digest[2].startswith("<207000 bytes, sha256 ")
    assert ("<trailing bytes>/text", "UN", "Roe^Mary", 1) in rows_of(folder)


def test_a_deflated_data_set_has_them_too(tmp_path: Path) -> None:
    """The trailing bytes are those after the last element of the inflated data set."""
    meta = part10(BODY, DEFLATED_UID)
    content = meta.data[: meta.meta_end] + deflate(BODY.data + b"\r\nSent to Dr Roe")
    folder = write(tmp_path, content + b"\0" * (len(content) % 2))
    assert rows_of(folder) == {("<trailing bytes>", "UN", "\r\nSent to Dr Roe", 1)}


def test_find_names_them(tmp_path: Path) -> None:
    folder = write(tmp_path, WITH_PREAMBLE, PLAIN_FILE)
    found = tagsniff.find([folder], element="<preamble>", value="Scan of Roe^Mary")
    assert [Path(row.path).name for row in found] == ["0.dcm"]


def test_the_inventory_has_elements_alone(tmp_path: Path) -> None:
    folder = write(tmp_path, WITH_PREAMBLE + b"\nSent to Dr Roe")
    tags = tagsniff.scan([folder], mode="inventory").tables.identities["tag"].tolist()
    assert all(tag >> 16 != 0xFFFE for tag in tags)
    assert all(tag >> 16 != 0xFFFE for tag in tagsniff.read_header(folder / "0.dcm").elements["tag"].tolist())


def test_a_file_that_is_counted_in_part_has_its_preamble(tmp_path: Path) -> None:
    folder = write(tmp_path, WITH_PREAMBLE[:-10])
    scan = tagsniff.scan([folder], mode="final", all_values=True, keep_partial=True)
    elements = [row.element for row in build_value_report(scan.tables).rows]
    assert "<preamble>" in elements
    assert "(0010,0010)" in elements

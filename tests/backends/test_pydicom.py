"""``dcmread`` of tagsniff's backend gives the same as pydicom's: for real, written, cut and changed files.

For: users who replace one with the other.
Never: our own expectation of what pydicom reads from a file, except the list of files that it must read itself.
Standard: PS3.5 and PS3.10, edition 2026b.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.tag import BaseTag

import tagsniff
from cases import CASES
from encoded_case import Case
from pydicom_states import call, convert_everything, first_difference, state_of, written
from real_files import RealFile, distinct_files
from tagsniff.backends import file_windows, pydicom_conversions
from tagsniff.backends import pydicom as backend
from tagsniff.status import Status

FILES = distinct_files()
THEIRS = pydicom.filereader.dcmread
TAGS: list[Any] = ["PatientName", (0x0008, 0x1140), 0x7FE00010]
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"stop_before_pixels": True},
    {"force": True},
    {"force": True, "stop_before_pixels": True, "defer_size": "1 KB"},
    {"force": True, "defer_size": 100},
    {"force": True, "specific_tags": TAGS},
    {"force": True, "specific_tags": TAGS, "stop_before_pixels": True},
)

# The real files that the backend leaves to pydicom, and that pydicom reads.
LEFT_TO_PYDICOM = {
    "wheel/palettes/winter.dcm": "a tag twice",
    "wheel/test_files/MR_truncated.dcm": "truncated Pixel Data",
    "wheel/test_files/SC_rgb_jpeg.dcm": "implicit VR although the transfer syntax is explicit; pydicom warns",
    "wheel/test_files/dicomdirtests/DICOMDIR-nooffset": "an item that is longer than its sequence",
    "wheel/test_files/no_meta.dcm": "one byte before the data set",
    "wheel/test_files/rtplan_truncated.dcm": "truncated in a nested value",
    "corpus/dcm4che/dcm4che-test-data/src/main/resources/3gb-bulk-data-truncated": "truncated Pixel Data",
    "corpus/dcm4che/dcm4che-test-data/src/main/resources/no_preamble_dicm_in_data": "DICM in a value, not a prefix",
    "corpus/dicognito/tests/orig_data/test_conversion_error_logs_filename_and_error_type/bad.dcm": "no data set",
    "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/FreezePattern.dcm": "an item outside a sequence",
    "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH1339.dcm": "fragments without end",
    "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH177_D_CLUNIE_CT1_IVRLE_BigEndian_undefined_length.dcm": (
        "UN of undefined length in big endian, which pydicom cannot read"
    ),
    "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH179A.dcm": "a VR of two spaces",
    "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH179B.dcm": "a VR of two spaces",
    "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH364.dcm": "an item outside a sequence",
    "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH626.dcm": "truncated in a value with a wrong length",
    "corpus/pydicom-data/data_store/data/emri_small_jpeg_2k_lossless_too_short.dcm": "fragments without end",
}


def difference(ours: Any, theirs: Any, **asked: Any) -> str:
    """Return how two calls with the same bytes differ; empty if they do not."""
    mine = call(backend.dcmread, ours, **asked)
    other = call(THEIRS, theirs, **asked)
    if (mine.error, mine.warned) != (other.error, other.warned):
        return f"{mine.error} {mine.warned} and not {other.error} {other.warned}"
    if mine.result is None:
        return ""
    if isinstance(ours, io.BytesIO) and ours.tell() != theirs.tell():
        return f"file left at {ours.tell()} and not {theirs.tell()}"
    return first_difference(state_of(mine.result), state_of(other.result))


def difference_of_bytes(data: bytes, **asked: Any) -> str:
    """The same for bytes in memory."""
    return difference(io.BytesIO(data), io.BytesIO(data), **asked)


# Deflated bytes in which pydicom seems to find more file meta information and a command set.
LOOK_LIKE_MORE_META = {"deflated_like_command_set", "deflated_empty_block_first"}


# Real files


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_every_real_file_is_read_as_pydicom_reads_it(asked: dict[str, Any]) -> None:
    assert len(FILES) > 150
    found = {}
    for real in FILES:
        text = difference_of_bytes(real.path.read_bytes(), **asked)
        if "force" not in asked:
            text = text or difference(str(real.path), str(real.path), **asked)
        if text:
            found[real.name] = text
    assert found == {}


def test_every_real_file_converts_and_is_written_as_pydicom_does_it() -> None:
    """Each file is written as it was read. After conversion, the states contain everything that is written."""

    def convert(path: Path, read: Any) -> tuple[Any, Any]:
        data_set = read(path, force=True)
        untouched = call(written, data_set)
        converted = call(convert_everything, data_set)
        return (untouched, converted.error, converted.warned), data_set

    for real in FILES:
        mine, theirs = call(convert, real.path, backend.dcmread), call(convert, real.path, THEIRS)
        assert mine.error == theirs.error, real.name
        if mine.error is None:
            assert mine.result[0] == theirs.result[0], real.name
            assert first_difference(state_of(mine.result[1]), state_of(theirs.result[1])) == "", real.name


def test_only_the_listed_real_files_are_left_to_pydicom(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []
    monkeypatch.setattr(backend, "_pydicom_dcmread", lambda path, **_: left.append(path))
    for real in FILES:
        backend.dcmread(str(real.path), force=True)
    names = {str(real.path): real.name for real in FILES if is_dicom(real)}
    assert {names[path] for path in left if path in names} == {
        name for name in LEFT_TO_PYDICOM if name in names.values()
    }


def is_dicom(real: RealFile) -> bool:
    """Whether the file name or the reader says so; the other files are texts, pictures and archives."""
    others = (Status.NOT_DICOM, Status.COMPRESSED)
    return real.path.suffix == ".dcm" or tagsniff.read_header(real.path).status not in others


def test_no_identifying_value_is_cached() -> None:
    for real in FILES:
        call(backend.dcmread, real.path, force=True)
    tags = {tag for tag, _, _ in pydicom_conversions._known}
    assert tags <= {BaseTag(0x00020000), BaseTag(0x00020002), BaseTag(0x00020010), BaseTag(0x00080005)}


# Written, cut and changed files


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_every_written_case_is_read_as_pydicom_reads_it(asked: dict[str, Any]) -> None:
    assert {case.name: text for case in CASES if (text := difference_of_bytes(case.data, **asked))} == {}


def test_most_written_cases_are_read_from_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Correct files are not left to pydicom; malformed files may be."""
    left: list[bytes] = []
    monkeypatch.setattr(backend, "_pydicom_dcmread", lambda file, **_: left.append(file.getvalue()))
    right = [case for case in CASES if not case.deviations and is_plain(case)]
    for case in right:
        backend.dcmread(io.BytesIO(case.data), force=True)
    assert len(right) > 50
    assert {case.name for case in right if case.data in left} == LOOK_LIKE_MORE_META


def is_plain(case: Case) -> bool:
    """Whether pydicom reads it to its end, and reads UN of undefined length as PS3.5 section 6.2.2 says."""
    found = call(THEIRS, io.BytesIO(case.data), force=True)
    return found.error is None and not found.warned and tagsniff.read_header(case.data).status is Status.OK


def small_files() -> Iterator[tuple[str, bytes]]:
    """Return some real files of each encoding, and the written cases with sequences."""
    chosen = ("MR_small.dcm", "MR_small_bigendian.dcm", "rtplan.dcm", "image_dfl.dcm", "reportsi.dcm", "693_J2KI.dcm")
    for real in FILES:
        if real.path.name in chosen:
            yield real.path.name, real.path.read_bytes()
    for case in CASES:
        if "undefined" in case.name:
            yield case.name, case.data


def test_files_cut_anywhere_are_read_as_pydicom_reads_them() -> None:
    for name, data in small_files():
        step = max(1, min(len(data), 6000) // 80)
        for length in [*range(0, min(len(data), 6000), step), len(data) - 1]:
            for asked in ({}, {"stop_before_pixels": True}, {"force": True, "defer_size": 30}):
                assert difference_of_bytes(data[:length], **asked) == "", f"{name} cut to {length} bytes, {asked}"


def test_files_read_in_many_pieces_are_read_as_pydicom_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real files rarely have a header longer than the first piece, or a long value before other elements."""
    monkeypatch.setattr(file_windows, "_FIRST_BYTES", 256)
    monkeypatch.setattr(file_windows, "_JUMP_BYTES", 100)
    for asked in ASKED:
        assert {case.name: text for case in CASES if (text := difference_of_bytes(case.data, **asked))} == {}
        for name, data in small_files():
            assert difference_of_bytes(data, **asked) == "", name


STRUCTURES = (
    b"\xfe\xff\x00\xe0\xff\xff\xff\xff",
    b"\xfe\xff\x0d\xe0\0\0\0\0",
    b"\xfe\xff\xdd\xe0\0\0\0\0",
    b"\0" * 8,
    b"UN\0\0\xff\xff\xff\xff",
    b"SQ\0\0\xff\xff\xff\xff",
    b"\xe0\x7f\x10\x00",
    b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 999",
)


def change(data: bytes, rng: random.Random) -> bytes:
    """Change, remove or insert some bytes, mostly near the start."""
    changed = bytearray(data)
    bound = min(len(changed), rng.choice((600, 3000, len(changed))))
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(min(bound, len(changed)))
        match rng.randrange(4):
            case 0:
                changed[at] = rng.randrange(256)
            case 1:
                changed[at] = rng.choice(b"\x00\xff\xfe\x01\x08\x41\x7f\xe0 \\")
            case 2:
                del changed[at : at + rng.randrange(1, 9)]
            case _:
                changed[at:at] = rng.choice(STRUCTURES)
    return bytes(changed)


def test_files_changed_anywhere_are_read_as_pydicom_reads_them() -> None:
    files = list(small_files())
    for seed in range(4000):
        rng = random.Random(seed)
        name, data = rng.choice(files)
        asked = rng.choice(ASKED)
        assert difference_of_bytes(change(data, rng), **asked) == "", f"{name}, seed {seed}, {asked}"

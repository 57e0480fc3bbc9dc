"""Calls of the GDCM backend without python-gdcm: all kinds of tags, private elements, errors, and calls beyond GDCM's.

For: programs without python-gdcm, and what the comparison with it cannot test.
Never: a need for python-gdcm, except in the tests that pass its objects.
Standard: PS3.5 7.1 and 7.8, edition 2026b.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag

import tagsniff
from dicom_bytes import BIG, EXPLICIT, EXPLICIT_LITTLE_UID, IMPLICIT, UID_OF, Encoding, Part, join, part10
from pydicom_states import call
from real_files import distinct_files
from tagsniff.backends.gdcm import PrivateTag, Scanner, Tag
from tagsniff.status import Status

MODALITY, PATIENT_ID, ROWS, PIXEL_DATA = 0x00080060, 0x00100020, 0x00280010, 0x7FE00010
PIXELS = EXPLICIT.element(PIXEL_DATA, "OW", bytes(8))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Write a file of these elements and return its path."""

    def write_file(name: str, *elements: Part, encoding: Encoding = EXPLICIT) -> str:
        path = tmp_path / name
        path.write_bytes(part10(join(list(elements)), UID_OF[encoding]).data)
        return str(path)

    return write_file


def text(tag: int, vr: str, value: bytes, encoding: Encoding = EXPLICIT) -> Part:
    return encoding.element(tag, vr, value)


def scan(paths: list[str], *tags: Any, **how: Any) -> Scanner:
    scanner = Scanner(**how)
    for tag in tags:
        scanner.AddPrivateTag(tag) if isinstance(tag, PrivateTag) else scanner.AddTag(tag)
    assert scanner.Scan(paths)
    return scanner


# Tags


class Foreign:
    """An object with the calls of python-gdcm's tag."""

    def GetGroup(self) -> int:
        return 0x0008

    def GetElement(self) -> int:
        return 0x0060


class ForeignPrivate(Foreign):
    """An object with the calls of python-gdcm's private tag."""

    def GetGroup(self) -> int:
        return 0x0009

    def GetOwner(self) -> str:
        return "ACME"


@pytest.mark.parametrize(
    "tag",
    [Tag(0x0008, 0x0060), (0x0008, 0x0060), MODALITY, np.uint32(MODALITY), BaseTag(MODALITY), Foreign()],
    ids=lambda tag: type(tag).__name__,
)
def test_a_tag_may_be_given_in_every_form(write: Callable[..., str], tag: Any) -> None:
    path = write("ct", text(MODALITY, "CS", b"CT"))
    scanner = scan([path], tag)
    assert scanner.GetValue(path, tag) == scanner.GetValue(path, Tag(0x0008, 0x0060)) == "CT"
    assert scanner.GetValues(tag) == scanner.GetOrderedValues(tag) == ("CT",)
    assert scanner.GetMapping(path)[tag] == "CT"
    assert tag in scanner.GetMapping(path)
    assert scanner.GetFilenameFromTagToValue(tag, "CT") == path
    assert scanner.GetAllFilenamesFromTagToValue(tag, "CT") == (path,)
    assert dict(scanner.GetMappingFromTagToValue(tag, "CT")) == {Tag(0x0008, 0x0060): "CT"}


@pytest.mark.parametrize(
    "tag",
    [PrivateTag(0x0009, 0x1160, "ACME "), (0x0009, 0x60, "ACME"), ForeignPrivate()],
    ids=lambda tag: type(tag).__name__,
)
def test_a_private_tag_may_be_given_in_every_form(write: Callable[..., str], tag: Any) -> None:
    path = write("private", text(0x00090012, "LO", b"ACME"), text(0x00091260, "LO", b"x"))
    for add in ("AddPrivateTag", "AddTag"):
        scanner = Scanner()
        getattr(scanner, add)(tag)
        scanner.Scan([path])
        assert scanner.GetValue(path, tag) == scanner.GetMapping(path)[PrivateTag(0x0009, 0x60, "ACME")] == "x"


@pytest.mark.parametrize("tag", ["0008,0060", b"\0\x08", 8.0, True, (8,), (8, 0x60, 1), (8, "60"), [8, 0x60]], ids=repr)
def test_an_object_that_is_not_a_tag_is_a_type_error(tag: Any) -> None:
    for method in (Scanner().AddTag, Scanner().AddPrivateTag, Scanner().GetValues, Scanner().GetOrderedValues):
        with pytest.raises(TypeError):
            method(tag)


@pytest.mark.parametrize(
    "tag", [-1, 1 << 32, (0x10000, 0), (8, -1), (8, 0x60, "ACME"), (9, 0x60, ""), (9, 0x60, " \0")]
)
def test_invalid_tag_numbers_and_owners_are_value_errors(tag: Any) -> None:
    with pytest.raises(ValueError, match=r"16 bits|32 bits|private|creator"):
        Scanner().AddTag(tag)


def test_a_public_tag_is_not_a_private_tag() -> None:
    with pytest.raises(TypeError, match="owner"):
        Scanner().AddPrivateTag((0x0009, 0x1001))


def test_the_text_of_a_tag_is_in_the_usual_notation() -> None:
    assert str(Tag(0x0010, 0x001F)) == "(0010,001f)"
    assert str(PrivateTag(0x0009, 0x1002, "GEMS_IDEN_01")) == '(0009,"GEMS_IDEN_01",02)'
    assert Tag(0x0010, 0x0010) < Tag(0x0010, 0x0020)
    assert (Tag(1, 2).GetGroup(), Tag(1, 2).GetElement(), Tag(1, 2).number) == (1, 2, 0x00010002)
    private = PrivateTag(9, 0x1002, "A")
    assert (private.GetGroup(), private.GetElement(), private.GetOwner()) == (9, 2, "A")


def test_objects_of_python_gdcm_are_accepted(write: Callable[..., str], tmp_path: Path) -> None:
    pytest.importorskip("gdcm")
    write("ct", text(MODALITY, "CS", b"CT"), text(0x00090012, "LO", b"ACME"), text(0x00091260, "LO", b"x"))
    script = """
import sys, gdcm
from tagsniff.backends.gdcm import PrivateTag, Scanner, Tag
folder = gdcm.Directory()
folder.Load(sys.argv[1], True)
scanner = Scanner()
modality, private = gdcm.Tag(0x0008, 0x0060), gdcm.PrivateTag(0x0009, 0x60, "ACME")
scanner.AddTag(modality)
scanner.AddPrivateTag(private)
assert scanner.Scan(folder.GetFilenames())
[path] = scanner.GetKeys()
assert scanner.GetValue(path, modality) == scanner.GetMapping(path)[modality] == "CT"
assert scanner.GetValue(path, private) == scanner.GetMapping(path)[private] == "x"
assert list(scanner.GetMapping(path)) == [Tag(0x0008, 0x0060), PrivateTag(0x0009, 0x60, "ACME")]
"""
    subprocess.run([sys.executable, "-c", script, tmp_path], check=True)


def test_python_gdcm_is_never_imported() -> None:
    script = "import sys, tagsniff.backends.gdcm; sys.exit('gdcm' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


# Private elements


@pytest.mark.parametrize("encoding", [EXPLICIT, BIG, IMPLICIT], ids=lambda encoding: encoding.name)
def test_a_private_element_is_found_in_any_block(write: Callable[..., str], encoding: Encoding) -> None:
    def private(block: int, creator: bytes, value: bytes) -> Part:
        reserved = text(0x00090000 | block, "LO", creator, encoding)
        return reserved + text(0x00090001 | block << 8, "LO", value, encoding)

    first = write("10", private(0x10, b"ACME 1 ", b"one "), encoding=encoding)
    moved = write(
        "80", text(0x00090010, "LO", b"OTHER ", encoding), private(0x80, b"ACME 1", b"two"), encoding=encoding
    )
    other = write("other", private(0x10, b"ACME 2", b"three"), encoding=encoding)
    case = write("case", private(0x10, b"Acme 1", b"four"), encoding=encoding)
    scanner = scan([first, moved, other, case], PrivateTag(0x0009, 0x01, "ACME 1"), (0x0009, 0x1001), (0x0009, 0x8001))
    assert scanner.GetValues((0x0009, 0x01, "ACME 1")) == ("one ", "two")
    assert scanner.GetValue(moved, (0x0009, 0x8001)) == "two"
    assert scanner.GetOrderedValues(0x00091001) == ("one ", "three", "four")
    assert len(scanner.GetMapping(other)) == 1


def test_the_first_of_two_blocks_is_used(write: Callable[..., str]) -> None:
    path = write(
        "two",
        text(0x00090010, "LO", b"ACME"),
        text(0x00090011, "LO", b"ACME"),
        text(0x00091001, "LO", b"a "),
        text(0x00091101, "LO", b"b "),
    )
    assert scan([path], PrivateTag(0x0009, 1, "ACME")).GetValues((9, 1, "ACME")) == ("a ",)


def test_elements_of_unknown_vr_are_text(write: Callable[..., str]) -> None:
    """Elements in VR UN or implicit VR that are in no dictionary: GDCM refuses them, but text must not be hidden."""
    for encoding in (EXPLICIT, IMPLICIT):
        path = write(
            encoding.name,
            text(0x00090010, "LO", b"ACME", encoding),
            text(0x00091001, "UN", b"Doe^Jane\0x", encoding),
            text(0x00091002, "UN", b"\xff\0", encoding),
            encoding=encoding,
        )
        scanner = scan([path], PrivateTag(9, 1, "ACME"), PrivateTag(9, 2, "ACME"), 0x00091001)
        assert scanner.GetValues() == ("Doe^Jane", "\udcff")


def test_private_elements_of_real_files_equal_those_of_pydicom() -> None:
    """By creator, in the file's own block: every element whose bytes are its text."""
    elements: dict[PrivateTag, dict[str, str]] = {}
    raw: dict[Tag, dict[str, str]] = {}
    texts = {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"}
    paths = []
    for real in distinct_files():
        if tagsniff.read_header(real.path).status is not Status.OK:
            continue
        path = str(real.path)
        paths.append(path)
        data_set = call(pydicom.dcmread, path, force=True).result
        for tag, element in {}.items() if data_set is None else data_set._dict.items():
            if not tag.is_private or tag.element < 0x1000 or not isinstance(element, RawDataElement):
                continue
            creator = data_set.get_item((tag.group, tag.element >> 8))
            if element.VR not in texts or not isinstance(creator, RawDataElement) or not creator.value:
                continue
            shown = (element.value or b"").partition(b"\0")[0].decode("utf-8", "surrogateescape")
            private = PrivateTag(tag.group, tag.element, creator.value.decode("latin-1"))
            elements.setdefault(private, {}).setdefault(path, shown)
            raw.setdefault(Tag(tag.group, tag.element), {})[path] = shown
    assert len(elements) > 50
    scanner = scan(paths, *elements, *raw)
    for expected in (elements, raw):
        for tag, by_file in expected.items():
            assert {path: scanner.GetValue(path, tag) for path in by_file} == by_file, str(tag)


# Files


def test_a_file_without_values_is_an_omission(write: Callable[..., str], tmp_path: Path) -> None:
    whole = write("whole", text(MODALITY, "CS", b"CT"))
    cut = write("cut", text(MODALITY, "CS", b"CT"), EXPLICIT.element(PATIENT_ID, "LO", b"x", length=20))
    (tmp_path / "text").write_text("no DICOM file " * 50, encoding="ascii")
    missing, no_dicom, folder = str(tmp_path / "missing"), str(tmp_path / "text"), str(tmp_path)
    paths = [cut, missing, whole, no_dicom, folder, cut]
    scanner = scan(paths, MODALITY, PATIENT_ID)
    assert scanner.GetKeys() == (whole,)
    assert [scanner.IsKey(path) for path in paths] == [False, False, True, False, False, False]
    found = {omission.path: omission.status for omission in scanner.omissions}
    assert len(scanner.omissions) == len(found) == 4
    assert (found[cut], found[no_dicom], found[missing]) == (
        Status.TRUNCATED_VALUE,
        Status.NOT_DICOM,
        Status.CANNOT_OPEN,
    )
    assert scan([cut], MODALITY).GetValues() == ("CT",)
    assert scan([cut], MODALITY, reads_to_end=True).GetKeys() == ()


def test_elements_after_pixel_data_and_out_of_order(write: Callable[..., str]) -> None:
    path = write(
        "after", text(ROWS, "US", b"\1\0"), PIXELS, text(0x7FE10010, "LO", b"ACME"), text(MODALITY, "CS", b"CT")
    )
    assert scan([path], 0x7FE10010).GetValue(path, 0x7FE10010) == "ACME"
    assert scan([path], MODALITY).GetValue(path, MODALITY) is None
    assert scan([path], MODALITY, reads_to_end=True).GetValue(path, MODALITY) == "CT"


def test_long_texts_are_whole(write: Callable[..., str]) -> None:
    def of(length: int) -> Part:
        return text(0x00080060, "CS", b"CT") + text(0x0040A160, "UT", b"y" * length) + PIXELS

    lengths = {write(str(length), of(length)): length for length in (65_536, 65_538, 1 << 20, (4 << 20) + 2)}
    scanner = scan(list(lengths), MODALITY, 0x0040A160, PIXEL_DATA)
    for path, length in lengths.items():
        assert dict(scanner.GetMapping(path)) == {
            Tag(0x0008, 0x0060): "CT",
            Tag(0x0040, 0xA160): "y" * length,
            Tag(0x7FE0, 0x0010): "",
        }
    assert scanner.GetKeys() == tuple(lengths)
    assert scanner.omissions == ()


def test_samples_have_no_text(write: Callable[..., str]) -> None:
    path = write("samples", text(0x00281201, "US", b"\1\0"), text(0x00283006, "US", bytes(65_534)))
    scanner = scan([path], 0x00281201, 0x00283006)
    assert scanner.GetOrderedValues(0x00281201) == scanner.GetOrderedValues(0x00283006) == ("",)


@pytest.mark.skipif(sys.platform != "linux", reason="names with any bytes")
def test_file_names_with_any_bytes(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    Path(path).write_bytes(part10(text(MODALITY, "CS", b"CT"), EXPLICIT_LITTLE_UID).data)
    assert scan([path], MODALITY).GetValue(path, MODALITY) == "CT"


def test_file_names_may_be_path_objects(write: Callable[..., str]) -> None:
    path = Path(write("ct", text(MODALITY, "CS", b"CT")))
    scanner = Scanner()
    scanner.AddTag(MODALITY)
    scanner.Scan(iter([path]))
    assert scanner.GetKeys() == scanner.GetFilenames() == (str(path),)
    assert scanner.IsKey(path)
    assert scanner.GetValue(path, MODALITY) == "CT"


@pytest.mark.parametrize("names", ["ct.dcm", b"ct.dcm", Path("ct.dcm"), [b"ct.dcm"], [1], None], ids=repr)
def test_an_object_that_is_not_a_list_of_names_is_a_type_error(names: Any) -> None:
    scanner = Scanner()
    scanner.AddTag(MODALITY)
    with pytest.raises(TypeError):
        scanner.Scan(names)


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_invalid_file_names_are_value_errors(write: Callable[..., str], name: str) -> None:
    scanner = Scanner()
    scanner.AddTag(MODALITY)
    with pytest.raises(ValueError, match="file name"):
        scanner.Scan([write("ct", text(MODALITY, "CS", b"CT")), name])
    assert scanner.GetKeys() == ()


# One scan after the other


def test_a_tag_that_was_not_scanned_is_a_value_error(write: Callable[..., str]) -> None:
    """None would mean that the file does not have the element."""
    path = write("ct", text(MODALITY, "CS", b"CT"), text(PATIENT_ID, "LO", b"secret"))
    scanner = scan([path], MODALITY)
    scanner.AddTag(PATIENT_ID)
    for ask in (
        lambda: scanner.GetValue(path, PATIENT_ID),
        lambda: scanner.GetFilenameFromTagToValue(PATIENT_ID, "secret"),
        lambda: scanner.GetAllFilenamesFromTagToValue(PATIENT_ID, "secret"),
    ):
        with pytest.raises(ValueError, match=r"\(0010,0020\) was not scanned for") as raised:
            ask()
        assert "secret" not in str(raised.value)
    assert scanner.GetValues(PATIENT_ID) == ()


def test_a_second_scan_forgets_files_and_keeps_the_values_of_all_tags(write: Callable[..., str]) -> None:
    ct, mr = write("ct", text(MODALITY, "CS", b"CT")), write("mr", text(MODALITY, "CS", b"MR"))
    scanner = scan([ct], MODALITY)
    scanner.Scan([mr])
    assert (scanner.GetKeys(), scanner.GetValues(MODALITY), scanner.GetValues()) == ((mr,), ("MR",), ("CT", "MR"))
    scanner.ClearTags()
    assert scanner.GetValue(mr, MODALITY) == "MR"
    assert scanner.Scan([ct])
    assert scanner.GetKeys() == (mr,)
    assert dict(scanner.GetMappings()) == {mr: {Tag(0x0008, 0x0060): "MR"}}


def test_an_interrupted_scan_changes_nothing(write: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    ct, mr = write("ct", text(MODALITY, "CS", b"CT")), write("mr", text(MODALITY, "CS", b"MR"))
    scanner = scan([ct], MODALITY)

    def interrupt(*_: Any) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tagsniff.backends.gdcm_scan.show_value", interrupt)
        with pytest.raises(KeyboardInterrupt):
            scanner.Scan([mr])
    assert (scanner.GetKeys(), scanner.GetFilenames(), scanner.GetValues()) == ((ct,), (ct,), ("CT",))


def test_the_number_of_workers_changes_nothing() -> None:
    paths = [str(real.path) for real in distinct_files()]
    tags = (MODALITY, 0x0020000E, ROWS)
    one, many = scan(paths, *tags, workers=1), scan(paths, *tags, workers=5)
    assert one.GetMappings() == many.GetMappings()
    assert one.omissions == many.omissions


def test_no_repr_contains_a_value(write: Callable[..., str]) -> None:
    path = write("ct", text(PATIENT_ID, "LO", b"secret"))
    scanner = scan([path], PATIENT_ID)
    shown = f"{scanner!r} {scanner} {scanner.GetMapping(path)!r} {scanner.GetMappings()!r}"
    assert "secret" not in shown

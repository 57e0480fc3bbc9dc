"""The values of requested elements: which values, in which order, as which bytes; every rule on written bytes.

For: ``tagsniff.selection.columns``, ``tagsniff.dicom.element_names`` and ``_core.Selector``.
Never: the text of a value.
Standard: PS3.5 sections 6.1.2, 7.1, 7.5 and 7.8, PS3.3 section C.12.1.1.2, edition 2026b.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from dicom_bytes import (
    BIG,
    EXPLICIT,
    EXPLICIT_LITTLE_UID,
    IMPLICIT,
    JPEG_BASELINE_UID,
    UID_OF,
    Encoding,
    Part,
    deflated,
    join,
    part10,
)
from tagsniff import _core
from tagsniff.dicom.element_names import read_element
from tagsniff.dicom.notation import Identity, Step
from tagsniff.selection.columns import CellValue, SelectedBatch, SelectedFile, select_values
from tagsniff.status import Omission, Status

ENCODINGS = pytest.mark.parametrize("encoding", [EXPLICIT, IMPLICIT, BIG], ids=lambda encoding: encoding.name)
NAME = EXPLICIT.element(0x00100010, "PN", b"Doe^Jane")
IMAGE = part10(NAME, EXPLICIT_LITTLE_UID).data


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def select(*elements: str | Identity, **asked: Any) -> list[SelectedFile | Omission]:
    """Return the files of ``in`` with the values of the elements, and the omissions."""
    identities = [read_element(element) if isinstance(element, str) else element for element in elements]
    found: list[SelectedFile | Omission] = []
    for part in select_values(["in"], identities, **asked):
        if isinstance(part, SelectedBatch):
            found += [*part.rows(len(identities)), *part.read.omissions]
        else:
            found.append(part)
    return found


def select_one(data: bytes, *elements: str | Identity, **asked: Any) -> tuple[tuple[CellValue, ...], ...]:
    """Return the values of one file, which must be read."""
    Path("in").write_bytes(data)
    (found,) = select(*elements, **asked)
    assert isinstance(found, SelectedFile)
    assert (found.path, found.fault) == ("in", None)
    return found.values


def raw_of(data: bytes, *elements: str | Identity, **asked: Any) -> list[list[bytes | None]]:
    return [[value.raw for value in cells] for cells in select_one(data, *elements, **asked)]


def file_of(encoding: Encoding, *parts: Part) -> bytes:
    return part10(join(parts), UID_OF[encoding]).data


def private(encoding: Encoding, tag: int, creator: bytes, value: bytes, block: int = 0x10) -> Part:
    """Return a private creator and an element of its block."""
    return encoding.element(tag & 0xFFFF0000 | block, "LO", creator) + encoding.element(
        tag & 0xFFFF00FF | block << 8, "LO" if encoding.explicit else "UN", value
    )


class TestNames:
    @pytest.mark.parametrize(
        ("text", "identity"),
        [
            ("PatientID", (Step(0x00100020),)),
            ("(0010,0020)", (Step(0x00100020),)),
            ("0018,9A5F".lower(), (Step(0x00189A5F),)),
            ('(0009,"GEMS_IDEN_01",02)', (Step(0x00090002, "GEMS_IDEN_01"),)),
            ('(0009,"A[<0>]0008,1155",02)', (Step(0x00090002, "A[<0>]0008,1155"),)),
            ("(0009,0010)", (Step(0x00090010),)),
            ("0008,1140[<0>]0008,1155", (Step(0x00081140), Step(0x00081155))),
            ('0008,1140[<0>](0009,"A",02)', (Step(0x00081140), Step(0x00090002, "A"))),
            ("0008,1140[<0>]ReferencedSOPInstanceUID", (Step(0x00081140), Step(0x00081155))),
            ('(0008,1140)[<0>](0009,"A",02)', (Step(0x00081140), Step(0x00090002, "A"))),
        ],
    )
    def test_valid_names(self, text: str, identity: Identity) -> None:
        assert read_element(text) == identity

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "",
                "*",
                "NoSuchKeyword",
                "60xx,3000",
                "(0008,1140)[<0>]",
                "0010",
                "0010002",
                "001000200",
                "(0008,1140)[0](0008,1155)",
            ),
            *('(0009,"A",*)', '(0009,"A",1002)', "0009,1002", "(0008,1140)[<0>](0009,1002)"),
        ],
    )
    def test_invalid_names(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"position|one element|its creator|left out"):
            read_element(text)

    def test_an_element_by_number_is_refused_with_its_name_by_creator(self) -> None:
        with pytest.raises(ValueError, match=r'named by its creator: \(0009,"CREATOR",02\)'):
            read_element("0009,1002")


class TestValues:
    @ENCODINGS
    def test_the_bytes_of_the_file(self, encoding: Encoding) -> None:
        """Padding, byte order and multiple values are unchanged, in the order of the request."""
        data = file_of(
            encoding,
            encoding.element(0x00080005, "CS", b"ISO_IR 192"),
            encoding.element(0x00080008, "CS", b"ORIGINAL\\PRIMARY "),
            encoding.element(0x00080060, "CS", b"MR"),
            encoding.element(0x00280010, "US", encoding.number(513, 2)),
        )
        flags = (_core.FLAG_BIG_ENDIAN if encoding.big_endian else 0) | (
            0 if encoding.explicit else _core.FLAG_IMPLICIT_VR
        )
        utf8 = b"ISO_IR 192"
        assert select_one(data, "Rows", "ImageType", "PatientID", "Modality") == (
            (CellValue(encoding.number(513, 2), "US", 2, flags, utf8),),
            (CellValue(b"ORIGINAL\\PRIMARY ", "CS", 17, flags, utf8),),
            (),
            (CellValue(b"MR", "CS", 2, flags, utf8),),
        )

    def test_absent_and_empty(self) -> None:
        data = file_of(EXPLICIT, EXPLICIT.element(0x00100020, "LO", b""))
        assert raw_of(data, "PatientID", "PatientName") == [[b""], []]

    def test_file_meta_information_and_command_set(self) -> None:
        command = IMPLICIT.element(0x00000100, "US", b"\1\0")
        (syntax,), (field,), () = select_one(
            part10(command + NAME, EXPLICIT_LITTLE_UID).data, "0002,0010", "0000,0100", "PatientID"
        )
        assert syntax == (EXPLICIT_LITTLE_UID.encode() + b"\0", "UI", 20, _core.FLAG_FILE_META, b"")
        assert (field.raw, field.flags) == (b"\1\0", _core.FLAG_COMMAND | _core.FLAG_IMPLICIT_VR)

    def test_a_deflated_data_set(self) -> None:
        assert raw_of(deflated(NAME).data, "PatientName") == [[b"Doe^Jane"]]

    def test_an_unknown_vr(self) -> None:
        data = file_of(EXPLICIT, EXPLICIT.element(0x00100020, "ZZ", b"ab", long_form=False))
        ((value,),) = select_one(data, "PatientID")
        assert value.vr == "??"

    @pytest.mark.parametrize(("length", "is_kept"), [(65536, True), (65538, False)])
    def test_a_long_value(self, length: int, is_kept: bool) -> None:
        """Above 64 KiB only the length is known; the values around it are complete."""
        data = file_of(
            EXPLICIT, EXPLICIT.element(0x00080060, "CS", b"MR"), EXPLICIT.element(0x00104000, "UT", b"x" * length)
        )
        (modality,), (text,) = select_one(data, "Modality", "0010,4000")
        assert modality.raw == b"MR"
        assert (text.raw, text.length) == (b"x" * length if is_kept else None, length)

    @pytest.mark.parametrize(("limit_bytes", "is_kept"), [(99_998, False), (100_000, True), (0xFFFFFFFF, True)])
    def test_a_limit_of_the_caller(self, limit_bytes: int, is_kept: bool) -> None:
        data = file_of(EXPLICIT, EXPLICIT.element(0x00104000, "UT", b"x" * 100_000))
        ((text,),) = select_one(data, "0010,4000", value_limit_bytes=limit_bytes)
        assert (text.raw, text.length) == (b"x" * 100_000 if is_kept else None, 100_000)

    def test_pixel_data_and_samples_are_lengths(self) -> None:
        lut = EXPLICIT.sequence(0x00283010, EXPLICIT.item(EXPLICIT.element(0x00283006, "OW", bytes(6))))
        pixels = EXPLICIT.element(0x7FE00010, "OW", bytes(100))
        after = EXPLICIT.element(0xFFFCFFFC, "OB", bytes(2))
        (value,), (entries,), (padding,) = select_one(
            file_of(EXPLICIT, lut, pixels, after), "PixelData", "(0028,3010)[<0>](0028,3006)", "(fffc,fffc)"
        )
        assert (value.raw, value.vr, value.length) == (None, "OW", 100)
        assert (entries.raw, entries.length) == (None, 6)
        assert padding.raw == bytes(2)

    def test_fragments(self) -> None:
        data = part10(EXPLICIT.fragments(0x7FE00010, "OB", b"abcd"), JPEG_BASELINE_UID).data
        ((value,),) = select_one(data, "PixelData")
        assert (value.raw, value.flags) == (None, _core.FLAG_FRAGMENTS)
        assert value.length == 8 + 8 + 4 + 8

    @ENCODINGS
    def test_the_value_of_a_sequence_is_its_number_of_items(self, encoding: Encoding) -> None:
        inner = encoding.sequence(0x00081140, *(encoding.item() for _ in range(3)))
        data = file_of(encoding, encoding.sequence(0x00081110), encoding.sequence(0x00081115, encoding.item(inner)))
        (none,), (one,), (three,) = select_one(data, "0008,1110", "0008,1115", "0008,1115[<0>]0008,1140")
        assert [(value.raw, value.vr, value.length) for value in (none, one, three)] == [
            (None, "SQ", 0),
            (None, "SQ", 1),
            (None, "SQ", 3),
        ]

    def test_the_same_tag_twice(self) -> None:
        """Both, in the order of the file. After the stop they would also be one element that occurs twice."""
        twice = EXPLICIT.element(0x00100020, "LO", b"A ") + EXPLICIT.element(0x00100020, "LO", b"B ")
        assert raw_of(file_of(EXPLICIT, twice), "PatientID") == [[b"A ", b"B "]]


class TestItems:
    @ENCODINGS
    def test_any_item_and_no_other_depth(self, encoding: Encoding) -> None:
        def reference(uid: bytes, *more: Part) -> Part:
            return encoding.item(encoding.element(0x00081155, "UI", uid), *more)

        data = file_of(
            encoding,
            encoding.sequence(0x00081110, reference(b"1.1\0"), undefined=True),
            encoding.sequence(
                0x00081115,
                encoding.item(encoding.sequence(0x00081199, reference(b"1.2\0"), encoding.item(), reference(b"1.3\0"))),
                encoding.item(encoding.sequence(0x00081199, reference(b"1.4\0"))),
            ),
            encoding.element(0x00081155, "UI", b"1.5\0"),
        )
        uids = raw_of(
            data,
            "0008,1110[<0>]0008,1155",
            "0008,1115[<0>]0008,1199[<0>]0008,1155",
            "0008,1155",
            "0008,1199[<0>]0008,1155",
        )
        assert uids == [[b"1.1\0"], [b"1.2\0", b"1.3\0", b"1.4\0"], [b"1.5\0"], []]

    def test_character_sets_of_items(self) -> None:
        """An item has the character set of the data set around it, or its own, at any place among its elements."""
        charset = 0x00080005

        def item(*parts: Part) -> Part:
            return EXPLICIT.item(*parts, EXPLICIT.element(0x00100010, "PN", b"x "), undefined=True)

        inner = EXPLICIT.sequence(0x00081140, item(), item(EXPLICIT.element(charset, "CS", b"ISO_IR 101")))
        own = EXPLICIT.item(
            EXPLICIT.element(charset, "CS", b"ISO_IR 192"), inner, EXPLICIT.element(0x00100010, "PN", b"x ")
        )
        late = EXPLICIT.item(EXPLICIT.element(0x00100010, "PN", b"x "), EXPLICIT.element(charset, "CS", b" GB18030 "))
        data = file_of(
            EXPLICIT,
            EXPLICIT.element(charset, "CS", b"ISO_IR 100"),
            EXPLICIT.sequence(0x00081115, item(), own, late),
            EXPLICIT.element(0x00100010, "PN", b"x "),
        )
        found = select_one(data, "PatientName", "0008,1115[<0>]0010,0010", "0008,1115[<0>]0008,1140[<0>]0010,0010")
        assert [[value.charset for value in cells] for cells in found] == [
            [b"ISO_IR 100"],
            [b"ISO_IR 100", b"ISO_IR 192", b"GB18030"],
            [b"ISO_IR 192", b"ISO_IR 101"],
        ]


class TestPrivate:
    @ENCODINGS
    @pytest.mark.parametrize("block", [0x10, 0x11, 0xFF])
    def test_by_creator_in_any_block(self, encoding: Encoding, block: int) -> None:
        data = file_of(encoding, private(encoding, 0x00090002, b"ACME", b"ab", block))
        asked = ('(0009,"ACME",02)', '(0009,"ACM",02)', '(0009,"ACME",03)', '(0019,"ACME",02)', '(0009,"acme",02)')
        assert raw_of(data, *asked) == [[b"ab"], [], [], [], []]

    def test_the_same_creator_in_two_blocks(self) -> None:
        data = file_of(
            EXPLICIT,
            EXPLICIT.element(0x00090010, "LO", b"ACME"),
            EXPLICIT.element(0x00090012, "LO", b"ACME"),
            EXPLICIT.element(0x00091002, "LO", b"ab"),
            EXPLICIT.element(0x00091202, "LO", b"cd"),
        )
        assert raw_of(data, '(0009,"ACME",02)') == [[b"ab", b"cd"]]

    def test_two_creators_for_one_element_number(self) -> None:
        data = file_of(
            EXPLICIT,
            EXPLICIT.element(0x00090010, "LO", b"OTHER "),
            EXPLICIT.element(0x00090011, "LO", b" ACME\0"),
            EXPLICIT.element(0x00091002, "LO", b"ab"),
            EXPLICIT.element(0x00091102, "LO", b"cd"),
        )
        assert raw_of(data, '(0009,"ACME",02)', '(0009,"OTHER",02)') == [[b"cd"], [b"ab"]]

    def test_latin_1_and_inner_spaces(self) -> None:
        data = file_of(EXPLICIT, private(EXPLICIT, 0x00090002, b"M\xfcLLER  CT", b"ab"))
        assert raw_of(data, '(0009,"MüLLER  CT",02)', '(0009,"M\\xfcLLER CT",02)') == [[b"ab"], []]

    def test_unusable_creators(self) -> None:
        data = file_of(
            EXPLICIT,
            EXPLICIT.element(0x00090010, "LO", b"  "),
            EXPLICIT.element(0x00090011, "LO", b"A" * 1026),
            EXPLICIT.element(0x00091002, "LO", b"ab"),
            EXPLICIT.element(0x00091102, "LO", b"cd"),
            EXPLICIT.element(0x00091202, "LO", b"ef"),
        )
        asked = ("(0009,<empty:10>,02)", "(0009,<unusable:11>,02)", "(0009,<none:12>,02)")
        assert raw_of(data, *asked, "(0009,<none:10>,02)", "(0009,<empty:12>,02)") == [
            [b"ab"],
            [b"cd"],
            [b"ef"],
            [],
            [],
        ]

    def test_a_reservation_holds_for_its_own_data_set(self) -> None:
        """An item inherits nothing from the data set around it, nor from the item before it."""
        element = EXPLICIT.element(0x00091002, "LO", b"ab")
        data = file_of(
            EXPLICIT,
            EXPLICIT.sequence(
                0x00081140, EXPLICIT.item(private(EXPLICIT, 0x00090002, b"ACME", b"cd")), EXPLICIT.item(element)
            ),
            private(EXPLICIT, 0x00090002, b"ACME", b"ef"),
        )
        asked = ('(0009,"ACME",02)', '(0008,1140)[<0>](0009,"ACME",02)', "(0008,1140)[<0>](0009,<none:10>,02)")
        assert raw_of(data, *asked) == [[b"ef"], [b"cd"], [b"ab"]]

    def test_a_private_sequence(self) -> None:
        item = EXPLICIT.item(EXPLICIT.element(0x00100020, "LO", b"ID"))
        sequence = EXPLICIT.element(0x00090010, "LO", b"ACME") + EXPLICIT.sequence(0x00091002, item)
        assert raw_of(file_of(EXPLICIT, sequence), '(0009,"ACME",02)[<0>](0010,0020)') == [[b"ID"]]

    def test_a_private_tag_without_a_creator(self) -> None:
        """For tools that know no private creators: a step without a creator is the plain tag."""
        data = file_of(EXPLICIT, private(EXPLICIT, 0x00090002, b"ACME", b"ab"))
        asked = [(Step(0x00091002),), (Step(0x00091102),), (Step(0x00090010),)]
        assert raw_of(data, *asked, '(0009,"ACME",02)') == [[b"ab"], [], [b"ACME"], [b"ab"]]

    def test_a_block_after_that_of_another_creator(self) -> None:
        """Reading does not stop inside a private group, because the block of the creator is not known before."""
        data = file_of(
            EXPLICIT,
            EXPLICIT.element(0x00090010, "LO", b"OTHER "),
            EXPLICIT.element(0x000900FF, "LO", b"ACME"),
            EXPLICIT.element(0x00091001, "LO", b"xx"),
            EXPLICIT.element(0x0009FF02, "LO", b"ab"),
            EXPLICIT.element(0x00100020, "LO", b"ab", length=9999),
        )
        assert raw_of(data, '(0009,"ACME",02)') == [[b"ab"]]


class TestStop:
    CUT = EXPLICIT.element(0x00200010, "SH", b"ab", length=9999)

    def test_nothing_is_read_after_the_last_element(self) -> None:
        data = file_of(EXPLICIT, NAME, self.CUT)
        assert raw_of(data, "PatientName", "Modality") == [[b"Doe^Jane"], []]
        (fault,) = select("PatientName", reads_to_end=True)
        assert isinstance(fault, Omission)
        assert (fault.path, fault.status, fault.tag) == ("in", Status.TRUNCATED_VALUE, 0x00200010)

    def test_a_file_that_begins_after_the_requested_element(self) -> None:
        """Without file meta information, and the first element has a greater tag: a row without a value."""
        assert raw_of(NAME.data + EXPLICIT.element(0x00100020, "LO", b"ID").data, "Modality") == [[]]

    def test_reading_stops_after_the_sequence_of_a_path(self) -> None:
        data = file_of(
            EXPLICIT,
            EXPLICIT.sequence(0x00081140, EXPLICIT.item(EXPLICIT.element(0x00200011, "IS", b"7 "))),
            NAME,
            self.CUT,
        )
        assert raw_of(data, "0008,1140[<0>]0020,0011") == [[b"7 "]]

    def test_an_unordered_data_set(self) -> None:
        """After a greater tag an element is not found, unless everything is read."""
        data = file_of(EXPLICIT, EXPLICIT.element(0x00200011, "IS", b"7 "), NAME)
        assert raw_of(data, "PatientName") == [[]]
        assert raw_of(data, "PatientName", reads_to_end=True) == [[b"Doe^Jane"]]

    def test_the_character_set_is_known_for_elements_before_it(self) -> None:
        """(0004,1220) precedes (0008,0005), which applies to it."""
        record = EXPLICIT.item(EXPLICIT.element(0x00100010, "PN", b"x "))
        data = file_of(
            EXPLICIT, EXPLICIT.sequence(0x00041220, record), EXPLICIT.element(0x00080005, "CS", b"ISO_IR 192"), self.CUT
        )
        ((value,),) = select_one(data, "0004,1220[<0>]0010,0010")
        assert value.charset == b"ISO_IR 192"

    @pytest.mark.parametrize(("representation", "vr"), [(b"\1\0", "SS"), (b"\0\0", "US")])
    def test_pixel_representation_is_known_for_elements_before_it(self, representation: bytes, vr: str) -> None:
        """(0018,9810) is US or SS, which (0028,0103) decides if the file does not contain the VR."""
        data = file_of(
            IMPLICIT,
            IMPLICIT.element(0x00189810, "US", b"\xff\xff"),
            IMPLICIT.element(0x00280103, "US", representation),
            IMPLICIT.element(0x00281050, "DS", b"ab", length=9999),
        )
        ((value,),) = select_one(data, "0018,9810")
        assert value.vr == vr


class TestFiles:
    def test_rows_are_in_the_order_of_the_walk(self) -> None:
        """With any number of threads. An omitted file has no row, and its omission comes with its batch."""
        Path("in").mkdir()
        for number in range(700):
            data = part10(EXPLICIT.element(0x00100020, "LO", b"%03d " % number), EXPLICIT_LITTLE_UID).data
            if number % 7 == 3:
                data = data[:-1] if number % 2 else b"no DICOM" * 40
            Path(f"in/{number:03}").write_bytes(data)
        one = select("PatientID", workers=1)
        rows = [row for row in one if isinstance(row, SelectedFile)]
        assert [(row.path, row.values[0][0].raw) for row in rows] == [
            (f"in/{number:03}", b"%03d " % number) for number in range(700) if number % 7 != 3
        ]
        omissions = [(row.path, row.status) for row in one if isinstance(row, Omission)]
        assert omissions == [
            (f"in/{number:03}", Status.TRUNCATED_VALUE if number % 2 else Status.NOT_DICOM)
            for number in range(3, 700, 7)
        ]
        assert select("PatientID", workers=4) == one

    def test_a_file_with_a_fault(self) -> None:
        Path("in").write_bytes(file_of(EXPLICIT, NAME, TestStop.CUT))
        (omission,) = select("PatientName", "0020,0010")
        assert isinstance(omission, Omission)
        row, again = select("PatientName", "0020,0010", keep_partial=True)
        assert again == omission
        assert isinstance(row, SelectedFile)
        assert (row.fault, [value.raw for value in row.values[0]], row.values[1]) == (omission, [b"Doe^Jane"], ())

    @pytest.mark.parametrize("cut", range(1, 40, 3))
    def test_a_truncated_value_is_not_returned(self, cut: int) -> None:
        """In a deflated data set its element is read before its end is known; the other elements have their values."""
        text = os.urandom(3000).hex().encode()
        whole = deflated(NAME + EXPLICIT.element(0x00104000, "LT", text))
        Path("in").write_bytes(whole.data[: len(whole.data) - cut * 50])
        row, fault = select("PatientName", "0010,4000", keep_partial=True)
        assert isinstance(row, SelectedFile)
        assert isinstance(fault, Omission)
        assert fault.status is Status.TRUNCATED_DEFLATE
        assert [value.raw for value in row.values[0]] == [b"Doe^Jane"]
        assert row.values[1] == ()

    def test_truncated_fragments_are_not_returned(self) -> None:
        whole = part10(NAME + EXPLICIT.fragments(0x7FE00010, "OB", b"abcd"), JPEG_BASELINE_UID).data
        Path("in").write_bytes(whole[:-6])
        row, fault = select("PatientName", "PixelData", keep_partial=True)
        assert isinstance(row, SelectedFile)
        assert isinstance(fault, Omission)
        assert fault.status is Status.TRUNCATED_FRAGMENTS
        assert [value.raw for value in row.values[0]] == [b"Doe^Jane"]
        assert row.values[1] == ()

    def test_the_last_value_before_a_fault_is_whole(self) -> None:
        """The file ends in the header of the next element."""
        Path("in").write_bytes(part10(NAME, EXPLICIT_LITTLE_UID).data + b"\x20\0\x10")
        row, _ = select("PatientName", keep_partial=True, reads_to_end=True)
        assert isinstance(row, SelectedFile)
        assert [value.raw for value in row.values[0]] == [b"Doe^Jane"]

    def test_faults_of_the_walk_are_in_order(self) -> None:
        Path("in").mkdir()
        Path("in/a").write_bytes(IMAGE)
        os.symlink("nowhere", "in/b")
        Path("in/c").write_bytes(IMAGE)
        found = select("PatientName", workers=2)
        assert [row.path for row in found] == ["in/a", "in/b", "in/c"]

    def test_the_reader_of_file_objects_selects_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.test_a_file_with_a_fault()
        Path("in").unlink()
        Path("in").mkdir()
        for name, data in (("a", IMAGE), ("b", b"no DICOM" * 40), ("c", IMAGE)):
            Path("in", name).write_bytes(data)
        natively = select("PatientName")
        monkeypatch.setattr("tagsniff._core.HAS_PATH_READER", False)
        assert select("PatientName") == natively

    def test_on_file_is_called_for_every_file(self) -> None:
        Path("in").mkdir()
        for name, data in (("a", IMAGE), ("b", b"")):
            Path("in", name).write_bytes(data)
        told: list[str] = []
        select("PatientName", on_file=told.append)
        assert told == ["in/a", "in/b"]

    @pytest.mark.parametrize(("elements", "error"), [([], ValueError), ([()], ValueError), (["PatientID"], TypeError)])
    def test_wrong_arguments_are_refused_before_any_work(
        self, elements: list[Any], error: type[Exception], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tagsniff.source.walk.os.stat", lambda path: pytest.fail("looked at"))
        with pytest.raises(error):
            select_values(["in"], elements)

    @pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
    def test_an_exception_ends_the_threads(self, error: type[BaseException]) -> None:
        import threading

        Path("in").mkdir()
        for number in range(600):
            Path(f"in/{number}").write_bytes(IMAGE)

        def refuse(path: str) -> None:
            raise error

        with pytest.raises(error):
            select("PatientName", workers=3, on_file=refuse)
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("tagsniff")]


class TestMemory:
    @pytest.mark.parametrize("of_files", [40, 256])
    def test_few_batches_are_in_memory(self, monkeypatch: pytest.MonkeyPatch, of_files: int) -> None:
        """A walk of any length is only slightly ahead of the caller, and returned rows are not kept."""
        from tagsniff.selection.columns import select_from
        from tagsniff.source.walk import BATCH_FILES, Batch

        Path("a").write_bytes(IMAGE)
        walked = 0

        def walk() -> Any:
            nonlocal walked
            for _ in range(200):
                walked += 1
                yield Batch(b"", [b"a"] * of_files)

        elements = [read_element("PatientName")]
        for taken, _ in enumerate(select_from(walk(), elements, workers=2), 1):
            # Tasks for each thread, the files that the walk is gathering, and the task that is being returned.
            assert (walked - taken) * of_files <= (2 * 4 + 2) * BATCH_FILES
        assert walked == 200

    def test_equal_values_are_stored_once(self) -> None:
        Path("in").mkdir()
        for number in range(50):
            Path(f"in/{number}").write_bytes(IMAGE)
        (part,) = select_values(["in"], [read_element("PatientName")])
        assert isinstance(part, SelectedBatch)
        assert (len(part.cells), len(part.values)) == (50, 1)

    def test_paths_into_sequences_have_small_batches(self) -> None:
        Path("in").mkdir()
        for number in range(50):
            Path(f"in/{number}").write_bytes(IMAGE)
        parts = list(select_values(["in"], [read_element("0008,1140[<0>]0008,1155")]))
        assert max(part.read.files for part in parts if isinstance(part, SelectedBatch)) == 16


class TestSplit:
    """The text of a value consists of the same parts as in the value report."""

    @pytest.mark.parametrize(
        ("raw", "vr", "flags", "charset", "parts"),
        [
            (b"A\\ B\\\\", b"LO", 0, b"", [b"T\0\0\0\0A", b"T\0\0\0\0B", b"E\0\0\0\0", b"E\0\0\0\0"]),
            (b" a\\b ", b"LT", 0, b"", [b"T\0\0\0\0 a\\b"]),
            (b"\0\1\0\2", b"US", 1, b"", [b"N\0\0\0\0\1\0\2\0"]),
            (b"\1\0\2\0", b"US", 0, b"", [b"N\0\0\0\0\1\0\2\0"]),
            (b"\1", b"US", 0, b"", [b"R\0\0\0\0\1"]),
            (b"", b"LO", 0, b"", [b"E\0\0\0\0"]),
            (b"\x81\\x", b"LO", 0, b"GB18030", [b"T\0\0\0\0\x81\\x"]),
        ],
    )
    def test_parts(self, raw: bytes, vr: bytes, flags: int, charset: bytes, parts: list[bytes]) -> None:
        assert _core.split_value(raw, vr, flags, len(raw), charset) == parts

    def test_lengths(self) -> None:
        only, sequence = _core.FLAG_LENGTH_ONLY, _core.FLAG_SEQUENCE
        assert _core.split_value(b"", b"OW", only, 300, b"") == [b"S\0\0\0\0" + (300).to_bytes(8, "little")]
        assert _core.split_value(b"", b"SQ", only | sequence, 3, b"") == [b"I\0\0\0\0" + (3).to_bytes(8, "little")]

    def test_bytes_have_a_digest_and_no_text_runs(self) -> None:
        (part,) = _core.split_value(b"\0\1text that is found\0\1", b"OB", 0, 22, b"")
        assert (part[:5], len(part)) == (b"B\0\0\0\0", 5 + 40)

    def test_a_vr_of_three_letters(self) -> None:
        with pytest.raises(ValueError, match="VR"):
            _core.split_value(b"", b"LO ", 0, 0, b"")


def test_a_column_without_a_step() -> None:
    with pytest.raises(ValueError, match="step"):
        _core.Selector([[]])

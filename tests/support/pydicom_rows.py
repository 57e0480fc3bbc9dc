"""The result of pydicom for a file, from its raw elements: path of tags, VR, value length, value bytes.

For: the comparison of read_header with pydicom.
Never: a converted value, a VR that pydicom guessed from a private dictionary, or code of the parser under test.
Standard: PS3.5 sections 6.2.2, 7.1 and 7.5, edition 2026b.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pydicom
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset, read_preamble, read_sequence
from pydicom.sequence import Sequence

from dicom_bytes import UNDEFINED, tag_text

ITEM_TAG_BYTES = b"\xfe\xff\x00\xe0"
DELIMITER_LENGTH = 8


@dataclass(frozen=True)
class Found:
    """One element as pydicom has it; None for what pydicom does not keep.

    ``vrs`` are the valid VRs. In implicit VR they come from pydicom's dictionary, which may have several.
    ``value_offset`` is relative to the file only in the root of a data set that is not deflated.
    """

    vrs: frozenset[str] | None
    length: int | None
    value: bytes | None
    value_offset: int | None = None


class Reference:
    """The rows of one file; ``rows`` maps paths to what pydicom found there, the last one if a path occurs twice."""

    def __init__(self, path: Path) -> None:
        self.rows: dict[str, Found] = {}
        self._converted: dict[tuple[int, int], RawDataElement] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data_set = self._read(path)
            self._add(data_set, "", None)
            with path.open("rb") as source:
                self._add(self._file_meta(source, data_set), "", None)

    def _read(self, path: Path) -> Dataset:
        """dcmread, which converts (0008,0005) of the root data set; its raw element is recorded on the way."""

        def keep(element: RawDataElement, **_: object) -> RawDataElement:
            self._converted[element.tag, element.value_tell] = element
            return element

        before = pydicom.config.data_element_callback
        pydicom.config.data_element_callback = keep
        try:
            return pydicom.dcmread(path, force=True)
        finally:
            pydicom.config.data_element_callback = before

    @staticmethod
    def _file_meta(source: BinaryIO, data_set: Dataset) -> Dataset:
        """Read the file meta information again, because dcmread has converted some of its values."""
        read_preamble(source, force=True)
        is_implicit = bool(data_set.file_meta.original_encoding[0])
        return read_dataset(source, is_implicit, True, stop_when=lambda tag, vr, length: tag >> 16 != 2)

    def _add(self, data_set: Dataset, before: str, is_signed: bool | None) -> None:
        representation = data_set._dict.get(pydicom.tag.BaseTag(0x00280103))
        if isinstance(representation, RawDataElement) and representation.value:
            order = "little" if representation.is_little_endian else "big"
            is_signed = int.from_bytes(representation.value[:2], order) == 1
        for tag, element in data_set._dict.items():
            if tag >> 16 == 0xFFFE:
                continue
            path = before + tag_text(tag)
            if isinstance(element, RawDataElement):
                self._add_raw(element, path, is_signed)
            elif isinstance(element.value, Sequence):
                self._add_sequence(element, path, is_signed)
            else:
                self._add_raw(self._converted[tag, element.file_tell], path, is_signed)

    def _add_sequence(self, element: DataElement, path: str, is_signed: bool | None) -> None:
        """Add a sequence of undefined length, which pydicom has read already; it does not keep the VR."""
        self.rows[path] = Found(None, UNDEFINED, None, element.file_tell)
        self._add_items(element.value, path, is_signed)

    def _add_items(self, items: Sequence, path: str, is_signed: bool | None) -> None:
        for number, item in enumerate(items):
            length = UNDEFINED if item.is_undefined_length_sequence_item else None
            self.rows[f"{path}[{number}]"] = Found(frozenset({""}), length, None)
            self._add(item, f"{path}[{number}]", is_signed)

    def _add_raw(self, element: RawDataElement, path: str, is_signed: bool | None) -> None:
        value = bytes(element.value or b"")
        vrs = known_vrs(element, is_signed)
        items = self._items(element, value, vrs)
        if items is not None:
            vrs = frozenset({"SQ"})
        self.rows[path] = Found(vrs, element.length, value, element.value_tell)
        if items is not None:
            self._add_items(items, path, is_signed)

    @staticmethod
    def _items(element: RawDataElement, value: bytes, vrs: frozenset[str] | None) -> Sequence | None:
        """Return the items in a value of defined length; None if it has none."""
        if element.length == UNDEFINED:
            return None
        if vrs == {"SQ"}:
            return read_sequence(
                io.BytesIO(value), element.is_implicit_VR, element.is_little_endian, len(value), "iso8859"
            )
        if (vrs is None or vrs == {"UN"}) and value.startswith(ITEM_TAG_BYTES):
            return consumed_exactly(value)
        return None


def known_vrs(element: RawDataElement, is_signed: bool | None) -> frozenset[str] | None:
    """Return the VR in the file, or in implicit VR those of the dictionary; None for an unknown tag."""
    text = element.VR or dictionary_text(element.tag)
    if text is None:
        return None
    known = {"US or SS": "SS" if is_signed else "US", "OB or OW": "OW"}
    return frozenset(known.get(text, text).split(" or "))


def dictionary_text(tag: pydicom.tag.BaseTag) -> str | None:
    """Return the VR in pydicom's public dictionary; for group lengths and private creators that of PS3.5."""
    if tag.element == 0:
        return "UL"
    if tag.is_private:
        return "LO" if tag.is_private_creator and tag.group > 8 else None
    try:
        return dictionary_VR(tag)
    except KeyError:
        return None


def consumed_exactly(value: bytes) -> Sequence | None:
    """Return the items of a value of unknown VR, if they are implicit VR little endian and fill it exactly."""
    source = io.BytesIO(value)
    try:
        items = read_sequence(source, True, True, len(value), "iso8859")
    except (OSError, EOFError, ValueError, KeyError, NotImplementedError):
        return None
    if source.tell() != len(value) or not all(is_whole(item) for item in items):
        return None
    return items


def is_whole(data_set: Dataset) -> bool:
    """Whether no value is shorter than its length; pydicom does not check this."""
    for element in data_set._dict.values():
        if isinstance(element, RawDataElement):
            if element.length != UNDEFINED and len(element.value or b"") != element.length:
                return False
        elif not all(is_whole(item) for item in element.value):
            return False
    return True

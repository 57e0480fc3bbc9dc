"""Builds elements of undefined length as pydicom does: sequences with their items, and fragments as bytes.

For: pydicom_file.py. Sequences of defined length stay bytes until they are accessed; then pydicom converts them.
Never: a guess about how pydicom reads bytes that break the standard: these raise `Unlike`, and then pydicom reads.
Standard: PS3.5 6.2.2, 7.5 and A.4, edition 2026b.
"""

from __future__ import annotations

from collections.abc import Callable

from pydicom import config
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag
from pydicom.valuerep import VR

from tagsniff import _core
from tagsniff.backends.pydicom_conversions import ElementEncodings, Elements, Encodings, find_encodings
from tagsniff.backends.pydicom_encoding import Encoding, Unlike, find_item_encoding
from tagsniff.status import Status

_TAG_ITEM = 0xFFFEE000
_TAG_ITEM_DELIMITATION = 0xFFFEE00D
_TAG_SEQUENCE_DELIMITATION = 0xFFFEE0DD
_HEADER_BYTES = 8  # of an item or a delimitation item
_UNDEFINED_LENGTH = 0xFFFFFFFF


class NewDataset(Dataset):
    """A data set under construction: setting an attribute does not check whether its name is a keyword."""

    __setattr__ = object.__setattr__  # type: ignore[assignment]


class UndefinedLengths:
    """Builds the elements of undefined length of one file.

    ``read`` returns bytes by offset and length, with offsets as in the records. An offset plus ``tell_shift`` is the
    position that pydicom stores.
    """

    def __init__(
        self, parser: _core.Parser, rows: _core.ElementRows, read: Callable[[int, int], bytes], tell_shift: int
    ) -> None:
        records = parser.elements()
        self._value_offsets: list[int] = records["value_offset"].tolist()
        self._end_offsets: list[int] = records["end_offset"].tolist()
        self._value_lengths: list[int] = records["value_length"].tolist()
        self._parents: list[int] = records["parent"].tolist()
        self._flags: list[int] = records["flags"].tolist()
        self._vrs: list[bytes] = records["vr"].tolist()
        # False if fragments may have ended without their delimitation item: by a fault, or with the item around them.
        self._are_fragments_whole = parser.status()[0] == Status.OK and all(
            number != Status.MISSING_DELIMITER for number, _, _, _ in parser.deviations()
        )
        self._rows = rows
        self._read = read
        self._tell_shift = tell_shift

    def fill(
        self,
        elements: Elements,
        undefined: list[tuple[BaseTag, int]],
        encoding: Encoding,
        encodings: ElementEncodings,
        value_limit_bytes: float | None = None,
    ) -> None:
        """Put the elements of undefined length of one data set into ``elements``, if their tags are there.

        Elements that were not requested are built too: pydicom must find their end, and may warn or raise meanwhile.
        """
        for tag, record in undefined:
            tell = self._value_offsets[record] + self._tell_shift
            around = encodings.after if tell > encodings.tell else encodings.before
            element = self._make_element(tag, record, encoding, around, value_limit_bytes)
            if tag in elements:
                elements[tag] = element

    def _make_element(
        self,
        tag: BaseTag,
        record: int,
        encoding: Encoding,
        encodings: Encodings,
        value_limit_bytes: float | None,
    ) -> DataElement | RawDataElement:
        vr = self._find_vr(tag, record, encoding)
        flags = self._flags[record]
        tell = self._value_offsets[record] + self._tell_shift
        if vr == "SQ" and flags & _core.FLAG_SEQUENCE:
            items = self._make_items(record, encoding, encodings)
            return DataElement(tag, vr, items, tell, is_undefined_length=True)
        # An empty sequence that pydicom cannot recognize as one is an empty value.
        is_empty = self._end_offsets[record] - self._value_offsets[record] == _HEADER_BYTES
        if vr != "SQ" and (flags & _core.FLAG_FRAGMENTS or is_empty):
            value = self._read_fragments(record, encoding, value_limit_bytes)
            return RawDataElement(tag, vr, _UNDEFINED_LENGTH, value, tell, encoding.is_implicit, encoding.is_little)
        raise Unlike("an element of undefined length that is neither a sequence nor fragments")

    def _find_vr(self, tag: BaseTag, record: int, encoding: Encoding) -> str | None:
        """Return the VR that pydicom uses; None if it knows none, and reads bytes up to a delimitation item."""
        if not encoding.is_implicit:
            if not self._flags[record] & _core.FLAG_WAS_UN:
                return self._vrs[record].decode("ascii")
            if not config.settings.infer_sq_for_un_vr:
                raise Unlike("UN of undefined length that is to stay UN")
            return VR.SQ
        try:
            return dictionary_VR(tag)
        except KeyError:
            first = self._read(self._value_offsets[record], 4)
            return VR.SQ if len(first) == 4 and encoding.read_tag(first) == _TAG_ITEM else None

    def _make_items(self, record: int, encoding: Encoding, encodings: Encodings) -> Sequence:
        items: list[Dataset] = []
        end = self._value_offsets[record]
        at = record + 1
        while at < len(self._parents) and self._parents[at] == record:
            if self._value_offsets[at] - end != _HEADER_BYTES:
                raise Unlike("bytes between the items of a sequence")
            end = self._end_offsets[at]
            item, at = self._make_item(at, encoding, encodings)
            items.append(item)
        self._check_delimiter(_TAG_SEQUENCE_DELIMITATION, end, self._end_offsets[record], encoding)
        sequence = Sequence(items)
        sequence.is_undefined_length = True
        return sequence

    def _make_item(self, record: int, around: Encoding, encodings: Encodings) -> tuple[Dataset, int]:
        """Return an item and the record after it."""
        start = self._value_offsets[record]
        encoding = find_item_encoding(around, self._read(start + 4, 2))
        elements, undefined, is_twice, following, end = self._rows.data_set(
            record + 1, record, start, encoding.flags, encoding.row_end, selects=False
        )
        if is_twice:
            raise Unlike("a tag twice in an item")
        is_undefined = self._value_lengths[record] == _UNDEFINED_LENGTH
        if is_undefined:
            self._check_delimiter(_TAG_ITEM_DELIMITATION, end, self._end_offsets[record], encoding)
        elif not end == self._end_offsets[record] == start + self._value_lengths[record]:
            raise Unlike("the elements of an item do not follow each other up to its end")
        own = find_encodings(elements, encodings)
        if own is None:
            raise Unlike("a character set in an item that pydicom may warn of")
        self.fill(elements, undefined, encoding, own)
        item = NewDataset(elements, parent_encoding=encodings)
        item.set_original_encoding(encoding.is_implicit, encoding.is_little, own.of_data_set)
        item.is_undefined_length_sequence_item = is_undefined
        tell = start - _HEADER_BYTES + self._tell_shift
        vars(item).update(seq_item_tell=tell, file_tell=tell)
        item.__class__ = Dataset  # type: ignore[assignment]
        return item, following

    def _read_fragments(self, record: int, encoding: Encoding, value_limit_bytes: float | None) -> bytes | None:
        if not self._are_fragments_whole:
            raise Unlike("fragments that may have no end")
        start, end = self._value_offsets[record], self._end_offsets[record] - _HEADER_BYTES
        # pydicom counts the tag of the delimitation item.
        if value_limit_bytes is not None and value_limit_bytes <= end - start + 4:
            return None
        return self._read(start, end - start)

    def _check_delimiter(self, tag: int, offset: int, end: int, encoding: Encoding) -> None:
        """Raise Unlike unless there is exactly one delimitation item between two offsets, and nothing else.

        The length of an item delimitation item must be 0: pydicom reads it as an element, which might be longer.
        """
        delimiter = self._read(offset, _HEADER_BYTES) if end - offset == _HEADER_BYTES else b""
        if len(delimiter) < _HEADER_BYTES or encoding.read_tag(delimiter) != tag:
            raise Unlike("a delimitation item that is not there")
        if tag == _TAG_ITEM_DELIMITATION and any(delimiter[4:]):
            raise Unlike("an item delimitation item that is not empty")

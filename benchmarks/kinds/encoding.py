"""Bytes of data elements, items and files, written as fast as Python allows.

For: the kinds of files of the collection.
Never: a wrong byte. Files that are wrong on purpose are written by the tests.
Standard: PS3.5 sections 6.2, 7.1, 7.5, A.4 and A.5, PS3.10 section 7.1, edition 2026b.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

UNDEFINED = 0xFFFFFFFF
ITEM = 0xFFFEE000
ITEM_DELIMITATION = 0xFFFEE00D
SEQUENCE_DELIMITATION = 0xFFFEE0DD

# PS3.5 table 7.1-1: two reserved bytes and a 32-bit length.
_LONG_FORM = frozenset(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"])
_NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d"}
_NUL_PADDED = frozenset(["UI", "OB", "UN"])


@dataclass(frozen=True)
class Encoding:
    """One way to encode data elements; with ``deflated`` the data set is one bit stream."""

    uid: str
    explicit: bool = True
    big_endian: bool = False
    deflated: bool = False
    _heads: dict[tuple[int, str], bytes] = field(default_factory=dict, repr=False, compare=False)

    def tag(self, tag: int) -> bytes:
        """Return the bytes of a tag: group and element number."""
        return struct.pack(">HH" if self.big_endian else "<HH", tag >> 16, tag & 0xFFFF)

    def element(self, tag: int, vr: str, value: bytes) -> bytes:
        """Return a data element, its value padded to an even length."""
        if len(value) % 2:
            value += b"\0" if vr in _NUL_PADDED else b" "
        return self._head(tag, vr, len(value)) + value

    def element_head(self, tag: int, vr: str, length: int) -> bytes:
        """Return the header of a data element with a value field of this length."""
        return self._head(tag, vr, length)

    def sequence(self, tag: int, items: Sequence[bytes], *, vr: str = "SQ", undefined: bool = False) -> bytes:
        """Return a sequence with an item for each of the encoded ``items``; all lengths are defined, or undefined."""
        if undefined:
            head, tail = self._item_head(ITEM, UNDEFINED), self._item_head(ITEM_DELIMITATION, 0)
            content = b"".join(head + item + tail for item in items) + self._item_head(SEQUENCE_DELIMITATION, 0)
            return self._head(tag, vr, UNDEFINED) + content
        content = b"".join(self._item_head(ITEM, len(item)) + item for item in items)
        return self._head(tag, vr, len(content)) + content

    def fragments(self, tag: int, lengths: Sequence[int]) -> tuple[bytes, list[bytes]]:
        """Return the start of an encapsulated value with an empty offset table, and the header of each fragment."""
        start = self._head(tag, "OB", UNDEFINED) + self._item_head(ITEM, 0)
        return start, [self._item_head(ITEM, length) for length in lengths]

    def end_of_sequence(self) -> bytes:
        """Return a sequence delimitation item."""
        return self._item_head(SEQUENCE_DELIMITATION, 0)

    def value(self, vr: str, text: str, charset: str) -> bytes:
        r"""Return the value field of a text: numbers separated by backslashes, hexadecimal bytes, a tag for AT."""
        letter = _NUMBERS.get(vr)
        order = ">" if self.big_endian else "<"
        if letter is not None:
            parts = text.split("\\") if text else []
            numbers = [float(part) if letter in "fd" else int(part) for part in parts]
            return struct.pack(f"{order}{len(numbers)}{letter}", *numbers)
        if vr in ("OB", "UN"):
            return bytes.fromhex(text)
        if vr == "AT":
            return self.tag(int(text, 16))
        return text.encode(charset)

    def _head(self, tag: int, vr: str, length: int) -> bytes:
        order = ">" if self.big_endian else "<"
        if not self.explicit:
            return self.tag(tag) + length.to_bytes(4, "little")
        start = self._heads.get((tag, vr))
        if start is None:
            start = self.tag(tag) + vr.encode() + (b"\0\0" if vr in _LONG_FORM else b"")
            self._heads[tag, vr] = start
        return start + struct.pack(order + ("I" if vr in _LONG_FORM else "H"), length)

    def _item_head(self, tag: int, length: int) -> bytes:
        return self.tag(tag) + length.to_bytes(4, "big" if self.big_endian else "little")


EXPLICIT = Encoding("1.2.840.10008.1.2.1")
IMPLICIT = Encoding("1.2.840.10008.1.2", explicit=False)
BIG_ENDIAN = Encoding("1.2.840.10008.1.2.2", big_endian=True)
DEFLATED = Encoding("1.2.840.10008.1.2.1.99", deflated=True)
JPEG_LOSSLESS = Encoding("1.2.840.10008.1.2.4.70")


def file_meta(encoding: Encoding, sop_class_uid: str, sop_instance_uid: str) -> bytes:
    """Return the preamble, the prefix and the file meta information."""
    body = b"".join(
        EXPLICIT.element(tag, vr, value)
        for tag, vr, value in (
            (0x00020001, "OB", b"\0\1"),
            (0x00020002, "UI", sop_class_uid.encode()),
            (0x00020003, "UI", sop_instance_uid.encode()),
            (0x00020010, "UI", encoding.uid.encode()),
            (0x00020012, "UI", b"1.2.3.4.5"),
            (0x00020013, "SH", b"COLLECTION"),
        )
    )
    return bytes(128) + b"DICM" + EXPLICIT.element(0x00020000, "UL", struct.pack("<I", len(body))) + body


def deflate(data_set: bytes) -> bytes:
    """Return the deflated bit stream of a data set, padded to an even length."""
    squeeze = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    squeezed = squeeze.compress(data_set) + squeeze.flush()
    return squeezed + b"\0" * (len(squeezed) % 2)

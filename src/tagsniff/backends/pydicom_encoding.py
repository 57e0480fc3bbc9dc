"""The encoding that pydicom expects in a data set, from the transfer syntax and from the first bytes.

For: pydicom_file.py and pydicom_sequences.py, which compare it with the records.
Never: a guess about how pydicom reads bytes that break the standard: these raise `Unlike`, and then pydicom reads.
Standard: PS3.5 6.2.2, 7.1 and annex A, edition 2026b.
"""

from __future__ import annotations

from typing import NamedTuple

from pydicom.dataelem import RawDataElement
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    PrivateTransferSyntaxes,
)
from pydicom.values import converters

from tagsniff import _core

# The lowest group of a data set, 0004, read in the wrong byte order.
_SWAPPED_GROUP = 0x0400


class Unlike(Exception):  # noqa: N818
    """Only pydicom can read this file with pydicom's result. The message says why, and has no value of an element."""


class Encoding(NamedTuple):
    """An encoding of elements. ``flags`` are those of its records, without others.

    ``row_end`` are the last fields of its raw elements, from ``is_implicit_VR`` on.
    """

    is_implicit: bool
    is_little: bool
    flags: int
    row_end: tuple[object, ...]

    def read_tag(self, data: bytes) -> int:
        """Return the tag in the first four bytes."""
        if self.is_little:
            return int.from_bytes(data[:2], "little") << 16 | int.from_bytes(data[2:4], "little")
        return int.from_bytes(data[:4], "big")


def _make_encoding(*, is_implicit: bool, is_little: bool) -> Encoding:
    flags = (_core.FLAG_IMPLICIT_VR if is_implicit else 0) | (0 if is_little else _core.FLAG_BIG_ENDIAN)
    return Encoding(is_implicit, is_little, flags, (is_implicit, is_little, *RawDataElement._field_defaults.values()))


IMPLICIT_LITTLE = _make_encoding(is_implicit=True, is_little=True)
IMPLICIT_BIG = _make_encoding(is_implicit=True, is_little=False)
EXPLICIT_LITTLE = _make_encoding(is_implicit=False, is_little=True)
EXPLICIT_BIG = _make_encoding(is_implicit=False, is_little=False)

_ENCODINGS: dict[object, Encoding] = {
    str(ImplicitVRLittleEndian): IMPLICIT_LITTLE,
    str(ExplicitVRLittleEndian): EXPLICIT_LITTLE,
    str(DeflatedExplicitVRLittleEndian): EXPLICIT_LITTLE,
    str(ExplicitVRBigEndian): EXPLICIT_BIG,
}


def has_letters(vr: bytes) -> bool:
    """Return whether pydicom accepts bytes as a VR: two letters from A to Z."""
    return len(vr) == 2 and 0x41 <= vr[0] <= 0x5A and 0x41 <= vr[1] <= 0x5A


def find_encoding(transfer_syntax: object, start: bytes) -> Encoding:
    """Return the encoding of a data set, from its Transfer Syntax UID, None if absent, and its first eight bytes.

    Raises Unlike if the bytes contradict the UID.
    """
    if transfer_syntax is None:
        encoding = _guess_encoding(start)
    elif transfer_syntax in _ENCODINGS:
        encoding = _ENCODINGS[transfer_syntax]
    elif transfer_syntax in PrivateTransferSyntaxes:
        registered = PrivateTransferSyntaxes[PrivateTransferSyntaxes.index(transfer_syntax)]
        encoding = _make_encoding(is_implicit=registered.is_implicit_VR, is_little=registered.is_little_endian)
    else:
        encoding = EXPLICIT_LITTLE
    if has_letters(start[4:6]) is encoding.is_implicit:
        raise Unlike("the first element of the data set is not encoded as the transfer syntax says")
    return encoding


def find_item_encoding(around: Encoding, vr: bytes) -> Encoding:
    """Return the encoding of an item in a data set, from the fifth and sixth byte after the item's header.

    Explicit VR may change to implicit VR, never back. An empty item of undefined length has no letters there either.
    """
    if around.is_implicit or len(vr) < 2 or has_letters(vr):
        return around
    return IMPLICIT_LITTLE if around.is_little else IMPLICIT_BIG


def _guess_encoding(start: bytes) -> Encoding:
    if start[4:6].decode("latin-1") not in converters:
        return IMPLICIT_LITTLE
    return EXPLICIT_BIG if int.from_bytes(start[:2], "little") >= _SWAPPED_GROUP else EXPLICIT_LITTLE

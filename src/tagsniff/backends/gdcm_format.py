r"""The text of a value, as GDCM's scanner writes it.

For: the GDCM backend.
Never: decode with the character set of the file. Bytes are decoded as UTF-8 with ``surrogateescape``, as python-gdcm
does.
Terms: PS3.5 6.2 (VRs), 6.2.2 (UN), 7.3 (byte ordering), edition 2026b.

==================================  ==================================================================================
VR                                  text
==================================  ==================================================================================
US SS UL SL UV SV                   numbers, joined with a backslash
FL FD OF OD                         numbers of up to six digits, as C++ writes them, joined with a backslash
AT                                  ``(gggg,eeee)``, joined with a backslash
SQ OB OW OL OV                      none, whatever the value
UN                                  that of the VR in the dictionary; if it has none, as VRs of text
all others, and unknown letters     the bytes up to the first NUL, spaces and backslashes included
==================================  ==================================================================================

Numbers and tags whose length is not a multiple of their size have no text. Items, fragments, Pixel Data and other
samples have none either. UN is little endian in every transfer syntax.
"""

from __future__ import annotations

import math
import struct

from tagsniff import _core
from tagsniff.backends.gdcm_tags import PrivateTag, Tag
from tagsniff.dicom.notation import format_tag
from tagsniff.selection.columns import CellValue

_INTEGERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q"}
_FLOATS = {"FL": "f", "FD": "d", "OF": "f", "OD": "d"}
_WITHOUT_TEXT = frozenset({"SQ", "OB", "OW", "OL", "OV"})
_UNKNOWN = "UN"
_EITHER_SIGN = "US or SS"
_WITHOUT_BYTES = _core.FLAG_SEQUENCE | _core.FLAG_FRAGMENTS


def find_vr(element: Tag | PrivateTag) -> str:
    """Return the VR in the dictionary, "US or SS" if it allows both, UN if it does not have the element."""
    if isinstance(element, PrivateTag):
        return _UNKNOWN
    if element.element == 0:
        return "UL"  # a group length (PS3.5 7.2)
    entry = _core.dictionary_find(element.number)
    if entry is None:
        return _UNKNOWN
    vr, _, allowed = entry
    return _EITHER_SIGN if allowed == _EITHER_SIGN else vr


def depends_on_sign(element: Tag | PrivateTag) -> bool:
    """Return whether Pixel Representation (0028,0103) decides the VR of a value under UN."""
    return find_vr(element) == _EITHER_SIGN


def choose_vr(value: CellValue, known_vr: str, *, is_signed: bool) -> str:
    """Return the VR that the text depends on: that of the value, for UN that of the dictionary."""
    if value.vr != _UNKNOWN:
        return value.vr
    if known_vr == _EITHER_SIGN:
        return "SS" if is_signed else "US"
    return known_vr


def has_text(value: CellValue, vr: str) -> bool:
    """Return whether the text is made from the bytes of the value."""
    return value.length > 0 and vr not in _WITHOUT_TEXT and value.flags & _WITHOUT_BYTES == 0


def show_value(value: CellValue, vr: str) -> str:
    """Return the text of a value for this VR; empty if the bytes of the value were not stored."""
    if value.raw is None or vr in _WITHOUT_TEXT:
        return ""
    is_big_endian = value.flags & _core.FLAG_BIG_ENDIAN != 0 and value.vr != _UNKNOWN
    order = ">" if is_big_endian else "<"
    if vr in _INTEGERS:
        return "\\".join(map(str, _unpack(value.raw, order, _INTEGERS[vr])))
    if vr in _FLOATS:
        return "\\".join(map(_show_float, _unpack(value.raw, order, _FLOATS[vr])))
    if vr == "AT":
        halves = _unpack(value.raw, order, "HH")
        pairs = zip(halves[::2], halves[1::2], strict=True)
        return "\\".join(format_tag(group << 16 | element) for group, element in pairs)
    return value.raw.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _unpack(raw: bytes, order: str, letters: str) -> tuple[int, ...]:
    count, rest = divmod(len(raw), struct.calcsize(order + letters))
    return () if rest else struct.unpack(order + letters * count, raw)


def _show_float(number: float) -> str:
    if math.isnan(number) and math.copysign(1, number) < 0:
        return "-nan"
    return f"{number:.6g}"

r"""The text of recorded values, one or all of a scan at once, and the flags that a reader should see beside it.

For: the value report, and tables.
Never: shorten a text, except one above 64 KiB (`LONG_TEXT_CHARACTERS`).
Terms: PS3.5 6.1 (character sets), 6.2 (VRs) and 6.4 (value multiplicity), edition 2026b.

The forms of values are those of `tagsniff.dicom.value_head`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from tagsniff.dicom.charset import ESCAPE, read_character_set
from tagsniff.dicom.notation import format_tag
from tagsniff.dicom.value_head import CHARSET_AT, HEAD_BYTES, ValueHead, split_value

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tagsniff._core import Texts

UNDECODED = "UNDECODED"
UNKNOWN_CHARSET = "UNKNOWN_CHARSET"
CHARSET_NAME = "CHARSET_NAME"
LITERAL = "LITERAL"

# The VRs to which (0008,0005) applies (PS3.5 6.1.2.2), and UN and unknown letters, which may be one of them.
_WITH_CHARSET = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT", "UN", "??"})
_NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q", "FL": "f", "FD": "d"}
_ONE_NUMBER = {vr: struct.Struct("<" + letter) for vr, letter in _NUMBERS.items()}
# Texts that this module writes in place of a value. A file may contain such a text as a value: then it has a flag.
_DESCRIPTION = re.compile(r"<(?:empty|(?:at least )?[0-9]+ (?:items?|bytes?|dates?|numbers?|UIDs?)\b.*)>", re.DOTALL)
_SEVERAL = re.compile(r"<(?:at least )?[0-9]+ (?:dates?|numbers?|UIDs?)\b.*>", re.DOTALL)
_DATE, _NUMBER, _UID = 1, 2, 3
_COLLAPSE_RULES = frozenset({b"\x01", b"\x02", b"\x03"})
# The head of a text with character set 0.
_PLAIN_TEXT = bytes(ValueHead(b"T"))
_ASCII = range(0x80)
_ASCII_BUT_DESCRIPTIONS = [byte for byte in _ASCII if byte != ord("<")]

NUMBER_VRS = frozenset(_NUMBERS)
"""The VRs of binary numbers, without AT."""

LONG_TEXT_CHARACTERS = 1024
"""How many characters are shown of a text above 64 KiB."""

# The forms with a payload of fixed length: a number of 64 bits, followed by a SHA-256 or not.
_PAYLOAD_BYTES = {b"B": 40, b"I": 8, b"S": 8, b"E": 0}
# A long text has the same head, followed by its first bytes.
_LONG_TEXT_HEAD_BYTES = 40
# A character has at most four bytes.
_MOST_CHARACTER_BYTES = 4

_Shown: TypeAlias = tuple[str, tuple[str, ...]]
_Show: TypeAlias = Callable[[bytes, str, bytes], _Shown]


def show_value(value: bytes, vr: str, charsets: Sequence[bytes]) -> _Shown:
    """Return the text of a value and its flags.

    ``charsets`` are the values of (0008,0005) in the scan, by index. Raises ValueError for an unknown form, and for a
    collapsed value, which needs `show_collapsed`.
    """
    plain = None if charsets[0] else read_plain_text(value)
    if plain is not None:
        return plain, ()
    head, payload = split_value(value)
    show = _FORMS.get(head.form)
    if show is None:
        raise ValueError("no form of a value")
    return show(payload, vr, charsets[head.charset])


def read_plain_text(value: bytes) -> str | None:
    """Return the text of a text value that is ASCII, has character set 0 and no flags; None for any other value.

    Only for scans whose character set 0 is the empty one.
    """
    if value[:HEAD_BYTES] == _PLAIN_TEXT and value.isascii() and value[HEAD_BYTES : HEAD_BYTES + 1] != b"<":
        return value[HEAD_BYTES:].decode("ascii")
    return None


def find_plain_texts(values: Texts) -> tuple[npt.NDArray[np.bool_], Texts]:
    """Return for each value whether `read_plain_text` returns a text, and these texts; the other texts have no meaning.

    It handles all values of a scan at once. The first array has shape (n,) and dtype bool.
    """
    payloads = values.cut(HEAD_BYTES)
    return _have_form(values, "T") & payloads.mark(_ASCII, _ASCII_BUT_DESCRIPTIONS), payloads


def mark_numbers(values: Texts, vr: str) -> npt.NDArray[np.bool_]:
    """Return for each value whether it is one or more binary numbers (bool, shape (n,)); the VR is in `NUMBER_VRS`."""
    payload_bytes = values.lengths().astype("i8") - HEAD_BYTES
    are_whole: npt.NDArray[np.bool_] = (payload_bytes > 0) & (payload_bytes % _ONE_NUMBER[vr].size == 0)
    return _have_form(values, "N") & are_whole


def _have_form(values: Texts, form: str) -> npt.NDArray[np.bool_]:
    """Return for each value whether it has the form and character set 0."""
    have_form: npt.NDArray[np.bool_] = (values.read_u32(0) & 0xFF == ord(form)) & (values.read_u32(CHARSET_AT) == 0)
    return have_form


def show_numbers(values: Texts, vr: str) -> list[str]:
    """Return the texts of values that `mark_numbers` has marked: `show_value` for many values at once."""
    shown = _show_all_numbers(values.cut(HEAD_BYTES).join(b""), vr)
    if len(shown) == len(values):
        return shown
    counts = (values.lengths() - HEAD_BYTES) // _ONE_NUMBER[vr].size
    numbers = iter(shown)
    return ["\\".join(islice(numbers, count)) for count in counts.tolist()]


def show_field(parts: Iterable[bytes], vr: str, charset: bytes) -> _Shown:
    """Return the text of a value field from its parts, and the flags of all of them.

    The parts have index 0 as their character set, which is ``charset``. Components are joined with a backslash, as in
    the file; an empty component has no text.
    """
    shown = [_show_part(part, vr, charset) for part in parts]
    if len(shown) == 1:
        return shown[0]
    return "\\".join(text for text, _ in shown), tuple(dict.fromkeys(flag for _, flags in shown for flag in flags))


def _show_part(part: bytes, vr: str, charset: bytes) -> _Shown:
    head, payload = split_value(part)
    if head.form == b"T" and part.isascii() and ESCAPE not in part:
        # ASCII is the same in every character set. The core's tables of values use character set 0 for it too.
        text = payload.decode("ascii")
        return text, (LITERAL,) if is_description(text) else ()
    return ("", ()) if head.form == b"E" else show_value(part, vr, (charset,))


def check_value(value: bytes, vr: str) -> None:
    """Raise ValueError for bytes that do not encode a value of the VR."""
    (form, _), payload = split_value(value)
    if form in _PAYLOAD_BYTES:
        is_value = len(payload) == _PAYLOAD_BYTES[form]
    elif form == b"N":
        size = _number_bytes(vr)
        is_value = size > 0 and len(payload) % size == 0
    elif form == b"L":
        is_value = len(payload) >= _LONG_TEXT_HEAD_BYTES
    elif form == b"C":
        is_value = payload[:1] in _COLLAPSE_RULES
    else:
        is_value = form in (b"T", b"R")
    if not is_value or len(value) < HEAD_BYTES:
        raise ValueError("no value of its VR")


def represents_several(text: str) -> bool:
    """Return whether `show_collapsed` writes this text, which represents several values."""
    return _SEVERAL.fullmatch(text) is not None


def show_found_text(value: bytes, charset: bytes) -> _Shown:
    """Return the text and flags of text found inside bytes, in the character set that the core found it in.

    Escape sequences are followed whatever the character set.
    """
    head, payload = split_value(value)
    if head.form == b"S":
        return _show_length(payload, "", charset)
    text, is_whole = read_character_set(charset).decode(payload, follows_escapes=True)
    flags = {UNDECODED: not is_whole, LITERAL: is_description(text)}
    return text, tuple(flag for flag, is_set in flags.items() if is_set)


def is_collapsed(value: bytes) -> bool:
    """Return whether this represents the values that a collapse rule combines, and is not a value of the files."""
    return ValueHead.read(value).form == b"C"


def show_collapsed(value: bytes, vr: str, members: Iterable[bytes], *, is_bounded: bool) -> str:
    """Return the text that represents all the values that a collapse rule combines.

    ``members`` are these values. With ``is_bounded`` they are not all of them: the text says "at least", and names no
    first and last one. Raises ValueError for an unknown rule.
    """
    _, payload = split_value(value)
    rule, root = payload[0], payload[1:].decode("ascii", "backslashreplace")
    values = list(map(split_value, members))
    least = "at least " if is_bounded else ""
    if rule == _UID:
        return f"<{least}{_count(len(values), 'UID')} under {root}>"
    if rule == _DATE:
        texts = [payload.decode("ascii", "backslashreplace") for _, payload in values]
        return f"<{least}{_count(len(values), 'date')}{'' if is_bounded else _show_range(texts, _order_date)}>"
    if rule == _NUMBER:
        # A binary value may have several numbers.
        texts = list({text for head, payload in values for text in _list_numbers(head.form, payload, vr)})
        return f"<{least}{_count(len(texts), 'number')}{'' if is_bounded else _show_range(texts, _order_number)}>"
    raise ValueError("no collapse rule")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _show_range(texts: list[str], order: Callable[[str], tuple[object, ...]]) -> str:
    if not texts:
        return ""
    texts.sort(key=order)
    return f", {texts[0]}..{texts[-1]}" if texts[0] != texts[-1] else f", {texts[0]}"


def _order_date(text: str) -> tuple[object, ...]:
    # ACR-NEMA wrote 1994.01.02 and 10:11:12 (PS3.5 6.2, notes to DA and TM).
    return text.replace(".", "", 2).replace(":", ""), text


def _order_number(text: str) -> tuple[object, ...]:
    # Imported here to save time at start-up: few profiles collapse numbers.
    from decimal import Decimal, InvalidOperation

    try:
        number = Decimal(text)
    except InvalidOperation:
        return 2, 0, text
    return (1, 0, text) if number.is_nan() else (0, number, text)


def _list_numbers(form: bytes, payload: bytes, vr: str) -> list[str]:
    if form == b"N":
        return _show_numbers(payload, vr).split("\\")
    return [payload.decode("ascii", "backslashreplace")]


def _show_text(payload: bytes, vr: str, charset: bytes) -> _Shown:
    if vr not in _WITH_CHARSET:
        charset = b""
    character_set = read_character_set(charset)
    text, is_whole = character_set.decode(payload, is_person_name=vr == "PN")
    flags = {
        UNDECODED: not is_whole,
        UNKNOWN_CHARSET: not character_set.is_known,
        CHARSET_NAME: character_set.is_codec_name,
        LITERAL: is_description(text),
    }
    return text, tuple(flag for flag, is_set in flags.items() if is_set)


def is_description(text: str) -> bool:
    """Return whether a text reads as one that this module makes in place of a value."""
    return text.startswith("<") and _DESCRIPTION.fullmatch(text) is not None


def _show_long_text(payload: bytes, vr: str, charset: bytes) -> _Shown:
    head, flags = _decode_start(
        payload[_LONG_TEXT_HEAD_BYTES:][: LONG_TEXT_CHARACTERS * _MOST_CHARACTER_BYTES], vr, charset
    )
    digest = payload[8:_LONG_TEXT_HEAD_BYTES].hex()
    return f"{head[:LONG_TEXT_CHARACTERS]}... <{_count(_number(payload), 'byte')} of text, sha256 {digest}>", flags


def _decode_start(start: bytes, vr: str, charset: bytes) -> _Shown:
    """Return the text of the first bytes of a text; the last character may have been cut."""
    for cut in range(_MOST_CHARACTER_BYTES):
        text, flags = _show_text(start[: len(start) - cut], vr, charset)
        if UNDECODED not in flags:
            break
    else:
        text, flags = _show_text(start, vr, charset)
    return text, tuple(flag for flag in flags if flag != LITERAL)


def read_long_text(value: bytes, vr: str, charset: bytes) -> str | None:
    """Return the whole text of a text above 64 KiB that has all its bytes, as a search gets it; None for others."""
    (form, _), payload = split_value(value)
    return _show_text(payload[_LONG_TEXT_HEAD_BYTES:], vr, charset)[0] if form == b"L" else None


def _show_binary(payload: bytes, vr: str, _charset: bytes) -> _Shown:
    return _show_numbers(payload, vr), ()


def _show_numbers(payload: bytes, vr: str) -> str:
    if vr == "AT":
        halves = struct.unpack(f"<{len(payload) // 2}H", payload)
        return "\\".join(
            format_tag(group << 16 | element) for group, element in zip(halves[::2], halves[1::2], strict=True)
        )
    return "\\".join(_show_all_numbers(payload, vr))


def _show_all_numbers(payload: bytes, vr: str) -> list[str]:
    """Return for each number the shortest text that gives the same number again, in the width that the VR has."""
    if vr == "FL":
        import numpy as np

        return list(map(str, np.frombuffer(payload, "<f4")))
    one = _ONE_NUMBER[vr]
    count = len(payload) // one.size
    return list(map(str, one.unpack(payload) if count == 1 else struct.unpack(f"<{count}{_NUMBERS[vr]}", payload)))


def _number_bytes(vr: str) -> int:
    """Return the length of one number of a binary VR, or of one tag, in bytes; 0 for other VRs."""
    if vr == "AT":
        return 4
    return _ONE_NUMBER[vr].size if vr in _ONE_NUMBER else 0


def _show_raw(payload: bytes, _vr: str, _charset: bytes) -> _Shown:
    printable = (chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}" for byte in payload)
    return "".join(printable), ()


def _show_items(payload: bytes, _vr: str, _charset: bytes) -> _Shown:
    return f"<{_count(_number(payload), 'item')}>", ()


def _show_empty(_payload: bytes, _vr: str, _charset: bytes) -> _Shown:
    return "<empty>", ()


def _show_digest(payload: bytes, _vr: str, _charset: bytes) -> _Shown:
    return f"<{_count(_number(payload), 'byte')}, sha256 {payload[8:].hex()}>", ()


def _show_length(payload: bytes, _vr: str, _charset: bytes) -> _Shown:
    return f"<{_count(_number(payload), 'byte')}>", ()


def _number(payload: bytes) -> int:
    return int.from_bytes(payload[:8], "little")


_FORMS: dict[bytes, _Show] = {
    b"T": _show_text,
    b"L": _show_long_text,
    b"N": _show_binary,
    b"R": _show_raw,
    b"I": _show_items,
    b"E": _show_empty,
    b"B": _show_digest,
    b"S": _show_length,
}

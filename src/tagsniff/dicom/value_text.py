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
from functools import cmp_to_key, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

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
_DESCRIPTION = re.compile(
    r"<(?:empty|(?:about )?[0-9]+ (?:items?|bytes?|dates?|times?|ages?|numbers?|UIDs?|values?|runs?|texts?)\b.*)>",
    re.DOTALL,
)
_SEVERAL = re.compile(r"<(?:about )?[0-9]+ (?:dates?|times?|ages?|numbers?|UIDs?|values?|runs?|texts?)\b.*>", re.DOTALL)
# ts_collapse_kind of csrc/collect/collapse_rules.h.
_DATES, _NUMBERS_KIND, _UIDS, _BYTES, _RUNS, _SHAPE = range(1, 7)
_KINDS = frozenset(range(1, 7))
_DATE_WORDS = {"TM": "time", "AS": "age"}
_DATE_VRS = frozenset({"DA", "TM", "DT", "AS"})
_DAYS = {b"D": 1, b"W": 7, b"M": 30, b"Y": 365}
_ONE = (1, 1)
_LONGEST_END_BYTES = 32
_DECIMAL = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DATE_TEXT = re.compile(rb"[0-9.+-]+|[0-9]{3}[DWMY]")
# The head of a text with character set 0.
_PLAIN_TEXT = bytes(ValueHead(b"T"))
_ASCII = range(0x80)
_ASCII_BUT_DESCRIPTIONS = [byte for byte in _ASCII if byte != ord("<")]

NUMBER_VRS = frozenset(_NUMBERS)
"""The VRs of binary numbers, without AT."""

VRS_OF_NUMBERS = NUMBER_VRS | {"DS", "IS"}
"""The numeric VRs, without AT."""

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
        is_value = len(payload) > 0 and payload[0] in _KINDS
    else:
        is_value = form in (b"T", b"R")
    if not is_value or len(value) < HEAD_BYTES:
        raise ValueError("no value of its VR")


def check_ends(kind: int, vr: str, smallest: bytes, largest: bytes) -> None:
    """Raise ValueError for texts that are not the smallest and the largest value of what a row draws together."""
    ends = (smallest, largest)
    if kind == _NUMBERS_KIND and any(ends):
        size = _number_bytes(vr)
        are_ends = vr in VRS_OF_NUMBERS and all(
            len(end) == size if size else _DECIMAL.fullmatch(end) is not None for end in ends
        )
    elif kind == _DATES:
        are_ends = vr in _DATE_VRS and all(_DATE_TEXT.fullmatch(end) is not None for end in ends)
        are_ends = are_ends and (vr != "AS" or all(end[3:] in _DAYS for end in ends))
    else:
        are_ends = not any(ends)
    if not are_ends or max(map(len, ends)) > _LONGEST_END_BYTES:
        raise ValueError("no ends of a range")


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


class Drawn(NamedTuple):
    """What one row draws together: values of elements with the VR, which have the payload ``key`` in common.

    ``distinct`` is the number of different values, ``sizes`` the smallest and the largest number of numbers, bytes or
    items in one of them; ``ends`` are the texts of the smallest and the largest number or date, empty if there is none.
    """

    key: bytes
    vr: str
    distinct: int
    is_estimated: bool
    sizes: tuple[int, int]
    ends: tuple[str, str]


def show_end(end: bytes, vr: str) -> str:
    """Return the text of the smallest or the largest number or date, as the core has it; empty if there is none."""
    return _show_numbers(end, vr) if end and vr in NUMBER_VRS else end.decode("ascii", "backslashreplace")


def show_collapsed(drawn: Drawn) -> str:
    """Return the text of what a row draws together. Raises ValueError for an unknown kind."""
    kind, rest = drawn.key[0], drawn.key[1:].decode("ascii", "backslashreplace")
    if kind == _DATES:
        text = f"{_count_drawn(drawn, _DATE_WORDS.get(drawn.vr, 'date'))}{_show_range(drawn.ends)}"
    elif kind == _NUMBERS_KIND and rest == "I":
        text = f"{_count_drawn(drawn, 'value')} of {_show_sizes(drawn.sizes, 'item')}"
    elif kind == _NUMBERS_KIND:
        # A binary value may have several numbers.
        of_numbers = "" if drawn.sizes == _ONE else f" of {_show_sizes(drawn.sizes, 'number')}"
        text = f"{_count_drawn(drawn, 'value' if of_numbers else 'number')}{of_numbers}{_show_range(drawn.ends)}"
    elif kind == _UIDS:
        text = f"{_count_drawn(drawn, 'UID')} under {rest}"
    elif kind == _BYTES:
        text = f"{_count_drawn(drawn, 'value')} of {_show_sizes(drawn.sizes, 'byte')}"
    elif kind == _RUNS:
        text = f"{_count_drawn(drawn, 'run')} without a word"
    elif kind == _SHAPE:
        text = f"{_count_drawn(drawn, 'text')} like {rest}"
    else:
        raise ValueError("no collapse rule")
    return f"<{text}>"


def make_varying_key(vr: str, value: bytes) -> bytes:
    """Return the ``key`` of a value that is drawn together with others because it varies within its series."""
    head, payload = split_value(value)
    if vr == "UI":
        from tagsniff._core import uid_root

        return bytes([_UIDS]) + uid_root(payload)
    return bytes([_NUMBERS_KIND]) + head.form


def find_ends(vr: str, values: Iterable[bytes]) -> tuple[bytes, bytes]:
    """Return the smallest and the largest number of values of a VR of numbers; empty without numbers."""
    size = _number_bytes(vr)
    numbers: set[bytes] = set()
    for value in values:
        _, payload = split_value(value)
        numbers.update([payload[at : at + size] for at in range(0, len(payload), size)] if size else [payload])
    order = order_of_ends(vr)
    return (min(numbers, key=order), max(numbers, key=order)) if numbers else (b"", b"")


def count_numbers(vr: str, value: bytes) -> int:
    """Return how many numbers a value of a VR of numbers has."""
    size = _number_bytes(vr)
    return (len(value) - HEAD_BYTES) // size if size else 1


def order_of_ends(vr: str) -> Callable[[bytes], Any]:
    """Return the sort key of numbers or dates of a VR, as the core has them."""
    if vr in VRS_OF_NUMBERS:
        from tagsniff._core import number_order

        return cmp_to_key(partial(number_order, vr))
    return _order_age if vr == "AS" else bytes


def _order_age(age: bytes) -> tuple[int, bytes]:
    return int(age[:3]) * _DAYS[age[3:]], age


def _count_drawn(drawn: Drawn, word: str) -> str:
    return f"{'about ' if drawn.is_estimated else ''}{_count(drawn.distinct, word)}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _show_range(ends: tuple[str, str]) -> str:
    first, last = ends
    if not first:
        return ""
    return f", {first}..{last}" if first != last else f", {first}"


def _show_sizes(sizes: tuple[int, int], word: str) -> str:
    least, most = sizes
    return _count(least, word) if least == most else f"{least}..{most} {word}s"


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

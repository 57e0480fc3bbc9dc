r"""Decodes text by Specific Character Set (0008,0005).

For: every module that shows a value as text.
Never: raise for wrong bytes, lose a byte (what cannot be decoded becomes ``\xNN``), or guess a character set from the
bytes.
Terms: PS3.3 C.12.1.1.2 (defined terms), PS3.5 6.1 and annexes H, I, J and K (code extensions, ISO/IEC 2022),
edition 2026b.

A code extension applies from its escape sequence to the next one, or to the end of the line, or to the end of the
component or component group in a person's name. After that, the first character set applies again. An escape sequence
is followed even if (0008,0005) does not list its character set: it says what the bytes are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

ESCAPE = 0x1B
_ERRORS = "backslashreplace"

# The codec of each single-byte character set, by the ISO registration number of its right half. An escape sequence
# designates the same sets to the code element G1.
_SINGLE_BYTE = {
    "100": "latin_1",
    "101": "iso8859_2",
    "109": "iso8859_3",
    "110": "iso8859_4",
    "126": "iso8859_7",
    "127": "iso8859_6",
    "138": "iso8859_8",
    "144": "iso8859_5",
    "148": "iso8859_9",
    "166": "tis_620",
    "203": "iso8859_15",
}
# ISO_IR 13 has one byte for each character. Shift-JIS has the same bytes for these characters, and is what files
# contain under this name.
_WITH_REGISTRATION = {**_SINGLE_BYTE, "6": "ascii", "13": "shift_jis", "192": "utf_8"}
_MULTI_BYTE = {"58": "gb2312", "87": "ascii", "149": "euc_kr", "159": "ascii"}
_WITHOUT_EXTENSIONS = {"GB18030": "gb18030", "GBK": "gbk", "ISO2022GBK": "gbk", "ISO202258": "gb2312"}
_COMPLETE = frozenset({"utf_8", "gb18030", "gbk"})

_JIS_X_0208 = "JIS X 0208"
_JIS_X_0212 = "JIS X 0212"
_PREFIXES = {_JIS_X_0208: b"", _JIS_X_0212: b"\x8f"}

# The bytes after ESC, and what they designate: the code element (0 for G0, 1 for G1) and its set (PS3.3 C.12.1.1.2).
_DESIGNATIONS: dict[bytes, tuple[int, str]] = {
    b"(B": (0, "ascii"),
    b"(J": (0, "ascii"),
    b"$B": (0, _JIS_X_0208),
    b"$(B": (0, _JIS_X_0208),
    b"$(D": (0, _JIS_X_0212),
    b")I": (1, "shift_jis"),
    b"$)C": (1, "euc_kr"),
    b"$)A": (1, "gb2312"),
    b"-A": (1, "latin_1"),
    b"-B": (1, "iso8859_2"),
    b"-C": (1, "iso8859_3"),
    b"-D": (1, "iso8859_4"),
    b"-F": (1, "iso8859_7"),
    b"-G": (1, "iso8859_6"),
    b"-H": (1, "iso8859_8"),
    b"-L": (1, "iso8859_5"),
    b"-M": (1, "iso8859_9"),
    b"-T": (1, "tis_620"),
    b"-b": (1, "iso8859_15"),
}

_SEPARATORS = re.compile(r"[ _-]+")
_TERM = re.compile(r"ISO(2022)?IR([0-9]+)")
# Escape sequences or a lone ESC, controls and spaces, bytes of G0, bytes of G1.
_RUNS = re.compile(rb"\x1b(?:\$[()]?|[()\-])[A-Za-z]|\x1b|[\x00-\x1a\x1c-\x20\x7f]+|[\x21-\x7e]+|[\x80-\xff]+")
_LINE_ENDS = re.compile(rb"[\t\n\x0c\r]")
_DELIMITERS = frozenset(b"^=")


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """A Specific Character Set: the Python codec of its first value, and whether it has code extensions.

    ``is_known`` is False if one of its values is not a defined term. If that is the first value, text is read as ASCII.

    Source: PS3.3 2026b, C.12.1.1.2.
    """

    codec: str
    has_extensions: bool
    is_known: bool

    def decode(self, raw: bytes, *, is_person_name: bool = False) -> tuple[str, bool]:
        r"""Return the text, and whether all bytes could be decoded; it has ``\xNN`` for those that could not."""
        if self.has_extensions and ESCAPE in raw:
            pieces = list(_decode_runs(raw, self.codec, is_person_name=is_person_name))
            return "".join(text for text, _ in pieces), all(is_whole for _, is_whole in pieces)
        return _decode(raw, self.codec)


@lru_cache(maxsize=1024)
def read_character_set(raw: bytes) -> CharacterSet:
    """Return the character set that the value of (0008,0005) names. Other separators and lower case are accepted."""
    terms = [_read_term(term) for term in raw.decode("latin-1").replace("\0", " ").split("\\")]
    codecs = [codec for codec, _ in terms]
    codec = codecs[0] or "ascii"
    has_extensions = len(terms) > 1 or terms[0][1]
    return CharacterSet(codec, has_extensions and codec not in _COMPLETE, None not in codecs)


def _read_term(term: str) -> tuple[str | None, bool]:
    """Return the codec, None if this is not a defined term, and whether the term has code extensions."""
    name = _SEPARATORS.sub("", term.strip().upper())
    if not name:
        return "ascii", False
    if name in _WITHOUT_EXTENSIONS:
        return _WITHOUT_EXTENSIONS[name], False
    match = _TERM.fullmatch(name)
    if match is None:
        return None, False
    number = match[2]
    return _WITH_REGISTRATION.get(number) or _MULTI_BYTE.get(number), match[1] is not None or number in _MULTI_BYTE


def _decode(raw: bytes, codec: str) -> tuple[str, bool]:
    try:
        return raw.decode(codec), True
    except UnicodeDecodeError:
        return raw.decode(codec, _ERRORS), False


def _decode_runs(raw: bytes, codec: str, *, is_person_name: bool) -> Iterator[tuple[str, bool]]:
    """Yield the text of each run of bytes, decoded with the set that applies there, and whether it could be decoded."""
    first = ["ascii", codec]
    elements = list(first)
    for run in _RUNS.findall(raw):
        if run[0] == ESCAPE:
            designation = _DESIGNATIONS.get(run[1:])
            if designation is None:
                yield _escape(run), False
            else:
                elements[designation[0]] = designation[1]
        elif run[0] <= 0x20 or run[0] == 0x7F:
            if _LINE_ENDS.search(run):
                elements = list(first)
            yield run.decode("ascii"), True
        elif run[0] >= 0x80:
            yield _decode(run, elements[1])
        elif elements[0] in _PREFIXES:
            yield _decode_pairs(run, _PREFIXES[elements[0]])
        else:
            yield run.decode("ascii"), True
            if is_person_name and not _DELIMITERS.isdisjoint(run):
                elements = list(first)


def _decode_pairs(run: bytes, prefix: bytes) -> tuple[str, bool]:
    """Decode two bytes for each character. EUC-JP has the same sets, with the high bit of each byte set."""
    texts: list[str] = []
    is_whole = True
    for start in range(0, len(run), 2):
        pair = run[start : start + 2]
        try:
            texts.append((prefix + bytes(byte | 0x80 for byte in pair)).decode("euc_jp"))
        except UnicodeDecodeError:
            texts.append(_escape(pair))
            is_whole = False
    return "".join(texts), is_whole


def _escape(raw: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in raw)

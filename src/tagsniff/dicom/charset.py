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
from functools import cache, lru_cache
from typing import cast

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
# contain under this name, and also under the names of the Japanese sets that need an escape sequence.
_SHIFT_JIS = "shift_jis"
_WITH_REGISTRATION = {**_SINGLE_BYTE, "6": "ascii", "13": _SHIFT_JIS, "192": "utf_8"}
_MULTI_BYTE = {"58": "gb2312", "87": "ascii", "149": "euc_kr", "159": "ascii"}
_WITHOUT_EXTENSIONS = {"GB18030": "gb18030", "GBK": "gbk", "ISO2022GBK": "gbk", "ISO202258": "gb2312"}
_COMPLETE = frozenset({"utf_8", "gb18030", "gbk"})
_JAPANESE = re.compile(r"ISO(2022)?IR(13|87|159)")
_KOREAN_OR_CHINESE = re.compile(r"ISO(2022)?IR(149|58)")

CODEC_NAMES = {
    **dict.fromkeys(("ASCII", "USASCII", "ANSIX3.4"), "ascii"),
    **dict.fromkeys(("UTF8", "UNICODE11UTF8", "CP65001"), "utf_8"),
    **{f"ISO8859{part}": f"iso8859_{part}" for part in (*range(1, 12), *range(13, 17))},
    **{f"{name}{part}": f"latin{part}" for name in ("LATIN", "ISOLATIN") for part in range(1, 11)},
    **{f"{name}{page}": f"cp{page}" for name in ("CP", "WINDOWS") for page in range(1250, 1259)},
    "KOI8R": "koi8_r",
    "KOI8U": "koi8_u",
    **dict.fromkeys(("TIS620", "CP874", "WINDOWS874"), "cp874"),
    **dict.fromkeys(("GB2312", "EUCCN"), "gb2312"),
    **dict.fromkeys(("CP936", "MS936", "WINDOWS936", "XGBK"), "gbk"),
    **dict.fromkeys(("BIG5", "CP950", "MS950", "WINDOWS950", "XBIG5"), "cp950"),
    "BIG5HKSCS": "big5hkscs",
    **dict.fromkeys(("SHIFTJIS", "SJIS", "XSJIS", "CSSHIFTJIS"), _SHIFT_JIS),
    **dict.fromkeys(("CP932", "MS932", "WINDOWS932", "WINDOWS31J"), "cp932"),
    "EUCJP": "euc_jp",
    **dict.fromkeys(("EUCKR", "KSC5601", "KSX1001", "CP949", "MS949", "WINDOWS949", "UHC"), "cp949"),
}
"""Names of codecs that files have in place of defined terms, in capitals and without separators: Python's codecs."""

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
_RUN = re.compile(rb"\x1b(?:\$[()]?|[()\-])[A-Za-z]|\x1b|[\x00-\x1a\x1c-\x20\x7f]+|[\x21-\x7e]+|[\x80-\xff]+")
# In Shift-JIS, the second byte of a character may be one of G0.
_SHIFT_JIS_RUN = re.compile(rb"(?:[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]|[\x80-\xff])+")
_LINE_ENDS = re.compile(rb"[\t\n\x0c\r]")
_DELIMITERS = frozenset(b"^=")


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """A Specific Character Set: the Python codec of its first value, and whether it has code extensions.

    ``is_known`` is False if one of its values is neither a defined term nor the name of a codec. If that is the first
    value, text is read as ASCII. ``is_codec_name`` is True if one of them is the name of a codec, such as ``UTF-8``.

    Source: PS3.3 2026b, C.12.1.1.2.
    """

    codec: str
    has_extensions: bool
    is_known: bool
    is_codec_name: bool = False

    def decode(self, raw: bytes, *, is_person_name: bool = False, follows_escapes: bool = False) -> tuple[str, bool]:
        r"""Return the text, and whether all bytes could be decoded; it has ``\xNN`` for those that could not.

        With ``follows_escapes`` escape sequences are followed even if the set has no code extensions.
        """
        if (self.has_extensions or follows_escapes) and ESCAPE in raw:
            pieces = list(_decode_runs(raw, self.codec, is_person_name=is_person_name))
            return "".join(text for text, _ in pieces), all(is_whole for _, is_whole in pieces)
        return _decode(raw, self.codec)


@lru_cache(maxsize=1024)
def read_character_set(raw: bytes) -> CharacterSet:
    """Return the character set that the value of (0008,0005) names.

    Other separators, lower case and the names of codecs are accepted.
    """
    names = [_SEPARATORS.sub("", term.strip().upper()) for term in raw.decode("latin-1").replace("\0", " ").split("\\")]
    terms = [_read_term(name) for name in names]
    codecs = [codec for codec, _ in terms]
    codec = codecs[0] or "ascii"
    has_extensions = len(terms) > 1 or terms[0][1]
    return CharacterSet(
        codec=_SHIFT_JIS if codec == "ascii" and codecs[0] and _has_shift_jis(names) else codec,
        has_extensions=has_extensions and codec not in _COMPLETE,
        is_known=None not in codecs,
        is_codec_name=not CODEC_NAMES.keys().isdisjoint(names),
    )


def _has_shift_jis(names: list[str]) -> bool:
    """Return whether bytes that ASCII does not have are Shift-JIS: a Japanese set comes before other sets of pairs."""
    for name in names:
        if _JAPANESE.fullmatch(name):
            return True
        if _KOREAN_OR_CHINESE.fullmatch(name):
            return False
    return False


def _read_term(name: str) -> tuple[str | None, bool]:
    """Return the codec, None if this is no term, and whether the term has code extensions."""
    if not name:
        return "ascii", False
    if name in _WITHOUT_EXTENSIONS:
        return _WITHOUT_EXTENSIONS[name], False
    if name in CODEC_NAMES:
        return CODEC_NAMES[name], False
    match = _TERM.fullmatch(name)
    if match is None:
        return None, False
    number = match[2]
    return _WITH_REGISTRATION.get(number) or _MULTI_BYTE.get(number), match[1] is not None or number in _MULTI_BYTE


def _decode(raw: bytes, codec: str) -> tuple[str, bool]:
    try:
        return raw.decode(codec), True
    except UnicodeDecodeError:
        return _decode_extended_shift_jis(raw) if codec == _SHIFT_JIS else (raw.decode(codec, _ERRORS), False)


def _decode_extended_shift_jis(raw: bytes) -> tuple[str, bool]:
    """Decode with the characters that Windows adds to Shift-JIS, which names have, but without its private ones."""
    try:
        text = raw.decode("cp932")
    except UnicodeDecodeError:
        text = "\x80"
    return (raw.decode(_SHIFT_JIS, _ERRORS), False) if _compile_no_characters().search(text) else (text, True)


@cache
def _compile_no_characters() -> re.Pattern[str]:
    """Return the pattern of what cp932 gives for bytes that are no characters: controls and private characters."""
    # Compiled when first needed, since this is slow.
    return re.compile("[\x80-\xa0\ue000-\uf8ff]")


def _decode_runs(raw: bytes, codec: str, *, is_person_name: bool) -> Iterator[tuple[str, bool]]:
    """Yield the text of each run of bytes, decoded with the set that applies there, and whether it could be decoded."""
    first = ["ascii", codec]
    elements = list(first)
    at = 0
    while at < len(raw):
        is_shift_jis = raw[at] >= 0x80 and elements[1] == _SHIFT_JIS
        run = cast("re.Match[bytes]", (_SHIFT_JIS_RUN if is_shift_jis else _RUN).match(raw, at))[0]
        at += len(run)
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

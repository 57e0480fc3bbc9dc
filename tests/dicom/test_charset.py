"""Text by (0008,0005): the examples of the standard, every defined term, and pydicom's files compared with pydicom.

For: `tagsniff.dicom.charset`.
Never: pydicom's result where it departs from the standard; those places are listed with the reason.
Standard: PS3.3 C.12.1.1.2, PS3.5 6.1.2 and annexes H, I, J, K, edition 2026b.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pydicom.charset
import pytest

import tagsniff
from tagsniff._core import split_value
from tagsniff.dicom.charset import CODEC_NAMES, read_character_set

TEXT_VRS = {"LO", "LT", "PN", "SH", "ST", "UC", "UT"}
FILES = sorted((Path(pydicom.__file__).parent / "data" / "charset_files").glob("*.dcm"))

WITHOUT_OTHER_LETTERS: set[str] = set()


def decode(raw: bytes, charset: bytes, *, is_person_name: bool = False) -> tuple[str, bool]:
    return read_character_set(charset).decode(raw, is_person_name=is_person_name)


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        # Annex H: Japanese.
        (
            b"\\ISO 2022 IR 87",
            b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
            "Yamada^Tarou=山田^太郎=やまだ^たろう",
        ),
        (
            b"ISO 2022 IR 13\\ISO 2022 IR 87",
            b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
            "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
        ),
        # Annex I: Korean.
        (
            b"\\ISO 2022 IR 149",
            b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
            "Hong^Gildong=洪^吉洞=홍^길동",
        ),
        # Annex J: Chinese without code extensions.
        (
            b"ISO_IR 192",
            b"Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1=",
            "Wang^XiaoDong=王^小東=",
        ),
        (b"GB18030", b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=", "Wang^XiaoDong=王^小东="),
        (b"GBK", b"\xcd\xf5^\xd0\xa1\xb6\xab", "王^小东"),
        # Annex K: Chinese with code extensions.
        (
            b"\\ISO 2022 IR 58",
            b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=",
            "Zhang^XiaoDong=张^小东=",
        ),
        # JIS X 0212, and two sets in one value.
        (b"\\ISO 2022 IR 87\\ISO 2022 IR 159", b"\x1b$(D0!\x1b(B \x1b$B0!", "丂 亜"),
        (b"ISO 2022 IR 100\\ISO 2022 IR 144", b"\xe9 \x1b-L\xd2\xe9\x1b-A\xe9", "é вщé"),
        # The first set holds again after a line end, and in a name after ^ and = too.
        (b"ISO 2022 IR 100\\ISO 2022 IR 144", b"\x1b-L\xd2\r\n\xe9", "в\r\né"),
        (b"ISO 2022 IR 100\\ISO 2022 IR 144", b"\x1b-L\xd2^\xe9", "в^é"),
    ],
)
def test_examples(charset: bytes, raw: bytes, text: str) -> None:
    assert decode(raw, charset, is_person_name=b"^" in raw) == (text, True)


def test_a_caret_in_other_text_does_not_end_a_code_extension() -> None:
    charset = b"ISO 2022 IR 100\\ISO 2022 IR 144"
    assert decode(b"\x1b-L\xd2^\xe9", charset) == ("в^щ", True)


# One character that only this term has, for each term.
TERMS = {
    b"": (b"A", "A"),
    b"ISO_IR 6": (b"A", "A"),
    b"ISO_IR 100": (b"\xe9", "é"),
    b"ISO_IR 101": (b"\xb3", "ł"),
    b"ISO_IR 109": (b"\xa6", "Ĥ"),
    b"ISO_IR 110": (b"\xa2", "ĸ"),
    b"ISO_IR 144": (b"\xd2", "в"),
    b"ISO_IR 127": (b"\xc8", "ب"),
    b"ISO_IR 126": (b"\xf9", "ω"),
    b"ISO_IR 138": (b"\xe0", "א"),
    b"ISO_IR 148": (b"\xf0", "ğ"),
    b"ISO_IR 203": (b"\xa4", "€"),
    b"ISO_IR 13": (b"\xb1", "ｱ"),
    b"ISO_IR 166": (b"\xa1", "ก"),
    b"ISO_IR 192": (b"\xc3\xa9", "é"),
    b"ISO 2022 IR 6": (b"A", "A"),
    b"ISO 2022 IR 100": (b"\xe9", "é"),
    b"ISO 2022 IR 203": (b"\xa4", "€"),
    b"ISO 2022 IR 149": (b"\xb0\xa1", "가"),
    b"ISO 2022 IR 58": (b"\xd6\xd0", "中"),
    b"ISO 2022 GBK": (b"\xd6\xd0", "中"),
    b"GB18030": (b"\x81\x30\x84\x36", "¥"),
}


@pytest.mark.parametrize("term", TERMS)
def test_every_defined_term(term: bytes) -> None:
    raw, text = TERMS[term]
    assert decode(raw, term) == (text, True)
    assert read_character_set(term).is_known


@pytest.mark.parametrize("escape", [b"-A", b"-B", b"-C", b"-D", b"-F", b"-G", b"-H", b"-L", b"-M", b"-T"])
def test_escape_sequences_of_single_byte_sets_equal_those_of_pydicom(escape: bytes) -> None:
    codec = pydicom.charset.CODES_TO_ENCODINGS[b"\x1b" + escape]
    for byte in range(0xA0, 0x100):
        raw = bytes([byte])
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            assert decode(b"\x1b" + escape + raw, b"\\ISO 2022 IR 100") == (f"\\x{byte:02x}", False)
        else:
            assert decode(b"\x1b" + escape + raw, b"\\ISO 2022 IR 100") == (text, True)


@pytest.mark.parametrize("spelling", [b"ISO-IR 100", b"ISO IR 100", b"iso_ir 100", b"ISO_IR_100", b"ISO_IR 100 \0"])
def test_misspelled_terms(spelling: bytes) -> None:
    assert decode(b"\xe9", spelling) == ("é", True)
    assert read_character_set(spelling) == read_character_set(b"ISO_IR 100")


@pytest.mark.parametrize("spelling", [b"ISO 2022-IR 87", b"iso 2022 ir 87", b"ISO_2022_IR_87", b"ISO 2022 IR 87 "])
def test_misspelled_terms_of_code_extensions(spelling: bytes) -> None:
    assert decode(b"\x1b$B;3ED\x1b(B", b"\\" + spelling) == ("山田", True)


@pytest.mark.parametrize("charset", [b"ISO_IR 999", b"EBCDIC", b"UTF-16", b"\\ISO_IR 999", b"ISO_IR 100\\x"])
def test_unknown_terms_are_recognized(charset: bytes) -> None:
    assert not read_character_set(charset).is_known


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        (b"UTF-8", "Müller^Jürg"),
        (b"utf8", "Müller^Jürg"),
        (b"ISO8859-1", "Müller^Jürg"),
        (b"ISO-8859-1", "Müller^Jürg"),
        (b"LATIN1", "Müller^Jürg"),
        (b"ISO 8859-2", "Dvořák"),
        (b"WINDOWS-1251", "Чехов"),
        (b"CP1252", "Müller€Jürg"),
        (b"CP936", "王^小东"),
        (b"GB2312", "王^小东"),
        (b"SHIFT_JIS", "山田^表示"),
        (b"Shift-JIS", "山田^表示"),
        (b"EUC-KR", "홍^길동"),
        (b"KOI8-R", "Чехов"),
        (b"Big5", "王^小東功"),
    ],
)
def test_names_of_codecs_are_decoded_and_recognized(charset: bytes, text: str) -> None:
    found = read_character_set(charset)
    raw = text.encode(charset.decode())
    assert decode(raw, charset) == (text, True)
    assert (found.is_known, found.is_codec_name) == (True, True)
    assert not read_character_set(b"ISO_IR 100").is_codec_name


def list_pairs_with_5c(codec: str) -> list[bytes]:
    """Return the characters of two bytes of a codec whose second byte is that of a backslash."""
    pairs = (bytes([lead, 0x5C]) for lead in range(0x80, 0x100))
    return [pair for pair in pairs if len(pair.decode(codec, "ignore")) == 1 and pair.decode(codec, "ignore") != "\\"]


def test_the_core_splits_no_character_of_a_codec() -> None:
    names = {**CODEC_NAMES, "GBK": "gbk", "GB18030": "gb18030", "ISO_IR 13": "shift_jis"}
    for name, codec in names.items():
        pairs = list_pairs_with_5c(codec)
        assert bool(pairs) is (codec in {"gbk", "gb18030", "shift_jis", "cp932", "cp950", "big5hkscs"})
        for pair in pairs or [b"A"]:
            parts = split_value(pair + b"\\B", b"LO", 0, 0, name.lower().encode())
            assert [part[5:] for part in parts] == [pair, b"B"], name


def test_the_core_knows_misspelled_terms_and_takes_the_first_value() -> None:
    cases: dict[bytes, tuple[bytes, int]] = {
        b"ISO_IR 13": (b"\x95\\", 1),
        b"iso ir-13": (b"\x95\\", 1),
        b"ISO 2022 IR 13\\ISO 2022 IR 87": (b"\x95\\", 1),
        b"\\ISO 2022 IR 87": (b"\x95\\", 1),
        b"\\ISO 2022 IR 149\\ISO 2022 IR 87": (b"\x95\\", 2),
        b"ISO_IR 138": (b"\x95\\", 2),
        b"ISO_IR 100\\ISO 2022 IR 87": (b"\x95\\", 2),
        b"ISO_IR 100\\GB18030": (b"\x95\\", 2),
        # Half-width katakana have one byte, and then a backslash is one.
        b"ISO_IR 13 ": (b"\xb1\\", 2),
    }
    for charset, (raw, components) in cases.items():
        assert len(split_value(raw, b"LO", 0, 0, charset)) == components, charset


def test_shift_jis_under_the_terms_of_the_japanese_sets() -> None:
    """Bytes that ASCII does not have, also beside an escape sequence, whose second byte may be one of ASCII."""
    raw = "表示^太郎=能".encode("shift_jis")
    for charset in (b"ISO_IR 13", b"ISO 2022 IR 13\\ISO 2022 IR 87", b"\\ISO 2022 IR 87", b"ISO 2022 IR 87"):
        assert decode(raw, charset) == ("表示^太郎=能", True)
    assert decode(raw + b" \x1b$B;3ED\x1b(B", b"\\ISO 2022 IR 87") == ("表示^太郎=能 山田", True)
    # Characters that Windows adds, but not its private ones.
    assert decode(b"\xfb\xfc\x8b\xb4", b"ISO_IR 13") == ("髙橋", True)
    assert decode(b"\xf0\x40", b"ISO_IR 13") == ("\\xf0@", False)


def test_an_unknown_first_term_is_ascii() -> None:
    assert decode(b"a\xe9", b"ISO_IR 999") == ("a\\xe9", False)


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        (b"", b"a\xe9b", "a\\xe9b"),
        (b"ISO_IR 192", b"a\xe9\xc3\xa9", "a\\xe9é"),
        (b"ISO_IR 127", b"\xa1", "\\xa1"),
        (b"\\ISO 2022 IR 87", b"\x1b$B;3E\x1b(B.", "山\\x45."),
        (b"\\ISO 2022 IR 149", b"\x1b$)C\xc8\xab\xc8", "홍\\xc8"),
        # An escape sequence that belongs to no set.
        (b"\\ISO 2022 IR 87", b"a\x1b-Zb", "a\\x1b\\x2d\\x5ab"),
        (b"\\ISO 2022 IR 87", b"a\x1b", "a\\x1b"),
    ],
)
def test_bytes_that_do_not_decode_are_escaped(charset: bytes, raw: bytes, text: str) -> None:
    assert decode(raw, charset) == (text, False)


@pytest.mark.parametrize("charset", [b"", b"ISO_IR 100", b"ISO_IR 192", b"ISO_IR 192\\ISO 2022 IR 87"])
def test_without_code_extensions_escape_is_a_character(charset: bytes) -> None:
    assert decode(b"\x1b$B;3", charset) == ("\x1b$B;3", True)


def test_any_bytes_decode_and_the_escapes_restore_every_byte() -> None:
    everything = bytes(range(256)) + b"".join(b"\x1b" + bytes([byte]) for byte in range(256) if byte != 0x5C)
    for charset in (*TERMS, b"\\ISO 2022 IR 87\\ISO 2022 IR 149\\ISO 2022 IR 58"):
        text, is_whole = decode(everything, charset)
        assert is_whole == (r"\x" not in text)
    text, _ = decode(everything, b"")
    assert re.sub(r"\\x(..)", lambda match: chr(int(match[1], 16)), text).encode("latin-1") == everything


def list_reference_texts(data_set: pydicom.Dataset) -> Iterator[str]:
    for element in data_set:
        if element.VR == "SQ":
            for item in element.value:
                yield from list_reference_texts(item)
        elif element.VR in TEXT_VRS and not element.tag.is_private:
            yield "\\".join(map(str, element.value)) if element.VM > 1 else str(element.value or "")


def list_own_texts(header: tagsniff.Header) -> Iterator[str]:
    charsets: dict[int, bytes] = {}
    for record, element in enumerate(header.elements):
        parent = int(element["parent"])
        vr = element["vr"].decode()
        if element["tag"] == 0x00080005:
            charsets[parent] = header.value(record)
        # pydicom has a dictionary of private elements, and it removes the file meta information.
        if vr in TEXT_VRS and element["tag"] >> 16 & 1 == 0 and element["tag"] >> 16 != 2:
            holder = parent
            while holder not in charsets and holder >= 0:
                holder = int(header.elements[holder]["parent"])
            raw = header.value(record).rstrip(b"\0 ")
            parts = [raw] if vr in {"LT", "ST", "UT"} else raw.split(b"\\")
            texts = [decode(part, charsets.get(holder, b""), is_person_name=vr == "PN") for part in parts]
            assert all(is_whole for _, is_whole in texts)
            yield "\\".join(text for text, _ in texts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_texts_of_pydicoms_files(path: Path) -> None:
    own = list(list_own_texts(tagsniff.read_header(path)))
    reference = list(list_reference_texts(pydicom.dcmread(path)))
    # pydicom drops empty component groups at the end of a name.
    assert [text.strip(" =") for text in own] == [text.strip(" =") for text in reference]
    assert not "".join(own).isascii() or path.stem in WITHOUT_OTHER_LETTERS


def test_there_are_files_of_pydicom() -> None:
    assert len(FILES) >= 15

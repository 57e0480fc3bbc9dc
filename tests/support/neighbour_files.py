"""Files that differ a little from the one before, in what a parser, a reader or a collector keeps from file to file.

For: collections that must count as their files do one by one: a value, a very long one, its length, VR, creator, block,
character set, equipment, series, cut, Transfer Syntax, and every rule by which a broken file is read on.
Never: an expected result; the files are scanned alone, where nothing was read before.
Standard: PS3.5 sections 6.2, 7 and A, PS3.10 section 7, edition 2026b.
"""

from __future__ import annotations

import functools
import gzip
import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import repair_cases
from dicom_bytes import (
    BIG,
    DEFLATED_UID,
    EXPLICIT,
    IMPLICIT,
    ITEM,
    ITEM_DELIMITER,
    SEQUENCE_DELIMITER,
    UID_OF,
    UNDEFINED,
    Encoding,
    Part,
    Written,
    bare,
    deflated,
    file_meta,
    join,
    part10,
    raw,
    uid_value,
)

LONG_TEXT_BYTES = 65_538  # a text above the limit, which is not used as equipment
CHARSETS = 65_600  # more than 16 bits can number
PIXELS = 0x7FE00010

# Profiles by which a value is shown or not by the equipment of its file. They decide about the elements of `make_file`.
PUBLIC_ROWS = 'element,vr,code,collapse\n"(0010,0010)",,Z,\n"(0008,0020)",DA,R,date\n"(0018,0050)",DS,K,\n'
PRIVATE_ROWS = """modality,manufacturer,model,software,element,vr,code
SHOWN,,,,"(0009,""ACME"",01)",,R
,SHOWN,,,"(0009,""ACME"",01)",,R
,,SHOWN,,"(0009,""ACME"",01)",,R
,,,SHOWN,"(0009,""ACME"",01)",,R
,,,,"(0009,""ACME"",01)",,X
"""


@dataclass(frozen=True)
class Content:
    """The content of a file."""

    syntax: str = "explicit"
    preamble: bytes = bytes(128)
    charset: bytes = b"ISO_IR 100"
    modality: bytes = b"MR"
    manufacturer: bytes = b"ALPHA"
    model: bytes = b"One "
    software: bytes = b"1.0 "
    equipment_vr: str = "LO"
    kind: bytes = b"AA"
    date: bytes = b"20240101"
    name: bytes = b"M\xfcller^J"
    description: bytes = b"one "
    description_vr: str = "LO"
    thickness: bytes = b"1.5 "
    patient: bytes = b"P1"
    issuer: bytes = b""
    series: str = "1.2.3.1"
    creators: tuple[tuple[int, bytes], ...] = ((0x10, b"ACME"), (0x11, b"BETA"))
    private: bytes = b"\0\1first text\0\0"
    private_block: int = 0x10
    private_vr: str = "UN"
    item_syntax: str = ""
    item_begins: str = ""
    item_charset: bytes | None = None
    item_text: bytes = b"\xe9t\xe9 "
    item_creators: tuple[tuple[int, bytes], ...] = ()
    items: int = 1
    undefined: bool = False
    odd_element: str = ""
    representation: bytes = b"\0\0"
    pixels: str = "native"
    pixel_bytes: int = 64
    tail: bytes = b""
    after: bytes = b""
    is_unordered: bool = False
    cut_bytes: int = 0


USUAL = Content()
LONG = b"Z" * LONG_TEXT_BYTES
TEXT = b"Roe^Mary 1970 "
CHOICES: dict[str, tuple[object, ...]] = {
    "syntax": (
        *("explicit", "explicit", "explicit", "implicit", "implicit", "big", "deflated", "zlib", "gzip"),
        *("not deflated", "other VR", "other order", "bare", "no UID", "unknown UID", "no meta"),
    ),
    "preamble": (bytes(128), TEXT.ljust(128, b"\0"), b"II*\0\x08".ljust(128, b"\0"), b"II*\0\x08\0\0\0" + b"text" * 30),
    "charset": (
        *(b"ISO_IR 100", b"ISO_IR 192", b"", b"ISO_IR 100\\X ", b"UTF-8 ", b"ISO_IR 13 ", b"GB18030 "),
        b"\\ISO 2022 IR 87 ",
    ),
    "modality": (b"MR", b"CT", b"SHOWN ", b"", b"MR  ", LONG),
    "manufacturer": (b"ALPHA ", b"Beta", b"SHOWN ", b"\xe9 ", b"\xc3\xa9", LONG),
    "model": (b"One ", b"Two ", b"SHOWN ", LONG),
    "software": (b"1.0 ", b"1.0\\2 ", b"SHOWN ", LONG),
    "equipment_vr": ("LO", "UT"),  # with UT a long text changes nothing else
    "kind": (b"AA", b"AB", b"AAAA", b"A" * 0x5343),
    "date": (b"20240101", b"20240131", b"soon", b""),
    "name": (b"M\xfcller^J", b"M\xc3\xbcller", b"Doe^Jane", b"\x95\x5c\x8e\xa6^A", b"\x1b$B\x3b\x33\x1b(B"),
    "description": (b"one ", b"two ", b"one\\one ", b"caf\xe9", b"", b"x" * 300, b"y" * 300, b"odd", LONG),
    "description_vr": ("LO", "SH", "UN", "UT", "lo"),
    "thickness": (b"1.5 ", b"2 ", b"2\\thin"),
    "patient": (b"P1", b"P1", b"P2", b" P1 ", b"p1", b"", b"\\", b"P" * 1100, LONG, LONG[:-1] + b"Y"),
    "issuer": (b"", b"", b"X ", b"Y"),
    "series": ("1.2.3.1", "1.2.3.2", "1.2.3.20", "1.2.3." + "4" * 1100),
    "creators": (
        ((0x10, b"ACME"), (0x11, b"BETA")),
        ((0x10, b"ACME"), (0x11, b""), (0x12, b"ACME")),
        ((0x10, b"ACME"), (0x12, b"ACME")),
        ((0x10, b"BETA"), (0x11, b"ACME")),
        ((0x11, b"BETA"),),
        ((0x10, b"ACME  "),),
        ((0x10, b"AC\xe9E"),),
        ((0x10, b"A" * 1026),),
    ),
    "private": (
        *(b"\0\1first text\0\0", b"\0\1other text\0\0", b"\0" * 12, b"\0" * 70_000, b"\1" * 70_000, b"7 "),
        *(b"\0\0" + gzip.compress(b"Roe^Mary in a stream", mtime=0), b"Um9lXk1hcnkgMTk3MCBpbiBiYXNlNjQ="),
        b"R\0o\0e\0^\0M\0a\0r\0y\0",
    ),
    "private_block": (0x10, 0x11, 0x12),
    "private_vr": ("UN", "LO", "OB", "ZZ"),
    "item_syntax": ("", "", "implicit", "explicit", "big"),
    "item_begins": ("", "group length", "other group", "other length"),
    "item_charset": (None, b"ISO_IR 192", b"ISO_IR 100"),
    "item_text": (b"\xe9t\xe9 ", b"\xc3\xa9", b"e\\e "),
    "item_creators": ((), ((0x10, b"ACME"),), ((0x10, b""), (0x11, b"ACME")), ((0x10, b"ACME"), (0x13, b"ACME"))),
    "items": (0, 1, 2),
    "undefined": (False, True),
    "representation": (b"\0\0", b"\1\0", b"\0\1"),
    "pixels": ("native", "lower case", "fragments", "zeros", "item delimiter", "absent padding", "uncounted padding"),
    "pixel_bytes": (0, 64, 66, 70_000),
    "tail": (b"", b"behind", b"other "),
    "after": (b"", b"", b"\0", b"\0\0\0", bytes(16), b"\r\n", TEXT, b"\1\2\3"),
    "is_unordered": (False, False, False, True),
    "cut_bytes": (0, 0, 0, 3, 40, 200),
}
ENCODINGS = {"implicit": IMPLICIT, "explicit": EXPLICIT, "big": BIG}


def write_element(encoding: Encoding, tag: int, vr: str, value: bytes) -> Part:
    """Return an element; a value that is too long for its VR is one of UT."""
    if encoding.explicit and len(value) > 0xFFFF:
        return encoding.element(tag, "UT", value)
    return encoding.element(tag, vr, value)


def make_item(content: Content, around: Encoding) -> Part:
    """Return an item of (0008,1140), which may have an encoding of its own."""
    encoding = ENCODINGS.get(content.item_syntax, around)
    other = replace(encoding, big_endian=not encoding.big_endian)
    parts = [
        write_element(encoding, 0x00081155, "UI", b"1.2.3.7\0"),
        write_element(encoding, 0x00081160, "LO", content.item_text),
        *(write_element(encoding, 0x00290000 + number, "LO", text) for number, text in content.item_creators),
    ]
    if content.item_creators:
        parts.append(write_element(encoding, 0x00291101, "LO", b"hidden"))
    if content.item_charset is not None:
        parts.insert(0, write_element(encoding, 0x00080005, "CS", content.item_charset))
    if content.item_begins == "group length":
        parts.insert(0, encoding.element(0x00080000, "UL", encoding.number(4, 4)))
    elif content.item_begins == "other group":  # the bytes of the tag in the other byte order
        parts.insert(0, raw(other.tag(0x00080000) + encoding.element(0, "UL", bytes(4)).data[4:]))
    elif content.item_begins == "other length":  # all of it in the other byte order
        parts.insert(0, raw(other.element(0x00080000, "UL", bytes(4)).data))
    return around.item(*parts, undefined=content.undefined)


def _fragments_of_elements(content: Content, encoding: Encoding) -> Part:
    inner = replace(IMPLICIT, big_endian=encoding.big_endian) if content.undefined else encoding
    nested = repair_cases.nested(encoding, content.private_vr, inner, undefined=content.items == 2)
    return raw(encoding.tag(0x00111001) + nested.data[4:])


def _fragments_of_bytes(content: Content, encoding: Encoding) -> Part:
    pieces = b"".join(repair_cases.fragment(encoding, piece) for piece in (b"", content.item_text, TEXT))
    return raw(encoding.head(0x00189ABC, "OB", UNDEFINED) + pieces + encoding.delimiter(SEQUENCE_DELIMITER))


def _short_container(content: Content, encoding: Encoding) -> Part:
    item = encoding.item(encoding.fragments(PIXELS, "OB", content.item_text, TEXT))
    short = encoding.head(ITEM, "", len(item.data) - 32) + item.data[8:]
    return encoding.sequence(0x00101002, raw(short), length=len(short) - 24)


def _un_sequence(content: Content, encoding: Encoding, tail: bytes = b"") -> Part:
    item = IMPLICIT.item(IMPLICIT.element(0x00080100, "SH", b"T-1 ")).data
    return encoding.element(0x00101002, "UN", item * content.items + tail)


def _no_delimiter(content: Content, encoding: Encoding) -> Part:
    item = encoding.item(encoding.element(0x00080100, "SH", b"T-1 "), undefined=content.undefined)
    return encoding.sequence(0x00101002, *[item] * content.items, undefined=True, closed=False)


def _comment(encoding: Encoding, vr: str, value: bytes, *, long_form: bool = False) -> Part:
    return encoding.element(0x00104000, vr, value, long_form=long_form)


# Elements between (0010,0010) and (0020,000E) that are read by rules of their own, where the encoding has VRs.
ODD_ELEMENTS: dict[str, Callable[[Content, Encoding], Part]] = {
    "": lambda content, encoding: Part(),
    "lower case": lambda content, encoding: _comment(encoding, "lt", content.item_text),
    "lower case long": lambda content, encoding: _comment(encoding, "lt", content.item_text, long_form=True),
    "unknown VR": lambda content, encoding: _comment(encoding, "ZZ", content.item_text, long_form=content.undefined),
    "no VR": lambda content, encoding: _comment(replace(encoding, explicit=False), "LT", content.item_text),
    # 0x6f6c is "lo".
    "length of letters": lambda content, encoding: _comment(replace(encoding, explicit=False), "LT", b"A" * 0x6F6C),
    "text under SQ": lambda content, encoding: encoding.element(0x00101002, "SQ", content.item_text * 3),
    "fragments of elements": _fragments_of_elements,
    "fragments of bytes": _fragments_of_bytes,
    "no delimiter": _no_delimiter,
    "short container": _short_container,
    "UN sequence": _un_sequence,
    "no UN sequence": lambda content, encoding: _un_sequence(content, encoding, b"\0" * 9),
}
CHOICES["odd_element"] = tuple(ODD_ELEMENTS)


def make_pixels(content: Content, encoding: Encoding) -> Part:
    """Return Pixel Data, or fragments that end in an odd way."""
    table, piece = repair_cases.fragment(encoding, b""), repair_cases.fragment(encoding, b"\1\2\3\4")
    delimiter = encoding.delimiter(SEQUENCE_DELIMITER)
    ways = {
        "fragments": table + piece + delimiter,
        "zeros": table + piece + bytes(8),
        "item delimiter": table + piece + encoding.delimiter(ITEM_DELIMITER),
        "absent padding": table + repair_cases.fragment(encoding, b"\1\2\3", 4) + piece + delimiter,
        "uncounted padding": table + repair_cases.fragment(encoding, b"\1\2\3\0", 3) + piece + delimiter,
    }
    if content.pixels in ways:
        return raw(encoding.head(PIXELS, "OB", UNDEFINED) + ways[content.pixels])
    vr = "ox" if content.pixels == "lower case" else "OW"
    return encoding.element(PIXELS, vr, bytes(content.pixel_bytes), long_form=True)


def make_data_set(content: Content, encoding: Encoding) -> Part:
    """Return the data set of a file."""

    def element(tag: int, vr: str, value: bytes) -> Part:
        return write_element(encoding, tag, vr, value)

    items = [make_item(content, encoding)] * content.items
    block = content.private_block << 8
    parts = [
        element(0x00080005, "CS", content.charset),
        element(0x00080008, "CS", content.kind),
        element(0x00080020, "DA", content.date),
        element(0x00080060, "CS" if content.equipment_vr == "LO" else content.equipment_vr, content.modality),
        element(0x00080070, content.equipment_vr, content.manufacturer),
        element(0x0008103E, content.description_vr, content.description),
        element(0x00081090, content.equipment_vr, content.model),
        encoding.sequence(0x00081140, *items, undefined=content.undefined),
        *(element(0x00090000 + number, "LO", text) for number, text in content.creators),
        element(0x00090000 + block + 1, content.private_vr, content.private),
        element(0x00090000 + block + 2, "DS", content.thickness),
        element(0x00100010, "PN", content.name),
        element(0x00100020, "LO", content.patient),
        *([element(0x00100021, "LO", content.issuer)] if content.issuer else []),
        ODD_ELEMENTS[content.odd_element if encoding.explicit else ""](content, encoding),
        element(0x00180050, "DS", content.thickness),
        element(0x00181020, content.equipment_vr, content.software),
        element(0x0020000E, "UI", uid_value(content.series)),
        element(0x00280103, "US", content.representation),
        element(0x00280106, "US", b"\0\1"),
        make_pixels(content, encoding),
    ]
    if content.tail:
        parts.append(element(0xFFFCFFFC, "LO", content.tail))
    if content.is_unordered:
        parts.append(parts.pop(8))
        parts.append(element(0x00280103, "US", b"\1\0"))
    parts.append(raw(content.after))
    return join(parts)


def write_file(content: Content) -> Written:
    """Return the whole file, not cut."""
    syntax, preamble = content.syntax, content.preamble
    if syntax in ("deflated", "zlib", "gzip"):
        data_set = make_data_set(content, EXPLICIT)
        squeezed = {"zlib": zlib.compress(data_set.data), "gzip": gzip.compress(data_set.data, mtime=0)}
        return deflated(data_set, squeezed=squeezed.get(syntax))
    encoding = {"implicit": IMPLICIT, "other VR": IMPLICIT, "big": BIG, "other order": BIG}.get(syntax, EXPLICIT)
    data_set = make_data_set(content, encoding)
    match syntax:
        case "bare":
            return bare(data_set)
        case "no meta":
            return part10(data_set, None, meta=Part(), preamble=preamble)
        case "no UID":
            return part10(data_set, None, meta=file_meta(None), preamble=preamble)
    uids = {"not deflated": DEFLATED_UID, "unknown UID": "1.2.3.4", "explicit": UID_OF[EXPLICIT]}
    uids |= {"other VR": UID_OF[EXPLICIT], "other order": UID_OF[EXPLICIT]}
    return part10(data_set, uids.get(syntax, UID_OF[encoding]), preamble=preamble)


def make_file(content: Content) -> bytes:
    """Return the bytes of a file, without those that are cut off."""
    data = write_file(content).data
    return data[: len(data) - content.cut_bytes]


def change(content: Content, numbers: random.Random, names: Sequence[str] = tuple(CHOICES)) -> Content:
    """Return the content with another value in one of these places; it may be the same again."""
    name = numbers.choice(names)
    return replace(content, **{name: numbers.choice(CHOICES[name])})  # type: ignore[arg-type]


def make_run(numbers: random.Random, length: int) -> list[bytes]:
    """Return files that mostly repeat the previous one except for one or two values, in a few places of the run."""
    content = replace(USUAL, equipment_vr=numbers.choice(CHOICES["equipment_vr"]))  # type: ignore[arg-type]
    for _ in range(numbers.randrange(4)):
        content = change(content, numbers)
    names = numbers.sample(list(CHOICES), numbers.choice((1, 2, 3, len(CHOICES))))
    run = [content]
    while len(run) < length:
        if numbers.random() < 0.65:
            content = change(content, numbers, names)
        elif len(run) > 1 and numbers.random() < 0.4:
            content = run[-2]
        run.append(content)
    return [make_file(content) for content in run]


@functools.cache
def file_of_many_charsets() -> bytes:
    """Return a file whose items have more Specific Character Sets than 16 bits can number."""
    items = [
        EXPLICIT.head(ITEM, "", 16) + EXPLICIT.head(0x00080005, "CS", 8) + b"X%07d" % number
        for number in range(CHARSETS)
    ]
    content = b"".join(items)
    sequence = EXPLICIT.head(0x00081140, "SQ", len(content)) + content
    return part10(EXPLICIT.element(0x00080060, "CS", b"MR") + raw(sequence), UID_OF[EXPLICIT]).data

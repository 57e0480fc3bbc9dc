"""Written files for the scanners of python-gdcm and tagsniff, with the tags to request.

For: test_gdcm.py, which scans each file with both. A case with different results has a reason.
Never: a difference without a reason.
Standard: PS3.5 sections 6.2, 7.1, 7.3, 7.5 and A.4 and PS3.10 section 7, edition 2026b.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from dicom_bytes import (
    BIG,
    EXPLICIT,
    EXPLICIT_BIG_UID,
    EXPLICIT_LITTLE_UID,
    IMPLICIT,
    IMPLICIT_LITTLE_UID,
    ITEM_DELIMITER,
    JPEG_BASELINE_UID,
    UID_OF,
    Encoding,
    Part,
    bare,
    deflated,
    join,
    part10,
    raw,
)

# Elements with several meanings in the dictionary (PS3.6): US or SS by Pixel Representation.
PIXEL_REPRESENTATION, SMALLEST_PIXEL = 0x00280103, 0x00280106
ROWS, COLUMNS = 0x00280010, 0x00280011
PIXEL_DATA, TRAILING_PADDING = 0x7FE00010, 0xFFFCFFFC


@dataclass(frozen=True)
class ScannerCase:
    """A file and the tags to request; ``reason`` explains different results, and is empty if the results are equal."""

    name: str
    data: bytes
    tags: tuple[int, ...]
    reason: str = ""


def numbers(encoding: Encoding, letter: str, *values: float) -> bytes:
    """Return numbers in the byte order of the encoding."""
    return struct.pack(f"{'>' if encoding.big_endian else '<'}{len(values)}{letter}", *values)


def file_of(encoding: Encoding, *elements: tuple[int, str, bytes], uid: str | None = None) -> bytes:
    """Return a file with these elements."""
    data_set = join([encoding.element(*element) for element in elements])
    return part10(data_set, UID_OF[encoding] if uid is None else uid).data


def case_of(name: str, encoding: Encoding, *elements: tuple[int, str, bytes], reason: str = "") -> ScannerCase:
    """Return a case that requests all its elements."""
    tags = tuple(dict.fromkeys(tag for tag, _, _ in elements))
    return ScannerCase(f"{name}, {encoding.name}", file_of(encoding, *elements), tags, reason)


def cases_of_values(encoding: Encoding) -> Iterator[ScannerCase]:
    """Values of every kind."""
    yield case_of(
        "texts",
        encoding,
        (0x00080060, "CS", b"CT\0\0"),
        (0x00080070, "LO", b" a\\b  "),
        (0x00080080, "LO", b"x\0yz"),
        (0x00081030, "LO", b"M\xfcller"),
        (0x0008103E, "LO", b""),
        (0x00100010, "PN", "Ä^B=Ω".encode() + b" "),
        (0x00100020, "LO", b"\xc3\xff\xed\xa0\x80\0"),
        (0x00180050, "DS", b"1.0 \\2"),
        (0x00200013, "IS", b" 12 "),
        (0x00204000, "LT", b"a\\b\0"),
    )
    yield case_of(
        "numbers",
        encoding,
        (0x00186016, "UL", numbers(encoding, "I", 70_000, 4_294_967_295)),
        (0x00186020, "SL", numbers(encoding, "i", -5, 5)),
        (0x00189219, "SS", numbers(encoding, "h", -2, 2)),
        (0x00189352, "FL", numbers(encoding, "f", 0.1, -1.5, 16_777_216)),
        (0x00280009, "AT", encoding.tag(0x00180010) + encoding.tag(0x7FE0ABCD)),
        (ROWS, "US", numbers(encoding, "H", 65_535)),
        (COLUMNS, "US", numbers(encoding, "H", 1, 2, 3)),
    )
    floats = (0.1, 1 / 3, 1e5, 123_456.7, 1e6, 123_456_789, 1e-4, 1e-5, 1e300, -0.0, math.inf, -math.inf, math.nan)
    yield case_of(
        "floats",
        encoding,
        (0x00189310, "FD", numbers(encoding, "d", *floats)),
        (0x00189313, "FD", numbers(encoding, "Q", 0xFFF8000000000000)),
        (0x00189352, "FL", numbers(encoding, "I", 0xFFC00000, 0x7FC00000, 0x00000001)),
    )
    yield case_of(
        "lengths that do not fit",
        encoding,
        (0x00186016, "UL", bytes(6)),
        (0x00189310, "FD", bytes(12)),
        (0x00280009, "AT", bytes(6)),
        (ROWS, "US", b"\1\2\3"),
        (COLUMNS, "US", b"\1"),
    )
    yield case_of(
        "empty values",
        encoding,
        (0x00100010, "PN", b""),
        (0x00186016, "UL", b""),
        (0x00189310, "FD", b""),
        (0x00280009, "AT", b""),
        (0x00400555, "SQ", b""),
        (PIXEL_DATA, "OW", b""),
    )
    yield case_of(
        "long values",
        encoding,
        (0x00104000, "LT", b"a" * 65_534),
        (0x0040A160, "UT", b"b" * 200_000),
        (0x00660016, "OF", numbers(encoding, "f", *range(40_000))),
        (PIXEL_DATA, "OW", bytes(3 << 20)),
    )
    for signed in (0, 1):
        yield case_of(
            f"Pixel Representation {signed}",
            encoding,
            (0x00280100, "US", numbers(encoding, "H", 16)),
            (PIXEL_REPRESENTATION, "US", numbers(encoding, "H", signed)),
            (SMALLEST_PIXEL, "SS" if signed else "US", numbers(encoding, "H", 65_534)),
            (0x00281101, "SS" if signed else "US", numbers(encoding, "H", 65_534, 0, 16)),
            (0x00281201, "OW", bytes(6)),
        )


def cases_of_structure(encoding: Encoding) -> Iterator[ScannerCase]:
    """Elements at different places, after and inside different elements."""
    item = encoding.item(encoding.element(0x00080100, "SH", b"x "))
    sequences = {0x00081140: encoding.sequence(0x00081140, item), 0x00400275: encoding.sequence(0x00400275)}
    sequences[0x00082112] = encoding.sequence(0x00082112, item, undefined=True)
    sequences[0x00400555] = encoding.sequence(0x00400555, undefined=True)
    data_set = join([sequences[tag] for tag in sorted(sequences)])
    yield ScannerCase(f"sequences, {encoding.name}", part10(data_set, UID_OF[encoding]).data, (*sequences, 0x00080100))
    yield case_of(
        "a tag twice",
        encoding,
        (0x00080060, "CS", b"CT"),
        (0x00080060, "CS", b"MR"),
        (0x00180050, "DS", b"1.5 "),
    )
    yield case_of(
        "group lengths, private creators, repeating groups",
        encoding,
        (0x00080000, "UL", numbers(encoding, "I", 10)),
        (0x00080060, "CS", b"CT"),
        (0x00090000, "UL", numbers(encoding, "I", 20)),
        (0x00090010, "LO", b"ACME 1  "),
        (0x00090011, "LO", b"Acme\\2"),
        (0x60020010, "US", numbers(encoding, "H", 3)),
    )
    yield case_of(
        "after Pixel Data",
        encoding,
        (0x00080060, "CS", b"CT"),
        (PIXEL_DATA, "OW", b"12"),
        (0x7FE10010, "LO", b"ACME"),
        (TRAILING_PADDING, "OB", b"12"),
    )
    meta = (0x00020000, 0x00020001, 0x00020002, 0x00020010, 0x00020013)
    with_meta = file_of(encoding, (0x00080060, "CS", b"CT"))
    yield ScannerCase(f"file meta information, {encoding.name}", with_meta, (*meta, 0x00080060))
    data_set = encoding.element(0x00080005, "CS", b"ISO_IR 100") + encoding.element(0x00080060, "CS", b"CT")
    yield ScannerCase(f"a data set and nothing else, {encoding.name}", bare(data_set).data, (0x00080060, 0x00020010))
    without = part10(data_set, UID_OF[encoding], preamble=None).data
    yield ScannerCase(f"no preamble, {encoding.name}", without, (0x00080060, 0x00020010))
    cut = data_set + encoding.element(0x00100020, "LO", b"xx", length=200)
    cut_file = part10(cut, UID_OF[encoding]).data
    yield ScannerCase(f"truncated after the requested elements, {encoding.name}", cut_file, (0x00080060,))
    yield ScannerCase(f"truncated in the requested elements, {encoding.name}", cut_file, (0x00080060, 0x00100020))
    yield ScannerCase(f"truncated before the requested elements, {encoding.name}", cut_file, (0x00080060, 0x00200013))
    yield ScannerCase(f"no data set, {encoding.name}", part10(Part(), UID_OF[encoding]).data, (0x00020010,))


def cases_of_vrs(encoding: Encoding) -> Iterator[ScannerCase]:
    """VRs that differ from the dictionary, including UN."""
    yield case_of(
        "UN",
        encoding,
        (0x00080060, "UN", b"CT\0\0"),
        (0x00180050, "UN", b"1.5 "),
        (0x00189310, "UN", struct.pack("<d", 2.5)),
        (0x00280009, "UN", struct.pack("<2H", 0x0018, 0x0010)),
        (ROWS, "UN", struct.pack("<H", 5)),
        (PIXEL_REPRESENTATION, "US", numbers(encoding, "H", 1)),
        (SMALLEST_PIXEL, "UN", struct.pack("<H", 65_534)),
        (0x00281201, "UN", bytes(6)),
        (0x00400555, "UN", b"abcd"),
    )
    yield case_of(
        "UN and no Pixel Representation", encoding, (ROWS, "UN", b"\5\0"), (SMALLEST_PIXEL, "UN", b"\xfe\xff")
    )
    yield case_of(
        "UN of a group length and a private creator",
        encoding,
        (0x00090000, "UN", b"\5\0\0\0"),
        (0x00090010, "UN", b"ACME"),
    )
    yield case_of(
        "other VRs",
        encoding,
        (0x00080060, "US", numbers(encoding, "H", 17)),
        (0x00100020, "FD", numbers(encoding, "d", 1.5)),
        (0x00100040, "OB", b"ab"),
        (ROWS, "LO", b"ab"),
        (COLUMNS, "OW", b"ab"),
        (0x00280030, "UC", b"a\\b "),
        (0x00280034, "UR", b"http://x"),
        (0x00281050, "UT", b"a\\b "),
    )
    for vr in ("OD", "OL", "OV", "SV", "UV"):
        yield case_of(
            vr, encoding, (ROWS, vr, bytes(8)), reason="GDCM ends the process at a VR for which it has no text"
        )
    yield case_of(
        "a look-up table as numbers",
        encoding,
        (0x00281201, "US", numbers(encoding, "H", 1, 2)),
        (0x00283006, "US", numbers(encoding, "H", 3)),
        reason="tagsniff keeps only the length of such samples and gives no text, as GDCM does with VR OW",
    )
    yield case_of(
        "letters that are not a VR",
        encoding,
        (0x00080060, "CS", b"CT"),
        (0x00100020, "ZZ", b"abcd"),
        reason="GDCM does not read files with them",
    )


def cases_of_difference(encoding: Encoding) -> Iterator[ScannerCase]:
    """Cases with different results in every encoding."""
    uid = UID_OF[encoding]
    not_in_order = ((0x00180050, "DS", b"1 "), (0x00080060, "CS", b"MR"), (0x00180060, "DS", b"2 "))
    yield ScannerCase(
        f"not in order, {encoding.name}",
        file_of(encoding, *not_in_order),
        (0x00180050, 0x00080060),
        "GDCM stops at the first tag that is not below all requested ones, tagsniff at the first above them",
    )
    yield ScannerCase(
        f"an unknown Transfer Syntax UID, {encoding.name}",
        file_of(encoding, (0x00080060, "CS", b"CT"), uid="1.2.3.4"),
        (0x00080060,),
        "GDCM does not read files with one",
    )
    other = EXPLICIT_LITTLE_UID if encoding is not EXPLICIT else IMPLICIT_LITTLE_UID
    yield ScannerCase(
        f"another Transfer Syntax UID, {encoding.name}",
        file_of(encoding, (0x00080060, "CS", b"CT"), (0x00100020, "LO", b"ab"), uid=other),
        (0x00080060, 0x00100020),
        "tagsniff detects that the data set has another encoding",
    )
    modality = encoding.element(0x00080060, "CS", b"CT")
    patient_id = encoding.element(0x00100020, "LO", b"ab")
    yield ScannerCase(
        f"a stray delimitation item, {encoding.name}",
        part10(modality + raw(encoding.delimiter(ITEM_DELIMITER)) + patient_id, uid).data,
        (0x00080060, 0x00100020),
        "GDCM ends the data set there, or does not read the file",
    )


def cases_of_one_encoding() -> Iterator[ScannerCase]:
    """Cases for one encoding only, or with different results in only one."""
    modality = (0x00080060, "CS", b"CT")
    fragments = EXPLICIT.element(*modality) + EXPLICIT.fragments(PIXEL_DATA, "OB", b"1234")
    after = EXPLICIT.element(TRAILING_PADDING, "OB", b"ab")
    cut = EXPLICIT.element(*modality) + EXPLICIT.fragments(PIXEL_DATA, "OB", b"1234", closed=False)
    yield ScannerCase(
        "fragments without end",
        part10(cut, JPEG_BASELINE_UID).data,
        (0x00080060, PIXEL_DATA),
        "the file is truncated: a key would mean that it was read",
    )
    tags = (0x00080060, PIXEL_DATA, TRAILING_PADDING)
    yield ScannerCase("fragments", part10(fragments + after, JPEG_BASELINE_UID).data, tags)
    yield ScannerCase("deflated", deflated(EXPLICIT.element(*modality) + after).data, tags)
    yield ScannerCase("no file meta information, big endian", bare(BIG.element(*modality)).data, (0x00080060,))
    yield ScannerCase("an empty file", b"", (0x00080060,))
    yield ScannerCase("text", b"This is no DICOM file, however long it may be. " * 20, (0x00080060,))
    for encoding, uid in ((EXPLICIT, EXPLICIT_LITTLE_UID), (BIG, EXPLICIT_BIG_UID)):
        padded = part10(encoding.element(*modality) + raw(bytes(20)), uid).data
        yield ScannerCase(f"zero bytes after the last element, requested, {encoding.name}", padded, (0x00080060,))
        yield ScannerCase(
            f"zero bytes after the last element, {encoding.name}",
            padded,
            (0x00080060, 0x00100020),
            "GDCM does not read the file",
        )
    sequence = EXPLICIT.element(*modality) + EXPLICIT.sequence(
        0x00100020, IMPLICIT.item(IMPLICIT.element(0x00080100, "SH", b"x ")), vr="UN", undefined=True
    )
    yield ScannerCase(
        "a sequence under a tag for text",
        part10(sequence, EXPLICIT_LITTLE_UID).data,
        (0x00080060, 0x00100020),
        "GDCM ends the process",
    )
    yield case_of(
        "US or SS before Pixel Representation",
        IMPLICIT,
        (0x00221452, "US", b"\xfe\xff\0\0"),
        (PIXEL_REPRESENTATION, "US", b"\1\0"),
        reason="GDCM ends the process",
    )
    yield case_of(
        "Perimeter Value",
        IMPLICIT,
        (0x00280071, "US", b"\xfe\xff"),
        (PIXEL_REPRESENTATION, "US", b"\1\0"),
        reason="GDCM reads it as unsigned, whatever Pixel Representation is",
    )
    yield case_of(
        "Waveform Data in the root data set",
        IMPLICIT,
        (0x54001010, "OW", b"abcd"),
        reason="GDCM ends the process if Waveform Bits Allocated is absent",
    )
    yield case_of(
        "no item in a sequence",
        IMPLICIT,
        (0x00080060, "CS", b"CT"),
        (0x00400555, "SQ", b"abcd"),
    )


def list_cases() -> list[ScannerCase]:
    """Return all cases."""
    made: list[ScannerCase] = []
    for encoding in (EXPLICIT, BIG, IMPLICIT):
        made += [*cases_of_values(encoding), *cases_of_structure(encoding)]
        if encoding.explicit:
            made += cases_of_vrs(encoding)
        made += cases_of_difference(encoding)
    return [*made, *cases_of_one_encoding()]

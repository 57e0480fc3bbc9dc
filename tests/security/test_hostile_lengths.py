"""Wrong lengths, nesting without end, and random bytes.

For: input that no correct writer produces. Each is a status: never an exception, a crash or silence.
Never: a measurement of time. Quadratic work makes the suite run without end.
Standard: PS3.5 sections 7.1, 7.5 and A.4, edition 2026b.
"""

from __future__ import annotations

import random
import struct
import zlib

import pytest

import tagsniff
from dicom_bytes import (
    BIG,
    DEFLATED_UID,
    EXPLICIT,
    EXPLICIT_LITTLE_UID,
    IMPLICIT,
    ITEM,
    SEQUENCE_DELIMITER,
    UID_OF,
    UNDEFINED,
    Encoding,
    Part,
    file_meta,
    part10,
    raw,
)
from encoded_case import last, plain
from read_rows import paths
from tagsniff.status import Kind, Status

SEQUENCE = 0x0040A730
ENCODINGS = (IMPLICIT, EXPLICIT, BIG)

every_encoding = pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda encoding: encoding.name)


def nested(encoding: Encoding, depth: int, undefined: bool) -> bytes:
    """Return sequences in items, ``depth`` items deep, built from the inside out."""
    inside = bytearray()
    pieces_front: list[bytes] = []
    pieces_back: list[bytes] = []
    size = 0
    for _ in range(depth):
        if undefined:
            pieces_back += [encoding.delimiter(0xFFFEE00D), encoding.delimiter(SEQUENCE_DELIMITER)]
            pieces_front.append(encoding.head(SEQUENCE, "SQ", UNDEFINED) + encoding.head(ITEM, "", UNDEFINED))
        else:
            item = encoding.head(ITEM, "", size)
            sequence = encoding.head(SEQUENCE, "SQ", size + 8)
            pieces_front.append(sequence + item)
            size += len(sequence) + len(item)
    for piece in reversed(pieces_front):
        inside += piece
    return bytes(inside) + b"".join(pieces_back)


def read(encoding: Encoding, data_set: bytes | Part, **limits: int) -> tagsniff.Header:
    """Return the header of a file with this data set."""
    part = data_set if isinstance(data_set, Part) else raw(data_set)
    return tagsniff.read_header(part10(part, UID_OF[encoding]).data, **limits)


@every_encoding
@pytest.mark.parametrize("undefined", [True, False], ids=["undefined", "defined"])
def test_depth_limit(encoding: Encoding, undefined: bool) -> None:
    """128 nested items are read. 129 are a fault with its offset, after all earlier elements."""
    header = read(encoding, nested(encoding, 128, undefined) + last(encoding).data)
    assert header.status is Status.OK
    assert int(header.elements["depth"].max()) == 128
    assert paths(header)[-1] == "(0040,a075)"
    header = read(encoding, nested(encoding, 129, undefined) + last(encoding).data)
    assert header.status is Status.TOO_DEEP
    assert header.fault is not None
    assert int(header.elements["depth"].max()) == 128
    head = len(encoding.head(SEQUENCE, "SQ", 0)) + 8
    meta_end = len(part10(raw(b""), UID_OF[encoding]).data)
    place = meta_end + 128 * head
    # The fault is inside the sequence that is one level too deep, or inside its item.
    assert place <= header.fault.offset <= place + head


@every_encoding
@pytest.mark.parametrize("limit", [0, 1, 2, 500])
def test_depth_limit_of_the_caller(encoding: Encoding, limit: int) -> None:
    """The limit is the number of enclosing items that are still read."""
    assert read(encoding, nested(encoding, limit, True) + last(encoding).data, depth_limit=limit).status is Status.OK
    assert read(encoding, nested(encoding, limit + 1, True), depth_limit=limit).status is Status.TOO_DEEP


@every_encoding
@pytest.mark.parametrize("undefined", [True, False], ids=["undefined", "defined"])
def test_a_hundred_thousand_levels(encoding: Encoding, undefined: bool) -> None:
    """No crash, and no second read of earlier bytes."""
    data = nested(encoding, 100_000, undefined)
    assert read(encoding, data).status is Status.TOO_DEEP
    header = read(encoding, data, depth_limit=50_000)
    assert header.status is Status.TOO_DEEP
    # The records store the depth in 16 bits without sign, so this is the highest limit that a caller can set.
    try:
        header = read(encoding, data, depth_limit=65_535)
    except ValueError:
        return
    assert header.status is Status.TOO_DEEP


def test_deep_trial_of_private_sequences() -> None:
    """Private sequences of defined length in implicit VR: each is tried as a sequence; the tries must not multiply."""
    size = 0
    front: list[bytes] = []
    for _ in range(128):
        piece = IMPLICIT.head(0x00291010, "SQ", size + 8) + IMPLICIT.head(ITEM, "", size)
        front.append(piece)
        size += len(piece)
    good = b"".join(reversed(front))
    header = read(IMPLICIT, good)
    assert header.status is Status.OK
    assert int(header.elements["depth"].max()) == 128
    # The innermost item is broken, so every level is a plain value, and each level finds that by itself.
    size, front = 8, []
    for _ in range(120):
        piece = IMPLICIT.head(0x00291010, "SQ", size + 8) + IMPLICIT.head(ITEM, "", size)
        front.append(piece)
        size += len(piece)
    bad = b"".join(reversed(front)) + IMPLICIT.head(0x00290010, "LO", 0x7FFFFFF0)
    header = read(IMPLICIT, bad + last(IMPLICIT).data)
    assert header.status is Status.OK
    assert paths(header)[-1] == "(0040,a075)"
    assert header.elements["tag"].tolist().count(0x00291010) >= 1


@every_encoding
@pytest.mark.parametrize("undefined", [True, False], ids=["undefined", "defined"])
def test_a_million_empty_items(encoding: Encoding, undefined: bool) -> None:
    """There is a record for each item, and the elements after them are read."""
    count = 1_000_000
    one = encoding.head(ITEM, "", 0)
    if undefined:
        data = encoding.head(SEQUENCE, "SQ", UNDEFINED) + one * count + encoding.delimiter(SEQUENCE_DELIMITER)
    else:
        data = encoding.head(SEQUENCE, "SQ", 8 * count) + one * count
    header = read(encoding, data + encoding.element(0x00700084, "PN", b"Roe^J ").data)
    assert header.status is Status.OK
    tags = header.elements["tag"]
    assert int((tags == ITEM).sum()) == count
    assert int(tags[-1]) == 0x00700084


def fault(header: tagsniff.Header) -> tuple[str, int, int]:
    """Return the status, offset and tag of the fault, which must exist."""
    assert header.fault is not None
    assert header.fault.status is header.status
    assert header.status.kind is Kind.FAULT
    assert header.fault.offset is not None
    assert header.fault.tag is not None
    return header.status.name, header.fault.offset, header.fault.tag


@every_encoding
@pytest.mark.parametrize("length", [0x7FFFFFFE, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFE])
def test_length_beyond_the_file(encoding: Encoding, length: int) -> None:
    """A length that no file can have, also one that overflows 32 bits when the offset is added."""
    written = part10(plain(encoding) + encoding.element(0x00420011, "OB", b"abcd", length=length), UID_OF[encoding])
    header = tagsniff.read_header(written.data)
    assert fault(header) == ("TRUNCATED_VALUE", written.rows[-1].value_offset, 0x00420011)


@every_encoding
@pytest.mark.parametrize("length", [0x7FFFFFFE, 0xFFFFFFFE])
def test_sequence_length_beyond_the_file(encoding: Encoding, length: int) -> None:
    """The items that exist are read; then the file ends inside an open sequence."""
    sequence = encoding.sequence(0x00400275, encoding.item(plain(encoding)), length=length)
    written = part10(sequence, UID_OF[encoding])
    header = tagsniff.read_header(written.data)
    assert fault(header) == ("TRUNCATED_SEQUENCE", len(written.data), 0x00400275)
    assert paths(header) == [row.path for row in written.rows]


@every_encoding
@pytest.mark.parametrize("excess", [1, 2, 8, 0x1000, 0xFFFFFFC0 - 40, 0xFFFFFFFE - 40])
def test_item_beyond_its_sequence(encoding: Encoding, excess: int) -> None:
    """An item longer than the rest of its sequence is a fault at the item's value, although the bytes exist."""
    sequence = encoding.sequence(0x00400275, encoding.item(plain(encoding), length=40 + excess))
    after = encoding.element(0x00420011, "OB", bytes(0x2000))
    written = part10(sequence + after, UID_OF[encoding])
    row = next(row for row in written.rows if row.tag == ITEM)
    assert fault(tagsniff.read_header(written.data)) == ("LENGTH_BEYOND_PARENT", row.value_offset, ITEM)


@every_encoding
@pytest.mark.parametrize("excess", [2, 8, 0x1000])
def test_element_beyond_its_item(encoding: Encoding, excess: int) -> None:
    """An element longer than the rest of its item is a fault at its value, although the bytes exist."""
    element = encoding.element(0x00100010, "PN", b"Doe^Jane", length=8 + excess)
    sequence = encoding.sequence(0x00400275, encoding.item(element))
    written = part10(sequence + encoding.element(0x00420011, "OB", bytes(0x2000)), UID_OF[encoding])
    row = next(row for row in written.rows if row.tag == 0x00100010)
    assert fault(tagsniff.read_header(written.data)) == ("LENGTH_BEYOND_PARENT", row.value_offset, 0x00100010)


@pytest.mark.parametrize("excess", [1, 2, 8, 0x1000, 0xFFFFFF00])
def test_fragment_beyond_its_item(excess: int) -> None:
    """A fragment of an icon longer than the rest of the icon's item is a fault, although the bytes exist."""
    e = EXPLICIT
    delimiter = e.delimiter(SEQUENCE_DELIMITER)
    fragment = e.head(ITEM, "", 16 + len(delimiter) + excess) + bytes(16) + delimiter
    item = e.item(raw(e.head(0x7FE00010, "OB", UNDEFINED) + fragment))
    written = part10(e.sequence(0x00880200, item) + e.element(0x7FE00010, "OW", bytes(0x2000)), EXPLICIT_LITTLE_UID)
    row = next(row for row in written.rows if row.tag == ITEM)
    # After the item's header are 12 bytes of the element's header and 8 of the fragment's.
    assert fault(tagsniff.read_header(written.data)) == ("LENGTH_BEYOND_PARENT", row.value_offset + 20, ITEM)


@every_encoding
def test_sequence_beyond_its_item(encoding: Encoding) -> None:
    """The same for a sequence in an item."""
    inner = encoding.sequence(0x00081199, encoding.item(plain(encoding)), length=0x100)
    sequence = encoding.sequence(0x00400275, encoding.item(inner))
    written = part10(sequence + encoding.element(0x00420011, "OB", bytes(0x2000)), UID_OF[encoding])
    row = next(row for row in written.rows if row.tag == 0x00081199)
    assert fault(tagsniff.read_header(written.data)) == ("LENGTH_BEYOND_PARENT", row.value_offset, 0x00081199)


@every_encoding
def test_element_beyond_an_outer_parent(encoding: Encoding) -> None:
    """Undefined lengths in between do not hide the end of an outer container of defined length."""
    element = encoding.element(0x00100010, "PN", b"Doe^Jane", length=0x200)
    inner = encoding.sequence(0x00081199, encoding.item(element, undefined=True), undefined=True)
    sequence = encoding.sequence(0x00400275, encoding.item(inner, undefined=True))
    written = part10(sequence + encoding.element(0x00420011, "OB", bytes(0x2000)), UID_OF[encoding])
    row = next(row for row in written.rows if row.tag == 0x00100010)
    assert fault(tagsniff.read_header(written.data)) == ("LENGTH_BEYOND_PARENT", row.value_offset, 0x00100010)


@every_encoding
def test_header_across_the_end_of_its_item(encoding: Encoding) -> None:
    """Reading cannot continue after an item that ends inside an element header."""
    item = encoding.item(plain(encoding), length=40 - 16 + 4)
    written = part10(encoding.sequence(0x00400275, item) + last(encoding), UID_OF[encoding])
    header = tagsniff.read_header(written.data)
    assert header.status.kind is Kind.FAULT
    start = next(row for row in written.rows if row.tag == 0x00100010).start
    assert header.fault.offset in range(start, start + 13)


@every_encoding
def test_an_element_in_place_of_an_item(encoding: Encoding) -> None:
    """An element in the place of an item is a fault."""
    sequence = encoding.sequence(0x00400275, undefined=True, closed=False)
    stray = plain(encoding)
    written = part10(sequence + stray + raw(encoding.delimiter(SEQUENCE_DELIMITER)), UID_OF[encoding])
    header = tagsniff.read_header(written.data)
    assert header.status is Status.NOT_AN_ITEM
    assert header.fault.offset == written.rows[-3].start
    assert paths(header)[-1] == "(0040,0275)"


def test_an_element_in_place_of_a_fragment() -> None:
    """An element in the place of a fragment, and a fragment of undefined length, are faults."""
    e = EXPLICIT
    pixels = e.fragments(0x7FE00010, "OB", b"abcd", closed=False)
    for stray, place in ((plain(e).data, 0), (e.head(ITEM, "", UNDEFINED) + bytes(8), 0)):
        written = part10(pixels + raw(stray + e.delimiter(SEQUENCE_DELIMITER)), EXPLICIT_LITTLE_UID)
        header = tagsniff.read_header(written.data)
        assert header.status in (Status.NOT_A_FRAGMENT, Status.UNDEFINED_LENGTH_HERE), stray
        fragment_end = written.rows[-1].end + place
        assert header.fault.offset in (fragment_end, fragment_end + 8)


@pytest.mark.parametrize("vr", ["UT", "UC", "UR"])
@pytest.mark.parametrize("encoding", [EXPLICIT, BIG], ids=lambda encoding: encoding.name)
def test_undefined_length_of_text(encoding: Encoding, vr: str) -> None:
    """Text cannot have an undefined length (PS3.5 section 7.1.2)."""
    element = encoding.element(0x00290010, "LO", b"ACME") + encoding.element(
        0x00291010, vr, b"abcd" * 20, length=UNDEFINED
    )
    written = part10(element, UID_OF[encoding])
    status, offset, tag = fault(tagsniff.read_header(written.data))
    assert status == "UNDEFINED_LENGTH_HERE"
    assert offset in (written.rows[-1].start, written.rows[-1].value_offset)
    assert tag == 0x00291010


def test_undefined_length_of_known_text_in_implicit_vr() -> None:
    """The VR in the dictionary does not allow an undefined length either."""
    element = IMPLICIT.element(0x00100010, "PN", b"abcd" * 20, length=UNDEFINED)
    written = part10(element, UID_OF[IMPLICIT])
    status, _, tag = fault(tagsniff.read_header(written.data))
    assert status == "UNDEFINED_LENGTH_HERE"
    assert tag == 0x00100010


@every_encoding
@pytest.mark.parametrize("closed_item", [True, False])
def test_undefined_length_without_end(encoding: Encoding, closed_item: bool) -> None:
    """A missing delimitation item is a fault at the end of the file."""
    item = encoding.item(plain(encoding), undefined=True, closed=closed_item)
    written = part10(encoding.sequence(0x00400275, item, undefined=True, closed=False), UID_OF[encoding])
    header = tagsniff.read_header(written.data)
    assert fault(header) == ("TRUNCATED_SEQUENCE", len(written.data), 0x00400275)
    assert paths(header) == [row.path for row in written.rows]


def test_fragments_without_end() -> None:
    """The same for fragments."""
    written = part10(EXPLICIT.fragments(0x7FE00010, "OB", b"abcd", closed=False), EXPLICIT_LITTLE_UID)
    assert fault(tagsniff.read_header(written.data)) == ("TRUNCATED_FRAGMENTS", len(written.data), 0x7FE00010)


def test_fragment_beyond_the_file() -> None:
    """A fragment longer than the file, also with a length that overflows 32 bits."""
    for length in (100, 0x7FFFFFFE, 0xFFFFFFFE):
        pixels = EXPLICIT.head(0x7FE00010, "OB", UNDEFINED) + EXPLICIT.head(ITEM, "", length) + b"abcd"
        written = part10(raw(pixels), EXPLICIT_LITTLE_UID)
        assert fault(tagsniff.read_header(written.data)) == ("TRUNCATED_FRAGMENTS", len(written.data), 0x7FE00010)


def test_lengths_that_overflow_when_added() -> None:
    """Items whose lengths overflow 32 bits when they are added end at their real ends, or are a fault."""
    half = IMPLICIT.head(ITEM, "", 0x80000000)
    value = half + half
    sequence = IMPLICIT.head(0x00400275, "SQ", len(value)) + value
    header = read(IMPLICIT, sequence + last(IMPLICIT).data)
    assert header.status is Status.LENGTH_BEYOND_PARENT
    # The same bytes under an unknown tag are a plain value, because they are not a sequence.
    unknown = IMPLICIT.head(0x00291010, "UN", len(value)) + value
    header = read(IMPLICIT, unknown + last(IMPLICIT).data)
    assert header.status is Status.OK
    assert paths(header)[-2:] == ["(0029,1010)", "(0040,a075)"]


def test_deflate_bomb_is_skipped_in_pieces() -> None:
    """A gigabyte of zeros in a megabyte of deflated bytes is skipped in pieces."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    head = EXPLICIT.head(0x00420011, "OB", 1 << 30)
    parts = [squeeze.compress(plain(EXPLICIT).data + head)]
    mebibyte = bytes(1 << 20)
    parts += [squeeze.compress(mebibyte) for _ in range(1 << 10)]
    parts += [squeeze.compress(EXPLICIT.element(0x00700084, "PN", b"Roe^J ").data), squeeze.flush()]
    body = b"".join(parts)
    data = bytes(128) + b"DICM" + file_meta(DEFLATED_UID).data + body + b"\0" * (len(body) % 2)
    header = tagsniff.read_header(data)
    assert header.status is Status.OK
    assert int(header.elements["tag"][-1]) == 0x00700084
    assert int(header.elements["end_offset"][-1]) > 1 << 30


@pytest.mark.parametrize("seed", range(40))
def test_random_bytes(seed: int) -> None:
    """Random bytes give a status, whatever precedes them."""
    rng = random.Random(seed)
    fronts = [b"", bytes(128) + b"DICM"]
    fronts += [part10(plain(encoding), UID_OF[encoding]).data for encoding in ENCODINGS]
    for front in fronts:
        for size in (1, 8, 100, 5000):
            header = tagsniff.read_header(front + rng.randbytes(size))
            assert isinstance(header.status, Status)
            check_records(header, len(front) + size)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes(seed: int) -> None:
    """Some changed bytes in a good file give a status, and the records stay within the file."""
    rng = random.Random(1000 + seed)
    for encoding in ENCODINGS:
        inner = encoding.sequence(0x00081199, encoding.item(plain(encoding), undefined=True), undefined=True)
        sequence = encoding.sequence(0x00400275, encoding.item(inner, plain(encoding)), encoding.item())
        data = part10(plain(encoding) + sequence + last(encoding), UID_OF[encoding]).data
        for _ in range(50):
            damaged = bytearray(data)
            for _ in range(rng.randrange(1, 6)):
                damaged[rng.randrange(132, len(data))] = rng.choice([0, 0xFF, 0xFE, 0xE0, rng.randrange(256)])
            check_records(tagsniff.read_header(bytes(damaged)), len(data))


@pytest.mark.parametrize("seed", range(20))
def test_random_elements(seed: int) -> None:
    """Well-formed element headers with random tags and lengths reach deeper than random bytes do."""
    rng = random.Random(2000 + seed)
    for encoding in ENCODINGS:
        tags = [ITEM, SEQUENCE_DELIMITER, 0xFFFEE00D, 0x7FE00010, 0x00081140, 0x00291010, 0x00290010, 0x00080060]
        lengths = [0, 2, 4, 8, 100, 0xFFFF, UNDEFINED, UNDEFINED, UNDEFINED - 1]
        vrs = ["SQ", "OB", "UN", "LO", "OW", "UT", "ZZ"]
        pieces = []
        for _ in range(200):
            vr = rng.choice(vrs)
            length = rng.choice(lengths)
            is_short = encoding.explicit and vr in ("LO", "ZZ")
            pieces.append(encoding.head(rng.choice(tags), vr, length & 0xFFFF if is_short else length))
        data = part10(plain(encoding) + raw(b"".join(pieces)), UID_OF[encoding]).data
        check_records(tagsniff.read_header(data), len(data))


def check_records(header: tagsniff.Header, size: int) -> None:
    """Check that the records point into the file and that each of their values can be requested."""
    elements = header.elements
    found = paths(header)
    assert len(found) == len(elements)
    for index in range(len(elements)):
        assert int(elements["value_offset"][index]) <= size
        assert int(elements["creator"][index]) < len(elements)
        assert isinstance(header.identity(index), str)
        assert len(header.value(index)) <= size
        header.creator(index)
    if header.status is not Status.OK:
        assert header.fault is not None
        assert header.fault.offset is None or header.fault.offset <= size


def test_no_exception_for_short_files() -> None:
    """All files of one byte, and all files of two bytes of some kinds."""
    for value in range(256):
        assert tagsniff.read_header(bytes([value])).status is Status.NOT_DICOM
    for first, second in [(0, 0), (8, 0), (0, 8), (2, 0), (0xFE, 0xFF), (0xFF, 0xFE)]:
        assert tagsniff.read_header(bytes([first, second])).status is Status.NOT_DICOM
    assert tagsniff.read_header(b"").status is Status.EMPTY_FILE


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(200),
        b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(300),
        b"PK\x03\x04" + bytes(range(200)),
        b"%PDF-1.7\n" + b"x" * 400,
        b"Patient: Doe^Jane\n" * 40,
        bytes(4096),
        b"\xff" * 4096,
        b'{"a": 1}' * 50,
        b"\x1f\x8b\x08\0" + bytes(100),
        b"RIFF" + struct.pack("<I", 4000) + b"WAVEfmt " + bytes(4000),
        b"\x7fELF\x02\x01\x01" + bytes(500),
        b"SIMPLE  =                    T" + b" " * 2850,
        struct.pack("<I", 348) + bytes(344),
    ],
    ids=["png", "jpeg", "zip", "pdf", "text", "zeros", "ones", "json", "gzip", "wave", "elf", "fits", "nifti"],
)
def test_other_formats(data: bytes) -> None:
    """Files of other formats are excluded; compressed files and archives are faults, because they may hold DICOM."""
    header = tagsniff.read_header(data)
    is_compressed = data.startswith((b"PK", b"\x1f\x8b"))
    assert header.status is (Status.COMPRESSED if is_compressed else Status.NOT_DICOM)
    assert len(header.elements) == 0

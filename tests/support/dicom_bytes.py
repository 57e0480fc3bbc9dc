"""Writes DICOM bytes, valid and invalid, and records what was written and where.

For: tests that need a data set in which every offset is known before any reader has seen it.
Never: code of the parser or of pydicom, or a value or length that is silently corrected.
Standard: PS3.5 sections 7.1 to 7.5, 6.2.2, A.4 and A.5, PS3.10 section 7, edition 2026b.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

UNDEFINED = 0xFFFFFFFF
ITEM = 0xFFFEE000
ITEM_DELIMITER = 0xFFFEE00D
SEQUENCE_DELIMITER = 0xFFFEE0DD

IMPLICIT_LITTLE_UID = "1.2.840.10008.1.2"
EXPLICIT_LITTLE_UID = "1.2.840.10008.1.2.1"
DEFLATED_UID = "1.2.840.10008.1.2.1.99"
EXPLICIT_BIG_UID = "1.2.840.10008.1.2.2"
JPEG_BASELINE_UID = "1.2.840.10008.1.2.4.50"

# PS3.5 table 7.1-1: these have two reserved bytes and a 32-bit length, all others have a 16-bit length.
LONG_FORM_VRS = frozenset(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"])
SHORT_FORM_VRS = frozenset("AE,AS,AT,CS,DA,DS,DT,FD,FL,IS,LO,LT,PN,SH,SL,SS,ST,TM,UI,UL,US".split(","))  # noqa: SIM905


def tag_text(tag: int) -> str:
    """Return the tag as the standard prints it."""
    return f"({tag >> 16:04x},{tag & 0xFFFF:04x})"


@dataclass(frozen=True)
class Row:
    """One data element or item that was written; offsets count from the start of the part that contains it.

    ``holds`` is what a reader finds in the value field: "value", "items", "elements" or "fragments".
    ``all_or_nothing`` marks a sequence that can be recognized only when the whole value field was seen.
    """

    path: str
    tag: int
    vr: str
    length: int
    start: int
    value_offset: int
    end: int
    holds: str
    parent: int = -1
    depth: int = 0
    all_or_nothing: bool = False

    def moved(self, distance: int, first_row: int) -> Row:
        """Return the same row for a part that starts ``distance`` bytes and ``first_row`` rows earlier."""
        parent = self.parent if self.parent < 0 else self.parent + first_row
        return replace(
            self,
            start=self.start + distance,
            value_offset=self.value_offset + distance,
            end=self.end + distance,
            parent=parent,
        )


@dataclass(frozen=True)
class Part:
    """Bytes, and the rows that a reader must find in them."""

    data: bytes = b""
    rows: tuple[Row, ...] = ()

    def __add__(self, other: Part) -> Part:
        moved = tuple(row.moved(len(self.data), len(self.rows)) for row in other.rows)
        return Part(self.data + other.data, self.rows + moved)

    def unread(self) -> Part:
        """Return the same bytes, none of which a reader may report as an element (padding, stray delimiters)."""
        return Part(self.data)


def join(parts: tuple[Part, ...] | list[Part]) -> Part:
    """Concatenate the parts in one pass, so that a million of them stay cheap."""
    rows: list[Row] = []
    pieces: list[bytes] = []
    length = 0
    for part in parts:
        count = len(rows)
        rows.extend(row.moved(length, count) for row in part.rows)
        pieces.append(part.data)
        length += len(part.data)
    return Part(b"".join(pieces), tuple(rows))


def raw(data: bytes) -> Part:
    """Return bytes that no reader reports as an element."""
    return Part(data)


@dataclass(frozen=True)
class Encoding:
    """One way to write data elements: with or without VR, little or big endian."""

    name: str
    explicit: bool
    big_endian: bool = False

    def number(self, value: int, size: int) -> bytes:
        """Return an unsigned integer of ``size`` bytes in this byte order."""
        return value.to_bytes(size, "big" if self.big_endian else "little")

    def tag(self, tag: int) -> bytes:
        """Return group and element number, each in this byte order."""
        return self.number(tag >> 16, 2) + self.number(tag & 0xFFFF, 2)

    def head(
        self, tag: int, vr: str, length: int, *, long_form: bool | None = None, reserved: bytes = b"\0\0"
    ) -> bytes:
        """Return tag, VR (if this encoding writes one) and value length; items and delimiters never have a VR."""
        if not self.explicit or tag >> 16 == 0xFFFE:
            return self.tag(tag) + self.number(length, 4)
        if long_form is None:
            long_form = vr in LONG_FORM_VRS
        if long_form:
            return self.tag(tag) + vr.encode("latin-1") + reserved + self.number(length, 4)
        return self.tag(tag) + vr.encode("latin-1") + self.number(length, 2)

    def element(
        self,
        tag: int,
        vr: str,
        value: bytes = b"",
        *,
        length: int | None = None,
        long_form: bool | None = None,
        reserved: bytes = b"\0\0",
    ) -> Part:
        """Return a data element with a value of bytes; ``length`` writes another length than the value has."""
        written = len(value) if length is None else length
        head = self.head(tag, vr, written, long_form=long_form, reserved=reserved)
        end = len(head) + len(value)
        return Part(head + value, (Row(tag_text(tag), tag, vr, written, 0, len(head), end, "value"),))

    def delimiter(self, tag: int, length: int = 0) -> bytes:
        """Return an item or sequence delimitation item."""
        return self.head(tag, "", length)

    def item(self, *elements: Part, undefined: bool = False, length: int | None = None, closed: bool = True) -> Part:
        """Return an item; ``closed=False`` leaves out the delimitation item of an undefined length."""
        content = join(elements)
        written = length if length is not None else UNDEFINED if undefined else len(content.data)
        tail = self.delimiter(ITEM_DELIMITER) if undefined and closed else b""
        head = self.head(ITEM, "", written)
        end = len(head) + len(content.data) + len(tail)
        own = Row("", ITEM, "", written, 0, len(head), end, "elements", depth=1)
        inner = tuple(
            replace(row, parent=0 if row.parent < 0 else row.parent, depth=row.depth + 1)
            for row in (row.moved(len(head), 1) for row in content.rows)
        )
        return Part(head + content.data + tail, (own, *inner))

    def sequence(
        self,
        tag: int,
        *items: Part,
        vr: str = "SQ",
        undefined: bool = False,
        length: int | None = None,
        closed: bool = True,
        all_or_nothing: bool = False,
    ) -> Part:
        """Return a sequence of the items, on request with another VR than SQ or without its delimitation item."""
        content = join(items)
        written = length if length is not None else UNDEFINED if undefined else len(content.data)
        tail = self.delimiter(SEQUENCE_DELIMITER) if undefined and closed else b""
        head = self.head(tag, vr, written)
        end = len(head) + len(content.data) + len(tail)
        own = Row(tag_text(tag), tag, vr, written, 0, len(head), end, "items", all_or_nothing=all_or_nothing)
        inner: list[Row] = []
        number = -1
        for row in content.rows:
            if row.parent < 0:
                number += 1
            moved = row.moved(len(head), 1)
            path = f"{tag_text(tag)}[{number}]{row.path}"
            inner.append(replace(moved, path=path, parent=0 if row.parent < 0 else moved.parent))
        return Part(head + content.data + tail, (own, *inner))

    def fragments(self, tag: int, vr: str, *pieces: bytes, table: bytes | None = b"", closed: bool = True) -> Part:
        """Return an encapsulated value: the offset table as first fragment (None: without it), then the pieces."""
        content = b"".join(
            self.head(ITEM, "", len(piece)) + piece for piece in ((table, *pieces) if table is not None else pieces)
        )
        tail = self.delimiter(SEQUENCE_DELIMITER) if closed else b""
        head = self.head(tag, vr, UNDEFINED)
        end = len(head) + len(content) + len(tail)
        row = Row(tag_text(tag), tag, vr, UNDEFINED, 0, len(head), end, "fragments")
        return Part(head + content + tail, (row,))


IMPLICIT = Encoding("implicit little endian", explicit=False)
EXPLICIT = Encoding("explicit little endian", explicit=True)
BIG = Encoding("explicit big endian", explicit=True, big_endian=True)
UID_OF = {IMPLICIT: IMPLICIT_LITTLE_UID, EXPLICIT: EXPLICIT_LITTLE_UID, BIG: EXPLICIT_BIG_UID}


@dataclass(frozen=True)
class Written:
    """A complete file.

    ``stream`` is the stream in which offsets count: the file itself, or for a deflated data set the file up to the end
    of its file meta information, followed by the inflated data set. ``meta_end`` is the start of the data set.
    """

    data: bytes
    stream: bytes
    rows: tuple[Row, ...]
    meta_start: int
    meta_end: int
    deflated: bool = False
    transfer_syntax_uid: str | None = None


def uid_value(uid: str) -> bytes:
    """Return a UID as value field, with one NUL if its length is odd (PS3.5 section 9.1)."""
    return uid.encode("ascii") + b"\0" * (len(uid) % 2)


def file_meta(
    uid: str | None, *extra: Part, encoding: Encoding = EXPLICIT, group_length: bool = True, length_error: int = 0
) -> Part:
    """Return file meta information: version, Transfer Syntax UID, extra elements, and the group length before them."""
    body = [encoding.element(0x00020001, "OB", b"\0\1")]
    if uid is not None:
        body.append(encoding.element(0x00020010, "UI", uid_value(uid)))
    rest = join([*body, *extra])
    if not group_length:
        return rest
    return encoding.element(0x00020000, "UL", encoding.number(len(rest.data) + length_error, 4)) + rest


def part10(
    data_set: Part,
    uid: str | None,
    *,
    meta: Part | None = None,
    preamble: bytes | None = b"\0" * 128,
) -> Written:
    """Return a file (PS3.10 section 7); ``preamble=None`` also leaves out the DICM prefix."""
    front = raw(preamble + b"DICM") if preamble is not None else Part()
    whole = front + (file_meta(uid) if meta is None else meta)
    meta_end = len(whole.data)
    whole += data_set
    return Written(whole.data, whole.data, whole.rows, len(front.data), meta_end, transfer_syntax_uid=uid)


def bare(data_set: Part) -> Written:
    """Return only a data set: no preamble, no file meta information."""
    return Written(data_set.data, data_set.data, data_set.rows, 0, 0)


def deflate(data: bytes) -> bytes:
    """Return a bit stream of RFC 1951 without the header of RFC 1950 (PS3.5 section A.5)."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return squeeze.compress(data) + squeeze.flush()


def stored_block(data: bytes, *, is_final: bool) -> bytes:
    """Return a stored block of these bytes, in a bit stream at a byte boundary (RFC 1951 section 3.2.4)."""
    length = len(data).to_bytes(2, "little")
    return bytes([is_final]) + length + bytes(255 - byte for byte in length) + data


def deflated(
    data_set: Part, *, pad: bytes | None = None, meta: Part | None = None, squeezed: bytes | None = None
) -> Written:
    """Return a deflated data set; ``pad`` follows the bit stream, by default one NUL if its length is odd."""
    plain = part10(data_set, DEFLATED_UID, meta=meta)
    squeezed = deflate(data_set.data) if squeezed is None else squeezed
    tail = b"\0" * (len(squeezed) % 2) if pad is None else pad
    data = plain.data[: plain.meta_end] + squeezed + tail
    return replace(plain, data=data, deflated=True)

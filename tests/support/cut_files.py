"""The expected result for each prefix of a file, computed from the places at which the writer put each element.

For: tests over every prefix of a file.
Never: a look at the bytes after the cut, or at the results of a reader.
Standard: PS3.5 section 7, PS3.10 section 7.1, edition 2026b.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from dicom_bytes import ITEM, Row, Written
from tagsniff._core import dictionary_find

DICM_END = 132
HEADER_LENGTH = 8
PIXEL_DATA = 0x7FE00010


@dataclass(frozen=True)
class Outcome:
    """The statuses that are right for one prefix (one, unless the standard leaves it open), and the place.

    ``offset`` or ``tag`` None: not checked.
    """

    statuses: frozenset[str]
    offset: int | None = None
    tag: int | None = None


def outcome(status: str, offset: int | None = None, tag: int | None = None) -> Outcome:
    """Return the usual outcome: one status."""
    return Outcome(frozenset({status}), offset, tag)


COMPLETE = outcome("OK")


class Layout:
    """The nesting of the rows of one file, for queries about offsets in its stream."""

    def __init__(self, written: Written) -> None:
        self.written = written
        self.children: dict[int, list[int]] = {}
        for index, row in enumerate(written.rows):
            self.children.setdefault(row.parent, []).append(index)

    def of_stream(self, cut: int, stream: bytes) -> Outcome:
        """Return the outcome for a stream that ends at ``cut``, after the DICM prefix if there is one."""
        written = self.written
        if cut <= written.meta_end:
            found = self._inside(-1, written.meta_start, cut)
            # A whole number of elements, and no data set.
            return outcome("NO_DATA_SET", cut) if found is None else found
        if self._is_after_pixel_data(cut):
            return self._bytes_after_pixel_data(cut, stream)
        padding = self._zeros_after_root(cut, stream)
        if padding is not None:
            return padding
        found = self._inside(-1, written.meta_end, cut)
        return COMPLETE if found is None else found

    def _is_after_pixel_data(self, cut: int) -> bool:
        """Return whether the cut is after the last element, which is Pixel Data or follows it."""
        last = max((row for row in self.written.rows if row.parent < 0), key=lambda row: row.end)
        return last.tag >= PIXEL_DATA and cut > last.end

    def _bytes_after_pixel_data(self, cut: int, stream: bytes) -> Outcome:
        """The data set was whole, unless so few bytes are left that an element may begin with them."""
        rest = stream[max(row.end for row in self.written.rows) : cut]
        may_be_cut = len(rest) < HEADER_LENGTH and any(rest)
        return Outcome(frozenset({"OK", "TRUNCATED_ELEMENT"} if may_be_cut else {"OK"}))

    def _zeros_after_root(self, cut: int, stream: bytes) -> Outcome | None:
        """Only zero bytes after the last whole element of the root data set: padding, if they are 4 bytes or more."""
        roots = [row for row in self.written.rows if row.parent < 0]
        at = max([row.end for row in roots if row.end <= cut], default=self.written.meta_end)
        rest = stream[at:cut]
        if not rest or any(rest):
            return None
        if len(rest) < 4:
            return outcome("TRUNCATED_ELEMENT", at)
        if at == self.written.meta_end:
            # No element before them: half of a command set's (0000,0000), or no data set at all.
            return Outcome(frozenset({"TRUNCATED_ELEMENT", "NO_DATA_SET"}), at)
        return COMPLETE

    def _inside(self, container: int, at: int, cut: int) -> Outcome | None:
        """The outcome within one container whose content begins at ``at``; None if the cut is after a whole child."""
        rows = self.written.rows
        for index in self.children.get(container, ()):
            row = rows[index]
            if cut <= at:
                return self._open(container, cut)
            if cut < row.start:
                # The bytes here are not an element: a delimitation item or padding.
                return self._element(container, at, cut)
            if cut < row.end:
                return self._in_row(index, row, cut)
            at = row.end
        if cut <= at:
            return self._open(container, cut)
        return self._element(container, at, cut)

    def _element(self, container: int, at: int, cut: int) -> Outcome | None:
        """Delimitation items have 8 bytes; a part of one is an incomplete element header.

        If only an item or a delimitation item can follow, the file lacks the end of the sequence.
        """
        if (cut - at) % HEADER_LENGTH == 0:
            return None
        if container >= 0 and self.written.rows[container].holds == "items":
            return self._open(container, cut)
        start = at + (cut - at) // HEADER_LENGTH * HEADER_LENGTH
        return outcome("TRUNCATED_ELEMENT", start)

    def _open(self, container: int, cut: int) -> Outcome | None:
        """Between two elements: complete at the root, an open sequence below it."""
        if container < 0:
            return None
        rows = self.written.rows
        sequence = container if rows[container].holds == "items" else rows[container].parent
        return outcome("TRUNCATED_SEQUENCE", cut, rows[sequence].tag)

    def _in_row(self, index: int, row: Row, cut: int) -> Outcome | None:
        if cut <= row.start:
            return self._open(row.parent, cut)
        if cut < row.value_offset:
            return self._open(row.parent, cut) if row.tag == ITEM else outcome("TRUNCATED_ELEMENT", row.start)
        if row.holds == "value" or row.all_or_nothing:
            return outcome("TRUNCATED_VALUE", row.value_offset, row.tag)
        if row.holds == "fragments":
            return outcome("TRUNCATED_FRAGMENTS", cut, row.tag)
        found = self._inside(index, row.value_offset, cut)
        return self._open(index, cut) if found is None else found


def inflated_part(written: Written, cut: int) -> tuple[bytes, bool]:
    """Return the stream as far as the file's first ``cut`` bytes determine it, and whether they include its end."""
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    body = unpack.decompress(written.data[written.meta_end : cut])
    return written.data[: written.meta_end] + body, unpack.eof


def is_group_length_right(written: Written) -> bool:
    """Return whether (0002,0000) gives the end of the file meta information."""
    row = written.rows[0]
    length = int.from_bytes(written.data[row.value_offset : row.end], "little")
    return row.end + length == written.meta_end


def of_bit_stream(written: Written, cut: int) -> Outcome:
    """Return the outcome for a cut in a deflated data set, or after it."""
    stream, ended = inflated_part(written, cut)
    if not ended and cut - written.meta_end < HEADER_LENGTH and not is_group_length_right(written):
        # So few bytes may also be one more element of the file meta information.
        return Outcome(frozenset({"TRUNCATED_DEFLATE", "TRUNCATED_ELEMENT"}))
    if not ended:
        return outcome("TRUNCATED_DEFLATE", len(stream))
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    unpack.decompress(written.data[written.meta_end :])
    tail_length = cut - (len(written.data) - len(unpack.unused_data))
    tail = unpack.unused_data[:tail_length]
    # A part of a checksum means nothing to a reader.
    return outcome("DATA_BEHIND_DEFLATE") if any(tail) and tail != unpack.unused_data else COMPLETE


def is_doubtful(written: Written) -> bool:
    """Return whether the file has no prefix, and begins with an element that PS3.6 does not have with this VR."""
    if written.meta_start == DICM_END:
        return False
    first = written.rows[0]
    known = dictionary_find(first.tag)
    is_group_length = first.tag & 0xFFFF == 0
    return not is_group_length and (known is None or first.vr != known[0])


def expected_outcome(layout: Layout, cut: int) -> Outcome:
    """Return the expected result for the file's first ``cut`` bytes."""
    written = layout.written
    if cut == 0:
        return outcome("EMPTY_FILE")
    if written.meta_start == DICM_END and cut < DICM_END:
        return outcome("NOT_DICOM")
    if written.deflated and cut > written.meta_end:
        return of_bit_stream(written, cut)
    found = layout.of_stream(cut, written.stream)
    if is_doubtful(written) and cut < written.rows[1].start + HEADER_LENGTH:
        # Only the header of a second element shows that these bytes are DICOM.
        return Outcome(frozenset({"NOT_DICOM", "UNREADABLE_ELEMENT"}), 0)
    if written.meta_start < DICM_END and cut < written.rows[0].end:
        # Without a preamble only the first data element can show that this is DICOM.
        return Outcome(found.statuses | {"NOT_DICOM"}, found.offset, found.tag)
    return found


def known_length(written: Written, cut: int) -> int:
    """Return how much of the stream is in the file's first ``cut`` bytes."""
    return len(inflated_part(written, cut)[0]) if written.deflated and cut > written.meta_end else cut


def whole_rows(written: Written, cut: int) -> list[Row]:
    """Return the rows whose bytes are all before the cut."""
    known = known_length(written, cut)
    return [row for row in written.rows if row.end <= known]

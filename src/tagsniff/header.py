"""The header of one file: its elements as a numpy table, and what they mean.

For: ``tagsniff.read_header``, and callers that look at a single file.
Never: a second parser. The records come from the core; this module names the elements and reads their values.
Terms: PS3.5 7.1, 7.5, 7.8 and PS3.10 7.1, edition 2026b.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagsniff import _core
from tagsniff.dicom.creator_codes import read_step
from tagsniff.dicom.notation import ANY_ITEM, Identity, Step, format_identity, read_creator
from tagsniff.source.bytes import Bytes, Source, open_source, read_value
from tagsniff.status import Deviation, Kind, Omission, Status

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

TAG_ITEM = 0xFFFEE000
UNDEFINED_LENGTH = 0xFFFFFFFF

_NOT_CAPTURED = 0xFFFFFFFFFFFFFFFF


def read_header(
    source: Source,
    *,
    value_limit_bytes: int = _core.VALUE_LIMIT_BYTES,
    depth_limit: int = _core.DEPTH_LIMIT,
) -> Header:
    """Read every element of a file, before and after Pixel Data; the pixels are skipped.

    ``source`` is a path, a bytes-like object, or a seekable binary file object. A file object is read from its current
    position on; offsets count from there. Its position afterwards is undefined.

    Values of up to ``value_limit_bytes`` are kept in memory; longer ones, and Pixel Data, are read when `Header.value`
    needs them. More than ``depth_limit`` nested items are the fault TOO_DEEP.

    Bytes that break the standard never raise an exception: see `Header.status`. Raises TypeError or ValueError for a
    wrong call, OSError for a path that cannot be opened.

    Source: PS3.5 2026b, 7 and annex A; PS3.10 2026b, 7.
    """
    stream = open_source(source)
    parser = _core.Parser(value_limit_bytes=value_limit_bytes, depth_limit=depth_limit)
    stream.parse(parser)
    return Header(stream, parser, source if isinstance(source, str) else "")


class Header:
    """The elements of one file, in the order of the file.

    ``elements`` is a structured array of shape (n,), one record for each data element and each item (tag fffe,e000),
    with the fields

    ================  ===  ==============================================================================
    ``value_offset``  u8   bytes from the start of the file to the value field; in a deflated data set,
                           bytes after the file meta information are counted inflated
    ``end_offset``    u8   offset of the first byte after the value field, delimitation item included
    ``captured_at``   u8   where the value is kept; used by this class only
    ``tag``           u4   gggg * 65536 + eeee
    ``value_length``  u4   in bytes, as in the file; 0xffffffff is undefined
    ``parent``        i4   index of the record of the item that contains the element, or of the sequence that
                           contains the item; -1 in the root data set
    ``creator``       i4   index of the record of the private creator; -1 if the element is not in a private
                           block, -2 if the block is not reserved, -3 if the private creator is empty, -4 if
                           it is too long, a sequence, or one of two that differ
    ``vr``            S2   as in the file; in implicit VR as in PS3.6; SQ if UN is in fact a sequence; zero
                           bytes for an item
    ``depth``         u2   number of items around the element; an item has the depth of its elements
    ``flags``         u2   sum of the bits below
    ``header_bytes``  u2   from the tag to the value field: the element begins at value_offset - header_bytes
    ================  ===  ==============================================================================

    The bits of ``flags``, with their names in ``tagsniff._core``:

    ===  =====================  ==========================================================================
    1    ``FLAG_BIG_ENDIAN``    the value is big endian
    2    ``FLAG_IMPLICIT_VR``   there is no VR in the file: ``vr`` is from the dictionary
    4    ``FLAG_FILE_META``     in the file meta information
    8    ``FLAG_COMMAND``       in a command set
    16   ``FLAG_SEQUENCE``      a sequence: the records of its items follow
    32   ``FLAG_FRAGMENTS``     the value field is a series of fragments
    64   ``FLAG_WAS_UN``        UN in the file, or unknown to the dictionary, and in fact a sequence
    128  ``FLAG_AMBIGUOUS``     implicit VR, and the dictionary allows several VRs
    ===  =====================  ==========================================================================

    ``status`` is OK, an exclusion or a fault. With a fault, ``elements`` has the records before it, and ``fault`` says
    where it is; otherwise ``fault`` is None, or the exclusion. ``deviations`` are the rules of the standard that the
    file breaks although it could be read.

    Source: PS3.5 2026b, 7.1, 7.5 and 7.8; PS3.10 2026b, 7.1.
    """

    def __init__(self, source: Bytes, parser: _core.Parser, path: str) -> None:
        number, offset, tag = parser.status()
        self.elements: npt.NDArray[np.void] = parser.elements()
        self.status = Status.from_number(number)
        self.fault: Omission | None = None
        if self.status.kind is not Kind.DONE:
            self.fault = Omission(path, self.status, offset, tag)
        self.deviations = tuple(
            Deviation(Status.from_number(number), count, offset, tag)
            for number, count, offset, tag in parser.deviations()
        )
        self._source = source
        self._captured = parser.captured()
        self._deflated_from = parser.deflated_from
        self._transfer_syntax_record = parser.transfer_syntax_record

    def __repr__(self) -> str:
        return f"<Header: {self.status.name}, {len(self.elements)} records>"

    @property
    def transfer_syntax_uid(self) -> str | None:
        """Transfer Syntax UID (0002,0010) without padding, None if the file has none.

        Source: PS3.10 2026b, 7.1.
        """
        if self._transfer_syntax_record < 0:
            return None
        return self.value(self._transfer_syntax_record).rstrip(b"\0 ").decode("latin-1")

    def value(self, record: int) -> bytes:
        """Return the bytes of the value field of a record, padding and delimitation items included.

        Raises IndexError if there is no such record, OSError if a value that was not kept can no longer be read.
        """
        element = self.elements[record]
        offset = int(element["value_offset"])
        length = int(element["end_offset"]) - offset
        captured_at = int(element["captured_at"])
        if captured_at != _NOT_CAPTURED:
            return self._captured[captured_at : captured_at + length]
        return read_value(self._source, offset, length, self._deflated_from) if length else b""

    def creator(self, record: int) -> str | None:
        """Return the private creator that reserved the block of a record, None if it has no usable one.

        Raises IndexError if there is no such record.

        Source: PS3.5 2026b, 7.8.1.
        """
        creator = int(self.elements[record]["creator"])
        return read_creator(self.value(creator)) if creator >= 0 else None

    def identity(self, record: int) -> str:
        """Return the identity of an element, in the notation of the reports; an item is ``[<0>]`` of its sequence.

        Raises IndexError if there is no such record.

        Source: design, section 3; the notation is described in `tagsniff.dicom.notation`.
        """
        element = self.elements[record]
        is_item = int(element["tag"]) == TAG_ITEM
        steps = [] if is_item else [self._step(record)]
        parent = int(element["parent"])
        while parent >= 0:
            if int(self.elements[parent]["tag"]) != TAG_ITEM:
                steps.append(self._step(parent))
            parent = int(self.elements[parent]["parent"])
        identity: Identity = tuple(reversed(steps))
        return format_identity(identity) + (ANY_ITEM if is_item else "")

    def _step(self, record: int) -> Step:
        element = self.elements[record]
        tag, creator = int(element["tag"]), int(element["creator"])
        return read_step(tag, self.value(creator) if creator >= 0 else creator, tag >> 8 & 0xFF)

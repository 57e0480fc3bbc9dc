"""The header of one file: its elements as a numpy table, and what they mean.

For: ``tagsniff.read_header`` and whoever looks at a single file.
Never: a second parser. Records come from the core; this file names them and fetches values.
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
    """Read every element of a file, before and behind Pixel Data, which is stepped over.

    ``source`` is a path, a bytes-like object, or a seekable binary file object. The latter is read from its position
    on, which is where offsets count from, and left at another.

    Values up to ``value_limit_bytes`` are kept; longer ones, and Pixel Data, are read when `Header.value` asks for
    them. More than ``depth_limit`` nested items are the fault TOO_DEEP.

    Bytes that break the standard never raise: see `Header.status`. Raises TypeError or ValueError for a wrong call,
    OSError for a path that cannot be opened.
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
    ``value_offset``  u8   bytes from the start of the file to the value field; in a deflated data set the
                           bytes behind the file meta information are counted inflated
    ``end_offset``    u8   first byte behind the value field, delimitation item included
    ``captured_at``   u8   where the value was kept; of use to this class only
    ``tag``           u4   gggg * 65536 + eeee
    ``value_length``  u4   as in the file; 0xffffffff is undefined
    ``parent``        i4   record of the item that holds the element, or of the sequence that holds the item;
                           -1 in the root data set
    ``creator``       i4   record of the private creator; -1 not in a private block, -2 nobody reserved the
                           block, -3 the private creator is empty, -4 it names nobody
    ``vr``            S2   as in the file; in implicit VR as in PS3.6. SQ where UN turned out to be a sequence
    ``depth``         u2   number of items around the element; an item has the depth of its elements
    ``flags``         u2   ``FLAG_*`` of ``csrc/parse/element.h``
    ``header_bytes``  u2   from the tag to the value field: the element begins at value_offset - header_bytes
    ================  ===  ==============================================================================

    ``status`` is OK, an exclusion or a fault; with a fault ``elements`` holds what came before it, and ``fault`` says
    where it is. ``deviations`` are the rules of the standard that the file breaks although it can be read.
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
        """(0002,0010) Transfer Syntax UID without padding, None if the file has none."""
        if self._transfer_syntax_record < 0:
            return None
        return self.value(self._transfer_syntax_record).rstrip(b"\0 ").decode("latin-1")

    def value(self, record: int) -> bytes:
        """Return the value field of a record, padding and delimitation items included.

        Raises IndexError for a record that is not there, OSError where a value that was not kept can no longer be read.
        """
        element = self.elements[record]
        offset = int(element["value_offset"])
        length = int(element["end_offset"]) - offset
        captured_at = int(element["captured_at"])
        if captured_at != _NOT_CAPTURED:
            return self._captured[captured_at : captured_at + length]
        return read_value(self._source, offset, length, self._deflated_from) if length else b""

    def creator(self, record: int) -> str | None:
        """Return the private creator that reserved the record's block, None if the record has none that names somebody.

        Raises IndexError for a record that is not there.
        """
        creator = int(self.elements[record]["creator"])
        return read_creator(self.value(creator)) if creator >= 0 else None

    def identity(self, record: int) -> str:
        """Return the identity of an element; an item is written as ``[<0>]`` of its sequence.

        The form is that of `tagsniff.dicom.notation`. Raises IndexError for a record that is not there.
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

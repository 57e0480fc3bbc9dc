"""The list of all statuses of a file or path, and the records that report them.

For: every stage that reports why a path contributed nothing or only a part, or which rules of the standard it breaks.
Never: a value of an element. ``csrc/base/status.h`` is the same list in C; a test checks that both are equal.
Terms: DICOM PS3.5 and PS3.10, edition 2026b; fault, deviation and exclusion are this project's words.
"""

from __future__ import annotations

import enum
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


class Kind(enum.Enum):
    """What a status means for a file or path.

    DONE: it was read to its end. EXCLUSION: it was left out, and nothing is missing. FAULT: it could not be read to its
    end, or not at all. DEVIATION: it could be read, but breaks a rule of the standard.

    Source: design, sections 2 and 7.
    """

    DONE = "done"
    EXCLUSION = "exclusion"
    FAULT = "fault"
    DEVIATION = "deviation"


class Status(enum.IntEnum):
    """A status of a file or path. The numbers are stored in saved scans and never change.

    Source: PS3.5 2026b, 7 and annex A, and PS3.10 2026b, 7, for the faults in bytes and the deviations.
    """

    kind: Kind
    text: str

    def __new__(cls, number: int, kind: Kind, text: str) -> Status:
        member = int.__new__(cls, number)
        member._value_ = number
        member.kind = kind
        member.text = text
        return member

    @classmethod
    def from_number(cls, number: int) -> Status:
        """Return the status with this number. Raises ValueError if there is none."""
        # An enum is called with a number to find its member, but a type checker sees the signature of __new__.
        status: Status = cls(number)  # type: ignore[call-arg]
        return status

    OK = 0, Kind.DONE, "read to its end"
    NOT_DICOM = 10, Kind.EXCLUSION, "no DICM prefix, and the first bytes are no data element"
    EMPTY_FILE = 11, Kind.EXCLUSION, "the file has no bytes"
    VISITED_BEFORE = 12, Kind.EXCLUSION, "this folder or file was reached before by another path"
    TRUNCATED_ELEMENT = 20, Kind.FAULT, "the file ends inside the header of a data element"
    TRUNCATED_VALUE = 21, Kind.FAULT, "the file ends inside a value field"
    TRUNCATED_SEQUENCE = 22, Kind.FAULT, "the file ends before a sequence or item is closed"
    TRUNCATED_FRAGMENTS = 23, Kind.FAULT, "the file ends before the fragments of a value are closed"
    NO_DATA_SET = 24, Kind.FAULT, "the file ends where its data set should begin"
    LENGTH_BEYOND_PARENT = 25, Kind.FAULT, "a value length reaches beyond the item or sequence that holds it"
    NOT_AN_ITEM = 26, Kind.FAULT, "something other than an item in a sequence"
    NOT_A_FRAGMENT = 27, Kind.FAULT, "something other than a fragment in an encapsulated value"
    UNDEFINED_LENGTH_HERE = 28, Kind.FAULT, "undefined length where the standard allows none"
    UNREADABLE_ELEMENT = 29, Kind.FAULT, "neither an explicit nor an implicit VR element can be read here"
    TOO_DEEP = 30, Kind.FAULT, "more nested items than the limit allows"
    TOO_MANY_ELEMENTS = 31, Kind.FAULT, "more data elements than the limit allows"
    BAD_DEFLATE = 32, Kind.FAULT, "the deflated data set is damaged"
    TRUNCATED_DEFLATE = 33, Kind.FAULT, "the file ends inside the deflated data set"
    OUT_OF_MEMORY = 34, Kind.FAULT, "memory ran out while the file was read"
    DATA_BEHIND_DEFLATE = 35, Kind.FAULT, "unread bytes after the deflated data set"
    INFLATE_LIMIT = 36, Kind.FAULT, "a deflated data set with more to be read than the limit allows"
    COMPRESSED = 37, Kind.FAULT, "a compressed file or an archive, which is not read"
    TOO_MANY_DEEP = 38, Kind.FAULT, "more elements in deeply nested items than the limit allows"
    CANNOT_OPEN = 50, Kind.FAULT, "the file could not be opened"
    CANNOT_READ = 51, Kind.FAULT, "reading the file failed"
    CANNOT_LIST = 52, Kind.FAULT, "the folder could not be listed"
    LINK_LOOP = 53, Kind.FAULT, "a symbolic link leads back to a folder that holds it"
    BROKEN_LINK = 54, Kind.FAULT, "a symbolic link leads nowhere"
    SPECIAL_FILE = 55, Kind.FAULT, "a device, pipe or socket, which is not read"
    FILE_CHANGED = 56, Kind.FAULT, "the file became shorter while it was read"
    NO_SUCH_PATH = 57, Kind.FAULT, "the path does not exist"
    INTERRUPTED = 58, Kind.FAULT, "the scan was ended before everything below this path was read"
    NO_PREAMBLE = 100, Kind.DEVIATION, "no preamble and DICM prefix"
    NO_FILE_META = 101, Kind.DEVIATION, "no file meta information"
    META_LENGTH_WRONG = 102, Kind.DEVIATION, "(0002,0000) does not give the length of the file meta information"
    META_IMPLICIT_VR = 103, Kind.DEVIATION, "file meta information in implicit VR"
    NO_TRANSFER_SYNTAX = 104, Kind.DEVIATION, "no Transfer Syntax UID; the encoding was guessed"
    UNKNOWN_TRANSFER_SYNTAX = 105, Kind.DEVIATION, "a Transfer Syntax UID that is not the standard's"
    TRANSFER_SYNTAX_WRONG = 106, Kind.DEVIATION, "the data set is not encoded as its Transfer Syntax UID says"
    COMMAND_SET = 107, Kind.DEVIATION, "command elements (group 0000) in a file"
    ODD_LENGTH = 108, Kind.DEVIATION, "odd value length"
    UNORDERED = 109, Kind.DEVIATION, "data elements not in ascending order of their tags"
    DUPLICATE_ELEMENT = 110, Kind.DEVIATION, "the same tag twice in one data set or item"
    UNKNOWN_VR = 111, Kind.DEVIATION, "VR letters that the standard does not define"
    RESERVED_NOT_ZERO = 112, Kind.DEVIATION, "the two reserved bytes after a VR are not zero"
    IMPLICIT_ELEMENT = 113, Kind.DEVIATION, "an implicit VR element among explicit VR ones"
    ITEM_ENCODING = 114, Kind.DEVIATION, "an item is not encoded as its data set is"
    UN_SEQUENCE = 115, Kind.DEVIATION, "a sequence under VR UN with a defined length"
    DELIMITER_LENGTH = 116, Kind.DEVIATION, "a delimitation item whose length is not zero"
    MISSING_DELIMITER = 117, Kind.DEVIATION, "an undefined length that ends without a delimitation item"
    STRAY_DELIMITER = 118, Kind.DEVIATION, "a delimitation item where nothing is to be closed"
    FRAGMENTS_ELSEWHERE = 119, Kind.DEVIATION, "a value in fragments that is not encapsulated Pixel Data"
    TRAILING_PADDING = 120, Kind.DEVIATION, "zero bytes after the data set"
    ILLEGAL_GROUP = 121, Kind.DEVIATION, "group 0001, 0003, 0005, 0007 or ffff"
    ILLEGAL_PRIVATE_ELEMENT = 122, Kind.DEVIATION, "an element 0001-000f or 0100-0fff of a private group"
    CREATOR_VR = 123, Kind.DEVIATION, "a private creator whose VR is not LO"
    CREATOR_NOT_ASCII = 124, Kind.DEVIATION, "a private creator that is not ASCII"
    CREATOR_MISSING = 125, Kind.DEVIATION, "private elements in a block that is not reserved"
    CREATOR_EMPTY_BLOCK = 126, Kind.DEVIATION, "private elements in a block with an empty private creator"
    CREATOR_OVERLONG = 127, Kind.DEVIATION, "a private creator longer than 1,024 bytes; it is not used"
    CREATOR_CONFLICT = 128, Kind.DEVIATION, "two different private creators for one block; none of them is used"
    DUPLICATE_CREATOR = 129, Kind.DEVIATION, "the same private creator in two blocks of a group"
    SEQUENCE_VALUE = 130, Kind.DEVIATION, "a sequence under a VR other than SQ and UN"
    CREATOR_SEQUENCE = 131, Kind.DEVIATION, "a private creator element that is a sequence; it is not used"
    UN_NOT_SEQUENCE = 132, Kind.DEVIATION, "a value begins as a sequence does but is none; taken as bytes"
    DEFLATE_TRAILER = 133, Kind.DEVIATION, "checksum and length, as gzip has them, after the deflated data set"
    STRAY_ITEM = 134, Kind.DEVIATION, "an item tag outside of a sequence; its content is read as if it were not"
    META_BIG_ENDIAN = 135, Kind.DEVIATION, "file meta information in big endian"
    PREAMBLE_NOT_EMPTY = 136, Kind.DEVIATION, "a preamble that is neither zeros nor the header of a TIFF file"
    TRAILING_BYTES = 137, Kind.DEVIATION, "bytes after the data set that are no data element"
    SEQUENCE_NOT_ITEMS = 138, Kind.DEVIATION, "a value under VR SQ that does not begin with an item; taken as bytes"
    FRAGMENTS_BEYOND_PARENT = (
        139,
        Kind.DEVIATION,
        "the length of an item or sequence does not count all fragments in it",
    )
    DEFLATE_HEADER = 140, Kind.DEVIATION, "a header of zlib or gzip before the deflated data set"
    FRAGMENTS_DELIMITER = 141, Kind.DEVIATION, "fragments closed by zeros or by an item delimitation item"
    FRAGMENT_PADDING = 142, Kind.DEVIATION, "a fragment whose padding byte is counted but absent, or not counted"


@dataclass(frozen=True, slots=True)
class Deviation:
    """A rule of the standard that a file breaks although it could be read.

    ``count`` is the number of occurrences. ``offset`` (in bytes from the start of the file) and ``tag`` (gggg * 65536 +
    eeee, None if it is not at an element) are those of the first one.

    Source: PS3.5 2026b and PS3.10 2026b.
    """

    status: Status
    count: int
    offset: int
    tag: int | None


@dataclass(frozen=True, slots=True)
class Omission:
    """A path that contributed nothing, or only a part: an exclusion or a fault.

    ``offset`` is in bytes from the start of the file (in a deflated data set: of the inflated stream), ``tag`` is
    gggg * 65536 + eeee; both are None if the reason has no position in a file. ``detail`` is the message of the
    operating system, never a value of an element.

    Source: design, sections 4 and 7.
    """

    path: str
    status: Status
    offset: int | None = None
    tag: int | None = None
    detail: str = ""


def order_omission(omission: Omission) -> tuple[bytes, Status, str, int, int]:
    """Return the sort key of an omission: the bytes of its path, then its other fields."""
    offset = -1 if omission.offset is None else omission.offset
    tag = -1 if omission.tag is None else omission.tag
    return os.fsencode(omission.path), omission.status, omission.detail, offset, tag


@dataclass(frozen=True, slots=True)
class Omissions:
    """What is missing in a run or report, and the only test whether it is complete.

    ``paths`` are the paths that were left out or read in part, sorted by `order_omission`; a report that may be shared
    has none. ``counts`` is their number for each status, in the order of the statuses. ``partial_files`` is the number
    of files that were counted up to a fault, ``bounded`` the number of element uses (equipment, element and VR) with
    more values than were kept. ``is_empty``: no file was read, which is no result at all.
    """

    paths: tuple[Omission, ...] = ()
    counts: tuple[tuple[Status, int], ...] = ()
    partial_files: int = 0
    bounded: int = 0
    is_empty: bool = False

    @classmethod
    def gather(
        cls, omissions: Iterable[Omission], *, partial_files: int = 0, bounded: int = 0, is_empty: bool = False
    ) -> Self:
        """Return the record of these omissions, whatever their order."""
        paths = tuple(sorted(omissions, key=order_omission))
        counts = Counter(omission.status for omission in paths)
        return cls(paths, tuple(sorted(counts.items())), partial_files, bounded, is_empty)

    def count(self, kind: Kind) -> int:
        """Return the number of paths with a status of the kind."""
        return sum(count for status, count in self.counts if status.kind is kind)

    def is_complete(self) -> bool:
        """Return whether nothing is missing.

        There is no fault, no file that was read in part, and no bound that was reached; and a file was read.
        """
        return not (self.count(Kind.FAULT) or self.partial_files or self.bounded or self.is_empty)

    @property
    def is_interrupted(self) -> bool:
        """Whether the run was interrupted before all files were read."""
        return any(status is Status.INTERRUPTED for status, _ in self.counts)

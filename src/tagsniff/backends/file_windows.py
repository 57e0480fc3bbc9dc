"""The bytes of one file for a backend: those that were read for the parser, and the rest on demand.

For: backends that return values, which are slices of the bytes that the parser was fed.
Never: read a large value before it is requested, or go on after the element at which the caller stops.
Terms: PS3.5, edition 2026b.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import BinaryIO

from tagsniff import _core
from tagsniff.source.bytes import read_fully

_FIRST_BYTES = 16384
_JUMP_BYTES = 1 << 20
_ROOT_DEPTH = 0


class FileWindow:
    """The bytes of a file from position ``base`` on. ``data`` are those in memory; ``is_whole``: there are no more.

    ``offset`` is the offset of ``data`` in the records. An offset plus ``tell_shift`` is a position in the file.

    Raises TypeError if the file object is not binary, and what its methods raise.
    """

    def __init__(self, file: BinaryIO, base: int) -> None:
        self.offset = 0
        self.base = self.tell_shift = base
        self._file = file
        self.data = read_fully(file, self.base, _FIRST_BYTES)
        self.is_whole = len(self.data) < _FIRST_BYTES

    def parse(self, parser: _core.Parser, stop_tags: AbstractSet[int]) -> None:
        """Run the parser over the file, up to the first element of the root data set whose tag is in ``stop_tags``.

        ``data`` grows up to the first value of more than 1 MiB, which is skipped.
        """
        parser.begin(len(self.data) if self.is_whole else None)
        parser.feed(0, self.data)
        while not parser.run():
            if stop_tags and _is_at(parser, stop_tags):
                return
            offset, length = parser.need_offset, parser.need_length
            if offset - len(self.data) > _JUMP_BYTES:
                window = read_fully(self._file, self.base + offset, max(length, _FIRST_BYTES), at_least=length)
                parser.feed(offset, window)
                if len(window) < length:
                    parser.end(self.find_size())
                continue
            wanted = max(offset + length - len(self.data), len(self.data))
            more = read_fully(self._file, self.base + len(self.data), wanted)
            self.data += more
            parser.feed(0, self.data)
            if len(more) < wanted:
                self.is_whole = True
                parser.end(len(self.data))

    def read(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset`` on, fewer only at the end."""
        if offset + length <= len(self.data) or self.is_whole:
            return self.data[offset : offset + length]
        if length > _JUMP_BYTES:  # no buffer gets its size from a length that may be wrong
            length = min(length, max(self.find_size() - offset, 0))
        return read_fully(self._file, self.base + offset, length)

    def read_rest(self, offset: int) -> bytes:
        """Return all bytes from ``offset`` on."""
        return self.read(offset, max(self.find_size() - offset, 0))

    def find_size(self) -> int:
        """Return the offset of the end."""
        if not self.is_whole:
            self._file.seek(0, 2)
            return self._file.tell() - self.base
        return len(self.data)


class InflatedWindow:
    """The same for a deflated data set, inflated completely. Positions are those in the inflated bytes."""

    def __init__(self, data: bytes, deflated_from: int) -> None:
        self.data = data
        self.offset = deflated_from
        self.tell_shift = -deflated_from

    def read(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset`` on, fewer only at the end."""
        return self.data[offset - self.offset : offset - self.offset + length]


def _is_at(parser: _core.Parser, tags: AbstractSet[int]) -> bool:
    """Return whether the last element that was found is in the root data set and has one of these tags."""
    elements = parser.elements()
    return len(elements) > 0 and int(elements[-1]["depth"]) == _ROOT_DEPTH and int(elements[-1]["tag"]) in tags

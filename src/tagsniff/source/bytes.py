"""The bytes of one file, with one interface for paths, bytes in memory and binary file objects.

For: the bytes that the parser requests, and later the bytes of a value that it has skipped.
Never: read a value that the parser skips, or assume that a read returns as many bytes as requested.
Terms: PS3.5 A.5 (deflated data sets), edition 2026b.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeAlias, cast

from tagsniff import _core

if TYPE_CHECKING:
    from typing_extensions import Buffer

PathSource: TypeAlias = "str | os.PathLike[str]"
Source: TypeAlias = "PathSource | Buffer | BinaryIO"

_READ_BYTES = 8192
_PIECE_BYTES = 65536


class Bytes(Protocol):
    """The bytes of one file."""

    def parse(self, parser: _core.Parser) -> None:
        """Run the parser over the file. A read that fails is the fault CANNOT_READ, not an exception.

        Raises OSError if a path cannot be opened.
        """

    def read(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset`` on, fewer only at the end of the file. Raises OSError."""


def open_source(source: Source) -> Bytes:
    """Return the bytes of a path, a bytes-like object, or a readable, seekable binary file object.

    A file object is read from its current position on; offsets count from there. Raises TypeError for anything else,
    ValueError for a file object that cannot seek or is closed.
    """
    if isinstance(source, (str, os.PathLike)):
        return _Path(source)
    if hasattr(source, "read"):
        return _File(cast("BinaryIO", source))
    try:
        return _Memory(memoryview(source).cast("B"))
    except TypeError:
        raise TypeError(
            f"a source is a path, a bytes-like object or a binary file object, not {type(source).__name__}"
        ) from None


def read_value(source: Bytes, offset: int, length: int, deflated_from: int | None) -> bytes:
    """Return the bytes of a value field that the parser has skipped.

    ``offset`` is as in the element records: from ``deflated_from`` on it counts inflated bytes. Raises OSError if the
    file can no longer be read, or has become shorter.
    """
    if deflated_from is not None and offset >= deflated_from:
        value = _inflate(source, deflated_from, offset - deflated_from, length)
    else:
        value = source.read(offset, length)
    if len(value) != length:
        raise OSError("the file became shorter since its header was read")
    return value


class _Path:
    def __init__(self, path: PathSource) -> None:
        self._path = path

    def parse(self, parser: _core.Parser) -> None:
        with self._open() as file:
            if _core.HAS_PATH_READER:
                parser.read_descriptor(file.fileno())
            else:
                _File(file).parse(parser)

    def read(self, offset: int, length: int) -> bytes:
        with self._open() as file:
            return read_fully(file, offset, length)

    def _open(self) -> BinaryIO:
        return cast("BinaryIO", open(self._path, "rb", buffering=0, opener=_open_without_waiting))


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file without waiting: a pipe without a writer would block the program forever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class _Memory:
    def __init__(self, view: memoryview) -> None:
        self._view = view

    def parse(self, parser: _core.Parser) -> None:
        parser.begin(len(self._view))
        parser.feed(0, self._view)
        parser.run()

    def read(self, offset: int, length: int) -> bytes:
        return bytes(self._view[offset : offset + length])


class _File:
    def __init__(self, file: BinaryIO) -> None:
        if not file.seekable():
            raise ValueError("a file object must be seekable; give its bytes instead")
        self._file = file
        self._base = file.tell()

    def parse(self, parser: _core.Parser) -> None:
        try:
            parser.begin(self._file.seek(0, os.SEEK_END) - self._base)
            while not parser.run():
                offset, needed = parser.need_offset, parser.need_length
                window = read_fully(self._file, self._base + offset, max(needed, _READ_BYTES), at_least=needed)
                parser.feed(offset, window)
                if len(window) < needed:
                    parser.end(offset + len(window))
        except OSError:
            parser.stop_reading()

    def read(self, offset: int, length: int) -> bytes:
        return read_fully(self._file, self._base + offset, length)


def read_fully(file: BinaryIO, offset: int, length: int, *, at_least: int | None = None) -> bytes:
    """Read up to ``length`` bytes, at least ``at_least`` (by default all of them); fewer only at the end of the file.

    A file object may return fewer bytes than requested before its end. Raises TypeError if it does not return bytes.
    """
    file.seek(offset)
    pieces: list[bytes] = []
    missing = length
    enough = length if at_least is None else at_least
    while length - missing < enough:
        piece = file.read(missing)
        if not isinstance(piece, (bytes, bytearray, memoryview)):
            raise TypeError("a file object must be binary: its read() must return bytes")
        if not piece:
            break
        pieces.append(bytes(piece))
        missing -= len(piece)
    return b"".join(pieces)


def _inflate(source: Bytes, deflated_from: int, skip: int, length: int) -> bytes:
    """Inflate from the start of the deflated data set, and return only the requested bytes."""
    import zlib

    inflater = zlib.decompressobj(_core.inflate_window_bits(source.read(deflated_from, 8)))
    kept = bytearray()
    position = deflated_from
    while len(kept) < length and not inflater.eof:
        deflated = inflater.unconsumed_tail
        if not deflated:
            deflated = source.read(position, _PIECE_BYTES)
            position += len(deflated)
        if not deflated:
            break
        inflated = inflater.decompress(deflated, _PIECE_BYTES)
        kept += inflated[skip : skip + length - len(kept)]
        skip = max(0, skip - len(inflated))
    return bytes(kept)

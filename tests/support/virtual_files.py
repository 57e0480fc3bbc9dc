"""Binary file objects that no disk could provide: of any size, without end, or changing while they are read.

For: tests of hostile sources.
Never: more memory than the requested bytes.
Standard: none; the contract is section 7 of the design and the documentation of ``tagsniff.read_header``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping


class VirtualFile(io.RawIOBase):
    """A file of ``size`` bytes with pieces of data at some offsets, and repeated ``filling`` between them.

    ``bytes_read`` and ``reads`` count the requests.
    """

    def __init__(self, size: int, pieces: Mapping[int, bytes], *, filling: bytes = b"\0") -> None:
        super().__init__()
        self._size = size
        self._pieces = pieces
        self._filling = filling
        self._at = 0
        self.bytes_read = 0
        self.reads = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        left = max(0, self._size - self._at)
        length = left if size is None or size < 0 else min(size, left)
        period = len(self._filling)
        phase = self._at % period
        whole = bytearray((self._filling * (length // period + 2))[phase : phase + length])
        for offset, piece in self._pieces.items():
            first, last = max(offset, self._at), min(offset + len(piece), self._at + length)
            if first < last:
                whole[first - self._at : last - self._at] = piece[first - offset : last - offset]
        self._at += length
        self.bytes_read += length
        self.reads += 1
        return bytes(whole)


class ChangingFile(io.RawIOBase):
    """A file that is ``before`` for some reads, and ``after`` from then on.

    ``after`` is its bytes, or a function that is called in place of a read and may raise.
    """

    def __init__(self, before: bytes, reads: int, after: bytes | Callable[[int], bytes]) -> None:
        super().__init__()
        self._data = before
        self._reads_left = reads
        self._after = after
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._data)}[whence]
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        if self._reads_left == 0:
            if not isinstance(self._after, bytes):
                return self._after(-1 if size is None else size)
            self._data = self._after
        else:
            self._reads_left -= 1
        end = len(self._data) if size is None or size < 0 else self._at + size
        piece = self._data[self._at : end]
        self._at += len(piece)
        return piece

"""The same bytes as each kind of source that ``read_header`` accepts, well behaved and not.

For: tests that check a rule for every kind of source.
Never: an expectation.
Standard: none; the contract is section 7 of the design and the documentation of ``tagsniff.read_header``.
"""

from __future__ import annotations

import io


class ShortReads(io.RawIOBase):
    """A binary file object that returns fewer bytes than requested, as sockets and pipes do."""

    def __init__(self, data: bytes, most: int = 7) -> None:
        super().__init__()
        self._inner = io.BytesIO(data)
        self._most = most

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._inner.seek(offset, whence)

    def tell(self) -> int:
        return self._inner.tell()

    def read(self, size: int | None = -1) -> bytes:
        return self._inner.read(self._most if size is None or size < 0 else min(size, self._most))

    def readinto(self, buffer: bytearray | memoryview) -> int:
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class FailingReads(ShortReads):
    """A binary file object on a failing disk: every read of a byte at or after ``fails_at`` raises."""

    def __init__(self, data: bytes, fails_at: int) -> None:
        super().__init__(data, most=1 << 30)
        self._fails_at = fails_at
        self.failed = False

    def read(self, size: int | None = -1) -> bytes:
        asked = (1 << 30) if size is None or size < 0 else size
        if asked and self.tell() + asked > self._fails_at:
            # A disk returns the bytes before the bad sector, and fails at the next try.
            asked = self._fails_at - self.tell()
            if asked <= 0:
                self.failed = True
                raise OSError(5, "Input/output error")
        return super().read(asked)

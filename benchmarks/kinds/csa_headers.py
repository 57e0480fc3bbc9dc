"""Bytes that look like Siemens CSA headers: names of fixed length, numbers, short texts, and a protocol as text.

For: images.py.
Never: a header that a Siemens tool could read.
"""

from __future__ import annotations

import random
import struct

_IMAGE_NAMES = 72
_PROTOCOL_LINES = 560


class CsaHeaders:
    """The two headers of a series; the image header differs from one instance to the next."""

    def __init__(self, numbers: random.Random) -> None:
        entries = [self._entry(f"ImageParameter{number}", numbers) for number in range(_IMAGE_NAMES)]
        half = len(entries) // 2
        self._front = b"SV10\4\3\2\1" + struct.pack("<II", _IMAGE_NAMES + 1, 77) + b"".join(entries[:half])
        self._back = b"".join(entries[half:])
        lines = [
            f"sSliceArray.asSlice[{line // 7}].dParameter{line % 7}\t = \t{numbers.randrange(10**6) / 1000}\n"
            for line in range(_PROTOCOL_LINES)
        ]
        protocol = "### ASCCONV BEGIN ###\n" + "".join(lines) + "### ASCCONV END ###\n"
        self.series = self._even(b"SV10\4\3\2\1" + struct.pack("<II", 1, 77) + protocol.encode())

    def image(self, instance: int) -> bytes:
        """Return the image header of an instance."""
        position = f"{instance * 2.5 - 100:16.8f}".encode()
        return self._even(self._front + b"SlicePosition".ljust(64, b"\0") + position + self._back)

    @staticmethod
    def _entry(name: str, numbers: random.Random) -> bytes:
        value = f"{numbers.randrange(10**6) / 1000:.4f}".encode().ljust(20, b"\0")
        head = struct.pack("<I4sIII", 1, b"DS\0\0", 3, 6, 77)
        return name.encode().ljust(64, b"\0") + head + struct.pack("<4I", 20, 20, 77, 20) + value

    @staticmethod
    def _even(data: bytes) -> bytes:
        return data + b"\0" * (len(data) % 2)

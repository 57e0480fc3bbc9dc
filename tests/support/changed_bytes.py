"""Files with a few bytes changed, from a seeded generator.

For: fuzzers of whole files: pydicom's answer to the same bytes, and collections of files that differ a little.
Never: a change that the generator does not reproduce.
Standard: PS3.5 sections 6.2 and 7, edition 2026b (numbers, tags and letters that are worth trying).
"""

from __future__ import annotations

import random
import struct

HEADER_BYTES = 4096
"""Most changes are made up to here."""

NUMBERS = (0, 1, 2, 7, 8, 12, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFF0, 0xFFFFFFFE, 0xFFFFFFFF)
TAGS = (0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD, 0x7FE00010, 0x00080005, 0x00081140, 0x00280103, 0x00291010, 0x00290010)
VRS = (b"SQ", b"UN", b"OB", b"OW", b"LO", b"UT", b"US", b"AT", b"UV", b"ZZ", b"lo", b"ox", b"  ", b"\0\0")


def change_bytes(data: bytes, rng: random.Random) -> bytes:
    """Make one to three changes: bits, bytes, numbers, tags, VRs, cuts, and pieces moved, removed or repeated."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3))):
        size = len(changed)
        if size < 8:
            break
        at = rng.randrange(size if rng.random() < 0.3 else min(size, HEADER_BYTES))
        kind = rng.randrange(9)
        if kind == 0:
            changed[at] = rng.randrange(256)
        elif kind == 1:
            changed[at] ^= 1 << rng.randrange(8)
        elif kind == 2:
            changed[at : at + 4] = struct.pack("<I", rng.choice(NUMBERS))
        elif kind == 3:
            changed[at : at + 2] = struct.pack("<H", rng.choice(NUMBERS) & 0xFFFF)
        elif kind == 4:
            tag = rng.choice(TAGS)
            changed[at : at + 4] = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
        elif kind == 5:
            changed[at : at + 2] = rng.choice(VRS)
        elif kind == 6:
            end = at + rng.randrange(1, 64)
            piece = bytes(changed[at:end])
            place = rng.randrange(size)
            changed[place:place] = piece
        elif kind == 7:
            del changed[at : at + rng.randrange(1, 64)]
        elif rng.random() < 0.2:
            del changed[at:]
    return bytes(changed)

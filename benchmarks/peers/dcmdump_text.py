"""Reads the output of dcmdump into rows.

For: compare.py, after dcmdump was timed. dcmdump prints every element of every file and counts nothing.
Never: a part of the measured time. A value with a line feed would be cut off; the collection has none.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterable

from peers.rows import NUMBERS, PIXEL_DATA, Identities, Row, is_creator, list_values

IDENTITIES = Identities()
_LINE = re.compile(rb"( *)\(([0-9a-f]{4}),([0-9a-f]{4})\) (..) (.*) +# +(?:[0-9]+|u/l), *[0-9]+ .*$", re.DOTALL)
_ITEMS = re.compile(rb"\((?:Sequence|PixelSequence).*#=([0-9]+)\)")
_ITEM, _DELIMITERS = 0xFFFEE000, frozenset([0xFFFEE00D, 0xFFFEE0DD])


def read_dump(lines: Iterable[bytes]) -> tuple[int, Counter[Row]]:
    """Return the number of files and the rows of all files."""
    counts: Counter[Row] = Counter()
    files = 0
    found: set[Row] = set()
    # For each depth: the identity of the sequence, and the private creators of the open item.
    holders: list[tuple[str, dict[int, bytes]]] = [("", {})]
    for line in lines:
        if line.startswith(b"# dcmdump ("):
            counts.update(found)
            files += 1
            found.clear()
            holders = [("", {})]
            continue
        match = _LINE.match(line.rstrip(b"\n"))
        if match is None:
            continue
        depth = len(match[1]) // 2
        tag = int(match[2], 16) << 16 | int(match[3], 16)
        # ?? is printed if neither the file nor the dictionary has a VR.
        vr, shown = match[4].decode().replace("??", "UN"), match[5]
        level = (depth + 1) // 2
        del holders[level + 1 :]
        if tag == _ITEM and vr == "na":
            holders[level] = (holders[level][0], {})
            continue
        if tag in _DELIMITERS or tag == _ITEM:
            continue
        parent, creators = holders[level]
        raw = _read_value(vr, shown)
        if is_creator(tag):
            creators[tag] = raw
        name = IDENTITIES.text(parent, tag, creators)
        items = _ITEMS.match(shown)
        if tag == PIXEL_DATA:
            found.add((name, vr, b""))
        elif items is not None and vr in ("SQ", "UN"):
            found.add((name, "SQ", items[1]))
            holders.append((name, {}))
        else:
            found.update((name, vr, value) for value in list_values(vr, raw))
    counts.update(found)
    return files, counts


def _read_value(vr: str, shown: bytes) -> bytes:
    shown = shown.rstrip(b" ")
    if shown.startswith(b"(no value available)"):
        return b""
    if shown.startswith(b"["):
        return shown[1:-1]
    if vr in NUMBERS:
        numbers = [float(part) if vr in ("FL", "FD") else int(part) for part in shown.split(b"\\")]
        return struct.pack(f"<{len(numbers)}{NUMBERS[vr]}", *numbers)
    if vr == "AT":
        tags = re.findall(rb"\(([0-9a-f]{4}),([0-9a-f]{4})\)", shown)
        return b"".join(struct.pack("<HH", int(group, 16), int(element, 16)) for group, element in tags)
    if vr in ("OB", "UN") and re.fullmatch(rb"[0-9a-f]{2}(\\[0-9a-f]{2})*", shown):
        return bytes.fromhex(shown.replace(b"\\", b"").decode())
    return shown

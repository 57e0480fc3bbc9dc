r"""The job that all tools do, and the form of the file in which each writes its result.

For: the scripts of this folder; `compare.py` compares the results.
Never: tagsniff. No tool is measured with the help of another one.
Standard: PS3.5 sections 6.2, 6.4 and 7.8, edition 2026b.

The job: every distinct (identity, VR, value) of a collection with the number of files that hold it.

- identity: tags from the root down, ``[<0>]`` between them, private elements by their private creator:
  ``(0040,0275)[<0>](0009,"GEMS_IDEN_01",02)``; without a creator ``(0009,<none:10>,02)``
- value: for text that may have several values, each component without outer padding; for other text, the text without
  padding at its end; binary numbers as bytes in little endian; other bytes as they are; for a sequence, the number of
  its items; for Pixel Data nothing

A result is a text file. Its first lines are ``files\tN`` and ``failed\tpath`` for each file that could not be read;
then one line for each row, ``identity\tVR\tfiles\tvalue in hexadecimal digits``.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator

SEVERAL_VALUES = frozenset(["AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "PN", "SH", "TM", "UI"])
ONE_TEXT = frozenset(["LT", "ST", "UC", "UR", "UT"])
NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d"}
PIXEL_DATA = 0x7FE00010
LARGEST_VALUE_BYTES = 64 * 1024
ALL_VALUES = b"\0all"
_PADDING = b"\0 "

Row = tuple[str, str, bytes]


def list_values(vr: str, raw: bytes) -> list[bytes]:
    """Return the values of a value field that has numbers in little endian."""
    if vr in SEVERAL_VALUES:
        return [part.rstrip(_PADDING).lstrip(b" ") for part in raw.split(b"\\")]
    return [raw.rstrip(_PADDING)] if vr in ONE_TEXT else [raw]


class Identities:
    """The texts of identities, each built once.

    `owner` finds a private creator among the creators of the data set or item that holds the element.
    """

    def __init__(self) -> None:
        self._texts: dict[tuple[str, int, bytes | None], str] = {}

    def text(self, parent: str, tag: int, creators: dict[int, bytes]) -> str:
        """Return the identity; ``creators`` maps the tags of private creators to their value fields."""
        group, element = tag >> 16, tag & 0xFFFF
        if group & 1 == 0 or element < 0x1000:
            return self._find(parent, tag, None)
        return self._find(parent, tag, creators.get(group << 16 | element >> 8, b"\0none"))

    def _find(self, parent: str, tag: int, creator: bytes | None) -> str:
        found = self._texts.get((parent, tag, creator))
        if found is None:
            found = self._texts[parent, tag, creator] = f"{parent}[<0>]{_step(tag, creator)}".removeprefix("[<0>]")
        return found


def _step(tag: int, creator: bytes | None) -> str:
    group, element = tag >> 16, tag & 0xFFFF
    if creator is None:
        return f"({group:04x},{element:04x})"
    if creator == b"\0none":
        return f"({group:04x},<none:{element >> 8:02x}>,{element & 0xFF:02x})"
    name = creator.rstrip(_PADDING).lstrip(b" ").decode("latin-1").replace("\\", r"\\").replace('"', r"\"")
    return f'({group:04x},"{name}",{element & 0xFF:02x})'


def is_creator(tag: int) -> bool:
    """Return whether a tag is that of a private creator."""
    return tag >> 16 & 1 == 1 and 0x10 <= tag & 0xFFFF <= 0xFF


def list_files(folder: str) -> Iterator[str]:
    """Yield the path of each file below a folder."""
    for place, _, names in os.walk(folder):
        for name in names:
            yield os.path.join(place, name)


def run_job(list_rows: Callable[[str], set[Row]]) -> None:
    """Do the job with a function that returns the rows of a file: ``SCRIPT FOLDER RESULT``.

    ``SCRIPT FOLDER RESULT --elements`` also counts the files of each identity and VR, as rows without a value.
    """
    folder, result, *options = sys.argv[1:]
    counts: Counter[Row] = Counter()
    failed = []
    files = 0
    for path in list_files(folder):
        try:
            found = list_rows(path)
            counts.update(found)
            if options == ["--elements"]:
                counts.update({(name, vr, ALL_VALUES) for name, vr, _ in found})
        except Exception:  # noqa: BLE001  a file that a tool cannot read is counted and listed
            failed.append(path)
        files += 1
    write_result(result, files, failed, counts)


def write_result(path: str, files: int, failed: list[str], counts: Counter[Row]) -> None:
    """Write a result."""
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"files\t{files}\n")
        out.writelines(f"failed\t{name}\n" for name in failed)
        out.writelines(f"{name}\t{vr}\t{number}\t{value.hex()}\n" for (name, vr, value), number in counts.items())


def read_result(path: str) -> tuple[int, list[str], dict[Row, int]]:
    """Return the number of files, those that failed, and the rows of a result."""
    files, failed, rows = 0, [], {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if cells[0] == "files":
                files = int(cells[1])
            elif cells[0] == "failed":
                failed.append(cells[1])
            else:
                rows[cells[0], cells[1], bytes.fromhex(cells[3])] = int(cells[2])
    return files, failed, rows

"""The container of the data of a review page: a head in JSON, then typed columns, in one compressed block of bytes.

For: the review page, whose script reads it (``review_page/source/container.js`` is the same form in JavaScript).
Never: know what a column means; or depend on anything but what is put into it: the same columns give the same bytes.

The bytes before compression, all numbers little endian:

1. ``tagsniff`` in ASCII, the length of the head in bytes (u32), four zero bytes;
2. the head: JSON in ASCII, with the member ``columns`` (``name: [type, offset, count]``; the offset is from the start
   of the first column) and all that `Container.finish` is given; spaces up to a multiple of 8 bytes;
3. the columns, each from a multiple of 8 bytes. A type is ``u8``, ``u16``, ``u32``, ``i32`` or ``f64``. A column of
   ``u16`` or ``u32`` has the lowest bytes of all its numbers, then the next ones: they compress better so.

A table of texts is three columns. A text may begin as the text before it: ``NAME.shared`` has the number of these
characters, ``NAME.lengths`` of those that follow, both in UTF-16 code units, which is how JavaScript counts.
``NAME.bytes`` has what follows of all texts, without anything between, in UTF-8; a lone surrogate has the three bytes
that UTF-8 would give its number.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tagsniff.output.json_text import format_json

if TYPE_CHECKING:
    import numpy.typing as npt

MAGIC = b"tagsniff"
_ALIGNMENT = 8
# RFC 1952: no name, no time, an unknown system. gzip.compress writes the system into it.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# The best level takes five times as long, for a file that is one percent smaller.
_LEVEL = 6
_LARGEST = {"u8": 0xFF, "u16": 0xFFFF, "u32": 0xFFFFFFFF}
_LARGEST_I32 = 0x7FFFFFFF
_IN_PLANES = frozenset({"u16", "u32"})
_DTYPES = {"u8": "<u1", "u16": "<u2", "u32": "<u4", "i32": "<i4", "f64": "<f8"}


class Container:
    """Columns by name, in the order in which they are added."""

    def __init__(self) -> None:
        self._columns: dict[str, tuple[str, int, bytes]] = {}

    def add(self, name: str, numbers: npt.ArrayLike, form: str = "") -> None:
        """Add a column of numbers; without a type, of the smallest one that has them: unsigned, else i32, else f64.

        Raises ValueError for a name that there is already, or a number that is not one of the type.
        """
        import numpy as np

        column = np.asarray(numbers)
        if not form:
            largest, least = int(column.max(initial=0)), int(column.min(initial=0))
            form = next((one for one, most in _LARGEST.items() if largest <= most), "f64")
            if least < 0:
                form = "i32" if -least <= _LARGEST_I32 and largest <= _LARGEST_I32 else "f64"
        typed = column.astype(_DTYPES[form])
        if name in self._columns:
            raise ValueError(f"two columns {name}")
        if form != "f64" and not np.array_equal(typed.astype(np.int64), column.astype(np.int64)):
            raise ValueError(f"column {name} has a number that {form} does not have")
        if form in _IN_PLANES:
            typed = typed.view(np.uint8).reshape(len(column), typed.itemsize).T
        self._columns[name] = (form, len(column), typed.tobytes())

    def add_texts(self, name: str, texts: Sequence[str]) -> None:
        """Add a table of texts."""
        import numpy as np

        shared, rests = _share_beginnings(texts)
        blob = "".join(rests).encode("utf-8", "surrogatepass")
        self.add(f"{name}.bytes", np.frombuffer(blob, np.uint8), "u8")
        self.add(f"{name}.shared", shared)
        self.add(f"{name}.lengths", np.fromiter(map(_count_units, rests), np.int64, len(rests)))

    def finish(self, head: Mapping[str, Any]) -> bytes:
        """Return the bytes of the container, not compressed."""
        places: dict[str, tuple[str, int, int]] = {}
        body: list[bytes] = []
        offset = 0
        for name, (form, count, column) in self._columns.items():
            places[name] = (form, offset, count)
            padded = column + bytes(-len(column) % _ALIGNMENT)
            body.append(padded)
            offset += len(padded)
        text = format_json({**head, "columns": places})
        encoded = _escape_beyond_ascii(text).encode("ascii")
        encoded += b" " * (-len(encoded) % _ALIGNMENT)
        return b"".join([MAGIC, len(encoded).to_bytes(4, "little"), bytes(4), encoded, *body])


class TextNumbers:
    """Texts that get numbers in the order in which they are asked for; number 0 is the empty text."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        """Return the number of a text."""
        return self._numbers.setdefault(text, len(self._numbers))

    def list_numbers(self, texts: Iterable[str]) -> list[int]:
        """Return the number of each text."""
        return [self._numbers.setdefault(text, len(self._numbers)) for text in texts]

    def list_texts(self) -> list[str]:
        """Return the texts by number."""
        return list(self._numbers)


def compress(raw: bytes) -> bytes:
    """Return the bytes as a gzip file (RFC 1952) that depends on nothing else."""
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = compressor.compress(raw) + compressor.flush()
    ending = zlib.crc32(raw).to_bytes(4, "little") + (len(raw) & 0xFFFFFFFF).to_bytes(4, "little")
    return _GZIP_HEAD + deflated + ending


def _share_beginnings(texts: Iterable[str]) -> tuple[list[int], list[str]]:
    """Return for each text how many UTF-16 code units it shares with the one before, and what follows."""
    shared, rests = [], []
    before = ""
    for text in texts:
        count = _count_equal(before, text)
        shared.append(_count_units(text[:count]))
        rests.append(text[count:])
        before = text
    return shared, rests


def _count_equal(one: str, other: str) -> int:
    """Return how many characters at the beginning of two texts are equal."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _count_units(text: str) -> int:
    """Return the number of UTF-16 code units of a text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _escape_beyond_ascii(text: str) -> str:
    if text.isascii():
        return text
    units = ((letter, letter.encode("utf-16-be", "surrogatepass")) for letter in text)
    return "".join(
        letter if letter < "\x80" else "".join(f"\\u{code[at]:02x}{code[at + 1]:02x}" for at in range(0, len(code), 2))
        for letter, code in units
    )

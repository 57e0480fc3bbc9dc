"""Reads a review page without the program: what a browser finds in the file, and the columns of its data.

For: tests of the page.
Never: code of the writer; the form is that of ``tagsniff.writers.review_container``.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import struct
from typing import Any, NamedTuple

_FORMS = {"u8": "B", "u16": "H", "u32": "I", "i32": "i", "f64": "d"}
_PAGE = re.compile(
    r'<!doctype html>.*<meta http-equiv="Content-Security-Policy" content="(?P<policy>[^"]*)">.*'
    r"<style>(?P<style>.*)</style>.*"
    r'<script type="application/octet-stream" id="data" data-digest="(?P<digest>[0-9a-f]{64})">\n'
    r"(?P<data>.*?)</script>\n"
    r"<script>(?P<script>.*)</script>\n</body>\n</html>\n",
    flags=re.DOTALL,
)


class Page(NamedTuple):
    """The parts of a page, and its data: the bytes before compression, the head, and the columns by name."""

    policy: str
    style: str
    script: str
    digest: str
    raw: bytes
    head: dict[str, Any]
    columns: dict[str, list[float]]

    def texts(self, name: str) -> list[str]:
        """Return a table of texts."""
        rests = bytes(map(int, self.columns[f"{name}.bytes"])).decode("utf-8", "surrogatepass")
        encoded = rests.encode("utf-16-le", "surrogatepass")
        found, before, start = [], b"", 0
        lengths = self.columns[f"{name}.lengths"]
        for shared, length in zip(self.columns[f"{name}.shared"], lengths, strict=True):
            # Unit by unit: two halves of a pair that belong to two texts must not become one character.
            end = start + 2 * int(length)
            before = before[: 2 * int(shared)] + encoded[start:end]
            found.append(before.decode("utf-16-le", "surrogatepass"))
            start = end
        assert start == len(encoded)
        return found

    def cells(self, name: str) -> list[str]:
        """Return a column of numbers of the table ``cells`` as texts."""
        texts = self.texts("cells")
        return [texts[int(number)] for number in self.columns[name]]


def read_page(text: str) -> Page:
    """Return the parts of a page; fails if the file has another form."""
    found = _PAGE.fullmatch(text)
    assert found is not None
    raw = gzip.decompress(base64.b64decode(found["data"]))
    assert raw[:8] == b"tagsniff"
    length, zero = struct.unpack_from("<II", raw, 8)
    assert zero == 0
    head = json.loads(raw[16 : 16 + length].decode("ascii"))
    body = raw[16 + length :]
    columns = {}
    for name, (form, offset, count) in head["columns"].items():
        assert offset % 8 == 0
        size = struct.calcsize(_FORMS[form])
        raw_column = body[offset : offset + count * size]
        if form in ("u16", "u32"):
            raw_column = bytes(raw_column[byte * count + at] for at in range(count) for byte in range(size))
        columns[name] = list(struct.unpack(f"<{count}{_FORMS[form]}", raw_column))
    return Page(found["policy"], found["style"], found["script"], found["digest"], raw, head, columns)

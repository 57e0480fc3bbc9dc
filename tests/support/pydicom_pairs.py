"""One call to tagsniff's ``dcmread`` and the same call to pydicom's, and a data set with elements of many kinds.

For: tests that make both calls and compare the results.
Never: an expectation of pydicom's result for a file.
Standard: PS3.5 sections 7.1 and 7.5, edition 2026b.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pydicom

from dicom_bytes import Encoding, Part
from pydicom_states import call, first_difference, state_of
from tagsniff.backends.pydicom import dcmread

THEIRS = pydicom.filereader.dcmread
PIXEL_DATA = 0x7FE00010
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"stop_before_pixels": True},
    {"defer_size": 30},
    {"specific_tags": ["PatientName"]},
    {"specific_tags": ["PixelData"], "defer_size": "1 MB"},
)


def data_set_of(encoding: Encoding, pixel_bytes: int = 40, text_bytes: int = 12) -> Part:
    """Return text, a sequence of undefined length with an item that has its own character set, and Pixel Data."""
    item = encoding.item(
        encoding.element(0x00080005, "CS", b"ISO_IR 192"),
        encoding.element(0x00100010, "PN", "Jürgen".encode() + b" "),
        undefined=True,
    )
    return (
        encoding.element(0x00080005, "CS", b"ISO_IR 100")
        + encoding.sequence(0x00081140, item, undefined=True)
        + encoding.element(0x00100010, "PN", b"M\xfcller")
        + encoding.element(0x00104000, "LT", b"x" * text_bytes)
        + encoding.element(PIXEL_DATA, "OW", bytes(pixel_bytes))
        + encoding.element(0xFFFCFFFC, "OB", bytes(4))
    )


def same(make: Callable[[], Any], **asked: Any) -> Any:
    """Read what ``make`` returns with both, compare, close it if it is an open file, return tagsniff's data set."""
    first, second = make(), make()
    with ExitStack() as opened:
        for source in (first, second):
            if hasattr(source, "close") and not isinstance(source, io.BytesIO):
                opened.callback(source.close)
        return same_of(first, second, **asked)


def same_of(first: Any, second: Any, **asked: Any) -> Any:
    """The same for two existing sources."""
    mine, theirs = call(dcmread, first, **asked), call(THEIRS, second, **asked)
    assert (mine.error, mine.warned) == (theirs.error, theirs.warned)
    if mine.result is None:
        return None
    assert first_difference(state_of(mine.result), state_of(theirs.result)) == ""
    if hasattr(first, "tell"):
        assert first.tell() == second.tell()
    return mine.result

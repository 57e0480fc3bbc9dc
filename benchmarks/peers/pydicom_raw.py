"""The job with pydicom and its raw data elements, the fastest use of pydicom that gives the whole result.

For: compare.py; the result is the reference.
Never: the conversion of a value, unless pydicom has already converted it.
"""

from __future__ import annotations

import logging
import struct
import warnings
from typing import Any

import pydicom
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from peers.rows import LARGEST_VALUE_BYTES, NUMBERS, PIXEL_DATA, Identities, Row, is_creator, list_values, run_job

IDENTITIES = Identities()
PIXEL_REPRESENTATION = 0x00280103
_known_vrs: dict[int, str] = {}
_swapped = {vr: (struct.calcsize(letter), letter) for vr, letter in NUMBERS.items()}


def list_rows(path: str) -> set[Row]:
    """Return the rows of a file."""
    data_set = pydicom.dcmread(path, defer_size=LARGEST_VALUE_BYTES)
    found: set[Row] = set()
    add_data_set(data_set.file_meta, "", found)
    add_data_set(data_set, "", found)
    return found


def add_data_set(data_set: Dataset, parent: str, found: set[Row]) -> None:
    """Add the rows of a data set or item and of all items in it."""
    elements = data_set.items()
    creators = {int(tag): raw_value(element, "LO") for tag, element in elements if is_creator(tag)}
    for tag, element in elements:
        name = IDENTITIES.text(parent, tag, creators)
        vr = element.VR or known_vr(tag, data_set)
        if vr == "SQ":
            items = element.value if isinstance(element.value, Sequence) else data_set[tag].value
            found.add((name, "SQ", b"%d" % len(items)))
            for item in items:
                add_data_set(item, name, found)
        elif tag == PIXEL_DATA:
            found.add((name, vr, b""))
        else:
            for value in list_values(vr, raw_value(element, vr)):
                found.add((name, vr, value))


def raw_value(element: Any, vr: str) -> bytes:
    """Return the value field of an element, with numbers in little endian."""
    value = element.value
    if isinstance(element, RawDataElement):
        raw = bytes(value or b"")
        if not element.is_little_endian and vr in _swapped:
            size, letter = _swapped[vr]
            count = len(raw) // size
            return struct.pack(f"<{count}{letter}", *struct.unpack(f">{count}{letter}", raw))
        return raw
    # pydicom has converted the value: elements of the file meta information, and (0008,0005).
    if isinstance(value, bytes):
        return value
    if vr in NUMBERS:
        return struct.pack("<" + NUMBERS[vr], value)
    return value.encode() if isinstance(value, str) else "\\".join(map(str, value or ())).encode()


def known_vr(tag: int, data_set: Dataset) -> str:
    """Return the VR of an element that has none in the file."""
    vr = _known_vrs.get(tag)
    if vr is None:
        try:
            vr = dictionary_VR(tag)
        except KeyError:
            vr = "LO" if is_creator(tag) else "UN"
        _known_vrs[tag] = vr
    if vr == "US or SS":
        return "SS" if raw_value(data_set.get_item(PIXEL_REPRESENTATION), "US")[:1] == b"\1" else "US"
    return "OW" if vr == "OB or OW" else vr


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
    run_job(list_rows)

"""The job with python-gdcm: every data element through its bindings.

For: compare.py.
Never: a part of a file that is left out to save time.
"""

from __future__ import annotations

from typing import Any

import gdcm

from peers.rows import PIXEL_DATA, Identities, Row, is_creator, list_values, run_job

IDENTITIES = Identities()
PIXEL_REPRESENTATION = 0x00280103
_DICTIONARY = gdcm.Global.GetInstance().GetDicts()
_known_vrs: dict[int, str] = {}


def list_rows(path: str) -> set[Row]:
    """Return the rows of a file. Raises ValueError if it cannot be read."""
    reader = gdcm.Reader()
    reader.SetFileName(path)
    if not reader.Read():
        raise ValueError(path)
    found: set[Row] = set()
    file = reader.GetFile()
    add_data_set(file.GetHeader(), "", found)
    add_data_set(file.GetDataSet(), "", found)
    return found


def add_data_set(data_set: Any, parent: str, found: set[Row]) -> None:
    """Add the rows of a data set or item and of all items in it."""
    # One pass: an element of these bindings is valid only for one step of the loop. Elements are sorted by tag.
    creators: dict[int, bytes] = {}
    is_signed = False
    for element in data_set.GetDES():
        place = element.GetTag()
        tag = place.GetGroup() << 16 | place.GetElement()
        if is_creator(tag):
            creators[tag] = raw_value(element)
        elif tag == PIXEL_REPRESENTATION:
            is_signed = raw_value(element)[:1] == b"\1"
        name = IDENTITIES.text(parent, tag, creators)
        vr = str(element.GetVR())
        if vr == "??":
            vr = known_vr(tag, is_signed=is_signed)
        if vr == "SQ" or (vr == "UN" and element.IsUndefinedLength()):
            add_sequence(element, name, found)
        elif tag == PIXEL_DATA:
            found.add((name, vr, b""))
        else:
            for value in list_values(vr, raw_value(element)):
                found.add((name, vr, value))


def add_sequence(element: Any, name: str, found: set[Row]) -> None:
    """Add the row of a sequence and those of its items."""
    # The bindings crash if the sequence of an element without a value is accessed.
    items = None if element.IsEmpty() else element.GetValueAsSQ()
    count = 0 if items is None else items.GetNumberOfItems()
    found.add((name, "SQ", b"%d" % count))
    for number in range(1, count + 1):
        item = items.GetItem(number)
        add_data_set(item.GetNestedDataSet(), name, found)


def raw_value(element: Any) -> bytes:
    """Return the value field. GDCM has converted numbers to little endian."""
    value = element.GetByteValue()
    return b"" if value is None else value.GetBuffer().encode("utf-8", "surrogateescape")


def known_vr(tag: int, *, is_signed: bool) -> str:
    """Return the VR of an element that has none in the file."""
    vr = _known_vrs.get(tag)
    if vr is None:
        if tag >> 16 & 1:
            vr = "LO" if is_creator(tag) else "UN"
        else:
            vr = str(_DICTIONARY.GetDictEntry(gdcm.Tag(tag >> 16, tag & 0xFFFF)).GetVR())
        _known_vrs[tag] = vr
    if vr == "US or SS":
        return "SS" if is_signed else "US"
    return "OW" if vr == "OB or OW" else vr


if __name__ == "__main__":
    gdcm.Trace.WarningOff()
    run_job(list_rows)

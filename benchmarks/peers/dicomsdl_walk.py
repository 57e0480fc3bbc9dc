"""The job with dicomsdl: every data element through its bindings.

For: compare.py.
Never: a part of a file that is left out to save time.
"""

from __future__ import annotations

from typing import Any

import dicomsdl

from peers.rows import PIXEL_DATA, Identities, Row, is_creator, list_values, run_job

IDENTITIES = Identities()
IMPLICIT = "1.2.840.10008.1.2"
US_OR_SS = frozenset([0x00280106, 0x00280107])
_VR_NAMES: dict[Any, str] = {}


def list_rows(path: str) -> set[Row]:
    """Return the rows of a file."""
    data_set = dicomsdl.open(path)
    found: set[Row] = set()
    has_vrs = data_set.TransferSyntaxUID != IMPLICIT
    is_signed = getattr(data_set, "PixelRepresentation", 0) == 1
    add_data_set(data_set, "", found, has_vrs=has_vrs, is_signed=is_signed)
    return found


def add_data_set(data_set: Any, parent: str, found: set[Row], *, has_vrs: bool, is_signed: bool) -> None:
    """Add the rows of a data set or item and of all items in it. dicomsdl has converted numbers to little endian."""
    elements = [(element.tag(), element) for element in data_set]
    creators = {tag: element.toBytes() for tag, element in elements if is_creator(tag)}
    for tag, element in elements:
        name = IDENTITIES.text(parent, tag, creators)
        kind = element.vr()
        vr = _VR_NAMES.get(kind)
        if vr is None:
            vr = _VR_NAMES[kind] = str(kind).rpartition(".")[2]
        if not has_vrs:
            # If the file has no VR, dicomsdl gives UN for a private creator, and US for US or SS.
            vr = "LO" if tag in creators else "SS" if is_signed and tag in US_OR_SS else vr
        if vr == "SQ":
            items = element.toSequence()
            found.add((name, "SQ", b"%d" % len(items)))
            for item in items:
                add_data_set(item, name, found, has_vrs=has_vrs, is_signed=is_signed)
        elif tag == PIXEL_DATA:
            found.add((name, "OB" if vr == "PIXSEQ" else vr, b""))
        else:
            for value in list_values(vr, element.toBytes()):
                found.add((name, vr, value))


if __name__ == "__main__":
    dicomsdl.set_loglevel(dicomsdl.LogLevel.DISABLE)
    run_job(list_rows)

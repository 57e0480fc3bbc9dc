"""The content of a header in the form of the cases: paths of tags, VRs, lengths, values.

For: tests that compare a header with what was written, or with another reader.
Never: an assertion about the bytes of a file.
Standard: PS3.5 section 7, edition 2026b.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dicom_bytes import ITEM, tag_text

if TYPE_CHECKING:
    from tagsniff import Header


def vr_text(vr: bytes) -> str:
    """Return the two letters, or nothing for an item."""
    return bytes(vr).rstrip(b"\0").decode("latin-1")


def paths(header: Header) -> list[str]:
    """Return the path of each record, computed only from ``parent``; items are numbered from 0 in their sequence."""
    elements = header.elements
    tags = elements["tag"].tolist()
    parents = elements["parent"].tolist()
    numbers: dict[int, int] = {}
    found: list[str] = []
    for tag, parent in zip(tags, parents, strict=True):
        assert parent < len(found), "a parent precedes its children"
        before = found[parent] if parent >= 0 else ""
        if tag == ITEM:
            numbers[parent] = numbers.get(parent, -1) + 1
            found.append(f"{before}[{numbers[parent]}]")
        else:
            found.append(before + tag_text(tag))
    return found


def deviation_counts(header: Header) -> dict[str, int]:
    """Return the count of each deviation by its name."""
    return {deviation.status.name: deviation.count for deviation in header.deviations}

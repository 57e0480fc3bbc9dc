"""The elements of a header beside those that pydicom has of the same file.

For: the comparison of every real file, and the one of files with changed bytes, which no test module may import.
Never: a reason why a difference is right; each of the two has its own list.
Standard: PS3.5 section 7.1, edition 2026b.
"""

from __future__ import annotations

import tagsniff
from dicom_bytes import UNDEFINED
from pydicom_rows import DELIMITER_LENGTH, Found
from read_rows import paths, vr_text


def rows_by_path(header: tagsniff.Header) -> tuple[dict[str, tuple[str, int, bytes]], list[str]]:
    """Path to VR, length and value, the last where a path comes twice as pydicom has it, and the paths that do."""
    rows: dict[str, tuple[str, int, bytes]] = {}
    twice = []
    elements = header.elements
    lengths = elements["value_length"].tolist()
    for index, path in enumerate(paths(header)):
        if path in rows:
            twice.append(path)
        value = b"" if path.endswith("]") else header.value(index)
        rows[path] = (vr_text(elements["vr"][index]), lengths[index], value)
    return rows, twice


def differences_of_row(ours: tuple[str, int, bytes], theirs: Found) -> list[str]:
    """The columns in which one element differs."""
    vr, length, value = ours
    found = []
    if theirs.vrs is not None and vr not in theirs.vrs:
        found.append("vr")
    if theirs.length is not None and length != theirs.length:
        found.append("length")
    if theirs.value is not None and theirs.length == UNDEFINED:
        # pydicom's value of fragments lacks their delimitation item.
        value = value[:-DELIMITER_LENGTH]
    if theirs.value is not None and value != theirs.value:
        found.append("value")
    return found

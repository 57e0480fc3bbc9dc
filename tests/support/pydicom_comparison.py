"""The elements of a header and those of pydicom for the same file.

For: the comparison of every real file, and that of files with changed bytes; the latter may import no test module.
Never: a reason for a difference; both comparisons have lists of their own.
Standard: PS3.5 section 7.1, edition 2026b.
"""

from __future__ import annotations

import tagsniff
from dicom_bytes import UNDEFINED
from pydicom_rows import DELIMITER_LENGTH, Found
from read_rows import paths, vr_text

Row = tuple[str, int, bytes]
"""VR, value length and value of one element."""


def rows_by_path(header: tagsniff.Header) -> tuple[dict[str, Row], list[str]]:
    """Return VR, length and value by path, the last one for a repeated path, as in pydicom; and the repeated paths."""
    rows: dict[str, Row] = {}
    twice = []
    elements = header.elements
    lengths = elements["value_length"].tolist()
    for index, path in enumerate(paths(header)):
        if path in rows:
            twice.append(path)
        value = b"" if path.endswith("]") else header.value(index)
        rows[path] = (vr_text(elements["vr"][index]), lengths[index], value)
    return rows, twice


def differences_of_row(ours: Row, theirs: Found) -> list[str]:
    """Return the columns in which one element differs."""
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

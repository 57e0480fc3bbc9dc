"""Reports of tagsniff, compared with the reference result.

For: compare.py, which counts a time of tagsniff only if its report agrees with the reference.
Never: a row that is accepted unchecked. Each row of the reference is found with its number of files, and no other row.
Terms: README.md on the values of reports.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from peers.rows import NUMBERS, ONE_TEXT, PIXEL_DATA, SEVERAL_VALUES, Row

_FOUND_TEXT = "/text"
_PIXELS = f"({PIXEL_DATA >> 16:04x},{PIXEL_DATA & 0xFFFF:04x})"

Element: TypeAlias = tuple[str, str]
"""Identity and VR."""

Shown: TypeAlias = tuple[str, str, str]
"""Identity, VR, and the text of a value."""


def show(row: Row) -> list[str]:
    """Return the texts that a report may show for a value of the reference: one, for UN two."""
    name, vr, raw = row
    if name.endswith(_PIXELS):
        return [""]
    if not raw:
        return ["<empty>"]
    if vr == "UN":
        return [_show_digest(raw), _decode(raw).strip(" \0")]
    return [_show_value(vr, raw)]


def _show_value(vr: str, raw: bytes) -> str:
    if vr == "SQ":
        return f"<{int(raw)} item{'' if int(raw) == 1 else 's'}>"
    if vr in SEVERAL_VALUES or vr in ONE_TEXT:
        return _decode(raw)
    if vr in NUMBERS:
        return show_numbers(vr, raw)
    return show_tags(raw) if vr == "AT" else _show_digest(raw)


def _show_digest(raw: bytes) -> str:
    return f"<{len(raw)} byte{'' if len(raw) == 1 else 's'}, sha256 {hashlib.sha256(raw).hexdigest()}>"


def _decode(raw: bytes) -> str:
    """Return the text. The collection has two character sets, and no text in one of them is valid in the other."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def show_numbers(vr: str, raw: bytes) -> str:
    """Return binary numbers as the shortest texts from which they can be read back."""
    import numpy as np

    letter = NUMBERS[vr]
    numbers = struct.unpack(f"<{len(raw) // struct.calcsize(letter)}{letter}", raw)
    return "\\".join(str(np.float32(number)) if vr == "FL" else str(number) for number in numbers)


def show_tags(raw: bytes) -> str:
    """Return tags in their notation."""
    halves = struct.unpack(f"<{len(raw) // 2}H", raw)
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return "\\".join(f"({group:04x},{element:04x})" for group, element in pairs)


@dataclass
class Report:
    """The rows of a report, with files summed over equipment. A file has one equipment, so the sums are exact.

    ``codes`` has the number of files of each element with a code and no values. ``collapsed`` are the elements with
    some values collapsed into one row; ``is_bounded`` is true if some values are left out. Text that was found inside
    binary values is not part of the job and not included.
    """

    values: Counter[Shown] = field(default_factory=Counter)
    codes: Counter[Element] = field(default_factory=Counter)
    collapsed: set[Element] = field(default_factory=set)
    is_bounded: bool = False


def read_report(path: Path) -> Report:
    """Return a report in the format jsonl."""
    report = Report()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["kind"] in ("run", "incomplete"):
                continue
            name, vr = row["element"], row["vr"]
            if row["kind"] == "code":
                report.codes[name, vr] += row["files"]
            elif row["kind"] != "value":
                report.is_bounded = True
            elif "COLLAPSED" in row["flags"]:
                report.collapsed.add((name, vr))
            elif not name.endswith(_FOUND_TEXT):
                report.values[name, vr, "" if name.endswith(_PIXELS) else row["value"]] += row["files"]
    return report


def differences_of_all(reference: Mapping[Row, int], path: Path) -> list[str]:
    """Return the rows in which a report that records everything differs from the reference."""
    report = read_report(path)
    if report.is_bounded or report.collapsed or report.codes:
        return ["not every value was recorded"]
    return _unequal(_expect(reference, report.values), report.values)


def differences_of_profile(reference: Mapping[Row, int], of_element: Mapping[Element, int], path: Path) -> list[str]:
    """Return the differences of a report with a profile: each element must have a code, or all its values.

    ``of_element`` has the number of files of each identity and VR. If an element has a code for some equipment and
    values for other equipment, or collapsed values, only its presence is checked.
    """
    report = read_report(path)
    with_values = {(name, vr) for name, vr, _ in report.values}
    listed = with_values | report.codes.keys() | report.collapsed
    found = ["a bound on distinct values was hit"] if report.is_bounded else []
    found += [f"{element}: not listed" for element in of_element if element not in listed]
    for element in report.codes.keys() - with_values - report.collapsed:
        if report.codes[element] != of_element.get(element):
            found.append(f"{element}: {report.codes[element]} files, not {of_element.get(element)}")
    left_out = report.codes.keys() | report.collapsed
    expected = _expect({row: files for row, files in reference.items() if row[:2] not in left_out}, report.values)
    recorded = {shown: files for shown, files in report.values.items() if shown[:2] not in left_out}
    return [*found, *_unequal(expected, recorded)]


def _expect(reference: Mapping[Row, int], values: Mapping[Shown, int]) -> Counter[Shown]:
    """Return the values that a report should show for the rows of the reference."""
    expected: Counter[Shown] = Counter()
    for row, files in reference.items():
        texts = show(row)
        text = next((text for text in texts if (row[0], row[1], text) in values), texts[0])
        expected[row[0], row[1], text] += files
    return expected


def _unequal(expected: Mapping[Shown, int], found: Mapping[Shown, int]) -> list[str]:
    rows = [shown for shown in expected.keys() | found.keys() if expected.get(shown, 0) != found.get(shown, 0)]
    by_element = Counter(shown[:2] for shown in rows)
    return [f"{name} {vr}: {count} rows" for (name, vr), count in sorted(by_element.items())]

"""Files with private elements of a maker, and the sheets of decisions on them.

For: the tests of sheets: they scan the files, fill in a sheet as a person does, and scan again.
Never: an import of tagsniff: what a sheet holds is read with the library that spreadsheets are read with.
Standard: none.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10, uid_value

HIDDEN = b"HIDDEN^MARKER"
SHEET, KNOWN, KEY = "decisions.csv", "decisions.csv.known", "tagsniff.key"
TEXT, NUMBER, CODE, BYTES = (f'(0009,"ACME HEADER",{number:02x})' for number in (1, 2, 3, 4))


def even(text: bytes) -> bytes:
    return text + b" " * (len(text) % 2)


def image(number: int, patient: bytes, text: bytes, numbers: bytes = b"1.5", data: bytes = b"\1\2\3\4") -> bytes:
    return part10(
        join(
            [
                EXPLICIT.element(0x00080018, "UI", uid_value(f"1.2.3.{number}")),
                EXPLICIT.element(0x00080060, "CS", b"CT"),
                EXPLICIT.element(0x00080070, "LO", b"ACME"),
                EXPLICIT.element(0x00090010, "LO", b"ACME HEADER "),
                EXPLICIT.element(0x00091001, "LO", even(text)),
                EXPLICIT.element(0x00091002, "DS", even(numbers)),
                EXPLICIT.element(0x00091003, "CS", b"LEFT"),
                EXPLICIT.element(0x00091004, "OB", data),
                EXPLICIT.element(0x00100010, "PN", even(HIDDEN)),
                EXPLICIT.element(0x00100020, "LO", even(patient)),
                EXPLICIT.element(0x0020000E, "UI", uid_value(f"1.2.3.{patient.decode()}.1")),
            ]
        ),
        EXPLICIT_LITTLE_UID,
    ).data


def values_of(rows: Sequence[dict[str, str]], element: str) -> dict[str, str]:
    """Return the flags of the values of an element in a report."""
    return {row["value"]: row["flags"] for row in rows if row["element"] == element and row["kind"] == "value"}


def read_sheet(path: str = SHEET) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def find(element: str, path: str = SHEET) -> list[dict[str, str]]:
    return [row for row in read_sheet(path) if row["element"] == element]


def fill(element: str, path: str = SHEET, **cells: str) -> None:
    """Write the cells into the first row of an element, as a person does in a spreadsheet."""
    rows = read_sheet(path)
    next(row for row in rows if row["element"] == element).update(cells)
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

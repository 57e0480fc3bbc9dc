"""A report of made-up values for the benchmark of the review page: from a seed, with no value of any person.

For: benchmarks/review_page.py.
Never: a value that was in a file.

The values have the forms of those in headers: names, descriptions of some words, UIDs, numbers, dates, and texts with a
number in them. Half of the rows of an element have a value that other rows of it have too, on other equipment.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from tagsniff.curation.elements import ElementSummary
from tagsniff.curation.sheet import Evidence, Sheet, update_sheet
from tagsniff.dicom.equipment import Equipment
from tagsniff.report.rows import RowKind, ValueRow, gather_rows
from tagsniff.report.values import ValueReport
from tagsniff.scanning.run_record import RunRecord
from tagsniff.status import Omissions

SEED = 18
ROWS_PER_ELEMENT = 100
_GIVEN = [
    "Anna",
    "Berta",
    "Carl",
    "Dora",
    "Emil",
    "Frida",
    "Georg",
    "Hanna",
    "Ida",
    "Jonas",
    "Karla",
    "Ludwig",
    "Mara",
    "Nils",
    "Otto",
    "Paula",
]
_WORDS = [
    "chest",
    "head",
    "neck",
    "knee",
    "routine",
    "axial",
    "sagittal",
    "T1",
    "T2",
    "FLAIR",
    "contrast",
    "without",
    "post",
    "pre",
    "thin",
    "slice",
    "recon",
    "bone",
    "soft",
    "tissue",
    "abdomen",
    "pelvis",
    "spine",
    "lumbar",
    "left",
    "right",
    "hip",
    "shoulder",
    "follow",
    "up",
    "protocol",
]
_VRS = ("PN", "LO", "UI", "DS", "DA", "SH")
_FLAGS: tuple[tuple[str, ...], ...] = ((), (), ("NAME_LIKE",), ("THREE_WORDS",), ("LONG_DIGITS", "THREE_WORDS"))


class MadeReport(NamedTuple):
    """What the page is made of."""

    report: ValueReport
    summaries: list[ElementSummary]
    sheet: Sheet


def make_report(row_count: int) -> MadeReport:
    """Return a report with this number of rows, and one element for a hundred of them."""
    chance = random.Random(SEED)
    equipment = [
        Equipment(modality, maker, f"Model {number}", f"{number}.{modality}")
        for number in range(8)
        for modality in ("MR", "CT", "CR")
        for maker in ("ACME", "EXAMPLE MEDICAL")
    ]
    rows: list[ValueRow] = []
    summaries = []
    for number in range(row_count // ROWS_PER_ELEMENT):
        element = _name_element(number)
        own = sorted(_make_rows(chance, number, element, equipment), key=lambda row: (row.equipment, row.value))
        rows += own
        summaries.append(_summarize(number, element, own))
    table, uses = gather_rows(rows)
    report = ValueReport(
        files=row_count,
        series=row_count // 50,
        patients=2000,
        elements=len(summaries),
        equipment=len(equipment),
        max_values=65536,
        uid_root="",
        profiles=(),
        table=table,
        uses=uses,
        findings=(),
        conflicts=(),
        collisions=(),
        deviations=(),
        omissions=Omissions(),
        run=RunRecord(),
    )
    return MadeReport(report, summaries, update_sheet(Sheet(), Evidence("", summaries, ())))


def _name_element(number: int) -> str:
    if number % 3 == 0:
        return f"({0x0008 + number // 3 // 65536:04x},{number // 3 % 65536:04x})"
    return f'({2 * (number % 7) + 0x0009:04x},"CREATOR {number % 41:02}",{number // 287 % 256:02x})'


def _make_rows(chance: random.Random, number: int, element: str, equipment: list[Equipment]) -> Iterator[ValueRow]:
    used = [equipment[(number + step) % len(equipment)] for step in range(4)]
    values = list({_make_value(chance, number % len(_VRS)): None for _ in range(ROWS_PER_ELEMENT)})
    for at in range(ROWS_PER_ELEMENT):
        kind = used[at * len(used) // ROWS_PER_ELEMENT]
        # The same few texts on all equipment, and others on one only.
        value = values[at % (len(values) // 2)] if at % 2 else values[at % len(values)]
        folder = f"site{number % 9}/patient{chance.randrange(2000):04}/series{chance.randrange(9)}"
        path = f"{folder}/{chance.randrange(10**6):06}.dcm"
        yield ValueRow(
            *(RowKind.VALUE, str(kind), element, _VRS[number % len(_VRS)], "", "R", value),
            *(chance.randrange(1, 500), chance.randrange(1, 20), chance.randrange(1, 9), chance.randrange(1, 900)),
            *((0x10,), chance.choice(_FLAGS), path, "none  default R", kind, f"Name {number}"),
        )


def _make_value(chance: random.Random, kind: int) -> str:
    match kind:
        case 0:
            return f"{chance.choice(_GIVEN).upper()}^{chance.choice(_GIVEN)} {chance.randrange(99)}"
        case 1:
            return " ".join(chance.choice(_WORDS) for _ in range(chance.randrange(2, 7)))
        case 2:
            return f"1.2.3.4.2.{chance.randrange(999)}.{chance.randrange(10**9)}.{chance.randrange(10**6)}"
        case 3:
            return f"{chance.uniform(-500, 500):.4f}"
        case 4:
            return f"{chance.randrange(1990, 2026)}{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}"
        case _:
            return f"{chance.choice(_WORDS)} {chance.randrange(10**6)} {chance.choice(_GIVEN)}"


def _summarize(number: int, element: str, rows: list[ValueRow]) -> ElementSummary:
    flags = tuple(sorted({flag for row in rows for flag in row.flags}))
    suggested = ("K", "tcia") if number % 2 else ("", "")
    return ElementSummary(
        *(element, rows[0].vr, "", f"Name {number}", "R", ("none",), 3 * len(rows), 9, 5, len(rows)),
        is_estimated=False,
        smallest="",
        largest="",
        shapes=("Aa+ 9",),
        examples=tuple(row.value for row in rows[:3]),
        flags=flags,
        suggestion=suggested[0],
        suggested_by=suggested[1],
        score=-float(number),
        is_read=True,
    )

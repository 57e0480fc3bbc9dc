"""A scan as numpy structured arrays that have texts instead of indexes of tables.

For: `tagsniff.Scan`, and callers that continue in numpy or with a data frame.
Never: a value that the value report does not show, or a count that the core did not make.

Text is str (dtype object): numpy has no StringDType inside structured dtypes, and text of a fixed length would make
every row as long as the longest value. If absent and empty have different meanings, absent is None: a part of the
equipment, a value that was not recorded, the tag of a fault. Blocks and flags are tuples. The arrays are read-only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from tagsniff.dicom.equipment import Equipment, PlacedEquipment
from tagsniff.dicom.notation import format_tag
from tagsniff.report.element_uses import ElementUse
from tagsniff.report.inventory import InventoryRow
from tagsniff.report.rows import RowKind, ValueRow
from tagsniff.status import Omission

if TYPE_CHECKING:
    import numpy.typing as npt

_PARTS = Equipment._fields
_NAMED = ("kind", "equipment", *_PARTS, "element", "vr", "keyword", "name", "code", "value")

# A negative number of patients: they are not known.
_COUNTS = (("files", "u8"), ("series", "u8"), ("patients", "i8"), ("occurrences", "u8"))

ELEMENTS_DTYPE = np.dtype(
    [
        *((name, "O") for name in ("equipment", *_PARTS, "element", "vr", "keyword", "name", "code")),
        *_COUNTS,
        *(("blocks", "O"), ("distinct", "u8"), ("is_bounded", "?"), ("patient_relation", "O")),
    ]
)
INVENTORY_DTYPE = np.dtype(
    [
        *((name, "O") for name in ("element", "vrs", "keyword")),
        *_COUNTS,
        ("blocks", "O"),
    ]
)
VALUES_DTYPE = np.dtype(
    [
        *((name, "O") for name in _NAMED),
        *_COUNTS,
        *((name, "O") for name in ("blocks", "flags", "example", "decided_by")),
    ]
)
EQUIPMENT_DTYPE = np.dtype([*((name, "O") for name in ("equipment", *_PARTS)), ("elements", "u8")])
FAULTS_DTYPE = np.dtype(
    [("path", "O"), ("status", "O"), ("kind", "O"), ("offset_bytes", "i8"), ("tag", "O"), ("detail", "O")]
)

NO_OFFSET = -1
"""In the column ``offset_bytes``: the reason has no position in a file."""


def make_elements(uses: Iterable[ElementUse]) -> npt.NDArray[np.void]:
    """Return a row for each element use (equipment, element and VR): shape (n,), `ELEMENTS_DTYPE`.

    ``code`` has several codes, with spaces between them, if the code depends on the block. ``distinct`` is the number
    of recorded values, an estimate if ``is_bounded``. ``patients`` is -1 if patients are not known.
    """
    return _fill(
        ELEMENTS_DTYPE,
        [
            (
                *(use.equipment, *use.parts, use.element, use.vr, use.keyword, use.name, " ".join(use.codes)),
                *(use.files, use.series, use.patients, use.occurrences),
                *(use.blocks, use.distinct, use.is_bounded, use.patient_relation),
            )
            for use in uses
        ],
    )


def make_inventory(rows: Iterable[InventoryRow]) -> npt.NDArray[np.void]:
    """Return a row for each identity of an Element Inventory: shape (n,), `INVENTORY_DTYPE`.

    ``vrs`` are the VRs that the element has in the files, ascending.
    """
    return _fill(
        INVENTORY_DTYPE,
        [
            (
                *(row.identity, row.vrs, row.keyword),
                *(row.files, row.series, row.patients, row.occurrences, row.blocks),
            )
            for row in rows
        ],
    )


def make_values(rows: Iterable[ValueRow]) -> npt.NDArray[np.void]:
    """Return the rows of a value report: shape (n,), `VALUES_DTYPE`; ``value`` is None for a code without a value."""
    return _fill(
        VALUES_DTYPE,
        [
            (
                *(row.kind.value, row.equipment, *row.parts, row.element, row.vr, row.keyword, row.name, row.code),
                None if row.kind is RowKind.CODE else row.value,
                *(row.files, row.series, row.patients, row.occurrences),
                *(row.blocks, row.flags, row.example, row.decided_by),
            )
            for row in rows
        ],
    )


def make_equipment(placed: Iterable[PlacedEquipment], uses: Iterable[ElementUse]) -> npt.NDArray[np.void]:
    """Return a row for each equipment: shape (n,), `EQUIPMENT_DTYPE`, in the order of reports.

    ``equipment`` is its text in the other arrays, the parts are as in the files, and ``elements`` is the number of its
    rows in the array of `make_elements`.
    """
    elements = Counter(use.order[2] for use in uses)
    ordered = sorted(placed, key=lambda one: one.order)
    return _fill(EQUIPMENT_DTYPE, [(one.text, *one.equipment, elements[one.order]) for one in ordered])


def make_faults(omissions: Iterable[Omission]) -> npt.NDArray[np.void]:
    """Return a row for each path that was left out, exclusions too: shape (n,), `FAULTS_DTYPE`, in the given order.

    ``path`` can be opened again; bytes in it that are not UTF-8 are surrogate escapes.
    """
    return _fill(
        FAULTS_DTYPE,
        [
            (
                *(omission.path, omission.status.name, omission.status.kind.value),
                NO_OFFSET if omission.offset is None else omission.offset,
                None if omission.tag is None else format_tag(omission.tag),
                omission.detail,
            )
            for omission in omissions
        ],
    )


def _fill(dtype: np.dtype[np.void], rows: list[tuple[Any, ...]]) -> npt.NDArray[np.void]:
    filled = np.array(rows, dtype)
    filled.flags.writeable = False
    return filled

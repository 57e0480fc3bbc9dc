"""The equipment behind the core's table of it: its four parts, its text, and the order in which reports list it.

For: the scan, which asks profiles with it, and the reports.
Never: count, look at values, or show a serial number or station name.
Terms: PS3.3 C.7.5.1 (General Equipment Module), edition 2026b.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tagsniff.dicom.equipment import Equipment

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_PARTS = ("modality", "manufacturer", "model", "software")

EquipmentOrder: TypeAlias = tuple[tuple[bool, bytes], ...]
"""Sorts by the bytes of the parts, an absent one first."""


class PlacedEquipment(NamedTuple):
    """One kind of equipment, its text as the rows of reports show it, and its place in their order."""

    equipment: Equipment
    text: str
    order: EquipmentOrder


def place_equipment(equipment: npt.NDArray[np.void], texts: Sequence[bytes]) -> list[PlacedEquipment]:
    """Return the equipment of each row of the table, whose numbers are those of ``texts``."""
    columns = zip(*(equipment[name].tolist() for name in _PARTS), strict=True)
    return [_place([None if number < 0 else texts[number] for number in numbers]) for numbers in columns]


def read_equipment(parts: Sequence[bytes | None]) -> Equipment:
    r"""Return the equipment of the core's four parts: UTF-8, else ASCII with ``\xNN``; (0008,0005) does not apply.

    Two different values never have the same text, unless one of them holds such an escape itself.
    """
    return Equipment(*(None if part is None else _read_text(part) for part in parts))


def _read_text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("ascii", "backslashreplace")


def _place(parts: Sequence[bytes | None]) -> PlacedEquipment:
    equipment = read_equipment(parts)
    return PlacedEquipment(equipment, str(equipment), tuple((part is not None, part or b"") for part in parts))

"""The equipment that made a file: its text, its order in reports, and the patterns by which profiles name some of it.

For: profiles, the scan, which asks them with it, and every report that shows equipment (design: equipment).
Never: a serial number, a station name, or anything else that tells one device from another of its kind.
Terms: PS3.3 C.7.5.1 (General Equipment Module), edition 2026b.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import translate
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

ABSENT = "<undef>"
EMPTY = "<empty>"

_PARTS = ("modality", "manufacturer", "model", "software")

EquipmentOrder: TypeAlias = tuple[tuple[bool, bytes], ...]
"""Sorts by the bytes of the parts, an absent one first."""


class Equipment(NamedTuple):
    r"""What the root data set of a file says of its origin: None for an absent element, "" for an empty one.

    ``software`` holds several versions joined with a backslash, as in the file.
    """

    modality: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    software: str | None = None

    def __str__(self) -> str:
        parts = (self.modality, self.manufacturer, self.model, self.software)
        return ":".join(ABSENT if part is None else part or EMPTY for part in parts)


def parse_equipment(text: str) -> Equipment:
    """Return what ``Modality:Manufacturer:Model:Software`` names; parts that are left out are absent.

    A colon behind the third belongs to the software versions. ``<undef>`` is absent; ``<empty>`` and nothing between
    two colons are empty.
    """
    parts = text.split(":", 3) if text else []
    return Equipment(*(None if part == ABSENT else "" if part == EMPTY else part for part in parts))


class EquipmentPattern(NamedTuple):
    """The equipment that a row is for: shell patterns (``*``, ``?``, ``[...]``), whatever the letter case.

    "" is any, absent and empty too; no other pattern matches these but ``<undef>`` and ``<empty>``.
    """

    modality: str = ""
    manufacturer: str = ""
    model: str = ""
    software: str = ""

    def __str__(self) -> str:
        return ":".join(part or "*" for part in (self.modality, self.manufacturer, self.model, self.software))

    def folded(self) -> EquipmentPattern:
        """Return the pattern without its letter case: equal for two patterns that match the same."""
        cells = (self.modality, self.manufacturer, self.model, self.software)
        return EquipmentPattern(*(cell.casefold() for cell in cells))

    def matches(self, equipment: Equipment) -> bool:
        """Tell whether all four patterns match."""
        return (
            _matches(self.manufacturer, equipment.manufacturer)
            and _matches(self.modality, equipment.modality)
            and _matches(self.model, equipment.model)
            and _matches(self.software, equipment.software)
        )


def parse_equipment_pattern(modality: str, manufacturer: str, model: str, software: str) -> EquipmentPattern:
    """Return the pattern of four cells, ``*`` and empty for any."""
    cells = (modality, manufacturer, model, software)
    return EquipmentPattern(*("" if set(cell) <= {"*"} else cell for cell in cells))


def _matches(pattern: str, value: str | None) -> bool:
    if not pattern:
        return True
    if not value:
        return pattern == (ABSENT if value is None else EMPTY)
    return _compile(pattern).match(value.casefold()) is not None


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern.casefold()))


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

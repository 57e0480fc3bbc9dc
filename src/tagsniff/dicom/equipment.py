"""The equipment that made a file, and the shell patterns by which a row of a profile names some of it.

For: profiles, and every report that shows equipment (design: equipment).
Never: a serial number, a station name, or anything else that tells one device from another of its kind.
Terms: PS3.3 C.7.5.1 (General Equipment Module), edition 2026b.
"""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple

ABSENT = "<undef>"
EMPTY = "<empty>"


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

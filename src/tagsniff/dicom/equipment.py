"""The equipment that made a file: its text, its order in reports, and the patterns of profiles that match it.

For: profiles, the scan, which passes the equipment to them, and every report that shows equipment (design: equipment).
Never: a serial number, a station name, or anything else that distinguishes two devices of the same kind.
Terms: PS3.3 C.7.3.1 (General Series Module: Modality) and C.7.5.1 (General Equipment Module), edition 2026b.
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

_BEFORE_COLON = re.compile(r"(?<!\\)(\\*):")
_AT_END = re.compile(r"(?<!\\)(\\+)\Z")
# Backslashes and a colon, or backslashes at the end: only there a backslash has a meaning.
_BACKSLASHES = re.compile(r"(?<!\\)(\\*)(:|\Z)")

EquipmentOrder: TypeAlias = tuple[tuple[bool, bytes], ...]
"""The sort key of equipment: for each part whether it is present, then its bytes. An absent part sorts first."""


class Equipment(NamedTuple):
    r"""The equipment of a file, from its root data set: None for an absent element, "" for an empty one.

    The elements are Modality (0008,0060), Manufacturer (0008,0070), Manufacturer's Model Name (0008,1090) and Software
    Versions (0018,1020). ``software`` has several versions joined with a backslash, as in the file. ``str()`` returns
    ``Modality:Manufacturer:Model:Software``, with ``<undef>`` for an absent part and ``<empty>`` for an empty one. A
    colon within a part is written ``\:``; backslashes directly before a colon or at the end of a part are doubled.

    Source: PS3.3 2026b, C.7.3.1 and C.7.5.1; design, section 4.
    """

    modality: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    software: str | None = None

    def __str__(self) -> str:
        return ":".join(_escape(part) if ":" in part or part.endswith("\\") else part for part in self.show_parts())

    def show_parts(self) -> tuple[str, str, str, str]:
        """Return the four parts as text, ``<undef>`` for an absent one and ``<empty>`` for an empty one."""
        modality, manufacturer, model, software = (ABSENT if part is None else part or EMPTY for part in self)
        return modality, manufacturer, model, software


NO_EQUIPMENT = Equipment()


def parse_equipment(text: str) -> Equipment:
    r"""Return the equipment of a text ``Modality:Manufacturer:Model:Software``. Parts that are left out are absent.

    ``\:`` is a colon within a part, as `Equipment` writes it; a colon after the third belongs to the software versions.
    ``<undef>`` is an absent part; ``<empty>``, and nothing between two colons, are an empty part. Every text is
    accepted.

    Source: design, section 4.
    """
    parts = _split(text) if text else []
    return Equipment(*(None if part == ABSENT else "" if part == EMPTY else part for part in parts))


def _escape(part: str) -> str:
    """Double the backslashes directly before a colon and at the end, then write a backslash before each colon."""
    return _BEFORE_COLON.sub(r"\1\1\\:", _AT_END.sub(r"\1\1", part))


def _split(text: str) -> list[str]:
    """Return the four parts or fewer; the inverse of joining parts that `_escape` has written."""
    parts = [""]
    at = 0
    for match in _BACKSLASHES.finditer(text):
        parts[-1] += text[at : match.start()]
        at = match.end()
        count, colon = len(match[1]), match[2]
        # A single backslash at the end is one that a person has not doubled.
        parts[-1] += "\\" * (count // 2 if colon else (count + 1) // 2)
        if colon and (count % 2 or len(parts) == len(_PARTS)):
            parts[-1] += ":"
        elif colon:
            parts.append("")
    parts[-1] += text[at:]
    return parts


class EquipmentPattern(NamedTuple):
    """The equipment that a profile row applies to: four shell patterns (``*``, ``?``, ``[...]``), in any letter case.

    "" matches anything, also an absent or an empty part. Otherwise only ``<undef>`` matches an absent part, and only
    ``<empty>`` an empty one.

    Source: profiles/README.md, "Your own profile".
    """

    modality: str = ""
    manufacturer: str = ""
    model: str = ""
    software: str = ""

    def __str__(self) -> str:
        return ":".join(part or "*" for part in (self.modality, self.manufacturer, self.model, self.software))

    def folded(self) -> EquipmentPattern:
        """Return the pattern with its case folded: equal for two patterns that differ only in letter case."""
        cells = (self.modality, self.manufacturer, self.model, self.software)
        return EquipmentPattern(*(cell.casefold() for cell in cells))

    def matches(self, equipment: Equipment) -> bool:
        """Return whether all four patterns match the equipment."""
        return (
            _matches(self.manufacturer, equipment.manufacturer)
            and _matches(self.modality, equipment.modality)
            and _matches(self.model, equipment.model)
            and _matches(self.software, equipment.software)
        )


def parse_equipment_pattern(modality: str, manufacturer: str, model: str, software: str) -> EquipmentPattern:
    """Return the pattern of four cells of a profile row. A cell that is empty or ``*`` matches anything."""
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
    """An equipment, its text as the rows of reports show it, and its sort key in reports."""

    equipment: Equipment
    text: str
    order: EquipmentOrder


def place_equipment(equipment: npt.NDArray[np.void], texts: Sequence[bytes]) -> list[PlacedEquipment]:
    """Return the equipment of each row of the core's equipment table.

    Its fields are indexes into ``texts``, the value fields of the core; -1 for an absent element.
    """
    columns = zip(*(equipment[name].tolist() for name in _PARTS), strict=True)
    return [_place([None if number < 0 else texts[number] for number in numbers]) for numbers in columns]


def read_equipment(parts: Sequence[bytes | None]) -> Equipment:
    r"""Return the equipment of four value fields of the core, None for an absent element.

    They are decoded as UTF-8, else as ASCII with ``\xNN`` for other bytes; (0008,0005) does not apply. Two different
    values never have the same text, unless one of them contains such an escape itself.
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

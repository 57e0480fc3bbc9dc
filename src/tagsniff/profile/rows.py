"""A profile as it stands in one file: its rows, and what its leading lines say of it.

For: the readers that make these records and the resolution that asks them.
Never: read a file, or decide between two rows.
Terms: PS3.15 E.3 (options) and Table E.1-1, edition 2026d; PS3.5 6.2 (VRs), edition 2026b.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import NamedTuple

from tagsniff import _core
from tagsniff.notation import ANY_ELEMENT, Pattern, format_pattern
from tagsniff.profile.codes import Code, Collapse
from tagsniff.profile.equipment import EquipmentPattern

OPTIONS = (
    "clean-descriptors",
    "retain-uids",
    "retain-device-identity",
    "retain-patient-characteristics",
    "retain-full-dates",
    "retain-modified-dates",
    "retain-institution-identity",
    "clean-structured-content",
    "clean-graphics",
    "retain-safe-private",
)
"""The options of PS3.15 E.3 that have a column in Table E.1-1; a profile's option columns have these names."""

VRS = frozenset(_core.VR_NAMES) - {"??"}
"""The VRs that a row may name (PS3.5 Table 6.2-1)."""

ANY_EQUIPMENT = EquipmentPattern()


class ProfileKind(enum.Enum):
    """What a profile decides: public elements, or private ones for given equipment."""

    CONFIDENTIALITY = "Confidentiality"
    MODALITY_SOFTWARE = "Modality Software"


class Row(NamedTuple):
    """One row of a profile, with the place where a person finds it; a tuple, since there are ten thousand of them.

    ``line`` is from 1; 0 for a default that the file does not write. ``vrs`` is empty for any VR, else ascending.
    ``options`` are the selected options that gave the code in place of the row's own; empty if it is its own.
    ``name``, ``source`` and ``note`` are the words of the file.
    """

    file: str
    line: int
    element: Pattern
    code: Code
    vrs: tuple[str, ...] = ()
    collapse: Collapse | None = None
    equipment: EquipmentPattern = ANY_EQUIPMENT
    is_default: bool = False
    options: tuple[str, ...] = ()
    name: str = ""
    source: str = ""
    note: str = ""

    def __str__(self) -> str:
        words = ["default" if self.is_default else format_pattern(self.element)]
        if self.vrs:
            words.append("/".join(self.vrs))
        words.append(self.code.value)
        if self.collapse is not None:
            words.append(str(self.collapse))
        if self.equipment != ANY_EQUIPMENT:
            words.append(str(self.equipment))
        if self.options:
            words.append("by " + ", ".join(self.options))
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """One profile, as read.

    ``options`` are the option columns that the file has, ``selected`` those whose codes stand in its rows.
    ``default`` holds where no row does. ``digest`` is the SHA-256 of the file's bytes in hexadecimal.
    """

    kind: ProfileKind
    file: str
    name: str
    edition: str
    source: str
    options: tuple[str, ...]
    selected: tuple[str, ...]
    default: Row
    rows: tuple[Row, ...]
    digest: str


def make_default(file: str, code: Code = Code.R, line: int = 0) -> Row:
    """Return the row that holds where no other does."""
    return Row(file, line, (ANY_ELEMENT,), code, is_default=True)

"""A profile as it stands in one file: its rows, and what its leading lines say of it.

For: the readers that make these records and the resolution that asks them.
Never: read a file, or decide between two rows.
Terms: PS3.15 E.3 (options) and Table E.1-1, edition 2026d; PS3.5 6.2 (VRs), edition 2026b.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from tagsniff import _core
from tagsniff.dicom.equipment import EquipmentPattern
from tagsniff.dicom.notation import ANY_ELEMENT, Pattern, format_pattern
from tagsniff.profile.codes import Code, Collapse

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
        words += ["/".join(self.vrs), self.code.value] if self.vrs else [self.code.value]
        if self.collapse is not None:
            words.append(str(self.collapse))
        if self.equipment != ANY_EQUIPMENT:
            words.append(str(self.equipment))
        if self.options:
            words.append("by " + ", ".join(self.options))
        return " ".join(words)


class RowSource(Protocol):
    """Where the rows of a profile are: some are at hand, the others are found by the one element that each names.

    A source may look for its rows when it is first asked; one thread at a time may use it.
    """

    @property
    def at_hand(self) -> tuple[Row, ...]:
        """The rows that are read, among them all that name a path, or more elements than one."""

    @property
    def unread(self) -> Collection[str]:
        """The names, as `write_name` writes them, for which there are rows that are not at hand."""

    def read(self, name: str) -> Sequence[Row]:
        """Return the rows of one of these names, in any letter case of a private creator."""

    def read_all(self) -> tuple[Row, ...]:
        """Read all rows, in the order of their lines."""


class ReadRows(NamedTuple):
    """The rows of a file that was read whole."""

    at_hand: tuple[Row, ...]
    unread: Collection[str] = ()

    def read(self, _name: str) -> Sequence[Row]:
        """Return none: all are at hand."""
        return ()

    def read_all(self) -> tuple[Row, ...]:
        """Return all rows."""
        return self.at_hand


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """One profile, as read.

    ``options`` are the option columns that the file has, ``selected`` those whose codes stand in its rows.
    ``default`` holds where no row does. ``digest`` is the SHA-256 of the file's bytes in hexadecimal, which stands for
    the rows where two profiles are compared. ``row_source`` has the rows; `rows` is for callers.
    """

    kind: ProfileKind
    file: str
    name: str
    edition: str
    source: str
    options: tuple[str, ...]
    selected: tuple[str, ...]
    default: Row
    digest: str
    row_source: RowSource = field(repr=False, compare=False)

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, in the order of their lines; those of a shipped profile are read when they are asked for."""
        return self.row_source.read_all()


def make_default(file: str, code: Code = Code.R, line: int = 0) -> Row:
    """Return the row that holds where no other does."""
    return Row(file, line, (ANY_ELEMENT,), code, is_default=True)

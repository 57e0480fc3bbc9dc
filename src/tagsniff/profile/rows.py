"""The records of one profile file: its rows, and the settings of its leading lines.

For: the parser, which makes these records, and the resolution, which uses them.
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
"""The options of PS3.15 E.3 that have a column in Table E.1-1; the option columns of a profile have these names.

Source: PS3.15 2026d, E.3 and Table E.1-1.
"""

VRS = frozenset(_core.VR_NAMES) - {"??"}
"""The VRs that a row may name.

Source: PS3.5 2026b, Table 6.2-1.
"""

ANY_EQUIPMENT = EquipmentPattern()

DECIDED_AS_A_WHOLE = frozenset(
    {"US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "DS", "IS", "AT", "CS"}  # numbers and codes
    | {"SQ"}  # it has no value of its own
)
"""The VRs for which K or C in a sheet holds for the element if its scope is left empty.

With any other VR (text, dates, UIDs, bytes, UN) it holds for the values that were seen. Source: design, section 9.
"""


class ProfileKind(enum.Enum):
    """What a profile decides: public elements, private ones for given equipment, or both (a sheet of decisions).

    Source: design, sections 1 and 9; PS3.15 2026d, E.1 and E.3.10.
    """

    CONFIDENTIALITY = "Confidentiality"
    MODALITY_SOFTWARE = "Modality Software"
    DECISIONS = "Decisions"

    @property
    def decides_public(self) -> bool:
        """Whether ``*`` and the default of such a profile are for public elements."""
        return self is not ProfileKind.MODALITY_SOFTWARE

    @property
    def decides_private(self) -> bool:
        """Whether ``*`` and the default of such a profile are for private elements."""
        return self is not ProfileKind.CONFIDENTIALITY


class Scope(enum.StrEnum):
    """What a decision with K or C holds for: the element, or the values that were seen when it was made.

    Source: design, section 9.
    """

    ELEMENT = "element"
    VALUES = "values"
    BY_VR = ""
    """Only in rows: the element for `DECIDED_AS_A_WHOLE`, else the values."""


class Row(NamedTuple):
    """One row of a profile, with its file and line. A tuple, because there are ten thousand of them.

    ``line`` counts from 1; it is 0 for a default that is not in the file. ``vrs`` is ascending, empty for any VR.
    ``options`` are the selected options that replaced the code of the row; empty if the code is its own. ``name``,
    ``source``, ``note``, ``who`` and ``when`` are free text from the file. ``scope`` is `Scope.ELEMENT` unless the row
    is one of a sheet.

    Source: PS3.15 2026d, Table E.1-1; the columns are described at `COLUMNS`.
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
    scope: Scope = Scope.ELEMENT
    who: str = ""
    when: str = ""

    def __str__(self) -> str:
        words = ["default" if self.is_default else format_pattern(self.element)]
        words += ["/".join(self.vrs), self.code.value] if self.vrs else [self.code.value]
        if self.collapse is not None:
            words.append(str(self.collapse))
        if self.equipment != ANY_EQUIPMENT:
            words.append(str(self.equipment))
        if self.options:
            words.append("by " + ", ".join(self.options))
        if self.scope is Scope.VALUES:
            words.append("for the values seen")
        return " ".join(words)


class RowSource(Protocol):
    """The rows of a profile. Some are parsed; the others are parsed when the element that they name is looked up.

    A source may index its lines when it is first used. One thread at a time may use it.
    """

    @property
    def parsed_rows(self) -> tuple[Row, ...]:
        """The rows that are parsed, among them all rows for more than one element."""

    @property
    def unparsed_names(self) -> Collection[str]:
        """The names, as `write_path` writes them, of the elements with rows that are not parsed yet."""

    def read(self, name: str) -> Sequence[Row]:
        """Return the rows of one of these names, in any letter case of the private creator."""

    def read_all(self) -> tuple[Row, ...]:
        """Return all rows, in the order of their lines."""


class ReadRows(NamedTuple):
    """The rows of a file that was parsed completely."""

    parsed_rows: tuple[Row, ...]
    unparsed_names: Collection[str] = ()

    def read(self, _name: str) -> Sequence[Row]:
        """Return no rows: all of them are in ``parsed_rows``."""
        return ()

    def read_all(self) -> tuple[Row, ...]:
        """Return all rows."""
        return self.parsed_rows


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """One profile that was read.

    ``options`` are the option columns of the file, ``selected`` those whose codes replace the codes of its rows.
    ``default`` applies if no row does. ``digest`` is the SHA-256 of the file, in hexadecimal; two profiles are compared
    by it and not by their rows. ``row_source`` has the rows in the form that this package uses; callers use `rows`.
    ``is_shipped``: it was named as a part of the package, and not as a file of the user.

    Source: PS3.15 2026d, E.3 (options) and Table E.1-1.
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
    is_shipped: bool = field(default=False, compare=False)

    @property
    def only_suggests_review(self) -> bool:
        """Whether a row with R says no more than that an element is known: those of shipped dictionaries.

        Such a row gives way to a row of a layer below that decides. What the user's files say holds as it is.
        """
        return self.is_shipped and self.kind is ProfileKind.MODALITY_SOFTWARE

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, in the order of their lines; those of a shipped profile are parsed now."""
        return self.row_source.read_all()


def make_default(file: str, code: Code = Code.R, line: int = 0) -> Row:
    """Return the row that applies if no other row does."""
    return Row(file, line, (ANY_ELEMENT,), code, is_default=True)

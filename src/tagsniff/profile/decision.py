"""The decision of a profile for one element of one equipment, and its reasons, as frozen records.

For: collectors, which act on the code, and reports, which name the row.
Never: contain a value of an element, or find the decision; `tagsniff.profile.resolve` does.
Terms: PS3.15 Table E.1-1a, edition 2026d.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

from tagsniff.dicom.notation import Identity
from tagsniff.profile.codes import Code, Collapse
from tagsniff.profile.rows import DECIDED_AS_A_WHOLE, Row, Scope


class Flag(enum.Enum):
    """What a reader should know about a decision.

    Source: the order of precedence in `tagsniff.profile.resolve`.
    """

    CASE_VARIANT = "CASE_VARIANT"
    """The row names a private creator, of the element or of a sequence in its path, in another letter case."""

    CONFLICT = "CONFLICT"
    """Another row is equally specific and has another code; the more protective code applies."""

    OTHER_VR = "OTHER_VR"
    """An option keeps the element (K), but it has a VR that PS3.6 does not give it: its values are recorded."""


class Reason(enum.Enum):
    """Why a row that names an element does not decide it. The first nine are in the order of comparison.

    Source: the order of precedence in `tagsniff.profile.resolve`.
    """

    CASE = "the deciding row has the private creator letter for letter"
    PATH = "the deciding row names the path"
    BLOCK = "the deciding row names the block"
    ELEMENT = "the deciding row names the element by more digits"
    VR = "the deciding row names the VR"
    SOFTWARE = "the deciding row names the software"
    MODEL = "the deciding row names the model"
    MANUFACTURER = "the deciding row names the manufacturer"
    MODALITY = "the deciding row names the modality"
    PROTECTION = "equally specific, and less protective than the deciding row"
    COLLAPSE = "the same code, but the deciding row shows more of the values"
    REPEATED = "the deciding row says the same"
    COVERED = "a sequence around the element is decided as a whole"
    LAYER = "a layer above has a row that decides"
    SUGGESTION = "R in a shipped dictionary is a suggestion, and a layer below has a row that decides"
    OTHER_EQUIPMENT = "it is for other equipment"
    OTHER_BLOCK = "it is for another block"
    OTHER_VR = "it is for another VR"


class Loss(NamedTuple):
    """A row that names the element and does not decide it, and the reason."""

    row: Row
    reason: Reason


class Decision(NamedTuple):
    """What a profile decides for an element.

    ``row`` is the row that decides; if no row names the element, it is the default of the profile. ``lost`` are the
    other rows that apply to it, the most specific first. ``covered_by`` is the outermost sequence around the element
    whose code decides everything in its items, else None; then code, flags and row are those of the sequence.
    ``layer`` is the number of the layer that decides, the topmost is 0. ``scope`` is what a K or C holds for.

    Source: PS3.15 2026d, Table E.1-1a; design, sections 1 and 9.
    """

    code: Code
    collapse: Collapse | None
    flags: tuple[Flag, ...]
    row: Row
    lost: tuple[Loss, ...]
    covered_by: Identity | None = None
    layer: int = 0
    scope: Scope = Scope.ELEMENT

    @property
    def records_values(self) -> bool:
        """Whether the element's values are recorded: to be looked at, or to find those that were not seen before."""
        return self.code.records_values or (self.code is Code.K and self.scope is Scope.VALUES)


def find_scope(row: Row, code: Code, vr: str | None) -> Scope:
    """Return what the decision of a row holds for, for an element with this VR. None is a VR of unknown letters."""
    if code not in (Code.K, Code.C):
        return Scope.ELEMENT
    if row.scope is not Scope.BY_VR:
        return row.scope
    return Scope.ELEMENT if vr in DECIDED_AS_A_WHOLE else Scope.VALUES

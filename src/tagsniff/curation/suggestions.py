"""What others would decide: suggestions of a code for an element, each with who suggests it and from which row.

For: the sheet of decisions, and lists of elements.
Never: decide. A suggestion is for a person; what may be applied without one is a row with a decisive code in a profile.
Terms: PS3.15 E.3.10 and Table E.3.10-1, PS3.3 C.12.1 (Private Data Element Characteristics), edition 2026b.

=================  ===================================================================================================
``tcia``           The Cancer Imaging Archive, in the profile of that name
``wustl``          its predecessor at Washington University in St. Louis, in the same profile
``E.3.10-1``       the table of safe private attributes, in the profiles of the manufacturers
``(0008,0300)``    the maker of the file, on its own private blocks
=================  ===================================================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from tagsniff.curation.maker_claims import MakerClaims
from tagsniff.dicom.found_text import split_suffix
from tagsniff.dicom.notation import Identity, parse_identity
from tagsniff.profile.codes import Code
from tagsniff.profile.index import RowIndex
from tagsniff.profile.load import read_profile
from tagsniff.profile.rows import ProfileKind, Row
from tagsniff.profile.shipped import find_shipped

TCIA = "tcia"
WUSTL = "wustl"
SAFE_PRIVATE = "E.3.10-1"
MAKER = "(0008,0300)"

# In the order in which they are named if they agree.
_ALL = (TCIA, WUSTL, SAFE_PRIVATE, MAKER)
_OF_TCIA = {"k": Code.K, "d": Code.X, "h": Code.U, "o": Code.C, "oi": Code.C}
# KB and K3 keep on a condition that the table does not tell.
_OF_WUSTL = {"K": Code.K, "KB": Code.K, "K3": Code.K, "X": Code.X, "Z": Code.Z}
_CONDITIONAL = frozenset({"KB", "K3"})
_IN_TABLE = "ps3.15"


class Suggestion(NamedTuple):
    """A code for an element; ``by`` is one of the names in this module, ``row`` says where it comes from.

    ``is_conditional``: it was suggested on a condition that is not told.
    """

    code: Code
    by: str
    row: str
    is_conditional: bool = False


def suggest(identity: Identity, vr: str, claims: MakerClaims | None = None) -> tuple[Suggestion, ...]:
    """Return all suggestions for an element with a VR, in the order of the table above.

    Rows count only if they name its private creators letter for letter, and its VR or none. ``claims`` are those of
    `read_claims`.
    """
    found = [one for row in _find_rows(identity) if not row.vrs or vr in row.vrs for one in _read_row(row)]
    step = identity[-1]
    if claims is not None and isinstance(step.creator, str) and len(identity) == 1:
        key = (step.tag >> 16, step.creator, step.tag & 0xFF)
        where = f"{MAKER} of the files: {claims.status}"
        if action := claims.find_action(*key):
            found.append(Suggestion(Code(action), MAKER, f"{MAKER} of the files: action {action}"))
        elif status := claims.find_status(*key):
            found.append(Suggestion(Code.K if status == "SAFE" else Code.X, MAKER, where))
    return tuple(sorted(dict.fromkeys(found), key=lambda one: _ALL.index(one.by)))


def unite(suggestions: Sequence[Suggestion]) -> tuple[str, str]:
    """Return one code and who suggests it: the most protective; then who suggests another one. Empty if there is none.

    So ``X``, ``wustl (K: tcia)``.
    """
    if not suggestions:
        return "", ""
    first = min((one.code for one in suggestions), key=lambda code: code.protection)
    agreeing = [_name(one) for one in suggestions if one.code is first]
    others = [f"{one.code.value}: {_name(one)}" for one in suggestions if one.code is not first]
    rest = f" ({', '.join(dict.fromkeys(others))})" if others else ""
    return first.value, ", ".join(dict.fromkeys(agreeing)) + rest


def suggest_for_element(element: str, vr: str, claims: MakerClaims | None = None) -> tuple[str, str]:
    """Return one code and who suggests it, as `unite` does, for an element as a report names it."""
    element, _ = split_suffix(element)
    try:
        identity = parse_identity(element)
    except ValueError:
        # The tag of a private creator, and the like.
        return "", ""
    return unite(suggest(identity, vr, claims))


def _name(one: Suggestion) -> str:
    return f"{one.by} on a condition" if one.is_conditional else one.by


def _is_in_table(row: Row) -> bool:
    return _IN_TABLE in row.source.split(";")


def _read_row(row: Row) -> list[Suggestion]:
    """Return what a row of a shipped profile says, whatever its own code."""
    where = f"{row.file}:{row.line}"
    if not row.file.endswith("/tcia.csv"):
        return [Suggestion(Code.K, SAFE_PRIVATE, where)] if _is_in_table(row) else []
    found = []
    for part in row.source.split("; "):
        words = part.split()
        for who, said in zip(words[::2], words[1::2], strict=False):
            code = _OF_TCIA.get(said) if who == TCIA else _OF_WUSTL.get(said) if who == WUSTL else None
            if code is not None:
                found.append(Suggestion(code, who, where, said in _CONDITIONAL))
    return found


def _find_rows(identity: Identity) -> list[Row]:
    """Return the rows of the shipped profiles that name the element with its creators letter for letter."""
    creators = [step.creator for step in identity]
    if not any(isinstance(creator, str) for creator in creators):
        return []
    rows = _load_index().find(identity)
    return [
        row
        for row in rows
        if row.element[-1].creator == creators[-1]
        and (len(row.element) == 1 or [step.creator for step in row.element] == creators)
        and row.element[-1].block is None
    ]


@cache
def _load_index() -> RowIndex:
    """Return the rows of all shipped Modality Software Profiles; a row is parsed when its element is looked up."""
    index = RowIndex()
    for name in find_shipped():
        profile = read_profile(name)
        if profile.kind is ProfileKind.MODALITY_SOFTWARE:
            index.add(profile.row_source, profile.kind)
    return index

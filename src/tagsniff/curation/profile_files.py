"""The decisions of a sheet as two profile files: one for public elements, one for private ones.

For: ``tagsniff decide apply``, for tools and archives that take profiles and no sheets.
Never: a file that keeps more than the sheet does. What cannot be written as it is becomes R (review), or is refused.
Terms: PS3.15 E.3 and Table E.1-1a (codes), edition 2026d; the order of precedence in `tagsniff.profile.resolve`.

The file for private elements is the layer above the file for public ones. Then they decide as the sheet does:

- A K or C for the values that were seen has no place in a profile. It becomes R: a person looks at every value.
- A K that holds for the element with some VRs and for the values with others becomes two rows: K with the VRs for which
  no other row of these elements is more specific, and R.
- A row below a sequence that the sheet removes or replaces with its items decides nothing, and is left out: in a layer
  above that of its sequence, it would.
- Rows for public elements of certain equipment are refused: a Confidentiality Profile is for all equipment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tagsniff.dicom.equipment import Equipment
from tagsniff.dicom.notation import ANY_ELEMENT, Pattern, Step, format_pattern
from tagsniff.output.csv_text import protect_cell
from tagsniff.output.terminal_text import show_on_terminal
from tagsniff.profile.codes import Code, Collapse
from tagsniff.profile.parser import COLUMNS
from tagsniff.profile.resolve import Profile
from tagsniff.profile.rows import ANY_EQUIPMENT, DECIDED_AS_A_WHOLE, ProfileFile, ProfileKind, Row, Scope

PUBLIC_COLUMNS = COLUMNS[ProfileKind.CONFIDENTIALITY]
PRIVATE_COLUMNS = COLUMNS[ProfileKind.MODALITY_SOFTWARE]
_BELOW_LIMIT = 0xFF
_ANY: Pattern = (ANY_ELEMENT,)


class LeftOut(NamedTuple):
    """A row of a sheet that is not written as it is: its line, its text, and why."""

    line: int
    text: str
    reason: str


class ProfileTables(NamedTuple):
    """The rows of the two files, as cells in the order of `PUBLIC_COLUMNS` and `PRIVATE_COLUMNS`.

    ``settings`` are the leading lines of both. ``reviewed`` are the rows that have become R, ``dead`` those that decide
    nothing. ``refused`` are the rows that can be in neither file; if there are any, nothing may be written.
    """

    settings: tuple[tuple[str, str], ...]
    public: tuple[tuple[str, ...], ...]
    private: tuple[tuple[str, ...], ...]
    reviewed: tuple[LeftOut, ...]
    dead: tuple[LeftOut, ...]
    refused: tuple[LeftOut, ...]


def make_profile_tables(sheet: ProfileFile) -> ProfileTables:
    """Return the rows of the two profile files for the decided rows of a sheet.

    ``sheet`` is the sheet as a profile. The cells of its rows are those that the parser reads again.
    """
    profile = Profile([[sheet]])
    rows = sheet.rows
    public: dict[object, Row] = {}
    private: dict[object, Row] = {}
    reviewed: list[LeftOut] = []
    dead: list[LeftOut] = []
    refused: list[LeftOut] = []
    for row in rows:
        reason = _find_refusal(row)
        if reason:
            refused.append(LeftOut(row.line, str(row), reason))
            continue
        cover = _find_cover(profile, row)
        if cover is not None:
            dead.append(LeftOut(row.line, str(row), f"line {cover.line} decides the sequence around it"))
            continue
        written = list(_split_by_scope(row, rows))
        if any(one.code is not row.code for one in written):
            reviewed.append(LeftOut(row.line, str(row), "it holds for the values that were seen"))
        for one in written:
            if row.element == _ANY or _is_public(row.element):
                _add(public, one)
            if row.element == _ANY or not _is_public(row.element):
                _add(private, one)
    collapse = sheet.default.collapse
    settings = []
    if sheet.default.line:
        settings.append(("default", sheet.default.code.value))
    if collapse is not None:
        settings.append(("collapse", str(collapse)))
    return ProfileTables(
        settings=tuple(settings),
        public=tuple(_lay_out(row, PUBLIC_COLUMNS, collapse) for row in public.values()),
        private=tuple(_lay_out(row, PRIVATE_COLUMNS, collapse) for row in private.values()),
        reviewed=tuple(reviewed),
        dead=tuple(dead),
        refused=tuple(refused),
    )


def _add(rows: dict[object, Row], row: Row) -> None:
    """Add a row; of two that are for the same elements, the more protective stays, as it does in the sheet."""
    key = (row.element, row.vrs, row.equipment.folded())
    if key not in rows or row.code.protection < rows[key].code.protection:
        rows[key] = row


def _find_refusal(row: Row) -> str:
    """Return why a row can be in neither file, empty if it can."""
    if _is_public(row.element) and row.equipment != ANY_EQUIPMENT:
        return "a Confidentiality Profile is for all equipment, and this row for a public element is not"
    last = row.element[-1]
    if row.element != _ANY and last.creator is None and not _has_whole_group(row.element):
        return "digits of the group are left open: the element may be public or private"
    cells = (format_pattern(row.element), *row.equipment)
    if any(protect_cell(cell) != cell or show_on_terminal(cell) != cell for cell in cells):
        return "a cell of it would be changed in a file that a spreadsheet can open"
    return ""


def _is_public(element: Pattern) -> bool:
    """Return whether all elements of the path are public; ``*`` is both."""
    return all(step.creator is None for step in element)


def _has_whole_group(element: Pattern) -> bool:
    return element[-1].mask >> 16 & 1 == 1


def _find_cover(profile: Profile, row: Row) -> Row | None:
    """Return the row that decides a sequence around the elements of a row, and all its items; None if there is none."""
    for depth in range(1, len(row.element)):
        # Only the last step of a pattern leaves digits open.
        around = row.element[:depth]
        identity = tuple(Step(step.tag, step.creator, step.block) for step in around)
        decision = profile.decide(Equipment(), identity, "SQ")
        is_for_all = decision.row.equipment == ANY_EQUIPMENT and not decision.row.is_default
        if is_for_all and decision.code.covers_items and _is_public(around):
            return decision.row
    return None


def _split_by_scope(row: Row, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield what is written for a row: itself, R in its place, or K for some VRs and R for the others."""
    if row.code not in (Code.K, Code.C) or row.scope is Scope.ELEMENT:
        yield row
        return
    whole: Iterable[str] = ()
    if row.scope is Scope.BY_VR:
        whole = DECIDED_AS_A_WHOLE.intersection(row.vrs) if row.vrs else DECIDED_AS_A_WHOLE
    if not row.vrs:
        # With its VRs named, the row would go before rows that name one of them and are less specific otherwise.
        whole = set(whole).difference(*(other.vrs for other in rows if _may_meet(row.element, other.element)))
    kept = tuple(sorted(whole))
    others = tuple(vr for vr in row.vrs if vr not in kept)
    if kept:
        yield row._replace(vrs=kept)
    if others or not row.vrs:
        yield row._replace(vrs=others, code=Code.R)


def _may_meet(one: Pattern, other: Pattern) -> bool:
    """Return whether two patterns may be for the same element: as far as their last steps say."""
    a, b = one[-1], other[-1]
    if (a.tag ^ b.tag) & a.mask & b.mask & _BELOW_LIMIT:
        return False
    if isinstance(a.creator, str) and isinstance(b.creator, str):
        return a.creator.casefold() == b.creator.casefold() and not (a.tag ^ b.tag) & a.mask & b.mask & ~0xFFFF
    if a.creator is None and b.creator is None:
        return not (a.tag ^ b.tag) & a.mask & b.mask
    return True


def _lay_out(row: Row, columns: Sequence[str], collapse: Collapse | None) -> tuple[str, ...]:
    """Return the cells of a row in the columns of a profile; ``collapse`` is what its leading lines say."""
    words = "; ".join(filter(None, (row.note, " ".join(filter(None, (row.who, row.when))))))
    cells = {
        **dict(zip(("modality", "manufacturer", "model", "software"), row.equipment, strict=True)),
        "element": format_pattern(row.element),
        "vr": "/".join(row.vrs),
        "code": row.code.value,
        "collapse": "" if row.collapse in (None, collapse) else str(row.collapse),
        "note": words,
        "source": words,
    }
    return tuple(show_on_terminal(cells.get(column, "")) for column in columns)

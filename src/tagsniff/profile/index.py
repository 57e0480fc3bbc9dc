"""Which rows name an element: found by its tag or private creator, however many rows there are.

For: the resolution, which asks a few ten thousand times.
Never: look at equipment, VR or block, or put one row before another.
Terms: PS3.5 7.8 (private data elements), edition 2026b.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from tagsniff.notation import Identity, Lack, Pattern, Step, StepPattern
from tagsniff.profile.rows import ProfileKind, Row

_Owner: TypeAlias = str | tuple[Lack, int] | None
"""Who owns the digits of an element: a private creator without its letter case, a block without one, the standard."""

# The owner of the rows `*` of Modality Software Profiles; no private creator's text is empty.
_ANY_CREATOR = ""

_Parents: TypeAlias = tuple[tuple[_Owner, int], ...]
_Rows: TypeAlias = dict[int, dict[int, list[Row]]]
"""Rows by mask and by the digits that it lets count."""


class RowIndex:
    """The rows of one profile file or several, by the elements that they name."""

    def __init__(self) -> None:
        self._rows: dict[tuple[_Parents, _Owner], _Rows] = {}
        self._has_paths = False

    def add(self, rows: Iterable[Row], kind: ProfileKind) -> None:
        """Add rows; ``*`` means every public element in one kind of profile, every private one in the other."""
        # Thousands of rows share the few hundred private creators.
        known: dict[object, dict[int, list[Row]]] = {}
        for row in rows:
            parents, last = row.element[:-1], row.element[-1]
            shared = (parents, last.creator, last.block, last.mask)
            by_digits = known.get(shared)
            if by_digits is None:
                by_digits = known[shared] = self._find_place(parents, last, kind)
            by_digits.setdefault(last.tag, []).append(row)

    def _find_place(self, parents: Pattern, last: StepPattern, kind: ProfileKind) -> dict[int, list[Row]]:
        """Return where the rows for a private creator, or for none, and a mask stand by their digits."""
        owner = _owner(last)
        if last.mask == 0 and kind is ProfileKind.MODALITY_SOFTWARE:
            owner = _ANY_CREATOR
        self._has_paths = self._has_paths or bool(parents)
        return self._rows.setdefault((_fold(parents), owner), {}).setdefault(last.mask, {})

    def find(self, identity: Identity) -> list[Row]:
        """Return the rows that name the element, the letter case of private creators aside.

        A row for a path names the element where its whole path, from the root data set on, is that of the row.
        """
        last = identity[-1]
        owner = _owner(last)
        places: list[_Parents] = [()]
        if self._has_paths and len(identity) > 1:
            places.append(_fold(identity[:-1]))
        owners = [owner] if owner is None else [owner, _ANY_CREATOR]
        found: list[Row] = []
        for place in places:
            for each in owners:
                for mask, by_digits in self._rows.get((place, each), {}).items():
                    found += by_digits.get(last.tag & mask, ())
        return found


def _owner(step: Step | StepPattern) -> _Owner:
    if isinstance(step.creator, Lack):
        assert step.block is not None
        return step.creator, step.block
    return None if step.creator is None else step.creator.casefold()


def _fold(steps: Identity | Pattern) -> _Parents:
    return tuple((_owner(step), step.tag) for step in steps)

"""Finds the rows that name an element, by its tag or private creator, without a search through all rows.

For: the resolution, which looks up a few ten thousand elements.
Never: look at equipment, VR or block, or give one row precedence over another.
Terms: PS3.5 7.8 (private data elements), edition 2026b.
"""

from __future__ import annotations

import threading
from collections.abc import Container, Iterable, Sequence
from typing import TypeAlias

from tagsniff.dicom.notation import Identity, Pattern, Step, StepPattern
from tagsniff.profile.rows import ProfileKind, Row, RowSource
from tagsniff.profile.shipped_rows import Owner, write_path

# The owner of the rows ``*`` of Modality Software Profiles. The text of a private creator is never empty.
_ANY_CREATOR = ""

# One lock for all indexes: they may share the profile files whose rows are parsed on demand.
_READING = threading.Lock()

_Parents: TypeAlias = tuple[tuple[Owner, int], ...]
_Rows: TypeAlias = dict[int, dict[int, list[Row]]]
"""Rows by mask, then by the digits that the mask compares."""


class RowIndex:
    """The rows of one or several profile files, by the elements that they name."""

    def __init__(self) -> None:
        # Sources whose rows are indexed when the first element is looked up.
        self._added: list[tuple[RowSource, ProfileKind]] = []
        self._rows: dict[tuple[_Parents, Owner], _Rows] = {}
        self._has_paths = False
        # The sources with rows that are not parsed yet, each with the names of their elements, and the rows that were
        # parsed since, by the name of their element.
        self._unparsed: list[tuple[RowSource, Container[str]]] = []
        self._parsed: dict[str, list[Row]] = {}

    def add(self, source: RowSource, kind: ProfileKind) -> None:
        """Add rows. ``*`` is every element that the kind decides: public ones, private ones, or both."""
        self._added.append((source, kind))

    def _index_added(self) -> None:
        """Index the rows that were added; other threads that look up an element wait until this is done."""
        with _READING:
            while self._added:
                source, kind = self._added[0]
                self._add(source.parsed_rows, kind)
                if source.unparsed_names:
                    self._unparsed.append((source, source.unparsed_names))
                # Removed last: a thread that finds the list empty does not wait.
                del self._added[0]

    def _add(self, rows: Iterable[Row], kind: ProfileKind) -> None:
        # Thousands of rows share a few hundred private creators, so each dictionary is looked up once.
        known: dict[object, dict[int, list[Row]]] = {}
        for row in rows:
            parents, last = row.element[:-1], row.element[-1]
            if last.mask == 0 and kind.decides_private:
                self._find_digits(parents, last, _ANY_CREATOR).setdefault(last.tag, []).append(row)
                if not kind.decides_public:
                    continue
            shared = (parents, last.creator, last.block, last.mask)
            by_digits = known.get(shared)
            if by_digits is None:
                by_digits = known[shared] = self._find_digits(parents, last, _owner(last))
            by_digits.setdefault(last.tag, []).append(row)

    def _find_digits(self, parents: Pattern, last: StepPattern, owner: Owner) -> dict[int, list[Row]]:
        """Return the dictionary, by digits, of the rows for the owner and the mask of a step."""
        self._has_paths = self._has_paths or bool(parents)
        return self._rows.setdefault((_fold(parents), owner), {}).setdefault(last.mask, {})

    def find(self, identity: Identity) -> list[Row]:
        """Return the rows that name the element, in any letter case of private creators.

        A row for a path names the element only if the whole path is equal, from the root data set on.
        """
        if self._added:
            self._index_added()
        last = identity[-1]
        owner = _owner(last)
        found = self._find(identity, owner)
        if not self._unparsed:
            return found
        path = _fold(identity)
        if len(path) > 1:
            found += self._read_unparsed(path)
        return [*self._read_unparsed(path[-1:]), *found]

    def _read_unparsed(self, path: _Parents) -> Sequence[Row]:
        """Return the rows for this path, or for the element alone, from the sources that parse on demand."""
        name = write_path(path)
        rows = self._parsed.get(name)
        if rows is not None:
            return rows
        sources = [source for source, names in self._unparsed if name in names]
        if not sources:
            return ()
        with _READING:
            rows = [row for source in sources for row in source.read(name)]
        for row in rows:
            if not row.element[-1].is_exact() or _fold(row.element) != path:
                raise ValueError(f"{row.file}:{row.line} is not the row that its text was taken for")
        self._parsed[name] = rows
        return rows

    def _find(self, identity: Identity, owner: Owner) -> list[Row]:
        tag = identity[-1].tag
        found: list[Row] = []
        # Most profiles have no row for a path, and most elements are not in an item.
        for parents in ((), _fold(identity[:-1])) if self._has_paths and len(identity) > 1 else ((),):
            for each in (owner,) if owner is None else (owner, _ANY_CREATOR):
                by_mask = self._rows.get((parents, each))
                if by_mask is not None:
                    for mask, by_digits in by_mask.items():
                        found += by_digits.get(tag & mask, ())
        return found


def _owner(step: Step | StepPattern) -> Owner:
    creator = step.creator
    if creator is None:
        return None
    if isinstance(creator, str):
        return creator.casefold()
    assert step.block is not None
    return creator, step.block


def _fold(steps: Identity | Pattern) -> _Parents:
    return tuple([(_owner(step), step.tag) for step in steps])

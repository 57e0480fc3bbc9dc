"""What means two things in a collection: tags, blocks, letter case, codes.

For: the curator who writes a Modality Software Profile, and has to know where a tag alone says nothing.
Never: look at values; only at whose element it is, where it stands and what is decided of it.
Terms: PS3.5 7.8 (private data elements), edition 2026b.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tagsniff.identities import PlacedIdentity, place_identities
from tagsniff.notation import Lack, Step, format_identity, format_tag
from tagsniff.scan_tables import Scan
from tagsniff.value_report import read_equipment_texts


class CollisionKind(enum.Enum):
    """In what way something means two things."""

    TAG = "tag"
    """A private tag, as it stands in the files, belongs to several private creators."""
    BLOCK = "block"
    """A private creator reserved several blocks of a group."""
    CASE = "case"
    """Private creators of a group differ in letter case only."""
    CODE = "code"
    """The code of an element depends on the equipment, or on the VR."""


@dataclass(frozen=True, slots=True)
class CollisionRow:
    """One meaning of what has several: the rows of one ``subject`` belong together.

    ``element`` is the identity (TAG, CODE) or the private creator as ``(gggg,"text")`` (BLOCK, CASE). ``vr``, ``code``
    and the counts are those of the element under the equipment; a private creator has none of its own, there they are
    empty and None.
    """

    kind: CollisionKind
    subject: str
    element: str
    vr: str
    code: str
    equipment: str
    blocks: tuple[int, ...]
    files: int | None = None
    series: int | None = None
    occurrences: int | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    """One element of one equipment and VR."""

    placed: PlacedIdentity
    equipment: str
    vr: str
    code: str
    blocks: tuple[int, ...]
    counts: tuple[int, int, int]

    @property
    def last(self) -> Step:
        return self.placed.identity[-1]


def find_collisions(scan: Scan) -> tuple[CollisionRow, ...]:
    """Return the collisions of a scan, by kind and subject, in an order that the order of files does not change."""
    groups = sorted(_list_groups(scan), key=lambda group: (group.placed.order, group.equipment, group.vr))
    found = [*_find_tags(groups), *_find_creators(groups), *_find_codes(groups)]
    kinds = list(CollisionKind)
    # Stable: within a subject the rows stay in the order of the groups.
    return tuple(sorted(found, key=lambda row: (kinds.index(row.kind), row.subject)))


def _list_groups(scan: Scan) -> Iterator[_Group]:
    identities = place_identities(scan.identities, scan.creators)
    equipment = read_equipment_texts(scan)
    codes: defaultdict[int, set[str]] = defaultdict(set)
    for group, decision in zip(scan.rows["group"].tolist(), scan.rows["decision"].tolist(), strict=True):
        codes[group].add(scan.decisions[decision].code)
    names = ("equipment", "identity", "vr", "kind", "blocks", "files", "series", "occurrences")
    columns = zip(*(scan.groups[name].tolist() for name in names), strict=True)
    for number, (place, identity, vr, kind, blocks, files, series, occurrences) in enumerate(columns):
        if kind == 0:
            placed = identities[identity]
            seen = placed.list_blocks(blocks)
            code = " ".join(sorted(codes[number]))
            counts = (files, series, occurrences)
            yield _Group(placed, equipment[place], scan.vr_names[vr], code, seen, counts)


def _lay_out(kind: CollisionKind, subject: str, group: _Group) -> CollisionRow:
    place = (group.placed.text, group.vr, group.code, group.equipment, group.blocks)
    return CollisionRow(kind, subject, *place, *group.counts)


def _find_tags(groups: Iterable[_Group]) -> Iterator[CollisionRow]:
    by_tag: defaultdict[int, list[_Group]] = defaultdict(list)
    for group in groups:
        for block in group.blocks:
            by_tag[group.last.tag | block << 8].append(group)
    for tag, of_tag in by_tag.items():
        if len({group.last.creator for group in of_tag}) > 1:
            yield from (_lay_out(CollisionKind.TAG, format_tag(tag), group) for group in of_tag)


def _find_creators(groups: Iterable[_Group]) -> Iterator[CollisionRow]:
    """Find private creators with several blocks, and those that differ by letter case."""
    blocks: defaultdict[tuple[int, str], defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for group in groups:
        creator = group.last.creator
        if creator is not None and not isinstance(creator, Lack):
            blocks[group.last.tag >> 16, creator][group.equipment].update(group.blocks)
    spellings: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for number, creator in blocks:
        spellings[number, creator.casefold()].append(creator)
    for (number, creator), by_equipment in blocks.items():
        text = _format_creator(number, creator)
        is_moving = len(set().union(*by_equipment.values())) > 1
        has_namesake = len(spellings[number, creator.casefold()]) > 1
        for equipment, seen in sorted(by_equipment.items()):
            row = (text, "", "", equipment, tuple(sorted(seen)))
            if is_moving:
                yield CollisionRow(CollisionKind.BLOCK, text, *row)
            if has_namesake:
                yield CollisionRow(CollisionKind.CASE, _format_creator(number, creator.casefold()), *row)


def _format_creator(number: int, creator: str) -> str:
    # The notation of an element without the element: everything that is escaped there is escaped here.
    return format_identity((Step(number << 16, creator),)).removesuffix(",00)") + ")"


def _find_codes(groups: Iterable[_Group]) -> Iterator[CollisionRow]:
    by_element: defaultdict[str, list[_Group]] = defaultdict(list)
    for group in groups:
        by_element[group.placed.text].append(group)
    for text, of_element in by_element.items():
        if len({group.code for group in of_element}) > 1:
            yield from (_lay_out(CollisionKind.CODE, text, group) for group in of_element)

"""Finds what is ambiguous in a collection: tags, blocks, letter case, codes.

For: the curator who writes a Modality Software Profile, and must know when a tag alone does not identify an element.
Never: read values; only private creators, blocks and codes of elements.
Terms: PS3.5 7.8 (private data elements), edition 2026b.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tagsniff.dicom.equipment import NO_EQUIPMENT, Equipment
from tagsniff.dicom.notation import Lack, Step, format_identity, format_tag
from tagsniff.report.element_uses import ElementUse, list_uses
from tagsniff.scanning.run_record import NO_RUN, RunRecord
from tagsniff.scanning.tables import ProfileRecord, ScanTables
from tagsniff.status import Omissions


class CollisionKind(enum.Enum):
    """In which way something is ambiguous."""

    TAG = "tag"
    """A private tag, as in the files, belongs to several private creators."""
    BLOCK = "block"
    """A private creator reserved several blocks of a group."""
    CASE = "case"
    """Private creators of a group differ in letter case only."""
    CODE = "code"
    """The code of an element depends on the equipment, the VR or the block."""


@dataclass(frozen=True, slots=True)
class CollisionRow:
    """One of the meanings of an ambiguous ``subject``; the rows of one subject belong together.

    ``element`` is the identity (TAG, CODE) or the private creator as ``(gggg,"text")`` (BLOCK, CASE). ``vr``, ``code``
    and the counts are those of the element with this equipment, whose parts are ``parts``. A private creator has no
    such facts: ``vr`` and ``code`` are then empty, the counts None.

    Source: PS3.5 2026b, 7.8.1; design, section 1.
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
    patients: int | None = None
    occurrences: int | None = None
    parts: Equipment = NO_EQUIPMENT


@dataclass(frozen=True, slots=True)
class CollisionReport:
    """The collisions in a collection of ``files`` files, the bound ``max_values`` of the scan, and what is missing.

    ``profiles`` decided the codes in the ``run``.
    """

    files: int
    max_values: int
    rows: tuple[CollisionRow, ...]
    omissions: Omissions
    profiles: tuple[ProfileRecord, ...] = ()
    run: RunRecord = field(default=NO_RUN, compare=False)


def build_collision_report(scan: ScanTables) -> CollisionReport:
    """Make the report of a scan."""
    return CollisionReport(
        scan.files, scan.max_values, find_collisions(list_uses(scan)), scan.left_out, scan.profiles, scan.run
    )


def find_collisions(uses: Iterable[ElementUse]) -> tuple[CollisionRow, ...]:
    """Return the collisions in a scan, sorted by kind and subject; within a subject in the order of ``uses``.

    ``uses`` are the element uses of the scan.
    """
    own = [use for use in uses if not use.is_found_text]
    found = [*_find_tags(own), *_find_creators(own), *_find_codes(own)]
    kinds = list(CollisionKind)
    return tuple(sorted(found, key=lambda row: (kinds.index(row.kind), row.subject)))


def count_collisions(rows: Iterable[CollisionRow]) -> int:
    """Return the number of distinct subjects."""
    return len({(row.kind, row.subject) for row in rows})


def _lay_out(kind: CollisionKind, subject: str, use: ElementUse) -> CollisionRow:
    cells = (use.element, use.vr, " ".join(use.codes), use.equipment, use.blocks)
    return CollisionRow(kind, subject, *cells, use.files, use.series, use.patients, use.occurrences, use.parts)


def _find_tags(uses: Iterable[ElementUse]) -> Iterator[CollisionRow]:
    by_tag: defaultdict[int, list[ElementUse]] = defaultdict(list)
    for use in uses:
        for block in use.blocks:
            by_tag[use.identity[-1].tag | block << 8].append(use)
    for tag, of_tag in by_tag.items():
        if len({use.identity[-1].creator for use in of_tag}) > 1:
            yield from (_lay_out(CollisionKind.TAG, format_tag(tag), use) for use in of_tag)


def _find_creators(uses: Sequence[ElementUse]) -> Iterator[CollisionRow]:
    """Find private creators with several blocks, and those that differ only in letter case."""
    blocks: defaultdict[tuple[int, str], defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    parts = {use.equipment: use.parts for use in uses}
    for use in uses:
        last = use.identity[-1]
        if last.creator is not None and not isinstance(last.creator, Lack):
            blocks[last.tag >> 16, last.creator][use.equipment].update(use.blocks)
    spellings: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for number, creator in blocks:
        spellings[number, _fold(creator)].append(creator)
    for (number, creator), by_equipment in blocks.items():
        text = _format_creator(number, creator)
        has_moved = len(set().union(*by_equipment.values())) > 1
        has_variants = len(spellings[number, _fold(creator)]) > 1
        for equipment, seen in sorted(by_equipment.items()):
            row = (text, "", "", equipment, tuple(sorted(seen)))
            if has_moved:
                yield CollisionRow(CollisionKind.BLOCK, text, *row, parts=parts[equipment])
            if has_variants:
                variant = _format_creator(number, _fold(creator))
                yield CollisionRow(CollisionKind.CASE, variant, *row, parts=parts[equipment])


def _fold(creator: str) -> str:
    # The micro sign is the only character of private creators whose case-folded form they cannot have.
    return creator.casefold().replace("\N{GREEK SMALL LETTER MU}", "\N{MICRO SIGN}")


def _format_creator(number: int, creator: str) -> str:
    # The notation of an element, without the element: so the same characters are escaped.
    return format_identity((Step(number << 16, creator),)).removesuffix(",00)") + ")"


def _find_codes(uses: Iterable[ElementUse]) -> Iterator[CollisionRow]:
    by_element: defaultdict[str, list[ElementUse]] = defaultdict(list)
    for use in uses:
        by_element[use.element].append(use)
    for text, of_element in by_element.items():
        if len({code for use in of_element for code in use.codes}) > 1:
            yield from (_lay_out(CollisionKind.CODE, text, use) for use in of_element)

"""The groups of a scan: one element of one equipment and VR each, in words in place of numbers.

For: the reports.
Never: look at values.
Terms: PS3.5 7.8 (private data elements), PS3.3 C.7.5.1 (General Equipment Module), edition 2026b.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple, TypeAlias

from tagsniff.dicom.equipment import EquipmentOrder, place_equipment
from tagsniff.dicom.identities import Order
from tagsniff.dicom.notation import Identity
from tagsniff.scanning.tables import ScanTables

_COLUMNS = (
    *("equipment", "identity", "vr", "kind", "is_bounded", "distinct_estimate", "blocks"),
    *("files", "series", "occurrences"),
)
_FOUND_TEXT = 1

FOUND_TEXT = "/text"
"""Stands behind the identity of an element for the printable text that was found inside of its bytes."""

GroupOrder: TypeAlias = tuple[Order, int, EquipmentOrder, str]
"""Sorts by element, the text that was found in its bytes behind it; then by equipment and VR."""


class ElementGroup(NamedTuple):
    """One element of one equipment and VR.

    ``number`` is its place in the table of groups. ``element`` is the text of the identity, with ``/text`` behind it
    for printable text that was found inside of bytes. ``codes`` are those that were decided, several where they depend
    on the block. ``distinct`` is the number of values that were recorded, an estimate if ``is_bounded``: then there
    were more of them than were kept. ``blocks`` are those of the element under this equipment and VR.
    """

    number: int
    order: GroupOrder
    identity: Identity
    equipment: str
    element: str
    vr: str
    keyword: str
    codes: tuple[str, ...]
    is_found_text: bool
    is_bounded: bool
    distinct: int
    blocks: tuple[int, ...]
    files: int
    series: int
    occurrences: int


def list_groups(tables: ScanTables) -> list[ElementGroup]:
    """Return the groups of a scan in the order of reports, which the order of files does not change."""
    if not tables.has_elements:
        return []
    identities = tables.placed_identities
    equipment = place_equipment(tables.equipment, tables.texts)
    codes = _list_codes(tables)
    columns = zip(*(tables.groups[name].tolist() for name in _COLUMNS), strict=True)
    groups = []
    for number, (place, identity, vr, kind, is_bounded, distinct, blocks, *counts) in enumerate(columns):
        files, series, occurrences = counts
        placed, origin = identities[identity], equipment[place]
        groups.append(
            ElementGroup(
                number=number,
                order=(placed.order, kind, origin.order, tables.vr_names[vr]),
                identity=placed.identity,
                equipment=origin.text,
                element=placed.text + FOUND_TEXT if kind == _FOUND_TEXT else placed.text,
                vr=tables.vr_names[vr],
                keyword=tables.keywords[identity],
                codes=codes[number],
                is_found_text=kind == _FOUND_TEXT,
                is_bounded=bool(is_bounded),
                distinct=distinct,
                blocks=placed.list_blocks(blocks),
                files=files,
                series=series,
                occurrences=occurrences,
            )
        )
    return sorted(groups, key=lambda group: group.order)


def _list_codes(tables: ScanTables) -> dict[int, tuple[str, ...]]:
    """Return the codes of each group, by its number."""
    import numpy as np

    # A scan has millions of rows, and few different pairs of these.
    pairs = tables.rows["group"].astype(np.int64) << 32 | tables.rows["decision"]
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    decisions: defaultdict[int, set[int]] = defaultdict(set)
    for group, decision in zip((pairs >> 32).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True):
        decisions[group].add(decision)
    return {
        group: tuple(sorted({tables.decisions[decision].code for decision in decisions[group]}))
        for group in range(len(tables.groups))
    }

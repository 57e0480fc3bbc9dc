"""The element uses of a scan (one equipment, element and VR each), with texts instead of indexes.

For: the reports.
Never: read values.
Terms: PS3.5 7.8 (private data elements), PS3.3 C.7.5.1 (General Equipment Module), edition 2026b.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple, TypeAlias

from tagsniff.dicom.equipment import Equipment, EquipmentOrder, place_equipment
from tagsniff.dicom.found_text import SUFFIXES
from tagsniff.dicom.identities import Order
from tagsniff.dicom.notation import Identity, find_name
from tagsniff.dicom.value_text import VRS_OF_NUMBERS, find_ends, order_of_ends, show_end
from tagsniff.scanning.tables import COLLAPSED, COLLAPSED_TEXTS, MAY_VARY, ScanTables, row_flags

_COLUMNS = (
    *("equipment", "identity", "vr", "kind", "is_bounded", "distinct_estimate", "is_estimated", "blocks"),
    *("patient_relation", "files", "series", "patients", "occurrences"),
)
UseOrder: TypeAlias = tuple[Order, int, EquipmentOrder, str]
"""The sort key of element uses: by element, followed by the text found in its bytes; then by equipment and VR."""


PER_PATIENT = "PER_PATIENT"
SHARED = "SHARED"
PATIENT_RELATIONS = ("", PER_PATIENT, SHARED)
"""How the values of an element belong to patients, by the number that the core has for it.

`PER_PATIENT`: each value belongs to one patient, and each of three patients and more has one value. `SHARED`: at least
two patients have each of the values. Neither is said of an element of which a value is not recorded, or which has
more than 512 values that are drawn together.
"""


class ElementUse(NamedTuple):
    """One element use: one equipment, element and VR.

    ``number`` is its index in the core's table ``uses``. ``parts`` are those of ``equipment``. ``name`` is the keyword
    of a public element; of a private one it is the name in a profile, followed by the name of that profile. ``element``
    is the text of the identity, with a suffix for text that was found inside bytes; ``kind`` is the index of the suffix
    in `SUFFIXES`. ``codes`` are the codes that were decided, several if they depend on the block. ``distinct`` is the
    number of different values that were recorded, each of those that one row draws together counted; with
    ``is_estimated`` it is an estimate. ``is_bounded``: there were more values than were kept. ``smallest`` and
    ``largest`` are the ends of the valid numbers or dates, as text; empty if there are none, or with all values.
    ``blocks`` are the blocks of the element with this equipment and VR. ``patients`` is -1 if patients are not known.
    ``patient_relation`` is one of `PATIENT_RELATIONS`, the same for all equipment.
    """

    number: int
    order: UseOrder
    identity: Identity
    equipment: str
    parts: Equipment
    element: str
    vr: str
    keyword: str
    name: str
    codes: tuple[str, ...]
    kind: int
    is_bounded: bool
    distinct: int
    blocks: tuple[int, ...]
    files: int
    series: int
    patients: int
    occurrences: int
    patient_relation: str = ""
    is_estimated: bool = False
    smallest: str = ""
    largest: str = ""

    @property
    def is_found_text(self) -> bool:
        """Whether the values are text that was found inside the bytes of the element."""
        return self.kind != 0


_SAMPLE_VRS = frozenset({"OB", "OW", "OF", "OD", "OL", "OV", "UN", "US", "SS", "??"})


def is_unread(use: ElementUse) -> bool:
    """Return whether the core never reads the values of an element use: Pixel Data, of which the length is listed.

    With another VR than one of samples, they are values as those of other elements.

    Source: PS3.3 2026b, C.7.6.3 and C.7.6.24.
    """
    tag = use.identity[-1].tag
    group, element = tag >> 16, tag & 0xFFFF
    is_pixel_data = group & 0xFF01 == 0x7F00 and (element == 0x10 or (group == 0x7FE0 and element in (0x08, 0x09)))
    return is_pixel_data and use.vr in _SAMPLE_VRS and not use.is_found_text


def list_uses(tables: ScanTables) -> list[ElementUse]:
    """Return the element uses of a scan in the order of reports, which does not depend on the order of the files."""
    if not tables.has_elements:
        return []
    identities = tables.placed_identities
    equipment = place_equipment(tables.equipment, tables.texts)
    codes = _list_codes(tables)
    names = dict(tables.names)
    named = [
        keyword or find_name(placed.identity, names)
        for placed, keyword in zip(identities, tables.keywords, strict=True)
    ]
    ends = _list_ends(tables)
    columns = zip(*(tables.uses[name].tolist() for name in _COLUMNS), strict=True)
    uses = []
    for number, (equipment_index, identity, vr, kind, is_bounded, distinct, is_estimated, *others) in enumerate(
        columns
    ):
        blocks, relation, files, series, patients, occurrences = others
        placed, origin = identities[identity], equipment[equipment_index]
        vr_name = tables.vr_names[vr]
        smallest, largest = ends.get(number, ("", ""))
        own = number, (placed.order, kind, origin.order, vr_name), placed.identity, origin.text, origin.equipment
        named_by = placed.text + SUFFIXES[kind], vr_name, tables.keywords[identity], named[identity], codes[number]
        values = kind, bool(is_bounded), distinct, placed.list_blocks(blocks)
        of_patients = PATIENT_RELATIONS[relation], bool(is_estimated), smallest, largest
        # Arguments by position take half the time.
        uses.append(ElementUse(*own, *named_by, *values, files, series, patients, occurrences, *of_patients))
    return sorted(uses, key=lambda use: use.order)


def _list_ends(tables: ScanTables) -> dict[int, tuple[str, str]]:
    """Return the smallest and the largest number or date of the element uses that have any."""
    bits = row_flags()
    rows = tables.rows
    rows = rows[rows["flags"] & (bits[COLLAPSED] | bits[MAY_VARY]) != 0]
    texts = list(tables.collapsed_texts)
    vrs = [tables.vr_names[vr] for vr in tables.uses["vr"].tolist()]
    found: defaultdict[int, set[bytes]] = defaultdict(set)
    columns = (rows[name].tolist() for name in ("use", "flags", "collapsed", "value"))
    for use, flags, collapsed, value in zip(*columns, strict=True):
        if flags & bits[COLLAPSED]:
            smallest, largest, _ = texts[collapsed * COLLAPSED_TEXTS : (collapsed + 1) * COLLAPSED_TEXTS]
            if smallest:
                found[use].update((smallest, largest))
        elif vrs[use] in VRS_OF_NUMBERS:
            found[use].update(find_ends(vrs[use], [tables.values[value]]))
    listed = {}
    for number, ends in found.items():
        order = order_of_ends(vrs[number])
        ordered = sorted(ends, key=order) if len(ends) > 1 else [*ends]
        listed[number] = (show_end(ordered[0], vrs[number]), show_end(ordered[-1], vrs[number]))
    return listed


def _list_codes(tables: ScanTables) -> dict[int, tuple[str, ...]]:
    """Return the codes of each element use, by its index."""
    import numpy as np

    # A scan has millions of rows, and few distinct pairs of element use and decision.
    pairs = tables.rows["use"].astype(np.int64) << 32 | tables.rows["decision"]
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    decisions: defaultdict[int, set[int]] = defaultdict(set)
    for use, decision in zip((pairs >> 32).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True):
        decisions[use].add(decision)
    codes = [decision.code for decision in tables.decisions]
    alone = [(code,) for code in codes]
    # There is nearly always one decision.
    return {
        use: alone[next(iter(found))]
        if len(found := decisions[use]) == 1
        else tuple(sorted({codes[decision] for decision in found}))
        for use in range(len(tables.uses))
    }

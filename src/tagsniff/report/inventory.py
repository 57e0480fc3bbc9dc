"""The Element Inventory as one frozen record, which does not depend on the order in which the files were read.

For: the writers, which only format it.
Never: read a file, or contain a value of an element (a private creator is part of an identity). A profile adds names
and rows beside the elements, and changes nothing else.
Terms: PS3.5 7.8 (private data elements), PS3.6 (keywords), edition 2026b.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tagsniff.dicom.identities import Order
from tagsniff.dicom.notation import find_name
from tagsniff.scanning.run_record import NO_RUN, RunRecord
from tagsniff.scanning.tables import ProfileRecord, ScanTables
from tagsniff.status import Omissions, Status

if TYPE_CHECKING:
    from tagsniff.dicom.notation import Identity
    from tagsniff.profile import Profile

_COLUMNS = ("vrs", "blocks", "occurrences", "files", "series", "patients")


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One identity of the collection.

    ``keyword`` is that of PS3.6 for the last step of a public element, else empty. ``blocks`` are the blocks (0x10 to
    0xff) in which a private element occurs, ascending; empty for other elements. ``name`` is the keyword, or the name
    that a profile has for a private element, followed by the name of that profile. ``decided_by`` is the profile row
    that decides the element if nothing is known of the equipment. Without a profile, ``decided_by`` is empty, and
    private elements have no name. ``patients`` is -1 if patients are not known.

    Source: design, section 3; PS3.6 2026b (keywords).
    """

    identity: str
    vrs: tuple[str, ...]
    keyword: str
    blocks: tuple[int, ...]
    files: int
    series: int
    patients: int
    occurrences: int
    name: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class InventoryReport:
    """The Element Inventory.

    ``tags`` are all tags of the collection as in the files (gggg * 65536 + eeee), ascending, each once. ``rows`` are
    sorted by the steps of the identity: by group, within a group first the elements listed by raw tag, then by private
    creator; a sequence comes before the elements in it. ``deviations`` (number of files) are in the order of the
    statuses.

    Source: design, sections 1 and 3.
    """

    files: int
    series: int
    patients: int
    tags: tuple[int, ...]
    rows: tuple[InventoryRow, ...]
    deviations: tuple[tuple[Status, int], ...]
    omissions: Omissions
    run: RunRecord = field(default=NO_RUN, compare=False)
    profiles: tuple[ProfileRecord, ...] = ()


def _list_identities(inventory: ScanTables) -> Iterable[tuple[Any, ...]]:
    if not inventory.has_elements:
        return ()
    columns = (inventory.identities[name].tolist() for name in _COLUMNS)
    return zip(inventory.placed_identities, inventory.keywords, *columns, strict=True)


def build_report(inventory: ScanTables, profile: Profile | None = None) -> InventoryReport:
    """Return the report of a collection, made from its tables; with a profile, its names and rows are added.

    Raises ValueError if two rows are the same identity.
    """
    names, profiles = _use_profile(inventory, profile)
    tags: set[int] = set()
    rows: list[tuple[Order, InventoryRow]] = []
    for placed, keyword, vrs, seen, occurrences, files, series, patients in _list_identities(inventory):
        blocks = placed.list_blocks(seen)
        tag = placed.identity[-1].tag
        tags.update((tag | block << 8 for block in blocks) if blocks else (tag,))
        vr_names = tuple(sorted(name for bit, name in enumerate(inventory.vr_names) if vrs >> bit & 1))
        row = InventoryRow(
            identity=placed.text,
            vrs=vr_names,
            keyword=keyword,
            blocks=blocks,
            files=files,
            series=series,
            patients=patients,
            occurrences=occurrences,
            name=keyword or find_name(placed.identity, names),
            decided_by=_find_rows(placed.identity, vr_names, blocks, profile),
        )
        rows.append((placed.order, row))
    if len({row.identity for _, row in rows}) != len(rows):
        # Files, series and patients of the two rows cannot be added, so this cannot be repaired here.
        raise ValueError("two rows of the inventory are the same identity")
    rows.sort(key=lambda row: row[0])
    return InventoryReport(
        files=inventory.files,
        series=inventory.series,
        patients=inventory.patients,
        tags=tuple(sorted(tags)),
        rows=tuple(row for _, row in rows),
        deviations=tuple(sorted(inventory.deviations)),
        omissions=inventory.left_out,
        run=inventory.run,
        profiles=profiles,
    )


def _use_profile(inventory: ScanTables, profile: Profile | None) -> tuple[dict[str, str], tuple[ProfileRecord, ...]]:
    """Return the names of private elements, and the records of the profiles."""
    if profile is None:
        return {}, ()
    from tagsniff.scanning.run import name_elements, record_profiles

    return dict(name_elements(inventory, profile).names), record_profiles(profile)


def _find_rows(identity: Identity, vrs: Iterable[str], blocks: tuple[int, ...], profile: Profile | None) -> str:
    """Return the rows that decide an element, for all its VRs and blocks; most elements have one."""
    if profile is None:
        return ""
    from tagsniff.profile import VRS, Equipment
    from tagsniff.scanning.profile_answers import locate_row

    rows = {
        locate_row(profile.decide(Equipment(), identity, vr if vr in VRS else None, block).row): None
        for vr in vrs
        for block in blocks or (None,)
    }
    return "; ".join(rows)

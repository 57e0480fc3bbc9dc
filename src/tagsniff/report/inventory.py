"""The Element Inventory as one frozen record, which does not depend on the order in which the files were read.

For: the writers, which only format it.
Never: read a file, use a profile, or contain a value of an element (a private creator is part of an identity).
Terms: PS3.5 7.8 (private data elements), PS3.6 (keywords), edition 2026b.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tagsniff.dicom.identities import Order
from tagsniff.scanning.tables import ScanTables
from tagsniff.status import Omissions, Status

_COLUMNS = ("vrs", "blocks", "occurrences", "files", "series")


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One identity of the collection.

    ``keyword`` is that of PS3.6 for the last step of a public element, else empty. ``blocks`` are the blocks (0x10 to
    0xff) in which a private element occurs, ascending; empty for other elements.

    Source: design, section 3; PS3.6 2026b (keywords).
    """

    identity: str
    vrs: tuple[str, ...]
    keyword: str
    blocks: tuple[int, ...]
    files: int
    series: int
    occurrences: int


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
    tags: tuple[int, ...]
    rows: tuple[InventoryRow, ...]
    deviations: tuple[tuple[Status, int], ...]
    omissions: Omissions


def _list_identities(inventory: ScanTables) -> Iterable[tuple[Any, ...]]:
    if not inventory.has_elements:
        return ()
    columns = (inventory.identities[name].tolist() for name in _COLUMNS)
    return zip(inventory.placed_identities, inventory.keywords, *columns, strict=True)


def build_report(inventory: ScanTables) -> InventoryReport:
    """Return the report of a collection, made from its tables. Raises ValueError if two rows are the same identity."""
    tags: set[int] = set()
    rows: list[tuple[Order, InventoryRow]] = []
    for placed, keyword, vrs, seen, occurrences, files, series in _list_identities(inventory):
        blocks = placed.list_blocks(seen)
        tag = placed.identity[-1].tag
        tags.update((tag | block << 8 for block in blocks) if blocks else (tag,))
        row = InventoryRow(
            identity=placed.text,
            vrs=tuple(sorted(name for bit, name in enumerate(inventory.vr_names) if vrs >> bit & 1)),
            keyword=keyword,
            blocks=blocks,
            files=files,
            series=series,
            occurrences=occurrences,
        )
        rows.append((placed.order, row))
    if len({row.identity for _, row in rows}) != len(rows):
        # Files and series of the two rows cannot be added, so this cannot be repaired here.
        raise ValueError("two rows of the inventory are the same identity")
    rows.sort(key=lambda row: row[0])
    return InventoryReport(
        files=inventory.files,
        series=inventory.series,
        tags=tuple(sorted(tags)),
        rows=tuple(row for _, row in rows),
        deviations=tuple(sorted(inventory.deviations)),
        omissions=inventory.left_out,
    )

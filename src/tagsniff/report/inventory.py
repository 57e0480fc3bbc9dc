"""The Element Inventory as one frozen record, the same whatever the order in which the files were read.

For: the writers, which only lay it out.
Never: read a file, consult a profile, or hold a value of an element (a private creator is part of an identity).
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

    ``keyword`` is that of PS3.6 for the last step of a public element, else empty. ``blocks`` are the block numbers
    (0x10 to 0xff) under which a private element was seen, ascending; empty for other tags.
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

    ``tags`` are all tags of the collection as they stand in the files (gggg * 65536 + eeee), ascending, each once.
    ``rows`` are in the order of the notation's steps: by group, there first what is listed by raw tag, then by private
    creator; the elements of a sequence behind it. ``deviations`` (number of files) are in the order of the statuses.
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
    """Make the report of a collection from its tables. Raises ValueError if two rows are the same identity."""
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
        # Their files and series cannot be added up, so this is never put right here.
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

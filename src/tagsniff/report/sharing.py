"""Makes reports that may leave the institution: values, paths and the like are removed from them.

For: ``--share``; the stage between the reports and the writers.
Never: a value, a path, a row or name of a profile that is not shipped, a UID root, or the text of a private creator
that no shipped profile knows.
Terms: PS3.5 7.8 (private creator), PS3.3 C.7.5.1 (General Equipment Module), edition 2026b.

What stays: equipment, identities, VRs, blocks, codes, flags and counts. Equipment is unchanged text from the files,
because a report is useless without it; Software Versions and similar elements are free text, which a person must look
at. An unknown private creator becomes a digest, with a key that is made for one report and not stored: equal creators
have equal digests in that report, and a text cannot be found by trying texts. So two shared reports always differ.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from tagsniff.dicom.found_text import SUFFIXES, split_suffix
from tagsniff.dicom.identities import Order, order_identity
from tagsniff.dicom.notation import Identity, Step, find_name, format_identity, parse_identity
from tagsniff.profile import list_profiles
from tagsniff.profile.names import find_names
from tagsniff.report.collisions import CollisionKind, CollisionReport, CollisionRow
from tagsniff.report.element_uses import ElementUse
from tagsniff.report.inventory import InventoryReport
from tagsniff.report.rows import RowKind, ValueRow, count_findings, gather_rows, order_flags
from tagsniff.report.values import Conflict, ValueReport
from tagsniff.scanning.tables import ProfileRecord

_KEY_BYTES = 32
_DIGEST_BYTES = 8
_ANY_ELEMENT = ",00)"

_Element: TypeAlias = tuple[str, str, str]
"""Equipment, element and VR of a row."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """What may be named in one report, and the key for the digests of everything else.

    ``creators`` are private creators with their case folded, as profiles match them; ``profiles`` are the digests of
    the profiles that may be named.
    """

    creators: frozenset[str]
    profiles: frozenset[str]
    key: bytes

    def show_creator(self, creator: str) -> str:
        """Return a private creator unchanged if it may be named, else its digest."""
        if creator.casefold() in self.creators:
            return creator
        digest = hashlib.blake2b(creator.encode(), key=self.key, digest_size=_DIGEST_BYTES)
        return f"<digest {digest.hexdigest()}>"

    def show_identity(self, identity: Identity) -> Identity:
        """Return an identity with its private creators as `show_creator` returns them."""
        return tuple(
            Step(step.tag, self.show_creator(step.creator)) if isinstance(step.creator, str) else step
            for step in identity
        )


def make_sharing() -> Sharing:
    """Return the names that the shipped profiles know, with a new key."""
    profiles = list_profiles()
    steps = (step for profile in profiles for row in profile.rows for step in row.element)
    return Sharing(
        creators=frozenset(step.creator.casefold() for step in steps if isinstance(step.creator, str)),
        profiles=frozenset(profile.digest for profile in profiles),
        key=secrets.token_bytes(_KEY_BYTES),
    )


def share_inventory(report: InventoryReport, sharing: Sharing) -> InventoryReport:
    """Return the inventory that may leave the institution."""
    rows = []
    for row in report.rows:
        identity = sharing.show_identity(parse_identity(row.identity))
        rows.append((order_identity(identity), replace(row, identity=format_identity(identity))))
    # Sorted by the new texts: the old order would reveal something about the texts that were removed.
    rows.sort(key=lambda entry: entry[0])
    return replace(report, rows=tuple(row for _, row in rows), omissions=replace(report.omissions, paths=()))


def share_values(report: ValueReport, uses: Iterable[ElementUse], sharing: Sharing) -> ValueReport:
    """Return the value report that may leave the institution; ``uses`` are the element uses of its scan.

    It has one row for each of them: of kind CODE if no value was recorded, MORE if a bound was reached, else COUNT.
    """
    flags = _collect_flags(report)
    shown = [(sharing.show_identity(use.identity), use) for use in _share_names(uses, sharing)]
    shown.sort(key=lambda entry: (order_identity(entry[0]), *entry[1].order[1:]))
    rows = tuple(_count_values(use, identity, flags) for identity, use in shown)
    table, gathered = gather_rows(rows)
    conflicts = (
        Conflict(row.equipment, _share_text(row.element, sharing)[0], row.vr, row.code, decided_by="", rivals=())
        for row in report.conflicts
    )
    return replace(
        report,
        uid_root="",
        profiles=tuple(_share_profile(profile, sharing) for profile in report.profiles),
        table=table,
        uses=gathered,
        findings=count_findings(table),
        conflicts=tuple(sorted(conflicts, key=lambda row: (row.element, row.equipment, row.vr, row.code))),
        collisions=share_collisions(report.collisions, sharing),
        omissions=replace(report.omissions, paths=()),
        unused=(),
    )


def share_collision_report(report: CollisionReport, sharing: Sharing) -> CollisionReport:
    """Return the report of collisions that may leave the institution."""
    return replace(
        report,
        rows=share_collisions(report.rows, sharing),
        profiles=tuple(_share_profile(profile, sharing) for profile in report.profiles),
        omissions=replace(report.omissions, paths=()),
    )


def share_collisions(rows: Iterable[CollisionRow], sharing: Sharing) -> tuple[CollisionRow, ...]:
    """Return the collisions that may leave the institution."""
    kinds = list(CollisionKind)
    shared = []
    for row in rows:
        # The subject of TAG is a tag as in the files, which can be parsed as an identity too.
        subject, _ = _share_text(row.subject, sharing)
        element, order = _share_text(row.element, sharing)
        key = (kinds.index(row.kind), subject, order, row.equipment, row.vr)
        shared.append((key, replace(row, subject=subject, element=element)))
    shared.sort(key=lambda entry: entry[0])
    return tuple(row for _, row in shared)


def _share_text(text: str, sharing: Sharing) -> tuple[str, Order]:
    """Return an element as reports write it, with its private creators replaced, and its sort key."""
    identity, kind = split_suffix(text)
    # A private creator alone is an identity without its element.
    is_creator = identity.endswith('")')
    if is_creator:
        identity = identity.removesuffix(")") + _ANY_ELEMENT
    steps = sharing.show_identity(parse_identity(identity))
    shown = format_identity(steps)
    if is_creator:
        shown = shown.removesuffix(_ANY_ELEMENT) + ")"
    return shown + SUFFIXES[kind], order_identity(steps)


def _collect_flags(report: ValueReport) -> defaultdict[_Element, set[str]]:
    """Return the flags of all rows of each element use."""
    flags: defaultdict[_Element, set[str]] = defaultdict(set)
    for use in report.uses:
        # Rows have few distinct combinations of flags.
        of_rows = set(report.table.flags.list_cells(use.start, use.end))
        flags[use.equipment, use.element, use.vr].update(chain.from_iterable(of_rows))
    return flags


def _count_values(use: ElementUse, identity: Identity, flags: defaultdict[_Element, set[str]]) -> ValueRow:
    """Return the row that replaces all rows of an element use."""
    of_use = flags[use.equipment, use.element, use.vr]
    kind = RowKind.MORE if use.is_bounded else RowKind.COUNT if use.distinct else RowKind.CODE
    return ValueRow(
        kind=kind,
        equipment=use.equipment,
        element=format_identity(identity) + SUFFIXES[use.kind],
        vr=use.vr,
        keyword=use.keyword,
        code=" ".join(use.codes),
        value="" if kind is RowKind.CODE else str(use.distinct),
        files=use.files,
        series=use.series,
        patients=use.patients,
        occurrences=use.occurrences,
        blocks=use.blocks,
        flags=order_flags(of_use),
        example="",
        decided_by="",
        parts=use.parts,
        name=use.name,
    )


def _share_names(uses: Iterable[ElementUse], sharing: Sharing) -> list[ElementUse]:
    """Return the element uses with the names that the shipped profiles have, and no others."""
    listed = list(uses)
    known = [use.identity[-1] for use in listed if sharing.show_identity(use.identity[-1:]) == use.identity[-1:]]
    names = find_names(known)
    return [use._replace(name=use.keyword or find_name(use.identity, names)) for use in listed]


def _share_profile(profile: ProfileRecord, sharing: Sharing) -> ProfileRecord:
    """Return a shipped profile unchanged; of another one only its kind: its author chose the names and options."""
    if profile.digest in sharing.profiles:
        return replace(profile, file="", rows=())
    return ProfileRecord(profile.kind, "", "", (), "", profile.layer)

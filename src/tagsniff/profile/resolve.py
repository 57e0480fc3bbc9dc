"""The resolution: finds the row of the profiles that decides an element of given equipment.

For: the collector, which asks once for each element that is new with an equipment, and the explanation.
Never: depend on the order of rows or files, let a less specific row win over a more specific one, or know a value.
Terms: PS3.15 E.1 and E.3.10 (private elements), edition 2026d; PS3.5 7.8, edition 2026b. The order of precedence is
this project's:

1. A sequence around the element whose code is decisive and not K covers it; of several, the outermost.
2. A row that names the private creator letter for letter; then a row that names it in another letter case; then a row
   that names no creator (``*``). A `Lack` is not a creator: only a row for that lack and block, or ``*``, applies.
3. The more specific row, compared by path, block, digits of the element, VR, software, model, manufacturer, modality,
   in this order.
4. The more protective code (`Code`); then the row that shows more of the values.

A K that comes from an option, of a row that names no VR, holds for the VRs that PS3.6 gives the element, because that
is what the standard decided. With any other VR the element is R, with `Flag.OTHER_VR`.

The Confidentiality Profile decides public elements, the Modality Software Profiles private ones. If a Confidentiality
Profile names a private element, its row competes as a row for any equipment. A Modality Software Profile may name, by
its path, a public element in a private sequence. The tag of a private creator, and a private tag that is in no block,
are treated as public. ``*``, masks and the default of a profile apply only to the elements that its kind decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from tagsniff import _core
from tagsniff.dicom.equipment import Equipment, EquipmentPattern
from tagsniff.dicom.notation import Identity, Step
from tagsniff.profile.codes import DEFAULT_COLLAPSE, Code, Collapse, CollapseRule
from tagsniff.profile.decision import Decision, Flag, Loss, Reason
from tagsniff.profile.index import RowIndex
from tagsniff.profile.precedence import names_literal_block, order_rows, order_words, settle, settle_defaults
from tagsniff.profile.rows import ANY_EQUIPMENT, ProfileFile, ProfileKind, Row, make_default

# Without a Modality Software Profile, private elements are for review.
_NO_PROFILE = make_default("no Modality Software Profile")

Patterns: TypeAlias = frozenset[EquipmentPattern]

_NO_PATTERNS: Patterns = frozenset()


class NamedElement(NamedTuple):
    """An element with the rows that name it, for any equipment; ``around`` are the sequences around it.

    ``patterns`` are the equipment patterns of all these rows, without the one that matches any equipment. A decision
    depends on the equipment only through them: if the same patterns match, the decision is the same.
    """

    identity: Identity
    rows: list[Row]
    around: tuple[NamedElement, ...]
    patterns: Patterns


class Profile:
    """One Confidentiality Profile and any number of Modality Software Profiles, which decide together.

    ``uid_root`` is the archive's own UID root: recorded values of VR UI whose row has no collapse rule are collapsed
    under it. Raises ValueError if a file is of the wrong kind or the root is not a UID.

    Source: PS3.15 2026d, E.1 and E.3.10; design, section 1.
    """

    def __init__(
        self,
        confidentiality: ProfileFile,
        modality_software: Sequence[ProfileFile] = (),
        *,
        uid_root: str | None = None,
    ) -> None:
        self.confidentiality = confidentiality
        self.modality_software = tuple(modality_software)
        self.uid_root = uid_root
        self._of_uids = None if uid_root is None else Collapse(CollapseRule.UID, uid_root)
        self._index = RowIndex()
        for profile, kind in (
            (confidentiality, ProfileKind.CONFIDENTIALITY),
            *((profile, ProfileKind.MODALITY_SOFTWARE) for profile in self.modality_software),
        ):
            if profile.kind is not kind:
                raise ValueError(f"{profile.file} is not a {kind.value} Profile")
            self._index.add(profile.row_source, kind)
        private = [profile.default for profile in self.modality_software]
        self._public_default = settle_defaults([confidentiality.default])
        self._private_default = settle_defaults(private or [_NO_PROFILE])

    def decide(
        self,
        equipment: Equipment,
        identity: Identity,
        vr: str | None,
        block: int | None = None,
        parent_blocks: Sequence[int | None] = (),
    ) -> Decision:
        """Return the decision for an element.

        ``vr`` is the VR in the file, None for unknown letters. With UN or None, a row that names another VR does not
        apply: a K for numbers must not hide bytes that may be a name. Sequences around the element have VR SQ.
        ``block`` is the block of a private element (0x10 to 0xff). ``parent_blocks`` are the blocks of the sequences
        around it, from the outermost on, None for a public one. Without a block, no row for a literal block applies.

        Raises ValueError if the identity has no steps, or if ``parent_blocks`` does not have one for each sequence.

        Source: PS3.15 2026d, Table E.1-1; PS3.5 2026b, 7.8; the order of precedence in `tagsniff.profile.resolve`.
        """
        if not identity:
            raise ValueError("an identity has at least one step")
        element = self.find_rows(self.find_around(identity[:-1]), identity[-1])
        return self.decide_named(element, match_equipment(element.patterns, equipment), vr, block, parent_blocks)

    def find_around(self, parents: Identity) -> tuple[NamedElement, ...]:
        """Return the sequences around an element, the outermost first: an argument of `find_rows`."""
        around: tuple[NamedElement, ...] = ()
        for step in parents:
            around = (*around, self.find_rows(around, step))
        return around

    def find_rows(self, around: tuple[NamedElement, ...], step: Step) -> NamedElement:
        """Return the element in these sequences, with its rows: an argument of `decide_named`."""
        return self._find_rows((*around[-1].identity, step) if around else (step,), around)

    def decide_named(
        self,
        element: NamedElement,
        matching: Patterns,
        vr: str | None,
        block: int | None = None,
        parent_blocks: Sequence[int | None] = (),
    ) -> Decision:
        """Return the decision for every equipment that matches ``matching`` and no other pattern of the element.

        The equipment is not an argument, so that nothing else of it can influence the decision. Raises ValueError as
        `decide` does.
        """
        if parent_blocks and len(parent_blocks) != len(element.around):
            raise ValueError("parent_blocks has one block, or None, for each sequence around the element")
        for depth, sequence in enumerate(element.around):
            of_sequence = self._find_cover(sequence, matching, parent_blocks[depth] if parent_blocks else None)
            if of_sequence is not None:
                own = order_rows(_keep_fitting(element.rows, matching, vr, block), element.identity)
                covered = tuple(Loss(row, Reason.COVERED) for row in own)
                return Decision(
                    code=of_sequence.code,
                    collapse=None,
                    flags=of_sequence.flags,
                    row=of_sequence.row,
                    lost=of_sequence.lost + covered,
                    covered_by=sequence.identity,
                )
        return self._decide_alone(element, matching, vr, block)

    def list_vrs(self, identity: Identity) -> tuple[str, ...]:
        """Return the VRs that rows for the element name, and those for which an option keeps it, ascending.

        All other VRs are decided alike.
        """
        rows = self._index.find(identity)
        vrs = {vr for row in rows for vr in row.vrs}
        if any(row.options and row.code is Code.K for row in rows) and identity[-1].creator is None:
            vrs.update(list_standard_vrs(identity[-1].tag))
        return tuple(sorted(vrs))

    def find_unfit(self, equipment: Equipment, identity: Identity, vr: str | None, block: int | None) -> list[Loss]:
        """Return the rows that name the element but are for other equipment, another block or another VR."""
        element = self._find_rows(identity, ())
        matching = match_equipment(element.patterns, equipment)
        misfits = ((row, _find_misfit(row, matching, vr, block)) for row in element.rows)
        unfit = [Loss(row, reason) for row, reason in misfits if reason is not None]
        return sorted(unfit, key=lambda loss: order_words(loss.row))

    def _find_rows(self, identity: Identity, around: tuple[NamedElement, ...]) -> NamedElement:
        rows = self._index.find(identity)
        patterns = _NO_PATTERNS
        for row in rows:
            if row.equipment != ANY_EQUIPMENT:
                patterns |= {row.equipment}
        for sequence in around:
            if sequence.patterns:
                patterns |= sequence.patterns
        return NamedElement(identity, rows, around, patterns)

    def _find_cover(self, sequence: NamedElement, matching: Patterns, block: int | None) -> Decision | None:
        """Return the decision for a sequence if it decides everything in its items, else None."""
        decision = self._decide_alone(sequence, matching, "SQ", block)
        return decision if decision.code.covers_items else None

    def _decide_alone(self, element: NamedElement, matching: Patterns, vr: str | None, block: int | None) -> Decision:
        """Decide without regard to the sequences around the element."""
        fitting = _keep_fitting(element.rows, matching, vr, block)
        if fitting:
            decision = _limit_to_vrs(settle(fitting, element.identity), element.identity, vr)
        else:
            decision = self._public_default if element.identity[-1].creator is None else self._private_default
        if (
            vr == "UI"
            and self._of_uids is not None
            and decision.records_values
            and (decision.row.collapse is None or decision.row.collapse == DEFAULT_COLLAPSE)
        ):
            decision = decision._replace(collapse=self._of_uids)
        return decision


def _limit_to_vrs(decision: Decision, identity: Identity, vr: str | None) -> Decision:
    """Return the decision, or R if an option keeps a public element that has a VR which PS3.6 does not give it."""
    row = decision.row
    step = identity[-1]
    if decision.code is not Code.K or not row.options or row.vrs or step.creator is not None:
        return decision
    if vr is not None and vr in list_standard_vrs(step.tag):
        return decision
    return decision._replace(code=Code.R, flags=(*decision.flags, Flag.OTHER_VR))


def list_standard_vrs(tag: int) -> tuple[str, ...]:
    """Return the VRs that PS3.6 gives a public element, ascending; none if it does not have the element."""
    entry = _core.dictionary_find(tag)
    return tuple(sorted(entry[2].split(" or "))) if entry is not None else ()


def match_equipment(patterns: Patterns, equipment: Equipment) -> Patterns:
    """Return the patterns that match the equipment."""
    return frozenset([pattern for pattern in patterns if pattern.matches(equipment)]) if patterns else patterns


def _keep_fitting(rows: list[Row], matching: Patterns, vr: str | None, block: int | None) -> list[Row]:
    return [row for row in rows if _find_misfit(row, matching, vr, block) is None]


def _find_misfit(row: Row, matching: Patterns, vr: str | None, block: int | None) -> Reason | None:
    """Return why a row that names the element does not apply to it; None if it does."""
    if row.equipment != ANY_EQUIPMENT and row.equipment not in matching:
        return Reason.OTHER_EQUIPMENT
    last = row.element[-1]
    if last.block is not None and last.block != block and names_literal_block(last):
        return Reason.OTHER_BLOCK
    return Reason.OTHER_VR if row.vrs and vr not in row.vrs else None

"""The one place where rows of profiles meet: which of them decides an element of given equipment.

For: the collector, which asks once for each element that it has not met with this equipment, and the explanation.
Never: depend on the order of rows or files, let a less specific row go before a more specific one, or know a value.
Terms: PS3.15 E.1 and E.3.10 (private elements), edition 2026d; PS3.5 7.8, edition 2026b. The order is this project's:

1. A sequence around the element whose code is decisive and not K covers it; the outermost one does.
2. A row that names the private creator letter for letter, before one that differs in letter case, before one that
   names no creator (``*``). `Lack` is no creator: only a row for that lack and block, or ``*``, holds for it.
3. The more specific row: path, block, digits of the element, VR, software, model, manufacturer, modality, in that
   order.
4. The more protective code (`Code`); then the row that shows more of the values.

Public elements are decided by the Confidentiality Profile, private ones by the Modality Software Profiles. A private
element that a Confidentiality Profile names takes part in that as a row for any equipment; a public one in a private
sequence may be named by path in a Modality Software Profile. The standard's tag of a private creator, and a private tag
that belongs to no block, are read as public. ``*``, masks and the default of a profile never cross over.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from tagsniff.dicom.equipment import Equipment, EquipmentPattern
from tagsniff.dicom.notation import Identity, Step
from tagsniff.profile.codes import Collapse, CollapseRule
from tagsniff.profile.decision import Decision, Loss, Reason
from tagsniff.profile.index import RowIndex
from tagsniff.profile.precedence import names_literal_block, order_rows, order_words, settle, settle_defaults
from tagsniff.profile.recall import remember
from tagsniff.profile.rows import ANY_EQUIPMENT, ProfileFile, ProfileKind, Row, make_default

# Private elements are for review where no Modality Software Profile says otherwise.
_NO_PROFILE = make_default("no Modality Software Profile")

# Sequences whose answers are at hand.
_MAX_REMEMBERED = 1 << 14

Patterns: TypeAlias = frozenset[EquipmentPattern]

_NO_PATTERNS: Patterns = frozenset()


class NamedElement(NamedTuple):
    """An element with the rows that name it, whatever the equipment; ``around`` are the sequences around it.

    ``patterns`` are those of all these rows, but the one that every equipment matches. Equipment has no other part in
    a decision: where the same of them match, the decision is the same.
    """

    identity: Identity
    rows: list[Row]
    around: tuple[NamedElement, ...]
    patterns: Patterns


class Profile:
    """One Confidentiality Profile and any number of Modality Software Profiles, which answer together.

    ``uid_root`` is the archive's own UID root: recorded values of VR UI without a rule of their own are collapsed
    under it. Raises ValueError if a file is of the wrong kind or the root is no UID.
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
        # Thousands of elements share the few sequences around them.
        self._sequences: dict[Identity, NamedElement] = {}
        self._covers: dict[tuple[Identity, int | None, Patterns], Decision | None] = {}

    def decide(
        self,
        equipment: Equipment,
        identity: Identity,
        vr: str | None,
        block: int | None = None,
        parent_blocks: Sequence[int | None] = (),
    ) -> Decision:
        """Return what is done with an element.

        ``vr`` is that of the file; with UN, or None for unknown letters, a row that names another VR does not hold: a
        K for numbers is none for bytes that may be a name. Sequences around the element are SQ. ``block`` is the block
        of a private element (0x10 to 0xff), ``parent_blocks`` those of the sequences around it from the outermost on,
        None for a public one; where it is not given, no row for a literal block holds.

        Raises ValueError if the identity has no step or there are parent blocks for some parents only.
        """
        if not identity:
            raise ValueError("an identity has at least one step")
        element = self.find_rows(self.find_around(identity[:-1]), identity[-1])
        return self.decide_named(element, match_equipment(element.patterns, equipment), vr, block, parent_blocks)

    def find_around(self, parents: Identity) -> tuple[NamedElement, ...]:
        """Return the sequences around an element, the outermost first, for `find_rows`."""
        return tuple(self._find_sequence(parents[:depth]) for depth in range(1, len(parents) + 1))

    def find_rows(self, around: tuple[NamedElement, ...], step: Step) -> NamedElement:
        """Return the element that stands in these sequences, for `decide_named`."""
        return self._find_rows((*around[-1].identity, step) if around else (step,), around)

    def decide_named(
        self,
        element: NamedElement,
        matching: Patterns,
        vr: str | None,
        block: int | None = None,
        parent_blocks: Sequence[int | None] = (),
    ) -> Decision:
        """Return what `decide` does for every equipment that matches ``matching``, and no other of its patterns.

        It is not told the equipment, so that nothing else of that can have a part in the decision.
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
        """Return the VRs that rows for the element name, ascending: for any other one, the answer is the same."""
        return tuple(sorted({vr for row in self._index.find(identity) for vr in row.vrs}))

    def find_unfit(self, equipment: Equipment, identity: Identity, vr: str | None, block: int | None) -> list[Loss]:
        """Return the rows that name the element but are for other equipment, another block or another VR."""
        element = self._find_rows(identity, ())
        matching = match_equipment(element.patterns, equipment)
        misfits = ((row, _find_misfit(row, matching, vr, block)) for row in element.rows)
        unfit = [Loss(row, reason) for row, reason in misfits if reason is not None]
        return sorted(unfit, key=lambda loss: order_words(loss.row))

    def _find_sequence(self, sequence: Identity) -> NamedElement:
        found = self._sequences.get(sequence)
        if found is None:
            # Those around it are beside it in what is asked for.
            found = remember(self._sequences, sequence, self._find_rows(sequence, ()), limit=_MAX_REMEMBERED)
        return found

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
        """Return the decision on a sequence if it is one on all in its items."""
        question = (sequence.identity, block, matching & sequence.patterns)
        with contextlib.suppress(KeyError):
            return self._covers[question]
        decision = self._decide_alone(sequence, matching, "SQ", block)
        cover = decision if decision.code.covers_items else None
        return remember(self._covers, question, cover, limit=_MAX_REMEMBERED)

    def _decide_alone(self, element: NamedElement, matching: Patterns, vr: str | None, block: int | None) -> Decision:
        """Decide without a look at the sequences around the element."""
        fitting = _keep_fitting(element.rows, matching, vr, block)
        if fitting:
            decision = settle(fitting, element.identity)
        else:
            decision = self._public_default if element.identity[-1].creator is None else self._private_default
        if vr == "UI" and self._of_uids is not None and decision.row.collapse is None and decision.records_values:
            decision = decision._replace(collapse=self._of_uids)
        return decision


def match_equipment(patterns: Patterns, equipment: Equipment) -> Patterns:
    """Return those that the equipment matches."""
    return frozenset([pattern for pattern in patterns if pattern.matches(equipment)]) if patterns else patterns


def _keep_fitting(rows: list[Row], matching: Patterns, vr: str | None, block: int | None) -> list[Row]:
    return [row for row in rows if _find_misfit(row, matching, vr, block) is None]


def _find_misfit(row: Row, matching: Patterns, vr: str | None, block: int | None) -> Reason | None:
    """Return why a row that names the element does not hold for it; None if it does."""
    if row.equipment != ANY_EQUIPMENT and row.equipment not in matching:
        return Reason.OTHER_EQUIPMENT
    last = row.element[-1]
    if last.block is not None and last.block != block and names_literal_block(last):
        return Reason.OTHER_BLOCK
    return Reason.OTHER_VR if row.vrs and vr not in row.vrs else None

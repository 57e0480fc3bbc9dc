"""The resolution: finds the row of the profiles that decides an element of given equipment.

For: the collector, which asks once for each element that is new with an equipment, and the explanation.
Never: depend on the order of rows or of files within a layer, let a less specific row win over a more specific one of
its layer, or know a value.
Terms: PS3.15 E.1 and E.3.10 (private elements), edition 2026d; PS3.5 7.8, edition 2026b. The order of precedence is
this project's:

1. A sequence around the element whose code is decisive and not K covers it; of several, the outermost.
2. The topmost layer that has a row which applies to the element: its equipment, VR and block.

Within a layer:

3. A row that names the private creator letter for letter; then a row that names it in another letter case; then a row
   that names no creator (``*``). A `Lack` is not a creator: only a row for that lack and block, or ``*``, applies.
4. The more specific row, compared by path, block, digits of the element, VR, software, model, manufacturer, modality,
   in this order.
5. The more protective code (`Code`); then the row that shows more of the values.

Between layers there are two exceptions. A sequence does not cover an element that a layer above names by its path: the
topmost of these rows decides. So what is removed with its sequence stays hidden, unless a person has said something
else of this very element. And R in a shipped dictionary (`ProfileFile.only_suggests_review`) is a suggestion: it gives
way to a row of a layer below, except to another suggestion, and to a K that names the private creator in another letter
case.

A default is not a row. If no layer has a row for an element, the default of the topmost layer that states one decides.

A K that comes from an option, of a row that names no VR, holds for the VRs that PS3.6 gives the element, because that
is what the standard decided. With any other VR the element is R, with `Flag.OTHER_VR`.

Confidentiality Profiles decide public elements, Modality Software Profiles private ones, sheets of decisions both. If a
Confidentiality Profile names a private element, its row competes as a row for any equipment. A Modality Software
Profile may name, by its path, a public element in a private sequence. The tag of a private creator, and a private tag
that is in no block, are treated as public. ``*``, masks and the default of a profile apply only to the elements that
its kind decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from tagsniff import _core
from tagsniff.dicom.equipment import Equipment, EquipmentPattern
from tagsniff.dicom.notation import Identity, Step
from tagsniff.profile.codes import DEFAULT_COLLAPSE, Code, Collapse, CollapseRule
from tagsniff.profile.decision import Decision, Flag, Loss, Reason, find_scope
from tagsniff.profile.index import RowIndex
from tagsniff.profile.precedence import names_literal_block, order_rows, order_words, settle, settle_defaults
from tagsniff.profile.rows import ANY_EQUIPMENT, ProfileFile, Row, Scope, make_default

# Without a profile for them, elements are for review.
_NO_PUBLIC = make_default("no Confidentiality Profile")
_NO_PRIVATE = make_default("no Modality Software Profile")

Layer: TypeAlias = tuple[ProfileFile, ...]
"""Profiles that decide together: a user's file alone, or the shipped profiles of a mode."""

Patterns: TypeAlias = frozenset[EquipmentPattern]

_NO_PATTERNS: Patterns = frozenset()


class NamedElement(NamedTuple):
    """An element with the rows that name it, for any equipment; ``around`` are the sequences around it.

    ``layers`` are the rows of each layer that has any, with its number; the topmost comes first. ``patterns`` are the
    equipment patterns of all these rows, without the one that matches any equipment. A decision depends on the
    equipment only through them: if the same patterns match, the decision is the same.
    """

    identity: Identity
    layers: tuple[tuple[int, list[Row]], ...]
    around: tuple[NamedElement, ...]
    patterns: Patterns


class Profile:
    """Layers of profiles, the topmost first, which decide together.

    ``uid_root`` is the archive's own UID root: recorded values of VR UI whose row has no collapse rule are collapsed
    under it. Raises ValueError if there is no profile, or the root is not a UID.

    Source: PS3.15 2026d, E.1 and E.3.10; design, sections 1 and 9.
    """

    def __init__(self, layers: Iterable[Iterable[ProfileFile]], *, uid_root: str | None = None) -> None:
        self.layers: tuple[Layer, ...] = tuple(filter(None, map(tuple, layers)))
        if not self.layers:
            raise ValueError("there is no profile")
        self.uid_root = uid_root
        self._of_uids = None if uid_root is None else Collapse(CollapseRule.UID, uid_root)
        self._indexes: list[tuple[int, RowIndex]] = []
        # Of each layer, the files whose rows with R are suggestions.
        self._suggesting: list[frozenset[str]] = []
        for number, layer in enumerate(self.layers):
            index = RowIndex()
            for profile in layer:
                index.add(profile.row_source, profile.kind)
            self._indexes.append((number, index))
            self._suggesting.append(frozenset(profile.file for profile in layer if profile.only_suggests_review))
        self._public_default = self._settle_defaults(is_public=True)
        self._private_default = self._settle_defaults(is_public=False)

    @property
    def files(self) -> tuple[ProfileFile, ...]:
        """The profiles of all layers, those of the topmost first."""
        return tuple(profile for layer in self.layers for profile in layer)

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
        element = self.find_element(identity)
        return self.decide_named(element, match_equipment(element.patterns, equipment), vr, block, parent_blocks)

    def find_element(self, identity: Identity) -> NamedElement:
        """Return an element with the sequences around it, and their rows. Raises ValueError if it has no steps."""
        if not identity:
            raise ValueError("an identity has at least one step")
        return self.find_rows(self.find_around(identity[:-1]), identity[-1])

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
        cover: Decision | None = None
        for depth, sequence in enumerate(element.around):
            of_sequence = self._decide_within(
                sequence, matching, "SQ", parent_blocks[depth] if parent_blocks else None, cover
            )
            # A row of a layer above that keeps or records an inner sequence decides that sequence, and not its items.
            if of_sequence is not None and of_sequence.code.covers_items:
                cover = of_sequence._replace(covered_by=sequence.identity)
        decision = self._decide_within(element, matching, vr, block, cover)
        if decision is not None:
            return decision
        assert cover is not None
        own = tuple(
            Loss(row, Reason.COVERED)
            for _, rows in element.layers
            for row in order_rows(_keep_fitting(rows, matching, vr, block), element.identity)
        )
        return cover._replace(collapse=None, lost=cover.lost + own)

    def decide_by_layer(
        self, equipment: Equipment, identity: Identity, vr: str | None, block: int | None = None
    ) -> list[tuple[int, Decision]]:
        """Return what each layer that has rows for the element says of it, without regard to the other layers.

        The sequences around the element are not asked. The topmost layer comes first.
        """
        element = self._find_rows(identity, ())
        matching = match_equipment(element.patterns, equipment)
        fitting = ((number, _keep_fitting(rows, matching, vr, block)) for number, rows in element.layers)
        return [(number, self._settle(number, rows, identity, vr)) for number, rows in fitting if rows]

    def list_vrs(self, identity: Identity) -> tuple[str, ...]:
        """Return the VRs that rows for the element name, and those for which an option keeps it, ascending.

        All other VRs are decided alike, but for the scope of a K or C in a sheet.
        """
        rows = [row for _, index in self._indexes for row in index.find(identity)]
        vrs = {vr for row in rows for vr in row.vrs}
        if any(row.options and row.code is Code.K for row in rows) and identity[-1].creator is None:
            vrs.update(list_standard_vrs(identity[-1].tag))
        return tuple(sorted(vrs))

    def find_unfit(self, equipment: Equipment, identity: Identity, vr: str | None, block: int | None) -> list[Loss]:
        """Return the rows that name the element but are for other equipment, another block or another VR."""
        element = self._find_rows(identity, ())
        matching = match_equipment(element.patterns, equipment)
        rows = [row for _, of_layer in element.layers for row in of_layer]
        misfits = ((row, _find_misfit(row, matching, vr, block)) for row in rows)
        unfit = [Loss(row, reason) for row, reason in misfits if reason is not None]
        return sorted(unfit, key=lambda loss: order_words(loss.row))

    def _find_rows(self, identity: Identity, around: tuple[NamedElement, ...]) -> NamedElement:
        layers = tuple([(number, rows) for number, index in self._indexes if (rows := index.find(identity))])
        patterns = _NO_PATTERNS
        for _, rows in layers:
            for row in rows:
                if row.equipment != ANY_EQUIPMENT:
                    patterns |= {row.equipment}
        for sequence in around:
            if sequence.patterns:
                patterns |= sequence.patterns
        return NamedElement(identity, layers, around, patterns)

    def _decide_within(
        self, element: NamedElement, matching: Patterns, vr: str | None, block: int | None, cover: Decision | None
    ) -> Decision | None:
        """Decide an element, or return None if the sequence that ``cover`` decides covers it."""
        settled: Decision | None = None
        suggested: list[Decision] = []
        passed: list[Loss] = []
        for number, rows in element.layers:
            fitting = _keep_fitting(rows, matching, vr, block)
            if cover is not None:
                fitting = [row for row in fitting if number < cover.layer and len(row.element) > 1]
            if not fitting:
                continue
            if settled is not None:
                passed += (Loss(row, Reason.LAYER) for row in order_rows(fitting, element.identity))
                continue
            decision = self._settle(number, fitting, element.identity, vr)
            if self._is_suggestion(decision) or (suggested and _is_kept_by_letter_case(decision)):
                suggested.append(decision)
            else:
                settled = decision
        if settled is None:
            if cover is not None:
                # No layer above names the element by its path, or all that it says is a suggestion.
                return None
            if not suggested:
                default = self._public_default if element.identity[-1].creator is None else self._private_default
                return self._collapse_uids(default, vr)
            settled, *others = suggested
            passed = [loss for other in others for loss in _list_rows(other, Reason.LAYER)]
        else:
            passed = [loss for other in suggested for loss in _list_rows(other, Reason.SUGGESTION)] + passed
        if passed:
            settled = settled._replace(lost=settled.lost + tuple(passed))
        return self._collapse_uids(settled, vr)

    def _settle(self, number: int, rows: list[Row], identity: Identity, vr: str | None) -> Decision:
        """Return the decision of the rows of one layer, all of which apply to the element."""
        decision = _limit_to_vrs(settle(rows, identity), identity, vr)
        scope = find_scope(decision.row, decision.code, vr)
        if number or scope is not Scope.ELEMENT:
            decision = decision._replace(layer=number, scope=scope)
        return decision

    def _is_suggestion(self, decision: Decision) -> bool:
        return decision.code is Code.R and decision.row.file in self._suggesting[decision.layer]

    def _collapse_uids(self, decision: Decision, vr: str | None) -> Decision:
        is_unsaid = decision.row.collapse in (None, DEFAULT_COLLAPSE)
        if vr == "UI" and self._of_uids is not None and is_unsaid and decision.records_values:
            return decision._replace(collapse=self._of_uids)
        return decision

    def _settle_defaults(self, *, is_public: bool) -> Decision:
        """Return the decision for elements without a row, by the topmost layer in which a file states a default."""
        found: tuple[int, list[Row]] | None = None
        for number, layer in enumerate(self.layers):
            kinds = ((each.kind.decides_public if is_public else each.kind.decides_private) for each in layer)
            defaults = [each.default for each, is_meant in zip(layer, kinds, strict=True) if is_meant]
            if any(default.line for default in defaults):
                found = number, defaults
                break
            if defaults:
                found = number, defaults
        number, defaults = found or (len(self.layers) - 1, [_NO_PUBLIC if is_public else _NO_PRIVATE])
        return settle_defaults(defaults)._replace(layer=number)


def _is_kept_by_letter_case(decision: Decision) -> bool:
    """Return whether the row names the private creator in another letter case, and would hide the values."""
    return decision.code is Code.K and Flag.CASE_VARIANT in decision.flags


def _list_rows(decision: Decision, reason: Reason) -> list[Loss]:
    """Return the rows of a decision, all of which lose for the same reason."""
    return [Loss(row, reason) for row in (decision.row, *(loss.row for loss in decision.lost))]


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

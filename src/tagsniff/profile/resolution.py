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

from collections.abc import Sequence
from typing import NamedTuple

from tagsniff.notation import Identity, Lack, Step, StepPattern
from tagsniff.profile.codes import Collapse, CollapseRule
from tagsniff.profile.decision import Decision, Flag, Loss, Reason
from tagsniff.profile.equipment import Equipment, EquipmentPattern
from tagsniff.profile.index import RowIndex
from tagsniff.profile.rows import ProfileFile, ProfileKind, Row, make_default

# How a row names a private creator, or a path with those in it.
_SAME = 0
_OTHER_CASE = 1
_NOT_NAMED = 2

# The reasons in the order of `_Weight.order`.
_REASONS = tuple(Reason)[:9]

# Private elements are for review where no Modality Software Profile says otherwise.
_NO_PROFILE = make_default("no Modality Software Profile")


class _Weight(NamedTuple):
    """How closely a row fits an element: smaller goes first."""

    order: tuple[int, ...]
    row: Row
    flags: frozenset[Flag]


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
            self._index.add(profile.rows, kind)
        self._private_defaults = tuple(profile.default for profile in self.modality_software) or (_NO_PROFILE,)
        # Thousands of elements share the few sequences around them, and thousands of rows the few kinds of equipment.
        self._of_sequences: dict[tuple[Equipment, Identity, int | None], Decision] = {}
        self._matches: dict[tuple[EquipmentPattern, Equipment], bool] = {}

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
        parents = len(identity) - 1
        if parent_blocks and len(parent_blocks) != parents:
            raise ValueError("parent_blocks has one block, or None, for each sequence around the element")
        for depth in range(1, parents + 1):
            of_sequence = self._decide_sequence(
                equipment, identity[:depth], parent_blocks[depth - 1] if parent_blocks else None
            )
            if of_sequence.code.covers_items:
                own = self._weigh_rows(equipment, identity, vr, block)[0]
                covered = tuple(Loss(weight.row, Reason.COVERED) for weight in own)
                return Decision(
                    code=of_sequence.code,
                    collapse=None,
                    flags=of_sequence.flags,
                    row=of_sequence.row,
                    lost=of_sequence.lost + covered,
                    covered_by=identity[:depth],
                )
        return self._decide_alone(equipment, identity, vr, block)

    def list_vrs(self, identity: Identity) -> tuple[str, ...]:
        """Return the VRs that rows for the element name, ascending: for any other one, the answer is the same."""
        return tuple(sorted({vr for row in self._index.find(identity) for vr in row.vrs}))

    def find_unfit(self, equipment: Equipment, identity: Identity, vr: str | None, block: int | None) -> list[Loss]:
        """Return the rows that name the element but are for other equipment, another block or another VR."""
        return self._weigh_rows(equipment, identity, vr, block)[1]

    def _decide_sequence(self, equipment: Equipment, sequence: Identity, block: int | None) -> Decision:
        question = (equipment, sequence, block)
        decision = self._of_sequences.get(question)
        if decision is None:
            decision = self._of_sequences[question] = self._decide_alone(equipment, sequence, "SQ", block)
        return decision

    def _decide_alone(self, equipment: Equipment, identity: Identity, vr: str | None, block: int | None) -> Decision:
        """Decide without a look at the sequences around the element."""
        weights = self._weigh_rows(equipment, identity, vr, block)[0] or self._weigh_defaults(identity)
        first = weights[0]
        flags = set(first.flags)
        lost = []
        for weight in weights[1:]:
            reason = _compare(first, weight)
            if reason is Reason.REPEATED and weight.row.is_default:
                continue  # most profiles have the same default, and saying so of each helps nobody
            lost.append(Loss(weight.row, reason))
            if reason is Reason.PROTECTION:
                flags.add(Flag.CONFLICT)
        code, collapse = first.row.code, first.row.collapse
        if collapse is None and vr == "UI":
            collapse = self._of_uids
        ordered = tuple(flag for flag in Flag if flag in flags)
        return Decision(code, collapse if code.records_values else None, ordered, first.row, tuple(lost))

    def _weigh_defaults(self, identity: Identity) -> list[_Weight]:
        is_private = identity[-1].creator is not None
        defaults = self._private_defaults if is_private else (self.confidentiality.default,)
        return sorted((_Weight((), row, frozenset()) for row in defaults), key=_order)

    def _weigh_rows(
        self, equipment: Equipment, identity: Identity, vr: str | None, block: int | None
    ) -> tuple[list[_Weight], list[Loss]]:
        """Return the rows that hold, the deciding one first, and those that name the element but do not hold."""
        weights: list[_Weight] = []
        unfit: list[Loss] = []
        for row in self._index.find(identity):
            if not self._match_equipment(row.equipment, equipment):
                unfit.append(Loss(row, Reason.OTHER_EQUIPMENT))
            elif not _match_block(row, block):
                unfit.append(Loss(row, Reason.OTHER_BLOCK))
            elif row.vrs and vr not in row.vrs:
                unfit.append(Loss(row, Reason.OTHER_VR))
            else:
                weights.append(_weigh(row, identity))
        if len(weights) > 1:
            weights.sort(key=_order)
        if len(unfit) > 1:
            unfit.sort(key=lambda loss: _order_words(loss.row))
        return weights, unfit

    def _match_equipment(self, pattern: EquipmentPattern, equipment: Equipment) -> bool:
        question = (pattern, equipment)
        matches = self._matches.get(question)
        if matches is None:
            matches = self._matches[question] = pattern.matches(equipment)
        return matches


def _match_block(row: Row, block: int | None) -> bool:
    last = row.element[-1]
    return last.block is None or isinstance(last.creator, Lack) or last.block == block


def _weigh(row: Row, identity: Identity) -> _Weight:
    last = row.element[-1]
    creator = _compare_creators(last, identity[-1])
    path = _NOT_NAMED
    if len(row.element) > 1:
        path = max(map(_compare_creators, row.element[:-1], identity[:-1]))
    flags = frozenset([Flag.CASE_VARIANT] if _OTHER_CASE in (creator, path) else [])
    equipment = row.equipment
    order = (
        creator,
        path,
        last.block is None or isinstance(last.creator, Lack),
        -last.mask.bit_count(),
        not row.vrs,
        not equipment.software,
        not equipment.model,
        not equipment.manufacturer,
        not equipment.modality,
    )
    return _Weight(order, row, flags)


def _compare_creators(pattern: StepPattern, step: Step) -> int:
    if pattern.creator == step.creator:
        return _SAME
    return _NOT_NAMED if pattern.creator is None else _OTHER_CASE


def _compare(first: _Weight, other: _Weight) -> Reason:
    """Return why the other row goes behind the first one."""
    for reason, one, two in zip(_REASONS, first.order, other.order, strict=False):
        if one != two:
            return reason
    if first.row.code is not other.row.code:
        return Reason.PROTECTION
    return Reason.REPEATED if first.row.collapse == other.row.collapse else Reason.COLLAPSE


def _order(weight: _Weight) -> tuple[object, ...]:
    row = weight.row
    return (weight.order, row.code.protection, row.collapse is not None, *_order_words(row))


def _order_words(row: Row) -> tuple[object, ...]:
    """Put rows that are otherwise equal in an order that is that of their words, whatever the order of the lines."""
    return (str(row), row.name, row.source, row.note, row.file, row.line)

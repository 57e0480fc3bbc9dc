"""The precedence of profile rows: how closely each fits an element, and why one comes before another.

For: the resolution, which finds the rows that apply.
Never: find rows, look at the equipment, VR or block of a file, or depend on the order of rows or files.
Terms: those of `tagsniff.profile.resolve`, which describes the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from tagsniff.dicom.notation import Identity, Lack, Step, StepPattern
from tagsniff.profile.codes import Collapse, rank_collapse
from tagsniff.profile.decision import Decision, Flag, Loss, Reason
from tagsniff.profile.rows import Row

# How a row names a private creator, or the private creators of a path.
_SAME = 0
_OTHER_CASE = 1
_NOT_NAMED = 2

# The reasons in the order of `_Weight.order`.
_REASONS = tuple(Reason)[:9]


class _Weight(NamedTuple):
    """How closely a row fits an element: the smallest wins. ``is_case_variant`` is as in `Flag.CASE_VARIANT`."""

    order: tuple[int, ...]
    row: Row
    is_case_variant: bool


def settle(rows: Sequence[Row], identity: Identity) -> Decision:
    """Return the decision of one or more rows, all of which apply to the element."""
    if len(rows) > 1:
        return _settle(_sort([_weigh(row, identity) for row in rows]))
    # There is nearly always one row, and nothing to compare it with.
    row = rows[0]
    flags = () if _names_letter_for_letter(row, identity) else (Flag.CASE_VARIANT,)
    return Decision(row.code, _shown_collapse(row), flags, row, ())


def settle_defaults(rows: Sequence[Row]) -> Decision:
    """Return the decision of default rows, none of which is more specific than another."""
    return _settle(_sort([_Weight((), row, is_case_variant=False) for row in rows]))


def order_rows(rows: Sequence[Row], identity: Identity) -> list[Row]:
    """Return the rows, all of which apply to the element, sorted by how closely they fit it, the closest first."""
    return [weight.row for weight in _sort([_weigh(row, identity) for row in rows])]


def names_literal_block(pattern: StepPattern) -> bool:
    """Return whether the step has a literal block. The block of a `Lack` is not one: it is part of the identity."""
    return pattern.block is not None and not isinstance(pattern.creator, Lack)


def order_words(row: Row) -> tuple[object, ...]:
    """Return the sort key of rows that are otherwise equal: their texts, so that the order of lines has no effect."""
    return (str(row), row.name, row.source, row.note, row.file, row.line)


def _weigh(row: Row, identity: Identity) -> _Weight:
    last = row.element[-1]
    creator = _compare_creators(last, identity[-1])
    path = max(map(_compare_creators, row.element[:-1], identity[:-1]), default=_NOT_NAMED)
    equipment = row.equipment
    order = (
        creator,
        path,
        not names_literal_block(last),
        -last.mask.bit_count(),
        not row.vrs,
        not equipment.software,
        not equipment.model,
        not equipment.manufacturer,
        not equipment.modality,
    )
    return _Weight(order, row, not _names_letter_for_letter(row, identity))


def _names_letter_for_letter(row: Row, identity: Identity) -> bool:
    """Return whether the row has all private creators in the same letter case as the element."""
    element = row.element
    creator = element[-1].creator
    if creator is not None and creator != identity[-1].creator:
        return False
    # A row without a path names none of the sequences around the element.
    return len(element) == 1 or _OTHER_CASE not in map(_compare_creators, element, identity)


def _compare_creators(pattern: StepPattern, step: Step) -> int:
    if pattern.creator == step.creator:
        return _SAME
    return _NOT_NAMED if pattern.creator is None else _OTHER_CASE


def _settle(weights: list[_Weight]) -> Decision:
    """Return the decision of the first row, and why each of the others lost."""
    first = weights[0]
    row = first.row
    flags: tuple[Flag, ...] = (Flag.CASE_VARIANT,) if first.is_case_variant else ()
    lost = [Loss(weight.row, _compare(first, weight)) for weight in weights[1:]]
    # Most profiles have the same default. To list each of them would not help the reader.
    lost = [loss for loss in lost if loss.reason is not Reason.REPEATED or not loss.row.is_default]
    if any(loss.reason is Reason.PROTECTION for loss in lost):
        flags += (Flag.CONFLICT,)
    return Decision(row.code, _shown_collapse(row), flags, row, tuple(lost))


def _shown_collapse(row: Row) -> Collapse | None:
    collapse = row.collapse
    return collapse if collapse is not None and row.code.records_values else None


def _compare(first: _Weight, other: _Weight) -> Reason:
    """Return why the other row comes after the first one."""
    for reason, one, two in zip(_REASONS, first.order, other.order, strict=False):
        if one != two:
            return reason
    if first.row.code is not other.row.code:
        return Reason.PROTECTION
    return Reason.REPEATED if first.row.collapse == other.row.collapse else Reason.COLLAPSE


def _sort(weights: list[_Weight]) -> list[_Weight]:
    weights.sort(key=_order)
    # The texts of a row are costly to make, and rarely needed.
    if any(_order(one) == _order(two) for one, two in pairwise(weights)):
        weights.sort(key=lambda weight: (_order(weight), order_words(weight.row)))
    return weights


def _order(weight: _Weight) -> tuple[tuple[int, ...], int, int]:
    row = weight.row
    return weight.order, row.code.protection, rank_collapse(row.collapse)

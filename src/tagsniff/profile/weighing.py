"""How closely a row of a profile fits an element, and why one that fits less closely goes behind it.

For: the resolution, which puts the rows that hold in this order.
Never: find rows, look at equipment, VR or block of a file, or depend on the order of rows or files.
Terms: those of the resolution, which tells the order.
"""

from __future__ import annotations

from typing import NamedTuple

from tagsniff.notation import Identity, Lack, Step, StepPattern
from tagsniff.profile.decision import Reason
from tagsniff.profile.rows import Row

# How a row names a private creator, or a path with those in it.
_SAME = 0
_OTHER_CASE = 1
_NOT_NAMED = 2

# The reasons in the order of `Weight.order`.
_REASONS = tuple(Reason)[:9]


class Weight(NamedTuple):
    """How closely a row fits an element: smaller goes first. ``is_case_variant`` as in `Flag.CASE_VARIANT`."""

    order: tuple[int, ...]
    row: Row
    is_case_variant: bool


def weigh(rows: list[Row], identity: Identity) -> list[Weight]:
    """Return the rows, all of which name the element, the one that fits it most closely first."""
    if len(rows) == 1:
        # Nearly always; there is nothing that it could stand before or behind.
        return [Weight((), rows[0], _OTHER_CASE in _compare_names(rows[0], identity))]
    return sorted((_weigh(row, identity) for row in rows), key=_order)


def weigh_defaults(rows: tuple[Row, ...]) -> list[Weight]:
    """Return the rows that hold where no other does; none is more specific than another."""
    return sorted((Weight((), row, is_case_variant=False) for row in rows), key=_order)


def compare(first: Weight, other: Weight) -> Reason:
    """Return why the other row goes behind the first one."""
    for reason, one, two in zip(_REASONS, first.order, other.order, strict=False):
        if one != two:
            return reason
    if first.row.code is not other.row.code:
        return Reason.PROTECTION
    return Reason.REPEATED if first.row.collapse == other.row.collapse else Reason.COLLAPSE


def names_literal_block(pattern: StepPattern) -> bool:
    """Tell whether only elements in one block are meant; the block of a `Lack` is part of what it names."""
    return pattern.block is not None and not isinstance(pattern.creator, Lack)


def order_words(row: Row) -> tuple[object, ...]:
    """Put rows that are otherwise equal in an order that is that of their words, whatever the order of the lines."""
    return (str(row), row.name, row.source, row.note, row.file, row.line)


def _weigh(row: Row, identity: Identity) -> Weight:
    last = row.element[-1]
    creator, path = _compare_names(row, identity)
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
    return Weight(order, row, _OTHER_CASE in (creator, path))


def _compare_names(row: Row, identity: Identity) -> tuple[int, int]:
    """Return how the row names the private creator, and the path."""
    element = row.element
    creator = _compare_creators(element[-1], identity[-1])
    if len(element) == 1:
        return creator, _NOT_NAMED
    return creator, max(map(_compare_creators, element[:-1], identity[:-1]))


def _compare_creators(pattern: StepPattern, step: Step) -> int:
    if pattern.creator == step.creator:
        return _SAME
    return _NOT_NAMED if pattern.creator is None else _OTHER_CASE


def _order(weight: Weight) -> tuple[object, ...]:
    row = weight.row
    return (weight.order, row.code.protection, row.collapse is not None, *order_words(row))

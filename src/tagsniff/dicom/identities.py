"""The identities behind the core's table of them: their steps, their text, and the order in which reports list them.

For: the reports.
Never: count, or look at values.
Terms: PS3.5 7.8 (private data elements), edition 2026b.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tagsniff.dicom.creator_codes import decode_step
from tagsniff.dicom.notation import Identity, Lack, Step, format_identity, read_creator

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Order: TypeAlias = tuple[tuple[int, int, str, int, int], ...]
"""Sorts by group, there first what is listed by raw tag, then by private creator; a sequence before what is in it."""


class PlacedIdentity(NamedTuple):
    """An identity, its text, and its place in the order of reports."""

    identity: Identity
    text: str
    order: Order

    def list_blocks(self, seen: Sequence[int]) -> tuple[int, ...]:
        """Return the blocks (0x10 to 0xff) of a bit set of four times 64; none for what is no private element."""
        last = self.identity[-1]
        if last.creator is None:
            return ()
        if isinstance(last.creator, Lack):
            return (last.block or 0,)
        return tuple(_list_bits(seen[0] | seen[1] << 64 | seen[2] << 128 | seen[3] << 192))


def place_identities(identities: npt.NDArray[np.void], creators: Iterable[bytes]) -> list[PlacedIdentity]:
    """Return the identity of each row of the table; a parent stands before its elements there."""
    names = [read_creator(raw) for raw in creators]
    placed: list[PlacedIdentity] = []
    columns = (identities[name].tolist() for name in ("parent", "tag", "creator", "block"))
    for parent, tag, creator, block in zip(*columns, strict=True):
        step = decode_step(tag, names[creator] if creator >= 0 else creator, block)
        identity: Identity = (step,)
        order: Order = (_order_step(step),)
        if parent >= 0:
            identity = (*placed[parent].identity, step)
            order = (*placed[parent].order, *order)
        placed.append(PlacedIdentity(identity, format_identity(identity), order))
    return placed


def _list_bits(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def order_identity(identity: Identity) -> Order:
    """Return the place of an identity in the order of reports."""
    return tuple(map(_order_step, identity))


def _order_step(step: Step) -> tuple[int, int, str, int, int]:
    group, element = step.tag >> 16, step.tag & 0xFFFF
    if step.creator is None:
        return group, 0, "", 0, element
    if isinstance(step.creator, Lack):
        return group, 2, step.creator.value, step.block or 0, element
    return group, 1, step.creator, 0, element

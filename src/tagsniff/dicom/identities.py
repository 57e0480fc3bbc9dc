"""Builds the identities of the core's identity table: their steps, their text, and their order in reports.

For: the tables of a scan, and the reports that sort by them.
Never: count, or read values.
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
"""The sort key of an identity, one tuple for each step; a sequence sorts before the elements in its items.

It sorts by group. Within a group, elements listed by raw tag come first, then those with a private creator, sorted by
its text, then those with a `Lack`.
"""


class PlacedIdentity(NamedTuple):
    """An identity, its text, and its sort key in reports."""

    identity: Identity
    text: str
    order: Order

    def list_blocks(self, seen: Sequence[int]) -> tuple[int, ...]:
        """Return the blocks (0x10 to 0xff) of a bit set of four 64-bit numbers, none if the element is not private.

        With a `Lack`, this is the one block of the identity.
        """
        last = self.identity[-1]
        if last.creator is None:
            return ()
        if isinstance(last.creator, Lack):
            return (last.block or 0,)
        return tuple(_list_bits(seen[0] | seen[1] << 64 | seen[2] << 128 | seen[3] << 192))


def place_identities(identities: npt.NDArray[np.void], creators: Iterable[bytes]) -> list[PlacedIdentity]:
    """Return the identity of each row of the core's identity table, in which parents come before their elements.

    ``creators`` are the value fields of the private creators, by the index that the table has.
    """
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
    """Return the sort key of an identity in reports."""
    return tuple(map(_order_step, identity))


def _order_step(step: Step) -> tuple[int, int, str, int, int]:
    group, element = step.tag >> 16, step.tag & 0xFFFF
    if step.creator is None:
        return group, 0, "", 0, element
    if isinstance(step.creator, Lack):
        return group, 2, step.creator.value, step.block or 0, element
    return group, 1, step.creator, 0, element

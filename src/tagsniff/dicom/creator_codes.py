"""The private creator of an element as the core encodes it: the index of a creator, or a code in place of one.

For: every stage that decodes steps of identities from the core's records, tables and questions, or encodes them.
Never: a number of its own; the codes are those of csrc/parse/element.h.
Terms: PS3.5 7.8 (private data elements), edition 2026b.
"""

from __future__ import annotations

from typing import TypeAlias

from tagsniff import _core
from tagsniff.dicom.notation import Lack, Step, read_creator

NOT_PRIVATE = _core.CREATOR_NOT_PRIVATE
_LACKS = {
    _core.CREATOR_NONE: Lack.NONE,
    _core.CREATOR_EMPTY: Lack.EMPTY,
    _core.CREATOR_UNUSABLE: Lack.UNUSABLE,
}
_CODES = {lack: code for code, lack in _LACKS.items()}
LOWEST_CODE = min(_LACKS)
"""The lowest code. A number of at least 0 is not a code, but the index of a private creator."""

_NO_BLOCK = 0xFFFF00FF

CoreStep: TypeAlias = tuple[int, bytes | int, int]
"""A step as the core encodes it: tag, value field of the private creator or a code, and block."""


def decode_step(tag: int, creator: str | int, block: int) -> Step:
    """Return the step of an element. ``creator`` is the text of a private creator, or a code.

    ``tag`` is without the block if the element is private. ``block`` is used only with a code for a `Lack`. Raises
    KeyError for a code that is not defined, ValueError if the result is not a valid `Step`.
    """
    if creator == NOT_PRIVATE:
        # No check is needed: every number of 32 bits is a tag.
        return tuple.__new__(Step, (tag, None, None))
    if isinstance(creator, str):
        return Step(tag, creator)
    return Step(tag, _LACKS[creator], block)


def read_step(tag: int, creator: bytes | int, block: int) -> Step:
    """Return the step of a `CoreStep`, whose tag may include the block."""
    if creator != NOT_PRIVATE:
        tag &= _NO_BLOCK
    return decode_step(tag, read_creator(creator) if isinstance(creator, bytes) else creator, block)


def encode_step(step: Step) -> CoreStep:
    """Return the step as the core encodes it: the inverse of `read_step`."""
    if step.creator is None:
        return step.tag, NOT_PRIVATE, 0
    if isinstance(step.creator, Lack):
        return step.tag, _CODES[step.creator], step.block or 0
    return step.tag, step.creator.encode("latin-1"), 0

"""Parses the element that a person names: by keyword, tag, identity, or path into a sequence.

For: columns of tables, the query of ``find``, and ``profile explain``.
Never: a notation of its own. It is that of `tagsniff.dicom.notation`, except that the brackets around a tag may be left
out.
Terms: PS3.5 7.8 (private data elements) and PS3.6, edition 2026b.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tagsniff import _core
from tagsniff.dicom.notation import EVERY_DIGIT, Identity, Lack, Step, format_identity, format_pattern, parse_pattern

# A quoted private creator, which is skipped, or a step that is a tag without brackets.
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|(?:^|(?<=\[<0>\]))([0-9A-Fa-f]{4},[0-9A-Fa-f]{4})(?=\[<0>\]|$)')


def read_element(text: str) -> Identity:
    """Return the identity of the element that a text names.

    ``PatientID``, ``(0018,0050)`` or ``0018,0050``, ``(0009,"GEMS_IDEN_01",02)``, and in any item of a sequence
    ``ReferencedImageSequence[<0>]ReferencedSOPInstanceUID`` or ``0008,1140[<0>]0008,1155``.

    Raises ValueError for anything else, for a name of several elements, for a block together with a private creator,
    and for the tag of a private element without its private creator: in each file it may be a different element.
    """
    identity, block = read_element_and_block(text)
    if block is not None and not isinstance(identity[-1].creator, Lack):
        raise ValueError(f"{format_identity(identity)}: the block {block:02x} must be left out")
    return identity


def read_element_and_block(
    text: str, find_keyword: Callable[[str], int | None] = _core.dictionary_find_keyword
) -> tuple[Identity, int | None]:
    """Return the identity as `read_element` does, and its block, None if the text has none.

    A block together with a private creator is allowed here: ``(0009,"GEMS_IDEN_01",1002)``. ``find_keyword`` returns
    the tag of a keyword of PS3.6, or None if there is none.
    """
    pattern = parse_pattern(_PART.sub(_put_brackets, text), find_keyword)
    for step in pattern:
        if step.is_private_by_number():
            example = f'({step.tag >> 16:04x},"CREATOR",{step.tag & 0xFF:02x})'
            raise ValueError(f"{format_pattern(pattern)}: a private element is named by its creator: {example}")
    last = pattern[-1]
    if last.mask != EVERY_DIGIT:
        raise ValueError(f"{format_pattern(pattern)} names more than one element")
    # A block is part of an identity only if there is a `Lack` in place of the private creator.
    identity = tuple(
        Step(one.tag, one.creator, one.block if isinstance(one.creator, Lack) else None) for one in pattern
    )
    return identity, last.block


def _put_brackets(part: re.Match[str]) -> str:
    return part[0] if part[1] is None else f"({part[1]})"

"""The element that a person names: by keyword, tag, identity, or path into a sequence.

For: columns of tables.
Never: a notation of its own; that is `tagsniff.dicom.notation`, and brackets around a tag may be left out here.
Terms: PS3.5 7.8 (private data elements) and PS3.6, edition 2026b.
"""

from __future__ import annotations

import re

from tagsniff import _core
from tagsniff.dicom.notation import ANY_ITEM, Identity, Step, format_tag, parse_pattern

_BARE_TAG = re.compile("[0-9A-Fa-f]{4},[0-9A-Fa-f]{4}")


def read_element(text: str) -> Identity:
    """Return the identity of the element that is named.

    ``PatientID``, ``(0018,0050)`` or ``0018,0050``, ``(0009,"GEMS_IDEN_01",02)``, and in any item of a sequence
    ``ReferencedImageSequence[<0>]ReferencedSOPInstanceUID`` or ``(0008,1140)[<0>](0008,1155)``.

    Raises ValueError for anything else, for a name that means several elements, and for the number of a private
    element without its private creator, which means another thing in every file.
    """
    plain = text if '"' in text else ANY_ITEM.join(map(_put_brackets, text.split(ANY_ITEM)))
    pattern = parse_pattern(plain, _core.dictionary_find_keyword)
    if not all(step.is_exact() for step in pattern):
        raise ValueError("one element is named, without an x, a * or a block")
    for step in pattern:
        if step.is_private_by_number():
            tag = format_tag(step.tag)
            example = f'({step.tag >> 16:04x},"PRIVATE CREATOR",{step.tag & 0xFF:02x})'
            raise ValueError(f"{tag} is a private element, named with its private creator: {example}")
    # An exact pattern has a block with a `Lack` only, as a step has.
    return tuple(Step(step.tag, step.creator, step.block) for step in pattern)


def _put_brackets(step: str) -> str:
    return f"({step})" if _BARE_TAG.fullmatch(step) else step

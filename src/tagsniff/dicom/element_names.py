"""Parses the elements that a person names: by keyword, tag, identity, or path into a sequence.

For: columns of tables, the query of ``find``, and ``profile explain``.
Never: a notation of its own. It is that of `tagsniff.dicom.notation`, with what a person may write in another way: a
tag without brackets or comma, a keyword in any letter case.
Terms: PS3.5 7.8 (private data elements) and PS3.6, edition 2026b.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from tagsniff import _core
from tagsniff.dicom.notation import (
    EVERY_DIGIT,
    Identity,
    Lack,
    Step,
    UnknownKeywordError,
    format_identity,
    format_pattern,
    parse_pattern,
)

# A quoted private creator, which is skipped, or a step that is a tag without brackets.
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|(?:^|(?<=\[<0>\]))([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})(?=\[<0>\]|$)')

# A comma inside of these does not separate two names: a step in brackets (up to the end if they are not closed), and a
# tag without brackets.
_WHOLE = re.compile(
    r'\((?:"(?:[^"\\]|\\.)*(?:"|$)|[^")])*(?:\)|$)|(?<![0-9A-Za-z])[0-9A-Fa-f]{4},[0-9A-Fa-f]{4}(?![0-9A-Za-z])|.',
    re.DOTALL,
)

# As similar as this: a letter that is missing, exchanged or wrong, also in short keywords.
_SIMILAR = 0.8
_MOST_SUGGESTIONS = 3


def read_element(text: str) -> Identity:
    """Return the identity of the element that a text names.

    ``PatientID`` in any letter case, ``(0018,0050)`` or ``0018,0050`` or ``00180050``, ``(0009,"GEMS_IDEN_01",02)``,
    and in any item of a sequence ``ReferencedImageSequence[<0>]ReferencedSOPInstanceUID`` or
    ``0008,1140[<0>]0008,1155``.

    Raises ValueError for anything else, for a name of several elements, for a block together with a private creator,
    and for the tag of a private element without its private creator: in each file it may be a different element.
    """
    identity, block = read_element_and_block(text)
    if block is not None and not isinstance(identity[-1].creator, Lack):
        raise ValueError(f"{format_identity(identity)}: the block {block:02x} must be left out")
    return identity


def find_keyword(word: str) -> int | None:
    """Return the tag of a keyword of PS3.6 in any letter case, None if there is none that stands for one tag."""
    tag = _core.dictionary_find_keyword(word)
    return _list_folded().get(word.lower()) if tag is None else tag


def read_element_and_block(
    text: str, find_keyword: Callable[[str], int | None] = find_keyword
) -> tuple[Identity, int | None]:
    """Return the identity as `read_element` does, and its block, None if the text has none.

    A block together with a private creator is allowed here: ``(0009,"GEMS_IDEN_01",1002)``. ``find_keyword`` returns
    the tag of a keyword of PS3.6, or None if there is none.
    """
    try:
        pattern = parse_pattern(_PART.sub(_put_brackets, text), find_keyword)
    except UnknownKeywordError as error:
        raise ValueError(f"{error}{suggest_keywords(error.keyword)}") from None
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


def split_names(text: str) -> list[str]:
    """Return the names of elements that a text has, separated by commas and without outer spaces.

    A comma between brackets, between quotes, or between the two halves of a tag (``0010,0010``) separates nothing: it
    is part of a name. Raises ValueError for a name that is empty.
    """
    names = [""]
    for part in _WHOLE.findall(text):
        if part == ",":
            names.append("")
        else:
            names[-1] += part
    names = [name.strip() for name in names]
    if not all(names):
        raise ValueError("a name of an element is missing before, between or after commas" if text else "no name")
    return names


def suggest_keywords(word: str) -> str:
    """Return ``; did you mean ...?`` with the keywords of PS3.6 that are most similar, empty if none is."""
    import difflib

    folded = {keyword.lower(): keyword for keyword in _core.dictionary_keywords()}
    close = difflib.get_close_matches(word.lower(), folded, _MOST_SUGGESTIONS, _SIMILAR)
    return f"; did you mean {' or '.join(folded[one] for one in close)}?" if close else ""


@cache
def _list_folded() -> dict[str, int]:
    """Return the tag of each keyword in lower case. No two keywords of PS3.6 differ in letter case alone."""
    return {keyword.lower(): tag for keyword, tag in _core.dictionary_keywords().items()}


def _put_brackets(part: re.Match[str]) -> str:
    return part[0] if part[1] is None else f"({part[1]},{part[2]})"

r"""The notation of elements: the only printer and the only parser of tags and identities.

For: every report, profile and message that names an element (design: identity of an element).
Never: read a file, or know what an element means.
Terms: PS3.5 7.8 (private data elements, private creator, private block), edition 2026b. The notation is ours:

======================================  ===========================================================
``(0010,0010)``                         a public element, or an odd tag that is in no block
``(0009,"GEMS_IDEN_01",02)``            a private element: group, private creator, last two digits
``(0009,<none:10>,02)``                 a private element of block 10, which is not reserved
``(0009,<empty:10>,02)``                the private creator of block 10 is empty
``(0009,<unusable:10>,02)``             it is too long, in conflict with another, or not text
``(0008,1140)[<0>](0008,1155)``         an element in any item of a sequence
``(0008,1140)[2](0008,1155)``           one occurrence, in the third item; printed, never parsed
``<preamble>``                          the preamble of the file, which is no data element
``<trailing bytes>``                    bytes after the data set that are no data element
======================================  ===========================================================

Digits are hexadecimal, printed in lower case and parsed in both cases. Inside the quotes, ``"`` is written ``\"``, a
backslash ``\\``, and an invisible character (controls 00-1F and 7F-9F, no-break space A0, soft hyphen AD) ``\xNN``.
The parser accepts ``\xNN`` for every character, so a profile can be written in ASCII.

A profile row may name several elements at once, with a pattern. Every identity is a pattern too; these forms are added:

======================================  ===========================================================
``(60xx,3000)``                         a mask: x is any digit
``(0009,"GEMS_IDEN_01",*)``             any element of a private creator; ``*`` is ``xx``
``(0119,"MRSC",1502)``                  a literal block: element 02, and only in block 15
``PatientName``                         a keyword of PS3.6, printed as its tag
``*``                                   any element
======================================  ===========================================================

In a path, every step may be a keyword; the other forms of this table are allowed in the last step only.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Self, TypeAlias

ANY_ITEM = "[<0>]"
# Bytes that are no data element, by the tag of their record in the core. No data element has a tag of group FFFE.
_OTHER_BYTES = {0xFFFE0001: "<preamble>", 0xFFFE0002: "<trailing bytes>"}
EVERY_DIGIT = 0xFFFFFFFF
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_PLAIN_LETTERS = re.compile(r'[^"\\]+')
# A shortcut for (gggg,eeee), and for (gggg,"CREATOR",ee) without an escape: nearly all rows of profiles. Every other
# text goes to the parser, which says what is wrong.
_PLAIN_STEP = re.compile(r'\(([0-9A-Fa-f]{4}),(?:([0-9A-Fa-f]{4})|"([\x00-!#-\[\]-\xff]+)",([0-9A-Fa-f]{2}))\)')


class Lack(enum.Enum):
    """Why a private element has no usable private creator."""

    NONE = "none"
    EMPTY = "empty"
    UNUSABLE = "unusable"


class UnknownKeywordError(ValueError):
    """A text names an element by ``keyword``, which PS3.6 does not have."""

    def __init__(self, position: int, keyword: str) -> None:
        super().__init__(f"position {position}: {keyword} is no keyword of PS3.6 that stands for one tag")
        self.keyword = keyword


class _Step(NamedTuple):
    """The fields of a `Step`, unchecked. A tuple, because identities are looked up ten thousand times."""

    tag: int
    creator: str | Lack | None
    block: int | None


class Step(_Step):
    """One step of the path from the root data set to an element. The last step is the element itself.

    ``tag`` is gggg * 65536 + eeee if ``creator`` is None, else without the block: gggg * 65536 + ee.
    ``creator`` is the text of the private creator, not empty, of characters up to U+00FF; or a `Lack`.
    ``block`` (0x10 to 0xff) is given with a `Lack` and only then, because only then it is part of the identity.

    Raises ValueError for anything else.
    """

    __slots__ = ()

    def __new__(cls, tag: int, creator: str | Lack | None = None, block: int | None = None) -> Self:
        if not 0 <= tag <= 0xFFFFFFFF:
            raise ValueError("a tag has 32 bits")
        if isinstance(creator, Lack):
            if block is None or not 0x10 <= block <= 0xFF:
                raise ValueError("a block is 0x10 to 0xff")
        elif block is not None:
            raise ValueError("a block is given only if there is no private creator")
        if creator is not None:
            if tag & 0x10000 == 0:
                raise ValueError("a private element has an odd group")
            if tag & 0xFF00:
                raise ValueError("a private element is named without its block")
            _check_creator(creator)
        return super().__new__(cls, tag, creator, block)


Identity: TypeAlias = tuple[Step, ...]
"""The steps from the root data set to an element; the last one is the element."""


class _StepPattern(NamedTuple):
    """The fields of a `StepPattern`, unchecked. A tuple, because profiles have ten thousand of them."""

    tag: int
    mask: int
    creator: str | Lack | None
    block: int | None


class StepPattern(_StepPattern):
    """One step of a pattern: a `Step` in which some digits match any digit.

    ``mask`` has an f for each digit of ``tag`` that is compared, and a 0 for each that matches any digit; ``tag`` has a
    0 there too. The tag of a private element is without its block, and its mask has ff for those two digits. ``block``
    is given with a `Lack`, as in a `Step`, or with a text as ``creator``: then only elements in that block match.

    Raises ValueError for anything else.
    """

    __slots__ = ()

    def __new__(
        cls, tag: int, mask: int = EVERY_DIGIT, creator: str | Lack | None = None, block: int | None = None
    ) -> Self:
        if not 0 <= tag <= 0xFFFFFFFF or not 0 <= mask <= EVERY_DIGIT:
            raise ValueError("a tag has 32 bits")
        if tag & ~mask or (mask & 0x11111111) * 0xF != mask:
            raise ValueError("a mask takes whole digits of a tag")
        if block is not None and not 0x10 <= block <= 0xFF:
            raise ValueError("a block is 0x10 to 0xff")
        if creator is None:
            if block is not None:
                raise ValueError("a block is given only for a private element")
        elif isinstance(creator, Lack) and block is None:
            raise ValueError("a block is 0x10 to 0xff")
        elif mask & 0x10000 and tag & 0x10000 == 0:
            raise ValueError("a private element has an odd group")
        elif tag & 0xFF00 or mask & 0xFF00 != 0xFF00:
            raise ValueError("a private element is named without its block")
        else:
            _check_creator(creator)
        return super().__new__(cls, tag, mask, creator, block)

    def is_exact(self) -> bool:
        """Return whether the pattern is a `Step`: every digit is compared, and there is no literal block."""
        return self.mask == EVERY_DIGIT and (self.block is None or isinstance(self.creator, Lack))

    def is_private_by_number(self) -> bool:
        """Return whether this is a private tag in a block, which has no meaning without its private creator."""
        if self.creator is not None:
            return False
        # The odd groups that have no private elements (PS3.5 7.1 and 7.8) are listed by raw tag.
        group, element = self.tag >> 16, self.tag & 0xFFFF
        is_odd = self.mask & 0x10000 != 0 and group & 1 == 1 and group not in (1, 3, 5, 7, 0xFFFF)
        return is_odd and element >= 0x1000


Pattern: TypeAlias = tuple[StepPattern, ...]
"""The steps from the root data set to the elements that a profile row names; all steps but the last are exact."""

ANY_ELEMENT = StepPattern(0, 0)
"""The step that ``*`` stands for: it matches every element."""


def read_creator(raw: bytes) -> str:
    """Return the text of the value field of a private creator, as it is part of identities.

    It is ASCII, else Latin-1; (0008,0005) never applies. Trailing NULs and outer spaces are removed; inner spaces and
    letter case stay. The text is empty if nothing is left.
    """
    return raw.rstrip(b"\0 ").lstrip(b" ").decode("latin-1")


def format_tag(tag: int) -> str:
    """Return ``(gggg,eeee)`` in lower case for gggg * 65536 + eeee. Raises ValueError if it is not a 32-bit number."""
    if not 0 <= tag <= 0xFFFFFFFF:
        raise ValueError("a tag has 32 bits")
    return f"({tag >> 16:04x},{tag & 0xFFFF:04x})"


def format_identity(identity: Identity) -> str:
    """Return the text of an identity: the inverse of `parse_identity`. Raises ValueError if it has no steps."""
    if not identity:
        raise ValueError("an identity has at least one step")
    return ANY_ITEM.join(map(_format_step, identity))


def find_name(identity: Identity, names: Mapping[str, str]) -> str:
    """Return the name of a private element in names by `format_identity` of its last step; empty if it has none."""
    return names.get(format_identity(identity[-1:]), "") if names and identity[-1].creator is not None else ""


def parse_identity(text: str) -> Identity:
    """Return the identity that a text names.

    Raises ValueError with the position (in characters, from 0) and what was expected there.
    """
    cursor = _Cursor(text)
    steps = [_parse_step(cursor)]
    while not cursor.at_end():
        cursor.expect(ANY_ITEM)
        steps.append(_parse_step(cursor))
    return tuple(steps)


def format_occurrence(identity: Identity, items: Sequence[int]) -> str:
    """Return the text of one occurrence of an element, with the index of each item in place of ``<0>``.

    ``items`` has the index of the item, from 0, for each step but the last. Raises ValueError for any other length.
    """
    steps = list(map(_format_step, identity))
    if len(items) != len(steps) - 1:
        raise ValueError("an occurrence has the index of an item for each step but the last")
    return "".join(f"{step}[{item}]" for step, item in zip(steps[:-1], items, strict=True)) + steps[-1]


def format_pattern(pattern: Pattern) -> str:
    """Return the text of a pattern: the inverse of `parse_pattern`. Raises ValueError if it is not a valid pattern."""
    if len(pattern) == 1:
        return _format_step_pattern(pattern[0])
    _check_pattern(pattern)
    return ANY_ITEM.join(map(_format_step_pattern, pattern))


def parse_pattern(text: str, find_keyword: Callable[[str], int | None]) -> Pattern:
    """Return the pattern that a text names.

    ``find_keyword`` returns the tag of a keyword of PS3.6, or None if there is none.
    Raises ValueError with the position (in characters, from 0) and what was expected there.
    """
    plain = _PLAIN_STEP.fullmatch(text)
    if plain is not None:
        # The regular expression has checked all but the oddness of the group.
        group, element, creator, digits = plain.groups()
        tag = int(f"{group}{element}" if creator is None else f"{group}00{digits}", 16)
        if creator is None or tag & 0x10000:
            return (tuple.__new__(StepPattern, (tag, EVERY_DIGIT, creator, None)),)
    if text == "*":
        return (ANY_ELEMENT,)
    cursor = _Cursor(text)
    steps = [_parse_step_pattern(cursor, find_keyword)]
    while not cursor.at_end():
        cursor.expect(ANY_ITEM)
        steps.append(_parse_step_pattern(cursor, find_keyword))
    pattern = tuple(steps)
    _check_pattern(pattern)
    return pattern


def _check_creator(creator: str | Lack) -> None:
    if isinstance(creator, str) and (not creator or max(creator) > "\xff"):
        raise ValueError("a private creator is not empty and has no character beyond U+00FF")


def _check_pattern(pattern: Pattern) -> None:
    if not pattern:
        raise ValueError("a pattern has at least one step")
    if not all(step.is_exact() for step in pattern[:-1]):
        raise ValueError("only the last step of a path may have an x, a * or a literal block")


def _format_step(step: Step) -> str:
    group, element = step.tag >> 16, step.tag & 0xFFFF
    if isinstance(step.creator, Lack):
        return f"({group:04x},<{step.creator.value}:{step.block:02x}>,{element:02x})"
    if step.creator is not None:
        return f'({group:04x},"{_escape(step.creator)}",{element:02x})'
    return _OTHER_BYTES.get(step.tag) or format_tag(step.tag)


def _format_step_pattern(step: StepPattern) -> str:
    if step.mask == 0:
        return "*"
    if step.mask == EVERY_DIGIT and step.tag in _OTHER_BYTES:
        return _OTHER_BYTES[step.tag]
    digits = f"{step.tag:08x}"
    if step.mask != EVERY_DIGIT:
        digits = "".join(
            digit if counts == "f" else "x" for digit, counts in zip(digits, f"{step.mask:08x}", strict=True)
        )
    group = digits[:4]
    if step.creator is None:
        return f"({group},{digits[4:]})"
    element = digits[6:].replace("xx", "*")
    if isinstance(step.creator, Lack):
        return f"({group},<{step.creator.value}:{step.block:02x}>,{element})"
    block = "" if step.block is None else f"{step.block:02x}"
    return f'({group},"{_escape(step.creator)}",{block}{element})'


def _escape(creator: str) -> str:
    if creator.isprintable() and '"' not in creator and "\\" not in creator:
        return creator
    return "".join(
        "\\" + letter if letter in '"\\' else letter if letter.isprintable() else f"\\x{ord(letter):02x}"
        for letter in creator
    )


def _parse_step(cursor: _Cursor) -> Step:
    start = cursor.position
    other = _take_other_bytes(cursor)
    if other is not None:
        return Step(other)
    cursor.expect("(")
    group = cursor.take_hex(4)
    cursor.expect(",")
    creator, block = _parse_owner(cursor)
    element = cursor.take_hex(4 if creator is None else 2)
    cursor.expect(")")
    try:
        return Step(group << 16 | element, creator, block)
    except ValueError as error:
        raise ValueError(f"position {start}: {error}") from None


def _parse_step_pattern(cursor: _Cursor, find_keyword: Callable[[str], int | None]) -> StepPattern:
    start = cursor.position
    other = _take_other_bytes(cursor)
    if other is not None:
        return StepPattern(other)
    if not cursor.take("("):
        return StepPattern(cursor.take_keyword(find_keyword))
    group, group_mask = cursor.take_digits(4)
    cursor.expect(",")
    creator, block = _parse_owner(cursor)
    if creator is None:
        element, mask = cursor.take_digits(4)
    else:
        if block is None and cursor.count_letters_before(")") > 2:
            block = cursor.take_hex(2)
        element, mask = (0, 0) if cursor.take("*") else cursor.take_digits(2)
        mask |= 0xFF00
    cursor.expect(")")
    try:
        return StepPattern(group << 16 | element, group_mask << 16 | mask, creator, block)
    except ValueError as error:
        raise ValueError(f"position {start}: {error}") from None


def _take_other_bytes(cursor: _Cursor) -> int | None:
    return next((tag for tag, name in _OTHER_BYTES.items() if cursor.take(name)), None)


def _parse_owner(cursor: _Cursor) -> tuple[str | Lack | None, int | None]:
    """Read the private creator, or a `Lack` and its block, and the comma after it; read nothing of a public tag."""
    creator: str | Lack | None = None
    block: int | None = None
    if cursor.take('"'):
        creator = cursor.take_creator()
        cursor.expect(",")
    elif cursor.take("<"):
        creator = cursor.take_lack()
        block = cursor.take_hex(2)
        cursor.expect(">,")
    return creator, block


class _Cursor:
    """A position in a text that only moves forward."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.position = 0

    def at_end(self) -> bool:
        return self.position == len(self._text)

    def take(self, literal: str) -> bool:
        found = self._text.startswith(literal, self.position)
        if found:
            self.position += len(literal)
        return found

    def expect(self, literal: str) -> None:
        if not self.take(literal):
            raise self._error(f"expected {literal}")

    def take_hex(self, digits: int) -> int:
        word = self._text[self.position : self.position + digits]
        if len(word) != digits or not _HEX_DIGITS.issuperset(word):
            raise self._error(f"expected {digits} hexadecimal digits")
        self.position += digits
        return int(word, 16)

    def take_digits(self, digits: int) -> tuple[int, int]:
        """Return the digits as a number, and the mask of those to compare; an x is a 0 in both."""
        word = self._text[self.position : self.position + digits]
        zeros = word.replace("x", "0").replace("X", "0")
        if len(word) != digits or not _HEX_DIGITS.issuperset(zeros):
            raise self._error(f"expected {digits} hexadecimal digits or x")
        self.position += digits
        mask = (1 << 4 * digits) - 1
        if zeros != word:
            mask = int("".join("0" if letter in "xX" else "f" for letter in word), 16)
        return int(zeros, 16), mask

    def count_letters_before(self, letter: str) -> int:
        """Return the number of characters before the next such letter, -1 if there is none."""
        end = self._text.find(letter, self.position)
        return end - self.position if end >= 0 else -1

    def take_keyword(self, find_keyword: Callable[[str], int | None]) -> int:
        """Read a keyword, up to the end or a ``[``, and return its tag."""
        keyword = self._text[self.position :].partition("[")[0]
        if not (keyword.isascii() and keyword.isalnum() and keyword[0].isalpha()):
            raise self._error("expected ( or a keyword")
        tag = find_keyword(keyword)
        if tag is None:
            raise UnknownKeywordError(self.position, keyword)
        self.position += len(keyword)
        return tag

    def take_lack(self) -> Lack:
        for lack in Lack:
            if self.take(lack.value + ":"):
                return lack
        raise self._error("expected " + ", ".join(lack.value + ":" for lack in Lack))

    def take_creator(self) -> str:
        """Read a private creator and its closing quote."""
        letters: list[str] = []
        while not self.take('"'):
            if self.at_end():
                raise self._error('expected the closing "')
            plain = _PLAIN_LETTERS.match(self._text, self.position)
            if plain is not None:
                letters.append(plain[0])
                self.position = plain.end()
            else:
                letters.append(self._take_escaped())
        return "".join(letters)

    def _take_escaped(self) -> str:
        self.expect("\\")
        if self.take("x"):
            return chr(self.take_hex(2))
        for letter in '"\\':
            if self.take(letter):
                return letter
        raise self._error('expected ", \\ or xNN behind a backslash')

    def _error(self, reason: str) -> ValueError:
        return ValueError(f"position {self.position}: {reason}")

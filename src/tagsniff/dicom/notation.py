r"""How an element is written: the one printer and the one parser of tags and identities.

For: every report, profile and message that names an element (design: identity of an element).
Never: look into a file, or know what an element means.
Terms: PS3.5 7.8 (private data elements, private creator, private block), edition 2026b. The notation is ours:

======================================  ===========================================================
``(0010,0010)``                         a public element, or an odd tag that belongs to no block
``(0009,"GEMS_IDEN_01",02)``            a private element: group, private creator, last two digits
``(0009,<none:10>,02)``                 a private element of block 10, which nobody reserved
``(0009,<empty:10>,02)``                the private creator of block 10 is empty
``(0009,<unusable:10>,02)``             it names nobody: overlong, in conflict with another, no text
``(0008,1140)[<0>](0008,1155)``         an element in any item of a sequence
``(0008,1140)[2](0008,1155)``           one place where it stands: in the third item; only printed
======================================  ===========================================================

Digits are hexadecimal, printed in lower case and read in both. Inside the quotes ``"`` is written ``\"``, a backslash
``\\``, and a character that does not show (controls 00-1F and 7F-9F, no-break space A0, soft hyphen AD) ``\xNN``.
The parser takes ``\xNN`` for every character, so a profile can be kept in ASCII.

A row of a profile may name several elements at once; this is a pattern, and an identity is written the same way:

======================================  ===========================================================
``(60xx,3000)``                         a mask: x is any digit
``(0009,"GEMS_IDEN_01",*)``             any element of a private creator; ``*`` is ``xx``
``(0119,"MRSC",1502)``                  a literal block: element 02, and only in block 15
``PatientName``                         a keyword of PS3.6, printed as its tag
``*``                                   any element
======================================  ===========================================================

In a path only the last step may be more than an identity is; keywords stand everywhere.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, Self, TypeAlias

ANY_ITEM = "[<0>]"
EVERY_DIGIT = 0xFFFFFFFF
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_PLAIN_LETTERS = re.compile(r'[^"\\]+')
# (gggg,eeee), or (gggg,"CREATOR",ee) without an escape: nearly all rows of profiles. What is written in any other way
# is for the parser that says what is wrong.
_PLAIN_STEP = re.compile(r'\(([0-9A-Fa-f]{4}),(?:([0-9A-Fa-f]{4})|"([\x00-!#-\[\]-\xff]+)",([0-9A-Fa-f]{2}))\)')


class Lack(enum.Enum):
    """Why a private element has no private creator that names somebody."""

    NONE = "none"
    EMPTY = "empty"
    UNUSABLE = "unusable"


class _Step(NamedTuple):
    """The parts of a `Step`, unchecked: a tuple, since identities are looked up ten thousand times."""

    tag: int
    creator: str | Lack | None
    block: int | None


class Step(_Step):
    """One element on the way from the root data set to an element, that element included.

    ``tag`` is gggg * 65536 + eeee where ``creator`` is None; else the block is taken out: gggg * 65536 + ee.
    ``creator`` is the text of the private creator, not empty, of characters up to U+00FF; or a `Lack`.
    ``block`` (0x10 to 0xff) is given with a `Lack` and only then, since only then is it part of the identity.

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
            raise ValueError("a block is given only where no private creator stands for it")
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
    """The parts of a `StepPattern`, unchecked: a tuple, since profiles have ten thousand of them."""

    tag: int
    mask: int
    creator: str | Lack | None
    block: int | None


class StepPattern(_StepPattern):
    """What a row of a profile says of one step: a `Step`, some digits of which may be any.

    ``mask`` has an f for each digit of ``tag`` that counts; where it has a 0, ``tag`` has one too. A private element's
    tag has no block, and its mask counts those two digits. ``block`` is given with a `Lack`, as in a `Step`, or with a
    text as ``creator``: then only elements in that block are meant.

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
        """Tell whether the pattern is what a `Step` is: no digit is any, and no literal block."""
        return self.mask == EVERY_DIGIT and (self.block is None or isinstance(self.creator, Lack))

    def is_private_by_number(self) -> bool:
        """Tell whether it is the tag of a private element in a block, which means nothing without a private creator."""
        if self.creator is not None:
            return False
        # The groups of PS3.5 7.1 and 7.8 in which no element is private are listed by raw tag.
        group, element = self.tag >> 16, self.tag & 0xFFFF
        is_odd = self.mask & 0x10000 != 0 and group & 1 == 1 and group not in (1, 3, 5, 7, 0xFFFF)
        return is_odd and element >= 0x1000


Pattern: TypeAlias = tuple[StepPattern, ...]
"""The steps from the root data set to the elements that a row of a profile means; all but the last are exact."""

ANY_ELEMENT = StepPattern(0, 0)
"""What ``*`` stands for."""


def read_creator(raw: bytes) -> str:
    """Return the text of a private creator's value field: its identity, without padding.

    ASCII, else Latin-1; (0008,0005) never applies. Trailing NULs and outer spaces go; inner spaces and letter case
    stay. The text is empty if nothing is left.
    """
    return raw.rstrip(b"\0 ").lstrip(b" ").decode("latin-1")


def format_tag(tag: int) -> str:
    """Return ``(gggg,eeee)`` in lower case for gggg * 65536 + eeee. Raises ValueError beyond 32 bits."""
    if not 0 <= tag <= 0xFFFFFFFF:
        raise ValueError("a tag has 32 bits")
    return f"({tag >> 16:04x},{tag & 0xFFFF:04x})"


def format_identity(identity: Identity) -> str:
    """Return the text of an identity; `parse_identity` gives the same identity back. Raises ValueError if empty."""
    if not identity:
        raise ValueError("an identity has at least one step")
    return ANY_ITEM.join(map(_format_step, identity))


def parse_identity(text: str) -> Identity:
    """Return the identity that a text names.

    Raises ValueError with the position (characters from 0) and what should stand there.
    """
    cursor = _Cursor(text)
    steps = [_parse_step(cursor)]
    while not cursor.at_end():
        cursor.expect(ANY_ITEM)
        steps.append(_parse_step(cursor))
    return tuple(steps)


def format_place(identity: Identity, items: Sequence[int]) -> str:
    """Return the text of one place where an element stands: which item it is in takes the place of ``<0>``.

    ``items`` has the number of the item, from 0, for each step but the last. Raises ValueError if it has not.
    """
    steps = list(map(_format_step, identity))
    if len(items) != len(steps) - 1:
        raise ValueError("a place has the number of an item for each step but the last")
    return "".join(f"{step}[{item}]" for step, item in zip(steps[:-1], items, strict=True)) + steps[-1]


def format_pattern(pattern: Pattern) -> str:
    """Return the text of a pattern; `parse_pattern` gives the same pattern back. Raises ValueError if it is none."""
    if len(pattern) == 1:
        return _format_step_pattern(pattern[0])
    _check_pattern(pattern)
    return ANY_ITEM.join(map(_format_step_pattern, pattern))


def parse_pattern(text: str, find_keyword: Callable[[str], int | None]) -> Pattern:
    """Return the pattern that a text names.

    ``find_keyword`` returns the tag of a keyword of PS3.6, or None if there is none.
    Raises ValueError with the position (characters from 0) and what should stand there.
    """
    plain = _PLAIN_STEP.fullmatch(text)
    if plain is not None:
        # There is nothing left to check in it.
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
    return format_tag(step.tag)


def _format_step_pattern(step: StepPattern) -> str:
    if step.mask == 0:
        return "*"
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


def _parse_owner(cursor: _Cursor) -> tuple[str | Lack | None, int | None]:
    """Read the private creator and the comma behind it, or why there is none and its block; nothing of a public tag."""
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
        """Return what the digits are and which of them count; an x is a 0 that does not."""
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
        """Return how many characters stand before the next such letter; -1 if there is none."""
        end = self._text.find(letter, self.position)
        return end - self.position if end >= 0 else -1

    def take_keyword(self, find_keyword: Callable[[str], int | None]) -> int:
        """Read up to the end or a bracket, and return the tag."""
        keyword = self._text[self.position :].partition("[")[0]
        if not (keyword.isascii() and keyword.isalnum() and keyword[0].isalpha()):
            raise self._error("expected ( or a keyword")
        tag = find_keyword(keyword)
        if tag is None:
            raise self._error(f"{keyword} is no keyword of PS3.6 that stands for one tag")
        self.position += len(keyword)
        return tag

    def take_lack(self) -> Lack:
        for lack in Lack:
            if self.take(lack.value + ":"):
                return lack
        raise self._error("expected " + ", ".join(lack.value + ":" for lack in Lack))

    def take_creator(self) -> str:
        """Read up to and past the closing quote."""
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

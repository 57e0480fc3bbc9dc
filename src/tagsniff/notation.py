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
======================================  ===========================================================

Digits are hexadecimal, printed in lower case and read in both. Inside the quotes ``"`` is written ``\"``, a backslash
``\\``, and a character that does not show (controls 00-1F and 7F-9F, no-break space A0, soft hyphen AD) ``\xNN``.
The parser takes ``\xNN`` for every character, so a profile can be kept in ASCII.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

ANY_ITEM = "[<0>]"
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")


class Lack(enum.Enum):
    """Why a private element has no private creator that names somebody."""

    NONE = "none"
    EMPTY = "empty"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Step:
    """One element on the way from the root data set to an element, that element included.

    ``tag`` is gggg * 65536 + eeee where ``creator`` is None; else the block is taken out: gggg * 65536 + ee.
    ``creator`` is the text of the private creator, not empty, of characters up to U+00FF; or a `Lack`.
    ``block`` (0x10 to 0xff) is given with a `Lack` and only then, since only then is it part of the identity.

    Raises ValueError for anything else.
    """

    tag: int
    creator: str | Lack | None = None
    block: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.tag <= 0xFFFFFFFF:
            raise ValueError("a tag has 32 bits")
        if isinstance(self.creator, Lack):
            if self.block is None or not 0x10 <= self.block <= 0xFF:
                raise ValueError("a block is 0x10 to 0xff")
        elif self.block is not None:
            raise ValueError("a block is given only where no private creator stands for it")
        if self.creator is None:
            return
        if self.tag & 0x10000 == 0:
            raise ValueError("a private element has an odd group")
        if self.tag & 0xFF00:
            raise ValueError("a private element is named without its block")
        if isinstance(self.creator, str) and (not self.creator or max(self.creator) > "\xff"):
            raise ValueError("a private creator is not empty and has no character beyond U+00FF")


Identity: TypeAlias = tuple[Step, ...]
"""The steps from the root data set to an element; the last one is the element."""


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


def _format_step(step: Step) -> str:
    group, element = step.tag >> 16, step.tag & 0xFFFF
    if isinstance(step.creator, Lack):
        return f"({group:04x},<{step.creator.value}:{step.block:02x}>,{element:02x})"
    if step.creator is not None:
        return f'({group:04x},"{_escape(step.creator)}",{element:02x})'
    return format_tag(step.tag)


def _escape(creator: str) -> str:
    return "".join(
        "\\" + letter if letter in '"\\' else letter if letter.isprintable() else f"\\x{ord(letter):02x}"
        for letter in creator
    )


def _parse_step(cursor: _Cursor) -> Step:
    start = cursor.position
    cursor.expect("(")
    group = cursor.take_hex(4)
    cursor.expect(",")
    creator: str | Lack | None = None
    block: int | None = None
    if cursor.take('"'):
        creator = cursor.take_creator()
        cursor.expect(",")
    elif cursor.take("<"):
        creator = cursor.take_lack()
        block = cursor.take_hex(2)
        cursor.expect(">,")
    element = cursor.take_hex(4 if creator is None else 2)
    cursor.expect(")")
    try:
        return Step(group << 16 | element, creator, block)
    except ValueError as error:
        raise ValueError(f"position {start}: {error}") from None


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
            letters.append(self._take_letter())
        return "".join(letters)

    def _take_letter(self) -> str:
        if self.take("\\"):
            if self.take("x"):
                return chr(self.take_hex(2))
            for letter in '"\\':
                if self.take(letter):
                    return letter
            raise self._error('expected ", \\ or xNN behind a backslash')
        self.position += 1
        return self._text[self.position - 1]

    def _error(self, reason: str) -> ValueError:
        return ValueError(f"position {self.position}: {reason}")

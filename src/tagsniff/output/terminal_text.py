r"""How a path is written where its bytes cannot stand as they are.

For: the writers and the messages on a terminal.
Never: change a path that is still to be opened.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

# Of ASCII, all that does not show: found at once, where `str.isprintable` looks at a letter.
_UNSEEN_ASCII = re.compile("[^ -~]")


def show_undecoded(path: str) -> str:
    r"""Return a path that encodes as UTF-8: bytes that did not decode (surrogateescape) become ``\xNN``."""
    if path.isascii():
        return path
    return "".join(_escape(letter) if "\ud800" <= letter <= "\udfff" else letter for letter in path)


def show_path(path: bytes) -> str:
    """Return the same for a path as the system has it."""
    return show_undecoded(os.fsdecode(path))


def show_on_terminal(path: str) -> str:
    r"""Return a path that cannot move the cursor or change colours: what does not show becomes ``\xNN``."""
    if path.isprintable():
        return path
    if path.isascii():
        return _UNSEEN_ASCII.sub(_escape_match, path)
    return "".join(letter if letter.isprintable() else _escape(letter) for letter in path)


def _escape_match(match: re.Match[str]) -> str:
    return _escape(match[0])


@lru_cache(maxsize=256)
def _escape(letter: str) -> str:
    number = ord(letter)
    if 0xDC80 <= number <= 0xDCFF:
        number -= 0xDC00
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"

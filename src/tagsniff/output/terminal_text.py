r"""Text that can be encoded as UTF-8, and text that cannot control a terminal: paths above all.

For: the writers, and messages on a terminal.
Never: change a path that will be opened.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

# All of ASCII that is not printable: one search is faster than `str.isprintable` of each character.
_UNSEEN_ASCII = re.compile("[^ -~]")


def show_undecoded(path: str) -> str:
    r"""Return a path that can be encoded as UTF-8: undecodable bytes (surrogateescape) become ``\xNN``."""
    if path.isascii():
        return path
    return "".join(_escape(letter) if "\ud800" <= letter <= "\udfff" else letter for letter in path)


def show_path(path: bytes) -> str:
    """Return `show_undecoded` of a path in bytes, as the system has it."""
    return show_undecoded(os.fsdecode(path))


def show_on_terminal(path: str) -> str:
    r"""Return a text that cannot control a terminal: ``\xNN``, ``\uNNNN`` or ``\UNNNNNNNN`` if not printable."""
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

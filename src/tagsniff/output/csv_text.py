"""How every CSV of the project writes its cells and rows (RFC 4180 with LF line ends, UTF-8).

For: the writers, whose files spreadsheets and other tools read.
Never: let a cell start as a formula does, whichever separator the spreadsheet believes in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TextIO

from tagsniff.output.terminal_text import show_on_terminal

# A spreadsheet runs what starts like this (OWASP, CSV Injection); where full-width forms are typed, those too.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
PLAIN_STARTS = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ(/.<"
PLAIN_LETTERS = PLAIN_STARTS + b")>^_ :\\[]-"
"""What most cells begin with, and what else they have: nothing in them means anything to anybody."""

_PLAIN = re.compile(f"(?:[{re.escape(PLAIN_STARTS.decode())}][{re.escape(PLAIN_LETTERS.decode())}]*)?")
# Where a decimal comma is customary, programs take the semicolon for the separator; then our quotes do not protect what
# stands in a cell, and a new cell starts behind it, behind a tab, or on a new line.
_FORMULA_WITHIN = re.compile('([;\t\r\n][ "]*)([=+@\uff1d\uff0b\uff0d\uff20-])')
_NEEDS_QUOTES = re.compile('[,"\r\n]')


def write_row(stream: TextIO, cells: Iterable[str]) -> None:
    r"""Write one row; what a spreadsheet would run as a formula gets a leading apostrophe, within a cell too.

    Controls but tab, CR and LF, and bytes that did not decode, are written ``\xNN``.
    """
    stream.write(format_row(cells) + "\n")


def format_row(cells: Iterable[str]) -> str:
    """Return the text of a row, or of cells that follow one another in it, without the end of the line."""
    # Written here since csv.writer of Python 3.11 leaves a lone CR unquoted where lines end with LF.
    return ",".join(map(format_cell, cells))


def protect_cell(cell: str) -> str:
    """Return what a program that reads CSV finds in the cell."""
    cell = _compile_unwritable().sub(_escape, cell)
    if cell.startswith(_FORMULA_STARTS):
        cell = "'" + cell
    return _FORMULA_WITHIN.sub(r"\1'\2", cell)


@lru_cache(maxsize=4096)
def format_cell(cell: str) -> str:
    """Return the text of a cell as `write_row` writes it."""
    if _PLAIN.fullmatch(cell):
        return cell
    cell = protect_cell(cell)
    if _NEEDS_QUOTES.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


@cache
def _compile_unwritable() -> re.Pattern[str]:
    """Return what no cell has: controls but tab and the ends of lines, and surrogates.

    No spreadsheet takes these controls, a program that ends a text at NUL would lose what comes after it, and a
    terminal obeys them. Surrogates are bytes of a path or name that did not decode, which UTF-8 cannot hold.
    """
    # Compiled for the first cell that may have some: it takes as long as all else that is compiled at start-up.
    return re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def _escape(match: re.Match[str]) -> str:
    return show_on_terminal(match[0])

"""The cells and rows of every CSV file of the project (RFC 4180 with LF line ends, UTF-8).

For: the writers, whose files are read by spreadsheets and other tools.
Never: write a cell that a spreadsheet runs as a formula, whatever separator the spreadsheet uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TextIO

from tagsniff.output.terminal_text import show_on_terminal

# A spreadsheet runs a cell that starts with one of these as a formula (OWASP, CSV Injection); the last four are their
# full-width forms.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A cell that is a number, or numbers between backslashes, is no formula: no spreadsheet has an operator in it.
_NUMBERS = re.compile(r"{0}(?:\\{0})*".format(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"))
PLAIN_STARTS = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ(/.<"
PLAIN_LETTERS = PLAIN_STARTS + b")>^_ :\\[]-"
"""The bytes of most cells; they begin with one of `PLAIN_STARTS`. No spreadsheet or terminal gives them a meaning."""

_PLAIN = re.compile(f"(?:[{re.escape(PLAIN_STARTS.decode())}][{re.escape(PLAIN_LETTERS.decode())}]*)?")
# Where a decimal comma is customary, programs use the semicolon as the separator. Then the quotes do not protect the
# text of a cell: a new cell starts after a semicolon, after a tab, or on a new line.
_FORMULA_WITHIN = re.compile('([;\t\r\n][ "]*)([=+@\uff1d\uff0b\uff0d\uff20-])')
_NEEDS_QUOTES = re.compile('[,"\r\n]')


def write_row(stream: TextIO, cells: Iterable[str]) -> None:
    r"""Write one row. An apostrophe precedes what a spreadsheet would run as a formula, inside a cell too.

    Controls except tab, CR and LF, and bytes that could not be decoded, are written ``\xNN``. Negative numbers are
    written as they are, but not in the first cell: see `format_first_cell`.
    """
    first, *others = cells
    stream.write(",".join([format_first_cell(first), *map(format_cell, others)]) + "\n")


def format_row(cells: Iterable[str]) -> str:
    """Return the text of a row, or of consecutive cells of a row, without the end of the line."""
    # csv.writer is not used: in Python 3.11 it leaves a lone CR unquoted if lines end with LF.
    return ",".join(map(format_cell, cells))


def protect_cell(cell: str) -> str:
    """Return the text that a program finds in the cell when it reads the CSV: not quoted, but protected."""
    cell = _compile_unwritable().sub(_escape, cell)
    if cell.startswith(_FORMULA_STARTS) and not _NUMBERS.fullmatch(cell):
        cell = "'" + cell
    return _FORMULA_WITHIN.sub(_protect_within, cell)


@lru_cache(maxsize=4096)
def format_cell(cell: str) -> str:
    """Return the text of a cell as `write_row` writes it."""
    if _PLAIN.fullmatch(cell) or _NUMBERS.fullmatch(cell):
        return cell
    cell = protect_cell(cell)
    if _NEEDS_QUOTES.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def format_first_cell(cell: str) -> str:
    """Return the text of the first cell of a row.

    A program that separates cells at semicolons takes a whole row as one cell. A number at its start would make a
    formula of it, if the text of the next cell continues it. So an apostrophe precedes a signed number here.
    """
    formatted = format_cell(cell)
    return "'" + formatted if formatted.startswith(_FORMULA_STARTS) else formatted


@cache
def _compile_unwritable() -> re.Pattern[str]:
    """Return the pattern of the characters that are escaped in every cell.

    Controls except tab and the line ends: no spreadsheet accepts them, a program that ends a text at NUL would lose the
    rest, and a terminal obeys them. And surrogates, for bytes of a path or name that could not be decoded: UTF-8 cannot
    encode them.
    """
    # Compiled when first needed, since this is slow.
    return re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def _protect_within(match: re.Match[str]) -> str:
    # A function, because Python expands a template more slowly.
    return f"{match[1]}'{match[2]}"


def _escape(match: re.Match[str]) -> str:
    return show_on_terminal(match[0])

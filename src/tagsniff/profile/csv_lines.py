"""Splits a profile file, as spreadsheets save it, into lines and cells, without knowing what they mean.

For: the parser of both kinds of profile.
Never: accept a file in which a missing quote could hide a row: a cell never has a line break.
Terms: RFC 4180, and the changes that spreadsheets make: a byte order mark, a line ``sep=;``, semicolons or tabs between
cells, any line end, empty cells after a short line, and a ``#`` line that is split into cells at its commas.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from tagsniff.profile.errors import Mistake

SETTINGS = ("name", "edition", "options", "default", "collapse", "source")
"""The names that the leading ``# name = value`` lines may set; only source may occur more than once."""

_SEPARATORS = ",;\t"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[,;\t]*', re.IGNORECASE)


class Sheet(NamedTuple):
    """The cells of a file. Lines count from 1.

    ``settings`` has (line, value) by name; ``records`` are (line, cells), with as many cells as there are ``columns``.
    """

    separator: str
    settings: dict[str, tuple[int, str]]
    columns: tuple[str, ...]
    columns_line: int
    records: tuple[tuple[int, list[str]], ...]


def read_sheet(file: str, raw: bytes, mistakes: list[Mistake]) -> Sheet | None:
    """Split the bytes of a file, and append everything that is wrong to ``mistakes``.

    Return None if the file is not UTF-8, or has no column names. ``file`` is its name in messages. Cells have no outer
    spaces, column names are in lower case.
    """
    try:
        text = raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        mistakes.append(Mistake(file, raw[: error.start].count(b"\n") + 1, "", "not UTF-8; save it as CSV UTF-8"))
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator = _find_separator(lines)
    if _SEPARATOR_LINE.fullmatch(lines[0]):
        lines[0] = ""
    settings: dict[str, tuple[int, str]] = {}
    columns: tuple[str, ...] = ()
    columns_line = 0
    records: list[tuple[int, list[str]]] = []
    for number, row in _split_lines(file, lines, separator, mistakes):
        cells = list(map(str.strip, row))
        if not any(cells):
            continue
        if cells[0].startswith("#"):
            if columns:
                mistakes.append(Mistake(file, number, "", "a # line stands above the column names"))
            else:
                _read_setting(file, number, cells, settings, mistakes)
        elif not columns:
            columns, columns_line = tuple(map(str.lower, cells)), number
        elif len(cells) == len(columns):
            records.append((number, cells))
        else:
            records.append((number, _fit(file, number, cells, len(columns), mistakes)))
    if not columns:
        mistakes.append(Mistake(file, 0, "", "there is no line with column names"))
        return None
    return Sheet(separator, settings, columns, columns_line, tuple(records))


def read_record(file: str, sheet: Sheet, number: int, line: str, mistakes: list[Mistake]) -> list[str]:
    """Return the cells of one line below the column names of the sheet."""
    cells = list(map(str.strip, _split_line(file, number, line, sheet.separator, mistakes)))
    return cells if len(cells) == len(sheet.columns) else _fit(file, number, cells, len(sheet.columns), mistakes)


def _split_lines(
    file: str, lines: list[str], separator: str, mistakes: list[Mistake]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each line. A line whose quotes do not pair up is a mistake."""
    with contextlib.suppress(csv.Error):
        rows = list(csv.reader(lines, delimiter=separator, strict=True))
        # As many rows as lines: no row spans two lines.
        if len(rows) == len(lines):
            yield from enumerate(rows, start=1)
            return
    # Parse each line alone: a quote that is not closed is reported in its own line, and the other lines are still read.
    for number, line in enumerate(lines, start=1):
        yield number, _split_line(file, number, line, separator, mistakes)


def _split_line(file: str, number: int, line: str, separator: str, mistakes: list[Mistake]) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error as error:
        mistakes.append(Mistake(file, number, "", f"the quotes of this line do not pair up ({error})"))
        return []


def _find_separator(lines: list[str]) -> str:
    """Return the separator that the line ``sep=`` names, else the one in the line of column names."""
    stated = _SEPARATOR_LINE.fullmatch(lines[0])
    if stated and stated[1] in _SEPARATORS:
        return stated[1]
    names = next((line for line in lines if line.strip('",;\t ') and not line.lstrip('" \t').startswith("#")), "")
    # The most frequent one; a comma if there is only one column.
    return max(_SEPARATORS, key=names.count)


def _read_setting(
    file: str, line: int, cells: list[str], settings: dict[str, tuple[int, str]], mistakes: list[Mistake]
) -> None:
    text = ", ".join(filter(None, cells)).lstrip("#").strip()
    if not text:
        return
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or name not in SETTINGS:
        reason = f"a # line is '# name = value', and the name one of {', '.join(SETTINGS)}"
        mistakes.append(Mistake(file, line, "", reason))
    elif name not in settings:
        settings[name] = (line, value)
    elif name == "source":
        settings[name] = (settings[name][0], f"{settings[name][1]}; {value}")
    else:
        mistakes.append(Mistake(file, line, "", f"{name} stands in line {settings[name][0]} already"))


def _fit(file: str, line: int, cells: list[str], count: int, mistakes: list[Mistake]) -> list[str]:
    if any(cells[count:]):
        reason = f"{len(cells)} cells, but {count} columns; a cell with a separator in it, as elements have, is quoted"
        mistakes.append(Mistake(file, line, "", reason))
    return cells[:count] + [""] * (count - len(cells))

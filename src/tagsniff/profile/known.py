"""A profile that is known to be without a mistake, read without its rows: each is read when an element asks for it.

For: the shipped profiles, whose thousands of rows take longer to read than a small collection.
Never: read a file that is not known (`tagsniff.profile.shipped`), or a row in another way than `ProfileParser` does.
Terms: those of `tagsniff.profile.parser`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial

from tagsniff.profile.csv_lines import read_sheet
from tagsniff.profile.errors import Mistake, ProfileError
from tagsniff.profile.outline import Outline, outline_lines
from tagsniff.profile.parser import ProfileParser, parse_profile
from tagsniff.profile.rows import ProfileFile, ProfileKind, Row


def parse_known_profile(
    file: str,
    raw: bytes,
    *,
    kind: ProfileKind | None,
    find_keyword: Callable[[str], int | None],
    options: Sequence[str] = (),
) -> ProfileFile:
    """Return what `parse_profile` does of bytes that it is known to find no mistake in, with most rows unread.

    Raises ProfileError for another kind, or options that the profile does not have.
    """
    mistakes: list[Mistake] = []
    outline = outline_lines(raw.decode("utf-8"))
    sheet = read_sheet(file, outline.head.encode("utf-8"), mistakes)
    if sheet is None:
        raise ProfileError(mistakes)
    parser = ProfileParser(file, sheet, mistakes, find_keyword, kind=kind, selected=options)
    read_whole = partial(_read_whole, file, outline.lines, kind, find_keyword, tuple(options))
    profile = parser.make_profile(hashlib.sha256(raw).hexdigest(), _KnownRows(parser, outline, read_whole))
    if mistakes:
        raise ProfileError(mistakes)
    return profile


def _read_whole(
    file: str,
    lines: list[str],
    kind: ProfileKind | None,
    find_keyword: Callable[[str], int | None],
    options: tuple[str, ...],
) -> ProfileFile:
    # Of the lines, which are at hand: the bytes are as many again, and hardly anybody asks for this.
    raw = "".join(f"{line}\n" for line in lines).encode("utf-8")
    return parse_profile(file, raw, kind=kind, find_keyword=find_keyword, options=options)


class _KnownRows:
    """The rows of a known profile: a line becomes a row when an element asks for it, by the one parser of rows."""

    def __init__(self, parser: ProfileParser, outline: Outline, read_whole: Callable[[], ProfileFile]) -> None:
        self._parser = parser
        self._outline = outline
        self._read_whole = read_whole
        self._all: tuple[Row, ...] | None = None
        self.unread = outline.last
        self.at_hand = tuple(self._read(outline.others))

    def read(self, name: str) -> Sequence[Row]:
        """Read the rows that name one element alone."""
        return self._read(self._outline.find(name))

    def read_all(self) -> tuple[Row, ...]:
        """Read the file as one that nothing is known of."""
        if self._all is None:
            self._all = self._read_whole().rows
        return self._all

    def _read(self, numbers: Sequence[int]) -> list[Row]:
        rows = [self._parser.read_line(number + 1, self._outline.lines[number]) for number in numbers]
        return [row for row in rows if row is not None]

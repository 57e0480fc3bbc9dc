r"""The rows of a shipped profile: an index of its lines, and rows that are parsed on demand.

For: the shipped profiles, whose thousands of rows take longer to parse than a small collection takes to scan.
Never: use a file that is not known to have no mistakes (`tagsniff.profile.shipped`), because a line that is not a row
is not reported here; or parse a row in another way than `ProfileParser` does.
Terms: PS3.5 7.8 (private data elements), edition 2026b; the notation is that of `tagsniff.dicom.notation`.

The index has the lines of rows for any equipment whose element is ``(gggg,eeee)``, or ``(gggg,"CREATOR",ee)``, or a
path of such steps, without an escape, an x or a literal block. All other lines are ``others``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import NamedTuple, TypeAlias

from tagsniff.dicom.notation import Lack
from tagsniff.profile.csv_lines import read_sheet
from tagsniff.profile.errors import Mistake, ProfileError
from tagsniff.profile.parser import ProfileParser, parse_profile
from tagsniff.profile.rows import ProfileFile, ProfileKind, Row

Owner: TypeAlias = str | tuple[Lack, int] | None
"""The owner of an element: a private creator with its case folded, a `Lack` and its block, or None: the standard."""

_NEXT_STEP = ")[<0>]("
# A line of a shipped file. It captures the name of the element, as `write_path` writes it. Every line is one match.
_STEP = r'[0-9a-f]{4},(?:[0-9a-f]{4}|""[^"\\\n]+"",[0-9a-f]{2})'
_LINE = re.compile(rf'(?:(?:,,,,)?"\(({_STEP}(?:{re.escape(_NEXT_STEP)}{_STEP})*)\)",)?.*\n')


class Outline(NamedTuple):
    """The index of the lines of a file; line numbers count from 0.

    ``last`` has the last line of each name, ``before`` its earlier lines, if there are any. ``others`` are the lines of
    rows without a name.
    """

    lines: list[str]
    last: dict[str, int]
    before: dict[str, list[int]]
    others: list[int]

    def find(self, name: str) -> list[int]:
        """Return the lines that have the name."""
        return [*self.before.get(name, ()), self.last[name]] if name in self.last else []


def outline_lines(text: str) -> Outline:
    """Return the index of the lines of a profile. Raises ValueError if the last line does not end with LF."""
    lines = text.split("\n")
    if lines.pop():
        raise ValueError("a known profile ends with LF")
    names = _LINE.findall(text.casefold())
    rows = next(number for number, line in enumerate(lines) if not line.startswith("#")) + 1
    # There are thousands of names, and few of them occur twice.
    last = dict(zip(names, range(len(lines)), strict=True))
    before: dict[str, list[int]] = {}
    for number in [number for number, name in enumerate(names) if last[name] != number]:
        before.setdefault(names[number], []).append(number)
    unnamed = [*before.pop("", ()), last.pop("")]
    return Outline(lines, last, before, [number for number in unnamed if number >= rows])


def read_head(raw: bytes) -> bytes:
    """Return the first lines of a profile, the last of which has the column names."""
    end = 0
    while raw.startswith(b"#", end):
        end = raw.index(b"\n", end) + 1
    return raw[: raw.index(b"\n", end)]


def write_name(owner: Owner, tag: int) -> str:
    """Return the name of an element as its lines have it, in lower case; empty for a `Lack`: no line names one."""
    if owner is None:
        return f"{tag >> 16:04x},{tag & 0xFFFF:04x}"
    return "" if isinstance(owner, tuple) else f'{tag >> 16:04x},""{owner}"",{tag & 0xFF:02x}'


def write_path(steps: Sequence[tuple[Owner, int]]) -> str:
    """Return the name of an element with all sequences around it; empty if one of the owners is a `Lack`."""
    names = [write_name(owner, tag) for owner, tag in steps]
    return _NEXT_STEP.join(names) if all(names) else ""


def parse_known_profile(
    file: str,
    raw: bytes,
    digest: str,
    *,
    kind: ProfileKind | None,
    find_keyword: Callable[[str], int | None],
    options: Sequence[str] = (),
) -> ProfileFile:
    """Return the same as `parse_profile` for a file that is known to have no mistakes; most rows are not parsed yet.

    ``digest`` is the SHA-256 of the bytes. Raises ProfileError if it is of another kind, or does not have the options.
    """
    mistakes: list[Mistake] = []
    sheet = read_sheet(file, read_head(raw), mistakes)
    if sheet is None:
        raise ProfileError(mistakes)
    parser = ProfileParser(file, sheet, mistakes, find_keyword, kind=kind, selected=options)
    read_whole = partial(parse_profile, file, raw, kind=kind, find_keyword=find_keyword, options=tuple(options))
    profile = parser.make_profile(digest, _KnownRows(parser, raw, read_whole))
    if mistakes:
        raise ProfileError(mistakes)
    return profile


class _KnownRows:
    """The rows of a known profile. `ProfileParser` parses a line when its element is looked up.

    The lines are indexed when the first element is looked up, which never happens in a scan without files.
    """

    def __init__(self, parser: ProfileParser, raw: bytes, read_whole: Callable[[], ProfileFile]) -> None:
        self._parser = parser
        self._raw = raw
        self._read_whole = read_whole
        self._all: tuple[Row, ...] | None = None

    @cached_property
    def _outline(self) -> Outline:
        return outline_lines(self._raw.decode("utf-8"))

    @cached_property
    def parsed_rows(self) -> tuple[Row, ...]:
        """The rows of the lines without a name, among them all rows for more than one element."""
        return tuple(self._read(self._outline.others))

    @property
    def unparsed_names(self) -> dict[str, int]:
        """The names of the elements that have lines."""
        return self._outline.last

    def read(self, name: str) -> Sequence[Row]:
        """Parse the rows that name one element, alone or with its path."""
        return self._read(self._outline.find(name))

    def read_all(self) -> tuple[Row, ...]:
        """Parse the whole file, as `parse_profile` does."""
        if self._all is None:
            self._all = self._read_whole().rows
        return self._all

    def _read(self, numbers: Sequence[int]) -> list[Row]:
        rows = [self._parser.read_line(number + 1, self._outline.lines[number]) for number in numbers]
        return [row for row in rows if row is not None]

r"""Which lines of a profile name an element, told by their text: enough to read a row when an element asks for it.

For: files whose bytes are known to be those of a profile without a mistake (`tagsniff.profile.shipped`).
Never: tell what a row means, which is the parser's; be used for a file that was not read whole before, for what does
not look like a row is not told here.
Terms: PS3.5 7.8 (private data elements), edition 2026b; the notation is that of `tagsniff.dicom.notation`.

Only ``(gggg,eeee)`` and ``(gggg,"CREATOR",ee)`` without an escape, an x or a literal block are told apart by their
text, in rows for any equipment. All other lines are ``others``.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from tagsniff.dicom.notation import Lack

Owner: TypeAlias = str | tuple[Lack, int] | None
"""Who owns the digits of an element: a private creator without its letter case, a block without one, the standard."""

# A line as it is shipped, with what names its element, as `write_name` writes it; every line is one match.
_LINE = re.compile(r'(?:(?:,,,,)?"\(([0-9a-f]{4},(?:[0-9a-f]{4}|""[^"\\\n]+"",[0-9a-f]{2}))\)",)?.*\n')


class Outline(NamedTuple):
    """The lines of a file; the numbers of lines are from 0.

    ``head`` ends with the column names. ``last`` has the last line for a name, ``before`` the lines before that one,
    where there are any. ``others`` are the lines of rows without a name.
    """

    head: str
    lines: list[str]
    last: dict[str, int]
    before: dict[str, list[int]]
    others: list[int]

    def find(self, name: str) -> list[int]:
        """Return the lines that have the name."""
        return [*self.before.get(name, ()), self.last[name]] if name in self.last else []


def outline_lines(text: str) -> Outline:
    """Return the outline of a profile. Raises ValueError if the last line has no LF at its end."""
    lines = text.split("\n")
    if lines.pop():
        raise ValueError("a known profile ends with LF")
    names = _LINE.findall(text.casefold())
    rows = next(number for number, line in enumerate(lines) if not line.startswith("#")) + 1
    # Thousands of names, of which few stand there twice.
    last = dict(zip(names, range(len(lines)), strict=True))
    before: dict[str, list[int]] = {}
    for number in [number for number, name in enumerate(names) if last[name] != number]:
        before.setdefault(names[number], []).append(number)
    unnamed = [*before.pop("", ()), last.pop("")]
    return Outline("\n".join(lines[:rows]), lines, last, before, [number for number in unnamed if number >= rows])


def write_name(owner: Owner, tag: int) -> str:
    """Return what names the element in its lines, in lower case; there are none for an owner without a text."""
    if owner is None:
        return f"{tag >> 16:04x},{tag & 0xFFFF:04x}"
    return "" if isinstance(owner, tuple) else f'{tag >> 16:04x},""{owner}"",{tag & 0xFF:02x}'

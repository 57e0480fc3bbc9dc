r"""Layouts: the elements of a kind of file as text, and their bytes for the facts of a series and of an instance.

For: the kinds of files of the collection; the layouts are in ``../layouts``.
Never: an element that is not in the layout.

One line is one element: tag, VR, value. ``{name}`` is replaced by a fact; a VR can be a fact too. ``SQ`` opens a
sequence, ``SQ undefined`` one of undefined length. Below it ``> item`` opens an item, and each of its elements begins
with ``> ``, with one more mark for each level, as in the tables of PS3.3. Numbers are separated by a backslash; bytes
are hexadecimal digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeAlias

from kinds.encoding import Encoding

LAYOUTS = Path(__file__).parents[1] / "layouts"
_NAME = re.compile(r"\{(\w+)\}")

Facts: TypeAlias = Mapping[str, str | bytes]
"""The values of names in a layout: text, or bytes if the whole value is one name."""

Piece: TypeAlias = "bytes | Described"


@dataclass
class Described:
    """A line of a layout; ``items`` is None unless it is a sequence."""

    tag: int
    vr: str
    text: str = ""
    items: list[list[Described]] | None = None
    undefined: bool = False
    names: frozenset[str] = field(default=frozenset())


@cache
def read_layout(name: str) -> tuple[Described, ...]:
    """Return the elements of a layout in the order of its lines."""
    root: list[Described] = []
    holders = [root]
    for line in (LAYOUTS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        marks, _, rest = line.partition(" ") if line.startswith(">") else ("", "", line)
        depth = len(marks)
        if rest == "item":
            sequence = holders[depth - 1][-1]
            assert sequence.items is not None, line
            sequence.items.append([])
            holders[depth:] = [sequence.items[-1]]
            continue
        holders[depth].append(_read_element(rest))
        del holders[depth + 1 :]
    _collect_names(root)
    return tuple(root)


def _read_element(line: str) -> Described:
    tag, vr, text = [*line.split(" ", 2), ""][:3]
    number = int(tag.replace(",", ""), 16)
    if vr == "SQ":
        return Described(number, vr, items=[], undefined=text == "undefined")
    return Described(number, vr, text)


def _collect_names(elements: list[Described]) -> frozenset[str]:
    found = frozenset[str]()
    for element in elements:
        names = frozenset(_NAME.findall(element.vr + " " + element.text))
        for item in element.items or ():
            names |= _collect_names(item)
        element.names = names
        found |= names
    return found


def encode(element: Described, encoding: Encoding, facts: Facts) -> bytes:
    """Return the bytes of an element."""
    if element.items is not None:
        items = [b"".join(encode(inner, encoding, facts) for inner in item) for item in element.items]
        return encoding.sequence(element.tag, items, undefined=element.undefined)
    vr = element.vr.format_map(facts) if element.vr.startswith("{") else element.vr
    whole = facts[element.text[1:-1]] if _NAME.fullmatch(element.text) else element.text.format_map(facts)
    if isinstance(whole, bytes):
        return encoding.element(element.tag, vr, whole)
    return encoding.element(element.tag, vr, encoding.value(vr, whole, _python_charset(facts)))


def _python_charset(facts: Facts) -> str:
    return "utf-8" if facts["charset"] == "ISO_IR 192" else "latin-1"


class Template:
    """The elements of some layouts, sorted by tag; elements that are the same in a series are encoded once."""

    def __init__(
        self, layouts: Iterable[str], encoding: Encoding, series_facts: Facts, *extra: tuple[int, bytes]
    ) -> None:
        """``extra`` are further elements, already encoded, with their tags."""
        entries: list[tuple[int, Piece]] = list(extra)
        for name in layouts:
            for element in read_layout(name):
                known = element.names <= series_facts.keys()
                entries.append((element.tag, encode(element, encoding, series_facts) if known else element))
        entries.sort(key=lambda entry: entry[0])
        self._encoding = encoding
        self._series_facts = dict(series_facts)
        self._pieces: list[Piece] = []
        for _, piece in entries:
            if isinstance(piece, bytes) and self._pieces and isinstance(self._pieces[-1], bytes):
                self._pieces[-1] += piece
            else:
                self._pieces.append(piece)

    def fill(self, instance_facts: Facts) -> bytes:
        """Return the bytes for one instance."""
        facts = self._series_facts | dict(instance_facts)
        encoding = self._encoding
        return b"".join(piece if isinstance(piece, bytes) else encode(piece, encoding, facts) for piece in self._pieces)


Instances: TypeAlias = Callable[[int], Facts]
"""Returns the facts of the instance with this number, counted from 0."""

"""Finds patterns of profile rows that can match nothing, so that their author is told.

For: the parser of profiles.
Never: refuse a pattern that some file could match, however unusual: only what no element and no equipment can be.
Terms: PS3.5 7.1, 7.5 and 7.8, edition 2026b; the notation is that of `tagsniff.dicom.notation`.
"""

from __future__ import annotations

import re
from fnmatch import translate

from tagsniff.dicom.equipment import ABSENT, EMPTY, EquipmentPattern
from tagsniff.dicom.notation import Pattern, StepPattern, format_pattern, read_creator

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FULL_GROUP = 0xFFFF
# Odd groups that have no private blocks (PS3.5 7.1 and 7.8), and the group of items and delimiters (PS3.5 7.5).
_WITHOUT_BLOCKS = frozenset({1, 3, 5, 7, 0xFFFF})
_ITEMS = 0xFFFE
# What fnmatch translates an empty range to, such as [z-a].
_NOTHING = "(?!)"


def check_element(pattern: Pattern, text: str) -> None:
    """Raise ValueError if no element can match the pattern, which was parsed from the text."""
    if "*" in text and any("*" in quoted for quoted in _QUOTED.findall(text)):
        raise ValueError(
            f"{text} has a * inside the quotes, where it is a letter and no pattern: a private creator is written "
            "whole, and one that really has this letter with \\x2a"
        )
    for step in pattern:
        _check_group(pattern, step)
        if isinstance(step.creator, str) and read_creator(step.creator.encode("latin-1")) != step.creator:
            raise ValueError(
                f"{format_pattern(pattern)} has a space or NUL at the start or end of a private creator, where all "
                "of them are removed: no element has such a creator"
            )


def _check_group(pattern: Pattern, step: StepPattern) -> None:
    if step.mask >> 16 != _FULL_GROUP:
        # Any digit that is left open allows a group in which there are such elements.
        return
    group = step.tag >> 16
    if step.creator is not None and group in _WITHOUT_BLOCKS:
        raise ValueError(f"{format_pattern(pattern)}: no private creator reserves elements of group {group:04x}")
    # <preamble> and <trailing bytes> are written with tags of this group.
    if step.creator is None and group == _ITEMS and not format_pattern((step,)).startswith("<"):
        raise ValueError(f"{format_pattern(pattern)}: group fffe has items and delimiters, and no elements")


def list_impossible_cells(equipment: EquipmentPattern) -> list[tuple[str, str]]:
    """Return the column and the reason of each part of a pattern that no equipment can match."""
    found = []
    for column, cell in zip(EquipmentPattern._fields, equipment, strict=True):
        if cell not in (ABSENT, EMPTY) and cell.casefold() in (ABSENT, EMPTY):
            found.append((column, f"{cell!r} is written {cell.casefold()}, in lower case"))
        elif _NOTHING in translate(cell.casefold()):
            found.append((column, f"{cell!r} matches nothing: a range in brackets goes from its end to its start"))
    return found

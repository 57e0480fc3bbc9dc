"""Answers that are at hand: as many as an ordinary collection asks for, and no more.

For: whoever is asked the same again and again; what is forgotten is found again, only later.
Never: memory that grows with what somebody made to be asked.
"""

from __future__ import annotations

from typing import TypeVar

_Asked = TypeVar("_Asked")
_Told = TypeVar("_Told")


def remember(known: dict[_Asked, _Told], asked: _Asked, told: _Told, *, limit: int) -> _Told:
    """Keep what was told, and return it; if there are as many as the limit says, all others are forgotten first."""
    if len(known) >= limit:
        known.clear()
    known[asked] = told
    return told

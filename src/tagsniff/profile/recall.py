"""A bounded memo, cleared when full.

For: functions that are called with the same arguments again and again; a result that was cleared is computed again.
Never: memory that grows without bound because a hostile collection causes many different calls.
"""

from __future__ import annotations

from typing import TypeVar

_Asked = TypeVar("_Asked")
_Told = TypeVar("_Told")


def remember(known: dict[_Asked, _Told], asked: _Asked, told: _Told, *, limit: int) -> _Told:
    """Store a result under its key, and return it. If there are ``limit`` entries, all are removed before."""
    if len(known) >= limit:
        known.clear()
    known[asked] = told
    return told

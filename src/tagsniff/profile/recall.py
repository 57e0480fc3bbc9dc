"""A bounded memo, cleared when full.

For: functions that are called with the same arguments again and again; a result that was cleared is computed again.
Never: memory that grows without bound because a hostile collection causes many different calls.
"""

from __future__ import annotations

from typing import TypeVar

_Key = TypeVar("_Key")
_Result = TypeVar("_Result")


def remember(memo: dict[_Key, _Result], key: _Key, result: _Result, *, limit: int) -> _Result:
    """Store a result under its key, and return it. If there are ``limit`` entries, all are removed before."""
    if len(memo) >= limit:
        memo.clear()
    memo[key] = result
    return result

"""The tag of a keyword, from the dictionary of the core.

For: profiles whose rows name elements by keyword.
Never: a second dictionary.
Terms: PS3.6, edition 2026b.
"""

from __future__ import annotations

from tagsniff import _core


def find_keyword(keyword: str) -> int | None:
    """Return gggg * 65536 + eeee of a keyword; None if PS3.6 has none, or if it stands for a repeating group."""
    return _core.dictionary_find_keyword(keyword)

"""Shell patterns that say which files of a collection are read, by their names alone.

For: the walk, which asks for each file, and the summary, which says how many were passed over.
Never: the path to a file: a folder is entered whatever its name is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from fnmatch import translate
from typing import overload


class NameGlobs(Sequence[str]):
    """Patterns (``*``, ``?``, ``[...]``), one of which a name must match as a whole, in any letter case.

    ``passed_over`` counts the files whose names match none. Letter case does not matter, because scanners and discs
    write ``.DCM`` as well as ``.dcm``, and a file that is passed over is not seen.

    Raises TypeError for a single text or for anything but texts, ValueError for a pattern that is empty, has a
    separator of paths, or can match no name.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        if isinstance(patterns, str):
            raise TypeError("names is an iterable of patterns, not one pattern")
        self._patterns = tuple(patterns)
        for pattern in self._patterns:
            _check(pattern)
        self.passed_over = 0
        self._any = re.compile("|".join(map(translate, self._patterns)), re.IGNORECASE)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return self._patterns[index]

    def __len__(self) -> int:
        return len(self._patterns)

    def matches(self, name: bytes) -> bool:
        """Return whether a file of this name is read."""
        return self._any.match(os.fsdecode(name)) is not None

    def choose(self, names: Iterable[bytes]) -> list[bytes]:
        """Return the names of the files that are read, and count the others."""
        chosen = []
        for name in names:
            if self.matches(name):
                chosen.append(name)
            else:
                self.passed_over += 1
        return chosen


def _check(pattern: object) -> None:
    if not isinstance(pattern, str):
        raise TypeError(f"a pattern is a str, not {type(pattern).__name__}")
    if not pattern:
        raise ValueError("a pattern is empty, and matches no name")
    if "/" in pattern or os.sep in pattern:
        raise ValueError(f"{pattern}: a pattern is for the name of a file, without the folders")
    # What an empty range such as [z-a] is translated to.
    if "(?!)" in translate(pattern):
        raise ValueError(f"{pattern}: the pattern matches no name")

"""The mistakes in a profile, and the only exception that reports them, before any image is opened.

For: every caller that loads or checks a profile.
Never: report anything that a scan finds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a profile: the file, the line (from 1), the column (its name), and the reason.

    ``line`` is 0 for the file as a whole, ``column`` is "" for the line as a whole.
    """

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        location = self.file
        if self.line:
            location += f":{self.line}"
        if self.column:
            location += f": column {self.column}"
        return f"{location}: {self.reason}"


class ProfileError(ValueError):
    """A profile has mistakes. ``mistakes`` has all of them, in the order of the files and their lines."""

    mistakes: tuple[Mistake, ...]

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))

"""What is wrong with a profile, and the one exception that says so before any file is opened.

For: everybody who loads or checks a profile.
Never: raised for anything that a scan finds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong: in which file, at which line (from 1) and column (its name), and the reason.

    ``line`` is 0 for the file as a whole, ``column`` is "" for the line as a whole.
    """

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}"
        if self.column:
            place += f": column {self.column}"
        return f"{place}: {self.reason}"


class ProfileError(ValueError):
    """A profile is wrong; ``mistakes`` has all that was found, in the order of the files and their lines."""

    mistakes: tuple[Mistake, ...]

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))

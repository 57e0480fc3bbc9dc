"""The action codes of profile rows, and the rules that combine recorded values for a reader.

For: the rows of profiles, and every report that shows a code.
Never: change a value. The program shows what a de-identification must do; it does not de-identify.
Terms: PS3.15 Table E.1-1a (De-identification Action Codes), edition 2026d; R (review) is this project's.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

# PS3.5 9.1: components without leading zeros, at most 64 characters.
_UID = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*")
_UID_LENGTH = 64


class Code(enum.Enum):
    """An action code. The members are in the order of protection, the most protective first.

    A compound (X/Z: X unless Z is needed to conform) comes directly after its most protective part, because its result
    may be less protective.

    Source: PS3.15 2026d, Table E.1-1a; R (review) is this project's.
    """

    X = "X"
    X_Z = "X/Z"
    X_D = "X/D"
    X_Z_D = "X/Z/D"
    X_Z_U = "X/Z/U*"
    Z = "Z"
    Z_D = "Z/D"
    D = "D"
    U = "U"
    C = "C"
    R = "R"
    K = "K"

    @property
    def protection(self) -> int:
        """Rank in the order of protection: 0 is the most protective."""
        return _PROTECTION[self]

    @property
    def records_values(self) -> bool:
        """Whether values are recorded for a person to look at: with C and R. Every other code needs no value."""
        return self in (Code.C, Code.R)

    @property
    def covers_items(self) -> bool:
        """Whether the code of a sequence decides everything in its items: the decisive codes except K."""
        return not self.records_values and self is not Code.K


_PROTECTION = {code: rank for rank, code in enumerate(Code)}


class CollapseRule(enum.Enum):
    """How recorded values are combined: dates and numbers into a range, UIDs by their root.

    Source: design, section 4.
    """

    DATE = "date"
    NUMBER = "number"
    UID = "uid"


@dataclass(frozen=True, slots=True)
class Collapse:
    """How the recorded values of an element are combined. A value that does not fit the rule is shown as it is.

    ``root`` is given with `CollapseRule.UID` and only then: a UID. The UIDs below it are counted, not shown.
    Raises ValueError for anything else.

    Source: design, section 4; PS3.5 2026b, 9.1 (UIDs).
    """

    rule: CollapseRule
    root: str = ""

    def __post_init__(self) -> None:
        if self.rule is not CollapseRule.UID:
            if self.root:
                raise ValueError(f"{self.rule.value} has no root")
        elif not _UID.fullmatch(self.root) or len(self.root) > _UID_LENGTH:
            raise ValueError("a root is a UID, without the dot behind it")

    def __str__(self) -> str:
        return f"{self.rule.value}:{self.root}" if self.root else self.rule.value


def parse_code(text: str) -> Code:
    """Return the code that a cell names, in any letter case. Raises ValueError with a message that lists the codes."""
    try:
        return Code(text.upper())
    except ValueError:
        raise ValueError(f"{text!r} is no code; codes are " + " ".join(code.value for code in Code)) from None


def parse_collapse(text: str) -> Collapse | None:
    """Return the rule that a cell names, None if it is empty. Raises ValueError."""
    if not text:
        return None
    rule, colon, root = text.partition(":")
    if rule == CollapseRule.UID.value:
        return Collapse(CollapseRule.UID, root)
    if colon or rule not in (CollapseRule.DATE.value, CollapseRule.NUMBER.value):
        raise ValueError(f"{text!r} is no collapse rule; rules are date, number and uid:ROOT")
    return Collapse(CollapseRule(rule))

"""What a row of a profile says is done with an element, and how its values are drawn together for a reader.

For: the rows of profiles, and every report that shows a code.
Never: act on a value; the program shows what a de-identification is to do, it does none.
Terms: PS3.15 Table E.1-1a (De-identification Action Codes), edition 2026d; R (review) is this project's.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

# PS3.5 9.1: components without leading zeros, 64 characters at most.
_UID = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*")
_UID_LENGTH = 64


class Code(enum.Enum):
    """An action code; the members stand in the order of protection, the most protective first.

    A compound (X/Z: X unless Z is needed to conform) is as protective as its most protective part, and stands behind
    that part alone, since it may come to less.
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
        """Place in the order of protection: 0 is the most protective."""
        return _PROTECTION[self]

    @property
    def records_values(self) -> bool:
        """Whether values are recorded for a person's eye: C and R; every other code decides without one."""
        return self in (Code.C, Code.R)

    @property
    def covers_items(self) -> bool:
        """Whether the code, on a sequence, decides everything in its items: the decisive ones but K."""
        return not self.records_values and self is not Code.K


_PROTECTION = {code: place for place, code in enumerate(Code)}


class CollapseRule(enum.Enum):
    """How recorded values are drawn together."""

    DATE = "date"
    NUMBER = "number"
    UID = "uid"


@dataclass(frozen=True, slots=True)
class Collapse:
    """How the recorded values of an element are drawn together; what does not fit is shown as it is.

    ``root`` is given with `CollapseRule.UID` and only then: a UID; the UIDs below it are counted, not shown.
    Raises ValueError for anything else.
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
    """Return the code that a cell names. Raises ValueError that lists the codes."""
    try:
        return Code(text)
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

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
    """The kinds of recorded values that one row draws together, and all or none of them.

    Source: design, section 4.
    """

    DATE = "date"
    """Dates, times and ages."""
    NUMBER = "number"
    UID = "uid"
    BYTES = "bytes"
    """Digests and lengths of bytes."""
    RUNS = "runs"
    """Runs of characters found in bytes, without a word."""
    SHAPE = "shape"
    """Texts that differ in short numbers only."""
    ALL = "all"
    NONE = "none"


KINDS = (
    *(CollapseRule.DATE, CollapseRule.NUMBER, CollapseRule.UID),
    *(CollapseRule.BYTES, CollapseRule.RUNS, CollapseRule.SHAPE),
)
"""The kinds, in the order of ``ts_collapse_kind`` in ``csrc/collect/collapse_rules.h``."""

_ALWAYS = frozenset({CollapseRule.DATE, CollapseRule.NUMBER, CollapseRule.UID})


@dataclass(frozen=True, slots=True)
class Collapse:
    """How the recorded values of an element are drawn together.

    ``rule`` is a kind, all or none. A single kind adds to what is drawn together by default; values of the kinds date,
    number and UID are then drawn together even if they could identify. A value that does not fit is shown as it is.
    ``root`` is a UID, with `CollapseRule.UID` only: of UIDs, those under it always are. ``only`` are the kinds that
    `CollapseRule.ALL` means, all of them by default.
    Raises ValueError for anything else.

    Source: design, section 4; PS3.5 2026b, 9.1 (UIDs).
    """

    rule: CollapseRule
    root: str = ""
    only: tuple[CollapseRule, ...] = KINDS

    def __post_init__(self) -> None:
        if self.root and self.rule is not CollapseRule.UID:
            raise ValueError(f"{self.rule.value} has no root")
        if self.root and (not _UID.fullmatch(self.root) or len(self.root) > _UID_LENGTH):
            raise ValueError("a root is a UID, without the dot behind it")
        if self.only != KINDS and (self.rule is not CollapseRule.ALL or not set(self.only) <= set(KINDS)):
            raise ValueError("only the kinds of values can be listed")

    def __str__(self) -> str:
        if self.only != KINDS:
            return ", ".join(kind.value for kind in self.only)
        return f"{self.rule.value}:{self.root}" if self.root else self.rule.value

    @property
    def drawn(self) -> tuple[CollapseRule, ...]:
        """The kinds that are drawn together."""
        return () if self.rule is CollapseRule.NONE else self.only

    @property
    def always(self) -> tuple[CollapseRule, ...]:
        """Those of them that are drawn together even if a value could identify, whatever its root."""
        return (self.rule,) if self.rule in _ALWAYS and not self.root else ()


DEFAULT_COLLAPSE = Collapse(CollapseRule.ALL)
"""What holds where no profile says anything."""


def rank_collapse(collapse: Collapse | None) -> int:
    """Return the rank by how much of the values is drawn together: 0 shows the most."""
    if collapse is None or collapse.rule is CollapseRule.ALL:
        return 1
    return 0 if collapse.rule is CollapseRule.NONE else 2


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
    names = {one.value: one for one in CollapseRule}
    if rule not in names or (colon and rule != CollapseRule.UID.value):
        raise ValueError(f"{text!r} is no collapse rule; rules are {', '.join(names)} and uid:ROOT")
    if colon and not root:
        raise ValueError("a root is a UID, without the dot behind it")
    return Collapse(names[rule], root)


def parse_collapse_list(text: str) -> Collapse:
    """Return what the head of a profile says: all, none, or the kinds that are drawn together. Raises ValueError."""
    names = {one.value: one for one in CollapseRule}
    asked = [part.strip() for part in text.split(",")]
    if asked in (["all"], ["none"]):
        return Collapse(names[asked[0]])
    kinds = {names.get(part) for part in asked}
    if not kinds <= set(KINDS):
        known = ", ".join(kind.value for kind in KINDS)
        raise ValueError(f"{text!r} is not what is drawn together; that is all, none, or some of {known}")
    return Collapse(CollapseRule.ALL, only=tuple(kind for kind in KINDS if kind in kinds))

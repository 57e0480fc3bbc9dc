"""What makers claim of their own private blocks: the Private Data Element Characteristics Sequence (0008,0300).

For: flags and suggestions.
Never: a claim that the recorded values do not support. A report has the values of each element of the items, and not
which of them stand in one item; so a claim is made only where every combination of them says the same.
Source: PS3.3 2026b, C.12.1.1.7 (Private Data Element Description) and Table C.12-1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tagsniff.report.rows import RowKind
from tagsniff.scanning.tables import COLLAPSED

if TYPE_CHECKING:
    from tagsniff.report.values import ValueReport

SEQUENCE = "(0008,0300)[<0>]"
_GROUP = f"{SEQUENCE}(0008,0301)"
_CREATOR = f"{SEQUENCE}(0008,0302)"
_STATUS = f"{SEQUENCE}(0008,0303)"
_HARMLESS = f"{SEQUENCE}(0008,0304)"
_IDENTIFYING = f"{SEQUENCE}(0008,0305)[<0>](0008,0306)"
_ACTION = f"{SEQUENCE}(0008,0305)[<0>](0008,0307)"
_PARTS = (_GROUP, _CREATOR, _STATUS, _HARMLESS, _IDENTIFYING, _ACTION)
_ACTIONS = frozenset({"D", "Z", "X", "U"})


class MakerClaims(NamedTuple):
    """The claims on private blocks of a collection.

    ``status`` is SAFE or UNSAFE for all blocks of ``groups`` and ``creators``; MIXED for the one block there is, of
    which ``harmless`` are the elements (last two digits) that do not identify; empty if nothing is certain, for the
    reason in ``lacking``. ``actions`` are the codes for elements that identify, of the one block that there is.
    """

    groups: frozenset[int] = frozenset()
    creators: frozenset[str] = frozenset()
    status: str = ""
    harmless: frozenset[int] = frozenset()
    actions: tuple[tuple[int, str], ...] = ()
    lacking: str = "no file has (0008,0300)"

    def find_status(self, group: int, creator: str, element: int) -> str:
        """Return SAFE or UNSAFE for an element (its last two digits) of a block, empty if nothing is certain."""
        if group not in self.groups or creator not in self.creators:
            return ""
        if self.status == "MIXED":
            return "SAFE" if element in self.harmless else ""
        return self.status

    def find_action(self, group: int, creator: str, element: int) -> str:
        """Return the code that the maker names for an element that identifies, empty if there is none."""
        if group not in self.groups or creator not in self.creators:
            return ""
        return dict(self.actions).get(element, "")


def read_claims(report: ValueReport) -> MakerClaims:  # noqa: PLR0911  one for each reason why there is no claim
    """Return the claims that the values of a report support."""
    uses = [use for use in report.uses if use.element.startswith(SEQUENCE)]
    if not uses:
        return MakerClaims()
    values: dict[str, set[str]] = {part: set() for part in _PARTS}
    for use in uses:
        if use.element not in values:
            continue
        for row in report.table.list_rows(use):
            if row.kind is not RowKind.VALUE or COLLAPSED in row.flags:
                return MakerClaims(lacking=f"the values of {use.element} are not all shown")
            values[use.element].update(row.value.split("\\"))
    groups, creators, statuses = values[_GROUP], values[_CREATOR], values[_STATUS]
    if not (groups and creators and statuses):
        return MakerClaims(lacking="the items of (0008,0300) lack a group, a private creator or a status")
    if len(statuses) > 1:
        return MakerClaims(lacking="(0008,0303) differs, and the values do not tell for which block")
    if len(groups) > 1 and len(creators) > 1:
        return MakerClaims(lacking="(0008,0300) has several groups and private creators, which cannot be told apart")
    try:
        numbers = frozenset(map(int, groups))
        harmless, identifying = (frozenset(map(int, values[part])) for part in (_HARMLESS, _IDENTIFYING))
    except ValueError:
        return MakerClaims(lacking="(0008,0300) has a number that is none")
    (status,) = statuses
    is_one = len(groups) == len(creators) == 1
    if status not in ("SAFE", "UNSAFE") and not (status == "MIXED" and is_one):
        return MakerClaims(lacking=f"the status is {status if status == 'MIXED' else 'no defined term'}")
    action = values[_ACTION] & _ACTIONS
    is_told = is_one and len(values[_ACTION]) == 1 == len(action)
    return MakerClaims(
        groups=numbers,
        creators=frozenset(creators),
        status=status,
        harmless=harmless if is_one else frozenset(),
        actions=tuple((element, next(iter(action))) for element in sorted(identifying)) if is_told else (),
        lacking="",
    )

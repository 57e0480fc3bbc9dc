"""Answers the questions of the core, from a profile or from a bounded memo.

For: `tagsniff.scanning.run`, whose collectors ask.
Never: memory that grows without bound because a hostile collection makes the core ask many different questions.
Terms: PS3.5 7.8 (private data elements), PS3.3 C.7.5.1 (General Equipment Module), PS3.15 annex E, edition 2026b.
"""

from __future__ import annotations

import threading
from typing import NamedTuple, TypeAlias, TypeVar

from tagsniff.dicom.creator_codes import CoreStep, read_step
from tagsniff.dicom.equipment import read_equipment
from tagsniff.profile import VRS, Code, Collapse, CollapseRule, Decision, Flag, Profile, Reason, Row, Scope
from tagsniff.profile.codes import DEFAULT_COLLAPSE, KINDS
from tagsniff.profile.resolve import NamedElement, Patterns, match_equipment
from tagsniff.scanning.tables import DecisionRecord

_BITS = {kind: 1 << number for number, kind in enumerate(KINDS)}

MAX_REMEMBERED = 1 << 16
"""The most entries of each memo: more than an ordinary collection needs."""

RawEquipment: TypeAlias = tuple[bytes | None, bytes | None, bytes | None, bytes | None]
RawSteps: TypeAlias = tuple[CoreStep, ...]
Answer: TypeAlias = tuple[int, bool, bool, int, int, bytes]

_Key = TypeVar("_Key")
_Result = TypeVar("_Result")


class _ByEquipment(NamedTuple):
    """The answers for an element that has rows for certain equipment, by the patterns that match."""

    element: NamedElement
    answers: dict[Patterns, Answer]


class Answers:
    """Translates the questions of the core for the profile, and its decisions for the core. Several threads may ask.

    Each distinct decision is stored once. Most questions differ from an earlier one only by equipment that no row for
    the element distinguishes. They are answered from a memo. Its key has, instead of the equipment, the patterns of the
    rows that match the equipment, and the profile gets no more than these.
    """

    def __init__(self, profile: Profile, *, all_values: bool = False) -> None:
        self._profile = profile
        self._all_values = all_values
        self._numbers: dict[DecisionRecord, int] = {}
        # The key is the rows: they are there before their texts are made. Code and row are the same for all questions
        # with this key.
        self._translated: dict[tuple[Row, tuple[Flag, ...], tuple[Row, ...], Collapse | None, Scope], Answer] = {}
        self._lock = threading.Lock()
        self._around: dict[RawSteps, tuple[NamedElement, ...]] = {}
        self._matching: dict[tuple[Patterns, RawEquipment], Patterns] = {}
        self._answers: dict[tuple[RawSteps, str, int, tuple[int, ...]], Answer | _ByEquipment] = {}

    def decisions(self) -> tuple[DecisionRecord, ...]:
        return tuple(self._numbers)

    def decide(
        self, equipment: RawEquipment, steps: RawSteps, vr: str, block: int, parent_blocks: tuple[int, ...]
    ) -> Answer:
        """Return the answer to a question of the core; see `ValueCollector` in ``_core.pyi``.

        It is (decision number, whether values are recorded, whether values that break their VR are recorded in any
        case, kinds that are drawn together, those of them that always are, UID root).
        """
        question = (steps, vr, block, parent_blocks)
        with self._lock:
            known = self._answers.get(question)
            if known is None:
                element = self._find_rows(steps)
                if not element.patterns:
                    answer = self._ask(element, element.patterns, vr, block, parent_blocks)
                    _remember(self._answers, question, answer)
                    return answer
                known = _ByEquipment(element, {})
                _remember(self._answers, question, known)
            if not isinstance(known, _ByEquipment):
                return known
            matching = self._match(known.element.patterns, equipment)
            found = known.answers.get(matching)
            if found is None:
                found = self._ask(known.element, matching, vr, block, parent_blocks)
                _remember(known.answers, matching, found)
            return found

    def _find_rows(self, steps: RawSteps) -> NamedElement:
        return self._profile.find_rows(self._find_around(steps[:-1]), read_step(*steps[-1]))

    def _find_around(self, parents: RawSteps) -> tuple[NamedElement, ...]:
        """Return the sequences of a path; thousands of elements share a few of them."""
        # Begin with the longest path in the memo, so that a new path costs no more than its last sequence.
        depth = len(parents)
        while depth and parents[:depth] not in self._around:
            depth -= 1
        around = self._around[parents[:depth]] if depth else ()
        for end in range(depth, len(parents)):
            around = (*around, self._profile.find_rows(around, read_step(*parents[end])))
            _remember(self._around, parents[: end + 1], around)
        return around

    def _match(self, patterns: Patterns, equipment: RawEquipment) -> Patterns:
        # Many elements have rows for the same equipment.
        question = (patterns, equipment)
        matching = self._matching.get(question)
        if matching is None:
            matching = _remember(self._matching, question, match_equipment(patterns, read_equipment(equipment)))
        return matching

    def _ask(
        self, element: NamedElement, matching: Patterns, vr: str, block: int, parent_blocks: tuple[int, ...]
    ) -> Answer:
        decision = self._profile.decide_named(
            element,
            matching,
            vr if vr in VRS else None,
            None if block < 0 else block,
            [None if parent < 0 else parent for parent in parent_blocks] if parent_blocks else (),
        )
        return self._translate(decision)

    def _translate(self, decision: Decision) -> Answer:
        code, collapse, flags, row, lost, _, _, scope = decision
        rivals = tuple([loss.row for loss in lost if loss.reason is Reason.PROTECTION]) if lost else ()
        key = (row, flags, rivals, collapse, scope)
        answer = self._translated.get(key)
        if answer is None:
            record = DecisionRecord(
                code=code.value,
                flags=tuple([flag.value for flag in flags]),
                row=locate_row(row),
                rivals=tuple(map(_locate, rivals)),
                scope=scope.value,
            )
            number = self._numbers.setdefault(record, len(self._numbers))
            drawn, always, root = self._translate_collapse(collapse)
            answer = (number, decision.records_values, code is Code.K, drawn, always, root)
            self._translated[key] = answer
        return answer

    def _translate_collapse(self, collapse: Collapse | None) -> tuple[int, int, bytes]:
        """Return the bits of the kinds that are drawn together, of those that always are, and a root of UIDs."""
        if self._all_values:
            return 0, 0, b""
        rule = DEFAULT_COLLAPSE if collapse is None else collapse
        return _sum_bits(rule.drawn), _sum_bits(rule.always), rule.root.encode("ascii")


def _sum_bits(kinds: tuple[CollapseRule, ...]) -> int:
    return sum(_BITS[kind] for kind in kinds)


def locate_row(row: Row) -> str:
    """Return the row with its file and line; ``none`` and then the default, if no row names the element."""
    place = _locate(row)
    return f"none ({place})" if row.is_default else place


def _locate(row: Row) -> str:
    return f"{row.file}:{row.line}  {row}" if row.line else f"{row.file}  {row}"


def _remember(memo: dict[_Key, _Result], key: _Key, result: _Result) -> _Result:
    """Store a result under its key, and return it. A full memo is cleared before."""
    if len(memo) >= MAX_REMEMBERED:
        memo.clear()
    memo[key] = result
    return result

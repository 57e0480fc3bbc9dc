"""The values of a collection: every file given to the core, with a profile that says what is recorded.

For: the stage between the walk and the value report; `tagsniff.scan`.
Never: keep a value of an element with a decisive code, read a file itself where the core can, or put a value of an
element into a message.
Terms: PS3.5 7.8 (private data elements), PS3.3 C.7.5.1 (General Equipment Module), PS3.15 annex E, edition 2026b.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

from tagsniff import _core
from tagsniff.dicom.creator_codes import CoreStep, read_step
from tagsniff.dicom.equipment import read_equipment
from tagsniff.profile import VRS, Code, Collapse, CollapseRule, Decision, Flag, Profile, ProfileFile, Reason, Row
from tagsniff.profile.recall import remember
from tagsniff.profile.resolve import NamedElement, Patterns, match_equipment
from tagsniff.scanning.batches import Collected, collect_files
from tagsniff.scanning.order import order_scan
from tagsniff.scanning.tables import MAX_VALUES, DecisionRecord, ProfileRecord, ScanTables, fill_tables
from tagsniff.source.walk import walk_batches
from tagsniff.status import Omission, Status

_COLLAPSE_NUMBERS = {CollapseRule.DATE: 1, CollapseRule.NUMBER: 2, CollapseRule.UID: 3}

MAX_REMEMBERED = 1 << 16
"""Questions of the core whose answers are at hand: more than a collection asks that nobody made to ask more."""

RawEquipment: TypeAlias = tuple[bytes | None, bytes | None, bytes | None, bytes | None]
RawSteps: TypeAlias = tuple[CoreStep, ...]
Answer: TypeAlias = tuple[int, bool, bool, int, bytes]


def scan_values(
    paths: Iterable[str | os.PathLike[str]],
    *,
    profile: Profile,
    max_values: int = MAX_VALUES,
    keep_partial: bool = False,
    mergeable: bool = True,
    workers: int | None = None,
    on_file: Callable[[str], object] | None = None,
) -> ScanTables:
    """Read every file of the paths, folders with everything below them, and return the tables.

    ``max_values`` bounds the distinct values of each equipment, element and VR; beyond it those with the smallest
    hashes are kept, and their number is estimated. A file that cannot be read to its end is an omission and adds
    nothing, unless ``keep_partial``: then it is an omission and adds what came before the fault. Tables that are not
    to be ``mergeable`` lack what merging and saving take, which may be half of them. ``workers`` and
    ``on_file`` are those of `collect_files`; KeyboardInterrupt ends the scan, and the tables say so.

    Raises TypeError or ValueError, before any file is opened, for a wrong call.
    """
    if not isinstance(profile, Profile):
        raise TypeError(f"profile is a Profile, as load_profile returns, not {type(profile).__name__}")
    given = keep_paths(paths)
    found = walk_batches(given)
    answers = Answers(profile)
    # Raises ValueError for a bound that is none.
    _core.ValueCollector(answers.decide, max_values=max_values)
    collected = collect_files(
        found,
        lambda: _core.ValueCollector(answers.decide, max_values=max_values),
        workers=workers,
        keep_partial=keep_partial,
        on_file=on_file,
    )
    tables = fill_tables(
        collected.collector.take_tables(with_series_runs=mergeable),
        profiles=tuple(map(_record_profile, (profile.confidentiality, *profile.modality_software))),
        decisions=answers.decisions(),
        max_values=max_values,
        uid_root=profile.uid_root or "",
        omissions=list_omissions(collected, given),
        partial_files=collected.partial_files,
    )
    # What it took to read and to count makes room for the tables in their order.
    del collected
    _core.give_back_memory()
    return order_scan(tables)


def scan_inventory(
    paths: Iterable[str | os.PathLike[str]],
    *,
    keep_partial: bool = False,
    mergeable: bool = True,
    workers: int | None = None,
    on_file: Callable[[str], object] | None = None,
) -> ScanTables:
    """Read every file of the paths and return the tables of its elements, without values; no profile is asked.

    See `scan_values`.
    """
    given = keep_paths(paths)
    collected = collect_files(
        walk_batches(given), _core.Collector, workers=workers, keep_partial=keep_partial, on_file=on_file
    )
    tables = fill_tables(
        collected.collector.tables(with_series_runs=mergeable),
        max_values=MAX_VALUES,
        omissions=list_omissions(collected, given),
        partial_files=collected.partial_files,
    )
    # The tables are copies: what was counted makes room for them in their order.
    del collected
    _core.give_back_memory()
    return order_scan(tables)


def keep_paths(paths: Iterable[str | os.PathLike[str]]) -> Iterable[str | os.PathLike[str]]:
    """Return what can be iterated twice; one path, which is a mistake that the walk tells, as it is."""
    return paths if isinstance(paths, str | bytes | os.PathLike) else list(paths)


def list_omissions(collected: Collected[Any], given: Iterable[str | os.PathLike[str]]) -> tuple[Omission, ...]:
    """Return what was left out; of a run that was ended, the given paths too, below which not all was read."""
    unread = given if collected.is_interrupted else ()
    return (*collected.omissions, *(Omission(os.fsdecode(path), Status.INTERRUPTED) for path in unread))


class _ByEquipment(NamedTuple):
    """The answers to a question for whose element there are rows for some equipment, by the patterns that match."""

    element: NamedElement
    answers: dict[Patterns, Answer]


class Answers:
    """What the core asks the profile, translated, with every decision kept once; several threads may ask.

    Most questions differ from an earlier one in nothing but equipment that no row for the element tells apart. They
    are answered from memory: in place of the equipment stand those patterns of the rows that it matches, which is all
    of it that the profile is told.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._numbers: dict[DecisionRecord, int] = {}
        # By the rows, which are at hand before their words are; what a row says of the code, it says whoever asks.
        self._translated: dict[tuple[Row, tuple[Flag, ...], tuple[Row, ...], Collapse | None], Answer] = {}
        self._lock = threading.Lock()
        self._around: dict[RawSteps, tuple[NamedElement, ...]] = {}
        self._matching: dict[tuple[Patterns, RawEquipment], Patterns] = {}
        self._answers: dict[tuple[RawSteps, str, int, tuple[int, ...]], Answer | _ByEquipment] = {}

    def decisions(self) -> tuple[DecisionRecord, ...]:
        return tuple(self._numbers)

    def decide(
        self, equipment: RawEquipment, steps: RawSteps, vr: str, block: int, parent_blocks: tuple[int, ...]
    ) -> Answer:
        """Return (decision number, are values recorded, are broken ones in any case, collapse rule, UID root)."""
        question = (steps, vr, block, parent_blocks)
        with self._lock:
            known = self._answers.get(question)
            if known is None:
                element = self._find_rows(steps)
                if not element.patterns:
                    answer = self._ask(element, element.patterns, vr, block, parent_blocks)
                    remember(self._answers, question, answer, limit=MAX_REMEMBERED)
                    return answer
                known = _ByEquipment(element, {})
                remember(self._answers, question, known, limit=MAX_REMEMBERED)
            if not isinstance(known, _ByEquipment):
                return known
            matching = self._match(known.element.patterns, equipment)
            found = known.answers.get(matching)
            if found is None:
                found = self._ask(known.element, matching, vr, block, parent_blocks)
                remember(known.answers, matching, found, limit=MAX_REMEMBERED)
            return found

    def _find_rows(self, steps: RawSteps) -> NamedElement:
        parents = steps[:-1]
        around = self._around.get(parents)
        if around is None:
            around = self._profile.find_around(tuple([read_step(*step) for step in parents]))
            remember(self._around, parents, around, limit=MAX_REMEMBERED)
        return self._profile.find_rows(around, read_step(*steps[-1]))

    def _match(self, patterns: Patterns, equipment: RawEquipment) -> Patterns:
        question = (patterns, equipment)
        matching = self._matching.get(question)
        if matching is None:
            matching = match_equipment(patterns, read_equipment(equipment))
            remember(self._matching, question, matching, limit=MAX_REMEMBERED)
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
        code, collapse, flags, row, lost, _ = decision
        rivals = tuple([loss.row for loss in lost if loss.reason is Reason.PROTECTION]) if lost else ()
        told = (row, flags, rivals, collapse)
        answer = self._translated.get(told)
        if answer is None:
            record = DecisionRecord(
                code=code.value,
                flags=tuple([flag.value for flag in flags]),
                row=_point_at(row),
                rivals=tuple(map(_point_at, rivals)),
            )
            number = self._numbers.setdefault(record, len(self._numbers))
            rule = 0 if collapse is None else _COLLAPSE_NUMBERS[collapse.rule]
            root = b"" if collapse is None else collapse.root.encode("ascii")
            answer = self._translated[told] = (number, code.records_values, code is Code.K, rule, root)
        return answer


def _point_at(row: Row) -> str:
    return f"{row.file}:{row.line}  {row}" if row.line else f"{row.file}  {row}"


def _record_profile(profile: ProfileFile) -> ProfileRecord:
    return ProfileRecord(profile.kind.value, profile.name, profile.edition, profile.selected, profile.digest)

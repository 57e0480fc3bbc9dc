"""The values of a collection: every file given to the core, with a profile that says what is recorded.

For: the stage between the walk and the value report; `tagsniff.scan`.
Never: keep a value of an element with a decisive code, read a file itself where the core can, or put a value of an
element into a message.
Terms: PS3.5 7.8 (private data elements), PS3.3 C.7.5.1 (General Equipment Module), PS3.15 annex E, edition 2026b.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from tagsniff import _core
from tagsniff.feeding import list_keywords, read_file
from tagsniff.notation import Identity, Lack, Step, read_creator
from tagsniff.profile import VRS, Code, CollapseRule, Decision, Equipment, Profile, ProfileFile, Reason
from tagsniff.scan_order import order_scan
from tagsniff.scan_tables import DecisionRecord, ProfileRecord, Scan
from tagsniff.status import Kind, Omission, Status
from tagsniff.walk import walk_paths

MAX_VALUES = 65536

# In the core's column `creator`: the tag is not that of a private element.
_RAW_TAG = -1
_LACKS = {-2: Lack.NONE, -3: Lack.EMPTY, -4: Lack.UNUSABLE}

_COLLAPSE_NUMBERS = {CollapseRule.DATE: 1, CollapseRule.NUMBER: 2, CollapseRule.UID: 3}

_WITHOUT_ELEMENTS = frozenset({Status.CANNOT_OPEN, Status.OUT_OF_MEMORY})


def scan(
    paths: Iterable[str | os.PathLike[str]],
    *,
    profile: Profile,
    max_values: int = MAX_VALUES,
    keep_partial: bool = False,
    on_file: Callable[[str], object] | None = None,
) -> Scan:
    """Read every file of the paths, folders with everything below them, and return the tables.

    ``max_values`` bounds the distinct values of each equipment, element and VR; beyond it those with the smallest
    hashes are kept, and their number is estimated. A file that cannot be read to its end is an omission and adds
    nothing, unless ``keep_partial``: then it is an omission and adds what came before the fault. ``on_file`` is called
    with the path of each file that was read or tried.

    Raises TypeError or ValueError, before any file is opened, for a wrong call.
    """
    if not isinstance(profile, Profile):
        raise TypeError(f"profile is a Profile, as load_profile returns, not {type(profile).__name__}")
    found_paths = walk_paths(paths)
    answers = _Answers(profile)
    # Raises ValueError for a bound that is none.
    collector = _core.ValueCollector(answers.decide, max_values=max_values)
    omissions: list[Omission] = []
    partial_files = 0
    for found in found_paths:
        if isinstance(found, Omission):
            omissions.append(found)
            continue
        omission = read_file(collector, found)
        if omission is None:
            collector.add_parsed(os.fsencode(found))
        else:
            omissions.append(omission)
            if keep_partial and omission.status.kind is Kind.FAULT and omission.status not in _WITHOUT_ELEMENTS:
                collector.add_parsed(os.fsencode(found), is_partial=True)
                partial_files += 1
        if on_file is not None:
            on_file(found)
    identities = collector.identities()
    met = Scan(
        files=collector.files,
        series=collector.series,
        partial_files=partial_files,
        max_values=max_values,
        uid_root=profile.uid_root or "",
        profiles=tuple(map(_record_profile, (profile.confidentiality, *profile.modality_software))),
        decisions=answers.decisions(),
        identities=identities,
        equipment=collector.equipment(),
        groups=collector.groups(),
        rows=collector.rows(),
        creators=tuple(collector.creators()),
        texts=tuple(collector.texts()),
        values=tuple(collector.values()),
        charsets=tuple(collector.charsets()),
        paths=tuple(collector.paths()),
        vr_names=_core.VR_NAMES,
        keywords=list_keywords(identities),
        deviations=tuple((Status.from_number(number), files) for number, files in collector.deviations()),
        omissions=tuple(omissions),
    )
    return order_scan(met)


def read_equipment_text(raw: bytes) -> str:
    r"""Return the text of one part of the equipment: UTF-8, else ASCII with ``\xNN``; (0008,0005) does not apply.

    Two different values never have the same text, unless one of them holds such an escape itself.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("ascii", "backslashreplace")


class _Answers:
    """What the core asks the profile, translated, with every decision kept once."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._numbers: dict[DecisionRecord, int] = {}

    def decisions(self) -> tuple[DecisionRecord, ...]:
        return tuple(self._numbers)

    def decide(
        self,
        equipment: tuple[bytes | None, bytes | None, bytes | None, bytes | None],
        steps: tuple[tuple[int, bytes | int, int], ...],
        vr: str,
        block: int,
        parent_blocks: tuple[int, ...],
    ) -> tuple[int, bool, bool, int, bytes]:
        """Return (decision number, are values recorded, are broken ones in any case, collapse rule, UID root)."""
        identity: Identity = tuple(_read_step(*step) for step in steps)
        decision = self._profile.decide(
            Equipment(*(None if part is None else read_equipment_text(part) for part in equipment)),
            identity,
            vr if vr in VRS else None,
            None if block < 0 else block,
            [None if parent < 0 else parent for parent in parent_blocks],
        )
        number = self._numbers.setdefault(_record_decision(decision), len(self._numbers))
        shows_broken = decision.code is Code.K
        collapse = decision.collapse
        if collapse is None:
            return number, decision.records_values, shows_broken, 0, b""
        rule = _COLLAPSE_NUMBERS[collapse.rule]
        return number, decision.records_values, shows_broken, rule, collapse.root.encode("ascii")


def _read_step(tag: int, creator: bytes | int, block: int) -> Step:
    if creator == _RAW_TAG:
        return Step(tag)
    if isinstance(creator, bytes):
        return Step(tag & 0xFFFF00FF, read_creator(creator))
    return Step(tag & 0xFFFF00FF, _LACKS[creator], block)


def _record_decision(decision: Decision) -> DecisionRecord:
    rivals = (loss.row for loss in decision.lost if loss.reason is Reason.PROTECTION)
    return DecisionRecord(
        code=decision.code.value,
        flags=tuple(flag.value for flag in decision.flags),
        row=_point_at(decision.row.file, decision.row.line, str(decision.row)),
        rivals=tuple(_point_at(row.file, row.line, str(row)) for row in rivals),
    )


def _point_at(file: str, line: int, row: str) -> str:
    return f"{file}:{line}  {row}" if line else f"{file}  {row}"


def _record_profile(profile: ProfileFile) -> ProfileRecord:
    return ProfileRecord(profile.kind.value, profile.name, profile.edition, profile.selected, profile.digest)

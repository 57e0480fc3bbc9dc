"""The values of a collection: every file given to the core, with a profile that says what is recorded.

For: the stage between the walk and the value report; `tagsniff.scan`.
Never: keep a value of an element with a decisive code, read a file itself where the core can, or put a value of an
element into a message.
Terms: PS3.5 7.8 (private data elements), PS3.3 C.7.5.1 (General Equipment Module), PS3.15 annex E, edition 2026b.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from tagsniff import _core
from tagsniff.profile import Profile, ProfileFile
from tagsniff.scanning.batches import Collected, collect_files
from tagsniff.scanning.profile_answers import Answers
from tagsniff.scanning.tables import MAX_VALUES, ProfileRecord, ScanTables, fill_tables
from tagsniff.source.walk import walk_batches
from tagsniff.status import Omission, Status, order_omission


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
    return _order(tables)


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
    return _order(tables)


def keep_paths(paths: Iterable[str | os.PathLike[str]]) -> Iterable[str | os.PathLike[str]]:
    """Return what can be iterated twice; one path, which is a mistake that the walk tells, as it is."""
    return paths if isinstance(paths, str | bytes | os.PathLike) else list(paths)


def list_omissions(collected: Collected[Any], given: Iterable[str | os.PathLike[str]]) -> tuple[Omission, ...]:
    """Return what was left out, in order; of a run that was ended, also the given paths, for not all was read there."""
    unread = given if collected.is_interrupted else ()
    interrupted = (Omission(os.fsdecode(path), Status.INTERRUPTED) for path in unread)
    return tuple(sorted((*collected.omissions, *interrupted), key=order_omission))


def _order(tables: ScanTables) -> ScanTables:
    """Return the tables in order. Without files they are: what was left out is all that they hold."""
    _core.give_back_memory()
    if not tables.files:
        return tables
    from tagsniff.scanning.order import order_scan

    return order_scan(tables)


def _record_profile(profile: ProfileFile) -> ProfileRecord:
    return ProfileRecord(profile.kind.value, profile.name, profile.edition, profile.selected, profile.digest)

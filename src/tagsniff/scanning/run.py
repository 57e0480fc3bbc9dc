"""Runs a scan: the core reads every file, and a profile decides which values are recorded.

For: the stage between the walk and the value report; `tagsniff.scan`.
Never: keep a value of an element with a decisive code, read a file that the core can read, or put a value of an element
into a message.
Terms: PS3.5 7.8 (private data elements), PS3.3 C.7.5.1 (General Equipment Module), PS3.15 annex E, edition 2026b.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tagsniff import _core
from tagsniff.scanning.batches import Collected, collect_files
from tagsniff.scanning.modes import INVENTORY
from tagsniff.scanning.patient_keys import check_key, identify_key, process_key
from tagsniff.scanning.run_record import begin_run
from tagsniff.scanning.tables import MAX_VALUES, ProfileRecord, RowRecord, ScanTables, fill_tables
from tagsniff.source.walk import walk_batches
from tagsniff.status import Deviation, Omission, Status, order_omission

if TYPE_CHECKING:
    from tagsniff.profile import Profile, ProfileFile
    from tagsniff.source.name_globs import NameGlobs


def scan_values(
    paths: Iterable[str | os.PathLike[str]],
    *,
    profile: Profile,
    mode: str = "",
    max_values: int = MAX_VALUES,
    all_values: bool = False,
    keep_partial: bool = False,
    mergeable: bool = True,
    key: bytes | None = None,
    workers: int | None = None,
    names: NameGlobs | None = None,
    on_file: Callable[[str], object] | None = None,
    on_walk_end: Callable[[int], object] | None = None,
    on_deviation: Callable[[str, Deviation], object] | None = None,
) -> ScanTables:
    """Read every file of the paths, with all subfolders, and return the tables.

    ``mode`` is the name that the scan records. With ``all_values`` no values are drawn together, whatever the profile
    says. ``max_values`` bounds the number of distinct values of each element use (equipment, element and VR), without
    those that are drawn together. If there are more, those with the smallest hashes are kept, and the number of all is
    estimated. A file that cannot be read to its end is an omission and adds nothing; with ``keep_partial`` it is an
    omission too, and adds what came before the fault. With ``mergeable=False`` the tables lack what is needed to merge
    and save them, which may be half of their size. ``key`` is that of the digests of patients, by default the key of
    this process. ``names`` chooses the files that are read. ``workers``, ``on_file``, ``on_walk_end`` and
    ``on_deviation`` are those of `collect_files`. KeyboardInterrupt ends the scan; the tables record it.

    Raises TypeError or ValueError, before any file is opened, for a wrong call.
    """
    from tagsniff.profile import Profile
    from tagsniff.scanning.profile_answers import Answers

    if not isinstance(profile, Profile):
        raise TypeError(f"profile is a Profile, as load_profile returns, not {type(profile).__name__}")
    key = process_key() if key is None else check_key(key)
    run = begin_run(mode, names)
    given = keep_paths(paths)
    found = walk_batches(given, names)
    answers = Answers(profile, all_values=all_values)
    # Raises ValueError for an invalid bound.
    _core.ValueCollector(answers.decide, max_values=max_values)
    collected = collect_files(
        found,
        lambda: _core.ValueCollector(answers.decide, max_values=max_values, patient_key=key),
        workers=workers,
        keep_partial=keep_partial,
        on_file=on_file,
        on_walk_end=on_walk_end,
        on_deviation=on_deviation,
    )
    raw = collected.collector.take_tables(with_series_runs=mergeable)
    tables = fill_tables(
        raw,
        profiles=record_profiles(profile),
        decisions=answers.decisions(),
        max_values=max_values,
        uid_root=profile.uid_root or "",
        all_values=all_values,
        key_id=identify_key(key) if raw.get("patient_digests") else b"",
        omissions=list_omissions(collected, given),
        partial_files=collected.partial_files,
        run=run,
    )
    # Free the memory that reading and counting needed, before the tables are sorted.
    del collected, raw
    return name_elements(_order(tables), profile)


def scan_inventory(
    paths: Iterable[str | os.PathLike[str]],
    *,
    keep_partial: bool = False,
    mergeable: bool = True,
    key: bytes | None = None,
    workers: int | None = None,
    names: NameGlobs | None = None,
    on_file: Callable[[str], object] | None = None,
    on_walk_end: Callable[[int], object] | None = None,
    on_deviation: Callable[[str, Deviation], object] | None = None,
) -> ScanTables:
    """Read every file of the paths and return the tables of the elements, without values and without a profile.

    See `scan_values`.
    """
    key = process_key() if key is None else check_key(key)
    run = begin_run(INVENTORY, names)
    given = keep_paths(paths)
    collected = collect_files(
        walk_batches(given, names),
        lambda: _core.Collector(patient_key=key),
        workers=workers,
        keep_partial=keep_partial,
        on_file=on_file,
        on_walk_end=on_walk_end,
        on_deviation=on_deviation,
    )
    raw = collected.collector.tables(with_series_runs=mergeable)
    tables = fill_tables(
        raw,
        max_values=MAX_VALUES,
        key_id=identify_key(key) if raw.get("patient_digests") else b"",
        omissions=list_omissions(collected, given),
        partial_files=collected.partial_files,
        run=run,
    )
    # The tables are copies. Free the collectors before the tables are sorted.
    del collected, raw
    return _order(tables)


def name_elements(tables: ScanTables, profile: Profile | None = None) -> ScanTables:
    """Return the tables with the names that the profiles have for private elements, the shipped profiles too."""
    if not tables.has_elements:
        return tables
    from dataclasses import replace

    from tagsniff.profile.names import find_names

    names = find_names(
        {placed.identity[-1] for placed in tables.placed_identities}, () if profile is None else profile.files
    )
    return replace(tables, names=tuple(sorted(names.items())))


def check_names(names: Sequence[str]) -> NameGlobs | None:
    """Return patterns for the names of files; None if there are none, and every file is read.

    Raises TypeError or ValueError as `NameGlobs` does.
    """
    if not isinstance(names, str) and not names:
        return None
    from tagsniff.source.name_globs import NameGlobs

    return names if isinstance(names, NameGlobs) else NameGlobs(names)


def keep_paths(paths: Iterable[str | os.PathLike[str]]) -> Iterable[str | os.PathLike[str]]:
    """Return paths that can be iterated twice; a single path, which the walk refuses, is returned unchanged."""
    return paths if isinstance(paths, str | bytes | os.PathLike) else list(paths)


def list_omissions(collected: Collected[Any], given: Iterable[str | os.PathLike[str]]) -> tuple[Omission, ...]:
    """Return what was left out, sorted; after an interruption also the given paths, below which not all was read."""
    unread = given if collected.is_interrupted else ()
    interrupted = (Omission(os.fsdecode(path), Status.INTERRUPTED) for path in unread)
    return tuple(sorted((*collected.omissions, *interrupted), key=order_omission))


def _order(tables: ScanTables) -> ScanTables:
    """Return the sorted tables. Tables without files are sorted already: they contain only what was left out."""
    _core.release_memory()
    if not tables.files:
        return tables
    from tagsniff.scanning.order import order_scan

    return order_scan(tables)


def record_profiles(profile: Profile) -> tuple[ProfileRecord, ...]:
    """Return the records of the files of a profile, those of the topmost layer first."""
    return tuple(_record_profile(each, number) for number, layer in enumerate(profile.layers, 1) for each in layer)


def _record_profile(profile: ProfileFile, layer: int) -> ProfileRecord:
    record = ProfileRecord(profile.kind.value, profile.name, profile.edition, profile.selected, profile.digest, layer)
    if profile.is_shipped:
        return record
    from dataclasses import replace

    from tagsniff.dicom.notation import format_pattern

    rows = tuple(
        RowRecord(row.line, str(row), format_pattern(row.element), row.vrs, (*row.equipment,)) for row in profile.rows
    )
    return replace(record, file=os.path.basename(profile.file), rows=rows)

"""Scans of collections: functions that make, load and merge them, and their arrays, rows and reports.

For: callers of `tagsniff.scan`, and the commands, which use the same functions.
Never: decide anything about elements, or show a value of an element that the caller did not request.

Modules that a command for a plain scan and report does not need are imported inside the functions that need them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from tagsniff.scanning.modes import INVENTORY, MODES, load_mode
from tagsniff.scanning.run import check_names, scan_inventory, scan_values
from tagsniff.scanning.tables import MAX_VALUES, ScanTables
from tagsniff.scanning.workers import check_workers

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from tagsniff.profile import Profile, ProfileSource
    from tagsniff.report.collisions import CollisionRow
    from tagsniff.report.element_uses import ElementUse
    from tagsniff.report.inventory import InventoryReport, InventoryRow
    from tagsniff.report.rows import ValueRow
    from tagsniff.report.values import ValueReport
    from tagsniff.status import Deviation


class Scan:
    """The elements and values of a collection, recorded as a profile decides; or its Element Inventory, without one.

    ``tables`` are those of the core. Everything else is made from them once, on first use, and does not depend on the
    order in which the files were read. Two scans are equal if they are, or would be, saved as the same bytes but for
    the record of the run (version, mode, date).

    Raises TypeError if ``tables`` are not `ScanTables`.

    Source: design, sections 1, 3 and 4.
    """

    def __init__(self, tables: ScanTables) -> None:
        if not isinstance(tables, ScanTables):
            raise TypeError(f"tables are ScanTables, not {type(tables).__name__}")
        self._tables = tables

    @property
    def tables(self) -> ScanTables:
        """The tables of the core; columns of one are indexes of another."""
        return self._tables

    @cached_property
    def elements(self) -> npt.NDArray[np.void]:
        """A row for each equipment, element and VR: structured array of shape (n,), read-only.

        An Element Inventory has a row for each element, sorted as in its reports: ``element`` and ``keyword`` (str),
        ``vrs`` (a tuple of str), ``files``, ``series``, ``occurrences`` and ``blocks``. The columns of other scans:

        ``equipment`` and its parts ``modality``, ``manufacturer``, ``model`` and ``software`` (None if the files do not
        have the element), ``element`` (in the notation of the reports), ``vr``, ``keyword``, ``name`` (the keyword, or
        the name of a private element in a profile) and ``code`` are str (dtype object), ``files``, ``series`` and
        ``occurrences`` are u8, ``blocks`` is a tuple of the private blocks, ``distinct`` (u8) is the number of recorded
        values, an estimate if ``is_bounded`` (bool). ``code`` has several codes if it depends on the block.

        Source: design, sections 3 and 4; PS3.6 2026b (keywords).
        """
        from tagsniff.report.arrays import make_elements, make_inventory

        if self._is_inventory:
            return make_inventory(self._inventory.rows)
        return make_elements(self._uses)

    @cached_property
    def values(self) -> npt.NDArray[np.void]:
        """The rows of the value report: structured array of shape (n,), read-only.

        The columns are those of `ValueRow`, with the parts of the equipment: str (dtype object), counts u8, ``blocks``
        and ``flags`` tuples. ``kind`` is "value", "code" or "more". ``value`` is None if a code decides without one.

        Raises ValueError for an Element Inventory, which records neither values nor equipment.

        Source: design, section 4.
        """
        from tagsniff.report.arrays import make_values

        self._refuse_inventory("values")
        return make_values(self._report.rows)

    @cached_property
    def equipment(self) -> npt.NDArray[np.void]:
        """A row for each equipment: structured array of shape (n,), read-only.

        ``equipment`` is the text that the other arrays have; ``modality``, ``manufacturer``, ``model`` and ``software``
        are str (dtype object), None if the files do not have the element. ``elements`` (u8) is the number of its rows
        in `elements`. Raises ValueError for an Element Inventory.

        Source: PS3.3 2026b, C.7.3.1 and C.7.5.1; design, section 4.
        """
        from tagsniff.dicom.equipment import place_equipment
        from tagsniff.report.arrays import make_equipment

        self._refuse_inventory("equipment")
        return make_equipment(place_equipment(self.tables.equipment, self.tables.texts), self._uses)

    @cached_property
    def faults(self) -> npt.NDArray[np.void]:
        """A row for each path that was left out or read in part: structured array of shape (n,), read-only.

        ``path``, ``status`` (its name), ``kind`` ("fault" or "exclusion") and ``detail`` are str (dtype object),
        ``offset_bytes`` is i8, -1 if the reason has no position in a file, and ``tag`` is ``(gggg,eeee)``, None if it
        has none. The rows are sorted by the bytes of the paths.

        Source: design, sections 4 and 7.
        """
        from tagsniff.report.arrays import make_faults

        return make_faults(self.tables.left_out.paths)

    def to_arrow(self, name: str | None = None) -> pa.Table:
        r"""Return one of the arrays as a pyarrow.Table: "values", "elements", "equipment" or "faults".

        The default is "values", and "elements" for an Element Inventory.
        The columns have the names and cells of the array. Counts are uint64; columns of text that repeats are
        dictionary-encoded; ``blocks`` (hexadecimal, as in the reports) and ``flags`` are lists of text. None in the
        array is null, and so is an offset of -1. Bytes of a path that are not UTF-8 become ``\xNN``.

        Raises ImportError without pyarrow (``pip install 'tagsniff[arrow]'``), ValueError for another name and for an
        array that an inventory does not have.

        Source: docs/arrow.md.
        """
        from tagsniff.report.arrow import check_name, make_table

        if name is None:
            name = "elements" if self._is_inventory else "values"
        return make_table(name, getattr(self, check_name(name)))

    def to_pandas(self, name: str | None = None) -> pd.DataFrame:
        """Return one of the arrays as a pandas.DataFrame: the conversion by pyarrow of the table of `to_arrow`.

        Raises ImportError without pyarrow or pandas (``pip install 'tagsniff[pandas]'``), ValueError for another name.

        Source: docs/arrow.md.
        """
        from tagsniff.report.arrow import make_frame

        return make_frame(self.to_arrow(name))

    def rows(self) -> Iterator[ValueRow] | Iterator[InventoryRow]:
        """Yield the rows of the report: of the value report, or of the Element Inventory (`InventoryRow`)."""
        return iter(self._inventory.rows) if self._is_inventory else iter(self._report.rows)

    def report(self) -> ValueReport | InventoryReport:
        """Return the record that the writers write: the value report, or the Element Inventory."""
        return self._inventory if self._is_inventory else self._report

    def collisions(self) -> tuple[CollisionRow, ...]:
        """Return what is ambiguous in the collection: private tags, blocks, letter case of creators, codes.

        Raises ValueError for an Element Inventory, which does not know the equipment.

        Source: PS3.5 2026b, 7.8.1.
        """
        self._refuse_inventory("collisions")
        return self._collisions

    def is_complete(self) -> bool:
        """Return whether nothing is missing: no fault, no file read in part, no bound reached; and a file was read.

        Source: design, sections 4 and 7.
        """
        return self.tables.left_out.is_complete()

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write the scan to a file of mode 0600, completely or not at all, for `load` and ``tagsniff report``.

        Raises ValueError for a scan that is not mergeable, FileExistsError if the file exists and ``overwrite`` is
        False, or another OSError.
        """
        from tagsniff.output.atomic_file import check_target, write_whole_bytes
        from tagsniff.scanning.saved import check_saving, write_scan

        check_saving(self.tables)

        target = os.fspath(path)
        check_target(target, overwrite=overwrite)
        write_whole_bytes(target, lambda stream: write_scan(self.tables, stream), overwrite=overwrite)

    def __repr__(self) -> str:
        tables = self.tables
        counts = {
            "files": tables.files,
            "series": tables.series,
            "patients": tables.patients,
            "equipment": len(tables.equipment),
            "elements": len(tables.identities if self._is_inventory else tables.uses),
            "rows": len(tables.rows),
            "left_out": len(tables.omissions),
        }
        return f"<Scan {' '.join(f'{name}={count}' for name, count in counts.items())}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scan):
            return NotImplemented
        return self.tables is other.tables or _are_equal(self.tables, other.tables)

    # A hash would have to read all tables, and sets of scans are not needed.
    __hash__ = None  # type: ignore[assignment]

    @property
    def _is_inventory(self) -> bool:
        return not self.tables.profiles

    def _refuse_inventory(self, what: str) -> None:
        """Raise ValueError if this is an inventory. A scan without files, as of an empty merge, is none."""
        if self._is_inventory and (self.tables.files or self.tables.omissions):
            raise ValueError(f"an inventory has no {what}: scan with the mode before or final")

    @cached_property
    def _inventory(self) -> InventoryReport:
        from tagsniff.report.inventory import build_report

        return build_report(self.tables)

    @cached_property
    def _uses(self) -> list[ElementUse]:
        from tagsniff.report.element_uses import list_uses

        return list_uses(self.tables)

    @cached_property
    def _report(self) -> ValueReport:
        from tagsniff.report.values import build_value_report

        report = build_value_report(self.tables, self._uses)
        if not report.uses:
            return report
        from tagsniff.curation.marking import mark_findings

        return mark_findings(report)

    @cached_property
    def _collisions(self) -> tuple[CollisionRow, ...]:
        from tagsniff.report.collisions import find_collisions

        return find_collisions(self._uses)


def scan(
    paths: Iterable[str | os.PathLike[str]],
    *,
    mode: str | None = None,
    confidentiality: ProfileSource | Sequence[ProfileSource] | None = None,
    modality_software: Sequence[ProfileSource] | None = None,
    options: Sequence[str] = (),
    decisions: Sequence[ProfileSource] = (),
    without_shipped: bool = False,
    uid_root: str | None = None,
    profile: Profile | None = None,
    max_values: int = MAX_VALUES,
    all_values: bool = False,
    keep_partial: bool = False,
    mergeable: bool = True,
    key: bytes | str | os.PathLike[str] | None = None,
    workers: int | None = None,
    names: Sequence[str] = (),
    on_file: Callable[[str], object] | None = None,
    on_walk_end: Callable[[int], object] | None = None,
    on_deviation: Callable[[str, Deviation], object] | None = None,
    keep_interrupted: bool = False,
) -> Scan:
    """Read every file of the paths, with all subfolders, and return the elements and values, as a profile decides.

    ``mode`` is "inventory", which uses no profile and records neither values nor equipment, or "before" or "final",
    which choose the shipped profiles. ``confidentiality`` (one or a sequence), ``modality_software`` and ``decisions``
    (sequences) are layers above those of the mode, in this order, the later above the earlier; the topmost layer that
    has a row for an element decides it. ``without_shipped`` leaves out those of the mode. Without a mode,
    ``confidentiality`` and ``modality_software`` are both required, and there are no others. They are names of shipped
    profiles, paths, or results of `tagsniff.profile.read_profile`. ``options`` are option columns of the
    Confidentiality Profiles. Recorded UIDs under ``uid_root`` are counted, not listed. ``profile``, a result of
    `load_profile`, replaces all of these arguments but ``mode``, which then is only the name that the scan records.

    ``max_values`` bounds the number of distinct values of each equipment, element and VR. If there are more, those with
    the smallest hashes are kept, and the number of all is estimated. Values that cannot identify are drawn together in
    one row, as docs/collapse.md says; with ``all_values`` each has a row. A file that cannot be read to its end is a
    fault and adds nothing; with ``keep_partial`` it is a fault too, and adds what came before the fault. With
    ``mergeable=False`` the scan takes less time and memory, but cannot be merged or saved; nothing else changes.
    Patients are told apart by keyed digests of the Patient ID with its issuer. ``key`` (32 bytes, or the path of a key
    file, which is made if it does not exist) is needed to merge scans of several programs with their patients; by
    default it is random, the same in this process, and forgotten with it.
    ``workers`` is the number of threads, by default the number of cores. It does not change the result; more threads
    than cores are useful if files are read slowly. ``names`` are shell patterns, such as ``["*.dcm"]``: only files with
    a name that matches one of them, in any letter case, are read; the others are not listed as left out. ``on_file`` is
    called with the path of each file that was read or tried, ``on_walk_end`` once with the number of files that were
    found, as soon as it is known, ``on_deviation`` with the path and each deviation of each counted file. With
    ``keep_interrupted``, KeyboardInterrupt ends the scan, and the files read until
    then are returned; the tables record the interruption.

    Raises, before any file is opened: ProfileError for a wrong profile, TypeError or ValueError for a wrong call or a
    file that is no key, OSError if the key cannot be read or made.

    Source: design, sections 1, 4 and 7; PS3.15 2026d, E.1 and Table E.1-1.
    """
    check_workers(workers)
    chosen = check_names(names)
    if key is not None and not isinstance(key, bytes):
        from tagsniff.output.key_file import read_or_make_key

        key = read_or_make_key(key)
    asked: dict[str, object] = {"confidentiality": confidentiality, "modality_software": modality_software}
    asked["options"] = options or None
    asked |= {"decisions": decisions or None, "without_shipped": without_shipped or None, "uid_root": uid_root}
    if mode == INVENTORY:
        _refuse_all(asked | {"profile": profile, "all_values": all_values or None}, "an inventory asks no profile")
        tables = scan_inventory(
            paths,
            keep_partial=keep_partial,
            mergeable=mergeable,
            key=key,
            workers=workers,
            names=chosen,
            on_file=on_file,
            on_walk_end=on_walk_end,
            on_deviation=on_deviation,
        )
        return _finish(tables, keep_interrupted=keep_interrupted)
    if profile is None:
        profile = load_mode(
            mode,
            confidentiality,
            modality_software,
            options,
            decisions=decisions,
            without_shipped=without_shipped,
            uid_root=uid_root,
        )
    else:
        if mode is not None and mode not in MODES:
            raise ValueError(f"mode is {' or '.join((INVENTORY, *MODES))}, not {mode!r}")
        _refuse_all(asked, "a profile is given")
    tables = scan_values(
        paths,
        profile=profile,
        mode=mode or "",
        max_values=max_values,
        all_values=all_values,
        keep_partial=keep_partial,
        mergeable=mergeable,
        key=key,
        workers=workers,
        names=chosen,
        on_file=on_file,
        on_walk_end=on_walk_end,
        on_deviation=on_deviation,
    )
    return _finish(tables, keep_interrupted=keep_interrupted)


def load(path: str | os.PathLike[str]) -> Scan:
    """Return the scan that `Scan.save` or ``--save`` wrote.

    Raises SavedScanError if the file is not a valid saved scan, OSError if it cannot be read.

    Source: the layout of the file is described in `tagsniff.scanning.saved`.
    """
    from tagsniff.scanning.saved import read_scan

    return Scan(read_scan(path))


def merge(scans: Iterable[Scan]) -> Scan:
    """Return one scan of all files of several scans: the same bytes as if one scan had read them, however split.

    Files that are in two of the scans count twice. The patients of scans with different keys are not known (-1). The
    merge of no scans has no files, and can be merged with any. Raises TypeError for anything but a `Scan`; ValueError
    for scans of different profiles, UID roots or ``max_values``, and for a scan that is not mergeable.

    Source: design, section 5.
    """
    from tagsniff.scanning.merge import merge_tables

    given = list(scans)
    for one in given:
        if not isinstance(one, Scan):
            raise TypeError(f"scans are merged, not {type(one).__name__}")
    return Scan(merge_tables(one.tables for one in given))


def _finish(tables: ScanTables, *, keep_interrupted: bool) -> Scan:
    if tables.is_interrupted and not keep_interrupted:
        raise KeyboardInterrupt
    return Scan(tables)


def _refuse_all(asked: Mapping[str, object], reason: str) -> None:
    given = [name for name, value in asked.items() if value is not None]
    if given:
        raise ValueError(f"{reason}; {', '.join(given)} cannot be given with it")


def _are_equal(one: ScanTables, other: ScanTables) -> bool:
    """Return whether two scans have the same content; that of different keys is compared without their digests."""
    if not (one.key_id and other.key_id) or one.key_id == other.key_id:
        return _pack(one) == _pack(other)
    from tagsniff.scanning.merge import merge_tables

    plain, other_plain = (merge_tables([tables], with_patients=False) for tables in (one, other))
    return _pack(plain) == _pack(other_plain) and _list_patients(one) == _list_patients(other)


def _list_patients(tables: ScanTables) -> list[object]:
    """Return all that a scan says of patients, except what depends on its key."""
    counts = [getattr(tables, name)["patients"].tolist() for name in ("identities", "uses", "rows")]
    return [tables.patients, *counts, tables.uses["patient_relation"].tolist()]


def _pack(tables: ScanTables) -> bytes:
    from dataclasses import replace

    from tagsniff.scanning.run_record import NO_RUN
    from tagsniff.scanning.saved import pack_scan

    return pack_scan(replace(tables, run=NO_RUN))

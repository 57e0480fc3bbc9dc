"""A scan of a collection: made, saved, loaded, and seen as arrays, rows or reports.

For: callers of `tagsniff.scan`, and the commands, which take the same way.
Never: decide anything about elements, or show a value of an element where nobody asked for one.

What a command that reads and reports does not need is imported inside the functions that do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from tagsniff.dicom.equipment import place_equipment
from tagsniff.output.atomic_file import check_target, write_whole_bytes
from tagsniff.profile import Profile, ProfileSource
from tagsniff.report.collisions import CollisionRow, find_collisions
from tagsniff.report.groups import ElementGroup, list_groups
from tagsniff.report.rows import ValueRow
from tagsniff.report.values import ValueReport, build_value_report
from tagsniff.scanning.modes import INVENTORY, load_mode
from tagsniff.scanning.run import scan_inventory, scan_values
from tagsniff.scanning.tables import MAX_VALUES, ScanTables
from tagsniff.scanning.workers import check_workers

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa


class Scan:
    """What a collection holds under a profile.

    ``tables`` are those of the core. Everything else is made of them when it is first asked for, once, and is the same
    whatever the order in which the files were read. Two scans are equal if they are, or would be, saved as the same
    bytes.
    """

    def __init__(self, tables: ScanTables) -> None:
        if not isinstance(tables, ScanTables):
            raise TypeError(f"tables are ScanTables, not {type(tables).__name__}")
        self._tables = tables

    @property
    def tables(self) -> ScanTables:
        """The tables of the core, with numbers that lead from one to another."""
        return self._tables

    @cached_property
    def elements(self) -> npt.NDArray[np.void]:
        """A row for each element of one equipment and VR: structured array of shape (n,), read-only.

        ``equipment``, ``element`` (in the notation of the reports), ``vr``, ``keyword`` and ``code`` are str (dtype
        object), ``files``, ``series`` and ``occurrences`` u8, ``blocks`` a tuple of the private blocks, ``distinct``
        (u8) the number of values that were recorded, an estimate where ``is_bounded`` (bool). ``code`` holds several
        where it depends on the block.
        """
        from tagsniff.report.arrays import make_elements

        return make_elements(self._groups)

    @cached_property
    def values(self) -> npt.NDArray[np.void]:
        """The rows of the value report: structured array of shape (n,), read-only.

        The columns are those of `ValueRow`: str under dtype object, counts u8, ``blocks`` and ``flags`` tuples.
        ``kind`` is "value", "code" or "more". ``value`` is None where a code decides without one.
        """
        from tagsniff.report.arrays import make_values

        return make_values(self.rows())

    @cached_property
    def equipment(self) -> npt.NDArray[np.void]:
        """A row for each kind of equipment: structured array of shape (n,), read-only.

        ``equipment`` is the text that the other arrays have; ``modality``, ``manufacturer``, ``model`` and ``software``
        are str, None where the files have no such element. ``elements`` (u8) is how many rows of `elements` it has.
        """
        from tagsniff.report.arrays import make_equipment

        return make_equipment(place_equipment(self.tables.equipment, self.tables.texts), self._groups)

    @cached_property
    def faults(self) -> npt.NDArray[np.void]:
        """A row for each path that was left out or read in part: structured array of shape (n,), read-only.

        ``path``, ``status`` (its name), ``kind`` ("fault" or "exclusion") and ``detail`` are str, ``offset_bytes`` is
        i8, -1 where the reason has no place in a file, and ``tag`` is ``(gggg,eeee)``, None where it has none.
        """
        from tagsniff.report.arrays import make_faults

        return make_faults(self.tables.left_out.paths)

    def to_arrow(self, name: str = "values") -> pa.Table:
        r"""Return one of the arrays as a pyarrow.Table: "values", "elements", "equipment" or "faults".

        The columns have the names and cells of the array. Counts are uint64; text that comes again is a dictionary
        column; ``blocks`` (hexadecimal, as in the reports) and ``flags`` are lists of text. What is None in the array
        is null, and so is an offset of -1. Bytes of a path that are no UTF-8 become ``\xNN``.

        Raises ImportError without pyarrow (``pip install 'tagsniff[arrow]'``), ValueError for another name.
        """
        from tagsniff.report.arrow import check_name, make_table

        return make_table(name, getattr(self, check_name(name)))

    def to_pandas(self, name: str = "values") -> pd.DataFrame:
        """Return one of the arrays as a pandas.DataFrame: what pyarrow makes of the table of `to_arrow`.

        Raises ImportError without pyarrow or pandas (``pip install 'tagsniff[pandas]'``), ValueError for another name.
        """
        from tagsniff.report.arrow import make_frame

        return make_frame(self.to_arrow(name))

    def rows(self) -> Iterator[ValueRow]:
        """Yield the rows of the value report."""
        return iter(self.report().rows)

    def report(self) -> ValueReport:
        """Return the value report, which the writers lay out."""
        return self._report

    def collisions(self) -> tuple[CollisionRow, ...]:
        """Return what means two things in the collection: private tags, blocks, letter case, codes."""
        return self._collisions

    def is_complete(self) -> bool:
        """Tell whether nothing is missing: no fault, no file that was read in part, no bound that was hit."""
        return self.tables.left_out.is_complete()

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write the scan to a file of mode 0600, whole or not at all, for `load` and ``tagsniff report``.

        Raises ValueError for a scan that is not mergeable, FileExistsError if a file is there and ``overwrite`` was not
        asked for, or another OSError.
        """
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
            "equipment": len(tables.equipment),
            "elements": len(tables.groups),
            "rows": len(tables.rows),
            "left_out": len(tables.omissions),
        }
        return f"<Scan {' '.join(f'{name}={count}' for name, count in counts.items())}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scan):
            return NotImplemented
        return self.tables is other.tables or _pack(self.tables) == _pack(other.tables)

    # Hashing the whole of it would be slow, and nobody needs a set of scans.
    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def _groups(self) -> list[ElementGroup]:
        return list_groups(self.tables)

    @cached_property
    def _report(self) -> ValueReport:
        return build_value_report(self.tables, self._groups)

    @cached_property
    def _collisions(self) -> tuple[CollisionRow, ...]:
        return find_collisions(self._groups)


def scan(
    paths: Iterable[str | os.PathLike[str]],
    *,
    mode: str | None = None,
    confidentiality: ProfileSource | None = None,
    modality_software: Sequence[ProfileSource] | None = None,
    options: Sequence[str] = (),
    uid_root: str | None = None,
    profile: Profile | None = None,
    max_values: int = MAX_VALUES,
    keep_partial: bool = False,
    mergeable: bool = True,
    workers: int | None = None,
    on_file: Callable[[str], object] | None = None,
    keep_interrupted: bool = False,
) -> Scan:
    """Read every file of the paths, folders with everything below them, and return what they hold under a profile.

    ``mode`` is "inventory", which asks no profile and records no values, or "before" or "final", which name the
    profiles to begin with; ``confidentiality`` and ``modality_software`` (a sequence) take the place of those of the
    mode, or are both given without one. They are names of shipped profiles,
    paths, or what `tagsniff.profile.read_profile` returned. ``options`` are option columns of the Confidentiality
    Profile; recorded UIDs under ``uid_root`` are counted, not listed. ``profile``, as `load_profile` returns it, stands
    for all of these.

    ``max_values`` bounds the distinct values of each equipment, element and VR; beyond it those with the smallest
    hashes are kept, and their number is estimated. A file that cannot be read to its end is a fault and adds nothing,
    unless ``keep_partial``: then it is a fault and adds what came before it. A scan that need not be ``mergeable``,
    nor saved, is made faster and of less memory; all else of it is the same. ``workers`` is the number of
    threads, by default that of the cores; it changes nothing of the result, and more than cores are useful where files
    come slowly. ``on_file`` is called with the path of each file that was read or tried. After KeyboardInterrupt what
    was read until then is returned if ``keep_interrupted`` asks for it; its tables say so.

    Raises, before any file is opened: ProfileError for a wrong profile, TypeError or ValueError for a wrong call.
    """
    check_workers(workers)
    if mode == INVENTORY:
        asked = {"confidentiality": confidentiality, "modality_software": modality_software, "profile": profile}
        _refuse_all(asked | {"options": options or None, "uid_root": uid_root}, "an inventory asks no profile")
        tables = scan_inventory(paths, keep_partial=keep_partial, mergeable=mergeable, workers=workers, on_file=on_file)
        return _finish(tables, keep_interrupted=keep_interrupted)
    if profile is None:
        profile = load_mode(mode, confidentiality, modality_software, options, uid_root=uid_root)
    else:
        asked = {"mode": mode, "confidentiality": confidentiality, "modality_software": modality_software}
        _refuse_all(asked | {"options": options or None, "uid_root": uid_root}, "a profile is given")
    tables = scan_values(
        paths,
        profile=profile,
        max_values=max_values,
        keep_partial=keep_partial,
        mergeable=mergeable,
        workers=workers,
        on_file=on_file,
    )
    return _finish(tables, keep_interrupted=keep_interrupted)


def load(path: str | os.PathLike[str]) -> Scan:
    """Return the scan that `Scan.save` or ``--save`` wrote. Raises SavedScanError, or OSError if it cannot be read."""
    from tagsniff.scanning.saved import read_scan

    return Scan(read_scan(path))


def merge(scans: Iterable[Scan]) -> Scan:
    """Return the scan of all files of several: the same bytes as if one scan had read them, however they are split.

    Files that are in two of the scans count twice. Of no scans it is one without files, which can be merged with any.
    Raises TypeError for what is no `Scan`, ValueError for scans of different profiles, UID roots or ``max_values``, and
    for one that was not made to be mergeable.
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


def _pack(tables: ScanTables) -> bytes:
    from tagsniff.scanning.saved import pack_scan

    return pack_scan(tables)

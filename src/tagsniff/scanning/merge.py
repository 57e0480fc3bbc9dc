"""Merges scans of parts of a collection into one, as if one scan had read all files.

For: processes, machines and resumed runs; threads use the same operation of the core.
Never: a result that depends on the order or the split. Files that are in two parts count twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tagsniff import _core
from tagsniff.scanning.order import order_scan
from tagsniff.scanning.patient_keys import KEY_BYTES
from tagsniff.scanning.run_record import merge_runs
from tagsniff.scanning.saved_checks import check_contents
from tagsniff.scanning.tables import MAX_VALUES, TEXTS, DecisionRecord, ScanTables, fill_tables, table_dtypes

# The merged collector reads no file, so that its key is not used. With a key, it knows the patients of its tables.
_ANY_KEY = bytes(KEY_BYTES)

_COMMON = {
    "profiles": "were made with different profiles",
    "max_values": "have different bounds on values (max_values)",
    "uid_root": "have different UID roots (uid_root)",
    "all_values": "were made with and without all values (all_values)",
}


def merge_tables(parts: Iterable[ScanTables], *, with_patients: bool = True) -> ScanTables:
    """Return the tables of all files of the parts; without parts, those of a scan without files.

    Patients are not known in the result if two parts have different keys, or one does not know its patients, or
    without ``with_patients``.

    Raises TypeError for anything but `ScanTables`, ValueError for scans that were made in different ways, or that have
    an index out of range.
    """
    given = list(parts)
    for part in given:
        if not isinstance(part, ScanTables):
            raise TypeError(f"scans are merged, not {type(part).__name__}")
        if part.series_runs is None:
            raise ValueError("these scans cannot be merged: one was not made to be mergeable")
        check_contents(part)
    made = [part for part in given if not _is_nothing(part)]
    for name, difference in _COMMON.items():
        if len({getattr(part, name) for part in made}) > 1:
            raise ValueError(f"these scans cannot be merged: they {difference}")
    if any(part.vr_names != _core.VR_NAMES for part in made):
        raise ValueError("these scans cannot be merged: they know other VRs than this program")
    numbers: dict[DecisionRecord, int] = {}
    profiles = made[0].profiles if made else ()
    max_values = made[0].max_values if made else MAX_VALUES
    key_id = _find_common_key(made) if with_patients else None
    key = None if key_id is None else _ANY_KEY
    # No profile is asked: the decisions are in the tables.
    collector = (
        _core.ValueCollector(max_values=max_values, patient_key=key) if profiles else _core.Collector(patient_key=key)
    )
    for part in made:
        collector.merge_tables(_lay_out(part, numbers))
    merged = fill_tables(
        collector.tables(),
        profiles=profiles,
        decisions=tuple(numbers),
        max_values=max_values,
        uid_root=made[0].uid_root if made else "",
        all_values=made[0].all_values if made else False,
        key_id=key_id or b"",
        omissions=tuple(omission for part in made for omission in part.omissions),
        partial_files=sum(part.partial_files for part in made),
        names=tuple(sorted({pair for part in made for pair in part.names})),
        run=merge_runs(part.run for part in made),
    )
    return order_scan(merged)


def _find_common_key(parts: Iterable[ScanTables]) -> bytes | None:
    """Return the ``key_id`` that all scans with files have, empty without files; None if patients cannot be merged."""
    key_ids = {part.key_id for part in parts if len(part.patient_series)}
    if not key_ids:
        return b""
    return key_ids.pop() or None if len(key_ids) == 1 else None


def _is_nothing(part: ScanTables) -> bool:
    """Return whether this is the scan without files, which has no profiles that the others must agree with."""
    return not (part.profiles or part.files or part.omissions)


def _lay_out(part: ScanTables, numbers: dict[DecisionRecord, int]) -> dict[str, Any]:
    """Return the tables for the core, with decision numbers that all parts share."""
    new_numbers = [numbers.setdefault(decision, len(numbers)) for decision in part.decisions]
    raw = {name: getattr(part, name) for name in (*table_dtypes(), *TEXTS, "files")}
    raw["deviations"] = [(int(status), files) for status, files in part.deviations]
    raw["rows"] = part.rows.copy()
    if new_numbers:
        raw["rows"]["decision"] = np.array(new_numbers)[part.rows["decision"]]
    return raw

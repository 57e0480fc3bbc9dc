"""Replaces the paths of a collection by numbers, and keeps the key: the path of each number.

For: ``--redact-paths``, because paths often contain names of patients.
Never: read a file, or change anything but paths.

The numbers belong to one scan. The same set of paths always has the same numbers; one path more or less changes them.
They are assigned in the order of the digests of the paths, so they reveal nothing about the names.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from tagsniff import _core
from tagsniff.scanning.tables import ScanTables
from tagsniff.source.walk import BATCH_FILES, Batch
from tagsniff.status import Omission

PathNumbers: TypeAlias = dict[bytes, str]
"""The number of each path, as text. All have the same length, so texts and numbers have the same order."""


def redact_scan(tables: ScanTables, others: Iterable[str] = ()) -> tuple[ScanTables, PathNumbers]:
    """Return the tables with numbers in place of paths, and the numbers; ``others`` are more paths that need one."""
    from tagsniff.scanning.order import order_scan

    omitted = (omission.path for omission in tables.omissions)
    numbers = number_paths([*tables.paths, *map(os.fsencode, omitted), *map(os.fsencode, others)])
    paths = _core.Texts(numbers[path].encode("ascii") for path in tables.paths)
    omissions = redact_omissions(tables.omissions, numbers)
    # Tables are sorted by their contents, paths too, so they must be sorted again.
    return order_scan(replace(tables, paths=paths, omissions=omissions)), numbers


def redact_walk(found: Iterable[Batch | Omission], given: Iterable[str]) -> tuple[list[Batch | Omission], PathNumbers]:
    """Return the result of a walk over the given paths, files sorted by their numbers, and the numbers of all paths."""
    omissions: list[Omission] = []
    files: list[bytes] = []
    for part in found:
        if isinstance(part, Omission):
            omissions.append(part)
        else:
            files += (part.folder + name for name in part.names)
    numbers = number_paths([*files, *(os.fsencode(omission.path) for omission in omissions), *map(os.fsencode, given)])
    files.sort(key=numbers.__getitem__)
    batches = (Batch(b"", files[first : first + BATCH_FILES]) for first in range(0, len(files), BATCH_FILES))
    return [*omissions, *batches], numbers


def redact_omissions(omissions: Iterable[Omission], numbers: PathNumbers) -> tuple[Omission, ...]:
    """Return the same omissions with numbers in place of paths."""
    return tuple(replace(omission, path=numbers[os.fsencode(omission.path)]) for omission in omissions)


def number_paths(paths: Iterable[bytes]) -> PathNumbers:
    """Return the number of each path, counted from 1."""
    import hashlib

    ordered = sorted(set(paths), key=lambda path: hashlib.sha256(path).digest())
    digits = len(str(len(ordered)))
    return {path: f"{number:0{digits}}" for number, path in enumerate(ordered, 1)}

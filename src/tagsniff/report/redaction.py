"""Numbers in place of the paths of a collection, and what each of them stands for.

For: ``--redact-paths``; paths hold names of patients more often than not.
Never: read a file, or change anything but paths.

The numbers are those of one scan: the same paths have the same numbers, whatever the order in which they were met, but
a path more or less changes them. They tell nothing of the names: they follow the digests of the paths.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from tagsniff import _core
from tagsniff.scanning.order import order_scan
from tagsniff.scanning.tables import ScanTables
from tagsniff.source.walk import BATCH_FILES, Batch
from tagsniff.status import Omission

PathNumbers: TypeAlias = dict[bytes, str]
"""The number of each path; all have the same length, so that they sort as texts as they do as numbers."""


def redact_scan(tables: ScanTables) -> tuple[ScanTables, PathNumbers]:
    """Return the tables with numbers in place of paths, and the numbers."""
    numbers = number_paths([*tables.paths, *(os.fsencode(omission.path) for omission in tables.omissions)])
    paths = _core.Texts(numbers[path].encode("ascii") for path in tables.paths)
    omissions = redact_omissions(tables.omissions, numbers)
    # Tables are in the order of their contents, paths too.
    return order_scan(replace(tables, paths=paths, omissions=omissions)), numbers


def redact_walk(found: Iterable[Batch | Omission], given: Iterable[str]) -> tuple[list[Batch | Omission], PathNumbers]:
    """Return what a walk of the given paths has found, files in the order of their numbers, and the numbers of all."""
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
    """Return the same with numbers in place of paths."""
    return tuple(replace(omission, path=numbers[os.fsencode(omission.path)]) for omission in omissions)


def number_paths(paths: Iterable[bytes]) -> PathNumbers:
    """Return a number for each path, from 1 on."""
    ordered = sorted(set(paths), key=lambda path: hashlib.sha256(path).digest())
    digits = len(str(len(ordered)))
    return {path: f"{number:0{digits}}" for number, path in enumerate(ordered, 1)}

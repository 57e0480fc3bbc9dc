"""Random collections of files that differ a little, and whether they count as their files do one by one.

For: the fuzzer of collections, and the test that runs some hundred of them.
Never: an expectation from a scan that has read more than one file: each is scanned alone, with a parser and a collector
of its own, and the scans are merged. A value of an element is in no message.
Standard: none; the rules are sections 3 and 4 of the design.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import tagsniff
from cases import CASES, REPAIRED
from changed_bytes import change_bytes
from neighbour_files import PRIVATE_ROWS, PUBLIC_ROWS, file_of_many_charsets, make_run
from real_files import RealFile
from tagsniff import _core
from tagsniff.scanning import workers as scanning_workers
from tagsniff.scanning.batches import read_batch
from tagsniff.scanning.merge import merge_tables
from tagsniff.scanning.modes import INVENTORY, load_mode
from tagsniff.scanning.order import order_scan
from tagsniff.scanning.patient_keys import identify_key, process_key
from tagsniff.scanning.profile_answers import Answers
from tagsniff.scanning.run import name_elements, record_profiles
from tagsniff.scanning.run_record import NO_RUN
from tagsniff.scanning.saved import pack_scan
from tagsniff.scanning.tables import ScanTables, fill_tables
from tagsniff.source import walk
from tagsniff.source.walk import Batch
from tagsniff.status import Omission, order_omission

MOST_FILES = 7
MOST_CASE_BYTES = 20_000
BOUNDS = (1, 2, 3, 65_536)
MODES = (INVENTORY, "before", "final", "by equipment", "by equipment")
FOUND = ("PatientName", "(0008,1140)[<0>](0008,1160)", '(0009,"ACME",01)', "0040,A075")


class Settings(NamedTuple):
    """How a collection is scanned, except for what must not change the tables."""

    mode: str
    """One of `MODES`; one of `FOUND` for a search of this element."""
    max_values: int = 65_536
    keep_partial: bool = False


class Way(NamedTuple):
    """What must not change the tables: the order of the files, the threads, the files of a batch, and the split."""

    order: tuple[int, ...]
    workers: int = 1
    batch_files: int = 256
    split: int = 0
    """The files up to here are scanned by themselves, and the two scans are merged; 0: one scan of all."""


class Difference(NamedTuple):
    """A collection whose tables differ from those of its files one by one."""

    settings: Settings
    way: Way
    tables: tuple[str, ...]
    """Names of the fields of `ScanTables` that are not equal."""

    def __str__(self) -> str:
        settings = f"{self.settings.mode}, max_values {self.settings.max_values}"
        settings += ", keep_partial" if self.settings.keep_partial else ""
        way = f"order {list(self.way.order)}, {self.way.workers} workers, batches of {self.way.batch_files}"
        way += f", in two from {self.way.split}" if self.way.split else ""
        return f"{settings}, {way}: other {', '.join(self.tables)}"


class Sources:
    """What collections begin with: files of `make_run`, written cases, and real files."""

    def __init__(self, real: Sequence[RealFile] = ()) -> None:
        self._repaired = [case.data for case in REPAIRED if len(case.data) <= MOST_CASE_BYTES]
        self._cases = [case.data for case in CASES if len(case.data) <= MOST_CASE_BYTES]
        self._real = [one.path for one in real if 0 < one.path.stat().st_size <= MOST_CASE_BYTES]

    def make(self, numbers: random.Random) -> list[bytes]:
        """Return the files of a collection."""
        count = numbers.randrange(2, MOST_FILES + 1)
        kind = numbers.random()
        if kind < 0.5:
            files = make_run(numbers, count)
        elif kind < 0.8 or not self._real:
            files = self._run_of_cases(numbers, count)
        else:
            files = self._run_of_changes(numbers.choice(self._real).read_bytes(), numbers, count)
        if numbers.random() < 0.3:
            place = numbers.randrange(len(files))
            files[place] = change_bytes(files[place], numbers)
        if numbers.random() < 0.004:
            files.insert(numbers.randrange(len(files)), file_of_many_charsets())
        return files

    def _run_of_cases(self, numbers: random.Random, count: int) -> list[bytes]:
        """Return cases that are near in their table, so that they have much in common; some with changes."""
        cases = numbers.choice((self._repaired, self._repaired, self._cases))
        place = numbers.randrange(len(cases))
        files = [cases[place]]
        while len(files) < count:
            choice = numbers.random()
            if choice < 0.5:
                place = (place + numbers.randrange(-4, 5)) % len(cases)
                files.append(cases[place])
            elif choice < 0.65:
                files.append(numbers.choice(files))
            elif choice < 0.75:
                files.append(numbers.choice(self._cases))
            else:
                files.append(change_bytes(files[-1], numbers))
        return files

    def _run_of_changes(self, data: bytes, numbers: random.Random, count: int) -> list[bytes]:
        """Return files of which each has some bytes that the one before, or the first, does not have."""
        files = [data]
        while len(files) < count:
            files.append(numbers.choice((data, files[-1], files[-1])))
            if numbers.random() < 0.7:
                files[-1] = change_bytes(files[-1], numbers)
        return files


class Checker:
    """Scans collections in a folder, which it fills and empties."""

    def __init__(self, folder: Path) -> None:
        self.scans = 0
        self._folder = folder
        rows = [folder / "public.csv", folder / "private.csv"]
        for path, text in zip(rows, (PUBLIC_ROWS, PRIVATE_ROWS), strict=True):
            path.write_text(text, encoding="utf-8")
        self._by_equipment = tagsniff.load_profile(rows[0], rows[1:], uid_root="1.2.3")

    @cached_property
    def _profiles(self) -> dict[str, tagsniff.Profile]:
        return {"before": load_mode("before"), "final": load_mode("final"), "by equipment": self._by_equipment}

    def check(self, files: Sequence[bytes], numbers: random.Random) -> Difference | None:
        """Return the first difference, in two of the settings and some ways of each, or in a search."""
        paths = self.write(files)
        for settings in choose_settings(numbers):
            expected = self._merge_alone(paths, settings, are_whole_scans=numbers.random() < 0.1)
            usual = pack_scan(expected)
            for way in choose_ways(len(files), numbers):
                found = self._scan_in(way, paths, settings)
                if pack_scan(found) != usual:
                    return Difference(settings, way, name_differences(found, expected))
        return self._check_find(paths, numbers) if numbers.random() < 0.2 else None

    def differs(self, files: Sequence[bytes], settings: Settings, way: Way) -> bool:
        """Return whether the files differ in this way, in one of three tries: threads may read them in any order."""
        paths = self.write(files)
        if settings.mode in FOUND:
            return self._find(paths, way, settings.mode) != self._find_alone(paths, settings.mode)
        usual = pack_scan(self._merge_alone(paths, settings, are_whole_scans=True))
        return any(pack_scan(self._scan_in(way, paths, settings)) != usual for _ in range(1 if way.workers == 1 else 3))

    def write(self, files: Sequence[bytes]) -> list[Path]:
        """Write the files of a collection; return their paths, in the order of the files."""
        paths = [self._folder / f"{number:03}" for number in range(len(files))]
        for path, data in zip(paths, files, strict=True):
            path.write_bytes(data)
        return paths

    def _merge_alone(self, paths: Sequence[Path], settings: Settings, *, are_whole_scans: bool) -> ScanTables:
        """Return the merged tables of one scan, or one collector, for each file."""
        if are_whole_scans:
            return merge_tables([self.scan_in_pieces([[path]], settings) for path in paths])
        return self.scan_in_pieces([[path] for path in paths], settings)

    def _scan_in(self, way: Way, paths: Sequence[Path], settings: Settings) -> ScanTables:
        ordered = [paths[number] for number in way.order]
        if way.split:
            return self.scan_in_pieces([ordered[: way.split], ordered[way.split :]], settings)
        if way.workers == 1:
            return self.scan_in_pieces([ordered], settings)
        self.scans += 1
        values = {} if settings.mode == INVENTORY else {"profile": self._profiles[settings.mode]}
        with batches_of(way.batch_files):
            scan = tagsniff.scan(
                ordered,
                mode=INVENTORY if settings.mode == INVENTORY else None,
                max_values=settings.max_values,
                keep_partial=settings.keep_partial,
                workers=way.workers,
                **values,
            )
        return replace(scan.tables, run=NO_RUN)  # the record of the run has its date

    def scan_in_pieces(self, pieces: Sequence[Sequence[Path]], settings: Settings) -> ScanTables:
        """Return what `tagsniff.scan` does, with one collector for each piece and without threads."""
        self.scans += len(pieces)
        profile = self._profiles.get(settings.mode)
        answers = None if profile is None else Answers(profile)
        first: Any = None
        omissions: list[Omission] = []
        partial_files = 0
        for piece in pieces:
            collector = (
                _core.Collector(patient_key=process_key())
                if answers is None
                else _core.ValueCollector(answers.decide, max_values=settings.max_values, patient_key=process_key())
            )
            batch = Batch(b"", [os.fsencode(path) for path in piece])
            read = read_batch(collector, batch, _core.Stop(), keeps_partial=settings.keep_partial)
            omissions += read.omissions
            partial_files += len(read.partial)
            if first is None:
                first = collector
            else:
                first.merge(collector)
        tables = order_scan(
            fill_tables(
                first.tables(),
                profiles=() if profile is None else record_profiles(profile),
                decisions=() if answers is None else answers.decisions(),
                max_values=settings.max_values,
                uid_root="" if profile is None else profile.uid_root or "",
                key_id=identify_key(process_key()),
                omissions=tuple(sorted(omissions, key=order_omission)),
                partial_files=partial_files,
            )
        )
        return tables if profile is None else name_elements(tables, profile)

    def _check_find(self, paths: Sequence[Path], numbers: random.Random) -> Difference | None:
        """A search finds in all files what it finds in each."""
        element = numbers.choice(FOUND)
        way = Way(choose_order(len(paths), numbers), numbers.choice((1, 2)), numbers.choice((1, 2)))
        if self._find(paths, way, element) == self._find_alone(paths, element):
            return None
        return Difference(Settings(element), way, ("occurrences",))

    def _find(self, paths: Sequence[Path], way: Way, element: str) -> object:
        self.scans += 1
        with batches_of(way.batch_files):
            ordered = [paths[number] for number in way.order]
            found = tagsniff.find(ordered, element, show_values=True, workers=way.workers)
            return list(found), sorted(map(repr, found.omissions))

    def _find_alone(self, paths: Sequence[Path], element: str) -> object:
        rows: list[object] = []
        omissions: list[str] = []
        for path in paths:
            found = tagsniff.find([path], element, show_values=True, workers=1)
            rows += list(found)
            omissions += map(repr, found.omissions)
        return rows, sorted(omissions)


@contextmanager
def batches_of(files: int) -> Iterator[None]:
    """Let the walk and the threads take so many files at a time."""
    places = (walk, scanning_workers)
    usual = walk.BATCH_FILES
    for place in places:
        place.BATCH_FILES = files  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for place in places:
            place.BATCH_FILES = usual  # type: ignore[attr-defined]


def choose_settings(numbers: random.Random) -> list[Settings]:
    """Return two of them, of different modes if they are not by equipment."""
    return [
        Settings(mode, numbers.choice(BOUNDS) if mode != INVENTORY else 65_536, numbers.random() < 0.5)
        for mode in numbers.sample(MODES, 2)
    ]


def choose_order(count: int, numbers: random.Random) -> tuple[int, ...]:
    return tuple(numbers.sample(range(count), count))


def choose_ways(count: int, numbers: random.Random) -> list[Way]:
    """Return the order of the files, another one, and one in threads or in two scans."""
    given = tuple(range(count))
    mixed = given[::-1] if numbers.random() < 0.5 else choose_order(count, numbers)
    last = (
        Way(choose_order(count, numbers), numbers.choice((2, 4)), numbers.choice((1, 1, 2, 3)))
        if numbers.random() < 0.7
        else Way(choose_order(count, numbers), split=numbers.randrange(1, count))
    )
    return [Way(given), Way(mixed), last]


def name_differences(one: ScanTables, other: ScanTables) -> tuple[str, ...]:
    """Return the names of the fields whose saved forms differ."""
    usual = pack_scan(one)
    return tuple(
        field.name
        for field in fields(ScanTables)
        if pack_scan(replace(one, **{field.name: getattr(other, field.name)})) != usual
    )


def make_smaller(
    files: Sequence[bytes], difference: Difference, differs: Callable[[Sequence[bytes], Settings, Way], bool]
) -> tuple[list[bytes], Way]:
    """Return as few of the files as possible that still differ, and the simplest way in which they do."""
    left, way = list(files), difference.way
    place = 0
    while place < len(left) and len(left) > 1:
        fewer = [*left[:place], *left[place + 1 :]]
        order = tuple(number - (number > place) for number in way.order if number != place)
        shorter = way._replace(order=order, split=min(way.split, len(fewer) - 1))
        if differs(fewer, difference.settings, shorter):
            left, way, place = fewer, shorter, 0
        else:
            place += 1
    for simpler in (Way(tuple(range(len(left)))), Way(way.order), way._replace(workers=1)):
        if differs(left, difference.settings, simpler):
            return left, simpler
    return left, way

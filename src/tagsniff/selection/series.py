"""The series of a folder, with their files in the order of the images.

For: `tagsniff.series`, the command of that name, and programs that ask GDCM or SimpleITK for the files of a series.
Never: leave a file out in silence, or read pixels. What speaks against an order is told (`Finding`), not repaired.
Terms: PS3.3 C.7.3.1 (General Series), C.7.6.2 (Image Plane: position and orientation), edition 2026b.

The files of a series are in the order of their positions along the normal of the image plane, if all of them have one,
the same orientation, and each its own position. Else they are in the order of Instance Number (0020,0013), if each has
one of its own: several images at one position are mostly a series in time. Else they are in the order of their paths.
"""

from __future__ import annotations

import contextlib
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple, TypeAlias

from tagsniff.report.redaction import PathNumbers, number_paths, redact_omissions
from tagsniff.scanning.run import check_names
from tagsniff.scanning.run_record import NO_RUN, RunRecord, begin_run
from tagsniff.scanning.workers import check_workers
from tagsniff.selection.columns import select_from
from tagsniff.selection.table_rows import Tally, read_columns, show_rows
from tagsniff.source.walk import walk_batches
from tagsniff.status import Omission, Omissions

POSITION, NUMBER, PATH = "position", "instance number", "path"
"""What the order of the files of a series is: `Series.order`."""

FINDINGS = {
    "GAP": "neighbours that are more than one and a half times as far apart as most",
    "UNEVEN_SPACING": "neighbours whose distance is not that of most",
    "SAME_POSITION": "files at the position of another one",
    "MIXED_ORIENTATION": "files with another orientation than the first one",
    "NO_POSITION": "files without a position, where others have one",
    "SAME_NUMBER": "files with the Instance Number of another one",
    "NO_NUMBER": "files without an Instance Number, where others have one",
    "MISSING_NUMBER": "Instance Numbers between the first and the last that no file has",
    "SEVERAL_FRAMES": "files with more than one frame, whose order is inside them",
    "SEVERAL_STUDIES": "further Study Instance UIDs in this series",
    "NO_SERIES_UID": "files without a Series Instance UID, which belong to no series",
}
"""What is told of a series, and what its number counts."""

_ELEMENTS = {
    "sop_class": "0008,0016",
    "modality": "0008,0060",
    "sequence_name": "0018,0024",
    "thickness": "0018,0050",
    "study": "0020,000d",
    "series": "0020,000e",
    "series_number": "0020,0011",
    "number": "0020,0013",
    "position": "0020,0032",
    "orientation": "0020,0037",
    "frames": "0028,0008",
    "rows": "0028,0010",
    "columns": "0028,0011",
}
# Cosines that differ less are those of one plane; positions that differ less are one.
_SAME_COSINE = 1e-3
_SAME_POSITION_MM = 1e-3
# Spacings that differ less are equal: images of a tilted volume are written with few digits.
_EVEN_MM, _EVEN_SHARE = 0.01, 0.01
_GAP = 1.5

Vector: TypeAlias = tuple[float, float, float]


class Finding(NamedTuple):
    """One thing that is told of a series: a key of `FINDINGS`, and how many there are."""

    code: str
    number: int


class SeriesFile(NamedTuple):
    """One file: what its elements in the root data set say, None for one that is absent or not what its VR demands.

    ``position`` and ``orientation`` are Image Position and Image Orientation (Patient) in mm and as cosines. All others
    are texts as in the file, the empty text if the element is absent.
    """

    path: str
    series_uid: str
    study_uid: str
    sop_class: str
    modality: str
    series_number: str
    number: int | None
    position: Vector | None
    orientation: tuple[Vector, Vector] | None
    frames: int
    sequence_name: str
    thickness: str
    rows: str
    columns: str

    @property
    def is_image(self) -> bool:
        """Whether the file has the size of an image."""
        return bool(self.rows and self.columns)


class Series(NamedTuple):
    """One series. ``files`` are its paths in order, and ``order`` says which order it is.

    ``series_uid`` is empty for the files that have none. ``positions_mm`` are the distances of the files along the
    normal, ascending; empty if the order is another one. ``spacing_mm`` is the median of their differences, None
    without two of them. ``numbers`` are the Instance Numbers, None for a file that has none.

    Source: PS3.3 2026b, C.7.3.1 and C.7.6.2.
    """

    series_uid: str
    study_uid: str
    modality: str
    series_number: str
    order: str
    files: tuple[str, ...]
    positions_mm: tuple[float, ...]
    spacing_mm: float | None
    numbers: tuple[int | None, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class SeriesList:
    """The series of some files, sorted by study, series number and UID. Iteration yields them.

    ``omissions`` are the paths that were left out, or could not be read as far as they had to be.
    """

    series: tuple[Series, ...]
    files_read: int
    omissions: Omissions
    run: RunRecord = field(default=NO_RUN, compare=False)

    def __iter__(self) -> Iterator[Series]:
        return iter(self.series)

    def __len__(self) -> int:
        return len(self.series)


def series(
    paths: Iterable[str | os.PathLike[str]],
    *,
    workers: int | None = None,
    names: Sequence[str] = (),
    on_file: Callable[[str], object] | None = None,
    on_walk_end: Callable[[int], object] | None = None,
) -> SeriesList:
    """Read the files of the paths, with all subfolders, and return their series, each with its files in order.

    Every DICOM file is in one series; those without a Series Instance UID are together in one whose UID is empty.
    Reading stops after Columns (0028,0011). The other arguments are those of `tagsniff.scan`. Raises TypeError or
    ValueError for a wrong call, before any file is opened.

    Source: docs/series.md; PS3.3 2026b, C.7.3.1 and C.7.6.2.
    """
    check_workers(workers)
    run = begin_run("series", names)
    files, omissions = read_files(paths, workers=workers, names=names, on_file=on_file, on_walk_end=on_walk_end)
    by_uid: dict[str, list[SeriesFile]] = {}
    for file in files:
        by_uid.setdefault(file.series_uid, []).append(file)
    made = sorted((order_series(members) for members in by_uid.values()), key=_rank)
    return SeriesList(tuple(made), len(files), Omissions.gather(omissions, is_empty=not files), run)


def read_files(
    paths: Iterable[str | os.PathLike[str]],
    *,
    workers: int | None = None,
    names: Sequence[str] = (),
    on_file: Callable[[str], object] | None = None,
    on_walk_end: Callable[[int], object] | None = None,
) -> tuple[list[SeriesFile], list[Omission]]:
    """Return what the files say of their series, in the order of the walk, and what was left out."""
    columns = read_columns(_ELEMENTS.values())
    omissions: list[Omission] = []
    selected = select_from(
        walk_batches(paths, check_names(names)),
        [column.element for column in columns],
        workers=workers,
        on_file=on_file,
        on_walk_end=on_walk_end,
    )
    files = []
    with contextlib.closing(selected):
        for batch in show_rows(selected, columns, omissions, Tally(), os.fsdecode):
            texts = ([cell if isinstance(cell, str) else "" for cell in column] for column in batch.columns)
            cells = dict(zip(_ELEMENTS, texts, strict=True))
            files += [
                _make_file(path, {name: column[row] for name, column in cells.items()})
                for row, path in enumerate(batch.paths)
            ]
    return files, omissions


def redact_series(found: SeriesList) -> tuple[SeriesList, PathNumbers]:
    """Return the same series with numbers in place of paths, and the numbers."""
    left_out = found.omissions
    paths = [*(path for one in found for path in one.files), *(omission.path for omission in left_out.paths)]
    numbers = number_paths(map(os.fsencode, paths))
    made = tuple(one._replace(files=tuple(numbers[os.fsencode(path)] for path in one.files)) for one in found)
    omissions = redact_omissions(left_out.paths, numbers)
    gathered = Omissions.gather(omissions, is_empty=not found.files_read)
    return replace(found, series=made, omissions=gathered), numbers


def _make_file(path: str, cells: dict[str, str]) -> SeriesFile:
    position = _read_numbers(cells["position"], 3)
    cosines = _read_numbers(cells["orientation"], 6)
    return SeriesFile(
        path=path,
        series_uid=cells["series"],
        study_uid=cells["study"],
        sop_class=cells["sop_class"],
        modality=cells["modality"],
        series_number=cells["series_number"],
        number=_read_whole(cells["number"]),
        position=None if position is None else (position[0], position[1], position[2]),
        orientation=None if cosines is None else _make_vectors(cosines),
        frames=_read_whole(cells["frames"]) or 1,
        sequence_name=cells["sequence_name"],
        thickness=cells["thickness"],
        rows=cells["rows"],
        columns=cells["columns"],
    )


def _read_numbers(text: str, count: int) -> list[float] | None:
    try:
        numbers = [float(part) for part in text.split("\\")]
    except ValueError:
        return None
    return numbers if len(numbers) == count and all(map(math.isfinite, numbers)) else None


def _read_whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _make_vectors(cosines: Sequence[float]) -> tuple[Vector, Vector] | None:
    """Return the directions of the rows and of the columns; None if they do not span a plane."""
    row, column = (cosines[0], cosines[1], cosines[2]), (cosines[3], cosines[4], cosines[5])
    return (row, column) if math.hypot(*cross(row, column)) > _SAME_COSINE else None


def cross(a: Vector, b: Vector) -> Vector:
    """Return the vector product."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def dot(a: Vector, b: Vector) -> float:
    """Return the scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def order_series(files: Sequence[SeriesFile]) -> Series:
    """Return the series of these files, which have the same Series Instance UID."""
    by_path = sorted(files, key=lambda file: os.fsencode(file.path))
    first = by_path[0]
    found: Counter[str] = Counter()
    is_series = bool(first.series_uid)
    distances = _measure(by_path, found) if is_series else None
    numbers = _check_numbers(by_path, found) if is_series else None
    if distances is not None:
        order = POSITION
        ordered = [file for _, file in sorted(zip(distances, by_path, strict=True), key=lambda pair: pair[0])]
        positions = sorted(distances)
    else:
        order, positions = (NUMBER if numbers is not None else PATH), []
        ordered = by_path
        if numbers is not None:
            ordered = [file for _, file in sorted(zip(numbers, by_path, strict=True), key=lambda pair: pair[0])]
    spacing = _check_spacing(positions, found)
    if order != NUMBER:
        # Gaps between numbers tell of missing images only where the numbers are the order.
        del found["MISSING_NUMBER"]
    found["SEVERAL_FRAMES"] = sum(file.frames > 1 for file in by_path)
    found["SEVERAL_STUDIES"] = len({file.study_uid for file in by_path}) - 1 if is_series else 0
    found["NO_SERIES_UID"] = 0 if is_series else len(by_path)
    return Series(
        series_uid=first.series_uid,
        study_uid=first.study_uid,
        modality=first.modality,
        series_number=first.series_number,
        order=order,
        files=tuple(file.path for file in ordered),
        positions_mm=tuple(positions),
        spacing_mm=spacing,
        numbers=tuple(file.number for file in ordered),
        findings=tuple(Finding(code, found[code]) for code in FINDINGS if found[code] > 0),
    )


def _measure(files: Sequence[SeriesFile], found: Counter[str]) -> list[float] | None:
    """Return the distance of each file along the normal; None if the files cannot be put in order by it."""
    placed = [file for file in files if file.position is not None and file.orientation is not None]
    if not placed:
        return None
    found["NO_POSITION"] = len(files) - len(placed)
    assert placed[0].orientation is not None
    first = (*placed[0].orientation[0], *placed[0].orientation[1])
    for file in placed:
        assert file.orientation is not None
        cosines = (*file.orientation[0], *file.orientation[1])
        found["MIXED_ORIENTATION"] += any(abs(a - b) > _SAME_COSINE for a, b in zip(first, cosines, strict=True))
    if found["NO_POSITION"] or found["MIXED_ORIENTATION"]:
        return None
    normal = cross(*placed[0].orientation)
    length = math.hypot(*normal)
    distances = [dot(normal, file.position) / length for file in placed if file.position is not None]
    ordered = sorted(distances)
    found["SAME_POSITION"] = sum(two - one < _SAME_POSITION_MM for one, two in pairwise(ordered))
    return None if found["SAME_POSITION"] else distances


def _check_numbers(files: Sequence[SeriesFile], found: Counter[str]) -> list[int] | None:
    """Return the Instance Number of each file; None if the files cannot be put in order by it."""
    numbers = [file.number for file in files if file.number is not None]
    if not numbers:
        return None
    found["NO_NUMBER"] = len(files) - len(numbers)
    found["SAME_NUMBER"] = len(numbers) - len(set(numbers))
    if found["NO_NUMBER"] or found["SAME_NUMBER"]:
        return None
    found["MISSING_NUMBER"] = max(numbers) - min(numbers) + 1 - len(numbers)
    return numbers


def _check_spacing(positions: Sequence[float], found: Counter[str]) -> float | None:
    """Return the median of the distances between neighbours; None without two files."""
    steps = [two - one for one, two in pairwise(positions)]
    if not steps:
        return None
    usual = median(steps)
    gaps = [step for step in steps if step > _GAP * usual]
    found["GAP"] = len(gaps)
    uneven = sum(abs(step - usual) > max(_EVEN_MM, _EVEN_SHARE * usual) for step in steps)
    found["UNEVEN_SPACING"] = uneven - len(gaps)
    return usual


def _rank(one: Series) -> tuple[str, bool, int, str]:
    number = _read_whole(one.series_number)
    return one.study_uid, number is None, number or 0, one.series_uid

"""The two functions with which programs ask SimpleITK for the series of a folder, without a slow read of each file.

For: programs that call ``ImageSeriesReader.GetGDCMSeriesIDs`` and ``GetGDCMSeriesFileNames``; SimpleITK is not needed.
Never: an order of its own: it is GDCM's, which differs from that of `tagsniff.series` where positions are mixed.
Terms: PS3.3 C.7.6.2 (Image Plane), edition 2026b; docs/series.md lists the differences from SimpleITK.

    from tagsniff.backends.sitk import ImageSeriesReader_GetGDCMSeriesFileNames
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from tagsniff.selection.series import SeriesFile, cross, dot, read_files

# GDCM does not look at positions of secondary captures.
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_NOT_IN_IDS = re.compile(r"[^0-9A-Za-z.]")


def ImageSeriesReader_GetGDCMSeriesIDs(  # noqa: N802  SimpleITK's name
    directory: str | os.PathLike[str],
    useSeriesDetails: bool = False,  # noqa: FBT001, FBT002, N803  SimpleITK's argument
) -> tuple[str, ...]:
    """Return the names of the series of a folder, sorted: Series Instance UIDs; with details, five elements follow.

    These are Series Number, Sequence Name, Slice Thickness, Rows and Columns, in one text without signs between them.
    A path that is no folder has no series. Source: the documentation of SimpleITK 2.5.
    """
    return tuple(_read_folder(directory, with_details=useSeriesDetails, is_recursive=False))


def ImageSeriesReader_GetGDCMSeriesFileNames(  # noqa: N802  SimpleITK's name
    directory: str | os.PathLike[str],
    seriesID: str = "",  # noqa: N803  SimpleITK's argument
    useSeriesDetails: bool = False,  # noqa: FBT001, FBT002, N803
    recursive: bool = False,  # noqa: FBT001, FBT002
    loadSequences: bool = False,  # noqa: FBT001, FBT002, N803  sequences have no part in it
) -> tuple[str, ...]:
    """Return the files of a series of a folder in order; of the first series if ``seriesID`` is empty.

    Source: the documentation of SimpleITK 2.5.
    """
    found = _read_folder(directory, with_details=useSeriesDetails, is_recursive=recursive)
    files = found.get(seriesID or next(iter(found), ""), [])
    return tuple(file.path for file in order_as_gdcm(files))


class ImageSeriesReader:
    """The class of that name, as far as its two functions for series go."""

    GetGDCMSeriesIDs = staticmethod(ImageSeriesReader_GetGDCMSeriesIDs)
    GetGDCMSeriesFileNames = staticmethod(ImageSeriesReader_GetGDCMSeriesFileNames)


def _read_folder(
    directory: str | os.PathLike[str], *, with_details: bool, is_recursive: bool
) -> dict[str, list[SeriesFile]]:
    """Return the files of each series by its name, sorted by name."""
    folder = os.fspath(directory)
    if not os.path.isdir(folder):
        return {}
    if is_recursive:
        paths = [folder]
    else:
        with os.scandir(folder) as entries:
            paths = [entry.path for entry in entries if entry.is_file()]
    if not paths:
        return {}
    files, _ = read_files(paths)
    by_name: dict[str, list[SeriesFile]] = {}
    for file in filter(lambda file: file.is_image, files):
        name = _name_series(file, with_details=with_details)
        if name:
            by_name.setdefault(name, []).append(file)
    return dict(sorted(by_name.items()))


def _name_series(file: SeriesFile, *, with_details: bool) -> str:
    details = (file.series_number, file.sequence_name, file.thickness, file.rows, file.columns)
    name = f"{file.series_uid}.{''.join(details)}" if with_details else file.series_uid
    return _NOT_IN_IDS.sub("", name)


def order_as_gdcm(files: Sequence[SeriesFile]) -> list[SeriesFile]:
    """Return the files in GDCM's order: by position, else by Instance Number, else by path.

    By position: along the normal of the first file, whatever the planes of the others, if no two positions are equal.
    By Instance Number: if the largest is smaller than the smallest and the number of files together.
    """
    if len(files) < 2:
        return list(files)
    by_path = sorted(files, key=lambda file: os.fsencode(file.path))
    has_places = all(file.position is not None and file.sop_class != _SECONDARY_CAPTURE for file in by_path)
    if by_path[0].orientation is not None and has_places:
        normal = cross(*by_path[0].orientation)
        placed = [(dot(normal, file.position), file) for file in by_path if file.position is not None]
        if len({distance for distance, _ in placed}) == len(placed):
            return [file for _, file in sorted(placed, key=lambda pair: pair[0])]
    numbers = [file.number or 0 for file in by_path]
    least, most = min(numbers), max(numbers)
    if most not in (least, 0) and most < len(numbers) + least:
        return [file for _, file in sorted(zip(numbers, by_path, strict=True), key=lambda pair: pair[0])]
    return by_path

"""Every element of every real file equals that of pydicom, or the difference is listed with its reason.

For: files from programs in use, read by a reader that shares no code with this one.
Never: a difference that a rule accepts; each is in reference_differences.py by file.
Standard: PS3.5 and PS3.10, edition 2026b.
"""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path

import pytest

import tagsniff
from header_sources import ShortReads
from pydicom_comparison import differences_of_row, rows_by_path
from pydicom_rows import Reference
from real_files import RealFile, corpus_files, distinct_files, manifest
from reference_differences import DIFFERENCES, Difference
from tagsniff.status import Kind, Status

FILES = distinct_files()


@pytest.fixture(autouse=True)
def quiet_pydicom() -> None:
    """pydicom logs unusual input; these tests do not check that."""
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)


def compare(path: Path) -> list[tuple[str, str, int]]:
    """Return each kind of difference in one file: what, its first path, its count."""
    header = tagsniff.read_header(path)
    try:
        theirs = Reference(path).rows
    except Exception as error:  # noqa: BLE001  pydicom gives up in many ways, and each is a difference
        return [(f"pydicom raises {type(error).__name__}; tagsniff {header.status.name}", "", 1)]
    found: list[tuple[str, str]] = []
    if header.status is not Status.OK:
        found.append((f"tagsniff {header.status.name}", ""))
    if header.status.kind is Kind.EXCLUSION or header.status is Status.COMPRESSED:
        # The result of pydicom for a file that is not DICOM does not matter.
        return counted(found)
    ours, twice = rows_by_path(header)
    found += [("twice; pydicom keeps the last", place) for place in twice]
    found += [("only tagsniff", place) for place in ours if place not in theirs]
    found += [("only pydicom", place) for place in theirs if place not in ours]
    for place, row in ours.items():
        if place in theirs:
            found += [(what, place) for what in differences_of_row(row, theirs[place])]
    return counted(found)


def counted(found: list[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """Return the first place and the number of places for each kind."""
    counts = Counter(what for what, _ in found)
    first: dict[str, str] = {}
    for what, place in found:
        first.setdefault(what, place)
    return [(what, first[what], count) for what, count in counts.items()]


def listed(name: str) -> list[Difference]:
    """Return the known differences of one file."""
    return [difference for difference in DIFFERENCES if difference.file == name]


def test_elements_equal_those_of_pydicom(subtests: pytest.Subtests) -> None:
    """Exactly the listed differences occur."""
    for real in FILES:
        with subtests.test(real.name):
            known = {(difference.what, difference.path, difference.count) for difference in listed(real.name)}
            assert set(compare(real.path)) == known


def test_every_kind_of_source(subtests: pytest.Subtests) -> None:
    """A path, bytes and a file object with short reads give the same header, whatever the limit for values."""
    for real in FILES:
        with subtests.test(real.name):
            check_every_kind_of_source(real)


def check_every_kind_of_source(real: RealFile) -> None:
    data = real.path.read_bytes()
    header = tagsniff.read_header(real.path)
    place = None if header.fault is None else (header.fault.offset, header.fault.tag)
    for limit in (0, 100, 1 << 30):
        for source in (data, ShortReads(data, most=1000)):
            other = tagsniff.read_header(source, value_limit_bytes=limit)
            assert (other.status, other.deviations) == (header.status, header.deviations)
            assert (None if other.fault is None else (other.fault.offset, other.fault.tag)) == place
            for column in set(header.elements.dtype.names) - {"captured_at"}:
                assert (other.elements[column] == header.elements[column]).all(), column


def test_the_list_of_differences_is_valid() -> None:
    """A listed file of the wheel is in the wheel, each difference is listed once, and each has a reason."""
    names = {real.name for real in FILES}
    for difference in DIFFERENCES:
        assert difference.file in names or (difference.file.startswith("corpus/") and not manifest())
        assert difference.reason
    keys = [(difference.file, difference.what) for difference in DIFFERENCES]
    assert len(set(keys)) == len(keys)


def files_with_transfer_syntax() -> list[RealFile]:
    """Return the files of the collection except those without a value in its list."""
    rows = {f"corpus/{row['path']}": row for row in manifest()}
    return [
        real
        for real in corpus_files()
        if rows[real.name]["transfer_syntax"] or "fails" not in rows[real.name]["flags"].split(",")
    ]


@pytest.mark.skipif(not manifest(), reason="no corpus")
def test_transfer_syntax_of_manifest(subtests: pytest.Subtests) -> None:
    """The Transfer Syntax UID is that of the collection's list."""
    rows = {f"corpus/{row['path']}": row for row in manifest()}
    for real in files_with_transfer_syntax():
        with subtests.test(real.name):
            assert (tagsniff.read_header(real.path).transfer_syntax_uid or "") == rows[real.name]["transfer_syntax"]

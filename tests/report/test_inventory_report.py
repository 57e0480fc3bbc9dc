"""The report of the inventory, from tables written by hand: the content and order of its rows."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tagsniff._core import IDENTITY_DTYPE, SERIES_RUN_DTYPE, VR_NAMES
from tagsniff.report.inventory import InventoryRow, build_report
from tagsniff.scanning.tables import ScanTables, fill_tables
from tagsniff.status import Omission, Omissions, Status

RAW, NONE, EMPTY, UNUSABLE = -1, -2, -3, -4
CREATORS = (b"ACME \0", b"Z")

# parent, tag, creator, block, VRs, blocks seen, occurrences, files, series
ROWS: list[tuple[int, int, int, int, str, tuple[int, ...], int, int, int]] = [
    (-1, 0x00100010, RAW, 0, "PN", (), 3, 3, 2),
    (-1, 0x00081140, RAW, 0, "SQ", (), 2, 2, 1),
    (1, 0x00081155, RAW, 0, "UI", (), 5, 2, 1),
    (-1, 0x00090010, RAW, 0, "LO UN", (), 4, 3, 2),
    (-1, 0x00090001, 0, 0, "LO SH ??", (0x10, 0x11, 0x80, 0xFF), 9, 3, 2),
    (-1, 0x00090001, 1, 0, "UN", (0x40,), 1, 1, 1),
    (-1, 0x00090002, NONE, 0x10, "UN", (0x10,), 1, 1, 1),
    (-1, 0x00090002, EMPTY, 0x3F, "UN", (0x3F,), 1, 1, 1),
    (-1, 0x00090002, UNUSABLE, 0xC0, "UN", (0xC0,), 1, 1, 1),
    (-1, 0x00090100, RAW, 0, "UN", (), 1, 1, 1),
    (1, 0x00090003, 0, 0, "SQ", (0x12,), 1, 1, 1),
    (10, 0x00100010, RAW, 0, "PN", (), 1, 1, 1),
    (-1, 0x00090000, 1, 0, "UL", (0x41,), 1, 1, 1),
    (-1, 0x50000010, RAW, 0, "US", (), 1, 1, 1),
    (-1, 0x00080000, RAW, 0, "UL", (), 1, 1, 1),
]

KEYWORDS = {
    0x00100010: "PatientName",
    0x00081140: "ReferencedImageSequence",
    0x00081155: "ReferencedSOPInstanceUID",
    0x50000010: "NumberOfPoints",
}

EXPECTED = [
    InventoryRow("(0008,0000)", ("UL",), "", (), 1, 1, 1, 1),
    InventoryRow("(0008,1140)", ("SQ",), "ReferencedImageSequence", (), 2, 1, 1, 2),
    InventoryRow("(0008,1140)[<0>](0008,1155)", ("UI",), "ReferencedSOPInstanceUID", (), 2, 1, 1, 5),
    InventoryRow('(0008,1140)[<0>](0009,"ACME",03)', ("SQ",), "", (0x12,), 1, 1, 1, 1),
    InventoryRow('(0008,1140)[<0>](0009,"ACME",03)[<0>](0010,0010)', ("PN",), "PatientName", (), 1, 1, 1, 1),
    InventoryRow("(0009,0010)", ("LO", "UN"), "", (), 3, 2, 1, 4),
    InventoryRow("(0009,0100)", ("UN",), "", (), 1, 1, 1, 1),
    InventoryRow('(0009,"ACME",01)', ("??", "LO", "SH"), "", (0x10, 0x11, 0x80, 0xFF), 3, 2, 1, 9),
    InventoryRow('(0009,"Z",00)', ("UL",), "", (0x41,), 1, 1, 1, 1),
    InventoryRow('(0009,"Z",01)', ("UN",), "", (0x40,), 1, 1, 1, 1),
    InventoryRow("(0009,<empty:3f>,02)", ("UN",), "", (0x3F,), 1, 1, 1, 1),
    InventoryRow("(0009,<none:10>,02)", ("UN",), "", (0x10,), 1, 1, 1, 1),
    InventoryRow("(0009,<unusable:c0>,02)", ("UN",), "", (0xC0,), 1, 1, 1, 1),
    InventoryRow("(0010,0010)", ("PN",), "PatientName", (), 3, 2, 1, 3),
    InventoryRow("(5000,0010)", ("US",), "NumberOfPoints", (), 1, 1, 1, 1),
]

EXPECTED_TAGS = (
    0x00080000,
    0x00081140,
    0x00081155,
    0x00090010,
    0x00090100,
    0x00091001,
    0x00091002,
    0x00091101,
    0x00091203,
    0x00093F02,
    0x00094001,
    0x00094100,
    0x00098001,
    0x0009C002,
    0x0009FF01,
    0x00100010,
    0x50000010,
)

OMISSIONS = (
    Omission("b", Status.NOT_DICOM),
    Omission("\udcff", Status.EMPTY_FILE),
    Omission("\U0001f600", Status.CANNOT_OPEN),
    Omission("a", Status.NOT_DICOM),
    Omission("B", Status.TRUNCATED_VALUE, 12, 0x00100010),
)


def _make_inventory(
    rows: list[Any] = ROWS, creators: tuple[bytes, ...] = CREATORS, omissions: tuple[Omission, ...] = ()
) -> ScanTables:
    table = np.zeros(len(rows), IDENTITY_DTYPE)
    for place, (parent, tag, creator, block, vrs, blocks, occurrences, files, series) in enumerate(rows):
        words = [sum(1 << number % 64 for number in blocks if number // 64 == word) for word in range(4)]
        mask = sum(1 << VR_NAMES.index(vr) for vr in vrs.split())
        for name, value in {
            "parent": parent,
            "tag": tag,
            "creator": creator,
            "block": block,
            "vrs": mask,
            "blocks": words,
            "occurrences": occurrences,
            "files": files,
            "series": series,
            "patients": max(1, series - 1),
        }.items():
            table[name][place] = value
    raw = {
        "files": 7,
        "identities": table,
        "creators": creators,
        "series_digests": (b"one", b"two"),
        "patients": 1,
        "series_runs": np.zeros(0, SERIES_RUN_DTYPE),
        "deviations": (),
    }
    filled = fill_tables(raw, max_values=1, omissions=omissions, partial_files=0)
    return replace(
        filled,
        keywords=tuple(KEYWORDS.get(row[1], "") for row in rows),
        deviations=((Status.UNORDERED, 2), (Status.NO_PREAMBLE, 1)),
    )


def test_rows_are_the_sorted_identities() -> None:
    # Without a profile, the only names are keywords.
    assert list(build_report(_make_inventory()).rows) == [replace(row, name=row.keyword) for row in EXPECTED]


def test_each_tag_of_the_files_is_listed_once() -> None:
    assert build_report(_make_inventory()).tags == EXPECTED_TAGS


def test_totals_and_deviations() -> None:
    report = build_report(_make_inventory())
    assert (report.files, report.series, report.patients) == (7, 2, 1)
    assert report.deviations == ((Status.NO_PREAMBLE, 1), (Status.UNORDERED, 2))


def test_omissions_are_counted_and_sorted_by_the_bytes_of_their_paths() -> None:
    report = build_report(_make_inventory(omissions=OMISSIONS))
    assert [omission.path for omission in report.omissions.paths] == ["B", "a", "b", "\U0001f600", "\udcff"]
    assert report.omissions.counts == (
        (Status.NOT_DICOM, 2),
        (Status.EMPTY_FILE, 1),
        (Status.TRUNCATED_VALUE, 1),
        (Status.CANNOT_OPEN, 1),
    )


@pytest.mark.parametrize(
    ("status", "is_fault"),
    [(Status.NOT_DICOM, False), (Status.VISITED_BEFORE, False), (Status.LINK_LOOP, True), (Status.TOO_DEEP, True)],
)
def test_only_faults_make_the_report_incomplete(status: Status, is_fault: bool) -> None:
    report = build_report(_make_inventory(omissions=(Omission("a", status),)))
    assert report.omissions.is_complete() is not is_fault


def test_the_order_of_the_cores_tables_changes_nothing() -> None:
    expected = build_report(_make_inventory(omissions=OMISSIONS))
    rng = random.Random(5)
    for _ in range(20):
        # Any order in which a parent still precedes its elements.
        order: list[int] = []
        waiting = list(range(len(ROWS)))
        while waiting:
            ready = [row for row in waiting if ROWS[row][0] < 0 or ROWS[row][0] in order]
            order.append(rng.choice(ready))
            waiting.remove(order[-1])
        rows = [
            (order.index(parent) if parent >= 0 else -1, tag, 1 - creator if creator >= 0 else creator, *rest)
            for parent, tag, creator, *rest in (ROWS[row] for row in order)
        ]
        omissions = tuple(rng.sample(OMISSIONS, len(OMISSIONS)))
        assert build_report(_make_inventory(rows, CREATORS[::-1], omissions)) == expected


def test_two_rows_of_the_same_identity_are_refused() -> None:
    with pytest.raises(ValueError, match="same identity") as caught:
        build_report(_make_inventory(creators=(b"ACME", b" ACME "), rows=[ROWS[4], ROWS[5]]))
    assert "ACME" not in str(caught.value)


def test_empty_collection_is_an_empty_report() -> None:
    report = build_report(replace(_make_inventory([], ()), files=0, series=0, deviations=()))
    assert (report.tags, report.rows, report.omissions) == ((), (), Omissions(is_empty=True))
    assert not report.omissions.is_complete(), "no file was read"

"""Saved scans: a scan that is written is read back unchanged, and everything else is refused.

For: `tagsniff.scanning.saved`.
Never: the core.
"""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest

from tagsniff.report.values import build_value_report
from tagsniff.scanning.saved import SavedScanError, read_scan, write_scan
from tagsniff.scanning.tables import ScanTables
from value_scans import make_scan, sample_scan

HEAD_BYTES = 28
BODY_START = HEAD_BYTES + 32


def save(scan: ScanTables) -> bytes:
    stream = io.BytesIO()
    write_scan(scan, stream)
    return stream.getvalue()


SAVED = save(sample_scan())


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], ScanTables]:
    def read_bytes(raw: bytes) -> ScanTables:
        path = tmp_path / "scan"
        # A new file each time: some file systems write a file to the disk when it is truncated and written again.
        path.unlink(missing_ok=True)
        path.write_bytes(raw)
        return read_scan(path)

    return read_bytes


@pytest.mark.parametrize("scan", [sample_scan(), make_scan([])], ids=["sample", "nothing"])
def test_a_scan_is_read_back(scan: ScanTables, read: Callable[[bytes], ScanTables]) -> None:
    back = read(save(scan))
    for field in fields(ScanTables):
        one, two = getattr(scan, field.name), getattr(back, field.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == two.dtype
            assert np.array_equal(one, two)
        else:
            assert one == two
    assert build_value_report(back) == build_value_report(scan)
    assert save(back) == save(scan)


def test_every_truncation_is_refused(read: Callable[[bytes], ScanTables]) -> None:
    for length in range(len(SAVED)):
        with pytest.raises(SavedScanError):
            read(SAVED[:length])


def test_bytes_after_the_scan_are_refused(read: Callable[[bytes], ScanTables]) -> None:
    with pytest.raises(SavedScanError, match="after the end"):
        read(SAVED + b"\0")


def test_flipped_bits_are_refused(read: Callable[[bytes], ScanTables]) -> None:
    places = {*range(BODY_START), *random.Random(3).sample(range(len(SAVED)), 1500)}
    for place in sorted(places):
        damaged = bytearray(SAVED)
        damaged[place] ^= 1 << place % 8
        with pytest.raises(SavedScanError):
            read(bytes(damaged))


@pytest.mark.parametrize("raw", [b"", b"DICM", b"PK\x03\x04" + bytes(100), bytes(500)])
def test_other_files_are_refused(raw: bytes, read: Callable[[bytes], ScanTables]) -> None:
    with pytest.raises(SavedScanError, match="no saved scan"):
        read(raw)


def test_another_version_is_reported(read: Callable[[bytes], ScanTables]) -> None:
    with pytest.raises(SavedScanError, match="version 9"):
        read(SAVED[:16] + b"\x09\0\0\0" + SAVED[20:])


def reseal(body: bytes) -> bytes:
    """Return the body with a correct checksum."""
    head = SAVED[:20] + len(body).to_bytes(8, "little")
    return head + hashlib.sha256(head + body).digest() + body


def change(**others: Any) -> bytes:
    plain = msgpack.unpackb(SAVED[BODY_START:], unicode_errors="surrogateescape")
    return reseal(msgpack.packb({**plain, **others}, unicode_errors="surrogateescape"))


def change_table(table: str, column: str, number: int) -> bytes:
    scan = sample_scan()
    changed = getattr(scan, table).copy()
    changed[column][-1] = number
    return save(replace(scan, **{table: changed}))


def test_resealing_changes_nothing(read: Callable[[bytes], ScanTables]) -> None:
    assert build_value_report(read(change())) == build_value_report(sample_scan())


@pytest.mark.parametrize(
    ("table", "column", "number"),
    [
        ("rows", "use", 7),
        ("rows", "use", -1),
        ("rows", "value", 10**6),
        ("rows", "value", -2),
        ("rows", "decision", 3),
        ("rows", "example", 99),
        ("uses", "identity", 99),
        ("uses", "equipment", -1),
        ("uses", "vr", 9),
        ("equipment", "model", 99),
        ("identities", "creator", 1),
        ("identities", "creator", -5),
        ("identities", "parent", 99),
        ("identities", "parent", -2),
    ],
)
def test_indexes_out_of_range_are_refused(
    table: str, column: str, number: int, read: Callable[[bytes], ScanTables]
) -> None:
    with pytest.raises(SavedScanError, match="no scan of this program"):
        read(change_table(table, column, number))


@pytest.mark.parametrize(
    "others",
    [
        {"files": "3"},
        {"values": ["text"]},
        {"values": [b"T\xff\xff\xff\xff"] * 13},
        {"values": [b"?\0\0\0\0"] * 13},
        {"creators": [b""]},
        {"keywords": []},
        {"flags": {"NOT_A_NUMBER": 99}},
        {"uses": [[], b""]},
        {"rows": None},
        {"omissions": [(b"a", 9999, None, None, "")]},
        {"decisions": [("K",)]},
        {"more": 1},
    ],
)
def test_invalid_contents_are_refused(others: dict[str, Any], read: Callable[[bytes], ScanTables]) -> None:
    with pytest.raises(SavedScanError, match="no scan of this program"):
        read(change(**others))


@pytest.mark.parametrize("body", [b"", b"\xc0", b"\x80", b"\x93\x01\x02\x03", b"\xdf\xff\xff\xff\xff", b"\x91" * 3000])
def test_bodies_that_are_not_a_scan_are_refused(body: bytes, read: Callable[[bytes], ScanTables]) -> None:
    with pytest.raises(SavedScanError):
        read(reseal(body))


def test_a_missing_file_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_scan(tmp_path / "gone")

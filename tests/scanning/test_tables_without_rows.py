"""Tables of a scan that have no rows: arrays that are made when something reads them.

For: the fields of `ScanTables`, and what is made of them.
Never: the content of tables that have rows.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

import tagsniff
from tagsniff.report.values import build_value_report
from tagsniff.scanning.order import order_scan
from tagsniff.scanning.tables import TABLES, MadeWhenRead, ScanTables, table_dtypes

MODES = ["inventory", "before"]


@pytest.fixture(params=MODES)
def tables(request: pytest.FixtureRequest, tmp_path: Path) -> ScanTables:
    return tagsniff.scan([tmp_path], mode=request.param).tables


def test_they_are_arrays_like_all_others(tables: ScanTables) -> None:
    assert set(TABLES) == set(table_dtypes()) == {name for name, value in vars(ScanTables).items() if is_late(value)}
    for name, dtype in table_dtypes().items():
        table = getattr(tables, name)
        assert isinstance(table, np.ndarray)
        assert (table.shape, table.dtype) == ((0,), dtype)
        # One array, as where it has rows.
        assert getattr(tables, name) is table


def is_late(value: object) -> bool:
    return isinstance(value, MadeWhenRead)


def test_they_are_fields_of_the_record(tables: ScanTables) -> None:
    assert {field.name for field in fields(tables)} >= set(TABLES)
    rows = np.zeros(0, table_dtypes()["rows"])
    changed = replace(tables, rows=rows)
    assert changed.rows is rows
    with pytest.raises(AttributeError):
        tables.rows = rows  # type: ignore[misc]
    with pytest.raises(TypeError, match="rows"):
        ScanTables(**{name: value for name, value in vars(changed).items() if name not in ("rows", "left_out")})


def test_a_scan_is_pickled_before_they_are_read(tables: ScanTables) -> None:
    again = pickle.loads(pickle.dumps(tables))
    assert tagsniff.Scan(again) == tagsniff.Scan(tables)
    assert len(again.uses) == 0


@pytest.mark.parametrize("mode", MODES)
def test_a_scan_that_is_not_mergeable_has_no_runs_of_series(mode: str, tmp_path: Path) -> None:
    tables = tagsniff.scan([tmp_path], mode=mode, mergeable=False).tables
    assert tables.series_runs is None
    assert len(tables.rows) == 0


def test_they_are_in_order(tables: ScanTables) -> None:
    """Nothing is sorted where no file was counted, and nothing would change."""
    assert tagsniff.Scan(order_scan(tables)) == tagsniff.Scan(tables)


def test_omissions_are_in_order(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        (tmp_path / name).write_bytes(b"no DICOM")
    scan = tagsniff.scan([tmp_path / "c", tmp_path / "b", tmp_path], mode="inventory")
    assert [Path(omission.path).name for omission in scan.tables.omissions] == ["a", "b", "b", "c", "c"]
    assert scan.tables.omissions == scan.tables.left_out.paths


def test_the_report_has_a_table_too(tables: ScanTables) -> None:
    report = build_value_report(tables)
    assert (report.count_rows(), report.rows, report.uses) == (0, (), ())
    assert len(report.table) == 0
    assert report == build_value_report(tables)
    assert report.table.values.list_cells(0, 0) == []


def test_threads_that_read_one_first_get_equal_arrays(tmp_path: Path) -> None:
    program = (
        "import sys, threading, tagsniff\n"
        "tables = tagsniff.scan([sys.argv[1]], mode='inventory').tables\n"
        "assert 'numpy' not in sys.modules\n"
        "sys.setswitchinterval(1e-6)\n"
        "found, barrier = [], threading.Barrier(8)\n"
        "def read():\n"
        "    barrier.wait()\n"
        "    found.append(tables.identities)\n"
        "threads = [threading.Thread(target=read) for _ in range(8)]\n"
        "[thread.start() for thread in threads]\n"
        "[thread.join() for thread in threads]\n"
        "print(len(found), {(len(table), table.dtype == tables.identities.dtype) for table in found})\n"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout == "8 {(0, True)}\n"

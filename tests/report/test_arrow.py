"""A scan as Arrow tables and pandas data frames: the same cells as its arrays, in types that other tools read.

For: `Scan.to_arrow` and `Scan.to_pandas`, over real files and over a scan that contains every kind of row.
Never: the content of the arrays; that is tested with them.
Standard: none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import tagsniff
from real_files import corpus_folder, wheel_files
from tagsniff.output.terminal_text import show_undecoded
from tagsniff.report.arrow import TABLES, make_table
from tagsniff.report.rows import RowKind, ValueRow
from tagsniff.status import Kind
from value_scans import make_scan, sample_scan

pa = pytest.importorskip("pyarrow")
pytest.importorskip("pandas")

NAMES = ("values", "elements", "equipment", "faults")
NO_SCAN = tagsniff.Scan(make_scan([]))


def _scan_wheel() -> tagsniff.Scan:
    folder = next(real.path for real in wheel_files() if real.path.name == "CT_small.dcm").parent
    return tagsniff.scan([folder.parent], mode="before", max_values=20)


def _scan_corpus() -> tagsniff.Scan:
    folder = corpus_folder()
    if folder is None:
        pytest.skip("no corpus")
    return tagsniff.scan([folder], mode="final")


@pytest.fixture(
    scope="module",
    params=[lambda: tagsniff.Scan(sample_scan()), lambda: NO_SCAN, _scan_wheel, _scan_corpus],
    ids=["sample", "nothing", "wheel", "corpus"],
)
def scan(request: pytest.FixtureRequest) -> tagsniff.Scan:
    """A scan that contains every kind of row, an empty scan, and scans of real files."""
    make: Callable[[], tagsniff.Scan] = request.param
    return make()


def lay_out(row: ValueRow) -> dict[str, object]:
    """Return a row of a report in the form of `pyarrow.Table.to_pylist`."""
    laid_out = row._asdict() | row.parts._asdict()
    del laid_out["parts"]
    return {
        **laid_out,
        "kind": row.kind.value,
        "value": None if row.kind is RowKind.CODE else row.value,
        "blocks": [f"{block:02x}" for block in row.blocks],
        "flags": list(row.flags),
        "example": show_undecoded(row.example),
    }


def test_values_are_the_rows_of_the_report(scan: tagsniff.Scan) -> None:
    table = scan.to_arrow()
    table.validate(full=True)
    assert table.to_pylist() == [lay_out(row) for row in scan.rows()]


def test_elements_and_equipment_equal_the_arrays(scan: tagsniff.Scan) -> None:
    for name in ("elements", "equipment"):
        table = scan.to_arrow(name)
        table.validate(full=True)
        array = getattr(scan, name)
        names = array.dtype.names
        rows = [dict(zip(names, row, strict=True)) for row in array.tolist()]
        for row in rows:
            if "blocks" in row:
                row["blocks"] = [f"{block:02x}" for block in row["blocks"]]
        assert table.to_pylist() == rows


def test_faults_are_the_omissions(scan: tagsniff.Scan) -> None:
    table = scan.to_arrow("faults")
    table.validate(full=True)
    omissions = scan.report().omissions.paths
    assert [row["offset_bytes"] for row in table.to_pylist()] == [omission.offset for omission in omissions]
    for row, omission in zip(table.to_pylist(), omissions, strict=True):
        assert row["path"] == show_undecoded(omission.path)
        assert (row["status"], row["detail"]) == (omission.status.name, omission.detail)
        assert row["kind"] == ("fault" if omission.status.kind is Kind.FAULT else "exclusion")
        assert (row["tag"] is None) is (omission.tag is None)


def test_absent_and_empty_differ() -> None:
    scan = tagsniff.Scan(sample_scan())
    rows = scan.to_arrow().to_pylist()
    assert {row["value"] for row in rows if row["kind"] == "code"} == {None}
    assert "<empty>" in {row["value"] for row in rows}
    (one,) = [row for row in scan.to_arrow("equipment").to_pylist() if row["software"] == "A\\B"]
    assert (one["modality"], one["manufacturer"]) == (None, "")
    faults = scan.to_arrow("faults").to_pylist()
    assert [(row["path"], row["offset_bytes"], row["tag"]) for row in faults] == [
        ("in/t", None, None),
        (r"in/\xffz", 12, "(0010,0010)"),
    ]
    assert r"in/\xff" in {row["example"] for row in rows}


@pytest.mark.parametrize("name", NAMES)
def test_types_are_the_same_for_every_scan(scan: tagsniff.Scan, name: str) -> None:
    table = scan.to_arrow(name)
    assert table.schema == NO_SCAN.to_arrow(name).schema
    assert table.column_names == list(getattr(scan, name).dtype.names)
    for field, column in zip(table.schema, table.columns, strict=True):
        array = getattr(scan, name)[field.name]
        if array.dtype == np.uint64:
            assert field.type == pa.uint64()
        assert field.nullable or column.null_count == 0


def test_types() -> None:
    dictionary = pa.dictionary(pa.int32(), pa.string())
    schema = NO_SCAN.to_arrow().schema
    repeated = ("kind", "equipment", "element", "vr", "keyword", "name", "code", "example", "decided_by")
    assert [schema.field(name).type for name in repeated] == [dictionary] * len(repeated)
    assert schema.field("value").type == pa.string()
    assert [name for name in schema.names if schema.field(name).nullable] == [
        *("modality", "manufacturer", "model", "software", "value", "patients"),
    ]
    assert [schema.field(name).type for name in ("blocks", "flags")] == [pa.list_(pa.string())] * 2
    assert NO_SCAN.to_arrow("elements").schema.field("is_bounded").type == pa.bool_()
    assert NO_SCAN.to_arrow("faults").schema.field("offset_bytes").type == pa.int64()
    assert schema.field("patients").type == pa.int64()
    assert set(TABLES) == set(NAMES)


def test_repeated_text_is_stored_once() -> None:
    table = _scan_wheel().to_arrow()
    for name in ("equipment", "element", "vr", "code"):
        (chunk,) = table.column(name).chunks
        assert len(set(chunk.dictionary.to_pylist())) == len(chunk.dictionary)
        assert len(chunk.dictionary) < len(table) / 2


def test_numbers_are_not_copied() -> None:
    names = ["equipment", "modality", "manufacturer", "model", "software", "elements"]
    rows = np.rec.fromarrays([np.full(100_000, None)] * 5 + [np.arange(100_000, dtype=np.uint64)], names=names)
    before = pa.total_allocated_bytes()
    table = make_table("equipment", rows)
    texts = sum(column.get_total_buffer_size() for column in table.columns[:-1])
    assert table.column("elements").to_pylist() == list(range(100_000))
    assert pa.total_allocated_bytes() - before < texts + 100_000


def plain(cell: object) -> object:
    """Return a cell of a data frame in the form of Arrow."""
    if isinstance(cell, np.ndarray):
        return cell.tolist()
    return None if cell is None or cell != cell else cell  # noqa: PLR0124


@pytest.mark.parametrize("name", NAMES)
def test_pandas_has_the_content_of_pyarrow(scan: tagsniff.Scan, name: str) -> None:
    frame = scan.to_pandas(name)
    table = scan.to_arrow(name)
    assert list(frame.columns) == table.column_names
    for column in table.column_names:
        assert list(map(plain, frame[column].tolist())) == table.column(column).to_pylist()


def test_pandas_can_count_and_group() -> None:
    scan = _scan_wheel()
    frame = scan.to_pandas("elements")
    assert frame["occurrences"].dtype == np.uint64
    assert int(frame["occurrences"].sum()) == int(scan.elements["occurrences"].sum())
    by_vr = frame.groupby("vr", observed=True)["files"].max()
    assert by_vr["CS"] == max(row["files"] for row in scan.elements if row["vr"] == "CS")


@pytest.mark.parametrize(("package", "extra"), [("pyarrow", "arrow"), ("pandas", "pandas")])
def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, package: str, extra: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=rf"{package} is not installed: pip install 'tagsniff\[{extra}\]'") as caught:
        NO_SCAN.to_pandas()
    assert caught.value.name == package


def test_an_unknown_table_is_refused_before_anything_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ValueError, match="values, elements, equipment, faults"):
        NO_SCAN.to_arrow("tables")
    with pytest.raises(TypeError, match="not int"):
        NO_SCAN.to_arrow(1)  # type: ignore[arg-type]


def test_arrow_and_pandas_are_imported_on_demand(tmp_path: Path) -> None:
    program = (
        "import sys, tagsniff; scan = tagsniff.scan([sys.argv[1]], mode='before'); scan.values, scan.elements; "
        "sys.exit(any(name in sys.modules for name in ('pyarrow', 'pandas', 'tagsniff.report.arrow')))"
    )
    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", program, str(tmp_path)]) == 0

"""The Python API of scans: making, saving, loading, comparing, arrays and reports.

For: `tagsniff.scan`, `tagsniff.load`, `tagsniff.Scan`.
Never: the counts of the core or the content of reports; those have tests of their own.
"""

from __future__ import annotations

import json
import os
import pickle
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10, uid_value
from tagsniff.cli import main
from tagsniff.profile import OPTIONS, ProfileKind, read_profile
from tagsniff.report.inventory import InventoryReport
from tagsniff.report.rows import RowKind, ValueRow
from tagsniff.scanning.modes import MODES, load_mode
from tagsniff.scanning.order import order_scan
from tagsniff.status import Omission, Status
from value_scans import Row, Use, make_scan, sample_scan, text

HIDDEN = b"HIDDEN^MARKER "
SHOWN = b"Abdomen routine "
ROOT = "1.2.3"
README = Path(__file__).parents[1] / "README.md"


def image(number: int, *, series: str = "1.2.3.1") -> bytes:
    elements = (
        EXPLICIT.element(0x00080018, "UI", uid_value(f"{ROOT}.9.{number}")),
        EXPLICIT.element(0x00080060, "CS", b"CT"),
        EXPLICIT.element(0x00080070, "LO", b"ACME"),
        EXPLICIT.element(0x0008103E, "LO", SHOWN),
        EXPLICIT.element(0x00090010, "LO", b"ACME HEADER "),
        EXPLICIT.element(0x00091001, "LO", b"private!"),
        EXPLICIT.element(0x00100010, "PN", HIDDEN),
        EXPLICIT.element(0x0020000E, "UI", uid_value(series)),
    )
    return part10(join(elements), EXPLICIT_LITTLE_UID).data


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a new folder with three images of two series, and a file that is not DICOM, below collection/."""
    (tmp_path / "collection").mkdir()
    (tmp_path / "collection" / "a").write_bytes(image(1))
    (tmp_path / "collection" / "b").write_bytes(image(2))
    (tmp_path / "collection" / "c").write_bytes(image(3, series="1.2.3.2"))
    (tmp_path / "collection" / "readme").write_text("nothing that a reader of DICOM knows\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


SAMPLE = tagsniff.Scan(sample_scan())
NOTHING = tagsniff.Scan(make_scan([]))
ARRAYS = ("elements", "values", "equipment", "faults")


def rows_of(array: np.ndarray, **wanted: object) -> np.ndarray:
    """Return the rows whose columns have the given values."""
    return array[np.all([array[name] == cell for name, cell in wanted.items()], axis=0)]


class TestArrays:
    def test_elements(self) -> None:
        elements = SAMPLE.elements
        assert elements.dtype.names == (
            *("equipment", "modality", "manufacturer", "model", "software", "element", "vr", "keyword", "name", "code"),
            *("files", "series", "patients", "occurrences", "blocks", "distinct", "is_bounded", "patient_relation"),
        )
        assert elements["element"].tolist() == [
            "(0008,0020)",
            "(0008,0060)",
            "(0008,1140)[<0>](0008,1155)",
            '(0009,"ACME",01)',
            '(0009,"ACME",01)/text',
            "(0009,<none:11>,02)",
            "(0010,0010)",
        ]
        (private,) = rows_of(elements, element='(0009,"ACME",01)')
        assert private.item() == (
            *("MR:ACME:One:1.0", "MR", "ACME", "One", "1.0", '(0009,"ACME",01)', "OB", "", "Secret [own]", "X"),
            *(1, 1, 1, 1, (0x10, 0x8F), 0, False, ""),
        )
        (bounded,) = rows_of(elements, is_bounded=True)
        assert (bounded["element"], bounded["distinct"]) == ("(0008,1140)[<0>](0008,1155)", 70000)

    def test_codes_that_depend_on_the_block_are_all_listed(self) -> None:
        rows = [Row(text(b"a")), Row(None, sample_scan().decisions[1])]
        assert sample_scan().decisions[1].code == "K"
        tables = make_scan([Use([(0x00090001, b"ACME")], "LO", rows, blocks=(0x10, 0x11))])
        assert tagsniff.Scan(tables).elements["code"].tolist() == ["K R"]

    def test_values_are_the_rows_of_the_report(self) -> None:
        parts = ("modality", "manufacturer", "model", "software")
        names = SAMPLE.values.dtype.names
        assert set(names) - {*parts} == set(ValueRow._fields) - {"parts"}
        assert len(SAMPLE.values) == len(SAMPLE.report().rows) == len(list(SAMPLE.rows()))
        for shown, row in zip(SAMPLE.values, SAMPLE.rows(), strict=True):
            changed = {"kind": row.kind.value, "value": None if row.kind is RowKind.CODE else row.value}
            changed |= row.parts._asdict()
            assert shown.item() == tuple(changed[name] if name in changed else getattr(row, name) for name in names)

    def test_absent_is_not_empty(self) -> None:
        values, equipment = SAMPLE.values, SAMPLE.equipment
        assert {row["value"] for row in rows_of(values, kind="code")} == {None}
        assert rows_of(values, element="(0009,<none:11>,02)")["value"].tolist() == ["<empty>"]
        assert equipment.tolist() == [
            ("<undef>:<empty>:\\xe9:A\\B", None, "", "\\xe9", "A\\B", 1),
            ("MR:ACME:One:1.0", "MR", "ACME", "One", "1.0", 6),
        ]

    def test_faults_are_all_omissions(self) -> None:
        assert SAMPLE.faults.dtype.names == ("path", "status", "kind", "offset_bytes", "tag", "detail")
        assert SAMPLE.faults.tolist() == [
            ("in/t", "NOT_DICOM", "exclusion", -1, None, ""),
            ("in/\udcffz", "TRUNCATED_VALUE", "fault", 12, "(0010,0010)", ""),
        ]

    def test_an_offset_of_zero_is_not_missing(self) -> None:
        tables = make_scan([], omissions=(Omission("a", Status.CANNOT_READ, 0, 0, "Input/output error"),))
        assert tagsniff.Scan(tables).faults.tolist() == [
            ("a", "CANNOT_READ", "fault", 0, "(0000,0000)", "Input/output error")
        ]

    @pytest.mark.parametrize("name", ARRAYS)
    def test_types(self, name: str) -> None:
        array = getattr(SAMPLE, name)
        assert array.shape == (len(array),)
        assert len(array) > 0
        for column in array.dtype.names:
            if column in {"files", "series", "occurrences", "distinct", "elements"}:
                assert array.dtype[column] == np.dtype("u8")
            elif column == "patients":
                assert array.dtype[column] == np.dtype("i8")
            elif column in {"blocks", "flags"}:
                assert {type(cell) for cell in array[column]} == {tuple}
            elif array.dtype[column] == np.dtype(object):
                assert {type(cell) for cell in array[column]} <= {str, type(None)}

    @pytest.mark.parametrize("name", ARRAYS)
    def test_an_empty_scan_has_no_rows(self, name: str) -> None:
        assert getattr(NOTHING, name).shape == (0,)
        assert getattr(NOTHING, name).dtype == getattr(SAMPLE, name).dtype

    @pytest.mark.parametrize("name", ARRAYS)
    def test_arrays_are_cached_and_read_only(self, name: str) -> None:
        array = getattr(SAMPLE, name)
        assert getattr(SAMPLE, name) is array
        with pytest.raises(ValueError, match="read-only"):
            array[array.dtype.names[0]] = "other"
        with pytest.raises(AttributeError):
            setattr(NOTHING, "tables", sample_scan())  # noqa: B010

    def test_the_order_of_the_tables_changes_nothing(self) -> None:
        ordered = tagsniff.Scan(order_scan(sample_scan()))
        for name in ARRAYS:
            assert getattr(ordered, name).tolist() == getattr(SAMPLE, name).tolist()
        assert ordered.report() == SAMPLE.report()
        assert ordered.collisions() == SAMPLE.collisions() == SAMPLE.report().collisions


class TestScan:
    def test_the_repr_has_no_value(self) -> None:
        assert repr(SAMPLE) == "<Scan files=3 series=2 patients=2 equipment=2 elements=7 rows=12 left_out=2>"

    def test_equal_if_saved_as_the_same_bytes(self) -> None:
        assert tagsniff.Scan(sample_scan()) == SAMPLE
        assert tagsniff.Scan(replace(sample_scan(), files=4)) != SAMPLE
        rows = sample_scan().rows.copy()
        rows["files"][0] += 1
        assert tagsniff.Scan(replace(sample_scan(), rows=rows)) != SAMPLE
        assert sample_scan() != SAMPLE
        with pytest.raises(TypeError):
            hash(SAMPLE)

    def test_can_be_pickled(self) -> None:
        again = pickle.loads(pickle.dumps(SAMPLE))
        assert again == SAMPLE
        assert again.report() == SAMPLE.report()

    def test_is_made_only_from_tables(self) -> None:
        with pytest.raises(TypeError, match="ScanTables"):
            tagsniff.Scan(SAMPLE)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("others", "is_complete"),
        [
            ({}, True),
            ({"omissions": (Omission("a", Status.NOT_DICOM),)}, True),
            ({"omissions": (Omission("a", Status.CANNOT_OPEN),)}, False),
            ({"partial_files": 1}, False),
        ],
    )
    def test_complete(self, others: dict[str, object], is_complete: bool) -> None:
        scan = tagsniff.Scan(make_scan([Use([(0x00100010, -1)], "PN", [Row(text(b"a"))])], **others))
        assert scan.is_complete() is is_complete
        assert scan.report().omissions.is_complete() is is_complete

    def test_a_reached_bound_makes_the_scan_incomplete(self) -> None:
        assert not tagsniff.Scan(make_scan([Use([(0x00100010, -1)], "PN", [], is_bounded=True)])).is_complete()


class TestSave:
    def test_a_saved_scan_is_loaded(self, tmp_path: Path) -> None:
        SAMPLE.save(tmp_path / "scan")
        loaded = tagsniff.load(tmp_path / "scan")
        assert loaded == SAMPLE
        assert loaded.report() == SAMPLE.report()
        loaded.save(str(tmp_path / "again"))
        assert (tmp_path / "again").read_bytes() == (tmp_path / "scan").read_bytes()

    def test_a_file_is_overwritten_only_on_request(self, tmp_path: Path) -> None:
        (tmp_path / "scan").write_bytes(b"work of years")
        with pytest.raises(FileExistsError):
            SAMPLE.save(tmp_path / "scan")
        assert (tmp_path / "scan").read_bytes() == b"work of years"
        SAMPLE.save(tmp_path / "scan", overwrite=True)
        assert tagsniff.load(tmp_path / "scan") == SAMPLE
        assert os.listdir(tmp_path) == ["scan"]

    @pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
    def test_a_saved_file_is_readable_only_by_its_owner(self, tmp_path: Path) -> None:
        SAMPLE.save(tmp_path / "scan")
        assert stat.S_IMODE((tmp_path / "scan").stat().st_mode) == 0o600

    def test_a_file_that_is_not_a_scan_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "scan").write_bytes(b"something else")
        with pytest.raises(tagsniff.SavedScanError):
            tagsniff.load(tmp_path / "scan")


class TestInventory:
    """The Element Inventory as a scan: the same rows as the command writes."""

    def test_rows_report_and_elements(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        scan = tagsniff.scan(["collection"], mode="inventory")
        assert main(["inventory", "collection", "--by-creator", "--format", "json"]) == 0
        listed = json.loads(capsys.readouterr().out)["identities"]
        assert len(listed) == 11
        assert [(row.identity, list(row.vrs), row.keyword, row.files, row.series) for row in scan.rows()] == [
            (row["identity"], row["vrs"], row["keyword"], row["files"], row["series"]) for row in listed
        ]
        report = scan.report()
        assert isinstance(report, InventoryReport)
        assert (report.files, report.series, len(report.tags)) == (3, 2, 11)
        assert tuple(scan.rows()) == report.rows
        (row,) = scan.elements[scan.elements["element"] == '(0009,"ACME HEADER",01)']
        assert row.tolist() == ('(0009,"ACME HEADER",01)', ("LO",), "", 3, 2, 1, 3, (0x10,))
        assert scan.elements["element"].tolist() == [row.identity for row in report.rows]
        assert not scan.elements.flags.writeable
        assert repr(scan) == "<Scan files=3 series=2 patients=1 equipment=0 elements=11 rows=0 left_out=1>"

    def test_saved_loaded_and_merged(self, folder: Path) -> None:
        whole = tagsniff.scan(["collection"], mode="inventory")
        whole.save("scan")
        parts = [tagsniff.scan([f"collection/{name}"], mode="inventory") for name in ("a", "b", "c", "readme")]
        for other in (tagsniff.load("scan"), tagsniff.merge(parts)):
            assert other.report() == whole.report()
            assert other.elements.tolist() == whole.elements.tolist()

    def test_tables_and_frames(self, folder: Path) -> None:
        scan = tagsniff.scan(["collection"], mode="inventory")
        table = scan.to_arrow()
        assert table == scan.to_arrow("elements")
        assert table.column_names == list(scan.elements.dtype.names)
        row = next(row for row in table.to_pylist() if row["element"] == '(0009,"ACME HEADER",01)')
        counts = {"files": 3, "series": 2, "patients": 1, "occurrences": 3}
        assert row == {"element": row["element"], "vrs": ["LO"], "keyword": "", **counts, "blocks": ["10"]}
        assert len(scan.to_pandas()) == len(scan.elements) == 11
        assert scan.to_arrow("faults")["status"].to_pylist() == ["NOT_DICOM"]

    def test_what_an_inventory_does_not_have_is_an_error(self, folder: Path) -> None:
        """Nothing would mean that there is none."""
        scan = tagsniff.scan(["collection"], mode="inventory")
        for name in ("values", "equipment"):
            with pytest.raises(ValueError, match=f"an inventory has no {name}: scan with the mode before or final"):
                getattr(scan, name)
            with pytest.raises(ValueError, match="an inventory has no"):
                scan.to_arrow(name)
        with pytest.raises(ValueError, match="an inventory has no collisions"):
            scan.collisions()

    def test_a_collection_without_files(self, tmp_path: Path) -> None:
        for scan in (tagsniff.scan([tmp_path], mode="inventory"), tagsniff.merge([])):
            assert [len(getattr(scan, name)) for name in ARRAYS] == [0] * len(ARRAYS)
            assert list(scan.rows()) == []
            assert scan.collisions() == ()


class TestNotMergeable:
    """A scan without the series of each row: only operations that need them refuse it."""

    @pytest.mark.parametrize("mode", ["inventory", "before", "final"])
    def test_reports_are_the_same(self, folder: Path, mode: str) -> None:
        whole = tagsniff.scan(["collection"], mode=mode)
        lean = tagsniff.scan(["collection"], mode=mode, mergeable=False)
        assert lean.tables.series_runs is None
        assert lean.report() == whole.report()
        for name in ["elements", "faults"] if mode == "inventory" else ARRAYS:
            assert len(getattr(lean, name)) > 0
            assert getattr(lean, name).tolist() == getattr(whole, name).tolist()
        assert lean == tagsniff.scan(["collection"], mode=mode, mergeable=False)
        assert lean != whole
        assert len(whole.tables.series_runs) > 0

    def test_saving_is_refused(self, folder: Path) -> None:
        lean = tagsniff.scan(["collection"], mode="final", mergeable=False)
        with pytest.raises(ValueError, match="cannot be saved"):
            lean.save("scan")
        assert not Path("scan").exists()

    def test_merging_is_refused(self, folder: Path) -> None:
        lean = tagsniff.scan(["collection"], mode="final", mergeable=False)
        for scans in ([lean], [tagsniff.scan(["collection"], mode="final"), lean]):
            with pytest.raises(ValueError, match="cannot be merged"):
                tagsniff.merge(scans)

    def test_a_command_writes_the_same_whether_it_saves_or_not(self, folder: Path) -> None:
        for name, flags in (("saved", ["--save", "scan"]), ("not_saved", [])):
            assert main(["final", "collection", "-o", f"{name}.txt", "--exclusions", f"{name}.csv", *flags]) == 0
        assert Path("saved.txt").read_bytes() == Path("not_saved.txt").read_bytes()
        tagsniff.merge([tagsniff.load("scan")])


class TestScanning:
    def test_a_scan_of_a_small_collection(self, folder: Path) -> None:
        seen: list[str] = []
        scan = tagsniff.scan(["collection"], mode="before", on_file=seen.append)
        assert sorted(map(os.path.basename, seen)) == ["a", "b", "c", "readme"]
        assert (scan.tables.files, scan.tables.series) == (3, 2)
        (description,) = rows_of(scan.values, element="(0008,103e)")
        assert description.item()[:-1] == (
            *("value", "CT:ACME:<undef>:<undef>", "CT", "ACME", None, None, "(0008,103e)", "LO"),
            *("SeriesDescription", "SeriesDescription", "C", "Abdomen routine"),
            *(3, 2, 1, 3, (), (), os.path.join("collection", "a")),
        )
        (name,) = rows_of(scan.values, element="(0010,0010)")
        assert (name["kind"], name["code"], name["value"], name["files"]) == ("code", "Z", None, 3)
        (private,) = rows_of(scan.elements, element='(0009,"ACME HEADER",01)')
        assert (private["blocks"], private["distinct"], private["series"]) == ((0x10,), 1, 2)
        assert rows_of(scan.faults, status="NOT_DICOM")["path"].tolist() == [os.path.join("collection", "readme")]
        assert scan.is_complete()
        assert not any("HIDDEN" in str(getattr(scan, array).tolist()) for array in ARRAYS)

    def test_the_commands_give_the_same_result(self, folder: Path) -> None:
        for mode in MODES:
            assert main([mode, "collection", "-o", f"{mode}.txt", "--exclusions", f"{mode}.csv", "--save", mode]) == 0
            scan = tagsniff.scan(["collection"], mode=mode)
            assert tagsniff.load(mode) == scan
            assert all(row["value"] in Path(f"{mode}.txt").read_text("utf-8") for row in scan.values if row["value"])

    def test_the_order_of_files_changes_nothing(self, folder: Path) -> None:
        paths = sorted(Path("collection").iterdir())
        forwards, backwards = (tagsniff.scan(each, mode="final") for each in (paths, paths[::-1]))
        assert forwards == backwards
        assert tagsniff.scan(paths[1:], mode="final") != forwards

    def test_a_mode_is_a_pair_of_profiles(self, folder: Path) -> None:
        final = tagsniff.scan(["collection"], mode="final")
        assert final != tagsniff.scan(["collection"], mode="before")
        same = (
            {"profile": load_mode("final")},
            {"profile": tagsniff.load_profile("physical", ["record-all"])},
            {"confidentiality": "physical", "modality_software": ["record-all"]},
        )
        for arguments in same:
            assert tagsniff.scan(["collection"], **arguments) == final  # type: ignore[arg-type]
        in_layers = (
            {"mode": "before", "confidentiality": "physical", "modality_software": ("record-all",)},
            {"mode": "final", "confidentiality": read_profile("physical")},
            {"mode": "final", "modality_software": [read_profile("record-all")]},
        )
        for arguments in in_layers:
            found = tagsniff.scan(["collection"], without_shipped=arguments["mode"] == "before", **arguments)  # type: ignore[arg-type]
            assert found.values.tolist() == final.values.tolist()

    def test_profiles_may_be_files(self, folder: Path) -> None:
        Path("own.csv").write_text('element,code\n"(0010,0010)",R\n', encoding="utf-8")
        for own in ("own.csv", Path("own.csv")):
            scan = tagsniff.scan(["collection"], mode="before", confidentiality=own)
            assert rows_of(scan.values, element="(0010,0010)")["value"].tolist() == [HIDDEN.decode().strip()]

    def test_options_and_root(self, folder: Path) -> None:
        scan = tagsniff.scan(["collection"], mode="before", options=["retain-uids"], uid_root=ROOT)
        assert "retain-uids" in OPTIONS
        assert rows_of(scan.values, element="(0008,0018)")["code"].tolist() == ["K"]
        assert scan.tables.uid_root == ROOT
        (counted,) = rows_of(tagsniff.scan(["collection"], mode="final", uid_root=ROOT).values, element="(0008,0018)")
        assert counted["value"] == "<3 UIDs under 1.2.3>"

    def test_bound_and_partial_files(self, folder: Path) -> None:
        Path("collection/c").write_bytes(image(3)[:-1])
        scan = tagsniff.scan(["collection"], mode="final", max_values=1, keep_partial=True)
        assert (scan.tables.files, scan.tables.partial_files, scan.tables.max_values) == (3, 1, 1)
        (uids,) = rows_of(scan.elements, element="(0008,0018)")
        assert uids["is_bounded"]
        assert not scan.is_complete()

    @pytest.mark.parametrize("workers", [None, 1, 2])
    def test_the_number_of_workers_changes_nothing(self, folder: Path, workers: int | None) -> None:
        assert tagsniff.scan(["collection"], mode="final", workers=workers) == tagsniff.scan(
            ["collection"], mode="final"
        )


class TestMisuse:
    @pytest.fixture(autouse=True)
    def unread(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_arguments: object) -> None:
            raise AssertionError("a file was looked for")

        monkeypatch.setattr("tagsniff.scanning.run.walk_batches", refuse)

    @pytest.mark.parametrize(
        "others",
        [
            {"confidentiality": "basic"},
            {"modality_software": ()},
            {"options": ["retain-uids"]},
            {"uid_root": ROOT},
        ],
    )
    def test_a_profile_excludes_its_parts(self, others: dict[str, object]) -> None:
        (name,) = others
        with pytest.raises(ValueError, match=name):
            tagsniff.scan(["in"], profile=load_mode("final"), **others)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "arguments",
        [
            {},
            {"confidentiality": "basic"},
            {"modality_software": ["record-all"]},
            {"mode": "inventory", "confidentiality": "basic"},
            {"mode": "inventory", "options": ["retain-uids"]},
            {"mode": "inventory", "uid_root": "1.2"},
            {"mode": "after"},
            {"mode": "final", "uid_root": "1.2.x"},
            {"mode": "final", "confidentiality": read_profile("record-all")},
            {"mode": "final", "modality_software": [read_profile("basic")]},
            {"mode": "final", "confidentiality": read_profile("basic"), "options": ["retain-uids"]},
            {"mode": "final", "workers": 0},
            {"mode": "final", "workers": -1},
        ],
    )
    def test_wrong_values(self, arguments: dict[str, object]) -> None:
        with pytest.raises(ValueError, match=r".") as caught:
            tagsniff.scan(["in"], **arguments)  # type: ignore[arg-type]
        assert not isinstance(caught.value, tagsniff.ProfileError)

    @pytest.mark.parametrize(
        "arguments",
        [
            {"profile": "basic"},
            {"mode": "final", "modality_software": "ge"},
            {"mode": "final", "options": "retain-uids"},
            {"mode": "final", "workers": "2"},
            {"mode": "final", "workers": 2.0},
            {"mode": "final", "workers": True},
        ],
    )
    def test_wrong_types(self, arguments: dict[str, object]) -> None:
        with pytest.raises(TypeError):
            tagsniff.scan(["in"], **arguments)  # type: ignore[arg-type]

    def test_wrong_profiles(self) -> None:
        with pytest.raises(tagsniff.ProfileError, match="gone") as caught:
            tagsniff.scan(["in"], mode="final", confidentiality="gone", modality_software=["gone too"])
        assert len(caught.value.mistakes) == 2


def test_modes_name_profiles_of_the_right_kind() -> None:
    for mode in MODES.values():
        assert read_profile(mode.confidentiality).kind is ProfileKind.CONFIDENTIALITY
        kinds = {read_profile(name).kind for name in mode.modality_software or ()}
        assert kinds <= {ProfileKind.MODALITY_SOFTWARE}


@pytest.mark.skipif(not README.is_file(), reason="the source tree is not here")
def test_the_example_of_the_readme_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = [block for block in python_blocks(README.read_text("utf-8")) if "tagsniff.scan(" in block]
    exec(compile(example, README.name, "exec"), {})
    assert "(0008,103e) C Abdomen routine 3" in capsys.readouterr().out
    assert Path("collection.scan").is_file()


def python_blocks(markdown: str) -> list[str]:
    return [part.partition("```")[0] for part in markdown.split("```python\n")[1:]]

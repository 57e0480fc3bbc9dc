"""Patients of scans that are merged or saved: exact with one key, not known with several.

For: the key of a scan, from `tagsniff.scan` to saved scans, and `tagsniff.merge`.
Never: the same expectation from a scan of all files with the code under test alone; counts are known by hand here.
Standard: PS3.3 C.7.1.1 (Patient ID), edition 2026b.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10, uid_value
from tagsniff.output.key_file import KeyFileError
from tagsniff.scanning.patient_keys import KEY_ID_BYTES, identify_key, process_key
from tagsniff.scanning.run_record import NO_RUN
from tagsniff.scanning.saved import pack_scan
from tagsniff.scanning.saved_checks import check_contents

ONE, OTHER = bytes(range(32)), bytes(range(1, 33))

# Series and Patient ID: series 1.2 has two patients, patient B two series; the last two files have no Patient ID.
FILES = [
    *(("1.1", b"A"), ("1.2", b"A"), ("1.2", b"B"), ("1.3", b"B"), ("1.4", b"C"), ("1.1", b"A"), ("1.5", None)),
    ("1.6", None),
]
NAME = "(0010,0010)"


def write(folder: Path) -> list[Path]:
    paths = []
    for number, (series, patient) in enumerate(FILES):
        parts = [EXPLICIT.element(0x00080060, "CS", b"MR")]
        parts += [EXPLICIT.element(0x00100010, "PN", b"name of " + (patient or b"-") + b" ")]
        parts += [] if patient is None else [EXPLICIT.element(0x00100020, "LO", patient + b" ")]
        parts.append(EXPLICIT.element(0x0020000E, "UI", uid_value(series)))
        paths.append(folder / f"{number}")
        paths[-1].write_bytes(part10(join(parts), EXPLICIT_LITTLE_UID).data)
    return paths


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write(tmp_path_factory.mktemp("patients"))


def scan(paths: list[Path], key: bytes | None = ONE, mode: str = "final", workers: int = 1) -> tagsniff.Scan:
    return tagsniff.scan(paths, mode=mode, key=key, workers=workers)


def pack(scan: tagsniff.Scan) -> bytes:
    return pack_scan(replace(scan.tables, run=NO_RUN))


def counts_of_names(scan: tagsniff.Scan) -> dict[str, tuple[int, int, int]]:
    return {row.value: (row.files, row.series, row.patients) for row in scan.rows() if row.element == NAME}


EXPECTED = {
    "name of A": (3, 2, 1),
    "name of B": (2, 2, 1),
    "name of C": (1, 1, 1),
    "name of -": (2, 2, 1),
}


class TestOneKey:
    def test_counts(self, paths: list[Path]) -> None:
        found = scan(paths)
        assert (found.tables.files, found.tables.series, found.tables.patients) == (8, 6, 4)
        assert counts_of_names(found) == EXPECTED
        (use,) = [row for row in found.elements if row["element"] == NAME]
        assert (use["files"], use["series"], use["patients"], use["patient_relation"]) == (8, 6, 4, "PER_PATIENT")

    @pytest.mark.parametrize("mode", ["inventory", "before", "final"])
    def test_every_split_gives_the_same_bytes(self, paths: list[Path], mode: str) -> None:
        usual = pack(scan(paths, mode=mode))
        assert scan(paths, mode=mode).tables.patients == 4
        for end in range(len(paths) + 1):
            parts = [scan(paths[:end], mode=mode), scan(paths[end:], mode=mode)]
            assert pack(tagsniff.merge(parts)) == usual
            assert pack(tagsniff.merge(parts[::-1])) == usual

    def test_any_order_and_threads_give_the_same_bytes(self, paths: list[Path]) -> None:
        usual = pack(scan(paths))
        assert pack(scan(paths[::-1])) == usual
        assert pack(scan(paths, workers=4)) == usual

    def test_a_scan_that_was_saved_can_be_merged(self, paths: list[Path], tmp_path: Path) -> None:
        for number, part in enumerate((paths[:3], paths[3:])):
            scan(part).save(tmp_path / f"{number}")
        merged = tagsniff.merge([tagsniff.load(tmp_path / "0"), tagsniff.load(tmp_path / "1")])
        assert pack(merged) == pack(scan(paths))

    def test_scans_of_one_process_have_one_key(self, paths: list[Path]) -> None:
        parts = [scan(paths[:3], key=None), scan(paths[3:], key=None)]
        assert pack(tagsniff.merge(parts)) == pack(scan(paths, key=None))

    def test_scans_without_files_have_no_key(self, paths: list[Path], tmp_path: Path) -> None:
        (tmp_path / "text").write_text("no DICOM", encoding="ascii")
        nothing = scan([tmp_path / "text"], key=OTHER)
        assert (nothing.tables.key_id, nothing.tables.patients) == (b"", 0)
        merged = tagsniff.merge([scan(paths), nothing])
        assert merged.tables.patients == 4
        assert merged.tables.key_id == identify_key(ONE)


class TestSeveralKeys:
    """Patients are not known: -1 everywhere. All other counts are exact."""

    def parts(self, paths: list[Path]) -> list[tagsniff.Scan]:
        return [scan(paths[:3], ONE), scan(paths[3:6], OTHER), scan(paths[6:], ONE)]

    @pytest.mark.parametrize("mode", ["inventory", "final"])
    def test_patients_are_not_known(self, paths: list[Path], mode: str) -> None:
        merged = tagsniff.merge([scan(paths[:4], ONE, mode), scan(paths[4:], OTHER, mode)])
        tables = merged.tables
        assert (tables.files, tables.series, tables.patients) == (8, 6, -1)
        assert (tables.key_id, tables.patient_digests) == (b"", ())
        assert tables.patient_series[["series", "patient"]].tolist() == [(number, -1) for number in range(6)]
        for table in (tables.identities, tables.uses, tables.rows):
            assert set(table["patients"].tolist()) <= {-1}
        assert set(tables.uses["patient_relation"].tolist()) <= {0}
        known = scan(paths, mode=mode).tables
        for name in ("identities", "uses", "rows"):
            assert getattr(tables, name)["series"].tolist() == getattr(known, name)["series"].tolist()
        check_contents(tables)

    def test_it_does_not_depend_on_order_or_split(self, paths: list[Path]) -> None:
        parts = self.parts(paths)
        usual = pack(tagsniff.merge(parts))
        for order in itertools.permutations(parts):
            assert pack(tagsniff.merge(order)) == usual
            first, second, third = order
            assert pack(tagsniff.merge([tagsniff.merge([first, second]), third])) == usual
            assert pack(tagsniff.merge([first, tagsniff.merge([second, third])])) == usual

    def test_a_scan_that_does_not_know_them_stays_so(self, paths: list[Path]) -> None:
        unknown = tagsniff.merge(self.parts(paths)[:2])
        assert tagsniff.merge([unknown]).tables.patients == -1
        assert pack(tagsniff.merge([unknown])) == pack(unknown)
        assert tagsniff.merge([unknown, tagsniff.merge([])]).tables.patients == -1
        assert tagsniff.merge([unknown, unknown]).tables.patients == -1

    def test_it_can_be_saved(self, paths: list[Path], tmp_path: Path) -> None:
        unknown = tagsniff.merge(self.parts(paths))
        unknown.save(tmp_path / "scan")
        assert pack(tagsniff.load(tmp_path / "scan")) == pack(unknown)

    def test_two_processes_have_two_keys(self, paths: list[Path], tmp_path: Path) -> None:
        script = (
            f"import tagsniff; tagsniff.scan({[*map(str, paths)]!r}, mode='final').save({str(tmp_path / 'scan')!r})"
        )
        subprocess.run([sys.executable, "-c", script], check=True)
        saved = tagsniff.load(tmp_path / "scan")
        assert saved.tables.patients == 4
        assert saved.tables.key_id != identify_key(process_key())
        assert tagsniff.merge([saved, scan(paths, key=None)]).tables.patients == -1


class TestKey:
    def test_it_is_not_in_a_saved_scan(self, paths: list[Path], tmp_path: Path) -> None:
        scan(paths).save(tmp_path / "scan")
        saved = (tmp_path / "scan").read_bytes()
        assert ONE not in saved
        assert ONE.hex().encode() not in saved
        assert identify_key(ONE) in saved

    def test_it_does_not_change_what_is_shown(self, paths: list[Path]) -> None:
        one, other = scan(paths, ONE), scan(paths, OTHER)
        assert one.report() == other.report()
        assert one.tables.patient_digests != other.tables.patient_digests

    @pytest.mark.parametrize("mode", ["inventory", "final"])
    def test_scans_of_different_keys_are_compared_by_their_content(self, paths: list[Path], mode: str) -> None:
        assert scan(paths, ONE, mode) == scan(paths, OTHER, mode)
        assert scan(paths, ONE, mode) != scan(paths[:-1], OTHER, mode)
        # The same series, with other patients.
        assert scan(paths[:5], ONE, mode) != scan([*paths[:4], paths[5]], OTHER, mode)
        unknown = tagsniff.merge([scan(paths[:3], ONE, mode), scan(paths[3:], OTHER, mode)])
        assert scan(paths, ONE, mode) != unknown

    def test_the_id_tells_keys_apart(self) -> None:
        assert len(identify_key(ONE)) == KEY_ID_BYTES
        assert len({identify_key(key) for key in (ONE, OTHER, bytes(32), process_key())}) == 4

    def test_a_path_is_that_of_a_key_file(self, paths: list[Path], tmp_path: Path) -> None:
        found = tagsniff.scan(paths, mode="final", key=tmp_path / "key")
        digits = (tmp_path / "key").read_text(encoding="ascii")
        assert found.tables.key_id == identify_key(bytes.fromhex(digits))
        again = tagsniff.scan(paths, mode="inventory", key=str(tmp_path / "key"))
        assert again.tables.key_id == found.tables.key_id

    @pytest.mark.parametrize("key", [b"", bytes(31), bytes(64)])
    def test_a_key_of_another_length(self, paths: list[Path], key: bytes) -> None:
        for mode in ("inventory", "final"):
            with pytest.raises(ValueError, match="a key has 32 bytes"):
                scan(paths, key, mode)

    def test_what_is_no_key(self, paths: list[Path], tmp_path: Path) -> None:
        with pytest.raises(TypeError):
            tagsniff.scan(paths, mode="final", key=1)  # type: ignore[arg-type]
        (tmp_path / "key").write_text("no key", encoding="ascii")
        (tmp_path / "key").chmod(0o600)
        with pytest.raises(KeyFileError):
            tagsniff.scan(paths, mode="final", key=tmp_path / "key")
        with pytest.raises(OSError, match=os.strerror(2)):
            tagsniff.scan(paths, mode="final", key=tmp_path / "no" / "key")

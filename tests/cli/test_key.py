"""``--key``, the key beside a saved scan, and patients that are not known in every format.

For: ``tagsniff before`` and ``final`` with ``--save`` and ``--out``, ``merge`` and ``report``.
Never: a key in an output or a message.
Standard: PS3.3 C.7.1.1 (Patient ID), edition 2026b.
"""

from __future__ import annotations

import csv
import json
import os
import stat
from pathlib import Path

import pytest
from pyarrow import parquet

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10, uid_value
from tagsniff.cli import main
from tagsniff.output.key_file import KEY_NAME, read_or_make_key
from tagsniff.scanning.patient_keys import identify_key


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the folders a and b; patient P1 is in both of them."""
    monkeypatch.chdir(tmp_path)
    for name, patients in (("a", (b"P1", b"P2")), ("b", (b"P1", b"P3"))):
        (tmp_path / name).mkdir()
        for number, patient in enumerate(patients):
            data_set = join(
                [
                    EXPLICIT.element(0x00100020, "LO", patient),
                    EXPLICIT.element(0x0020000E, "UI", uid_value(f"1.2.{len(patients)}.{number + 10 * ord(name)}")),
                    EXPLICIT.element(0x00104000, "LT", b"note"),
                ]
            )
            (tmp_path / name / f"{number}").write_bytes(part10(data_set, EXPLICIT_LITTLE_UID).data)
    return tmp_path


def save(*arguments: str) -> int:
    return main(["final", *arguments, "-o", "report.txt", "--force"])


def key_of(path: str) -> bytes:
    return tagsniff.load(path).tables.key_id


class TestKeyFile:
    def test_scans_in_one_folder_have_the_key_beside_them(
        self, folder: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert save("a", "--save", "a.scan") == save("b", "--save", "b.scan") == 0
        key = read_or_make_key(KEY_NAME)
        assert key_of("a.scan") == key_of("b.scan") == identify_key(key)
        assert main(["merge", "a.scan", "b.scan", "-o", "whole.scan"]) == 0
        assert tagsniff.load("whole.scan").tables.patients == 3
        captured = "".join(capfd.readouterr())
        assert "2 scans merged: 4 files, 4 series, 3 patients\n" in captured
        for written in (captured.encode(), *(path.read_bytes() for path in folder.iterdir() if path.suffix)):
            if written != Path(KEY_NAME).read_bytes():
                assert key.hex().encode() not in written
                assert key not in written

    @pytest.mark.skipif(os.name != "posix", reason="modes")
    def test_its_mode(self, folder: Path) -> None:
        assert save("a", "--save", "a.scan") == 0
        assert stat.S_IMODE(Path(KEY_NAME).stat().st_mode) == 0o600

    def test_the_key_of_a_folder_is_beside_it(self, folder: Path) -> None:
        assert main(["final", "a", "--out", "final"]) == 0
        assert main(["before", "b", "--out", "before"]) == 0
        assert KEY_NAME in os.listdir(folder)
        assert KEY_NAME not in os.listdir("final")
        assert key_of("final/final.scan") == key_of("before/before.scan")

    def test_no_key_without_a_saved_scan(self, folder: Path) -> None:
        assert main(["final", "a", "-o", "report.txt"]) == 0
        assert main(["inventory", "a", "-o", "inventory.txt"]) == 0
        assert KEY_NAME not in os.listdir(folder)

    def test_a_key_that_is_named(self, folder: Path) -> None:
        (folder / "house").mkdir()
        assert save("a", "--save", "a.scan", "--key", "house/key") == 0
        assert save("b", "--save", "b.scan", "--key", "house/key") == 0
        assert KEY_NAME not in os.listdir(folder)
        assert key_of("a.scan") == key_of("b.scan") == identify_key(read_or_make_key("house/key"))

    @pytest.mark.parametrize("content", ["", "no key", "0" * 63])
    def test_what_is_no_key_is_misuse(self, folder: Path, content: str, capfd: pytest.CaptureFixture[str]) -> None:
        Path("key").write_text(content, encoding="ascii")
        os.chmod("key", 0o600)
        assert save("a", "--save", "a.scan", "--key", "key") == 2
        assert "key: this is no key: 64 hexadecimal digits and a line end" in capfd.readouterr().err
        assert not Path("a.scan").exists()

    @pytest.mark.skipif(os.name != "posix", reason="modes")
    def test_a_key_that_others_can_read_is_misuse(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        read_or_make_key(KEY_NAME)
        os.chmod(KEY_NAME, 0o644)
        assert save("a", "--save", "a.scan") == 2
        assert "other users may read or change it (mode 0644)" in capfd.readouterr().err

    def test_a_folder_that_does_not_exist(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        assert save("a", "--key", "no/key") == 2
        assert "cannot read or make the key no/key" in capfd.readouterr().err

    def test_an_output_does_not_replace_the_key(self, folder: Path) -> None:
        key = read_or_make_key("key")
        assert main(["final", "a", "-o", "key", "--key", "key", "--force"]) == 2
        assert read_or_make_key("key") == key


class TestUnknown:
    """Scans with different keys: ``-``, null or an empty cell."""

    @pytest.fixture
    def merged(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> str:
        assert save("a", "--save", "a.scan", "--key", "one") == save("b", "--save", "b.scan", "--key", "other") == 0
        assert main(["merge", "a.scan", "b.scan", "-o", "whole.scan"]) == 0
        said = capfd.readouterr().err
        assert "2 scans merged: 4 files, 4 series, an unknown number of patients\n" in said
        assert "--key FILE" in said
        return "whole.scan"

    def test_csv(self, merged: str) -> None:
        assert main(["report", merged, "-o", "report.csv"]) == 0
        with open("report.csv", encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if row["kind"] != "run"]
        assert {row["patients"] for row in rows} == {""}
        (row,) = [row for row in rows if row["element"] == "(0010,4000)"]
        assert (row["files"], row["series"], row["occurrences"]) == ("4", "4", "4")

    def test_json(self, merged: str) -> None:
        assert main(["report", merged, "-o", "report.json"]) == 0
        whole = json.loads(Path("report.json").read_text(encoding="utf-8"))
        assert whole["totals"]["patients"] is None
        assert {row["patients"] for row in whole["rows"]} == {None}
        assert main(["report", merged, "-o", "report.jsonl"]) == 0
        lines = [json.loads(line) for line in Path("report.jsonl").read_text(encoding="utf-8").splitlines()]
        assert lines[1:] == whole["rows"]

    def test_text(self, merged: str, capfd: pytest.CaptureFixture[str]) -> None:
        assert main(["report", merged, "-o", "again.txt"]) == 0
        assert "4 files read, 4 series, an unknown number of patients" in capfd.readouterr().err
        lines = Path("again.txt").read_text(encoding="utf-8").splitlines()
        (row,) = [line for line in lines if line.endswith("note")]
        assert row.split()[:4] == ["4", "4", "-", "4"]
        (heading,) = [line for line in lines if "patients" in line]
        # The columns are aligned to the right.
        assert heading.index("patients") + len("patients") == row.index("-") + 1

    def test_parquet_and_arrow(self, merged: str) -> None:
        assert main(["report", merged, "-o", "report.parquet"]) == 0
        assert set(parquet.read_table("report.parquet")["patients"].to_pylist()) == {None}
        scan = tagsniff.load(merged)
        assert set(scan.to_arrow("elements")["patients"].to_pylist()) == {None}
        assert set(scan.values["patients"].tolist()) == {-1}

    def test_a_shared_report(self, merged: str) -> None:
        assert main(["report", merged, "--share", "-o", "report.csv"]) == 0
        with open("report.csv", encoding="utf-8", newline="") as stream:
            assert {row["patients"] for row in csv.DictReader(stream)} == {""}

    def test_an_inventory(self, folder: Path) -> None:
        parts = [tagsniff.scan([name], mode="inventory", key=bytes([number] * 32)) for number, name in enumerate("ab")]
        report = tagsniff.merge(parts).report()
        assert report.patients == -1
        assert {row.patients for row in report.rows} == {-1}  # type: ignore[union-attr]

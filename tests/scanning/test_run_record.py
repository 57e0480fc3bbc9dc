"""What a scan records of its run, and what becomes of it in saved, merged and reported scans.

For: `tagsniff.scanning.run_record`.
Never: how a format shows it; that is in the tests of the writers.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, part10
from tagsniff.cli import main
from tagsniff.scanning.run_record import NO_RUN, RunRecord, begin_run, merge_runs


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    for name in ("a", "b"):
        data = part10(EXPLICIT.element(0x00100010, "PN", b"Doe^Jane"), EXPLICIT_LITTLE_UID).data
        Path("in", name).write_bytes(data)
    return tmp_path


def test_the_date_is_that_of_source_date_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert begin_run("before") == RunRecord(tagsniff.__version__, "before", "1970-01-02T00:00:00Z")


@pytest.mark.parametrize("text", ["", "soon", "-1", "1.5", "9" * 30, "\u0661"])
def test_without_it_the_date_is_that_of_the_clock(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    before = datetime.now(UTC).replace(microsecond=0)
    date = datetime.strptime(begin_run("before").date, "%Y-%m-%dT%H:%M:%S%z")
    assert before <= date <= datetime.now(UTC)


def test_a_merge_has_the_latest_date_in_any_order() -> None:
    runs = [RunRecord("1.0", "before", "2026-01-01"), RunRecord("0.9", "before", "2026-02-01"), NO_RUN]
    for order in permutations(runs):
        assert merge_runs(order) == RunRecord("0.9, 1.0", "before", "2026-02-01")
        assert merge_runs([merge_runs(order[:2]), *order[2:]]) == merge_runs(order)
    chosen = [runs[0]._replace(names=("b",)), runs[1]._replace(names=("a", "b"))]
    assert merge_runs(chosen).names == merge_runs(chosen[::-1]).names == ("a", "b")
    assert merge_runs([runs[0], runs[1]._replace(mode="final")]).mode == ""
    assert merge_runs([]) == NO_RUN


def test_a_report_on_chosen_files_says_which(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert main(["before", "in", "-g", "a*", "-g", "A", "--save", "scan", "-o", "x.csv"]) == 0
    assert "only files named A or a*" in Path("x.csv").read_text("utf-8")
    assert main(["report", "scan", "-o", "out.json"]) == 0
    assert json.loads(Path("out.json").read_text("utf-8"))["names"] == ["A", "a*"]
    assert main(["inventory", "in", "-o", "all.json"]) == 0
    assert "names" not in json.loads(Path("all.json").read_text("utf-8"))
    for command in (["find", "--element", "PatientName"], ["inventory"]):
        assert main([*command, "in", "-g", "b", "-o", "y.csv", "--force"]) == 0
        assert "only files named b" in Path("y.csv").read_text("utf-8")


def test_a_saved_scan_keeps_the_run_and_the_report_shows_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert main(["final", "in", "--save", "scan", "-o", "x"]) == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert main(["report", "scan", "-o", "out.json"]) == 0
    body = json.loads(Path("out.json").read_text("utf-8"))
    assert (body["tagsniff"], body["mode"], body["date"]) == (tagsniff.__version__, "final", "1970-01-01T00:00:00Z")


def test_scans_of_two_days_are_equal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their data are; only their saved files and reports have another date."""
    scans = []
    for seconds in ("0", "86400"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
        scans.append(tagsniff.scan(["in"], mode="before"))
    one, two = scans
    assert one == two
    assert one.report() == two.report()
    assert one.tables.run != two.tables.run
    parts = [tagsniff.scan([f"in/{name}"], mode="before") for name in "ab"]
    assert tagsniff.merge(parts) == one


def test_a_profile_may_be_given_with_the_name_of_the_mode(folder: Path) -> None:
    profile = tagsniff.load_profile("basic")
    assert tagsniff.scan(["in"], profile=profile).tables.run.mode == ""
    assert tagsniff.scan(["in"], profile=profile, mode="final").tables.run.mode == "final"
    with pytest.raises(ValueError, match="mode is"):
        tagsniff.scan(["in"], profile=profile, mode="other")

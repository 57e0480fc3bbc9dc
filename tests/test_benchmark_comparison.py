"""The check before each timed comparison of tools: a correct report passes, a wrong one does not.

For: benchmarks/peers, whose reference is pydicom.
Never: a measurement of time, or a tool that the suite does not need otherwise.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tagsniff.cli import main

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
KINDS = "ct,mr,csa,blocks,implicit,big,deflated,jpeg,rtstruct,sr,enhanced"

pytestmark = pytest.mark.skipif(not BENCHMARKS.is_dir(), reason="there is no source tree")


@pytest.fixture(scope="module")
def report_check() -> Iterator[ModuleType]:
    """Return the module that compares reports with the reference."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield importlib.import_module("peers.tagsniff_report")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small collection, the reference result, and the two reports of tagsniff."""
    place = tmp_path_factory.mktemp("comparison")
    sizes = ["--files", "30", "--kinds", KINDS, "--frames", "2", "--pixel-bytes", "1024"]
    subprocess.run([sys.executable, BENCHMARKS / "collection.py", place / "files", *sizes], check=True)
    words = [sys.executable, "-m", "peers.pydicom_raw", place / "files", place / "reference", "--elements"]
    subprocess.run(words, check=True, env={**os.environ, "PYTHONPATH": str(BENCHMARKS)})
    for name, command, options in (("before", "before", []), ("everything", "final", record_everything())):
        paths = ["-o", str(place / name), "--exclusions", str(place / f"{name}.csv")]
        assert main([command, str(place / "files"), "--format", "jsonl", *paths, *options]) == 0
    return place


def record_everything() -> list[str]:
    """Return the options that record every value."""
    profile = str(BENCHMARKS / "peers" / "record_everything.csv")
    return ["--without-shipped", "--confidentiality", profile, "--modality-software", "record-all", "--all-values"]


def read_reference(place: Path) -> tuple[dict[Any, int], dict[Any, int]]:
    """Return the files of each row, and those of each identity and VR."""
    rows = importlib.import_module("peers.rows")
    files, failed, found = rows.read_result(str(place / "reference"))
    assert (files, failed) == (30, [])
    whole = {row[:2]: count for row, count in found.items() if row[2] == rows.ALL_VALUES}
    return {row: count for row, count in found.items() if row[2] != rows.ALL_VALUES}, whole


def test_correct_reports_pass(report_check: ModuleType, place: Path) -> None:
    reference, of_element = read_reference(place)
    assert len(reference) > 2000
    assert report_check.differences_of_all(reference, place / "everything") == []
    assert report_check.differences_of_profile(reference, of_element, place / "before") == []


@pytest.mark.parametrize(
    "name",
    [
        "(0010,0010)",
        "(0028,0010)",
        '(0009,"GEMS_IDEN_01",02)',
        "(0040,0275)[<0>](0040,0008)[<0>](0008,0104)",
        '(0029,"SIEMENS CSA HEADER",10)',
        "(0040,0275)",
        "(7fe0,0010)",
    ],
)
def test_a_wrong_report_does_not_pass(report_check: ModuleType, place: Path, name: str) -> None:
    """One file too many, or a row that is not in the reference."""
    reference, _ = read_reference(place)
    row = next(row for row in reference if row[0] == name)
    more = {**reference, row: reference[row] + 1}
    assert len(report_check.differences_of_all(more, place / "everything")) == 1
    less = {other: files for other, files in reference.items() if other != row}
    assert len(report_check.differences_of_all(less, place / "everything")) == 1


def test_a_wrong_report_of_a_profile_does_not_pass(report_check: ModuleType, place: Path) -> None:
    reference, of_element = read_reference(place)
    strange = {**of_element, ("(0011,1234)", "LO"): 1}
    assert len(report_check.differences_of_profile(reference, strange, place / "before")) == 1
    report = report_check.read_report(place / "before")
    recorded = next(row for row in reference if (row[0], row[1], report_check.show(row)[0]) in report.values)
    more = {**reference, recorded: reference[recorded] + 1}
    assert len(report_check.differences_of_profile(more, of_element, place / "before")) == 1
    hidden = next(element for element, files in report.codes.items() if of_element.get(element) == files)
    fewer = {**of_element, hidden: of_element[hidden] - 1}
    assert len(report_check.differences_of_profile(reference, fewer, place / "before")) == 1
    assert report_check.differences_of_all(reference, place / "before") != []

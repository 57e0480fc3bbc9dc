"""The files of the benchmark collection: equal for equal seeds, and read alike by pydicom and tagsniff.

For: benchmarks/collection.py, the basis of every measurement.
Never: a measurement of time.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import tagsniff
from pydicom_rows import Reference
from read_rows import paths, vr_text
from tagsniff.status import Status

GENERATOR = Path(__file__).parents[1] / "benchmarks" / "collection.py"
KINDS = ("ct", "mr", "csa", "blocks", "implicit", "big", "deflated", "jpeg", "rtstruct", "sr", "enhanced", "turns")
EXPECTED_DEVIATIONS = {"blocks": {Status.CREATOR_MISSING, Status.DUPLICATE_CREATOR}}

pytestmark = pytest.mark.skipif(not GENERATOR.is_file(), reason="there is no source tree")


def write_collection(folder: Path, *options: str) -> dict[str, bytes]:
    """Write a small collection; return its files by path."""
    command = [sys.executable, GENERATOR, folder, "--frames", "3", "--pixel-bytes", "2048", *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.dcm")}


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with some files of each kind."""
    folder = tmp_path_factory.mktemp("collection")
    for kind in KINDS:
        write_collection(folder / kind, "--files", "4", "--kinds", kind)
    return folder


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    first = write_collection(tmp_path / "first", "--files", "60")
    assert write_collection(tmp_path / "second", "--files", "60") == first
    assert len(first) == 60
    assert {name.split("/")[0] for name in first} == set(KINDS)
    other = write_collection(tmp_path / "third", "--files", "60", "--seed", "2")
    assert set(other.values()).isdisjoint(first.values())


def test_options(tmp_path: Path) -> None:
    files = write_collection(tmp_path / "some", "--files", "7", "--kinds", "mr,sr", "--pixel-bytes", "4096")
    assert len(files) == 7
    assert {name.split("/")[0] for name in files} == {"mr", "sr"}
    command = [sys.executable, GENERATOR, tmp_path / "some"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 2


@pytest.mark.parametrize("kind", KINDS)
def test_pydicom_and_tagsniff_agree(collection: Path, kind: str) -> None:
    files = sorted((collection / kind).rglob("*.dcm"))
    assert len(files) == 4
    for path in files:
        header = tagsniff.read_header(path)
        assert header.status is Status.OK
        assert {deviation.status for deviation in header.deviations} == EXPECTED_DEVIATIONS.get(kind, set())
        reference = Reference(path).rows
        ours = paths(header)
        assert len(set(ours)) == len(ours)
        assert set(ours) == set(reference)
        for index, place in enumerate(ours):
            theirs = reference[place]
            assert theirs.vrs is None or vr_text(header.elements["vr"][index]) in theirs.vrs, place
            if theirs.value and not place.endswith("]") and header.elements["value_length"][index] == theirs.length:
                assert header.value(index)[: len(theirs.value)] == theirs.value, place


def test_sizes_are_realistic(collection: Path) -> None:
    """CT and MR images have 100 to 300 elements and one pixel element; frames and reports are nested."""
    for kind in ("ct", "mr"):
        for path in (collection / kind).rglob("*.dcm"):
            elements = tagsniff.read_header(path).elements
            assert 100 <= len(elements) <= 300
            assert (elements["tag"] == 0x7FE00010).sum() == 1
    tags = tagsniff.read_header(next((collection / "blocks").rglob("*.dcm"))).elements["tag"]
    assert tags[tags > 0x7FE00010].size >= 5
    frames = tagsniff.read_header(next((collection / "enhanced").rglob("*.dcm"))).elements
    assert len(frames) > 3 * 50
    assert frames["depth"].max() == 3
    assert tagsniff.read_header(next((collection / "sr").rglob("*.dcm"))).elements["depth"].max() >= 6

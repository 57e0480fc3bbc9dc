"""How long the scanner of the GDCM backend takes for the tags that sort images, compared with python-gdcm's own.

For: ``make bench``; python-gdcm must be installed.
Never: a time of two scanners with different results. tagsniff reads with one thread, as GDCM does, and with as many as
there are cores. Each measurement uses a new scanner.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tagsniff.backends.gdcm import Scanner

gdcm = pytest.importorskip("gdcm")

TAGS = {
    "series": (0x00080060, 0x0020000D, 0x0020000E, 0x00200013, 0x00200032, 0x00200037, 0x00280010, 0x00280011),
    "patient": (0x00100010, 0x00100020),
}
SCANNERS: dict[str, Callable[[], Any]] = {
    "tagsniff": Scanner,
    "tagsniff, one thread": lambda: Scanner(workers=1),
    "gdcm": gdcm.Scanner,
}


def scan(make_scanner: Callable[[], Any], tags: tuple[int, ...], paths: list[str]) -> Any:
    scanner = make_scanner()
    for tag in tags:
        scanner.AddTag(gdcm.Tag(tag >> 16, tag & 0xFFFF))
    assert scanner.Scan(paths)
    return scanner


def results(scanner: Any, tags: tuple[int, ...], paths: list[str]) -> list[Any]:
    asked = [gdcm.Tag(tag >> 16, tag & 0xFFFF) for tag in tags]
    values = [[scanner.GetValue(path, tag) for tag in asked] for path in paths]
    return [scanner.GetKeys(), scanner.GetValues(), [scanner.GetOrderedValues(tag) for tag in asked], values]


@pytest.mark.parametrize("name", SCANNERS)
@pytest.mark.parametrize("asked", TAGS)
def test_scanner(benchmark: BenchmarkFixture, typical: Path, asked: str, name: str) -> None:
    tags, paths = TAGS[asked], sorted(str(path) for path in typical.rglob("*") if path.is_file())
    found = [results(scan(make, tags, paths), tags, paths) for make in SCANNERS.values()]
    assert len(found[0][0]) == len(paths) > 0
    assert all(other == found[0] for other in found)
    benchmark.group = f"{asked}, {len(paths)} files"
    benchmark(scan, SCANNERS[name], tags, paths)

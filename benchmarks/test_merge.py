"""How long scans of parts of a collection take to merge, and to be ordered.

For: ``make bench``; what threads, processes and resumed runs end with.
Never: the scans themselves, which are made before.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import tagsniff
from conftest import FILES

PARTS = 4


@pytest.mark.benchmark(group="merge")
@pytest.mark.parametrize("mode", ["inventory", "before", "final"])
def test_merge(benchmark: BenchmarkFixture, typical: Path, mode: str) -> None:
    paths = sorted(typical.rglob("*.dcm"))
    parts = [tagsniff.scan(paths[part::PARTS], mode=mode) for part in range(PARTS)]
    merged = benchmark(tagsniff.merge, parts)
    assert merged.tables.files == FILES
    assert merged == tagsniff.scan(paths, mode=mode)

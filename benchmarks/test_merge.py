"""How long it takes to merge the scans of parts of a collection, and to sort the result.

For: ``make bench``; the last step of threads, processes and resumed runs.
Never: the time of the scans themselves. They are made before.
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

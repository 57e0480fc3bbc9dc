"""How long ``tagsniff.scan`` takes over images: walk, read, parse and collect, without a report.

For: ``make bench``.
Never: the start of a process. The profiles of the mode are loaded in every round.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import tagsniff
from conftest import FILES


@pytest.mark.benchmark(group="collect")
@pytest.mark.parametrize("mode", ["inventory", "before", "final"])
def test_collect(benchmark: BenchmarkFixture, typical: Path, mode: str) -> None:
    scan = benchmark(lambda: tagsniff.scan([typical], mode=mode, workers=1))
    assert scan.tables.files == FILES

"""How long ``read_header`` takes on a file of each kind of the collection.

For: ``make bench``; parsing alone, from bytes in memory.
Never: a comparison between kinds. Their sizes differ.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import tagsniff
from collection import SHARES


@pytest.mark.benchmark(group="parse")
@pytest.mark.parametrize("kind", SHARES)
def test_parse(benchmark: BenchmarkFixture, one_of_each: dict[str, Path], kind: str) -> None:
    data = one_of_each[kind].read_bytes()
    header = benchmark(tagsniff.read_header, data)
    assert header.status is tagsniff.Status.OK
    benchmark.extra_info["elements"] = len(header.elements)

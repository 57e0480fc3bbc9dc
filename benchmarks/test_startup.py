"""How long a fresh interpreter takes to import tagsniff and to answer ``tagsniff --version``.

For: ``make bench``; the target is under 100 ms on an idle machine.
Never: a part of the tests, or a bound that fails on a busy machine. Python alone is measured for comparison.
"""

from __future__ import annotations

import subprocess
import sys

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

COMMANDS = {
    "python alone": ["-c", "pass"],
    "import tagsniff": ["-c", "import tagsniff"],
    "tagsniff --version": ["-m", "tagsniff", "--version"],
}


@pytest.mark.benchmark(group="startup")
@pytest.mark.parametrize("name", COMMANDS)
def test_startup(benchmark: BenchmarkFixture, name: str) -> None:
    command = [sys.executable, *COMMANDS[name]]
    benchmark.pedantic(
        subprocess.run, (command,), {"check": True, "stdout": subprocess.DEVNULL}, rounds=20, warmup_rounds=2
    )

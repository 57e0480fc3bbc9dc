"""How long a fresh interpreter takes to import tagsniff, to answer ``--version``, and to scan a folder without files.

For: ``make bench``; the targets on an idle machine are 50 ms for ``inventory`` and 70 ms for ``before``.
Never: a part of the tests, or a bound that fails on a busy machine. Python alone is measured for comparison.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

COMMANDS = {
    "python alone": ["-c", "pass"],
    "import tagsniff": ["-c", "import tagsniff"],
    "tagsniff --version": ["-m", "tagsniff", "--version"],
    "tagsniff inventory": ["-m", "tagsniff", "inventory", ".", "--exclusions", os.devnull],
    "tagsniff before": ["-m", "tagsniff", "before", ".", "--exclusions", os.devnull],
}


@pytest.mark.benchmark(group="startup")
@pytest.mark.parametrize("name", COMMANDS)
def test_startup(benchmark: BenchmarkFixture, name: str, tmp_path: Path) -> None:
    command = [sys.executable, *COMMANDS[name]]
    arguments = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    benchmark.pedantic(subprocess.run, (command,), arguments, rounds=20, warmup_rounds=2)

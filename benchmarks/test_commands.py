"""How long the commands take over images, from the start of the process to its end.

For: ``make bench``.
Never: a bound that fails on a busy machine; the targets are measured by targets.py.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tagsniff_commands import tagsniff


@pytest.mark.benchmark(group="commands")
@pytest.mark.parametrize("name", ["inventory", "before", "final"])
def test_command(benchmark: BenchmarkFixture, typical: Path, tmp_path: Path, name: str) -> None:
    command = tagsniff(name, name, typical, tmp_path)

    def set_up() -> None:
        for path in command.writes:
            path.unlink(missing_ok=True)

    def run() -> None:
        subprocess.run(command.line, check=True, stderr=subprocess.DEVNULL)

    benchmark.pedantic(run, setup=set_up, rounds=5, warmup_rounds=1)
    assert (tmp_path / "output").stat().st_size > 0

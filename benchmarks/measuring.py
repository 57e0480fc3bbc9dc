"""Commands that run in turns, and their times and memory.

For: the measures of this folder.
Never: only the best run, or a failed run that counts as a successful one.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Run: TypeAlias = dict[str, float]
"""What a run used: wall_s, user_s, system_s, cpu_s, peak_bytes."""


class CommandFailedError(Exception):
    """A command ended with an unexpected exit status."""


@dataclass
class Command:
    """A command line; ``environment`` is added to that of the process.

    Standard output goes to ``output``, by default nowhere. Before each run the files ``writes`` are removed and
    ``before`` is called; neither is part of the measured time.
    """

    name: str
    line: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)
    output: Path | None = None
    writes: Sequence[Path] = ()
    before: Callable[[], None] | None = None


def run_command(command: Command, measure: Path, scratch: Path) -> Run:
    """Run a command once through the program `measure`. Raises CommandFailedError."""
    times = scratch / "times.json"
    errors = scratch / "errors.txt"
    for path in command.writes:
        path.unlink(missing_ok=True)
    if command.before is not None:
        command.before()
    with open(command.output or os.devnull, "wb") as out, errors.open("wb") as complaints:
        subprocess.run(
            [measure, times, *command.line],
            check=True,
            stdout=out,
            stderr=complaints,
            cwd=scratch,
            env={**os.environ, **command.environment},
        )
    run: Run = json.loads(times.read_text(encoding="ascii"))
    status = int(run.pop("status"))
    if status != 0:
        last = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
        raise CommandFailedError(f"{command.name}: exit status {status}: {' / '.join(last)}")
    return {**run, "cpu_s": run["user_s"] + run["system_s"]}


def run_interleaved(commands: Sequence[Command], rounds: int, measure: Path, scratch: Path) -> dict[str, list[Run]]:
    """Run all commands once in each round, in turns; return the runs of each command.

    Before the first round each command runs once without being counted, so that its files are in the page cache. A
    command with a ``before`` does not.
    """
    runs: dict[str, list[Run]] = {command.name: [] for command in commands}
    for command in commands:
        if command.before is None:
            run_command(command, measure, scratch)
    for _ in range(rounds):
        for command in commands:
            runs[command.name].append(run_command(command, measure, scratch))
    return runs


def summarise(runs: Sequence[Run], name: str) -> dict[str, float]:
    """Return median, minimum and maximum of one quantity of the runs."""
    values = [run[name] for run in runs]
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "runs": len(values)}


def summarise_all(runs: Sequence[Run]) -> dict[str, dict[str, float]]:
    """Return the summaries of wall clock, processor time and peak memory."""
    return {name: summarise(runs, name) for name in ("wall_s", "cpu_s", "peak_bytes")}

"""Two workers compared with one, and a cold page cache with many workers.

For: targets.py.
Never: a number if the command has no option ``--workers``, or if the page cache cannot be dropped.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import page_cache
from measures.typical import TYPICAL
from measures.workbench import CLOCKS, Measured, Times, Workbench, hold_against, per_unit
from measuring import Command, Run
from tagsniff_commands import has_workers

COMMANDS = ("inventory", "before", "final")
MANY = 32
COLD_ROUNDS = 3


def measure_workers(bench: Workbench, files: int) -> list[Measured]:
    """Measure how much faster two workers are than one."""
    if not has_workers("before"):
        return [Measured("workers", "one", "two workers", note="not measured: there is no --workers")]

    def commands(place: Path) -> list[Command]:
        found = [bench.floor_command(f"floor {count}", place, "--threads", str(count)) for count in (1, 2)]
        return found + [
            bench.tagsniff(f"{name} {count}", name, place, workers=count) for name in COMMANDS for count in (1, 2)
        ]

    runs, starts = bench.run_with_starts("workers", bench.collection("typical", files, TYPICAL), commands)
    found = []
    for name in ("floor", *COMMANDS):
        one, two = (_by_file(runs, starts, f"{name} {count}", files) for count in (1, 2))
        line = hold_against("workers", f"{name}, a file, one worker", "two workers", one, two)
        line.target = "at least 1.8" if name != "floor" else ""
        found.append(line)
    return found


def _by_file(runs: dict[str, list[Run]], starts: dict[str, list[Run]], name: str, files: int) -> Times:
    wall, cpu = (per_unit(runs[name], starts[name], files - 1, clock) for clock in CLOCKS)
    return wall, cpu


def measure_cold(bench: Workbench, files: int) -> list[Measured]:
    """Measure with a page cache that was emptied before each run."""
    if not page_cache.can_be_dropped():
        return [Measured("cold cache", "a file", "floor", note="not measured: the page cache may not be dropped")]
    counts = (1, MANY) if has_workers("before") else (1,)

    def commands(place: Path) -> list[Command]:
        found = []
        for count in counts:
            found.append(bench.floor_command(f"floor {count}", place, "--threads", str(count)))
            found += [bench.tagsniff(f"{name} {count}", name, place, workers=count) for name in COMMANDS[:2]]
        return [replace(command, before=page_cache.drop) for command in found]

    folder = bench.collection("cold", files, TYPICAL)
    runs, starts = bench.run_with_starts("cold cache", folder, commands, min(bench.rounds, COLD_ROUNDS))
    found = []
    for count in counts:
        for name in COMMANDS[:2]:
            floor = f"floor, {count} thread{'s' * (count > 1)}"
            own, base = (_by_file(runs, starts, f"{what} {count}", files) for what in (name, "floor"))
            line = hold_against("cold cache", f"{name}, a file, {count} worker{'s' * (count > 1)}", floor, own, base)
            line.target = "at most 2.5" if count == MANY else ""
            found.append(line)
    return found

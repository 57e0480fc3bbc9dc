"""The commands with one worker over CT and MR images, files unlike their neighbours, and all kinds, beside the floor.

For: targets.py.
Never: a file that is not in the page cache.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from collection import SHARES
from measures.workbench import CLOCKS, Measured, Times, Workbench, hold_against, per_unit
from measuring import Command

TYPICAL = ("ct", "mr")
UNLIKE = ("turns",)
TARGETS = {"inventory": "at most 2", "before": "at most 3", "final": "at most 3"}
SCAN_ALONE = "before, no report"
RING = "floor by io_uring, no fstat"
NO_FSTAT = "floor without fstat"
SHARE_OF_SMALLER = 5
ROUNDS_OF_SMALLER = 3


def measure_typical(bench: Workbench, files: int) -> list[Measured]:
    """Measure typical files, then smaller collections: of files that differ from the one before, and of all kinds."""
    some = files // SHARE_OF_SMALLER
    typical = bench.collection("typical", files, TYPICAL)
    unlike = bench.collection("unlike", some, UNLIKE)
    mixed = bench.collection("mixed", some, tuple(SHARES))
    return [
        *_measure(bench, "CT and MR", typical, files, targets=TARGETS, rounds=bench.rounds),
        *_measure(bench, "unlike neighbours", unlike, some, targets={}, rounds=min(bench.rounds, ROUNDS_OF_SMALLER)),
        *_measure(bench, "all kinds", mixed, some, targets={}, rounds=min(bench.rounds, ROUNDS_OF_SMALLER)),
    ]


def _measure(
    bench: Workbench, subject: str, folder: Path, files: int, *, targets: dict[str, str], rounds: int
) -> list[Measured]:
    def commands(place: Path) -> list[Command]:
        alone = [sys.executable, Path(__file__).with_name("scan_alone.py"), place]
        of_tagsniff = [bench.tagsniff(name, name, place) for name in TARGETS]
        floors = [bench.floor_command("floor", place), bench.floor_command(NO_FSTAT, place, "--no-fstat")]
        if bench.has_ring:
            floors.append(bench.floor_command(RING, place, "--ring", "32"))
        return [*floors, *of_tagsniff, Command(SCAN_ALONE, alone)]

    runs, starts = bench.run_with_starts(subject, folder, commands, rounds)

    def by_file(name: str) -> Times:
        wall, cpu = (per_unit(runs[name], starts[name], files - 1, clock) for clock in CLOCKS)
        return wall, cpu

    found = []
    for name in (NO_FSTAT, *((RING,) if bench.has_ring else ()), *TARGETS, SCAN_ALONE):
        line = hold_against(subject, f"{name}, a file", "floor", by_file(name), by_file("floor"))
        line.target = targets.get(name, "")
        line.note = (
            line.note or f"start {statistics.median(run['wall_s'] for run in starts[name]) * 1e3:,.0f} ms taken off"
        )
        found.append(line)
    return found

"""The whole command over a thousand files, including its start.

For: targets.py.
Never: a time from which anything is subtracted.
"""

from __future__ import annotations

from measures.typical import TYPICAL
from measures.workbench import CLOCKS, Measured, Workbench, hold_against

FILES = 1000
COMMANDS = ("inventory", "before", "final")


def measure_whole_command(bench: Workbench) -> list[Measured]:
    """Measure each command with its default number of workers."""
    folder = bench.collection("thousand", FILES, TYPICAL)
    runs = bench.run(
        "whole command",
        [
            bench.floor_command("floor", folder),
            *(bench.tagsniff(name, name, folder, workers=None) for name in COMMANDS),
        ],
    )
    clocks = {name: [[run[clock] for run in own] for clock in CLOCKS] for name, own in runs.items()}
    floor = (clocks["floor"][0], clocks["floor"][1])
    return [
        hold_against(
            "whole command",
            f"{name}, {FILES:,} files",
            "floor",
            (clocks[name][0], clocks[name][1]),
            floor,
            unit="ms",
            target="under 500 ms where the floor is 10 ms",
        )
        for name in COMMANDS
    ]

"""Peak memory, for ten thousand files and for a million files of the same content.

For: targets.py.
Never: a process that was started by a larger one (measure.c explains why).
"""

from __future__ import annotations

from measures.nested import add_links
from measures.typical import TYPICAL
from measures.workbench import Measured, Workbench

FEW = 10_000
COMMANDS = ("inventory", "before")
MIB = 2.0**20


def measure_memory(bench: Workbench, few: int, many: int) -> list[Measured]:
    """Measure a collection and the same files under many more names."""
    folder = bench.collection("memory/0", few, TYPICAL)
    runs = bench.run(
        f"memory, {few:,} files", [bench.tagsniff(name, name, folder, workers=None) for name in COMMANDS], 1
    )
    bench.say(f"linking {many:,} files")
    add_links(folder, folder.parent, many // few - 1)
    # One run, without a run to warm up: peak memory hardly differs from run to run, and a run takes long.
    commands = [bench.tagsniff(name, name, folder.parent, workers=None) for name in COMMANDS]
    found = []
    for command in commands:
        peak = bench.run_once(f"memory, {many:,} files", command)["peak_bytes"] / MIB
        output = (bench.scratch / "output").stat().st_size / MIB
        before = runs[command.name][0]["peak_bytes"] / MIB
        line = Measured(
            "memory", f"{command.name}, {many:,} files", f"{few:,} files", "MiB", peak, before, [peak / before]
        )
        line.target = "at most 64 MiB and the distinct values, flat"
        line.note = f"output {output:.1f} MiB"
        found.append(line)
    return found

"""Nested data elements: nanoseconds per element, from ten thousand to a million elements in one file.

For: targets.py.
Never: a file that is read only once. Each file has many names, so that the start of the process does not count.
"""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

from collection import write_files
from kinds.enhanced import make_enhanced
from kinds.reports import make_reports
from measures.typical import TYPICAL
from measures.workbench import CLOCKS, ONE_FILE, Measured, Times, Workbench, hold_against, per_unit
from tagsniff_commands import TAGSNIFF

ELEMENTS_IN_ALL = 8_000_000
ROUNDS = 3
FRAMES = (196, 1960, 19_600)
REPORT_GROUPS = (40, 400)
COMMANDS = ("inventory", "before")
TARGET_NS = 60


def measure_nested(bench: Workbench) -> list[Measured]:
    """Measure enhanced images and reports of growing size."""
    found = []
    for sort, make, sizes in (("enhanced MR", make_enhanced, FRAMES), ("reports", make_reports, REPORT_GROUPS)):
        base: dict[str, Times] = {}
        for size in sizes:
            folder = bench.scratch / f"{make.__name__}-{size}"
            # One file with defined lengths, one with delimitation items.
            write_files(folder / "0", make(1, 0, 2, size))
            elements = count_elements(folder / "0", bench.scratch)
            copies = max(1, ELEMENTS_IN_ALL // elements)
            add_links(folder / "0", folder, copies - 1)
            subject = f"{sort}, {elements // 2:,} elements"
            times = _measure(bench, subject, folder, elements * copies)
            for command, own in times.items():
                smallest = base.setdefault(command, own)
                line = hold_against(subject, f"{command}, an element", "the smallest", own, smallest, unit="ns")
                line.target = f"at most {TARGET_NS} ns; ratio 1"
                line.is_headline = size == sizes[-1]
                found.append(line)
    return found


def _measure(bench: Workbench, subject: str, folder: Path, elements: int) -> dict[str, Times]:
    """Return the seconds per element of each command, by wall clock and by processor time."""
    start = bench.single(bench.collection("start", 100, TYPICAL))
    commands = [bench.tagsniff(command, command, folder) for command in COMMANDS]
    commands += [bench.tagsniff(command + ONE_FILE, command, start) for command in COMMANDS]
    runs = bench.run(subject, commands, min(bench.rounds, ROUNDS))
    times = {}
    for command in COMMANDS:
        wall, cpu = (per_unit(runs[command], runs[command + ONE_FILE], elements, clock) for clock in CLOCKS)
        times[command] = (wall, cpu)
    return times


def count_elements(folder: Path, scratch: Path) -> int:
    """Return the number of data elements in the files of a folder, without items."""
    out = scratch / "elements.csv"
    exclusions = scratch / "exclusions.csv"
    command = [*TAGSNIFF, "inventory", folder, "--by-creator", "--format", "csv", "-o", out, "--exclusions", exclusions]
    for path in (out, exclusions):
        path.unlink(missing_ok=True)
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    with out.open(encoding="utf-8", newline="") as lines:
        return sum(int(row["occurrences"] or 0) for row in csv.DictReader(lines))


def add_links(source: Path, folder: Path, copies: int) -> None:
    """Link every file below ``source`` into further folders of ``folder``, one for each copy."""
    files = [path.relative_to(source) for path in source.rglob("*") if path.is_file()]
    parents = sorted({path.parent for path in files})
    for copy in range(1, copies + 1):
        place = folder / str(copy)
        for parent in parents:
            (place / parent).mkdir(parents=True, exist_ok=True)
        for path in files:
            (place / path).hardlink_to(source / path)

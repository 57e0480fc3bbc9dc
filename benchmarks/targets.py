"""The targets for speed and memory, measured as ratios in one run on one machine.

For: ``python benchmarks/targets.py``, and record.py.
Never: an assertion. This program measures and prints. A ratio is the median of the rounds, with the least and the
largest; the commands of a subject run in turns, so that a slow minute of the machine affects all of them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from measures.memory import FEW, measure_memory
from measures.nested import measure_nested
from measures.typical import measure_typical
from measures.whole_command import measure_whole_command
from measures.workbench import Measured, Workbench, format_lines, say
from measures.workers import measure_cold, measure_workers

FILES = 20_000
ROUNDS = 5
MEMORY_FILES = 1_000_000
SUBJECTS = ("typical", "nested", "workers", "cold", "memory", "whole")


def measure_targets(bench: Workbench, subjects: list[str], files: int, memory_files: int) -> list[Measured]:
    """Measure the subjects in the given order."""
    measures: dict[str, Callable[[], list[Measured]]] = {
        "typical": lambda: measure_typical(bench, files),
        "nested": lambda: measure_nested(bench),
        "workers": lambda: measure_workers(bench, files),
        "cold": lambda: measure_cold(bench, files // 2),
        "memory": lambda: measure_memory(bench, min(FEW, memory_files // 2), memory_files),
        "whole": lambda: measure_whole_command(bench),
    }
    return [line for subject in subjects for line in measures[subject]()]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options for the sizes of a run."""
    parser.add_argument("--files", type=int, default=FILES, help="files of a collection (%(default)s)")
    parser.add_argument("--memory-files", type=int, default=MEMORY_FILES, help="names for peak memory (%(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of each subject (%(default)s)")
    parser.add_argument("--scratch", type=Path, help="folder for the files (a temporary one)")
    parser.add_argument("--subjects", default=",".join(SUBJECTS), help="what is measured (%(default)s)")


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="Measures tagsniff against its targets.")
    add_arguments(parser)
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    arguments = parser.parse_args()
    subjects = arguments.subjects.split(",")
    unknown = sorted(set(subjects) - set(SUBJECTS))
    if unknown:
        parser.error(f"no such subject: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory(dir=arguments.scratch, prefix="targets-") as place:
        bench = Workbench(Path(place), arguments.rounds, say)
        lines = measure_targets(bench, subjects, arguments.files, arguments.memory_files)
    print(format_lines(lines))
    if arguments.json is not None:
        whole = {"targets": [asdict(line) for line in lines], "raw": bench.raw, "commands": bench.commands}
        arguments.json.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

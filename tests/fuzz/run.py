"""Runs every fuzzer for its share of the time, on every core, and reports what was found.

For: ``make fuzz``, which has built the fuzzers of this folder in the given folder.
Never: a finding without its file and the command that reproduces it.
Standard: none.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import write_seeds

HERE = Path(__file__).parent
# Most code paths need a short file; a few need a value that is longer than a window.
SHORT_BYTES = 4096
LONG_BYTES = 150_000
SHOWN_LINES = 60


@dataclass(frozen=True)
class Entry:
    """One fuzzer: its share of the time, and the longest input; None for one in Python."""

    name: str
    share: float
    most_bytes: int | None = None


ENTRIES = (
    Entry("parse", 0.15, SHORT_BYTES),
    Entry("collect", 0.15, SHORT_BYTES),
    Entry("select", 0.1, SHORT_BYTES),
    Entry("memory", 0.1, SHORT_BYTES),
    Entry("parse", 0.1, LONG_BYTES),
    Entry("collect", 0.1, LONG_BYTES),
    Entry("against_pydicom", 0.15),
    Entry("against_single_files", 0.15),
)


@dataclass
class Run:
    """One entry on one core, and its result."""

    entry: Entry
    seed: int
    seconds: int
    output: str = ""
    status: int = 0

    def summary(self) -> str:
        """One line: the entry, its seed, and the number of inputs."""
        executed = re.search(r"number_of_executed_units: (\d+)", self.output)
        printed = f"{executed[1]} inputs" if executed else self.output.strip().rpartition("\n")[2]
        return f"{self.entry.name} (seed {self.seed}, {self.seconds} s): {printed}"


def fuzz_command(run: Run, place: Path) -> list[str]:
    """Return the command of one run; findings are files in ``findings/``."""
    findings = place / "findings"
    if run.entry.most_bytes is None:
        command = [sys.executable, str(HERE / f"{run.entry.name}.py"), "--seed", str(run.seed)]
        return [*command, "--seconds", str(run.seconds), "--keep", str(findings)]
    kind = "short" if run.entry.most_bytes == SHORT_BYTES else "long"
    corpus = place / "corpus" / f"{run.entry.name}_{kind}"
    corpus.mkdir(parents=True, exist_ok=True)
    options = {
        "seed": run.seed,
        "max_total_time": run.seconds,
        "max_len": run.entry.most_bytes,
        "timeout": 20,
        "rss_limit_mb": 2048,
        "dict": place / "dicom.dict",
        "artifact_prefix": f"{findings}/{run.entry.name}-",
        "print_final_stats": 1,
        "verbosity": 0,
    }
    settings = [f"-{name}={value}" for name, value in options.items()]
    return [str(place / run.entry.name), *settings, str(corpus), str(place / kind)]


def run_on_one_core(runs: Sequence[Run], place: Path) -> None:
    """Make the runs of one core, one after the other."""
    for run in runs:
        done = subprocess.run(
            fuzz_command(run, place),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        run.output, run.status = done.stdout, done.returncode


def plan(seconds: int, cores: int, seed: int) -> list[list[Run]]:
    """Return the runs of each core; the cores begin with different entries."""
    lists = []
    for core in range(cores):
        runs = [Run(entry, seed + core, max(1, round(seconds * entry.share))) for entry in ENTRIES]
        lists.append(runs[core % len(runs) :] + runs[: core % len(runs)])
    return lists


def report(run: Run, place: Path) -> None:
    """Print a finding and the command that reproduces it."""
    print("\n".join(run.output.splitlines()[-SHOWN_LINES:]))
    written = re.search(r"Test unit written to (\S+)", run.output)
    if written:
        print(f"again: {shlex.join([str(place / run.entry.name), written[1]])}")
    for number in re.findall(rf"^seed {run.seed} case (\d+)\b", run.output, flags=re.MULTILINE):
        again = [sys.executable, str(HERE / f"{run.entry.name}.py"), "--seed", str(run.seed), "--case", number]
        print(f"again: PYTHONPATH={shlex.quote(os.environ.get('PYTHONPATH', ''))} {shlex.join(again)}")


def main() -> int:
    """Run everything; return 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", type=Path, required=True, help="the folder of the fuzzers and of all they write")
    parser.add_argument("--seconds", type=int, default=60, help="for all of them together")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    place = arguments.place
    (place / "findings").mkdir(parents=True, exist_ok=True)
    write_seeds.write(place, {"short": SHORT_BYTES, "long": LONG_BYTES})
    planned = plan(arguments.seconds, os.cpu_count() or 1, arguments.seed)
    threads = [threading.Thread(target=run_on_one_core, args=(runs, place)) for runs in planned]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    runs = [run for runs in planned for run in runs]
    for run in runs:
        print(run.summary())
    found = [run for run in runs if run.status != 0]
    for run in found:
        report(run, place)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

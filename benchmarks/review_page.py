"""Records how quick the review page is in Chromium: opening, searching, sorting, deciding, and its memory.

For: ``python benchmarks/review_page.py NAME``; runs/README.md describes what a run contains.
Never: a change of an older run, a name of this machine, or a page with values of a file.

The page has made-up values (review_rows.py). Each round starts a browser; an act is timed in the page, from its event
to the end of the frame that shows it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import machine
from review_rows import SEED, make_report
from tables import format_table
from tagsniff.writers.review_html import write_html

HERE = Path(__file__).parent
RUNS = HERE / "runs"
ROWS = 200_000
MANY_ROWS = 1_000_000
ROUNDS = 7
FEW_ROUNDS = 3
FORMAT = 1
WAIT_S = 300
Round = dict[str, Any]


class Quantity(NamedTuple):
    """A quantity: what it is, its unit, how its numbers are read from a round, and the most that it should be.

    Of several numbers (queries, columns) that one is taken whose median of all rounds is the largest.
    """

    what: str
    unit: str
    read: Callable[[Round], Sequence[float]]
    target: float | None = None


QUANTITIES = (
    Quantity("until the page is ready", "ms", lambda one: [one["ready_ms"]], 1500),
    Quantity("first key of a search", "ms", lambda one: list(one["search_ms"].values())[:1], 200),
    Quantity("later keys, the slowest of six", "ms", lambda one: list(one["search_ms"].values())[1:], 100),
    Quantity("sort of the elements, slowest column", "ms", lambda one: list(one["sort_elements_ms"].values()), 300),
    Quantity("sort of all values, slowest column", "ms", lambda one: list(one["sort_values_ms"].values()), 300),
    Quantity("a decision, median of seven", "ms", lambda one: [statistics.median(one["decide_ms"])], 50),
    Quantity("undoing it", "ms", lambda one: [one["undo_ms"]]),
    Quantity("one row down", "ms", lambda one: [one["move_ms"]]),
    Quantity("listing the values of all elements", "ms", lambda one: [one["list_all_values_ms"]]),
    Quantity("heap and buffers when it is ready", "MB", lambda one: [one["heap_bytes"] / 1e6], 100),
    Quantity("heap and buffers after all of this", "MB", lambda one: [one["heap_in_the_end_bytes"] / 1e6], 100),
)


def measure(rows: int, rounds: int, scratch: Path) -> dict[str, Any]:
    """Write a page and open it ``rounds`` times. Raises CalledProcessError if a browser cannot show it."""
    path = scratch / f"{rows}.html"
    made = make_report(rows)
    begin = time.perf_counter()
    with path.open("w", encoding="utf-8") as stream:
        write_html(made.report, made.summaries, made.sheet, stream)
    written_s = time.perf_counter() - begin
    found = []
    for number in range(rounds):
        print(f"{rows:,} rows, round {number + 1} of {rounds}", file=sys.stderr)
        command = [find("node"), str(HERE / "review_page.mjs"), find("chromium"), str(scratch / "browser"), str(path)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=WAIT_S)
        found.append(json.loads(done.stdout))
    problems = [problem for one in found for problem in one["problems"]]
    if problems:
        raise RuntimeError(f"the page had problems: {problems}")
    return {
        "rows": rows,
        "elements": len(made.summaries),
        "file_bytes": path.stat().st_size,
        "written_s": written_s,
        "rounds": found,
    }


def find(program: str) -> str:
    """Return the path of a program. Raises SystemExit if it is not installed."""
    path = shutil.which(program)
    if path is None:
        raise SystemExit(f"{program} is not installed (Debian: {'nodejs' if program == 'node' else program})")
    return path


def record(name: str, runs: Path, sizes: list[tuple[int, int]]) -> Path:
    """Measure the sizes (rows, rounds) and write the folder of the run. Raises FileExistsError if it already exists."""
    folder = runs / f"{datetime.now(UTC):%Y-%m-%d}-{name}"
    if folder.exists():
        raise FileExistsError(folder)
    described = machine.describe()
    described["chromium"] = version_of("chromium")
    described["node"] = version_of("node")
    with tempfile.TemporaryDirectory(prefix="review-page-") as place:
        measured = [measure(rows, rounds, Path(place)) for rows, rounds in sizes]
    described["load_average_at_the_end"] = os.getloadavg()
    run = {"format": FORMAT, "machine": described, "input": {"seed": SEED}, "pages": measured}
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(describe_run(folder.name, run), encoding="utf-8")
    return folder


def version_of(program: str) -> str:
    done = subprocess.run([find(program), "--version"], check=False, capture_output=True, text=True)
    return done.stdout.strip()


def describe_page(page: dict[str, Any], *, has_targets: bool) -> tuple[str, list[str]]:
    """Return the table of a page, and the quantities that are more than they should be."""
    size = page["file_bytes"] / 1e6
    lines = [["size of the file", f"{size:.1f} MB", "", "5 MB" if has_targets else ""]]
    missed = ["size of the file"] if has_targets and size > 5 else []
    for what, unit, read, target in QUANTITIES:
        numbers = max(zip(*map(read, page["rounds"]), strict=True), key=statistics.median)
        first, _, third = statistics.quantiles(numbers, n=4) if len(numbers) > 1 else (numbers[0],) * 3
        median = statistics.median(numbers)
        least = f"{target:g} {unit}" if target and has_targets else ""
        lines.append([what, f"{median:,.0f} {unit}", f"{first:,.0f} to {third:,.0f}", least])
        if has_targets and target is not None and median > target:
            missed.append(what)
    return format_table(["", "median", "quartiles", "target, at most"], lines), missed


def describe_run(name: str, run: dict[str, Any]) -> str:
    """Return the README of a run."""
    described = run["machine"]
    tables, missed = [], []
    for page in run["pages"]:
        table, more = describe_page(page, has_targets=page["rows"] == ROWS)
        missed += more
        title = f"{page['rows']:,} rows, {page['elements']:,} elements; {len(page['rounds'])} rounds"
        tables.append(f"{title}; written in {page['written_s']:.1f} s:\n\n{table}")
    loads = [
        ", ".join(f"{load:.1f}" for load in described[when]) for when in ("load_average", "load_average_at_the_end")
    ]
    clean = "clean tree" if described["tree_is_clean"] else "the tree was changed"
    answer = f"Above its target: {', '.join(missed)}." if missed else "Each median is within its target."
    text = "\n\n".join(tables)
    return f"""# The review page in Chromium ({name})

**Question.** How quick is the review page with {ROWS:,} rows, and does it open with {MANY_ROWS:,}?

**Answer.** {answer} {"The page with a million rows opens." if len(run["pages"]) > 1 else ""}

{text}

Each round starts a browser. Acts are timed in the page, from the event to the end of the frame that shows it. Of
several queries or columns the one with the largest median is listed. The heap is that of JavaScript and the buffers
of its arrays, after its garbage was collected.

- commit {described["commit"]}, {clean}; {described["time"]}
- `python benchmarks/review_page.py {name[11:]}`; run.json has each round
- {described["processor"]}, {described["usable_cores"]} cores, {described["memory_bytes"] / 2**30:.0f} GiB of memory,
  virtualisation: {described["virtual"] or "not known"}; {described["system"]}
- {described["chromium"]}, headless; node {described["node"]}; {described["python"]}
- input: made-up values of `benchmarks/review_rows.py` with seed {run["input"]["seed"]}
- load of the machine (1, 5, 15 minutes): {loads[0]} before, and {loads[1]} at the end
"""


def main() -> None:
    """Read the arguments, measure and record."""
    parser = argparse.ArgumentParser(description="Records one run of the review page in Chromium.")
    parser.add_argument("name", help="subject of the run; the date is put before it")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"starts with {ROWS:,} rows (%(default)s)")
    parser.add_argument("--runs", type=Path, default=RUNS, help="folder of the recorded runs (%(default)s)")
    arguments = parser.parse_args()
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", arguments.name):
        parser.error("a name consists of small letters, digits and hyphens")
    print(record(arguments.name, arguments.runs, [(ROWS, arguments.rounds), (MANY_ROWS, FEW_ROUNDS)]))


if __name__ == "__main__":
    main()

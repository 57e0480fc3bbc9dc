"""The table and the plot of the README, made from a recorded run.

For: ``make bench-publish``.
Never: a number that is not in a recorded run, or a change of the README outside of its two markers.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

from measures.workbench import Measured
from tables import format_table

ROOT = Path(__file__).parents[1]
RUNS = ROOT / "benchmarks" / "runs"
START = "<!-- made by benchmarks/publish.py: start -->"
END = "<!-- made by benchmarks/publish.py: end -->"
PLOT = "tools.svg"
LEFT_US = 10
"""The left end of the bars: a logarithmic scale has no zero."""


def find_latest(runs: Path) -> Path:
    """Return the most recent recorded run of the targets. Raises FileNotFoundError if there is none."""
    recorded = {path.parent: json.loads(path.read_text("utf-8")) for path in runs.glob("*/run.json")}
    found = [(run["machine"]["time"], folder) for folder, run in recorded.items() if "tools" in run]
    if not found:
        raise FileNotFoundError(f"no recorded run of the targets in {runs}")
    return max(found)[1]


def make_table(run: dict[str, Any]) -> str:
    """Return the table of the lines that have a target."""
    lines = [Measured(**line) for line in run["lines"]]
    rows = [
        [line.subject, line.what, line.cells()[2], line.against, line.cells()[5], line.target]
        for line in lines
        if line.target and line.ratios and line.is_headline
    ]
    return format_table(["", "", "measured", "against", "ratio (least to largest)", "target"], rows)


def draw_plot(run: dict[str, Any], path: Path) -> None:
    """Write a plot of the microseconds per file of each tool whose result is that of the reference."""
    import matplotlib as mpl

    mpl.use("svg")
    # With these settings the same numbers give the same bytes.
    mpl.rcParams.update({"svg.hashsalt": "tagsniff", "svg.fonttype": "none"})
    import matplotlib.pyplot as plt

    tools = [one for one in run["tools"]["contestants"] if one["counts"]]
    times = {one["name"]: statistics.median(one["wall_s_per_file"]) * 1e6 for one in tools}
    partly = {one["name"] for one in tools if one["job"].startswith("a part")}
    ordered = sorted(times.items(), key=lambda entry: -entry[1])
    figure, axes = plt.subplots(figsize=(8, 0.4 * len(ordered) + 1))
    names, values = zip(*ordered, strict=True)
    colours = ["#1b6ca8" if name.startswith("tagsniff") else "#b0b0b0" for name in names]
    labels = [f"{name} (a part of the job)" if name in partly else name for name in names]
    bars = axes.barh(labels, values, color=colours)
    axes.bar_label(bars, labels=[f"{value:,.0f}" for value in values], padding=3)
    axes.set_xscale("log")
    axes.set_xlim(LEFT_US, max(values) * 3)
    axes.set_xlabel("microseconds per file, without the start of the process")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, format="svg", metadata={"Date": None})
    # matplotlib writes spaces at the ends of lines.
    path.write_text("".join(line.rstrip() + "\n" for line in path.read_text("utf-8").splitlines()), encoding="utf-8")


def write_readme(readme: Path, run_folder: Path, run: dict[str, Any]) -> None:
    """Write table, plot and source between the markers. Raises ValueError unless each marker occurs once."""
    text = readme.read_text(encoding="utf-8")
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end or START in rest or END in after:
        raise ValueError(f"{readme.name} does not have each of the markers {START} and {END} once")
    place = run_folder.resolve().relative_to(readme.resolve().parent).as_posix()
    described = run["machine"]
    source = f"[{place}]({place}/README.md): {described['processor']}, {described['usable_cores']} cores"
    plot = f"![Microseconds a file of each tool]({place}/{PLOT})"
    made = f"{START}\n{make_table(run)}\n\n{plot}\n\nFrom {source}.\n{END}"
    readme.write_text(before + made + after, encoding="utf-8")


def main() -> None:
    """Publish the latest run, or the one given on the command line."""
    parser = argparse.ArgumentParser(description="Writes the table and the plot of the README from a recorded run.")
    parser.add_argument("run", type=Path, nargs="?", help="folder of the run (the latest)")
    parser.add_argument("--readme", type=Path, default=ROOT / "README.md", help="README with the markers")
    arguments = parser.parse_args()
    folder = arguments.run or find_latest(RUNS)
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    draw_plot(run, folder / PLOT)
    write_readme(arguments.readme, folder, run)
    print(f"{arguments.readme.name}: from {folder.name}")


if __name__ == "__main__":
    main()

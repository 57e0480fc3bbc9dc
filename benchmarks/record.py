"""Records a run: the targets and the comparison of tools, with everything that is needed to judge and repeat it.

For: ``make bench-record NAME=...``; runs/README.md describes what a run contains.
Never: a change of an older run, a name of this machine, or a path of one of its folders.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import compare
import machine
import page_cache
from collection import FRAMES, PIXEL_BYTES, SEED, SHARES, count_files, make_files, write_files
from measures.workbench import Measured, Workbench, format_lines, say
from targets import SUBJECTS, add_arguments, measure_targets

RUNS = Path(__file__).parent / "runs"
FORMAT = 1


def record(arguments: argparse.Namespace) -> Path:
    """Measure everything and write the folder of the run. Raises FileExistsError if it already exists."""
    name = f"{datetime.now(UTC):%Y-%m-%d}-{arguments.name}"
    folder: Path = arguments.runs / name
    if folder.exists():
        raise FileExistsError(folder)
    described = machine.describe()
    with tempfile.TemporaryDirectory(dir=arguments.scratch, prefix="record-") as place:
        scratch = Path(place)
        described["file_system"] = machine.file_system_of(scratch)
        bench = Workbench(scratch, arguments.rounds, say)
        lines = measure_targets(bench, arguments.subjects.split(","), arguments.files, arguments.memory_files)
        of_tools = scratch / "tools"
        say(f"writing {arguments.compare_files} files of all kinds")
        counts = count_files(arguments.compare_files, tuple(SHARES))
        files, total_bytes = write_files(of_tools / "collection", make_files(counts))
        compared = compare.compare(of_tools / "collection", of_tools, arguments.compare_rounds, say)
        lines += compare.list_ratios(compared)
    described["load_average_at_the_end"] = os.getloadavg()
    settings = ("files", "memory_files", "rounds", "subjects", "compare_files", "compare_rounds")
    run = {
        "format": FORMAT,
        "machine": described,
        "page_cache_could_be_dropped": page_cache.can_be_dropped(),
        "settings": {setting: getattr(arguments, setting) for setting in settings},
        "input": {"seed": SEED, "pixel_bytes": PIXEL_BYTES, "frames": FRAMES, "shares": SHARES},
        "compared_files": {"files": files, "bytes": total_bytes},
        "lines": [asdict(line) for line in lines],
        "tools": compared,
        "runs": bench.raw,
        "commands": bench.commands,
    }
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(describe_run(name, run), encoding="utf-8")
    return folder


def describe_run(name: str, run: dict[str, Any]) -> str:
    """Return the README of a run."""
    lines = [Measured(**line) for line in run["lines"]]
    described, settings, tools = run["machine"], run["settings"], run["tools"]
    clean = "clean tree" if described["tree_is_clean"] else "the tree was changed"
    versions = ", ".join(f"{package} {version}" for package, version in described["packages"].items())
    others = ", ".join(f"{one['name']} {one['version']}" for one in tools["contestants"] if one["version"])
    options = " ".join(f"--{setting.replace('_', '-')} {value}" for setting, value in settings.items())
    return f"""# tagsniff compared with the floor and with other tools ({name})

**Question.** How long do the commands take compared with the floor: walk, open, fstat, read 4 KiB and close the same
files? Are time and memory proportional to elements, workers and files? How long do other tools take for the same job?

**Answer.** {answer(lines)}

{format_lines(lines)}

Ratios are medians of the rounds, with the least and the largest; "of CPU" is the ratio of processor times. If a start
is taken off, it is the time of the same command for one file, measured in turns with it.

{compare.format_comparison(tools)}

A tool's time counts only if its rows were those of pydicom for the part of the job that it does: {tools["rows"]:,} rows
of {tools["files"]:,} files. {"; ".join(tools["not_installed"].values()) or "All tools were installed"}.

- commit {described["commit"]}, {clean}; {described["time"]}
- `python benchmarks/record.py {name[11:]} {options}`; run.json has all commands
- {described["processor"]}, {described["usable_cores"]} cores, {described["memory_bytes"] / 2**30:.0f} GiB of memory,
  virtualisation: {described["virtual"] or "not known"}; {described["file_system"]}; {described["system"]};
  {described["compiler"]}
- {described["python"]}, {versions}{", " + others if others else ""}
- input: `python benchmarks/collection.py` with seed {run["input"]["seed"]}, {run["input"]["pixel_bytes"]:,} bytes of
  Pixel Data (holes in the files) and {run["input"]["frames"]:,} frames; the tools read
  {run["compared_files"]["files"]:,} files, {run["compared_files"]["bytes"]:,} bytes
- all files were in the page cache, read once before the rounds, except for the lines "cold cache", where it was
  {"emptied before each run; that of the host is not known" if run["page_cache_could_be_dropped"] else "not emptied"}
- load of the machine (1, 5, 15 minutes): {_loads(described["load_average"])} before, and
  {_loads(described["load_average_at_the_end"])} at the end
"""


def answer(lines: list[Measured]) -> str:
    """Return the ratios to the floor and those of the tools as a sentence; all ratios are in the table."""
    typical, tools = (
        [f"{line.what.rpartition(', ')[0]} {statistics.median(line.ratios):.1f}" for line in lines if belongs(line)]
        for belongs in (
            lambda line: line.subject == "CT and MR" and line.target and line.ratios,
            lambda line: line.subject == "tools" and line.against == compare.BEFORE and line.ratios,
        )
    )
    return (
        f"Ratio to the floor with one worker, on CT and MR images: {', '.join(typical) or 'not measured'}. Ratio of "
        f"other tools to `{compare.BEFORE}`, on all kinds: {', '.join(tools) or 'not measured'}."
    )


def _loads(averages: tuple[float, ...]) -> str:
    return ", ".join(f"{average:.1f}" for average in averages)


def main() -> None:
    """Read the arguments, measure and record."""
    parser = argparse.ArgumentParser(description="Records one run of the targets and of the comparison.")
    parser.add_argument("name", help="subject of the run; the date is put before it")
    add_arguments(parser)
    parser.add_argument("--compare-files", type=int, default=compare.FILES, help="files for the tools (%(default)s)")
    parser.add_argument("--compare-rounds", type=int, default=compare.ROUNDS, help="rounds of the tools (%(default)s)")
    parser.add_argument("--runs", type=Path, default=RUNS, help="folder of the recorded runs (%(default)s)")
    arguments = parser.parse_args()
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", arguments.name):
        parser.error("a name consists of small letters, digits and hyphens")
    unknown = sorted(set(arguments.subjects.split(",")) - set(SUBJECTS))
    if unknown:
        parser.error(f"no such subject: {', '.join(unknown)}")
    print(record(arguments))


if __name__ == "__main__":
    main()

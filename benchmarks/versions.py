"""Two installations of tagsniff over the same files, in turns: how a change affects the time of the commands.

For: ``python benchmarks/versions.py NAME --other PYTHON --commit COMMIT``. The run is recorded as by record.py.
Never: a time before both have written the same bytes, unless ``--changed`` says that a command's output was changed on
purpose; or a time without the start-up, which is part of a command.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import Any

import machine
from collection import SEED, SHARES
from measures.typical import TYPICAL, UNLIKE
from measures.workbench import CLOCKS, Measured, Workbench, format_lines, hold_against, say
from measuring import Command, run_command

RUNS = Path(__file__).parent / "runs"
FORMAT = 1
COMMANDS = ("inventory", "before", "final")
FILES = 20_000
ROUNDS = 5
SMALL_SHARE = 20  # a twentieth of the files: shows the costs that do not grow with their number
WORKERS = (1, 2)


class DifferentOutputError(Exception):
    """The two versions wrote different bytes."""


def compare_versions(
    bench: Workbench, other: Path, files: int, changed: Collection[str] = (), real: Path | None = None
) -> list[Measured]:
    """Measure both versions over typical files, files unlike their neighbours, nested files, all kinds, and real files.

    The outputs of the commands ``changed`` are not compared. Raises DifferentOutputError.
    """
    found = []
    for subject, kinds, count in (
        ("CT and MR", TYPICAL, files),
        ("CT and MR", TYPICAL, files // SMALL_SHARE),
        ("unlike neighbours", UNLIKE, files // SMALL_SHARE),
        ("nested", ("sr", "enhanced"), files // SMALL_SHARE),
        ("large binary values", ("csa",), files // SMALL_SHARE),
        ("all kinds", tuple(SHARES), files // SMALL_SHARE),
    ):
        folder = bench.collection(f"{subject} {count}".replace(" ", "-"), count, kinds)
        for workers in WORKERS:
            found += _compare(
                bench, f"{subject}, {count:,} files, {workers} workers", folder, other, workers=workers, changed=changed
            )
    if real is not None:
        count = sum(len(names) for _, _, names in os.walk(real))
        found += _compare(bench, f"real files, {count:,} files, 1 workers", real, other, workers=1, changed=changed)
    return found


def _compare(
    bench: Workbench, subject: str, folder: Path, other: Path, *, workers: int, changed: Collection[str]
) -> list[Measured]:
    commands: list[Command] = []
    for name in COMMANDS:
        own = bench.tagsniff(name, name, folder, workers=workers)
        of_other = replace(own, name=f"{name}, other", line=[other, *own.line[1:]])
        if name not in changed and _read_output(bench, own) != _read_output(bench, of_other):
            raise DifferentOutputError(f"{subject}: {name}")
        commands += [of_other, own]
    runs = bench.run(subject, commands)
    lines = []
    for name in COMMANDS:
        before, now = (
            ([run[CLOCKS[0]] for run in runs[which]], [run[CLOCKS[1]] for run in runs[which]])
            for which in (f"{name}, other", name)
        )
        lines.append(hold_against(subject, f"{name}, the other", "this one", before, now, unit="ms"))
    return lines


def _read_output(bench: Workbench, command: Command) -> Sequence[bytes]:
    run_command(command, bench.measure, bench.scratch)
    return [path.read_bytes() for path in command.writes]


def describe(name: str, run: dict[str, Any]) -> str:
    """Return the README of a run."""
    lines = [Measured(**line) for line in run["compared"]]
    described, settings = run["machine"], run["settings"]
    changed = settings["changed"]
    same = (
        f"The outputs of {' and '.join(changed)} were changed on purpose" if changed else "Both versions wrote the same"
    )
    same += ", and not compared; those of the other commands are the same bytes" if changed else " bytes"
    more = " --real FOLDER" if settings["real"] else ""
    more += f" --changed {','.join(changed)}" if changed else ""
    clean = "clean tree" if described["tree_is_clean"] else "the tree was changed"
    before, after = (", ".join(f"{load:.1f}" for load in described[key]) for key in ("load_average", "load_at_the_end"))
    return f"""# tagsniff compared with another version of itself ({name})

**Question.** How much longer or shorter did the commands take at commit {run["other_commit"]}?

**Answer.** See the table: ratios are medians of the rounds, with the least and the largest; all times include the
start-up. {same}.

{format_lines(lines)}

- this one: commit {described["commit"]}, {clean}; the other: {run["other_commit"]}; {described["time"]}
- `python benchmarks/versions.py {name[11:]} --other PYTHON --commit {run["other_commit"]} --files {settings["files"]}
  --rounds {settings["rounds"]}{more}`;
  PYTHON is that of an environment with the other version
- {described["processor"]}, {described["usable_cores"]} cores, {described["memory_bytes"] / 2**30:.0f} GiB of memory,
  virtualisation: {described["virtual"] or "not known"}; {described["system"]}; {described["compiler"]}
- {described["python"]}, {", ".join(f"{package} {version}" for package, version in described["packages"].items())}
- input: `python benchmarks/collection.py` with seed {run["seed"]}; all files were in the page cache
- load of the machine (1, 5, 15 minutes): {before} before, and {after} at the end
"""


def main() -> None:
    """Read the arguments, measure and record."""
    parser = argparse.ArgumentParser(description="Records how the commands of two versions compare.")
    parser.add_argument("name", help="subject of the run; the date is put before it")
    parser.add_argument("--other", type=Path, required=True, help="Python with the other version")
    parser.add_argument("--commit", required=True, help="commit of the other version")
    parser.add_argument("--files", type=int, default=FILES, help="typical files (%(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds (%(default)s)")
    parser.add_argument("--scratch", type=Path, help="folder for files (that of the system)")
    parser.add_argument(
        "--real", type=Path, metavar="FOLDER", help="a folder of real files without faults, measured too"
    )
    parser.add_argument(
        "--changed", default="", help="commands whose outputs were changed on purpose, with commas between"
    )
    arguments = parser.parse_args()
    changed = [name for name in arguments.changed.split(",") if name]
    if not set(changed) <= set(COMMANDS):
        parser.error(f"--changed: the commands are {', '.join(COMMANDS)}")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", arguments.name):
        parser.error("a name consists of small letters, digits and hyphens")
    name = f"{datetime.now(UTC):%Y-%m-%d}-{arguments.name}"
    # Not resolved: Python finds its virtual environment through the link.
    other = arguments.other.absolute()
    described = machine.describe()
    # Outputs say when they were made; both versions get the same date.
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    with tempfile.TemporaryDirectory(dir=arguments.scratch, prefix="versions-") as place:
        bench = Workbench(Path(place), arguments.rounds, say)
        lines = compare_versions(bench, other, arguments.files, changed, arguments.real)
    described["load_at_the_end"] = machine.describe()["load_average"]
    places = {str(other): "PYTHON"} | ({} if arguments.real is None else {str(arguments.real): "FOLDER"})
    run = {
        "format": FORMAT,
        "machine": described,
        "other_commit": arguments.commit,
        "settings": {
            "files": arguments.files,
            "rounds": arguments.rounds,
            "changed": changed,
            "real": bool(arguments.real),
        },
        "seed": SEED,
        "compared": [asdict(line) for line in lines],
        "runs": bench.raw,
        "commands": {
            what: reduce(lambda text, place: text.replace(place, places[place]), places, line)
            for what, line in bench.commands.items()
        },
    }
    folder = RUNS / name
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(describe(name, run), encoding="utf-8")
    print(folder)


if __name__ == "__main__":
    main()

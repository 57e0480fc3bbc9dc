"""Programs, collections and results that all measures use.

For: the files of this folder.
Never: a result without the runs that it comes from.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from collection import count_files, make_files, write_files
from measuring import Command, Run, run_command, run_interleaved, summarise_all
from programs import compile_c, compile_floor
from tables import format_table
from tagsniff_commands import tagsniff

SOURCES = Path(__file__).parents[2]
UNITS = {"s": 1.0, "ms": 1e3, "µs": 1e6, "ns": 1e9}
"""How many of each unit a second has."""


@dataclass
class Measured:
    """One line of a table: a quantity, the quantity that it is compared with, and their ratio in each round.

    ``of`` and ``base`` are medians in ``unit``, by wall clock; ``ratios`` has one ratio for each round; ``cpu_ratio``
    is the ratio of the medians of processor time. ``target`` is the target in words. A line with ``is_headline``
    represents the other lines of its kind.
    """

    subject: str
    what: str
    against: str
    unit: str = ""
    of: float | None = None
    base: float | None = None
    ratios: list[float] = field(default_factory=list)
    cpu_ratio: float | None = None
    target: str = ""
    note: str = ""
    is_headline: bool = True

    def cells(self) -> list[str]:
        """Return the cells of the line."""
        ratio = ""
        if self.ratios:
            ratio = f"{statistics.median(self.ratios):.2f} ({min(self.ratios):.2f} to {max(self.ratios):.2f})"
        return [
            self.subject,
            self.what,
            "" if self.of is None else f"{self.of:,.1f} {self.unit}",
            self.against,
            "" if self.base is None else f"{self.base:,.1f} {self.unit}",
            ratio,
            "" if self.cpu_ratio is None else f"{self.cpu_ratio:.2f}",
            self.target,
            self.note,
        ]


Times: TypeAlias = tuple[Sequence[float], Sequence[float]]
"""The seconds of each round, by wall clock and by processor time."""

ONE_FILE = ", one file"
CLOCKS = ("wall_s", "cpu_s")
HEADS = ("subject", "what", "measured", "against", "is", "ratio (least to largest)", "of CPU", "target", "")


def format_lines(lines: Sequence[Measured]) -> str:
    """Return the lines as a table."""
    return format_table(HEADS, [line.cells() for line in lines])


def say(text: str) -> None:
    """Print a line of progress to standard error."""
    print(f"== {text}", file=sys.stderr, flush=True)


@dataclass
class Workbench:
    """A scratch folder with the programs, and the settings of a run; ``say`` is called with lines of progress."""

    scratch: Path
    rounds: int
    say: Callable[[str], None]
    raw: dict[str, dict[str, object]] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.measure = compile_c("measure", self.scratch)
        self.floor, self.has_ring = compile_floor(self.scratch)

    def collection(self, name: str, files: int, kinds: Sequence[str], **settings: int) -> Path:
        """Return the folder of a collection, which is written at the first call."""
        folder = self.scratch / name
        if not folder.exists():
            self.say(f"writing {files} files: {', '.join(kinds)}")
            write_files(folder, make_files(count_files(files, kinds), **settings))
        return folder

    def single(self, folder: Path) -> Path:
        """Return a folder that holds only the first file of a collection."""
        single = self.scratch / f"{folder.name}-single"
        if not single.exists():
            single.mkdir()
            first = min(folder.rglob("*.dcm"))
            (single / first.name).hardlink_to(first)
        return single

    def floor_command(self, name: str, folder: Path, *options: str) -> Command:
        """Return the command that runs the floor program over a folder."""
        return Command(name, [self.floor, *options, folder])

    def tagsniff(self, name: str, command: str, folder: Path, *options: str | Path, workers: int | None = 1) -> Command:
        """Return the command that runs tagsniff over a folder."""
        return tagsniff(name, command, folder, self.scratch, *options, workers=workers)

    def run(self, subject: str, commands: Sequence[Command], rounds: int | None = None) -> dict[str, list[Run]]:
        """Run commands in turns, and record their times."""
        self.say(f"{subject}: {'; '.join(command.name for command in commands)}")
        runs = run_interleaved(commands, rounds or self.rounds, self.measure, self.scratch)
        for command in commands:
            self.commands[f"{subject}: {command.name}"] = self._show(command)
            self.raw[f"{subject}: {command.name}"] = dict(summarise_all(runs[command.name]))
        return runs

    def run_with_starts(
        self, subject: str, folder: Path, commands: Callable[[Path], list[Command]], rounds: int | None = None
    ) -> tuple[dict[str, list[Run]], dict[str, list[Run]]]:
        """Run commands over a folder and over its first file alone, in turns; return the runs of both."""
        many = commands(folder)
        one = [replace(command, name=command.name + ONE_FILE) for command in commands(self.single(folder))]
        runs = self.run(subject, [*many, *one], rounds)
        return runs, {command.name: runs[command.name + ONE_FILE] for command in many}

    def run_once(self, subject: str, command: Command) -> Run:
        """Run a command once, without a run to warm up."""
        self.say(f"{subject}: {command.name}")
        run = run_command(command, self.measure, self.scratch)
        self.commands[f"{subject}: {command.name}"] = self._show(command)
        self.raw[f"{subject}: {command.name}"] = dict(summarise_all([run]))
        return run

    def _show(self, command: Command) -> str:
        """Return the command line without the folders of this machine."""
        places = {str(self.scratch): "SCRATCH", sys.executable: "python", f"{SOURCES}/": ""}
        text = " ".join(map(str, command.line))
        for place, name in places.items():
            text = text.replace(place, name)
        return text


def per_unit(runs: Sequence[Run], starts: Sequence[Run], count: int, name: str) -> list[float]:
    """Return the seconds of each run per file or element, after subtracting the median of the runs ``starts``."""
    start = statistics.median(run[name] for run in starts)
    return [(run[name] - start) / count for run in runs]


def hold_against(
    subject: str,
    what: str,
    against: str,
    of: Times,
    base: Times,
    *,
    unit: str = "µs",
    target: str = "",
    note: str = "",
) -> Measured:
    """Return the line that compares the times of one quantity with those of another, round by round."""
    scale = UNITS[unit]
    pairs = list(zip(of[0], base[0], strict=True))
    cpu_of, cpu_base = (statistics.median(times[1]) for times in (of, base))
    line = Measured(subject, what, against, target=target, note=note)
    line.cpu_ratio = cpu_of / cpu_base if cpu_of > 0 and cpu_base > 0 else None
    if any(own <= 0 or other <= 0 for own, other in pairs):
        # The quantity is smaller than the variation of the start-up time that was subtracted.
        line.note = "lost in the noise of the start: use more files, or an idle machine"
        return line
    line.unit = unit
    line.of, line.base = (statistics.median(times[0]) * scale for times in (of, base))
    line.ratios = [own / other for own, other in pairs]
    return line

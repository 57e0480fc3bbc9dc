"""tagsniff and other tools doing the same job: every distinct identity, VR and value of a collection with its files.

For: ``python benchmarks/compare.py``, and record.py.
Never: a time of a tool whose result differs from that of the reference, pydicom, in the part of the job that the tool
does; a tool that is not installed; a claim from two different runs.

All tools run in turns, each in its own process, on the same files in the page cache. The time of a run over a single
file is subtracted, so that neither the start of Python nor the loading of a dictionary counts. Each tool writes its
result.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from collection import SHARES, count_files, make_files, write_files
from measures.workbench import Measured, format_lines, hold_against, per_unit, say
from measuring import Command, CommandFailedError, Run, run_command, summarise_all
from peers.listing import HERE, Peer, Result, differences, is_public_text, list_peers, misses, version_of
from peers.rows import ALL_VALUES, read_result
from peers.tagsniff_report import differences_of_all, differences_of_profile
from programs import compile_c
from tables import format_table
from tagsniff_commands import tagsniff

FILES = 2000
ROUNDS = 3
STARTS_OF_A_ROUND = 3
EVERYTHING = "tagsniff final, everything recorded"
BEFORE = "tagsniff before"
CLOCKS_BY_FILE = ("wall_s_per_file", "cpu_s_per_file")
TARGETS = {
    "pydicom": "at least 150",
    "python-gdcm": "at least 25",
    "dicomsdl": "at least 25",
    "C++ over GDCM": "at least 6",
}


@dataclass
class Contestant:
    """One tool: its commands for the collection and for a single file, the check of its result, and its runs."""

    name: str
    many: Command
    one: Command
    job: str
    peer: Peer | None = None
    differs: list[str] = field(default_factory=list)
    right_results: set[str] = field(default_factory=set)
    misses: dict[str, int] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    runs_of_one: list[Run] = field(default_factory=list)

    def by_file(self, files: int, clock: str) -> list[float]:
        """Return the seconds per file of each run, after subtracting the time for a single file."""
        return per_unit(self.runs, self.runs_of_one, files - 1, clock)


def compare(folder: Path, scratch: Path, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Run all tools over a folder and return the times of each; programs and results are written to ``scratch``."""
    measure = compile_c("measure", scratch)
    single = scratch / "single"
    single.mkdir()
    first = min(path for path in folder.rglob("*.dcm"))
    (single / first.name).write_bytes(first.read_bytes())
    tags = scratch / "tags.txt"
    peers = list_peers(scratch, tags)
    if peers[0].missing:
        raise SystemExit(f"the reference is missing: {peers[0].missing}")
    reference, of_element = _make_reference(peers[0], folder, measure, scratch)
    tags.write_text("".join(f"{name[1:-1]} {vr}\n" for name, vr in _scanned(reference)), encoding="ascii")
    contestants = _tagsniff_contestants(folder, single, scratch)
    for peer in peers:
        if not peer.missing:
            result = scratch / "result"
            many, one = peer.command(folder, result, peer.name), peer.command(single, result, peer.name)
            contestants.append(Contestant(peer.name, many, one, peer.job, peer, misses=misses(peer, reference)))
    for place in range(rounds):
        for own in contestants:
            if own.differs:
                continue
            say(f"tools, round {place + 1}: {own.name}")
            try:
                own.runs_of_one += [run_command(own.one, measure, scratch) for _ in range(STARTS_OF_A_ROUND)]
                own.runs.append(run_command(own.many, measure, scratch))
            except CommandFailedError as error:
                own.differs = [str(error)]
            else:
                own.differs = _check(own, reference, of_element, scratch)
    return {
        "files": reference.files,
        "rows": len(reference.rows),
        "rounds": rounds,
        "contestants": [_report(own, reference.files) for own in contestants],
        "not_installed": {peer.name: peer.missing for peer in peers if peer.missing},
    }


def _make_reference(
    peer: Peer, folder: Path, measure: Path, scratch: Path
) -> tuple[Result, dict[tuple[str, str], int]]:
    """Return the rows of pydicom, and its number of files for each identity and VR. This run is not timed."""
    result = scratch / "reference"
    line = [*peer.line(folder, result), "--elements"]
    run_command(Command("reference", line, peer.environment), measure, scratch)
    files, failed, rows = read_result(str(result))
    of_element = {(name, vr): count for (name, vr, value), count in rows.items() if value == ALL_VALUES}
    return Result(files, failed, {row: count for row, count in rows.items() if row[2] != ALL_VALUES}), of_element


def _scanned(reference: Result) -> list[tuple[str, str]]:
    return sorted({(row[0], row[1]) for row in reference.rows if is_public_text(row)})


def _tagsniff_contestants(folder: Path, single: Path, scratch: Path) -> list[Contestant]:
    record = ["--without-shipped", "--confidentiality", HERE / "peers" / "record_everything.csv"]
    record += ["--modality-software", "record-all"]
    everything = [*record, "--max-values", str(2**31 - 1), "--all-values", "--format", "jsonl"]
    found = []
    for name, command, options, job in (
        (
            EVERYTHING,
            "final",
            everything,
            "the whole job, by equipment, with series, occurrences and text inside binary values",
        ),
        (
            BEFORE,
            "before",
            ["--format", "jsonl"],
            "the usual output: values of the elements that the profile records",
        ),
    ):
        many = tagsniff(name, command, folder, scratch, *options, workers=1)
        found.append(Contestant(name, many, tagsniff(name, command, single, scratch, *options, workers=1), job))
    return found


def _check(own: Contestant, reference: Result, of_element: dict[tuple[str, str], int], scratch: Path) -> list[str]:
    """Return the differences of the result. A result with the same bytes as an accepted one is accepted unread."""
    result = scratch / ("output" if own.peer is None else "result")
    with result.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    if digest in own.right_results:
        return []
    found = _find_differences(own, reference, of_element, result)
    if not found:
        own.right_results.add(digest)
    return found


def _find_differences(
    own: Contestant, reference: Result, of_element: dict[tuple[str, str], int], result: Path
) -> list[str]:
    if own.peer is not None:
        return differences(own.peer, reference, own.peer.read(result))
    if own.name == EVERYTHING:
        return differences_of_all(reference.rows, result)
    return differences_of_profile(reference.rows, of_element, result)


def _report(own: Contestant, files: int) -> dict[str, Any]:
    """Return the record of a tool; with times per file only if its result is that of the reference."""
    counts = not own.differs
    return {
        "name": own.name,
        "version": None if own.peer is None else version_of(own.peer),
        "job": own.job,
        "counts": counts,
        "differs": own.differs[:20],
        "misses": own.misses,
        "wall_s_per_file": own.by_file(files, "wall_s") if counts else [],
        "cpu_s_per_file": own.by_file(files, "cpu_s") if counts else [],
        "whole": summarise_all(own.runs) if counts else {},
        "one_file": summarise_all(own.runs_of_one) if counts else {},
    }


def list_ratios(compared: dict[str, Any]) -> list[Measured]:
    """Return lines that compare each tool whose times count with the two jobs of tagsniff."""
    contestants = {own["name"]: own for own in compared["contestants"] if own["counts"]}
    found = []
    for name, own in contestants.items():
        for base in (BEFORE, EVERYTHING):
            if name not in (BEFORE, EVERYTHING) and base in contestants:
                times, others = ([own[clock] for clock in CLOCKS_BY_FILE] for own in (own, contestants[base]))
                line = hold_against("tools", f"{name}, a file", base, (times[0], times[1]), (others[0], others[1]))
                line.target = TARGETS.get(name, "") if base == BEFORE else ""
                found.append(line)
    return found


def format_comparison(compared: dict[str, Any]) -> str:
    """Return the comparison as a table of Markdown."""
    rows = []
    for own in compared["contestants"]:
        if not own["counts"]:
            rows.append([own["name"], *"----", own["job"], f"not counted: {'; '.join(own['differs'][:3])}"])
            continue
        times = [f"{statistics.median(own[clock]) * 1e6:,.0f}" for clock in CLOCKS_BY_FILE]
        start, peak = own["one_file"]["wall_s"]["median"] * 1e3, own["whole"]["peak_bytes"]["median"] / 2**20
        lacks = ", ".join(f"{count} {sort}" for sort, count in own["misses"].items())
        note = f"misses rows: {lacks}" if lacks else ""
        rows.append([own["name"], *times, f"{start:,.0f}", f"{peak:,.0f}", own["job"], note])
    rows += [[name, "-", "-", "-", "-", "not measured", why] for name, why in compared["not_installed"].items()]
    return format_table(["tool", "µs a file", "CPU µs a file", "start ms", "peak MiB", "job", ""], rows)


def main() -> None:
    """Make a collection, compare, and print the table."""
    parser = argparse.ArgumentParser(description="Compares tagsniff with the tools that are installed.")
    parser.add_argument("--files", type=int, default=FILES, help="files of the collection (%(default)s)")
    parser.add_argument("--kinds", default=",".join(SHARES), help="their kinds (%(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of all tools (%(default)s)")
    parser.add_argument("--scratch", type=Path, help="folder for the files (a temporary one)")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.scratch, prefix="compare-") as place:
        scratch = Path(place)
        folder = scratch / "collection"
        write_files(folder, make_files(count_files(arguments.files, arguments.kinds.split(","))))
        compared = compare(folder, scratch, arguments.rounds, say)
    print(format_comparison(compared))
    print()
    print(format_lines(list_ratios(compared)))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(compared, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

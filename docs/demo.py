"""Shows the main job over a collection: what is in it, what must be configured, and what is left at the end.

For: ``make demo`` and ``make demo DIR=/path``.
Never: anything that the commands do not do; each is shown as it could be typed, and writes its whole output to a file.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

Row = dict[str, str]

INCOMPLETE = 3
MISUSE = 2
VALUE_WIDTH, ELEMENT_WIDTH = 44, 52


class Choice(NamedTuple):
    """Rows that are worth seeing: why, how many of them, and which."""

    why: str
    most: int
    fits: Callable[[Row], bool]


def longest_word(row: Row) -> int:
    """Return the number of letters of the longest word of a value, 0 for one in angle brackets, which stands for it."""
    if row["value"].startswith("<"):
        return 0
    words = "".join(letter if letter.isalpha() else " " for letter in row["value"]).split()
    return max(map(len, words), default=0)


def has_words(row: Row) -> bool:
    return longest_word(row) > 3


def is_private(row: Row) -> bool:
    return '"' in row["element"]


def is_found_text(row: Row) -> bool:
    return row["element"].endswith("/text")


BEFORE = (
    Choice("text of private elements", 3, lambda row: is_private(row) and not is_found_text(row) and has_words(row)),
    Choice("text inside of bytes", 2, lambda row: is_found_text(row) and has_words(row)),
    Choice("free text of public elements", 3, lambda row: row["name"].endswith("Description") and has_words(row)),
    Choice("a value that breaks its VR", 1, lambda row: row["flags"].startswith("NOT_")),
)
FINAL = (
    Choice("names", 3, lambda row: row["vr"] == "PN" and has_words(row)),
    Choice("text inside of bytes", 2, lambda row: is_found_text(row) and has_words(row)),
    Choice("descriptions", 2, lambda row: row["name"].endswith("Description") and has_words(row)),
)


def find_folder(given: str) -> Path:
    """Return the folder to be read: the given one, or the files in the wheel of pydicom."""
    if given:
        folder = Path(given)
        if not folder.exists():
            sys.exit(fail(f"DIR={given} does not exist"))
        if not folder.is_dir() and not folder.is_file():
            sys.exit(fail(f"DIR={given} is neither a folder nor a file"))
        if not os.access(folder, os.R_OK):
            sys.exit(fail(f"DIR={given} cannot be read"))
        return folder
    found = importlib.util.find_spec("pydicom")
    if found is None or not found.submodule_search_locations:
        sys.exit(fail("pydicom is not installed: its wheel has the files of the demo"))
    return Path(found.submodule_search_locations[0], "data", "test_files")


def fail(message: str) -> int:
    print(f"make demo: {message}", file=sys.stderr)
    return MISUSE


def run(title: str, purpose: str, out: Path, *arguments: str) -> int:
    """Run a command; show it, what it is for, and the first line of its summary. Return its exit status."""
    print(f"\n== {title}\n   {purpose}")
    print("   $ tagsniff " + shlex.join(arguments))
    command = [sys.executable, "-m", "tagsniff", *arguments, "--force"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    log = out.with_suffix(".log")
    log.write_text(done.stderr, encoding="utf-8")
    lines = done.stderr.splitlines()
    if done.returncode not in (0, INCOMPLETE):
        print(*lines, sep="\n", file=sys.stderr)
        sys.exit(done.returncode)
    print(f"   {lines[0]} (the whole summary: {log})")
    return done.returncode


def read_rows(path: Path) -> list[Row]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def choose(rows: list[Row], choice: Choice) -> list[Row]:
    """Return one row of each element: that of most files, of equal ones that with the longest word; in this order."""
    best: dict[str, Row] = {}
    for row in sorted(filter(choice.fits, rows), key=lambda row: (-int(row["files"]), -longest_word(row))):
        best.setdefault(row["element"], row)
    return list(best.values())[: choice.most]


def shorten(text: str, width: int) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown if len(shown) <= width else shown[: width - 3] + "..."


def show_values(path: Path, choices: tuple[Choice, ...]) -> None:
    rows = [row for row in read_rows(path) if row["kind"] == "value"]
    print("   a few of its rows: files, VR, code, element, value")
    for choice in choices:
        chosen = choose(rows, choice)
        if chosen:
            print(f"   - {choice.why}")
        for row in chosen:
            element = shorten(f"{row['element']} {row['name']}".strip(), ELEMENT_WIDTH)
            value = shorten(row["value"], VALUE_WIDTH)
            print(f"   {row['files']:>5}  {row['vr']:2}  {row['code']:3} {element:{ELEMENT_WIDTH}}  {value}")
    print(f"   the rest: {path}, {len(rows)} values")


def main(given: str) -> int:
    """Run the three commands; return 0, also if some files could not be read to their end."""
    folder = find_folder(given)
    out = Path("demo")
    out.mkdir(exist_ok=True)
    collection, exclusions = str(folder), str(out / "exclusions.csv")
    print(f"== the collection: {folder}")

    inventory, before, final = out / "inventory.csv", out / "before.csv", out / "final.csv"
    statuses = [
        run(
            "1. inventory: what is in there?",
            "Every element once, private ones by their private creator, with counts and no values.",
            inventory,
            *("inventory", collection, "--by-creator", "--format", "csv", "-o", str(inventory)),
            *("--exclusions", exclusions),
        )
    ]
    elements = [row for row in read_rows(inventory) if row["files"]]
    private = [row for row in elements if '"' in row["identity"]]
    creators = {row["identity"].split('"')[1] for row in private}
    print(f"   {len(elements)} elements, {len(private)} of them private, of {len(creators)} private creators:")
    for row in sorted(private, key=lambda row: -int(row["files"]))[:4]:
        print(f"   {row['files']:>5}  {row['vrs']:5}  {shorten(row['identity'], 80)}")
    print(f"   the rest: {inventory}")

    statuses.append(
        run(
            "2. before: how must the de-identification be configured?",
            "The values of elements that a person must decide about: no profile knows them, or they are free text.",
            before,
            *("before", collection, "--format", "csv", "-o", str(before), "--exclusions", exclusions),
        )
    )
    show_values(before, BEFORE)

    statuses.append(
        run(
            "3. final: is it safe to publish?",
            "Every value but known physical parameters: for the last review, after the de-identification.",
            final,
            *("final", collection, "--format", "csv", "-o", str(final), "--exclusions", exclusions),
        )
    )
    show_values(final, FINAL)

    print("\n== what now")
    if INCOMPLETE in statuses:
        print(f"   exit status 3: some files could not be read to their end; {exclusions} lists them")
        if not given:
            print("   that is right here: some files of this collection are broken on purpose")
    print("   make demo DIR=/path shows the same over your own folder")
    print("   make test runs the whole suite: about seven minutes on two cores")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ.get("DIR", "")))

"""The command lines of tagsniff that are measured.

For: targets.py and compare.py.
Never: anything that a user could not type.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

from measuring import Command

TAGSNIFF = (sys.executable, "-m", "tagsniff")


@cache
def has_workers(command: str) -> bool:
    """Return whether a command has the option ``--workers``."""
    done = subprocess.run([*TAGSNIFF, command, "--help"], check=True, capture_output=True, text=True)
    return "--workers" in done.stdout


def tagsniff(
    name: str, command: str, folder: Path, scratch: Path, *options: str | Path, workers: int | None = None
) -> Command:
    """Return a command with its output in the scratch folder.

    ``workers`` is ignored if the command does not have that option. An incomplete report is a failure, because the
    files of the collection are whole.
    """
    output, exclusions = scratch / "output", scratch / "exclusions.csv"
    words: list[str | Path] = [*TAGSNIFF, command, folder, "-o", output, *options, "--exclusions", exclusions]
    if workers is not None and has_workers(command):
        words += ["--workers", str(workers)]
    return Command(name, words, writes=(output, exclusions))

"""The key to a report whose paths are numbers: which path each number stands for, as CSV.

For: ``--redact-paths``; whoever has it, and nobody else, can go from a report back to the files.
Never: leave a number out.
"""

from __future__ import annotations

import os
from typing import TextIO

from tagsniff.output.csv_text import write_row
from tagsniff.output.terminal_text import show_undecoded
from tagsniff.report.redaction import PathNumbers


def write_path_key(numbers: PathNumbers, stream: TextIO) -> None:
    """Write ``number,path`` and a row for each path, by number; paths are written as in exclusions.csv."""
    write_row(stream, ["number", "path"])
    for path, number in sorted(numbers.items(), key=lambda entry: entry[1]):
        write_row(stream, [number, show_undecoded(os.fsdecode(path))])

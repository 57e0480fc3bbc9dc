"""What a table says at its end: how many files are in it, what was left out and why, what its cells do not say.

For: standard error.
Never: a path of the collection, or a value of an element.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from tagsniff.selection.table_rows import SEPARATOR, Tally
from tagsniff.status import Omission
from tagsniff.writers.summary import write_lines, write_omissions, write_statuses

_REPEATED = f"the same tag twice in a data set, or a private creator with two blocks; joined with {SEPARATOR}"
_UNDECODED = "bytes that the character set has no character for; written \\xNN"
_UNKNOWN_CHARSET = "(0008,0005) names no character set that is known; read as ASCII, or by its first value"


def write_table_summary(
    tally: Tally, omissions: Sequence[Omission], stream: TextIO, *, exclusions_path: str, is_whole: bool
) -> None:
    """Write the number of rows, notes on values, and one line for each reason with its count, in paths.

    ``is_whole`` says that every file was read to its end.
    """
    reach = "" if is_whole else ", each as far as the last element that was asked for"
    stream.write(f"{tally.files} files read{reach}\n")
    if tally.partial_files:
        stream.write(f"{tally.partial_files} files were read in part; what stands behind the fault is missing\n")
    notes = [
        (tally.repeated, "REPEATED", _REPEATED),
        (tally.undecoded, "UNDECODED", _UNDECODED),
        (tally.unknown_charset, "UNKNOWN_CHARSET", _UNKNOWN_CHARSET),
    ]
    write_lines(stream, "notes (values)", [note for note in notes if note[0]])
    counts = Counter(omission.status for omission in omissions)
    write_statuses(sorted(counts.items()), (), stream)
    write_omissions(tuple(omissions), exclusions_path, stream)

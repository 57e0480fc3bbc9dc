"""The rows of a group as texts, of which what recurs is written once.

For: the formats that write a row as a line; there may be millions, which differ in few of their cells.
Never: a separator, a quote or an escape; those are the format's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tagsniff.value_rows import RowGroup, RowKind


def join_rows(
    group: RowGroup,
    write_start: Callable[[RowKind, str], str],
    values: Iterable[str],
    write_counts: Callable[[int, int, int, tuple[str, ...]], str],
    examples: Iterable[str],
) -> Iterator[str]:
    """Yield each row: its start, value, counts and example, one behind the other.

    ``write_start(kind, code)`` and ``write_counts(files, series, occurrences, flags)`` are called for what differs.
    """
    kinds_and_codes = list(zip(group.kinds, group.codes, strict=True))
    counts = list(zip(group.files, group.series, group.occurrences, group.flags, strict=True))
    starts = {start: write_start(*start) for start in set(kinds_and_codes)}
    ends = {end: write_counts(*end) for end in set(counts)}
    for start, value, end, example in zip(kinds_and_codes, values, counts, examples, strict=True):
        yield f"{starts[start]}{value}{ends[end]}{example}"

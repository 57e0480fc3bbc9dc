"""What a report says of the run that it is made of: the version of tagsniff, the mode and the date.

For: scans, which record it, and the writers.
Never: a path, a name of the user or of the machine, or anything else that differs between two runs over the same files,
except the date. ``SOURCE_DATE_EPOCH`` fixes the date (https://reproducible-builds.org/specs/source-date-epoch/).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import NamedTuple

from tagsniff.output.terminal_text import show_undecoded

_LONGEST_EPOCH = 11
_BETWEEN_VERSIONS = ", "


class RunRecord(NamedTuple):
    """The run that read the files.

    ``version`` is that of tagsniff, ``mode`` the mode or command (empty if profiles were given without a mode), and
    ``date`` the second in which the run began, in UTC: ``2026-11-30T20:21:37Z``. ``names`` are the shell patterns of
    the names of files that were read, empty for all files. All are empty if nothing was run.
    """

    version: str = ""
    mode: str = ""
    date: str = ""
    names: tuple[str, ...] = ()


NO_RUN = RunRecord()


def begin_run(mode: str, names: Iterable[str] | None = None) -> RunRecord:
    """Return the record of a run that begins now; ``names`` are patterns of the names of files that are read."""
    from tagsniff import __version__

    return RunRecord(__version__, mode, read_date(), tuple(sorted(map(show_undecoded, names or ()))))


def merge_runs(runs: Iterable[RunRecord]) -> RunRecord:
    """Return the record of merged scans, whatever their order: all versions, the common mode, the latest date.

    The patterns of names are those of all scans: what one of them did not read may be in another.
    """
    made = [run for run in runs if run != NO_RUN]
    if not made:
        return NO_RUN
    versions = {version for run in made for version in run.version.split(_BETWEEN_VERSIONS)}
    modes = {run.mode for run in made}
    return RunRecord(
        _BETWEEN_VERSIONS.join(sorted(versions)),
        modes.pop() if len(modes) == 1 else "",
        max(run.date for run in made),
        tuple(sorted({name for run in made for name in run.names})),
    )


def read_date() -> str:
    """Return the date of ``SOURCE_DATE_EPOCH``, in seconds since 1970, if it is set; else the present one."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    is_fixed = fixed.isascii() and fixed.isdigit() and len(fixed) <= _LONGEST_EPOCH
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(fixed) if is_fixed else None))

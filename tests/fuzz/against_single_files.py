"""Collections of files that differ a little from one another, scanned as a whole and file by file.

For: ``make fuzz``. The tables of a collection, its deviations and faults included, are the merged tables of the scans
of its files alone, in any order and with any number of threads, batches and bounds.
Never: a value of an element in the output, or a collection that its seed and number do not reproduce.
Standard: none; the rules are sections 3 and 4 of the design.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from changed_collections import Checker, Difference, Sources, make_smaller
from real_files import distinct_files

MEMORY = Path("/dev/shm")
MOST_REPORTED = 3


def report(
    arguments: argparse.Namespace, number: int, files: Sequence[bytes], found: Difference, check: Checker
) -> None:
    """Print the difference and the smallest collection that has it; keep its files."""
    print(f"seed {arguments.seed} case {number}: {found}")
    fewest, way = make_smaller(files, found, check.differs)
    smallest = found._replace(way=way)
    print(f"  smallest: {len(fewest)} of {len(files)} files, {sum(map(len, fewest))} bytes; {smallest}")
    if arguments.keep is not None:
        place = arguments.keep / f"collection-{arguments.seed}-{number}"
        place.mkdir(parents=True, exist_ok=True)
        for index, data in enumerate(fewest):
            (place / f"{index:03}").write_bytes(data)
        print(f"  kept in {place}")


def main() -> int:
    """Run collections until the time is over, or one; return 1 if there is a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int, help="this collection alone")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--keep", type=Path, help="where the files of a collection with a difference are left")
    arguments = parser.parse_args()
    sources = Sources(sorted(distinct_files(), key=lambda real: real.name))
    collections = files_read = different = 0
    end = time.monotonic() + arguments.seconds
    number = arguments.case or 0
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        check = Checker(Path(folder))
        while arguments.case is not None or time.monotonic() < end:
            numbers = random.Random(f"{arguments.seed}:{number}")
            files = sources.make(numbers)
            found = check.check(files, numbers)
            collections += 1
            files_read += len(files)
            if found is not None:
                different += 1
            if found is not None and different <= MOST_REPORTED:
                report(arguments, number, files, found, check)
            if arguments.case is not None:
                break
            number += 1
    result = f"{different} DIFFERENT" if different else "all equal to their files one by one"
    print(f"{collections} collections of {files_read} files, {check.scans} scans: {result}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())

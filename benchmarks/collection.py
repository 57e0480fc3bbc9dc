"""A collection of DICOM files, generated from a seed: the same seed gives the same bytes on every machine.

For: ``python benchmarks/collection.py FOLDER --files 20000``, and the measures of this folder.
Never: patient data, a file from a device, or a name from outside. Everything is invented here.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from kinds.enhanced import make_enhanced
from kinds.images import COLUMNS, IMAGES, Content, make_images, make_turns
from kinds.reports import make_reports
from kinds.rt_structures import make_rt_structures

SHARES = {
    "ct": 4000,
    "mr": 2500,
    "csa": 800,
    "blocks": 600,
    "implicit": 600,
    "big": 200,
    "deflated": 200,
    "jpeg": 500,
    "rtstruct": 90,
    "sr": 500,
    "enhanced": 10,
    "turns": 300,
}
"""Files of each kind in ten thousand."""

PIXEL_BYTES = 512 * 1024
FRAMES = 3000
SEED = 1
_SERIES_LENGTHS = {"rtstruct": (1, 4), "sr": (1, 6), "enhanced": (1, 3), "turns": (100, 400)}


def count_files(files: int, kinds: Sequence[str]) -> dict[str, int]:
    """Return the number of files of each kind: at least one of each if there are enough files."""
    total = sum(SHARES[kind] for kind in kinds)
    counts = {kind: max(1, files * SHARES[kind] // total) for kind in kinds}
    rest = files - sum(counts.values())
    for kind in sorted(kinds, key=lambda kind: -SHARES[kind]):
        change = max(rest, -counts[kind])
        counts[kind] += change
        rest -= change
        if rest == 0:
            break
    return counts


def make_files(
    counts: Mapping[str, int], *, seed: int = SEED, pixel_bytes: int = PIXEL_BYTES, frames: int = FRAMES
) -> Iterator[tuple[str, Content]]:
    """Yield the path and content of each file, series by series."""
    for kind, count in counts.items():
        lengths = IMAGES[kind].series_length if kind in IMAGES else _SERIES_LENGTHS[kind]
        of_kind = Random(f"{seed}/{kind}")
        number = made = 0
        while made < count:
            length = min(count - made, of_kind.randrange(*lengths))
            if kind in IMAGES:
                yield from make_images(kind, seed, number, length, pixel_bytes)
            elif kind == "turns":
                yield from make_turns(seed, number, length, pixel_bytes)
            elif kind == "rtstruct":
                yield from make_rt_structures(seed, number, length)
            elif kind == "sr":
                yield from make_reports(seed, number, length)
            else:
                yield from make_enhanced(seed, number, length, frames)
            made += length
            number += 1


def write_files(folder: Path, files: Iterator[tuple[str, Content]]) -> tuple[int, int]:
    """Write the files; return their number and their bytes. Raises FileExistsError if one of them already exists."""
    made: set[Path] = set()
    count = total = 0
    for name, content in files:
        path = folder / name
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        total += _write(path, content)
        count += 1
    return count, total


def _write(path: Path, content: Content) -> int:
    """Write one file, with holes in place of the runs of zeros; return its length in bytes."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        at = 0
        for part in content:
            if isinstance(part, int):
                at += part
            else:
                os.pwrite(file, part, at)
                at += len(part)
        os.ftruncate(file, at)
    finally:
        os.close(file)
    return at


def main() -> None:
    """Read the arguments and write the collection."""
    parser = argparse.ArgumentParser(description="Writes a collection of DICOM files, the same for the same seed.")
    parser.add_argument("folder", type=Path, help="folder for the files; it must be empty, or not exist")
    parser.add_argument("--files", type=int, default=20_000, help="number of files (%(default)s)")
    parser.add_argument("--kinds", default=",".join(SHARES), help="kinds, separated by commas (%(default)s)")
    parser.add_argument("--pixel-bytes", type=int, default=PIXEL_BYTES, help="Pixel Data of an image (%(default)s)")
    parser.add_argument("--frames", type=int, default=FRAMES, help="frames of an enhanced image (%(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the collection (%(default)s)")
    arguments = parser.parse_args()
    kinds = arguments.kinds.split(",")
    unknown = sorted(set(kinds) - SHARES.keys())
    if unknown:
        parser.error(f"no such kind: {', '.join(unknown)}")
    if arguments.files < 1 or arguments.frames < 1:
        parser.error("at least one file and one frame are needed")
    if arguments.pixel_bytes < 2 * COLUMNS or arguments.pixel_bytes % (2 * COLUMNS):
        parser.error(f"--pixel-bytes must be a multiple of {2 * COLUMNS}, the bytes of a row")
    if arguments.folder.exists() and any(arguments.folder.iterdir()):
        parser.error(f"{arguments.folder} is not empty")
    files = make_files(
        count_files(arguments.files, kinds),
        seed=arguments.seed,
        pixel_bytes=arguments.pixel_bytes,
        frames=arguments.frames,
    )
    count, total = write_files(arguments.folder, files)
    print(f"{count} files, {total} bytes")


if __name__ == "__main__":
    main()

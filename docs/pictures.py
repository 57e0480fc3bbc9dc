"""Draws the pictures of docs/review.md again, with the review page of the files that the wheel of pydicom carries.

For: ``make pictures``.
Never: a picture of other files, or one that has the path of a folder of this machine.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from tagsniff.cli import main as run_tagsniff

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
NAMES = ("decide", "search", "equipment", "many")
COLORS = 64
MOST_BYTES = 300_000


def main() -> int:
    """Draw the pictures; return the exit status."""
    programs = [shutil.which(name) for name in ("node", "chromium")]
    spec = importlib.util.find_spec("pydicom")
    if None in programs or spec is None or not spec.submodule_search_locations:
        print("make pictures: node, chromium and pydicom are needed", file=sys.stderr)
        return 2
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    with tempfile.TemporaryDirectory() as place:
        # From within the folder of pydicom, so that the paths on the page are short and the same everywhere.
        os.chdir(Path(spec.submodule_search_locations[0], "data"))
        sheet, page = (str(Path(place, name)) for name in ("decisions.csv", "review.html"))
        run_tagsniff(["before", "test_files", "--decisions", sheet, "-o", page])
        node, chromium = programs
        subprocess.run([str(node), str(HERE / "pictures.mjs"), str(chromium), place, page], check=True)
        PICTURES.mkdir(exist_ok=True)
        for name in NAMES:
            with Image.open(Path(place, f"{name}.png")) as drawn:
                few = drawn.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
                few.save(PICTURES / f"{name}.png", optimize=True)
    total_bytes = sum((PICTURES / f"{name}.png").stat().st_size for name in NAMES)
    print(f"{len(NAMES)} pictures, {total_bytes:,} bytes")
    return 0 if total_bytes <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())

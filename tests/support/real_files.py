"""The real DICOM files of the tests: pydicom's wheel always, and a larger collection if it is present.

For: tests over real files; TAGSNIFF_CORPUS names the folder of the collection, which has a MANIFEST.tsv.
Never: a file of the collection in this project, or a failure because the collection is absent.
Standard: none.
"""

from __future__ import annotations

import csv
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import pydicom.data


@dataclass(frozen=True)
class RealFile:
    """``name`` is the path inside the collection, after the name of the collection."""

    name: str
    path: Path


def wheel_files() -> list[RealFile]:
    """Return every file that pydicom's wheel carries as data, DICOM or not."""
    root = Path(pydicom.data.__file__).parent
    folders = [root / "charset_files", root / "palettes", root / "test_files"]
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    kept = [path for path in paths if path.suffix not in (".py", ".pyc")]
    return [RealFile(f"wheel/{path.relative_to(root).as_posix()}", path) for path in kept]


def corpus_folder() -> Path | None:
    """Return the folder of the collection, or None."""
    named = os.environ.get("TAGSNIFF_CORPUS")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "corpus"
    return folder if (folder / "MANIFEST.tsv").is_file() else None


def manifest() -> list[dict[str, str]]:
    """Return the rows of the collection's list; none if there is no collection."""
    folder = corpus_folder()
    if folder is None:
        return []
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def corpus_files() -> list[RealFile]:
    """Return every file of the collection."""
    folder = corpus_folder()
    return [RealFile(f"corpus/{row['path']}", folder / row["path"]) for row in manifest() if folder is not None]


def distinct_files() -> list[RealFile]:
    """Return all files; of files with equal content only one, under its name in the wheel if it is there."""
    seen: set[str] = set()
    found = []
    sums = {f"corpus/{row['path']}": row["sha256"] for row in manifest()}
    for real in [*wheel_files(), *corpus_files()]:
        content = sums.get(real.name) or hashlib.sha256(real.path.read_bytes()).hexdigest()
        if content not in seen:
            seen.add(content)
            found.append(real)
    return found

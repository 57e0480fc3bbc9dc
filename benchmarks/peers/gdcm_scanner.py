"""The part of the job that the Scanner of python-gdcm can do: texts of public elements outside of sequences.

For: compare.py: ``SCRIPT FOLDER RESULT TAGS``, where TAGS is a file of lines ``gggg,eeee VR``.
Never: a claim that it does more. The Scanner needs the tags beforehand, does not see items of sequences, private
creators or VRs, and returns values as text.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import gdcm

from peers.rows import Row, list_files, list_values, write_result


def main(folder: str, result: str, tags_file: str) -> None:
    """Scan the folder and write the result."""
    scanner = gdcm.Scanner()
    tags = []
    for line in Path(tags_file).read_text(encoding="ascii").splitlines():
        name, vr = line.split()
        group, element = (int(part, 16) for part in name.split(","))
        tag = gdcm.Tag(group, element)
        scanner.AddTag(tag)
        tags.append((tag, f"({group:04x},{element:04x})", vr))
    paths = list(list_files(folder))
    if not scanner.Scan(paths):
        raise RuntimeError("the scanner failed")
    counts: Counter[Row] = Counter()
    failed = [path for path in paths if not scanner.IsKey(path)]
    for path in paths:
        found: set[Row] = set()
        for tag, name, vr in tags:
            text = scanner.GetValue(path, tag)
            if text is not None:
                raw = text.encode("utf-8", "surrogateescape")
                found.update((name, vr, value) for value in list_values(vr, raw))
        counts.update(found)
    write_result(result, len(paths), failed, counts)


if __name__ == "__main__":
    gdcm.Trace.WarningOff()
    main(*sys.argv[1:])

"""The tools that are compared: how each is called, what its job is, and how its result is read.

For: compare.py.
Never: a time, or a result that is accepted unchecked. What a tool cannot do is declared here; the rest is checked.
"""

from __future__ import annotations

import glob
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from measuring import Command
from peers.dcmdump_text import read_dump
from peers.rows import ONE_TEXT, SEVERAL_VALUES, Row, read_result
from programs import compile_cxx

HERE = Path(__file__).parents[1]
WHOLE_JOB = "the whole job"
_PUBLIC_TEXT = re.compile(r"\((?!0002)[0-9a-f]{3}[02468ace],[0-9a-f]{4}\)")


@dataclass
class Result:
    """The result of a tool for a collection."""

    files: int
    failed: list[str]
    rows: dict[Row, int]


@dataclass
class Peer:
    """A tool and its job.

    ``missing`` is the reason why it cannot be run. ``line`` returns its command line for a folder and a file for the
    result. ``covers`` selects the rows of the reference that are part of its job; ``job`` describes the job in words.
    ``package`` is the Python package.
    """

    name: str
    line: Callable[[Path, Path], list[str | Path]]
    missing: str = ""
    job: str = WHOLE_JOB
    covers: Callable[[Row], bool] = field(default=lambda row: True)
    read: Callable[[Path], Result] = field(default=lambda path: Result(*read_result(str(path))))
    environment: dict[str, str] = field(default_factory=dict)
    writes_to_output: bool = False
    package: str = ""

    def command(self, folder: Path, result: Path, name: str) -> Command:
        """Return the command for a folder."""
        output = result if self.writes_to_output else None
        return Command(name, self.line(folder, result), self.environment, output, writes=(result,))


def list_peers(programs: Path, tags: Path) -> list[Peer]:
    """Return all tools, the reference first; ``tags`` is the list of tags for the Scanner of GDCM."""
    return [
        _python_peer("pydicom", "pydicom", "pydicom_raw"),
        _python_peer("python-gdcm", "gdcm", "gdcm_walk"),
        _scanner(tags),
        _python_peer("dicomsdl", "dicomsdl", "dicomsdl_walk"),
        _dcmdump(),
        _cxx_peer("C++ over GDCM", "gdcm_walk", programs, *_gdcm_flags()),
        _cxx_peer("C++ over DCMTK", "dcmtk_walk", programs, [], ["-ldcmdata", "-loflog", "-lofstd"]),
    ]


def _python_peer(package: str, imported: str, module: str, *arguments: str | Path) -> Peer:
    missing = "" if importlib.util.find_spec(imported) else f"{package} is not installed"
    path = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH", "")]))
    return Peer(
        package,
        lambda folder, result: [sys.executable, "-m", f"peers.{module}", folder, result, *arguments],
        missing,
        environment={"PYTHONPATH": path},
        package=package,
    )


def _scanner(tags: Path) -> Peer:
    peer = _python_peer("python-gdcm", "gdcm", "gdcm_scanner", tags)
    peer.name = "python-gdcm, Scanner"
    peer.job = "a part: public texts outside of sequences, of tags that are given beforehand"
    peer.covers = is_public_text
    return peer


def is_public_text(row: Row) -> bool:
    """Return whether a row is a text of a public element of the root data set (not of the file meta information)."""
    return _PUBLIC_TEXT.fullmatch(row[0]) is not None and (row[1] in SEVERAL_VALUES or row[1] in ONE_TEXT)


def _dcmdump() -> Peer:
    # Values of 31 kilobytes and more, that is pixels, are left out; a missing VR of a private element is not guessed.
    options = ["+sd", "+r", "+F", "+L", "-M", "+R", "31", "-Un"]
    return Peer(
        "dcmdump",
        lambda folder, _: ["dcmdump", *options, folder],
        "" if shutil.which("dcmdump") else "dcmdump is not installed",
        "a part: every element of every file printed, nothing counted",
        read=_read_dump_file,
        environment=_dcmtk_environment(),
        writes_to_output=True,
    )


def _read_dump_file(path: Path) -> Result:
    with path.open("rb") as lines:
        files, rows = read_dump(lines)
    return Result(files, [], dict(rows))


def _dcmtk_environment() -> dict[str, str]:
    """Return the setting for the public dictionary alone: the job uses no VR from a private dictionary."""
    found = sorted(glob.glob("/usr/share/*dcmtk*/dicom.dic") + glob.glob("/usr/share/dcmtk/dicom.dic"))
    return {"DCMDICTPATH": found[-1]} if found else {}


def _gdcm_flags() -> tuple[list[str], list[str]]:
    includes = sorted(glob.glob("/usr/include/gdcm-*") + glob.glob("/usr/local/include/gdcm-*"))
    return includes[-1:], ["-lgdcmMSFF", "-lgdcmDSED", "-lgdcmDICT", "-lgdcmCommon"]


def _cxx_peer(name: str, source: str, programs: Path, includes: list[str], libraries: list[str]) -> Peer:
    program, missing = compile_cxx(source, programs, includes, libraries)
    environment = _dcmtk_environment() if "dcmtk" in source else {}
    return Peer(name, lambda folder, result: [program or source, folder, result], missing, environment=environment)


def differences(peer: Peer, reference: Result, result: Result) -> list[str]:
    """Return the differences between a result and the part of the reference that is the job of the tool."""
    expected = {row: files for row, files in reference.rows.items() if peer.covers(row)}
    found = []
    if result.files != reference.files:
        found.append(f"{result.files} files, not {reference.files}")
    if result.failed:
        found.append(f"{len(result.failed)} files failed")
    unequal = Counter(
        (row[0], row[1]) for row in expected.keys() | result.rows.keys() if expected.get(row) != result.rows.get(row)
    )
    return found + [f"{name} {vr}: {count} rows" for (name, vr), count in unequal.most_common()]


def misses(peer: Peer, reference: Result) -> dict[str, int]:
    """Return how many rows of the reference are not part of the job of the tool, by kind of row."""
    left = [row for row in reference.rows if not peer.covers(row)]
    sorts = {
        "nested": lambda name, vr: "[<0>]" in name,
        "private": lambda name, vr: int(name.rpartition("(")[2][:4], 16) & 1 == 1,
        "behind Pixel Data": lambda name, vr: int(name[1:5], 16) > 0x7FE0,
        "no text": lambda name, vr: vr not in SEVERAL_VALUES and vr not in ONE_TEXT,
        "file meta information": lambda name, vr: name.startswith("(0002,"),
    }
    counts = {sort: sum(belongs(name, vr) for name, vr, _ in left) for sort, belongs in sorts.items()}
    return {sort: count for sort, count in counts.items() if count}


def version_of(peer: Peer) -> str:
    """Return the version of a tool that can be run."""
    if peer.package:
        return importlib.metadata.version(peer.package)
    program = str(peer.line(Path(), Path())[0])
    done = subprocess.run([program, "--version"], check=False, capture_output=True, text=True)
    found = re.search(r"[0-9]+(?:\.[0-9]+)+", done.stdout)
    return found[0] if found else ""

"""The machine, the versions and the state of the tree of a run.

For: run.json of a recorded run.
Never: a name of a host, a user or a folder.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = ("tagsniff", "numpy", "Cython")


def describe() -> dict[str, object]:
    """Return processor, memory, system, compiler, versions, commit, load and time."""
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "usable_cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "virtual": _first_line("systemd-detect-virt", "--vm"),
        "system": f"{platform.system()} {platform.release()}",
        "compiler": _first_line(os.environ.get("CC", "cc"), "--version"),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": {name: version for name in PACKAGES if (version := _version(name)) is not None},
        "commit": _git("rev-parse", "HEAD"),
        "tree_is_clean": _git("status", "--porcelain") == "",
        "load_average": os.getloadavg(),
    }


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _git(*words: str) -> str | None:
    done = subprocess.run(["git", *words], check=False, capture_output=True, text=True, cwd=HERE)
    return done.stdout.strip() if done.returncode == 0 else None


def _first_line(*command: str) -> str | None:
    if shutil.which(command[0]) is None:
        return None
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return (done.stdout.splitlines() or [""])[0] or None


def file_system_of(folder: Path) -> str | None:
    """Return the kind of file system that a folder is on."""
    done = subprocess.run(["df", "--output=fstype", folder], check=False, capture_output=True, text=True)
    return done.stdout.splitlines()[-1].strip() if done.returncode == 0 else None

"""Compiles the C and C++ programs of this folder into a folder of the caller.

For: targets.py, compare.py, record.py.
Never: a file written next to the sources.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
C_FLAGS = ("-std=c11", "-O2", "-pthread")
CXX_FLAGS = ("-std=c++17", "-O2", "-pthread")


def compile_c(name: str, folder: Path) -> Path:
    """Compile ``floor/NAME.c`` and return the program. Raises CalledProcessError if it does not compile."""
    program = folder / name
    subprocess.run(_c_command(name, program), check=True)
    return program


def compile_floor(folder: Path) -> tuple[Path, bool]:
    """Compile the floor program; return it, and whether it has io_uring, which needs liburing."""
    program = folder / "floor"
    command = [*_c_command("floor", program), "-DFLOOR_RING", "-luring"]
    if subprocess.run(command, check=False, capture_output=True).returncode == 0:
        return program, True
    return compile_c("floor", folder), False


def _c_command(name: str, program: Path) -> list[str | Path]:
    return [os.environ.get("CC", "cc"), *C_FLAGS, "-o", program, HERE / "floor" / f"{name}.c"]


def compile_cxx(name: str, folder: Path, includes: Sequence[str], libraries: Sequence[str]) -> tuple[Path | None, str]:
    """Compile ``peers/NAME.cpp``; return the program and "", or None and the reason."""
    compiler = os.environ.get("CXX", "c++")
    if shutil.which(compiler) is None:
        return None, f"no {compiler}"
    program = folder / name
    flags = [*CXX_FLAGS, *(f"-I{include}" for include in includes)]
    source = HERE / "peers" / f"{name}.cpp"
    done = subprocess.run(
        [compiler, *flags, "-o", program, source, *libraries], check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "error" in line]
        return None, f"does not compile: {lines[0] if lines else done.returncode}"
    return program, ""

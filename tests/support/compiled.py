"""Programs and libraries in C that tests compile, with the sanitizers if the compiler has them.

For: tests of what Python cannot cause: memory that runs out, a disk that fails.
Never: a part of the package. Without a compiler or the source tree such tests are skipped.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CSRC = ROOT / "csrc"
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer")
# `make coverage-c` names a folder for the counts of gcov.
COVERAGE = os.environ.get("TAGSNIFF_COVERAGE_PLACE")


def find_compiler() -> str:
    """Return a C compiler, or skip the test."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if os.name != "posix" or compiler is None or not CSRC.is_dir():
        pytest.skip("no C compiler, or no source tree")
    return compiler


def build_flags(compiler: str, place: Path) -> tuple[str, ...]:
    """Return the flags of programs: those of gcov if it counts, else those of the sanitizers if such a program runs."""
    flags = ("-std=c11", "-g", "-O1")
    if COVERAGE is not None:
        return (*flags[:-1], "-O0", "--coverage")
    probe = place / "probe.c"
    probe.write_text("int main(void) { return 0; }\n", encoding="ascii")
    command = [compiler, *flags, *SANITIZERS, "-o", str(place / "probe"), str(probe)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        return flags
    is_running = subprocess.run([place / "probe"], capture_output=True, check=False).returncode == 0
    return (*flags, *SANITIZERS) if is_running else flags


def make_once(factory: pytest.TempPathFactory, key: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that ``make`` has filled, once for all processes of this run of the suite."""
    import fcntl  # only POSIX has it, and without it there is no compiler here

    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    folder /= f"made-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "is_made").exists():
            make(folder)
            (folder / "is_made").touch()
    return folder


def compile_core(
    compiler: str, flags: Sequence[str], factory: pytest.TempPathFactory, *, defines: Sequence[str] = ()
) -> list[str]:
    """Compile all of csrc/ into objects, once for each set of flags in a run of the suite; return their paths."""
    sources = sorted(path for path in CSRC.glob("*/*.c") if path.parent.name != "example")
    command = [compiler, *flags, *defines, f"-I{CSRC}", "-c"]

    def compile_sources(folder: Path) -> None:
        count = min(os.cpu_count() or 1, len(sources))
        shares = [subprocess.Popen([*command, *sources[i::count]], cwd=folder) for i in range(count)]
        assert {share.wait() for share in shares} == {0}

    if COVERAGE is not None and "--coverage" in flags:
        place = Path(COVERAGE)
        place.mkdir(parents=True, exist_ok=True)
        compile_sources(place)
    else:
        place = make_once(factory, "\0".join(command), compile_sources)
    return [str(place / source.with_suffix(".o").name) for source in sources]

"""Which modules a command imports. Start-up is slow because of imports, so they are counted here and not timed.

For: all commands, in a folder without files and with files.
Never: a time. benchmarks/test_startup.py measures it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from dicom_bytes import EXPLICIT as E
from dicom_bytes import EXPLICIT_LITTLE_UID, part10
from tagsniff.writers import inventory, values

# numpy alone takes longer to import than all other modules together.
SLOW = {"numpy", "rich", "msgpack", "pyarrow", "pandas", "pydicom", "gdcm"}
# Slow modules of the standard library that these commands do not need.
SLOW |= {"concurrent.futures", "hashlib", "json", "logging", "queue", "secrets", "shutil", "tempfile", "traceback"}
# Modules that they need. What these import, in any version of Python, is not counted.
NEEDED = ["argparse", "contextlib", "csv", "dataclasses", "functools", "re", "signal", "typing"]

SCANS = ["inventory", "before", "final", "collisions", "find", "table", "series"]
ASKED = {"find": ["--element", "PatientID"], "table": ["-t", "PatientID"]}
# Modules of this package, with a margin of a few.
MOST_MODULES = {"inventory": 48, "before": 74, "final": 74, "collisions": 70, "find": 55, "table": 49, "series": 58}


def imported_by(*arguments: str) -> set[str]:
    """Run a command in a process of its own; return the modules that are imported at its end."""
    program = (
        "import os, sys\n"
        "from tagsniff.cli import main\n"
        "said = os.dup(1)\n"
        "os.dup2(os.open(os.devnull, os.O_WRONLY), 1)\n"
        "status = main(sys.argv[1:])\n"
        "sys.stdout.flush()\n"
        "os.write(said, ' '.join(sys.modules).encode())\n"
        # 3: no file was read.
        "sys.exit(status not in (0, 1, 3))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@cache
def needed() -> frozenset[str]:
    program = f"import sys, {', '.join(NEEDED)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split())


def slow(modules: set[str]) -> set[str]:
    return modules & SLOW - needed()


def own(modules: set[str]) -> set[str]:
    return {name for name in modules if name.split(".")[0] == "tagsniff"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    os.mkdir("in")
    return tmp_path


@pytest.mark.parametrize("command", SCANS)
def test_a_scan_without_files(command: str, folder: Path) -> None:
    modules = imported_by(command, "in", *ASKED.get(command, []))
    assert slow(modules) == set()
    assert len(own(modules)) <= MOST_MODULES[command]


@pytest.mark.parametrize(("command", "module"), [("inventory", inventory), ("before", values)])
def test_formats_of_a_scan_without_files(command: str, module: ModuleType, folder: Path) -> None:
    for name in module.FORMATS:
        modules = imported_by(command, "in", "--format", name, "--exclusions", f"{name}.csv")
        assert slow(modules) <= {"json"}, name


def test_paths_that_hold_no_dicom(folder: Path) -> None:
    """Threads read them and they are listed, but no table is made."""
    (folder / "in" / "notes.txt").write_text("no DICOM")
    for command in SCANS[:4]:
        modules = imported_by(command, "in", "--exclusions", f"{command}.csv")
        assert "numpy" not in modules
        assert "concurrent.futures" in modules


def test_an_inventory_imports_nothing_of_values_or_profiles(folder: Path) -> None:
    (folder / "in" / "a").write_bytes(part10(E.element(0x00100020, "LO", b"1 "), EXPLICIT_LITTLE_UID).data)
    modules = own(imported_by("inventory", "in"))
    assert [name for name in modules if "profile" in name or "values" in name] == []
    assert "tagsniff.scanning.order" in modules


@pytest.mark.parametrize(
    "arguments",
    [
        ["profile", "list"],
        ["profile", "show", "basic"],
        ["profile", "check", "basic"],
        ["profile", "explain", "PatientID"],
    ],
    ids=" ".join,
)
def test_profiles(arguments: list[str]) -> None:
    assert slow(imported_by(*arguments)) == set()


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (["decide", "log", "sheet.csv"], {"hashlib", "json"}),
        # The known values are digests, and the sheet is parsed as a profile.
        (["decide", "merge", "sheet.csv", "other.csv", "-o", "both.csv"], {"hashlib", "json"}),
        (["decide", "apply", "sheet.csv", "-o", "profiles"], {"hashlib", "json"}),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_sheets_without_a_scan(arguments: list[str], allowed: set[str], folder: Path) -> None:
    for name in ("sheet.csv", "other.csv"):
        (folder / name).write_text("element,vr,code,scope\nPatientID,LO,X,\n", "utf-8")
    row = '{"element": "(0010,0020)", "vr": "LO", "before": "", "after": "X"}'
    (folder / "sheet.jsonl").write_text(f'{{"act": "key", "rows": [{row}]}}\n', "utf-8")
    assert slow(imported_by(*arguments)) <= allowed


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_no_command_at_all(flag: str) -> None:
    modules = imported_by(flag)
    # argparse asks shutil for the width of the terminal when it writes help.
    assert slow(modules) <= {"shutil"}
    assert "tagsniff._core" not in modules
    assert len(own(modules)) <= 10


def test_one_command_does_not_import_another(folder: Path) -> None:
    commands = {"tagsniff.cli.table", "tagsniff.cli.find", "tagsniff.cli.values", "tagsniff.cli.inventory"}
    assert imported_by("inventory", "in") & commands == {"tagsniff.cli.inventory"}


def test_the_end_of_the_program_is_not_searched_for_cycles() -> None:
    """Only where the program itself ends: what a caller of `main` has made is searched as before."""
    program = (
        "import gc, sys\n"
        "from tagsniff.cli import main\n"
        "main(['--version'])\n"
        "print(gc.get_freeze_count() > 0)\n"
        "sys.argv = ['tagsniff', '--version']\n"
        "main()\n"
        "print(gc.get_freeze_count() > 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1::2] == ["False", "True"]


def test_importing_the_package_and_the_extension() -> None:
    program = "import sys, tagsniff, tagsniff._core; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert slow(set(done.stdout.split())) == set()


@pytest.mark.parametrize("name", ["ELEMENT_DTYPE", "IDENTITY_DTYPE", "ROW_DTYPE", "CELL_VALUE_DTYPE"])
def test_threads_that_first_ask_for_a_dtype_get_the_same_object(name: str) -> None:
    program = (
        "import sys, threading\n"
        "from tagsniff import _core\n"
        "assert 'numpy' not in sys.modules\n"
        "sys.setswitchinterval(1e-6)\n"
        "found, barrier = [], threading.Barrier(8)\n"
        "def ask():\n"
        "    barrier.wait()\n"
        "    found.append(getattr(_core, sys.argv[1]))\n"
        "threads = [threading.Thread(target=ask) for _ in range(8)]\n"
        "[thread.start() for thread in threads]\n"
        "[thread.join() for thread in threads]\n"
        "print(len(found), len(set(map(id, found))))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, name], capture_output=True, text=True, check=True)
    assert done.stdout == "8 1\n"


def test_the_extension_has_no_other_attributes() -> None:
    from tagsniff import _core

    with pytest.raises(AttributeError, match="has no attribute 'OMISSION_DTYPE'"):
        _core.OMISSION_DTYPE  # type: ignore[attr-defined]  # noqa: B018

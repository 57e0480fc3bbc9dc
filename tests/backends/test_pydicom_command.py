"""Unchanged programs, with and without ``python -m tagsniff.backends.pydicom``: output, exit status and files agree.

For: programs that nobody edits.
Never: an expectation of what a program does; the run without the command says it.
Standard: none.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from pydicom.data import get_testdata_file

COMMAND = ("-m", "tagsniff.backends.pydicom")
CT, MR = (str(get_testdata_file(name, download=False)) for name in ("CT_small.dcm", "MR_small.dcm"))

SCRIPTS = {
    "surroundings": """
import os, sys
from pydicom import dcmread
print(sys.argv, __name__, __file__, __package__, __spec__, __cached__, type(__loader__).__name__, __doc__)
print(sys.path[0], sorted(globals()), vars(sys.modules["__main__"]) is globals())
print(dcmread(sys.argv[1]).PatientName, dcmread.__module__, dcmread.__name__)
""",
    "status": "import sys; sys.exit(7)",
    "status as text": "import sys; sys.exit('a message')",
    "no status": "raise SystemExit",
    "exception": """
def fail(path):
    try:
        open(path)
    except OSError as error:
        raise ValueError("no such file") from error
fail("missing")
""",
    "exception with a hook": """
import sys, traceback
def show(kind, error, frames):
    print("hook", kind.__name__, error, [frame.name for frame in traceback.extract_tb(frames)])
sys.excepthook = show
def fail():
    1 / 0
fail()
""",
    "interrupt": "import atexit; atexit.register(print, 'end'); raise KeyboardInterrupt",
    "syntax": "print('never')\nif\n",
    "encoding": "# -*- coding: latin-1 -*-\nprint(ascii('\xe4'))\n".encode("latin-1"),
    "threads and exit functions": """
import atexit, sys, threading, time
atexit.register(lambda: print("exit", flush=True))
threading.Thread(target=lambda: (time.sleep(0.1), print("thread", flush=True))).start()
print("main", flush=True)
raise RuntimeError("x")
""",
    "processes": """
import multiprocessing, sys
import pydicom
def read(path):
    return str(pydicom.dcmread(path).PatientName)
if __name__ == "__main__":
    for method in sys.argv[3:]:
        with multiprocessing.get_context(method).Pool(1) as pool:
            print(pool.map(read, sys.argv[1:3]))
""",
}


class Done(NamedTuple):
    """What a program did. Names of temporary folders are the same in both runs."""

    status: int
    output: str
    errors: str


def run(*arguments: str, folder: Path, **environment: str) -> Done:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    return Done(done.returncode, done.stdout, done.stderr)


def same(*arguments: str, folder: Path) -> Done:
    """Return what both runs did; fail if they differ."""
    plain = run(*arguments, folder=folder)
    assert run(*COMMAND, *arguments, folder=folder) == plain
    return plain


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_does_the_same(name: str, tmp_path: Path) -> None:
    script = SCRIPTS[name]
    (tmp_path / "program.py").write_bytes(script if isinstance(script, bytes) else script.encode())
    methods = ["spawn", "fork"] if hasattr(os, "fork") else ["spawn"]
    done = same("program.py", CT, MR, *methods, folder=tmp_path)
    assert (done.status, done.output, done.errors) != (0, "", "") or name == "no status"
    assert "tagsniff" not in done.output + done.errors


def test_a_script_in_another_folder_does_the_same(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "tools" / "beside.py").write_text("NAME = 'beside'\n")
    (tmp_path / "tools" / "program.py").write_text("import beside, sys; print(beside.NAME, sys.path[0], __file__)\n")
    (tmp_path / "elsewhere" / "link.py").symlink_to(tmp_path / "tools" / "program.py")
    assert same("tools/program.py", folder=tmp_path).status == 0
    assert same(str(tmp_path / "elsewhere" / "link.py"), folder=tmp_path).status == 0


@pytest.mark.parametrize(
    "name", ["package", "package.module", "single", "package.failing", "missing", "package.missing"]
)
def test_a_module_does_the_same(name: str, tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    line = "import sys; print(__name__, __package__, __spec__.name, sys.argv, sys.path[0], sorted(globals()))\n"
    (package / "__init__.py").write_text("import sys; print(sys.argv)\n")
    (package / "__main__.py").write_text(line + "sys.exit(3)\n")
    (package / "module.py").write_text("from . import __main__\n" + line)
    (package / "failing.py").write_text("def fail():\n    raise LookupError\nfail()\n")
    (tmp_path / "single.py").write_text(line)
    done = same("-m", name, "-x", "--report", "y", folder=tmp_path)
    assert done.status != 0 or "-x" in done.output


def test_a_folder_and_an_archive_do_the_same(tmp_path: Path) -> None:
    (tmp_path / "tool").mkdir()
    text = "import sys, beside; print(sys.argv, sys.path[0], __name__, __spec__.name); raise ValueError\n"
    (tmp_path / "tool" / "__main__.py").write_text(text)
    (tmp_path / "tool" / "beside.py").write_text("")
    with zipfile.ZipFile(tmp_path / "tool.zip", "w") as archive:
        archive.writestr("__main__.py", text)
        archive.writestr("beside.py", "")
    for target in ("tool", "tool.zip"):
        assert same(target, "a", folder=tmp_path).status == 1
    (tmp_path / "empty").mkdir()
    assert same("empty", folder=tmp_path).status == 1


def test_a_file_that_is_not_there_is_the_same_error(tmp_path: Path) -> None:
    assert same("missing.py", folder=tmp_path).status == 2


def test_with_a_safe_path_no_folder_is_put_on_the_path(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import sys; print(sys.path)\n")
    assert run("-P", *COMMAND, "program.py", folder=tmp_path) == run("-P", "program.py", folder=tmp_path)


@pytest.mark.parametrize("arguments", [(), ("-m",), ("--report",), ("--no-such-option", "program.py"), ("-x",)])
def test_a_wrong_command_is_status_2_before_any_work(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*COMMAND, *arguments, folder=tmp_path)
    assert (done.status, done.output) == (2, "")
    assert done.errors.startswith("usage: python -m tagsniff.backends.pydicom")


def test_the_help_says_how(tmp_path: Path) -> None:
    done = run(*COMMAND, "--help", folder=tmp_path)
    assert done.status == 0
    assert "TAGSNIFF_PYDICOM_REPORT=1" in done.output


def test_the_report_is_one_line_after_everything_else(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "import sys\nfrom pydicom import dcmread\nfor path in sys.argv[1:]:\n    dcmread(path)\n"
    )
    line = "tagsniff: 2 of 2 calls of pydicom's reader answered\n"
    assert run(*COMMAND, "--report", "program.py", CT, MR, folder=tmp_path) == Done(0, "", line)
    assert run(*COMMAND, "program.py", CT, MR, folder=tmp_path, TAGSNIFF_PYDICOM_REPORT="1") == Done(0, "", line)
    assert run(*COMMAND, "program.py", CT, MR, folder=tmp_path, TAGSNIFF_PYDICOM_REPORT="0") == Done(0, "", "")
    failed = run(*COMMAND, "--report", "program.py", CT, __file__, folder=tmp_path)
    assert failed.status == 1
    assert failed.errors.splitlines()[-1] == (
        "tagsniff: 1 of 2 calls of pydicom's reader answered; left to pydicom: 1 (no preamble)"
    )


# Programs of others


def test_pydicoms_own_command_prints_the_same(tmp_path: Path) -> None:
    (tmp_path / "pydicom_show.py").write_text("from pydicom.cli.main import main; main()\n")
    done = same("pydicom_show.py", "show", CT, folder=tmp_path)
    assert done.status == 0
    assert "CompressedSamples" in done.output
    reported = run(*COMMAND, "--report", "pydicom_show.py", "show", CT, folder=tmp_path)
    assert (reported.output, reported.errors) == (
        done.output,
        "tagsniff: 1 of 1 calls of pydicom's reader answered\n",
    )


def test_dicognito_writes_the_same_files(tmp_path: Path) -> None:
    """Its names of patients and UIDs depend on the seed alone."""
    pytest.importorskip("dicognito")
    sources = str(Path(CT).parent / "dicomdirtests" / "77654033")
    arguments = ("-m", "dicognito", "--seed", "a seed", sources, CT, MR, "--output-directory")
    written = {}
    for name, command in (("plain", ()), ("with", (*COMMAND, "--report"))):
        done = run(*command, *arguments, name, folder=tmp_path)
        assert done.status == 0, done.errors
        files = {path.name: path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file()}
        written[name] = done.output.replace(name, "folder"), files
    assert written["plain"] == written["with"]
    assert len(written["plain"][1]) > 5
    assert "calls of pydicom's reader answered\n" in done.errors
    assert "tagsniff: 0 of" not in done.errors

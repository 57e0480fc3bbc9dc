"""Every place that lists Python versions agrees with ``requires-python`` in ``pyproject.toml``.

For: classifiers, the README, the wheels that are built, CI, the linters, the Makefile, and free threading.
Never: a version number in this file.
Standard: none.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CI = ROOT / ".github" / "workflows" / "ci.yml"
MAKEFILE = ROOT / "Makefile"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CLASSIFIERS = SETTINGS["project"]["classifiers"]
FREE_THREADING = "Programming Language :: Python :: Free Threading"
needs_source_tree = pytest.mark.skipif(not (CI.is_file() and MAKEFILE.is_file()), reason="there is no source tree")


def allowed_minors() -> list[int]:
    bounds = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", SETTINGS["project"]["requires-python"])
    assert bounds is not None
    return list(range(int(bounds[1]), int(bounds[2])))


ALLOWED = [f"3.{minor}" for minor in allowed_minors()]
CLASSIFIED = [
    found[1] for line in CLASSIFIERS if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", line))
]


def test_this_python_is_allowed() -> None:
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in ALLOWED


def test_wheels_are_built_for_each_version_and_the_latest_free_threaded_one() -> None:
    names = ["cp" + version.replace(".", "") for version in ALLOWED]
    assert SETTINGS["tool"]["cibuildwheel"]["build"] == [*(f"{name}-*" for name in names), f"{names[-1]}t-*"]


def test_linters_use_the_first_version() -> None:
    assert SETTINGS["tool"]["ruff"]["target-version"] == "py" + ALLOWED[0].replace(".", "")
    assert SETTINGS["tool"]["mypy"]["python_version"] == ALLOWED[0]


@needs_source_tree
def test_ci_runs_the_suite_on_each_version_and_the_latest_free_threaded_one() -> None:
    lists = re.findall(r"python-version: (\[.*\])", CI.read_text(encoding="utf-8"))
    assert [json.loads(found) for found in lists] == [[*ALLOWED, ALLOWED[-1] + "t"]]
    others = re.findall(r'python-version: "(.*)"', CI.read_text(encoding="utf-8"))
    assert others != []
    assert set(others) <= set(ALLOWED)


@needs_source_tree
def test_the_readme_lists_the_tested_versions() -> None:
    """A version without a classifier is one that the README describes as not tested yet."""
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert ALLOWED[: len(CLASSIFIED)] == CLASSIFIED
    tested = f"{CLASSIFIED[0]} to {CLASSIFIED[-1]}"
    untested = ALLOWED[len(CLASSIFIED) :]
    told = f"{tested}; {' and '.join(untested)} is allowed, but not tested yet" if untested else tested
    assert f"the package is Python ({told})." in text


@needs_source_tree
def test_free_threading_is_claimed_if_the_extension_declares_it() -> None:
    source = next((ROOT / "src").rglob("_core.pyx")).read_text(encoding="utf-8")
    is_declared = "# cython: freethreading_compatible=True\n" in source
    assert any(line.startswith(FREE_THREADING) for line in CLASSIFIERS) is is_declared
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert ("On free-threaded Python" in readme) is is_declared


@needs_source_tree
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("beyond", [-1, 1])
def test_make_refuses_another_version(beyond: int, tmp_path: Path) -> None:
    """A script in place of the interpreter: it claims a version just outside the bounds."""
    minor = allowed_minors()[0] - 1 if beyond < 0 else allowed_minors()[-1] + 1
    stand_in = tmp_path / "python"
    stand_in.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        f"sys.version_info = (3, {minor}, 0, 'final', 0)\n"
        "assert sys.argv[1] == '-c', 'nothing is made with a version that is not allowed'\n"
        "exec(sys.argv[2])\n",
        encoding="utf-8",
    )
    stand_in.chmod(0o700)
    folder = tmp_path / "venv"
    made = subprocess.run(
        ["make", "-s", f"PYTHON={stand_in}", f"VENV={folder}", f"{folder}/.created"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode != 0
    assert f"Python {ALLOWED[0]} to {ALLOWED[-1]} is needed, this is 3.{minor}: set PYTHON=..." in made.stderr
    assert not folder.exists()

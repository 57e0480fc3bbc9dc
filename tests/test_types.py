"""A client's type checker sees the types of the installed package: the marker ``py.typed`` is part of it.

For: mypy, on a small program that is no part of this project.
Never: the types of this project's own modules; ``make lint`` checks those.
Standard: none; PEP 561.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

PROGRAM = """\
import tagsniff

found = tagsniff.scan(["collection"], mode="before")
reveal_type(found)
reveal_type(tagsniff.read_header("a").status)
tagsniff.scan(["collection"], modes="before")
tagsniff.find(["collection"], 5)
"""


def test_the_marker_is_installed() -> None:
    assert files("tagsniff").joinpath("py.typed").is_file()


def test_a_clients_type_checker_sees_the_types(tmp_path: Path) -> None:
    client = tmp_path / "client.py"
    client.write_text(PROGRAM, encoding="utf-8")
    # Its settings and its cache are those of the folder, which has none: nothing is taken from this project.
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "client.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert 'client.py:4: note: Revealed type is "tagsniff.api.Scan"' in lines
    assert 'client.py:5: note: Revealed type is "tagsniff.status.Status"' in lines
    errors = [line for line in lines if ": error: " in line]
    assert [line.split(":")[1] for line in errors] == ["6", "7"], done.stdout
    assert errors[0].endswith("[call-arg]")
    assert errors[1].endswith("[arg-type]")
    assert done.returncode == 1

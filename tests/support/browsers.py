"""Real browsers for tests: finds them, and has one node process for each, which runs what tests/review_page describes.

For: tests of the review page.
Never: a browser that the machine does not have, or a wait without an end.
"""

from __future__ import annotations

import functools
import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "tests" / "review_page"
IS_CI = bool(os.environ.get("CI") or os.environ.get("TAGSNIFF_CI"))
PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "firefox": ("firefox-esr", "firefox"),
}
WAIT_S = 240


class Answer(NamedTuple):
    """What a subject gave: facts for the test to judge, and what should not have happened."""

    facts: Any
    problems: list[str]


class Browser:
    """A browser with its node process."""

    def __init__(self, process: subprocess.Popen[str], name: str) -> None:
        self._process = process
        self.name = name

    def run(self, subject: str, page: Path | str, given: Mapping[str, Any] | None = None) -> Answer:
        """Run a subject of subjects.mjs on a page (a file, or an address). Fails the test if the subject fails."""
        asked, answers = _streams_of(self._process)
        asked.write(json.dumps({"subject": subject, "page": str(page), "given": dict(given or {})}) + "\n")
        asked.flush()
        if not select.select([answers], [], [], WAIT_S)[0]:
            self._process.kill()
            pytest.fail(f"{self.name} did not answer in {WAIT_S} s")
        line = answers.readline()
        if not line:
            pytest.fail(f"{self.name} ended with status {self._process.wait()}")
        answer = json.loads(line)
        if answer["failure"]:
            pytest.fail(f"{self.name}: {answer['failure']}", pytrace=False)
        return Answer(answer["facts"], answer["problems"])


@contextmanager
def open_browser(name: str, folder: Path) -> Iterator[Browser]:
    """Start a browser; skip the test where it, node or the packages are missing. Continuous integration has them."""
    command = [find_node(), str(SCRIPTS / "serve.mjs"), name, find_browser(name), str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        yield Browser(process, name)
    finally:
        asked, answers = _streams_of(process)
        asked.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        answers.close()


@functools.cache
def find_node() -> str:
    """Return the path of node, with the packages of package.json installed."""
    node = shutil.which("node")
    if node is None:
        _skip("node is not installed")
    if not (ROOT / "node_modules" / "puppeteer-core").is_dir():
        _skip("the packages of package.json are not installed (make node_modules)")
    return str(node)


def find_browser(name: str) -> str:
    """Return the path of a browser."""
    found = next(filter(None, map(shutil.which, PROGRAMS[name])), None)
    if found is None:
        _skip(f"{name} is not installed (Debian: {PROGRAMS[name][0]})")
    return str(found)


def _skip(reason: str) -> None:
    if IS_CI:
        pytest.fail(reason)
    pytest.skip(reason)


def _streams_of(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout

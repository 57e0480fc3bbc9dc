"""The examples in the pages of ``docs/`` give what the pages say.

For: every block of Python with prompts; the blocks of one page run one behind the other, in an empty folder.
Never: a page without an example.
Standard: none.
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[1] / "docs").glob("*.md"))
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def examples_of(text: str, name: str) -> doctest.DocTest:
    """The examples of a page, with their lines in the page."""
    kept = [""] * len(text.splitlines())
    for block in BLOCK.finditer(text):
        first = text.count("\n", 0, block.start(1))
        lines = block[1].splitlines()
        kept[first : first + len(lines)] = lines
    return doctest.DocTestParser().get_doctest("\n".join(kept), {"__name__": name}, name, name, 0)


@pytest.mark.skipif(not PAGES, reason="the source tree is not here")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    test = examples_of(page.read_text(encoding="utf-8"), page.name)
    assert test.examples != []
    said: list[str] = []
    doctest.DocTestRunner().run(test, out=said.append)
    assert "".join(said) == ""


def test_an_example_that_is_wrong_is_found() -> None:
    test = examples_of("Text\n\n```python\n>>> 1 + 1\n3\n```\n", "page")
    said: list[str] = []
    doctest.DocTestRunner().run(test, out=said.append)
    assert "Expected:\n    3\nGot:\n    2" in "".join(said)
    assert "line 4" in "".join(said)

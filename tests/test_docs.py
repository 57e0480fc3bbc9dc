"""The examples in the pages of ``docs/`` give the results that the pages show.

For: every block of Python with prompts; the blocks of one page run one after the other, in a folder that contains only
a link to ``csrc/``. Every block of C, which is a program of ``csrc/example/``.
Never: a page without an example.
Standard: none.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[1] / "docs").glob("*.md"))
CSRC = Path(__file__).parents[1] / "csrc"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)

C_BLOCK = re.compile(r"^```c\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def examples_of(text: str, name: str) -> doctest.DocTest:
    """Return the examples of a page with their lines in the page."""
    kept = [""] * len(text.splitlines())
    for block in BLOCK.finditer(text):
        first = text.count("\n", 0, block.start(1))
        lines = block[1].splitlines()
        kept[first : first + len(lines)] = lines
    return doctest.DocTestParser().get_doctest("\n".join(kept), {"__name__": name}, name, name, 0)


@pytest.mark.skipif(not PAGES, reason="there is no source tree")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page_are_right(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page.read_text(encoding="utf-8")
    if '"cc"' in text and shutil.which("cc") is None:
        pytest.skip("no C compiler")
    monkeypatch.chdir(tmp_path)
    # A page may set it: it is put back after the page.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", os.environ["SOURCE_DATE_EPOCH"])
    (tmp_path / "csrc").symlink_to(CSRC)
    test = examples_of(text, page.name)
    assert test.examples != []
    printed: list[str] = []
    doctest.DocTestRunner().run(test, out=printed.append)
    assert "".join(printed) == ""


@pytest.mark.skipif(not PAGES, reason="there is no source tree")
def test_programs_in_the_pages_equal_the_sources() -> None:
    shown = [block for page in PAGES for block in C_BLOCK.findall(page.read_text(encoding="utf-8"))]
    programs = [path.read_text(encoding="utf-8") for path in sorted((CSRC / "example").glob("*.c"))]
    assert sorted(shown) == sorted(programs)
    assert programs != []


def test_a_wrong_example_is_found() -> None:
    test = examples_of("Text\n\n```python\n>>> 1 + 1\n3\n```\n", "page")
    printed: list[str] = []
    doctest.DocTestRunner().run(test, out=printed.append)
    assert "Expected:\n    3\nGot:\n    2" in "".join(printed)
    assert "line 4" in "".join(printed)


TABLE_RULE = re.compile(r"\|(-+\|)+")
# What is between backquotes, and an escaped bar, is no border of a cell.
NO_BORDER = re.compile(r"`[^`]*`|\\\|")


def broken_rows(text: str) -> list[str]:
    """Return the lines of tables that have not as many cells as the line below the heading."""
    found = []
    lines = iter([*text.splitlines(), ""])
    for line in lines:
        if TABLE_RULE.fullmatch(line):
            borders = line.count("|")
            while row := next(lines):
                if NO_BORDER.sub("", row).count("|") != borders or not row.startswith("|") or not row.endswith("|"):
                    found.append(row)
    return found


@pytest.mark.skipif(not PAGES, reason="there is no source tree")
def test_each_row_of_a_table_is_one_line() -> None:
    """A table whose rows are wrapped like text is shown as text."""
    root = CSRC.parent
    pages = [*PAGES, *root.glob("*.md"), root / "profiles" / "README.md", CSRC / "README.md"]
    assert {page.name: rows for page in pages if (rows := broken_rows(page.read_text(encoding="utf-8")))} == {}
    assert broken_rows("| a | b |\n|---|---|\n| 1 | 2 |\n") == []
    assert broken_rows("| a | b |\n|---|---|\n| 1 |\n2 | | 3 | 4 |\n") == ["| 1 |", "2 | | 3 | 4 |"]

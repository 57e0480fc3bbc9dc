"""docs/reading.md names every status once, with a case or test that exists.

For: the page that says what is read, repaired and refused.
Never: the texts of the page.
Standard: none.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cases import WRITTEN_BY_HAND
from tagsniff.status import Kind, Status

PAGE = Path(__file__).parents[2] / "docs" / "reading.md"
TESTS = Path(__file__).parents[1]
ROW = re.compile(r"^\| `([A-Z_]+)` \|.*\| ([^|]*) \|$", re.MULTILINE)

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="there is no source tree")


def rows() -> list[tuple[str, list[str]]]:
    """Return each status of the page, and the names in the last column."""
    text = PAGE.read_text(encoding="utf-8")
    return [(row[1], re.findall(r"`([^`]+)`", row[2])) for row in ROW.finditer(text)]


def test_every_status_is_on_the_page_once() -> None:
    assert sorted(name for name, _ in rows()) == sorted(status.name for status in Status if status is not Status.OK)


def test_cases_and_tests_exist() -> None:
    code = {path.stem: path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py")}
    for status, names in rows():
        assert names != [], status
        for name in names:
            if Status[status].kind is Kind.DEVIATION and not name.startswith("test_"):
                found = [case for case in WRITTEN_BY_HAND if case.name.startswith(name)]
                assert found, name
                assert all(status in case.deviations for case in found), (status, name)
            else:
                assert name in code or any(f"def {name}(" in text for text in code.values()), name

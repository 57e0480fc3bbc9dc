"""What all tests of collectors share: reports without the flags that order the reading.

For: tests that name the flags of a row, which are those that the core and the character sets give.
Never: the flags of `tagsniff.curation.findings`; tests/curation has them.
Standard: none.
"""

from __future__ import annotations

import pytest

from tagsniff.curation import marking


@pytest.fixture(autouse=True)
def _flags_of_the_core_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "mark_findings", lambda report: report)

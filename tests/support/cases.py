"""The table of all cases, one or more for each rule of the encoding.

For: tests that must hold for every case.
Never: a case defined here; each is in the table of its subject.
Standard: PS3.5 and PS3.10, edition 2026b.
"""

from __future__ import annotations

import deviation_cases
import file_cases
import random_cases
import repair_cases
import sequence_cases
import value_cases
from encoded_case import Case

# By subject, for tests that would take long with all of them.
TABLES: dict[str, tuple[Case, ...]] = {
    "files": file_cases.CASES,
    "sequences": sequence_cases.CASES,
    "values": value_cases.CASES,
    "deviations": deviation_cases.CASES,
    "random": random_cases.CASES,
}
REPAIRED: tuple[Case, ...] = repair_cases.CASES
"""Their prefixes have another test than those of the tables above."""
WRITTEN_BY_HAND: tuple[Case, ...] = (
    *(case for name in TABLES if name != "random" for case in TABLES[name]),
    *REPAIRED,
)
CASES: tuple[Case, ...] = (*WRITTEN_BY_HAND, *TABLES["random"])

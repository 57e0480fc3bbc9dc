"""The table of all cases, one or more for each rule of the encoding.

For: tests that must hold for every case.
Never: a case defined here; each is in the table of its subject.
Standard: PS3.5 and PS3.10, edition 2026b.
"""

from __future__ import annotations

import cases_of_chance
import cases_of_deviations
import cases_of_files
import cases_of_sequences
import cases_of_values
from encoded_case import Case

# By subject, for tests that would take long with all of them.
TABLES: dict[str, tuple[Case, ...]] = {
    "files": cases_of_files.CASES,
    "sequences": cases_of_sequences.CASES,
    "values": cases_of_values.CASES,
    "deviations": cases_of_deviations.CASES,
    "random": cases_of_chance.CASES,
}
WRITTEN_BY_HAND: tuple[Case, ...] = tuple(case for name in TABLES if name != "random" for case in TABLES[name])
CASES: tuple[Case, ...] = (*WRITTEN_BY_HAND, *TABLES["random"])

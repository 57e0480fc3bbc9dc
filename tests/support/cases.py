"""The table of all cases, one or more for each rule of the encoding.

For: tests that must hold for every case.
Never: a case of its own; each stands in the table of its subject.
Standard: PS3.5 and PS3.10, edition 2026b.
"""

from __future__ import annotations

import cases_of_chance
import cases_of_deviations
import cases_of_files
import cases_of_sequences
import cases_of_values
from encoded_case import Case

WRITTEN_BY_HAND: tuple[Case, ...] = (
    *cases_of_files.CASES,
    *cases_of_sequences.CASES,
    *cases_of_values.CASES,
    *cases_of_deviations.CASES,
)
CASES: tuple[Case, ...] = (*WRITTEN_BY_HAND, *cases_of_chance.CASES)

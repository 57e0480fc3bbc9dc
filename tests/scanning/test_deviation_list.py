"""The list of deviations: sorted, in bounded memory.

For: `tagsniff.scanning.deviation_list`.
Never: how it is written.
"""

from __future__ import annotations

import random

import pytest

from tagsniff.scanning.deviation_list import DeviationList
from tagsniff.status import Deviation, Status


@pytest.mark.parametrize("most", [1, 7, 2500, 10_000])
def test_it_is_sorted_by_path_and_status_whatever_the_order(most: int) -> None:
    rows = [
        (f"in/{number:04}\udcff", Deviation(status, number + 1, number, None if number % 2 else 0xFFFFFFFF))
        for number in range(1500)
        for status in (Status.NO_PREAMBLE, Status.STRAY_ITEM)
    ]
    shuffled = random.Random(1).sample(rows, len(rows))
    deviations = DeviationList(most)
    for path, deviation in shuffled:
        deviations.add(path, deviation)
    assert list(deviations) == rows
    assert list(deviations) == rows, "it can be read again"
    deviations.close()


def test_an_empty_list() -> None:
    assert list(DeviationList()) == []

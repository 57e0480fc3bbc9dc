"""Counts of series over several element uses: a series may be in more than one of them.

For: summaries of elements, which draw the uses of all equipment together.
Never: a sum of counts that counts a series twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tagsniff import _core

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tagsniff.scanning.tables import ScanTables


def unite_series(tables: ScanTables, groups: Sequence[Sequence[int]]) -> list[int]:
    """Return the number of series of each group of element uses, which are given by their numbers.

    Raises ValueError for a scan that is not mergeable: it does not have the series of its element uses.
    """
    import numpy as np

    runs = tables.series_runs
    if runs is None:
        raise ValueError("only a mergeable scan has the series of its element uses")
    of_uses = runs[runs["table"] == _core.SERIES_OF_USE]
    of_uses = of_uses[np.argsort(of_uses["owner"], kind="stable")]
    starts = np.searchsorted(of_uses["owner"], np.arange(len(tables.uses) + 1))
    counts = []
    for group in groups:
        spans = np.concatenate([of_uses[starts[use] : starts[use + 1]] for use in group] or [of_uses[:0]])
        counts.append(_count_numbers(spans["first"], spans["last"]))
    return counts


def _count_numbers(first: npt.NDArray[np.uint32], last: npt.NDArray[np.uint32]) -> int:
    """Return how many numbers are in at least one of the spans, whose ends are part of them."""
    import numpy as np

    if not len(first):
        return 0
    order = np.argsort(first, kind="stable")
    begins, ends = first[order].astype(np.int64), np.maximum.accumulate(last[order].astype(np.int64))
    before = np.concatenate([[-1], ends[:-1]])
    return int(np.maximum(ends - np.maximum(begins, before + 1) + 1, 0).sum())

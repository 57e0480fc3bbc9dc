"""Counts of series and patients over several element uses: one series or patient may be in more than one of them.

For: summaries of elements, which draw the uses of all equipment together.
Never: a sum of counts, which would count a patient of two scanners twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tagsniff.scanning.tables import ScanTables

# The number of the table of element uses in the column ``table`` of the runs: ts_series_table in the core.
_OF_USES = 1
_NOT_KNOWN = -1


def unite_counts(tables: ScanTables, groups: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Return the numbers of series and patients of each group of element uses; -1 patients if they are not known.

    The element uses of a group are given by their numbers. Raises ValueError for groups of several uses in a scan that
    is not mergeable: it does not have the series of its element uses.
    """
    import numpy as np

    series, patients = tables.uses["series"], tables.uses["patients"]
    runs = tables.series_runs
    counts = []
    starts = of_uses = None
    for group in groups:
        if len(group) == 1:
            counts.append((int(series[group[0]]), int(patients[group[0]])))
            continue
        if runs is None:
            raise ValueError("only a mergeable scan has the series of its element uses")
        if of_uses is None or starts is None:
            of_uses = runs[runs["table"] == _OF_USES]
            of_uses = of_uses[np.argsort(of_uses["owner"], kind="stable")]
            starts = np.searchsorted(of_uses["owner"], np.arange(len(tables.uses) + 1))
        spans = [of_uses[starts[use] : starts[use + 1]] for use in group]
        pairs = _list_numbers(np.concatenate(spans) if spans else of_uses[:0], len(tables.patient_series))
        chosen = tables.patient_series[pairs]
        known = tables.patients >= 0
        counts.append((len(np.unique(chosen["series"])), len(np.unique(chosen["patient"])) if known else _NOT_KNOWN))
    return counts


def _list_numbers(spans: npt.NDArray[np.void], count: int) -> npt.NDArray[np.int64]:
    """Return the numbers below ``count`` that are in at least one of the spans, whose ends are part of them."""
    import numpy as np

    steps = np.zeros(count + 1, np.int64)
    np.add.at(steps, spans["first"], 1)
    np.add.at(steps, spans["last"].astype(np.int64) + 1, -1)
    numbers: npt.NDArray[np.int64] = np.flatnonzero(np.cumsum(steps[:count]) > 0)
    return numbers

"""A value report with fewer rows: some hidden because a decision covers them, and others with one more flag.

For: decisions that hold for the values that were seen: what is known is hidden, what is new has a flag.
Never: hide a row without a row of kind CODE in its element use that says what decides.
Terms: PS3.15 Table E.1-1a (codes), edition 2026d.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tagsniff.report.element_uses import ElementUse
from tagsniff.report.rows import RecurringColumn, RowKind, RowTable, TextColumn, add_flags, count_findings, make_texts

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tagsniff.report.values import ValueReport


def hide_rows(
    report: ValueReport,
    uses: Sequence[ElementUse],
    hidden: npt.NDArray[np.bool_],
    flagged: Mapping[str, npt.NDArray[np.bool_]],
) -> ValueReport:
    """Return the report without the ``hidden`` rows; each element use of them has a row of kind CODE.

    ``uses`` are the element uses of the scan, in any order. ``flagged`` has the rows (bool, one for each row of the
    report) that get a flag, by its name. The CODE row of a use that had none counts all that the use counts.
    """
    import numpy as np

    table = report.table
    by_text = {(use.equipment, use.element, use.vr): use for use in uses}
    kinds = np.array(table.kinds.numbers, np.int64)
    code = table.kinds.things.index(RowKind.CODE)
    keep = ~hidden
    counts = {name: np.array(getattr(table, name)) for name in ("files", "series", "patients", "occurrences")}
    made = []
    for use in report.uses:
        span = np.arange(use.start, use.end)
        gone = span[hidden[use.start : use.end]]
        if not len(gone) or (kinds[span] == code).any():
            continue
        # The first of the hidden rows becomes the one that says what decides.
        row = int(gone[0])
        own = by_text[use.equipment, use.element, use.vr]
        keep[row] = True
        kinds[row] = code
        made.append(row)
        for name, column in counts.items():
            column[row] = getattr(own, name)
    flags = _add_flags(table.flags, flagged, made)
    texts = table.values.texts + make_texts([""])
    values = np.array(table.values.numbers, np.int64)
    values[made] = len(table.values.texts)
    order = _put_codes_first(report, kinds == code, keep)
    ends = np.concatenate([[0], np.cumsum(keep)])
    new_table = RowTable(
        kinds=RecurringColumn(table.kinds.things, kinds[order]),
        codes=RecurringColumn(table.codes.things, table.codes.numbers[order]),
        values=TextColumn(texts, values[order], table.values.encoding, table.values.errors),
        **{name: column[order] for name, column in counts.items()},
        flags=RecurringColumn(flags.things, flags.numbers[order]),
        examples=table.examples._replace(numbers=table.examples.numbers[order]),
        decided_by=RecurringColumn(table.decided_by.things, table.decided_by.numbers[order]),
    )
    shown = tuple(use._replace(start=int(ends[use.start]), end=int(ends[use.end])) for use in report.uses)
    return replace(report, table=new_table, uses=shown, findings=count_findings(new_table))


def _add_flags(
    column: RecurringColumn[tuple[str, ...]], flagged: Mapping[str, npt.NDArray[np.bool_]], cleared: Sequence[int]
) -> RecurringColumn[tuple[str, ...]]:
    """Return the column of flags with more of them; the ``cleared`` rows have none."""
    import numpy as np

    for name, rows in flagged.items():
        column = add_flags(column, rows.astype(np.int64), [(), (name,)])
    numbers = np.array(column.numbers, np.int64)
    things = column.things if () in column.things else (*column.things, ())
    numbers[list(cleared)] = things.index(())
    return RecurringColumn(things, numbers)


def _put_codes_first(
    report: ValueReport, are_codes: npt.NDArray[np.bool_], keep: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Return the indexes of the rows to keep, those of kind CODE first in each element use, as in every report."""
    import numpy as np

    number_of_use = np.repeat(np.arange(len(report.uses)), [use.end - use.start for use in report.uses])
    order = np.lexsort((np.arange(len(keep)), ~are_codes, number_of_use))
    kept: npt.NDArray[np.int64] = order[keep[order]]
    return kept

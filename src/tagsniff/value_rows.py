"""The rows of a value report: what a row shows, and many of them column by column.

For: the layout, which makes them, and the writers.
Never: look at a value, or put rows in an order.
Terms: PS3.5 6.2 (VRs), PS3.15 Table E.1-1a (codes), edition 2026b.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from itertools import chain, groupby
from operator import attrgetter
from typing import NamedTuple

COLLAPSED = "COLLAPSED"
ESTIMATED = "ESTIMATED"
SAME_TEXT = "SAME_TEXT"

FINDINGS = {
    "CONFLICT": "rows of the profiles are equally specific and name different codes; the most protective one stands",
    "CASE_VARIANT": "the profile names the private creator in another letter case",
    "NOT_A_NUMBER": "a value that is no number of its VR",
    "NOT_A_CODE": "a value beyond the characters or the length of VR CS",
    "NOT_OF_VR": "a value that is no date, time, age or UID, as its VR demands",
    "BAD_LENGTH": "bytes that do not fit the size of their VR",
    "TRUNCATED": "a text beyond 64 KiB, of which length and digest are kept",
    "UNDECODED": "bytes that do not decode",
    "LITERAL": "the value itself is written as this report describes one",
    "UNKNOWN_CHARSET": "(0008,0005) holds something that is no defined term",
    SAME_TEXT: "another row of the element shows the same text; bytes, character set or code differ",
}
"""The flags of rows at which a reviewer should look, in the order of reports, and what they mean."""

_FLAG_ORDER = {flag: place for place, flag in enumerate((*FINDINGS, COLLAPSED, ESTIMATED))}


def order_flags(flags: Iterable[str]) -> tuple[str, ...]:
    """Return flags in the order of reports, each once."""
    return tuple(sorted(set(flags), key=_FLAG_ORDER.__getitem__))


class RowKind(enum.Enum):
    """What a row shows: a recorded value, a code that decides without one, or that there were more values.

    In a report that may leave the house: how many values there are, in place of them.
    """

    CODE = "code"
    VALUE = "value"
    MORE = "more"
    COUNT = "count"


class ValueRow(NamedTuple):
    """One value, or what stands for values, of one element of one equipment.

    ``element`` is the identity, with ``/text`` behind it for printable text that was found inside of bytes. ``value``
    is empty for CODE; for COUNT it is the number of distinct values, for MORE an estimate of it. ``blocks`` are those
    of the element under this equipment and VR. ``flags`` are in the order of `FINDINGS`. ``example`` is the path that
    sorts first. ``decided_by`` is the row of a profile, and where it stands; empty for MORE of an element with several.
    """

    kind: RowKind
    equipment: str
    element: str
    vr: str
    keyword: str
    code: str
    value: str
    files: int
    series: int
    occurrences: int
    blocks: tuple[int, ...]
    flags: tuple[str, ...]
    example: str
    decided_by: str


class RowGroup(NamedTuple):
    """Rows of one element of one equipment and VR, column by column; the columns are those of `ValueRow`.

    All columns have the same length, which is not 0.
    """

    # A report has millions of rows, which differ in few of their cells: as objects they take longer than the scan.

    equipment: str
    element: str
    vr: str
    keyword: str
    blocks: tuple[int, ...]
    kinds: tuple[RowKind, ...]
    codes: tuple[str, ...]
    values: tuple[str, ...]
    files: tuple[int, ...]
    series: tuple[int, ...]
    occurrences: tuple[int, ...]
    flags: tuple[tuple[str, ...], ...]
    examples: tuple[str, ...]
    decided_by: tuple[str, ...]

    def count_rows(self) -> int:
        """Return the number of rows."""
        return len(self.kinds)

    def list_rows(self) -> list[ValueRow]:
        """Return the rows."""
        equipment, element, vr, keyword, blocks = self.equipment, self.element, self.vr, self.keyword, self.blocks
        # fmt: off
        cells = zip(
            self.kinds, self.codes, self.values, self.files, self.series, self.occurrences, self.flags,
            self.examples, self.decided_by, strict=True,
        )
        return [
            ValueRow(
                kind, equipment, element, vr, keyword, code, value, files, series, occurrences,
                blocks, flags, example, by,
            )
            for kind, code, value, files, series, occurrences, flags, example, by in cells
        ]
        # fmt: on


def list_rows(groups: Iterable[RowGroup]) -> tuple[ValueRow, ...]:
    """Return the rows of all groups."""
    return tuple(chain.from_iterable(group.list_rows() for group in groups))


# Of a row, what the others of its group need not have: the columns of a group.
_varying_cells = attrgetter(
    *("kind", "code", "value", "files", "series", "occurrences", "flags", "example", "decided_by")
)


def gather_rows(rows: Iterable[ValueRow]) -> tuple[RowGroup, ...]:
    """Return the groups of rows: those that follow one another and are of the same element, equipment and VR."""
    groups = []
    for head, of_group in groupby(rows, key=lambda row: (row.equipment, row.element, row.vr, row.keyword, row.blocks)):
        groups.append(RowGroup(*head, *zip(*map(_varying_cells, of_group), strict=True)))
    return tuple(groups)

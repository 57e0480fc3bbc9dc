"""Sets the flags of `tagsniff.curation.findings` on the rows of a report, which may have millions of rows.

For: the commands and the Python API, for every report of values.
Never: a loop over rows: texts are looked at once for each kind of value, whatever the number of their rows.
Terms: those of `tagsniff.report.rows`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from tagsniff.curation.findings import (
    ElementFacts,
    find_element_flags,
    make_finder,
    reads_as_text,
)
from tagsniff.curation.maker_claims import MakerClaims, read_claims
from tagsniff.curation.manufacturers import find_maker
from tagsniff.curation.value_rules import Days
from tagsniff.dicom.found_text import split_suffix
from tagsniff.dicom.notation import parse_identity
from tagsniff.dicom.value_text import is_description
from tagsniff.profile.shipped import read_shipped_lines
from tagsniff.report.reading_flags import TEXT_FOR_NUMBER
from tagsniff.report.rows import RecurringColumn, RowKind, RowTable, UseRows, add_flags, count_findings, order_flags
from tagsniff.scanning.tables import COLLAPSED

if TYPE_CHECKING:
    import numpy.typing as npt

    from tagsniff.report.values import ValueReport

# Texts are decoded so many at a time, whatever their number.
_AT_ONCE = 65_536
LITERAL = "LITERAL"
_DATE = re.compile(r"[0-9]{8}")
_T = TypeVar("_T")

# A value of these VRs may be text where a number is due. Text that was found in bytes is none: it is part of them.
_VRS_OF_TEXT = frozenset({"AE", "AS", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UN", "UR", "UT"})
# The private creator of an element, at the end of its text.
_CREATOR = re.compile(r'"((?:[^"\\]|\\.)*)",[0-9a-f]{2}\)\Z')


def mark_findings(report: ValueReport) -> ValueReport:
    """Return the report with the flags of all rules on the rows that show a value, and counted.

    Rows of decisive codes, which show no value, keep their flags as they are. A report that is marked stays the same.
    """
    if not report.uses:
        return report
    table, uses = report.table, report.uses
    shows_value = _find_things(table.kinds, lambda kind: kind is RowKind.VALUE)
    is_collapsed = _find_things(table.flags, lambda flags: COLLAPSED in flags)
    days = _find_days(table, uses, shows_value)
    numbers = np.asarray(table.values.numbers, np.int64)
    starts = np.array([use.start for use in uses], np.int64)
    counts = np.array([use.end for use in uses], np.int64) - starts
    of_use = np.repeat(np.arange(len(uses)), counts)
    kinds = [_find_kind(use) for use in uses]
    kind_names = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
    kind_of_row = np.array([kind_names[kind] for kind in kinds], np.int64)[of_use]

    found: dict[tuple[str, ...], int] = {(): 0}
    extra = np.zeros(len(table), np.int64)
    is_text = shows_value & ~is_collapsed
    literal = set(numbers[_find_things(table.flags, lambda flags: LITERAL in flags)].tolist())
    for (vr, is_found_text), number in kind_names.items():
        rows = np.flatnonzero(is_text & (kind_of_row == number))
        if not len(rows):
            continue
        texts, at = np.unique(numbers[rows], return_inverse=True)
        flags = np.zeros(len(texts), np.int64)
        find = make_finder(vr, days=days, is_found_text=is_found_text)
        for start in range(0, len(texts), _AT_ONCE):
            part = texts[start : start + _AT_ONCE]
            decoded = table.values.texts.decode(part, table.values.encoding, table.values.errors)
            for place, text in enumerate(decoded, start):
                if len(text) < 2 or (text[0] == "<" and is_description(text) and int(texts[place]) not in literal):
                    continue
                of_text = find(text)
                if of_text:
                    flags[place] = found.setdefault(of_text, len(found))
        extra[rows] = flags[at]

    _add_element_flags(report, shows_value, extra, found)
    if not extra.any():
        return report
    marked = replace(report, table=replace(table, flags=add_flags(table.flags, extra, list(found))))
    return replace(marked, findings=count_findings(marked.table))


def _find_things(column: RecurringColumn[_T], is_one: Callable[[_T], bool]) -> npt.NDArray[np.bool_]:
    """Return for each row whether its cell is one of those for which ``is_one`` holds."""
    are: npt.NDArray[np.bool_] = np.array([is_one(thing) for thing in column.things], bool)[column.numbers]
    return are


def _find_kind(use: UseRows) -> tuple[str, bool]:
    """Return what the rules for values have to know of a use: the VR, and whether it is text found in bytes."""
    return use.vr, use.element.endswith("/text")


def _find_days(table: RowTable, uses: Sequence[UseRows], shows_value: npt.NDArray[np.bool_]) -> Days | None:
    """Return the days that the values of VR DA and DT name; None if they name none."""
    single: set[date] = set()
    ranges: set[tuple[date, date]] = set()
    for use in uses:
        if use.vr not in ("DA", "DT") or not shows_value[use.start : use.end].any():
            continue
        for text in table.values.list_cells(use.start, use.end):
            days = [day for day in map(_read_day, _DATE.findall(text)) if day is not None]
            if len(days) == 2 and ".." in text:
                ranges.add((min(days), max(days)))
            else:
                single.update(days)
    return Days(frozenset(single), tuple(sorted(ranges))) if single or ranges else None


def _read_day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _add_element_flags(
    report: ValueReport,
    shows_value: npt.NDArray[np.bool_],
    extra: npt.NDArray[np.int64],
    found: dict[tuple[str, ...], int],
) -> None:
    """Add the flags of elements to the rows of each use: ``extra`` has the number of each row's flags in ``found``."""
    claims = read_claims(report)
    flags_of = list(found)
    is_shown = shows_value.tolist()
    for use in report.uses:
        if '"' not in use.element and not use.patient_relation:
            # Nothing is known of it.
            continue
        facts = _find_facts(use, claims)
        flags = find_element_flags(facts)
        may_be_text = use.vr in _VRS_OF_TEXT and use.element.endswith(")") and '"' in use.element
        if not (flags or may_be_text):
            continue
        rows = [row for row in range(use.start, use.end) if is_shown[row]]
        texts_for_number = _find_texts_for_number(report.table, use, rows) if may_be_text else frozenset()
        for row in rows:
            own = (*flags, TEXT_FOR_NUMBER) if row in texts_for_number else flags
            if own:
                united = order_flags((*flags_of[int(extra[row])], *own))
                if united not in found:
                    found[united] = len(found)
                    flags_of.append(united)
                extra[row] = found[united]


def _find_facts(use: UseRows, claims: MakerClaims) -> ElementFacts:
    creator, maker = _find_owner(use.element)
    says = ""
    if claims.status and creator and "[" not in use.element:
        step = parse_identity(split_suffix(use.element)[0])[-1]
        says = claims.find_status(step.tag >> 16, creator, step.tag & 0xFF)
    return ElementFacts(
        vr=use.vr,
        patient_relation=use.patient_relation,
        creator_maker=maker,
        equipment_maker=use.parts.manufacturer or "",
        maker_says=says,
    )


@lru_cache(maxsize=65_536)
def _find_owner(text: str) -> tuple[str, str]:
    """Return the private creator of an element as a report writes it, and its manufacturer; empty if there is none."""
    if '"' not in text:
        return "", ""
    element, _ = split_suffix(text)
    found = _CREATOR.search(element)
    if found is None:
        return "", ""
    creator = found[1]
    if "\\" in creator:
        # It is written with escapes.
        creator = str(parse_identity(element)[-1].creator)
    return creator, find_maker(creator)


@cache
def load_numeric_elements() -> frozenset[str]:
    """Return the private elements, as reports write them, that are numbers by Table E.3.10-1 and TCIA."""
    return frozenset(read_shipped_lines("numbers.tsv"))


def _find_texts_for_number(table: RowTable, use: UseRows, rows: Sequence[int]) -> frozenset[int]:
    """Return those of the rows that show letters where shipped tables have a number."""
    if not rows:
        return frozenset()
    texts = table.values.list_cells(rows[0], rows[-1] + 1)
    found = [row for row in rows if (text := texts[row - rows[0]])[:1] != "<" and reads_as_text(text, use.vr)]
    return frozenset(found) if found and use.element in load_numeric_elements() else frozenset()

"""What the shipped profile ``tcia`` does to real files: which values it takes from the report, and on whose word.

For: the rule that what others decided hides nothing that could identify. The table of the archives is read a second
time here, line by line and without the generator.
Never: a profile written for the test.
Source: profiles/tables/tcia_dispositions.csv.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

import tagsniff
from real_files import corpus_folder, distinct_files
from tagsniff.profile import Profile
from tagsniff.report.rows import RowKind, ValueRow
from tagsniff.scanning.modes import load_mode

TABLE = Path(__file__).resolve().parents[2] / "profiles" / "tables" / "tcia_dispositions.csv"
NUMBERS_AND_CODES = {"CS", "DS", "FD", "FL", "IS", "SL", "SS", "SV", "UL", "US", "UV"}
BREAKS = {"NOT_A_NUMBER", "NOT_A_CODE", "NOT_OF_VR", "BAD_LENGTH", "TOO_LONG", "WRONG_COUNT", "LOOKS_LIKE_TEXT"}


class Reports(NamedTuple):
    """The rows of ``before`` with and without what the archives decided."""

    with_tcia: list[ValueRow]
    without: list[ValueRow]


@pytest.fixture(scope="module")
def reports() -> Reports:
    paths = [real.path for real in distinct_files()]
    shipped = load_mode("before")
    without = Profile([[one for one in layer if one.name != "tcia"] for layer in shipped.layers])
    rows = [list(tagsniff.scan(paths, profile=profile, mode="before").report().rows) for profile in (shipped, without)]
    return Reports(*rows)


def read_table() -> dict[str, list[dict[str, str]]]:
    """Return the rows of the table by element."""
    found: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    with TABLE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(line for line in stream if not line.startswith("#")):
            found[row["element"].casefold()].append(row)
    return found


def is_by_tcia(row: ValueRow) -> bool:
    return "/tcia.csv:" in row.decided_by


def find_in_table(table: dict[str, list[dict[str, str]]], row: ValueRow) -> list[dict[str, str]]:
    """Return the rows of the table for an element and the sequences around it, each with its path or alone."""
    steps = without_suffix(row).casefold().split("[<0>]")
    names = {"[<0>]".join(steps[start : end + 1]) for end in range(len(steps)) for start in (0, end)}
    return [one for name in names for one in table.get(name, [])]


def without_suffix(row: ValueRow) -> str:
    """Return the element of a row, also of text that was found in its bytes."""
    end = row.element.rfind(")") + 1
    return row.element[:end] if end else row.element


def use_of(row: ValueRow) -> tuple[str, str, str]:
    return row.equipment, without_suffix(row), row.vr


@pytest.mark.skipif(not TABLE.is_file(), reason="the source tree is not here")
def test_every_code_is_one_that_an_archive_named(reports: Reports) -> None:
    table = read_table()
    of = {"K": {"k", "K"}, "X": {"d", "X"}, "Z": {"Z"}, "U": {"h"}, "C": {"o", "oi"}}
    seen = set()
    for row in filter(is_by_tcia, reports.with_tcia):
        said = find_in_table(table, row)
        assert said, row.element
        if row.code in of:
            assert any(one["tcia"] in of[row.code] or one["wustl"] in of[row.code] for one in said), row.element
        seen.add(row.code)
    assert {"K", "X"} <= seen


def test_a_keep_hides_numbers_and_codes_alone(reports: Reports) -> None:
    kept = [row for row in reports.with_tcia if is_by_tcia(row) and row.code == "K"]
    assert {row.vr for row in kept} <= NUMBERS_AND_CODES
    # What breaks its VR is shown in spite of the K.
    shown = [row for row in kept if row.kind is RowKind.VALUE]
    assert all(BREAKS & {*row.flags} for row in shown)


def test_everything_else_is_as_without_it(reports: Reports) -> None:
    """An element that ``tcia`` does not decide has the same rows; one that it does loses values, and gets none."""
    decided = {use_of(row) for row in reports.with_tcia if is_by_tcia(row)}

    def rest(rows: list[ValueRow]) -> list[tuple[object, ...]]:
        return [
            (row.element, row.vr, row.equipment, row.kind, row.code, row.value, row.files, row.occurrences)
            for row in rows
            if use_of(row) not in decided
        ]

    assert rest(reports.with_tcia) == rest(reports.without)
    values = {(row.equipment, row.element, row.vr, row.value) for row in reports.without}
    more = [
        row
        for row in reports.with_tcia
        if row.kind is RowKind.VALUE
        and is_by_tcia(row)
        and (row.equipment, row.element, row.vr, row.value) not in values
    ]
    assert more == []


@pytest.mark.skipif(corpus_folder() is None, reason="no folder of real files (TAGSNIFF_CORPUS)")
def test_there_is_less_to_read(reports: Reports) -> None:
    with_tcia, without = ({(row.element, row.vr) for row in rows if row.kind is RowKind.VALUE} for rows in reports)
    assert with_tcia < without
    assert len(with_tcia) < 0.9 * len(without)

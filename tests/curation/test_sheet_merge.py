"""One sheet of several: what is united, what is in conflict, and what a K of the merged sheet holds for.

For: `tagsniff.curation.sheet_merge`.
Never: a file.
Standard: PS3.15 Table E.1-1a (codes), edition 2026d.
"""

from __future__ import annotations

import pytest

from tagsniff.curation.known_values import KnownFile
from tagsniff.curation.sheet import COLUMNS, Sheet, SheetRow
from tagsniff.curation.sheet_merge import KeysDifferError, KnownSheet, MergedSheet, ask_for_answers, merge_sheets

RUN, LATER = "2026-11-30T10:00:00Z", "2026-12-01T10:00:00Z"
NAME, TEXT = "(0008,1030)", "(0008,103e)"


def row(code: str, element: str = NAME, **cells: str) -> SheetRow:
    given = {"element": element, "vr": "LO", "code": code, "seen": RUN}
    return SheetRow(2, {**dict.fromkeys(COLUMNS, ""), **given, **cells})


def known(
    path: str, *rows: SheetRow, key: str = "k", settings: tuple[tuple[str, str], ...] = (), **runs: set[str]
) -> KnownSheet:
    by_run = {RUN: runs.get("run", {"0" * 32})} | ({LATER: runs["later"]} if "later" in runs else {})
    return KnownSheet(path, Sheet(settings, rows), KnownFile(key, by_run if key else {}))


def codes(merged: MergedSheet) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in merged.sheet.rows:
        found.setdefault(one.cells["element"], []).append(one.cells["code"])
    return found


def test_rows_that_agree_are_one_with_the_words_of_both() -> None:
    one = row("K", who="AB", when="2026-11-30", note="no names")
    other = row("k", who="CD", when="2026-12-01", vr="lo", seen=LATER)
    merged = merge_sheets([known("a", one), known("b", other, later={"1" * 32})])
    (united,) = merged.sheet.rows
    assert (merged.agreed, merged.single, merged.conflicts) == (1, 0, ())
    assert {name: united.cells[name] for name in ("code", "who", "when", "note", "seen")} == {
        "code": "K",
        "who": "AB; CD",
        "when": "2026-12-01",
        "note": "no names",
        "seen": f"{RUN} {LATER}",
    }


def test_what_one_alone_has_decided_is_taken_and_what_waits_for_the_same_values_waits_no_more() -> None:
    merged = merge_sheets([known("a", row("K"), row("", TEXT)), known("b", row(""), row("", TEXT))])
    assert (merged.single, codes(merged)) == (1, {NAME: ["K"], TEXT: [""]})


def test_values_of_a_later_run_still_wait() -> None:
    merged = merge_sheets([known("a", row("K")), known("b", row("", seen=LATER), later={"1" * 32})])
    assert codes(merged) == {NAME: ["", "K"]}


@pytest.mark.parametrize(
    "other",
    [row("X"), row("K", scope="element"), row("K", collapse="none"), row("C")],
    ids=["code", "scope", "collapse", "C"],
)
def test_two_decisions_that_differ_are_in_conflict(other: SheetRow) -> None:
    merged = merge_sheets([known("a", row("K")), known("b", other)])
    (conflict,) = merged.conflicts
    assert [path for path, _ in conflict.rows] == ["a", "b"]
    assert codes(merged) == {}


def test_the_decision_that_a_person_chooses_holds_for_the_values_of_those_who_agree() -> None:
    sheets = [known("a", row("K")), known("b", row("X", seen=LATER), later={"1" * 32})]
    asked = ask_for_answers(merge_sheets(sheets).conflicts, None)
    assert [one.cells["code"] for one in asked.rows] == [""]
    assert "a: K" in asked.rows[0].cells["note"]
    for code, runs in (("K", RUN), ("X", LATER), ("C", "")):
        answer = SheetRow(2, {**asked.rows[0].cells, "code": code, "who": "EF"})
        merged = merge_sheets(sheets, Sheet((), (answer,)))
        (united,) = merged.sheet.rows
        assert (merged.resolved, merged.conflicts) == (1, ())
        assert (united.cells["code"], united.cells["seen"], united.cells["who"]) == (code, runs, "EF")


def test_an_answer_that_is_there_stays_when_another_is_asked() -> None:
    sheets = [known("a", row("K"), row("K", TEXT)), known("b", row("X"), row("X", TEXT))]
    asked = ask_for_answers(merge_sheets(sheets).conflicts, None)
    first = SheetRow(2, {**asked.rows[0].cells, "code": "X"})
    again = ask_for_answers(merge_sheets(sheets, Sheet((), (first,))).conflicts, Sheet((), (first,)))
    assert [(one.cells["element"], one.cells["code"]) for one in again.rows] == [(NAME, "X"), (TEXT, "")]


def test_a_run_of_the_same_name_with_other_values_gets_another_name() -> None:
    """Or a K would hold for values that only the other reviewer has seen."""
    merged = merge_sheets([known("a", row("K")), known("b", row("K", TEXT), run={"1" * 32})])
    by_element = {one.cells["element"]: one for one in merged.sheet.rows}
    assert merged.known.by_run[by_element[NAME].cells["seen"]] == {"0" * 32}
    assert merged.known.by_run[by_element[TEXT].cells["seen"]] == {"1" * 32}


def test_digests_of_different_keys_are_refused() -> None:
    with pytest.raises(KeysDifferError):
        merge_sheets([known("a", row("K")), known("b", row("K"), key="other")])


def test_a_sheet_without_known_values_is_merged_with_one_that_has_them() -> None:
    merged = merge_sheets([known("a", row("K"), key=""), known("b", row("K"))])
    assert (merged.known.key_name, set(merged.known.by_run)) == ("k", {RUN})


def test_leading_lines_that_decide_and_differ_are_named() -> None:
    sheets = [
        known("a", row("K"), settings=(("default", "X"), ("name", "one"))),
        known("b", row("K"), settings=(("name", "two"),)),
    ]
    assert merge_sheets(sheets).settings == ("default",)

"""Every row of the value reports over real files equals the row that an independent slow program computes.

For: files from programs in use: all counts, values and decisions.
Never: a row that is left out. Only a text that was written as different bytes is counted differently: it has a row for
each form, flagged SAME_TEXT, and the sums of these rows are compared.
Standard: PS3.5 section 6.2, edition 2026b; design, section 4.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

import tagsniff
from independent_collector import (
    Counts,
    FileRows,
    Key,
    Line,
    canonical,
    collect,
    found_rows,
    is_other_text,
    read_lines,
    run,
)
from real_files import distinct_files, wheel_files
from tagsniff.scanning.modes import load_mode

FLAGS = frozenset(
    {
        *("TRUNCATED", "NOT_A_NUMBER", "NOT_A_CODE", "NOT_OF_VR"),
        *("BAD_LENGTH", "TOO_LONG", "WRONG_COUNT", "LOOKS_LIKE_TEXT", "SEARCHED_IN_PART"),
    }
)


_COUNTED = re.compile("<([0-9]+)")
_ABOUT = re.compile("<about ([0-9]+)")


@dataclass(frozen=True)
class Question:
    """One run of a command with its shipped profiles."""

    command: str
    options: tuple[str, ...] = ()
    uid_root: str | None = None
    keeps_partial: bool = False

    def arguments(self) -> list[str]:
        """Return the flags of the command."""
        found = ["--keep-partial"] if self.keeps_partial else []
        for option in self.options:
            found += ["--option", option]
        return found + (["--uid-root", self.uid_root] if self.uid_root else [])


QUESTIONS = {
    "before": Question("before"),
    "before with options": Question("before", ("retain-uids", "clean-structured-content")),
    "final": Question("final"),
    "final with a UID root": Question("final", uid_root="1.2.840"),
    "final with parts": Question("final", keeps_partial=True),
}


@dataclass(frozen=True)
class Answer:
    """The rows that the command wrote and those that are expected."""

    status: int
    lines: list[Line]
    found: dict[Key, Counts]
    found_twice: dict[Key, list[Counts]]
    expected: dict[Key, Counts]
    flags: dict[Key, set[str]]
    drawn: dict[Key, Counts]
    expected_drawn: dict[Key, Counts]


@pytest.fixture(scope="module")
def files() -> list[FileRows]:
    """Return every available file, for the slow program."""
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
    return [FileRows(str(real.path)) for real in distinct_files()]


@pytest.fixture(scope="module", params=QUESTIONS)
def answer(request: pytest.FixtureRequest, files: list[FileRows], tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """Return the results of both programs."""
    question = QUESTIONS[request.param]
    profile = load_mode(question.command, options=question.options, uid_root=question.uid_root)
    collected = collect(files, profile, keeps_partial=question.keeps_partial)
    folder = tmp_path_factory.mktemp("reference")
    paths = [file.path for file in files]
    status = run(question.command, paths, folder, *question.arguments())
    lines = read_lines(folder / "report.jsonl")
    found, twice = found_rows(lines)
    expected = make_canonical(collected.rows(all_values=True))
    hidden = list_hidden(found, expected)
    assert run(question.command, paths, folder, *question.arguments(), all_values=False) == status
    drawn = {line.key: line.counts for line in read_lines(folder / "report.jsonl")}
    expected_drawn = make_canonical(collected.rows(hidden=hidden))
    return Answer(status, lines, found, twice, expected, collected.flags, make_canonical(drawn), expected_drawn)


def make_canonical(rows: dict[Key, Counts]) -> dict[Key, Counts]:
    """Return the rows with one spelling of floating-point numbers."""
    return {key._replace(value=canonical(key.vr, key.value)): counts for key, counts in rows.items()}


def list_hidden(found: dict[Key, Counts], expected: dict[Key, Counts]) -> set[Key]:
    """Return the runs of ASCII in bytes that are a part of a longer text, in an encoding that has more than ASCII."""
    others = [key for key in found if is_other_text(key)]
    wholes: dict[Key, list[str]] = {}
    for key in others:
        wholes.setdefault(key._replace(value=""), []).append(key.value)
    return {
        key
        for key in expected
        if key.element.endswith("/text") and any(key.value in whole for whole in wholes.get(key._replace(value=""), []))
    }


def check_no_row_is_missing(answer: Answer) -> None:
    """Every expected row is in the report."""
    assert len(answer.expected) > 1000
    missing = set(answer.expected) - set(answer.found)
    assert sorted(missing - list_hidden(answer.found, answer.expected)) == []
    assert len(missing) < 40


def check_no_row_is_made_up(answer: Answer) -> None:
    """Every row of the report is expected, except for a few of text in bytes that the slow program does not know."""
    more = set(answer.found) - set(answer.expected)
    assert sorted(key for key in more if not is_other_text(key)) == []
    assert len(more) < 150


def check_counts_are_exact(answer: Answer) -> None:
    """Files, series, occurrences, blocks and the example of every row."""
    both = set(answer.expected) & set(answer.found) - set(answer.found_twice) - list_hidden(
        answer.found, answer.expected
    )
    wrong = [
        (key, answer.found[key], answer.expected[key])
        for key in sorted(both)
        if answer.found[key] != answer.expected[key]
    ]
    assert wrong == []


def check_counts_of_a_text_that_was_written_in_two_ways(answer: Answer) -> None:
    """The slow program has one row for these: occurrences are added; files and series may overlap."""
    assert set(answer.found_twice) <= set(answer.expected)
    for key, rows in answer.found_twice.items():
        whole = answer.expected[key]
        assert sum(row.occurrences for row in rows) == whole.occurrences
        assert max(row.files for row in rows) <= whole.files <= sum(row.files for row in rows)
        assert max(row.series for row in rows) <= whole.series <= sum(row.series for row in rows)


def check_values_that_are_drawn_together(answer: Answer) -> None:
    """Every row of the report without --all-values; of text in bytes, in elements where both programs see the same."""
    other = {*answer.found_twice, *list_hidden(answer.found, answer.expected)}
    uses = {key._replace(value="") for key in other}
    assert len(uses) < 40

    def is_compared(key: Key) -> bool:
        return not is_other_text(key) and key._replace(value="") not in uses

    expected = {key: counts for key, counts in answer.expected_drawn.items() if is_compared(key)}
    exact = {key._replace(value=_COUNTED.sub("", key.value)): key for key in expected if _COUNTED.match(key.value)}
    found = {}
    for key, counts in answer.drawn.items():
        if is_compared(key):
            about = _ABOUT.match(key.value)
            same = exact[key._replace(value=_ABOUT.sub("", key.value))] if about else key
            found[same] = counts
            if about:  # beyond 512 values the number is an estimate
                number = int(_COUNTED.match(same.value)[1])  # type: ignore[index]
                assert number > 512
                assert abs(int(about[1]) / number - 1) < 0.2
    assert len([key for key in found if key.value.startswith("<") and " like " in key.value]) > 10
    assert sorted(set(expected) - set(found)) == []
    assert sorted(set(found) - set(expected)) == []
    assert [(key, found[key], expected[key]) for key in sorted(found) if found[key] != expected[key]] == []


def check_flags_of_values(answer: Answer) -> None:
    """Exactly the values that are too long, or that break their VR under K, are flagged."""
    found = {line.key: line.flags & FLAGS for line in answer.lines if line.flags & FLAGS}
    assert found == {key: frozenset(flags) for key, flags in answer.flags.items()}


def check_report_over_broken_files_says_that_it_is_incomplete(answer: Answer) -> None:
    """Some files of the wheel are truncated, so the exit status is 3 (design, section 7)."""
    assert answer.status == 3


def test_the_report_equals_the_independent_collectors(answer: Answer) -> None:
    """One test, so that the processes that share the tests do not compute the same result twice."""
    check_no_row_is_missing(answer)
    check_no_row_is_made_up(answer)
    check_counts_are_exact(answer)
    check_counts_of_a_text_that_was_written_in_two_ways(answer)
    check_values_that_are_drawn_together(answer)
    check_flags_of_values(answer)
    check_report_over_broken_files_says_that_it_is_incomplete(answer)


@pytest.mark.parametrize("name", ["before", "final"])
def test_default_profiles(name: str, tmp_path: Path) -> None:
    """`before` uses the Basic Profile and all manufacturers' profiles, `final` only physical parameters."""
    question = QUESTIONS[name]
    paths = [real.path for real in wheel_files() if real.name.startswith(("wheel/charset", "wheel/test_files/CT"))]
    reports = set()
    for arguments in ([], question.arguments()):
        assert run(question.command, paths, tmp_path, *arguments) == 0
        reports.add((tmp_path / "report.jsonl").read_bytes())
    assert len(paths) > 5
    assert len(reports) == 1


@pytest.mark.parametrize("all_values", [True, False])
def test_relations_of_values_to_patients(files: list[FileRows], all_values: bool) -> None:
    """Of each element whose values are all recorded or known by a hash.

    Text in bytes that the slow program does not find is left out.
    """
    profile = load_mode("final")
    collected = collect(files, profile)
    paths = [file.path for file in files]
    scan = tagsniff.scan(paths, mode="final", profile=profile, all_values=all_values)
    found = {(str(row["element"]), str(row["vr"])): str(row["patient_relation"]) for row in scan.elements}
    whole = scan if all_values else tagsniff.scan(paths, mode="final", profile=profile, all_values=True)
    # One text that was written in two character sets is two values.
    others = {
        (row.element, row.vr) for row in whole.rows() if row.element.endswith("/text") or "SAME_TEXT" in row.flags
    }
    expected = collected.relations()
    # There are no more hashes than these, for each equipment.
    many = {(row.element, row.vr) for row in scan.rows() if row.value.startswith("<about ")}
    compared = {element: relation for element, relation in expected.items() if element not in others | many}
    assert {element: found[element] for element in compared} == compared
    assert set(compared.values()) == {"", "PER_PATIENT", "SHARED"}
    # Nothing is said of the elements that are left out.
    assert {
        relation for element, relation in found.items() if element in many or element not in {*expected, *others}
    } == {""}
    assert all_values or (len(many) > 0 and len(compared) > 1000)

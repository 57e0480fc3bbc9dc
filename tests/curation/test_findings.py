"""The rules that flag values and elements: the examples of their table, and values made to take long.

For: `tagsniff.curation.findings` and `tagsniff.curation.value_rules`.
Never: a rule without examples; a value that is flagged for what only a decisive code may know.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tagsniff.curation.findings import (
    ELEMENT_RULES,
    RULES,
    VALUE_RULES,
    About,
    Example,
    Rule,
    find_element_flags,
    find_value_flags,
    score,
)
from tagsniff.report.reading_flags import READING_FLAGS
from tagsniff.report.rows import FINDINGS, order_flags


def list_examples(rules: tuple[Rule, ...], which: str) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.flag}-{number}")
        for rule in rules
        for number, example in enumerate(getattr(rule, which))
    ]


def flags_of(example: Example) -> tuple[str, ...]:
    return find_value_flags(example.text, example.vr, days=example.days)


@pytest.mark.parametrize(("rule", "example"), list_examples(VALUE_RULES, "positive"))
def test_values_that_a_rule_finds(rule: Rule, example: Example) -> None:
    assert rule.flag in flags_of(example), example


@pytest.mark.parametrize(("rule", "example"), list_examples(VALUE_RULES, "negative"))
def test_values_that_a_rule_does_not_find(rule: Rule, example: Example) -> None:
    assert rule.flag not in flags_of(example), example


@pytest.mark.parametrize(("rule", "example"), list_examples(ELEMENT_RULES, "positive"))
def test_elements_that_a_rule_finds(rule: Rule, example: Example) -> None:
    assert rule.flag in find_element_flags(example.facts)


@pytest.mark.parametrize(("rule", "example"), list_examples(ELEMENT_RULES, "negative"))
def test_elements_that_a_rule_does_not_find(rule: Rule, example: Example) -> None:
    assert rule.flag not in find_element_flags(example.facts)


def test_every_flag_has_a_rule_a_reason_and_examples() -> None:
    assert {rule.flag for rule in RULES} == set(READING_FLAGS)
    for rule in RULES:
        assert rule.positive, rule.flag
        assert rule.negative, rule.flag
        assert rule.weight
        assert rule.reason == FINDINGS[rule.flag]
        kinds = About.TEXT | About.NAME | About.NUMBER | About.UID
        assert bool(rule.about & kinds) == (rule in VALUE_RULES)


@pytest.mark.parametrize("vr", ["DA", "DT", "TM"])
def test_a_date_in_a_date_is_no_finding(vr: str) -> None:
    assert find_value_flags("20040119", vr) == ()
    assert find_value_flags("20040119123456.123456+0100", vr) == ()
    assert find_value_flags("DOE^JOHN", vr) == ("NAME_LIKE",)


def test_text_in_a_number_is_looked_at_as_text() -> None:
    assert find_value_flags("DOE^JOHN", "DS") == ("NAME_LIKE",)
    assert find_value_flags("call 555-234-5678", "IS") == ("PHONE",)


def test_text_in_a_uid_is_looked_at_as_text() -> None:
    assert find_value_flags("DOE^JOHN", "UI") == ("NAME_LIKE",)
    assert find_value_flags("1.2.3.2004\\F 000.5", "UI") == ()


def test_text_in_bytes_is_looked_at_as_text() -> None:
    assert find_value_flags("20040119", "UI", is_found_text=True) == ("DATE_IN_TEXT", "LONG_DIGITS")
    assert find_value_flags("DOE^JOHN", "OB", is_found_text=True) == ("NAME_LIKE",)


def test_a_uid_in_a_text_is_looked_at_as_a_uid() -> None:
    assert find_value_flags("study 1.2.3.4.5.20040119 of", "LO") == ("UID_WITH_DATE",)


def test_the_planted_identifiers_of_each_kind_are_found() -> None:
    found = find_value_flags("Doe^Jane, born 3 Feb 1961, tel. 030 1234567, MRN 4711-0815123, jane@example.org", "LT")
    assert set(found) >= {"NAME_LIKE", "EMAIL", "PHONE", "DATE_IN_TEXT", "LONG_DIGITS"}
    assert found == order_flags(found)


def test_the_score_sorts_what_points_to_a_person_first() -> None:
    order = [
        ("NAME_LIKE", "DATE_IN_TEXT"),
        ("NAME_LIKE",),
        ("DATE_IN_TEXT",),
        ("UID_WITH_DATE",),
        (),
        ("SHARED_VALUES",),
    ]
    assert sorted(order, key=score, reverse=True) == order
    assert score(["NAME_LIKE", "NAME_LIKE"]) == score(["NAME_LIKE"])
    assert score(["a flag of a later version"]) == 0


# Values that are made to take long

LENGTH = 65_536
HOSTILE = [
    *(
        "a",
        "1",
        "^",
        "@",
        ".",
        "/",
        "\\",
        ":",
        " ",
        "-",
        "+",
        "é",
        "1.",
        "a@",
        "a.",
        "ab ",
        "ab^",
        "1-",
        "1/",
        "/a",
        "\\\\a",
    ),
    *(
        "a.b@",
        "2004",
        "20040119",
        "19-",
        "Jan ",
        "10.",
        "192.168.",
        "00:",
        "+1 ",
        "tel ",
        "tel: 1",
        "a'",
        "Doe, ",
        "2.25.1",
        "1.2.3.4.5.6.",
    ),
    *(
        "www.a",
        "://",
        "aa aa ",
        "x" * 63 + ".",
        "x" * 63 + "@",
        "1" * 13 + ".",
        "1)(",
        "( ",
        "年1",
        "1年",
        "O'",
        "a-",
        "e1E+",
    ),
]
PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from tagsniff.curation.findings import find_value_flags
for unit in sys.argv[2:]:
    for end in ("", "x", "@", "^", " ", ".", "1"):
        text = (unit * (int(sys.argv[1]) // len(unit) + 1))[: int(sys.argv[1])] + end
        for vr in ("LO", "UI", "DS", "PN"):
            find_value_flags(text, vr)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit of processor time")
def test_long_values_take_a_time_in_proportion_to_their_length() -> None:
    """All together within a minute of processor time; one expression that tries every pair of places takes hours."""
    subprocess.run([sys.executable, "-c", PROGRAM, str(LENGTH), *HOSTILE], check=True)

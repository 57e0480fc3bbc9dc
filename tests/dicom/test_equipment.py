"""Equipment as one text: its colons are escaped, so that the four parts can be read back.

For: `tagsniff.dicom.equipment`.
Never: the patterns of profiles; they have tests with the profiles.
"""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsniff.dicom.equipment import Equipment, EquipmentPattern, parse_equipment

PARTS = st.one_of(st.none(), st.text(alphabet=":\\a<>", max_size=5))


@pytest.mark.parametrize(
    ("equipment", "text"),
    [
        (Equipment(), "<undef>:<undef>:<undef>:<undef>"),
        (Equipment("MR", "", "One", r"A\B"), r"MR:<empty>:One:A\B"),
        (Equipment("CT", "A: B", "C", "1:2"), r"CT:A\: B:C:1\:2"),
        (Equipment("CT", "A\\", "B\\:C", "\\"), r"CT:A\\:B\\\:C:\\"),
    ],
)
def test_the_text(equipment: Equipment, text: str) -> None:
    assert str(equipment) == text
    assert parse_equipment(text) == equipment


@given(st.tuples(PARTS, PARTS, PARTS, PARTS))
def test_the_parts_are_read_back(parts: tuple[str | None, ...]) -> None:
    assert parse_equipment(str(Equipment(*parts))) == Equipment(*parts)


def test_two_equipments_never_have_the_same_text() -> None:
    parts = ["", ":", "\\", "\\:", ":\\", "a"]
    listed = [Equipment(*chosen) for chosen in product(parts, repeat=4)]
    assert len(set(map(str, listed))) == len(listed)


@pytest.mark.parametrize(
    ("text", "equipment"),
    [
        ("", Equipment()),
        ("MR:SIEMENS", Equipment("MR", "SIEMENS")),
        ("MR::One", Equipment("MR", "", "One")),
        # As a person may type it: a colon after the third, and one backslash at the end.
        ("MR:A:B:1:2", Equipment("MR", "A", "B", "1:2")),
        ("MR:A:B:1\\", Equipment("MR", "A", "B", "1\\")),
    ],
)
def test_what_a_person_types(text: str, equipment: Equipment) -> None:
    assert parse_equipment(text) == equipment


def test_a_pattern_matches_the_parts_and_not_the_text() -> None:
    """A colon in a part needs no escape in a profile, which has a column for each part."""
    equipment = Equipment("CT", "ACME: imaging", "One\\", "1:2")
    assert EquipmentPattern("CT", "acme: *", "one\\", "1:2").matches(equipment)
    assert not EquipmentPattern("CT", "acme\\: *", "", "").matches(equipment)


def test_long_runs_of_backslashes_take_no_longer_than_their_length() -> None:
    run = "\\" * 65_000
    equipment = Equipment(f"{run}x:", run, f":{run}", None)
    assert parse_equipment(str(equipment)) == equipment

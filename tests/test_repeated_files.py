"""Files of a series, which repeat each other but for a few values, count as they would one by one.

For: the ways in which a file that looks like the one before may not be counted with it.
Never: an expectation that the code under test made in the same way: each file is scanned alone, where nothing repeats,
and the scans are merged.
Standard: none; the rules are sections 3 and 4 of the design.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10, uid_value

CONFIDENTIALITY = """element,vr,code,collapse
"(0010,0010)",,Z,
"(0008,0020)",DA,R,date
"(0018,0050)",DS,K,
"(0018,1030)",LO,K,
"""
MODALITY_SOFTWARE = """manufacturer,element,vr,code
,"(0029,""ALPHA"",01)",,R
,"(0029,""ALPHA"",1101)",,C
beta*,"(0029,""ALPHA"",02)",,X
"""
FILES = 40
ORDINARY = settings(database=None, deadline=None, max_examples=80)
LONG = tuple(bytes([letter]) * 300 for letter in b"xy")


def element(tag: int, vr: str, value: bytes) -> Part:
    return EXPLICIT.element(tag, vr, value + b" " * (len(value) % 2))


def make_file(dice: random.Random, steadiness: float) -> bytes:
    """One of few shapes, and values of which each is the usual one with the probability ``steadiness``."""

    def choose(*values: Any) -> Any:
        return values[0] if dice.random() < steadiness else dice.choice(values)

    charset = choose(b"ISO_IR 100", b"ISO_IR 192")
    item = EXPLICIT.item(
        element(0x00080005, "CS", choose(b"ISO_IR 100", b"ISO_IR 192")),
        element(0x00081155, "UI", choose(b"1.2.3.7", b"1.2.3.8")),
        element(0x00081160, "LO", choose(b"\xe9", b"e", b"\xe9\\e", b"e\\e")),
    )
    parts = [
        element(0x00080005, "CS", charset),
        element(0x00080020, "DA", choose(b"20240101", b"20240131", b"soon")),
        element(0x00080060, "CS", b"MR"),
        element(0x00080070, "LO", choose(b"ALPHA", b"Beta ", b"\xc3\xa9")),
        element(0x0008103E, "LO", choose(b"one", b"two", b"one\\two", b"one\\one", b"caf\xe9", b"")),
        EXPLICIT.sequence(0x00081140, *[item] * choose(1, 1, 2, 0)),
        element(0x00100010, "PN", choose(b"HIDDEN^A", b"HIDDEN^BC")),
        element(0x00104000, "LT", choose(*LONG)),
        element(0x00180050, "DS", choose(b"1.5", b"2", b"thin", b"2\\thin", b"thick\\thin")),
        element(0x00181030, "LO", choose(b"protocol", b"other")),
        EXPLICIT.element(0x0020000E, "UI", uid_value(choose("1.2.3.1", "1.2.3.2"))),
        element(0x00200013, "IS", str(dice.randrange(4)).encode()),
        element(0x00290010, "LO", choose(b"ALPHA", b"BRAVO")),
        *([element(0x00290011, "LO", b"ALPHA")] if choose(True, False) else []),
        *(element(0x00291000 | last, "LO", choose(b"one", b"two")) for last in (1, 2)),
        *(element(0x00291100 | last, "LO", choose(b"one", b"two")) for last in (1, 2)),
        element(0x00310010, "LO", b"ALPHA"),
        element(0x00311001, "OB", b"\0\1" + choose(b"found text\0", b"other text\0", b"\0" * 11) + b"\0\2"),
    ]
    if choose(False, True):
        parts.append(parts[4])  # the same tag twice in the data set, out of order
    return part10(join(parts), EXPLICIT_LITTLE_UID).data


class Collection:
    """Files that repeat each other, each with the scan of itself alone for every bound."""

    def __init__(self, folder: Path) -> None:
        for name, content in (("public.csv", CONFIDENTIALITY), ("private.csv", MODALITY_SOFTWARE)):
            (folder / name).write_text(content, encoding="utf-8")
        self.profile = tagsniff.load_profile(folder / "public.csv", [folder / "private.csv"], uid_root="1.2.3")
        dice = random.Random(11)
        self.paths = [folder / f"{number:03}" for number in range(FILES)]
        for number, path in enumerate(self.paths):
            path.write_bytes(make_file(dice, 0.97 if number < FILES // 2 else 0.85))
        self._alone: dict[tuple[int, int], tagsniff.Scan] = {}

    def scan(self, numbers: list[int], max_values: int) -> tagsniff.Scan:
        paths = [self.paths[number] for number in numbers]
        return tagsniff.scan(paths, profile=self.profile, max_values=max_values, workers=1)

    def merge(self, numbers: list[int], max_values: int) -> tagsniff.Scan:
        for number in set(numbers):
            if (number, max_values) not in self._alone:
                self._alone[number, max_values] = self.scan([number], max_values)
        return tagsniff.merge([self._alone[number, max_values] for number in numbers])


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return Collection(tmp_path_factory.mktemp("repeated"))


BOUNDS = st.sampled_from([1, 2, 3, 65536])


@pytest.mark.parametrize("max_values", [1, 2, 3, 65536])
@pytest.mark.parametrize("first", [0, FILES // 2])
def test_a_run_of_files(collection: Collection, first: int, max_values: int) -> None:
    numbers = list(range(first, first + FILES // 2))
    assert collection.scan(numbers, max_values) == collection.merge(numbers, max_values)


@ORDINARY
@given(numbers=st.lists(st.integers(0, FILES - 1), unique=True, min_size=2, max_size=14), max_values=BOUNDS)
def test_any_order(collection: Collection, numbers: list[int], max_values: int) -> None:
    """Paths in front of those that were read before cannot wait, as they may be the example of a row."""
    assert collection.scan(numbers, max_values) == collection.merge(numbers, max_values)


@ORDINARY
@given(numbers=st.lists(st.integers(0, FILES - 1), unique=True, min_size=2, max_size=30), max_values=BOUNDS)
def test_paths_in_their_order(collection: Collection, numbers: list[int], max_values: int) -> None:
    numbers.sort()
    assert collection.scan(numbers, max_values) == collection.merge(numbers, max_values)


@ORDINARY
@given(
    pieces=st.lists(st.lists(st.integers(0, FILES - 1), unique=True, min_size=1, max_size=14), min_size=2, max_size=3),
    max_values=BOUNDS,
)
def test_merged_again(collection: Collection, pieces: list[list[int]], max_values: int) -> None:
    """What waits in a scan is in its tables when they are taken in."""
    merged = tagsniff.merge([collection.scan(sorted(piece), max_values) for piece in pieces])
    assert merged == tagsniff.merge([collection.merge(piece, max_values) for piece in pieces])


def test_inventory(collection: Collection) -> None:
    paths = collection.paths
    whole = tagsniff.scan(paths, mode="inventory", workers=1)
    assert whole == tagsniff.merge([tagsniff.scan([path], mode="inventory") for path in paths])

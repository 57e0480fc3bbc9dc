"""The scanner of tagsniff's GDCM backend gives the same answers as python-gdcm's, for real and for written files.

For: users who replace one with the other.
Never: our own expectation of what python-gdcm reads from a file, except the lists of differences with reasons.
Standard: PS3.5 and PS3.10, edition 2026b.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import tagsniff
from gdcm_answers import CAN_ASK_GDCM, Answer, Job, ask, ask_gdcm
from gdcm_cases import list_cases
from gdcm_differences import (
    ALL,
    DIFFERENCES,
    GDCM_ENDS,
    MISSED,
    NOT_SHOWN,
    ONLY_GDCM,
    ONLY_TAGSNIFF,
    UNKNOWN_TO_GDCM,
    USUAL,
    Difference,
)
from real_files import RealFile, distinct_files
from tagsniff.backends.gdcm import Scanner, Tag

pytestmark = pytest.mark.skipif(not CAN_ASK_GDCM, reason="python-gdcm is not installed, or no process can be forked")

FILES = distinct_files()
USUAL_TAGS = (
    *(0x00020010, 0x00080005, 0x00080008, 0x00080016, 0x00080018, 0x00080020, 0x00080030, 0x00080060, 0x00080070),
    *(0x0008103E, 0x00081090, 0x00100010, 0x00100020, 0x00100030, 0x00180050, 0x0020000D, 0x0020000E, 0x00200011),
    *(0x00200013, 0x00200032, 0x00200037, 0x00200052, 0x00280010, 0x00280011, 0x00280030),
)
TEXTS = ("", " ", "M", "MR", " MR  ", "CT\0x", "CT ", "ORIGINAL\\", "1", None)


def ours(job: Job) -> Answer:
    """Return the answers of tagsniff's scanner."""
    return ask(Scanner(), lambda number: Tag(number >> 16, number & 0xFFFF), job, is_known=lambda _: True)


def root_tags(path: Path) -> tuple[int, ...]:
    """Return every tag of the root data set and of the file meta information; one tag if there is none."""
    elements = tagsniff.read_header(path).elements
    return tuple(sorted({int(tag) for tag in elements["tag"][elements["parent"] == -1]})) or (0x00080060,)


def is_unknown_by_rule(tag: int) -> bool:
    """GDCM's scanner does not support private elements: only private creators and group lengths."""
    return tag & 0x10000 != 0 and tag & 0xFFFF != 0 and not 0x10 <= tag & 0xFFFF <= 0xFF


def find_difference(theirs: Answer | None, mine: Answer) -> tuple[str, int] | None:
    """Return how the answers about one file differ, and for how many elements; unknown tags are ignored."""
    if theirs is None:
        return GDCM_ENDS, 1
    assert theirs.filenames == mine.filenames
    if theirs.is_key != mine.is_key:
        return (ONLY_TAGSNIFF if mine.is_key == (True,) else ONLY_GDCM), 1
    assert theirs.keys == mine.keys
    other = {tag for tag, values in theirs.values.items() if values != mine.values[tag] and tag not in theirs.unknown}
    left_out = {*other, *theirs.unknown}
    assert {tag: texts for tag, texts in mine.ordered.items() if tag not in left_out} == {
        tag: texts for tag, texts in theirs.ordered.items() if tag not in left_out
    }
    for name, place in (("value", 1), ("first", 0), ("all", 0)):
        answers = [
            {asked: found for asked, found in getattr(answer, name).items() if asked[place] not in left_out}
            for answer in (theirs, mine)
        ]
        assert answers[0] == answers[1], name
    assert all(theirs.values[tag] == () for tag in theirs.unknown)
    if other and all(mine.values[tag] == ("",) for tag in other):
        return NOT_SHOWN, len(other)
    assert all(theirs.values[tag] == () for tag in other), "two different values"
    return (MISSED, len(other)) if other else None


def compare(asked: str, jobs: dict[str, Job]) -> tuple[list[Difference], dict[int, bool]]:
    """Return the differences without reasons, and for each tag asked of GDCM whether GDCM does not know it."""
    found = []
    unknown: dict[int, bool] = {}
    for (name, job), theirs in zip(jobs.items(), ask_gdcm(list(jobs.values())), strict=True):
        difference = find_difference(theirs, ours(job))
        if difference is not None:
            found.append(Difference(name, asked, *difference, reason=""))
        if theirs is not None:
            unknown |= {tag: tag in theirs.unknown for tag in job.tags}
    return found, unknown


def listed(asked: str, files: list[RealFile]) -> list[Difference]:
    names = {real.name for real in files}
    rows = [row for row in DIFFERENCES if row.asked == asked and row.file in names]
    return [Difference(row.file, row.asked, row.what, row.count, reason="") for row in rows]


# Real files


def test_every_root_element_of_every_real_file() -> None:
    assert len(FILES) > 150
    jobs = {real.name: Job((str(real.path),), root_tags(real.path)) for real in FILES}
    found, unknown = compare(ALL, jobs)
    assert found == listed(ALL, FILES)
    assert unknown == {tag: tag in UNKNOWN_TO_GDCM or is_unknown_by_rule(tag) for tag in unknown}
    assert sum(unknown.values()) > 100


def test_the_usual_tags_of_every_real_file() -> None:
    found, unknown = compare(USUAL, {real.name: Job((str(real.path),), USUAL_TAGS, TEXTS) for real in FILES})
    assert found == listed(USUAL, FILES)
    assert not any(unknown.values())


def test_all_files_in_one_scan(tmp_path: Path) -> None:
    """Every call gives the same result, order and doubles included, for files of all kinds in one scan."""
    differing = {row.file for row in DIFFERENCES if row.asked == USUAL}
    paths = [str(real.path) for real in FILES if real.name not in differing]
    job = Job((*paths, str(tmp_path / "missing"), str(tmp_path), *paths[:5]), USUAL_TAGS, TEXTS)
    assert [ours(job)] == ask_gdcm([job])


def test_every_difference_is_listed_once_and_has_a_reason() -> None:
    places = [(row.file, row.asked) for row in DIFFERENCES]
    assert len(places) == len(set(places))
    assert all(row.reason for row in DIFFERENCES)
    assert all(UNKNOWN_TO_GDCM.values())


# Written files


def test_every_written_case(tmp_path: Path) -> None:
    cases = list_cases()
    jobs = []
    for number, case in enumerate(cases):
        path = tmp_path / str(number)
        path.write_bytes(case.data)
        jobs.append(Job((str(path),), case.tags, TEXTS))
    wrong = {}
    for case, job, theirs in zip(cases, jobs, ask_gdcm(jobs), strict=True):
        if (theirs == ours(job)) is (case.reason != ""):
            wrong[case.name] = theirs
    assert wrong == {}


# Changed files


def test_an_element_of_a_changed_file_never_has_another_text(tmp_path: Path) -> None:
    """Each may fail on a file that the other reads. For an element that both find, both give the same text."""
    chosen = ("CT_small.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm", "rtplan.dcm", "reportsi.dcm")
    files = {real.path.name: real.path for real in FILES if real.path.name in chosen}
    assert len(files) == len(chosen)
    jobs = []
    for seed in range(500):
        rng = random.Random(seed)
        data = bytearray(files[rng.choice(chosen)].read_bytes()[:8000])
        for _ in range(rng.randrange(1, 4)):
            data[rng.randrange(132, len(data))] = rng.choice((0, 0xFF, ord("S"), rng.randrange(256)))
        path = tmp_path / str(seed)
        path.write_bytes(data)
        jobs.append(Job((str(path),), USUAL_TAGS))
    compared = 0
    for job, theirs in zip(jobs, ask_gdcm(jobs), strict=True):
        if theirs is not None:
            mine = ours(job)
            found = [tag for tag in job.tags if theirs.values[tag] and mine.values[tag]]
            assert [theirs.values[tag] for tag in found] == [mine.values[tag] for tag in found], job.paths
            compared += len(found)
    assert compared > 5000

"""Shipped profiles whose rows are parsed on demand, compared with the reader that parses every row at once.

For: every shipped file, every row of it, and files that must not be mistaken for a shipped one.
Never: the line index itself on the side that it is compared with.
"""

from __future__ import annotations

import hashlib
import pickle
import random
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tagsniff._core import dictionary_find_keyword as find_keyword
from tagsniff.dicom.notation import EVERY_DIGIT, Identity, Lack, Step
from tagsniff.profile import (
    OPTIONS,
    Decision,
    Equipment,
    Profile,
    ProfileError,
    ProfileFile,
    ProfileKind,
    Row,
    check_profile,
    load_profile,
    parse_profile,
    read_profile,
    show_profile,
)
from tagsniff.profile.rows import ReadRows
from tagsniff.profile.shipped import find_shipped, is_known
from tagsniff.profile.shipped_rows import Owner, outline_lines, parse_known_profile, read_head, write_name, write_path
from tagsniff.scanning.modes import MODES, NOT_OF_MANUFACTURERS, load_mode

NAMES = list(find_shipped())
BEFORE = [name for name in NAMES if name not in NOT_OF_MANUFACTURERS]
HEAD = "modality,manufacturer,model,software,element,vr,code,name,source\n"


def read_whole(name: str, options: tuple[str, ...] = ()) -> ProfileFile:
    """Return a shipped profile, parsed as an unknown file."""
    raw = show_profile(name).encode()
    file = f"tagsniff/profiles/{name}.csv"
    return parse_profile(file, raw, kind=None, find_keyword=find_keyword, options=options)


def name_of(row: Row) -> str | None:
    """Return the key under which a row is found, or None.

    It has one if each step of its path is only a tag, or a private creator and two digits.
    """
    steps: list[tuple[Owner, int]] = []
    for step in row.element:
        if step.mask != EVERY_DIGIT or step.block is not None or isinstance(step.creator, Lack):
            return None
        steps.append((step.creator and step.creator.casefold(), step.tag))
    return write_path(steps)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_profile_read_on_demand_is_the_same(name: str) -> None:
    known, whole = read_profile(name), read_whole(name)
    assert is_known(whole.digest)
    assert not isinstance(known.row_source, ReadRows)
    assert (known, known.rows) == (whole, whole.rows)


@pytest.mark.parametrize("name", NAMES)
def test_every_row_of_a_shipped_profile_is_found_by_its_element(name: str) -> None:
    known, whole = read_profile(name).row_source, read_whole(name)
    # By their text, and only once.
    found = list(known.parsed_rows)
    for each in known.unparsed_names:
        rows = known.read(each)
        assert {name_of(row) for row in rows} == {each}
        found += rows
    assert sorted(found, key=lambda row: row.line) == list(whole.rows)
    # A row for more than one element cannot be parsed on demand.
    assert {row for row in whole.rows if name_of(row) is None} <= set(known.parsed_rows)


def test_rows_that_are_read_twice_are_the_same() -> None:
    source = read_profile("basic").row_source
    name = write_name(None, 0x00280106)
    assert [row.vrs for row in source.read(name)] == [("SS",), ("US",)]
    assert source.read(name) == source.read(name)


def make_profiles(mode: str, options: tuple[str, ...] = ()) -> tuple[Profile, Profile]:
    """Return the profiles of a mode as they are loaded, and parsed at once."""
    confidentiality = MODES[mode].confidentiality
    layers = [[source for source, _ in layer] for layer in MODES[mode].list_layers()]
    assert layers[0][0] == confidentiality
    whole = [[read_whole(name, options if name == confidentiality else ()) for name in layer] for layer in layers]
    # The shipped ones are those whose R is a suggestion.
    whole = [[replace(each, is_shipped=True) for each in layer] for layer in whole]
    return load_mode(mode, options=options), Profile(whole)


def list_identities(profile: Profile) -> list[Identity]:
    """Return an element for every row, in its letter case and another one, and some elements without a row."""
    found: dict[Identity, None] = {}
    for each in profile.files:
        for row in each.rows:
            *around, last = (step._replace(tag=step.tag | 0x22222222 & ~step.mask) for step in row.element)
            steps = [Step(step.tag & (0xFFFF00FF if step.creator else EVERY_DIGIT), step.creator) for step in around]
            creators = [last.creator]
            if isinstance(last.creator, str):
                creators += [last.creator.upper(), last.creator.swapcase()]
            for creator in creators:
                found[*steps, Step(last.tag, creator)] = None
    found[Step(0x00110099, "NOBODY"),] = found[Step(0x00110010, Lack.NONE, 0x10),] = found[Step(0x00111010),] = None
    found[Step(0x00081140), Step(0x00110010, 'a"",10)",')] = found[Step(0x00081140), Step(0x00100010)] = None
    return list(found)


@pytest.mark.parametrize(
    ("mode", "options"),
    [("before", ()), ("final", ()), ("before", OPTIONS), ("before", ("retain-uids", "clean-graphics"))],
)
def test_decisions_equal_those_of_rows_read_at_once(mode: str, options: tuple[str, ...]) -> None:
    known, whole = make_profiles(mode, options)
    identities = list_identities(whole)
    assert len(identities) > {"before": 14_000, "final": 1200}[mode]
    rng = random.Random(26)
    rng.shuffle(identities)
    if options:  # options choose among public elements; without options all private elements are tested, else a quarter
        private = [identity for identity in identities if identity[-1].creator is not None]
        identities = [*(identity for identity in identities if identity[-1].creator is None), *private[::4]]
    equipment = Equipment("MR", "GE MEDICAL SYSTEMS")
    kept = 0
    for identity in identities:
        vrs = whole.list_vrs(identity)
        assert known.list_vrs(identity) == vrs
        for vr in (*vrs, "UN"):
            decision = known.decide(equipment, identity, vr)
            assert decision == whole.decide(equipment, identity, vr), identity
            kept += decision.row.code.value == "K"
    assert kept > 500


@pytest.mark.parametrize("options", [("clean-graphics", "no-such"), ("no-such", "nor-such")])
def test_unknown_options_are_reported_as_by_the_whole_reader(options: tuple[str, ...]) -> None:
    for name in NAMES:
        mistakes = []
        for read in (read_whole, lambda name, options: read_profile(name, options=options)):
            with pytest.raises(ProfileError) as caught:
                read(name, options)
            mistakes.append(caught.value.mistakes)
        assert mistakes[0] == mistakes[1]


def test_the_wrong_kind_is_reported_as_by_the_whole_reader() -> None:
    for name, kind in (("basic", ProfileKind.MODALITY_SOFTWARE), ("ge", ProfileKind.CONFIDENTIALITY)):
        with pytest.raises(ProfileError) as caught:
            read_profile(name, kind)
        file, raw = f"tagsniff/profiles/{name}.csv", show_profile(name).encode()
        with pytest.raises(ProfileError) as expected:
            parse_profile(file, raw, kind=kind, find_keyword=find_keyword)
        assert caught.value.mistakes == expected.value.mistakes


# Files that are not shipped


def test_a_changed_file_is_read_whole(tmp_path: Path) -> None:
    text = show_profile("ge")
    path = tmp_path / "ge.csv"
    path.write_text(text + ',,,,"(0009,""ACME"",10)",SQ,Q,,\n', encoding="utf-8", newline="\n")
    lines = text.count("\n")
    with pytest.raises(ProfileError) as caught:
        read_profile(path)
    assert [(mistake.line, mistake.column) for mistake in caught.value.mistakes] == [(lines + 1, "code")]
    path.write_text(text.replace(",R,", ",K,", 1), encoding="utf-8", newline="\n")
    changed = read_profile(path)
    assert isinstance(changed.row_source, ReadRows)
    assert changed.rows[0].code.value == "K"
    assert changed != replace(read_profile("ge"), file=changed.file)


def test_only_a_complete_digest_is_known() -> None:
    digest = hashlib.sha256(show_profile("ge").encode()).hexdigest()
    assert is_known(digest)
    assert not any(map(is_known, ["", digest[:32], digest[:-1], digest[:-1] + "x", digest.upper() + " ", "ge.csv"]))


def test_a_check_reads_a_shipped_profile_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_profile("basic") == ()
    monkeypatch.setattr("tagsniff.profile.load.is_known", lambda _digest: pytest.fail("looked up the digest"))
    assert check_profile("basic") == ()


def test_an_error_in_a_known_file_does_not_lead_to_the_default() -> None:
    """This cannot happen. If it did, no element may be decided as if it had no row."""
    raw = (HEAD + ',,,,"(0009,""ACME"",10)",LO,Q,,\n,,,,"(0009,""ACME"",11)",LO,K,,\n').encode()
    file = parse_known_profile("known.csv", raw, "", kind=None, find_keyword=find_keyword)
    public = parse_profile("c.csv", b"element,code\n", kind=None, find_keyword=find_keyword)
    profile = Profile([[public, file]])
    for _ in range(2):
        with pytest.raises(ProfileError, match="'Q' is no code"):
            profile.decide(Equipment(), (Step(0x00090010, "ACME"),), "LO")


def test_contradicting_rows_are_reported_when_they_are_read() -> None:
    raw = (HEAD + ',,,,"(0009,""ACME"",10)",LO,X,,\n,,,,"(0009,""ACME"",10)",LO,K,,\n').encode()
    file = parse_known_profile("known.csv", raw, "", kind=None, find_keyword=find_keyword)
    with pytest.raises(ProfileError, match="says something else of the same elements"):
        file.row_source.read(write_name("acme", 0x00090010))


# The outline


def test_only_plain_names_are_indexed_by_their_text() -> None:
    lines = [
        "# name = x",
        "",
        HEAD.strip(),
        ',,,,"(0009,""ACME 1.2"",0A)",LO,K,,',
        ',,,,"(0009,""acme 1.2"",0a)",SH,K,,',
        ',,,,"(0009,""A)"",10)"",10)",LO,K,,',
        ',,,,"(0009,""ACME"",1010)",LO,K,,',
        ',,,,"(0009,""ACME"",1x)",LO,K,,',
        ',,,,"(0009,""AC\\""ME"",10)",LO,K,,',
        ',,,,"(0009,<none:10>,10)",LO,K,,',
        ',,,,"(0008,1140)[<0>](0009,""ACME"",10)",LO,K,,',
        ',,,,"(0008,1140)[<0>](0009,""ACME"",1010)",LO,K,,',
        ',,,,"(0008,1140)[<0>](0009,<none:10>,10)[<0>](0009,""ACME"",10)",LO,K,,',
        ',,,,"(0009,""Ä(1),"",10)",LO,K,"(0009,""B"",10)",',
        'MR,,,,"(0009,""ACME"",10)",LO,K,,',
        "*,,,,*,,R,,",
        "",
    ]
    text = "\n".join([*lines[:1], *lines[2:]])
    assert read_head(text.encode()).decode() == "# name = x\n" + HEAD.strip()
    outline = outline_lines(text)
    found = {name: outline.find(name) for name in outline.last}
    in_item = '0008,1140)[<0>](0009,""acme"",10'
    assert found == {'0009,""acme 1.2"",0a': [2, 3], in_item: [9], '0009,""ä(1),"",10': [12]}
    assert write_path([(None, 0x00081140), ("acme", 0x00090010)]) == in_item
    assert write_path([(None, 0x00081140), ((Lack.NONE, 16), 1)]) == ""
    assert outline.others == [4, 5, 6, 7, 8, 10, 11, 13, 14]
    assert outline.find('0009,""nobody"",10') == []
    assert [write_name(*each) for each in (("acme 1.2", 0x0009000A), (None, 0x0010ABCD), ((Lack.NONE, 16), 1))] == [
        '0009,""acme 1.2"",0a',
        "0010,abcd",
        "",
    ]


def test_a_text_without_a_final_line_end_is_refused() -> None:
    with pytest.raises(ValueError, match="ends with LF"):
        outline_lines(HEAD + ',,,,"(0009,""ACME"",10)",LO,K,,')


# As an object


def test_a_profile_with_unread_rows_can_be_pickled() -> None:
    profile = load_profile("basic", ["ge"])
    question = (Equipment(), (Step(0x00090002, "GEMS_IDEN_01"),), "SH")
    again = pickle.loads(pickle.dumps(profile))
    assert again.decide(*question) == profile.decide(*question)
    assert again.files == profile.files
    assert [each.rows for each in again.files] == [each.rows for each in profile.files]


def test_threads_that_share_a_profile_get_the_decisions_of_one_thread() -> None:
    _, whole = make_profiles("before")
    identities = random.Random(3).sample(list_identities(whole), 400)
    expected = [whole.decide(Equipment(), identity, "DS") for identity in identities]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        known = load_mode("before")
        found: list[list[Decision]] = [[] for _ in range(4)]
        barrier = threading.Barrier(len(found))

        def ask(answers: list[Decision]) -> None:
            barrier.wait()
            answers.extend(known.decide(Equipment(), identity, "DS") for identity in identities)

        threads = [threading.Thread(target=ask, args=(answers,)) for answers in found]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert all(answers == expected for answers in found)

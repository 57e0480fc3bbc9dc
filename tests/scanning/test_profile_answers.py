"""Cached profile answers for the core, compared with the profile's own decision for the equipment.

For: `Answers`, with every kind of row that depends on equipment, letter case, VR or block, and the shipped profiles.
Never: an expected answer from a cache: each comes from a new profile without earlier queries.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagsniff.dicom.notation import Lack, Step
from tagsniff.profile import Code, CollapseRule, Equipment, Profile, ProfileFile, Reason, Scope, parse_profile
from tagsniff.scanning import profile_answers
from tagsniff.scanning.modes import load_mode
from tagsniff.scanning.profile_answers import Answers
from tagsniff.scanning.tables import DecisionRecord

RawEquipment = tuple[bytes | None, bytes | None, bytes | None, bytes | None]
RawSteps = tuple[tuple[int, bytes | int, int], ...]
Question = tuple[RawEquipment, RawSteps, str, int, tuple[int, ...]]
Answer = tuple[int, bool, bool, int, int, bytes]

LACKS = {-2: Lack.NONE, -3: Lack.EMPTY, -4: Lack.UNUSABLE}
ALWAYS = {CollapseRule.DATE: 1, CollapseRule.NUMBER: 2, CollapseRule.UID: 4}


def read(part: bytes | None) -> str | None:
    return None if part is None else part.decode("utf-8", "backslashreplace")


def ask_alone(profile: Profile, question: Question) -> tuple[DecisionRecord, tuple[bool, bool, int, int, bytes]]:
    """Return the decision of the profile in the form of a scan."""
    equipment, steps, vr, block, parent_blocks = question
    identity = []
    for tag, creator, of_step in steps:
        if isinstance(creator, bytes):
            identity.append(Step(tag & ~0xFF00, creator.decode("latin-1")))
        else:
            identity.append(Step(tag) if creator == -1 else Step(tag & ~0xFF00, LACKS[creator], of_step))
    decision = profile.decide(
        Equipment(*map(read, equipment)),
        tuple(identity),
        None if vr == "??" else vr,
        None if block == -1 else block,
        [None if parent == -1 else parent for parent in parent_blocks],
    )
    places = [
        f"{row.file}:{row.line}  {row}" if row.line else f"{row.file}  {row}"
        for row in (decision.row, *(loss.row for loss in decision.lost if loss.reason is Reason.PROTECTION))
    ]
    if decision.row.is_default:
        places[0] = f"none ({places[0]})"
    flags = tuple(flag.value for flag in decision.flags)
    record = DecisionRecord(decision.code.value, flags, places[0], tuple(places[1:]), decision.scope.value)
    collapse = decision.collapse
    root = b"" if collapse is None else collapse.root.encode()
    is_shown = decision.code in (Code.C, Code.R) or (decision.code is Code.K and decision.scope is Scope.VALUES)
    drawn = 0 if collapse is not None and collapse.rule is CollapseRule.NONE else 63
    always = 0 if collapse is None or root else ALWAYS.get(collapse.rule, 0)
    return record, (is_shown, decision.code is Code.K, drawn, always, root)


class Expected:
    """The answers to queries in their order, each from a new profile."""

    def __init__(self, layers: Sequence[Sequence[ProfileFile]], uid_root: str | None) -> None:
        self._layers = layers
        self._uid_root = uid_root
        self._alone: dict[Question, tuple[DecisionRecord, tuple[bool, bool, int, int, bytes]]] = {}

    def make_profile(self) -> Profile:
        return Profile(self._layers, uid_root=self._uid_root)

    def answer(self, questions: Iterable[Question]) -> tuple[list[Answer], list[DecisionRecord]]:
        numbers: dict[DecisionRecord, int] = {}
        answers: list[Answer] = []
        for question in questions:
            if question not in self._alone:
                self._alone[question] = ask_alone(self.make_profile(), question)
            record, told = self._alone[question]
            answers.append((numbers.setdefault(record, len(numbers)), *told))
        return answers, list(numbers)


CONFIDENTIALITY = """\
element,vr,code,collapse
"(0008,1140)",,K,
"(0008,2112)",,C,
"(0008,1155)",,R,uid:1.2
"(0020,000d)",UI,C,
"(0008,0020)",DA,R,date
"(0018,xxxx)",DS,K,
"(0040,0555)",,X/Z,
"(0009,""ACME"",01)",,C,
"""

EQUIPMENT = """\
modality,manufacturer,model,software,element,vr,code
,,,,"(0009,""ACME"",01)",,K
CT,,,,"(0009,""ACME"",01)",,X
ct,GE*,,,"(0009,""ACME"",01)",,K
?T,GE*,,,"(0009,""ACME"",01)",DS,D
,<undef>,,,"(0009,""ACME"",01)",,Z
,<empty>,,,"(0009,""ACME"",01)",,U
,,,15\\LX,"(0009,""acme"",01)",,X
,,,,"(0009,""ACME"",1002)",,K
MR,,,,"(0009,""ACME"",1002)",,X/D
,,,,"(0009,""ACME"",02)",,D
,[gs]*,,,"(0009,""ACME"",0x)",LO,C
,SIE*,,,"(0009,""ACME"",03)",SQ,X
CT,,,,"(0009,""ACME"",03)",,K
,,Signa,,"(0009,""ACME"",03)[<0>](0008,0100)",,K
,,Signa,,"(0009,""ACME"",03)[<0>](0009,""ACME"",01)",,U
,GE*,,,"(0009,<none:10>,01)",,K
,*\\xff*,,,"(0011,""ACME"",01)",,K
,,,,"(0011,""ACME"",01)",,Z
,,,,"(0009,""ACME"",2003)",SQ,D
C*,,,,"(0011,""ACME"",02)",,X
?T,,,,"(0011,""ACME"",02)",,K
?R,,,,"(0011,""ACME"",02)",,D
"""

ELEMENTS: list[tuple[int, bytes | int, int]] = [
    (0x00080020, -1, -1),
    (0x00081155, -1, -1),
    (0x0020000D, -1, -1),
    (0x00080018, -1, -1),
    (0x00181234, -1, -1),
    (0x00080100, -1, -1),
    (0x00091001, b"ACME", -1),
    (0x00091001, b"Acme", -1),
    (0x00091001, b"acme", -1),
    (0x00091002, b"ACME", -1),
    (0x00091001, -2, 0x10),
    (0x00091001, -3, 0x10),
    (0x00111001, b"ACME", -1),
    (0x00111002, b"ACME", -1),
]
SEQUENCES: list[tuple[int, bytes | int, int]] = [
    (0x00081140, -1, -1),
    (0x00400555, -1, -1),
    (0x00091003, b"ACME", -1),
    (0x00091003, b"acme", -1),
]
PATHS = [(), *itertools.product(SEQUENCES), (SEQUENCES[0], SEQUENCES[2]), (SEQUENCES[2], SEQUENCES[0])]
VRS = ["DS", "LO", "UI", "DA", "UN", "??"]
EVERYBODY: list[RawEquipment] = [
    (None, None, None, None),
    (b"", b"", b"", b""),
    (b"CT", b"GE MEDICAL SYSTEMS", b"SIGNA", b"15\\LX"),
    (b"ct", b"Ge Medical", b"signa", b"15\\lx"),
    (b"MR", b"GE MEDICAL SYSTEMS", b"signa", None),
    (b"MR", b"SIEMENS", b"Avanto", b"15\\LX"),
    (b"CT", None, b"Signa", b""),
    (b"PT", b"<undef>", None, b"15"),
    (b"CT", b"<empty>", b"", b"15\\LX"),
    (b"CR", b"GE", None, None),
    (b"CT", b"\xff", b"Signa", b"1"),
    (b"CT", b"\\xff", b"Signa", b"1"),
    (b"CT", "GE \u00e4".encode(), b"Signa", b"1"),
]


def block_of(step: tuple[int, bytes | int, int]) -> int:
    return step[0] >> 8 & 0xFF if step[1] != -1 else -1


def parse(file: str, text: str) -> ProfileFile:
    return parse_profile(file, text.encode(), kind=None, find_keyword={}.get)


SHEET = """\
element,vr,modality,manufacturer,model,software,code,scope,who
"(0009,""ACME"",01)",,,,,15*,K,,A
"(0009,""ACME"",01)",LO,,,,,K,values,A
"(0009,""ACME"",03)",,,,Signa,,C,,A
"(0008,1140)[<0>](0009,""ACME"",02)",,CT,,,,K,,A
"(0009,""ACME"",03)[<0>](0008,0100)",,,GE*,,,R,,A
"(0040,0555)[<0>](0008,0020)",DA,,,,,K,element,A
"(0008,1155)",,MR,,,,K,,A
"(0040,0555)",,PT,,,,K,,A
"""

TOP = """\
element,vr,code
"(0008,1140)",,K
"(0018,1234)",,X
"(0009,""ACME"",03)[<0>](0009,""ACME"",01)",DS,K
"""

# A dictionary whose R is a suggestion, and what is below it.
DICTIONARY = """\
modality,manufacturer,model,software,element,vr,code
,,,,"(0009,""ACME"",01)",DS,R
,,,,"(0009,""ACME"",02)",,R
,GE*,,,"(0011,""ACME"",01)",,R
,,,,"(0009,""ACME"",03)",SQ,R
"""

LAYERS = {
    "one layer": [[parse("c.csv", CONFIDENTIALITY), parse("m.csv", EQUIPMENT)]],
    "layers": [
        [parse("top.csv", TOP)],
        [parse("sheet.csv", SHEET)],
        [replace(parse("d.csv", DICTIONARY), is_shipped=True)],
        [parse("c.csv", CONFIDENTIALITY), parse("m.csv", EQUIPMENT)],
    ],
}


@pytest.fixture(scope="module", params=LAYERS)
def expected(request: pytest.FixtureRequest) -> Expected:
    return Expected(LAYERS[request.param], "1.9")


def every_question() -> list[Question]:
    questions = []
    for equipment, path, element, vr in itertools.product(EVERYBODY, PATHS, ELEMENTS, VRS):
        blocks = tuple(map(block_of, path))
        questions.append((equipment, (*path, element), vr, block_of(element), blocks))
        if element[0] == 0x00091002:
            # The same element in a block without a row.
            questions.append((equipment, (*path, element), vr, 0x11, blocks))
        if max(blocks, default=-1) >= 0:
            # The same sequence in a block with a row.
            others = tuple(block if block < 0 else 0x20 for block in blocks)
            questions.append((equipment, (*path, element), vr, block_of(element), others))
    return questions


def test_every_answer_is_that_of_a_new_profile(expected: Expected) -> None:
    """All equipment for each element, in three orders, each query twice."""
    questions = every_question()
    assert len(questions) > 6000
    rng = random.Random(2026)
    for order in range(3):
        answers = Answers(expected.make_profile())
        found = [answers.decide(*question) for question in questions]
        again = [answers.decide(*question) for question in reversed(questions)]
        assert (found, list(answers.decisions())) == expected.answer(questions), order
        assert again[::-1] == found
        rng.shuffle(questions)


def test_the_queries_reach_every_difference_between_the_rows(expected: Expected) -> None:
    """Otherwise the test above would pass for answers that ignore equipment, VR or block."""
    by_rest: dict[object, set[Answer]] = {}
    questions = every_question()
    for question, answer in zip(questions, expected.answer(questions)[0], strict=True):
        for place, name in enumerate(("equipment", "steps", "vr", "block", "blocks")):
            rest = (*question[:place], name, *question[place + 1 :])
            by_rest.setdefault(rest, set()).add(answer)
    for kind in ("equipment", "vr", "block", "blocks"):
        assert sum(kind in rest and len(answers) > 1 for rest, answers in by_rest.items()) > 50, kind
    most = max(len(answers) for rest, answers in by_rest.items() if rest[0] == "equipment")
    assert most >= 5


equipment_parts = st.sampled_from(
    [None, b"", b"CT", b"ct", b"MR", b"GE", b"ge x", b"SIEMENS", b"signa", b"15\\LX", b"\xff"]
)
steps_of_questions = st.tuples(st.lists(st.sampled_from(SEQUENCES), max_size=3), st.sampled_from(ELEMENTS))


@st.composite
def raw_questions(draw: st.DrawFn) -> Question:
    path, element = draw(steps_of_questions)
    blocks = tuple(draw(st.sampled_from([block_of(step), 0x20])) if step[1] != -1 else -1 for step in path)
    equipment = draw(st.tuples(*[equipment_parts] * 4))
    block = draw(st.sampled_from([block_of(element), 0x20])) if element[1] != -1 else -1
    return equipment, (*path, element), draw(st.sampled_from(VRS)), block, blocks


@settings(max_examples=60, deadline=None)
@given(st.lists(raw_questions(), max_size=40), st.sampled_from([1, 3, 1 << 16]))
def test_any_order_of_queries_gets_the_answers_of_new_profiles(
    expected: Expected, questions: list[Question], most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profile_answers, "MAX_REMEMBERED", most)
        answers = Answers(expected.make_profile())
        found = [answers.decide(*question) for question in questions]
    assert (found, list(answers.decisions())) == expected.answer(questions)


# The caches


class Counted(Profile):
    """A profile that counts its decisions."""

    decided = 0

    def decide_named(self, *arguments: object, **more: object) -> object:
        self.decided += 1
        return super().decide_named(*arguments, **more)


def counted() -> Counted:
    return Counted(LAYERS["one layer"])


def ask(answers: Answers, equipment: RawEquipment, *steps: tuple[int, bytes | int, int], vr: str = "LO") -> Answer:
    return answers.decide(equipment, steps, vr, block_of(steps[-1]), tuple(map(block_of, steps[:-1])))


def test_equipment_that_no_row_names_needs_one_decision() -> None:
    profile = counted()
    answers = Answers(profile)
    assert len({ask(answers, equipment, SEQUENCES[0], ELEMENTS[0]) for equipment in EVERYBODY}) == 1
    assert profile.decided == 1


def test_equipment_that_matches_the_same_patterns_needs_one_decision() -> None:
    profile = counted()
    answers = Answers(profile)
    for model in (b"signa", b"Signa", b"SIGNA", b"Signa", b"", None, b"Avanto"):
        for software in (b"1", b"2"):
            ask(answers, (b"US", b"X", model, software), (0x00091003, b"ACME", -1), (0x00080100, -1, -1))
    assert profile.decided == 2


def test_rows_for_a_sequence_separate_equipment_inside_it() -> None:
    answers = Answers(counted())
    inside = (SEQUENCES[2], ELEMENTS[3])
    assert ask(answers, EVERYBODY[5], *inside)[1] is False, "the sequence is X for SIEMENS"
    assert ask(answers, EVERYBODY[2], *inside)[1] is True
    assert ask(answers, EVERYBODY[5], *inside)[1] is False


def test_the_caches_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile_answers, "MAX_REMEMBERED", 50)
    profile = counted()
    answers = Answers(profile)
    for element in range(1000):
        ask(answers, (b"MR%d" % element, None, None, None), (0x00190000 + element, -1, -1), (0x00091001, b"ACME", -1))
        ask(answers, (b"MR%d" % element, None, None, None), (0x00091001, b"ACME", -1))
        held = [len(held) for held in vars(answers).values() if isinstance(held, dict)]
        assert max(held) <= 50
    assert profile.decided >= 1000


# The shipped profiles


@pytest.mark.parametrize("mode", ["before", "final"])
def test_cached_answers_of_the_shipped_profiles(mode: str) -> None:
    loaded = load_mode(mode, None, None, (), uid_root="1.2.826")
    fresh = load_mode(mode, None, None, (), uid_root="1.2.826")
    rows = [row for each in fresh.files for row in each.rows]
    rng = random.Random(18)
    questions: list[Question] = []
    for row in rng.sample(rows, min(len(rows), 3000)):
        last = row.element[-1]
        creator = last.creator.encode("latin-1") if isinstance(last.creator, str) else -1
        names = [creator] if creator == -1 else [creator, creator.swapcase()]
        path = rng.choice([(), ((0x52009230, -1, -1),), ((0x52009230, -1, -1), (0x00081140, -1, -1))])
        for name, equipment in itertools.product(names, rng.sample(EVERYBODY, 3)):
            step = (last.tag | 0x1000 if creator != -1 else last.tag, name, -1)
            vr = rng.choice([*row.vrs, "UI", "UN"])
            questions.append((equipment, (*path, step), vr, block_of(step), (-1,) * len(path)))
    rng.shuffle(questions)
    answers = Answers(loaded)
    numbers: dict[DecisionRecord, int] = {}
    for question in questions:
        record, told = ask_alone(fresh, question)
        assert answers.decide(*question) == (numbers.setdefault(record, len(numbers)), *told)
    assert list(answers.decisions()) == list(numbers)
    assert len(numbers) > {"before": 1500, "final": 800}[mode]

"""The notation of tags, identities and the patterns of profile rows: by hand, and round trips over random creators."""

from __future__ import annotations

import random
import re

import pytest

from tagsniff.dicom.notation import (
    ANY_ELEMENT,
    Lack,
    Step,
    StepPattern,
    format_identity,
    format_pattern,
    format_tag,
    parse_identity,
    parse_pattern,
    read_creator,
)

WRITTEN = [
    ("(0010,0010)", (Step(0x00100010),)),
    ("(7fe0,0010)", (Step(0x7FE00010),)),
    ("(0009,0010)", (Step(0x00090010),)),
    ("(ffff,ffff)", (Step(0xFFFFFFFF),)),
    ('(0009,"GEMS_IDEN_01",02)', (Step(0x00090002, "GEMS_IDEN_01"),)),
    ('(0019,"SIEMENS CT VA0  COAD",ff)', (Step(0x001900FF, "SIEMENS CT VA0  COAD"),)),
    ("(0009,<none:10>,02)", (Step(0x00090002, Lack.NONE, 0x10),)),
    ("(0009,<empty:80>,02)", (Step(0x00090002, Lack.EMPTY, 0x80),)),
    ("(0009,<unusable:ff>,02)", (Step(0x00090002, Lack.UNUSABLE, 0xFF),)),
    ("(0008,1140)[<0>](0008,1155)", (Step(0x00081140), Step(0x00081155))),
    (
        '(2001,"Philips Imaging DD 001",5f)[<0>](2001,<none:10>,32)[<0>](0008,0018)',
        (Step(0x2001005F, "Philips Imaging DD 001"), Step(0x20010032, Lack.NONE, 0x10), Step(0x00080018)),
    ),
    ('(0009,"a\\"b",02)', (Step(0x00090002, 'a"b'),)),
    ('(0009,"a\\\\",02)', (Step(0x00090002, "a\\"),)),
    ('(0009,"\\x1b[2J\\x00\\x7f\\x9f\\xa0\\xad",02)', (Step(0x00090002, "\x1b[2J\x00\x7f\x9f\xa0\xad"),)),
    ('(0009,"Universit\u00e4t \u00a1\u00ff",02)', (Step(0x00090002, "Universit\u00e4t \u00a1\u00ff"),)),
    ('(0009,")[<0>](",02)', (Step(0x00090002, ")[<0>]("),)),
    ('(0009,"<none:10>",02)', (Step(0x00090002, "<none:10>"),)),
    ('(0009," outer ",02)', (Step(0x00090002, " outer "),)),
]


@pytest.mark.parametrize(("text", "identity"), WRITTEN)
def test_identity_is_written_and_read(text: str, identity: tuple[Step, ...]) -> None:
    assert format_identity(identity) == text
    assert parse_identity(text) == identity


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("(7FE0,0010)", "(7fe0,0010)"),
        ('(00E1,"ELSCINT1",AB)', '(00e1,"ELSCINT1",ab)'),
        ("(0009,<none:FE>,0A)", "(0009,<none:fe>,0a)"),
        ('(0009,"\\x41\\xE4\\x1B",02)', '(0009,"A\u00e4\\x1b",02)'),
    ],
)
def test_parser_accepts_other_spellings(text: str, printed: str) -> None:
    assert format_identity(parse_identity(text)) == printed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "position 0: expected ("),
        ("0010,0010", "position 0: expected ("),
        ("(001,0010)", "position 1: expected 4 hexadecimal digits"),
        ("(0010 0010)", "position 5: expected ,"),
        ("(0010,00", "position 6: expected 4 hexadecimal digits"),
        ("(0010,+010)", "position 6: expected 4 hexadecimal digits"),
        ("(0010,0_10)", "position 6: expected 4 hexadecimal digits"),
        ("(0010,\u0661\u0661\u0661\u0661)", "position 6: expected 4 hexadecimal digits"),
        ("(0010,0010", "position 10: expected )"),
        ("(0010,0010) ", "position 11: expected [<0>]"),
        ("(0008,1140)[0](0008,1155)", "position 11: expected [<0>]"),
        ("(0008,1140)[<0>]", "position 16: expected ("),
        ('(0009,"ACME', 'position 11: expected the closing "'),
        ('(0009,"ACME\\', 'position 12: expected ", \\ or xNN behind a backslash'),
        ('(0009,"\\n",02)', 'position 8: expected ", \\ or xNN behind a backslash'),
        ('(0009,"\\xg0",02)', "position 9: expected 2 hexadecimal digits"),
        ('(0009,"ACME"02)', "position 12: expected ,"),
        ('(0009,"ACME",1002)', "position 15: expected )"),
        ("(0009,<lost:10>,02)", "position 7: expected none:, empty:, unusable:"),
        ("(0009,<none:1>,02)", "position 12: expected 2 hexadecimal digits"),
        ("(0009,<none:10,02)", "position 14: expected >,"),
        ("(0009,<none:0f>,02)", "position 0: a block is 0x10 to 0xff"),
        ('(0009,"",02)', "position 0: a private creator is not empty and has no character beyond U+00FF"),
        ('(0009,"\u0416",02)', "position 0: a private creator is not empty and has no character beyond U+00FF"),
        ('(0008,1140)[<0>](0008,"ACME",02)', "position 16: a private element has an odd group"),
    ],
)
def test_parser_reports_position_and_reason(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_identity(text)


def _random_step(rng: random.Random) -> Step:
    group = rng.randrange(0x10000)
    kind = rng.randrange(3)
    if kind == 0:
        return Step(group << 16 | rng.randrange(0x10000))
    tag = (group | 1) << 16 | rng.randrange(0x100)
    if kind == 1:
        return Step(tag, rng.choice(list(Lack)), rng.randrange(0x10, 0x100))
    letters = rng.choice([range(0x100), [*map(ord, '"\\x0>,()[]')]])
    return Step(tag, "".join(chr(rng.choice(letters)) for _ in range(rng.randint(1, 12))))


def test_round_trip_of_random_identities() -> None:
    rng = random.Random(2026)
    identities = {tuple(_random_step(rng) for _ in range(rng.randint(1, 5))) for _ in range(4000)}
    texts = {format_identity(identity): identity for identity in identities}
    assert len(texts) == len(identities), "two identities share one text"
    for text, identity in texts.items():
        assert text.isprintable()
        assert parse_identity(text) == identity


def test_every_character_of_a_creator_survives_a_round_trip() -> None:
    for number in range(0x100):
        identity = (Step(0x00090001, chr(number)),)
        assert parse_identity(format_identity(identity)) == identity


def test_random_damage_is_an_error_or_another_identity_never_a_crash() -> None:
    rng = random.Random(14)
    accepted = refused = 0
    for text, _ in WRITTEN:
        for _ in range(300):
            damaged = list(text)
            damaged[rng.randrange(len(damaged))] = rng.choice('"\\<>()[],0f\x00\u00e4\ud800')
            try:
                identity = parse_identity("".join(damaged))
            except ValueError:
                refused += 1
            else:
                accepted += 1
                assert parse_identity(format_identity(identity)) == identity
    assert accepted
    assert refused


@pytest.mark.parametrize(
    ("tag", "creator", "block"),
    [
        (-1, None, None),
        (1 << 32, None, None),
        (0x00091002, "ACME", None),
        (0x00080002, "ACME", None),
        (0x00090002, "ACME", 0x10),
        (0x00090002, "", None),
        (0x00090002, "\u0100", None),
        (0x00090002, Lack.NONE, None),
        (0x00090002, Lack.NONE, 0x0F),
        (0x00090002, Lack.NONE, 0x100),
        (0x00090002, None, 0x10),
    ],
)
def test_step_that_names_nothing_is_refused(tag: int, creator: str | Lack | None, block: int | None) -> None:
    with pytest.raises(ValueError, match=r"^a "):
        Step(tag, creator, block)


def test_identity_without_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one step"):
        format_identity(())


def test_tag_is_written() -> None:
    assert format_tag(0) == "(0000,0000)"
    assert format_tag(0x7FE0ABCD) == "(7fe0,abcd)"
    for beyond in (-1, 1 << 32):
        with pytest.raises(ValueError, match="32 bits"):
            format_tag(beyond)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"GEMS_IDEN_01", "GEMS_IDEN_01"),
        (b"GEMS_IDEN_01 ", "GEMS_IDEN_01"),
        (b"  GEMS_IDEN_01\0\0", "GEMS_IDEN_01"),
        (b"ACME \0 \0", "ACME"),
        (b"SIEMENS CT VA0  COAD", "SIEMENS CT VA0  COAD"),
        (b"Acme acme", "Acme acme"),
        (b"Universit\xe4t", "Universit\u00e4t"),
        (b"\xd0\x96", "\u00d0\u0096"),
        (b"\tACME\t", "\tACME\t"),
        (b"\0ACME", "\0ACME"),
        (b"A\0B", "A\0B"),
        (b"", ""),
        (b" \0 ", ""),
    ],
)
def test_creator_is_read_from_its_bytes(raw: bytes, text: str) -> None:
    assert read_creator(raw) == text
    assert read_creator(text.encode("latin-1")) == text, "reading twice changes nothing"


# Patterns

KEYWORDS = {"PatientName": 0x00100010, "ContentSequence": 0x0040A730, "TextValue": 0x0040A160}

PATTERNS = [
    ("*", (ANY_ELEMENT,)),
    ("(60xx,3000)", (StepPattern(0x60003000, 0xFF00FFFF),)),
    ("(50xx,xxxx)", (StepPattern(0x50000000, 0xFF000000),)),
    ("(xxxx,0000)", (StepPattern(0, 0x0000FFFF),)),
    ("(0020,31x0)", (StepPattern(0x00203100, 0xFFFFFF0F),)),
    ('(0009,"GEMS_IDEN_01",*)', (StepPattern(0x00090000, 0xFFFFFF00, "GEMS_IDEN_01"),)),
    ('(0009,"GEMS_IDEN_01",0x)', (StepPattern(0x00090000, 0xFFFFFFF0, "GEMS_IDEN_01"),)),
    ('(70xx,"DLX_ANNOT_01",04)', (StepPattern(0x70000004, 0xFF00FFFF, "DLX_ANNOT_01"),)),
    ("(0009,<none:10>,*)", (StepPattern(0x00090000, 0xFFFFFF00, Lack.NONE, 0x10),)),
    ('(0119,"MRSC",1502)', (StepPattern(0x01190002, creator="MRSC", block=0x15),)),
    ('(0119,"MRSC",15*)', (StepPattern(0x01190000, 0xFFFFFF00, "MRSC", 0x15),)),
    ('(0009,"a)b",02)', (StepPattern(0x00090002, creator="a)b"),)),
    (
        '(2001,"Philips Imaging DD 001",5f)[<0>](2001,<none:10>,32)[<0>](0008,xxxx)',
        (
            StepPattern(0x2001005F, creator="Philips Imaging DD 001"),
            StepPattern(0x20010032, creator=Lack.NONE, block=0x10),
            StepPattern(0x00080000, 0xFFFF0000),
        ),
    ),
]


@pytest.mark.parametrize(("text", "pattern"), PATTERNS)
def test_pattern_is_written_and_read(text: str, pattern: tuple[StepPattern, ...]) -> None:
    assert format_pattern(pattern) == text
    assert parse_pattern(text, KEYWORDS.get) == pattern


@pytest.mark.parametrize(("text", "identity"), WRITTEN)
def test_an_identity_is_a_pattern_written_the_same_way(text: str, identity: tuple[Step, ...]) -> None:
    pattern = parse_pattern(text, KEYWORDS.get)
    assert [(step.tag, step.creator, step.block) for step in pattern] == [
        (step.tag, step.creator, step.block) for step in identity
    ]
    assert all(step.is_exact() for step in pattern)
    assert format_pattern(pattern) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("(60XX,3000)", "(60xx,3000)"),
        ("(xxxx,xxxx)", "*"),
        ('(0009,"ACME",XX)', '(0009,"ACME",*)'),
        ('(0009,"ACME",1AFE)', '(0009,"ACME",1afe)'),
        ("PatientName", "(0010,0010)"),
        ("ContentSequence[<0>](0040,A730)[<0>]TextValue", "(0040,a730)[<0>](0040,a730)[<0>](0040,a160)"),
    ],
)
def test_pattern_parser_accepts_other_spellings(text: str, printed: str) -> None:
    assert format_pattern(parse_pattern(text, KEYWORDS.get)) == printed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "position 0: expected ( or a keyword"),
        ("Patient Name", "position 0: expected ( or a keyword"),
        ("0010,0010", "position 0: expected ( or a keyword"),
        ("Pati\u00e9nt", "position 0: expected ( or a keyword"),
        ("PatientsName", "position 0: PatientsName is no keyword of PS3.6 that stands for one tag"),
        ("(60yy,3000)", "position 1: expected 4 hexadecimal digits or x"),
        ("(60xx,300)", "position 6: expected 4 hexadecimal digits or x"),
        ("(60xx,*)", "position 6: expected 4 hexadecimal digits or x"),
        ("(60xx,3000", "position 10: expected )"),
        ('(0009,"ACME",1)', "position 13: expected 2 hexadecimal digits or x"),
        ('(0009,"ACME",1002', "position 15: expected )"),
        ('(0009,"ACME",1x02)', "position 13: expected 2 hexadecimal digits"),
        ('(0009,"ACME",0902)', "position 0: a block is 0x10 to 0xff"),
        ("(0009,<none:10>,1002)", "position 18: expected )"),
        ("(0009,<none:xx>,02)", "position 12: expected 2 hexadecimal digits"),
        ('(0008,"ACME",*)', "position 0: a private element has an odd group"),
        ("*[<0>](0008,0100)", "position 0: expected ( or a keyword"),
        ("(0008,1140)[<0>]*", "position 16: expected ( or a keyword"),
        ("(0008,11xx)[<0>](0008,1155)", "only the last step of a path may have an x, a * or a literal block"),
        ('(0009,"A",1002)[<0>](0008,1155)', "only the last step of a path may have an x, a * or a literal block"),
    ],
)
def test_pattern_parser_reports_position_and_reason(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_pattern(text, KEYWORDS.get)


def test_random_damage_of_a_pattern_is_an_error_or_another_pattern() -> None:
    rng = random.Random(7)
    accepted = refused = 0
    for text, _ in PATTERNS:
        for _ in range(300):
            damaged = list(text)
            damaged[rng.randrange(len(damaged))] = rng.choice('"\\<>()[],0fxX*1P\x00\u00e4\ud800')
            try:
                pattern = parse_pattern("".join(damaged), KEYWORDS.get)
            except ValueError:
                refused += 1
            else:
                accepted += 1
                assert parse_pattern(format_pattern(pattern), KEYWORDS.get) == pattern
    assert accepted
    assert refused


@pytest.mark.parametrize(
    ("tag", "mask", "creator", "block"),
    [
        (1 << 32, 0xFFFFFFFF, None, None),
        (0, 1 << 32, None, None),
        (0x60113000, 0xFF00FFFF, None, None),
        (0, 0x000000F7, None, None),
        (0, 0x0000001F, None, None),
        (0x00090002, 0xFFFFFFFF, None, 0x10),
        (0x00090002, 0xFFFFFFFF, Lack.NONE, None),
        (0x00090002, 0xFFFFFFFF, "ACME", 0x0F),
        (0x00091002, 0xFFFFFFFF, "ACME", None),
        (0x00090002, 0xFFFF00FF, "ACME", None),
        (0x00080002, 0xFFFFFFFF, "ACME", None),
        (0x00090002, 0xFFFFFFFF, "", None),
    ],
)
def test_pattern_that_names_nothing_is_refused(
    tag: int, mask: int, creator: str | Lack | None, block: int | None
) -> None:
    with pytest.raises(ValueError, match=r"^a "):
        StepPattern(tag, mask, creator, block)


def test_pattern_without_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one step"):
        format_pattern(())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(0009,1002)", True),
        ("(0009,10xx)", True),
        ("(0009,0010)", False),
        ("(0009,0102)", False),
        ("(0005,1002)", False),
        ("(ffff,1002)", False),
        ("(0008,1002)", False),
        ("(xxxx,1002)", False),
        ('(0009,"ACME",1002)', False),
        ("(0009,<none:10>,02)", False),
        ("*", False),
    ],
)
def test_private_elements_named_only_by_number_are_recognized(text: str, expected: bool) -> None:
    assert parse_pattern(text, KEYWORDS.get)[0].is_private_by_number() is expected

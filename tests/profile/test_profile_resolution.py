"""Which row of a profile decides: tables written by hand, and properties over random rows."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence

import pytest

from tagsniff.dicom.notation import Identity, Step, format_identity, parse_identity
from tagsniff.profile import (
    Code,
    Decision,
    Equipment,
    Flag,
    Profile,
    ProfileFile,
    Reason,
    explain,
    parse_equipment,
    parse_profile,
)
from tagsniff.writers.profile_text import write_explanations

GE = Equipment("MR", "GE MEDICAL SYSTEMS", "SIGNA", "15\\LX")
GE_PET = Equipment("PT", "GE MEDICAL SYSTEMS", "Discovery", "1.0")
SIEMENS = Equipment("MR", "SIEMENS", "Avanto", "syngo MR B17")
ANYBODY = Equipment()

Line = tuple[str, ...]


def quote(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def write_lines(columns: str, lines: Sequence[Line], default: str) -> bytes:
    rows = "".join(",".join(map(quote, line)) + "\n" for line in lines)
    return (f"# default = {default}\n" if default else "").encode() + f"{columns}\n{rows}".encode()


def confidentiality(*lines: Line, default: str = "") -> ProfileFile:
    """Return a profile of rows (element, code[, vr[, collapse]]); the first row is in line 2, or 3 with a default."""
    raw = write_lines("element,code,vr,collapse", [(*line, "", "")[:4] for line in lines], default)
    return parse_profile("c.csv", raw, kind=None, find_keyword={"StudyDate": 0x00080020}.get)


def equipment(*lines: Line, default: str = "", file: str = "m.csv") -> ProfileFile:
    """Return a profile of rows (element, code[, equipment pattern[, vr]]) with the pattern's parts joined by colons."""
    cells = []
    for element, code, *rest in lines:
        pattern, vr = (*rest, "", "")[:2]
        cells.append((element, code, vr, *(pattern.split(":") + [""] * 4)[:4]))
    raw = write_lines("element,code,vr,modality,manufacturer,model,software", cells, default)
    return parse_profile(file, raw, kind=None, find_keyword={}.get)


def one_layer(public: ProfileFile, private: Sequence[ProfileFile] = (), *, uid_root: str | None = None) -> Profile:
    return Profile([[public, *private]], uid_root=uid_root)


def decide(
    profile: Profile, element: str, of: Equipment = ANYBODY, vr: str | None = "LO", block: int | None = None
) -> Decision:
    return profile.decide(of, parse_identity(element), vr, block)


def reasons(decision: Decision) -> list[tuple[int, Reason]]:
    return [(loss.row.line, loss.reason) for loss in decision.lost]


# Public elements

PUBLIC = one_layer(
    confidentiality(
        ("(0010,0010)", "Z"),
        ("(0018,0050)", "K", "DS"),
        ("(60xx,3000)", "X"),
        ("(6002,3000)", "C"),
        ("(50xx,xxxx)", "X/D"),
        ("(xxxx,0000)", "K", "UL"),
        ("(0040,a730)", "K"),
        ("(0040,a730)[<0>](0040,a160)", "C"),
        ("(0040,a160)", "D"),
        ("(0040,0555)", "X/Z"),
        ("(0040,0555)[<0>](0010,0010)", "K"),
        ("(0008,1140)", "C"),
        ("(0008,1155)", "U", "", "uid:1.2"),
        ("StudyDate", "R", "DA", "date"),
        ("StudyDate", "C"),
    ),
    [equipment(('(0009,"ACME",02)[<0>](0008,0100)', "K"), ("*", "D"))],
)


@pytest.mark.parametrize(
    ("element", "vr", "code", "line"),
    [
        ("(0010,0010)", "PN", "Z", 2),
        ("(0008,1140)[<0>](0010,0010)", "PN", "Z", 2),
        ("(0010,0020)", "LO", "R", 0),
        ("(0018,0050)", "DS", "K", 3),
        ("(0018,0050)", "LO", "R", 0),
        ("(0018,0050)", "UN", "R", 0),
        ("(0018,0050)", None, "R", 0),
        ("(6000,3000)", "OW", "X", 4),
        ("(601e,3000)", "OW", "X", 4),
        ("(6002,3000)", "OW", "C", 5),
        ("(6000,0010)", "US", "R", 0),
        ("(5002,1234)", "OW", "X/D", 6),
        ("(0028,0000)", "UL", "K", 7),
        ("(5000,0000)", "UL", "K", 7),
        ("(0040,a730)", "SQ", "K", 8),
        ("(0040,a730)[<0>](0040,a160)", "UT", "C", 9),
        ("(0040,a730)[<0>](0040,a730)[<0>](0040,a160)", "UT", "D", 10),
        ("(0040,a160)", "UT", "D", 10),
        ('(0009,"ACME",02)[<0>](0008,0100)', "SH", "D", 3),
        ("(0009,0010)", "LO", "R", 0),
    ],
)
def test_public_element_is_decided_by_the_confidentiality_profile(element: str, vr: str, code: str, line: int) -> None:
    decision = decide(PUBLIC, element, vr=vr)
    assert (decision.code.value, decision.row.line) == (code, line)
    assert decision.records_values is (code in ("C", "R"))
    assert Flag.CONFLICT not in decision.flags


def test_a_decision_has_file_and_line() -> None:
    decision = decide(PUBLIC, "(0010,0010)")
    assert (decision.row.file, decision.row.line, decision.covered_by, decision.flags) == ("c.csv", 2, None, ())


def test_a_collapse_rule_is_used_only_if_values_are_recorded() -> None:
    assert str(decide(PUBLIC, "(0008,0020)", vr="DA").collapse) == "date"
    assert decide(PUBLIC, "(0008,0020)", vr="LO").collapse is None
    assert decide(PUBLIC, "(0008,1155)", vr="UI").collapse is None, "U hides the values"


def test_uid_root_collapses_recorded_uids_that_have_no_rule() -> None:
    profile = one_layer(confidentiality(("(0008,0018)", "U"), ("(0020,000d)", "R", "", "uid:1.9")), uid_root="1.2.3")
    assert decide(profile, "(0008,0018)", vr="UI").collapse is None
    assert str(decide(profile, "(0020,000d)", vr="UI").collapse) == "uid:1.9"
    assert str(decide(profile, "(0020,000e)", vr="UI").collapse) == "uid:1.2.3"
    assert str(decide(profile, '(0009,"A",01)', vr="UI").collapse) == "uid:1.2.3"
    assert decide(profile, "(0020,000e)", vr="LO").collapse is None


# Sequences


@pytest.mark.parametrize(
    ("element", "code", "line", "covered_by"),
    [
        ("(0040,0555)", "X/Z", 11, None),
        ("(0040,0555)[<0>](0018,0050)", "X/Z", 11, "(0040,0555)"),
        ("(0040,0555)[<0>](0010,0010)", "X/Z", 11, "(0040,0555)"),
        ('(0040,0555)[<0>](0009,"ACME",01)', "X/Z", 11, "(0040,0555)"),
        ("(0040,a730)[<0>](0040,0555)[<0>](0008,1140)[<0>](0008,1155)", "X/Z", 11, "(0040,a730)[<0>](0040,0555)"),
        ("(0008,1140)[<0>](0008,1155)", "U", 14, None),
        ("(0040,a730)[<0>](0010,0010)", "Z", 2, None),
    ],
)
def test_a_sequence_covers_its_items_unless_it_is_kept_or_recorded(
    element: str, code: str, line: int, covered_by: str | None
) -> None:
    decision = decide(PUBLIC, element)
    assert (decision.code.value, decision.row.line) == (code, line)
    assert (None if decision.covered_by is None else format_identity(decision.covered_by)) == covered_by


def test_rows_of_a_covered_element_are_reported_as_covered() -> None:
    decision = decide(PUBLIC, "(0040,0555)[<0>](0010,0010)")
    assert reasons(decision) == [(12, Reason.COVERED), (2, Reason.COVERED)]


def test_a_deciding_default_covers_too() -> None:
    profile = one_layer(confidentiality(("(0008,1140)", "K"), default="X"))
    assert decide(profile, "(0008,1140)[<0>](0008,1155)").covered_by is None
    decision = decide(profile, "(0008,1111)[<0>](0008,1155)")
    assert (decision.code, decision.row.is_default, decision.row.line) == (Code.X, True, 1)
    assert decision.covered_by == parse_identity("(0008,1111)")


def test_a_row_for_sequences_need_not_name_sq() -> None:
    for vr, code in (("SQ", "X"), ("", "X"), ("LO", "R")):
        profile = one_layer(confidentiality(("(0008,1140)", "X", vr)))
        assert decide(profile, "(0008,1140)[<0>](0008,1155)").code.value == code


def test_a_private_sequence_covers_its_items_only_for_its_equipment() -> None:
    profile = one_layer(confidentiality(), [equipment(('(0009,"ACME",02)', "X", "MR"))])
    inside = '(0009,"ACME",02)[<0>](0010,0010)'
    assert decide(profile, inside, GE).code is Code.X
    assert decide(profile, inside, GE_PET).code is Code.R
    assert decide(profile, '(0009,"acme",02)[<0>](0010,0010)', GE).flags == (Flag.CASE_VARIANT,)


def test_a_literal_block_of_a_sequence_covers_only_items_in_that_block() -> None:
    profile = one_layer(confidentiality(), [equipment(('(0009,"ACME",1502)', "X"))])
    identity = parse_identity('(0008,1140)[<0>](0009,"ACME",02)[<0>](0010,0010)')
    assert profile.decide(GE, identity, "PN", None, (None, 0x15)).code is Code.X
    assert profile.decide(GE, identity, "PN", None, (None, 0x10)).code is Code.R
    assert profile.decide(GE, identity, "PN").code is Code.R
    with pytest.raises(ValueError, match="one block, or None, for each sequence"):
        profile.decide(GE, identity, "PN", None, (0x15,))


# Private elements: collisions

PRIVATE = one_layer(
    confidentiality(('(0029,"MINE",01)', "K"), ('(0031,"BOTH",01)', "K"), ("*", "X", "LO")),
    [
        equipment(
            ('(0009,"GEMS_IDEN_01",02)', "K", "", "SH"),
            ('(0009,"GEMS_PETD_01",02)', "C"),
            ('(0009,"ACME",01)', "K", "*:GE*"),
            ('(0009,"ACME",01)', "X", "*:SIEMENS"),
            ('(0019,"ACME",*)', "C"),
            ('(0019,"ACME",05)', "K"),
            ('(0119,"MRSC",1502)', "K"),
            ('(0119,"MRSC",02)', "C"),
            ("(0009,<none:10>,02)", "Z"),
            ("(0009,<empty:10>,*)", "D"),
            ('(2001,"Philips MR Imaging DD 001",05)', "K"),
            ('(2001,"PHILIPS MR IMAGING DD 001",05)', "C"),
            ('(2005,"Philips MR Imaging DD 001",05)', "K", "MR"),
            ('(2001,"ACME",01)[<0>](0019,"ACME",05)', "U"),
            ('(70xx,"DLX",04)', "X/D"),
            ('(0031,"BOTH",01)', "Z", "MR"),
        )
    ],
)


@pytest.mark.parametrize(
    ("element", "of", "vr", "block", "expected"),
    [
        # One manufacturer collides with itself: the private creator distinguishes the elements.
        ('(0009,"GEMS_IDEN_01",02)', GE, "SH", 0x10, "K"),
        ('(0009,"GEMS_PETD_01",02)', GE, "SH", 0x10, "C"),
        ('(0009,"GEMS_IDEN_01",02)', SIEMENS, "SH", 0x11, "K"),
        ('(0009,"GEMS_IDEN_01",02)', GE, "LO", 0x10, "R"),
        ('(0009,"GEMS_IDEN_01",02)', GE, "UN", 0x10, "R"),
        ('(0009,"GEMS_IDEN_01",03)', GE, "SH", 0x10, "R"),
        ('(000b,"GEMS_IDEN_01",02)', GE, "SH", 0x10, "R"),
        # Two manufacturers under one private creator.
        ('(0009,"ACME",01)', GE, "LO", 0x10, "K"),
        ('(0009,"ACME",01)', SIEMENS, "LO", 0x10, "X"),
        ('(0009,"ACME",01)', ANYBODY, "LO", 0x10, "R"),
        ('(0009,"ACME",01)', Equipment("MR", "ge healthcare"), "LO", 0x10, "K"),
        # Any element of a creator, and one element of it.
        ('(0019,"ACME",05)', GE, "LO", 0x10, "K"),
        ('(0019,"ACME",06)', GE, "LO", 0x10, "C"),
        # A literal block.
        ('(0119,"MRSC",02)', GE, "LO", 0x15, "K"),
        ('(0119,"MRSC",02)', GE, "LO", 0x10, "C"),
        ('(0119,"MRSC",02)', GE, "LO", None, "C"),
        # A missing private creator never matches a row that names a creator, another defect or another block.
        ("(0009,<none:10>,02)", GE, "LO", 0x10, "Z"),
        ("(0009,<none:11>,02)", GE, "LO", 0x11, "R"),
        ("(0009,<empty:10>,02)", GE, "LO", 0x10, "D"),
        ("(0009,<unusable:10>,02)", GE, "LO", 0x10, "R"),
        ("(0019,<none:10>,05)", GE, "LO", 0x10, "R"),
        ('(0009,"<none:10>",02)', GE, "LO", 0x10, "R"),
        # Letter case: first the exact row, otherwise the other one with the flag.
        ('(2001,"Philips MR Imaging DD 001",05)', GE, "LO", 0x10, "K"),
        ('(2001,"PHILIPS MR IMAGING DD 001",05)', GE, "LO", 0x10, "C"),
        ('(2001,"philips mr imaging dd 001",05)', GE, "LO", 0x10, "C CASE_VARIANT CONFLICT"),
        ('(2005,"PHILIPS MR IMAGING DD 001",05)', GE, "LO", 0x10, "K CASE_VARIANT"),
        ('(2005,"PHILIPS MR  IMAGING DD 001",05)', GE, "LO", 0x10, "R"),
        # A path.
        ('(2001,"ACME",01)[<0>](0019,"ACME",05)', GE, "LO", 0x10, "U"),
        ('(2001,"Acme",01)[<0>](0019,"ACME",05)', GE, "LO", 0x10, "U CASE_VARIANT"),
        ('(2001,"ACME",02)[<0>](0019,"ACME",05)', GE, "LO", 0x10, "K"),
        ('(0008,1140)[<0>](2001,"ACME",01)[<0>](0019,"ACME",05)', GE, "LO", 0x10, "K"),
        # A mask.
        ('(7051,"DLX",04)', GE, "LO", 0x10, "X/D"),
        ('(7151,"DLX",04)', GE, "LO", 0x10, "R"),
        # Rows of the Confidentiality Profile: by creator for any equipment; `*` does not match a private element.
        ('(0029,"MINE",01)', GE, "LO", 0x10, "K"),
        ('(0029,"MINE",02)', GE, "LO", 0x10, "R"),
        ('(0031,"BOTH",01)', GE, "LO", 0x10, "Z"),
        ('(0031,"BOTH",01)', GE_PET, "LO", 0x10, "K"),
        # The private creator element has a tag of its own.
        ("(0009,0010)", GE, "LO", None, "X"),
    ],
)
def test_a_private_element_is_decided_by_creator_and_equipment(
    element: str, of: Equipment, vr: str, block: int | None, expected: str
) -> None:
    decision = decide(PRIVATE, element, of, vr, block)
    assert " ".join([decision.code.value, *(flag.value for flag in decision.flags)]) == expected


def test_any_private_element_is_the_least_specific_row() -> None:
    profile = one_layer(confidentiality(), [equipment(("*", "X", "MR:GE*:S*:1*", "LO"), ('(0009,"acme",*)', "K"))])
    assert decide(profile, '(0009,"ACME",01)', GE).code is Code.K
    assert decide(profile, '(0009,"OTHER",01)', GE).code is Code.X
    assert decide(profile, "(0009,<none:10>,01)", GE).code is Code.X
    assert decide(profile, "(0010,0010)", GE).code is Code.R


def test_defaults_of_modality_software_profiles_are_for_private_elements() -> None:
    keeps = equipment(default="K", file="keeps.csv")
    cleans = equipment(default="C", file="cleans.csv")
    public = confidentiality(default="X")
    for order in ([keeps, cleans], [cleans, keeps]):
        profile = one_layer(public, order)
        decision = decide(profile, '(0009,"ACME",01)')
        assert (decision.code, decision.row.file, decision.row.line) == (Code.C, "cleans.csv", 1)
        assert decision.flags == (Flag.CONFLICT,)
        assert decide(profile, "(0010,0010)").code is Code.X
    assert decide(one_layer(public), '(0009,"ACME",01)').code is Code.R
    same = one_layer(public, [equipment(file="a.csv"), equipment(file="b.csv")])
    assert decide(same, '(0009,"ACME",01)').lost == ()


# Equipment


@pytest.mark.parametrize(
    ("pattern", "of", "matches"),
    [
        ("MR", GE, True),
        ("mr", GE, True),
        ("M", GE, False),
        ("M?", GE, True),
        ("[CP]T", GE_PET, True),
        ("[!P]T", GE_PET, False),
        ("*:ge *", GE, True),
        ("*:siemens", GE, False),
        ("*:*:signa", GE, True),
        ("*:*:*:15\\LX", GE, True),
        ("*:*:*:15*", GE, True),
        ("*:*:*:LX", GE, False),
        ("", ANYBODY, True),
        ("*:*:*:*", ANYBODY, True),
        ("?*", ANYBODY, False),
        ("<undef>", ANYBODY, True),
        ("<empty>", ANYBODY, False),
        ("<empty>", Equipment(""), True),
        ("<undef>", Equipment(""), False),
        ("*e*", Equipment(""), False),
        ("*e*", ANYBODY, False),
        ("MR:SIEMENS", GE, False),
    ],
)
def test_equipment_is_matched_by_shell_patterns(pattern: str, of: Equipment, matches: bool) -> None:
    profile = one_layer(confidentiality(), [equipment(('(0009,"ACME",01)', "K", pattern))])
    assert (decide(profile, '(0009,"ACME",01)', of).code is Code.K) is matches


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("MR:GE MEDICAL SYSTEMS:SIGNA:15\\LX", GE),
        ("<undef>:<undef>:<undef>:<undef>", ANYBODY),
        (r"MR:<empty>:<undef>:a\:b", Equipment("MR", "", None, "a:b")),
    ],
)
def test_equipment_is_written_and_read(text: str, of: Equipment) -> None:
    assert str(of) == text
    assert parse_equipment(text) == of


def test_equipment_may_leave_out_its_last_parts() -> None:
    assert parse_equipment("") == ANYBODY
    assert parse_equipment("MR") == Equipment("MR")
    assert parse_equipment("MR::SIGNA") == Equipment("MR", "", "SIGNA")


# Specificity

ELEMENT = '(0008,1140)[<0>](0009,"ACME",01)'
# From the most to the least specific. Each takes precedence over all that follow, whatever their codes.
LADDER: list[Line] = [
    ('(0008,1140)[<0>](0009,"ACME",01)', "", ""),
    ('(0008,1140)[<0>](0009,"ACME",*)', "MR:GE*:SIGNA:15*", "LO"),
    ('(0009,"ACME",1001)', "", ""),
    ('(0009,"ACME",01)', "", "LO"),
    ('(0009,"ACME",01)', "*:*:*:15*", ""),
    ('(0009,"ACME",01)', "MR:GE*:SIGNA", ""),
    ('(0009,"ACME",01)', "MR:GE*", ""),
    ('(0009,"ACME",01)', "*:GE*", ""),
    ('(0009,"ACME",01)', "MR", ""),
    ('(0009,"ACME",01)', "", ""),
    ('(0009,"ACME",0x)', "MR:GE*:SIGNA:15*", "LO"),
    ('(0009,"ACME",*)', "", "LO"),
    ('(0009,"ACME",*)', "", ""),
    ('(0009,"acme",1001)', "MR:GE*:SIGNA:15*", "LO"),
    ('(0009,"acme",*)', "", ""),
    ("*", "MR:GE*:SIGNA:15*", "LO"),
    ("*", "", ""),
]


def ladder_profile(*rungs: tuple[int, str]) -> Profile:
    lines = []
    for rung, code in rungs:
        element, pattern, vr = LADDER[rung]
        lines.append((element, code, pattern, vr))
    return one_layer(confidentiality(), [equipment(*lines)])


@pytest.mark.parametrize("rung", range(len(LADDER) - 1))
def test_each_row_takes_precedence_over_the_less_specific_one(rung: int) -> None:
    for code, other in (("K", "X"), ("X", "K")):
        profile = ladder_profile((rung + 1, other), (rung, code))
        decision = decide(profile, ELEMENT, GE, "LO", 0x10)
        assert decision.code.value == code
        assert Flag.CONFLICT not in decision.flags
        assert len(decision.lost) == 1


def test_reasons_name_the_properties_of_the_deciding_row() -> None:
    profile = ladder_profile(*((rung, "K") for rung in range(len(LADDER))))
    found = [reason for _, reason in reasons(decide(profile, ELEMENT, GE, "LO", 0x10))]
    assert found == [Reason.ELEMENT, *[Reason.PATH] * 11, *[Reason.CASE] * 4]
    profile = ladder_profile(*((rung, "K") for rung in range(2, 10)))
    assert {reason for _, reason in reasons(decide(profile, ELEMENT, GE, "LO", 0x10))} == {Reason.BLOCK}
    for rung, reason in ((3, Reason.VR), (4, Reason.SOFTWARE), (5, Reason.MODEL), (7, Reason.MANUFACTURER)):
        profile = ladder_profile((rung, "K"), (9, "K"))
        assert reasons(decide(profile, ELEMENT, GE, "LO", 0x10)) == [(3, reason)]
    profile = ladder_profile((8, "K"), (9, "K"))
    assert reasons(decide(profile, ELEMENT, GE, "LO", 0x10)) == [(3, Reason.MODALITY)]


@pytest.mark.parametrize("protective", range(len(Code)))
def test_a_conflict_is_decided_by_the_more_protective_code_and_reported(protective: int) -> None:
    codes = [code.value for code in Code]
    for other in range(protective + 1, len(codes)):
        lines = [('(0009,"A",01)', codes[other], "MR"), ('(0009,"A",01)', codes[protective], "M?")]
        for order in (lines, lines[::-1]):
            decision = decide(one_layer(confidentiality(), [equipment(*order)]), '(0009,"A",01)', GE)
            assert decision.code.value == codes[protective]
            assert decision.flags == (Flag.CONFLICT,)
            assert [loss.reason for loss in decision.lost] == [Reason.PROTECTION]


def test_less_specific_rows_with_another_code_are_not_a_conflict() -> None:
    decision = decide(PUBLIC, "(6002,3000)", vr="OW")
    assert decision.flags == ()
    assert reasons(decision) == [(4, Reason.ELEMENT)]


def test_a_conflict_of_two_files_or_of_both_kinds_is_reported() -> None:
    one, two = equipment(('(0009,"A",01)', "K"), file="1.csv"), equipment(('(0009,"A",01)', "C"), file="2.csv")
    for order in ([one, two], [two, one]):
        decision = decide(one_layer(confidentiality(), order), '(0009,"A",01)')
        assert (decision.code, decision.row.file, decision.flags) == (Code.C, "2.csv", (Flag.CONFLICT,))
    decision = decide(one_layer(confidentiality(('(0009,"A",01)', "C")), [one]), '(0009,"A",01)')
    assert (decision.code, decision.row.file, decision.flags) == (Code.C, "c.csv", (Flag.CONFLICT,))


def test_of_rows_with_equal_codes_the_one_that_shows_more_decides() -> None:
    profile = one_layer(confidentiality(('(0009,"A",01)', "R", "", "date")), [equipment(('(0009,"A",01)', "R"))])
    decision = decide(profile, '(0009,"A",01)')
    assert (decision.collapse, decision.flags) == (None, ())
    assert reasons(decision) == [(2, Reason.COLLAPSE)]


def test_collapse_is_compared_before_the_text_of_the_rows() -> None:
    decision = decide(one_layer(confidentiality(("(600x,3000)", "R", "", "date"), ("(60x0,3000)", "R"))), "(6000,3000)")
    assert (decision.row.line, reasons(decision)) == (3, [(2, Reason.COLLAPSE)])


def test_an_identity_without_steps_and_no_profile_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one step"):
        PUBLIC.decide(GE, (), "LO")
    with pytest.raises(ValueError, match="there is no profile"):
        Profile([[], []])


# Explanation


def explained(profile: Profile, element: str, of: Equipment, vr: str | None = None) -> str:
    stream = io.StringIO()
    write_explanations(explain(profile, element, of, vr, find_keyword={"StudyDate": 0x00080020}.get), stream)
    return stream.getvalue()


def test_a_colliding_element_is_explained_for_two_kinds_of_equipment() -> None:
    assert explained(PRIVATE, '(0009,"ACME",01)', GE) == (
        'element    (0009,"ACME",01)\n'
        "VR         any that no row for the element names\n"
        "equipment  MR:GE MEDICAL SYSTEMS:SIGNA:15\\LX\n"
        "code       K (no value is recorded)\n"
        'decided by m.csv:4  (0009,"ACME",01) K *:GE*:*:*\n'
        'not meant  m.csv:5  (0009,"ACME",01) X *:SIEMENS:*:*\n'
        "           it is for other equipment\n"
    )
    text = explained(PRIVATE, '(0009,"ACME",01)', SIEMENS)
    assert "decided by m.csv:5" in text
    assert "not meant  m.csv:4" in text


def test_without_a_vr_there_is_one_explanation_for_each_vr_in_the_rows() -> None:
    assert explained(PUBLIC, "StudyDate", GE) == (
        "element    (0008,0020)\n"
        "VR         DA\n"
        "equipment  MR:GE MEDICAL SYSTEMS:SIGNA:15\\LX\n"
        "code       R (values are recorded, collapsed by date)\n"
        "decided by c.csv:15  (0008,0020) DA R date\n"
        "lost       c.csv:16  (0008,0020) C\n"
        "           the deciding row names the VR\n"
        "\n"
        "element    (0008,0020)\n"
        "VR         any that no row for the element names\n"
        "equipment  MR:GE MEDICAL SYSTEMS:SIGNA:15\\LX\n"
        "code       C (values are recorded)\n"
        "decided by c.csv:16  (0008,0020) C\n"
        "not meant  c.csv:15  (0008,0020) DA R date\n"
        "           it is for another VR\n"
    )
    assert explained(PUBLIC, "StudyDate", GE, "DA").count("element") == 1


def test_an_explanation_shows_block_cover_flags_and_default() -> None:
    text = explained(PRIVATE, '(0119,"MRSC",1502)', GE)
    assert "block      15\n" in text
    assert "decided by m.csv:8" in text
    assert "it is for another block" in explained(PRIVATE, '(0119,"MRSC",02)', GE)
    assert "covered by (0040,0555)\n" in explained(PUBLIC, "(0040,0555)[<0>](0010,0010)", GE)
    assert "flags      CASE_VARIANT CONFLICT\n" in explained(PRIVATE, '(2001,"philips mr imaging dd 001",05)', GE)
    assert "decided by c.csv  default R\n" in explained(PUBLIC, "(0010,0020)", GE)
    assert "decided by no Modality Software Profile  default R\n" in explained(
        one_layer(confidentiality()), '(0009,"A",01)', GE
    )


def test_the_element_is_named_as_in_find_and_table() -> None:
    assert explained(PUBLIC, "0010,0020", GE) == explained(PUBLIC, "(0010,0020)", GE)


def test_an_explanation_does_not_control_the_terminal() -> None:
    assert "\x1b" not in explained(PUBLIC, '(0009,"\\x1b[2J",01)', Equipment("\x1b[2J"))


@pytest.mark.parametrize(
    ("element", "message"),
    [
        ("*", "names more than one element"),
        ("(60xx,3000)", "names more than one element"),
        ('(0009,"A",*)', "names more than one element"),
        ("(0009,1001)", "is named by its creator"),
        ("Nonsense", "no keyword"),
        ("(0010,10)", "position 6"),
    ],
)
def test_a_query_without_an_element_is_refused(element: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        explain(PUBLIC, element, GE, find_keyword={}.get)


# Properties over random rows

CREATORS = ["ACME", "Acme", "OTHER"]
PARENTS = ["", "(0008,1140)[<0>]", '(0011,"ACME",01)[<0>]', '(0011,"acme",01)[<0>]']
PATTERNS = ["", "MR", "*:GE*", "*:*:SIGNA", "*:*:*:15*", "PT:GE*", "<undef>"]
VRS = ["", "LO", "DS", "LO/DS", "SQ"]
EVERYBODY = [GE, GE_PET, SIEMENS, ANYBODY]


def random_line(rng: random.Random) -> Line:
    kind = rng.randrange(10)
    parents = rng.choice(PARENTS)
    if kind == 0:
        element = "*"
    elif kind == 1:
        element = rng.choice(["(0009,<none:10>,01)", "(0009,<none:10>,*)"])
    elif kind == 2:
        element = rng.choice(['(0011,"ACME",01)', '(0011,"acme",*)'])
    else:
        digits = rng.choice(["01", "01", "1001", "0x", "*"])
        element = f'{parents}(0009,"{rng.choice(CREATORS)}",{digits})'
    return element, rng.choice(list(Code)).value, rng.choice(PATTERNS), rng.choice(VRS)


def random_lines(rng: random.Random) -> list[Line]:
    """Return rows; no two name the same elements and equipment."""
    lines = {(element, *rest): (element, code, *rest) for element, code, *rest in (random_line(rng) for _ in range(25))}
    return list(lines.values())


def random_questions(rng: random.Random) -> list[Question]:
    questions = []
    for _ in range(40):
        owner = rng.choice([*(f'"{creator}"' for creator in CREATORS), '"aCME"', "<none:10>"])
        identity = parse_identity(f"{rng.choice(PARENTS)}(0009,{owner},{rng.choice(['01', '02', '11'])})")
        vr = rng.choice(["LO", "DS", "UN", None])
        questions.append((rng.choice(EVERYBODY), identity, vr, rng.choice([None, 0x10, 0x11])))
    return questions


def meaning(decision: Decision) -> tuple[object, ...]:
    lost = [(str(loss.row), loss.reason) for loss in decision.lost]
    return decision.code, decision.collapse, decision.flags, decision.covered_by, str(decision.row), lost


def test_a_decision_does_not_depend_on_the_order_of_rows_and_files() -> None:
    rng = random.Random(315)
    for _ in range(60):
        lines = random_lines(rng)
        questions = random_questions(rng)
        expected = [meaning(one_layer(confidentiality(), [equipment(*lines)]).decide(*each)) for each in questions]
        shuffled = lines[:]
        rng.shuffle(shuffled)
        cut = rng.randrange(len(lines))
        files = [equipment(*shuffled[:cut], file="2.csv"), equipment(*shuffled[cut:], file="1.csv")]
        profile = one_layer(confidentiality(), files)
        rng.shuffle(questions_again := list(enumerate(questions)))
        for number, question in questions_again:
            assert meaning(profile.decide(*question)) == expected[number]


Question = tuple[Equipment, Identity, str | None, int | None]


def specificity(line: Line, question: Question) -> tuple[int, ...] | None:
    """Return how specific a row is for a query, larger for more; None if it does not match. Slow, from the text."""
    text, _, pattern, vrs = line
    of, identity, vr, block = question
    of_element = element_specificity(text, identity, block)
    parts = (pattern.split(":") + [""] * 4)[:4]
    values = (of.modality, of.manufacturer, of.model, of.software)
    if of_element is None or (vrs and vr not in vrs.split("/")) or not all(map(part_matches, parts, values)):
        return None
    named = [int(part not in ("", "*")) for part in parts]
    return *of_element, int(bool(vrs)), *reversed(named)


def element_specificity(text: str, identity: Identity, block: int | None) -> tuple[int, int, int, int] | None:
    """Return creator, path, literal block and digits; None if the row does not match the element."""
    if text == "*":
        return 0, 0, 0, 0
    *parents, last = text.split("[<0>]")
    wanted = parse_identity("[<0>]".join(parents)) if parents else ()
    owner, ee = last[6:-1].rsplit(",", 1)
    own_owner, own_ee = format_identity(identity[-1:])[6:-1].rsplit(",", 1)
    shown = ee[-2:] if ee != "*" else "xx"
    names = (
        (not parents or fold(wanted) == fold(identity[:-1]))
        and (len(ee) < 4 or block == int(ee[:2], 16))
        and identity[-1].tag >> 16 == int(last[1:5], 16)
        and owner.lower() == own_owner.lower()
        and all(letter in ("x", digit) for letter, digit in zip(shown, own_ee, strict=True))
    )
    if not names:
        return None
    path = 0 if not parents else 2 if wanted == identity[:-1] else 1
    return 2 if owner == own_owner else 1, path, int(len(ee) == 4), sum(letter != "x" for letter in shown)


def part_matches(part: str, value: str | None) -> bool:
    if part == "<undef>":
        return value is None
    return part in ("", "*") or (value is not None and value.startswith(part.rstrip("*")))


def fold(identity: Identity) -> list[tuple[int, object]]:
    return [(step.tag, step.creator.lower() if isinstance(step.creator, str) else step.creator) for step in identity]


def test_a_more_specific_row_never_loses_to_a_less_specific_one() -> None:
    """Compared with a slow search over all rows that follows the order of the specification literally."""
    rng = random.Random(2026)
    decided = conflicts = 0
    for _ in range(150):
        lines = random_lines(rng)
        profile = one_layer(confidentiality(), [equipment(*lines)])
        for question in random_questions(rng):
            decision = profile.decide(*question)
            if decision.covered_by is not None:
                continue
            holding = [(found, line) for line in lines if (found := specificity(line, question)) is not None]
            if not holding:
                assert decision.row.is_default
                continue
            best = max(found for found, _ in holding)
            codes = {Code(line[1]) for found, line in holding if found == best}
            assert decision.code is min(codes, key=lambda code: code.protection)
            assert (Flag.CONFLICT in decision.flags) is (len(codes) > 1)
            assert (Flag.CASE_VARIANT in decision.flags) is (best[0] == 1 or best[1] == 1)
            assert len(decision.lost) == len(holding) - 1
            decided += 1
            conflicts += len(codes) > 1
    assert decided > 1000
    assert conflicts > 20


def test_the_outermost_sequence_covers() -> None:
    rng = random.Random(8)
    tags = [0x00081111, 0x00081140, 0x00082112]
    for _ in range(200):
        codes = {tag: rng.choice(list(Code)) for tag in tags}
        lines = [(format_identity((Step(tag),)), code.value) for tag, code in codes.items()]
        profile = one_layer(confidentiality(*lines))
        path = [rng.choice(tags) for _ in range(rng.randint(0, 3))]
        decision = profile.decide(ANYBODY, (*map(Step, path), Step(0x00100010)), "PN")
        covering = next((number for number, tag in enumerate(path) if codes[tag].covers_items), None)
        if covering is None:
            assert (decision.code, decision.covered_by) == (Code.R, None)
        else:
            assert decision.code is codes[path[covering]]
            assert decision.covered_by == tuple(map(Step, path[: covering + 1]))

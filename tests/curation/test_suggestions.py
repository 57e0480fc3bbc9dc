"""What others suggest for an element, and what makers claim of their own blocks.

For: `tagsniff.curation.suggestions`, `tagsniff.curation.maker_claims` and `tagsniff.curation.manufacturers`.
Never: a suggestion that is taken from the code of a row, where the row names another source.
"""

from __future__ import annotations

import pytest
from support.value_scans import Row, Use, make_scan, text

from tagsniff.curation.maker_claims import MakerClaims, read_claims
from tagsniff.curation.manufacturers import find_maker
from tagsniff.curation.suggestions import suggest, suggest_for_element, unite
from tagsniff.dicom.notation import parse_identity
from tagsniff.report.values import build_value_report


@pytest.mark.parametrize(
    ("element", "vr", "expected"),
    [
        ('(0009,"GEMS_IDEN_01",04)', "SH", ("K", "tcia, wustl")),
        ('(0009,"GEMS_IDEN_01",04)', "OB", ("X", "tcia")),
        ('(0009,"GEMS_IDEN_01",04)', "LO", ("", "")),  # another VR
        ('(0009,"gems_iden_01",04)', "SH", ("", "")),  # another letter case
        ('(0009,"GEMS_IDEN_01",27)', "SL", ("X", "wustl (C: tcia)")),
        ('(0011,"GEMS_PATI_01",10)', "SS", ("X", "wustl (K: tcia)")),
        ('(0019,"GEMS_ACQU_01",02)', "SL", ("K", "tcia, wustl on a condition")),
        ('(0019,"GEMS_ACQU_01",9e)', "LO", ("K", "tcia, E.3.10-1")),
        ('(0019,"SIEMENS MR HEADER",0c)', "IS", ("K", "tcia, E.3.10-1")),
        ('(0029,"SIEMENS CSA HEADER",10)/text', "OB", ("X", "tcia, wustl")),
        ('(0009,"ACME",01)', "LO", ("", "")),
        ("(0010,0010)", "PN", ("", "")),
        ("<preamble>", "UN", ("", "")),
        ('(0009,"ACME")', "LO", ("", "")),
    ],
)
def test_one_suggestion_for_an_element(element: str, vr: str, expected: tuple[str, str]) -> None:
    assert suggest_for_element(element, vr) == expected


def test_a_suggestion_names_its_row() -> None:
    (first, *_) = suggest(parse_identity('(0019,"SIEMENS MR HEADER",0c)'), "IS")
    assert first.by == "tcia"
    assert first.row.startswith("tagsniff/profiles/tcia.csv:")


def test_a_claim_of_the_maker_is_a_suggestion() -> None:
    claims = MakerClaims(frozenset({9}), frozenset({"ACME"}), "MIXED", frozenset({1}), ((2, "Z"),), "")
    found = [suggest(parse_identity(f'(0009,"ACME",{ee})'), "LO", claims) for ee in ("01", "02", "03")]
    assert [unite(one) for one in found] == [("K", "(0008,0300)"), ("Z", "(0008,0300)"), ("", "")]
    assert suggest(parse_identity('(0011,"ACME",01)'), "LO", claims) == ()


def test_makers_of_creators() -> None:
    assert find_maker("GEMS_IDEN_01") == "GE"
    assert find_maker("siemens csa header") == "Siemens"
    assert find_maker("nobody") == ""


# (0008,0300)

SEQUENCE = (0x00080300, -1)


def claim(groups: list[bytes], creators: list[bytes], statuses: list[bytes]) -> MakerClaims:
    """Return the claims of a scan with these values; numbers are written as text."""
    parts = {0x00080301: groups, 0x00080302: creators, 0x00080303: statuses}
    uses = [
        Use([SEQUENCE, (tag, -1)], "LO", [Row(text(value)) for value in sorted(values)])
        for tag, values in parts.items()
        if values
    ]
    return read_claims(build_value_report(make_scan(uses)))


def test_a_claim_holds_where_every_combination_of_values_says_the_same() -> None:
    claims = claim([b"9"], [b"ACME", b"ACME 2"], [b"SAFE"])
    assert claims.find_status(9, "ACME", 1) == claims.find_status(9, "ACME 2", 0xFF) == "SAFE"
    assert claims.find_status(11, "ACME", 1) == claims.find_status(9, "acme", 1) == ""
    assert claims.lacking == ""


@pytest.mark.parametrize(
    ("groups", "creators", "statuses", "lacking"),
    [
        ([b"9"], [b"ACME"], [b"SAFE", b"UNSAFE"], "(0008,0303) differs"),
        ([b"11", b"9"], [b"A", b"B"], [b"SAFE"], "cannot be told apart"),
        ([b"9"], [b"A", b"B"], [b"MIXED"], "MIXED"),
        ([b"9"], [b"A"], [b"safe?"], "no defined term"),
        ([b"9"], [b"A"], [], "lack"),
        ([b"nine"], [b"A"], [b"SAFE"], "a number that is none"),
        ([], [], [], "no file has"),
    ],
)
def test_an_uncertain_claim_is_none(
    groups: list[bytes], creators: list[bytes], statuses: list[bytes], lacking: str
) -> None:
    claims = claim(groups, creators, statuses)
    assert claims.status == ""
    assert lacking in claims.lacking
    assert claims.find_status(9, "A", 1) == ""

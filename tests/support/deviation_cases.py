"""Cases of data elements that break a rule of the standard but can be read.

For: reading that continues after a wrong VR, a wrong order or an illegal tag.
Never: deviations of private creators (test_private_blocks.py), of files and of sequences (their own tables).
Standard: PS3.5 sections 6.2, 7.1, 7.8 and 7.8.1, edition 2026b.
"""

from __future__ import annotations

from dicom_bytes import EXPLICIT, IMPLICIT, UID_OF, Part, join, part10
from encoded_case import LAST, PLAIN, Case, last, plain

E = EXPLICIT
UID = UID_OF[EXPLICIT]


def case(name: str, middle: Part, lines: str, deviations: dict[str, int | None]) -> Case:
    """Return a case of the odd elements between three elements before them and one after them."""
    return Case(name, part10(plain(E) + middle + last(E), UID), PLAIN + lines + LAST, deviations)


def order() -> list[Case]:
    """Tags that do not ascend, and tags that occur twice; each is listed at its place."""
    late = E.element(0x00080020, "DA", b"20260101")
    again = E.element(0x00100010, "PN", b"Roe^John")
    item = E.item(E.element(0x00081155, "UI", b"1.2\0"), E.element(0x00081150, "UI", b"1.3\0"))
    return [
        case("unordered", late, "(0008,0020) DA 8\n", {"UNORDERED": 1}),
        case("same_tag_twice", again, "(0010,0010) PN 8\n", {"DUPLICATE_ELEMENT": 1}),
        case(
            "same_tag_twice_far_apart",
            E.element(0x00100020, "LO", b"4711") + again + again,
            "(0010,0020) LO 4\n(0010,0010) PN 8\n(0010,0010) PN 8\n",
            {"UNORDERED": 1, "DUPLICATE_ELEMENT": 2},
        ),
        case(
            "unordered_in_item",
            E.sequence(0x00400275, item),
            """
(0040,0275) SQ 32
(0040,0275)[0] - 24
(0040,0275)[0](0008,1155) UI 4
(0040,0275)[0](0008,1150) UI 4
""",
            {"UNORDERED": 1},
        ),
    ]


def representations() -> list[Case]:
    """VR letters that are unknown, absent, or followed by bytes other than zero."""
    return [
        case(
            "unknown_vr_long_form",
            E.element(0x00290010, "LO", b"ACME") + E.element(0x00291010, "ZZ", b"abcdef", long_form=True),
            "(0029,0010) LO 4\n(0029,1010) ZZ 6\n",
            {"UNKNOWN_VR": 1},
        ),
        case(
            "unknown_vr_short_form",
            E.element(0x00290010, "LO", b"ACME") + E.element(0x00291010, "QQ", b"abcdef", long_form=False),
            "(0029,0010) LO 4\n(0029,1010) QQ 6\n",
            {"UNKNOWN_VR": 1},
        ),
        case(
            "reserved_bytes_not_zero",
            E.element(0x00290010, "LO", b"ACME") + E.element(0x00291010, "OB", b"abcdef", reserved=b"\1\2"),
            "(0029,0010) LO 4\n(0029,1010) OB 6\n",
            {"RESERVED_NOT_ZERO": 1},
        ),
        case(
            "implicit_among_explicit",
            IMPLICIT.element(0x00100020, "LO", b"4711") + IMPLICIT.element(0x00100030, "DA", b"20260101"),
            "(0010,0020) LO 4\n(0010,0030) DA 8\n",
            {"IMPLICIT_ELEMENT": 2},
        ),
        case(
            "public_element_of_unknown_tag",
            E.element(0x00189ABC, "LO", b"abcd"),
            "(0018,9abc) LO 4\n",
            {},
        ),
        case(
            "vr_that_is_not_the_dictionary_s",
            E.element(0x00100020, "UN", b"4711") + E.element(0x00100030, "OB", b"2026"),
            "(0010,0020) UN 4\n(0010,0030) OB 4\n",
            {},
        ),
    ]


def illegal_tags() -> list[Case]:
    """Groups that the standard forbids, and private elements outside a private block."""
    implicit_body = join([plain(IMPLICIT), IMPLICIT.element(0x00290001, "UN", b"ab"), last(IMPLICIT)])
    return [
        Case(
            "illegal_groups",
            part10(
                join(
                    [
                        E.element(0x00030010, "LO", b"abcd"),
                        E.element(0x00051001, "LO", b"abcd"),
                        E.element(0x00070000, "UL", b"\0\0\0\0"),
                        plain(E),
                        last(E),
                        E.element(0xFFFF0010, "LO", b"abcd"),
                    ]
                ),
                UID,
            ),
            "(0003,0010) LO 4\n(0005,1001) LO 4\n(0007,0000) UL 4\n" + PLAIN + LAST + "(ffff,0010) LO 4\n",
            {"ILLEGAL_GROUP": 4},
        ),
        case(
            "illegal_private_elements",
            join(
                [
                    E.element(0x00290001, "LO", b"abcd"),
                    E.element(0x0029000F, "LO", b"abcd"),
                    E.element(0x00290010, "LO", b"ACME"),
                    E.element(0x00290100, "LO", b"abcd"),
                    E.element(0x00290FFF, "LO", b"abcd"),
                    E.element(0x00291000, "LO", b"abcd"),
                ]
            ),
            """
(0029,0001) LO 4
(0029,000f) LO 4
(0029,0010) LO 4
(0029,0100) LO 4
(0029,0fff) LO 4
(0029,1000) LO 4
""",
            {"ILLEGAL_PRIVATE_ELEMENT": 4},
        ),
        Case(
            "illegal_private_element_implicit",
            part10(implicit_body, UID_OF[IMPLICIT]),
            PLAIN + "(0029,0001) UN 2\n" + LAST,
            {"ILLEGAL_PRIVATE_ELEMENT": 1},
        ),
    ]


CASES = (*order(), *representations(), *illegal_tags())

"""Cases of value fields: the 34 VRs, both forms of length, group lengths, Pixel Data and elements after it.

For: skipping a value of any kind and reading on after it.
Never: sequences (except the one in the list of VRs and those after Pixel Data) or faults.
Standard: PS3.5 sections 6.2, 7.1.2, 7.1.3, 7.2, 8.1 and A.4, edition 2026b.
"""

from __future__ import annotations

from dicom_bytes import (
    BIG,
    EXPLICIT,
    EXPLICIT_LITTLE_UID,
    IMPLICIT,
    IMPLICIT_LITTLE_UID,
    JPEG_BASELINE_UID,
    LONG_FORM_VRS,
    SEQUENCE_DELIMITER,
    SHORT_FORM_VRS,
    UID_OF,
    Encoding,
    Part,
    join,
    part10,
)
from encoded_case import LAST, PLAIN, Case, last, plain

PIXEL_DATA = 0x7FE00010


def every_vr() -> list[Case]:
    """Each VR as a private element, in both byte orders, with a value, without one, and with a long one."""
    cases = []
    for encoding in (EXPLICIT, BIG):
        label, uid = encoding.name.replace(" ", "_"), UID_OF[encoding]
        for length in (0, 8, 0x1_0000):
            parts = [encoding.element(0x00290010, "LO", b"ACME")]
            lines = ["(0029,0010) LO 4"]
            for number, vr in enumerate(sorted(LONG_FORM_VRS | SHORT_FORM_VRS)):
                if vr == "SQ" and length:
                    continue
                if vr in SHORT_FORM_VRS and length > 0xFFFF:
                    continue
                tag = 0x00291000 + number
                parts.append(encoding.element(tag, vr, b"\x31" * length))
                lines.append(f"(0029,{tag & 0xFFFF:04x}) {vr} {length}")
            parts.append(last(encoding))
            written = part10(join(parts), uid)
            cases.append(Case(f"every_vr_{length}_bytes_{label}", written, "\n".join(lines) + LAST))
        longest = encoding.element(0x00290010, "LO", b"ACME") + encoding.element(0x00291010, "LT", b"x" * 0xFFFE)
        cases.append(
            Case(
                f"longest_short_form_{label}",
                part10(longest + last(encoding), uid),
                "(0029,0010) LO 4\n(0029,1010) LT 65534\n" + LAST,
            )
        )
    long_implicit = IMPLICIT.element(0x00290010, "LO", b"ACME") + IMPLICIT.element(0x00291010, "UN", b"x" * 0x1_0002)
    return [
        *cases,
        Case(
            "long_value_implicit",
            part10(long_implicit + last(IMPLICIT), IMPLICIT_LITTLE_UID),
            "(0029,0010) LO 4\n(0029,1010) UN 65538\n" + LAST,
        ),
    ]


def group_lengths() -> list[Case]:
    """(gggg,0000), retired but common, at the root, in an item, and in a private group."""
    cases = []
    for encoding in (IMPLICIT, EXPLICIT, BIG):

        def group_length(group: int, value: int, encoding: Encoding = encoding) -> Part:
            return encoding.element(group << 16, "UL", encoding.number(value, 4))

        name = encoding.element(0x00100010, "PN", b"Doe^Jane")
        private = encoding.element(0x00290010, "LO", b"ACME") + encoding.element(0x00291010, "UN", b"\1\2")
        body = join(
            [
                group_length(0x0010, len(name.data)),
                name,
                group_length(0x0029, len(private.data)),
                private,
                encoding.sequence(
                    0x00400275, encoding.item(group_length(0x0010, 999), name, undefined=True), undefined=True
                ),
            ]
        )
        lines = """
(0010,0000) UL 4
(0010,0010) PN 8
(0029,0000) UL 4
(0029,0010) LO 4
(0029,1010) UN 2
(0040,0275) SQ undefined
(0040,0275)[0] - undefined
(0040,0275)[0](0010,0000) UL 4
(0040,0275)[0](0010,0010) PN 8
"""
        label = encoding.name.replace(" ", "_")
        cases.append(Case(f"group_lengths_{label}", part10(body + last(encoding), UID_OF[encoding]), lines + LAST))
    return cases


def after(encoding: Encoding) -> Part:
    """Return elements after Pixel Data: a private block, digital signatures, trailing padding."""
    return join(
        [
            encoding.element(0x7FE10010, "LO", b"ACME"),
            encoding.element(0x7FE11001, "UN" if not encoding.explicit else "LO", b"Doe^Jane"),
            encoding.sequence(
                0xFFFAFFFA,
                encoding.item(encoding.element(0x04000005, "US", encoding.number(1, 2)), undefined=True),
                undefined=True,
            ),
            encoding.element(0xFFFCFFFC, "OB", bytes(12)),
        ]
    )


def lines_after(encoding: Encoding) -> str:
    """Return the lines that a reader finds in ``after``."""
    return f"""
(7fe1,0010) LO 4
(7fe1,1001) {"LO" if encoding.explicit else "UN"} 8
(fffa,fffa) SQ undefined
(fffa,fffa)[0] - undefined
(fffa,fffa)[0](0400,0005) US 2
(fffc,fffc) OB 12
"""


def native_pixel_data() -> list[Case]:
    """Pixel Data of defined length, and the two floating-point kinds."""
    cases = []
    for encoding in (IMPLICIT, EXPLICIT, BIG):
        label, uid = encoding.name.replace(" ", "_"), UID_OF[encoding]
        for size in (0, 4, 70_000):
            body = plain(encoding) + encoding.element(PIXEL_DATA, "OW", b"\xfe\xff\xdd\xe0" * (size // 4))
            lines = PLAIN + f"(7fe0,0010) OW {size}\n" + lines_after(encoding)
            cases.append(Case(f"native_pixel_data_{size}_{label}", part10(body + after(encoding), uid), lines))
        floats = encoding.element(0x7FE00008, "OF", bytes(8)) + encoding.element(0x7FE00009, "OD", bytes(16))
        lines = "(7fe0,0008) OF 8\n(7fe0,0009) OD 16\n" + lines_after(encoding)
        cases.append(Case(f"float_pixel_data_{label}", part10(floats + after(encoding), uid), lines))
    return cases


def encapsulated_pixel_data() -> list[Case]:
    """Fragments, with and without offsets in the table; some contain bytes that look like a delimiter."""
    e = EXPLICIT
    frame = b"\xff\xd8" + bytes(range(64)) + b"\xff\xd9"
    delimiter = e.delimiter(SEQUENCE_DELIMITER)
    table = e.number(0, 4) + e.number(len(frame) + 8, 4)
    variants = {
        "empty_offset_table": e.fragments(PIXEL_DATA, "OB", frame),
        "offset_table": e.fragments(PIXEL_DATA, "OB", frame, frame, table=table),
        "several_fragments": e.fragments(PIXEL_DATA, "OB", *(frame for _ in range(40))),
        "delimiter_in_fragment": e.fragments(PIXEL_DATA, "OB", frame + delimiter + frame, delimiter * 3),
        "item_in_fragment": e.fragments(PIXEL_DATA, "OB", e.item(plain(e)).data + e.item(undefined=True).data),
        "empty_fragments": e.fragments(PIXEL_DATA, "OB", b"", frame, b""),
        "odd_fragment": e.fragments(PIXEL_DATA, "OB", frame + b"\0\0\0", frame),
        "table_only": e.fragments(PIXEL_DATA, "OB"),
        "large_fragments": e.fragments(PIXEL_DATA, "OB", b"\xa5" * 70_000, b"\x5a" * 70_000),
    }
    cases = []
    for label, pixels in variants.items():
        lines = PLAIN + "(7fe0,0010) OB undefined\n"
        cases += [
            Case(
                f"encapsulated_{label}",
                part10(plain(e) + pixels + after(e), JPEG_BASELINE_UID),
                lines + lines_after(e),
                {"ODD_LENGTH": None} if label == "odd_fragment" else {},
            ),
        ]
    pixels = variants["empty_offset_table"]
    icon = e.sequence(0x00880200, e.item(pixels, undefined=True), undefined=True)
    return [
        *cases,
        Case("encapsulated_is_the_last", part10(plain(e) + pixels, JPEG_BASELINE_UID), lines),
        Case(
            "encapsulated_in_icon",
            part10(plain(e) + icon + pixels + after(e), JPEG_BASELINE_UID),
            PLAIN
            + """
(0088,0200) SQ undefined
(0088,0200)[0] - undefined
(0088,0200)[0](7fe0,0010) OB undefined
(7fe0,0010) OB undefined
"""
            + lines_after(e),
        ),
    ]


def implicit_fragments() -> list[Case]:
    """Encapsulated Pixel Data in implicit VR, which no transfer syntax allows and some writers produce."""
    pixels = IMPLICIT.fragments(PIXEL_DATA, "OW", b"\1\2\3\4" * 4)
    return [
        Case(
            "encapsulated_in_implicit_vr",
            part10(plain(IMPLICIT) + pixels + after(IMPLICIT), IMPLICIT_LITTLE_UID),
            PLAIN + "(7fe0,0010) OW undefined\n" + lines_after(IMPLICIT),
        )
    ]


def odd_lengths() -> list[Case]:
    """A value of odd length is skipped with that length."""
    cases = []
    for encoding in (IMPLICIT, EXPLICIT, BIG):
        item = encoding.item(encoding.element(0x00100010, "PN", b"Doe"), encoding.element(0x00100020, "LO", b"1"))
        body = join(
            [
                encoding.element(0x00080060, "CS", b"M"),
                encoding.element(0x00100010, "PN", b"Doe^Jan"),
                encoding.sequence(0x00400275, item),
            ]
        )
        lines = """
(0008,0060) CS 1
(0010,0010) PN 7
(0040,0275) SQ 28
(0040,0275)[0] - 20
(0040,0275)[0](0010,0010) PN 3
(0040,0275)[0](0010,0020) LO 1
"""
        label = encoding.name.replace(" ", "_")
        written = part10(body + last(encoding), UID_OF[encoding])
        cases.append(Case(f"odd_lengths_{label}", written, lines + LAST, {"ODD_LENGTH": 4}))
    return cases


def fragments_elsewhere() -> list[Case]:
    """Fragments in an element that is not encapsulated Pixel Data."""
    e = EXPLICIT
    body = e.element(0x00290010, "LO", b"ACME") + e.fragments(0x00291010, "OB", b"\1\2\3\4" * 4)
    return [
        Case(
            "fragments_in_private_element",
            part10(body + last(e), EXPLICIT_LITTLE_UID),
            "(0029,0010) LO 4\n(0029,1010) OB undefined\n" + LAST,
            {"FRAGMENTS_ELSEWHERE": 1},
        )
    ]


CASES = (
    *every_vr(),
    *group_lengths(),
    *native_pixel_data(),
    *encapsulated_pixel_data(),
    *implicit_fragments(),
    *odd_lengths(),
    *fragments_elsewhere(),
)

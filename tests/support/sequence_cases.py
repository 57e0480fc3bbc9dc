"""Cases of sequences: defined and undefined lengths, nesting, VR UN, delimitation items.

For: the rules of nested data sets, in each encoding.
Never: faults; each case here is read to its end.
Standard: PS3.5 sections 6.2.2 and 7.5, edition 2026b (CP-246 introduced VR UN of undefined length).
"""

from __future__ import annotations

from dataclasses import replace

from dicom_bytes import (
    BIG,
    EXPLICIT,
    IMPLICIT,
    ITEM,
    ITEM_DELIMITER,
    SEQUENCE_DELIMITER,
    UID_OF,
    Encoding,
    Part,
    part10,
    raw,
)
from encoded_case import LAST, PLAIN, Case, last, plain

ENCODINGS = (IMPLICIT, EXPLICIT, BIG)
CREATOR = "(0029,0010) LO 4\n"
NOT_SEQUENCE: dict[str, int | None] = {"UN_NOT_SEQUENCE": 1}
# Fewer bytes than the header of an item are not the start of a sequence.
HEADER_LENGTH = 8


def creator(encoding: Encoding) -> Part:
    """Return an element that reserves block 10 of group 0029."""
    return encoding.element(0x00290010, "LO", b"ACME")


def lengths() -> list[Case]:
    """Every combination of defined and undefined lengths for a sequence, its items, and one sequence nested in it."""
    cases = []
    for encoding in ENCODINGS:
        for number in range(8):
            outer, items, inner = bool(number & 4), bool(number & 2), bool(number & 1)
            deep = encoding.item(encoding.element(0x00081155, "UI", b"1.2\0"), undefined=items)
            nested = encoding.sequence(0x00081199, deep, undefined=inner)
            item = encoding.item(encoding.element(0x00081150, "UI", b"1.3\0"), nested, undefined=items)
            second = encoding.item(encoding.element(0x00081150, "UI", b"1.4\0"), undefined=items)
            body = plain(encoding) + encoding.sequence(0x00400275, item, second, undefined=outer) + last(encoding)
            cases.append(
                Case(
                    f"sequence_{'undefined' if outer else 'defined'}_items_{'undefined' if items else 'defined'}"
                    f"_nested_{'undefined' if inner else 'defined'}_{encoding.name.replace(' ', '_')}",
                    part10(body, UID_OF[encoding]),
                    PLAIN + nested_lines(encoding, outer, items, inner) + LAST,
                )
            )
    return cases


def nested_lines(encoding: Encoding, outer: bool, items: bool, inner: bool) -> str:
    """Return the lines of ``lengths``, with lengths added up from the sizes in PS3.5 sections 7.1.2, 7.1.3 and 7.5."""
    element, delimiter = 8 + 4, 8
    sequence_head = 12 if encoding.explicit else 8

    def text(undefined: bool, length: int) -> str:
        return "undefined" if undefined else str(length)

    def whole(head: int, undefined: bool, length: int) -> int:
        return head + length + (delimiter if undefined else 0)

    deep = element
    nested = whole(8, items, deep)
    first = element + whole(sequence_head, inner, nested)
    top = whole(8, items, first) + whole(8, items, element)
    return f"""
(0040,0275) SQ {text(outer, top)}
(0040,0275)[0] - {text(items, first)}
(0040,0275)[0](0008,1150) UI 4
(0040,0275)[0](0008,1199) SQ {text(inner, nested)}
(0040,0275)[0](0008,1199)[0] - {text(items, deep)}
(0040,0275)[0](0008,1199)[0](0008,1155) UI 4
(0040,0275)[1] - {text(items, element)}
(0040,0275)[1](0008,1150) UI 4
"""


def empty_ones() -> list[Case]:
    """Sequences without items and items without elements."""
    cases = []
    for encoding in ENCODINGS:
        for label, undefined, length in (("defined", False, "0"), ("undefined", True, "undefined")):
            nothing = encoding.sequence(0x00081140, undefined=undefined)
            hollow = encoding.sequence(
                0x00081140, encoding.item(undefined=undefined), encoding.item(undefined=undefined), undefined=undefined
            )
            name = f"{label}_{encoding.name.replace(' ', '_')}"
            uid = UID_OF[encoding]
            cases += [
                Case(
                    f"empty_sequence_{name}",
                    part10(nothing + last(encoding), uid),
                    f"(0008,1140) SQ {length}\n" + LAST,
                ),
                Case(
                    f"empty_items_{name}",
                    part10(hollow + last(encoding), uid),
                    f"""
(0008,1140) SQ {"undefined" if undefined else 16}
(0008,1140)[0] - {length}
(0008,1140)[1] - {length}
"""
                    + LAST,
                ),
                Case(f"sequence_is_the_last_{name}", part10(nothing, uid), f"(0008,1140) SQ {length}\n"),
            ]
    return cases


def un_sequences() -> list[Case]:
    """VR UN that contains a sequence: always implicit VR little endian inside (PS3.5 section 6.2.2)."""
    cases = []
    inside = IMPLICIT.item(
        IMPLICIT.element(0x00080018, "UI", b"1.2.3\0"),
        IMPLICIT.sequence(0x00081140, IMPLICIT.item(IMPLICIT.element(0x00081155, "UI", b"1.2\0")), undefined=True),
        undefined=True,
    )
    inside_lines = """
(0029,1010)[0] - undefined
(0029,1010)[0](0008,0018) UI 6
(0029,1010)[0](0008,1140) SQ undefined
(0029,1010)[0](0008,1140)[0] - 12
(0029,1010)[0](0008,1140)[0](0008,1155) UI 4
"""
    for encoding in (EXPLICIT, BIG):
        uid, name = UID_OF[encoding], encoding.name.replace(" ", "_")
        for undefined in (True, False):
            body = IMPLICIT.sequence(0x00291010, inside, undefined=undefined, all_or_nothing=not undefined)
            moved = reheaded(body, encoding.head(0x00291010, "UN", body.rows[0].length))
            length = "undefined" if undefined else "*"
            cases.append(
                Case(
                    f"un_{'undefined' if undefined else 'defined'}_length_sequence_{name}",
                    part10(creator(encoding) + moved + last(encoding), uid),
                    CREATOR + f"(0029,1010) SQ {length}\n" + inside_lines + LAST,
                    {} if undefined else {"UN_SEQUENCE": 1},
                )
            )
        cases += un_bytes(encoding)
    return cases


def reheaded(sequence: Part, head: bytes) -> Part:
    """Return a sequence written in one encoding, with an element header of another."""
    own, *inner = sequence.rows
    distance = len(head) - own.value_offset
    value = sequence.data[own.value_offset :]
    first = replace(own, value_offset=len(head), end=own.end + distance)
    return Part(head + value, (first, *(row.moved(distance, 0) for row in inner)))


def looks_like_a_sequence() -> dict[str, bytes]:
    """Return values that begin like a sequence and are not one."""
    item = IMPLICIT.item(IMPLICIT.element(0x00080018, "UI", b"1.2.3\0")).data
    # What a reader recorded on the way must be removed with the elements when it finds that this is not a sequence.
    notes = IMPLICIT.item(
        IMPLICIT.element(0x00280106, "US", b"\1\0"),
        IMPLICIT.element(0x00290010, "LO", b"OTHER "),
        IMPLICIT.element(0x00291001, "UN", b"abc"),
        IMPLICIT.element(0x00311001, "UN", b"ab"),
        IMPLICIT.element(0x00080018, "UI", b"1.2.3\0"),
    ).data
    return {
        "notes_in_item_and_bytes_after": notes + b"\1\2\3",
        "notes_in_open_item": IMPLICIT.head(ITEM, "", len(notes) + 3) + notes[8:] + b"\1\2\3" + item[:4] * 2,
        "item_tag_alone": IMPLICIT.tag(0xFFFEE000),
        "item_longer_than_value": item[:4] + b"\x40\0\0\0" + item[8:],
        "bytes_after_last_item": item + b"\1\2",
        "no_elements_in_item": item[:4] + b"\x08\0\0\0" + b"ABCDEFGH",
        "element_longer_than_item": item[:12] + b"\x40\0\0\0" + item[16:],
    }


def un_bytes(encoding: Encoding) -> list[Case]:
    """VR UN of defined length stays bytes if its items do not fill it exactly."""
    cases = []
    for label, value in looks_like_a_sequence().items():
        body = creator(encoding) + encoding.element(0x00291010, "UN", value) + last(encoding)
        cases.append(
            Case(
                f"un_{label}_{encoding.name.replace(' ', '_')}",
                part10(body, UID_OF[encoding]),
                CREATOR + f"(0029,1010) UN {len(value)}\n" + LAST,
                NOT_SEQUENCE if len(value) >= HEADER_LENGTH else {},
            )
        )
    return cases


def implicit_private() -> list[Case]:
    """In implicit VR an element that is not in the dictionary may be a sequence, whatever its length is."""
    twice = IMPLICIT.sequence(
        0x00291010,
        IMPLICIT.item(
            creator(IMPLICIT),
            IMPLICIT.sequence(
                0x00291020,
                IMPLICIT.item(IMPLICIT.element(0x00080018, "UI", b"1.2.3\0")),
                IMPLICIT.item(IMPLICIT.element(0x00080018, "UI", b"1.2.4\0")),
                all_or_nothing=True,
            ),
        ),
        all_or_nothing=True,
    )
    twice_lines = """
(0029,1010) SQ *
(0029,1010)[0] - 64
(0029,1010)[0](0029,0010) LO 4
(0029,1010)[0](0029,1020) SQ 44
(0029,1010)[0](0029,1020)[0] - 14
(0029,1010)[0](0029,1020)[0](0008,0018) UI 6
(0029,1010)[0](0029,1020)[1] - 14
(0029,1010)[0](0029,1020)[1](0008,0018) UI 6
"""
    open_one = IMPLICIT.sequence(0x00291010, IMPLICIT.item(plain(IMPLICIT), undefined=True), undefined=True)
    open_lines = """
(0029,1010) SQ undefined
(0029,1010)[0] - undefined
(0029,1010)[0](0008,0018) UI 6
(0029,1010)[0](0008,0060) CS 2
(0029,1010)[0](0010,0010) PN 8
"""
    unknown_public = IMPLICIT.sequence(0x00089ABC, IMPLICIT.item(plain(IMPLICIT)), all_or_nothing=True)
    uid = UID_OF[IMPLICIT]
    cases = [
        Case(
            "implicit_private_sequence_nested_twice",
            part10(creator(IMPLICIT) + twice + last(IMPLICIT), uid),
            CREATOR + twice_lines + LAST,
        ),
        Case(
            "implicit_private_sequence_undefined_length",
            part10(creator(IMPLICIT) + open_one + last(IMPLICIT), uid),
            CREATOR + open_lines + LAST,
        ),
        Case(
            "implicit_unknown_public_sequence",
            part10(unknown_public + last(IMPLICIT), uid),
            """
(0008,9abc) SQ 48
(0008,9abc)[0] - 40
(0008,9abc)[0](0008,0018) UI 6
(0008,9abc)[0](0008,0060) CS 2
(0008,9abc)[0](0010,0010) PN 8
"""
            + LAST,
        ),
    ]
    for label, value in looks_like_a_sequence().items():
        body = creator(IMPLICIT) + IMPLICIT.element(0x00291010, "UN", value) + last(IMPLICIT)
        lines = CREATOR + f"(0029,1010) UN {len(value)}\n" + LAST
        deviations = NOT_SEQUENCE if len(value) >= HEADER_LENGTH else {}
        cases.append(Case(f"implicit_private_{label}", part10(body, uid), lines, deviations))
    # Bytes of a known VR are never a sequence, even if they look like one.
    value = IMPLICIT.item(IMPLICIT.element(0x00080018, "UI", b"1.2.3\0")).data
    body = IMPLICIT.element(0x00420011, "OB", value) + IMPLICIT.element(0x00700084, "PN", b"Roe^J ")
    cases.append(Case("implicit_known_bytes", part10(body, uid), "(0042,0011) OB 22\n(0070,0084) PN 6\n"))
    return cases


def other_encoding_inside() -> list[Case]:
    """Items in another encoding than their data set, which some writers produce."""
    cases = []
    for outside, inside in ((EXPLICIT, IMPLICIT), (IMPLICIT, EXPLICIT)):
        for undefined in (True, False):
            item = outside.item(plain(inside), undefined=undefined)
            body = outside.sequence(0x00081140, item, undefined=undefined) + last(outside)
            length = "undefined" if undefined else "*"
            cases.append(
                Case(
                    f"{'implicit' if inside is IMPLICIT else 'explicit'}_item_{length.replace('*', 'defined')}_length",
                    part10(body, UID_OF[outside]),
                    f"""
(0008,1140) SQ {length}
(0008,1140)[0] - {"undefined" if undefined else 40}
(0008,1140)[0](0008,0018) UI 6
(0008,1140)[0](0008,0060) CS 2
(0008,1140)[0](0010,0010) PN 8
"""
                    + LAST,
                    {"ITEM_ENCODING": 1},
                )
            )
    return cases


def delimitation_items() -> list[Case]:
    """Delimitation items that are missing, have a length, or close nothing."""
    e, uid = EXPLICIT, UID_OF[EXPLICIT]
    lines = """
(0008,1140) SQ {}
(0008,1140)[0] - {}
(0008,1140)[0](0008,0018) UI 6
(0008,1140)[0](0008,0060) CS 2
(0008,1140)[0](0010,0010) PN 8
"""
    unclosed_item = e.sequence(0x00081140, e.item(plain(e), undefined=True, closed=False))
    unclosed_sequence = e.sequence(
        0x00081140, e.item(e.sequence(0x00081199, e.item(plain(e)), undefined=True, closed=False))
    )
    stray_in_item = e.item(plain(e), raw(e.delimiter(ITEM_DELIMITER)))
    with_length = e.sequence(0x00081140, e.item(plain(e), undefined=True), undefined=True)
    # Both delimitation items get a length of 8 and no value: their length field has no meaning.
    patched = with_length.data.replace(e.delimiter(ITEM_DELIMITER), e.delimiter(ITEM_DELIMITER, 8))
    patched = patched.replace(e.delimiter(SEQUENCE_DELIMITER), e.delimiter(SEQUENCE_DELIMITER, 8))
    return [
        Case(
            "undefined_item_ends_with_its_sequence",
            part10(unclosed_item + last(e), uid),
            lines.format(48, "undefined") + LAST,
            {"MISSING_DELIMITER": 1},
        ),
        Case(
            "undefined_sequence_ends_with_its_item",
            part10(unclosed_sequence + last(e), uid),
            """
(0008,1140) SQ 68
(0008,1140)[0] - 60
(0008,1140)[0](0008,1199) SQ undefined
(0008,1140)[0](0008,1199)[0] - 40
(0008,1140)[0](0008,1199)[0](0008,0018) UI 6
(0008,1140)[0](0008,1199)[0](0008,0060) CS 2
(0008,1140)[0](0008,1199)[0](0010,0010) PN 8
"""
            + LAST,
            {"MISSING_DELIMITER": 1},
        ),
        Case(
            "delimitation_items_with_length",
            part10(Part(patched, with_length.rows) + last(e), uid),
            lines.format("undefined", "undefined") + LAST,
            {"DELIMITER_LENGTH": 2},
        ),
        Case(
            "stray_sequence_delimiter_at_root",
            part10(plain(e) + raw(e.delimiter(SEQUENCE_DELIMITER)) + last(e), uid),
            PLAIN + LAST,
            {"STRAY_DELIMITER": 1},
        ),
        Case(
            "stray_item_delimiter_at_root",
            part10(plain(e) + raw(e.delimiter(ITEM_DELIMITER)) + last(e), uid),
            PLAIN + LAST,
            {"STRAY_DELIMITER": 1},
        ),
        Case(
            "stray_item_delimiter_in_defined_item",
            part10(e.sequence(0x00081140, stray_in_item) + last(e), uid),
            lines.format(56, 48) + LAST,
            {"STRAY_DELIMITER": 1},
        ),
        Case(
            "defined_sequence_closed_all_the_same",
            part10(e.sequence(0x00081140, e.item(plain(e))) + raw(e.delimiter(SEQUENCE_DELIMITER)) + last(e), uid),
            lines.format(48, 40) + LAST,
            {"STRAY_DELIMITER": 1},
        ),
    ]


def odd_places() -> list[Case]:
    """Items and sequences where the standard has none, and sequences in VR UN in another encoding."""
    e, uid = EXPLICIT, UID_OF[EXPLICIT]
    inside = """
(0029,1010) SQ 48
(0029,1010)[0] - 40
(0029,1010)[0](0008,0018) UI 6
(0029,1010)[0](0008,0060) CS 2
(0029,1010)[0](0010,0010) PN 8
"""
    un = reheaded(
        IMPLICIT.sequence(0x00291010, IMPLICIT.item(plain(e)), all_or_nothing=True), e.head(0x00291010, "UN", 48)
    )
    text = IMPLICIT.sequence(0x00100020, IMPLICIT.item(plain(IMPLICIT)), undefined=True)
    big_items = reheaded(BIG.sequence(0x00081140, BIG.item(plain(BIG))), e.head(0x00081140, "SQ", 48))
    return [
        Case(
            "un_sequence_in_explicit_vr",
            part10(creator(e) + un + last(e), uid),
            CREATOR + inside + LAST,
            {"UN_SEQUENCE": 1, "ITEM_ENCODING": 1},
        ),
        Case(
            "sequence_under_a_tag_of_text",
            part10(text + last(IMPLICIT), UID_OF[IMPLICIT]),
            inside.replace("0029,1010", "0010,0020").replace("SQ 48", "SQ undefined") + LAST,
            {"SEQUENCE_VALUE": 1},
        ),
        Case(
            "big_endian_items_in_little_endian",
            part10(big_items + last(e), uid),
            inside.replace("0029,1010", "0008,1140") + LAST,
            {"ITEM_ENCODING": None},
        ),
        Case(
            "item_without_sequence",
            part10(e.element(0x00080018, "UI", b"1.2.3\0") + raw(e.head(ITEM, "", 16)) + name(e) + last(e), uid),
            "(0008,0018) UI 6\n(0010,0010) PN 8\n" + LAST,
            {"STRAY_ITEM": 1},
        ),
        Case(
            "item_after_an_empty_sequence",
            part10(e.sequence(0x00081140) + raw(e.head(ITEM, "", 16)) + name(e) + last(e), uid),
            "(0008,1140) SQ 0\n(0010,0010) PN 8\n" + LAST,
            {"STRAY_ITEM": 1},
        ),
    ]


def name(encoding: Encoding) -> Part:
    """Return a public element of 16 bytes."""
    return encoding.element(0x00100010, "PN", b"Doe^Jane")


def pixel_representation() -> list[Case]:
    """In implicit VR, "US or SS" follows (0028,0103) of the same data set, or of the nearest enclosing one with it."""
    e, uid = IMPLICIT, UID_OF[IMPLICIT]

    def smallest(vr: str) -> Part:
        return e.element(0x00280106, vr, b"\1\0")

    def signed(value: int) -> Part:
        return e.element(0x00280103, "US", e.number(value, 2))

    cases = []
    for value, vr in ((0, "US"), (1, "SS")):
        body = signed(value) + smallest(vr)
        cases.append(
            Case(f"pixel_representation_{value}", part10(body, uid), f"(0028,0103) US 2\n(0028,0106) {vr} 2\n")
        )
    seeming = looks_like_a_sequence()["notes_in_item_and_bytes_after"]
    taken_back = signed(1) + creator(e) + e.element(0x00291010, "UN", seeming) + last(e)
    for tag, vr in ((0x00700084, "PN"), (0x00880904, "LO"), (0x00880906, "ST"), (0x00880910, "LO")):
        taken_back += e.element(tag, vr, b"abcd")
    own = e.sequence(0x00880200, e.item(signed(0), smallest("US")), e.item(smallest("SS")))
    body = signed(1) + smallest("SS") + own
    return [
        *cases,
        Case(
            "pixel_representation_after_a_discarded_value",
            part10(taken_back, uid),
            "(0028,0103) US 2\n"
            + CREATOR
            + f"(0029,1010) UN {len(seeming)}\n"
            + LAST
            + "(0070,0084) PN 4\n(0088,0904) LO 4\n(0088,0906) ST 4\n(0088,0910) LO 4\n",
            NOT_SEQUENCE,
        ),
        Case("pixel_representation_absent", part10(smallest("US"), uid), "(0028,0106) US 2\n"),
        Case(
            "pixel_representation_of_items",
            part10(body, uid),
            """
(0028,0103) US 2
(0028,0106) SS 2
(0088,0200) SQ 46
(0088,0200)[0] - 20
(0088,0200)[0](0028,0103) US 2
(0088,0200)[0](0028,0106) US 2
(0088,0200)[1] - 10
(0088,0200)[1](0028,0106) SS 2
""",
        ),
    ]


CASES = (
    *lengths(),
    *empty_ones(),
    *un_sequences(),
    *implicit_private(),
    *other_encoding_inside(),
    *delimitation_items(),
    *odd_places(),
    *pixel_representation(),
)

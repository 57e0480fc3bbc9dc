"""Cases of files that break a rule so that a reader must look at more than one header to go on.

For: values in fragments that are not Pixel Data, ends of fragments that are wrong, sequences that are none, VRs in
     lower case, Transfer Syntax UIDs that say deflated.
Never: a case whose prefixes have the same outcome as those of a valid file; those are in the other tables.
Standard: PS3.5 sections 6.2.2, 7.1, 7.5, A.4 and A.5, edition 2026b; RFC 1950 to 1952.
"""

from __future__ import annotations

import gzip
import zlib

from dicom_bytes import (
    BIG,
    DEFLATED_UID,
    EXPLICIT,
    IMPLICIT,
    ITEM,
    ITEM_DELIMITER,
    SEQUENCE_DELIMITER,
    UID_OF,
    UNDEFINED,
    Encoding,
    Part,
    Row,
    Written,
    deflated,
    part10,
    tag_text,
)
from encoded_case import LAST, PLAIN, Case, last, plain

ENCODINGS = (EXPLICIT, BIG)
PIXELS = 0x7FE00010


def label(encoding: Encoding) -> str:
    return encoding.name.replace(" ", "_")


def between(encoding: Encoding, middle: Part) -> Written:
    """Return a file with these elements between three elements before them and one after them."""
    return part10(plain(encoding) + middle + last(encoding), UID_OF[encoding])


def odd_element(encoding: Encoding, tag: int, vr: str, head_length: int, content: bytes, *, read_as: str = "") -> Part:
    """Return an element with this value length in its header and these bytes after it; they are its value."""
    head = encoding.head(tag, vr, head_length)
    end = len(head) + len(content)
    holds = "fragments" if head_length == UNDEFINED else "value"
    return Part(head + content, (Row(tag_text(tag), tag, read_as or vr, head_length, 0, len(head), end, holds),))


def fragment(encoding: Encoding, content: bytes, length: int | None = None) -> bytes:
    return encoding.head(ITEM, "", len(content) if length is None else length) + content


def nested(encoding: Encoding, vr: str, inner: Encoding, *, undefined: bool) -> Part:
    """Return a private element of undefined length and this VR whose items hold elements in the inner encoding."""
    creator = inner.element(0x00290010, "LO", b"GEMS")
    name = inner.element(0x00291002, "LO" if inner.explicit else "UN", b"Roe^Mary")
    first = encoding.item(creator, name, undefined=undefined)
    second = encoding.item(inner.element(0x00100010, "PN", b"Doe^Jane"), undefined=undefined)
    part = encoding.sequence(0x00091001, first, second, undefined=True, all_or_nothing=True)
    return Part(part.data[:4] + vr.encode() + part.data[6:], part.rows)


def fragments_that_are_items() -> list[Case]:
    """Fragments of a private element whose bytes are elements: a sequence, with implicit VR or as the data set."""
    cases = []
    for encoding in ENCODINGS:
        inner_vrs = (Encoding("implicit", explicit=False, big_endian=encoding.big_endian), encoding)
        for inner in inner_vrs:
            for vr in ("OB", "OW", "ZZ"):
                for undefined in (False, True):
                    lengths = ("undefined", "undefined") if undefined else ("*", "*")
                    found: dict[str, int | None] = {"SEQUENCE_VALUE": 1, "CREATOR_MISSING": 1}
                    if vr == "ZZ":
                        found["UNKNOWN_VR"] = 1
                    name_vr = "LO" if inner.explicit else "UN"
                    lines = (
                        "(0009,1001) SQ undefined\n"
                        f"(0009,1001)[0] - {lengths[0]}\n(0009,1001)[0](0029,0010) LO 4\n"
                        f"(0009,1001)[0](0029,1002) {name_vr} 8\n"
                        f"(0009,1001)[1] - {lengths[1]}\n(0009,1001)[1](0010,0010) PN 8\n"
                    )
                    kind = "explicit" if inner.explicit else "implicit"
                    if inner is not encoding and undefined:
                        continue  # below: items of undefined length are read as their first element shows
                    written = part10(
                        encoding.element(0x00080060, "CS", b"MR")
                        + nested(encoding, vr, inner, undefined=undefined)
                        + last(encoding),
                        UID_OF[encoding],
                    )
                    name = f"fragments_of_{kind}_elements_{vr}_{'open' if undefined else 'closed'}_{label(encoding)}"
                    cases.append(Case(name, written, "(0008,0060) CS 2\n" + lines + LAST, found))
    return cases


def fragments_that_are_bytes() -> list[Case]:
    """Fragments of a private element that hold no elements: one value."""
    cases = []
    contents = {
        "text": (b"Roe^Mary 1970 ", b"and more"),
        "zeros": (bytes(24), bytes(16)),
        "almost_an_element": (b"\x10\0\x10\0\4\0\0\0AB", b"CD"),
        "an_element_and_more": (IMPLICIT.element(0x00100010, "PN", b"Doe^Jane").data + b"\1\2",),
        "nothing": (),
        "empty": (b"", b""),
    }
    for encoding in ENCODINGS:
        for name, pieces in contents.items():
            content = b"".join(fragment(encoding, piece) for piece in (b"", *pieces))
            content += encoding.delimiter(SEQUENCE_DELIMITER)
            cases.append(
                Case(
                    f"fragments_of_{name}_{label(encoding)}",
                    between(encoding, odd_element(encoding, 0x00189ABC, "OB", UNDEFINED, content)),
                    PLAIN + "(0018,9abc) OB undefined\n" + LAST,
                    {"FRAGMENTS_ELSEWHERE": 1},
                )
            )
    return cases


def ends_of_fragments() -> list[Case]:
    """Pixel Data whose last fragment is not followed by a sequence delimitation item, or not at once."""
    cases = []
    for encoding in ENCODINGS:
        table, piece = fragment(encoding, b""), fragment(encoding, b"\1\2\3\4")
        end = encoding.delimiter(SEQUENCE_DELIMITER)
        after = encoding.element(0x7FE10010, "LO", b"ACME")
        pixels = "(7fe0,0010) OB undefined\n"
        # The padding byte is counted and absent, or there and not counted.
        absent, uncounted = fragment(encoding, b"\1\2\3", 4), fragment(encoding, b"\1\2\3\0", 3)
        ways: list[tuple[str, bytes, dict[str, int | None]]] = [
            ("zeros", table + piece + bytes(8), {"FRAGMENTS_DELIMITER": 1}),
            ("item_delimiter", table + piece + encoding.delimiter(ITEM_DELIMITER), {"FRAGMENTS_DELIMITER": 1}),
            ("absent_padding", table + absent + piece + end, {"FRAGMENT_PADDING": 1}),
            ("absent_padding_last", table + piece + absent + end, {"FRAGMENT_PADDING": 1}),
            ("uncounted_padding", table + uncounted + piece + end, {"FRAGMENT_PADDING": 1, "ODD_LENGTH": 1}),
            ("uncounted_padding_last", table + piece + uncounted + end, {"FRAGMENT_PADDING": 1, "ODD_LENGTH": 1}),
        ]
        for name, content, found in ways:
            part = odd_element(encoding, PIXELS, "OB", UNDEFINED, content)
            body = plain(encoding) + part
            cases += [
                Case(f"fragments_{name}_{label(encoding)}", part10(body, UID_OF[encoding]), PLAIN + pixels, found),
                Case(
                    f"fragments_{name}_and_more_{label(encoding)}",
                    part10(body + after, UID_OF[encoding]),
                    PLAIN + pixels + "(7fe1,0010) LO 4\n",
                    found,
                ),
            ]
    return cases


def short_containers() -> list[Case]:
    """An icon whose item and sequence do not count all bytes of its fragments: by some headers, or by some bytes."""
    cases = []
    for encoding in ENCODINGS:
        for missing in (24, 16, 8, 4, 1):
            icon = encoding.fragments(PIXELS, "OB", b"\1\2\3\4\5\6", b"\7\10")
            item = encoding.item(encoding.element(0x00280010, "US", bytes(2)), icon)
            short = encoding.head(ITEM, "", len(item.data) - 8 - missing) + item.data[8:]
            rows = (item.rows[0]._replace(length=len(item.data) - 8 - missing), *item.rows[1:])
            part = encoding.sequence(0x00880200, Part(short, rows), length=len(short) - missing)
            outer = encoding.fragments(PIXELS, "OB", b"\1\2")
            cases.append(
                Case(
                    f"container_{missing}_too_short_{label(encoding)}",
                    part10(plain(encoding) + part + outer, UID_OF[encoding]),
                    PLAIN + "(0088,0200) SQ *\n(0088,0200)[0] - *\n(0088,0200)[0](0028,0010) US 2\n"
                    "(0088,0200)[0](7fe0,0010) OB undefined\n(7fe0,0010) OB undefined\n",
                    {"FRAGMENTS_BEYOND_PARENT": 1, **({"ODD_LENGTH": 1} if missing % 2 else {})},
                )
            )
    return cases


def sequences_that_are_none() -> list[Case]:
    """Text and other bytes under VR SQ, of defined length."""
    cases = []
    for encoding in (*ENCODINGS, IMPLICIT):
        for name, content in (
            ("text", b"Roe,Mary"),
            ("six_letters", b"Doe^Ja"),
            ("two_letters", b"AB"),
            ("bytes", bytes(12)),
        ):
            part = odd_element(encoding, 0x00101002, "SQ", len(content), content, read_as="UN")
            cases.append(
                Case(
                    f"sequence_is_{name}_{label(encoding)}",
                    between(encoding, part),
                    PLAIN + f"(0010,1002) UN {len(content)}\n" + LAST,
                    {"SEQUENCE_NOT_ITEMS": 1},
                )
            )
    return cases


def missing_delimiters() -> list[Case]:
    """A sequence of undefined length that is followed by the next element at once."""
    cases = []
    for encoding in (*ENCODINGS, IMPLICIT):
        for undefined in (False, True):
            item = encoding.item(encoding.element(0x00080100, "SH", b"T-1 "), undefined=undefined)
            part = encoding.sequence(0x00081032, item, undefined=True, closed=False)
            cases.append(
                Case(
                    f"no_sequence_delimiter_{'open' if undefined else 'closed'}_item_{label(encoding)}",
                    part10(encoding.element(0x00080060, "CS", b"MR") + part + last(encoding), UID_OF[encoding]),
                    f"(0008,0060) CS 2\n(0008,1032) SQ undefined\n(0008,1032)[0] - {'undefined' if undefined else 12}\n"
                    "(0008,1032)[0](0008,0100) SH 4\n" + LAST,
                    {"MISSING_DELIMITER": 1},
                )
            )
    return cases


def lower_case_vrs() -> list[Case]:
    """Letters in lower case in place of a VR; and elements without VR whose length looks like such letters."""
    cases = []
    for encoding in ENCODINGS:
        short = encoding.element(0x00100020, "lo", b"4711", long_form=False)
        empty = encoding.element(0x00100020, "lo", b"", long_form=False)
        mixed = encoding.element(0x00100020, "Lo", b"4711", long_form=False)
        comment = encoding.element(0x00104000, "lt", b"4711", long_form=False)
        unknown = encoding.element(0x00189ABC, "qx", b"4711", long_form=True)
        for name, part, line in (
            ("short", short, "(0010,0020) lo 4\n"),
            ("empty", empty, "(0010,0020) lo 0\n"),
            ("mixed", mixed, "(0010,0020) Lo 4\n"),
            ("unknown", unknown, "(0018,9abc) qx 4\n"),
            ("two", short + comment, "(0010,0020) lo 4\n(0010,4000) lt 4\n"),
        ):
            count = len(part.rows)
            cases.append(
                Case(
                    f"lower_case_vr_{name}_{label(encoding)}",
                    between(encoding, part),
                    PLAIN + line + LAST,
                    {"UNKNOWN_VR": count},
                )
            )
        pixels = encoding.element(PIXELS, "ox", b"\1\2\3\4", long_form=True)
        after = encoding.element(0x7FE10010, "LO", b"ACME")
        for name, more, line in (("", Part(), ""), ("_and_more", after, "(7fe1,0010) LO 4\n")):
            cases.append(
                Case(
                    f"lower_case_vr_of_pixel_data{name}_{label(encoding)}",
                    part10(plain(encoding) + pixels + more, UID_OF[encoding]),
                    PLAIN + "(7fe0,0010) ox 4\n" + line,
                    {"UNKNOWN_VR": 1},
                )
            )
    # 0x6f6c is "lo", 0x786f is "ox": the lengths of elements without VR.
    for letters in (b"lo", b"ox", b"pn"):
        length = int.from_bytes(letters, "little")
        part = IMPLICIT.element(0x00100020, "LO", b"A" * length)
        cases.append(
            Case(
                f"length_like_a_vr_{letters.decode()}",
                between(EXPLICIT, part),
                PLAIN + f"(0010,0020) LO {length}\n" + LAST,
                {"IMPLICIT_ELEMENT": 1, **({"ODD_LENGTH": 1} if length % 2 else {})},
            )
        )
    return cases


def deflated_or_not() -> list[Case]:
    """Transfer Syntax UIDs that say deflated over data sets that are not, and streams with a header around them."""
    cases = []
    body = plain(EXPLICIT) + last(EXPLICIT)
    for uid in (DEFLATED_UID, "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"):
        for encoding in (EXPLICIT, IMPLICIT, BIG):
            written = part10(plain(encoding) + last(encoding), uid)
            name = f"not_deflated_{uid.rsplit('.', 1)[1]}_{label(encoding)}"
            cases.append(Case(name, written, PLAIN + LAST, {"TRANSFER_SYNTAX_WRONG": 1}))
    for name, squeezed in (("zlib", zlib.compress(body.data)), ("gzip", gzip.compress(body.data, mtime=0))):
        cases.append(
            Case(
                f"deflated_with_header_of_{name}",
                deflated(body, squeezed=squeezed),
                PLAIN + LAST,
                {"DEFLATE_HEADER": 1},
            )
        )
    return cases


CASES = (
    *fragments_that_are_items(),
    *fragments_that_are_bytes(),
    *ends_of_fragments(),
    *short_containers(),
    *sequences_that_are_none(),
    *missing_delimiters(),
    *lower_case_vrs(),
    *deflated_or_not(),
)

"""Cases of PS3.10: preamble, prefix, file meta information, Transfer Syntax UID, deflated data sets.

For: the ways in which a file can begin, and the four encodings of its data set.
Never: sequences or private blocks, which have tables of their own.
Standard: PS3.10 section 7, PS3.5 sections 10.1 and A.1 to A.5, PS3.7 section 6.3, edition 2026b.
"""

from __future__ import annotations

import zlib

from dicom_bytes import (
    BIG,
    DEFLATED_UID,
    EXPLICIT,
    EXPLICIT_BIG_UID,
    EXPLICIT_LITTLE_UID,
    IMPLICIT,
    IMPLICIT_LITTLE_UID,
    JPEG_BASELINE_UID,
    UID_OF,
    Encoding,
    Part,
    bare,
    deflated,
    file_meta,
    join,
    part10,
    raw,
    stored_block,
)
from encoded_case import LAST, PLAIN, Case, last, plain

COMMAND = """
(0000,0000) UL 4
(0000,0002) UI 4
"""


def command_set() -> Part:
    """Return command elements, which are always in implicit VR little endian (PS3.7 section 6.3.1)."""
    return join([IMPLICIT.element(0x00000000, "UL", b"\x0c\0\0\0"), IMPLICIT.element(0x00000002, "UI", b"1.2\0")])


def beginnings() -> list[Case]:
    """With and without preamble and file meta information."""
    cases = []
    for encoding in (IMPLICIT, EXPLICIT, BIG):
        label = encoding.name.replace(" ", "_")
        body = plain(encoding) + last(encoding)
        cases += [
            Case(f"part10_{label}", part10(body, UID_OF[encoding]), PLAIN + LAST),
            Case(
                f"no_file_meta_{label}",
                bare(body),
                PLAIN + LAST,
                {"NO_PREAMBLE": 1, "NO_FILE_META": 1, "NO_TRANSFER_SYNTAX": 1},
            ),
            Case(
                f"prefix_without_file_meta_{label}",
                part10(body, None, meta=Part()),
                PLAIN + LAST,
                {"NO_FILE_META": 1, "NO_TRANSFER_SYNTAX": 1},
            ),
            Case(
                f"meta_without_preamble_{label}",
                part10(body, UID_OF[encoding], preamble=None),
                PLAIN + LAST,
                {"NO_PREAMBLE": 1},
            ),
            Case(
                f"no_transfer_syntax_{label}",
                part10(body, None, meta=file_meta(None)),
                PLAIN + LAST,
                {"NO_TRANSFER_SYNTAX": 1},
            ),
            Case(
                f"command_set_{label}",
                part10(command_set() + body, UID_OF[encoding]),
                COMMAND + PLAIN + LAST,
                {"COMMAND_SET": None},
            ),
        ]
    filled = part10(plain(EXPLICIT), EXPLICIT_LITTLE_UID, preamble=b"II*\0" + b"\x08\0\x05\0" * 31)
    cases.append(Case("filled_preamble", filled, PLAIN))
    return cases


def file_meta_information() -> list[Case]:
    """Valid file meta information, and file meta information that breaks a rule."""
    body = plain(EXPLICIT) + last(EXPLICIT)
    uid = EXPLICIT_LITTLE_UID

    def with_meta(meta: Part) -> Part:
        return part10(body, uid, meta=meta)

    implicit_body = plain(IMPLICIT) + last(IMPLICIT)
    return [
        Case(
            "meta_group_length_too_small",
            with_meta(file_meta(uid, length_error=-8)),
            PLAIN + LAST,
            {"META_LENGTH_WRONG": 1},
        ),
        Case(
            "meta_group_length_too_large",
            with_meta(file_meta(uid, length_error=40)),
            PLAIN + LAST,
            {"META_LENGTH_WRONG": 1},
        ),
        Case(
            "meta_group_length_huge",
            with_meta(file_meta(uid, length_error=0x70000000)),
            PLAIN + LAST,
            {"META_LENGTH_WRONG": 1},
        ),
        Case(
            "meta_group_length_absent",
            with_meta(file_meta(uid, group_length=False)),
            PLAIN + LAST,
            {"META_LENGTH_WRONG": 1},
        ),
        Case(
            "transfer_syntax_uid_empty",
            part10(body, "", meta=file_meta("")),
            PLAIN + LAST,
            {"NO_TRANSFER_SYNTAX": 1},
        ),
        Case(
            "transfer_syntax_uid_padded_with_space",
            part10(body, uid, meta=file_meta(None, EXPLICIT.element(0x00020010, "UI", uid.encode() + b" "))),
            PLAIN + LAST,
        ),
        Case(
            "meta_private_information",
            with_meta(
                file_meta(
                    uid,
                    EXPLICIT.element(0x00020100, "UI", b"1.2.3.4\0"),
                    EXPLICIT.element(0x00020102, "OB", bytes(range(64))),
                )
            ),
            PLAIN + LAST,
        ),
        Case(
            "meta_in_implicit_vr",
            with_meta(file_meta(uid, encoding=IMPLICIT)),
            PLAIN + LAST,
            {"META_IMPLICIT_VR": 1},
        ),
        Case(
            "meta_in_implicit_vr_before_implicit_data_set",
            part10(implicit_body, IMPLICIT_LITTLE_UID, meta=file_meta(IMPLICIT_LITTLE_UID, encoding=IMPLICIT)),
            PLAIN + LAST,
            {"META_IMPLICIT_VR": 1},
        ),
    ]


def transfer_syntaxes() -> list[Case]:
    """A Transfer Syntax UID that is unknown, or that does not define the encoding of the data set."""
    wrong = {"TRANSFER_SYNTAX_WRONG": 1}
    cases = [
        Case(
            "unknown_transfer_syntax",
            part10(plain(EXPLICIT), "1.2.3.4.5"),
            PLAIN,
            {"UNKNOWN_TRANSFER_SYNTAX": 1},
        ),
        Case("encapsulated_transfer_syntax", part10(plain(EXPLICIT), JPEG_BASELINE_UID), PLAIN),
    ]
    pairs = [
        ("explicit_under_implicit", EXPLICIT, IMPLICIT_LITTLE_UID),
        ("implicit_under_explicit", IMPLICIT, EXPLICIT_LITTLE_UID),
        ("big_under_little", BIG, EXPLICIT_LITTLE_UID),
        ("little_under_big", EXPLICIT, EXPLICIT_BIG_UID),
        ("implicit_under_encapsulated", IMPLICIT, JPEG_BASELINE_UID),
    ]
    for name, encoding, uid in pairs:
        cases.append(Case(name, part10(plain(encoding) + last(encoding), uid), PLAIN + LAST, wrong))
    return cases


def deflated_data_sets() -> list[Case]:
    """The data set as a bit stream after file meta information that is not deflated."""
    body = plain(EXPLICIT) + last(EXPLICIT)
    # Much longer than one piece of 64 KiB once inflated, and so incompressible that it is also longer when deflated.
    noise = bytes((i * i * 31 + (i >> 3)) & 0xFF for i in range(90_000))
    large = plain(EXPLICIT) + EXPLICIT.element(0x00420011, "OB", noise)
    zeros = plain(EXPLICIT) + EXPLICIT.element(0x00420011, "OB", bytes(400_000))
    sequence = EXPLICIT.sequence(0x00081140, EXPLICIT.item(plain(EXPLICIT), undefined=True), undefined=True)
    last_pn = EXPLICIT.element(0x00700084, "PN", b"Roe^J ")
    document = "(0042,0011) OB {}\n(0070,0084) PN 6\n"
    nested = """
(0008,1140) SQ undefined
(0008,1140)[0] - undefined
(0008,1140)[0](0008,0018) UI 6
(0008,1140)[0](0008,0060) CS 2
(0008,1140)[0](0010,0010) PN 8
"""
    return [
        Case("deflated", deflated(body, pad=b""), PLAIN + LAST),
        Case("deflated_with_pad_byte", deflated(body, pad=b"\0"), PLAIN + LAST),
        Case("deflated_several_pieces", deflated(large + last_pn), PLAIN + document.format(90_000)),
        Case("deflated_well_compressed", deflated(zeros + last_pn), PLAIN + document.format(400_000)),
        Case(
            "deflated_with_trailer_of_gzip",
            deflated(body, pad=zlib.crc32(body.data).to_bytes(4, "little") + len(body.data).to_bytes(4, "little")),
            PLAIN + LAST,
            {"DEFLATE_TRAILER": 1},
        ),
        Case("deflated_sequence", deflated(sequence + last(EXPLICIT)), nested + LAST),
        Case(
            "deflated_meta_with_wrong_group_length",
            deflated(body, meta=file_meta(DEFLATED_UID, length_error=-4)),
            PLAIN + LAST,
            {"META_LENGTH_WRONG": 1},
        ),
    ]


def beginnings_of_bit_streams() -> list[Case]:
    """Deflated bytes that look like a group number: only the file meta information tells what follows."""
    body = plain(EXPLICIT) + EXPLICIT.element(0x00420011, "OB", b"\xa5" * 600)
    first, rest = body.data[:16], body.data[16:]
    # An empty block of fixed codes, then a stored block: the first four bytes read as (0002,0010).
    like_meta = b"\x02\0" + stored_block(first, is_final=False)[1:] + stored_block(rest, is_final=True)
    streams = {
        "like_command_set": stored_block(body.data[:256], is_final=False)
        + stored_block(body.data[256:], is_final=True),
        "empty_block_first": stored_block(b"", is_final=False) + stored_block(body.data, is_final=True),
        "like_file_meta": like_meta,
        "many_empty_blocks": stored_block(b"", is_final=False) * 20_000 + stored_block(body.data, is_final=True),
    }
    lines = PLAIN + "(0042,0011) OB 600\n"
    return [Case(f"deflated_{name}", deflated(body, squeezed=stream), lines) for name, stream in streams.items()]


def trailing_padding() -> list[Case]:
    """Zero bytes after the last element; (FFFC,FFFC) is the standard's own padding and is an element."""
    cases = []
    for encoding in (IMPLICIT, EXPLICIT, BIG):
        label = encoding.name.replace(" ", "_")
        for count in (4, 8, 1000):
            written = part10(plain(encoding) + raw(bytes(count)), UID_OF[encoding])
            cases.append(Case(f"trailing_{count}_zeros_{label}", written, PLAIN, {"TRAILING_PADDING": 1}))
        padding = encoding.element(0xFFFCFFFC, "OB", bytes(30))
        cases.append(
            Case(
                f"data_set_trailing_padding_{label}",
                part10(plain(encoding) + padding, UID_OF[encoding]),
                PLAIN + "(fffc,fffc) OB 30\n",
            )
        )
    return cases


def first_group_length(encoding: Encoding, group: int = 0x0008) -> Part:
    """Return a group length: read in the other byte order, it is that of another group, such as 0800."""
    return encoding.element(group << 16, "UL", encoding.number(32, 4))


def group_lengths_first() -> list[Case]:
    """Data sets and items that begin with a group length, in an encoding that is not the declared one, or not declared.

    The group length is the only element whose tag, read in the other byte order, could be taken for one of the
    standard: its number is 0000.
    """
    cases = []
    for written in (IMPLICIT, EXPLICIT, BIG):
        label = written.name.replace(" ", "_")
        body = first_group_length(written) + plain(written) + last(written)
        lines = "(0008,0000) UL 4\n" + PLAIN + LAST
        cases += [
            Case(
                f"group_length_first_bare_{label}",
                bare(body),
                lines,
                {"NO_PREAMBLE": 1, "NO_FILE_META": 1, "NO_TRANSFER_SYNTAX": 1},
            ),
            Case(
                f"group_length_first_without_transfer_syntax_{label}",
                part10(body, None, meta=file_meta(None)),
                lines,
                {"NO_TRANSFER_SYNTAX": 1},
            ),
        ]
        for declared in (IMPLICIT, EXPLICIT, BIG):
            if declared is written:
                continue
            name = f"{label}_under_{declared.name.replace(' ', '_')}"
            cases.append(
                Case(
                    f"group_length_first_{name}",
                    part10(body, UID_OF[declared]),
                    lines,
                    {"TRANSFER_SYNTAX_WRONG": 1},
                )
            )
            # PS3.6 has groups 1000, 2000 and 4000 as well.
            for tag, vr in ((0x00080060, "CS"), (0x00100020, "LO"), (0x00204000, "LT"), (0x0040A075, "PN")):
                group, number = tag >> 16, tag & 0xFFFF
                inner = first_group_length(written, group) + written.element(tag, vr, b"AB")
                items = declared.sequence(0x00400275, declared.item(inner))
                length = len(inner.data)
                cases.append(
                    Case(
                        f"group_length_{group:04x}_first_in_item_{name}",
                        part10(plain(declared) + items + last(declared), UID_OF[declared]),
                        PLAIN + f"(0040,0275) SQ {length + 8}\n(0040,0275)[0] - {length}\n"
                        f"(0040,0275)[0]({group:04x},0000) UL 4\n(0040,0275)[0]({group:04x},{number:04x}) {vr} 2\n"
                        + LAST,
                        {"ITEM_ENCODING": 1},
                    )
                )
    return cases


def big_endian_file_meta() -> list[Case]:
    """File meta information in big endian, which PS3.10 does not allow; the Transfer Syntax UID still counts."""
    cases = []
    for encoding in (BIG, EXPLICIT, IMPLICIT):
        body = plain(encoding) + last(encoding)
        uid = UID_OF[encoding]
        label = encoding.name.replace(" ", "_")
        cases += [
            Case(
                f"meta_in_big_endian_{label}",
                part10(body, uid, meta=file_meta(uid, encoding=BIG)),
                PLAIN + LAST,
                {"META_BIG_ENDIAN": 1},
            ),
            Case(
                f"meta_in_big_endian_without_preamble_{label}",
                part10(body, uid, meta=file_meta(uid, encoding=BIG), preamble=None),
                PLAIN + LAST,
                {"META_BIG_ENDIAN": 1, "NO_PREAMBLE": 1},
            ),
            Case(
                f"meta_in_big_endian_without_group_length_{label}",
                part10(body, uid, meta=file_meta(uid, encoding=BIG, group_length=False)),
                PLAIN + LAST,
                {"META_BIG_ENDIAN": 1, "META_LENGTH_WRONG": 1},
            ),
        ]
    return cases


def doubtful_beginnings() -> list[Case]:
    """Bare data sets whose first element is private, or has another VR than in PS3.6: a second one shows what it is."""
    bare_file: dict[str, int | None] = {"NO_PREAMBLE": 1, "NO_FILE_META": 1, "NO_TRANSFER_SYNTAX": 1}
    cases = []
    for encoding in (EXPLICIT, BIG, IMPLICIT):
        label = encoding.name.replace(" ", "_")
        rest = plain(encoding) + last(encoding)
        vr = "LO" if encoding.explicit else "UN"
        private = encoding.element(0x00090010, "LO", b"ACME") + encoding.element(0x00091001, vr, b"AB")
        after = join([encoding.element(0x00100010, "PN", b"Doe^Jane"), last(encoding)])
        cases.append(
            Case(
                f"bare_private_group_first_{label}",
                bare(private + after),
                f"(0009,0010) LO 4\n(0009,1001) {vr} 2\n(0010,0010) PN 8\n" + LAST,
                bare_file,
            )
        )
        if encoding.explicit:
            cases += [
                Case(
                    f"bare_other_vr_first_{other}_{label}",
                    bare(encoding.element(0x00080005, other, b"ISO_IR 100") + rest),
                    f"(0008,0005) {other} 10\n" + PLAIN + LAST,
                    bare_file,
                )
                for other in ("LO", "UN", "OB", "UT")
            ]
    return cases


PIXELS = "(7fe0,0010) OW 6\n"


def bytes_after_pixel_data() -> list[Case]:
    """Bytes that are no element, after Pixel Data: the data set was whole. Before it they would be a fault."""
    cases = []
    for encoding in (IMPLICIT, EXPLICIT, BIG):
        label = encoding.name.replace(" ", "_")
        body = plain(encoding) + encoding.element(0x7FE00010, "OW", b"\1\2\3\4\5\6")
        after: list[tuple[str, bytes, dict[str, int | None]]] = [
            *((f"{count}_zeros", bytes(count), {"TRAILING_PADDING": 1}) for count in (1, 2, 3)),
            ("line_end", b"\r\n", {"TRAILING_BYTES": 1}),
            ("text", b"\r\nSent to Dr Roe, Monday", {"TRAILING_BYTES": 1}),
            ("text_with_the_letters_of_a_vr", b"THE LOST REPORT OF DR ROE", {"TRAILING_BYTES": 1}),
            ("zeros_and_text", bytes(16) + b"Sent to Dr Roe", {"TRAILING_PADDING": 1, "TRAILING_BYTES": 1}),
            ("another_file", part10(body, UID_OF[encoding]).data, {"TRAILING_PADDING": 1, "TRAILING_BYTES": 1}),
        ]
        cases += [
            Case(f"pixel_data_and_{name}_{label}", part10(body + raw(data), UID_OF[encoding]), PLAIN + PIXELS, found)
            for name, data, found in after
        ]
    return cases


def elements_after_pixel_data() -> list[Case]:
    """Tags that PS3.6 does not have, lower than that of Pixel Data: the VR shows that they are elements."""
    cases = []
    for encoding in (EXPLICIT, BIG):
        label = encoding.name.replace(" ", "_")
        pixels = encoding.element(0x7FE00010, "OW", b"\1\2\3\4\5\6")
        illegal = [
            encoding.element(0x11010007, "SV", b"\1\2\3\4\5\6\7\x08"),
            encoding.element(0x11010008, "LO", b"Roe^Mary"),
        ]
        cases.append(
            Case(
                f"element_after_pixel_data_{label}",
                part10(join([plain(encoding), pixels, *illegal]), UID_OF[encoding]),
                PLAIN + PIXELS + "(1101,0007) SV 8\n(1101,0008) LO 8\n",
                {"UNORDERED": 1, "ILLEGAL_PRIVATE_ELEMENT": 2},
            )
        )
    return cases


def preambles() -> list[Case]:
    """Preambles: zeros, the header of a TIFF file, and anything else, which may be text."""
    body = plain(EXPLICIT)

    def case(name: str, preamble: bytes, count: int) -> Case:
        written = part10(body, EXPLICIT_LITTLE_UID, preamble=preamble.ljust(128, b"\0"))
        return Case(f"preamble_{name}", written, PLAIN, {"PREAMBLE_NOT_EMPTY": count} if count else {})

    return [
        case("of_tiff_little", b"II*\0\x10\0\0\0", 0),
        case("of_tiff_big", b"MM\0*\0\0\0\x10", 0),
        case("of_big_tiff", b"II+\0\x08\0\0\0\x10", 0),
        case("of_tiff_with_text", b"II*\0\x10\0\0\0" + bytes(20) + b"Doe", 0),
        case("of_tiff_with_a_name", b"II*\0\x10\0\0\0" + bytes(20) + b"Roe^Mary", 1),
        case("of_text", b"Roe^Mary 1970", 1),
        case("of_one_byte", bytes(127) + b"\1", 1),
    ]


CASES = (
    *beginnings(),
    *file_meta_information(),
    *transfer_syntaxes(),
    *deflated_data_sets(),
    *beginnings_of_bit_streams(),
    *trailing_padding(),
    *group_lengths_first(),
    *big_endian_file_meta(),
    *doubtful_beginnings(),
    *bytes_after_pixel_data(),
    *elements_after_pixel_data(),
    *preambles(),
)

"""A small collection of three manufacturers with colliding private elements; every row of its report counted by hand.

For: the two facts in section 1 of the design: one tag has several meanings, and blocks move.
Never: a row or count that was copied from the program; each line of ``ROWS`` follows from the files above it.
Standard: PS3.5 sections 6.1.2.5, 7.8 and 7.8.1, PS3.15 Table E.1-1a, edition 2026b.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10, uid_value
from independent_collector import Counts, FileRows, Key, expected_rows, read_lines, run, write_profiles
from tagsniff.profile import load_profile

FIRST, SECOND, THIRD = "1.2.3.1", "1.2.3.2", "1.2.3.3"
CHARACTER_SET, REFERENCES = 0x00080005, 0x00081140

# Every public element is K, so that all values in a report are of private elements; only a name is X.
CONFIDENTIALITY = ["*,,K,,"]
MODALITY_SOFTWARE = [
    'CT,alpha*,,,"(0009,""ALPHA 01"",01)",DS,K,Tube Current,',
    ',BETA,,,"(0009,""BETA NAMES"",01)",,R,Operator,',
    'US,GAMMA,,,"(0009,""GAMMA"",01)",,X,Ward,',
]


def text(tag: int, vr: str, value: bytes) -> Part:
    """Return a text of even length."""
    return EXPLICIT.element(tag, vr, value + b" " * (len(value) % 2))


def equipment(modality: str, manufacturer: str, model: str | None, software: str | None) -> list[Part]:
    """Return the four elements that name the equipment, without the absent ones."""
    found = [text(0x00080060, "CS", modality.encode()), text(0x00080070, "LO", manufacturer.encode())]
    if model is not None:
        found.append(text(0x00081090, "LO", model.encode()))
    if software is not None:
        found.append(text(0x00181020, "LO", software.encode()))
    return found


def series(uid: str) -> Part:
    """Return the Series Instance UID."""
    return EXPLICIT.element(0x0020000E, "UI", uid_value(uid))


ALPHA = equipment("CT", "ALPHA", "A1", "1.0")
BETA = equipment("MR", "BETA", "B2", None)
GAMMA = equipment("US", "GAMMA", "", "2\\3")


def files(moved: int) -> dict[str, bytes]:
    """Return the collection; ``moved`` is added to every block of every private element."""

    def creator(block: int, name: bytes) -> Part:
        return text(0x00090000 + block + moved, "LO", name)

    def private(block: int, element: int, vr: str, value: bytes) -> Part:
        return text(0x00090000 + (block + moved << 8) + element, vr, value)

    data_sets = {
        "alpha1": [*ALPHA, series(FIRST), creator(0x10, b"ALPHA 01"), private(0x10, 1, "DS", b"1.5")],
        # A PACS wrote its block first, so the manufacturer's block is the second one.
        "alpha2": [
            *ALPHA,
            series(FIRST),
            creator(0x10, b"PACS"),
            creator(0x11, b"ALPHA 01"),
            private(0x10, 1, "LO", b"STAMP\\STAMP\\17"),
            private(0x11, 1, "DS", b"2.5"),
        ],
        # The same creator in two blocks; in one of them a name is in the place of a number.
        "alpha3": [
            *ALPHA,
            series(SECOND),
            creator(0x10, b"ALPHA 01"),
            creator(0x12, b"ALPHA 01 "),
            private(0x10, 1, "DS", b"1.5"),
            private(0x12, 1, "DS", b"2.5\\Doe"),
        ],
        "beta1": [
            *BETA,
            EXPLICIT.sequence(
                REFERENCES,
                EXPLICIT.item(creator(0x10, b"BETA NAMES"), private(0x10, 1, "PN", b"Doe^John")),
                EXPLICIT.item(private(0x10, 1, "LO", b"ORPHAN")),
                EXPLICIT.item(creator(0x11, b"BETA NAMES"), private(0x11, 1, "PN", b"Doe^John")),
            ),
            creator(0x10, b"BETA NAMES"),
            private(0x10, 1, "PN", b"Doe^Jane"),
            private(0x10, 2, "DS", b"1.5"),
        ],
        # U+573D is 88 5C in GB18030, and 5C is the backslash.
        "beta2": [
            text(CHARACTER_SET, "CS", b"GB18030"),
            *BETA,
            creator(0x10, b"BETA NAMES"),
            private(0x10, 1, "LO", b"\x88\x5c\\b\x88\x5c"),
            private(0x10, 2, "DS", b"1.5"),
        ],
        # The creator of another manufacturer, copied with its element, keeps its meaning.
        "gamma1": [
            text(CHARACTER_SET, "CS", b"\\ISO 2022 IR 87"),
            *GAMMA,
            series(THIRD),
            creator(0x10, b"GAMMA"),
            creator(0x11, b"ALPHA 01"),
            private(0x10, 1, "SH", b"SECRET WARD"),
            # U+6A1B is 5C 5C in JIS X 0208, U+8218 is 34 5C.
            private(0x10, 2, "LO", b"\x1b$B\x5c\x5c\x1b(B\\\x1b$B\x34\x5c\x1b(B"),
            private(0x11, 1, "DS", b"9.5"),
        ],
        "gamma2": [*GAMMA, series(THIRD), private(0x10, 1, "SH", b"SECRET WARD")],
    }
    # In ascending order of their tags (PS3.5 section 7.1).
    return {
        name: part10(join(sorted(parts, key=lambda part: part.rows[0].tag)), EXPLICIT_LITTLE_UID).data
        for name, parts in data_sets.items()
    }


CT, MR, US = "CT:ALPHA:A1:1.0", "MR:BETA:B2:<undef>", "US:GAMMA:<empty>:2\\3"
NESTED = "(0008,1140)[<0>]"

# Private elements: kind, code, element, VR, value; files, series, occurrences, blocks of the element, example.
PRIVATE = [
    # alpha1, alpha2, twice in alpha3; alpha1 and alpha2 are one series.
    (CT, "code", "K", '(0009,"ALPHA 01",01)', "DS", "", 3, 2, 4, [0x10, 0x11, 0x12], "alpha1"),
    # The second component in block 12 of alpha3; the first one is a number and stays hidden. Blocks: the element's.
    (CT, "value", "K", '(0009,"ALPHA 01",01)', "DS", "Doe", 1, 1, 1, [0x10, 0x11, 0x12], "alpha3"),
    (CT, "value", "R", '(0009,"PACS",01)', "LO", "STAMP", 1, 1, 2, [0x10], "alpha2"),
    (CT, "value", "R", '(0009,"PACS",01)', "LO", "17", 1, 1, 1, [0x10], "alpha2"),
    # beta1 and beta2 have no Series Instance UID: one series.
    (MR, "value", "R", '(0009,"BETA NAMES",01)', "PN", "Doe^Jane", 1, 1, 1, [0x10], "beta1"),
    (MR, "value", "R", '(0009,"BETA NAMES",01)', "LO", "\u573d", 1, 1, 1, [0x10], "beta2"),
    (MR, "value", "R", '(0009,"BETA NAMES",01)', "LO", "b\u573d", 1, 1, 1, [0x10], "beta2"),
    # No row names it, so it is for review, although the same digits of ALPHA 01 are a number.
    (MR, "value", "R", '(0009,"BETA NAMES",02)', "DS", "1.5", 2, 1, 2, [0x10], "beta1"),
    # Twice in items of one file, in two blocks; the row of the profile holds at every depth.
    (MR, "value", "R", f'{NESTED}(0009,"BETA NAMES",01)', "PN", "Doe^John", 1, 1, 2, [0x10, 0x11], "beta1"),
    # An item does not inherit from the item before it or from the data set around it.
    (MR, "value", "R", f"{NESTED}(0009,<none:10>,01)", "LO", "ORPHAN", 1, 1, 1, [0x10], "beta1"),
    (US, "code", "X", '(0009,"GAMMA",01)', "SH", "", 1, 1, 1, [0x10], "gamma1"),
    (US, "value", "R", '(0009,"GAMMA",02)', "LO", "\u6a1b", 1, 1, 1, [0x10], "gamma1"),
    (US, "value", "R", '(0009,"GAMMA",02)', "LO", "\u8218", 1, 1, 1, [0x10], "gamma1"),
    # The row with K is for CT equipment of ALPHA; here the same creator's element is for review.
    (US, "value", "R", '(0009,"ALPHA 01",01)', "DS", "9.5", 1, 1, 1, [0x11], "gamma1"),
    # The block is not reserved, so the row with X does not match.
    (US, "value", "R", "(0009,<none:10>,01)", "SH", "SECRET WARD", 1, 1, 1, [0x10], "gamma2"),
]

# Public elements, all K: element, VR, then files, series, occurrences, example.
META = [("(0002,0000)", "UL"), ("(0002,0001)", "OB"), ("(0002,0010)", "UI")]
NAMES = [("(0008,0060)", "CS"), ("(0008,0070)", "LO"), ("(0008,1090)", "LO"), ("(0018,1020)", "LO")]
SERIES = [("(0020,000e)", "UI")]
PUBLIC = [
    *((CT, *element, 3, 2, 3, "alpha1") for element in META + NAMES + SERIES),
    *((MR, *element, 2, 1, 2, "beta1") for element in META + NAMES[:3]),
    *((US, *element, 2, 1, 2, "gamma1") for element in META + NAMES + SERIES),
    (MR, "(0008,0005)", "CS", 1, 1, 1, "beta2"),
    (US, "(0008,0005)", "CS", 1, 1, 1, "gamma1"),
    (MR, "(0008,1140)", "SQ", 1, 1, 1, "beta1"),
]

# The private creator elements are public ones in the profile: the element's block, then as above.
CREATORS = [
    (CT, "(0009,00{:02x})", 0x10, 3, 2, 3, "alpha1"),
    (CT, "(0009,00{:02x})", 0x11, 1, 1, 1, "alpha2"),
    (CT, "(0009,00{:02x})", 0x12, 1, 1, 1, "alpha3"),
    (MR, "(0009,00{:02x})", 0x10, 2, 1, 2, "beta1"),
    (MR, NESTED + "(0009,00{:02x})", 0x10, 1, 1, 1, "beta1"),
    (MR, NESTED + "(0009,00{:02x})", 0x11, 1, 1, 1, "beta1"),
    (US, "(0009,00{:02x})", 0x10, 1, 1, 1, "gamma1"),
    (US, "(0009,00{:02x})", 0x11, 1, 1, 1, "gamma1"),
]


def rows(folder: Path, moved: int) -> dict[Key, Counts]:
    """Return the report, by hand."""
    found = {}
    for of, kind, code, element, vr, value, file_count, series_count, seen, blocks, example in PRIVATE:
        moved_element = element.replace("<none:10>", f"<none:{0x10 + moved:02x}>")
        shown = "/".join(f"{block + moved:02x}" for block in blocks)
        counts = Counts(file_count, series_count, 1, seen, shown, str(folder / example))
        found[Key(kind, of, moved_element, vr, code, value)] = counts
    for of, element, vr, file_count, series_count, seen, example in PUBLIC:
        counts = Counts(file_count, series_count, 1, seen, "", str(folder / example))
        found[Key("code", of, element, vr, "K", "")] = counts
    for of, element, block, file_count, series_count, seen, example in CREATORS:
        counts = Counts(file_count, series_count, 1, seen, "", str(folder / example))
        found[Key("code", of, element.format(block + moved), "LO", "K", "")] = counts
    return found


@pytest.mark.parametrize("moved", [0, 1, 0x60], ids=lambda moved: f"blocks moved by {moved}")
@pytest.mark.parametrize("command", ["before", "final"])
def test_every_row(tmp_path: Path, command: str, moved: int) -> None:
    """The rows are the same wherever the blocks are, except for the block numbers."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in files(moved).items():
        (folder / name).write_bytes(data)
    arguments = write_profiles(tmp_path, CONFIDENTIALITY, MODALITY_SOFTWARE)
    assert run(command, [folder], tmp_path, *arguments) == 0
    lines = read_lines(tmp_path / "report.jsonl")
    expected = rows(folder, moved)
    assert len(lines) == len(expected) == len(PRIVATE) + len(PUBLIC) + len(CREATORS)
    assert {line.key: line.counts for line in lines} == expected
    assert {line.key.value for line in lines if "NOT_A_NUMBER" in line.flags} == {"Doe"}
    assert {line.keyword for line in lines if line.key.element == "(0008,1140)"} == {"ReferencedImageSequence"}


def test_the_independent_collector_counts_the_same(tmp_path: Path) -> None:
    """The results that are counted by hand here hold for the program that test_values_reference.py uses."""
    for name, data in files(0).items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "profiles").mkdir()
    arguments = write_profiles(tmp_path / "profiles", CONFIDENTIALITY, MODALITY_SOFTWARE)
    written = [FileRows(str(tmp_path / name)) for name in files(0)]
    found, flags = expected_rows(written, load_profile(arguments[1], arguments[3:4]))
    assert found == rows(tmp_path, 0)
    assert {key.value: flag for key, flag in flags.items()} == {"Doe": {"NOT_A_NUMBER"}}


def test_the_name_of_a_manufacturer_is_decoded_text(tmp_path: Path) -> None:
    """In Latin-1 or in UTF-8 it is one equipment, shown as text, and a profile can name it."""
    named = ("ISO_IR 100", "latin-1"), ("ISO_IR 192", "utf-8")
    for character_set, encoding in named:
        parts = [
            text(CHARACTER_SET, "CS", character_set.encode()),
            text(0x00080070, "LO", "M\u00fcller".encode(encoding)),
            text(0x00090010, "LO", b"MAKER"),
            text(0x00091001, "LO", b"HIDDEN"),
        ]
        (tmp_path / encoding).write_bytes(part10(join(parts), EXPLICIT_LITTLE_UID).data)
    row = ',m\u00fcller*,,,"(0009,""MAKER"",01)",,X,,'
    paths = [tmp_path / encoding for _, encoding in named]
    assert run("before", paths, tmp_path, *write_profiles(tmp_path, [], [row])) == 0
    lines = [line for line in read_lines(tmp_path / "report.jsonl") if line.key.element == '(0009,"MAKER",01)']
    assert [(line.key.kind, line.key.equipment, line.counts.files) for line in lines] == [
        ("code", "<undef>:M\u00fcller:<undef>:<undef>", 2)
    ]


@pytest.mark.parametrize("term", [b"GB18030", b"gb18030", b" GB18030 ", b"GBK", b"gbk"], ids=repr)
def test_components_end_where_the_decoded_text_has_a_backslash(tmp_path: Path, term: bytes) -> None:
    """However the character set is spelled: a text that is decoded with it is also split with it."""
    parts = [text(CHARACTER_SET, "CS", term), text(0x00081030, "LO", b"\x88\x5c\\b\x88\x5c")]
    (tmp_path / "file").write_bytes(part10(join(parts), EXPLICIT_LITTLE_UID).data)
    assert run("before", [tmp_path / "file"], tmp_path, *write_profiles(tmp_path, [])) == 0
    lines = read_lines(tmp_path / "report.jsonl")
    assert {line.key.value for line in lines if line.key.element == "(0008,1030)"} == {"\u573d", "b\u573d"}

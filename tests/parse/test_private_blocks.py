"""Private blocks: the private creator of an element, and the text of its identity.

For: section 3 of the design, in each of the four encodings of a data set.
Never: the meaning of a private element; that is the profile's.
Standard: PS3.5 sections 7.8 and 7.8.1, edition 2026b.
"""

from __future__ import annotations

import pytest

import tagsniff
from dicom_bytes import BIG, EXPLICIT, IMPLICIT, ITEM, UID_OF, Encoding, Part, deflated, join, part10
from read_rows import deviation_counts
from tagsniff.status import Status

NOT_PRIVATE, NONE, EMPTY, UNUSABLE = -1, -2, -3, -4


class Writer:
    """Writes private elements in one encoding, and reads the resulting file."""

    def __init__(self, name: str, encoding: Encoding, is_deflated: bool = False) -> None:
        self.name = name
        self.encoding = encoding
        self.is_deflated = is_deflated

    def creator(self, tag: int, text: bytes, vr: str = "LO") -> Part:
        return self.encoding.element(tag, vr, text)

    def element(self, tag: int, value: bytes = b"abcd", vr: str = "LO") -> Part:
        return self.encoding.element(tag, vr if self.encoding.explicit else "UN", value)

    def sequence(self, tag: int, *items: Part) -> Part:
        return self.encoding.sequence(
            tag, *(self.encoding.item(item, undefined=True) for item in items), undefined=True
        )

    def read(self, *parts: Part) -> tagsniff.Header:
        body = join(parts)
        written = deflated(body) if self.is_deflated else part10(body, UID_OF[self.encoding])
        header = tagsniff.read_header(written.data)
        assert header.status is Status.OK
        assert len(header.elements) == len(written.rows)
        return header


WRITERS = (
    Writer("explicit_little", EXPLICIT),
    Writer("implicit_little", IMPLICIT),
    Writer("explicit_big", BIG),
    Writer("deflated", EXPLICIT, is_deflated=True),
)


@pytest.fixture(params=WRITERS, ids=lambda writer: writer.name)
def writer(request: pytest.FixtureRequest) -> Writer:
    """Return a writer for each encoding."""
    return request.param


def identities(header: tagsniff.Header) -> list[str]:
    """Return the identity of each element of the data set, without items."""
    tags = header.elements["tag"].tolist()
    return [header.identity(index) for index, tag in enumerate(tags) if tag >> 16 != 2 and tag != ITEM]


def creators(header: tagsniff.Header) -> list[str | int | None]:
    """For each element of the data set, return the tag of its private creator element, or the code for none."""
    tags = header.elements["tag"].tolist()
    found: list[str | int | None] = []
    for tag, creator in zip(tags, header.elements["creator"].tolist(), strict=True):
        if tag >> 16 != 2 and tag != ITEM:
            found.append(creator if creator < 0 else f"{tags[creator]:08x}")
    return found


def test_one_block(writer: Writer) -> None:
    """A creator and two elements of its block."""
    header = writer.read(writer.creator(0x00090010, b"ACME"), writer.element(0x00091001), writer.element(0x000910FF))
    assert identities(header) == ["(0009,0010)", '(0009,"ACME",01)', '(0009,"ACME",ff)']
    assert creators(header) == [NOT_PRIVATE, "00090010", "00090010"]
    assert deviation_counts(header) == {}
    last = len(header.elements) - 1
    assert header.creator(last) == "ACME"
    assert header.creator(0) is None


def test_two_blocks(writer: Writer) -> None:
    """Two blocks of one group, and the same block of another group, belong to three creators."""
    header = writer.read(
        writer.creator(0x00090010, b"ACME"),
        writer.creator(0x00090011, b"OTHER "),
        writer.element(0x00091002),
        writer.element(0x00091102),
        writer.creator(0x00110010, b"THIRD "),
        writer.element(0x00111002),
    )
    assert identities(header) == [
        "(0009,0010)", "(0009,0011)", '(0009,"ACME",02)', '(0009,"OTHER",02)', "(0011,0010)", '(0011,"THIRD",02)',
    ]  # fmt: skip
    assert creators(header) == [NOT_PRIVATE, NOT_PRIVATE, "00090010", "00090011", NOT_PRIVATE, "00110010"]
    assert deviation_counts(header) == {}


@pytest.mark.parametrize("block", [0x10, 0x11, 0x7F, 0x80, 0x81, 0xFE, 0xFF])
def test_block_number(writer: Writer, block: int) -> None:
    """Blocks 10 to FF are alike, also if the element number is above 7FFF."""
    header = writer.read(
        writer.creator(0x00090000 | block, b"ACME"),
        writer.element(0x00090000 | block << 8 | 0x00),
        writer.element(0x00090000 | block << 8 | 0xAB),
    )
    assert identities(header) == [f"(0009,{block:04x})", '(0009,"ACME",00)', '(0009,"ACME",ab)']
    assert creators(header)[1:] == [f"{0x00090000 | block:08x}"] * 2
    assert deviation_counts(header) == {}


def test_same_creator_twice(writer: Writer) -> None:
    """One identity, a creator element for each block, and one deviation."""
    header = writer.read(
        writer.creator(0x00090010, b"ACME"),
        writer.creator(0x00090011, b"ACME"),
        writer.element(0x00091002),
        writer.element(0x00091102),
    )
    assert identities(header)[2:] == ['(0009,"ACME",02)'] * 2
    assert creators(header)[2:] == ["00090010", "00090011"]
    assert deviation_counts(header) == {"DUPLICATE_CREATOR": 1}


def test_same_creator_in_two_groups(writer: Writer) -> None:
    """The same creator in two groups is not a deviation, and gives two identities."""
    header = writer.read(
        writer.creator(0x00090010, b"ACME"),
        writer.element(0x00091002),
        writer.creator(0x00110010, b"ACME"),
        writer.element(0x00111002),
    )
    assert identities(header)[1::2] == ['(0009,"ACME",02)', '(0011,"ACME",02)']
    assert deviation_counts(header) == {}


def test_same_creator_padded_differently(writer: Writer) -> None:
    """Padding does not make a different creator."""
    header = writer.read(
        writer.creator(0x00090010, b"ACME"),
        writer.creator(0x00090011, b" ACME\0"),
        writer.element(0x00091002),
        writer.element(0x00091102),
    )
    assert identities(header)[2:] == ['(0009,"ACME",02)'] * 2
    assert deviation_counts(header) == {"DUPLICATE_CREATOR": 1}


def test_creator_after_its_elements(writer: Writer) -> None:
    """A data set is resolved at its end, so the order does not affect the identity."""
    header = writer.read(writer.element(0x00091002), writer.creator(0x00090010, b"ACME"))
    assert identities(header) == ['(0009,"ACME",02)', "(0009,0010)"]
    assert creators(header) == ["00090010", NOT_PRIVATE]
    assert set(deviation_counts(header)) == {"UNORDERED"}


def test_creator_after_its_sequence(writer: Writer) -> None:
    """The private parent of a nested element has its creator too, although the creator comes later."""
    header = writer.read(
        writer.sequence(0x00091010, writer.encoding.element(0x00081155, "UI", b"1.2\0")),
        writer.creator(0x00090010, b"ACME"),
    )
    assert identities(header) == ['(0009,"ACME",10)', '(0009,"ACME",10)[<0>](0008,1155)', "(0009,0010)"]
    assert set(deviation_counts(header)) == {"UNORDERED"}


def test_missing_creator(writer: Writer) -> None:
    """Without a creator the block stays in the identity."""
    header = writer.read(
        writer.element(0x00091002),
        writer.creator(0x00090012, b"ACME"),
        writer.element(0x00091102),
        writer.element(0x0009FF02),
    )
    assert identities(header) == ["(0009,<none:10>,02)", "(0009,0012)", "(0009,<none:11>,02)", "(0009,<none:ff>,02)"]
    assert creators(header) == [NONE, NOT_PRIVATE, NONE, NONE]
    assert header.creator(len(header.elements) - 1) is None
    assert "CREATOR_MISSING" in deviation_counts(header)


@pytest.mark.parametrize("text", [b"", b"  ", b"\0\0", b" \0"], ids=repr)
def test_empty_creator(writer: Writer, text: bytes) -> None:
    """A creator without text differs from a missing creator."""
    header = writer.read(writer.creator(0x00090010, text), writer.element(0x00091002))
    assert identities(header) == ["(0009,0010)", "(0009,<empty:10>,02)"]
    assert creators(header) == [NOT_PRIVATE, EMPTY]
    assert set(deviation_counts(header)) == {"CREATOR_EMPTY_BLOCK"}


@pytest.mark.parametrize(
    ("text", "creator"),
    [
        (b"ACME  ", "ACME"),
        (b"  ACME", "ACME"),
        (b"ACM\0", "ACM"),
        (b"AC\0\0", "AC"),
        (b" ACM \0", "ACM"),
        (b"SIEMENS CT VA0  COAD", "SIEMENS CT VA0  COAD"),
        (b"Acme", "Acme"),
        (b"acme", "acme"),
        (b"ACME 1.1", "ACME 1.1"),
        (b"A,(B)[C]", "A,(B)[C]"),
    ],
    ids=repr,
)
def test_creator_text(writer: Writer, text: bytes, creator: str) -> None:
    """Outer spaces and trailing NUL are removed; inner spaces and letter case are kept."""
    if len(text) % 2:
        text += b" "
    header = writer.read(writer.creator(0x00090010, text), writer.element(0x00091002))
    assert identities(header)[1] == f'(0009,"{creator}",02)'
    assert header.creator(len(header.elements) - 1) == creator
    assert deviation_counts(header) == {}


def test_letter_case_makes_two_creators(writer: Writer) -> None:
    """Two creators that differ only in letter case are two creators."""
    header = writer.read(
        writer.creator(0x00090010, b"ACME"),
        writer.creator(0x00090011, b"Acme"),
        writer.element(0x00091002),
        writer.element(0x00091102),
    )
    assert identities(header)[2:] == ['(0009,"ACME",02)', '(0009,"Acme",02)']
    assert deviation_counts(header) == {}


@pytest.mark.parametrize("vr", ["UN", "SH", "OB", "CS", "UT", "LT"])
@pytest.mark.parametrize("encoding", [EXPLICIT, BIG], ids=lambda encoding: encoding.name)
def test_creator_of_wrong_vr(encoding: Encoding, vr: str) -> None:
    """Any VR except SQ is accepted."""
    writer = Writer("", encoding)
    header = writer.read(writer.creator(0x00090010, b"ACME", vr), writer.element(0x00091002))
    assert identities(header) == ["(0009,0010)", '(0009,"ACME",02)']
    assert deviation_counts(header) == {"CREATOR_VR": 1}


def test_creator_that_is_a_sequence(writer: Writer) -> None:
    """A sequence is not a usable creator."""
    header = writer.read(
        writer.sequence(0x00090010, writer.encoding.element(0x00081155, "UI", b"1.2\0")), writer.element(0x00091002)
    )
    assert identities(header)[-1] == "(0009,<unusable:10>,02)"
    assert creators(header)[-1] == UNUSABLE
    assert "CREATOR_SEQUENCE" in deviation_counts(header)


def test_creator_in_latin_1(writer: Writer) -> None:
    """Bytes above 7F are read as Latin-1, whatever (0008,0005) is."""
    header = writer.read(
        writer.encoding.element(0x00080005, "CS", b"ISO_IR 192"),
        writer.creator(0x00090010, b"M\xfcller"),
        writer.element(0x00091002),
    )
    assert identities(header)[2] == '(0009,"M\xfcller",02)'
    assert header.creator(len(header.elements) - 1) == "M\xfcller"
    assert deviation_counts(header) == {"CREATOR_NOT_ASCII": 1}


def test_overlong_creator(writer: Writer) -> None:
    """1024 bytes are a usable creator, more are not."""
    header = writer.read(writer.creator(0x00090010, b"A" * 1024), writer.element(0x00091002))
    assert identities(header)[1] == f'(0009,"{"A" * 1024}",02)'
    assert "CREATOR_OVERLONG" not in deviation_counts(header)
    for length in (1026, 60_000):
        header = writer.read(writer.creator(0x00090010, b"A" * length), writer.element(0x00091002))
        assert identities(header)[1] == "(0009,<unusable:10>,02)"
        assert creators(header)[1] == UNUSABLE
        assert header.creator(len(header.elements) - 1) is None
        assert deviation_counts(header) == {"CREATOR_OVERLONG": 1}


@pytest.mark.parametrize("limit", [0, 2, 100])
def test_creator_above_the_value_limit(writer: Writer, limit: int) -> None:
    """The caller's limit for values does not apply to private creators."""
    body = join([writer.creator(0x00090010, b"ACME CORPORATION"), writer.element(0x00091002)])
    written = deflated(body) if writer.is_deflated else part10(body, UID_OF[writer.encoding])
    header = tagsniff.read_header(written.data, value_limit_bytes=limit)
    assert identities(header)[1] == '(0009,"ACME CORPORATION",02)'


def test_two_creators_for_one_block(writer: Writer) -> None:
    """The owner of the block is ambiguous, also if the creators are far apart."""
    header = writer.read(
        writer.creator(0x00090010, b"ACME"),
        writer.creator(0x00090010, b"OTHER "),
        writer.creator(0x00090011, b"THIRD "),
        writer.element(0x00091002),
        writer.element(0x00091102),
    )
    assert identities(header)[3:] == ["(0009,<unusable:10>,02)", '(0009,"THIRD",02)']
    assert creators(header)[3] == UNUSABLE
    counts = deviation_counts(header)
    assert counts["CREATOR_CONFLICT"] == 1
    assert set(counts) == {"CREATOR_CONFLICT", "DUPLICATE_ELEMENT"}


def test_one_creator_written_twice(writer: Writer) -> None:
    """The same creator element twice with the same text is not a conflict, however it is padded."""
    header = writer.read(
        writer.creator(0x00090010, b"ACME"), writer.creator(0x00090010, b"ACME  "), writer.element(0x00091002)
    )
    assert identities(header)[2] == '(0009,"ACME",02)'
    assert deviation_counts(header) == {"DUPLICATE_ELEMENT": 1}


def test_item_with_its_own_block(writer: Writer) -> None:
    """The same block has different meanings in the data set and in its item."""
    header = writer.read(
        writer.creator(0x00090010, b"ACME"),
        writer.element(0x00091002),
        writer.sequence(0x00400275, writer.creator(0x00090010, b"INNER ") + writer.element(0x00091002)),
    )
    assert identities(header) == [
        "(0009,0010)",
        '(0009,"ACME",02)',
        "(0040,0275)",
        "(0040,0275)[<0>](0009,0010)",
        '(0040,0275)[<0>](0009,"INNER",02)',
    ]
    assert deviation_counts(header) == {}


def test_item_does_not_inherit(writer: Writer) -> None:
    """A reservation does not extend to items, and from an item neither to its siblings nor to the parent."""
    header = writer.read(
        writer.creator(0x00090010, b"ACME"),
        writer.sequence(
            0x00400275,
            writer.element(0x00091002),
            writer.creator(0x00090010, b"INNER ") + writer.element(0x00091002),
            writer.element(0x00091002),
        ),
        writer.creator(0x00410011, b"ACME"),
        writer.element(0x00411002),
    )
    nested = [text for text in identities(header) if text.startswith("(0040,0275)[")]
    assert nested == [
        "(0040,0275)[<0>](0009,<none:10>,02)",
        "(0040,0275)[<0>](0009,0010)",
        '(0040,0275)[<0>](0009,"INNER",02)',
        "(0040,0275)[<0>](0009,<none:10>,02)",
    ]
    assert identities(header)[-1] == "(0041,<none:10>,02)"
    assert set(deviation_counts(header)) == {"CREATOR_MISSING"}


def test_parent_does_not_inherit_from_its_item(writer: Writer) -> None:
    """Elements of the parent after the sequence do not belong to the item's creator."""
    header = writer.read(
        writer.sequence(0x00081140, writer.creator(0x00090010, b"INNER ") + writer.element(0x00091002)),
        writer.element(0x00091002),
    )
    assert identities(header)[-1] == "(0009,<none:10>,02)"


def test_private_parents(writer: Writer) -> None:
    """Each private parent is written with its own creator."""
    inner = join(
        [
            writer.creator(0x00290012, b"INNER "),
            writer.sequence(0x00291230, writer.element(0x00311001) + writer.creator(0x00310010, b"DEEP")),
        ]
    )
    header = writer.read(
        writer.creator(0x00290010, b"ACME"), writer.sequence(0x00291010, inner, inner), writer.element(0x002910FE)
    )
    first = [
        '(0029,"ACME",10)[<0>](0029,0012)',
        '(0029,"ACME",10)[<0>](0029,"INNER",30)',
        '(0029,"ACME",10)[<0>](0029,"INNER",30)[<0>](0031,"DEEP",01)',
        '(0029,"ACME",10)[<0>](0029,"INNER",30)[<0>](0031,0010)',
    ]
    assert identities(header) == ["(0029,0010)", '(0029,"ACME",10)', *first, *first, '(0029,"ACME",fe)']


def test_orphan_private_parent(writer: Writer) -> None:
    """A private parent without a creator keeps its block in the identities of the elements inside it."""
    header = writer.read(writer.sequence(0x00291010, writer.encoding.element(0x00081155, "UI", b"1.2\0")))
    assert identities(header) == ["(0029,<none:10>,10)", "(0029,<none:10>,10)[<0>](0008,1155)"]


def test_illegal_private_elements(writer: Writer) -> None:
    """Elements outside every block are listed by raw tag, even if there is a creator."""
    tags = [0x00090001, 0x0009000F, 0x00090100, 0x00090ABC, 0x00090FFF]
    parts = [writer.element(tag) for tag in tags]
    header = writer.read(*parts[:2], writer.creator(0x00090010, b"ACME"), *parts[2:], writer.element(0x00091000))
    assert identities(header) == [
        "(0009,0001)", "(0009,000f)", "(0009,0010)", "(0009,0100)", "(0009,0abc)", "(0009,0fff)", '(0009,"ACME",00)',
    ]  # fmt: skip
    assert creators(header)[:-1] == [NOT_PRIVATE] * 6
    assert deviation_counts(header) == {"ILLEGAL_PRIVATE_ELEMENT": 5}


@pytest.mark.parametrize("group", [0x0001, 0x0003, 0x0005, 0x0007, 0xFFFF])
def test_illegal_groups(writer: Writer, group: int) -> None:
    """These groups have no private blocks."""
    odd = [writer.creator(group << 16 | 0x0010, b"ACME"), writer.element(group << 16 | 0x1002)]
    public = writer.encoding.element(0x00080060, "CS", b"MR")
    header = writer.read(*([public, *odd] if group == 0xFFFF else [*odd, public]))
    assert {f"({group:04x},0010)", f"({group:04x},1002)"} < set(identities(header))
    assert creators(header) == [NOT_PRIVATE] * 3
    assert deviation_counts(header) == {"ILLEGAL_GROUP": 2}


def test_group_length_of_a_private_group(writer: Writer) -> None:
    """(gggg,0000) is a group length in private groups too, and not a deviation."""
    header = writer.read(
        writer.encoding.element(0x00090000, "UL", writer.encoding.number(24, 4)),
        writer.creator(0x00090010, b"ACME"),
        writer.element(0x00091002),
    )
    assert identities(header) == ["(0009,0000)", "(0009,0010)", '(0009,"ACME",02)']
    assert creators(header) == [NOT_PRIVATE, NOT_PRIVATE, "00090010"]
    assert deviation_counts(header) == {}


def test_unused_block(writer: Writer) -> None:
    """A reserved block without elements is still visible by its creator element."""
    header = writer.read(writer.creator(0x00090010, b"ACME"), writer.creator(0x000900FF, b"OTHER "))
    assert identities(header) == ["(0009,0010)", "(0009,00ff)"]
    assert deviation_counts(header) == {}


def test_every_block_of_a_group(writer: Writer) -> None:
    """All 240 blocks at once, with their elements in descending order of block, stay separate."""
    blocks = range(0x10, 0x100)
    header = writer.read(
        *(writer.creator(0x00090000 | block, b"ACME%03d " % block) for block in blocks),
        *(writer.element(0x00090002 | block << 8) for block in reversed(blocks)),
    )
    assert identities(header)[240:] == [f'(0009,"ACME{block:03d}",02)' for block in reversed(blocks)]

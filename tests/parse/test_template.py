"""Records are copied from the previous file, the template, only where both files agree.

For: each difference that changes only a value, and each that may change more; a new parser reads every file too.
Never: an expectation other than the result of a new parser, and the number of copied records, which is written here by
hand.
Standard: PS3.5 sections 6.2.2, 7.1, 7.5 and annex A, PS3.10 section 7.1, edition 2026b.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import CASES
from dicom_bytes import (
    BIG,
    EXPLICIT,
    IMPLICIT,
    UID_OF,
    Encoding,
    Part,
    Row,
    Written,
    deflated,
    file_meta,
    join,
    part10,
    raw,
    uid_value,
)
from real_files import wheel_files
from tagsniff import _core
from tagsniff.status import Status

ORDINARY = settings(database=None, deadline=None, max_examples=600)
WAYS: tuple[dict[str, Any], ...] = (
    {},
    {"value_limit_bytes": 0},
    {"value_limit_bytes": 6},
    {"value_limit_bytes": 6, "digests_long_values": True},
    {"digests_long_values": True},
    {"element_limit": 14},
    {"stop_after_tag": 0x00200013},
)
NOT_CAPTURED = 0xFFFFFFFFFFFFFFFF
DIGESTED, DIGEST_BYTES = 256, 32
MOST_CHANGES = 256
MOST_BYTES = 65536
REPEAT_RECORDS = 65536
MOST_CAPTURED_BYTES = 4194304
UNORDERED = int(Status.UNORDERED)


class Read(NamedTuple):
    """Everything that a parser reports about a file."""

    status: tuple[int, int, int | None]
    elements: Any
    captured: bytes
    deviations: list[tuple[int, int, int, int | None]]
    is_stopped: bool
    transfer_syntax: int

    def deviation_numbers(self) -> set[int]:
        return {number for number, *_ in self.deviations}

    def value(self, record: int) -> bytes | None:
        """Return what was captured of the record."""
        element = self.elements[record]
        if element["captured_at"] == NOT_CAPTURED:
            return None
        start = int(element["captured_at"])
        if element["flags"] & DIGESTED:
            return self.captured[start : start + DIGEST_BYTES]
        return self.captured[start : start + int(element["value_length"])]


def read(parser: _core.Parser, data: bytes) -> Read:
    parser.begin(len(data))
    while not parser.run():
        start = parser.need_offset
        parser.feed(start, data[start : start + MOST_BYTES + 16])
    return Read(
        parser.status(),
        parser.elements(),
        parser.captured(),
        parser.deviations(),
        parser.is_stopped,
        parser.transfer_syntax_record,
    )


def is_private_creator(tag: int) -> bool:
    group, element = tag >> 16, tag & 0xFFFF
    return group % 2 == 1 and group not in (1, 3, 5, 7, 0xFFFF) and 0x10 <= element <= 0xFF


def find_changed(before: Read, now: Read) -> list[int] | None:
    """Return the records whose values differ; None if more than values differs."""
    names = ("tag", "parent", "depth", "flags", "header_bytes", "vr", "creator")
    if len(before.elements) != len(now.elements) or not all(
        (before.elements[name] == now.elements[name]).all() for name in names
    ):
        return None
    changed = []
    for record, element in enumerate(now.elements):
        if element["tag"] >> 16 == 0xFFFE or element["flags"] & _core.FLAG_SEQUENCE:
            continue
        lengths = [
            int(read.elements["end_offset"][record] - read.elements["value_offset"][record]) for read in (before, now)
        ]
        if before.value(record) != now.value(record) or lengths[0] != lengths[1]:
            changed.append(record)
    if any(is_private_creator(int(now.elements["tag"][record])) for record in changed):
        return None
    return changed


def read_all(files: list[bytes], way: dict[str, Any]) -> list[tuple[int, list[int] | None] | None]:
    """Read the files with one parser; check that a new parser gives the same, and that reported repetitions are right.

    Return how many records of each file were copied from the template, None for none, and which values changed.
    """
    parser = _core.Parser(**way)
    found: list[tuple[int, list[int] | None] | None] = []
    template: Read | None = None
    template_number = 0
    for number, data in enumerate(files, 1):
        now = read(parser, data)
        alone = read(_core.Parser(**way), data)
        assert now.elements.tobytes() == alone.elements.tobytes()
        assert now._replace(elements=None) == alone._replace(elements=None)
        own_number, same_as, changed, taken = parser.repeat()
        assert own_number == number
        is_read = now.status[0] == 0
        expected = None if template is None or not is_read else find_changed(template, now)
        is_decided = (
            taken in (0, len(now.elements)) or template is None or UNORDERED not in template.deviation_numbers()
        )
        if same_as or is_decided:
            assert same_as == (0 if expected is None else template_number)
            assert changed == (expected or [])
        found.append((taken, changed if same_as else None) if taken else None)
        if is_read:
            template, template_number = now, number
        elif now.status[0] not in (Status.NOT_DICOM, Status.EMPTY_FILE):
            template = None
    return found


def how_alike(one: bytes, other: bytes, **way: Any) -> tuple[int, list[int] | None] | None:
    """Return how the second file repeats the first; then the first is read again after it."""
    first, alike, _ = read_all([one, other, one], way)
    assert first is None
    return alike


def usual(encoding: Encoding, *extra: Part, **values: bytes) -> bytes:
    """Meta information (2 records after its length), then records 3 to 9, the extra elements, and Pixel Data."""
    parts = [
        encoding.element(0x00080008, "CS", values.get("kind", b"AA")),
        encoding.element(0x00080020, "DA", values.get("date", b"20240101")),
        encoding.element(0x00090010, "LO", values.get("creator", b"ACME")),
        encoding.element(0x00091001, "UN", values.get("private", b"ABCDEFGH")),
        encoding.element(0x00200013, "IS", values.get("number", b"1 ")),
        encoding.element(0x00280103, "US", values.get("representation", b"\0\0")),
        encoding.element(0x00280106, "US", b"\0\1"),
        *extra,
        encoding.element(0x7FE00010, "OW", values.get("pixels", bytes(8))),
    ]
    return part10(join(parts), UID_OF[encoding]).data


ENCODINGS = [EXPLICIT, IMPLICIT, BIG]
NAMES = [encoding.name for encoding in ENCODINGS]


@pytest.mark.parametrize("encoding", ENCODINGS, ids=NAMES)
def test_changed_values(encoding: Encoding) -> None:
    one = usual(encoding)
    # If its VR is plain, Pixel Data inside the window is copied with the elements before it.
    count = 11 if encoding is EXPLICIT else 10
    assert how_alike(one, one) == (count, [])
    assert how_alike(one, usual(encoding, number=b"2 ")) == (count, [7])
    assert how_alike(one, usual(encoding, date=b"20240102", private=b"ABCDEFGI", number=b"13")) == (count, [4, 6, 7])
    assert how_alike(one, usual(encoding, number=b"1234")) == (count, [7])
    assert how_alike(one, usual(encoding, number=b"")) == (count, [7])
    assert how_alike(one, usual(encoding, date=b"", number=b"123456")) == (count, [4, 7])
    assert how_alike(one, usual(encoding, date=b"", number=b"12345678 ")) is None  # an odd length
    assert how_alike(usual(encoding, private=b""), usual(encoding, private=b"1234567890")) == (count, [6])


@pytest.mark.parametrize("encoding", ENCODINGS, ids=NAMES)
def test_changed_pixel_data(encoding: Encoding) -> None:
    """No reader uses its value, and the elements after it are parsed again."""
    alike = how_alike(usual(encoding), usual(encoding, pixels=bytes(range(8))))
    assert alike == ((11 if encoding is EXPLICIT else 10), [])
    one, other = (usual(encoding, pixels=bytes(length)) for length in (80_000, 90_000))
    assert read_all([one, other, one], {}) == [None, (10, [10]), (10, [10])]
    after = [one + encoding.element(0xFFFCFFFC, "OB", bytes(length)).data for length in (2, 4, 4)]
    assert read_all([*after, one], {}) == [None, (10, [11]), (10, []), (10, None)]


@pytest.mark.parametrize("encoding", ENCODINGS, ids=NAMES)
def test_changed_values_that_the_parser_uses(encoding: Encoding) -> None:
    one = usual(encoding)
    assert how_alike(one, usual(encoding, creator=b"ACMF")) is None
    assert how_alike(one, usual(encoding, creator=b"ACME2 ")) is None
    assert how_alike(one, usual(encoding, representation=encoding.number(1, 2))) is None
    item = encoding.item(encoding.element(0x00080060, "CS", b"MR"))
    looks_like_items = item.data + b"\0" * 8
    assert len(looks_like_items) < 40
    plain = usual(encoding, private=bytes(len(item.data)))
    assert how_alike(plain, usual(encoding, private=item.data)) is None
    assert how_alike(plain, usual(encoding, private=looks_like_items)) is None
    assert how_alike(one, usual(encoding, private=item.data[:4])) is not None  # too short to be items


@pytest.mark.parametrize("encoding", ENCODINGS, ids=NAMES)
def test_different_elements(encoding: Encoding) -> None:
    laterality = encoding.element(0x00400277, "SH", b"LEFT")
    # After the elements that the previous file has before Pixel Data, others may follow.
    assert how_alike(usual(encoding), usual(encoding, laterality)) == (None if encoding is EXPLICIT else (10, None))
    assert how_alike(usual(encoding, laterality), usual(encoding)) is None
    assert how_alike(usual(encoding, laterality), usual(encoding, encoding.element(0x00400278, "SH", b"LEFT"))) is None
    if encoding.explicit:
        other_vr = encoding.element(0x00400277, "LO", b"LEFT")
        assert how_alike(usual(encoding, laterality), usual(encoding, other_vr)) is None
        no_vr = encoding.element(0x00400277, "??", b"LEFT")
        assert how_alike(usual(encoding, laterality), usual(encoding, no_vr)) is None


def test_elements_after_the_last_one_of_the_previous_file() -> None:
    """Without Pixel Data, the whole previous file is copied, and parsing continues after it."""
    short = part10(EXPLICIT.element(0x00080008, "CS", b"AA"), UID_OF[EXPLICIT]).data
    long = short + EXPLICIT.element(0x00080060, "CS", b"MR").data
    assert read_all([short, long, short, short], {}) == [None, (4, None), None, (4, [])]


@pytest.mark.parametrize("encoding", ENCODINGS, ids=NAMES)
@pytest.mark.parametrize("undefined", [False, True])
def test_changed_values_in_items(encoding: Encoding, undefined: bool) -> None:
    def make(*texts: bytes) -> bytes:
        items = [
            encoding.item(
                encoding.element(0x00080100, "SH", text),
                encoding.element(0x00080102, "SH", b"DCM "),
                encoding.element(0x00080104, "LO", text),
                undefined=undefined,
            )
            for text in texts
        ]
        return usual(encoding, encoding.sequence(0x0040A043, *items, undefined=undefined))

    count = 20 if encoding is EXPLICIT else 19
    one = make(b"AB", b"CD")
    assert how_alike(one, make(b"AB", b"CE")) == (count, [16, 18])
    first_may_be_longer = encoding.explicit
    longer = make(b"ABCD", b"CD")
    if undefined and first_may_be_longer:
        assert how_alike(one, longer) == (count, [12, 14])
    else:  # the item has a length, or the length of its first element helps to detect its encoding
        assert how_alike(one, longer) is None
    assert how_alike(one, make(b"AB")) is None
    assert how_alike(one, make(b"AB", b"CD", b"EF")) is None


def test_a_changed_length_inside_unchanged_containers() -> None:
    """The lengths of the containers around it are unchanged, so they end elsewhere."""
    inner = EXPLICIT.item(EXPLICIT.element(0x00080100, "SH", b"AB"), EXPLICIT.element(0x00080102, "SH", b"DCM "))
    one = usual(EXPLICIT, EXPLICIT.sequence(0x0040A043, inner))
    at = one.index(b"SH\2\0AB")
    assert how_alike(one, one[:at] + b"SH\4\0ABCD" + one[at + 6 :]) is None
    assert how_alike(one, one[:at] + b"SH\0\0" + one[at + 6 :]) is None


def test_a_value_that_ends_after_the_file() -> None:
    one = usual(EXPLICIT, date=b"2024")
    at = one.index(b"DA\4\0") + 2
    for length in (b"\xfe\xff", b"\6\0", b"\0\1", len(one[at + 2 :]).to_bytes(2, "little")):
        assert how_alike(one, one[:at] + length + one[at + 2 :]) is None
    for end in range(130, len(one)):
        assert how_alike(one, one[:end]) is None


def test_delimitation_items() -> None:
    item = EXPLICIT.item(EXPLICIT.element(0x00080100, "SH", b"AB"), undefined=True)
    one = usual(EXPLICIT, EXPLICIT.sequence(0x0040A043, item, undefined=True))
    at = one.index(b"\xfe\xff\x0d\xe0") + 4
    assert how_alike(one, one[:at] + b"\2" + one[at + 1 :]) is None


def test_without_a_vr_the_first_length_may_look_like_one() -> None:
    date = IMPLICIT.element(0x00080020, "DA", b"20240101")
    one = part10(IMPLICIT.element(0x00080008, "CS", b"AA") + date, UID_OF[IMPLICIT]).data
    longer = part10(IMPLICIT.element(0x00080008, "CS", b"AAAA") + date, UID_OF[IMPLICIT]).data
    letters = part10(IMPLICIT.element(0x00080008, "CS", b"A" * 0x5343) + date, UID_OF[IMPLICIT]).data
    assert b"\x08\0\x08\0CS\0\0" in letters
    assert how_alike(one, longer) is None
    assert how_alike(one, letters) is None
    assert how_alike(longer, part10(IMPLICIT.element(0x00080008, "CS", b"BBBB") + date, UID_OF[IMPLICIT]).data)


def test_an_element_without_a_vr_in_explicit_vr() -> None:
    """Its length is in the place of the letters of a VR."""

    def make(text: bytes) -> bytes:
        return usual(EXPLICIT, IMPLICIT.element(0x00400277, "SH", text))

    assert how_alike(make(b"LEFT"), make(b"LOFT")) == (12, [10])
    assert how_alike(make(b"LEFT"), make(b"LEFT  ")) is None
    assert how_alike(make(b"LEFT"), make(b"L" * 0x4853)) is None  # looks like SH


def test_file_meta_information() -> None:
    def make(instance: str, uid: str = UID_OF[EXPLICIT], **how: Any) -> bytes:
        named = EXPLICIT.element(0x00020003, "UI", uid_value(instance))
        return part10(EXPLICIT.element(0x00080008, "CS", b"AA"), uid, meta=file_meta(uid, named, **how)).data

    one = make("1.2.3.1")
    assert how_alike(one, make("1.2.3.2")) == (5, [3])
    assert how_alike(one, make("1.2.3.20")) == (5, [3])  # one zero byte less
    assert how_alike(one, make("1.2.3.200")) == (5, [0, 3])  # the group is longer, and its length says so
    assert how_alike(make("1.2.3.2000"), one) == (5, [0, 3])
    assert how_alike(one, make("1.2.3.200", length_error=2)) is None
    assert how_alike(one, make("1.2.3.200", length_error=-2)) is None  # the group is longer, its length is not
    assert how_alike(make("1.2.3.1", length_error=2), make("1.2.3.200", length_error=2)) == (5, [0, 3])
    assert how_alike(make("1.2.3.1", group_length=False), make("1.2.3.200", group_length=False)) is None
    assert how_alike(one, make("1.2.3.1", length_error=2)) is None
    assert how_alike(one, make("1.2.3.1", uid="1.2.840.10008.1.2.2")) is None
    assert how_alike(one, make("1.2.3.1", uid="1.2.840.10008.1.2.5")) is None


def test_file_meta_information_with_two_group_lengths() -> None:
    """The second one counts, so the first does not prove that the group is longer."""

    def make(instance: str, first: int, second: int) -> bytes:
        lengths = [EXPLICIT.element(0x00020000, "UL", EXPLICIT.number(length, 4)) for length in (first, second)]
        uids = [
            EXPLICIT.element(0x00020003, "UI", uid_value(instance)),
            EXPLICIT.element(0x00020010, "UI", uid_value(UID_OF[EXPLICIT])),
        ]
        meta = join([*lengths, *uids])
        return part10(EXPLICIT.element(0x00080008, "CS", b"AA"), None, meta=meta).data

    assert how_alike(make("1.2.3.1", 56, 44), make("1.2.3.200", 58, 44)) is None
    assert how_alike(make("1.2.3.1", 56, 44), make("1.2.3.200", 56, 46)) is None


def test_preamble() -> None:
    one = usual(EXPLICIT)
    assert how_alike(one, b"II*\0" + one[4:]) == (11, [])
    assert how_alike(one, one[:130] + b"c" + one[131:]) is None


@pytest.mark.parametrize(
    "file",
    [
        one.data
        for one in (
            deflated(EXPLICIT.element(0x00080008, "CS", b"AA")),
            part10(EXPLICIT.element(0x00204000, "LT", bytes(80)), UID_OF[EXPLICIT], preamble=None),
            part10(EXPLICIT.element(0x00080008, "CS", b"AA"), None, meta=Part()),
            part10(EXPLICIT.element(0x00080008, "CS", b"AA"), None),
            part10(IMPLICIT.element(0x00080008, "CS", b"AA"), UID_OF[EXPLICIT]),
            part10(EXPLICIT.element(0x00080008, "CS", b"AA") + raw(bytes(8)), UID_OF[EXPLICIT]),
            part10(EXPLICIT.element(0x00080008, "CS", b"AA") + raw(bytes(6)), UID_OF[EXPLICIT]),
            part10(Part(), UID_OF[EXPLICIT]),
        )
    ],
    ids=[
        "deflated",
        "no preamble",
        "no meta information",
        "no transfer syntax",
        "wrong transfer syntax",
        "padding",
        "short padding",
        "no data set",
    ],
)
def test_files_that_are_not_templates(file: bytes) -> None:
    assert how_alike(file, file) is None


def test_an_unknown_file_size() -> None:
    one = usual(EXPLICIT)
    parser = _core.Parser()
    for size in (len(one), None, len(one), len(one)):
        parser.begin(size)
        while not parser.run():
            start, needed = parser.need_offset, parser.need_length
            parser.feed(start, one[start:])
            if needed > len(one) - start:
                parser.end(len(one))
        number, _, _, taken = parser.repeat()
        assert (taken > 0) == (number == 4)


def test_a_header_in_two_windows() -> None:
    """Its start is no longer in memory when its end is read."""
    one = usual(EXPLICIT, pixels=bytes(80_000))
    parser = _core.Parser()
    for first_bytes in (200, MOST_BYTES, MOST_BYTES):
        parser.begin(len(one))
        while not parser.run():
            start = parser.need_offset
            parser.feed(start, one[start : start + (first_bytes if start == 0 else MOST_BYTES)])
        assert parser.status() == (0, 0, None)
        number, _, _, taken = parser.repeat()
        assert (taken > 0) == (number == 3)


@pytest.mark.parametrize("more", [0, 2])
def test_a_long_header_in_one_window(more: int) -> None:
    front = part10(EXPLICIT.element(0x00080008, "CS", b"AA"), UID_OF[EXPLICIT]).data
    one = front + EXPLICIT.element(0x00104000, "UT", b"x" * (MOST_BYTES - len(front) - 12 + more)).data
    assert len(one) == MOST_BYTES + more
    parser = _core.Parser()
    for _ in range(2):
        parser.begin(len(one))
        while not parser.run():
            parser.feed(0, one)
        assert parser.status() == (0, 0, None)
    assert parser.repeat() == (2, 1, [], 0 if more else 5)


def test_more_changes_than_the_limit() -> None:
    def make(first: int, changed: int) -> bytes:
        texts = [b"AB" if number < first + changed else b"CD" for number in range(MOST_CHANGES + 4)]
        parts = [EXPLICIT.element(0x00091000 + number, "SH", text) for number, text in enumerate(texts)]
        return part10(join(parts), UID_OF[EXPLICIT]).data

    most = how_alike(make(0, 0), make(0, 256))
    assert most is not None
    assert len(most[1]) == 256
    assert how_alike(make(0, 0), make(0, 257)) is None


def test_a_file_in_between_that_is_not_dicom() -> None:
    """A file that overwrites records of the template discards it; a file that is not DICOM does not."""
    one = usual(EXPLICIT)
    assert read_all([one, b"no file at all", one, one], {}) == [None, None, (11, []), (11, [])]
    cut = one[: one.index(b"20240101") + 4]
    assert read_all([one, cut, one, one], {}) == [None, None, None, (11, [])]
    assert read_all([one, one[:-4], one], {}) == [None, None, None]


def test_a_file_in_between_that_could_not_be_read() -> None:
    """The next file is compared with the last file that was read."""
    one = usual(EXPLICIT)
    parser = _core.Parser()
    read(parser, one)
    parser.begin(len(one))
    parser.stop_reading()
    assert parser.repeat() == (2, 0, [], 0)
    read(parser, one)
    assert parser.repeat() == (3, 1, [], 11)


def test_records_are_compared_where_bytes_are_not() -> None:
    """A length in an item of defined length, an odd length, another preamble and form: the elements are the same."""

    def make(text: bytes, creator: bytes = b"ACME") -> bytes:
        inner = EXPLICIT.item(EXPLICIT.element(0x00080100, "SH", text), EXPLICIT.element(0x00080102, "SH", b"DCM "))
        return usual(EXPLICIT, EXPLICIT.sequence(0x0040A043, inner), creator=creator)

    parser = _core.Parser()
    repeats = []
    for data in (make(b"AB"), make(b"ABCD"), make(b"ABC"), make(b"ABC", b"BETA"), make(b"AB", b"BETA")):
        read(parser, data)
        repeats.append(parser.repeat())
    assert repeats == [(1, 0, [], 0), (2, 1, [12], 0), (3, 2, [12], 0), (4, 0, [], 0), (5, 4, [12], 0)]


@pytest.mark.parametrize("more", [0, 1])
def test_more_records_than_are_compared(more: int) -> None:
    count = REPEAT_RECORDS - 3 + more  # beside three of the file meta information and the sequence
    items = Part(EXPLICIT.item().data * (count - 1)).unread()
    data = part10(EXPLICIT.sequence(0x00081140, items, undefined=True).unread(), UID_OF[EXPLICIT]).data
    parser = _core.Parser()
    for _ in range(2):
        read(parser, data)
    assert len(parser.elements()) == REPEAT_RECORDS + more
    assert parser.repeat()[1] == (0 if more else 1)


@pytest.mark.parametrize("more", [0, 1])
def test_more_values_than_are_compared(more: int) -> None:
    count = 64
    texts = [EXPLICIT.element(0x00090000 + 0x1000 + number, "UT", b"x" * 65_536) for number in range(count - 1)]
    meta_bytes = 4 + 2 + len(UID_OF[EXPLICIT]) + 1
    last = EXPLICIT.element(0x00104000, "UT", b"x" * (65_536 - meta_bytes + 2 * more))
    data = part10(join([*texts, last]).unread(), UID_OF[EXPLICIT]).data
    parser = _core.Parser()
    for _ in range(2):
        read(parser, data)
    assert len(parser.captured()) == MOST_CAPTURED_BYTES + 2 * more
    assert parser.repeat()[1] == (0 if more else 1)


def test_unordered_elements_that_affect_earlier_ones() -> None:
    """Elements after Pixel Data may decide VRs and creators before it."""
    lut = IMPLICIT.element(0x00281101, "US", bytes(6))
    front = IMPLICIT.element(0x00080008, "CS", b"AA") + IMPLICIT.element(0x00111001, "SH", b"AB")

    def make(*after: Part) -> bytes:
        pixels = IMPLICIT.element(0x7FE00010, "OW", bytes(80_000))
        return part10(
            join([front, lut, IMPLICIT.element(0x00281102, "US", bytes(6)), pixels, *after]), UID_OF[IMPLICIT]
        ).data

    signed, unsigned = (IMPLICIT.element(0x00280103, "US", number) for number in (b"\1\0", b"\0\0"))
    creators = [IMPLICIT.element(0x00110010, "LO", text) for text in (b"ACME", b"ACMF")]
    files = [make(), make(signed), make(unsigned), make(), make(creators[0]), make(creators[1], signed), make()]
    found = read_all([file for file in files for _ in range(2)], {})
    assert [each and each[0] for each in found] == [None, *[7] * 13]


def test_long_values_are_compared_by_digest() -> None:
    """A digested value is not captured, so a changed value means a changed digest."""
    one = usual(EXPLICIT, EXPLICIT.element(0x00400280, "UT", b"x" * 60))
    other = usual(EXPLICIT, EXPLICIT.element(0x00400280, "UT", b"y" * 60))
    longer = usual(EXPLICIT, EXPLICIT.element(0x00400280, "UT", b"y" * 62))
    short = usual(EXPLICIT, EXPLICIT.element(0x00400280, "UT", b"y" * 10))
    digests = {"value_limit_bytes": 20, "digests_long_values": True}
    assert how_alike(one, other, **digests) == (12, [10])  # captured whole
    assert how_alike(one, longer, **digests) is None
    assert how_alike(one, short, **digests) is None
    assert how_alike(short, usual(EXPLICIT, EXPLICIT.element(0x00400280, "UT", b"y" * 20)), **digests) == (12, [10])
    assert how_alike(one, other, value_limit_bytes=20) == (12, [])
    assert how_alike(one, longer, value_limit_bytes=20) == (12, [10])
    assert how_alike(one, short, value_limit_bytes=20) is None


@pytest.mark.parametrize("way", WAYS, ids=repr)
def test_every_real_file_after_itself(way: dict[str, Any]) -> None:
    taken = 0
    for file in wheel_files():
        data = file.path.read_bytes()
        if len(data) < 1_000_000:
            taken += sum(found is not None for found in read_all([data] * 3, way))
    assert taken > (6 if "element_limit" in way else 40)


def with_value(written: Written, row: Row, value: bytes) -> bytes:
    """Return the file with another value in one place, and its length; the lengths of containers are unchanged."""
    data = written.data
    form = len(data[row.start : row.value_offset])
    encoding = BIG if written.transfer_syntax_uid == UID_OF[BIG] else EXPLICIT
    is_long = form == 12 or written.transfer_syntax_uid == UID_OF[IMPLICIT]
    size = 4 if is_long else 2
    length = encoding.number(len(value), size)
    return data[: row.value_offset - size] + length + value + data[row.value_offset + row.length :]


@st.composite
def changed(draw: st.DrawFn, written: Written) -> bytes:
    """Return the same file with other values in a few places."""
    rows = [row for row in written.rows if row.holds == "value" and row.length <= 0xFFF0]
    for row in sorted(draw(st.lists(st.sampled_from(rows), max_size=4, unique=True)), key=lambda row: -row.start):
        length = max(0, row.length + draw(st.sampled_from((0, 0, 0, 2, -2, 8, 1))))
        value = draw(st.one_of(st.binary(min_size=length, max_size=length), st.just(b"1" * length)))
        written = replace(written, data=with_value(written, row, value))
    return written.data


WRITTEN = [
    case.written
    for case in CASES
    if len(case.data) < 20_000 and not case.written.deflated and any(row.holds == "value" for row in case.written.rows)
]


@ORDINARY
@given(st.data(), st.sampled_from(WAYS))
def test_random_values_in_the_files_of_the_cases(data: st.DataObject, way: dict[str, Any]) -> None:
    written = data.draw(st.sampled_from(WRITTEN))
    files = [data.draw(changed(written)) for _ in range(3)]
    read_all([written.data, *files, written.data], way)

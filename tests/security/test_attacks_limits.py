"""Every limit in SECURITY.md equals the limit in the code and has a test; and tests of limits that no other file tests.

For: the table of limits in SECURITY.md.
Never: a limit that is repeated here.
Standard: PS3.5 sections 7.5 and A.5, PS3.3 section C.12.1.1.2, edition 2026b.
"""

from __future__ import annotations

import ast
import importlib
import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from dicom_bytes import (
    DEFLATED_UID,
    EXPLICIT,
    EXPLICIT_LITTLE_UID,
    IMPLICIT,
    ITEM,
    SEQUENCE_DELIMITER,
    UNDEFINED,
    Part,
    deflated,
    join,
    part10,
    raw,
)
from encoded_case import last, plain
from tagsniff import _core
from tagsniff.status import Status

ROOT = Path(__file__).parents[2]
SECURITY = ROOT / "SECURITY.md"
E = EXPLICIT
needs_source_tree = pytest.mark.skipif(not SECURITY.is_file(), reason="the source tree is not here")


def table_rows() -> list[list[str]]:
    """Return the cells of the table of limits."""
    section = SECURITY.read_text(encoding="utf-8").partition("\n## Limits\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def names_in(cell: str) -> list[str]:
    """Return the words in backquotes."""
    return re.findall(r"`([^`]+)`", cell)


def number_in_c(path: Path, name: str) -> int:
    """Return the value of a name in a C file: a number, or an expression of numbers and names of the same file."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = re.search(rf"\b{name} = ([^,;}}]+)", text)
    assert found is not None, f"{name} in {path.name}"
    expression = re.sub(r"\b(\d+)u\b", r"\1", found[1].strip())
    expression = re.sub(r"\b[A-Z]\w+", lambda match: str(number_in_c(path, match[0])), expression)
    assert re.fullmatch(r"[\d\s+*<()-]+", expression), expression
    return int(eval(expression))


@needs_source_tree
@pytest.mark.parametrize("row", table_rows() if SECURITY.is_file() else [], ids=lambda row: row[0])
def test_the_table_agrees_with_the_code(row: list[str]) -> None:
    """The number is equal, and the test in the row exists."""
    limit = int(row[1].replace(",", ""))
    place, name = names_in(row[2])
    if place.startswith("csrc/"):
        assert number_in_c(ROOT / place, name) == limit
    else:
        assert getattr(importlib.import_module(place), name) == limit
    assert len(names_in(row[4])) == 1


@needs_source_tree
def test_every_test_that_is_named_exists() -> None:
    """Tests in the tables of limits and promises, and files in the text."""
    tests = re.findall(r"`((?:\w+/)?test_\w+\.py)((?:::\w+)*)`", SECURITY.read_text(encoding="utf-8"))
    assert len(tests) > 2 * len(table_rows())
    for file, path in tests:
        body: list[Any] = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8")).body
        for part in path.split("::")[1:]:
            (found,) = [statement for statement in body if getattr(statement, "name", None) == part]
            body = found.body
        assert body


@needs_source_tree
def test_every_limit_of_the_parser_is_in_the_table() -> None:
    """A limit that is added to ts_limits is added to the table. The flag that stops the parser is not a limit."""
    struct = (
        (ROOT / "csrc" / "parse" / "parse.h").read_text(encoding="utf-8").partition("typedef struct ts_limits {")[2]
    )
    names = re.findall(r"^\s+uint\w+ (\w+);", struct.partition("} ts_limits;")[0], flags=re.MULTILINE)
    assert "depth_limit" in names
    assert set(names) - {"stop_after_tag"} <= {name for row in table_rows() for name in names_in(row[2])}


def parse(data: bytes, *, more: int = 1 << 30, **limits: Any) -> _core.Parser:
    """Parse the whole file; each read gives up to ``more`` bytes more than the parser asks for."""
    parser = _core.Parser(**limits)
    parser.begin(len(data))
    while not parser.run():
        offset, needed = parser.need_offset, parser.need_length
        parser.feed(offset, data[offset : offset + needed + more])
    return parser


def status_of(parser: _core.Parser) -> Status:
    """Return only the status."""
    return Status.from_number(parser.status()[0])


def test_element_limit() -> None:
    """As many elements as the limit are read. One more is a fault at its offset, after all earlier elements."""
    data = part10(plain(E) + E.sequence(0x00400275, E.item(), E.item()) + last(E), EXPLICIT_LITTLE_UID).data
    count = len(parse(data).elements())
    assert status_of(parse(data, element_limit=count)) is Status.OK
    for limit in range(count):
        parser = parse(data, element_limit=limit)
        assert status_of(parser) is Status.TOO_MANY_ELEMENTS
        assert len(parser.elements()) == limit


class TestInflatedBytes:
    """The bytes that are read from a deflated data set. Values that are skipped do not count."""

    @pytest.mark.parametrize("value_limit_bytes", [0, 10, 65536])
    @pytest.mark.parametrize("more", [0, 3, 1 << 30])
    def test_the_limit_is_exact(self, value_limit_bytes: int, more: int) -> None:
        long_value = E.element(0x00104000, "LT", b"x" * 50_000)
        pixels = E.fragments(0x7FE00010, "OB", b"y" * 90_000)
        data_set = plain(E) + long_value + pixels + E.element(0xFFFAFFFA, "SQ")
        data = deflated(data_set).data
        stepped_over = 90_000 + sum(length for length in (6, 2, 8, 50_000) if length > value_limit_bytes)
        read = len(data_set.data) - stepped_over
        whole = parse(data, more=more, value_limit_bytes=value_limit_bytes, inflate_limit_bytes=read)
        assert status_of(whole) is Status.OK
        cut = parse(data, more=more, value_limit_bytes=value_limit_bytes, inflate_limit_bytes=read - 1)
        assert status_of(cut) is Status.INFLATE_LIMIT
        assert len(cut.elements()) < len(whole.elements())

    def test_a_bomb_of_values(self) -> None:
        """The values are a thousand times as long as the file, and all would be kept."""
        bomb = deflated(join([E.element(0x00104000, "LT", b"x" * 60_000)] * 500)).data
        assert len(bomb) < 100_000
        parser = parse(bomb, inflate_limit_bytes=1_000_000)
        assert status_of(parser) is Status.INFLATE_LIMIT
        assert len(parser.captured()) <= 1_000_000

    def test_a_bomb_of_elements(self) -> None:
        bomb = deflated(join([E.element(0x00104000, "LT", b"")] * 50_000)).data
        assert len(bomb) < 10_000
        parser = parse(bomb, inflate_limit_bytes=80_000)
        assert status_of(parser) is Status.INFLATE_LIMIT
        assert len(parser.elements()) <= 10_010

    def test_a_bomb_of_padding(self) -> None:
        bomb = deflated(plain(E) + raw(bytes(1_000_000))).data
        assert status_of(parse(bomb, inflate_limit_bytes=100_000)) is Status.INFLATE_LIMIT


class TestTries:
    """A limit, or a file that ends or changes, inside of bytes that may be a sequence does not make them a plain
    value: that would hide what they contain."""

    INNER = IMPLICIT.sequence(0x00081140, IMPLICIT.item(IMPLICIT.element(0x00100010, "PN", b"Doe^Jane")))
    VALUE = IMPLICIT.item(INNER).data
    # The value that is tried as a sequence: it begins with an item, and nothing else shows what it is.
    TRIED = E.element(0x00091010, "UN", VALUE)

    def test_the_value_is_a_sequence(self) -> None:
        parser = parse(part10(self.TRIED + last(E), EXPLICIT_LITTLE_UID).data)
        assert status_of(parser) is Status.OK
        assert 0x00100010 in parser.elements()["tag"]

    def test_depth_limit_inside_a_try(self) -> None:
        parser = parse(part10(self.TRIED + last(E), EXPLICIT_LITTLE_UID).data, depth_limit=1)
        assert status_of(parser) is Status.TOO_DEEP

    def test_element_limit_inside_a_try(self) -> None:
        data = part10(self.TRIED + last(E), EXPLICIT_LITTLE_UID).data
        (tried,) = (parse(data).elements()["tag"] == 0x00091010).nonzero()[0]
        for limit in range(tried + 1, tried + 5):
            assert status_of(parse(data, element_limit=limit)) is Status.TOO_MANY_ELEMENTS

    @pytest.mark.parametrize("value_limit_bytes", [0, 65536])
    def test_inflate_limit_inside_a_try(self, value_limit_bytes: int) -> None:
        data = deflated(self.TRIED + last(E)).data
        for limit in range(12, len(self.TRIED.data)):
            parser = parse(data, more=0, inflate_limit_bytes=limit, value_limit_bytes=value_limit_bytes)
            assert status_of(parser) is Status.INFLATE_LIMIT

    def test_a_deflated_stream_that_ends_or_breaks_inside_a_try(self) -> None:
        """After any of its elements. What was found before is kept."""
        data_set = E.element(0x00091010, "UN", self.VALUE * 2000).data
        # Block type 3, which deflate does not define.
        for broken, status in ((b"", Status.TRUNCATED_DEFLATE), (b"\x07", Status.BAD_DEFLATE)):
            for length in range(70_000, 70_000 + len(self.VALUE)):
                deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
                stream = deflater.compress(data_set[:length]) + deflater.flush(zlib.Z_SYNC_FLUSH) + broken
                parser = parse_to_end(part10(raw(stream), DEFLATED_UID).data)
                assert status_of(parser) is status
                assert 0x00100010 in parser.elements()["tag"]

    @pytest.mark.parametrize("kind", [Status.CANNOT_READ, Status.FILE_CHANGED])
    def test_a_file_that_fails_or_changes_inside_a_try(self, kind: Status) -> None:
        front = part10(Part(), EXPLICIT_LITTLE_UID).data
        long = front + E.element(0x00091010, "UN", self.VALUE * 3000).data + last(E).data
        tags = set()
        for reads in range(1, 12):
            parser = _core.Parser(value_limit_bytes=0, digests_long_values=True)
            parser.begin(len(long))
            for _ in range(reads):
                assert not parser.run()
                parser.feed(parser.need_offset, long[parser.need_offset :][: max(parser.need_length, 4096)])
            assert not parser.run()
            if kind is Status.CANNOT_READ:
                parser.stop_reading()
            else:
                parser.end(parser.need_offset)
                assert parser.run()
            assert status_of(parser) is kind
            tags.update(parser.elements()["tag"].tolist())
        # What was found before is kept.
        assert 0x00100010 in tags


def parse_to_end(data: bytes) -> _core.Parser:
    """Parse a file that may be shorter than the parser asks for."""
    parser = _core.Parser()
    parser.begin(len(data))
    while not parser.run():
        offset, needed = parser.need_offset, parser.need_length
        parser.feed(offset, data[offset : offset + needed])
        if offset + needed > len(data):
            parser.end(len(data))
    return parser


def collect(data: bytes) -> _core.ValueCollector:
    """Return a collector of values that has counted this one file."""
    collector = _core.ValueCollector(lambda *_: (0, True, False, 0, 0, b""), max_values=10)
    collector.parser.begin(len(data))
    collector.parser.feed(0, data)
    assert collector.parser.run()
    collector.add_parsed(b"path")
    return collector


@pytest.mark.parametrize("count", [11, 12, 20, 1000])
def test_values_left_out_by_a_bound_are_estimated(count: int) -> None:
    """However few values are left out, the estimate is higher than the number of those that are kept."""
    values = b"\\".join(b"%06d" % number for number in range(count))
    tables = collect(part10(E.element(0x00081030, "LO", values), EXPLICIT_LITTLE_UID).data).tables()
    (use,) = tables["uses"][tables["uses"]["is_bounded"] == 1]
    assert use["distinct_estimate"] > 10


def test_more_character_sets_than_16_bits_can_number() -> None:
    """One file with a character set for each item does not stop the scan, nor change what is said of later files."""
    items = b"".join(
        E.head(ITEM, "", 32)
        + E.element(0x00080005, "CS", b"%08d" % number).data
        + E.element(0x00100010, "PN", b"\xc4\xd6\xdcabcde").data
        for number in range(70_000)
    )
    data_set = E.head(0x00400275, "SQ", UNDEFINED) + items + E.delimiter(SEQUENCE_DELIMITER)
    tables = collect(part10(raw(data_set), EXPLICIT_LITTLE_UID).data).tables()
    assert {b"%08d" % number for number in range(70_000)} <= set(tables["charsets"])
    assert 70_000 in tables["identities"]["occurrences"][tables["identities"]["tag"] == 0x00100010]


def test_long_character_sets_cost_linear_work() -> None:
    """Spaces in the name of a character set are skipped once. With quadratic work this test would not end."""
    items = [E.item(E.element(0x00080005, "UT", b"x" + b" " * 60_000 + b"%04d" % number)) for number in range(200)]
    tables = collect(part10(E.sequence(0x00400275, *items), EXPLICIT_LITTLE_UID).data).tables()
    assert len([text for text in tables["charsets"] if text.startswith(b"x ")]) == 200

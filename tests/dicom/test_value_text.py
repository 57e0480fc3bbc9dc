"""The text of values: every form, every VR of binary numbers, collapsed values.

For: `tagsniff.dicom.value_text`.
Never: a file, or the core.
Standard: PS3.5 6.2 (VRs), edition 2026b.
"""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsniff._core import Texts
from tagsniff.dicom.value_text import (
    NUMBER_VRS,
    Drawn,
    check_ends,
    find_ends,
    find_plain_texts,
    mark_numbers,
    read_plain_text,
    show_collapsed,
    show_end,
    show_found_text,
    show_numbers,
    show_value,
)
from value_scans import numbered, text

CHARSETS = (b"", b"ISO_IR 100", b"ISO_IR 192", b"\\ISO 2022 IR 87", b"ISO_IR 999")


def show(value: bytes, vr: str) -> tuple[str, tuple[str, ...]]:
    return show_value(value, vr, CHARSETS)


@pytest.mark.parametrize(
    ("value", "vr", "shown"),
    [
        (text(b"DOE^JANE"), "PN", "DOE^JANE"),
        (text(b"\xe9", 1), "LO", "é"),
        (text(b"\xc3\xa9", 2), "UT", "é"),
        (text(b"\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", 3), "PN", "山田^太郎"),
        (text(b"\xc3\xa9", 2), "UN", "é"),
        (text(b"a\r\nb\tc\x00d"), "LT", "a\r\nb\tc\x00d"),
        (text(b"-1.50"), "DS", "-1.50"),
        (b"E\0\0\0\0", "LO", "<empty>"),
        (numbered(b"I", 0), "SQ", "<0 items>"),
        (numbered(b"I", 1), "SQ", "<1 item>"),
        (numbered(b"S", 524288), "OW", "<524288 bytes>"),
        (numbered(b"B", 4096, bytes(range(32))), "OB", f"<4096 bytes, sha256 {bytes(range(32)).hex()}>"),
        (numbered(b"L", 70000, bytes(32)), "UT", f"... <70000 bytes of text, sha256 {'00' * 32}>"),
        (
            numbered(b"L", 70000, bytes(32) + b"a" * 2000),
            "UT",
            f"{'a' * 1024}... <70000 bytes of text, sha256 {'00' * 32}>",
        ),
        (b"R\0\0\0\0AB\\\xff\x1b", "US", r"AB\x5c\xff\x1b"),
    ],
)
def test_forms(value: bytes, vr: str, shown: str) -> None:
    assert show(value, vr) == (shown, ())


@pytest.mark.parametrize(
    ("vr", "layout", "numbers", "shown"),
    [
        ("US", "<H", [65535], "65535"),
        ("US", "<3H", [1, 2, 3], "1\\2\\3"),
        ("SS", "<h", [-32768], "-32768"),
        ("UL", "<I", [4294967295], "4294967295"),
        ("SL", "<i", [-2147483648], "-2147483648"),
        ("UV", "<Q", [18446744073709551615], "18446744073709551615"),
        ("SV", "<2q", [-9223372036854775808, 5], "-9223372036854775808\\5"),
        ("FL", "<2f", [0.1, -2.0], "0.1\\-2.0"),
        ("FD", "<2d", [0.1, 1e300], "0.1\\1e+300"),
        ("FL", "<f", [float("nan")], "nan"),
        ("FD", "<d", [float("-inf")], "-inf"),
        ("AT", "<4H", [0x0010, 0x0020, 0x7FE0, 0x0010], "(0010,0020)\\(7fe0,0010)"),
    ],
)
def test_binary_numbers(vr: str, layout: str, numbers: list[float], shown: str) -> None:
    assert show(b"N\0\0\0\0" + struct.pack(layout, *numbers), vr) == (shown, ())


def test_the_text_of_every_float_restores_it() -> None:
    for bits in (1, 0x00800000, 0x3DCCCCCD, 0x7F7FFFFF, 0x4B800000, 0x33D6BF95):
        raw = bits.to_bytes(4, "little")
        shown, _ = show(b"N\0\0\0\0" + raw, "FL")
        assert struct.pack("<f", float(shown)) == raw


@pytest.mark.parametrize("vr", ["CS", "UI", "DA", "DS", "AE", "UR"])
def test_no_charset_applies_to_codes_and_numbers(vr: str) -> None:
    assert show(text(b"\xe9", 1), vr) == (r"\xe9", ("UNDECODED",))


def test_flags_of_charsets() -> None:
    assert show(text(b"a\xe9"), "LO") == (r"a\xe9", ("UNDECODED",))
    assert show(text(b"a", 4), "LO") == ("a", ("UNKNOWN_CHARSET",))
    assert show(text(b"a\xe9", 4), "LO") == (r"a\xe9", ("UNDECODED", "UNKNOWN_CHARSET"))
    assert show(text(b"a", 4), "CS") == ("a", ())


@pytest.mark.parametrize(
    "raw", [b"<empty>", b"<3 items>", b"<12 bytes, sha256 00>", b"<about 3 dates, 1..2>", b"<3 runs without a word>"]
)
def test_text_that_looks_like_a_placeholder_is_flagged(raw: bytes) -> None:
    assert show(text(raw), "LO") == (raw.decode(), ("LITERAL",))
    assert show_found_text(text(raw), b"") == (raw.decode(), ("LITERAL",))


@pytest.mark.parametrize("raw", [b"<emptying>", b"<3 itemsets>", b"<Label>", b"a<empty>"])
def test_other_text_is_not_flagged(raw: bytes) -> None:
    assert show(text(raw), "LO") == (raw.decode(), ())


def test_found_text_is_in_the_character_set_in_which_it_was_found() -> None:
    assert show_found_text(text("né".encode(), 2), b"ISO_IR 192") == ("né", ())
    assert show_found_text(text(b"n\xe9", 1), b"ISO_IR 100") == ("né", ())
    assert show_found_text(text(b"n\xe9"), b"") == (r"n\xe9", ("UNDECODED",))
    # Escape sequences are followed, whatever the character set.
    assert show_found_text(text(b"\x1b$B;3ED\x1b(B", 1), b"ISO_IR 100") == ("山田", ())


def test_the_size_of_a_stream_without_text() -> None:
    assert show_found_text(numbered(b"S", 480), b"") == ("<480 bytes>", ())


def test_an_unknown_form() -> None:
    for value in (b"C\0\0\0\0\x01", b"?\0\0\0\0", b""):
        with pytest.raises(ValueError, match="no form"):
            show(value, "LO")


def drawn(key: bytes, vr: str, distinct: int, ends: tuple[str, str] = ("", ""), **others: object) -> str:
    fields: dict[str, object] = {"is_estimated": False, "sizes": (1, 1)}
    return show_collapsed(Drawn(key, vr, distinct, ends=ends, **(fields | others)))  # type: ignore[arg-type]


def test_dates() -> None:
    assert drawn(b"\x01", "DA", 3, ("19931231", "20240131")) == "<3 dates, 19931231..20240131>"
    assert drawn(b"\x01", "DT", 2, ("2023", "2024")) == "<2 dates, 2023..2024>"
    assert drawn(b"\x01", "TM", 2, ("101112.5", "101113")) == "<2 times, 101112.5..101113>"
    assert drawn(b"\x01", "AS", 2, ("003M", "092Y")) == "<2 ages, 003M..092Y>"


def test_numbers() -> None:
    assert drawn(b"\x02T", "DS", 3, ("-1e2", "10")) == "<3 numbers, -1e2..10>"
    assert drawn(b"\x02N", "US", 3, ("3", "500"), sizes=(1, 2)) == "<3 values of 1..2 numbers, 3..500>"
    assert drawn(b"\x02N", "US", 3, ("3", "3"), sizes=(2, 2)) == "<3 values of 2 numbers, 3>"
    assert drawn(b"\x02I", "SQ", 3, sizes=(0, 12)) == "<3 values of 0..12 items>"


def test_other_kinds() -> None:
    assert drawn(b"\x031.2.3", "UI", 2) == "<2 UIDs under 1.2.3>"
    assert drawn(b"\x04B", "OB", 2, sizes=(12, 12)) == "<2 values of 12 bytes>"
    assert drawn(b"\x04S", "OW", 2, sizes=(1, 12)) == "<2 values of 1..12 bytes>"
    assert drawn(b"\x05", "OB", 2) == "<2 runs without a word>"
    assert drawn(b"\x06MR Recon 9/99/9/9", "LO", 2) == "<2 texts like MR Recon 9/99/9/9>"


def test_an_estimate_says_so() -> None:
    assert drawn(b"\x05", "OB", 90_000, is_estimated=True) == "<about 90000 runs without a word>"


def test_an_unknown_rule() -> None:
    with pytest.raises(ValueError, match="no collapse rule"):
        drawn(b"\x09", "UI", 2)


def test_the_ends_of_numbers() -> None:
    floats = [b"N\0\0\0\0" + struct.pack("<d", number) for number in (2.0, float("nan"), float("-inf"))]
    smallest, largest = find_ends("FD", floats)
    assert (show_end(smallest, "FD"), show_end(largest, "FD")) == ("-inf", "nan")
    pair, single = b"N\0\0\0\0" + struct.pack("<2H", 500, 3), b"N\0\0\0\0\x07\0"
    assert find_ends("US", [pair, single]) == (b"\x03\0", b"\xf4\x01")
    assert find_ends("DS", [text(b"10"), text(b"9.50"), text(b"-1e2")]) == (b"-1e2", b"10")
    assert find_ends("DS", []) == (b"", b"")


@pytest.mark.parametrize(
    ("kind", "vr", "smallest", "largest"),
    [
        (1, "DA", b"19940102", b"\x1b[2J"),
        (1, "LO", b"19940102", b"19940102"),
        (1, "AS", b"012Y", b"0120"),
        (2, "DS", b"1", b"x"),
        (2, "US", b"1", b"12"),
        (2, "AT", b"1234", b"1234"),
        (5, "OB", b"", b"1"),
        (2, "DS", b"1", b"1" * 33),
    ],
)
def test_ends_that_no_scan_has(kind: int, vr: str, smallest: bytes, largest: bytes) -> None:
    with pytest.raises(ValueError, match="no ends"):
        check_ends(kind, vr, smallest, largest)


# Similar to each other, so that they collide: heads of every form, prefixes of a description, bytes beyond ASCII.
_PIECES = st.sampled_from(
    [b"T\0\0\0\0", b"T\0\1\0\0", b"N\0\0\0\0", b"E\0\0\0\0", b"<", b"=", b"a", b"\xe9", b"\xff", b"\xffT\0\0\0\0", b""]
)
VALUES = st.lists(st.lists(_PIECES, max_size=4).map(b"".join).map(lambda text: text.ljust(5, b"T")))


class TestManyAtOnce:
    @given(VALUES)
    def test_plain_texts_are_those_whose_text_is_the_value(self, values: list[bytes]) -> None:
        marks, texts = find_plain_texts(Texts(values))
        for value, is_plain, found in zip(values, marks.tolist(), texts, strict=True):
            expected = value.startswith(b"T\0\0\0\0") and value.isascii() and value[5:6] != b"<"
            assert is_plain is expected
            assert (read_plain_text(value) is not None) is expected
            if is_plain:
                assert show(value, "LO") == (found.decode(), ())

    @given(
        st.sampled_from(sorted(NUMBER_VRS)),
        st.lists(
            st.builds(
                bytes.__add__, st.sampled_from([b"N\0\0\0\0", b"N\1\0\0\0", b"T\0\0\0\0"]), st.binary(max_size=24)
            )
        ),
    )
    def test_numbers_are_those_that_fit_the_size_of_the_vr(self, vr: str, values: list[bytes]) -> None:
        marks = mark_numbers(Texts(values), vr)
        size = {"FD": 8, "SV": 8, "UV": 8, "US": 2, "SS": 2}.get(vr, 4)
        for value, is_number in zip(values, marks.tolist(), strict=True):
            assert is_number is (value[:5] == b"N\0\0\0\0" and len(value) > 5 and (len(value) - 5) % size == 0)
        numbers = [value for value, is_number in zip(values, marks.tolist(), strict=True) if is_number]
        assert show_numbers(Texts(numbers), vr) == [show(value, vr)[0] for value in numbers]

    def test_single_and_multiple_numbers(self) -> None:
        values = [b"N\0\0\0\0" + struct.pack(f"<{len(numbers)}h", *numbers) for numbers in ([5, -1], [7], [0, 0, 1])]
        assert show_numbers(Texts(values), "SS") == [r"5\-1", "7", r"0\0\1"]

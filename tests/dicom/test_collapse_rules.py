"""The rules that keep values apart, of the core and of the independent program: names of every length, dates, numbers.

For: csrc/dicom/numbers.c, uid_roots.c, text_digits.c, text_shape.c and run_words.c.
Never: a name that is taken for noise.
"""

from __future__ import annotations

import random
import struct
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

import independent_collapse as expected
from tagsniff import _core

SHORT_NAMES = ["Ng", "Vlk", "Li Wu", "Wu", "Ho", "O'Br", "J. Ng", "Xu, Li", "de la", "VON DER", "Krk", "McDo", "hVqK"]
NAMES = [
    "Jane Roe",
    "ROE^MARY",
    "Smith",
    "van der Berg",
    "O'Neill",
    "Anne-Marie",
    "DeVries",
    "McDonald",
    "SMITHJ",
    "smith",
]
OTHER_SCRIPTS = ["山田^太郎", "Иванов", "Müller", "Ångström", "김희중", "Ολγα", "Nuñez"]
IDENTIFYING = [
    *("4711081", "123-45-6789", "12345", "(555) 123-4567", "20240131", "1.2.1970", "3/5/70", "1970-05-03", "12:34:56"),
    *("3 May 70", "12-Mar-1971", "a@b.org", "//server", "\\\\pc", "C:\\x", "10.0.0.1 x", "12 Oak St", "Av. 5"),
]
AROUND = ["", "#", "=", "\x7f%", "~1", " *"]


@pytest.mark.parametrize("name", [*SHORT_NAMES, *NAMES, *OTHER_SCRIPTS, *IDENTIFYING])
def test_a_run_that_may_identify_is_read(name: str) -> None:
    assert _core.run_is_to_be_read(name.encode()), name
    assert expected.is_read(name)


@pytest.mark.parametrize("name", [*NAMES, *OTHER_SCRIPTS])
@pytest.mark.parametrize("before", AROUND)
@pytest.mark.parametrize("after", AROUND)
def test_a_name_is_read_whatever_is_around_it(name: str, before: str, after: str) -> None:
    assert _core.run_is_to_be_read(f"{before}{name}{after}".encode())


@pytest.mark.parametrize("name", ["Ng", "Wu", "Vlk", "LI"])
@pytest.mark.parametrize("around", ["{}", "x={}", "{}, 3", "1 {} 2", "({})", "[{}]:4", '"{}"', "a/{}/b"])
def test_a_short_name_is_read_if_it_stands_apart(name: str, around: str) -> None:
    assert _core.run_is_to_be_read(around.format(name).encode())


@pytest.mark.parametrize("run", ["x7#~", "%$&k", "q{3]", "9=~q", "}zX!", "&b#3c", "T%g8", "1.5#", "a#b#c", "]mZDBUq}"])
def test_noise_is_not_read(run: str) -> None:
    assert not _core.run_is_to_be_read(run.encode())
    assert not expected.is_read(run)


def test_most_noise_is_not_read() -> None:
    """Of runs of four to eight random characters, without those that are letters and marks of names alone."""
    source = random.Random(5)
    runs = ["".join(chr(source.randint(0x20, 0x7E)) for _ in range(source.randint(4, 8))) for _ in range(2000)]
    read = sum(_core.run_is_to_be_read(run.encode()) for run in runs)
    assert read < 900


@given(
    st.text(st.characters(min_codepoint=9, max_codepoint=0x7E), max_size=40)
    | st.from_regex(r"[ -~]{0,20}[0-9.\-/ ]{0,9}[A-Za-z]{0,4}", fullmatch=True)
)
def test_runs_and_shapes_equal_those_of_the_independent_program(text: str) -> None:
    raw = text.encode()
    assert _core.run_is_to_be_read(raw) == expected.is_read(text)
    if "\x1b" not in text:  # the caller has looked for escapes
        assert _core.text_shape(raw).decode() == expected.shape(text)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("MR Recon 1/12/3/1", "MR Recon 9/99/9/9"),
        ("Slice 12", "Slice 99"),
        ("1.25", "9.99"),
        ("alTE[12]\t = \t4920.5", "alTE[9]\t = \t9"),
        ("alTI[312] = 1800000", "alTI[9] = 1800000"),
        ('a[1].b[22] = "H12"', 'a[9].b[9] = "H99"'),
        ("TR = 0x1f", "TR = 9"),
        ("-0.99 0.01 0.00", "-9.99 9.99 9.99"),
        ("no digit", ""),
        ("MRN 4711081", ""),
        ("TR = 2500000", ""),
        ("12.05.70", ""),
        ("1/2/1970", ""),
        ("12-Mar-71", ""),
        ("4 May 70", ""),
        ("555 123 45", ""),
        ("A12B34C56", ""),
        ("10.0.0.1", ""),
        ("a1@b.org", ""),
        ("http://h/1", ""),
        ("20240131", ""),
        ("12:34:56", ""),
        ("room (12) 345-6", ""),
        ("Z\x1b1", ""),
    ],
)
def test_shapes(text: str, shape: str) -> None:
    if "\x1b" not in text:  # the caller has looked for escapes
        assert _core.text_shape(text.encode()).decode() == shape
    assert expected.shape(text) == shape


@pytest.mark.parametrize(
    ("vr", "text", "identifies"),
    [
        *(("IS", "99999", False), ("IS", "100000", True), ("IS", "000123", True), ("IS", "-123456", True)),
        *(("DS", "123456.0", True), ("DS", "123456.5", False), ("DS", "1e6", True), ("DS", "0.123456", False)),
        *(("DS", "20240131.5", True), ("DS", "12345678.5", False), ("DS", "1700000000.5", True), ("DS", "0", False)),
        *(("DS", "1700000000000.5", True), ("DS", "300000000.5", False), ("DS", "20240131.25e0", True)),
    ],
)
def test_numbers_as_text(vr: str, text: str, identifies: bool) -> None:
    assert _core.number_may_identify(vr, text.encode()) is identifies
    assert expected.number_identifies(vr, text) is identifies


@pytest.mark.parametrize(
    ("vr", "number", "identifies"),
    [
        *(
            ("US", 65535, False),
            ("UL", 99999, False),
            ("UL", 100000, True),
            ("SL", -100000, True),
            ("SV", -(2**63), True),
        ),
        *(("FD", 20240131.5, True), ("FD", 123456.0, True), ("FD", 123456.5, False), ("FD", 1e17, False)),
        *(("FD", 20240131123456789.0, True), ("FD", float("nan"), False), ("FD", float("-inf"), False)),
        *(("FL", 1.5e9, True), ("FL", 3e8, True), ("FL", 3e20, False), ("FD", 1.7e9 + 0.25, True)),
    ],
)
def test_binary_numbers(vr: str, number: float, identifies: bool) -> None:
    letter = {"US": "H", "UL": "I", "SL": "i", "SV": "q", "FL": "f", "FD": "d"}[vr]
    assert _core.number_may_identify(vr, struct.pack(f"<{letter}", number)) is identifies
    assert expected.number_identifies(vr, str(number)) is identifies


DECIMALS = st.from_regex(r"[+-]?([0-9]{1,12}(\.[0-9]{0,8})?|\.[0-9]{1,8})([eE][+-]?[0-9]{1,2})?", fullmatch=True)


@given(DECIMALS, DECIMALS)
def test_decimals_equal_those_of_python(one: str, other: str) -> None:
    from decimal import Decimal

    first, second = (Decimal(one), one), (Decimal(other), other)
    order = _core.number_order("DS", one.encode(), other.encode())
    assert (order > 0) - (order < 0) == (first > second) - (first < second)
    assert _core.number_may_identify("DS", one.encode()) == expected.number_identifies("DS", one)


@given(st.floats(width=64), st.floats(width=64), st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_binary_numbers_equal_those_of_python(one: float, other: float, first: int, second: int) -> None:
    packed = struct.pack("<d", one), struct.pack("<d", other)
    assert _core.number_may_identify("FD", packed[0]) == expected.number_identifies("FD", repr(one))
    order = _core.number_order("FD", *packed)
    if not isnan(one) and not isnan(other) and one != other:
        assert (order > 0) == (one > other)
    whole = struct.pack("<q", first), struct.pack("<q", second)
    order = _core.number_order("SV", *whole)
    assert (order > 0) - (order < 0) == (first > second) - (first < second)


@pytest.mark.parametrize(
    ("uid", "root"),
    [
        ("1.2.840.113619.2.55.3", "1.2.840.113619"),
        ("1.2.840.10008.1.2.1", "1.2.840.10008"),
        ("1.3.12.2.1107.5.2.30", "1.3.12.2.1107"),
        ("1.3.46.670589.11.1", "1.3.46.670589"),
        ("1.2.392.200036.9116.2", "1.2.392.200036.9116"),
        ("1.2.276.0.7230010.3.0", "1.2.276.0.7230010"),
        ("1.2.826.0.1.3680043.2.1143.107", "1.2.826.0.1.3680043.2.1143"),
        ("1.2.826.0.1.3680043.5.107", "1.2.826.0.1.3680043.5"),
        ("1.3.6.1.4.1.14519.5.2", "1.3.6.1.4.1.14519"),
        ("2.16.840.1.113662.4", "2.16.840.1.113662"),
        ("1.2.156.112605.1", "1.2.156.112605"),
        ("2.25.12345", "2.25"),
        ("1.2.840.113619", ""),
        ("1.2.3.4.5", ""),
        ("9.9.9.9", ""),
    ],
)
def test_roots(uid: str, root: str) -> None:
    assert _core.uid_root(uid.encode()).decode() == root
    assert expected.uid_root(uid) == root


@given(
    st.from_regex(
        r"(1\.2\.(840|826|392|276|40|156|752)|2\.16\.(840|756|3)|2\.25|1\.3\.(12|46|6)|[0-9.]{1,6})(\.(0|1|[1-9][0-9]{0,9})){0,7}",
        fullmatch=True,
    )
)
def test_roots_equal_those_of_the_independent_program(uid: str) -> None:
    assert _core.uid_root(uid.encode()).decode() == expected.uid_root(uid)
    assert _core.uid_has_date(uid.encode()) == expected.uid_has_date(uid)


def test_dates_in_uids() -> None:
    assert _core.uid_has_date(b"1.2.840.1.20240131.4")
    assert _core.uid_has_date(b"1.2.840.1.20240131123456")
    assert _core.uid_has_date(b"2.25.20240131")
    assert not _core.uid_has_date(b"2.25.202401310123456789012345678901")
    assert not _core.uid_has_date(b"1.2.840.20241301")


def test_wrong_calls() -> None:
    for call in (
        lambda: _core.text_shape("é1".encode()),
        lambda: _core.number_may_identify("US", b"1"),
        lambda: _core.number_order("US", b"12", b"1"),
    ):
        with pytest.raises(ValueError, match=r"ASCII|size"):
            call()

"""Rows that are laid out in bulk are equal to those that are laid out one by one.

For: `tagsniff.report.layout`, and its choice between the two.
Never: the core, or the content of a report; that is tested with the report.
"""

from __future__ import annotations

import struct
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsniff.report.layout_bulk import PlainRows, RowsByUse, find_plain_rows, order_by_use
from tagsniff.report.values import ValueReport, build_value_report
from tagsniff.scanning.order import order_scan
from tagsniff.scanning.tables import ScanTables
from value_scans import CONFLICT, KEEP, REVIEW, Collapsed, Row, Use, make_scan, numbered, sample_scan, text

ELEMENTS = [(0x00080060, "CS"), (0x00100010, "PN"), (0x00189999, "US"), (0x00080020, "DA"), (0x00091010, "OB")]
NUMBERS = st.lists(st.integers(0, 2), max_size=2).map(
    lambda numbers: b"N\0\0\0\0" + struct.pack(f"<{len(numbers)}H", *numbers)
)
TEXTS = st.one_of(
    st.sampled_from([b"", b"A", b"<empty>", b"<", b"1", b"1.0", b"\xe9", b"a\nb"]).map(text),
    st.sampled_from([text(b"\xe9", 1), text(b"A", 1), b"E\0\0\0\0", numbered(b"I", 1), b"R\0\0\0\0\xff"]),
)
FLAGS = st.sampled_from([(), ("NOT_OF_VR",), ("NOT_OF_VR", "TRUNCATED")])


def make_rows(vr: str) -> st.SearchStrategy[list[Row]]:
    values = TEXTS | NUMBERS if vr == "US" else TEXTS
    collapsed = st.builds(
        lambda counts, example: Row(
            b"C\0\0\0\0\x05",
            flags=("COLLAPSED",),
            example=example,
            collapsed=Collapsed(counts, only=text(b"A") if counts == 1 else b""),
        ),
        st.integers(1, 9),
        st.sampled_from([b"in/a", b"in/b"]),
    )
    row = collapsed | st.builds(
        Row,
        value=values | st.none(),
        decision=st.sampled_from([KEEP, REVIEW, CONFLICT]),
        flags=FLAGS,
        example=st.sampled_from([b"in/a", b"in/b", b"in/\xff"]),
        files=st.integers(1, 1 << 40),
    )
    return st.lists(row, max_size=4)


def make_uses(element: tuple[int, str]) -> st.SearchStrategy[Use]:
    return st.builds(
        Use,
        st.just([(element[0], -1)]),
        st.just(element[1]),
        make_rows(element[1]),
        equipment=st.sampled_from([(b"MR", b"ACME", None, b""), (b"CT", b"ACME", b"One", b"2")]),
        # Text that was found in bytes is shown as text.
        kind=st.just(0) if element[1] == "US" else st.integers(0, 1),
        is_bounded=st.booleans(),
    )


USES = st.lists(
    st.sampled_from(ELEMENTS).flatmap(make_uses),
    max_size=6,
    unique_by=lambda use: (use.steps[0], use.equipment, use.kind),
)


def look_at_each(scan: ScanTables) -> ValueReport:
    """Return the report with every row laid out by itself."""

    def find_none(scan: ScanTables, by_use: RowsByUse) -> PlainRows:
        found = find_plain_rows(scan, by_use)
        return found._replace(is_plain=np.zeros_like(found.is_plain))

    with mock.patch("tagsniff.report.layout.find_plain_rows", find_none):
        return build_value_report(scan)


@given(USES, st.booleans())
def test_bulk_layout_equals_single_layout(uses: list[Use], is_ordered: bool) -> None:
    scan = make_scan(uses, charsets=(b"", b"ISO_IR 100"))
    scan = order_scan(scan) if is_ordered else scan
    assert build_value_report(scan) == look_at_each(scan)


def test_bulk_layout_equals_single_layout_for_the_sample() -> None:
    assert build_value_report(sample_scan()) == look_at_each(sample_scan())


def use_of(vr: str, *values: bytes | None) -> Use:
    return Use([(0x00189999, -1)], vr, [Row(value) for value in values])


@pytest.mark.parametrize(
    ("vr", "values", "is_plain"),
    [
        ("CS", [text(b"A"), text(b"B")], True),
        ("CS", [text(b"A"), text(b"<B")], False),
        ("CS", [text(b"A"), text(b"\xe9")], False),
        ("CS", [text(b"A"), text(b"B", 1)], False),
        ("CS", [text(b"A"), None], False),
        ("CS", [None], True),
        ("CS", [None, None], False),
        ("CS", [], True),
        ("US", [b"N\0\0\0\0\1\0", b"N\0\0\0\0\2\0\3\0"], True),
        ("US", [b"N\0\0\0\0\1\0", b"N\0\0\0\0"], False),
        ("US", [b"N\0\0\0\0\1\0", b"E\0\0\0\0"], False),
        ("US", [b"N\0\0\0\0\1\0", text(b"1")], False),
        ("US", [b"N\0\0\0\0\1\0", None], False),
        ("AT", [b"N\0\0\0\0\x10\0\x10\0"], False),
    ],
)
def test_only_plain_rows_are_laid_out_in_bulk(vr: str, values: list[bytes | None], is_plain: bool) -> None:
    scan = order_scan(make_scan([use_of(vr, *values)], charsets=(b"", b"ISO_IR 100")))
    assert find_plain_rows(scan, order_by_use(scan)).is_plain.tolist() == [is_plain]
    assert build_value_report(scan) == look_at_each(scan)


def test_numbers_are_sorted_by_their_texts() -> None:
    values = [b"N\0\0\0\0" + struct.pack("<H", number) for number in (2, 10, 1, 300)]
    report = build_value_report(order_scan(make_scan([use_of("US", *values)])))
    assert [row.value for row in report.rows] == ["1", "10", "2", "300"]


def test_unsorted_texts_are_laid_out_one_by_one() -> None:
    scan = make_scan([use_of("CS", text(b"B"), text(b"A"))])
    assert find_plain_rows(scan, order_by_use(scan)).is_plain.tolist() == [False]
    assert [row.value for row in build_value_report(scan).rows] == ["A", "B"]

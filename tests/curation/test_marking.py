"""The flags in a report: on which rows they are set, and that they are counted.

For: `tagsniff.curation.marking`.
Never: a rule; the rules have tests of their own.
"""

from __future__ import annotations

import pytest
from support.value_scans import KEEP, Row, Use, make_scan, text

from tagsniff.curation.marking import load_numeric_elements, mark_findings
from tagsniff.report.rows import RowKind
from tagsniff.report.values import ValueReport, build_value_report

SIEMENS = (b"MR", b"SIEMENS", b"One", b"1.0")


def mark(*uses: Use) -> ValueReport:
    return mark_findings(build_value_report(make_scan(uses)))


def test_flags_are_set_on_the_rows_with_values_alone() -> None:
    report = mark(
        Use([(0x00081030, -1)], "LO", [Row(text(b"DOE^JOHN")), Row(text(b"HEAD"))]),
        Use([(0x00180050, -1)], "DS", [Row(None, KEEP)]),
    )
    rows = {(row.kind, row.value): row.flags for row in report.rows}
    assert rows[RowKind.VALUE, "DOE^JOHN"] == ("NAME_LIKE",)
    assert rows[RowKind.VALUE, "HEAD"] == ()
    assert rows[RowKind.CODE, ""] == ()
    assert dict(report.findings)["NAME_LIKE"] == 1


def test_a_report_that_is_marked_stays_the_same() -> None:
    report = mark(Use([(0x00081030, -1)], "LO", [Row(text(b"DOE^JOHN 20040119"))]))
    again = mark_findings(report)
    assert again.rows == report.rows
    assert again.findings == report.findings


def test_a_private_creator_of_another_manufacturer() -> None:
    steps = [(0x00090004, b"GEMS_IDEN_01")]
    report = mark(
        Use(steps, "LO", [Row(text(b"one"))], equipment=SIEMENS),
        Use(steps, "LO", [Row(text(b"one"))], equipment=(b"MR", b"GE MEDICAL SYSTEMS", b"Two", b"1.0")),
        Use(steps, "LO", [Row(text(b"one"))], equipment=(b"MR", None, None, None)),
    )
    flagged = [row.equipment for row in report.rows if "OTHER_MAKER" in row.flags]
    assert flagged == ["MR:SIEMENS:One:1.0"]


def test_text_where_the_tables_have_a_number() -> None:
    steps = [(0x0019000C, b"SIEMENS MR HEADER")]
    report = mark(Use(steps, "LO", [Row(text(b"1000")), Row(text(b"Doe"))], equipment=SIEMENS))
    assert {row.value for row in report.rows if "TEXT_FOR_NUMBER" in row.flags} == {"Doe"}


@pytest.mark.parametrize(
    ("element", "is_number"),
    [
        ('(0019,"SIEMENS MR HEADER",0c)', True),
        ('(0009,"FDMS 1.0",08)', True),  # UL, and bytes whose VR was lost
        ('(0009,"GEMS_IDEN_01",04)', False),
        ('(2005,"Philips MR Imaging DD 005",0f)[<0>](0040,9210)', False),  # SS and SH
        ('(0009,"ACME",01)', False),
    ],
)
def test_elements_that_are_numbers_by_the_shipped_tables(element: str, is_number: bool) -> None:
    assert (element in load_numeric_elements()) is is_number


def test_seconds_on_a_day_that_the_collection_names() -> None:
    number = Use([(0x00201206, -1)], "LO", [Row(text(b"1074513600")), Row(text(b"1274513600"))])
    report = mark(number, Use([(0x00080020, -1)], "DA", [Row(text(b"20040119"))]))
    assert [row.value for row in report.rows if "SECONDS_SINCE_1970" in row.flags] == ["1074513600"]


def test_what_a_report_writes_in_place_of_a_value_is_not_looked_at() -> None:
    report = mark(Use([(0x00081030, -1)], "LO", [Row(text(b"<7 bytes, of 20040119 John Doe here>"), flags=())]))
    (row,) = report.rows
    # Here it is the value itself, and so it is looked at.
    assert "LITERAL" in row.flags
    assert "DATE_IN_TEXT" in row.flags


def test_a_report_without_rows() -> None:
    report = build_value_report(make_scan([]))
    assert mark_findings(report) is report

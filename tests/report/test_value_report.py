"""The value report of scans made by hand, and the exact bytes of its formats.

For: `tagsniff.report.values` and the writers of values.
Never: the core.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import fields, replace
from typing import TextIO

import numpy as np
import pytest

from tagsniff.report.rows import RowKind, ValueRow
from tagsniff.report.values import ValueReport, build_value_report
from tagsniff.scanning.order import order_scan
from tagsniff.scanning.tables import ScanTables
from tagsniff.status import Omission, Status
from tagsniff.writers import values
from tagsniff.writers.summaries import Listed
from value_scans import CONFLICT, KEEP, REVIEW, Collapsed, Row, Use, make_scan, sample_scan, text

COLUMNS = (
    "kind,equipment,modality,manufacturer,model,software,element,vr,name,code,value,"
    "files,series,patients,occurrences,blocks,flags,example,decided_by"
)
PROFILE = f"profile basic (PS3.15 2026d) with retain-uids sha256 {'00' * 32}"
REPORT = build_value_report(sample_scan())


def written(write: Callable[[ValueReport, TextIO], None], report: ValueReport = REPORT) -> str:
    stream = io.StringIO(newline="\n")
    write(report, stream)
    return stream.getvalue()


def row_of(element: str, value: str | None = None) -> ValueRow:
    found = [row for row in REPORT.rows if row.element == element and (value is None or row.value == value)]
    assert len(found) == 1
    return found[0]


def _summarize(report: ValueReport) -> str:
    stream = io.StringIO()
    values.write_summary(report, stream, listed=Listed())
    return stream.getvalue()


class TestRows:
    def test_rows_are_sorted_by_element(self) -> None:
        elements = list(dict.fromkeys(row.element for row in REPORT.rows))
        assert elements == [
            "(0008,0020)",
            "(0008,0060)",
            "(0008,1140)[<0>](0008,1155)",
            '(0009,"ACME",01)',
            '(0009,"ACME",01)/text',
            "(0009,<none:11>,02)",
            "(0010,0010)",
        ]

    def test_a_decisive_code_has_counts_and_no_value(self) -> None:
        row = row_of("(0008,0060)")
        assert (row.kind, row.code, row.value) == (RowKind.CODE, "K", "")
        assert (row.files, row.series, row.occurrences) == (3, 2, 3)
        assert row.decided_by == KEEP.row

    def test_collapsed_values_are_one_row(self) -> None:
        collapsed = row_of("(0008,0020)", "<2 dates, 19940102..20240131>")
        assert (collapsed.files, collapsed.occurrences, collapsed.flags) == (3, 4, ("COLLAPSED",))
        assert row_of("(0008,0020)", "soon").flags == ()
        assert len([row for row in REPORT.rows if row.element == "(0008,0020)"]) == 2

    def test_a_reached_bound_has_a_row_after_the_values(self) -> None:
        rows = [row for row in REPORT.rows if row.element.startswith("(0008,1140)")]
        assert [(row.kind, row.value, row.code) for row in rows] == [
            (RowKind.VALUE, "1.2", "R"),
            (RowKind.MORE, "70000", "R"),
        ]
        assert REPORT.omissions.bounded == 1

    def test_equipment(self) -> None:
        assert row_of("(0009,<none:11>,02)").equipment == "<undef>:<empty>:\\xe9:A\\B"
        assert row_of("(0008,0060)").equipment == "MR:ACME:One:1.0"
        assert REPORT.equipment == 2

    def test_blocks(self) -> None:
        assert row_of('(0009,"ACME",01)', "").blocks == (0x10, 0x8F)
        assert row_of("(0009,<none:11>,02)").blocks == (0x11,)
        assert row_of("(0008,0060)").blocks == ()

    def test_text_found_in_bytes_is_a_child(self) -> None:
        assert row_of('(0009,"ACME",01)/text').value == "found text"

    def test_counts_of_equal_texts_are_never_added(self) -> None:
        scan = make_scan(
            [Use([(0x00100010, -1)], "PN", [Row(text(b"\xc3\xa9", 1)), Row(text(b"\xe9", 2)), Row(text(b"e"))])],
            charsets=(b"", b"ISO_IR 192", b"ISO_IR 100"),
        )
        rows = build_value_report(scan).rows
        assert [(row.value, row.flags, row.files) for row in rows] == [
            ("e", (), 1),
            ("é", ("SAME_TEXT",), 1),
            ("é", ("SAME_TEXT",), 1),
        ]

    def test_conflicts_name_the_rows(self) -> None:
        assert [(conflict.element, conflict.code, conflict.rivals) for conflict in REPORT.conflicts] == [
            ('(0009,"ACME",01)', "X", CONFLICT.rivals)
        ]
        assert dict(REPORT.findings) == {"CONFLICT": 2, "UNDECODED": 1}

    def test_flags_of_the_core_are_shown(self) -> None:
        rows = [
            Row(text(b"abc"), KEEP, ("NOT_A_NUMBER",)),
            Row(b"R\0\0\0\0a", flags=("BAD_LENGTH",)),
            Row(b"L\0\0\0\0" + bytes(40), flags=("TRUNCATED",)),
        ]
        report = build_value_report(make_scan([Use([(0x00100010, -1)], "DS", rows)]))
        assert dict(report.findings) == {"NOT_A_NUMBER": 1, "BAD_LENGTH": 1, "TRUNCATED": 1}
        assert next(row.code for row in report.rows if "NOT_A_NUMBER" in row.flags) == "K"

    def test_codes_that_differ_by_block_collapse_separately(self) -> None:
        other = replace(REVIEW, row="b.csv:9")
        collapsed = ("COLLAPSED",)
        one, two = (Collapsed(2, first, b"20250101", (1, 1)) for first in (b"20240101", b"20240202"))
        rows = [
            Row(b"C\0\0\0\0\x01", flags=collapsed, collapsed=one),
            Row(b"C\0\0\0\0\x01", other, collapsed, collapsed=two),
        ]
        report = build_value_report(make_scan([Use([(0x00080020, -1)], "DA", rows)]))
        assert [row.value for row in report.rows] == [
            "<2 dates, 20240101..20250101>",
            "<2 dates, 20240202..20250101>",
        ]

    def test_one_value_alone_is_shown_as_it_is(self) -> None:
        only = Collapsed(1, b"20240101", b"20240101", (1, 1), text(b"20240101"))
        rows = [Row(b"C\0\0\0\0\x01", flags=("COLLAPSED",), collapsed=only, files=3)]
        report = build_value_report(make_scan([Use([(0x00080020, -1)], "DA", rows)]))
        assert [(row.value, row.flags, row.files) for row in report.rows] == [("20240101", (), 3)]


def shuffled(scan: ScanTables, seed: int) -> ScanTables:
    """Return the same scan with its tables in another order."""
    order = random.Random(seed)

    def shuffle(count: int) -> tuple[list[int], np.ndarray]:
        old = list(range(count))
        order.shuffle(old)
        new = np.empty(count, "i8")
        new[old] = np.arange(count)
        return old, new

    uses, new_uses = shuffle(len(scan.uses))
    rows, new_rows = shuffle(len(scan.rows))
    values, new_values = shuffle(len(scan.values))
    equipment, new_equipment = shuffle(len(scan.equipment))
    decisions, new_decisions = shuffle(len(scan.decisions))
    row_table = scan.rows[rows]
    row_table["use"] = new_uses[row_table["use"]]
    row_table["decision"] = new_decisions[row_table["decision"]]
    row_table["value"] = np.where(row_table["value"] < 0, -1, new_values[row_table["value"]])
    use_table = scan.uses[uses]
    use_table["equipment"] = new_equipment[use_table["equipment"]]
    runs, _ = shuffle(len(scan.series_runs))
    run_table = scan.series_runs[runs]
    for table, new_numbers in ((1, new_uses), (2, new_rows)):
        of_table = run_table["table"] == table
        run_table["owner"][of_table] = new_numbers[run_table["owner"][of_table]]
    return replace(
        scan,
        series_runs=run_table,
        uses=use_table,
        rows=row_table,
        equipment=scan.equipment[equipment],
        values=scan.values.pick(values),
        decisions=tuple(scan.decisions[number] for number in decisions),
        omissions=scan.omissions[::-1],
        deviations=scan.deviations[::-1],
    )


def list_fields(scan: ScanTables) -> list[object]:
    found = (getattr(scan, field.name) for field in fields(scan))
    # Not the bytes of the tables: they have padding between columns.
    return [[str(row) for row in one] if isinstance(one, np.ndarray) else one for one in found]


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_files_changes_nothing(seed: int) -> None:
    other = shuffled(sample_scan(), seed)
    assert other.uses.tobytes() != sample_scan().uses.tobytes()
    assert build_value_report(other) == REPORT
    assert list_fields(order_scan(other)) == list_fields(order_scan(sample_scan()))
    assert build_value_report(order_scan(other)) == REPORT


class TestCompleteness:
    def test_exclusions_leave_the_report_complete(self) -> None:
        scan = make_scan([], omissions=(Omission("a", Status.NOT_DICOM),))
        assert build_value_report(scan).omissions.is_complete()

    def test_a_fault_makes_the_report_incomplete(self) -> None:
        scan = make_scan([], omissions=(Omission("a", Status.CANNOT_OPEN),))
        assert not build_value_report(scan).omissions.is_complete()

    def test_a_reached_bound_makes_the_report_incomplete(self) -> None:
        use = Use([(0x00100010, -1)], "PN", [Row(text(b"a"))])
        assert build_value_report(make_scan([use])).omissions.is_complete()
        assert not build_value_report(make_scan([replace(use, is_bounded=True)])).omissions.is_complete()

    def test_a_file_kept_in_part_makes_the_report_incomplete(self) -> None:
        assert not build_value_report(make_scan([], partial_files=1)).omissions.is_complete()


class TestWriters:
    def test_csv(self) -> None:
        lines = written(values.write_csv)
        header, first, *rows, last = csv.reader(io.StringIO(lines, newline=""))
        assert ",".join(header) == COLUMNS
        assert {len(row) for row in (first, *rows, last)} == {len(header)}
        assert len(rows) == len(REPORT.rows)
        names = {row[10] for row in rows if row[6] == "(0010,0010)"}
        assert names == {"DOE^JANE", "\\xe9", "é", "'=1+1\n\\x1b[2J"}
        (code,) = [row for row in rows if row[0] == "code" and row[7] == "OB"]
        assert code[:6] == ["code", "MR:ACME:One:1.0", "MR", "ACME", "One", "1.0"]
        assert code[6:11] == ['(0009,"ACME",01)', "OB", "Secret [own]", "X", ""]
        assert code[11:] == ["1", "1", "1", "1", "10/8f", "CONFLICT", "in/a", CONFLICT.row]

    def test_the_first_row_says_what_was_run_and_the_last_what_is_missing(self) -> None:
        """In one of the columns; all others are empty, so that no sum changes."""
        _, first, *_, last = csv.reader(io.StringIO(written(values.write_csv), newline=""))
        assert (first[0], last[0]) == ("run", "incomplete")
        assert first[10] == f"tagsniff 9.9; before; 2026-12-01T00:00:00Z; {PROFILE}"
        assert last[10] == (
            "1 path could not be read, or not to the end; 1 element of some equipment has more values than are kept"
        )
        assert [*filter(None, first), *filter(None, last)] == ["run", first[10], "incomplete", last[10]]
        lines = [json.loads(line) for line in written(values.write_jsonl).splitlines()]
        assert lines[0] == {
            "kind": "run",
            "tagsniff": "9.9",
            "mode": "before",
            "date": "2026-12-01T00:00:00Z",
            "profiles": json.loads(written(values.write_json))["profiles"],
        }
        assert lines[-1] == {
            "kind": "incomplete",
            "text": last[10],
            "faults": {"TRUNCATED_VALUE": 1},
            "partial_files": 0,
            "bounded": 1,
        }
        text = written(values.write_text).splitlines()
        assert text[0] == f"# INCOMPLETE: {last[10]}"
        assert text[1:3] == ["# tagsniff 9.9; before; 2026-12-01T00:00:00Z", f"#   {PROFILE[:-48]}"]
        whole = json.loads(written(values.write_json))
        assert (whole["tagsniff"], whole["mode"], whole["date"]) == ("9.9", "before", "2026-12-01T00:00:00Z")
        assert (whole["complete"], whole["incomplete"]) == (False, last[10])

    def test_a_complete_report_has_no_mark(self) -> None:
        report = build_value_report(make_scan([Use([(0x00100010, -1)], "PN", [Row(text(b"a"))])]))
        for write in (values.write_csv, values.write_jsonl, values.write_text):
            assert "incomplete" not in written(write, report).lower()
        whole = json.loads(written(values.write_json, report))
        assert (whole["complete"], whole["incomplete"]) == (True, "")

    def test_no_file_is_no_complete_report(self) -> None:
        report = build_value_report(make_scan([], files=0))
        assert not report.omissions.is_complete()
        assert written(values.write_text, report).startswith("# INCOMPLETE: no file was read\n")

    @pytest.mark.parametrize("start", "=+-@\t\r")
    def test_no_cell_of_csv_is_a_formula(self, start: str) -> None:
        scan = make_scan([Use([(0x00100010, -1)], "PN", [Row(text(start.encode() + b"x"))])])
        rows = list(csv.DictReader(io.StringIO(written(values.write_csv, build_value_report(scan)), newline="")))
        assert rows[1]["value"] == "'" + start + "x"

    def test_jsonl_loses_nothing(self) -> None:
        objects = [json.loads(line) for line in written(values.write_jsonl).split("\n")[1:-2]]
        assert ",".join(objects[0]) == COLUMNS.replace("name", "keyword,name")
        assert [one["value"] for one in objects] == [row.value for row in REPORT.rows]
        assert any(one["value"] == "=1+1\n\x1b[2J" for one in objects)
        assert any(one["example"] == "in/\\xff" for one in objects)

    def test_json(self) -> None:
        whole = json.loads(written(values.write_json))
        lines = [json.loads(line) for line in written(values.write_jsonl).split("\n")[1:-2]]
        assert whole["rows"] == lines
        assert whole["complete"] is False
        assert whole["totals"]["rows"] == len(REPORT.rows)
        assert whole["totals"]["faults"] == {"TRUNCATED_VALUE": 1}
        assert whole["profiles"][0]["options"] == ["retain-uids"]
        assert whole["conflicts"][0]["rivals"] == list(CONFLICT.rivals)

    def test_json_of_an_empty_scan(self) -> None:
        whole = json.loads(written(values.write_json, build_value_report(make_scan([]))))
        assert (whole["rows"], whole["complete"]) == ([], True)

    def test_text(self) -> None:
        out = written(values.write_text)
        assert "\x1b" not in out
        assert (
            "\n(0010,0010)\n"
            "  MR:ACME:One:1.0  PN  <- basic.csv\n"
            "        1       1         1            1  R     =1+1\\x0a\\x1b[2J\n"
            "        2       1         1            2  R     DOE^JANE\n"
            "        1       1         1            1  R     \\xe9  [UNDECODED]\n"
            "        1       1         1            1  R     é\n"
        ) in out
        assert (
            "  MR:ACME:One:1.0  OB  10/8f  <- a.csv:2\n        1       1         1            1  X     -  [CONFLICT]\n"
            in out
        )
        assert "about 70000 different values  [ESTIMATED]\n" in out

    def test_summary_says_what_is_never_read(self) -> None:
        """Pixel Data of a VR of samples; with a VR of text it is a value like others."""
        pixels = [Use([(0x7FE00010, -1)], vr, [Row(b"S\0\0\0\0" + bytes(8))]) for vr in ("US", "OB", "LO")]
        others = [Use([(0x00420011, -1)], "OB", [Row(b"B\0\0\0\0" + bytes(40))])]
        report = build_value_report(make_scan(pixels + others))
        assert report.unread == 2
        assert "not looked into: 2 values of Pixel Data; only the length is listed\n" in _summarize(report)
        assert "not looked into" not in _summarize(build_value_report(make_scan(others)))

    def test_summary_has_no_value(self) -> None:
        stream = io.StringIO()
        values.write_summary(REPORT, stream, listed=Listed())
        out = stream.getvalue()
        assert out.startswith("3 files read, 2 series, 2 patients, 2 kinds of equipment, 7 elements, 13 rows\n")
        assert "  2  CONFLICT: " in out
        assert "more than 65536 values" in out
        assert "TRUNCATED_VALUE" in out
        assert "--exclusions FILE lists them all" in out
        assert not any(word in out for word in ("DOE", "ACME"))

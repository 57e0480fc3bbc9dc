"""The writers: the exact bytes of each format, and the characters that they escape."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import TextIO

import pytest

from tagsniff.output.csv_text import write_row
from tagsniff.output.json_text import format_json
from tagsniff.output.terminal_text import show_on_terminal, show_undecoded
from tagsniff.report.collisions import CollisionKind, CollisionReport, CollisionRow
from tagsniff.report.inventory import InventoryReport, InventoryRow
from tagsniff.report.rows import RowKind, ValueRow, gather_rows
from tagsniff.report.values import Conflict, ValueReport, build_value_report
from tagsniff.scanning.run_record import RunRecord
from tagsniff.scanning.tables import ProfileRecord
from tagsniff.status import Omission, Omissions, Status
from tagsniff.writers import collisions, inventory, values
from tagsniff.writers.exclusions import write_exclusions, write_path_key
from tagsniff.writers.summaries import Listed
from value_scans import make_scan

OF_PROFILE = (
    *("ReferencedImageSequence", "basic.csv:7  (0008,1140) X"),
    *("Secret\x1b [a]", 'none (b.csv  default R); dir/a.csv:2  (0009,"ACME",01) X'),
)
ROWS = (
    InventoryRow("(0008,1140)", ("SQ",), "ReferencedImageSequence", (), 12, 3, 2, 12, *OF_PROFILE[:2]),
    InventoryRow('(0009,"ACME, \u00e4\\x1b",01)', ("LO", "SH"), "", (0x10, 0x80), 1, 1, 1, 1234, *OF_PROFILE[2:]),
)
OMISSIONS = (
    Omission("/data/a,b", Status.NOT_DICOM),
    Omission('/data/q"\nr', Status.TRUNCATED_VALUE, 1234, 0x00100010),
    Omission("=x\udcff", Status.CANNOT_LIST, detail="Permission denied"),
)
REPORT = InventoryReport(
    files=12,
    series=3,
    patients=2,
    tags=(0x00081140, 0x00091001, 0x7FE00010),
    rows=ROWS,
    deviations=((Status.ODD_LENGTH, 2),),
    omissions=Omissions.gather(OMISSIONS),
    run=RunRecord("9.9", "inventory", "2026-12-01T00:00:00Z"),
)
MISSING = "2 paths could not be read, or not to the end"
NOTHING = InventoryReport(files=0, series=0, patients=0, tags=(), rows=(), deviations=(), omissions=Omissions())


def _written(write: Callable[[TextIO], None]) -> str:
    stream = io.StringIO(newline="\n")
    write(stream)
    return stream.getvalue()


def _inventory(write: Callable[..., None], report: InventoryReport = REPORT, *, by_creator: bool = False) -> str:
    return _written(lambda stream: write(report, stream, by_creator=by_creator))


class TestText:
    def test_default_is_one_line_for_each_tag(self) -> None:
        assert _inventory(inventory.write_text) == f"# INCOMPLETE: {MISSING}\n(0008,1140)\n(0009,1001)\n(7fe0,0010)\n"
        complete = replace(REPORT, omissions=Omissions())
        assert _inventory(inventory.write_text, complete) == "(0008,1140)\n(0009,1001)\n(7fe0,0010)\n"

    def test_identities_are_aligned_under_their_heading(self) -> None:
        assert _inventory(inventory.write_text, by_creator=True) == (
            f"# INCOMPLETE: {MISSING}\n"
            "# tagsniff 9.9; inventory; 2026-12-01T00:00:00Z\n"
            "# files  series  patients  occurrences  VR     blocks  row            name                     identity\n"
            "     12       3         2           12  SQ     -       basic.csv:7    ReferencedImageSequence  "
            "(0008,1140)\n"
            "      1       1         1         1234  LO/SH  10/80   none, a.csv:2  Secret\\x1b [a]           "
            '(0009,"ACME, \u00e4\\x1b",01)\n'
        )

    def test_an_empty_collection(self) -> None:
        assert _inventory(inventory.write_text, NOTHING) == ""
        assert _inventory(inventory.write_text, NOTHING, by_creator=True).startswith("# tagsniff\n# files  series")

    def test_the_view_of_a_person(self) -> None:
        """Counts, VR and name; the elements of a sequence are indented."""
        inner = InventoryRow("(0008,1140)[<0>](0008,1155)", ("UI",), "", (), 12, 3, 2, 30, "ReferencedSOPInstanceUID")
        report = replace(REPORT, rows=(ROWS[0], inner, ROWS[1]), omissions=Omissions())
        assert _written(lambda stream: inventory.write_for_person(report, stream)) == (
            "files  occurrences  VR     element  name\n"
            "   12           12  SQ     (0008,1140)  ReferencedImageSequence\n"
            "   12           30  UI       (0008,1155)  ReferencedSOPInstanceUID\n"
            '    1         1234  LO/SH  (0009,"ACME, \u00e4\\x1b",01)  Secret\\x1b [a]\n'
        )


class TestCsv:
    def test_default_is_one_row_for_each_tag(self) -> None:
        assert _inventory(inventory.write_csv) == (
            "kind,tag,text\n"
            "run,,tagsniff 9.9; inventory; 2026-12-01T00:00:00Z\n"
            'tag,"(0008,1140)",\ntag,"(0009,1001)",\ntag,"(7fe0,0010)",\n'
            f'incomplete,,"{MISSING}"\n'
        )

    def test_lines_of_json(self) -> None:
        first, *tags, last = (json.loads(line) for line in _inventory(inventory.write_jsonl).splitlines())
        assert first == {
            "kind": "run",
            "tagsniff": "9.9",
            "mode": "inventory",
            "date": "2026-12-01T00:00:00Z",
            "profiles": [],
        }
        assert tags == [{"kind": "tag", "tag": tag} for tag in ("(0008,1140)", "(0009,1001)", "(7fe0,0010)")]
        assert (last["kind"], last["text"]) == ("incomplete", MISSING)

    def test_identities(self) -> None:
        text = _inventory(inventory.write_csv, by_creator=True)
        assert text == (
            "kind,identity,vrs,name,blocks,files,series,patients,occurrences,decided_by\n"
            "run,,,tagsniff 9.9; inventory; 2026-12-01T00:00:00Z,,,,,,\n"
            'identity,"(0008,1140)",SQ,ReferencedImageSequence,,12,3,2,12,"basic.csv:7  (0008,1140) X"\n'
            'identity,"(0009,""ACME, \u00e4\\x1b"",01)",LO/SH,Secret\\x1b [a],10/80,1,1,1,1234,'
            '"none (b.csv  default R); dir/a.csv:2  (0009,""ACME"",01) X"\n'
            f'incomplete,,,"{MISSING}",,,,,,\n'
        )
        assert list(csv.reader(io.StringIO(text, newline="")))[3][1] == ROWS[1].identity

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
    def test_a_cell_is_not_a_formula(self, start: str) -> None:
        text = _written(lambda stream: write_row(stream, [start + "x", "a" + start, start + "x"]))
        assert next(csv.reader(io.StringIO(text, newline=""))) == ["'" + start + "x", "a" + start, "'" + start + "x"]

    @pytest.mark.parametrize(
        "number", ["-12.5", "+3", "-1e5", "-1E-05", "-.5", "+7.", "-0", "-1\\-0.5\\2", "1\\-2", "-1.5e+10"]
    )
    def test_a_number_is_no_formula(self, number: str) -> None:
        assert _written(lambda stream: write_row(stream, ["x", number])) == f"x,{number}\n"

    @pytest.mark.parametrize(
        "formula",
        [
            *("-cmd|' /C calc'!A0", "+1+1", "-1-2", "-(1)", "-1*2", "-A1", "=-1", "-1e", "-1e5e5", "-.", "--1", "-"),
            *("+", "-\u0661", "-1 2", "-1,5", "-1\\", "-1\\=2", "-1|-2", "-1\n", "-1;2", "+49 30 123", "-1:2", "-12%"),
        ],
    )
    def test_what_is_almost_a_number_may_be_a_formula(self, formula: str) -> None:
        text = _written(lambda stream: write_row(stream, ["x", formula]))
        assert next(csv.reader(io.StringIO(text, newline="")))[1].startswith("'" + formula[0])

    def test_the_first_cell_of_a_row_is_no_signed_number(self) -> None:
        """Where cells end at semicolons, the number and the next cell are one cell, which may be a formula."""
        text = _written(lambda stream: write_row(stream, ["-3", "5+cmd|' /C calc'!A0"]))
        assert text == "'-3,5+cmd|' /C calc'!A0\n"

    @pytest.mark.parametrize("separator", [";", "\t", "\n", "\r\n"])
    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
    def test_no_part_of_a_cell_is_a_formula_with_another_separator(self, start: str, separator: str) -> None:
        """For a program that separates cells at semicolons or tabs."""
        value = f"a{separator}{start}cmd|' /C calc'!A0{separator} \"{start}1\"{separator}b{start}"
        text = _written(lambda stream: write_row(stream, ["x", value, "y"]))
        for part in re.split("[;\t\r\n]", text):
            assert not part.lstrip(' "').startswith(start), part
        (row,) = csv.reader(io.StringIO(text, newline=""), strict=True)
        assert row == [
            "x",
            value.replace(f"{separator}{start}", f"{separator}'{start}").replace(f'"{start}', f"\"'{start}"),
            "y",
        ]

    @pytest.mark.parametrize("cell", ["", " a ", ",", '"', '""', "\n", "a\rb", "a\r\n", 'a "b", c\n"'])
    def test_every_cell_is_read_back(self, cell: str) -> None:
        text = _written(lambda stream: write_row(stream, ["x", cell, "y"]))
        assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [["x", cell, "y"]]

    @pytest.mark.parametrize(
        ("cell", "written"),
        [
            ("\x1b[31mred", "\\x1b[31mred"),
            ("\x9b2J\x7f\x85", "\\x9b2J\\x7f\\x85"),
            ("a\x00b\x08", "a\\x00b\\x08"),
            ("in/\udcff", "in/\\xff"),
            ("half \ud800", "half \\ud800"),
            ("tab\tin \u5c71 \U0001f600", "tab\tin \u5c71 \U0001f600"),
            # No longer a formula, and not made one by the text before it.
            ("\x0b=1+1", "\\x0b=1+1"),
        ],
    )
    def test_no_cell_controls_a_terminal(self, cell: str, written: str) -> None:
        text = _written(lambda stream: write_row(stream, [cell, cell]))
        assert text == f"{written},{written}\n"
        text.encode()

    def test_every_csv_writer_escapes(self) -> None:
        """Paths, equipment and details of all lists use the same writer."""
        evil = "=\x1b[2J\udcff"
        omission = Omission(evil, Status.CANNOT_OPEN, detail=evil)
        collision = CollisionRow(CollisionKind.TAG, evil, evil, "LO", "K", evil, (0x10,), 1, 1, 1, 1)
        row = ValueRow(RowKind.VALUE, evil, evil, "LO", "", "R", evil, 1, 1, 1, 1, (), (), evil, evil)
        texts = [
            _written(lambda stream: write_exclusions([omission], stream)),
            _written(lambda stream: collisions.write_csv(_collisions_of(collision), stream)),
            _written(lambda stream: values.write_csv(_report_of(row), stream)),
            _written(lambda stream: write_path_key({os.fsencode(evil): "1"}, stream)),
        ]
        for text in texts:
            text.encode()
            assert "\x1b" not in text
            cells = [cell for line in csv.reader(io.StringIO(text, newline=""), strict=True) for cell in line]
            assert "'=\\x1b[2J\\xff" in cells
            assert not [cell for cell in cells if cell.startswith("=")]


class TestJsonText:
    UNSEEN = "\x7f\x80\x9b\xad\u061c\u200b\u200e\u2028\u2029\u202e\u2066\ufeff\U000e0001\ud800\udcff"

    def test_characters_that_are_not_printable_are_escaped_and_read_back(self) -> None:
        for letter in (*map(chr, range(32)), *self.UNSEEN):
            text = format_json({letter: [letter]})
            assert text.isprintable(), hex(ord(letter))
            text.encode()
            assert json.loads(text) == {letter: [letter]}

    def test_no_character_that_controls_a_terminal_is_written(self) -> None:
        """Of all characters: controls, and those that change the direction of the text after them."""
        text = "".join(map(chr, range(0x110000)))
        written = format_json(text)
        directions = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
        wrong = {
            letter
            for letter in written
            if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")
            or unicodedata.bidirectional(letter) in directions
        }
        assert wrong == set()
        # A JSON reader joins a pair of surrogates to one character, so surrogates are left out of this text.
        whole = text.replace("\ud800", "").translate(dict.fromkeys(range(0xD800, 0xE000)))
        assert json.loads(format_json(whole)) == whole

    @pytest.mark.parametrize("text", ["plain", "\u00e4\u5c71\U0001f600 e\u0301", '"\\/'])
    def test_printable_text_is_not_escaped(self, text: str) -> None:
        assert format_json(text) == json.dumps(text, ensure_ascii=False)

    def test_every_json_writer_escapes(self) -> None:
        evil = "\x9b2J\u202e\udcff"
        omission = Omission(evil, Status.CANNOT_OPEN, detail=evil)
        row = ValueRow(RowKind.VALUE, evil, evil, "LO", "", "R", evil, 1, 1, 1, 1, (), (), evil, evil)
        collision = CollisionRow(CollisionKind.TAG, evil, evil, "LO", "K", evil, (0x10,), 1, 1, 1, 1)
        report = replace(
            _report_of(row),
            omissions=Omissions.gather([omission]),
            collisions=(collision,),
            conflicts=(Conflict(evil, evil, "LO", "X", evil, (evil,)),),
            profiles=(ProfileRecord("Confidentiality", evil, evil, (), evil),),
        )
        of_tags = replace(REPORT, rows=(replace(ROWS[0], identity=evil),), omissions=Omissions.gather([omission]))
        texts = [
            _written(lambda stream: values.write_json(report, stream)),
            _written(lambda stream: values.write_jsonl(report, stream)),
            _written(lambda stream: collisions.write_json(_collisions_of(collision), stream)),
            _inventory(inventory.write_json, of_tags, by_creator=True),
        ]
        for text in texts:
            text.encode()
            assert [line for line in text.split("\n") if not line.isprintable()] == []
            assert "\\u009b2J\\u202e" in text


class TestPathKey:
    def test_rows_are_in_the_order_of_the_numbers(self) -> None:
        text = _written(lambda stream: write_path_key({b"in/b": "01", b"in/\xff": "10", b"=a,b": "02"}, stream))
        assert text == 'number,path\n01,in/b\n02,"\'=a,b"\n10,in/\\xff\n'


class TestValuesText:
    @pytest.mark.parametrize(
        ("kind", "value", "shown"),
        [
            (RowKind.COUNT, "12", "12 different values"),
            (RowKind.MORE, "12", "about 12 different values"),
            (RowKind.CODE, "", "-"),
            (RowKind.VALUE, "12", "12"),
        ],
    )
    def test_descriptions_in_place_of_values(self, kind: RowKind, value: str, shown: str) -> None:
        row = ValueRow(kind, "MR", "(0010,0010)", "PN", "", "R", value, 1, 1, 1, 1, (), (), "", "")
        text = _written(lambda stream: values.write_text(_report_of(row), stream))
        assert text.endswith(f"R     {shown}\n")

    @pytest.mark.parametrize(
        "evil",
        [
            "\x1b[31mred\x1b[0m",
            "\x1b]0;title\x07",
            "a\rb",
            "a\nb",
            "\x9b2J",
            "\x85",
            "\u202e",
            "\u2066",
            "\x08",
            "\xad",
        ],
    )
    def test_no_text_controls_the_terminal(self, evil: str) -> None:
        row = ValueRow(RowKind.VALUE, evil, "(0010,0010)", "PN", "", "R", evil, 1, 1, 1, 1, (), (), evil, evil)
        collision = CollisionRow(CollisionKind.TAG, evil, evil, "LO", "K", evil, (0x10,), 1, 1, 1, 1)
        report = replace(_report_of(row), collisions=(collision,))
        text = _written(lambda stream: values.write_text(report, stream))
        lines = text.split("\n")
        assert [line for line in lines if not line.isprintable()] == []
        assert len(lines) == len(_written(lambda s: values.write_text(_plain(report), s)).split("\n"))


def _plain(report: ValueReport) -> ValueReport:
    """Return the same report with harmless texts."""
    rows = tuple(row._replace(equipment="x", value="x") for row in report.rows)
    collisions = tuple(replace(row, subject="x", element="x", equipment="x") for row in report.collisions)
    table, uses = gather_rows(rows)
    return replace(report, table=table, uses=uses, collisions=collisions)


def _report_of(*rows: ValueRow) -> ValueReport:
    table, uses = gather_rows(rows)
    return replace(build_value_report(make_scan([])), table=table, uses=uses)


def _collisions_of(*rows: CollisionRow) -> CollisionReport:
    return CollisionReport(files=1, max_values=1, rows=rows, omissions=Omissions())


class TestJson:
    def test_default_lists_the_tags(self) -> None:
        text = _inventory(inventory.write_json)
        assert text.endswith("}\n")
        assert json.loads(text) == {
            "output": "element-inventory",
            "version": 2,
            "tagsniff": "9.9",
            "mode": "inventory",
            "date": "2026-12-01T00:00:00Z",
            "complete": False,
            "incomplete": MISSING,
            "profiles": [],
            "totals": {
                "files": 12,
                "series": 3,
                "patients": 2,
                "tags": 3,
                "identities": 2,
                "exclusions": {"NOT_DICOM": 1},
                "faults": {"TRUNCATED_VALUE": 1, "CANNOT_LIST": 1},
                "deviations": {"ODD_LENGTH": 2},
            },
            "elements": ["(0008,1140)", "(0009,1001)", "(7fe0,0010)"],
            "omissions": [
                {
                    "path": "/data/a,b",
                    "kind": "exclusion",
                    "reason": "NOT_DICOM",
                    "offset_bytes": None,
                    "tag": None,
                    "text": Status.NOT_DICOM.text,
                    "detail": "",
                },
                {
                    "path": '/data/q"\nr',
                    "kind": "fault",
                    "reason": "TRUNCATED_VALUE",
                    "offset_bytes": 1234,
                    "tag": "(0010,0010)",
                    "text": Status.TRUNCATED_VALUE.text,
                    "detail": "",
                },
                {
                    "path": "=x\\xff",
                    "kind": "fault",
                    "reason": "CANNOT_LIST",
                    "offset_bytes": None,
                    "tag": None,
                    "text": Status.CANNOT_LIST.text,
                    "detail": "Permission denied",
                },
            ],
        }

    def test_identities_replace_the_tags(self) -> None:
        body = json.loads(_inventory(inventory.write_json, by_creator=True))
        assert "elements" not in body
        assert body["identities"] == [
            {
                "identity": "(0008,1140)",
                "vrs": ["SQ"],
                "keyword": "ReferencedImageSequence",
                "name": "ReferencedImageSequence",
                "blocks": [],
                "files": 12,
                "series": 3,
                "patients": 2,
                "occurrences": 12,
                "decided_by": "basic.csv:7  (0008,1140) X",
            },
            {
                "identity": '(0009,"ACME, \u00e4\\x1b",01)',
                "vrs": ["LO", "SH"],
                "keyword": "",
                "name": OF_PROFILE[2],
                "blocks": ["10", "80"],
                "files": 1,
                "series": 1,
                "patients": 1,
                "occurrences": 1234,
                "decided_by": OF_PROFILE[3],
            },
        ]


class TestExclusions:
    def test_rows(self) -> None:
        text = _written(lambda stream: write_exclusions(OMISSIONS, stream))
        assert text == (
            "path,kind,reason,offset_bytes,tag,text\n"
            '"/data/a,b",exclusion,NOT_DICOM,,,"no DICM prefix, and the first bytes are no data element"\n'
            '"/data/q""\nr",fault,TRUNCATED_VALUE,1234,"(0010,0010)",the file ends inside a value field\n'
            "'=x\\xff,fault,CANNOT_LIST,,,the folder could not be listed: Permission denied\n"
        )

    def test_only_the_header_without_omissions(self) -> None:
        assert _written(lambda stream: write_exclusions((), stream)) == "path,kind,reason,offset_bytes,tag,text\n"

    def test_offset_zero_is_written(self) -> None:
        omission = Omission("a", Status.UNREADABLE_ELEMENT, 0, 0)
        text = _written(lambda stream: write_exclusions([omission], stream))
        assert text.splitlines()[1].startswith('a,fault,UNREADABLE_ELEMENT,0,"(0000,0000)",')


class TestSummary:
    def test_reasons_are_counted(self) -> None:
        listed = Listed(exclusions="x\x1b[2J.csv", deviations="d\x1b[2J.csv")
        assert _written(lambda stream: inventory.write_summary(REPORT, stream, listed=listed)) == (
            "12 files read, 3 series, 2 patients, 3 tags\n"
            "faults (paths):\n"
            "  1  TRUNCATED_VALUE: the file ends inside a value field\n"
            '       /data/q"\\x0ar\n'
            "  1  CANNOT_LIST: the folder could not be listed\n"
            "       =x\\xff\n"
            "exclusions (paths):\n"
            "  1  NOT_DICOM: no DICM prefix, and the first bytes are no data element\n"
            "       /data/a,b\n"
            "deviations (files):\n"
            "  2  ODD_LENGTH: odd value length\n"
            "the files with deviations are listed in d\\x1b[2J.csv\n"
            "3 paths were left out or read in part; all are listed in x\\x1b[2J.csv\n"
        )

    def test_no_omissions(self) -> None:
        assert _written(lambda stream: inventory.write_summary(NOTHING, stream, listed=Listed())) == (
            "0 files read, 0 series, 0 patients, 0 tags\nnothing was left out\n"
        )


class TestPathText:
    @pytest.mark.parametrize(
        ("path", "shown"),
        [
            ("/data/a b", "/data/a b"),
            ("/d\u00e4ta/\U0001f600", "/d\u00e4ta/\U0001f600"),
            ("a\udc80\udcffb", "a\\x80\\xffb"),
            ("a\ud800", "a\\ud800"),
            ("a\n\x1b", "a\n\x1b"),
        ],
    )
    def test_undecoded_bytes_are_escaped(self, path: str, shown: str) -> None:
        assert show_undecoded(path) == shown
        shown.encode("utf-8")

    @pytest.mark.parametrize(
        ("path", "shown"),
        [
            ("/data/\u00e4 b", "/data/\u00e4 b"),
            ("\x1b[31m\n\r\x07", "\\x1b[31m\\x0a\\x0d\\x07"),
            ("\x9b2J\x7f", "\\x9b2J\\x7f"),
            ("\u202e\u2028", "\\u202e\\u2028"),
            ("\udcff", "\\xff"),
            ("\U000e0001", "\\U000e0001"),
        ],
    )
    def test_the_terminal_is_not_controlled(self, path: str, shown: str) -> None:
        assert show_on_terminal(path) == shown

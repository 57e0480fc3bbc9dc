"""The writers: the exact bytes of each format, and files that are written whole or not at all."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import pytest

from tagsniff.report import InventoryReport, InventoryRow
from tagsniff.status import Omission, Status
from tagsniff.writers import csv as csv_writer
from tagsniff.writers import json as json_writer
from tagsniff.writers import text as text_writer
from tagsniff.writers.exclusions import write_exclusions
from tagsniff.writers.files import check_target, write_whole
from tagsniff.writers.path_text import show_on_terminal, show_undecoded
from tagsniff.writers.summary import write_summary

ROWS = (
    InventoryRow("(0008,1140)", ("SQ",), "ReferencedImageSequence", (), 12, 3, 12),
    InventoryRow('(0009,"ACME, \u00e4\\x1b",01)', ("LO", "SH"), "", (0x10, 0x80), 1, 1, 1234),
)
OMISSIONS = (
    Omission("/data/a,b", Status.NOT_DICOM),
    Omission('/data/q"\nr', Status.TRUNCATED_VALUE, 1234, 0x00100010),
    Omission("=x\udcff", Status.CANNOT_LIST, detail="Permission denied"),
)
REPORT = InventoryReport(
    files=12,
    series=3,
    tags=(0x00081140, 0x00091001, 0x7FE00010),
    rows=ROWS,
    deviations=((Status.ODD_LENGTH, 2),),
    omission_counts=((Status.NOT_DICOM, 1), (Status.TRUNCATED_VALUE, 1), (Status.CANNOT_LIST, 1)),
    omissions=OMISSIONS,
)
NOTHING = InventoryReport(files=0, series=0, tags=(), rows=(), deviations=(), omission_counts=(), omissions=())


def _written(write: Callable[[TextIO], None]) -> str:
    stream = io.StringIO(newline="\n")
    write(stream)
    return stream.getvalue()


def _writing(text: str) -> Callable[[TextIO], object]:
    return lambda stream: stream.write(text)


def _inventory(writer: object, report: InventoryReport = REPORT, *, by_creator: bool = False) -> str:
    return _written(lambda stream: writer.write_inventory(report, stream, by_creator=by_creator))  # type: ignore[attr-defined]


class TestText:
    def test_default_is_one_line_for_each_tag(self) -> None:
        assert _inventory(text_writer) == "(0008,1140)\n(0009,1001)\n(7fe0,0010)\n"

    def test_identities_are_aligned_under_their_heading(self) -> None:
        assert _inventory(text_writer, by_creator=True) == (
            "# files  series  occurrences  VR     blocks  keyword                  identity\n"
            "     12       3           12  SQ     -       ReferencedImageSequence  (0008,1140)\n"
            '      1       1         1234  LO/SH  10/80   -                        (0009,"ACME, \u00e4\\x1b",01)\n'
        )

    def test_nothing(self) -> None:
        assert _inventory(text_writer, NOTHING) == ""
        assert _inventory(text_writer, NOTHING, by_creator=True).startswith("# files  series")


class TestCsv:
    def test_default_is_one_row_for_each_tag(self) -> None:
        assert _inventory(csv_writer) == 'tag\n"(0008,1140)"\n"(0009,1001)"\n"(7fe0,0010)"\n'

    def test_identities(self) -> None:
        text = _inventory(csv_writer, by_creator=True)
        assert text == (
            "identity,vrs,keyword,blocks,files,series,occurrences\n"
            '"(0008,1140)",SQ,ReferencedImageSequence,,12,3,12\n'
            '"(0009,""ACME, \u00e4\\x1b"",01)",LO/SH,,10/80,1,1,1234\n'
        )
        assert list(csv.reader(io.StringIO(text, newline="")))[2][0] == ROWS[1].identity

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
    def test_cell_is_no_formula(self, start: str) -> None:
        text = _written(lambda stream: csv_writer.write_row(stream, [start + "1", "a" + start, "'"]))
        assert next(csv.reader(io.StringIO(text, newline=""))) == ["'" + start + "1", "a" + start, "'"]

    @pytest.mark.parametrize("cell", ["", " a ", ",", '"', '""', "\n", "a\rb", "a\r\n", 'a "b", c\n"'])
    def test_every_cell_comes_back(self, cell: str) -> None:
        text = _written(lambda stream: csv_writer.write_row(stream, ["x", cell, "y"]))
        assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [["x", cell, "y"]]


class TestJson:
    def test_default_lists_the_tags(self) -> None:
        text = _inventory(json_writer)
        assert text.endswith("}\n")
        assert json.loads(text) == {
            "output": "element-inventory",
            "version": 1,
            "totals": {
                "files": 12,
                "series": 3,
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

    def test_identities_take_the_place_of_the_tags(self) -> None:
        body = json.loads(_inventory(json_writer, by_creator=True))
        assert "elements" not in body
        assert body["identities"] == [
            {
                "identity": "(0008,1140)",
                "vrs": ["SQ"],
                "keyword": "ReferencedImageSequence",
                "blocks": [],
                "files": 12,
                "series": 3,
                "occurrences": 12,
            },
            {
                "identity": '(0009,"ACME, \u00e4\\x1b",01)',
                "vrs": ["LO", "SH"],
                "keyword": "",
                "blocks": ["10", "80"],
                "files": 1,
                "series": 1,
                "occurrences": 1234,
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

    def test_header_stands_alone_where_nothing_was_left_out(self) -> None:
        assert _written(lambda stream: write_exclusions((), stream)) == "path,kind,reason,offset_bytes,tag,text\n"

    def test_place_at_the_start_of_the_file_is_a_place(self) -> None:
        omission = Omission("a", Status.UNREADABLE_ELEMENT, 0, 0)
        text = _written(lambda stream: write_exclusions([omission], stream))
        assert text.splitlines()[1].startswith('a,fault,UNREADABLE_ELEMENT,0,"(0000,0000)",')


class TestSummary:
    def test_reasons_are_counted(self) -> None:
        assert _written(lambda stream: write_summary(REPORT, stream, exclusions_path="x\x1b[2J.csv")) == (
            "12 files read, 3 series, 3 tags\n"
            "exclusions (paths):\n"
            "  1  NOT_DICOM: no DICM prefix, and the first bytes are no data element\n"
            "faults (paths):\n"
            "  1  TRUNCATED_VALUE: the file ends inside a value field\n"
            "  1  CANNOT_LIST: the folder could not be listed\n"
            "deviations (files):\n"
            "  2  ODD_LENGTH: odd value length\n"
            "3 paths were left out; they are listed in x\\x1b[2J.csv\n"
        )

    def test_nothing_was_left_out(self) -> None:
        assert _written(lambda stream: write_summary(NOTHING, stream, exclusions_path="e.csv")) == (
            "0 files read, 0 series, 0 tags\nnothing was left out; e.csv holds no rows\n"
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
    def test_undecoded_bytes_show(self, path: str, shown: str) -> None:
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
    def test_terminal_is_not_controlled(self, path: str, shown: str) -> None:
        assert show_on_terminal(path) == shown


class TestFiles:
    def test_text_is_utf8_with_lf_and_private(self, tmp_path: Path) -> None:
        path = tmp_path / "out"
        write_whole(str(path), lambda stream: stream.write("\u00e4\n"))
        assert path.read_bytes() == b"\xc3\xa4\n"
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_old_file_is_replaced(self, tmp_path: Path) -> None:
        path = tmp_path / "out"
        path.write_text("a longer text than the new one")
        write_whole(str(path), lambda stream: stream.write("new"))
        assert path.read_text() == "new"
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
    def test_old_file_stays_if_the_new_one_breaks_off(self, tmp_path: Path, error: BaseException) -> None:
        path = tmp_path / "out"
        path.write_text("old")

        def write(stream: TextIO) -> None:
            stream.write("half")
            stream.flush()
            raise error

        with pytest.raises(type(error)):
            write_whole(str(path), write)
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("missing", ["missing/out", "file/out", "folder", ""])
    def test_target_that_cannot_be_is_refused(self, tmp_path: Path, missing: str) -> None:
        (tmp_path / "file").write_text("x")
        (tmp_path / "folder").mkdir()
        path = str(tmp_path / missing) + ("" if missing else os.sep)
        with pytest.raises(OSError):  # noqa: PT011 - which of its subclasses is the system's choice
            check_target(path)
        with pytest.raises(OSError):  # noqa: PT011
            write_whole(path, lambda stream: stream.write("x"))

    def test_check_leaves_nothing_behind_and_changes_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "out"
        check_target(str(path))
        assert list(tmp_path.iterdir()) == []
        path.write_text("old")
        check_target(str(path))
        assert path.read_text() == "old"

    @pytest.mark.skipif(os.name != "posix", reason="links and devices of POSIX")
    def test_link_stays_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        link = tmp_path / "link"
        link.symlink_to("folder/out")
        for text in ("first", "second"):
            write_whole(str(link), _writing(text))
            assert link.is_symlink()
            assert (tmp_path / "folder/out").read_text() == text

    @pytest.mark.skipif(os.name != "posix", reason="links and devices of POSIX")
    def test_pipe_is_written_to_and_not_replaced(self, tmp_path: Path) -> None:
        path = tmp_path / "pipe"
        os.mkfifo(path)
        check_target(str(path))
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            write_whole(str(path), lambda stream: stream.write("text"))
            assert os.read(reader, 100) == b"text"
        finally:
            os.close(reader)
        assert stat.S_ISFIFO(path.stat().st_mode)

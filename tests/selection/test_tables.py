"""Tables: the text of cells, the formats, the command and ``tagsniff.table``, on small files that are known by hand.

For: `tagsniff.selection.table`, ``table_rows`` and ``table_arrow``, their writers, and ``tagsniff table``.
Never: which values are found; that is in test_selection.py.
Standard: PS3.5 sections 6.1 to 6.4 and 7.5, edition 2026b; RFC 4180 and RFC 8259.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import tagsniff
from dicom_bytes import BIG, EXPLICIT, IMPLICIT, UID_OF, Encoding, Part, join, part10
from real_files import wheel_files
from tagsniff.cli import main
from tagsniff.output.terminal_text import show_path
from tagsniff.scanning.run_record import NO_RUN
from tagsniff.selection import table_rows
from tagsniff.selection.columns import select_values
from tagsniff.selection.table_arrow import BATCH_ROWS, make_batches, make_schema
from tagsniff.selection.table_rows import Cell, RowBatch, Tally, read_columns, show_rows
from tagsniff.status import Omission, Omissions, Status
from tagsniff.writers import table

ITEMS = "(0008,1140)[<0>](0008,1155)"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a new empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run_command(*arguments: str) -> tuple[int, str, str]:
        status = main(["table", *arguments])
        return (status, *capsys.readouterr())

    return run_command


Run = Callable[..., tuple[int, str, str]]


def file_of(*parts: Part, encoding: Encoding = EXPLICIT) -> bytes:
    return part10(join(parts), UID_OF[encoding]).data


def cells_of(data: bytes, *names: str, tally: Tally | None = None) -> list[Cell]:
    """Return the cells of one file."""
    Path("one").write_bytes(data)
    columns = read_columns(names)
    selected = select_values(["one"], [column.element for column in columns], captures_long_text=True)
    (batch,) = show_rows(selected, columns, [], tally or Tally(), show_path)
    assert (batch.paths, batch.statuses) == (["one"], ["OK"])
    return [column[0] for column in batch.columns]


def reference(uid: bytes, *more: Part) -> Part:
    return EXPLICIT.item(EXPLICIT.element(0x00081155, "UI", uid), *more)


class TestCells:
    @pytest.mark.parametrize("encoding", [EXPLICIT, IMPLICIT, BIG], ids=lambda encoding: encoding.name)
    def test_texts_and_numbers(self, encoding: Encoding) -> None:
        data = file_of(
            encoding.element(0x00080008, "CS", b"ORIGINAL\\ PRIMARY \\"),
            encoding.element(0x00100010, "PN", b"Doe^Jane  "),
            encoding.element(0x00180050, "DS", b" 1.50 "),
            encoding.element(0x00186020, "SL", encoding.number(2**32 - 5, 4)),
            encoding.element(0x00280009, "AT", encoding.tag(0x00181063)),
            encoding.element(0x00280010, "US", encoding.number(512, 2) + encoding.number(3, 2)),
            encoding=encoding,
        )
        asked = ("ImageType", "PatientName", "SliceThickness", "0018,6020", "FrameIncrementPointer", "Rows")
        assert cells_of(data, *asked) == ["ORIGINAL\\PRIMARY\\", "Doe^Jane", "1.50", "-5", "(0018,1063)", "512\\3"]

    def test_absent_empty_and_blank(self) -> None:
        data = file_of(EXPLICIT.element(0x00100010, "PN"), EXPLICIT.element(0x00100020, "LO", b"  "))
        assert cells_of(data, "PatientName", "PatientID", "PatientSex") == ["", "", None]

    @pytest.mark.parametrize(
        ("charset", "raw", "text"),
        [
            (b"ISO_IR 100", b"M\xfcller", "Müller"),
            (b"ISO_IR 192", "Müller".encode(), "Müller"),
            (b"GB18030", b"\x81\x5c\\\xcd\xf5", b"\x81\x5c".decode("gb18030") + "\\王"),
            (b"ISO 2022 IR 6\\ISO 2022 IR 149", b"\x1b$)C\xb1\xe8", "김"),
        ],
    )
    def test_character_sets(self, charset: bytes, raw: bytes, text: str) -> None:
        data = file_of(EXPLICIT.element(0x00080005, "CS", charset), EXPLICIT.element(0x00100020, "LO", raw))
        tally = Tally()
        assert cells_of(data, "PatientID", tally=tally) == [text]
        assert (tally.undecoded, tally.unknown_charset) == (0, 0)

    def test_the_character_set_of_an_item(self) -> None:
        item = EXPLICIT.item(
            EXPLICIT.element(0x00080005, "CS", b"ISO_IR 192"), EXPLICIT.element(0x00100010, "PN", "Ä".encode())
        )
        data = file_of(EXPLICIT.element(0x00080005, "CS", b"ISO_IR 100"), EXPLICIT.sequence(0x00081140, item))
        assert cells_of(data, "0008,1140[<0>]PatientName") == [["Ä"]]

    def test_values_that_do_not_decode_are_counted(self) -> None:
        data = file_of(EXPLICIT.element(0x00080005, "CS", b"ISO_IR 999"), EXPLICIT.element(0x00100020, "LO", b"a\xff"))
        tally = Tally()
        assert cells_of(data, "PatientID", tally=tally) == ["a\\xff"]
        assert (tally.undecoded, tally.unknown_charset) == (1, 1)

    def test_ascii_needs_no_character_set(self) -> None:
        """As in the value report: an unknown character set does not matter for text that needs none."""
        data = file_of(EXPLICIT.element(0x00080005, "CS", b"ISO_IR 999"), EXPLICIT.element(0x00100020, "LO", b"~<a>"))
        tally = Tally()
        assert cells_of(data, "PatientID", tally=tally) == ["~<a>"]
        assert (tally.undecoded, tally.unknown_charset) == (0, 0)

    def test_bytes_and_values_that_are_too_long(self) -> None:
        overlay, text = bytes(range(16)), b"x" * 65538
        data = file_of(
            EXPLICIT.element(0x00104000, "LT", b"\0" * 4),
            EXPLICIT.element(0x00204000, "UT", text),
            EXPLICIT.element(0x00281223, "OW", overlay),
            EXPLICIT.element(0x00281224, "OW", overlay),
            EXPLICIT.element(0x7FE00010, "OW", b"ab"),
        )
        digest = hashlib.sha256(overlay).hexdigest()
        assert cells_of(data, "0010,4000", "0020,4000", "0028,1223", "0028,1224", "PixelData") == [
            "",
            f"{'x' * 1024}... <65538 bytes of text, sha256 {hashlib.sha256(text).hexdigest()}>",
            "<16 bytes>",
            f"<16 bytes, sha256 {digest}>",
            "<2 bytes>",
        ]

    def test_items(self) -> None:
        """A list of the items' values; empty without items; for a sequence itself the number of its items."""
        data = file_of(
            EXPLICIT.sequence(0x00081140, reference(b"1.2\0"), EXPLICIT.item(), reference(b""), reference(b"1.3\0"))
        )
        assert cells_of(data, ITEMS, "0008,1140", "0008,1140[<0>]0008,1150") == [["1.2", "", "1.3"], "<4 items>", None]

    def test_several_values_without_an_item(self) -> None:
        """The same tag twice, or one creator with two blocks: both values, and a note."""
        data = file_of(
            EXPLICIT.element(0x00090010, "LO", b"ACME"),
            EXPLICIT.element(0x00090011, "LO", b"ACME"),
            EXPLICIT.element(0x00091001, "LO", b"ab"),
            EXPLICIT.element(0x00091101, "LO", b"cd"),
            EXPLICIT.element(0x00100020, "LO", b"A "),
            EXPLICIT.element(0x00100020, "LO", b"B "),
        )
        tally = Tally()
        assert cells_of(data, "PatientID", '(0009,"ACME",01)', tally=tally) == ["A|B", "ab|cd"]
        assert tally.repeated == 2

    @pytest.mark.parametrize(
        ("names", "error"),
        [
            ([], ValueError),
            (["PatientID", "PatientID"], ValueError),
            (["NoKeyword"], ValueError),
            ("PatientID", TypeError),
            ([0x00100020], TypeError),
        ],
    )
    def test_wrong_names(self, names: Any, error: type[Exception]) -> None:
        with pytest.raises(error):
            read_columns(names)

    def test_texts_equal_those_of_the_value_report(self) -> None:
        """For every root element of real files: the same text as the rows of a report on that file."""
        paths = [real.path for real in wheel_files() if real.name.startswith("wheel/charset_files/chr")]
        assert len(paths) > 10
        Path("all.csv").write_text("element,vr,code,collapse,note\n", "utf-8")
        for path in paths:
            scan = tagsniff.scan(
                [path], confidentiality="all.csv", modality_software=[], max_values=1000, all_values=True
            )
            rows: dict[str, set[str]] = {}
            for row in scan.values:
                if "/" not in row["element"] and "[" not in row["element"] and row["kind"] == "value":
                    rows.setdefault(row["element"], set()).add(row["value"])
            names = list(rows)
            for name, cell in zip(names, cells_of(path.read_bytes(), *names), strict=True):
                assert isinstance(cell, str)
                # A backslash separates values, except in ST and LT.
                whole, parts = {cell or "<empty>"}, {part or "<empty>" for part in cell.split("\\")}
                assert rows[name] in (whole, parts), name


def make_rows(*rows: tuple[Cell, ...]) -> list[RowBatch]:
    columns = [list(column) for column in zip(*rows, strict=True)]
    paths = [f"in/{number}" for number in range(len(rows))]
    return [RowBatch(paths, [Status.OK.name] * len(rows), columns)]


class TestFormats:
    def test_csv(self) -> None:
        """An absent element is an empty cell, one without a value is a quoted empty cell; items are joined."""
        stream = io.StringIO()
        rows = make_rows(
            (None, ["a", "", "b"]), ("", None), ('a,"b"', [""]), ("=cmd", ["-1", "x"]), ("a\x1bb\nc", None)
        )
        table.write_csv(rows, read_columns(["PatientID", ITEMS]), stream, has_status=False, table=ENDING)
        assert stream.getvalue() == (
            f"path,PatientID,{quote(ITEMS)}\n"
            "in/0,,a||b\n"
            'in/1,"",\n'
            'in/2,"a,""b""",""\n'
            "in/3,'=cmd,'-1|x\n"
            'in/4,"a\\x1bb\nc",\n'
        )

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
    def test_no_cell_of_a_csv_is_a_formula(self, start: str, run: Run) -> None:
        value = f"{start}cmd"
        Path("in").write_bytes(
            file_of(
                EXPLICIT.element(0x00080005, "CS", b"ISO_IR 192"),
                EXPLICIT.sequence(0x00081140, EXPLICIT.item(EXPLICIT.element(0x00100010, "PN", value.encode()))),
                EXPLICIT.element(0x00100010, "PN", value.encode()),
            )
        )
        assert run("in", "-t", "PatientName", "-t", "0008,1140[<0>]PatientName", "-o", "out")[0] == 0
        with Path("out").open(encoding="utf-8", newline="") as lines:
            _, (path, *cells) = csv.reader(lines)
        assert path == "in"
        assert cells == [f"'{value}"] * 2

    def test_jsonl(self) -> None:
        stream = io.StringIO()
        rows = make_rows((None, ["a", ""]), ("=cmd\x07", None))
        table.write_jsonl(rows, read_columns(["PatientID", ITEMS]), stream, has_status=True, table=ENDING)
        assert [json.loads(line) for line in stream.getvalue().splitlines()] == [
            {"path": "in/0", "status": "OK", "PatientID": None, ITEMS: ["a", ""]},
            {"path": "in/1", "status": "OK", "PatientID": "=cmd\x07", ITEMS: None},
        ]
        assert "\x07" not in stream.getvalue()


ENDING = table.Ending(NO_RUN, Omissions)


def quote(text: str) -> str:
    return f'"{text}"' if "," in text else text


class TestArrow:
    @pytest.fixture(autouse=True)
    def _arrow(self) -> None:
        pytest.importorskip("pyarrow")

    def test_types_and_cells(self) -> None:
        Path("in").mkdir()
        Path("in/a").write_bytes(file_of(EXPLICIT.sequence(0x00081140, reference(b"1.2\0")), NAME))
        Path("in/b").write_bytes(file_of(EXPLICIT.element(0x00100010, "PN")))
        Path("in/c").write_bytes(file_of(EXPLICIT.element(0x00080060, "CS", b"MR")))
        made = tagsniff.table(["in"], ["PatientName", ITEMS])
        import pyarrow as pa

        assert [field.type for field in made.schema] == [pa.string(), pa.string(), pa.list_(pa.string())]
        assert made.to_pylist() == [
            {"path": "in/a", "PatientName": "Doe^Jane", ITEMS: ["1.2"]},
            {"path": "in/b", "PatientName": "", ITEMS: None},
            {"path": "in/c", "PatientName": None, ITEMS: None},
        ]

    def test_no_file_is_a_table_without_rows(self) -> None:
        Path("in").mkdir()
        made = tagsniff.table(["in"], ["PatientName"])
        assert (made.num_rows, made.column_names) == (0, ["path", "PatientName"])

    def test_faults(self) -> None:
        """A warning with their count, or a call for each; with ``keep_partial`` the rows have a status."""
        Path("in").mkdir()
        Path("in/a").write_bytes(file_of(NAME)[:-1])
        Path("in/b").write_bytes(file_of(NAME))
        Path("in/c").write_bytes(b"no DICOM" * 40)
        with pytest.warns(RuntimeWarning, match="1 path could"):
            assert tagsniff.table(["in"], ["PatientName"])["path"].to_pylist() == ["in/b"]
        told: list[Omission] = []
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            made = tagsniff.table(["in"], ["Modality"], whole=True, keep_partial=True, on_omission=told.append)
        assert [(omission.path, omission.status) for omission in told] == [
            ("in/a", Status.TRUNCATED_VALUE),
            ("in/c", Status.NOT_DICOM),
        ]
        assert made.to_pydict() == {
            "path": ["in/a", "in/b"],
            "status": ["TRUNCATED_VALUE", "OK"],
            "Modality": [None, None],
        }

    @pytest.mark.parametrize("workers", [0, True, 1.5])
    def test_wrong_workers(self, workers: Any) -> None:
        with pytest.raises((TypeError, ValueError), match="workers"):
            tagsniff.table(["in"], ["PatientName"], workers=workers)

    def test_batches_have_a_fixed_size(self) -> None:
        """Only one batch is held: no row after it is requested before the caller took it."""
        asked = 0

        def rows() -> Iterator[RowBatch]:
            nonlocal asked
            for _ in range(40):
                asked += 5000
                yield RowBatch(["a"] * 5000, ["OK"] * 5000, [["x"] * 5000])

        schema = make_schema(read_columns(["PatientName"]), has_status=False)
        sizes = []
        for batch in make_batches(rows(), schema, has_status=False):
            sizes.append(batch.num_rows)
            assert asked - sum(sizes) < 5000
        assert sizes == [BATCH_ROWS] * 3 + [200000 - 3 * BATCH_ROWS]

    def test_parquet(self, run: Run) -> None:
        from pyarrow import parquet

        Path("in").write_bytes(file_of(EXPLICIT.sequence(0x00081140, reference(b"1.2\0")), NAME))
        names = ["-t", "PatientName", "-t", ITEMS, "-t", "PatientID"]
        assert run("in", *names, "--format", "parquet", "-o", "out")[0] == 0
        assert parquet.read_table("out") == tagsniff.table(["in"], names[1::2])
        if os.name == "posix":
            assert os.stat("out").st_mode & 0o777 == 0o600

    def test_parquet_is_not_for_a_terminal(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        status, out, err = run("in", "-t", "PatientName", "--format", "parquet")
        assert (status, out) == (2, "")
        assert "--output" in err


NAME = EXPLICIT.element(0x00100010, "PN", b"Doe^Jane")
WITHOUT_PYARROW = "import sys\nsys.modules['pyarrow'] = None\n"


class TestWithoutPyarrow:
    def test_the_call_names_the_missing_package(self) -> None:
        program = "import tagsniff\ntagsniff.table(['in'], ['PatientName'])"
        done = subprocess.run(
            [sys.executable, "-c", WITHOUT_PYARROW + program], capture_output=True, text=True, check=False
        )
        assert "pip install 'tagsniff[arrow]'" in done.stderr.splitlines()[-1]

    def test_the_command_names_the_missing_package_and_writes_other_formats(self) -> None:
        Path("in").write_bytes(file_of(NAME))
        program = "from tagsniff.cli import main\nsys.exit(main(sys.argv[1:]))"
        for format_name, status in (("parquet", 2), ("csv", 0), ("jsonl", 0)):
            arguments = ["table", "in", "-t", "PatientName", "--format", format_name, "-o", format_name, "--force"]
            done = subprocess.run(
                [sys.executable, "-c", WITHOUT_PYARROW + program, *arguments],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == status, done.stderr
            assert ("tagsniff[arrow]" in done.stderr) is (status == 2)
            assert "Traceback" not in done.stderr
        assert not Path("parquet").exists()


class TestCommand:
    @pytest.fixture
    def collection(self) -> None:
        """Make files of all kinds below ``in``, in the order of their names."""
        Path("in").mkdir()
        for number in range(40):
            data = file_of(
                EXPLICIT.element(0x00080060, "CS", b"MR"),
                EXPLICIT.element(0x00100020, "LO", b"%d " % number),
                EXPLICIT.element(0x00200013, "IS", b"%d " % number),
            )
            Path(f"in/{number:02}").write_bytes(data[:-1] if number == 7 else b"no DICOM" * 40 if number == 9 else data)

    @pytest.mark.usefixtures("collection")
    def test_rows_and_omissions(self, run: Run) -> None:
        status, out, err = run("in", "-t", "Modality", "-t", "0020,0013", "--exclusions", "exclusions.csv")
        assert status == 3
        *rows, last = csv.DictReader(io.StringIO(out))
        missing = "<incomplete: 1 path could not be read, or not to the end>"
        assert last == {"path": missing, "Modality": "", "0020,0013": ""}
        assert [row["path"] for row in rows] == [f"in/{number:02}" for number in range(40) if number not in (7, 9)]
        assert {row["Modality"] for row in rows} == {"MR"}
        assert [row["0020,0013"] for row in rows] == [str(number) for number in range(40) if number not in (7, 9)]
        with Path("exclusions.csv").open() as lines:
            left_out = [(row["path"], row["kind"], row["reason"]) for row in csv.DictReader(lines)]
        assert left_out == [("in/07", "fault", "TRUNCATED_VALUE"), ("in/09", "exclusion", "NOT_DICOM")]
        assert "38 files read, each as far as the last element" in err
        assert "1  TRUNCATED_VALUE" in err
        assert "2 paths were left out or read in part; all are listed in exclusions.csv" in err

    @pytest.mark.usefixtures("collection")
    def test_a_fault_after_the_last_element_is_not_noticed(self, run: Run) -> None:
        status, out, err = run("in", "-t", "Modality", "-t", "PatientID")
        assert (status, len(out.splitlines())) == (0, 40)
        status, out, err = run("in", "-t", "Modality", "-t", "PatientID", "--whole", "--force")
        assert (status, len(out.splitlines())) == (3, 40)
        assert "38 files read\n" in err

    @pytest.mark.usefixtures("collection")
    def test_partial_files(self, run: Run) -> None:
        status, out, err = run("in", "-t", "PatientID", "-t", "0020,0013", "--keep-partial")
        assert status == 3
        rows = {row["path"]: row for row in csv.DictReader(io.StringIO(out))}
        assert rows["in/07"] == {"path": "in/07", "status": "TRUNCATED_VALUE", "PatientID": "7", "0020,0013": ""}
        assert rows["in/08"]["status"] == "OK"
        assert "1 file was read in part" in err

    @pytest.mark.usefixtures("collection")
    @pytest.mark.parametrize("format_name", ["csv", "jsonl", "parquet"])
    @pytest.mark.parametrize("redaction", [[], ["--redact-paths"]], ids=["paths", "numbers"])
    def test_the_number_of_threads_changes_nothing(self, run: Run, format_name: str, redaction: list[str]) -> None:
        if format_name == "parquet":
            pytest.importorskip("pyarrow")
        for workers in ("1", "4"):
            key = [*redaction, f"key{workers}"] if redaction else []
            outputs = ["-o", f"out{workers}", "--exclusions", f"left{workers}", *key]
            asked = ["-t", "PatientID", "-t", "0020,0013", "--keep-partial", "--format", format_name]
            assert run("in", *asked, *outputs, "--workers", workers)[0] == 3
        for name in ("out", "left", *(["key"] if redaction else [])):
            assert Path(f"{name}1").read_bytes() == Path(f"{name}4").read_bytes()

    @pytest.mark.usefixtures("collection")
    def test_the_key_maps_numbers_to_paths(self, run: Run) -> None:
        """Rows are in the order of the numbers, which is not that of the names."""
        _, plain, _ = run("in", "-t", "PatientID", "--format", "jsonl")
        _, out, err = run("in", "-t", "PatientID", "--format", "jsonl", "--redact-paths", "key", "--force")
        with Path("key").open() as lines:
            key = {row["number"]: row["path"] for row in csv.DictReader(lines)}
        rows = [json.loads(line) for line in out.splitlines()]
        assert "in/" not in out + err
        numbers = [row["path"] for row in rows]
        assert numbers == sorted(numbers)
        paths = [key[number] for number in numbers]
        assert paths != sorted(paths)
        restored = sorted(({**row, "path": key[row["path"]]} for row in rows), key=lambda row: row["path"])
        assert restored == [json.loads(line) for line in plain.splitlines()]

    @pytest.mark.usefixtures("collection")
    def test_a_failing_output_makes_the_reading_incomplete(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """Files that were not read are listed, by number if paths are redacted; no part of the output remains."""

        def refuse(*_arguments: Any, **_options: Any) -> None:
            raise OSError(28, os.strerror(28))

        monkeypatch.setattr("tagsniff.writers.table.write_row", refuse)
        outputs = ["-o", "out", "--redact-paths", "key", "--exclusions", "exclusions.csv"]
        status, _, err = run("in", "-t", "PatientID", *outputs)
        assert status == 3
        assert "cannot write out" in err
        assert sorted(os.listdir()) == ["exclusions.csv", "in", "key"]
        assert "INTERRUPTED" in Path("exclusions.csv").read_text()
        assert ",in\n" in Path("key").read_text()
        assert "in," not in Path("exclusions.csv").read_text()

    @pytest.mark.usefixtures("collection")
    def test_an_interruption_leaves_no_table(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(*_arguments: Any, **_options: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("tagsniff.selection.table_rows._show_batch", interrupt)
        status, _, err = run("in", "-t", "PatientID", "-o", "out")
        assert (status, err) == (130, "tagsniff: interrupted\n")
        assert os.listdir() == ["in"]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["in"], "required: -t/--tag"),
            (["in", "-t", "NoKeyword"], "--tag: NoKeyword: position 0"),
            (["in", "-t", "0009,1002"], 'a private element is named by its creator: (0009,"CREATOR",02)'),
            (["in", "-t", "Modality", "-t", "Modality"], "--tag: Modality: given twice"),
            (["in", "-t", "\x1b[1m"], "--tag: \\x1b[1m"),
            (["in", "-t", "Modality", "--share"], "unrecognized arguments: --share"),
        ],
    )
    def test_misuse_is_refused_before_any_work(
        self, run: Run, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tagsniff.source.walk.walk_batches", lambda *_: pytest.fail("walked"))
        status, out, err = run(*arguments)
        assert (status, out) == (2, "")
        assert message in err

    def test_only_the_rows_of_a_few_batches_are_held(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Written rows are not kept: the number of rows alive at once is counted."""
        import gc
        import weakref

        class Counted(list[str]):
            """A list that supports weak references."""

        Path("in").mkdir()
        for number in range(2600):
            Path(f"in/{number}").write_bytes(file_of(NAME))
        alive: list[weakref.ref[Counted]] = []
        most = 0
        show = table_rows._show_batch

        def count(*arguments: Any) -> RowBatch:
            nonlocal most
            batch = show(*arguments)
            paths = Counted(batch.paths)
            alive.append(weakref.ref(paths))
            gc.collect()
            most = max(most, sum(one() is not None for one in alive))
            return batch._replace(paths=paths)

        monkeypatch.setattr("tagsniff.selection.table_rows._show_batch", count)
        assert main(["table", "in", "-t", "PatientName", "-o", "out"]) == 0
        assert len(alive) >= 10
        assert most <= 2

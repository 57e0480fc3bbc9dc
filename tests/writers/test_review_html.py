"""The review page as a file: its data are those of the report, no value is readable in it, and nothing else can run.

For: `tagsniff.writers.review_html`, the formats html of the commands, and the built script.
Never: a browser; tests/review_page has them.
Standard: Content Security Policy Level 3; RFC 1952 (gzip).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10
from review_pages import Page, read_page
from tagsniff.cli import main
from tagsniff.curation.elements import ElementSummary, assign_uses, summarize_elements
from tagsniff.curation.marking import mark_findings
from tagsniff.curation.sheet import COLUMNS, Evidence, Sheet, SheetRow, update_sheet
from tagsniff.dicom.equipment import parse_equipment
from tagsniff.report.element_uses import list_uses
from tagsniff.report.inventory import build_report
from tagsniff.report.rows import RowKind, ValueRow, gather_rows
from tagsniff.report.values import ValueReport, build_value_report
from tagsniff.scanning.tables import ScanTables
from tagsniff.writers.review_container import Container, compress
from tagsniff.writers.review_html import make_policy, write_html
from tagsniff.writers.sheet import write_sheet
from value_scans import sample_scan

ROOT = Path(__file__).parents[2]
IS_CI = bool(os.environ.get("CI") or os.environ.get("TAGSNIFF_CI"))
FOLDER = ROOT / "src" / "tagsniff" / "writers" / "review_page"
TESTS = Path(__file__).parent / "review_page"
NODE = shutil.which("node")
needs_sources = pytest.mark.skipif(not FOLDER.is_dir(), reason="there is no source tree")

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<!--<script>",
    "\"'`${alert(1)}",
    "line\u2028separator\u2029",
    "\u202egnp.exe",
    "=cmd|'/c calc'!A0",
    "x" * 25_000,
    "M\u00fcller \u5c71\u7530 \U0001f600",
    "&amp;&#60;",
    "SECRET^MARKER",
]


def needs_node() -> None:
    """Skip the test where node is missing; a machine of continuous integration must have it."""
    if NODE is None:
        assert not IS_CI, "node is missing"
        pytest.skip("node is not installed")


def needs_modules() -> None:
    """Skip the test where the packages of package.json are not installed."""
    needs_node()
    if not (ROOT / "node_modules" / ".package-lock.json").is_file():
        assert not IS_CI, "the packages of package.json are missing: make node_modules"
        pytest.skip("the packages of package.json are not installed (make node_modules)")


def write(folder: Path, values: Sequence[str], name: str = "ACME HEADER") -> None:
    """Write a file for each value, in an element of text of a private creator."""
    folder.mkdir(exist_ok=True)
    for number, value in enumerate(values):
        raw = value.encode("utf-8")
        body = [
            EXPLICIT.element(0x00080005, "CS", b"ISO_IR 192"),
            EXPLICIT.element(0x00080060, "CS", b"CT"),
            EXPLICIT.element(0x00080070, "LO", b"ACME"),
            EXPLICIT.element(0x00090010, "LO", name.encode() + b" " * (len(name) % 2)),
            EXPLICIT.element(0x00091001, "UT", raw + b" " * (len(raw) % 2)),
            EXPLICIT.element(0x00091002, "DS", f"{number:4}".encode()),
            EXPLICIT.element(0x00100010, "PN", b"HIDDEN^NAME "),
            EXPLICIT.element(0x00100020, "LO", b"P1"),
        ]
        (folder / f"{number:03}.dcm").write_bytes(part10(join(body), EXPLICIT_LITTLE_UID).data)


def make(tables: ScanTables, sheet: Sheet = Sheet()) -> tuple[ValueReport, list[ElementSummary], Sheet]:  # noqa: B008
    """Return the report of a scan, its summaries and the updated sheet."""
    report = mark_findings(build_value_report(tables))
    summaries = summarize_elements(tables, report, list_uses(tables))
    updated = update_sheet(sheet, Evidence("2026-12-01T10:00:00Z", summaries, ()))
    return report, summaries, updated


def page_of(
    report: ValueReport, summaries: Sequence[ElementSummary], sheet: Sheet, **options: object
) -> tuple[str, Page]:
    """Return the text of a page and its parts."""
    stream = io.StringIO()
    write_html(report, summaries, sheet, stream, **options)  # type: ignore[arg-type]
    return stream.getvalue(), read_page(stream.getvalue())


def rows_of(page: Page) -> list[tuple[object, ...]]:
    """Return the value rows of a page, as the report has them."""
    values, paths, deciding = page.texts("values"), page.texts("paths"), page.texts("deciding")
    elements, vrs = page.cells("uses.element"), page.cells("uses.vr")
    blocks = page.cells("uses.blocks")
    rows: list[tuple[object, ...]] = []
    columns = page.columns
    for use, count in enumerate(columns["uses.rows"]):
        equipment = page.head["equipment"][int(columns["uses.equipment"][use])]
        for _ in range(int(count)):
            at = len(rows)
            rows.append(
                (
                    page.head["kinds"][int(columns["rows.kind"][at])],
                    equipment["text"],
                    elements[use],
                    vrs[use],
                    page.head["codes"][int(columns["rows.code"][at])],
                    values[int(columns["rows.value"][at])],
                    *(columns[f"rows.{name}"][at] for name in ("files", "series", "patients", "occurrences")),
                    blocks[use],
                    tuple(page.head["flagSets"][int(columns["rows.flags"][at])]),
                    paths[int(columns["rows.path"][at])],
                    deciding[int(columns["rows.deciding"][at])],
                )
            )
    assert len(rows) == len(columns["rows.value"])
    return rows


def expected_rows(report: ValueReport) -> list[tuple[object, ...]]:
    return [
        (
            *(row.kind.value, row.equipment, row.element, row.vr, row.code, row.value),
            *(row.files, row.series, row.patients, row.occurrences),
            "/".join(f"{block:02x}" for block in row.blocks),
            row.flags,
            row.example.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"),
            row.decided_by,
        )
        for row in report.rows
    ]


@pytest.fixture
def hostile(tmp_path: Path) -> ScanTables:
    write(tmp_path / "in", HOSTILE)
    return tagsniff.scan([tmp_path / "in"], mode="before", mergeable=True).tables


class TestData:
    def test_rows_are_those_of_the_report(self) -> None:
        tables = sample_scan()
        report, summaries, sheet = make(tables)
        _, page = page_of(report, summaries, sheet)
        assert rows_of(page) == expected_rows(report)
        assert {row[0] for row in rows_of(page)} == {"code", "value", "more"}

    def test_hostile_values_arrive_unchanged(self, hostile: ScanTables) -> None:
        report, summaries, sheet = make(hostile)
        _, page = page_of(report, summaries, sheet)
        assert rows_of(page) == expected_rows(report)
        found = {row[5] for row in rows_of(page) if row[3] == "UT"}
        assert set(HOSTILE) == found

    def test_lone_surrogates_arrive_unchanged(self) -> None:
        """Also where two of them meet at the border of two texts."""
        values = ["\ud800", "\udc00", "a\ud83d", "\ude00b", "\U0001f600", ""]
        rows = [
            ValueRow(
                RowKind.VALUE, "CT:A:B:C", "(0008,1030)", "LO", "", "R", value, 1, 1, -1, 1, (), (), "in/\udcff", "x"
            )
            for value in values
        ]
        table, uses = gather_rows(rows)
        report = _report_of(table, uses)
        summaries = [_summary("(0008,1030)", "LO")]
        _, page = page_of(report, summaries, update_sheet(Sheet(), _evidence(summaries)))
        assert [row[5] for row in rows_of(page)] == values
        assert {row[12] for row in rows_of(page)} == {"in/\\xff"}

    def test_entries_are_the_rows_of_the_sheet_and_then_all_other_elements(self) -> None:
        tables = sample_scan()
        decided = dict.fromkeys(COLUMNS, "") | {"element": '(0099,"GONE",01)', "vr": "LO", "code": "X", "who": "AB"}
        report, summaries, sheet = make(tables, Sheet((("name", "mine"),), (SheetRow(2, decided),)))
        _, page = page_of(report, summaries, sheet)
        listed = len(sheet.rows)
        assert 0 < listed < len(page.columns["entries.class"])
        for column in COLUMNS:
            assert page.cells(f"cells.{column}")[:listed] == [row.cells[column] for row in sheet.rows]
        assert page.columns["entries.in_sheet"] == [1] * listed + [0] * (len(summaries) + 1 - listed)
        shown = {
            (element, vr): page.head["classes"][int(one)]
            for element, vr, one in zip(
                page.cells("cells.element"), page.cells("cells.vr"), page.columns["entries.class"], strict=True
            )
        }
        assert shown["(0010,0010)", "PN"] == "to decide"
        assert shown['(0099,"GONE",01)', "LO"] == "decided by the sheet"
        assert shown["(0008,0060)", "CS"] == "decided by a profile"
        assert shown["(0009,<none:11>,02)", "LO"] == "nothing to read"
        assert page.head["sheet"] == {"name": "", "columns": list(COLUMNS), "settings": [["name", "mine"]]}
        # A row that met nothing has no element of the report.
        assert sorted(page.columns["entries.summary"]) == list(range(len(summaries) + 1))

    def test_uses_belong_to_the_summaries_of_their_manufacturer(self) -> None:
        equipment = [parse_equipment(f"CT:{maker}:M:1") for maker in ("ACME", "OTHER")]
        rows = [
            ValueRow(
                RowKind.VALUE, str(one), '(0009,"A",01)', "LO", "", "R", value, 1, 1, 1, 1, (16,), (), "in/a", "x", one
            )
            for one, value in zip(equipment, ("12", "text"), strict=True)
        ]
        report = _report_of(*gather_rows(rows))
        summaries = [_summary('(0009,"A",01)', "LO", manufacturer=maker) for maker in ("OTHER", "ACME")]
        assert assign_uses(report, summaries) == [1, 0]
        with pytest.raises(ValueError, match="has no summary"):
            assign_uses(report, summaries[:1])

    def test_inventory_is_that_of_the_scan(self, hostile: ScanTables) -> None:
        report, summaries, sheet = make(hostile)
        inventory = build_report(hostile)
        _, page = page_of(report, summaries, sheet, inventory=inventory)
        assert page.cells("identities.identity") == [row.identity for row in inventory.rows]
        assert page.columns["identities.files"] == [row.files for row in inventory.rows]
        _, without = page_of(report, summaries, sheet)
        assert (page.head["has_inventory"], without.head["has_inventory"]) == (True, False)

    def test_an_empty_report_has_a_page(self) -> None:
        report = _report_of(*gather_rows([]))
        _, page = page_of(report, [], Sheet())
        assert rows_of(page) == []

    def test_what_is_missing_is_said(self) -> None:
        report, summaries, sheet = make(sample_scan())
        _, page = page_of(report, summaries, sheet)
        assert page.head["run"]["complete"] is False
        assert page.head["run"]["incomplete"]
        assert {one["path"] for one in page.head["omissions"]} == {"in/\\xffz", "in/t"}
        assert {(name, kind) for name, kind, _, _ in page.head["left_out"]} == {
            ("TRUNCATED_VALUE", "fault"),
            ("NOT_DICOM", "exclusion"),
        }


class TestFile:
    def test_no_value_stands_raw_in_it(self, hostile: ScanTables) -> None:
        report, summaries, sheet = make(hostile)
        text, page = page_of(report, summaries, sheet)
        outside = text.replace(page.script, "").replace(page.style, "")
        for value in HOSTILE:
            assert value[:200] not in outside
        for piece in ("SECRET", "calc", "ACME", "000.dcm", "alert"):
            assert piece not in outside
        assert text.isascii()

    def test_only_its_own_script_and_style_may_run(self, hostile: ScanTables) -> None:
        text, page = page_of(*make(hostile))

        def digest(part: str) -> str:
            return base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()

        assert page.policy.split("; ") == [
            "default-src 'none'",
            f"script-src 'sha256-{digest(page.script)}'",
            f"style-src 'sha256-{digest(page.style)}'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
        assert text.index("Content-Security-Policy") < text.index("<style>")
        assert text.count("<script") == 2
        assert "http-equiv" in text
        assert not re.search(r"<[a-z]+ [^>]*\b(?:src|href|style|on[a-z]+)=", text.replace(page.script, ""))

    def test_a_served_page_may_ask_its_server(self) -> None:
        report, summaries, sheet = make(sample_scan())
        _, page = page_of(report, summaries, sheet, is_served=True, finds_files=True)
        assert "connect-src 'self'" in page.policy.split("; ")
        assert (page.head["served"], page.head["finds"]) == (True, True)
        assert "connect-src" not in make_policy("", "", is_served=False)

    def test_the_same_report_gives_the_same_bytes(self, tmp_path: Path) -> None:
        write(tmp_path / "in", HOSTILE)
        texts = set()
        for workers in (1, 4):
            tables = tagsniff.scan([tmp_path / "in"], mode="before", mergeable=True, workers=workers).tables
            texts.add(page_of(*make(tables), inventory=build_report(tables))[0])
        assert len(texts) == 1

    def test_its_digest_is_that_of_its_data(self, hostile: ScanTables) -> None:
        _, page = page_of(*make(hostile))
        assert page.digest == hashlib.sha256(page.raw).hexdigest()

    def test_nothing_of_the_machine_is_in_the_compressed_data(self) -> None:
        packed = compress(b"abc")
        assert packed[:10] == b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
        assert gzip.decompress(packed) == b"abc"


class TestContainer:
    @pytest.mark.parametrize(
        ("numbers", "form"),
        [([0, 255], "u8"), ([256], "u16"), ([65536], "u32"), ([2**32], "f64"), ([-1, 5], "i32"), ([], "u8")],
    )
    def test_a_column_has_the_smallest_type(self, numbers: list[int], form: str) -> None:
        container = Container()
        container.add("a", numbers)
        raw = container.finish({})
        head = json.loads(raw[16 : 16 + int.from_bytes(raw[8:12], "little")])
        assert head["columns"]["a"] == [form, 0, len(numbers)]

    def test_a_number_that_does_not_fit_is_refused(self) -> None:
        with pytest.raises(ValueError, match="u8"):
            Container().add("a", [256], "u8")

    def test_a_name_is_given_once(self) -> None:
        container = Container()
        container.add("a", [1])
        with pytest.raises(ValueError, match="two columns"):
            container.add("a", [1])


class TestCommands:
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        write(Path("in"), HOSTILE[:3])

    @pytest.mark.parametrize("command", ["before", "final"])
    def test_a_scan_writes_the_page(self, command: str) -> None:
        assert main([command, "in", "-o", "page.html"]) == 0
        page = read_page(Path("page.html").read_text(encoding="utf-8"))
        assert page.head["run"]["mode"] == command
        assert page.head["sheet"]["name"] == ""
        assert "to decide" in {page.head["classes"][int(one)] for one in page.columns["entries.class"]}
        # No known values were written: a row must not say that a run has seen them.
        assert set(page.cells("cells.seen")) == {""}

    def test_the_page_has_the_sheet_of_the_run(self) -> None:
        assert main(["before", "in", "--decisions", "decisions.csv", "-o", "page.html"]) == 0
        page = read_page(Path("page.html").read_text(encoding="utf-8"))
        stream = io.StringIO()
        write_sheet(_sheet_of(page), stream)
        assert stream.getvalue() == Path("decisions.csv").read_text(encoding="utf-8")
        assert page.head["sheet"]["name"] == "decisions.csv"

    def test_a_saved_scan_gives_the_page(self) -> None:
        assert main(["before", "in", "--save", "one.scan", "-o", "page.html"]) == 0
        assert main(["report", "one.scan", "--format", "html", "-o", "again.html"]) == 0
        assert Path("page.html").read_bytes() == Path("again.html").read_bytes()

    def test_a_shared_report_has_no_page(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["before", "in", "--share", "--format", "html", "-o", "page.html"]) == 2
        assert "--share" in capsys.readouterr().err
        assert not Path("page.html").exists()

    def test_without_examples_the_sheet_of_the_page_has_no_value(self) -> None:
        asked = ["before", "in", "--decisions", "decisions.csv", "--no-examples", "-o", "page.html"]
        assert main(asked) == 0
        page = read_page(Path("page.html").read_text(encoding="utf-8"))
        for column in ("examples", "min", "max"):
            assert set(page.cells(f"cells.{column}")) == {""}


@needs_sources
class TestScript:
    def test_it_is_what_its_sources_give(self) -> None:
        needs_modules()
        asked = [NODE, str(FOLDER / "build.mjs"), "--check"]
        found = subprocess.run(asked, capture_output=True, text=True, check=False)  # type: ignore[arg-type]
        assert found.stderr == ""
        assert found.returncode == 0

    def test_what_others_made_is_what_they_published(self) -> None:
        """The table of NOTICE names each file; the packages of package-lock.json have the same bytes."""
        notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
        files = [path for path in (FOLDER / "vendor").rglob("*") if path.is_file()]
        assert len(files) >= 8
        for path in files:
            name = path.relative_to(FOLDER / "vendor").as_posix()
            line = next((line for line in notice.splitlines() if line.split()[:1] == [name]), "")
            assert line.split()[-1:] == [hashlib.sha256(path.read_bytes()).hexdigest()], name

    def test_what_others_made_is_what_package_json_names(self) -> None:
        needs_modules()
        modules = ROOT / "node_modules"
        places = {
            "preact/LICENSE": "preact/LICENSE",
            "preact/preact.mjs": "preact/dist/preact.mjs",
            "preact/hooks/hooks.mjs": "preact/hooks/dist/hooks.mjs",
            "virtual-core/LICENSE": "@tanstack/virtual-core/LICENSE",
        }
        for path in (FOLDER / "vendor").rglob("*"):
            if path.is_file():
                name = path.relative_to(FOLDER / "vendor").as_posix()
                place = places.get(name, f"@tanstack/virtual-core/dist/esm/{path.name}")
                assert path.read_bytes() == (modules / place).read_bytes(), name

    def test_no_lock_file_names_a_host(self) -> None:
        lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
        assert "resolved" not in lock
        assert "://" not in re.sub(r'"url": "[^"]*"', "", lock)

    def test_it_writes_the_same_sheet_as_the_program(self, tmp_path: Path) -> None:
        needs_node()
        cells = [
            *HOSTILE,
            "-1.5",
            "+x",
            "\uff1dx",
            "a;=1",
            "tab\there",
            "'=kept",
            "\xa0",
            "\x7f",
            "\udcff",
            "1\\2",
            " x ",
        ]
        rows = []
        for number, cell in enumerate(cells):
            row = dict.fromkeys(COLUMNS, "") | {"element": f"(0008,{number:04x})", "note": cell, "examples": cell}
            rows.append(SheetRow(0, row))
        sheet = Sheet((("name", "a=b\u2028"), ("default", "R")), tuple(rows))
        stream = io.StringIO()
        write_sheet(sheet, stream)
        asked = {
            "columns": COLUMNS,
            "settings": sheet.settings,
            "rows": [[row.cells[column] for column in COLUMNS] for row in rows],
        }
        (tmp_path / "asked.json").write_text(json.dumps(asked), encoding="ascii")
        script = (
            f"import {{ writeSheet }} from {json.dumps((FOLDER / 'source' / 'sheet_csv.js').as_uri())};"
            "import { readFileSync } from 'node:fs';"
            f"const asked = JSON.parse(readFileSync({json.dumps(str(tmp_path / 'asked.json'))}, 'utf8'));"
            "process.stdout.write(writeSheet(asked.columns, asked.settings, asked.rows).join(''));"
        )
        found = subprocess.run(
            [NODE, "--input-type=module", "-e", script],  # type: ignore[list-item]
            capture_output=True,
            check=True,
        )
        assert found.stdout.decode("utf-8") == stream.getvalue()

    def test_its_modules_pass_their_tests(self) -> None:
        needs_node()
        tests = sorted(map(str, TESTS.glob("*.test.mjs")))
        assert len(tests) >= 5
        found = subprocess.run(
            [NODE, "--test", "--test-reporter=spec", *tests],  # type: ignore[list-item]
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 0, found.stdout[-4000:]


def _sheet_of(page: Page) -> Sheet:
    columns = {column: page.cells(f"cells.{column}") for column in COLUMNS}
    rows = [
        SheetRow(0, {column: columns[column][at] for column in COLUMNS})
        for at, is_in_sheet in enumerate(page.columns["entries.in_sheet"])
        if is_in_sheet
    ]
    return Sheet(tuple((name, value) for name, value in page.head["sheet"]["settings"]), tuple(rows))


def _report_of(table: object, uses: tuple[object, ...]) -> ValueReport:
    from dataclasses import replace

    return replace(build_value_report(_no_files()), table=table, uses=uses)  # type: ignore[arg-type]


def _no_files() -> ScanTables:
    return tagsniff.scan([], mode="before", mergeable=True).tables


def _summary(element: str, vr: str, manufacturer: str = "") -> ElementSummary:
    return ElementSummary(
        *(element, vr, manufacturer, "", "R", (), 1, 1, -1, 1),
        is_estimated=False,
        smallest="",
        largest="",
        shapes=(),
        examples=(),
        flags=(),
        score=0.0,
        is_read=True,
        suggestion="",
        suggested_by="",
    )


def _evidence(summaries: Sequence[ElementSummary]) -> Evidence:
    return Evidence("2026-12-01T10:00:00Z", summaries, ())

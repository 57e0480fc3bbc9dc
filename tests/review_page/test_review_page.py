"""The review page in real browsers: Chromium and Firefox, without a window, with the page opened from the disk.

For: what a person does at the page, and what must never happen there: a value that runs, a request, a violation of the
policy, an error on the console. The steps are in subjects.mjs; the sheets that come out are judged here, by the
program's own reader.
Never: a test of time, or a page that was not written by the program.
Standard: WAI-ARIA 1.2 (grid), WCAG 2.2 (contrast, focus, zoom), Content Security Policy Level 3.
"""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pydicom
import pytest
from pydicom.data import get_testdata_file
from pypdf import PdfReader

import browsers
from browsers import PROGRAMS, ROOT, Browser, find_browser, open_browser
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, join, part10
from review_pages import read_page
from tagsniff.cli import main
from tagsniff.curation.elements import ElementSummary
from tagsniff.curation.sheet import COLUMNS, Evidence, Sheet, read_decisions, update_sheet
from tagsniff.report.rows import RowKind, ValueRow, gather_rows
from tagsniff.report.values import ValueReport
from tagsniff.scanning.run_record import RunRecord
from tagsniff.status import Omissions
from tagsniff.writers.review_html import write_html

pytestmark = pytest.mark.skipif(not (ROOT / "package.json").is_file(), reason="there is no source tree")

PATIENTS = (("DOE^JANE", "Head routine"), ("ROE^RICHARD", "Neck routine"), ("POE^EDGAR", "Head routine"))
ACME = '(0099,"ACME HEADER",{:02x})'
CALC = "=cmd|' /C calc'!A0"
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<!--<script>",
    "\"'`${alert(1)}",
    "line\u2028separator\u2029",
    "\u202egnp.exe",
    CALC,
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "javascript:alert(1)",
    "__proto__",
    "constructor",
    "x" * 25_000,
    "M\u00fcller \u5c71\u7530 \U0001f600",
    "&amp;&#60;b&#62;",
    "\ufeffbefore",
    "-1+1",
)


class Collection(NamedTuple):
    """A folder with files, its page, and the sheet that the page was made with."""

    folder: Path
    page: Path
    sheet: Path
    report: Path


@pytest.fixture(scope="session", params=list(PROGRAMS))
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with open_browser(request.param, tmp_path_factory.mktemp(request.param)) as started:
        yield started


def add_patient(folder: Path, number: int, name: str, protocol: str) -> None:
    """Write three images of a patient, with elements of a maker that no profile knows."""
    for image in (1, 2, 3):
        data_set = pydicom.dcmread(str(get_testdata_file("CT_small.dcm", download=False)))
        data_set.PatientName, data_set.PatientID = name, f"MRN-{number:04}"
        data_set.SeriesInstanceUID, data_set.SOPInstanceUID = f"1.2.3.{number}", f"1.2.3.{number}.{image}"
        data_set.InstanceNumber = image
        block = data_set.private_block(0x0099, "ACME HEADER", create=True)
        block.add_new(0x01, "LO", protocol)
        block.add_new(0x02, "DS", str(1.5 * image))
        block.add_new(0x03, "LO", f"for Dr {name.split('^', maxsplit=1)[0].title()}")
        data_set.save_as(folder / f"{number}-{image}.dcm")


def scan(collection: Collection) -> None:
    """Write the page, the values as CSV, and the sheet, all of one run."""
    out = str(collection.page.parent)
    assert main(["before", str(collection.folder), "--decisions", str(collection.sheet), "--out", out]) == 0


def make_collection(folder: Path) -> Collection:
    (folder / "in").mkdir()
    for number, (name, protocol) in enumerate(PATIENTS, 1):
        add_patient(folder / "in", number, name, protocol)
    return Collection(
        folder / "in", folder / "out" / "review.html", folder / "decisions.csv", folder / "out" / "values.csv"
    )


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    made = make_collection(tmp_path_factory.mktemp("collection"))
    scan(made)
    return made


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a sheet, each with all columns, as the program reads them."""
    return [dict(row.cells) for row in read_decisions(str(path), path.read_bytes()).rows]


def codes_of(path: Path) -> dict[str, str]:
    return {row["element"]: row["code"] for row in read_rows(path) if row["code"]}


def undecided(collection: Collection) -> list[dict[str, str]]:
    return [row for row in read_rows(collection.sheet) if not row["code"]]


def run_clean(browser: Browser, subject: str, page: Path | str, given: dict[str, Any] | None = None) -> Any:
    """Run a subject; return its facts if nothing happened that must not happen."""
    answer = browser.run(subject, page, given)
    assert answer.problems == []
    return answer.facts


@pytest.mark.parametrize(("is_ci", "outcome"), [(True, pytest.fail.Exception), (False, pytest.skip.Exception)])
def test_a_missing_browser_fails_in_continuous_integration_alone(
    is_ci: bool, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsers, "IS_CI", is_ci)
    monkeypatch.setattr(browsers.shutil, "which", lambda name: None)
    with pytest.raises(outcome, match="firefox is not installed"):
        find_browser("firefox")


class TestUse:
    def test_it_opens_from_the_disk(self, browser: Browser, collection: Collection) -> None:
        facts = run_clean(browser, "opens", collection.page, {"toDecide": len(undecided(collection))})
        assert re.search(r"Files\s*9\s*Series\s*3\s*Patients\s*3", facts["summary"])

    def test_what_must_not_happen_is_noticed(self, browser: Browser, collection: Collection) -> None:
        browser.run("watches", collection.page)

    def test_search(self, browser: Browser, collection: Collection) -> None:
        found = {
            "acme HEADER": ["(0099,0010)", *(ACME.format(one) for one in (1, 2, 3))],
            "HEAD ROUT": [ACME.format(1)],
            "for dr ": [ACME.format(3)],
        }
        values = ["for dr r", ["for Dr Roe"]]
        run_clean(browser, "searches", collection.page, {"found": found, "values": values})

    def test_sorting(self, browser: Browser, collection: Collection) -> None:
        run_clean(browser, "sorts", collection.page)

    def test_facets(self, browser: Browser, collection: Collection) -> None:
        run_clean(browser, "filters", collection.page)

    def test_the_picture_of_equipment(self, browser: Browser, collection: Collection) -> None:
        run_clean(browser, "opensCells", collection.page)

    def test_decisions_with_keys(self, browser: Browser, collection: Collection, tmp_path: Path) -> None:
        rows = undecided(collection)[10:]
        suggested = next(row for row in rows if row["suggestion"])
        plain = [row["element"] for row in rows if not row["suggestion"]]
        text = next(row["element"] for row in rows if row["vr"] == "LO" and row["element"] != suggested["element"])
        without = next(element for element in plain if element != text)
        given = {
            "suggested": {"element": suggested["element"], "code": suggested["suggestion"]},
            "without": without,
            "scoped": text,
            "to": str(tmp_path / "saved.csv"),
        }
        facts = run_clean(browser, "decides", collection.page, given)
        assert codes_of(tmp_path / "saved.csv") == facts["told"]
        assert set(facts["told"].values()) >= set("KXZDCUR")
        saved = {row["element"]: row for row in read_rows(tmp_path / "saved.csv")}
        assert saved[without]["note"] == "ask the physicist, k x z"
        assert saved[without]["code"] == ""
        assert saved[text]["scope"] == "element"
        assert {row["who"] for row in saved.values() if row["code"]} == {"AB"}
        dates = [row["when"] for row in saved.values() if row["code"]]
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", date) for date in dates)

    def test_undoing_goes_back_to_the_start(self, browser: Browser, collection: Collection, tmp_path: Path) -> None:
        given = {
            "toDecide": len(undecided(collection)),
            "decided": str(tmp_path / "decided.csv"),
            "to": str(tmp_path / "undone.csv"),
        }
        run_clean(browser, "undoes", collection.page, given)
        assert len(codes_of(tmp_path / "decided.csv")) == given["toDecide"]
        assert (tmp_path / "undone.csv").read_bytes() == collection.sheet.read_bytes()

    def test_many_at_once(self, browser: Browser, collection: Collection, tmp_path: Path) -> None:
        rows = undecided(collection)
        creator = next(
            row["element"] for row in rows if row["suggestion"] and row["vr"] != "LO" and '"' in row["element"]
        )
        given = {"ofCreator": creator, "to": str(tmp_path / "saved.csv")}
        facts = run_clean(browser, "decidesMany", collection.page, given)
        of_text = {row["element"] for row in rows if row["vr"] == "LO"}
        of_creator = {row["element"]: row["suggestion"] for row in rows if row["element"].split(",")[1] in creator}
        expected = {element: code for element, code in of_creator.items() if code} | dict.fromkeys(of_text, "X")
        assert codes_of(tmp_path / "saved.csv") == expected
        assert (facts["count"], facts["more"]) == (len(of_text), len(expected) - len(of_text))


class TestSheet:
    def test_a_download_is_a_sheet_of_the_program(
        self, browser: Browser, collection: Collection, tmp_path: Path
    ) -> None:
        chosen = [row["element"] for row in undecided(collection)[3:6]]
        given = {"decisions": [[element, key] for element, key in zip(chosen, "kxc", strict=True)]}
        facts = run_clean(browser, "decidesThese", collection.page, given | {"to": str(tmp_path / "saved.csv")})
        assert facts["name"] == "decisions.csv"
        assert codes_of(tmp_path / "saved.csv") == dict(zip(chosen, "KXC", strict=True))
        before, after = (read_rows(path) for path in (collection.sheet, tmp_path / "saved.csv"))
        kept = [column for column in COLUMNS if column not in {"code", "who", "when"}]
        assert [[row[column] for column in kept] for row in after] == [
            [row[column] for column in kept] for row in before
        ]

    def test_the_dialog_of_the_browser_gets_the_same_sheet(self, browser: Browser, collection: Collection) -> None:
        picked = run_clean(browser, "picks", collection.page)
        assert picked["name"] == "decisions.csv"
        sheet = read_decisions("picked", picked["text"].encode())
        assert [row.cells["code"] for row in sheet.rows if row.cells["code"]] == ["X"]

    def test_loading(self, browser: Browser, collection: Collection, tmp_path: Path) -> None:
        rows = read_rows(collection.sheet)
        for number, row in enumerate(rows[:7]):
            row["code"], row["who"] = "KXZDCUR"[number], "CD"
        rows[8]["note"] = "a note alone"
        decided = tmp_path / "colleague.csv"
        write_rows(decided, rows)
        foreign = dict.fromkeys(COLUMNS, "") | {"element": '(0077,"GONE",01)', "vr": "LO", "code": "K"}
        write_rows(tmp_path / "foreign.csv", [foreign])
        broken = [
            (b'element,code\n"(0008,0060),K\n', "line 2"),
            (b"name,code\nx,K\n", "line 1"),
            (b"", "no line with column names"),
            (b"element,code\n\xff,K\n", "UTF-8"),
        ]
        given = {
            "decided": {"path": str(decided), "changed": 8, "codes": 7},
            "broken": [{"text": list(raw), "reason": reason} for raw, reason in broken],
            "foreign": list((tmp_path / "foreign.csv").read_bytes()),
            "to": str(tmp_path / "saved.csv"),
        }
        run_clean(browser, "loads", collection.page, given)
        assert codes_of(tmp_path / "saved.csv") == {'(0077,"GONE",01)': "K"}

    def test_nothing_is_lost_by_closing(self, browser: Browser, collection: Collection, tmp_path: Path) -> None:
        kept = run_clean(browser, "keeps", collection.page, {"to": str(tmp_path / "saved.csv")})
        text = "\n".join(f"{name} {value}" for name, value in kept.items())
        assert f"tagsniff-review:{read_page(collection.page.read_text(encoding='utf-8')).digest}" in kept
        assert '"X"' in text
        with collection.report.open(encoding="utf-8", newline="") as stream:
            values = {row["value"] for row in csv.DictReader(stream)}
        # The name of an element may have that of its private creator, which is a value too.
        text = text.replace("\\", "")
        for row in read_rows(collection.sheet):
            text = text.replace(row["element"], "")
        # Short numbers are also numbers of elements and dates.
        longer = {value for value in values if len(value) > 5}
        assert len(longer) > 20
        assert sorted(value for value in longer if value in text) == []
        assert len(codes_of(tmp_path / "saved.csv")) == 2

    def test_the_round_trip(self, browser: Browser, tmp_path: Path) -> None:
        """From a scan to the page, from keys there to a sheet, and to a scan without the rows that were decided."""
        collection = make_collection(tmp_path)
        scan(collection)
        before = values_of(collection.report)
        decisions = [
            [ACME.format(1), "k"],
            [ACME.format(2), "k"],
            [ACME.format(3), "x"],
            ['(0009,"GEMS_IDEN_01",27)', "o"],
            ['(0009,"GEMS_IDEN_01",01)', "c"],
        ]
        elements = {element for element, _ in decisions}
        assert elements <= {row["element"] for row in before}
        given = {"decisions": decisions, "to": str(collection.sheet)}
        facts = run_clean(browser, "decidesThese", collection.page, given)
        assert facts["progress"]["decided"] == len(decisions)
        scan(collection)
        after = values_of(collection.report)
        # C hides the values that were seen, as K does: the tool that de-identifies cleans them.
        assert [row for row in before if row["element"] not in elements] == after
        assert len(after) < len(before)
        # Tomorrow another value of a text that was kept, and nothing else of what was decided.
        add_patient(collection.folder, 4, "COE^NOEL", "Knee of Noel")
        scan(collection)
        news = [row for row in values_of(collection.report) if row["element"] in elements]
        assert [(row["element"], row["value"]) for row in news] == [(ACME.format(1), "Knee of Noel")]


class TestServed:
    def test_each_act_is_on_the_disk(self, browser: Browser, collection: Collection, tmp_path: Path) -> None:
        saved, sheet = collection.page.parent / "before.scan", tmp_path / "decisions.csv"
        command = [sys.executable, "-m", "tagsniff", "review", str(saved), str(collection.folder)]
        command += ["--decisions", str(sheet), "--no-browser"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as server:
            try:
                assert server.stderr is not None
                said = (re.search(r"http://127\.0\.0\.1:\d+/#\S+", line) for line in server.stderr)
                address = next(found[0] for found in said if found)
                facts, problems = browser.run("serves", address, {"sheet": str(sheet)})
            finally:
                server.send_signal(signal.SIGINT)
                server.communicate(timeout=30)
        # Firefox looks for an icon of each site, which the policy of the page forbids.
        assert [problem for problem in problems if "/favicon.ico" not in problem] == []
        assert codes_of(sheet) == {facts["element"]: "X"}
        assert ".dcm" in facts["found"]
        assert facts["kept"] == ["tagsniff-review:who"]
        acts = [json.loads(line) for line in sheet.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()]
        assert [act["act"] for act in acts] == ["key", "key", "undo"]


class TestSight:
    def test_printing(self, browser: Browser, collection: Collection, tmp_path: Path) -> None:
        rows = undecided(collection)
        given = {name: str(tmp_path / f"{name}.pdf") for name in ("all", "some", "summary")}
        run_clean(browser, "prints", collection.page, given | {"toDecide": len(rows)})
        every, some, summary = (read_pdf(tmp_path / f"{name}.pdf") for name in ("all", "some", "summary"))
        # An element is in a narrow column, which may end a line within it.
        names = {row["element"].replace(" ", ""): row["vr"] for row in rows}
        assert [name for name in names if name not in every] == []
        # Filtered: none of another VR, apart from the chosen one, whose values are printed too.
        assert len([name for name, vr in names.items() if vr != "LO" and name in some]) <= 1
        assert [name for name, vr in names.items() if vr == "LO" and name not in some] == []
        assert "SHA-256" in summary
        assert "tcia" in summary

    def test_without_a_mouse(self, browser: Browser, collection: Collection, tmp_path: Path) -> None:
        run_clean(browser, "needsNoMouse", collection.page, {"to": str(tmp_path / "saved.csv")})
        assert sorted(codes_of(tmp_path / "saved.csv").values()) == ["K", "X"]

    def test_twice_the_size(self, browser: Browser, collection: Collection) -> None:
        run_clean(browser, "zooms", collection.page)

    def test_text_of_twice_the_size(self, browser: Browser, collection: Collection) -> None:
        run_clean(browser, "enlarges", collection.page)

    def test_dark_and_light(self, browser: Browser, collection: Collection) -> None:
        run_clean(browser, "shines", collection.page)

    def test_contrast(self, browser: Browser, collection: Collection) -> None:
        run_clean(browser, "contrasts", collection.page)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "in").mkdir()
    for number, value in enumerate(HOSTILE):
        raw = value.encode()
        creator = b"<b id=b>ACME</b>"
        body = [
            EXPLICIT.element(0x00080005, "CS", b"ISO_IR 192"),
            EXPLICIT.element(0x00080060, "CS", b"CT"),
            EXPLICIT.element(0x00080070, "LO", b"<svg onload=alert(3)> "),
            EXPLICIT.element(0x00081090, "LO", CALC.encode()),
            EXPLICIT.element(0x00090010, "LO", creator),
            EXPLICIT.element(0x00091001, "UT", raw + b" " * (len(raw) % 2)),
            EXPLICIT.element(0x00100020, "LO", b"P1"),
        ]
        name = f"{number:02}<img src=x onerror=alert(4)>\u202e.dcm"
        (folder / "in" / name).write_bytes(part10(join(body), EXPLICIT_LITTLE_UID).data)
    made = Collection(
        folder / "in", folder / "out" / "review.html", folder / "decisions.csv", folder / "out" / "values.csv"
    )
    scan(made)
    return made


class TestHostileValues:
    """What is in files may look like a program to a browser or a spreadsheet. It is a text in both."""

    ELEMENT = '(0009,"<b id=b>ACME</b>",01)'

    def test_they_are_texts(self, browser: Browser, hostile: Collection, tmp_path: Path) -> None:
        note = f'{CALC} </script><script>alert(5)</script> \u202e\u2028, "quoted"; \''
        given = {
            "element": self.ELEMENT,
            "values": HOSTILE,
            "typed": [CALC, "</script>", "\u2028", "__proto__", "x" * 25_000, "\ud800"],
            "who": "<svg onload=alert(6)>",
            "note": note,
            "to": str(tmp_path / "saved.csv"),
        }
        facts = run_clean(browser, "staysCalm", hostile.page, given)
        # What is not seen is written as an escape; the rest is as it is in the file.
        shown = {re.sub(r"\\u([0-9a-f]{4})", lambda one: chr(int(one[1], 16)), text) for text in facts["shown"]}
        assert shown == set(HOSTILE)
        saved = {row["element"]: row for row in read_rows(tmp_path / "saved.csv")}
        assert saved[self.ELEMENT]["code"] == "K"
        assert saved[self.ELEMENT]["who"] == "<svg onload=alert(6)>"
        assert saved[self.ELEMENT]["note"].startswith(CALC)
        assert_safe(tmp_path / "saved.csv")

    def test_halves_of_characters(self, browser: Browser, tmp_path: Path) -> None:
        """A value may have half of a pair of UTF-16; also where two of them meet."""
        values = ["\ud800", "\udc00", "a\ud83d", "\ude00b", "\U0001f600"]
        (tmp_path / "page.html").write_text(make_page(values), encoding="ascii")
        given = {
            "element": "(0008,1030)",
            "values": values,
            "typed": ["\ud83d", "\ude00"],
            "who": "AB",
            "note": "\ud800 half",
            "to": str(tmp_path / "saved.csv"),
        }
        facts = run_clean(browser, "staysCalm", tmp_path / "page.html", given)
        escaped = sorted(show_half(value) for value in values)
        assert sorted(facts["shown"]) == escaped
        assert codes_of(tmp_path / "saved.csv") == {"(0008,1030)": "K"}
        assert_safe(tmp_path / "saved.csv")


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def values_of(report: Path) -> list[dict[str, str]]:
    """Return the rows of a report, without what a decision may change in others."""
    with report.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["kind"] == "value"]


def read_pdf(path: Path) -> str:
    """Return all text of a PDF, without spaces."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(path).pages))


def show_half(text: str) -> str:
    return "".join(f"\\u{ord(one):04x}" if "\ud800" <= one <= "\udfff" else one for one in text)


def assert_safe(path: Path) -> None:
    """Fail if a spreadsheet would run a cell, or if the file has what cannot be seen."""
    text = path.read_bytes().decode("utf-8")
    assert all(one.isprintable() or one == "\n" for one in text)
    for cells in csv.reader(io.StringIO(text)):
        for cell in cells:
            assert not re.match(r"[=+\-@\uff1d\uff0b\uff0d\uff20]", cell) or re.fullmatch(
                r"[-+]?[\d.]+(\\[-+]?[\d.]+)*", cell
            )
            assert not re.search(r"[;\t][ \"]*[=+@-]", cell)
    assert read_rows(path) != []


def make_page(values: list[str]) -> str:
    """Return a page with values of one element that no file of a scan gives."""
    rows = [
        ValueRow(RowKind.VALUE, "CT:A:B:C", "(0008,1030)", "LO", "", "R", value, 1, 1, -1, 1, (), (), f"in/{at}", "x")
        for at, value in enumerate(values)
    ]
    table, uses = gather_rows(rows)
    report = ValueReport(
        **dict.fromkeys(("files", "series", "patients", "elements", "equipment"), 1),
        **dict.fromkeys(("profiles", "findings", "conflicts", "collisions", "deviations"), ()),
        max_values=65536,
        uid_root="",
        table=table,
        uses=uses,
        omissions=Omissions(),
        run=RunRecord(),
    )
    summary = ElementSummary(
        *("(0008,1030)", "LO", "", "Study Description", "R", (), 1, 1, -1, len(values)),
        is_estimated=False,
        smallest="",
        largest="",
        shapes=("Aa",),
        examples=tuple(values),
        flags=(),
        suggestion="",
        suggested_by="",
        score=0.0,
        is_read=True,
    )
    sheet = update_sheet(Sheet(), Evidence("2026-12-01T10:00:00Z", [summary], ()))
    stream = io.StringIO()
    write_html(report, [summary], sheet, stream)
    return stream.getvalue()

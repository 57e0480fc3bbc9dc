"""Names with two meanings: tags of several creators, moving blocks, letter case, codes by equipment.

For: ``tagsniff.report.collisions`` over a written collection, ``tagsniff collisions``, and the reports of values,
which contain the collisions too.
Never: an expectation that was not written down by hand.
Standard: PS3.5 section 7.8, edition 2026b; design, section 1.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10
from tagsniff import load_profile, scan
from tagsniff.cli import main
from tagsniff.dicom.equipment import parse_equipment
from tagsniff.report.collisions import CollisionKind, CollisionRow

PROFILE = """element,code
"(0008,0070)",K
"(0008,1010)",X
"""
PRIVATE = """modality,manufacturer,model,software,element,vr,code,name,source
,alpha*,,,"(0009,""ALPHA"",01)",,K,,
,beta*,,,"(0009,""ALPHA"",01)",,X,,
"""


def element(tag: int, vr: str, value: bytes) -> Part:
    return EXPLICIT.element(tag, vr, value + b" " * (len(value) % 2))


def file(manufacturer: bytes, *private: Part) -> bytes:
    public = [element(0x00080060, "CS", b"MR"), element(0x00080070, "LO", manufacturer)]
    return part10(join([*public, *private]), EXPLICIT_LITTLE_UID).data


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Four files: two manufacturers that use (0009,1001), one block that moved, a creator in another letter case."""
    folder = tmp_path / "in"
    folder.mkdir()
    alpha, beta = element(0x00090010, "LO", b"ALPHA"), element(0x00090010, "LO", b"BETA")
    (folder / "1").write_bytes(file(b"Alpha", alpha, element(0x00091001, "LO", b"one")))
    (folder / "2").write_bytes(file(b"Beta", beta, element(0x00091001, "LO", b"two")))
    (folder / "3").write_bytes(
        file(b"Beta", beta, element(0x00090011, "LO", b"ALPHA"), element(0x00091101, "LO", b"three"))
    )
    (folder / "4").write_bytes(file(b"Beta", element(0x00090010, "LO", b"Beta"), element(0x00091002, "LO", b"four")))
    (tmp_path / "public.csv").write_text(PROFILE, encoding="utf-8")
    (tmp_path / "private.csv").write_text(PRIVATE, encoding="utf-8")
    return folder


ALPHA, BETA = "MR:Alpha:<undef>:<undef>", "MR:Beta:<undef>:<undef>"
OF_ALPHA, OF_BETA = '(0009,"ALPHA",01)', '(0009,"BETA",01)'


def expected() -> set[CollisionRow]:
    tag, block, case, code = CollisionKind
    rows = {
        CollisionRow(tag, "(0009,1001)", OF_ALPHA, "LO", "K", ALPHA, (0x10,), 1, 1, 1, 1),
        CollisionRow(tag, "(0009,1001)", OF_BETA, "LO", "R", BETA, (0x10,), 1, 1, 1, 1),
        CollisionRow(block, '(0009,"ALPHA")', '(0009,"ALPHA")', "", "", ALPHA, (0x10,)),
        CollisionRow(block, '(0009,"ALPHA")', '(0009,"ALPHA")', "", "", BETA, (0x11,)),
        CollisionRow(case, '(0009,"beta")', '(0009,"BETA")', "", "", BETA, (0x10,)),
        CollisionRow(case, '(0009,"beta")', '(0009,"Beta")', "", "", BETA, (0x10,)),
        CollisionRow(code, OF_ALPHA, OF_ALPHA, "LO", "K", ALPHA, (0x10,), 1, 1, 1, 1),
        CollisionRow(code, OF_ALPHA, OF_ALPHA, "LO", "X", BETA, (0x11,), 1, 1, 1, 1),
    }
    return {replace(row, parts=parse_equipment(row.equipment)) for row in rows}


def test_collisions(collection: Path) -> None:
    profile = load_profile(collection.parent / "public.csv", [collection.parent / "private.csv"])
    found = scan([collection], profile=profile).collisions()
    assert set(found) == expected()
    assert len(found) == len(expected())


def test_order_of_files_changes_nothing(collection: Path) -> None:
    profile = load_profile(collection.parent / "public.csv", [collection.parent / "private.csv"])
    paths = sorted(collection.iterdir())
    assert scan(paths, profile=profile).collisions() == scan(paths[::-1], profile=profile).collisions()


def test_letter_case_of_every_character_in_a_creator(tmp_path: Path) -> None:
    """Case folding maps the micro sign to a letter beyond U+00FF, and a sharp s to two letters."""
    creators = [b"\xb5M", b"\xb5m", b"stra\xdfe", b"STRASSE"]
    for number, creator in enumerate(creators):
        private = (element(0x00090010, "LO", creator), element(0x00091001, "LO", b"one"))
        (tmp_path / f"{number}").write_bytes(file(b"Alpha", *private))
    found = scan([tmp_path], profile=load_profile("basic")).collisions()
    cases = {(row.subject, row.element) for row in found if row.kind is CollisionKind.CASE}
    assert cases == {
        ('(0009,"\xb5m")', '(0009,"\xb5M")'),
        ('(0009,"\xb5m")', '(0009,"\xb5m")'),
        ('(0009,"strasse")', '(0009,"stra\xdfe")'),
        ('(0009,"strasse")', '(0009,"STRASSE")'),
    }


def test_no_collision_in_one_file(collection: Path) -> None:
    assert scan([collection / "1"], profile=load_profile("basic")).collisions() == ()


def test_all_formats_have_the_same_content(collection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(collection.parent)
    profile = ["--confidentiality", "public.csv", "--modality-software", "private.csv", "--without-shipped"]
    for form in ("text", "csv", "json"):
        outputs = ["-o", f"out.{form}", "--exclusions", f"left-out.{form}"]
        assert main(["collisions", "in", *profile, "--format", form, *outputs]) == 0
    with Path("out.csv").open(encoding="utf-8", newline="") as stream:
        in_csv = {(row["kind"], row["subject"], row["element"], row["equipment"]) for row in csv.DictReader(stream)}
    in_csv -= {row for row in in_csv if row[0] == "run"}
    body = json.loads(Path("out.json").read_text(encoding="utf-8"))
    in_json = {(row["kind"], row["subject"], row["element"], row["equipment"]) for row in body["collisions"]}
    by_hand = {(row.kind.value, row.subject, row.element, row.equipment) for row in expected()}
    assert in_csv == in_json == by_hand
    text = Path("out.text").read_text(encoding="utf-8")
    assert all(row.subject in text and row.equipment in text for row in expected())


def test_a_reached_bound_is_reported(
    collection: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A code may be that of a value which is not kept."""
    monkeypatch.chdir(collection.parent)
    profile = ["--confidentiality", "public.csv", "--modality-software", "private.csv", "--without-shipped"]
    command = ["collisions", "in", *profile, "--force"]
    assert main(command) == 0
    assert "values" not in capsys.readouterr().err
    monkeypatch.setitem(tagsniff.scan.__kwdefaults__, "max_values", 1)
    assert main(command) == 3
    assert "1 element of some equipment has more than 1 value" in capsys.readouterr().err


def test_a_code_that_depends_on_the_block(collection: Path) -> None:
    (collection / "1").write_bytes(
        file(b"Alpha", *(element(0x00090000 | tag, "LO", b"ALPHA") for tag in (0x10, 0x11, 0x1001, 0x1101)))
    )
    own = collection.parent / "own.csv"
    own.write_text('manufacturer,element,code\n,"(0009,""ALPHA"",1001)",K\n', encoding="utf-8")
    found = scan([collection / "1"], mode="before", modality_software=[own]).collisions()
    assert [row for row in found if row.kind is CollisionKind.CODE] == [
        CollisionRow(
            *(CollisionKind.CODE, OF_ALPHA, OF_ALPHA, "LO", "K R", ALPHA, (0x10, 0x11), 1, 1, 1, 2),
            parts=parse_equipment(ALPHA),
        )
    ]


class TestReports:
    """The collisions as a part of the reports of values."""

    @pytest.fixture
    def written(
        self, collection: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> Callable[..., tuple[str, str]]:
        monkeypatch.chdir(collection.parent)

        def write(command: str, path: str, form: str, *arguments: str) -> tuple[str, str]:
            outputs = ["--exclusions", f"{command}.{form}", *arguments]
            assert main([command, path, "--format", form, *outputs]) == 0
            return capsys.readouterr()

        return write

    PROFILE = ("--confidentiality", "public.csv", "--modality-software", "private.csv", "--without-shipped")

    @pytest.mark.parametrize("command", ["before", "final"])
    def test_text_and_json_contain_the_list_of_the_command(
        self, command: str, written: Callable[..., tuple[str, str]]
    ) -> None:
        listed, _ = written("collisions", "in", "text", *self.PROFILE)
        heading, of_run, listed = listed.partition("# one tag")
        assert heading.startswith("# tagsniff ")
        listed = of_run + listed
        assert listed.startswith("# one tag, several private creators\n(0009,1001)\n    ")
        text, errors = written(command, "in", "text", *self.PROFILE)
        assert text.endswith("\n\n" + listed)
        assert "4 collisions" in errors
        assert "tagsniff collisions" in errors
        assert "ALPHA" not in errors
        of_command = json.loads(written("collisions", "in", "json", *self.PROFILE)[0])
        of_report = json.loads(written(command, "in", "json", *self.PROFILE)[0])
        assert len(of_report["collisions"]) == len(expected())
        assert of_report["collisions"] == of_command["collisions"]
        assert of_report["totals"]["collisions"] == 4

    @pytest.mark.parametrize("form", ["csv", "jsonl"])
    def test_tables_of_values_contain_only_values(self, form: str, written: Callable[..., tuple[str, str]]) -> None:
        out, errors = written("before", "in", form, *self.PROFILE)
        lines = list(csv.DictReader(out.splitlines())) if form == "csv" else list(map(json.loads, out.splitlines()))
        assert {row["kind"] for row in lines} == {"run", "value", "code"}
        assert "4 collisions" in errors

    def test_a_saved_scan_keeps_the_collisions(self, written: Callable[..., tuple[str, str]]) -> None:
        text, _ = written("before", "in", "text", *self.PROFILE, "--save", "scan")
        assert written("report", "scan", "text")[0] == text

    def test_reports_without_collisions_do_not_mention_them(self, written: Callable[..., tuple[str, str]]) -> None:
        text, errors = written("before", "in/1", "text", *self.PROFILE)
        assert "# one" not in text
        assert "collisions" not in errors
        assert json.loads(written("before", "in/1", "json", *self.PROFILE)[0])["collisions"] == []

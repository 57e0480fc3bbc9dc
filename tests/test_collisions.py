"""What means two things: tags of several creators, moving blocks, letter case, codes by equipment.

For: ``tagsniff.collisions`` on a written collection, and the command ``tagsniff collisions``.
Never: an expectation that was not written down by hand.
Standard: PS3.5 section 7.8, edition 2026b; design, section 1.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10
from tagsniff import load_profile, scan
from tagsniff.cli import main
from tagsniff.collisions import CollisionKind, CollisionRow, find_collisions

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
    """Four files: two makers that use (0009,1001), one whose block moved, and a creator in another letter case."""
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
    return {
        CollisionRow(tag, "(0009,1001)", OF_ALPHA, "LO", "K", ALPHA, (0x10,), 1, 1, 1),
        CollisionRow(tag, "(0009,1001)", OF_BETA, "LO", "R", BETA, (0x10,), 1, 1, 1),
        CollisionRow(block, '(0009,"ALPHA")', '(0009,"ALPHA")', "", "", ALPHA, (0x10,)),
        CollisionRow(block, '(0009,"ALPHA")', '(0009,"ALPHA")', "", "", BETA, (0x11,)),
        CollisionRow(case, '(0009,"beta")', '(0009,"BETA")', "", "", BETA, (0x10,)),
        CollisionRow(case, '(0009,"beta")', '(0009,"Beta")', "", "", BETA, (0x10,)),
        CollisionRow(code, OF_ALPHA, OF_ALPHA, "LO", "K", ALPHA, (0x10,), 1, 1, 1),
        CollisionRow(code, OF_ALPHA, OF_ALPHA, "LO", "X", BETA, (0x11,), 1, 1, 1),
    }


def test_collisions(collection: Path) -> None:
    profile = load_profile(collection.parent / "public.csv", [collection.parent / "private.csv"])
    found = find_collisions(scan([collection], profile=profile))
    assert set(found) == expected()
    assert len(found) == len(expected())


def test_order_of_files_changes_nothing(collection: Path) -> None:
    profile = load_profile(collection.parent / "public.csv", [collection.parent / "private.csv"])
    paths = sorted(collection.iterdir())
    assert find_collisions(scan(paths, profile=profile)) == find_collisions(scan(paths[::-1], profile=profile))


def test_no_collision_in_one_file(collection: Path) -> None:
    assert find_collisions(scan([collection / "1"], profile=load_profile("basic"))) == ()


def test_formats_hold_the_same(collection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(collection.parent)
    profile = ["--confidentiality", "public.csv", "--modality-software", "private.csv"]
    for form in ("text", "csv", "json"):
        assert main(["collisions", "in", *profile, "--format", form, "-o", f"out.{form}"]) == 0
    with Path("out.csv").open(encoding="utf-8", newline="") as stream:
        in_csv = {(row["kind"], row["subject"], row["element"], row["equipment"]) for row in csv.DictReader(stream)}
    body = json.loads(Path("out.json").read_text(encoding="utf-8"))
    in_json = {(row["kind"], row["subject"], row["element"], row["equipment"]) for row in body["collisions"]}
    by_hand = {(row.kind.value, row.subject, row.element, row.equipment) for row in expected()}
    assert in_csv == in_json == by_hand
    text = Path("out.text").read_text(encoding="utf-8")
    assert all(row.subject in text and row.equipment in text for row in expected())

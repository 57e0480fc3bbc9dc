"""Reports that may be given to others: their content, and what none of them may contain.

For: `tagsniff.report.sharing` on reports made by hand, and ``--share`` of every command in every format.
Never: a marker that a report without ``--share`` does not show; the tests check that too, so that they can fail.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10, uid_value
from tagsniff.cli import main
from tagsniff.dicom.notation import parse_identity
from tagsniff.profile.shipped import find_shipped
from tagsniff.report.collisions import CollisionKind, CollisionRow
from tagsniff.report.element_uses import list_uses
from tagsniff.report.inventory import InventoryReport, InventoryRow
from tagsniff.report.rows import RowKind
from tagsniff.report.sharing import Sharing, make_sharing, share_collisions, share_inventory, share_values
from tagsniff.report.values import ValueReport, build_value_report
from tagsniff.scanning.tables import DecisionRecord, ProfileRecord, ScanTables
from tagsniff.status import Omission, Omissions, Status
from value_scans import CONFLICT, KEEP, REVIEW, Row, Use, make_scan, numbered, text

KNOWN, KNOWN_IN_CAPITALS = "GEMS_IDEN_01", "gems_iden_01"
UNKNOWN, OTHER = "St Elsewhere", "AB"
SHARING = Sharing(frozenset({KNOWN.casefold()}), frozenset({"11" * 32}), b"a key")


def digest_of(creator: str, sharing: Sharing = SHARING) -> str:
    """Return the replacement of an unknown creator, computed by hand: 8 bytes of BLAKE2b with a key."""
    return f"<digest {hashlib.blake2b(creator.encode('utf-8'), digest_size=8, key=sharing.key).hexdigest()}>"


class TestCreators:
    def test_known_creators_are_shown(self) -> None:
        assert SHARING.show_creator(KNOWN) == KNOWN
        assert SHARING.show_creator(KNOWN_IN_CAPITALS) == KNOWN_IN_CAPITALS

    @pytest.mark.parametrize("creator", [UNKNOWN, OTHER, KNOWN + " ", KNOWN + "0", "\xe9", '"\\', digest_of(UNKNOWN)])
    def test_other_creators_are_digests(self, creator: str) -> None:
        shown = SHARING.show_creator(creator)
        assert shown == digest_of(creator)
        assert creator not in shown

    def test_every_report_has_its_own_key(self) -> None:
        one, two = make_sharing(), make_sharing()
        assert len({one.key, two.key}) == 2
        assert min(len(one.key), len(two.key)) >= 32
        assert one.show_creator(UNKNOWN) == one.show_creator(UNKNOWN) != two.show_creator(UNKNOWN)

    def test_a_digest_cannot_be_computed_without_the_key(self) -> None:
        shown = make_sharing().show_creator(UNKNOWN).removeprefix("<digest ").removesuffix(">")
        plain = [hashlib.new(name, UNKNOWN.encode()) for name in ("sha256", "sha1", "md5", "blake2b", "blake2s")]
        short = [hashlib.blake2b(UNKNOWN.encode(), digest_size=8), hashlib.blake2s(UNKNOWN.encode(), digest_size=8)]
        assert not any(digest.hexdigest().startswith(shown) for digest in (*plain, *short))

    def test_the_shipped_profiles_define_the_known_creators(self) -> None:
        sharing = make_sharing()
        for known in ("GEMS_IDEN_01", "SIEMENS CSA HEADER", "Philips Imaging DD 001", "SPI-P Release 1", "ELSCINT1"):
            assert sharing.show_creator(known) == known
        for unknown in (UNKNOWN, "", "GEMS_IDEN", "Doe^Jane"):
            assert sharing.show_creator(unknown) != unknown
        assert len(sharing.profiles) == len(find_shipped())


class TestInventory:
    ROWS = (
        InventoryRow("(0008,1140)", ("SQ",), "ReferencedImageSequence", (), 3, 2, 1, 4),
        InventoryRow(f'(0009,"{OTHER}",01)', ("LO",), "", (0x10,), 1, 1, 1, 1),
        InventoryRow(f'(0009,"{KNOWN}",02)', ("LO", "SH"), "", (0x10, 0x11), 3, 1, 1, 3),
        InventoryRow(f'(0009,"{UNKNOWN}",01)[<0>](0009,"{KNOWN}",01)', ("UN",), "", (0x12,), 1, 1, 1, 2),
        InventoryRow("(0009,<none:10>,02)", ("UN",), "", (0x10,), 1, 1, 1, 1),
    )
    REPORT = InventoryReport(
        files=3,
        series=2,
        patients=1,
        tags=(0x00081140, 0x00091001),
        rows=ROWS,
        deviations=((Status.ODD_LENGTH, 2),),
        omissions=Omissions.gather([Omission("in/Doe^Jane", Status.CANNOT_OPEN, detail="Permission denied")]),
    )

    def test_creators_and_paths_are_removed(self) -> None:
        shared = share_inventory(self.REPORT, SHARING)
        expected = {
            self.ROWS[0],
            replace(self.ROWS[1], identity=f'(0009,"{digest_of(OTHER)}",01)'),
            self.ROWS[2],
            replace(self.ROWS[3], identity=f'(0009,"{digest_of(UNKNOWN)}",01)[<0>](0009,"{KNOWN}",01)'),
            self.ROWS[4],
        }
        assert set(shared.rows) == expected
        assert len(shared.rows) == len(expected)
        assert shared == replace(self.REPORT, rows=shared.rows, omissions=Omissions(counts=((Status.CANNOT_OPEN, 1),)))
        assert not shared.omissions.is_complete()

    def test_rows_are_sorted_by_what_is_shown(self) -> None:
        """The alphabetical order of the names is not visible; elements of other kinds keep their places."""
        orders = set()
        for number in range(40):
            sharing = replace(SHARING, key=bytes([number + 1]))
            shown = [row.identity for row in share_inventory(self.REPORT, sharing).rows]
            assert shown[0] == "(0008,1140)"
            assert shown[-1] == "(0009,<none:10>,02)"
            creators = [parse_identity(identity)[0].creator for identity in shown[1:-1]]
            assert creators == sorted(creators, key=str)
            orders.add(creators.index(digest_of(OTHER, sharing)) < creators.index(digest_of(UNKNOWN, sharing)))
        assert orders == {True, False}


class TestCollisions:
    def test_subjects_and_elements(self) -> None:
        tag, block, case, code = CollisionKind
        other = f'(0009,"{OTHER}",01)'
        rows = (
            CollisionRow(tag, "(0009,1001)", other, "LO", "R", "MR:X", (0x10,), 1, 1, 1, 1),
            CollisionRow(tag, "(0009,1001)", f'(0009,"{KNOWN}",01)', "LO", "K", "MR:X", (0x10,), 1, 1, 1, 1),
            CollisionRow(block, f'(0009,"{UNKNOWN}")', f'(0009,"{UNKNOWN}")', "", "", "MR:X", (0x10, 0x11)),
            CollisionRow(case, '(0009,"ab")', '(0009,"AB")', "", "", "MR:X", (0x10,)),
            CollisionRow(case, '(0009,"ab")', '(0009,"Ab")', "", "", "MR:X", (0x10,)),
            CollisionRow(code, "(0008,0070)", "(0008,0070)", "LO", "K", "MR:X", (), 1, 1, 1, 1),
            CollisionRow(code, other, other, "OB", "R", "CT:X", (0x10,), 1, 1, 1, 1),
            CollisionRow(code, f"{other}[<0>]{other}", f"{other}[<0>]{other}", "LO", "R", "CT:X", (0x10,), 1, 1, 1, 1),
        )
        shown = f'(0009,"{digest_of(OTHER)}",01)'
        expected = {
            replace(rows[0], element=shown),
            rows[1],
            replace(rows[2], subject=f'(0009,"{digest_of(UNKNOWN)}")', element=f'(0009,"{digest_of(UNKNOWN)}")'),
            replace(rows[3], subject=f'(0009,"{digest_of("ab")}")', element=f'(0009,"{digest_of("AB")}")'),
            replace(rows[4], subject=f'(0009,"{digest_of("ab")}")', element=f'(0009,"{digest_of("Ab")}")'),
            rows[5],
            replace(rows[6], subject=shown, element=shown),
            replace(rows[7], subject=f"{shown}[<0>]{shown}", element=f"{shown}[<0>]{shown}"),
        }
        shared = share_collisions(rows, SHARING)
        assert set(shared) == expected
        assert len(shared) == len(rows)
        # By kind and subject, so that the rows of a subject are adjacent.
        assert [row.kind for row in shared] == [tag, tag, block, case, case, code, code, code]
        assert share_collisions(reversed(rows), SHARING) == shared


EQUIPMENT = (b"MR", b"ACME", b"One", b"1.0")
NAME = text(b"DOE^JANE")


def sample() -> ScanTables:
    """Return uses with each kind of row, some with several rows."""
    broken = [Row(None, KEEP, files=2), Row(text(b"Jane"), KEEP, flags=("NOT_A_NUMBER",), example=b"in/Doe")]
    private = [(0x00090001, UNKNOWN.encode())]
    uses = [
        Use([(0x00100010, -1)], "PN", [Row(NAME, files=2), Row(text(b"ROE")), Row(text(b"\xff"))], distinct=3, files=3),
        Use([(0x00080060, -1)], "CS", [Row(None, KEEP, files=3)], files=3),
        Use([(0x00180050, -1)], "DS", broken, distinct=1, files=2),
        Use(
            private, "OB", [Row(None, CONFLICT), Row(numbered(b"B", 9, bytes(32)), REVIEW)], distinct=1, blocks=(16, 17)
        ),
        Use(private, "OB", [Row(text(b"found Jane"))], kind=1, distinct=1, blocks=(16,)),
        Use([(0x00081155, -1)], "UI", [Row(text(b"1.2.9"))], is_bounded=True, distinct=70000),
    ]
    return make_scan(
        uses,
        uid_root="1.2.9",
        profiles=(
            ProfileRecord("Confidentiality", "basic", "PS3.15", ("retain-uids",), "11" * 32),
            ProfileRecord("Modality Software", "elsewhere", "of Jane", (), "22" * 32),
        ),
        omissions=(Omission("in/Doe", Status.TRUNCATED_VALUE, 12, 0x00100010),),
    )


def share(tables: ScanTables) -> tuple[ValueReport, ValueReport]:
    report = build_value_report(tables)
    return report, share_values(report, list_uses(tables), SHARING)


class TestValues:
    def test_one_row_for_each_element_of_an_equipment_and_vr(self) -> None:
        _, shared = share(sample())
        element = f'(0009,"{digest_of(UNKNOWN)}",01)'
        rows = [(row.element, row.kind, row.code, row.value, row.files, row.blocks, row.flags) for row in shared.rows]
        assert rows == [
            ("(0008,0060)", RowKind.CODE, "K", "", 3, (), ()),
            ("(0008,1155)", RowKind.MORE, "R", "70000", 1, (), ("ESTIMATED",)),
            (element, RowKind.COUNT, "R X", "1", 1, (16, 17), ("CONFLICT",)),
            (element + "/text", RowKind.COUNT, "R", "1", 1, (16,), ()),
            ("(0010,0010)", RowKind.COUNT, "R", "3", 3, (), ("UNDECODED",)),
            ("(0018,0050)", RowKind.COUNT, "K", "1", 2, (), ("NOT_A_NUMBER",)),
        ]
        assert {(row.equipment, row.example, row.decided_by) for row in shared.rows} == {("MR:ACME:One:1.0", "", "")}

    def test_root_omissions_and_profiles_are_removed(self) -> None:
        report, shared = share(sample())
        assert (report.uid_root, shared.uid_root) == ("1.2.9", "")
        assert (len(report.omissions.paths), shared.omissions.paths) == (1, ())
        assert shared.profiles == (report.profiles[0], ProfileRecord("Modality Software", "", "", (), ""))
        (conflict,) = report.conflicts
        assert (conflict.decided_by, len(conflict.rivals)) == (CONFLICT.row, 1)
        element = f'(0009,"{digest_of(UNKNOWN)}",01)'
        assert shared.conflicts == (replace(conflict, element=element, decided_by="", rivals=()),)

    def test_counts_are_kept(self) -> None:
        report, shared = share(sample())
        counts = (
            "files",
            "series",
            "elements",
            "equipment",
            "deviations",
        )
        for name in counts:
            assert getattr(shared, name) == getattr(report, name), name
        assert shared.omissions == replace(report.omissions, paths=())

    def test_findings_count_the_shared_rows(self) -> None:
        twice = [Row(text(b"one"), flags=("NOT_A_NUMBER",)), Row(text(b"two"), flags=("NOT_A_NUMBER",))]
        report, shared = share(make_scan([Use([(0x00180050, -1)], "DS", twice, distinct=2)]))
        assert report.findings == (("NOT_A_NUMBER", 2),)
        assert shared.findings == (("NOT_A_NUMBER", 1),)

    def test_counts_of_single_values_are_not_shown(self) -> None:
        """Counts of single values, in the order of the values, would reveal days or names."""
        rows = [Row(text(b"20240101"), files=1), Row(text(b"20240102"), files=7)]
        _, shared = share(make_scan([Use([(0x00080020, -1)], "DA", rows, distinct=2, files=8)]))
        assert [(row.value, row.files) for row in shared.rows] == [("2", 8)]

    def test_decisions_do_not_show_rows_of_a_profile(self) -> None:
        decision = DecisionRecord("X", ("CONFLICT",), 'jane.csv:2  (0009,"St Elsewhere",01) X', ("jane.csv:3  X",))
        tables = make_scan([Use([(0x00090001, UNKNOWN.encode())], "LO", [Row(None, decision)])])
        report, shared = share(tables)
        assert "jane" in repr(report)
        assert "jane" not in repr(shared)
        assert UNKNOWN not in repr(shared)


# The commands

VALUE, FOLDER, CREATOR, PROFILE, RUN = "MARKVALUE", "MARKPATH", "MARKCREATOR", "MARKPROFILE", "MARKRUN"
MARKERS = (VALUE, FOLDER, CREATOR, CREATOR.lower(), PROFILE, RUN, "1.2.777")
MAKER = "Maker of machines"


def element(tag: int, vr: str, value: bytes) -> Part:
    return EXPLICIT.element(tag, vr, value + b" " * (len(value) % 2))


def image(number: int, creator: bytes) -> bytes:
    private = [
        element(0x00090010 + number, "LO", creator),
        element(0x00091001 + (number << 8), "LO", f"{VALUE}{number}".encode()),
        element(0x00091002 + (number << 8), "OB", f"\0\1{RUN}\0\0".encode()),
        element(0x000910F0 + (number << 8), "LO", b"X"),
    ]
    parts = [
        element(0x00080060, "CS", b"MR"),
        element(0x00080070, "LO", MAKER.encode() + b" " * number),
        EXPLICIT.element(0x00080018, "UI", uid_value(f"1.2.777.{number}")),
        *private,
        element(0x00090020 + number, "LO", KNOWN.encode()),
        element(0x00092001 + (number << 8), "LO", VALUE.encode()),
        element(0x00100010, "PN", f"{VALUE}^{number}".encode()),
        element(0x00180050, "DS", VALUE.encode()),
        EXPLICIT.sequence(0x00081140, EXPLICIT.item(element(0x00090010, "LO", creator), *private[1:2])),
    ]
    return part10(join(parts), EXPLICIT_LITTLE_UID).data


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files whose creators collide in every way, one that is truncated, one that is not DICOM, and own profiles."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / FOLDER).mkdir()
    for number, creator in enumerate((CREATOR, CREATOR.lower(), CREATOR, f"{CREATOR} B")):
        (tmp_path / FOLDER / f"{number}").write_bytes(image(number % 3, creator.encode()))
    (tmp_path / FOLDER / "cut").write_bytes(image(0, CREATOR.encode())[:-5])
    (tmp_path / FOLDER / "none").write_bytes(b"a text that is no DICOM file " * 20)
    (tmp_path / f"{PROFILE}.csv").write_text(
        f'# name = {PROFILE}\n# edition = {PROFILE}\nelement,code\n"(0002,xxxx)",K\n',
        "utf-8",
    )
    rows = [f'maker*,"(0009,""{CREATOR}"",F0)",K', f'*machines*,"(0009,""{CREATOR}"",F0)",X']
    rows += [f',"(0009,""{CREATOR} B"",01)",X']
    (tmp_path / f"{PROFILE}2.csv").write_text("\n".join(["manufacturer,element,code", *rows]) + "\n", "utf-8")
    return tmp_path


PROFILES = [
    "--without-shipped",
    "--confidentiality",
    f"{PROFILE}.csv",
    "--modality-software",
    f"{PROFILE}2.csv",
    "--uid-root",
    "1.2.777",
]
FORMATS = {
    "inventory": ("text", "csv", "jsonl", "json"),
    "collisions": ("text", "csv", "jsonl", "json"),
    "before": ("text", "csv", "jsonl", "json"),
    "final": ("text", "csv", "jsonl", "json"),
    "report": ("text", "csv", "jsonl", "json"),
}
CASES = [(command, form) for command, forms in FORMATS.items() for form in forms]
# The markers that a report without --share shows, by command; a format may show fewer.
SHOWN = {"inventory": {CREATOR}, "collisions": {CREATOR}}


@pytest.fixture
def write(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command and return what it writes; the exclusions go to a separate file."""

    def run(command: str, form: str, *flags: str) -> str:
        arguments = [command, FOLDER]
        if command == "report":
            assert main(["before", FOLDER, *PROFILES, "--save", "scan", "-o", "x", "--force"]) == 3
            arguments = [command, "scan"]
        elif command == "inventory":
            arguments += ["--by-creator"]
        else:
            arguments += PROFILES
        capsys.readouterr()
        assert main([*arguments, "--format", form, "--exclusions", "left.csv", *flags, "--force"]) == 3
        return capsys.readouterr().out

    return run


@pytest.mark.parametrize(("command", "form"), CASES)
def test_no_value_path_creator_or_profile_is_shared(write: Callable[..., str], command: str, form: str) -> None:
    plain, shared = write(command, form), write(command, form, "--share")
    assert all(marker in plain for marker in SHOWN.get(command, {VALUE, RUN, CREATOR}))
    assert [marker for marker in MARKERS if marker in shared] == []
    assert FOLDER in Path("left.csv").read_text("utf-8")
    assert KNOWN in shared
    assert "<digest " in shared
    if command != "inventory":
        assert f"MR:{MAKER}:<undef>:<undef>" in shared


@pytest.mark.parametrize("command", ["before", "final", "report"])
def test_all_formats_of_a_shared_report_have_the_same_content(write: Callable[..., str], command: str) -> None:
    """Except for the digests, which are different in each report."""

    def read(rows: Any) -> list[tuple[str, ...]]:
        names = ("kind", "equipment", "vr", "code", "value", "files", "series", "occurrences", "example")
        of_elements = (row for row in rows if row["kind"] not in ("run", "incomplete"))
        return sorted(tuple(str(row[name]) for name in names) for row in of_elements)

    in_csv = read(csv.DictReader(io.StringIO(write(command, "csv", "--share"), newline="")))
    lines = write(command, "jsonl", "--share").splitlines()
    body = json.loads(write(command, "json", "--share"))
    assert in_csv == read(map(json.loads, lines)) == read(body["rows"])
    assert {row[0] for row in in_csv} == {"code", "count"}
    assert {row[-1] for row in in_csv} == {""}
    assert all(row[4].isdecimal() == (row[0] == "count") for row in in_csv)
    assert body["omissions"] == []
    assert body["totals"]["faults"] == {"TRUNCATED_VALUE": 1}
    assert body["totals"]["exclusions"] == {"NOT_DICOM": 1}
    assert body["uid_root"] == ""


def test_rows_are_the_elements_of_the_full_report(write: Callable[..., str]) -> None:
    """Nothing is dropped: the counts by equipment and VR are equal, and known creators are shown."""

    def read(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        keys = {(row["equipment"], row["element"], row["vr"]) for row in rows}
        return sorted((equipment, "" if '"' in element else element, vr) for equipment, element, vr in keys)

    plain = [json.loads(line) for line in write("before", "jsonl").splitlines()[1:-1]]
    shared = [json.loads(line) for line in write("before", "jsonl", "--share").splitlines()[1:-1]]
    assert read(plain) == read(shared)
    assert len(shared) == len(read(shared))
    of_known = [row for row in shared if row["element"] == f'(0009,"{KNOWN}",01)']
    assert [(row["kind"], row["value"], row["files"], row["occurrences"]) for row in of_known] == [("count", "1", 4, 4)]


def test_a_shared_report_shows_whether_it_is_complete(write: Callable[..., str]) -> None:
    assert json.loads(write("before", "json", "--share"))["complete"] is False


@pytest.mark.parametrize("command", ["before", "final"])
@pytest.mark.usefixtures("folder")
def test_a_saved_scan_is_never_shared(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(path.name for path in Path().iterdir())
    assert main([command, FOLDER, "--share", "--save", "scan"]) == 2
    assert "saved scan holds values" in capsys.readouterr().err
    assert sorted(path.name for path in Path().iterdir()) == before


def test_redacted_and_shared(write: Callable[..., str]) -> None:
    shared = write("before", "json", "--share", "--redact-paths", "key.csv")
    assert [marker for marker in MARKERS if marker in shared] == []
    assert FOLDER not in Path("left.csv").read_text("utf-8")

"""The commands before, final, report and profile on small files whose values and counts are known by hand.

For: the path from files to outputs, and exit statuses.
Never: every rule of profiles and values; those have tests of their own.
"""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10, uid_value
from tagsniff.cli import main
from tagsniff.cli.flags import FLAGS
from tagsniff.profile import ProfileKind, list_profiles, read_profile
from tagsniff.profile.shipped import find_shipped
from tagsniff.scanning.modes import NOT_OF_MANUFACTURERS, OTHERS_DECISIONS
from tagsniff.scanning.run import MAX_VALUES

HIDDEN = b"HIDDEN^MARKER"
SHOWN = b"Abdomen routine"
ROOT = "1.2.3"
OTHER_ROOT_UID = "1.9.7"


def _file(*elements: Part) -> bytes:
    return part10(join(elements), EXPLICIT_LITTLE_UID).data


def _image(number: int, *, slices: bytes = b"1.5 ", series: str = "1.2.3.1") -> bytes:
    return _file(
        EXPLICIT.element(0x00080018, "UI", uid_value(f"1.2.3.{number}")),
        EXPLICIT.element(0x00080060, "CS", b"CT"),
        EXPLICIT.element(0x00080070, "LO", b"ACME"),
        EXPLICIT.element(0x0008103E, "LO", SHOWN + b" "),
        EXPLICIT.element(0x00090010, "LO", b"ACME HEADER "),
        EXPLICIT.element(0x00091001, "LO", b"private!"),
        EXPLICIT.element(0x00100010, "PN", HIDDEN + b" "),
        EXPLICIT.element(0x00180050, "DS", slices),
        EXPLICIT.element(0x0020000E, "UI", uid_value(series)),
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a new folder with three files below in/."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_bytes(_image(1))
    (tmp_path / "in" / "b").write_bytes(_image(2))
    (tmp_path / "in" / "c").write_bytes(_image(3, slices=b"thin", series=OTHER_ROOT_UID))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _break_a_file() -> None:
    Path("in/c").write_bytes(_image(3)[:-1])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run_command(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        return (status, *capsys.readouterr())

    return run_command


Run = Callable[..., tuple[int, str, str]]


def _rows(out: str) -> dict[tuple[str, str, str], tuple[str | int, ...]]:
    """Return code, value, files, series, occurrences and flags by kind, element and value."""
    first, *listed = csv.DictReader(io.StringIO(out, newline=""))
    assert first["kind"] == "run"
    listed = [row for row in listed if row["kind"] != "incomplete"]
    rows = [((row["kind"], row["element"], row["value"]), row) for row in listed]
    assert len(dict(rows)) == len(rows)
    counts = ("files", "series", "occurrences")
    return {key: (row["code"], *(int(row[name]) for name in counts), row["flags"]) for key, row in rows}


class TestBefore:
    def test_values_are_recorded_as_their_codes_say(self, folder: Path, run: Run) -> None:
        status, out, err = run("before", "in", "--format", "csv")
        assert status == 0
        rows = _rows(out)
        assert rows["value", "(0008,103e)", SHOWN.decode()] == ("C", 3, 2, 3, "")
        assert rows["code", "(0010,0010)", ""] == ("Z", 3, 2, 3, "")
        assert rows["code", "(0008,0018)", ""] == ("U", 3, 2, 3, "")
        assert rows["code", "(0018,0050)", ""] == ("K", 2, 1, 2, "")
        assert rows["value", "(0018,0050)", "thin"] == ("K", 1, 1, 1, "NOT_A_NUMBER")
        assert rows["value", '(0009,"ACME HEADER",01)', "private!"] == ("R", 3, 2, 3, "")
        assert "3 files read, 2 series, 1 patient, 1 kind of equipment" in err

    @pytest.mark.parametrize("format_name", ["text", "csv", "jsonl", "json"])
    def test_no_output_has_a_hidden_value(self, folder: Path, run: Run, format_name: str) -> None:
        _break_a_file()
        saved = ["--save", "scan", "--exclusions", "exclusions.csv", "--keep-partial"]
        status, out, err = run("before", "in", "--format", format_name, *saved)
        assert status == 3
        assert SHOWN.decode() in out
        assert "HIDDEN" not in out + err
        names = [name for name in os.listdir() if name != "in"]
        assert sorted(names) == ["exclusions.csv", "scan", "tagsniff.key"]
        assert all(b"HIDDEN" not in Path(name).read_bytes() for name in names)
        assert b"private!" in Path("scan").read_bytes()

    def test_an_option_changes_the_code(self, folder: Path, run: Run) -> None:
        _, out, _ = run("before", "in", "--format", "csv", "--option", "retain-uids")
        assert _rows(out)["code", "(0008,0018)", ""][0] == "K"

    def test_profiles_of_the_user(self, folder: Path, run: Run) -> None:
        Path("own.csv").write_text("# name = own\nelement,vr,code,collapse,note\nPatientName,,R,,\n*,,X,,\n", "utf-8")
        Path("acme.csv").write_text(
            "modality,manufacturer,model,software,element,vr,code,name,source\n"
            'CT,acme,,,"(0009,""ACME HEADER"",01)",LO,D,,\n',
            "utf-8",
        )
        arguments = ("--confidentiality", "own.csv", "--modality-software", "acme.csv", "--format", "csv")
        status, out, _ = run("before", "in", *arguments)
        assert status == 0
        rows = _rows(out)
        assert rows["value", "(0010,0010)", HIDDEN.decode()][0] == "R"
        assert rows["code", "(0008,103e)", ""][0] == "X"
        assert rows["code", '(0009,"ACME HEADER",01)', ""][0] == "D"

    def test_a_reached_bound_is_reported(self, folder: Path, run: Run) -> None:
        Path("own.csv").write_text("element,vr,code,collapse,note\n", "utf-8")
        arguments = ("--confidentiality", "own.csv", "--without-shipped", "--max-values", "2", "--format", "jsonl")
        status, out, err = run("before", "in", *arguments)
        rows = [json.loads(line) for line in out.splitlines()]
        of_uid = [row for row in rows[1:-1] if row["element"] == "(0008,0018)"]
        assert status == 3
        assert [row["kind"] for row in of_uid] == ["value", "value", "more"]
        assert (of_uid[-1]["files"], of_uid[-1]["series"], of_uid[-1]["occurrences"]) == (3, 2, 3)
        assert int(of_uid[-1]["value"]) >= 2
        assert "1 element of some equipment has more than 2 values" in err

    def test_a_faulty_file_adds_nothing_without_keep_partial(self, folder: Path, run: Run) -> None:
        _break_a_file()
        status, out, err = run("before", "in", "--format", "csv")
        assert (status, _rows(out)["value", "(0008,103e)", SHOWN.decode()][1]) == (3, 2)
        assert "TRUNCATED_VALUE" in err
        status, out, err = run("before", "in", "--format", "csv", "--keep-partial", "--force")
        assert (status, _rows(out)["value", "(0008,103e)", SHOWN.decode()][1]) == (3, 3)
        assert "1 file was read in part" in err

    def test_file_objects_give_the_same_report(self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        _break_a_file()
        whole = run("before", "in", "--format", "json", "--keep-partial")
        monkeypatch.setattr("tagsniff._core.HAS_PATH_READER", False)
        assert run("before", "in", "--format", "json", "--keep-partial", "--force") == whole

    def test_manufacturers_are_all_shipped_modality_software_profiles_with_rows(self) -> None:
        kinds = dict(zip(find_shipped(), (profile.kind for profile in list_profiles()), strict=True))
        others = {name for name, kind in kinds.items() if kind is not ProfileKind.MODALITY_SOFTWARE}
        assert {*others, "record-all", OTHERS_DECISIONS} == NOT_OF_MANUFACTURERS


class TestFinal:
    def test_only_physical_parameters_are_left_out(self, folder: Path, run: Run) -> None:
        status, out, _ = run("final", "in", "--format", "csv")
        assert status == 0
        rows = _rows(out)
        assert rows["value", "(0010,0010)", HIDDEN.decode()] == ("R", 3, 2, 3, "NAME_LIKE")
        assert rows["code", "(0018,0050)", ""][0] == "K"
        assert rows["value", "(0018,0050)", "thin"] == ("K", 1, 1, 1, "NOT_A_NUMBER")
        assert rows["value", "(0020,000e)", "1.2.3.1"] == ("R", 2, 1, 2, "")

    def test_uids_of_the_archive_are_collapsed(self, folder: Path, run: Run) -> None:
        _, out, _ = run("final", "in", "--format", "csv", "--uid-root", ROOT)
        rows = _rows(out)
        assert rows["value", "(0008,0018)", "<3 UIDs under 1.2.3>"] == ("R", 3, 2, 3, "COLLAPSED")
        # One value alone is shown as it is.
        assert rows["value", "(0020,000e)", "1.2.3.1"] == ("R", 2, 1, 2, "")
        assert rows["value", "(0020,000e)", OTHER_ROOT_UID] == ("R", 1, 1, 1, "")


class TestReport:
    @pytest.mark.parametrize("format_name", ["text", "csv", "jsonl", "json"])
    def test_any_format_from_one_scan(self, folder: Path, run: Run, format_name: str) -> None:
        _break_a_file()
        _, out, _ = run("final", "in", "--format", format_name, "--save", "scan")
        status, again, err = run("report", "scan", "--format", format_name)
        assert (status, again) == (3, out)
        assert "2 files read" in err
        assert sorted(os.listdir()) == ["in", "scan", "tagsniff.key"]

    def test_exclusions_on_request(self, folder: Path, run: Run) -> None:
        _break_a_file()
        run("final", "in", "--save", "scan", "--exclusions", "exclusions.csv")
        whole = Path("exclusions.csv").read_text("utf-8")
        run("report", "scan", "--exclusions", "again.csv")
        assert Path("again.csv").read_text("utf-8") == whole
        assert "in/c" in whole

    @pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
    def test_a_saved_scan_is_readable_only_by_its_owner(self, folder: Path, run: Run) -> None:
        run("before", "in", "--save", "scan")
        assert stat.S_IMODE(os.stat("scan").st_mode) == 0o600

    @pytest.mark.parametrize("raw", [None, b"", b"something else"])
    def test_a_file_that_is_not_a_scan_is_misuse(self, folder: Path, run: Run, raw: bytes | None) -> None:
        if raw is not None:
            Path("scan").write_bytes(raw)
        status, out, err = run("report", "scan")
        assert (status, out) == (2, "")
        assert err.startswith("tagsniff: error: ")

    def test_a_damaged_scan_is_misuse(self, folder: Path, run: Run) -> None:
        run("before", "in", "--save", "scan")
        raw = bytearray(Path("scan").read_bytes())
        raw[-1] ^= 1
        Path("scan").write_bytes(raw)
        message = "tagsniff: error: scan: the saved scan is damaged: its checksum does not hold\n"
        assert run("report", "scan") == (2, "", message)


def test_the_bound_is_the_same_on_the_command_line() -> None:
    (bound,) = [flag.options["default"] for flag in FLAGS if "--max-values" in flag.names]
    assert bound == MAX_VALUES


class TestMisuse:
    @pytest.fixture(autouse=True)
    def unread(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_arguments: object) -> None:
            raise AssertionError("a file was looked for")

        monkeypatch.setattr("tagsniff.scanning.run.walk_batches", refuse)

    @pytest.mark.parametrize("command", ["before", "final"])
    def test_every_error_in_the_profiles_is_reported(self, folder: Path, run: Run, command: str) -> None:
        Path("own.csv").write_text("element,vr,code,collapse,note\nNothing,,R,,\n*,,Q,,\n", "utf-8")
        status, out, err = run(command, "in", "--confidentiality", "own.csv", "--modality-software", "gone")
        lines = err.splitlines()
        assert (status, out, len(lines)) == (2, "", 3)
        assert all(line.startswith("tagsniff: error: ") for line in lines)
        assert "own.csv:2: column element" in lines[0]
        assert "own.csv:3: column code" in lines[1]
        assert "gone" in lines[2]
        assert sorted(os.listdir()) == ["in", "own.csv"]

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--uid-root", "1.2.x"],
            ["--max-values", "0"],
            ["--max-values", "many"],
            ["--option", "no-such-option"],
            ["--format", "xml"],
            ["--save", "in/a"],
            ["--save", "no/such/folder/scan"],
            ["--save", "out", "--exclusions", "out"],
            ["--save", "out", "-o", "out"],
        ],
    )
    def test_wrong_flags(self, folder: Path, run: Run, arguments: list[str]) -> None:
        before = Path("in/a").read_bytes()
        status, out, err = run("before", "in/a", *arguments)
        assert (status, out) == (2, "")
        assert "error" in err
        assert Path("in/a").read_bytes() == before


class TestProfile:
    def test_list(self, run: Run) -> None:
        status, out, _ = run("profile", "list")
        assert status == 0
        assert [line.split()[0] for line in out.splitlines()[1:]] == list(find_shipped())

    def test_the_output_of_show_passes_check(self, folder: Path, run: Run) -> None:
        status, out, _ = run("profile", "show", "physical")
        assert status == 0
        Path("own.csv").write_text(out, "utf-8")
        rows = len(read_profile("physical").rows)
        assert run("profile", "check", "own.csv") == (0, f"own.csv: {rows} rows, no mistakes\n", "")

    def test_check_says_how_many_rows_there_are(self, folder: Path, run: Run) -> None:
        Path("own.csv").write_text('element,vr,code,collapse,note\n"(0010,0010)",,X,,\n', "utf-8")
        assert run("profile", "check", "own.csv") == (0, "own.csv: 1 row, no mistakes\n", "")
        for name in find_shipped():
            status, out, err = run("profile", "check", name)
            assert (status, out, err) == (0, f"{name}: {len(read_profile(name).rows)} rows, no mistakes\n", "")

    def test_check_tells_a_pattern_that_matches_nothing(self, folder: Path, run: Run) -> None:
        Path("own.csv").write_text(
            "modality,manufacturer,model,software,element,vr,code,name,source\n"
            ',,,,"(0009,""GEMS*"",01)",,K,,\n[Z-A],,,,"(0009,""A"",01)",,K,,\n',
            "utf-8",
        )
        status, out, _ = run("profile", "check", "own.csv")
        assert status == 1
        assert [line.split(": ")[:2] for line in out.splitlines()] == [
            ["own.csv:2", "column element"],
            ["own.csv:3", "column modality"],
        ]
        status, out, err = run("before", "in", "--modality-software", "own.csv")
        assert (status, out, len(err.splitlines())) == (2, "", 2)

    def test_check_reports_errors_with_status_1(self, folder: Path, run: Run) -> None:
        Path("own.csv").write_text("element,vr,code,collapse,note\nNothing,,R,,\n*,,Q,,\n", "utf-8")
        status, out, _ = run("profile", "check", "own.csv")
        assert (status, len(out.splitlines())) == (1, 2)

    @pytest.mark.parametrize("command", ["show", "check"])
    def test_a_profile_that_does_not_exist(self, folder: Path, run: Run, command: str) -> None:
        status, out, err = run("profile", command, "gone")
        assert (status, out) == (2, "")
        assert "gone" in err

    def test_explain(self, folder: Path, run: Run) -> None:
        status, out, _ = run("profile", "explain", "PatientName")
        assert status == 0
        assert "code       Z (no value is recorded)" in out
        assert "basic.csv:" in out

    def test_explain_for_two_kinds_of_equipment(self, folder: Path, run: Run) -> None:
        Path("own.csv").write_text(
            "modality,manufacturer,model,software,element,vr,code,name,source\n"
            ',siemens*,,,"(0009,""X"",01)",DS,K,,\n,ge*,,,"(0009,""X"",01)",,X,,\n',
            "utf-8",
        )
        status, out, _ = run(
            *("profile", "explain", '(0009,"X",01)', "--vr", "DS", "--modality-software", "own.csv"),
            *("--equipment", "MR:SIEMENS", "--equipment", "MR:GE MEDICAL SYSTEMS"),
        )
        assert status == 0
        assert [line.split()[1] for line in out.splitlines() if line.startswith("code ")] == ["K", "X"]

    @pytest.mark.parametrize("arguments", [["(0009,1001)"], ["NoKeyword"], ["PatientName", "--vr", "ZZ"], ["*"]])
    def test_questions_that_cannot_be_answered(self, run: Run, arguments: list[str]) -> None:
        status, out, err = run("profile", "explain", *arguments)
        assert (status, out) == (2, "")
        assert err.startswith("tagsniff: error: ")


class TestApi:
    def test_scan(self, folder: Path) -> None:
        seen: list[str] = []
        done = tagsniff.scan(["in"], profile=tagsniff.load_profile("basic"), on_file=seen.append)
        assert (done.tables.files, done.tables.series, len(seen)) == (3, 2, 3)
        assert not any(HIDDEN in value for value in done.tables.values)
        assert tagsniff.scan.__name__ == "scan"

    def test_wrong_calls(self) -> None:
        profile = tagsniff.load_profile("basic")
        with pytest.raises(TypeError, match="profile"):
            tagsniff.scan(["in"], profile="basic")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="paths"):
            tagsniff.scan("in", profile=profile)
        with pytest.raises(ValueError, match="max_values"):
            tagsniff.scan(["in"], profile=profile, max_values=0)


class TestNames:
    """The names of private elements, and the rows that decide."""

    OWN = (
        "# name = mine\nmodality,manufacturer,model,software,element,vr,code,name,source\n"
        ',,,,"(0009,""ACME HEADER"",01)",LO,R,Secret,\n'
    )

    def test_in_every_format(self, folder: Path, run: Run) -> None:
        Path("own.csv").write_text(self.OWN, "utf-8")
        flags = ("--modality-software", "own.csv")
        _, out, _ = run("before", "in", *flags, "--format", "csv", "--save", "scan")
        rows = {row["element"]: row for row in csv.DictReader(io.StringIO(out, newline=""))}
        private, public, unknown = rows['(0009,"ACME HEADER",01)'], rows["(0008,103e)"], rows["(0009,0010)"]
        assert (private["name"], private["decided_by"]) == ("Secret [mine]", 'own.csv:3  (0009,"ACME HEADER",01) LO R')
        assert public["name"] == "SeriesDescription"
        assert public["decided_by"].startswith("tagsniff/profiles/basic.csv:")
        assert unknown["decided_by"].startswith("none (tagsniff/profiles/basic.csv:")
        _, text, _ = run("before", "in", *flags)
        assert '\n(0009,"ACME HEADER",01)  Secret [mine]\n  CT:ACME:<undef>:<undef>  LO  10  <- own.csv:3\n' in text
        assert "\n(0009,0010)\n  CT:ACME:<undef>:<undef>  LO  <- none\n" in text
        lines = [json.loads(line) for line in run("before", "in", *flags, "--format", "jsonl")[1].splitlines()]
        (of_jsonl,) = [row for row in lines[1:] if row["element"] == '(0009,"ACME HEADER",01)']
        assert (of_jsonl["name"], of_jsonl["keyword"], of_jsonl["model"]) == ("Secret [mine]", "", None)
        assert of_jsonl["decided_by"] == private["decided_by"]
        # A saved scan needs the profile no more.
        Path("own.csv").unlink()
        assert run("report", "scan")[1] == text

    def test_names_of_own_profiles_are_not_shared(self, folder: Path, run: Run) -> None:
        Path("own.csv").write_text(self.OWN.replace("ACME HEADER", "GEMS_IDEN_01"), "utf-8")
        (folder / "in" / "d").write_bytes(
            _file(
                EXPLICIT.element(0x00090010, "LO", b"GEMS_IDEN_01"),
                EXPLICIT.element(0x00091001, "LO", b"x "),
                EXPLICIT.element(0x00091002, "LO", b"x "),
            )
        )
        for form in ("text", "csv", "jsonl", "json"):
            flags = ("--modality-software", "own.csv", "--format", form)
            assert "Secret" in run("before", "in", *flags)[1]
            shared = run("before", "in", *flags, "--share")[1]
            assert "Secret" not in shared
            assert "mine" not in shared
            assert "Full Fidelity [ge]" in shared

    def test_of_the_inventory(self, folder: Path, run: Run) -> None:
        (folder / "in" / "d").write_bytes(
            _file(EXPLICIT.element(0x00090010, "LO", b"GEMS_IDEN_01"), EXPLICIT.element(0x00091002, "SH", b"x "))
        )
        _, out, _ = run("inventory", "in", "--by-creator", "--format", "csv")
        rows = {row["identity"]: row for row in csv.DictReader(io.StringIO(out, newline=""))}
        row = rows['(0009,"GEMS_IDEN_01",02)']
        assert row["name"] == "Suite Id [ge]"
        assert row["decided_by"].startswith("tagsniff/profiles/tcia.csv:")
        assert rows["(0010,0010)"]["decided_by"].endswith("  (0010,0010) Z")
        assert rows['(0009,"ACME HEADER",01)']["decided_by"].startswith("none (")
        assert "Suite" not in run("inventory", "in")[1]

    @pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
    def test_a_person_sees_names_on_a_terminal(self, folder: Path) -> None:
        """Without a format; with one, or in a pipe, it is the list of tags."""
        for flags, is_tree in ([], True), (["--format", "text"], False):
            master, slave = os.openpty()
            command = [sys.executable, "-m", "tagsniff", "inventory", "in", *flags]
            subprocess.run(command, stdout=slave, stderr=subprocess.DEVNULL, check=True)
            os.close(slave)
            shown = os.read(master, 1 << 16).decode().replace("\r\n", "\n")
            os.close(master)
            assert ("    3            3  PN  (0010,0010)  PatientName\n" in shown) is is_tree
            assert ("\n(0010,0010)\n" in shown) is not is_tree

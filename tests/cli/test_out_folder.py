"""``--out``, formats by the ending of ``-o``, and ``--deviations``: where outputs go, and what is replaced.

For: the commands that read a collection.
Never: the content of reports; that is in the tests of the writers.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import stat
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, part10
from tagsniff.cli import main

IMAGE = part10(EXPLICIT.element(0x00100010, "PN", b"Doe^Jane"), EXPLICIT_LITTLE_UID).data
# Without a preamble, and with a private element in a block that nobody reserved.
DEVIATING = part10(EXPLICIT.element(0x00091001, "LO", b"private!"), EXPLICIT_LITTLE_UID).data[132:]
ASKED = {"find": ["--element", "PatientName"]}
SHEET = {"decisions.csv", "decisions.csv.known"}
LISTS = {"exclusions.csv", "run.json"}
MADE = {
    "inventory": {"inventory.txt", "inventory.csv", "deviations.csv"},
    "before": {"before.txt", "values.csv", "elements.csv", "review.html", "before.scan", "deviations.csv", *SHEET},
    "final": {"final.txt", "values.csv", "elements.csv", "review.html", "final.scan", "deviations.csv"},
    "collisions": {"collisions.txt", "collisions.csv", "deviations.csv"},
    "find": {"find.txt", "find.csv"},
    "series": {"series.txt", "series.csv"},
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/a").write_bytes(IMAGE)
    Path("in/b").write_bytes(DEVIATING)
    Path("in/notes").write_text("no DICOM")
    return tmp_path


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("something was read")

    for place in ("scanning.run", "selection.find", "source.walk"):
        monkeypatch.setattr(f"tagsniff.{place}.walk_batches", refuse)


def contents(place: str = "out") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(place).iterdir()}


def run(command: str, *flags: str) -> int:
    return main([command, "in", *ASKED.get(command, []), "--out", "out", *flags])


class TestFolder:
    @pytest.mark.parametrize("command", MADE)
    def test_everything_of_a_run_is_in_the_folder(self, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(command) == 0
        out, err = capsys.readouterr()
        assert out == ""
        assert err.endswith("everything is in out\n")
        assert set(contents()) == MADE[command] | LISTS
        # The key of a saved scan is beside the folder, which may be given away.
        assert set(os.listdir()) - {"tagsniff.key"} == {"in", "out"}
        assert ("tagsniff.key" in os.listdir()) is (f"{command}.scan" in contents())
        record = json.loads(Path("out/run.json").read_text("utf-8"))
        assert (record["tool"], record["mode"], record["complete"]) == ("tagsniff", command, True)
        assert (record["version"], record["date"]) == (tagsniff.__version__, "2026-12-01T00:00:00Z")
        assert record["totals"]["files"] == 2
        assert {one["name"]: one["sha256"] for one in record["files"]} == {
            name: hashlib.sha256(data).hexdigest() for name, data in contents().items() if name != "run.json"
        }

    def test_the_files_are_those_of_single_runs(self) -> None:
        assert run("before", "--format", "text,csv,jsonl,json") == 0
        for ending in ("txt", "csv", "jsonl", "json"):
            assert main(["before", "in", "-o", f"x.{ending}"]) == 0
            name = "values.csv" if ending == "csv" else f"before.{ending}"
            assert Path(f"x.{ending}").read_bytes() == contents()[name]
        assert main(["before", "in", "--save", "scan", "--exclusions", "left", "--deviations", "d", "-o", "y"]) == 0
        assert Path("left").read_bytes() == contents()["exclusions.csv"]
        assert Path("d").read_bytes() == contents()["deviations.csv"]
        assert Path("scan").read_bytes() == contents()["before.scan"]

    @pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
    def test_only_the_owner_may_read_it(self) -> None:
        before = os.umask(0)
        try:
            assert run("before") == 0
        finally:
            os.umask(before)
        assert stat.S_IMODE(os.stat("out").st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in Path("out").iterdir()} == {0o600}

    def test_the_next_run_of_the_mode_replaces_it(self) -> None:
        assert run("before") == 0
        first = contents()
        Path("in/a").unlink()
        assert run("before", "--format", "json") == 0
        assert set(contents()) == {"before.json", "before.scan", "deviations.csv"} | LISTS | SHEET
        assert contents()["before.scan"] != first["before.scan"]
        assert sorted(os.listdir()) == ["in", "out", "tagsniff.key"]

    @pytest.mark.parametrize("name", ["values.csv", "before.scan", "run.json"])
    def test_a_file_that_is_gone_is_no_reason_to_refuse(self, name: str) -> None:
        assert run("before") == 0
        Path("out", name).unlink()
        assert run("before") == (2 if name == "run.json" else 0)

    @pytest.mark.parametrize(
        ("make", "said"),
        [
            ("a file", "is there already, and is no folder"),
            ("a folder", "tagsniff did not make it"),
            ("other json", "tagsniff did not make it"),
            ("no json", "tagsniff did not make it"),
            ("nested json", "tagsniff did not make it"),
            ("another mode", "has the outputs of another mode, final"),
            ("more", "has notes.txt, which tagsniff did not write there"),
            ("a folder in it", "has sub, which tagsniff did not write there"),
            ("edited", "has values.csv, which was changed after tagsniff wrote it"),
            ("replaced", "has values.csv, which was changed after tagsniff wrote it"),
        ],
    )
    def test_any_other_is_refused(self, make: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
        out = Path("out")
        if make == "a file":
            out.write_text("mine")
        elif make.endswith(("folder", "json")):
            out.mkdir()
            (out / "mine").write_text("mine")
            texts = {"other json": '{"tool": "x"}', "no json": "{", "nested json": "[" * 100_000}
            if make in texts:
                (out / "run.json").write_text(texts[make])
        else:
            assert run("final" if make == "another mode" else "before") == 0
            if make == "more":
                (out / "notes.txt").write_text("mine")
            elif make == "a folder in it":
                (out / "sub").mkdir()
            elif make == "edited":
                (out / "values.csv").write_bytes((out / "values.csv").read_bytes() + b"mine")
            elif make == "replaced":
                (out / "values.csv").unlink()
                (out / "values.csv").mkdir()
        before = sorted(map(str, Path().rglob("*")))
        capsys.readouterr()
        assert run("before") == 2
        assert said in capsys.readouterr().err
        assert sorted(map(str, Path().rglob("*"))) == before

    def test_an_empty_folder_is_filled(self) -> None:
        Path("out").mkdir()
        assert run("before") == 0
        assert "values.csv" in contents()

    @pytest.mark.skipif(os.name != "posix", reason="links")
    def test_a_link_stays_a_link(self) -> None:
        Path("there").mkdir()
        Path("out").symlink_to("there")
        assert run("before") == 0
        assert run("before") == 0
        assert Path("out").is_symlink()
        assert "values.csv" in contents("there")

    @pytest.mark.usefixtures("unread")
    @pytest.mark.parametrize(
        "flags",
        [["-o", "x"], ["--exclusions", "x"], ["--deviations", "x"], ["--save", "x"], ["--force"], ["--share"]],
    )
    def test_flags_of_single_files_are_refused(self, flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert run("before", *flags) == 2
        assert f"{flags[0]} cannot be given with --out" in capsys.readouterr().err
        assert sorted(os.listdir()) == ["in"]

    @pytest.mark.parametrize("paths", [["out"], ["in", "out/before.scan"], ["."]])
    def test_what_is_to_be_read_is_not_replaced(self, paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert run("before") == 0
        before = contents()
        status = main(["before", *paths, "--out", "out"])
        assert status == (0 if paths == ["."] else 2)
        if status:
            assert "to be read" in capsys.readouterr().err
            assert contents() == before

    def test_a_run_that_fails_leaves_the_folder_as_it_was(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("before") == 0
        before = contents()

        def refuse(*_arguments: object, **_options: object) -> None:
            raise OSError(28, os.strerror(28))

        monkeypatch.setattr("tagsniff.writers.values.write_row", refuse)
        assert run("before") == 3
        assert "out is left as it was\n" in capsys.readouterr().err
        assert contents() == before
        assert sorted(os.listdir()) == ["in", "out", "tagsniff.key"]

    def test_an_interrupted_run_replaces_nothing(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """But without an earlier run its outputs are there, and say that they are incomplete."""

        def interrupt(*_arguments: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("tagsniff.scanning.deviation_list.DeviationList.add", interrupt)
        assert run("before") == 130
        assert b"# INCOMPLETE: the run was interrupted" in contents()["before.txt"]
        before = contents()
        assert json.loads(before["run.json"])["complete"] is False
        capsys.readouterr()
        assert run("before") == 130
        assert capsys.readouterr().err.endswith("out is left as it was\ntagsniff: interrupted\n")
        assert contents() == before

    def test_a_folder_that_was_changed_during_the_run_is_kept(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The outputs of the run are kept too, beside it."""
        assert run("before") == 0
        finish = tagsniff.scan

        def change(*arguments: object, **options: object) -> tagsniff.Scan:
            Path("out/mine").write_text("mine")
            return finish(*arguments, **options)  # type: ignore[arg-type]

        monkeypatch.setattr("tagsniff.api.scan", change)
        assert run("before") == 3
        assert "out has mine, which tagsniff did not write there" in capsys.readouterr().err
        (kept,) = (name for name in os.listdir() if name.startswith(".tagsniff-"))
        assert set(contents(kept)) == MADE["before"] | LISTS
        assert Path("out/mine").read_text() == "mine"

    def test_redacted_paths(self, capsys: pytest.CaptureFixture[str]) -> None:
        Path("in/c").write_bytes(DEVIATING[:-1])
        assert run("before", "--redact-paths", "key") == 3
        written = b"".join(contents().values()) + capsys.readouterr().err.encode()
        assert b"in/" not in written
        with Path("key").open(newline="") as lines:
            key = {row["number"]: row["path"] for row in csv.DictReader(lines)}
        with Path("out/deviations.csv").open(newline="") as lines:
            assert {key[row["path"]] for row in csv.DictReader(lines)} == {"in/b"}


class TestFormats:
    @pytest.mark.parametrize("command", ["inventory", "before", "collisions", "find"])
    @pytest.mark.parametrize(
        ("name", "form"),
        [("x.txt", "text"), ("x.csv", "csv"), ("x.JSONL", "jsonl"), ("x.json", "json"), ("x", "text"), ("x.y", "text")],
    )
    def test_the_ending_of_the_output_decides(self, command: str, name: str, form: str) -> None:
        arguments = [command, "in", *ASKED.get(command, [])]
        assert main([*arguments, "-o", name]) == 0
        assert main([*arguments, "-o", "asked", "--format", form]) == 0
        assert Path(name).read_bytes() == Path("asked").read_bytes()

    def test_the_format_goes_before_the_ending(self) -> None:
        assert main(["inventory", "in", "-o", "x.csv", "--format", "json"]) == 0
        assert json.loads(Path("x.csv").read_text())["output"] == "element-inventory"

    @pytest.mark.parametrize("command", ["inventory", "before", "final", "collisions", "find", "report"])
    def test_parquet(self, command: str) -> None:
        parquet = pytest.importorskip("pyarrow.parquet")
        assert main(["final", "in", "--save", "scan", "-o", "x"]) == 0
        source = "scan" if command == "report" else "in"
        flags = ["--by-creator"] if command == "inventory" else ASKED.get(command, [])
        assert main([command, source, *flags, "-o", "x.parquet"]) == 0
        table = parquet.read_table("x.parquet")
        of_run = json.loads(table.schema.metadata[b"tagsniff"])
        assert (of_run["tagsniff"], of_run["complete"]) == (tagsniff.__version__, True)
        assert of_run["mode"] == ("final" if command == "report" else command)
        if command in ("before", "final"):
            scan = tagsniff.scan(["in"], mode=command)
            assert table.to_pylist() == scan.to_arrow().to_pylist()
            assert table.schema.remove_metadata() == scan.to_arrow().schema
        assert len(table) > 0 or command == "collisions"

    def test_parquet_of_many_rows_has_several_row_groups(self, monkeypatch: pytest.MonkeyPatch) -> None:
        parquet = pytest.importorskip("pyarrow.parquet")
        monkeypatch.setattr("tagsniff.writers.values._ROWS_OF_A_TABLE", 2)
        assert main(["final", "in", "-o", "x.parquet"]) == 0
        file = parquet.ParquetFile("x.parquet")
        assert file.num_row_groups > 1
        assert file.read().to_pylist() == tagsniff.scan(["in"], mode="final").to_arrow().to_pylist()


class TestDeviations:
    def test_each_file_with_each_deviation(self, capsys: pytest.CaptureFixture[str]) -> None:
        for command in ("inventory", "before", "final", "collisions"):
            assert main([command, "in", "--deviations", f"{command}.csv", "-o", "x", "--force"]) == 0
            with Path(f"{command}.csv").open(newline="") as lines:
                rows = list(csv.DictReader(lines))
            assert [(row["path"], row["deviation"], row["count"], row["tag"]) for row in rows] == [
                ("in/b", "NO_PREAMBLE", "1", ""),
                ("in/b", "CREATOR_MISSING", "1", "(0009,1001)"),
            ]
            assert DEVIATING[int(rows[1]["offset_bytes"]) :][:8] == b"private!"
            if command != "collisions":
                assert f"the files with deviations are listed in {command}.csv\n" in capsys.readouterr().err

    def test_they_are_those_of_read_header_and_add_up_to_the_summary(self) -> None:
        found: list[tuple[str, tagsniff.Deviation]] = []
        scan = tagsniff.scan(["in"], mode="before", on_deviation=lambda path, one: found.append((path, one)))
        assert [one for path, one in found if path == "in/b"] == list(tagsniff.read_header("in/b").deviations)
        counts = {status: sum(one.status is status for _, one in found) for status, _ in scan.tables.deviations}
        assert counts == dict(scan.tables.deviations)

    def test_neither_faulty_files_nor_order_nor_threads_nor_file_objects_change_the_list(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(40):
            Path(f"in/{number:02}").write_bytes(DEVIATING if number % 3 else DEVIATING[:-1])
        paths = sorted(str(path) for path in Path("in").iterdir())
        assert main(["before", *paths, "--deviations", "one", "--workers", "1", "-o", "x"]) == 3
        assert main(["before", *paths[::-1], "--deviations", "two", "--workers", "4", "-o", "y"]) == 3
        monkeypatch.setattr("tagsniff._core.HAS_PATH_READER", False)
        assert main(["before", "in", "--deviations", "three", "-o", "z"]) == 3
        assert Path("one").read_bytes() == Path("two").read_bytes() == Path("three").read_bytes()
        assert b"in/00" not in Path("one").read_bytes()
        assert b"in/01" in Path("one").read_bytes()

    def test_on_standard_output(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["inventory", "in", "-o", "x", "--deviations", "-"]) == 0
        assert capsys.readouterr().out.startswith("path,deviation,count,offset_bytes,tag,text\nin/b,NO_PREAMBLE,1,0,,")

"""The series of a folder: their files, their order, and what is told of them.

For: `tagsniff.series` and the command of that name.
Never: pixels.
Standard: PS3.3 C.7.3.1 and C.7.6.2 (Image Plane), edition 2026b.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10, uid_value
from tagsniff.cli import main
from tagsniff.selection.series import FINDINGS, Finding, Series

AXIAL = r"1\0\0\0\1\0"
CORONAL = r"1\0\0\0\0\-1"


def even(text: str) -> bytes:
    return text.encode() + b" " * (len(text) % 2)


def make(
    number: str | None = None,
    position: str | None = None,
    orientation: str | None = AXIAL,
    *,
    series: str | None = "1.2.3",
    study: str = "1.2",
    frames: str | None = None,
) -> bytes:
    """Return a file; None leaves an element out."""
    elements = [
        (0x00080060, "CS", b"MR"),
        (0x0020000D, "UI", uid_value(study)),
        (0x0020000E, "UI", None if series is None else uid_value(series)),
        (0x00200013, "IS", None if number is None else even(number)),
        (0x00200032, "DS", None if position is None else even(position)),
        (0x00200037, "DS", None if orientation is None else even(orientation)),
        (0x00280008, "IS", None if frames is None else even(frames)),
        (0x00280010, "US", b"\x10\0"),
    ]
    parts: list[Part] = [EXPLICIT.element(tag, vr, value) for tag, vr, value in elements if value is not None]
    return part10(join(parts), EXPLICIT_LITTLE_UID).data


def write(folder: Path, files: Sequence[bytes]) -> list[str]:
    """Write the files under names in another order than theirs; return the paths."""
    names = random.Random(len(files)).sample(range(100, 1000), len(files))
    paths = [folder / f"{name}" for name in names]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    return [str(path) for path in paths]


def only(folder: Path) -> Series:
    (one,) = tagsniff.series([folder])
    return one


class TestOrder:
    def test_by_position_along_the_normal(self, tmp_path: Path) -> None:
        """Instance Numbers are in the other direction."""
        paths = write(tmp_path, [make(str(9 - n), rf"0\0\{2.5 * n}") for n in range(8)])
        one = only(tmp_path)
        assert (one.order, one.files, one.spacing_mm) == ("position", tuple(paths), 2.5)
        assert one.positions_mm == tuple(2.5 * n for n in range(8))
        assert one.numbers == tuple(range(9, 1, -1))
        assert one.findings == ()

    def test_the_normal_is_that_of_the_plane(self, tmp_path: Path) -> None:
        """Of a coronal plane it is the second axis; the third one says nothing."""
        paths = write(tmp_path, [make("1", rf"0\{n}\{-n * n}", CORONAL) for n in range(5)])
        assert only(tmp_path).files == tuple(paths)

    def test_a_series_in_time_is_by_number(self, tmp_path: Path) -> None:
        paths = write(tmp_path, [make(str(n), rf"0\0\{n % 3}") for n in range(1, 10)])
        one = only(tmp_path)
        assert (one.order, one.files, one.positions_mm, one.spacing_mm) == ("instance number", tuple(paths), (), None)
        assert one.findings == (Finding("SAME_POSITION", 6),)

    def test_two_planes_are_by_number(self, tmp_path: Path) -> None:
        paths = write(
            tmp_path, [make(str(n), rf"{n}\{n}\{n}", AXIAL if n % 2 else CORONAL) for n in (1, 2, 3, 4, 5, 8)]
        )
        one = only(tmp_path)
        assert (one.order, one.files) == ("instance number", tuple(paths))
        assert one.findings == (Finding("MIXED_ORIENTATION", 3), Finding("MISSING_NUMBER", 2))

    @pytest.mark.parametrize(
        ("files", "finding"),
        [
            ([make("1"), make("1"), make("2")], Finding("SAME_NUMBER", 1)),
            ([make("1"), make(), make("2")], Finding("NO_NUMBER", 1)),
            ([make("x"), make("1")], Finding("NO_NUMBER", 1)),
        ],
    )
    def test_without_numbers_by_path(self, tmp_path: Path, files: list[bytes], finding: Finding) -> None:
        paths = write(tmp_path, files)
        one = only(tmp_path)
        assert (one.order, one.files, one.findings) == ("path", tuple(sorted(paths)), (finding,))

    @pytest.mark.parametrize(
        ("position", "orientation"),
        [
            (None, AXIAL),
            (r"1\2", AXIAL),
            (r"1\2\x", AXIAL),
            (r"1\2\inf", AXIAL),
            (r"1\2\3", None),
            (r"1\2\3", r"1\0\0\2\0\0"),
        ],
    )
    def test_one_file_without_a_place(self, tmp_path: Path, position: str | None, orientation: str | None) -> None:
        paths = write(tmp_path, [make("1", r"0\0\9"), make("2", position, orientation), make("3", r"0\0\1")])
        one = only(tmp_path)
        assert (one.order, one.files, one.findings) == ("instance number", tuple(paths), (Finding("NO_POSITION", 1),))

    def test_a_tilted_volume(self, tmp_path: Path) -> None:
        """Few digits in the file give spacings that are equal but for rounding."""
        tilted = r"0.999565\0.027916\-0.009476\-0.028354\0.998364\-0.049662"
        places = [r"-74.024926\-142.009561\-42.264607", r"-74.000703\-141.859834\-39.268443"]
        places.append(r"-73.97648\-141.710108\-36.272279")
        paths = write(tmp_path, [make(str(42 - n), place, tilted) for n, place in enumerate(places)])
        one = only(tmp_path)
        assert (one.order, one.files, one.findings) == ("position", tuple(paths), ())
        assert one.spacing_mm == pytest.approx(3.0, abs=1e-4)


class TestFindings:
    def test_gaps(self, tmp_path: Path) -> None:
        write(tmp_path, [make("1", rf"0\0\{place}") for place in (0, 3, 6, 12, 15, 18.2)])
        one = only(tmp_path)
        assert one.spacing_mm == pytest.approx(3)
        assert one.findings == (Finding("GAP", 1), Finding("UNEVEN_SPACING", 1), Finding("SAME_NUMBER", 5))

    def test_frames_and_studies(self, tmp_path: Path) -> None:
        write(tmp_path, [make("1", frames="20"), make("2", study="1.9"), make("3", frames="1")])
        assert only(tmp_path).findings == (Finding("SEVERAL_FRAMES", 1), Finding("SEVERAL_STUDIES", 1))

    def test_no_series(self, tmp_path: Path) -> None:
        """Such files are told, and not put in order as if they belonged together."""
        paths = write(tmp_path, [make("2", r"0\0\1", series=None), make("1", r"0\0\2", series=None)])
        one = only(tmp_path)
        assert (one.series_uid, one.order, one.files) == ("", "path", tuple(sorted(paths)))
        assert one.findings == (Finding("NO_SERIES_UID", 2),)

    def test_each_has_a_text(self) -> None:
        assert all(text and code == code.upper() for code, text in FINDINGS.items())


def test_series_are_sorted_and_no_file_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, [make(str(n), rf"0\0\{n}", series=f"1.2.{n % 3}") for n in range(9)])
    (tmp_path / "note.txt").write_text("not DICOM")
    (tmp_path / "cut").write_bytes(make("1")[:-3])
    found = tagsniff.series([tmp_path])
    assert [one.series_uid for one in found] == ["1.2.0", "1.2.1", "1.2.2"]
    assert [one.spacing_mm for one in found] == [3, 3, 3]
    assert found.files_read == sum(len(one.files) for one in found) == 9
    assert {os.path.basename(omission.path) for omission in found.omissions.paths} == {"cut", "note.txt"}
    assert not found.omissions.is_complete()


def test_wrong_calls(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        tagsniff.series(str(tmp_path))
    with pytest.raises(ValueError, match="workers"):
        tagsniff.series([tmp_path], workers=0)


class TestCommand:
    @pytest.fixture(autouse=True)
    def _files(self, tmp_path: Path) -> None:
        self.paths = write(tmp_path, [make(str(9 - n), rf"0\0\{2.5 * n}") for n in range(3)])

    def test_text(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["series", str(tmp_path)]) == 0
        out, err = capsys.readouterr()
        assert out.splitlines()[1:] == [
            "files  modality  order     spacing  series",
            "    3  MR        position   2.5 mm  1.2.3",
            f"       {self.paths[0]}",
        ]
        assert err.startswith("3 files read, 1 series, something is told of 0\n")

    def test_csv_and_json(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["series", str(tmp_path), "--format", "csv"]) == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert [row["kind"] for row in rows] == ["run", "file", "file", "file"]
        assert [(row["path"], row["index"], row["position_mm"]) for row in rows[1:]] == [
            (path, str(index), str(2.5 * index)) for index, path in enumerate(self.paths)
        ]
        assert main(["series", str(tmp_path), "--format", "json"]) == 0
        (one,) = json.loads(capsys.readouterr().out)["series"]
        assert (one["files"], one["order"], one["findings"]) == (self.paths, "position", {})
        assert main(["series", str(tmp_path), "--format", "jsonl"]) == 0
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [line["kind"] for line in lines] == ["run", "series"]
        assert lines[1]["files"] == self.paths

    def test_incomplete_and_redacted(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "cut").write_bytes(make("1")[:-3])
        key = tmp_path / "key.csv"
        assert main(["series", str(tmp_path), "--redact-paths", str(key), "--format", "csv"]) == 3
        out, _ = capsys.readouterr()
        assert str(tmp_path) not in out
        assert out.splitlines()[-1].startswith("incomplete,")
        assert all(path in key.read_text() for path in self.paths)

"""The series of folders are those that SimpleITK finds, with their files in the same order.

For: users who replace ``SimpleITK.ImageSeriesReader`` for these two questions.
Never: an expectation of our own of what SimpleITK answers.
Standard: PS3.3 C.7.6.2 (Image Plane), edition 2026b.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from real_files import distinct_files
from tagsniff.backends import sitk
from tagsniff.selection.series import SeriesFile

needs_simpleitk = pytest.mark.skipif(
    importlib.util.find_spec("SimpleITK") is None, reason="SimpleITK is not installed (the extra sitk)"
)

# SimpleITK reads the pixels of each file, so only folders of these projects are compared, in one process: it writes
# messages for files that it cannot read.
PROJECTS = ("/dicomdirtests/", "/dicom2nifti/", "/dcm_qa_toshiba/", "/dcm_qa_xa30/", "/nibabel/", "/pynetdicom/")
ASK = """
import json, sys
import SimpleITK
SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
reader = SimpleITK.ImageSeriesReader
answers = []
for folder in json.load(sys.stdin):
    names = reader.GetGDCMSeriesIDs(folder)
    files = {name: reader.GetGDCMSeriesFileNames(folder, name) for name in names}
    answers.append([folder, names, files, reader.GetGDCMSeriesIDs(folder, True), reader.GetGDCMSeriesFileNames(folder)])
json.dump(answers, sys.stdout)
"""

# (end of the folder, series or "" for the list of them): what differs, and why.
DIFFERENCES = {
    # Planes of several orientations: GDCM takes the normal of the file that the system lists first.
    ("dicomdirtests/98892003/MR2", "1.3.6.1.4.1.5962.1.1.0.0.0.1196533885.18148.0.136"): "orientations",
    ("dicomdirtests/98892003/MR2", "1.3.6.1.4.1.5962.1.1.0.0.0.1196533885.18148.0.17"): "orientations",
    # GDCM names a series without UID for a file whose compressed data set it cannot read.
    ("nibabel/nicom/tests/data", ""): "names",
}


def list_folders() -> list[str]:
    paths = [real.path for real in distinct_files() if any(project in str(real.path) for project in PROJECTS)]
    return sorted({str(path.parent) for path in paths})


@pytest.fixture(scope="module")
def answers() -> list[list[Any]]:
    asked = subprocess.run(
        [sys.executable, "-c", ASK], input=json.dumps(list_folders()), capture_output=True, text=True, check=True
    )
    found: list[list[Any]] = json.loads(asked.stdout[asked.stdout.index("[[") :])
    return found


def differs(folder: str, series: str) -> bool:
    return any(folder.endswith(end) and series == which for end, which in DIFFERENCES)


@needs_simpleitk
def test_series_and_their_files(answers: list[list[Any]]) -> None:
    compared = 0
    for folder, names, files, details, first in answers:
        if differs(folder, ""):
            assert list(sitk.ImageSeriesReader_GetGDCMSeriesIDs(folder)) != names
            continue
        assert list(sitk.ImageSeriesReader_GetGDCMSeriesIDs(folder)) == names, folder
        assert list(sitk.ImageSeriesReader.GetGDCMSeriesIDs(folder, useSeriesDetails=True)) == details, folder
        for name in names:
            ours = list(sitk.ImageSeriesReader_GetGDCMSeriesFileNames(folder, name))
            assert (ours == files[name]) != differs(folder, name), (folder, name)
            compared += len(ours)
        if not any(differs(folder, name) for name in names):
            assert list(sitk.ImageSeriesReader.GetGDCMSeriesFileNames(folder)) == first
    assert compared > 60


def file(path: str, number: int | None, z: float | None, sop_class: str = "1.2.840.10008.5.1.4.1.1.4") -> SeriesFile:
    return SeriesFile(
        path=path,
        series_uid="1.2",
        study_uid="1",
        sop_class=sop_class,
        modality="MR",
        series_number="1",
        number=number,
        position=None if z is None else (0, 0, z),
        orientation=((1, 0, 0), (0, 1, 0)),
        frames=1,
        sequence_name="",
        thickness="",
        rows="16",
        columns="16",
    )


@pytest.mark.parametrize(
    ("files", "order"),
    [
        ([file("a", 1, 3), file("b", 2, 1), file("c", 3, 2)], "bca"),
        ([file("a", 3, 1), file("b", 2, 1), file("c", 1, 2)], "cba"),  # two at one position
        ([file("a", 3, 1), file("b", 2, None), file("c", 1, 2)], "cba"),
        ([file("a", 9, None), file("b", 2, None), file("c", 1, None)], "abc"),  # numbers with a gap
        ([file("a", None, None), file("b", 2, None), file("c", 1, None)], "acb"),
        ([file("b", 1, None), file("a", 1, None)], "ab"),
        ([file("a", 2, 1, "1.2.840.10008.5.1.4.1.1.7"), file("b", 1, 2, "1.2.840.10008.5.1.4.1.1.7")], "ba"),
    ],
)
def test_the_order_of_gdcm(files: list[SeriesFile], order: str) -> None:
    assert "".join(one.path for one in sitk.order_as_gdcm(files)) == order
    assert [one.path for one in sitk.order_as_gdcm(files[::-1])] == [*order]


def test_no_folder_and_an_unknown_series(tmp_path: Path) -> None:
    assert sitk.ImageSeriesReader_GetGDCMSeriesIDs(tmp_path / "none") == ()
    assert sitk.ImageSeriesReader_GetGDCMSeriesFileNames(tmp_path) == ()
    assert sitk.ImageSeriesReader_GetGDCMSeriesFileNames(str(tmp_path), "1.2.3") == ()

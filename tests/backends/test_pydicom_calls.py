"""``dcmread`` of tagsniff's backend is called like pydicom's: arguments, sources, settings, errors.

For: programs that pass to pydicom something other than the path of a file.
Never: a real file; those are in test_pydicom.py.
Standard: PS3.5 and PS3.10, edition 2026b.
"""

from __future__ import annotations

import gzip
import inspect
import io
import itertools
import mmap
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydicom
import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, JPEG_BASELINE_UID, bare, deflated, part10
from header_sources import FailingReads, ShortReads
from pydicom_pairs import ASKED, PIXEL_DATA, THEIRS, data_set_of, same
from pydicom_states import call, state_of
from tagsniff.backends import pydicom as backend
from tagsniff.backends.pydicom import dcmread

PLAIN = part10(data_set_of(EXPLICIT), EXPLICIT_LITTLE_UID).data
LONG = part10(data_set_of(EXPLICIT, 3 << 20, 40_000), EXPLICIT_LITTLE_UID).data


@pytest.fixture
def never_pydicom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail if the file is not read from the records."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("left to pydicom")

    monkeypatch.setattr(backend, "_pydicom_dcmread", refuse)


# Arguments and sources


def test_the_signature_is_that_of_pydicom() -> None:
    def names(function: Any) -> list[tuple[str, Any, Any]]:
        parameters = inspect.signature(function).parameters.values()
        return [(parameter.name, parameter.kind, parameter.default) for parameter in parameters]

    assert names(dcmread) == names(THEIRS)


def test_importing_tagsniff_does_not_import_pydicom() -> None:
    code = "import sys, tagsniff.backends, tagsniff.cli.commands; print('pydicom' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.usefixtures("never_pydicom")
@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize("data", [PLAIN, LONG], ids=["short", "long"])
def test_each_kind_of_source(tmp_path: Path, data: bytes, asked: dict[str, Any]) -> None:
    path = tmp_path / "file.dcm"
    path.write_bytes(data)
    packed = tmp_path / "file.gz"
    packed.write_bytes(gzip.compress(data, 1))
    makers: tuple[Callable[[], Any], ...] = (
        lambda: path,
        lambda: str(path),
        lambda: path.open("rb"),
        lambda: path.open("rb", buffering=0),
        lambda: gzip.GzipFile(packed),
        lambda: io.BytesIO(data),
        lambda: pydicom.filebase.DicomBytesIO(data),
    )
    for make in makers:
        assert same(make, **asked).get("PatientName", "Müller") == "Müller"
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert list(dcmread(mapped, **asked).keys()) == list(THEIRS(path, **asked).keys())


@pytest.mark.usefixtures("never_pydicom")
def test_a_file_inside_another_is_read_from_the_current_position() -> None:
    def make() -> io.BytesIO:
        outer = io.BytesIO(b"in front" + PLAIN)
        outer.seek(8)
        return outer

    for asked in ASKED:
        same(make, **asked)


@pytest.mark.usefixtures("never_pydicom")
@pytest.mark.parametrize("position", [0, 1, 300])
def test_a_file_without_preamble_is_read_from_its_start_whatever_the_position(position: int) -> None:
    def make() -> io.BytesIO:
        written = io.BytesIO(bare(data_set_of(EXPLICIT)).data)
        written.seek(position)
        return written

    for asked in ASKED:
        assert same(make, force=True, **asked) is not None


@pytest.mark.usefixtures("never_pydicom")
def test_a_file_object_may_return_fewer_bytes_than_requested() -> None:
    assert dcmread(ShortReads(PLAIN)) == dcmread(io.BytesIO(PLAIN))


def test_an_exception_of_a_file_object_is_passed_on() -> None:
    with pytest.raises(OSError, match="Input/output error"):
        dcmread(FailingReads(LONG, fails_at=20_000))


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        (None, {}),
        (5, {}),
        (b"path", {}),
        ("not there", {}),
        (os.curdir, {}),
        (io.StringIO("x" * 200), {}),
        (io.BytesIO(b""), {}),
        (io.BytesIO(b"x" * 200), {}),
        (io.BytesIO(PLAIN), {"specific_tags": ["No Such Keyword"]}),
        (io.BytesIO(PLAIN), {"defer_size": "3 miles"}),
        (io.BytesIO(PLAIN), {"defer_size": []}),
        (io.BytesIO(PLAIN), {"specific_tags": 5}),
    ],
    # The same in every worker process of the tests: no memory addresses.
    ids=itertools.count(),
)
def test_a_wrong_call_raises_what_pydicom_raises(source: Any, asked: dict[str, Any]) -> None:
    mine, theirs = call(dcmread, source, **asked), call(THEIRS, source, **asked)
    assert mine.error == theirs.error
    assert theirs.error is not None


def test_deferred_values_are_read_on_access(tmp_path: Path) -> None:
    path = tmp_path / "file.dcm"
    path.write_bytes(LONG)
    for source in (path, io.BytesIO(LONG)):
        data_set = dcmread(source, defer_size=30)
        assert data_set.get_item(PIXEL_DATA, keep_deferred=True).value is None
        assert len(data_set.PixelData) == 3 << 20
        assert data_set.PatientComments == "x" * 40_000
    data_set = dcmread(path, defer_size=30)
    os.utime(path, (1, 1))
    with pytest.warns(UserWarning, match="modification time has changed"):
        assert len(data_set.PixelData) == 3 << 20


class WatchedReads(io.BytesIO):
    """Records the largest offset that was read."""

    furthest = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.furthest = max(self.furthest, self.tell())
        return data


@pytest.mark.parametrize("is_encapsulated", [False, True])
def test_bytes_after_the_start_of_pixel_data_are_not_read(is_encapsulated: bool) -> None:
    front = EXPLICIT.element(0x00100010, "PN", b"Doe^Jane") + EXPLICIT.element(0x00104000, "LT", b"x" * 30_000)
    pixels = EXPLICIT.element(PIXEL_DATA, "OW", bytes(4 << 20))
    if is_encapsulated:
        pixels = EXPLICIT.fragments(PIXEL_DATA, "OB", *[bytes(1000)] * 4000)
    data = part10(front + pixels, JPEG_BASELINE_UID if is_encapsulated else EXPLICIT_LITTLE_UID).data
    source = WatchedReads(data)
    data_set = dcmread(source, stop_before_pixels=True)
    assert data_set.PatientName == "Doe^Jane"
    assert PIXEL_DATA not in data_set
    assert source.furthest < 100_000
    assert source.tell() == len(data) - len(pixels.data)


def test_pixel_data_and_elements_after_it_are_read_as_bytes() -> None:
    data_set = dcmread(io.BytesIO(LONG))
    assert data_set.PixelData == bytes(3 << 20)
    assert data_set[0xFFFCFFFC].value == bytes(4)


@pytest.mark.usefixtures("never_pydicom")
def test_a_deflated_data_set_knows_its_file(tmp_path: Path) -> None:
    path = tmp_path / "file.dcm"
    path.write_bytes(deflated(data_set_of(EXPLICIT, 500_000)).data)
    for make in (lambda: path, lambda: path.open("rb"), lambda: io.BytesIO(path.read_bytes())):
        for asked in ASKED:
            same(make, **asked)


def test_several_threads_read_at_once() -> None:
    expected = state_of(THEIRS(io.BytesIO(PLAIN)))[1:3]
    found: list[bool] = []

    def read() -> None:
        found.extend(state_of(dcmread(io.BytesIO(PLAIN)))[1:3] == expected for _ in range(50))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 200

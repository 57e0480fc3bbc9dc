"""How long ``read_header`` takes on a CT and on an MR file, compared with pydicom.

For: ``make bench``.
Never: a time of two readers that list different elements. Both get the file as bytes and as a path. pydicom stops
before Pixel Data, which tagsniff skips, and reads a value only when it is accessed.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.data import get_testdata_file
from pytest_benchmark.fixture import BenchmarkFixture

import tagsniff

PIXEL_DATA = 0x7FE00010
FILES = ("CT_small.dcm", "MR_small.dcm")
ROOT_DEPTH = 0


def read_with_tagsniff(source: str | bytes) -> Any:
    return tagsniff.read_header(source)


def read_with_pydicom(source: str | bytes) -> Any:
    return pydicom.dcmread(BytesIO(source) if isinstance(source, bytes) else source, stop_before_pixels=True)


READERS = {"tagsniff": read_with_tagsniff, "pydicom": read_with_pydicom}


def root_tags(path: str) -> tuple[list[int], list[int]]:
    """Return the tags of the root data set before Pixel Data, as tagsniff and as pydicom list them."""
    elements = tagsniff.read_header(path).elements
    ours = [int(tag) for tag in elements["tag"][elements["depth"] == ROOT_DEPTH] if tag < PIXEL_DATA]
    dataset = read_with_pydicom(path)
    theirs = [int(tag) for part in (dataset.file_meta, dataset) for tag in part.keys()]  # noqa: SIM118
    return ours, theirs


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("source", ["path", "bytes"])
@pytest.mark.parametrize("name", FILES)
def test_read_header(benchmark: BenchmarkFixture, name: str, source: str, reader: str) -> None:
    path = get_testdata_file(name, download=False)
    assert isinstance(path, str)
    ours, theirs = root_tags(path)
    assert sorted(ours) == sorted(theirs)
    benchmark.group = f"{name} from {source}"
    read: Callable[[str | bytes], Any] = READERS[reader]
    benchmark(read, path if source == "path" else Path(path).read_bytes())

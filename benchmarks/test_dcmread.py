"""How long ``dcmread`` of the backend takes on the header of a CT and of an MR file, compared with pydicom's own.

For: ``make bench``.
Never: a time of two readers that return different data sets. Both stop before Pixel Data and convert a value only when
it is accessed. Both files are in pydicom's wheel.
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

from tagsniff.backends.pydicom import dcmread

FILES = ("CT_small.dcm", "MR_small.dcm")
READERS: dict[str, Callable[..., Any]] = {"tagsniff": dcmread, "pydicom": pydicom.dcmread}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("source", ["path", "bytes"])
@pytest.mark.parametrize("name", FILES)
def test_dcmread(benchmark: BenchmarkFixture, name: str, source: str, reader: str) -> None:
    path = get_testdata_file(name, download=False)
    assert isinstance(path, str)
    data = Path(path).read_bytes()
    raw = [list(read(path, stop_before_pixels=True)._dict.items()) for read in READERS.values()]
    assert raw[0] == raw[1]
    assert READERS["tagsniff"](path, stop_before_pixels=True) == READERS["pydicom"](path, stop_before_pixels=True)
    read = READERS[reader]
    benchmark.group = f"{name} from {source}"
    if source == "path":
        benchmark(read, path, stop_before_pixels=True)
    else:
        benchmark(lambda: read(BytesIO(data), stop_before_pixels=True))

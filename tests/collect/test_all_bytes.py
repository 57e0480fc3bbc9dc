"""A collector that takes all bytes: text at the end of long samples, in Pixel Data and in fragments becomes a value.

For: searches that have to see each byte of a file.
Never: an output of today; ``before``, ``final`` and ``find`` read no Pixel Data.
Standard: PS3.3 sections C.7.6.3, C.9.2, C.10.9 and C.11, PS3.5 section 8 and annex A.4, edition 2026b.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dicom_bytes import BIG, EXPLICIT, UID_OF, Encoding, part10
from tagsniff import _core

KIB64 = 64 * 1024
MIB = 1024 * 1024
PIXELS = 0x7FE00010
OVERLAY = 0x60003000
SAMPLES = [OVERLAY, 0x50003000, 0x54001010, 0x00283006, 0x00281201]
NAME = b"Doe^Jane 1970"
VALUE_HEAD_BYTES = 5


def find_texts(folder: Path) -> dict[str, int]:
    """Return the texts of all values with the number of files of each."""
    collector = _core.ValueCollector(
        lambda *_: (0, True, False, 0, 0, b""), max_values=0x7FFFFFFF, takes_all_bytes=True
    )
    names = sorted(os.fsencode(path.name) for path in folder.iterdir())
    done, omissions = collector.scan_files(os.fsencode(folder), names, _core.Stop())
    assert (done, omissions) == (len(names), [])
    tables = collector.take_tables(with_series_runs=False)
    values = tables["values"]
    files: dict[str, int] = {}
    for row in tables["rows"]:
        value = values[int(row["value"])] if row["use"] >= 0 and row["value"] >= 0 else b""
        if value[:1] == b"T":
            text = value[VALUE_HEAD_BYTES:].decode("latin-1")
            files[text] = files.get(text, 0) + int(row["files"])
    return files


def file_of(tag: int, vr: str, value: bytes, encoding: Encoding = EXPLICIT) -> bytes:
    return part10(encoding.element(tag, vr, value), UID_OF[encoding]).data


@pytest.mark.parametrize("tag", [*SAMPLES, PIXELS], ids="{:08x}".format)
@pytest.mark.parametrize("before_bytes", [0, 100, KIB64 - 6, KIB64, MIB + 2, 3 * MIB])
def test_text_at_any_place_of_samples_is_a_value(tmp_path: Path, tag: int, before_bytes: int) -> None:
    (tmp_path / "file").write_bytes(file_of(tag, "OW", bytes(before_bytes) + NAME + bytes(101)))
    assert find_texts(tmp_path).get(NAME.decode()) == 1


@pytest.mark.parametrize("vr", ["OB", "OW", "UN", "US", "SS"])
def test_vrs_of_pixel_data(tmp_path: Path, vr: str) -> None:
    encoding = BIG if vr in ("OW", "US") else EXPLICIT
    # US and SS have a value length of 16 bits in explicit VR.
    for number, before_bytes in enumerate((0, 600, 60_000) if vr in ("US", "SS") else (0, KIB64, MIB)):
        data = file_of(PIXELS, vr, bytes(before_bytes) + NAME + b"\0", encoding)
        (tmp_path / str(number)).write_bytes(data)
    assert find_texts(tmp_path)[NAME.decode()] == 3


def test_short_runs_are_values_in_samples_and_not_in_pixel_data(tmp_path: Path) -> None:
    """In Pixel Data most runs are chance: only what looks like a text is taken."""
    (tmp_path / "a").write_bytes(file_of(OVERLAY, "OW", bytes(2 * KIB64) + b"A-17b\0"))
    (tmp_path / "b").write_bytes(file_of(PIXELS, "OW", bytes(2 * KIB64) + b"B-17c\0"))
    texts = find_texts(tmp_path)
    assert "A-17b" in texts
    assert "B-17c" not in texts


def test_pixel_data_of_an_icon(tmp_path: Path) -> None:
    icon = EXPLICIT.element(PIXELS, "OB", bytes(40) + NAME + b"\0")
    data = part10(EXPLICIT.sequence(0x00880200, EXPLICIT.item(icon)), UID_OF[EXPLICIT]).data
    (tmp_path / "file").write_bytes(data)
    assert NAME.decode() in find_texts(tmp_path)


@pytest.mark.parametrize("length", [200, KIB64 + 200, MIB + 200])
def test_every_fragment_of_pixel_data(tmp_path: Path, length: int) -> None:
    """A comment in a frame of JPEG (COM, FFFE), and text in the last fragment."""
    first = b"\xff\xd8\xff\xfe\x00\x0fDoe^Jane 1970\xff\xd9\0"
    pixels = EXPLICIT.fragments(PIXELS, "OB", first, bytes(length), b"\xff\xd8\xff\xe1\x00\x0bRoe, Mary\xff\xd9\0")
    after = EXPLICIT.element(0xFFFCFFFC, "OB", b"\1\2After Pixels")
    (tmp_path / "file").write_bytes(part10(pixels + after, UID_OF[EXPLICIT]).data)
    assert {"Doe^Jane 1970", "Roe, Mary", "After Pixels"} <= set(find_texts(tmp_path))


@pytest.mark.parametrize("tag", [OVERLAY, PIXELS], ids="{:08x}".format)
@pytest.mark.parametrize("length", [4096, 3 * KIB64, MIB + 4096])
def test_files_that_repeat_each_other(tmp_path: Path, tag: int, length: int) -> None:
    """A text in one of many similar files is seen, wherever it is."""
    for number in range(8):
        text = {2: NAME, 3: NAME, 6: b"Roe^Mary 1980"}.get(number, bytes(len(NAME)))
        (tmp_path / str(number)).write_bytes(file_of(tag, "OW", bytes(length) + text + bytes(length + 1)))
    texts = find_texts(tmp_path)
    assert (texts[NAME.decode()], texts["Roe^Mary 1980"]) == (2, 1)


def test_long_text_is_whole(tmp_path: Path) -> None:
    text = b"x" * (2 * MIB) + b" Doe^Jane"
    (tmp_path / "file").write_bytes(file_of(0x0040A160, "UT", text + b" "))
    collector = _core.ValueCollector(lambda *_: (0, True, False, 0, 0, b""), max_values=10, takes_all_bytes=True)
    collector.scan_files(os.fsencode(tmp_path), [b"file"], _core.Stop())
    values = list(collector.take_tables(with_series_runs=False)["values"])
    assert any(value.rstrip().endswith(b"Doe^Jane") for value in values)


def test_text_in_bytes() -> None:
    """The finder by itself, as for a file that is no DICOM file."""
    assert _core.find_text(b"\0\1Doe^Jane\0\2") == [(1, b"Doe^Jane")]
    assert _core.find_text(b"") == []
    assert _core.find_text("Müller^Jörg".encode() + b"\0") == [(1, "Müller^Jörg".encode())]
    assert (1, b"Roe, Mary") in _core.find_text(b"\1\2" + "Roe, Mary".encode("utf-16-le") + b"\0\0")

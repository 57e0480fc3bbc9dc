"""Elements with the tags of samples: the VR decides whether they are samples, and text in samples is shown.

For: Pixel Data, overlays, curves, audio, waveforms and look-up tables, in ``final``, ``find`` and ``table``.
Never: a byte of Pixel Data with a VR of samples.
Standard: PS3.3 sections C.7.6.3, C.9.2, C.10.9, C.11, PS3.5 sections 6.2 and 8, edition 2026b.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import BIG, EXPLICIT, UID_OF, Encoding, part10
from independent_collector import read_jsonl, run
from tagsniff import _core

KIB64 = 64 * 1024
MIB = 1024 * 1024
PIXELS = [0x7FE00010, 0x7FE00008, 0x7FE00009, 0x7F000010, 0x7FFE0010]
SAMPLES = [0x60003000, 0x601E3000, 0x50003000, 0x5000200C, 0x54001010, 0x00283006, 0x00281200, 0x00281213, 0x00281223]
VRS_OF_SAMPLES = ["OB", "OW", "OF", "OD", "OL", "OV", "UN", "US", "SS"]
NAME = b"Doe^Jane 1970"


def shown(folder: Path, data: bytes, tag: int, command: str = "final") -> list[tuple[str, str, str]]:
    """Return element, VR and value of the rows of a tag and of the text in it."""
    (folder / "file").write_bytes(data)
    run(command, [folder / "file"], folder)
    name = f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
    rows = read_jsonl(folder / "report.jsonl")
    return [(row["element"], row["vr"], row["value"]) for row in rows if row["element"] in (name, name + "/text")]


def file_of(tag: int, vr: str, value: bytes, encoding: Encoding = EXPLICIT) -> bytes:
    return part10(encoding.element(tag, vr, value), UID_OF[encoding]).data


@pytest.mark.parametrize("tag", [*PIXELS, *SAMPLES], ids="{:08x}".format)
@pytest.mark.parametrize("vr", ["LT", "LO", "PN", "UT", "UC"])
def test_a_name_under_the_vr_of_a_text_is_a_text(tmp_path: Path, tag: int, vr: str) -> None:
    name = f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
    assert shown(tmp_path, file_of(tag, vr, b"Doe^Jane"), tag) == [(name, vr, "Doe^Jane")]


@pytest.mark.parametrize("tag", [PIXELS[0], SAMPLES[0]], ids="{:08x}".format)
def test_numbers_and_long_texts_are_no_samples(tmp_path: Path, tag: int) -> None:
    name = f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
    assert shown(tmp_path, file_of(tag, "UL", b"\1\0\0\0"), tag) == [(name, "UL", "1")]
    for length in (KIB64, KIB64 + 2, MIB + 2):
        ((element, _, value),) = shown(tmp_path, file_of(tag, "UT", b"Doe^Jane" * (length // 8) + b"  "), tag)
        assert element == name
        assert value.startswith("Doe^JaneDoe^Jane")


@pytest.mark.parametrize("tag", PIXELS, ids="{:08x}".format)
@pytest.mark.parametrize("vr", [*VRS_OF_SAMPLES, "ZZ"])
def test_pixel_data_is_a_length(tmp_path: Path, tag: int, vr: str) -> None:
    encoding = BIG if vr in ("OW", "US") else EXPLICIT
    data = file_of(tag, vr, NAME + b"\0" * 3, encoding)
    assert [value for *_, value in shown(tmp_path, data, tag)] == ["<16 bytes>"]


@pytest.mark.parametrize(
    ("tag", "vr"), [*((tag, "OW") for tag in SAMPLES), *((SAMPLES[0], vr) for vr in VRS_OF_SAMPLES)]
)
def test_text_in_samples_is_shown(tmp_path: Path, tag: int, vr: str) -> None:
    name = f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
    value = bytes(10) + NAME + b"\1" + "Roe, Mary".encode("utf-16-le") + bytes(12)
    found = shown(tmp_path, file_of(tag, vr, value), tag)
    assert found == [
        (name, vr, f"<{len(value)} bytes>"),
        (name + "/text", vr, NAME.decode()),
        (name + "/text", vr, "Roe, Mary"),
    ]


@pytest.mark.parametrize("length", [KIB64 - 2, KIB64, KIB64 + 2, 3 * KIB64, MIB, MIB + 2, 6 * MIB])
def test_text_is_searched_in_the_first_64_kib(tmp_path: Path, length: int) -> None:
    """A text that ends there is found, whole, and nothing after it; what follows the samples is read."""
    first, second = b"First^Name", b"Second^Name"
    for place in (0, 1, KIB64 - len(first), KIB64 + 2):
        value = bytearray(length)
        if place + len(first) <= length:
            value[place : place + len(first)] = first
        if length not in (KIB64, KIB64 + 2):
            value[-len(second) - 2 : -2] = second
        samples = EXPLICIT.element(0x54001010, "OW", bytes(value))
        after = EXPLICIT.element(0x7FE10010, "LO", b"ACME") + EXPLICIT.element(0x7FE11001, "LO", b"Doe^Jane")
        data = part10(samples + after, UID_OF[EXPLICIT]).data
        found = {row[2] for row in shown(tmp_path, data, 0x54001010)}
        expected = {text for text in (first, second) if 0 <= bytes(value).find(text) <= KIB64 - len(text)}
        assert found == {f"<{len(value)} bytes>", *(text.decode() for text in expected)}
        rows = read_jsonl(tmp_path / "report.jsonl")
        assert [row["value"] for row in rows if row["element"] == '(7fe1,"ACME",01)'] == ["Doe^Jane"]


def test_samples_that_are_cut_short_are_a_fault(tmp_path: Path) -> None:
    data = file_of(0x54001010, "OW", bytes(3 * KIB64))
    for length in (KIB64, 2 * KIB64, len(data) - 1):
        (tmp_path / "file").write_bytes(data[:length])
        assert run("final", [tmp_path / "file"], tmp_path) == 3


# Courses of samples that are printable, and texts.
RAMPS = [
    bytes(range(0x20, 0x7F)),
    bytes(range(0x7E, 0x1F, -1)),
    b"UUYY]]aa",
    b"IIIIIIMMUUYY]]eeiiqquu}}",
    b"!#%'()((''&&%%$#!",
    b"ghhgghiijjihhgg",
    b"00000000111110000",
    b"45566776655433",
    b"a1b2c3d4",
    b"$@\\>&",
]
TEXTS = [b"John", b"JOHN", b"john", b"Mary Roe", b"LEE^AMY", b"Li^Bo Wu", b"19700131", b"MRN 47110815", b"St. Johns 12"]


@pytest.mark.parametrize("run_bytes", [*RAMPS, *TEXTS], ids=repr)
@pytest.mark.parametrize("width", [1, 2], ids=["8 bits", "16 bits"])
def test_a_course_of_samples_is_no_text(tmp_path: Path, run_bytes: bytes, width: int) -> None:
    written = run_bytes if width == 1 else bytes(byte for one in run_bytes for byte in (one, 0))
    data = file_of(0x00281201, "OW", b"\1\1" + written + b"\1\1" + b"\1" * (len(written) % 2))
    found = [value for element, _, value in shown(tmp_path, data, 0x00281201) if element.endswith("/text")]
    assert found == ([run_bytes.decode()] if run_bytes in TEXTS else [])


def test_a_short_number_is_no_text_and_a_name_in_order_is_not_found(tmp_path: Path) -> None:
    """What is not promised: fewer than six digits, and letters that only rise or fall."""
    data = file_of(0x00281201, "OW", b"\1" + b"Billy" + b"\1" + b"17351" + b"\1" * 4)
    assert [value for *_, value in shown(tmp_path, data, 0x00281201)] == ["<16 bytes>"]


def test_text_in_samples_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(file_of(0x60003000, "OW", bytes(10) + NAME + b"\0"))
    (occurrence,) = tagsniff.find([path], "(6000,3000)/text", value=NAME.decode())
    assert (occurrence.path, occurrence.element) == (str(path), "(6000,3000)/text")
    path.write_bytes(file_of(0x60003000, "LT", NAME + b" "))
    (occurrence,) = tagsniff.find([path], "(6000,3000)", regex="Jane")
    assert occurrence.vr == "LT"


def test_a_table_has_text_and_no_samples(tmp_path: Path) -> None:
    for number, (tag, vr) in enumerate(
        ((0x60003000, "LT"), (0x60003000, "OW"), (0x7FE00010, "LT"), (0x7FE00010, "OW"))
    ):
        (tmp_path / str(number)).write_bytes(file_of(tag, vr, b"Doe^Jane"))
    table = tagsniff.table([tmp_path], ["6000,3000", "7fe0,0010"]).to_pydict()
    assert table["6000,3000"] == ["Doe^Jane", "<8 bytes>", None, None]
    assert table["7fe0,0010"] == [None, None, "Doe^Jane", "<8 bytes>"]


def test_text_in_samples_in_fragments_is_shown(tmp_path: Path) -> None:
    """Encapsulated samples are not only Pixel Data; their fragments are read as one value."""
    overlay = EXPLICIT.fragments(0x60003000, "OB", b"\1\1Doe^", b"Jane\1\1", bytes(2 * KIB64) + b"Roe, Mary\0")
    pixels = EXPLICIT.fragments(0x7FE00010, "OB", b"Not read^", b"Nobody^Else ")
    data = part10(overlay + pixels, UID_OF[EXPLICIT]).data
    assert [row[2] for row in shown(tmp_path, data, 0x60003000)][1:] == ["Doe^Jane", "Roe, Mary"]
    assert len(shown(tmp_path, data, 0x7FE00010)) == 1


def test_the_summary_says_what_was_searched_in_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, length in enumerate((KIB64, KIB64 + 2, 2 * MIB)):
        (tmp_path / f"file{number}").write_bytes(file_of(0x60003000, "OW", bytes(length)))
    paths = [tmp_path / f"file{number}" for number in range(3)]
    run("final", paths, tmp_path)
    assert "  2  SEARCHED_IN_PART: samples of more than 64 KiB" in capsys.readouterr().err
    rows = read_jsonl(tmp_path / "report.jsonl")
    flags = {row["value"]: row["flags"] for row in rows if row["element"] == "(6000,3000)"}
    assert flags == {
        f"<{KIB64} bytes>": [],
        f"<{KIB64 + 2} bytes>": ["SEARCHED_IN_PART"],
        f"<{2 * MIB} bytes>": ["SEARCHED_IN_PART"],
    }


def test_samples_of_files_that_repeat_each_other(tmp_path: Path) -> None:
    """A text in one of many similar files is counted, with short and with long samples."""
    for length in (4096, 3 * KIB64):
        folder = tmp_path / str(length)
        folder.mkdir()
        for number in range(6):
            text = NAME if number in (2, 3) else b"\0" * len(NAME)
            (folder / str(number)).write_bytes(file_of(0x60003000, "OW", text + bytes(length - len(text))))
        run("final", [folder], tmp_path)
        rows = [row for row in read_jsonl(tmp_path / "report.jsonl") if row["element"].startswith("(6000,3000)")]
        assert [(row["value"], row["files"]) for row in rows] == [(f"<{length} bytes>", 6), (NAME.decode(), 2)]


def test_pixel_data_is_never_requested(tmp_path: Path) -> None:
    """The parser steps over it in every mode; of samples it requests the first 64 KiB."""
    for tag, requested in ((0x7FE00010, 0), (0x54001010, KIB64)):
        collector = _core.ValueCollector(lambda *_: (0, True, False, 0, 0, b""), max_values=10)
        data = file_of(tag, "OW", bytes(MIB))
        after = data[-MIB:]
        assert after == bytes(MIB)
        parser = collector.parser
        parser.begin(len(data))
        end = 0
        while not parser.run():
            at, length = parser.need_offset, parser.need_length
            end = at + length
            parser.feed(at, data[at:end])
        assert end <= len(data) - MIB + requested + 16

"""Binary values: numbers in both byte orders, digests, lengths, and the text inside bytes.

For: every binary VR, in every place; runs of text at each edge of a value and of the reader's windows.
Never: a number or a digest that was copied from the program; ``struct`` and ``hashlib`` compute the expected ones.
Standard: PS3.5 sections 6.2, 7.3, 8.1 and A.5, PS3.3 sections C.7.6.3, C.9.2, C.10.9, C.11, edition 2026b.
"""

from __future__ import annotations

import hashlib
import itertools
import struct
from pathlib import Path

import pytest

from dicom_bytes import BIG, EXPLICIT, IMPLICIT, UID_OF, Encoding, Part, deflated, join, part10
from independent_collector import Line, canonical, read_lines, run, write_profiles

KIB64 = 64 * 1024
# Up to this length a scan keeps a value whole for comparison with the next file; a longer one is digested on the way.
MIB = 1024 * 1024
ELEMENT = '(0029,"ACME",01)'
NUMBERS = {
    "US": ("H", [0, 1, 0xFFFF, 0x0102]),
    "SS": ("h", [0, -1, -0x8000, 0x7FFF, 0x0102]),
    "UL": ("I", [0, 1, 0xFFFFFFFF, 0x01020304]),
    "SL": ("i", [0, -1, -0x80000000, 0x01020304]),
    "UV": ("Q", [0, 1, 0xFFFFFFFFFFFFFFFF, 0x0102030405060708]),
    "SV": ("q", [0, -1, -0x8000000000000000, 0x0102030405060708]),
    "FL": ("f", [0.0, 1.0, -2.5, 0.1, 1e-45, 3.4028234663852886e38, 16777217.0]),
    "FD": ("d", [0.0, 1.0, -2.5, 0.1, 5e-324, 1.7976931348623157e308, 1 / 3]),
}


def private(encoding: Encoding, vr: str, value: bytes) -> Part:
    """Return a private element with its private creator."""
    return encoding.element(0x00290010, "LO", b"ACME") + encoding.element(0x00291001, vr, value)


def lines_of(folder: Path, place: str, vr: str, value: bytes) -> list[Line]:
    """Return the report's rows of a private element with this value, in a file of this kind."""
    encoding = BIG if place == "big" else EXPLICIT
    if place == "deflated":
        data = deflated(private(encoding, vr, value)).data
    elif place == "nested":
        inner = encoding.sequence(0x00081140, encoding.item(private(encoding, vr, value)), undefined=True)
        data = part10(encoding.sequence(0x00081140, encoding.item(inner)), UID_OF[encoding]).data
    else:
        data = part10(private(encoding, vr, value), UID_OF[encoding]).data
    return report(folder, data)


def report(folder: Path, data: bytes, element: str = ELEMENT) -> list[Line]:
    """Return the rows of an element, and of the text in it."""
    path = folder / "file"
    path.write_bytes(data)
    return report_files(folder, [path], element)


def report_files(folder: Path, paths: list[Path], element: str = ELEMENT) -> list[Line]:
    """Return the same for several files."""
    assert run("before", paths, folder, *write_profiles(folder, [])) == 0
    lines = read_lines(folder / "report.jsonl")
    return [line for line in lines if line.key.element.endswith((element, element + "/text"))]


def runs_of(lines: list[Line]) -> dict[str, int]:
    """Return the text found inside values, and its occurrences."""
    return {line.key.value: line.counts.occurrences for line in lines if line.key.element.endswith("/text")}


def values_of(lines: list[Line]) -> list[str]:
    """Return only the values."""
    return [line.key.value for line in lines if not line.key.element.endswith("/text")]


def digest(value: bytes) -> str:
    """Return what the report shows of an unreadable value."""
    unit = "byte" if len(value) == 1 else "bytes"
    return f"<{len(value)} {unit}, sha256 {hashlib.sha256(value).hexdigest()}>"


# Numbers


@pytest.mark.parametrize("place", ["little", "big", "deflated", "nested"])
@pytest.mark.parametrize("vr", NUMBERS)
def test_numbers(tmp_path: Path, vr: str, place: str) -> None:
    """One number, and several numbers joined with a backslash, by VR and byte order."""
    letter, numbers = NUMBERS[vr]
    order = ">" if place == "big" else "<"
    for some in (numbers, *([number] for number in numbers)):
        value = struct.pack(f"{order}{len(some)}{letter}", *some)
        (line,) = lines_of(tmp_path, place, vr, value)
        exact = [struct.unpack("<f", struct.pack("<f", number))[0] if vr == "FL" else number for number in some]
        assert canonical(vr, line.key.value) == "\\".join(map(repr, exact))
        assert (line.key.kind, line.key.vr, line.counts.occurrences) == ("value", vr, 1)


@pytest.mark.parametrize("vr", ["FL", "FD"])
def test_infinities_and_nan(tmp_path: Path, vr: str) -> None:
    """Infinities and NaN have a row like any other value."""
    value = struct.pack(f"<3{NUMBERS[vr][0]}", float("inf"), float("-inf"), float("nan"))
    (line,) = lines_of(tmp_path, "little", vr, value)
    assert [float(number) for number in line.key.value.split("\\")[:2]] == [float("inf"), float("-inf")]
    assert line.key.value.split("\\")[2].lower() == "nan"


@pytest.mark.parametrize(("place", "order"), [("little", "<"), ("big", ">"), ("nested", "<"), ("deflated", "<")])
def test_tags(tmp_path: Path, place: str, order: str) -> None:
    """AT is a group and an element number, each in the byte order of the data set."""
    value = struct.pack(f"{order}4H", 0x0010, 0xABCD, 0x7FE0, 0x0010)
    assert values_of(lines_of(tmp_path, place, "AT", value)) == ["(0010,abcd)\\(7fe0,0010)"]


@pytest.mark.parametrize("place", ["little", "big"])
@pytest.mark.parametrize("vr", [*NUMBERS, "AT"])
def test_size_that_does_not_fit_the_vr(tmp_path: Path, vr: str, place: str) -> None:
    """All bytes are recorded, by escapes or by digest, in one row. They are not read as numbers."""
    size = 4 if vr == "AT" else struct.calcsize("<" + NUMBERS[vr][0])
    for length in (1, size + 1, 2 * size - 1):
        value = bytes(range(0x81, 0x81 + length))
        lines = lines_of(tmp_path, place, vr, value)
        if length % size == 0:
            continue
        (line,) = lines
        assert line.key.value in ("".join(f"\\x{byte:02x}" for byte in value), digest(value))


@pytest.mark.parametrize("vr", [*NUMBERS, "AT", "OB", "OW", "OD", "OF", "OL", "OV", "UN"])
def test_empty_value(tmp_path: Path, vr: str) -> None:
    """An element without a value has a row that says so, and no digest."""
    assert values_of(lines_of(tmp_path, "little", vr, b"")) == ["<empty>"]


# Bytes


@pytest.mark.parametrize("place", ["little", "big", "deflated", "nested"])
@pytest.mark.parametrize("vr", ["OB", "OD", "OF", "OL", "OV", "OW", "UN"])
def test_bytes_are_shown_by_length_and_digest(tmp_path: Path, vr: str, place: str) -> None:
    """SHA-256 of the value field as it is in the file, of any length; bytes are not swapped."""
    for length in (1, 2, 7, 8, 1024, KIB64 - 1, KIB64, KIB64 + 1, 3 * KIB64 + 5, MIB, MIB + 1):
        value = (b"\0\1\2" * (length // 3 + 1))[:length]
        lines = lines_of(tmp_path, place, vr, value)
        assert values_of(lines) == [digest(value)]
        assert runs_of(lines) == {}
        assert "TRUNCATED" not in lines[0].flags


def test_un_that_is_text_is_one_value(tmp_path: Path) -> None:
    """It is not split, since its backslash may not be a separator."""
    for value, shown in ((b"Doe^Jane\\17 ", "Doe^Jane\\17"), (b"two\r\nlines\0", "two\r\nlines"), (b"x\0", "x")):
        lines = lines_of(tmp_path, "little", "UN", value)
        assert (values_of(lines), runs_of(lines)) == ([shown], {})


IN_CHARACTER_SETS = [
    ("ISO_IR 192", "utf-8", "\u5c71\u7530^\u592a\u90ce"),
    ("ISO_IR 192", "utf-8", "\u041b\u044e\u043ac\u0435\u043c"),
    ("ISO_IR 192", "utf-8", "\u5c71\u7530\u3000\u592a\u90ce"),
    ("ISO_IR 192", "utf-8", "M\u00fcller"),
    ("ISO_IR 144", "iso8859_5", "\u041b\u044e\u043a"),
    ("ISO_IR 126", "iso8859_7", "\u0394\u03b9\u03bf"),
    ("\\ISO 2022 IR 87", "iso2022_jp", "Yamada^Tarou=\u5c71\u7530^\u592a\u90ce"),
    ("GB18030", "gb18030", "\u738b^\u5c0f\u4e1c"),
    ("GB18030", "gb18030", "\u573d^\u5c0f\u4e1c"),
    ("ISO_IR 100", "latin-1", "M\u00fcller^J\u00f6rg"),
]


@pytest.mark.parametrize(("character_set", "encoding", "name"), IN_CHARACTER_SETS)
@pytest.mark.parametrize("is_implicit", [False, True], ids=["UN in the file", "implicit VR"])
def test_un_that_is_text_in_the_character_set_of_the_file(
    tmp_path: Path, character_set: str, encoding: str, name: str, is_implicit: bool
) -> None:
    """A name is shown as a name: in implicit VR every private element is UN, also one with names."""
    raw = name.encode(encoding)
    used = IMPLICIT if is_implicit else EXPLICIT
    term = character_set.encode() + b" " * (len(character_set) % 2)
    element = private(used, "UN", raw + b" " * (len(raw) % 2))
    data = part10(used.element(0x00080005, "CS", term) + element, UID_OF[used]).data
    assert values_of(report(tmp_path, data)) == [name]


@pytest.mark.parametrize("value", [b"\x1b\0", b"\x1b\0\0\0", b"\x1b\xeeIJ", b"A\x1bB\0"], ids=repr)
def test_a_lone_escape_is_not_text(tmp_path: Path, value: bytes) -> None:
    """The number 27 is not text; an escape character is text only in an escape sequence (PS3.5 section 6.1.2.5)."""
    assert values_of(lines_of(tmp_path, "little", "UN", value)) == [digest(value)]


def test_un_of_implicit_vr(tmp_path: Path) -> None:
    """A private element in implicit VR has no VR in the file."""
    text = part10(private(IMPLICIT, "", b"Doe^Jane"), UID_OF[IMPLICIT]).data
    assert values_of(report(tmp_path, text)) == ["Doe^Jane"]
    value = b"\0\1\2Doe^Jane\3"
    lines = report(tmp_path, part10(private(IMPLICIT, "", value), UID_OF[IMPLICIT]).data)
    assert (values_of(lines), runs_of(lines)) == ([digest(value)], {"Doe^Jane": 1})
    assert {line.key.vr for line in lines} == {"UN"}


@pytest.mark.parametrize("vr", ["LT", "ST", "UT", "UN"])
def test_long_text(tmp_path: Path, vr: str) -> None:
    """Up to 64 KiB whole; beyond, length and digest with a flag (UN then counts as bytes, and may contain text)."""
    for length in (KIB64 - 2, KIB64, KIB64 + 2, 2 * KIB64, MIB, MIB + 2):
        if vr in ("LT", "ST") and length > 0xFFFE:
            continue
        value = (b"Long text of somebody. " * (length // 23 + 1))[: length - 1] + b"."
        (line, *runs) = lines_of(tmp_path, "little", vr, value)
        assert len(value) == length
        if length <= KIB64:
            assert (line.key.value, line.flags, runs) == (value.decode(), frozenset(), [])
        else:
            of_text = digest(value).replace(" bytes", " bytes of text")
            assert line.key.value == (f"{value[:1024].decode()}... {of_text}" if vr == "UT" else digest(value))
            assert ("TRUNCATED" in line.flags) is (vr == "UT")


def test_long_components(tmp_path: Path) -> None:
    """The limit is for values too long to keep: a value of UC is shown whole or by digest, never truncated."""
    value = b"short\\" + b"a" * (KIB64 - 8) + b"\\b"
    shown = values_of(lines_of(tmp_path, "little", "UC", value))
    assert shown in ([value.decode()], ["a" * (KIB64 - 8), "b", "short"])


@pytest.mark.parametrize(
    ("tag", "vr"),
    [
        (0x7FE00010, "OW"),
        (0x7FE00010, "OB"),
        (0x7FE00008, "OF"),
        (0x7FE00009, "OD"),
        (0x60003000, "OW"),
        (0x601E3000, "OB"),
        (0x50003000, "OW"),
        (0x501E3000, "OB"),
        (0x54001010, "OW"),
        (0x00283006, "OW"),
        (0x00283006, "US"),
        (0x00281201, "OW"),
        (0x00281202, "OW"),
        (0x00281203, "OW"),
        (0x00281221, "OW"),
        (0x00281222, "OW"),
        (0x00281223, "OW"),
    ],
    ids=lambda part: part if isinstance(part, str) else f"{part:08x}",
)
@pytest.mark.parametrize("length", [2, 40, 2 * KIB64, MIB + 2])
@pytest.mark.parametrize("is_nested", [False, True], ids=["root", "nested"])
def test_samples_are_shown_by_length(tmp_path: Path, tag: int, vr: str, length: int, is_nested: bool) -> None:
    """Pixel data, overlays, curves, waveforms and LUT data: no digest, and no text where samples are printable."""
    if vr == "US" and length > 0xFFFE:
        length = 0x1000
    element = EXPLICIT.element(tag, vr, b"UUYY" * (length // 4) + b"!!" * (length % 4 // 2))
    if is_nested:
        element = EXPLICIT.sequence(0x00880200, EXPLICIT.item(element))
    name = f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
    lines = report(tmp_path, part10(element, UID_OF[EXPLICIT]).data, name)
    assert (values_of(lines), runs_of(lines)) == ([f"<{length} bytes>"], {})


def test_encapsulated_pixel_data_is_shown_by_length(tmp_path: Path) -> None:
    """Fragments have no digest, and a JPEG comment is not text; the elements after them are still read."""
    pixels = EXPLICIT.fragments(0x7FE00010, "OB", b"\xff\xd8JFIF by Doe^Jane\xff\xd9", b"more fragments")
    after = EXPLICIT.element(0xFFFCFFFC, "OB", b"\0\0Doe^Jane\0\0")
    data = part10(pixels + after, "1.2.840.10008.1.2.4.50").data
    ((value),) = values_of(report(tmp_path, data, "(7fe0,0010)"))
    assert value.startswith("<")
    assert value.endswith(" bytes>")
    assert runs_of(report(tmp_path, data, "(7fe0,0010)")) == {}
    assert runs_of(report(tmp_path, data, "(fffc,fffc)")) == {"Doe^Jane": 1}


# Text inside bytes

NAME = "Doe^Jane_1970"
WRITTEN = {"ASCII": "ascii", "UTF-16 little endian": "utf-16-le", "UTF-16 big endian": "utf-16-be"}


@pytest.mark.parametrize("vr", ["OB", "UN"])
@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("length", [64, 4096, KIB64 - 2, KIB64, KIB64 + 2, 2 * KIB64, 5 * KIB64 + 6, MIB, MIB + 6])
def test_a_run_is_found_in_any_place(tmp_path: Path, vr: str, written: str, length: int) -> None:
    """At the start, at the end, in the middle, and across each 64 KiB boundary, at odd and even offsets."""
    names = (f"Doe^Jane_{number:04}" for number in itertools.count())
    last = length - len(next(names).encode(WRITTEN[written]))
    places = {0, 1, 2, last // 2, last // 2 + 1, last - 1, last}
    for border in range(KIB64, length, KIB64):
        places |= {at for at in range(border - (length - last) - 1, border + 2, 5) if at <= last}
    # A file with its own name for each place, read in one run.
    values = {}
    for place, name in zip(sorted(places), names, strict=False):
        # Beside a byte 01, the first or last letter could be one of U+0100 to U+017F in the other byte order.
        value = values[name] = b"\x02" * place + name.encode(WRITTEN[written]) + b"\x02" * (last - place)
        (tmp_path / name).write_bytes(part10(private(EXPLICIT, vr, value), UID_OF[EXPLICIT]).data)
    lines = report_files(tmp_path, [tmp_path / name for name in values])
    assert sorted(values_of(lines)) == sorted(digest(value) for value in values.values())
    assert runs_of(lines) == dict.fromkeys(values, 1)


def test_a_run_has_at_least_four_characters(tmp_path: Path) -> None:
    """Three characters are too few; four are enough."""
    value = b"\x01abc\x01abcd\x02" + "xyz".encode("utf-16-le") + b"\x02\x02" + "wxyz".encode("utf-16-le") + b"\x02"
    assert runs_of(lines_of(tmp_path, "little", "OB", value)) == {"abcd": 1, "wxyz": 1}


def test_equal_runs_are_one_row(tmp_path: Path) -> None:
    """Twice in one value and once in another file: the digests differ, the text is one row."""
    first = b"\1" + NAME.encode() + b"\2\2" + NAME.encode() + b"\3"
    second = b"\4" + NAME.encode("utf-16-le") + b"\5\5\5"
    for name, value in (("first", first), ("second", second)):
        (tmp_path / name).write_bytes(part10(private(EXPLICIT, "OB", value), UID_OF[EXPLICIT]).data)
    assert run("before", [tmp_path / "first", tmp_path / "second"], tmp_path, *write_profiles(tmp_path, [])) == 0
    lines = [line for line in read_lines(tmp_path / "report.jsonl") if line.key.element.startswith(ELEMENT)]
    assert sorted(values_of(lines)) == sorted([digest(first), digest(second)])
    (found,) = [line for line in lines if line.key.element == ELEMENT + "/text"]
    assert found.key.value == NAME
    assert (found.counts.files, found.counts.series, found.counts.occurrences) == (2, 1, 3)
    assert found.counts.example == str(tmp_path / "first")


def test_text_that_fills_the_whole_value(tmp_path: Path) -> None:
    """OB that consists only of text is still bytes: a digest, and the text beside it."""
    lines = lines_of(tmp_path, "little", "OB", NAME.encode() + b"\0")
    assert (values_of(lines), runs_of(lines)) == ([digest(NAME.encode() + b"\0")], {NAME: 1})


@pytest.mark.parametrize("place", ["little", "big", "deflated", "nested"])
def test_a_long_run_is_not_lost(tmp_path: Path, place: str) -> None:
    """A run much longer than 64 KiB may be shown in pieces or by digest, but nothing is dropped."""
    value = b"\0\1" + b"0123456789abcdef" * (3 * KIB64 // 16) + b"end\1\0\0"
    lines = lines_of(tmp_path, place, "OB", value)
    assert values_of(lines) == [digest(value)]
    found = {line.key.value: line for line in lines if line.key.element.endswith("/text")}
    whole = value.strip(b"\0\1")
    pieces = sum(len(text) * line.counts.occurrences for text, line in found.items())
    assert pieces == len(whole) or any(hashlib.sha256(whole).hexdigest() in text for text in found)


def test_a_run_of_64_kib_is_whole(tmp_path: Path) -> None:
    """Up to that length a text is kept whole."""
    for length in (KIB64 - 1, KIB64):
        text = ("0123456789abcdef" * (KIB64 // 16))[:length]
        assert list(runs_of(lines_of(tmp_path, "little", "OB", b"\1" + text.encode() + b"\1\1\1"))) == [text]


def test_odd_lengths(tmp_path: Path) -> None:
    """PS3.5 section 7.1.1 requires even lengths; odd ones are read all the same."""
    for vr, value in (("OB", b"\1\2\3"), ("UN", b"\1\2\3"), ("OW", b"\1\2\3")):
        assert values_of(lines_of(tmp_path, "little", vr, value)) == [digest(value)]
    data = part10(
        join([EXPLICIT.element(0x00100010, "PN", b"Doe"), private(EXPLICIT, "OB", b"\1")]), UID_OF[EXPLICIT]
    ).data
    assert values_of(report(tmp_path, data)) == [digest(b"\1")]
    assert values_of(report(tmp_path, data, "(0010,0010)")) == ["Doe"]


# Repeated values


@pytest.mark.parametrize("length", [8, 300, KIB64 + 2, MIB + 2])
@pytest.mark.parametrize("order", ["AAAA", "ABAB", "AABBA", "ABCDEABCDE", "ABCDABCDAA"])
def test_repeated_values_are_counted_each_time(tmp_path: Path, order: str, length: int) -> None:
    """In any order, short and long, with the text inside them: each occurrence is counted."""
    values = {name: name.encode() * 6 + bytes(length - 6) for name in set(order)}
    paths = []
    for number, name in enumerate(order):
        paths.append(tmp_path / f"{number}.dcm")
        paths[-1].write_bytes(part10(private(EXPLICIT, "OB", values[name]), UID_OF[EXPLICIT]).data)
    assert run("before", paths, tmp_path, *write_profiles(tmp_path, [])) == 0
    lines = [line for line in read_lines(tmp_path / "report.jsonl") if ELEMENT in line.key.element]
    counted = {line.key.value: (line.counts.files, line.counts.occurrences) for line in lines}
    times = {name: (order.count(name), order.count(name)) for name in set(order)}
    assert counted == {
        **{digest(values[name]): times[name] for name in times},
        **{name * 6: times[name] for name in times},
    }


@pytest.mark.parametrize("length", [8, 300])
def test_alternating_values_in_one_file(tmp_path: Path, length: int) -> None:
    """The items of a sequence share an element of the report; each value counts once per file."""
    names = "ABABCAAB"
    items = [EXPLICIT.item(private(EXPLICIT, "OB", name.encode() * 6 + bytes(length - 6))) for name in names]
    lines = report(tmp_path, part10(EXPLICIT.sequence(0x00081140, *items), UID_OF[EXPLICIT]).data)
    assert runs_of(lines) == {name * 6: names.count(name) for name in "ABC"}
    assert {line.counts.files for line in lines} == {1}


def test_many_long_values_of_one_file(tmp_path: Path) -> None:
    """Values that are kept whole and those for which there is no room are shown alike."""
    values = [f"{number:06}".encode() + bytes(MIB // 2 - 6) for number in range(12)]
    items = [EXPLICIT.item(private(EXPLICIT, "OB", value)) for value in values]
    lines = report(tmp_path, part10(EXPLICIT.sequence(0x00081140, *items), UID_OF[EXPLICIT]).data)
    assert sorted(values_of(lines)) == sorted(map(digest, values))
    assert runs_of(lines) == {f"{number:06}": 1 for number in range(12)}

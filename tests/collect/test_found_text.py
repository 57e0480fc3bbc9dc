"""Text inside binary values: in every encoding, in base64, in gzip and zlib streams; and no text where there is none.

For: values of every length, in every character set, whole and damaged.
Never: a run that was copied from the program; the bytes are made with Python's codecs, `gzip`, `zlib` and `base64`.
Standard: PS3.5 6.1, PS3.3 C.12.1.1.2, edition 2026b; RFC 1950, 1951, 1952, 2781, 3629, 4648.
"""

from __future__ import annotations

import base64
import gzip
import random
import zlib
from pathlib import Path
from typing import TypeAlias

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, IMPLICIT, Part, join, part10
from independent_collector import runs as ascii_runs

KIB64 = 65536
MIB = 1024 * 1024
ELEMENT = '(0029,"ACME",01)'
Found: TypeAlias = dict[str, list[tuple[str, tuple[str, ...]]]]


def binary(value: bytes, vr: str = "OB") -> Part:
    """Return a private element with its private creator; the value is not padded."""
    return join([EXPLICIT.element(0x00290010, "LO", b"ACME"), EXPLICIT.element(0x00291001, vr, value)])


def write(path: Path, value: bytes, charset: bytes = b"", vr: str = "OB") -> Path:
    parts = [EXPLICIT.element(0x00080005, "CS", charset + b" " * (len(charset) % 2))] if charset else []
    path.write_bytes(part10(join([*parts, binary(value, vr)]), "1.2.840.10008.1.2.1").data)
    return path


def find_text(path: Path) -> Found:
    """Return the text found in the bytes of the element and its flags, by the suffix of the element."""
    found: Found = {}
    for row in tagsniff.scan([path], mode="final", all_values=True, workers=1).rows():
        if ELEMENT in row.element and row.element.endswith("/text"):
            found.setdefault(row.element.partition(ELEMENT)[2], []).append((row.value, row.flags))
    return found


def texts_of(path: Path, suffix: str = "/text") -> list[str]:
    return sorted(text for text, _ in find_text(path).get(suffix, []))


# Encodings

DECLARED = [
    # Character set, codec, and text that is found between a control and a NUL.
    (b"ISO_IR 100", "latin-1", "Müller"),
    (b"ISO_IR 100", "latin-1", "Hospital Zürich Süd"),
    (b"ISO_IR 101", "iso8859_2", "Dvořák^Jan"),
    (b"ISO_IR 144", "iso8859_5", "Иванов"),
    (b"ISO_IR 126", "iso8859_7", "Παπαδόπουλος"),
    (b"ISO_IR 138", "iso8859_8", "שרון^דבורה"),
    (b"ISO_IR 127", "iso8859_6", "قباني^لنزار"),
    (b"ISO_IR 13", "shift_jis", "山田^太郎"),
    (b"ISO_IR 13", "shift_jis", "表示能"),
    (b"ISO_IR 13", "shift_jis", "やまだ"),
    (b"\\ISO 2022 IR 87", "iso2022_jp", "Yamada^Tarou=山田^太郎"),
    (b"GB18030", "gb18030", "王^小东"),
    (b"GBK", "gbk", "张伟"),
    (b"\\ISO 2022 IR 58", "gb2312", "王^小东"),
    (b"\\ISO 2022 IR 149", "euc_kr", "홍^길동"),
    (b"EUC-KR", "euc_kr", "홍길동"),
    (b"KOI8-R", "koi8_r", "Чехов^Антон"),
]


@pytest.mark.parametrize(("charset", "codec", "text"), DECLARED, ids=repr)
def test_text_in_the_declared_character_set(tmp_path: Path, charset: bytes, codec: str, text: str) -> None:
    raw = text.encode(codec)
    if charset == b"\\ISO 2022 IR 149":
        raw = b"\x1b$)C" + raw
    if charset == b"\\ISO 2022 IR 58":
        raw = b"\x1b$)A" + raw
    for value in (b"\7" + raw + b"\0\7\1", raw + b"\0\7", b"\0\7\0" + raw, raw):
        path = write(tmp_path / "a", value + b"\7" * (len(value) % 2) if value[-1:] == b"\7" else value, charset)
        assert text in texts_of(path)
    assert text not in texts_of(write(tmp_path / "a", b"\7" + raw + b"\0\7", b"ISO_IR 192")) or b"\x1b" in raw


@pytest.mark.parametrize("charset", [b"", b"ISO_IR 100", b"GB18030", b"ISO_IR 13", b"ISO_IR 192"])
@pytest.mark.parametrize(
    "text", ["Müller^Jörg", "山田太郎", "Иванов", "홍길동전", "שרון", "نزار", "Ελλάδα", "Nguyễn Thị", "a𠮷田b"]
)
def test_utf_8_whatever_is_declared(tmp_path: Path, charset: bytes, text: str) -> None:
    assert texts_of(write(tmp_path / "a", b"\1\2" + text.encode() + b"\3\4", charset)) == [text]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("offset", [0, 2, 3, 4095, 4096, KIB64 - 5, MIB + 3])
def test_utf_16_of_all_planes(tmp_path: Path, codec: str, offset: int) -> None:
    """Between NULs, or at the ends of the value, at odd and even offsets, in one block and across two of them."""
    texts = ["李小明", "山田太郎", "Иванов", "Παπαδόπουλος", "홍길동", "やまだ", "Dvořák", "𠮷田太郎", "שרון", "กมล"]
    fill = bytes(offset)
    for number, text in enumerate(texts):
        path = write(tmp_path / str(number), fill + text.encode(codec) + b"\0\0" + b"\7" * (offset % 2))
        assert text in texts_of(path), text


def test_a_word_of_three_letters_where_a_nul_or_the_end_follows(tmp_path: Path) -> None:
    value = b"\1\2LEE\0\1\2Kim\2\1\1AAA\0\1ab1\0\1" + "Ito".encode("utf-16-le") + b"\0\0\1\1\1Fox"
    assert texts_of(write(tmp_path / "a", value)) == ["Fox", "Ito", "LEE"]


def test_ascii_is_found_as_before(tmp_path: Path) -> None:
    """In random bytes and in bytes with many NULs: what an independent program finds is found."""
    dice = random.Random(3)
    for density in (0, 2, 5):
        value = bytes(0 if dice.random() * 10 < density else dice.randrange(256) for _ in range(40_000))
        found = texts_of(write(tmp_path / "a", value))
        assert [run for run in set(ascii_runs(value)) if not any(run in text for text in found)] == []


def test_a_very_long_run_of_utf_16(tmp_path: Path) -> None:
    """What is too far back is left out, with a flag. A line end, as text has it, ends a run."""
    text = "Иванов" * 20_000
    ((found, flags),) = find_text(write(tmp_path / "a", text.encode("utf-16-le")))["/text"]
    assert text.endswith(found)
    assert len(found) == 61_440 // 2
    assert flags == ("TRUNCATED",)
    lines = ("Иванов" * 2000 + "\n") * 10
    found_lines = find_text(write(tmp_path / "b", lines.encode("utf-16-le")))["/text"]
    assert found_lines == [("Иванов" * 2000, ())]


# Noise


def count_runs(path: Path) -> int:
    rows = tagsniff.scan([path], mode="final", all_values=True, workers=1).rows()
    return sum(row.occurrences for row in rows if row.element.endswith("/text"))


@pytest.mark.parametrize(
    ("charset", "more"),
    [(b"", 200), (b"ISO_IR 100", 300), (b"ISO_IR 144", 900), (b"GB18030", 450), (b"EUC-KR", 300), (b"ISO_IR 13", 300)],
)
def test_random_bytes_are_little_text(tmp_path: Path, charset: bytes, more: int) -> None:
    """1 MiB has about 12,800 runs of four ASCII characters. The other encodings add few."""
    value = random.Random(16).randbytes(MIB)
    ascii_only = len(ascii_runs(value))
    assert 12_000 < ascii_only < 14_000
    assert count_runs(write(tmp_path / "a", value, charset)) < ascii_only + more


@pytest.mark.parametrize("kind", ["numbers", "floats", "doubles", "samples", "tags"])
def test_numbers_are_no_text(tmp_path: Path, kind: str) -> None:
    """In either byte order: small numbers, floating-point numbers, a smooth signal, structures with tags of ASCII."""
    import numpy as np

    dice = np.random.default_rng(5)
    arrays = {
        "numbers": dice.integers(0, 2000, 4000).astype("i4"),
        "floats": dice.normal(0, 100, 4000).round(2).astype("f4"),
        "doubles": dice.normal(0, 1, 4000).round(2),
        "samples": (1024 + 100 * np.sin(np.arange(8000) / 50) + dice.normal(0, 3, 8000)).astype("u2"),
        "tags": np.frombuffer(b"\0\0\0\1desc\0\0\1\7\0\0\0\x88view\0\0\0\0curv\0\0\x80\0" * 200, "u1"),
    }
    array = arrays[kind]
    for value in (array.tobytes(), array.byteswap().tobytes()):
        path = write(tmp_path / "a", value, b"ISO_IR 192")
        others = [text for text in texts_of(path) if not text.isascii()]
        assert len(others) <= 12, others


# Streams

TEXT = 'set PATIENT "Müller^Jörg"\nset SITE "Hospital of ACME"\n' + "".join(f"KEY_{n} {n * n}\n" for n in range(300))
LINES = sorted(line for line in TEXT.splitlines() if len(line) > 3)
STREAMS = {"/gzip/text": gzip.compress(TEXT.encode(), mtime=0), "/zlib/text": zlib.compress(TEXT.encode())}


@pytest.mark.parametrize("suffix", STREAMS)
@pytest.mark.parametrize("offset", [0, 1, 4, 15, 16])
def test_streams(tmp_path: Path, suffix: str, offset: int) -> None:
    """Their lines are rows of their own, and their compressed bytes none. What is around them is found as always."""
    before = b"HEAD"[:offset].ljust(offset, b"\1")
    path = write(tmp_path / "a", before + STREAMS[suffix] + b"\0\2after it\1\1")
    found = find_text(path)
    assert sorted(text for text, _ in found[suffix]) == LINES
    assert {flags for _, flags in found[suffix]} == {()}
    assert sorted(text for text, _ in found.pop("/text")) == sorted((["HEAD"] if offset >= 4 else []) + ["after it"])
    assert set(found) == {suffix}


def test_a_stream_further_behind_is_none(tmp_path: Path) -> None:
    found = find_text(write(tmp_path / "a", bytes(17) + STREAMS["/gzip/text"]))
    assert set(found) == {"/text"}


@pytest.mark.parametrize("suffix", STREAMS)
@pytest.mark.parametrize("length", [64, 300, KIB64, MIB, 3 * MIB])
def test_long_streams(tmp_path: Path, suffix: str, length: int) -> None:
    """Streams that arrive in pieces, and of which not all bytes are held."""
    dice = random.Random(length)
    lines = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=60)) for _ in range(length // 61 + 1)]
    raw = ("\n".join(lines) + "\n").encode()
    packed = gzip.compress(raw, mtime=0) if suffix == "/gzip/text" else zlib.compress(raw)
    found = find_text(write(tmp_path / "a", b"\1\1" + packed))
    assert sorted(text for text, _ in found[suffix]) == sorted(lines)
    assert {flags for _, flags in found[suffix]} == {()}


@pytest.mark.parametrize("suffix", STREAMS)
def test_a_damaged_stream_is_shown_and_flagged(tmp_path: Path, suffix: str) -> None:
    """Cut off, with wrong bytes, with a wrong checksum: what was inflated before is text, and the rows say it."""
    whole = STREAMS[suffix]
    wrong = bytearray(whole)
    wrong[-6:-4] = b"\xff\xff"
    for value in (whole[: len(whole) * 2 // 3], whole[:400] + bytes(200), bytes(wrong), whole[:-3]):
        found = find_text(write(tmp_path / "a", value + b"\1" * (len(value) % 2)))
        assert ('set PATIENT "Müller^Jörg"', ("STREAM_IN_PART",)) in found[suffix]
        assert {flags for _, flags in found[suffix]} == {("STREAM_IN_PART",)}
    report = tagsniff.scan([tmp_path / "a"], mode="final", all_values=True).report()
    assert "STREAM_IN_PART" in dict(report.findings)


def test_a_stream_beyond_its_bounds_is_flagged(tmp_path: Path) -> None:
    """4 MiB, and 200 times the bytes of the value. Without text in it, the row shows how much was inflated."""
    dice = random.Random(1)
    long = "\n".join("".join(dice.choices("ABCDEFGH", k=70)) for _ in range(5 * MIB // 71)).encode()
    (_, flags), *_ = rows = find_text(write(tmp_path / "a", zlib.compress(long)))["/zlib/text"]
    assert flags == ("STREAM_IN_PART",)
    assert 4 * MIB <= sum(len(text) + 1 for text, _ in rows) < 4 * MIB + 2 * 4096
    ((size, flags),) = find_text(write(tmp_path / "b", gzip.compress(bytes(3 * MIB), mtime=0)))["/gzip/text"]
    assert flags == ("STREAM_IN_PART",)
    assert size.startswith("<")
    assert size.endswith(" bytes>")
    # A stream that stays below needs no flag.
    assert "/gzip/text" not in find_text(write(tmp_path / "c", gzip.compress(bytes(5000), mtime=0)))


def test_bytes_that_look_like_a_header_are_looked_at(tmp_path: Path) -> None:
    """A header of zlib is two bytes: what follows it may be anything, and is found."""
    for header in (
        b"\x78\x9c",
        b"\x78\x01",
        b"\x1f\x8b\x08\x00",
        b"x\xda",
        b"H\x89" * 8,
        b"\x78\x9c\x78\x9c\x1f\x8b\x08\0",
    ):
        for rest in (b"\0\0Doe^Jane\0", b"\xffDoe^Jane\0", b"\1Doe^Jane\1" + bytes(9000)):
            assert "Doe^Jane" in texts_of(write(tmp_path / "a", header + rest)), header


def test_a_header_of_zlib_before_the_stream(tmp_path: Path) -> None:
    value = b"\x78\x9c\x08\x1d\x78\x01" + STREAMS["/zlib/text"]
    assert texts_of(write(tmp_path / "a", value), "/zlib/text") == LINES


def test_one_level_deep(tmp_path: Path) -> None:
    inner = gzip.compress(STREAMS["/gzip/text"], mtime=0)
    found = find_text(write(tmp_path / "a", inner))
    assert LINES[0] not in {text for text, _ in found.get("/gzip/text", [])}


# Base64


@pytest.mark.parametrize("text", ["John Doe", "Müller^Jörg", "Doe^Jane 1970-01-01", "山田太郎"])
def test_base64(tmp_path: Path, text: str) -> None:
    encoded = base64.b64encode(text.encode())
    for value in (encoded, b"<N>" + encoded + b"</N>", b"\1\1" + encoded + b"\0\1"):
        path = write(tmp_path / "a", value + b"\1" * (len(value) % 2))
        assert texts_of(path, "/base64/text") == [text]
        assert len(texts_of(path)) == 1


def test_base64_of_several_lines(tmp_path: Path) -> None:
    """The lines of a file are decoded one by one; those of the text in them are rows of their own."""
    text = "first line\r\nsecond line\nM\u00fcller " + "x" * 40 + "\n"
    path = write(tmp_path / "a", base64.b64encode(text.encode()) + b"\0\0")
    assert texts_of(path, "/base64/text") == ["M\u00fcller " + "x" * 40, "first line", "second line"]


def test_words_are_no_base64(tmp_path: Path) -> None:
    words = b"AcquisitionMatrixText SoftwareVersion tSequenceFileName 0123456789ABCDEF abcdefghijkl MR_MEASUREMENT_"
    assert find_text(write(tmp_path / "a", words)).keys() == {"/text"}
    dice = random.Random(8)
    letters = b"".join(bytes(dice.choices(range(97, 123), k=12)) + b" " for _ in range(20_000))
    assert len(texts_of(write(tmp_path / "b", letters), "/base64/text")) <= 5  # of 20,000


# Where it goes


def test_find_finds_the_text_of_each_kind(tmp_path: Path) -> None:
    values = {"/text": b"\1Doe^Jane\1", "/base64/text": base64.b64encode(b"Doe^Jane_1"), **STREAMS}
    for number, value in enumerate(values.values()):
        write(tmp_path / str(number), value + b"\1" * (len(value) % 2))
    for number, suffix in enumerate(values):
        found = tagsniff.find([tmp_path], ELEMENT + suffix, regex="Doe|Müller", show_values=True)
        assert [(Path(one.path).name, one.element) for one in found] == [(str(number), ELEMENT + suffix)], suffix
    assert tagsniff.find([tmp_path], ELEMENT + "/gzip/text", value='set SITE "Hospital of ACME"').files() == (
        str(tmp_path / "2"),
    )


def test_a_decision_holds_for_the_text_in_the_bytes(tmp_path: Path) -> None:
    """A code for the element hides the text in it, wherever it was found."""
    profile = tmp_path / "profile.csv"
    profile.write_text('element,modality,manufacturer,model,software,code,name\n"(0029,""ACME"",01)",,,,,X,\n')
    for number, value in enumerate(STREAMS.values()):
        write(tmp_path / f"{number}.dcm", value + b"\1" * (len(value) % 2))
    paths = sorted(tmp_path.glob("*.dcm"))
    rows = tagsniff.scan(paths, mode="final", all_values=True, modality_software=[profile]).rows()
    assert {(row.element, row.value) for row in rows if ELEMENT in row.element} == {(ELEMENT, "")}


def test_each_kind_is_counted_once_for_each_file(tmp_path: Path) -> None:
    """Also where files repeat each other, and where a value is known from the one before."""
    value = STREAMS["/gzip/text"] + b"\1after it\1" + base64.b64encode(b"Doe^Jane_1") + b"\1\1"
    paths = [write(tmp_path / f"{number:02}", value) for number in range(12)]
    for workers in (1, 3):
        rows = [
            row
            for row in tagsniff.scan(paths, mode="final", all_values=True, workers=workers).rows()
            if ELEMENT in row.element
        ]
        kinds = {ELEMENT, *(ELEMENT + kind for kind in ("/text", "/gzip/text", "/base64/text"))}
        assert {row.element for row in rows} == kinds
        assert {(row.files, row.occurrences) for row in rows} == {(12, 12)}
        for kind in kinds:
            assert len(tagsniff.find(paths, kind, workers=workers)) == 12


def test_the_character_set_of_an_item_holds_in_long_values(tmp_path: Path) -> None:
    """The parser looks at long values before it has read the file to its end."""
    name = b"\1" + "Иванов^Пётр".encode("iso8859_5") + b"\0"
    for length in (100, MIB + 100):
        value = name + b"\1" * (length - len(name))
        item = EXPLICIT.item(EXPLICIT.element(0x00080005, "CS", b"ISO_IR 144"), binary(value))
        data = join([EXPLICIT.element(0x00080005, "CS", b"ISO_IR 100"), EXPLICIT.sequence(0x00081140, item)])
        (tmp_path / "a").write_bytes(part10(data, "1.2.840.10008.1.2.1").data)
        assert texts_of(tmp_path / "a") == ["Иванов^Пётр"]


def test_unknown_vr_and_implicit_vr(tmp_path: Path) -> None:
    value = b"\1\2" + "山田太郎".encode() + b"\0\2"
    data = join([IMPLICIT.element(0x00290010, "LO", b"ACME"), IMPLICIT.element(0x00291001, "UN", value)])
    (tmp_path / "a").write_bytes(part10(data, "1.2.840.10008.1.2").data)
    assert texts_of(tmp_path / "a") == ["山田太郎"]


def test_pieces_of_a_long_value_do_not_matter(tmp_path: Path) -> None:
    """A value that is kept whole, and the same one where there is no room for it, have the same runs in one order."""
    dice = random.Random(11)
    parts = [
        "Müller^Jörg".encode(),
        "山田太郎".encode("utf-16-le") + b"\0\0",
        b"plain text here\0",
        b"\0LEE\0",
        b"\1" * 50,
    ]
    value = b"".join(dice.choice(parts) + bytes(dice.randrange(9)) for _ in range(20_000))
    assert KIB64 < len(value) < MIB
    first = write(tmp_path / "first", value)
    room = [EXPLICIT.item(binary(bytes([number]) * (MIB - 4))) for number in range(5)]
    data = join([EXPLICIT.sequence(0x00081140, *room), binary(value)])
    (tmp_path / "second").write_bytes(part10(data, "1.2.840.10008.1.2.1").data)
    found = [
        [(one.component, one.value) for one in tagsniff.find([path], ELEMENT + "/text", show_values=True)]
        for path in (first, tmp_path / "second")
    ]
    assert len(found[0]) > 10_000
    assert found[0] == found[1]

"""Texts above 64 KiB: their first 1,024 characters, length and digest are shown, and searches see all of them.

For: ``final``, ``before``, ``find``, ``table``, and private creators above 1,024 bytes.
Never: a text that is shown as a digest alone.
Standard: PS3.5 sections 6.1, 6.2 and 7.8, edition 2026b; design, section 4.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import tagsniff
import tagsniff.selection.find as find_module
from dicom_bytes import EXPLICIT, IMPLICIT, UID_OF, part10
from independent_collector import read_jsonl, run

KIB64 = 64 * 1024
MIB = 1024 * 1024
LENGTHS = [KIB64 + 2, 3 * KIB64, MIB, MIB + 2, 5 * MIB]


def of_text(value: bytes) -> str:
    return f"<{len(value)} bytes of text, sha256 {hashlib.sha256(value).hexdigest()}>"


def rows_of(folder: Path, element: str, *arguments: str) -> list[tuple[str, list[str], int]]:
    """Return value, flags and number of files of the rows of an element in ``final`` over the folder ``files``."""
    run("final", [folder / "files"], folder, *arguments)
    rows = read_jsonl(folder / "report.jsonl")
    return [(row["value"], row["flags"], row["files"]) for row in rows if row["element"] == element]


def write(folder: Path, name: str, *elements: tuple[int, str, bytes], charset: str = "") -> Path:
    path = folder / "files" / name
    path.parent.mkdir(exist_ok=True)
    implicit = any(len(value) > 0xFFFE and vr not in ("UT", "UC", "UN", "UR") for _, vr, value in elements)
    encoding = IMPLICIT if implicit else EXPLICIT
    parts = [encoding.element(0x00080005, "CS", charset.encode() + b" " * (len(charset) % 2))] if charset else []
    data_set = b"".join(part.data for part in [*parts, *(encoding.element(*element) for element in elements)])
    path.write_bytes(part10(encoding.element(0x00080000, "UL", b"\0" * 4), UID_OF[encoding]).data + data_set)
    return path


def text_of(length: int, end: bytes = b"Doe^Jane") -> bytes:
    return (b"Long text of somebody. " * (length // 23 + 1))[: length - len(end)] + end


@pytest.mark.parametrize("length", LENGTHS)
def test_the_start_of_a_long_text_is_shown(tmp_path: Path, length: int) -> None:
    value = text_of(length)
    write(tmp_path, "a", (0x00104000, "UT", value))
    write(tmp_path, "b", (0x00104000, "UT", value))
    write(tmp_path, "c", (0x00104000, "UT", value[:-4] + b"Mary"))
    found = rows_of(tmp_path, "(0010,4000)")
    start = value[:1024].decode()
    assert sorted(found) == sorted(
        [
            (f"{start}... {of_text(value)}", ["TRUNCATED"], 2),
            (f"{start}... {of_text(value[:-4] + b'Mary')}", ["TRUNCATED"], 1),
        ]
    )


@pytest.mark.parametrize("length", [KIB64 + 2, MIB + 2])
@pytest.mark.parametrize(
    ("charset", "codec", "letters"),
    [
        ("ISO_IR 192", "utf-8", "\u5c71\u7530"),
        ("ISO_IR 192", "utf-8", "x\u00fc"),
        ("ISO_IR 192", "utf-8", "\U00020000"),
        ("GB18030", "gb18030", "\u738b"),
        ("GB18030", "gb18030", "\U00020000"),
        ("ISO_IR 100", "latin-1", "\u00fc"),
    ],
)
def test_1024_characters_of_any_character_set(
    tmp_path: Path, length: int, charset: str, codec: str, letters: str
) -> None:
    """A character that is cut at the end of what is kept is not shown as bytes that do not decode."""
    for front in ("", "a", "ab", "abc"):
        text = front + letters * length
        value = text.encode(codec)[: length - length % 2]
        write(tmp_path, "a", (0x00104000, "UT", value), charset=charset)
        assert rows_of(tmp_path, "(0010,4000)") == [(f"{text[:1024]}... {of_text(value)}", ["TRUNCATED"], 1)]


def test_a_long_text_that_does_not_decode(tmp_path: Path) -> None:
    value = b"M\xfcller " * 10000
    write(tmp_path, "a", (0x00104000, "UT", value), charset="ISO_IR 192")
    ((shown, flags, _),) = rows_of(tmp_path, "(0010,4000)")
    assert shown.startswith(r"M\xfcller ")
    assert shown.endswith(f"... {of_text(value)}")
    assert flags == ["TRUNCATED", "UNDECODED"]


def test_the_summary_counts_the_texts_that_were_shortened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(3):
        write(tmp_path, str(number), (0x00104000, "UT", text_of(KIB64 + 2, str(number).encode())))
    rows_of(tmp_path, "(0010,4000)")
    assert "  3  TRUNCATED: " in capsys.readouterr().err


@pytest.mark.parametrize("length", LENGTHS)
def test_find_searches_all_of_a_long_text(tmp_path: Path, length: int) -> None:
    middle = length // 2
    value = text_of(length)
    value = value[:middle] + b"Roe^Mary" + value[middle + 8 :]
    path = write(tmp_path, "a", (0x00104000, "UT", value))
    write(tmp_path, "b", (0x00104000, "UT", text_of(length, b"nobody")))
    for regex in ("Roe.Mary", "Doe.Jane$"):
        found = tagsniff.find([tmp_path / "files"], "0010,4000", regex=regex, show_values=True)
        assert found.files() == (str(path),)
        ((shown, _, _),) = [row for row in rows_of(tmp_path, "(0010,4000)") if of_text(value) in row[0]]
        assert [occurrence.value for occurrence in found] == [shown]
        assert tagsniff.find([tmp_path / "files"], "0010,4000", value=shown).files() == (str(path),)
    assert len(tagsniff.find([tmp_path / "files"], "0010,4000", regex="Poe")) == 0


def test_find_does_not_keep_all_long_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The texts of the files so far are dropped when they have many bytes; nothing is found twice or missed."""
    monkeypatch.setattr(find_module, "_BYTES_OF_A_COLLECTOR", 100_000)
    paths = [write(tmp_path, str(number), (0x00104000, "UT", text_of(KIB64 + 2 * number + 2))) for number in range(9)]
    found = tagsniff.find(paths, "0010,4000", regex="Doe.Jane", workers=2)
    assert sorted(found.files()) == sorted(map(str, paths))
    assert len(found) == 9


@pytest.mark.parametrize("length", [KIB64 + 2, MIB + 2])
def test_find_sees_each_component_of_a_long_value(tmp_path: Path, length: int) -> None:
    names = b"\\".join([b"Somebody^Else"] * (length // 14)) + b"\\ Doe^Jane "
    path = write(tmp_path, "a", (0x00100010, "PN", names + b" " * (len(names) % 2)))
    assert tagsniff.find([path], "PatientName", value="Doe^Jane").files() == (str(path),)
    assert len(tagsniff.find([path], "PatientName", value="Doe")) == 0


@pytest.mark.parametrize("length", [KIB64, KIB64 + 2, MIB + 2])
def test_a_table_shows_a_long_text_as_the_report(tmp_path: Path, length: int) -> None:
    path = write(tmp_path, "a", (0x00104000, "UT", text_of(length)))
    ((shown, _, _),) = rows_of(tmp_path, "(0010,4000)")
    assert tagsniff.table([path], ["0010,4000"]).to_pydict()["0010,4000"] == [shown]


@pytest.mark.parametrize("length", [1024, 1026, 2000, KIB64 - 2, KIB64 + 2, MIB + 2])
def test_a_private_creator_that_is_too_long_is_shown(tmp_path: Path, length: int) -> None:
    """It names nobody, but its own value is one like any other."""
    creator = b"Doe^Jane" * (length // 8) + b"J" * (length % 8)
    path = write(tmp_path, "a", (0x00290010, "LO", creator), (0x00291001, "LO", b"ab"))
    ((shown, flags, _),) = rows_of(tmp_path, "(0029,0010)")
    if length <= KIB64:
        assert (shown, flags) == (creator.decode(), [])
    else:
        assert (shown, flags) == (f"{creator[:1024].decode()}... {of_text(creator)}", ["TRUNCATED"])
    assert tagsniff.find([path], "(0029,0010)", regex="Doe.Jane").files() == (str(path),)
    deviations = {one.status.name: one.status.text for one in tagsniff.read_header(path).deviations}
    assert ("CREATOR_OVERLONG" in deviations) is (length > 1024)
    if length > 1024:
        assert "1,024 bytes" in deviations["CREATOR_OVERLONG"]

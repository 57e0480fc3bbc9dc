"""Character sets in the rows of a scan: names of codecs, Shift-JIS, and more sets in a file than 16 bits can number.

For: files whose (0008,0005) decides where values are split and how they are shown.
Never: a file that changes what is said of another.
Standard: PS3.3 C.12.1.1.2, PS3.5 6.1.2, edition 2026b.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, Part, join, part10


def write(path: Path, *parts: Part) -> Path:
    path.write_bytes(part10(join(list(parts)), "1.2.840.10008.1.2.1").data)
    return path


def named(charset: bytes, name: bytes, patient: bytes = b"1") -> Part:
    return join(
        [
            EXPLICIT.element(0x00080005, "CS", charset),
            EXPLICIT.element(0x00100010, "PN", name + b" " * (len(name) % 2)),
            EXPLICIT.element(0x00100020, "LO", patient + b" " * (len(patient) % 2)),
        ]
    )


def list_rows(paths: list[Path], workers: int = 1) -> list[tuple[str, str, tuple[str, ...]]]:
    rows = tagsniff.scan(paths, mode="final", all_values=True, workers=workers).rows()
    return [(row.element, row.value, row.flags) for row in rows if row.element.startswith("(0010,00")]


@pytest.mark.parametrize(
    "charset", [b"ISO_IR 13", b"iso-ir 13 ", b"ISO 2022 IR 13\\ISO 2022 IR 87", b"\\ISO 2022 IR 87"]
)
def test_a_second_byte_5c_of_shift_jis_is_no_backslash(tmp_path: Path, charset: bytes) -> None:
    path = write(tmp_path / "a", named(charset, "表示^太郎".encode("shift_jis"), "十\\能".encode("shift_jis")))
    assert list_rows([path]) == [("(0010,0010)", "表示^太郎", ()), ("(0010,0020)", "十", ()), ("(0010,0020)", "能", ())]


@pytest.mark.parametrize("charset", [b"UTF-8", b"utf8", b"ISO8859-1", b"LATIN1", b"WINDOWS-1252"])
def test_names_of_codecs(tmp_path: Path, charset: bytes) -> None:
    path = write(tmp_path / "a", named(charset, "Müller^Jürg".encode(charset.decode())))
    assert list_rows([path]) == [("(0010,0010)", "Müller^Jürg", ("CHARSET_NAME",)), ("(0010,0020)", "1", ())]


def test_a_file_with_very_many_character_sets_changes_no_other_file(tmp_path: Path) -> None:
    """The number of a character set has 32 bits: no file has as many."""
    items = (EXPLICIT.item(EXPLICIT.element(0x00080005, "CS", b"X%07d" % number)) for number in range(65_600))
    many = write(tmp_path / "many", EXPLICIT.sequence(0x00081140, *items))
    other = write(tmp_path / "other", named(b"ISO_IR 100", "Müller^Jörg".encode("latin-1")))
    for paths in ([many, other], [other, many]):
        for workers in (1, 2):
            assert ("(0010,0010)", "Müller^Jörg", ()) in list_rows(paths, workers)

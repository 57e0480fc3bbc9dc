"""Writes the initial inputs of libFuzzer: folders of seeds, and a dictionary of DICOM's words.

For: ``run.py``. The seeds are the files of the tests' cases and small real files, some of them with other options in
their preamble (see ``fed_parse.h``); the words are facts of the standard.
Never: a file that is too large for a fuzzer to run quickly.
Standard: PS3.5 sections 6.2, 7.1, 7.5 and annex A; PS3.3 section C.12.1.1.2 (character sets), edition 2026b.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cases import CASES
from dicom_bytes import (
    BIG,
    DEFLATED_UID,
    EXPLICIT,
    EXPLICIT_BIG_UID,
    EXPLICIT_LITTLE_UID,
    IMPLICIT,
    IMPLICIT_LITTLE_UID,
    ITEM,
    ITEM_DELIMITER,
    JPEG_BASELINE_UID,
    LONG_FORM_VRS,
    SEQUENCE_DELIMITER,
    SHORT_FORM_VRS,
    UNDEFINED,
    Encoding,
    Part,
    part10,
    raw,
)
from encoded_case import last
from real_files import wheel_files

OPTIONS_AT = 16
PREFIX_AT = 128
# Limits, depth, elements, seed (4), deflates, feeding, breaks, values, answers, ways, for good, allocation (2).
OPTIONS = (
    bytes(16),
    bytes([67, 0, 0, 1, 2, 3, 4, 0, 1, 128, 1, 1, 1, 0, 3, 0]),
    bytes([14, 0, 0, 9, 9, 9, 9, 0, 2, 60, 2, 2, 2, 1, 10, 0]),
    bytes([65, 0, 0, 7, 7, 7, 7, 1, 1, 200, 3, 3, 1, 0, 30, 0]),
    bytes([0, 1, 1, 5, 5, 5, 5, 0, 3, 250, 0, 4, 2, 0, 60, 0]),
    bytes([85, 0, 8, 3, 3, 3, 3, 1, 0, 90, 1, 5, 0, 1, 1, 0]),
)
# A run of files whose other bytes have records.
RUN_OPTIONS = bytes([64, 0, 0, 2, 7, 1, 8, 0, 0, 0, 0, 6, 2, 0, 0, 0])

TAGS = (
    *(0x00000000, 0x00000002, 0x00020000, 0x00020010, 0x00080000, 0x00080005, 0x00080018, 0x00080060, 0x00080070),
    *(0x00081090, 0x00081140, 0x00081155, 0x00090010, 0x00091001, 0x00100010, 0x00181020, 0x0020000E, 0x00280100),
    *(0x00280103, 0x00280106, 0x00281201, 0x00283006, 0x00290010, 0x002900FF, 0x00291010, 0x0029FF01, 0x00400275),
    *(0x0040A730, 0x00420011, 0x50003000, 0x52009229, 0x54001010, 0x60003000, 0x7FE00008, 0x7FE00010, 0xFFFAFFFA),
    *(0xFFFCFFFC, 0xFFFF0010, 0x00010010, 0x00290001),
)
UIDS = (EXPLICIT_LITTLE_UID, IMPLICIT_LITTLE_UID, EXPLICIT_BIG_UID, DEFLATED_UID, JPEG_BASELINE_UID)
TEXTS = (
    *("DICM", "ISO_IR 100", "ISO_IR 192", "GB18030", "GBK", "ISO 2022 IR 87", "\\ISO 2022 IR 149", "\x1b$B", "\x1b(B"),
    *("ACME HEADER ", "SIEMENS CSA HEADER", "20260101", "+1.5e-3", "-17", "012Y", "\\", "1.2.840.10008.1.2"),
)
LENGTHS = (0, 1, 8, 12, 0xFFFE, 0xFFFF, 0x10000, 0x10001, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF8, 0xFFFFFFFE, UNDEFINED)


def long_values() -> Iterator[tuple[str, bytes]]:
    """Values above the limits of windows and captured values: as bytes, and as an invalid sequence."""
    item = IMPLICIT.item(IMPLICIT.element(0x00080060, "CS", b"MR")).data
    for name, value in (
        ("text", b"Doe^Jane\\" * 8000),
        ("sequence", item * 4000),
        ("no_sequence", item * 4000 + b"no item "),
    ):
        for encoding, uid in ((IMPLICIT, IMPLICIT_LITTLE_UID), (EXPLICIT, EXPLICIT_LITTLE_UID)):
            data_set = encoding.element(0x00091010, "UN", value) + encoding.element(0x00100010, "PN", b"Doe^Jane")
            yield f"long_{name}_{encoding.name}", part10(data_set, uid).data


def nested_tries() -> Iterator[tuple[str, bytes]]:
    """UN in UN: sequences to the innermost level, or to a broken innermost level."""
    for name, bottom in (("good", b""), ("broken", b"\0" * 9)):
        inside = bottom
        for _ in range(20):
            inside = IMPLICIT.item(IMPLICIT.element(0x00291010, "UN", inside)).data
        data_set = EXPLICIT.element(0x00291010, "UN", inside) + EXPLICIT.element(0x0040A075, "PN", b"Roe^J ")
        yield f"nested_{name}", part10(data_set, EXPLICIT_LITTLE_UID).data


def sources(most: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each seed; real files only up to a size."""
    for case in CASES:
        yield case.name, case.data
    for real in wheel_files():
        if 0 < real.path.stat().st_size <= most:
            yield real.name.replace("/", "_"), real.path.read_bytes()
    yield from long_values()
    yield from nested_tries()
    # The first value is empty, and nothing is captured before it.
    yield "empty_first", part10(EXPLICIT.element(0x00080005, "CS") + last(EXPLICIT), None, meta=Part()).data
    yield "garbage", part10(raw(bytes(range(256))), EXPLICIT_LITTLE_UID).data


def runs() -> Iterator[tuple[str, bytes]]:
    """Yield concatenated files of cases that are near in their table, for the fuzzer of collectors."""
    cases = [case for case in CASES if case.data[PREFIX_AT : PREFIX_AT + 6] == b"DICM\2\0"]
    for place in range(0, len(cases), 2):
        files = [with_options(case.data, RUN_OPTIONS) for case in cases[place : place + 4]]
        yield f"run_{cases[place].name}", b"".join(files)


def with_options(data: bytes, options: bytes) -> bytes:
    """Return the same file with options in its preamble, if it has one."""
    if data[PREFIX_AT : PREFIX_AT + 4] != b"DICM":
        return data
    return data[:OPTIONS_AT] + options + data[OPTIONS_AT + len(options) :]


def words() -> Iterator[bytes]:
    """Return the entries of the dictionary."""
    encodings: tuple[Encoding, ...] = (EXPLICIT, BIG)
    for encoding in encodings:
        yield from (encoding.tag(tag) for tag in TAGS)
        yield from (encoding.delimiter(tag) for tag in (ITEM, ITEM_DELIMITER, SEQUENCE_DELIMITER))
        yield encoding.head(ITEM, "", UNDEFINED)
        yield from (encoding.number(length, 4) for length in LENGTHS)
        yield encoding.number(8, 2)
    yield from (vr.encode() + b"\0\0" for vr in sorted(LONG_FORM_VRS))
    yield from (vr.encode() for vr in sorted(SHORT_FORM_VRS))
    yield from (uid.encode() for uid in UIDS)
    yield from (text.encode("ascii") for text in TEXTS)


def write(place: Path, folders: dict[str, int]) -> None:
    """Write ``dicom.dict``, and each folder of seeds up to its size, without the seeds of earlier folders."""
    least = 0
    for folder, most in folders.items():
        (place / folder).mkdir(parents=True, exist_ok=True)
        for number, (name, data) in enumerate(sources(most)):
            if least <= len(data) <= most:
                (place / folder / name).write_bytes(with_options(data, OPTIONS[number % len(OPTIONS)]))
        for name, data in runs():
            if least <= len(data) <= most:
                (place / folder / name).write_bytes(data)
        least = most + 1
    lines = ["".join(f"\\x{byte:02x}" for byte in word) for word in dict.fromkeys(words())]
    (place / "dicom.dict").write_text("".join(f'"{line}"\n' for line in lines), encoding="ascii")

"""The rows of a value report, computed a second time by a slow and plain program: the expected result for some files.

For: test_values_reference.py; and for all tests of values, running the commands and reading their rows in one form.
Never: the collector, tables, report or writers under test, except for the commands as a whole. The elements come from
``tagsniff.read_header`` (which test_reference.py compares with pydicom's raw elements, every value byte for byte, so
that a second reader of lengths, sequences and private blocks would prove nothing new), the decisions from the profile
engine, character sets from pydicom, and numbers from ``struct``.
Standard: PS3.5 sections 6.1, 6.2, 7.8, PS3.3 C.12.1.1.2, edition 2026b.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import struct
import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from unicodedata import category

import pydicom.charset
import pydicom.config
import pydicom.datadict

import tagsniff
from dicom_bytes import ITEM
from independent_collapse import DATES, LEAST_THAT_VARY, Group, find_group, group_text
from read_rows import vr_text
from tagsniff import _core
from tagsniff.cli import main
from tagsniff.dicom.notation import parse_identity
from tagsniff.profile import VRS, Code, Collapse, CollapseRule, Decision, Equipment, Profile
from tagsniff.status import Kind, Status

LONGEST_TEXT = 64 * 1024
SHORTEST_RUN = 4
ONE_TEXT = frozenset({"LT", "ST", "UC", "UR", "UT"})
SPLIT_TEXT = frozenset({"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "PN", "SH", "TM", "UI"})
IN_CHARACTER_SET = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
BYTES = frozenset({"OB", "OD", "OF", "OL", "OV", "OW"})
EQUIPMENT = (0x00080060, 0x00080070, 0x00081090, 0x00181020)
NUMBERS = {"FD": "d", "FL": "f", "SL": "i", "SS": "h", "SV": "q", "UL": "I", "US": "H", "UV": "Q"}

# PS3.3 C.12.1.1.2: the escape sequences of code extensions.
_DESIGNATION = re.compile(rb"\x1b(?:\([BJ]|\)I|-[A-Z]|-b|\$[B@]|\$\([BD]|\$\)[AC])")

# PS3.5 section 6.2: the permitted components of these VRs.
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_CODED = re.compile(r"[A-Z0-9 _]{0,16}")
_UID = re.compile(r"[0-9]+(?:\.[0-9]+)+")
_DATE = re.compile(r"[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_TIME = re.compile(r"[0-9]{2}(?:[0-9]{2}(?:[0-9]{2}(?:\.[0-9]{1,6})?)?)?")
_DATE_TIME = re.compile(r"[0-9]{4}(?:[0-9]{2}){0,5}(?:\.[0-9]{1,6})?(?:[+-][0-9]{4})?")
_AGE = re.compile(r"[0-9]{3}[DWMY]")
_NUMBER = r"[-+0-9.einfaINFA]+"
_TAG = r"\([0-9a-f]{4},[0-9a-f]{4}\)"
_NUMBERS = re.compile(rf"{_NUMBER}(?:\\{_NUMBER})*|{_TAG}(?:\\{_TAG})*")
_NARROW_RUN = re.compile(rb"[\t\x20-\x7e]{4,}|(?<![\t\x20-\x7e])[A-Za-z]{3}(?=\0|\Z)")
_WIDE_RUN = re.compile(rb"[\t\x20-\x7e\xa0-\xff](?:\0[\t\x20-\x7e\xa0-\xff]){2,}")

# Pixel data, overlays, curves, audio, waveforms and lookup tables (PS3.3 C.7.6.3, C.9.2, C.10.9, C.11), with the VR of
# samples: the length, and for all but pixel data the text in the first bytes.
_EVEN = "[0-9a-f][02468ace]"
_PIXELS = re.compile(rf"\((?:7f{_EVEN},0010|7fe0,000[89])\)$")
_SAMPLES = re.compile(
    rf"\((?:60{_EVEN},3000|50{_EVEN},(?:3000|200c)|5400,1010|0028,(?:3006|120[0-3]|121[1-3]|122[1-3]))\)$"
)
VRS_OF_SAMPLES = frozenset({*BYTES, "UN", "US", "SS", "??"})
SEARCHED_SAMPLES = 64 * 1024
_WORD = re.compile(r"[0-9]+|[A-Z]?[a-z]+|[A-Z][A-Z]+|[A-Z]")
_NAME = re.compile(r"[A-Za-z]{2}\^[A-Za-z]{2}")

# PS3.5 section 6.2: the most characters of a component (of a group of PN).
LONGEST = {"AE": 16, "DS": 16, "IS": 12, "LO": 64, "LT": 10240, "PN": 64, "SH": 16, "ST": 1024}
# Four or five bytes of binary numbers that are a word or digits; six and more that are a text.
_TEXT_OF_NUMBERS = re.compile(
    rb"(?:[0-9]{4,5}|[A-Z]{4,5}|[A-Z][a-z]{3,4}|[a-z]{4,5}"
    rb"|(?=(?:[^0-9A-Za-z]*[0-9A-Za-z]){4})[0-9A-Za-z ^=.,\-+'_/:\\]{6,})[ \0]*"
)


Patient: TypeAlias = tuple[bytes, bytes] | None


class Key(NamedTuple):
    """The key of a row."""

    kind: str
    equipment: str
    element: str
    vr: str
    code: str
    value: str


class Counts(NamedTuple):
    """The counts of a row; ``blocks`` in hexadecimal, joined with ``/``."""

    files: int
    series: int
    patients: int
    occurrences: int
    blocks: str
    example: str


@dataclass
class Tally:
    """The counts of a row while files are added."""

    files: set[str] = field(default_factory=set)
    series: set[str | None] = field(default_factory=set)
    patients: set[Patient] = field(default_factory=set)
    pairs: set[tuple[str | None, Patient]] = field(default_factory=set)
    occurrences: int = 0

    def add(self, file: FileRows) -> None:
        """Add one occurrence."""
        self.files.add(file.path)
        self.series.add(file.series)
        self.patients.add(file.patient)
        self.pairs.add((file.series, file.patient))
        self.occurrences += 1

    def merge(self, other: Tally) -> None:
        """Add the counts of another row."""
        self.files |= other.files
        self.series |= other.series
        self.patients |= other.patients
        self.pairs |= other.pairs
        self.occurrences += other.occurrences

    def counts(self, block_numbers: set[int]) -> Counts:
        """Return the row as in the report; the blocks are those of the element with this equipment and VR."""
        blocks = "/".join(f"{block:02x}" for block in sorted(block_numbers))
        example = min(self.files, key=lambda path: path.encode("utf-8", "surrogateescape"))
        return Counts(len(self.files), len(self.series), len(self.patients), self.occurrences, blocks, example)


class Value(NamedTuple):
    """One value as shown; ``flag`` is TRUNCATED, or empty. ``form`` is one letter of `tagsniff.dicom.value_head`."""

    text: str
    flag: str = ""
    is_run: bool = False
    form: str = "T"


# Character sets and text


def encodings_of(raw: bytes) -> list[str]:
    """Return the Python encodings of a value of (0008,0005); no value is the default repertoire, which is ASCII."""
    terms = [term.strip(" \0") for term in raw.decode("latin-1").split("\\")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pydicom.charset.convert_encodings(terms)
    if terms[0] in ("", "ISO_IR 6", "ISO 2022 IR 6") or found[0] == "iso8859":
        found[0] = "ascii"
    return found


def decode(raw: bytes, encodings: list[str], vr: str) -> tuple[str, bool]:
    """Return the text, with a lone surrogate for each byte that does not decode, and whether all bytes decoded."""
    delimiters = {0x09, 0x0A, 0x0C, 0x0D} | ({0x5C, 0x5E, 0x3D} if vr == "PN" else set())
    if vr in SPLIT_TEXT:
        delimiters.add(0x5C)
    settings = pydicom.config.settings
    before, settings.reading_validation_mode = settings.reading_validation_mode, pydicom.config.RAISE
    try:
        # pydicom keeps the escape sequence of GB 2312.
        return pydicom.charset.decode_bytes(raw, encodings, delimiters).replace("\x1b$)A", ""), True
    except (ValueError, LookupError):
        return raw.decode(encodings[0], "surrogateescape"), False
    finally:
        settings.reading_validation_mode = before


def trimmed(text: str) -> str:
    """Return the text without its padding."""
    return text.rstrip("\0 ").lstrip(" ")


def is_text(raw: bytes, encodings: list[str]) -> bool:
    """Whether bytes of VR UN are text: in the character set of the file, in UTF-8, or by their appearance."""
    text, is_whole = decode(raw.rstrip(b"\0 "), encodings, "UN")
    if encodings[0] in ("GB18030", "GBK"):
        return is_whole and is_readable(text)
    raw = _DESIGNATION.sub(b"", raw.rstrip(b"\0 "))
    try:
        return is_readable(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return is_readable(raw.decode("latin-1"))


def is_readable(text: str) -> bool:
    """Whether every character is printable or layout."""
    return text != "" and all(category(letter)[0] != "C" or letter in "\t\n\f\r\xad" for letter in text)


def shown_text(text: str, raw: bytes) -> Value:
    """Return a text, or its replacement if it is too long."""
    if len(raw) > LONGEST_TEXT:
        of_text = digest(raw).replace(" bytes", " bytes of text")
        return Value(f"{text[:1024]}... {of_text}", "TRUNCATED", form="L")
    text = text.rstrip("\0 ")
    if not text:
        return Value("<empty>", form="E")
    return Value(re.sub("[\udc80-\udcff]", lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", text))


def text_values(raw: bytes, vr: str, encodings: list[str]) -> list[Value]:
    """Return the components of a text."""
    text, _ = decode(raw, encodings if vr in IN_CHARACTER_SET or vr == "UN" else ["ascii"], vr)
    if vr in SPLIT_TEXT and len(raw) <= LONGEST_TEXT:
        return [shown_text(trimmed(component), b"") for component in text.split("\\")]
    return [shown_text(text.lstrip(" ") if vr == "UN" else text, raw)]


# Numbers and bytes


def counted(number: int, word: str) -> str:
    """Return a number with its word in the singular or plural."""
    return f"{number} {word}" + ("" if number == 1 else "s")


def digest(raw: bytes) -> str:
    """Return what is shown of an unreadable value."""
    return f"<{counted(len(raw), 'byte')}, sha256 {hashlib.sha256(raw).hexdigest()}>"


def escaped(raw: bytes) -> str:
    """Return the bytes of a value that does not fit the size of its VR."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}" for byte in raw)


def number_text(vr: str, raw: bytes, big_endian: bool) -> str | None:
    """Return the numbers of a binary value; None if its length does not fit the VR."""
    order = ">" if big_endian else "<"
    if vr == "AT":
        if len(raw) % 4:
            return None
        words = struct.unpack(f"{order}{len(raw) // 2}H", raw)
        return "\\".join(f"({words[at]:04x},{words[at + 1]:04x})" for at in range(0, len(words), 2))
    size = struct.calcsize("=" + NUMBERS[vr])
    if len(raw) % size:
        return None
    numbers = struct.unpack(f"{order}{len(raw) // size}{NUMBERS[vr]}", raw)
    return "\\".join(map(str, numbers))


def canonical(vr: str, value: str) -> str:
    """Return a value with one spelling of floating-point numbers; the design does not define one."""
    if vr not in ("FL", "FD") or not value or value.startswith("<") or "\\x" in value:
        return value
    numbers = [float(number) for number in value.split("\\")]
    if vr == "FL":
        numbers = [struct.unpack("<f", struct.pack("<f", number))[0] for number in numbers]
    return "\\".join(map(repr, numbers))


def runs(raw: bytes) -> list[str]:
    """Return the printable runs of a binary value: in ASCII, and in UTF-16 of either byte order up to U+00FF.

    In UTF-16 at least half of the characters must be ASCII; image samples are not. Long runs come in pieces. Three
    letters are a run where a NUL or the end follows. Text in other encodings is left out: see `is_other_text`.
    """
    narrow = [match[0].decode("ascii") for match in _NARROW_RUN.finditer(raw)]
    wide = [
        match[0][::2].decode("latin-1")
        for match in _WIDE_RUN.finditer(raw)
        if len(match[0]) > 5 or ends_word(raw, match.end())
    ]
    wide = [run for run in wide if 2 * sum(letter < "\x80" for letter in run) >= len(run)]
    words = [
        run for run in (*narrow, *wide) if len(run) > 3 or (re.fullmatch("[A-Za-z]{3}", run) and len(set(run)) > 1)
    ]
    pieces = [piece.strip(" ") for run in words for piece in pieces_of(run)]
    return [piece for piece in pieces if piece]


def ends_word(raw: bytes, end: int) -> bool:
    """Whether three characters of UTF-16 that end here are followed by a zero unit or the end of the value."""
    return raw[end : end + 2] in (b"", b"\0", b"\0\0")


def is_other_text(key: Key) -> bool:
    """Whether a row is text in bytes that `runs` leaves out: in another encoding, in base64 or in a stream."""
    return key.element.endswith("/text") and (
        key.element.endswith(("/gzip/text", "/zlib/text", "/base64/text")) or not key.value.isascii()
    )


def pieces_of(run: str) -> Iterator[str]:
    """Yield a run of up to 64 KiB whole, a longer one in pieces, none shorter than the minimum length of a run."""
    while len(run) > LONGEST_TEXT:
        yield run[: LONGEST_TEXT - SHORTEST_RUN]
        run = run[LONGEST_TEXT - SHORTEST_RUN :]
    yield run


def shown_values(vr: str, raw: bytes, encodings: list[str], *, big_endian: bool) -> list[Value]:
    """Return everything that is shown of a value field."""
    if not raw:
        return [Value("<empty>", form="E")]
    if vr in SPLIT_TEXT or vr in ONE_TEXT:
        return text_values(raw, vr, encodings)
    if vr in NUMBERS or vr == "AT":
        numbers = number_text(vr, raw, big_endian)
        if numbers is not None and _TEXT_OF_NUMBERS.fullmatch(raw):
            return [Value(escaped(raw), "LOOKS_LIKE_TEXT", form="R")]
        return [Value(escaped(raw), form="R") if numbers is None else Value(numbers, form="N")]
    if vr not in BYTES and len(raw) <= LONGEST_TEXT and is_text(raw, encodings):
        return text_values(raw, "UN", encodings)
    return [Value(digest(raw), form="B"), *(Value(run, is_run=True) for run in runs(raw))]


PATTERNS = {
    "AS": (_AGE, "NOT_OF_VR"),
    "CS": (_CODED, "NOT_A_CODE"),
    "DA": (_DATE, "NOT_OF_VR"),
    "DS": (_DECIMAL, "NOT_A_NUMBER"),
    "DT": (_DATE_TIME, "NOT_OF_VR"),
    "IS": (_INTEGER, "NOT_A_NUMBER"),
    "TM": (_TIME, "NOT_OF_VR"),
    "UI": (_UID, "NOT_OF_VR"),
    **dict.fromkeys([*NUMBERS, "AT"], (_NUMBERS, "BAD_LENGTH")),
}


def breaks_vr(vr: str, value: str) -> str:
    """Return the flag of a value that a K does not hide, or nothing."""
    is_description = value == "<empty>" or (vr in (*NUMBERS, "AT") and value.startswith("<"))
    if is_description or vr not in PATTERNS:
        return ""
    pattern, flag = PATTERNS[vr]
    if vr == "IS" and pattern.fullmatch(value) and not -(2**31) <= int(value) < 2**31:
        return flag
    return "" if pattern.fullmatch(value) else flag


def breaks_of(tag: int, is_private: bool, vr: str, raw: bytes, value: Value) -> set[str]:
    """Return the flags of a value that a K does not hide."""
    flags = {value.flag or breaks_vr(vr, value.text)} - {""}
    if value.text == "<empty>" or value.is_run:
        return flags
    if vr in (*NUMBERS, "AT"):
        size = 4 if vr == "AT" else struct.calcsize("=" + NUMBERS[vr])
        if len(raw) % size == 0 and not is_private and not allows_count(tag, len(raw) // size):
            flags.add("WRONG_COUNT")
    if vr in LONGEST and any(len(group) > LONGEST[vr] for group in value.text.split("=" if vr == "PN" else "\0")):
        flags.add("TOO_LONG")
    return flags


def allows_count(tag: int, count: int) -> bool:
    """Return whether PS3.6, as pydicom has it, allows the number of values; True if it does not have the element."""
    try:
        allowed = pydicom.datadict.dictionary_VM(tag)
    except KeyError:
        return True
    least, _, most = allowed.partition("-")
    if most.endswith("n"):
        return count >= int(least) and count % int(most[:-1] or 1) == 0
    return int(least) <= count <= int(most or least)


def is_text_of_samples(run: str) -> bool:
    """Return whether a run found in samples is a text: a word, a number or a name, and no course of samples."""
    encoded = list(run.encode())
    if encoded in (sorted(encoded), sorted(encoded, reverse=True)):
        return False
    if len(encoded) >= 6 and _NAME.search(run):
        return True
    for word in _WORD.findall(run):
        least, step = (6, 2) if word.isdigit() else (4, 4)
        steps = [abs(ord(one) - ord(other)) for one, other in zip(word.lower(), word.lower()[1:], strict=False)]
        if len(word) >= least and sum(steps) >= step * len(steps):
            return True
    return False


# Files


class FileRows:
    """The elements of one file, with what the report needs to know about it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._values: dict[int, list[Value]] = {}
        self._places: dict[int, tuple[str, str, int | None, list[int | None]]] = {}
        self.header = tagsniff.read_header(path)
        self.is_whole = self.header.status is Status.OK
        self.is_partial = self.header.status.kind is Kind.FAULT and len(self.header.elements) > 0
        self._elements = self.header.elements
        self._encodings: dict[int, list[str]] = {}
        if not self.is_whole and not self.is_partial:
            return
        self._tags = self._elements["tag"].tolist()
        self._parents = self._elements["parent"].tolist()
        self._item_counts = Counter(self._parents)
        for index, tag in enumerate(self._tags):
            if tag == 0x00080005:
                self._encodings[self._parents[index]] = encodings_of(self.header.value(index))
        root = {tag: index for index, tag in enumerate(self._tags) if self._parents[index] < 0}
        self.equipment = Equipment(
            *(self._root_text(root.get(tag)) for tag in (0x080060, 0x080070, 0x081090, 0x181020))
        )
        self.series = self._root_text(root.get(0x0020000E))
        self.patient = self._find_patient(root)

    def _find_patient(self, root: dict[int, int]) -> Patient:
        """Return issuer and Patient ID as bytes without padding; None if there is no Patient ID."""
        issuer, patient = (
            self.header.value(root[tag]).rstrip(b"\0 ").lstrip(b" ") if tag in root else b""
            for tag in (0x00100021, 0x00100020)
        )
        return (issuer, patient) if patient else None

    def _root_text(self, index: int | None) -> str | None:
        if index is None:
            return None
        raw = self.header.value(index)
        vr = vr_text(self._elements["vr"][index])
        text, _ = decode(raw, self.encodings(index) if vr in IN_CHARACTER_SET else ["ascii"], "LO")
        return "\\".join(map(trimmed, text.split("\\")))

    def encodings(self, index: int) -> list[str]:
        """Return the character sets of a record: those of the nearest data set or item that has (0008,0005)."""
        place = self._parents[index]
        while place >= 0 and (self._tags[place] != ITEM or place not in self._encodings):
            place = self._parents[place]
        return self._encodings.get(place, ["ascii"])

    def root_encodings(self) -> list[str]:
        """Return the character sets of the data set."""
        return self._encodings.get(-1, ["ascii"])

    def records(self) -> Iterator[int]:
        """Yield the records that are elements."""
        return (index for index, tag in enumerate(self._tags) if tag != ITEM)

    def tag(self, index: int) -> int:
        """Return the tag of a record."""
        return int(self._tags[index])

    def vr(self, index: int) -> str:
        """Return the VR of a record; ``??`` for unknown letters."""
        vr = vr_text(self._elements["vr"][index])
        return vr if vr in VRS else "??"

    def block(self, index: int) -> int | None:
        """Return the block of a private element."""
        return self._tags[index] >> 8 & 0xFF if int(self._elements["creator"][index]) != -1 else None

    def parent_blocks(self, index: int) -> list[int | None]:
        """Return the blocks of the sequences around a record, the outermost first."""
        found = []
        place = self._parents[index]
        while place >= 0:
            if self._tags[place] != ITEM:
                found.append(self.block(place))
            place = self._parents[place]
        return found[::-1]

    def place(self, index: int) -> tuple[str, str, int | None, list[int | None]]:
        """Return the identity of a record, its VR, its block, and the blocks of the sequences around it; cached."""
        if index not in self._places:
            self._places[index] = (
                self.header.identity(index),
                self.vr(index),
                self.block(index),
                self.parent_blocks(index),
            )
        return self._places[index]

    def values(self, index: int, identity: str) -> list[Value]:
        """Return what is shown of a record."""
        if index not in self._values:
            self._values[index] = self._show(index, identity)
        return self._values[index]

    def raw(self, index: int) -> bytes:
        """Return the value field of a record."""
        return self.header.value(index)

    def _show(self, index: int, identity: str) -> list[Value]:
        element = self._elements[index]
        vr, flags = self.vr(index), int(element["flags"])
        if vr == "SQ" or flags & _core.FLAG_SEQUENCE:
            return [Value(f"<{counted(self._item_counts[index], 'item')}>", form="I")]
        raw = self.raw(index)
        if vr in VRS_OF_SAMPLES or flags & _core.FLAG_FRAGMENTS:
            length = int(element["end_offset"]) - int(element["value_offset"])
            of_length = Value(f"<{counted(length, 'byte')}>", form="S")
            if _PIXELS.search(identity):
                return [of_length]
            if _SAMPLES.search(identity) and raw:
                if len(raw) > SEARCHED_SAMPLES:
                    of_length = of_length._replace(flag="SEARCHED_IN_PART")
                found = filter(is_text_of_samples, runs(raw[:SEARCHED_SAMPLES]))
                return [of_length, *(Value(run, is_run=True) for run in found)]
        big_endian = bool(flags & _core.FLAG_BIG_ENDIAN)
        return shown_values(vr, raw, self.encodings(index), big_endian=big_endian)


class Collected:
    """The expected report of some files; ``flags`` are TRUNCATED, NOT_A_NUMBER and NOT_A_CODE."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._tallies: dict[Key, Tally] = {}
        self._groups: dict[Key, Group] = {}
        self._files_of_pairs: Counter[tuple[str | None, Patient]] = Counter()
        self._blocks: dict[tuple[str, str, str], set[int]] = {}
        self._decisions: dict[tuple[object, ...], Decision] = {}
        self.flags: dict[Key, set[str]] = {}

    def add_file(self, file: FileRows) -> None:
        """Count the elements of a file, and its preamble if it is not empty."""
        self._files_of_pairs[file.series, file.patient] += 1
        for index in file.records():
            self._add_element(file, index)
        self._add_preamble(file)

    def _add_preamble(self, file: FileRows) -> None:
        with open(file.path, "rb") as stream:
            preamble = stream.read(128)
        # A data set without a preamble may have the prefix of one by chance.
        if preamble == bytes(128) or any(one.status is Status.NO_PREAMBLE for one in file.header.deviations):
            return
        if preamble[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+") and not re.search(rb"[\x20-\x7e]{4}", preamble[8:]):
            return
        # No profile that is used here has a row for it.
        head = Key("value", str(file.equipment), "<preamble>", "UN", "R", "")
        for value in shown_values("UN", preamble, file.root_encodings(), big_endian=False):
            key = head._replace(element="<preamble>/text" if value.is_run else "<preamble>", value=value.text)
            self._add_block(key, None)
            self._tally(key).add(file)
            self._draw(key, value, None, {value.flag} - {""})

    def _add_element(self, file: FileRows, index: int) -> None:
        text, vr, block, parent_blocks = file.place(index)
        equipment = str(file.equipment)
        question = (equipment, text, vr, block, tuple(parent_blocks))
        decision = self._decisions.get(question)
        if decision is None:
            asked_vr = None if vr == "??" else vr
            decision = self._profile.decide(file.equipment, parse_identity(text), asked_vr, block, parent_blocks)
            self._decisions[question] = decision
        head = Key("value", equipment, text, vr, decision.code.value, "")
        self._add_block(head, block)
        values: list[tuple[Value, set[str]]] = []
        if decision.records_values:
            values = [(value, {value.flag} - {""}) for value in file.values(index, text)]
        elif decision.code is Code.K and vr in (*PATTERNS, *LONGEST):
            tag, is_private = file.tag(index), block is not None
            raw = file.raw(index)
            values = [(value, breaks_of(tag, is_private, vr, raw, value)) for value in file.values(index, text)]
            is_hiding = not all(flags for _, flags in values)
            values = [(value, flags) for value, flags in values if flags]
            if is_hiding:
                self._tally(head._replace(kind="code")).add(file)
        else:
            self._tally(head._replace(kind="code")).add(file)
        for value, own_flags in values:
            key = head._replace(element=text + "/text" if value.is_run else text, value=value.text)
            flags = own_flags
            if decision.records_values and not value.is_run and is_checked(vr, value):
                flags = breaks_of(file.tag(index), block is not None, vr, file.raw(index), value)
            self._add_block(key, block)
            self._tally(key).add(file)
            if flags:
                self.flags.setdefault(key, set()).update(flags)
            if decision.records_values:
                breaks = flags | breaks_of(file.tag(index), block is not None, vr, file.raw(index), value)
                self._draw(key, value, decision.collapse, breaks)

    def _draw(self, key: Key, value: Value, collapse: Collapse | None, breaks: set[str]) -> None:
        """Note what the value has in common with others."""
        if key in self._groups or breaks - {"SEARCHED_IN_PART"}:
            return
        rule = Collapse(CollapseRule.ALL) if collapse is None else collapse
        group = find_group(
            key.vr,
            value.text,
            value.form,
            is_run=value.is_run,
            flag=value.flag,
            kinds=frozenset(kind.value for kind in rule.drawn),
            always=frozenset(kind.value for kind in rule.always),
            root=rule.root,
        )
        if group is not None:
            self._groups[key] = group

    def _tally(self, key: Key) -> Tally:
        return self._tallies.setdefault(key, Tally())

    def _add_block(self, key: Key, block: int | None) -> None:
        blocks = self._blocks.setdefault((key.equipment, key.element, key.vr), set())
        if block is not None:
            blocks.add(block)

    def rows(self, *, all_values: bool = False, hidden: Collection[Key] = ()) -> dict[Key, Counts]:
        """Return every row, those that draw values together too, without ``hidden``; no bound applies."""
        tallies = {key: tally for key, tally in self._tallies.items() if key not in hidden}
        drawn: dict[tuple[Key, Group], list[Key]] = {}
        for key in () if all_values else tallies:
            group = self._groups.get(key)
            if group is not None:
                drawn.setdefault((key._replace(value=""), group), []).append(key)
        varying = self._find_varying(drawn)
        for (head, group), members in drawn.items():
            together = [key for key in members if not group.may_vary or key in varying]
            if len(together) > 1 or (group.may_vary and together):
                tally = Tally()
                for key in together:
                    tally.merge(tallies.pop(key))
                tallies[head._replace(value=group_text(group, head.vr, {key.value for key in together}))] = tally
        return {key: tally.counts(self._blocks[key.equipment, key.element, key.vr]) for key, tally in tallies.items()}

    def _find_varying(self, drawn: dict[tuple[Key, Group], list[Key]]) -> set[Key]:
        """Return the values that could identify, but vary within the one series of a patient that has them."""
        of_use: dict[Key, list[Key]] = {}
        for (head, group), members in drawn.items():
            if group.may_vary:
                of_use.setdefault(head, []).extend(members)
        found = set()
        for members in of_use.values():
            values = Counter(pair for key in members for pair in self._tallies[key].pairs)
            for key in members:
                tally = self._tallies[key]
                (series, patient), *others = tally.pairs
                is_known = series and patient and values[series, patient] >= LEAST_THAT_VARY
                if is_known and not others and 2 * len(tally.files) <= self._files_of_pairs[series, patient]:
                    found.add(key)
        return found

    def relations(self) -> dict[tuple[str, str], str]:
        """Return how the values of each element and VR belong to patients, whatever the equipment.

        Elements of which a value is hidden are left out, and sequences and lengths of samples.
        """
        hidden = set()
        patients_of: dict[tuple[str, str], dict[str, set[Patient]]] = {}
        for key, tally in self._tallies.items():
            element = key.element, key.vr
            is_size = bool(_PIXELS.search(key.element) or _SAMPLES.search(key.element)) and key.vr in VRS_OF_SAMPLES
            if key.kind == "code" or key.vr == "SQ" or is_size:
                hidden.add(element)
            elif key.value != "<empty>":
                patients_of.setdefault(element, {}).setdefault(key.value, set()).update(tally.patients - {None})
        return {element: relation_of(found.values()) for element, found in patients_of.items() if element not in hidden}


def relation_of(patients_of_values: Iterable[set[Patient]]) -> str:
    """Return the relation of values that belong to these patients."""
    listed = list(patients_of_values)
    if all(len(patients) > 1 for patients in listed):
        return "SHARED"
    values_of = Counter(patient for patients in listed for patient in patients)
    is_one_each = all(len(patients) <= 1 for patients in listed) and set(values_of.values()) <= {1}
    return "PER_PATIENT" if is_one_each and len(values_of) > 2 else ""


def expected_rows(
    files: Iterable[FileRows], profile: Profile, *, keeps_partial: bool = False
) -> tuple[dict[Key, Counts], dict[Key, set[str]]]:
    """Return every row of the report of these files, without bounds, and the flags of some rows."""
    collected = collect(files, profile, keeps_partial=keeps_partial)
    return collected.rows(), collected.flags


def collect(files: Iterable[FileRows], profile: Profile, *, keeps_partial: bool = False) -> Collected:
    """Return the counts of these files."""
    collected = Collected(profile)
    for file in files:
        if file.is_whole or (keeps_partial and file.is_partial):
            collected.add_file(file)
    return collected


def is_checked(vr: str, value: Value) -> bool:
    """Whether a value that breaks its VR has the flags of what it breaks, though it is recorded."""
    if value.form == "T":
        return vr in (*DATES, "DS", "IS", "UI")
    return value.form == "B" or (value.form == "N" and vr != "AT")


# The commands under test

PARTS = ["modality", "manufacturer", "model", "software"]
COLUMNS = ["kind", "equipment", *PARTS, "element", "vr", "name", "code", "value"]
COLUMNS += ["files", "series", "patients", "occurrences", "blocks", "flags", "example", "decided_by"]
JSON_COLUMNS = [*COLUMNS[:8], "keyword", *COLUMNS[8:]]
FORMATS = ("text", "csv", "jsonl", "json")
CONFIDENTIALITY = "element,vr,code,collapse,note"
MODALITY_SOFTWARE = "modality,manufacturer,model,software,element,vr,code,name,source"


class Line(NamedTuple):
    """One row of a report as the command wrote it."""

    key: Key
    counts: Counts
    flags: frozenset[str]
    keyword: str


def write_profiles(folder: Path, confidentiality: Iterable[str], modality_software: Iterable[str] = ()) -> list[str]:
    """Write a profile of each kind with these rows; return the arguments that name them, and leave out the shipped."""
    arguments = []
    for flag, columns, rows in (
        ("--confidentiality", CONFIDENTIALITY, confidentiality),
        ("--modality-software", MODALITY_SOFTWARE, modality_software),
    ):
        path = folder / f"{flag.strip('-')}.csv"
        path.write_text("\n".join([columns, *rows, ""]), encoding="utf-8")
        arguments += [flag, str(path)]
    return [*arguments, "--without-shipped"]


def run(
    command: str,
    paths: Iterable[str | Path],
    folder: Path,
    *arguments: str,
    form: str = "jsonl",
    all_values: bool = True,
) -> int:
    """Run a command that writes ``report.FORMAT`` and ``exclusions.csv`` into the folder; return its exit status.

    Each value has a row, unless ``all_values`` is False: most tests are about values.
    """
    if all_values and command in ("before", "final"):
        arguments = (*arguments, "--all-values")
    targets = ["-o", str(folder / f"report.{form}"), "--exclusions", str(folder / "exclusions.csv"), "--force"]
    return main([command, *map(str, paths), *arguments, "--format", form, *targets])


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a report in JSONL, each with exactly the expected members."""
    rows = [json.loads(line) for line in path.read_bytes().decode("utf-8").split("\n")[:-1]]
    rows = leave_out_run(rows)
    for row in rows:
        assert list(row) == JSON_COLUMNS, row
    return rows


def leave_out_run(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows without the first, which says what was run, and the last, which says what is missing."""
    assert rows[0]["kind"] == "run"
    kept = [row for row in rows if row["kind"] not in ("run", "incomplete")]
    assert kept == rows[1 : len(kept) + 1]
    assert len(rows) <= len(kept) + 2
    return kept


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a report in CSV, each with exactly the expected columns."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    for row in rows:
        assert list(row) == COLUMNS, row
    return leave_out_run(rows)


def line_of(row: dict[str, Any]) -> Line:
    """Return a row of either format; several blocks or flags are a list, or one text separated by ``/`` or space."""
    blocks = row["blocks"] or []
    if not isinstance(blocks, str):
        blocks = "/".join(f"{block:02x}" if isinstance(block, int) else block for block in blocks)
    flags = row["flags"] or []
    if isinstance(flags, str):
        flags = flags.replace("/", " ").split()
    value = "" if row["value"] is None else str(row["value"])
    key = Key(row["kind"], row["equipment"], row["element"], row["vr"], row["code"], value)
    counts = Counts(
        int(row["files"]),
        int(row["series"]),
        int(row["patients"]),
        int(row["occurrences"]),
        blocks or "",
        row["example"],
    )
    keyword = row["name"] if '"' not in row["element"].split("]")[-1] else ""
    return Line(key, counts, frozenset(flags), keyword)


def read_lines(path: Path) -> list[Line]:
    """Return the rows of a report in JSONL."""
    return [line_of(row) for row in read_jsonl(path)]


def found_rows(lines: Iterable[Line]) -> tuple[dict[Key, Counts], dict[Key, list[Counts]]]:
    """Return the rows of a report by key, and those whose key occurs twice.

    A key may occur twice if one text was written as different bytes (in two character sets); such rows have a flag.
    """
    rows: dict[Key, list[Counts]] = {}
    for line in lines:
        same = rows.setdefault(line.key._replace(value=canonical(line.key.vr, line.key.value)), [])
        assert not same or "SAME_TEXT" in line.flags, line
        same.append(line.counts)
    return {key: same[0] for key, same in rows.items()}, {key: same for key, same in rows.items() if len(same) > 1}

"""No value of an element with a decisive code appears in any report, saved scan, message or temporary file.

For: every decisive code, by tag, by private creator, and by a sequence that encloses the element; every format.
Never: a marker that an encoding can hide: each is searched for as bytes, in UTF-16, in hexadecimal and in base64,
and its value also by digest.
Standard: PS3.15 Table E.1-1a, PS3.5 section 6.2 (DS, IS, CS), edition 2026b.
"""

from __future__ import annotations

import base64
import hashlib
import os
import struct
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10, uid_value
from independent_collector import FORMATS, read_lines, run, write_profiles
from tagsniff.cli import main
from tagsniff.profile import Code

DECISIVE = [code for code in Code if not code.records_values]
# A value that is shown. It proves that the search for hidden values looks in the right files.
SHOWN = b"SHOWN^VALUE"


class Secret(NamedTuple):
    """A value field that must not appear, and the parts of it that are searched for."""

    vr: str
    value: bytes
    marks: tuple[bytes, ...]


def secrets(place: str, number: int) -> list[Secret]:
    """Return a value of each kind; no two places or numbers have similar values."""
    word = f"MARK{place}{number:02d}".encode()
    count = 1_234_500_000 + 1000 * ord(place) + number
    ratio = 1 / (7_000_000 + count % 1_000_000)
    digits = f"{ratio:.12e}".encode()[:11]
    return [
        Secret("LO", word + b"\\TWO" + word + b" ", (word,)),
        Secret("PN", word + b"^Doe", (word,)),
        # Under one code it is longer than 64 KiB, so a digest would be shown.
        Secret("UT", word + b" and more of it" * (10 if number else 5000), (word,)),
        Secret("OB", b"\0\1\2" + word + b"\0\0", (word,)),
        Secret("UN", word.decode().encode("utf-16-be"), (word,)),
        Secret("US", struct.pack("<HIH", 0xBEEF, count, 7), (struct.pack("<HIH", 0xBEEF, count, 7), b"48879\\")),
        Secret("UL", struct.pack("<2I", count, 77), (struct.pack("<2I", count, 77), b"%d" % count)),
        Secret("FD", struct.pack("<d", ratio), (struct.pack("<d", ratio), digits, digits.replace(b".", b""))),
        Secret("UI", uid_value(f"1.2.{count}.7"), (b"1.2.%d" % count,)),
        Secret("DS", b"3.%d" % count, (b"%d" % count,)),
        Secret("IS", b"%d" % count, (b"%d" % count,)),
        Secret("CS", word + b" ", (word,)),
        Secret("DA", b"19%02d0131" % number, (b"19%02d0131" % number,)),
        Secret("AT", struct.pack("<HH", 0xABCD, count % 0xFFFF), (f"(abcd,{count % 0xFFFF:04x})".encode(),)),
    ]


def traces(secret: Secret) -> set[bytes]:
    """Return every byte string that would reveal the value."""
    found = set(secret.marks)
    # A shorter text in another encoding could occur in any file by chance.
    for mark in (mark for mark in secret.marks if len(mark) > 6):
        found |= {mark.hex().encode(), mark.hex().upper().encode()}
        found.add(b"\0".join(mark[at : at + 1] for at in range(len(mark))))
        for shift in range(3):
            # The base64 letters that depend only on this mark, wherever it is in a longer text.
            encoded = base64.b64encode(b"\0" * shift + mark).rstrip(b"=")
            found.add(encoded[-(-shift * 8 // 6) : len(encoded) - 1])
    for whole in (secret.value, secret.value.strip(b"\0 ")):
        digest = hashlib.sha256(whole)
        found |= {digest.digest(), digest.hexdigest().encode(), digest.hexdigest().upper().encode()}
    return found


def public_tag(number: int, place: int) -> int:
    """Return a public tag that is not in PS3.6, so that only the test's profile has a row for it."""
    return (0x4102 + 2 * number) << 16 | (0x0010 + place)


def sequence_tag(number: int) -> int:
    """Return such a tag for a sequence."""
    return (0x4202 + 2 * number) << 16 | 0x0001


def tag_cell(tag: int) -> str:
    """Return a tag as a cell of a profile."""
    return f'"({tag >> 16:04x},{tag & 0xFFFF:04x})"'


def hidden_data_set() -> tuple[Part, list[Secret]]:
    """Return each secret under each code: public, private, and in items of sequences whose code covers them."""
    hidden: list[Secret] = []
    private: list[Part] = []
    public: list[Part] = []
    sequences: list[Part] = []
    for number, code in enumerate(DECISIVE):
        for place, secret in enumerate(secrets("P", number)):
            public.append(EXPLICIT.element(public_tag(number, place), secret.vr, secret.value))
            hidden.append(secret)
        private.append(EXPLICIT.element(0x00290010 + number, "LO", b"MAKER %02d" % number + b" "))
        for place, secret in enumerate(secrets("Q", number)):
            private.append(EXPLICIT.element(0x00291000 + (number << 8) + place, secret.vr, secret.value))
            hidden.append(secret)
        if code.covers_items:
            held = [
                EXPLICIT.element(0x43020010 + place, secret.vr, secret.value)
                for place, secret in enumerate(secrets("V", number))
            ]
            private.append(EXPLICIT.sequence(0x00291080 + (number << 8), EXPLICIT.item(*held), undefined=True))
            hidden += secrets("V", number)
            inner = [
                EXPLICIT.element(0x43020010 + place, secret.vr, secret.value)
                for place, secret in enumerate(secrets("S", number))
            ]
            deep = [
                EXPLICIT.element(0x00291000 + place, secret.vr, secret.value)
                for place, secret in enumerate(secrets("T", number))
            ]
            within = EXPLICIT.sequence(0x43040001, EXPLICIT.item(*deep), undefined=True)
            sequences.append(EXPLICIT.sequence(sequence_tag(number), EXPLICIT.item(*inner, within), EXPLICIT.item()))
            hidden += secrets("S", number) + secrets("T", number)
    name = EXPLICIT.element(0x00100010, "PN", SHOWN + b" ")
    return join([name, *sorted(private, key=lambda part: part.rows[0].tag), *public, *sequences]), hidden


def profile_arguments(folder: Path) -> list[str]:
    """Return the profiles that hide the secrets; everything else is recorded."""
    confidentiality = []
    modality_software = []
    for number, code in enumerate(DECISIVE):
        tags = [public_tag(number, place) for place in range(len(secrets("P", number)))]
        confidentiality += [f"{tag_cell(tag)},,{code.value},," for tag in tags]
        modality_software.append(f',,,,"(0029,""MAKER {number:02d}"",*)",,{code.value},,')
        if code.covers_items:
            confidentiality.append(f"{tag_cell(sequence_tag(number))},,{code.value},,")
    return write_profiles(folder, confidentiality, modality_software)


class Witness:
    """While active, keeps the content that files have when they are removed or renamed."""

    def __init__(self) -> None:
        self.is_watching = False
        self.seen: list[bytes] = []
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.is_watching and event in ("os.remove", "os.rename"):
            path = Path(os.fsdecode(arguments[0]))
            if path.is_file():
                self.seen.append(path.read_bytes())


# An audit hook cannot be removed, so there is only one.
WITNESS = Witness()


class Room(NamedTuple):
    """The folders that a command may write to, and a way to read everything in them."""

    inputs: Path
    outputs: Path
    temporary: Path
    arguments: list[str]
    hidden: list[Secret]

    def written(self) -> bytes:
        """Return everything that is or was in a file."""
        paths = [path for folder in (self.outputs, self.temporary) for path in folder.rglob("*") if path.is_file()]
        return b"\n".join(sorted({path.read_bytes() for path in paths} | set(WITNESS.seen)))


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Make a collection of hidden values, an output folder and a temporary folder."""
    folders = [tmp_path / name for name in ("in", "out", "tmp", "profiles")]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folders[2]))
    for variable in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(variable, str(folders[2]))
    monkeypatch.chdir(folders[1])
    data_set, hidden = hidden_data_set()
    data = part10(data_set, EXPLICIT_LITTLE_UID).data
    (folders[0] / "whole").write_bytes(data)
    monkeypatch.setattr(WITNESS, "is_watching", True)
    monkeypatch.setattr(WITNESS, "seen", [])
    return Room(folders[0], folders[1], folders[2], profile_arguments(folders[3]), hidden)


def assert_hidden(room: Room, *texts: str) -> None:
    """Check that no file and no message has a trace of any secret."""
    everything = room.written() + "\n".join(texts).encode()
    found = [(secret.vr, trace) for secret in room.hidden for trace in traces(secret) if trace in everything]
    assert found == []


def test_the_search_can_find_a_value(room: Room, tmp_path: Path) -> None:
    """Without a code the same elements are all found. This proves that the search can fail."""
    folder = tmp_path / "open"
    folder.mkdir()
    assert run("before", [room.inputs], room.outputs, *write_profiles(folder, [])) == 0
    written = room.written()
    missed = [secret for secret in room.hidden if not any(trace in written for trace in traces(secret))]
    assert missed == []


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("command", ["before", "final"])
def test_no_output_keeps_a_decided_value(
    room: Room, command: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Report, saved scan, exclusions, messages and temporary files."""
    assert run(command, [room.inputs], room.outputs, *room.arguments, "--save", "scan", form=form) == 0
    assert main(["report", "scan", "--format", form, "-o", "again"]) == 0
    assert main([command, str(room.inputs), *room.arguments, "--format", form, "--force"]) == 0
    out, err = capsys.readouterr()
    for name in (f"report.{form}", "again", "scan"):
        assert SHOWN in (room.outputs / name).read_bytes(), name
    assert SHOWN.decode() in out
    assert SHOWN.decode() not in err
    assert_hidden(room, out, err)


@pytest.mark.parametrize("keep", [[], ["--keep-partial"]], ids=["without", "with parts"])
def test_messages_about_broken_files_have_no_hidden_value(
    room: Room, keep: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Files that are cut in the middle of each hidden value. The exclusions list tags, never values."""
    data_set, _ = hidden_data_set()
    written = part10(data_set, EXPLICIT_LITTLE_UID)
    rows = [row for row in written.rows if row.holds == "value" and row.length]
    # Every ninth file: values of each VR, under each code.
    for number, row in enumerate(rows[::9]):
        (room.inputs / f"cut{number:04}").write_bytes(written.data[: row.value_offset + (row.length + 1) // 2])
    assert run("before", [room.inputs], room.outputs, *room.arguments, *keep, "--save", "scan") == 3
    assert "TRUNCATED_VALUE" in (room.outputs / "exclusions.csv").read_text()
    out, err = capsys.readouterr()
    assert_hidden(room, out, err)


def test_every_decided_element_is_listed_with_its_code(room: Room) -> None:
    """A hidden element is not dropped: each has one row with its code, a covered one with its sequence's code."""
    assert run("before", [room.inputs], room.outputs, *room.arguments) == 0
    lines = [line for line in read_lines(room.outputs / "report.jsonl") if line.key.kind == "code"]
    assert {line.key.value for line in lines} == {""}
    per_place = len(secrets("P", 0))
    found: dict[str, int] = {}
    for line in lines:
        found[line.key.code] = found.get(line.key.code, 0) + 1
    # Public and private; if the code covers items, two sequences (one nested in the other) and the items' elements.
    assert found == {code.value: per_place * 2 + (per_place * 3 + 3 if code.covers_items else 0) for code in DECISIVE}


@pytest.mark.parametrize("form", ["text", "csv", "json"])
@pytest.mark.parametrize("by", [[], ["--by-creator"]], ids=["tags", "by creator"])
def test_the_inventory_has_no_value(room: Room, by: list[str], form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither of hidden elements nor of others; the inventory uses no profile."""
    assert main(["inventory", str(room.inputs), *by, "--format", form, "-o", "inventory"]) == 0
    out, err = capsys.readouterr()
    assert_hidden(room, out, err)
    assert SHOWN not in room.written() + (out + err).encode()


# K, and values that do not fit their VR

BREAKING = {
    # VR, value field: the values that are shown, and the flag.
    "no number": ("DS", b"1.5\\1,5\\Doe \\-2E+3\\\\NaN\\1.5.2\\0x10", {"1,5", "Doe", "NaN", "1.5.2", "0x10"}),
    "no integer": ("IS", b"12\\+7\\1.5\\Jane\\\\ -3 \\1 2 ", {"1.5", "Jane", "1 2"}),
    "no code": ("CS", b"AXIAL\\Doe^Jane\\A_1 B\\lower\\\\A-B ", {"Doe^Jane", "lower", "A-B"}),
    "longer than a code": ("CS", b"SIXTEEN_LETTERS_\\SEVENTEEN_LETTERS", {"SEVENTEEN_LETTERS"}),
    "every number": ("DS", b"1\\-1.\\+.5\\1e5\\ 2 \\0 ", set()),
    "every code": ("CS", b"A\\ B 1 \\_ ", set()),
}


@pytest.mark.parametrize("place", ["public", "private", "in an item"])
@pytest.mark.parametrize("case", BREAKING)
def test_keep_does_not_hide_what_breaks_its_vr(tmp_path: Path, case: str, place: str) -> None:
    """A surname in a DS is shown and flagged. The numbers beside it stay hidden, and under X everything is hidden."""
    vr, value, shown = BREAKING[case]
    flag = "NOT_A_CODE" if vr == "CS" else "NOT_A_NUMBER"
    kept, removed = EXPLICIT.element(0x41020010, vr, value), EXPLICIT.element(0x41020011, vr, value)
    if place == "private":
        kept, removed = EXPLICIT.element(0x00291001, vr, value), EXPLICIT.element(0x00291002, vr, value)
        kept = EXPLICIT.element(0x00290010, "LO", b"MAKER ") + kept
    if place == "in an item":
        kept = EXPLICIT.sequence(0x00081140, EXPLICIT.item(kept, removed))
        removed = Part()
    path = tmp_path / "file"
    path.write_bytes(part10(kept + removed, EXPLICIT_LITTLE_UID).data)
    public = ['"(4102,0010)",,K,,', '"(4102,0011)",,X,,', '"(0008,1140)",,K,,', '"(0002,xxxx)",,K,,']
    private = [',,,,"(0029,""MAKER"",01)",,K,,', ',,,,"(0029,""MAKER"",02)",,X,,']
    assert run("before", [path], tmp_path, *write_profiles(tmp_path, public, private)) == 0
    lines = [line for line in read_lines(tmp_path / "report.jsonl") if line.key.vr == vr]
    values = [line for line in lines if line.key.kind == "value"]
    assert {line.key.value for line in values} == shown
    assert {line.key.code for line in values} <= {"K"}
    assert all(flag in line.flags for line in values)
    assert sorted(line.key.code for line in lines if line.key.kind == "code") == ["K", "X"]


# Collapse rules

COLLAPSED = {
    # VR, rule, value field: the text of the one row (a value alone is shown as it is), and how many values it covers.
    "dates": ("DA", "date", b"20230115\\19991231\\Doe^Jane\\20231301\\20230115", "<2 dates, 19991231..20230115>", 3),
    "times": ("TM", "date", b"1011\\235959.5\\2561\\noon", "<2 times, 1011..235959.5>", 2),
    "dates and times": ("DT", "date", b"2023\\20230115101112+0100\\Jane", "<2 dates, 2023..20230115101112+0100>", 2),
    "decimal strings": ("DS", "number", b"9.5\\-10\\1e1\\Doe\\9.5\\1,5", "<3 numbers, -10..1e1>", 4),
    "integer strings": ("IS", "number", b"9\\-10\\10\\Jane\\1.5", "<3 numbers, -10..10>", 3),
    "unsigned": ("US", "number", struct.pack("<H", 513), "513", 1),
    "UIDs": ("UI", "uid:1.2.840", b"1.2.840.1\\1.2.840.7.8\\1.2.8401.1\\1.2.840", "<2 UIDs under 1.2.840>", 2),
    "names under a root": ("UI", "uid:1.2.840", b"1.2.840.1\\1.2.840.Doe Jane\\1.2.840.", "1.2.840.1", 1),
}
SHOWN_BESIDE = {
    "dates": {"Doe^Jane", "20231301"},
    "times": {"2561", "noon"},
    "dates and times": {"Jane"},
    "decimal strings": {"Doe", "1,5"},
    "integer strings": {"Jane", "1.5"},
    "unsigned": set(),
    "UIDs": {"1.2.8401.1", "1.2.840"},
    "names under a root": {"1.2.840.Doe Jane", "1.2.840."},
}


@pytest.mark.parametrize("case", COLLAPSED)
def test_values_that_do_not_fit_a_collapse_rule_are_shown(tmp_path: Path, case: str) -> None:
    """A rule collapses only the values that fit it: a name among dates, numbers or UIDs has a row of its own."""
    vr, rule, value, together, occurrences = COLLAPSED[case]
    path = tmp_path / "file"
    path.write_bytes(part10(EXPLICIT.element(0x41020010, vr, value), EXPLICIT_LITTLE_UID).data)
    profile = write_profiles(tmp_path, [f'"(4102,0010)",{vr},R,{rule},'])
    assert run("before", [path], tmp_path, *profile, all_values=False) == 0
    lines = [line for line in read_lines(tmp_path / "report.jsonl") if line.key.element == "(4102,0010)"]
    assert {line.key.value for line in lines} == {together} | SHOWN_BESIDE[case]
    assert [line.counts.occurrences for line in lines if line.key.value == together] == [occurrences]

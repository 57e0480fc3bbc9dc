"""No element value appears in messages or lists: standard error, exclusions, progress, exceptions.

For: a value of each VR, public, private and nested, under any code, in whole files and in files cut at any place.
Never: the content of the reports; that is in test_values_hidden.py, test_sharing.py and test_redaction.py.
Standard: PS3.5 section 6.2 (VRs), edition 2026b.
"""

from __future__ import annotations

import logging
import os
import struct
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, IMPLICIT, IMPLICIT_LITTLE_UID, Encoding, Part, join, part10
from tagsniff import _core
from tagsniff.cli import main
from tagsniff.dicom.value_text import show_value

MARKER = "MARK"
NUMBERS = {"FD": "d", "FL": "f", "SL": "i", "SS": "h", "SV": "q", "UL": "I", "US": "H", "UV": "Q"}
VRS = [vr for vr in _core.VR_NAMES if vr not in ("SQ", "??")]
COMMANDS = ("inventory", "before", "final", "collisions", "table", "find")
ASKED = {"table": ["-t", "PatientName", "-t", "(0009,0010)", "-t", "(0008,1140)[<0>](0010,0010)", "--whole"]}
ASKED["find"] = ["--element", "(4102,0010)", "--any-depth", "--regex", MARKER, "--show-values"]

# A place where an unexpected exception is raised.
MISTAKES = [
    *[
        (command, f"scanning.{place}")
        for command in ("inventory", "before", "final", "collisions")
        for place in ("run.walk_batches", "run.collect_files", "order.order_scan")
    ],
    ("table", "source.walk.walk_batches"),
    ("find", "selection.find.walk_batches"),
    ("find", "selection.find.collect_files"),
]


def value_of(vr: str) -> bytes:
    """Return a value field of eight bytes that holds the marker, as text or as the bytes of numbers."""
    return f"{MARKER}{vr}".encode().ljust(8, b"_")


def marks_of(vr: str) -> set[bytes]:
    """Return what would reveal the value: its bytes, and the numbers that they encode."""
    value = value_of(vr)
    found = {value, MARKER.encode(), value.hex().encode(), value.hex().upper().encode()}
    if vr in NUMBERS:
        numbers = struct.unpack(f"<{len(value) // struct.calcsize('<' + NUMBERS[vr])}{NUMBERS[vr]}", value)
        found |= {str(number).encode() for number in numbers}
    if vr in NUMBERS or vr == "AT":
        found |= {part.encode() for part in show_value(b"N\0\0\0\0" + value, vr, [b""])[0].split("\\")}
    return found


MARKS = set().union(*(marks_of(vr) for vr in VRS))


def elements(encoding: Encoding = EXPLICIT) -> Iterator[Part]:
    """Return one element of each VR, with a private creator as a value too; then in an item, and in a private one."""
    plain = [encoding.element(0x41020010 + place, vr, value_of(vr)) for place, vr in enumerate(VRS)]
    private = [encoding.element(0x00290010, "LO", f"{MARKER} MAKER ".encode())]
    private += [encoding.element(0x00291000 + place, vr, value_of(vr)) for place, vr in enumerate(VRS)]
    yield encoding.element(0x00080060, "CS", b"MR")
    yield encoding.sequence(0x00081140, encoding.item(*private, *plain), encoding.item(*plain, undefined=True))
    yield encoding.element(0x00100010, "PN", f"{MARKER}^Jane ".encode())
    yield encoding.element(0x00180050, "DS", f"{MARKER}".encode())
    yield from private
    yield encoding.sequence(0x002910F0, encoding.item(*plain), vr="UN", undefined=True)
    yield from plain


WHOLE = part10(join(list(elements())), EXPLICIT_LITTLE_UID).data
WHOLE_IMPLICIT = part10(join(list(elements(IMPLICIT))), IMPLICIT_LITTLE_UID).data


def assert_silent(*texts: str | bytes) -> None:
    everything = b"\n".join(
        text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text for text in texts
    )
    assert sorted(mark for mark in MARKS if mark in everything) == []


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return whole files, files cut at many places, and malformed files. No file name is a value."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    for name, whole in (("explicit", WHOLE), ("implicit", WHOLE_IMPLICIT)):
        (tmp_path / "in" / name).write_bytes(whole)
        # Every length from the start of the data set, in steps that reach every part of an element.
        for length in range(160, len(whole), 7):
            (tmp_path / "in" / f"{name}{length}").write_bytes(whole[:length])
        for at in range(200, len(whole), 31):
            (tmp_path / "in" / f"{name}-wrong{at}").write_bytes(whole[:at] + b"\xff\xff\xff" + whole[at + 3 :])
    (tmp_path / "in" / "note").write_bytes(f"{MARKER} is no DICOM file ".encode() * 20)
    return tmp_path


def test_the_markers_are_found_where_values_are_shown(folder: Path) -> None:
    """In a report with all values each VR has a mark. This proves that the search can fail."""
    Path("all.csv").write_text("element,vr,code,collapse,note\n", "utf-8")
    only = ["in/explicit", "--without-shipped", "--confidentiality", "all.csv", "--format", "jsonl", "-o", "out"]
    assert main(["final", *only]) == 0
    shown = Path("out").read_bytes()
    missed = [vr for vr in VRS if not any(mark in shown for mark in marks_of(vr) - {MARKER.encode()})]
    # For these the report shows length and digest, and the text inside them, which is the marker.
    assert missed == []


LISTED = ["--exclusions", "exclusions.csv"]


@pytest.mark.parametrize("keep", [[], ["--keep-partial"]], ids=["without", "with parts"])
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.usefixtures("folder")
def test_standard_error_and_exclusions(
    command: str, keep: list[str], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    partial = keep if command != "inventory" else []
    key = ["--redact-paths", "key.csv"]
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert main([command, "in", *ASKED.get(command, []), *partial, "-o", "out", *LISTED]) == 3
        assert (
            main(
                [
                    command,
                    "in",
                    *ASKED.get(command, []),
                    *partial,
                    "-o",
                    "out",
                    *key,
                    "--force",
                    "--exclusions",
                    "numbers.csv",
                ]
            )
            == 3
        )
    out, err = capfd.readouterr()
    assert out == ""
    exclusions = Path("exclusions.csv").read_text("utf-8")
    assert exclusions.count("fault") > 200
    assert "NOT_DICOM" in exclusions
    files = [Path(name).read_bytes() for name in ("numbers.csv", "key.csv")]
    assert_silent(err, exclusions, *files, caplog.text, *(str(warning.message) for warning in warned))


@pytest.mark.usefixtures("folder")
def test_report_and_its_exclusions(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["before", "in", "--save", "scan", "-o", "out", "--keep-partial"]) == 3
    assert main(["report", "scan", "-o", "again", "--exclusions", "left.csv"]) == 3
    assert_silent(capfd.readouterr().err, Path("left.csv").read_bytes())


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", COMMANDS)
def test_messages_of_outputs_that_fail(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The disk is full while values are written."""
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    assert main([command, "in", *ASKED.get(command, []), "-o", "/dev/full"]) == 3
    err = capfd.readouterr().err
    assert "cannot write /dev/full" in err
    assert_silent(err)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("command", "place"), MISTAKES)
def test_an_internal_error_shows_no_value(
    command: str, place: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The message of an unexpected exception may contain a value, so only the place of the exception is shown."""

    def stumble(*_arguments: object, **_options: object) -> None:
        empty: dict[bytes, int] = {}
        try:
            empty[value_of("LO")] += 1
        except KeyError as error:
            raise ValueError(f"{MARKER}^Jane") from error

    monkeypatch.setattr(f"tagsniff.{place}", stumble)
    assert main([command, "in", *ASKED.get(command, []), "-o", "out"]) == 3
    out, err = capfd.readouterr()
    assert_silent(out, err)
    assert "ValueError" in err
    assert "KeyError" in err
    assert " stumble\n" in err
    assert sorted(os.listdir()) == ["in"]


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.usefixtures("folder")
def test_progress_on_a_terminal(command: str) -> None:
    master, slave = os.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "200"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "tagsniff", command, "in", *ASKED.get(command, []), "-o", "out"],
        stdout=slave,
        stderr=slave,
        env=environment,
    )
    os.close(slave)
    pieces = []
    while True:
        try:
            pieces.append(os.read(master, 65536))
        except OSError:
            # Linux reports EIO if the other end is closed.
            break
        if not pieces[-1]:
            break
    os.close(master)
    assert process.wait() == 3
    shown = b"".join(pieces)
    assert b"files/s" in shown
    assert_silent(shown)


@pytest.mark.parametrize("whole", [WHOLE, WHOLE_IMPLICIT], ids=["explicit", "implicit"])
def test_the_text_of_a_header_has_no_value(whole: bytes) -> None:
    """The fields of a header, its fault and its deviations have no value, for every prefix of a file."""
    printed = []
    for length in range(0, len(whole), 3):
        header = tagsniff.read_header(whole[:length])
        printed += [repr(header), repr(header.fault), repr(header.deviations), repr(header.status)]
    assert_silent(*printed)


@pytest.mark.usefixtures("folder")
def test_exceptions_of_the_package_have_no_value() -> None:
    """Exceptions that a caller can cause while values are in memory."""
    header = tagsniff.read_header(WHOLE)
    done = tagsniff.scan(["in/explicit"], mode="final")
    done.save("scan")
    Path("cut").write_bytes(Path("scan").read_bytes()[:-9])

    def stop(path: str) -> None:
        raise RuntimeError("stopped")

    printed = [repr(done)]
    for call in (
        lambda: header.value(10**6),
        lambda: header.identity(10**6),
        lambda: header.creator(10**6),
        lambda: tagsniff.load("cut"),
        lambda: done.save("scan"),
        lambda: tagsniff.scan(["in/explicit"], mode="final", max_values=-1),
        lambda: tagsniff.scan(["in"], mode="final", on_file=stop),
    ):
        with pytest.raises(Exception) as raised:  # noqa: PT011 - each is of another kind
            call()
        printed += traceback.format_exception(raised.value)
    assert_silent(*printed)

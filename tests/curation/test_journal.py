"""The journal of a sheet of decisions: acts are added, and never a value.

For: `tagsniff.curation.journal` and `tagsniff.output.appended_file`.
Never: a scan; tests/cli/test_decide.py has the whole way.
Standard: none.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from tagsniff.curation.journal import Change, append_act, find_unwritten, name_journal, read_journal
from tagsniff.curation.sheet import COLUMNS, Sheet, SheetRow
from tagsniff.output.appended_file import append_line

RUN, LATER = "2026-11-30T10:00:00Z", "2026-12-01T10:00:00Z"
VALUE = "Roe^Richard"


def row(code: str = "K", **cells: str) -> SheetRow:
    given = {
        "element": "(0008,1030)",
        "vr": "LO",
        "code": code,
        "seen": RUN,
        "examples": VALUE,
        "min": VALUE,
        "max": VALUE,
    }
    return SheetRow(2, {**dict.fromkeys(COLUMNS, ""), **given, **cells})


def sheet(*rows: SheetRow) -> Sheet:
    return Sheet((), rows)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "decisions.jsonl"


def write(journal: Path, given: Sheet, act: str = "sheet") -> list[Change]:
    entries = read_journal(journal.read_bytes()) if journal.exists() else []
    changes = find_unwritten(entries, given)
    if changes:
        append_act(str(journal), act, changes, scan="ab" * 32)
    return changes


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("decisions.csv", "decisions.jsonl"),
        ("a/b.CSV", "a/b.jsonl"),
        ("sheet", "sheet.jsonl"),
        ("a.txt", "a.txt.jsonl"),
    ],
)
def test_it_is_named_like_the_sheet(path: str, name: str) -> None:
    assert name_journal(path) == name


def test_an_act_has_what_was_decided_and_no_value(journal: Path) -> None:
    write(journal, sheet(row(who="AB", note="no names", scope="values"), row("X", element="(0008,103e)", who="AB")))
    (line,) = journal.read_text("utf-8").splitlines()
    assert json.loads(line) == {
        "when": "2026-12-01T00:00:00Z",
        "act": "sheet",
        "who": "AB",
        "why": "",
        "scan": "ab" * 32,
        "rows": [
            {"element": "(0008,1030)", "vr": "LO", "before": "", "after": "K", "scope": "values", "seen": RUN}
            | {"note": "no names"},
            {"element": "(0008,103e)", "vr": "LO", "before": "", "after": "X", "seen": RUN},
        ],
    }
    assert VALUE not in line


def test_what_is_written_is_not_written_again(journal: Path) -> None:
    given = sheet(row())
    assert len(write(journal, given)) == 1
    before = journal.read_bytes()
    assert write(journal, given) == []
    assert journal.read_bytes() == before


@pytest.mark.parametrize(
    ("changed", "before", "after"),
    [
        (row("X"), "K", "X"),
        (row(scope="element"), "K", "K"),
        (row(collapse="none"), "K", "K"),
        (row(seen=f"{RUN} {LATER}"), "K", "K"),
        (row(""), "K", ""),
        (row(element="(0008,103e)"), "", "K"),
    ],
)
def test_each_change_of_the_sheet_is_found(journal: Path, changed: SheetRow, before: str, after: str) -> None:
    write(journal, sheet(row()))
    first = write(journal, sheet(changed))[0]
    assert (first.before, first.cells.get("code", "")) == (before, after)
    assert write(journal, sheet(changed)) == []


def test_other_letter_case_and_order_of_vrs_are_the_same_row(journal: Path) -> None:
    write(journal, sheet(row(vr="LO/SH", manufacturer="Acme", model="*")))
    assert write(journal, sheet(row("k", vr="sh/lo", manufacturer="ACME"))) == []


def test_a_line_that_was_cut_off_stays_and_hides_nothing(journal: Path) -> None:
    write(journal, sheet(row()))
    whole = journal.read_bytes()
    journal.write_bytes(whole + whole[:40])
    assert [entry.body is None for entry in read_journal(journal.read_bytes())] == [False, True]
    write(journal, sheet(row("X")))
    entries = read_journal(journal.read_bytes())
    assert [entry.body is None for entry in entries] == [False, True, False]
    assert journal.read_bytes().startswith(whole + whole[:40] + b"\n")
    assert write(journal, sheet(row("X"))) == []


@pytest.mark.parametrize(
    "line",
    [
        *(b"[]", b"1", b"\xff", b"[" * 100_000, b'{"act": "other", "rows": []}', b'{"act": "key", "rows": [1]}'),
        *(b'{"act": "key", "rows": [{"element": 1}]}', b'{"act": "key", "who": {}, "rows": []}'),
    ],
)
def test_what_is_no_act_is_none(line: bytes) -> None:
    assert [entry.body for entry in read_journal(line + b"\n")] == [None]


def test_an_act_of_another_name_is_refused(journal: Path) -> None:
    with pytest.raises(ValueError, match="no act"):
        append_act(str(journal), "guess", [])
    assert not journal.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_the_file_is_for_its_owner_alone(journal: Path) -> None:
    before = os.umask(0)
    try:
        append_line(str(journal), "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat(journal).st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_a_link_is_not_followed(journal: Path) -> None:
    other = journal.with_name("other")
    other.write_text("kept\n")
    journal.symlink_to(other)
    with pytest.raises(OSError, match="symbolic"):
        append_line(str(journal), "x")
    assert other.read_text() == "kept\n"


@pytest.mark.skipif(os.name != "posix", reason="pipes")
def test_a_pipe_is_refused(journal: Path) -> None:
    os.mkfifo(journal)
    reader = os.open(journal, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(OSError, match="Invalid"):
            append_line(str(journal), "x")
    finally:
        os.close(reader)


def test_two_writers_lose_no_line(journal: Path) -> None:
    program = "import sys; from tagsniff.output.appended_file import append_line\n"
    program += "for number in range(50): append_line(sys.argv[1], sys.argv[2] * 500 + str(number))"
    import subprocess
    import sys

    writers = [subprocess.Popen([sys.executable, "-c", program, str(journal), letter]) for letter in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    lines = journal.read_text().splitlines()
    assert sorted(lines) == sorted(letter * 500 + str(number) for letter in "ab" for number in range(50))

"""Collectors that share answers ask each question once, and none gets the answer to another one.

For: every part of a question in which two may differ, threads, and what is not shared.
Never: an expected answer that anything shared has a part in: collectors that share nothing are asked.
Standard: none; what is asked is section 4 of the design.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import tagsniff
from cases import CASES
from collections_of_files import wheel_files
from dicom_bytes import EXPLICIT, IMPLICIT, UID_OF, Encoding, Part, join, part10
from tagsniff import _core

MOST = 65536


class Oracle:
    """Answers each question by a number of its own, and counts how often it was asked."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[object, ...], int] = {}
        self.asked: list[tuple[object, ...]] = []

    def decide(self, *question: Any) -> tuple[int, bool, bool, int, bytes]:
        self.asked.append(question)
        number = self.numbers.setdefault(question, len(self.numbers))
        return number, number % 3 > 0, number % 2 > 0, number % 4, b"1.%d" % (number % 5)


def collect(oracle: Oracle, files: list[Path], known: _core.KnownAnswers | None) -> dict[str, Any]:
    collector = _core.ValueCollector(oracle.decide, max_values=65536, known=known)
    collector.scan_files(b"", [os.fsencode(path) for path in files], _core.Stop(), keeps_partial=True)
    return collector.tables()


def show(tables: dict[str, Any]) -> dict[str, object]:
    return {
        name: table.tobytes() if hasattr(table, "tobytes") else list(table) if hasattr(table, "__iter__") else table
        for name, table in tables.items()
    }


def write(folder: Path, name: str, *elements: Part, encoding: Encoding = EXPLICIT) -> Path:
    path = folder / name
    path.write_bytes(part10(join(elements), UID_OF[encoding]).data)
    return path


def text(tag: int, vr: str, value: bytes, encoding: Encoding = EXPLICIT) -> Part:
    return encoding.element(tag, vr, value + b" " * (len(value) % 2))


def test_every_case_and_real_file(tmp_path: Path) -> None:
    files = [real.path for real in wheel_files()]
    for number, case in enumerate(CASES):
        if len(case.data) < 100_000:
            path = tmp_path / f"{number}"
            path.write_bytes(case.data)
            files.append(path)
    oracle, known = Oracle(), _core.KnownAnswers()
    expected = collect(oracle, files, None)
    asked = len(oracle.asked)
    assert asked == len(set(oracle.asked)) > 1000
    first = collect(oracle, files, known)
    assert len(oracle.asked) == 2 * asked
    second = collect(oracle, files, known)
    backwards = collect(oracle, files[::-1], known)
    assert len(oracle.asked) == 2 * asked
    assert show(first) == show(second) == show(expected)
    assert sorted(backwards["rows"]["decision"].tolist()) == sorted(expected["rows"]["decision"].tolist())


def equipment(*texts: bytes | None) -> list[Part]:
    tags = ((0x00080060, "CS"), (0x00080070, "LO"), (0x00081090, "LO"), (0x00181020, "LO"))
    return [text(*tag, value) for tag, value in zip(tags, texts, strict=True) if value is not None]


def in_sequences(inner: Part, *around: tuple[bytes | None, int]) -> list[Part]:
    """The element in private sequences of these creators, with these blocks; None is a public one."""
    elements = [inner]
    for creator, block in reversed(around):
        item = EXPLICIT.item(*elements)
        if creator is None:
            elements = [EXPLICIT.sequence(0x00400275, item)]
        else:
            sequence = EXPLICIT.sequence(0x00290000 | block << 8 | 1, item)
            elements = [text(0x00290000 | block, "LO", creator), sequence]
    return elements


def questions_of(folder: Path) -> list[Path]:
    """Files of which each asks something that the others do not."""
    name = text(0x0040A123, "PN", b"A")
    contents: list[list[Part]] = [
        *(
            [*equipment(*texts), name]
            for texts in (
                (b"MR", b"ACME", b"ONE", b"1"),
                (b"CT", b"ACME", b"ONE", b"1"),
                (b"MR", b"ACMEONE", b"", b"1"),
                (b"MR", b"ACM", b"EONE", b"1"),
                (b"MR", b"ACME", None, b"ONE"),
                (b"MR", b"ACME", b"ONE", None),
                (b"MR", b"", b"ONE", None),
                (b"MR", None, b"ONE", None),
                (None, b"MR", b"ONE", None),
                (None, None, None, None),
            )
        ),
        [text(0x0040A123, "LO", b"A")],
        [text(0x0040A124, "PN", b"A")],
        *(
            in_sequences(name, *around)
            for around in (
                [(None, 0)],
                [(None, 0), (None, 0)],
                [(b"ACME", 0x10)],
                [(b"ACME", 0x11)],
                [(b"ACMF", 0x10)],
                [(b"ACME", 0x10), (None, 0)],
                [(None, 0), (b"ACME", 0x10)],
                [(b"ACME", 0x10), (b"ACME", 0x11)],
                [(b"ACME", 0x11), (b"ACME", 0x10)],
            )
        ),
        *([text(0x00290010, "LO", creator), text(0x00291002, "SH", b"A")] for creator in (b"ACME", b"ACM", b"")),
        [text(0x00291002, "SH", b"A")],
        [text(0x00291102, "SH", b"A")],
    ]
    return [write(folder, f"{number:02}", *content) for number, content in enumerate(contents)]


def test_questions_that_differ_in_one_thing(tmp_path: Path) -> None:
    files = questions_of(tmp_path)
    expected, oracle, known = Oracle(), Oracle(), _core.KnownAnswers()
    alone = [show(collect(expected, [path], None)) for path in files]
    assert [show(collect(oracle, [path], known)) for path in files] == alone
    assert len(oracle.asked) == len(set(oracle.asked)) == len(set(expected.asked))
    assert len(oracle.asked) > len(files)
    assert [show(collect(oracle, [path], known)) for path in files[::-1]] == alone[::-1]
    assert len(oracle.asked) == len(set(expected.asked))


def test_what_was_raised_is_not_shared(tmp_path: Path) -> None:
    path = write(tmp_path, "a", text(0x0040A123, "PN", b"A"))
    known = _core.KnownAnswers()

    def fail(*_: object) -> tuple[int, bool, bool, int, bytes]:
        raise LookupError

    collector = _core.ValueCollector(fail, max_values=10, known=known)
    with pytest.raises(LookupError):
        collector.scan_files(b"", [os.fsencode(path)], _core.Stop())
    oracle = Oracle()
    collect(oracle, [path], known)
    assert len(oracle.asked) == 4  # three of them for the meta information


def test_more_answers_than_are_kept(tmp_path: Path) -> None:
    """The last ones are asked by each."""
    more = 100
    tags = [0x00090000 | group << 17 | number for group in range(2) for number in range(0x1000, 0xA000)]
    elements = [IMPLICIT.element(tag, "UN", b"") for tag in tags[: MOST + more]]
    path = write(tmp_path, "a", *elements, encoding=IMPLICIT)
    oracle, known = Oracle(), _core.KnownAnswers()
    counts = []
    for _ in range(3):
        collect(oracle, [path], known)
        counts.append(len(oracle.asked))
    of_meta = 3
    assert counts == [MOST + more + of_meta, MOST + 2 * (more + of_meta), MOST + 3 * (more + of_meta)]


def test_threads(tmp_path: Path) -> None:
    files = questions_of(tmp_path)
    expected = Oracle()
    alone = show(collect(expected, files, None))
    oracle, known = Oracle(), _core.KnownAnswers()
    oracle.numbers = dict(expected.numbers)
    with ThreadPoolExecutor(8) as threads:
        shown = list(threads.map(lambda _: show(collect(oracle, files, known)), range(64)))
    assert all(one == alone for one in shown)
    assert set(oracle.asked) == set(expected.asked)


def test_scan_with_many_workers(tmp_path: Path) -> None:
    questions_of(tmp_path)
    scans = [tagsniff.scan([tmp_path], mode="final", workers=workers) for workers in (1, 2, 32)]
    assert scans[0] == scans[1] == scans[2]

"""Random collections of files that differ a little count as their files do one by one.

For: the first collections of the fuzzer tests/fuzz/against_single_files.py, and what makes its result worth something:
files that are read by every rule, a comparison that sees a difference, and the smallest collection that has it.
Never: a file of a folder that may be absent; the collections are the same on every machine.
Standard: none; the rules are sections 3 and 4 of the design.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import tagsniff
from changed_collections import Checker, Difference, Settings, Sources, Way, batches_of, make_smaller, name_differences
from neighbour_files import CHOICES, USUAL, Content, make_file
from tagsniff import _core
from tagsniff.scanning import workers
from tagsniff.scanning.saved import pack_scan
from tagsniff.source import walk
from tagsniff.status import Status

COLLECTIONS = 300

# Rules that a file of the collections breaks, one or more for each rule by which a broken file is read on.
BROKEN_RULES = {
    *(Status.NO_PREAMBLE, Status.NO_FILE_META, Status.NO_TRANSFER_SYNTAX, Status.UNKNOWN_TRANSFER_SYNTAX),
    *(Status.TRANSFER_SYNTAX_WRONG, Status.ODD_LENGTH, Status.UNORDERED, Status.DUPLICATE_ELEMENT, Status.UNKNOWN_VR),
    *(Status.IMPLICIT_ELEMENT, Status.ITEM_ENCODING, Status.UN_SEQUENCE, Status.MISSING_DELIMITER),
    *(Status.FRAGMENTS_ELSEWHERE, Status.TRAILING_PADDING, Status.CREATOR_NOT_ASCII, Status.CREATOR_MISSING),
    *(Status.CREATOR_OVERLONG, Status.DUPLICATE_CREATOR, Status.SEQUENCE_VALUE, Status.UN_NOT_SEQUENCE),
    *(Status.PREAMBLE_NOT_EMPTY, Status.TRAILING_BYTES, Status.SEQUENCE_NOT_ITEMS, Status.FRAGMENTS_BEYOND_PARENT),
    *(Status.DEFLATE_HEADER, Status.FRAGMENTS_DELIMITER, Status.FRAGMENT_PADDING, Status.CREATOR_EMPTY_BLOCK),
}


def every_change() -> list[Content]:
    """Return the usual content with each other value in each place, and some that need two."""
    contents = [replace(USUAL, **{name: value}) for name, values in CHOICES.items() for value in values]  # type: ignore[arg-type]
    nested = replace(USUAL, odd_element="fragments of elements", private_vr="OB")
    unreserved = replace(USUAL, creators=CHOICES["creators"][1], private_block=0x11)  # type: ignore[arg-type]
    return [*contents, nested, unreserved]


def test_the_files_break_every_rule_by_which_files_are_read_on(tmp_path: Path) -> None:
    paths = []
    for number, content in enumerate(every_change()):
        paths.append(tmp_path / f"{number}")
        paths[-1].write_bytes(make_file(content))
    tables = tagsniff.scan(paths, mode="inventory").tables
    assert set(dict(tables.deviations)) >= BROKEN_RULES
    assert {omission.status.kind.value for omission in tables.omissions} == {"fault"}
    assert tables.files > len(paths) * 0.9


def test_collections_count_as_their_files_one_by_one(tmp_path: Path) -> None:
    sources, check = Sources(), Checker(tmp_path)
    for number in range(COLLECTIONS):
        numbers = random.Random(number)
        files = sources.make(numbers)
        found = check.check(files, numbers)
        assert found is None, f"collection {number}: {found}"


def test_a_direct_scan_is_that_of_the_package(tmp_path: Path) -> None:
    """The comparison calls the core for most scans, because threads take longer to start than a file to read."""
    files = Sources().make(random.Random(5))
    check = Checker(tmp_path)
    paths = check.write(files)
    for mode in ("inventory", "before", "final"):
        for keep_partial in (False, True):
            one = check.scan_in_pieces([paths], Settings(mode, keep_partial=keep_partial))
            assert tagsniff.Scan(one) == tagsniff.scan(paths, mode=mode, keep_partial=keep_partial)


def test_a_difference_is_seen_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the last file of two is read twice, so that its counts differ from those of one time."""
    read = _core.ValueCollector.scan_files

    class Faulty(_core.ValueCollector):
        def scan_files(self, folder: bytes, names: Sequence[bytes], stop: _core.Stop, **others: bool) -> object:  # type: ignore[override]
            return read(self, folder, [*names, names[-1]] if len(names) == 2 else names, stop, **others)

    check = Checker(tmp_path)
    files = [make_file(replace(USUAL, is_unordered=True))] * 2
    settings = Settings("final")
    right = check.scan_in_pieces([check.write(files)], settings)
    monkeypatch.setattr(_core, "ValueCollector", Faulty)
    wrong = check.scan_in_pieces([check.write(files)], settings)
    assert pack_scan(right) != pack_scan(wrong)
    assert name_differences(wrong, right) == (*("files", "identities", "uses", "rows", "patient_series", "deviations"),)
    assert check.differs(files, settings, Way((0, 1)))
    assert not check.differs(files[:1], settings, Way((0,)))


def test_the_smallest_collection_has_only_the_files_that_are_needed() -> None:
    difference = Difference(Settings("final"), Way((4, 3, 2, 1, 0), workers=4, batch_files=1), ("rows",))

    def differs(files: Sequence[bytes], _: Settings, way: Way) -> bool:
        """Two of the files are needed, and the second of them must be read first."""
        ordered = [files[number] for number in way.order]
        return b"b" in ordered and b"d" in ordered and ordered.index(b"d") < ordered.index(b"b")

    left, way = make_smaller([b"a", b"b", b"c", b"d", b"e"], difference, differs)
    assert (left, way) == ([b"b", b"d"], Way((1, 0)))


def test_batches_have_the_wanted_number_of_files(tmp_path: Path) -> None:
    names = [str(number) for number in range(5)]
    for name in names:
        (tmp_path / name).touch()
    usual = walk.BATCH_FILES
    with batches_of(2):
        assert workers.BATCH_FILES == 2
        found = [batch for batch in walk.walk_batches([tmp_path]) if isinstance(batch, walk.Batch)]
        assert [len(batch.names) for batch in found] == [2, 2, 1]
    assert walk.BATCH_FILES == workers.BATCH_FILES == usual

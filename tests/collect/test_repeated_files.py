"""Files of a series, which repeat each other except for a few values, are counted as if they were read one by one.

For: the ways in which a file that looks like the previous one must not be counted with it.
Never: an expectation from the code under test in the same state: each file is scanned alone, where nothing repeats,
and the scans are merged.
Standard: none; the rules are sections 3 and 4 of the design.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, IMPLICIT, IMPLICIT_LITTLE_UID, Part, join, part10, uid_value
from tagsniff import _core
from tagsniff.scanning.order import order_scan
from tagsniff.scanning.patient_keys import identify_key, process_key
from tagsniff.scanning.profile_answers import Answers
from tagsniff.scanning.tables import fill_tables

CONFIDENTIALITY = """element,vr,code,collapse
"(0010,0010)",,Z,
"(0008,0020)",DA,R,date
"(0018,0050)",DS,K,
"(0018,1030)",LO,K,
"""
MODALITY_SOFTWARE = """manufacturer,element,vr,code
,"(0029,""ALPHA"",01)",,R
,"(0029,""ALPHA"",1101)",,C
beta*,"(0029,""ALPHA"",02)",,X
"""
POSITIONS = 7
BOUNDS = (1, 2, 3, 65536)
ORDINARY = settings(database=None, deadline=None, max_examples=200)


class Content(NamedTuple):
    """The content of a file; the usual one, from which others differ in one or two values."""

    charset: bytes = b"ISO_IR 100"
    date: bytes = b"20240101"
    manufacturer: bytes = b"ALPHA"
    description: bytes = b"one"
    items: int = 1
    item_charset: bytes = b"ISO_IR 100"
    item_text: bytes = b"\xe9"
    name: bytes = b"HIDDEN^A"
    long_text: bytes = b"x" * 300
    thickness: bytes = b"1.5"
    protocol: bytes = b"protocol"
    patient: bytes = b"P1"
    issuer: bytes = b"X"
    series: str = "1.2.3.1"
    creator: bytes = b"ALPHA"
    has_second_block: bool = True
    values: tuple[bytes, bytes] = (b"one", b"two")
    found: bytes = b"\0\1first text\0"
    has_twin: bool = False


USUAL = Content()
BINARY_VALUES = [
    *(b"\0\1text %d\0" % number for number in range(6)),
    *(bytes([filling]) * 12 for filling in range(3)),
]
CHANGES: list[dict[str, Any]] = [
    {},
    {"charset": b"ISO_IR 192"},
    {"charset": b""},
    {"date": b"20240131"},
    {"date": b"soon"},
    {"manufacturer": b"Beta"},
    {"manufacturer": b"ALPH"},
    {"manufacturer": b"ALPHA2"},
    {"manufacturer": b"\xe9"},
    {"manufacturer": b"\xc3\xa9"},
    {"charset": b"ISO_IR 192", "manufacturer": b"\xc3\xa9"},
    {"description": b"two"},
    {"description": b"one\\two"},
    {"description": b"one\\one"},
    {"description": b"caf\xe9"},
    {"description": b""},
    {"items": 0},
    {"items": 2},
    {"item_charset": b"ISO_IR 192"},
    {"item_text": b"\xe9\\e"},
    {"items": 2, "item_text": b"e\\e"},
    {"name": b"HIDDEN^BC"},
    {"long_text": b"y" * 300},
    {"thickness": b"2"},
    {"thickness": b"2\\thin"},
    {"thickness": b"thick\\thin"},
    {"protocol": b"another"},
    {"series": "1.2.3.2"},
    {"patient": b"P2"},
    {"patient": b"P2", "series": "1.2.3.2", "description": b"one\\one"},
    {"patient": b""},
    {"issuer": b"another"},
    {"issuer": b"Y"},
    {"series": "1.2.3.2", "description": b"one\\one"},
    {"creator": b"BRAVO"},
    {"has_second_block": False},
    {"values": (b"two", b"two")},
    {"values": (b"one", b"one\\two")},
    {"found": b"\0\1other text\0"},
    {"found": b"\0" * 12},
    {"found": b"\0\1first text\0other text\0"},
    *({"series": series, "found": found} for series in ("1.2.3.1", "1.2.3.2") for found in BINARY_VALUES),
    {"has_twin": True},
    {"has_twin": True, "description": b"two"},
]


def element(tag: int, vr: str, value: bytes) -> Part:
    return EXPLICIT.element(tag, vr, value + b" " * (len(value) % 2))


def make_file(content: Content) -> bytes:
    item = EXPLICIT.item(
        element(0x00080005, "CS", content.item_charset),
        element(0x00081155, "UI", b"1.2.3.7\0"),
        element(0x00081160, "LO", content.item_text),
    )
    description = element(0x0008103E, "LO", content.description)
    parts = [
        element(0x00080005, "CS", content.charset),
        element(0x00080020, "DA", content.date),
        element(0x00080060, "CS", b"MR"),
        element(0x00080070, "LO", content.manufacturer),
        description,
        EXPLICIT.sequence(0x00081140, *[item] * content.items),
        element(0x00100010, "PN", content.name),
        element(0x00100020, "LO", content.patient),
        element(0x00100021, "LO", content.issuer),
        element(0x00104000, "LT", content.long_text),
        element(0x00180050, "DS", content.thickness),
        element(0x00181030, "LO", content.protocol),
        EXPLICIT.element(0x0020000E, "UI", uid_value(content.series)),
        element(0x00290010, "LO", content.creator),
        *([element(0x00290011, "LO", b"ALPHA")] if content.has_second_block else []),
        *(element(0x00291001 + place, "LO", value) for place, value in enumerate(content.values)),
        *(element(0x00291101 + place, "LO", value) for place, value in enumerate(content.values)),
        element(0x00310010, "LO", b"ALPHA"),
        element(0x00311001, "OB", content.found),
    ]
    if content.has_twin:
        parts.append(description)  # the same tag twice in the data set, out of order
    return part10(join(parts), EXPLICIT_LITTLE_UID).data


class Collection:
    """A file of each content for each position in a run, and its scan alone for every bound."""

    def __init__(self, folder: Path) -> None:
        for name, content in (("public.csv", CONFIDENTIALITY), ("private.csv", MODALITY_SOFTWARE)):
            (folder / name).write_text(content, encoding="utf-8")
        self.profile = tagsniff.load_profile(folder / "public.csv", [folder / "private.csv"], uid_root="1.2.3")
        self._folder = folder
        for kind, changes in enumerate(CHANGES):
            data = make_file(USUAL._replace(**changes))
            for position in range(POSITIONS):
                self._path(position, kind).write_bytes(data)
        self._alone: dict[tuple[Path, int], tagsniff.Scan] = {}

    def _path(self, position: int, kind: int) -> Path:
        return self._folder / f"{position}-{kind}"

    def paths(self, kinds: list[int]) -> list[Path]:
        """Return paths whose sort order is the order here."""
        return [self._path(position, kind) for position, kind in enumerate(kinds)]

    def scan(self, paths: list[Path], max_values: int) -> tagsniff.Scan:
        return tagsniff.scan(paths, profile=self.profile, max_values=max_values, workers=1)

    def scan_in_threads(self, pieces: list[list[Path]], max_values: int) -> tagsniff.Scan:
        """Like worker threads: each piece in a collector with pending counts, then one takes the rows of the others."""
        answers = Answers(self.profile)
        key = process_key()
        collectors = [_core.ValueCollector(answers.decide, max_values=max_values, patient_key=key) for _ in pieces]
        for collector, paths in zip(collectors, pieces, strict=True):
            collector.scan_files(b"", [os.fsencode(path) for path in paths], _core.Stop())
        first, *others = collectors
        for other in others:
            first.merge(other)
        expected = self.merge([path for paths in pieces for path in paths], max_values).tables
        tables = fill_tables(
            first.tables(),
            profiles=expected.profiles,
            decisions=answers.decisions(),
            max_values=max_values,
            uid_root=expected.uid_root,
            key_id=identify_key(key),
            omissions=(),
            partial_files=0,
        )
        return tagsniff.Scan(order_scan(tables))

    def merge(self, paths: list[Path], max_values: int) -> tagsniff.Scan:
        for path in paths:
            if (path, max_values) not in self._alone:
                self._alone[path, max_values] = self.scan([path], max_values)
        return tagsniff.merge([self._alone[path, max_values] for path in paths])


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return Collection(tmp_path_factory.mktemp("repeated"))


RUNS = st.lists(st.integers(0, len(CHANGES) - 1), min_size=2, max_size=POSITIONS)


@pytest.mark.parametrize("changes", CHANGES, ids=repr)
@pytest.mark.parametrize("max_values", [1, 65536])
def test_a_change_and_back(collection: Collection, changes: dict[str, Any], max_values: int) -> None:
    kind = CHANGES.index(changes)
    for kinds in ([0, 0, kind, 0, 0, kind, kind], [kind, kind, kind, 0, kind, 0, 0]):
        paths = collection.paths(kinds)
        assert collection.scan(paths, max_values) == collection.merge(paths, max_values)


def test_two_names_of_which_one_has_the_utf_8_bytes_of_the_other(collection: Collection) -> None:
    """Both are Latin-1: the first is stored in UTF-8 as the same bytes that the second has in the file."""
    short, long = (CHANGES.index({"manufacturer": name}) for name in (b"\xe9", b"\xc3\xa9"))
    for kinds in ([short, short, long, long, short], [long, long, short, long]):
        paths = collection.paths(kinds)
        scan = collection.scan(paths, 65536)
        assert scan == collection.merge(paths, 65536)
        assert len(scan.tables.equipment) == 2


@ORDINARY
@given(kinds=RUNS, max_values=st.sampled_from(BOUNDS))
def test_any_run(collection: Collection, kinds: list[int], max_values: int) -> None:
    paths = collection.paths(kinds)
    assert collection.scan(paths, max_values) == collection.merge(paths, max_values)


# Runs of few kinds, in which a value is evicted at the bound and occurs again in another series.
OF_BINARY_VALUES = [kind for kind, changes in enumerate(CHANGES) if not changes.keys() - {"found", "series"}]


@ORDINARY
@given(
    kinds=st.lists(st.sampled_from(OF_BINARY_VALUES), min_size=3, max_size=POSITIONS),
    max_values=st.sampled_from(BOUNDS),
)
def test_text_in_binary_values(collection: Collection, kinds: list[int], max_values: int) -> None:
    paths = collection.paths(kinds)
    assert collection.scan(paths, max_values) == collection.merge(paths, max_values)


@pytest.mark.parametrize("filling", range(3))
def test_a_value_that_occurs_again_in_another_series(collection: Collection, filling: int) -> None:
    """The cache may hold the value for the earlier series: an evicted text between them leaves no entry.

    For some pairs of texts the second is rejected as bytes, and evicts the first as text.
    """
    for first in range(6):
        for second in range(6):
            values = [
                ("1.2.3.1", bytes([filling]) * 12),
                ("1.2.3.1", b"\0\1text %d\0" % first),
                ("1.2.3.1", bytes([filling]) * 12),
                ("1.2.3.2", b"\0\1text %d\0" % second),
                ("1.2.3.2", bytes([filling]) * 12),
            ]
            kinds = [CHANGES.index({"series": series, "found": found}) for series, found in values]
            paths = collection.paths(kinds)
            assert collection.scan(paths, 1) == collection.merge(paths, 1)


@ORDINARY
@given(kinds=RUNS, max_values=st.sampled_from(BOUNDS), data=st.data())
def test_any_order_of_paths(collection: Collection, kinds: list[int], max_values: int, data: st.DataObject) -> None:
    """The count of a path that sorts before earlier ones cannot be deferred, because it may be the example of a row."""
    paths = data.draw(st.permutations(collection.paths(kinds)))
    assert collection.scan(paths, max_values) == collection.merge(paths, max_values)


@ORDINARY
@given(runs=st.lists(RUNS, min_size=2, max_size=3), max_values=st.sampled_from(BOUNDS))
def test_pending_counts_are_merged(collection: Collection, runs: list[list[int]], max_values: int) -> None:
    pieces = [collection.paths(kinds) for kinds in runs]
    merged = tagsniff.merge([collection.scan(paths, max_values) for paths in pieces])
    assert merged == tagsniff.merge([collection.merge(paths, max_values) for paths in pieces])


@ORDINARY
@given(
    runs=st.lists(st.lists(st.sampled_from(OF_BINARY_VALUES), min_size=2, max_size=POSITIONS), min_size=2, max_size=3),
    max_values=st.sampled_from(BOUNDS),
)
def test_pending_counts_of_a_thread_are_added_before_a_row_is_evicted(
    collection: Collection, runs: list[list[int]], max_values: int
) -> None:
    pieces = [collection.paths(kinds) for kinds in runs]
    paths = [path for piece in pieces for path in piece]
    assert collection.scan_in_threads(pieces, max_values) == collection.merge(paths, max_values)


@ORDINARY
@given(kinds=RUNS)
def test_inventory(collection: Collection, kinds: list[int]) -> None:
    paths = collection.paths(kinds)
    whole = tagsniff.scan(paths, mode="inventory", workers=1)
    assert whole == tagsniff.merge([tagsniff.scan([path], mode="inventory") for path in paths])


REPEAT_RECORDS = 65536


@pytest.mark.parametrize("items", [REPEAT_RECORDS - 8, REPEAT_RECORDS, REPEAT_RECORDS + 1])
def test_a_file_of_more_records_than_are_compared(collection: Collection, tmp_path: Path, items: int) -> None:
    """It repeats nothing, and neither do the files after it."""
    long = part10(
        EXPLICIT.sequence(0x00081140, Part(EXPLICIT.item().data * items), undefined=True).unread(), EXPLICIT_LITTLE_UID
    ).data
    usual = make_file(USUAL)
    paths = [tmp_path / f"{number}" for number in range(6)]
    for path, data in zip(paths, (long, long, long, usual, usual, usual), strict=True):
        path.write_bytes(data)
    assert collection.scan(paths, 65536) == collection.merge(paths, 65536)


def test_unordered_elements_that_decide_earlier_vrs_and_creators(collection: Collection, tmp_path: Path) -> None:
    """Up to Pixel Data all files have the same bytes."""
    front = [
        IMPLICIT.element(0x00080008, "CS", b"AA"),
        IMPLICIT.element(0x00111001, "SH", b"AB"),
        IMPLICIT.element(0x00281101, "US", bytes(6)),
        IMPLICIT.element(0x7FE00010, "OW", bytes(80_000)),
    ]
    after = [
        *(IMPLICIT.element(0x00280103, "US", number) for number in (b"\1\0", b"\0\0")),
        *(IMPLICIT.element(0x00110010, "LO", text) for text in (b"ACME", b"ACMF")),
    ]
    paths = [tmp_path / f"{number}" for number in range(3 * len(after))]
    for number, path in enumerate(paths):
        path.write_bytes(part10(join([*front, after[number // 3]]), IMPLICIT_LITTLE_UID).data)
    for order in (paths, paths[::-1], [*paths[::3], *paths[1::3], *paths[2::3]]):
        assert collection.scan(order, 65536) == collection.merge(order, 65536)
        whole = tagsniff.scan(order, mode="inventory", workers=1)
        assert whole == tagsniff.merge([tagsniff.scan([path], mode="inventory") for path in order])


def with_pixel_data(text: bytes, pixel_bytes: int, after: bytes) -> bytes:
    parts = [
        element(0x00080005, "CS", b"ISO_IR 100"),
        element(0x0008103E, "LO", text),
        element(0x00181030, "LO", b"protocol"),
        element(0x7FE00010, "OW", bytes(pixel_bytes)),
        element(0xFFFCFFFC, "LO", after),
    ]
    return part10(join(parts), EXPLICIT_LITTLE_UID).data


def test_values_after_pixel_data(collection: Collection, tmp_path: Path) -> None:
    """Up to there the files are compared byte by byte; after it they are not."""
    texts = [b"one", b"one", b"one", b"two", b"one", b"one", b"one", b"two"]
    paths = [tmp_path / f"{number}" for number in range(len(texts))]
    for number, (path, text) in enumerate(zip(paths, texts, strict=True)):
        path.write_bytes(with_pixel_data(b"one", 70_000 + 2 * (number // 3), text))
    assert collection.scan(paths, 65536) == collection.merge(paths, 65536)


def test_an_omitted_file_between_two_equal_ones(collection: Collection, tmp_path: Path) -> None:
    """The file after it is compared with it, and counts together with the file before it."""
    one, other = with_pixel_data(b"one", 70_000, b"one"), with_pixel_data(b"two", 70_000, b"one")
    files = [one, one, one, one, other[:-3000], other, other, one[:-3000], one, other[:-3000], one, other, other]
    paths = [tmp_path / f"{number:02}" for number in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    assert collection.scan(paths, 65536) == collection.merge(paths, 65536)


@pytest.mark.parametrize("first", range(1, 6))
def test_tables_that_are_read_between_files(collection: Collection, first: int) -> None:
    """Pending counts are added then, and later files are counted as before."""
    kinds = [0, 0, 0, CHANGES.index({"description": b"two"}), 0, 0, 0]
    paths = collection.paths(kinds)
    scanned = []
    for pieces in ([paths], [paths[:first], paths[first:]]):
        answers = Answers(collection.profile)
        collector = _core.ValueCollector(answers.decide, max_values=65536)
        for piece in pieces:
            collector.scan_files(b"", [os.fsencode(path) for path in piece], _core.Stop())
            tables = collector.tables()
        scanned.append(
            order_scan(
                fill_tables(
                    tables,
                    profiles=(),
                    decisions=answers.decisions(),
                    max_values=65536,
                    uid_root="",
                    omissions=(),
                    partial_files=0,
                )
            )
        )
    assert tagsniff.Scan(scanned[0]) == tagsniff.Scan(scanned[1])


def test_an_element_that_moves_out_of_an_item(collection: Collection, tmp_path: Path) -> None:
    """The same records one after the other, but the last is in another container."""
    reference, moved = element(0x00081155, "UI", b"1.2.3.7\0"), element(0x00100020, "LO", b"ID")
    within = EXPLICIT.sequence(0x00081140, EXPLICIT.item(reference, moved))
    after = join([EXPLICIT.sequence(0x00081140, EXPLICIT.item(reference)), moved])
    paths = [tmp_path / f"{number}" for number in range(6)]
    for path, content in zip(paths, (within, within, after, after, within, after), strict=True):
        path.write_bytes(part10(content, EXPLICIT_LITTLE_UID).data)
    assert collection.scan(paths, 65536) == collection.merge(paths, 65536)
    assert tagsniff.scan(paths, mode="inventory", workers=1) == tagsniff.merge(
        [tagsniff.scan([path], mode="inventory") for path in paths]
    )

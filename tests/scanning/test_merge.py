"""A collection that is scanned in parts and merged gives the same bytes as one that is scanned at once.

For: `tagsniff.merge`, over random collections, splits and orders of small written files.
Never: a comparison of less than the bytes of the saved scans, or an expectation of a particular hash.
Standard: none; the rules are sections 4 and 5 of the design.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10, uid_value
from real_files import distinct_files
from tagsniff.scanning.tables import ScanTables

# A name that is hidden, dates that are collapsed, a K that does not hide letters; the rest is recorded.
CONFIDENTIALITY = """element,vr,code,collapse
"(0010,0010)",,Z,
"(0008,0020)",DA,R,date
"(0018,0050)",DS,K,
"""
# The same value is decided by another row in block 11, and for another manufacturer.
MODALITY_SOFTWARE = """manufacturer,element,vr,code
,"(0029,""ALPHA"",01)",,R
,"(0029,""ALPHA"",1101)",,C
beta*,"(0029,""ALPHA"",02)",,X
"""
ROOT = "1.2.3"

SERIES = ("1.2.3.1", "1.2.3.2", "1.9.3", None)
CHARACTER_SETS = (None, b"ISO_IR 100", b"ISO_IR 192", b"\\ISO 2022 IR 87")


@dataclass(frozen=True)
class Choices:
    """The values from which the elements of a file are drawn."""

    manufacturers: tuple[bytes | None, ...]
    texts: tuple[bytes, ...]
    creators: tuple[bytes, ...]


MANY = Choices(
    manufacturers=(b"ALPHA", b"Beta", None),
    texts=(b"one", b"two", b"caf\xe9", b"caf\xc3\xa9", b"three\\one", b"", b"=four"),
    creators=(b"ALPHA", b"Alpha", b"BETA"),
)
# So few that the same value often occurs in both blocks, under two decisions.
FEW = Choices(manufacturers=(b"ALPHA",), texts=(b"one", b"two"), creators=(b"ALPHA",))

BOUNDS = (1, 2, 5, 65536)

FILES = 28
NOT_DICOM, EMPTY = 3, 11
CUT = (5, 17, 23)

# The files of an example are removed after it, and no example has a time limit.
ORDINARY = settings(database=None, deadline=None, max_examples=60)


def element(tag: int, vr: str, value: bytes) -> Part:
    return EXPLICIT.element(tag, vr, value + b" " * (len(value) % 2))


def private(dice: random.Random, choices: Choices) -> list[Part]:
    """Return one or two private blocks of group 0029; their creators may be equal."""
    numbers = dice.choice([[0x10], [0x11], [0x10, 0x11]])
    creators = [element(0x00290000 | number, "LO", dice.choice(choices.creators)) for number in numbers]
    values = [
        element(0x00290000 | number << 8 | last, "LO", dice.choice(choices.texts))
        for number in numbers
        for last in (1, 2)
    ]
    return [*creators, *values]


def make_file(dice: random.Random, choices: Choices) -> bytes:
    """Return a file of a few elements that other files have too, with equal or different values."""
    charset, manufacturer, series = map(dice.choice, (CHARACTER_SETS, choices.manufacturers, SERIES))
    parts = [] if charset is None else [element(0x00080005, "CS", charset)]
    parts.append(element(0x00080020, "DA", dice.choice([b"20240101", b"20240131", b"19991231", b"soon"])))
    parts.append(element(0x00080060, "CS", b"MR"))
    if manufacturer is not None:
        parts.append(element(0x00080070, "LO", manufacturer))
    parts.append(element(0x0008103E, "LO", dice.choice(choices.texts)))
    items = [
        EXPLICIT.item(element(0x00081155, "UI", b"1.2.3.7"), *private(dice, choices)) for _ in range(dice.randrange(3))
    ]
    parts.append(EXPLICIT.sequence(0x00081140, *items))
    parts.append(element(0x00100010, "PN", b"HIDDEN^" + bytes([dice.randrange(65, 91)])))
    parts.append(element(0x00180050, "DS", dice.choice([b"1.5", b"2", b"thin", b"thick"])))
    if series is not None:
        parts.append(EXPLICIT.element(0x0020000E, "UI", uid_value(series)))
    parts += private(dice, choices)
    parts.append(element(0x00310010, "LO", b"ALPHA"))
    parts.append(element(0x00311001, "OB", b"\0\1" + dice.choice([b"found text\0", b"other text\0"]) + b"\0\2"))
    if dice.random() < 0.2:
        parts[-1], parts[-2] = parts[-2], parts[-1]
    return part10(join(parts), EXPLICIT_LITTLE_UID).data


@dataclass(frozen=True, repr=False)
class Collection:
    """Files on the disk, whose names are independent of their order here, and the profile of their scans."""

    paths: tuple[Path, ...]
    profile: tagsniff.Profile

    def __repr__(self) -> str:
        return "the collection"

    def scan(self, numbers: Iterable[int], **arguments: Any) -> tagsniff.Scan:
        """Scan the files with these indexes, in this order."""
        return tagsniff.scan([self.paths[number] for number in numbers], profile=self.profile, **arguments)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    folder = tmp_path_factory.mktemp("merge")
    for name, content in (("public.csv", CONFIDENTIALITY), ("private.csv", MODALITY_SOFTWARE)):
        (folder / name).write_text(content, encoding="utf-8")
    dice = random.Random(5)
    names = dice.sample(range(100), FILES)
    paths = []
    for number, name in enumerate(names):
        data = make_file(dice, FEW if number % 2 else MANY)
        if number == NOT_DICOM:
            data = b"this is no file of images " * 20
        elif number == EMPTY:
            data = b""
        elif number in CUT:
            # The cut is in the last value: elements before it count if partial files are kept.
            data = data[:-3]
        paths.append(folder / f"{name:02}")
        paths[-1].write_bytes(data)
    profile = tagsniff.load_profile(folder / "public.csv", [folder / "private.csv"], uid_root=ROOT)
    return Collection(tuple(paths), profile)


def list_fields(tables: ScanTables) -> dict[str, object]:
    found = {field.name: getattr(tables, field.name) for field in fields(tables)}
    return {name: list_columns(one) if isinstance(one, np.ndarray) else one for name, one in found.items()}


def list_columns(table: np.ndarray) -> object:
    return {name: table[name].tolist() for name in table.dtype.names} if table.dtype.names else table.tolist()


def save_bytes(scan: tagsniff.Scan, folder: Path) -> bytes:
    scan.save(folder / "saved", overwrite=True)
    return (folder / "saved").read_bytes()


def check_same(one: tagsniff.Scan, other: tagsniff.Scan, collection: Collection) -> None:
    """Fail if the saved scans are not the same bytes; name the field that differs if possible."""
    assert list_fields(one.tables) == list_fields(other.tables)
    folder = collection.paths[0].parent
    assert save_bytes(one, folder) == save_bytes(other, folder)
    assert one == other


@st.composite
def parts_of_collections(draw: st.DrawFn, *, most_parts: int = 4) -> list[list[int]]:
    """Draw some of the files in any order, divided into parts; a part may be empty."""
    chosen = draw(st.lists(st.integers(0, FILES - 1), unique=True, max_size=12))
    count = draw(st.integers(1, most_parts))
    places = draw(st.lists(st.integers(0, count - 1), min_size=len(chosen), max_size=len(chosen)))
    return [[number for number, place in zip(chosen, places, strict=True) if place == part] for part in range(count)]


PARTS = parts_of_collections()
ARGUMENTS = st.fixed_dictionaries({"max_values": st.sampled_from(BOUNDS), "keep_partial": st.booleans()})


def whole_of(parts: Sequence[Sequence[int]]) -> list[int]:
    """Return the indexes of all files, in an order that differs from that of every part."""
    return sorted(itertools.chain.from_iterable(parts))


@ORDINARY
@given(parts=PARTS, arguments=ARGUMENTS)
def test_the_order_of_files_changes_nothing(
    collection: Collection, parts: list[list[int]], arguments: dict[str, Any]
) -> None:
    """Merging relies on this."""
    whole = list(itertools.chain.from_iterable(parts))
    check_same(collection.scan(whole, **arguments), collection.scan(sorted(whole), **arguments), collection)


@ORDINARY
@given(parts=PARTS, arguments=ARGUMENTS)
def test_merged_parts_equal_the_whole(
    collection: Collection, parts: list[list[int]], arguments: dict[str, Any]
) -> None:
    whole = collection.scan(whole_of(parts), **arguments)
    merged = tagsniff.merge([collection.scan(part, **arguments) for part in parts])
    check_same(merged, whole, collection)
    assert merged.report() == whole.report()


@ORDINARY
@given(parts=parts_of_collections(most_parts=3), arguments=ARGUMENTS)
def test_associative(collection: Collection, parts: list[list[int]], arguments: dict[str, Any]) -> None:
    first, second, third = (collection.scan(part, **arguments) for part in [*parts, [], []][:3])
    left = tagsniff.merge([tagsniff.merge([first, second]), third])
    right = tagsniff.merge([first, tagsniff.merge([second, third])])
    check_same(left, right, collection)
    check_same(left, tagsniff.merge([first, second, third]), collection)


@ORDINARY
@given(parts=PARTS, arguments=ARGUMENTS, data=st.data())
def test_commutative(
    collection: Collection, parts: list[list[int]], arguments: dict[str, Any], data: st.DataObject
) -> None:
    scans = [collection.scan(part, **arguments) for part in parts]
    order = data.draw(st.permutations(range(len(scans))))
    check_same(tagsniff.merge(scans), tagsniff.merge([scans[number] for number in order]), collection)


@ORDINARY
@given(parts=parts_of_collections(most_parts=7), arguments=ARGUMENTS, data=st.data())
def test_any_tree_of_merges(
    collection: Collection, parts: list[list[int]], arguments: dict[str, Any], data: st.DataObject
) -> None:
    """As threads, machines and resumed runs merge: some of the scans are merged until one is left."""
    scans = [collection.scan(part, **arguments) for part in parts]
    while len(scans) > 1:
        taken = data.draw(st.lists(st.integers(0, len(scans) - 1), unique=True, min_size=2))
        merged = tagsniff.merge([scans[number] for number in taken])
        scans = [scan for number, scan in enumerate(scans) if number not in taken]
        scans.insert(data.draw(st.integers(0, len(scans))), merged)
    check_same(scans[0], collection.scan(whole_of(parts), **arguments), collection)


@ORDINARY
@given(parts=PARTS, arguments=ARGUMENTS)
def test_merged_saved_parts_equal_the_whole(
    collection: Collection, parts: list[list[int]], arguments: dict[str, Any]
) -> None:
    path = collection.paths[0].parent / "part"
    loaded = []
    for part in parts:
        collection.scan(part, **arguments).save(path, overwrite=True)
        loaded.append(tagsniff.load(path))
    check_same(tagsniff.merge(loaded), collection.scan(whole_of(parts), **arguments), collection)


@ORDINARY
@given(parts=parts_of_collections(most_parts=2), arguments=ARGUMENTS)
def test_the_empty_scan_changes_nothing(
    collection: Collection, parts: list[list[int]], arguments: dict[str, Any]
) -> None:
    whole = collection.scan(whole_of(parts), **arguments)
    nothing = tagsniff.merge([])
    no_files = collection.scan([], **arguments)
    for scans in ([whole], [nothing, whole], [whole, nothing], [whole, no_files], [nothing, no_files, whole, nothing]):
        check_same(tagsniff.merge(scans), whole, collection)


@ORDINARY
@given(parts=PARTS, arguments=ARGUMENTS)
def test_merging_does_not_change_its_arguments(
    collection: Collection, parts: list[list[int]], arguments: dict[str, Any]
) -> None:
    scans = [collection.scan(part, **arguments) for part in parts]
    before = [save_bytes(scan, collection.paths[0].parent) for scan in scans]
    tagsniff.merge(scans)
    assert [save_bytes(scan, collection.paths[0].parent) for scan in scans] == before


class TestEmpty:
    def test_merging_no_scans_gives_an_empty_scan(self, collection: Collection) -> None:
        nothing = tagsniff.merge([])
        assert (nothing.tables.files, nothing.tables.series, len(nothing.values)) == (0, 0, 0)
        assert not nothing.is_complete(), "no file was read"
        check_same(tagsniff.merge([nothing, nothing]), nothing, collection)
        check_same(tagsniff.merge([tagsniff.merge([])]), nothing, collection)

    def test_a_scan_of_no_files_keeps_its_profile(self, collection: Collection) -> None:
        no_files = collection.scan([])
        check_same(tagsniff.merge([tagsniff.merge([]), no_files]), no_files, collection)
        assert [record.name for record in no_files.tables.profiles] == ["private", "public"]

    def test_an_empty_scan_can_be_saved(self, tmp_path: Path) -> None:
        tagsniff.merge([]).save(tmp_path / "scan")
        assert tagsniff.load(tmp_path / "scan") == tagsniff.merge([])


def file_of(value: bytes, series: str | None, block: int = 0x10, charset: bytes = b"") -> bytes:
    parts = [element(0x00080005, "CS", charset)] if charset else []
    parts += [element(0x00080060, "CS", b"MR"), element(0x0008103E, "LO", value)]
    if series is not None:
        parts.append(EXPLICIT.element(0x0020000E, "UI", uid_value(series)))
    parts += [element(0x00290000 | block, "LO", b"ALPHA"), element(0x00290001 | block << 8, "LO", value)]
    return part10(join(parts), EXPLICIT_LITTLE_UID).data


class TestByHand:
    """The counts are known here, not taken from another scan."""

    @pytest.fixture
    def write(self, tmp_path: Path) -> Any:
        def write_file(name: str, *arguments: Any) -> Path:
            path = tmp_path / name
            path.write_bytes(file_of(*arguments))
            return path

        return write_file

    @staticmethod
    def merge(collection: Collection, parts: Sequence[Sequence[Path]], **arguments: Any) -> tagsniff.Scan:
        return tagsniff.merge([tagsniff.scan(part, profile=collection.profile, **arguments) for part in parts])

    @staticmethod
    def rows_of(scan: tagsniff.Scan, element: str) -> list[tuple[Any, ...]]:
        """Return kind, value and counts of the rows of an element."""
        return [
            (row.kind.value, row.value, row.files, row.series, row.occurrences)
            for row in scan.rows()
            if row.element == element
        ]

    def test_a_series_in_all_parts_counts_once(self, write: Any, collection: Collection) -> None:
        parts = [[write("a", b"one", "1.5"), write("b", b"two", "1.6")], [write("c", b"one", "1.5")]]
        parts.append([write("d", b"one", "1.7"), write("e", b"two", None)])
        parts.append([write("f", b"two", None), write("g", b"two", "1.6")])
        merged = self.merge(collection, parts)
        assert (merged.tables.files, merged.tables.series) == (7, 4)
        assert self.rows_of(merged, "(0008,103e)") == [("value", "one", 3, 2, 3), ("value", "two", 4, 2, 4)]
        (modality,) = (row for row in merged.elements if row["element"] == "(0008,0060)")
        assert (modality["files"], modality["series"], modality["occurrences"]) == (7, 4, 7)
        private = next(row for row in merged.tables.identities if row["tag"] == 0x00290001)
        assert (private["files"], private["series"], private["occurrences"]) == (7, 4, 7)

    def test_a_series_whose_bytes_are_not_a_uid(self, write: Any, collection: Collection) -> None:
        """Series Instance UIDs are compared, not validated."""
        merged = self.merge(
            collection, [[write("a", b"one", "X")], [write("b", b"one", "X")], [write("c", b"one", "")]]
        )
        assert self.rows_of(merged, "(0008,103e)") == [("value", "one", 3, 2, 3)]

    def test_the_example_is_the_first_path_in_sort_order(self, write: Any, collection: Collection) -> None:
        parts = [[write("b", b"one", "1.5")], [write("c", b"one", "1.5"), write("a", b"one", "1.5")]]
        for order in (parts, parts[::-1]):
            (row,) = (row for row in self.merge(collection, order).rows() if row.element == "(0008,103e)")
            assert Path(row.example).name == "a"

    def test_one_value_under_two_decisions(self, write: Any, collection: Collection) -> None:
        parts = [[write("a", b"one", "1.5", 0x10)], [write("b", b"one", "1.5", 0x11)]]
        (of_r, of_c) = sorted(
            (row for row in self.merge(collection, parts).rows() if row.element == '(0029,"ALPHA",01)'),
            key=lambda row: row.code,
            reverse=True,
        )
        assert (of_r.code, of_r.value, of_r.files, of_r.series) == ("R", "one", 1, 1)
        assert (of_c.code, of_c.value, of_c.files, of_c.series) == ("C", "one", 1, 1)
        assert of_r.blocks == of_c.blocks == (0x10, 0x11)

    def test_one_value_under_two_decisions_at_the_bound(self, write: Any, collection: Collection) -> None:
        """Their hashes may be equal. A kept row has everything that was counted of it, whatever the order."""
        paths = [write(name, b"one", "1.5", block) for name, block in (("a", 0x10), ("b", 0x11), ("c", 0x10))]
        orders = list(itertools.permutations(paths))
        scans = [tagsniff.scan(order, profile=collection.profile, max_values=1) for order in orders]
        scans += [self.merge(collection, [order[:1], order[1:]], max_values=1) for order in orders]
        assert all(scan == scans[0] for scan in scans)
        rows = [row for row in scans[0].rows() if row.element == '(0029,"ALPHA",01)']
        counted = {(row.code, row.value, row.files) for row in rows if row.kind.value == "value"}
        assert counted
        assert counted <= {("R", "one", 2), ("C", "one", 1)}

    def test_the_same_bytes_in_different_character_sets_are_different_values(
        self, write: Any, collection: Collection
    ) -> None:
        files = [
            write("a", b"\xc3\xa9", "1.5", 0x10, b"ISO_IR 100"),
            write("b", b"\xc3\xa9", "1.5", 0x10, b"ISO_IR 192"),
        ]
        merged = self.merge(collection, [files[:1], files[1:]])
        assert self.rows_of(merged, "(0008,103e)") == [("value", "Ã©", 1, 1, 1), ("value", "é", 1, 1, 1)]
        again = self.merge(collection, [files, [write("c", b"\xc3\xa9", "1.6", 0x10, b"ISO_IR 192")]])
        assert self.rows_of(again, "(0008,103e)") == [("value", "Ã©", 1, 1, 1), ("value", "é", 2, 2, 2)]

    def test_parts_that_reach_the_bound_only_together(self, write: Any, collection: Collection) -> None:
        parts = [[write("a", b"one", "1.5")], [write("b", b"two", "1.5")], [write("c", b"two", "1.6")]]
        bounded = self.merge(collection, parts, max_values=1)
        rows = self.rows_of(bounded, "(0008,103e)")
        assert [row[0] for row in rows] == ["value", "more"]
        assert rows[0] in (("value", "one", 1, 1, 1), ("value", "two", 2, 2, 2))
        assert rows[1][2:] == (3, 2, 3)
        assert not bounded.is_complete()
        just_not = self.merge(collection, parts, max_values=2)
        assert self.rows_of(just_not, "(0008,103e)") == [("value", "one", 1, 1, 1), ("value", "two", 2, 2, 2)]
        assert just_not.is_complete()

    def test_faults_and_partial_files_add_up(self, write: Any, collection: Collection) -> None:
        paths = [write(name, b"one", "1.5") for name in "abcd"]
        for path in (paths[0], paths[3]):
            path.write_bytes(path.read_bytes()[:-1])
        parts = [paths[2:], paths[:2]]
        merged = self.merge(collection, parts)
        assert (merged.tables.files, merged.tables.partial_files) == (2, 0)
        assert [Path(path).name for path in merged.faults["path"]] == ["a", "d"]
        kept = self.merge(collection, parts, keep_partial=True)
        assert (kept.tables.files, kept.tables.partial_files) == (4, 2)
        assert self.rows_of(kept, "(0008,103e)") == [("value", "one", 4, 1, 4)]
        assert self.rows_of(kept, '(0029,"ALPHA",01)') == [("value", "one", 2, 1, 2)]


class TestRefused:
    def test_scans_with_different_bounds(self, collection: Collection) -> None:
        scans = [collection.scan([0], max_values=bound) for bound in (5, 6)]
        with pytest.raises(ValueError, match="max_values"):
            tagsniff.merge(scans)

    @pytest.mark.parametrize(
        "others",
        [
            {"uid_root": "1.2.4"},
            {"uid_root": None},
            {"modality_software": ["record-all"]},
            {"confidentiality": "physical"},
            {"confidentiality": "basic", "options": ["retain-uids"]},
        ],
    )
    def test_scans_with_different_profiles(self, collection: Collection, others: dict[str, Any]) -> None:
        folder = collection.paths[0].parent
        asked = {
            "confidentiality": folder / "public.csv",
            "modality_software": [folder / "private.csv"],
            "uid_root": ROOT,
            **others,
        }
        if "options" in others:
            base = tagsniff.scan(collection.paths[:1], **{**asked, "options": ()})
        else:
            base = collection.scan([0])
        for paths in (collection.paths[1:2], ()):
            with pytest.raises(ValueError, match=r"profile|root"):
                tagsniff.merge([base, tagsniff.scan(paths, **asked)])

    def test_the_same_profile_loaded_again_is_accepted(self, collection: Collection) -> None:
        folder = collection.paths[0].parent
        profile = tagsniff.load_profile(folder / "public.csv", [folder / "private.csv"], uid_root=ROOT)
        again = tagsniff.scan([collection.paths[1]], profile=profile)
        check_same(tagsniff.merge([collection.scan([0]), again]), collection.scan([0, 1]), collection)

    def test_objects_that_are_not_scans(self, collection: Collection) -> None:
        scan = collection.scan([0])
        for wrong in (scan, [scan.tables], [scan, None], "scan"):
            with pytest.raises(TypeError):
                tagsniff.merge(wrong)


@pytest.mark.parametrize(("mode", "max_values"), [("before", 65536), ("final", 3)])
def test_real_files_in_parts(mode: str, max_values: int, tmp_path: Path) -> None:
    paths = [real.path for real in distinct_files()]
    random.Random(mode).shuffle(paths)
    arguments: dict[str, Any] = {"mode": mode, "max_values": max_values, "keep_partial": True}
    whole = tagsniff.scan(paths, **arguments)
    merged = tagsniff.merge([tagsniff.scan(paths[start::3], **arguments) for start in range(3)])
    assert list_fields(merged.tables) == list_fields(whole.tables)
    assert save_bytes(merged, tmp_path) == save_bytes(whole, tmp_path)

"""The results for a file do not depend on the files that were read before it.

For: collections whose files differ a little from the previous one in everything that the parser and the collectors
keep: a value, its length, VR, creator, block, character set, equipment, series, truncation and transfer syntax.
Never: an expectation from the code under test in the same state: each file is scanned alone, where nothing was read
before it, and the scans are merged.
Standard: none; the rules are sections 3 and 4 of the design.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import BIG, DEFLATED_UID, EXPLICIT, IMPLICIT, UID_OF, Encoding, Part, deflated, join, part10, uid_value
from tagsniff.status import Status

LONG_TEXT_BYTES = 65_538  # a text above the limit, which is not used as equipment
EQUIPMENT = {"modality": 0x00080060, "manufacturer": 0x00080070, "model": 0x00081090, "software": 0x00181020}
PUBLIC = 'element,vr,code,collapse\n"(0010,0010)",,Z,\n"(0008,0020)",DA,R,date\n"(0018,0050)",DS,K,\n'
PRIVATE = """modality,manufacturer,model,software,element,vr,code
SHOWN,,,,"(0009,""ACME"",01)",,R
,SHOWN,,,"(0009,""ACME"",01)",,R
,,SHOWN,,"(0009,""ACME"",01)",,R
,,,SHOWN,"(0009,""ACME"",01)",,R
,,,,"(0009,""ACME"",01)",,X
"""


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> tagsniff.Profile:
    folder = tmp_path_factory.mktemp("profile")
    (folder / "public.csv").write_text(PUBLIC, encoding="utf-8")
    (folder / "private.csv").write_text(PRIVATE, encoding="utf-8")
    return tagsniff.load_profile(folder / "public.csv", [folder / "private.csv"], uid_root="1.2.3")


class Files:
    """The files of a collection, and the scan of each of them alone."""

    def __init__(self, folder: Path, files: list[bytes], profile: tagsniff.Profile) -> None:
        self.paths = [folder / f"{number:03}" for number in range(len(files))]
        for path, data in zip(self.paths, files, strict=True):
            path.write_bytes(data)
        self._profile = profile
        self._alone: dict[tuple[Path, int, bool], tagsniff.Scan] = {}

    def scan(
        self, paths: list[Path], max_values: int = 65_536, *, keep_partial: bool = False, workers: int = 1
    ) -> tagsniff.Scan:
        """Scan the paths with values or, for 0 values, as an inventory."""
        if max_values == 0:
            return tagsniff.scan(paths, mode="inventory", keep_partial=keep_partial, workers=workers)
        return tagsniff.scan(
            paths, profile=self._profile, max_values=max_values, keep_partial=keep_partial, workers=workers
        )

    def merge(self, paths: list[Path], max_values: int = 65_536, *, keep_partial: bool = False) -> tagsniff.Scan:
        """Merge scans of one file each to the same result."""
        alone = []
        for path in paths:
            key = (path, max_values, keep_partial)
            if key not in self._alone:
                self._alone[key] = self.scan([path], max_values, keep_partial=keep_partial)
            alone.append(self._alone[key])
        return tagsniff.merge(alone)

    def check(self, paths: list[Path], max_values: int = 65_536) -> tagsniff.Scan:
        scan = self.scan(paths, max_values)
        assert scan == self.merge(paths, max_values)
        return scan


@pytest.mark.parametrize("which", EQUIPMENT)
def test_equipment_longer_than_the_limit_of_a_text(tmp_path: Path, profile: tagsniff.Profile, which: str) -> None:
    """The next file differs only in that value, and its private value must be shown."""

    def make(value: bytes) -> bytes:
        front, after = [], []
        for name, tag in EQUIPMENT.items():
            element = IMPLICIT.element(tag, "LO", value if name == which else b"OTHER ")
            (front if tag < 0x00090000 else after).append(element)
        private = [IMPLICIT.element(0x00090010, "LO", b"ACME"), IMPLICIT.element(0x00091001, "UN", b"JOHN DOE")]
        return part10(join([*front, *private, *after]), UID_OF[IMPLICIT]).data

    files = Files(tmp_path, [make(b"X" * LONG_TEXT_BYTES), make(b"SHOWN "), make(b"SHOWN ")], profile)
    for paths in (files.paths, files.paths[::-1], [files.paths[1], files.paths[0], files.paths[2]]):
        scan = files.check(paths)
        assert len(scan.tables.equipment) == 2
        values = {row.value for row in scan.rows() if "ACME" in row.element}
        assert "JOHN DOE" in values


BLOCKS: list[tuple[bytes, ...]] = [
    (b"ACME", b"ACME"),
    (b"ACME", b"", b"ACME"),
    (b"ACME", b"BETA", b"ACME"),
    (b"BETA", b"", b"ACME"),
    (b"", b"ACME", b"", b"ACME"),
    (b"ACME", b"", b""),
]


def test_a_creator_of_two_blocks(tmp_path: Path, profile: tagsniff.Profile) -> None:
    """With an unusable creator between the blocks, and after files with other creators in the same blocks."""

    def make(creators: tuple[bytes, ...]) -> bytes:
        elements = [EXPLICIT.element(0x00290010 + block, "LO", text) for block, text in enumerate(creators)]
        return part10(join(elements), UID_OF[EXPLICIT]).data

    files = [make(creators) for creators in BLOCKS]
    for first, creators in enumerate(BLOCKS):
        for second in range(len(BLOCKS)):
            folder = tmp_path / f"{first}-{second}"
            folder.mkdir()
            of_three = Files(folder, [files[first], files[second], files[first]], profile)
            deviations = dict(of_three.scan(of_three.paths[:1], 0).tables.deviations)
            assert deviations.get(Status.DUPLICATE_CREATOR, 0) == (creators.count(b"ACME") == 2)
            for max_values in (0, 65_536):
                of_three.check(of_three.paths, max_values)


@dataclass(frozen=True)
class Content:
    """The content of a file."""

    syntax: str = "explicit"
    charset: bytes = b"ISO_IR 100"
    modality: bytes = b"MR"
    manufacturer: bytes = b"ALPHA"
    model: bytes = b"One "
    software: bytes = b"1.0 "
    kind: bytes = b"AA"
    date: bytes = b"20240101"
    name: bytes = b"M\xfcller^J"
    description: bytes = b"one "
    description_vr: str = "LO"
    thickness: bytes = b"1.5 "
    series: str = "1.2.3.1"
    creators: tuple[tuple[int, bytes], ...] = ((0x10, b"ACME"), (0x11, b"BETA"))
    private: bytes = b"\0\1first text\0\0"
    private_block: int = 0x10
    private_vr: str = "UN"
    item_charset: bytes | None = None
    item_text: bytes = b"\xe9t\xe9 "
    items: int = 1
    undefined: bool = False
    representation: bytes = b"\0\0"
    pixel_bytes: int = 64
    tail: bytes = b""
    is_unordered: bool = False
    cut_bytes: int = 0


USUAL = Content()
LONG = b"Z" * LONG_TEXT_BYTES
CHOICES: dict[str, tuple[object, ...]] = {
    "syntax": ("explicit", "explicit", "explicit", "implicit", "implicit", "big", "deflated"),
    "charset": (b"ISO_IR 100", b"ISO_IR 192", b"", b"ISO_IR 100\\X "),
    "modality": (b"MR", b"CT", b"SHOWN ", b"", b"MR  ", LONG),
    "manufacturer": (b"ALPHA ", b"Beta", b"SHOWN ", b"\xe9 ", b"\xc3\xa9", LONG),
    "model": (b"One ", b"Two ", b"SHOWN ", LONG),
    "software": (b"1.0 ", b"1.0\\2 ", b"SHOWN ", LONG),
    "kind": (b"AA", b"AB", b"AAAA", b"A" * 0x5343),
    "date": (b"20240101", b"20240131", b"soon", b""),
    "name": (b"M\xfcller^J", b"M\xc3\xbcller", b"Doe^Jane"),
    "description": (b"one ", b"two ", b"one\\one ", b"caf\xe9", b"", b"x" * 300, b"y" * 300, b"odd", LONG),
    "description_vr": ("LO", "SH", "UN", "UT"),
    "thickness": (b"1.5 ", b"2 ", b"2\\thin"),
    "series": ("1.2.3.1", "1.2.3.2", "1.2.3.20", "1.2.3." + "4" * 1100),
    "creators": (
        ((0x10, b"ACME"), (0x11, b"BETA")),
        ((0x10, b"ACME"), (0x11, b""), (0x12, b"ACME")),
        ((0x10, b"ACME"), (0x12, b"ACME")),
        ((0x10, b"BETA"), (0x11, b"ACME")),
        ((0x11, b"BETA"),),
        ((0x10, b"ACME  "),),
        ((0x10, b"AC\xe9E"),),
        ((0x10, b"A" * 1026),),
    ),
    "private": (b"\0\1first text\0\0", b"\0\1other text\0\0", b"\0" * 12, b"\0" * 70_000, b"\1" * 70_000, b"7 "),
    "private_block": (0x10, 0x11, 0x12),
    "private_vr": ("UN", "LO", "OB"),
    "item_charset": (None, b"ISO_IR 192", b"ISO_IR 100"),
    "item_text": (b"\xe9t\xe9 ", b"\xc3\xa9", b"e\\e "),
    "items": (0, 1, 2),
    "undefined": (False, True),
    "representation": (b"\0\0", b"\1\0", b"\0\1"),
    "pixel_bytes": (0, 64, 66, 70_000),
    "tail": (b"", b"behind", b"other "),
    "is_unordered": (False, False, False, True),
    "cut_bytes": (0, 0, 0, 3, 40, 200),
}


def make_file(content: Content) -> bytes:
    encoding: Encoding = {"implicit": IMPLICIT, "big": BIG}.get(content.syntax, EXPLICIT)

    def element(tag: int, vr: str, value: bytes) -> Part:
        long_form = True if len(value) > 0xFFFF else None
        return encoding.element(tag, "UT" if long_form and encoding.explicit else vr, value)

    item = [element(0x00081155, "UI", b"1.2.3.7\0"), element(0x00081160, "LO", content.item_text)]
    if content.item_charset is not None:
        item.insert(0, element(0x00080005, "CS", content.item_charset))
    items = [encoding.item(*item, undefined=content.undefined)] * content.items
    block = content.private_block << 8
    parts = [
        element(0x00080005, "CS", content.charset),
        element(0x00080008, "CS", content.kind),
        element(0x00080020, "DA", content.date),
        element(0x00080060, "CS", content.modality),
        element(0x00080070, "LO", content.manufacturer),
        element(0x0008103E, content.description_vr, content.description),
        element(0x00081090, "LO", content.model),
        encoding.sequence(0x00081140, *items, undefined=content.undefined),
        *(element(0x00090000 + number, "LO", text) for number, text in content.creators),
        element(0x00090000 + block + 1, content.private_vr, content.private),
        element(0x00090000 + block + 2, "DS", content.thickness),
        element(0x00100010, "PN", content.name),
        element(0x00180050, "DS", content.thickness),
        element(0x00181020, "LO", content.software),
        element(0x0020000E, "UI", uid_value(content.series)),
        element(0x00280103, "US", content.representation),
        element(0x00280106, "US", b"\0\1"),
        element(0x7FE00010, "OW", bytes(content.pixel_bytes)),
    ]
    if content.tail:
        parts.append(element(0xFFFCFFFC, "LO", content.tail))
    if content.is_unordered:
        parts.append(parts.pop(8))
        parts.append(element(0x00280103, "US", b"\1\0"))
    data_set = join(parts)
    if content.syntax == "deflated":
        return deflated(data_set).data
    data = part10(data_set, UID_OF[encoding]).data
    return data[: len(data) - content.cut_bytes]


def make_run(numbers: random.Random, length: int) -> list[bytes]:
    """Return files that mostly repeat the previous one except for one or two values."""
    content = USUAL
    for _ in range(numbers.randrange(3)):
        content = change(content, numbers)
    run = [content]
    while len(run) < length:
        if numbers.random() < 0.65:
            content = change(content, numbers)
        elif len(run) > 1 and numbers.random() < 0.4:
            content = run[-2]
        run.append(content)
    return [make_file(content) for content in run]


def change(content: Content, numbers: random.Random) -> Content:
    name = numbers.choice(list(CHOICES))
    return replace(content, **{name: numbers.choice(CHOICES[name])})  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(16))
def test_a_random_run_counts_as_its_files_alone(tmp_path: Path, profile: tagsniff.Profile, seed: int) -> None:
    """In any order, with any bound, number of workers and treatment of truncated files."""
    numbers = random.Random(seed)
    files = Files(tmp_path, make_run(numbers, 9), profile)
    mixed = files.paths.copy()
    numbers.shuffle(mixed)
    for max_values in (0, numbers.choice((1, 2)), 65_536):
        keep_partial = numbers.choice((False, True))
        expected = files.merge(files.paths, max_values, keep_partial=keep_partial)
        for paths, workers in ((files.paths, 1), (files.paths[::-1], 1), (mixed, 2)):
            scan = files.scan(paths, max_values, keep_partial=keep_partial, workers=workers)
            assert scan == expected, (max_values, keep_partial, paths, workers)


def test_every_syntax_is_the_one_of_its_name() -> None:
    """This proves that the runs contain all of them."""
    uids = {name: make_file(replace(USUAL, syntax=name)) for name in ("explicit", "implicit", "big", "deflated")}
    for name, uid in (("explicit", UID_OF[EXPLICIT]), ("implicit", UID_OF[IMPLICIT]), ("big", UID_OF[BIG])):
        assert uid.encode() in uids[name]
    assert DEFLATED_UID.encode() in uids["deflated"]

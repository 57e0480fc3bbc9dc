"""The results for a file do not depend on the files that were read before it.

For: collections whose files differ a little from the previous one in everything that the parser and the collectors
keep: a value, its length, VR, creator, block, character set, equipment, series, truncation and transfer syntax.
Never: an expectation from the code under test in the same state: each file is scanned alone, where nothing was read
before it, and the scans are merged.
Standard: none; the rules are sections 3 and 4 of the design.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import BIG, DEFLATED_UID, EXPLICIT, IMPLICIT, UID_OF, join, part10
from neighbour_files import LONG_TEXT_BYTES, PRIVATE_ROWS, PUBLIC_ROWS, USUAL, make_file
from tagsniff.status import Status

EQUIPMENT = {"modality": 0x00080060, "manufacturer": 0x00080070, "model": 0x00081090, "software": 0x00181020}


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> tagsniff.Profile:
    folder = tmp_path_factory.mktemp("profile")
    (folder / "public.csv").write_text(PUBLIC_ROWS, encoding="utf-8")
    (folder / "private.csv").write_text(PRIVATE_ROWS, encoding="utf-8")
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


def test_every_syntax_is_the_one_of_its_name() -> None:
    """This proves that the runs contain all of them."""
    uids = {name: make_file(replace(USUAL, syntax=name)) for name in ("explicit", "implicit", "big", "deflated")}
    for name, uid in (("explicit", UID_OF[EXPLICIT]), ("implicit", UID_OF[IMPLICIT]), ("big", UID_OF[BIG])):
        assert uid.encode() in uids[name]
    assert DEFLATED_UID.encode() in uids["deflated"]

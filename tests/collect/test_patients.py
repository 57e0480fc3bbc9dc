"""Patients: which files are of one, how many an element or value has, and how values belong to them.

For: the counts of patients of the collectors, and the relation of an element's values to patients.
Never: an expectation from the collectors; the counts are made again from lists of files.
Standard: PS3.3 C.7.1.1 (Patient ID, Issuer of Patient ID), PS3.5 6.2 (LO), edition 2026b.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import struct
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, IMPLICIT, UID_OF, Part, join, part10, uid_value
from tagsniff import _core
from tagsniff.report.element_uses import PATIENT_RELATIONS

KEY = bytes(range(32))
PATIENT_ID, ISSUER, SERIES, COMMENTS = 0x00100020, 0x00100021, 0x0020000E, 0x00204000
NO_RELATION, PER_PATIENT, SHARED = range(3)


class File(NamedTuple):
    """A file: its series, its patient (issuer and ID; None: no element) and the value of an element."""

    series: str | None = "1.2.3"
    patient: bytes | None = b"P1"
    issuer: bytes | None = None
    value: bytes | None = b"value "

    def make(self) -> bytes:
        """Return its bytes."""
        parts = [
            # A file without any element is a fault, and counts nothing.
            text(0x00080060, b"OT", "CS"),
            text(PATIENT_ID, self.patient),
            text(ISSUER, self.issuer),
            Part() if self.series is None else text(SERIES, uid_value(self.series), "UI"),
            text(COMMENTS, self.value, "LT"),
        ]
        return part10(join(parts), EXPLICIT_LITTLE_UID).data

    def find_patient(self) -> tuple[bytes, bytes] | None:
        """Return issuer and ID without padding; None without an ID."""
        patient, issuer = (trimmed(part or b"") for part in (self.patient, self.issuer))
        return (issuer, patient) if patient else None


def trimmed(value: bytes) -> bytes:
    return value.rstrip(b" \0").lstrip(b" ")


def text(tag: int, value: bytes | None, vr: str = "LO") -> Part:
    """Return an element; one of UT if the value is too long for the VR; nothing for None."""
    if value is None:
        return Part()
    return EXPLICIT.element(tag, "UT" if len(value) > 0xFFFF else vr, value + b" " * (len(value) % 2))


def make_collector(key: bytes | None = KEY, max_values: int = 1000) -> _core.ValueCollector:
    """Return a collector that records all values."""
    return _core.ValueCollector(lambda *_: (0, True, False, 0, 0, b""), max_values=max_values, patient_key=key)


def add(collector: _core.Collector | _core.ValueCollector, files: Iterable[bytes], first: int = 0) -> None:
    for number, data in enumerate(files, first):
        collector.parser.begin(len(data))
        collector.parser.feed(0, data)
        assert collector.parser.run()
        collector.add_parsed(b"%06d" % number)


def count_patients(files: Iterable[bytes]) -> int:
    """Return the number of patients of files, which does not depend on what is collected."""
    listed = list(files)
    inventory = _core.Collector(patient_key=KEY)
    values = make_collector()
    for collector in (inventory, values):
        add(collector, listed)
    assert inventory.tables()["patients"] == values.tables()["patients"]
    return int(values.tables()["patients"])


class TestIdentity:
    """Two files are of one patient if Patient ID and issuer are equal without their padding."""

    @pytest.mark.parametrize(
        ("one", "other", "count"),
        [
            (File(), File(), 1),
            (File(), File(patient=b"P1  "), 1),
            (File(), File(patient=b" P1\0\0"), 1),
            (File(), File(patient=b"P 1 "), 2),
            (File(), File(patient=b"p1"), 2),
            (File(), File(issuer=b""), 1),
            (File(), File(issuer=b"  "), 1),
            (File(), File(issuer=b"X"), 2),
            (File(issuer=b"X"), File(issuer=b" X "), 1),
            (File(issuer=b"X"), File(issuer=b"x"), 2),
            (File(patient=b"AB", issuer=b"C"), File(patient=b"B", issuer=b"CA"), 2),
            (File(patient=b"B", issuer=b"A"), File(patient=b"A", issuer=b"B"), 2),
            (File(patient=None), File(patient=b""), 1),
            (File(patient=None), File(patient=b" \0"), 1),
            (File(patient=None, issuer=b"X"), File(patient=None, issuer=b"Y"), 1),
            (File(patient=None), File(patient=b"<undef>"), 2),
            (File(patient=b"\xc4"), File(patient=b"\xe4"), 2),
            (File(patient=b"A\\B"), File(patient=b"A"), 2),
            (File(series=None), File(series=None, patient=b"P2"), 2),
            # More than is captured of a text, and than what is captured whole instead of a digest.
            *(
                (File(patient=b"P" * count), File(patient=b"P" * count), 1)
                for count in (1024, 1026, 65_536, 65_538, 70_000, 1 << 20, (1 << 20) + 2)
            ),
            *(
                (File(patient=b"P" * count), File(patient=b"P" * (count - 1) + b"Q"), 2)
                for count in (1024, 1026, 65_536, 65_538, 70_000, 1 << 20, (1 << 20) + 2)
            ),
            (File(issuer=b"P" * 70_000), File(issuer=b"P" * 70_000), 1),
            (File(issuer=b"P" * 70_000), File(issuer=b"P" * 69_998 + b"Q "), 2),
        ],
        ids=lambda cell: "" if isinstance(cell, File) else str(cell),
    )
    def test_pairs(self, one: File, other: File, count: int) -> None:
        assert count_patients([one.make(), other.make()]) == count
        # In a longer run, so that the files repeat each other.
        assert count_patients(file.make() for file in (one, one, one, other, other, other, one)) == count

    def test_the_encoding_is_no_part_of_it(self) -> None:
        element = IMPLICIT.element(PATIENT_ID, "LO", b"P1")
        assert count_patients([File().make(), part10(element, UID_OF[IMPLICIT]).data]) == 1

    def test_only_the_root_data_set_counts(self) -> None:
        item = EXPLICIT.item(text(PATIENT_ID, b"P2"))
        nested = part10(join([EXPLICIT.sequence(0x00081140, item), text(PATIENT_ID, b"P1")]), EXPLICIT_LITTLE_UID).data
        alone = part10(EXPLICIT.sequence(0x00081140, item), EXPLICIT_LITTLE_UID).data
        assert count_patients([File().make(), nested]) == 1
        assert count_patients([File(patient=None).make(), alone]) == 1

    def test_the_first_value_counts(self) -> None:
        twice = join([text(PATIENT_ID, b""), text(PATIENT_ID, b"P1"), text(PATIENT_ID, b"P2")])
        assert count_patients([File().make(), part10(twice, EXPLICIT_LITTLE_UID).data]) == 1

    def test_elements_may_be_out_of_order(self) -> None:
        late = join([text(COMMENTS, b"x ", "LT"), text(PATIENT_ID, b"P1")])
        assert count_patients([File().make(), part10(late, EXPLICIT_LITTLE_UID).data]) == 1

    def test_a_sequence_is_no_patient_id(self) -> None:
        sequence = EXPLICIT.sequence(PATIENT_ID, EXPLICIT.item(text(0x00100010, b"A ")))
        assert count_patients([File(patient=None).make(), part10(sequence, EXPLICIT_LITTLE_UID).data]) == 1

    def test_long_series_are_told_apart_in_every_output(self) -> None:
        files = [File(series="1." + digit * 70_000).make() for digit in "112"]
        for collector in (_core.Collector(patient_key=KEY), make_collector()):
            add(collector, files)
            assert len(collector.tables()["series_digests"]) == 2


class TestDigests:
    """The stored digests are HMAC-SHA-256, as Python computes them."""

    @staticmethod
    def expected(issuer: bytes, patient: bytes) -> bytes:
        message = b"".join(b"\0" + struct.pack("<Q", len(part)) + part for part in (issuer, patient))
        return hmac.new(KEY, message, hashlib.sha256).digest()[:16]

    def test_digests(self) -> None:
        files = [File(patient=b" P1 ", issuer=b"X"), File(patient=b"P1"), File(patient=None), File(patient=b"Q" * 300)]
        collector = make_collector()
        add(collector, [file.make() for file in files])
        expected = [self.expected(b"X", b"P1"), self.expected(b"", b"P1"), bytes(16), self.expected(b"", b"Q" * 300)]
        assert collector.tables()["patient_digests"] == sorted(expected)

    def test_a_plain_digest_is_not_among_them(self) -> None:
        collector = make_collector()
        add(collector, [File().make()])
        (digest,) = collector.tables()["patient_digests"]
        assert digest != hashlib.sha256(b"P1").digest()[:16]

    @pytest.mark.parametrize("key", [b"", bytes(31), bytes(33)])
    def test_a_key_has_32_bytes(self, key: bytes) -> None:
        for make in (_core.Collector, partial(_core.ValueCollector, max_values=1)):
            with pytest.raises(ValueError, match="32 bytes"):
                make(patient_key=key)

    @pytest.mark.parametrize("key", ["k" * 32, bytearray(32), 1])
    def test_a_key_is_bytes(self, key: object) -> None:
        with pytest.raises(TypeError):
            _core.Collector(patient_key=key)  # type: ignore[arg-type]

    def test_without_a_key_patients_are_not_known(self) -> None:
        collector = make_collector(key=None)
        add(collector, [File().make(), File(patient=b"P2").make()])
        tables = collector.tables()
        assert tables["patients"] == -1
        assert tables["patient_digests"] == []
        assert tables["patient_series"].tolist() == [(0, -1, 2)]
        for name in ("identities", "uses", "rows"):
            assert set(tables[name]["patients"].tolist()) == {-1}
        assert set(tables["uses"]["patient_relation"].tolist()) == {NO_RELATION}


FILES = st.lists(
    st.builds(
        File,
        series=st.sampled_from(["1.1", "1.2", "1.3", "1.4", None]),
        patient=st.sampled_from([b"A", b"B", b"C", b"D", None]),
        issuer=st.sampled_from([None, None, b"X"]),
        value=st.sampled_from([b"one ", b"two ", b"of A", b"of B", b"of C", b"", None]),
    ),
    min_size=1,
    max_size=24,
)


class Expected(NamedTuple):
    """The numbers of series and patients by value, and of the whole."""

    by_value: dict[bytes, tuple[int, int]]
    whole: tuple[int, int]
    relation: int


def expect(files: Sequence[File]) -> Expected:
    """Count again, from the list of files."""
    of_value: defaultdict[bytes, list[File]] = defaultdict(list)
    for file in files:
        if file.value is not None:
            of_value[trimmed(file.value)].append(file)
    return Expected(
        {value: count(found) for value, found in of_value.items()},
        count(files),
        relate({value: {file.find_patient() for file in found} for value, found in of_value.items() if value}),
    )


def count(files: Iterable[File]) -> tuple[int, int]:
    listed = list(files)
    return len({file.series for file in listed}), len({file.find_patient() for file in listed})


def relate(patients_of: dict[bytes, set[tuple[bytes, bytes] | None]]) -> int:
    """Return the relation of an element whose values belong to these patients; None is no patient."""
    known = {value: patients - {None} for value, patients in patients_of.items()}
    values_of: defaultdict[tuple[bytes, bytes], set[bytes]] = defaultdict(set)
    for value, patients in known.items():
        for patient in patients:
            assert patient is not None
            values_of[patient].add(value)
    if known and all(len(patients) > 1 for patients in known.values()):
        return SHARED
    is_one_each = all(len(patients) < 2 for patients in known.values()) and all(
        len(values) == 1 for values in values_of.values()
    )
    return PER_PATIENT if is_one_each and len(values_of) >= 3 else NO_RELATION


def read(collector: _core.ValueCollector) -> Expected:
    """Return what a collector counted of the element with the value."""
    tables = collector.tables()
    identity = {int(tag): number for number, tag in enumerate(tables["identities"]["tag"])}
    whole = tables["identities"][identity[0x00020010]]
    (use,) = [number for number, of in enumerate(tables["uses"]["identity"]) if of == identity.get(COMMENTS, -1)] or [
        -1
    ]
    rows = [row for row in tables["rows"] if row["use"] == use]
    by_value = {tables["values"][int(row["value"])][5:]: (int(row["series"]), int(row["patients"])) for row in rows}
    relation = NO_RELATION if use < 0 else int(tables["uses"]["patient_relation"][use])
    return Expected(by_value, (int(whole["series"]), int(whole["patients"])), relation)


@given(files=FILES, pieces=st.lists(st.integers(0, 24), max_size=3), order=st.randoms())
def test_counts_in_any_order_and_split(files: list[File], pieces: list[int], order: object) -> None:
    shuffled = list(files)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    ends = sorted({0, len(files), *(min(piece, len(files)) for piece in pieces)})
    collectors = []
    for start, end in itertools.pairwise(ends):
        collector = make_collector()
        add(collector, [file.make() for file in shuffled[start:end]], start)
        collectors.append(collector)
    first, *others = collectors
    for other in others:
        first.merge(other)
    assert read(first) == expect(files)
    # The counts are made anew each time.
    assert read(first) == expect(files)


@given(files=FILES)
def test_tables_are_the_same_in_any_order(files: list[File]) -> None:
    tables = []
    for listed in (files, files[::-1]):
        collector = make_collector()
        add(collector, [file.make() for file in listed])
        found = collector.tables()
        tables.append([found["series_digests"], found["patient_digests"], found["patient_series"].tolist()])
    assert tables[0] == tables[1]


@given(files=FILES, split=st.integers(0, 24))
def test_one_collector_that_does_not_know_patients_makes_all_unknown(files: list[File], split: int) -> None:
    known, unknown = make_collector(), make_collector(key=None)
    add(known, [file.make() for file in files[:split]])
    add(unknown, [file.make() for file in files[split:]], split)
    first, other = (known, unknown) if split % 2 else (unknown, known)
    first.merge(other)
    found = read(first) if files[split:] or first is unknown else None
    if found is not None:
        by_value = {value: (series, -1) for value, (series, _) in expect(files).by_value.items()}
        assert found == Expected(by_value, (count(files)[0], -1), NO_RELATION)


class TestRelation:
    """PER_PATIENT and SHARED, of an element over all equipment."""

    @staticmethod
    def relation(*files: File, max_values: int = 1000) -> int:
        collector = make_collector(max_values=max_values)
        add(collector, [file.make() for file in files])
        return read(collector).relation

    def test_the_names_have_the_numbers_of_the_core(self) -> None:
        assert PATIENT_RELATIONS == ("", "PER_PATIENT", "SHARED")

    def test_one_value_for_each_of_three_patients(self) -> None:
        files = [File(patient=name, value=b"of " + name) for name in (b"A", b"B", b"C")]
        assert self.relation(*files) == PER_PATIENT
        assert self.relation(*files, *files) == PER_PATIENT
        assert self.relation(*files[:2]) == NO_RELATION
        assert self.relation(*files, File(patient=b"A", value=b"another ")) == NO_RELATION
        assert self.relation(*files, File(patient=b"D", value=b"of A")) == NO_RELATION

    def test_every_value_of_several_patients(self) -> None:
        files = [File(patient=name, value=value) for name in (b"A", b"B") for value in (b"one ", b"two ")]
        assert self.relation(*files) == SHARED
        assert self.relation(*files, File(patient=b"A", value=b"three ")) == NO_RELATION

    def test_empty_values_do_not_count(self) -> None:
        files = [File(patient=name, value=b"of " + name) for name in (b"A", b"B", b"C")]
        empty = [File(patient=name, value=b"") for name in (b"A", b"D", b"E")]
        assert self.relation(*files, *empty) == PER_PATIENT
        assert self.relation(*empty) == NO_RELATION

    def test_files_without_a_patient_id_are_no_evidence(self) -> None:
        files = [File(patient=name, value=b"of " + name) for name in (b"A", b"B", b"C")]
        nobody = [File(patient=None, value=value) for value in (b"of A", b"another ")]
        assert self.relation(*files, *nobody) == PER_PATIENT
        assert self.relation(File(patient=b"A"), File(patient=None)) == NO_RELATION
        assert self.relation(File(patient=b"A"), File(patient=b"B"), File(patient=None)) == SHARED

    def test_values_left_out_by_the_bound_are_no_evidence(self) -> None:
        files = [File(patient=b"%d" % number, value=b"%02d" % number) for number in range(5)]
        assert self.relation(*files) == PER_PATIENT
        assert self.relation(*files, max_values=4) == NO_RELATION

    def test_equipment_does_not_matter(self, tmp_path: Path) -> None:
        for number, (modality, patient) in enumerate([(b"CT", b"A "), (b"MR", b"B "), (b"MR", b"C "), (b"CT", b"D ")]):
            parts = [text(0x00080060, modality, "CS"), text(PATIENT_ID, patient), text(0x00104000, b"of " + patient)]
            parts.append(text(COMMENTS, b"one " if number % 2 else b"two ", "LT"))
            (tmp_path / f"{number}").write_bytes(part10(join(parts), EXPLICIT_LITTLE_UID).data)
        scan = tagsniff.scan([tmp_path], mode="final", all_values=True)
        found = {(row["element"], row["patient_relation"]) for row in scan.elements}
        assert ("(0010,4000)", "PER_PATIENT") in found
        assert ("(0020,4000)", "SHARED") in found
        assert [row["patients"] for row in scan.elements if row["element"] == "(0010,4000)"] == [2, 2]

    def test_codes_are_no_evidence(self, tmp_path: Path) -> None:
        for name in "ABC":
            (tmp_path / name).write_bytes(File(patient=name.encode()).make())
        scan = tagsniff.scan([tmp_path], mode="before")
        of_id = [row for row in scan.elements if row["element"] == "(0010,0020)"]
        assert [(row["patients"], row["patient_relation"]) for row in of_id] == [(3, "")]

    def test_a_scan_that_is_not_mergeable_has_the_same(self, tmp_path: Path) -> None:
        for name in "ABC":
            (tmp_path / name).write_bytes(File(patient=name.encode(), value=name.encode()).make())
        whole, short = (
            tagsniff.scan([tmp_path], mode="final", all_values=True, mergeable=mergeable) for mergeable in (True, False)
        )
        assert np.array_equal(whole.elements, short.elements)
        assert np.array_equal(whole.values, short.values)
        assert "PER_PATIENT" in short.elements["patient_relation"].tolist()
        assert (short.tables.patient_digests, short.tables.key_id, short.tables.patients) == ((), b"", 3)


BIRTHDAYS = [(b"A ", b"19500101"), (b"B ", b"19610203"), (b"C ", b"19720304")]


class TestDrawnTogether:
    """The relation of values that are drawn together is that of values that have a row each."""

    @staticmethod
    def write(folder: Path, values: Sequence[tuple[bytes, bytes]], vr: str = "DA", *, count: int = 1) -> None:
        """Write a file for each patient and value; ``count`` values of an element that has them all."""
        folder.mkdir(exist_ok=True)
        for number, (patient, value) in enumerate(values):
            parts = [
                text(PATIENT_ID, patient),
                text(SERIES, uid_value(f"1.2.{patient.decode().strip()}"), "UI"),
                text(0x00290010, b"ACME"),
                text(0x00291001, b"\\".join([value] * count), vr),
            ]
            (folder / f"{number:03}").write_bytes(part10(join(parts), EXPLICIT_LITTLE_UID).data)

    @staticmethod
    def relation(folder: Path, **options: object) -> tuple[str, bool]:
        """Return the relation, and whether a row draws the values together."""
        scan = tagsniff.scan([folder], mode="final", **options)  # type: ignore[arg-type]
        (use,) = [row for row in scan.elements if row["element"] == '(0029,"ACME",01)']
        rows = [row for row in scan.rows() if row.element == use["element"]]
        return str(use["patient_relation"]), any("COLLAPSED" in row.flags for row in rows)

    def test_each_patient_has_one(self, tmp_path: Path) -> None:
        self.write(tmp_path / "a", BIRTHDAYS * 2)
        assert self.relation(tmp_path / "a") == ("PER_PATIENT", True)
        self.write(tmp_path / "b", [*BIRTHDAYS, (b"A ", b"19830405")])
        assert self.relation(tmp_path / "b") == ("", True)

    @pytest.mark.parametrize("count", [1, 3])
    def test_a_value_that_comes_again_in_another_patient(self, tmp_path: Path, count: int) -> None:
        """Whatever was remembered of the file before."""
        first, *_ = BIRTHDAYS
        for number, files in enumerate(itertools.permutations([*BIRTHDAYS, (b"D ", first[1])])):
            self.write(tmp_path / f"{number}", files, count=count)
            assert self.relation(tmp_path / f"{number}", workers=1) == ("", True), files

    def test_values_that_patients_share(self, tmp_path: Path) -> None:
        self.write(tmp_path / "a", [(patient, value) for patient, _ in BIRTHDAYS for _, value in BIRTHDAYS])
        assert self.relation(tmp_path / "a") == ("SHARED", True)

    def test_merged_scans(self, tmp_path: Path) -> None:
        for number, one in enumerate([*BIRTHDAYS, (b"D ", b"19500101")]):
            self.write(tmp_path / f"{number}", [one])
        scans = [tagsniff.scan([tmp_path / f"{number}"], mode="final") for number in range(4)]
        for order in itertools.permutations(range(4)):
            for chosen, relation in ((3, "PER_PATIENT"), (4, "")):
                parts = [scans[number] for number in order if number < chosen]
                merged = tagsniff.merge(parts)
                found = {row["patient_relation"] for row in merged.elements if row["element"] == '(0029,"ACME",01)'}
                assert found == {relation}, order

    def test_scans_of_different_keys(self, tmp_path: Path) -> None:
        self.write(tmp_path / "a", BIRTHDAYS)
        one, other = (tagsniff.scan([tmp_path / "a"], mode="final", key=bytes([key]) * 32) for key in (1, 2))
        several = 2**64 - 1
        assert len({*one.tables.hashes["patient"].tolist()} - {several}) == 3
        merged = tagsniff.merge([one, other])
        assert set(merged.tables.hashes["patient"].tolist()) == {0}
        assert {row["patient_relation"] for row in merged.elements} == {""}

    def test_more_values_than_hashes(self, tmp_path: Path) -> None:
        many = [(b"P%03d" % number, b"%d.5 " % (100 + number)) for number in range(513)]
        self.write(tmp_path / "a", many[:512], vr="DS")
        assert self.relation(tmp_path / "a") == ("PER_PATIENT", True)
        self.write(tmp_path / "a", many, vr="DS")
        assert self.relation(tmp_path / "a") == ("", True)

    def test_a_size_is_no_value(self, tmp_path: Path) -> None:
        """Of samples only the length is known."""
        for number, patient in enumerate([b"A ", b"B ", b"C "]):
            parts = [text(PATIENT_ID, patient), text(0x00281201, bytes(2 * (number + 1)), "OW")]
            (tmp_path / f"{number}").write_bytes(part10(join(parts), EXPLICIT_LITTLE_UID).data)
        scan = tagsniff.scan([tmp_path], mode="final")
        assert {row["patient_relation"] for row in scan.elements if row["element"] == "(0028,1201)"} == {""}

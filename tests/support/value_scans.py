"""Scans of values made by hand, for the stages after the scan.

For: tests of reports, writers and saved scans.
Never: the core, which has tests of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tagsniff._core import Texts
from tagsniff.scanning.run_record import RunRecord
from tagsniff.scanning.tables import DecisionRecord, ProfileRecord, ScanTables, row_flags, table_dtypes
from tagsniff.status import Omission, Status

VR_NAMES = ("AT", "CS", "DA", "DS", "LO", "OB", "PN", "UI", "US")
KEEP = DecisionRecord("K", (), "basic.csv:7  (0008,0060) K", ())
REVIEW = DecisionRecord("R", (), "basic.csv  default R", ())
CONFLICT = DecisionRecord("X", ("CONFLICT",), 'a.csv:2  (0009,"ACME",01) X', ('a.csv:3  (0009,"ACME",01) K',))


def text(payload: bytes, charset: int = 0) -> bytes:
    """Return a value of text."""
    return b"T" + charset.to_bytes(4, "little") + payload


def numbered(form: bytes, number: int, rest: bytes = b"") -> bytes:
    """Return a value whose payload starts with a 64-bit number."""
    return form + bytes(4) + number.to_bytes(8, "little") + rest


@dataclass
class Collapsed:
    """What a row draws together; ``only`` is the value if there is one. Each value has a hash, up to two of them."""

    distinct: int
    smallest: bytes = b""
    largest: bytes = b""
    sizes: tuple[int, int] = (0, 0)
    only: bytes = b""
    is_estimated: bool = False


@dataclass
class Row:
    """One row of the core: ``value`` is None for a decisive code."""

    value: bytes | None
    decision: DecisionRecord = REVIEW
    flags: tuple[str, ...] = ()
    example: bytes = b"in/a"
    files: int = 1
    series: int = 1
    patients: int = 1
    occurrences: int = 1
    collapsed: Collapsed | None = None


@dataclass
class Use:
    """One element of one equipment and VR; ``steps`` are (tag, private creator or code of the core)."""

    steps: Sequence[tuple[int, bytes | int]]
    vr: str
    rows: Sequence[Row]
    equipment: tuple[bytes | None, ...] = (b"MR", b"ACME", b"One", b"1.0")
    kind: int = 0
    is_bounded: bool = False
    distinct: int = 0
    blocks: Sequence[int] = ()
    block: int = 0
    files: int = 1


@dataclass
class _Numbers:
    """Indexes of things in the order in which they were added."""

    found: dict[object, int] = field(default_factory=dict)

    def add(self, thing: object) -> int:
        return self.found.setdefault(thing, len(self.found))


def make_scan(uses: Sequence[Use], *, charsets: Sequence[bytes] = (b"",), **others: object) -> ScanTables:
    """Return tables of the core with these uses, in the given order."""
    identities, equipment, texts, creators = _Numbers(), _Numbers(), _Numbers(), _Numbers()
    values, paths, decisions = _Numbers(), _Numbers(), _Numbers()
    use_rows, rows = [], []
    entries, hashes, ends = [], [], []
    bits = row_flags()
    for number, use in enumerate(uses):
        parent = -1
        for place, (tag, creator) in enumerate(use.steps):
            owner = creators.add(creator) if isinstance(creator, bytes) else creator
            block = use.block if place == len(use.steps) - 1 else 0
            parent = identities.add((parent, tag, owner, block))
        parts = tuple(-1 if part is None else texts.add(part) for part in use.equipment)
        words = [0, 0, 0, 0]
        for block in use.blocks:
            words[block >> 6] |= 1 << (block & 63)
        use_rows.append(
            {
                "equipment": equipment.add(parts),
                "identity": parent,
                "vr": VR_NAMES.index(use.vr),
                "kind": use.kind,
                "is_bounded": use.is_bounded,
                "distinct_estimate": use.distinct,
                "blocks": words,
                "files": use.files,
                "series": use.files,
                "patients": use.files,
                "occurrences": use.files,
            }
        )
        collapsed_of = {}
        for place, row in enumerate(use.rows):
            if row.collapsed is not None:
                made = row.collapsed
                collapsed_of[place] = len(entries)
                count = min(made.distinct, 2)
                entries.append(
                    {
                        "distinct": made.distinct,
                        "least_size": made.sizes[0],
                        "most_size": made.sizes[1],
                        "first_hash": len(hashes),
                        "hash_count": count,
                        "kind": (row.value or b"")[5],
                        "is_estimated": made.is_estimated,
                    }
                )
                hashes += [{"hash": 1 + one} for one in range(count)]
                ends += [made.smallest, made.largest, made.only]
        rows += [
            {
                "use": number,
                "collapsed": collapsed_of.get(place, -1),
                "value": -1 if row.value is None else values.add(row.value),
                "decision": decisions.add(row.decision),
                "flags": sum(bits[flag] for flag in row.flags),
                "example": paths.add(row.example),
                "files": row.files,
                "series": row.series,
                "patients": row.patients,
                "occurrences": row.occurrences,
            }
            for place, row in enumerate(use.rows)
        ]
    identity_rows = [dict(zip(("parent", "tag", "creator", "block"), entry, strict=True)) for entry in identities.found]
    names = ("modality", "manufacturer", "model", "software")
    equipment_rows = [dict(zip(names, entry, strict=True)) for entry in equipment.found]
    owners = [range(len(table)) for table in (identity_rows, use_rows, rows)]
    runs: list[dict[str, object]] = [
        {"table": table, "owner": owner, "first": owner % 2, "last": 1}
        for table, numbers in enumerate(owners)
        for owner in numbers
    ]
    arguments: dict[str, object] = {
        "files": 3,
        "series": 2,
        "patients": 2,
        "partial_files": 0,
        "max_values": 65536,
        "uid_root": "",
        "profiles": (ProfileRecord("Confidentiality", "basic", "PS3.15 2026d", ("retain-uids",), "00" * 32),),
        "decisions": tuple(decisions.found),
        "identities": _fill("identities", identity_rows),
        "equipment": _fill("equipment", equipment_rows),
        "uses": _fill("uses", use_rows),
        "rows": _fill("rows", rows),
        "creators": tuple(creators.found),
        "texts": tuple(texts.found),
        "values": Texts(values.found),
        "charsets": tuple(charsets),
        "paths": Texts(paths.found),
        "collapsed": _fill("collapsed", entries),
        "hashes": _fill("hashes", hashes),
        "varying": _fill("varying", []),
        "collapsed_texts": Texts(ends),
        "series_digests": (b"first of series.", b"second of series"),
        "patient_digests": (b"first of patient", b"second of patien"),
        "key_id": b"an id of the key",
        "patient_series": _fill(
            "patient_series", [{"series": 0, "patient": 1, "files": 2}, {"series": 1, "patient": 0, "files": 1}]
        ),
        "series_runs": _fill("series_runs", runs),
        "vr_names": VR_NAMES,
        "keywords": tuple("" for _ in identities.found),
        "deviations": ((Status.UNORDERED, 2), (Status.NO_PREAMBLE, 1)),
        "omissions": (),
        "names": ((('(0009,"ACME",01)'), "Secret [own]"),) if b"ACME" in creators.found else (),
        "run": RunRecord("9.9", "before", "2026-12-01T00:00:00Z"),
    }
    return ScanTables(**{**arguments, **others})  # type: ignore[arg-type]


def _fill(table: str, rows: Sequence[dict[str, object]]) -> np.ndarray:
    filled = np.zeros(len(rows), table_dtypes()[table])
    for place, row in enumerate(rows):
        for name, cell in row.items():
            filled[place][name] = cell
    return filled


def sample_scan() -> ScanTables:
    """Return a scan that contains every kind of row."""
    code = [Row(None, KEEP, files=3, series=2, occurrences=3)]
    names = [
        Row(text(b"DOE^JANE"), files=2, occurrences=2, example=b"in/b"),
        Row(text(b"\xe9"), example=b"in/\xff"),
        Row(text(b"\xe9", 1)),
        Row(text(b"=1+1\n\x1b[2J"), example=b"in/c"),
    ]
    dates = [
        Row(
            b"C\0\0\0\0\x01",
            flags=("COLLAPSED",),
            files=3,
            occurrences=4,
            collapsed=Collapsed(2, b"19940102", b"20240131", (1, 1)),
        ),
        Row(text(b"soon")),
    ]
    private = [Row(None, CONFLICT), Row(numbered(b"B", 4096, bytes(32)), CONFLICT)]
    uses = [
        Use([(0x00100010, -1)], "PN", names),
        Use([(0x00080060, -1)], "CS", code),
        Use([(0x00080020, -1)], "DA", dates),
        Use([(0x00090001, b"ACME")], "OB", private, blocks=(0x10, 0x8F)),
        Use([(0x00090001, b"ACME")], "OB", [Row(text(b"found text"))], kind=1, blocks=(0x10,)),
        Use([(0x00090002, -2)], "LO", [Row(b"E\0\0\0\0")], equipment=(None, b"", b"\xe9", b"A\\B"), block=0x11),
        Use([(0x00081140, -1), (0x00081155, -1)], "UI", [Row(text(b"1.2"))], is_bounded=True, distinct=70000),
    ]
    return make_scan(
        uses,
        charsets=(b"", b"ISO_IR 100"),
        omissions=(Omission("in/\udcffz", Status.TRUNCATED_VALUE, 12, 0x00100010), Omission("in/t", Status.NOT_DICOM)),
    )

"""Reads and checks the tables from which the shipped profiles are generated, and writes a profile file.

For: ``__main__.py``. The package never reads a table, only the profiles.
Never: a decision about an element. Decisions are in ``confidentiality.py``, ``modality_software.py`` and
``dispositions.py``.
Standard: DICOM PS3.15, annex E, and PS3.5, 6.2 (value representations), edition 2026b.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

TABLES = [
    "ps315_e1_1.csv",
    "ps315_safe_private.csv",
    "physical_parameters.csv",
    "private_dictionary.csv",
    "private_creators.csv",
    "tcia_dispositions.csv",
]

NUMERIC_VRS = frozenset({"US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "DS", "IS"})
CODED_VR = "CS"

Cells: TypeAlias = dict[str, str]
PrivateKey: TypeAlias = tuple[str, str, str]
"""Private creator, group, and the last two digits of the element number."""


@dataclass(frozen=True)
class ReferenceTables:
    """The rows of each table, in the order of its file."""

    basic_profile: list[Cells]
    safe_private: list[Cells]
    physical_parameters: list[Cells]
    private_dictionary: list[Cells]
    private_creators: list[Cells]
    dispositions: list[Cells]
    data_dictionary: dict[str, Cells]

    @classmethod
    def read(cls, folder: Path, data_dictionary: Path) -> ReferenceTables:
        """Read the tables. Raises ValueError if a key occurs twice in a table."""
        basic_profile, safe_private, physical, private, creators, dispositions = (
            read_rows(folder / name) for name in TABLES
        )
        for rows in (basic_profile, physical):
            refuse_repeats(row["tag"] for row in rows)
        for rows in (safe_private, private):
            refuse_repeats(map(private_key, rows))
        refuse_repeats(row["creator"] for row in creators)
        refuse_repeats((row["element"], row["vr"]) for row in dispositions)
        elements = {row["tag"]: row for row in read_rows(data_dictionary)}
        return cls(basic_profile, safe_private, physical, private, creators, dispositions, elements)


@dataclass
class ProfileFile:
    """One profile: header lines, columns and rows."""

    name: str
    header: dict[str, str]
    columns: list[str]
    rows: list[Cells] = field(default_factory=list)

    def text(self) -> str:
        """Return the file as text: rows sorted by element and VR; missing cells are empty.

        Raises ValueError for two rows with the same element and VR, since a reader would have to choose.
        """
        refuse_repeats((row["element"], row.get("vr", "")) for row in self.rows)
        out = io.StringIO()
        for name, value in {"name": self.name, **self.header}.items():
            out.write(f"# {name} = {value}\n")
        writer = csv.DictWriter(out, self.columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(self.rows, key=lambda row: (row["element"], row.get("vr", ""))))
        return out.getvalue()


def read_rows(path: Path) -> list[Cells]:
    """Return the rows of a table, without the comment lines that name its source."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def private_key(row: Cells) -> PrivateKey:
    """Return the key that identifies a private element."""
    return row["creator"], row["group"], row["element"]


def split_vr(text: str) -> list[str]:
    """Return each VR of a choice (``US or SS``, ``OW/OB``); none if it is unknown, which some tables write as UN."""
    found = [vr for vr in re.split(r" or |/", text) if vr not in {"", "UN"}]
    if any(not re.fullmatch("[A-Z]{2}", vr) for vr in found):
        raise ValueError(f"no VR and no choice of VRs: {text}")
    return found


def refuse_repeats(keys: Iterable[object]) -> None:
    """Raise ValueError if a key occurs twice."""
    seen = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"twice in one table: {key}")
        seen.add(key)

"""The profile ``tcia``: what the curators of two archives decided on private elements.

For: codes where a decision of others is safe to apply without a look at the values, and suggestions where it is not.
Never: a K for a text, UID, sequence, blob, time stamp or identifier, or without a VR; a row that shows more of a public
element than ``basic`` does; a K where the archives disagree.
Source: The Cancer Imaging Archive and its predecessor at Washington University in St. Louis (WUSTL), as the tool of
that archive has them (NOTICE). Standard: DICOM PS3.15, E.3.10, edition 2026d; PS3.5, 7.8, edition 2026b.

The codes of the table. TCIA: k keep, d delete, h replace the UID by a hash, o shift the date, oi shift the date that is
an integer, na nothing decided. WUSTL: K keep, KB and K3 keep on a condition that is not told, X remove, Z empty, R
review.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import confidentiality
import modality_software

from tables import CODED_VR, NUMERIC_VRS, Cells, ProfileFile, ReferenceTables, split_vr

EDITION = "October 2023"

# In the order of protection, the most protective first.
CODES = ["X", "Z", "U", "C", "R", "K"]
OF_TCIA = {"k": "K", "d": "X", "h": "U", "o": "C", "oi": "C", "na": "", "": ""}
OF_WUSTL = {"K": "K", "KB": "", "K3": "", "X": "X", "Z": "Z", "R": "", "": ""}

# Of the VRs that are none: a slip of the pen, and two ways to write that it is not known.
WRITTEN_VRS = {"0B": "OB", "UK": "", "UN": "UN", "": ""}

# Neither archive decided. Such a row is left out; the VR that it names is not decided by a row for another VR either.
UNDECIDED = "nothing"

# A missing private creator. The number after it is that of no block that is told, so the row names no element.
UNNAMED = "Unnamed Private Block"

STEP = re.compile(r'\(([0-9a-f]{4}),(?:"((?:[^"\\]|\\.)*)",)?([0-9a-f]{2}|[0-9a-f]{4})\)')
ANY_ITEM = "[<0>]"

# Numbers that may point to a person or a place. Names in the table are words, or words that are joined. What begins
# with "Number of" is a count.
IDENTIFIER = re.compile(r"\bIDs?\b|[a-z]IDs?\b|IDNumbers|Station|Serial|UserInfo|Accession")
DATE = re.compile(r"Date(?![a-z])")
COUNT = re.compile("Number of", re.IGNORECASE)


class Step(NamedTuple):
    """One step of a path as the table writes it. ``creator`` is None for a public element, and still has escapes."""

    group: str
    creator: str | None
    element: str

    def __str__(self) -> str:
        creator = "" if self.creator is None else f'"{self.creator}",'
        return f"({self.group},{creator}{self.element})"


class Disposition(NamedTuple):
    """One row of the table: the path, the VR ("" if it is not known), the code that follows, and who decided what."""

    path: tuple[Step, ...]
    vr: str
    code: str
    name: str
    source: str


def tcia(tables: ReferenceTables) -> ProfileFile:
    """Return the profile of the decisions of TCIA and WUSTL."""
    rows = [*element_rows(tables)]
    rows += letter_case_rows(tables, rows)
    header = {
        "edition": EDITION,
        "default": "R",
        "source": "PosdaTools: decisions of The Cancer Imaging Archive (tcia) and of WUSTL (wustl)",
    }
    return ProfileFile("tcia", header, modality_software.COLUMNS, [profile_row(row) for row in rows])


def element_rows(tables: ReferenceTables) -> Iterator[Disposition]:
    """Yield the rows of the profile. One code for all VRs of an element, if it removes, is one row without a VR."""
    by_path: dict[tuple[Step, ...], list[Disposition]] = defaultdict(list)
    for row in tables.dispositions:
        path = read_path(row["element"])
        if path is not None:
            by_path[path].append(read_row(path, row))
    public = PublicCodes(tables)
    for path, listed in by_path.items():
        is_public = path[-1].creator is None
        rows = [row for row in listed if not is_public or public.allows(path[-1], row.code)]
        codes = {row.code for row in rows}
        if len(codes) == 1 and codes <= {"X", "Z", "U"}:
            sources = dict.fromkeys(row.source for row in rows)
            yield rows[0]._replace(vr="", source="; ".join(sources))
            continue
        by_vr: dict[str, list[Disposition]] = defaultdict(list)
        for row in rows:
            by_vr[row.vr].append(row)
        for alike in by_vr.values():
            # Two ways to write that the VR is not known may meet in one row.
            row = min(alike, key=lambda row: CODES.index(row.code))
            if row.source != UNDECIDED:
                yield row


def numeric_elements(tables: ReferenceTables) -> str:
    """Return the private elements that are numbers wherever a VR is known, by both sources: a line for each, sorted.

    OB and UN say that the VR was not known.
    """
    vrs: dict[str, set[str]] = defaultdict(set)
    for row in tables.safe_private:
        vrs[f'({row["group"]},"{escape(row["creator"])}",{row["element"]})'].add(row["vr"])
    for row in tables.dispositions:
        if read_path(row["element"]) is not None:
            vrs[row["element"]].add(WRITTEN_VRS.get(row["vr"], row["vr"]))
    known = {element: found - {"", "OB", "UN"} for element, found in vrs.items()}
    return "".join(f"{element}\n" for element, found in sorted(known.items()) if found and found <= NUMERIC_VRS)


def read_row(path: tuple[Step, ...], row: Cells) -> Disposition:
    """Return a row of the table with its code."""
    name = row["name"].rsplit(":", 1)[-1].strip()
    vr = WRITTEN_VRS.get(row["vr"], row["vr"])
    if vr:
        split_vr(vr)
    said = [f"{who} {row[who]}" for who in ("tcia", "wustl") if row[who] not in ("", "na")]
    code = decide(row["tcia"], row["wustl"], vr, name)
    return Disposition(path, vr, code, "" if name in ("Unknown", "<undef>") else name, " ".join(said) or UNDECIDED)


def decide(of_tcia: str, of_wustl: str, vr: str, name: str) -> str:
    """Return the code of two decisions.

    TCIA decides, which came later and knew the other; WUSTL decides where TCIA did not. Where one keeps what the other
    removes, a person decides, unless it is TCIA that removes.
    """
    first, second = OF_TCIA[of_tcia], OF_WUSTL[of_wustl]
    if first == "K" and second in ("X", "Z"):
        return "R"
    code = first or second or "R"
    return code if code != "K" or is_safe_to_keep(vr, name) else "R"


def is_safe_to_keep(vr: str, name: str) -> bool:
    """Return whether a K may hide the values: the guards of Table E.3.10-1, and one for numbers that identify."""
    if vr not in NUMERIC_VRS | {CODED_VR}:
        return False
    if modality_software.TIME_STAMP.search(name) or DATE.search(name):
        return False
    return bool(COUNT.match(name)) or not IDENTIFIER.search(name)


class PublicCodes:
    """What ``basic`` says of public elements, which it decides at every depth."""

    def __init__(self, tables: ReferenceTables) -> None:
        self._rows = [(row["element"], row["code"]) for row in confidentiality.basic(tables).rows]

    def allows(self, step: Step, code: str) -> bool:
        """Return whether a row for a path may decide a public element: if ``basic`` has no row, or less protection."""
        tag = f"({step.group},{step.element})"
        codes = [of_row for element, of_row in self._rows if matches(element, tag)]
        return not codes or (code == "X" and "X" not in codes) or (code in ("Z", "U") and {*codes} <= {"C", "R", "K"})


def matches(pattern: str, tag: str) -> bool:
    """Return whether a tag has the digits of a pattern, in which x is any digit."""
    return all(digit in ("x", other) for digit, other in zip(pattern, tag, strict=True))


def letter_case_rows(tables: ReferenceTables, rows: list[Disposition]) -> Iterator[Disposition]:
    """Yield an R for each K and each path that differs only by the letter case of known creators, as for E.3.10-1."""
    namesakes: dict[str, set[str]] = defaultdict(set)
    listed = {step.creator for row in rows for step in row.path if step.creator is not None}
    for table in (tables.private_creators, tables.private_dictionary):
        listed.update(escape(row["creator"]) for row in table)
    for creator in listed:
        namesakes[creator.casefold()].add(creator)
    known = {(row.path, row.vr) for row in rows}
    for row in rows:
        if row.code != "K":
            continue
        spellings = [
            [step._replace(creator=each) for each in sorted(namesakes[step.creator.casefold()])]
            if step.creator is not None
            else [step]
            for step in row.path
        ]
        for path in product(*spellings):
            if path != row.path and (path, row.vr) not in known and (path, "") not in known:
                yield row._replace(path=path, code="R", source="the name is that of another letter case")


def read_path(text: str) -> tuple[Step, ...] | None:
    """Return the steps of an element; None if it names none: without a creator, or a creator's own element."""
    steps = [STEP.fullmatch(part) for part in text.split(ANY_ITEM)]
    if any(step is None for step in steps):
        raise ValueError(f"no element: {text}")
    path = tuple(Step(*step.groups()) for step in steps if step is not None)
    for step in path:
        if step.creator is None:
            if modality_software.is_private_group(step.group):
                return None
        elif step.creator.startswith(UNNAMED) or not modality_software.is_private_group(step.group):
            return None
    return path


def escape(creator: str) -> str:
    """Return a creator as it is written between quotes."""
    return creator.replace("\\", "\\\\").replace('"', '\\"')


def profile_row(row: Disposition) -> Cells:
    """Return a row for any equipment, as curators decided by creator alone."""
    element = ANY_ITEM.join(map(str, row.path))
    return {"element": element, "vr": row.vr, "code": row.code, "name": row.name, "source": row.source}

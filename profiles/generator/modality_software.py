"""The Modality Software Profiles: what is known about the private elements of each manufacturer.

For: the name, the VR and the sources of a private element, and K if Table E.3.10-1 and the VR make that safe.
Never: a K that is based only on a dictionary; a K for a text, UID, sequence, blob or time stamp, or without a VR. A row
applies to the VR that it names, so a K never applies to bytes of unknown VR (UN), as in implicit VR files: eight
characters of text are a valid FD.
Standard: DICOM PS3.15, E.3.10 and Table E.3.10-1, edition 2026c; PS3.5, 7.8 (private data elements), edition 2026b.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from tables import (
    CODED_VR,
    NUMERIC_VRS,
    Cells,
    PrivateKey,
    ProfileFile,
    ReferenceTables,
    private_key,
    split_vr,
)

EDITION = "PS3.15 2026c"
COLUMNS = ["modality", "manufacturer", "model", "software", "element", "vr", "code", "name", "source"]

# The manufacturers of private_creators.csv that have their own file: those with at least a hundred elements.
FILES = {
    "Acuson (Siemens)": "siemens",
    "Agfa": "agfa",
    "Elscint (later GE, Philips)": "elscint",
    "Fujifilm": "hitachi_fujifilm",
    "GE": "ge",
    "Hitachi": "hitachi_fujifilm",
    "Hitachi/Fujifilm": "hitachi_fujifilm",
    "Hologic": "hologic",
    "ISG": "isg",
    "Philips": "philips",
    "Picker (Philips)": "philips",
    "Siemens": "siemens",
    "Toshiba/Canon": "canon_toshiba",
}
OTHER = "other_creators"

# E.3.10-1 lists time stamps among its numbers.
TIME_STAMP = re.compile(r"time ?stamp|\bdate\b", re.IGNORECASE)

# The element of a row that names one private element at the root, in the notation of the profiles.
ONE_PRIVATE_ELEMENT = re.compile(r'\([0-9a-f]{4},"(?:[^"\\]|\\.)*",[0-9a-f]{2}\)')


def by_manufacturer(tables: ReferenceTables) -> list[ProfileFile]:
    """Return one profile for each manufacturer, and one for the creators of all others, sorted by name."""
    manufacturers = {row["creator"]: row["manufacturer"] for row in tables.private_creators}
    rows: dict[str, list[Cells]] = defaultdict(list)
    for creator, row in [*element_rows(tables), *letter_case_rows(tables)]:
        rows[FILES.get(manufacturers[creator], OTHER)].append(row)
    header = {
        "edition": EDITION,
        "default": "R",
        "source": "PS3.15 Table E.3.10-1 (ps3.15); private dictionaries of dicom3tools, DCMTK, GDCM, pydicom",
    }
    return [ProfileFile(name, header, COLUMNS, rows[name]) for name in sorted(rows)]


def creators(tables: ReferenceTables) -> str:
    """Return the private creators whose manufacturer is known: a line of manufacturer, tab, creator for each, sorted.

    Creators are in lower case, since it does not tell manufacturers apart. Raises ValueError if a line would not be
    two cells.
    """
    pairs = {(row["manufacturer"], row["creator"].casefold()) for row in tables.private_creators if row["manufacturer"]}
    if not all(cell.isprintable() for pair in pairs for cell in pair):
        raise ValueError("a manufacturer or private creator with a tab or a line end")
    return "".join(f"{manufacturer}\t{creator}\n" for manufacturer, creator in sorted(pairs))


def names(profiles: Sequence[ProfileFile]) -> str:
    """Return the names of private elements, as reports show them: a line of element, tab, name for each, sorted.

    The first profile by name that names an element wins; a name that differs by equipment has all its texts. A name is
    followed by that of its profile in brackets. Raises ValueError if a line would not be two cells.
    """
    found: dict[str, tuple[str, list[str]]] = {}
    for profile in sorted(profiles, key=lambda profile: profile.name):
        for row in sorted(profile.rows, key=lambda row: (row["element"], row.get("vr", ""))):
            element, name = row["element"], row.get("name", "")
            if not name or not ONE_PRIVATE_ELEMENT.fullmatch(element):
                continue
            of_profile, texts = found.setdefault(element, (profile.name, []))
            if of_profile == profile.name and name not in texts:
                texts.append(name)
    lines = {element: f"{' / '.join(texts)} [{of_profile}]" for element, (of_profile, texts) in found.items()}
    if not all(cell.isprintable() for line in lines.items() for cell in line):
        raise ValueError("an element or its name with a tab or a line end")
    return "".join(f"{element}\t{name}\n" for element, name in sorted(lines.items()))


def record_all() -> ProfileFile:
    """Return the profile for the final review: it has no rows, so that every private value is recorded."""
    return ProfileFile("record-all", {"edition": "1", "default": "R", "source": "no table: no row"}, COLUMNS)


def element_rows(tables: ReferenceTables) -> Iterator[tuple[str, Cells]]:
    """Yield creator and row for each known private element, once for each VR that its source names."""
    safe = safe_numbers_and_codes(tables)
    known = {private_key(row) for row in tables.private_dictionary}
    if lacking := {private_key(row) for row in tables.safe_private} - known:
        raise ValueError(f"in Table E.3.10-1 and not in the private dictionary: {sorted(lacking)}")
    for row in tables.private_dictionary:
        if not is_private_group(row["group"]):
            continue
        key = private_key(row)
        if key in safe:
            # The VR of the standard's table takes precedence over that of a dictionary.
            yield row["creator"], profile_row(key, safe[key], "K", row["name"], row["sources"])
            continue
        for vr in split_vr(row["vr"]) or [""]:
            yield row["creator"], profile_row(key, vr, "R", row["name"], row["sources"])


def letter_case_rows(tables: ReferenceTables) -> Iterator[tuple[str, Cells]]:
    """Yield an R for each K whose creator has a known namesake that differs only by letter case.

    A creator without rows is looked up in any letter case; a creator that is known to be a different one must not
    inherit the K.
    """
    names = {private_key(row): (row["name"], row["vr"]) for row in tables.private_dictionary}
    namesakes = defaultdict(set)
    for creator in {row["creator"] for row in [*tables.private_creators, *tables.private_dictionary]}:
        namesakes[creator.casefold()].add(creator)
    safe = safe_numbers_and_codes(tables)
    for key, vr in safe.items():
        creator, group, element = key
        for namesake in namesakes[creator.casefold()] - {creator}:
            other = (namesake, group, element)
            if other not in safe and vr not in split_vr(names.get(other, ("", ""))[1]):
                yield namesake, profile_row(other, vr, "R", names[key][0], "the name is that of another letter case")


def safe_numbers_and_codes(tables: ReferenceTables) -> dict[PrivateKey, str]:
    """Return the VR of each row of Table E.3.10-1 that is safe by its tag alone. Only these keys get a K."""
    return {
        private_key(row): row["vr"]
        for row in tables.safe_private
        if row["vr"] in NUMERIC_VRS | {CODED_VR} and not TIME_STAMP.search(row["name"])
    }


def is_private_group(group: str) -> bool:
    """Return whether a group can have private creators. Dictionaries also list vendors' uses of 60xx and 70xx."""
    return re.fullmatch("[0-9a-f]{3}[13579bdf]", group) is not None


def profile_row(key: PrivateKey, vr: str, code: str, name: str, source: str) -> Cells:
    """Return a row for any equipment: the creator says to whom the element belongs, whatever systems had the file."""
    creator, group, element = key
    escaped = creator.replace("\\", "\\\\").replace('"', '\\"')
    return {"element": f'({group},"{escaped}",{element})', "vr": vr, "code": code, "name": name, "source": source}

"""Names of private elements, from the column ``name`` of Modality Software Profiles: no names of the standard.

For: scans and reports, which show them beside the keywords of public elements.
Never: decide anything: a name is a hint for a reader. A name that differs by equipment is shown with all its texts.
Terms: PS3.5 7.8 (private data elements), edition 2026b.

The names of the shipped profiles are in a list of their own, ``names.tsv``: to index the rows of the profiles would
take longer than to read a small collection.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

from tagsniff.dicom.notation import Step, format_identity, format_pattern
from tagsniff.profile.rows import ProfileFile, ReadRows
from tagsniff.profile.shipped import read_shipped_lines

_BETWEEN_NAMES = " / "


def find_names(steps: Iterable[Step], given: Iterable[ProfileFile] = ()) -> dict[str, str]:
    """Return the names of private elements by their text, such as ``(0009,"GEMS_IDEN_01",02)``.

    A name is followed by the name of its profile in brackets: ``Full fidelity [ge]``. The first profile that names an
    element wins: of the ``given`` ones those that are not shipped, in their order, then the shipped ones by name.
    Private creators are compared letter for letter.
    """
    wanted = {format_identity((step,)) for step in steps if isinstance(step.creator, str)}
    found: dict[str, str] = {}
    for profile in given:
        # Shipped profiles have rows that are parsed when they are looked up.
        if isinstance(profile.row_source, ReadRows):
            rows = ((format_pattern(row.element), row.name) for row in profile.rows if row.name)
            _add(found, _gather(rows, wanted), profile.name)
    if wanted:
        lines = read_shipped_lines("names.tsv")
        for element in sorted(wanted):
            begin = element + "\t"
            at = bisect_left(lines, begin)
            if at < len(lines) and lines[at].startswith(begin):
                found.setdefault(element, lines[at][len(begin) :])
    return found


def _add(found: dict[str, str], names: dict[str, list[str]], profile: str) -> None:
    for element, texts in names.items():
        found.setdefault(element, f"{_BETWEEN_NAMES.join(texts)} [{profile}]")


def _gather(rows: Iterable[tuple[str, str]], wanted: set[str]) -> dict[str, list[str]]:
    """Return the distinct names of each wanted element, in the order of the rows."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for element, name in rows:
        if name and element in wanted and name not in names[element]:
            names[element].append(name)
    return names

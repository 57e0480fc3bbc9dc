"""The elements of a value report, one summary for each element and VR: what a person decides on.

For: the sheet of decisions, the summary on a terminal, and the list of elements for spreadsheets.
Never: a value that the report does not show; a decision.
Terms: PS3.5 7.8 (private data elements), PS3.15 Table E.1-1a (codes), edition 2026d.

The unit of a decision is an element with its VR, for all equipment. Where the values of manufacturers differ in kind
(numbers here, texts there), each manufacturer has a summary of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tagsniff.curation.findings import score
from tagsniff.curation.maker_claims import MakerClaims, read_claims
from tagsniff.curation.suggestions import suggest_for_element
from tagsniff.curation.value_shapes import NOTHING_TO_READ, find_kind, find_shape
from tagsniff.dicom.found_text import split_suffix
from tagsniff.report.element_uses import ElementUse, is_unread
from tagsniff.report.rows import RowKind, UseRows, order_flags
from tagsniff.report.united_counts import unite_counts

if TYPE_CHECKING:
    from tagsniff.report.values import ValueReport
    from tagsniff.scanning.tables import ScanTables

# Kinds and shapes are those of so many values of an element with an equipment: enough to see what they are like.
_MOST_VALUES = 1024
_MOST_EXAMPLES = 3
_MOST_SHAPES = 4
_EXAMPLE_CHARACTERS = 64


class ElementSummary(NamedTuple):
    """One element with one VR: its counts, what its values are like, and what decides it.

    ``element`` is the text of the identity; text that was found inside its bytes is part of it. ``manufacturer`` is
    empty for all manufacturers. ``code`` has the codes that decide, ``decided_by`` the rows of profiles. ``distinct``
    is the number of values that were recorded, ``is_estimated`` if a bound was reached. ``smallest`` and ``largest``
    are those of its numbers or dates. ``shapes`` are the most frequent shapes of values, ``examples`` the values that a
    person should see first. ``is_read``: it has values that a person can read. ``patients`` is -1 if it is not known.
    ``suggestion`` is a code that others suggest, ``suggested_by`` says who; empty if nobody does.
    """

    element: str
    vr: str
    manufacturer: str
    name: str
    code: str
    decided_by: tuple[str, ...]
    files: int
    series: int
    patients: int
    distinct: int
    is_estimated: bool
    smallest: str
    largest: str
    shapes: tuple[str, ...]
    examples: tuple[str, ...]
    flags: tuple[str, ...]
    score: float
    is_read: bool
    suggestion: str
    suggested_by: str


class _Part(NamedTuple):
    """The rows of one element use: what a summary is made of."""

    rows: UseRows
    use: ElementUse
    kinds: frozenset[str]
    shapes: Counter[str]
    examples: list[tuple[float, int, str]]
    flags: frozenset[str]
    codes: frozenset[str]
    decided_by: tuple[str, ...]
    has_values: bool


def summarize_elements(tables: ScanTables, report: ValueReport, uses: Iterable[ElementUse]) -> list[ElementSummary]:
    """Return the summaries of all elements of a report, those that need a person first.

    ``uses`` are the element uses of the scan. Raises ValueError for a scan that is not mergeable: a series or a patient
    may be in several element uses, and it does not have which.
    """
    by_text = {(use.equipment, use.element, use.vr): use for use in uses}
    scores = [score(flags) for flags in report.table.flags.things]
    groups: defaultdict[tuple[str, str], list[_Part]] = defaultdict(list)
    for rows in report.uses:
        use = by_text[rows.equipment, rows.element, rows.vr]
        groups[split_suffix(rows.element)[0], rows.vr].append(_read_part(report, rows, use, scores))
    members: list[tuple[str, str, str, list[_Part]]] = []
    for (element, vr), parts in groups.items():
        for manufacturer, of_maker in _split_by_manufacturer(parts).items():
            members.append((element, vr, manufacturer, of_maker))
    counts = unite_counts(tables, [[part.use.number for part in _list_own(parts)] for *_, parts in members])
    claims = read_claims(report)
    summaries = [
        _summarize((element, vr, manufacturer), parts, counted, claims)
        for (element, vr, manufacturer, parts), counted in zip(members, counts, strict=True)
    ]
    order = {key: rank for rank, key in enumerate(groups)}
    summaries.sort(key=lambda one: (not one.is_read, -one.score, order[one.element, one.vr], one.manufacturer))
    return summaries


def assign_uses(report: ValueReport, summaries: Sequence[ElementSummary]) -> list[int]:
    """Return for each element use of the report the index of the summary that it is part of.

    Raises ValueError if it is part of none: the summaries are of another report.
    """
    numbers = {(one.element, one.vr, one.manufacturer): number for number, one in enumerate(summaries)}
    found = []
    for rows in report.uses:
        element, vr = split_suffix(rows.element)[0], rows.vr
        number = numbers.get((element, vr, ""))
        if number is None:
            number = numbers.get((element, vr, name_manufacturer(rows.parts.manufacturer)))
        if number is None:
            raise ValueError(f"{element} {vr} has no summary")
        found.append(number)
    return found


def _list_own(parts: Sequence[_Part]) -> list[_Part]:
    """Return the parts with the element's own values, or all if there is only text that was found inside them."""
    return [part for part in parts if not part.use.kind] or list(parts)


def _read_part(report: ValueReport, rows: UseRows, use: ElementUse, scores: Sequence[float]) -> _Part:
    """Return what a summary needs of an element use; ``scores`` are those of the flags in the table, by index."""
    import numpy as np

    table = report.table
    span = slice(rows.start, rows.end)
    kinds = [table.kinds.things[number] for number in table.kinds.numbers[span].tolist()]
    are_values = [index for index, kind in enumerate(kinds) if kind in (RowKind.VALUE, RowKind.MORE)]
    flag_numbers = table.flags.numbers[span]
    flags = frozenset(flag for number in np.unique(flag_numbers).tolist() for flag in table.flags.things[number])
    # The values that a person should see first: those with flags, then those of most files.
    rank = np.array([scores[number] for number in flag_numbers.tolist()])
    files = table.files[span]
    shown = np.array(are_values, np.int64)
    first = shown[np.lexsort((-files[shown].astype(np.int64), -rank[shown]))][:_MOST_VALUES] if len(shown) else shown
    texts = table.values.numbers[span]
    values = table.values._replace(numbers=texts[first]).list_cells(0, len(first))
    examples = [
        (float(rank[index]), int(files[index]), text)
        for index, text in zip(first.tolist(), values, strict=True)
        if kinds[index] is RowKind.VALUE
    ]
    found_kinds = frozenset(find_kind(text) for _, _, text in examples)
    codes = frozenset(table.codes.things[number] for number in np.unique(table.codes.numbers[span]).tolist())
    deciding = tuple(table.decided_by.things[number] for number in np.unique(table.decided_by.numbers[span]).tolist())
    return _Part(
        rows=rows,
        use=use,
        kinds=found_kinds,
        shapes=Counter(find_shape(text) for _, _, text in examples),
        examples=examples,
        flags=flags,
        codes=codes,
        decided_by=deciding,
        has_values=bool(are_values) and not is_unread(use),
    )


def _split_by_manufacturer(parts: Sequence[_Part]) -> dict[str, list[_Part]]:
    """Return the parts by manufacturer where their values differ in kind; else all of them under an empty name.

    A public element means the same whoever made the file, so it is never split.
    """
    if all(step.creator is None for step in parts[0].use.identity):
        return {"": list(parts)}
    by_maker: defaultdict[str, list[_Part]] = defaultdict(list)
    for part in parts:
        by_maker[name_manufacturer(part.rows.parts.manufacturer)].append(part)
    kinds = {
        maker: frozenset().union(*(part.kinds for part in of_maker)) - NOTHING_TO_READ
        for maker, of_maker in by_maker.items()
    }
    differing = {found for found in kinds.values() if found}
    return dict(sorted(by_maker.items())) if len(differing) > 1 else {"": list(parts)}


def name_manufacturer(maker: str | None) -> str:
    """Return the cell of a profile row that names the manufacturer of an equipment and no other."""
    if maker is None:
        return "<undef>"
    return _escape_pattern(maker) if maker else "<empty>"


def _escape_pattern(text: str) -> str:
    """Return the shell pattern that matches this text alone."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)


def _summarize(
    subject: tuple[str, str, str], parts: Sequence[_Part], counts: tuple[int, int], claims: MakerClaims
) -> ElementSummary:
    """Return the summary of an element, VR and manufacturer; ``counts`` are its series and patients."""
    element, vr, manufacturer = subject
    series, patients = counts
    own = _list_own(parts)
    flags = frozenset().union(*(part.flags for part in parts))
    kinds = frozenset().union(*(part.kinds for part in parts))
    shapes: Counter[str] = Counter()
    for part in parts:
        shapes.update(part.shapes)
    ordered = sorted(shapes.items(), key=lambda entry: (-entry[1], entry[0]))
    smallest, largest = _find_ends([part.use for part in own])
    suggestion, suggested_by = suggest_for_element(element, vr, claims)
    return ElementSummary(
        element=element,
        vr=vr,
        manufacturer=manufacturer,
        name=next((part.rows.name for part in parts if part.rows.name), ""),
        code=" ".join(sorted(frozenset().union(*(part.codes for part in parts)))),
        decided_by=tuple(dict.fromkeys(row for part in parts for row in part.decided_by if row)),
        # A file has one equipment, so the files of several are different ones.
        files=sum(part.use.files for part in own),
        series=series,
        patients=patients,
        distinct=sum(part.use.distinct for part in parts),
        is_estimated=any(part.use.is_bounded for part in parts),
        smallest=smallest,
        largest=largest,
        shapes=tuple(shape for shape, _ in ordered[:_MOST_SHAPES]) + (("...",) if len(ordered) > _MOST_SHAPES else ()),
        examples=_choose_examples(parts),
        flags=order_flags(flags),
        score=score(flags),
        is_read=any(part.has_values for part in parts) and not kinds <= NOTHING_TO_READ,
        suggestion=suggestion,
        suggested_by=suggested_by,
    )


def _choose_examples(parts: Sequence[_Part]) -> tuple[str, ...]:
    """Return the values that a person should see first, each once, each of another shape as long as there are some."""
    found = sorted((example for part in parts for example in part.examples), key=lambda one: (-one[0], -one[1], one[2]))
    texts = list(dict.fromkeys(text for _, _, text in found))
    by_shape: dict[str, str] = {}
    for text in texts:
        by_shape.setdefault(find_shape(text), text)
    chosen = list(by_shape.values())[:_MOST_EXAMPLES]
    chosen += [text for text in texts if text not in chosen][: _MOST_EXAMPLES - len(chosen)]
    return tuple(text if len(text) <= _EXAMPLE_CHARACTERS else text[:_EXAMPLE_CHARACTERS] + "..." for text in chosen)


def _find_ends(uses: Sequence[ElementUse]) -> tuple[str, str]:
    """Return the smallest and the largest of the numbers or dates of several uses; empty if there are none."""
    smallest = [use.smallest for use in uses if use.smallest]
    largest = [use.largest for use in uses if use.largest]
    if not smallest or not largest:
        return "", ""
    return min(smallest, key=_order_number), max(largest, key=_order_number)


def _order_number(text: str) -> tuple[float, str]:
    try:
        return float(text), text
    except ValueError:
        return 0.0, text

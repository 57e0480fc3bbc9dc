"""Lays out what a review page shows: a value report, its elements and the sheet of decisions, as columns.

For: the review page.
Never: decide; or give the page a value that the report does not have.
Terms: PS3.5 6.2 (VRs), PS3.15 Table E.1-1a (codes), edition 2026d.

Columns of ``rows`` are those of the rows of the report, those of ``uses`` of its element uses. Columns of ``entries``
are what a person decides: first the rows of the sheet in its order, then the elements without a row, which a profile
decides or in which there is nothing to read. ``cells.X`` are the cells of the column X of a sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tagsniff.curation.elements import ElementSummary, assign_uses
from tagsniff.curation.sheet import COLUMNS, MET_NOTHING, Sheet, SheetRow, find_summary_keys, propose_row
from tagsniff.dicom.notation import Lack, parse_identity
from tagsniff.output.terminal_text import show_undecoded
from tagsniff.profile.codes import Code
from tagsniff.profile.rows import DECIDED_AS_A_WHOLE
from tagsniff.report.rows import COLLAPSED, ESTIMATED, FINDINGS, RowKind, TextColumn
from tagsniff.status import Kind
from tagsniff.writers.exclusions import lay_out_omission
from tagsniff.writers.review_container import Container, TextNumbers
from tagsniff.writers.run_rows import lay_out_profile, lay_out_run, lay_out_state, lay_out_totals

if TYPE_CHECKING:
    from tagsniff.report.inventory import InventoryReport
    from tagsniff.report.values import ValueReport

VERSION = 1
CLASSES = ("to decide", "decided by the sheet", "decided by a profile", "nothing to read")
_TO_DECIDE, _BY_SHEET, _BY_PROFILE, _NOTHING = range(len(CLASSES))
_NUMBERS = ("files", "series", "patients", "distinct")
_OTHER_FLAGS = {
    COLLAPSED: "one row for several values, which are drawn together",
    ESTIMATED: "the number is an estimate",
    MET_NOTHING: "a row of the sheet that nothing in the collection has met",
}
_BETWEEN = " | "


@dataclass(frozen=True)
class ReviewOptions:
    """What a page is made for: its sheet's name without folders, empty if none is written; whether it is served.

    ``finds_files``: the server can say which files a value is in. ``shows_examples``: rows that the page adds to the
    sheet may have values as evidence.
    """

    sheet_name: str = ""
    is_served: bool = False
    finds_files: bool = False
    shows_examples: bool = True


def lay_out_review(
    report: ValueReport,
    summaries: Sequence[ElementSummary],
    sheet: Sheet,
    options: ReviewOptions,
    inventory: InventoryReport | None = None,
) -> bytes:
    """Return the container of a page; ``sheet`` is the updated one, ``inventory`` that of the same scan."""
    made = _Made(Container(), TextNumbers(), TextNumbers(), _FlagSets())
    container, cells, deciding, flags = made
    uses_of = assign_uses(report, summaries)
    _add_rows(made, report)
    equipment = _add_uses(made, report, uses_of)
    rows = _list_entries(report, summaries, sheet, uses_of, shows_examples=options.shows_examples)
    _add_entries(made, summaries, rows, len(sheet.rows))
    if inventory is not None:
        _add_identities(made, inventory)
    container.add_texts("cells", cells.list_texts())
    container.add_texts("deciding", [show_undecoded(row) for row in deciding.list_texts()])
    return container.finish(
        {
            "version": VERSION,
            "served": options.is_served,
            "finds": options.finds_files,
            "run": {**lay_out_run(report.run), **lay_out_state(report.omissions)},
            "profiles": [lay_out_profile(profile) for profile in report.profiles],
            "totals": {**lay_out_totals(report), "unread": report.unread},
            "kinds": [kind.value for kind in report.table.kinds.things],
            "codes": list(report.table.codes.things),
            "classes": list(CLASSES),
            "flagSets": flags.list_sets(),
            "flags": [[name, text] for name, text in {**FINDINGS, **_OTHER_FLAGS}.items() if name in flags.names],
            "known_codes": [code.value for code in Code],
            "element_scope_vrs": sorted(DECIDED_AS_A_WHOLE),
            "equipment": equipment,
            "findings": [list(finding) for finding in report.findings],
            "sheet": {
                "name": show_undecoded(options.sheet_name),
                "columns": list(COLUMNS),
                "settings": [list(setting) for setting in sheet.settings],
            },
            "collisions": _lay_out_collisions(report),
            "conflicts": [[one.equipment, one.element, one.vr, one.code] for one in report.conflicts],
            "deviations": [[status.name, count, status.text] for status, count in report.deviations],
            "left_out": [
                [status.name, "fault" if status.kind is Kind.FAULT else "exclusion", count, status.text]
                for status, count in report.omissions.counts
            ],
            "omissions": [lay_out_omission(omission) for omission in report.omissions.paths],
            "has_inventory": inventory is not None,
        }
    )


class _FlagSets:
    """The sets of flags of rows and elements, by number; number 0 is the empty set."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, ...], int] = {(): 0}
        self.names: set[str] = set()

    def number(self, flags: tuple[str, ...]) -> int:
        self.names.update(flags)
        return self._numbers.setdefault(flags, len(self._numbers))

    def list_sets(self) -> list[list[str]]:
        return [list(flags) for flags in self._numbers]


class _Made(NamedTuple):
    """What is filled in turn: the container, the texts of cells and of deciding rows, and the sets of flags."""

    container: Container
    cells: TextNumbers
    deciding: TextNumbers
    flags: _FlagSets


class _Entry(NamedTuple):
    """A row of the sheet, the index of its summary (None if it met nothing), and its class."""

    row: SheetRow
    summary: int | None
    number_of_class: int


def _add_rows(made: _Made, report: ValueReport) -> None:
    import numpy as np

    container, _, deciding, flags = made
    table = report.table
    container.add("rows.kind", table.kinds.numbers)
    _add_text_column(container, "rows.value", "values", table.values)
    container.add("rows.files", table.files)
    container.add("rows.series", table.series)
    container.add("rows.patients", table.patients)
    container.add("rows.occurrences", table.occurrences)
    for name, column, numbers in (
        ("rows.flags", table.flags, [flags.number(tuple(one)) for one in table.flags.things]),
        ("rows.deciding", table.decided_by, deciding.list_numbers(table.decided_by.things)),
    ):
        container.add(name, np.array([*numbers, 0])[np.asarray(column.numbers, np.int64)])
    container.add("rows.code", table.codes.numbers)
    _add_text_column(container, "rows.path", "paths", table.examples)


def _add_text_column(container: Container, name: str, table: str, column: TextColumn) -> None:
    """Add a table of the distinct texts of a column, sorted, and for each row the number of its text."""
    import numpy as np

    used, of_rows = np.unique(np.asarray(column.numbers, np.int64), return_inverse=True)
    shown = [show_undecoded(text) if table == "paths" else text for text in _decode(column, used)]
    texts = sorted(set(shown))
    rank = {text: number for number, text in enumerate(texts)}
    numbers = np.array([rank[text] for text in shown], np.int64)
    container.add(name, numbers[of_rows] if len(numbers) else of_rows)
    container.add_texts(table, texts)


def _decode(column: TextColumn, numbers: Any) -> list[str]:
    return column._replace(numbers=numbers).list_cells(0, len(numbers))


def _add_uses(made: _Made, report: ValueReport, uses_of: Sequence[int]) -> list[dict[str, str]]:
    """Add the columns of the element uses; return the objects of the equipment that they have a number of."""
    container, cells = made.container, made.cells
    equipment: dict[str, int] = {}
    listed: list[dict[str, str]] = []
    numbers = []
    for use in report.uses:
        if use.equipment not in equipment:
            equipment[use.equipment] = len(listed)
            modality, manufacturer, model, software = use.parts.show_parts()
            listed.append(
                {
                    "text": use.equipment,
                    "modality": modality,
                    "manufacturer": manufacturer,
                    "model": model,
                    "software": software,
                }
            )
        numbers.append(equipment[use.equipment])
    container.add("uses.rows", [use.end - use.start for use in report.uses])
    container.add("uses.equipment", numbers)
    container.add("uses.element", cells.list_numbers(use.element for use in report.uses))
    container.add("uses.vr", cells.list_numbers(use.vr for use in report.uses))
    container.add(
        "uses.blocks", cells.list_numbers("/".join(f"{one:02x}" for one in use.blocks) for use in report.uses)
    )
    container.add("uses.summary", uses_of)
    return listed


def _classify(report: ValueReport, summaries: Sequence[ElementSummary], uses_of: Sequence[int]) -> list[int]:
    """Return the class of each summary if the sheet has no row for it."""
    import numpy as np

    are_values = np.array([kind in (RowKind.VALUE, RowKind.MORE) for kind in report.table.kinds.things], bool)
    has_values = [False] * len(summaries)
    for use, of in zip(report.uses, uses_of, strict=True):
        if not has_values[of]:
            has_values[of] = bool(are_values[report.table.kinds.numbers[use.start : use.end]].any())
    return [
        _TO_DECIDE if one.is_read else _NOTHING if has else _BY_PROFILE
        for one, has in zip(summaries, has_values, strict=True)
    ]


def _list_entries(
    report: ValueReport,
    summaries: Sequence[ElementSummary],
    sheet: Sheet,
    uses_of: Sequence[int],
    *,
    shows_examples: bool,
) -> list[_Entry]:
    """Return the rows of the sheet, then the elements that it has no row for."""
    by_key = {key: number for number, key in enumerate(find_summary_keys(summaries))}
    entries = [_Entry(row, by_key.get(row.key), _BY_SHEET if row.is_decided else _TO_DECIDE) for row in sheet.rows]
    in_sheet = {entry.summary for entry in entries}
    classes = _classify(report, summaries, uses_of)
    for number, (summary, one) in enumerate(zip(summaries, classes, strict=True)):
        if number not in in_sheet:
            row = propose_row(summary, shows_examples=shows_examples)
            entries.append(_Entry(row, number, one))
    return entries


def _add_entries(made: _Made, summaries: Sequence[ElementSummary], rows: Sequence[_Entry], in_sheet: int) -> None:
    """Add the columns of the entries; the first ``in_sheet`` of them are rows of the sheet."""
    container, cells, _, flags = made
    for column in COLUMNS:
        container.add(f"cells.{column}", cells.list_numbers(row.cells[column] for row, *_ in rows))
    found = [None if number is None else summaries[number] for _, number, _ in rows]
    # One more than the number of the summary; 0 for a row that met nothing.
    container.add("entries.summary", [0 if number is None else number + 1 for _, number, _ in rows])
    container.add("entries.class", [one for *_, one in rows])
    container.add("entries.in_sheet", [number < in_sheet for number in range(len(rows))], "u8")
    container.add("entries.score", [0.0 if one is None else one.score for one in found], "f64")
    container.add("entries.key", cells.list_numbers(row.key[0] for row, *_ in rows))
    container.add("entries.creator", cells.list_numbers(_find_creator(row.key[0]) for row, *_ in rows))
    # An empty cell is a number that is not known.
    for name in _NUMBERS:
        container.add(f"entries.{name}", [_read_count(row.cells[name]) for row, *_ in rows], "f64")
    container.add("entries.flags", [flags.number(tuple(row.cells["flags"].split())) for row, *_ in rows])
    container.add("entries.profile_code", cells.list_numbers("" if one is None else one.code for one in found))
    container.add(
        "entries.deciding",
        cells.list_numbers("" if one is None else _BETWEEN.join(map(show_undecoded, one.decided_by)) for one in found),
    )


def _read_count(cell: str) -> float:
    digits = cell.removeprefix("about ").strip()
    return float(digits) if digits.isdecimal() and digits.isascii() else -1.0


def _find_creator(element: str) -> str:
    """Return the private creator of an element, or what it has in place of one; empty for a public element."""
    try:
        creator = parse_identity(element)[-1].creator
    except ValueError:
        # A pattern: it may name a creator, but no element.
        return ""
    return f"<{creator.value}>" if isinstance(creator, Lack) else creator or ""


def _lay_out_collisions(report: ValueReport) -> list[dict[str, object]]:
    if not report.collisions:
        return []
    from tagsniff.writers.collisions import lay_out

    return [lay_out(row) for row in report.collisions]


def _add_identities(made: _Made, inventory: InventoryReport) -> None:
    container, cells = made.container, made.cells
    rows = inventory.rows
    texts: Mapping[str, Sequence[str]] = {
        "identity": [row.identity for row in rows],
        "creator": [_find_creator(row.identity) for row in rows],
        "name": [row.name for row in rows],
        "vrs": ["/".join(row.vrs) for row in rows],
        "blocks": ["/".join(f"{block:02x}" for block in row.blocks) for row in rows],
    }
    for name, column in texts.items():
        container.add(f"identities.{name}", cells.list_numbers(column))
    container.add("identities.files", [row.files for row in rows])
    container.add("identities.series", [row.series for row in rows])
    container.add("identities.patients", [row.patients for row in rows])
    container.add("identities.occurrences", [row.occurrences for row in rows])

r"""Writes Element Values as text, CSV (RFC 4180, LF), JSON Lines and JSON (RFC 8259), all in UTF-8, and Parquet.

For: readers (text, without examples), spreadsheets (CSV), and other programs. Only JSON and Parquet are exact. In CSV,
an apostrophe precedes a value that a spreadsheet would run as a formula, and controls except line ends and tab become
``\xNN``; in text, invisible characters become ``\xNN``.
Never: write a value that could control a terminal or start a formula; or, in JSON, change a value, or the meaning of a
name without a new number in ``version``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, BinaryIO, TextIO

from tagsniff.output.counted import choose_verb, count_of, count_patients
from tagsniff.output.csv_text import PLAIN_LETTERS, PLAIN_STARTS, format_cell, format_row, write_row
from tagsniff.output.json_text import UNESCAPED_LETTERS, format_json, format_text
from tagsniff.output.terminal_text import show_on_terminal, show_undecoded
from tagsniff.report.rows import FINDINGS, RowKind, RowTable, UseRows, ValueRow, make_texts
from tagsniff.report.values import Conflict, ValueReport
from tagsniff.status import Kind
from tagsniff.writers.exclusions import count_statuses, lay_out_omission
from tagsniff.writers.row_lines import (
    Part,
    show_at_rows,
    show_patients,
    show_recurring,
    show_texts,
    show_uses,
    write_lines,
)
from tagsniff.writers.run_rows import (
    format_first_line,
    format_last_lines,
    lay_out_profile,
    lay_out_run,
    lay_out_state,
    lay_out_totals,
    list_heading,
    make_first_row,
    make_last_rows,
    make_metadata,
    shorten_row,
)
from tagsniff.writers.summaries import Listed, write_omissions, write_reasons

_HEADING = ("files", "series", "patients", "occurrences", "code")
_INDENT = "    "
_BETWEEN = "  "
_PRINTABLE_ASCII = range(0x20, 0x7F)
_ROWS_OF_A_TABLE = 65536
# The texts before and after the value of a row.
_STARTS = {RowKind.CODE: "-", RowKind.MORE: "about "}
COLUMNS = (
    *("kind", "equipment", "modality", "manufacturer", "model", "software", "element", "vr", "name", "code", "value"),
    *("files", "series", "patients", "occurrences", "blocks", "flags", "example", "decided_by"),
)
_TEXT_COLUMN = "value"
"""The column that has the text of the first row (``run``) and of the last one (``incomplete``)."""
_VERSION = 2


def write_text(report: ValueReport, stream: TextIO) -> None:
    """Write a heading that starts with ``#``, the elements with their equipment and rows, and then the collisions.

    Its first lines are those of `list_heading`. An element has its name, an equipment its VR, blocks and the profile
    rows that decide.

    A row is: files, series, patients (``-`` if they are not known), occurrences, code, value, flags in brackets. In
    place of a value, ``-`` means that the code decides without one, ``about n different values`` that a bound was
    reached, and the same without "about" that values are counted and not shown. The collisions are written as by
    ``tagsniff collisions``, each kind under a heading that starts with ``#``.
    """
    widths = _choose_widths(report)
    stream.writelines(list_heading(report.run, report.omissions, report.profiles))
    *counts, code = zip(_HEADING, widths, strict=True)
    heading = [*(f"{word:>{width}}" for word, width in counts), f"{code[0]:<{code[1]}}"]
    stream.write("#\n# element  name\n#   equipment  VR  blocks  <- row that decides\n")
    stream.write(f"#   {_BETWEEN.join(heading)}  value  [flags]\n")
    write_lines(report.count_rows(), partial(_list_text_parts, report, widths), stream)
    if report.collisions:
        from tagsniff.writers import collisions

        stream.write("\n")
        collisions.write_rows(report.collisions, stream)


def _list_text_parts(report: ValueReport, widths: Sequence[int]) -> list[Part]:
    """Return the parts of the line of a row, including the heading lines before it."""
    table = report.table
    files, series, patients, occurrences, code = widths
    return [
        show_at_rows(len(table), [use.start for use in report.uses], _list_headings(report)),
        (table.files, len(_INDENT) + files),
        (table.series, len(_BETWEEN) + series),
        show_patients(table, "-", len(_BETWEEN) + patients),
        (table.occurrences, len(_BETWEEN) + occurrences),
        show_recurring(table.codes, lambda text: f"{_BETWEEN}{text:<{code}}{_BETWEEN}"),
        show_recurring(table.kinds, lambda kind: _STARTS.get(kind, "")),
        show_texts(table.values, _PRINTABLE_ASCII, _PRINTABLE_ASCII, show_on_terminal),
        _show_endings(table),
        show_recurring(table.flags, lambda flags: f"{_BETWEEN}[{' '.join(flags)}]\n" if flags else "\n"),
    ]


def _show_endings(table: RowTable) -> Part:
    """Return the part after the value: what is counted, if it is a number of values."""
    import numpy as np

    are_counts = np.array([kind in (RowKind.MORE, RowKind.COUNT) for kind in table.kinds.things])
    endings = np.zeros(len(table), np.int64)
    for row in np.flatnonzero(are_counts[table.kinds.numbers]).tolist():
        endings[row] = 1 if table.values.list_cells(row, row + 1) == ["1"] else 2
    return make_texts(["", " value", " different values"]), endings


def _list_headings(report: ValueReport) -> Iterator[str]:
    """Yield the heading lines of each use: the element and the equipment, if they differ from those before."""
    last_element: tuple[str, str] | None = None
    for use, deciding in zip(report.uses, _list_deciding_rows(report), strict=True):
        heading = ""
        element = use.element, use.name
        if element != last_element:
            heading = f"\n{use.element}  {show_on_terminal(use.name)}".rstrip() + "\n"
        words = (show_on_terminal(use.equipment), use.vr, "/".join(f"{block:02x}" for block in use.blocks), deciding)
        last_element = element
        yield f"{heading}  {'  '.join(filter(None, words))}\n"


def _list_deciding_rows(report: ValueReport) -> Iterator[str]:
    """Yield for each use the file and line of the profile rows that decide it."""
    import numpy as np

    column = report.table.decided_by
    places = [shorten_row(row) for row in column.things]
    starts = [use.start for use in report.uses]
    # Most uses have one decision. Several depend on the block.
    lowest, highest = (find.reduceat(column.numbers, starts).tolist() for find in (np.minimum, np.maximum))
    for use, low, high in zip(report.uses, lowest, highest, strict=True):
        numbers = [low] if low == high else np.unique(column.numbers[use.start : use.end]).tolist()
        named = dict.fromkeys(places[number] for number in numbers if places[number])
        yield f"<- {', '.join(named)}" if named else ""


def _choose_widths(report: ValueReport) -> list[int]:
    """Return the width of the widest cell of each column, its heading included."""
    if not report.uses:
        return list(map(len, _HEADING))
    import numpy as np

    table = report.table
    counts = [int(column.max(initial=0)) for column in (table.files, table.series, table.patients, table.occurrences)]
    codes = [table.codes.things[number] for number in np.flatnonzero(np.bincount(table.codes.numbers)).tolist()]
    widest = (*counts, max(codes, key=len, default=""))
    return [max(len(word), len(str(cell))) for word, cell in zip(_HEADING, widest, strict=True)]


def write_csv(report: ValueReport, stream: TextIO) -> None:
    """Write a header row and the rows; blocks are joined with ``/``, flags with a space.

    The first row, of kind ``run``, says what was run. In an incomplete report the last row, of kind ``incomplete``,
    says what is missing.
    """
    write_row(stream, COLUMNS)
    write_row(stream, make_first_row(COLUMNS, _TEXT_COLUMN, report.run, report.profiles))
    write_lines(report.count_rows(), partial(_list_csv_parts, report), stream)
    for row in make_last_rows(COLUMNS, _TEXT_COLUMN, report.omissions):
        write_row(stream, row)


def _list_csv_parts(report: ValueReport) -> list[Part]:
    table = report.table
    return [
        show_recurring(table.kinds, lambda kind: format_cell(kind.value)),
        show_uses(report.uses, _show_csv_use),
        show_recurring(table.codes, lambda code: f"{format_cell(code)},"),
        show_texts(table.values, PLAIN_LETTERS, PLAIN_STARTS, format_cell),
        b",",
        (table.files, 0),
        b",",
        (table.series, 0),
        b",",
        show_patients(table, ""),
        b",",
        (table.occurrences, 0),
        show_uses(report.uses, _show_csv_blocks),
        show_recurring(table.flags, lambda flags: f"{format_cell(' '.join(flags))},"),
        show_texts(table.examples, PLAIN_LETTERS, PLAIN_STARTS, lambda path: format_cell(show_undecoded(path))),
        show_recurring(table.decided_by, lambda row: f",{format_cell(show_undecoded(row))}\n"),
    ]


def _show_csv_use(use: UseRows) -> str:
    return f",{format_row((use.equipment, *use.parts.show_parts(), use.element, use.vr, use.name))},"


def _show_csv_blocks(use: UseRows) -> str:
    return f",{format_cell('/'.join(f'{block:02x}' for block in use.blocks))},"


def write_jsonl(report: ValueReport, stream: TextIO) -> None:
    """Write the rows, with a row of kind ``run`` before them and, if the report is incomplete, one after them."""
    stream.write(format_first_line(report.run, report.profiles))
    write_lines(report.count_rows(), lambda: [b"{", *_list_members(report), b"}\n"], stream)
    stream.write(format_last_lines(report.omissions))


def _list_members(report: ValueReport) -> list[Part]:
    """Return the parts of the members of each row's object, without its braces."""
    table = report.table
    return [
        show_recurring(table.kinds, lambda kind: f'"kind": {format_text(kind.value)}, '),
        show_uses(report.uses, _show_json_use),
        show_recurring(table.codes, lambda code: f'"code": {format_text(code)}, "value": "'),
        show_texts(table.values, UNESCAPED_LETTERS, UNESCAPED_LETTERS, _show_within_quotes),
        b'", "files": ',
        (table.files, 0),
        b', "series": ',
        (table.series, 0),
        b', "patients": ',
        show_patients(table, "null"),
        b', "occurrences": ',
        (table.occurrences, 0),
        show_uses(report.uses, _show_json_blocks),
        show_recurring(table.flags, lambda flags: f'"flags": {format_json(flags)}, "example": "'),
        show_texts(
            table.examples, UNESCAPED_LETTERS, UNESCAPED_LETTERS, lambda path: _show_within_quotes(show_undecoded(path))
        ),
        show_recurring(table.decided_by, lambda row: f'", "decided_by": {format_text(show_undecoded(row))}'),
    ]


def _show_json_use(use: UseRows) -> str:
    members = {"equipment": use.equipment, **use.parts._asdict(), "element": use.element, "vr": use.vr}
    members |= {"keyword": use.keyword, "name": use.name}
    return "".join(f'"{name}": {format_json(text)}, ' for name, text in members.items())


def _show_json_blocks(use: UseRows) -> str:
    blocks = format_json([f"{block:02x}" for block in use.blocks])
    return f', "blocks": {blocks}, '


def _show_within_quotes(text: str) -> str:
    return format_json(text)[1:-1]


def write_json(report: ValueReport, stream: TextIO) -> None:
    """Write the object: ``output``, ``version``, ``profiles``, ``totals``, ``findings``, ``rows``, ``omissions``...

    The objects of ``rows`` are those of JSON Lines, one on each line. Those of ``collisions`` are as ``tagsniff
    collisions`` writes them.
    """
    from tagsniff.report.collisions import count_collisions
    from tagsniff.writers.collisions import lay_out

    head: dict[str, Any] = {
        "output": "element-values",
        "version": _VERSION,
        **lay_out_run(report.run),
        **lay_out_state(report.omissions),
        "profiles": [lay_out_profile(profile) for profile in report.profiles],
        "uid_root": report.uid_root,
        "max_values": report.max_values,
        "totals": {
            **lay_out_totals(report),
            "collisions": count_collisions(report.collisions),
            "exclusions": count_statuses(report.omissions.counts, Kind.EXCLUSION),
            "faults": count_statuses(report.omissions.counts, Kind.FAULT),
            "deviations": count_statuses(report.deviations, Kind.DEVIATION),
        },
        "findings": dict(report.findings),
        "unused_rows": _lay_out_unused(report),
        "collisions": [lay_out(row) for row in report.collisions],
        "conflicts": [_lay_out_conflict(conflict) for conflict in report.conflicts],
        "omissions": [lay_out_omission(omission) for omission in report.omissions.paths],
    }
    # The rows are written apart from the head, one on each line: there may be millions of them.
    stream.write(format_json(head, indent=1).removesuffix("\n}"))
    stream.write(',\n "rows": [')
    write_lines(report.count_rows(), partial(_list_json_parts, report), stream)
    stream.write("\n ]\n}\n")


def _lay_out_unused(report: ValueReport) -> list[dict[str, Any]]:
    if not report.unused:
        return []
    from tagsniff.writers.unused_rows import lay_out_unused

    return lay_out_unused(report.unused)


def _list_json_parts(report: ValueReport) -> list[Part]:
    return [
        show_at_rows(report.count_rows(), [0], ["\n  {"], otherwise=",\n  {"),
        *_list_members(report),
        b"}",
    ]


def _lay_out_conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "equipment": conflict.equipment,
        "element": conflict.element,
        "vr": conflict.vr,
        "code": conflict.code,
        "decided_by": show_undecoded(conflict.decided_by),
        "rivals": [show_undecoded(rival) for rival in conflict.rivals],
    }


def write_parquet(report: ValueReport, stream: BinaryIO) -> None:
    """Write the table that `Scan.to_arrow` returns, some rows at a time; its metadata says what was run."""
    from tagsniff.report.arrays import make_values
    from tagsniff.report.arrow import make_table
    from tagsniff.writers.parquet import write_tables

    def make_tables() -> Iterator[Any]:
        waiting: list[ValueRow] = []
        for use in report.uses:
            waiting += report.table.list_rows(use)
            if len(waiting) >= _ROWS_OF_A_TABLE:
                yield make_table("values", make_values(waiting))
                waiting.clear()
        yield make_table("values", make_values(waiting))

    write_tables(make_tables(), make_metadata(report.run, report.omissions, report.profiles), stream)


def write_summary(report: ValueReport, stream: TextIO, *, listed: Listed) -> None:
    """Write the totals of a value report, what a reviewer should look at, and one line for each reason with its count.

    Findings are counted in rows, exclusions and faults in paths, deviations in files.
    """
    totals = [
        f"{count_of(report.files, 'file')} read",
        count_of(report.series, "series"),
        count_patients(report.patients),
        count_of(report.equipment, "kind of equipment"),
        count_of(report.elements, "element"),
        count_of(report.count_rows(), "row"),
    ]
    stream.write(", ".join(totals) + "\n")
    write_reasons(stream, "findings (rows)", [(count, flag, FINDINGS[flag]) for flag, count in report.findings])
    if report.collisions:
        from tagsniff.report.collisions import count_collisions

        collisions = count_of(count_collisions(report.collisions), "collision")
        stream.write(f"{collisions}: private tags, blocks, creators or codes that mean two things\n")
        stream.write("  listed by tagsniff collisions, and in the formats text and json\n")
    if report.drawn_rows:
        values = count_of(report.drawn_values, "value")
        stream.write(f"{values} {choose_verb(report.drawn_values, 'is')} drawn together in ")
        stream.write(f"{count_of(report.drawn_rows, 'row')} [COLLAPSED]; --all-values lists each, find finds each\n")
    if report.unused:
        from tagsniff.writers.unused_rows import write_unused

        write_unused(report.unused, stream)
    if report.unread:
        stream.write(f"not looked into: {count_of(report.unread, 'value')} of Pixel Data; only the length is listed\n")
    bounded = report.omissions.bounded
    if bounded:
        stream.write(
            f"{count_of(bounded, 'element')} of some equipment {choose_verb(bounded, 'has')} more than "
            f"{count_of(report.max_values, 'value')}; not all are listed (rows of kind more)\n"
        )
    write_omissions(report.omissions, report.deviations, listed, stream)


FORMATS: dict[str, Callable[[ValueReport, TextIO], None]] = {
    "text": write_text,
    "csv": write_csv,
    "jsonl": write_jsonl,
    "json": write_json,
}
BINARY_FORMATS: dict[str, Callable[[ValueReport, BinaryIO], None]] = {"parquet": write_parquet}

r"""Writes Element Values as text, CSV (RFC 4180 with LF line ends), JSON Lines and JSON (RFC 8259); all in UTF-8.

For: readers (text, without examples), spreadsheets (CSV), and other programs. Only the JSON formats are exact. In CSV,
an apostrophe precedes a value that starts as a formula does (negative numbers too), and controls except line ends and
tab become ``\xNN``; in text, invisible characters become ``\xNN``.
Never: write a value that could control a terminal or start a formula; or, in JSON, change a value, or the meaning of a
name without a new number in ``version``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TextIO

from tagsniff.output.csv_text import PLAIN_LETTERS, PLAIN_STARTS, format_cell, format_row, write_row
from tagsniff.output.json_text import UNESCAPED_LETTERS, format_json, format_text
from tagsniff.output.terminal_text import show_on_terminal, show_undecoded
from tagsniff.report.rows import FINDINGS, RowKind, UseRows
from tagsniff.report.values import Conflict, ValueReport
from tagsniff.scanning.tables import ProfileRecord
from tagsniff.status import Kind
from tagsniff.writers.exclusions import count_statuses, lay_out_omission
from tagsniff.writers.row_lines import Part, show_at_rows, show_recurring, show_texts, show_uses, write_lines
from tagsniff.writers.summaries import write_omissions, write_reasons, write_statuses

_HEADING = ("files", "series", "occurrences", "code")
_INDENT = "    "
_BETWEEN = "  "
_PRINTABLE_ASCII = range(0x20, 0x7F)
# The texts before and after the value of a row.
_STARTS = {RowKind.CODE: "-", RowKind.MORE: "about "}
_ENDS = {RowKind.MORE: " different values", RowKind.COUNT: " different values"}
COLUMNS = (
    *("kind", "equipment", "element", "vr", "keyword", "code", "value"),
    *("files", "series", "occurrences", "blocks", "flags", "example"),
)
_VERSION = 1


def write_text(report: ValueReport, stream: TextIO) -> None:
    """Write a heading that starts with ``#``, the elements with their equipment and rows, and then the collisions.

    A row is: files, series, occurrences, code, value, flags in brackets. In place of a value, ``-`` means that the code
    decides without one, ``about n different values`` that a bound was reached, and the same without "about" that values
    are counted and not shown. The collisions are written as by ``tagsniff collisions``, each kind under a heading that
    starts with ``#``.
    """
    widths = _choose_widths(report)
    *counts, code = zip(_HEADING, widths, strict=True)
    heading = [*(f"{word:>{width}}" for word, width in counts), f"{code[0]:<{code[1]}}"]
    stream.write("# element  keyword\n#   equipment  VR  blocks\n")
    stream.write(f"#   {_BETWEEN.join(heading)}  value  [flags]\n")
    write_lines(report.count_rows(), partial(_list_text_parts, report, widths), stream)
    if report.collisions:
        from tagsniff.writers import collisions

        stream.write("\n")
        collisions.write_text(report.collisions, stream)


def _list_text_parts(report: ValueReport, widths: Sequence[int]) -> list[Part]:
    """Return the parts of the line of a row, including the heading lines before it."""
    table = report.table
    files, series, occurrences, code = widths
    return [
        show_at_rows(len(table), [use.start for use in report.uses], _list_headings(report.uses)),
        (table.files, len(_INDENT) + files),
        (table.series, len(_BETWEEN) + series),
        (table.occurrences, len(_BETWEEN) + occurrences),
        show_recurring(table.codes, lambda text: f"{_BETWEEN}{text:<{code}}{_BETWEEN}"),
        show_recurring(table.kinds, lambda kind: _STARTS.get(kind, "")),
        show_texts(table.values, _PRINTABLE_ASCII, _PRINTABLE_ASCII, show_on_terminal),
        show_recurring(table.kinds, lambda kind: _ENDS.get(kind, "")),
        show_recurring(table.flags, lambda flags: f"{_BETWEEN}[{' '.join(flags)}]\n" if flags else "\n"),
    ]


def _list_headings(uses: Iterable[UseRows]) -> Iterator[str]:
    """Yield the heading lines of each use: the element and the equipment, if they differ from those before."""
    last_element: tuple[str, str] | None = None
    last_equipment: tuple[str, str, tuple[int, ...]] | None = None
    for use in uses:
        heading = ""
        element, equipment = (use.element, use.keyword), (use.equipment, use.vr, use.blocks)
        if element != last_element:
            heading = f"\n{use.element}  {use.keyword}".rstrip() + "\n"
        if (element, equipment) != (last_element, last_equipment):
            words = (show_on_terminal(use.equipment), use.vr, "/".join(f"{block:02x}" for block in use.blocks))
            heading += f"  {'  '.join(filter(None, words))}\n"
        last_element, last_equipment = element, equipment
        yield heading


def _choose_widths(report: ValueReport) -> list[int]:
    """Return the width of the widest cell of each column, its heading included."""
    if not report.uses:
        return list(map(len, _HEADING))
    import numpy as np

    table = report.table
    counts = [int(column.max(initial=0)) for column in (table.files, table.series, table.occurrences)]
    codes = [table.codes.things[number] for number in np.flatnonzero(np.bincount(table.codes.numbers)).tolist()]
    widest = (*counts, max(codes, key=len, default=""))
    return [max(len(word), len(str(cell))) for word, cell in zip(_HEADING, widest, strict=True)]


def write_csv(report: ValueReport, stream: TextIO) -> None:
    """Write a header row and the rows; blocks are joined with ``/``, flags with a space."""
    write_row(stream, COLUMNS)
    write_lines(report.count_rows(), partial(_list_csv_parts, report), stream)


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
        (table.occurrences, 0),
        show_uses(report.uses, _show_csv_blocks),
        show_recurring(table.flags, lambda flags: f"{format_cell(' '.join(flags))},"),
        show_texts(table.examples, PLAIN_LETTERS, PLAIN_STARTS, lambda path: format_cell(show_undecoded(path))),
        b"\n",
    ]


def _show_csv_use(use: UseRows) -> str:
    return f",{format_row((use.equipment, use.element, use.vr, use.keyword))},"


def _show_csv_blocks(use: UseRows) -> str:
    return f",{format_cell('/'.join(f'{block:02x}' for block in use.blocks))},"


def write_jsonl(report: ValueReport, stream: TextIO) -> None:
    """Write the rows."""
    write_lines(report.count_rows(), lambda: [b"{", *_list_members(report), b"}\n"], stream)


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
        b', "occurrences": ',
        (table.occurrences, 0),
        show_uses(report.uses, _show_json_blocks),
        show_recurring(table.flags, lambda flags: f'"flags": {format_json(flags)}, "example": "'),
        show_texts(
            table.examples, UNESCAPED_LETTERS, UNESCAPED_LETTERS, lambda path: _show_within_quotes(show_undecoded(path))
        ),
        b'"',
    ]


def _show_json_use(use: UseRows) -> str:
    texts = ("equipment", use.equipment), ("element", use.element), ("vr", use.vr), ("keyword", use.keyword)
    return "".join(f'"{name}": {format_text(text)}, ' for name, text in texts)


def _show_json_blocks(use: UseRows) -> str:
    blocks = format_json([f"{block:02x}" for block in use.blocks])
    return f', "blocks": {blocks}, '


def _show_within_quotes(text: str) -> str:
    return format_json(text)[1:-1]


def write_json(report: ValueReport, stream: TextIO) -> None:
    """Write the object: ``output``, ``version``, ``profiles``, ``totals``, ``findings``, ``rows``, ``omissions``...

    The objects of ``rows`` are those of JSON Lines, one on each line, with ``decided_by`` added: the profile row that
    decides, with its file and line. Those of ``collisions`` are as ``tagsniff collisions`` writes them.
    """
    from tagsniff.report.collisions import count_collisions
    from tagsniff.writers.collisions import lay_out

    head: dict[str, Any] = {
        "output": "element-values",
        "version": _VERSION,
        "complete": report.omissions.is_complete(),
        "profiles": [_lay_out_profile(profile) for profile in report.profiles],
        "uid_root": report.uid_root,
        "max_values": report.max_values,
        "totals": {
            "files": report.files,
            "partial_files": report.omissions.partial_files,
            "series": report.series,
            "equipment": report.equipment,
            "elements": report.elements,
            "rows": report.count_rows(),
            "bounded": report.omissions.bounded,
            "collisions": count_collisions(report.collisions),
            "exclusions": count_statuses(report.omissions.counts, Kind.EXCLUSION),
            "faults": count_statuses(report.omissions.counts, Kind.FAULT),
            "deviations": count_statuses(report.deviations, Kind.DEVIATION),
        },
        "findings": dict(report.findings),
        "collisions": [lay_out(row) for row in report.collisions],
        "conflicts": [_lay_out_conflict(conflict) for conflict in report.conflicts],
        "omissions": [lay_out_omission(omission) for omission in report.omissions.paths],
    }
    # The rows are written apart from the head, one on each line: there may be millions of them.
    stream.write(format_json(head, indent=1).removesuffix("\n}"))
    stream.write(',\n "rows": [')
    write_lines(report.count_rows(), partial(_list_json_parts, report), stream)
    stream.write("\n ]\n}\n")


def _list_json_parts(report: ValueReport) -> list[Part]:
    return [
        show_at_rows(report.count_rows(), [0], ["\n  {"], otherwise=",\n  {"),
        *_list_members(report),
        show_recurring(report.table.decided_by, lambda row: f', "decided_by": {format_text(show_undecoded(row))}}}'),
    ]


def _lay_out_profile(profile: ProfileRecord) -> dict[str, Any]:
    return {
        "kind": profile.kind,
        "name": profile.name,
        "edition": profile.edition,
        "options": list(profile.options),
        "sha256": profile.digest,
    }


def _lay_out_conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "equipment": conflict.equipment,
        "element": conflict.element,
        "vr": conflict.vr,
        "code": conflict.code,
        "decided_by": show_undecoded(conflict.decided_by),
        "rivals": [show_undecoded(rival) for rival in conflict.rivals],
    }


def write_summary(report: ValueReport, stream: TextIO, *, exclusions_path: str | None) -> None:
    """Write the totals of a value report, what a reviewer should look at, and one line for each reason with its count.

    ``exclusions_path`` is None if what was left out is not listed in a file. Findings are counted in rows, exclusions
    and faults in paths, deviations in files.
    """
    stream.write(f"{report.files} files read, {report.series} series, {report.equipment} kinds of equipment, ")
    stream.write(f"{report.elements} elements, {report.count_rows()} rows\n")
    write_reasons(stream, "findings (rows)", [(count, flag, FINDINGS[flag]) for flag, count in report.findings])
    if report.collisions:
        from tagsniff.report.collisions import count_collisions

        stream.write(
            f"{count_collisions(report.collisions)} collisions (what means two things: private tags, blocks, "
            "letter case, codes); the formats text and json list them, and so does tagsniff collisions\n"
        )
    if report.omissions.bounded:
        stream.write(
            f"{report.omissions.bounded} elements of some equipment have more than {report.max_values} values; "
            "not all are listed (rows of kind more)\n"
        )
    if report.omissions.partial_files:
        stream.write(
            f"{report.omissions.partial_files} files were read in part; what stands behind the fault is missing\n"
        )
    write_statuses(report.omissions, report.deviations, stream)
    if exclusions_path is not None:
        write_omissions(report.omissions, exclusions_path, stream)
    elif report.omissions.paths:
        stream.write(f"{len(report.omissions.paths)} paths were left out; --exclusions lists them\n")


FORMATS: dict[str, Callable[[ValueReport, TextIO], None]] = {
    "text": write_text,
    "csv": write_csv,
    "jsonl": write_jsonl,
    "json": write_json,
}

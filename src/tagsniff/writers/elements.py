"""Writes the elements of a value report, one for each element and VR: for a person on a terminal, and as CSV.

For: a person who begins with what needs a decision, and spreadsheets.
Never: a value that the report does not show, or one that could control a terminal or start a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from tagsniff.curation.elements import ElementSummary
from tagsniff.output.counted import count_of
from tagsniff.output.csv_text import write_row
from tagsniff.output.terminal_text import show_on_terminal, show_undecoded
from tagsniff.report.values import ValueReport
from tagsniff.writers.run_rows import list_heading, make_first_row, make_last_rows, shorten_row

COLUMNS = (
    *("kind", "element", "vr", "manufacturer", "name", "code", "files", "series", "patients", "distinct", "min", "max"),
    *("shapes", "examples", "flags", "suggestion", "suggested_by", "decided_by"),
)
_TEXT_COLUMN = "name"
_ELEMENT, _NOTHING_TO_READ = "element", "nothing to read"
_BETWEEN = " | "
_MOST_SHOWN = 200
_WIDEST_ELEMENT = 44


def write_csv(report: ValueReport, summaries: Sequence[ElementSummary], stream: TextIO) -> None:
    """Write one row for each element and VR, those that need a person first; the columns are `COLUMNS`.

    ``kind`` is ``element``, or ``nothing to read`` where a code decides all values or all of them are empty. The first
    row and the last one are those of the list of values.
    """
    write_row(stream, COLUMNS)
    write_row(stream, make_first_row(COLUMNS, _TEXT_COLUMN, report.run, report.profiles))
    for one in summaries:
        cells = (
            *(_ELEMENT if one.is_read else _NOTHING_TO_READ, one.element, one.vr, one.manufacturer, one.name, one.code),
            *(str(one.files), str(one.series), str(one.patients) if one.patients >= 0 else ""),
            *(("about " if one.is_estimated else "") + str(one.distinct), one.smallest, one.largest),
            *(
                _BETWEEN.join(one.shapes),
                _BETWEEN.join(one.examples),
                " ".join(one.flags),
                one.suggestion,
                one.suggested_by,
            ),
            "; ".join(map(show_undecoded, one.decided_by)),
        )
        write_row(stream, map(show_on_terminal, cells))
    for row in make_last_rows(COLUMNS, _TEXT_COLUMN, report.omissions):
        write_row(stream, row)


def write_for_person(report: ValueReport, summaries: Sequence[ElementSummary], stream: TextIO) -> None:
    """Write the elements that need a person, the ones to read first at the top, each with a line of examples below it.

    This is what a person sees on a terminal who has asked for no format.
    """
    needed = [one for one in summaries if one.is_read]
    stream.writelines(list_heading(report.run, report.omissions)[: 0 if report.omissions.is_complete() else 1])
    decided = len(summaries) - len(needed)
    stream.write(f"{count_of(len(needed), 'element')} to decide; {decided} need no look\n")
    if not needed:
        return
    shown = needed[:_MOST_SHOWN]
    heading = ("files", "patients", "values", "VR", "element", "name")
    cells = [
        (
            str(one.files),
            str(one.patients) if one.patients >= 0 else "-",
            ("~" if one.is_estimated else "") + str(one.distinct),
            one.vr,
            one.element,
            show_on_terminal(" ".join(filter(None, (one.name, one.manufacturer and f"({one.manufacturer})")))),
        )
        for one in shown
    ]
    widths = [max(len(line[column]) for line in (heading, *cells)) for column in range(4)]
    element_width = min(_WIDEST_ELEMENT, max(len(line[4]) for line in (heading, *cells)))
    for line, summary in ((heading, None), *zip(cells, shown, strict=True)):
        numbers = "  ".join(f"{cell:>{width}}" for cell, width in zip(line[:3], widths, strict=False))
        stream.write(f"{numbers}  {line[3]:<{widths[3]}}  {line[4]:<{element_width}}  {line[5]}".rstrip() + "\n")
        if summary is not None:
            indent = " " * (sum(widths[:3]) + 6)
            stream.writelines(f"{indent}{text}\n" for text in _describe(summary))
    if len(needed) > len(shown):
        stream.write(f"... and {count_of(len(needed) - len(shown), 'element')} more\n")


def _describe(summary: ElementSummary) -> list[str]:
    """Return the lines below an element: examples, and what there is to say about them."""
    lines = [show_on_terminal(_BETWEEN.join(summary.examples))] if summary.examples else []
    words = [" ".join(summary.flags)] if summary.flags else []
    words += [f"{summary.suggestion} suggested by {summary.suggested_by}"] if summary.suggestion else []
    deciding = dict.fromkeys(filter(None, map(shorten_row, summary.decided_by)))
    words += [f"{summary.code} <- {', '.join(deciding)}"] if deciding != {"none": None} else []
    return [*lines, "; ".join(words)] if words else lines

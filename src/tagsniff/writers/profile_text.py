"""Writes the answers of ``tagsniff profile`` as text: the list of profiles, and why an element is decided as it is.

For: readers at a terminal.
Never: find an answer, or write a text of a profile that could control a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from tagsniff.dicom.notation import format_identity
from tagsniff.output.terminal_text import show_on_terminal
from tagsniff.profile.codes import Code
from tagsniff.profile.explanation import Explanation, LayerAnswer
from tagsniff.profile.rows import ProfileFile, Row

_HEADING = ("# name", "kind", "edition", "rows", "options")
_MARK = "  <- decides"
_MARK_OF_SEQUENCE = "  <- decides by a row for a sequence around it"
_MARK_OF_DEFAULT = "  <- decides by its default"


def write_profile_list(profiles: Iterable[ProfileFile], stream: TextIO) -> None:
    """Write one aligned line for each profile, under a heading that starts with ``#``; ``-`` is an empty cell."""
    lines = [_HEADING]
    for profile in profiles:
        words = (profile.name, profile.kind.value, profile.edition or "-", str(len(profile.rows)))
        lines.append((*words, ", ".join(profile.options) or "-"))
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADING))]
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        stream.write(show_on_terminal("  ".join(cells).rstrip()) + "\n")


def write_explanations(explanations: Iterable[Explanation], stream: TextIO) -> None:
    """Write each question, its code, the row that decides, and the other rows that name the element with the reason.

    There is an empty line between two questions.
    """
    for number, explanation in enumerate(explanations):
        if number:
            stream.write("\n")
        stream.writelines(show_on_terminal(line) + "\n" for line in _list_lines(explanation))


def _list_lines(explanation: Explanation) -> list[str]:
    decision = explanation.decision
    lines = [f"element    {format_identity(explanation.identity)}"]
    lines.append(f"VR         {explanation.vr or 'any that no row for the element names'}")
    if explanation.block is not None:
        lines.append(f"block      {explanation.block:02x}")
    lines.append(f"equipment  {explanation.equipment}")
    recorded = "values are recorded" if decision.records_values else "no value is recorded"
    if decision.code is Code.K and decision.records_values:
        recorded = "for the values that were seen; new ones are shown"
    collapse = "" if decision.collapse is None else f", collapsed by {decision.collapse}"
    lines.append(f"code       {decision.code.value} ({recorded}{collapse})")
    if decision.covered_by is not None:
        lines.append(f"covered by {format_identity(decision.covered_by)}")
    if decision.flags:
        lines.append("flags      " + " ".join(flag.value for flag in decision.flags))
    lines.append(f"decided by {_show_row(decision.row)}")
    for layer in explanation.layers:
        mark = _MARK_OF_SEQUENCE if decision.covered_by else _MARK_OF_DEFAULT if decision.row.is_default else _MARK
        mark = mark if layer.number - 1 == decision.layer else ""
        lines.append(f"layer {layer.number:<4} {_describe_layer(layer)}{mark}")
    for heading, losses in (("lost", decision.lost), ("not meant", explanation.unfit)):
        for loss in losses:
            lines += [f"{heading:<10} {_show_row(loss.row)}", f"           {loss.reason.value}"]
    return lines


def _describe_layer(layer: LayerAnswer) -> str:
    first, *others = (profile.name if profile.is_shipped else profile.file for profile in layer.files)
    names = f"{first} and {len(others)} more" if others else first
    shipped = "shipped: " if layer.files[0].is_shipped else ""
    if layer.decision is None:
        return f"{shipped}{names}: no row applies"
    place = f"{layer.decision.row.file}:{layer.decision.row.line}"
    return f"{shipped}{names}: {layer.decision.code.value} by {place}"


def _show_row(row: Row) -> str:
    location = f"{row.file}:{row.line}" if row.line else row.file
    words = "; ".join(filter(None, (row.name, row.source, row.note)))
    return f"{location}  {row}" + (f"  ({words})" if words else "")

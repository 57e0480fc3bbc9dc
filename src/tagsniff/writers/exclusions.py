r"""Writes lists of paths: what was left out and why, as CSV and as JSON; deviations; the key of numbers for paths.

For: the person who must decide whether enough of the collection was read, and who must find the files again.
Never: a value of an element.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from tagsniff.dicom.notation import format_tag
from tagsniff.output.csv_text import write_row
from tagsniff.output.terminal_text import show_undecoded
from tagsniff.status import Deviation, Kind, Omission, Status

if TYPE_CHECKING:
    from tagsniff.report.redaction import PathNumbers


def write_exclusions(omissions: Iterable[Omission], stream: TextIO) -> None:
    r"""Write ``path,kind,reason,offset_bytes,tag,text`` and one row for each omission, in the given order.

    ``kind`` is exclusion or fault, ``reason`` the status, ``text`` its meaning and the message of the system. Bytes of
    a path that cannot be decoded are written ``\xNN``; ``offset_bytes`` and ``tag`` are empty if the reason has no
    position in a file.
    """
    write_row(stream, ["path", "kind", "reason", "offset_bytes", "tag", "text"])
    for omission in omissions:
        status = omission.status
        offset_bytes = "" if omission.offset is None else str(omission.offset)
        tag = "" if omission.tag is None else format_tag(omission.tag)
        text = f"{status.text}: {omission.detail}" if omission.detail else status.text
        write_row(stream, [show_undecoded(omission.path), status.kind.value, status.name, offset_bytes, tag, text])


def write_deviations(deviations: Iterable[tuple[str, Deviation]], stream: TextIO) -> None:
    """Write ``path,deviation,count,offset_bytes,tag,text`` and one row for each deviation, in the given order.

    ``count`` is the number of occurrences in the file, ``offset_bytes`` and ``tag`` are those of the first one; ``tag``
    is empty if it is not at an element.
    """
    write_row(stream, ["path", "deviation", "count", "offset_bytes", "tag", "text"])
    for path, deviation in deviations:
        tag = "" if deviation.tag is None else format_tag(deviation.tag)
        status = deviation.status
        cells = (status.name, str(deviation.count), str(deviation.offset), tag, status.text)
        write_row(stream, [show_undecoded(path), *cells])


def count_statuses(counts: Iterable[tuple[Status, int]], kind: Kind) -> dict[str, int]:
    """Return the counts of the statuses of one kind, by name."""
    return {status.name: count for status, count in counts if status.kind is kind}


def lay_out_omission(omission: Omission) -> dict[str, Any]:
    """Return the object of one omission."""
    return {
        "path": show_undecoded(omission.path),
        "kind": omission.status.kind.value,
        "reason": omission.status.name,
        "offset_bytes": omission.offset,
        "tag": None if omission.tag is None else format_tag(omission.tag),
        "text": omission.status.text,
        "detail": omission.detail,
    }


def write_path_key(numbers: PathNumbers, stream: TextIO) -> None:
    """Write ``number,path`` and a row for each path, sorted by number; paths are written as in exclusions.csv."""
    write_row(stream, ["number", "path"])
    for path, number in sorted(numbers.items(), key=lambda entry: entry[1]):
        write_row(stream, [number, show_undecoded(os.fsdecode(path))])

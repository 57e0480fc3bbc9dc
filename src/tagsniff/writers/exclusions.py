r"""exclusions.csv: every path that contributed nothing, with the reason and the place in the file.

For: the person who has to know what the report does not cover.
Never: leave a path out, or hold a value of an element.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from tagsniff.dicom.notation import format_tag
from tagsniff.output.csv_text import write_row
from tagsniff.output.terminal_text import show_undecoded
from tagsniff.status import Omission


def write_exclusions(omissions: Iterable[Omission], stream: TextIO) -> None:
    r"""Write ``path,kind,reason,offset_bytes,tag,text`` and one row for each omission, in the given order.

    ``kind`` is exclusion or fault, ``reason`` the status, ``text`` what it means and what the system says. Bytes of a
    path that do not decode are written ``\xNN``; ``offset_bytes`` and ``tag`` are empty where the reason has no place.
    """
    write_row(stream, ["path", "kind", "reason", "offset_bytes", "tag", "text"])
    for omission in omissions:
        status = omission.status
        offset_bytes = "" if omission.offset is None else str(omission.offset)
        tag = "" if omission.tag is None else format_tag(omission.tag)
        text = f"{status.text}: {omission.detail}" if omission.detail else status.text
        write_row(stream, [show_undecoded(omission.path), status.kind.value, status.name, offset_bytes, tag, text])

"""The record of one test case: bytes, and what a reader must find in them.

For: the tables of cases, and every test that runs over them.
Never: an expectation taken from the output of a reader.
Standard: PS3.5 and PS3.10, edition 2026b.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dicom_bytes import ITEM, UNDEFINED, Encoding, Part, Row, Written, join


@dataclass(frozen=True)
class Case:
    """A file with its expected result, recorded twice: by hand in ``reads``, and by the writer in ``written.rows``.

    ``reads`` has one line for each element and item of the data set: path, VR (``-`` for an item), value length
    (a number, ``undefined``, or ``*`` if the writer's row is enough). ``deviations`` maps the name of each
    expected deviation to its count, or to None if the count is not checked; no other deviation may occur.
    """

    name: str
    written: Written
    reads: str
    deviations: dict[str, int | None] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """Return the bytes of the file."""
        return self.written.data

    def lines(self) -> list[tuple[str, str, int | None]]:
        """Return the hand-written expectation: path, VR and value length of each row of the data set."""
        found = []
        for line in self.reads.split("\n"):
            if not line.strip():
                continue
            path, vr, length = line.split()
            number = None if length == "*" else UNDEFINED if length == "undefined" else int(length)
            found.append((path, "" if vr == "-" else vr, number))
        return found

    def data_set_rows(self) -> list[Row]:
        """Return the rows that the writer recorded after the file meta information."""
        return [row for row in self.written.rows if row.start >= self.written.meta_end]


def value_of(case: Case, row: Row) -> bytes:
    """Return the value field as it was written."""
    return case.written.stream[row.value_offset : row.end]


def is_item(row: Row) -> bool:
    """Items have no VR."""
    return row.tag == ITEM


PLAIN = """
(0008,0018) UI 6
(0008,0060) CS 2
(0010,0010) PN 8
"""


def plain(encoding: Encoding) -> Part:
    """Return three public elements that precede the subject of a case."""
    return join(
        [
            encoding.element(0x00080018, "UI", b"1.2.3\0"),
            encoding.element(0x00080060, "CS", b"MR"),
            encoding.element(0x00100010, "PN", b"Doe^Jane"),
        ]
    )


LAST = """
(0040,a075) PN 6
"""


def last(encoding: Encoding) -> Part:
    """Return a public element that follows the subject of a case: a reader that skips wrongly does not find it."""
    return encoding.element(0x0040A075, "PN", b"Roe^J ")

"""Real files with a few bytes changed, read by tagsniff and by pydicom.

For: ``make fuzz``. If pydicom reads a file, tagsniff reads the same elements, reports a fault, or reports a deviation
that explains the different elements; other differences are listed below with their reasons.
Never: a value of an element in the output, or a case that its seed and number do not reproduce.
Standard: PS3.5 and PS3.10, edition 2026b.
"""

from __future__ import annotations

import argparse
import logging
import random
import re
import sys
import tempfile
import time
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import tagsniff
from changed_bytes import change_bytes
from dicom_bytes import DEFLATED_UID, IMPLICIT_LITTLE_UID, LONG_FORM_VRS, SHORT_FORM_VRS, tag_text
from pydicom_comparison import Row, differences_of_row, rows_by_path
from pydicom_rows import DELIMITER_LENGTH, Found, Reference
from read_rows import paths
from real_files import RealFile, distinct_files
from tagsniff.status import Status

MOST_BYTES = 65536
MOST_LINES = 3
VRS = frozenset(vr.encode("ascii") for vr in LONG_FORM_VRS | SHORT_FORM_VRS)
SEQUENCE_DELIMITER_TAG = b"\xfe\xff\xdd\xe0"

# The elements differ, and this deviation is the reason.
REASONS_FOR_OTHER_ELEMENTS = frozenset(
    {
        Status.NO_PREAMBLE,
        Status.NO_FILE_META,
        Status.META_IMPLICIT_VR,
        Status.META_LENGTH_WRONG,
        Status.NO_TRANSFER_SYNTAX,
        Status.UNKNOWN_TRANSFER_SYNTAX,
        Status.TRANSFER_SYNTAX_WRONG,
        Status.COMMAND_SET,
        Status.UNKNOWN_VR,
        Status.IMPLICIT_ELEMENT,
        Status.ITEM_ENCODING,
        Status.UN_SEQUENCE,
        Status.SEQUENCE_VALUE,
        Status.UN_NOT_SEQUENCE,
        Status.MISSING_DELIMITER,
        Status.STRAY_DELIMITER,
        Status.STRAY_ITEM,
        Status.FRAGMENTS_ELSEWHERE,
        Status.TRAILING_PADDING,
        Status.DELIMITER_LENGTH,
    }
)


@dataclass(frozen=True)
class Accepted:
    """A kind of difference that is not an error of tagsniff: what, and the paths of tags, as regular expressions."""

    what: str
    path: str
    reason: str


ACCEPTED = (
    Accepted(
        "vr|only tagsniff",
        r"(.*\])?\((0001|0003|0005|0007|ffff),00[1-9a-f].\)(\[.*)?",
        "a group that PS3.5 7.8 forbids: tagsniff knows no private creator in it, and looks whether it is a sequence",
    ),
)


def choose_files() -> list[RealFile]:
    """Return the files that are small enough to be read often, in a fixed order."""
    return sorted(
        (real for real in distinct_files() if 0 < real.path.stat().st_size <= MOST_BYTES), key=lambda real: real.name
    )


def make_case(files: list[RealFile], seed: int, number: int) -> tuple[RealFile, bytes]:
    """Return the file of a case, and its bytes after the changes."""
    rng = random.Random(f"{seed}:{number}")
    real = rng.choice(files)
    return real, change_bytes(real.path.read_bytes(), rng)


def is_text(data: bytes) -> bool:
    """Whether all bytes are printable ASCII or white space."""
    return re.fullmatch(rb"[ -~\t-\r\x1a]*", data) is not None


def stream_of(header: tagsniff.Header, data: bytes) -> tuple[bytes, int]:
    """Return the bytes in which the offsets of the header count, and where pydicom's offsets of the data set begin.

    A data set that is deflated counts inflated: in the header after the file meta information, for pydicom from 0.
    """
    if header.transfer_syntax_uid != DEFLATED_UID:
        return data, 0
    elements = header.elements
    meta_end = int(elements["end_offset"][elements["tag"] >> 16 == 2].max())
    return data[:meta_end] + zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[meta_end:]), meta_end


class Repairs:
    """The differences between the two results for one file that its deviations explain, each only at its place.

    TRAILING_BYTES: pydicom reads the bytes after the data set as elements. That explains nothing where a VR is among
    the first of them. FRAGMENT_PADDING: pydicom then searches the fragments for the bytes of their delimitation item,
    which may be inside one of them, and reads elements from there. TRAILING_BYTES and FRAGMENTS_DELIMITER: pydicom
    drops the data set if it finds no delimitation item. SEQUENCE_NOT_ITEMS: pydicom takes any tag for the one of an
    item.
    """

    def __init__(self, header: tagsniff.Header, data: bytes, ours: dict[str, Row], theirs: dict[str, Found]) -> None:
        self.ours, self.theirs = ours, theirs
        data, self.their_start = stream_of(header, data)
        self.deviations = {deviation.status: deviation for deviation in header.deviations}
        self.our_offsets = dict(zip(paths(header), header.elements["value_offset"].tolist(), strict=True))
        self.cut_value = self._find_cut_value()
        self.is_dropped = all(place.startswith("(0002,") for place in theirs) and not self.deviations.keys().isdisjoint(
            {Status.TRAILING_BYTES, Status.FRAGMENTS_DELIMITER}
        )
        starts = []
        if self.cut_value is not None:
            starts.append(self.our_offsets[self.cut_value] + len(theirs[self.cut_value].value or b""))
        trailing = self.deviations.get(Status.TRAILING_BYTES)
        if trailing is not None and trailing.offset is not None:
            first = data[trailing.offset : trailing.offset + 8]
            if header.transfer_syntax_uid == IMPLICIT_LITTLE_UID or is_text(first) or first[4:6] not in VRS:
                starts.append(trailing.offset)
        # The offset from which pydicom reads elements where there are none.
        self.differ_from = min(starts, default=None)

    def _find_cut_value(self) -> str | None:
        """Return the path of the fragments whose value ends for pydicom at a delimitation item inside of a fragment."""
        deviation = self.deviations.get(Status.FRAGMENT_PADDING)
        place = "" if deviation is None or deviation.tag is None else tag_text(deviation.tag)
        if place not in self.ours or place not in self.theirs:
            return None
        value, cut = self.ours[place][2], self.theirs[place].value or b""
        is_cut = len(cut) < len(value) - DELIMITER_LENGTH and value.startswith(cut + SEQUENCE_DELIMITER_TAG)
        return place if is_cut else None

    def explain(self, what: str, place: str) -> bool:
        """Whether a deviation of the file explains the difference at this place, and only there."""
        if self.is_dropped:
            return what == "only tagsniff"
        if what == "value" and place == self.cut_value:
            return True
        return self._is_after_data_set(place) or self._is_no_sequence(what, place)

    def _is_after_data_set(self, place: str) -> bool:
        """Whether one of the two found the element where pydicom reads elements that are none."""
        if self.differ_from is None:
            return False
        root = place.partition("[")[0]
        their_offset = self.theirs[root].value_offset if root in self.theirs else None
        is_theirs = their_offset is not None and their_offset + self.their_start >= self.differ_from
        return is_theirs or self.our_offsets.get(root, -1) >= self.differ_from

    def _is_no_sequence(self, what: str, place: str) -> bool:
        if Status.SEQUENCE_NOT_ITEMS not in self.deviations or what not in ("vr", "only pydicom"):
            return False
        around = [place[: match.start()] for match in re.finditer(r"\[", place)] if what == "only pydicom" else [place]
        return any(one in self.ours and self.ours[one][0] == "UN" and self.theirs[one].vrs == {"SQ"} for one in around)


def is_accepted(what: str, place: str) -> bool:
    """Whether the list contains the difference."""
    return any(re.fullmatch(one.what, what) and re.fullmatch(one.path, place) for one in ACCEPTED)


def unexplained(path: Path) -> tuple[str, list[tuple[str, str]]]:
    """Return the result for the file, and the differences (what, and the path of tags) without an explanation."""
    header = tagsniff.read_header(path)
    if header.status is not Status.OK:
        return header.status.kind.value, []
    statuses = frozenset(deviation.status for deviation in header.deviations)
    if REASONS_FOR_OTHER_ELEMENTS & statuses:
        return "deviation", []
    try:
        theirs = Reference(path).rows
    except Exception:  # noqa: BLE001  pydicom gives up in many ways; then there is nothing to compare with
        return "not read by pydicom", []
    ours, twice = rows_by_path(header)
    # If a tag occurs twice in a data set, pydicom keeps one element, with its content.
    unknown = tuple(f"{place}[" for place in twice)
    found = [("only tagsniff", place) for place in ours if place not in theirs and not place.startswith(unknown)]
    found += [("only pydicom", place) for place in theirs if place not in ours and not place.startswith(unknown)]
    for place, row in ours.items():
        if place in theirs and place not in twice and not place.startswith(unknown):
            found += [(what, place) for what in differences_of_row(row, theirs[place])]
    repairs = Repairs(header, path.read_bytes(), ours, theirs)
    left = [one for one in found if not is_accepted(*one) and not repairs.explain(*one)]
    return "different" if left else "accepted" if found else "the same", left


def main() -> int:
    """Run cases until the time is over, or one case; return 1 if there is a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int, help="this case alone")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--keep", type=Path, help="where the file of a case with a difference is left")
    arguments = parser.parse_args()
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
    files = choose_files()
    counts: Counter[str] = Counter()
    end = time.monotonic() + arguments.seconds
    number = arguments.case or 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "object.dcm"
        while arguments.case is not None or time.monotonic() < end:
            real, data = make_case(files, arguments.seed, number)
            path.write_bytes(data)
            outcome, differences = unexplained(path)
            counts[outcome] += 1
            for what, place in differences[:MOST_LINES]:
                print(f"seed {arguments.seed} case {number} of {real.name}: {what} at {place}")
            if differences and arguments.keep is not None:
                arguments.keep.mkdir(parents=True, exist_ok=True)
                (arguments.keep / f"pydicom-{arguments.seed}-{number}.dcm").write_bytes(data)
            if arguments.case is not None:
                break
            number += 1
    print(f"{counts.total()} files: " + ", ".join(f"{count} {name}" for name, count in counts.most_common()))
    return 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main())

"""Every prefix of every case: complete, or a fault at the right place, never a shorter success.

For: files that were truncated anywhere, as copying and full disks leave them.
Never: the end of an element as a reader reports it; the writer's layout defines it.
Standard: PS3.5 section 7, PS3.10 section 7.1, edition 2026b.
"""

from __future__ import annotations

import io
import os
import random
import zlib
from pathlib import Path

import pytest

import tagsniff
from cases import REPAIRED, TABLES
from cut_files import DICM_END, Layout, Outcome, expected_outcome, is_doubtful, known_length, whole_rows
from dicom_bytes import DEFLATED_UID
from encoded_case import Case
from read_rows import paths
from real_files import RealFile, distinct_files
from tagsniff.status import Kind, Omission, Status

# In larger files only cuts near the edges of elements are tried byte by byte.
EVERY_BYTE = 2000
NEAR_EDGE = 13


def cuts(case: Case) -> list[int]:
    """Return every length of a small file; of a large one those near the edge of an element, and a random sample."""
    size = len(case.data)
    if size <= EVERY_BYTE:
        return list(range(size))
    chosen = set(range(0, size, max(1, size // 97)))
    if not case.written.deflated:
        for row in case.written.rows:
            for edge in (row.start, row.value_offset, row.end):
                chosen.update(range(edge - NEAR_EDGE, edge + NEAR_EDGE))
    chosen.update(range(size - NEAR_EDGE, size))
    possible = sorted(cut for cut in chosen if 0 <= cut < size)
    return possible if len(possible) <= EVERY_BYTE else sorted(random.Random(size).sample(possible, EVERY_BYTE // 4))


def result_of(header: tagsniff.Header) -> tuple[object, ...]:
    """Return everything that the checks below compare."""
    fault = header.fault and (header.fault.status, header.fault.offset, header.fault.tag)
    return header.status, fault, header.elements.tobytes()


@pytest.mark.parametrize("table", TABLES)
def test_prefixes(table: str, tmp_path: Path, subtests: pytest.Subtests) -> None:
    """Status, offset, tag and the complete elements, for every cut; the same from each kind of source."""
    for case in TABLES[table]:
        with subtests.test(case.name):
            assert problems_of_cuts(case, tmp_path / "object.dcm") == []


def problems_of_cuts(case: Case, path: Path) -> list[str]:
    """Return the errors at each cut."""
    layout = Layout(case.written)
    problems = []
    path.write_bytes(case.data)
    for cut in reversed(cuts(case)):  # the longest first: a file on disk is truncated shorter and shorter
        data = case.data[:cut]
        header = tagsniff.read_header(data)
        problem = problem_of_status(expected_outcome(layout, cut), header) or problem_of_elements(case, cut, header)
        os.truncate(path, cut)
        for kind, source in (("path", path), ("file", io.BytesIO(data))):
            if result_of(tagsniff.read_header(source)) != result_of(header):
                problem = problem or f"another result from a {kind}"
        if problem:
            problems.append(f"cut at {cut}: {problem}")
    return problems


def problem_of_status(expected: Outcome, header: tagsniff.Header) -> str | None:
    """Return what is wrong with the status, if anything."""
    name, fault = header.status.name, header.fault
    if name not in expected.statuses:
        return f"{name} instead of {' or '.join(sorted(expected.statuses))}"
    if header.status is Status.OK:
        return None if fault is None else "a fault beside OK"
    if fault is None or fault.status is not header.status:
        return f"{name} with {fault}"
    if header.status.kind is Kind.EXCLUSION:
        return None if len(header.elements) == 0 else "elements of an excluded file"
    return problem_of_place(expected, name, fault)


def problem_of_place(expected: Outcome, name: str, fault: Omission) -> str | None:
    """Return what is wrong with offset and tag of a fault, if anything."""
    if expected.offset is not None and fault.offset != expected.offset:
        return f"{name} at {fault.offset} instead of {expected.offset}"
    if expected.tag is not None and fault.tag != expected.tag:
        return f"{name} of tag {fault.tag:08x} instead of {expected.tag:08x}"
    return None


def problem_of_elements(case: Case, cut: int, header: tagsniff.Header) -> str | None:
    """The elements are those of the whole file up to some place, and include all complete ones."""
    if header.status.kind is Kind.EXCLUSION:
        return None
    if is_doubtful(case.written) and header.status is Status.UNREADABLE_ELEMENT:
        return None if len(header.elements) == 0 else "elements of bytes that are perhaps no DICOM"
    rows = case.written.rows
    known = known_length(case.written, cut)
    tries = [row for row in rows if row.all_or_nothing and row.value_offset <= known < row.end]

    def may_be_hidden(value_offset: int) -> bool:
        # Items that are recognized only after all of them were seen may be missing.
        return any(row.value_offset < value_offset < row.end for row in tries)

    offsets, lengths = header.elements["value_offset"].tolist(), header.elements["value_length"].tolist()
    found = zip(paths(header), offsets, lengths, strict=True)
    read = [entry for entry in found if not may_be_hidden(entry[1])]
    written, whole = (
        [(row.path, row.value_offset, row.length) for row in some if not may_be_hidden(row.value_offset)]
        for some in (rows, whole_rows(case.written, cut))
    )
    if read != written[: len(read)]:
        return "elements that are not in the whole file"
    if not set(whole) <= set(read):
        return "whole elements are missing"
    if header.status is Status.OK and read != whole:
        return "a success with other elements than the whole ones"
    return None


def test_prefixes_of_repaired_files(subtests: pytest.Subtests) -> None:
    """A prefix of a file that is read with a deviation is no better than one of a valid file.

    It is a success only where it ends after a whole element of the root data set, or after zeros that follow one.
    """
    for case in REPAIRED:
        with subtests.test(case.name):
            assert [problem for cut in cuts(case) if (problem := problem_of_repair(case, cut))] == []


def problem_of_repair(case: Case, cut: int) -> str | None:
    """Return what is wrong with the result for a prefix, if anything."""
    header = tagsniff.read_header(case.data[:cut])
    rows = case.written.rows
    if header.status is not Status.OK:
        if header.status.kind is not Kind.FAULT and cut >= DICM_END:
            return f"cut at {cut}: {header.status.name}"
    elif case.written.deflated or cut <= case.written.meta_end:
        return f"cut at {cut}: a success"
    else:
        # A container that is too short may end where its length says, too.
        ends = {row.end for row in rows if row.parent < 0}
        ends |= {row.value_offset + row.length for row in rows if row.parent < 0}
        at = max((end for end in ends if end <= cut), default=0)
        if at != cut and any(case.data[at:cut]):
            return f"cut at {cut}: a success inside of an element"
    written = {(row.path, row.value_offset) for row in rows}
    read = set(zip(paths(header), header.elements["value_offset"].tolist(), strict=True))
    return None if read <= written else f"cut at {cut}: elements that are not in the whole file: {read - written}"


OFTEN_CUT = (
    "CT_small.dcm",
    "MR_small_implicit.dcm",
    "MR_small_bigendian.dcm",
    "image_dfl.dcm",
    "JPEG2000.dcm",
    "rtplan.dcm",
    "UN_sequence.dcm",
    "nested_priv_SQ.dcm",
)


def cuts_of_real_file(path: Path, size: int) -> list[int]:
    """One file of each encoding is cut at every byte of its first kilobytes and then often; others at random."""
    if path.name in OFTEN_CUT:
        return [*range(min(3000, size)), *range(3000, size, max(1, size // 1500))]
    rng = random.Random(size)
    return sorted({rng.randrange(size) for _ in range(30)} | {rng.randrange(min(size, 5000)) for _ in range(30)})


def stream_ends_in(data: bytes, deflated_from: int) -> bool:
    """Whether these bytes contain the whole bit stream of a deflated data set."""
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    unpack.decompress(data[deflated_from:])
    return unpack.eof


def test_prefixes_of_real_files(subtests: pytest.Subtests) -> None:
    """A success has exactly the complete root elements of the whole file; all else is a fault or an exclusion."""
    for real in distinct_files():
        with subtests.test(real.name):
            check_prefixes(real)


def check_prefixes(real: RealFile) -> None:
    data = real.path.read_bytes()
    whole = tagsniff.read_header(data)
    if whole.status is not Status.OK:
        # The result for the whole file is tested in test_reference.py; a prefix of it is no better.
        for cut in cuts_of_real_file(real.path, len(data)):
            part = tagsniff.read_header(data[:cut])
            assert part.status is not Status.OK or is_cut_at_root(whole, data, cut), f"cut at {cut}"
        return
    for cut in cuts_of_real_file(real.path, len(data)):
        header = tagsniff.read_header(data[:cut])
        place = f"cut at {cut}"
        if header.status is Status.OK:
            assert is_cut_at_root(whole, data, cut), place
        else:
            assert header.status.kind is Kind.FAULT or is_unknowable(whole, cut), place
            assert header.fault is not None, place
            assert header.fault.offset is not None, place
        count = len(header.elements)
        for column in ("tag", "value_offset", "value_length", "depth", "parent"):
            assert header.elements[column].tolist() == whole.elements[column][:count].tolist(), place


def is_unknowable(whole: tagsniff.Header, cut: int) -> bool:
    """Whether so few bytes cannot show DICOM: the prefix, or without one the first element, is incomplete."""
    names = [deviation.status for deviation in whole.deviations]
    return cut < (int(whole.elements["end_offset"][0]) if Status.NO_PREAMBLE in names else DICM_END)


def is_cut_at_root(whole: tagsniff.Header, data: bytes, cut: int) -> bool:
    """Whether the cut is after a complete element of the root data set, or in zero bytes after one."""
    elements = whole.elements
    is_meta = elements["tag"] >> 16 == 2
    meta_end = int(elements["end_offset"][is_meta].max()) if is_meta.any() else 0
    if cut <= meta_end:
        return False
    if whole.transfer_syntax_uid == DEFLATED_UID:
        return stream_ends_in(data[:cut], meta_end)
    ends = elements["end_offset"][(elements["depth"] == 0) & (elements["end_offset"] <= cut)].tolist()
    return bool(ends) and (cut in ends or not any(data[max(ends) : cut]))

"""What a scan of values says at its end: the totals, what a reviewer should look at, what was left out.

For: standard error.
Never: a path of the collection, or a value of an element.
"""

from __future__ import annotations

from typing import TextIO

from tagsniff.report.collisions import count_collisions
from tagsniff.report.rows import FINDINGS
from tagsniff.report.values import ValueReport
from tagsniff.writers.summary import write_lines, write_omissions, write_statuses


def write_value_summary(report: ValueReport, stream: TextIO, *, exclusions_path: str | None) -> None:
    """Write the totals of a value report, what a reviewer should look at, and one line for each reason with its count.

    ``exclusions_path`` is None where what was left out is listed nowhere. Findings are counted in rows, exclusions and
    faults in paths, deviations in files.
    """
    stream.write(f"{report.files} files read, {report.series} series, {report.equipment} kinds of equipment, ")
    stream.write(f"{report.elements} elements, {report.count_rows()} rows\n")
    write_lines(stream, "findings (rows)", [(count, flag, FINDINGS[flag]) for flag, count in report.findings])
    if report.collisions:
        stream.write(
            f"{count_collisions(report.collisions)} collisions (what means two things: private tags, blocks, "
            "letter case, codes); the formats text and json list them, and so does tagsniff collisions\n"
        )
    if report.bounded:
        stream.write(
            f"{report.bounded} elements of some equipment have more than {report.max_values} values; "
            "not all are listed (rows of kind more)\n"
        )
    if report.partial_files:
        stream.write(f"{report.partial_files} files were read in part; what stands behind the fault is missing\n")
    write_statuses(report.omission_counts, report.deviations, stream)
    if exclusions_path is not None:
        write_omissions(report.omissions, exclusions_path, stream)
    elif report.omissions:
        stream.write(f"{len(report.omissions)} paths were left out; --exclusions lists them\n")

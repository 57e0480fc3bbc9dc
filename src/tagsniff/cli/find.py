"""``tagsniff find``: in which files, and where in them, does an element or a value occur?

For: the command line; from a row of a value report back to the files.
Never: decide anything about elements, or show a value unless values are requested.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from tagsniff.cli.outputs import ANSWER_IS_NO, DONE, MisuseError
from tagsniff.cli.reader import Reader, run_reader
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.report.redaction import PathNumbers
    from tagsniff.selection.find import Found
    from tagsniff.selection.query import Question
    from tagsniff.status import Omissions
    from tagsniff.writers.summaries import Listed


def run_find(arguments: argparse.Namespace) -> int:
    """Read the paths and write the occurrences; return the exit status, which is 1 if there are none."""
    return run_reader(_FindReader(arguments))


class _FindReader(Reader["Found", "Found"]):
    interruption_note = "what was found until then is in the output"

    def read(self) -> Found:
        question = _read_question(self.arguments)

        from tagsniff.selection.find import search

        with self.show_progress() as callbacks:
            return search(
                self.arguments.paths,
                question,
                keep_partial=self.arguments.keep_partial,
                workers=self.arguments.workers,
                names=self.arguments.glob,
                on_file=callbacks.on_file,
                on_walk_end=callbacks.on_walk_end,
                keep_interrupted=True,
            )

    def redact(self, found: Found) -> tuple[Found, PathNumbers]:
        from tagsniff.selection.find import redact_found

        return redact_found(found)

    def make_report(self, found: Found) -> Found:
        return found

    def find_omissions(self, report: Found) -> Omissions:
        return report.left_out

    def write(self, report: Found, form: str, stream: TextIO) -> None:
        from tagsniff.writers.occurrences import FORMATS

        FORMATS[form](report, stream, shows_values=self.arguments.show_values)

    def write_bytes(self, report: Found, form: str, stream: BinaryIO) -> None:
        from tagsniff.writers.occurrences import BINARY_FORMATS

        BINARY_FORMATS[form](report, stream, shows_values=self.arguments.show_values)

    def write_summary(self, report: Found, stream: TextIO, listed: Listed) -> None:
        from tagsniff.writers.occurrences import write_summary

        write_summary(report, stream, listed=listed)

    def describe(self, report: Found) -> dict[str, Any]:
        from tagsniff.writers.run_rows import lay_out_record

        totals = {"files": report.files_read, "occurrences": len(report)}
        return lay_out_record(report.run, report.left_out, totals)

    def answer(self, report: Found) -> int:
        return DONE if report else ANSWER_IS_NO


def _read_question(arguments: argparse.Namespace) -> Question:
    from tagsniff.dicom.element_names import split_names
    from tagsniff.selection.query import read_question

    try:
        return read_question(
            [name for text in arguments.element for name in split_names(text)],
            value=arguments.value,
            regex=arguments.regex,
            vr=arguments.vr,
            equipment=arguments.equipment,
            any_depth=arguments.any_depth,
            show_values=arguments.show_values,
        )
    except ValueError as error:
        raise MisuseError(show_on_terminal(str(error))) from None

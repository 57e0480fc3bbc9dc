"""``tagsniff before``, ``final`` and ``report``: the values of a collection, as a pair of profiles decides.

For: the command line.
Never: decide anything about elements. ``before`` and ``final`` differ only in their default profiles.
"""

from __future__ import annotations

import abc
import argparse
import os
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from tagsniff.cli.destination import ELEMENTS, HTML, SHEET_NAME
from tagsniff.cli.inputs import list_input_files
from tagsniff.cli.outputs import MisuseError, write_binary_output
from tagsniff.cli.profile import list_profile_paths, load_asked_profile
from tagsniff.cli.reader import ScanReader, run_reader

if TYPE_CHECKING:
    from tagsniff.api import Scan
    from tagsniff.cli.decisions import DecisionFiles
    from tagsniff.curation.elements import ElementSummary
    from tagsniff.profile import Profile, ProfileFile
    from tagsniff.report.element_uses import ElementUse
    from tagsniff.report.values import ValueReport
    from tagsniff.scanning.tables import ScanTables
    from tagsniff.status import Omissions
    from tagsniff.writers.summaries import Listed


def run_before(arguments: argparse.Namespace) -> int:
    """Read the paths and write Element Values Before De-identification; return the exit status."""
    from tagsniff.cli.decisions import take_target

    target = take_target(arguments)
    return run_reader(_CollectionReader(arguments, load_asked_profile(arguments, "before"), target))


def run_final(arguments: argparse.Namespace) -> int:
    """Read the paths and write Element Values, Final Review; return the exit status."""
    return run_reader(_CollectionReader(arguments, load_asked_profile(arguments, "final")))


def run_report(arguments: argparse.Namespace) -> int:
    """Write the report of a saved scan, and the sheet of decisions if one is named; return the exit status."""
    return run_reader(_SavedScanReader(arguments))


class _ValueReader(ScanReader["ValueReport"]):
    def __init__(self, arguments: argparse.Namespace, decisions: DecisionFiles | None = None) -> None:
        super().__init__(arguments)
        self._decisions = decisions
        self._tables: ScanTables
        self._uses: list[ElementUse]
        self._summaries: list[ElementSummary] | None = None

    def make_report(self, found: Scan) -> ValueReport:
        from tagsniff.report.element_uses import list_uses
        from tagsniff.report.values import build_value_report

        self._tables = found.tables
        self._uses = list_uses(found.tables)
        report = build_value_report(found.tables, self._uses)
        if report.uses:
            from tagsniff.curation.marking import mark_findings

            report = mark_findings(report)
        return self.apply_decisions(report)

    def apply_decisions(self, report: ValueReport) -> ValueReport:
        """Return the report without what the sheets of decisions cover."""
        return report if self._decisions is None else self._decisions.apply(report, self._uses)

    def find_sheet(self) -> DecisionFiles | None:
        """Return the sheets of the run if one of them is written, else None."""
        return self._decisions if self._decisions is not None and self._decisions.target is not None else None

    @abc.abstractmethod
    def find_lines(self, sheet: str) -> Collection[int]:
        """Return the lines of a sheet that have decided an element."""

    def write_decisions(self, report: ValueReport) -> bool:
        """Write the sheet of decisions, if there is one; return False if the system refuses."""
        files = self.find_sheet()
        if files is None or files.target is None:
            return True
        return files.write(
            self._tables,
            report,
            self._summarize(report),
            self.find_lines(files.target),
            shows_examples=self._shows_examples(),
            shown_path=self.destination.show(files.target) if files is not self._decisions else None,
        )

    def _summarize(self, report: ValueReport) -> list[ElementSummary]:
        """Return the summaries of the elements of the report, made once."""
        if self._summaries is None:
            from tagsniff.curation.elements import summarize_elements

            self._summaries = summarize_elements(self._tables, report, self._uses)
        return self._summaries

    def find_omissions(self, report: ValueReport) -> Omissions:
        return report.omissions

    def share(self, report: ValueReport) -> ValueReport:
        from tagsniff.report.sharing import make_sharing, share_values

        return share_values(report, self._uses, make_sharing())

    def write(self, report: ValueReport, form: str, stream: TextIO) -> None:
        if form == ELEMENTS or self.is_for_person():
            from tagsniff.writers import elements

            write = elements.write_csv if form == ELEMENTS else elements.write_for_person
            write(report, self._summarize(report), stream)
            return
        if form == HTML:
            self._write_page(report, stream)
            return
        from tagsniff.writers.values import FORMATS

        FORMATS[form](report, stream)

    def _write_page(self, report: ValueReport, stream: TextIO) -> None:
        from tagsniff.cli.decisions import make_sheet
        from tagsniff.report.inventory import build_report
        from tagsniff.writers.review_html import write_html

        summaries, shows_examples = self._summarize(report), self._shows_examples()
        files = self.find_sheet()
        if files is not None and files.target is not None:
            lines = self.find_lines(files.target)
            sheet = files.update(report, summaries, lines, shows_examples=shows_examples).sheet
        else:
            sheet = make_sheet(summaries, shows_examples=shows_examples)
        write_html(
            report,
            summaries,
            sheet,
            stream,
            inventory=build_report(self._tables),
            sheet_name="" if files is None else os.path.basename(files.target or ""),
            shows_examples=shows_examples,
        )

    def _shows_examples(self) -> bool:
        return not getattr(self.arguments, "no_examples", False)

    def write_bytes(self, report: ValueReport, form: str, stream: BinaryIO) -> None:
        from tagsniff.writers.values import BINARY_FORMATS

        BINARY_FORMATS[form](report, stream)

    def write_summary(self, report: ValueReport, stream: TextIO, listed: Listed) -> None:
        from tagsniff.writers.values import write_summary

        write_summary(report, stream, listed=listed)

    def describe(self, report: ValueReport) -> dict[str, Any]:
        from tagsniff.writers.run_rows import lay_out_record, show_count
        from tagsniff.writers.unused_rows import lay_out_unused

        totals = {"files": report.files, "series": report.series, "patients": show_count(report.patients)}
        totals |= {"elements": report.elements, "equipment": report.equipment, "rows": report.count_rows()}
        record = lay_out_record(report.run, report.omissions, totals, report.profiles)
        return {**record, "unused_rows": lay_out_unused(report.unused)}


class _CollectionReader(_ValueReader):
    def __init__(self, arguments: argparse.Namespace, profile: Profile, target: str | None = None) -> None:
        from tagsniff.cli.decisions import open_decisions

        super().__init__(arguments, open_decisions(arguments, profile, target))
        self._profile = profile
        if arguments.share and arguments.save is not None:
            raise MisuseError("a saved scan holds values: save it without --share, then tagsniff report --share")
        self._mode = arguments.command.name
        self._of_folder: DecisionFiles | None = None

    def list_inputs(self) -> list[str]:
        keys = [self.arguments.key] if self.arguments.key is not None else []
        return [*list_input_files(self.arguments), *list_profile_paths(self.arguments), *keys]

    def read(self) -> Scan:
        from tagsniff.api import scan

        key = self._find_key()
        with self.show_progress() as callbacks:
            return scan(
                self.arguments.paths,
                profile=self._profile,
                mode=self._mode,
                max_values=self.arguments.max_values,
                all_values=self.arguments.all_values,
                keep_partial=self.arguments.keep_partial,
                # Only then the series and patients of several equipments can be counted together.
                mergeable=self.destination.scan is not None or self._needs_summaries(),
                key=key,
                workers=self.arguments.workers,
                names=self.arguments.glob,
                on_file=callbacks.on_file,
                on_walk_end=callbacks.on_walk_end,
                on_deviation=self.collect_deviations(),
                keep_interrupted=True,
            )

    def _needs_summaries(self) -> bool:
        is_page = any(output.format == HTML for output in self.destination.outputs)
        return is_page or self.is_for_person() or (self._decisions is not None and self._decisions.target is not None)

    def find_sheet(self) -> DecisionFiles | None:
        """Return the sheets of the run: those of its flags, or a new one in a folder of ``before --out``."""
        named = super().find_sheet()
        folder = self.destination.folder
        if named is not None or folder is None or self._mode != "before":
            return named
        if self._of_folder is None:
            from tagsniff.cli.decisions import DecisionFiles

            self._of_folder = DecisionFiles((), folder.name(SHEET_NAME), self._place_key())
        return self._of_folder

    def find_lines(self, sheet: str) -> Collection[int]:
        from tagsniff.curation.sheet_of_run import find_decided_lines

        return find_decided_lines(self._tables, sheet)

    def _find_key(self) -> bytes | None:
        """Return the key of ``--key``, or of the file beside the saved scan; None if no scan is saved in a folder."""
        path = self._place_key()
        if path is None:
            return None
        from tagsniff.cli.decisions import read_key

        return read_key(path)

    def _place_key(self) -> str | None:
        """Return the path of the key; that of a folder of ``--out``, which may be given away, is beside the folder."""
        if self.arguments.key is not None or self.destination.scan is None:
            return None if self.arguments.key is None else str(self.arguments.key)
        from tagsniff.output.key_file import place_key

        return place_key(self.arguments.out if self.destination.folder is not None else self.destination.scan)

    def save(self, found: Scan) -> bool:
        to = self.destination
        if to.scan is None:
            return True
        from tagsniff.scanning.saved import write_scan

        return write_binary_output(to.scan, lambda stream: write_scan(found.tables, stream), overwrite=to.overwrite)


class _SavedScanReader(_ValueReader):
    # This run was not interrupted, even if the saved one was.
    interruption_note = ""

    def __init__(self, arguments: argparse.Namespace) -> None:
        from tagsniff.cli.decisions import DecisionFiles, check_sheet_target, load_sheets

        self._sheets: list[ProfileFile] = []
        self._lines: Mapping[str, Collection[int]] = {}
        decisions = None
        if arguments.decisions:
            target = str(arguments.decisions[-1])
            check_sheet_target(target, [arguments.scan])
            self._sheets = load_sheets(arguments.decisions, is_last_optional=True)
            digests = {one.file: one.digest for one in self._sheets}
            decisions = DecisionFiles(digests, target, arguments.key, digests)
        super().__init__(arguments, decisions)

    def list_inputs(self) -> list[str]:
        keys = [self.arguments.key] if self.arguments.key is not None else []
        return [self.arguments.scan, *self.arguments.decisions, *keys]

    def read(self) -> Scan:
        from tagsniff.cli.merge import read_saved_scan

        return read_saved_scan(self.arguments.scan)

    def apply_decisions(self, report: ValueReport) -> ValueReport:
        if self._decisions is None:
            return report
        from tagsniff.curation.later_decisions import decide_later

        report, self._lines = decide_later(report, self._uses, self._sheets, self._decisions.sheets)
        return report

    def find_lines(self, sheet: str) -> Collection[int]:
        return self._lines.get(sheet, ())

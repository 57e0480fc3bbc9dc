"""``tagsniff before``, ``final`` and ``report``: the values of a collection, as a pair of profiles decides.

For: the command line.
Never: decide anything about elements. ``before`` and ``final`` differ only in their default profiles.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from tagsniff.cli.destination import ELEMENTS, SHEET_NAME
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

    def _write_sheet(
        self, files: DecisionFiles, report: ValueReport, lines: Collection[int], shown_path: str | None = None
    ) -> bool:
        """Write the target of the sheets, whose ``lines`` have decided an element."""
        return files.write(
            self._tables,
            report,
            self._summarize(report),
            lines,
            shows_examples=not self.arguments.no_examples,
            shown_path=shown_path,
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
        from tagsniff.writers.values import FORMATS

        FORMATS[form](report, stream)

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
        return self.is_for_person() or (self._decisions is not None and self._decisions.target is not None)

    def write_decisions(self, report: ValueReport) -> bool:
        """Write the sheet of decisions: again, or a new one in a folder of ``before --out``.

        Return False if the system refuses.
        """
        if self._decisions is not None and self._decisions.target is not None:
            from tagsniff.curation.sheet_of_run import find_decided_lines

            lines = find_decided_lines(self._tables, self._decisions.target)
            return self._write_sheet(self._decisions, report, lines)
        folder = self.destination.folder
        if folder is None or self._mode != "before":
            return True
        from tagsniff.cli.decisions import DecisionFiles

        path = folder.name(SHEET_NAME)
        return self._write_sheet(DecisionFiles((), path, self._place_key()), report, (), self.destination.show(path))

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

    def write_decisions(self, report: ValueReport) -> bool:
        """Write the sheet of decisions again; return False if the system refuses."""
        if self._decisions is None:
            return True
        lines = self._lines.get(self._decisions.target or "", ())
        return self._write_sheet(self._decisions, report, lines)

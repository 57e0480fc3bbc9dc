"""The sheet of decisions on the command line: read with the profile, applied to the report, and written again.

For: ``before --decisions FILE``; ``final`` reads the sheets that are layers of its profile, and writes none.
Never: write a sheet over a file that is none, or with the evidence of a part of the collection.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tagsniff.cli.outputs import MisuseError, check_targets, say, write_output
from tagsniff.output.counted import choose_verb, count_of
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.curation.decisions import DecidedSheet
    from tagsniff.curation.elements import ElementSummary
    from tagsniff.curation.sheet import Sheet
    from tagsniff.profile import Profile
    from tagsniff.report.element_uses import ElementUse
    from tagsniff.report.values import ValueReport
    from tagsniff.scanning.tables import ScanTables


class DecisionFiles:
    """The sheets of a run by their paths, and which of them is written again.

    ``key`` is the path of the key of known values; by default it is ``tagsniff.key`` beside each sheet.
    """

    def __init__(self, paths: Iterable[str], target: str | None, key: str | None) -> None:
        """Read the sheets and their known values. Raises MisuseError."""
        self.target = target
        self._updated: Sheet | None = None
        self._run = ""
        self._sheets = {path: _read_sheet(path, key) for path in paths}
        if target is not None and target not in self._sheets:
            self._sheets[target] = _read_sheet(target, key)

    def apply(self, report: ValueReport, uses: Sequence[ElementUse]) -> ValueReport:
        """Return the report without what is decided, and with flags on what is new."""
        from tagsniff.curation.decisions import apply_decisions

        return apply_decisions(report, uses, self._sheets)

    def update(
        self,
        tables: ScanTables,
        report: ValueReport,
        summaries: Sequence[ElementSummary],
        *,
        shows_examples: bool,
    ) -> Sheet:
        """Return the sheet of the target as this run writes it; made once, for the sheet and for the review page."""
        if self._updated is None:
            from tagsniff.curation.sheet import Evidence, find_line, update_sheet

            assert self.target is not None
            sheet, known = self._sheets[self.target]
            places = (find_line(record.row) for record in tables.decisions)
            decided = {line for file, line in places if file == self.target and line}
            self._run = _name_run(report.run.date, {*known.by_run, *sheet.list_runs()})
            evidence = Evidence(self._run, summaries, decided, shows_examples=shows_examples)
            self._updated = update_sheet(sheet, evidence)
        return self._updated

    def write(
        self,
        tables: ScanTables,
        report: ValueReport,
        summaries: Sequence[ElementSummary],
        *,
        shows_examples: bool,
    ) -> bool:
        """Write the sheet and its known values, if there is a target; return False if the system refuses."""
        if self.target is None:
            return True
        from tagsniff.curation.decisions import list_digests
        from tagsniff.curation.sheet import MET_NOTHING
        from tagsniff.writers.sheet import write_sheet

        path = self.target
        shown = show_on_terminal(path)
        known = self._sheets[path].known
        if report.omissions.is_interrupted:
            say(f"{shown} is left as it was: the run was interrupted")
            return True
        updated = self.update(tables, report, summaries, shows_examples=shows_examples)
        known.add(self._run, list_digests(report, (one for one in summaries if one.is_read), known))
        runs = updated.list_runs()
        # The digests first: a sheet that names a run whose digests are missing holds for nothing.
        is_written = write_output(
            _name_known(path), lambda stream: known.write(stream, runs), overwrite=True
        ) and write_output(path, lambda stream: write_sheet(updated, stream), overwrite=True)
        if is_written:
            undecided = sum(not row.is_decided for row in updated.rows)
            say(f"{count_of(undecided, 'row')} to decide in {shown}")
            idle = sum(MET_NOTHING in row.cells["flags"].split() for row in updated.rows)
            if idle:
                say(f"{count_of(idle, 'row')} of it {choose_verb(idle, 'has')} met nothing")
        return is_written


def make_sheet(summaries: Sequence[ElementSummary], *, shows_examples: bool) -> Sheet:
    """Return the sheet of a run that writes none: its rows were seen in no run, for no known values are kept."""
    from tagsniff.curation.sheet import Evidence, Sheet, update_sheet

    return update_sheet(Sheet(), Evidence("", summaries, (), shows_examples=shows_examples))


def _name_run(date: str, names: set[str]) -> str:
    """Return a name for a run that no other has: its date, with a number after it if there was one at this date."""
    name, number = date, 1
    while name in names:
        number += 1
        name = f"{date}.{number}"
    return name


def take_target(arguments: argparse.Namespace) -> str | None:
    """Return the sheet that is written after the run: the last one that is named. One that does not exist is no layer.

    Raises MisuseError if it cannot be written.
    """
    if not arguments.decisions:
        return None
    target = str(arguments.decisions[-1])
    if not os.path.lexists(target):
        arguments.layers = [layer for layer in arguments.layers if layer != ("decisions", target)]
    named = [("the sheet of decisions", target), ("the known values", _name_known(target))]
    check_targets(arguments.paths, None, named, overwrite=True, is_standard_output_used=False)
    return target


def open_decisions(arguments: argparse.Namespace, profile: Profile, target: str | None) -> DecisionFiles | None:
    """Return the sheets of a profile, and the one that is written; None if there is none. Raises MisuseError."""
    from tagsniff.profile import ProfileKind

    files = {one.file: one.kind for layer in profile.layers for one in layer if not one.is_shipped}
    if target is not None and files.get(target, ProfileKind.DECISIONS) is not ProfileKind.DECISIONS:
        say(f"{show_on_terminal(target)} is a {files[target].value} Profile, no sheet: it is not written")
        target = None
    sheets = [file for file, kind in files.items() if kind is ProfileKind.DECISIONS]
    return DecisionFiles(sheets, target, arguments.key) if sheets or target is not None else None


def _read_sheet(path: str, key_path: str | None) -> DecidedSheet:
    from tagsniff.curation.decisions import DecidedSheet
    from tagsniff.curation.known_values import KnownValuesError, read_known_values
    from tagsniff.curation.sheet import Sheet, read_decisions
    from tagsniff.output.key_file import KEY_NAME
    from tagsniff.profile import ProfileError

    place = key_path or os.path.join(os.path.dirname(os.path.realpath(path)), KEY_NAME)
    key = read_key(place)
    known_path = _name_known(path)
    try:
        sheet = read_decisions(path, _read_bytes(path)) if os.path.lexists(path) else Sheet()
        lines = _read_bytes(known_path).decode("ascii").splitlines() if os.path.lexists(known_path) else []
        return DecidedSheet(sheet, read_known_values(lines, key))
    except ProfileError as error:
        raise MisuseError(*(show_on_terminal(str(mistake)) for mistake in error.mistakes)) from None
    except KnownValuesError as error:
        raise MisuseError(f"{show_on_terminal(known_path)}: {error}") from None
    except UnicodeDecodeError:
        raise MisuseError(f"{show_on_terminal(known_path)}: this is no file of known values") from None
    except OSError as error:
        raise MisuseError(f"cannot read {show_on_terminal(str(error.filename))}: {error.strerror}") from None


def read_key(path: str) -> bytes:
    """Return the key in a file, which is made if it does not exist. Raises MisuseError."""
    from tagsniff.output.key_file import KeyFileError, read_or_make_key

    try:
        return read_or_make_key(path)
    except KeyFileError as error:
        raise MisuseError(f"{show_on_terminal(path)}: {error}") from None
    except OSError as error:
        raise MisuseError(f"cannot read or make the key {show_on_terminal(path)}: {error.strerror}") from None


def _name_known(path: str) -> str:
    from tagsniff.curation.known_values import ENDING

    return path + ENDING


def _read_bytes(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()

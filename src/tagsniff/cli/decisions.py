"""The sheet of decisions on the command line: read with the profile, applied to the report, and written again.

For: ``before --decisions FILE``; ``final`` reads the sheets that are layers of its profile, and writes none.
Never: write a sheet over a file that is none, or with the evidence of a part of the collection.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from tagsniff.cli.outputs import MisuseError, check_targets, say, write_output
from tagsniff.output.counted import choose_verb, count_of
from tagsniff.output.folder_lock import lock_folder
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.curation.decisions import DecidedSheet
    from tagsniff.curation.elements import ElementSummary
    from tagsniff.curation.journal import Entry
    from tagsniff.curation.sheet import Sheet
    from tagsniff.profile import Profile, ProfileFile
    from tagsniff.report.element_uses import ElementUse
    from tagsniff.report.values import ValueReport
    from tagsniff.scanning.tables import ScanTables


class DecisionFiles:
    """The sheets of a run by their paths, and which of them is written again.

    ``key`` is the path of the key of known values; by default it is ``tagsniff.key`` beside each sheet. The key of a
    sheet that is only read is not made.
    """

    def __init__(
        self, paths: Iterable[str], target: str | None, key: str | None, digests: Mapping[str, str] | None = None
    ) -> None:
        """Read the sheets and their known values. Raises MisuseError.

        ``digests`` are the SHA-256 of the sheets that were read as profiles: they must be the same bytes.
        """
        self.target = target
        self._updated: DecidedSheet | None = None
        self._digests: dict[str, str] = {}
        self._sheets: dict[str, DecidedSheet] = {}
        for path in dict.fromkeys([*paths, *([] if target is None else [target])]):
            self._sheets[path], self._digests[path] = _read_sheet(path, key, is_written=path == target)
            if digests and path in digests and digests[path] != self._digests[path]:
                raise MisuseError(f"{show_on_terminal(path)} was changed while it was read; run the command again")

    @property
    def sheets(self) -> Mapping[str, DecidedSheet]:
        """The sheets by their paths, with their known values, as they were read."""
        return self._sheets

    def digest(self, path: str) -> str:
        """Return the SHA-256 of the bytes of a sheet when it was read, empty if there was no such file."""
        return self._digests[path]

    def apply(self, report: ValueReport, uses: Sequence[ElementUse]) -> ValueReport:
        """Return the report without what is decided, and with flags on what is new."""
        from tagsniff.curation.decisions import apply_decisions

        return apply_decisions(report, uses, self._sheets)

    def update(
        self,
        report: ValueReport,
        summaries: Sequence[ElementSummary],
        decided_lines: Collection[int],
        *,
        shows_examples: bool = True,
    ) -> DecidedSheet:
        """Return the sheet of the target with the evidence of a run; see `make_sheet_of_run`.

        It is made once, for the sheet and for the review page.
        """
        if self._updated is None:
            from tagsniff.curation.sheet_of_run import make_sheet_of_run

            assert self.target is not None
            given = self._sheets[self.target]
            self._updated = make_sheet_of_run(given, report, summaries, decided_lines, shows_examples=shows_examples)
        return self._updated

    def write(
        self,
        tables: ScanTables,
        report: ValueReport,
        summaries: Sequence[ElementSummary],
        decided_lines: Collection[int],
        *,
        shows_examples: bool,
        shown_path: str | None = None,
    ) -> bool:
        """Write the sheet, its known values, and into its journal the codes that are not there yet.

        Nothing is written if there is no target. Return False if the system refuses. ``shown_path`` is the path that is
        said to a person, if it is another one.
        """
        if self.target is None:
            return True
        from tagsniff.curation.sheet import MET_NOTHING
        from tagsniff.curation.sheet_of_run import count_undecided

        path = self.target
        shown = show_on_terminal(shown_path or path)
        if report.omissions.is_interrupted:
            say(f"{shown} is not written: the run was interrupted")
            return True
        updated = self.update(report, summaries, decided_lines, shows_examples=shows_examples)
        with lock_folder(path):
            if _find_digest(path) != self._digests[path]:
                say(f"tagsniff: error: {shown} was changed while the files were read: it is left as it is; run again")
                return False
            if not write_sheet_and_known(path, updated) or not note_codes(path, self._sheets[path].sheet, tables):
                return False
        say(f"{count_of(count_undecided(updated.sheet), 'row')} to decide in {shown}")
        idle = sum(MET_NOTHING in row.cells["flags"].split() for row in updated.sheet.rows)
        if idle:
            say(f"{count_of(idle, 'row')} of it {choose_verb(idle, 'has')} met nothing")
        return True


def make_sheet(summaries: Sequence[ElementSummary], *, shows_examples: bool) -> Sheet:
    """Return the sheet of a run that writes none: its rows were seen in no run, for no known values are kept."""
    from tagsniff.curation.sheet import Evidence, Sheet, update_sheet

    return update_sheet(Sheet(), Evidence("", summaries, (), shows_examples=shows_examples))


def write_sheet_and_known(path: str, decided: DecidedSheet, *, has_known: bool = False) -> bool:
    """Write a sheet and the file of its known values; if the system refuses, say so and return False.

    ``has_known``: the file of known values is as it has to be.
    """
    from tagsniff.writers.sheet import write_sheet

    sheet, known = decided
    runs = sheet.list_runs()
    # The digests first: a sheet that names a run whose digests are missing holds for nothing.
    if not has_known and not write_output(name_known(path), lambda stream: known.write(stream, runs), overwrite=True):
        return False
    return write_output(path, lambda stream: write_sheet(sheet, stream), overwrite=True)


def note_codes(path: str, sheet: Sheet, tables: ScanTables) -> bool:
    """Add what a sheet says and its journal does not to the journal; if the system refuses, say so and return False."""
    from tagsniff.curation.journal import append_act, find_unwritten, name_journal

    journal = name_journal(path)
    entries = read_journal_file(journal) if os.path.lexists(journal) else []
    try:
        changes = find_unwritten(entries, sheet)
        if changes:
            from tagsniff.scanning.saved import digest_scan

            append_act(journal, "sheet", changes, scan=digest_scan(tables))
    except OSError as error:
        say(f"tagsniff: error: cannot write {show_on_terminal(journal)}: {error.strerror}")
        return False
    return True


def load_sheets(paths: Sequence[str], *, is_last_optional: bool = False) -> list[ProfileFile]:
    """Return sheets as profiles, in their order. Raises MisuseError for a mistake, and for a profile of another form.

    ``is_last_optional``: the last one may be missing.
    """
    found = []
    for number, path in enumerate(dict.fromkeys(paths), start=1):
        if is_last_optional and number == len(set(paths)) and not os.path.lexists(path):
            continue
        found.append(_load_sheet(path))
    return found


def _load_sheet(path: str) -> ProfileFile:
    from tagsniff import _core
    from tagsniff.profile import ProfileError, ProfileKind
    from tagsniff.profile.parser import parse_profile

    place = show_on_terminal(path)
    try:
        profile = parse_profile(path, read_bytes(path), kind=None, find_keyword=_core.dictionary_find_keyword)
    except ProfileError as error:
        raise MisuseError(*(show_on_terminal(str(mistake)) for mistake in error.mistakes)) from None
    except OSError as error:
        raise MisuseError(f"cannot read {place}: {error.strerror}") from None
    if profile.kind is not ProfileKind.DECISIONS:
        raise MisuseError(f"{place} is a {profile.kind.value} Profile, and no sheet of decisions")
    return profile


def take_target(arguments: argparse.Namespace) -> str | None:
    """Return the sheet that is written after the run: the last one that is named. One that does not exist is no layer.

    Raises MisuseError if it cannot be written.
    """
    if not arguments.decisions:
        return None
    target = str(arguments.decisions[-1])
    if not os.path.lexists(target):
        arguments.layers = [layer for layer in arguments.layers if layer != ("decisions", target)]
    check_sheet_target(target, arguments.paths)
    return target


def check_sheet_target(path: str, inputs: Sequence[str]) -> None:
    """Raise MisuseError if a sheet and the files beside it cannot be written, or would replace one of the inputs."""
    from tagsniff.curation.journal import name_journal

    if os.path.lexists(name_journal(path)):
        read_journal_file(name_journal(path))
    named = [
        ("the sheet of decisions", path),
        ("the known values", name_known(path)),
        ("its journal", name_journal(path)),
    ]
    check_targets(inputs, None, named, overwrite=True, is_standard_output_used=False)


def open_decisions(arguments: argparse.Namespace, profile: Profile, target: str | None) -> DecisionFiles | None:
    """Return the sheets of a profile, and the one that is written; None if there is none. Raises MisuseError."""
    from tagsniff.profile import ProfileKind

    files = {one.file: one for layer in profile.layers for one in layer if not one.is_shipped}
    if target in files and files[target].kind is not ProfileKind.DECISIONS:
        say(f"{show_on_terminal(target)} is a {files[target].kind.value} Profile, no sheet: it is not written")
        target = None
    digests = {file: one.digest for file, one in files.items() if one.kind is ProfileKind.DECISIONS}
    return DecisionFiles(digests, target, arguments.key, digests) if digests or target is not None else None


def _read_sheet(path: str, key_path: str | None, *, is_written: bool) -> tuple[DecidedSheet, str]:
    """Return a sheet with its known values, and the SHA-256 of its bytes, empty if there is no such file."""
    from tagsniff.curation.decisions import DecidedSheet
    from tagsniff.curation.known_values import KnownValuesError, read_known_values
    from tagsniff.curation.sheet import Sheet, read_decisions
    from tagsniff.output.key_file import KEY_BYTES
    from tagsniff.profile import ProfileError
    from tagsniff.profile.shipped import find_digest

    place = find_key_place(path, key_path)
    # Without its key, no value of a sheet is known. A random key that is not kept gives the same result.
    key = read_key(place) if is_written or os.path.lexists(place) else os.urandom(KEY_BYTES)
    known_path = name_known(path)
    try:
        raw = read_bytes(path) if os.path.lexists(path) else None
        sheet = Sheet() if raw is None else read_decisions(path, raw)
        lines = read_bytes(known_path).decode("ascii").splitlines() if os.path.lexists(known_path) else []
        return DecidedSheet(sheet, read_known_values(lines, key)), "" if raw is None else find_digest(raw)
    except ProfileError as error:
        raise MisuseError(*(show_on_terminal(str(mistake)) for mistake in error.mistakes)) from None
    except KnownValuesError as error:
        raise MisuseError(f"{show_on_terminal(known_path)}: {error}") from None
    except UnicodeDecodeError:
        raise MisuseError(f"{show_on_terminal(known_path)}: this is no file of known values") from None
    except OSError as error:
        raise MisuseError(f"cannot read {show_on_terminal(str(error.filename))}: {error.strerror}") from None


def find_key_place(sheet: str, key_path: str | None) -> str:
    """Return the path of the key of a sheet: ``key_path``, by default beside the sheet.

    The key of a sheet in a folder of ``--out`` is beside the folder, unless there is one in it.
    """
    from tagsniff.output.key_file import KEY_NAME
    from tagsniff.output.output_folder import RUN_FILE

    if key_path:
        return key_path
    folder = os.path.dirname(os.path.realpath(sheet))
    place = os.path.join(folder, KEY_NAME)
    is_of_run = not os.path.lexists(place) and os.path.exists(os.path.join(folder, RUN_FILE))
    return os.path.join(os.path.dirname(folder), KEY_NAME) if is_of_run else place


def read_journal_file(path: str) -> list[Entry]:
    """Return the lines of a journal. Raises MisuseError if it cannot be read, or is another file."""
    from tagsniff.curation.journal import read_journal

    try:
        entries = read_journal(read_bytes(path))
    except OSError as error:
        raise MisuseError(f"cannot read {show_on_terminal(path)}: {error.strerror}") from None
    if entries and all(entry.body is None for entry in entries):
        raise MisuseError(f"{show_on_terminal(path)} is no journal of decisions")
    return entries


def read_key(path: str) -> bytes:
    """Return the key in a file, which is made if it does not exist. Raises MisuseError."""
    from tagsniff.output.key_file import KeyFileError, read_or_make_key

    try:
        return read_or_make_key(path)
    except KeyFileError as error:
        raise MisuseError(f"{show_on_terminal(path)}: {error}") from None
    except OSError as error:
        raise MisuseError(f"cannot read or make the key {show_on_terminal(path)}: {error.strerror}") from None


def name_known(path: str) -> str:
    from tagsniff.curation.known_values import ENDING

    return path + ENDING


def _find_digest(path: str) -> str:
    """Return the SHA-256 of a file, empty if it cannot be read."""
    from tagsniff.profile.shipped import find_digest

    try:
        return find_digest(read_bytes(path))
    except OSError:
        return ""


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file. Raises OSError."""
    with open(path, "rb") as stream:
        return stream.read()

"""``tagsniff review``: the review page of a saved scan, served to a browser, and its sheet on the disk.

For: the command line; `tagsniff.cli.review_server` has the requests.
Never: a decision that is answered before it is on the disk; a write over a sheet that somebody else has changed.
Terms: PS3.15 Table E.1-1a (codes), edition 2026d.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tagsniff.cli.decisions import (
    DecisionFiles,
    check_sheet_target,
    load_sheets,
    note_codes,
    read_bytes,
    write_sheet_and_known,
)
from tagsniff.cli.destination import SHEET_NAME
from tagsniff.cli.merge import read_saved_scan
from tagsniff.cli.outputs import DONE, MisuseError, say
from tagsniff.cli.review_server import NotWrittenError, RefusedError, ReviewServer, SheetChangedError
from tagsniff.curation.decisions import BREAKS, DecidedSheet, holds_for_values
from tagsniff.curation.elements import ElementSummary, assign_uses, summarize_elements
from tagsniff.curation.journal import Change, append_act, name_journal
from tagsniff.curation.later_decisions import decide_later
from tagsniff.curation.marking import mark_findings
from tagsniff.curation.sheet import COLUMNS, DECIDING, FOR, Key, Sheet, SheetRow, key_of, read_decisions
from tagsniff.dicom.value_text import represents_several
from tagsniff.output.counted import count_of
from tagsniff.output.folder_lock import lock_folder
from tagsniff.output.terminal_text import show_on_terminal, show_undecoded
from tagsniff.profile.shipped import find_digest
from tagsniff.report.element_uses import list_uses
from tagsniff.report.inventory import build_report
from tagsniff.report.rows import COLLAPSED, RowKind
from tagsniff.report.values import ValueReport, build_value_report

if TYPE_CHECKING:
    from tagsniff.scanning.tables import ScanTables
    from tagsniff.selection.find import Found

PageWriter = Callable[..., object]
"""`tagsniff.writers.review_html.write_html`, or a stand-in for it."""

_GIVEN = ("code", "collapse", "scope", "note", "who", "when")
_ACTS = frozenset({"key", "bulk", "undo", "load"})
_MOST_CHARACTERS = 4096
_ELSE = "says something else of the same elements"
_SAYS_ELSE = "another row of this element has another code: change that row first"
_MOST_ROWS = 200_000
_MOST_FILES = 1000


def run_review(arguments: argparse.Namespace) -> int:
    """Serve the page until the command is interrupted."""
    from tagsniff.writers.review_html import write_html

    sheet = _choose_sheet(arguments)
    check_sheet_target(sheet, [arguments.scan, *arguments.paths])
    _check_paths(arguments.paths)
    tables = read_saved_scan(arguments.scan).tables
    if tables.is_interrupted:
        raise MisuseError(
            f"{show_on_terminal(arguments.scan)}: this scan was interrupted, and has a part of the values"
        )
    sitting = Sitting(
        tables,
        sheet,
        key=arguments.key,
        paths=arguments.paths,
        shows_examples=not arguments.no_examples,
        write_page=write_html,
    )
    try:
        server = ReviewServer(sitting, arguments.port or 0)
    except OSError as error:
        raise MisuseError(f"--port: cannot serve on port {arguments.port}: {error.strerror}") from None
    say(f"{sitting.describe()}; the sheet is {show_on_terminal(sheet)}")
    say(f"review page: {server.address}")
    say("the address is for you alone; Ctrl-C ends the review")
    with server, _open_browser(server.address, is_wanted=not arguments.no_browser):
        try:
            server.serve_forever()
        finally:
            # An act that is being written is written to its end.
            sitting.close()
            say(f"{count_of(sitting.acts, 'act')} written; {sitting.describe()}")
    return DONE


class Sitting:
    """The report, the sheet and the files of a review; several threads may ask."""

    def __init__(
        self,
        tables: ScanTables,
        sheet_path: str,
        *,
        write_page: PageWriter,
        key: str | None = None,
        paths: Sequence[str] = (),
        shows_examples: bool = True,
    ) -> None:
        """Read the sheet, if it exists. Raises MisuseError if it cannot be read."""
        self.acts = 0
        self._is_closed = False
        self._tables = tables
        self._path = sheet_path
        self._key = key
        self._paths = list(paths)
        self._shows_examples = shows_examples
        self._write_page = write_page
        self._uses = list_uses(tables)
        report = build_value_report(tables, self._uses)
        self._marked = mark_findings(report) if report.uses else report
        self._inventory = build_report(tables)
        self._lock = threading.RLock()
        self._finding = threading.Lock()
        self._scan_digest = ""
        self._report: ValueReport
        self._summaries: list[ElementSummary]
        self._made: DecidedSheet
        self._values: Counter[Key]
        self._breaking: Counter[Key]
        self._read()

    def describe(self) -> str:
        """Return what is left, in words."""
        left = self._count_left()
        return f"{count_of(left['to_decide'], 'row')} to decide, {count_of(left['rows_left'], 'row')} of values left"

    def close(self) -> None:
        """Wait for an act that is being written; no other is written afterwards."""
        with self._lock:
            self._is_closed = True

    def make_page(self) -> str:
        """Return the page, with the decisions that were made since it was made before.

        If somebody else has changed the sheet, it is read again. Raises RefusedError if that fails.
        """
        with self._lock:
            if self._find_disk_digest() != self._digest:
                try:
                    self._read()
                except MisuseError as error:
                    raise RefusedError("; ".join(error.messages)) from None
            stream = io.StringIO()
            self._write_page(
                self._report,
                self._summaries,
                self._made.sheet,
                stream,
                inventory=self._inventory,
                sheet_name=os.path.basename(self._path),
                is_served=True,
                finds_files=bool(self._paths),
                shows_examples=self._shows_examples,
            )
            return stream.getvalue()

    def decide(self, body: Mapping[str, Any]) -> Mapping[str, int]:
        """Write an act into the sheet, and then into the journal; return the numbers of what is left."""
        act, what, posted = _read_act(body)
        with self._lock, lock_folder(self._path):
            if self._is_closed:
                raise NotWrittenError("the review has ended")
            if self._find_disk_digest() != self._digest:
                raise SheetChangedError(self._list_changed())
            sheet, changes = self._change(posted)
            if changes:
                before = self._made.sheet
                self._write(sheet)
                try:
                    self._note(act, changes, what)
                except NotWrittenError:
                    # The page takes the act back: so does the sheet.
                    self._write(before)
                    raise
                self.acts += 1
            return self._count_left()

    def find(self, element: str, vr: str, row: int) -> Mapping[str, Any]:
        """Return the files that have the value of a row, and where in them; one search at a time."""
        if not self._paths:
            raise RefusedError("no PATH was given: start tagsniff review with the files of the scan")
        report = self._report
        use = next((use for use in report.uses if use.start <= row < use.end), None)
        if use is None or (use.element, use.vr) != (element, vr):
            raise RefusedError("the page is older than the sheet: load it again")
        table = report.table
        (value,) = table.values.list_cells(row, row + 1)
        (kind,) = table.kinds.list_cells(row, row + 1)
        (flags,) = table.flags.list_cells(row, row + 1)
        is_one = kind is RowKind.VALUE and COLLAPSED not in flags and not represents_several(value)
        from tagsniff.selection.find import search
        from tagsniff.selection.query import read_question

        try:
            question = read_question(use.element, value=value if is_one else None, vr=use.vr, equipment=use.equipment)
        except ValueError:
            raise RefusedError("this element cannot be searched for") from None
        with self._finding:
            return _lay_out_found(search(self._paths, question))

    def _read(self) -> None:
        """Read the sheet, and decide the report by it."""
        profiles = load_sheets([self._path], is_last_optional=True)
        digests = {one.file: one.digest for one in profiles}
        files = DecisionFiles(digests, self._path, self._key, digests)
        given = files.sheets[self._path]
        report, lines = decide_later(self._marked, self._uses, profiles, files.sheets)
        summaries = summarize_elements(self._tables, report, self._uses)
        made = files.update(report, summaries, lines.get(self._path, ()), shows_examples=self._shows_examples)
        self._given: Sheet | None = given.sheet
        self._digest = files.digest(self._path)
        self._report, self._summaries, self._made = report, summaries, made
        self._in_sheet = {row.key for row in made.sheet.rows}
        self._known_runs: set[str] | None = None
        self._values, self._breaking = self._count_values()

    def _find_disk_digest(self) -> str:
        try:
            return find_digest(read_bytes(self._path))
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise NotWrittenError(f"the sheet cannot be read: {error.strerror}") from None

    def _list_changed(self) -> list[Mapping[str, str]]:
        """Return the rows of the sheet on the disk that are not as they were written."""
        try:
            found = read_decisions(self._path, read_bytes(self._path)).rows
        except (OSError, ValueError):
            found = ()
        there = {tuple(row.cells[name] for name in DECIDING) for row in self._made.sheet.rows}
        return [
            {name: row.cells[name] for name in DECIDING}
            for row in found
            if tuple(row.cells[name] for name in DECIDING) not in there
        ]

    def _change(self, posted: Sequence[Mapping[str, str]]) -> tuple[Sheet, list[Change]]:
        """Return the sheet with the cells of the page, and what they change. Raises RefusedError."""
        rows: list[SheetRow | None] = list(self._made.sheet.rows)
        places: dict[Key, list[int]] = {}
        for number, row in enumerate(self._made.sheet.rows):
            places.setdefault(row.key, []).append(number)
        changes = []
        for one in posted:
            new = SheetRow(0, {**dict.fromkeys(COLUMNS, ""), **one})
            at = _choose_place(rows, places.get(new.key, ()), one.get("seen"))
            if at is None:
                if not any(one.get(name) for name in _GIVEN):
                    continue
                at = len(rows)
                rows.append(SheetRow(0, {**new.cells, "seen": ""}))
                places.setdefault(new.key, []).append(at)
                before = ""
            else:
                old = rows[at]
                assert old is not None
                before = old.cells["code"]
                changed = SheetRow(old.line, {**old.cells, **{name: one.get(name, "") for name in _GIVEN}})
                if changed.cells == old.cells:
                    continue
                rows[at] = changed
            now = rows[at]
            assert now is not None
            changes.append(Change(now.cells, before))
            if new.key not in self._in_sheet and not any(now.cells[name] for name in _GIVEN):
                # It was added in this sitting, and all that it said was undone.
                rows[at] = None
                places[new.key].remove(at)
        sheet = Sheet(self._made.sheet.settings, tuple(row for row in rows if row is not None))
        _check_sheet(sheet)
        return sheet, changes

    def _write(self, sheet: Sheet) -> None:
        runs = sheet.list_runs()
        is_written = write_sheet_and_known(
            self._path, DecidedSheet(sheet, self._made.known), has_known=runs == self._known_runs
        )
        if not is_written:
            raise NotWrittenError("the sheet cannot be written: the terminal says why")
        self._known_runs = runs
        self._made = DecidedSheet(sheet, self._made.known)
        self._digest = self._find_disk_digest()

    def _note(self, act: str, changes: Sequence[Change], what: str) -> None:
        """Add an act to the journal; before the first one, what the sheet said and the journal did not."""
        if not self._scan_digest:
            from tagsniff.scanning.saved import digest_scan

            self._scan_digest = digest_scan(self._tables)
        if self._given is not None:
            try:
                is_noted = note_codes(self._path, self._given, self._tables)
            except MisuseError as error:
                raise NotWrittenError("; ".join(error.messages)) from None
            if not is_noted:
                raise NotWrittenError("the journal cannot be written: the terminal says why")
            self._given = None
        try:
            append_act(name_journal(self._path), act, changes, scan=self._scan_digest, what=what)
        except OSError as error:
            raise NotWrittenError(f"the journal cannot be written: {error.strerror}") from None

    def _count_values(self) -> tuple[Counter[Key], Counter[Key]]:
        """Return the number of value rows that are shown for each element, and of those that a K does not hide."""
        import numpy as np

        report, table = self._report, self._report.table
        values: Counter[Key] = Counter()
        breaking: Counter[Key] = Counter()
        if not report.uses:
            return values, breaking
        are_values = np.array([kind in (RowKind.VALUE, RowKind.MORE) for kind in table.kinds.things])
        shown = are_values[table.kinds.numbers]
        broken = np.array([not BREAKS.isdisjoint(flags) for flags in table.flags.things])[table.flags.numbers] & shown
        for use, number in zip(report.uses, assign_uses(report, self._summaries), strict=True):
            one = self._summaries[number]
            if one.is_read:
                values[key_of(one)] += int(shown[use.start : use.end].sum())
                breaking[key_of(one)] += int(broken[use.start : use.end].sum())
        return values, breaking

    def _count_left(self) -> dict[str, int]:
        """Return the number of rows to decide, and of the rows of values that the codes leave to be looked at."""
        with self._lock:
            left = dict(self._values)
            to_decide = 0
            for row in self._made.sheet.rows:
                if row.key not in left:
                    continue
                code = row.cells["code"].upper()
                if not code:
                    # New values of an element that is decided: the row of its decision comes after this one.
                    to_decide += 1
                elif code != "R":
                    holds = code in ("K", "C") and not holds_for_values(row, row.cells["vr"])
                    left[row.key] = self._breaking[row.key] if holds else 0
            waiting = {row.key for row in self._made.sheet.rows if not row.is_decided}
            rows = sum(self._values[key] if key in waiting else count for key, count in left.items())
            return {"to_decide": to_decide, "rows_left": rows}


def _choose_sheet(arguments: argparse.Namespace) -> str:
    """Return the sheet of ``--decisions``; by default the one beside the scan, as in a folder of ``before --out``."""
    if len(arguments.decisions) > 1:
        raise MisuseError("--decisions: a review has one sheet; tagsniff decide merge makes one of several")
    if arguments.decisions:
        return str(arguments.decisions[0])
    return os.path.join(os.path.dirname(arguments.scan), SHEET_NAME)


def _check_paths(paths: Sequence[str]) -> None:
    for path in paths:
        if not os.path.exists(path):
            raise MisuseError(f"{show_on_terminal(path)}: no such file or folder")


def _read_act(body: Mapping[str, Any]) -> tuple[str, str, list[Mapping[str, str]]]:
    """Return the act, what it was chosen by, and its rows.

    Raises RefusedError for anything else than the page sends.
    """
    act, what, rows = body.get("act"), body.get("what") or "", body.get("rows")
    if (
        not isinstance(act, str)
        or act not in _ACTS
        or not isinstance(what, str)
        or len(what) > _MOST_CHARACTERS
        or not isinstance(rows, list)
    ):
        raise RefusedError("this is no act: act, what and rows are needed")
    if len(rows) > _MOST_ROWS:
        raise RefusedError(f"an act has at most {_MOST_ROWS} rows")
    allowed = {*FOR, *_GIVEN, "seen"}
    for row in rows:
        is_row = isinstance(row, dict) and row.get("element") and row.keys() <= allowed
        if not is_row or not all(isinstance(cell, str) and len(cell) <= _MOST_CHARACTERS for cell in row.values()):
            raise RefusedError("a row has an element, and texts in the columns of a sheet that a person fills in")
        if any("\ud800" <= letter <= "\udfff" for cell in row.values() for letter in cell):
            raise RefusedError("a cell has half of a character")
    return act, what, rows


def _choose_place(rows: Sequence[SheetRow | None], places: Sequence[int], seen: str | None) -> int | None:
    """Return which of the rows of an element is meant: new values of a decided element have a row of their own.

    Raises RefusedError if it is not clear: the code of one of them must never become that of the other.
    """
    if seen is not None:
        runs = tuple(dict.fromkeys(seen.split()))
        for at in places:
            row = rows[at]
            if row is not None and row.runs == runs:
                return at
    if len(places) > 1 or (places and seen):
        raise RefusedError("the page is older than the sheet: load it again")
    return places[0] if places else None


def _check_sheet(sheet: Sheet) -> None:
    """Raise RefusedError if a profile could not be read from the sheet again."""
    from tagsniff import _core
    from tagsniff.profile import ProfileError
    from tagsniff.profile.parser import parse_profile
    from tagsniff.writers.sheet import write_sheet

    stream = io.StringIO()
    write_sheet(sheet, stream)
    raw = stream.getvalue().encode("utf-8")
    try:
        parse_profile("the sheet", raw, kind=None, find_keyword=_core.dictionary_find_keyword)
    except ProfileError as error:
        reasons = dict.fromkeys(_SAYS_ELSE if _ELSE in one.reason else one.reason for one in error.mistakes)
        raise RefusedError("; ".join([*reasons][:5])) from None


def _lay_out_found(found: Found) -> dict[str, Any]:
    """Return the first files with their items, and how many more there are."""
    first: dict[str, str] = {}
    for one in found:
        first.setdefault(one.path, one.element)
    files = [{"path": show_undecoded(path), "item": item} for path, item in list(first.items())[:_MOST_FILES]]
    return {"files": files, "more": len(first) - len(files), "left_out": len(found.omissions)}


@contextlib.contextmanager
def _open_browser(address: str, *, is_wanted: bool) -> Iterator[None]:
    """Open the address in a browser.

    The browser gets the path of a file that only this user can read: what a command line has, all users can read.
    """
    # Without a screen, a browser of text would take the terminal.
    has_screen = sys.platform in ("win32", "darwin") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    if not is_wanted or not has_screen:
        yield
        return
    import webbrowser

    with tempfile.TemporaryDirectory(prefix="tagsniff-", ignore_cleanup_errors=True) as folder:
        path = os.path.join(folder, "review.html")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(
                f'<!doctype html><meta http-equiv="refresh" content="0; url={address}"><title>tagsniff</title>\n'
            )
        with contextlib.suppress(Exception):
            webbrowser.open(f"file://{path}")
        yield

"""``tagsniff decide``: sheets of decisions of several persons merged, checked, written as profiles, and their journal.

For: the command line.
Never: choose between two decisions, show a value, or write a sheet that is not whole.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

from tagsniff.cli.decisions import (
    DecisionFiles,
    check_sheet_target,
    find_key_place,
    load_sheets,
    name_known,
    read_bytes,
    read_journal_file,
)
from tagsniff.cli.outputs import (
    ANSWER_IS_NO,
    DONE,
    INCOMPLETE,
    MisuseError,
    check_targets,
    choose_status,
    say,
    write_output,
)
from tagsniff.output.counted import count_of
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.curation.profile_files import LeftOut, ProfileTables
    from tagsniff.curation.sheet import Sheet
    from tagsniff.curation.sheet_check import SheetCheck
    from tagsniff.curation.sheet_merge import Conflict, KnownSheet, MergedSheet
    from tagsniff.profile import ProfileFile

_PUBLIC_NAME, _PRIVATE_NAME = "confidentiality.csv", "modality-software.csv"


def run_merge(arguments: argparse.Namespace) -> int:
    """Write one sheet of several, or list the rows on which they differ; return the exit status."""
    from tagsniff.curation.sheet_merge import KeysDifferError, merge_sheets

    paths = list(dict.fromkeys(arguments.sheets))
    if len(paths) < 2:
        raise MisuseError("give at least two different sheets")
    resolve = arguments.resolve
    inputs = [*paths, *filter(None, [resolve])]
    _check_merge_targets(arguments, inputs)
    load_sheets(paths)
    resolved = _read_resolved(resolve)
    try:
        merged = merge_sheets([_read_known_sheet(path) for path in paths], resolved)
    except KeysDifferError as error:
        one, other = map(show_on_terminal, error.paths)
        raise MisuseError(
            f"the known values of {one} and {other} were made with different keys, and cannot be put together: scan "
            "with one --key FILE, or remove the .known file of the sheet whose values are to be shown again"
        ) from None
    say(
        f"{count_of(merged.agreed, 'row')} decided alike, {merged.single} in one sheet alone, "
        f"{merged.resolved} resolved, {count_of(len(merged.conflicts), 'conflict')}"
    )
    if merged.conflicts or merged.settings:
        if not write_output(None, lambda stream: _write_conflicts(merged, stream)):
            return INCOMPLETE
        if resolve is not None and merged.conflicts and not _write_questions(resolve, merged.conflicts, resolved):
            return INCOMPLETE
        say(f"{show_on_terminal(arguments.output)} is not written")
        return ANSWER_IS_NO
    return DONE if _write_merged(arguments.output, paths, merged) else INCOMPLETE


def run_check(arguments: argparse.Namespace) -> int:
    """Say what a sheet leaves open in a saved scan; return the exit status."""
    from tagsniff.cli.merge import read_saved_scan
    from tagsniff.curation.elements import summarize_elements
    from tagsniff.curation.later_decisions import decide_later
    from tagsniff.curation.marking import mark_findings
    from tagsniff.curation.sheet_check import check_sheet
    from tagsniff.report.element_uses import list_uses
    from tagsniff.report.values import build_value_report

    path = arguments.sheet
    profiles = load_sheets([path])
    files = DecisionFiles([path], None, arguments.key, {path: profiles[0].digest})
    tables = read_saved_scan(arguments.scan).tables
    uses = list_uses(tables)
    report = mark_findings(build_value_report(tables, uses))
    report, lines = decide_later(report, uses, profiles, files.sheets)
    summaries = summarize_elements(tables, report, uses)
    sheet = files.sheets[path].sheet
    found = check_sheet(sheet, profiles[0], report, summaries, uses, lines=lines.get(path, ()))
    is_written = write_output(None, lambda stream: _write_check(found, sheet, stream))
    answer = DONE if found.is_decided else ANSWER_IS_NO
    return choose_status(report.omissions, is_written=is_written, answer=answer)


def run_apply(arguments: argparse.Namespace) -> int:
    """Write the decisions of sheets as profile files in a folder; return the exit status."""
    from tagsniff.curation.profile_files import make_profile_tables
    from tagsniff.output.output_folder import FolderRefusedError, OutputFolder

    sheets = load_sheets(arguments.sheets)
    names = _name_profiles(sheets)
    tables = [make_profile_tables(sheet) for sheet in sheets]
    for sheet, table in zip(sheets, tables, strict=True):
        if table.refused:
            lines = [_describe_row(sheet.file, one) for one in table.refused]
            raise MisuseError("a profile cannot say what these rows do; keep the sheet as a layer of its own", *lines)
    place = show_on_terminal(arguments.output)
    target = os.path.realpath(arguments.output)
    if any(os.path.realpath(path).startswith(target + os.sep) for path in arguments.sheets):
        raise MisuseError(f"{place} has something in it that is to be read, and cannot be replaced")
    folder = OutputFolder(arguments.output, "decide apply")
    try:
        folder.begin()
        for sheet, table, of_sheet in zip(sheets, tables, names, strict=True):
            if not _write_profiles(folder, of_sheet, sheet, table):
                return INCOMPLETE
        folder.finish(_describe_sheets(sheets))
    except FolderRefusedError as error:
        raise MisuseError(f"{place} {show_on_terminal(str(error))}") from None
    except OSError as error:
        raise MisuseError(f"cannot write {place}: {error.strerror}") from None
    finally:
        folder.abandon()
    for sheet, table in zip(sheets, tables, strict=True):
        _say_what_differs(sheet, table)
    flags = []
    for public, private in names:
        flags += [f"--confidentiality {os.path.join(arguments.output, public)}"]
        flags += [f"--modality-software {os.path.join(arguments.output, private)}"]
    say(f"in this order they decide as the sheets do: {show_on_terminal(' '.join(flags))}")
    return DONE


def run_log(arguments: argparse.Namespace) -> int:
    """Write the journal of a sheet; return the exit status, which is 1 if a line of it is no act."""
    from tagsniff.curation.journal import name_journal
    from tagsniff.writers.journal import FORMATS

    path = name_journal(arguments.sheet)
    if not os.path.exists(path):
        raise MisuseError(f"{show_on_terminal(path)}: no such file; nothing was decided with this sheet yet")
    forms = arguments.format or ["text"]
    if len(forms) > 1:
        raise MisuseError("--format: the journal is written in one format")
    entries = read_journal_file(path)
    if not write_output(None, lambda stream: FORMATS[forms[0]](entries, stream)):
        return INCOMPLETE
    wrong = [entry.line for entry in entries if entry.body is None]
    for line in wrong:
        say(f"{show_on_terminal(path)}:{line}: this is no act: it was cut off or changed")
    return ANSWER_IS_NO if wrong else DONE


def _check_merge_targets(arguments: argparse.Namespace, inputs: Sequence[str]) -> None:
    from tagsniff.curation.journal import name_journal

    output = arguments.output
    others = [("the known values", name_known(output))]
    check_targets(inputs, output, others, overwrite=arguments.force)
    # A line is added to a journal that is there.
    check_targets(inputs, None, [("the journal", name_journal(output))], overwrite=True, is_standard_output_used=False)
    if arguments.resolve is not None:
        check_sheet_target(arguments.resolve, arguments.sheets)


def _read_known_sheet(path: str) -> KnownSheet:
    from tagsniff.curation.known_values import KnownValuesError, read_known_file
    from tagsniff.curation.sheet import read_decisions
    from tagsniff.curation.sheet_merge import KnownSheet

    known_path = name_known(path)
    try:
        lines = read_bytes(known_path).decode("ascii").splitlines() if os.path.lexists(known_path) else []
        return KnownSheet(path, read_decisions(path, read_bytes(path)), read_known_file(lines))
    except (KnownValuesError, UnicodeDecodeError) as error:
        reason = str(error) if isinstance(error, KnownValuesError) else "this is no file of known values"
        raise MisuseError(f"{show_on_terminal(known_path)}: {reason}") from None
    except OSError as error:
        raise MisuseError(f"cannot read {show_on_terminal(str(error.filename))}: {error.strerror}") from None


def _read_resolved(path: str | None) -> Sheet | None:
    from tagsniff.curation.sheet import read_decisions

    if path is None or not os.path.lexists(path):
        return None
    load_sheets([path])
    return read_decisions(path, read_bytes(path))


def _write_questions(path: str, conflicts: Sequence[Conflict], resolved: Sheet | None) -> bool:
    """Write the sheet in which a person says which decisions hold."""
    from tagsniff.curation.sheet_merge import ask_for_answers
    from tagsniff.writers.sheet import write_sheet

    asked = ask_for_answers(conflicts, resolved)
    if not write_output(path, lambda stream: write_sheet(asked, stream), overwrite=True):
        return False
    say(f"fill in the codes that hold in {show_on_terminal(path)}, and run the command again")
    return True


def _write_merged(path: str, sheets: Sequence[str], merged: MergedSheet) -> bool:
    from tagsniff.curation.journal import append_act, find_unwritten, name_journal
    from tagsniff.writers.sheet import write_sheet

    journal = name_journal(path)
    entries = read_journal_file(journal) if os.path.lexists(journal) else []
    known, runs = merged.known, merged.sheet.list_runs()
    # The digests first: a sheet that names a run whose digests are missing holds for nothing.
    if known.key_name and not write_output(name_known(path), lambda stream: known.write(stream, runs), overwrite=True):
        return False
    if not write_output(path, lambda stream: write_sheet(merged.sheet, stream), overwrite=True):
        return False
    what = f"{', '.join(sheets)}: {merged.agreed} alike, {merged.single} in one alone, {merged.resolved} resolved"
    try:
        append_act(journal, "merge", find_unwritten(entries, merged.sheet), what=show_on_terminal(what))
    except OSError as error:
        say(f"tagsniff: error: cannot write {show_on_terminal(journal)}: {error.strerror}")
        return False
    if known.key_name:
        _say_key(path, known.key_name)
    return True


def _say_key(path: str, key_name: str) -> None:
    """Say if the key of the known values is not beside the sheet: its decisions on text hold for nothing without it."""
    from tagsniff.cli.decisions import read_key
    from tagsniff.curation.known_values import name_key

    place = find_key_place(path, None)
    if not os.path.lexists(place) or name_key(read_key(place)) != key_name:
        say(f"the known values need the key of the sheets: copy it to {show_on_terminal(place)}, or give --key FILE")


def _write_conflicts(merged: MergedSheet, stream: TextIO) -> None:
    from tagsniff.curation.sheet_merge import describe_decision
    from tagsniff.writers.journal import name_subject

    for name in merged.settings:
        stream.write(f"the leading lines differ: # {name} =\n")
    for conflict in merged.conflicts:
        stream.write(show_on_terminal(name_subject(conflict.cells)) + "\n")
        for path, row in conflict.rows:
            stream.write(show_on_terminal(f"  {path}:{row.line}  {describe_decision(row)}") + "\n")


def _write_check(found: SheetCheck, sheet: Sheet, stream: TextIO) -> None:
    decided = sum(row.is_decided for row in sheet.rows)
    stream.write(f"decided: {count_of(decided, 'row')}")
    stream.write(f"; {found.reviewed} with R, shown each time\n" if found.reviewed else "\n")
    stream.write(f"met nothing: {count_of(len(found.unused), 'row')}\n")
    for row in found.unused:
        stream.write(show_on_terminal(f"  line {row.line}  {row.text}: {row.reason}") + "\n")
    values = sum(one.values for one in found.new)
    stream.write(f"new since the decision: {count_of(values, 'value')} of {count_of(len(found.new), 'element')}\n")
    for one in found.new:
        stream.write(show_on_terminal(f"  {one.element} {one.vr}: {count_of(one.values, 'value')}") + "\n")
    rows = sum(one.values for one in found.undecided)
    stream.write(f"undecided: {count_of(len(found.undecided), 'element')}, {count_of(rows, 'row')} of values\n")
    for left in found.undecided:
        words = [left.element, left.vr, left.manufacturer, *left.flags]
        line = f"  {' '.join(filter(None, words))}: {count_of(left.values, 'row')} of values"
        stream.write(show_on_terminal(line) + "\n")


def _name_profiles(sheets: Sequence[ProfileFile]) -> list[tuple[str, str]]:
    """Return the names of the two files of each sheet; those of several sheets begin with the name of the sheet."""
    if len(sheets) == 1:
        return [(_PUBLIC_NAME, _PRIVATE_NAME)]
    stems = [os.path.splitext(os.path.basename(sheet.file))[0] for sheet in sheets]
    if len(set(stems)) < len(stems):
        raise MisuseError("the sheets have the same name, and their files would too")
    return [(f"{stem}-{_PUBLIC_NAME}", f"{stem}-{_PRIVATE_NAME}") for stem in stems]


def _write_profiles(folder: Any, names: tuple[str, str], sheet: ProfileFile, table: ProfileTables) -> bool:
    from tagsniff import _core
    from tagsniff.curation.profile_files import PRIVATE_COLUMNS, PUBLIC_COLUMNS
    from tagsniff.output.csv_text import write_row
    from tagsniff.profile import ProfileKind
    from tagsniff.profile.parser import parse_profile

    forms = (
        (names[0], PUBLIC_COLUMNS, table.public, ProfileKind.CONFIDENTIALITY),
        (names[1], PRIVATE_COLUMNS, table.private, ProfileKind.MODALITY_SOFTWARE),
    )
    stem = os.path.splitext(os.path.basename(sheet.file))[0]
    for name, columns, rows, kind in forms:
        path = folder.name(name)

        def write(stream: TextIO, columns: Sequence[str] = columns, rows: Sequence[Sequence[str]] = rows) -> None:
            for setting, value in (("name", show_on_terminal(stem)), *table.settings):
                stream.write(f"# {setting} = {value}\n")
            write_row(stream, columns)
            for row in rows:
                write_row(stream, row)

        if not write_output(path, write):
            return False
        # What is not a profile as it was meant is an error of this program, and nothing is put into its place.
        parse_profile(path, read_bytes(path), kind=kind, find_keyword=_core.dictionary_find_keyword)
    return True


def _describe_sheets(sheets: Sequence[ProfileFile]) -> dict[str, Any]:
    from tagsniff import __version__
    from tagsniff.scanning.run_record import read_date

    return {
        "version": __version__,
        "date": read_date(),
        "sheets": [{"name": os.path.basename(one.file), "sha256": one.digest} for one in sheets],
    }


def _say_what_differs(sheet: ProfileFile, table: ProfileTables) -> None:
    place = show_on_terminal(sheet.file)
    say(f"{place}: {count_of(len(table.public), 'public row')}, {count_of(len(table.private), 'private row')}")
    for rows, what in (
        (table.reviewed, "hold for the values that were seen, which no profile knows: they are written as R"),
        (table.dead, "decide nothing, because a sequence around the element is removed: they are left out"),
    ):
        if rows:
            say(f"{place}: {count_of(len(rows), 'row')} that {what}")
            for row in rows:
                say(show_on_terminal(f"  {row.line}  {row.text}"))


def _describe_row(file: str, row: LeftOut) -> str:
    return show_on_terminal(f"{file}:{row.line}  {row.text}: {row.reason}")

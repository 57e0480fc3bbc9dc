"""How each format says which run a report is of, and that the report is incomplete.

For: all writers of reports. Text: lines that begin with ``#``. CSV: a first row of kind ``run`` and, if the report is
incomplete, a last row of kind ``incomplete``; both have the columns of all rows. JSON Lines: the same rows as objects.
JSON: members. Parquet: the metadata of the file.
Never: a path, or a value of an element.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tagsniff.output.counted import choose_verb, count_of
from tagsniff.output.json_text import format_json
from tagsniff.output.terminal_text import show_on_terminal, show_undecoded
from tagsniff.scanning.run_record import RunRecord
from tagsniff.scanning.tables import ProfileRecord
from tagsniff.status import Kind, Omissions

if TYPE_CHECKING:
    from tagsniff.report.values import ValueReport

RUN = "run"
INCOMPLETE = "incomplete"
# A line of text fits a terminal; all other formats have the whole digest.
_DIGITS_IN_TEXT = 16


def describe_run(run: RunRecord, profiles: Iterable[ProfileRecord] = ()) -> str:
    """Return one line: ``tagsniff 0.1.0; before; 2026-11-30T20:21:37Z; profile basic ...``."""
    only = f"only files named {' or '.join(run.names)}" if run.names else ""
    words = [f"tagsniff {run.version}".rstrip(), run.mode, run.date, only, *map(_describe_profile, profiles)]
    return "; ".join(filter(None, words))


def describe_incomplete(omissions: Omissions) -> str:
    """Return what is missing in a report, in one line; empty if nothing is."""
    faults = omissions.count(Kind.FAULT)
    reasons = []
    if omissions.is_interrupted:
        reasons.append("the run was interrupted")
    if omissions.is_empty:
        reasons.append("no file was read")
    if faults:
        reasons.append(f"{count_of(faults, 'path')} could not be read, or not to the end")
    if omissions.partial_files:
        files = count_of(omissions.partial_files, "file")
        reasons.append(f"{files} of them {choose_verb(omissions.partial_files, 'is')} counted in part")
    if omissions.bounded:
        elements = count_of(omissions.bounded, "element")
        reasons.append(
            f"{elements} of some equipment {choose_verb(omissions.bounded, 'has')} more values than are kept"
        )
    return "; ".join(reasons)


def list_heading(run: RunRecord, omissions: Omissions, profiles: Iterable[ProfileRecord] = ()) -> list[str]:
    """Return the first lines of a text report; an incomplete one says so in the first of them."""
    missing = describe_incomplete(omissions)
    lines = [f"# INCOMPLETE: {missing}"] if missing else []
    lines.append(f"# {describe_run(run)}")
    lines += (f"#   {_describe_profile(profile, _DIGITS_IN_TEXT)}" for profile in profiles)
    return [show_on_terminal(line) + "\n" for line in lines]


def lay_out_run(run: RunRecord) -> dict[str, Any]:
    """Return the members that say which run a report in JSON is of; ``names`` only if not all files were read."""
    names = {"names": list(run.names)} if run.names else {}
    return {"tagsniff": run.version, "mode": run.mode, "date": run.date, **names}


def lay_out_state(omissions: Omissions) -> dict[str, Any]:
    """Return the members that say whether a report in JSON is complete, and what is missing."""
    return {"complete": omissions.is_complete(), "incomplete": describe_incomplete(omissions)}


def lay_out_profile(profile: ProfileRecord) -> dict[str, Any]:
    """Return the object of a profile of the run."""
    return {
        "kind": profile.kind,
        "name": profile.name,
        "edition": profile.edition,
        "options": list(profile.options),
        "sha256": profile.digest,
        "layer": profile.layer,
    }


def lay_out_record(
    run: RunRecord, omissions: Omissions, totals: Mapping[str, int | None], profiles: Iterable[ProfileRecord] = ()
) -> dict[str, Any]:
    """Return what a folder of outputs says of its run; ``totals`` are numbers of the report by name."""
    return {
        "version": run.version,
        "date": run.date,
        **({"names": list(run.names)} if run.names else {}),
        **lay_out_state(omissions),
        **lay_out_counts(omissions),
        "exclusions": {status.name: count for status, count in omissions.counts if status.kind is Kind.EXCLUSION},
        "totals": totals,
        "profiles": [*map(lay_out_profile, profiles)],
    }


def lay_out_totals(report: ValueReport) -> dict[str, int | None]:
    """Return the totals of a value report, as all forms in JSON have them."""
    return {
        "files": report.files,
        "partial_files": report.omissions.partial_files,
        "series": report.series,
        "patients": show_count(report.patients),
        "equipment": report.equipment,
        "elements": report.elements,
        "rows": report.count_rows(),
        "bounded": report.omissions.bounded,
    }


def make_first_row(
    columns: Sequence[str], at: str, run: RunRecord, profiles: Iterable[ProfileRecord] = ()
) -> list[str]:
    """Return the cells of the first row of a CSV file, whose text is in the column ``at``."""
    return _make_row(columns, RUN, at, describe_run(run, profiles))


def make_last_rows(columns: Sequence[str], at: str, omissions: Omissions) -> list[list[str]]:
    """Return the last row of a CSV file; none if the report is complete."""
    missing = describe_incomplete(omissions)
    return [_make_row(columns, INCOMPLETE, at, missing)] if missing else []


def format_first_line(run: RunRecord, profiles: Iterable[ProfileRecord] = ()) -> str:
    """Return the first line of a file in JSON Lines."""
    return format_json({"kind": RUN, **lay_out_run(run), "profiles": [*map(lay_out_profile, profiles)]}) + "\n"


def format_last_lines(omissions: Omissions) -> str:
    """Return the last line of a file in JSON Lines; empty if the report is complete."""
    missing = describe_incomplete(omissions)
    return format_json({"kind": INCOMPLETE, "text": missing, **lay_out_counts(omissions)}) + "\n" if missing else ""


def lay_out_counts(omissions: Omissions) -> dict[str, Any]:
    """Return the numbers of what is missing."""
    return {
        "faults": {status.name: count for status, count in omissions.counts if status.kind is Kind.FAULT},
        "partial_files": omissions.partial_files,
        "bounded": omissions.bounded,
    }


def show_count(number: int) -> int | None:
    """Return a number of patients for a machine; None, which is null, if it is negative: patients are not known."""
    return number if number >= 0 else None


def shorten_row(row: str) -> str:
    """Return the file and line of a profile row, without folders and the text of the row; ``none`` for a default."""
    if row.startswith("none "):
        return "none"
    place = row.split("  ", maxsplit=1)[0]
    return show_on_terminal(place[place.rfind("/") + 1 :])


def make_metadata(run: RunRecord, omissions: Omissions, profiles: Iterable[ProfileRecord] = ()) -> dict[bytes, bytes]:
    """Return the metadata of a Parquet file: under ``tagsniff``, an object in JSON."""
    body = {**lay_out_run(run), "profiles": [*map(lay_out_profile, profiles)], **lay_out_state(omissions)}
    return {b"tagsniff": format_json(body).encode("utf-8")}


def _make_row(columns: Sequence[str], kind: str, at: str, text: str) -> list[str]:
    return [kind if name == "kind" else text if name == at else "" for name in columns]


def _describe_profile(profile: ProfileRecord, digits: int | None = None) -> str:
    """Return what identifies a profile; ``digits`` are those of its digest that are shown, all by default."""
    words = [f"profile {profile.name}" if profile.name else f"a {profile.kind} profile"]
    words += [f"({profile.edition})"] if profile.edition else []
    words += [f"with {', '.join(profile.options)}"] if profile.options else []
    words += [f"sha256 {profile.digest[:digits]}"] if profile.digest else []
    return show_undecoded(" ".join(words))

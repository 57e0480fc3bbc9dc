"""The table of all flags: each is declared once, for all commands that accept it.

For: the command line.
Never: act on a flag.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Flag(NamedTuple):
    """A flag or positional argument.

    ``names`` and ``options`` are those of ``ArgumentParser.add_argument``; ``commands`` are names of commands.
    """

    names: tuple[str, ...]
    commands: frozenset[str]
    options: dict[str, Any]


_VALUES = frozenset({"before", "final"})
_REPORTING_SCANS = _VALUES | {"inventory", "collisions"}
_SCANS = _REPORTING_SCANS | {"table"}
_READERS = _SCANS | {"find", "series"}
_REPORTS = _VALUES | {"report"}
_WITH_PROFILES = _VALUES | {"collisions", "profile explain"}

_SHEETS_OF_SCANS = frozenset({"report", "review"})

_CONFIGURED = _READERS | {"profile explain"}
_WITH_FOLDER = _REPORTING_SCANS | {"find", "series"}

LARGEST_BOUND = 0x7FFFFFFF
"""The largest number of values of ``--max-values``."""
MOST_WORKERS = 1024
_LARGEST_PORT = 0xFFFF

_FORMATS = ("text", "csv", "jsonl", "json", "parquet")
_FORMATS_OF_VALUES = (*_FORMATS, "html")
FORMATS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(sorted(_READERS), _FORMATS),
    # The review page, on which the elements are decided.
    **dict.fromkeys(sorted(_REPORTS), _FORMATS_OF_VALUES),
    # Its rows are written while files are read, and there may be any number of them.
    "table": ("csv", "jsonl", "parquet"),
    "decide log": ("text", "jsonl"),
}
"""The formats of each command; the first one is the default."""


def _make_reader(formats: Sequence[str]) -> Callable[[str], list[str]]:
    def read_formats(text: str) -> list[str]:
        asked = list(dict.fromkeys(text.split(",")))
        for one in asked:
            if one not in formats:
                raise argparse.ArgumentTypeError(f"invalid choice: {one!r} (choose from {', '.join(formats)})")
        return asked

    return read_formats


class _AddLayer(argparse.Action):
    """Appends a profile to the list of its flag, and to ``layers``: those of all such flags in their order."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        del parser, option_string
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), values])
        namespace.layers = [*vars(namespace).get("layers", []), (self.dest, values)]


def _read_bound(text: str) -> int:
    number = int(text)
    if not 1 <= number <= LARGEST_BOUND:
        raise ValueError
    return number


def _read_workers(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_WORKERS:
        raise ValueError
    return number


def _read_port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= _LARGEST_PORT:
        raise ValueError
    return number


def _read_output(text: str) -> str | None:
    return None if text == "-" else text


# argparse writes these names in the message "invalid ... value".
_read_bound.__name__ = "number of values"
_read_workers.__name__ = "number of threads"
_read_port.__name__ = "port"

FLAGS: tuple[Flag, ...] = (
    Flag(
        ("paths",),
        _READERS,
        {"metavar": "PATH", "nargs": "*", "help": "file, or folder to read with everything below it"},
    ),
    Flag(
        ("--files-from",),
        _READERS,
        {
            "metavar": "FILE",
            "help": "read the paths that FILE lists too (-: standard input), one on each line or with NULs between",
        },
    ),
    Flag(
        ("-g", "--glob"),
        _READERS,
        {
            "metavar": "GLOB",
            "action": "append",
            "default": [],
            "help": "read only files with a name like this, such as *.dcm, in any letter case; may be repeated",
        },
    ),
    Flag(
        ("scan",),
        frozenset({"report", "review", "decide check"}),
        {"metavar": "SCAN_FILE", "help": "scan that --save or merge wrote"},
    ),
    Flag(
        ("paths",),
        frozenset({"review"}),
        {
            "metavar": "PATH",
            "nargs": "*",
            "help": "file or folder of the scan: then the page can say which files a value is in",
        },
    ),
    Flag(
        ("--port",),
        frozenset({"review"}),
        {"metavar": "N", "type": _read_port, "help": "port of 127.0.0.1 (default: any that is free)"},
    ),
    Flag(
        ("--no-browser",),
        frozenset({"review"}),
        {"action": "store_true", "help": "open no browser, and only write the address of the page"},
    ),
    Flag(
        ("sheet",),
        frozenset({"decide check", "decide log"}),
        {"metavar": "SHEET_FILE", "help": "sheet of decisions"},
    ),
    Flag(
        ("sheets",),
        frozenset({"decide merge", "decide apply"}),
        {"metavar": "SHEET_FILE", "nargs": "+", "help": "sheet of decisions; for apply, the later above the earlier"},
    ),
    Flag(
        ("--resolve",),
        frozenset({"decide merge"}),
        {
            "metavar": "FILE",
            "help": "sheet that says which decision holds where the others differ; a row without a code is added for "
            "each of these, and FILE is made if it does not exist",
        },
    ),
    Flag(
        ("scans",),
        frozenset({"merge"}),
        {"metavar": "FILE", "nargs": "+", "help": "scan that --save or merge wrote; its files are in no other of them"},
    ),
    Flag(
        ("shell",),
        frozenset({"completion"}),
        {"metavar": "SHELL", "choices": ("bash", "zsh", "fish", "tcsh"), "help": "bash, zsh, fish or tcsh"},
    ),
    Flag(
        ("profile",),
        frozenset({"profile show", "profile check"}),
        {"metavar": "NAME|FILE", "help": "shipped profile, or a file"},
    ),
    Flag(
        ("element",),
        frozenset({"profile explain"}),
        {"metavar": "ELEMENT", "help": 'element as in the reports, such as (0009,"GEMS_IDEN_01",02), or keyword'},
    ),
    Flag(
        ("-t", "--tag"),
        frozenset({"table"}),
        {
            "metavar": "ELEMENT",
            "action": "append",
            "required": True,
            "help": 'element that gets a column: PatientID, 0018,0050, (0009,"GEMS_IDEN_01",02) or '
            "(0008,1140)[<0>](0008,1155); repeated for each column, or several names with commas between them",
        },
    ),
    Flag(
        ("--whole",),
        frozenset({"table"}),
        {
            "action": "store_true",
            "help": "read every file to its end (default: as far as the last of the elements)",
        },
    ),
    Flag(
        ("--by-creator",),
        frozenset({"inventory"}),
        {
            "action": "store_true",
            "help": "list identities, private elements by their private creator, with VRs, blocks and counts",
        },
    ),
    Flag(
        ("--confidentiality",),
        _WITH_PROFILES,
        {
            "metavar": "NAME|FILE",
            "action": _AddLayer,
            "default": [],
            "help": "Confidentiality Profile, which decides public elements: a layer above the shipped profiles "
            "(physical for final, else basic) and above the layers named before it; may be repeated",
        },
    ),
    Flag(
        ("--modality-software",),
        _WITH_PROFILES,
        {
            "metavar": "NAME|FILE",
            "action": _AddLayer,
            "default": [],
            "help": "Modality Software Profile, which decides private elements: a layer above the shipped profiles "
            "(record-all for final, else all others) and above the layers named before it; may be repeated",
        },
    ),
    Flag(
        ("--decisions",),
        _WITH_PROFILES,
        {
            "metavar": "FILE",
            "action": _AddLayer,
            "default": [],
            "help": "sheet of decisions on public and private elements: a layer above the shipped profiles and above "
            "the layers named before it; may be repeated. before writes the last one again, with what is undecided",
        },
    ),
    Flag(
        ("--decisions",),
        _SHEETS_OF_SCANS,
        {
            "metavar": "FILE",
            "action": _AddLayer,
            "default": [],
            "help": "sheet of decisions: what it decides now is applied to the scan; may be repeated, the later above "
            "the earlier. The last one is written, with what is undecided; it is made if it does not exist",
        },
    ),
    Flag(
        ("--no-examples",),
        frozenset({"before"}) | _SHEETS_OF_SCANS,
        {"action": "store_true", "help": "write no value into the sheet of decisions"},
    ),
    Flag(
        ("--without-shipped",),
        _WITH_PROFILES,
        {"action": "store_true", "help": "use only the profiles that are named, and not the shipped ones below them"},
    ),
    Flag(
        ("--option",),
        _WITH_PROFILES,
        {
            "metavar": "OPTION",
            "action": "append",
            "default": [],
            "help": "option of the Confidentiality Profile; may be repeated (profile list names them)",
        },
    ),
    Flag(
        ("--uid-root",),
        _WITH_PROFILES,
        {"metavar": "ROOT", "help": "UID root of the archive; recorded UIDs below it are counted, not listed"},
    ),
    Flag(
        ("--config",),
        _CONFIGURED,
        {
            "metavar": "FILE",
            "help": "configuration (default: tagsniff.toml in the working folder or the nearest above)",
        },
    ),
    Flag(("--no-config",), _CONFIGURED, {"action": "store_true", "help": "use no configuration"}),
    Flag(
        ("--equipment",),
        frozenset({"profile explain"}),
        {
            "metavar": "MODALITY:MANUFACTURER:MODEL:SOFTWARE",
            "action": "append",
            "help": "equipment to explain it for; may be repeated (default: equipment that says nothing of itself)",
        },
    ),
    Flag(
        ("--vr",),
        frozenset({"profile explain"}),
        {"metavar": "VR", "help": "VR of the element (default: each that a row names, and any other)"},
    ),
    Flag(
        ("--element",),
        frozenset({"find"}),
        {
            "metavar": "ELEMENT",
            "action": "append",
            "required": True,
            "help": 'element as in the reports, such as (0009,"GEMS_IDEN_01",02), or keyword, or tag; '
            "repeated, or several names with commas between them: any of these elements",
        },
    ),
    Flag(
        ("--value",),
        frozenset({"find"}),
        {"metavar": "VALUE", "help": "find this value, as the reports show it (default: the element, any value)"},
    ),
    Flag(
        ("--regex",),
        frozenset({"find"}),
        {"metavar": "REGEX", "help": "find the values in which this regular expression of Python is found"},
    ),
    Flag(
        ("--any-depth",),
        frozenset({"find"}),
        {"action": "store_true", "help": "find the element in the items of every sequence too, whatever its path"},
    ),
    Flag(
        ("--vr",),
        frozenset({"find"}),
        {"metavar": "VR", "help": "VR of the element, as in the reports (default: any)"},
    ),
    Flag(
        ("--equipment",),
        frozenset({"find"}),
        {"metavar": "MODALITY:MANUFACTURER:MODEL:SOFTWARE", "help": "equipment, as in the reports (default: any)"},
    ),
    Flag(
        ("--show-values",),
        frozenset({"find"}),
        {"action": "store_true", "help": "show the values too, each on a line; without it the output has none"},
    ),
    Flag(
        ("--max-values",),
        _VALUES,
        {
            "metavar": "N",
            "type": _read_bound,
            "default": 65536,
            "help": "distinct values that are listed of each element, equipment and VR (default: %(default)s)",
        },
    ),
    Flag(
        ("--all-values",),
        _VALUES,
        {
            "action": "store_true",
            "help": "list each value, also those that one row draws together otherwise (see docs/collapse.md)",
        },
    ),
    Flag(
        ("--keep-partial",),
        _VALUES | {"collisions", "find"},
        {"action": "store_true", "help": "count what stands before the fault in a file that cannot be read to its end"},
    ),
    Flag(
        ("--keep-partial",),
        frozenset({"table"}),
        {
            "action": "store_true",
            "help": "give a file that cannot be read to its end a row of what stands before the fault; "
            "a column status says so",
        },
    ),
    Flag(
        ("--workers",),
        _READERS,
        {
            "metavar": "N",
            "type": _read_workers,
            "help": "threads that read files (default: the number of cores; more on slow or remote disks)",
        },
    ),
    Flag(
        ("--format",),
        _READERS - _VALUES - {"table"},
        {
            "metavar": "FORMAT",
            "type": _make_reader(_FORMATS),
            "help": f"{', '.join(_FORMATS)}; with --out several, with commas between them "
            "(default: by the ending of -o, else text; with --out text,csv)",
        },
    ),
    Flag(
        ("--format",),
        _REPORTS,
        {
            "metavar": "FORMAT",
            "type": _make_reader(_FORMATS_OF_VALUES),
            "help": f"{', '.join(_FORMATS_OF_VALUES)} (the review page); with --out several, with commas between them "
            "(default: by the ending of -o, else text; with --out text,csv,html)",
        },
    ),
    Flag(
        ("--format",),
        frozenset({"table"}),
        {
            "metavar": "FORMAT",
            "type": _make_reader(FORMATS["table"]),
            "help": f"{', '.join(FORMATS['table'])} (default: by the ending of -o, else csv; parquet needs pyarrow)",
        },
    ),
    Flag(
        ("-o", "--output"),
        _READERS - _VALUES,
        {
            "metavar": "FILE",
            "type": _read_output,
            "help": "write the output to FILE, in the format of its ending: .txt, .csv, .jsonl, .json, .parquet "
            "(default, and -: standard output)",
        },
    ),
    Flag(
        ("-o", "--output"),
        _REPORTS,
        {
            "metavar": "FILE",
            "type": _read_output,
            "help": "write the output to FILE, in the format of its ending: .txt, .csv, .jsonl, .json, .parquet, .html "
            "(default, and -: standard output)",
        },
    ),
    Flag(
        ("-o", "--output"),
        frozenset({"merge"}),
        {"metavar": "FILE", "required": True, "help": "write the merged scan to FILE"},
    ),
    Flag(
        ("-o", "--output"),
        frozenset({"decide merge"}),
        {"metavar": "FILE", "required": True, "help": "write the merged sheet to FILE, and its known values beside it"},
    ),
    Flag(
        ("-o", "--output"),
        frozenset({"decide apply"}),
        {
            "metavar": "FOLDER",
            "required": True,
            "help": "write the profile files to FOLDER; replaces a FOLDER that this command wrote, and no other",
        },
    ),
    Flag(
        ("--format",),
        frozenset({"decide log"}),
        {
            "metavar": "FORMAT",
            "type": _make_reader(FORMATS["decide log"]),
            "help": f"{', '.join(FORMATS['decide log'])} (default: text)",
        },
    ),
    Flag(
        ("--out",),
        _WITH_FOLDER,
        {
            "metavar": "FOLDER",
            "help": "write everything of this run to FOLDER: the output in each format, the exclusions, "
            "a saved scan, a sheet of decisions (before), run.json; replaces a FOLDER of an earlier run of this "
            "command, and no other",
        },
    ),
    Flag(
        ("--exclusions",),
        _READERS | {"report"},
        {"metavar": "FILE", "help": "list what was left out, with the reason, in FILE (-: standard output)"},
    ),
    Flag(
        ("--deviations",),
        _REPORTING_SCANS,
        {
            "metavar": "FILE",
            "help": "list the files that break rules of the standard, and which, in FILE (-: standard output)",
        },
    ),
    Flag(
        ("--save",),
        _VALUES,
        {"metavar": "FILE", "help": "keep the scan in FILE, for tagsniff report (default: nowhere)"},
    ),
    Flag(
        ("--key",),
        _VALUES,
        {
            "metavar": "FILE",
            "help": "key of the digests of patients in a saved scan, made if FILE does not exist; scans with the same "
            "key are merged with their patients (default: tagsniff.key beside the saved scan)",
        },
    ),
    Flag(
        ("--key",),
        _SHEETS_OF_SCANS | {"decide check"},
        {
            "metavar": "FILE",
            "help": "key of the digests of the values that were seen, made if FILE does not exist (default: "
            "tagsniff.key beside the sheet of decisions)",
        },
    ),
    Flag(
        ("--force",),
        _READERS | _REPORTS | {"merge", "decide merge"},
        {"action": "store_true", "help": "replace the files that are named here, if they exist"},
    ),
    Flag(
        ("--redact-paths",),
        _READERS | _REPORTS,
        {"metavar": "FILE", "help": "write numbers in place of paths in every output, and what they stand for in FILE"},
    ),
    Flag(
        ("--share",),
        _REPORTING_SCANS | _REPORTS,
        {
            "action": "store_true",
            "help": "write a report that may leave the house: no value, no path, private creators only if known",
        },
    ),
)

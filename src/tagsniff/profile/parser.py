"""The only parser of profile files, of both kinds: from bytes to records, or to everything that is wrong with them.

For: `load_profile`, and callers that check a file.
Never: open a file, decide between rows, or accept a row that could mean something other than its author thinks.
Terms: PS3.15 E.3 and Table E.1-1, edition 2026d; the columns are described at `COLUMNS`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple, TypeVar

from tagsniff.dicom.element_names import suggest_keywords
from tagsniff.dicom.equipment import EquipmentPattern, parse_equipment_pattern
from tagsniff.dicom.notation import Pattern, UnknownKeywordError, format_pattern, parse_pattern
from tagsniff.profile.codes import Code, Collapse, parse_code, parse_collapse, parse_collapse_list
from tagsniff.profile.csv_lines import Sheet, read_record, read_sheet
from tagsniff.profile.errors import Mistake, ProfileError
from tagsniff.profile.impossible import check_element, list_impossible_cells
from tagsniff.profile.rows import (
    ANY_EQUIPMENT,
    OPTIONS,
    VRS,
    ProfileFile,
    ProfileKind,
    ReadRows,
    Row,
    RowSource,
    Scope,
    make_default,
)
from tagsniff.profile.shipped import find_digest

EQUIPMENT_COLUMNS = ("modality", "manufacturer", "model", "software")

EVIDENCE_COLUMNS = (
    "seen",
    *("seen", "name", "source", "files", "series", "patients", "distinct", "min", "max"),
    *("shapes", "examples", "flags", "suggestion", "suggested_by"),
)
"""The columns of a sheet of decisions that a profile ignores: what a person needs to decide, and what tools note."""

COLUMNS = {
    ProfileKind.CONFIDENTIALITY: ("element", "vr", "code", "collapse", "note"),
    ProfileKind.MODALITY_SOFTWARE: (*EQUIPMENT_COLUMNS, "element", "vr", "code", "collapse", "name", "source"),
    ProfileKind.DECISIONS: (
        *("element", "vr", *EQUIPMENT_COLUMNS, "code", "collapse", "scope", "note", "who", "when"),
        *EVIDENCE_COLUMNS,
    ),
}
"""The columns of each kind of profile, in the order of the shipped files; a file may have them in any order.

``element`` and ``code`` are required; a column that is left out is empty in every row. A Confidentiality Profile may
also have columns named as in `OPTIONS`. A file is a sheet of decisions if it has a column that only a sheet has, or
both equipment columns and ``note``; a row of a sheet without a code is undecided, and no row yet. ``element`` is a
pattern of `tagsniff.dicom.notation`. ``vr`` is a VR, several joined with ``/``, or empty for any. The equipment columns
are shell patterns, ``*`` or empty for any. ``scope`` is ``element`` or ``values``, or empty: then it depends on the VR
(`Scope`). Codes and VRs may be in lower case.

Source: PS3.15 2026d, Table E.1-1 (option columns); profiles/README.md.
"""


def parse_profile(
    file: str,
    raw: bytes,
    *,
    kind: ProfileKind | None,
    find_keyword: Callable[[str], int | None],
    options: Sequence[str] = (),
) -> ProfileFile:
    """Return the profile in the bytes of a file.

    ``file`` is its name in messages and rows. ``kind`` is the kind that it must have, None for any: the columns show
    which it is, and a sheet of decisions is accepted for any kind. ``find_keyword`` returns the tag of a keyword of
    PS3.6, or None. The cell of a selected option replaces the code of the row, unless it is empty. PS3.15 E.3 says that
    each option overrides the Basic Profile, and gives no option precedence over another; if two options differ, the
    more protective code applies.

    Raises ProfileError with every mistake.

    Source: PS3.15 2026d, E.3 and Table E.1-1.
    """
    mistakes: list[Mistake] = []
    sheet = read_sheet(file, raw, mistakes)
    if sheet is None:
        raise ProfileError(mistakes)
    parser = ProfileParser(file, sheet, mistakes, find_keyword, kind=kind, selected=options)
    rows = ReadRows(tuple(parser.read_rows(sheet.records)))
    profile = parser.make_profile(find_digest(raw), rows)
    if mistakes:
        raise ProfileError(sorted(mistakes, key=lambda mistake: mistake.line))
    return profile


_RECURRING = (*EQUIPMENT_COLUMNS, "vr", "code", "collapse", "scope")
_WORDS = ("name", "source", "note", "who", "when")

# The columns by which a sheet of decisions is known.
_ONLY_IN_SHEETS = frozenset(COLUMNS[ProfileKind.DECISIONS]).difference(
    COLUMNS[ProfileKind.CONFIDENTIALITY], COLUMNS[ProfileKind.MODALITY_SOFTWARE]
)
# What the writers of CSV put before a cell that a spreadsheet would run as a formula.
_PROTECTED = re.compile("\\A'(?=[=+\\-@\t\uff1d\uff0b\uff0d\uff20])")

_Parsed = TypeVar("_Parsed")


class _Reading(NamedTuple):
    """The meaning of the cells of a row, without the element and the free text (name, source, note).

    ``code`` is the code that applies, ``options`` are the options that it comes from. The element and ``meant`` are
    what a row is for, ``meaning`` is what it decides.
    """

    code: Code
    vrs: tuple[str, ...]
    collapse: Collapse | None
    equipment: EquipmentPattern
    options: tuple[str, ...]
    scope: Scope
    meant: tuple[tuple[str, ...], EquipmentPattern]
    meaning: tuple[Code, Collapse | None, Scope, dict[str, Code]]


class ProfileParser:
    """The parser of one file. It appends everything that is wrong to ``mistakes``, and goes on."""

    def __init__(
        self,
        file: str,
        sheet: Sheet,
        mistakes: list[Mistake],
        find_keyword: Callable[[str], int | None],
        *,
        kind: ProfileKind | None,
        selected: Sequence[str],
    ) -> None:
        self._file = file
        self._sheet = sheet
        self._mistakes = mistakes
        self._find_keyword = find_keyword
        self._kind = self._read_kind(kind)
        self._check_columns()
        self._collapse = self._read_default_collapse()
        self._options = self._read_options()
        for option in selected:
            if option not in self._options:
                reason = f"the profile has no option {option!r}; it has {', '.join(self._options) or 'none'}"
                self._note(0, "", reason)
        # In the order of `OPTIONS`, so that the order of ``selected`` has no effect.
        self._selected = tuple(option for option in OPTIONS if option in selected and option in self._options)
        # All cells but the element and the free text recur in thousands of rows. Each combination is parsed once.
        self._recurring = (*self._options, *_RECURRING)
        self._take_recurring = itemgetter(*map(self._find_cell, self._recurring))
        self._take_element = itemgetter(self._find_cell("element"))
        self._take_code = itemgetter(self._find_cell("code"))
        self._take_words = itemgetter(*map(self._find_cell, _WORDS))
        self._is_sheet = self._kind is ProfileKind.DECISIONS
        self._readings: dict[tuple[str, ...], _Reading] = {}
        self._before: dict[object, tuple[int, object]] = {}

    def make_profile(self, digest: str, rows: RowSource) -> ProfileFile:
        """Return the profile of these rows, with the settings of the leading lines."""
        settings = self._sheet.settings
        default = make_default(self._file)
        if "default" in settings:
            line, text = settings["default"]
            code = self._parse(line, "default", parse_code, text)
            default = make_default(self._file, code or Code.R, line)
        default = default._replace(collapse=self._collapse)
        return ProfileFile(
            kind=self._kind,
            file=self._file,
            name=settings.get("name", (0, ""))[1] or os.path.splitext(os.path.basename(self._file))[0],
            edition=settings.get("edition", (0, ""))[1],
            source=settings.get("source", (0, ""))[1],
            options=self._options,
            selected=self._selected,
            default=default,
            digest=digest,
            row_source=rows,
        )

    def read_rows(self, records: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
        """Yield the row of each record. A row that repeats an earlier one is skipped; a contradiction is a mistake."""
        for line, given in records:
            cells = [*given, ""]
            if self._is_sheet:
                if not self._take_code(cells) and not _is_cut(self._take_element(cells)):
                    # Undecided: what the row has is evidence.
                    continue
                cells = [_PROTECTED.sub("", cell) for cell in cells]
            row = self._read_row(line, cells)
            if row is not None:
                yield row

    def read_line(self, line: int, text: str) -> Row | None:
        """Return the row of one line, None if it repeats an earlier one. Raises ProfileError if it has a mistake."""
        row = self._read_row(line, [*read_record(self._file, self._sheet, line, text, self._mistakes), ""])
        if self._mistakes:
            raise ProfileError(self._mistakes)
        return row

    def _read_kind(self, kind: ProfileKind | None) -> ProfileKind:
        columns = frozenset(self._sheet.columns)
        is_for_equipment = not columns.isdisjoint(EQUIPMENT_COLUMNS)
        if columns & _ONLY_IN_SHEETS or (is_for_equipment and "note" in columns):
            found = ProfileKind.DECISIONS
        else:
            found = ProfileKind.MODALITY_SOFTWARE if is_for_equipment else ProfileKind.CONFIDENTIALITY
        if kind is not None and found not in (kind, ProfileKind.DECISIONS):
            self._note(self._sheet.columns_line, "", f"this is a {found.value} Profile, not a {kind.value} one")
            raise ProfileError(self._mistakes)
        return found

    def _check_columns(self) -> None:
        kind, columns, line = self._kind, self._sheet.columns, self._sheet.columns_line
        known = COLUMNS[kind] + (OPTIONS if kind is ProfileKind.CONFIDENTIALITY else ())
        for index, column in enumerate(columns):
            if column in columns[:index] and column:
                self._note(line, column, "this column stands there twice")
            elif column and column not in known:
                self._note(line, column, f"{_describe_kind(kind)} has no such column; it has {', '.join(known)}")
            elif not column and any(cells[index] for _, cells in self._sheet.records):
                self._note(line, "", f"column {index + 1} has cells but no name")
        for column in ("element", "code"):
            if column not in columns:
                self._note(line, column, "this column is missing")

    def _read_options(self) -> tuple[str, ...]:
        """Return the option columns. If the leading lines list options, they must be the same."""
        kind = self._kind
        there = tuple(option for option in OPTIONS if option in self._sheet.columns)
        if "options" in self._sheet.settings:
            line, text = self._sheet.settings["options"]
            listed = {option.strip() for option in text.split(",")} - {""}
            if kind is ProfileKind.CONFIDENTIALITY and listed != set(there):
                self._note(
                    line, "", f"the options listed are not the option columns, which are {', '.join(there) or 'none'}"
                )
            elif kind is not ProfileKind.CONFIDENTIALITY and listed:
                self._note(line, "", f"{_describe_kind(kind)} has no options")
        return there if kind is ProfileKind.CONFIDENTIALITY else ()

    def _find_cell(self, column: str) -> int:
        """Return the index of a column's cell; if the column is left out, that of the empty cell at the end."""
        columns = self._sheet.columns
        # If two columns have the same name, which is a mistake, this is the last one.
        return len(columns) - 1 - columns[::-1].index(column) if column in columns else len(columns)

    def _read_row(self, line: int, cells: list[str]) -> Row | None:
        text = self._take_element(cells)
        if _is_cut(text):
            # The other cells of such a row are in the wrong columns too.
            self._note(line, "element", f"{text!r} has no closing bracket; a cell with a comma in it is quoted")
            return None
        element = self._read_element(self._kind, line, text)
        recurring = self._take_recurring(cells)
        reading = self._readings.get(recurring)
        if reading is None:
            noted = len(self._mistakes)
            of_columns = dict(zip(self._recurring, recurring, strict=True))
            reading = self._read_recurring(line, of_columns, self._options, self._selected)
            if reading is not None and len(self._mistakes) == noted:
                self._readings[recurring] = reading
        if element is None or reading is None:
            return None
        code, vrs, collapse, equipment, by, scope, meant, meaning = reading
        first, other = self._before.setdefault((element, meant), (line, meaning))
        if other != meaning:
            self._note(line, "code", f"line {first} says something else of the same elements")
        if first != line or other != meaning:
            return None
        name, source, note, who, when = self._take_words(cells)
        if self._is_sheet:
            # The names in a sheet are those that other profiles have.
            name = source = ""
        # Arguments by position take half the time.
        is_default = False
        words = name, source, note, scope, who, when
        return Row(self._file, line, element, code, vrs, collapse, equipment, is_default, by, *words)

    def _read_recurring(
        self, line: int, cells: dict[str, str], options: tuple[str, ...], selected: tuple[str, ...]
    ) -> _Reading | None:
        """Parse the cells other than the element and the free text; None if there is no valid code or VR."""
        of_options = {option: code for option in options if (code := self._read_code(line, option, cells))}
        code = self._read_code(line, "code", cells)
        if not cells["code"]:
            self._note(line, "code", "a row has a code")
        vrs = self._parse(line, "vr", _parse_vrs, cells["vr"])
        collapse = self._read_collapse(line, cells["collapse"])
        scope = self._parse(line, "scope", _parse_scope, cells["scope"]) if self._is_sheet else Scope.ELEMENT
        if code is None or vrs is None or scope is None:
            return None
        equipment = parse_equipment_pattern(*(cells[column] for column in EQUIPMENT_COLUMNS))
        if equipment != ANY_EQUIPMENT:
            for column, reason in list_impossible_cells(equipment):
                self._note(line, column, reason)
        chosen = {option: of_options[option] for option in selected if option in of_options}
        # The most protective code of the options replaces the row's own.
        shown = min(chosen.values(), key=lambda code: code.protection) if chosen else code
        return _Reading(
            code=shown,
            vrs=vrs,
            collapse=collapse,
            equipment=equipment,
            options=tuple(option for option in chosen if chosen[option] is shown),
            scope=scope,
            meant=(vrs, equipment.folded()),
            meaning=(code, collapse, scope, of_options),
        )

    def _read_code(self, line: int, column: str, cells: dict[str, str]) -> Code | None:
        text = cells[column]
        return self._parse(line, column, parse_code, text) if text else None

    def _read_default_collapse(self) -> Collapse | None:
        """Return what the leading lines say of rows without a cell of their own."""
        line, text = self._sheet.settings.get("collapse", (0, ""))
        return self._parse(line, "collapse", parse_collapse_list, text) if line else None

    def _read_collapse(self, line: int, text: str) -> Collapse | None:
        return self._parse(line, "collapse", parse_collapse, text) if text else self._collapse

    def _read_element(self, kind: ProfileKind, line: int, text: str) -> Pattern | None:
        if not text:
            self._note(line, "element", "a row has an element")
            return None
        try:
            return self._parse_element(kind, text)
        except UnknownKeywordError as error:
            self._note(line, "element", f"{error}{suggest_keywords(error.keyword)}")
            return None
        except ValueError as error:
            self._note(line, "element", str(error))
            return None

    def _parse_element(self, kind: ProfileKind, text: str) -> Pattern:
        pattern = parse_pattern(text, self._find_keyword)
        check_element(pattern, text)
        is_public = text != "*"
        for step in pattern:
            if step.creator is not None:
                is_public = False
            elif step.is_private_by_number():
                raise ValueError(f"{format_pattern(pattern)}: a private element is named by its private creator")
        if is_public and kind is ProfileKind.MODALITY_SOFTWARE:
            raise ValueError(
                f"{format_pattern(pattern)} is public, which the Confidentiality Profile decides, or a sheet of "
                "decisions: a file with a column scope, who or when"
            )
        return pattern

    def _parse(self, line: int, column: str, parse: Callable[[str], _Parsed], text: str) -> _Parsed | None:
        try:
            return parse(text)
        except ValueError as error:
            self._note(line, column, str(error))
            return None

    def _note(self, line: int, column: str, reason: str) -> None:
        self._mistakes.append(Mistake(self._file, line, column, reason))


def _parse_vrs(text: str) -> tuple[str, ...]:
    given = text.split("/") if text else []
    for vr in given:
        if vr.upper() not in VRS:
            raise ValueError(f"{vr!r} is no VR; several are joined with /")
    return tuple(sorted(set(map(str.upper, given))))


def _is_cut(element: str) -> bool:
    """Return whether the text is the part of an element before its comma: it was not quoted."""
    return element.startswith("(") and ")" not in element


def _parse_scope(text: str) -> Scope:
    try:
        return Scope(text.lower())
    except ValueError:
        raise ValueError(f"{text!r} is no scope; a scope is element or values, or left empty") from None


def _describe_kind(kind: ProfileKind) -> str:
    return "a sheet of decisions" if kind is ProfileKind.DECISIONS else f"a {kind.value} Profile"

"""Identifiers of persons and studies, and the forms in which each may be written in a text.

For: the search for what an original said in what is published.
Never: put an identifier into a message, or guess one: identifiers come from a list or from elements that declare them.
Terms: PS3.5 6.2 (VRs PN, DA, DT, UI) and PS3.15 annex E, edition 2026b.

A form is a text as `tagsniff.curation.lookup.normalize` makes it: lower case, tokens with a space between them.
"""

from __future__ import annotations

import csv
import enum
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import pairwise, permutations
from typing import NamedTuple

from tagsniff.curation.lookup import normalize

_SHORTEST_TOKEN = 5
_SHORTEST_ID = 5
_SHORTEST_WORD = 4
_SHORTEST_PHONE_DIGITS = 6
_MOST_NAME_TOKENS = 4
_DATE = re.compile(r"(\d{4})[-./ ]?(\d{2})[-./ ]?(\d{2})(?!\d{7})")
_UID = re.compile(r"[0-9]+(?:\.[0-9]+){3,}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"),
    "december",
)


class Kind(enum.StrEnum):
    """What an identifier is: it decides in which forms it is looked up."""

    NAME = "name"
    ID = "id"
    DATE = "date"
    UID = "uid"
    PHONE = "phone"
    MAIL = "mail"
    PLACE = "place"
    WORD = "word"


class Identifier(NamedTuple):
    """An identifier as it was declared."""

    kind: Kind
    value: str


class Form(NamedTuple):
    """One way to write an identifier, normalized. ``is_part``: a part of it, such as one token of a name."""

    text: str
    is_part: bool = False


def read_identifiers(lines: Iterable[str], file: str) -> tuple[Identifier, ...]:
    """Return the identifiers of a CSV list with the columns ``kind`` and ``value``, each once, in the list's order.

    Raises ValueError with file, line and reason, without the value.
    """
    rows = csv.reader(lines, strict=True)
    found: dict[Identifier, None] = {}
    try:
        head = next(rows, None)
        if head is None or [name.strip().lower() for name in head] != ["kind", "value"]:
            raise ValueError(f"{file}:1: the first line is kind,value")
        for row in rows:
            if not row:
                continue
            if len(row) != len(head):
                raise ValueError(f"{file}:{rows.line_num}: a line has two cells, not {len(row)}")
            kind, value = row[0].strip().lower(), row[1].strip()
            if kind not in tuple(Kind):
                raise ValueError(f"{file}:{rows.line_num}: the kind is one of {', '.join(Kind)}")
            if not value:
                raise ValueError(f"{file}:{rows.line_num}: the value is empty")
            found[Identifier(Kind(kind), value)] = None
    except csv.Error:
        raise ValueError(f"{file}:{rows.line_num}: this is no CSV") from None
    return tuple(found)


def list_forms(identifier: Identifier) -> tuple[Form, ...]:
    """Return the forms in which an identifier is looked up, each once; none if it is too short to be told from others.

    Source: PS3.5 2026b, 6.2.
    """
    forms: dict[str, Form] = {}
    for form in _LISTS[identifier.kind](identifier.value):
        known = forms.get(form.text)
        if form.text and (known is None or known.is_part):
            forms[form.text] = form
    return tuple(forms.values())


def _list_name(value: str) -> Iterator[Form]:
    """Family and given name in both orders, with and without the other names; tokens of five letters and more.

    The groups of a name (alphabetic, ideographic, phonetic) are names of their own.
    """
    for group in value.split("="):
        components = [normalize(component) for component in group.split("^")] if "^" in group else []
        if not components:
            # "Doe, Jane" or "Jane Doe": neighbours in both orders.
            tokens = normalize(group).split()[: _MOST_NAME_TOKENS + 1]
            for first, second in pairwise(tokens):
                yield from _pair(first, second)
            if len(tokens) > 2:
                yield Form(" ".join(tokens))
        named = [component for component in components[:3] if component]
        for order in permutations(named, 2):
            yield from _pair(*order)
        if len(named) > 2:
            family, given, middle = named[:3]
            yield Form(f"{given} {middle} {family}")
            yield Form(f"{family} {given} {middle}")
        for token in normalize(group).split():
            if len(token) >= _SHORTEST_TOKEN and token.isalpha():
                yield Form(token, is_part=True)


def _pair(first: str, second: str) -> Iterator[Form]:
    # Two initials are no name.
    if len(first) > 1 or len(second) > 1:
        is_part = min(len(first), len(second)) == 1 and first.isascii()
        yield Form(f"{first} {second}", is_part=is_part)
        yield Form(f"{second} {first}", is_part=is_part)


def _list_id(value: str) -> Iterator[Form]:
    text = normalize(value)
    if sum(map(str.isalnum, text)) >= _SHORTEST_ID:
        yield Form(text)
        yield Form(text.replace(".", " "))


def _list_date(value: str) -> Iterator[Form]:
    """The usual spellings of a day, compact forms, and none for what is no day.

    Numbers of seconds since 1970 are found by `find_day`: a day has 86,400 of them.
    """
    found = _DATE.search(value)
    if found is None:
        return
    year, month, day = found.groups()
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return
    short_month, short_day = str(int(month)), str(int(day))
    for parts in (
        *((year, month, day), (day, month, year), (month, day, year)),
        *((year, short_month, short_day), (short_day, short_month, year), (short_month, short_day, year)),
    ):
        if all(len(part) > 1 for part in parts):
            yield Form("".join(parts))
        yield Form(" ".join(parts))
        yield Form(".".join(parts))
    for name in (_MONTHS[int(month) - 1], _LONG_MONTHS[int(month) - 1]):
        for written in (day, short_day):
            yield Form(f"{written} {name} {year}")
            yield Form(f"{name} {written} {year}")
            yield Form(f"{year} {name} {written}")


def _list_uid(value: str) -> Iterator[Form]:
    if _UID.fullmatch(value):
        yield Form(value)


def _list_phone(value: str) -> Iterator[Form]:
    digits = "".join(filter(str.isdigit, normalize(value)))
    if len(digits) >= _SHORTEST_PHONE_DIGITS:
        yield Form(normalize(value))
        yield Form(normalize(value).replace(".", " "))
        yield Form(digits)


def _list_words(value: str) -> Iterator[Form]:
    text = normalize(value)
    if sum(map(str.isalnum, text)) >= _SHORTEST_WORD:
        yield Form(text)


_LISTS = {
    Kind.NAME: _list_name,
    Kind.ID: _list_id,
    Kind.DATE: _list_date,
    Kind.UID: _list_uid,
    Kind.PHONE: _list_phone,
    Kind.MAIL: _list_words,
    Kind.PLACE: _list_words,
    Kind.WORD: _list_words,
}


def find_day(number: str) -> date | None:
    """Return the day (UTC) of a number of seconds or milliseconds since 1970, from 1980 to 2100; None for another.

    The number is a text of 9 or 10 digits (seconds) or 12 or 13 (milliseconds), with or without a fraction.
    """
    whole, _, fraction = number.partition(".")
    if not (whole.isascii() and whole.isdigit()) or (fraction and not fraction.isdigit()):
        return None
    seconds = int(whole) if len(whole) in (9, 10) else int(whole) // 1000 if len(whole) in (12, 13) else -1
    if not _FIRST_SECOND <= seconds < _END_SECOND:
        return None
    return datetime.fromtimestamp(seconds, UTC).date()


_FIRST_SECOND = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp())
_END_SECOND = int(datetime(2101, 1, 1, tzinfo=UTC).timestamp())

"""Which values a row draws together, written a second time from the stated rules, with regular expressions.

For: the independent collector, and the tests of the rules of the core.
Never: the core, or a rule that its headers and docs/collapse.md do not state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from math import isnan
from typing import NamedTuple

import numpy as np

BINARY = frozenset({"FD", "FL", "SL", "SS", "SV", "UL", "US", "UV"})
DATES = frozenset({"DA", "TM", "DT", "AS"})
NUMBERS = BINARY | {"DS", "IS"}
KINDS = frozenset({"date", "number", "uid", "bytes", "runs", "shape"})
WORDS = {"DA": "date", "DT": "date", "TM": "time", "AS": "age"}
LEAST_THAT_VARY = 3


class Group(NamedTuple):
    """What values have in common; ``may_vary`` values have a row each, unless they vary within their series."""

    kind: str
    common: str
    may_vary: bool = False


def is_date(digits: str) -> bool:
    """Return whether eight digits are YYYYMMDD, from 1900 to 2100."""
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    return 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31


def are_seconds(number: int) -> bool:
    """Return whether a number is in seconds or milliseconds since 1970, from 1990 to 2100."""
    return any(631152000 * unit <= number < 4133980800 * unit for unit in (1, 1000))


def number_identifies(vr: str, text: str) -> bool:
    """Return whether a number could be that of somebody, or a date."""
    if vr in BINARY - {"FD", "FL"}:
        return abs(int(text)) >= 100_000
    if vr in BINARY:
        number = abs(float(text))
        if not number < 1e18:
            return False
        whole = int(number)
        begins = len(str(whole)) >= 8 and is_date(str(whole)[:8])
        return (1e5 <= number < 1e16 and whole == number) or begins or are_seconds(whole)
    read = Decimal(text)
    _, digits, exponent = read.as_tuple()
    listed = "".join(map(str, digits)).lstrip("0")
    point = len(listed) + int(exponent)
    is_whole = not listed or not listed[max(point, 0) :].strip("0")
    written = re.match(r"[+-]?([0-9]*)", text)
    assert written
    if is_whole and (len(written[1]) >= 6 or (listed and point >= 6)):
        return True
    if not listed or not 8 <= point <= 32:
        return False
    before = listed[:point].ljust(point, "0")
    return is_date(before[:8]) or (point <= 18 and are_seconds(int(before)))


_ROOTS = re.compile(
    r"""(?: 1\.2\.840\.10008
      | 1\.2\.840\.\d+
      | 1\.3\.6\.1\.4\.1\.\d+
      | 1\.2\.826\.0\.1\.3680043\.(?:2|8|9|10)\.\d+
      | 1\.2\.826\.0\.1\.3680043\.(?!(?:2|8|9|10)(?:\.|$))\d+
      | 1\.2\.826\.0\.1\.(?!3680043(?:\.|$))\d+
      | 1\.2\.276\.0\.\d+
      | 1\.2\.392\.(?:200036|200046)\.\d+
      | 1\.2\.392\.(?!(?:200036|200046)(?:\.|$))\d+
      | 1\.2\.40\.0\.\d+ | 1\.2\.250\.1\.\d+ | 1\.2\.376\.1\.\d+ | 1\.2\.528\.1\.\d+ | 1\.2\.752\.\d+
      | 1\.3\.12\.2\.\d+ | 1\.3\.46\.\d+ | 2\.16\.840\.1\.\d+ | 2\.16\.756\.5\.\d+
      | 2\.25 )(?=\.)""",
    re.VERBOSE,
)
_TABLED = re.compile(
    r"(?:1\.2\.840|1\.2\.826\.0\.1|1\.2\.276\.0|1\.2\.392|1\.2\.40\.0|1\.2\.250\.1|1\.2\.376\.1|1\.2\.528\.1"
    r"|1\.2\.752|2\.16\.840\.1|2\.16\.756\.5)\."
)
_COUNTRIES = re.compile(r"(?:1\.2\.(\d+)\.\d+|2\.16\.(\d+)\.\d+\.\d+)(?=\.)")


def uid_root(uid: str) -> str:
    """Return the root of the organisation, empty if it is not known."""
    if found := _ROOTS.match(uid):
        return found[0]
    found = _COUNTRIES.match(uid)
    if _TABLED.match(uid) or not found:
        return ""
    return found[0] if 4 <= int(found[1] or found[2]) <= 894 else ""


def uid_has_date(uid: str) -> bool:
    """Return whether a component begins with a date."""
    is_uuid = uid.startswith("2.25.")
    return any(len(part) >= 8 and is_date(part[:8]) and not (is_uuid and len(part) >= 30) for part in uid.split("."))


_MONTHS = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "mai",
    "okt",
    "dez",
    "fev",
    "avr",
    "aou",
    "ene",
    "abr",
    "ago",
    "dic",
    "gen",
    "mag",
    "giu",
    "lug",
    "set",
    "ott",
    "out",
    "maj",
    "mei",
    "mrt",
    "maa",
    "sty",
    "lut",
    "kwi",
    "cze",
    "lip",
    "sie",
    "wrz",
    "paz",
    "lis",
    "gru",
    "des",
    "hel",
    "tam",
    "huh",
    "jui",
    "jue",
]


def has_long_digits(text: str) -> bool:
    """Return whether six digits and more belong together."""
    weighed = re.sub(r"[0-9]+(?:\.[0-9]+)*", _weigh, text)
    joined = re.findall(r"[0-9\-./:,_()+ ]+", weighed)
    words = re.findall(r"[0-9A-Za-z\-./:_+#]+", weighed)
    return any(sum(letter.isdigit() for letter in part) >= 6 for part in (*joined, *words))


def _weigh(found: re.Match[str]) -> str:
    """Return a number with those digits that count."""
    before = found.string[found.start() - 1 : found.start()]
    parts = found[0].split(".")
    if len(parts) == 2 and before != "." and found.string[found.end() : found.end() + 1] != ".":
        return "." if parts[0] == "0" else f"{parts[0]}."
    return found[0]


def has_short_date(text: str) -> bool:
    """Return whether a text has a date of three short numbers, or one with the name of a month."""
    return any(map(_is_short_date, _rows_of(text))) or any(
        _is_named_date(text, found) for found in re.finditer("[A-Za-z]+", text)
    )


def has_address(text: str) -> bool:
    """Return whether a text has four numbers below 256 with points between them."""
    return any(
        len(row) == 4 and ".".join(row) in text and all(int(part[:9]) <= 255 for part in row) for row in _rows_of(text)
    )


def _rows_of(text: str) -> Iterable[list[str]]:
    at = 0
    while found := re.compile(r"[0-9]+").search(text, at):
        row, at = [found[0]], found.end()
        mark = text[at : at + 1]
        if mark and mark in "-./ _":
            more = re.compile(rf"(?:{re.escape(mark)}[0-9]+){{1,4}}").match(text, at)
            if more:
                row += more[0][1:].split(mark)
                at = more.end()
        yield row


def _is_short_date(row: list[str]) -> bool:
    if len(row) != 3 or len(row[1]) > 2:
        return False
    numbers = [int(part[:9]) for part in row]
    return (len(row[2]) in (2, 4) and len(row[0]) <= 2 and _is_day(numbers[0], numbers[1])) or (
        len(row[0]) in (2, 4) and len(row[2]) <= 2 and _is_day(numbers[1], numbers[2])
    )


def _is_day(one: int, two: int) -> bool:
    return one >= 1 and two >= 1 and ((one <= 31 and two <= 12) or (one <= 12 and two <= 31))


def _is_named_date(text: str, word: re.Match[str]) -> bool:
    if word[0][:3].lower() not in _MONTHS or len(word[0]) < 3:
        return False
    before = re.search(r"([0-9]*)[^0-9]{0,2}$", text[: word.start()])
    after = re.match(r"[^0-9]{0,2}([0-9]*)", text[word.end() :])
    assert before
    assert after
    first, last = len(before[1]), len(after[1])
    return (first >= 1 and last >= 1) or last == 4 or (1 <= first <= 2 and len(word[0]) > 3)


def identifies(text: str) -> bool:
    """Return whether the digits of a text could identify, or it is an address of the network."""
    return "@" in text or "://" in text or has_long_digits(text) or has_short_date(text) or has_address(text)


_DS = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_ASSIGNED = re.compile(r"([A-Za-z._\[\]<>\"-][A-Za-z0-9\t ._\[\]<>\"-]*)(=[\t ]*)([^\t ].*)", re.DOTALL)
_INDEX = re.compile(r"\[[0-9]{1,5}\]")


def nines(text: str) -> str:
    """Return a text with each digit as 9."""
    return re.sub("[0-9]", "9", text)


def shape(text: str) -> str:
    """Return the shape of a text, empty if it has none."""
    if not text.isascii() or "\x1b" in text or len(text) > 1024 or not re.search("[0-9]", text):
        return ""
    found = _ASSIGNED.fullmatch(text)
    if not found:
        return "" if identifies(text) else nines(text)
    name, between, value = found.groups()
    is_decimal = _DS.fullmatch(value) is not None
    is_short = (is_decimal and not number_identifies("DS", value)) or re.fullmatch("0[xX][0-9A-Fa-f]{1,4}", value)
    is_kept = not is_short and (is_decimal or identifies(value))
    if (is_kept and not re.search("[0-9]", name)) or identifies(_INDEX.sub("[]", name)):
        return ""
    return nines(_INDEX.sub("[9]", name)) + between + ("9" if is_short else value if is_kept else nines(value))


_APART = re.compile(
    r"(?:^|(?<=[\t =:,;\"'_\-./\\()<>\[\]|]))(?:[a-z]{2,}|[A-Z]{2,}|[A-Z][a-z]+)(?=$|[\t =:,;\"'_\-./\\()<>\[\]|])"
)
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def is_read(run: str) -> bool:
    """Return whether a run found in bytes has to be read."""
    return (
        not run.isascii()
        or re.search(r"[\^@\x1b]|[0-9]{5}|//|\\\\|:[/\\]", run) is not None
        or re.fullmatch(r"[A-Za-z '\-.,]*", run) is not None
        or _APART.search(run) is not None
        or any(len(part) >= 3 and re.search("[aeiouyAEIOUY]", part) for part in _PART.findall(run))
        or has_long_digits(run)
        or has_short_date(run)
        or has_address(run)
    )


def find_group(
    vr: str, value: str, form: str, *, is_run: bool, flag: str, kinds: frozenset[str], always: frozenset[str], root: str
) -> Group | None:
    """Return what a value has in common with others, None if it is apart. It does not break its VR."""
    if flag not in ("", "SEARCHED_IN_PART"):
        return None
    found = _find_run(value, kinds) if is_run else _find_own(vr, value, form + flag, always, root)
    return found if found is not None and found.kind in kinds else None


def _find_run(value: str, kinds: frozenset[str]) -> Group | None:
    return Group("runs", "") if "runs" in kinds and not is_read(value) else _by_shape(value)


def _find_own(vr: str, value: str, form: str, always: frozenset[str], root: str) -> Group | None:
    group = None
    if form[0] == "I":
        group = Group("number", "items")
    elif form[0] in "BS":
        group = Group("bytes", form)
    elif form[0] not in "TN":
        pass
    elif vr in DATES:
        group = Group("date", "")
    elif vr in NUMBERS:
        may_identify = any(number_identifies(vr, number) for number in value.split("\\"))
        group = Group("number", "", may_identify and "number" not in always)
    elif vr == "UI":
        is_own = root != "" and value.startswith(root + ".")
        known = root if is_own else uid_root(value)
        may_vary = uid_has_date(value) and not is_own and "uid" not in always
        group = Group("uid", known, may_vary) if known else None
    elif vr not in ("PN", "AT"):
        group = _by_shape(value)
    return group


def _by_shape(value: str) -> Group | None:
    common = shape(value)
    return Group("shape", common) if common else None


def counted(number: int, word: str) -> str:
    """Return a number with its word in the singular or plural."""
    return f"{number} {word}" + ("" if number == 1 else "s")


def group_text(group: Group, vr: str, values: set[str]) -> str:
    """Return the text of the row that draws these values together."""
    count = len(values)
    if group.kind == "runs":
        return f"<{counted(count, 'run')} without a word>"
    if group.kind == "shape":
        return f"<{counted(count, 'text')} like {group.common}>"
    if group.kind == "uid":
        return f"<{counted(count, 'UID')} under {group.common}>"
    if group.kind == "bytes" or group.common == "items":
        sizes = sorted(int(value[1:].split(" ")[0]) for value in values)
        return f"<{counted(count, 'value')} of {_sizes(sizes, 'item' if group.common == 'items' else 'byte')}>"
    if group.kind == "date":
        ordered = sorted(values, key=_age if vr == "AS" else str)
        return f"<{counted(count, WORDS[vr])}, {_range(ordered)}>"
    # The report has the shortest text that gives the same number in 32 bits.
    values = {"\\".join(map(_show_single, value.split("\\"))) for value in values} if vr == "FL" else values
    numbers = sorted({number for value in values for number in value.split("\\")}, key=lambda one: _number(vr, one))
    sizes = sorted(len(value.split("\\")) for value in values)
    word = counted(count, "number") if sizes[-1] == 1 else f"{counted(count, 'value')} of {_sizes(sizes, 'number')}"
    return f"<{word}, {_range(numbers)}>"


def _show_single(text: str) -> str:
    return str(np.float32(text))


def _number(vr: str, text: str) -> tuple[object, ...]:
    if vr in ("DS", "IS"):
        return Decimal(text), text
    number = float(text) if vr in ("FD", "FL") else int(text)
    # Of two zeros, the negative one comes last, as its bytes do.
    return (1, 0.0, text) if isnan(number) else (0, number, text.startswith("-"))


def _age(age: str) -> tuple[int, str]:
    return int(age[:3]) * {"D": 1, "W": 7, "M": 30, "Y": 365}[age[3]], age


def _range(ordered: list[str]) -> str:
    return ordered[0] if ordered[0] == ordered[-1] else f"{ordered[0]}..{ordered[-1]}"


def _sizes(sizes: list[int], word: str) -> str:
    return counted(sizes[0], word) if sizes[0] == sizes[-1] else f"{sizes[0]}..{sizes[-1]} {word}s"

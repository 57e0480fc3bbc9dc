r"""The rules that look at a value alone: what each finds in a text, a number or a UID.

For: `tagsniff.curation.findings`, whose table names each rule, its weight and its examples.
Never: a regular expression that takes more than a time in proportion to the value: a value has up to 64 KiB, and its
author may be hostile. An expression begins where a word or a number begins, and what it repeats has a bound.
Terms: PS3.5 6.2 (VRs), 9 and annex B (UIDs), edition 2026b; RFC 9562 (UUIDs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple

_YEAR = r"(?:19[0-9]{2}|20[0-9]{2}|2100)"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_NAMES_OF_MONTHS = (
    "jan(?:uary|uar|vier|eiro)?|feb(?:ruary|ruar)?|f[eé]vr?(?:ier)?|mar(?:ch|s|zo)?|m[aä]r(?:z)?|apr(?:il)?|avr(?:il)?"
    "|may|mai|mayo|june?|juni|juin|july?|juli|juil(?:let)?|aug(?:ust)?|ao[uû]t|sept?(?:ember|embre)?|o[ck]t(?:ober|obre)?"
    "|nov(?:ember|embre)?|de[cz](?:ember)?|d[eé]c(?:embre)?|ene(?:ro)?|ago(?:sto)?|dic(?:iembre)?"
)
_SHORT_YEAR = r"(?:[0-9]{4}|'?[0-9]{2})"
_FIRST_DAY = date(1900, 1, 1)
_LAST_DAY = date(2100, 12, 31)
_UUID_ROOT = "2.25."
_STANDARD_ROOT = "1.2.840.10008."


class Days(NamedTuple):
    """The days that a collection names: single ones, and the ends of ranges, all inclusive."""

    single: frozenset[date] = frozenset()
    ranges: tuple[tuple[date, date], ...] = ()

    def __contains__(self, day: object) -> bool:
        """Return whether the day, or one beside it (another time zone), is named."""
        assert isinstance(day, date)
        near = (day, day - timedelta(1), day + timedelta(1))
        return any(one in self.single or any(start <= one <= end for start, end in self.ranges) for one in near)


def is_plain(text: str) -> bool:
    """Return whether no rule for texts can find anything: the text is short, or has none of what a finding has.

    It may say no of any text. It is here to save time: nearly all texts are plain.
    """
    if len(text) < 6:
        # A name or a path; the shortest date, 1/1/04, has six characters.
        return not any(map(text.__contains__, "^/\\:"))
    return _compile_signs().search(text) is None and text.count(" ") < 2


@cache
def _compile_signs() -> re.Pattern[str]:
    return re.compile(r"[0-9^@/\\:]|[Ww]{3}")


def has_name(text: str) -> bool:
    """Return whether a word of a family name comes before a ^, and a letter after it, as in the VR PN."""
    return "^" in text and any(_is_name_word(found[1]) for found in _compile_name().finditer(text))


@cache
def _compile_name() -> re.Pattern[str]:
    # A family name of two letters and more, the last word of which is captured; not 10^3 or x^2.
    word = r"[^\W\d_]{1,40}"
    return re.compile(
        rf"(?<![^\s\"'=:;,(<>\[|])(?:{word}[' .,-]{{1,2}}){{0,4}}([^\W\d_]{{2,40}})[ .]?\^{{1,3}}[^\W\d_]"
    )


def _is_name_word(word: str) -> bool:
    """Return whether letters are in the case of a word: not as in bytes that are letters by chance."""
    if word.lower() == word.upper() or word.isupper() or word.islower() or word.istitle():
        return True
    # McDonald
    return word[0].isupper() and len(word) > 4 and sum(map(str.isupper, word)) == 2


def has_letters(text: str) -> bool:
    """Return whether a name of VR PN is there at all."""
    return sum(map(str.isalpha, text[:64])) > 1


def has_date(text: str) -> bool:
    """Return whether a text has a date, from 1900 to 2100, in one of many spellings."""
    patterns = _choose_patterns(text)
    return bool(patterns) and any(_is_day(*parts) for parts in _find_dates(text, patterns))


# What each date has: eight digits, digits with signs between them, or a month. To look for these takes less time.
_MONTHS = [
    "jan",
    "feb",
    "fév",
    "fev",
    "mar",
    "mär",
    "apr",
    "avr",
    "may",
    "mai",
    "jun",
    "jul",
    "jui",
    "aug",
    "aoû",
    "aou",
    "sep",
    "oct",
    "okt",
    "nov",
    "dec",
    "dez",
    "déc",
    "ene",
    "ago",
    "dic",
    "年",
]


@cache
def _compile_signs_of_dates() -> re.Pattern[str]:
    return re.compile(r"[0-9][-/._][0-9]{1,2}[-/._][0-9]")


@cache
def _compile_eight_digits() -> re.Pattern[str]:
    return re.compile(r"(?:19|20|21)[0-9]{6}")


@cache
def _compile_signs_of_months() -> re.Pattern[str]:
    return re.compile(r"[0-9][-. /]{0,2}[^\W\d_]{3}|[^\W\d_]{3}[-. /]{1,2}[0-9]|[0-9]年")


def _choose_patterns(text: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of the dates that a text may have."""
    if len(text) < 6 or _compile_digit().search(text) is None:
        return ()
    # Substrings are found much faster than patterns.
    chosen = _compile_dates()[:1] if _compile_eight_digits().search(text) is not None else ()
    if any(text.count(sign) > 1 for sign in "-/._") and _compile_signs_of_dates().search(text) is not None:
        chosen += _compile_dates()[1:]
    if any(map(text.lower().__contains__, _MONTHS)) and _compile_signs_of_months().search(text) is not None:
        chosen += _compile_dates_with_months()
    return chosen


@cache
def _compile_digit() -> re.Pattern[str]:
    return re.compile("[0-9]")


@cache
def _compile_dates() -> tuple[re.Pattern[str], ...]:
    return (
        # 20040119, and with a time after it; 2004-01-19, 2004/1/19, 2004.01.19
        re.compile(
            rf"(?<![0-9.])(?P<y>{_YEAR})(?P<m>{_MONTH})(?P<d>{_DAY})(?:[0-9]{{2}}|[0-9]{{4}}|[0-9]{{6}})?(?![0-9])"
        ),
        re.compile(
            rf"(?<![0-9.])(?P<y>{_YEAR})(?P<s>[-/._])(?P<m>[01]?[0-9])(?P=s)(?P<d>[0-3]?[0-9])(?![0-9]|[.][0-9])"
        ),
        # 19.01.2004, 1/19/2004, 19-1-2004; with two digits of the year only if / is between
        re.compile(
            rf"(?<![0-9./-])(?P<a>[0-3]?[0-9])(?P<s>[-/.])(?P<b>[0-3]?[0-9])(?P=s)(?P<y>{_YEAR})(?![0-9]|[.][0-9])"
        ),
        re.compile(r"(?<![0-9./-])(?P<a>[0-3]?[0-9])/(?P<b>[0-3]?[0-9])/(?P<y>[0-9]{2})(?![0-9/.])"),
    )


@cache
def _compile_dates_with_months() -> tuple[re.Pattern[str], ...]:
    flags = re.IGNORECASE
    of_name = rf"(?P<name>{_NAMES_OF_MONTHS})"
    return (
        # 19-Jan-2004, 19 January 04, 19JAN04, Jan 19, 2004, Mon Jan 19 12:00:00 2004
        re.compile(
            rf"(?<![0-9.])(?P<d>[0-3]?[0-9])[-. /]{{0,2}}{of_name}[-. /,]{{0,2}}(?P<y>{_SHORT_YEAR})(?![0-9])", flags
        ),
        re.compile(
            rf"(?<![^\W\d_]){of_name}[-. /]{{1,2}}(?P<d>[0-3]?[0-9])(?:,? {{1,2}}|[-/])"
            rf"(?:[0-9:]{{5,8}} (?:[A-Z]{{3,4}} )?)?(?P<y>{_SHORT_YEAR})(?![0-9:])",
            flags,
        ),
        re.compile(r"(?P<y>[12][0-9]{3})年 ?(?P<m>[01]?[0-9])月 ?(?P<d>[0-3]?[0-9])日"),
    )


def _find_dates(text: str, patterns: tuple[re.Pattern[str], ...]) -> Iterator[tuple[int, int, int]]:
    """Yield year, month and day of what may be a date; a day that may be either of two numbers comes twice."""
    for pattern in patterns:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            year = int(parts["y"].lstrip("'"))
            if len(parts["y"].lstrip("'")) == 2:
                year += 1900 if year > 40 else 2000
            if "a" in parts:
                one, other = int(parts["a"]), int(parts["b"])
                yield year, one, other
                yield year, other, one
            elif "name" in parts:
                yield year, 1, int(parts["d"])
            else:
                yield year, int(parts["m"]), int(parts["d"])


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return _FIRST_DAY <= date(year, month, day) <= _LAST_DAY
    except ValueError:
        return False


def is_date_number(text: str) -> bool:
    """Return whether a number of a numeric VR reads as yyyymmdd."""
    digits = text.partition(".")[0] if not text.partition(".")[2].strip("0") else ""
    return len(digits) == 8 and digits.isdecimal() and digits.isascii() and _is_compact_day(digits)


def _is_compact_day(digits: str) -> bool:
    return _is_day(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def has_seconds(text: str, days: Days | None) -> bool:
    """Return whether a number of 10 digits, or of 13 (milliseconds), is a time on one of the days.

    None: the days are not known; then only the whole text, and only from 2001 to 2037.
    """
    if len(text) < 10:
        return False
    if days is None:
        whole = text.partition(".")[0]
        return (
            len(whole) in (10, 13) and whole.isascii() and whole.isdecimal() and 2001 <= _find_day(whole).year <= 2037
        )
    if _compile_ten_digits().search(text) is None:
        return False
    return any(_find_day(found[0]) in days for found in _compile_seconds().finditer(text))


@cache
def _compile_ten_digits() -> re.Pattern[str]:
    return re.compile(r"[1-9][0-9]{9}")


@cache
def _compile_seconds() -> re.Pattern[str]:
    return re.compile(r"(?<![0-9])[1-9](?:[0-9]{12}|[0-9]{9})(?![0-9])")


def _find_day(digits: str) -> date:
    return datetime.fromtimestamp(int(digits[:10]), UTC).date()


def has_email(text: str) -> bool:
    """Return whether a text has an e-mail address."""
    return "@" in text and _compile_email().search(text) is not None


@cache
def _compile_email() -> re.Pattern[str]:
    return re.compile(
        r"(?<![\w.%+-])[\w%+-][\w.%+-]{0,63}@[a-z0-9](?:[a-z0-9-]{0,62}\.){1,4}[a-z]{2,24}(?![a-z0-9])", re.IGNORECASE
    )


def has_url(text: str) -> bool:
    """Return whether a text has an address with a scheme, or one that begins with www."""
    may_be = "://" in text or "www." in text.lower()
    return may_be and _compile_url().search(text) is not None


@cache
def _compile_url() -> re.Pattern[str]:
    return re.compile(
        r"(?<![a-z])(?:https?|ftps?|sftp|file|smb|s3|gs|dicomweb|wss?)://[^\s/]|(?<![\w.])www\.[a-z0-9-]{1,63}\.[a-z]",
        re.IGNORECASE,
    )


def has_path(text: str) -> bool:
    """Return whether a text has a path of Windows, of a Windows server, or of Unix with two folders and more."""
    may_be = "\\" in text or text[1:2] == ":" or ":/" in text or text.count("/") > 1
    return may_be and _compile_path().search(text) is not None


@cache
def _compile_path() -> re.Pattern[str]:
    return re.compile(
        # C:\folder; in a text that was split at the backslash, C: alone
        r"(?<![A-Za-z0-9])[A-Za-z]:(?:[\\/][\w. $~%-]|\Z(?<=\A..))"
        # \\server\share
        r"|(?<!\\)\\\\[\w.$-]{2,63}\\[\w$]"
        # /home/name, ~/name, ../name/name
        r"|(?<![^\s\"'=(,;:\[])(?:~|\.{1,2})?/(?:[A-Za-z][\w.+-]{1,63}|[\w.+-]{3,63})/[\w.+-]{2}"
    )


def has_phone(text: str) -> bool:
    """Return whether a text has a telephone number: after a word for it, with a country's code, or as in the USA."""
    has_signs = "+" in text or "(" in text or text.count("-") > 1
    is_named = any(map(text.lower().__contains__, _WORDS_FOR_PHONES))
    if len(text) < 7 or not (has_signs or is_named) or _compile_three_digits().search(text) is None:
        return False
    if has_signs and _compile_phone().search(text) is not None:
        return True
    return is_named and _compile_named_phone().search(text) is not None


@cache
def _compile_three_digits() -> re.Pattern[str]:
    return re.compile(r"[0-9][ ()/-]{0,2}[0-9][ ()/-]{0,2}[0-9]")


_WORDS_FOR_PHONES = ("tel", "phone", "fax", "mobile", "pager")


@cache
def _compile_phone() -> re.Pattern[str]:
    return re.compile(
        # +49 30 123456, +1-555-123-4567: at least one space or hyphen after the country's code
        r"\+(?<![\w.+]\+)[1-9][0-9]{0,2}[ -](?:\([0-9]{1,4}\)[ -]?)?[0-9]{2,4}(?:[ -]?[0-9]{2,8}){1,4}(?![0-9.:])"
        r"|\((?<![\w.+-]\()[2-9][0-9]{2}\) ?[2-9][0-9]{2}-[0-9]{4}(?![\w.-])"
        r"|(?<![\w.+/-])(?:1-)?[2-9][0-9]{2}-[2-9][0-9]{2}-[0-9]{4}(?![\w.-])"
    )


@cache
def _compile_named_phone() -> re.Pattern[str]:
    digits = r"[0-9](?:[ ()/-]{0,2}[0-9]){6,13}(?![0-9.])"
    return re.compile(
        rf"(?<![^\W_])(?:tel|telephone|phone|telefon|fax|mobile|pager)(?: ?(?:no|nr)\.?)?[.:# ]{{1,3}}\+?\(?{digits}",
        re.IGNORECASE,
    )


def has_ip_address(text: str) -> bool:
    """Return whether a text has an IPv4 address of a private network, any after a word for it, or a MAC address."""
    may_be = text.count(".") > 2 or text.count(":") > 4 or text.count("-") > 4
    if not may_be or _compile_octets().search(text) is None:
        return False
    return any(
        found["mac"] or found["after"] or _is_private(found[0].split(".")) for found in _compile_ip().finditer(text)
    )


@cache
def _compile_octets() -> re.Pattern[str]:
    return re.compile(
        r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])|[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}"
    )


@cache
def _compile_ip() -> re.Pattern[str]:
    octet = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
    return re.compile(
        rf"(?P<after>(?<![a-z])(?:ip|ip address|host|server|https?://)[ :=@]{{0,3}}{octet}(?:\.{octet}){{3}}(?![\w.]))"
        rf"|(?<![\w.])(?<![vV] ){octet}(?:\.{octet}){{3}}(?![\w]|\.[0-9])"
        r"|(?P<mac>(?<![\w:-])[0-9A-F]{2}(?P<s>[:-])(?:[0-9A-F]{2}(?P=s)){4}[0-9A-F]{2}(?![\w:-]))",
        re.IGNORECASE,
    )


def _is_private(octets: list[str]) -> bool:
    """Return whether an address is of RFC 1918 and does not read as a version, whose parts are small."""
    one, two, three, four = map(int, octets)
    is_private = one == 10 or (one == 172 and 16 <= two <= 31) or (one == 192 and two == 168)
    return is_private and (one != 10 or max(two, three, four) > 31)


def has_long_digits(text: str) -> bool:
    """Return whether a text has six digits in a row: no decimal fraction, no part of a UID, no round number."""
    return len(text) > 5 and _compile_long_digits().search(text) is not None


@cache
def _compile_long_digits() -> re.Pattern[str]:
    return re.compile(r"(?<![0-9.])(?<![0-9]E[+-])[0-9]{6,}(?<!0000)(?![0-9]|\.[0-9])", re.IGNORECASE)


def is_long_number(text: str) -> bool:
    """Return whether a number of a numeric VR is whole and has six digits and more."""
    return len(text) > 5 and text.lstrip("+-").isdecimal() and len(text.lstrip("+-0")) > 5


def has_three_words(text: str) -> bool:
    """Return whether three words of two letters and more follow one another."""
    return text.count(" ") > 1 and _compile_three_words().search(text) is not None


@cache
def _compile_three_words() -> re.Pattern[str]:
    word = r"[^\W\d_]{2,40}(?![^\W\d_])"
    return re.compile(
        rf"(?<![^\W_]){word}(?:['\u2019][^\W\d_]{{1,8}})?(?:[,;:.]? {{1,3}}{word}(?:['\u2019][^\W\d_]{{1,8}})?){{2}}"
    )


# UIDs


def find_uids(text: str) -> list[str]:
    """Return what a text has that reads as a UID of six components and more."""
    return _compile_uid().findall(text) if text.count(".") > 4 else []


@cache
def _compile_uid() -> re.Pattern[str]:
    return re.compile(r"(?<![\w.])[0-2](?:\.(?:0|[1-9][0-9]{0,38})){5,40}(?![\w.])")


def has_date_in_uid(uid: str) -> bool:
    """Return whether a component of a UID begins with a date; UUIDs and the UIDs of the standard have none."""
    if uid.startswith((_UUID_ROOT, _STANDARD_ROOT)):
        return False
    return any(
        _is_compact_day(part[:8])
        for part in uid.split(".")
        if len(part) in _LENGTHS_OF_TIMES and part[:2] in ("19", "20", "21") and part.isdecimal()
    )


# yyyymmdd, with hours, minutes, seconds, and fractions of a second after it.
_LENGTHS_OF_TIMES = frozenset({8, 10, 12, 14, 15, 16, 17, 18, 19, 20})

_SERIAL_UIDS = (
    # Siemens: 1.3.12.2.1107.5, product line, model, serial number (conformance statements of syngo scanners)
    r"1\.3\.12\.2\.1107\.5\.[0-9]{1,3}\.[0-9]{1,4}\.[0-9]{3,}",
    # GE: 1.2.840.113619.2, product, number of the host or suite (conformance statements of GE scanners)
    r"1\.2\.840\.113619\.2\.[0-9]{1,4}\.(?:[0-9]\.)?[0-9]{6,}",
    # Philips MR: 1.3.46.670589.11, system reference number, 5 (conformance statements of Intera and Achieva)
    r"1\.3\.46\.670589\.11\.[0-9]{3,}\.5\.",
    # Toshiba: 1.2.392.200036.9116, product, number of the host (conformance statements of Aquilion)
    r"1\.2\.392\.200036\.9116\.[0-9]\.[0-9](?:\.[0-9]{1,3}){0,3}\.[0-9]{8,}",
)


def has_serial_in_uid(uid: str) -> bool:
    """Return whether the maker of a UID writes a serial number in it, or it is a UUID with a hardware address."""
    if uid.startswith(_UUID_ROOT):
        # PS3.5 B.2; RFC 9562, 5.1: version 1 has a time and a MAC address.
        number = uid[len(_UUID_ROOT) :]
        return number.isdecimal() and len(number) < 40 and int(number) >> 76 & 0xF == 1 and int(number) >> 62 & 3 == 2
    return _compile_serials().match(uid) is not None


@cache
def _compile_serials() -> re.Pattern[str]:
    return re.compile("|".join(_SERIAL_UIDS))

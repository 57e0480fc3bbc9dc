"""Flags that order the reading of recorded values: one table of rules, and the score that sorts by them.

For: reports and the sheet of decisions, which show first what points to a person.
Never: hide a value, or look at an element that a decisive code hides: only rows that show a value have these flags.
Terms: PS3.5 6.2 (VRs) and 7.8 (private creators), PS3.3 C.12.1 (Private Data Element Characteristics), edition 2026b.

A rule looks at a value alone (`VALUE_RULES`), or at an element with what is known of it (`ELEMENT_RULES`). The reasons
that a reader is given are those of `tagsniff.report.reading_flags`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from tagsniff.curation import value_rules as rules
from tagsniff.curation.value_rules import Days
from tagsniff.report import reading_flags as flag
from tagsniff.report.rows import FINDINGS, order_flags

NUMBER_VRS = frozenset({"DS", "IS", "US", "SS", "UL", "SL", "UV", "SV", "FL", "FD"})
DATE_VRS = frozenset({"DA", "DT", "TM"})
_DATE_LETTERS = frozenset("0123456789.:+- ")


class About(enum.Flag):
    """What a value is, by its VR: what a rule looks at."""

    TEXT = enum.auto()
    """Text VRs, text that was found in bytes, and values of other VRs that are not of their VR."""

    NAME = enum.auto()
    """VR PN."""

    NUMBER = enum.auto()
    """Numeric VRs."""

    UID = enum.auto()
    """VR UI, and each UID in a text."""

    ELEMENT = enum.auto()
    """No value: the element and what is known of it."""


class ElementFacts(NamedTuple):
    """What the rules for elements look at.

    ``patient_relation`` is that of the `ElementUse`, empty if it is not known. ``creator_maker`` and
    ``equipment_maker`` are manufacturers, empty if they are not known. ``promises_number``: shipped tables give the
    element a numeric VR. ``maker_says`` is the status in (0008,0303) for the private block, empty if there is none.
    ``is_new``: the value is not among those that were decided.
    """

    vr: str = "LO"
    text: str = ""
    patient_relation: str = ""
    creator_maker: str = ""
    equipment_maker: str = ""
    promises_number: bool = False
    maker_says: str = ""
    is_new: bool = False


class Example(NamedTuple):
    """A value, or the facts of an element, for which a rule is tested; ``days`` are those of the collection."""

    text: str = ""
    vr: str = "LO"
    facts: ElementFacts = ElementFacts()
    days: Days | None = Days()


class Rule(NamedTuple):
    """One rule: the flag that it sets, on what, how much it weighs, and examples that it must and must not find."""

    flag: str
    about: About
    weight: float
    finds: Callable[[str], bool] | Callable[[ElementFacts], bool] | Callable[[str, Days | None], bool]
    positive: tuple[Example, ...]
    negative: tuple[Example, ...]

    @property
    def reason(self) -> str:
        """What a reader is told."""
        return flag.READING_FLAGS[self.flag]


def _texts(*texts: str, vr: str = "LO", days: Days | None = Days()) -> tuple[Example, ...]:  # noqa: B008  frozen
    return tuple(Example(text, vr, days=days) for text in texts)


def _facts(*facts: ElementFacts) -> tuple[Example, ...]:
    return tuple(Example(one.text, one.vr, one) for one in facts)


_DAY = Days(frozenset({date(2004, 1, 19)}))
_ANY_TEXT = About.TEXT | About.NAME

VALUE_RULES = (
    Rule(
        *(flag.NAME_LIKE, About.TEXT, 8, rules.has_name),
        _texts(
            "DOE^JOHN",
            "Doe^John^Q^^Dr",
            "Müller^Jörg",
            "patient=van der Berg^Anna",
            "山田^太郎",
            "O'Neil^Pat",
            "McDonald^Ron",
            "DOE^^Q",
        ),
        _texts("10^3", "x^2", "T2^", "1.2^3", "^", "^^^^", "DOE JOHN", "a^b", "oFm^_-p", "dLK^mps", ":YT^", "[xfO^nw"),
    ),
    Rule(
        *(flag.NAME_LIKE, About.NAME, 8, rules.has_letters),
        _texts("Doe", "DOE^JOHN", "Li", "山田", vr="PN"),
        _texts("", "^^^^", "1234", "X", vr="PN"),
    ),
    Rule(
        *(flag.EMAIL, _ANY_TEXT, 9, rules.has_email),
        _texts("john.doe@example.org", "send to j_d+mri@mail.hospital.example now", "<A@B.DE>"),
        _texts("@", "a@b", "25mA@120kV", "T1@3T.0", "user@", "x @ y.de", "SIEMENS@MR"),
    ),
    Rule(
        *(flag.PHONE, _ANY_TEXT, 8, rules.has_phone),
        _texts(
            "+49 30 1234567", "(555) 234-5678", "555-234-5678", "Tel: 030 1234567", "phone 5552345", "+1 555 234 5678"
        ),
        _texts(
            *("+0100", "+12.5 -3.4", "1.2.840.113619.2.55", "12:34:56.789", "2004-01-19", "V5.2.3", "512\\512"),
            *("0018-1030-0040", "+1.234567E+02", "100-200-3000", "syngo MR 2004A 4VA25A", "123456789", "-12 -34 -5678"),
        ),
    ),
    Rule(
        *(flag.DATE_IN_TEXT, _ANY_TEXT, 5, rules.has_date),
        _texts(
            *("20040119", "20040119123456", "x_20040119_y", "2004-01-19", "2004/1/9", "2004.01.19", "19.01.2004"),
            *("01/19/2004", "1/19/04", "19-JAN-2004", "19 Jan 04", "19JAN2004", "Jan 19, 2004", "January 19 2004"),
            *("Mon Jan 19 12:00:00 2004", "19. März 2004", "2004年1月19日", "4. Okt. 1999", "Version of 12 mai 2001"),
        ),
        _texts(
            *("20041319", "20040132", "18991231", "12004011900", "1.2004.01.19", "2004", "2004-13-45", "1.2.3", "3/4"),
            *("512/512", "1.2.840.20040119.5", "40/50/60", "4.2.1.0", "Mar 512", "99/99/9999", "2D 3 mm", "0.20040119"),
        ),
    ),
    Rule(
        *(flag.DATE_AS_NUMBER, About.NUMBER, 6, rules.is_date_number),
        _texts("20040119", "20040119.0", "19500228", vr="IS"),
        _texts("20041319", "2004011", "200401190", "18991231", "-20040119", "20040119.5", "21010101", vr="IS"),
    ),
    Rule(
        *(flag.SECONDS_SINCE_1970, About.TEXT | About.NUMBER | About.UID, 5, rules.has_seconds),
        _texts("1074513600", "at 1074513600000 ms", "1074513600.25", "1.2.840.113619.2.55.1.1074513600.7", days=_DAY)
        + _texts("1080561422", vr="SL", days=None),
        _texts("1074513600", "1000000000")
        + _texts("1000000000", "10745136000", "107451360", "4074513600", days=_DAY)
        + _texts("9999999999", "1.2.840.113619.2.55.1.1074513600.7", "2147483647", vr="SL", days=None),
    ),
    Rule(
        *(flag.IP_ADDRESS, _ANY_TEXT, 5, rules.has_ip_address),
        _texts(
            "192.168.1.17", "at 172.16.3.44:104", "10.20.130.7", "host 8.8.8.8", "00:1b:21:3c:9d:f8", "ip=141.20.3.4"
        ),
        _texts(
            *(
                "10.0.0.1",
                "1.2.3.4",
                "5.4.0.2",
                "192.168.1.17.5",
                "version 10.1.2.3",
                "v192.168.1",
                "12:34:56",
                "1.192.168.1.1",
            ),
            *("300.168.1.1", "12.0.1.25", "2.16.840.1.113883", "00:1b:21:3c", "10.20.130"),
        ),
    ),
    Rule(
        *(flag.PATH, _ANY_TEXT, 5, rules.has_path),
        _texts(
            "C:\\data\\doe.dcm",
            "D:",
            "\\\\server\\share",
            "/home/jdoe/x.dcm",
            "file=/export/data/scan",
            "see ../raw/scan1",
        ),
        _texts(
            *("mm/s", "km/h/m", "1/2/3", "AC/DC", "a/b/c", "T1/T2/PD", "x: 5", "3:2", "N/A", "//", "\\", "/"),
            "12/05/2004",
        ),
    ),
    Rule(
        *(flag.URL, _ANY_TEXT, 3, rules.has_url),
        _texts("http://example.org/a", "ftp://10.1.2.3/x", "see www.example.org", "HTTPS://X", "file://x/y"),
        _texts("www", "http", "://", "a://b", "wwww.x", "http:// "),
    ),
    Rule(
        *(flag.UID_WITH_SERIAL, About.UID, 3, rules.has_serial_in_uid),
        _texts(
            *(
                "1.3.12.2.1107.5.2.30.25713.2006042013333182012300019",
                "1.2.840.113619.2.55.3.2831184655.781",
                "1.3.46.670589.11.5720.5.0.1",
            ),
            # A UUID of version 1, and a serial number of a host
            *("2.25.268990745109163346496685426873978585089", "1.2.392.200036.9116.2.6.1.48.1214833767.1167030230"),
            vr="UI",
        ),
        _texts(
            *(
                "1.2.840.10008.5.1.4.1.1.2",
                "1.3.12.2.1107.5.1",
                "2.25.173892865274649043405701743840658478457",
                "1.2.3.4.5.6.7",
            ),
            "1.3.12.2.1107.5.9.20000101",
            vr="UI",
        ),
    ),
    Rule(
        *(flag.UID_WITH_DATE, About.UID, 2, rules.has_date_in_uid),
        _texts("1.2.3.4.5.20040119", "1.2.3.20040119123456.5", "1.3.6.1.4.1.9328.50.20040119123456789.1", vr="UI"),
        _texts(
            "1.2.3.4.5.20041319",
            "1.2.840.10008.20040119",
            "2.25.20040119",
            "1.2.3.4.5.2004",
            "1.2.3.4.5.120040119",
            vr="UI",
        ),
    ),
    Rule(
        *(flag.LONG_DIGITS, _ANY_TEXT, 3, rules.has_long_digits),
        _texts("MRN 123456", "A1234567", "0001234", "123456_7"),
        _texts("12345", "0.123456", "1.2.840.113619.2.5", "1234.567890", "12 34 56", "1.5E-123456", "TR = 6000000"),
    ),
    Rule(
        *(flag.LONG_DIGITS, About.NUMBER, 2, rules.is_long_number),
        _texts("123456", "-1234567", "+123456", vr="IS"),
        _texts("12345", "123456.5", "1E123456", "000001", "0.123456", vr="DS"),
    ),
    Rule(
        *(flag.THREE_WORDS, _ANY_TEXT, 3, rules.has_three_words),
        _texts(
            "patient was moved", "Dr. Smith called home", "see the note", "Übersicht ohne Kontrast", "head: left side"
        ),
        _texts("T1 TSE TRA", "HEAD ROUTINE", "a b c d", "mm mm2 mm3", "FLAIR_longTR dark", "1 one 2 two 3"),
    ),
)
"""The rules for values, in no order: a value may have any number of flags."""


def _is_per_patient(facts: ElementFacts) -> bool:
    return facts.patient_relation == "PER_PATIENT"


def _is_shared(facts: ElementFacts) -> bool:
    return facts.patient_relation == "SHARED"


def _is_of_other_maker(facts: ElementFacts) -> bool:
    from tagsniff.curation.manufacturers import are_different

    return are_different(facts.creator_maker, facts.equipment_maker)


def _is_text_for_number(facts: ElementFacts) -> bool:
    return facts.promises_number and reads_as_text(facts.text, facts.vr)


def reads_as_text(text: str, vr: str) -> bool:
    """Return whether a value is text and no number: it has a letter, or three in a row where its VR was lost."""
    if vr in NUMBER_VRS:
        return False
    if vr in ("UN", "OB", "OW"):
        return re.search("[A-Za-z]{3}", text) is not None
    return any(map(str.isalpha, text))


def _is_said_safe(facts: ElementFacts) -> bool:
    return facts.maker_says == "SAFE"


def _is_said_unsafe(facts: ElementFacts) -> bool:
    return facts.maker_says == "UNSAFE"


def _is_new(facts: ElementFacts) -> bool:
    return facts.is_new


ELEMENT_RULES = (
    Rule(
        *(flag.NEW_SINCE_DECISION, About.ELEMENT, 5, _is_new),
        _facts(ElementFacts(is_new=True)),
        _facts(ElementFacts()),
    ),
    Rule(
        *(flag.PER_PATIENT, About.ELEMENT, 6, _is_per_patient),
        _facts(ElementFacts(patient_relation="PER_PATIENT")),
        _facts(ElementFacts(), ElementFacts(patient_relation="SHARED")),
    ),
    Rule(
        *(flag.SHARED_VALUES, About.ELEMENT, -3, _is_shared),
        _facts(ElementFacts(patient_relation="SHARED")),
        _facts(ElementFacts(), ElementFacts(patient_relation="PER_PATIENT")),
    ),
    Rule(
        *(flag.TEXT_FOR_NUMBER, About.ELEMENT, 6, _is_text_for_number),
        _facts(ElementFacts("LO", "Doe", promises_number=True), ElementFacts("UN", "12 Doe", promises_number=True)),
        _facts(
            *(ElementFacts("LO", "12.5", promises_number=True), ElementFacts("DS", "Doe", promises_number=True)),
            ElementFacts("UN", "\xd6\xabY:", promises_number=True),
            ElementFacts("LO", "Doe"),
        ),
    ),
    Rule(
        *(flag.OTHER_MAKER, About.ELEMENT, 2, _is_of_other_maker),
        _facts(
            ElementFacts(creator_maker="GE", equipment_maker="SIEMENS"),
            ElementFacts(creator_maker="Agfa", equipment_maker="Philips Medical Systems"),
        ),
        _facts(
            ElementFacts(creator_maker="GE", equipment_maker="GE MEDICAL SYSTEMS"),
            ElementFacts(creator_maker="Picker (Philips)", equipment_maker="Philips"),
            ElementFacts(creator_maker="Philips", equipment_maker="Marconi Medical Systems"),
            ElementFacts(creator_maker="SPI (Siemens, Philips)", equipment_maker="SIEMENS"),
            ElementFacts(creator_maker="GE", equipment_maker="a maker that no table has"),
            ElementFacts(creator_maker="GE"),
            ElementFacts(equipment_maker="SIEMENS"),
        ),
    ),
    Rule(
        *(flag.MAKER_SAYS_UNSAFE, About.ELEMENT, 4, _is_said_unsafe),
        _facts(ElementFacts(maker_says="UNSAFE")),
        _facts(ElementFacts(), ElementFacts(maker_says="SAFE"), ElementFacts(maker_says="MIXED")),
    ),
    Rule(
        *(flag.MAKER_SAYS_SAFE, About.ELEMENT, -2, _is_said_safe),
        _facts(ElementFacts(maker_says="SAFE")),
        _facts(ElementFacts(), ElementFacts(maker_says="UNSAFE"), ElementFacts(maker_says="MIXED")),
    ),
)
"""The rules for elements."""

RULES = (*VALUE_RULES, *ELEMENT_RULES)
"""All rules. Two rules may set the same flag, on different kinds of values."""

_WEIGHTS_OF_SCAN = {
    "NOT_A_NUMBER": 5,
    "LOOKS_LIKE_TEXT": 5,
    "NOT_OF_VR": 4,
    "OTHER_VR": 3,
    "NOT_A_CODE": 3,
    "TRUNCATED": 2,
    "STREAM_IN_PART": 2,
    "SEARCHED_IN_PART": 2,
    "UNDECODED": 1,
    "TOO_LONG": 1,
    "WRONG_COUNT": 1,
    "BAD_LENGTH": 1,
}
"""The weights of flags that a scan sets: a value that breaks its VR may be anything."""

_WEIGHTS = dict.fromkeys(FINDINGS, 0.0) | _WEIGHTS_OF_SCAN
for _rule in RULES:
    _WEIGHTS[_rule.flag] = max(_rule.weight, _WEIGHTS.get(_rule.flag) or _rule.weight)


def score(flags: Iterable[str]) -> float:
    """Return a number that sorts rows and elements for reading, the largest first. A flag without a rule counts 0."""
    return sum(_WEIGHTS.get(one, 0.0) for one in set(flags))


def find_kind_of_value(vr: str, *, is_found_text: bool = False) -> About:
    """Return what the values of a VR are for the rules. ``is_found_text``: they are text that was found in bytes."""
    if is_found_text:
        return About.TEXT
    if vr in NUMBER_VRS:
        return About.NUMBER
    return {"UI": About.UID, "PN": About.NAME}.get(vr, About.TEXT)


def find_value_flags(text: str, vr: str, *, days: Days | None = None, is_found_text: bool = False) -> tuple[str, ...]:
    """Return the flags of one value, as a report shows it, in the order of reports.

    ``days`` are those that the collection names, None if they are not known. ``is_found_text``: the text was found in
    bytes, and ``vr`` is that of the bytes.
    """
    return make_finder(vr, days=days, is_found_text=is_found_text)(text)


def make_finder(vr: str, *, days: Days | None, is_found_text: bool) -> Callable[[str], tuple[str, ...]]:
    """Return the function of one argument that `find_value_flags` is for the other arguments: for many values."""
    about = find_kind_of_value(vr, is_found_text=is_found_text)
    of_text = _list_rules(About.NAME if about is About.NAME else About.TEXT)
    of_uid, of_number = _list_rules(About.UID), _list_rules(About.NUMBER)
    is_name = about is About.NAME
    is_date, is_uid, is_number = vr in DATE_VRS and not is_found_text, about is About.UID, about is About.NUMBER

    def find(text: str) -> tuple[str, ...]:
        if is_date and _DATE_LETTERS.issuperset(text):
            # A date, a time, or what is nearly one.
            return ()
        # Text in a number or a UID may be anything.
        is_own = (is_number and _is_number(text)) or (is_uid and not text.strip("0123456789."))
        if not is_own and not is_name and rules.is_plain(text):
            return ()
        rules_of = of_text if not is_own else of_uid if is_uid else of_number
        found = [name for name, finds in rules_of if finds(text)]
        if rules.has_seconds(text, days):
            found.append(flag.SECONDS_SINCE_1970)
        if not is_own and text.count(".") > 4:
            found += [name for uid in rules.find_uids(text) for name, finds in of_uid if finds(uid)]
        return order_flags(found) if found else ()

    return find


def _is_number(text: str) -> bool:
    return not text.strip("0123456789.+-eE ")


def _list_rules(about: About) -> list[tuple[str, Callable[[str], bool]]]:
    return [
        (rule.flag, rule.finds)  # type: ignore[misc]
        for rule in VALUE_RULES
        if about in rule.about and rule.flag != flag.SECONDS_SINCE_1970
    ]


@lru_cache
def find_element_flags(facts: ElementFacts) -> tuple[str, ...]:
    """Return the flags of an element, in the order of reports."""
    return order_flags(rule.flag for rule in ELEMENT_RULES if rule.finds(facts))  # type: ignore[call-arg,arg-type]

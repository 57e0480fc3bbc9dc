"""The flags that order the reading of values: their names, and the reason that a reader is given for each.

For: the table of flags in reports, which has them with those that a scan sets, and the rules that set them.
Never: a rule; `tagsniff.curation.findings` has the rules, and hides nothing by them.
"""

from __future__ import annotations

NAME_LIKE = "NAME_LIKE"
DATE_IN_TEXT = "DATE_IN_TEXT"
UID_WITH_DATE = "UID_WITH_DATE"
UID_WITH_SERIAL = "UID_WITH_SERIAL"
SECONDS_SINCE_1970 = "SECONDS_SINCE_1970"
DATE_AS_NUMBER = "DATE_AS_NUMBER"
EMAIL = "EMAIL"
URL = "URL"
PATH = "PATH"
PHONE = "PHONE"
IP_ADDRESS = "IP_ADDRESS"
LONG_DIGITS = "LONG_DIGITS"
THREE_WORDS = "THREE_WORDS"
PER_PATIENT = "PER_PATIENT"
SHARED_VALUES = "SHARED_VALUES"
OTHER_MAKER = "OTHER_MAKER"
TEXT_FOR_NUMBER = "TEXT_FOR_NUMBER"
MAKER_SAYS_SAFE = "MAKER_SAYS_SAFE"
MAKER_SAYS_UNSAFE = "MAKER_SAYS_UNSAFE"
NEW_SINCE_DECISION = "NEW_SINCE_DECISION"

READING_FLAGS = {
    NEW_SINCE_DECISION: "not among the values for which the element was decided",
    NAME_LIKE: "a text of the form of a person's name: letters around ^, or any letters where the VR is PN",
    EMAIL: "an e-mail address",
    PHONE: "a telephone number, as it is written for people",
    DATE_IN_TEXT: "a date in a value that is no date by its VR",
    DATE_AS_NUMBER: "a number that reads as a date, yyyymmdd, from 1900 to 2100",
    SECONDS_SINCE_1970: "a number of seconds or milliseconds since 1970 that is on a day of the collection",
    PER_PATIENT: "each value belongs to one patient, and each patient has one",
    TEXT_FOR_NUMBER: "a text where Table E.3.10-1 or TCIA have a number",
    IP_ADDRESS: "the address of a computer in a network",
    PATH: "the path of a file or folder, which often has a name in it",
    URL: "an address of the web or of a file server",
    UID_WITH_SERIAL: "a UID in which its maker writes a serial number or a hardware address",
    UID_WITH_DATE: "a UID with a component that reads as a date from 1900 to 2100",
    LONG_DIGITS: "six digits and more in a row, as identifiers have",
    THREE_WORDS: "three words and more: a text that a person wrote",
    OTHER_MAKER: "the private creator is of another manufacturer than the equipment: another system added it",
    MAKER_SAYS_UNSAFE: "(0008,0300) says that the private block identifies",
    MAKER_SAYS_SAFE: "(0008,0300) says that the private block does not identify",
    SHARED_VALUES: "at least two patients have each of the values",
}
"""The reason of each flag, in the order of reports: what points to a person first."""

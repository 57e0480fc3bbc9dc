"""The shape and the kind of a value: what a person sees of it without the value itself.

For: the summary of an element, which lists the shapes of its values, and which has a row for each manufacturer where
their values differ in kind.
Never: a letter or a digit of the value in its shape.
Terms: PS3.5 6.2 (VRs), edition 2026b.
"""

from __future__ import annotations

import re

# A run of one class of characters: capital letters, small letters, digits, other letters, spaces.
_RUN = re.compile(r"([A-Z]+)|([a-z]+)|([0-9]+)|((?:(?![A-Za-z])[^\W\d_])+)|(\s+)")
_SIGNS = ("A", "a", "9", "\u00e4", " ")
_SHOWN_IN_FULL = 2
_MOST_CHARACTERS = 32
# What the program writes in place of values: <12 numbers, 0..5>, <empty>, <3 items>.
_DESCRIPTION = re.compile(r"<(?:about |at least )?(?:[0-9,]+ )?([A-Za-z]+)")

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_UID = re.compile(r"[0-9]+(?:\.[0-9]+){2,}")

# What a description counts, and the kind that a single value of it has.
_KINDS = {
    "numbers": "number",
    "uids": "uid",
    "item": "items",
    "byte": "bytes",
    "value": "bytes",
    "values": "bytes",
    "date": "dates",
    "time": "times",
    "text": "text",
    "texts": "text",
    "run": "runs",
}

NOTHING_TO_READ = frozenset({"empty", "items"})
"""The kinds of values with nothing that a person could read: an empty value, and a sequence."""


def find_shape(text: str) -> str:
    """Return the shape of a value: ``A`` for a capital letter, ``a`` for a small one, ``9`` for a digit.

    Other letters are ``ä``. A run of more than two characters of one class is written as one, followed by ``+``, so
    that values of different length have one shape: ``MR Recon 3/12/1`` is ``AA Aa+ 9/99/9``. A shape of more than 32
    characters ends with ``...``.
    """
    if text.startswith("<"):
        described = _DESCRIPTION.match(text)
        if described is not None:
            return f"<{described[1]}>"
    shape = _RUN.sub(_shorten, text[: 8 * _MOST_CHARACTERS])
    return shape if len(shape) <= _MOST_CHARACTERS else shape[:_MOST_CHARACTERS] + "..."


def find_kind(text: str) -> str:
    """Return what kind of value a text is: ``number``, ``uid``, ``text``, or what a description says.

    The kinds of descriptions are ``empty``, ``items``, ``bytes``, ``numbers`` and the like; one of several numbers is
    ``number`` too, so that a maker with one value and a maker with many do not differ.
    """
    if text.startswith("<"):
        described = _DESCRIPTION.match(text)
        if described is not None:
            word = described[1].lower()
            return _KINDS.get(word, word)
    if _NUMBER.fullmatch(text) or all(map(_NUMBER.fullmatch, text.split("\\"))):
        return "number"
    if _UID.fullmatch(text):
        return "uid"
    return "text"


def _shorten(run: re.Match[str]) -> str:
    sign = _SIGNS[(run.lastindex or 1) - 1]
    length = len(run[0])
    if sign == " ":
        return sign
    return sign * length if length <= _SHOWN_IN_FULL else f"{sign}+"

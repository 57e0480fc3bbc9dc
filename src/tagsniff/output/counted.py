"""Numbers with the word that they count, in the right number: ``1 file``, ``2 files``, ``0 files``.

For: every text for people.
Never: the text of a value in a report that programs read, other than through `count_of`, which changes no number.
"""

from __future__ import annotations

_PLURALS = {"series": "series", "entry": "entries", "kind of equipment": "kinds of equipment", "this": "these"}
_VERBS = {"was": "were", "is": "are", "has": "have"}


def count_of(number: int, word: str) -> str:
    """Return the number and the word: in the singular for 1, else in the plural."""
    return f"{number} {choose(number, word)}"


def count_patients(number: int) -> str:
    """Return the number of patients, which is negative if they are not known."""
    return count_of(number, "patient") if number >= 0 else "an unknown number of patients"


def choose(number: int, word: str) -> str:
    """Return a noun in the singular for 1, else in the plural."""
    return word if number == 1 else _PLURALS.get(word, word + "s")


def choose_verb(number: int, verb: str) -> str:
    """Return ``was``, ``is`` or ``has`` for 1, else ``were``, ``are`` or ``have``."""
    return verb if number == 1 else _VERBS[verb]

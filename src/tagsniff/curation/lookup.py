"""Looks up forms of identifiers in many texts: in the clear, or by keyed digests of their tokens.

For: the search for identifiers in all values of a collection.
Never: a form found inside a longer word or number: only whole tokens count.
Terms: Unicode normalization forms (UAX 15); RFC 7693 (BLAKE2).

Both variants see a text as tokens: letters of a word, digits of a number, a number with dots (a UID, a decimal), one
character of a script that is written without spaces. So "PAT-00123", "pat 00123" and "PAT00123" are the same.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

MOST_TOKENS = 4
"""The number of tokens of which one digest is made."""

_DIGEST_BYTES = 16
_KEY_BYTES = 16
_DOTS = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
_SEPARATORS = re.compile(r"[^\w\n.]+|_+")
_EDGES = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_SPACES = re.compile(" +")
# Marks of Latin, Greek and Cyrillic letters, Hebrew points, Arabic vowels. Marks of other scripts are part of a letter.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
# Kana, ideographs, Hangul.
_UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff])")


class Hit(NamedTuple):
    """The form with this number is in the text with this number; both count from 0."""

    text: int
    form: int


def normalize(text: str) -> str:
    """Return the tokens of a text with a space between them: without case, marks, width and separators."""
    return _normalize_lines(text.replace("\n", " ")).strip()


def _normalize_lines(text: str) -> str:
    """Return the same of each line, with a space at both of its ends."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
        text = _UNSPACED.sub(r" \1 ", text)
    text = _DOTS.sub(" ", text.casefold())
    text = _EDGES.sub(" ", _SEPARATORS.sub(" ", text))
    return " " + _SPACES.sub(" ", text.replace("\n", " \n ")) + " "


class ClearLookup:
    """Looks up forms with an Aho-Corasick automaton: the time does not depend on their number.

    ``forms`` are normalized (`normalize`) and not empty; a form that is there twice is found under both numbers.
    Raises ImportError without pyahocorasick (``pip install 'tagsniff[proof]'``), ValueError for an empty form.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        import ahocorasick

        numbers: dict[str, list[int]] = {}
        for number, form in enumerate(forms):
            numbers.setdefault(_check_form(form), []).append(number)
        self._automaton = None
        if numbers:
            self._automaton = ahocorasick.Automaton()
            for form, same in numbers.items():
                self._automaton.add_word(f" {form} ", tuple(same))
            self._automaton.make_automaton()

    def find(self, texts: Sequence[str]) -> set[Hit]:
        """Return which forms are in which texts."""
        if self._automaton is None or not texts:
            return set()
        joined = _normalize_lines("\n".join(text.replace("\n", " ") for text in texts))
        # Each line ends at its line feed: the first character of the next one.
        ends = list(accumulate(len(line) + 1 for line in joined.split("\n")))
        return {Hit(bisect_right(ends, end), number) for end, same in self._automaton.iter(joined) for number in same}


class DigestLookup:
    """Looks up forms of which only keyed digests are known: those of their first, next and last `MOST_TOKENS` tokens.

    ``digests`` are those that `digest_forms` returns, ``key`` the key of its call.
    """

    def __init__(self, digests: Iterable[tuple[int, tuple[bytes, ...]]], key: bytes) -> None:
        self._key = _check_key(key)
        self._starts: dict[bytes, list[tuple[int, int, tuple[bytes, ...]]]] = {}
        for number, (tokens, parts) in enumerate(digests):
            if len(parts) != len(_list_starts(tokens)):
                raise ValueError("the digests of a form do not fit its number of tokens")
            self._starts.setdefault(parts[0], []).append((number, tokens, parts))
        self._lengths = sorted({min(tokens, MOST_TOKENS) for same in self._starts.values() for _, tokens, _ in same})

    def find(self, texts: Sequence[str]) -> set[Hit]:
        """Return which forms are in which texts."""
        hits: set[Hit] = set()
        # Most tokens of a collection are there many times.
        known: dict[str, list[tuple[int, int, tuple[bytes, ...]]]] = {}
        for text_number, text in enumerate(texts):
            tokens = normalize(text).split()
            for start in range(len(tokens)):
                for length in self._lengths:
                    if start + length > len(tokens):
                        break
                    piece = " ".join(tokens[start : start + length])
                    same = known.get(piece)
                    if same is None:
                        same = known[piece] = self._starts.get(_digest(piece, self._key), [])
                    for number, count, parts in same:
                        if min(count, MOST_TOKENS) == length and self._continues(tokens, start, count, parts):
                            hits.add(Hit(text_number, number))
        return hits

    def _continues(self, tokens: Sequence[str], start: int, count: int, parts: tuple[bytes, ...]) -> bool:
        """Return whether the digests after the first fit too, for a form that begins at ``start``."""
        return count <= len(tokens) - start and all(
            _digest(" ".join(tokens[start + at : start + at + MOST_TOKENS]), self._key) == part
            for at, part in zip(_list_starts(count)[1:], parts[1:], strict=True)
        )


def digest_forms(forms: Iterable[str], key: bytes) -> Iterator[tuple[int, tuple[bytes, ...]]]:
    """Return for each form the number of its tokens and its digests: enough to find it, and not to read it.

    ``key`` has 16 bytes and more. Whoever has the key can try names and numbers: keep it apart from
    the digests.

    Raises ValueError for an empty form or a short key.
    """
    _check_key(key)
    for form in forms:
        tokens = _check_form(form).split(" ")
        pieces = (" ".join(tokens[start : start + MOST_TOKENS]) for start in _list_starts(len(tokens)))
        yield len(tokens), tuple(_digest(piece, key) for piece in pieces)


def _list_starts(count: int) -> list[int]:
    """Return where the pieces of a form of so many tokens begin; the last piece ends with it."""
    if count <= MOST_TOKENS:
        return [0]
    return [*range(0, count - MOST_TOKENS, MOST_TOKENS), count - MOST_TOKENS]


def _digest(piece: str, key: bytes) -> bytes:
    return hashlib.blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES, key=key).digest()


def _check_form(form: str) -> str:
    if not form or form != form.strip():
        raise ValueError("a form is normalized and not empty")
    return form


def _check_key(key: bytes) -> bytes:
    if not _KEY_BYTES <= len(key) <= hashlib.blake2b.MAX_KEY_SIZE:
        raise ValueError(f"a key has {_KEY_BYTES} to {hashlib.blake2b.MAX_KEY_SIZE} bytes")
    return key

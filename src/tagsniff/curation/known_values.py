"""The values that a person has seen, as keyed digests: what a decision on text or bytes holds for.

For: sheets of decisions. A K on a text hides the values of the scan on which it was decided, and no later ones.
Never: a value, or a digest that can be found by trying values without the key.
Terms: RFC 7693 (BLAKE2).

The file is beside the sheet: ``decisions.csv.known``. Its first line names the format and the key; a line that begins
with ``seen`` has the date of a run, and the digests of the values that this run showed follow it, one on each line. The
key is in a file of its own, which stays in the institution.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, TextIO

_FORMAT = "tagsniff known values 1"
_SEEN = "seen "
_DIGEST_BYTES = 16
_PERSON = b"tagsniff known"
_KEY_PERSON = b"tagsniff key id"
_HEX = re.compile(r"[0-9a-f]{32}")
# A collapsed row: how many values it stands for changes from scan to scan, and so do the ends of a range. The root of
# UIDs and the shape of texts stay.
_COLLAPSED = re.compile(r"<(?:about )?[0-9,]+ (\w+?)s?(?:( under .*| without .*| like .*)|,.*| of .*)?>", re.DOTALL)

ENDING = ".known"
"""What the name of the file has after that of its sheet."""


class KnownValuesError(Exception):
    """The file is no list of known values: the message has the line and the reason."""


@dataclass
class KnownValues:
    """Digests of values by the date of the run that showed them. ``key`` is the key of the digests."""

    key: bytes
    by_run: dict[str, set[str]] = field(default_factory=dict)

    def digest(self, element: str, vr: str, text: str, *, is_collapsed: bool = False) -> str:
        """Return the digest of a value of an element; ``element`` may have a suffix for found text.

        A collapsed row is known by its kind, and by the root of its UIDs or the shape of its texts.
        """
        shown = _COLLAPSED.sub(r"<\1\2>", text) if is_collapsed else text
        body = "\0".join((element, vr, "C" if is_collapsed else "V", shown)).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(body, digest_size=_DIGEST_BYTES, key=self.key, person=_PERSON).hexdigest()

    def has(self, digest: str, runs: Iterable[str]) -> bool:
        """Return whether one of these runs has shown the value."""
        return any(digest in self.by_run.get(run, ()) for run in runs)

    def add(self, run: str, digests: Iterable[str]) -> None:
        """Add the values that a run has shown."""
        self.by_run.setdefault(run, set()).update(digests)

    def write(self, stream: TextIO, runs: Collection[str]) -> None:
        """Write the digests of these runs, sorted."""
        KnownFile(name_key(self.key), self.by_run).write(stream, runs)


class KnownFile(NamedTuple):
    """What a file of known values has: the name of the key, and the digests by run. No key is needed to read it."""

    key_name: str
    by_run: dict[str, set[str]]

    def write(self, stream: TextIO, runs: Collection[str]) -> None:
        """Write the digests of these runs, sorted."""
        stream.write(f"{_FORMAT}; key {self.key_name}\n")
        for run in sorted(set(runs) & set(self.by_run)):
            stream.write(f"{_SEEN}{run}\n")
            stream.writelines(f"{digest}\n" for digest in sorted(self.by_run[run]))


def name_key(key: bytes) -> str:
    """Return the name of a key: equal for equal keys, and nothing about the key can be learned from it."""
    return hashlib.blake2b(b"", digest_size=8, key=key, person=_KEY_PERSON).hexdigest()


def read_known_values(lines: Iterable[str], key: bytes) -> KnownValues:
    """Return the known values of a file. Those of another key are not known, and none are returned.

    Raises KnownValuesError with the line and the reason if it is no such file.
    """
    found = read_known_file(lines)
    return KnownValues(key, found.by_run) if found.key_name in ("", name_key(key)) else KnownValues(key)


def read_known_file(lines: Iterable[str]) -> KnownFile:
    """Return what a file has, whatever its key; of a file without a line, the name of the key is empty.

    Raises KnownValuesError with the line and the reason if it is no such file.
    """
    key_name = ""
    by_run: dict[str, set[str]] = {}
    run = None
    for number, line in enumerate(lines, start=1):
        text = line.rstrip("\r\n")
        if number == 1:
            name, _, rest = text.partition("; key ")
            if name != _FORMAT:
                raise KnownValuesError(f"line 1: this is no file of known values that begins with {_FORMAT!r}")
            key_name = rest
        elif text.startswith(_SEEN):
            run = text.removeprefix(_SEEN)
            by_run.setdefault(run, set())
        elif run is None or not _HEX.fullmatch(text):
            raise KnownValuesError(f"line {number}: this is no digest of a run")
        else:
            by_run[run].add(text)
    return KnownFile(key_name, by_run)


def list_runs(cell: str) -> tuple[str, ...]:
    """Return the dates of runs in a cell of a sheet, which are separated by spaces."""
    return tuple(dict.fromkeys(cell.split()))

"""Reads the texts of some elements of many files, from the selection.

For: ``Scanner.Scan`` of the GDCM backend.
Never: a second analysis of a file. The texts are made from the values of the selection; of an element that occurs twice
in a file, from the first.
Terms: PS3.5 7.1 and 7.8, edition 2026b.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TypeAlias

from tagsniff import _core
from tagsniff.backends.gdcm_format import choose_vr, depends_on_sign, find_vr, has_text, show_value
from tagsniff.backends.gdcm_tags import PrivateTag, Tag, step_of
from tagsniff.selection.columns import SelectedBatch, select_from
from tagsniff.source.walk import BATCH_FILES, Batch
from tagsniff.status import Omission

AnyElement: TypeAlias = Tag | PrivateTag
Texts: TypeAlias = dict[AnyElement, str]

_PIXEL_REPRESENTATION = Tag(0x0028, 0x0103)
_SIGNED = "1"


@dataclass(slots=True)
class FoundTexts:
    """Texts by file and element, and the files that have none because they could not be read.

    An element that a file does not have is not in its texts. ``pool`` has each distinct text once.
    """

    pool: dict[str, str]
    by_file: dict[str, Texts] = field(default_factory=dict)
    omissions: list[Omission] = field(default_factory=list)


def find_texts(
    paths: Iterable[str],
    elements: Sequence[AnyElement],
    pool: dict[str, str],
    *,
    workers: int | None,
    reads_to_end: bool,
    on_file: Callable[[str], object] | None = None,
) -> FoundTexts:
    """Read the files; folders are not walked. The pool of the result has the texts of ``pool`` too.

    ``on_file`` is called once with the path of each file that was read or tried.
    """
    found = FoundTexts(dict(pool))
    long_bytes = dict.fromkeys(paths, _core.VALUE_LIMIT_BYTES)
    while long_bytes:
        # The few files with a text above the first limit are read a second time. Then all values of such a file, up to
        # the length of the longest text, are in memory.
        limit_bytes = max(long_bytes.values())
        show = _Show(elements, found, limit_bytes)
        batches = select_from(
            _batch(long_bytes),
            [(step_of(element),) for element in show.columns],
            workers=workers,
            reads_to_end=reads_to_end,
            value_limit_bytes=limit_bytes,
            on_file=on_file,
        )
        on_file = None  # a file that is read again was told of
        with closing(batches):
            for batch in batches:
                if not isinstance(batch, Omission):
                    show.take(batch)
        long_bytes = show.long_bytes
    return found


class _Show:
    """Makes the texts of the batches of one selection. ``long_bytes`` has the files with a text above the limit."""

    def __init__(self, elements: Sequence[AnyElement], found: FoundTexts, limit_bytes: int) -> None:
        self.columns = list(elements)
        self.long_bytes: dict[str, int] = {}
        self._asked = len(elements)
        self._known_vrs = [find_vr(element) for element in elements]
        self._found = found
        self._limit_bytes = limit_bytes
        self._sign_column = -1
        if any(map(depends_on_sign, elements)):
            if _PIXEL_REPRESENTATION not in self.columns:
                self.columns.append(_PIXEL_REPRESENTATION)
            self._sign_column = self.columns.index(_PIXEL_REPRESENTATION)

    def take(self, batch: SelectedBatch) -> None:
        """Add the texts of the files of a batch, replacing those that were found before."""
        found = self._found
        found.omissions += batch.read.omissions
        for omission in batch.read.omissions:
            found.by_file.pop(omission.path, None)
        files = {number: batch.batch.decode_path(number) for number in batch.list_files()}
        texts: dict[int, Texts] = {number: {} for number in files}
        known: dict[tuple[int, int, bool], str] = {}
        cells = list(zip(*(batch.cells[name].tolist() for name in ("file", "column", "value")), strict=True))
        signed = self._find_signed(batch, cells)
        for file, column, number in cells:
            if column >= self._asked or self.columns[column] in texts[file]:
                continue
            key = column, number, file in signed
            text = known.get(key)
            if text is None:
                value = batch.values[number]
                vr = choose_vr(value, self._known_vrs[column], is_signed=file in signed)
                if has_text(value, vr) and value.raw is None and value.length > self._limit_bytes:
                    self.long_bytes[files[file]] = max(value.length, self.long_bytes.get(files[file], 0))
                    continue
                text = show_value(value, vr)
                text = known[key] = found.pool.setdefault(text, text)
            texts[file][self.columns[column]] = text
        for number, path in files.items():
            found.by_file[path] = texts[number]

    def _find_signed(self, batch: SelectedBatch, cells: Iterable[tuple[int, int, int]]) -> frozenset[int]:
        """Return the files whose Pixel Representation says that samples are signed."""
        return frozenset(
            file
            for file, column, number in cells
            if column == self._sign_column and show_value(batch.values[number], "US") == _SIGNED
        )


def _batch(paths: Iterable[str]) -> Iterator[Batch]:
    names = [os.fsencode(path) for path in paths]
    for first in range(0, len(names), BATCH_FILES):
        yield Batch(b"", names[first : first + BATCH_FILES])

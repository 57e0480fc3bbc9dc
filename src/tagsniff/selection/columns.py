"""The values of some elements of every file, batch by batch, in the order of the walk.

For: tables, and backends for tools that read a few elements of many files.
Never: make a text of a value, make a Python object for each element, or read a file beyond the last requested element,
except with ``reads_to_end``.
Terms: PS3.5 7.1, 7.5, 7.8 and PS3.3 C.12.1.1.2, edition 2026b.

Elements are identities (`tagsniff.dicom.notation`). An element of the root data set has one step. An element in the
items of a sequence has the sequences around it as its first steps, and is selected in every item. A step with a private
creator selects the element in any block; a step without one selects the tag as it is in the file.

**Where reading stops.** Elements of a data set are in ascending order of their tags (PS3.5 7.1). So the first element
of the root data set with a tag above all requested ones ends the read of a file. Everything after it is not seen:
faults, deviations, and elements of a data set that is not in order. ``reads_to_end`` reads everything.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tagsniff import _core
from tagsniff.dicom.creator_codes import CoreStep, encode_step
from tagsniff.dicom.notation import Identity, Step
from tagsniff.scanning import interruption
from tagsniff.scanning.batches import BatchRead, read_batch
from tagsniff.scanning.run import check_names
from tagsniff.scanning.workers import WorkerPool
from tagsniff.source.walk import Batch, walk_batches
from tagsniff.status import Omission

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Group 0002 is the file meta information; 0000 may be a command set before the data set.
_FIRST_TAG_OF_DATA_SET = 0x00040000
_SPECIFIC_CHARACTER_SET = 0x00080005
# Decides between US and SS (PS3.5 annex A, such as A.1; PS3.3 C.7.6.3).
_PIXEL_REPRESENTATION = 0x00280103

# A file may have any number of elements inside items, so a batch has fewer files.
_FILES_WITH_ITEMS = 16


class CellValue(NamedTuple):
    """A value as it is in the file.

    ``raw`` is the value field with its padding, None if it was not stored: for a sequence, Pixel Data and other
    samples, a value in fragments, a value above the limit. ``length`` is the length of the value field in bytes; of a
    sequence (VR SQ) the number of its items. ``vr`` is as in the file, in implicit VR as in PS3.6, ``??`` for unknown
    letters. ``flags`` are ``FLAG_*`` of ``_core``: byte order, implicit VR, sequence, fragments. ``charset`` is the
    value of (0008,0005) that applies, without padding, empty if there is none.
    """

    raw: bytes | None
    vr: str
    length: int
    flags: int
    charset: bytes


class SelectedFile(NamedTuple):
    """A file with its values: the occurrences of each requested element, in the order of the file.

    No occurrence: the element is absent. Several: it is in several items, twice in one data set, or its private creator
    has two blocks. ``fault`` is None, or the fault at which the read ended; then these are the values before it.
    """

    path: str
    fault: Omission | None
    values: tuple[tuple[CellValue, ...], ...]


@dataclass(slots=True)
class SelectedBatch:
    """The values of the files of a batch.

    ``cells`` is a structured array of shape (n,) with the fields ``file`` (index in the batch), ``column`` (index of
    the requested element) and ``value`` (index in `values`), all u4. A row is an occurrence of an element, sorted by
    file, column, and position in the file. The first ``read.files`` files were read or tried; ``read`` says which of
    them added nothing.
    """

    batch: Batch
    read: BatchRead
    cells: npt.NDArray[np.void]
    values: list[CellValue]

    def list_files(self) -> list[int]:
        """Return the indexes in the batch of the files that were read, to their end or in part."""
        omitted = frozenset(self.read.omitted)
        return [number for number in range(self.read.files) if number not in omitted]

    def rows(self, columns: int) -> Iterator[SelectedFile]:
        """Yield these files with their values; ``columns`` is the number of requested elements."""
        found: dict[int, list[list[CellValue]]] = {}
        absent: list[list[CellValue]] = [[] for _ in range(columns)]
        cells = (self.cells[name].tolist() for name in ("file", "column", "value"))
        for file, column, value in zip(*cells, strict=True):
            found.setdefault(file, [[] for _ in range(columns)])[column].append(self.values[value])
        faults = {omission.path: omission for omission in self.read.omissions} if self.read.partial else {}
        for file in self.list_files():
            path = self.batch.decode_path(file)
            yield SelectedFile(path, faults.get(path), tuple(map(tuple, found.get(file, absent))))


def select_values(
    paths: Iterable[str | os.PathLike[str]],
    elements: Sequence[Identity],
    *,
    workers: int | None = None,
    reads_to_end: bool = False,
    keep_partial: bool = False,
    value_limit_bytes: int = _core.VALUE_LIMIT_BYTES,
    captures_long_text: bool = False,
    names: Sequence[str] = (),
    on_file: Callable[[str], object] | None = None,
) -> Generator[SelectedBatch | Omission, None, None]:
    """Yield the values of the elements in all files of the paths, with all subfolders; see `select_from`.

    Raises TypeError or ValueError, before any file is opened, for a wrong call.
    """
    return select_from(
        walk_batches(paths, check_names(names)),
        elements,
        workers=workers,
        reads_to_end=reads_to_end,
        keep_partial=keep_partial,
        value_limit_bytes=value_limit_bytes,
        captures_long_text=captures_long_text,
        on_file=on_file,
    )


def select_from(
    found: Iterable[Batch | Omission],
    elements: Sequence[Identity],
    *,
    workers: int | None = None,
    reads_to_end: bool = False,
    keep_partial: bool = False,
    value_limit_bytes: int = _core.VALUE_LIMIT_BYTES,
    captures_long_text: bool = False,
    on_file: Callable[[str], object] | None = None,
    on_walk_end: Callable[[int], object] | None = None,
) -> Generator[SelectedBatch | Omission, None, None]:
    """Yield the values of the elements, for the files of a walk and in its order.

    The omissions of the walk are yielded between them. The same files give the same result, whatever the number of
    ``workers`` (threads, by default one for each core), except for the indexes of values. A file with a fault before
    the end of the read adds nothing, unless ``keep_partial``: then it adds what came before the fault. It is an
    omission of its batch in both cases. ``on_file`` is called with the path of each file that was read or tried. An
    exception in the loop over this generator, KeyboardInterrupt too, stops the threads within the current file.

    Values of more than ``value_limit_bytes`` are not stored, except texts with ``captures_long_text``. The others are
    in memory while their file is read, whether requested or not.

    Raises TypeError for elements that are not identities, ValueError if there are none, or one without steps.
    """
    columns = [_lay_out(element) for element in elements]
    if not columns:
        raise ValueError("at least one element is needed")
    last_tag = None if reads_to_end else max(map(_find_last_tag, elements))
    if any(len(element) > 1 for element in elements):
        found = _cut_up(found)
    return _select(
        found,
        columns,
        last_tag,
        workers,
        keep_partial=keep_partial,
        value_limit_bytes=value_limit_bytes,
        captures_long_text=captures_long_text,
        on_file=on_file,
        on_walk_end=on_walk_end,
    )


def _select(
    found: Iterable[Batch | Omission],
    columns: list[list[CoreStep]],
    last_tag: int | None,
    workers: int | None,
    *,
    keep_partial: bool,
    value_limit_bytes: int,
    captures_long_text: bool,
    on_file: Callable[[str], object] | None,
    on_walk_end: Callable[[int], object] | None,
) -> Generator[SelectedBatch | Omission, None, None]:
    def read(selector: _core.Selector, batch: Batch, stop: _core.Stop) -> SelectedBatch:
        done = read_batch(selector, batch, stop, keeps_partial=keep_partial)
        return _take(selector, batch, done)

    def make_selector() -> _core.Selector:
        return _core.Selector(
            columns,
            stop_after_tag=last_tag,
            value_limit_bytes=value_limit_bytes,
            captures_long_text=captures_long_text,
        )

    with WorkerPool(make_selector, read, workers) as pool:
        for done in pool.run(found, on_walk_end):
            interruption.raise_if_noted()
            if isinstance(done, Omission):
                yield done
                continue
            batch, selected = done
            if on_file is not None:
                for number in range(selected.read.files):
                    on_file(batch.decode_path(number))
            yield selected


def _take(selector: _core.Selector, batch: Batch, done: BatchRead) -> SelectedBatch:
    import numpy as np

    cells, table, stored, charsets = selector.take()
    if done.omitted:
        # The selector counts only the files that were added to it.
        kept = np.delete(np.arange(done.files, dtype=np.uint32), done.omitted)
        cells["file"] = kept[cells["file"]]
    length_only = _core.FLAG_LENGTH_ONLY
    names = ("at", "stored_bytes", "vr", "length", "flags", "charset")
    values = [
        CellValue(
            None if flags & length_only else stored[at : at + stored_bytes],
            vr.decode("ascii"),
            length,
            flags & ~length_only,
            charsets[charset],
        )
        for at, stored_bytes, vr, length, flags, charset in zip(*(table[name].tolist() for name in names), strict=True)
    ]
    return SelectedBatch(batch, done, cells, values)


def _lay_out(element: object) -> list[CoreStep]:
    """Return the steps of an element as the core encodes them."""
    if not isinstance(element, tuple) or not all(isinstance(step, Step) for step in element):
        raise TypeError("elements are identities: tuples of Step")
    if not element:
        raise ValueError("an identity has at least one step")
    return [encode_step(step) for step in element]


def _find_last_tag(element: Identity) -> int:
    """Return the greatest root tag that the element needs: its own, or that of an element needed to decode it."""
    first, last = element[0], element[-1]
    needed = first.tag if first.creator is None else first.tag | 0xFFFF
    if needed >= _FIRST_TAG_OF_DATA_SET:
        needed = max(needed, _SPECIFIC_CHARACTER_SET)
    entry = None if last.creator is not None else _core.dictionary_find(last.tag)
    if entry is not None and "SS" in entry[2]:
        needed = max(needed, _PIXEL_REPRESENTATION)
    return needed


def _cut_up(found: Iterable[Batch | Omission]) -> Iterator[Batch | Omission]:
    for batch in found:
        if isinstance(batch, Omission):
            yield batch
            continue
        for first in range(0, len(batch.names), _FILES_WITH_ITEMS):
            yield Batch(batch.folder, batch.names[first : first + _FILES_WITH_ITEMS])

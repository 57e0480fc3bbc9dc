"""Finds where an element or a value occurs: from a row of a report back to the files.

For: `tagsniff.find` and the command of that name.
Never: a second analysis of values. The core lists the occurrences while it counts the rows of a report, so that the
numbers are the same as in a report.
Terms: PS3.5 7.1, 7.5 and 7.8, edition 2026b.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from tagsniff import _core
from tagsniff.dicom.creator_codes import read_step
from tagsniff.dicom.found_text import SUFFIXES
from tagsniff.dicom.notation import Identity, format_occurrence
from tagsniff.report.redaction import PathNumbers, number_paths
from tagsniff.scanning.batches import collect_files
from tagsniff.scanning.run import check_names, keep_paths, list_omissions
from tagsniff.scanning.run_record import NO_RUN, RunRecord, begin_run
from tagsniff.scanning.workers import check_workers
from tagsniff.selection.query import ASKED, Question, read_question
from tagsniff.source.walk import Names, walk_batches
from tagsniff.status import Omission, Omissions

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tagsniff._core import _FileDeviation, _Omission

# A bound would miss values. To limit the memory, a collector is replaced by a new one after this number of files, or
# when its values, which may be long texts, have this number of bytes.
_NO_BOUND = 0x7FFFFFFF
_FILES_OF_A_COLLECTOR = 16384
_BYTES_OF_A_COLLECTOR = 64 * 1024 * 1024
_COLUMNS = ("offset", "first_item", "path", "row", "depth")


class Occurrence(NamedTuple):
    """One occurrence of an element or a value.

    ``path`` can be opened again; bytes in it that are not UTF-8 are surrogate escapes. ``element`` is the identity with
    the index of each item, from 0: ``(0008,1140)[0](0008,1155)``; for text found in bytes
    a suffix follows, as in the reports.
    ``offset_bytes`` is the offset of the element's tag from the start of the file; in a deflated data set, bytes after
    the file meta information are counted inflated.

    If values are searched for or shown, there is an occurrence for each matching component (in text found in bytes, for
    each matching run), and ``component`` is its number in the element, from 1. Otherwise each element is one
    occurrence, and ``component`` is None. ``value`` is None unless values are shown.

    Source: docs/find.md; PS3.5 2026b, 6.4 and 7.5.
    """

    path: str
    element: str
    vr: str
    offset_bytes: int
    component: int | None
    value: str | None


@dataclass(frozen=True)
class Found:
    """The occurrences, sorted by the bytes of their paths, and within a file in its order. Iteration yields them.

    ``files_read`` is the number of files that were read, ``partial_files`` the number of those that could not be read
    to their end. ``omissions`` are the paths that were left out or read in part.

    Source: docs/find.md.
    """

    occurrences: tuple[Occurrence, ...]
    files_read: int
    partial_files: int
    omissions: tuple[Omission, ...]
    run: RunRecord = field(default=NO_RUN, compare=False)

    def __iter__(self) -> Iterator[Occurrence]:
        return iter(self.occurrences)

    def __len__(self) -> int:
        return len(self.occurrences)

    def files(self) -> tuple[str, ...]:
        """Return the paths of the files with an occurrence, each once."""
        return tuple(dict.fromkeys(occurrence.path for occurrence in self.occurrences))

    @cached_property
    def left_out(self) -> Omissions:
        """What was not searched: ``omissions``, sorted, and the number of files read in part."""
        return Omissions.gather(self.omissions, partial_files=self.partial_files, is_empty=not self.files_read)

    def is_complete(self) -> bool:
        """Return whether files were read, each to its end: then there are no other occurrences."""
        return self.left_out.is_complete()

    @property
    def is_interrupted(self) -> bool:
        """Whether the search was interrupted before all files were read."""
        return self.left_out.is_interrupted


def find(
    paths: Iterable[str | os.PathLike[str]],
    element: str | Iterable[str],
    *,
    value: str | None = None,
    regex: str | re.Pattern[str] | None = None,
    vr: str | None = None,
    equipment: str | None = None,
    any_depth: bool = False,
    show_values: bool = False,
    keep_partial: bool = False,
    workers: int | None = None,
    names: Sequence[str] = (),
    on_file: Callable[[str], object] | None = None,
    on_walk_end: Callable[[int], object] | None = None,
    keep_interrupted: bool = False,
) -> Found:
    """Read every file of the paths, with all subfolders, and return where an element or a value occurs.

    ``element`` is written as in the reports, or is a keyword, or ``gggg,eeee``; of several elements, the occurrences of
    each are found. With ``any_depth`` only the last step is compared, at any depth. ``value`` is a value as a report
    shows it, in any format; ``regex`` is searched in the values as JSON shows them. ``vr`` and ``equipment`` are those
    of a row of a report. For a row of `Scan.values` of the kind "value", the numbers of files and occurrences are those
    of the row, unless several rows show the same text; without a value they are those of the row of `Scan.elements`.

    The other arguments are those of `scan`. Raises TypeError or ValueError, before any file is opened, for a wrong
    call; KeyboardInterrupt if the search is interrupted, unless ``keep_interrupted``.

    Source: docs/find.md; PS3.5 2026b, 7.5 and 7.8.
    """
    question = read_question(
        element,
        value=value,
        regex=regex,
        vr=vr,
        equipment=equipment,
        any_depth=any_depth,
        show_values=show_values,
    )
    return search(
        paths,
        question,
        keep_partial=keep_partial,
        workers=workers,
        names=names,
        on_file=on_file,
        on_walk_end=on_walk_end,
        keep_interrupted=keep_interrupted,
    )


def search(
    paths: Iterable[str | os.PathLike[str]],
    question: Question,
    *,
    keep_partial: bool = False,
    workers: int | None = None,
    names: Sequence[str] = (),
    on_file: Callable[[str], object] | None = None,
    on_walk_end: Callable[[int], object] | None = None,
    keep_interrupted: bool = False,
) -> Found:
    """Read every file of the paths and return the occurrences of a query; see `find`."""
    check_workers(workers)
    globs = check_names(names)
    run = begin_run("find", globs)
    given = keep_paths(paths)
    collected = collect_files(
        walk_batches(given, globs),
        lambda: _Finder(question),
        workers=workers,
        keep_partial=keep_partial,
        on_file=on_file,
        on_walk_end=on_walk_end,
    )
    if collected.is_interrupted and not keep_interrupted:
        raise KeyboardInterrupt
    return _order_found(
        Found(
            occurrences=tuple(collected.collector.found),
            files_read=collected.collector.files,
            partial_files=collected.partial_files,
            omissions=list_omissions(collected, given),
            run=run,
        )
    )


def redact_found(found: Found) -> tuple[Found, PathNumbers]:
    """Return the same occurrences with numbers in place of paths, and the numbers."""
    paths = (os.fsencode(path) for path in found.files())
    numbers = number_paths([*paths, *(os.fsencode(omission.path) for omission in found.omissions)])
    return _order_found(
        replace(
            found,
            occurrences=tuple(one._replace(path=numbers[os.fsencode(one.path)]) for one in found.occurrences),
            omissions=tuple(replace(one, path=numbers[os.fsencode(one.path)]) for one in found.omissions),
        )
    ), numbers


def _order_found(found: Found) -> Found:
    """Return it sorted by path. The occurrences of a file come from one thread, so they stay in the file's order."""
    return replace(
        found,
        occurrences=tuple(sorted(found.occurrences, key=lambda one: os.fsencode(one.path))),
        omissions=found.left_out.paths,
    )


class _Row(NamedTuple):
    """What a row of the core means for the query; ``text`` is None if the query needs no values."""

    identity: Identity
    vr: str
    kind: int
    is_asked_kind: bool
    is_found: bool
    text: str | None


class _Finder:
    """A collector of the core for one query, and its occurrences: a `Collector` of `tagsniff.scanning`."""

    def __init__(self, question: Question) -> None:
        self.found: list[Occurrence] = []
        self.files = 0
        self._question = question
        self._begin()

    def _begin(self) -> None:
        self._collector = _core.ValueCollector(self._question.decide, max_values=_NO_BOUND, listed_decision=ASKED)
        self._files_before = self.files
        self._rows: dict[int, _Row] = {}

    @property
    def parser(self) -> _core.Parser:
        return self._collector.parser

    def scan_files(
        self,
        folder: bytes,
        names: Names,
        stop: _core.Stop,
        *,
        keeps_partial: bool = False,
        deviations: list[_FileDeviation] | None = None,
    ) -> tuple[int, list[_Omission]]:
        files, omissions = self._collector.scan_files(
            folder, names, stop, keeps_partial=keeps_partial, deviations=deviations
        )
        self._take(files - sum(not is_partial for *_, is_partial in omissions))
        return files, omissions

    def add_parsed(self, path: bytes, *, is_partial: bool = False) -> None:
        self._collector.add_parsed(path, is_partial=is_partial)
        self._take(1)

    def merge(self, other: _Finder, /) -> None:
        self.found += other.found
        self.files += other.files

    def _take(self, files: int) -> None:
        """Take the occurrences that the core has listed in this number of new files."""
        self.files += files
        occurrences, items = self._collector.take_occurrences()
        if len(occurrences):
            self._add(occurrences, items.tolist())
        files = self.files - self._files_before
        if files >= _FILES_OF_A_COLLECTOR or self._collector.value_bytes > _BYTES_OF_A_COLLECTOR:
            self._begin()

    def _add(self, occurrences: npt.NDArray[np.void], items: list[int]) -> None:
        asks_for_values, shows_values = self._question.asks_for_values, self._question.shows_values
        path_number, path = -1, ""
        # The components so far of the element, and the runs so far of the text found inside its bytes.
        element_key, components = (-1, -1), [0] * len(SUFFIXES)
        for offset, first_item, number, row_number, depth in zip(
            *(occurrences[name].tolist() for name in _COLUMNS), strict=True
        ):
            row = self._rows.get(row_number) or self._look_up(row_number)
            if not row.is_asked_kind:
                continue
            if element_key != (number, offset):
                element_key, components = (number, offset), [0] * len(SUFFIXES)
            components[row.kind] += 1
            component = components[row.kind]
            # If values do not matter, an element is one occurrence, however many runs of text are in it.
            if not row.is_found or (component > 1 and not asks_for_values):
                continue
            if number != path_number:
                path_number, path = number, os.fsdecode(self._collector.find_path(number))
            text = format_occurrence(row.identity, items[first_item : first_item + depth])
            self.found.append(
                Occurrence(
                    path=path,
                    element=text + SUFFIXES[row.kind],
                    vr=row.vr,
                    offset_bytes=offset,
                    component=component if asks_for_values else None,
                    value=row.text if shows_values else None,
                )
            )

    def _look_up(self, number: int) -> _Row:
        steps, vr, kind, value, charset = self._collector.find_row(number)
        identity = tuple(read_step(*step) for step in steps)
        is_asked_kind = kind in self._question.find_kinds(identity)
        text = None
        if is_asked_kind and value is not None and self._question.asks_for_values:
            text = self._question.show(value, vr, charset, kind=kind)
        is_found = is_asked_kind and (text is not None or not self._question.asks_for_values)
        self._rows[number] = _Row(identity, vr, kind, is_asked_kind, is_found, text)
        return self._rows[number]

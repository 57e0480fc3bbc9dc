"""Where an element or a value stands: the way back from a row of a report to the files.

For: `tagsniff.find` and the command of that name.
Never: a second analysis of values. What is found are the rows that the core counts, listed while it counts them, so
that their numbers are those of a report.
Terms: PS3.5 7.1, 7.5 and 7.8, edition 2026b.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from tagsniff import _core
from tagsniff.dicom.creator_codes import read_step
from tagsniff.dicom.notation import Identity, format_place
from tagsniff.report.groups import FOUND_TEXT
from tagsniff.report.redaction import PathNumbers, number_paths
from tagsniff.scanning.batches import collect_files
from tagsniff.scanning.run import keep_paths, list_omissions
from tagsniff.scanning.workers import check_workers
from tagsniff.selection.query import ASKED, Question, read_question
from tagsniff.source.walk import Names, walk_batches
from tagsniff.status import Omission, Omissions

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# A bound would be a miss. What a collector remembers is given up with it, after so many files.
_NO_BOUND = 0x7FFFFFFF
_FILES_OF_A_COLLECTOR = 16384
_COLUMNS = ("offset", "first_item", "path", "row", "depth")


class Occurrence(NamedTuple):
    """One place where it stands.

    ``path`` can be opened again; bytes in it that are no UTF-8 are surrogate escapes. ``element`` is the identity with
    the number of each item, from 0: ``(0008,1140)[0](0008,1155)``, with ``/text`` behind it for text found in bytes.
    ``offset_bytes`` is where the element's tag begins, from the start of the file; in a deflated data set the bytes
    behind the file meta information are counted inflated.

    Where values were asked for, there is an occurrence for each component (of text found in bytes, for each run) that
    is one of them, and ``component`` is its number in the element, from 1; else it is None and each element is one
    occurrence. ``value`` is None unless values are to be shown.
    """

    path: str
    element: str
    vr: str
    offset_bytes: int
    component: int | None
    value: str | None


@dataclass(frozen=True)
class Found:
    """The occurrences, by the bytes of their paths, and in each file in its order; iterating gives them.

    ``files_read`` is the number of files that could be read, ``partial_files`` that of those among them that could
    not be read to their end. ``omissions`` are the paths that were left out, those read in part too.
    """

    occurrences: tuple[Occurrence, ...]
    files_read: int
    partial_files: int
    omissions: tuple[Omission, ...]

    def __iter__(self) -> Iterator[Occurrence]:
        return iter(self.occurrences)

    def __len__(self) -> int:
        return len(self.occurrences)

    def files(self) -> tuple[str, ...]:
        """Return the paths of the files in which it stands, each once."""
        return tuple(dict.fromkeys(occurrence.path for occurrence in self.occurrences))

    @cached_property
    def left_out(self) -> Omissions:
        """What was not searched: ``omissions`` in their order, and all else that is missing."""
        return Omissions.gather(self.omissions, partial_files=self.partial_files)

    def is_complete(self) -> bool:
        """Tell whether every file was read to its end: then it stands nowhere else."""
        return self.left_out.is_complete()

    @property
    def is_interrupted(self) -> bool:
        """Somebody ended the search before all files were read."""
        return self.left_out.is_interrupted


def find(
    paths: Iterable[str | os.PathLike[str]],
    element: str,
    *,
    value: str | None = None,
    regex: str | re.Pattern[str] | None = None,
    vr: str | None = None,
    equipment: str | None = None,
    any_depth: bool = False,
    show_values: bool = False,
    keep_partial: bool = False,
    workers: int | None = None,
    on_file: Callable[[str], object] | None = None,
    keep_interrupted: bool = False,
) -> Found:
    """Read every file of the paths, folders with everything below them, and return where an element or value stands.

    ``element`` is written as the reports write it, or a keyword, or ``gggg,eeee``; with ``any_depth`` its last step
    counts, whatever is around it. ``value`` is a value as a report shows it, in any format; ``regex`` is searched in
    the values as JSON shows them. ``vr`` and ``equipment`` are those of a row of a report. For a row of `Scan.values`
    of the kind "value" there are as many files and occurrences as the row has, but where several rows show the same
    text; without a value as many as the row of `Scan.elements` has.

    The other arguments are those of `scan`. Raises TypeError or ValueError, before any file is opened, for a wrong
    call.
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
        on_file=on_file,
        keep_interrupted=keep_interrupted,
    )


def search(
    paths: Iterable[str | os.PathLike[str]],
    question: Question,
    *,
    keep_partial: bool = False,
    workers: int | None = None,
    on_file: Callable[[str], object] | None = None,
    keep_interrupted: bool = False,
) -> Found:
    """Read every file of the paths and return what answers the question; see `find`."""
    check_workers(workers)
    given = keep_paths(paths)
    known = _core.KnownAnswers()
    collected = collect_files(
        walk_batches(given),
        lambda: _Finder(question, known),
        workers=workers,
        keep_partial=keep_partial,
        on_file=on_file,
    )
    if collected.is_interrupted and not keep_interrupted:
        raise KeyboardInterrupt
    return _order_found(
        Found(
            occurrences=tuple(collected.collector.found),
            files_read=collected.collector.files,
            partial_files=collected.partial_files,
            omissions=list_omissions(collected, given),
        )
    )


def redact_found(found: Found) -> tuple[Found, PathNumbers]:
    """Return the same with numbers in place of paths, and the numbers."""
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
    """Return it in the order of paths; what stands in one file comes from one thread, in the order of the file."""
    return replace(
        found,
        occurrences=tuple(sorted(found.occurrences, key=lambda one: os.fsencode(one.path))),
        omissions=found.left_out.paths,
    )


class _Row(NamedTuple):
    """What a row of the core means for the question; ``text`` is None where no values are asked for."""

    identity: Identity
    vr: str
    is_asked_kind: bool
    is_found: bool
    text: str | None


class _Finder:
    """A collector of the core for one question, and what was found with it, as a `Collector` of `tagsniff.scanning`."""

    def __init__(self, question: Question, known: _core.KnownAnswers) -> None:
        self.found: list[Occurrence] = []
        self.files = 0
        self._question = question
        self._known = known
        self._begin()

    def _begin(self) -> None:
        self._collector = _core.ValueCollector(
            self._question.decide, max_values=_NO_BOUND, listed_decision=ASKED, known=self._known
        )
        self._files_before = self.files
        self._rows: dict[int, _Row] = {}

    @property
    def parser(self) -> _core.Parser:
        return self._collector.parser

    def scan_files(
        self, folder: bytes, names: Names, stop: _core.Stop, *, keeps_partial: bool = False
    ) -> tuple[int, npt.NDArray[np.void]]:
        files, omissions = self._collector.scan_files(folder, names, stop, keeps_partial=keeps_partial)
        self._take(files - len(omissions) + int(omissions["is_partial"].sum()))
        return files, omissions

    def add_parsed(self, path: bytes, *, is_partial: bool = False) -> None:
        self._collector.add_parsed(path, is_partial=is_partial)
        self._take(1)

    def merge(self, other: _Finder, /) -> None:
        self.found += other.found
        self.files += other.files

    def _take(self, files: int) -> None:
        """Take what the core has listed of so many files."""
        self.files += files
        occurrences, items = self._collector.take_occurrences()
        if len(occurrences):
            self._add(occurrences, items.tolist())
        if self.files - self._files_before >= _FILES_OF_A_COLLECTOR:
            self._begin()

    def _add(self, occurrences: npt.NDArray[np.void], items: list[int]) -> None:
        asks_for_values, shows_values = self._question.asks_for_values, self._question.shows_values
        path_number, path = -1, ""
        place, component = (-1, -1), 0
        for offset, first_item, number, row_number, depth in zip(
            *(occurrences[name].tolist() for name in _COLUMNS), strict=True
        ):
            row = self._rows.get(row_number) or self._look_up(row_number)
            if not row.is_asked_kind:
                continue
            component = component + 1 if place == (number, offset) else 1
            place = number, offset
            # Of an element whose values do not matter the first run of text stands for it.
            if not row.is_found or (component > 1 and not asks_for_values):
                continue
            if number != path_number:
                path_number, path = number, os.fsdecode(self._collector.find_path(number))
            text = format_place(row.identity, items[first_item : first_item + depth])
            self.found.append(
                Occurrence(
                    path=path,
                    element=text + FOUND_TEXT if self._question.is_found_text else text,
                    vr=row.vr,
                    offset_bytes=offset,
                    component=component if asks_for_values else None,
                    value=row.text if shows_values else None,
                )
            )

    def _look_up(self, number: int) -> _Row:
        steps, vr, is_found_text, value, charset = self._collector.find_row(number)
        identity = tuple(read_step(*step) for step in steps)
        is_asked_kind = is_found_text == self._question.is_found_text
        text = None
        if is_asked_kind and value is not None and self._question.asks_for_values:
            text = self._question.show(value, vr, charset)
        is_found = is_asked_kind and (text is not None or not self._question.asks_for_values)
        self._rows[number] = _Row(identity, vr, is_asked_kind, is_found, text)
        return self._rows[number]

"""``gdcm.Scanner`` of python-gdcm, made from tagsniff's selection: the same calls and results, in less time.

For: programs written for python-gdcm. It need not be installed; if it is, its tags are accepted, and the names that
this module does not have are taken from it.
Never: read the bytes of a file. The values come from the selection, and are written as GDCM writes them.
Terms: PS3.5 7.1 and 7.8, edition 2026b. ``docs/gdcm.md`` lists the intended differences.
"""

from __future__ import annotations

import importlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tagsniff.backends.gdcm_events import (
    EndEvent,
    Event,
    FileNameEvent,
    ProgressEvent,
    SimpleSubjectWatcher,
    StartEvent,
    Subject,
)
from tagsniff.backends.gdcm_scan import AnyElement, FoundTexts, Texts, find_texts
from tagsniff.backends.gdcm_tags import AnyTag, PrivateTag, PrivateTagLike, Tag, TagLike, copy_tag, read_tag
from tagsniff.status import Omission

__all__ = [
    "EndEvent",
    "Event",
    "FileNameEvent",
    "PrivateTag",
    "ProgressEvent",
    "PythonTagToValue",
    "Scanner",
    "SimpleSubjectWatcher",
    "StartEvent",
    "Subject",
    "Tag",
    "TagToValue",
]

_SPACE = " "


class TagToValue(Mapping[AnyTag, str]):
    """The texts of one file by tag, for the scanned tags that it has; in the order of the tags, private ones last.

    Keys are `Tag` and `PrivateTag`; a look-up accepts the tags of python-gdcm too.

    Source: ``gdcm.Scanner.TagToValue`` of GDCM.
    """

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[AnyElement, str]) -> None:
        self._texts = texts

    def __getitem__(self, tag: AnyTag) -> str:
        return self._texts[read_tag(tag)]

    def __iter__(self) -> Iterator[AnyElement]:
        return map(copy_tag, self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __repr__(self) -> str:
        return f"<TagToValue: {len(self._texts)} tags>"


class PythonTagToValue:
    """A position in the texts of one file: the way in which programs for python-gdcm read a mapping.

    ``t2v`` is what `Scanner.GetMapping` returned, or another mapping of texts by tag. The position is the first tag.
    Raises TypeError for anything else; the methods for the current tag raise IndexError after the last tag.

    Source: ``gdcm.PythonTagToValue`` of GDCM.
    """

    def __init__(self, t2v: Mapping[AnyElement, str]) -> None:
        if not isinstance(t2v, Mapping):
            raise TypeError("PythonTagToValue reads a mapping of texts by tag")
        self._items = tuple(t2v.items())
        self._at = 0

    def Start(self) -> None:
        """Go to the first tag."""
        self._at = 0

    def IsAtEnd(self) -> bool:
        """Return whether the position is after the last tag."""
        return self._at >= len(self._items)

    def Next(self) -> None:
        """Go to the next tag; after the last one, do nothing."""
        self._at = min(self._at + 1, len(self._items))

    def GetCurrent(self) -> tuple[AnyElement, str]:
        """Return tag and text."""
        return self.GetCurrentTag(), self.GetCurrentValue()

    def GetCurrentTag(self) -> AnyElement:
        """Return the tag."""
        return copy_tag(self._items[self._at][0])

    def GetCurrentValue(self) -> str:
        """Return the text."""
        return self._items[self._at][1]


class Scanner(Subject):
    """The texts of some elements of the root data sets of many files.

    A tag is a `Tag` or `PrivateTag` of this module or of python-gdcm, (group, element), (group, element, owner), or the
    number gggg * 65536 + eeee. File names are paths, of type str or path-like. Anything else raises TypeError; a number
    that is not a tag, or a name that no file can have, raises ValueError.

    ``workers`` is the number of threads that read, by default one for each core. With ``reads_to_end``, files are read
    to their end: elements that are out of order are found too, and a file with a fault anywhere is not a key.

    Source: ``gdcm.Scanner`` of GDCM; docs/gdcm.md lists the differences.
    """

    def __init__(self, *, workers: int | None = None, reads_to_end: bool = False) -> None:
        super().__init__()
        self._workers = workers
        self._reads_to_end = reads_to_end
        self._elements: set[AnyElement] = set()
        self._scanned: frozenset[AnyElement] = frozenset()
        self._filenames: tuple[str, ...] = ()
        self._found = FoundTexts({})

    @staticmethod
    def New() -> Scanner:
        """Return a new scanner. python-gdcm returns a pointer to one, used with and without ``__ref__``."""
        return Scanner()

    def __ref__(self) -> Scanner:
        """Return the scanner, as the pointer of python-gdcm does."""
        return self

    def __deref__(self) -> Scanner:
        """Return the scanner, as the pointer of python-gdcm does."""
        return self

    def GetPointer(self) -> Scanner:
        """Return the scanner, as the pointer of python-gdcm does."""
        return self

    @property
    def omissions(self) -> tuple[Omission, ...]:
        """The files of the last `Scan` that are not keys, each once, and why. python-gdcm does not have this."""
        return tuple(self._found.omissions)

    def AddTag(self, tag: TagLike) -> None:
        """Add an element to scan for, by its tag as in the file; of a private element that includes the block."""
        self._elements.add(copy_tag(read_tag(tag)))

    def AddPrivateTag(self, tag: PrivateTagLike) -> None:
        """Add a private element to scan for, by its private creator, in any block. Raises TypeError for another tag."""
        asked = read_tag(tag)
        if not isinstance(asked, PrivateTag):
            raise TypeError("a private tag has an owner")
        self._elements.add(copy_tag(asked))

    def ClearTags(self) -> None:
        """Remove all tags to scan for. The results of the last scan stay."""
        self._elements.clear()

    def Scan(self, filenames: Iterable[str | os.PathLike[str]]) -> bool:
        """Read the files, each up to the last requested element. Folders are not walked. Return True.

        The results of the scan before are removed, except those of `GetValues` without a tag. If no tag was added,
        nothing is done. A `SimpleSubjectWatcher` of this scanner is told of the start, of each file, and of the end.
        """
        names = _read_names(filenames)
        self._send(StartEvent())
        if self._elements:
            elements = sorted(self._elements, key=_order)
            self._found = find_texts(
                names,
                elements,
                self._found.pool,
                workers=self._workers,
                reads_to_end=self._reads_to_end,
                on_file=self._make_progress(names) if self._list_watchers() else None,
            )
            self._scanned, self._filenames = frozenset(elements), names
        self._send(EndEvent())
        return True

    def _make_progress(self, names: tuple[str, ...]) -> Callable[[str], None]:
        """Return a function that sends the events for each file that was read; one that was given twice has two."""
        times = Counter(names)
        progress = 0.0

        def show(path: str) -> None:
            nonlocal progress
            for _ in range(times[path]):
                progress += 1 / len(names)  # a sum, with GDCM's rounding
                self._send(ProgressEvent(progress))
                self._send(FileNameEvent(path))

        return show

    def GetFilenames(self) -> tuple[str, ...]:
        """Return the files that were given to the last `Scan`."""
        return self._filenames

    def GetKeys(self) -> tuple[str, ...]:
        """Return the files that could be read; one that was given twice is returned twice."""
        return tuple(name for name in self._filenames if name in self._found.by_file)

    def IsKey(self, filename: str | os.PathLike[str]) -> bool:
        """Return whether a file was read."""
        return _read_name(filename) in self._found.by_file

    def GetValue(self, filename: str | os.PathLike[str], tag: AnyTag) -> str | None:
        """Return the text of an element, None if the file is not a key or does not have the element.

        Raises ValueError for a tag that the last `Scan` did not scan for.
        """
        return self._texts_of(_read_name(filename)).get(self._read_scanned(tag))

    def GetValues(self, tag: AnyTag | None = None) -> tuple[str, ...]:
        """Return the distinct texts of an element, without a tag those of all tags and scans, sorted by their bytes."""
        if tag is None:
            return tuple(sorted(self._found.pool, key=_to_bytes))
        return tuple(sorted(self._distinct(tag), key=_to_bytes))

    def GetOrderedValues(self, tag: AnyTag) -> tuple[str, ...]:
        """Return the distinct texts of an element in the order of the files."""
        return tuple(self._distinct(tag))

    def GetMapping(self, filename: str | os.PathLike[str]) -> TagToValue:
        """Return the texts of a file; none if it is not a key."""
        return TagToValue(self._texts_of(_read_name(filename)))

    def GetMappings(self) -> dict[str, TagToValue]:
        """Return the texts of each file."""
        return {name: TagToValue(texts) for name, texts in self._found.by_file.items()}

    def GetFilenameFromTagToValue(self, tag: AnyTag, valueref: str | None) -> str | None:
        """Return the first file in which an element begins with a text; one space at the end of it is ignored."""
        asked = self._read_scanned(tag)
        if valueref is None:
            return None
        start = _to_bytes(_end_at_nul(valueref).removesuffix(_SPACE))
        for name in self._filenames:
            text = self._texts_of(name).get(asked)
            if text is not None and _to_bytes(text).startswith(start):
                return name
        return None

    def GetMappingFromTagToValue(self, tag: AnyTag, valueref: str | None) -> TagToValue:
        """Return the texts of the file that `GetFilenameFromTagToValue` returns; none if there is no such file."""
        name = self.GetFilenameFromTagToValue(tag, valueref)
        return TagToValue({} if name is None else self._texts_of(name))

    def GetAllFilenamesFromTagToValue(self, tag: AnyTag, valueref: str | None) -> tuple[str, ...]:
        """Return the files in which an element has a text; spaces around both are ignored.

        As with python-gdcm, an empty text also finds the files that do not have the element or could not be read.
        """
        asked = self._read_scanned(tag)
        if valueref is None:
            return ()
        wanted = _trim(_end_at_nul(valueref))
        return tuple(name for name in self._filenames if _trim(self._texts_of(name).get(asked, "")) == wanted)

    def _texts_of(self, name: str) -> Texts:
        return self._found.by_file.get(name, {})

    def _read_scanned(self, tag: AnyTag) -> AnyElement:
        asked = read_tag(tag)
        if asked not in self._scanned:
            raise ValueError(f"{asked} was not scanned for: call AddTag or AddPrivateTag before Scan")
        return asked

    def _distinct(self, tag: AnyTag) -> dict[str, None]:
        asked = read_tag(tag)
        found = (self._texts_of(name).get(asked) for name in self._filenames)
        return dict.fromkeys(text for text in found if text is not None)


def _order(element: AnyElement) -> tuple[bool, int, int, str]:
    return isinstance(element, PrivateTag), element.group, element.element, str(element)


def _read_names(filenames: Iterable[str | os.PathLike[str]]) -> tuple[str, ...]:
    if isinstance(filenames, str | bytes | os.PathLike):
        raise TypeError("file names are an iterable of paths, not one path")
    names = tuple(map(_read_name, filenames))
    if any(not name or "\0" in name for name in names):
        raise ValueError("a file name must not be empty or contain a NUL character")
    return names


def _read_name(filename: str | os.PathLike[str]) -> str:
    name = os.fspath(filename)
    if not isinstance(name, str):
        raise TypeError("a file name is a str or a path, not bytes")
    return name


def _to_bytes(text: str) -> bytes:
    """Return the bytes that the text has in the file."""
    return text.encode("utf-8", "surrogateescape")


def _end_at_nul(text: str) -> str:
    return text.partition("\0")[0]


def _trim(text: str) -> str:
    """Remove the spaces around a text. GDCM removes only one from a text that has nothing else."""
    return text.strip(_SPACE) or text[:-1]


def __getattr__(name: str) -> Any:
    """Return what this module does not have from python-gdcm, if that is installed: ``Directory``, ``Trace``, ....

    So a program changes ``import gdcm`` to ``from tagsniff.backends import gdcm`` and nothing else.
    """
    if not name.startswith("_"):
        try:
            return getattr(importlib.import_module("gdcm"), name)
        except ImportError:
            pass  # the error below says what is missing
    raise AttributeError(f"{name!r} is not in {__name__}, and python-gdcm, which may have it, is not installed")

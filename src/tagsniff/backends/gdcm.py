"""``gdcm.Scanner`` of python-gdcm, made from tagsniff's selection: the same calls and results, in less time.

For: programs written for python-gdcm. It need not be installed; if it is, its tags are accepted.
Never: read the bytes of a file. The values come from the selection, and are written as GDCM writes them.
Terms: PS3.5 7.1 and 7.8, edition 2026b. ``docs/gdcm.md`` lists the intended differences.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from tagsniff.backends.gdcm_scan import AnyElement, FoundTexts, Texts, find_texts
from tagsniff.backends.gdcm_tags import AnyTag, PrivateTag, PrivateTagLike, Tag, TagLike, read_tag
from tagsniff.status import Omission

__all__ = ["PrivateTag", "Scanner", "Tag", "TagToValue"]

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
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __repr__(self) -> str:
        return f"<TagToValue: {len(self._texts)} tags>"


class Scanner:
    """The texts of some elements of the root data sets of many files.

    A tag is a `Tag` or `PrivateTag` of this module or of python-gdcm, (group, element), (group, element, owner), or the
    number gggg * 65536 + eeee. File names are paths, of type str or path-like. Anything else raises TypeError; a number
    that is not a tag, or a name that no file can have, raises ValueError.

    ``workers`` is the number of threads that read, by default one for each core. With ``reads_to_end``, files are read
    to their end: elements that are out of order are found too, and a file with a fault anywhere is not a key.

    Source: ``gdcm.Scanner`` of GDCM; docs/gdcm.md lists the differences.
    """

    def __init__(self, *, workers: int | None = None, reads_to_end: bool = False) -> None:
        self._workers = workers
        self._reads_to_end = reads_to_end
        self._elements: set[AnyElement] = set()
        self._scanned: frozenset[AnyElement] = frozenset()
        self._filenames: tuple[str, ...] = ()
        self._found = FoundTexts({})

    @property
    def omissions(self) -> tuple[Omission, ...]:
        """The files of the last `Scan` that are not keys, each once, and why. python-gdcm does not have this."""
        return tuple(self._found.omissions)

    def AddTag(self, tag: TagLike) -> None:
        """Add an element to scan for, by its tag as in the file; of a private element that includes the block."""
        self._elements.add(read_tag(tag))

    def AddPrivateTag(self, tag: PrivateTagLike) -> None:
        """Add a private element to scan for, by its private creator, in any block. Raises TypeError for another tag."""
        asked = read_tag(tag)
        if not isinstance(asked, PrivateTag):
            raise TypeError("a private tag has an owner")
        self._elements.add(asked)

    def ClearTags(self) -> None:
        """Remove all tags to scan for. The results of the last scan stay."""
        self._elements.clear()

    def Scan(self, filenames: Iterable[str | os.PathLike[str]]) -> bool:
        """Read the files, each up to the last requested element. Folders are not walked. Return True.

        The results of the scan before are removed, except those of `GetValues` without a tag. If no tag was added,
        nothing is done.
        """
        names = _read_names(filenames)
        if not self._elements:
            return True
        elements = sorted(self._elements, key=_order)
        self._found = find_texts(
            names, elements, self._found.pool, workers=self._workers, reads_to_end=self._reads_to_end
        )
        self._scanned, self._filenames = frozenset(elements), names
        return True

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

"""Lists the files of the given paths, with all subfolders, in an order that is the same on every machine.

For: the first stage; its output goes to the reader.
Never: open a file, follow a loop, list a file twice, or leave out a path in silence: a path that is not listed as a
file is an `Omission`.
"""

# Paths are bytes here: there are millions of them, and neither the walk nor the core needs them decoded. The names of
# a folder stay in one block of memory.

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tagsniff import _core
from tagsniff._core import Texts
from tagsniff.status import Omission, Status

if TYPE_CHECKING:
    from tagsniff.source.name_globs import NameGlobs

BATCH_FILES = 256

Names: TypeAlias = list[bytes] | Texts
"""Names of files in one folder, or paths."""

_FileId: TypeAlias = tuple[int, int]
"""(st_dev, st_ino): the same for a file or folder, whatever path leads to it."""

_LEADS_NOWHERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})


class Batch(NamedTuple):
    """Files of one folder: its path with the last separator (empty if the names are paths), and their names."""

    folder: bytes
    names: Names

    def decode_path(self, number: int) -> str:
        """Return the path of the file at this index, decoded with surrogateescape."""
        return os.fsdecode(self.folder + self.names[number])


class Listing(NamedTuple):
    """The names of all entries of a folder, and the indexes of those that need a stat call.

    An entry needs one if the listing does not say that it is a regular file, or if its inode is known. ``error`` is the
    reason why the listing is incomplete; it is empty if it is complete.
    """

    names: _core.Texts
    stat_indexes: list[int]
    error: str = ""


def walk_paths(paths: Iterable[str | os.PathLike[str]]) -> Iterator[str | Omission]:
    """Yield each file of the paths (str, with surrogateescape for undecodable bytes), or why it is left out.

    See `walk_batches`, which yields the same files in batches.
    """
    return _list_single(walk_batches(paths))


def walk_batches(paths: Iterable[str | os.PathLike[str]], names: NameGlobs | None = None) -> Iterator[Batch | Omission]:
    """Yield the files of the paths, up to `BATCH_FILES` files of one folder at a time, and what is left out and why.

    A file is listed whatever its name is; a folder with everything below it, entries sorted by the bytes of their
    names. Symbolic links are followed. A file or folder to which several paths lead is listed at the first of them, and
    is the exclusion VISITED_BEFORE at the others; hard links are not searched for. Everything else that cannot be
    listed is a fault. With ``names``, only the files that it chooses are listed; it counts the others.

    Raises TypeError, before any work, if ``paths`` is a single path or has something other than paths; ValueError if a
    path has a NUL character, which no system accepts.
    """
    if isinstance(paths, str | bytes | os.PathLike):
        raise TypeError("paths is an iterable of paths, not one path")
    given = [os.fsencode(path) for path in paths]
    if any(b"\0" in path for path in given):
        raise ValueError("a path holds a NUL character")
    return _gather(_Walk(names).list_paths(given))


def _gather(found: Iterable[Batch | Omission]) -> Iterator[Batch | Omission]:
    """Yield the same, with consecutive single files combined into batches."""
    single: list[bytes] = []
    for batch in found:
        if isinstance(batch, Batch) and not batch.folder:
            single.extend(batch.names)
        if single and (len(single) >= BATCH_FILES or not isinstance(batch, Batch) or batch.folder):
            yield Batch(b"", single)
            single = []
        if not isinstance(batch, Batch) or batch.folder:
            yield batch
    if single:
        yield Batch(b"", single)


def _cut_up(names: Texts, stat_indexes: Iterable[int]) -> Iterator[Texts | bytes]:
    """Yield the names in order: each that needs a stat call alone, the others up to `BATCH_FILES` at a time."""
    start = 0
    for index in stat_indexes:
        yield from _cut_evenly(names, start, index)
        yield names[index]
        start = index + 1
    yield from _cut_evenly(names, start, len(names))


def _cut_evenly(names: Texts, start: int, end: int) -> Iterator[Texts]:
    if 0 < len(names) == end - start <= BATCH_FILES:
        yield names
        return
    for at in range(start, end, BATCH_FILES):
        yield names[at : min(at + BATCH_FILES, end)]


def _list_single(found: Iterable[Batch | Omission]) -> Iterator[str | Omission]:
    for batch in found:
        if isinstance(batch, Omission):
            yield batch
        else:
            yield from (os.fsdecode(batch.folder + name) for name in batch.names)


class _Folder(NamedTuple):
    """A folder that the walk has entered and not yet left."""

    # The path, with a separator at its end.
    prefix: bytes
    file_id: _FileId
    # What is still to be walked. Names that need a stat call come one by one; all others are new regular files, many at
    # a time.
    parts: Iterator[Texts | bytes]
    fault: Omission | None


class _Walk:
    """One walk, and the folders and files that it has visited.

    There are few enough folders to remember them all. There are too many files: a file is remembered only if it was
    reached by a path that does not go through its own folder (a link, or a path that the caller gave), or if the
    listing of its folder is incomplete.
    """

    def __init__(self, names: NameGlobs | None) -> None:
        self._names = names
        self._folders: set[_FileId] = set()
        self._folders_listed_whole: set[_FileId] = set()
        self._files: set[_FileId] = set()
        self._file_inodes: set[int] = set()

    def list_paths(self, paths: list[bytes]) -> Iterator[Batch | Omission]:
        for path in paths:
            # A stack instead of recursion, so that no tree is too deep.
            open_folders: list[_Folder] = []
            yield from self._open(path, open_folders, given=True)
            while open_folders:
                folder = open_folders[-1]
                part = next(folder.parts, None)
                if part is None:
                    open_folders.pop()
                elif isinstance(part, bytes):
                    yield from self._open(folder.prefix + part, open_folders, given=False)
                elif self._names is None:
                    yield Batch(folder.prefix, part)
                elif chosen := self._names.choose(part):
                    yield Batch(folder.prefix, chosen)

    def _open(self, path: bytes, open_folders: list[_Folder], *, given: bool) -> Iterator[Batch | Omission]:
        """Yield the path if it is a file that is read, or why it is left out; push a folder on ``open_folders``."""
        found = self._examine(path, open_folders, given=given)
        if isinstance(found, Omission):
            yield found
        elif isinstance(found, bytes):
            yield Batch(b"", [found])
        elif found is not None:
            open_folders.append(found)
            if found.fault is not None:
                yield found.fault

    def _examine(self, path: bytes, open_folders: list[_Folder], *, given: bool) -> bytes | Omission | _Folder | None:
        """Return the path of a file, why it is left out, or a folder; None for a file that is not chosen."""
        try:
            entry = os.stat(path)
        except OSError as error:
            return _explain(path, error, given=given)
        file_id = (entry.st_dev, entry.st_ino)
        if stat.S_ISDIR(entry.st_mode):
            if file_id in self._folders:
                is_loop = any(folder.file_id == file_id for folder in open_folders)
                return Omission(os.fsdecode(path), Status.LINK_LOOP if is_loop else Status.VISITED_BEFORE)
            self._folders.add(file_id)
            return self._list_folder(path, file_id)
        return self._examine_file(path, entry, given=given)

    def _examine_file(self, path: bytes, entry: os.stat_result, *, given: bool) -> bytes | Omission | None:
        if self._names is not None and not self._names.choose([os.path.basename(path)]):
            return None
        if not stat.S_ISREG(entry.st_mode):
            return Omission(os.fsdecode(path), Status.SPECIAL_FILE)
        file_id = (entry.st_dev, entry.st_ino)
        is_other_path = given or os.path.islink(path)
        if file_id in self._files or (is_other_path and self._is_in_listed_folder(path)):
            return Omission(os.fsdecode(path), Status.VISITED_BEFORE)
        self._files.add(file_id)
        self._file_inodes.add(entry.st_ino)
        return path

    def _list_folder(self, path: bytes, file_id: _FileId) -> _Folder:
        listing = list_folder(path, self._file_inodes)
        stat_indexes: Iterable[int] = listing.stat_indexes
        fault = None
        if listing.error:
            # The entries listed before the error are read. Each file is remembered by itself, since the folder does
            # not count as listed.
            fault = Omission(os.fsdecode(path), Status.CANNOT_LIST, detail=listing.error)
            stat_indexes = range(len(listing.names))
        else:
            self._folders_listed_whole.add(file_id)
        return _Folder(os.path.join(path, b""), file_id, _cut_up(listing.names, stat_indexes), fault)

    def _is_in_listed_folder(self, path: bytes) -> bool:
        """Return whether the file was listed with its folder, under its own name."""
        if not self._folders_listed_whole:
            return False
        real = os.path.realpath(path)
        if self._names is not None and not self._names.matches(os.path.basename(real)):
            return False
        try:
            folder = os.stat(os.path.dirname(real))
        except OSError:
            return False
        return (folder.st_dev, folder.st_ino) in self._folders_listed_whole


def _explain(path: bytes, error: OSError, *, given: bool) -> Omission:
    text = os.fsdecode(path)
    detail = "" if error.errno == errno.ENOENT else error.strerror or ""
    if error.errno in _LEADS_NOWHERE:
        if os.path.islink(path):
            return Omission(text, Status.BROKEN_LINK, detail=detail)
        if given:
            return Omission(text, Status.NO_SUCH_PATH, detail=detail)
    return Omission(text, Status.CANNOT_OPEN, detail=error.strerror or "")


def list_folder(path: bytes, known_inodes: set[int]) -> Listing:
    """List a folder. If it cannot be listed to its end, return the entries up to the error, and the error."""
    if not _core.HAS_PATH_READER:
        return _list_by_python(path, known_inodes)
    names, stat_indexes, error_number = _core.list_folder(path, known_inodes)
    return Listing(names, stat_indexes, os.strerror(error_number) if error_number else "")


def _list_by_python(path: bytes, known_inodes: set[int]) -> Listing:
    """Do the same on systems on which the core cannot list folders."""
    found: list[tuple[bytes, bool]] = []
    error_text = ""
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                try:
                    is_plain = entry.is_file(follow_symlinks=False)
                except OSError:
                    is_plain = False
                found.append((entry.name, not is_plain or (bool(known_inodes) and entry.inode() in known_inodes)))
    except OSError as error:
        error_text = error.strerror or type(error).__name__
    found.sort()
    stat_indexes = [index for index, (_, needs_stat) in enumerate(found) if needs_stat]
    return Listing(_core.Texts(name for name, _ in found), stat_indexes, error_text)

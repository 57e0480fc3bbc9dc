"""One folder is listed: by the core, ``csrc/read/folder.c``, and by Python on systems where the core cannot.

For: `tagsniff.source.walk`. The walk's use of it is in test_walk.py, a listing by the core that breaks off is in
     test_attacks_reads.py.
Never: an order that depends on the file system.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from tagsniff import _core
from tagsniff.source.walk import list_folder

pytestmark = pytest.mark.skipif(not _core.HAS_PATH_READER, reason="the core cannot list folders on this system")
# More than are listed between two checks for signals.
NAMES = sorted(b"%d" % (number * 7919 % 10007) for number in range(5000))


@pytest.fixture(params=["core", "python"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(_core, "HAS_PATH_READER", request.param == "core")
    return os.fsencode(tmp_path)


def _make(folder: bytes, name: bytes) -> None:
    os.close(os.open(os.path.join(folder, name), os.O_CREAT, 0o600))


def test_a_folder_without_entries(folder: bytes) -> None:
    names, places, error = list_folder(folder, set())
    assert (list(names), places, error) == ([], [], "")


def test_names_are_sorted_by_their_bytes(folder: bytes) -> None:
    for name in reversed(NAMES):
        _make(folder, name)
    names, places, error = list_folder(folder, set())
    assert (list(names), places, error) == (NAMES, [], "")


def test_entries_that_are_not_files_must_be_examined(folder: bytes) -> None:
    for name in (b".hidden", b"...", b"c", b"a"):
        _make(folder, name)
    os.symlink(b"a", os.path.join(folder, b"b"))
    os.mkdir(os.path.join(folder, b"d"))
    os.mkfifo(os.path.join(folder, b"e"))
    names, places, error = list_folder(folder, set())
    assert list(names) == [b"...", b".hidden", b"a", b"b", b"c", b"d", b"e"]
    assert [names[place] for place in places] == [b"b", b"d", b"e"]
    assert error == ""


def test_a_known_inode_must_be_examined(folder: bytes) -> None:
    for name in (b"a", b"b", b"c"):
        _make(folder, name)
    known = {os.stat(os.path.join(folder, b"b")).st_ino}
    assert list_folder(folder, known).stat_indexes == [1]


class TestScandir:
    """Results that a real file system does not give on demand; the core's listing is in test_attacks_reads.py."""

    @pytest.fixture(autouse=True)
    def lister(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_core, "HAS_PATH_READER", False)

    def test_a_listing_that_breaks_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        entries = _Entries([b"2", b"1"], error=OSError(errno.EIO, "Input/output error"))
        monkeypatch.setattr(os, "scandir", lambda path: entries)
        names, places, error = list_folder(b"folder", set())
        assert (list(names), places, error) == ([b"1", b"2"], [], "Input/output error")

    def test_an_entry_of_unknown_type(self, monkeypatch: pytest.MonkeyPatch) -> None:
        entries = _Entries([b"b", b"a"], untold={b"b"})
        monkeypatch.setattr(os, "scandir", lambda path: entries)
        names, places, error = list_folder(b"folder", set())
        assert (list(names), places, error) == ([b"a", b"b"], [1], "")


class _Entry:
    def __init__(self, name: bytes, *, is_told: bool) -> None:
        self.name = name
        self._is_told = is_told

    def is_file(self, *, follow_symlinks: bool) -> bool:
        assert not follow_symlinks, "a link must be examined, not taken for a file"
        if not self._is_told:
            raise OSError(errno.EIO, "Input/output error")
        return True


class _Entries:
    """Replaces the result of os.scandir."""

    def __init__(self, names: list[bytes], *, untold: Collection[bytes] = (), error: OSError | None = None) -> None:
        self._entries = [_Entry(name, is_told=name not in untold) for name in names]
        self._error = error

    def __enter__(self) -> _Entries:
        return self

    def __exit__(self, *_raised: object) -> None:
        return None

    def __iter__(self) -> Iterator[_Entry]:
        yield from self._entries
        if self._error is not None:
            raise self._error


@pytest.mark.parametrize(("name", "error_number"), [(b"gone", errno.ENOENT), (b"file", errno.ENOTDIR)])
def test_folders_that_cannot_be_listed(folder: bytes, name: bytes, error_number: int) -> None:
    _make(folder, b"file")
    names, places, error = list_folder(os.path.join(folder, name), set())
    assert (list(names), places, error) == ([], [], os.strerror(error_number))


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="zero byte"):
        _core.list_folder(b"a\0b", set())
    with pytest.raises(TypeError):
        _core.list_folder("a", set())  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        _core.list_folder(b"a", None)  # type: ignore[arg-type]

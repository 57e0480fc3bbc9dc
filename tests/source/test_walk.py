"""The walk over real folders: which files are listed, in which order, and why the others are not."""

# Paths are str, as the walk returns them.

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path

import pytest

from tagsniff import _core
from tagsniff._core import Texts
from tagsniff.source.name_globs import NameGlobs
from tagsniff.source.walk import BATCH_FILES, Batch, Listing, list_folder, walk_batches, walk_paths
from tagsniff.status import Omission, Status

posix_only = pytest.mark.skipif(os.name != "posix", reason="links, pipes and sockets of POSIX")


@pytest.fixture(params=["core", "python"], autouse=True)
def lister(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders are listed by the core, and by Python as on systems where the core cannot; the results are equal."""
    if request.param == "core" and not _core.HAS_PATH_READER:
        pytest.skip("the core cannot list folders on this system")
    monkeypatch.setattr(_core, "HAS_PATH_READER", request.param == "core")


def _make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def _walk(*paths: str | os.PathLike[str]) -> list[str | tuple[str, Status]]:
    """Return the results of the walk, with omissions as (path, status)."""
    return [found if isinstance(found, str) else (found.path, found.status) for found in walk_paths(paths)]


def test_files_are_listed_in_the_order_of_names(tmp_path: Path) -> None:
    _make(tmp_path, "b/2", "b/10", "b/.hidden", "B.dcm", "a b", "b.txt", "DICOMDIR")
    (tmp_path / "void").mkdir()
    expected = ["B.dcm", "DICOMDIR", "a b", "b/.hidden", "b/10", "b/2", "b.txt"]
    assert _walk(tmp_path) == [str(tmp_path / name) for name in expected]


def test_paths_come_in_the_given_order_and_may_be_files(tmp_path: Path) -> None:
    _make(tmp_path, "z", "a/1")
    assert _walk(str(tmp_path / "z"), tmp_path / "a") == [str(tmp_path / "z"), str(tmp_path / "a/1")]


def test_nothing_given_is_nothing_listed() -> None:
    assert _walk() == []


def test_relative_paths_stay_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(tmp_path, "a/1")
    monkeypatch.chdir(tmp_path)
    assert _walk("a") == [os.path.join("a", "1")]


@pytest.mark.skipif(sys.platform != "linux", reason="names with any bytes")
def test_names_with_any_bytes_are_sorted_by_their_bytes(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    names = [b"\n", b"\x1b[2J", b"A", b"\xc3\xa4", b"\xef\xbf\xbd", b"\xf0\x9f\x98\x80", b"\xff\xfe"]
    for name in reversed(names):
        with open(os.path.join(root, name), "wb"):
            pass
    listed = _walk(tmp_path)
    assert [os.fsencode(path) for path in listed if isinstance(path, str)] == [os.path.join(root, n) for n in names]


@pytest.fixture(scope="module")
def hundred_thousand(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Make that many files in one folder; return their paths in order."""
    folder = tmp_path_factory.mktemp("many")
    names = [f"{number:06}" for number in range(100_000)]
    for name in sorted(names, key=lambda name: name[::-1]):
        os.close(os.open(folder / name, os.O_CREAT, 0o600))
    return [str(folder / name) for name in names]


def test_hundred_thousand_entries_in_one_folder(hundred_thousand: list[str]) -> None:
    assert _walk(Path(hundred_thousand[0]).parent) == hundred_thousand


def test_files_between_entries_that_must_be_examined(tmp_path: Path) -> None:
    names = [f"{number:04}" for number in range(1000)]
    folders = ("0000", "0300", "0301", "0999")
    for name in names:
        _make(tmp_path, f"{name}/file" if name in folders else name)
    assert _walk(tmp_path) == [str(tmp_path / (f"{name}/file" if name in folders else name)) for name in names]
    batches = [batch for batch in walk_batches([tmp_path]) if isinstance(batch, Batch)]
    assert max(len(batch.names) for batch in batches) == BATCH_FILES


@posix_only
def test_tree_deeper_than_the_recursion_limit(tmp_path: Path) -> None:
    depth = sys.getrecursionlimit() + 50
    folder = str(tmp_path) + "/d" * depth
    # One level at a time: os.makedirs is recursive.
    for length in range(len(str(tmp_path)) + 2, len(folder) + 1, 2):
        os.mkdir(folder[:length])
    Path(folder, "last").write_bytes(b"x")
    try:
        assert _walk(tmp_path) == [folder + "/last"]
    finally:
        # One level at a time as well, since the removal of tmp_path is recursive.
        os.unlink(folder + "/last")
        for length in range(len(folder), len(str(tmp_path)) + 1, -2):
            os.rmdir(folder[:length])


@posix_only
class TestLinks:
    def test_links_to_files_and_folders_are_followed(self, tmp_path: Path) -> None:
        _make(tmp_path, "elsewhere/x", "elsewhere/sub/y", "root/a")
        (tmp_path / "root/file").symlink_to("../elsewhere/x")
        (tmp_path / "root/folder").symlink_to("../elsewhere/sub", target_is_directory=True)
        assert _walk(tmp_path / "root") == [str(tmp_path / "root" / name) for name in ("a", "file", "folder/y")]

    def test_loops_are_faults(self, tmp_path: Path) -> None:
        _make(tmp_path, "a/b/file")
        (tmp_path / "a/b/back").symlink_to("../..", target_is_directory=True)
        (tmp_path / "a/b/here").symlink_to(".", target_is_directory=True)
        assert _walk(tmp_path) == [
            (str(tmp_path / "a/b/back"), Status.LINK_LOOP),
            str(tmp_path / "a/b/file"),
            (str(tmp_path / "a/b/here"), Status.LINK_LOOP),
        ]

    def test_two_links_into_each_other_end(self, tmp_path: Path) -> None:
        _make(tmp_path, "a/1", "b/2")
        (tmp_path / "a/to_b").symlink_to("../b", target_is_directory=True)
        (tmp_path / "b/to_a").symlink_to("../a", target_is_directory=True)
        assert _walk(tmp_path) == [
            str(tmp_path / "a/1"),
            str(tmp_path / "a/to_b/2"),
            (str(tmp_path / "a/to_b/to_a"), Status.LINK_LOOP),
            (str(tmp_path / "b"), Status.VISITED_BEFORE),
        ]

    def test_folder_reached_by_a_second_route_is_walked_once(self, tmp_path: Path) -> None:
        _make(tmp_path, "real/1")
        (tmp_path / "again").symlink_to("real", target_is_directory=True)
        (tmp_path / "too").symlink_to("real", target_is_directory=True)
        assert _walk(tmp_path) == [
            str(tmp_path / "again/1"),
            (str(tmp_path / "real"), Status.VISITED_BEFORE),
            (str(tmp_path / "too"), Status.VISITED_BEFORE),
        ]

    @pytest.mark.parametrize("link", ["a_link", "z_link"])
    def test_file_reached_by_link_and_by_name_is_listed_once(self, tmp_path: Path, link: str) -> None:
        _make(tmp_path, "m/file", "m/other")
        (tmp_path / link).symlink_to("m/file")
        file, other = str(tmp_path / "m/file"), str(tmp_path / "m/other")
        if link < "m":
            expected = [str(tmp_path / link), (file, Status.VISITED_BEFORE), other]
        else:
            expected = [file, other, (str(tmp_path / link), Status.VISITED_BEFORE)]
        assert _walk(tmp_path) == expected

    def test_link_beside_its_file_is_listed_once(self, tmp_path: Path) -> None:
        _make(tmp_path, "file")
        (tmp_path / "a_link").symlink_to("file")
        assert _walk(tmp_path) == [(str(tmp_path / "a_link"), Status.VISITED_BEFORE), str(tmp_path / "file")]

    def test_two_links_to_a_file_outside_are_listed_once(self, tmp_path: Path) -> None:
        _make(tmp_path, "outside", "root/x")
        for name in "ab":
            (tmp_path / "root" / name).symlink_to("../outside")
        root = tmp_path / "root"
        assert _walk(root) == [str(root / "a"), (str(root / "b"), Status.VISITED_BEFORE), str(root / "x")]

    @pytest.mark.parametrize("target", ["nowhere", "file/below"])
    def test_broken_link_is_a_fault(self, tmp_path: Path, target: str) -> None:
        _make(tmp_path, "file")
        link = tmp_path / "link"
        link.symlink_to(target)
        assert _walk(tmp_path) == [str(tmp_path / "file"), (str(link), Status.BROKEN_LINK)]
        assert _walk(link) == [(str(link), Status.BROKEN_LINK)]

    def test_link_to_itself_is_a_fault(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to("link")
        (found,) = walk_paths([tmp_path])
        assert found == Omission(str(tmp_path / "link"), Status.BROKEN_LINK, detail=os.strerror(errno.ELOOP))


class TestOverlap:
    def test_file_given_twice(self, tmp_path: Path) -> None:
        _make(tmp_path, "f")
        file = tmp_path / "f"
        other = str(tmp_path) + os.sep + "." + os.sep + "f"
        assert _walk(file, other, file) == [
            str(file),
            (other, Status.VISITED_BEFORE),
            (str(file), Status.VISITED_BEFORE),
        ]

    def test_folder_then_its_file(self, tmp_path: Path) -> None:
        _make(tmp_path, "d/f", "d/g")
        f, g = str(tmp_path / "d/f"), str(tmp_path / "d/g")
        assert _walk(tmp_path / "d", f) == [f, g, (f, Status.VISITED_BEFORE)]
        assert _walk(f, tmp_path / "d") == [f, (f, Status.VISITED_BEFORE), g]

    def test_folder_given_twice_and_its_parent(self, tmp_path: Path) -> None:
        _make(tmp_path, "r/d/f", "r/g")
        folder = str(tmp_path / "r/d")
        assert _walk(folder, folder, tmp_path / "r") == [
            os.path.join(folder, "f"),
            (folder, Status.VISITED_BEFORE),
            (folder, Status.VISITED_BEFORE),
            str(tmp_path / "r/g"),
        ]

    def test_same_inode_on_another_device_is_another_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _make(tmp_path, "given", "d/file")
        given, file = str(tmp_path / "given"), str(tmp_path / "d/file")
        known: list[set[int]] = []

        def list_as_known(path: bytes, known_inodes: set[int]) -> Listing:
            known.append(set(known_inodes))
            return Listing(Texts([b"file"]), [0])

        monkeypatch.setattr("tagsniff.source.walk.list_folder", list_as_known)
        assert _walk(given, tmp_path / "d") == [given, file]
        assert known == [{os.stat(given).st_ino}]


@posix_only
class TestSpecialFiles:
    def test_pipes_and_sockets_are_listed_and_not_opened(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        # A relative name, since the path of a socket must be short.
        monkeypatch.chdir(tmp_path)
        os.mkfifo("pipe")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket")
            _make(tmp_path, "z")
            assert _walk(".") == [("./pipe", Status.SPECIAL_FILE), ("./socket", Status.SPECIAL_FILE), "./z"]
        assert _walk("pipe") == [("pipe", Status.SPECIAL_FILE)]

    def test_a_device_is_listed_and_not_opened(self) -> None:
        assert _walk(os.devnull) == [(os.devnull, Status.SPECIAL_FILE)]


class TestErrors:
    def test_path_that_does_not_exist(self, tmp_path: Path) -> None:
        _make(tmp_path, "file")
        missing = [str(tmp_path / "nowhere"), str(tmp_path / "file" / "below"), ""]
        assert _walk(*missing) == [(path, Status.NO_SUCH_PATH) for path in missing]

    @posix_only
    def test_a_name_that_no_system_allows(self, tmp_path: Path) -> None:
        path = str(tmp_path / ("n" * 5000))
        assert list(walk_paths([path])) == [Omission(path, Status.CANNOT_OPEN, detail=os.strerror(errno.ENAMETOOLONG))]

    def test_folder_that_cannot_be_listed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        _make(tmp_path, "a/1", "b/2")
        refused = os.fsencode(tmp_path / "a")

        def refuse(path: bytes, known_inodes: set[int]) -> Listing:
            return Listing(Texts(), [], "Permission denied") if path == refused else list_folder(path, known_inodes)

        monkeypatch.setattr("tagsniff.source.walk.list_folder", refuse)
        assert list(walk_paths([tmp_path])) == [
            Omission(str(tmp_path / "a"), Status.CANNOT_LIST, detail="Permission denied"),
            str(tmp_path / "b/2"),
        ]

    def test_listing_that_breaks_off(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        _make(tmp_path, "1", "2", "3")
        broken = Listing(Texts([b"1", b"2"]), [], "Input/output error")
        monkeypatch.setattr("tagsniff.source.walk.list_folder", lambda path, known_inodes: broken)
        one, two, three = (str(tmp_path / name) for name in "123")
        # The second path names a file of the part that was listed, the third one a file of the other part.
        assert list(walk_paths([tmp_path, two, three])) == [
            Omission(str(tmp_path), Status.CANNOT_LIST, detail="Input/output error"),
            one,
            two,
            Omission(two, Status.VISITED_BEFORE),
            three,
        ]

    def test_a_file_that_is_removed_before_it_is_examined(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "tagsniff.source.walk.list_folder", lambda path, known_inodes: Listing(Texts([b"gone"]), [0])
        )
        assert list(walk_paths([tmp_path])) == [
            Omission(str(tmp_path / "gone"), Status.CANNOT_OPEN, detail=os.strerror(errno.ENOENT))
        ]

    @pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root can enter every folder")
    def test_folder_without_permission(self, tmp_path: Path) -> None:
        _make(tmp_path, "closed/1", "hidden/2", "open")
        (tmp_path / "closed").chmod(0o000)
        (tmp_path / "hidden").chmod(0o600)
        try:
            listed = list(walk_paths([tmp_path, tmp_path / "hidden" / "2"]))
        finally:
            (tmp_path / "closed").chmod(0o700)
            (tmp_path / "hidden").chmod(0o700)
        assert Omission(str(tmp_path / "closed"), Status.CANNOT_LIST, detail="Permission denied") in listed
        assert Omission(str(tmp_path / "hidden/2"), Status.CANNOT_OPEN, detail="Permission denied") in listed

    @pytest.mark.parametrize("wrong", ["a path", b"a path", Path("a path")])
    def test_one_path_is_not_an_iterable_of_paths(self, wrong: str | bytes | Path) -> None:
        with pytest.raises(TypeError):
            walk_paths(wrong)  # type: ignore[arg-type]

    def test_wrong_path_is_refused_before_any_work(self) -> None:
        with pytest.raises(TypeError):
            walk_paths(["a", 1])  # type: ignore[list-item]
        with pytest.raises(ValueError, match="NUL"):
            walk_paths(["a\0b"])


class TestNames:
    """Files are chosen by their names; folders are entered whatever their names are."""

    def _walk(self, patterns: list[str], *paths: Path) -> tuple[list[str], list[tuple[str, Status]], int]:
        """Return the files, what was left out, and the number of files that were passed over."""
        names = NameGlobs(patterns)
        files: list[str] = []
        left_out: list[tuple[str, Status]] = []
        for found in walk_batches(paths, names):
            if isinstance(found, Omission):
                left_out.append((found.path, found.status))
            else:
                files += (found.decode_path(number) for number in range(len(found.names)))
        return files, left_out, names.passed_over

    def test_names_are_compared_whole_and_in_any_letter_case(self, tmp_path: Path) -> None:
        _make(tmp_path, "a.dcm", "a.dcm.txt", "b.DCM", "c.dcm/d", "c.dcm/e.dcm", "xa.dcm", "\u00e4.dcm")
        found = ["a.dcm", "b.DCM", "c.dcm/e.dcm", "xa.dcm", "\u00e4.dcm"]
        assert self._walk(["*.dcm"], tmp_path) == ([str(tmp_path / name) for name in found], [], 2)
        assert self._walk(["?.dcm", "D"], tmp_path)[0] == [
            str(tmp_path / name) for name in ("a.dcm", "b.DCM", "c.dcm/d", "c.dcm/e.dcm", "\u00e4.dcm")
        ]

    def test_a_file_that_is_given_is_chosen_too(self, tmp_path: Path) -> None:
        _make(tmp_path, "a.dcm", "b.txt")
        assert self._walk(["*.dcm"], tmp_path / "b.txt", tmp_path / "a.dcm") == ([str(tmp_path / "a.dcm")], [], 1)

    @posix_only
    @pytest.mark.parametrize("order", [["links", "files"], ["files", "links"]])
    def test_a_link_is_chosen_by_its_own_name(self, tmp_path: Path, order: list[str]) -> None:
        """A file that is passed over under one name is read under another, in any order."""
        _make(tmp_path, "files/blob1", "files/b.dcm", "links/x")
        (tmp_path / "links" / "a.dcm").symlink_to("../files/blob1")
        (tmp_path / "links" / "blob2").symlink_to("../files/b.dcm")
        files, left_out, passed_over = self._walk(["*.dcm"], *(tmp_path / name for name in order))
        assert sorted(files) == [str(tmp_path / "files/b.dcm"), str(tmp_path / "links/a.dcm")]
        assert (left_out, passed_over) == ([], 3)

    @posix_only
    def test_a_file_is_read_once_under_two_names_that_match(self, tmp_path: Path) -> None:
        _make(tmp_path, "a.dcm")
        (tmp_path / "b.dcm").symlink_to("a.dcm")
        assert self._walk(["*.dcm"], tmp_path) == (
            [str(tmp_path / "a.dcm")],
            [(str(tmp_path / "b.dcm"), Status.VISITED_BEFORE)],
            0,
        )

    @posix_only
    def test_special_files_are_passed_over_and_broken_links_are_not(self, tmp_path: Path) -> None:
        """What a broken link leads to may have been a folder."""
        os.mkfifo(tmp_path / "pipe")
        os.mkfifo(tmp_path / "pipe.dcm")
        (tmp_path / "link").symlink_to("nowhere")
        assert self._walk(["*.dcm"], tmp_path) == (
            [],
            [(str(tmp_path / "link"), Status.BROKEN_LINK), (str(tmp_path / "pipe.dcm"), Status.SPECIAL_FILE)],
            1,
        )

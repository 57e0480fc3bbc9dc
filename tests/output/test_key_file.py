"""The key file: made once, read again, and refused if it is no key or others can read it.

For: `tagsniff.output.key_file`.
Never: a key in a message.
"""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tagsniff.output.key_file import KEY_NAME, KeyFileError, place_key, read_or_make_key

KEY = bytes(range(32))


def write(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_a_key_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "key"
    key = read_or_make_key(path)
    assert len(key) == 32
    assert path.read_text(encoding="ascii") == key.hex() + "\n"
    assert read_or_make_key(path) == key
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]


def test_keys_are_random(tmp_path: Path) -> None:
    assert len({read_or_make_key(tmp_path / f"{number}") for number in range(20)}) == 20


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_the_mode_is_0600_whatever_the_umask_is(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        read_or_make_key(tmp_path / "key")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_threads_that_make_it_at_the_same_time_have_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read_or_make_key(tmp_path / "key"), range(64)))
    assert len(keys) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize(
    "content", [KEY.hex().encode(), KEY.hex().upper().encode() + b"\n", KEY.hex().encode() + b"\r\n"]
)
def test_forms(tmp_path: Path, content: bytes) -> None:
    assert read_or_make_key(write(tmp_path / "key", content)) == KEY


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\n", KEY, KEY.hex()[:-1].encode() + b"\n", KEY.hex().encode() + b"0\n", KEY.hex().encode() + b"\n\n"),
        *(KEY.hex().encode() + b" ", b" " + KEY.hex().encode(), b"0x" + KEY.hex().encode(), b"g" * 64, b"0" * 1000),
        "\N{FULLWIDTH DIGIT ONE}".encode() * 64,
    ],
)
def test_what_is_no_key_is_refused_and_stays(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path / "key", content)
    with pytest.raises(KeyFileError, match="no key: 64 hexadecimal digits") as found:
        read_or_make_key(path)
    assert KEY.hex() not in str(found.value)
    assert path.read_bytes() == content


@pytest.mark.skipif(os.name != "posix", reason="modes")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o602, 0o644, 0o777])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = write(tmp_path / "key", KEY.hex().encode(), mode)
    with pytest.raises(KeyFileError, match=f"mode 0{mode:o}.*chmod 600") as found:
        read_or_make_key(path)
    assert KEY.hex() not in str(found.value)


@pytest.mark.skipif(os.name != "posix", reason="modes")
@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_modes_that_only_the_owner_has(tmp_path: Path, mode: int) -> None:
    assert read_or_make_key(write(tmp_path / "key", KEY.hex().encode(), mode)) == KEY


def test_a_folder_is_no_key(tmp_path: Path) -> None:
    with pytest.raises((KeyFileError, OSError)):
        read_or_make_key(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes")
def test_a_pipe_is_no_key(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "key", 0o600)
    with pytest.raises(KeyFileError, match="no file"):
        read_or_make_key(tmp_path / "key")


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_or_make_key(tmp_path / "no" / "key")


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_a_link_to_nothing_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="key"):
        read_or_make_key(tmp_path / "key")
    assert not (tmp_path / "elsewhere").exists()


def test_the_key_is_beside_the_scan(tmp_path: Path) -> None:
    assert place_key(str(tmp_path / "scan")) == str(tmp_path.resolve() / KEY_NAME)
    assert place_key("/dev/null" if os.name == "posix" else "scan") in (None, str(Path.cwd() / KEY_NAME))


@pytest.mark.skipif(os.name != "posix", reason="devices")
@pytest.mark.parametrize("path", ["/dev/null", "/dev/stdout", "/dev/fd/1"])
def test_no_key_is_made_beside_a_device(path: str) -> None:
    assert place_key(path) is None

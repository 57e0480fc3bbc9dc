"""A folder with all outputs of a run, which appears when it is complete, and may replace that of an earlier run.

For: ``--out``.
Never: replace a folder that is not known to be of an earlier run of the same mode, or with anything in it that this
program did not write as it is now; leave an incomplete folder; or let other users of the machine read it.

The outputs are written to a temporary folder beside the target. `RUN_FILE` in it lists them with their SHA-256: so an
earlier run is recognized, and what a person has added or changed since.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from typing import Any

from tagsniff.output.atomic_file import write_whole
from tagsniff.output.json_text import format_json

RUN_FILE = "run.json"
_TOOL = "tagsniff"
_MODE = 0o700
_READ_AT_ONCE = 1 << 20


class FolderRefusedError(Exception):
    """The folder must not be replaced. The message does not begin with its path, and may need escapes on a terminal."""


class OutputFolder:
    """A folder that is being made. ``mode`` is the name of the run, which an earlier folder must have too."""

    def __init__(self, path: str, mode: str) -> None:
        # A link stays a link; its target is replaced.
        self._target = os.path.realpath(path)
        self._mode = mode
        self.place = os.path.join(os.path.dirname(self._target), f".tagsniff-{os.urandom(8).hex()}")
        """The temporary folder, in which files are to be made."""

    def begin(self) -> None:
        """Check the target, before any work, and make the temporary folder.

        Raises FolderRefusedError if the target must not be replaced, OSError if the system refuses the new folder.
        """
        self._check()
        os.mkdir(self.place, _MODE)
        if os.name == "posix":
            # The umask may have taken permissions; a file system without modes refuses this.
            with contextlib.suppress(PermissionError):
                os.chmod(self.place, _MODE)

    def is_replacement(self) -> bool:
        """Return whether there is a folder that this one would replace."""
        return os.path.lexists(self._target)

    def name(self, name: str) -> str:
        """Return the path at which a file of the folder is to be made."""
        return os.path.join(self.place, name)

    def finish(self, record: dict[str, Any]) -> None:
        """Write `RUN_FILE` with this record and the list of files, and put the folder into its place.

        Raises FolderRefusedError if the target was changed since `begin`; then the temporary folder is still there.
        """
        files = [{"name": name, **_describe(self.name(name))} for name in sorted(os.listdir(self.place))]
        body = {"tool": _TOOL, "mode": self._mode, **record, "files": files}
        write_whole(self.name(RUN_FILE), lambda stream: stream.write(format_json(body, indent=1) + "\n"))
        names = self._check()
        if not os.path.lexists(self._target):
            os.rename(self.place, self._target)
            return
        old = self.place + "-old"
        os.rename(self._target, old)
        try:
            os.rename(self.place, self._target)
        except OSError:
            os.rename(old, self._target)
            raise
        _remove(old, names)

    def abandon(self) -> None:
        """Remove the temporary folder, if it is there."""
        with contextlib.suppress(OSError):
            _remove(self.place, os.listdir(self.place))

    def _check(self) -> list[str]:
        """Return the names of the files in the target. Raises FolderRefusedError if it must not be replaced."""
        try:
            status = os.lstat(self._target)
        except FileNotFoundError:
            return []
        if not stat.S_ISDIR(status.st_mode):
            raise FolderRefusedError("is there already, and is no folder")
        names = sorted(os.listdir(self._target))
        if not names:
            return []
        made = self._read_record()
        for name in names:
            if name == RUN_FILE:
                continue
            if name not in made:
                raise FolderRefusedError(f"has {name}, which tagsniff did not write there; name another folder")
            if _describe(os.path.join(self._target, name)) != made[name]:
                raise FolderRefusedError(f"has {name}, which was changed after tagsniff wrote it; name another folder")
        return names

    def _read_record(self) -> dict[str, dict[str, Any]]:
        """Return what the target's `RUN_FILE` says of its files, by name."""
        import json

        try:
            with open(os.path.join(self._target, RUN_FILE), encoding="utf-8") as stream:
                body = json.load(stream)
            tool, mode = body["tool"], body["mode"]
            made = {one["name"]: {"bytes": one["bytes"], "sha256": one["sha256"]} for one in body["files"]}
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            tool, mode, made = "", "", {}
        if tool != _TOOL:
            raise FolderRefusedError("is there already, and tagsniff did not make it; name another folder")
        if mode != self._mode:
            raise FolderRefusedError(f"has the outputs of another mode, {mode}; name another folder")
        return made


def _describe(path: str) -> dict[str, Any]:
    """Return the length of a regular file and the SHA-256 of its bytes; nothing for anything else."""
    import hashlib

    digest, length = hashlib.sha256(), 0
    if not stat.S_ISREG(os.lstat(path).st_mode):
        return {}
    for part in _read(path):
        digest.update(part)
        length += len(part)
    return {"bytes": length, "sha256": digest.hexdigest()}


def _read(path: str) -> Iterator[bytes]:
    with open(path, "rb") as stream:
        while part := stream.read(_READ_AT_ONCE):
            yield part


def _remove(folder: str, names: list[str]) -> None:
    """Remove these files and the folder; if anything else is in it, it stays."""
    for name in names:
        os.unlink(os.path.join(folder, name))
    try:
        os.rmdir(folder)
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:
            raise

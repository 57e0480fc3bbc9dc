"""Loads profiles: the names and files that a person gives become one `Profile`, or a list of everything that is wrong.

For: `tagsniff.load_profile` and the command ``tagsniff profile``.
Never: open an image, or return a profile without one of the given files or options.
Terms: PS3.15 E.3 (options), edition 2026d.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TypeAlias

from tagsniff import _core
from tagsniff.profile.errors import Mistake, ProfileError
from tagsniff.profile.parser import parse_profile
from tagsniff.profile.resolve import Profile
from tagsniff.profile.rows import ProfileFile, ProfileKind
from tagsniff.profile.shipped import find_digest, find_shipped, is_known
from tagsniff.profile.shipped_rows import parse_known_profile

ProfileName: TypeAlias = str | os.PathLike[str]
"""The name of a shipped profile, or the path of a file. A str that names a shipped profile is never taken as a path."""

ProfileSource: TypeAlias = ProfileName | ProfileFile
"""A name or path of a profile, or a profile that `read_profile` has returned."""


def load_profile(
    confidentiality: ProfileSource,
    modality_software: Sequence[ProfileSource] = (),
    options: Sequence[str] = (),
    *,
    uid_root: str | None = None,
    find_keyword: Callable[[str], int | None] = _core.dictionary_find_keyword,
) -> Profile:
    """Return one `Profile` made of a Confidentiality Profile and any number of Modality Software Profiles.

    ``options`` are option columns of the Confidentiality Profile. ``uid_root`` is the archive's own UID root; recorded
    UIDs below it are counted, not shown. ``find_keyword`` returns the tag of a keyword of PS3.6, or None.

    Raises ProfileError with every mistake in every file; TypeError if ``modality_software`` or ``options`` is a single
    text or path; ValueError if ``uid_root`` is not a UID, if a `ProfileFile` is of the other kind, or if ``options``
    are given with a `ProfileFile`, whose options were selected when it was read.

    Source: PS3.15 2026d, E.1 and E.3 (options); design, section 1.
    """
    for argument, value in (("modality_software", modality_software), ("options", options)):
        if isinstance(value, str | os.PathLike):
            raise TypeError(f"{argument} must be a sequence, not a single text or path")
    if isinstance(confidentiality, ProfileFile) and options:
        raise ValueError("options cannot be given with a ProfileFile: they are selected when it is read")
    asked = [(confidentiality, ProfileKind.CONFIDENTIALITY, options)]
    asked += [(source, ProfileKind.MODALITY_SOFTWARE, ()) for source in modality_software]
    mistakes: list[Mistake] = []
    profiles: list[ProfileFile] = []
    for source, kind, selected in asked:
        if isinstance(source, ProfileFile):
            profiles.append(source)
            continue
        try:
            profiles.append(read_profile(source, kind, selected, find_keyword=find_keyword))
        except ProfileError as error:
            mistakes += error.mistakes
    if mistakes:
        raise ProfileError(mistakes)
    return Profile(profiles[0], profiles[1:], uid_root=uid_root)


def read_profile(
    name: ProfileName,
    kind: ProfileKind | None = None,
    options: Sequence[str] = (),
    *,
    find_keyword: Callable[[str], int | None] = _core.dictionary_find_keyword,
) -> ProfileFile:
    """Return one profile.

    ``kind`` is the kind that it must have, None for either. ``options`` are the option columns to select.
    ``find_keyword`` returns the tag of a keyword of PS3.6, or None. Raises ProfileError with every mistake.

    Source: PS3.15 2026d, E.3 (options) and Table E.1-1; the columns are described at `COLUMNS`.
    """
    file, raw = _read_bytes(name)
    # The tests have parsed all of each shipped profile. To parse all of it here takes longer than to scan a small
    # collection.
    digest = find_digest(raw)
    if is_known(digest):
        return parse_known_profile(file, raw, digest, kind=kind, options=options, find_keyword=find_keyword)
    return parse_profile(file, raw, kind=kind, options=options, find_keyword=find_keyword)


def check_profile(
    name: ProfileName, *, find_keyword: Callable[[str], int | None] = _core.dictionary_find_keyword
) -> tuple[Mistake, ...]:
    """Return every mistake in one profile; an empty tuple if it can be used.

    ``find_keyword`` returns the tag of a keyword of PS3.6, or None.
    """
    return examine_profile(name, find_keyword=find_keyword)[1]


def examine_profile(
    name: ProfileName, *, find_keyword: Callable[[str], int | None] = _core.dictionary_find_keyword
) -> tuple[int, tuple[Mistake, ...]]:
    """Return the number of rows of one profile, 0 if it cannot be used, and every mistake in it."""
    try:
        file, raw = _read_bytes(name)
        profile = parse_profile(file, raw, kind=None, find_keyword=find_keyword)
    except ProfileError as error:
        return 0, error.mistakes
    return len(profile.rows), ()


def list_profiles() -> tuple[ProfileFile, ...]:
    """Return the shipped profiles, sorted by name."""
    return tuple(map(read_profile, find_shipped()))


def show_profile(name: ProfileName) -> str:
    """Return the text of one profile, with LF line ends and without a byte order mark. Raises ProfileError."""
    file, raw = _read_bytes(name)
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ProfileError([Mistake(file, 0, "", "not UTF-8; save it as CSV UTF-8")]) from None


def _read_bytes(name: ProfileName) -> tuple[str, bytes]:
    shipped = find_shipped() if isinstance(name, str) else {}
    if name in shipped:
        path = shipped[str(name)]
        with open(path, "rb") as stream:
            return f"tagsniff/profiles/{os.path.basename(path)}", stream.read()
    file = os.fspath(name)
    try:
        with open(name, "rb") as stream:
            return file, stream.read()
    except FileNotFoundError:
        reason = "no such file"
        if isinstance(name, str):
            reason += f", and no shipped profile of that name; there are {', '.join(shipped) or 'none'}"
        raise ProfileError([Mistake(file, 0, "", reason)]) from None
    except (OSError, ValueError) as error:
        # ValueError: a NUL character in the path.
        raise ProfileError([Mistake(file, 0, "", f"cannot be read: {error}")]) from None

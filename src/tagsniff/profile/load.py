"""Loads profiles: the names and files that a person gives become one `Profile`, or a list of everything that is wrong.

For: `tagsniff.load_profile` and the command ``tagsniff profile``.
Never: open an image, or return a profile without one of the given files or options.
Terms: PS3.15 E.3 (options), edition 2026d.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

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
    confidentiality: ProfileSource | Sequence[ProfileSource] | None = None,
    modality_software: Sequence[ProfileSource] = (),
    options: Sequence[str] = (),
    *,
    decisions: Sequence[ProfileSource] = (),
    uid_root: str | None = None,
    find_keyword: Callable[[str], int | None] = _core.dictionary_find_keyword,
) -> Profile:
    """Return one `Profile` made of these profiles and no others.

    The shipped ones among them are the lowest layer. Each of the others is a layer of its own: the Confidentiality
    Profiles, above them the Modality Software Profiles, above these the sheets of decisions, the later of each above
    the earlier. ``decisions`` may be profiles of any kind, and a sheet may be given in place of any other kind.
    ``options`` are option columns of the Confidentiality Profiles; each replaces the codes of all that have it.
    ``uid_root`` is the archive's own UID root; recorded UIDs below it are counted, not shown. ``find_keyword`` returns
    the tag of a keyword of PS3.6, or None.

    Raises ProfileError with every mistake in every file; TypeError if ``modality_software``, ``decisions`` or
    ``options`` is a single text or path; ValueError if no profile is given, if ``uid_root`` is not a UID, if a
    `ProfileFile` is of the other kind, or if ``options`` are given with a Confidentiality Profile as a `ProfileFile`,
    whose options were selected when it was read.

    Source: PS3.15 2026d, E.1 and E.3 (options); design, sections 1 and 9.
    """
    given = list_given(confidentiality, modality_software, decisions)
    shipped = [one for one in given if is_shipped(one.source)]
    above = [one for one in given if not is_shipped(one.source)]
    return load_layers(above, [shipped], options, uid_root=uid_root, find_keyword=find_keyword)


class Given(NamedTuple):
    """A profile that was asked for, and the kind that it must have, None for any. A sheet is accepted for any kind."""

    source: ProfileSource
    kind: ProfileKind | None = None


def list_given(
    confidentiality: ProfileSource | Sequence[ProfileSource] | None,
    modality_software: Sequence[ProfileSource] | None,
    decisions: Sequence[ProfileSource],
) -> list[Given]:
    """Return the profiles of three arguments in one list, the lowest first. Raises TypeError as `load_profile` does."""
    for argument, value in (("modality_software", modality_software), ("decisions", decisions)):
        if isinstance(value, str | os.PathLike | ProfileFile):
            raise TypeError(f"{argument} must be a sequence, not a single text or path")
    if confidentiality is None:
        confidentiality = ()
    elif isinstance(confidentiality, str | os.PathLike | ProfileFile):
        confidentiality = (confidentiality,)
    return [
        *(Given(source, ProfileKind.CONFIDENTIALITY) for source in confidentiality),
        *(Given(source, ProfileKind.MODALITY_SOFTWARE) for source in modality_software or ()),
        *(Given(source) for source in decisions),
    ]


def is_shipped(source: ProfileSource) -> bool:
    """Return whether a profile is a part of the package: a name of one, or such a profile that was read."""
    return (
        source.is_shipped if isinstance(source, ProfileFile) else isinstance(source, str) and source in find_shipped()
    )


def _name_shipped(source: ProfileSource) -> str:
    return source.name if isinstance(source, ProfileFile) else str(source)


def load_layers(
    given: Sequence[Given],
    shipped: Sequence[Sequence[Given]] = (),
    options: Sequence[str] = (),
    *,
    uid_root: str | None = None,
    find_keyword: Callable[[str], int | None] = _core.dictionary_find_keyword,
) -> Profile:
    """Return a `Profile` in which each profile of ``given`` is a layer of its own, the later above the earlier.

    ``shipped`` are the layers below them, the topmost first; a profile that is given too is left out there. The other
    arguments, and what is raised, are those of `load_profile`.
    """
    if isinstance(options, str | os.PathLike):
        raise TypeError("options must be a sequence, not a single text or path")
    moved = {_name_shipped(one.source) for one in given if is_shipped(one.source)}
    asked = [[one] for one in given]
    asked += [[one for one in layer if one.source not in moved] for layer in shipped]
    if not any(asked):
        raise ValueError("no profile is given")
    # Read in the order in which they were given, so that mistakes are in this order.
    mistakes: list[Mistake] = []
    layers = [[_read_given(one, mistakes, find_keyword) for one in layer] for layer in asked]
    if options and not mistakes:
        _select_options(asked, layers, tuple(options), mistakes, find_keyword)
    if mistakes:
        raise ProfileError(mistakes)
    read = [[profile for profile in layer if profile is not None] for layer in layers]
    return Profile([*reversed(read[: len(given)]), *read[len(given) :]], uid_root=uid_root)


def _read_given(
    one: Given,
    mistakes: list[Mistake],
    find_keyword: Callable[[str], int | None],
    options: Sequence[str] = (),
) -> ProfileFile | None:
    """Return a profile, or None after its mistakes were appended."""
    source, kind = one
    if isinstance(source, ProfileFile):
        if kind is not None and source.kind not in (kind, ProfileKind.DECISIONS):
            raise ValueError(f"{source.file} is not a {kind.value} Profile")
        return source
    try:
        return read_profile(source, kind, options, find_keyword=find_keyword)
    except ProfileError as error:
        mistakes += error.mistakes
        return None


def _select_options(
    asked: list[list[Given]],
    layers: list[list[ProfileFile | None]],
    options: tuple[str, ...],
    mistakes: list[Mistake],
    find_keyword: Callable[[str], int | None],
) -> None:
    """Replace the Confidentiality Profiles that have option columns by themselves with these options.

    The last one, which is the shipped one if there is one, reports the options that none of them has.
    """
    known: set[str] = set()
    places: list[tuple[int, int, tuple[str, ...]]] = []
    for number, layer in enumerate(layers):
        for place, profile in enumerate(layer):
            if profile is not None and profile.kind is ProfileKind.CONFIDENTIALITY:
                if isinstance(asked[number][place].source, ProfileFile):
                    raise ValueError("options cannot be given with a ProfileFile: they are selected when it is read")
                places.append((number, place, profile.options))
                known.update(profile.options)
    if not places:
        raise ValueError("options are those of a Confidentiality Profile, and none is given")
    unknown = [option for option in options if option not in known]
    for number, place, there in places:
        selected = [option for option in options if option in there]
        selected += unknown if (number, place, there) == places[-1] else []
        if selected:
            layers[number][place] = _read_given(asked[number][place], mistakes, find_keyword, selected)


def read_profile(
    name: ProfileName,
    kind: ProfileKind | None = None,
    options: Sequence[str] = (),
    *,
    find_keyword: Callable[[str], int | None] = _core.dictionary_find_keyword,
) -> ProfileFile:
    """Return one profile.

    ``kind`` is the kind that it must have, None for any; a sheet of decisions is accepted for any kind. ``options`` are
    the option columns to select. ``find_keyword`` returns the tag of a keyword of PS3.6, or None. Raises ProfileError
    with every mistake.

    Source: PS3.15 2026d, E.3 (options) and Table E.1-1; the columns are described at `COLUMNS`.
    """
    file, raw = _read_bytes(name)
    # The tests have parsed all of each shipped profile. To parse all of it here takes longer than to scan a small
    # collection.
    digest = find_digest(raw)
    if is_known(digest):
        profile = parse_known_profile(file, raw, digest, kind=kind, options=options, find_keyword=find_keyword)
    else:
        profile = parse_profile(file, raw, kind=kind, options=options, find_keyword=find_keyword)
    return replace(profile, is_shipped=True) if is_shipped(name) else profile


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

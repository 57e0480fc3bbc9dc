"""``tagsniff profile``: lists, shows and checks profiles, and explains what they decide.

For: the command line.
Never: decide anything about elements, or open an image.
"""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from tagsniff.cli.outputs import ANSWER_IS_NO, DONE, INCOMPLETE, MisuseError, write_output
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.profile import Profile


def run_list(_arguments: argparse.Namespace) -> int:
    """List the shipped profiles; return the exit status."""
    from tagsniff.profile import list_profiles
    from tagsniff.writers.profile_text import write_profile_list

    profiles = list_profiles()
    return _end(write_output(None, lambda stream: write_profile_list(profiles, stream)))


def run_show(arguments: argparse.Namespace) -> int:
    """Write the text of a profile; return the exit status."""
    from tagsniff.profile import ProfileError, show_profile

    try:
        text = show_profile(arguments.profile)
    except ProfileError as error:
        raise MisuseError(*(show_on_terminal(str(mistake)) for mistake in error.mistakes)) from None
    return _end(write_output(None, lambda stream: stream.write(text)))


def run_check(arguments: argparse.Namespace) -> int:
    """Write all mistakes of a profile, or that it has none; return the exit status."""
    from tagsniff.profile.load import examine_profile
    from tagsniff.profile.shipped import find_shipped

    if arguments.profile not in find_shipped() and not os.path.exists(arguments.profile):
        raise MisuseError(f"{show_on_terminal(arguments.profile)}: no such file, and no shipped profile of that name")
    rows, mistakes = examine_profile(arguments.profile)
    lines = [show_on_terminal(str(mistake)) + "\n" for mistake in mistakes]
    if not mistakes:
        lines = [f"{show_on_terminal(arguments.profile)}: {rows} {'row' if rows == 1 else 'rows'}, no mistakes\n"]
    if not write_output(None, lambda stream: stream.writelines(lines)):
        return INCOMPLETE
    return ANSWER_IS_NO if mistakes else DONE


def run_explain(arguments: argparse.Namespace) -> int:
    """Write which row decides an element, and which rows lost; return the exit status."""
    from tagsniff.profile import VRS, Equipment, explain, parse_equipment
    from tagsniff.writers.profile_text import write_explanations

    if arguments.vr is not None and arguments.vr not in VRS:
        raise MisuseError(f"--vr: {show_on_terminal(arguments.vr)} is no VR")
    profile = load_asked_profile(arguments, "before")
    asked = [parse_equipment(text) for text in arguments.equipment or ()] or [Equipment()]
    try:
        explanations = [
            explanation
            for equipment in asked
            for explanation in explain(profile, arguments.element, equipment, arguments.vr)
        ]
    except ValueError as error:
        raise MisuseError(show_on_terminal(str(error))) from None
    return _end(write_output(None, lambda stream: write_explanations(explanations, stream)))


def load_asked_profile(arguments: argparse.Namespace, mode: str) -> Profile:
    """Return the profile that the flags name, in layers above those of the mode. Raises MisuseError."""
    from tagsniff.profile import ProfileError, ProfileKind
    from tagsniff.profile.load import Given
    from tagsniff.scanning.modes import load_above

    kinds = {
        "confidentiality": ProfileKind.CONFIDENTIALITY,
        "modality_software": ProfileKind.MODALITY_SOFTWARE,
        "decisions": None,
    }
    given = [Given(name, kinds[flag]) for flag, name in list_layers(arguments)]
    if arguments.without_shipped and not given:
        raise MisuseError("--without-shipped leaves no profile; name one")
    try:
        return load_above(
            mode,
            given,
            arguments.option,
            without_shipped=arguments.without_shipped,
            uid_root=arguments.uid_root,
        )
    except ProfileError as error:
        raise MisuseError(*(show_on_terminal(str(mistake)) for mistake in error.mistakes)) from None
    except ValueError as error:
        flag = "--option" if "option" in str(error) else "--uid-root"
        raise MisuseError(f"{flag}: {error}") from None


def list_layers(arguments: argparse.Namespace) -> list[tuple[str, str]]:
    """Return the profiles that the flags name: the name of the flag, and the name or path, the lowest layer first."""
    return list(vars(arguments).get("layers", ()))


def list_profile_paths(arguments: argparse.Namespace) -> list[str]:
    """Return the paths of the profiles that are read, and the names of shipped ones, which are not paths."""
    return [name for _, name in list_layers(arguments)]


def _end(is_written: bool) -> int:  # noqa: FBT001
    return DONE if is_written else INCOMPLETE

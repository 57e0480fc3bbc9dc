"""The file ``tagsniff.toml``: what a folder has decided for all its runs, so that flags are typed once.

For: the commands that read a collection, and ``tagsniff profile explain``, before anything else is done.
Never: open a file of the collection, go before a flag of the command line, or accept a key that would do nothing.

The file is looked for in the working folder and upwards; the first one is used, and no other. Its keys are those of
`KEYS`; a table with the name of a command (``[before]``) has keys for this command alone, which go before the others.
Paths are relative to the file.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from tagsniff.cli.flags import FLAGS, LARGEST_BOUND, MOST_WORKERS
from tagsniff.cli.outputs import MisuseError
from tagsniff.output.terminal_text import show_on_terminal

NAME = "tagsniff.toml"

_LAYERS = ("confidentiality", "modality_software", "decisions")
# Compiled when they are needed: most runs have no such file.
_LINE_OF_ERROR = r"\(at line (\d+), column \d+\)"
_TABLE = r"""\s*\[\s*["']?([^\[\]"']+?)["']?\s*\]"""


class Key(NamedTuple):
    """A key of the file: the flag that does the same, and the check of a value, which says what it has to be."""

    flag: str
    check: Callable[[Any], str]


def apply_configuration(arguments: argparse.Namespace) -> None:
    """Add what the file says to the arguments, and its path as ``configuration``, None if there is none.

    Raises MisuseError with every mistake in the file: its name, the line and the reason.
    """
    arguments.configuration = None
    if arguments.no_config:
        if arguments.config is not None:
            raise MisuseError("--config and --no-config cannot be given together")
        return
    path = arguments.config if arguments.config is not None else find_configuration()
    if path is None:
        return
    found = _read(path)
    arguments.configuration = path
    name = arguments.command.name.split()[-1]
    tables = [found, found.get(name, {})]
    values = {key: value for table in tables for key, value in table.items() if key in KEYS}
    # What a flag has said stays.
    given = {*vars(arguments).get("given_flags", ())}
    if vars(arguments).get("without_shipped"):
        given.add("without_shipped")
    for key in ("uid_root", "without_shipped", "max_values", "workers", "key"):
        if key in values and key in arguments and key not in given:
            setattr(arguments, key, _place(values[key], path) if key == "key" else values[key])
    if "decisions" in arguments:
        # The shipped profile of the final review has no options: those of all commands are meant for the others.
        asked = [option for table in tables[name == "final" :] for option in table.get("options", ())]
        arguments.option = list(dict.fromkeys([*asked, *arguments.option]))
        layers = [(key, _place(each, path, key)) for table in tables for key in _LAYERS for each in _list(table, key)]
        arguments.layers = [*layers, *vars(arguments).get("layers", ())]


def find_configuration() -> str | None:
    """Return the path of the file in the working folder or the nearest folder above, None if there is none.

    Raises MisuseError for a file of another user in a folder where everyone may put files, such as /tmp.
    """
    try:
        folder = os.getcwd()
    except OSError:
        return None
    while True:
        path = os.path.join(folder, NAME)
        if os.path.isfile(path):
            _check_owner(folder, path)
            return path
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def _check_owner(folder: str, path: str) -> None:
    mode = os.stat(folder).st_mode
    if mode & stat.S_ISVTX and mode & stat.S_IWOTH and os.stat(path).st_uid not in (0, os.geteuid()):
        place = show_on_terminal(path)
        raise MisuseError(f"{place} is a file of another user; give --config FILE to use it, or --no-config")


def _read(path: str) -> dict[str, Any]:
    """Return the tables of a file without a mistake."""
    import tomllib

    place = show_on_terminal(path)
    try:
        with open(path, "rb") as stream:
            text = stream.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MisuseError(f"{place}:{error.object[: error.start].count(10) + 1}: not UTF-8") from None
    except (OSError, ValueError) as error:
        # ValueError: a NUL character in the path.
        raise MisuseError(f"cannot read {place}: {getattr(error, 'strerror', None) or error}") from None
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(_LINE_OF_ERROR, str(error))
        reason = show_on_terminal(re.sub(_LINE_OF_ERROR, "", str(error)).strip())
        raise MisuseError(f"{place}:{line[1]}: {reason}" if line else f"{place}: {reason}") from None
    mistakes = [
        f"{place}:{_find_line(text, table, key)}: {show_on_terminal(reason)}"
        for table, key, reason in _list_mistakes(found)
    ]
    if mistakes:
        raise MisuseError(*mistakes)
    return found


def _list_mistakes(found: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the table, the key and the reason of each mistake."""
    commands = _list_commands()
    for key, value in found.items():
        if key in KEYS:
            yield from _check("", key, value)
        elif key not in commands:
            names = ", ".join(KEYS)
            yield "", key, f"{key} is neither a key ({names}) nor a command ({', '.join(commands)})"
        elif not isinstance(value, dict):
            yield "", key, f"{key} is the name of a command, and that of a table: [{key}]"
        else:
            for inner, its_value in value.items():
                if inner in commands[key]:
                    yield from _check(key, inner, its_value)
                else:
                    yield key, inner, f"{inner} is no key of [{key}], which has {', '.join(commands[key])}"


def _check(table: str, key: str, value: object) -> Iterator[tuple[str, str, str]]:
    reason = KEYS[key].check(value)
    if reason:
        yield table, key, f"{key} is {reason}"


def _list_commands() -> dict[str, list[str]]:
    """Return the commands that use the file, by the last word of their names, with the keys that each has."""
    of_flag: dict[str, frozenset[str]] = {}
    for flag in FLAGS:
        # A flag may be declared several times, for commands in which it has other words.
        of_flag[flag.names[0]] = of_flag.get(flag.names[0], frozenset()) | flag.commands
    commands = sorted(of_flag["--config"])
    return {
        command.split()[-1]: [name for name, key in KEYS.items() if command in of_flag[key.flag]]
        for command in commands
    }


def _find_line(text: str, table: str, key: str) -> int:
    """Return the line of a key, or of a table if it is one; 1 if it is written in a way that is not looked for."""
    at = ""
    named = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
    dotted = re.compile(rf"""\s*["']?{re.escape(table)}["']?\s*\.\s*["']?{re.escape(key)}["']?\s*=""")
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(_TABLE, line)
        if heading:
            at = heading[1].strip()
            if not table and at.split(".")[0].strip() == key:
                return number
        elif (at == table and named.match(line)) or (table and not at and dotted.match(line)):
            return number
    return 1


def _list(table: Mapping[str, Any], key: str) -> list[str]:
    value = table.get(key, [])
    return [value] if isinstance(value, str) else value


def _place(name: str, path: str, key: str = "") -> str:
    """Return a path of the file as the working folder names it; the name of a shipped profile stays as it is."""
    from tagsniff.profile.shipped import find_shipped

    if key in ("confidentiality", "modality_software") and name in find_shipped():
        return name
    folder = os.path.dirname(os.path.abspath(path))
    # ValueError: another drive.
    with contextlib.suppress(ValueError):
        folder = os.path.relpath(folder)
    joined = os.path.normpath(os.path.join(folder, name))
    return os.path.join(os.curdir, joined) if joined in find_shipped() else joined


def _check_paths(value: object) -> str:
    is_list = isinstance(value, list) and all(isinstance(each, str) and each for each in value)
    return "" if is_list or (isinstance(value, str) and value) else 'a list of files: ["a.csv", "b.csv"]'


def _check_options(value: object) -> str:
    from tagsniff.profile import OPTIONS

    if not isinstance(value, list):
        return 'a list of options: ["retain-uids"]'
    wrong = [each for each in value if each not in OPTIONS]
    return f"a list of options, and {wrong[0]!r} is none; options are {', '.join(OPTIONS)}" if wrong else ""


def _check_root(value: object) -> str:
    from tagsniff.profile import Collapse, CollapseRule

    reason = 'a UID as text, without the dot behind it: "1.2.3"'
    if not isinstance(value, str) or not value:
        return reason
    try:
        Collapse(CollapseRule.UID, value)
    except ValueError:
        return reason
    return ""


def _check_truth(value: object) -> str:
    return "" if isinstance(value, bool) else "true or false"


def _check_path(value: object) -> str:
    return "" if isinstance(value, str) and value else "the path of a file, as text"


def _check_number(value: object, largest: int) -> str:
    is_number = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= largest
    return "" if is_number else f"a number of 1 to {largest}"


KEYS: dict[str, Key] = {
    "decisions": Key("--decisions", _check_paths),
    "confidentiality": Key("--confidentiality", _check_paths),
    "modality_software": Key("--modality-software", _check_paths),
    "options": Key("--option", _check_options),
    "uid_root": Key("--uid-root", _check_root),
    "without_shipped": Key("--without-shipped", _check_truth),
    "max_values": Key("--max-values", lambda value: _check_number(value, LARGEST_BOUND)),
    "workers": Key("--workers", lambda value: _check_number(value, MOST_WORKERS)),
    "key": Key("--key", _check_path),
}
"""The keys of the file, each with the flag that does the same.

The layers of the file are below those of the command line: Confidentiality Profiles, above them Modality Software
Profiles, above these the sheets of decisions, each in the order of its list; those of a command above those of all.
``options`` of all commands are not for ``final``, whose shipped profile has none; ``[final]`` may have its own.
"""

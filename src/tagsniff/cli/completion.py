"""``tagsniff completion``: the script with which a shell completes commands, flags and files.

For: the command line, once at installation. shtab makes the script of the parser of the command line.
Never: an import of shtab for any other command.
"""

from __future__ import annotations

import argparse

from tagsniff.cli.commands import make_whole_parser
from tagsniff.cli.outputs import DONE, INCOMPLETE, MisuseError, write_output

# In a metavar: the value is a path.
_PATHS = ("FILE", "PATH")


def run_completion(arguments: argparse.Namespace) -> int:
    """Write the script of a shell; return the exit status."""
    try:
        import shtab
    except ImportError:
        raise MisuseError("shtab is not installed: pip install 'tagsniff[completion]'") from None
    parser = make_whole_parser()
    _complete_paths(parser, shtab.FILE)
    script = shtab.complete(parser, shell=arguments.shell)
    return DONE if write_output(None, lambda stream: stream.write(script + "\n")) else INCOMPLETE


def _complete_paths(parser: argparse.ArgumentParser, file: object) -> None:
    """Let the shell complete paths, in the commands too."""
    for action in parser._actions:
        if isinstance(action.choices, dict):
            for subparser in action.choices.values():
                _complete_paths(subparser, file)
        elif isinstance(action.metavar, str) and any(word in action.metavar for word in _PATHS):
            action.complete = file  # type: ignore[attr-defined]

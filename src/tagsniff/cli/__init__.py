"""The command line; `main` is its entry point.

For: the shell, through the script ``tagsniff`` and ``python -m tagsniff``.
Never: code, or a name other than `main`.
"""

from tagsniff.cli.commands import main

__all__ = ["main"]

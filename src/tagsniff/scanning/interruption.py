"""An interruption that must not be lost, though Python may lose the exception that a signal handler raises.

For: the handlers of the command, which note an interruption before they raise KeyboardInterrupt; the loops over batches
and the steps of a command, which raise it again if nothing has handled it.
Never: a signal handler, or a change for callers that note nothing.

An exception that is raised in the callback of a weak reference, in a destructor or below an ``except`` for everything
goes no further. The import of a module runs such code, so an interruption there could be forgotten.
"""

from __future__ import annotations

_noted: list[bool] = []


def note() -> None:
    """Note an interruption; the caller then raises KeyboardInterrupt."""
    _noted.append(True)


def settle() -> None:
    """Forget what was noted: it has reached the code that handles it."""
    _noted.clear()


def is_noted() -> bool:
    """Return whether an interruption was noted that nothing has handled yet."""
    return bool(_noted)


def raise_if_noted() -> None:
    """Raise KeyboardInterrupt if an interruption was noted that nothing has handled yet."""
    if _noted:
        raise KeyboardInterrupt

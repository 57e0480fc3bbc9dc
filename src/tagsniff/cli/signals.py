"""Signals that ask the program to end. They end a run as Ctrl-C does, with the report of what was read until then.

For: the command line. Batch systems and service managers send SIGTERM before they kill; a closing terminal sends
SIGHUP; Ctrl-C is SIGINT.
Never: handle a signal that is ignored, as with nohup, or that already has another handler; or lose a signal that comes
while a module is imported (`tagsniff.scanning.interruption`).
"""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING

from tagsniff.scanning import interruption

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_DEFAULTS = (signal.SIG_DFL, signal.default_int_handler)


@contextlib.contextmanager
def end_like_interrupt() -> Iterator[list[int]]:
    """Turn these signals into KeyboardInterrupt. The context manager returns the list of the received numbers."""
    came: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        interruption.note()
        raise KeyboardInterrupt

    show_unraisable = sys.unraisablehook

    def show_others(lost: UnraisableHookArgs) -> None:
        # It is raised again: there is nothing to be shown.
        if not (came and lost.exc_type is KeyboardInterrupt):
            show_unraisable(lost)

    taken = []
    for name in _NAMES:
        number = getattr(signal, name, None)
        before = None if number is None else signal.getsignal(number)
        if number is not None and before in _DEFAULTS:
            # ValueError: this is not the main thread. Only the main thread can set handlers and receives the signals.
            with contextlib.suppress(ValueError):
                signal.signal(number, interrupt)
                taken.append((number, before))
    if taken:
        sys.unraisablehook = show_others
    try:
        yield came
    finally:
        for number, before in taken:
            signal.signal(number, before)
        if taken:
            sys.unraisablehook = show_unraisable
            interruption.settle()

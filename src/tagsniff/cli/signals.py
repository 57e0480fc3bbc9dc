"""Signals that ask the program to end: they end a run as Ctrl-C does, with the report of what was read until then.

For: the command line; batch systems and service managers send SIGTERM before they kill, a terminal that closes SIGHUP.
Never: take a signal that is ignored, as under nohup, or that somebody else waits for.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

_NAMES = ("SIGTERM", "SIGHUP")


@contextlib.contextmanager
def end_like_interrupt() -> Iterator[list[int]]:
    """Turn those signals into KeyboardInterrupt; give the list of those that came, by number."""
    came: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    taken = []
    for number in numbers:
        if signal.getsignal(number) is signal.SIG_DFL:
            # ValueError: this is not the main thread, and the signals are not for it.
            with contextlib.suppress(ValueError):
                signal.signal(number, interrupt)
                taken.append(number)
    try:
        yield came
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)

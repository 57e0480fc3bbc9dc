"""Signals that ask the program to end. They end a run as Ctrl-C does, with the report of what was read until then.

For: the command line. Batch systems and service managers send SIGTERM before they kill; a closing terminal sends
SIGHUP.
Never: handle a signal that is ignored, as with nohup, or that already has another handler.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

_NAMES = ("SIGTERM", "SIGHUP")


@contextlib.contextmanager
def end_like_interrupt() -> Iterator[list[int]]:
    """Turn these signals into KeyboardInterrupt. The context manager returns the list of the received numbers."""
    came: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    taken = []
    for number in numbers:
        if signal.getsignal(number) is signal.SIG_DFL:
            # ValueError: this is not the main thread. Only the main thread can set handlers and receives the signals.
            with contextlib.suppress(ValueError):
                signal.signal(number, interrupt)
                taken.append(number)
    try:
        yield came
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)

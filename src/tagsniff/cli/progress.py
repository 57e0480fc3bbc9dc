"""Shows the progress of a run, only on a terminal.

For: the person who waits.
Never: slow down or end the run, write to anything but a terminal, or show a value of an element.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, TextIO, cast

from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from rich.text import Text

_REFRESHES_PER_SECOND = 4


@contextlib.contextmanager
def show_progress(*, shows_folder: bool = True) -> Iterator[Callable[[str], None] | None]:
    """Show files, files per second, time and, with ``shows_folder``, the folder, until the context ends.

    The context manager returns the function that must be called with the path of each file. If standard error is not a
    terminal, nothing is shown, and it returns None. At the end the display is removed.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    progress = _Progress(shows_folder=shows_folder)
    # Imported here because rich is slow to import, and most runs have no terminal.
    from rich.console import Console
    from rich.live import Live

    display = Live(
        console=Console(file=cast("IO[str]", _Terminal(sys.stderr))),
        get_renderable=progress.render,
        refresh_per_second=_REFRESHES_PER_SECOND,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    try:
        display.start()
    except RuntimeError:
        # The system starts no thread for the display.
        display.stop()
        yield None
        return
    try:
        yield progress.add_file
    finally:
        display.stop()


class _Terminal:
    """A terminal that may disappear, as when a window is closed: then nothing is shown, and the run goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding = stream.encoding

    def isatty(self) -> bool:
        return True

    def write(self, words: str) -> int:
        with contextlib.suppress(OSError):
            self._stream.write(words)
        return len(words)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()


class _Progress:
    """Two numbers and a path, which the display reads each time it is drawn. A file costs one call."""

    def __init__(self, *, shows_folder: bool) -> None:
        self._shows_folder = shows_folder
        self._start_seconds = time.monotonic()
        self._files = 0
        self._path = ""

    def add_file(self, path: str) -> None:
        self._files += 1
        self._path = path

    def render(self) -> Text:
        from rich.text import Text

        seconds = time.monotonic() - self._start_seconds
        minutes, whole_seconds = divmod(int(seconds), 60)
        rate = self._files / seconds if seconds else 0.0
        folder = show_on_terminal(os.path.dirname(self._path)) if self._shows_folder else ""
        return Text(
            f"{self._files:,} files  {rate:,.0f} files/s  {minutes}:{whole_seconds:02}  {folder}",
            no_wrap=True,
            overflow="ellipsis",
        )

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
from typing import IO, TYPE_CHECKING, NamedTuple, TextIO, cast

from tagsniff.output.counted import choose
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from rich.text import Text

_REFRESHES_PER_SECOND = 4


class Callbacks(NamedTuple):
    """The functions that the display needs to be called: with the path of each file, and with the number of all files.

    Both are None if nothing is shown.
    """

    on_file: Callable[[str], None] | None = None
    on_walk_end: Callable[[int], None] | None = None


@contextlib.contextmanager
def show_progress(*, shows_folder: bool = True) -> Iterator[Callbacks]:
    """Show files, files per second, time and, with ``shows_folder``, the folder, until the context ends.

    As soon as the number of all files is known, their percentage and the remaining time are shown too. The context
    manager returns the functions to call. If standard error is not a terminal, nothing is shown. At the end the display
    is removed. It has no colours, whether NO_COLOR is set or not.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield Callbacks()
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
        yield Callbacks()
        return
    try:
        yield Callbacks(progress.add_file, progress.end_walk)
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
    """Numbers and a path, which the display reads each time it is drawn. A file costs one call."""

    def __init__(self, *, shows_folder: bool) -> None:
        self._shows_folder = shows_folder
        self._start_seconds = time.monotonic()
        self._files = 0
        self._all_files: int | None = None
        self._path = ""

    def add_file(self, path: str) -> None:
        self._files += 1
        self._path = path

    def end_walk(self, files: int) -> None:
        self._all_files = files

    def render(self) -> Text:
        from rich.text import Text

        return Text(self.describe(time.monotonic() - self._start_seconds), no_wrap=True, overflow="ellipsis")

    def describe(self, seconds: float) -> str:
        """Return the line of the display after this time."""
        rate = self._files / seconds if seconds else 0.0
        files, left = f"{self._files:,} {choose(self._files, 'file')}", ""
        # Without a rate nothing is known of the remaining time.
        if self._all_files and rate:
            percent = 100 * self._files // self._all_files
            files = f"{self._files:,} of {self._all_files:,} {choose(self._all_files, 'file')}  {percent} %"
            left = f", {_show_time((self._all_files - self._files) / rate)} left"
        folder = show_on_terminal(os.path.dirname(self._path)) if self._shows_folder else ""
        return f"{files}  {rate:,.0f} files/s  {_show_time(seconds)}{left}  {folder}"


def _show_time(seconds: float) -> str:
    minutes, whole_seconds = divmod(int(seconds), 60)
    return f"{minutes}:{whole_seconds:02}"

"""Events of a scan, and the watcher that gets them: those of python-gdcm that its scanner sends.

For: ``Scanner.Scan`` of the GDCM backend, and programs that derive their watcher from `SimpleSubjectWatcher`.
Never: an event from another thread than the one that called ``Scan``, or a watcher that is kept alive by the scanner.
Standard: none; the names are those of GDCM's classes.
"""

from __future__ import annotations

import weakref
from typing import Any


class Event:
    """What happens during a scan."""

    def GetEventName(self) -> str:
        """Return the name of the class of the event."""
        return type(self).__name__


class StartEvent(Event):
    """The scan begins."""


class EndEvent(Event):
    """The scan ends."""


class ProgressEvent(Event):
    """A file was read, or could not be. The progress is the part of all given files, from 0 to 1."""

    def __init__(self, progress: float = 0.0) -> None:
        self._progress = progress

    def GetProgress(self) -> float:
        """Return the progress, from 0 to 1."""
        return self._progress

    def SetProgress(self, progress: float) -> None:
        """Set the progress."""
        self._progress = progress

    @staticmethod
    def Cast(event: Event) -> ProgressEvent | None:
        """Return the event if it is one of progress, None for others."""
        return event if isinstance(event, ProgressEvent) else None


class FileNameEvent(Event):
    """The name of the file of the last progress."""

    def __init__(self, filename: str) -> None:
        self._filename = filename

    def GetFilename(self) -> str:
        """Return the name. python-gdcm does not have this."""
        return self._filename

    @staticmethod
    def Cast(event: Event) -> FileNameEvent | None:
        """Return the event if it is one of a file name, None for others."""
        return event if isinstance(event, FileNameEvent) else None


class Subject:
    """What sends events to watchers. A watcher that nothing else keeps gets no more events."""

    def __init__(self) -> None:
        self._watchers: list[weakref.ref[SimpleSubjectWatcher]] = []

    def _list_watchers(self) -> list[SimpleSubjectWatcher]:
        """Return the watchers that are still there, in the order in which they came."""
        self._watchers = [reference for reference in self._watchers if reference() is not None]
        return [watcher for watcher in (reference() for reference in self._watchers) if watcher is not None]

    def _send(self, event: Event) -> None:
        for watcher in self._list_watchers():
            watcher._receive(self, event)


class SimpleSubjectWatcher:
    """Gets the events of a scanner, and writes them to standard output. A program overrides the methods that it wants.

    ``comment`` begins each line. An exception of a method ends the scan and reaches the caller of ``Scan``.

    Source: ``gdcm.SimpleSubjectWatcher`` of GDCM.
    """

    def __init__(self, subject: Subject, comment: str = "") -> None:
        if not isinstance(subject, Subject):
            raise TypeError("a watcher of this module watches a Scanner of this module")
        self._subject = subject
        self._comment = comment
        subject._watchers.append(weakref.ref(self))

    def StartFilter(self) -> None:
        """Called before the first file."""
        print("Start")

    def EndFilter(self) -> None:
        """Called after the last file."""
        print("End")

    def ShowProgress(self, caller: Subject, evt: Event) -> None:
        """Called after each file, with a `ProgressEvent`."""
        progress: Any = evt
        self._print(f"Progress: {progress.GetProgress():g}")

    def ShowFileName(self, caller: Subject, evt: Event) -> None:
        """Called after each file, with a `FileNameEvent`."""
        name: Any = evt
        self._print(f"FileName: {name.GetFilename()}")

    def ShowIteration(self) -> None:
        """Not called for a scan."""

    def ShowAnonymization(self, caller: Subject, evt: Event) -> None:
        """Not called for a scan."""

    def ShowDataSet(self, caller: Subject, evt: Event) -> None:
        """Not called for a scan."""

    def ShowData(self, caller: Subject, evt: Event) -> None:
        """Not called for a scan."""

    def ShowAbort(self) -> None:
        """Not called for a scan."""

    def _receive(self, caller: Subject, event: Event) -> None:
        if isinstance(event, ProgressEvent):
            self.ShowProgress(caller, event)
        elif isinstance(event, FileNameEvent):
            self.ShowFileName(caller, event)
        elif isinstance(event, StartEvent):
            self.StartFilter()
        elif isinstance(event, EndEvent):
            self.EndFilter()

    def _print(self, line: str) -> None:
        print(f"({self._comment}) {line}" if self._comment else line)

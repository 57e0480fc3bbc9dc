"""Counts how many calls of pydicom's reader were answered from the records, and why others were left to pydicom.

For: the line that pydicom_command.py writes at the end of a program.
Never: a value of an element, a path or a name of a file.
Standard: none.
"""

from __future__ import annotations

import threading
from collections import Counter

REPORT_VARIABLE = "TAGSNIFF_PYDICOM_REPORT"
"""The environment variable that asks for that line, as a text other than 0."""


class CallCounts:
    """The calls of one process, of all its threads. Calls in child processes are not counted."""

    def __init__(self) -> None:
        self.answered = 0
        self.left: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add_answered(self) -> None:
        """Count a call that was answered from the records."""
        with self._lock:
            self.answered += 1

    def add_left(self, reason: str) -> None:
        """Count a call that was left to pydicom."""
        with self._lock:
            self.left[reason] += 1

    def describe(self) -> str:
        """Return one line: how many calls were answered, and the reasons of the others, the most frequent first."""
        with self._lock:
            left, answered = dict(self.left), self.answered
        total = answered + sum(left.values())
        line = f"tagsniff: {answered} of {total} calls of pydicom's reader answered"
        if left:
            reasons = sorted(left.items(), key=lambda item: (-item[1], item[0]))
            line += "; left to pydicom: " + "; ".join(f"{count} ({reason})" for reason, count in reasons)
        return line


counts = CallCounts()

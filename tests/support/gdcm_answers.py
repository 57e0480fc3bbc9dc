"""The answers of a scanner to every call, requested in the same way from tagsniff's backend and from python-gdcm.

For: tests that compare the two. Run as a script, this answers for python-gdcm: ``SCRIPT JOBS ANSWERS``. It runs in
separate processes, since python-gdcm ends the process for some unexpected input.
Never: our own expectation of the answers of python-gdcm.
Standard: none.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

CAN_ASK_GDCM = find_spec("gdcm") is not None and hasattr(os, "fork")


class Job(NamedTuple):
    """A scan of files for public tags and private creators (gggg * 65536 + eeee), and the texts to search for."""

    paths: tuple[str, ...]
    tags: tuple[int, ...]
    texts: tuple[str | None, ...] = ()


class Answer(NamedTuple):
    """The results; ``unknown`` are the tags that the scanner refused. For these only the values were requested."""

    unknown: tuple[int, ...]
    filenames: tuple[str, ...]
    keys: tuple[str, ...]
    is_key: tuple[bool, ...]
    all_values: tuple[str, ...]
    values: dict[int, tuple[str, ...]]
    ordered: dict[int, tuple[str, ...]]
    value: dict[tuple[str, int], str | None]
    first: dict[tuple[int, str | None], str | None]
    all: dict[tuple[int, str | None], tuple[str, ...]]


def ask(scanner: Any, make_tag: Callable[[int], Any], job: Job, *, is_known: Callable[[Any], bool]) -> Answer:
    """Make every call of the job."""
    asked = {tag: make_tag(tag) for tag in job.tags}
    for tag in asked.values():
        scanner.AddTag(tag)
    assert scanner.Scan(job.paths) is True
    known = {number: tag for number, tag in asked.items() if is_known(tag)}
    return Answer(
        tuple(number for number in asked if number not in known),
        scanner.GetFilenames(),
        scanner.GetKeys(),
        tuple(scanner.IsKey(path) for path in job.paths),
        scanner.GetValues(),
        {number: scanner.GetValues(tag) for number, tag in asked.items()},
        {number: scanner.GetOrderedValues(tag) for number, tag in asked.items()},
        {(path, number): scanner.GetValue(path, tag) for path in job.paths for number, tag in known.items()},
        {
            (number, text): scanner.GetFilenameFromTagToValue(tag, text)
            for number, tag in known.items()
            for text in job.texts
        },
        {
            (number, text): scanner.GetAllFilenamesFromTagToValue(tag, text)
            for number, tag in known.items()
            for text in job.texts
        },
    )


def ask_gdcm(jobs: Sequence[Job]) -> list[Answer | None]:
    """Return the answers of python-gdcm; None if it ended the process."""
    with tempfile.TemporaryDirectory() as folder:
        given, answered = Path(folder, "jobs"), Path(folder, "answers")
        given.write_bytes(pickle.dumps([tuple(job) for job in jobs]))
        subprocess.run([sys.executable, "-W", "ignore", __file__, given, answered], check=True)
        found = pickle.loads(answered.read_bytes())
    return [None if answer is None else Answer(*answer) for answer in found]


def _answer(job: Job) -> Answer:
    import gdcm

    gdcm.Trace.WarningOff()
    gdcm.Trace.ErrorOff()
    dictionaries = gdcm.Global.GetInstance().GetDicts()
    return ask(
        gdcm.Scanner(),
        lambda number: gdcm.Tag(number >> 16, number & 0xFFFF),
        job,
        is_known=lambda tag: str(dictionaries.GetDictEntry(tag).GetVR()) != "??",
    )


def _answer_apart(jobs: list[Job]) -> list[tuple[Any, ...] | None]:
    """Answer in a separate process; if it is ended, divide the files in half."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # output at the end of the process
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(pickle.dumps([tuple(_answer(job)) for job in jobs]))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        if os.WEXITSTATUS(status) != 0:
            raise RuntimeError("a job failed before python-gdcm was asked")
        found: list[tuple[Any, ...] | None] = pickle.loads(data)
        return found
    if len(jobs) == 1:
        return [None]
    half = len(jobs) // 2
    return _answer_apart(jobs[:half]) + _answer_apart(jobs[half:])


def main(given: str, answered: str) -> None:
    """Answer the jobs of a file."""
    jobs = [Job(*job) for job in pickle.loads(Path(given).read_bytes())]
    Path(answered).write_bytes(pickle.dumps(_answer_apart(jobs) if jobs else []))


if __name__ == "__main__":
    main(*sys.argv[1:])

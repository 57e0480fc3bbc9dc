"""``pydicom.dcmread``, made from tagsniff's records: the same data set in less time.

For: programs written for pydicom, which call `dcmread` instead, run inside `in_place_of_pydicom`, or are started with
``python -m tagsniff.backends.pydicom``.
Never: a result that differs from pydicom's. If the records do not prove that a file is regular, pydicom reads it.
Terms: PS3.10 7.1, edition 2026b.
"""

from __future__ import annotations

import atexit
import functools
import importlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pydicom.filereader
from pydicom import config
from pydicom.dataset import FileDataset
from pydicom.fileutil import path_from_pathlike
from pydicom.misc import size_in_bytes
from pydicom.tag import Tag

from tagsniff.backends.pydicom_calls import REPORT_VARIABLE, counts
from tagsniff.backends.pydicom_conversions import are_conversions_own
from tagsniff.backends.pydicom_encoding import Unlike
from tagsniff.backends.pydicom_file import Selection, read_file
from tagsniff.backends.pydicom_names import rebind

if TYPE_CHECKING:
    from pydicom.filebase import ReadableBuffer
    from pydicom.fileutil import PathType
    from pydicom.tag import BaseTag, TagListType

_TAG_SPECIFIC_CHARACTER_SET = 0x00080005

_pydicom_dcmread = pydicom.filereader.dcmread
_pydicom_read_partial = pydicom.filereader.read_partial
_at_pixel_data = pydicom.filereader._at_pixel_data
_lock = threading.Lock()
_depth = 0
_is_installed = False
_is_reported = False


class _Thread(threading.local):
    """Whether pydicom reads a file that was left to it: its ``dcmread`` calls ``read_partial``, which is replaced."""

    is_left = False


_thread = _Thread()


def dcmread(
    fp: PathType | BinaryIO | ReadableBuffer,
    defer_size: str | int | float | None = None,
    stop_before_pixels: bool = False,  # noqa: FBT001, FBT002 - the signature is pydicom's
    force: bool = False,  # noqa: FBT001, FBT002
    specific_tags: TagListType | None = None,
) -> FileDataset:
    """Read a DICOM file as ``pydicom.dcmread`` does: same arguments, same data set, same warnings and exceptions.

    Values stay raw until they are accessed. Pixel Data is read unless ``stop_before_pixels`` is true or it is longer
    than ``defer_size``.

    pydicom's own reader is used for a file that breaks the standard in a way that each reader handles differently,
    while pydicom logs what it reads (``pydicom.config.debug``, or a level of INFO or below), and while conversions of
    the caller replace pydicom's (``pydicom.hooks``, ``pydicom.config.data_element_callback``).

    Source: ``pydicom.dcmread`` of pydicom 3; PS3.10 2026b, 7.1; docs/pydicom.md.
    """
    asked: dict[str, Any] = {
        "defer_size": defer_size,
        "stop_before_pixels": stop_before_pixels,
        "force": force,
        "specific_tags": specific_tags,
    }
    return _answer(lambda: _read(fp, asked), lambda: _pydicom_dcmread(fp, **asked))


def read_partial(
    fileobj: BinaryIO,
    stop_when: Callable[[BaseTag, str | None, int], bool] | None = None,
    defer_size: int | str | float | None = None,
    force: bool = False,  # noqa: FBT001, FBT002 - the signature is pydicom's
    specific_tags: list[BaseTag | int] | None = None,
) -> FileDataset:
    """Read an open file as ``pydicom.filereader.read_partial`` does.

    pydicom's own reads it, besides the cases of `dcmread`, if ``stop_when`` is a function of the caller: it expects a
    call for each element, in the order of reading.

    Source: ``pydicom.filereader.read_partial`` of pydicom 3; docs/pydicom.md.
    """
    if _thread.is_left:
        return _pydicom_read_partial(fileobj, stop_when, defer_size, force, specific_tags)
    asked: dict[str, Any] = {
        "defer_size": defer_size,
        "stop_before_pixels": stop_when is not None,
        "force": force,
        "specific_tags": specific_tags,
    }

    def read() -> FileDataset:
        _check_partial(stop_when, specific_tags)
        _check_file(fileobj)
        return _read_from(fileobj, None, asked)

    return _answer(read, lambda: _pydicom_read_partial(fileobj, stop_when, defer_size, force, specific_tags))


@contextmanager
def in_place_of_pydicom() -> Iterator[None]:
    """Replace pydicom's ``dcmread`` and ``read_partial``, for all threads, in every module that has these names.

    A name that was imported before, with ``from pydicom import dcmread``, is replaced too. What is not a name of a
    module is not found: an attribute of a class, a default argument, a member of a container. Contexts may be nested,
    and may overlap in several threads; when the last one ends, all names are pydicom's functions again.

    Source: docs/pydicom.md.
    """
    _replace(1)
    try:
        yield
    finally:
        _replace(-1)


def install(*, reports: bool | None = None) -> None:
    """Do what `in_place_of_pydicom` does, until `uninstall`. A second call does nothing more.

    With ``reports``, one line is written to standard error when the process ends: how many calls were answered, and
    why others were left to pydicom. None means: if the environment variable TAGSNIFF_PYDICOM_REPORT is set and not 0.

    Source: docs/pydicom.md.
    """
    global _is_installed, _is_reported
    if reports is None:
        reports = os.environ.get(REPORT_VARIABLE, "0") not in {"", "0"}
    with _lock:
        is_new, _is_installed = not _is_installed, True
        is_report_new, _is_reported = reports and not _is_reported, reports or _is_reported
    if is_new:
        _replace(1)
    if is_report_new:
        atexit.register(_report)


def uninstall() -> None:
    """Undo `install`: all names are pydicom's functions again, unless a context of `in_place_of_pydicom` is open."""
    global _is_installed
    with _lock:
        was_installed, _is_installed = _is_installed, False
    if was_installed:
        _replace(-1)


# What pydicom's names are bound to. These are not `dcmread` and `read_partial` themselves: a name that a program bound
# to those on purpose stays. They have the names and modules of pydicom's, so that they are pickled as those.


@functools.wraps(_pydicom_dcmread)
def _dcmread_in_place(*args: Any, **kwargs: Any) -> FileDataset:
    return dcmread(*args, **kwargs) if _depth else _pydicom_dcmread(*args, **kwargs)


@functools.wraps(_pydicom_read_partial)
def _read_partial_in_place(*args: Any, **kwargs: Any) -> FileDataset:
    return read_partial(*args, **kwargs) if _depth else _pydicom_read_partial(*args, **kwargs)


_PAIRS = ((_pydicom_dcmread, _dcmread_in_place), (_pydicom_read_partial, _read_partial_in_place))


def _replace(step: int) -> None:
    """Add to the number of callers that want the names replaced, and bind them."""
    global _depth  # noqa: PLW0603
    with _lock:
        _depth += step
        # At the end also in modules that were imported in the meantime.
        rebind(_PAIRS if _depth else [(new, old) for old, new in _PAIRS])


def _report() -> None:
    print(counts.describe(), file=sys.stderr)


def _answer(read: Callable[[], FileDataset], leave: Callable[[], FileDataset]) -> FileDataset:
    """Return what ``read`` returns; if only pydicom can read the file as pydicom does, what ``leave`` returns."""
    try:
        _check_settings()
        dataset = read()
    except Unlike as reason:
        counts.add_left(str(reason))
    except Exception:
        counts.add_answered()  # with the exception that pydicom raises
        raise
    else:
        counts.add_answered()
        return dataset
    was_left, _thread.is_left = _thread.is_left, True
    try:
        return leave()
    finally:
        _thread.is_left = was_left


def _check_settings() -> None:
    """Raise Unlike if pydicom's reader does something for the caller that only it can do."""
    if not are_conversions_own():
        raise Unlike("conversions of the caller replace pydicom's")
    if config.debugging or config.logger.isEnabledFor(logging.INFO):
        raise Unlike("pydicom logs what it reads")


def _check_partial(stop_when: object, specific_tags: Iterable[object] | None) -> None:
    if stop_when is not None and stop_when is not _at_pixel_data:
        raise Unlike("stop_when is a function of the caller")
    # pydicom compares these as they are: a keyword or a tuple is no tag here.
    if specific_tags and not all(isinstance(tag, int) for tag in specific_tags):
        raise Unlike("specific_tags of read_partial that are not numbers")


def _read(fp: Any, asked: Mapping[str, Any]) -> FileDataset:
    path = path_from_pathlike(fp)
    if isinstance(path, str):
        with open(path, "rb", buffering=0) as file:
            return _read_from(cast(BinaryIO, file), path, asked)
    _check_file(fp)
    return _read_from(fp, None, asked)


def _check_file(fp: Any) -> None:
    if not all(hasattr(fp, method) for method in ("read", "seek", "tell")) or not isinstance(fp.read(0), bytes):
        raise Unlike("neither a path nor a binary file object")


def _read_from(file: BinaryIO, path: str | None, asked: Mapping[str, Any]) -> FileDataset:
    wanted_tags = None
    if asked["specific_tags"]:
        wanted_tags = frozenset([_TAG_SPECIFIC_CHARACTER_SET, *map(Tag, asked["specific_tags"])])
    selection = Selection(
        value_limit_bytes=size_in_bytes(asked["defer_size"]),
        stops_before_pixels=bool(asked["stop_before_pixels"]),
        takes_any_file=bool(asked["force"]),
        wanted_tags=wanted_tags,
    )
    start = file.tell()
    try:
        return read_file(file, path, selection)
    except Unlike:
        file.seek(start)
        raise


if __name__ == "__main__":
    # This is a second copy of the module, with the name __main__. The program gets the first.
    from tagsniff.backends.pydicom_command import main

    main(sys.argv[1:], importlib.import_module("tagsniff.backends.pydicom").install)

"""``pydicom.dcmread``, made from tagsniff's records: the same data set in less time.

For: programs written for pydicom, which call `dcmread` instead or run inside `in_place_of_pydicom`.
Never: a result that differs from pydicom's. If the records do not prove that a file is regular, pydicom reads it.
Terms: PS3.10 7.1, edition 2026b.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pydicom.filereader
from pydicom import config
from pydicom.dataset import FileDataset
from pydicom.fileutil import path_from_pathlike
from pydicom.misc import size_in_bytes
from pydicom.tag import Tag

from tagsniff.backends.pydicom_conversions import are_conversions_own
from tagsniff.backends.pydicom_encoding import Unlike
from tagsniff.backends.pydicom_file import Selection, read_file

if TYPE_CHECKING:
    from pydicom.filebase import ReadableBuffer
    from pydicom.fileutil import PathType
    from pydicom.tag import TagListType

_TAG_SPECIFIC_CHARACTER_SET = 0x00080005

_pydicom_dcmread = pydicom.filereader.dcmread
_lock = threading.Lock()
_depth = 0


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
    try:
        if are_conversions_own() and not _is_logged():
            return _read(fp, asked)
    except Unlike:
        pass  # a file that only pydicom can read as pydicom does
    return _pydicom_dcmread(fp, **asked)


@contextmanager
def in_place_of_pydicom() -> Iterator[None]:
    """Replace pydicom's ``dcmread`` with `dcmread`, for all threads, in every module of pydicom that has it.

    Code that calls ``pydicom.dcmread`` or ``pydicom.filereader.dcmread``, and pydicom's own modules, use it until the
    context ends. A name that other code imported before, with ``from pydicom import dcmread``, is still pydicom's
    function. Contexts may be nested, and may overlap in several threads; when the last one ends, pydicom's function is
    restored.

    Source: docs/pydicom.md.
    """
    global _depth  # noqa: PLW0603
    with _lock:
        _depth += 1
        _bind(_pydicom_dcmread, dcmread)
    try:
        yield
    finally:
        with _lock:
            _depth -= 1
            if _depth == 0:
                _bind(dcmread, _pydicom_dcmread)  # also in modules that were imported in the meantime


def _bind(old: object, new: object) -> None:
    for name, module in list(sys.modules.items()):
        if name == "pydicom" or name.startswith("pydicom."):
            for bound in [key for key, value in vars(module).items() if value is old]:
                setattr(module, bound, new)


def _is_logged() -> bool:
    """Return whether pydicom's reader would log what it reads, which only it can do."""
    return config.debugging or config.logger.isEnabledFor(logging.INFO)


def _read(fp: Any, asked: Mapping[str, Any]) -> FileDataset:
    path = path_from_pathlike(fp)
    if isinstance(path, str):
        with open(path, "rb", buffering=0) as file:
            return _read_from(cast(BinaryIO, file), path, asked)
    if not all(hasattr(fp, method) for method in ("read", "seek", "tell")) or not isinstance(fp.read(0), bytes):
        raise Unlike("neither a path nor a binary file object")
    return _read_from(fp, None, asked)


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

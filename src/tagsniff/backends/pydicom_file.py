"""Builds pydicom's FileDataset from the records of one file.

For: pydicom.py, which lets pydicom read the files that raise `Unlike`.
Never: a guess about how pydicom reads bytes that break the standard. Every element must begin where the one before it
ends, from the preamble to the end of the file or to the element at which the caller stops, and must be encoded as
pydicom expects.
Standard: PS3.10 7.1 and PS3.5 7.1 and A.5, edition 2026b.
"""

from __future__ import annotations

import zlib
from typing import Any, BinaryIO, NamedTuple, cast

from pydicom import config
from pydicom.charset import default_encoding
from pydicom.dataelem import RawDataElement, empty_value_for_VR
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.tag import BaseTag
from pydicom.uid import DeflatedExplicitVRLittleEndian

from tagsniff import _core
from tagsniff.backends.file_windows import FileWindow, InflatedWindow
from tagsniff.backends.pydicom_conversions import (
    TAG_SPECIFIC_CHARACTER_SET,
    ElementEncodings,
    Elements,
    find_encodings,
    read_encodings,
    read_uid,
    settle,
    settle_encodings,
)
from tagsniff.backends.pydicom_encoding import EXPLICIT_LITTLE, Unlike, find_encoding, has_letters
from tagsniff.backends.pydicom_sequences import UndefinedLengths
from tagsniff.status import Status

_PREAMBLE_BYTES = 128
_PREFIX = b"DICM"
_HEADER_BYTES = 8
_LONG_HEADER_BYTES = 12
_GROUP_2 = b"\2\0"
_GROUP_0 = b"\0\0"
_TAG_META_LENGTH = BaseTag(0x00020000)
_TAG_TRANSFER_SYNTAX = BaseTag(0x00020010)
_PIXEL_TAGS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
# What only one of the two readers repairs, or each in its own way: pydicom reads such files itself.
_REPAIRED = frozenset(
    {
        Status.META_BIG_ENDIAN,
        Status.SEQUENCE_VALUE,
        Status.SEQUENCE_NOT_ITEMS,
        Status.FRAGMENTS_ELSEWHERE,
        Status.FRAGMENTS_BEYOND_PARENT,
        Status.FRAGMENTS_DELIMITER,
        Status.FRAGMENT_PADDING,
        Status.MISSING_DELIMITER,
        Status.DEFLATE_HEADER,
        Status.TRAILING_BYTES,
        Status.UNKNOWN_VR,
    }
)
_ANY_ENCODINGS = ElementEncodings(default_encoding, default_encoding, default_encoding, -1)
_NO_TAGS: frozenset[int] = frozenset()

_tags: dict[int, BaseTag] = {}
_empty_values: dict[object, tuple[Any, ...]] = {}


class Selection(NamedTuple):
    """Which parts of a file are requested; None means all of them.

    ``value_limit_bytes`` is the length above which a value is deferred. With ``takes_any_file``, a file without a
    preamble is read too.
    """

    value_limit_bytes: float | None
    stops_before_pixels: bool
    takes_any_file: bool
    wanted_tags: frozenset[int] | None


class NewFileMetaDataset(FileMetaDataset):
    """File meta information under construction; see `NewFileDataset`."""

    __setattr__ = object.__setattr__  # type: ignore[assignment]


class NewFileDataset(FileDataset):
    """A data set under construction: setting an attribute does not check whether its name is a keyword."""

    __setattr__ = object.__setattr__  # type: ignore[assignment]


def read_file(file: BinaryIO, path: str | None, selection: Selection) -> FileDataset:
    """Read a file object from its position on; ``path`` is its path, None if the caller opened it.

    The caller's file object is left at the position at which pydicom leaves it. Raises Unlike before any conversion or
    warning; then the position is undefined.
    """
    window = FileWindow(file, file.tell())
    preamble, start = _read_preamble(window)
    if preamble is None:
        if not selection.takes_any_file:
            raise Unlike("no preamble")
        if window.base:  # without a preamble, pydicom goes to 0, not to where it began
            window = FileWindow(file, 0)
    stop_tags = _PIXEL_TAGS if selection.stops_before_pixels else _NO_TAGS
    parser = _parse(window, stop_tags)
    rows = _make_rows(parser, window, selection, stop_tags)
    meta_elements, record, start = _read_meta_elements(rows, window.data, start)
    transfer_syntax = read_uid(meta_elements[_TAG_TRANSFER_SYNTAX]) if _TAG_TRANSFER_SYNTAX in meta_elements else None
    source = _find_source(window, parser, transfer_syntax, start)
    handle: Any = file if path is None else path
    if source is not window:
        rows = _make_rows(parser, source, selection, stop_tags)
        handle = DicomBytesIO(source.data)
        handle.name = path if path is not None else getattr(file, "name", None)

    first = source.read(start, _HEADER_BYTES)
    _check_after_meta(first)
    encoding = find_encoding(transfer_syntax, first)
    elements: Elements
    elements, undefined, is_twice, record, end = rows.data_set(
        record, -1, start, encoding.flags, encoding.row_end, selects=True
    )
    if is_twice:
        raise Unlike("a tag twice in the data set")
    following = source.read(end, _LONG_HEADER_BYTES)
    is_stopped = len(following) >= _HEADER_BYTES
    if is_stopped and (len(following) < _LONG_HEADER_BYTES or encoding.read_tag(following) not in stop_tags):
        raise Unlike("an element that does not begin where the one before it ends, or is encoded in another way")
    if not is_stopped and parser.status()[0] != Status.OK:
        raise Unlike("a file that ends too soon")
    encodings = find_encodings(elements, default_encoding)
    sequences = UndefinedLengths(parser, rows, source.read, source.tell_shift) if undefined else None
    if sequences is not None:
        sequences.fill(elements, undefined, encoding, encodings or _ANY_ENCODINGS, selection.value_limit_bytes)

    file_meta = _make_file_meta(meta_elements)
    if encodings is None:  # pydicom may warn here: after this, Unlike must not be raised
        encodings = read_encodings(cast(RawDataElement, elements[TAG_SPECIFIC_CHARACTER_SET]), default_encoding)
        if sequences is not None:
            sequences.fill(elements, undefined, encoding, encodings, selection.value_limit_bytes)
    dataset = NewFileDataset(handle, elements, preamble, file_meta, encoding.is_implicit, encoding.is_little)
    dataset.set_original_encoding(
        encoding.is_implicit, encoding.is_little, settle_encodings(elements, default_encoding)
    )
    dataset.__class__ = FileDataset  # type: ignore[assignment]
    if path is None and is_stopped and source is window:
        file.seek(window.base + end)
    elif path is None:
        file.seek(0, 2)
    return dataset


def _read_preamble(window: FileWindow) -> tuple[bytes | None, int]:
    """Return the preamble, None if there is none, and the offset after its prefix."""
    end = _PREAMBLE_BYTES + len(_PREFIX)
    if window.data[_PREAMBLE_BYTES:end] == _PREFIX:
        return window.data[:_PREAMBLE_BYTES], end
    return None, 0


def _make_rows(
    parser: _core.Parser, source: FileWindow | InflatedWindow, selection: Selection, stop_tags: frozenset[int]
) -> _core.ElementRows:
    return _core.ElementRows(
        parser,
        RawDataElement,
        BaseTag,
        _tags,
        _find_empty_values(),
        source.data,
        source.offset,
        source.tell_shift,
        source.read,
        stop_tags,
        selection.wanted_tags,
        selection.value_limit_bytes,
    )


def _find_empty_values() -> tuple[Any, ...]:
    """Return the raw value of an empty element of each VR; for unknown letters, the last, that of implicit VR."""
    setting = config.use_none_as_empty_text_VR_value
    values = _empty_values.get(setting)
    if values is None:
        values = (*(empty_value_for_VR(vr, raw=True) for vr in _core.VR_NAMES[:-1]), empty_value_for_VR(None, raw=True))
        _empty_values[setting] = values
    return values


def _read_meta_elements(rows: _core.ElementRows, data: bytes, start: int) -> tuple[Elements, int, int]:
    """Return the file meta information, and the record and the offset after it."""
    if data[start : start + 2] != _GROUP_2:
        return {}, 0, start
    if not has_letters(data[start + 4 : start + 6]):
        raise Unlike("file meta information in implicit VR")
    elements: Elements
    elements, undefined, is_twice, record, end = rows.data_set(
        0, -1, start, _core.FLAG_FILE_META, EXPLICIT_LITTLE.row_end, selects=False
    )
    if undefined or is_twice or not elements:
        raise Unlike("file meta information with undefined lengths, or a tag twice")
    return elements, record, end


def _make_file_meta(elements: Elements) -> FileMetaDataset:
    file_meta = NewFileMetaDataset()
    file_meta._dict = elements
    # pydicom accesses, and so converts, empty elements, the group length, or without it the first element in the order
    # of tags, and the transfer syntax.
    for tag in [tag for tag, element in elements.items() if element.value is None]:
        settle(file_meta, elements, tag)
    if _TAG_META_LENGTH in elements:
        settle(file_meta, elements, _TAG_META_LENGTH)
    elif elements:
        settle(file_meta, elements, min(elements))
    if _TAG_TRANSFER_SYNTAX in elements:
        settle(file_meta, elements, _TAG_TRANSFER_SYNTAX)
    file_meta.set_original_encoding(is_implicit_vr=False, is_little_endian=True, character_encoding=default_encoding)
    file_meta.__class__ = FileMetaDataset  # type: ignore[assignment]
    return file_meta


def _parse(window: FileWindow, stop_tags: frozenset[int]) -> _core.Parser:
    """Return the parser after it has read the file, or up to an element of stop_tags. Raises Unlike."""
    parser = _core.Parser(value_limit_bytes=0)
    window.parse(parser, stop_tags)
    if any(number in _REPAIRED for number, _, _, _ in parser.deviations()):
        raise Unlike("a rule of the standard is broken where pydicom reads on in another way")
    return parser


def _check_after_meta(data: bytes) -> None:
    """Raise Unlike unless pydicom reads the bytes after the file meta information as the data set.

    pydicom looks for a command set and for more file meta information there. It does so in deflated bytes too, and may
    read them as an element with a long header.
    """
    if len(data) < _HEADER_BYTES or data[:2] in {_GROUP_0, _GROUP_2}:
        raise Unlike("no data set, a command set, or file meta information twice")


def _find_source(
    window: FileWindow, parser: _core.Parser, transfer_syntax: str | None, start: int
) -> FileWindow | InflatedWindow:
    """Return the bytes of the data set: those of the file, or the inflated ones. Raises Unlike."""
    deflated_from = parser.deflated_from
    if (deflated_from is not None) is not (transfer_syntax == DeflatedExplicitVRLittleEndian):
        raise Unlike("a deflated data set that is not the one the transfer syntax says")
    if deflated_from is None:
        return window
    deflated = window.read(start, _LONG_HEADER_BYTES)
    _check_after_meta(deflated if len(deflated) == _LONG_HEADER_BYTES else b"")
    try:
        return InflatedWindow(zlib.decompress(window.read_rest(deflated_from), -zlib.MAX_WBITS), deflated_from)
    except zlib.error:
        raise Unlike("a deflate stream that is broken") from None

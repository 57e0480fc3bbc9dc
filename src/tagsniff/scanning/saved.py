"""A scan as one file: written once, read again for any format of report.

For: ``--save FILE`` and ``tagsniff report FILE``.
Never: run code from a file, use a length in it before its checksum is verified, or use an index that is out of range.

The layout, all numbers little endian: 16 bytes of magic, u32 version, u64 length of the body, SHA-256 of these 28 bytes
and the body, the body. The body is msgpack: a map of the fields of `ScanTables`; a table is the list of its columns
(name, type) and the bytes of its rows. Statuses are numbers, paths of omissions bytes.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, BinaryIO

import msgpack  # type: ignore[import-untyped]
import numpy as np

from tagsniff import _core
from tagsniff.scanning.run_record import RunRecord
from tagsniff.scanning.saved_checks import check_contents, check_lengths, check_shapes
from tagsniff.scanning.tables import (
    MANY_TEXTS,
    DecisionRecord,
    ProfileRecord,
    RowRecord,
    ScanTables,
    row_flags,
    table_dtypes,
)
from tagsniff.status import Omission, Status

if TYPE_CHECKING:
    import numpy.typing as npt

_MAGIC = b"\x89tagsniff scan\r\n"
_VERSION = 2
_HEAD = struct.Struct(f"<{len(_MAGIC)}sIQ")
_DIGEST_BYTES = 32
_STEP_BYTES = 1 << 20

# The exceptions for a body that is not msgpack, or is not a scan.
_NOT_A_SCAN = (
    *(ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError),
    msgpack.UnpackException,
)


class SavedScanError(ValueError):
    """A file is not a saved scan, is damaged, or has another version."""


def write_scan(scan: ScanTables, stream: BinaryIO) -> None:
    """Write a scan to a binary stream. Raises ValueError as `check_saving` does."""
    check_saving(scan)
    body = pack_scan(scan)
    head = _HEAD.pack(_MAGIC, _VERSION, len(body))
    stream.write(head)
    stream.write(_digest(head, body))
    stream.write(body)


def digest_scan(scan: ScanTables) -> str:
    """Return the SHA-256 of a scan in hexadecimal, as its saved form has it.

    Raises ValueError as `check_saving` does.
    """
    check_saving(scan)
    body = pack_scan(scan)
    return _digest(_HEAD.pack(_MAGIC, _VERSION, len(body)), body).hex()


def check_saving(scan: ScanTables) -> None:
    """Raise ValueError for a scan without runs of series: a loaded scan must be mergeable."""
    if scan.series_runs is None:
        raise ValueError("this scan cannot be saved: it was not made to be mergeable")


def pack_scan(scan: ScanTables) -> bytes:
    """Return the body of a saved scan; two scans are equal if their bodies are equal."""
    body: bytes = msgpack.packb(_lay_out(scan), unicode_errors="surrogateescape")
    return body


def read_scan(path: str | os.PathLike[str]) -> ScanTables:
    """Return the scan in a file. Raises SavedScanError, or OSError if the file cannot be read."""
    with open(path, "rb") as stream:
        head = stream.read(_HEAD.size)
        if not head.startswith(_MAGIC):
            raise SavedScanError("this is no saved scan")
        if len(head) < _HEAD.size:
            raise SavedScanError("the saved scan is cut off")
        _, version, length = _HEAD.unpack(head)
        if version != _VERSION:
            raise SavedScanError(f"the saved scan is of version {version}; this program reads version {_VERSION}")
        digest = stream.read(_DIGEST_BYTES)
        body = _read_to_end(stream, length)
    if digest != _digest(head, body):
        raise SavedScanError("the saved scan is damaged: its checksum does not hold")
    try:
        return _read_body(body)
    except _NOT_A_SCAN as error:
        # The checksum is right, so the file is not damaged, but another program wrote it.
        raise SavedScanError(f"this is no scan of this program ({type(error).__name__})") from None


def _read_to_end(stream: BinaryIO, length: int) -> bytes:
    """Return the body, which must have this length: neither more nor less is read, whatever the file has.

    The length is that of the head, which is not verified yet. So it is compared with the size of the file first; a
    stream without a size (a pipe) is read in steps, and no memory is allocated that it does not fill.
    """
    info = os.fstat(stream.fileno())
    if stat.S_ISREG(info.st_mode):
        _check_length(info.st_size - stream.tell(), length)
        body = stream.read(length)
        _check_length(len(body), length)
        return body
    steps: list[bytes] = []
    count = 0
    # One byte more than the body: then nothing may come.
    while step := stream.read(min(_STEP_BYTES, length + 1 - count)):
        steps.append(step)
        count += len(step)
    _check_length(count, length)
    return b"".join(steps)


def _check_length(found: int, stated: int) -> None:
    if found < stated:
        raise SavedScanError("the saved scan is cut off")
    if found > stated:
        raise SavedScanError("something comes after the end of the saved scan")


def _digest(head: bytes, body: bytes) -> bytes:
    digest = hashlib.sha256(head)
    digest.update(body)
    return digest.digest()


def _lay_out(scan: ScanTables) -> dict[str, Any]:
    plain = {field.name: getattr(scan, field.name) for field in fields(scan)}
    for name in table_dtypes():
        plain[name] = None if plain[name] is None else _lay_out_table(plain[name])
    for name in MANY_TEXTS:
        plain[name] = list(plain[name])
    plain["flags"] = row_flags()
    plain["profiles"] = [_list_fields(record) for record in scan.profiles]
    plain["decisions"] = [_list_fields(record) for record in scan.decisions]
    plain["run"] = list(scan.run)
    plain["deviations"] = [(int(status), files) for status, files in scan.deviations]
    plain["omissions"] = [
        (os.fsencode(omission.path), int(omission.status), omission.offset, omission.tag, omission.detail)
        for omission in scan.omissions
    ]
    return plain


def _list_fields(record: DecisionRecord | ProfileRecord) -> list[Any]:
    return [getattr(record, field.name) for field in fields(record)]


def _lay_out_table(table: npt.NDArray[np.void]) -> list[Any]:
    return [_list_columns(table.dtype), _convert(table, _pack(table.dtype)).tobytes()]


def _list_columns(dtype: np.dtype[np.void]) -> list[list[str]]:
    packed = _pack(dtype)
    return [[name, str(packed[name])] for name in packed.names or ()]


def _pack(dtype: np.dtype[np.void]) -> np.dtype[np.void]:
    """Return the dtype with little endian numbers and without padding, whose bytes would be undefined."""
    return np.dtype([(name, dtype[name].newbyteorder("<")) for name in dtype.names or ()])


def _convert(table: npt.NDArray[np.void], dtype: np.dtype[np.void]) -> npt.NDArray[np.void]:
    converted = np.zeros(len(table), dtype)
    for name in dtype.names or ():
        converted[name] = table[name]
    return converted


def _read_body(body: bytes) -> ScanTables:
    check_lengths(body)
    size = len(body)
    plain = msgpack.unpackb(
        body,
        use_list=False,
        unicode_errors="surrogateescape",
        max_str_len=size,
        max_bin_len=size,
        max_array_len=size,
        max_map_len=len(fields(ScanTables)) + 1,
        max_ext_len=0,
    )
    if plain.pop("flags") != row_flags() or plain.keys() != {field.name for field in fields(ScanTables)}:
        raise ValueError("other fields")
    check_shapes(plain)
    for name, dtype in table_dtypes().items():
        plain[name] = _read_table(plain[name], dtype)
    for name in MANY_TEXTS:
        plain[name] = _core.Texts(plain[name])
    plain["profiles"] = tuple(
        replace(ProfileRecord(*record), rows=tuple(RowRecord(*row) for row in record[-1]))
        for record in plain["profiles"]
    )
    plain["decisions"] = tuple(DecisionRecord(*record) for record in plain["decisions"])
    version, mode, date, names = plain["run"]
    plain["run"] = RunRecord(version, mode, date, tuple(names))
    plain["deviations"] = tuple((Status.from_number(number), files) for number, files in plain["deviations"])
    plain["omissions"] = tuple(
        Omission(os.fsdecode(path), Status.from_number(number), offset, tag, detail)
        for path, number, offset, tag, detail in plain["omissions"]
    )
    scan = ScanTables(**plain)
    check_contents(scan)
    return scan


def _read_table(plain: tuple[Any, bytes], dtype: np.dtype[np.void]) -> npt.NDArray[np.void]:
    columns, raw = plain
    if [list(column) for column in columns] != _list_columns(dtype):
        raise ValueError("other columns")
    return _convert(np.frombuffer(raw, dtype=_pack(dtype)), dtype)

"""Compressed files and archives are faults: they may hold DICOM files, and are not read.

For: the first bytes of each format, from the library that writes it where Python has one.
Never: a file that begins with the prefix DICM or with a data element; that is DICOM whatever else it is.
Standard: PS3.10 section 7.1, edition 2026b.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, part10
from encoded_case import plain
from tagsniff.status import Status

DICOM = part10(plain(EXPLICIT), EXPLICIT_LITTLE_UID).data


def make_tar(form: int) -> bytes:
    """Return a tar archive of one DICOM file; every form has the checksum in its header."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        member = tarfile.TarInfo("image.dcm")
        member.size = len(DICOM)
        archive.addfile(member, io.BytesIO(DICOM))
    return stream.getvalue()


def make_old_tar() -> bytes:
    """Return a tar archive without the word "ustar", as programs of the seventies wrote it."""
    content = bytearray(make_tar(tarfile.USTAR_FORMAT))
    content[257:265] = bytes(8)
    content[148:156] = b" " * 8
    content[148:156] = b"%06o\0 " % sum(content[:512])
    return bytes(content)


def make_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("image.dcm", DICOM)
    return stream.getvalue()


COMPRESSED = {
    "gzip": gzip.compress(DICOM),
    "bzip2": bz2.compress(DICOM),
    "bzip2 of nothing": bz2.compress(b""),
    "xz": lzma.compress(DICOM),
    "zip": make_zip(),
    "zip without members": b"PK\x05\x06" + bytes(18),
    "tar": make_tar(tarfile.USTAR_FORMAT),
    "tar of GNU": make_tar(tarfile.GNU_FORMAT),
    "tar of POSIX": make_tar(tarfile.PAX_FORMAT),
    "tar of the seventies": make_old_tar(),
    "7z": b"7z\xbc\xaf\x27\x1c\0\4" + bytes(40),
    "zstd": b"\x28\xb5\x2f\xfd\x20\x00\x01\x00\x00",
    "zstd, skippable frame first": b"\x52\x2a\x4d\x18\0\0\0\0\x28\xb5\x2f\xfd",
    "lz4": b"\x04\x22\x4d\x18\x40\x40\xc0" + bytes(8),
    "rar": b"Rar!\x1a\x07\x01\0" + bytes(20),
    "compress": b"\x1f\x9d\x90" + bytes(20),
}


@pytest.mark.parametrize("name", COMPRESSED)
def test_a_compressed_file_is_a_fault(name: str) -> None:
    header = tagsniff.read_header(COMPRESSED[name])
    assert header.status is Status.COMPRESSED
    assert header.fault is not None
    assert header.fault.offset == 0
    assert len(header.elements) == 0


@pytest.mark.parametrize(
    "content",
    [
        b"BZh9 is how this text begins",
        b"PK, a text",
        b"name.txt" + bytes(504),  # a header of tar with a wrong checksum
        bytes(1024),  # the end of a tar archive is no archive
        b"\x62\x2a\x4d\x18" + bytes(20),
        b"\x89PNG\r\n\x1a\n" + bytes(40),
    ],
    ids=lambda content: repr(content[:8]),
)
def test_other_files_are_not(content: bytes) -> None:
    assert tagsniff.read_header(content).status is Status.NOT_DICOM


@pytest.mark.parametrize("name", COMPRESSED)
def test_a_dicom_file_may_have_any_preamble(name: str) -> None:
    preamble = COMPRESSED[name][:128].ljust(128, b"\0")
    assert tagsniff.read_header(preamble + DICOM[128:]).status is Status.OK


def test_a_prefix_of_an_archive_is_a_fault_as_soon_as_it_can_be_known() -> None:
    content = COMPRESSED["gzip"]
    statuses = [tagsniff.read_header(content[:length]).status for length in range(1, len(content))]
    assert statuses == [Status.NOT_DICOM] * 2 + [Status.COMPRESSED] * (len(content) - 3)

r"""The binary form of a recorded value: its head and its payload, as the core encodes them.

For: every stage that reads or builds the bytes of a recorded value.
Never: the text of a value; that is in `tagsniff.dicom.value_text`.
Terms: PS3.5 6.1 (character sets), edition 2026b.

A value is one byte for its form, four bytes for the index of its character set (little endian), and the payload:

=====  ==========================================  =============================================
form   payload                                     text
=====  ==========================================  =============================================
``T``  text without padding                        itself
``L``  text above 64 KiB: length, SHA-256, start   the start, ``...``, ``<n bytes of text, sha256 ...>``
``N``  binary numbers or tags, little endian       numbers or ``(gggg,eeee)``, joined with a backslash
``R``  bytes that are no numbers of their VR       ``\xNN`` for what is not printable ASCII
``I``  number of items                             ``<n items>``
``E``  nothing                                     ``<empty>``
``B``  bytes: length, SHA-256                      ``<n bytes, sha256 ...>``
``S``  bytes: length only                          ``<n bytes>``
``C``  what values drawn together have in common   made from what they are
=====  ==========================================  =============================================
"""

from __future__ import annotations

from typing import NamedTuple, Self

CHARSET_AT = 1
"""Offset of the index of the character set, in bytes from the start of a value."""

HEAD_BYTES = 5
"""Length of the head, in bytes."""


class ValueHead(NamedTuple):
    """The form of a value (one byte), and the index of its character set among those of the scan."""

    form: bytes
    charset: int = 0

    @classmethod
    def read(cls, value: bytes) -> Self:
        """Return the head of a value."""
        return cls(value[:CHARSET_AT], int.from_bytes(value[CHARSET_AT:HEAD_BYTES], "little"))

    def __bytes__(self) -> bytes:
        return self.form + self.charset.to_bytes(HEAD_BYTES - CHARSET_AT, "little")


def split_value(value: bytes) -> tuple[ValueHead, bytes]:
    """Return the head and the payload of a value."""
    return ValueHead.read(value), value[HEAD_BYTES:]

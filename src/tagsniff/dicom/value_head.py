r"""The head of a recorded value, and its payload: a value as the core writes it, taken apart and put together.

For: every stage that looks at the bytes of a recorded value.
Never: the text of a value; that is `tagsniff.dicom.value_text`.
Terms: PS3.5 6.1 (character sets), edition 2026b.

A value comes from the core as one byte for its form, two for the index of its character set (little endian), and the
payload:

=====  ==========================================  ===========================================
form   payload                                     text
=====  ==========================================  ===========================================
``T``  text, padding taken off                     itself
``L``  text beyond 64 KiB: length, SHA-256         ``<n bytes of text, sha256 ...>``
``N``  binary numbers or tags, little endian       numbers or ``(gggg,eeee)``, joined with a backslash
``R``  bytes that do not fit the size of their VR  ``\xNN`` for what is not printable ASCII
``I``  number of items                             ``<n items>``
``E``  nothing                                     ``<empty>``
``B``  bytes: length, SHA-256                      ``<n bytes, sha256 ...>``
``S``  bytes: length only                          ``<n bytes>``
``C``  a collapse rule and its root                made of the values that it stands for
=====  ==========================================  ===========================================
"""

from __future__ import annotations

from typing import NamedTuple, Self

CHARSET_AT = 1
"""Where the index of the character set begins, in bytes from the start of a value."""

HEAD_BYTES = 3


class ValueHead(NamedTuple):
    """The form of a value (one byte), and the index of its character set among those of a scan."""

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

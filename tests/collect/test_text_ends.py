"""Text that ends inside a character or an escape sequence, and the detection of text in VR UN.

For: the core's splitting of values and its detection of text, which step from character to character.
Never: the decoding of text; that is in test_charset.py.
Standard: PS3.5 sections 6.1.2.5 and 6.1.2.5.3, and PS3.3 section C.12.1.1.2, edition 2026b.
"""

from __future__ import annotations

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, part10
from tagsniff import _core

E = EXPLICIT


def collect(charset: bytes, vr: str, value: bytes) -> list[bytes]:
    """Return the values of the one element in the order of the tables, each after the letter of its form."""
    data = part10(E.element(0x00080005, "CS", charset) + E.element(0x00321030, vr, value), EXPLICIT_LITTLE_UID).data

    def decide(_equipment: object, steps: tuple[tuple[int, object, int], ...], *_rest: object) -> tuple[object, ...]:
        return 0, steps[0][0] == 0x00321030, False, 0, 0, b""

    collector = _core.ValueCollector(decide, max_values=1000)
    collector.parser.begin(len(data))
    collector.parser.feed(0, data)
    assert collector.parser.run()
    collector.add_parsed(b"path")
    return [kept[:1] + kept[5:] for kept in collector.tables()["values"]]


@pytest.mark.parametrize(
    ("charset", "value", "components"),
    [
        # A backslash as the second byte of a two-byte character, after each escape sequence that selects such a set.
        (b"\\ISO 2022 IR 159", b"a\x1b$(D0\\0!\x1b(Bb\\c", [b"a\x1b$(D0\\0!\x1b(Bb", b"c"]),
        (b"\\ISO 2022 IR 87", b"\x1b$B0\\\x1b(J\\c", [b"\x1b$B0\\\x1b(J", b"c"]),
        (b"\\ISO 2022 IR 87", b"\x1b$@0\\\x1b(B\\c", [b"\x1b$@0\\\x1b(B", b"c"]),
        # A set in G1 does not change the meaning of the backslash.
        (b"\\ISO 2022 IR 149", b"\x1b$)C\xb0\xa1\\c ", [b"\x1b$)C\xb0\xa1", b"c"]),
        (b"\\ISO 2022 IR 100", b"\x1b-A\xe4\\c", [b"\x1b-A\xe4", b"c"]),
        # Escape sequences and characters that are truncated where the value or the component ends.
        (b"\\ISO 2022 IR 87", b"a\\b\x1b", [b"a", b"b\x1b"]),
        (b"\\ISO 2022 IR 87", b"a\\b\x1b$", [b"a", b"b\x1b$"]),
        (b"\\ISO 2022 IR 159", b"a\\b\x1b$(", [b"a", b"b\x1b$("]),
        (b"\\ISO 2022 IR 87", b"a\\\x1b$B0", [b"a", b"\x1b$B0"]),
        (b"GB18030", b"a\\\x81", [b"a", b"\x81"]),
        (b"GB18030", b"\x81\\b\\c", [b"\x81\\b", b"c"]),
        # A byte that no two-byte set contains is a single byte.
        (b"\\ISO 2022 IR 87", b"\x1b$B0!\n\\c", [b"\x1b$B0!\n\\c"]),
    ],
)
def test_text_is_split_into_components(charset: bytes, value: bytes, components: list[bytes]) -> None:
    padded = value + b" " * (len(value) % 2)
    assert collect(charset, "LO", padded) == [b"T" + component for component in components]


@pytest.mark.parametrize(
    ("charset", "value", "is_text"),
    [
        (b"GB18030", b"\xb0\xa1", True),
        (b"GB18030", b"\x81\x30\x81\x30", True),
        (b"GB18030", b"ab\xb0", False),
        (b"GB18030", b"\x81\x30\x81", False),
        (b"GB18030", b"\x80\x40", False),
        (b"GB18030", b"\xff\x40", False),
        (b"GB18030", b"\x81\x7f", False),
        (b"GB18030", b"\x81\xff", False),
        (b"ISO_IR 192", b"\xc3\xa4\xe5\xb1\xb1\xf0\x9f\x98\x80", True),
        (b"ISO_IR 192", b"ab\x80\x01", False),
        (b"ISO_IR 192", b"abc\x9f", False),
        (b"\\ISO 2022 IR 87", b"\x1b$B0!", True),
        (b"\\ISO 2022 IR 149", b"\x1b$)C\xb0\xa1", True),
        (b"\\ISO 2022 IR 87", b"abc\x1b", False),
        (b"\\ISO 2022 IR 87", b"ab\x1b$", False),
        (b"\\ISO 2022 IR 87", b"ab\x1b$\x01\x01", False),
        (b"\\ISO 2022 IR 87", b"ab\x1bB", False),
    ],
)
def test_text_in_unknown_bytes_is_detected(charset: bytes, value: bytes, is_text: bool) -> None:
    assert len(value) >= 2
    padded = value + b" " * (len(value) % 2)
    assert (b"T" in {kept[:1] for kept in collect(charset, "UN", padded)}) is is_text

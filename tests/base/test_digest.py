"""SHA-256 of the core, with and without the processor's instructions, against Python's.

For: both implementations give the digests of FIPS 180-4 for any length.
Never: a guess about the processor; without such instructions one implementation is not tested.
"""

from __future__ import annotations

import hashlib
import random

import pytest

from tagsniff import _core

# Near the ends of blocks (64 bytes), and where the length no longer fits into the last block.
LENGTHS = [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 1000, 4096, 65537]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("by_processor", [False, True])
def test_both_implementations_are_sha_256(length: int, by_processor: bool) -> None:
    data = random.Random(length).randbytes(length)
    digest = _core.digest(data, by_processor=by_processor)
    if digest is None:
        assert by_processor
        pytest.skip("this processor has no instructions for it")
    assert digest == hashlib.sha256(data).digest()

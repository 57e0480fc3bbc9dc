r"""JSON that is safe on a terminal, can be written as UTF-8, and parses to the same values.

For: every output in JSON.
Never: change a value. Invisible characters are written ``\uNNNN``, which is the same text to a JSON parser (RFC 8259,
section 7).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from json import JSONEncoder

UNESCAPED_LETTERS = [byte for byte in range(0x20, 0x7F) if byte not in b'"\\']
"""The ASCII bytes that are written unchanged between the quotes."""


def format_json(thing: object, *, indent: int | None = None) -> str:
    """Return the JSON text of anything that `json.dumps` accepts."""
    text = _make_encoder(indent).encode(thing)
    # Outside of strings, JSON is printable ASCII. So every character that is replaced here is inside a string.
    return text if text.isascii() and "\x7f" not in text else _compile_unseen().sub(_escape, text)


@lru_cache(maxsize=4)
def _make_encoder(indent: int | None) -> JSONEncoder:
    # json.dumps would make an encoder for each call, and there may be millions of rows. Imported here, since most runs
    # write no JSON.
    import json

    return json.JSONEncoder(ensure_ascii=False, indent=indent)


@lru_cache(maxsize=4096)
def format_text(text: str) -> str:
    """Return `format_json` of a text; the most recent results are cached."""
    return format_json(text)


@cache
def _compile_unseen() -> re.Pattern[str]:
    """Return the pattern of the characters that are escaped here.

    json.dumps escapes the controls below U+0020. These are the other invisible characters: DEL and C1, soft hyphen,
    characters that change the direction of text, join or separate it, lone surrogates (from paths that could not be
    decoded), and tag characters.
    """
    # Compiled when first needed, since this is slow.
    return re.compile(
        "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
        "\U000e0000-\U000e007f]"
    )


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))

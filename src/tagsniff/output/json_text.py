r"""JSON that can be shown on a terminal and written as UTF-8, and reads back as what it was made of.

For: every output in JSON.
Never: change a value; what does not show is written ``\uNNNN``, which is the same text to a reader of JSON (RFC 8259,
section 7).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from json import JSONEncoder

# json.dumps escapes the controls below U+0020. Beyond them: DEL and C1, soft hyphen, what turns the direction of text,
# joins or separates without being seen, surrogates that stand alone (from paths that do not decode), and tags.
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
UNESCAPED_LETTERS = [byte for byte in range(0x20, 0x7F) if byte not in b'"\\']
"""What stands between the quotes as it is."""


def format_json(thing: object, *, indent: int | None = None) -> str:
    """Return the text of what `json.dumps` takes."""
    text = _make_encoder(indent).encode(thing)
    # Outside of strings JSON is ASCII that shows, so that what is found here stands in one.
    return text if text.isascii() and "\x7f" not in text else _UNSEEN.sub(_escape, text)


@lru_cache(maxsize=4)
def _make_encoder(indent: int | None) -> JSONEncoder:
    # json.dumps makes one for each call; most texts are one row of millions. Imported here: most runs write no JSON.
    import json

    return json.JSONEncoder(ensure_ascii=False, indent=indent)


@lru_cache(maxsize=4096)
def format_text(text: str) -> str:
    """Return what `format_json` makes of a text; those that come again soon are remembered."""
    return format_json(text)


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))

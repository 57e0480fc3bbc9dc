r"""JSON that can be shown on a terminal and written as UTF-8, and reads back as what it was made of.

For: every output in JSON.
Never: change a value; what does not show is written ``\uNNNN``, which is the same text to a reader of JSON (RFC 8259,
section 7).
"""

from __future__ import annotations

import json
import re

# json.dumps escapes the controls below U+0020. Beyond them: DEL and C1, soft hyphen, what turns the direction of text,
# joins or separates without being seen, surrogates that stand alone (from paths that do not decode), and tags.
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def format_json(thing: object, *, indent: int | None = None) -> str:
    """Return the text of what `json.dumps` takes."""
    # Outside of strings JSON is ASCII that shows, so that what is found here stands in one.
    return _UNSEEN.sub(_escape, json.dumps(thing, ensure_ascii=False, indent=indent))


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))

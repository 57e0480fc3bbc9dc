"""Text found inside the bytes of an element: where it was found, as the suffix of the element's text.

For: the reports, their sharing, and the query of ``find``.
Never: a rule of its own for what is text; the core finds it.
Terms: RFC 1950 (zlib), RFC 1952 (gzip), RFC 4648 (base64).
"""

from __future__ import annotations

SUFFIXES = ("", "/text", "/gzip/text", "/zlib/text", "/base64/text")
"""The suffix of an element's text for each kind of element use of the core; kind 0 is the element itself."""

_LONGEST_FIRST = sorted(range(1, len(SUFFIXES)), key=lambda kind: -len(SUFFIXES[kind]))


def split_suffix(element: str) -> tuple[str, int]:
    """Return the text of an element without its suffix, and the kind that the suffix stands for."""
    for kind in _LONGEST_FIRST:
        if element.endswith(SUFFIXES[kind]):
            return element.removesuffix(SUFFIXES[kind]), kind
    return element, 0

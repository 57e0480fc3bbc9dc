"""Writes the review page: one HTML file with the values of a collection, on which a person decides the elements.

For: people, who open it from the disk in a browser, and ``tagsniff review``, which serves it.
Never: a value that is readable in the file, a script or style other than ours, a request to any network. The
Content-Security-Policy in the file forbids all of that to the browser too.
Terms: PS3.15 Table E.1-1a (codes), edition 2026d; Content Security Policy Level 3 and Trusted Types (W3C).

The data are in a block that no browser runs: a `tagsniff.writers.review_container` in gzip in base64. The script and
the style are built from ``review_page/source`` (``make page``).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, TextIO

from tagsniff.writers.review_container import compress
from tagsniff.writers.review_data import ReviewOptions, lay_out_review

if TYPE_CHECKING:
    from tagsniff.curation.elements import ElementSummary
    from tagsniff.curation.sheet import Sheet
    from tagsniff.report.inventory import InventoryReport
    from tagsniff.report.values import ValueReport

_FOLDER = "review_page"
_CHARACTERS_IN_LINE = 4096


def write_html(
    report: ValueReport,
    summaries: Sequence[ElementSummary],
    sheet: Sheet,
    stream: TextIO,
    *,
    inventory: InventoryReport | None = None,
    sheet_name: str = "",
    is_served: bool = False,
    finds_files: bool = False,
    shows_examples: bool = True,
) -> None:
    """Write the page.

    ``summaries`` are those of the report, ``sheet`` is the updated one. ``inventory`` is that of the same scan; without
    it the page has no view of it. ``sheet_name`` is that of the sheet that the run writes, empty if it writes none: the
    page then says that its decisions on texts are to be confirmed. ``is_served``: the page hands its decisions to the
    server that it comes from. ``finds_files``: that server can find the files of a value. ``shows_examples``: rows that
    the page adds to the sheet may have values as evidence.
    """
    options = ReviewOptions(sheet_name, is_served, finds_files, shows_examples)
    raw = lay_out_review(report, summaries, sheet, options, inventory)
    script, style = _read_text("review.js"), _read_text("review.css")
    policy = make_policy(script, style, is_served=is_served)
    stream.write(f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>tagsniff review</title>
<style>{style}</style>
</head>
<body>
<div id="page"><p class="loading">Reading the report ...</p></div>
<noscript>This page needs JavaScript. All of it is in this file, and it asks nothing of any network.</noscript>
<script type="application/octet-stream" id="data" data-digest="{hashlib.sha256(raw).hexdigest()}">
""")
    text = base64.b64encode(compress(raw)).decode("ascii")
    for start in range(0, len(text), _CHARACTERS_IN_LINE):
        stream.write(text[start : start + _CHARACTERS_IN_LINE] + "\n")
    stream.write(f"</script>\n<script>{script}</script>\n</body>\n</html>\n")


def make_policy(script: str, style: str, *, is_served: bool) -> str:
    """Return the Content-Security-Policy of a page with this script and this style, and no other."""
    directives = [
        "default-src 'none'",
        f"script-src '{_hash(script)}'",
        f"style-src '{_hash(style)}'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    if is_served:
        directives.insert(1, "connect-src 'self'")
    return "; ".join(directives)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _read_text(name: str) -> str:
    """Return a built file, as the browser sees it between its tags."""
    text = resources.files("tagsniff.writers").joinpath(_FOLDER, name).read_text(encoding="utf-8")
    if "\r" in text or "</script" in text.lower() or "</style" in text.lower() or "<!--" in text:
        raise ValueError(f"{name} cannot be part of an HTML file")
    return text

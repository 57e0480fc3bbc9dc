"""Manufacturers: of private creators, from the shipped table, and whether one is another than that of the equipment.

For: the flag OTHER_MAKER.
Never: guess. A manufacturer that the table of names does not have is not another one.
Terms: PS3.3 C.7.5.1 (Manufacturer), PS3.5 7.8 (private creators), edition 2026b.
"""

from __future__ import annotations

import re
from functools import cache

from tagsniff.profile.shipped import read_shipped_lines

# What a manufacturer, its brands and the companies that it bought write in (0008,0070), in lower case. The names are
# those of profiles/creators.tsv, without what is in brackets.
_WORDS = {
    "Agfa": ("agfa", "mitra"),
    "Camtron": ("camtron", "camtronics"),
    "Elekta": ("elekta", "impac"),
    "Elscint": ("elscint",),
    "Fujifilm": ("fuji", "fujifilm", "hitachi"),
    "GE": (
        "ge",
        "gems",
        "gehc",
        "g e",
        "general electric",
        "lunar",
        "vingmed",
        "kretz",
        "kretztechnik",
        "imatron",
        "sopha",
    ),
    "Hitachi": ("hitachi", "fuji", "fujifilm"),
    "Hologic": ("hologic", "lorad", "trex", "r2"),
    "ISG": ("isg", "cedara"),
    "Kodak/Carestream": ("kodak", "carestream", "eastman"),
    "Merge": ("merge", "cedara"),
    "Philips": ("philips", "adac", "marconi", "picker", "atl", "invivo"),
    "Sectra": ("sectra",),
    "Siemens": ("siemens", "acuson", "cti", "cps", "varian", "sms"),
    "Toshiba/Canon": ("toshiba", "canon"),
    "United Imaging": ("uih", "united imaging", "shanghai united"),
    "Varian": ("varian", "siemens"),
}
_RELATED = {
    "Acuson (Siemens)": ("Siemens",),
    "Elscint (later GE, Philips)": ("Elscint", "GE", "Philips"),
    "Hitachi/Fujifilm": ("Hitachi", "Fujifilm"),
    "Picker (Philips)": ("Philips",),
    "SPI (Siemens, Philips)": ("Siemens", "Philips"),
}


@cache
def load_creators() -> dict[str, str]:
    """Return the manufacturer of each known private creator, which is in lower case."""
    lines = read_shipped_lines("creators.tsv")
    return {creator: maker for maker, _, creator in (line.partition("\t") for line in lines)}


def find_maker(creator: str) -> str:
    """Return the manufacturer of a private creator, empty if it is not known."""
    return load_creators().get(creator.casefold(), "")


@cache
def are_different(maker: str, manufacturer: str) -> bool:
    """Return whether a manufacturer of the table is another than the one in (0008,0070); False if one is not known."""
    own = _find_makers(manufacturer)
    return bool(own) and maker in {*_WORDS, *_RELATED} and own.isdisjoint(_RELATED.get(maker, (maker,)))


@cache
def _find_makers(manufacturer: str) -> frozenset[str]:
    """Return the manufacturers of the table that a text names by one of their words."""
    # Words have a space at each end, so that a name of two words is found like one of a single word.
    text = f" {' '.join(re.split('[^a-z0-9]+', manufacturer.casefold()))} "
    return frozenset(maker for maker, words in _WORDS.items() if any(f" {word} " in text for word in words))

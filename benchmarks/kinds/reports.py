"""Structured reports: trees of content items, several levels deep.

For: collection.py, and the measure of nested elements.
Never: a finding of a real patient.
Standard: PS3.3 C.17.3, PS3.16 TID 1500, edition 2026b.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from kinds.encoding import EXPLICIT, Encoding, file_meta
from kinds.images import Content
from kinds.layout import Facts, Template
from kinds.series import REPORTING, make_series, make_uid, time_text

SOP_CLASS = "1.2.840.10008.5.1.4.1.1.88.34"
CONTENT = 0x0040A730
GROUPS = 12
LEVELS = 4

_CONCEPTS = (("112039", "Tracking Identifier"), ("G-D705", "Volume"), ("M-02550", "Diameter"), ("121071", "Finding"))
_UNITS = (("mm3", "cubic millimeter"), ("mm", "millimeter"), ("1", "no units"))


def make_reports(seed: int, number: int, count: int, groups: int = GROUPS) -> Iterator[tuple[str, Content]]:
    """Yield path and content of each report of a series; ``groups`` is the number of groups of measurements."""
    series = make_series(seed, "sr", number, REPORTING)
    for instance in range(count):
        start = int(series.facts["start_s"]) + 60 * instance
        facts: Facts = {
            **series.facts,
            "sop_class_uid": SOP_CLASS,
            "image_type": "",
            "sop_instance_uid": series.instance_uid(instance),
            "instance_number": str(instance + 1),
            "acquisition_number": "",
            "acquisition_time": "",
            "content_time": time_text(start),
        }
        undefined = instance % 2 == 1
        tree = _Tree(EXPLICIT, series.numbers, undefined=undefined, key=series.instance_uid(instance))
        content = EXPLICIT.sequence(
            CONTENT, [tree.group(place, LEVELS) for place in range(groups)], undefined=undefined
        )
        data_set = Template(("general", "report"), EXPLICIT, facts, (CONTENT, content)).fill({})
        meta = file_meta(EXPLICIT, SOP_CLASS, str(facts["sop_instance_uid"]))
        yield f"{series.folder}/SR{instance + 1:06}.dcm", (meta + data_set,)


class _Tree:
    """The content items of one report."""

    def __init__(self, encoding: Encoding, numbers: random.Random, *, undefined: bool, key: str) -> None:
        self._encoding = encoding
        self._numbers = numbers
        self._undefined = undefined
        self._key = key

    def group(self, place: int, levels: int) -> bytes:
        """Return a container with measurements and, as long as there are levels left, another container inside it."""
        children = [
            self._text(_CONCEPTS[0], f"Lesion {place}.{levels}"),
            self._reference(place, levels),
            *(self._number(_CONCEPTS[1 + number % 3], _UNITS[number % 3]) for number in range(3)),
        ]
        if levels > 1:
            children.append(self.group(place, levels - 1))
        return (
            self._item("CONTAINS", "CONTAINER", ("125007", "Measurement Group"))
            + self._element(0x0040A050, "CS", "SEPARATE")
            + self._sequence(CONTENT, *children)
        )

    def _number(self, concept: tuple[str, str], unit: tuple[str, str]) -> bytes:
        value = f"{self._numbers.randrange(10**5) / 100}"
        measured = self._sequence(0x004008EA, self._code(*unit)) + self._element(0x0040A30A, "DS", value)
        return self._item("CONTAINS", "NUM", concept) + self._sequence(0x0040A300, measured)

    def _text(self, concept: tuple[str, str], value: str) -> bytes:
        return self._item("HAS OBS CONTEXT", "TEXT", concept) + self._element(0x0040A160, "UT", value)

    def _reference(self, place: int, levels: int) -> bytes:
        uid = make_uid(self._key, place, levels)
        image = self._element(0x00081150, "UI", "1.2.840.10008.5.1.4.1.1.2") + self._element(0x00081155, "UI", uid)
        return self._sequence(0x00081199, image) + self._item("CONTAINS", "IMAGE", _CONCEPTS[3])

    def _item(self, relation: str, value_type: str, concept: tuple[str, str]) -> bytes:
        return (
            self._element(0x0040A010, "CS", relation)
            + self._element(0x0040A040, "CS", value_type)
            + self._sequence(0x0040A043, self._code(*concept))
        )

    def _code(self, code: str, meaning: str) -> bytes:
        return (
            self._element(0x00080100, "SH", code)
            + self._element(0x00080102, "SH", "DCM")
            + self._element(0x00080104, "LO", meaning)
        )

    def _sequence(self, tag: int, *items: bytes) -> bytes:
        return self._encoding.sequence(tag, items, undefined=self._undefined)

    def _element(self, tag: int, vr: str, value: str) -> bytes:
        return self._encoding.element(tag, vr, value.encode())

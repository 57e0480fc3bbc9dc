"""RT structure sets: regions with contours of some hundred points each.

For: collection.py.
Never: an outline of a real structure.
Standard: PS3.3 A.19.3, C.8.8.5, C.8.8.6, C.8.8.8, edition 2026b.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

from kinds.encoding import EXPLICIT, IMPLICIT, Encoding, file_meta
from kinds.images import SOP_CLASSES, Content
from kinds.layout import Facts, Template
from kinds.series import PLANNING, Series, make_series, make_uid, time_text

SOP_CLASS = "1.2.840.10008.5.1.4.1.1.481.3"
REGIONS = ("BODY", "Lung_L", "Lung_R", "Heart", "SpinalCord", "PTV", "GTV", "Oesophagus")
CONTOURS_OF_A_REGION = 30
OUTLINES = 40

Outline: TypeAlias = list[tuple[str, str]]
"""x and y of each point."""


def make_rt_structures(seed: int, number: int, count: int) -> Iterator[tuple[str, Content]]:
    """Yield path and content of each structure set of a series; every third one is in implicit VR."""
    series = make_series(seed, "rtstruct", number, PLANNING)
    outlines = _draw_outlines(series)
    for instance in range(count):
        encoding = IMPLICIT if instance % 3 == 2 else EXPLICIT
        start = int(series.facts["start_s"]) + 60 * instance
        facts: Facts = {
            **series.facts,
            "sop_class_uid": SOP_CLASS,
            "image_type": r"DERIVED\SECONDARY",
            "sop_instance_uid": series.instance_uid(instance),
            "instance_number": str(instance + 1),
            "acquisition_number": "",
            "acquisition_time": "",
            "content_time": time_text(start),
        }
        regions = _write_regions(series, instance, encoding, outlines)
        data_set = Template(("general", "rt_structure"), encoding, facts, *regions).fill({})
        meta = file_meta(encoding, SOP_CLASS, str(facts["sop_instance_uid"]))
        yield f"{series.folder}/RS{instance + 1:06}.dcm", (meta + data_set,)


def _draw_outlines(series: Series) -> list[Outline]:
    outlines = []
    for _ in range(OUTLINES):
        points = series.numbers.randrange(40, 240)
        radius = series.numbers.randrange(100, 900) / 10
        turns = [2 * math.pi * point / points for point in range(points)]
        outlines.append([(f"{radius * math.cos(turn):.1f}", f"{radius * math.sin(turn):.1f}") for turn in turns])
    return outlines


def _write_regions(
    series: Series, instance: int, encoding: Encoding, outlines: list[Outline]
) -> list[tuple[int, bytes]]:
    """Return the sequences of regions, contours and observations, with their tags."""
    write = _Writer(encoding)
    frame = str(series.facts["frame_of_reference_uid"])
    slices = [make_uid(series.facts["study_uid"], "slice", number) for number in range(CONTOURS_OF_A_REGION)]
    undefined = instance % 2 == 1
    regions, contours, observations = [], [], []
    for number, name in enumerate(REGIONS, 1):
        regions.append(
            write.text(0x30060022, "IS", str(number))
            + write.text(0x30060024, "UI", frame)
            + write.text(0x30060026, "LO", f"{name}_{series.numbers.randrange(3)}")
            + write.text(0x30060036, "CS", "SEMIAUTOMATIC")
        )
        items = [
            write.contour(place, slices[place], outlines[(instance + number * place) % OUTLINES])
            for place in range(CONTOURS_OF_A_REGION)
        ]
        contours.append(
            write.text(0x3006002A, "IS", rf"{number * 30}\{255 - number * 20}\{number * 11}")
            + encoding.sequence(0x30060040, items, undefined=undefined)
            + write.text(0x30060084, "IS", str(number))
        )
        observations.append(
            write.text(0x30060082, "IS", str(number))
            + write.text(0x30060084, "IS", str(number))
            + write.text(0x300600A4, "CS", "ORGAN")
            + write.text(0x300600A6, "PN", "")
        )
    return [
        (0x30060020, encoding.sequence(0x30060020, regions)),
        (0x30060039, encoding.sequence(0x30060039, contours, undefined=undefined)),
        (0x30060080, encoding.sequence(0x30060080, observations)),
    ]


class _Writer:
    """Writes elements in one encoding."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding

    def text(self, tag: int, vr: str, value: str) -> bytes:
        return self._encoding.element(tag, vr, value.encode("ascii"))

    def contour(self, place: int, image_uid: str, outline: Outline) -> bytes:
        """Return the elements of one contour."""
        z = f"{place * 2.5 - 100:g}"
        image = self.text(0x00081150, "UI", SOP_CLASSES["CT"]) + self.text(0x00081155, "UI", image_uid)
        return (
            self._encoding.sequence(0x30060016, [image])
            + self.text(0x30060042, "CS", "CLOSED_PLANAR")
            + self.text(0x30060046, "IS", str(len(outline)))
            + self.text(0x30060048, "IS", str(place + 1))
            + self.text(0x30060050, "DS", "\\".join(f"{x}\\{y}\\{z}" for x, y in outline))
        )

"""Enhanced MR images with many frames: one file with a hundred thousand data elements or more.

For: collection.py, and the measure of nested elements.
Never: pixels other than zeros.
Standard: PS3.3 A.36.2, C.7.6.16, edition 2026b.
"""

from __future__ import annotations

from collections.abc import Iterator

from kinds.encoding import EXPLICIT, file_meta
from kinds.images import PIXEL_DATA, Content
from kinds.layout import Facts, Template, encode, read_layout
from kinds.series import ENHANCED, make_series, time_text

PER_FRAME_GROUPS = 0x52009230
SOP_CLASS = "1.2.840.10008.5.1.4.1.1.4.1"
COLUMNS = 64
SLICES = 60


def make_enhanced(seed: int, number: int, count: int, frames: int) -> Iterator[tuple[str, Content]]:
    """Yield path and content of each image of a series; every second image has items of undefined length."""
    series = make_series(seed, "enhanced", number, ENHANCED)
    numbers = series.numbers
    facts: Facts = {
        **series.facts,
        "sop_class_uid": SOP_CLASS,
        "image_type": r"ORIGINAL\PRIMARY\M\NONE",
        "frames": str(frames),
        "rows": str(COLUMNS),
        "columns": str(COLUMNS),
        "sequence_name": "DwiSE",
        "repetition_time": str(numbers.randrange(2000, 9000)),
        "flip_angle": "90",
        "slice_thickness": "2.5",
        "pixel_spacing": r"1.75\1.75",
        "scale_slope": f"{numbers.randrange(1, 900) / 700:.7f}",
    }
    for instance in range(count):
        start = int(series.facts["start_s"]) + 600 * instance
        own: Facts = {
            **facts,
            "sop_instance_uid": series.instance_uid(instance),
            "instance_number": str(instance + 1),
            "acquisition_number": str(instance + 1),
            "acquisition_time": time_text(start),
            "content_time": time_text(start + 5),
        }
        items = [_encode_frame({**own, **_frame_facts(frame, own)}) for frame in range(frames)]
        groups = EXPLICIT.sequence(PER_FRAME_GROUPS, items, undefined=instance % 2 == 1)
        data_set = Template(("general", "enhanced"), EXPLICIT, own, (PER_FRAME_GROUPS, groups)).fill({})
        pixel_bytes = 2 * COLUMNS * COLUMNS * frames
        head = file_meta(EXPLICIT, SOP_CLASS, str(own["sop_instance_uid"])) + data_set
        yield (
            f"{series.folder}/IM{instance + 1:06}.dcm",
            (head + EXPLICIT.element_head(PIXEL_DATA, "OW", pixel_bytes), pixel_bytes),
        )


def _encode_frame(facts: Facts) -> bytes:
    return b"".join(encode(element, EXPLICIT, facts) for element in read_layout("frame"))


def _frame_facts(frame: int, facts: Facts) -> dict[str, str]:
    volume, slice_number = divmod(frame, SLICES)
    is_weighted = volume % 8 != 0
    return {
        "frame_echo_time": "89.5",
        "frame_direction": "DIRECTIONAL" if is_weighted else "NONE",
        "frame_b_value": "1000.0" if is_weighted else "0.0",
        "frame_date_time": f"{facts['study_date']}{time_text(float(str(facts['start_s'])) + frame * 0.0875)}",
        "frame_stack": "1",
        "frame_in_stack": str(slice_number + 1),
        "frame_temporal": str(volume % 50 + 1),
        "frame_position": rf"-112.5\-98.75\{slice_number * 2.5 - 60:g}",
        "frame_window": str(400 + frame % 90),
    }

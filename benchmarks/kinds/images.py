"""Single-frame CT and MR images in all encodings, with private elements as devices and archives write them.

For: collection.py.
Never: pixels other than zeros. Pixel Data is a hole in the file if the file system supports holes.
Standard: PS3.3 A.3, A.4, PS3.5 7.8, A.1 to A.5, edition 2026b.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from kinds.csa_headers import CsaHeaders
from kinds.encoding import BIG_ENDIAN, DEFLATED, EXPLICIT, IMPLICIT, JPEG_LOSSLESS, Encoding, deflate, file_meta
from kinds.layout import Facts, Template
from kinds.series import CSA, CT, MR, Equipment, Series, make_series, time_text

PIXEL_DATA = 0x7FE00010
COLUMNS = 512
DEFLATED_PIXEL_BYTES = 32 * 1024
JPEG_RATIO = 8
SOP_CLASSES = {"CT": "1.2.840.10008.5.1.4.1.1.2", "MR": "1.2.840.10008.5.1.4.1.1.4"}

Content: TypeAlias = tuple[bytes | int, ...]
"""The content of a file: bytes, and lengths of runs of zeros."""


@dataclass(frozen=True)
class ImageKind:
    """The settings of a kind of image."""

    devices: tuple[Equipment, ...]
    encoding: Encoding = EXPLICIT
    layouts: tuple[str, ...] = ()
    trailing: bool = False
    series_length: tuple[int, int] = (40, 160)


IMAGES = {
    "ct": ImageKind(CT),
    "mr": ImageKind(MR, series_length=(20, 80)),
    "csa": ImageKind(CSA, series_length=(20, 80)),
    "blocks": ImageKind((*CT[:2], *MR[2:4]), layouts=("archive_blocks",), trailing=True),
    "implicit": ImageKind((*CT, *MR), IMPLICIT),
    "big": ImageKind(MR, BIG_ENDIAN, series_length=(20, 80)),
    "deflated": ImageKind((*CT, *MR), DEFLATED),
    "jpeg": ImageKind((*CT, *MR), JPEG_LOSSLESS),
}


TURNS = (CT[0], MR[4], MR[2], CT[2], MR[0], CT[3])
"""Devices whose images stand by turns in one folder: of different makers, modalities and private elements."""


def make_images(kind: str, seed: int, number: int, count: int, pixel_bytes: int) -> Iterator[tuple[str, Content]]:
    """Yield path and content of each image of one series."""
    settings = IMAGES[kind]
    series = make_series(seed, kind, number, settings.devices)
    yield from _make_series_images(series, settings, count, pixel_bytes)


def make_turns(seed: int, number: int, count: int, pixel_bytes: int) -> Iterator[tuple[str, Content]]:
    """Yield path and content of images of which no one is like the one before: a series of each device, by turns."""
    all_series = [make_series(seed, f"turns{place}", number, (device,)) for place, device in enumerate(TURNS)]
    each = -(-count // len(all_series))
    images = [_make_series_images(series, ImageKind(TURNS), each, pixel_bytes) for series in all_series]
    for instance in range(count):
        _, content = next(images[instance % len(images)])
        yield f"turns/folder{number:05}/IM{instance + 1:06}.dcm", content


def _make_series_images(
    series: Series, settings: ImageKind, count: int, pixel_bytes: int
) -> Iterator[tuple[str, Content]]:
    if settings.encoding.deflated:
        pixel_bytes = min(pixel_bytes, DEFLATED_PIXEL_BYTES)
    facts = {**series.facts, **_series_facts(series, pixel_bytes)}
    layouts = ("general", "planes", series.equipment.modality.lower(), *series.equipment.layouts, *settings.layouts)
    template = Template(layouts, settings.encoding, facts)
    trailing = Template(("after_pixel_data",), settings.encoding, facts) if settings.trailing else None
    csa = CsaHeaders(series.numbers)
    sop_class = SOP_CLASSES[series.equipment.modality]
    for instance in range(count):
        varying = _instance_facts(series, instance, facts) | {
            "csa_image": csa.image(instance),
            "csa_series": csa.series,
        }
        tail = b"" if trailing is None else trailing.fill(varying)
        meta = file_meta(settings.encoding, sop_class, str(varying["sop_instance_uid"]))
        content = _lay_out(settings.encoding, meta, template.fill(varying), pixel_bytes, tail)
        yield f"{series.folder}/IM{instance + 1:06}.dcm", content


def _lay_out(encoding: Encoding, meta: bytes, data_set: bytes, pixel_bytes: int, tail: bytes) -> Content:
    if encoding is JPEG_LOSSLESS:
        whole = pixel_bytes // JPEG_RATIO // 4 * 4
        lengths = [whole // 2, whole // 2] if whole >= 1024 else [whole]
        start, heads = encoding.fragments(PIXEL_DATA, lengths)
        fragments = [part for head, length in zip(heads, lengths, strict=True) for part in (head, length)]
        return (meta + data_set + start, *fragments, encoding.end_of_sequence() + tail)
    head = encoding.element_head(PIXEL_DATA, "OW", pixel_bytes)
    if encoding.deflated:
        pixels = bytes(range(256)) * (pixel_bytes // 256)
        return (meta + deflate(data_set + head + pixels + tail),)
    return (meta + data_set + head, pixel_bytes, *([tail] if tail else []))


def _series_facts(series: Series, pixel_bytes: int) -> Facts:
    numbers = series.numbers
    is_ct = series.equipment.modality == "CT"
    slope = f"{numbers.randrange(1, 900) / 700:.7f}"
    return {
        "sop_class_uid": SOP_CLASSES[series.equipment.modality],
        "image_type": r"ORIGINAL\PRIMARY\AXIAL" if is_ct else r"ORIGINAL\PRIMARY\M\ND",
        "rows": str(pixel_bytes // (2 * COLUMNS)),
        "columns": str(COLUMNS),
        "pixel_spacing": numbers.choice([r"0.703125\0.703125", r"0.9375\0.9375", r"0.488281\0.488281"]),
        "pixel_representation": "1" if is_ct else "0",
        "pixel_vr": "SS" if is_ct else "US",
        "slice_thickness": numbers.choice(["2.500000", "1.250000", "5.000000", "3"]),
        "rescale_intercept": "-1024" if is_ct else "0",
        "rescale_type": "HU" if is_ct else "US",
        "kvp": numbers.choice(["100", "120", "140"]),
        "kernel": numbers.choice(["STANDARD", "LUNG", "B30f", "FC13"]),
        "generator_power": str(numbers.randrange(20000, 60000)),
        "table_height": f"{numbers.randrange(100, 200)}.000000",
        "scanning_sequence": numbers.choice(["SE", r"GR\EP", "GR", r"SE\IR"]),
        "sequence_name": numbers.choice(["*tse2d1_15", "epi2", "fl3d1", "FSE"]),
        "repetition_time": str(numbers.randrange(400, 9000)),
        "echo_time": f"{numbers.randrange(5, 120)}.{numbers.randrange(10, 99)}",
        "imaging_frequency": f"63.{numbers.randrange(100000, 999999)}",
        "field_strength": numbers.choice(["1.5", "3"]),
        "echo_train": str(numbers.randrange(1, 30)),
        "bandwidth": str(numbers.randrange(90, 1600)),
        "coil": numbers.choice(["HEAD", "8NVHEAD_A", "BODY", "HE1-4"]),
        "flip_angle": str(numbers.randrange(5, 180)),
        "acquisition_duration": f"{numbers.randrange(10, 400)}.5",
        "acquisition_duration_us": f"{numbers.randrange(10, 400)}000000.0",
        "center_frequency": f"{numbers.randrange(638000000, 638999999)}.000000",
        "pulse_sequence": "/usr/g/psd/fse-xl",
        "run_number": str(numbers.randrange(1, 300)),
        "private_echo_us": str(numbers.randrange(5, 120)),
        "water_fat_shift": f"{numbers.randrange(1, 40) / 7:.6f}",
        "scale_slope": slope,
        "scan_energy": f"{numbers.randrange(100, 900)}.25",
        "epoch_fraction_s": f"{series.facts['epoch_s']}.628856",
        "parameter_bytes": numbers.randbytes(2 * numbers.randrange(20, 200)),
        "table_z": str(-numbers.randrange(10, 900)),
        "first_z": str(numbers.randrange(-900, 200)),
        "spacing": str(numbers.choice([0.625, 1.25, 2.5, 3.3, 5.0])),
        "first_x": f"{numbers.randrange(-250, -100)}.{numbers.randrange(100, 999)}",
        "first_y": f"{numbers.randrange(-250, -100)}.{numbers.randrange(100, 999)}",
    }


def _instance_facts(series: Series, instance: int, facts: Facts) -> dict[str, str | bytes]:
    numbers = series.numbers
    z = int(facts["first_z"]) + instance * float(facts["spacing"])
    start = int(facts["start_s"])
    current = 80 + (instance * 13) % 300
    b_value = 0 if instance % 4 == 0 else 800
    position = (str(facts["first_x"]), str(facts["first_y"]), f"{z:.4f}")
    return {
        "sop_instance_uid": series.instance_uid(instance),
        "instance_number": str(instance + 1),
        "slice_number": str(instance + 1),
        "acquisition_number": str(instance // 40 + 1),
        "acquisition_time": time_text(start + instance * 0.4 + numbers.random() / 100),
        "content_time": time_text(start + 5 + instance * 0.8 + numbers.random() / 100),
        "position": "\\".join(position),
        "position_x": position[0],
        "position_y": position[1],
        "position_z": position[2],
        "slice_location": f"{z:.3f}",
        "private_location": f"{z + 0.25:.6f}",
        "smallest_pixel": str(-1024 + numbers.randrange(40) if facts["pixel_vr"] == "SS" else numbers.randrange(9)),
        "largest_pixel": str(numbers.randrange(900, 3000)),
        "window_center": str(40 + numbers.randrange(6))
        if facts["pixel_vr"] == "SS"
        else str(numbers.randrange(200, 900)),
        "window_width": str(400 + numbers.randrange(6))
        if facts["pixel_vr"] == "SS"
        else str(numbers.randrange(400, 1800)),
        "tube_current": str(current),
        "exposure_time": "800",
        "exposure": str(current * 4 // 5),
        "ctdi": f"{current / 31:.6f}",
        "mid_scan_time": f"{instance * 0.4:.6f}",
        "tube_azimuth": str(numbers.randrange(360)),
        "xray_position": f"{numbers.randrange(-4000, 4000) / 10:.6f}",
        "trigger_time": str(instance % 20 * 35),
        "sar": f"{numbers.randrange(1, 9999) / 10000}",
        "b_value": f"{b_value}.0",
        "b_value_text": str(b_value),
        "temporal_position": str(instance % 40 + 1),
        "diffusion_direction": "P" if b_value == 0 else "O",
        "diffusion_x": f"{numbers.randrange(-999999, 999999) / 1e6:.6f}",
        "diffusion_y": f"{numbers.randrange(-999999, 999999) / 1e6:.6f}",
        "diffusion_z": f"{numbers.randrange(-999999, 999999) / 1e6:.6f}",
        "private_time": f"{instance * 87.5 % 4000:g}",
    }

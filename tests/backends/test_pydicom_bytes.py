"""``dcmread`` of tagsniff's backend with bytes and settings that only pydicom's reader handles as it does.

For: delimitation items, fragments, character sets, transfer syntaxes, and what ``pydicom.config`` and ``hooks`` change.
Never: a real file; those are in test_pydicom.py.
Standard: PS3.5 7.5, A.4 and A.5, PS3.10 7.1 and PS3.3 C.12.1.1.2, edition 2026b.
"""

from __future__ import annotations

import io
import logging
from typing import Any

import pydicom
import pydicom.config
import pytest
from pydicom import hooks
from pydicom.uid import PrivateTransferSyntaxes, register_transfer_syntax

from dicom_bytes import (
    EXPLICIT,
    EXPLICIT_LITTLE_UID,
    IMPLICIT,
    ITEM_DELIMITER,
    JPEG_BASELINE_UID,
    SEQUENCE_DELIMITER,
    UID_OF,
    file_meta,
    part10,
    raw,
)
from pydicom_pairs import PIXEL_DATA, THEIRS, data_set_of, same
from pydicom_states import convert_everything
from tagsniff.backends.pydicom import dcmread

PLAIN = part10(data_set_of(EXPLICIT), EXPLICIT_LITTLE_UID).data


# Bytes that only pydicom's reader handles as it does


def test_fragments_are_deferred_from_the_same_length_as_in_pydicom() -> None:
    fragments = EXPLICIT.fragments(PIXEL_DATA, "OB", bytes(10))
    data = part10(fragments, JPEG_BASELINE_UID).data
    deferred = []
    for size in range(40):
        data_set = same(lambda: io.BytesIO(data), defer_size=size)
        deferred.append(data_set.get_item(PIXEL_DATA, keep_deferred=True).value is None)
    assert deferred == sorted(deferred, reverse=True)
    assert set(deferred) == {False, True}


@pytest.mark.parametrize("is_in_item", [False, True])
def test_a_last_fragment_that_ends_like_a_delimitation_item(is_in_item: bool) -> None:
    """The last fragment ends with the bytes of a delimitation item, and no delimitation item follows."""
    piece = bytes(4) + EXPLICIT.delimiter(SEQUENCE_DELIMITER)
    part = EXPLICIT.fragments(PIXEL_DATA, "OB", piece, closed=False)
    if is_in_item:
        part = EXPLICIT.sequence(0x00880200, EXPLICIT.item(part), undefined=True)
    data = part10(part, JPEG_BASELINE_UID).data
    same(lambda: io.BytesIO(data))


@pytest.mark.parametrize("length", [0, 4, 0x424F, 0x4E55])
@pytest.mark.parametrize("tag", [ITEM_DELIMITER, SEQUENCE_DELIMITER])
def test_delimitation_items_that_are_not_empty(tag: int, length: int) -> None:
    """pydicom reads the one after an item as an element; its length may look like a VR."""
    name = EXPLICIT.element(0x00100010, "PN", b"Doe^Jane")
    ends = {ITEM_DELIMITER: 0, SEQUENCE_DELIMITER: 0, tag: length}
    item = EXPLICIT.item(name, undefined=True, closed=False) + raw(
        EXPLICIT.delimiter(ITEM_DELIMITER, ends[ITEM_DELIMITER])
    )
    sequence = EXPLICIT.sequence(0x00081140, item, undefined=True, closed=False)
    sequence += raw(EXPLICIT.delimiter(SEQUENCE_DELIMITER, ends[SEQUENCE_DELIMITER]))
    data = part10(sequence + name + EXPLICIT.element(0x00100020, "LO", b"1234"), EXPLICIT_LITTLE_UID).data
    same(lambda: io.BytesIO(data))


@pytest.mark.parametrize("has_group_length", [False, True])
def test_file_meta_information_with_an_empty_element(has_group_length: bool) -> None:
    """pydicom converts elements without a value while it looks for the first one."""
    extra = EXPLICIT.element(0x00020016, "AE", b"") + EXPLICIT.element(0x00020102, "OB", b"")
    meta = file_meta(EXPLICIT_LITTLE_UID, extra, group_length=has_group_length)
    data = part10(data_set_of(EXPLICIT), EXPLICIT_LITTLE_UID, meta=meta).data
    for _ in range(2):
        same(lambda: io.BytesIO(data))


# Character sets, transfer syntaxes, settings


@pytest.mark.parametrize("encoding", [IMPLICIT, EXPLICIT], ids=["implicit", "explicit"])
@pytest.mark.parametrize(
    "charset",
    [b"ISO_IR 192", b"ISO-IR 100", b"nonsense", b"", b"\\ISO 2022 IR 87", b"ISO_IR 192\\ISO_IR 100", b" ISO_IR 100"],
    ids=repr,
)
@pytest.mark.parametrize("place", ["before", "after", "in the item"])
def test_valid_and_invalid_character_sets(encoding: Any, charset: bytes, place: str) -> None:
    named = encoding.element(0x00080005, "CS", charset)
    name = encoding.element(0x00100010, "PN", b"M\xc3\xbcller")
    inner = encoding.item(named + name if place == "in the item" else name, undefined=True)
    sequence = encoding.sequence(0x00081140, inner, undefined=True)
    parts = {"before": named + sequence, "after": sequence + named, "in the item": sequence}
    data = part10(parts[place] + name, UID_OF[encoding]).data
    for _ in range(2):  # the second time some conversions are cached
        same(lambda: io.BytesIO(data))


@pytest.mark.parametrize("mode", [pydicom.config.IGNORE, pydicom.config.WARN, pydicom.config.RAISE])
@pytest.mark.parametrize("uid", [b"1.2.840.10008.1.2.1\x1f", b" 1.2.840.10008.1.2.1", b"1.2.x.4 ", b"1.2\\1.3", b""])
def test_transfer_syntaxes_that_are_not_a_uid(monkeypatch: pytest.MonkeyPatch, uid: bytes, mode: int) -> None:
    monkeypatch.setattr(pydicom.config.settings, "_reading_validation_mode", mode)
    rest = EXPLICIT.element(0x00020001, "OB", b"\0\1") + EXPLICIT.element(0x00020010, "UI", uid)
    for body in (data_set_of(EXPLICIT), data_set_of(EXPLICIT) + raw(b"\xfe\xff\x0d\xe0" * 4)):
        data = part10(body, None, meta=rest).data
        for _ in range(2):
            same(lambda data=data: io.BytesIO(data))


@pytest.mark.parametrize("is_implicit", [False, True])
@pytest.mark.parametrize("is_little", [False, True])
def test_a_registered_private_transfer_syntax(is_implicit: bool, is_little: bool) -> None:
    uid = "1.2.3.4.5"
    encoding = IMPLICIT if is_implicit else EXPLICIT
    data = part10(data_set_of(encoding), uid).data
    register_transfer_syntax(pydicom.uid.UID(uid), implicit_vr=is_implicit, little_endian=is_little)
    try:
        same(lambda: io.BytesIO(data))
    finally:
        PrivateTransferSyntaxes.clear()


@pytest.mark.parametrize("name", ["use_none_as_empty_text_VR_value", "replace_un_with_known_vr", "_use_future"])
@pytest.mark.parametrize("value", [False, True])
def test_settings_of_pydicom(monkeypatch: pytest.MonkeyPatch, name: str, value: bool) -> None:
    monkeypatch.setattr(pydicom.config, name, value)
    unknown = EXPLICIT.sequence(0x00081140, IMPLICIT.item(undefined=True), vr="UN", undefined=True)
    empty = EXPLICIT.element(0x00080060, "CS", b"") + EXPLICIT.element(0x00280010, "US", b"")
    data = part10(empty + unknown, EXPLICIT_LITTLE_UID).data
    same(lambda: io.BytesIO(data))


def test_un_of_undefined_length_that_a_setting_keeps_as_un(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pydicom.config.settings, "infer_sq_for_un_vr", False)
    monkeypatch.setattr(pydicom.config, "replace_un_with_known_vr", False)
    unknown = EXPLICIT.sequence(0x00091140, IMPLICIT.item(undefined=True), vr="UN", undefined=True)
    data = part10(unknown, EXPLICIT_LITTLE_UID).data
    assert same(lambda: io.BytesIO(data)).get_item(0x00091140).value.startswith(b"\xfe\xff\x00\xe0")


def test_conversions_and_logs_of_the_caller(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[int] = []

    def keep(raw: Any, **_: Any) -> Any:
        seen.append(raw.tag)
        return raw

    monkeypatch.setattr(pydicom.config, "data_element_callback", keep)
    convert_everything(dcmread(io.BytesIO(PLAIN)))
    ours = seen.copy()
    seen.clear()
    convert_everything(THEIRS(io.BytesIO(PLAIN)))
    assert ours == seen
    monkeypatch.undo()

    def shout(raw: Any, data: dict[str, Any], **kwargs: Any) -> None:
        hooks.raw_element_value(raw, data, **kwargs)
        data["value"] = str(data["value"]).upper()

    monkeypatch.setattr(hooks.hooks, "raw_element_value", shout)
    assert same(lambda: io.BytesIO(PLAIN)).PatientName == "MÜLLER"
    monkeypatch.undo()

    with caplog.at_level(logging.DEBUG, "pydicom"):
        THEIRS(io.BytesIO(PLAIN))
        messages = caplog.messages
        caplog.clear()
        dcmread(io.BytesIO(PLAIN))
        assert caplog.messages == messages != []

"""The few values that pydicom converts while it reads, because they decide how the rest is read. Results are cached.

For: pydicom_file.py and pydicom_sequences.py. A conversion takes as long as twenty elements, and these values are the
same in file after file.
Never: a result that differs from pydicom's own conversion, or a cached value that could identify a person: only group
lengths, UIDs that PS3.6 registers and defined terms of character sets are cached.
Standard: PS3.10 7.1 and PS3.3 C.12.1.1.2, edition 2026b.
"""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import NamedTuple, TypeAlias, cast

from pydicom import config
from pydicom.charset import STAND_ALONE_ENCODINGS, convert_encodings, python_encoding
from pydicom.dataelem import DataElement, RawDataElement, convert_raw_data_element
from pydicom.dataset import Dataset
from pydicom.hooks import hooks, raw_element_value, raw_element_vr
from pydicom.tag import BaseTag
from pydicom.uid import UID
from pydicom.values import convert_string

from tagsniff.backends.pydicom_encoding import Unlike

Elements: TypeAlias = "dict[BaseTag, DataElement | RawDataElement]"
Encodings: TypeAlias = "str | MutableSequence[str]"

TAG_SPECIFIC_CHARACTER_SET = BaseTag(0x00080005)
_KNOWN_LIMIT = 4096
_known: dict[tuple[BaseTag, str | None, bytes | None], tuple[str, object]] = {}


class ElementEncodings(NamedTuple):
    """The Python encodings of one data set, whose (0008,0005) has its value at position ``tell``, -1 if it has none.

    ``before`` and ``after`` are for the sequences before and after this element, ``of_data_set`` for all else.
    """

    before: Encodings
    after: Encodings
    of_data_set: Encodings
    tell: int


def are_conversions_own() -> bool:
    """Return whether the conversions are pydicom's own, and none was replaced by a function of the caller."""
    return (
        not config.data_element_callback
        and not hooks.raw_element_kwargs
        and hooks.raw_element_vr is raw_element_vr
        and hooks.raw_element_value is raw_element_value
    )


def settle(dataset: Dataset, elements: Elements, tag: BaseTag) -> None:
    """Replace a raw element of a data set by the converted one, as an access to it does.

    ``elements`` are those of ``dataset``. Warns and raises as pydicom does.
    """
    if not _settle_known(elements, tag):
        raw = elements[tag]
        element = dataset[tag]
        if isinstance(raw, RawDataElement):
            _learn(raw, element)


def settle_encodings(elements: Elements, default: Encodings) -> Encodings:
    """Replace (0008,0005) by the converted element and return its encodings; without it, return the default."""
    if TAG_SPECIFIC_CHARACTER_SET not in elements:
        return default
    if not _settle_known(elements, TAG_SPECIFIC_CHARACTER_SET):
        return Dataset(elements)._character_set
    return convert_encodings(cast(DataElement, elements[TAG_SPECIFIC_CHARACTER_SET]).value)


def find_encodings(elements: Elements, around: Encodings) -> ElementEncodings | None:
    """Return the encodings of a data set, None if pydicom may warn about them. Raises Unlike."""
    if TAG_SPECIFIC_CHARACTER_SET not in elements:
        return ElementEncodings(around, around, around, -1)
    raw = elements[TAG_SPECIFIC_CHARACTER_SET]
    if not isinstance(raw, RawDataElement):
        raise Unlike("a character set of undefined length")
    found = _known.get((raw.tag, raw.VR, raw.value))
    if found is not None:
        value = cast(str, found[1])
        return ElementEncodings(around, convert_encodings(value), convert_encodings(value), raw.value_tell)
    return read_encodings(raw, around) if _is_quiet(raw) else None


def read_encodings(raw: RawDataElement, around: Encodings) -> ElementEncodings:
    """Return the encodings of a data set that has (0008,0005). Warns and raises as often as pydicom does.

    pydicom reads the element twice: when it passes it, and when the data set is complete. Both agree on a valid value.
    """
    after = convert_encodings(convert_string(raw.value or b"", raw.is_little_endian))
    element = convert_raw_data_element(raw)
    _learn(raw, element)
    return ElementEncodings(around, after, convert_encodings(element.value), raw.value_tell)


def read_uid(raw: DataElement | RawDataElement) -> str:
    """Return the UID of an element, without a conversion that might warn. Raises Unlike if there is not exactly one."""
    if not isinstance(raw, RawDataElement) or raw.VR != "UI" or not raw.value or b"\\" in raw.value:
        raise Unlike("a transfer syntax that is not one UID")
    return _decode(raw.value).strip()


def _settle_known(elements: Elements, tag: BaseTag) -> bool:
    raw = elements[tag]
    if not isinstance(raw, RawDataElement):
        return False
    found = _known.get((tag, raw.VR, raw.value))
    if found is None:
        return False
    vr, value = found
    elements[tag] = DataElement(tag, vr, value, raw.value_tell, already_converted=True)
    return True


def _learn(raw: RawDataElement, element: DataElement) -> None:
    """Cache a conversion that has the same result with every setting of pydicom and never warns."""
    value = element.value
    if not raw.value or raw.VR not in {None, element.VR} or len(_known) >= _KNOWN_LIMIT:
        return
    if (
        (element.VR == "UL" and type(value) is int and element.tag.element == 0)
        or (type(value) is UID and value.name != value and value == _decode(raw.value))
        or (element.tag == TAG_SPECIFIC_CHARACTER_SET and type(value) is str and _is_quiet(raw))
    ):
        _known[raw.tag, raw.VR, raw.value] = (element.VR, value)


def _is_quiet(raw: RawDataElement) -> bool:
    """Return whether all terms of a character set are known and may be combined."""
    terms = _decode(raw.value or b"").split("\\")
    return (
        raw.VR in {None, "CS"}
        and all(term in python_encoding for term in terms)
        and (len(terms) == 1 or not any(term in STAND_ALONE_ENCODINGS for term in terms))
    )


def _decode(value: bytes) -> str:
    """Return the text of a UID or of terms, without padding. pydicom also removes other white space from a UID."""
    return value.decode("latin-1").rstrip("\0 ")

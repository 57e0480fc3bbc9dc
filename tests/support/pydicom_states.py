"""Everything in which two data sets of pydicom can differ, as plain values, and all results of a call to a reader.

For: tests that compare tagsniff's ``dcmread`` with pydicom's.
Never: an access to an element that converts it, except in `convert_everything`.
Standard: none; the attributes are those of pydicom 3.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

State = tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """``error`` is type and text of an exception; ``warned`` has category, text and place of each warning."""

    result: Any
    error: tuple[type[Exception], str] | None
    warned: tuple[tuple[type[Warning], str, str, int], ...]


def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Outcome:
    """Call a function and record all its results."""
    result, error = None, None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function(*args, **kwargs)
        except Exception as raised:  # noqa: BLE001 - whatever one raises, the other must raise
            error = (type(raised), str(raised))
    return Outcome(result, error, tuple((w.category, str(w.message), w.filename, w.lineno) for w in caught))


def state_of(data_set: Dataset) -> State:
    """Return everything in a data set, with the elements in their order, raw or converted as they are."""
    attributes = dict(vars(data_set))
    elements = attributes.pop("_dict")
    file_meta = attributes.pop("file_meta", None)
    buffer = attributes.pop("buffer", None)
    return (
        type(data_set),
        attributes,
        None if file_meta is None else state_of(file_meta),
        (type(buffer), getattr(buffer, "name", None)),
        [(tag, type(tag), _state_of_element(element)) for tag, element in elements.items()],
    )


def convert_everything(data_set: Dataset) -> None:
    """Access every element, also in items."""
    for element in data_set:
        if isinstance(element.value, Sequence):
            for item in element.value:
                convert_everything(item)


def written(data_set: Dataset) -> bytes:
    """Return the file that pydicom writes for a data set."""
    target = io.BytesIO()
    data_set.save_as(target)
    return target.getvalue()


def first_difference(ours: Any, theirs: Any, path: str = "") -> str:
    """Return where two states differ, empty if they are equal."""
    if ours == theirs:
        return ""
    if type(ours) is type(theirs) and type(ours) in (list, tuple) and len(ours) == len(theirs):
        pairs: Iterator[tuple[Any, Any]] = zip(ours, theirs, strict=True)
        found = (first_difference(a, b, f"{path}/{number}") for number, (a, b) in enumerate(pairs))
        return next((text for text in found if text), path)
    return f"{path}: {ours!r:.300} and not {theirs!r:.300}"


def _state_of_element(element: DataElement | RawDataElement) -> State:
    if isinstance(element, RawDataElement):
        return (type(element), tuple(element), [type(member) for member in element])
    attributes = dict(vars(element))
    value = attributes.pop("_value")
    # A VR is a str or a pydicom.valuerep.VR, which are equal.
    return (type(element), _state_of_value(value), attributes, {key: type(found) for key, found in attributes.items()})


def _state_of_value(value: Any) -> State:
    if isinstance(value, Sequence):
        attributes = dict(vars(value))
        return (type(value), [state_of(item) for item in attributes.pop("_list")], attributes)
    return (type(value), repr(value) if isinstance(value, float) else value)

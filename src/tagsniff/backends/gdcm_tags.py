"""Tags as the GDCM backend accepts them: its own small types, those of python-gdcm, tuples and numbers.

For: callers of the backend, who do not need python-gdcm.
Never: an import of python-gdcm; its objects are recognized by their methods.
Terms: PS3.5 7.1 (tag) and 7.8 (private data elements), edition 2026b.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, SupportsIndex, TypeAlias

from tagsniff.dicom.notation import Step, format_identity

_MOST = 0xFFFF
_PADDING = " \0"


class HasTag(Protocol):
    """The methods of a tag, those of python-gdcm included."""

    def GetGroup(self) -> int: ...
    def GetElement(self) -> int: ...


class HasOwner(HasTag, Protocol):
    """The methods of a private tag, those of python-gdcm included."""

    def GetOwner(self) -> str: ...


TagLike: TypeAlias = HasTag | SupportsIndex | tuple[SupportsIndex, SupportsIndex]
PrivateTagLike: TypeAlias = HasOwner | tuple[SupportsIndex, SupportsIndex, str]
AnyTag: TypeAlias = TagLike | PrivateTagLike


@dataclass(frozen=True, slots=True, order=True)
class Tag:
    """The tag (gggg,eeee) as in the file. Raises ValueError for a number of more than 16 bits.

    Source: PS3.5 2026b, 7.1.1.
    """

    group: int
    element: int

    def __post_init__(self) -> None:
        if not (0 <= self.group <= _MOST and 0 <= self.element <= _MOST):
            raise ValueError("group and element have 16 bits each")

    @property
    def number(self) -> int:
        """The tag as gggg * 65536 + eeee."""
        return self.group << 16 | self.element

    def GetGroup(self) -> int:
        """Return gggg."""
        return self.group

    def GetElement(self) -> int:
        """Return eeee."""
        return self.element

    def __str__(self) -> str:
        return format_identity((step_of(self),))


@dataclass(frozen=True, slots=True, order=True)
class PrivateTag:
    """A private element by its private creator, in any block: only the last two digits of ``element`` are used.

    ``owner`` is the private creator without padding, in the letter case of the file.

    Raises ValueError for a group that is not private, or an owner that is empty or cannot be a private creator.

    Source: PS3.5 2026b, 7.8.1.
    """

    group: int
    element: int
    owner: str

    def __post_init__(self) -> None:
        Tag(self.group, self.element)
        object.__setattr__(self, "element", self.element & 0xFF)
        object.__setattr__(self, "owner", self.owner.rstrip(_PADDING).lstrip(" "))
        step_of(self)

    def GetGroup(self) -> int:
        """Return gggg."""
        return self.group

    def GetElement(self) -> int:
        """Return the last two digits of eeee."""
        return self.element

    def GetOwner(self) -> str:
        """Return the private creator."""
        return self.owner

    def __str__(self) -> str:
        return format_identity((step_of(self),))


def read_tag(asked: AnyTag) -> Tag | PrivateTag:
    """Return the tag of an argument.

    ``asked`` is a tag of this module or of python-gdcm, (group, element), (group, element, owner), or the number
    gggg * 65536 + eeee. Raises TypeError for anything else, ValueError for numbers that are not a tag.
    """
    if isinstance(asked, (Tag, PrivateTag)):
        return asked
    if isinstance(asked, tuple):
        parts: tuple[object, ...] = asked
        if len(parts) == 2:
            return _make_tag(_read_number(parts[0]), _read_number(parts[1]))
        if len(parts) == 3 and isinstance(parts[2], str):
            return PrivateTag(_read_number(parts[0]), _read_number(parts[1]), parts[2])
        raise TypeError("a tuple for a tag is (group, element), for a private one (group, element, owner)")
    # Checked by the names of methods: isinstance with a protocol is so slow that a look-up would cost more than GDCM's.
    given: Any = asked
    if hasattr(given, "GetGroup"):
        if hasattr(given, "GetOwner"):
            return PrivateTag(given.GetGroup(), given.GetElement(), given.GetOwner())
        return _make_tag(given.GetGroup(), given.GetElement())
    number = _read_number(asked)
    if number < 0:
        raise ValueError("a tag has 32 bits")
    return _make_tag(number >> 16, number & _MOST)


def step_of(tag: Tag | PrivateTag) -> Step:
    """Return the element as a step of an identity."""
    if isinstance(tag, PrivateTag):
        return Step(tag.group << 16 | tag.element, tag.owner)
    return Step(tag.number)


def _read_number(asked: object) -> int:
    if isinstance(asked, bool) or not hasattr(asked, "__index__"):
        raise TypeError("a tag is a Tag, what has GetGroup and GetElement, a tuple, or a number")
    return operator.index(asked)


_make_tag = lru_cache(maxsize=4096)(Tag)

"""Tags as the GDCM backend accepts them: its own small types, those of python-gdcm, tuples and numbers.

For: callers of the backend, who do not need python-gdcm.
Never: an import of python-gdcm; its objects are recognized by their methods. Its functions accept these tags.
Terms: PS3.5 7.1 (tag) and 7.8 (private data elements), edition 2026b.
"""

from __future__ import annotations

import operator
import re
import sys
from functools import lru_cache
from typing import Any, Protocol, SupportsIndex, TypeAlias

from tagsniff.dicom.notation import Step, format_identity, format_tag

_MOST = 0xFFFF
_PADDING = " \0"
_FORBIDDEN_GROUPS = frozenset({1, 3, 5, 7})
# As GDCM reads tags: up to four digits each, white space before them, anything after them.
_COMMA = re.compile(r"\s*([0-9A-Fa-f]{1,4}+),\s*([0-9A-Fa-f]{1,4}+)")
_PIPE = re.compile(r"\s*([0-9A-Fa-f]{1,4}+)\|\s*([0-9A-Fa-f]{1,4}+)")
_CONTINUOUS = re.compile(r"\s*([0-9A-Fa-f]{1,4}+)\s*([0-9A-Fa-f]{1,4}+)")
_COMMA_OWNER = re.compile(_COMMA.pattern + r",(.*)", re.DOTALL)


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


class Tag:
    """The tag (gggg,eeee) as in the file.

    Made by ``Tag(gggg, eeee)``, ``Tag(gggg * 65536 + eeee)``, ``Tag(tag)``, and ``Tag()`` for (0000,0000). Raises
    ValueError for a number of more than 16 bits, or 32 if there is only one.

    A tag can be changed, as in GDCM. Do not change one that is a key of a dict or a member of a set. The scanner and
    its mappings keep and return copies.

    Source: PS3.5 2026b, 7.1.1; ``gdcm.Tag`` of GDCM.
    """

    __slots__ = ("_number",)

    def __init__(self, group: AnyTag = 0, element: SupportsIndex | None = None) -> None:
        if element is None:
            self._number = read_tag(group).number
        else:
            self._number = _join(_read_number(group), _read_number(element))

    @property
    def number(self) -> int:
        """The tag as gggg * 65536 + eeee."""
        return self._number

    @property
    def group(self) -> int:
        """gggg."""
        return self._number >> 16

    @property
    def element(self) -> int:
        """eeee."""
        return self._number & _MOST

    @property
    def this(self) -> Any:
        """The same tag of python-gdcm, if that is loaded: its functions accept this tag because of this attribute."""
        return _find_foreign(self._number, "").this

    def GetGroup(self) -> int:
        """Return gggg."""
        return self._number >> 16

    def GetElement(self) -> int:
        """Return eeee."""
        return self._number & _MOST

    def GetElementTag(self) -> int:
        """Return the tag as gggg * 65536 + eeee."""
        return self._number

    def GetLength(self) -> int:
        """Return the number of bytes of a tag in a file."""
        return 4

    def SetGroup(self, group: SupportsIndex) -> None:
        """Set gggg. Raises ValueError for more than 16 bits."""
        self._set(_join(_read_number(group), self.element))

    def SetElement(self, element: SupportsIndex) -> None:
        """Set eeee. Raises ValueError for more than 16 bits."""
        self._set(_join(self.group, _read_number(element)))

    def SetElementTag(self, group: AnyTag, element: SupportsIndex | None = None) -> None:
        """Set gggg and eeee, from one number or two."""
        self._set(Tag(group, element).number)

    def IsPrivate(self) -> bool:
        """Return whether gggg is odd."""
        return self.group % 2 == 1

    def IsPublic(self) -> bool:
        """Return whether gggg is even; the element need not be in the dictionary."""
        return self.group % 2 == 0

    def IsPrivateCreator(self) -> bool:
        """Return whether this is a private creator: gggg odd, eeee from 0010 to 00FF (PS3.5 7.8.1)."""
        return self.IsPrivate() and 0x10 <= self.element <= 0xFF

    def IsIllegal(self) -> bool:
        """Return whether gggg is 0001, 0003, 0005 or 0007, or odd with an eeee from 0001 to 000F (PS3.5 7.8.1)."""
        return self.group in _FORBIDDEN_GROUPS or (self.IsPrivate() and 0 < self.element < 0x10)

    def IsGroupLength(self) -> bool:
        """Return whether eeee is 0000."""
        return self.element == 0

    def IsGroupXX(self, t: Tag) -> bool:
        """Return whether this is an element of a repeating group whose first group is that of ``t``: 6002 of 6000."""
        return self.element == t.element and not t.IsPrivate() and self.group & 0xFF00 == t.group

    def GetPrivateCreator(self) -> Tag:
        """Return the private creator of a private element; a private creator itself; (0000,0000) if it is public."""
        if self.IsPublic():
            return Tag()
        return Tag(self.group, self.element if self.IsPrivateCreator() else self.element >> 8)

    def SetPrivateCreator(self, t: Tag) -> None:
        """Put the element in the block of a private creator. Raises ValueError for another tag."""
        if not t.IsPrivateCreator():
            raise ValueError("not the tag of a private creator")
        self._set(_join(t.group, t.element << 8 | self.element & 0xFF))

    def ReadFromCommaSeparatedString(self, str: str) -> bool:  # noqa: A002 - the names of arguments are GDCM's
        """Set the tag from ``gggg,eeee``; return False, and change nothing, for another text."""
        return self._read(_COMMA, str)

    def ReadFromPipeSeparatedString(self, str: str) -> bool:  # noqa: A002
        """Set the tag from ``gggg|eeee``; return False, and change nothing, for another text."""
        return self._read(_PIPE, str)

    def ReadFromContinuousString(self, str: str) -> bool:  # noqa: A002
        """Set the tag from ``ggggeeee``; return False, and change nothing, for another text."""
        return self._read(_CONTINUOUS, str)

    def PrintAsContinuousString(self) -> str:
        """Return ``ggggeeee``, with small letters."""
        return f"{self._number:08x}"

    def PrintAsContinuousUpperCaseString(self) -> str:
        """Return ``ggggeeee``, with capital letters."""
        return f"{self._number:08X}"

    def PrintAsPipeSeparatedString(self) -> str:
        """Return ``gggg|eeee``."""
        return f"{self.group:04x}|{self.element:04x}"

    def _set(self, number: int) -> None:
        self._number = number

    def _read(self, pattern: re.Pattern[str], text: str) -> bool:
        found = pattern.match(text)
        if found is None:
            return False
        self._set(_join(int(found[1], 16), int(found[2], 16)))
        return True

    def __getitem__(self, index: int) -> int:
        return (self.group, self.element)[index]

    def __eq__(self, other: object) -> bool:
        if type(other) is Tag:  # almost always
            return self._number == other._number
        return bool(_key_of(other) == (self._number, ""))

    def __lt__(self, other: object) -> bool:
        key = _key_of(other)
        return NotImplemented if key is None else _key_of(self) < key

    def __le__(self, other: object) -> bool:
        key = _key_of(other)
        return NotImplemented if key is None else _key_of(self) <= key

    def __gt__(self, other: object) -> bool:
        key = _key_of(other)
        return NotImplemented if key is None else _key_of(self) > key

    def __ge__(self, other: object) -> bool:
        key = _key_of(other)
        return NotImplemented if key is None else _key_of(self) >= key

    def __hash__(self) -> int:
        return self._number

    def __str__(self) -> str:
        return format_tag(self._number)

    def __repr__(self) -> str:
        return f"Tag(0x{self.group:04X}, 0x{self.element:04X})"


class PrivateTag(Tag):
    """A private element by its private creator, in any block: only the last two digits of ``element`` are used.

    ``owner`` is the private creator without padding, in the letter case of the file.

    Raises ValueError for a group that is not private, or an owner that is empty or cannot be a private creator.

    Source: PS3.5 2026b, 7.8.1; ``gdcm.PrivateTag`` of GDCM.
    """

    __slots__ = ("_owner",)

    def __init__(self, group: SupportsIndex, element: SupportsIndex, owner: str) -> None:
        self._owner = owner.rstrip(_PADDING).lstrip(" ")
        self._set(_join(_read_number(group), _read_number(element)))

    @property
    def owner(self) -> str:
        """The private creator."""
        return self._owner

    @property
    def this(self) -> Any:
        """The same tag of python-gdcm, if that is loaded; see `Tag.this`."""
        return _find_foreign(self._number, self._owner).this

    def GetOwner(self) -> str:
        """Return the private creator."""
        return self._owner

    def SetOwner(self, owner: str) -> None:
        """Set the private creator. Raises ValueError for one that is empty or cannot be a private creator."""
        changed = PrivateTag(self.group, self.element, owner)
        self._owner = changed.owner

    def ReadFromCommaSeparatedString(self, str: str) -> bool:  # noqa: A002
        """Set the tag from ``gggg,ee,owner``; return False, and change nothing, for another text."""
        found = _COMMA_OWNER.match(str)
        try:
            changed = PrivateTag(int(found[1], 16), int(found[2], 16), found[3]) if found else None
        except ValueError:
            return False  # a group that is not private, or an owner that cannot be one
        if changed is None:
            return False
        self._number, self._owner = changed.number, changed.owner
        return True

    def _set(self, number: int) -> None:
        number &= 0xFFFF00FF
        step = Step(number, self._owner)  # raises for a group that is not private
        self._number = step.tag

    def __eq__(self, other: object) -> bool:
        return bool(_key_of(other) == (self._number, self._owner))

    def __hash__(self) -> int:
        return hash((self._number, self._owner))

    def __str__(self) -> str:
        return format_identity((step_of(self),))

    def __repr__(self) -> str:
        return f"PrivateTag(0x{self.group:04X}, 0x{self.element:02X}, {self._owner!r})"


def read_tag(asked: AnyTag) -> Tag | PrivateTag:
    """Return the tag of an argument.

    ``asked`` is a tag of this module or of python-gdcm, (group, element), (group, element, owner), or the number
    gggg * 65536 + eeee. Raises TypeError for anything else, ValueError for numbers that are not a tag.
    """
    if isinstance(asked, Tag):
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


def copy_tag(tag: Tag) -> Tag:
    """Return another tag that is equal."""
    if isinstance(tag, PrivateTag):
        return PrivateTag(tag.group, tag.element, tag.owner)
    return Tag(tag.number)


def step_of(tag: Tag | PrivateTag) -> Step:
    """Return the element as a step of an identity."""
    if isinstance(tag, PrivateTag):
        return Step(tag.group << 16 | tag.element, tag.owner)
    return Step(tag.number)


def _read_number(asked: object) -> int:
    if isinstance(asked, bool) or not hasattr(asked, "__index__"):
        raise TypeError("a tag is a Tag, what has GetGroup and GetElement, a tuple, or a number")
    return operator.index(asked)


def _join(group: int, element: int) -> int:
    if not (0 <= group <= _MOST and 0 <= element <= _MOST):
        raise ValueError("group and element have 16 bits each")
    return group << 16 | element


def _key_of(tag: object) -> Any:
    """Return what decides about equality and order of a tag, also of python-gdcm; None for anything else."""
    if isinstance(tag, PrivateTag):
        return tag.number, tag.owner
    if isinstance(tag, Tag):
        return tag.number, ""
    if hasattr(tag, "GetElementTag"):
        return tag.GetElementTag(), tag.GetOwner() if hasattr(tag, "GetOwner") else ""
    return None


def _find_foreign(number: int, owner: str) -> Any:
    """Return the tag of python-gdcm. It is kept for ever: the functions of python-gdcm use it without a reference.

    Raises AttributeError if python-gdcm is not loaded; this module never loads it.
    """
    found = _foreign.get((number, owner))
    if found is None:
        gdcm: Any = sys.modules.get("gdcm")
        if gdcm is None:
            raise AttributeError("python-gdcm is not loaded")
        group, element = number >> 16, number & _MOST
        made = gdcm.PrivateTag(group, element, owner) if owner else gdcm.Tag(group, element)
        found = _foreign.setdefault((number, owner), made)
    return found


_foreign: dict[tuple[int, str], Any] = {}


@lru_cache(maxsize=4096)
def _make_tag(group: int, element: int) -> Tag:
    return Tag(group, element)

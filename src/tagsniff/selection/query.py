r"""The query of ``find``: an element as the reports write it, and optionally a value as they show it.

For: the search for occurrences, which applies it to the core's rows.
Never: a rule of its own for what a value is, or a text of the query in a message: it may be a patient's name.
Terms: PS3.5 6.2 (VRs) and 7.8 (private data elements), edition 2026b.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tagsniff import _core
from tagsniff.dicom.creator_codes import CoreStep, read_step
from tagsniff.dicom.element_names import read_element
from tagsniff.dicom.equipment import read_equipment
from tagsniff.dicom.found_text import split_suffix
from tagsniff.dicom.notation import Identity
from tagsniff.dicom.value_head import split_value
from tagsniff.dicom.value_text import read_long_text, represents_several, show_found_text, show_value
from tagsniff.output.csv_text import protect_cell
from tagsniff.output.terminal_text import show_on_terminal

ASKED = 1
"""The decision number of the elements that match the query; other elements have another one."""
_NOT_ASKED = 0


class AskedElement(NamedTuple):
    """An element of the query; ``kind`` is that of the core's element uses.

    It is 0 for the element itself, otherwise the text found inside its bytes; see `SUFFIXES`.
    """

    identity: Identity
    kind: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """The query: elements, and the value, VR and equipment that one of them must have; None matches any.

    With ``has_any_depth`` only the last step of an identity is compared. With ``shows_values`` every value is returned.
    """

    elements: tuple[AskedElement, ...]
    has_any_depth: bool = False
    value: str | None = None
    regex: re.Pattern[str] | None = None
    vr: str | None = None
    equipment: str | None = None
    shows_values: bool = False

    @property
    def asks_for_values(self) -> bool:
        """Whether the result depends on values or shows them; otherwise it depends on elements only."""
        return self.shows_values or self.value is not None or self.regex is not None

    def decide(
        self,
        equipment: tuple[bytes | None, bytes | None, bytes | None, bytes | None],
        steps: tuple[CoreStep, ...],
        vr: str,
        _block: int,
        _parent_blocks: tuple[int, ...],
    ) -> tuple[int, bool, bool, int, int, bytes]:
        """Answer the core: record the values of elements that match, and no others; see `_core.ValueCollector`."""
        if not self._asks_for(equipment, vr):
            return _NOT_ASKED, False, False, 0, 0, b""
        kinds = self.find_kinds(tuple(read_step(*step) for step in steps))
        if not kinds:
            return _NOT_ASKED, False, False, 0, 0, b""
        return ASKED, self.asks_for_values or bool(kinds - {0}), False, 0, 0, b""

    def find_kinds(self, found: Identity) -> frozenset[int]:
        """Return the kinds of element uses that the query asks for of this element."""
        return frozenset(
            kind
            for wanted, kind in self.elements
            if found[-1:] == wanted[-1:] and (self.has_any_depth or found == wanted)
        )

    def show(self, value: bytes, vr: str, charset: bytes, *, kind: int) -> str | None:
        """Return the text of a value of the core, None if it does not match the query."""
        if kind:
            text, _ = show_found_text(value, charset)
        else:
            # The index of the character set is that of the scan. Here there is only one, with index 0.
            head, payload = split_value(value)
            text, _ = show_value(bytes(head._replace(charset=0)) + payload, vr, [charset])
            # Of a text above 64 KiB, `text` has only the start.
            whole = read_long_text(value, vr, charset)
            if whole is not None:
                return text if self._is_in(text, whole) else None
        if self.value is not None and not _is_shown_as(text, self.value):
            return None
        return text if self.regex is None or self.regex.search(text) is not None else None

    def _is_in(self, shown: str, whole: str) -> bool:
        """Return whether a text above 64 KiB matches: as it is shown, or as a whole, or by one of its components."""
        if self.regex is not None:
            return self.regex.search(whole) is not None
        asked = self.value
        return asked is None or _is_shown_as(shown, asked) or asked in [part.strip(" \0") for part in whole.split("\\")]

    def _asks_for(self, equipment: tuple[bytes | None, bytes | None, bytes | None, bytes | None], vr: str) -> bool:
        if self.vr is not None and vr != self.vr:
            return False
        return self.equipment is None or _is_shown_as(str(read_equipment(equipment)), self.equipment)


def read_question(
    element: str | Iterable[str],
    *,
    value: str | None = None,
    regex: str | re.Pattern[str] | None = None,
    vr: str | None = None,
    equipment: str | None = None,
    any_depth: bool = False,
    show_values: bool = False,
) -> Question:
    """Return the query of `tagsniff.find`. Raises TypeError or ValueError for invalid arguments."""
    names = [element] if isinstance(element, str) or not isinstance(element, Iterable) else list(element)
    texts: list[tuple[str, object]] = [("value", value), ("vr", vr), ("equipment", equipment)]
    for name, text in [*(("element", each) for each in names), *texts]:
        if not isinstance(text, str) and (text is not None or name == "element"):
            raise TypeError(f"{name} is a str, not {type(text).__name__}")
    if not names:
        raise ValueError("at least one element is needed")
    if value is not None and regex is not None:
        raise ValueError("give a value or a regular expression, not both")
    if value == "":
        raise ValueError("an empty value is written <empty>, as in the reports")
    if value is not None and represents_several(value):
        raise ValueError(
            "the value represents several in the reports: search for one of them, or with a regular expression"
        )
    if vr is not None and vr not in _core.VR_NAMES:
        raise ValueError(f"{show_on_terminal(vr)} is no VR")
    return Question(
        elements=tuple(map(_read_element, names)),
        has_any_depth=any_depth,
        value=value,
        regex=_read_regex(regex),
        vr=vr,
        equipment=equipment,
        shows_values=show_values,
    )


def _read_element(name: str) -> AskedElement:
    # The reports append this to the element for text found inside its bytes.
    text, kind = split_suffix(name)
    return AskedElement(read_element(text), kind)


def _read_regex(regex: object) -> re.Pattern[str] | None:
    if regex is None:
        return None
    if isinstance(regex, re.Pattern) and isinstance(regex.pattern, str):
        return regex
    if not isinstance(regex, str):
        raise TypeError("regex is a str or a compiled regular expression of str")
    try:
        return re.compile(regex)
    except re.error as error:
        # The message of the error quotes the expression.
        raise ValueError(f"no regular expression: position {error.pos}") from None


def _is_shown_as(text: str, asked: str) -> bool:
    """Return whether a report shows the text as ``asked`` in one of its formats: unchanged, as text, or as CSV."""
    return asked in (text, show_on_terminal(text), protect_cell(text))

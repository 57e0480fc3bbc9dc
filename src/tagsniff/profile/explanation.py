"""Why an element is decided as it is: the row that decides, those that lost, and those that are for something else.

For: ``tagsniff profile explain`` and its writer.
Never: decide; it asks the resolution.
Terms: those of `tagsniff.dicom.notation` and of the resolution.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tagsniff import _core
from tagsniff.dicom.element_names import read_element_and_block
from tagsniff.dicom.equipment import Equipment
from tagsniff.dicom.notation import Identity
from tagsniff.profile.decision import Decision, Loss
from tagsniff.profile.resolve import Profile


class Explanation(NamedTuple):
    """One question and its answer; ``unfit`` are rows that name the element but are for other equipment and the like.

    ``vr`` None is a VR that no row names; ``block`` is None where the question does not say it.
    """

    equipment: Equipment
    identity: Identity
    vr: str | None
    block: int | None
    decision: Decision
    unfit: tuple[Loss, ...]


def explain(
    profile: Profile,
    element: str,
    equipment: Equipment,
    vr: str | None = None,
    *,
    find_keyword: Callable[[str], int | None] = _core.dictionary_find_keyword,
) -> tuple[Explanation, ...]:
    """Return what decides an element, written as an identity, with a literal block or as a keyword.

    Where ``vr`` is None there is an explanation for each VR that a row for the element names, and behind them one for
    every other VR.

    Raises ValueError if the text names no element, or more than one.
    """
    identity, block = read_element_and_block(element, find_keyword)
    return tuple(
        Explanation(
            equipment=equipment,
            identity=identity,
            vr=each,
            block=block,
            decision=profile.decide(equipment, identity, each, block),
            unfit=tuple(profile.find_unfit(equipment, identity, each, block)),
        )
        for each in ([vr] if vr is not None else [*profile.list_vrs(identity), None])
    )

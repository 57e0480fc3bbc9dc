"""Explains a decision: the row that decides, the rows that lost, and the rows that do not apply.

For: ``tagsniff profile explain`` and its writer.
Never: decide; `tagsniff.profile.resolve` does.
Terms: those of `tagsniff.dicom.notation` and `tagsniff.profile.resolve`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tagsniff.dicom.element_names import find_keyword, read_element_and_block
from tagsniff.dicom.equipment import Equipment
from tagsniff.dicom.notation import Identity
from tagsniff.profile.decision import Decision, Loss
from tagsniff.profile.resolve import Profile
from tagsniff.profile.rows import ProfileFile


class LayerAnswer(NamedTuple):
    """What one layer says of the element alone, None if it has no row that applies.

    ``number`` is that of the layer: 1 is the topmost.
    """

    number: int
    files: tuple[ProfileFile, ...]
    decision: Decision | None


class Explanation(NamedTuple):
    """One question to a profile, and its answer.

    ``vr`` None is any VR that no row names; ``block`` is None if the question has no block. ``unfit`` are the rows that
    name the element, but are for other equipment, another block or another VR. ``layers`` are those of the profile, the
    topmost first; none if there is only one.
    """

    equipment: Equipment
    identity: Identity
    vr: str | None
    block: int | None
    decision: Decision
    unfit: tuple[Loss, ...]
    layers: tuple[LayerAnswer, ...] = ()


def explain(
    profile: Profile,
    element: str,
    equipment: Equipment,
    vr: str | None = None,
    *,
    find_keyword: Callable[[str], int | None] = find_keyword,
) -> tuple[Explanation, ...]:
    """Return why an element is decided as it is.

    ``element`` is an identity, also with a literal block, or a keyword. If ``vr`` is None, there is one explanation for
    each VR that a row for the element names, followed by one for all other VRs. ``find_keyword`` returns the tag of a
    keyword of PS3.6, or None.

    Raises ValueError if the text does not name exactly one element.

    Source: the order of precedence in `tagsniff.profile.resolve`; PS3.5 2026b, 7.8.
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
            layers=_ask_layers(profile, equipment, identity, each, block) if len(profile.layers) > 1 else (),
        )
        for each in ([vr] if vr is not None else [*profile.list_vrs(identity), None])
    )


def _ask_layers(
    profile: Profile, equipment: Equipment, identity: Identity, vr: str | None, block: int | None
) -> tuple[LayerAnswer, ...]:
    answers = dict(profile.decide_by_layer(equipment, identity, vr, block))
    return tuple(LayerAnswer(number + 1, files, answers.get(number)) for number, files in enumerate(profile.layers))

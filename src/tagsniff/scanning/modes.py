"""The modes: the shipped profiles of each output of values, in layers. The modes do not differ in anything else.

For: the commands, and `tagsniff.scan`.
Never: decide anything about elements.

The Element Inventory is the mode without profiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tagsniff.profile import Profile, ProfileSource
    from tagsniff.profile.load import Given

INVENTORY = "inventory"

OTHERS_DECISIONS = "tcia"
"""The shipped profile of what other curators decided about private elements. It is beneath those of manufacturers."""

NOT_OF_MANUFACTURERS = frozenset({"basic", "physical", "record-all", OTHERS_DECISIONS})
"""The shipped profiles that do not say what the private elements of manufacturers are; all others do."""


class Mode(NamedTuple):
    """Names of shipped profiles. ``modality_software`` None means all profiles of manufacturers.

    ``beneath`` are those of the layer below: a row of it decides where no other has a row, or only suggests review.
    """

    confidentiality: str
    modality_software: tuple[str, ...] | None
    beneath: tuple[str, ...] = ()

    def list_layers(self) -> list[list[Given]]:
        """Return the shipped profiles of the mode in layers, the topmost first."""
        from tagsniff.profile import ProfileKind
        from tagsniff.profile.load import Given
        from tagsniff.profile.shipped import find_shipped

        shipped = find_shipped()
        names = self.modality_software
        if names is None:
            names = tuple(name for name in shipped if name not in NOT_OF_MANUFACTURERS)
        return [
            [
                Given(self.confidentiality, ProfileKind.CONFIDENTIALITY),
                *(Given(name, ProfileKind.MODALITY_SOFTWARE) for name in names),
            ],
            [Given(name, ProfileKind.MODALITY_SOFTWARE) for name in self.beneath if name in shipped],
        ]


MODES = {
    "before": Mode("basic", None, (OTHERS_DECISIONS,)),
    "final": Mode("physical", ("record-all",)),
}
"""The modes by name: Element Values Before De-identification, and for the Final Review."""


def load_mode(
    mode: str | None,
    confidentiality: ProfileSource | Sequence[ProfileSource] | None = None,
    modality_software: Sequence[ProfileSource] | None = None,
    options: Sequence[str] = (),
    *,
    decisions: Sequence[ProfileSource] = (),
    without_shipped: bool = False,
    uid_root: str | None = None,
) -> Profile:
    """Return the requested profile: what is given, in layers above the shipped profiles of the mode.

    The order of the layers is that of `load_profile`. A shipped profile that is given moves up to its place there.
    ``without_shipped``: the shipped profiles of the mode are left out.

    Raises what `load_profile` raises, and ValueError for an unknown mode, or without a mode and one of the profiles.
    """
    from tagsniff.profile.load import list_given, load_profile

    if mode is None:
        if confidentiality is None or modality_software is None:
            raise ValueError("without a mode, confidentiality and modality_software are both to be given")
        return load_profile(confidentiality, modality_software, options, decisions=decisions, uid_root=uid_root)
    given = list_given(confidentiality, modality_software, decisions)
    return load_above(mode, given, options, without_shipped=without_shipped, uid_root=uid_root)


def load_above(
    mode: str,
    given: Sequence[Given],
    options: Sequence[str] = (),
    *,
    without_shipped: bool = False,
    uid_root: str | None = None,
) -> Profile:
    """Return the given profiles in layers, the later above the earlier, above the shipped profiles of a mode.

    Raises as `load_mode` does; ValueError if nothing is left.
    """
    from tagsniff.profile.load import load_layers

    if mode not in MODES:
        raise ValueError(f"mode is {' or '.join((INVENTORY, *MODES))}, not {mode!r}")
    if without_shipped and not given:
        raise ValueError("without the shipped profiles no profile is left; give one")
    return load_layers(given, [] if without_shipped else MODES[mode].list_layers(), options, uid_root=uid_root)

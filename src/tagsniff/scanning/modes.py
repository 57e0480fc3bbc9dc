"""The modes: the pair of default profiles of each output of values. The modes do not differ in anything else.

For: the commands, and `tagsniff.scan`.
Never: decide anything about elements.

The Element Inventory is the mode without profiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tagsniff.profile import Profile, ProfileSource

INVENTORY = "inventory"

OTHERS_DECISIONS = "tcia"
"""The shipped profile of what other curators decided about private elements. It is beneath those of manufacturers."""

NOT_OF_MANUFACTURERS = frozenset({"basic", "physical", "record-all", OTHERS_DECISIONS})
"""The shipped profiles that do not say what the private elements of manufacturers are; all others do."""


class Mode(NamedTuple):
    """Names of shipped profiles; ``modality_software`` None means all profiles of manufacturers."""

    confidentiality: str
    modality_software: tuple[str, ...] | None


MODES = {
    "before": Mode("basic", None),
    "final": Mode("physical", ("record-all",)),
}
"""The modes by name: Element Values Before De-identification, and for the Final Review."""


def load_mode(
    mode: str | None,
    confidentiality: ProfileSource | None = None,
    modality_software: Sequence[ProfileSource] | None = None,
    options: Sequence[str] = (),
    *,
    uid_root: str | None = None,
) -> Profile:
    """Return the requested profile; ``None`` means the profiles of the mode.

    Raises what `load_profile` raises, and ValueError for an unknown mode, or without a mode and one of the profiles.
    """
    from tagsniff.profile import load_profile

    if mode is None:
        if confidentiality is None or modality_software is None:
            raise ValueError("without a mode, confidentiality and modality_software are both to be given")
        return load_profile(confidentiality, modality_software, options, uid_root=uid_root)
    if mode not in MODES:
        raise ValueError(f"mode is {' or '.join((INVENTORY, *MODES))}, not {mode!r}")
    default = MODES[mode]
    if confidentiality is None:
        confidentiality = default.confidentiality
    if modality_software is None:
        modality_software = default.modality_software
    if modality_software is None:
        from tagsniff.profile.shipped import find_shipped

        modality_software = [name for name in find_shipped() if name not in NOT_OF_MANUFACTURERS]
    return load_profile(confidentiality, modality_software, options, uid_root=uid_root)

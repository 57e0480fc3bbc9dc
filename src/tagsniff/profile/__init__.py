"""Profiles: which elements a person must look at, and what a de-identification does with the others.

For: the later stages, and callers of `tagsniff.load_profile`; these are the public names.
Never: know images or values. Data flows one way: from the files of profiles (`csv_lines`, `parser`) to rows, and from
rows to a `Profile`, which answers one question at a time.
Terms: PS3.15 annex E, edition 2026d; PS3.5 7.8, edition 2026b.
"""

from tagsniff.dicom.equipment import Equipment, EquipmentPattern, parse_equipment
from tagsniff.profile.codes import Code, Collapse, CollapseRule
from tagsniff.profile.decision import Decision, Flag, Loss, Reason
from tagsniff.profile.errors import Mistake, ProfileError
from tagsniff.profile.explanation import Explanation, LayerAnswer, explain
from tagsniff.profile.load import (
    ProfileName,
    ProfileSource,
    check_profile,
    list_profiles,
    load_layers,
    load_profile,
    read_profile,
    show_profile,
)
from tagsniff.profile.parser import COLUMNS, parse_profile
from tagsniff.profile.resolve import Layer, Profile
from tagsniff.profile.rows import OPTIONS, VRS, ProfileFile, ProfileKind, Row, Scope

__all__ = [
    "COLUMNS",
    "OPTIONS",
    "VRS",
    "Code",
    "Collapse",
    "CollapseRule",
    "Decision",
    "Equipment",
    "EquipmentPattern",
    "Explanation",
    "Flag",
    "Layer",
    "LayerAnswer",
    "Loss",
    "Mistake",
    "Profile",
    "ProfileError",
    "ProfileFile",
    "ProfileKind",
    "ProfileName",
    "ProfileSource",
    "Reason",
    "Row",
    "Scope",
    "check_profile",
    "explain",
    "list_profiles",
    "load_layers",
    "load_profile",
    "parse_equipment",
    "parse_profile",
    "read_profile",
    "show_profile",
]

"""A scan: the tables of a collection under a profile, as frozen records.

For: the stages that fill, save and report them.
Never: a value of an element with a decisive code, but one that breaks its VR under a K.
Terms: PS3.5 7.8 (private data elements), PS3.3 C.7.5.1 (General Equipment Module), PS3.15 annex E, edition 2026b.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagsniff import _core
from tagsniff.status import Omission, Status

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NO_VALUE = -1
"""In the column ``value`` of a scan's rows: the code decides without one."""


def table_dtypes() -> dict[str, np.dtype[np.void]]:
    """Return the dtypes of the tables of a `Scan`, by the names of the tables."""
    return {
        "identities": _core.IDENTITY_DTYPE,
        "equipment": _core.EQUIPMENT_DTYPE,
        "groups": _core.GROUP_DTYPE,
        "rows": _core.ROW_DTYPE,
    }


def row_flags() -> dict[str, int]:
    """Return the bit of each flag that the core sets in the column ``flags`` of a scan's rows."""
    return {
        "NOT_A_NUMBER": _core.FLAG_NOT_A_NUMBER,
        "NOT_A_CODE": _core.FLAG_NOT_A_CODE,
        "TRUNCATED": _core.FLAG_TRUNCATED,
        "COLLAPSED": _core.FLAG_COLLAPSED,
        "BAD_LENGTH": _core.FLAG_BAD_LENGTH,
        "NOT_OF_VR": _core.FLAG_NOT_OF_VR,
    }


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """What a profile said of an element, in words that need no profile to be read.

    ``row`` is the deciding row and where it stands, ``rivals`` are the rows that are equally specific and less
    protective (the conflict), ``flags`` are names of `tagsniff.profile.Flag`.
    """

    code: str
    flags: tuple[str, ...]
    row: str
    rivals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProfileRecord:
    """A profile file that took part, with the options that were selected and the SHA-256 of its bytes."""

    kind: str
    name: str
    edition: str
    options: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """What a collection holds under a profile: the tables of the core.

    ``files`` and ``series`` count the files that contributed and their series, ``partial_files`` those of them that
    could not be read to their end. ``identities``, ``equipment``, ``groups`` and ``rows`` are structured arrays of the
    dtypes of `table_dtypes`; their numbers are indexes into ``creators``, ``texts``, ``values``, ``charsets``,
    ``paths``, ``decisions`` and into each other. ``keywords`` are those of PS3.6, one for each identity, empty where it
    has none. ``deviations`` gives the number of files for each status.
    """

    files: int
    series: int
    partial_files: int
    max_values: int
    uid_root: str
    profiles: tuple[ProfileRecord, ...]
    decisions: tuple[DecisionRecord, ...]
    identities: npt.NDArray[np.void]
    equipment: npt.NDArray[np.void]
    groups: npt.NDArray[np.void]
    rows: npt.NDArray[np.void]
    creators: tuple[bytes, ...]
    texts: tuple[bytes, ...]
    values: tuple[bytes, ...]
    charsets: tuple[bytes, ...]
    paths: tuple[bytes, ...]
    vr_names: tuple[str, ...]
    keywords: tuple[str, ...]
    deviations: tuple[tuple[Status, int], ...]
    omissions: tuple[Omission, ...]

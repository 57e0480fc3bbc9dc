"""The tables of a scan: what a collection has, recorded as a profile decides, as frozen records.

For: the stages that fill, save and report them.
Never: a value of an element with a decisive code, except one that breaks its VR under a K.
Terms: PS3.5 7.8 (private data elements), PS3.3 C.7.5.1 (General Equipment Module), PS3.15 annex E, edition 2026b.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from tagsniff import _core
from tagsniff.dicom.creator_codes import NOT_PRIVATE
from tagsniff.dicom.identities import PlacedIdentity, place_identities
from tagsniff.scanning.run_record import NO_RUN, RunRecord
from tagsniff.status import Omission, Omissions, Status

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MAX_VALUES = 65536
"""The default bound on the distinct values of one element use (equipment, element and VR)."""

FEW_TEXTS = ("creators", "texts", "charsets", "series_digests", "patient_digests")
MANY_TEXTS = ("values", "paths", "collapsed_texts")
TEXTS = (*FEW_TEXTS, *MANY_TEXTS)
"""The fields of a `ScanTables` that its tables refer to by index; `MANY_TEXTS` have the core's type `Texts`."""

COLLAPSED_TEXTS = 3
"""Entry n of ``collapsed`` has the texts 3 * n to 3 * n + 2: smallest, largest, and the value if it is the only one."""

COLLAPSED = "COLLAPSED"
"""The flag of rows that draw values together."""

MAY_VARY = "MAY_VARY"
"""The flag of rows that a report never shows: the value could identify, unless it varies within its series."""

_ODD_GROUP = 0x10000

NO_VALUE = -1
"""In the column ``value`` of the rows: a code decides without a value."""


TABLES = (
    *("identities", "equipment", "uses", "rows", "patient_series", "series_runs"),
    *("collapsed", "hashes", "varying"),
)
"""The fields of a `ScanTables` that are arrays."""


def table_dtypes() -> dict[str, np.dtype[np.void]]:
    """Return the dtypes of the tables of a `ScanTables`, by the names of the tables."""
    return {
        "identities": _core.IDENTITY_DTYPE,
        "equipment": _core.EQUIPMENT_DTYPE,
        "uses": _core.USE_DTYPE,
        "rows": _core.ROW_DTYPE,
        "patient_series": _core.PATIENT_SERIES_DTYPE,
        "series_runs": _core.SERIES_RUN_DTYPE,
        "collapsed": _core.COLLAPSED_DTYPE,
        "hashes": _core.HASH_DTYPE,
        "varying": _core.VARYING_DTYPE,
    }


def row_flags() -> dict[str, int]:
    """Return the bit of each flag that the core sets in the column ``flags`` of a scan's rows."""
    return {
        "NOT_A_NUMBER": _core.FLAG_NOT_A_NUMBER,
        "NOT_A_CODE": _core.FLAG_NOT_A_CODE,
        "TRUNCATED": _core.FLAG_TRUNCATED,
        COLLAPSED: _core.FLAG_COLLAPSED,
        "BAD_LENGTH": _core.FLAG_BAD_LENGTH,
        "NOT_OF_VR": _core.FLAG_NOT_OF_VR,
        "TOO_LONG": _core.FLAG_TOO_LONG,
        "WRONG_COUNT": _core.FLAG_WRONG_COUNT,
        "LOOKS_LIKE_TEXT": _core.FLAG_LOOKS_LIKE_TEXT,
        "SEARCHED_IN_PART": _core.FLAG_SEARCHED_IN_PART,
        "STREAM_IN_PART": _core.FLAG_STREAM_IN_PART,
        MAY_VARY: _core.FLAG_MAY_VARY,
    }


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """The decision of a profile for an element, as text that can be read without the profile.

    ``row`` is the row that decides, with its file and line. ``rivals`` are the rows that are equally specific and less
    protective (the conflict). ``flags`` are names of `tagsniff.profile.Flag`. ``scope`` is what a K or C
    holds for: ``element``, or ``values`` for those that were seen when it was decided.
    """

    code: str
    flags: tuple[str, ...]
    row: str
    rivals: tuple[str, ...]
    scope: str = "element"


class RowRecord(NamedTuple):
    """A row of a user's profile, as text that can be read without the profile.

    ``text`` is the row as in a `DecisionRecord`, without its file and ``line``. ``element`` is a pattern, ``equipment``
    the four patterns.
    """

    line: int
    text: str
    element: str
    vrs: tuple[str, ...]
    equipment: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class ProfileRecord:
    """A profile file of the scan, with the selected options and the SHA-256 of its bytes in hexadecimal.

    ``layer`` counts from 1, the topmost. Of a user's file, ``file`` is the name without folders, and ``rows`` are its
    rows; both are empty for a shipped profile.
    """

    kind: str
    name: str
    edition: str
    options: tuple[str, ...]
    digest: str
    layer: int = 1
    file: str = ""
    rows: tuple[RowRecord, ...] = ()


_T = TypeVar("_T")


class MadeWhenRead(Generic[_T]):
    """A field of a dataclass that may be set to a function, which makes the value when the field is first read.

    Arrays without rows are set in this way, because importing numpy takes longer than scanning a small collection. The
    dataclass keeps its values in ``__dict__``.
    """

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, holder: object, owner: type) -> _T:
        if holder is None:
            # This tells the dataclass that the field has no default.
            raise AttributeError(self._name)
        value: _T | Callable[[], _T] = vars(holder)[self._name]
        if callable(value):
            value = vars(holder)[self._name] = value()
        return value

    def __set__(self, holder: object, value: _T | Callable[[], _T]) -> None:
        vars(holder)[self._name] = value


@dataclass(frozen=True, eq=False, kw_only=True)
class ScanTables:
    """The tables of the core: what a collection has, recorded as a profile decides.

    ``files``, ``series`` and ``patients`` count the files that contributed, their series and their patients (-1 if
    these are not known), ``partial_files`` those of the files that could not be read to their end. ``identities``,
    ``equipment``, ``uses`` (the element uses: one equipment, identity and VR each) and ``rows`` are structured arrays
    with the dtypes of `table_dtypes`; their numbers are indexes of ``creators``, ``texts``, ``values``, ``charsets``,
    ``paths``, ``decisions`` and of each other. ``keywords`` has the keyword of PS3.6 for each identity, empty if it has
    none. ``deviations`` has the number of files for each status.

    ``series_digests`` are the first 16 bytes of the SHA-256 of each Series Instance UID, ``patient_digests`` those of
    the HMAC-SHA-256 of each Patient ID with its issuer. ``key_id`` tells the keys of the HMAC apart; it is empty if
    patients are not known, as in a merge of scans with different keys. A row of ``patient_series`` is a series of one
    patient. ``series_runs`` are the rows of ``patient_series`` of each identity, element use and row: they are needed
    to merge exact counts of series and patients. It is None in a scan that can be neither merged nor saved, which has
    no digests of patients either.

    ``collapsed`` has what rows with the flag COLLAPSED draw together, ``hashes`` the hashes of these values with the
    word of the patient of each (csrc/collect/known_series.h; 0 if it is not known), and ``collapsed_texts`` the texts
    (`COLLAPSED_TEXTS`) of each entry. ``varying`` are the groups of values with the flag `MAY_VARY` that a report draws
    together. The column ``collapsed`` of the rows is an index of one of these tables.
    ``all_values``: nothing was drawn together.

    ``names`` are the names that profiles have for private elements of the scan, sorted by the text of the element.
    ``run`` records what made the scan.

    An Element Inventory has no profiles, equipment, element uses or rows.
    """

    files: int
    series: int
    patients: int
    partial_files: int
    max_values: int
    uid_root: str
    profiles: tuple[ProfileRecord, ...]
    decisions: tuple[DecisionRecord, ...]
    identities: MadeWhenRead[npt.NDArray[np.void]] = MadeWhenRead()
    equipment: MadeWhenRead[npt.NDArray[np.void]] = MadeWhenRead()
    uses: MadeWhenRead[npt.NDArray[np.void]] = MadeWhenRead()
    rows: MadeWhenRead[npt.NDArray[np.void]] = MadeWhenRead()
    creators: tuple[bytes, ...]
    texts: tuple[bytes, ...]
    values: _core.Texts
    charsets: tuple[bytes, ...]
    paths: _core.Texts
    collapsed: MadeWhenRead[npt.NDArray[np.void]] = MadeWhenRead()
    hashes: MadeWhenRead[npt.NDArray[np.void]] = MadeWhenRead()
    varying: MadeWhenRead[npt.NDArray[np.void]] = MadeWhenRead()
    collapsed_texts: _core.Texts
    series_digests: tuple[bytes, ...]
    patient_digests: tuple[bytes, ...]
    key_id: bytes
    patient_series: MadeWhenRead[npt.NDArray[np.void]] = MadeWhenRead()
    series_runs: MadeWhenRead[npt.NDArray[np.void] | None] = MadeWhenRead()
    vr_names: tuple[str, ...]
    keywords: tuple[str, ...]
    deviations: tuple[tuple[Status, int], ...]
    omissions: tuple[Omission, ...]
    names: tuple[tuple[str, str], ...] = ()
    run: RunRecord = NO_RUN
    all_values: bool = False

    @cached_property
    def placed_identities(self) -> list[PlacedIdentity]:
        """The identity of each row of ``identities``, made once. Raises ValueError for a row that is not one."""
        return place_identities(self.identities, self.creators)

    @cached_property
    def left_out(self) -> Omissions:
        """What is missing in the scan: ``omissions``, sorted, files read in part, and bounds that were reached."""
        bounded = int(self.uses["is_bounded"].sum()) if self.has_elements else 0
        return Omissions.gather(
            self.omissions, partial_files=self.partial_files, bounded=bounded, is_empty=not self.files
        )

    @property
    def has_elements(self) -> bool:
        """Whether there are identities. Without identities, no table has rows that a report shows."""
        return len(self.keywords) > 0

    @property
    def is_interrupted(self) -> bool:
        """Whether the scan was interrupted before all files were read."""
        return self.left_out.is_interrupted


def fill_tables(
    raw: Mapping[str, Any],
    *,
    profiles: tuple[ProfileRecord, ...] = (),
    decisions: tuple[DecisionRecord, ...] = (),
    max_values: int,
    uid_root: str = "",
    key_id: bytes = b"",
    omissions: tuple[Omission, ...],
    partial_files: int,
    names: tuple[tuple[str, str], ...] = (),
    run: RunRecord = NO_RUN,
    all_values: bool = False,
) -> ScanTables:
    """Return the tables of a collector of the core (its ``tables``), with the facts that the core does not have.

    ``key_id`` is that of the key of the collector.
    """
    named: dict[str, Any] = {name: raw.get(name, partial(_make_empty, name)) for name in TABLES}
    named |= {name: tuple(raw.get(name, ())) for name in FEW_TEXTS}
    named |= {name: raw[name] if name in raw else _core.Texts() for name in MANY_TEXTS}
    if "rows" not in raw:
        # No value has one of the others.
        named["charsets"] = named["charsets"][:1]
    return ScanTables(
        files=raw["files"],
        series=len(raw["series_digests"]),
        patients=raw["patients"],
        key_id=key_id if raw.get("patient_digests") else b"",
        partial_files=partial_files,
        max_values=max_values,
        uid_root=uid_root,
        profiles=profiles,
        decisions=decisions,
        vr_names=_core.VR_NAMES,
        keywords=_list_keywords(raw["identities"]) if "identities" in raw else (),
        deviations=tuple((Status.from_number(number), files) for number, files in raw["deviations"]),
        omissions=omissions,
        names=names,
        run=run,
        all_values=all_values,
        **named,
    )


def _make_empty(name: str) -> npt.NDArray[np.void]:
    import numpy as np

    return np.empty(0, table_dtypes()[name])


def _list_keywords(identities: npt.NDArray[np.void]) -> tuple[str, ...]:
    """Return the keyword of PS3.6 for each row of the core's identity table, empty if it has none."""
    tags_and_creators = zip(identities["tag"].tolist(), identities["creator"].tolist(), strict=True)
    return tuple(_find_keyword(tag, creator) for tag, creator in tags_and_creators)


def _find_keyword(tag: int, creator: int) -> str:
    found = _core.dictionary_find(tag) if creator == NOT_PRIVATE and not tag & _ODD_GROUP else None
    return found[1] if found else ""

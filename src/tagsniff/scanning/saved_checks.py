"""Checks the contents of a saved scan before anything uses them.

For: the reader of saved scans. The checksum of a file proves that it is complete, not who made it.
Never: repair, or accept anything on which a report would fail, or that could reach a terminal unescaped.

Every check raises TypeError or ValueError with the name of the field, never with its content.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

import msgpack  # type: ignore[import-untyped]
import numpy as np

from tagsniff import _core
from tagsniff.dicom.creator_codes import LOWEST_CODE
from tagsniff.dicom.found_text import SUFFIXES
from tagsniff.dicom.notation import parse_pattern
from tagsniff.dicom.value_head import HEAD_BYTES, ValueHead
from tagsniff.dicom.value_text import check_ends, check_value
from tagsniff.profile import VRS, Code, Flag, ProfileKind, Scope
from tagsniff.scanning.patient_keys import KEY_ID_BYTES
from tagsniff.scanning.tables import COLLAPSED, COLLAPSED_TEXTS, MAY_VARY, NO_VALUE, ScanTables, row_flags
from tagsniff.status import Kind

if TYPE_CHECKING:
    import numpy.typing as npt

Shape: TypeAlias = Any
"""A type; a frozenset of types; a list with the shape that all items have; or a tuple with the shape of each item."""

_NUMBER_OR_NOTHING = frozenset({int, type(None)})

SHAPES: dict[str, Shape] = {
    "files": int,
    "series": int,
    "patients": int,
    "partial_files": int,
    "max_values": int,
    "uid_root": str,
    "profiles": [(str, str, str, [str], str, int, str, [(int, str, str, [str], (str, str, str, str))])],
    "decisions": [(str, [str], str, [str], str)],
    "creators": [bytes],
    "texts": [bytes],
    "values": [bytes],
    "charsets": [bytes],
    "paths": [bytes],
    "collapsed_texts": [bytes],
    "all_values": bool,
    "series_digests": [bytes],
    "patient_digests": [bytes],
    "key_id": bytes,
    "vr_names": [str],
    "keywords": [str],
    "deviations": [(int, int)],
    "names": [(str, str)],
    "run": (str, str, str, [str]),
    "omissions": [(bytes, int, _NUMBER_OR_NOTHING, _NUMBER_OR_NOTHING, str)],
}
"""The shape of each field except the tables, as msgpack returns it."""

# The columns that are indexes: table, column, the field that it is an index of, the smallest number that is allowed.
_REFERENCES = (
    ("identities", "creator", "creators", LOWEST_CODE),
    ("equipment", "modality", "texts", -1),
    ("equipment", "manufacturer", "texts", -1),
    ("equipment", "model", "texts", -1),
    ("equipment", "software", "texts", -1),
    ("uses", "equipment", "equipment", 0),
    ("uses", "identity", "identities", 0),
    ("uses", "vr", "vr_names", 0),
    ("rows", "use", "uses", 0),
    ("rows", "value", "values", NO_VALUE),
    ("rows", "decision", "decisions", 0),
    ("rows", "example", "paths", 0),
)

# The bounds of the core: the length of a text, with the head of a value and the last character of a run; the length of
# a private creator; the number of steps of a path, with the element itself.
_LONGEST_TEXT_BYTES = _core.VALUE_LIMIT_BYTES + 16
_LONGEST_CREATOR_BYTES = 1024
_LONGEST_PATH_STEPS = _core.DEPTH_LIMIT + 1
_LARGEST_TAG = 0xFFFFFFFF
_DIGEST_BYTES = 16
_PATIENTS_NOT_KNOWN = -1
_LARGEST_RELATION = 2
_VR_NAME = re.compile(r"[A-Z]{2}|\?\?")
_KEYWORD = re.compile("[A-Za-z0-9]*")
_FLAG = (0, 1)
# TS_DISTINCT_HASHES of csrc/collect/collapsed_values.h.
_MOST_HASHES = 512


def check_lengths(body: bytes) -> None:
    """Raise ValueError or an UnpackException unless the body has the bytes for every length in it.

    Must be called before the body is unpacked: msgpack allocates an array by the length that the body states.
    """
    stream = msgpack.Unpacker(io.BytesIO(body), max_buffer_size=len(body), max_ext_len=0)
    stream.skip()
    if stream.tell() != len(body):
        raise ValueError("something stands behind the body")


def check_shapes(plain: dict[str, Any]) -> None:
    """Raise TypeError if a field other than the tables does not have its shape."""
    for name, shape in SHAPES.items():
        if not _has_shape(plain[name], shape):
            raise TypeError(name)


def check_contents(tables: ScanTables) -> None:
    """Raise ValueError if an index or a number is out of range, or a text is not valid for its field."""
    _check_texts(tables)
    _check_numbers(tables)
    _check_references(tables)
    _check_identities(tables)
    _check_series(tables)
    _check_values(tables)
    _check_collapsed(tables)


def _has_shape(thing: object, shape: Shape) -> bool:
    # The recursion is over the shape, which is ours, and never over the input.
    if isinstance(shape, type):
        return type(thing) is shape
    if isinstance(shape, frozenset):
        return type(thing) in shape
    if type(thing) is not tuple:
        return False
    if isinstance(shape, tuple):
        return len(thing) == len(shape) and all(map(_has_shape, thing, shape))
    (each,) = shape
    if isinstance(each, type):
        return set(map(type, thing)) <= {each}
    return all(_has_shape(part, each) for part in thing)


def _check_texts(tables: ScanTables) -> None:
    """Check names that are shown unescaped, codes, flags, and the lengths of other texts, which are escaped later."""
    _check_all("vr_names", map(_VR_NAME.fullmatch, tables.vr_names))
    _check_all("keywords", map(_KEYWORD.fullmatch, tables.keywords))
    _check_all("keywords", [len(tables.keywords) == len(tables.identities)])
    codes = {code.value for code in Code}
    flags = {flag.value for flag in Flag}
    scopes = {Scope.ELEMENT, Scope.VALUES}
    for decision in tables.decisions:
        _check_all("decisions", [decision.code in codes, flags.issuperset(decision.flags), decision.scope in scopes])
    for profile in tables.profiles:
        _check_all("profiles", [profile.kind in {kind.value for kind in ProfileKind}, profile.layer >= 1])
        for row in profile.rows:
            # Raises ValueError for a text that is no pattern.
            _check_all("profiles", [parse_pattern(row.element, lambda _: None), VRS.issuperset(row.vrs), row.line >= 1])
    _check_all("creators", (len(creator) <= _LONGEST_CREATOR_BYTES for creator in tables.creators))
    for name in ("texts", "charsets", "values"):
        _check_all(name, (len(text) <= _LONGEST_TEXT_BYTES for text in getattr(tables, name)))


def _check_numbers(tables: ScanTables) -> None:
    counts = (tables.files, tables.series, tables.partial_files)
    _check_all("counts", (count >= 0 for count in counts))
    _check_all("max_values", [tables.max_values >= 1])
    for status, files in tables.deviations:
        _check_all("deviations", [status.kind is Kind.DEVIATION, files >= 0])
    for omission in tables.omissions:
        offset, tag = omission.offset, omission.tag
        is_position = (offset is None or offset >= 0) and (tag is None or 0 <= tag <= _LARGEST_TAG)
        _check_all("omissions", [is_position, omission.status.kind in (Kind.EXCLUSION, Kind.FAULT)])
    _check_all("uses", [np.isin(tables.uses["is_bounded"], _FLAG).all(), (tables.uses["kind"] < len(SUFFIXES)).all()])
    _check_all("uses", [not np.any(tables.uses["patient_relation"] > _LARGEST_RELATION)])
    for name in ("identities", "uses", "rows"):
        _check_all(name, [not np.any(getattr(tables, name)["patients"] < _PATIENTS_NOT_KNOWN)])
    _check_all("rows", [not np.any(tables.rows["flags"] & ~np.uint64(sum(row_flags().values())))])


def _check_references(tables: ScanTables) -> None:
    for table, column, target, smallest in _REFERENCES:
        numbers = getattr(tables, table)[column]
        if len(numbers) and (int(numbers.min()) < smallest or int(numbers.max()) >= len(getattr(tables, target))):
            raise ValueError(f"{table}.{column}")
    for value in tables.values:
        _check_all("values", [ValueHead.read(value).charset < len(tables.charsets)])


def _check_identities(tables: ScanTables) -> None:
    steps: list[int] = []
    for number, parent in enumerate(tables.identities["parent"].tolist()):
        # A parent comes before its elements.
        _check_all("identities.parent", [-1 <= parent < number])
        steps.append(1 if parent < 0 else steps[parent] + 1)
    _check_all("identities.parent", (count <= _LONGEST_PATH_STEPS for count in steps))
    # Raises ValueError for steps that are not valid in an identity.
    _check_all("identities", [len(tables.placed_identities) == len(tables.identities)])


def _check_series(tables: ScanTables) -> None:
    """Check the series and their runs. The merge needs runs that are sorted by table and owner."""
    runs = tables.series_runs
    digests = tables.series_digests
    if runs is None:
        raise ValueError("series_runs")
    _check_all("series_digests", (len(digest) == _DIGEST_BYTES for digest in digests))
    _check_all("series_digests", [tables.series == len(digests) == len(set(digests))])
    _check_indexes("patient_series", tables.patient_series["series"], len(digests))
    _check_patients(tables)
    owners = (tables.identities, tables.uses, tables.rows)
    _check_all("series_runs", [not np.any(runs["table"] >= len(owners)), not np.any(runs["owner"] < 0)])
    for number, table in enumerate(owners):
        of_table = runs[runs["table"] == number]
        _check_all("series_runs", [not np.any(of_table["owner"] >= len(table))])
    _check_all(
        "series_runs",
        [not np.any(runs["first"] > runs["last"]), not np.any(runs["last"] >= len(tables.patient_series))],
    )
    owners = runs["table"].astype(np.int64) << 32 | runs["owner"]
    _check_all("series_runs", [not np.any(np.diff(owners) < 0)])


def _check_patients(tables: ScanTables) -> None:
    """Check the patients: all rows of ``patient_series`` have one, or none has."""
    digests = tables.patient_digests
    of_series = tables.patient_series["patient"]
    _check_all("patient_digests", (len(digest) == _DIGEST_BYTES for digest in digests))
    _check_all("patient_digests", [len(digests) == len(set(digests))])
    _check_all("key_id", [len(tables.key_id) == (KEY_ID_BYTES if digests else 0)])
    if digests:
        _check_all("patients", [tables.patients == len(digests)])
        _check_indexes("patient_series", of_series, len(digests))
    else:
        _check_all("patients", [tables.patients == (_PATIENTS_NOT_KNOWN if len(of_series) else 0)])
        _check_all("patient_series", [not np.any(of_series != _PATIENTS_NOT_KNOWN)])


def _check_indexes(name: str, numbers: npt.NDArray[np.int32], count: int) -> None:
    """Raise ValueError unless the numbers are the indexes below the count, each at least once."""
    _check_all(name, [np.array_equal(np.unique(numbers), np.arange(count))])


def _check_values(tables: ScanTables) -> None:
    vrs = tables.uses["vr"][tables.rows["use"]]
    pairs = np.unique(np.stack([vrs.astype(np.int64), tables.rows["value"].astype(np.int64)]), axis=1)
    for vr, value in zip(*pairs.tolist(), strict=True):
        if value != NO_VALUE:
            check_value(tables.values[value], tables.vr_names[vr])


def _check_collapsed(tables: ScanTables) -> None:
    """Check what rows draw together: entries that belong to one row each, their hashes and their texts."""
    rows, entries, texts = tables.rows, tables.collapsed, tables.collapsed_texts
    numbers = rows["collapsed"]
    bits = row_flags()
    is_drawn = rows["flags"] & bits[COLLAPSED] != 0
    is_varying = (numbers >= 0) & ~is_drawn
    forms = tables.values.read_u32(0) & 0xFF if len(tables.values) else np.zeros(0, np.uint32)
    has_value = rows["value"] >= 0
    is_of_form = np.zeros(len(rows), bool)
    is_of_form[has_value] = forms[rows["value"][has_value]] == ord("C")
    _check_all("rows.collapsed", [(is_of_form == is_drawn).all(), (numbers >= NO_VALUE).all()])
    _check_all("rows.collapsed", [np.array_equal(np.sort(numbers[is_drawn]), np.arange(len(entries)))])
    _check_all("rows.collapsed", [(rows["flags"][is_varying] & bits[MAY_VARY] != 0).all()])
    _check_all("rows.collapsed", [np.array_equal(np.unique(numbers[is_varying]), np.arange(len(tables.varying)))])
    counts = entries["hash_count"].astype(np.uint64)
    starts = np.cumsum(counts) - counts
    _check_all("collapsed", [np.array_equal(entries["first_hash"], starts), counts.sum() == len(tables.hashes)])
    _check_all("collapsed", [(counts > 0).all(), (counts <= _MOST_HASHES).all(), (entries["distinct"] >= counts).all()])
    _check_all(
        "collapsed",
        [np.isin(entries["is_estimated"], _FLAG).all(), np.isin(tables.varying["is_estimated"], _FLAG).all()],
    )
    is_first = np.isin(np.arange(len(tables.hashes)), starts)
    is_ascending = tables.hashes["hash"][1:] > tables.hashes["hash"][:-1]
    _check_all("hashes", [(is_ascending | is_first[1:]).all()])
    _check_all("collapsed_texts", [len(texts) == len(entries) * COLLAPSED_TEXTS])
    listed = list(texts)
    for row, kind, count in zip(
        rows[is_drawn][np.argsort(numbers[is_drawn])], entries["kind"].tolist(), counts.tolist(), strict=True
    ):
        at = int(row["collapsed"]) * COLLAPSED_TEXTS
        vr = tables.vr_names[tables.uses["vr"][row["use"]]]
        smallest, largest, only = listed[at : at + COLLAPSED_TEXTS]
        _check_all("collapsed", [kind == tables.values[row["value"]][HEAD_BYTES]])
        check_ends(kind, vr, smallest, largest)
        _check_all("collapsed_texts", [(len(only) > 0) == (count == 1)])
        if only:
            _check_all("collapsed_texts", [ValueHead.read(only).charset == 0, only[:1] != b"C"])
            check_value(only, vr)


def _check_all(name: str, answers: Iterable[object]) -> None:
    if not all(answers):
        raise ValueError(name)

"""What the extension offers to the package. Nothing here is public; the public names are those of ``tagsniff``.

For: the stages read, parse and collect, which are the only ones that import it.
Terms: PS3.5 and PS3.10, edition 2026b.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, SupportsIndex, overload

import numpy as np
import numpy.typing as npt
from typing_extensions import Buffer

HAS_PATH_READER: bool
"""False on systems without POSIX calls: `Parser.read_descriptor` and `Collector.scan_files` are of no use there."""

VR_NAMES: tuple[str, ...]
"""The VR of each bit of ``vrs`` in `IDENTITY_DTYPE`; the last, "??", is for letters that are no VR of the standard."""

VALUE_LIMIT_BYTES: int
DEPTH_LIMIT: int
ELEMENT_LIMIT: int
INFLATE_LIMIT_BYTES: int
"""The limits that a `Parser` has unless told otherwise."""

ELEMENT_DTYPE: np.dtype[np.void]
"""One element or item; the fields are described in ``csrc/parse/element.h``."""

IDENTITY_DTYPE: np.dtype[np.void]
"""One identity with its counts; the fields are described in ``csrc/collect/identities.h``."""

EQUIPMENT_DTYPE: np.dtype[np.void]
GROUP_DTYPE: np.dtype[np.void]
ROW_DTYPE: np.dtype[np.void]
"""The tables of `ValueCollector`; the fields are described in ``csrc/collect/values.h``."""

SERIES_RUN_DTYPE: np.dtype[np.void]
"""Series that an identity (table 0), group (1) or row (2) was met in; see ``csrc/collect/series_sets.h``."""

OCCURRENCE_DTYPE: np.dtype[np.void]
"""Where an element stands that is looked for; the fields are described in ``csrc/collect/occurrences.h``."""

OMISSION_DTYPE: np.dtype[np.void]
"""A file that `Collector.scan_files` left out or counted in part; see ``csrc/scan/batch.h``."""

CELL_DTYPE: np.dtype[np.void]
CELL_VALUE_DTYPE: np.dtype[np.void]
"""One occurrence of an element that a `Selector` looks for, and its value; see ``csrc/select/selector.h``."""

FLAG_NOT_A_NUMBER: int
FLAG_NOT_A_CODE: int
FLAG_TRUNCATED: int
FLAG_COLLAPSED: int
FLAG_BAD_LENGTH: int
FLAG_NOT_OF_VR: int
"""Bits of ``flags`` in `ROW_DTYPE`; see ``csrc/collect/value_parts.h``."""

CREATOR_NOT_PRIVATE: int
CREATOR_NONE: int
CREATOR_EMPTY: int
CREATOR_UNUSABLE: int
"""In place of a private creator; see `tagsniff.dicom.creator_codes`."""

FLAG_BIG_ENDIAN: int
FLAG_IMPLICIT_VR: int
FLAG_FILE_META: int
FLAG_COMMAND: int
FLAG_SEQUENCE: int
FLAG_FRAGMENTS: int
FLAG_WAS_UN: int
FLAG_AMBIGUOUS: int
"""Bits of ``flags`` in `ELEMENT_DTYPE`."""

FLAG_LENGTH_ONLY: int
"""Beside those, in `CELL_VALUE_DTYPE`: the value was not kept."""

def status_entries() -> list[tuple[str, int, str, str]]:
    """Return (name, number, kind, text) of every status, in the order of ``csrc/base/status.h``."""

def dictionary_find(tag: int) -> tuple[str, str, str] | None:
    """Return (VR in implicit VR, keyword, VRs that PS3.6 allows) of a public tag, None if PS3.6 does not know it."""

def dictionary_find_keyword(keyword: str) -> int | None:
    """Return the tag that PS3.6 gives a keyword, None if it has none or that is of repeating groups."""

def give_back_memory() -> None:
    """Give memory that is free back to the system: what threads have freed is of no use to others where glibc is."""

def order_rows(
    rows: npt.NDArray[np.void],
    groups: npt.NDArray[np.int32],
    values: npt.NDArray[np.int32],
    decisions: npt.NDArray[np.int32],
    paths: npt.NDArray[np.int32],
) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int32]]:
    """Return rows of a value collector with new numbers in them and in their order, and the new number of each.

    ``rows`` are of `ROW_DTYPE`; one without a group is left out, and its number is -1. The others give the new number
    of each old one of a table. The order is that of group, value (none is before all), decision and flags, which tell
    all rows of a scan apart. Raises IndexError if a number of a row leads out of its table, TypeError for other arrays.
    """

def digest(data: Buffer, *, by_processor: bool) -> bytes | None:
    """Return SHA-256 as the tables hold it, with the processor's instructions or without; None if it has none."""

def list_folder(path: bytes, known_inodes: set[int]) -> tuple[Texts, list[int], int]:
    """Return the names of the entries in the order of their bytes, the places of some of them, and an errno.

    The places are of what is no regular file, as far as that can be told, and of what has a known inode. If the errno
    is not 0, the listing broke off, or never began. Without `HAS_PATH_READER` it never does.
    """

class Texts:
    """Byte strings by number, one behind the other in memory. Two are equal if they hold the same in the same order."""

    def __new__(cls, texts: Iterable[bytes] = ()) -> Texts: ...
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, place: SupportsIndex, /) -> bytes: ...
    @overload
    def __getitem__(self, place: slice, /) -> Texts: ...
    def __iter__(self) -> Iterator[bytes]: ...
    def __add__(self, other: Texts, /) -> Texts: ...
    def __reduce__(self) -> tuple[type[Texts], tuple[list[bytes]]]: ...
    def order(self, numbers: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Return numbers of texts, each given once, in the order of the texts' bytes. Raises IndexError."""

    def pick(self, numbers: npt.ArrayLike) -> Texts:
        """Return the texts that numbers lead to, in their order. Raises IndexError."""

    def cut(self, start: int) -> Texts:
        """Return the texts without so many bytes at their start; of a shorter one, an empty text."""

    def decode(self, numbers: npt.ArrayLike, encoding: str = "utf-8", errors: str = "strict") -> list[str]:
        """Return the texts that numbers lead to as `bytes.decode` gives them. Raises IndexError, UnicodeDecodeError."""

    def mark(self, letters: Iterable[int], first: Iterable[int]) -> npt.NDArray[np.bool_]:
        """Return for each whether its first byte is in ``first``, all others in ``letters``; an empty one has none."""

    def is_ascending(self) -> bool:
        """Tell whether they are in the order of their bytes, and each stands once."""

    def lengths(self) -> npt.NDArray[np.uint32]:
        """Return how many bytes each has."""

    def join(self, separator: bytes) -> bytes:
        """Return all of them as one, with the separator between two."""

    def read_u16(self, at: int) -> npt.NDArray[np.uint16]:
        """Return of each text two bytes as a number, little endian. Raises ValueError if one is too short."""

    def write_u16(self, at: int, numbers: npt.NDArray[np.uint16]) -> Texts:
        """Return the texts with other numbers there. Raises ValueError if one is too short."""

class Parser:
    """One file after the other, fed with the bytes that it asks for.

    `begin`, then as long as `run` returns False: `feed` at least ``need_length`` bytes from ``need_offset`` on, or all
    there are and then `end`. The results are copies and stay valid.
    """

    def __new__(
        cls,
        *,
        value_limit_bytes: int | None = None,
        depth_limit: int | None = None,
        element_limit: int | None = None,
        inflate_limit_bytes: int | None = None,
        digests_long_values: bool = False,
        stop_after_tag: int | None = None,
    ) -> Parser: ...
    def begin(self, stream_size: int | None = None) -> None: ...
    def run(self) -> bool: ...
    @property
    def need_offset(self) -> int: ...
    @property
    def need_length(self) -> int: ...
    def feed(self, offset: int, window: Buffer) -> None: ...
    def end(self, stream_size: int) -> None:
        """Say where the stream ends, in bytes; less than `begin` was told is the fault FILE_CHANGED."""

    def stop_reading(self) -> None:
        """End the parse with the fault CANNOT_READ."""

    def read_path(self, path: bytes) -> int:
        """Parse a file; return 0, or the errno behind CANNOT_OPEN and CANNOT_READ."""

    def read_descriptor(self, descriptor: int) -> int:
        """Parse a regular file that is open; return 0 or the errno behind CANNOT_READ."""

    def status(self) -> tuple[int, int, int | None]:
        """Return (status number, offset in bytes, tag or None if it belongs to no element)."""

    def elements(self) -> npt.NDArray[np.void]:
        """Return the records, shape (n,), `ELEMENT_DTYPE`."""

    def captured(self) -> bytes:
        """Return the values that were captured; ``captured_at`` of a record is an offset into them."""

    def deviations(self) -> list[tuple[int, int, int, int | None]]:
        """Return (status number, count, offset in bytes of the first place, its tag or None)."""

    @property
    def is_stopped(self) -> bool:
        """Whether the parse ended before an element behind ``stop_after_tag``."""

    @property
    def transfer_syntax_record(self) -> int:
        """Record of (0002,0010), -1 if there is none."""

    @property
    def deflated_from(self) -> int | None:
        """Offset in bytes from which on the file is deflated, None if it is not."""

    def repeat(self) -> tuple[int, int, list[int], int]:
        """Return what the file has in common with one that was read before.

        (Number of the file, counted from 1, each `begin` one; number of the file that has the same records, 0 if there
        is none; records whose values are others; count of records, the first ones, that were taken over.)
        """

class Stop:
    """Ends `Collector.scan_files` from another thread; a file that is being read is then the fault INTERRUPTED."""

    def ask(self) -> None: ...
    @property
    def is_asked(self) -> bool: ...

class Collector:
    """Counts identities over the files that its parser reads to their end.

    One thread at a time may use it. After an exception it must not be used any more.
    """

    def __new__(cls) -> Collector: ...
    @property
    def parser(self) -> Parser: ...
    def scan_files(
        self, folder: bytes, names: list[bytes] | Texts, stop: Stop, *, keeps_partial: bool = False
    ) -> tuple[int, npt.NDArray[np.void]]:
        """Read and count files without the interpreter lock; return how many, and the omissions.

        ``folder`` ends with a separator, or is empty and ``names`` are paths. The omissions have shape (n,),
        `OMISSION_DTYPE`. A file with a fault adds nothing, or what came before the fault with ``keeps_partial``.
        """

    def add_parsed(self, path: bytes, *, is_partial: bool = False) -> None:
        """Count what `parser` has just read; a file whose status is not OK only with ``is_partial``."""

    def merge(self, other: Collector, /) -> None:
        """Count what another collector has counted."""

    def merge_tables(self, tables: Mapping[str, Any]) -> None:
        """Count what stands in tables like those of `tables`, whose numbers were checked to lead nowhere else."""

    def tables(self, *, with_series_runs: bool = True) -> dict[str, Any]:
        """Return copies of the tables: structured arrays, lists of bytes or `Texts`, numbers.

        ``files``; ``deviations``, (status number, number of files); ``identities``, `IDENTITY_DTYPE`; ``creators``, to
        which they refer by number, outer padding taken off; ``series_digests``, in their order; ``series_runs``,
        `SERIES_RUN_DTYPE`, None if they were not asked for.
        """

class ValueCollector:
    """Counts values by equipment, identity and VR over the files that its parser reads.

    ``decide(equipment, steps, vr, block, parent_blocks)`` is called once for each new combination. ``equipment`` holds
    modality, manufacturer, model and software versions (trimmed bytes, None if absent). ``steps`` has (tag, creator,
    block) for each sequence around the element and the element itself, as in `IDENTITY_DTYPE`, but the text of the
    creator (bytes) in place of its number. ``block`` and ``parent_blocks`` are the blocks seen, -1 where there is none.
    It returns (number of the decision, whether values are recorded, whether those that break their VR are recorded all
    the same, collapse rule, UID root); the rule is a ``ts_collapse`` of ``csrc/collect/values.h``. What it raises,
    `scan_files` and `add_parsed` raise; then the collector must not be used any more. A collector without it takes
    tables only.

    Where the elements stand whose decision has the number ``listed_decision`` is listed; -1 is no decision.
    """

    def __new__(
        cls,
        decide: Callable[
            [
                tuple[bytes | None, bytes | None, bytes | None, bytes | None],
                tuple[tuple[int, bytes | int, int], ...],
                str,
                int,
                tuple[int, ...],
            ],
            tuple[int, bool, bool, int, bytes],
        ]
        | None = None,
        *,
        max_values: int,
        listed_decision: int = -1,
    ) -> ValueCollector: ...
    @property
    def parser(self) -> Parser: ...
    def scan_files(
        self, folder: bytes, names: list[bytes] | Texts, stop: Stop, *, keeps_partial: bool = False
    ) -> tuple[int, npt.NDArray[np.void]]:
        """Read and count files; see `Collector.scan_files`."""

    def add_parsed(self, path: bytes, *, is_partial: bool = False) -> None:
        """Count what `parser` has just read; a file whose status is not OK only with ``is_partial``."""

    def merge(self, other: ValueCollector, /) -> None:
        """Count what another collector has counted, whose numbers of decisions mean the same."""

    def merge_tables(self, tables: Mapping[str, Any]) -> None:
        """Count what stands in tables like those of `tables`; see `Collector.merge_tables`."""

    def tables(self, *, with_series_runs: bool = True) -> dict[str, Any]:
        """Return copies of the tables, those of `Collector.tables` among them.

        ``equipment``, `EQUIPMENT_DTYPE`, numbers of ``texts``; ``groups``, `GROUP_DTYPE`; ``rows``, `ROW_DTYPE`,
        numbers of groups, ``values`` and ``paths`` (`Texts`), group -1 where a row stands for nothing. A value is its
        form (1 byte), the number of its character set in ``charsets`` (2 bytes, little endian), and the payload; values
        that no row refers to any more may be among them.
        """

    def take_tables(self, *, with_series_runs: bool = True) -> dict[str, Any]:
        """Return what `tables` returns, and forget all of it; the rows, values and paths need no copy then."""

    def take_occurrences(self) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int32]]:
        """Return what was listed since the last call, and forget it.

        The occurrences have shape (n,), `OCCURRENCE_DTYPE`. The items, int32 of shape (m,), say which item of its
        sequence each one around an element is, from 0; an occurrence has ``depth`` of them, from ``first_item`` on.
        """

    def find_row(
        self, number: int, /
    ) -> tuple[tuple[tuple[int, bytes | int, int], ...], str, bool, bytes | None, bytes]:
        """Return (steps as `decide` gets them, VR, whether it is text found in bytes, value, its character set).

        The value is None where a code decides without one. Raises IndexError if there is no such row.
        """

    def find_path(self, number: int, /) -> bytes:
        """Return a path of the tables. Raises IndexError if there is no such path."""

class Selector:
    """Takes the values of some elements of the files that its parser reads.

    ``columns`` has the steps of each element: (tag, creator, block) for each sequence around it and itself, as in
    `IDENTITY_DTYPE`, but the text of the creator (bytes, without padding) in place of its number; with creator -1 the
    tag is meant as it stands in the file, whoever reserved its block. ``stop_after_tag``: no more is read of a file
    from the first element of its root data set on that has a greater tag; None reads it to its end.

    One thread at a time may use it. After an exception it must not be used any more.

    Raises ValueError for a column without a step.
    """

    def __new__(
        cls,
        columns: Iterable[Iterable[tuple[int, bytes | int, int]]],
        *,
        stop_after_tag: int | None = None,
        value_limit_bytes: int | None = None,
    ) -> Selector: ...
    @property
    def parser(self) -> Parser: ...
    def scan_files(
        self, folder: bytes, names: list[bytes] | Texts, stop: Stop, *, keeps_partial: bool = False
    ) -> tuple[int, npt.NDArray[np.void]]:
        """Read files and take their values; see `Collector.scan_files`."""

    def add_parsed(self, path: bytes, *, is_partial: bool = False) -> None:
        """Take the values of what `parser` has just read."""

    def take(self) -> tuple[npt.NDArray[np.void], npt.NDArray[np.void], bytes, list[bytes]]:
        """Return the cells, `CELL_DTYPE`, by file and column, and forget them.

        With them their values, `CELL_VALUE_DTYPE`, the bytes that ``at`` leads into, and the character sets, without
        padding. ``file`` counts the files that were added since the last call.
        """

def split_value(data: Buffer, vr: bytes, flags: int, length: int, charset: bytes) -> list[bytes]:
    """Return the parts of a value as `ValueCollector.tables` has them, the number of their character set 0.

    ``flags`` and ``length`` are those of `CELL_VALUE_DTYPE`. Raises ValueError if the VR has not two letters.
    """

class Lines:
    """Lines of text, one for each of ``count`` rows, made of parts: of bytes that stand in every line, or of a column.

    A column is (texts in UTF-8, the number of one for each row), or (counts of 64 bits, the width that spaces before
    them fill up). The last part ends a line. One thread at a time may use it.

    Raises ValueError for a column of another length or too wide, IndexError for a number that leads nowhere.
    """

    def __new__(
        cls,
        count: int,
        parts: Iterable[bytes | tuple[Texts, npt.NDArray[np.integer]] | tuple[npt.NDArray[np.integer], int]],
    ) -> Lines: ...
    def lay_out(self, start: int, end: int) -> str:
        """Return the lines of the rows from ``start`` to before ``end``. Raises IndexError for rows beyond them."""

class ElementRows:
    """Makes tuples of a caller's type of the records of one file, as backends for other tools need them.

    ``parser`` must not begin another file as long as this is used. A row is a ``row_type``: the tag as a ``tag_type``,
    of which ``tags`` keeps those met; VR, None in implicit VR; value length; value; position of the value, which is its
    offset and ``tell_shift``; then the members given to `data_set`. Values come from ``window``, whose first byte
    stands at ``window_offset``, or from ``read(offset, length)``. ``empty_values`` are values of length 0, one for each
    of `VR_NAMES`; the last is that of implicit VR.
    """

    def __new__(
        cls,
        parser: Parser,
        row_type: type[tuple[Any, ...]],
        tag_type: type[int],
        tags: dict[int, Any],
        empty_values: tuple[object, ...],
        window: bytes,
        window_offset: int,
        tell_shift: int,
        read: Callable[[int, int], bytes],
        stop_tags: frozenset[int],
        wanted_tags: frozenset[int] | None,
        value_limit_bytes: float | None,
    ) -> ElementRows: ...
    def data_set(
        self, first: int, parent: int, start: int, flags: int, row_end: tuple[object, ...], *, selects: bool
    ) -> tuple[dict[Any, Any], list[tuple[Any, int]], bool, int, int]:
        """Return rows by tag, (tag, record) of undefined lengths, whether a tag stands twice, next record, end offset.

        The data set is that of the item ``parent``, or of the root if that is -1. It begins with the record ``first``
        and at the offset ``start``, and ends before the first element that does not begin where the one before it ends,
        whose encoding is not ``flags``, or whose VR is unknown. ``selects``: it also ends before the first of
        ``stop_tags``, has only ``wanted_tags``, and the values of more than ``value_limit_bytes`` are None, but that of
        (0008,0005). In the place of a row, an element of undefined length has None; those that are not wanted are
        listed all the same.

        Raises IndexError if there is no such record.
        """

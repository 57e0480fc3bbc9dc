"""The names that the extension offers to the package. Nothing here is public; the public names are in ``tagsniff``.

For: every module of the package that reads files, uses tables of the core, or needs the dictionary, VRs or codes of C.
Never: a name that differs from the extension; stubtest compares them.
Terms: PS3.5 and PS3.10, edition 2026b.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, SupportsIndex, TypeAlias, overload

import numpy as np
import numpy.typing as npt
from typing_extensions import Buffer

# See `Collector.scan_files`.
_Omission: TypeAlias = tuple[int, int, int, int, int | None, bool]
_FileDeviation: TypeAlias = tuple[int, int, int, int, int | None]

HAS_PATH_READER: bool
"""False on systems without POSIX calls, where `Parser.read_descriptor` and `Collector.scan_files` cannot open files."""

VR_NAMES: tuple[str, ...]
"""The VR of each bit of ``vrs`` in `IDENTITY_DTYPE`. The last, "??", is for letters that the standard does not define.

Source: PS3.5 2026b, 6.2.
"""

VALUE_LIMIT_BYTES: int
DEPTH_LIMIT: int
ELEMENT_LIMIT: int
INFLATE_LIMIT_BYTES: int
"""The default limits of a `Parser`."""

# The dtypes are made when they are first needed, and numpy is imported then.
ELEMENT_DTYPE: np.dtype[np.void]
"""One element or item; the fields are described in ``csrc/parse/element.h``."""

IDENTITY_DTYPE: np.dtype[np.void]
"""One identity with its counts; the fields are described in ``csrc/collect/identities.h``."""

EQUIPMENT_DTYPE: np.dtype[np.void]
USE_DTYPE: np.dtype[np.void]
ROW_DTYPE: np.dtype[np.void]
"""The tables of `ValueCollector`; the fields are described in ``csrc/collect/values.h``."""

COLLAPSED_DTYPE: np.dtype[np.void]
HASH_DTYPE: np.dtype[np.void]
"""The values that rows draw together; the fields are described in ``csrc/collect/collapsed_rows.h``."""

VARYING_DTYPE: np.dtype[np.void]
"""The values that vary within their series; the fields are described in ``csrc/collect/varying_values.h``."""

PATIENT_SERIES_DTYPE: np.dtype[np.void]
"""A series of one patient; see ``csrc/collect/known_series.h``."""

SERIES_RUN_DTYPE: np.dtype[np.void]
"""Series in which an identity (table 0), element use (1) or row (2) occurs; see ``csrc/collect/series_sets.h``."""

OCCURRENCE_DTYPE: np.dtype[np.void]
"""One occurrence of an element that is searched for; the fields are described in ``csrc/collect/occurrences.h``."""

CELL_DTYPE: np.dtype[np.void]
CELL_VALUE_DTYPE: np.dtype[np.void]
"""One occurrence of an element that a `Selector` selects, and its value; see ``csrc/select/selector.h``."""

FLAG_NOT_A_NUMBER: int
FLAG_NOT_A_CODE: int
FLAG_TRUNCATED: int
FLAG_COLLAPSED: int
FLAG_BAD_LENGTH: int
FLAG_NOT_OF_VR: int
FLAG_TOO_LONG: int
FLAG_WRONG_COUNT: int
FLAG_LOOKS_LIKE_TEXT: int
FLAG_SEARCHED_IN_PART: int
FLAG_STREAM_IN_PART: int
FLAG_MAY_VARY: int
"""Bits of ``flags`` in `ROW_DTYPE`; see ``csrc/collect/value_parts.h``."""

CREATOR_NOT_PRIVATE: int
CREATOR_NONE: int
CREATOR_EMPTY: int
CREATOR_UNUSABLE: int
"""The codes in place of a private creator; see `tagsniff.dicom.creator_codes`."""

FLAG_BIG_ENDIAN: int
FLAG_IMPLICIT_VR: int
FLAG_FILE_META: int
FLAG_COMMAND: int
FLAG_SEQUENCE: int
FLAG_FRAGMENTS: int
FLAG_WAS_UN: int
FLAG_AMBIGUOUS: int
"""Bits of ``flags`` in `ELEMENT_DTYPE`; see `tagsniff.Header`."""

FLAG_LENGTH_ONLY: int
"""In addition to these, in `CELL_VALUE_DTYPE`: the bytes of the value were not stored."""

def status_entries() -> list[tuple[str, int, str, str]]:
    """Return (name, number, kind, text) of every status, in the order of ``csrc/base/status.h``."""

def inflate_window_bits(first: Buffer) -> int:
    """Return the parameter ``wbits`` of zlib for a deflated data set that begins with these bytes, 8 of them or all."""

def dictionary_find(tag: int) -> tuple[str, str, str] | None:
    """Return (VR in implicit VR, keyword, VRs that PS3.6 allows) of a public tag, None if PS3.6 does not have it."""

def dictionary_allows_count(tag: int, count: int) -> bool | None:
    """Return whether PS3.6 allows the number of values for the element; None for a tag that it does not have."""

def dictionary_find_keyword(keyword: str) -> int | None:
    """Return the tag of a keyword of PS3.6, None if there is no such keyword or it is that of repeating groups."""

def dictionary_keywords() -> dict[str, int]:
    """Return the tag of every keyword that `dictionary_find_keyword` finds."""

def number_may_identify(vr: str, number: bytes) -> bool:
    """Return whether a number of a numeric VR could identify; see ``csrc/dicom/numbers.h``."""

def number_order(vr: str, number: bytes, other: bytes) -> int:
    """Return a negative number, 0 or a positive one, as a number sorts before, equal to or after the other one.

    Numbers of DS and IS are text, the others are little endian, with the size of their VR (ValueError).
    """

def uid_root(uid: bytes) -> bytes:
    """Return the root of the organisation that a UID is under, empty if it is not known."""

def uid_has_date(uid: bytes) -> bool:
    """Return whether a component of a UID begins with a date."""

def text_shape(text: bytes) -> bytes:
    """Return the shape of an ASCII text, empty if it has none; see ``csrc/dicom/text_shape.h``."""

def run_is_to_be_read(run: bytes) -> bool:
    """Return whether a run of characters found in bytes has to be read; see ``csrc/dicom/run_words.h``."""

def release_memory() -> None:
    """Return free memory to the system. With glibc, other threads cannot use the memory that a thread has freed."""

def order_rows(
    rows: npt.NDArray[np.void],
    uses: npt.NDArray[np.int32],
    values: npt.NDArray[np.int32],
    decisions: npt.NDArray[np.int32],
    paths: npt.NDArray[np.int32],
) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int32]]:
    """Return the rows of a value collector, sorted and with new indexes, and the new index of each old row.

    ``rows`` has `ROW_DTYPE`. A row without an element use is left out, and its new index is -1. The other arguments are
    int32 arrays with the new index of each old element use (``uses``), value, decision and path. Rows are sorted by
    element use, value (none is first), decision and flags, which distinguish all rows of a scan. Raises IndexError if
    an index of a row is out of range, TypeError for other arrays.
    """

def digest(data: Buffer, *, by_processor: bool) -> bytes | None:
    """Return the SHA-256 of bytes. ``by_processor``: by instructions of the processor, None if it has none for it."""

def list_folder(path: bytes, known_inodes: set[int]) -> tuple[Texts, list[int], int]:
    """Return the names of the entries, sorted by their bytes, the indexes of those that need a stat call, and an errno.

    An entry needs one if the system does not say that it is a regular file, or if its inode is in ``known_inodes``. If
    the errno is not 0, the listing is incomplete or has not begun. Without `HAS_PATH_READER` it never begins.
    """

class Texts:
    """Byte strings by index, in one block of memory. Two are equal if they have the same strings in the same order."""

    def __new__(cls, texts: Iterable[bytes] = ()) -> Texts: ...
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, key: SupportsIndex, /) -> bytes: ...
    @overload
    def __getitem__(self, key: slice, /) -> Texts: ...
    def __iter__(self) -> Iterator[bytes]: ...
    def __add__(self, other: Texts, /) -> Texts: ...
    def __reduce__(self) -> tuple[type[Texts], tuple[list[bytes]]]: ...
    def order(self, numbers: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Return indexes of texts, each given once, int64, sorted by the bytes of the texts. Raises IndexError."""

    def pick(self, numbers: npt.ArrayLike) -> Texts:
        """Return the texts at indexes, in the order of the indexes. Raises IndexError."""

    def cut(self, start: int) -> Texts:
        """Return the texts without their first ``start`` bytes; a shorter text becomes empty."""

    def decode(self, numbers: npt.ArrayLike, encoding: str = "utf-8", errors: str = "strict") -> list[str]:
        """Return the texts at indexes, decoded as by `bytes.decode`. Raises IndexError, UnicodeDecodeError."""

    def mark(self, letters: Iterable[int], first: Iterable[int]) -> npt.NDArray[np.bool_]:
        """Return for each text whether its first byte is in ``first`` and all others in ``letters``; True if empty."""

    def is_ascending(self) -> bool:
        """Return whether the texts are sorted by their bytes, each of them once."""

    def lengths(self) -> npt.NDArray[np.uint32]:
        """Return the length of each text in bytes."""

    def join(self, separator: bytes) -> bytes:
        """Return all texts in one, with the separator between them."""

    def read_u32(self, at: int) -> npt.NDArray[np.uint32]:
        """Return the little endian number at offset ``at`` of each text. Raises ValueError if a text is too short."""

    def write_u32(self, at: int, numbers: npt.NDArray[np.uint32]) -> Texts:
        """Return the texts with other numbers at offset ``at``. Raises ValueError if a text is too short."""

class Parser:
    """Parses one file after the other, from the bytes that it requests.

    Call `begin`. Then, as long as `run` returns False, `feed` at least ``need_length`` bytes from ``need_offset`` on;
    at the end of the file, feed the bytes that are left and call `end`. The results are copies and stay valid.
    """

    def __new__(
        cls,
        *,
        value_limit_bytes: int | None = None,
        depth_limit: int | None = None,
        element_limit: int | None = None,
        inflate_limit_bytes: int | None = None,
        digests_long_values: bool = False,
        captures_long_text: bool = False,
        reads_all_bytes: bool = False,
        records_other_bytes: bool = False,
        stop_after_tag: int | None = None,
        identifies_series: bool = False,
    ) -> Parser: ...
    def begin(self, stream_size: int | None = None) -> None: ...
    def run(self) -> bool: ...
    @property
    def need_offset(self) -> int: ...
    @property
    def need_length(self) -> int: ...
    def feed(self, offset: int, window: Buffer) -> None: ...
    def end(self, stream_size: int) -> None:
        """Set the end of the stream, in bytes. Less than the size given to `begin` is the fault FILE_CHANGED."""

    def stop_reading(self) -> None:
        """End the parse with the fault CANNOT_READ."""

    def read_path(self, path: bytes) -> int:
        """Parse a file; return 0, or the errno of the fault CANNOT_OPEN or CANNOT_READ."""

    def read_descriptor(self, descriptor: int) -> int:
        """Parse a regular file that is open; return 0 or the errno of the fault CANNOT_READ."""

    def status(self) -> tuple[int, int, int | None]:
        """Return (status number, offset in bytes, tag or None if it is not at an element)."""

    def elements(self) -> npt.NDArray[np.void]:
        """Return the records, shape (n,), `ELEMENT_DTYPE`."""

    @property
    def has_elements(self) -> bool:
        """Whether there is a record: without one, nothing of the file can be counted."""

    def captured(self) -> bytes:
        """Return the values that were captured; ``captured_at`` of a record is an offset into them."""

    def deviations(self) -> list[tuple[int, int, int, int | None]]:
        """Return (status number, count, offset in bytes of the first occurrence, its tag or None) of each deviation."""

    @property
    def is_stopped(self) -> bool:
        """Whether the parse ended before an element with a tag above ``stop_after_tag``."""

    @property
    def transfer_syntax_record(self) -> int:
        """Index of the record of (0002,0010), -1 if there is none."""

    @property
    def deflated_from(self) -> int | None:
        """Offset in bytes from which on the file is deflated, None if it is not."""

    def repeat(self) -> tuple[int, int, list[int], int]:
        """Return what the file has in common with one that was read before; see ``docs/repeated-files.md``.

        (Number of the file, counted from 1 by `begin`; number of the file with the same records, 0 if there is none;
        indexes of the records whose values differ; number of leading records that were taken over from the template.)
        """

class Stop:
    """Ends `Collector.scan_files` from another thread. A file that is being read then has the fault INTERRUPTED."""

    def ask(self) -> None: ...
    @property
    def is_asked(self) -> bool: ...

class Collector:
    """Counts identities over the files that its parser reads to their end.

    ``patient_key`` is the key of the digests of patients, 32 bytes; without it, patients are not known. Collectors that
    are merged have the same key.

    One thread at a time may use it. After an exception it must not be used any more.
    """

    def __new__(cls, *, patient_key: bytes | None = None) -> Collector: ...
    @property
    def parser(self) -> Parser: ...
    def scan_files(
        self,
        folder: bytes,
        names: list[bytes] | Texts,
        stop: Stop,
        *,
        keeps_partial: bool = False,
        deviations: list[_FileDeviation] | None = None,
    ) -> tuple[int, list[_Omission]]:
        """Read and count files without the interpreter lock; return how many, and the omissions.

        ``folder`` ends with a separator, or is empty and ``names`` are paths. An omission is (index in the batch from
        0, status number, errno of CANNOT_OPEN and CANNOT_READ or 0, offset of the fault in bytes, tag or None if it
        belongs to no element, whether the part before the fault was counted). A file with a fault adds nothing, or
        what came before the fault with ``keeps_partial``. To ``deviations``, if given, (index in the batch, status
        number, count, offset of the first in bytes, its tag or None) is appended for each deviation of each counted
        file.
        """

    def add_parsed(self, path: bytes, *, is_partial: bool = False) -> None:
        """Count the file that `parser` has just read; a file whose status is not OK only with ``is_partial``."""

    def merge(self, other: Collector, /) -> None:
        """Add the counts of another collector."""

    def merge_tables(self, tables: Mapping[str, Any]) -> None:
        """Add the counts of tables as `tables` returns them. No index may be out of range: the caller has checked."""

    def tables(self, *, with_series_runs: bool = True) -> dict[str, Any]:
        """Return copies of the tables: structured arrays, lists of bytes or `Texts`, numbers.

        ``files``; ``deviations``: (status number, number of files); ``identities``: `IDENTITY_DTYPE`; ``creators``: the
        private creators, without outer padding, to which identities refer by index; ``series_digests`` and
        ``patient_digests``: sorted; ``patients``: their number, -1 if they are not known; ``patient_series``:
        `PATIENT_SERIES_DTYPE`; ``series_runs``: `SERIES_RUN_DTYPE`. Without ``with_series_runs`` the latter is None,
        and ``patient_digests`` and ``patient_series`` are left out. An array without rows is left out, since making it
        imports numpy.
        """

class ValueCollector:
    """Counts values by equipment, identity and VR over the files that its parser reads.

    ``decide(equipment, steps, vr, block, parent_blocks)`` is called once for each new combination. ``equipment`` is
    modality, manufacturer, model and software versions (trimmed bytes, None if absent). ``steps`` has (tag, creator,
    block) for each sequence around the element and the element itself, as in `IDENTITY_DTYPE`, but with the text of the
    creator (bytes) instead of its index. ``block`` and ``parent_blocks`` are the blocks in the file, -1 for none.
    It returns (decision number, whether values are recorded, whether values that break their VR are recorded in any
    case, kinds that are drawn together, those of them that always are, UID root); each kind has a bit, see
    ``ts_collapse`` in ``csrc/collect/collapse_rules.h``. `scan_files` and `add_parsed` raise its exceptions; then the
    collector must not be used any more. A collector without ``decide`` can only merge tables.

    ``patient_key`` is that of `Collector`.

    The occurrences of elements whose decision number is ``listed_decision`` are listed; -1 lists none.
    ``takes_all_bytes``: long texts are stored whole, and the text in all samples becomes a value, Pixel Data included.
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
            tuple[int, bool, bool, int, int, bytes],
        ]
        | None = None,
        *,
        max_values: int,
        listed_decision: int = -1,
        takes_all_bytes: bool = False,
        patient_key: bytes | None = None,
    ) -> ValueCollector: ...
    @property
    def parser(self) -> Parser: ...
    def scan_files(
        self,
        folder: bytes,
        names: list[bytes] | Texts,
        stop: Stop,
        *,
        keeps_partial: bool = False,
        deviations: list[_FileDeviation] | None = None,
    ) -> tuple[int, list[_Omission]]:
        """Read and count files; see `Collector.scan_files`."""

    def add_parsed(self, path: bytes, *, is_partial: bool = False) -> None:
        """Count the file that `parser` has just read; a file whose status is not OK only with ``is_partial``."""

    def merge(self, other: ValueCollector, /) -> None:
        """Add the counts of another collector, in which the same decision numbers mean the same decisions."""

    def merge_tables(self, tables: Mapping[str, Any]) -> None:
        """Add the counts of tables as `tables` returns them; see `Collector.merge_tables`."""

    def tables(self, *, with_series_runs: bool = True) -> dict[str, Any]:
        """Return copies of the tables, including those of `Collector.tables`.

        ``equipment``: `EQUIPMENT_DTYPE`, indexes of ``texts``; ``uses``, the element uses: `USE_DTYPE`; ``rows``:
        `ROW_DTYPE`, indexes of uses, ``values`` and ``paths`` (`Texts`); a row with use -1 is unused. A value is
        its form (1 byte), the index of its character set in ``charsets`` (2 bytes, little endian), and the payload.
        ``values`` may have some that no row refers to any more.
        """

    def take_tables(self, *, with_series_runs: bool = True) -> dict[str, Any]:
        """Return the same as `tables`, and clear the collector; the rows, values and paths are then not copied."""

    def take_occurrences(self) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int32]]:
        """Return the occurrences that were listed since the last call, and clear the list.

        The occurrences have shape (n,), `OCCURRENCE_DTYPE`. The items, int32 of shape (m,), are the indexes, from 0, of
        the items around the elements, the outermost first; an occurrence has ``depth`` of them, from ``first_item`` on.
        """

    def find_row(
        self, number: int, /
    ) -> tuple[tuple[tuple[int, bytes | int, int], ...], str, int, bytes | None, bytes]:
        """Return (steps as ``decide`` gets them, VR, kind of its use, value, its character set).

        The value is None if a code decides without one. Raises IndexError if there is no such row.
        """

    @property
    def value_bytes(self) -> int:
        """The bytes of all distinct values so far."""

    def find_path(self, number: int, /) -> bytes:
        """Return the path at an index of the tables. Raises IndexError if there is no such path."""

class Selector:
    """Selects the values of some elements of the files that its parser reads.

    ``columns`` has the steps of each element: (tag, creator, block) for each sequence around it and itself, as in
    `IDENTITY_DTYPE`, but with the text of the creator (bytes, without padding) instead of its index. With creator -1,
    the tag is that in the file, whatever its private creator is. ``stop_after_tag``: a file is read up to the first
    element of its root data set that has a greater tag; None reads it to its end.

    One thread at a time may use it. After an exception it must not be used any more.

    Raises ValueError for a column without a step.
    """

    def __new__(
        cls,
        columns: Iterable[Iterable[tuple[int, bytes | int, int]]],
        *,
        stop_after_tag: int | None = None,
        value_limit_bytes: int | None = None,
        captures_long_text: bool = False,
    ) -> Selector: ...
    @property
    def parser(self) -> Parser: ...
    def scan_files(
        self,
        folder: bytes,
        names: list[bytes] | Texts,
        stop: Stop,
        *,
        keeps_partial: bool = False,
        deviations: list[_FileDeviation] | None = None,
    ) -> tuple[int, list[_Omission]]:
        """Read files and select their values; see `Collector.scan_files`."""

    def add_parsed(self, path: bytes, *, is_partial: bool = False) -> None:
        """Select the values of the file that `parser` has just read."""

    def take(self) -> tuple[npt.NDArray[np.void], npt.NDArray[np.void], bytes, list[bytes]]:
        """Return the cells, `CELL_DTYPE`, sorted by file and column; then clear them.

        They are followed by their values, `CELL_VALUE_DTYPE`, the bytes that ``at`` is an offset into, and the
        character sets, without padding. ``file`` counts the files that were added since the last call.
        """

def split_value(data: Buffer, vr: bytes, flags: int, length: int, charset: bytes) -> list[bytes]:
    """Return the parts of a value, encoded as in `ValueCollector.tables`, with character set 0.

    ``flags`` and ``length`` are those of `CELL_VALUE_DTYPE`. Raises ValueError if the VR does not have two letters.
    """

def find_text(data: Buffer) -> list[tuple[int, bytes]]:
    """Return the text in bytes as (kind of an element use, text in UTF-8): see ``csrc/parse/found_text.h``."""

class Lines:
    """Lines of text, one for each of ``count`` rows, made of parts: bytes that are in every line, or a column.

    A column is (texts in UTF-8, the index of a text for each row), or (counts of 64 bits, the width to which spaces
    before them fill up). The last part ends a line. Only one thread at a time may use it.

    Raises ValueError for a column of another length or too wide, IndexError for an index that is out of range.
    """

    def __new__(
        cls,
        count: int,
        parts: Iterable[bytes | tuple[Texts, npt.NDArray[np.integer]] | tuple[npt.NDArray[np.integer], int]],
    ) -> Lines: ...
    def lay_out(self, start: int, end: int) -> str:
        """Return the lines of the rows ``start:end``. Raises IndexError for rows that are out of range."""

class ElementRows:
    """Builds tuples of a caller's type from the records of one file, as backends for other tools need them.

    ``parser`` must not begin another file as long as this is used. A row is a ``row_type``: the tag as a ``tag_type``,
    cached in ``tags``; VR, None in implicit VR; value length; value; position of the value, which is its offset plus
    ``tell_shift``; then the members given to `data_set`. Values come from ``window``, whose first byte has the offset
    ``window_offset``, or from ``read(offset, length)``. ``empty_values`` are the values of length 0, one for each of
    `VR_NAMES`; the last is that of implicit VR.
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
        """Return rows by tag, (tag, record) of undefined lengths, whether a tag occurs twice, next record, end offset.

        The data set is that of the item ``parent``, or of the root if that is -1. It begins with the record ``first``
        and at the offset ``start``, and ends before the first element that does not begin where the one before it ends,
        whose encoding is not ``flags``, or whose VR is unknown. With ``selects`` it also ends before the first of
        ``stop_tags``, has only ``wanted_tags``, and values of more than ``value_limit_bytes`` are None, except that of
        (0008,0005). An element of undefined length has None instead of a row; those that are not wanted are listed too.

        Raises IndexError if there is no such record.
        """

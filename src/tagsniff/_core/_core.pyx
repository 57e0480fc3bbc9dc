# cython: language_level=3, boundscheck=False, wraparound=False, embedsignature=False
# cython: freethreading_compatible=True
"""The C core for Python. This module, with the parts that it includes, is all that knows both C and Python.

For: passing bytes and paths to csrc/, and its tables to numpy with one copy. _core.pyi describes the names.
Never: a rule of the standard, a decision, or a Python object for each element, except the rows that backends request.
"""

from cpython.buffer cimport PyBuffer_FillInfo
from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.exc cimport PyErr_CheckSignals
from cpython.ref cimport Py_INCREF
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcpy

include "csrc.pxi"

from operator import index
from os import urandom

HAS_PATH_READER = TS_HAS_PATH_READER != 0
VR_NAMES = tuple([ts_vr_letters(vr).decode("ascii") for vr in range(TS_VR_COUNT)])
VALUE_LIMIT_BYTES = TS_LIMITS_DEFAULT.value_limit_bytes
DEPTH_LIMIT = TS_LIMITS_DEFAULT.depth_limit
ELEMENT_LIMIT = TS_LIMITS_DEFAULT.element_limit
INFLATE_LIMIT_BYTES = TS_LIMITS_DEFAULT.inflate_limit_bytes

CREATOR_NOT_PRIVATE = TS_CREATOR_NOT_PRIVATE
CREATOR_NONE = TS_CREATOR_NONE
CREATOR_EMPTY = TS_CREATOR_EMPTY
CREATOR_UNUSABLE = TS_CREATOR_UNUSABLE

FLAG_BIG_ENDIAN = TS_FLAG_BIG_ENDIAN
FLAG_IMPLICIT_VR = TS_FLAG_IMPLICIT_VR
FLAG_FILE_META = TS_FLAG_FILE_META
FLAG_COMMAND = TS_FLAG_COMMAND
FLAG_SEQUENCE = TS_FLAG_SEQUENCE
FLAG_FRAGMENTS = TS_FLAG_FRAGMENTS
FLAG_WAS_UN = TS_FLAG_WAS_UN
FLAG_AMBIGUOUS = TS_FLAG_AMBIGUOUS
FLAG_LENGTH_ONLY = TS_CELL_LENGTH_ONLY

FLAG_NOT_A_NUMBER = TS_VALUE_NOT_A_NUMBER
FLAG_NOT_A_CODE = TS_VALUE_NOT_A_CODE
FLAG_TRUNCATED = TS_VALUE_TRUNCATED
FLAG_COLLAPSED = TS_VALUE_COLLAPSED
FLAG_BAD_LENGTH = TS_VALUE_BAD_LENGTH
FLAG_NOT_OF_VR = TS_VALUE_NOT_OF_VR
FLAG_TOO_LONG = TS_VALUE_TOO_LONG
FLAG_WRONG_COUNT = TS_VALUE_WRONG_COUNT
FLAG_LOOKS_LIKE_TEXT = TS_VALUE_LOOKS_LIKE_TEXT
FLAG_SEARCHED_IN_PART = TS_VALUE_SEARCHED_IN_PART
FLAG_STREAM_IN_PART = TS_VALUE_STREAM_IN_PART
FLAG_MAY_VARY = TS_VALUE_MAY_VARY


def status_entries():
    cdef uint32_t count
    cdef const ts_status_entry *entries = ts_status_entries(&count)
    kinds = {
        TS_KIND_DONE: "done", TS_KIND_EXCLUSION: "exclusion", TS_KIND_FAULT: "fault", TS_KIND_DEVIATION: "deviation",
    }
    result = []
    for i in range(count):
        name, text = entries[i].name.decode("ascii"), entries[i].text.decode("ascii")
        result.append((name, <int>entries[i].status, kinds[entries[i].kind], text))
    return result


def inflate_window_bits(const uint8_t[::1] first not None):
    cdef bint is_short = first.shape[0] < 8
    return ts_inflate_window_bits(TS_INFLATE_RAW if is_short else ts_inflate_find_form(&first[0]))


def dictionary_find(uint32_t tag):
    cdef const ts_dictionary_entry *entry = ts_dictionary_find(tag)
    if entry == NULL:
        return None
    alternatives = {
        TS_VR_FIXED: "", TS_VR_OB_OR_OW: "OB or OW", TS_VR_US_OR_SS: "US or SS", TS_VR_US_OR_OW: "US or OW",
        TS_VR_US_OR_SS_OR_OW: "US or SS or OW",
    }
    vr = entry.vr[:2].decode("ascii")
    return vr, ts_dictionary_keyword(entry).decode("ascii"), alternatives[entry.ambiguity] or vr


def dictionary_allows_count(uint32_t tag, uint64_t count):
    cdef const ts_dictionary_entry *entry = ts_dictionary_find(tag)
    return None if entry == NULL else ts_dictionary_allows_count(entry, count)


def dictionary_find_keyword(str keyword not None):
    cdef const ts_dictionary_entry *entry = ts_dictionary_find_keyword(keyword.encode())
    return None if entry == NULL else entry.tag


def dictionary_keywords():
    cdef size_t at = 0
    cdef const ts_dictionary_entry *entry = ts_dictionary_at(at)
    found = {}
    while entry != NULL:
        keyword = ts_dictionary_keyword(entry)
        if keyword[0] != 0:
            found[keyword.decode("ascii")] = entry.tag
        at += 1
        entry = ts_dictionary_at(at)
    return found


cdef ts_text view_bytes(bytes text):
    """Return the bytes in the form that csrc/ reads; borrowed from the argument."""
    return ts_text(bytes=text, length=len(text))


cdef ts_vr find_vr(str vr) except *:
    return <ts_vr>VR_NAMES.index(vr)


def number_may_identify(str vr not None, bytes number not None):
    cdef ts_vr index_of_vr = find_vr(vr)
    size_bytes = ts_vr_number_bytes(index_of_vr)
    if size_bytes == 0:
        return bool(ts_number_may_identify(view_bytes(number)))
    if len(number) != size_bytes:
        raise ValueError("a number has the size of its VR")
    return bool(ts_binary_number_may_identify(index_of_vr, number))


def number_order(str vr not None, bytes number not None, bytes other not None):
    cdef ts_vr index_of_vr = find_vr(vr)
    size_bytes = ts_vr_number_bytes(index_of_vr)
    if size_bytes == 0:
        return ts_number_order(view_bytes(number), view_bytes(other))
    if len(number) != size_bytes or len(other) != size_bytes:
        raise ValueError("a number has the size of its VR")
    return ts_binary_number_order(index_of_vr, number, other)


def uid_root(bytes uid not None):
    return uid[:ts_uid_root_length(view_bytes(uid))]


def uid_has_date(bytes uid not None):
    return bool(ts_uid_has_date(view_bytes(uid)))


def text_shape(bytes text not None):
    cdef uint8_t[TS_SHAPE_BYTES] shape
    if not text.isascii():
        raise ValueError("a text that has a shape is ASCII")
    return shape[:ts_text_shape(view_bytes(text), shape)]


def run_is_to_be_read(bytes run not None):
    return bool(ts_run_is_to_be_read(view_bytes(run)))


def release_memory():
    with nogil:
        ts_memory_trim()


def digest(const uint8_t[::1] data, *, by_processor):
    cdef ts_digest state
    cdef uint8_t[TS_DIGEST_BYTES] result
    ts_digest_begin(&state)
    if by_processor and not state.uses_processor:
        return None
    state.uses_processor = by_processor
    ts_digest_add(&state, &data[0] if data.shape[0] > 0 else NULL, <size_t>data.shape[0])
    ts_digest_end(&state, result)
    return result[:TS_DIGEST_BYTES]


include "texts.pxi"
include "arrays.pxi"
include "folder.pxi"
include "parser.pxi"
include "collectors.pxi"
include "selection.pxi"
include "rows.pxi"
include "lines.pxi"

# cython: language_level=3, boundscheck=False, wraparound=False, embedsignature=False
"""The C core for Python: the only file that knows both sides (see _core.pyi for what the names mean).

For: handing bytes and paths to csrc/, and its tables to numpy by one copy.
Never: a rule of the standard, a decision, or a Python object for an element.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from tagsniff._core cimport *

from operator import index

import numpy as np

HAS_PATH_READER = TS_HAS_PATH_READER != 0
VR_NAMES = tuple([ts_vr_letters(vr).decode("ascii") for vr in range(TS_VR_COUNT)])
VALUE_LIMIT_BYTES = TS_LIMITS_DEFAULT.value_limit_bytes
DEPTH_LIMIT = TS_LIMITS_DEFAULT.depth_limit

FLAG_BIG_ENDIAN = TS_FLAG_BIG_ENDIAN
FLAG_IMPLICIT_VR = TS_FLAG_IMPLICIT_VR
FLAG_FILE_META = TS_FLAG_FILE_META
FLAG_COMMAND = TS_FLAG_COMMAND
FLAG_SEQUENCE = TS_FLAG_SEQUENCE
FLAG_FRAGMENTS = TS_FLAG_FRAGMENTS
FLAG_WAS_UN = TS_FLAG_WAS_UN
FLAG_AMBIGUOUS = TS_FLAG_AMBIGUOUS

FLAG_NOT_A_NUMBER = TS_VALUE_NOT_A_NUMBER
FLAG_NOT_A_CODE = TS_VALUE_NOT_A_CODE
FLAG_TRUNCATED = TS_VALUE_TRUNCATED
FLAG_COLLAPSED = TS_VALUE_COLLAPSED
FLAG_BAD_LENGTH = TS_VALUE_BAD_LENGTH
FLAG_NOT_OF_VR = TS_VALUE_NOT_OF_VR


cdef object make_dtype(const ts_field *fields, uint32_t count, size_t item_bytes):
    return np.dtype({
        "names": [fields[i].name.decode("ascii") for i in range(count)],
        "formats": [fields[i].format.decode("ascii") for i in range(count)],
        "offsets": [fields[i].offset_bytes for i in range(count)],
        "itemsize": item_bytes,
    })


ctypedef const ts_field *(*find_fields)(uint32_t *count) noexcept nogil


cdef object make_dtype_of(find_fields find, size_t item_bytes):
    cdef uint32_t count
    cdef const ts_field *fields = find(&count)
    return make_dtype(fields, count, item_bytes)


ELEMENT_DTYPE = make_dtype_of(ts_element_fields, sizeof(ts_element))
IDENTITY_DTYPE = make_dtype_of(ts_identity_fields, sizeof(ts_identity))
EQUIPMENT_DTYPE = make_dtype_of(ts_equipment_fields, sizeof(ts_equipment))
GROUP_DTYPE = make_dtype_of(ts_group_fields, sizeof(ts_group))
ROW_DTYPE = make_dtype_of(ts_row_fields, sizeof(ts_row))


cdef object copy_table(const void *items, size_t count, object dtype):
    table = np.empty(count, dtype)
    cdef uint8_t[::1] target
    if count > 0:
        target = table.view(np.uint8)
        memcpy(&target[0], items, <size_t>target.shape[0])
    return table


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


def dictionary_find_keyword(str keyword not None):
    cdef const ts_dictionary_entry *entry = ts_dictionary_find_keyword(keyword.encode())
    return None if entry == NULL else entry.tag


cdef object copy_texts(const ts_pool *pool):
    cdef uint32_t length
    cdef const uint8_t *text
    result = []
    for number in range(pool.entries.count):
        text = ts_pool_get(pool, number, &length)
        result.append(text[:length] if length > 0 else b"")
    return result


cdef object copy_creators(const ts_collector *collector):
    cdef uint32_t length
    cdef const uint8_t *text
    result = []
    for creator in range(ts_collector_creator_count(collector)):
        text = ts_collector_creator(collector, creator, &length)
        result.append(text[:length] if length > 0 else b"")
    return result


cdef object copy_identities(const ts_collector *collector):
    cdef size_t count
    cdef const ts_identity *rows = ts_collector_identities(collector, &count)
    return copy_table(rows, count, IDENTITY_DTYPE)


cdef object copy_deviations(const ts_collector *collector):
    result = []
    for number in range(TS_DEVIATION_FIRST, TS_DEVIATION_FIRST + TS_DEVIATION_COUNT):
        files = ts_collector_deviation(collector, number)
        if files > 0:
            result.append((number, files))
    return result


cdef class Parser:
    cdef ts_parser *_parser
    cdef ts_reader _reader
    cdef const uint8_t[::1] _window  # the bytes that the parser may look at until the next feed

    def __cinit__(self, *, value_limit_bytes=None, depth_limit=None, digests_long_values=False):
        cdef ts_limits limits = TS_LIMITS_DEFAULT
        ts_reader_begin(&self._reader)
        if value_limit_bytes is not None:
            value_limit_bytes = index(value_limit_bytes)
            if not 0 <= value_limit_bytes <= 0xFFFFFFFF:
                raise ValueError("value_limit_bytes is 0 to 4294967295")
            limits.value_limit_bytes = value_limit_bytes
        if depth_limit is not None:
            depth_limit = index(depth_limit)
            if not 0 <= depth_limit <= 0xFFFF:
                raise ValueError("depth_limit is 0 to 65535")
            limits.depth_limit = depth_limit
        limits.digests_long_values = digests_long_values
        self._parser = ts_parser_new(limits)
        if self._parser == NULL:
            raise MemoryError

    def __dealloc__(self):
        ts_parser_free(self._parser)
        ts_reader_free(&self._reader)

    def begin(self, stream_size=None):
        ts_parser_begin(self._parser, TS_UNKNOWN_SIZE if stream_size is None else stream_size)

    def run(self):
        cdef ts_parse result
        with nogil:
            result = ts_parser_run(self._parser)
        return result == TS_PARSE_DONE

    @property
    def need_offset(self):
        return ts_parser_need_offset(self._parser)

    @property
    def need_length(self):
        return ts_parser_need_length(self._parser)

    def feed(self, uint64_t offset, window):
        self._window = window
        cdef uint64_t length = <uint64_t>self._window.shape[0]
        ts_parser_feed(self._parser, offset, &self._window[0] if length > 0 else NULL, length)

    def end(self, uint64_t stream_size):
        ts_parser_end(self._parser, stream_size)

    def stop_reading(self):
        ts_parser_stop(self._parser, TS_CANNOT_READ)

    def read_path(self, bytes path not None):
        cdef const char *c_path = path
        cdef int error_number
        if b"\0" in path:
            raise ValueError("a path has no zero byte")
        with nogil:
            error_number = ts_read_path(&self._reader, self._parser, c_path)
        return error_number

    def read_descriptor(self, int descriptor):
        cdef int error_number
        with nogil:
            error_number = ts_read_descriptor(&self._reader, self._parser, descriptor)
        return error_number

    def status(self):
        cdef uint64_t offset
        cdef uint32_t tag
        cdef int status = ts_parser_status(self._parser, &offset, &tag)
        return status, offset, None if tag == TS_NO_TAG else tag

    def elements(self):
        cdef size_t count
        cdef const ts_element *elements = ts_parser_elements(self._parser, &count)
        return copy_table(elements, count, ELEMENT_DTYPE)

    def captured(self):
        cdef size_t length
        cdef const uint8_t *captured = ts_parser_captured(self._parser, &length)
        return captured[:length] if length > 0 else b""

    def deviations(self):
        cdef const ts_deviation *deviation
        cdef int number
        result = []
        for number in range(TS_DEVIATION_FIRST, TS_DEVIATION_FIRST + TS_DEVIATION_COUNT):
            deviation = ts_parser_deviation(self._parser, number)
            if deviation.count > 0:
                tag = None if deviation.tag == TS_NO_TAG else deviation.tag
                result.append((number, deviation.count, deviation.offset, tag))
        return result

    @property
    def transfer_syntax_record(self):
        return ts_parser_transfer_syntax(self._parser)

    @property
    def deflated_from(self):
        cdef uint64_t offset = ts_parser_deflated_from(self._parser)
        return None if offset == TS_UNKNOWN_SIZE else offset


cdef class Collector:
    cdef ts_collector *_collector
    cdef readonly Parser parser

    def __cinit__(self):
        self._collector = ts_collector_new()
        if self._collector == NULL:
            raise MemoryError
        self.parser = Parser(value_limit_bytes=0)

    def __dealloc__(self):
        ts_collector_free(self._collector)

    def read_path(self, bytes path not None):
        return self.parser.read_path(path)

    def add_parsed(self):
        cdef bint is_added
        with nogil:
            is_added = ts_collector_add(self._collector, self.parser._parser, False)
        if not is_added:
            raise MemoryError

    @property
    def files(self):
        return ts_collector_files(self._collector)

    @property
    def series(self):
        return ts_collector_series(self._collector)

    def identities(self):
        return copy_identities(self._collector)

    def creators(self):
        return copy_creators(self._collector)

    def deviations(self):
        return copy_deviations(self._collector)


cdef class ValueCollector:
    cdef ts_value_collector *_collector
    cdef readonly Parser parser
    cdef object _decide
    cdef object _error  # what the callback raised; C knows no exceptions

    def __cinit__(self, decide, *, max_values):
        max_values = index(max_values)
        if not 1 <= max_values <= 0x7FFFFFFF:
            raise ValueError("max_values is 1 to 2147483647")
        self._decide = decide
        self._collector = ts_value_collector_new(max_values, answer, <void *>self)
        if self._collector == NULL:
            raise MemoryError
        self.parser = Parser(digests_long_values=True)

    def __dealloc__(self):
        ts_value_collector_free(self._collector)

    def read_path(self, bytes path not None):
        return self.parser.read_path(path)

    def add_parsed(self, bytes path not None, *, is_partial=False):
        cdef const uint8_t *c_path = path
        cdef uint32_t length = len(path)
        cdef bint with_fault = is_partial
        cdef bint is_added
        with nogil:
            is_added = ts_value_collector_add(self._collector, self.parser._parser, c_path, length, with_fault)
        if not is_added:
            error, self._error = self._error, None
            raise MemoryError if error is None else error

    @property
    def files(self):
        return ts_collector_files(ts_value_collector_identities(self._collector))

    @property
    def series(self):
        return ts_collector_series(ts_value_collector_identities(self._collector))

    def identities(self):
        return copy_identities(ts_value_collector_identities(self._collector))

    def creators(self):
        return copy_creators(ts_value_collector_identities(self._collector))

    def deviations(self):
        return copy_deviations(ts_value_collector_identities(self._collector))

    def equipment(self):
        cdef size_t count
        cdef const ts_equipment *rows = ts_value_collector_equipment(self._collector, &count)
        return copy_table(rows, count, EQUIPMENT_DTYPE)

    def groups(self):
        cdef size_t count
        cdef const ts_group *rows = ts_value_collector_groups(self._collector, &count)
        return copy_table(rows, count, GROUP_DTYPE)

    def rows(self):
        cdef size_t count
        cdef const ts_row *rows = ts_value_collector_rows(self._collector, &count)
        return copy_table(rows, count, ROW_DTYPE)

    def texts(self):
        return copy_texts(ts_value_collector_texts(self._collector))

    def values(self):
        return copy_texts(ts_value_collector_values(self._collector))

    def charsets(self):
        return copy_texts(ts_value_collector_charsets(self._collector))

    def paths(self):
        return copy_texts(ts_value_collector_paths(self._collector))

    cdef object get_text(self, int32_t number):
        cdef uint32_t length
        cdef const uint8_t *text
        if number < 0:
            return None
        text = ts_pool_get(ts_value_collector_texts(self._collector), number, &length)
        return text[:length] if length > 0 else b""

    cdef object get_steps(self, int32_t number):
        cdef size_t count
        cdef uint32_t length
        cdef const uint8_t *text
        cdef const ts_collector *collector = ts_value_collector_identities(self._collector)
        cdef const ts_identity *rows = ts_collector_identities(collector, &count)
        steps = []
        while number >= 0:
            creator = rows[number].creator
            if creator >= 0:
                text = ts_collector_creator(collector, creator, &length)
                creator = text[:length]
            steps.append((rows[number].tag, creator, rows[number].block))
            number = rows[number].parent
        return tuple(reversed(steps))

    cdef object get_blocks(self, int32_t number, int steps):
        cdef const ts_block_path *path
        blocks = []
        while number >= 0:
            path = ts_value_collector_block_path(self._collector, number)
            blocks.append(path.block)
            number = path.parent
        blocks.extend([-1] * (steps - len(blocks)))
        return tuple(reversed(blocks))

    cdef bint ask(self, const ts_question *question, ts_decision *decision) except -1:
        cdef size_t count
        cdef const ts_equipment *row = &ts_value_collector_equipment(self._collector, &count)[question.equipment]
        equipment = (
            self.get_text(row.modality), self.get_text(row.manufacturer), self.get_text(row.model),
            self.get_text(row.software),
        )
        steps = self.get_steps(question.identity)
        blocks = self.get_blocks(question.block_path, len(steps))
        vr = VR_NAMES[question.vr]
        own = len(blocks) - 1
        answers = self._decide(equipment, steps, vr, blocks[own], blocks[:own])
        number, records_values, shows_broken, collapse, root = answers
        decision.number = number
        decision.records_values = records_values
        decision.shows_broken = shows_broken
        decision.collapse = collapse
        decision.uid_root = ts_value_collector_intern_text(self._collector, root, len(root))
        if decision.uid_root < 0:
            raise MemoryError
        return True


cdef c_bool answer(void *context, const ts_question *question, ts_decision *decision) noexcept with gil:
    collector = <ValueCollector>context
    try:
        return collector.ask(question, decision)
    except BaseException as error:
        collector._error = error
        return False

# cython: language_level=3, boundscheck=False, wraparound=False, embedsignature=False
"""The C core for Python: the only file that knows both sides (see _core.pyi for what the names mean).

For: handing bytes and paths to csrc/, and its tables to numpy by one copy.
Never: a rule of the standard, a decision, or a Python object for an element, but the rows that backends ask for.
"""

from cpython.ref cimport Py_INCREF
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcpy

from tagsniff._core cimport *

from operator import index
from os import urandom

import numpy as np

HAS_PATH_READER = TS_HAS_PATH_READER != 0
VR_NAMES = tuple([ts_vr_letters(vr).decode("ascii") for vr in range(TS_VR_COUNT)])
VALUE_LIMIT_BYTES = TS_LIMITS_DEFAULT.value_limit_bytes
DEPTH_LIMIT = TS_LIMITS_DEFAULT.depth_limit
ELEMENT_LIMIT = TS_LIMITS_DEFAULT.element_limit
INFLATE_LIMIT_BYTES = TS_LIMITS_DEFAULT.inflate_limit_bytes

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
SERIES_RUN_DTYPE = make_dtype_of(ts_series_run_fields, sizeof(ts_series_run))
OCCURRENCE_DTYPE = make_dtype_of(ts_occurrence_fields, sizeof(ts_occurrence))
OMISSION_DTYPE = make_dtype_of(ts_omission_fields, sizeof(ts_omission))
CELL_DTYPE = make_dtype_of(ts_cell_fields, sizeof(ts_cell))
CELL_VALUE_DTYPE = make_dtype_of(ts_cell_value_fields, sizeof(ts_cell_value))


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


cdef object copy_texts(const ts_pool *pool):
    cdef uint32_t length
    cdef const uint8_t *text
    result = []
    for number in range(pool.entries.count):
        text = ts_pool_get(pool, number, &length)
        result.append(text[:length] if length > 0 else b"")
    return result


cdef class TextView:
    """A pool over texts of Python, as csrc/ reads it; the texts are copied once, one behind the other."""

    cdef ts_pool pool
    cdef const uint8_t[::1] _bytes
    cdef object _entries

    def __cinit__(self, texts):
        cdef size_t at = 0
        self._bytes = b"".join(texts) + b"\0"
        self._entries = np.zeros(len(texts) + 1, np.dtype((np.void, sizeof(ts_pool_entry))))
        cdef uint8_t[::1] raw = self._entries.view(np.uint8)
        cdef ts_pool_entry *entry = <ts_pool_entry *><void *>&raw[0]
        for text in texts:
            entry[0].at = at
            entry[0].length = len(text)
            at += entry[0].length
            entry += 1
        self.pool.bytes.items = <void *>&self._bytes[0]
        self.pool.entries.items = <void *>&raw[0]
        self.pool.entries.count = len(texts)


cdef ts_hash_key make_hash_key():
    cdef const uint8_t[::1] secret = urandom(sizeof(ts_hash_key))
    cdef ts_hash_key key
    memcpy(&key, &secret[0], sizeof(ts_hash_key))
    return key


cdef object copy_tables(const ts_tables *tables):
    deviations = []
    for number in range(TS_DEVIATION_COUNT):
        if tables.deviation_files[number] > 0:
            deviations.append((TS_DEVIATION_FIRST + number, tables.deviation_files[number]))
    return {
        "files": tables.files,
        "deviations": deviations,
        "identities": copy_table(tables.identities, tables.identity_count, IDENTITY_DTYPE),
        "creators": copy_texts(tables.creators),
    }


cdef object order_series(const ts_pool *series):
    """Return the digests in their order, and the new number of each old one."""
    digests = copy_texts(series)
    old_numbers = sorted(range(len(digests)), key=digests.__getitem__)
    new_numbers = np.empty(len(digests) + 1, np.uint32)
    new_numbers[old_numbers] = np.arange(len(digests), dtype=np.uint32)
    return [digests[number] for number in old_numbers], new_numbers


cdef class TablesView:
    """Tables of Python, as csrc/ reads them. They were checked: no number leads out of its table."""

    cdef ts_tables tables
    cdef const uint8_t[::1] _identities, _runs
    cdef uint64_t[::1] _deviations
    cdef TextView _creators, _series

    def __cinit__(self, tables):
        deviations = np.zeros(TS_DEVIATION_COUNT, np.uint64)
        for number, files in tables["deviations"]:
            deviations[number - TS_DEVIATION_FIRST] = files
        self._deviations = deviations
        self._identities = view_table(tables["identities"], IDENTITY_DTYPE)
        self._runs = view_table(tables["series_runs"], SERIES_RUN_DTYPE)
        self._creators = TextView(tables["creators"])
        self._series = TextView(tables["series_digests"])
        self.tables.identities = <const ts_identity *><const void *>&self._identities[0]
        self.tables.identity_count = len(tables["identities"])
        self.tables.creators = &self._creators.pool
        self.tables.series = &self._series.pool
        self.tables.series_runs = <const ts_series_run *><const void *>&self._runs[0]
        self.tables.series_run_count = len(tables["series_runs"])
        self.tables.files = tables["files"]
        self.tables.deviation_files = &self._deviations[0]


cdef object view_table(table, dtype):
    """Return the bytes of a table, with a row more so that there is a first one."""
    copied = np.zeros(len(table) + 1, dtype)
    copied[:-1] = table
    return copied.view(np.uint8)


cdef class Stop:
    cdef ts_stop _stop

    def __cinit__(self):
        ts_stop_begin(&self._stop)

    def ask(self):
        ts_stop_ask(&self._stop)

    @property
    def is_asked(self):
        return ts_stop_is_asked(&self._stop)


cdef class Parser:
    cdef ts_parser *_parser
    cdef ts_reader _reader
    cdef const uint8_t[::1] _window  # the bytes that the parser may look at until the next feed

    def __cinit__(
        self, *, value_limit_bytes=None, depth_limit=None, element_limit=None, inflate_limit_bytes=None,
        digests_long_values=False, stop_behind_tag=None,
    ):
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
        if element_limit is not None:
            element_limit = index(element_limit)
            if not 0 <= element_limit <= TS_LIMITS_DEFAULT.element_limit:
                raise ValueError(f"element_limit is 0 to {TS_LIMITS_DEFAULT.element_limit}")
            limits.element_limit = element_limit
        if inflate_limit_bytes is not None:
            inflate_limit_bytes = index(inflate_limit_bytes)
            if not 0 <= inflate_limit_bytes < 1 << 63:
                raise ValueError("inflate_limit_bytes is 0 or more, below 2 ** 63")
            limits.inflate_limit_bytes = inflate_limit_bytes
        if stop_behind_tag is not None:
            stop_behind_tag = index(stop_behind_tag)
            if not 0 <= stop_behind_tag <= 0xFFFFFFFF:
                raise ValueError("stop_behind_tag is 0 to 4294967295")
            limits.stop_behind_tag = stop_behind_tag
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
            error_number = ts_read_path(&self._reader, self._parser, TS_NO_FOLDER, c_path)
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
    def is_stopped(self):
        return ts_parser_is_stopped(self._parser)

    @property
    def transfer_syntax_record(self):
        return ts_parser_transfer_syntax(self._parser)

    @property
    def deflated_from(self):
        cdef uint64_t offset = ts_parser_deflated_from(self._parser)
        return None if offset == TS_UNKNOWN_SIZE else offset


cdef object scan_batch(
    Parser parser, ts_count_file count, void *collector, bytes folder, list names, Stop stop, bint keeps_partial
):
    """Return (number of files done, omissions, whether memory was enough and nothing went wrong in a callback)."""
    cdef ts_buffer omissions
    cdef bytes joined = b"\0".join(names) + b"\0"
    if b"\0" in folder or joined.count(b"\0") != len(names):
        raise ValueError("a path has no zero byte")
    cdef ts_batch batch = ts_batch(folder=folder, names=joined, names_bytes=len(joined) if names else 0)
    cdef ts_scan scan = ts_scan(
        reader=&parser._reader, parser=parser._parser, count=count, collector=collector, stop=&stop._stop,
        keeps_partial=keeps_partial, files_done=0,
    )
    cdef bint is_done
    ts_buffer_begin(&omissions, sizeof(ts_omission))
    try:
        with nogil:
            is_done = ts_scan_files(&scan, &batch, &omissions)
        return scan.files_done, copy_table(omissions.items, omissions.count, OMISSION_DTYPE), is_done
    finally:
        ts_buffer_free(&omissions)


cdef class Collector:
    cdef ts_collector *_collector
    cdef readonly Parser parser

    def __cinit__(self):
        self._collector = ts_collector_new(make_hash_key())
        if self._collector == NULL:
            raise MemoryError
        self.parser = Parser(value_limit_bytes=0)

    def __dealloc__(self):
        ts_collector_free(self._collector)

    def scan_files(self, bytes folder not None, list names not None, Stop stop not None, *, keeps_partial=False):
        files_done, omissions, is_done = scan_batch(
            self.parser, ts_scan_count_identities, self._collector, folder, names, stop, keeps_partial)
        if not is_done:
            raise MemoryError
        return files_done, omissions

    def add_parsed(self, bytes path not None, *, is_partial=False):
        cdef bint with_fault = is_partial
        cdef bint is_added
        with nogil:
            is_added = ts_collector_add(self._collector, self.parser._parser, with_fault)
        if not is_added:
            raise MemoryError

    cdef merge_view(self, const ts_tables *tables):
        cdef ts_renumbered renumbered
        cdef bint is_merged
        ts_renumbered_begin(&renumbered)
        with nogil:
            is_merged = ts_collector_merge(self._collector, tables, &renumbered)
        ts_renumbered_free(&renumbered)
        if not is_merged:
            raise MemoryError

    cdef ts_tables list_series(self, const uint32_t *series_order, ts_buffer *runs) except *:
        cdef ts_series_marks marks
        cdef ts_tables tables = ts_collector_tables(self._collector)
        cdef bint is_done = ts_series_marks_begin(&marks, tables.series.entries.count)
        if is_done:
            is_done = ts_collector_list_series(self._collector, series_order, &marks, runs)
        ts_series_marks_free(&marks)
        if not is_done:
            raise MemoryError
        tables.series_runs = <const ts_series_run *>runs.items
        tables.series_run_count = runs.count
        return tables

    def merge(self, Collector other not None, /):
        cdef ts_buffer runs
        cdef ts_tables tables
        ts_buffer_begin(&runs, sizeof(ts_series_run))
        try:
            tables = other.list_series(NULL, &runs)
            self.merge_view(&tables)
        finally:
            ts_buffer_free(&runs)

    def merge_tables(self, tables):
        cdef TablesView view = TablesView(tables)
        self.merge_view(&view.tables)

    def tables(self):
        cdef ts_buffer runs
        cdef ts_tables tables = ts_collector_tables(self._collector)
        digests, new_numbers = order_series(tables.series)
        cdef uint32_t[::1] series_order = new_numbers
        ts_buffer_begin(&runs, sizeof(ts_series_run))
        try:
            tables = self.list_series(&series_order[0], &runs)
            copied = copy_tables(&tables)
            copied["series_digests"] = digests
            copied["series_runs"] = copy_table(tables.series_runs, tables.series_run_count, SERIES_RUN_DTYPE)
        finally:
            ts_buffer_free(&runs)
        return copied


cdef class ValueCollector:
    cdef ts_value_collector *_collector
    cdef readonly Parser parser
    cdef object _decide
    cdef object _error  # what the callback raised; C knows no exceptions

    def __cinit__(self, decide=None, *, max_values, listed_decision=-1):
        max_values = index(max_values)
        if not 1 <= max_values <= 0x7FFFFFFF:
            raise ValueError("max_values is 1 to 2147483647")
        self._decide = decide
        self._collector = ts_value_collector_new(make_hash_key(), max_values, answer, <void *>self)
        if self._collector == NULL:
            raise MemoryError
        ts_value_collector_list_decision(self._collector, listed_decision)
        self.parser = Parser(digests_long_values=True)

    def __dealloc__(self):
        ts_value_collector_free(self._collector)

    cdef object take_error(self):
        error, self._error = self._error, None
        return MemoryError() if error is None else error

    def scan_files(self, bytes folder not None, list names not None, Stop stop not None, *, keeps_partial=False):
        files_done, omissions, is_done = scan_batch(
            self.parser, ts_scan_count_values, self._collector, folder, names, stop, keeps_partial)
        if not is_done:
            raise self.take_error()
        return files_done, omissions

    def add_parsed(self, bytes path not None, *, is_partial=False):
        cdef const uint8_t *c_path = path
        cdef uint32_t length = len(path)
        cdef bint with_fault = is_partial
        cdef bint is_added
        with nogil:
            is_added = ts_value_collector_add(self._collector, self.parser._parser, c_path, length, with_fault)
        if not is_added:
            raise self.take_error()

    def merge(self, ValueCollector other not None, /):
        cdef ts_value_tables tables = ts_value_collector_tables(other._collector)
        cdef bint is_merged
        with nogil:
            is_merged = ts_value_collector_list_series(other._collector, NULL, &tables.identities)
            is_merged = is_merged and ts_value_collector_merge(self._collector, &tables)
        if not is_merged:
            raise MemoryError

    def merge_tables(self, tables):
        cdef TablesView view = TablesView(tables)
        cdef TextView texts = TextView(tables["texts"])
        cdef TextView values = TextView(tables["values"])
        cdef TextView charsets = TextView(tables["charsets"])
        cdef TextView paths = TextView(tables["paths"])
        cdef const uint8_t[::1] equipment = view_table(tables["equipment"], EQUIPMENT_DTYPE)
        cdef const uint8_t[::1] groups = view_table(tables["groups"], GROUP_DTYPE)
        cdef const uint8_t[::1] rows = view_table(tables["rows"], ROW_DTYPE)
        cdef ts_value_tables merged
        cdef bint is_merged
        merged.identities = view.tables
        merged.equipment = <const ts_equipment *><const void *>&equipment[0]
        merged.groups = <const ts_group *><const void *>&groups[0]
        merged.rows = <const ts_row *><const void *>&rows[0]
        merged.equipment_count = len(tables["equipment"])
        merged.group_count = len(tables["groups"])
        merged.row_count = len(tables["rows"])
        merged.texts = &texts.pool
        merged.values = &values.pool
        merged.charsets = &charsets.pool
        merged.paths = &paths.pool
        with nogil:
            is_merged = ts_value_collector_merge(self._collector, &merged)
        if not is_merged:
            raise MemoryError

    def tables(self):
        ts_value_collector_estimate(self._collector)
        cdef ts_value_tables tables = ts_value_collector_tables(self._collector)
        digests, new_numbers = order_series(tables.identities.series)
        cdef uint32_t[::1] series_order = new_numbers
        if not ts_value_collector_list_series(self._collector, &series_order[0], &tables.identities):
            raise MemoryError
        copied = copy_tables(&tables.identities)
        copied["series_digests"] = digests
        copied["series_runs"] = copy_table(
            tables.identities.series_runs, tables.identities.series_run_count, SERIES_RUN_DTYPE)
        copied["equipment"] = copy_table(tables.equipment, tables.equipment_count, EQUIPMENT_DTYPE)
        copied["groups"] = copy_table(tables.groups, tables.group_count, GROUP_DTYPE)
        copied["rows"] = copy_table(tables.rows, tables.row_count, ROW_DTYPE)
        copied["texts"] = copy_texts(tables.texts)
        copied["values"] = copy_texts(tables.values)
        copied["charsets"] = copy_texts(tables.charsets)
        copied["paths"] = copy_texts(tables.paths)
        return copied

    def take_occurrences(self):
        cdef ts_occurrences listed = ts_value_collector_occurrences(self._collector)
        occurrences = copy_table(listed.occurrences, listed.count, OCCURRENCE_DTYPE)
        items = copy_table(listed.items, listed.item_count, np.dtype(np.int32))
        ts_value_collector_forget_occurrences(self._collector)
        return occurrences, items

    def find_row(self, int32_t number, /):
        cdef ts_value_tables tables = ts_value_collector_tables(self._collector)
        if number < 0 or <size_t>number >= tables.row_count or tables.rows[number].group < 0:
            raise IndexError("no such row")
        cdef const ts_row *row = &tables.rows[number]
        cdef const ts_group *group = &tables.groups[row.group]
        value = self.get_text(tables.values, row.value)
        charset = b"" if value is None else self.get_text(tables.charsets, value[1] | value[2] << 8)
        steps = self.get_steps(&tables.identities, group.identity)
        return steps, VR_NAMES[group.vr], group.kind == 1, value, charset

    def find_path(self, int32_t number, /):
        cdef ts_value_tables tables = ts_value_collector_tables(self._collector)
        if number < 0 or <size_t>number >= tables.paths.entries.count:
            raise IndexError("no such path")
        return self.get_text(tables.paths, number)

    cdef object get_text(self, const ts_pool *pool, int32_t number):
        cdef uint32_t length
        cdef const uint8_t *text
        if number < 0:
            return None
        text = ts_pool_get(pool, number, &length)
        return text[:length] if length > 0 else b""

    cdef object get_steps(self, const ts_tables *tables, int32_t number):
        steps = []
        while number >= 0:
            creator = tables.identities[number].creator
            if creator >= 0:
                creator = self.get_text(tables.creators, creator)
            steps.append((tables.identities[number].tag, creator, tables.identities[number].block))
            number = tables.identities[number].parent
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
        cdef ts_value_tables tables = ts_value_collector_tables(self._collector)
        cdef const ts_equipment *row = &tables.equipment[question.equipment]
        equipment = (
            self.get_text(tables.texts, row.modality), self.get_text(tables.texts, row.manufacturer),
            self.get_text(tables.texts, row.model), self.get_text(tables.texts, row.software),
        )
        steps = self.get_steps(&tables.identities, question.identity)
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


cdef class Selector:
    cdef ts_selector *_selector
    cdef readonly Parser parser

    def __cinit__(self, columns, *, stop_behind_tag=None, value_limit_bytes=None):
        cdef ts_step_asked asked
        cdef bint is_first
        cdef const uint8_t[::1] name
        self._selector = ts_selector_new(make_hash_key())
        if self._selector == NULL:
            raise MemoryError
        for steps in columns:
            is_first = True
            for tag, creator, block in steps:
                asked.tag, asked.block = tag, block
                asked.name, asked.name_length = NULL, 0
                if isinstance(creator, bytes):
                    asked.creator = 0
                    asked.name_length = len(creator)
                    if asked.name_length > 0:
                        name = creator
                        asked.name = &name[0]
                else:
                    asked.creator = creator
                if not ts_selector_add_step(self._selector, &asked, is_first):
                    raise MemoryError
                is_first = False
            if is_first:
                raise ValueError("a column has at least one step")
        self.parser = Parser(stop_behind_tag=stop_behind_tag, value_limit_bytes=value_limit_bytes)

    def __dealloc__(self):
        ts_selector_free(self._selector)

    def scan_files(self, bytes folder not None, list names not None, Stop stop not None, *, keeps_partial=False):
        files_done, omissions, is_done = scan_batch(
            self.parser, ts_scan_select_values, self._selector, folder, names, stop, keeps_partial)
        if not is_done:
            raise MemoryError
        return files_done, omissions

    def add_parsed(self, bytes path not None, *, is_partial=False):
        cdef bint is_added
        with nogil:
            is_added = ts_selector_add(self._selector, self.parser._parser)
        if not is_added:
            raise MemoryError

    def take(self):
        cdef ts_selected selected = ts_selector_selected(self._selector)
        taken = (
            copy_table(selected.cells, selected.cell_count, CELL_DTYPE),
            copy_table(selected.values, selected.value_count, CELL_VALUE_DTYPE),
            selected.data[:selected.data_count] if selected.data_count > 0 else b"",
            copy_texts(selected.charsets),
        )
        ts_selector_clear(self._selector)
        return taken


cdef c_bool take_part(void *context, const ts_value_part *part) noexcept:
    cdef list parts = <list>context
    if not part.is_run:  # text inside of bytes is no part of what the value is
        head = bytes([part.form, 0, 0])
        parts.append(head + part.payload.bytes[:part.payload.length] if part.payload.length > 0 else head)
    return True


def split_value(const uint8_t[::1] data, bytes vr not None, uint16_t flags, uint64_t length, bytes charset not None):
    cdef ts_element element
    cdef ts_value value
    cdef ts_runs runs
    cdef ts_buffer scratch
    cdef ts_text charset_text
    cdef const uint8_t *c_charset = charset
    cdef const char *letters = vr
    cdef bint is_done
    cdef list parts = []
    if len(vr) != 2:
        raise ValueError("a VR has two letters")
    charset_text.bytes, charset_text.length = c_charset, <size_t>len(charset)
    element.value_offset, element.end_offset = 0, length
    element.tag = TS_NO_TAG
    element.flags = flags
    element.vr[0], element.vr[1] = letters[0], letters[1]
    element.value_length = <uint32_t>data.shape[0]
    element.captured_at = 0
    if flags & TS_CELL_LENGTH_ONLY:
        element.value_length = TS_UNDEFINED_LENGTH
        element.captured_at = TS_NOT_CAPTURED
    value.element = &element
    value.captured = &data[0] if data.shape[0] > 0 else NULL
    value.item_count = length
    value.charset_kind = ts_charset_find_kind(charset_text)
    value.take = take_part
    value.context = <void *>parts
    ts_runs_begin(&runs)
    ts_buffer_begin(&scratch, sizeof(uint8_t))
    is_done = ts_value_split(&value, &runs, &scratch)
    ts_runs_free(&runs)
    ts_buffer_free(&scratch)
    if not is_done:
        raise MemoryError
    return parts


cdef extern from "Python.h":
    object PyBytes_FromStringAndSize(const char *text, Py_ssize_t length)
    object PyType_GenericAlloc(type kind, Py_ssize_t items)
    void PyTuple_SET_ITEM(object row, Py_ssize_t place, object member)


cdef inline void set_member(object row, Py_ssize_t place, object member):
    Py_INCREF(member)  # the row takes the reference
    PyTuple_SET_ITEM(row, place, member)


cdef enum:
    ENCODING_FLAGS = TS_FLAG_BIG_ENDIAN | TS_FLAG_IMPLICIT_VR | TS_FLAG_FILE_META | TS_FLAG_COMMAND
    MEMBERS_BEFORE_ENCODING = 5
    TAG_LIMIT = 65536  # of tags that are kept; a file may hold as many as it likes
    TAG_SPECIFIC_CHARACTER_SET = 0x00080005


cdef class ElementRows:
    cdef Parser _parser
    cdef type _row_type
    cdef type _tag_type
    cdef dict _tags
    cdef tuple _empty_values
    cdef tuple _vr_names
    cdef bytes _window
    cdef uint64_t _window_offset
    cdef int64_t _tell_shift
    cdef object _read
    cdef frozenset _stop_tags
    cdef uint32_t _first_stop_tag
    cdef frozenset _wanted_tags
    cdef double _value_limit_bytes

    def __cinit__(
        self, Parser parser not None, type row_type not None, type tag_type not None, dict tags not None,
        tuple empty_values not None, bytes window not None, uint64_t window_offset, int64_t tell_shift, read,
        frozenset stop_tags not None, frozenset wanted_tags, value_limit_bytes,
    ):
        if not issubclass(row_type, tuple) or not issubclass(tag_type, int) or len(empty_values) != TS_VR_COUNT:
            raise TypeError("rows are tuples, tags are integers, and each VR has an empty value")
        self._parser = parser
        self._row_type = row_type
        self._tag_type = tag_type
        self._tags = tags
        self._empty_values = empty_values
        self._vr_names = VR_NAMES
        self._window = window
        self._window_offset = window_offset
        self._tell_shift = tell_shift
        self._read = read
        self._stop_tags = stop_tags
        self._first_stop_tag = min(stop_tags, default=TS_NO_TAG)
        self._wanted_tags = wanted_tags
        self._value_limit_bytes = float("inf") if value_limit_bytes is None else value_limit_bytes

    cdef object get_value(self, uint64_t offset, uint32_t length):
        cdef const char *window = self._window
        cdef uint64_t window_bytes = <uint64_t>len(self._window)
        cdef uint64_t skipped = offset - self._window_offset
        if offset < self._window_offset or skipped > window_bytes or length > window_bytes - skipped:
            return self._read(offset, length)
        return PyBytes_FromStringAndSize(window + skipped, length)

    cdef object get_tag(self, uint32_t number):
        key = number
        tag = self._tags.get(key)
        if tag is None:
            tag = self._tag_type(key)
            if len(self._tags) < TAG_LIMIT:
                self._tags[key] = tag
        return tag

    cdef object make_row(
        self, object tag, const ts_element *element, ts_vr vr, bint is_implicit, bint is_deferred, tuple row_end,
    ):
        cdef Py_ssize_t place
        cdef Py_ssize_t items = MEMBERS_BEFORE_ENCODING + len(row_end)
        vr_name = None if is_implicit else self._vr_names[vr]
        length = element.value_length
        if is_deferred:
            value = None
        elif element.value_length == 0:
            value = self._empty_values[<int>TS_VR_UNKNOWN if is_implicit else vr]
        else:
            value = self.get_value(element.value_offset, element.value_length)
        tell = <int64_t>element.value_offset + self._tell_shift
        row = PyType_GenericAlloc(self._row_type, items)
        set_member(row, 0, tag)
        set_member(row, 1, vr_name)
        set_member(row, 2, length)
        set_member(row, 3, value)
        set_member(row, 4, tell)
        for place in range(MEMBERS_BEFORE_ENCODING, items):
            set_member(row, place, row_end[place - MEMBERS_BEFORE_ENCODING])
        return row

    def data_set(
        self, int32_t first, int32_t parent, uint64_t start, uint16_t flags, tuple row_end not None, *, bint selects,
    ):
        cdef size_t count
        cdef const ts_element *records = ts_parser_elements(self._parser._parser, &count)
        cdef const ts_element *element
        cdef uint64_t end = start
        cdef bint is_implicit = (flags & TS_FLAG_IMPLICIT_VR) != 0
        cdef bint is_undefined, is_wanted, is_deferred
        cdef ts_vr vr
        cdef dict elements = {}
        cdef list undefined = []
        cdef Py_ssize_t rows = 0
        if first < 0 or parent < -1 or (parent >= 0 and <size_t>parent >= count):
            raise IndexError("no such record")
        cdef uint16_t depth = 0 if parent < 0 else records[parent].depth
        cdef size_t at = <size_t>first
        while at < count:
            element = &records[at]
            if element.parent != parent:
                if element.depth <= depth:
                    break
                at += 1  # it stands in a sequence of this data set
                continue
            vr = TS_VR_UN if element.flags & TS_FLAG_WAS_UN else ts_element_vr(element)
            is_undefined = element.value_length == TS_UNDEFINED_LENGTH
            if (
                vr == TS_VR_UNKNOWN or (element.flags & ENCODING_FLAGS) != flags
                or element.value_offset - end != <uint64_t>(12 if ts_vr_is_long(vr) and not is_implicit else 8)
                or element.end_offset < element.value_offset
                or (not is_undefined and element.end_offset - element.value_offset != element.value_length)
                or (selects and element.tag >= self._first_stop_tag and element.tag in self._stop_tags)
            ):
                break
            end = element.end_offset
            at += 1
            is_wanted = not selects or self._wanted_tags is None or element.tag in self._wanted_tags
            if is_undefined:
                tag = self.get_tag(element.tag)
                undefined.append((tag, <Py_ssize_t>at - 1))
                if is_wanted:
                    elements[tag] = None
                    rows += 1
            elif is_wanted:
                is_deferred = (
                    selects and element.value_length > self._value_limit_bytes
                    and element.tag != TAG_SPECIFIC_CHARACTER_SET
                )
                tag = self.get_tag(element.tag)
                elements[tag] = self.make_row(tag, element, vr, is_implicit, is_deferred, row_end)
                rows += 1
        return elements, undefined, rows != len(elements), <Py_ssize_t>at, end

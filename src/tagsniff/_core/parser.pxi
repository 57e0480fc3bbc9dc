# The parser of csrc/ as a Python object; a part of _core.pyx.
#
# For: reading one file, by its path, its descriptor, or windows of bytes that the caller feeds.
# Never: read a window after the next feed has replaced it.

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
    cdef const uint8_t[::1] _window  # keeps the bytes alive that the parser may read until the next feed

    def __cinit__(
        self, *, value_limit_bytes=None, depth_limit=None, element_limit=None, inflate_limit_bytes=None,
        digests_long_values=False, captures_long_text=False, reads_all_bytes=False, records_other_bytes=False,
        stop_after_tag=None, identifies_series=False,
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
        if stop_after_tag is not None:
            stop_after_tag = index(stop_after_tag)
            if not 0 <= stop_after_tag <= 0xFFFFFFFF:
                raise ValueError("stop_after_tag is 0 to 4294967295")
            limits.stop_after_tag = stop_after_tag
        limits.digests_long_values = digests_long_values
        limits.captures_long_text = captures_long_text
        limits.reads_all_bytes = reads_all_bytes
        limits.identifies_series = identifies_series
        limits.records_other_bytes = records_other_bytes
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
        return copy_table(elements, count, find_dtype("ELEMENT_DTYPE"))

    @property
    def has_elements(self):
        cdef size_t count
        ts_parser_elements(self._parser, &count)
        return count > 0

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

    def repeat(self):
        cdef ts_repeat repeat = ts_parser_repeat(self._parser)
        cdef size_t number
        changed = [repeat.changed[number] for number in range(repeat.changed_count)]
        return repeat.file, repeat.same_as, changed, repeat.taken_count

# Selects the values of some elements of many files; a part of _core.pyx.
#
# For: tables, and backends that need only some elements.
# Never: a Python object for a cell while files are read.

cdef class Selector:
    cdef ts_selector *_selector
    cdef readonly Parser parser

    def __cinit__(self, columns, *, stop_after_tag=None, value_limit_bytes=None, captures_long_text=False):
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
        self.parser = Parser(
            stop_after_tag=stop_after_tag, value_limit_bytes=value_limit_bytes, captures_long_text=captures_long_text)

    def __dealloc__(self):
        ts_selector_free(self._selector)

    def scan_files(
        self, bytes folder not None, names not None, Stop stop not None, *, keeps_partial=False, list deviations=None
    ):
        files_done, omissions, is_done = scan_batch(
            self.parser, ts_scan_select_values, self._selector, folder, names, stop, keeps_partial, deviations)
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
            copy_table(selected.cells, selected.cell_count, find_dtype("CELL_DTYPE")),
            copy_table(selected.values, selected.value_count, find_dtype("CELL_VALUE_DTYPE")),
            selected.data[:selected.data_count] if selected.data_count > 0 else b"",
            copy_texts(selected.charsets),
        )
        ts_selector_clear(self._selector)
        return taken


cdef c_bool take_part(void *context, const ts_value_part *part) noexcept:
    cdef list parts = <list>context
    head = bytes([part.form, 0, 0, 0, 0])
    parts.append(head + part.payload.bytes[:part.payload.length] if part.payload.length > 0 else head)
    return True


def split_value(const uint8_t[::1] data, bytes vr not None, uint16_t flags, uint64_t length, bytes charset not None):
    cdef ts_element element
    cdef ts_value value
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
    value.asks_fit = False
    value.is_stored_whole = False
    value.take = take_part
    value.context = <void *>parts
    ts_buffer_begin(&scratch, sizeof(uint8_t))
    is_done = ts_value_split(&value, NULL, &scratch)  # text inside bytes is not a part of the value
    ts_buffer_free(&scratch)
    if not is_done:
        raise MemoryError
    return parts


cdef c_bool take_found(void *context, const ts_found_text *found) noexcept:
    if not found.is_size:
        (<list>context).append(
            (found.source, bytes(found.text.bytes[:found.text.length]) if found.text.length > 0 else b"")
        )
    return True


def find_text(const uint8_t[::1] data):
    cdef ts_text_finder finder
    cdef list found = []
    cdef bint is_done = True
    ts_text_finder_begin(&finder)
    ts_text_finder_clear(&finder, ts_charset_find_kind(ts_text(bytes=NULL, length=0)))
    finder.take = take_found
    finder.context = <void *>found
    if data.shape[0] > 0:
        is_done = ts_text_finder_add(&finder, &data[0], data.shape[0])
    is_done = is_done and ts_text_finder_end(&finder)
    ts_text_finder_free(&finder)
    if not is_done:
        raise MemoryError
    return found

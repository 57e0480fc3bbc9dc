# Builds tuples of a caller's type from the records of one file; a part of _core.pyx.
#
# For: backends of tools whose data sets consist of such tuples.
# Never: build a tuple for a record that was not requested.

cdef extern from "Python.h":
    object PyBytes_FromStringAndSize(const char *text, Py_ssize_t length)
    object PyType_GenericAlloc(type kind, Py_ssize_t items)
    void PyTuple_SET_ITEM(object row, Py_ssize_t position, object member)


cdef inline void set_member(object row, Py_ssize_t position, object member):
    Py_INCREF(member)  # PyTuple_SET_ITEM steals a reference
    PyTuple_SET_ITEM(row, position, member)


cdef enum:
    ENCODING_FLAGS = TS_FLAG_BIG_ENDIAN | TS_FLAG_IMPLICIT_VR | TS_FLAG_FILE_META | TS_FLAG_COMMAND
    MEMBERS_BEFORE_ENCODING = 5
    TAG_LIMIT = 65536  # the most tags that are cached; a file may have any number
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
                # Threads share the tags. The first one stays: a tag that a thread has just got is never replaced.
                tag = self._tags.setdefault(key, tag)
        return tag

    cdef object make_row(
        self, object tag, const ts_element *element, ts_vr vr, bint is_implicit, bint is_deferred, tuple row_end,
    ):
        cdef Py_ssize_t position
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
        for position in range(MEMBERS_BEFORE_ENCODING, items):
            set_member(row, position, row_end[position - MEMBERS_BEFORE_ENCODING])
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
                at += 1  # it is inside a sequence of this data set
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

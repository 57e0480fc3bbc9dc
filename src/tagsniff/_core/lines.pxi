# The rows of a report as lines of text; a part of _core.pyx.
#
# For: the writers, which define the parts of a line.
# Never: use an index that is out of range.

cdef extern from "Python.h":
    str PyUnicode_DecodeUTF8(const char *text, Py_ssize_t length, const char *errors)


cdef class Lines:
    cdef ts_buffer _parts
    cdef ts_buffer _text
    cdef list _owners
    cdef size_t _count

    def __cinit__(self, size_t count, parts):
        ts_buffer_begin(&self._parts, sizeof(ts_line_part))
        ts_buffer_begin(&self._text, 1)
        self._owners = []
        self._count = count
        listed = list(parts)
        if not ts_buffer_resize(&self._parts, len(listed)):
            raise MemoryError
        for number, part in enumerate(listed):
            (<ts_line_part *>self._parts.items)[number] = self.read_part(part)

    def __dealloc__(self):
        ts_buffer_free(&self._parts)
        ts_buffer_free(&self._text)

    cdef ts_line_part read_part(self, part) except *:
        if isinstance(part, bytes):
            return self.read_literal(part)
        first, second = part
        return self.read_text(first, second) if isinstance(first, Texts) else self.read_counts(first, second)

    cdef ts_line_part read_literal(self, bytes text) except *:
        cdef Texts texts = Texts((text,))
        self._owners.append(texts)
        return ts_line_part(texts=&texts.pool, numbers=NULL, counts=NULL, width=0)

    cdef object check_column(self, column):
        if len(column) != self._count:
            raise ValueError("a column has an entry for each row")
        self._owners.append(column)
        return column

    cdef ts_line_part read_text(self, Texts texts, numbers) except *:
        cdef const uint32_t[::1] items = self.check_column(texts.read_numbers(numbers))
        cdef const uint32_t *column = NULL
        if self._count > 0:
            column = &items[0]
        self._owners.append(texts)
        return ts_line_part(texts=&texts.pool, numbers=column, counts=NULL, width=0)

    cdef ts_line_part read_counts(self, counts, uint32_t width) except *:
        import numpy as np

        cdef const uint64_t[::1] items = self.check_column(np.ascontiguousarray(counts, dtype=np.uint64))
        cdef const uint64_t *column = NULL
        if self._count > 0:
            column = &items[0]
        if width > TS_LINE_WIDTH_LIMIT:
            raise ValueError("a count is too wide")
        return ts_line_part(texts=NULL, numbers=NULL, counts=column, width=width)

    def lay_out(self, size_t start, size_t end):
        cdef bint is_done
        if not start <= end <= self._count:
            raise IndexError("no such rows")
        self._text.count = 0
        with nogil:
            is_done = ts_append_lines(
                &self._text, <const ts_line_part *>self._parts.items, self._parts.count, start, end
            )
        if not is_done:
            raise MemoryError
        return PyUnicode_DecodeUTF8(<const char *>self._text.items, self._text.count, "surrogatepass")

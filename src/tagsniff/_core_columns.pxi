# The rows of a scan as columns of Python objects, a stretch at a time; a part of _core.pyx.
#
# For: reports, which may have millions of rows.
# Never: a number that leads out of the paths or the texts.

cdef extern from "Python.h":
    tuple PyTuple_New(Py_ssize_t items)


cdef class RowColumns:
    cdef const uint8_t[::1] _raw
    cdef Py_ssize_t _count
    cdef list _paths
    cdef list _texts

    def __cinit__(self, rows, list paths not None, list texts not None):
        if rows.dtype != ROW_DTYPE:
            raise TypeError("rows are those of a scan")
        self._raw = np.ascontiguousarray(rows).view(np.uint8)
        self._count = len(rows)
        self._paths = paths
        self._texts = texts

    def cut(self, Py_ssize_t start, Py_ssize_t end, list order=None):
        cdef const ts_row *rows
        cdef const ts_row *row
        cdef Py_ssize_t count = end - start
        cdef Py_ssize_t place, other
        if not 0 <= start <= end <= self._count or (order is not None and len(order) != count):
            raise IndexError("no such rows")
        columns = [PyTuple_New(count) for _ in range(8)]
        values, decisions, flags, examples, files, series, occurrences, texts = columns
        if count == 0:
            return tuple(columns)
        rows = <const ts_row *><const void *>&self._raw[0]
        for place in range(count):
            other = place if order is None else order[place]
            if not 0 <= other < count:
                raise IndexError("no such row")
            row = &rows[start + other]
            if not 0 <= row.example < <Py_ssize_t>len(self._paths) or row.value >= <Py_ssize_t>len(self._texts):
                raise IndexError("a number leads nowhere")
            set_member(values, place, row.value)
            set_member(decisions, place, row.decision)
            set_member(flags, place, row.flags)
            set_member(examples, place, self._paths[row.example])
            set_member(files, place, row.files)
            set_member(series, place, row.series)
            set_member(occurrences, place, row.occurrences)
            set_member(texts, place, "" if row.value < 0 else self._texts[row.value])
        return tuple(columns)

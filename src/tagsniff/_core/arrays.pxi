# Converts the tables of csrc/ to numpy arrays and Python objects, and back; a part of _core.pyx.
#
# For: every table that C and Python exchange, with one copy; the dtypes are those of the structs.
# Never: a layout of its own, or a pointer that outlives the memory that it points into.

# numpy is imported in the functions that use it: importing it takes longer than scanning a small collection.

cdef object make_dtype(const ts_field *fields, uint32_t count, size_t item_bytes):
    import numpy as np

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


cdef object make_named_dtype(str name):
    if name == "ELEMENT_DTYPE":
        return make_dtype_of(ts_element_fields, sizeof(ts_element))
    if name == "IDENTITY_DTYPE":
        return make_dtype_of(ts_identity_fields, sizeof(ts_identity))
    if name == "EQUIPMENT_DTYPE":
        return make_dtype_of(ts_equipment_fields, sizeof(ts_equipment))
    if name == "USE_DTYPE":
        return make_dtype_of(ts_element_use_fields, sizeof(ts_element_use))
    if name == "ROW_DTYPE":
        return make_dtype_of(ts_row_fields, sizeof(ts_row))
    if name == "COLLAPSED_DTYPE":
        return make_dtype_of(ts_collapsed_entry_fields, sizeof(ts_collapsed_entry))
    if name == "HASH_DTYPE":
        return make_dtype_of(ts_distinct_hash_fields, sizeof(ts_distinct_hash))
    if name == "VARYING_DTYPE":
        return make_dtype_of(ts_varying_values_fields, sizeof(ts_varying_values))
    if name == "PATIENT_SERIES_DTYPE":
        return make_dtype_of(ts_patient_series_fields, sizeof(ts_patient_series))
    if name == "SERIES_RUN_DTYPE":
        return make_dtype_of(ts_series_run_fields, sizeof(ts_series_run))
    if name == "OCCURRENCE_DTYPE":
        return make_dtype_of(ts_occurrence_fields, sizeof(ts_occurrence))
    if name == "CELL_DTYPE":
        return make_dtype_of(ts_cell_fields, sizeof(ts_cell))
    if name == "CELL_VALUE_DTYPE":
        return make_dtype_of(ts_cell_value_fields, sizeof(ts_cell_value))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


cdef dict made_dtypes = {}


cdef object find_dtype(str name):
    """Return one of the dtypes, made when it is first needed: the same object each time, in every thread."""
    dtype = made_dtypes.get(name)
    return made_dtypes.setdefault(name, make_named_dtype(name)) if dtype is None else dtype


def __getattr__(str name):
    # PEP 562: the dtypes are attributes of the module, like everything else in its stub.
    return find_dtype(name)


cdef object copy_table(const void *items, size_t count, object dtype):
    import numpy as np

    table = np.empty(count, dtype)
    cdef uint8_t[::1] target
    if count > 0:
        target = table.view(np.uint8)
        memcpy(&target[0], items, <size_t>target.shape[0])
    return table


cdef class TakenTable:
    """The items of a table that was taken from csrc/: the owner of the memory of a numpy array of them."""

    cdef ts_buffer items

    def __cinit__(self):
        ts_buffer_begin(&self.items, 1)

    def __dealloc__(self):
        ts_buffer_free(&self.items)

    def __getbuffer__(self, Py_buffer *buffer, int flags):
        PyBuffer_FillInfo(buffer, self, self.items.items, self.items.count * self.items.item_bytes, False, flags)

    cdef object view(self, object dtype):
        import numpy as np

        return np.frombuffer(self, dtype)


cdef ts_hash_key make_hash_key():
    cdef const uint8_t[::1] secret = urandom(sizeof(ts_hash_key))
    cdef ts_hash_key key
    memcpy(&key, &secret[0], sizeof(ts_hash_key))
    return key


cdef bytes check_patient_key(key):
    """Return the key; None if patients are not to be known."""
    if key is None:
        return None
    if not isinstance(key, bytes):
        raise TypeError(f"patient_key is bytes or None, not {type(key).__name__}")
    if len(key) != TS_HMAC_KEY_BYTES:
        raise ValueError(f"patient_key has {TS_HMAC_KEY_BYTES} bytes")
    return key


cdef const uint8_t *point_at_key(bytes key) noexcept:
    return NULL if key is None else <const uint8_t *><const char *>key


cdef object copy_tables(const ts_tables *tables):
    deviations = []
    for number in range(TS_DEVIATION_COUNT):
        if tables.deviation_files[number] > 0:
            deviations.append((TS_DEVIATION_FIRST + number, tables.deviation_files[number]))
    copied = {"files": tables.files, "deviations": deviations, "creators": copy_texts(tables.creators)}
    put_table(copied, "identities", tables.identities, tables.identity_count, "IDENTITY_DTYPE")
    return copied


cdef int put_table(dict copied, str name, const void *items, size_t count, str dtype_name) except -1:
    """Add a copy of a table to the dictionary if the table has rows."""
    if count > 0:
        copied[name] = copy_table(items, count, find_dtype(dtype_name))
    return 0


cdef object make_numbers(size_t count):
    """Return a buffer of so many uint32_t, and one more, so that there is always a first one to point at."""
    return memoryview(bytearray(sizeof(uint32_t) * (count + 1))).cast("I")


cdef object order_numbers(list orders):
    """Return the sorted indexes of a list, and the new index of each old one as a buffer of uint32_t."""
    old_numbers = sorted(range(len(orders)), key=orders.__getitem__)
    new_numbers = make_numbers(len(orders))
    cdef uint32_t[::1] numbers = new_numbers
    cdef uint32_t new_number = 0
    for old_number in old_numbers:
        numbers[<size_t>old_number] = new_number
        new_number += 1
    return old_numbers, new_numbers


cdef object put_series(dict copied, const ts_tables *tables, bint with_patients):
    """Add the series and patients, sorted by their digests; return the new index of each row of patient_series."""
    series = copy_texts(tables.series)
    patients = copy_texts(tables.patients)
    old_series, new_series = order_numbers(series)
    old_patients, new_patients = order_numbers(patients)
    cdef size_t count = tables.patient_series_count
    cdef const uint32_t[::1] of_series = new_series
    cdef const uint32_t[::1] of_patients = new_patients
    cdef int32_t patient
    cdef size_t number
    orders = []
    for number in range(count):
        patient = tables.patient_series[number].patient
        orders.append((
            of_series[tables.patient_series[number].series], of_patients[patient] if tables.knows_patients else -1))
    old_rows, new_rows = order_numbers(orders)
    copied["series_digests"] = [series[number] for number in old_series]
    copied["patients"] = len(patients) if tables.knows_patients or count == 0 else -1
    if not with_patients or count == 0:
        return new_rows
    copied["patient_digests"] = [patients[number] for number in old_patients] if tables.knows_patients else []
    cdef uint8_t[::1] ordered = bytearray(sizeof(ts_patient_series) * count)
    cdef ts_patient_series *row = <ts_patient_series *><void *>&ordered[0]
    for old_row in old_rows:
        row.series, row.patient = orders[old_row]
        row.files = tables.patient_series[<size_t>old_row].files
        row += 1
    put_table(copied, "patient_series", &ordered[0], count, "PATIENT_SERIES_DTYPE")
    return new_rows


cdef class TablesView:
    """Tables from Python, in the form that csrc/ reads. They were checked: no index is out of range."""

    cdef ts_tables tables
    cdef const uint8_t[::1] _identities, _runs, _patient_series
    cdef uint64_t[::1] _deviations
    cdef Texts _creators, _series, _patients

    def __cinit__(self, tables):
        import numpy as np

        deviations = np.zeros(TS_DEVIATION_COUNT, np.uint64)
        for number, files in tables["deviations"]:
            deviations[number - TS_DEVIATION_FIRST] = files
        self._deviations = deviations
        self._identities = view_table(tables["identities"], find_dtype("IDENTITY_DTYPE"))
        self._runs = view_table(tables["series_runs"], find_dtype("SERIES_RUN_DTYPE"))
        self._creators = view_texts(tables["creators"])
        self._series = view_texts(tables["series_digests"])
        self._patients = view_texts(tables["patient_digests"])
        self._patient_series = view_table(tables["patient_series"], find_dtype("PATIENT_SERIES_DTYPE"))
        self.tables.identities = <const ts_identity *><const void *>&self._identities[0]
        self.tables.identity_count = len(tables["identities"])
        self.tables.creators = &self._creators.pool
        self.tables.series = &self._series.pool
        self.tables.patients = &self._patients.pool
        self.tables.patient_series = <const ts_patient_series *><const void *>&self._patient_series[0]
        self.tables.patient_series_count = len(tables["patient_series"])
        self.tables.series_runs = <const ts_series_run *><const void *>&self._runs[0]
        self.tables.series_run_count = len(tables["series_runs"])
        self.tables.files = tables["files"]
        self.tables.deviation_files = &self._deviations[0]


cdef object view_table(table, dtype):
    """Return the bytes of a table, with one more row, so that there is always a first one to point at."""
    import numpy as np

    copied = np.zeros(len(table) + 1, dtype)
    copied[:-1] = table
    return copied.view(np.uint8)


cdef ts_new_numbers view_new_numbers(const int32_t[::1] numbers):
    cdef ts_new_numbers found
    found.count = <size_t>numbers.shape[0]
    found.numbers = NULL
    if found.count > 0:
        found.numbers = &numbers[0]
    return found


def order_rows(
    rows, const int32_t[::1] uses not None, const int32_t[::1] values not None, const int32_t[::1] decisions not None,
    const int32_t[::1] paths not None,
):
    import numpy as np

    row_dtype = find_dtype("ROW_DTYPE")
    if rows.dtype != row_dtype:
        raise TypeError("rows are an array of ROW_DTYPE")
    cdef size_t count = len(rows)
    ordered = np.empty(count, row_dtype)
    new_rows = np.empty(count, np.int32)
    if count == 0:
        return ordered, new_rows
    cdef const uint8_t[::1] from_bytes = np.ascontiguousarray(rows).view(np.uint8)
    cdef uint8_t[::1] to_bytes = ordered.view(np.uint8)
    cdef int32_t[::1] numbers = new_rows
    cdef size_t ordered_count
    cdef ts_row_order order
    cdef ts_row_moves moves = ts_row_moves(
        uses=view_new_numbers(uses), values=view_new_numbers(values), decisions=view_new_numbers(decisions),
        paths=view_new_numbers(paths),
    )
    with nogil:
        order = ts_rows_sort(
            <const ts_row *><const void *>&from_bytes[0], count, &moves, <ts_row *><void *>&to_bytes[0], &numbers[0],
            &ordered_count)
    if order == TS_ROWS_NO_MEMORY:
        raise MemoryError
    if order == TS_ROWS_BAD_INDEX:
        raise IndexError("an index of a row is out of range")
    return ordered[:ordered_count], new_rows

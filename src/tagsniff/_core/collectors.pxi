# The collectors of csrc/ as Python objects, and the batches of files that they count; a part of _core.pyx.
#
# For: the loop over files without the interpreter lock, which is taken only to ask the profile.
# Never: a Python object for an element or a value while files are read.

cdef object scan_batch(
    Parser parser, ts_count_file count, void *collector, bytes folder, names, Stop stop, bint keeps_partial,
    list deviations,
):
    """Return (number of files done, omissions, False if memory ran out or a callback failed).

    The deviations of the counted files are appended to the list, unless it is None.
    """
    cdef ts_buffer omissions
    cdef ts_buffer of_files
    cdef bytes joined = (names.join(b"\0") if isinstance(names, Texts) else b"\0".join(names)) + b"\0"
    if b"\0" in folder or joined.count(b"\0") != len(names):
        raise ValueError("a path has no zero byte")
    cdef ts_batch batch = ts_batch(folder=folder, names=joined, names_bytes=len(joined) if names else 0)
    cdef ts_scan scan = ts_scan(
        reader=&parser._reader, parser=parser._parser, count=count, collector=collector, stop=&stop._stop,
        keeps_partial=keeps_partial, deviations=NULL, files_done=0,
    )
    if deviations is not None:
        scan.deviations = &of_files
    cdef bint is_done
    ts_buffer_begin(&omissions, sizeof(ts_omission))
    ts_buffer_begin(&of_files, sizeof(ts_file_deviation))
    try:
        with nogil:
            is_done = ts_scan_files(&scan, &batch, &omissions)
        if deviations is not None:
            list_deviations(&of_files, deviations)
        return scan.files_done, list_omissions(&omissions), is_done
    finally:
        ts_buffer_free(&omissions)
        ts_buffer_free(&of_files)


cdef int list_deviations(const ts_buffer *of_files, list deviations) except -1:
    cdef const ts_file_deviation *one = <const ts_file_deviation *>of_files.items
    cdef size_t number
    for number in range(of_files.count):
        deviations.append((
            one[number].file, one[number].status, one[number].count, one[number].offset,
            None if one[number].tag == TS_NO_TAG else one[number].tag,
        ))
    return 0


cdef list list_omissions(const ts_buffer *omissions):
    cdef const ts_omission *omission = <const ts_omission *>omissions.items
    cdef size_t number
    result = []
    for number in range(omissions.count):
        result.append((
            omission[number].file, omission[number].status, omission[number].error_number, omission[number].offset,
            None if omission[number].tag == TS_NO_TAG else omission[number].tag, omission[number].is_partial != 0,
        ))
    return result


cdef class Collector:
    cdef ts_collector *_collector
    cdef readonly Parser parser

    def __cinit__(self, *, patient_key=None):
        self._collector = ts_collector_new(make_hash_key(), point_at_key(check_patient_key(patient_key)))
        if self._collector == NULL:
            raise MemoryError
        self.parser = Parser(value_limit_bytes=0, identifies_series=True)

    def __dealloc__(self):
        ts_collector_free(self._collector)

    def scan_files(
        self, bytes folder not None, names not None, Stop stop not None, *, keeps_partial=False, list deviations=None
    ):
        files_done, omissions, is_done = scan_batch(
            self.parser, ts_scan_count_identities, self._collector, folder, names, stop, keeps_partial, deviations)
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
        cdef bint is_done = ts_series_marks_begin(&marks, tables.patient_series_count)
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

    def tables(self, *, with_series_runs=True):
        cdef ts_buffer runs
        if not ts_collector_fill_counts(self._collector):
            raise MemoryError
        cdef ts_tables tables = ts_collector_tables(self._collector)
        copied = copy_tables(&tables)
        cdef const uint32_t[::1] series_order = put_series(copied, &tables, with_series_runs)
        if not with_series_runs:
            copied["series_runs"] = None
            return copied
        ts_buffer_begin(&runs, sizeof(ts_series_run))
        try:
            tables = self.list_series(&series_order[0], &runs)
            put_table(copied, "series_runs", tables.series_runs, tables.series_run_count, "SERIES_RUN_DTYPE")
        finally:
            ts_buffer_free(&runs)
        return copied


cdef c_bool ask_profile(void *context, const ts_question *question, ts_decision *decision) noexcept with gil:
    collector = <ValueCollector>context
    try:
        return collector.ask(question, decision)
    except BaseException as error:
        collector._error = error
        return False


cdef class ValueCollector:
    cdef ts_value_collector *_collector
    cdef readonly Parser parser
    cdef object _decide
    cdef object _error  # the exception of the callback: it cannot pass through C
    cdef uint32_t _max_values
    cdef bytes _patient_key
    cdef int32_t _listed_decision

    def __cinit__(
        self, decide=None, *, max_values, listed_decision=-1, takes_all_bytes=False, patient_key=None
    ):
        max_values = index(max_values)
        if not 1 <= max_values <= 0x7FFFFFFF:
            raise ValueError("max_values is 1 to 2147483647")
        self._decide = decide
        self._max_values = max_values
        self._listed_decision = listed_decision
        self._patient_key = check_patient_key(patient_key)
        self.make()
        # Occurrences are listed for a search, which sees the whole of each value.
        self.parser = Parser(
            digests_long_values=True, captures_long_text=takes_all_bytes or self._listed_decision >= 0,
            reads_all_bytes=takes_all_bytes, records_other_bytes=True)

    cdef int make(self) except -1:
        self._collector = ts_value_collector_new(
            make_hash_key(), point_at_key(self._patient_key), self._max_values, ask_profile, <void *>self)
        if self._collector == NULL:
            raise MemoryError
        ts_value_collector_list_decision(self._collector, self._listed_decision)
        return 0

    def __dealloc__(self):
        ts_value_collector_free(self._collector)

    cdef object take_error(self):
        error, self._error = self._error, None
        return MemoryError() if error is None else error

    def scan_files(
        self, bytes folder not None, names not None, Stop stop not None, *, keeps_partial=False, list deviations=None
    ):
        files_done, omissions, is_done = scan_batch(
            self.parser, ts_scan_count_values, self._collector, folder, names, stop, keeps_partial, deviations)
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
            is_merged = ts_value_collector_list_drawn(other._collector, &tables)
            is_merged = is_merged and ts_value_collector_list_series(other._collector, NULL, &tables.identities)
            is_merged = is_merged and ts_value_collector_merge(self._collector, &tables)
        if not is_merged:
            raise MemoryError

    def merge_tables(self, tables):
        cdef TablesView view = TablesView(tables)
        cdef Texts texts = view_texts(tables["texts"])
        cdef Texts values = view_texts(tables["values"])
        cdef Texts charsets = view_texts(tables["charsets"])
        cdef Texts paths = view_texts(tables["paths"])
        cdef const uint8_t[::1] equipment = view_table(tables["equipment"], find_dtype("EQUIPMENT_DTYPE"))
        cdef const uint8_t[::1] uses = view_table(tables["uses"], find_dtype("USE_DTYPE"))
        cdef const uint8_t[::1] rows = view_table(tables["rows"], find_dtype("ROW_DTYPE"))
        cdef const uint8_t[::1] collapsed = view_table(tables["collapsed"], find_dtype("COLLAPSED_DTYPE"))
        cdef const uint8_t[::1] hashes = view_table(tables["hashes"], find_dtype("HASH_DTYPE"))
        cdef Texts collapsed_texts = view_texts(tables["collapsed_texts"])
        cdef ts_value_tables merged
        cdef bint is_merged
        merged.identities = view.tables
        merged.equipment = <const ts_equipment *><const void *>&equipment[0]
        merged.uses = <const ts_element_use *><const void *>&uses[0]
        merged.rows = <const ts_row *><const void *>&rows[0]
        merged.equipment_count = len(tables["equipment"])
        merged.use_count = len(tables["uses"])
        merged.row_count = len(tables["rows"])
        merged.texts = &texts.pool
        merged.values = &values.pool
        merged.charsets = &charsets.pool
        merged.paths = &paths.pool
        merged.collapsed = <const ts_collapsed_entry *><const void *>&collapsed[0]
        merged.hashes = <const ts_distinct_hash *><const void *>&hashes[0]
        merged.collapsed_texts = &collapsed_texts.pool
        with nogil:
            is_merged = ts_value_collector_merge(self._collector, &merged)
        if not is_merged:
            raise MemoryError

    def tables(self, *, with_series_runs=True):
        copied = self.copy_short_tables(with_series_runs)
        cdef ts_value_tables tables = ts_value_collector_tables(self._collector)
        put_table(copied, "rows", tables.rows, tables.row_count, "ROW_DTYPE")
        copied["values"] = copy_pool(tables.values)
        copied["paths"] = copy_pool(tables.paths)
        return copied

    def take_tables(self, *, with_series_runs=True):
        taken = self.copy_short_tables(with_series_runs)
        cdef TakenTable rows = TakenTable()
        cdef Texts values = Texts()
        cdef Texts paths = Texts()
        ts_value_collector_take(self._collector, &rows.items, &values.pool, &paths.pool)
        ts_value_collector_free(self._collector)
        self._collector = NULL
        self.make()
        if rows.items.count > 0:
            taken["rows"] = rows.view(find_dtype("ROW_DTYPE"))
        taken["values"] = values
        taken["paths"] = paths
        return taken

    cdef object copy_short_tables(self, bint with_series_runs):
        ts_value_collector_estimate(self._collector)
        cdef const ts_collapsed_tables *collapsed = ts_value_collector_list_collapsed(self._collector)
        cdef const ts_buffer *varying = ts_value_collector_find_varying(self._collector)
        if collapsed == NULL or varying == NULL or not ts_value_collector_fill_counts(self._collector):
            raise MemoryError
        cdef ts_value_tables tables = ts_value_collector_tables(self._collector)
        copied = copy_tables(&tables.identities)
        cdef const uint32_t[::1] series_order = put_series(copied, &tables.identities, with_series_runs)
        if not with_series_runs:
            copied["series_runs"] = None
        elif ts_value_collector_list_series(self._collector, &series_order[0], &tables.identities):
            put_table(
                copied, "series_runs", tables.identities.series_runs, tables.identities.series_run_count,
                "SERIES_RUN_DTYPE")
        else:
            raise MemoryError
        put_table(copied, "equipment", tables.equipment, tables.equipment_count, "EQUIPMENT_DTYPE")
        put_table(copied, "uses", tables.uses, tables.use_count, "USE_DTYPE")
        put_table(copied, "collapsed", collapsed.entries.items, collapsed.entries.count, "COLLAPSED_DTYPE")
        put_table(copied, "hashes", collapsed.hashes.items, collapsed.hashes.count, "HASH_DTYPE")
        put_table(copied, "varying", varying.items, varying.count, "VARYING_DTYPE")
        copied["collapsed_texts"] = copy_pool(&collapsed.texts)
        copied["texts"] = copy_texts(tables.texts)
        copied["charsets"] = copy_texts(tables.charsets)
        return copied

    def take_occurrences(self):
        cdef ts_occurrences listed = ts_value_collector_occurrences(self._collector)
        occurrences = copy_table(listed.occurrences, listed.count, find_dtype("OCCURRENCE_DTYPE"))
        items = copy_table(listed.items, listed.item_count, "i4")
        ts_value_collector_forget_occurrences(self._collector)
        return occurrences, items

    def find_row(self, int32_t number, /):
        cdef ts_value_tables tables = ts_value_collector_tables(self._collector)
        if number < 0 or <size_t>number >= tables.row_count or tables.rows[number].use < 0:
            raise IndexError("no such row")
        cdef const ts_row *row = &tables.rows[number]
        cdef const ts_element_use *use = &tables.uses[row.use]
        value = self.get_text(tables.values, row.value)
        charset = b"" if value is None else self.get_text(tables.charsets, int.from_bytes(value[1:5], "little"))
        steps = self.get_steps(&tables.identities, use.identity)
        return steps, VR_NAMES[use.vr], use.kind, value, charset

    @property
    def value_bytes(self):
        return ts_value_collector_tables(self._collector).values.bytes.count

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
        number, records_values, shows_broken, drawn, always, root = answers
        decision.number = number
        decision.records_values = records_values
        decision.shows_broken = shows_broken
        decision.drawn = drawn
        decision.always = always
        decision.uid_root = ts_value_collector_intern_text(self._collector, root, len(root))
        if decision.uid_root < 0:
            raise MemoryError
        return True

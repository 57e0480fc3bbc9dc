# The parts of csrc/ that the extension uses: declarations only. The headers of csrc/ document them.
# Never: a number or a layout of its own. Structs come from their headers, and numpy's dtypes from ts_field tables.

from libc.stdint cimport int16_t, int32_t, uint8_t, uint16_t, uint32_t, uint64_t

cdef extern from "<stdbool.h>" nogil:
    # Cython's bint is an int, but a callback must return the bool that C expects.
    ctypedef bint c_bool "bool"

cdef extern from "base/status.h" nogil:
    ctypedef enum ts_kind:
        TS_KIND_DONE
        TS_KIND_EXCLUSION
        TS_KIND_FAULT
        TS_KIND_DEVIATION
    ctypedef int ts_status
    ctypedef struct ts_status_entry:
        const char *name
        const char *text
        ts_status status
        ts_kind kind
    const ts_status_entry *ts_status_entries(uint32_t *count)
    enum:
        TS_OK
        TS_CANNOT_READ
        TS_DEVIATION_FIRST
        TS_DEVIATION_COUNT

cdef extern from "dicom/vr.h" nogil:
    ctypedef int ts_vr
    size_t ts_vr_number_bytes(ts_vr vr)
    enum:
        TS_VR_UN
        TS_VR_UNKNOWN
        TS_VR_COUNT
    const char *ts_vr_letters(ts_vr vr)
    bint ts_vr_is_long(ts_vr vr)

cdef extern from "dicom/dictionary.h" nogil:
    ctypedef int ts_ambiguity
    enum:
        TS_VR_FIXED
        TS_VR_OB_OR_OW
        TS_VR_US_OR_SS
        TS_VR_US_OR_OW
        TS_VR_US_OR_SS_OR_OW
    ctypedef struct ts_dictionary_entry:
        uint32_t tag
        char vr[2]
        uint8_t ambiguity
    const ts_dictionary_entry *ts_dictionary_find(uint32_t tag)
    c_bool ts_dictionary_allows_count(const ts_dictionary_entry *entry, uint64_t count)
    const char *ts_dictionary_keyword(const ts_dictionary_entry *entry)
    const ts_dictionary_entry *ts_dictionary_find_keyword(const char *keyword)
    const ts_dictionary_entry *ts_dictionary_at(size_t index)

cdef extern from "base/sha256.h" nogil:
    enum:
        TS_DIGEST_BYTES
    ctypedef struct ts_digest:
        bint uses_processor
    void ts_digest_begin(ts_digest *digest)
    void ts_digest_add(ts_digest *digest, const uint8_t *data, size_t length)
    void ts_digest_end(ts_digest *digest, uint8_t *result)

cdef extern from "parse/element.h" nogil:
    ctypedef struct ts_element:
        uint64_t value_offset
        uint64_t end_offset
        uint64_t captured_at
        uint32_t tag
        uint32_t value_length
        int32_t parent
        char vr[2]
        uint16_t depth
        uint16_t flags
    ts_vr ts_element_vr(const ts_element *element)
    const uint32_t TS_UNDEFINED_LENGTH
    const uint64_t TS_NOT_CAPTURED
    ctypedef struct ts_field:
        const char *name
        const char *format
        uint32_t offset_bytes
    const ts_field *ts_element_fields(uint32_t *count)
    enum:
        TS_CREATOR_NOT_PRIVATE
        TS_CREATOR_NONE
        TS_CREATOR_EMPTY
        TS_CREATOR_UNUSABLE
    enum:
        TS_FLAG_BIG_ENDIAN
        TS_FLAG_IMPLICIT_VR
        TS_FLAG_FILE_META
        TS_FLAG_COMMAND
        TS_FLAG_SEQUENCE
        TS_FLAG_FRAGMENTS
        TS_FLAG_WAS_UN
        TS_FLAG_AMBIGUOUS

cdef extern from "dicom/tag.h" nogil:
    const uint32_t TS_NO_TAG

cdef extern from "parse/inflate.h" nogil:
    ctypedef enum ts_inflate_form:
        TS_INFLATE_RAW
    ts_inflate_form ts_inflate_find_form(const uint8_t *data)
    int ts_inflate_window_bits(ts_inflate_form form)

cdef extern from "parse/parse.h" nogil:
    const uint64_t TS_UNKNOWN_SIZE
    ctypedef enum ts_parse:
        TS_PARSE_MORE
        TS_PARSE_DONE
    ctypedef struct ts_limits:
        uint64_t value_limit_bytes
        c_bool digests_long_values
        c_bool identifies_series
        c_bool captures_long_text
        c_bool reads_all_bytes
        c_bool records_other_bytes
        uint32_t depth_limit
        uint32_t element_limit
        uint64_t inflate_limit_bytes
        uint32_t stop_after_tag
    const ts_limits TS_LIMITS_DEFAULT
    ctypedef struct ts_deviation:
        uint64_t count
        uint64_t offset
        uint32_t tag
    ctypedef struct ts_parser:
        pass
    ts_parser *ts_parser_new(ts_limits limits)
    void ts_parser_free(ts_parser *parser)
    void ts_parser_begin(ts_parser *parser, uint64_t stream_size)
    ts_parse ts_parser_run(ts_parser *parser)
    uint64_t ts_parser_need_offset(const ts_parser *parser)
    uint64_t ts_parser_need_length(const ts_parser *parser)
    void ts_parser_feed(ts_parser *parser, uint64_t offset, const uint8_t *data, uint64_t length)
    void ts_parser_end(ts_parser *parser, uint64_t stream_size)
    void ts_parser_stop(ts_parser *parser, ts_status status)
    ts_status ts_parser_status(const ts_parser *parser, uint64_t *offset, uint32_t *tag)
    const ts_element *ts_parser_elements(const ts_parser *parser, size_t *count)
    const uint8_t *ts_parser_captured(const ts_parser *parser, size_t *length)
    const ts_deviation *ts_parser_deviation(const ts_parser *parser, ts_status status)
    bint ts_parser_is_stopped(const ts_parser *parser)
    int32_t ts_parser_transfer_syntax(const ts_parser *parser)
    uint64_t ts_parser_deflated_from(const ts_parser *parser)
    ctypedef struct ts_repeat:
        uint64_t file
        uint64_t same_as
        const int32_t *changed
        size_t changed_count
        size_t taken_count
    ts_repeat ts_parser_repeat(const ts_parser *parser)

cdef extern from "read/file_reader.h" nogil:
    enum:
        TS_HAS_PATH_READER
    ctypedef struct ts_reader:
        pass
    void ts_reader_begin(ts_reader *reader)
    void ts_reader_free(ts_reader *reader)
    const int TS_NO_FOLDER
    int ts_read_path(ts_reader *reader, ts_parser *parser, int folder, const char *path)
    int ts_read_descriptor(ts_reader *reader, ts_parser *parser, int descriptor)

cdef extern from "base/buffer.h" nogil:
    ctypedef struct ts_buffer:
        void *items
        size_t count
        size_t item_bytes
    void ts_buffer_begin(ts_buffer *buffer, size_t item_bytes)
    void ts_buffer_free(ts_buffer *buffer)
    bint ts_buffer_reserve(ts_buffer *buffer, size_t more)
    bint ts_buffer_resize(ts_buffer *buffer, size_t count)

cdef extern from "base/memory.h" nogil:
    void ts_memory_trim()

cdef extern from "base/text_pool.h" nogil:
    ctypedef struct ts_hash_key:
        uint64_t words[2]
    ctypedef struct ts_pool_entry:
        size_t at
        uint32_t length
    ctypedef struct ts_pool:
        ts_buffer bytes
        ts_buffer entries
    void ts_pool_begin(ts_pool *pool, ts_hash_key key)
    void ts_pool_free(ts_pool *pool)
    void ts_pool_move(ts_pool *pool, ts_pool *source)
    const uint8_t *ts_pool_get(const ts_pool *pool, uint32_t number, uint32_t *length)

cdef extern from "base/text_pool_sort.h" nogil:
    bint ts_pool_sort(const ts_pool *pool, uint32_t *numbers, size_t count)
    bint ts_pool_append(ts_pool *pool, const ts_pool *source, const uint32_t *numbers, size_t count)

cdef extern from "read/folder.h" nogil:
    ctypedef struct ts_entry:
        uint64_t inode
        c_bool is_file
    ctypedef struct ts_folder:
        ts_pool names
        ts_buffer entries
    void ts_folder_begin(ts_folder *folder)
    void ts_folder_free(ts_folder *folder)
    int ts_folder_open(ts_folder *folder, const char *path)
    int ts_folder_read(ts_folder *folder, size_t most, c_bool *is_more)
    bint ts_folder_order(ts_folder *folder)

cdef extern from "base/text_marks.h" nogil:
    ctypedef struct ts_byte_set:
        c_bool first[256]
        c_bool others[256]
    void ts_pool_mark(const ts_pool *pool, const ts_byte_set *letters, uint8_t *marks)
    bint ts_pool_is_ascending(const ts_pool *pool)

cdef extern from "report/lines.h" nogil:
    ctypedef struct ts_line_part:
        const ts_pool *texts
        const uint32_t *numbers
        const uint64_t *counts
        uint32_t width
    enum:
        TS_LINE_WIDTH_LIMIT
    bint ts_append_lines(ts_buffer *lines, const ts_line_part *parts, size_t part_count, size_t start, size_t end)

cdef extern from "collect/series_sets.h" nogil:
    ctypedef struct ts_series_run:
        pass
    const ts_field *ts_series_run_fields(uint32_t *count)
    ctypedef struct ts_series_marks:
        pass
    bint ts_series_marks_begin(ts_series_marks *marks, size_t limit)
    void ts_series_marks_free(ts_series_marks *marks)

cdef extern from "collect/known_series.h" nogil:
    enum:
        TS_HMAC_KEY_BYTES
    ctypedef struct ts_patient_series:
        int32_t series
        int32_t patient
        uint64_t files
    const ts_field *ts_patient_series_fields(uint32_t *count)

cdef extern from "collect/identities.h" nogil:
    ctypedef struct ts_identity:
        int32_t parent
        uint32_t tag
        int32_t creator
        uint8_t block
    const ts_field *ts_identity_fields(uint32_t *count)
    ctypedef struct ts_collector:
        pass
    ts_collector *ts_collector_new(ts_hash_key key, const uint8_t *patient_key)
    void ts_collector_free(ts_collector *collector)
    bint ts_collector_add(ts_collector *collector, const ts_parser *parser, bint is_partial)

cdef extern from "collect/merge_identities.h" nogil:
    ctypedef struct ts_tables:
        const ts_identity *identities
        size_t identity_count
        const ts_pool *creators
        const ts_pool *series
        const ts_pool *patients
        const ts_patient_series *patient_series
        size_t patient_series_count
        c_bool knows_patients
        const ts_series_run *series_runs
        size_t series_run_count
        uint64_t files
        const uint64_t *deviation_files
    ts_tables ts_collector_tables(ts_collector *collector)
    bint ts_collector_fill_counts(ts_collector *collector)
    bint ts_collector_list_series(
        const ts_collector *collector, const uint32_t *series_order, ts_series_marks *marks, ts_buffer *runs)
    ctypedef struct ts_renumbered:
        pass
    void ts_renumbered_begin(ts_renumbered *renumbered)
    void ts_renumbered_free(ts_renumbered *renumbered)
    bint ts_collector_merge(ts_collector *collector, const ts_tables *tables, ts_renumbered *renumbered)

cdef extern from "base/bytes.h" nogil:
    ctypedef struct ts_text:
        const uint8_t *bytes
        size_t length

cdef extern from "dicom/text.h" nogil:
    ctypedef int ts_charset_kind
    ts_charset_kind ts_charset_find_kind(ts_text specific_character_set)

cdef extern from "parse/found_text.h" nogil:
    enum:
        TS_TEXT_IN_BYTES
        TS_TEXT_IN_GZIP
        TS_TEXT_IN_ZLIB
        TS_TEXT_IN_BASE64
    ctypedef struct ts_found_text:
        ts_text text
        uint8_t source
        c_bool is_declared
        c_bool is_size
    ctypedef struct ts_text_finder:
        c_bool (*take)(void *context, const ts_found_text *found) noexcept
        void *context
    void ts_text_finder_begin(ts_text_finder *finder)
    void ts_text_finder_free(ts_text_finder *finder)
    void ts_text_finder_clear(ts_text_finder *finder, ts_charset_kind kind)
    bint ts_text_finder_add(ts_text_finder *finder, const uint8_t *bytes, size_t length)
    bint ts_text_finder_end(ts_text_finder *finder)

cdef extern from "collect/value_parts.h" nogil:
    enum:
        TS_VALUE_NOT_A_NUMBER
        TS_VALUE_NOT_A_CODE
        TS_VALUE_TRUNCATED
        TS_VALUE_COLLAPSED
        TS_VALUE_BAD_LENGTH
        TS_VALUE_NOT_OF_VR
        TS_VALUE_TOO_LONG
        TS_VALUE_WRONG_COUNT
        TS_VALUE_LOOKS_LIKE_TEXT
        TS_VALUE_SEARCHED_IN_PART
        TS_VALUE_STREAM_IN_PART
        TS_VALUE_MAY_VARY
    ctypedef struct ts_value_part:
        ts_text payload
        uint16_t flags
        char form
        uint8_t source
        c_bool is_ascii
    ctypedef struct ts_value:
        const ts_element *element
        const uint8_t *captured
        uint64_t item_count
        ts_charset_kind charset_kind
        c_bool asks_fit
        c_bool is_stored_whole
        c_bool (*take)(void *context, const ts_value_part *part) noexcept
        void *context
    bint ts_value_split(const ts_value *value, ts_text_finder *finder, ts_buffer *scratch)

cdef extern from "collect/values.h" nogil:
    ctypedef struct ts_equipment:
        int32_t modality
        int32_t manufacturer
        int32_t model
        int32_t software
    ctypedef struct ts_element_use:
        int32_t identity
        uint8_t vr
        uint8_t kind
    ctypedef struct ts_row:
        int32_t use
        int32_t value
    const ts_field *ts_equipment_fields(uint32_t *count)
    const ts_field *ts_element_use_fields(uint32_t *count)
    const ts_field *ts_row_fields(uint32_t *count)
    ctypedef struct ts_question:
        int32_t equipment
        int32_t identity
        int32_t block_path
        ts_vr vr
    ctypedef struct ts_decision:
        int32_t number
        bint records_values
        bint shows_broken
        uint8_t drawn
        uint8_t always
        int32_t uid_root
    ctypedef struct ts_block_path:
        int32_t parent
        int16_t block
    ctypedef c_bool (*ts_decide)(void *context, const ts_question *question, ts_decision *decision) noexcept
    ctypedef struct ts_value_collector:
        pass
    ts_value_collector *ts_value_collector_new(
        ts_hash_key hash_key, const uint8_t *patient_key, uint32_t max_values, ts_decide decide, void *context)
    void ts_value_collector_free(ts_value_collector *collector)
    bint ts_value_collector_add(
        ts_value_collector *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length,
        bint is_partial)
    const ts_block_path *ts_value_collector_block_path(const ts_value_collector *collector, int32_t number)
    int32_t ts_value_collector_intern_text(ts_value_collector *collector, const uint8_t *data, uint32_t length)

cdef extern from "collect/collapse_rules.h" nogil:
    enum:
        TS_IS_TOGETHER
        TS_MAY_VARY
    ctypedef struct ts_collapse:
        uint8_t drawn
        uint8_t always
        ts_text root
    ctypedef struct ts_collapse_key:
        size_t length
        const uint8_t bytes[1]
    int ts_find_collapse(
        const ts_collapse *collapse, const ts_value *value, ts_vr vr, const ts_value_part *part, ts_collapse_key *key,
        uint16_t *breaks)

cdef extern from "collect/collapsed_rows.h" nogil:
    ctypedef struct ts_collapsed_entry:
        pass
    ctypedef struct ts_distinct_hash:
        pass
    ctypedef struct ts_collapsed_tables:
        ts_buffer entries
        ts_buffer hashes
        ts_pool texts
    const ts_field *ts_collapsed_entry_fields(uint32_t *count)
    const ts_field *ts_distinct_hash_fields(uint32_t *count)
    const ts_collapsed_tables *ts_value_collector_list_collapsed(ts_value_collector *collector)

cdef extern from "collect/varying_values.h" nogil:
    ctypedef struct ts_varying_values:
        pass
    const ts_field *ts_varying_values_fields(uint32_t *count)
    const ts_buffer *ts_value_collector_find_varying(ts_value_collector *collector)

cdef extern from "dicom/numbers.h" nogil:
    bint ts_number_may_identify(ts_text number)
    bint ts_binary_number_may_identify(ts_vr vr, const uint8_t *number)
    int ts_number_order(ts_text a, ts_text b)
    int ts_binary_number_order(ts_vr vr, const uint8_t *a, const uint8_t *b)

cdef extern from "dicom/uid_roots.h" nogil:
    size_t ts_uid_root_length(ts_text uid)
    bint ts_uid_has_date(ts_text uid)

cdef extern from "dicom/text_shape.h" nogil:
    enum:
        TS_SHAPE_BYTES
    size_t ts_text_shape(ts_text text, uint8_t *shape)

cdef extern from "dicom/run_words.h" nogil:
    bint ts_run_is_to_be_read(ts_text run)

cdef extern from "collect/merge_values.h" nogil:
    ctypedef struct ts_value_tables:
        ts_tables identities
        const ts_equipment *equipment
        const ts_element_use *uses
        const ts_row *rows
        size_t equipment_count
        size_t use_count
        size_t row_count
        const ts_pool *texts
        const ts_pool *values
        const ts_pool *charsets
        const ts_pool *paths
        const ts_collapsed_entry *collapsed
        const ts_distinct_hash *hashes
        const ts_pool *collapsed_texts
    bint ts_value_collector_list_drawn(ts_value_collector *collector, ts_value_tables *tables)
    void ts_value_collector_estimate(ts_value_collector *collector)
    ts_value_tables ts_value_collector_tables(ts_value_collector *collector)
    void ts_value_collector_take(
        ts_value_collector *collector, ts_buffer *rows, ts_pool *values, ts_pool *paths)
    bint ts_value_collector_fill_counts(ts_value_collector *collector)
    bint ts_value_collector_list_series(
        ts_value_collector *collector, const uint32_t *series_order, ts_tables *tables)
    bint ts_value_collector_merge(ts_value_collector *collector, const ts_value_tables *tables)

cdef extern from "report/row_order.h" nogil:
    ctypedef struct ts_new_numbers:
        const int32_t *numbers
        size_t count
    ctypedef struct ts_row_moves:
        ts_new_numbers uses
        ts_new_numbers values
        ts_new_numbers decisions
        ts_new_numbers paths
    ctypedef enum ts_row_order:
        TS_ROWS_ORDERED
        TS_ROWS_NO_MEMORY
        TS_ROWS_BAD_INDEX
    ts_row_order ts_rows_sort(
        const ts_row *rows, size_t count, const ts_row_moves *moves, ts_row *ordered, int32_t *new_rows,
        size_t *ordered_count)

cdef extern from "collect/occurrences.h" nogil:
    ctypedef struct ts_occurrence:
        pass
    const ts_field *ts_occurrence_fields(uint32_t *count)
    ctypedef struct ts_occurrences:
        const ts_occurrence *occurrences
        size_t count
        const int32_t *items
        size_t item_count
    void ts_value_collector_list_decision(ts_value_collector *collector, int32_t decision)
    ts_occurrences ts_value_collector_occurrences(const ts_value_collector *collector)
    void ts_value_collector_forget_occurrences(ts_value_collector *collector)

cdef extern from "select/selector.h" nogil:
    enum:
        TS_CELL_LENGTH_ONLY
    ctypedef struct ts_cell:
        pass
    ctypedef struct ts_cell_value:
        pass
    const ts_field *ts_cell_fields(uint32_t *count)
    const ts_field *ts_cell_value_fields(uint32_t *count)
    ctypedef struct ts_step_asked:
        uint32_t tag
        int32_t creator
        uint8_t block
        const uint8_t *name
        uint32_t name_length
    ctypedef struct ts_selector:
        pass
    ts_selector *ts_selector_new(ts_hash_key key)
    void ts_selector_free(ts_selector *selector)
    bint ts_selector_add_step(ts_selector *selector, const ts_step_asked *step, bint begins_column)
    bint ts_selector_add(ts_selector *selector, const ts_parser *parser)
    ctypedef struct ts_selected:
        const ts_cell *cells
        size_t cell_count
        const ts_cell_value *values
        size_t value_count
        const uint8_t *data "bytes"
        size_t data_count "bytes_count"
        const ts_pool *charsets
        uint32_t files
    ts_selected ts_selector_selected(const ts_selector *selector)
    void ts_selector_clear(ts_selector *selector)

cdef extern from "scan/batch.h" nogil:
    ctypedef struct ts_omission:
        uint64_t offset
        uint32_t file
        uint32_t tag
        ts_status status
        int error_number
        c_bool is_partial
    ctypedef struct ts_file_deviation:
        uint64_t count
        uint64_t offset
        uint32_t file
        uint32_t tag
        ts_status status
    ctypedef struct ts_batch:
        const char *folder
        const char *names
        size_t names_bytes
    ctypedef struct ts_stop:
        pass
    ctypedef c_bool (*ts_count_file)(
        void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length, c_bool is_partial) noexcept
    ctypedef struct ts_scan:
        ts_reader *reader
        ts_parser *parser
        ts_count_file count
        void *collector
        ts_stop *stop
        bint keeps_partial
        ts_buffer *deviations
        size_t files_done
    void ts_stop_begin(ts_stop *stop)
    void ts_stop_ask(ts_stop *stop)
    bint ts_stop_is_asked(ts_stop *stop)
    bint ts_scan_files(ts_scan *scan, const ts_batch *batch, ts_buffer *omissions)
    c_bool ts_scan_count_identities(
        void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length, c_bool is_partial)
    c_bool ts_scan_count_values(
        void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length, c_bool is_partial)
    c_bool ts_scan_select_values(
        void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length, c_bool is_partial)

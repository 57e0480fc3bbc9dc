# The border between C and Python: what of csrc/ the extension calls. Declarations only; the headers say what they mean.
# Never: a number or a layout of its own. Structs come from their headers, and numpy's dtypes from ts_field tables.

from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t

cdef extern from "status.h" nogil:
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

cdef extern from "vr.h" nogil:
    ctypedef int ts_vr
    enum:
        TS_VR_COUNT
    const char *ts_vr_letters(ts_vr vr)

cdef extern from "dictionary.h" nogil:
    ctypedef int ts_ambiguity
    enum:
        TS_VR_FIXED
        TS_VR_OB_OR_OW
        TS_VR_US_OR_SS
        TS_VR_US_OR_OW
        TS_VR_US_OR_SS_OR_OW
    ctypedef struct ts_dictionary_entry:
        char vr[2]
        uint8_t ambiguity
    const ts_dictionary_entry *ts_dictionary_find(uint32_t tag)
    const char *ts_dictionary_keyword(const ts_dictionary_entry *entry)

cdef extern from "element.h" nogil:
    ctypedef struct ts_element:
        pass
    ctypedef struct ts_field:
        const char *name
        const char *format
        uint32_t offset_bytes
    const ts_field *ts_element_fields(uint32_t *count)
    enum:
        TS_FLAG_BIG_ENDIAN
        TS_FLAG_IMPLICIT_VR
        TS_FLAG_FILE_META
        TS_FLAG_COMMAND
        TS_FLAG_SEQUENCE
        TS_FLAG_FRAGMENTS
        TS_FLAG_WAS_UN
        TS_FLAG_AMBIGUOUS

cdef extern from "tag.h" nogil:
    const uint32_t TS_NO_TAG

cdef extern from "parse.h" nogil:
    const uint64_t TS_UNKNOWN_SIZE
    ctypedef enum ts_parse:
        TS_PARSE_MORE
        TS_PARSE_DONE
    ctypedef struct ts_limits:
        uint64_t value_limit_bytes
        uint32_t depth_limit
        uint32_t element_limit
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
    int32_t ts_parser_transfer_syntax(const ts_parser *parser)
    uint64_t ts_parser_deflated_from(const ts_parser *parser)

cdef extern from "read.h" nogil:
    enum:
        TS_HAS_PATH_READER
    ctypedef struct ts_reader:
        pass
    void ts_reader_begin(ts_reader *reader)
    void ts_reader_free(ts_reader *reader)
    int ts_read_path(ts_reader *reader, ts_parser *parser, const char *path)
    int ts_read_descriptor(ts_reader *reader, ts_parser *parser, int descriptor)

cdef extern from "collect.h" nogil:
    ctypedef struct ts_identity:
        pass
    const ts_field *ts_identity_fields(uint32_t *count)
    ctypedef struct ts_collector:
        pass
    ts_collector *ts_collector_new()
    void ts_collector_free(ts_collector *collector)
    bint ts_collector_add(ts_collector *collector, const ts_parser *parser)
    uint64_t ts_collector_files(const ts_collector *collector)
    uint64_t ts_collector_series(const ts_collector *collector)
    uint64_t ts_collector_deviation(const ts_collector *collector, ts_status status)
    const ts_identity *ts_collector_identities(const ts_collector *collector, size_t *count)
    size_t ts_collector_creator_count(const ts_collector *collector)
    const uint8_t *ts_collector_creator(const ts_collector *collector, size_t creator, uint32_t *length)

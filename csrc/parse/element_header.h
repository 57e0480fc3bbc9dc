/* The header of a data element: tag, VR and value length, and what they say of the value field (PS3.5 2026b, 7.1).
 *
 * For: data_set.c, which acts upon it.
 * Never: a side effect on the records; a step that lacks bytes reads the header again.
 */
#ifndef TAGSNIFF_PARSE_ELEMENT_HEADER_H
#define TAGSNIFF_PARSE_ELEMENT_HEADER_H

#include "parse/parser_state.h"

typedef struct ts_element_header {
    uint32_t tag;
    uint32_t value_length;
    uint32_t header_bytes;
    char vr[2];
    ts_vr vr_index;
    ts_status deviation; /* TS_OK if there is none */
    bool is_implicit;
    bool is_ambiguous;
} ts_element_header;

/* What the value field of an element is. */
typedef enum ts_value_shape {
    TS_SHAPE_BYTES,
    TS_SHAPE_SEQUENCE,
    TS_SHAPE_UN_SEQUENCE, /* implicit VR little endian whatever is around it (PS3.5 6.2.2, note on undefined length) */
    TS_SHAPE_TRIAL,       /* may be a sequence */
    TS_SHAPE_FRAGMENTS,
    TS_SHAPE_NOT_ALLOWED
} ts_value_shape;

/* Reads the header at the position, whose first eight bytes are in the window. A header that cannot be read is a fault
 * of the parser. */
ts_have ts_read_element_header(ts_parser *parser, const ts_frame *frame, ts_element_header *header);

/* Decides by VR, length and, where those leave it open, by the first bytes of the value. */
ts_have ts_find_value_shape(ts_parser *parser, const ts_frame *frame, const ts_element_header *header,
                            ts_value_shape *shape);

#endif

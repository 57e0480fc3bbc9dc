/* The value field of an element: captured, digested or skipped.
 *
 * For: elements whose value is neither a sequence nor fragments.
 * Never: Pixel Data in memory.
 */
#ifndef TAGSNIFF_PARSE_CAPTURE_H
#define TAGSNIFF_PARSE_CAPTURE_H

#include "parse/parser_state.h"

typedef enum ts_value_choice { TS_VALUE_STEPPED_OVER, TS_VALUE_CAPTURED, TS_VALUE_DIGESTED } ts_value_choice;

/* What is done with the value of an element with this tag, VR and value length. */
ts_value_choice ts_choose_value(const ts_parser *parser, uint32_t tag, ts_vr vr, uint32_t value_length);
/* Moves the position to the value of the last record, `record`, and begins to capture or digest it, or skips it. Out of
 * memory is a fault of the parser. */
void ts_take_value(ts_parser *parser, int32_t record);
/* Starts and ends the digest of the bytes of all fragments of the record, which is the last one. Out of memory is a
 * fault of the parser. */
void ts_begin_fragments_digest(ts_parser *parser, int32_t record);
void ts_end_fragments_digest(ts_parser *parser, int32_t record);
ts_step ts_step_capture(ts_parser *parser);

/* Whether a value with VR UN may be a sequence: it begins with the tag of an item, in either byte order. All
 * value_length bytes are in memory. */
static inline bool ts_begins_with_item(const uint8_t *value, uint32_t value_length) {
    enum { ITEM_HEADER_BYTES = 8 };
    if (value_length < ITEM_HEADER_BYTES) {
        return false;
    }
    const uint8_t tag_bytes[4] = {value[0], value[1], value[2], value[3]};
    return ts_load_tag(tag_bytes, false) == TS_TAG_ITEM || ts_load_tag(tag_bytes, true) == TS_TAG_ITEM;
}

#endif

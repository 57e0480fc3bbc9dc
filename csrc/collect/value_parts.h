/* Splitting a value field into the parts that are counted: components, numbers, digests, printable runs (PS3.5 2026b,
 * 6.2, 6.4).
 *
 * For: the collector of values.
 * Never: decoding. A part is bytes with a form; a reader that shows it knows the VR.
 *   form                   payload
 *   T  text                bytes of one component; of the whole value for LT, ST, UT, UC, UR and text in UN
 *   L  long text           u64 length, SHA-256, the first TS_TEXT_HEAD_CHARACTERS characters or more (all if asked for)
 *   N  numbers and AT      little endian
 *   R  raw                 bytes under a VR of numbers: no multiple of its size, or those of a text
 *   I  items               u64 number of items
 *   E  empty               none
 *   B  bytes               u64 length, SHA-256
 *   S  size                u64 length
 *   C  collapsed           made by the collector: see ts_collapse_key
 * Numbers in payloads are little endian.
 */
#ifndef TAGSNIFF_COLLECT_VALUE_PARTS_H
#define TAGSNIFF_COLLECT_VALUE_PARTS_H

#include "dicom/text.h"
#include "dicom/vr_syntax.h"
#include "parse/element.h"
#include "parse/found_text.h"

typedef enum ts_value_flag {
    TS_VALUE_NOT_A_NUMBER = 1, /* recorded although the decision records no values: it does not fit its VR */
    TS_VALUE_NOT_A_CODE = 2,
    TS_VALUE_TRUNCATED = 4,           /* only start, length and digest are stored */
    TS_VALUE_COLLAPSED = 8,           /* of a row of form C */
    TS_VALUE_BAD_LENGTH = 16,         /* not a multiple of the VR's size */
    TS_VALUE_NOT_OF_VR = 32,          /* like TS_VALUE_NOT_A_NUMBER, for dates, times, ages and UIDs */
    TS_VALUE_TOO_LONG = 64,           /* the same: longer than its VR allows */
    TS_VALUE_WRONG_COUNT = 128,       /* the same: not as many binary numbers as PS3.6 allows for the element */
    TS_VALUE_LOOKS_LIKE_TEXT = 256,   /* binary numbers whose bytes are all those of a text; shown as one */
    TS_VALUE_STREAM_IN_PART = 512,    /* found in a stream of which only a part could be read */
    TS_VALUE_SEARCHED_IN_PART = 1024, /* samples of more than TS_SAMPLES_SEARCHED_BYTES */
    TS_VALUE_MAY_VARY = 2048          /* never shown: see TS_MAY_VARY in collapse_rules.h */
} ts_value_flag;

/* Length of the head before the payload of a value in the tables: its form, and the number of its character set as u32,
 * little endian. A file may have as many character sets as items. */
enum { TS_VALUE_HEAD_BYTES = 5 };

/* The number of the character set in the head of a value. */
static inline uint32_t ts_value_charset(const uint8_t head[TS_VALUE_HEAD_BYTES]) {
    return (uint32_t)head[1] | (uint32_t)head[2] << 8 | (uint32_t)head[3] << 16 | (uint32_t)head[4] << 24;
}

typedef struct ts_value_part {
    ts_text payload;
    uint16_t flags; /* those that do not depend on the decision: TRUNCATED, BAD_LENGTH, LOOKS_LIKE_TEXT... */
    char form;
    uint8_t source;      /* of text found inside a binary value: ts_text_source; otherwise 0 */
    bool is_declared;    /* text found: in the declared character set; otherwise in UTF-8 */
    bool is_ascii;       /* text only: ts_text_is_ascii; of a long text, its stored start */
    bool is_one_of_many; /* text only: the value has other components */
    bool fits;           /* ts_text_fits, if asks_fit; otherwise true */
} ts_value_part;

/* A value field and what is needed to split it. */
typedef struct ts_value {
    const ts_element *element;
    const uint8_t *captured; /* the parser's captured bytes */
    uint64_t item_count;     /* of a sequence */
    ts_charset_kind charset_kind;
    bool asks_fit;                                          /* compute `fits` of the parts */
    bool is_stored_whole;                                   /* a long text has all its bytes in its payload */
    bool has_all_bytes;                                     /* the parser read all bytes (reads_all_bytes); then text
                                                               found in samples is passed on whatever it looks like,
                                                               except in Pixel Data */
    bool (*take)(void *context, const ts_value_part *part); /* the part is borrowed; false when memory runs out */
    void *context;
} ts_value;

/* Passes every part to value->take, in the order of the value. `finder` and `scratch` (uint8_t) are reused from call to
 * call; without a finder (NULL) no text inside binary values is looked for. False when memory runs out or value->take
 * returns false. */
bool ts_value_split(const ts_value *value, ts_text_finder *finder, ts_buffer *scratch);

#endif

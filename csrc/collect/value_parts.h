/* The parts of a value field as they are counted: components, numbers, digests, runs of text (PS3.5 2026b, 6.2, 6.4).
 *
 * For: the collector of values.
 * Never: decoding; a part is bytes with a form, and whoever shows it knows the VR.
 *
 *   form                   payload
 *   T  text                bytes of one component, or of the whole value for VRs that have one
 *   L  long text           u64 length, SHA-256
 *   N  numbers and AT      little endian
 *   R  raw                 bytes whose number does not fit the VR
 *   I  items               u64 number
 *   E  empty               none
 *   B  bytes               u64 length, SHA-256
 *   S  size                u64 length
 *   C  collapsed           given by the collector: u8 rule, UID root
 * Numbers in payloads are little endian.
 */
#ifndef TAGSNIFF_COLLECT_VALUE_PARTS_H
#define TAGSNIFF_COLLECT_VALUE_PARTS_H

#include "dicom/printable_runs.h"
#include "dicom/text.h"
#include "dicom/vr_syntax.h"
#include "parse/element.h"

typedef enum ts_value_flag {
    TS_VALUE_NOT_A_NUMBER = 1, /* kept all the same: it breaks its VR */
    TS_VALUE_NOT_A_CODE = 2,
    TS_VALUE_TRUNCATED = 4,   /* only length and digest are known */
    TS_VALUE_COLLAPSED = 8,   /* counted in the row of form C too */
    TS_VALUE_BAD_LENGTH = 16, /* no multiple of the VR's size */
    TS_VALUE_NOT_OF_VR = 32   /* as TS_VALUE_NOT_A_NUMBER, for dates, times, ages and UIDs */
} ts_value_flag;

/* What stands before the payload of a value in the tables: its form, and the number of its character set as u16, little
 * endian. */
enum { TS_VALUE_HEAD_BYTES = 3 };

typedef struct ts_value_part {
    ts_text payload;
    uint16_t flags; /* TS_VALUE_TRUNCATED, TS_VALUE_BAD_LENGTH */
    char form;
    bool is_run;         /* a printable run inside a binary value */
    bool is_ascii;       /* of a text: ts_text_is_ascii */
    bool is_one_of_many; /* of a text: there are other components */
    bool fits;           /* ts_text_fits, if it is asked for */
} ts_value_part;

/* One value field and what is needed to take it apart. */
typedef struct ts_value {
    const ts_element *element;
    const uint8_t *captured; /* the parser's captured bytes */
    uint64_t item_count;     /* of a sequence */
    ts_charset_kind charset_kind;
    bool asks_fit;                                          /* whether parts fit their VR is of interest */
    bool (*take)(void *context, const ts_value_part *part); /* false when memory runs out */
    void *context;
} ts_value;

/* Gives every part to value->take; `runs` and `scratch` (uint8_t) are used again. False when memory runs out. */
bool ts_value_split(const ts_value *value, ts_runs *runs, ts_buffer *scratch);

#endif

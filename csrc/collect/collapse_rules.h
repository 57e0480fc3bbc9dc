/* Which recorded values are drawn together in one row (design, section 4: collapse by default).
 *
 * For: the collector of values.
 * Never: a value that could identify, unless the profile's row asks for it by its kind: the flags of values that break
 *        their VR, and the rules of numbers.h, uid_roots.h, text_shape.h and run_words.h keep it apart.
 */
#ifndef TAGSNIFF_COLLECT_COLLAPSE_RULES_H
#define TAGSNIFF_COLLECT_COLLAPSE_RULES_H

#include "collect/value_parts.h"
#include "dicom/text_shape.h"

/* What a row of form C draws together. */
typedef enum ts_collapse_kind {
    TS_COLLAPSE_DATES = 1, /* valid DA, TM, DT and AS */
    TS_COLLAPSE_NUMBERS,   /* numbers of the numeric VRs, binary or not; numbers of items */
    TS_COLLAPSE_UIDS,      /* by the root of the organisation */
    TS_COLLAPSE_BYTES,     /* digests and lengths */
    TS_COLLAPSE_RUNS,      /* runs found in bytes that need not be read */
    TS_COLLAPSE_SHAPE,     /* texts by their shape */
    TS_COLLAPSE_KINDS
} ts_collapse_kind;

/* The bit of a kind in `drawn` and in `always` of ts_collapse. */
#define TS_COLLAPSE_BIT(kind) (1u << ((unsigned)(kind) - 1))

/* What the profile's decision says. */
typedef struct ts_collapse {
    uint8_t drawn;  /* kinds that are drawn together */
    uint8_t always; /* of dates, numbers and UIDs: also those that could identify */
    ts_text root;   /* a root of UIDs that are drawn together although they could identify; may be empty */
} ts_collapse;

typedef enum ts_collapse_answer {
    TS_IS_APART,    /* it has a row of its own */
    TS_IS_TOGETHER, /* it is drawn together with others of the same key */
    TS_MAY_VARY     /* it has a row of its own, and could be drawn together if it varies within its series */
} ts_collapse_answer;

enum { TS_COLLAPSE_KEY_BYTES = 1 + TS_SHAPE_BYTES };

/* What values that are drawn together have in common: the payload of a row of form C. u8 kind, then the root of UIDs,
 * the shape of texts, or the form of the parts, for numbers and bytes. */
typedef struct ts_collapse_key {
    size_t length;
    uint8_t bytes[TS_COLLAPSE_KEY_BYTES];
} ts_collapse_key;

/* Finds the answer for a part of a value, and the key unless the answer is TS_IS_APART. *breaks become the flags
 * (ts_value_flag) of what a date, a number, a UID or bytes break, whatever is drawn together; it is then apart. */
ts_collapse_answer ts_find_collapse(const ts_collapse *collapse, const ts_value *value, ts_vr vr,
                                    const ts_value_part *part, ts_collapse_key *key, uint16_t *breaks);

/* Whether the key is one of few: no file can make more of them. */
static inline bool ts_collapse_is_fixed(uint8_t kind) { return kind != TS_COLLAPSE_UIDS && kind != TS_COLLAPSE_SHAPE; }

#endif

/* Which recorded values are drawn together: the implementation of collapse_rules.h.
 *
 * For: one look at each part that is not in a cache.
 * Never: a part with a flag.
 */
#include "collect/collapse_rules.h"

#include <string.h>

#include "collect/value_breaks.h"
#include "dicom/numbers.h"
#include "dicom/run_words.h"
#include "dicom/uid_roots.h"

static bool has(uint8_t kinds, ts_collapse_kind kind) { return (kinds & TS_COLLAPSE_BIT(kind)) != 0; }

static ts_collapse_answer draw(ts_collapse_key *key, ts_collapse_kind kind, const uint8_t *bytes, size_t length) {
    key->bytes[0] = (uint8_t)kind;
    if (length > 0) {
        memcpy(&key->bytes[1], bytes, length);
    }
    key->length = 1 + length;
    return TS_IS_TOGETHER;
}

static ts_collapse_answer draw_form(ts_collapse_key *key, ts_collapse_kind kind, char form) {
    const uint8_t byte = (uint8_t)form;
    return draw(key, kind, &byte, 1);
}

static bool is_date_vr(ts_vr vr) { return vr == TS_VR_DA || vr == TS_VR_TM || vr == TS_VR_DT || vr == TS_VR_AS; }

static bool is_decimal_vr(ts_vr vr) { return vr == TS_VR_DS || vr == TS_VR_IS; }

/* Whether one of the binary numbers could identify. */
static bool may_one_identify(ts_vr vr, ts_text numbers) {
    const size_t size_bytes = ts_vr_number_bytes(vr);
    for (size_t at = 0; at < numbers.length; at += size_bytes) {
        if (ts_binary_number_may_identify(vr, &numbers.bytes[at])) {
            return true;
        }
    }
    return false;
}

static ts_collapse_answer find_numbers(const ts_collapse *collapse, ts_vr vr, const ts_value_part *part,
                                       ts_collapse_key *key) {
    const bool may_identify =
        part->form == 'N' ? may_one_identify(vr, part->payload) : ts_number_may_identify(part->payload);
    draw_form(key, TS_COLLAPSE_NUMBERS, part->form);
    return may_identify && !has(collapse->always, TS_COLLAPSE_NUMBERS) ? TS_MAY_VARY : TS_IS_TOGETHER;
}

static bool is_under(ts_text uid, ts_text root) {
    return root.length > 0 && uid.length > root.length && uid.bytes[root.length] == '.' &&
           memcmp(uid.bytes, root.bytes, root.length) == 0;
}

static ts_collapse_answer find_uids(const ts_collapse *collapse, ts_text uid, ts_collapse_key *key) {
    const bool is_of_archive = is_under(uid, collapse->root);
    const size_t length = is_of_archive ? collapse->root.length : ts_uid_root_length(uid);
    if (length == 0) {
        return TS_IS_APART;
    }
    draw(key, TS_COLLAPSE_UIDS, uid.bytes, length);
    return is_of_archive || has(collapse->always, TS_COLLAPSE_UIDS) || !ts_uid_has_date(uid) ? TS_IS_TOGETHER
                                                                                             : TS_MAY_VARY;
}

static ts_collapse_answer find_shape(ts_text text, ts_collapse_key *key) {
    const size_t length = ts_text_shape(text, &key->bytes[1]);
    if (length == 0) {
        return TS_IS_APART;
    }
    key->bytes[0] = TS_COLLAPSE_SHAPE;
    key->length = 1 + length;
    return TS_IS_TOGETHER;
}

static ts_collapse_answer find_found_text(const ts_collapse *collapse, const ts_value_part *part,
                                          ts_collapse_key *key) {
    if (part->form != 'T' || !ts_text_is_ascii(part->payload)) {
        return TS_IS_APART;
    }
    if (has(collapse->drawn, TS_COLLAPSE_RUNS) && !ts_run_is_to_be_read(part->payload)) {
        return draw(key, TS_COLLAPSE_RUNS, NULL, 0);
    }
    return has(collapse->drawn, TS_COLLAPSE_SHAPE) ? find_shape(part->payload, key) : TS_IS_APART;
}

static ts_collapse_answer find_text(const ts_collapse *collapse, ts_vr vr, const ts_value_part *part,
                                    ts_collapse_key *key) {
    if (is_date_vr(vr)) {
        return has(collapse->drawn, TS_COLLAPSE_DATES) ? draw(key, TS_COLLAPSE_DATES, NULL, 0) : TS_IS_APART;
    }
    if (is_decimal_vr(vr)) {
        return has(collapse->drawn, TS_COLLAPSE_NUMBERS) ? find_numbers(collapse, vr, part, key) : TS_IS_APART;
    }
    if (vr == TS_VR_UI) {
        return has(collapse->drawn, TS_COLLAPSE_UIDS) ? find_uids(collapse, part->payload, key) : TS_IS_APART;
    }
    return vr != TS_VR_PN && part->is_ascii && has(collapse->drawn, TS_COLLAPSE_SHAPE) ? find_shape(part->payload, key)
                                                                                       : TS_IS_APART;
}

/* The answer without regard to the flags of a part that breaks its VR. */
static ts_collapse_answer find_part(const ts_collapse *collapse, ts_vr vr, const ts_value_part *part,
                                    ts_collapse_key *key) {
    if (part->source != 0) {
        return find_found_text(collapse, part, key);
    }
    switch (part->form) {
    case 'T':
        return find_text(collapse, vr, part, key);
    case 'N':
        return vr != TS_VR_AT && has(collapse->drawn, TS_COLLAPSE_NUMBERS) ? find_numbers(collapse, vr, part, key)
                                                                           : TS_IS_APART;
    case 'I':
        return has(collapse->drawn, TS_COLLAPSE_NUMBERS) ? draw_form(key, TS_COLLAPSE_NUMBERS, 'I') : TS_IS_APART;
    case 'B':
    case 'S':
        return has(collapse->drawn, TS_COLLAPSE_BYTES) ? draw_form(key, TS_COLLAPSE_BYTES, part->form) : TS_IS_APART;
    default:
        return TS_IS_APART;
    }
}

/* Whether a part that breaks its VR has the flags of what it breaks. */
static bool is_checked(ts_vr vr, const ts_value_part *part) {
    return part->source == 0 && (part->form == 'T' ? is_date_vr(vr) || is_decimal_vr(vr) || vr == TS_VR_UI
                                                   : part->form == 'B' || (part->form == 'N' && vr != TS_VR_AT));
}

ts_collapse_answer ts_find_collapse(const ts_collapse *collapse, const ts_value *value, ts_vr vr,
                                    const ts_value_part *part, ts_collapse_key *key, uint16_t *breaks) {
    *breaks = 0;
    if ((part->flags & ~(unsigned)TS_VALUE_SEARCHED_IN_PART) != 0) {
        return TS_IS_APART;
    }
    ts_value_part checked = *part;
    if (is_checked(vr, part)) {
        checked.fits = part->form != 'T' || ts_text_fits(vr, part->payload);
        *breaks = (uint16_t)ts_find_breaks(value, &checked);
        return *breaks == 0 ? find_part(collapse, vr, part, key) : TS_IS_APART;
    }
    const ts_collapse_answer answer = find_part(collapse, vr, part, key);
    if (answer == TS_IS_APART || part->source != 0 || part->form != 'T') {
        return answer;
    }
    checked.fits = ts_text_fits(vr, part->payload);
    return ts_find_breaks(value, &checked) == 0 ? answer : TS_IS_APART;
}

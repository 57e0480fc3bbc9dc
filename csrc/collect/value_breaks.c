/* Why a value does not fit its VR: the implementation of value_breaks.h (PS3.5 2026b, 6.2 and 6.4; PS3.6 2026b).
 *
 * For: components of text by their syntax and length, binary numbers by their count and their bytes.
 * Never: a copy of a value.
 */
#include "collect/value_breaks.h"

#include "dicom/dictionary.h"
#include "parse/parse.h"

/* The flag of a component that does not have the syntax of its VR. */
static unsigned flag_of_syntax(ts_vr vr) {
    switch ((unsigned)vr) {
    case TS_VR_DS:
    case TS_VR_IS:
        return TS_VALUE_NOT_A_NUMBER;
    case TS_VR_CS:
        return TS_VALUE_NOT_A_CODE;
    default:
        return TS_VALUE_NOT_OF_VR;
    }
}

static unsigned find_breaks_of_text(ts_vr vr, ts_charset_kind kind, ts_text text, bool fits) {
    return (fits ? 0 : flag_of_syntax(vr)) | (ts_text_is_too_long(vr, kind, text) ? (unsigned)TS_VALUE_TOO_LONG : 0);
}

/* A text above TS_TEXT_LIMIT_BYTES: each of its components, if they are in memory. If not, the text is recorded, unless
 * its VR allows any length. */
static unsigned find_breaks_of_long_text(const ts_value *value, ts_vr vr) {
    const ts_element *element = value->element;
    if (vr == TS_VR_UT || vr == TS_VR_UC || vr == TS_VR_UR) {
        return 0;
    }
    if ((element->flags & TS_FLAG_DIGESTED) != 0) {
        return vr == TS_VR_LT || vr == TS_VR_ST ? TS_VALUE_TOO_LONG : TS_VALUE_TRUNCATED;
    }
    ts_text rest = {.bytes = &value->captured[element->captured_at], .length = element->value_length};
    if (vr == TS_VR_LT || vr == TS_VR_ST) {
        return find_breaks_of_text(vr, value->charset_kind, ts_text_trim(rest, true), true);
    }
    unsigned breaks = 0;
    bool is_first = true;
    ts_text component;
    while (ts_text_next(&rest, &is_first, value->charset_kind, &component)) {
        const ts_text text = ts_text_trim(component, false);
        if (text.length > 0) {
            breaks |= find_breaks_of_text(vr, value->charset_kind, text, ts_text_fits(vr, text));
        }
    }
    return breaks;
}

/* Whether PS3.6 gives the element, and another number of values than this. Private elements are not in PS3.6; the
 * length of a group is one number in every group (PS3.5 7.2). */
static bool has_wrong_count(const ts_element *element, uint64_t count) {
    if ((element->tag & 0xFFFF) == 0) {
        return count > 1;
    }
    const ts_dictionary_entry *entry =
        element->creator == TS_CREATOR_NOT_PRIVATE ? ts_dictionary_find(element->tag) : NULL;
    return entry != NULL && !ts_dictionary_allows_count(entry, count);
}

static unsigned find_breaks_of_numbers(const ts_element *element, const ts_value_part *part, size_t size_bytes) {
    const unsigned looks_like_text = part->flags & (unsigned)TS_VALUE_LOOKS_LIKE_TEXT;
    if (element->value_length % size_bytes != 0) {
        return looks_like_text | TS_VALUE_BAD_LENGTH;
    }
    return looks_like_text |
           (has_wrong_count(element, element->value_length / size_bytes) ? (unsigned)TS_VALUE_WRONG_COUNT : 0);
}

unsigned ts_find_breaks(const ts_value *value, const ts_value_part *part) {
    const ts_vr vr = ts_element_vr(value->element);
    if (part->source != 0) {
        return 0;
    }
    if (part->form == 'T') {
        return find_breaks_of_text(vr, value->charset_kind, part->payload, part->fits);
    }
    const size_t size_bytes = ts_vr_number_bytes(vr);
    if (size_bytes > 0 && (part->form == 'N' || part->form == 'R' || part->form == 'B' || part->form == 'L')) {
        return find_breaks_of_numbers(value->element, part, size_bytes);
    }
    return part->form == 'L' ? find_breaks_of_long_text(value, vr) : 0;
}

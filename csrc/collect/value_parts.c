/* Splitting a value field into parts: the implementation of value_parts.h (PS3.5 2026b, 6.2 and 6.4).
 *
 * For: one rule for each family of VRs.
 * Never: a part of Pixel Data but its size, and of other samples more than their size and the text in their first
 *        TS_SAMPLES_SEARCHED_BYTES, unless all bytes were read (has_all_bytes): then also the text in the rest.
 */
#include "collect/value_parts.h"

#include <string.h>

#include "base/sha256.h"
#include "dicom/samples.h"
#include "parse/parse.h"

enum { LENGTH_BYTES = 8, LONG_PAYLOAD_BYTES = LENGTH_BYTES + TS_DIGEST_BYTES };

typedef enum vr_family {
    FAMILY_COMPONENTS, /* text with several values; outer spaces are trimmed */
    FAMILY_TEXT,       /* counted as one text; leading spaces are kept */
    FAMILY_NUMBERS,
    FAMILY_BYTES,
    FAMILY_UNKNOWN
} vr_family;

static vr_family family_of(ts_vr vr, size_t *size_bytes) {
    *size_bytes = ts_vr_number_bytes(vr);
    if (*size_bytes > 0) {
        return FAMILY_NUMBERS;
    }
    switch ((unsigned)vr) {
    case TS_VR_LT:
    case TS_VR_ST:
    case TS_VR_UT:
    case TS_VR_UC:
    case TS_VR_UR:
        return FAMILY_TEXT;
    case TS_VR_UN:
    case TS_VR_UNKNOWN:
        return FAMILY_UNKNOWN;
    default:
        return ts_vr_is_other(vr) ? FAMILY_BYTES : FAMILY_COMPONENTS;
    }
}

static bool give(const ts_value *value, char form, ts_text payload, uint16_t flags) {
    const ts_value_part part = {.payload = payload, .flags = flags, .form = form, .fits = true};
    return value->take(value->context, &part);
}

static bool give_number(const ts_value *value, char form, uint64_t number, uint16_t flags) {
    uint8_t bytes[LENGTH_BYTES];
    ts_store_u64(bytes, number);
    return give(value, form, (ts_text){.bytes = bytes, .length = sizeof bytes}, flags);
}

static bool give_digest(const ts_value *value, uint64_t length, const uint8_t digest[TS_DIGEST_BYTES]) {
    uint8_t bytes[LONG_PAYLOAD_BYTES];
    ts_store_u64(bytes, length);
    memcpy(&bytes[LENGTH_BYTES], digest, TS_DIGEST_BYTES);
    return give(value, 'B', (ts_text){.bytes = bytes, .length = sizeof bytes}, 0);
}

/* The part of a long text that is stored: its first characters, or a few more where they may have several bytes. */
static ts_text find_head(ts_text text) {
    const size_t characters = text.length < TS_TEXT_HEAD_CHARACTERS ? text.length : TS_TEXT_HEAD_CHARACTERS;
    const size_t bytes = text.length < TS_TEXT_HEAD_BYTES ? text.length : TS_TEXT_HEAD_BYTES;
    const ts_text head = {.bytes = text.bytes, .length = characters};
    return ts_text_is_ascii(head) ? head : (ts_text){.bytes = text.bytes, .length = bytes};
}

/* Passes on a text of `length` bytes, of which `text` are the first ones or all. */
static bool give_long_text(const ts_value *value, ts_buffer *scratch, uint64_t length,
                           const uint8_t digest[TS_DIGEST_BYTES], ts_text text, uint16_t flags) {
    const ts_text stored = value->is_stored_whole ? text : find_head(text);
    scratch->count = 0;
    if (!ts_buffer_reserve(scratch, LONG_PAYLOAD_BYTES + stored.length)) {
        return false;
    }
    uint8_t *bytes = scratch->items;
    ts_store_u64(bytes, length);
    memcpy(&bytes[LENGTH_BYTES], digest, TS_DIGEST_BYTES);
    if (stored.length > 0) {
        memcpy(&bytes[LONG_PAYLOAD_BYTES], stored.bytes, stored.length);
    }
    const ts_value_part part = {.payload = {.bytes = bytes, .length = LONG_PAYLOAD_BYTES + stored.length},
                                .flags = (uint16_t)(TS_VALUE_TRUNCATED | flags),
                                .form = 'L',
                                .is_ascii = ts_text_is_ascii(stored),
                                .fits = true};
    return value->take(value->context, &part);
}

static bool give_found(void *context, const ts_found_text *found) {
    const ts_value *value = context;
    const ts_element *element = value->element;
    const bool is_chosen = value->has_all_bytes ? ts_is_pixel_data(element->tag, ts_element_vr(element))
                                                : ts_is_samples(element->tag, ts_element_vr(element));
    if (is_chosen && !ts_found_is_text_of_samples(found)) {
        return true;
    }
    const ts_value_part part = {
        .payload = found->text,
        .flags = (uint16_t)((found->is_cut ? TS_VALUE_TRUNCATED : 0) | (found->is_part ? TS_VALUE_STREAM_IN_PART : 0)),
        .form = found->is_size ? 'S' : 'T',
        .source = found->source,
        .is_declared = found->is_declared,
        .fits = true};
    return value->take(value->context, &part);
}

static bool find_text(const ts_value *value, ts_text_finder *finder, ts_text bytes) {
    if (finder == NULL) {
        return true;
    }
    ts_value searched = *value;
    ts_text_finder_clear(finder, value->charset_kind);
    finder->take = give_found;
    finder->context = &searched;
    return ts_text_finder_add(finder, bytes.bytes, bytes.length) && ts_text_finder_end(finder);
}

static bool give_bytes(const ts_value *value, ts_text_finder *finder, ts_text bytes) {
    ts_digest digest;
    uint8_t result[TS_DIGEST_BYTES];
    ts_digest_begin(&digest);
    ts_digest_add(&digest, bytes.bytes, bytes.length);
    ts_digest_end(&digest, result);
    if (!give_digest(value, bytes.length, result)) {
        return false;
    }
    return find_text(value, finder, bytes);
}

/* Passes on a value longer than TS_TEXT_LIMIT_BYTES: its digest, with the start of a text, or with the text found
 * in it if its VR is binary or unknown. */
static bool give_whole(const ts_value *value, vr_family family, ts_text_finder *finder, ts_buffer *scratch,
                       ts_text bytes) {
    if (family == FAMILY_BYTES || family == FAMILY_UNKNOWN) {
        return give_bytes(value, finder, bytes);
    }
    ts_digest digest;
    uint8_t result[TS_DIGEST_BYTES];
    ts_digest_begin(&digest);
    ts_digest_add(&digest, bytes.bytes, bytes.length);
    ts_digest_end(&digest, result);
    const bool is_number = family == FAMILY_NUMBERS;
    return is_number && !ts_bytes_look_like_text(bytes)
               ? give_digest(value, bytes.length, result)
               : give_long_text(value, scratch, bytes.length, result, bytes, is_number ? TS_VALUE_LOOKS_LIKE_TEXT : 0);
}

/* Passes on the text found in a value that the parser digested; see TS_LONG_VALUE_HEAD_BYTES. */
static bool give_captured_text(const ts_value *value) {
    const ts_text all = ts_digested_text(value->element, value->captured);
    ts_value searched = *value;
    size_t at = 0;
    while (at < all.length) {
        const ts_found_text found = ts_captured_found(&all.bytes[at]);
        if (!give_found(&searched, &found)) {
            return false;
        }
        at += TS_FOUND_HEAD_BYTES + found.text.length;
    }
    return true;
}

/* Passes on a value that the parser digested because of its length. */
static bool give_long(const ts_value *value, vr_family family, ts_buffer *scratch) {
    const uint8_t *digest = &value->captured[value->element->captured_at];
    const uint64_t length = ts_load_u64(&digest[TS_LONG_VALUE_LENGTH_AT]);
    const ts_text start = ts_digested_text(value->element, value->captured);
    if (family == FAMILY_COMPONENTS || family == FAMILY_TEXT) {
        return give_long_text(value, scratch, length, digest, start, 0);
    }
    if (family == FAMILY_NUMBERS) {
        return ts_bytes_look_like_text(start)
                   ? give_long_text(value, scratch, length, digest, start, TS_VALUE_LOOKS_LIKE_TEXT)
                   : give_digest(value, length, digest);
    }
    return give_digest(value, length, digest) && give_captured_text(value);
}

/* Passes on the size of samples, and the text in their first bytes. */
static bool give_samples(const ts_value *value, ts_text_finder *finder) {
    const ts_element *element = value->element;
    const bool is_in_part = !value->has_all_bytes && (element->flags & TS_FLAG_FRAGMENTS) == 0 &&
                            element->value_length > TS_SAMPLES_SEARCHED_BYTES;
    const uint16_t flags = is_in_part ? TS_VALUE_SEARCHED_IN_PART : 0;
    if (!give_number(value, 'S', element->end_offset - element->value_offset, flags)) {
        return false;
    }
    if ((element->flags & TS_FLAG_DIGESTED) != 0) {
        return give_captured_text(value);
    }
    const size_t length = is_in_part ? TS_SAMPLES_SEARCHED_BYTES : element->value_length;
    return find_text(value, finder, (ts_text){.bytes = &value->captured[element->captured_at], .length = length});
}

static bool give_text(const ts_value *value, ts_vr vr, ts_text text, bool is_ascii, bool is_one_of_many) {
    if (text.length == 0) {
        return give(value, 'E', text, 0);
    }
    const ts_value_part part = {.payload = text,
                                .form = 'T',
                                .is_one_of_many = is_one_of_many,
                                .is_ascii = is_ascii,
                                .fits = !value->asks_fit || ts_text_fits(vr, text)};
    return value->take(value->context, &part);
}

static bool give_components(const ts_value *value, ts_vr vr, ts_text bytes) {
    const bool is_ascii = ts_text_is_ascii(bytes); /* then each component is ASCII */
    ts_text component;
    bool is_first = true;
    bool is_one_of_many = false;
    while (is_ascii ? ts_text_next_ascii(&bytes, &is_first, &component)
                    : ts_text_next(&bytes, &is_first, value->charset_kind, &component)) {
        const ts_text text = ts_text_trim(component, false);
        is_one_of_many |= bytes.length > 0; /* also true of the first one, if more components follow */
        if (!give_text(value, vr, text, is_ascii || ts_text_is_ascii(text), is_one_of_many)) {
            return false;
        }
    }
    return true;
}

static bool give_whole_text(const ts_value *value, ts_vr vr, ts_text text) {
    return give_text(value, vr, text, ts_text_is_ascii(text), false);
}

static bool give_numbers(const ts_value *value, ts_vr vr, ts_text bytes, size_t size_bytes, ts_buffer *scratch) {
    if (bytes.length % size_bytes != 0) {
        return give(value, 'R', bytes, TS_VALUE_BAD_LENGTH);
    }
    if (ts_bytes_look_like_text(bytes)) { /* as a number, it could not be read */
        return give(value, 'R', bytes, TS_VALUE_LOOKS_LIKE_TEXT);
    }
    if ((value->element->flags & TS_FLAG_BIG_ENDIAN) == 0) {
        return give(value, 'N', bytes, 0);
    }
    const size_t word_bytes = vr == TS_VR_AT ? 2 : size_bytes; /* a tag is two 16-bit numbers */
    scratch->count = 0;
    if (!ts_buffer_reserve(scratch, bytes.length)) {
        return false;
    }
    uint8_t *swapped = scratch->items;
    for (size_t at = 0; at < bytes.length; at += word_bytes) {
        for (size_t i = 0; i < word_bytes; i++) {
            swapped[at + i] = bytes.bytes[at + word_bytes - 1 - i];
        }
    }
    return give(value, 'N', (ts_text){.bytes = swapped, .length = bytes.length}, 0);
}

bool ts_value_split(const ts_value *value, ts_text_finder *finder, ts_buffer *scratch) {
    const ts_element *element = value->element;
    const ts_vr vr = ts_element_vr(element);
    size_t size_bytes;
    const vr_family family = family_of(vr, &size_bytes);
    if ((element->flags & TS_FLAG_SEQUENCE) != 0) {
        return give_number(value, 'I', value->item_count, 0);
    }
    if ((element->flags & TS_FLAG_FRAGMENTS) == 0 && element->value_length == 0) {
        return give(value, 'E', (ts_text){.bytes = NULL, .length = 0}, 0);
    }
    if (element->captured_at == TS_NOT_CAPTURED) {
        return give_number(value, 'S', element->end_offset - element->value_offset, 0);
    }
    if (ts_is_samples_or_pixel_data(element->tag, vr)) {
        return give_samples(value, finder);
    }
    if ((element->flags & TS_FLAG_DIGESTED) != 0) {
        return give_long(value, family, scratch);
    }
    const ts_text bytes = {.bytes = &value->captured[element->captured_at], .length = element->value_length};
    if (bytes.length > TS_TEXT_LIMIT_BYTES) { /* the same parts as of a value that the parser digested */
        return give_whole(value, family, finder, scratch, bytes);
    }
    switch (family) {
    case FAMILY_COMPONENTS:
        return give_components(value, vr, bytes);
    case FAMILY_TEXT:
        return give_whole_text(value, vr, ts_text_trim(bytes, true));
    case FAMILY_NUMBERS:
        return give_numbers(value, vr, bytes, size_bytes, scratch);
    case FAMILY_BYTES:
        return give_bytes(value, finder, bytes);
    case FAMILY_UNKNOWN:
        break;
    }
    const ts_text trimmed = ts_text_trim(bytes, true);
    if (trimmed.length == 0 || !ts_text_is_readable(trimmed, value->charset_kind)) {
        return give_bytes(value, finder, bytes);
    }
    return give_whole_text(value, vr, ts_text_trim(trimmed, false));
}
